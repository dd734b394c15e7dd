//! What one more move buys.

use kernschil_allocation::{Input, LevelKind, Outcome, Proposal};
use kernschil_domain::mutations::MutationSubject;
use kernschil_domain::policy::Order;
use kernschil_domain::rounds::RoundData;
use serde::{Deserialize, Serialize};

use super::after::{Freedom, Question};
use super::keeping::input;
use super::plan::{Proven, outside, solve};
use crate::error::AppError;
use crate::proposals;

/// So many steps are worked out.
const MOST_STEPS: u32 = 6;

/// What fewer and more moves would mean. Each line is a proven answer of the engine, not an estimate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prices {
    /// When nobody moves but those whose own place is touched: the fewest who are then without a place.
    pub unplaced_alone: u32,
    /// From the plan that keeps most places to the one with most students inside: for each student fewer outside samen
    /// opleiden, the fewest that must move. Students without a place are never traded for it.
    pub steps: Vec<Step>,
}

/// How many must move to have no more than so many students outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Students outside samen opleiden, at most, of those who may move.
    pub outside: u32,
    /// The fewest who lose the place they were told of.
    pub moved: u32,
    /// Whether fewer is impossible.
    pub proven: Proven,
}

pub(super) fn between(
    changed: &RoundData,
    subject: &MutationSubject,
    question: &Question,
    keep: &Input,
    kept: &Proposal,
    covered: &Proposal,
) -> Result<Prices, AppError> {
    let alone = solve(&input(&Question::new(changed, subject, Freedom::OnlyHit), Order::KeptFirst))?;
    let mut steps = vec![Step { outside: outside(kept), moved: moved(question, kept), proven: Proven::from(&kept.proof) }];
    let goals = (outside(covered)..outside(kept)).rev();
    for most in goals.take(usize::try_from(MOST_STEPS).unwrap_or_default()) {
        let mut input = keep.clone();
        input.settings.outside_cap = Some(most);
        // What comes below keeping places cannot change how many move.
        input.settings.levels = vec![LevelKind::NotPlaced, LevelKind::Kept, LevelKind::Lot];
        let proposal = solve(&input)?;
        steps.push(Step { outside: most, moved: moved(question, &proposal), proven: Proven::from(&proposal.proof) });
    }
    Ok(Prices { unplaced_alone: unplaced(&alone), steps })
}

fn unplaced(proposal: &Proposal) -> u32 {
    let without = proposal.assignments.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Unplaced(_))).count();
    u32::try_from(without).unwrap_or(u32::MAX)
}

/// Those who had a place and do not keep it.
fn moved(question: &Question, proposal: &Proposal) -> u32 {
    let leaves = |(key, outcome): &&(kernschil_allocation::DemandKey, Outcome)| {
        let demand = kernschil_domain::ids::DemandId(uuid::Uuid::from_u128(key.0));
        let own = question.movable.get(&demand).map(|placement| placement.offer);
        match outcome {
            Outcome::Placed(placed) => own.is_some_and(|own| own != proposals::offer_id(placed.place)),
            Outcome::Unplaced(_) => own.is_some(),
        }
    };
    u32::try_from(proposal.assignments.iter().filter(leaves).count()).unwrap_or(u32::MAX)
}
