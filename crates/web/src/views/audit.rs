//! The log: who did what, the newest first.

use maud::{Markup, html};
use serde::Deserialize;

use crate::components::figures::empty;
use crate::components::filters::{FilterOption, apply, hidden, select};
use crate::components::page::{Frame, Title, page};
use crate::components::table::{Density, Paging, export, pagination, pagination_below, table};
use crate::components::text::counted;
use crate::components::url::{href, with};

/// Address of the log.
pub const PATH: &str = "/logboek";

/// What is asked of the log, as it stands in the address: identifiers, codes and dates. Empty means no filter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LogFilter {
    /// Identifier of an account, or `geen`.
    pub wie: String,
    /// Code of a group of kinds.
    pub groep: String,
    /// Code of a kind.
    pub soort: String,
    /// What it is about: an identifier, a name of a round in addresses, or a route.
    pub onderwerp: String,
    /// First day, such as `2026-10-01`.
    pub van: String,
    /// Last day.
    pub tot: String,
    /// Page, from 1; 0 means the first.
    pub pagina: u32,
    /// Rows on a page; 0 means 50.
    pub aantal: u32,
}

impl LogFilter {
    fn filters(&self) -> Vec<(&'static str, &str)> {
        let pairs = [
            ("wie", self.wie.as_str()),
            ("groep", &self.groep),
            ("soort", &self.soort),
            ("onderwerp", &self.onderwerp),
            ("van", &self.van),
            ("tot", &self.tot),
        ];
        pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = self.filters();
        pairs.push(("aantal", if self.aantal == 100 { "100" } else { "" }));
        pairs
    }
}

/// The log.
#[derive(Debug, Clone, Default)]
pub struct LogView {
    /// What was asked.
    pub filter: LogFilter,
    /// Everybody whose events can be asked for.
    pub people: Vec<FilterOption>,
    /// Groups of kinds.
    pub groups: Vec<FilterOption>,
    /// Kinds.
    pub kinds: Vec<FilterOption>,
    /// What is wrong with the first day, or nothing.
    pub from_error: String,
    /// What is wrong with the last day, or nothing.
    pub until_error: String,
    /// The events of this page, by day.
    pub days: Vec<LogDay>,
    /// Which page it is.
    pub paging: Paging,
}

/// The events of a day, the newest first.
#[derive(Debug, Clone, Default)]
pub struct LogDay {
    /// The day: `zondag 22 november 2026`.
    pub title: String,
    /// Its events.
    pub events: Vec<LogEvent>,
}

/// One event.
#[derive(Debug, Clone, Default)]
pub struct LogEvent {
    /// Place in the log; 0 when that is not told.
    pub seq: i64,
    /// Time of the day: `14.05`; empty when the row cannot be read.
    pub time: String,
    /// The moment for machines.
    pub moment: String,
    /// What happened, up to what it was about.
    pub lead: String,
    /// What it was about, and where the page about that is.
    pub about: Option<(String, Option<String>)>,
    /// The rest of the sentence.
    pub tail: String,
    /// The role in which it was done, or nothing.
    pub role: String,
    /// Number of the request, or nothing.
    pub request: String,
    /// Value of the filter for everything about the same, or nothing.
    pub subject: String,
    /// Before and after.
    pub details: Vec<LogDetail>,
}

/// One thing before and after.
#[derive(Debug, Clone, Default)]
pub struct LogDetail {
    /// What.
    pub label: String,
    /// What it was.
    pub before: String,
    /// What it is.
    pub after: String,
}

fn details(event: &LogEvent) -> Markup {
    let compares = event.details.iter().any(|detail| !detail.before.is_empty());
    let caption = if event.seq > 0 { format!("Gebeurtenis {}", event.seq) } else { "Deze gebeurtenis".to_owned() };
    let head = html! {
        tr {
            th scope="col" { "Wat" }
            @if compares { th scope="col" { "Was" } th scope="col" { "Is" } } @else { th scope="col" { "Gegeven" } }
        }
    };
    let value = |text: &str| html! { @if text.is_empty() { span class="muted" { "–" } } @else { (text) } };
    let rows = html! {
        @for detail in &event.details {
            tr {
                th scope="row" { (detail.label) }
                @if compares { td { (value(&detail.before)) } }
                td { (value(&detail.after)) }
            }
        }
    };
    html! {
        @if !event.details.is_empty() {
            details class="event-details" {
                summary { @if compares { "Wat er veranderde" } @else { "Gegevens" } }
                (table(&caption, Density::Dense, &head, &rows))
            }
        }
    }
}

