//! What came out of a proposal: exceptions first, then figures, shortages and proof.

use maud::{Markup, html};

use crate::charts::{Column, Segment, column_chart, stacked_chart};
use crate::components::figures::{Figure, figures};
use crate::components::icons::{Icon, icon};
use crate::components::nav::RoundRef;
use crate::components::signs::{REQUIRED, Sign, StatusCounts, legend};
use crate::components::table::{Density, table};
use crate::components::text::{counted, form, number};

/// The result of an allocation run.
#[derive(Debug, Clone, Default)]
pub struct ProposalResult {
    /// When, in words.
    pub made: String,
    /// Whether it still answers the data.
    pub freshness: Freshness,
    /// The number that decided between equals.
    pub seed: String,
    /// Short form of the fingerprint of what went in.
    pub input_hash: String,
    /// Whether a separate check proved that nothing better exists.
    pub proof: Proof,
    /// How the students stand now, with everything that was placed by hand.
    pub counts: StatusCounts,
    /// Places without anything to look at, now.
    pub clear: u32,
    /// Places that are not given, now.
    pub unplaced: u32,
    /// Places with something to look at, now.
    pub remarkable: u32,
    /// Each aim with what it came to.
    pub levels: Vec<LevelResult>,
    /// Groups of students for whom there is too little.
    pub shortages: Vec<Shortage>,
    /// How many got their first wish, and so on.
    pub wishes: Vec<Column>,
    /// Travel times.
    pub travel: Vec<Column>,
}

/// Whether the result still answers the data.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Freshness {
    /// It does.
    #[default]
    Current,
    /// Something changed since.
    Outdated,
}

/// Whether the result was proved to be the best.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Proof {
    /// A separate check proved it.
    Proven,
    /// It was not checked.
    #[default]
    Unchecked,
}

/// An aim with what it came to.
#[derive(Debug, Clone)]
pub struct LevelResult {
    /// The aim as a sentence.
    pub aim: String,
    /// What it came to, in words: "38 studenten".
    pub outcome: String,
}

/// A group of students for whom there is too little.
#[derive(Debug, Clone)]
pub struct Shortage {
    /// The group, such as "Propedeuse, periode 1".
    pub group: String,
    /// Students in it who compete for the same places.
    pub students: u32,
    /// Capacities that are full.
    pub full: Vec<String>,
    /// How many places are short.
    pub short: u32,
    /// Where the students are.
    pub href: String,
}

fn headline(round: &RoundRef, result: &ProposalResult) -> Markup {
    let board = round.path("plaatsbord");
    html! {
        p class="headline" {
            a href={ (board) "?groep=zonder" } { strong { (number(result.clear)) } " " (form(result.clear, "plek", "plekken")) " zonder bijzonderheden" } ", "
            a href={ (board) "?groep=unplaced" } { strong { (number(result.unplaced)) } " niet geplaatst" } " en "
            a href={ (board) "?groep=bijzonder" } { strong { (number(result.remarkable)) } " met een bijzonderheid" } "."
        }
    }
}

/// What is full: a few in sight, the others on demand.
fn full(list: &[String]) -> Markup {
    let (first, rest) = list.split_at(list.len().min(4));
    html! {
        ul class="plain" { @for text in first { li { (text) } } }
        @if !rest.is_empty() {
            details class="more-inline" {
                summary { "en nog " (rest.len()) }
                ul class="plain" { @for text in rest { li { (text) } } }
            }
        }
    }
}

fn shortages(list: &[Shortage]) -> Markup {
    let head = html! { tr { th scope="col" { "Groep" } th scope="col" class="figure" { "Studenten" } th scope="col" { "Wat vol is" } th scope="col" class="figure" { "Te kort" } } };
    let rows = html! {
        @for shortage in list {
            tr {
                th scope="row" { a href=(shortage.href) { (shortage.group) } }
                td class="figure" { (number(shortage.students)) }
                td { (full(&shortage.full)) }
                td class="figure" { span class="signal-text" { (counted(shortage.short, "plek", "plekken")) } }
            }
        }
    };
    html! {
        h3 { "Waar plekken tekort zijn" }
        @if list.is_empty() { p { "Er is geen tekort: iedereen die een plek nodig heeft, heeft er een." } }
        @else {
            p class="hint" { "Voor deze groepen bestaat geen oplossing zonder extra plekken. Vraag deze scholen om meer plekken, of zoek nieuwe scholen." }
            (table("Tekorten", Density::Roomy, &head, &rows))
        }
    }
}

