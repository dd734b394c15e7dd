//! The proposal is the best there is, on every level.

use kernschil_allocation::{Outcome, Proof, Standing, verify};

use crate::rounds::{Rng, Size, big, demand, everything, place, round_with, ruled, small, trainer, with_boards};
use crate::{oracle, solved};

/// Small rounds that are compared with the oracle.
pub(crate) const ROUNDS: u64 = 10_000;

#[test]
fn every_level_is_as_low_as_it_can_be() {
    let (mut unplaced, mut not_kern) = (0, 0);
    for seed in 0..ROUNDS {
        let input = small(seed);
        let proposal = solved(&input);
        let values: Vec<i64> = proposal.objective.iter().map(|row| row.1).collect();
        assert_eq!(values, oracle::optimum(&input), "round {seed}: {:?}", proposal.objective);
        assert_eq!(proposal.proof, Proof::Optimal);
        assert_eq!(verify(&input, &proposal), Ok(()), "round {seed}");
        unplaced += proposal.figures.unplaced;
        not_kern += proposal.figures.demands - proposal.figures.kern - proposal.figures.unplaced;
    }
    assert!(unplaced > 1_000 && not_kern > 1_000, "{unplaced} unplaced, {not_kern} not at kern");
}

/// The engine agrees with the oracle on all of these, and the check accepts what it makes.
fn agrees(rounds: std::ops::Range<u64>, make: impl Fn(u64) -> kernschil_allocation::Input) -> Vec<kernschil_allocation::Proposal> {
    let proposals = rounds.map(|seed| {
        let input = make(seed);
        let proposal = solved(&input);
        let values: Vec<i64> = proposal.objective.iter().map(|row| row.1).collect();
        assert_eq!(values, oracle::optimum(&input), "round {seed}: {:?}", proposal.objective);
        assert_eq!(proposal.proof, Proof::Optimal, "round {seed}");
        assert_eq!(verify(&input, &proposal), Ok(()), "round {seed}");
        proposal
    });
    proposals.collect()
}

#[test]
fn every_rule_of_a_flow_is_exact() {
    let proposals = agrees(0..ROUNDS, ruled);
    let having =
        |test: &dyn Fn(&kernschil_allocation::Figures) -> bool| proposals.iter().filter(|proposal| test(&proposal.figures)).count();
    let counts =
        [having(&|f| f.kept > 0), having(&|f| f.announced_moved > 0), having(&|f| f.draft_moved > 0), having(&|f| f.shortfall > 0)];
    assert!(counts.iter().all(|&count| count > 1_000), "{counts:?}");
}

#[test]
fn board_totals_are_exact() {
    let proposals = agrees(0..ROUNDS, |seed| with_boards(small(seed), seed));
    let crossing = proposals.iter().filter(|proposal| !proposal.crossing.is_empty()).count();
    assert!(crossing > 200, "{crossing} crossing");
}

#[test]
fn every_rule_is_exact() {
    let proposals = agrees(0..ROUNDS, everything);
    let crossing = proposals.iter().filter(|proposal| !proposal.crossing.is_empty()).count();
    let priced = proposals.iter().filter(|proposal| !proposal.certificate.branches.is_empty()).count();
    assert!(crossing > 4_000 && priced > 500, "{crossing} crossing, {priced} with cases");
}

#[test]
fn a_big_round_passes_the_check() {
    for (near, percent) in [(30, 97), (12, 120)] {
        let size = Size { demands: 600, schools: 100, near, percent };
        let input = big(size, 5);
        assert_eq!(verify(&input, &solved(&input)), Ok(()));
    }
}

#[test]
fn a_place_matters_more_than_its_standing() {
    let mut input = round_with(&[Standing::Kern, Standing::Outside]);
    input.places = vec![place(0, 0, 1), place(1, 1, 1)];
    input.demands = vec![demand(0), demand(1)];
    let figures = solved(&input).figures;
    assert_eq!((figures.kern, figures.outside, figures.unplaced), (1, 1, 0));
}

#[test]
fn a_trainer_of_two_schools_is_not_counted_twice() {
    let mut input = round_with(&[Standing::Kern, Standing::Kern]);
    input.places = vec![place(0, 0, 2), place(1, 1, 2)];
    input.demands = (0..4).map(demand).collect();
    input.trainers = vec![trainer(0, 3)];
    for school in &mut input.schools {
        school.trainers = vec![input.trainers[0].key];
    }
    let proposal = solved(&input);
    assert_eq!(proposal.figures.unplaced, 1);
    let covered = proposal
        .assignments
        .iter()
        .filter(|(_, outcome)| matches!(outcome, Outcome::Placed(placed) if placed.trainer == Some(input.trainers[0].key)));
    assert_eq!(covered.count(), 3);
}

#[test]
fn an_empty_round_has_an_empty_proposal() {
    let input = round_with(&[]);
    let proposal = solved(&input);
    assert!(proposal.assignments.is_empty() && proposal.shortages.is_empty());
    assert_eq!(verify(&input, &proposal), Ok(()));
}

#[test]
fn long_wish_lists_still_fit_the_objective() {
    let mut input = big(Size { demands: 300, schools: 40, near: 40, percent: 90 }, 9);
    let schools: Vec<_> = input.schools.iter().map(|school| school.key).collect();
    let mut rng = Rng(3);
    for demand in &mut input.demands {
        let wish = |school| kernschil_allocation::Wish { schools: vec![school] };
        demand.wishes = (0..20).map(|_| wish(rng.pick(&schools))).collect();
    }
    let proposal = solved(&input);
    assert!(proposal.certificate.words > 2, "{} words", proposal.certificate.words);
    assert_eq!(verify(&input, &proposal), Ok(()));
}

#[test]
fn levels_that_need_wide_words_are_as_exact() {
    for seed in 0..300 {
        let mut input = ruled(seed);
        // Twenty wishes make too many levels for narrow words.
        let all: Vec<_> = input.schools.iter().map(|school| school.key).collect();
        if let Some(demand) = input.demands.first_mut() {
            demand.wishes = (0..20).map(|rank| kernschil_allocation::Wish { schools: vec![all[rank % all.len()]] }).collect();
        }
        let proposal = solved(&input);
        let values: Vec<i64> = proposal.objective.iter().map(|row| row.1).collect();
        assert_eq!(values, oracle::optimum(&input), "round {seed}");
        assert_eq!(verify(&input, &proposal), Ok(()), "round {seed}");
    }
}
