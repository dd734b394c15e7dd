//! The dossier of one review: the three phases, what is missing, the steps, and what happened.

use maud::{Markup, html};

use crate::components::figures::facts;
use crate::components::forms::{FieldError, Input, csrf, input};
use crate::components::icons::{Icon, icon};
use crate::components::page::{Frame, Title, form_page};
use crate::components::status::{Tone, note, tag, warning};
use crate::components::table::{Density, table};

/// Where a review is with a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhasePlace {
    /// It was done.
    Past,
    /// It is being done.
    Now,
    /// It comes later.
    Later,
}

/// One of the three phases.
#[derive(Debug, Clone)]
pub struct PhaseMark {
    /// Its name.
    pub name: String,
    /// Where the review is with it.
    pub place: PhasePlace,
    /// Its steps, as words: how many are done.
    pub steps: String,
}

/// A step.
#[derive(Debug, Clone)]
pub struct StepLine {
    /// Place in the order.
    pub ordinal: i32,
    /// Its phase.
    pub phase: String,
    /// Its name.
    pub name: String,
    /// Whose turn.
    pub waits_for: String,
    /// When it should be done, in words.
    pub due: String,
    /// How it is.
    pub state: (Tone, String),
}

/// Something that is missing.
#[derive(Debug, Clone)]
pub struct MissingLine {
    /// What, and what to do.
    pub words: String,
    /// The page where it is mended: words and address.
    pub page: Option<(String, String)>,
}

/// Something that can be done with the review as a whole.
#[derive(Debug, Clone)]
pub struct MoveButton {
    /// Code of the event.
    pub event: String,
    /// Words on the button.
    pub label: String,
}

/// Something that happened.
#[derive(Debug, Clone)]
pub struct MoveLine {
    /// What.
    pub what: String,
    /// When and by whom.
    pub when: String,
    /// Why; empty when no reason was asked.
    pub reason: String,
}

/// A page of the dossier.
#[derive(Debug, Clone)]
pub struct PartLink {
    /// Name of the phase in which most is done there.
    pub phase: String,
    /// Words.
    pub label: String,
    /// Address.
    pub href: String,
    /// What one does there.
    pub hint: String,
}

