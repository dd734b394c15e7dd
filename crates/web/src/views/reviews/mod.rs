//! Peer reviews: the calendar, making one, its dossier, and the steps that new ones get.

mod dossier;
mod form;
mod log;
mod steps;

use maud::{Markup, html};

pub use dossier::{DossierView, MissingLine, MoveButton, MoveLine, PartLink, PhaseMark, PhasePlace, StepLine, dossier_page};
pub use form::{Carried, DetailsView, NewReviewView, Shift, YearField, details_page, new_review_page};
pub use log::{ReviewLogView, review_log_page};
pub use steps::{NewStep, Removal, ReviewStepsView, StepFields, TemplateLine, TemplatesView, review_steps_page, templates_page};

use crate::charts::{TimelineRow, timeline_chart};
use crate::components::figures::empty;
use crate::components::filters::{FilterOption, apply, search, select};
use crate::components::icons::{Icon, icon};
use crate::components::page::{Frame, Title, page};
use crate::components::status::{Tone, tag, warning};
use crate::components::table::{Density, Direction, Order, Paging, export, pagination, pagination_below, table};

/// A review in the list.
#[derive(Debug, Clone)]
pub struct CalendarLine {
    /// Its name.
    pub name: String,
    /// Its dossier, for who may open it.
    pub href: Option<String>,
    /// Its report, where that was published.
    pub report: Option<String>,
    /// Whose it is.
    pub receiver: String,
    /// Names of its regions.
    pub regions: String,
    /// Its kind.
    pub kind: String,
    /// How far it is.
    pub state: (Tone, String),
    /// The year or day it stands on.
    pub when: String,
    /// Whose turn it is, in a sentence; empty when it is nobody's.
    pub turn: String,
    /// Everything to look at.
    pub warnings: Vec<String>,
}

/// Visits of one partnership to others.
#[derive(Debug, Clone)]
pub struct VisitsLine {
    /// The partnership.
    pub partnership: String,
    /// Visits paid.
    pub paid: usize,
    /// Visits it still owes.
    pub owed: usize,
    /// Where its peers are with what they visited, for who may see them.
    pub href: Option<String>,
}

/// What somebody asked for.
#[derive(Debug, Clone, Default)]
pub struct CalendarFilter {
    /// Words.
    pub text: String,
    /// Year.
    pub year: String,
    /// Region.
    pub region: String,
    /// Kind.
    pub kind: String,
    /// State.
    pub state: String,
    /// The column it is ordered by.
    pub order: String,
    /// Which way.
    pub direction: Direction,
    /// Rows on a page that were asked for; 0 for the usual number.
    pub per_page: u32,
}

impl CalendarFilter {
    fn is_empty(&self) -> bool {
        [&self.text, &self.year, &self.region, &self.kind, &self.state].iter().all(|value| value.is_empty())
    }
}

/// The calendar of reviews.
#[derive(Debug, Clone, Default)]
pub struct CalendarView {
    /// What was asked for.
    pub filter: CalendarFilter,
    /// Years to choose.
    pub years: Vec<FilterOption>,
    /// Regions to choose.
    pub regions: Vec<FilterOption>,
    /// Kinds to choose.
    pub kinds: Vec<FilterOption>,
    /// States to choose.
    pub states: Vec<FilterOption>,
    /// The reviews of this page.
    pub lines: Vec<CalendarLine>,
    /// Which part of them is on the page.
    pub paging: Paging,
    /// How many there are, whatever was asked for.
    pub total: usize,
    /// A sentence about the deadline.
    pub deadline: String,
    /// Regions without a review up to the deadline.
    pub without: Vec<String>,
    /// The time line.
    pub timeline: Vec<TimelineRow>,
    /// Its years.
    pub span: (i32, i32),
    /// The year the line stands at the end of.
    pub last: i32,
    /// A sentence under the time line.
    pub sentence: String,
    /// Visits that partnerships pay and owe.
    pub visits: Vec<VisitsLine>,
    /// How many visits count for nobody, in a sentence; empty without any.
    pub visits_for_nobody: String,
    /// Where peers are, for who may see them.
    pub peers_href: Option<String>,
    /// Where the workbook is.
    pub export_href: String,
    /// Where the days for one's own calendar are.
    pub days_href: String,
    /// Whether the reader may put a review on it.
    pub may_make: MayMake,
    /// Where the steps of new reviews are changed, for who may.
    pub steps_href: Option<String>,
}

/// Whether somebody may put a review on the calendar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MayMake {
    /// She may.
    Yes,
    /// She may not.
    #[default]
    No,
}

