//! What may not make a difference, and what must.

use std::ops::ControlFlow;

use kernschil_allocation::{DemandKey, Firmness, Keep, Level, LevelKind, Outcome, PlaceKey, Proposal, SchoolKey, Settings, solve};

use crate::rounds::{Rng, Size, big, demand, everything, place, shuffled, small};
use crate::{oracle, solved};

#[test]
fn the_order_of_rows_makes_no_difference() {
    for seed in 0..1_000 {
        let input = small(seed);
        assert_eq!(solved(&input), solved(&shuffled(&input, seed + 1)), "round {seed}");
    }
    let input = big(Size { demands: 300, schools: 50, near: 20, percent: 95 }, 3);
    assert_eq!(solved(&input), solved(&shuffled(&input, 8)));
}

#[test]
fn new_keys_make_no_difference() {
    for seed in 0..500 {
        let input = small(seed);
        let mut other = input.clone();
        for demand in &mut other.demands {
            demand.key.0 = u128::MAX - demand.key.0;
        }
        for place in &mut other.places {
            place.key.0 = u128::MAX - place.key.0;
        }
        let flip = |key: PlaceKey| PlaceKey(u128::MAX - key.0);
        let (one, two) = (solved(&input), solved(&other));
        let places = |proposal: &Proposal| -> Vec<Option<PlaceKey>> {
            let place = |outcome: &Outcome| match outcome {
                Outcome::Placed(placed) => Some(placed.place),
                Outcome::Unplaced(_) => None,
            };
            proposal.assignments.iter().map(|row| place(&row.1)).collect()
        };
        let mut flipped: Vec<_> = places(&two).into_iter().map(|key| key.map(flip)).collect();
        flipped.reverse();
        assert_eq!(places(&one), flipped, "round {seed}");
        assert_eq!(one.objective, two.objective);
    }
}

#[test]
fn the_seed_changes_the_lot_and_nothing_above_it() {
    let mut moved = 0;
    for seed in 0..1_000 {
        let mut input = small(seed);
        let one = solved(&input);
        input.settings.seed ^= 0xff;
        let two = solved(&input);
        let above = |proposal: &Proposal| {
            let levels = proposal.objective.iter();
            levels.filter(|row| row.0 != Level::Lot).copied().collect::<Vec<_>>()
        };
        assert_eq!(above(&one), above(&two), "round {seed}");
        moved += u32::from(one.assignments != two.assignments);
    }
    assert!(moved > 50, "{moved} rounds with another lot");
}

#[test]
fn one_more_place_never_leaves_more_students_without() {
    for seed in 0..1_000 {
        let mut input = small(seed);
        let before = solved(&input);
        let school = Rng(seed).below(input.schools.len() as u64);
        let mut extra = place(99, 0, 1);
        extra.school = SchoolKey(school.into());
        input.places.push(extra);
        let after = solved(&input);
        assert!(after.figures.unplaced <= before.figures.unplaced, "round {seed}");
        let values = |proposal: &Proposal| proposal.objective.iter().map(|r| r.1).collect::<Vec<_>>();
        assert!(values(&after) <= values(&before), "round {seed}");
    }
}

#[test]
fn the_order_of_rows_makes_no_difference_to_any_rule() {
    for seed in 0..2_000 {
        let input = everything(seed);
        let (one, two) = (solved(&input), solved(&shuffled(&input, seed + 1)));
        assert_eq!(places(&one), places(&two), "round {seed}");
        assert_eq!((one.objective, one.proof, one.crossing), (two.objective, two.proof, two.crossing), "round {seed}");
    }
}

#[test]
fn one_more_place_is_never_worse_whatever_the_rules() {
    for seed in 0..2_000 {
        let mut input = everything(seed);
        input.settings.levels.retain(|level| *level != LevelKind::Spread);
        let before = solved(&input);
        let mut extra = place(99, 0, 5);
        extra.school = SchoolKey(Rng(seed).below(input.schools.len() as u64).into());
        input.places.push(extra);
        let values = |proposal: &Proposal| proposal.objective.iter().map(|row| row.1).collect::<Vec<_>>();
        // The school may want more students at least than its total.
        let Ok(after) = solve(&input, &mut |_| ControlFlow::Continue(())) else { continue };
        assert!(values(&after) <= values(&before), "round {seed}");
    }
}

#[test]
fn without_a_student_who_has_no_place_nothing_changes() {
    let mut tried = 0;
    for seed in 0..3_000 {
        let input = everything(seed);
        let before = solved(&input);
        let Some((gone, _)) = before.assignments.iter().find(|row| matches!(row.1, Outcome::Unplaced(_))) else { continue };
        let mut less = input.clone();
        less.demands.retain(|demand| demand.key != *gone);
        // Levels that only this student made are gone with the student; compare places.
        let after = solved(&less);
        let mut left = places(&before);
        left.retain(|row| row.0 != *gone);
        assert_eq!(places(&after), left, "round {seed}");
        tried += 1;
    }
    assert!(tried > 1_000, "{tried} rounds");
}

#[test]
fn as_few_students_move_as_can_be() {
    let (mut moved, mut kept) = (0, 0);
    for seed in 0..3_000 {
        let mut input = if seed % 2 == 0 { small(seed) } else { everything(seed) };
        input.settings.levels = Settings::LEVELS.to_vec();
        let before = solved(&input);
        for demand in &mut input.demands {
            demand.keeps = match before.outcome(demand.key) {
                Some(Outcome::Placed(placed)) => Some(Keep { place: placed.place, firmness: Firmness::Announced }),
                _ => None,
            };
        }
        // A place is withdrawn, a school takes less, a student arrives.
        let rng = &mut Rng(seed);
        let at = rng.below(input.places.len() as u64) as usize;
        input.places[at].count = input.places[at].count.saturating_sub(1);
        input.schools.iter_mut().for_each(|school| school.least = 0);
        let mut new = demand(50);
        new.period = input.places[0].period;
        input.demands.push(new);
        let kinds = [LevelKind::NotPlaced, LevelKind::Kept, LevelKind::NotCovered, LevelKind::Ladder, LevelKind::Travel, LevelKind::Lot];
        input.settings.levels = kinds.to_vec();
        let after = solved(&input);
        // By brute force: the fewest moves of all plans that place as many.
        input.settings.levels = vec![LevelKind::NotPlaced, LevelKind::Kept, LevelKind::Lot];
        let fewest = oracle::optimum(&input);
        let Some(at) = after.objective.iter().position(|row| row.0 == Level::AnnouncedMoved) else { continue };
        assert_eq!(
            (after.objective[..2].iter().map(|row| row.1).collect::<Vec<_>>(), after.objective[at].1),
            (fewest[..2].to_vec(), fewest[2])
        );
        assert_eq!(i64::from(after.figures.announced_moved), fewest[2], "round {seed}");
        moved += after.figures.announced_moved;
        kept += after.figures.kept;
    }
    assert!(moved > 200 && kept > 2_000, "{moved} moved, {kept} kept");
}

fn places(proposal: &Proposal) -> Vec<(DemandKey, Option<PlaceKey>)> {
    let place = |outcome: &Outcome| match outcome {
        Outcome::Placed(placed) => Some(placed.place),
        Outcome::Unplaced(_) => None,
    };
    proposal.assignments.iter().map(|(key, outcome)| (*key, place(outcome))).collect()
}
