//! Follow-up: what is done with a review, and what was done with the one before.

use kernschil_domain::reviews::FollowUpStatus;
use maud::{Markup, html};

use super::reflection::Dossier;
use crate::components::figures::empty;
use crate::components::filters::{FilterOption, apply, search, select};
use crate::components::forms::{FieldError, csrf, error_at};
use crate::components::markdown::markdown;
use crate::components::page::{Frame, Title, form_page, page};
use crate::components::status::{Tone, note, tag};
use crate::components::table::export;

/// A follow-up.
#[derive(Debug, Clone, Default)]
pub struct ActionView {
    /// Identifier in addresses.
    pub id: String,
    /// Identifier of the joint finding it comes from; empty for none.
    pub finding: String,
    /// What that finding says, as Markdown; empty for none.
    pub finding_text: String,
    /// The part it is about, in words; empty for none.
    pub about: String,
    /// What will be done.
    pub text: String,
    /// Who sees to it.
    pub owner: String,
    /// When it should be done, as a form has it.
    pub due: String,
    /// When, in words.
    pub due_words: String,
    /// Code of how far it is.
    pub status: String,
    /// How late it is, in words; empty when it is not.
    pub late: String,
    /// What came of it, or why it was dropped.
    pub result: String,
    /// Version.
    pub version: String,
}

impl ActionView {
    fn status_tag(&self) -> Markup {
        let status = FollowUpStatus::parse(&self.status).unwrap_or(FollowUpStatus::Open);
        let tone = match status {
            FollowUpStatus::Open | FollowUpStatus::Dropped => Tone::Quiet,
            FollowUpStatus::Busy => Tone::Busy,
            FollowUpStatus::Done => Tone::Good,
        };
        html! { (tag(tone, status.dutch())) @if !self.late.is_empty() { " " (tag(Tone::Signal, &self.late)) } }
    }
}

