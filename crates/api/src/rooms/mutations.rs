//! Changes after publication: noting what happened, its plans, and carrying one out.

#![expect(clippy::too_many_arguments, reason = "each is a parameter of the operation")]

use kernschil_app::mutations::{self, CarryOut, Cause, MoveView, MutationRow, MutationView, NewMutation, OptionView, Proven, Stop, Tally};
use kernschil_app::{App, AppError};
use kernschil_domain::access::Permission;
use kernschil_domain::ids::{DemandId, MutationId, OfferId, TrainerId};
use kernschil_domain::mutations::MutationSubject;
use poem::web::Data;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::{Enum, Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::codes::{Currency, Standing};
use super::jobs::{Job, accepted};
use crate::PREFIX;
use crate::input::{
    All, Body, Choice, Faults, Given, Header, Id, Input, Maybe, PageNumber, PageSize, Path, Query, Scalar, SchoolCode, Slug, Text, Wrong,
    coded, paging, sort_fields,
};
use crate::output::{Accepted, Created, Done, Here, Listed, Moment, Page, Tagged};
use crate::precondition::{EntityTag, seen_version, stale};
use crate::refusal::{Conflicts, Refusal, Versions};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Mutations;

coded! {
    /// How far a mutation is.
    MutationState(kernschil_domain::mutations::MutationState)
}

coded! {
    /// Which aim goes first: keeping the places that people know, or as many students inside samen opleiden as can be.
    MutationOrder(kernschil_domain::policy::Order)
}

sort_fields! {
    /// What kind of thing happened.
    MutationKind {
        PlacesWithdrawn = "places-withdrawn",
        TrainerOut = "trainer-out",
        StudentStopped = "student-stopped",
        StudentLate = "student-late",
        StudentRefused = "student-refused",
        Enrolment = "enrolment",
    }
}

impl Scalar for MutationKind {
    fn schema() -> MetaSchemaRef {
        let codes = Self::every().into_iter().map(|kind| kind.code().into()).collect();
        MetaSchemaRef::Inline(Box::new(MetaSchema { enum_items: codes, ..MetaSchema::new("string") }))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        crate::input::choices::read(text)
    }
}

/// A whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Whole(i32);

impl Scalar for Whole {
    fn schema() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("integer", "int32")))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        text.parse().map(Self).map_err(|_| Wrong::new("geen-getal", "Geef een heel getal op."))
    }

    fn read_json(value: &serde_json::Value) -> Result<Self, Wrong> {
        let number = value.as_i64().and_then(|number| i32::try_from(number).ok());
        number.map(Self).ok_or_else(|| Wrong::new("geen-getal", "Geef een heel getal op."))
    }
}

/// A mutation in the list.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct MutationSummary {
    /// Identifier.
    id: Uuid,
    /// What kind of thing happened.
    kind: String,
    /// What happened, as a Dutch sentence.
    what: String,
    /// How far it is.
    state: MutationState,
    /// When it was noted.
    made_at: Moment,
    /// By whom; only for who may see the log.
    made_by: Option<String>,
    /// When it was carried out or taken back.
    ended_at: Option<Moment>,
    /// Students who moved; absent before it was carried out.
    moved: Option<usize>,
    /// Students who lost their place.
    ended: Option<usize>,
    /// Students who got a place.
    placed: Option<usize>,
}

impl From<MutationRow> for MutationSummary {
    fn from(row: MutationRow) -> Self {
        Self {
            id: row.id.0,
            kind: row.subject.code().to_owned(),
            what: row.what,
            state: row.state.into(),
            made_at: Moment(row.made_at),
            made_by: row.made_by,
            ended_at: row.ended_at.map(Moment),
            moved: row.outcome.map(|outcome| outcome.0),
            ended: row.outcome.map(|outcome| outcome.1),
            placed: row.outcome.map(|outcome| outcome.2),
        }
    }
}

