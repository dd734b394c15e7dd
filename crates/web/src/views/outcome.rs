//! The outcome of a judging review.

use kernschil_domain::reviews::Judgement;
use maud::{Markup, html};

use super::reflection::Dossier;
use crate::components::figures::empty;
use crate::components::forms::{FieldError, Input, InputKind, csrf, error_at, input, submit};
use crate::components::page::{Frame, Title, form_page};
use crate::components::status::note;
use crate::components::table::{Density, table};

/// Something that is judged: a safeguard, or the review as a whole.
#[derive(Debug, Clone, Default)]
pub struct Judged {
    /// Name of the field.
    pub field: String,
    /// What it is.
    pub name: String,
    /// Code of the judgement; empty while there is none.
    pub chosen: String,
}

impl Judged {
    fn words(&self) -> &'static str {
        Judgement::parse(&self.chosen).map_or("nog geen oordeel", Judgement::dutch)
    }
}

/// The page.
#[derive(Debug, Clone, Default)]
pub struct OutcomeView {
    /// The dossier.
    pub dossier: Dossier,
    /// Whether the reader may know of it.
    pub is_shown: bool,
    /// Whether it can be noted now by the reader.
    pub can_judge: bool,
    /// Why it cannot be changed now; empty while it can.
    pub locked: String,
    /// What was judged, as it stands.
    pub stored: Vec<Judged>,
    /// When it was decided, in words; empty while nobody judged.
    pub decided: String,
    /// What stands in the form.
    pub filled: Vec<Judged>,
    /// The day that stands in the form.
    pub day: String,
    /// Version of the review.
    pub version: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

fn stored(view: &OutcomeView) -> Markup {
    if view.decided.is_empty() {
        return empty(
            "Er is nog geen oordeel",
            &html! { p { "De voorzitter of de secretaris legt het oordeel van het panel vast, per waarborg en als geheel." } },
        );
    }
    let head = html! { tr { th scope="col" { "Waarover" } th scope="col" { "Oordeel" } } };
    let body = html! { @for judged in &view.stored { tr { th scope="row" { (judged.name) } td { (judged.words()) } } } };
    html! {
        (table("Oordeel van het panel", Density::Roomy, &head, &body))
        p { (view.decided) }
    }
}

fn choice(view: &OutcomeView, judged: &Judged) -> Markup {
    let error = error_at(&view.errors, &judged.field);
    html! {
        fieldset class={ "field" @if error.is_some() { " field-wrong" } } id={ "veld-" (judged.field) } {
            legend { (judged.name) }
            @if let Some(error) = error { p class="field-error" { strong { "Fout: " } (error) } }
            @for judgement in Judgement::ALL {
                div class="radio" {
                    input type="radio" id={ (judged.field) "-" (judgement.code()) } name=(judged.field) value=(judgement.code()) checked[judged.chosen == judgement.code()];
                    label for={ (judged.field) "-" (judgement.code()) } { (judgement.dutch()) }
                }
            }
        }
    }
}

fn form(frame: &Frame, view: &OutcomeView) -> Markup {
    let day = Input::text("besloten", "Besloten op", &view.day).kind(InputKind::Date);
    html! {
        section class="panel" aria-labelledby="vastleggen" {
            h2 id="vastleggen" { "Oordeel vastleggen" }
            form class="form" method="post" action=(view.dossier.path("oordeel")) {
                (csrf(&frame.csrf))
                input type="hidden" name="versie" value=(view.version);
                @for judged in &view.filled { (choice(view, judged)) }
                (input(day.hint("Na onvoldoende telt de tweede kans vanaf deze dag."), &view.errors))
                (submit("Leg het oordeel vast"))
            }
        }
    }
}

/// `/peer-reviews/{slug}/oordeel`
pub fn outcome_page(frame: &Frame, view: &OutcomeView) -> Markup {
    let body = html! {
        @if view.is_shown {
            (stored(view))
            @if view.can_judge { (form(frame, view)) } @else if !view.locked.is_empty() { (note(&html! { p { (view.locked) } })) }
        } @else {
            (empty("Het panel oordeelt nog", &html! { p { "U leest het oordeel hier zodra het panel het rapport ter reactie heeft gestuurd." } }))
        }
    };
    let dossier = view.dossier.path("");
    let title = Title::new("Oordeel").lead("Voldoende of onvoldoende, per waarborg en als geheel.");
    form_page(frame, title.trail(&[(&view.dossier.name, &dossier)]), &view.errors, &body)
}
