//! The engine and the board judge every pair of student and place alike, whatever the rules of the round.

use std::collections::BTreeMap;

use kernschil_allocation::{self as engine, Outcome};
use kernschil_app::proposals;
use kernschil_domain::access::Permission;
use kernschil_domain::codes::{ExclusionCategory, StudentKind};
use kernschil_domain::fit::{Load, Misfit, misfits};
use kernschil_domain::ids::{BoardId, OfferId};
use kernschil_domain::placements::Placement;
use kernschil_domain::policy::TravelMode;
use kernschil_domain::rounds::{BoardTotal, Exclusion, Past, RoundData};

use super::*;

/// The offer behind the engine's place: one that is kept for zij-instromers has a bit of its own.
fn offer_of(place: engine::PlaceKey) -> OfferId {
    OfferId(uuid::Uuid::from_u128(place.0 & !(1 << 127)))
}

/// Pairs of demand and offer that go together as the board sees it; whether something is full does not matter.
fn pairs_on_the_board(data: &RoundData) -> Vec<(u128, OfferId)> {
    let nobody = |_: &Placement| false;
    let load = Load::of(data, nobody);
    let mut pairs = Vec::new();
    for demand in data.demands.values().filter(|demand| demand.need == Need::Required) {
        for offer in data.offers.values().filter(|offer| offer.period == demand.period) {
            if misfits(data, &load, demand, offer).iter().all(|misfit: &Misfit| misfit.is_capacity()) {
                pairs.push((demand.id.0.as_u128(), offer.id));
            }
        }
    }
    pairs.sort();
    pairs
}

/// Pairs that the engine takes into account, each asked for one by one.
fn pairs_of_the_engine(input: &engine::Input, every: usize) -> Vec<(u128, OfferId)> {
    let mut pairs = Vec::new();
    for demand in input.demands.iter().step_by(every) {
        for place in &input.places {
            if engine::why_not(input, demand.key, place.key).unwrap().is_some_and(engine::Reasons::is_empty) {
                pairs.push((demand.key.0, offer_of(place.key)));
            }
        }
    }
    pairs.sort();
    pairs.dedup();
    pairs
}

/// Compares a part of the demands pair by pair, and all of them by their number.
fn agree(data: &RoundData, every: usize) {
    let input = proposals::input_of(data);
    let board = pairs_on_the_board(data);
    let asked: Vec<_> = input.demands.iter().step_by(every).map(|demand| demand.key.0).collect();
    let part: Vec<_> = board.iter().copied().filter(|(demand, _)| asked.contains(demand)).collect();
    let engine = pairs_of_the_engine(&input, every);
    let odd = |a: &[(u128, OfferId)], b: &[(u128, OfferId)]| a.iter().find(|pair| !b.contains(pair)).copied();
    assert!(part == engine, "only on the board: {:?}; only in the engine: {:?}", odd(&part, &engine), odd(&engine, &part));
    assert!(!part.is_empty());
}

async fn picture(app: &TestApp) -> RoundData {
    let round = app.only_round().await;
    app.app.picture(&Actor::CommandLine, &round, Permission::ReadPlacements).await.unwrap()
}

fn set(data: &mut RoundData, kind: RuleKind, mode: RuleMode) {
    data.round.rules.policy.rules.insert(kind, Rule { mode, number: None });
}

/// Gives the students of a round a past, workplaces and manners of travelling, in a fixed pattern.
fn enrich(data: &mut RoundData) {
    let schools: Vec<_> = data.offers.values().map(|offer| offer.school).collect();
    let offers: Vec<_> = data.offers.values().cloned().collect();
    for (at, student) in data.students.values_mut().enumerate() {
        student.travel_mode = TravelMode::ALL.get(at % 4).copied();
        if at % 3 == 0 {
            let (offer, other) = (&offers[at * 7 % offers.len()], &offers[at * 11 % offers.len()]);
            let past = Past { schools: vec![offer.school, other.school], groups: vec![offer.groups], last_trip: Some(70) };
            data.past.insert(student.id, past);
        }
        if at % 10 == 0 {
            student.kind = StudentKind::CareerChanger;
            student.workplace = Some(schools[at * 5 % schools.len()]);
        }
    }
    let excluded = data.demands.values().zip(&schools).step_by(5);
    data.exclusions =
        excluded.map(|(demand, school)| Exclusion { demand: demand.id, school: *school, category: ExclusionCategory::Other }).collect();
}

#[tokio::test]
async fn the_engine_and_the_board_agree_on_every_pair_of_the_examples() {
    for (example, every) in [("almere", 149), ("hak", 331), ("talent", 997)] {
        let app = TestApp::sqlite().await;
        app.load_example(example).await;
        let mut data = picture(&app).await;
        agree(&data, every);

        enrich(&mut data);
        agree(&data, every);
        for kind in [RuleKind::Qualified, RuleKind::OtherBoard, RuleKind::OtherGroups] {
            set(&mut data, kind, RuleMode::Hard);
        }
        agree(&data, every);
        for kind in [RuleKind::Phase, RuleKind::TravelLimit, RuleKind::FixedSchool] {
            set(&mut data, kind, RuleMode::Off);
        }
        for kind in [RuleKind::Groups, RuleKind::EarlierSchool, RuleKind::Qualified] {
            set(&mut data, kind, RuleMode::Soft);
        }
        agree(&data, every);
    }
}

#[tokio::test]
async fn a_proposal_keeps_every_hard_rule_of_the_round_and_nobody_is_where_the_board_refuses() {
    let app = TestApp::sqlite().await;
    app.load_example("almere").await;
    let mut data = picture(&app).await;
    enrich(&mut data);
    set(&mut data, RuleKind::Qualified, RuleMode::Hard);
    set(&mut data, RuleKind::OtherGroups, RuleMode::Soft);
    set(&mut data, RuleKind::Spread, RuleMode::Soft);
    // Each board takes four fifths of what its schools offer.
    let mut offered: BTreeMap<(BoardId, _), i32> = BTreeMap::new();
    for offer in data.offers.values() {
        let starts_on = data.periods[&offer.period].starts_on;
        let Some(board) = data.registry.board_of(offer.school, starts_on) else { continue };
        *offered.entry((board.id, offer.period)).or_default() += offer.count;
    }
    data.board_totals = offered.into_iter().map(|((board, period), count)| BoardTotal { board, period, maximum: count * 4 / 5 }).collect();

    let input = proposals::input_of(&data);
    let proposal = engine::solve(&input, &mut |_| std::ops::ControlFlow::Continue(())).unwrap();
    assert_eq!(engine::verify(&input, &proposal), Ok(()));
    let (mut placed, mut per_board): (usize, BTreeMap<_, i32>) = (0, BTreeMap::new());
    for (key, outcome) in &proposal.assignments {
        let Outcome::Placed(at) = outcome else { continue };
        placed += 1;
        let demand = &data.demands[&kernschil_domain::ids::DemandId(uuid::Uuid::from_u128(key.0))];
        let offer = &data.offers[&offer_of(at.place)];
        let load = Load::of(&data, |_| false);
        let against: Vec<_> = misfits(&data, &load, demand, offer).into_iter().filter(|misfit| !misfit.is_capacity()).collect();
        assert_eq!(against, []);
        let board = data.registry.board_of(offer.school, data.periods[&offer.period].starts_on).unwrap().id;
        *per_board.entry((board, offer.period)).or_default() += 1;
    }
    assert!(placed > 100);
    for total in &data.board_totals {
        assert!(per_board.get(&(total.board, total.period)).copied().unwrap_or_default() <= total.maximum);
    }
}
