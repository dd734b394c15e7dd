//! Every why is true: what is named helps, and nothing smaller does.

use std::collections::BTreeMap;

use kernschil_allocation::{DemandKey, Explanation, Input, Level, Outcome, Place, PlaceKey, Proposal, Reason, Removed, Standing, why_not};

use crate::optimum::ROUNDS;
use crate::oracle::{self, Cap, Values};
use crate::rounds::{demand, place, round_with, small};
use crate::solved;

/// Rounds in which it is also tried whether a smaller set would do: that takes long.
const SMALLEST: u64 = 4_000;

#[test]
fn more_of_what_is_full_gives_a_student_without_a_place_one() {
    let (mut full, mut none) = (0, 0);
    for seed in 0..ROUNDS {
        let input = small(seed);
        let proposal = solved(&input);
        let placed = placed(&input, &proposal);
        for (number, row) in input.demands.iter().enumerate() {
            let Some(Outcome::Unplaced(why)) = proposal.outcome(row.key) else { continue };
            match why {
                Explanation::NoCandidate { removed } => {
                    none += 1;
                    let possible = |place| oracle::may_go(&input, row, place);
                    assert!(!input.places.iter().any(possible), "round {seed}");
                    assert_eq!(removed.possible, 0);
                }
                Explanation::Full { bottlenecks, removed } => {
                    full += 1;
                    assert!(removed.possible > 0);
                    let raise: Vec<Cap> = bottlenecks.iter().map(|&b| Cap::of(b)).collect();
                    let better = oracle::optimum(&oracle::raised(&input, &raise));
                    let before = [proposal.objective[0].1, proposal.objective[1].1];
                    assert!(better[..2] < before[..], "round {seed}: {bottlenecks:?}");
                    // Everybody who has a place keeps one, and this student gets one.
                    let all = |other: usize, place: Option<&Place>| place.is_some() || (placed[other].is_none() && other != number);
                    assert_smallest(&input, &raise, &all, seed);
                }
                Explanation::Outranked { .. } | Explanation::Held { .. } => panic!("only for kern, or with other rules"),
            }
        }
    }
    assert!(full > 500 && none > 500, "{full} full, {none} without candidate");
}

#[test]
fn more_of_what_is_full_gives_a_student_a_kern_place() {
    let (mut full, mut none, mut outranked) = (0, 0, 0);
    for seed in 0..ROUNDS {
        let input = small(seed);
        let proposal = solved(&input);
        let placed = placed(&input, &proposal);
        let down_to = through_ladder(&proposal);
        let top = |number: usize, place: Option<&Place>| -> Values {
            let mut values = oracle::values(&input, &input.demands[number], place);
            values.truncate(down_to);
            values
        };
        for (number, row) in input.demands.iter().enumerate() {
            let Some(Outcome::Placed(outcome)) = proposal.outcome(row.key) else { continue };
            assert_eq!(outcome.why_not_kern.is_none(), outcome.standing == Standing::Kern);
            let Some(why) = &outcome.why_not_kern else { continue };
            let kern: Vec<&Place> = input
                .places
                .iter()
                .filter(|place| oracle::may_go(&input, row, place))
                .filter(|place| oracle::standing(&input, row, place.school) == Standing::Kern)
                .collect();
            let now = top(number, placed[number]);
            let evenly = proposal.objective[..down_to].iter().any(|row| row.0 == Level::Spread);
            match why {
                Explanation::NoCandidate { .. } => {
                    none += 1;
                    assert!(kern.is_empty(), "round {seed}");
                }
                Explanation::Outranked { .. } => {
                    outranked += 1;
                    assert!(!kern.is_empty(), "round {seed}");
                    assert!(evenly || kern.iter().all(|place| top(number, Some(place)) >= now));
                }
                Explanation::Held { .. } => panic!("only with other rules"),
                Explanation::Full { bottlenecks, .. } => {
                    full += 1;
                    let raise: Vec<Cap> = bottlenecks.iter().map(|&b| Cap::of(b)).collect();
                    let better = oracle::optimum(&oracle::raised(&input, &raise));
                    let before: Values = proposal.objective[..down_to].iter().map(|row| row.1).collect();
                    assert!(evenly || better[..down_to] < before[..], "round {seed}: {bottlenecks:?}");
                    // Nobody gets worse down to the ladder, and this student goes to kern.
                    let all = |other: usize, place: Option<&Place>| {
                        let values = top(other, place);
                        if other == number {
                            values < now
                                && place.is_some_and(|place| {
                                    let school = place.school;
                                    oracle::standing(&input, row, school) == Standing::Kern
                                })
                        } else {
                            placed[other].is_none() || (place.is_some() && values <= top(other, placed[other]))
                        }
                    };
                    // When schools are to fill evenly first, a smaller set may be possible, not better.
                    if !evenly {
                        assert_smallest(&input, &raise, &all, seed);
                    }
                }
            }
        }
    }
    assert!(full > 500 && none > 500 && outranked > 20, "{full} {none} {outranked}");
}

