//! Coverage: which share is trained by the framework, from one number down to the students.

use kernschil_domain::coverage::CoverageStatus;
use maud::{Markup, html};
use serde::Deserialize;

use super::students::{StudentRow, standing_with_mark};
use crate::charts::{Segment, stacked_chart};
use crate::components::figures::empty;
use crate::components::filters::{Chip, FilterOption, apply, chips, select};
use crate::components::icons::{Icon, icon};
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, page};
use crate::components::signs::{REQUIRED, StatusCounts, legend, short, sign, sign_of};
use crate::components::table::{Density, Paging, export, pagination, table};
use crate::components::text::{counted, number, percent};
use crate::components::url::{href, with};

/// What the rows are: one per programme, and so on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grouping {
    /// A row per programme.
    #[default]
    Opleiding,
    /// A row per study phase.
    Fase,
    /// A row per partnership.
    Partnerschap,
    /// A row per institute.
    Instituut,
    /// A row per period.
    Periode,
}

impl Grouping {
    /// All groupings.
    pub const ALL: [Self; 5] = [Self::Opleiding, Self::Fase, Self::Partnerschap, Self::Instituut, Self::Periode];

    /// The value in addresses: also the name of the filter that a row stands for.
    pub fn code(self) -> &'static str {
        match self {
            Self::Opleiding => "opleiding",
            Self::Fase => "fase",
            Self::Partnerschap => "partnerschap",
            Self::Instituut => "instituut",
            Self::Periode => "periode",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Opleiding => "Opleiding",
            Self::Fase => "Fase",
            Self::Partnerschap => "Partnerschap",
            Self::Instituut => "Instituut",
            Self::Periode => "Periode",
        }
    }
}

/// What is counted, as it stands in the address. Empty means all.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CoverageFilter {
    /// A partnership.
    pub partnerschap: String,
    /// An institute.
    pub instituut: String,
    /// A programme.
    pub opleiding: String,
    /// A study phase.
    pub fase: String,
    /// A period.
    pub periode: String,
    /// A date such as `2026-10-01`; empty means every place on the first day of its period.
    pub datum: String,
    /// What the rows are.
    pub per: Grouping,
    /// Code of a [`CoverageStatus`], on the page with students.
    pub status: String,
    /// Page, from 1; 0 means the first.
    pub pagina: u32,
    /// Rows on a page; 0 means 50.
    pub aantal: u32,
}

