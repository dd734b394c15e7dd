//! Coverage: the number, how it divides, and the students behind it.

use chrono::NaiveDate;
use kernschil_app::AppError;
use kernschil_app::coverage::{self, CoverageQuery, CoveredStudent, Dimension, Part};
use kernschil_app::students::note_export;
use kernschil_domain::access::Permission;
use kernschil_domain::coverage::CoverageStatus;
use kernschil_domain::periods::dutch_date;
use kernschil_domain::rounds::RoundData;
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Path, Query};

use super::students::set_aside;
use super::support::{Answer, capital, html, html_with, part, round_ref, size, status_counts, workbook};
use super::{State, codes, sheets};
use crate::components::filters::{Chip, ChipState, FilterOption};
use crate::components::nav::NavItem;
use crate::components::url::{href, with};
use crate::views::coverage::{
    CoverageFilter, CoverageRow, CoverageStudentsView, CoverageView, Grouping, coverage_page, coverage_students_page,
};
use crate::views::students::StudentRow;

fn dimension(grouping: Grouping) -> Dimension {
    match grouping {
        Grouping::Opleiding => Dimension::Programme,
        Grouping::Fase => Dimension::Phase,
        Grouping::Partnerschap => Dimension::Partnership,
        Grouping::Instituut => Dimension::Institute,
        Grouping::Periode => Dimension::Period,
    }
}

/// What the address asks for. A code that nothing goes by does not exist.
fn query(data: &RoundData, filter: &CoverageFilter, date: Option<NaiveDate>) -> Result<CoverageQuery, AppError> {
    let registry = &data.registry;
    let known = |code: &str, found: bool| if code.is_empty() || found { Ok(()) } else { Err(AppError::NotFound) };
    let query = CoverageQuery {
        date,
        partnership: codes::find(&filter.partnerschap, registry.partnerships.keys().copied(), |id| codes::partnership(data, id)),
        institute: codes::find(&filter.instituut, registry.institutes.keys().copied(), |id| codes::institute(data, id)),
        programme: codes::find(&filter.opleiding, registry.programmes.keys().copied(), |id| codes::programme(data, id)),
        phase: codes::find(&filter.fase, registry.phases.keys().copied(), |id| codes::phase(data, id)),
        period: codes::find(&filter.periode, data.periods.keys().copied(), |id| codes::period(data, id)),
    };
    known(&filter.partnerschap, query.partnership.is_some())?;
    known(&filter.instituut, query.institute.is_some())?;
    known(&filter.opleiding, query.programme.is_some())?;
    known(&filter.fase, query.phase.is_some())?;
    known(&filter.periode, query.period.is_some())?;
    Ok(query)
}

/// The date that was filled in, or what is wrong with it.
fn date(filter: &CoverageFilter) -> Result<Option<NaiveDate>, String> {
    if filter.datum.is_empty() {
        return Ok(None);
    }
    let wrong = "Deze datum bestaat niet. Vul een datum in zoals 2026-10-01.";
    NaiveDate::parse_from_str(&filter.datum, "%Y-%m-%d").map(Some).map_err(|_| wrong.to_owned())
}

/// The part a row or choice stands for, by the query that counts it.
fn code_of(data: &RoundData, by: Dimension, query: &CoverageQuery) -> String {
    let code = match by {
        Dimension::Partnership => query.partnership.map(|id| codes::partnership(data, id)),
        Dimension::Institute => query.institute.map(|id| codes::institute(data, id)),
        Dimension::Programme => query.programme.map(|id| codes::programme(data, id)),
        Dimension::Phase => query.phase.map(|id| codes::phase(data, id)),
        Dimension::Period => query.period.map(|id| codes::period(data, id)),
    };
    code.unwrap_or_default()
}

/// The query with only one part filled in.
fn only(by: Dimension, choice: &coverage::Choice) -> CoverageQuery {
    let nothing = CoverageQuery::default();
    match by {
        Dimension::Partnership => CoverageQuery { partnership: Some(choice.id.into()), ..nothing },
        Dimension::Institute => CoverageQuery { institute: Some(choice.id.into()), ..nothing },
        Dimension::Programme => CoverageQuery { programme: Some(choice.id.into()), ..nothing },
        Dimension::Phase => CoverageQuery { phase: Some(choice.id.into()), ..nothing },
        Dimension::Period => CoverageQuery { period: Some(choice.id.into()), ..nothing },
    }
}

