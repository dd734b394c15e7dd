//! A prepared round that takes changes is where solving the changed snapshot from the start is.

use kernschil_allocation::{Change, Demand, Input, Outcome, PlaceKey, Prepared, Proof, Proposal, Refusal, solve};

use crate::rounds::{Rng, everything, ruled, small};

/// A change that may well be refused.
fn any_change(input: &Input, away: &[Demand], rng: &mut Rng) -> Option<Change> {
    let row = |rows: usize, rng: &mut Rng| (rows > 0).then(|| rng.below(rows.max(1) as u64) as usize);
    let count = rng.below(5) as u32;
    Some(match rng.below(6) {
        0 | 1 => Change::Place(input.places[row(input.places.len(), rng)?].key, count),
        2 => {
            let school = &input.schools[row(input.schools.len(), rng)?];
            Change::SchoolTotal(school.key, school.totals.first()?.period, count)
        }
        3 => {
            let trainer = &input.trainers[row(input.trainers.len(), rng)?];
            Change::Trainer(trainer.key, trainer.capacity.first()?.period, count)
        }
        4 => Change::Leaves(input.demands[row(input.demands.len(), rng)?].key),
        _ => Change::Returns(away[row(away.len(), rng)?].key),
    })
}

/// The snapshot with the change made.
fn changed(input: &mut Input, away: &mut Vec<Demand>, change: Change) {
    match change {
        Change::Place(key, count) => {
            input.places.iter_mut().filter(|place| place.key == key).for_each(|place| place.count = count);
        }
        Change::SchoolTotal(key, period, new) => {
            let totals = input.schools.iter_mut().filter(|school| school.key == key).flat_map(|school| &mut school.totals);
            totals.filter(|total| total.period == period).for_each(|total| total.cap = new);
        }
        Change::Trainer(key, period, new) => {
            let caps = input.trainers.iter_mut().filter(|trainer| trainer.key == key).flat_map(|trainer| &mut trainer.capacity);
            caps.filter(|cap| cap.period == period).for_each(|cap| cap.cap = new);
        }
        Change::Leaves(key) => away.extend(input.demands.extract_if(.., |demand| demand.key == key)),
        Change::Returns(key) => input.demands.extend(away.extract_if(.., |demand| demand.key == key)),
    }
}

fn cold(input: &Input) -> Option<Proposal> {
    solve(input, &mut |_| std::ops::ControlFlow::Continue(())).ok()
}

fn place_in(proposal: &Proposal, demand: &Demand) -> Option<PlaceKey> {
    match proposal.outcome(demand.key) {
        Some(Outcome::Placed(placed)) => Some(placed.place),
        _ => None,
    }
}

/// What came of a sequence of changes.
#[derive(Debug, Default)]
struct Tally {
    made: u32,
    moves: u32,
    invalid: u32,
    more: u32,
}

fn play(start: &Input, rng: &mut Rng, tally: &mut Tally) {
    let Ok(mut prepared) = Prepared::new(start) else { return };
    let (mut input, mut away) = (start.clone(), Vec::new());
    for _ in 0..5 {
        let (mut next, mut next_away) = (input.clone(), away.clone());
        let mut changes = Vec::new();
        for _ in 0..=rng.below(3) {
            let Some(change) = any_change(&next, &next_away, rng) else { continue };
            changed(&mut next, &mut next_away, change);
            changes.push(change);
        }
        let before: Vec<Option<PlaceKey>> = start.demands.iter().map(|demand| prepared.place_of(demand.key)).collect();
        let moved = match prepared.change(&changes) {
            Ok(moved) => {
                let proposal = cold(&next).expect("a round that was valid warm");
                for demand in &start.demands {
                    assert_eq!(prepared.place_of(demand.key), place_in(&proposal, demand), "{changes:?}");
                }
                (input, away) = (next, next_away);
                tally.made += 1;
                moved
            }
            Err(refusal) => {
                match refusal {
                    Refusal::Input(_) => tally.invalid += 1,
                    Refusal::MoreThanAFlow => {
                        // Either the rule crosses, or the search found it to cost nothing after all.
                        assert!(cold(&next).is_none_or(|proposal| !proposal.crossing.is_empty() || proposal.proof != Proof::Optimal));
                        tally.more += 1;
                    }
                    _ => {}
                }
                Vec::new()
            }
        };
        tally.moves += moved.len() as u32;
        for (demand, before) in start.demands.iter().zip(before) {
            let told = moved.iter().find(|row| row.demand == demand.key);
            let now = prepared.place_of(demand.key);
            assert_eq!(told.map_or((before, before), |row| (row.from, row.to)), (before, now), "{changes:?}");
            assert!(told.is_none_or(|row| row.from != row.to));
        }
    }
}

#[test]
fn changes_lead_to_where_solving_again_does() {
    let mut tally = Tally::default();
    for seed in 0..4_000 {
        let rng = &mut Rng(seed);
        play(&small(seed), rng, &mut tally);
        play(&ruled(seed), rng, &mut tally);
        play(&everything(seed), rng, &mut tally);
    }
    assert!(tally.made > 15_000 && tally.moves > 10_000 && tally.invalid > 150 && tally.more > 150, "{tally:?}");
}

#[test]
fn what_the_round_does_not_have_is_refused() {
    let input = small(1);
    let mut prepared = Prepared::new(&input).unwrap_or_else(|refusal| panic!("{refusal:?}"));
    let nobody = kernschil_allocation::DemandKey(u128::MAX);
    let here = input.demands[0].key;
    let refused = |refusal: Result<_, Refusal>| matches!(refusal, Err(Refusal::Unknown(_)));
    assert!(refused(prepared.change(&[Change::Leaves(nobody)])));
    assert!(refused(prepared.change(&[Change::Place(PlaceKey(u128::MAX), 1)])));
    assert!(refused(prepared.change(&[Change::Returns(here)])));
    let before = prepared.place_of(here);
    assert!(refused(prepared.change(&[Change::Leaves(here), Change::Leaves(here)])));
    assert_eq!(prepared.place_of(here), before);
    let place = input.places[0].key;
    assert!(matches!(prepared.change(&[Change::Place(place, u32::MAX)]), Err(Refusal::Input(_))));
}
