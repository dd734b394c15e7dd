//! Changing one finding, and the two steps that cannot be taken back: handing in and opening.

use maud::{Markup, html};

use super::{FindingChoices, FindingFields, HandInLine, fields};
use crate::components::forms::{FieldError, csrf, submit};
use crate::components::markdown::markdown;
use crate::components::page::{Frame, Title, form_page, page};
use crate::components::status::{note, warning};
use crate::views::reflection::Dossier;

/// One finding that is changed.
#[derive(Debug, Clone, Default)]
pub struct FindingEditView {
    /// The dossier.
    pub dossier: Dossier,
    /// Identifier in addresses.
    pub id: String,
    /// Version that is changed.
    pub version: String,
    /// What is filled in.
    pub filled: FindingFields,
    /// What is stored now, in another tab or from a form, when that is something else than was seen.
    pub stored: Option<String>,
    /// What there is to choose from.
    pub choices: FindingChoices,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// `/peer-reviews/{slug}/bevindingen/{finding}`
pub fn finding_page(frame: &Frame, view: &FindingEditView) -> Markup {
    let body = html! {
        @if let Some(stored) = &view.stored {
            section class="panel" aria-labelledby="nu" {
                h2 id="nu" { "Zo staat de bevinding er nu" }
                (markdown(stored))
            }
            h2 { "Dit schreef u" }
        }
        form class="form" method="post" action=(view.dossier.path(&format!("bevindingen/{}", view.id))) data-draft {
            (csrf(&frame.csrf))
            input type="hidden" name="versie" value=(view.version);
            (fields(&view.choices, &view.filled, &view.errors))
            (submit("Bewaar de bevinding"))
        }
    };
    let (dossier, list) = (view.dossier.path(""), view.dossier.path("bevindingen"));
    let title = Title::new("Bevinding wijzigen");
    form_page(frame, title.trail(&[(&view.dossier.name, &dossier), ("Bevindingen", &list)]), &view.errors, &body)
}

/// A step that is taken about findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StepTerms {
    /// Handing in what there is.
    #[default]
    HandIn,
    /// Handing in that there is nothing.
    HandInNothing,
    /// Opening those of all.
    Open,
}

/// What will happen, before it does.
#[derive(Debug, Clone, Default)]
pub struct FindingsStepView {
    /// The dossier.
    pub dossier: Dossier,
    /// Which step.
    pub step: StepTerms,
    /// How many findings of her own she hands in.
    pub count: u32,
    /// What was seen: the hash of her findings, or the version of the review.
    pub seen: String,
    /// Who did not hand in yet.
    pub missing: Vec<HandInLine>,
    /// Why it cannot be done, and what to do; empty when it can.
    pub refused: String,
}

fn explained(view: &FindingsStepView) -> Markup {
    match view.step {
        StepTerms::HandIn => html! {
            p {
                "U levert " @if view.count == 1 { "1 bevinding" } @else { (view.count) " bevindingen" } " in. Daarna verandert er niets meer aan: niet door u, niet door de voorzitter."
            }
            p { "U leest daarna de bevindingen van panelleden die ook ingeleverd hebben, en zij die van u." }
            p { "U krijgt een controlegetal. Daarmee is later te zien dat er niets aan veranderd is." }
        },
        StepTerms::HandInNothing => html! {
            p { "U heeft geen bevindingen opgeschreven. Als u nu inlevert, kunt u er geen meer toevoegen." }
        },
        StepTerms::Open => html! {
            p { "Het hele panel leest daarna alle bevindingen, ook van wie nog niet ingeleverd heeft. Niemand kan nog iets toevoegen of wijzigen, ook u niet. Dit kan niet ongedaan gemaakt worden." }
            @if view.missing.is_empty() { p { "Iedereen van het panel heeft ingeleverd." } } @else {
                (warning(&html! {
                    p { strong { "Nog niet ingeleverd:" } }
                    ul { @for line in &view.missing { li { (line.name) " (" (line.role) ")" } } }
                    p { "Wacht liever tot zij ingeleverd hebben: zo blijft ieders eerste oordeel onafhankelijk." }
                }))
            }
        },
    }
}

/// `/peer-reviews/{slug}/bevindingen-inleveren` and `/peer-reviews/{slug}/bevindingen-openen`
pub fn findings_step_page(frame: &Frame, view: &FindingsStepView) -> Markup {
    let (title, path, button) = match view.step {
        StepTerms::HandIn => ("Bevindingen inleveren", "bevindingen-inleveren", "Lever mijn bevindingen in"),
        StepTerms::HandInNothing => ("Bevindingen inleveren", "bevindingen-inleveren", "Ik heb geen bevindingen: lever leeg in"),
        StepTerms::Open => ("Bevindingen openen", "bevindingen-openen", "Open de bevindingen van iedereen"),
    };
    let (dossier, list) = (view.dossier.path(""), view.dossier.path("bevindingen"));
    let body = html! {
        @if view.refused.is_empty() {
            (explained(view))
            form class="form" method="post" action=(view.dossier.path(path)) {
                (csrf(&frame.csrf))
                input type="hidden" name="gezien" value=(view.seen);
                @if view.step == StepTerms::HandInNothing { input type="hidden" name="inhoud" value="niets"; }
                (submit(button))
            }
        } @else { (note(&html! { p { (view.refused) } })) }
        p { a href=(list) { "Terug naar de bevindingen" } }
    };
    page(frame, Title::new(title).trail(&[(&view.dossier.name, &dossier), ("Bevindingen", &list)]), &body)
}
