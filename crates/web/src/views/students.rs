//! The students of a round. Names never stand in an address: searching is a POST.

use kernschil_domain::coverage::CoverageStatus;
use maud::{Markup, html};
use serde::Deserialize;

use crate::components::figures::empty;
use crate::components::filters::{FilterOption, apply, hidden, search, select};
use crate::components::forms::csrf;
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, page};
use crate::components::signs::standing;
use crate::components::status::{Tone, tag};
use crate::components::table::{Density, Direction, Order, Paging, export, pagination, pagination_below, table};
use crate::components::text::{counted, listed, number};
use crate::components::url::href;

/// Column the students are ordered by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StudentSort {
    /// By last name.
    #[default]
    Naam,
    /// By number at the institute.
    Nummer,
    /// By programme.
    Opleiding,
    /// By study phase.
    Fase,
    /// By status.
    Status,
    /// By name of the school.
    School,
    /// By travel time.
    Reistijd,
}

impl StudentSort {
    fn code(self) -> &'static str {
        match self {
            Self::Naam => "naam",
            Self::Nummer => "nummer",
            Self::Opleiding => "opleiding",
            Self::Fase => "fase",
            Self::Status => "status",
            Self::School => "school",
            Self::Reistijd => "reistijd",
        }
    }
}

/// What is asked of the list, as it stands in the address. Empty means no filter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct StudentFilter {
    /// Code of an institute.
    pub instituut: String,
    /// Code of a programme.
    pub opleiding: String,
    /// Code of a study phase.
    pub fase: String,
    /// Code of a [`CoverageStatus`].
    pub status: String,
    /// Column of the order.
    pub volgorde: StudentSort,
    /// Direction of the order.
    pub richting: Direction,
    /// Page, from 1; 0 means the first.
    pub pagina: u32,
    /// Rows on a page; 0 means 50.
    pub aantal: u32,
}

impl StudentFilter {
    fn filters(&self) -> Vec<(&'static str, &str)> {
        let pairs =
            [("instituut", self.instituut.as_str()), ("opleiding", &self.opleiding), ("fase", &self.fase), ("status", &self.status)];
        pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = self.filters();
        if self.volgorde != StudentSort::default() {
            pairs.push(("volgorde", self.volgorde.code()));
        }
        pairs.push(("richting", self.richting.value()));
        pairs.push(("aantal", if self.aantal == 100 { "100" } else { "" }));
        pairs
    }
}

/// The list of students.
#[derive(Debug, Clone, Default)]
pub struct StudentsView {
    /// Which round.
    pub round: RoundRef,
    /// What was asked.
    pub filter: StudentFilter,
    /// Text that was searched for by POST, or nothing.
    pub search: String,
    /// Institutes to choose from.
    pub institutes: Vec<FilterOption>,
    /// Programmes to choose from.
    pub programmes: Vec<FilterOption>,
    /// Study phases to choose from.
    pub phases: Vec<FilterOption>,
    /// Statuses to choose from.
    pub statuses: Vec<FilterOption>,
    /// The rows of this page; of a search the first hundred.
    pub rows: Vec<StudentRow>,
    /// Which page it is; of a search only `rows` is used.
    pub paging: Paging,
}

/// One place a student needs.
#[derive(Debug, Clone)]
pub struct StudentRow {
    /// Identifier in addresses.
    pub id: String,
    /// Name.
    pub name: String,
    /// Number at the institute.
    pub number: String,
    /// Programme.
    pub programme: String,
    /// Study phase.
    pub phase: String,
    /// Name of the period.
    pub period: String,
    /// How the student counts.
    pub status: CoverageStatus,
    /// Name and code of the school, or nothing.
    pub school: Option<(String, String)>,
    /// Travel time in minutes, when it is known.
    pub minutes: Option<u32>,
    /// What became of the wishes: "1e voorkeur", "geen voorkeur gekregen".
    pub wish: String,
    /// Rules that were set aside for this place, in words.
    pub set_aside: Vec<String>,
}

/// How a student counts, with a mark where a rule was set aside.
pub(super) fn standing_with_mark(student: &StudentRow) -> Markup {
    html! {
        (standing(student.status))
        @if !student.set_aside.is_empty() { span class="row-mark" { (tag(Tone::Signal, "Regel opzij gezet")) span class="row-code" { (listed(&student.set_aside)) } } }
    }
}

/// A link to the reasons, for who needs a place.
fn why(round: &RoundRef, student: &StudentRow) -> Markup {
    let words = if student.school.is_some() { "Waarom hier?" } else { "Waarom geen plek?" };
    html! {
        @if student.school.is_some() || student.status == CoverageStatus::Unplaced {
            span class="row-code" { a href=(round.path(&format!("studenten/{}/waarom", student.id))) { (words) span class="visually-hidden" { " " (student.name) } } }
        }
    }
}

