//! Findings of a member of the panel: her own by part, those of others once they may be read, handing in and opening.

mod form;
mod journal;
mod steps;

use maud::{Markup, html};

use super::evidence::PartChoice;
use super::reflection::Dossier;
use crate::components::figures::empty;
use crate::components::forms::{FieldError, csrf, error_at, file, submit};
use crate::components::markdown::markdown;
use crate::components::page::{Frame, Title, form_page};
use crate::components::status::{Tone, note, tag};
use crate::components::table::{Density, table};

pub use form::{DifferenceView, FormPreviewView, form_preview_page};
pub use journal::{ChangeLine, JournalView, journal_page};
pub use steps::{FindingEditView, FindingsStepView, StepTerms, finding_page, findings_step_page};

/// What is filled in of a finding.
#[derive(Debug, Clone, Default)]
pub struct FindingFields {
    /// Code of the kind.
    pub kind: String,
    /// Code of the part.
    pub part: String,
    /// Text.
    pub text: String,
    /// Identifiers of evidence.
    pub evidence: Vec<String>,
}

/// What there is to choose from.
#[derive(Debug, Clone, Default)]
pub struct FindingChoices {
    /// Kinds: code and words.
    pub kinds: Vec<(String, String)>,
    /// Parts of the framework.
    pub parts: Vec<PartChoice>,
    /// Evidence: identifier and title.
    pub evidence: Vec<(String, String)>,
}

/// A finding to read.
#[derive(Debug, Clone, Default)]
pub struct FindingItem {
    /// Identifier in addresses; empty when it cannot be changed.
    pub id: String,
    /// Kind, in words.
    pub kind: String,
    /// Text. Markdown.
    pub text: String,
    /// Titles of evidence.
    pub evidence: Vec<String>,
    /// Version.
    pub version: String,
}

/// The findings about one part.
#[derive(Debug, Clone, Default)]
pub struct PartFindings {
    /// Code and words of the part.
    pub part: String,
    /// The findings.
    pub items: Vec<FindingItem>,
}

/// The findings of who looks.
#[derive(Debug, Clone, Default)]
pub struct OwnFindingsView {
    /// By part, in the order of the framework.
    pub parts: Vec<PartFindings>,
    /// Why she cannot write, and what to do; empty when she can.
    pub lock: String,
    /// What she handed in; nothing while she did not.
    pub handed_in: Option<SealView>,
    /// Whether she can hand in now.
    pub can_hand_in: bool,
}

/// The seal of what somebody handed in.
#[derive(Debug, Clone, Default)]
pub struct SealView {
    /// When she handed in.
    pub when: String,
    /// Hash of the salt and what she handed in.
    pub hash: String,
    /// What is hashed before it.
    pub salt: String,
}

/// The findings of another.
#[derive(Debug, Clone, Default)]
pub struct OtherFindingsView {
    /// Her name.
    pub name: String,
    /// When she handed in, or that she did not.
    pub when: String,
    /// Hash of what she handed in; empty when she did not.
    pub hash: String,
    /// By part.
    pub parts: Vec<PartFindings>,
}

/// Whether one of the panel handed in.
#[derive(Debug, Clone, Default)]
pub struct HandInLine {
    /// Her name.
    pub name: String,
    /// What she does.
    pub role: String,
    /// When she handed in; empty when she did not.
    pub when: String,
}

