//! The waiting list: who has no place, in order, with what is free now that fits.

use maud::{Markup, html};
use serde::Deserialize;

use crate::components::figures::empty;
use crate::components::filters::{FilterOption, apply, select};
use crate::components::forms::csrf;
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, page};
use crate::components::table::{Density, Paging, export, pagination, pagination_below, table};
use crate::components::text::{counted, number};
use crate::components::url::href;
use kernschil_domain::access::Permission;

/// What is asked of the list, as it stands in the address. Empty means no filter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct WaitingFilter {
    /// Code of a study phase.
    pub fase: String,
    /// Name of a period.
    pub periode: String,
    /// Page, from 1; 0 means the first.
    pub pagina: u32,
    /// Rows on a page; 0 means 50.
    pub aantal: u32,
}

impl WaitingFilter {
    fn filters(&self) -> Vec<(&'static str, &str)> {
        [("fase", self.fase.as_str()), ("periode", &self.periode)].into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = self.filters();
        pairs.push(("aantal", if self.aantal == 100 { "100" } else { "" }));
        pairs
    }
}

/// How somebody gets a place from here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Placing {
    /// At once, with letters: the round was announced.
    AtOnce,
    /// On the placement board: nobody was told yet.
    #[default]
    OnTheBoard,
    /// Not now.
    NotNow,
}

/// The waiting list.
#[derive(Debug, Clone, Default)]
pub struct WaitingView {
    /// Which round.
    pub round: RoundRef,
    /// What was asked.
    pub filter: WaitingFilter,
    /// The rule of the order.
    pub rule: String,
    /// Study phases to choose from.
    pub phases: Vec<FilterOption>,
    /// Periods to choose from.
    pub periods: Vec<FilterOption>,
    /// The rows of this page.
    pub rows: Vec<WaitingLine>,
    /// Which page it is.
    pub paging: Paging,
    /// How somebody gets a place.
    pub placing: Placing,
}

/// Somebody who waits.
#[derive(Debug, Clone)]
pub struct WaitingLine {
    /// Place on the list.
    pub rank: u32,
    /// Identifier of the student.
    pub student: String,
    /// The demand.
    pub demand: String,
    /// Name.
    pub name: String,
    /// Number at the institute.
    pub number: String,
    /// Phase, with a word when it is the final one.
    pub phase: String,
    /// Name of the period.
    pub period: String,
    /// Since when, and what was before.
    pub since: String,
    /// Whether the student was left out by hand, in words, or nothing.
    pub turn: String,
    /// Places that fit now.
    pub free: Vec<FreePlace>,
    /// How many fit in all.
    pub free_count: u32,
}

/// A place that fits now.
#[derive(Debug, Clone)]
pub struct FreePlace {
    /// The offer.
    pub offer: String,
    /// School, with what it counts as and the trip.
    pub words: String,
}

fn place_form(frame: &Frame, view: &WaitingView, line: &WaitingLine) -> Markup {
    let may_place = frame.may.has(Permission::Mutate);
    html! {
        @if line.free.is_empty() { span class="muted" { "Nu past er geen vrije plek." } }
        @else if view.placing == Placing::AtOnce && may_place {
            form class="row-form" method="post" action=(view.round.path("wachtlijst/plaats")) {
                (csrf(&frame.csrf))
                input type="hidden" name="vraag" value=(line.demand);
                label class="visually-hidden" for={ "plek-" (line.demand) } { "Plek voor " (line.name) }
                select class="input" id={ "plek-" (line.demand) } name="plek" {
                    @for place in &line.free { option value=(place.offer) { (place.words) } }
                }
                button class="button button-second" type="submit" { "Plaats en stuur brieven" span class="visually-hidden" { ", " (line.name) } }
            }
            @if usize::try_from(line.free_count).unwrap_or(0) > line.free.len() { p class="small muted" { "De beste " (line.free.len()) " van " (number(line.free_count)) "." } }
        } @else {
            ul class="plain" { @for place in &line.free { li { (place.words) } } }
            @if view.placing == Placing::OnTheBoard { a href=(view.round.path(&format!("plaatsbord?vraag={}", line.demand))) { "Kies een plek op het plaatsbord" span class="visually-hidden" { " voor " (line.name) } } }
        }
    }
}

/// `/rondes/{slug}/wachtlijst`
pub fn waiting_page(frame: &Frame, view: &WaitingView) -> Markup {
    let path = view.round.path("wachtlijst");
    let pairs = view.filter.pairs();
    let head = html! {
        tr {
            th scope="col" { "Student" }
            th scope="col" class="figure" { "Nr." }
            th scope="col" { "Fase" }
            th scope="col" { "Periode" }
            th scope="col" { "Wacht sinds" }
            th scope="col" { "Nu vrij en past" }
        }
    };
    let rows = html! {
        @for line in &view.rows {
            tr {
                th scope="row" { a href=(view.round.path(&format!("studenten/{}", line.student))) { (line.name) } span class="row-code" { (line.number) } }
                td class="figure" { (number(line.rank)) }
                td { (line.phase) }
                td { (line.period) }
                td { (line.since) @if !line.turn.is_empty() { span class="row-code" { (line.turn) } } }
                td { (place_form(frame, view, line)) }
            }
        }
    };
    let body = html! {
        @if view.rows.is_empty() && view.filter.filters().is_empty() {
            (empty("Niemand wacht", &html! { p { "Iedereen die een plek nodig heeft, heeft er een." } }))
        } @else {
            p { strong { "Volgorde: " } (view.rule) }
            form class="filters" method="get" action=(path) aria-label="Wachtlijst filteren" {
                (select("fase", "Fase", "Alle fasen", &view.filter.fase, &view.phases))
                (select("periode", "Periode", "Alle perioden", &view.filter.periode, &view.periods))
                (apply((!view.filter.filters().is_empty()).then_some(&path)))
            }
            @if view.rows.is_empty() { (empty("Niemand past bij deze filters", &html! { p { a href=(path) { "Wis de filters" } } })) }
            @else {
                div class="table-bar" {
                    (pagination(&path, &pairs, &view.paging))
                    @if frame.may.has(Permission::ExportStudents) { (export(&href(&view.round.path("wachtlijst.xlsx"), &pairs))) }
                }
                (table("Studenten zonder plek", Density::Dense, &head, &rows))
                (pagination_below(&path, &pairs, &view.paging))
            }
        }
    };
    let lead = format!("{} zonder plek. Dezelfde volgorde geldt voor iedereen.", counted(view.paging.rows, "student", "studenten"));
    page(frame, Title::new("Wachtlijst").lead(&lead).trail(&[(&view.round.name, &view.round.path(""))]), &body)
}
