//! The placement board: exceptions first, and placing by hand with reasons.

use kernschil_app::board::{self, BoardRow, Current, PlaceCommand};
use kernschil_app::{Actor, App, AppError, students};
use kernschil_domain::access::Permission;
use kernschil_domain::codes;
use kernschil_domain::fit::Misfit;
use kernschil_domain::ids::{DemandId, OfferId, PlacementId};
use poem::http::StatusCode;
use poem::http::header::ETAG;
use poem::web::Data;
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaResponses, Registry};
use poem_openapi::types::{ToJSON, Type};
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::codes::{Guidance, Standing};
use super::places::Placement;
use super::students::StudentDemand;
use crate::input::{All, Body, Faults, Given, Header, Id, Input, Maybe, PageNumber, PageSize, Path, Query, Slug, Text, coded, paging};
use crate::output::{Found, Here, Listed, Page, Tagged, etag_header, json_of, meta};
use crate::precondition::{Absent, EntityTag, seen, seen_placement, stale};
use crate::refusal::{Refusal, Trouble, Versions};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Placements;

coded! {
    /// What makes a demand worth a look, the most urgent first.
    ExceptionKind(board::ExceptionKind)
}

/// A demand on the board.
#[derive(Debug, Object)]
pub(crate) struct BoardDemand {
    /// The demand as in the list of students.
    summary: StudentDemand,
    /// What makes it worth a look, the most urgent first; empty means that nothing does.
    exceptions: Vec<ExceptionKind>,
}

impl From<BoardRow> for BoardDemand {
    fn from(row: BoardRow) -> Self {
        Self { summary: row.row.into(), exceptions: row.exceptions.into_iter().map(Into::into).collect() }
    }
}

/// A number of demands with one kind of exception.
#[derive(Debug, Object)]
pub(crate) struct ExceptionCount {
    /// The kind.
    exception: ExceptionKind,
    /// Number of demands; one demand can have several exceptions.
    demands: usize,
}

/// How many demands are worth a look.
#[derive(Debug, Object)]
pub(crate) struct ExceptionCounts {
    /// Number of demands per kind of exception: every kind, the most urgent first.
    counts: Vec<ExceptionCount>,
    /// Number of demands without exceptions.
    unremarkable: usize,
}

/// A rule that keeps a student from a place, or a capacity that is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub(crate) enum MisfitRule {
    /// The place is in another period.
    Period,
    /// The place is not for the student's phase.
    Phase,
    /// No group suits both.
    Groups,
    /// Not on all days the student needs.
    Weekdays,
    /// The trip takes too long.
    Travel,
    /// The student was at the school before.
    EarlierSchool,
    /// The student has another, fixed school.
    FixedSchool,
    /// The school was excluded by hand for the student.
    Excluded,
    /// The school is closed.
    Closed,
    /// All places of the offer are taken.
    OfferFull,
    /// The school takes no more students.
    SchoolFull,
    /// No trainer can guide one more student.
    TrainersFull,
    /// The schools of the board take no more students.
    BoardFull,
    /// What is left is kept for zij-instromers who work at the school.
    Reserved,
    /// No certified trainer, and the student is in the final phase.
    NotQualified,
    /// The same board and kind of school as before.
    FamiliarSchool,
    /// The student had all groups of the place before.
    FamiliarGroups,
}

/// What keeps a student from a place.
#[derive(Debug, Object)]
pub(crate) struct MisfitReason {
    /// Which rule or capacity.
    rule: MisfitRule,
    /// A Dutch phrase with the figures.
    message: String,
}

impl From<Misfit> for MisfitReason {
    fn from(misfit: Misfit) -> Self {
        let rule = match misfit {
            Misfit::Period => MisfitRule::Period,
            Misfit::Phase => MisfitRule::Phase,
            Misfit::Groups => MisfitRule::Groups,
            Misfit::Weekdays => MisfitRule::Weekdays,
            Misfit::Travel { .. } => MisfitRule::Travel,
            Misfit::EarlierSchool => MisfitRule::EarlierSchool,
            Misfit::FixedSchool => MisfitRule::FixedSchool,
            Misfit::Excluded => MisfitRule::Excluded,
            Misfit::Closed => MisfitRule::Closed,
            Misfit::OfferFull => MisfitRule::OfferFull,
            Misfit::SchoolFull => MisfitRule::SchoolFull,
            Misfit::TrainersFull => MisfitRule::TrainersFull,
            Misfit::BoardFull => MisfitRule::BoardFull,
            Misfit::Reserved => MisfitRule::Reserved,
            Misfit::NotQualified => MisfitRule::NotQualified,
            Misfit::FamiliarSchool => MisfitRule::FamiliarSchool,
            Misfit::FamiliarGroups => MisfitRule::FamiliarGroups,
        };
        Self { rule, message: misfit.dutch() }
    }
}

