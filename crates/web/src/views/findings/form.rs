//! What a form that was brought back would change, to choose from.

use maud::{Markup, html};

use super::FindingFields;
use crate::components::forms::{csrf, submit};
use crate::components::markdown::markdown;
use crate::components::page::{Frame, Title, page};
use crate::components::status::{Tone, tag, warning};
use crate::components::table::{Density, table};
use crate::views::reflection::Dossier;

/// One difference.
#[derive(Debug, Clone, Default)]
pub struct DifferenceView {
    /// What it is, in words.
    pub what: String,
    /// The finding and its version; empty when it stands nowhere.
    pub id: String,
    /// The version that was seen.
    pub version: String,
    /// What stands: kind and part in words, and the text.
    pub now: Option<(String, String)>,
    /// What the form says: kind and part in words, and what it is made of.
    pub form: Option<(String, FindingFields)>,
    /// What can be chosen: code and words.
    pub choices: Vec<(&'static str, &'static str)>,
    /// The code of what is chosen.
    pub chosen: &'static str,
}

/// What a form would change.
#[derive(Debug, Clone, Default)]
pub struct FormPreviewView {
    /// The dossier.
    pub dossier: Dossier,
    /// The differences.
    pub differences: Vec<DifferenceView>,
    /// How many findings stay as they are.
    pub unchanged: u32,
    /// Rows that cannot be taken over: number and what is wrong.
    pub faults: Vec<(u32, String)>,
}

fn faults(view: &FormPreviewView) -> Markup {
    let head = html! { tr { th scope="col" { "Rij" } th scope="col" { "Wat er mis is en wat u kunt doen" } } };
    let rows = html! { @for (row, words) in &view.faults { tr { th scope="row" { (row) } td { (words) } } } };
    html! {
        (warning(&html! { p { "Deze rijen kunnen niet zo overgenomen worden. Er is nog niets veranderd. Verbeter ze in het formulier en lees het opnieuw in." } }))
        (table("Rijen om te verbeteren", Density::Roomy, &head, &rows))
    }
}

fn one(difference: &DifferenceView, at: usize) -> Markup {
    let name = |field: &str| format!("{field}-{at}");
    html! {
        li class="panel" {
            p { (tag(Tone::Busy, &difference.what)) }
            @if let Some((about, text)) = &difference.now {
                h3 { "Op het scherm" }
                p class="small muted" { (about) }
                (markdown(text))
            }
            @if let Some((about, form)) = &difference.form {
                h3 { "Op het formulier" }
                p class="small muted" { (about) }
                (markdown(&form.text))
                input type="hidden" name=(name("soort")) value=(form.kind);
                input type="hidden" name=(name("onderdeel")) value=(form.part);
                textarea hidden name=(name("bevinding")) { (form.text) }
                @for evidence in &form.evidence { input type="hidden" name=(name("bewijs")) value=(evidence); }
            }
            @if !difference.id.is_empty() {
                input type="hidden" name=(name("kenmerk")) value=(difference.id);
                input type="hidden" name=(name("versie")) value=(difference.version);
            }
            fieldset class="field radios" {
                legend { "Wat wilt u?" }
                div class="radio-list" {
                    @for (code, words) in &difference.choices {
                        div class="radio" {
                            input type="radio" id={ "keuze-" (at) "-" (code) } name=(name("keuze")) value=(code) checked[*code == difference.chosen];
                            label for={ "keuze-" (at) "-" (code) } { (words) }
                        }
                    }
                }
            }
        }
    }
}

/// `/peer-reviews/{slug}/bevindingen-formulier`
pub fn form_preview_page(frame: &Frame, view: &FormPreviewView) -> Markup {
    let (dossier, list) = (view.dossier.path(""), view.dossier.path("bevindingen"));
    let body = html! {
        @if !view.faults.is_empty() { (faults(view)) }
        @else if view.differences.is_empty() { p { "Het formulier verandert niets." } }
        @else {
            form class="form" method="post" enctype="multipart/form-data" action=(view.dossier.path("bevindingen-formulier/overnemen")) {
                (csrf(&frame.csrf))
                ol class="findings-list" { @for (at, difference) in view.differences.iter().enumerate() { (one(difference, at)) } }
                (submit("Neem over wat ik gekozen heb"))
            }
        }
        @if view.unchanged > 0 {
            p class="muted" { @if view.unchanged == 1 { "1 bevinding blijft" } @else { (view.unchanged) " bevindingen blijven" } " zoals u die op het scherm heeft." }
        }
        p { a href=(list) { "Terug naar de bevindingen, zonder iets over te nemen" } }
    };
    let title = Title::new("Wat het formulier verandert").lead("Er is nog niets veranderd. U kiest zelf.");
    page(frame, title.trail(&[(&view.dossier.name, &dossier), ("Bevindingen", &list)]), &body)
}
