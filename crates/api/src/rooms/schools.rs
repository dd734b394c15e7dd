//! Schools of a round: the list, and one school.

use kernschil_app::App;
use kernschil_app::listing::search_key;
use kernschil_app::schools::{self, MembershipView, OfferView, SchoolRow, SchoolView, TrainerView, VisitorView};
use poem::web::Data;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::codes::{QualificationKind, Sector, Standing, Tier, TrainerKind};
use crate::input::{All, Day, PageNumber, PageSize, Path, Query, SchoolCode, Slug, Sort, Text, paging, sort_fields};
use crate::output::{Found, Here, Listed, Page};
use crate::refusal::Refusal;
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Schools;

/// A school as a row of a list.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct SchoolSummary {
    /// Code: BRIN and vestiging.
    code: String,
    /// Name.
    name: String,
    /// Town.
    place: Option<String>,
    /// Kind of education.
    sector: Sector,
    /// Number and name of the board.
    board: Option<String>,
    /// The best it is in a partnership of the round.
    standing: Standing,
    /// Places offered, over all periods.
    offered: i32,
    /// Places taken.
    used: i32,
    /// Names of trainers.
    trainers: Vec<String>,
    /// What it does not meet of what is asked, in Dutch.
    unmet: Vec<String>,
}

impl From<SchoolRow> for SchoolSummary {
    fn from(row: SchoolRow) -> Self {
        Self {
            code: row.code,
            name: row.name,
            place: row.place,
            sector: row.sector.into(),
            board: row.board,
            standing: row.standing.into(),
            offered: row.offered,
            used: row.used,
            trainers: row.trainers,
            unmet: row.unmet,
        }
    }
}

/// A membership of a school in a partnership.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct Membership {
    /// Name of the partnership.
    partnership: String,
    /// Role of the school there.
    tier: Tier,
    /// Role of its board there, where the board takes part.
    board_tier: Option<Tier>,
    /// Name of the school that guides it.
    buddy: Option<String>,
    /// First day.
    from: Day,
    /// First day on which it holds no more.
    until: Option<Day>,
    /// What is asked of its role and not met, in Dutch; empty means that it meets everything.
    unmet: Vec<String>,
}

impl From<MembershipView> for Membership {
    fn from(view: MembershipView) -> Self {
        Self {
            partnership: view.partnership,
            tier: view.tier.into(),
            board_tier: view.board_tier.map(Into::into),
            buddy: view.buddy,
            from: Day(view.from),
            until: view.until.map(Day),
            unmet: view.unmet,
        }
    }
}

/// A number of students in a period.
#[derive(Debug, Object)]
pub(crate) struct PeriodCount {
    /// Name of the period.
    period: String,
    /// Number of students.
    students: i32,
}

impl From<(String, i32)> for PeriodCount {
    fn from((period, students): (String, i32)) -> Self {
        Self { period, students }
    }
}

/// A qualification of a trainer.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct Qualification {
    /// Which one.
    kind: QualificationKind,
    /// Last day on which it holds; absent when it does not end.
    last_day: Option<Day>,
}

/// A trainer of a school.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct Trainer {
    /// Number.
    number: String,
    /// Name.
    name: String,
    /// Who employs the trainer.
    kind: TrainerKind,
    /// Students the trainer can guide in one period; absent when not limited.
    capacity: Option<i32>,
    /// Students placed with the trainer at all schools, per period.
    students: Vec<PeriodCount>,
    /// Names of the other schools the trainer covers.
    other_schools: Vec<String>,
    /// Qualifications.
    qualifications: Vec<Qualification>,
}

impl From<TrainerView> for Trainer {
    fn from(view: TrainerView) -> Self {
        let qualifications = view.qualifications.into_iter();
        Self {
            number: view.number,
            name: view.name,
            kind: view.kind.into(),
            capacity: view.capacity,
            students: view.students.into_iter().map(Into::into).collect(),
            other_schools: view.other_schools,
            qualifications: qualifications.map(|(kind, last)| Qualification { kind: kind.into(), last_day: last.map(Day) }).collect(),
        }
    }
}

/// Places that a school offers in a period.
#[derive(Debug, Object)]
pub(crate) struct Offer {
    /// Identifier.
    id: Uuid,
    /// Name of the period.
    period: String,
    /// Phases it is meant for, in Dutch.
    phases: String,
    /// Groups.
    groups: String,
    /// Days of the week.
    weekdays: String,
    /// Places in all.
    count: i32,
    /// Places taken.
    used: i32,
}

impl From<OfferView> for Offer {
    fn from(view: OfferView) -> Self {
        Self {
            id: view.offer.0,
            period: view.period,
            phases: view.phases,
            groups: view.groups,
            weekdays: view.weekdays,
            count: view.count,
            used: view.used,
        }
    }
}

/// A student who comes to a school.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct Visitor {
    /// The demand that the place answers.
    demand: Uuid,
    /// The student.
    student: Uuid,
    /// Name as in a list: family name first.
    name: String,
    /// Name of the institute.
    institute: String,
    /// Code of the phase.
    phase: String,
    /// Name of the period.
    period: String,
    /// First day.
    starts_on: Day,
    /// Last day.
    ends_on: Day,
    /// Days of the week.
    weekdays: String,
    /// Groups.
    groups: String,
    /// Name of the trainer.
    trainer: Option<String>,
    /// What the school is to the student.
    standing: Standing,
}