fn lines(view: &CalendarView) -> Markup {
    let (asked, per_page) = (&view.filter, view.filter.per_page.to_string());
    let pairs = [
        ("zoek", asked.text.as_str()),
        ("jaar", &asked.year),
        ("regio", &asked.region),
        ("soort", &asked.kind),
        ("stand", &asked.state),
        ("volgorde", &asked.order),
        ("richting", asked.direction.value()),
        ("aantal", if asked.per_page == 0 { "" } else { &per_page }),
    ];
    let order = Order { path: "/peer-reviews", pairs: &pairs, column: &asked.order, direction: asked.direction };
    let head = html! {
        tr {
            (order.head("naam", "Peer review"))
            (order.head("jaar", "Wanneer"))
            (order.head("stand", "Stand"))
            (order.head("aan-zet", "Wie is aan zet"))
            th scope="col" { "Let op" }
        }
    };
    let rows = html! {
        @for line in &view.lines {
            tr {
                th scope="row" {
                    @if let Some(href) = &line.href { a href=(href) { (line.name) } } @else { (line.name) }
                    span class="row-code" { (line.kind) ", " (line.receiver) }
                    @if !line.regions.is_empty() && line.regions != line.receiver { span class="row-code" { (line.regions) } }
                    @if let Some(report) = &line.report {
                        span class="row-code" { a href=(report) { "Rapport" span class="visually-hidden" { ": " (line.name) } } }
                    }
                }
                td { (line.when) }
                td { (tag(line.state.0, &line.state.1)) }
                td { @if line.turn.is_empty() { "–" } @else { (line.turn) } }
                td { @for words in &line.warnings { p class="small signal-text" { (words) } } @if line.warnings.is_empty() { "–" } }
            }
        }
    };
    html! {
        @if view.paging.pages() > 1 || view.paging.per_page > 50 { (pagination("/peer-reviews", &pairs, &view.paging)) }
        (table("Peer reviews", Density::Roomy, &head, &rows))
        (pagination_below("/peer-reviews", &pairs, &view.paging))
    }
}

fn filters(view: &CalendarView) -> Markup {
    let asked = &view.filter;
    html! {
        form class="filters" method="get" action="/peer-reviews" {
            (search("zoek", "Zoek op naam", &asked.text))
            (select("jaar", "Jaar", "Alle jaren", &asked.year, &view.years))
            (select("regio", "Regio", "Alle regio's", &asked.region, &view.regions))
            (select("soort", "Soort", "Beide soorten", &asked.kind, &view.kinds))
            (select("stand", "Stand", "Alle standen", &asked.state, &view.states))
            (apply((!asked.is_empty()).then_some("/peer-reviews")))
        }
    }
}

fn visits(view: &CalendarView) -> Markup {
    let head = html! { tr { th scope="col" { "Partnerschap" } th scope="col" class="figure" { "Gebracht" } th scope="col" class="figure" { "Nog te brengen" } } };
    let rows = html! {
        @for line in &view.visits {
            tr {
                th scope="row" { (line.partnership) }
                td class="figure" {
                    @if let Some(href) = &line.href {
                        a href=(href) { (line.paid) span class="visually-hidden" { " bezoeken van " (line.partnership) } }
                    } @else { (line.paid) }
                }
                td class="figure" { @if line.owed > 0 { span class="signal-text" { (line.owed) } } @else { "0" } }
            }
        }
    };
    html! {
        @if !view.visits.is_empty() {
            section class="panel" aria-labelledby="bezoeken" {
                h2 id="bezoeken" { "Bezoeken bij anderen" }
                p class="panel-lead" { "Elk partnerschap gaat in zes jaar ten minste twee keer als peer op bezoek bij een ander." }
                (table("Bezoeken in de laatste zes jaar", Density::Roomy, &head, &rows))
                @if !view.visits_for_nobody.is_empty() {
                    p { (view.visits_for_nobody) @if let Some(href) = &view.peers_href { " " a href=(href) { "Vul dat in bij de peers" } } }
                }
            }
        }
    }
}

fn timeline(view: &CalendarView) -> Markup {
    html! {
        @if !view.timeline.is_empty() {
            section class="panel" aria-labelledby="tijdlijn" {
                h2 id="tijdlijn" { "Tijdlijn tot en met 2029" }
                p { (view.sentence) }
                (timeline_chart("Peer reviews per jaar", &(view.span.0..=view.span.1), view.last, &view.timeline))
                p class="small muted" { "Dicht: gehouden. Open: gepland. Met een vraagteken: documenten spreken elkaar tegen. De dikke streep is 31 december " (view.last) ". De tabel hieronder zegt hetzelfde." }
            }
        }
    }
}

/// `/peer-reviews`
pub fn calendar_page(frame: &Frame, view: &CalendarView) -> Markup {
    let make = html! { @if view.may_make == MayMake::Yes { a class="button" href="/peer-reviews/nieuw" { "Zet een peer review op de kalender" } } };
    let body = html! {
        @if !view.without.is_empty() {
            (warning(&html! { p { (view.deadline) } ul class="points" { @for name in &view.without { li { (name) } } } }))
        }
        @if view.total == 0 {
            (empty("Er staat nog geen peer review op de kalender", &html! {
                p { "Een peer review is van een partnerschap of een regio. U begint met een naam, de soort en het jaar; de bezoekdag en het panel volgen later." }
                p { (make) }
            }))
        } @else {
            (timeline(view))
            section class="panel" aria-labelledby="kalender" {
                div class="panel-head" { h2 id="kalender" { "Alle peer reviews" } (make) }
                (filters(view))
                @if view.lines.is_empty() {
                    (empty("Geen peer review past hierbij", &html! { p { a href="/peer-reviews" { "Wis de filters" } } }))
                } @else {
                    (lines(view))
                    (export(&view.export_href))
                    p { a class="quiet-link" href=(view.days_href) { (icon(Icon::Download)) "Zet deze dagen in uw eigen agenda (.ics)" } }
                }
            }
        }
        (visits(view))
        @if let Some(href) = &view.steps_href { p { a href=(href) { "Stappen van nieuwe peer reviews wijzigen" } } }
    };
    let lead = "Welke peer reviews er zijn en komen, wie aan zet is, en wat vóór het einde van 2029 nog moet.";
    page(frame, Title::new("Reviewkalender").lead(lead), &body)
}
