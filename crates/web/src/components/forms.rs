//! Forms: fields with label, help and error; the summary of errors; buttons.

use maud::{Markup, html};

/// What is wrong with one field. The same words stand in the summary and at the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl FieldError {
    /// An error at a field.
    pub fn new(field: &str, message: &str) -> Self {
        Self { field: field.to_owned(), message: message.to_owned() }
    }
}

/// The message for a field, when it has one.
pub fn error_at<'a>(errors: &'a [FieldError], field: &str) -> Option<&'a str> {
    errors.iter().find(|error| error.field == field).map(|error| error.message.as_str())
}

/// All errors together, with links to the fields; the script moves the focus here.
pub fn error_summary(errors: &[FieldError]) -> Markup {
    html! {
        @if !errors.is_empty() {
            div class="error-summary" role="alert" tabindex="-1" data-focus {
                h2 { @if errors.len() == 1 { "Er is iets niet goed ingevuld" } @else { "Er zijn " (errors.len()) " dingen niet goed ingevuld" } }
                ul {
                    @for error in errors { li { a href={ "#veld-" (error.field) } { (error.message) } } }
                }
            }
        }
    }
}

/// The hidden token of every form that changes something.
pub fn csrf(token: &str) -> Markup {
    html! { input type="hidden" name="csrf" value=(token); }
}

/// Kind of a text field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputKind {
    /// Plain text.
    Text,
    /// An e-mail address.
    Email,
    /// A password.
    Password,
    /// Digits.
    Digits,
    /// A date.
    Date,
}

/// One text field.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Name in the form.
    pub name: &'a str,
    /// Words above it.
    pub label: &'a str,
    /// Sentence under the label, or nothing.
    pub hint: &'a str,
    /// What it holds now.
    pub value: &'a str,
    /// What kind of text.
    pub kind: InputKind,
    /// Value of `autocomplete`, or nothing.
    pub autocomplete: &'a str,
    /// Identifier of a list of suggestions on the page, or nothing.
    pub list: &'a str,
}

impl<'a> Input<'a> {
    /// A plain text field.
    pub fn text(name: &'a str, label: &'a str, value: &'a str) -> Self {
        Self { name, label, hint: "", value, kind: InputKind::Text, autocomplete: "", list: "" }
    }

    /// The same field of another kind.
    #[must_use]
    pub fn kind(self, kind: InputKind) -> Self {
        Self { kind, ..self }
    }

    /// The same field with a sentence under the label.
    #[must_use]
    pub fn hint(self, hint: &'a str) -> Self {
        Self { hint, ..self }
    }

    /// The same field, to be filled in by the browser.
    #[must_use]
    pub fn autocomplete(self, autocomplete: &'a str) -> Self {
        Self { autocomplete, ..self }
    }

    /// The same field, with a list of suggestions.
    #[must_use]
    pub fn list(self, list: &'a str) -> Self {
        Self { list, ..self }
    }
}

fn described_by(name: &str, hint: &str, error: Option<&str>) -> Option<String> {
    match (hint.is_empty(), error.is_some()) {
        (true, false) => None,
        (false, false) => Some(format!("uitleg-{name}")),
        (true, true) => Some(format!("fout-{name}")),
        (false, true) => Some(format!("uitleg-{name} fout-{name}")),
    }
}

fn around(name: &str, label: &str, hint: &str, error: Option<&str>, control: &Markup) -> Markup {
    html! {
        div class={ "field" @if error.is_some() { " field-wrong" } } {
            label for={ "veld-" (name) } { (label) }
            @if !hint.is_empty() { p class="hint" id={ "uitleg-" (name) } { (hint) } }
            @if let Some(error) = error { p class="field-error" id={ "fout-" (name) } { strong { "Fout: " } (error) } }
            (control)
        }
    }
}

