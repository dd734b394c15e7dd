//! What may not make a difference, and what must.

use kernschil_allocation::{Level, Outcome, PlaceKey, Proposal, SchoolKey};

use crate::rounds::{Rng, Size, big, place, shuffled, small};
use crate::solved;

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
