//! Writing a draft of a framework: one form, with an empty place at the end of each list.

use maud::{Markup, html};

use super::{PATH, TRAIL};
use crate::components::forms::{FieldError, Input, InputKind, choose, csrf, error_at, input, submit};
use crate::components::page::{Frame, Title, form_page};

/// What every part has.
#[derive(Debug, Clone, Default)]
pub struct PartForm {
    /// Start of the names of its fields: `w0` for the first safeguard, `w0c1` for its second criterion.
    pub prefix: String,
    /// Code.
    pub code: String,
    /// Place among its neighbours, from 1; empty for a new one.
    pub place: String,
    /// What it says.
    pub text: String,
    /// Code of whose words.
    pub origin: String,
    /// Questions, one on each line.
    pub questions: String,
}

/// A criterion.
pub type CriterionForm = PartForm;

/// A safeguard.
#[derive(Debug, Clone, Default)]
pub struct SafeguardForm {
    /// What every part has.
    pub part: PartForm,
    /// Name.
    pub name: String,
    /// Its criteria; the last is empty.
    pub criteria: Vec<CriterionForm>,
}

/// A draft.
#[derive(Debug, Clone, Default)]
pub struct FrameworkForm {
    /// Name in addresses.
    pub slug: String,
    /// Version that was seen.
    pub version: String,
    /// Name.
    pub name: String,
    /// Where it comes from.
    pub source: String,
    /// Questions about everything, one on each line.
    pub questions: String,
    /// Safeguards; the last is empty.
    pub safeguards: Vec<SafeguardForm>,
    /// Whose words, to choose from: code and words.
    pub origins: Vec<(String, String)>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

fn area(name: &str, label: &str, hint: &str, value: &str, errors: &[FieldError]) -> Markup {
    let error = error_at(errors, name);
    let described = match (hint.is_empty(), error.is_some()) {
        (true, false) => None,
        (false, false) => Some(format!("uitleg-{name}")),
        (true, true) => Some(format!("fout-{name}")),
        (false, true) => Some(format!("uitleg-{name} fout-{name}")),
    };
    html! {
        div class={ "field" @if error.is_some() { " field-wrong" } } {
            label for={ "veld-" (name) } { (label) }
            @if !hint.is_empty() { p class="hint" id={ "uitleg-" (name) } { (hint) } }
            @if let Some(error) = error { p class="field-error" id={ "fout-" (name) } { strong { "Fout: " } (error) } }
            // The line break keeps a text that begins with one as it is.
            textarea class="input writing-field" id={ "veld-" (name) } name=(name) rows="4" aria-describedby=[described] aria-invalid=[error.map(|_| "true")] { "\n" (value) }
        }
    }
}

fn part(form: &FrameworkForm, part: &PartForm, what: &str, between: &Markup) -> Markup {
    let named = |field: &str| format!("{}-{field}", part.prefix);
    let is_new = part.place.is_empty();
    html! {
        (input(Input::text(&named("code"), "Code", &part.code).hint(if is_new { "Laat alles leeg als u niets toevoegt." } else { "Maak alles leeg om dit weg te halen." }), &form.errors))
        (between)
        (area(&named("tekst"), what, "", &part.text, &form.errors))
        (choose(&named("herkomst"), "Wiens woorden zijn dit?", "", &part.origin, &form.origins, &form.errors))
        (area(&named("vragen"), "Vragen", "Elke vraag op een eigen regel.", &part.questions, &form.errors))
        @if !is_new { (input(Input::text(&named("plaats"), "Plaats in de volgorde", &part.place).kind(InputKind::Digits), &form.errors)) }
    }
}

fn safeguard(form: &FrameworkForm, safeguard: &SafeguardForm) -> Markup {
    let is_new = safeguard.part.place.is_empty();
    let title = if is_new { "Nieuwe waarborg".to_owned() } else { format!("Waarborg {} {}", safeguard.part.code, safeguard.name) };
    let name_field = format!("{}-naam", safeguard.part.prefix);
    let name = input(Input::text(&name_field, "Naam", &safeguard.name), &form.errors);
    let criterion_of = |criterion: &CriterionForm| {
        let words = if criterion.place.is_empty() { "Nieuw criterium".to_owned() } else { format!("Criterium {}", criterion.code) };
        let wrong = form.errors.iter().any(|error| error.field.starts_with(&format!("{}-", criterion.prefix)));
        html! {
            details class="more" open[wrong] {
                summary { (words) span class="visually-hidden" { ", " (title) } }
                (part(form, criterion, "Wat het criterium zegt", &html! {}))
            }
        }
    };
    html! {
        fieldset class="panel" {
            legend { h2 { (title) } }
            (part(form, &safeguard.part, "Waar de waarborg over gaat", &name))
            @if !is_new { h3 { "Criteria" } @for criterion in &safeguard.criteria { (criterion_of(criterion)) } }
        }
    }
}

/// `/kaders/{slug}/wijzigen`
pub fn form_of_framework_page(frame: &Frame, form: &FrameworkForm) -> Markup {
    let path = format!("{PATH}/{}", form.slug);
    let body = html! {
        form class="form" method="post" action={ (path) "/wijzigen" } novalidate {
            (csrf(&frame.csrf))
            input type="hidden" name="versie" value=(form.version);
            (input(Input::text("naam", "Naam van het kader", &form.name), &form.errors))
            (area("bron", "Bron", "Het document, de datum en wie het heeft vastgesteld.", &form.source, &form.errors))
            (area("vragen", "Vragen bij alles", "Elke vraag op een eigen regel.", &form.questions, &form.errors))
            @for one in &form.safeguards { (safeguard(form, one)) }
            div class="buttons" {
                (submit("Bewaar het concept"))
                button class="button button-second" type="submit" name="daarna" value="verder" { "Bewaar en voeg meer toe" }
                a class="quiet-link" href=(path) { "Terug zonder te bewaren" }
            }
        }
    };
    form_page(frame, Title::new("Kader wijzigen").trail(&[TRAIL, (&form.name, &path)]), &form.errors, &body)
}
