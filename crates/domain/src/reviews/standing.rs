//! How the steps of a review stand: done by what really happened, or waiting for who still has to act. Dossier, calendar,
//! start page, mails and calendar files all tell this one answer.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{ReportState, Review, ReviewKind, ReviewMember, ReviewRole, ReviewState, ReviewStep, WaitsFor};
use crate::codes::code_enum;
use crate::ids::MemberId;

code_enum! {
    /// What shows that a step is done, so that nobody has to say so.
    StepFact {
        /// The visit day is known, and a panel that can be as it is agreed.
        Agreed = "agreed" / "bezoekdag en panel zijn afgesproken",
        /// The reflection was handed to the panel.
        Reflected = "reflected" / "de reflectie is ingeleverd",
        /// Development questions and a programme are there.
        Asked = "asked" / "ontwikkelvragen en programma staan er",
        /// The visit was held.
        Visited = "visited" / "het bezoek is gehouden",
        /// Everybody of the panel handed in, or the chair opened the findings.
        HandedIn = "handed-in" / "alle bevindingen zijn ingeleverd",
        /// Joint findings were made of everything that was found.
        Weighed = "weighed" / "alle bevindingen zijn samen gewogen",
        /// The concept was sent to the receiving side.
        Sent = "sent" / "het conceptrapport is verstuurd",
        /// The receiving side can respond no more.
        Responded = "responded" / "de tijd om te reageren is voorbij",
        /// The report is final.
        Final = "final" / "het rapport is vastgesteld",
        /// The annual report that carries the report is known, and actions are.
        Carried = "carried" / "jaarrapportage en opvolging staan er",
    }
}

/// What happened in a review, as far as its steps ask.
#[derive(Debug, Clone, Default)]
pub struct StepFacts {
    /// Everybody in it.
    pub members: Vec<ReviewMember>,
    /// How many things make the panel impossible as it is.
    pub panel_errors: usize,
    /// Number of development questions.
    pub questions: usize,
    /// Number of parts of the programme.
    pub programme: usize,
    /// Who handed in her findings.
    pub handed_in: BTreeSet<MemberId>,
    /// Number of joint findings.
    pub joint: usize,
    /// Findings the panel reads of which no joint finding was made.
    pub unweighed: usize,
    /// How far the report came ([`report_reached`]).
    pub report: Option<ReportState>,
    /// Number of follow-ups, done ones too.
    pub follow_ups: usize,
    /// When a phase was last opened again, or the review planned again.
    pub reopened_at: Option<DateTime<Utc>>,
}

impl StepFacts {
    fn panel(&self) -> impl Iterator<Item = &ReviewMember> {
        self.members.iter().filter(|member| member.is_on_panel())
    }

    fn reopened_on(&self) -> Option<NaiveDate> {
        self.reopened_at.map(|at| at.date_naive())
    }
}

/// Who still has to act in a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waits {
    /// The side whose turn it is.
    pub side: WaitsFor,
    /// The members of the panel who still have to, where not all of that side do.
    pub members: Vec<MemberId>,
}

impl Waits {
    fn all_of(side: WaitsFor) -> Self {
        Self { side, members: Vec::new() }
    }
}

/// Whether a step is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepState {
    /// It is; on this day, where that is known.
    Done(Option<NaiveDate>),
    /// Somebody still has to act.
    Waits(Waits),
}

/// How one step stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepStanding {
    /// Place of the step in the order.
    pub ordinal: i32,
    /// When it should be done; nothing while that is not known.
    pub due_on: Option<NaiveDate>,
    /// Whether it is done.
    pub state: StepState,
}

impl StepStanding {
    /// Who still has to act; nothing when it is done.
    pub fn waits(&self) -> Option<&Waits> {
        match &self.state {
            StepState::Done(_) => None,
            StepState::Waits(waits) => Some(waits),
        }
    }
}

/// How far the report came, by its versions in order: what was written after a final version, because the review was opened
/// again, counts anew; and what was sent stays sent while the panel works on.
pub fn report_reached(versions: &[ReportState]) -> Option<ReportState> {
    let last_final = versions.iter().rposition(|state| *state == ReportState::Final);
    let after = versions.get(last_final.map_or(0, |at| at + 1)..).unwrap_or_default();
    let sent = after.iter().find(|state| **state == ReportState::Responding);
    sent.or(after.last()).copied().or(last_final.map(|_| ReportState::Final))
}

/// How every step of a review stands, in their order. A step is done when what it waits for happened, or when somebody said
/// so; one that no fact belongs to is done only by hand.
pub fn standings(review: &Review, steps: &[ReviewStep], facts: &StepFacts, today: NaiveDate) -> Vec<StepStanding> {
    let standing = |step: &ReviewStep| StepStanding {
        ordinal: step.ordinal,
        due_on: due_on(review, step, facts),
        state: match by_hand(step, facts) {
            Some(day) => StepState::Done(Some(day)),
            None => by_fact(review, step, facts, today),
        },
    };
    steps.iter().map(standing).collect()
}

/// The day on which somebody said that a step was done. What was said before the phase was opened again holds no more where
/// a fact can tell.
fn by_hand(step: &ReviewStep, facts: &StepFacts) -> Option<NaiveDate> {
    let is_over = |day: NaiveDate| step.template.fact.is_some() && facts.reopened_on().is_some_and(|reopened| day <= reopened);
    step.done_on.filter(|day| !is_over(*day))
}

