//! The first run: an account, whose installation it is, and something to work with. It can be left and taken up again.

use maud::{Markup, html};

use super::jobs::JobStage;
use super::settings::{InstallationForm, installation_fields};
use crate::components::forms::{FieldError, Input, InputKind, csrf, file, input, submit};
use crate::components::icons::{Icon, icon};
use crate::components::page::{Frame, Title, form_page, outside_page, page};
use crate::components::status::{Tone, note, tag, warning};
use crate::components::text::percent;

const HREF: &str = "/eerste-keer";

/// The form for the first account.
#[derive(Debug, Clone, Default)]
pub struct AccountView {
    /// Name as typed.
    pub name: String,
    /// E-mail address as typed.
    pub email: String,
    /// What went wrong.
    pub errors: Vec<FieldError>,
}

/// `/eerste-keer`, as long as nobody has an account
pub fn account_page(frame: &Frame, view: &AccountView) -> Markup {
    let body = html! {
        form class="form" method="post" action=(HREF) novalidate {
            (csrf(&frame.csrf))
            (input(Input::text("name", "Uw naam", &view.name).autocomplete("name"), &view.errors))
            (input(Input::text("email", "E-mailadres", &view.email).kind(InputKind::Email).autocomplete("username").hint("Hiermee logt u straks in."), &view.errors))
            (input(Input::text("password", "Wachtwoord", "").kind(InputKind::Password).autocomplete("new-password").hint("Minstens 12 tekens. Een korte zin is makkelijk te onthouden."), &view.errors))
            (submit("Maak het account en log in"))
        }
        (note(&html! { p { "Met dit account beheert u Kernschil en nodigt u anderen uit. Deze stap kan maar één keer." } }))
    };
    let title = Title::new("Welkom bij Kernschil").lead("Stap 1 van 3: maak het eerste account.");
    outside_page(frame, title, &view.errors, &body)
}

/// A step of the first run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The account.
    Account,
    /// Whose installation it is.
    Organisation,
    /// Something to work with.
    Content,
}

impl Step {
    const ALL: [Self; 3] = [Self::Account, Self::Organisation, Self::Content];

    fn name(self) -> &'static str {
        match self {
            Self::Account => "Uw account",
            Self::Organisation => "Organisatie en schooljaar",
            Self::Content => "Gegevens",
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Account => "Hiermee bent u ingelogd.",
            Self::Organisation => "Staat op elke pagina en onder elke mail.",
            Self::Content => "Voorbeelden om mee te kijken, of uw eigen werkboeken.",
        }
    }

    fn href(self) -> Option<&'static str> {
        match self {
            Self::Account => None,
            Self::Organisation => Some("/eerste-keer/organisatie"),
            Self::Content => Some("/eerste-keer/gegevens"),
        }
    }
}

/// Which steps are done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done(pub Vec<Step>);

impl Done {
    fn has(&self, step: Step) -> bool {
        self.0.contains(&step)
    }

    fn next(&self) -> Option<Step> {
        Step::ALL.into_iter().find(|step| !self.has(*step))
    }
}

/// The steps above a page of the first run.
fn steps(here: Step, done: &Done) -> Markup {
    html! {
        nav class="wizard" aria-label="Stappen" {
            ol {
                @for step in Step::ALL {
                    li class=[done.has(step).then_some("wizard-done")] aria-current=[(step == here).then_some("step")] {
                        @match step.href() {
                            Some(href) if step != here => { a href=(href) { (step.name()) } }
                            _ => { span { (step.name()) } }
                        }
                        @if done.has(step) { span class="wizard-state" { (icon(Icon::Tick)) "klaar" } }
                    }
                }
            }
        }
    }
}

