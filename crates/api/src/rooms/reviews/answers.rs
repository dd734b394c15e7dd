//! What callers see of peer reviews.

use kernschil_app::reviews::{self as app, CalendarRow, Dossier, MoveView};
use kernschil_domain::reviews::{self, Receiver};
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::input::{Day, coded};
use crate::output::Moment;

coded! {
    /// The two kinds of peer review.
    ReviewKind(reviews::ReviewKind)
}

coded! {
    /// How far a peer review is.
    ReviewState(reviews::ReviewState)
}

coded! {
    /// What can happen to a peer review as a whole.
    ReviewEvent(reviews::ReviewEvent)
}

coded! {
    /// The three phases of a peer review.
    ReviewPhase(reviews::ReviewPhase)
}

coded! {
    /// Whose turn a step is.
    WaitsFor(reviews::WaitsFor)
}

coded! {
    /// What shows that a step is done, so that nobody has to say so.
    StepFact(reviews::StepFact)
}

coded! {
    /// Where in the dossier something is mended.
    DossierPage(reviews::DossierPage)
}

/// Who can receive a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub(crate) enum ReceiverKind {
    /// One partnership.
    Partnership,
    /// A region as a whole.
    Region,
}

/// The partnership or region that receives the panel, and owns process and content.
#[derive(Debug, Object)]
pub(crate) struct ReviewReceiver {
    /// Which of the two.
    kind: ReceiverKind,
    /// Identifier.
    id: Uuid,
    /// Name.
    name: String,
}

fn receiver(receiver: Receiver, name: &str) -> ReviewReceiver {
    let (kind, id) = match receiver {
        Receiver::Partnership(id) => (ReceiverKind::Partnership, id.0),
        Receiver::Region(id) => (ReceiverKind::Region, id.0),
    };
    ReviewReceiver { kind, id, name: name.to_owned() }
}

/// A year in which a review is planned, as some document says it.
#[derive(Debug, Object)]
pub(crate) struct PlannedYear {
    /// The calendar year.
    year: i32,
    /// Where it is said.
    source: String,
}

fn years(planned: &[reviews::PlannedYear]) -> Vec<PlannedYear> {
    planned.iter().map(|one| PlannedYear { year: one.year, source: one.source.clone() }).collect()
}

/// Whose turn it is.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ReviewTurn {
    /// Number of the step.
    number: i32,
    /// The step.
    step: String,
    /// Whose turn.
    waits_for: WaitsFor,
    /// Names of the members who still have to act, where not all of that side do and you may know.
    names: Vec<String>,
    /// When it should be done.
    due_on: Option<Day>,
    /// Days that it is late; 0 when it is not.
    days_late: i64,
    /// The same as a Dutch sentence.
    text: String,
}

impl From<&app::Turn> for ReviewTurn {
    fn from(turn: &app::Turn) -> Self {
        Self {
            number: turn.ordinal,
            step: turn.step.clone(),
            waits_for: turn.waits_for.into(),
            names: turn.names.clone(),
            due_on: turn.due_on.map(Day),
            days_late: turn.days_late,
            text: turn.sentence(),
        }
    }
}

/// A peer review on the calendar.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ReviewSummary {
    /// Name in addresses.
    slug: String,
    /// Name.
    name: String,
    /// Kind.
    kind: ReviewKind,
    /// Whose it is.
    receiver: ReviewReceiver,
    /// Names of its regions.
    regions: Vec<String>,
    /// How far it is.
    state: ReviewState,
    /// The year it stands in; absent while no document names one and no day was agreed.
    year: Option<i32>,
    /// The years that documents name.
    years: Vec<PlannedYear>,
    /// The visit day, once agreed.
    visit_on: Option<Day>,
    /// The day on which the visit was held.
    held_on: Option<Day>,
    /// The last day on which it must be done.
    due_on: Option<Day>,
    /// Whose turn it is; absent when it is nobody's.
    turn: Option<ReviewTurn>,
    /// Everything to look at, in Dutch sentences.
    warnings: Vec<String>,
    /// Whether you may open its dossier.
    may_open: bool,
}

