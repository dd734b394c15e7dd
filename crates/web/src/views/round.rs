//! Overview of a round: the task list, the key figures, places against need.

use kernschil_domain::access::Permission;
use maud::{Markup, html};

use crate::charts::{Bar, bullet_chart, bullet_key};
use crate::components::figures::{Figure, figures};
use crate::components::icons::{Icon, icon};
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, page};
use crate::components::signs::{Sign, StatusCounts};
use crate::components::status::{Tone, tag};
use crate::components::table::{Density, table};
use crate::components::text::{counted, listed, number};

/// A round from above.
#[derive(Debug, Clone, Default)]
pub struct RoundView {
    /// Which round.
    pub round: RoundRef,
    /// Names of its partnerships.
    pub partnerships: Vec<String>,
    /// The seven tasks.
    pub tasks: Vec<Task>,
    /// Students in the round.
    pub students: u32,
    /// Places needed: one per student and period.
    pub demands: u32,
    /// Places offered.
    pub places: u32,
    /// Schools of its partnerships.
    pub schools: u32,
    /// Schools among them that did not answer yet.
    pub waiting: u32,
    /// Students with several periods.
    pub several: u32,
    /// Students among them with a place in only some.
    pub half_placed: u32,
    /// How the students stand.
    pub counts: StatusCounts,
    /// Places against need per study phase.
    pub by_phase: Vec<Bar>,
    /// Places against need per period.
    pub by_period: Vec<Bar>,
}

/// A step in the school year.
#[derive(Debug, Clone)]
pub struct Task {
    /// Its name.
    pub name: String,
    /// What it is, or how far it is, in one sentence.
    pub hint: String,
    /// How far.
    pub state: TaskState,
    /// Where it is done; nothing when it cannot be done yet.
    pub href: Option<String>,
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskState {
    /// Done.
    Done,
    /// Being done.
    Busy,
    /// Needs a decision.
    Attention,
    /// Can be started.
    Open,
    /// Cannot be started yet.
    Later,
}

impl TaskState {
    fn tag(self) -> Markup {
        match self {
            Self::Done => tag(Tone::Good, "Klaar"),
            Self::Busy => tag(Tone::Busy, "Bezig"),
            Self::Attention => tag(Tone::Signal, "Aandacht nodig"),
            Self::Open => tag(Tone::Busy, "Nog te doen"),
            Self::Later => tag(Tone::Quiet, "Nog niet te starten"),
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Done => "task task-done",
            Self::Attention => "task task-attention",
            Self::Busy | Self::Open => "task",
            Self::Later => "task task-later",
        }
    }
}

fn task_list(tasks: &[Task]) -> Markup {
    html! {
        ol class="tasks" {
            @for task in tasks {
                li class=(task.state.class()) {
                    span class="task-dot" aria-hidden="true" { @if task.state == TaskState::Done { (icon(Icon::Tick)) } }
                    div class="task-words" {
                        @match &task.href {
                            Some(href) => { a class="card-link" href=(href) { (task.name) } }
                            None => { span class="task-name" { (task.name) } }
                        }
                        @if !task.hint.is_empty() { p class="hint" { (task.hint) } }
                    }
                    (task.state.tag())
                }
            }
        }
    }
}

fn capacity(id: &str, title: &str, what: &str, bars: &[Bar], remark: &str) -> Markup {
    let short: u32 = bars.iter().map(|bar| bar.target.saturating_sub(bar.value)).sum();
    let head = html! { tr { th scope="col" { (what) } th scope="col" class="figure" { "Nodig" } th scope="col" class="figure" { "Aangeboden" } th scope="col" class="figure" { "Verschil" } } };
    let rows = html! {
        @for bar in bars {
            tr {
                th scope="row" { (bar.label) }
                td class="figure" { (number(bar.target)) }
                td class="figure" { (number(bar.value)) }
                td class="figure" {
                    @if bar.value < bar.target { span class="signal-text" { (number(bar.target - bar.value)) " te weinig" } }
                    @else { (number(bar.value - bar.target)) " over" }
                }
            }
        }
    };
    html! {
        section class="panel" aria-labelledby=(id) {
            h2 id=(id) { (title) }
            @if bars.is_empty() { p class="muted" { "Nog geen plekken of studenten geladen." } }
            @else {
                p class="panel-lead" {
                    @if short == 0 { "Er zijn overal genoeg plekken." }
                    @else { "Er zijn " strong { (counted(short, "plek", "plekken")) } " te weinig. Bij groepen met te weinig plekken is het tekort gearceerd." }
                }
                div class="figure-and-table" {
                    figure {
                        (bullet_chart(title, bars))
                        figcaption class="small muted" { (bullet_key()) }
                    }
                    @if !remark.is_empty() { p class="small muted" { (remark) } }
                    details class="figures-table" { summary { "Dezelfde cijfers in een tabel" } (table(title, Density::Dense, &head, &rows)) }
                }
            }
        }
    }
}

/// `/rondes/{slug}`
pub fn round_page(frame: &Frame, view: &RoundView) -> Markup {
    let path = |page: &str| view.round.path(page);
    let counts = &view.counts;
    let mut list = vec![
        Figure::count("Studenten", view.students).note(&counted(view.demands, "plek nodig", "plekken nodig")).href(path("studenten")),
        Figure::share("Dekking", counts.covered(), counts.required()).href(path("dekking")),
        Figure::count("Kern", counts.kern).sign(Sign::Kern),
        Figure::count("Schil", counts.all_schil()).sign(Sign::Schil).note(&if counts.schil_unmet > 0 {
            format!("waarvan {} niet op orde", number(counts.schil_unmet))
        } else {
            String::new()
        }),
        Figure::count("Buiten", counts.outside()).sign(Sign::Outside),
        Figure::count("Niet geplaatst", counts.unplaced).sign(Sign::Unplaced),
    ];
    if view.several > 0 {
        let half = Figure::count("Half geplaatst", view.half_placed)
            .note(&format!("van {}", counted(view.several, "student met meer perioden", "studenten met meer perioden")));
        list.push(if frame.may.has_any(&[Permission::ReadPlacements]) { half.href(path("plaatsbord?groep=half-placed")) } else { half });
    }
    if view.waiting > 0 {
        let waiting = Figure::count("Nog geen antwoord", view.waiting).note(&format!("van {}", counted(view.schools, "school", "scholen")));
        list.push(if frame.may.has_any(&[Permission::ManageRounds]) { waiting.href(path("antwoorden?antwoord=waiting")) } else { waiting });
    }
    let done = view.tasks.iter().filter(|task| task.state == TaskState::Done).count();
    let body = html! {
        (figures(&list))
        div class="two-columns" {
            section class="panel" aria-labelledby="taken" {
                div class="panel-head" { h2 id="taken" { "Wat er te doen is" } p class="muted" { (done) " van " (view.tasks.len()) " klaar" } }
                (task_list(&view.tasks))
            }
            div {
                (capacity("per-fase", "Plekken per opleidingsfase", "Fase", &view.by_phase, "Een plek die bij meer fasen past, telt bij elk van die fasen."))
                (capacity("per-periode", "Plekken per periode", "Periode", &view.by_period, ""))
            }
        }
    };
    let lead = match view.partnerships.as_slice() {
        [] => format!("Studiejaar {}", view.round.school_year),
        names => format!("Studiejaar {} · {}", view.round.school_year, listed(names)),
    };
    page(frame, Title::new(&view.round.name).lead(&lead).trail(&[("Alle rondes", "/")]), &body)
}