/// `/eerste-keer`, once there is an account
pub fn overview_page(frame: &Frame, done: &Done) -> Markup {
    let body = html! {
        div class="panel" {
            ol class="tasks" {
                @for step in Step::ALL {
                    li class=(if done.has(step) { "task task-done" } else { "task" }) {
                        span class="task-dot" aria-hidden="true" { @if done.has(step) { (icon(Icon::Tick)) } }
                        div class="task-words" {
                            @match step.href() {
                                Some(href) => { a class="card-link" href=(href) { (step.name()) } }
                                None => { span class="task-name" { (step.name()) } }
                            }
                            p class="hint" { (step.hint()) }
                        }
                        @if done.has(step) { (tag(Tone::Good, "Klaar")) } @else { (tag(Tone::Busy, "Nog te doen")) }
                    }
                }
            }
        }
        div class="buttons" {
            @match done.next().and_then(Step::href) {
                Some(href) => { a class="button" href=(href) { "Ga verder" } a class="quiet-link" href="/" { "Later verder" } }
                None => { a class="button" href="/" { "Naar het begin" } }
            }
        }
    };
    let lead = if done.next().is_none() { "Alles is ingericht." } else { "Drie stappen. U kunt stoppen en later verdergaan." };
    page(frame, Title::new("Kernschil inrichten").lead(lead), &body)
}

/// Whose installation it is.
#[derive(Debug, Clone, Default)]
pub struct OrganisationView {
    /// What is filled in.
    pub form: InstallationForm,
    /// Which steps are done.
    pub done: Done,
}

/// `/eerste-keer/organisatie`
pub fn organisation_page(frame: &Frame, view: &OrganisationView) -> Markup {
    let body = html! {
        (steps(Step::Organisation, &view.done))
        form class="form" method="post" action="/eerste-keer/organisatie" novalidate {
            (csrf(&frame.csrf))
            (installation_fields(&view.form))
            div class="buttons" { (submit("Bewaar en ga verder")) a class="quiet-link" href="/" { "Later verder" } }
        }
    };
    let title = Title::new("Organisatie en schooljaar").lead("Stap 2 van 3.").trail(&[("Kernschil inrichten", HREF)]);
    form_page(frame, title, &view.form.errors, &body)
}

/// Something to work with.
#[derive(Debug, Clone)]
pub struct ContentView {
    /// The examples.
    pub examples: Examples,
    /// Own workbooks, in the order in which they are loaded.
    pub own: Vec<OwnWorkbook>,
    /// Which steps are done.
    pub done: Done,
}

/// What can be done with the examples.
#[derive(Debug, Clone)]
pub enum Examples {
    /// They can be loaded; with what went wrong the last time, or nothing.
    Offered(String),
    /// They are being loaded.
    Loading(Loading),
    /// They are there; with how that went.
    Loaded(String),
    /// They cannot be loaded here, and why.
    Withheld(String),
}

/// The examples while they are loaded.
#[derive(Debug, Clone)]
pub struct Loading {
    /// How far it is.
    pub stage: JobStage,
    /// Steps done and all; nothing when it is not known.
    pub progress: Option<(u32, u32)>,
    /// What is being done.
    pub message: String,
    /// Where the work can be followed and stopped.
    pub href: String,
}

/// A workbook of the organisation itself.
#[derive(Debug, Clone)]
pub struct OwnWorkbook {
    /// Name, such as "Plekken".
    pub name: String,
    /// What is in it, and why it comes at this place.
    pub help: String,
    /// Where the empty workbook is, and where it is loaded; nothing for a reader who may not load it.
    pub links: Option<OwnLinks>,
    /// Whether one was loaded.
    pub state: OwnState,
}

/// Where a workbook comes from and where it goes.
#[derive(Debug, Clone)]
pub struct OwnLinks {
    /// The empty workbook.
    pub template: String,
    /// Loading it.
    pub load: String,
}

/// Whether a workbook was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnState {
    /// It was.
    Loaded,
    /// It is the next one.
    Next,
    /// Others go first.
    Later,
}

fn loading(work: &Loading) -> Markup {
    html! {
        p class="job-state" role="status" { strong { (work.stage.words()) } @if !work.message.is_empty() { span class="muted" { " · " (work.message) } } }
        @match work.progress {
            Some((done, all)) => {
                progress max=(all) value=(done) aria-label="Voortgang" { (percent(done, all)) }
                p class="small muted" { "Stap " ((done + 1).min(all)) " van " (all) }
            }
            None => { progress aria-label="Voortgang" { "Bezig" } }
        }
        p { "Dit duurt een paar minuten. U mag deze pagina verlaten; het werk gaat door." }
        div class="buttons" {
            a class="button button-second" href="/eerste-keer/gegevens" { "Ververs" }
            a class="quiet-link" href=(work.href) { "Bekijk of stop dit werk" }
        }
    }
}

