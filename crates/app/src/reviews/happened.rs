//! What happened in a review, for the steps that follow from it.

use chrono::NaiveDate;
use kernschil_domain::registry::Registry;
use kernschil_domain::reviews::{
    Review, ReviewEvent, ReviewState, ReviewStep, StepFact, StepFacts, StepStanding, Waits, report_reached, standings, unweighed,
};
use kernschil_storage::Tx;
use kernschil_storage::reviews::{findings, follow_ups, gates, joint, members, programme, steps};

use super::panel;
use super::sight::Known;
use crate::error::AppError;

/// The steps of a review with how they stand, and what that follows from.
pub(super) struct Happened {
    /// What happened.
    pub(super) facts: StepFacts,
    /// How each step stands, in their order.
    pub(super) standings: Vec<StepStanding>,
}

/// Who looks, for what she may know of who still has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Onlooker {
    /// Of the panel: knows who of it handed in.
    Panel,
    /// Of the dossier: knows who answered her invitation.
    Dossier,
    /// Of the calendar: knows of no names.
    Calendar,
}

impl Happened {
    /// What happened in a review and how its steps stand. Of a review that ended, nothing is looked up: no step of it waits.
    pub(super) async fn of(
        tx: &Tx,
        registry: &Registry,
        review: &Review,
        steps: &[ReviewStep],
        today: NaiveDate,
    ) -> Result<Self, AppError> {
        let facts = match review.state.phase() {
            Some(_) => facts(tx, registry, review, today).await?,
            None => StepFacts::default(),
        };
        Ok(Self { standings: standings(review, steps, &facts, today), facts })
    }

    /// Names of the members who still have to act, as far as who looks may know them.
    pub(super) fn names(&self, step: &ReviewStep, waits: &Waits, onlooker: Onlooker) -> Vec<String> {
        let may_know = match onlooker {
            Onlooker::Panel => true,
            Onlooker::Dossier => step.template.fact == Some(StepFact::Agreed),
            Onlooker::Calendar => false,
        };
        let waiting = self.facts.members.iter().filter(|member| may_know && waits.members.contains(&member.id));
        waiting.map(|member| member.name.clone()).collect()
    }
}

async fn facts(tx: &Tx, registry: &Registry, review: &Review, today: NaiveDate) -> Result<StepFacts, AppError> {
    let id = review.id;
    let handed_in = gates::handed_in(tx, id).await?;
    let report = report_reached(&gates::report_states(tx, id).await?);
    let moves = steps::moves(tx, id).await?;
    let goes_back = |event: ReviewEvent| matches!(event, ReviewEvent::Reopen | ReviewEvent::Resume);
    let mut facts = StepFacts {
        members: members::of_review(tx, id).await?,
        panel_errors: panel_errors(tx, registry, review, today).await?,
        questions: usize::try_from(gates::questions(tx, id).await?).unwrap_or(usize::MAX),
        programme: programme::of_review(tx, id).await?.len(),
        follow_ups: follow_ups::of_review(tx, id).await?.len(),
        reopened_at: moves.iter().rfind(|done| goes_back(done.event)).map(|done| done.at),
        report,
        handed_in,
        ..StepFacts::default()
    };
    if report.is_none() && matches!(review.state, ReviewState::Conducting | ReviewState::Concluding) {
        let joint = joint::of_review(tx, id).await?;
        // Only what the panel reads counts: not even a number of what somebody did not hand in is told.
        let reads = |member| review.opened_at.is_some() || facts.handed_in.contains(&member);
        let found: Vec<_> = findings::of_review(tx, id).await?.into_iter().filter(|finding| reads(finding.member)).collect();
        facts.unweighed = unweighed(&found, &joint).len();
        facts.joint = joint.len();
    }
    Ok(facts)
}

/// A panel is agreed in the preparing phase; after it, the gates look at it.
async fn panel_errors(tx: &Tx, registry: &Registry, review: &Review, today: NaiveDate) -> Result<usize, AppError> {
    if !matches!(review.state, ReviewState::Planned | ReviewState::Preparing) || review.visit_on.is_none() {
        return Ok(0);
    }
    let known = Known { review: review.clone(), registry: registry.clone() };
    Ok(panel::errors(tx, &known, today).await?.len())
}