/// The follow-ups of a review.
#[derive(Debug, Clone, Default)]
pub struct FollowUpView {
    /// The dossier.
    pub dossier: Dossier,
    /// The follow-ups that were asked for.
    pub items: Vec<ActionView>,
    /// How many there are in all.
    pub total: usize,
    /// How far the shown ones are, as the filter has it.
    pub status: String,
    /// Words that were searched.
    pub text: String,
    /// The order, as the filter has it.
    pub order: String,
    /// Joint findings to choose from: identifier and words.
    pub joint: Vec<(String, String)>,
    /// Whether the reader makes and changes follow-ups now.
    pub can_change: bool,
    /// Why there can be none yet or any more; empty while there can.
    pub locked: String,
    /// Where the workbook is.
    pub export_href: String,
    /// Which follow-up was filled in wrongly: its identifier, or `nieuw`; empty for none.
    pub wrong: String,
    /// What was filled in then.
    pub filled: ActionView,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

fn field(view: &FollowUpView, at: &str, name: &str) -> String {
    if view.wrong == at { format!("veld-{name}") } else { format!("veld-{name}-{at}") }
}

fn around(errors: &[FieldError], id: &str, name: &str, label: &str, control: &Markup) -> Markup {
    let error = error_at(errors, name);
    html! {
        div class={ "field" @if error.is_some() { " field-wrong" } } {
            label for=(id) { (label) }
            @if let Some(error) = error { p class="field-error" { strong { "Fout: " } (error) } }
            (control)
        }
    }
}

fn fields(view: &FollowUpView, at: &str, action: &ActionView) -> Markup {
    let errors: &[FieldError] = if view.wrong == at { &view.errors } else { &[] };
    let id = |name: &str| field(view, at, name);
    let area = |name: &str, label: &str, value: &str| {
        let control = html! { textarea class="input" id=(id(name)) name=(name) rows="3" { (value) } };
        around(errors, &id(name), name, label, &control)
    };
    let finding = html! {
        select class="input" id=(id("bevinding")) name="bevinding" {
            option value="" selected[action.finding.is_empty()] { "Geen bevinding" }
            @for (joint, words) in &view.joint { option value=(joint) selected[*joint == action.finding] { (words) } }
        }
    };
    let owner = html! { input class="input" id=(id("wie")) name="wie" type="text" value=(action.owner); };
    let due = html! { input class="input input-date" id=(id("uiterlijk")) name="uiterlijk" type="date" value=(action.due); };
    let status = html! {
        select class="input" id=(id("stand")) name="stand" {
            @for status in FollowUpStatus::ALL { option value=(status.code()) selected[status.code() == action.status] { (status.dutch()) } }
        }
    };
    html! {
        (around(errors, &id("bevinding"), "bevinding", "Bij welke bevinding?", &finding))
        (area("actie", "Wat gaat er gebeuren?", &action.text))
        (around(errors, &id("wie"), "wie", "Wie zorgt ervoor? Een functie of een naam.", &owner))
        (around(errors, &id("uiterlijk"), "uiterlijk", "Wanneer moet het af zijn?", &due))
        (around(errors, &id("stand"), "stand", "Hoe ver is het?", &status))
        (area("resultaat", "Wat kwam eruit, of waarom vervalt het?", &action.result))
    }
}

/// What an action says, for a list.
fn told(action: &ActionView) -> Markup {
    html! {
        p { (action.status_tag()) }
        p class="headline" { (action.text) }
        p { (action.owner) ", uiterlijk " (action.due_words) }
        @if !action.about.is_empty() { p class="small muted" { (action.about) } }
        @if !action.finding_text.is_empty() { details class="more" { summary { "De bevinding" } (markdown(&action.finding_text)) } }
        @if !action.result.is_empty() { p { strong { "Resultaat of reden: " } (action.result) } }
    }
}

fn item(frame: &Frame, view: &FollowUpView, action: &ActionView) -> Markup {
    let is_wrong = view.wrong == action.id;
    html! {
        li class="panel" {
            (told(action))
            @if view.can_change {
                details class="more" open[is_wrong] {
                    summary { "Wijzig" span class="visually-hidden" { ": " (action.text) } }
                    form class="form" method="post" action=(view.dossier.path(&format!("opvolging/{}", action.id))) {
                        (csrf(&frame.csrf))
                        input type="hidden" name="versie" value=(action.version);
                        (fields(view, &action.id, if is_wrong { &view.filled } else { action }))
                        button class="button" type="submit" { "Bewaar de actie" }
                    }
                }
            }
        }
    }
}

fn filters(view: &FollowUpView) -> Markup {
    let option = |value: &str, label: &str| FilterOption { value: value.to_owned(), label: label.to_owned(), count: None };
    let statuses: Vec<_> = FollowUpStatus::ALL.iter().map(|status| option(status.code(), status.dutch())).collect();
    let orders = [option("stand", "stand"), option("onderdeel", "onderdeel van het kader")];
    let here = view.dossier.path("opvolging");
    let is_filtered = [&view.status, &view.text, &view.order].iter().any(|value| !value.is_empty());
    html! {
        form class="filters" method="get" action=(here) {
            (search("zoek", "Zoek in de acties", &view.text))
            (select("stand", "Stand", "Alle standen", &view.status, &statuses))
            (select("volgorde", "Volgorde", "datum", &view.order, &orders))
            (apply(is_filtered.then_some(here.as_str())))
        }
    }
}

/// `/peer-reviews/{slug}/opvolging`
pub fn follow_up_page(frame: &Frame, view: &FollowUpView) -> Markup {
    let new = ActionView { status: FollowUpStatus::Open.code().to_owned(), ..ActionView::default() };
    let is_wrong = view.wrong == "nieuw";
    let body = html! {
        @if !view.locked.is_empty() { (note(&html! { p { (view.locked) } })) }
        @if view.total == 0 {
            (empty("Er zijn nog geen acties", &html! { p { "Een actie zegt wat er met een bevinding gebeurt, wie ervoor zorgt en wanneer het af is. De volgende review begint ermee." } }))
        } @else {
            (filters(view))
            p { (export(&view.export_href)) }
            @if view.items.is_empty() { p { "Geen actie past bij wat u zoekt." } }
            ul class="plain-list" { @for action in &view.items { (item(frame, view, action)) } }
        }
        @if view.can_change {
            section class="panel" aria-labelledby="nieuw" {
                h2 id="nieuw" { "Actie toevoegen" }
                form class="form" method="post" action=(view.dossier.path("opvolging")) {
                    (csrf(&frame.csrf))
                    (fields(view, "nieuw", if is_wrong { &view.filled } else { &new }))
                    button class="button" type="submit" { "Voeg de actie toe" }
                }
            }
        }
    };
    let dossier = view.dossier.path("");
    let title = Title::new("Opvolging").lead("Wat er met de bevindingen gebeurt, door wie, en wanneer het af is.");
    form_page(frame, title.trail(&[(&view.dossier.name, &dossier)]), &view.errors, &body)
}

/// What was done with the review before a review.
#[derive(Debug, Clone, Default)]
pub struct PreviousView {
    /// The dossier that begins with it.
    pub dossier: Dossier,
    /// Name of the previous review.
    pub name: String,
    /// Its dossier, for who may open it.
    pub href: Option<String>,
    /// When it was held, in a sentence.
    pub held: String,
    /// How far the actions are, in a sentence.
    pub sentence: String,
    /// Actions per safeguard, by name.
    pub groups: Vec<(String, Vec<ActionView>)>,
}

/// `/peer-reviews/{slug}/vorige`
pub fn previous_page(frame: &Frame, view: &PreviousView) -> Markup {
    let body = html! {
        p {
            "De vorige review: " @if let Some(href) = &view.href { a href=(href) { (view.name) } } @else { (view.name) } ". " (view.held)
        }
        @if view.groups.is_empty() {
            (empty("Bij de vorige review staan geen acties", &html! { p { "Wie die review plant, legt acties vast bij “Opvolging” in het dossier van die review." } }))
        } @else {
            p { (view.sentence) }
            @for (name, actions) in &view.groups {
                h2 { (name) }
                ul class="plain-list" { @for action in actions { li class="panel" { (told(action)) } } }
            }
        }
    };
    let dossier = view.dossier.path("");
    let title = Title::new("Wat er met de vorige review is gedaan")
        .lead("De eerste bladzijde van deze review: elke actie, wie ervoor zorgde, en wat eruit kwam.");
    page(frame, title.trail(&[(&view.dossier.name, &dossier)]), &body)
}