/// A place that a student could have, or why not.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct Candidate {
    /// The offer; place the student there with `putPlacement`.
    offer: Uuid,
    /// Code of the school.
    school_code: String,
    /// Name of the school.
    school_name: String,
    /// Town of the school.
    place: Option<String>,
    /// What the school is to the student.
    standing: Standing,
    /// Phases of the offer, in Dutch.
    phases: String,
    /// Groups of the offer.
    groups: String,
    /// Days of the week of the offer.
    weekdays: String,
    /// Places left, the student's own counted as free.
    free: i32,
    /// Places in all.
    count: i32,
    /// Rank of the school among the wishes, from 1; absent when it is none of them.
    wish_rank: Option<usize>,
    /// Estimated minutes of travel one way; absent when an address is not known.
    minutes: Option<u16>,
    /// Everything that keeps the student from it; empty means that it fits.
    misfits: Vec<MisfitReason>,
    /// Whether the student is placed here now.
    current: bool,
}

impl From<board::Candidate> for Candidate {
    fn from(candidate: board::Candidate) -> Self {
        Self {
            offer: candidate.offer.0,
            school_code: candidate.school_code,
            school_name: candidate.school_name,
            place: candidate.place,
            standing: candidate.standing.into(),
            phases: candidate.phases,
            groups: candidate.groups,
            weekdays: candidate.weekdays,
            free: candidate.free,
            count: candidate.count,
            wish_rank: candidate.wish_rank,
            minutes: candidate.minutes,
            misfits: candidate.misfits.into_iter().map(Into::into).collect(),
            current: candidate.current == Current::Here,
        }
    }
}

/// Where a student is to be placed.
#[derive(Debug, Object)]
#[oai(rename = "PlacementRequest")]
pub(crate) struct PlacementRequest {
    /// The offer.
    offer: Given<Id>,
    /// Extra guidance, for a place outside samen opleiden; `none` when absent.
    guidance: Maybe<Guidance>,
    /// Why; shown to coordinators. Needed when a rule keeps the student from the place, which is then marked.
    reason: Maybe<Text<0, 500>>,
}

/// A request that was read.
pub(crate) struct Wanted {
    offer: OfferId,
    guidance: codes::Guidance,
    reason: Option<String>,
}

impl Input for PlacementRequest {
    type Checked = Wanted;

    const FIELDS: &'static [&'static str] = &["offer", "guidance", "reason"];

    fn check(self) -> Result<Wanted, Faults> {
        let (offer, guidance, reason) = (self.offer.named("offer"), self.guidance.named("guidance"), self.reason.named("reason")).all()?;
        let guidance = guidance.map_or(codes::Guidance::None, |guidance| guidance.0);
        Ok(Wanted { offer: OfferId(offer.0), guidance, reason: reason.map(|reason| reason.0) })
    }
}

/// What was done to a placement.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct PlacementChange {
    /// The change; undo it with `reverseChange`.
    change: Uuid,
    /// The placement as it is now, where there is one.
    placement: Option<Placement>,
}

/// Whether the student had a place before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// None.
    Unplaced,
    /// Another.
    Placed,
}

/// 201 when the student had no place, 200 when she moved.
pub(crate) struct Placed(Before, PlacementChange);

impl IntoResponse for Placed {
    fn into_response(self) -> Response {
        let status = if self.0 == Before::Unplaced { StatusCode::CREATED } else { StatusCode::OK };
        let builder = Response::builder().status(status).content_type("application/json");
        let builder = match &self.1.placement {
            Some(placement) => builder.header(ETAG, placement.tag()),
            None => builder,
        };
        builder.body(self.1.to_json_string())
    }
}

impl ApiResponse for Placed {
    fn meta() -> MetaResponses {
        let answer = |status, description| meta(status, description, json_of::<PlacementChange>(), vec![etag_header()]).responses;
        let both = [answer(201, "The student had no place, and has one now."), answer(200, "The student moved.")];
        MetaResponses { responses: both.into_iter().flatten().collect() }
    }

    fn register(registry: &mut Registry) {
        PlacementChange::register(registry);
    }
}

/// The place of a demand, if it has one.
async fn placement(app: &App, actor: &Actor, round: &str, demand: DemandId) -> Result<Option<Placement>, AppError> {
    let rows = students::list(app, actor, round, Permission::ReadPlacements).await?.rows;
    let row = rows.into_iter().find(|row| row.demand == demand).ok_or(AppError::NotFound)?;
    Ok(row.place.map(Into::into))
}

