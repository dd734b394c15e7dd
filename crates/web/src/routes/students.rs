//! The students of a round: the list with its filters, searching by name, and the list as a workbook.
//! A name never stands in an address, so searching is a form that is posted.

use std::cmp::Ordering;

use kernschil_app::listing::search_key;
use kernschil_app::students::{self, PlaceSummary, RoundStudents, StudentRow as AppRow};
use kernschil_domain::access::Permission;
use kernschil_domain::coverage::CoverageStatus;
use kernschil_domain::rounds::RoundData;
use kernschil_http::Caller;
use poem::handler;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::facets::{facet, facet_of};
use super::support::{Answer, capital, html, part, round_ref, size, workbook};
use super::{State, codes, sheets};
use crate::components::nav::NavItem;
use crate::components::table::{Direction, Paging};
use crate::views::students::{StudentFilter, StudentRow, StudentSort, StudentsView, students_page};

/// Of a search no more than these are shown.
const MOST_FOUND: usize = 100;

/// A filter, to count what is left without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Institute,
    Programme,
    Phase,
    Status,
}

struct Listed {
    data: RoundData,
    rows: Vec<AppRow>,
    filter: StudentFilter,
}

impl Listed {
    fn new(round: RoundStudents, filter: StudentFilter) -> Self {
        Self { data: round.data, rows: round.rows, filter }
    }

    fn passes(&self, row: &AppRow, except: Option<Field>) -> bool {
        let filter = &self.filter;
        let asks = |field, value: &str| !value.is_empty() && except != Some(field);
        (!asks(Field::Institute, &filter.instituut) || codes::institute(&self.data, row.institute) == filter.instituut)
            && (!asks(Field::Programme, &filter.opleiding) || codes::programme(&self.data, row.programme) == filter.opleiding)
            && (!asks(Field::Phase, &filter.fase) || row.phase_code == filter.fase)
            && (!asks(Field::Status, &filter.status) || row.status.code() == filter.status)
    }

    /// The rows that pass, in the order that is asked. They come by name, so equal ones stay by name.
    fn chosen(&self) -> Vec<&AppRow> {
        let mut chosen: Vec<_> = self.rows.iter().filter(|row| self.passes(row, None)).collect();
        match (self.filter.volgorde, self.filter.richting) {
            (StudentSort::Naam, Direction::Up) => {}
            (StudentSort::Naam, Direction::Down) => chosen.reverse(),
            (by, Direction::Up) => chosen.sort_by(|a, b| order(by, a, b)),
            (by, Direction::Down) => chosen.sort_by(|a, b| order(by, b, a)),
        }
        chosen
    }

    fn view(&self, search: String) -> StudentsView {
        let (rows, paging) = if search.is_empty() {
            part(self.chosen(), self.filter.pagina, self.filter.aantal)
        } else {
            let found: Vec<_> = self.rows.iter().filter(|row| is_found(row, &search)).collect();
            let paging = Paging { page: 1, per_page: size(MOST_FOUND), rows: size(found.len()) };
            (found.into_iter().take(MOST_FOUND).collect(), paging)
        };
        let this = self;
        let left = |field| move |row: &AppRow| this.passes(row, Some(field));
        let named = |value: String, words: &str| vec![(value, words.to_owned())];
        let statuses = CoverageStatus::ALL.map(|status| (status.code(), capital(status.dutch())));
        let statuses: Vec<_> = statuses.iter().map(|(code, words)| (*code, words.as_str())).collect();
        StudentsView {
            round: round_ref(&self.data.round),
            filter: self.filter.clone(),
            search,
            institutes: facet(&self.rows, left(Field::Institute), |row| {
                named(codes::institute(&self.data, row.institute), &row.institute_name)
            }),
            programmes: facet(&self.rows, left(Field::Programme), |row| {
                let words = format!("{}, {}", row.institute_name, row.programme_name);
                named(codes::programme(&self.data, row.programme), &words)
            }),
            phases: facet(&self.rows, left(Field::Phase), |row| named(row.phase_code.clone(), &row.phase_code)),
            statuses: facet_of(&self.rows, &statuses, left(Field::Status), |row, code| row.status.code() == code),
            rows: rows.into_iter().map(|row| view(&self.data, row)).collect(),
            paging,
        }
    }
}

