//! What is looked at before a report is made final, and before it leaves the house.

use kernschil_domain::reviews::ReportContent;
use maud::{Markup, html};

use super::content::{Edition, nothing, told};
use super::reading::{DifferenceView, differences};
use super::{LooseEndsView, loose_ends};
use crate::components::figures::{empty, facts};
use crate::components::forms::{FieldError, Input, csrf, input, submit};
use crate::components::page::{Frame, Title, form_page};
use crate::components::status::{note, warning};
use crate::views::reflection::Dossier;

/// Making a report final.
#[derive(Debug, Clone, Default)]
pub struct FinalView {
    /// The dossier.
    pub dossier: Dossier,
    /// The number of the latest version.
    pub number: i32,
    /// Everything there is to check: words and values.
    pub checks: Vec<(&'static str, String)>,
    /// Why it cannot be done now, each as a sentence.
    pub obstacles: Vec<String>,
    /// Until when the receiving side can still respond; empty when that is over.
    pub term: String,
    /// What would be left out without a word.
    pub loose_ends: LooseEndsView,
    /// The latest text, where the receiving side read another.
    pub unread: Option<UnreadView>,
    /// Why the reader cannot do it now, as a sentence; nothing when she can.
    pub refused: Option<String>,
}

/// The latest text, where the receiving side read another.
#[derive(Debug, Clone, Default)]
pub struct UnreadView {
    /// The number of the version that they read.
    pub read: i32,
    /// How the latest differs from it.
    pub differences: Vec<DifferenceView>,
}

fn final_form(frame: &Frame, view: &FinalView) -> Markup {
    html! {
        p { "Na het vaststellen verandert het rapport niet meer. De reacties en wat u ermee deed staan erin. Het woord CONCEPT verdwijnt." }
        p { a href=(view.dossier.path(&format!("rapport/versies/{}", view.number))) { "Lees versie " (view.number) " nog eens" } }
        form class="form" method="post" action=(view.dossier.path("rapport/vaststellen")) {
            (csrf(&frame.csrf))
            input type="hidden" name="nummer" value=(view.number);
            @if !view.term.is_empty() {
                div class="field" {
                    label { input type="checkbox" name="klaar" value="ja"; " " "De ontvangende partij kan reageren tot en met " (view.term) ", en heeft laten weten dat zij klaar is." }
                }
            }
            @if let Some(unread) = &view.unread {
                div class="field" {
                    label { input type="checkbox" name="ongelezen" value="ja"; " " "Ik zag de verschillen met versie " (unread.read) ", en stel versie " (view.number) " vast zonder haar eerst te versturen." }
                }
            }
            (submit(&format!("Stel versie {} vast als eindrapport", view.number)))
        }
    }
}

fn unread(view: &FinalView, unread: &UnreadView) -> Markup {
    html! {
        (warning(&html! {
            p {
                "De ontvangende partij las versie " (unread.read) ". Versie " (view.number) " is haar niet gestuurd. "
                a href=(view.dossier.path("rapport#versturen")) { "Verstuur versie " (view.number) " ter reactie" }
                ", of bevestig hieronder dat u haar zo vaststelt."
            }
        }))
        details class="more" open {
            summary { "De verschillen met versie " (unread.read) " (" (unread.differences.len()) ")" }
            (differences(&unread.differences))
        }
    }
}

/// `/peer-reviews/{slug}/rapport/vaststellen`
pub fn final_page(frame: &Frame, view: &FinalView) -> Markup {
    let checks: Vec<_> = view.checks.iter().map(|(word, value)| (*word, html! { (value) })).collect();
    let body = html! {
        (facts(&checks))
        @for obstacle in &view.obstacles { (warning(&html! { p { (obstacle) } })) }
        (loose_ends(&view.dossier, &view.loose_ends))
        @match &view.refused {
            None => { @if let Some(text) = &view.unread { (unread(view, text)) } (final_form(frame, view)) }
            Some(reason) => (note(&html! { p { (reason) } p { "De voorzitter van het panel stelt het rapport vast." } })),
        }
    };
    let (dossier, reports) = (view.dossier.path(""), view.dossier.path("rapport"));
    let trail = [(view.dossier.name.as_str(), dossier.as_str()), ("Rapport", reports.as_str())];
    form_page(frame, Title::new("Rapport vaststellen").lead("Controleer wat er vast komt te liggen.").trail(&trail), &[], &body)
}

/// A part that can be published.
#[derive(Debug, Clone, Default)]
pub struct PartTick {
    /// Code in the form.
    pub code: String,
    /// What it is.
    pub words: String,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

/// When it was published, and taken back.
#[derive(Debug, Clone, Default)]
pub struct PublicationLine {
    /// When and with what, as a sentence.
    pub words: String,
    /// Why it was taken back; empty while it is published.
    pub reason: String,
}

/// Publishing a report.
#[derive(Debug, Clone, Default)]
pub struct PublishView {
    /// The dossier.
    pub dossier: Dossier,
    /// The version of the review.
    pub version: String,
    /// The number of the final version and what it says; nothing while it is not final.
    pub content: Option<(i32, ReportContent)>,
    /// The parts to choose.
    pub parts: Vec<PartTick>,
    /// The annual report that carries it, or that it is not known, as a sentence.
    pub annual: String,
    /// What was published and taken back, the oldest first.
    pub publications: Vec<PublicationLine>,
    /// Whether it is published now.
    pub is_published: bool,
    /// The number of the version that is published, where a later one is final.
    pub outdated: Option<i32>,
    /// The reason that was filled in.
    pub reason: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

fn publish_form(frame: &Frame, view: &PublishView, number: i32) -> Markup {
    html! {
        form class="form" method="post" action=(view.dossier.path("publiceren")) {
            (csrf(&frame.csrf))
            input type="hidden" name="versie" value=(view.version);
            fieldset class="field" id="veld-onderdeel" {
                legend { "Wat wordt er gepubliceerd naast de tekst?" }
                p class="hint" { "Iedereen die de reviewkalender mag zien, leest het rapport. Kies namen alleen als de panelleden dat weten." }
                @if view.parts.is_empty() { p class="muted" { "Het rapport heeft alleen tekst." } }
                ul class="choose-list" {
                    @for part in &view.parts {
                        li { label { input type="checkbox" name="onderdeel" value=(part.code) checked[part.is_chosen]; " " (part.words) } }
                    }
                }
            }
            (submit(&format!("Publiceer versie {number}")))
        }
    }
}

/// `/peer-reviews/{slug}/publiceren`
pub fn publish_page(frame: &Frame, view: &PublishView) -> Markup {
    let body = html! {
        @match &view.content {
            None => (empty("Er is nog niets te publiceren", &html! { p { "U publiceert het rapport nadat de voorzitter van het panel het heeft vastgesteld." } })),
            Some((number, content)) => {
                (note(&html! { p { (view.annual) " " a href=(view.dossier.path("gegevens")) { "Jaar van de jaarrapportage invullen" } } }))
                @if let Some(earlier) = view.outdated {
                    (warning(&html! { p { "Gepubliceerd is versie " (earlier) ". Versie " (number) " is later vastgesteld: publiceer die als zij de eerdere vervangt." } }))
                }
                (publish_form(frame, view, *number))
                @if view.is_published {
                    p { a href=(view.dossier.path("publicatie")) { "Bekijk wat is gepubliceerd" } }
                    details class="more" open[!view.errors.is_empty()] {
                        summary { "Haal het rapport terug" }
                        form class="form" method="post" action=(view.dossier.path("publicatie/terughalen")) {
                            (csrf(&frame.csrf))
                            input type="hidden" name="versie" value=(view.version);
                            (input(Input::text("reden", "Waarom?", &view.reason).hint("De reden blijft in het dossier staan."), &view.errors))
                            button class="button" type="submit" { "Haal het rapport terug" }
                        }
                    }
                }
                @if !view.publications.is_empty() {
                    h2 { "Eerder" }
                    ul { @for line in &view.publications { li { (line.words) @if !line.reason.is_empty() { " Teruggehaald: " (line.reason) } } } }
                }
                h2 { "Dit verlaat het huis" }
                p { "Wat u hierboven niet kiest, wordt weggelaten." }
                (told(content, Edition::Final, &nothing))
            }
        }
    };
    let (dossier, reports) = (view.dossier.path(""), view.dossier.path("rapport"));
    let trail = [(view.dossier.name.as_str(), dossier.as_str()), ("Rapport", reports.as_str())];
    form_page(
        frame,
        Title::new("Rapport publiceren").lead("Controleer wat het huis verlaat, en voor wie.").trail(&trail),
        &view.errors,
        &body,
    )
}
