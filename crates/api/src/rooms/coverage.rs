//! Dekking: the figures, how they divide, and the students behind each of them.

use kernschil_app::App;
use kernschil_app::coverage::{self, CoverageQuery, CoverageView, CoveredStudent};
use poem::web::Data;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::codes::{CoverageStatus, Dimension};
use super::places::{Named, Placement};
use crate::input::{All, Day, Faults, Id, PageNumber, PageSize, Path, Query, Slug, paging};
use crate::output::{Found, Here, Listed, Page};
use crate::refusal::Refusal;
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Coverage;

/// A number of students with one status.
#[derive(Debug, Object)]
pub(crate) struct StatusCount {
    /// The status.
    status: CoverageStatus,
    /// Number of students.
    students: u32,
}

/// Figures of coverage. Students are counted, never placements: who has several places counts once, by the least
/// favourable.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct Figures {
    /// Students trained according to the framework.
    numerator: u32,
    /// Students who must have a place.
    denominator: u32,
    /// The share in tenths of a percent, rounded down; absent when nobody must have a place.
    permille: Option<u32>,
    /// Students by status: every status, the most favourable first.
    counts: Vec<StatusCount>,
    /// Covered students of programmes that count for funding.
    covered_for_funding: u32,
}

impl From<coverage::Figures> for Figures {
    fn from(figures: coverage::Figures) -> Self {
        let counts = figures.counts.into_iter();
        Self {
            numerator: figures.numerator,
            denominator: figures.denominator,
            permille: figures.permille,
            counts: counts.map(|(status, students)| StatusCount { status: status.into(), students }).collect(),
            covered_for_funding: figures.covered_for_funding,
        }
    }
}

/// For whom and when coverage was counted. Nothing means everybody in the round, each on the first day of the period.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct CoverageScope {
    /// On this date.
    date: Option<Day>,
    /// Only students this partnership sees to.
    partnership: Option<Uuid>,
    /// Only students of this institute.
    institute: Option<Uuid>,
    /// Only students of this programme.
    programme: Option<Uuid>,
    /// Only students in this phase.
    phase: Option<Uuid>,
    /// Only this period.
    period: Option<Uuid>,
}

impl From<CoverageQuery> for CoverageScope {
    fn from(query: CoverageQuery) -> Self {
        Self {
            date: query.date.map(Day),
            partnership: query.partnership.map(Into::into),
            institute: query.institute.map(Into::into),
            programme: query.programme.map(Into::into),
            phase: query.phase.map(Into::into),
            period: query.period.map(Into::into),
        }
    }
}

/// One line of a division.
#[derive(Debug, Object)]
pub(crate) struct CoveragePart {
    /// The partnership, institute, programme, phase or period.
    id: Uuid,
    /// Its name.
    name: String,
    /// Its figures.
    figures: Figures,
    /// What counts it.
    scope: CoverageScope,
}

/// A division of the figures.
#[derive(Debug, Object)]
pub(crate) struct CoverageDivision {
    /// By what.
    by: Dimension,
    /// Its lines.
    parts: Vec<CoveragePart>,
}

/// What can be chosen.
#[derive(Debug, Object)]
pub(crate) struct CoverageChoices {
    /// In which parameter.
    by: Dimension,
    /// The values.
    values: Vec<Named>,
}

/// Coverage of a round or a part of it.
#[derive(Debug, Object)]
pub(crate) struct CoverageReport {
    /// Version of the definition by which was counted.
    definition: String,
    /// What was counted.
    scope: CoverageScope,
    /// The figures.
    figures: Figures,
    /// How they divide.
    divisions: Vec<CoverageDivision>,
    /// What can be chosen in each parameter, whatever was chosen now.
    choices: Vec<CoverageChoices>,
}

impl From<CoverageView> for CoverageReport {
    fn from(view: CoverageView) -> Self {
        let part =
            |part: coverage::Part| CoveragePart { id: part.id, name: part.label, figures: part.figures.into(), scope: part.query.into() };
        let division = |division: coverage::Division| CoverageDivision {
            by: division.by.into(),
            parts: division.parts.into_iter().map(part).collect(),
        };
        let value = |choice: coverage::Choice| Named { id: choice.id, name: choice.label };
        let choices = view.choices.into_iter();
        Self {
            definition: view.definition.to_owned(),
            scope: view.query.into(),
            figures: view.figures.into(),
            divisions: view.divisions.into_iter().map(division).collect(),
            choices: choices
                .map(|(by, values)| CoverageChoices { by: by.into(), values: values.into_iter().map(value).collect() })
                .collect(),
        }
    }
}

