//! Which snapshots are refused, and that no snapshot makes the engine panic.

use std::ops::ControlFlow;

use kernschil_allocation::{
    BoardKey, FinalPhase, Groups, Halt, Input, InputError, LevelKind, OriginGroup, PeriodCap, PeriodKey, PhaseCode, PlaceKey, Proof,
    Reason, Row, SchoolKey, SolveError, Stage, Standing, StandingGroup, StudentKey, TrainerKey, Weekdays, Wish, solve, verify,
};
use proptest::prelude::*;

use crate::oracle;
use crate::rounds::{demand, everything, place, round_with, small, trainer};

fn round() -> Input {
    let mut input = round_with(&[Standing::Kern, Standing::Schil]);
    input.places = vec![place(0, 0, 1)];
    input.demands = vec![demand(0)];
    input.trainers = vec![trainer(0, 1)];
    input
}

/// The error after a change to a valid round.
fn refused(change: impl FnOnce(&mut Input)) -> InputError {
    let mut input = round();
    change(&mut input);
    match solve(&input, &mut |_| ControlFlow::Continue(())) {
        Err(SolveError::Input(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn keys_are_unique() {
    let (a_demand, a_place) = (demand(0).key, place(0, 0, 1).key);
    let twice = |row| InputError::Duplicate(row);
    let error = refused(|input| {
        let mut other = demand(0);
        other.student = StudentKey(9);
        input.demands.push(other);
    });
    assert_eq!(error, twice(Row::Demand(a_demand)));
    let error = refused(|input| input.places.push(place(0, 1, 1)));
    assert_eq!(error, twice(Row::Place(a_place)));
    let error = refused(|input| input.schools.push(input.schools[0].clone()));
    assert_eq!(error, twice(Row::School(SchoolKey(0))));
    let error = refused(|input| input.trainers.push(trainer(0, 2)));
    assert_eq!(error, twice(Row::Trainer(TrainerKey(0))));
    let error = refused(|input| input.standings.rows.push(input.standings.rows[0].clone()));
    assert_eq!(error, twice(Row::Standing(StandingGroup(0))));
    let error = refused(|input| input.travel.schools = vec![SchoolKey(0); 2]);
    assert_eq!(error, twice(Row::TravelColumns));
    let error = refused(|input| {
        input.demands.push(demand(1));
        input.demands[1].student = StudentKey(0);
    });
    assert_eq!(error, InputError::TwoDemandsInPeriod(StudentKey(0), PeriodKey(0)));
}

#[test]
fn references_lead_somewhere() {
    let (of_demand, nowhere) = (Row::Demand(demand(0).key), SchoolKey(77));
    let unknown = InputError::UnknownSchool(of_demand, nowhere);
    assert_eq!(refused(|input| input.demands[0].only_school = Some(nowhere)), unknown);
    assert_eq!(refused(|input| input.demands[0].earlier_schools.push(nowhere)), unknown);
    let wish = Wish { schools: vec![nowhere] };
    assert_eq!(refused(|input| input.demands[0].wishes.push(wish)), unknown);
    let error = refused(|input| input.places[0].school = nowhere);
    assert!(matches!(error, InputError::UnknownSchool(Row::Place(_), _)));
    let error = refused(|input| input.standings.schools[0] = nowhere);
    assert_eq!(error, InputError::UnknownSchool(Row::StandingColumns, nowhere));
    let error = refused(|input| input.schools[0].trainers.push(TrainerKey(5)));
    assert_eq!(error, InputError::UnknownTrainer(Row::School(SchoolKey(0)), TrainerKey(5)));
    let error = refused(|input| input.demands[0].standing_group = StandingGroup(4));
    assert!(matches!(error, InputError::UnknownStandingGroup(..)));
    let error = refused(|input| input.demands[0].origin = Some(OriginGroup(4)));
    assert!(matches!(error, InputError::UnknownOrigin(..)));
}

#[test]
fn numbers_are_sensible() {
    let error = refused(|input| input.places[0].count = 1_000_001);
    assert!(matches!(error, InputError::CountTooLarge(Row::Place(_), 1_000_001)));
    let error = refused(|input| input.settings.outside_cap = Some(u32::MAX));
    assert_eq!(error, InputError::CountTooLarge(Row::Settings, u32::MAX));
    let error = refused(|input| input.settings.travel_limit = Some(1_441));
    assert_eq!(error, InputError::MinutesTooLarge(Row::Settings, 1_441));
    let error = refused(|input| input.demands[0].weekdays = Weekdays(0b10_0000));
    assert!(matches!(error, InputError::NotAWeekday(..)));
    let cap = PeriodCap { period: PeriodKey(0), cap: 1 };
    let error = refused(|input| input.schools[0].totals = vec![cap; 2]);
    assert!(matches!(error, InputError::DuplicatePeriod(..)));
    let error = refused(|input| input.schools[0].trainers = vec![TrainerKey(0); 2]);
    assert_eq!(error, InputError::NamedTwice(Row::School(SchoolKey(0))));
    let wish = Wish { schools: vec![SchoolKey(0)] };
    let error = refused(|input| input.demands[0].wishes = vec![wish; 21]);
    assert!(matches!(error, InputError::TooManyWishes(_, 21)));
    let error = refused(|input| input.demands[0].wishes.push(Wish { schools: Vec::new() }));
    assert!(matches!(error, InputError::EmptyWish(_)));
    let error = refused(|input| input.standings.rows[0].standings.truncate(1));
    assert_eq!(error, InputError::RowLength(Row::Standing(StandingGroup(0)), 1));
}

#[test]
fn levels_start_with_a_place_and_end_with_the_lot() {
    for levels in [
        vec![],
        vec![LevelKind::NotPlaced],
        vec![LevelKind::Lot, LevelKind::NotPlaced],
        vec![LevelKind::NotPlaced, LevelKind::Ladder, LevelKind::Ladder, LevelKind::Lot],
    ] {
        let error = refused(|input| input.settings.levels.clone_from(&levels));
        assert_eq!(error, InputError::LevelOrder(levels));
    }
}

#[test]
fn a_run_can_be_stopped() {
    let mut calls = 0;
    let result = solve(&small(1), &mut |_| {
        calls += 1;
        ControlFlow::Break(Halt::Cancel)
    });
    assert_eq!((result, calls), (Err(SolveError::Cancelled), 1));
}

prop_compose! {
    /// A round of which about half is nonsense.
    fn anything()(
        seed in any::<u64>(),
        cap in proptest::option::of(any::<u32>()),
        limit in proptest::option::of(0..3_000_u16),
        masks in any::<[u8; 4]>(),
        counts in any::<[u32; 3]>(),
        keys in proptest::array::uniform6(0..8_u128),
        phase in any::<u32>(),
        tie_break in any::<u64>(),
        nonsense in proptest::collection::vec(0..14_usize, 0..4),
    ) -> Input {
        let mut input = small(seed);
        let at = input.demands.len() / 2;
        for change in nonsense {
            let demand = &mut input.demands[at];
            match change {
                0 => input.settings.outside_cap = cap,
                1 => input.settings.travel_limit = limit,
                2 => demand.groups = Groups(masks[0]),
                3 => demand.weekdays = Weekdays(masks[1]),
                4 => input.places[0].count = counts[0],
                5 => input.places[0].school = SchoolKey(keys[0]),
                6 => demand.phase = PhaseCode(phase),
                7 => demand.period = PeriodKey(keys[1]),
                8 => input.demands.iter_mut().for_each(|demand| demand.tie_break = tie_break),
                9 => demand.only_school = Some(SchoolKey(keys[2])),
                10 => input.schools[0].trainers.push(TrainerKey(keys[3])),
                11 => demand.key.0 = keys[4],
                12 => demand.final_phase = FinalPhase::Final,
                _ => input.travel.rows[0].minutes = input.travel.rows[0].minutes.iter().map(|_| Some(masks[3].into())).collect(),
            }
        }
        input
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_makes_it_panic(input in anything()) {
        match solve(&input, &mut |_| ControlFlow::Continue(())) {
            Ok(proposal) => prop_assert_eq!(verify(&input, &proposal), Ok(())),
            Err(error) => prop_assert!(matches!(error, SolveError::Input(_))),
        }
    }
}

#[test]
fn rules_that_contradict_each_other_are_named() {
    let here = demand(0).key;
    let one = |cap| vec![PeriodCap { period: PeriodKey(0), cap }];
    let error = refused(|input| input.schools[0].board = Some(BoardKey(3)));
    assert_eq!(error, InputError::UnknownBoard(SchoolKey(0), BoardKey(3)));
    let error = refused(|input| input.demands[0].pinned = Some(PlaceKey(9)));
    assert_eq!(error, InputError::UnknownPlace(here, PlaceKey(9)));
    let error = refused(|input| {
        input.demands[0].pinned = Some(PlaceKey(0));
        input.demands[0].period = PeriodKey(1);
    });
    assert_eq!(error, InputError::PinnedInOtherPeriod(here, PlaceKey(0)));
    let error = refused(|input| {
        input.demands[0].pinned = Some(PlaceKey(0));
        input.demands[0].excluded_schools = vec![SchoolKey(0)];
    });
    assert_eq!(error, InputError::PinnedAtExcluded(here, SchoolKey(0)));
    let error = refused(|input| {
        input.schools[0].totals = one(1);
        input.schools[0].minimum = one(2);
    });
    assert_eq!(error, InputError::MinimumAboveTotal(SchoolKey(0), PeriodKey(0)));
    let error = refused(|input| input.schools[0].least = 2);
    assert_eq!(error, InputError::LeastAboveOffer(SchoolKey(0), PeriodKey(0), 2));
    for reason in [Reason::Phase, Reason::Pinned, Reason::Period] {
        let error = refused(|input| input.settings.levels.insert(1, LevelKind::Broken(reason)));
        assert_eq!(error, InputError::BrokenButHard(reason));
    }
}

#[test]
fn a_search_that_settles_says_how_far_it_is() {
    let (mut settled, mut bounded) = (0, 0);
    for seed in 0..3_000 {
        let input = everything(seed);
        let mut flows = 0;
        let proposal = solve(&input, &mut |progress| {
            flows += u32::from(progress.stage == Stage::Searching);
            if progress.stage == Stage::Searching { ControlFlow::Break(Halt::Settle) } else { ControlFlow::Continue(()) }
        });
        let proposal = proposal.expect("settling still gives a proposal");
        assert_eq!(verify(&input, &proposal), Ok(()), "round {seed}");
        settled += u32::from(flows > 0);
        let values: Vec<i64> = proposal.objective.iter().map(|row| row.1).collect();
        let best = oracle::optimum(&input);
        match proposal.proof {
            Proof::Optimal => assert_eq!(values, best, "round {seed}"),
            Proof::WithinBound { proven_levels, bound } => {
                bounded += 1;
                assert_eq!(values[..proven_levels], best[..proven_levels], "round {seed}");
                assert!(values >= best && best[proven_levels] >= bound, "round {seed}");
            }
        }
    }
    assert!(settled > 200 && bounded > 50, "{settled} {bounded}");
}

#[test]
fn a_shortage_says_which_groups_and_days() {
    let mut input = round();
    input.demands = (0..3).map(demand).collect();
    for demand in &mut input.demands[1..] {
        (demand.groups, demand.weekdays) = (Groups(0b11), Weekdays(0b10));
    }
    input.places[0].count = 0;
    let proposal = solve(&input, &mut |_| ControlFlow::Continue(())).expect("a valid round");
    let parts = proposal.shortages.iter().flat_map(|shortage| &shortage.by_phase);
    let mut parts: Vec<_> = parts.map(|part| (part.groups, part.weekdays, part.short)).collect();
    parts.sort_unstable();
    assert_eq!(parts, [(Groups(0b11), Weekdays(0b10), 2), (Groups::ANY, Weekdays::NONE, 1)]);
}