fn examples(frame: &Frame, examples: &Examples) -> Markup {
    let is_busy = matches!(examples, Examples::Loading(_));
    html! {
        section class="panel" id="taak" data-live=[is_busy.then_some("2000")] aria-labelledby="voorbeelden" {
            h2 id="voorbeelden" { "Eerst kijken met voorbeelden" }
            @match examples {
                Examples::Offered(problem) => {
                    @if !problem.is_empty() { (warning(&html! { p { (problem) } })) }
                    p { "Drie partnerschappen met verzonnen studenten, en voor elk een voorstel. Zo ziet u wat Kernschil doet." }
                    form class="buttons" method="post" action="/eerste-keer/voorbeelden" { (csrf(&frame.csrf)) (submit("Laad de voorbeelden")) }
                    p class="small muted" { "Voorbeelden en eigen gegevens gaan niet goed samen. Begin voor uw eigen gegevens later met een lege map." }
                }
                Examples::Loading(work) => { (loading(work)) }
                Examples::Loaded(outcome) => {
                    p { (outcome) }
                    p class="buttons" { a class="button" href="/" data-done { "Bekijk de voorbeelden" } }
                }
                Examples::Withheld(why) => { p { (why) } }
            }
        }
    }
}

/// All workbooks in one go, for who may load them all.
fn at_once(frame: &Frame) -> Markup {
    html! {
        form class="form" method="post" action="/importeren" enctype="multipart/form-data" {
            (csrf(&frame.csrf))
            input type="hidden" name="soort" value="herkennen";
            (file("bestand", "Kies al uw werkboeken in één keer", "Houd Ctrl ingedrukt om er meer te kiezen. De postcodetabel van GeoNames mag erbij: daarmee rekent Kernschil de reistijd uit.", ".xlsx,.csv,.txt,.zip", &[]))
            (submit("Controleer deze werkboeken"))
        }
    }
}

fn own(frame: &Frame, examples: &Examples, list: &[OwnWorkbook]) -> Markup {
    html! {
        section class="panel" aria-labelledby="eigen" {
            h2 id="eigen" { "Uw eigen werkboeken" }
            @if matches!(examples, Examples::Loading(_) | Examples::Loaded(_)) {
                (note(&html! { p { "In deze installatie staan nu de voorbeelden. Start Kernschil met een lege map (" code { "--data" } ") om met uw eigen gegevens te beginnen." } }))
            }
            @else if list.iter().all(|workbook| workbook.links.is_some()) { (at_once(frame)) }
            p { "Of laad ze een voor een, in deze volgorde: elk werkboek verwijst naar wat ervoor kwam. Een werkboek nog een keer laden mag; wat gelijk is, blijft zoals het is." }
            ol class="steps-list" {
                @for workbook in list {
                    li {
                        strong { (workbook.name) " " @match workbook.state {
                            OwnState::Loaded => { (tag(Tone::Good, "Geladen")) }
                            OwnState::Next => { (tag(Tone::Busy, "Nu aan de beurt")) }
                            OwnState::Later => {}
                        } }
                        span { (workbook.help) }
                        @if let Some(links) = &workbook.links {
                            p class="download-links" {
                                a href=(links.template) { "Leeg werkboek" span class="visually-hidden" { " voor " (workbook.name) } }
                                a href=(links.load) { "Laden" span class="visually-hidden" { " van " (workbook.name) } }
                            }
                        }
                    }
                }
            }
            @if list.iter().any(|workbook| workbook.links.is_none()) {
                p class="small muted" { "Werkboeken zonder links laadt een coördinator. Nodig die uit bij " a href="/gebruikers" { "Gebruikers" } "." }
            }
        }
    }
}

/// `/eerste-keer/gegevens`
pub fn content_page(frame: &Frame, view: &ContentView) -> Markup {
    let body = html! {
        (steps(Step::Content, &view.done))
        div class="two-columns" { (examples(frame, &view.examples)) (own(frame, &view.examples, &view.own)) }
        div class="buttons" { a class="quiet-link" href="/" { "Naar het begin" } }
    };
    let title = Title::new("Gegevens").lead("Stap 3 van 3: kies wat u wilt.").trail(&[("Kernschil inrichten", HREF)]);
    page(frame, title, &body)
}