impl From<VisitorView> for Visitor {
    fn from(view: VisitorView) -> Self {
        Self {
            demand: view.demand.0,
            student: view.student.0,
            name: view.name,
            institute: view.institute,
            phase: view.phase,
            period: view.period,
            starts_on: Day(view.starts_on),
            ends_on: Day(view.ends_on),
            weekdays: view.weekdays,
            groups: view.groups,
            trainer: view.trainer,
            standing: view.standing.into(),
        }
    }
}

/// A school of a round.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct School {
    /// The school as in the list.
    summary: SchoolSummary,
    /// Postcode.
    postcode: Option<String>,
    /// First day on which it exists no more.
    closed_on: Option<Day>,
    /// The day at which its memberships and trainers were looked at: the first day of the round.
    seen_on: Day,
    /// Memberships.
    memberships: Vec<Membership>,
    /// Trainers.
    trainers: Vec<Trainer>,
    /// Places it offers.
    offers: Vec<Offer>,
    /// Most students in a period over all offers, where the school set that.
    maxima: Vec<PeriodCount>,
    /// Who comes when.
    visitors: Vec<Visitor>,
}

impl From<SchoolView> for School {
    fn from(view: SchoolView) -> Self {
        Self {
            summary: view.row.into(),
            postcode: view.postcode,
            closed_on: view.closed_on.map(Day),
            seen_on: Day(view.date),
            memberships: view.memberships.into_iter().map(Into::into).collect(),
            trainers: view.trainers.into_iter().map(Into::into).collect(),
            offers: view.offers.into_iter().map(Into::into).collect(),
            maxima: view.totals.into_iter().map(Into::into).collect(),
            visitors: view.visitors.into_iter().map(Into::into).collect(),
        }
    }
}

sort_fields! {
    /// What schools can be sorted by.
    SchoolField { Name = "name", Code = "code", Place = "place", Offered = "offered", Free = "free" }
}

fn sorted(mut rows: Vec<SchoolRow>, sort: Option<Sort<SchoolField>>) -> Vec<SchoolRow> {
    let Some(sort) = sort else { return rows };
    match sort.by {
        SchoolField::Name => sort.apply(&mut rows, |row| search_key(&row.name)),
        SchoolField::Code => sort.apply(&mut rows, |row| row.code.clone()),
        SchoolField::Place => sort.apply(&mut rows, |row| row.place.as_deref().map(search_key)),
        SchoolField::Offered => sort.apply(&mut rows, |row| row.offered),
        SchoolField::Free => sort.apply(&mut rows, |row| row.offered - row.used),
    }
    rows
}

fn matches(row: &SchoolRow, wanted: &str) -> bool {
    let texts = [Some(&row.name), Some(&row.code), row.place.as_ref(), row.board.as_ref()];
    texts.into_iter().flatten().any(|text| search_key(text).contains(wanted))
}

#[expect(clippy::too_many_arguments, reason = "an argument for each parameter of the request")]
#[OpenApi(tag = "Tag::Schools")]
impl Schools {
    /// Lists the schools of a round
    ///
    /// Members of its partnerships, and all schools that offer places. By name, unless `sort` says otherwise.
    #[oai(path = "/rounds/:round/schools", method = "get", operation_id = "listSchools")]
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
        /// Only schools with this text in name, code, town or board; capitals and accents do not matter.
        search: Query<Text<1, 100>>,
        /// Only schools with this standing.
        standing: Query<Standing>,
        /// Only schools with this kind of education.
        sector: Query<Sector>,
        /// Order; with `-` from high to low.
        sort: Query<Sort<SchoolField>>,
    ) -> Result<Listed<SchoolSummary>, Refusal> {
        let (round, request, search, standing, sector, sort) =
            (round.named("round"), paging(page, size), search.0, standing.0, sector.0, sort.0).all()?;
        let (_, mut rows) = schools::list(&app, &session.0.actor, &round.0).await?;
        let wanted = search.map(|text| search_key(text.0.trim()));
        rows.retain(|row| {
            wanted.as_deref().is_none_or(|wanted| matches(row, wanted))
                && standing.is_none_or(|standing| standing.0 == row.standing)
                && sector.is_none_or(|sector| sector.0 == row.sector)
        });
        Ok(Listed(Page::of(sorted(rows, sort), request), here))
    }

    /// Shows a school of a round
    ///
    /// Its memberships with what they do not meet, trainers with their students, offers, and who comes when.
    #[oai(path = "/rounds/:round/schools/:code", method = "get", operation_id = "getSchool")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// Code of the school.
        code: Path<SchoolCode>,
    ) -> Result<Found<School>, Refusal> {
        let (round, code) = (round.named("round"), code.named("code")).all()?;
        Ok(Found(schools::get(&app, &session.0.actor, &round.0, &code.0.to_string()).await?.into()))
    }
}