/// A text field with its label, hint and error.
pub fn input(field: Input<'_>, errors: &[FieldError]) -> Markup {
    let error = error_at(errors, field.name);
    let (kind, mode) = match field.kind {
        InputKind::Text => ("text", None),
        InputKind::Email => ("email", None),
        InputKind::Password => ("password", None),
        InputKind::Digits => ("text", Some("numeric")),
        InputKind::Date => ("date", None),
    };
    let control = html! {
        input class={ "input input-" (kind) } id={ "veld-" (field.name) } name=(field.name) type=(kind) inputmode=[mode]
            value=[(field.kind != InputKind::Password).then_some(field.value)]
            autocomplete=[(!field.autocomplete.is_empty()).then_some(field.autocomplete)]
            list=[(!field.list.is_empty()).then_some(field.list)]
            aria-describedby=[described_by(field.name, field.hint, error)] aria-invalid=[error.map(|_| "true")];
    };
    around(field.name, field.label, field.hint, error, &control)
}

/// A form that does what cannot be taken back, behind a click: its words, about which thing, and what goes with it.
pub fn twice(words: &str, about: &str, says: &str, form: &Markup) -> Markup {
    html! {
        details class="more more-inline" {
            summary { (words) span class="visually-hidden" { ": " (about) } }
            p { (says) }
            (form)
        }
    }
}

/// A field to choose one or more files.
pub fn file(name: &str, label: &str, hint: &str, accept: &str, errors: &[FieldError]) -> Markup {
    let error = error_at(errors, name);
    let control = html! {
        div class="drop" data-drop {
            input class="input" id={ "veld-" (name) } name=(name) type="file" multiple accept=(accept)
                aria-describedby=[described_by(name, hint, error)] aria-invalid=[error.map(|_| "true")];
        }
    };
    around(name, label, hint, error, &control)
}

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Value in the form.
    pub value: String,
    /// Words for people.
    pub label: String,
    /// One more sentence, or nothing.
    pub hint: String,
}

/// Choose one of a few, each with an explanation.
pub fn radios(name: &str, legend: &str, chosen: &str, choices: &[Choice], errors: &[FieldError]) -> Markup {
    let error = error_at(errors, name);
    html! {
        fieldset class={ "field radios" @if error.is_some() { " field-wrong" } } aria-describedby=[described_by(name, "", error)] {
            legend { (legend) }
            @if let Some(error) = error { p class="field-error" id={ "fout-" (name) } { strong { "Fout: " } (error) } }
            div class="radio-list" {
                @for (at, choice) in choices.iter().enumerate() {
                    @let id = if at == 0 { format!("veld-{name}") } else { format!("veld-{name}-{at}") };
                    div class="radio" {
                        input type="radio" id=(id) name=(name) value=(choice.value) checked[choice.value == chosen]
                            aria-describedby=[(!choice.hint.is_empty()).then(|| format!("{id}-uitleg"))];
                        label for=(id) { (choice.label) }
                        @if !choice.hint.is_empty() { p class="hint" id={ (id) "-uitleg" } { (choice.hint) } }
                    }
                }
            }
        }
    }
}

/// A list to choose one value from, with its label, hint and error. The first choice asks to choose.
pub fn choose(name: &str, label: &str, hint: &str, chosen: &str, options: &[(String, String)], errors: &[FieldError]) -> Markup {
    let error = error_at(errors, name);
    let control = html! {
        select class="input" id={ "veld-" (name) } name=(name) aria-describedby=[described_by(name, hint, error)] aria-invalid=[error.map(|_| "true")] {
            option value="" selected[chosen.is_empty()] { "Kies" }
            @for (value, words) in options { option value=(value) selected[value == chosen] { (words) } }
        }
    };
    around(name, label, hint, error, &control)
}

/// The main button of a form; the words say what will happen.
pub fn submit(words: &str) -> Markup {
    html! { button class="button" type="submit" { (words) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_stands_at_the_field_and_in_the_summary() {
        let errors = [FieldError::new("email", "Vul een e-mailadres in")];
        let html = input(Input::text("email", "E-mailadres", "").hint("Uw werkadres"), &errors).into_string();
        assert!(html.contains(r#"aria-describedby="uitleg-email fout-email""#));
        assert!(html.contains(r#"aria-invalid="true""#));
        assert!(error_summary(&errors).into_string().contains(r##"href="#veld-email""##));
    }

    #[test]
    fn a_password_is_never_written_back() {
        let html = input(Input::text("password", "Wachtwoord", "geheim").kind(InputKind::Password), &[]).into_string();
        assert!(!html.contains("geheim"));
    }
}