fn order(by: StudentSort, a: &AppRow, b: &AppRow) -> Ordering {
    let school = |row: &AppRow| row.place.as_ref().map(|place| search_key(&place.school_name));
    let minutes = |row: &AppRow| row.place.as_ref().and_then(|place| place.minutes);
    match by {
        StudentSort::Naam => search_key(&a.name).cmp(&search_key(&b.name)),
        StudentSort::Nummer => a.number.cmp(&b.number),
        StudentSort::Opleiding => (&a.institute_name, &a.programme_name).cmp(&(&b.institute_name, &b.programme_name)),
        StudentSort::Fase => a.phase_code.cmp(&b.phase_code),
        StudentSort::Status => a.status.cmp(&b.status),
        StudentSort::School => school(a).cmp(&school(b)),
        StudentSort::Reistijd => minutes(a).cmp(&minutes(b)),
    }
}

/// Whether every word stands in the name or the number.
pub(super) fn is_found(row: &AppRow, search: &str) -> bool {
    let wanted = search_key(search.trim());
    let (name, number) = (search_key(&row.name), search_key(&row.number));
    !wanted.is_empty() && wanted.split_whitespace().all(|word| name.contains(word) || number.contains(word))
}

/// Rules that were set aside for a place, in words.
pub(super) fn set_aside(place: &PlaceSummary) -> Vec<String> {
    place.broken.iter().map(|rule| rule.dutch().to_owned()).collect()
}

/// A row as the pages show it.
pub(super) fn view(data: &RoundData, row: &AppRow) -> StudentRow {
    let gave_wishes = data.demands.get(&row.demand).is_some_and(|demand| !demand.wishes.is_empty());
    let wish = match &row.place {
        Some(place) => match place.wish_rank {
            Some(rank) => format!("{rank}e voorkeur"),
            None if gave_wishes => "geen van de voorkeuren".to_owned(),
            None => "geen voorkeur opgegeven".to_owned(),
        },
        None => String::new(),
    };
    StudentRow {
        id: row.student.to_string(),
        name: row.name.clone(),
        number: row.number.clone(),
        programme: row.programme_name.clone(),
        phase: row.phase_code.clone(),
        period: row.period_name.clone(),
        status: row.status,
        school: row.place.as_ref().map(|place| (place.school_name.clone(), place.school_code.clone())),
        minutes: row.place.as_ref().and_then(|place| place.minutes).map(u32::from),
        wish,
        set_aside: row.place.as_ref().map(set_aside).unwrap_or_default(),
    }
}

/// The list of students.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(filter): Query<StudentFilter>) -> Answer {
    let view = Listed::new(students::list(&web.app, &caller.actor, &slug, Permission::ReadStudents).await?, filter).view(String::new());
    Ok(html(students_page(&web.frame_of(caller, NavItem::Students, &view.round), &view)))
}

/// What somebody looks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SearchForm {
    zoek: String,
}

/// Students by name or number.
#[handler]
pub(super) async fn find(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<SearchForm>) -> Answer {
    let listed = Listed::new(students::list(&web.app, &caller.actor, &slug, Permission::ReadStudents).await?, StudentFilter::default());
    let view = listed.view(form.zoek.trim().to_owned());
    Ok(html(students_page(&web.frame_of(caller, NavItem::Students, &view.round), &view)))
}

/// The same list, all pages, as a workbook.
#[handler]
pub(super) async fn export(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(filter): Query<StudentFilter>) -> Answer {
    let listed = Listed::new(students::list(&web.app, &caller.actor, &slug, Permission::ExportStudents).await?, filter);
    let row = |row: &AppRow| {
        let row = view(&listed.data, row);
        let wish = row.wish.clone();
        (row, wish)
    };
    let rows: Vec<_> = listed.chosen().into_iter().map(row).collect();
    let bytes = sheets::students(&format!("Studenten, {}", listed.data.round.name), "Voorkeur", &rows)?;
    students::note_export(&web.app, &caller.actor, &slug, rows.len()).await?;
    Ok(workbook(&format!("{slug}-studenten.xlsx"), bytes))
}