/// A student behind a figure.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct CountedStudent {
    /// The student.
    student: Uuid,
    /// Number at the institute.
    number: String,
    /// Name as in a list: family name first.
    name: String,
    /// Name of the institute.
    institute: String,
    /// Name and form of the programme.
    programme: String,
    /// Code of the phase.
    phase: String,
    /// Name of the period.
    period: String,
    /// How the student counts.
    status: CoverageStatus,
    /// The place, where there is one.
    placement: Option<Placement>,
    /// Why there is none, or none at a kern school, in Dutch.
    reason: Option<String>,
}

impl From<CoveredStudent> for CountedStudent {
    fn from(student: CoveredStudent) -> Self {
        Self {
            student: student.student.0,
            number: student.number,
            name: student.name,
            institute: student.institute,
            programme: student.programme,
            phase: student.phase,
            period: student.period,
            status: student.status.into(),
            placement: student.place.map(Into::into),
            reason: student.reason,
        }
    }
}

/// What the parameters of both operations ask.
fn scope(date: Query<Day>, [partnership, institute, programme, phase, period]: [Query<Id>; 5]) -> Result<CoverageQuery, Faults> {
    let (date, partnership, institute, programme, phase, period) =
        (date.0, partnership.0, institute.0, programme.0, phase.0, period.0).all()?;
    Ok(CoverageQuery {
        date: date.map(|date| date.0),
        partnership: partnership.map(|id| id.0.into()),
        institute: institute.map(|id| id.0.into()),
        programme: programme.map(|id| id.0.into()),
        phase: phase.map(|id| id.0.into()),
        period: period.map(|id| id.0.into()),
    })
}

#[expect(clippy::too_many_arguments, reason = "an argument for each parameter of the request")]
#[OpenApi(tag = "Tag::Coverage")]
impl Coverage {
    /// Counts coverage
    ///
    /// Of a round or a part of it, with its divisions. Without `date` each place is judged on the first day of its period;
    /// with `date` only the periods that run on that day are counted, judged on that day.
    #[oai(path = "/rounds/:round/coverage", method = "get", operation_id = "getCoverage")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the round in addresses.
        round: Path<Slug>,
        /// On this date.
        date: Query<Day>,
        /// Only students this partnership sees to.
        partnership: Query<Id>,
        /// Only students of this institute.
        institute: Query<Id>,
        /// Only students of this programme.
        programme: Query<Id>,
        /// Only students in this phase.
        phase: Query<Id>,
        /// Only this period.
        period: Query<Id>,
    ) -> Result<Found<CoverageReport>, Refusal> {
        let (round, query) = (round.named("round"), scope(date, [partnership, institute, programme, phase, period])).all()?;
        Ok(Found(coverage::of_round(&app, &session.0.actor, &round.0, query).await?.into()))
    }

    /// Lists the students behind a figure
    ///
    /// By name. With `status` only those who count that way; without it everybody of the scope, once.
    #[oai(path = "/rounds/:round/coverage/students", method = "get", operation_id = "listCoverageStudents")]
    async fn students(
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
        /// On this date.
        date: Query<Day>,
        /// Only students this partnership sees to.
        partnership: Query<Id>,
        /// Only students of this institute.
        institute: Query<Id>,
        /// Only students of this programme.
        programme: Query<Id>,
        /// Only students in this phase.
        phase: Query<Id>,
        /// Only this period.
        period: Query<Id>,
        /// Only students who count this way.
        status: Query<CoverageStatus>,
    ) -> Result<Listed<CountedStudent>, Refusal> {
        let query = scope(date, [partnership, institute, programme, phase, period]);
        let (round, request, query, status) = (round.named("round"), paging(page, size), query, status.0).all()?;
        let rows = coverage::students(&app, &session.0.actor, &round.0, query, status.map(|status| status.0)).await?;
        Ok(Listed(Page::of(rows, request), here))
    }
}
