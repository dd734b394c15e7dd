//! Development questions: in order, each with what it is about.

use maud::{Markup, html};

use super::evidence::PartChoice;
use super::reflection::Dossier;
use crate::components::figures::empty;
use crate::components::forms::{FieldError, csrf, error_at, twice};
use crate::components::page::{Frame, Title, form_page};
use crate::components::status::note;

/// A question.
#[derive(Debug, Clone, Default)]
pub struct QuestionItem {
    /// Identifier in addresses.
    pub id: String,
    /// The question.
    pub text: String,
    /// The part it is about, in words; empty for everything.
    pub about: String,
    /// The code of that part.
    pub part: String,
    /// Version.
    pub version: String,
}

/// The development questions of a review.
#[derive(Debug, Clone, Default)]
pub struct QuestionsView {
    /// The dossier.
    pub dossier: Dossier,
    /// The questions, in their order.
    pub items: Vec<QuestionItem>,
    /// The parts to choose from.
    pub parts: Vec<PartChoice>,
    /// Whether the reader can change them.
    pub can_change: bool,
    /// Which question was filled in wrongly; empty for the new one.
    pub wrong: String,
    /// The question and part that were filled in.
    pub filled: (String, String),
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// The fields of a question; `at` makes names of fields differ between forms.
fn fields(view: &QuestionsView, at: &str, (text, part): (&str, &str)) -> Markup {
    let errors: &[FieldError] = if view.wrong == at { &view.errors } else { &[] };
    let id = if at == view.wrong { "vraag".to_owned() } else { format!("vraag-{at}") };
    let error = error_at(errors, "vraag");
    html! {
        div class={ "field" @if error.is_some() { " field-wrong" } } {
            label for={ "veld-" (id) } { "Vraag" }
            @if let Some(error) = error { p class="field-error" id={ "fout-" (id) } { strong { "Fout: " } (error) } }
            textarea class="input" id={ "veld-" (id) } name="vraag" rows="3" aria-describedby=[error.map(|_| format!("fout-{id}"))] aria-invalid=[error.map(|_| "true")] { (text) }
        }
        div class="field" {
            label for={ "veld-" (id) "-onderdeel" } { "Hoort bij" }
            select class="input" id={ "veld-" (id) "-onderdeel" } name="onderdeel" {
                option value="" selected[part.is_empty()] { "Alle waarborgen" }
                @for choice in &view.parts { option value=(choice.code) selected[choice.code == part] { (choice.code) " " (choice.title) } }
            }
        }
    }
}

fn moves(frame: &Frame, view: &QuestionsView, item: &QuestionItem, at: usize) -> Markup {
    let here = view.dossier.path(&format!("ontwikkelvragen/{}", item.id));
    let hidden = html! { (csrf(&frame.csrf)) input type="hidden" name="versie" value=(item.version); };
    html! {
        div class="row-form" {
            @for (way, words, is_there) in [("omhoog", "Omhoog", at > 0), ("omlaag", "Omlaag", at + 1 < view.items.len())] {
                @if is_there {
                    form method="post" action={ (here) "/verplaatsen" } {
                        (hidden)
                        input type="hidden" name="richting" value=(way);
                        button class="button button-quiet" type="submit" { (words) span class="visually-hidden" { ": vraag " (at + 1) } }
                    }
                }
            }
            (twice("Verwijder", &format!("vraag {}", at + 1), "Deze vraag verdwijnt voorgoed.", &html! {
                form method="post" action={ (here) "/verwijderen" } {
                    (hidden)
                    button class="button button-quiet" type="submit" { "Ja, verwijder" span class="visually-hidden" { ": vraag " (at + 1) } }
                }
            }))
        }
        details class="more" open[view.wrong == item.id] {
            summary { "Wijzig" span class="visually-hidden" { ": vraag " (at + 1) } }
            form class="form" method="post" action=(here) {
                (hidden)
                @if view.wrong == item.id { (fields(view, &item.id, (&view.filled.0, &view.filled.1))) }
                @else { (fields(view, &item.id, (&item.text, &item.part))) }
                button class="button" type="submit" { "Bewaar de vraag" }
            }
        }
    }
}

fn list(frame: &Frame, view: &QuestionsView) -> Markup {
    html! {
        ol class="questions" {
            @for (at, item) in view.items.iter().enumerate() {
                li class="panel" {
                    p class="headline" { (item.text) }
                    p class="small muted" { @if item.about.is_empty() { "Over alle waarborgen" } @else { (item.about) } }
                    @if view.can_change { (moves(frame, view, item, at)) }
                }
            }
        }
    }
}

/// `/peer-reviews/{slug}/ontwikkelvragen`
pub fn questions_page(frame: &Frame, view: &QuestionsView) -> Markup {
    let body = html! {
        @if view.items.is_empty() {
            (empty("Er zijn nog geen ontwikkelvragen", &html! {
                p { "Een ontwikkelvraag is iets waarvan u wilt leren met hulp van het panel. Eén vraag is nodig om de voorbereidende fase af te sluiten." }
            }))
        } @else { (list(frame, view)) }
        @if view.can_change {
            section class="panel" aria-labelledby="nieuw" {
                h2 id="nieuw" { "Vraag toevoegen" }
                form class="form" method="post" action=(view.dossier.path("ontwikkelvragen")) {
                    (csrf(&frame.csrf))
                    @if view.wrong.is_empty() { (fields(view, "", (&view.filled.0, &view.filled.1))) } @else { (fields(view, "", ("", ""))) }
                    button class="button" type="submit" { "Voeg de vraag toe" }
                }
            }
        } @else {
            (note(&html! { p { "De vragen veranderen nu niet: de voorbereidende fase is voorbij, of u plant deze review niet." } }))
        }
    };
    let dossier = view.dossier.path("");
    let title = Title::new("Ontwikkelvragen").lead("Wat de ontvangende partij van het panel wil leren, het belangrijkste eerst.");
    form_page(frame, title.trail(&[(&view.dossier.name, &dossier)]), &view.errors, &body)
}