impl CoverageFilter {
    /// The parts that are chosen, for links.
    pub fn filters(&self) -> Vec<(&'static str, &str)> {
        let pairs = [
            ("partnerschap", self.partnerschap.as_str()),
            ("instituut", &self.instituut),
            ("opleiding", &self.opleiding),
            ("fase", &self.fase),
            ("periode", &self.periode),
            ("datum", &self.datum),
        ];
        pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// Coverage of a round or a part of it.
#[derive(Debug, Clone, Default)]
pub struct CoverageView {
    /// Which round.
    pub round: RoundRef,
    /// What was asked.
    pub filter: CoverageFilter,
    /// Partnerships to choose from.
    pub partnerships: Vec<FilterOption>,
    /// Institutes to choose from.
    pub institutes: Vec<FilterOption>,
    /// Programmes to choose from.
    pub programmes: Vec<FilterOption>,
    /// Study phases to choose from.
    pub phases: Vec<FilterOption>,
    /// Periods to choose from.
    pub periods: Vec<FilterOption>,
    /// All together.
    pub counts: StatusCounts,
    /// Covered students of programmes that count for funding.
    pub covered_for_funding: u32,
    /// The moment in words: "op 1 oktober 2026" or "op de eerste dag van elke periode".
    pub moment: String,
    /// Version of the definition.
    pub definition: String,
    /// One row per programme, phase, and so on.
    pub rows: Vec<CoverageRow>,
    /// What is wrong with the date, or nothing.
    pub date_error: String,
}

/// A part of the whole.
#[derive(Debug, Clone)]
pub struct CoverageRow {
    /// Its code, for the links.
    pub key: String,
    /// Its name.
    pub label: String,
    /// How its students stand.
    pub counts: StatusCounts,
}

fn students_href(view: &CoverageView, row: Option<&CoverageRow>, status: Option<CoverageStatus>) -> String {
    let mut pairs = view.filter.filters();
    if let Some(row) = row {
        pairs = with(&pairs, view.filter.per.code(), &row.key);
    }
    pairs.push(("status", status.map_or("", CoverageStatus::code)));
    href(&view.round.path("dekking/studenten"), &pairs)
}

fn big_number(view: &CoverageView) -> Markup {
    let counts = &view.counts;
    let gap = counts.required() - counts.covered();
    html! {
        div class="big-number" {
            p class="big-share" { (percent(counts.covered(), counts.required())) }
            div {
                p class="big-words" {
                    a href=(students_href(view, None, Some(CoverageStatus::Kern))) { (number(counts.kern)) " kern" } " en "
                    a href=(students_href(view, None, Some(CoverageStatus::Schil))) { (number(counts.schil)) " schil" }
                    " van " a href=(students_href(view, None, None)) { (counted(counts.required(), "student", "studenten")) }
                }
                p class="muted" {
                    @if counts.required() == 0 { "Er is niemand die een plek nodig heeft." }
                    @else if gap == 0 { "Iedereen wordt opgeleid volgens het kwaliteitskader." }
                    @else { "Nog " (counted(gap, "student", "studenten")) " tot 100%." }
                }
                p class="small muted" { "Geteld " (view.moment) "." }
            }
        }
    }
}

fn filter_form(path: &str, view: &CoverageView) -> Markup {
    let filter = &view.filter;
    html! {
        form class="filters" method="get" action=(path) aria-label="Kies wat u telt" {
            @if view.partnerships.len() > 1 { (select("partnerschap", "Partnerschap", "Alle", &filter.partnerschap, &view.partnerships)) }
            @if view.institutes.len() > 1 { (select("instituut", "Instituut", "Alle", &filter.instituut, &view.institutes)) }
            (select("opleiding", "Opleiding", "Alle", &filter.opleiding, &view.programmes))
            (select("fase", "Fase", "Alle", &filter.fase, &view.phases))
            (select("periode", "Periode", "Alle", &filter.periode, &view.periods))
            div class={ "filter filter-date" @if !view.date_error.is_empty() { " field-wrong" } } {
                label for="filter-datum" { "Op datum" }
                @if !view.date_error.is_empty() { p class="field-error" id="fout-datum" { strong { "Fout: " } (view.date_error) } }
                input class="input input-date" type="date" id="filter-datum" name="datum" value=(filter.datum) aria-describedby=[(!view.date_error.is_empty()).then_some("fout-datum")];
            }
            input type="hidden" name="per" value=(filter.per.code());
            (apply((!filter.filters().is_empty()).then_some(path)))
        }
    }
}

fn grouping(path: &str, view: &CoverageView) -> Markup {
    html! {
        nav class="tabs" aria-label="Per wat de tabel telt" {
            ul {
                @for per in Grouping::ALL {
                    li { a href=(href(path, &with(&view.filter.filters(), "per", per.code()))) aria-current=[(per == view.filter.per).then_some("true")] { "Per " (per.title().to_lowercase()) } }
                }
            }
        }
    }
}

fn count_cell(view: &CoverageView, row: Option<&CoverageRow>, counts: &StatusCounts, status: CoverageStatus) -> Markup {
    let count = counts.get(status);
    html! { td class="figure" { @if count == 0 { span class="muted" { "0" } } @else { a href=(students_href(view, row, Some(status))) { (number(count)) } } } }
}

/// The statuses that occur, and always those everybody looks for.
fn shown(view: &CoverageView) -> impl Iterator<Item = CoverageStatus> {
    let always = [CoverageStatus::Kern, CoverageStatus::Schil, CoverageStatus::Unplaced];
    CoverageStatus::ALL.into_iter().filter(move |status| always.contains(status) || view.counts.get(*status) > 0)
}

fn coverage_table(view: &CoverageView) -> Markup {
    let head = html! {
        tr {
            th scope="col" { (view.filter.per.title()) }
            th scope="col" class="figure" { "Dekking" }
            th scope="col" class="figure" { "Studenten" }
            @for status in shown(view) { th scope="col" class="figure" { span class="head-sign" { (sign(sign_of(status))) (short(status)) } } }
        }
    };
    let line = |row: Option<&CoverageRow>, label: &str, counts: &StatusCounts| {
        html! {
            th scope="row" { (label) }
            td class="figure strong" { (percent(counts.covered(), counts.required())) }
            td class="figure" { a href=(students_href(view, row, None)) { (number(counts.required())) } }
            @for status in shown(view) { (count_cell(view, row, counts, status)) }
        }
    };
    let rows = html! {
        @for row in &view.rows { tr { (line(Some(row), &row.label, &row.counts)) } }
        tr class="total" { (line(None, "Samen", &view.counts)) }
    };
    table(&format!("Dekking per {}", view.filter.per.title().to_lowercase()), Density::Dense, &head, &rows)
}

fn explanation(view: &CoverageView) -> Markup {
    html! {
        details class="more" {
            summary { "Hoe dit getal wordt geteld" }
            p { "Dekking is het deel van de studenten dat volgens het kwaliteitskader wordt opgeleid. Wij delen het aantal studenten op een kernschool, of op een schilschool die aan de voorwaarden voldoet, door het aantal studenten dat een plek nodig heeft." }
            p { "Wie geen plek nodig heeft, of niet telbaar is, telt niet mee. Wie meer plekken heeft, telt één keer, met de minst gunstige plek. Het percentage wordt nooit naar boven afgerond." }
            p { "Van deze studenten " (crate::components::text::form(view.covered_for_funding, "telt", "tellen")) " er " strong { (number(view.covered_for_funding)) } " mee voor de bekostiging." }
            p class="small muted" { "Definitie " code { (view.definition) } }
        }
    }
}

/// `/rondes/{slug}/dekking`
pub fn coverage_page(frame: &Frame, view: &CoverageView) -> Markup {
    let path = view.round.path("dekking");
    let chart: Vec<_> = view
        .rows
        .iter()
        .map(|row| (row.label.clone(), REQUIRED.into_iter().map(|status| Segment { status, value: row.counts.get(status) }).collect()))
        .collect();
    let body = html! {
        (big_number(view))
        (filter_form(&path, view))
        (explanation(view))
        (grouping(&path, view))
        @if view.rows.is_empty() {
            (empty("Er is nog niets te tellen", &html! { p { a href="/importeren" { "Laad eerst studenten en plekken" } } }))
        } @else {
            figure class="panel" {
                (stacked_chart(&format!("Dekking per {}", view.filter.per.title().to_lowercase()), &chart))
                figcaption { (legend(&REQUIRED)) p class="small muted" { "Rechts van elke balk staat de dekking: kern en schil samen." } }
            }
            div class="table-bar" { p class="small muted" { "Elk getal is een link naar de studenten erachter." } (export(&href(&view.round.path("dekking.xlsx"), &with(&view.filter.filters(), "per", view.filter.per.code())))) }
            (coverage_table(view))
            @if shown(view).count() < CoverageStatus::ALL.len() { p class="small muted" { "Een status die nergens voorkomt, heeft geen kolom." } }
        }
    };
    page(frame, Title::new("Dekking").lead("Hoeveel studenten worden opgeleid volgens het kwaliteitskader?"), &body)
}

/// The students behind a number.
#[derive(Debug, Clone, Default)]
pub struct CoverageStudentsView {
    /// Which round.
    pub round: RoundRef,
    /// What was asked.
    pub filter: CoverageFilter,
    /// What was asked, in words: "Pabo voltijd · propedeuse · op 1 oktober 2026".
    pub scope: String,
    /// Other statuses of the same scope.
    pub statuses: Vec<Chip>,
    /// The rows of this page.
    pub rows: Vec<(StudentRow, String)>,
    /// Which page it is.
    pub paging: Paging,
}

/// `/rondes/{slug}/dekking/studenten`
pub fn coverage_students_page(frame: &Frame, view: &CoverageStudentsView) -> Markup {
    let path = view.round.path("dekking/studenten");
    let mut pairs = view.filter.filters();
    pairs.push(("status", &view.filter.status));
    let up = href(&view.round.path("dekking"), &view.filter.filters());
    let status = CoverageStatus::parse(&view.filter.status);
    let head = html! { tr { th scope="col" { "Student" } th scope="col" { "Opleiding" } th scope="col" { "Fase" } th scope="col" { "Status" } th scope="col" { "School" } th scope="col" { "Waarom" } } };
    let rows = html! {
        @for (student, reason) in &view.rows {
            tr {
                th scope="row" { a href=(view.round.path(&format!("studenten/{}", student.id))) { (student.name) } span class="row-code" { (student.number) } }
                td { (student.programme) }
                td { (student.phase) }
                td { (standing_with_mark(student)) }
                td { @if let Some((name, code)) = &student.school { a href=(view.round.path(&format!("scholen/{code}"))) { (name) } } @else { "–" } }
                td { (reason) }
            }
        }
    };
    let body = html! {
        (chips("Andere statussen", &view.statuses))
        @if view.rows.is_empty() { (empty("Er zijn geen studenten met deze status", &html! { p { a href=(up) { "Terug naar de dekking" } } })) }
        @else {
            div class="table-bar" { (pagination(&path, &pairs, &view.paging)) (export(&href(&view.round.path("dekking/studenten.xlsx"), &pairs))) }
            (table("Studenten achter dit getal", Density::Dense, &head, &rows))
        }
        p { a class="quiet-link" href=(up) { (icon(Icon::Undo)) "Terug naar de dekking" } }
    };
    let words = match status {
        Some(status) => format!("{}: {}", counted(view.paging.rows, "student", "studenten"), status.dutch()),
        None => format!("{} die meetellen", counted(view.paging.rows, "student", "studenten")),
    };
    page(frame, Title::new(&words).lead(&view.scope).trail(&[(&view.round.name, &view.round.path("")), ("Dekking", &up)]), &body)
}
