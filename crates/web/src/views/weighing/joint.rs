//! What was found together: the list, and the forms to make, change and dissent.

use kernschil_domain::reviews::FindingKind;
use maud::{Markup, html};

use super::{SideBySide, TableView, WeighingView};
use crate::components::figures::empty;
use crate::components::forms::{FieldError, csrf, error_at};
use crate::components::markdown::markdown;
use crate::components::page::Frame;
use crate::components::status::{Tone, tag};
use crate::components::text::listed;

/// Where a member sees something in another way.
#[derive(Debug, Clone, Default)]
pub struct DissentView {
    /// Who.
    pub name: String,
    /// What she says, as Markdown.
    pub text: String,
    /// What the finding said when she said so, as Markdown; nothing while it says that still.
    pub earlier: Option<String>,
    /// Whether it is the reader's own.
    pub is_own: bool,
    /// Version.
    pub version: String,
}

/// A joint finding.
#[derive(Debug, Clone, Default)]
pub struct JointView {
    /// Identifier in addresses.
    pub id: String,
    /// Code of the kind.
    pub kind: String,
    /// What it is, in words.
    pub kind_words: String,
    /// Code of the part.
    pub part: String,
    /// The part, in words.
    pub about: String,
    /// What it says, as Markdown.
    pub text: String,
    /// The findings it was made from: identifier, and whose and what in a few words.
    pub sources: Vec<(String, String)>,
    /// All findings about the same part that it can be made from.
    pub choices: Vec<(String, String)>,
    /// Who sees it in another way.
    pub dissents: Vec<DissentView>,
    /// Version.
    pub version: String,
}

/// What was found together, for who is not on the panel.
#[derive(Debug, Clone, Default)]
pub struct ToldView {
    /// What it is, in words.
    pub kind: String,
    /// The part, in words.
    pub about: String,
    /// What it says, as Markdown.
    pub text: String,
    /// How members of the panel see it in another way, as Markdown.
    pub dissents: Vec<String>,
}

/// A form as somebody filled it in.
#[derive(Debug, Clone, Default)]
pub struct JointForm {
    /// Which form: `nieuw`, `nieuw-` with the code of a part, an identifier, or `anders-` with an identifier.
    pub at: String,
    /// Code of the kind.
    pub kind: String,
    /// Code of the part.
    pub part: String,
    /// Text.
    pub text: String,
    /// Identifiers of findings.
    pub sources: Vec<String>,
}

fn text_field(id: &str, name: &str, label: &str, value: &str, errors: &[FieldError]) -> Markup {
    let error = error_at(errors, name);
    html! {
        div class={ "field" @if error.is_some() { " field-wrong" } } {
            label for=(id) { (label) }
            p class="hint" id={ "uitleg-" (id) } { "U kunt Markdown gebruiken: een lege regel begint een nieuwe alinea." }
            @if let Some(error) = error { p class="field-error" id={ "fout-" (id) } { strong { "Fout: " } (error) } }
            textarea class="input" id=(id) name=(name) rows="4" aria-invalid=[error.map(|_| "true")]
                aria-describedby=(if error.is_some() { format!("uitleg-{id} fout-{id}") } else { format!("uitleg-{id}") }) { (value) }
        }
    }
}

/// The id of the text field of a form: of the one that was refused, the place that the summary of errors links to.
fn field_id(view: &WeighingView, at: &str) -> String {
    if view.form.at == at { "veld-tekst".to_owned() } else { format!("veld-tekst-{at}") }
}

/// The fields of a joint finding. Without a part it is chosen in the form.
fn fields(view: &WeighingView, filled: &JointForm, part: Option<&str>, choices: &[(String, String)]) -> Markup {
    let errors: &[FieldError] = if view.form.at == filled.at { &view.errors } else { &[] };
    let at = &filled.at;
    html! {
        div class="field" {
            label for={ "soort-" (at) } { "Wat is het?" }
            @if let Some(error) = error_at(errors, "soort") { p class="field-error" { strong { "Fout: " } (error) } }
            select class="input" id={ "soort-" (at) } name="soort" {
                @for kind in FindingKind::ALL { option value=(kind.code()) selected[kind.code() == filled.kind] { (kind.dutch()) } }
            }
        }
        @if let Some(part) = part { input type="hidden" name="onderdeel" value=(part); }
        @else {
            div class="field" {
                label for={ "onderdeel-" (at) } { "Waarover?" }
                @if let Some(error) = error_at(errors, "onderdeel") { p class="field-error" { strong { "Fout: " } (error) } }
                select class="input" id={ "onderdeel-" (at) } name="onderdeel" {
                    @for choice in &view.parts { option value=(choice.code) selected[choice.code == filled.part] { (choice.code) " " (choice.title) } }
                }
            }
        }
        (text_field(&field_id(view, at), "tekst", "Wat vindt u samen?", &filled.text, errors))
        @if !choices.is_empty() {
            fieldset class="field" {
                legend { "Gemaakt van deze bevindingen" }
                @if let Some(error) = error_at(errors, "bron") { p class="field-error" { strong { "Fout: " } (error) } }
                ul class="choose-list" {
                    @for (id, words) in choices {
                        li { label { input type="checkbox" name="bron" value=(id) checked[filled.sources.contains(id)]; " " (words) } }
                    }
                }
            }
        }
    }
}

