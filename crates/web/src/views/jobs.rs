//! Long work: steps, how far it is, and a way to stop it. One may leave and come back.

use maud::{Markup, html};

use crate::components::figures::empty;
use crate::components::forms::csrf;
use crate::components::icons::{Icon, icon};
use crate::components::page::{Frame, Title, page};
use crate::components::status::{Tone, tag};
use crate::components::table::{Density, table};
use crate::components::text::percent;

/// Long work.
#[derive(Debug, Clone)]
pub struct JobView {
    /// Identifier in addresses.
    pub id: String,
    /// What is being done, such as "Voorstel maken".
    pub title: String,
    /// How far it is.
    pub state: JobStage,
    /// Its steps, in order.
    pub steps: Vec<JobStep>,
    /// Done and all, in the unit of the step; nothing when it is not known.
    pub progress: Option<(u32, u32)>,
    /// Speed or size in words, such as "1.131 regels, 4.000 per seconde".
    pub rate: String,
    /// When it began, in words.
    pub started: String,
    /// What went wrong and what to do, when it failed.
    pub failure: String,
    /// Where the result is, when it is done.
    pub result_href: Option<String>,
    /// Where the reader came from.
    pub back_href: String,
}

/// How far the work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobStage {
    /// Waits.
    Queued,
    /// Being done.
    Running,
    /// Done.
    Done,
    /// Stopped by an error.
    Failed,
    /// Stopped by a user.
    Cancelled,
}

impl JobStage {
    /// The words for it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Queued => "Wacht tot het aan de beurt is",
            Self::Running => "Bezig",
            Self::Done => "Klaar",
            Self::Failed => "Mislukt",
            Self::Cancelled => "Afgebroken",
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::Queued => Tone::Quiet,
            Self::Running => Tone::Busy,
            Self::Done => Tone::Good,
            Self::Failed | Self::Cancelled => Tone::Signal,
        }
    }

    fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
    }
}

/// A step of the work.
#[derive(Debug, Clone)]
pub struct JobStep {
    /// What it does.
    pub name: String,
    /// How far it is.
    pub state: StepState,
    /// What came out of it, or nothing.
    pub outcome: String,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Done.
    Done,
    /// Being done.
    Busy,
    /// Comes later.
    Waiting,
}

fn step(step: &JobStep) -> Markup {
    let (class, words) = match step.state {
        StepState::Done => ("job-step job-step-done", "klaar"),
        StepState::Busy => ("job-step job-step-busy", "bezig"),
        StepState::Waiting => ("job-step", "wacht"),
    };
    html! {
        li class=(class) {
            span class="task-dot" aria-hidden="true" { @if step.state == StepState::Done { (icon(Icon::Tick)) } }
            div { (step.name) @if !step.outcome.is_empty() { p class="hint" { (step.outcome) } } }
            span class="muted small" { (words) }
        }
    }
}

/// `/taken/{id}`
pub fn job_page(frame: &Frame, view: &JobView) -> Markup {
    let open = view.state.is_open();
    let body = html! {
        div class="panel job" id="taak" data-live=[open.then_some("2000")] {
            p class="job-state" role="status" { strong { (view.state.words()) } @if !view.rate.is_empty() { span class="muted" { " · " (view.rate) } } }
            @if open {
                @match view.progress {
                    Some((done, all)) => {
                        progress max=(all) value=(done) aria-label="Voortgang" { (percent(done, all)) }
                        p class="small muted" { (percent(done, all)) }
                    }
                    None => { progress aria-label="Voortgang" { "Bezig" } }
                }
            }
            @if !view.failure.is_empty() { div class="note note-signal" { (icon(Icon::Warning)) div { p { (view.failure) } } } }
            ol class="job-steps" { @for one in &view.steps { (step(one)) } }
            div class="buttons" {
                @if let Some(href) = &view.result_href { a class="button" href=(href) data-done { "Bekijk het resultaat" } }
                @if open {
                    form method="post" action={ "/taken/" (view.id) "/afbreken" } { (csrf(&frame.csrf)) button class="button button-second" type="submit" { "Breek af" } }
                }
                a class="quiet-link" href=(view.back_href) { "Terug" }
            }
        }
        @if open {
            p class="muted" { "U mag deze pagina verlaten. Het werk gaat door. " a href={ "/taken/" (view.id) } { "Ververs deze pagina" } " om te zien hoe ver het is." }
        }
    };
    page(frame, Title::new(&view.title).lead(&view.started).trail(&[("Taken op de achtergrond", "/taken")]), &body)
}

/// The latest work.
#[derive(Debug, Clone, Default)]
pub struct JobsView {
    /// Newest first.
    pub rows: Vec<JobRow>,
}

/// Work in the list.
#[derive(Debug, Clone)]
pub struct JobRow {
    /// Where it is followed.
    pub href: String,
    /// What is being done.
    pub title: String,
    /// How far it is.
    pub state: JobStage,
    /// When it was asked for, in words.
    pub when: String,
    /// What it is doing, or how it ended.
    pub message: String,
}

/// `/taken`
pub fn jobs_page(frame: &Frame, view: &JobsView) -> Markup {
    let head =
        html! { tr { th scope="col" { "Taak" } th scope="col" { "Gevraagd" } th scope="col" { "Stand" } th scope="col" { "Bericht" } } };
    let rows = html! {
        @for job in &view.rows {
            tr { th scope="row" { a href=(job.href) { (job.title) } } td { (job.when) } td { (tag(job.state.tone(), job.state.words())) } td { (job.message) } }
        }
    };
    let body = html! {
        @if view.rows.is_empty() { (empty("Er is nog geen werk op de achtergrond gedaan", &html! { p { "Een voorstel maken gebeurt op de achtergrond." } })) }
        @else { (table("Taken op de achtergrond", Density::Roomy, &head, &rows)) }
    };
    page(frame, Title::new("Taken op de achtergrond").lead("De laatste 50 taken, de nieuwste bovenaan."), &body)
}