/// With these capacities raised such a plan exists; with any smaller set it does not.
fn assert_smallest(input: &Input, raise: &[Cap], allowed: &dyn Fn(usize, Option<&Place>) -> bool, seed: u64) {
    let possible = |raise: &[Cap]| oracle::best(&oracle::raised(input, raise), allowed).is_some();
    assert!(possible(raise), "round {seed}: {raise:?} does not help");
    for &left_out in raise {
        let fewer: Vec<Cap> = raise.iter().copied().filter(|&cap| cap != left_out).collect();
        assert!(!possible(&fewer), "round {seed}: {fewer:?} is enough");
    }
    if seed < SMALLEST {
        let caps: Vec<Cap> = oracle::caps(input).into_keys().collect();
        let mut sets = vec![Vec::new()];
        for _ in 1..raise.len() {
            let longer = sets.iter().flat_map(|set: &Vec<Cap>| {
                let larger = caps.iter().filter(|cap| set.last().is_none_or(|last| *cap > last));
                larger.map(|&cap| [set.as_slice(), &[cap]].concat())
            });
            sets = longer.collect();
        }
        for set in sets {
            assert!(!possible(&set), "round {seed}: {set:?} instead of {raise:?}");
        }
    }
}

fn placed<'a>(input: &'a Input, proposal: &Proposal) -> Vec<Option<&'a Place>> {
    let place = |key| match proposal.outcome(key) {
        Some(Outcome::Placed(placed)) => input.places.iter().find(|row| row.key == placed.place),
        _ => None,
    };
    input.demands.iter().map(|demand| place(demand.key)).collect()
}

/// Number of levels down to the ladder; without ladder, to those not covered or not placed.
fn through_ladder(proposal: &Proposal) -> usize {
    let position = |level| proposal.objective.iter().position(|row| row.0 == level);
    let last = position(Level::Ladder).or(position(Level::NotCovered));
    last.unwrap_or(1) + 1
}

#[test]
fn shortages_add_up() {
    let mut groups = BTreeMap::<usize, u32>::new();
    for seed in 0..ROUNDS {
        let proposal = solved(&small(seed));
        let short: u32 = proposal.shortages.iter().map(|shortage| shortage.short).sum();
        assert_eq!(short, proposal.figures.unplaced);
        for shortage in &proposal.shortages {
            let room: u32 = shortage.capacities.iter().map(|capacity| capacity.cap()).sum();
            assert_eq!(shortage.students, shortage.short + room, "round {seed}");
        }
        *groups.entry(proposal.shortages.len()).or_default() += 1;
    }
    assert!(groups.keys().any(|&groups| groups > 2), "{groups:?}");
}

#[test]
fn two_schools_short_of_places_are_two_shortages() {
    let mut input = round_with(&[Standing::Kern, Standing::Kern]);
    input.places = vec![place(0, 0, 1), place(1, 1, 2)];
    input.demands = (0..6).map(demand).collect();
    for demand in &mut input.demands {
        demand.only_school = Some(input.schools[usize::from(demand.key.0 > 1)].key);
    }
    let shortages = solved(&input).shortages;
    let sizes: Vec<_> = shortages.iter().map(|s| (s.short, s.students)).collect();
    assert_eq!(sizes, [(2, 4), (1, 2)]);
}

#[test]
fn a_forbidden_pair_keeps_all_its_reasons() {
    let mut input = round_with(&[Standing::Kern, Standing::Kern]);
    input.places = vec![place(0, 0, 1)];
    let mut one = demand(0);
    one.earlier_schools = vec![input.schools[0].key];
    one.only_school = Some(input.schools[1].key);
    input.demands = vec![one];
    let reasons = why_not(&input, DemandKey(0), PlaceKey(0)).expect("valid").expect("known");
    assert_eq!(reasons.iter().collect::<Vec<_>>(), [Reason::EarlierSchool, Reason::FixedSchool]);
    assert_eq!(why_not(&input, DemandKey(0), PlaceKey(7)), Ok(None));
    let removed = Removed { considered: 1, earlier_school: 1, fixed_school: 1, ..Removed::default() };
    let why = Outcome::Unplaced(Explanation::NoCandidate { removed });
    assert_eq!(solved(&input).assignments, [(DemandKey(0), why)]);
}