/// The dossier.
#[derive(Debug, Clone, Default)]
pub struct DossierView {
    /// Name in addresses.
    pub slug: String,
    /// Name.
    pub name: String,
    /// Version as it was seen.
    pub version: String,
    /// A sentence about what it is.
    pub lead: String,
    /// Facts: word and what it is.
    pub facts: Vec<(&'static str, String)>,
    /// The phases; none for one that was cancelled.
    pub phases: Vec<PhaseMark>,
    /// Whose turn it is, in a sentence.
    pub turn: String,
    /// Place in the order of the step whose turn it is, for who may say it is done.
    pub turn_step: Option<i32>,
    /// Everything to look at.
    pub warnings: Vec<String>,
    /// The event that ends the phase; for who may.
    pub next: Option<MoveButton>,
    /// What is missing for it.
    pub missing: Vec<MissingLine>,
    /// Events that ask for a reason; for who may.
    pub others: Vec<MoveButton>,
    /// What was filled in as a reason.
    pub reason: String,
    /// The event that was refused, when one was.
    pub refused: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// Pages of the dossier.
    pub parts: Vec<PartLink>,
    /// The steps.
    pub steps: Vec<StepLine>,
    /// What happened, newest first.
    pub moves: Vec<MoveLine>,
    /// Address of the log of the review; nothing for who does not manage it.
    pub log_href: Option<String>,
    /// Judgements of a judging review: what and which; nothing for a developmental one.
    pub judgements: Vec<(String, String)>,
    /// The last day of a second chance that can be made; for who may.
    pub second_chance: Option<String>,
    /// Reviews before and after: words, name, address.
    pub neighbours: Vec<(&'static str, String, String)>,
    /// Where the steps are changed, for who may.
    pub steps_href: Option<String>,
}

impl DossierView {
    fn path(&self, part: &str) -> String {
        format!("/peer-reviews/{}/{part}", self.slug)
    }
}

/// Links to pages of the dossier; nothing without any.
fn links<'a>(parts: impl Iterator<Item = &'a PartLink>) -> Markup {
    let mut parts = parts.peekable();
    html! {
        @if parts.peek().is_some() {
            ul class="part-links" { @for part in parts { li { a href=(part.href) { (part.label) } span class="hint" { (part.hint) } } } }
        }
    }
}

fn stepper(view: &DossierView) -> Markup {
    let mark = |phase: &PhaseMark| {
        let (class, state) = match phase.place {
            PhasePlace::Past => ("phase phase-past", tag(Tone::Good, "Afgesloten")),
            PhasePlace::Now => ("phase phase-now", tag(Tone::Busy, "Nu")),
            PhasePlace::Later => ("phase phase-later", tag(Tone::Quiet, "Later")),
        };
        html! {
            li class=(class) aria-current=[(phase.place == PhasePlace::Now).then_some("step")] {
                div class="phase-head" {
                    span class="task-dot" aria-hidden="true" { @if phase.place == PhasePlace::Past { (icon(Icon::Tick)) } }
                    h3 { (phase.name) }
                    (state)
                }
                p class="hint" { (phase.steps) }
                (links(view.parts.iter().filter(|part| part.phase == phase.name)))
            }
        }
    };
    html! {
        @if !view.phases.is_empty() {
            section class="panel" aria-labelledby="fasen" {
                h2 id="fasen" { "De drie fasen" }
                ol class="phases" { @for phase in &view.phases { (mark(phase)) } }
            }
        }
    }
}

fn going_on(frame: &Frame, view: &DossierView) -> Markup {
    html! {
        section class="panel" aria-labelledby="verder" {
            h2 id="verder" { "Verder" }
            @if !view.turn.is_empty() { p { (view.turn) } }
            @if let Some(ordinal) = view.turn_step {
                form method="post" action=(view.path(&format!("stappen/{ordinal}"))) {
                    (csrf(&frame.csrf))
                    input type="hidden" name="versie" value=(view.version);
                    input type="hidden" name="klaar-vandaag" value="ja";
                    button class="button button-second" type="submit" { "Deze stap is vandaag klaar" }
                }
            }
            @if !view.missing.is_empty() {
                (warning(&html! {
                    p { strong { "Dit ontbreekt nog om deze fase af te sluiten:" } }
                    ul class="points" {
                        @for line in &view.missing {
                            li { (line.words) @if let Some((words, href)) = &line.page { " " a href=(href) { (words) } } }
                        }
                    }
                }))
            }
            @if let Some(next) = &view.next {
                form method="post" action=(view.path("verder")) {
                    (csrf(&frame.csrf))
                    input type="hidden" name="versie" value=(view.version);
                    input type="hidden" name="gebeurtenis" value=(next.event);
                    button class="button" type="submit" { (next.label) }
                }
            }
            @if let Some(day) = &view.second_chance {
                form method="post" action=(view.path("tweede-kans")) {
                    (csrf(&frame.csrf))
                    p { "Na een onvoldoende is er een tweede kans, uiterlijk op " (day) "." }
                    button class="button" type="submit" { "Zet de tweede kans op de kalender" }
                }
            }
            @if view.turn.is_empty() && view.next.is_none() && view.second_chance.is_none() { p class="muted" { "Hier is nu niets te doen." } }
            (others(frame, view))
        }
    }
}

fn others(frame: &Frame, view: &DossierView) -> Markup {
    let reason = Input::text("reden", "Reden", &view.reason).hint("Blijft in het dossier staan. Noem geen namen van studenten.");
    html! {
        @if !view.others.is_empty() {
            details open[!view.refused.is_empty() && view.others.iter().any(|other| other.event == view.refused)] {
                summary { "Terug of eruit" }
                form class="form" method="post" action=(view.path("verder")) {
                    (csrf(&frame.csrf))
                    input type="hidden" name="versie" value=(view.version);
                    (input(reason, &view.errors))
                    div class="filter-buttons" {
                        @for other in &view.others { button class="button button-second" type="submit" name="gebeurtenis" value=(other.event) { (other.label) } }
                    }
                }
            }
        }
    }
}

fn steps(view: &DossierView) -> Markup {
    let head =
        html! { tr { th scope="col" { "Stap" } th scope="col" { "Wie" } th scope="col" { "Uiterlijk" } th scope="col" { "Stand" } } };
    let rows = html! {
        @for step in &view.steps {
            tr {
                th scope="row" { (step.ordinal) ". " (step.name) span class="row-code" { (step.phase) } }
                td { (step.waits_for) }
                td { (step.due) }
                td { (tag(step.state.0, &step.state.1)) }
            }
        }
    };
    html! {
        @if !view.steps.is_empty() {
            section class="panel" aria-labelledby="stappen" {
                div class="panel-head" {
                    h2 id="stappen" { "Stappen" }
                    @if let Some(href) = &view.steps_href { a class="button button-second" href=(href) { "Stappen wijzigen" } }
                }
                (table("Stappen van deze peer review", Density::Roomy, &head, &rows))
                p { a class="quiet-link" href=(view.path("kalender.ics")) { (icon(Icon::Download)) "Zet deze dagen in uw eigen agenda (.ics)" } }
            }
        }
    }
}

/// The pages of a review without phases: one that was cancelled, or held elsewhere.
fn parts(view: &DossierView) -> Markup {
    html! {
        @if view.phases.is_empty() && !view.parts.is_empty() {
            section class="panel" aria-labelledby="onderdelen" { h2 id="onderdelen" { "Onderdelen" } (links(view.parts.iter())) }
        }
    }
}

fn history(view: &DossierView) -> Markup {
    html! {
        @if !view.moves.is_empty() || view.log_href.is_some() {
            section class="panel" aria-labelledby="gebeurd" {
                h2 id="gebeurd" { "Wat er gebeurde" }
                @if !view.moves.is_empty() {
                    ul class="points" {
                        @for done in &view.moves {
                            li { strong { (done.what) } " " (done.when) @if !done.reason.is_empty() { br; "Reden: " (done.reason) } }
                        }
                    }
                }
                @if let Some(href) = &view.log_href { p { a href=(href) { "Logboek: wie wat deed en wanneer" } } }
            }
        }
    }
}

/// `/peer-reviews/{slug}`
pub fn dossier_page(frame: &Frame, view: &DossierView) -> Markup {
    let told: Vec<(&str, Markup)> = view.facts.iter().map(|(word, what)| (*word, html! { (what) })).collect();
    let judged: Vec<(&str, Markup)> = view.judgements.iter().map(|(what, which)| (what.as_str(), html! { (which) })).collect();
    let body = html! {
        @for words in &view.warnings { (warning(&html! { p { (words) } })) }
        (stepper(view))
        div class="two-columns" {
            div { (going_on(frame, view)) }
            div {
                section class="panel" aria-labelledby="gegevens" {
                    h2 id="gegevens" { "Gegevens" }
                    (facts(&told))
                    @for (words, name, href) in &view.neighbours { p { (words) ": " a href=(href) { (name) } } }
                }
                @if !judged.is_empty() { section class="panel" aria-labelledby="oordeel" { h2 id="oordeel" { "Oordeel" } (facts(&judged)) } }
                (parts(view))
            }
        }
        (steps(view))
        (history(view))
        @if view.steps.is_empty() && view.moves.is_empty() { (note(&html! { p { "Deze peer review is gehouden voordat hij hier op de kalender kwam. Er zijn geen stappen en stukken van." } })) }
    };
    form_page(frame, Title::new(&view.name).lead(&view.lead).trail(&[("Reviewkalender", "/peer-reviews")]), &view.errors, &body)
}
