//! What the engine promises of two rounds that differ in one thing, for any round whatever: the
//! targets of `bytes`. Each axiom also has a test of its own, on rounds that are made for it:
//!
//! | axiom | test |
//! |---|---|
//! | anonymity, order independence | `sameness`: rows, keys, seed |
//! | one more place leaves nobody without | `sameness`: one more place |
//! | without somebody who has no place all stays | `sameness`: without a student |
//! | certificates verify, changed proposals are refused | `optimum`, `proof`, `crossing` |
//! | what is named as full is what is short | `explanations` |
//! | as few move as can be | `sameness`: as few, `mutations` |

use std::ops::ControlFlow;

use kernschil_allocation::{
    Demand, Explanation, FinalPhase, Firmness, Input, Keep, Level, LevelKind, Outcome, Proof, Proposal, Standing, solve, verify,
};

use crate::bytes::Reader;
use crate::oracle::{self, Cap};
use crate::rounds::shuffled;

/// An axiom: panics when the engine breaks it on the round.
type Axiom = fn(&Input, &Proposal, &mut Reader<'_>);

/// By name, so that a failure says which.
pub(crate) const AXIOMS: [(&str, Axiom); 6] = [
    ("order", order),
    ("one more place", one_more_place),
    ("without a student", without_a_student),
    ("changed proposals", changed_proposals),
    ("bottlenecks", bottlenecks),
    ("moves", moves),
];

fn anew(input: &Input) -> Option<Proposal> {
    solve(input, &mut |_| ControlFlow::Continue(())).ok()
}

fn values(proposal: &Proposal) -> Vec<i64> {
    proposal.objective.iter().map(|row| row.1).collect()
}

fn order(input: &Input, proposal: &Proposal, reader: &mut Reader<'_>) {
    let same = anew(&shuffled(input, u64::from(reader.byte()))).expect("as valid in another order");
    assert_eq!(same.objective, proposal.objective);
    assert_eq!(same.figures.unplaced, proposal.figures.unplaced);
}

fn one_more_place(input: &Input, proposal: &Proposal, reader: &mut Reader<'_>) {
    if input.places.is_empty() {
        return;
    }
    let mut more = input.clone();
    more.settings.levels.retain(|level| *level != LevelKind::Spread);
    let before = if more == *input { Some(proposal.clone()) } else { anew(&more) };
    let at = usize::from(reader.byte()) % more.places.len();
    more.places[at].count += 1;
    let (Some(before), Some(after)) = (before, anew(&more)) else { return };
    assert!(values(&after) <= values(&before), "{:?} and then {:?}", before.objective, after.objective);
}

/// What a demand without a place adds to a level.
fn alone(demand: &Demand, level: Level) -> i64 {
    let kept = |firmness| demand.keeps.is_some_and(|keep| keep.firmness == firmness);
    i64::from(match level {
        Level::FinalNotPlaced => demand.final_phase == FinalPhase::Final,
        Level::NotPlaced => demand.final_phase == FinalPhase::Earlier,
        Level::AnnouncedMoved => kept(Firmness::Announced),
        Level::DraftMoved => kept(Firmness::Draft),
        _ => false,
    })
}

fn without_a_student(input: &Input, proposal: &Proposal, _: &mut Reader<'_>) {
    let Some((gone, _)) = proposal.assignments.iter().find(|row| matches!(row.1, Outcome::Unplaced(_))) else { return };
    let row = input.demands.iter().find(|demand| demand.key == *gone).expect("a demand of the round");
    let mut less = input.clone();
    less.demands.retain(|demand| demand.key != *gone);
    for place in &mut less.places {
        // A place for nobody else is for nobody.
        let was_reserved = !place.reserved_for.is_empty();
        place.reserved_for.retain(|demand| demand != gone);
        if was_reserved && place.reserved_for.is_empty() {
            return;
        }
    }
    let Some(after) = anew(&less) else { return };
    for &(level, before) in &proposal.objective {
        let now = after.objective.iter().find(|row| row.0 == level).map_or(0, |row| row.1);
        assert_eq!(now, before - alone(row, level), "{level:?}");
    }
}

fn changed_proposals(input: &Input, proposal: &Proposal, reader: &mut Reader<'_>) {
    let refused = |change: &dyn Fn(&mut Proposal)| {
        let mut other = proposal.clone();
        change(&mut other);
        assert!(other == *proposal || verify(input, &other).is_err());
    };
    let rows = proposal.assignments.len();
    let at = usize::from(reader.byte()) % rows.max(1);
    if rows == 0 {
        return;
    }
    refused(&|other| drop(other.assignments.pop()));
    refused(&|other| other.figures.unplaced += 1);
    refused(&|other| other.objective.iter_mut().for_each(|row| row.1 += 1));
    refused(&|other| other.assignments.swap(0, at));
    refused(&|other| {
        if let Some((_, outcome)) = other.assignments.get_mut(at) {
            let removed = kernschil_allocation::Removed { considered: u32::MAX, ..Default::default() };
            *outcome = Outcome::Unplaced(Explanation::NoCandidate { removed });
        }
    });
    refused(&|other| {
        if let Some((_, Outcome::Placed(placed))) = other.assignments.get_mut(at) {
            placed.standing = if placed.standing == Standing::Kern { Standing::Outside } else { Standing::Kern };
        }
    });
    refused(&|other| {
        if let Some(&(level, value)) = other.objective.last() {
            let proven_levels = other.objective.len() - 1;
            other.proof = if level == Level::Lot { Proof::WithinBound { proven_levels, bound: value + 1 } } else { other.proof };
        }
    });
}

/// With what is named as full raised by one, somebody more has a place.
fn bottlenecks(input: &Input, proposal: &Proposal, _: &mut Reader<'_>) {
    if !proposal.crossing.is_empty() || input.schools.iter().any(|school| !school.minimum.is_empty()) {
        return;
    }
    let first = |kind: &LevelKind| *kind == LevelKind::NotPlaced;
    if !input.settings.levels.first().is_some_and(first) {
        return;
    }
    for (_, outcome) in &proposal.assignments {
        let Outcome::Unplaced(Explanation::Full { bottlenecks, .. }) = outcome else { continue };
        let raise: Vec<Cap> = bottlenecks.iter().map(|&bottleneck| Cap::of(bottleneck)).collect();
        let Some(after) = anew(&oracle::raised(input, &raise)) else { continue };
        assert!(after.figures.unplaced < proposal.figures.unplaced, "{bottlenecks:?}");
    }
}

/// After a place is gone, no more students move than brute force says must.
fn moves(input: &Input, proposal: &Proposal, reader: &mut Reader<'_>) {
    let mut less = input.clone();
    for demand in &mut less.demands {
        demand.keeps = match proposal.outcome(demand.key) {
            Some(Outcome::Placed(placed)) => Some(Keep { place: placed.place, firmness: Firmness::Announced }),
            _ => None,
        };
    }
    less.settings.levels = vec![LevelKind::NotPlaced, LevelKind::Kept, LevelKind::Lot];
    less.schools.iter_mut().for_each(|school| school.least = 0);
    if !less.places.is_empty() {
        let at = usize::from(reader.byte()) % less.places.len();
        less.places[at].count = less.places[at].count.saturating_sub(1);
    }
    let is_small = less.places.iter().all(|place| place.count < 5);
    let Some(after) = anew(&less).filter(|_| is_small) else { return };
    assert_eq!(values(&after), oracle::optimum(&less));
    assert_eq!(verify(&less, &after), Ok(()));
}
