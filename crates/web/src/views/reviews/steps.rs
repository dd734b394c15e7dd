//! The steps of one review, and the steps that new reviews get.

use maud::{Markup, html};

use crate::components::forms::{FieldError, Input, InputKind, csrf, input};
use crate::components::page::{Frame, Title, form_page};
use crate::components::status::note;

/// A step, as its form has it.
#[derive(Debug, Clone)]
pub struct StepFields {
    /// Place in the order.
    pub ordinal: i32,
    /// Its name.
    pub name: String,
    /// When it should be done by the visit day, in words.
    pub planned: String,
    /// A date of its own.
    pub own_date: String,
    /// What shows that it is done, in words; empty when only somebody can say so.
    pub fact: String,
    /// The day on which it was done.
    pub done_on: String,
    /// Whether it can be removed.
    pub removal: Removal,
}

/// Whether a step can be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// It can.
    Possible,
    /// It was done, or it is the only one.
    Not,
}

/// A step to add, as somebody filled it in.
#[derive(Debug, Clone, Default)]
pub struct NewStep {
    /// Its name.
    pub name: String,
    /// Code of its phase.
    pub phase: String,
    /// Days from the visit day.
    pub days: String,
    /// Code of whose turn it is.
    pub waits_for: String,
    /// Code of what shows that it is done; empty when only somebody can say so.
    pub fact: String,
}

/// The steps of a review.
#[derive(Debug, Clone, Default)]
pub struct ReviewStepsView {
    /// Name in addresses.
    pub slug: String,
    /// Name of the review.
    pub name: String,
    /// Version as it was seen.
    pub version: String,
    /// The steps.
    pub steps: Vec<StepFields>,
    /// The step whose form was refused.
    pub refused: Option<i32>,
    /// A step to add.
    pub new: NewStep,
    /// Phases: code and words.
    pub phases: Vec<(String, String)>,
    /// Sides: code and words.
    pub sides: Vec<(String, String)>,
    /// What can show that a step is done: code and words.
    pub facts: Vec<(String, String)>,
    /// What is wrong with the step whose form was refused, or with the new one.
    pub errors: Vec<FieldError>,
}

fn removal(frame: &Frame, view: &ReviewStepsView, step: &StepFields) -> Markup {
    html! {
        @if step.removal == Removal::Possible {
            form class="form" method="post" action={ "/peer-reviews/" (view.slug) "/stappen/" (step.ordinal) "/weg" } {
                (csrf(&frame.csrf))
                input type="hidden" name="versie" value=(view.version);
                button class="button button-second" type="submit" { "Stap weghalen" span class="visually-hidden" { ": " (step.name) } }
            }
        }
    }
}

fn choice(name: &str, label: &str, chosen: &str, options: &[(String, String)]) -> Markup {
    html! {
        div class="field" {
            label for={ "veld-" (name) } { (label) }
            select class="input" id={ "veld-" (name) } name=(name) { @for (value, words) in options { option value=(value) selected[value == chosen] { (words) } } }
        }
    }
}

fn new_step(frame: &Frame, view: &ReviewStepsView) -> Markup {
    let is_refused = view.refused.is_none() && !view.errors.is_empty();
    let errors: &[FieldError] = if is_refused { &view.errors } else { &[] };
    html! {
        details class="panel" open[is_refused] {
            summary { "Een stap toevoegen" }
            form class="form" method="post" action={ "/peer-reviews/" (view.slug) "/stappen" } {
                (csrf(&frame.csrf))
                input type="hidden" name="versie" value=(view.version);
                (input(Input::text("naam", "Naam", &view.new.name), errors))
                (choice("fase", "Fase", &view.new.phase, &view.phases))
                (input(Input::text("dagen", "Dagen vanaf de bezoekdag", &view.new.days).hint("Onder nul is vóór de bezoekdag."), errors))
                (choice("wie", "Wie is aan zet", &view.new.waits_for, &view.sides))
                (choice("feit", "Wanneer is de stap klaar", &view.new.fact, &view.facts))
                button class="button" type="submit" { "Stap toevoegen" }
            }
        }
    }
}

fn one_step(frame: &Frame, view: &ReviewStepsView, step: &StepFields) -> Markup {
    let is_refused = view.refused == Some(step.ordinal);
    let errors: &[FieldError] = if is_refused { &view.errors } else { &[] };
    let field = |name: &str| format!("{name}-{}", step.ordinal);
    let hint = if step.fact.is_empty() {
        "Vul de dag in als de stap klaar is.".to_owned()
    } else {
        format!("De stap is vanzelf klaar als {}. Vul alleen een dag in als dat buiten Kernschil om gebeurde.", step.fact)
    };
    let (name, own, done) = (field("naam"), field("datum"), field("klaar"));
    html! {
        details class="panel" open[is_refused] {
            summary { (step.ordinal) ". " (step.name) " – " (step.planned) }
            form class="form" method="post" action={ "/peer-reviews/" (view.slug) "/stappen/" (step.ordinal) } {
                (csrf(&frame.csrf))
                input type="hidden" name="versie" value=(view.version);
                (input(Input::text(&name, "Naam", &step.name), errors))
                (input(Input::text(&own, "Eigen datum", &step.own_date).kind(InputKind::Date).hint("Leeg: de datum volgt uit de bezoekdag."), errors))
                (input(Input::text(&done, "Klaar op", &step.done_on).kind(InputKind::Date).hint(&hint), errors))
                button class="button" type="submit" { "Stap bewaren" span class="visually-hidden" { ": " (step.name) } }
            }
            (removal(frame, view, step))
        }
    }
}

