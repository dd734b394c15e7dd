//! Where places are short: for whom, by how many, what is full, and what one more would bring.

use maud::{Markup, html};

use crate::charts::{Bar, bullet_chart, bullet_key};
use crate::components::figures::empty;
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, page};
use crate::components::status::warning;
use crate::components::table::{Density, export, table};
use crate::components::text::{counted, number};

/// A capacity that is full.
#[derive(Debug, Clone, Default)]
pub struct CapacityLine {
    /// What it is, in words.
    pub label: String,
    /// Where more is known about it.
    pub href: Option<String>,
    /// What one more would bring, one sentence per level that changes; empty when that was not worked out.
    pub brings: Vec<String>,
}

/// Students without a place who need the same.
#[derive(Debug, Clone, Default)]
pub struct PartLine {
    /// Who: phase, groups, days, period, partnership.
    pub who: String,
    /// How many.
    pub short: u32,
    /// Where they are.
    pub href: Option<String>,
}

/// A group of students who together have too few places.
#[derive(Debug, Clone, Default)]
pub struct ShortageCard {
    /// Places that are short.
    pub short: u32,
    /// Students who want the same places.
    pub students: u32,
    /// Towns of the schools that are full, in words.
    pub towns: String,
    /// The students without a place, divided.
    pub parts: Vec<PartLine>,
    /// What is full.
    pub capacities: Vec<CapacityLine>,
    /// Why no place suits, where that is so.
    pub reasons: Vec<String>,
}

/// Full capacities shown at once.
const FEW: usize = 6;

fn capacity(line: &CapacityLine) -> Markup {
    html! {
        li {
            @match &line.href { Some(href) => { a href=(href) { (line.label) } }, None => (line.label) }
            @if !line.brings.is_empty() { p class="hint" { "Eén erbij geeft: " (line.brings.join(" ")) } }
        }
    }
}

fn full(card: &ShortageCard) -> Markup {
    let (first, rest) = card.capacities.split_at(card.capacities.len().min(FEW));
    html! {
        @if card.capacities.is_empty() {
            h4 { "Waarom er geen plek past" }
            ul class="bullets" { @for sentence in &card.reasons { li { (sentence) } } }
        } @else {
            h4 { "Wat vol is" }
            ul class="bullets" { @for line in first { (capacity(line)) } }
            @if !rest.is_empty() {
                details class="more-inline" { summary { "en nog " (rest.len()) } ul class="bullets" { @for line in rest { (capacity(line)) } } }
            }
        }
    }
}

fn card(at: usize, card: &ShortageCard) -> Markup {
    let head = html! { tr { th scope="col" { "Voor wie" } th scope="col" class="figure" { "Te kort" } } };
    let rows = html! {
        @for part in &card.parts {
            tr {
                th scope="row" { (part.who) }
                td class="figure" { @match &part.href { Some(href) => { a href=(href) { (number(part.short)) span class="visually-hidden" { " studenten, " (part.who) } } }, None => (number(part.short)) } }
            }
        }
    };
    html! {
        li class="shortage" {
            h3 { span class="signal-text" { (counted(card.short, "plek", "plekken")) } " te kort" @if !card.towns.is_empty() { " in " (card.towns) } }
            @if !card.capacities.is_empty() {
                p class="muted" { (counted(card.students, "student wil", "studenten willen")) " deze plekken; voor " (number(card.students.saturating_sub(card.short))) " is er plaats." }
            }
            div class="two-columns even" {
                div { (table(&format!("Studenten zonder plek, tekort {}", at + 1), Density::Dense, &head, &rows)) }
                div { (full(card)) }
            }
        }
    }
}

/// Shortages, the largest first.
pub fn cards(list: &[ShortageCard]) -> Markup {
    html! { ul class="plain shortages" { @for (at, one) in list.iter().enumerate() { (card(at, one)) } } }
}

/// The shortages of a round.
#[derive(Debug, Clone, Default)]
pub struct ShortagesView {
    /// Which round.
    pub round: RoundRef,
    /// Of which proposal, in words; empty when none was made.
    pub made: String,
    /// Whether the round changed since; a sentence then.
    pub outdated: String,
    /// Places short in all.
    pub short: u32,
    /// The shortages.
    pub shortages: Vec<ShortageCard>,
    /// Places against need, per phase and period.
    pub bars: Vec<Bar>,
    /// Where the students of each bar are.
    pub bar_hrefs: Vec<String>,
    /// Where the workbook is.
    pub export_href: String,
    /// Where a scenario with more students is made.
    pub more_students_href: String,
}