/// The form below the findings about a part, to make a joint finding of them.
pub(super) fn new_form(frame: &Frame, view: &WeighingView, part: &SideBySide) -> Markup {
    let at = format!("nieuw-{}", part.code);
    let choices: Vec<_> = part
        .members
        .iter()
        .flat_map(|(name, findings)| findings.iter().map(move |finding| (finding.id.clone(), format!("{name}: {}", finding.kind))))
        .collect();
    let is_refused = view.form.at == at;
    let all = choices.iter().map(|(id, _)| id.clone()).collect();
    let filled = if is_refused { view.form.clone() } else { JointForm { at, sources: all, ..JointForm::default() } };
    html! {
        details class="more" open[is_refused] {
            summary { "Formuleer samen" span class="visually-hidden" { ": " (part.code) " " (part.title) } }
            form class="form" method="post" action=(view.dossier.path("weging")) data-draft=(filled.at) {
                (csrf(&frame.csrf))
                input type="hidden" name="formulier" value=(filled.at);
                (fields(view, &filled, Some(&part.code), &choices))
                button class="button" type="submit" { "Bewaar als gezamenlijke bevinding" }
            }
        }
    }
}

fn change_form(frame: &Frame, view: &WeighingView, joint: &JointView) -> Markup {
    let is_refused = view.form.at == joint.id;
    let sources = joint.sources.iter().map(|(id, _)| id.clone()).collect();
    let stored = JointForm { at: joint.id.clone(), kind: joint.kind.clone(), part: joint.part.clone(), text: joint.text.clone(), sources };
    let filled = if is_refused { view.form.clone() } else { stored };
    html! {
        details class="more" open[is_refused] {
            summary { "Wijzig" span class="visually-hidden" { ": " (joint.about) } }
            form class="form" method="post" action=(view.dossier.path(&format!("weging/{}", joint.id))) data-draft {
                (csrf(&frame.csrf))
                input type="hidden" name="versie" value=(joint.version);
                (fields(view, &filled, None, &joint.choices))
                button class="button" type="submit" { "Bewaar de wijziging" }
            }
        }
        form class="row-form" method="post" action=(view.dossier.path(&format!("weging/{}/weghalen", joint.id))) {
            (csrf(&frame.csrf))
            input type="hidden" name="versie" value=(joint.version);
            button class="button button-quiet" type="submit" { "Haal weg" span class="visually-hidden" { ": " (joint.about) } }
        }
    }
}

fn dissent_form(frame: &Frame, view: &WeighingView, joint: &JointView) -> Markup {
    let at = format!("anders-{}", joint.id);
    let own = joint.dissents.iter().find(|dissent| dissent.is_own);
    let is_refused = view.form.at == at;
    let text = if is_refused { view.form.text.as_str() } else { own.map_or("", |dissent| &dissent.text) };
    let version = own.map_or("0", |dissent| &dissent.version);
    let errors: &[FieldError] = if is_refused { &view.errors } else { &[] };
    html! {
        details class="more" open[is_refused] {
            summary {
                @if own.is_some() { "Wijzig uw andere mening" } @else { "Ik zie dit anders" }
                span class="visually-hidden" { ": " (joint.about) }
            }
            form class="form" method="post" action=(view.dossier.path(&format!("weging/{}/anders", joint.id))) data-draft {
                (csrf(&frame.csrf))
                input type="hidden" name="versie" value=(version);
                (text_field(&field_id(view, &at), "tekst", "Hoe ziet u het? Dit komt in het rapport.", text, errors))
                button class="button" type="submit" { "Bewaar uw andere mening" }
            }
        }
        @if own.is_some() {
            form class="row-form" method="post" action=(view.dossier.path(&format!("weging/{}/anders-terug", joint.id))) {
                (csrf(&frame.csrf))
                input type="hidden" name="versie" value=(version);
                button class="button button-quiet" type="submit" { "Neem uw andere mening terug" span class="visually-hidden" { ": " (joint.about) } }
            }
        }
    }
}