#[expect(clippy::too_many_arguments, reason = "an argument for each parameter of the request")]
#[OpenApi(tag = "Tag::Placements")]
impl Placements {
    /// Lists the demands of a round, exceptions first
    ///
    /// The placement board: every demand that needs a place. The most urgent exceptions first, by name within a kind.
    #[oai(path = "/rounds/:round/demands", method = "get", operation_id = "listDemands")]
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
        /// Only demands with this exception.
        exception: Query<ExceptionKind>,
    ) -> Result<Listed<BoardDemand>, Refusal> {
        let (round, request, exception) = (round.named("round"), paging(page, size), exception.0).all()?;
        let mut rows = board::board(&app, &session.0.actor, &round.0).await?.rows;
        rows.retain(|row| exception.is_none_or(|kind| row.exceptions.contains(&kind.0)));
        Ok(Listed(Page::of(rows, request), here))
    }

    /// Counts the exceptions of a round
    ///
    /// How many demands there are of each kind of exception, and how many of none.
    #[oai(path = "/rounds/:round/exceptions", method = "get", operation_id = "getExceptions")]
    async fn exceptions(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
    ) -> Result<Found<ExceptionCounts>, Refusal> {
        let view = board::board(&app, &session.0.actor, &round.named("round")?.0).await?;
        let counts = view.counts.into_iter().map(|(kind, demands)| ExceptionCount { exception: kind.into(), demands });
        Ok(Found(ExceptionCounts { counts: counts.collect(), unremarkable: view.unremarkable }))
    }

    /// Lists the places for a demand
    ///
    /// Every place in the period: those that fit first, best first; of the others everything that keeps the student from
    /// it.
    #[oai(path = "/rounds/:round/demands/:demand/candidates", method = "get", operation_id = "listCandidates")]
    async fn candidates(
        &self,
        session: Session,
        app: Data<&App>,
        here: Here,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The demand.
        demand: Path<Id>,
        /// Number of the page, from 1.
        page: Query<PageNumber>,
        /// Rows on a page.
        size: Query<PageSize>,
    ) -> Result<Listed<Candidate>, Refusal> {
        let (round, demand, request) = (round.named("round"), demand.named("demand"), paging(page, size)).all()?;
        let view = board::board(&app, &session.0.actor, &round.0).await?;
        let candidates = board::candidates_of(&view, DemandId(demand.0))?;
        Ok(Listed(Page::of(candidates, request), here))
    }

    /// Shows the placement of a demand
    ///
    /// 404 when the student has no place; the code then is `geen-plaatsing`.
    #[oai(path = "/rounds/:round/demands/:demand/placement", method = "get", operation_id = "getPlacement")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The demand.
        demand: Path<Id>,
    ) -> Result<Tagged<Placement>, Refusal> {
        let (round, demand) = (round.named("round"), demand.named("demand")).all()?;
        let placement = placement(&app, &session.0.actor, &round.0, DemandId(demand.0)).await?;
        let body =
            placement.ok_or(Trouble::Nothing { code: "geen-plaatsing", message: "Deze student heeft nog geen plaats in deze periode." })?;
        Ok(Tagged { tag: body.tag(), body })
    }

    /// Places a student by hand
    ///
    /// Gives the student a place, or another one than she has. Say what you saw: `If-Match` with the `ETag` of the
    /// placement, or `If-None-Match: *` when there was none.
    #[oai(path = "/rounds/:round/demands/:demand/placement", method = "put", operation_id = "putPlacement")]
    async fn put(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The demand.
        demand: Path<Id>,
        /// `ETag` of the placement that is to be replaced.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        /// `*`, when the student has no place.
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Absent>,
        body: Body<PlacementRequest>,
    ) -> Result<Placed, Refusal<Versions>> {
        let (round, demand, if_match, if_none_match, wanted) =
            (round.named("round"), demand.named("demand"), if_match.0, if_none_match.0, body.0).all()?;
        let demand = DemandId(demand.0);
        let seen = seen(if_match, if_none_match)?.map(PlacementId);
        let before = if seen.is_some() { Before::Placed } else { Before::Unplaced };
        let command = PlaceCommand { demand, offer: wanted.offer, seen, guidance: wanted.guidance, reason: wanted.reason };
        let change = board::place(&app, &session.0.actor, &round.0, command).await.map_err(stale)?;
        let placement = placement(&app, &session.0.actor, &round.0, demand).await?;
        Ok(Placed(before, PlacementChange { change: change.0, placement }))
    }

    /// Takes a student's place back
    ///
    /// Say what you saw: `If-Match` with the `ETag` of the placement. It can be undone.
    #[oai(
        path = "/rounds/:round/demands/:demand/placement",
        method = "delete",
        operation_id = "deletePlacement",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn delete(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The demand.
        demand: Path<Id>,
        /// `ETag` of the placement that is to be taken back.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Found<PlacementChange>, Refusal<Versions>> {
        let (round, demand, if_match) = (round.named("round"), demand.named("demand"), if_match.0).all()?;
        let seen = PlacementId(seen_placement(if_match)?);
        let change = board::release(&app, &session.0.actor, &round.0, DemandId(demand.0), seen).await.map_err(stale)?;
        Ok(Found(PlacementChange { change: change.0, placement: None }))
    }
}
