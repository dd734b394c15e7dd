//! The kritische reflectie: how far it is, writing about one part, and what a text was before.

mod editor;
mod history;
mod merge;

use kernschil_app::reviews::reflection::ReflectionAccess;
use maud::{Markup, html};

pub use editor::{EditorView, editor_page};
pub(crate) use history::diff;
pub use history::{HistoryView, VersionLine, history_page};
pub use merge::{MergeView, merge_page};

use crate::components::forms::{FieldError, csrf, error_at};
use crate::components::markdown::markdown;
use crate::components::page::{Frame, Title, form_page};
use crate::components::status::{Tone, note, tag, warning};

/// The dossier of a peer review, as the pages in it refer to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dossier {
    /// Name of the review.
    pub name: String,
    /// Name in addresses.
    pub slug: String,
}

impl Dossier {
    /// The address of a page in the dossier; an empty page is the dossier itself.
    pub fn path(&self, page: &str) -> String {
        if page.is_empty() { format!("/peer-reviews/{}", self.slug) } else { format!("/peer-reviews/{}/{page}", self.slug) }
    }
}

/// Something of a framework that can be reflected on.
#[derive(Debug, Clone, Default)]
pub struct PartView {
    /// Code.
    pub code: String,
    /// What it says.
    pub title: String,
    /// What was written, as Markdown; empty while nothing was, or it may not be read.
    pub body: String,
    /// Who wrote last and when, as a sentence.
    pub changed: String,
    /// The evidence that is used here: title and identifier in addresses; no identifier for what was taken away.
    pub evidence: Vec<(String, Option<String>)>,
    /// The key figures that were pinned here.
    pub figures: Vec<FigureLine>,
}

/// A key figure, as it was on the day it was pinned.
#[derive(Debug, Clone, Default)]
pub struct FigureLine {
    /// Identifier in addresses.
    pub id: String,
    /// What it counts.
    pub label: String,
    /// The value.
    pub value: String,
    /// Where it comes from and of which day it is, as a sentence.
    pub source: String,
}

/// A safeguard with its parts.
#[derive(Debug, Clone, Default)]
pub struct SafeguardView {
    /// Name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Whose words that are.
    pub origin: String,
    /// How far it is, in words.
    pub progress: String,
    /// Who wrote in it last and when; empty while nobody did.
    pub last: String,
    /// Whether anything was written about it.
    pub is_begun: bool,
    /// The safeguard as a whole, then each criterion.
    pub parts: Vec<PartView>,
}

/// A reflection as a whole.
#[derive(Debug, Clone)]
pub struct ReflectionView {
    /// The dossier.
    pub dossier: Dossier,
    /// Whose it is.
    pub receiver: String,
    /// The framework it follows.
    pub framework: String,
    /// The safeguards.
    pub safeguards: Vec<SafeguardView>,
    /// What was written about parts that the framework does not have any more: their old code and the text.
    pub kept: Vec<(String, String)>,
    /// What the reader may do.
    pub access: ReflectionAccess,
    /// Whether it can be handed in or taken back as far as the review is.
    pub is_preparing: bool,
    /// What was done with the review before this one, in a sentence; empty when there was none.
    pub previous: String,
    /// When it was handed in, in words; empty while it was not.
    pub handed_in: String,
    /// When it was handed in and taken back, as sentences.
    pub moves: Vec<String>,
    /// Version of the review.
    pub version: String,
    /// The reason that was filled in.
    pub reason: String,
    /// What is wrong with a form.
    pub errors: Vec<FieldError>,
}

fn used_here(view: &ReflectionView, part: &PartView) -> Markup {
    html! {
        @if !part.evidence.is_empty() {
            p class="small" {
                "Bewijsstukken: "
                @for (at, (title, id)) in part.evidence.iter().enumerate() {
                    @if at > 0 { ", " }
                    @match id {
                        Some(id) => a href=(view.dossier.path(&format!("bewijsstukken/{id}"))) { (title) },
                        None => span class="muted" { (title) " (weggehaald)" },
                    }
                }
            }
        }
        @for figure in &part.figures {
            p class="small" { (figure.label) ": " strong { (figure.value) } " " span class="muted" { (figure.source) } }
        }
    }
}

fn part_item(view: &ReflectionView, part: &PartView) -> Markup {
    let href = view.dossier.path(&format!("reflectie/{}", part.code));
    html! {
        section class="reflection-part" aria-labelledby={ "deel-" (part.code) } {
            div class="panel-head" {
                h3 id={ "deel-" (part.code) } { span class="part-code" { (part.code) } " " (part.title) }
                @if view.access == ReflectionAccess::Write {
                    a class="button button-second" href=(href) {
                        @if part.body.is_empty() { "Schrijf" } @else { "Schrijf verder" }
                        span class="visually-hidden" { " aan " (part.code) }
                    }
                } @else if view.access == ReflectionAccess::Locked {
                    a href={ (href) "/geschiedenis" } { "Geschiedenis" span class="visually-hidden" { " van " (part.code) } }
                }
            }
            @if !part.body.is_empty() {
                (markdown(&part.body))
                p class="small muted" { (part.changed) }
            } @else if view.access.reads() {
                p class="muted" { "Hier staat nog niets." }
            }
            (used_here(view, part))
        }
    }
}