/// Why somebody moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case", remote = "Cause")]
pub(crate) enum MoveCause {
    /// What happened is about this student's own place.
    Own,
    /// Makes room for somebody else.
    Room,
    /// Had no place.
    New,
    /// Comes inside samen opleiden.
    Inside,
}

/// How good a plan is known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case", remote = "Proven")]
pub(crate) enum PlanProof {
    /// Nothing better exists.
    Best,
    /// It keeps every rule; whether nothing better exists could not be shown.
    Unknown,
    /// A coordinator chose it.
    Chosen,
}

/// A place that somebody leaves or gets.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct MoveStop {
    /// Code of the school.
    school_code: String,
    /// Name of the school.
    school_name: String,
    /// What it is to the student.
    standing: Standing,
    /// Estimated minutes one way; absent when not known.
    minutes: Option<u16>,
    /// Rank among the wishes, from 1; absent when it is none of them.
    wish_rank: Option<usize>,
}

impl From<Stop> for MoveStop {
    fn from(stop: Stop) -> Self {
        Self {
            school_code: stop.school_code,
            school_name: stop.school_name,
            standing: stop.standing.into(),
            minutes: stop.minutes,
            wish_rank: stop.wish_rank,
        }
    }
}

/// One student who moves, loses her place, or gets one.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct PlanMove {
    /// The demand.
    demand: Uuid,
    /// The student.
    student: Uuid,
    /// Name as in a list.
    name: String,
    /// From where; absent when there was no place.
    from: Option<MoveStop>,
    /// To where; absent when there is no place any more.
    to: Option<MoveStop>,
    /// Why.
    cause: MoveCause,
    /// The same as a Dutch sentence.
    why: String,
}

impl From<MoveView> for PlanMove {
    fn from(one: MoveView) -> Self {
        Self {
            demand: one.demand.0,
            student: one.student.0,
            name: one.name,
            from: one.from.map(Into::into),
            to: one.to.map(Into::into),
            cause: one.cause.into(),
            why: one.why,
        }
    }
}

/// Key figures of the round, counted over the demands that need a place.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct PlanFigures {
    /// Need a place.
    demands: u32,
    /// Inside samen opleiden.
    covered: u32,
    /// At a kern school.
    kern: u32,
    /// Outside samen opleiden.
    outside: u32,
    /// Without a place.
    unplaced: u32,
    /// At the first, second, third wish and so on.
    by_wish: Vec<u32>,
    /// Trips of more than an hour.
    over60: u32,
}

impl From<&Tally> for PlanFigures {
    fn from(tally: &Tally) -> Self {
        Self {
            demands: tally.demands,
            covered: tally.covered(),
            kern: tally.kern,
            outside: tally.outside,
            unplaced: tally.unplaced,
            by_wish: tally.by_wish.clone(),
            over60: tally.over_60,
        }
    }
}

/// One way to deal with a mutation.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct PlanOption {
    /// Which aim goes first.
    order: MutationOrder,
    /// Who moves, loses a place, or gets one.
    moves: Vec<PlanMove>,
    /// Students who keep their place and get another trainer.
    retrained: usize,
    /// Names of those without a place in the end.
    waiting: Vec<String>,
    /// The round afterwards.
    after: PlanFigures,
    /// How good it is known to be.
    proof: PlanProof,
    /// Letters to students.
    letters_to_students: usize,
    /// Letters to schools.
    letters_to_schools: usize,
}

impl From<OptionView> for PlanOption {
    fn from(option: OptionView) -> Self {
        Self {
            order: option.order.into(),
            after: (&option.after).into(),
            retrained: option.retrained,
            waiting: option.waiting.into_iter().map(|(name, _)| name).collect(),
            proof: option.proven.into(),
            letters_to_students: option.to_students,
            letters_to_schools: option.to_schools,
            moves: option.moves.into_iter().map(Into::into).collect(),
        }
    }
}

