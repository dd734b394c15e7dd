//! The steps of a round: where it stands, what is missing, its dates.

use maud::{Markup, html};

use crate::components::forms::{FieldError, Input, InputKind, csrf, input, submit};
use crate::components::icons::{Icon, icon};
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, form_page};
use crate::components::status::{Tone, tag, warning};

/// The steps of a round.
#[derive(Debug, Clone, Default)]
pub struct StepsView {
    /// Which round.
    pub round: RoundRef,
    /// The step it is at.
    pub now: String,
    /// All steps, in order.
    pub steps: Vec<Step>,
    /// What can be done here.
    pub moves: Vec<Move>,
    /// The page of the next step, when it has one of its own: words and address.
    pub next: Option<(String, String)>,
    /// Version of the round as it was seen.
    pub version: String,
    /// What is wrong with the dates.
    pub errors: Vec<FieldError>,
}

/// One step.
#[derive(Debug, Clone)]
pub struct Step {
    /// Name of the field of its date.
    pub field: String,
    /// Its name.
    pub name: String,
    /// What happens in it.
    pub hint: String,
    /// Where the round is with it.
    pub place: StepPlace,
    /// Its date as the form has it; empty when there is none.
    pub date: String,
    /// Its date in words; empty when there is none.
    pub due: String,
}

/// Where a round is with a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepPlace {
    /// It was there before.
    Past,
    /// It is there.
    Now,
    /// It is there, and the date has passed.
    Late,
    /// It comes there later.
    Later,
}

/// Something that can be done with the round here.
#[derive(Debug, Clone)]
pub struct Move {
    /// The stable code of the event.
    pub event: String,
    /// Words on the button.
    pub label: String,
    /// What stands in its way.
    pub blocked: Vec<String>,
    /// What is worth knowing.
    pub warnings: Vec<String>,
    /// How the button looks.
    pub weight: MoveWeight,
}

/// How much a move stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoveWeight {
    /// What comes next.
    Main,
    /// Something else.
    Second,
}

fn step(step: &Step) -> Markup {
    let (class, state) = match step.place {
        StepPlace::Past => ("task task-done", tag(Tone::Good, "Geweest")),
        StepPlace::Now => ("task", tag(Tone::Busy, "Hier staat de ronde")),
        StepPlace::Late => ("task task-attention", tag(Tone::Signal, "Hier, datum is voorbij")),
        StepPlace::Later => ("task task-later", tag(Tone::Quiet, "Later")),
    };
    html! {
        li class=(class) aria-current=[matches!(step.place, StepPlace::Now | StepPlace::Late).then_some("step")] {
            span class="task-dot" aria-hidden="true" { @if step.place == StepPlace::Past { (icon(Icon::Tick)) } }
            div class="task-words" {
                span class="task-name" { (step.name) }
                p class="hint" { (step.hint) @if !step.due.is_empty() { " Klaar op " (step.due) "." } }
            }
            (state)
        }
    }
}

fn one_move(frame: &Frame, view: &StepsView, one: &Move) -> Markup {
    html! {
        div class="step-move" {
            @if !one.blocked.is_empty() {
                (warning(&html! { p { strong { (one.label) } " kan nog niet." } ul class="points" { @for why in &one.blocked { li { (why) } } } }))
            } @else {
                @if !one.warnings.is_empty() { div class="note" { ul class="points" { @for why in &one.warnings { li { (why) } } } } }
                form method="post" action=(view.round.path("stappen")) {
                    (csrf(&frame.csrf))
                    input type="hidden" name="version" value=(view.version);
                    input type="hidden" name="event" value=(one.event);
                    button class={ "button" @if one.weight == MoveWeight::Second { " button-second" } } type="submit" { (one.label) }
                }
            }
        }
    }
}

fn dates(frame: &Frame, view: &StepsView) -> Markup {
    html! {
        section class="panel" aria-labelledby="datums" {
            h2 id="datums" { "Wanneer moet een stap klaar zijn?" }
            p class="panel-lead" { "Vul in wat u weet. Een datum mag niet voor die van een eerdere stap liggen." }
            form method="post" action=(view.round.path("stappen/datums")) {
                (csrf(&frame.csrf))
                input type="hidden" name="version" value=(view.version);
                div class="date-grid" {
                    @for step in &view.steps {
                        (input(Input::text(&step.field, &step.name, &step.date).kind(InputKind::Date), &view.errors))
                    }
                }
                (submit("Datums bewaren"))
            }
        }
    }
}

/// `/rondes/{slug}/stappen`
pub fn steps_page(frame: &Frame, view: &StepsView) -> Markup {
    let body = html! {
        div class="two-columns" {
            section class="panel" aria-labelledby="stappen" {
                h2 id="stappen" { "De weg van deze ronde" }
                ol class="tasks" { @for one in &view.steps { (step(one)) } }
            }
            div {
                section class="panel" aria-labelledby="verder" {
                    h2 id="verder" { "Verder" }
                    @if let Some((words, address)) = &view.next { p { a class="button" href=(address) { (words) } } }
                    @for one in &view.moves { (one_move(frame, view, one)) }
                    @if view.next.is_none() && view.moves.is_empty() { p class="muted" { "Hier is nu niets te doen." } }
                }
                (dates(frame, view))
            }
        }
    };
    let lead = format!("De ronde staat op: {}.", view.now);
    let address = view.round.path("");
    form_page(frame, Title::new("Stappen en datums").lead(&lead).trail(&[(&view.round.name, &address)]), &view.errors, &body)
}