/// The findings of a review, as far as somebody may see them.
#[derive(Debug, Clone, Default)]
pub struct FindingsView {
    /// The dossier.
    pub dossier: Dossier,
    /// Her own, for one of the panel.
    pub own: Option<OwnFindingsView>,
    /// Those of others.
    pub others: Vec<OtherFindingsView>,
    /// Who handed in; empty for who does not see that.
    pub panel: Vec<HandInLine>,
    /// Whether she can open the findings of all.
    pub can_open: bool,
    /// What there is to choose from.
    pub choices: FindingChoices,
    /// What was filled in.
    pub filled: FindingFields,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// The fields of one finding.
fn fields(choices: &FindingChoices, filled: &FindingFields, errors: &[FieldError]) -> Markup {
    let select = |name: &str, label: &str, chosen: &str, options: &Markup| {
        let error = error_at(errors, name);
        html! {
            div class={ "field" @if error.is_some() { " field-wrong" } } {
                label for={ "veld-" (name) } { (label) }
                @if let Some(error) = error { p class="field-error" id={ "fout-" (name) } { strong { "Fout: " } (error) } }
                select class="input" id={ "veld-" (name) } name=(name) aria-describedby=[error.map(|_| format!("fout-{name}"))] aria-invalid=[error.map(|_| "true")] {
                    option value="" selected[chosen.is_empty()] { "Kies" }
                    (options)
                }
            }
        }
    };
    let text = error_at(errors, "bevinding");
    html! {
        (select("onderdeel", "Waarover", &filled.part, &html! {
            @for part in &choices.parts { option value=(part.code) selected[part.code == filled.part] { (part.code) " " (part.title) } }
        }))
        (select("soort", "Soort", &filled.kind, &html! {
            @for (code, words) in &choices.kinds { option value=(code) selected[*code == filled.kind] { (words) } }
        }))
        div class={ "field" @if text.is_some() { " field-wrong" } } {
            label for="veld-bevinding" { "Bevinding" }
            p class="hint" id="uitleg-bevinding" { "Met *sterretjes* maakt u tekst schuin, met - een lijst. Zet er geen namen van studenten in." }
            @if let Some(text) = text { p class="field-error" id="fout-bevinding" { strong { "Fout: " } (text) } }
            textarea class="input" id="veld-bevinding" name="bevinding" rows="6" aria-describedby={ "uitleg-bevinding" @if text.is_some() { " fout-bevinding" } } aria-invalid=[text.map(|_| "true")] { (filled.text) }
        }
        @if !choices.evidence.is_empty() {
            @let wrong = error_at(errors, "bewijs");
            fieldset class={ "field" @if wrong.is_some() { " field-wrong" } } id="veld-bewijs" {
                legend { "Waar dit op rust (bewijsstukken)" }
                @if let Some(wrong) = wrong { p class="field-error" { strong { "Fout: " } (wrong) } }
                ul class="choose-list" {
                    @for (id, title) in &choices.evidence {
                        li { label { input type="checkbox" name="bewijs" value=(id) checked[filled.evidence.contains(id)]; " " (title) } }
                    }
                }
            }
        }
    }
}

/// Findings by part, each with what can be done with it.
fn parts(frame: &Frame, view: &FindingsView, parts: &[PartFindings], heading: &str) -> Markup {
    html! {
        @for part in parts {
            section class="finding-part" {
                @if heading == "h3" { h3 { (part.part) } } @else { h4 { (part.part) } }
                ul class="findings-list" {
                    @for item in &part.items {
                        li class="panel" {
                            p { (tag(Tone::Quiet, &item.kind)) }
                            (markdown(&item.text))
                            @if !item.evidence.is_empty() { p class="small muted" { "Rust op: " (item.evidence.join("; ")) } }
                            @if !item.id.is_empty() { (change(frame, view, item)) }
                        }
                    }
                }
            }
        }
    }
}

fn change(frame: &Frame, view: &FindingsView, item: &FindingItem) -> Markup {
    let here = view.dossier.path(&format!("bevindingen/{}", item.id));
    let start: String = item.text.chars().take(40).collect();
    html! {
        div class="row-form" {
            a class="button button-quiet" href=(here) { "Wijzig" span class="visually-hidden" { ": " (start) } }
            form method="post" action={ (here) "/verwijderen" } {
                (csrf(&frame.csrf))
                input type="hidden" name="versie" value=(item.version);
                button class="button button-quiet" type="submit" { "Verwijder" span class="visually-hidden" { ": " (start) } }
            }
        }
    }
}

fn own(frame: &Frame, view: &FindingsView, own: &OwnFindingsView) -> Markup {
    let can_write = own.lock.is_empty();
    html! {
        nav class="buttons" aria-label="Om bij de hand te hebben" {
            a href=(view.dossier.path("reflectie")) { "Kritische reflectie" }
            a href=(view.dossier.path("bewijsstukken")) { "Bewijsstukken" }
            a href=(view.dossier.path("dag")) { "Uw notities van de bezoekdag" }
            a href=(view.dossier.path("weging")) { "Samen wegen" }
        }
        section aria-labelledby="eigen" {
            h2 id="eigen" { "Uw bevindingen" }
            @if let Some(seal) = &own.handed_in {
                (note(&html! { div {
                    p { "U heeft ingeleverd: " (seal.when) ". Uw bevindingen liggen vast." }
                    p class="small" { "Controlegetal van wat u inleverde: " code class="hash" { (seal.hash) } }
                    p class="small" { "Het is gemaakt van uw bevindingen en deze toevoeging, die alleen wie ze leest kent: " code class="hash" { (seal.salt) } }
                } }))
            } @else if !own.lock.is_empty() { (note(&html! { p { (own.lock) } })) }
            @else {
                (note(&html! { p { "Alleen u ziet deze bevindingen, tot u inlevert en een ander ook ingeleverd heeft, of tot de voorzitter ze opent." } }))
            }
            @if own.parts.is_empty() {
                (empty("U heeft nog geen bevindingen", &html! {
                    @if can_write { p { "Schrijf hieronder op wat u opvalt, of download het formulier en vul het in waar geen netwerk is." } }
                }))
            }
            (parts(frame, view, &own.parts, "h3"))
            p { a href=(view.dossier.path("bevindingen-geschiedenis")) { "Geschiedenis van uw bevindingen" } }
        }
        @if own.can_hand_in {
            p { a class="button" href=(view.dossier.path("bevindingen-inleveren")) { "Bevindingen inleveren…" } }
        }
        @if can_write { (write(frame, view)) }
    }
}

fn write(frame: &Frame, view: &FindingsView) -> Markup {
    html! {
        section class="panel" aria-labelledby="nieuw" {
            h2 id="nieuw" { "Bevinding toevoegen" }
            form class="form" method="post" action=(view.dossier.path("bevindingen")) data-draft {
                (csrf(&frame.csrf))
                (fields(&view.choices, &view.filled, &view.errors))
                (submit("Voeg de bevinding toe"))
            }
        }
        section class="panel" aria-labelledby="formulier" {
            h2 id="formulier" { "Formulier om mee te nemen" }
            p { "Het formulier is een werkboek met uw bevindingen en lege rijen per onderdeel. U vult het in zonder netwerk en leest het hier weer in. U ziet eerst wat er verandert." }
            p { a href=(view.dossier.path("bevindingen-formulier.xlsx")) { "Download uw formulier (xlsx)" } }
            form class="form" method="post" enctype="multipart/form-data" action=(view.dossier.path("bevindingen-formulier")) {
                (csrf(&frame.csrf))
                (file("bestand", "Ingevuld formulier", "Het werkboek dat u hier heeft gedownload.", ".xlsx", &view.errors))
                (submit("Bekijk wat er verandert"))
            }
        }
    }
}

fn panel(view: &FindingsView) -> Markup {
    let head = html! { tr { th scope="col" { "Naam" } th scope="col" { "Rol" } th scope="col" { "Ingeleverd" } } };
    let rows = html! {
        @for line in &view.panel {
            tr {
                th scope="row" { (line.name) }
                td { (line.role) }
                td { @if line.when.is_empty() { (tag(Tone::Signal, "nog niet")) } @else { (line.when) } }
            }
        }
    };
    html! {
        section aria-labelledby="ingeleverd" {
            h2 id="ingeleverd" { "Wie heeft ingeleverd" }
            (table("Panel", Density::Roomy, &head, &rows))
            @if view.can_open {
                p { a href=(view.dossier.path("bevindingen-openen")) { "Bevindingen openen voor het hele panel…" } }
            }
        }
    }
}

/// `/peer-reviews/{slug}/bevindingen`
pub fn findings_page(frame: &Frame, view: &FindingsView) -> Markup {
    let body = html! {
        @match &view.own {
            Some(mine) => (own(frame, view, mine)),
            None => (empty("Bevindingen zijn van het panel", &html! {
                p { "Elk panellid schrijft eerst voor zichzelf op wat opvalt. Wat het panel samen vindt, leest u in het rapport." }
            })),
        }
        @if !view.others.is_empty() {
            section aria-labelledby="anderen" {
                h2 id="anderen" { "Bevindingen van anderen" }
                @for other in &view.others {
                    section {
                        h3 { (other.name) }
                        p class="small muted" { (other.when) @if !other.hash.is_empty() { " Controlegetal: " code class="hash" { (other.hash) } } }
                        @if other.parts.is_empty() { p { "Geen bevindingen." } }
                        (parts(frame, view, &other.parts, "h4"))
                    }
                }
            }
        }
        @if !view.panel.is_empty() { (panel(view)) }
    };
    let dossier = view.dossier.path("");
    let title = Title::new("Bevindingen").lead("Sterke punten, ontwikkelpunten, vragen en goede praktijken; nooit een cijfer.");
    form_page(frame, title.trail(&[(&view.dossier.name, &dossier)]), &view.errors, &body)
}