fn row(round: &RoundRef, student: &StudentRow) -> Markup {
    html! {
        tr {
            th scope="row" { a href=(round.path(&format!("studenten/{}", student.id))) { (student.name) } span class="row-code" { (student.number) } }
            td { (student.programme) }
            td { (student.phase) span class="row-code" { (student.period) } }
            td { (standing_with_mark(student)) }
            td { @if let Some((name, code)) = &student.school { a href=(round.path(&format!("scholen/{code}"))) { (name) } } @else { span class="muted" { "–" } } (why(round, student)) }
            td class="figure" { @if let Some(minutes) = student.minutes { (minutes) " min" } @else { "–" } }
            td { (student.wish) }
        }
    }
}

fn forms(frame: &Frame, view: &StudentsView, path: &str) -> Markup {
    let filter = &view.filter;
    html! {
        div class="filters filters-two" {
            form class="filter-search-form" method="post" action=(path) role="search" aria-label="Studenten zoeken" {
                (csrf(&frame.csrf))
                (hidden(&filter.filters()))
                (search("zoek", "Zoek op naam of studentnummer", &view.search))
                div class="filter-buttons" { button class="button button-second" type="submit" { "Zoek" } @if !view.search.is_empty() { a class="quiet-link" href=(href(path, &filter.pairs())) { "Wis zoekopdracht" } } }
            }
            form class="filters" method="get" action=(path) aria-label="Studenten filteren" {
                @if view.institutes.len() > 1 { (select("instituut", "Instituut", "Alle", &filter.instituut, &view.institutes)) }
                (select("opleiding", "Opleiding", "Alle", &filter.opleiding, &view.programmes))
                (select("fase", "Fase", "Alle", &filter.fase, &view.phases))
                (select("status", "Status", "Alle", &filter.status, &view.statuses))
                (hidden(&[("aantal", if filter.aantal == 100 { "100" } else { "" })]))
                (apply((!filter.filters().is_empty()).then_some(path)))
            }
        }
    }
}

/// `/rondes/{slug}/studenten`
pub fn students_page(frame: &Frame, view: &StudentsView) -> Markup {
    let path = view.round.path("studenten");
    let pairs = view.filter.pairs();
    let order = Order { path: &path, pairs: &pairs, column: view.filter.volgorde.code(), direction: view.filter.richting };
    let searching = !view.search.is_empty();
    let head = html! {
        tr {
            @if searching {
                @for words in ["Student", "Opleiding", "Fase en periode", "Status", "School"] { th scope="col" { (words) } }
                th scope="col" class="figure" { "Reistijd" }
            } @else {
                (order.head("naam", "Student"))
                (order.head("opleiding", "Opleiding"))
                (order.head("fase", "Fase en periode"))
                (order.head("status", "Status"))
                (order.head("school", "School"))
                (order.head_figure("reistijd", "Reistijd"))
            }
            th scope="col" { "Voorkeur" }
        }
    };
    let rows = html! { @for student in &view.rows { (row(&view.round, student)) } };
    let shown = u32::try_from(view.rows.len()).unwrap_or(u32::MAX);
    let body = html! {
        (forms(frame, view, &path))
        @if view.rows.is_empty() {
            @if searching { (empty("Niemand gevonden", &html! { p { "Controleer de spelling, of zoek op een deel van de naam." } })) }
            @else if view.filter.filters().is_empty() { (empty("Er zijn nog geen studenten in deze ronde", &html! { p { a href="/importeren" { "Laad een werkboek met studenten" } } })) }
            @else { (empty("Geen student past bij deze filters", &html! { p { a href=(path) { "Wis de filters" } } })) }
        } @else {
            @if searching {
                p class="result-count" role="status" {
                    @if view.paging.rows > shown { "De eerste " (number(shown)) " van " (number(view.paging.rows)) " gevonden. Zoek preciezer om minder te zien." }
                    @else { (counted(shown, "plek", "plekken")) " gevonden." }
                }
            } @else {
                div class="table-bar" { (pagination(&path, &pairs, &view.paging)) (export(&href(&view.round.path("studenten.xlsx"), &pairs))) }
            }
            (table("Studenten", Density::Dense, &head, &rows))
            @if !searching { (pagination_below(&path, &pairs, &view.paging)) }
        }
    };
    page(
        frame,
        Title::new("Studenten")
            .lead("Elke regel is één plek die een student nodig heeft. Wie in twee perioden een plek nodig heeft, staat er twee keer."),
        &body,
    )
}