/// How many must move to have no more than so many students outside.
#[derive(Debug, Object)]
pub(crate) struct PriceStep {
    /// Students outside samen opleiden, at most.
    outside: u32,
    /// The fewest who lose the place they were told of.
    moved: u32,
    /// How certain that is.
    proof: PlanProof,
}

/// What more moves buy on the first level that gets better at all.
#[derive(Debug, Object)]
pub(crate) struct MoreMoves {
    /// Moves on top of the plan that keeps most places.
    moves: u32,
    /// What they buy, in Dutch.
    message: String,
    /// How certain that is.
    proof: PlanProof,
}

impl From<mutations::More> for MoreMoves {
    fn from(more: mutations::More) -> Self {
        Self { moves: more.moves, message: more.sentence(), proof: more.proven.into() }
    }
}

/// A mutation with its plans.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct MutationDetail {
    /// As in the list.
    summary: MutationSummary,
    /// A note for colleagues.
    note: Option<String>,
    /// Whether the plan still answers the round; absent when there is none, or it was carried out.
    currency: Option<Currency>,
    /// The round before.
    before: PlanFigures,
    /// What can be done, or was: the first keeps most places. Empty when there is no plan.
    options: Vec<PlanOption>,
    /// When nobody moves but whose own place is touched: the fewest without a place.
    unplaced_alone: Option<u32>,
    /// For each student fewer outside samen opleiden, how many must move.
    price: Vec<PriceStep>,
    /// What more moves buy first; absent when they buy nothing.
    more: Option<MoreMoves>,
    /// The job that makes a plan, while it waits or goes on.
    planning: Option<Uuid>,
    /// Which option was carried out.
    carried_out: Option<MutationOrder>,
}

fn tagged(view: MutationView) -> Tagged<MutationDetail> {
    let tag = format!("\"{}\"", view.row.version.0);
    Tagged { body: view.into(), tag }
}

impl From<MutationView> for MutationDetail {
    fn from(view: MutationView) -> Self {
        let step = |step: &mutations::Step| PriceStep { outside: step.outside, moved: step.moved, proof: step.proven.into() };
        Self {
            summary: view.row.into(),
            note: view.note,
            currency: view.currency.map(Into::into),
            before: (&view.before).into(),
            options: view.options.into_iter().map(Into::into).collect(),
            unplaced_alone: view.prices.as_ref().map(|prices| prices.unplaced_alone),
            price: view.prices.iter().flat_map(|prices| &prices.steps).map(step).collect(),
            more: view.prices.as_ref().and_then(|prices| prices.more).map(Into::into),
            planning: view.planning.map(|job| job.0),
            carried_out: view.done.map(Into::into),
        }
    }
}

/// What happened.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct MutationRequest {
    /// What kind of thing.
    kind: Given<MutationKind>,
    /// The offer of which places are withdrawn.
    offer: Maybe<Id>,
    /// Places left of it.
    left: Maybe<Whole>,
    /// The trainer who falls out.
    trainer: Maybe<Id>,
    /// The demand of the student who stops, comes late, or is refused.
    demand: Maybe<Id>,
    /// The school that refuses.
    school_code: Maybe<SchoolCode>,
    /// A note for colleagues; no names, nothing medical.
    note: Maybe<Text<0, 500>>,
}

/// A request that was read.
pub(crate) struct Told {
    kind: MutationKind,
    offer: Option<Id>,
    left: Option<Whole>,
    trainer: Option<Id>,
    demand: Option<Id>,
    school: Option<SchoolCode>,
    note: Option<String>,
}

impl Input for MutationRequest {
    type Checked = Told;

