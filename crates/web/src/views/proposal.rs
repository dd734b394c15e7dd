//! Making a proposal: what goes in, the rules as sentences, the button, and the last result.

use kernschil_domain::access::Permission;
use maud::{Markup, html};

use super::proposal_result::{ProposalResult, result};
use crate::components::figures::{Figure, figures};
use crate::components::forms::{csrf, submit};
use crate::components::icons::{Icon, icon};
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, page};
use crate::components::status::warning;
use crate::components::text::counted;

/// The page of the proposal.
#[derive(Debug, Clone, Default)]
pub struct ProposalView {
    /// Which round.
    pub round: RoundRef,
    /// Students who need a place.
    pub students: u32,
    /// Places they need.
    pub demands: u32,
    /// Schools with places.
    pub schools: u32,
    /// Places offered.
    pub places: u32,
    /// Placements by hand that stay as they are.
    pub kept: u32,
    /// Rules that always hold.
    pub hard: Vec<Rule>,
    /// Aims, the most important first.
    pub aims: Vec<Rule>,
    /// Address of work that is going on, when there is any.
    pub running: Option<String>,
    /// What is missing before a proposal can be made.
    pub missing: Vec<String>,
    /// The last proposal.
    pub result: Option<ProposalResult>,
}

/// A rule as a sentence.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The sentence.
    pub sentence: String,
    /// What it does now, such as "sluit 312 combinaties uit", or nothing.
    pub effect: String,
}

fn rules(title: &str, hint: &str, class: &str, list: &[Rule]) -> Markup {
    html! {
        h3 { (title) }
        p class="hint" { (hint) }
        ol class=(class) { @for rule in list { li { span { (rule.sentence) } @if !rule.effect.is_empty() { span class="muted small" { (rule.effect) } } } } }
    }
}

fn start_form(frame: &Frame, view: &ProposalView) -> Markup {
    let words = if view.result.is_some() { "Maak een nieuw voorstel" } else { "Maak een voorstel" };
    html! {
        form class="form" method="post" action=(view.round.path("voorstel")) {
            (csrf(&frame.csrf))
            (submit(words))
            p class="small muted" {
                @if view.kept > 0 { "Uw " (counted(view.kept, "plaatsing met de hand blijft staan", "plaatsingen met de hand blijven staan")) ". " }
                "Er gaat niets naar scholen of studenten."
            }
        }
    }
}

/// `/rondes/{slug}/voorstel`
pub fn proposal_page(frame: &Frame, view: &ProposalView) -> Markup {
    let list = [
        Figure::count("Studenten", view.students).note(&counted(view.demands, "plek nodig", "plekken nodig")),
        Figure::count("Plekken", view.places).note(&format!("op {}", counted(view.schools, "school", "scholen"))),
    ];
    let body = html! {
        @if let Some(href) = &view.running {
            div class="note" { (icon(Icon::Proposal)) p { "Er wordt nu een voorstel gemaakt. " a href=(href) { "Bekijk hoe ver het is" } } }
        }
        @if let Some(last) = &view.result { (result(&view.round, last)) }
        section class="panel" aria-labelledby="invoer" {
            h2 id="invoer" { @if view.result.is_some() { "Nog een voorstel maken" } @else { "Wat er in gaat" } }
            div class="two-columns even" {
                (figures(&list))
                div {
                    @if view.missing.is_empty() { @if view.running.is_none() { (start_form(frame, view)) } }
                    @else { (warning(&html! { p { strong { "Een voorstel maken kan nog niet." } } ul class="bullets" { @for text in &view.missing { li { (text) } } } p { a href="/importeren" { "Laad de gegevens die missen" } } })) }
                }
                div { (rules("Regels die altijd gelden", "Een plek die niet aan deze regels voldoet, wordt nooit gegeven.", "rules", &view.hard)) }
                div {
                    (rules("Waar het voorstel naar streeft", "Het bovenste doel gaat altijd voor. Pas bij gelijke stand telt het volgende.", "rules rules-ordered", &view.aims))
                    ul class="plain" {
                        @if frame.may.has(Permission::ManageRounds) { li { a href=(view.round.path("regels")) { "Wijzig de regels en doelen" } } }
                        @if view.result.is_some() { li { a href=(view.round.path("voorstel/volgorde")) { "Vergelijk: dekking eerst, of bekende plaatsen eerst" } } }
                    }
                }
            }
        }
    };
    let lead = "Kernschil zoekt het beste voorstel voor alle studenten tegelijk. U controleert het en past aan wat beter kan.";
    page(frame, Title::new("Voorstel").lead(lead), &body)
}