fn ladder(counts: &StatusCounts) -> Markup {
    let segments: Vec<_> = REQUIRED.into_iter().map(|status| Segment { status, value: counts.get(status) }).collect();
    html! {
        figure class="plain-figure" {
            (stacked_chart("Kern, schil, buiten en niet geplaatst", &[("Studenten".to_owned(), segments)]))
            (legend(&REQUIRED.into_iter().filter(|status| counts.get(*status) > 0).collect::<Vec<_>>()))
        }
    }
}

fn columns(title: &str, first: &str, list: &[Column]) -> Markup {
    let head = html! { tr { th scope="col" { (first) } th scope="col" class="figure" { "Aantal" } } };
    let rows = html! { @for column in list { tr { th scope="row" { (column.label) } td class="figure" { (number(column.value)) } } } };
    html! {
        div {
            h3 { (title) }
            @if list.is_empty() { p class="muted" { "Hierover is niets bekend." } }
            @else {
                figure class="plain-figure" { (column_chart(title, list)) }
                details class="figures-table" { summary { "Dezelfde cijfers in een tabel" } (table(title, Density::Dense, &head, &rows)) }
            }
        }
    }
}

fn levels(result: &ProposalResult) -> Markup {
    html! {
        h3 { "Wat er per doel uitkomt" }
        p class="hint" { "Hoe ver het voorstel van elk doel af blijft, het belangrijkste doel bovenaan. Nul is het beste." }
        ol class="levels" { @for level in &result.levels { li { span { (level.aim) } strong { (level.outcome) } } } }
        @if result.proof == Proof::Proven {
            div class="note" {
                (icon(Icon::Tick))
                div {
                    p { strong { "Beter kan niet met deze gegevens." } " Een tweede berekening heeft dit nagerekend: geen ander voorstel scoort hoger op deze doelen, in deze volgorde." }
                    p class="small muted" { "Startgetal " (result.seed) " · invoer " code { (result.input_hash) } }
                }
            }
        }
    }
}

/// The panel with the result of the last proposal.
pub fn result(round: &RoundRef, result: &ProposalResult) -> Markup {
    let counts = &result.counts;
    let list = [
        Figure::count("Kern", counts.kern).sign(Sign::Kern),
        Figure::count("Schil", counts.all_schil()).sign(Sign::Schil).note(&match counts.schil_unmet {
            0 => String::new(),
            unmet => format!("waarvan {} niet op orde", number(unmet)),
        }),
        Figure::count("Buiten", counts.outside()).sign(Sign::Outside).note(&match counts.outside_guided {
            0 => String::new(),
            guided => format!("{} met extra begeleiding", number(guided)),
        }),
        Figure::count("Niet geplaatst", counts.unplaced).sign(Sign::Unplaced),
        Figure::share("Dekking", counts.covered(), counts.required()).href(round.path("dekking")),
    ];
    html! {
        section class="panel" aria-labelledby="resultaat" {
            div class="panel-head" {
                div { h2 id="resultaat" { "Het voorstel" } p class="muted" { (result.made) } }
                a class="button" href=(round.path("plaatsbord")) { "Controleer de uitzonderingen" }
            }
            @if result.freshness == Freshness::Outdated {
                div class="note note-signal" { (icon(Icon::Warning)) div { p { "Na dit voorstel is er iets veranderd, aan de gegevens of met de hand. Maak een nieuw voorstel als u daarmee wilt rekenen." } } }
            }
            (headline(round, result))
            (figures(&list))
            (ladder(counts))
            (shortages(&result.shortages))
            div class="two-columns even" {
                (columns("Voorkeuren", "Gekregen", &result.wishes))
                (columns("Reistijd in minuten", "Minuten", &result.travel))
            }
            (levels(result))
        }
    }
}
