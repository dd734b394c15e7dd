//! Retention terms.

use maud::{Markup, html};

use super::RETENTION_PATH;
use crate::components::forms::{FieldError, Input, InputKind, csrf, input};
use crate::components::page::{Frame, Title, form_page};
use crate::components::status::{Tone, tag};
use crate::components::text::{counted, number};

/// One term.
#[derive(Debug, Clone)]
pub struct TermRow {
    /// Name of its field.
    pub code: String,
    /// What it is about.
    pub title: String,
    /// The term in months, as typed.
    pub months: String,
    /// From when it runs and what happens at its end.
    pub meaning: String,
    /// The term as long as nobody chose another, and where that comes from.
    pub source: String,
    /// How much is past it; nothing while that is not known.
    pub due: Option<u32>,
}

/// Of which terms counts are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CountsOf {
    /// Those that are stored.
    #[default]
    Stored,
    /// Those that were filled in to look at.
    Typed,
}

/// All terms.
#[derive(Debug, Clone, Default)]
pub struct RetentionView {
    /// Each of them.
    pub terms: Vec<TermRow>,
    /// Of which terms the counts are.
    pub counts: CountsOf,
    /// How much is past the stored terms.
    pub due_now: u32,
    /// When they were last applied and what went, in words.
    pub last: String,
    /// When they are applied next, in words.
    pub next: String,
    /// What went wrong.
    pub errors: Vec<FieldError>,
}

fn term(view: &RetentionView, row: &TermRow) -> Markup {
    html! {
        section class="panel" aria-labelledby={ "termijn-" (row.code) } {
            div class="panel-head" {
                h2 id={ "termijn-" (row.code) } { (row.title) }
                @match row.due {
                    Some(0) => { (tag(Tone::Quiet, "niets over zijn termijn")) }
                    Some(due) => { (tag(Tone::Signal, &format!("{} over de termijn", number(due)))) }
                    None => {}
                }
            }
            p { (row.meaning) }
            (input(Input::text(&row.code, "Termijn in maanden", &row.months).kind(InputKind::Digits).hint(&row.source).autocomplete("off"), &view.errors))
        }
    }
}

fn now(frame: &Frame, view: &RetentionView) -> Markup {
    html! {
        section class="panel" aria-labelledby="nu-toepassen" {
            h2 id="nu-toepassen" { "Toepassen" }
            p { "Kernschil past de bewaarde termijnen elke dag zelf toe, als het draait. " (view.next) }
            @if !view.last.is_empty() { p class="muted" { (view.last) } }
            p {
                @if view.due_now == 0 { "Er is nu niets over de bewaarde termijnen." }
                @else { "Nu over de bewaarde termijnen: " (counted(view.due_now, "gegeven", "gegevens")) ". Wat verdwijnt, is niet terug te halen." }
            }
            form method="post" action={ (RETENTION_PATH) "/toepassen" } { (csrf(&frame.csrf)) button class="button button-second" type="submit" { "Pas de termijnen nu toe" } }
        }
    }
}

/// `/instellingen/bewaartermijnen`
pub fn retention_page(frame: &Frame, view: &RetentionView) -> Markup {
    let body = html! {
        form method="post" action=(RETENTION_PATH) novalidate {
            (csrf(&frame.csrf))
            @if view.counts == CountsOf::Typed { p class="result-count" role="status" { "Hieronder staat wat met deze termijnen nu zou verdwijnen. Er is nog niets bewaard en niets verdwenen." } }
            @for row in &view.terms { (term(view, row)) }
            div class="buttons" {
                button class="button button-second" type="submit" name="doe" value="bekijk" { "Bekijk wat dan zou verdwijnen" }
                button class="button" type="submit" name="doe" value="bewaar" { "Bewaar de termijnen" }
            }
        }
        (now(frame, view))
        section class="panel" aria-labelledby="zonder-termijn" {
            h2 id="zonder-termijn" { "Zonder eigen termijn" }
            ul class="bullets" {
                li { "Weigeringen en mislukte inlogpogingen staan in het logboek, en verdwijnen daarmee." }
                li { "Verlopen sessies en links verdwijnen meteen." }
                li { "Voorstellen, plekken en dekking blijven. Daarin staan geen namen." }
                li { "Reservekopieën en gedownloade werkboeken kent Kernschil niet. Spreek daarvoor zelf een termijn af." }
            }
        }
    };
    let lead = "Hoe lang Kernschil iets bewaart. Wat er in de wet staat en wat u afspreekt, bepaalt u zelf; Kernschil voert het uit.";
    form_page(frame, Title::new("Bewaartermijnen").lead(lead).trail(&[("Instellingen", "/instellingen")]), &view.errors, &body)
}
