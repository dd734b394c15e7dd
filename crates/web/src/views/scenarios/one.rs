//! One scenario: what it has otherwise, what came out, and changing it; choosing and removing it.

use maud::{Markup, html};

use super::form::{self, ScenarioForm};
use super::{LineFigures, Stage};
use crate::components::figures::{Figure, figures};
use crate::components::forms::{csrf, submit};
use crate::components::icons::{Icon, icon};
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, form_page, page};
use crate::components::signs::Sign;
use crate::components::status::warning;
use crate::components::text::number;
use crate::components::url::href;
use crate::views::shortages::{ShortageCard, cards};

/// What came out of a scenario.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// When it was solved, in words.
    pub solved: String,
    /// The figures.
    pub figures: LineFigures,
    /// Whether a second computation proved that nothing better exists.
    pub proven: Option<String>,
    /// Where places are short.
    pub shortages: Vec<ShortageCard>,
}

/// A scenario.
#[derive(Debug, Clone)]
pub struct ScenarioView {
    /// Which round.
    pub round: RoundRef,
    /// Identifier in addresses.
    pub id: String,
    /// Name.
    pub name: String,
    /// How far it is.
    pub stage: Stage,
    /// What it has otherwise than the round, as sentences.
    pub deviations: Vec<String>,
    /// What came out.
    pub found: Option<Found>,
    /// Changing it.
    pub form: ScenarioForm,
}

/// Sentences shown at once.
const FEW: usize = 8;

/// A few sentences in sight, the others on demand.
fn some(sentences: &[String]) -> Markup {
    let (first, rest) = sentences.split_at(sentences.len().min(FEW));
    html! {
        ul class="bullets" { @for sentence in first { li { (sentence) } } }
        @if !rest.is_empty() {
            details class="more-inline" { summary { "en nog " (rest.len()) } ul class="bullets" { @for sentence in rest { li { (sentence) } } } }
        }
    }
}

/// A button that asks for the scenario to be solved.
fn solve(frame: &Frame, path: &str, words: &str) -> Markup {
    html! { form method="post" action={ (path) "/doorrekenen" } { (csrf(&frame.csrf)) (submit(words)) } }
}

fn outcome(frame: &Frame, view: &ScenarioView, path: &str) -> Markup {
    let Some(found) = &view.found else {
        return html! {
            p { "Dit scenario is nog niet doorgerekend." }
            @if !matches!(view.stage, Stage::Solving(_)) { (solve(frame, path, "Reken door")) }
        };
    };
    let line = &found.figures;
    let list = [
        Figure::count("Geplaatst", line.placed).note(&format!("van {}", number(line.demands))),
        Figure::count("Niet geplaatst", line.unplaced).sign(Sign::Unplaced),
        Figure::share("Dekking", line.covered.0, line.covered.1),
        Figure::count("Kern", line.kern).sign(Sign::Kern),
        Figure::count("Schil", line.schil).sign(Sign::Schil),
        Figure::count("Buiten", line.outside).sign(Sign::Outside),
    ];
    html! {
        p class="muted" { (found.solved) }
        @if view.stage == Stage::Outdated {
            (warning(&html! { p { "Het scenario of de ronde is veranderd na het doorrekenen. De cijfers zijn van daarvoor." } }))
        }
        (figures(&list))
        div class="buttons" {
            a class="button" href=(href(&view.round.path("scenarios/vergelijken"), &[("b", &view.id)])) { "Vergelijk met het plaatsbord" }
            @if view.stage == Stage::Current { a class="button button-second" href={ (path) "/kiezen" } { "Kies dit scenario" } }
            @if view.stage == Stage::Outdated { (solve(frame, path, "Reken opnieuw door")) }
        }
        @if let Some(proof) = &found.proven { div class="note" { (icon(Icon::Tick)) div { p { (proof) } } } }
        h3 { "Waar plekken tekort zijn" }
        @if found.shortages.is_empty() { p { "Nergens: in dit scenario heeft iedereen een plek." } }
        @else { (cards(&found.shortages)) }
    }
}