/// When a step should be done. Of days that follow from the visit, those before the phase was opened again hold no more.
fn due_on(review: &Review, step: &ReviewStep, facts: &StepFacts) -> Option<NaiveDate> {
    if step.template.fact == Some(StepFact::Responded) && facts.report == Some(ReportState::Responding) && review.respond_by.is_some() {
        return review.respond_by;
    }
    step.due_on(review.visit_on).filter(|due| facts.reopened_on().is_none_or(|reopened| *due >= reopened))
}

fn by_fact(review: &Review, step: &ReviewStep, facts: &StepFacts, today: NaiveDate) -> StepState {
    let side = usual_side(step.template.waits_for, facts);
    let when = |is_done: bool| if is_done { StepState::Done(None) } else { StepState::Waits(Waits::all_of(side)) };
    let Some(fact) = step.template.fact else { return when(false) };
    match fact {
        StepFact::Agreed => agreed(review, facts, side),
        StepFact::Reflected => review.reflected_at.map_or_else(|| when(false), |at| StepState::Done(Some(at.date_naive()))),
        StepFact::Asked => when((facts.questions > 0 || review.kind == ReviewKind::Judging) && facts.programme > 0),
        StepFact::Visited => visited(review, side, today),
        StepFact::HandedIn => handed_in(review, facts),
        StepFact::Weighed => when(facts.report.is_some() || (facts.joint > 0 && facts.unweighed == 0)),
        StepFact::Sent => when(matches!(facts.report, Some(ReportState::Responding | ReportState::Final))),
        StepFact::Responded => when(match facts.report {
            Some(ReportState::Final) => true,
            Some(ReportState::Responding) => review.respond_by.is_some_and(|last| last < today),
            Some(ReportState::Concept) | None => false,
        }),
        StepFact::Final => when(facts.report == Some(ReportState::Final)),
        StepFact::Carried => when(facts.follow_ups > 0 && (review.report_year.is_some() || review.kind == ReviewKind::Judging)),
    }
}

/// Whose turn a step is. What the secretary does, the chair does in a panel without one.
fn usual_side(side: WaitsFor, facts: &StepFacts) -> WaitsFor {
    let has_secretary = facts.panel().any(|member| member.role == ReviewRole::Secretary);
    if side == WaitsFor::Secretary && !has_secretary { WaitsFor::Chair } else { side }
}

fn agreed(review: &Review, facts: &StepFacts, side: WaitsFor) -> StepState {
    if review.visit_on.is_none() || facts.panel().next().is_none() || facts.panel_errors > 0 {
        return StepState::Waits(Waits::all_of(side));
    }
    members_wait(facts.panel().filter(|member| member.answer.is_none()))
}

/// Before the visit day it waits for who comes; after it, for the receiving side to say that it was held.
fn visited(review: &Review, side: WaitsFor, today: NaiveDate) -> StepState {
    match review.held_on {
        Some(day) => StepState::Done(Some(day)),
        None if review.visit_on.is_some_and(|day| day < today) => StepState::Waits(Waits::all_of(WaitsFor::Receiver)),
        None => StepState::Waits(Waits::all_of(side)),
    }
}

fn handed_in(review: &Review, facts: &StepFacts) -> StepState {
    if let Some(at) = review.opened_at {
        return StepState::Done(Some(at.date_naive()));
    }
    // Who did not agree to take part has nothing to hand in.
    let mut agreed = facts.panel().filter(|member| member.has_agreed()).peekable();
    if agreed.peek().is_none() {
        return StepState::Waits(Waits::all_of(WaitsFor::Panel));
    }
    members_wait(agreed.filter(|member| !facts.handed_in.contains(&member.id)))
}

fn members_wait<'a>(waiting: impl Iterator<Item = &'a ReviewMember>) -> StepState {
    let members: Vec<_> = waiting.map(|member| member.id).collect();
    if members.is_empty() { StepState::Done(None) } else { StepState::Waits(Waits { side: WaitsFor::Panel, members }) }
}

/// The step that is next, with how it stands: the first of the phase that is not done.
pub fn next_step<'a>(
    state: ReviewState,
    steps: &'a [ReviewStep],
    standings: &'a [StepStanding],
) -> Option<(&'a ReviewStep, &'a StepStanding)> {
    let phase = state.phase()?;
    let mut of_phase = steps.iter().zip(standings).filter(|(step, _)| step.template.phase == phase);
    of_phase.find(|(_, standing)| standing.waits().is_some())
}

/// Steps that still wait for somebody, with how they stand: those of the phase the review is in and of later ones. A phase
/// that was closed needs no more of its steps.
pub fn open_steps<'a>(
    state: ReviewState,
    steps: &'a [ReviewStep],
    standings: &'a [StepStanding],
) -> impl Iterator<Item = (&'a ReviewStep, &'a StepStanding)> {
    let phase = state.phase();
    let is_open = move |step: &ReviewStep| phase.is_some_and(|phase| step.template.phase >= phase);
    steps.iter().zip(standings).filter(move |(step, standing)| is_open(step) && standing.waits().is_some())
}

#[cfg(test)]
mod tests;
