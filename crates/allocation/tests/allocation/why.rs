//! Questions to a solved round are answered as solving again would.

use kernschil_allocation::{Bottleneck, Input, Level, LevelKind, Outcome, PlaceKey, Proof, Solved, WhyNot};

use crate::optimum::ROUNDS;
use crate::oracle::{self, Cap};
use crate::rounds::{everything, ruled};
use crate::solved;

#[test]
fn another_place_costs_what_solving_again_says() {
    let (mut worse, mut ruled_out, mut granted) = (0, 0, 0);
    for seed in 0..ROUNDS / 5 {
        let input = ruled(seed);
        let proposal = solved(&input);
        let asked = Solved::new(&input, &proposal).expect("a valid round");
        let before: Vec<i64> = proposal.objective.iter().map(|row| row.1).collect();
        for (number, demand) in input.demands.iter().enumerate() {
            for place in &input.places {
                let may_go = oracle::may_go(&input, demand, place);
                match asked.force(demand.key, place.key) {
                    WhyNot::Granted => {
                        granted += 1;
                        let outcome = proposal.outcome(demand.key);
                        assert!(matches!(outcome, Some(Outcome::Placed(placed)) if placed.place == place.key), "round {seed}");
                    }
                    WhyNot::Ruled(reasons) => {
                        ruled_out += 1;
                        assert!(!may_go && !reasons.is_empty(), "round {seed}");
                    }
                    WhyNot::Worse { level, by, full } => {
                        worse += 1;
                        let there = |other: usize, at: Option<&kernschil_allocation::Place>| {
                            other != number || at.map(|at| at.key) == Some(place.key)
                        };
                        let after = oracle::best(&input, &there);
                        let after = after.expect("there is room, or the answer were another");
                        let at = before.iter().zip(&after).position(|(before, after)| before != after).expect("another proposal");
                        assert_eq!((level, by), (proposal.objective[at].0, after[at] - before[at]), "round {seed}");
                        assert!(by > 0 && full.is_sorted());
                    }
                    WhyNot::NoPlace => assert_eq!(place.count * least_total(&input, place.key), 0, "round {seed}"),
                    WhyNot::Open => panic!("round {seed}: answers are exact"),
                }
            }
        }
    }
    assert!(worse > 1_000 && ruled_out > 1_000 && granted > 1_000, "{worse} {ruled_out} {granted}");
}

/// Zero when nobody at all fits at the school of the place.
fn least_total(input: &Input, place: PlaceKey) -> u32 {
    let place = input.places.iter().find(|row| row.key == place).expect("a place");
    let school = input.schools.iter().find(|row| row.key == place.school).expect("a school");
    let total = school.totals.iter().find(|total| total.period == place.period).map_or(1, |total| total.cap);
    let trainers = school.trainers.iter().filter_map(|key| input.trainers.iter().find(|row| row.key == *key));
    let caps: Vec<u32> =
        trainers.map(|trainer| trainer.capacity.iter().find(|cap| cap.period == place.period).map_or(1, |cap| cap.cap)).collect();
    total * if caps.is_empty() { 1 } else { caps.iter().sum() }
}

#[test]
fn one_more_place_brings_what_solving_again_says() {
    let (mut better, mut same) = (0, 0);
    for seed in 0..ROUNDS / 5 {
        let mut input = ruled(seed);
        input.settings.levels.retain(|level| *level != LevelKind::Spread);
        let proposal = solved(&input);
        let asked = Solved::new(&input, &proposal).expect("a valid round");
        for (cap, size) in oracle::caps(&input) {
            let name = match cap {
                Cap::Place(key) => Bottleneck::Place(key, size),
                Cap::Total(key, period) => Bottleneck::SchoolTotal(key, period, size),
                Cap::Trainer(key, period) => Bottleneck::Trainer(key, period, size),
                Cap::Board(key, period) => Bottleneck::Board(key, period, size),
                Cap::Outside => Bottleneck::OutsideGuidance(size),
            };
            let changes = asked.extra_place(name);
            let after = oracle::optimum(&oracle::raised(&input, &[cap]));
            let wanted: Vec<(Level, i64)> =
                proposal.objective.iter().zip(after).map(|(&(level, before), after)| (level, after - before)).collect();
            if changes.is_empty() {
                // No place of the round uses the capacity.
                assert!(wanted.iter().all(|change| change.1 == 0), "round {seed}: {name:?} {wanted:?}");
                continue;
            }
            assert_eq!(changes, wanted, "round {seed}: {name:?}");
            if changes.iter().any(|change| change.1 != 0) { better += 1 } else { same += 1 }
        }
    }
    assert!(better > 500 && same > 1_000, "{better} {same}");
}

#[test]
fn wishes_are_granted_ruled_out_or_dearer() {
    for seed in 0..2_000 {
        let input = ruled(seed);
        let proposal = solved(&input);
        let asked = Solved::new(&input, &proposal).expect("a valid round");
        for demand in &input.demands {
            let why = asked.why(demand.key).expect("a demand");
            assert_eq!(why.wishes.len(), demand.wishes.len());
            let placed = match proposal.outcome(demand.key) {
                Some(Outcome::Placed(placed)) => Some(placed),
                _ => None,
            };
            assert_eq!(why.here.as_ref().map(|here| here.place), placed.map(|placed| placed.place));
            for (wish, answer) in demand.wishes.iter().zip(&why.wishes) {
                let granted = placed.is_some_and(|placed| wish.schools.contains(&placed.school));
                assert_eq!(*answer == WhyNot::Granted, granted, "round {seed}");
                let here = |place: &&kernschil_allocation::Place| place.period == demand.period && wish.schools.contains(&place.school);
                let possible = input.places.iter().filter(here).any(|place| oracle::may_go(&input, demand, place));
                if let WhyNot::Ruled(_) = answer {
                    assert!(!possible && input.places.iter().any(|place| here(&place)), "round {seed}");
                }
            }
        }
    }
}

#[test]
fn where_rules_cross_answers_are_bounds() {
    let (mut worse, mut open) = (0, 0);
    for seed in 0..ROUNDS / 5 {
        let input = everything(seed);
        let proposal = solved(&input);
        assert_eq!(proposal.proof, Proof::Optimal);
        let asked = Solved::new(&input, &proposal).expect("a valid round");
        let before: Vec<i64> = proposal.objective.iter().map(|row| row.1).collect();
        for (number, demand) in input.demands.iter().enumerate() {
            for place in &input.places {
                let answer = asked.force(demand.key, place.key);
                let WhyNot::Worse { level, by, .. } = answer else {
                    open += u32::from(answer == WhyNot::Open);
                    continue;
                };
                worse += 1;
                let there =
                    |other: usize, at: Option<&kernschil_allocation::Place>| other != number || at.map(|at| at.key) == Some(place.key);
                let Some(after) = oracle::best(&input, &there) else { continue };
                let at = proposal.objective.iter().position(|row| row.0 == level).expect("a level");
                let mut bound = before[..at].to_vec();
                bound.push(before[at] + by);
                assert!(after[..=at] >= bound[..], "round {seed}: {after:?} {before:?} {level:?} {by}");
            }
        }
    }
    assert!(worse > 1_000 && open * 2 < worse, "{worse} {open}");
}