    const FIELDS: &'static [&'static str] = &["kind", "offer", "left", "trainer", "demand", "schoolCode", "note"];

    fn check(self) -> Result<Told, Faults> {
        let (kind, offer, left, trainer) =
            (self.kind.named("kind"), self.offer.named("offer"), self.left.named("left"), self.trainer.named("trainer")).all()?;
        let (demand, school, note) = (self.demand.named("demand"), self.school_code.named("schoolCode"), self.note.named("note")).all()?;
        let told = Told { kind, offer, left, trainer, demand, school, note: note.map(|note| note.0) };
        let needed: &[(&str, bool)] = match kind {
            MutationKind::PlacesWithdrawn => &[("offer", told.offer.is_none()), ("left", told.left.is_none())],
            MutationKind::TrainerOut => &[("trainer", told.trainer.is_none())],
            MutationKind::StudentStopped | MutationKind::StudentLate => &[("demand", told.demand.is_none())],
            MutationKind::StudentRefused => &[("demand", told.demand.is_none()), ("schoolCode", told.school.is_none())],
            MutationKind::Enrolment => &[],
        };
        let mut faults = Faults::default();
        for (field, _) in needed.iter().filter(|(_, missing)| *missing) {
            faults.extend(Wrong::missing().at(field));
        }
        if faults.is_empty() { Ok(told) } else { Err(faults) }
    }
}

/// Which plan is carried out.
#[derive(Debug, Object)]
pub(crate) struct ExecutionRequest {
    /// Which aim goes first in it.
    order: Given<MutationOrder>,
}

impl Input for ExecutionRequest {
    type Checked = MutationOrder;

    const FIELDS: &'static [&'static str] = &["order"];

    fn check(self) -> Result<MutationOrder, Faults> {
        self.order.named("order")
    }
}

/// What happened, as the application knows it. A field that the kind does not need was looked at before.
async fn subject(app: &App, session: &Session, round: &str, told: &Told) -> Result<MutationSubject, AppError> {
    let offer = || told.offer.map(|id| OfferId(id.0)).ok_or(AppError::NotFound);
    let demand = || told.demand.map(|id| DemandId(id.0)).ok_or(AppError::NotFound);
    Ok(match told.kind {
        MutationKind::PlacesWithdrawn => MutationSubject::PlacesWithdrawn { offer: offer()?, left: told.left.map_or(0, |left| left.0) },
        MutationKind::TrainerOut => {
            MutationSubject::TrainerOut { trainer: told.trainer.map(|id| TrainerId(id.0)).ok_or(AppError::NotFound)? }
        }
        MutationKind::StudentStopped => MutationSubject::StudentStopped { demand: demand()? },
        MutationKind::StudentLate => MutationSubject::StudentLate { demand: demand()? },
        MutationKind::StudentRefused => {
            let data = app.picture(&session.0.actor, round, Permission::Mutate).await?;
            let code = told.school.as_ref().ok_or(AppError::NotFound)?;
            let school = data.registry.schools.values().find(|school| school.code == code.0).ok_or(AppError::NotFound)?;
            MutationSubject::StudentRefused { demand: demand()?, school: school.id }
        }
        MutationKind::Enrolment => MutationSubject::Enrolment,
    })
}

#[OpenApi(tag = "Tag::Mutations")]
impl Mutations {
    /// Lists what changed after publication
    ///
    /// The newest first. For who coordinates the whole round.
    #[oai(path = "/rounds/:round/mutations", method = "get", operation_id = "listMutations")]
    async fn list(
        &self,
        session: Session,
        app: Data<&App>,
        here: Here,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// Number of the page, from 1.
        page: Query<PageNumber>,
        /// Rows on a page.
        size: Query<PageSize>,
        /// Only those that are so far.
        state: Query<MutationState>,
    ) -> Result<Listed<MutationSummary>, Refusal> {
        let (round, request, state) = (round.named("round"), paging(page, size), state.0).all()?;
        let mut rows = mutations::list(&app, &session.0.actor, &round.0).await?.rows;
        rows.retain(|row| state.is_none_or(|state| row.state == state.0));
        Ok(Listed(Page::of(rows, request), here))
    }

