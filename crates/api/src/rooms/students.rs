//! Students of a round: the list, searching by name, and one student with the reason for her place.

use kernschil_app::App;
use kernschil_app::listing::{PageRequest, search_key};
use kernschil_app::students::{self, DemandView, Granted, StudentRow, StudentView, WishView};
use kernschil_domain::access::Permission;
use kernschil_domain::ids::StudentId;
use poem::web::Data;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::codes::{CoverageStatus, StudentKind};
use super::placements::Candidate;
use super::places::{Named, Placement};
use crate::input::{
    All, Body, Day, Faults, Given, Id, Input, Maybe, PageNumber, PageSize, Path, Query, Slug, Sort, Text, page_request, paging, sort_fields,
};
use crate::output::{Found, Here, Listed, Page};
use crate::refusal::Refusal;
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Students;

/// One demand of a student: a place that is needed, or not, in one period.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct StudentDemand {
    /// The demand.
    demand: Uuid,
    /// The student.
    student: Uuid,
    /// Number at the institute.
    number: String,
    /// Name as in a list: family name first.
    name: String,
    /// How the student is trained.
    kind: StudentKind,
    /// Institute.
    institute: Named,
    /// Programme, with its form.
    programme: Named,
    /// Study phase.
    phase: Named,
    /// Period.
    period: Named,
    /// How the student counts for coverage by this demand.
    status: CoverageStatus,
    /// The place, where there is one.
    placement: Option<Placement>,
    /// Why there is none, or none at a kern school, in Dutch.
    reason: Option<String>,
}

impl From<StudentRow> for StudentDemand {
    fn from(row: StudentRow) -> Self {
        Self {
            demand: row.demand.0,
            student: row.student.0,
            number: row.number,
            name: row.name,
            kind: row.kind.into(),
            institute: Named { id: row.institute.0, name: row.institute_name },
            programme: Named { id: row.programme.0, name: row.programme_name },
            phase: Named { id: row.phase.0, name: row.phase_code },
            period: Named { id: row.period.0, name: row.period_name },
            status: row.status.into(),
            placement: row.place.map(Into::into),
            reason: row.reason,
        }
    }
}

/// What became of a wish.
#[derive(Debug, Object)]
pub(crate) struct Wish {
    /// Rank, from 1.
    rank: usize,
    /// The school or board.
    target: String,
    /// What became of it, in Dutch.
    outcome: String,
    /// Whether the student is placed there.
    granted: bool,
}

impl From<WishView> for Wish {
    fn from(view: WishView) -> Self {
        Self { rank: view.rank, target: view.target, outcome: view.outcome, granted: view.granted == Granted::Yes }
    }
}

/// One demand of a student with everything that could have been.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct DemandDetails {
    /// The demand as in the list.
    summary: StudentDemand,
    /// First day of the period.
    starts_on: Day,
    /// Last day of the period.
    ends_on: Day,
    /// Groups that fit.
    groups: String,
    /// Days of the week the student comes.
    weekdays: String,
    /// Longest trip one way, in minutes; absent means no limit.
    travel_limit: Option<u16>,
    /// Wishes, in their order, and what became of them.
    wishes: Vec<Wish>,
    /// Places in the period, those that fit first.
    candidates: Vec<Candidate>,
}

impl From<DemandView> for DemandDetails {
    fn from(view: DemandView) -> Self {
        Self {
            summary: view.row.into(),
            starts_on: Day(view.starts_on),
            ends_on: Day(view.ends_on),
            groups: view.groups,
            weekdays: view.weekdays,
            travel_limit: view.travel_limit,
            wishes: view.wishes.into_iter().map(Into::into).collect(),
            candidates: view.candidates.into_iter().map(Into::into).collect(),
        }
    }
}

/// A student of a round.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct Student {
    /// Identifier.
    id: Uuid,
    /// Number at the institute.
    number: String,
    /// Name as one is addressed.
    name: String,
    /// How the student is trained.
    kind: StudentKind,
    /// Name of the institute.
    institute: String,
    /// Home postcode.
    postcode: Option<String>,
    /// What is different for this student, in Dutch; never why.
    custom: Vec<String>,
    /// Names of schools where the student was before.
    earlier_schools: Vec<String>,
    /// Demands, by first day of the period.
    demands: Vec<DemandDetails>,
}

impl From<StudentView> for Student {
    fn from(view: StudentView) -> Self {
        Self {
            id: view.id.0,
            number: view.number,
            name: view.name,
            kind: view.kind.into(),
            institute: view.institute,
            postcode: view.postcode,
            custom: view.custom,
            earlier_schools: view.earlier_schools,
            demands: view.demands.into_iter().map(Into::into).collect(),
        }
    }
}

