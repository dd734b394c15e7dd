//! The visit day on a tablet: the programme with large targets, and one's own notes per part of it.

use maud::{Markup, html};

use super::reflection::Dossier;
use crate::components::forms::{FieldError, csrf, error_at};
use crate::components::page::{Frame, Title, form_page};
use crate::components::status::{Tone, note, tag};

/// A note.
#[derive(Debug, Clone, Default)]
pub struct NoteLine {
    /// Identifier in addresses.
    pub id: String,
    /// What it says.
    pub body: String,
    /// When it was written, in words.
    pub written: String,
    /// Version.
    pub version: String,
}

/// A note that is not there yet, as its form has it.
#[derive(Debug, Clone, Default)]
pub struct FreshNote {
    /// Its identifier, so that sending the form twice makes one note.
    pub id: String,
    /// What was filled in.
    pub body: String,
}

/// Whether the reader is there at a part of the programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// She is, alone or with others.
    Here,
    /// She is not.
    Elsewhere,
}

/// A part of the programme with the notes that were made at it; the last part is for what belongs to none.
#[derive(Debug, Clone, Default)]
pub struct DayPart {
    /// Identifier in the form; empty for the last part.
    pub item: String,
    /// `9.30 – 10.15`; empty for the last part.
    pub time: String,
    /// What it is.
    pub title: String,
    /// Room and who is spoken to.
    pub place: String,
    /// Who of the panel is there: whether the reader is, and the others in words. Nothing for the last part.
    pub who: Option<(Presence, String)>,
    /// The notes.
    pub notes: Vec<NoteLine>,
    /// A note to write.
    pub fresh: FreshNote,
}

/// The visit day.
#[derive(Debug, Clone, Default)]
pub struct DayView {
    /// The dossier.
    pub dossier: Dossier,
    /// Whose notes these are, for what the device keeps.
    pub member: String,
    /// The day, in words; empty while it is not known.
    pub day: String,
    /// The parts.
    pub parts: Vec<DayPart>,
    /// Whether notes can be written.
    pub is_open: bool,
    /// Identifier of the note whose form was refused.
    pub refused: String,
    /// What is wrong with it.
    pub errors: Vec<FieldError>,
}

fn field(view: &DayView, id: &str, label: &str, body: &str) -> Markup {
    let error = error_at(&view.errors, "tekst").filter(|_| view.refused == id);
    html! {
        div class={ "field" @if error.is_some() { " field-wrong" } } {
            label for={ "veld-tekst-" (id) } { (label) }
            @if let Some(error) = error { p class="field-error" id={ "fout-tekst-" (id) } { strong { "Fout: " } (error) } }
            textarea class="input day-note" id={ "veld-tekst-" (id) } name="tekst" rows="3" maxlength="10000" spellcheck="true"
                aria-invalid=[error.map(|_| "true")] { "\n" (body) }
        }
    }
}

/// The fields that say which note a form is of.
fn hidden(frame: &Frame, part: &DayPart, id: &str, version: &str) -> Markup {
    html! {
        (csrf(&frame.csrf))
        input type="hidden" name="notitie" value=(id);
        input type="hidden" name="onderdeel" value=(part.item);
        input type="hidden" name="versie" value=(version);
    }
}

fn note_item(frame: &Frame, view: &DayView, part: &DayPart, line: &NoteLine) -> Markup {
    let (save, here) = (view.dossier.path("dag/notities"), view.dossier.path(&format!("dag/notities/{}/weg", line.id)));
    html! {
        li class="day-kept" data-note=(line.id) {
            p class="day-text" { (line.body) }
            p class="small muted" { (line.written) }
            div class="buttons" {
                a class="button button-second" href={ (view.dossier.path("bevindingen")) "?notitie=" (line.id) } { "Maak er een bevinding van" }
                @if view.is_open {
                    details class="more" open[view.refused == line.id] {
                        summary { "Wijzig" }
                        form method="post" action=(save) data-day-form {
                            (hidden(frame, part, &line.id, &line.version))
                            (field(view, &line.id, "Notitie", &line.body))
                            button class="button button-large" type="submit" { "Bewaar" }
                        }
                        form method="post" action=(here) {
                            (csrf(&frame.csrf))
                            input type="hidden" name="versie" value=(line.version);
                            button class="button button-quiet" type="submit" { "Haal weg" }
                        }
                    }
                }
            }
        }
    }
}

fn part_block(frame: &Frame, view: &DayView, part: &DayPart) -> Markup {
    let name = if part.item.is_empty() { "rest" } else { part.item.as_str() };
    html! {
        section class="panel day-part" aria-labelledby={ "deel-" (name) } data-day-part=(part.item) {
            h2 id={ "deel-" (name) } { @if !part.time.is_empty() { span class="day-time" { (part.time) } " " } (part.title) }
            @if !part.place.is_empty() { p class="muted" { (part.place) } }
            @match &part.who {
                None => {}
                Some((Presence::Here, words)) => p { (tag(Tone::Good, "u bent hierbij")) " " (words) },
                Some((Presence::Elsewhere, words)) => p { (tag(Tone::Quiet, "zonder u")) " " (words) },
            }
            ul class="plain-list" data-day-notes { @for line in &part.notes { (note_item(frame, view, part, line)) } }
            @if view.is_open {
                form method="post" action=(view.dossier.path("dag/notities")) data-day-form data-day-fresh {
                    (hidden(frame, part, &part.fresh.id, "0"))
                    (field(view, &part.fresh.id, "Nieuwe notitie", &part.fresh.body))
                    button class="button button-large" type="submit" { "Bewaar de notitie" }
                }
            }
        }
    }
}

/// `/peer-reviews/{slug}/dag`
pub fn day_page(frame: &Frame, view: &DayView) -> Markup {
    let dossier = view.dossier.path("");
    let body = html! {
        (note(&html! { p { "Deze notities zijn van u alleen. Niemand anders kan ze lezen, ook niet na het bezoek. Schrijf geen namen van studenten." } }))
        @if !view.is_open { (note(&html! { p { "In deze peer review schrijft u nu geen notities." } })) }
        div data-day data-day-key={ (view.dossier.slug) "/" (view.member) } data-day-save={ "/api/v1/reviews/" (view.dossier.slug) "/day-notes/" }
            data-day-worker=(view.dossier.path("dag/werker.js")) data-day-scope=(view.dossier.path("dag")) {
            p role="status" aria-live="polite" data-day-status {}
            @for part in &view.parts { (part_block(frame, view, part)) }
        }
    };
    let lead = if view.day.is_empty() { "De bezoekdag is nog niet afgesproken.".to_owned() } else { format!("Bezoek op {}.", view.day) };
    form_page(frame, Title::new("Bezoekdag").lead(&lead).trail(&[(&view.dossier.name, &dossier)]), &view.errors, &body)
}