fn balance(view: &ShortagesView) -> Markup {
    let head = html! { tr { th scope="col" { "Fase en periode" } th scope="col" class="figure" { "Nodig" } th scope="col" class="figure" { "Plekken" } th scope="col" class="figure" { "Over of te kort" } } };
    let rows = html! {
        @for (bar, href) in view.bars.iter().zip(&view.bar_hrefs) {
            tr {
                th scope="row" { a href=(href) { (bar.label) } }
                td class="figure" { (number(bar.target)) }
                td class="figure" { (number(bar.value)) }
                td class="figure" { @if bar.value < bar.target { span class="signal-text" { (number(bar.target - bar.value)) " te kort" } } @else { (number(bar.value - bar.target)) " over" } }
            }
        }
    };
    let short: Vec<_> = view.bars.iter().filter(|bar| bar.value < bar.target).collect();
    html! {
        section class="panel" aria-labelledby="balans" {
            h2 id="balans" { "Vraag en plekken per fase en periode" }
            p {
                @match short.as_slice() {
                    [] => "Geteld per fase zijn er overal genoeg plekken. Een tekort zit dan in de plaats, de groepen, de dagen of de opleiders.",
                    [one] => { "Bij " (one.label) " zijn er te weinig plekken: " (number(one.target)) " nodig, " (number(one.value)) " aangeboden." },
                    many => { "Bij " (number(u32::try_from(many.len()).unwrap_or(u32::MAX))) " fasen zijn er te weinig plekken." },
                }
                " Een plek voor meer fasen telt bij elk van die fasen mee."
            }
            figure class="plain-figure" { (bullet_chart("Vraag en plekken per fase en periode", &view.bars)) (bullet_key()) }
            details class="figures-table" { summary { "Dezelfde cijfers in een tabel" } (table("Vraag en plekken", Density::Dense, &head, &rows)) }
        }
    }
}

/// `/rondes/{slug}/tekorten`
pub fn shortages_page(frame: &Frame, view: &ShortagesView) -> Markup {
    let body = html! {
        @if view.made.is_empty() {
            (empty("Er is nog geen voorstel", &html! { p { "Een tekort blijkt als iedereen tegelijk is geplaatst. Maak eerst een voorstel." } p { a class="button" href=(view.round.path("voorstel")) { "Naar het voorstel" } } }))
        } @else {
            section class="panel" aria-labelledby="tekorten" {
                div class="panel-head" {
                    div { h2 id="tekorten" { @if view.short == 0 { "Geen tekort" } @else { (counted(view.short, "plek", "plekken")) " te kort" } } p class="muted" { (view.made) } }
                    (export(&view.export_href))
                }
                @if !view.outdated.is_empty() { (warning(&html! { p { (view.outdated) } p { a href=(view.round.path("voorstel")) { "Maak een nieuw voorstel" } } })) }
                @if view.shortages.is_empty() { p { "Iedereen die een plek nodig heeft, heeft er een." } }
                @else {
                    p class="hint" { "Voor deze groepen bestaat geen oplossing zonder extra plekken of opleiders: dat is bewezen. Vraag deze scholen om meer, of zoek nieuwe scholen in de buurt." }
                    (cards(&view.shortages))
                }
            }
        }
        @if !view.bars.is_empty() { (balance(view)) }
        section class="panel" aria-labelledby="straks" {
            h2 id="straks" { "En als er meer studenten komen?" }
            p { "Reken door waar plekken of opleiders tekort komen als de instroom 25% hoger wordt." }
            p { a class="button button-second" href=(view.more_students_href) { "Maak dat scenario" } }
        }
    };
    page(frame, Title::new("Tekorten").lead("Waar plekken of opleiders te weinig zijn, voor wie, en wat één erbij oplevert."), &body)
}

/// A student without a place.
#[derive(Debug, Clone)]
pub struct ShortStudent {
    /// Name as in a list.
    pub name: String,
    /// Number at the institute.
    pub number: String,
    /// Why there is no place.
    pub why_href: String,
    /// Where a place can be chosen by hand.
    pub board_href: String,
}

/// The students behind a figure.
#[derive(Debug, Clone, Default)]
pub struct ShortStudentsView {
    /// Which round.
    pub round: RoundRef,
    /// What they need.
    pub who: String,
    /// The students, by name.
    pub rows: Vec<ShortStudent>,
}

/// `/rondes/{slug}/tekorten/studenten`
pub fn short_students_page(frame: &Frame, view: &ShortStudentsView) -> Markup {
    let head = html! { tr { th scope="col" { "Student" } th scope="col" { "Studentnummer" } th scope="col" { "Verder" } } };
    let rows = html! {
        @for row in &view.rows {
            tr {
                th scope="row" { (row.name) }
                td { (row.number) }
                td { a href=(row.why_href) { "Waarom geen plek?" span class="visually-hidden" { " " (row.name) } } " · " a href=(row.board_href) { "Plaatsbord" span class="visually-hidden" { ", " (row.name) } } }
            }
        }
    };
    let lead =
        format!("{} zonder plek: {}.", counted(u32::try_from(view.rows.len()).unwrap_or(u32::MAX), "student", "studenten"), view.who);
    let up = view.round.path("tekorten");
    page(
        frame,
        Title::new("Wie een plek tekort komt").lead(&lead).trail(&[("Tekorten", &up)]),
        &table("Studenten zonder plek", Density::Roomy, &head, &rows),
    )
}
