//! Totals of boards that cross trainers, a cap on guidance that crosses both: rounds that are too
//! large to try everything, so the proof is what is tested, by the check that knows nothing of the
//! engine, and by rounds of which the optimum is known.

use std::ops::ControlFlow;

use kernschil_allocation::{
    Board, BoardKey, Halt, Input, LevelKind, PeriodCap, PeriodKey, Proof, Proposal, SchoolKey, Standing, Wish, solve, verify,
};

use crate::rounds::{Rng, Size, big, demand, nobody_alone, place, round_with, trainer, with_big_boards};
use crate::solved;

/// Of these every one is proven on every level.
#[test]
fn rounds_of_a_partnership_are_proven_on_every_level() {
    for seed in 1..=6 {
        let size = Size { demands: 260, schools: 50, near: 20, percent: 105 };
        let mut input = with_big_boards(big(size, seed), if seed % 2 == 0 { 97 } else { 90 }, seed);
        match seed % 3 {
            0 => input.settings.outside_cap = Some(20),
            1 => input.settings.levels.retain(|level| *level != LevelKind::Spread),
            _ => {}
        }
        let proposal = solved(&input);
        assert!(!proposal.crossing.is_empty());
        assert_eq!(proposal.proof, Proof::Optimal, "round {seed}");
        assert_eq!(verify(&input, &proposal), Ok(()), "round {seed}");
    }
}

/// Students who can each go to three schools, each of which takes one, with trainers and boards that
/// take one each: where the search has to split.
fn cube(seed: u64) -> Input {
    let mut rng = Rng(seed);
    let schools = 12_u128;
    let mut input = round_with(&[Standing::Kern; 12]);
    input.trainers = (0..5).map(|number| trainer(number, 1)).collect();
    let one = vec![PeriodCap { period: PeriodKey(0), cap: 1 }];
    input.boards = (0..5).map(|number| Board { key: BoardKey(number), totals: one.clone(), tie_break: 0 }).collect();
    for number in 0..schools {
        input.places.push(place(number, number, 1));
        let school = &mut input.schools[number as usize];
        school.trainers = vec![input.trainers[rng.below(5) as usize].key];
        school.board = Some(BoardKey(u128::from(rng.below(5))));
    }
    for number in 0..6 {
        let mut demand = demand(number);
        let mut keys: Vec<SchoolKey> = (0..schools).map(SchoolKey).collect();
        rng.shuffle(&mut keys);
        demand.wishes = vec![Wish { schools: vec![keys[0]] }];
        demand.excluded_schools = keys[3..].to_vec();
        input.demands.push(demand);
    }
    input
}

#[test]
fn every_student_a_school_a_trainer_and_a_board() {
    let mut in_cases = 0;
    for seed in 0..2_000 {
        let input = cube(seed);
        let proposal = solved(&input);
        let values: Vec<i64> = proposal.objective.iter().map(|row| row.1).collect();
        assert_eq!(values, crate::oracle::optimum(&input), "round {seed}");
        assert_eq!(proposal.proof, Proof::Optimal, "round {seed}");
        assert_eq!(verify(&input, &proposal), Ok(()), "round {seed}");
        in_cases += usize::from(!proposal.certificate.branches.is_empty());
    }
    assert!(in_cases > 20, "{in_cases} of them were split in cases");
}

#[test]
fn crossing_and_nobody_alone_together_keep_every_rule() {
    let size = Size { demands: 150, schools: 30, near: 15, percent: 110 };
    let input = nobody_alone(with_big_boards(big(size, 3), 97, 3));
    let proposal = solved(&input);
    assert_eq!(verify(&input, &proposal), Ok(()));
    assert_ne!(proposal.proof, Proof::WithinBound { proven_levels: 0, bound: 0 });
}

/// Told to settle at each of its questions in turn, a run gives a plan that is right and claims no
/// more than holds; told to cancel, it gives none.
#[test]
fn a_search_that_is_stopped_claims_no_more_than_holds() {
    let input = with_big_boards(big(Size { demands: 120, schools: 24, near: 12, percent: 105 }, 4), 92, 4);
    let best = solved(&input);
    assert_eq!(best.proof, Proof::Optimal);
    let stopped = |halt: Halt, after: usize| {
        let mut asked = 0;
        solve(&input, &mut |_| {
            asked += 1;
            if asked > after { ControlFlow::Break(halt) } else { ControlFlow::Continue(()) }
        })
    };
    let values = |proposal: &Proposal| proposal.objective.iter().map(|row| row.1).collect::<Vec<i64>>();
    let mut early = 0;
    for after in (0..).step_by(5) {
        let proposal = stopped(Halt::Settle, after).expect("a plan");
        assert_eq!(verify(&input, &proposal), Ok(()), "after {after}");
        let Proof::WithinBound { proven_levels, bound } = proposal.proof else { break };
        early += 1;
        assert_eq!(values(&proposal)[..proven_levels], values(&best)[..proven_levels], "after {after}");
        assert!(bound <= values(&best)[proven_levels], "after {after}");
        assert!(stopped(Halt::Cancel, after).is_err(), "after {after}");
    }
    assert!(early > 0, "it was never stopped in time");
}