/// Which students are looked for.
#[derive(Debug, Object)]
pub(crate) struct StudentSearch {
    /// A part of the name or number; capitals and accents do not matter.
    text: Given<Text<1, 100>>,
    /// Number of the page, from 1.
    page: Maybe<PageNumber>,
    /// Rows on a page.
    size: Maybe<PageSize>,
}

impl Input for StudentSearch {
    type Checked = (String, PageRequest);

    const FIELDS: &'static [&'static str] = &["text", "page", "size"];

    fn check(self) -> Result<Self::Checked, Faults> {
        let (text, page, size) = (self.text.named("text"), self.page.named("page"), self.size.named("size")).all()?;
        Ok((search_key(text.0.trim()), page_request(page, size)))
    }
}

sort_fields! {
    /// What students can be sorted by.
    StudentField { Name = "name", Number = "number", Institute = "institute", Phase = "phase", School = "school" }
}

fn sorted(mut rows: Vec<StudentRow>, sort: Option<Sort<StudentField>>) -> Vec<StudentRow> {
    let Some(sort) = sort else { return rows };
    match sort.by {
        StudentField::Name => sort.apply(&mut rows, |row| search_key(&row.name)),
        StudentField::Number => sort.apply(&mut rows, |row| row.number.clone()),
        StudentField::Institute => sort.apply(&mut rows, |row| search_key(&row.institute_name)),
        StudentField::Phase => sort.apply(&mut rows, |row| row.phase_code.clone()),
        StudentField::School => sort.apply(&mut rows, |row| row.place.as_ref().map(|place| search_key(&place.school_name))),
    }
    rows
}

#[expect(clippy::too_many_arguments, reason = "an argument for each parameter of the request")]
#[OpenApi(tag = "Tag::Students")]
impl Students {
    /// Lists the students of a round
    ///
    /// One row for each demand: a student who needs a place in two periods is there twice. By name, unless `sort` says
    /// otherwise. To look for a name, use `searchStudents`: names do not belong in addresses.
    #[oai(path = "/rounds/:round/students", method = "get", operation_id = "listStudents")]
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
        /// Only students of this institute.
        institute: Query<Id>,
        /// Only students of this programme.
        programme: Query<Id>,
        /// Only students in this phase.
        phase: Query<Id>,
        /// Only students who count this way.
        status: Query<CoverageStatus>,
        /// Order; with `-` from high to low.
        sort: Query<Sort<StudentField>>,
    ) -> Result<Listed<StudentDemand>, Refusal> {
        let (round, request, institute, programme, phase, status, sort) =
            (round.named("round"), paging(page, size), institute.0, programme.0, phase.0, status.0, sort.0).all()?;
        let mut rows = students::list(&app, &session.0.actor, &round.0, Permission::ReadStudents).await?.rows;
        rows.retain(|row| {
            institute.is_none_or(|id| id.0 == row.institute.0)
                && programme.is_none_or(|id| id.0 == row.programme.0)
                && phase.is_none_or(|id| id.0 == row.phase.0)
                && status.is_none_or(|status| status.0 == row.status)
        });
        Ok(Listed(Page::of(sorted(rows, sort), request), here))
    }

    /// Looks for students by name or number
    ///
    /// A POST, so that names and numbers stand in no address or log. Nothing is stored.
    #[oai(path = "/rounds/:round/students/searches", method = "post", operation_id = "searchStudents")]
    async fn search(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        body: Body<StudentSearch>,
    ) -> Result<Found<Page<StudentDemand>>, Refusal> {
        let (round, (wanted, request)) = (round.named("round"), body.0).all()?;
        let mut rows = students::list(&app, &session.0.actor, &round.0, Permission::ReadStudents).await?.rows;
        rows.retain(|row| search_key(&row.name).contains(&wanted) || search_key(&row.number).contains(&wanted));
        Ok(Found(Page::of(rows, request)))
    }

    /// Shows a student of a round
    ///
    /// With wishes and what became of them, and every place that could have been, with what keeps the student from it.
    #[oai(path = "/rounds/:round/students/:student", method = "get", operation_id = "getStudent")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// The student.
        student: Path<Id>,
    ) -> Result<Found<Student>, Refusal> {
        let (round, student) = (round.named("round"), student.named("student")).all()?;
        Ok(Found(students::get(&app, &session.0.actor, &round.0, StudentId(student.0)).await?.into()))
    }
}