impl From<CalendarRow> for ReviewSummary {
    fn from(row: CalendarRow) -> Self {
        Self {
            slug: row.review.slug.clone(),
            name: row.review.name.clone(),
            kind: row.review.kind.into(),
            receiver: receiver(row.review.receiver, &row.receiver),
            state: row.review.state.into(),
            year: row.year,
            years: years(&row.review.years),
            visit_on: row.review.visit_on.map(Day),
            held_on: row.review.held_on.map(Day),
            due_on: row.review.due_on.map(Day),
            turn: row.turn.as_ref().map(Into::into),
            warnings: row.warnings(),
            may_open: row.may_open,
            regions: row.regions,
        }
    }
}

/// Visits that the people of a partnership pay to others, over the last six years.
#[derive(Debug, Object)]
pub(crate) struct PaidVisits {
    /// The partnership.
    partnership: String,
    /// Visits paid.
    paid: usize,
    /// Visits it still owes.
    owed: usize,
}

/// What the six-year rhythm still asks.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct ReviewRhythm {
    /// Names of regions without a developmental review up to the end of 2029.
    without: Vec<String>,
    /// Visits paid and owed, by partnership.
    visits: Vec<PaidVisits>,
    /// Visits by peers of regions you may know who visit for no partnership: they count for nobody.
    visits_for_nobody: usize,
}

impl From<app::Calendar> for ReviewRhythm {
    fn from(calendar: app::Calendar) -> Self {
        let visits = calendar.visits.into_iter();
        Self {
            without: calendar.without,
            visits_for_nobody: calendar.visits_for_nobody,
            visits: visits.map(|one| PaidVisits { partnership: one.partnership, paid: one.paid, owed: one.owed }).collect(),
        }
    }
}

/// Something that happened to a review as a whole.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct ReviewMove {
    /// What happened.
    event: ReviewEvent,
    /// How far it was then.
    to: ReviewState,
    /// When.
    at: Moment,
    /// Name of who did it; absent for who has no account any more, and for the command line.
    by: Option<String>,
    /// Why, where a reason was asked.
    reason: Option<String>,
}

impl From<MoveView> for ReviewMove {
    fn from(done: MoveView) -> Self {
        Self { event: done.event.into(), to: done.to.into(), at: Moment(done.at), by: done.by, reason: done.reason }
    }
}

/// Something that a gate asks for and that is not there yet.
#[derive(Debug, Object)]
pub(crate) struct MissingThing {
    /// Stable code.
    code: String,
    /// Where it is mended.
    page: DossierPage,
    /// A Dutch sentence: what is missing and what to do.
    text: String,
}

/// The gate to the next phase.
#[derive(Debug, Object)]
pub(crate) struct ReviewGate {
    /// The event that goes through it.
    event: ReviewEvent,
    /// Everything it still asks for; nothing when it is open.
    missing: Vec<MissingThing>,
}

/// Another peer review, before or after this one.
#[derive(Debug, Object)]
pub(crate) struct NeighbouringReview {
    /// Name in addresses.
    slug: String,
    /// Name.
    name: String,
}

impl From<app::Neighbour> for NeighbouringReview {
    fn from(other: app::Neighbour) -> Self {
        Self { slug: other.slug, name: other.name }
    }
}

/// A peer review as a whole.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct PeerReview {
    /// Name in addresses.
    slug: String,
    /// Name.
    name: String,
    /// Kind.
    kind: ReviewKind,
    /// Whose it is.
    receiver: ReviewReceiver,
    /// Name in addresses of the framework it is pinned to.
    framework: String,
    /// How far it is.
    state: ReviewState,
    /// The years that documents name.
    years: Vec<PlannedYear>,
    /// The visit day, once agreed.
    visit_on: Option<Day>,
    /// The day on which the visit was held.
    held_on: Option<Day>,
    /// The last day on which it must be done.
    due_on: Option<Day>,
    /// When the reflection was handed to the panel.
    reflected_at: Option<Moment>,
    /// The last day for the receiving side to respond to the report.
    respond_by: Option<Day>,
    /// The year of the annual report that carries the report.
    report_year: Option<i32>,
    /// When the report was published.
    published_at: Option<Moment>,
    /// Whose turn it is; absent when it is nobody's.
    turn: Option<ReviewTurn>,
    /// The gate to the next phase; absent when the review ended.
    next: Option<ReviewGate>,
    /// All events that fit how far it is.
    possible: Vec<ReviewEvent>,
    /// What happened, oldest first.
    moves: Vec<ReviewMove>,
    /// The review before this one, when you may open it.
    previous: Option<NeighbouringReview>,
    /// The reviews after this one that you may open.
    following: Vec<NeighbouringReview>,
    /// The last day of a second chance that can still be made.
    second_chance: Option<Day>,
}

