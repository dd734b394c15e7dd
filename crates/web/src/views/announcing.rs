//! Checking before a round is fixed, and before places are announced.

use kernschil_app::announcements::LetterText;
use maud::{Markup, html};

use super::letters::letter_sheet;
use crate::components::figures::{Figure, figures};
use crate::components::forms::{Choice, FieldError, csrf, radios};
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, form_page, page};
use crate::components::status::{note, warning};
use crate::components::text::{counted, number};

/// Something to know, with where it can be looked at.
#[derive(Debug, Clone)]
pub struct Remark {
    /// A sentence.
    pub words: String,
    /// Where; nothing when there is no page for it.
    pub href: Option<String>,
}

fn remarks(list: &[Remark]) -> Markup {
    html! {
        ul class="points" { @for remark in list { li { (remark.words) @if let Some(address) = &remark.href { " " a href=(address) { "Bekijk" span class="visually-hidden" { ": " (remark.words) } } } } } }
    }
}

/// What is about to be fixed.
#[derive(Debug, Clone, Default)]
pub struct FixView {
    /// Which round.
    pub round: RoundRef,
    /// Demands that need a place.
    pub demands: u32,
    /// Of those, with a place.
    pub placed: u32,
    /// Demands without anything remarkable.
    pub unremarkable: u32,
    /// What stands in the way.
    pub blocked: Vec<Remark>,
    /// What is worth knowing.
    pub warnings: Vec<Remark>,
    /// Exceptions with their number, each with a page.
    pub exceptions: Vec<(String, u32, String)>,
    /// Where the round stands.
    pub stage: FixStage,
    /// Version of the round as it was seen.
    pub version: String,
    /// Reasons to open it again.
    pub reasons: Vec<Choice>,
    /// What is wrong in the form.
    pub errors: Vec<FieldError>,
}

/// Where a round stands with fixing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum FixStage {
    /// It can be fixed, as far as its step goes.
    #[default]
    Ready,
    /// It is fixed, and nobody was told.
    Fixed,
    /// Its step does not allow it; why, in words.
    Elsewhere(String),
}

fn exceptions(view: &FixView) -> Markup {
    html! {
        section class="panel" aria-labelledby="bijzonderheden" {
            h2 id="bijzonderheden" { "Bijzonderheden" }
            p class="panel-lead" { strong { (number(view.unremarkable)) } " zonder bijzonderheden. Bekijk de andere voordat u vaststelt." }
            @if view.exceptions.is_empty() { p class="muted" { "Er zijn geen bijzonderheden." } }
            @else { ul class="plain-list" { @for (words, count, address) in &view.exceptions { li { a href=(address) { (number(*count)) " " (words) } } } } }
        }
    }
}

fn reopening(frame: &Frame, view: &FixView) -> Markup {
    html! {
        section class="panel" aria-labelledby="terugdraaien" {
            h2 id="terugdraaien" { "Toch nog iets veranderen?" }
            p { "Zolang niemand bericht heeft, kunt u de vaststelling terugdraaien. De plaatsen blijven zoals ze zijn; u kunt ze weer aanpassen." }
            form method="post" action=(view.round.path("vaststellen/terugdraaien")) {
                (csrf(&frame.csrf))
                input type="hidden" name="version" value=(view.version);
                (radios("reason", "Waarom draait u de vaststelling terug?", "", &view.reasons, &view.errors))
                button class="button button-second" type="submit" { "Vaststelling terugdraaien" }
            }
        }
    }
}

fn fixing(frame: &Frame, view: &FixView) -> Markup {
    html! {
        section class="panel" aria-labelledby="knop" {
            h2 id="knop" { "Wat er gebeurt" }
            @if view.blocked.is_empty() {
                ul class="points" {
                    li { (counted(view.placed, "plaats wordt", "plaatsen worden")) " vastgesteld. Daarna verschuift niemand meer." }
                    li { "Kernschil legt vast wie waar geplaatst is, met een vingerafdruk. Zo kunt u later laten zien dat er niets is veranderd." }
                    li { "Nog niemand krijgt bericht. Dat gebeurt pas bij het bekendmaken." }
                }
                form method="post" action=(view.round.path("vaststellen")) {
                    (csrf(&frame.csrf))
                    input type="hidden" name="version" value=(view.version);
                    button class="button" type="submit" { "Stel " (counted(view.placed, "plaats", "plaatsen")) " vast" }
                }
            } @else {
                (warning(&html! { p { strong { "U kunt nog niet vaststellen." } } (remarks(&view.blocked)) }))
            }
        }
    }
}