fn safeguard(view: &ReflectionView, at: usize, item: &SafeguardView) -> Markup {
    html! {
        section class="panel" aria-labelledby={ "waarborg-" (at) } {
            div class="panel-head" {
                h2 id={ "waarborg-" (at) } { (item.name) }
                p { (tag(if item.is_begun { Tone::Good } else { Tone::Quiet }, &item.progress)) }
            }
            p class="muted" { (item.description) " " span class="small" { "(" (item.origin) ")" } }
            @if !item.last.is_empty() { p class="hint" { (item.last) } }
            @if view.access.reads() { @for part in &item.parts { (part_item(view, part)) } }
        }
    }
}

fn kept(view: &ReflectionView) -> Markup {
    html! {
        @if !view.kept.is_empty() {
            section class="panel" aria-labelledby="oude-codes" {
                h2 id="oude-codes" { "Bewaard onder een oude code" }
                p { "Deze teksten horen bij onderdelen die niet in dit kader staan. Ze zijn bewaard. Neem over wat u wilt houden." }
                @for (code, body) in &view.kept {
                    section class="reflection-part" aria-labelledby={ "oud-" (code) } {
                        h3 id={ "oud-" (code) } { span class="part-code" { (code) } " " span class="muted" { "niet in dit kader" } }
                        (markdown(body))
                    }
                }
            }
        }
    }
}

fn handing_in(frame: &Frame, view: &ReflectionView) -> Markup {
    html! {
        section class="panel" aria-labelledby="inleveren" {
            h2 id="inleveren" { "Inleveren" }
            p { "Met inleveren geeft u de reflectie aan het panel. Het panel kan haar dan lezen. De teksten liggen daarna vast." }
            @if view.is_preparing {
                form method="post" action=(view.dossier.path("reflectie-inleveren")) {
                    (csrf(&frame.csrf))
                    input type="hidden" name="versie" value=(view.version);
                    button class="button" type="submit" { "Lever de reflectie in" }
                }
            } @else {
                p { "Inleveren kan zodra de voorbereidende fase is begonnen. " a href=(view.dossier.path("")) { "Bekijk het dossier" } }
            }
        }
    }
}

fn taking_back(frame: &Frame, view: &ReflectionView) -> Markup {
    let error = error_at(&view.errors, "reden");
    html! {
        section class="panel" aria-labelledby="terughalen" {
            h2 id="terughalen" { "Terughalen" }
            p { "Wilt u toch nog iets veranderen? Haal de reflectie dan terug. Het panel kan haar niet lezen tot u haar weer inlevert." }
            form class="form" method="post" action=(view.dossier.path("reflectie-terughalen")) {
                (csrf(&frame.csrf))
                input type="hidden" name="versie" value=(view.version);
                div class={ "field" @if error.is_some() { " field-wrong" } } {
                    label for="veld-reden" { "Waarom haalt u haar terug?" }
                    p class="hint" id="uitleg-reden" { "Iedereen in het dossier kan deze reden lezen." }
                    @if let Some(error) = error { p class="field-error" id="fout-reden" { strong { "Fout: " } (error) } }
                    textarea class="input" id="veld-reden" name="reden" rows="2" aria-describedby="uitleg-reden" aria-invalid=[error.map(|_| "true")] { (view.reason) }
                }
                button class="button button-second" type="submit" { "Haal de reflectie terug" }
            }
        }
    }
}

fn standing(view: &ReflectionView) -> Markup {
    html! {
        @if !view.handed_in.is_empty() { (note(&html! { p { (view.handed_in) } })) }
        @if view.access == ReflectionAccess::NotYet {
            (warning(&html! { p { "De reflectie is nog niet ingeleverd. U kunt de teksten lezen zodra " (view.receiver) " haar inlevert. Hieronder ziet u hoe ver zij is." } }))
        }
    }
}

/// `/peer-reviews/{slug}/reflectie`
pub fn reflection_page(frame: &Frame, view: &ReflectionView) -> Markup {
    let lead = format!("{} kijkt zelf naar de vier waarborgen, volgens {}.", view.receiver, view.framework);
    let dossier = view.dossier.path("");
    let body = html! {
        @if !view.previous.is_empty() {
            section class="panel" aria-labelledby="vorige" {
                h2 id="vorige" { "Wat er met de vorige review is gedaan" }
                p { (view.previous) " " a href=(view.dossier.path("vorige")) { "Bekijk alle acties" } }
            }
        }
        (standing(view))
        p { a href=(view.dossier.path("bewijsstukken")) { "Bewijsstukken" } }
        @for (at, item) in view.safeguards.iter().enumerate() { (safeguard(view, at, item)) }
        (kept(view))
        @if view.access == ReflectionAccess::Write { (handing_in(frame, view)) }
        @if view.access == ReflectionAccess::Locked && view.is_preparing { (taking_back(frame, view)) }
        @if !view.moves.is_empty() {
            section class="panel" aria-labelledby="verloop" {
                h2 id="verloop" { "Verloop" }
                ul { @for line in &view.moves { li { (line) } } }
            }
        }
    };
    form_page(frame, Title::new("Kritische reflectie").lead(&lead).trail(&[(&view.dossier.name, &dossier)]), &view.errors, &body)
}