fn finding(about: &str, kind: &str, text: &str) -> Markup {
    html! {
        h3 { (about) }
        p { (tag(Tone::Quiet, kind)) }
        (markdown(text))
    }
}

fn dissent(who: &str, text: &str) -> Markup {
    html! { div class="note" { p { strong { (who) " ziet dit anders:" } } (markdown(text)) } }
}

/// That the finding was changed after somebody saw it in another way.
fn said_of_other_words(said: &DissentView) -> Markup {
    html! {
        @if let Some(earlier) = &said.earlier {
            p {
                (tag(Tone::Signal, "gewijzigd na deze andere mening")) " "
                @if said.is_own { "De bevinding zegt nu iets anders. Bewaar uw andere mening opnieuw, pas haar aan of neem haar terug." }
                @else { "De bevinding zegt nu iets anders. " (said.name) " kreeg daar bericht van." }
            }
            details class="more" {
                summary { "Wat de bevinding toen zei" span class="visually-hidden" { ", bij de andere mening van " (said.name) } }
                (markdown(earlier))
            }
        }
    }
}

fn item(frame: &Frame, view: &WeighingView, laid: &TableView, joint: &JointView) -> Markup {
    html! {
        li class="panel" {
            (finding(&joint.about, &joint.kind_words, &joint.text))
            p class="small muted" {
                @if joint.sources.is_empty() { "Niet gemaakt van een bevinding van een lid." }
                @else { "Gemaakt van: " (listed(&joint.sources.iter().map(|(_, words)| words.clone()).collect::<Vec<_>>())) "." }
            }
            @for said in &joint.dissents { (dissent(&said.name, &said.text)) (said_of_other_words(said)) }
            @if laid.can_dissent { (dissent_form(frame, view, joint)) }
            @if laid.can_weigh { (change_form(frame, view, joint)) }
        }
    }
}

/// What was found together, for who is not on the panel.
pub(super) fn told(findings: &[ToldView]) -> Markup {
    html! {
        section aria-labelledby="samen" {
            h2 id="samen" { "Samen gevonden" }
            @if findings.is_empty() {
                (empty("Er is nog niets samen gevonden", &html! { p { "De voorzitter of de secretaris schrijft op wat het panel samen vindt." } }))
            } @else {
                ul class="plain-list" {
                    @for told in findings {
                        li class="panel" {
                            (finding(&told.about, &told.kind, &told.text))
                            @for said in &told.dissents { (dissent("Een panellid", said)) }
                        }
                    }
                }
            }
        }
    }
}

fn taken_away(frame: &Frame, view: &WeighingView, laid: &TableView) -> Markup {
    html! {
        details class="more" {
            summary { "Weggehaald (" (laid.removed.len()) ")" }
            ul class="plain-list" {
                @for joint in &laid.removed {
                    li class="panel" {
                        p class="headline" { (joint.about) }
                        (markdown(&joint.text))
                        form class="row-form" method="post" action=(view.dossier.path(&format!("weging/{}/terugzetten", joint.id))) {
                            (csrf(&frame.csrf))
                            input type="hidden" name="versie" value=(joint.version);
                            button class="button button-quiet" type="submit" { "Zet terug" span class="visually-hidden" { ": " (joint.about) } }
                        }
                    }
                }
            }
        }
    }
}

/// What was found together, with the forms for who may use them.
pub(super) fn together(frame: &Frame, view: &WeighingView, laid: &TableView) -> Markup {
    let is_refused = view.form.at == "nieuw";
    let filled = if is_refused { view.form.clone() } else { JointForm { at: "nieuw".to_owned(), ..JointForm::default() } };
    html! {
        section aria-labelledby="samen" {
            h2 id="samen" { "Samen gevonden" }
            @if laid.joint.is_empty() {
                (empty("Er is nog niets samen gevonden", &html! {
                    p { @if laid.can_weigh { "Kies hieronder een onderdeel waar u verschilt, bespreek het, en schrijf op wat u samen vindt." }
                        @else { "De voorzitter of de secretaris schrijft op wat het panel samen vindt." } }
                }))
            } @else { ul class="plain-list" { @for joint in &laid.joint { (item(frame, view, laid, joint)) } } }
            @if !laid.removed.is_empty() { (taken_away(frame, view, laid)) }
            @if laid.can_weigh {
                details class="more" open[is_refused] {
                    summary { "Voeg een bevinding toe die niemand apart opschreef" }
                    form class="form" method="post" action=(view.dossier.path("weging")) data-draft="nieuw" {
                        (csrf(&frame.csrf))
                        input type="hidden" name="formulier" value="nieuw";
                        (fields(view, &filled, None, &[]))
                        button class="button" type="submit" { "Bewaar als gezamenlijke bevinding" }
                    }
                }
            }
        }
    }
}