/// `/peer-reviews/{slug}/stappen`
pub fn review_steps_page(frame: &Frame, view: &ReviewStepsView) -> Markup {
    let address = format!("/peer-reviews/{}", view.slug);
    let body = html! {
        @if view.steps.is_empty() { (note(&html! { p { "Deze peer review heeft geen stappen." } })) }
        @for step in &view.steps { (one_step(frame, view, step)) }
        (new_step(frame, view))
    };
    let title = Title::new("Stappen wijzigen")
        .lead("Open een stap om naam of datum te wijzigen, om te zeggen dat hij klaar is, of om hem weg te halen.");
    form_page(frame, title.trail(&[("Reviewkalender", "/peer-reviews"), (&view.name, &address)]), &view.errors, &body)
}

/// A step of a template, as the form has it.
#[derive(Debug, Clone, Default)]
pub struct TemplateLine {
    /// Code of its phase.
    pub phase: String,
    /// Its name; empty to leave it out.
    pub name: String,
    /// Days from the visit day.
    pub days: String,
    /// Code of whose turn it is.
    pub waits_for: String,
    /// Code of what shows that it is done; empty when somebody says so.
    pub fact: String,
}

impl TemplateLine {
    /// The fields of the form that hold it, with their values.
    pub fn fields(&self, at: usize) -> [(String, String); 5] {
        let field = |name: &str, value: &str| (format!("{name}-{at}"), value.to_owned());
        [
            field("fase", &self.phase),
            field("naam", &self.name),
            field("dagen", &self.days),
            field("wie", &self.waits_for),
            field("feit", &self.fact),
        ]
    }
}

/// The steps that new reviews of a kind get.
#[derive(Debug, Clone, Default)]
pub struct TemplatesView {
    /// Code of the kind.
    pub kind: String,
    /// Kinds: code and words.
    pub kinds: Vec<(String, String)>,
    /// The steps, with empty ones to fill in.
    pub lines: Vec<TemplateLine>,
    /// Phases: code and words.
    pub phases: Vec<(String, String)>,
    /// Sides: code and words.
    pub sides: Vec<(String, String)>,
    /// What can show that a step is done: code and words.
    pub facts: Vec<(String, String)>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

fn template_line(view: &TemplatesView, at: usize, line: &TemplateLine) -> Markup {
    let field = |name: &str| format!("{name}-{at}");
    html! {
        li class="step-row" {
            fieldset {
                legend { "Stap " (at + 1) }
                (input(Input::text(&field("naam"), "Naam", &line.name), &view.errors))
                (choice(&field("fase"), "Fase", &line.phase, &view.phases))
                (input(Input::text(&field("dagen"), "Dagen vanaf de bezoekdag", &line.days), &view.errors))
                (choice(&field("wie"), "Wie is aan zet", &line.waits_for, &view.sides))
                (choice(&field("feit"), "Klaar als", &line.fact, &view.facts))
            }
        }
    }
}

/// `/peer-reviews/stappen`
pub fn templates_page(frame: &Frame, view: &TemplatesView) -> Markup {
    let body = html! {
        nav class="chips" aria-label="Soort peer review" {
            ul { @for (code, words) in &view.kinds { li { a class="chip" href={ "/peer-reviews/stappen?soort=" (code) } aria-current=[(*code == view.kind).then_some("true")] { (words) } } } }
        }
        form method="post" action="/peer-reviews/stappen" {
            (csrf(&frame.csrf))
            input type="hidden" name="soort" value=(view.kind);
            p { "Onder nul dagen is vóór de bezoekdag. De plaats van een stap volgt uit zijn fase en zijn dagen. Maak een naam leeg om een stap weg te laten. Onderaan is plaats voor nieuwe stappen." }
            p class="small muted" { "Peer reviews die al op de kalender staan, houden hun stappen." }
            ol class="step-rows" { @for (at, line) in view.lines.iter().enumerate() { (template_line(view, at, line)) } }
            div class="filter-buttons" {
                button class="button" type="submit" name="daarna" value="bewaar" { "Stappen bewaren" }
                button class="button button-second" type="submit" name="daarna" value="gewone" { "De gewone stappen terugzetten" }
            }
        }
    };
    let lead = "Wat elke nieuwe peer review als stappen krijgt, teruggerekend vanaf de bezoekdag.";
    form_page(
        frame,
        Title::new("Stappen van nieuwe peer reviews").lead(lead).trail(&[("Reviewkalender", "/peer-reviews")]),
        &view.errors,
        &body,
    )
}
