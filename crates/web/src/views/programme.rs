//! The programme of the visit day: a table that can be printed, and forms to change it.

use maud::{Markup, html};

use super::reflection::Dossier;
use crate::components::figures::empty;
use crate::components::forms::{FieldError, Input, csrf, error_at, input, submit, twice};
use crate::components::page::{Frame, Title, form_page};
use crate::components::status::warning;
use crate::components::table::{Density, table};

/// A part of the programme.
#[derive(Debug, Clone, Default)]
pub struct ProgrammeLine {
    /// Identifier in addresses.
    pub id: String,
    /// `9.30 – 10.15`
    pub time: String,
    /// What it is.
    pub title: String,
    /// The room.
    pub room: String,
    /// Who is spoken to.
    pub audience: String,
    /// Who of the panel is there, in words.
    pub members: String,
    /// Version.
    pub version: String,
}

/// A member of the panel to choose.
#[derive(Debug, Clone, Default)]
pub struct MemberChoice {
    /// Identifier in the form.
    pub id: String,
    /// Name and role.
    pub name: String,
    /// Whether she is there.
    pub is_chosen: bool,
}

/// What somebody fills in about a part.
#[derive(Debug, Clone, Default)]
pub struct ItemForm {
    /// When it begins.
    pub starts_at: String,
    /// When it ends.
    pub ends_at: String,
    /// What it is.
    pub title: String,
    /// The room.
    pub room: String,
    /// Who is spoken to.
    pub audience: String,
    /// The members to choose from.
    pub members: Vec<MemberChoice>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// The programme of a visit day.
#[derive(Debug, Clone, Default)]
pub struct ProgrammeView {
    /// The dossier.
    pub dossier: Dossier,
    /// The day, in words; empty while none was agreed.
    pub day: String,
    /// The parts, by time.
    pub lines: Vec<ProgrammeLine>,
    /// What collides, as sentences.
    pub collisions: Vec<String>,
    /// The form for another part; nothing for who cannot change it.
    pub form: Option<ItemForm>,
}

fn lines(frame: &Frame, view: &ProgrammeView) -> Markup {
    let head = html! {
        tr {
            th scope="col" { "Tijd" }
            th scope="col" { "Onderdeel" }
            th scope="col" { "Ruimte" }
            th scope="col" { "Met wie" }
            th scope="col" { "Panel" }
            @if view.form.is_some() { th scope="col" class="no-print" { "Wijzigen" } }
        }
    };
    let rows = html! {
        @for line in &view.lines {
            tr {
                td { (line.time) }
                th scope="row" { (line.title) }
                td { (line.room) }
                td { (line.audience) }
                td { (line.members) }
                @if view.form.is_some() {
                    td class="no-print" {
                        a href=(view.dossier.path(&format!("programma/{}", line.id))) { "Wijzig" span class="visually-hidden" { ": " (line.title) } }
                        (twice("Verwijder", &line.title, "Dit onderdeel verdwijnt. Notities die erbij zijn gemaakt, blijven bestaan.", &html! {
                            form method="post" action=(view.dossier.path(&format!("programma/{}/verwijderen", line.id))) {
                                (csrf(&frame.csrf))
                                input type="hidden" name="versie" value=(line.version);
                                button class="button button-quiet" type="submit" { "Ja, verwijder" span class="visually-hidden" { ": " (line.title) } }
                            }
                        }))
                    }
                }
            }
        }
    };
    table("Programma van de bezoekdag", Density::Roomy, &head, &rows)
}

fn members(form: &ItemForm) -> Markup {
    let error = error_at(&form.errors, "lid");
    html! {
        @if !form.members.is_empty() {
            fieldset class={ "field" @if error.is_some() { " field-wrong" } } id="veld-lid" {
                legend { "Wie van het panel?" }
                p class="hint" { "Kiest u niemand, dan is het hele panel erbij." }
                @if let Some(error) = error { p class="field-error" { strong { "Fout: " } (error) } }
                ul class="choose-list" {
                    @for member in &form.members {
                        li { label { input type="checkbox" name="lid" value=(member.id) checked[member.is_chosen]; " " (member.name) } }
                    }
                }
            }
        }
    }
}

fn fields(form: &ItemForm) -> Markup {
    html! {
        (input(Input::text("begin", "Van", &form.starts_at).hint("Bijvoorbeeld 9.30."), &form.errors))
        (input(Input::text("eind", "Tot", &form.ends_at), &form.errors))
        (input(Input::text("titel", "Onderdeel", &form.title).hint("Bijvoorbeeld: gesprek over de leeromgeving."), &form.errors))
        (input(Input::text("ruimte", "Ruimte", &form.room), &form.errors))
        (input(Input::text("metwie", "Met wie", &form.audience).hint("Een groep, zoals schoolopleiders. Nooit namen van studenten."), &form.errors))
        (members(form))
    }
}

/// `/peer-reviews/{slug}/programma`
pub fn programme_page(frame: &Frame, view: &ProgrammeView) -> Markup {
    let body = html! {
        @if !view.collisions.is_empty() {
            (warning(&html! { p { "Let op, dit valt samen:" } ul { @for line in &view.collisions { li { (line) } } } }))
        }
        @if view.lines.is_empty() {
            (empty("Er is nog geen programma", &html! {
                p { "Het programma zegt wie het panel wanneer en waar spreekt. Begin met het eerste onderdeel van de dag." }
            }))
        } @else {
            (lines(frame, view))
            p class="buttons" { button class="button button-second" type="button" data-print hidden { "Print het programma" } }
        }
        @if let Some(form) = &view.form {
            section class="panel no-print" aria-labelledby="nieuw" {
                h2 id="nieuw" { "Onderdeel toevoegen" }
                form class="form" method="post" action=(view.dossier.path("programma")) {
                    (csrf(&frame.csrf))
                    (fields(form))
                    (submit("Voeg het onderdeel toe"))
                }
            }
        }
    };
    let dossier = view.dossier.path("");
    // The name stands here as well as in the trail, which is not printed.
    let day = if view.day.is_empty() { "De bezoekdag is nog niet afgesproken.".to_owned() } else { format!("Bezoekdag: {}.", view.day) };
    let lead = format!("{}. {day}", view.dossier.name);
    let errors = view.form.as_ref().map(|form| form.errors.as_slice()).unwrap_or_default();
    form_page(frame, Title::new("Programma").lead(&lead).trail(&[(&view.dossier.name, &dossier)]), errors, &body)
}

/// `/peer-reviews/{slug}/programma/{id}`
pub fn programme_item_page(frame: &Frame, dossier: &Dossier, (id, version): (&str, &str), form: &ItemForm) -> Markup {
    let programme = dossier.path("programma");
    let body = html! {
        form class="form" method="post" action={ (programme) "/" (id) } {
            (csrf(&frame.csrf))
            input type="hidden" name="versie" value=(version);
            (fields(form))
            (submit("Bewaar het onderdeel"))
        }
    };
    let above = dossier.path("");
    let trail = [(dossier.name.as_str(), above.as_str()), ("Programma", programme.as_str())];
    form_page(frame, Title::new("Onderdeel wijzigen").trail(&trail), &form.errors, &body)
}
