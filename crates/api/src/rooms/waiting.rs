//! The waiting list, and who was where.

use kernschil_app::history::{self, Stay};
use kernschil_app::waiting_list::{self, WaitingRow};
use kernschil_app::{App, mutations};
use kernschil_domain::ids::{DemandId, OfferId, StudentId};
use poem::web::Data;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::codes::PlacementStatus;
use crate::input::{All, Body, Faults, Given, Id, Input, PageNumber, PageSize, Path, Query, SchoolCode, Slug, paging};
use crate::output::{Done, Found, Here, Listed, Moment, Page};
use crate::refusal::{Conflicts, Refusal};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Waiting;

/// Somebody who has no place.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct WaitingDemand {
    /// Place on the list, from 1.
    rank: usize,
    /// The demand; its places are listed by `listCandidates`.
    demand: Uuid,
    /// The student.
    student: Uuid,
    /// Number at the institute.
    number: String,
    /// Name as in a list.
    name: String,
    /// Code of the phase.
    phase: String,
    /// Name of the period.
    period: String,
    /// Since when there is no place; absent when not known.
    since: Option<Moment>,
    /// The school whose place ended last.
    last_school: Option<String>,
}

impl From<WaitingRow> for WaitingDemand {
    fn from(row: WaitingRow) -> Self {
        Self {
            rank: row.rank,
            demand: row.row.demand.0,
            student: row.row.student.0,
            number: row.row.number,
            name: row.row.name,
            phase: row.row.phase_code,
            period: row.row.period_name,
            since: row.since.map(Moment),
            last_school: row.last_school,
        }
    }
}

/// One stay of a student at a school: a placement that is, or was.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct StayView {
    /// The placement.
    placement: Uuid,
    /// The demand it answered.
    demand: Uuid,
    /// The student.
    student: Uuid,
    /// Name as in a list.
    student_name: String,
    /// Name of the period.
    period: String,
    /// Code of the school.
    school_code: String,
    /// Name of the school.
    school_name: String,
    /// How far it is, or was.
    status: PlacementStatus,
    /// When it was made; absent when not known.
    made_at: Option<Moment>,
    /// How it came about, in Dutch.
    made_how: String,
    /// Who did that; only for who may see the log.
    made_by: Option<String>,
    /// When school and student were told.
    announced_at: Option<Moment>,
    /// When it ended.
    ended_at: Option<Moment>,
    /// How it ended, in Dutch; absent for a placement that stands.
    ended_how: Option<String>,
    /// Who did that; only for who may see the log.
    ended_by: Option<String>,
}

impl From<Stay> for StayView {
    fn from(stay: Stay) -> Self {
        Self {
            placement: stay.placement.0,
            demand: stay.demand.0,
            student: stay.student.0,
            student_name: stay.student_name,
            period: stay.period,
            school_code: stay.school_code,
            school_name: stay.school_name,
            status: stay.status.into(),
            made_at: stay.made_at.map(Moment),
            made_how: stay.made_how,
            made_by: stay.made_by,
            announced_at: stay.announced_at.map(Moment),
            ended_at: stay.ended_at.map(Moment),
            ended_how: stay.ended_how,
            ended_by: stay.ended_by,
        }
    }
}

/// Everything that was, the latest first.
#[derive(Debug, Object)]
pub(crate) struct History {
    /// Stays.
    stays: Vec<StayView>,
}

/// Which free place somebody gets.
#[derive(Debug, Object)]
pub(crate) struct WaitingPlacementRequest {
    /// The offer.
    offer: Given<Id>,
}

impl Input for WaitingPlacementRequest {
    type Checked = Id;

    const FIELDS: &'static [&'static str] = &["offer"];

    fn check(self) -> Result<Id, Faults> {
        self.offer.named("offer")
    }
}

#[OpenApi(tag = "Tag::Mutations")]
impl Waiting {
    /// Lists who has no place
    ///
    /// Who is in the final phase first, then who waits longest, then by name.
    #[oai(path = "/rounds/:round/waiting-list", method = "get", operation_id = "listWaiting")]
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
    ) -> Result<Listed<WaitingDemand>, Refusal> {
        let (round, request) = (round.named("round"), paging(page, size)).all()?;
        let list = waiting_list::list(&app, &session.0.actor, &round.0).await?;
        Ok(Listed(Page::of(list.rows, request), here))
    }

    /// Gives somebody who waits a free place
    ///
    /// In a round that was announced. Nobody else moves; student and school get a letter. 409 when the student has a
    /// place already, or the place was given away.
    #[oai(path = "/rounds/:round/waiting-list/:demand/placement", method = "post", operation_id = "placeWaiting")]
    async fn place(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The demand.
        demand: Path<Id>,
        body: Body<WaitingPlacementRequest>,
    ) -> Result<Done, Refusal<Conflicts>> {
        let (round, demand, offer) = (round.named("round"), demand.named("demand"), body.0).all()?;
        mutations::place_waiting(&app, &session.0.actor, &round.0, DemandId(demand.0), OfferId(offer.0)).await?;
        Ok(Done)
    }

    /// Shows where a student was
    ///
    /// Every placement in the round that is or was, the latest first. Who does not place students sees only what was
    /// announced.
    #[oai(path = "/rounds/:round/students/:student/history", method = "get", operation_id = "getStudentHistory")]
    async fn of_student(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The student.
        student: Path<Id>,
    ) -> Result<Found<History>, Refusal> {
        let (round, student) = (round.named("round"), student.named("student")).all()?;
        let stays = history::of_student(&app, &session.0.actor, &round.0, StudentId(student.0)).await?;
        Ok(Found(History { stays: stays.into_iter().map(Into::into).collect() }))
    }

    /// Shows who was at a school
    ///
    /// Everybody who is or was there in the round, as far as the reader sees them.
    #[oai(path = "/rounds/:round/schools/:code/history", method = "get", operation_id = "getSchoolHistory")]
    async fn of_school(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// Code of the school.
        code: Path<SchoolCode>,
    ) -> Result<Found<History>, Refusal> {
        let (round, code) = (round.named("round"), code.named("code")).all()?;
        let stays = history::of_school(&app, &session.0.actor, &round.0, &code.0.to_string()).await?;
        Ok(Found(History { stays: stays.into_iter().map(Into::into).collect() }))
    }
}