/// `/rondes/{slug}/scenarios/{id}`
pub fn scenario_page(frame: &Frame, view: &ScenarioView) -> Markup {
    let path = view.round.path(&format!("scenarios/{}", view.id));
    let body = html! {
        section class="panel" aria-labelledby="uitkomst" {
            div class="panel-head" { h2 id="uitkomst" { "Wat eruit komt" } (view.stage.tag()) }
            @if let Stage::Solving(job) = &view.stage {
                div class="note" { (icon(Icon::Proposal)) p { "Dit scenario wordt nu doorgerekend. " a href=(job) { "Bekijk hoe ver het is" } } }
            }
            (outcome(frame, view, &path))
        }
        section class="panel" aria-labelledby="anders" {
            h2 id="anders" { "Wat anders is dan de ronde" }
            @if view.deviations.is_empty() { p class="muted" { "Nog niets. Verander hieronder de instroom, de regels of de plekken." } }
            @else { (some(&view.deviations)) }
        }
        div class="two-columns even" {
            section class="panel" aria-labelledby="wijzigen" {
                h2 id="wijzigen" { "Instroom en regels" }
                (form::settings(frame, &path, &view.form))
            }
            section class="panel" aria-labelledby="plekken" {
                h2 id="plekken" { "Plekken en opleiders" }
                (form::places(frame, &view.round, &view.id, &view.form))
            }
        }
        p class="buttons" {
            a class="quiet-link" href=(href(&view.round.path("scenarios/nieuw"), &[("begin", &view.id)])) { "Kopieer dit scenario" }
            a class="quiet-link" href={ (path) "/verwijderen" } { "Verwijder dit scenario" }
        }
    };
    let list = view.round.path("scenarios");
    form_page(
        frame,
        Title::new(&view.name).lead("Een kopie van de ronde. Het plaatsbord blijft zoals het is.").trail(&[("Scenario's", &list)]),
        &view.form.errors,
        &body,
    )
}

/// What choosing a scenario would do.
#[derive(Debug, Clone, Default)]
pub struct ChoiceView {
    /// Which round.
    pub round: RoundRef,
    /// Identifier in addresses.
    pub id: String,
    /// Name.
    pub name: String,
    /// Version that was seen.
    pub version: String,
    /// Rules that the round gets.
    pub taken_over: Vec<String>,
    /// What the scenario has otherwise and the round does not get.
    pub left: Vec<String>,
    /// Why it cannot be chosen; empty when it can.
    pub refusal: String,
}

/// `/rondes/{slug}/scenarios/{id}/kiezen`
pub fn choice_page(frame: &Frame, view: &ChoiceView) -> Markup {
    let path = view.round.path(&format!("scenarios/{}", view.id));
    let body = html! {
        section class="panel" {
            h2 { "Dit neemt de ronde over" }
            @if view.taken_over.is_empty() { p { "Geen andere regels: de ronde heeft ze al." } }
            @else { ul class="bullets" { @for sentence in &view.taken_over { li { (sentence) } } } }
            p { "Daarna wordt met deze regels een nieuw voorstel gemaakt. Concepten van eerdere voorstellen maken plaats; wat met de hand is geplaatst, blijft staan." }
            h2 { "Dit neemt de ronde niet over" }
            @if view.left.is_empty() { p { "Alles wat het scenario verandert, wordt overgenomen." } }
            @else {
                p { "Dit verandert u zelf, door de plekken of studenten opnieuw te laden. Het voorstel rekent met de plekken, opleiders en studenten van de ronde, en kan dus anders uitkomen dan het scenario." }
                (some(&view.left))
            }
            @if view.refusal.is_empty() {
                form class="form" method="post" action={ (path) "/kiezen" } {
                    (csrf(&frame.csrf))
                    input type="hidden" name="versie" value=(view.version);
                    (submit("Neem de regels over en maak een voorstel"))
                    p class="small muted" { "Er gaat niets naar scholen of studenten." }
                }
            } @else { (warning(&html! { p { (view.refusal) } })) }
            p { a class="quiet-link" href=(path) { "Terug naar het scenario" } }
        }
    };
    let list = view.round.path("scenarios");
    page(frame, Title::new(&format!("Kies {}", view.name)).trail(&[("Scenario's", &list), (&view.name, &path)]), &body)
}

/// What removing a scenario would do.
#[derive(Debug, Clone, Default)]
pub struct RemovalView {
    /// Which round.
    pub round: RoundRef,
    /// Identifier in addresses.
    pub id: String,
    /// Name.
    pub name: String,
    /// Version that was seen.
    pub version: String,
}

/// `/rondes/{slug}/scenarios/{id}/verwijderen`
pub fn removal_page(frame: &Frame, view: &RemovalView) -> Markup {
    let path = view.round.path(&format!("scenarios/{}", view.id));
    let body = html! {
        section class="panel" {
            p { "Het scenario en wat eruit kwam, verdwijnen. Dit kunt u niet ongedaan maken. De ronde en het plaatsbord blijven zoals ze zijn." }
            form class="form" method="post" action={ (path) "/verwijderen" } {
                (csrf(&frame.csrf))
                input type="hidden" name="versie" value=(view.version);
                (submit("Verwijder het scenario"))
            }
            p { a class="quiet-link" href=(path) { "Houd het scenario" } }
        }
    };
    let list = view.round.path("scenarios");
    page(frame, Title::new(&format!("Verwijder {}", view.name)).trail(&[("Scenario's", &list), (&view.name, &path)]), &body)
}