/// `/rondes/{slug}/vaststellen`
pub fn fix_page(frame: &Frame, view: &FixView) -> Markup {
    let list = [
        Figure::count("Plaatsen", view.placed)
            .note(&format!("van {}", counted(view.demands, "vraag", "vragen")))
            .href(view.round.path("plaatsbord")),
        Figure::count("Zonder plaats", view.demands.saturating_sub(view.placed)).href(view.round.path("plaatsbord?groep=unplaced")),
        Figure::count("Zonder bijzonderheden", view.unremarkable).href(view.round.path("plaatsbord")),
    ];
    let body = html! {
        (figures(&list))
        @match &view.stage {
            FixStage::Ready => {
                @if !view.warnings.is_empty() { (note(&html! { div { p { strong { "Goed om te weten" } } (remarks(&view.warnings)) } })) }
                div class="two-columns even" { (exceptions(view)) (fixing(frame, view)) }
            }
            FixStage::Fixed => {
                section class="panel" aria-labelledby="klaar" {
                    h2 id="klaar" { "De plaatsen zijn vastgesteld" }
                    p { "Niemand verschuift meer. Scholen en studenten weten nog van niets." }
                    p { a class="button" href=(view.round.path("bekendmaken")) { "Naar bekendmaken" } " " a href=(view.round.path("brieven")) { "Bekijk wat is vastgelegd" } }
                }
                (reopening(frame, view))
            }
            FixStage::Elsewhere(why) => {
                (note(&html! { div { p { "Vaststellen kan nu niet: " (why) "." } p { a href=(view.round.path("stappen")) { "Bekijk de stappen van de ronde" } } } }))
                (exceptions(view))
            }
        }
    };
    let overview = view.round.path("");
    let title = Title::new("Controleer voordat u vaststelt").lead("Klopt alles? Dan stelt u de plaatsen vast.").trail(&[]);
    let trail = [(view.round.name.as_str(), overview.as_str())];
    form_page(frame, Title { trail: &trail, ..title }, &view.errors, &body)
}

/// Somebody who can be told.
#[derive(Debug, Clone)]
pub struct TellOption {
    /// The stable code.
    pub audience: String,
    /// A heading.
    pub title: String,
    /// What happens, in sentences.
    pub effects: Vec<String>,
    /// Words on the button.
    pub button: String,
}

/// What is about to be announced.
#[derive(Debug, Clone, Default)]
pub struct AnnounceView {
    /// Which round.
    pub round: RoundRef,
    /// Places.
    pub placed: u32,
    /// Students without any place, who get no letter.
    pub without: u32,
    /// Waves made already.
    pub waves: u32,
    /// Why it cannot be done now, in words; empty when it can.
    pub misfit: String,
    /// What stands in the way.
    pub blocked: Vec<Remark>,
    /// What is worth knowing.
    pub warnings: Vec<Remark>,
    /// Who can be told.
    pub options: Vec<TellOption>,
    /// A letter to a student.
    pub student_example: Option<LetterText>,
    /// A list for a school.
    pub school_example: Option<LetterText>,
    /// Version of the round as it was seen.
    pub version: String,
}

fn option(frame: &Frame, view: &AnnounceView, one: &TellOption) -> Markup {
    html! {
        section class="panel" aria-labelledby={ "aan-" (one.audience) } {
            h2 id={ "aan-" (one.audience) } { (one.title) }
            ul class="points" { @for effect in &one.effects { li { (effect) } } }
            form method="post" action=(view.round.path("bekendmaken")) {
                (csrf(&frame.csrf))
                input type="hidden" name="version" value=(view.version);
                input type="hidden" name="audience" value=(one.audience);
                button class="button" type="submit" { (one.button) }
            }
        }
    }
}

fn example(title: &str, text: Option<&LetterText>) -> Markup {
    html! { @if let Some(text) = text { details class="letter-example" { summary { (title) } (letter_sheet(text)) } } }
}

/// `/rondes/{slug}/bekendmaken`
pub fn announce_page(frame: &Frame, view: &AnnounceView) -> Markup {
    let body = html! {
        @if view.waves > 0 { (note(&html! { p { "Er " @if view.waves == 1 { "is" } @else { "zijn" } " al " (counted(view.waves, "keer", "keer")) " brieven gemaakt. " a href=(view.round.path("brieven")) { "Bekijk de brieven" } } })) }
        @if !view.misfit.is_empty() {
            (note(&html! { div { p { "Bekendmaken kan nu niet: " (view.misfit) "." } p { a href=(view.round.path("stappen")) { "Bekijk de stappen van de ronde" } } } }))
        } @else if !view.blocked.is_empty() {
            (warning(&html! { p { strong { "U kunt nog niet bekendmaken." } } (remarks(&view.blocked)) }))
        } @else if view.options.is_empty() {
            (note(&html! { p { "Scholen en studenten weten het al. Wat nu nog verandert, is een wijziging." } }))
        } @else {
            @if !view.warnings.is_empty() || view.without > 0 {
                (note(&html! {
                    div {
                        p { strong { "Goed om te weten" } }
                        (remarks(&view.warnings))
                        @if view.without > 0 {
                            p { (counted(view.without, "student heeft", "studenten hebben")) " nog geen enkele plaats. Daarvoor komt geen brief." }
                        }
                    }
                }))
            }
            div class="two-columns even" { @for one in &view.options { (option(frame, view, one)) } }
        }
        section class="panel" aria-labelledby="voorbeelden" {
            h2 id="voorbeelden" { "Zo zien de brieven eruit" }
            (example("Voorbeeld: brief aan een student", view.student_example.as_ref()))
            (example("Voorbeeld: lijst voor een school", view.school_example.as_ref()))
        }
    };
    let overview = view.round.path("");
    let lead = format!("{} vastgesteld. Wat u hier doet, gaat de deur uit.", counted(view.placed, "plaats is", "plaatsen zijn"));
    let lead = if view.misfit.is_empty() { lead } else { String::new() };
    page(frame, Title::new("Controleer voordat u bekendmaakt").lead(&lead).trail(&[(&view.round.name, &overview)]), &body)
}