fn moment(query: &CoverageQuery) -> String {
    query.date.map_or_else(|| "op de eerste dag van elke periode".to_owned(), |date| format!("op {}", dutch_date(date)))
}

struct Counted {
    data: RoundData,
    view: coverage::CoverageView,
}

impl Counted {
    fn options(&self, by: Dimension) -> Vec<FilterOption> {
        let choices = self.view.choices.iter().find(|(dimension, _)| *dimension == by).map(|(_, choices)| choices.as_slice());
        let option = |choice: &coverage::Choice| FilterOption {
            value: code_of(&self.data, by, &only(by, choice)),
            label: choice.label.clone(),
            count: None,
        };
        choices.unwrap_or_default().iter().map(option).collect()
    }

    fn rows(&self, by: Dimension) -> Vec<CoverageRow> {
        let row = |part: &Part| CoverageRow {
            key: code_of(&self.data, by, &part.query),
            label: part.label.clone(),
            counts: status_counts(&part.figures),
        };
        self.view.divisions.iter().filter(|division| division.by == by).flat_map(|division| &division.parts).map(row).collect()
    }

    fn page_view(&self, filter: CoverageFilter, date_error: String) -> CoverageView {
        CoverageView {
            round: round_ref(&self.data.round),
            partnerships: self.options(Dimension::Partnership),
            institutes: self.options(Dimension::Institute),
            programmes: self.options(Dimension::Programme),
            phases: self.options(Dimension::Phase),
            periods: self.options(Dimension::Period),
            counts: status_counts(&self.view.figures),
            covered_for_funding: self.view.figures.covered_for_funding,
            moment: moment(&self.view.query),
            definition: self.view.definition.to_owned(),
            rows: self.rows(dimension(filter.per)),
            date_error,
            filter,
        }
    }

    /// What is counted, in words.
    fn scope(&self, filter: &CoverageFilter) -> String {
        let chosen = [
            (Dimension::Partnership, &filter.partnerschap),
            (Dimension::Institute, &filter.instituut),
            (Dimension::Programme, &filter.opleiding),
            (Dimension::Phase, &filter.fase),
            (Dimension::Period, &filter.periode),
        ];
        let label = |by, code: &String| self.options(by).into_iter().find(|option| option.value == *code).map(|option| option.label);
        let mut words: Vec<_> = chosen.into_iter().filter_map(|(by, code)| label(by, code)).collect();
        if words.is_empty() {
            words.push("Iedereen in de ronde".to_owned());
        }
        words.push(moment(&self.view.query));
        words.join(" · ")
    }
}

fn counted(data: RoundData, filter: &CoverageFilter, date: Option<NaiveDate>) -> Result<Counted, Failure> {
    let query = query(&data, filter, date)?;
    Ok(Counted { view: coverage::view(&data, query), data })
}

/// Coverage of a round.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(filter): Query<CoverageFilter>) -> Answer {
    let data = web.app.picture(&caller.actor, &slug, Permission::ReadCoverage).await?;
    let (date, error) = date(&filter).map_or_else(|error| (None, error), |date| (date, String::new()));
    let status = if error.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let view = counted(data, &filter, date)?.page_view(filter, error);
    Ok(html_with(status, coverage_page(&web.frame_of(caller, NavItem::Coverage, &view.round), &view)))
}

/// The table of the page as a workbook. It holds no personal data.
#[handler]
pub(super) async fn export(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(filter): Query<CoverageFilter>) -> Answer {
    let counted = counted(web.app.picture(&caller.actor, &slug, Permission::ReadCoverage).await?, &filter, valid_date(&filter)?)?;
    let first = capital(dimension(filter.per).dutch());
    let title = format!("Dekking, {}: {}", counted.data.round.name, counted.scope(&filter));
    let bytes = sheets::coverage(&title, &first, &counted.rows(dimension(filter.per)), &status_counts(&counted.view.figures))?;
    Ok(workbook(&format!("{slug}-dekking-per-{}.xlsx", filter.per.code()), bytes))
}