    /// Notes what changed after publication
    ///
    /// Nobody moves yet; ask for a plan with `createMutationPlan`.
    #[oai(path = "/rounds/:round/mutations", method = "post", operation_id = "createMutation")]
    async fn note(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        body: Body<MutationRequest>,
    ) -> Result<Created<MutationDetail>, Refusal<Conflicts>> {
        let (round, told) = (round.named("round"), body.0).all()?;
        let subject = subject(&app, &session, &round.0, &told).await?;
        let id = mutations::note(&app, &session.0.actor, &round.0, NewMutation { subject, note: told.note }).await?;
        let body = mutations::get(&app, &session.0.actor, &round.0, id).await?.into();
        Ok(Created { body, location: format!("{PREFIX}/rounds/{}/mutations/{id}", round.0) })
    }

    /// Shows what changed, with its plans
    ///
    /// Who moves from where to where and why, who has no place in the end, and the figures before and after.
    #[oai(path = "/rounds/:round/mutations/:mutation", method = "get", operation_id = "getMutation")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The mutation.
        mutation: Path<Id>,
    ) -> Result<Tagged<MutationDetail>, Refusal> {
        let (round, id) = (round.named("round"), mutation.named("mutation")).all()?;
        Ok(tagged(mutations::get(&app, &session.0.actor, &round.0, MutationId(id.0)).await?))
    }

    /// Asks for the plans for what changed
    ///
    /// A job makes them, or makes them again; nobody moves. Where that was asked already, answers that job. Say what you saw: `If-Match` with the `ETag` of the mutation.
    #[oai(
        path = "/rounds/:round/mutations/:mutation/plan",
        method = "post",
        operation_id = "createMutationPlan",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn plan(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The mutation.
        mutation: Path<Id>,
        /// `ETag` of the mutation.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Accepted<Job>, Refusal<Versions>> {
        let (round, id, if_match) = (round.named("round"), mutation.named("mutation"), if_match.0).all()?;
        let (seen, id, actor) = (seen_version(if_match)?, MutationId(id.0), &session.0.actor);
        let job = mutations::ask_plan(&app, actor, &round.0, id, seen).await.map_err(stale)?;
        Ok(accepted(&app, actor, job).await?)
    }

    /// Carries a plan out
    ///
    /// All of it at once, with letters to those concerned. 412 when anything changed that the plan depends on: make it
    /// again then. Say what you saw: `If-Match` with the `ETag` of the mutation.
    #[oai(path = "/rounds/:round/mutations/:mutation/execution", method = "post", operation_id = "carryOutMutation")]
    async fn carry_out(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The mutation.
        mutation: Path<Id>,
        /// `ETag` of the mutation.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<ExecutionRequest>,
    ) -> Result<Tagged<MutationDetail>, Refusal<Versions>> {
        let (round, id, if_match, order) = (round.named("round"), mutation.named("mutation"), if_match.0, body.0).all()?;
        let (seen, id, actor) = (seen_version(if_match)?, MutationId(id.0), &session.0.actor);
        mutations::carry_out(&app, actor, &round.0, CarryOut { mutation: id, order: order.0, seen }).await.map_err(stale)?;
        Ok(tagged(mutations::get(&app, actor, &round.0, id).await?))
    }

    /// Takes back what was noted
    ///
    /// Before anything was done. Say what you saw: `If-Match` with the `ETag` of the mutation.
    #[oai(
        path = "/rounds/:round/mutations/:mutation",
        method = "delete",
        operation_id = "cancelMutation",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn cancel(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The mutation.
        mutation: Path<Id>,
        /// `ETag` of the mutation.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Done, Refusal<Versions>> {
        let (round, id, if_match) = (round.named("round"), mutation.named("mutation"), if_match.0).all()?;
        let seen = seen_version(if_match)?;
        mutations::cancel(&app, &session.0.actor, &round.0, MutationId(id.0), seen).await.map_err(stale)?;
        Ok(Done)
    }
}