impl From<Dossier> for PeerReview {
    fn from(dossier: Dossier) -> Self {
        let review = dossier.review;
        let thing = |missing: reviews::Missing| MissingThing {
            code: missing.code().to_owned(),
            page: missing.page().into(),
            text: missing.dutch(),
        };
        let gate = |(event, missing): (reviews::ReviewEvent, Vec<reviews::Missing>)| ReviewGate {
            event: event.into(),
            missing: missing.into_iter().map(thing).collect(),
        };
        Self {
            kind: review.kind.into(),
            receiver: receiver(review.receiver, &dossier.receiver),
            framework: dossier.framework.slug,
            state: review.state.into(),
            years: years(&review.years),
            visit_on: review.visit_on.map(Day),
            held_on: review.held_on.map(Day),
            due_on: review.due_on.map(Day),
            reflected_at: review.reflected_at.map(Moment),
            respond_by: review.respond_by.map(Day),
            report_year: review.report_year,
            published_at: review.published_at.map(Moment),
            turn: dossier.turn.as_ref().map(Into::into),
            next: dossier.next.map(gate),
            possible: dossier.possible.into_iter().map(Into::into).collect(),
            moves: dossier.moves.into_iter().map(Into::into).collect(),
            previous: dossier.previous.map(Into::into),
            following: dossier.following.into_iter().map(Into::into).collect(),
            second_chance: dossier.second_chance.map(Day),
            slug: review.slug,
            name: review.name,
        }
    }
}

/// A step of a review.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ReviewStep {
    /// Number, from 1.
    number: i32,
    /// The phase it belongs to.
    phase: ReviewPhase,
    /// Name.
    name: String,
    /// Days from the visit day; below zero is before it.
    days: i32,
    /// Whose turn.
    waits_for: WaitsFor,
    /// When it should be done; absent while there is no visit day and no date of its own.
    due_on: Option<Day>,
    /// What shows that it is done; absent for a step that only somebody can say that of.
    fact: Option<StepFact>,
    /// Whether it is done: by what happened, or because somebody said so.
    done: bool,
    /// A date of its own, in the place of the one that follows from the visit day.
    own_date: Option<Day>,
    /// The day on which somebody said that it was done.
    done_on: Option<Day>,
}

/// The steps of a review of which these are in a dossier.
pub(super) fn steps(dossier: &Dossier) -> Vec<ReviewStep> {
    let step = |(step, standing): (&reviews::ReviewStep, &reviews::StepStanding)| ReviewStep {
        number: step.ordinal,
        phase: step.template.phase.into(),
        name: step.template.name.clone(),
        days: step.template.days,
        waits_for: step.template.waits_for.into(),
        due_on: standing.due_on.map(Day),
        fact: step.template.fact.map(Into::into),
        done: standing.waits().is_none(),
        own_date: step.own_date.map(Day),
        done_on: step.done_on.map(Day),
    };
    dossier.steps.iter().zip(&dossier.standings).map(step).collect()
}

/// A step as new reviews get it.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct StepTemplate {
    /// The phase it belongs to.
    phase: ReviewPhase,
    /// Name.
    name: String,
    /// Days from the visit day; below zero is before it.
    days: i32,
    /// Whose turn.
    waits_for: WaitsFor,
    /// What shows that it is done; absent for a step that only somebody can say that of.
    fact: Option<StepFact>,
}

impl From<reviews::StepTemplate> for StepTemplate {
    fn from(step: reviews::StepTemplate) -> Self {
        Self {
            phase: step.phase.into(),
            name: step.name,
            days: step.days,
            waits_for: step.waits_for.into(),
            fact: step.fact.map(Into::into),
        }
    }
}