fn valid_date(filter: &CoverageFilter) -> Result<Option<NaiveDate>, Failure> {
    date(filter).map_err(|_| AppError::NotFound.into())
}

/// The students of an address: those of one status, or all that count.
struct Behind {
    counted: Counted,
    all: Vec<CoveredStudent>,
}

impl Behind {
    async fn load(web: &super::Web, caller: &Caller, slug: &str, filter: &CoverageFilter, permission: Permission) -> Result<Self, Failure> {
        let round = coverage::explained(&web.app, &caller.actor, slug, permission).await?;
        let query = query(&round.data, filter, valid_date(filter)?)?;
        let all = coverage::students_in(&round, query, None);
        let view = coverage::view(&round.data, query);
        Ok(Self { counted: Counted { data: round.data, view }, all })
    }

    fn chosen(&self, status: Option<CoverageStatus>) -> Vec<&CoveredStudent> {
        let is_asked = |student: &&CoveredStudent| status.map_or_else(|| student.status.is_counted(), |status| student.status == status);
        self.all.iter().filter(is_asked).collect()
    }
}

fn status(filter: &CoverageFilter) -> Result<Option<CoverageStatus>, Failure> {
    if filter.status.is_empty() {
        return Ok(None);
    }
    Ok(Some(CoverageStatus::parse(&filter.status).ok_or(AppError::NotFound)?))
}

fn row(student: &CoveredStudent) -> (StudentRow, String) {
    let place = student.place.as_ref();
    let row = StudentRow {
        id: student.student.to_string(),
        name: student.name.clone(),
        number: student.number.clone(),
        programme: student.programme.clone(),
        phase: student.phase.clone(),
        period: student.period.clone(),
        status: student.status,
        school: place.map(|place| (place.school_name.clone(), place.school_code.clone())),
        minutes: place.and_then(|place| place.minutes).map(u32::from),
        wish: String::new(),
        set_aside: place.map(set_aside).unwrap_or_default(),
    };
    (row, student.reason.clone().unwrap_or_default())
}

/// The students behind a number.
#[handler]
pub(super) async fn show_students(
    web: State<'_>,
    caller: &Caller,
    Path(slug): Path<String>,
    Query(filter): Query<CoverageFilter>,
) -> Answer {
    let status = status(&filter)?;
    let behind = Behind::load(&web, caller, &slug, &filter, Permission::ReadStudents).await?;
    let round = round_ref(&behind.counted.data.round);
    let path = round.path("dekking/studenten");
    let chip = |label: String, code: &str, count: usize| Chip {
        label,
        count: size(count),
        href: href(&path, &with(&filter.filters(), "status", code)),
        state: if code == filter.status { ChipState::Chosen } else { ChipState::Open },
    };
    let mut statuses = vec![chip("Iedereen die meetelt".to_owned(), "", behind.chosen(None).len())];
    statuses.extend(CoverageStatus::ALL.map(|one| chip(capital(one.dutch()), one.code(), behind.chosen(Some(one)).len())));
    let (rows, paging) = part(behind.chosen(status), filter.pagina, filter.aantal);
    let view = CoverageStudentsView {
        scope: behind.counted.scope(&filter),
        statuses,
        rows: rows.into_iter().map(row).collect(),
        paging,
        round,
        filter,
    };
    Ok(html(coverage_students_page(&web.frame_of(caller, NavItem::Coverage, &view.round), &view)))
}

/// The same students, all pages, as a workbook.
#[handler]
pub(super) async fn export_students(
    web: State<'_>,
    caller: &Caller,
    Path(slug): Path<String>,
    Query(filter): Query<CoverageFilter>,
) -> Answer {
    let status = status(&filter)?;
    let behind = Behind::load(&web, caller, &slug, &filter, Permission::ExportStudents).await?;
    let rows: Vec<_> = behind.chosen(status).into_iter().map(row).collect();
    let title = format!("Dekking, {}: {}", behind.counted.data.round.name, behind.counted.scope(&filter));
    let bytes = sheets::students(&title, "Waarom", &rows)?;
    note_export(&web.app, &caller.actor, &slug, rows.len()).await?;
    Ok(workbook(&format!("{slug}-dekking-studenten.xlsx"), bytes))
}
