//! What one more move buys.

use kernschil_allocation::{Input, Level, LevelKind, Outcome, Proposal};
use kernschil_domain::mutations::MutationSubject;
use kernschil_domain::policy::Order;
use kernschil_domain::rounds::RoundData;
use serde::{Deserialize, Serialize};

use super::after::{Freedom, Question};
use super::keeping::input;
use super::plan::{Asking, Proven, outside};
use crate::error::AppError;
use crate::{proposals, reasons};

/// So many steps are worked out.
const MOST_STEPS: usize = 6;

/// What fewer and more moves would mean. Each line is a proven answer of the engine, not an estimate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prices {
    /// When nobody moves but those whose own place is touched: the fewest who are then without a place.
    pub unplaced_alone: u32,
    /// From the plan that keeps most places to the one with most students inside: for each student fewer outside samen
    /// opleiden, the fewest that must move. Students without a place are never traded for it.
    pub steps: Vec<Step>,
    /// What moves beyond the plan that keeps most places buy first; nothing when they buy nothing.
    pub more: Option<More>,
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

/// What more moves buy on the first level that gets better at all; on the levels above nothing does, however many move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct More {
    /// Moves on top of the plan that keeps most places.
    pub moves: u32,
    /// The level.
    pub level: Level,
    /// By how much it is lower then.
    pub by: u32,
    /// Whether no plan is better there, and none as good moves fewer.
    pub proven: Proven,
}

impl More {
    /// What it buys, as a Dutch sentence.
    pub fn sentence(&self) -> String {
        let count = |number: u32, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
        let are = if self.by == 1 { "is" } else { "zijn" };
        let buys = match self.level {
            Level::NotCovered => format!("{are} {} meer binnen samen opleiden", count(self.by, "student", "studenten")),
            Level::Shortfall => format!("komen kernscholen {} minder tekort", count(self.by, "student", "studenten")),
            Level::Ladder => {
                format!("gaan studenten samen {} omhoog: van buiten naar schil, of van schil naar kern", count(self.by, "trede", "treden"))
            }
            Level::NotListed => format!("{are} er {} minder zonder een van hun voorkeuren", count(self.by, "student", "studenten")),
            Level::TripsOver60 => format!("{are} er {} van meer dan een uur minder", count(self.by, "reis", "reizen")),
            Level::TripsOver45 => format!("{are} er {} van meer dan drie kwartier minder", count(self.by, "reis", "reizen")),
            Level::Minutes => format!("reizen alle studenten samen {} korter, enkele reis", count(self.by, "minuut", "minuten")),
            other => format!("wordt het geheel beter: {} minder bij “{}”", self.by, reasons::level(other)),
        };
        format!("Met {} meer {buys}.", count(self.moves, "verhuizing", "verhuizingen"))
    }
}

pub(super) fn between(
    changed: &RoundData,
    subject: &MutationSubject,
    question: &Question,
    asking: &Asking<'_>,
    (keep, kept, covered): (&Input, &Proposal, &Proposal),
) -> Result<Prices, AppError> {
    let alone = asking.solve(&input(&Question::new(changed, subject, Freedom::OnlyHit), Order::KeptFirst))?;
    let goals: Vec<_> = (outside(covered)..outside(kept)).rev().take(MOST_STEPS).collect();
    asking.expect(FIXED_QUESTIONS + goals.len());
    let mut steps = vec![Step { outside: outside(kept), moved: moved(question, kept), proven: Proven::from(&kept.proof) }];
    for most in goals {
        let mut input = keep.clone();
        input.settings.outside_cap = Some(most);
        // What comes below keeping places cannot change how many move.
        input.settings.levels = vec![LevelKind::NotPlaced, LevelKind::Kept, LevelKind::Lot];
        let proposal = asking.solve(&input)?;
        steps.push(Step { outside: most, moved: moved(question, &proposal), proven: Proven::from(&proposal.proof) });
    }
    Ok(Prices { unplaced_alone: unplaced(&alone), steps, more: more(question, asking, keep, kept)? })
}

/// The questions of every plan: both orders, nobody else moves, and the two of [`more`].
pub(super) const FIXED_QUESTIONS: usize = 5;

fn more(question: &Question, asking: &Asking<'_>, keep: &Input, kept: &Proposal) -> Result<Option<More>, AppError> {
    let aims: Vec<_> = keep.settings.levels.iter().copied().filter(|kind| !matches!(kind, LevelKind::Kept | LevelKind::Lot)).collect();
    let kept_after = |levels: &[LevelKind]| {
        let mut input = keep.clone();
        input.settings.levels = levels.iter().copied().chain([LevelKind::Kept, LevelKind::Lot]).collect();
        asking.solve(&input)
    };
    // However many move: where is anything to be gained at all?
    let freest = kept_after(&aims)?;
    let Some(level) = first_gain(kept, &freest).map(|(level, _)| level) else { return Ok(None) };
    let Some(at) = aims.iter().position(|kind| *kind == kind_of(level)) else { return Ok(None) };
    let best = kept_after(aims.get(..=at).unwrap_or_default())?;
    let Some((level, by)) = first_gain(kept, &best) else { return Ok(None) };
    let moves = moved(question, &best).saturating_sub(moved(question, kept));
    // A plan that is not proven may gain without moving anybody; that is no price.
    Ok((moves > 0).then_some(More { moves, level, by, proven: Proven::from(&best.proof) }))
}

/// The first level, but for keeping places and the lot, on which a plan is better than another, and by how much.
fn first_gain(than: &Proposal, plan: &Proposal) -> Option<(Level, u32)> {
    let counts = |level: &Level| !matches!(kind_of(*level), LevelKind::Kept | LevelKind::Lot);
    plan.objective.iter().filter(|(level, _)| counts(level)).find_map(|(level, value)| {
        let (_, before) = than.objective.iter().find(|(other, _)| other == level)?;
        let by = u32::try_from(before.saturating_sub(*value)).ok()?;
        (by > 0).then_some((*level, by))
    })
}

fn kind_of(level: Level) -> LevelKind {
    match level {
        Level::FinalNotPlaced | Level::NotPlaced => LevelKind::NotPlaced,
        Level::NotCovered => LevelKind::NotCovered,
        Level::AnnouncedMoved | Level::DraftMoved => LevelKind::Kept,
        Level::Shortfall => LevelKind::Shortfall,
        Level::Ladder => LevelKind::Ladder,
        Level::NotListed | Level::WishRank(_) => LevelKind::Wishes,
        Level::TripsOver60 | Level::TripsOver45 | Level::Minutes => LevelKind::Travel,
        Level::Spread => LevelKind::Spread,
        Level::Variety => LevelKind::Variety,
        Level::Broken(reason) => LevelKind::Broken(reason),
        Level::Lot => LevelKind::Lot,
    }
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