/// Whether an event leads to everything about the same.
#[derive(Debug, Clone, Copy)]
enum Alike<'a> {
    /// It does, with these filters.
    Linked(&'a LogFilter),
    /// Everything that is shown is about the same.
    All,
}

/// Events by day, all about the same.
pub(super) fn day_list(days: &[LogDay]) -> Markup {
    listed(days, Alike::All)
}

fn listed(days: &[LogDay], alike: Alike<'_>) -> Markup {
    html! {
        @for day in days {
            section class="log-day" {
                h2 { (day.title) }
                ol class="events" { @for one in &day.events { (event(one, alike)) } }
            }
        }
    }
}

fn event(event: &LogEvent, alike: Alike<'_>) -> Markup {
    html! {
        li class="event" {
            p class="event-time" {
                @if event.time.is_empty() { span class="muted" { "–" } } @else { time datetime=(event.moment) { (event.time) } }
            }
            div class="event-what" {
                p class="event-sentence" {
                    (event.lead)
                    @if let Some((words, page)) = &event.about {
                        @match page { Some(page) => { a href=(page) { (words) } } None => { (words) } }
                    }
                    (event.tail)
                }
                ul class="event-facts" {
                    @if !event.role.is_empty() { li { "als " (event.role) } }
                    @if event.seq > 0 { li { "nr. " (event.seq) } }
                    @if !event.request.is_empty() { li { "verzoek " code { (event.request) } } }
                    @if let Alike::Linked(filter) = alike && !event.subject.is_empty() && filter.onderwerp.is_empty() {
                        li { a href=(href(PATH, &with(&filter.pairs(), "onderwerp", &event.subject))) { "alles hierover" span class="visually-hidden" { ", gebeurtenis " (event.seq) } } }
                    }
                }
                (details(event))
            }
        }
    }
}

fn date(name: &str, label: &str, value: &str, error: &str) -> Markup {
    html! {
        div class={ "filter filter-date" @if !error.is_empty() { " field-wrong" } } {
            label for={ "filter-" (name) } { (label) }
            @if !error.is_empty() { p class="field-error" id={ "fout-" (name) } { strong { "Fout: " } (error) } }
            input class="input input-date" type="date" id={ "filter-" (name) } name=(name) value=(value) aria-describedby=[(!error.is_empty()).then(|| format!("fout-{name}"))];
        }
    }
}

fn filter_form(view: &LogView) -> Markup {
    let filter = &view.filter;
    html! {
        form class="filters" method="get" action=(PATH) role="search" aria-label="Logboek filteren" {
            (select("wie", "Wie", "Iedereen", &filter.wie, &view.people))
            (select("groep", "Onderwerp", "Alle", &filter.groep, &view.groups))
            (select("soort", "Wat", "Alles", &filter.soort, &view.kinds))
            (date("van", "Van", &filter.van, &view.from_error))
            (date("tot", "Tot en met", &filter.tot, &view.until_error))
            (hidden(&[("onderwerp", filter.onderwerp.as_str()), ("aantal", if filter.aantal == 100 { "100" } else { "" })]))
            (apply((!filter.filters().is_empty()).then_some(PATH)))
        }
    }
}

/// `/logboek`
pub fn log_page(frame: &Frame, view: &LogView) -> Markup {
    let pairs = view.filter.pairs();
    let body = html! {
        (filter_form(view))
        @if !view.filter.onderwerp.is_empty() {
            p class="log-narrowed" {
                "U ziet alleen gebeurtenissen over hetzelfde. "
                a href=(href(PATH, &with(&pairs, "onderwerp", ""))) { "Toon weer alles" }
            }
        }
        @if view.days.is_empty() {
            @if view.filter.filters().is_empty() {
                (empty("Er is nog niets gebeurd", &html! { p { "Zodra iemand inlogt of iets wijzigt, staat het hier." } }))
            } @else {
                (empty("Geen gebeurtenis past bij deze filters", &html! { p { a href=(PATH) { "Wis de filters" } } }))
            }
        } @else {
            div class="table-bar" { (pagination(PATH, &pairs, &view.paging)) (export(&href("/logboek.xlsx", &pairs))) }
            (listed(&view.days, Alike::Linked(&view.filter)))
            (pagination_below(PATH, &pairs, &view.paging))
        }
    };
    let lead = format!("Wie wat deed, het nieuwste eerst: {}.", counted(view.paging.rows, "gebeurtenis", "gebeurtenissen"));
    page(frame, Title::new("Logboek").lead(&lead), &body)
}
