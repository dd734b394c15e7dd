//! Writing about one part. The form works by itself; the script saves while somebody types.

use kernschil_app::reviews::reflection::ReflectionAccess;
use maud::{Markup, html};

use super::{Dossier, FigureLine};
use crate::components::forms::{FieldError, csrf, error_at};
use crate::components::markdown::markdown;
use crate::components::page::{Frame, Title, form_page};
use crate::components::status::note;

/// Writing about one part.
#[derive(Debug, Clone)]
pub struct EditorView {
    /// The dossier.
    pub dossier: Dossier,
    /// Code of the part.
    pub code: String,
    /// What the part says.
    pub title: String,
    /// The safeguard it belongs to.
    pub safeguard: String,
    /// What the safeguard is about, with whose words that are; empty at a criterion.
    pub description: String,
    /// Questions that help.
    pub questions: Vec<String>,
    /// What it says now, or what somebody just tried to save.
    pub body: String,
    /// The version it was written over.
    pub version: String,
    /// Who wrote last and when, as a sentence.
    pub changed: String,
    /// The codes of the parts before and after this one.
    pub neighbours: (Option<String>, Option<String>),
    /// What the reader may do.
    pub access: ReflectionAccess,
    /// The key figures that were pinned here.
    pub figures: Vec<FigureLine>,
    /// The key figures that can be pinned: what each is known by, and what it says today.
    pub choices: Vec<(String, String)>,
    /// Where the script saves.
    pub save_to: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

fn questions(view: &EditorView) -> Markup {
    html! {
        @if !view.description.is_empty() { p { (view.description) } }
        @if !view.questions.is_empty() {
            details class="more" open {
                summary { "Vragen die helpen" }
                ul { @for question in &view.questions { li { (question) } } }
            }
        }
    }
}

fn form(frame: &Frame, view: &EditorView) -> Markup {
    let error = error_at(&view.errors, "tekst");
    let described = if error.is_some() { "uitleg-tekst fout-tekst" } else { "uitleg-tekst" };
    let merge = view.dossier.path(&format!("reflectie/{}/samenvoegen", view.code));
    html! {
        form class="writing" method="post" action=(view.dossier.path(&format!("reflectie/{}", view.code)))
            data-writing data-save=(view.save_to) data-merge=(merge) data-key={ (view.dossier.slug) "/" (view.code) } {
            (csrf(&frame.csrf))
            input type="hidden" name="versie" value=(view.version);
            div class="note note-signal" data-kept hidden {
                div {
                    p { "In deze browser staat nog een tekst die niet is opgeslagen, van " span data-kept-at {} "." }
                    p class="buttons" {
                        button class="button button-second" type="button" data-kept-back { "Zet die tekst terug" }
                        button class="button button-quiet" type="button" data-kept-away { "Gooi die tekst weg" }
                    }
                }
            }
            div class={ "field" @if error.is_some() { " field-wrong" } } {
                label for="veld-tekst" { "Uw tekst" }
                p class="hint" id="uitleg-tekst" {
                    "Een lege regel begint een nieuwe alinea. Met # maakt u een kop, met - een opsomming, met **twee sterren** iets vet. Schrijf geen namen van studenten."
                }
                @if let Some(error) = error { p class="field-error" id="fout-tekst" { strong { "Fout: " } (error) } }
                // No most number of signs here: a browser would cut what is pasted without a word. The server says it.
                textarea class="input writing-field" id="veld-tekst" name="tekst" rows="18" spellcheck="true"
                    aria-describedby=(described) aria-invalid=[error.map(|_| "true")] { "\n" (view.body) }
            }
            div class="buttons" {
                button class="button" type="submit" { "Opslaan" }
                p class="small" role="status" aria-live="polite" data-saved { (view.changed) }
            }
        }
    }
}

fn figures(frame: &Frame, view: &EditorView) -> Markup {
    let here = view.dossier.path(&format!("reflectie/{}/kerncijfers", view.code));
    let is_open = view.access == ReflectionAccess::Write;
    html! {
        @if is_open || !view.figures.is_empty() {
            section class="panel" aria-labelledby="kerncijfers" {
                h2 id="kerncijfers" { "Kerncijfers" }
                @if view.figures.is_empty() { p class="muted" { "Bij dit onderdeel staat nog geen kerncijfer." } }
                @for figure in &view.figures {
                    div class="panel-head" {
                        p { (figure.label) ": " strong { (figure.value) } br; span class="small muted" { (figure.source) } }
                        @if is_open {
                            form method="post" action={ (here) "/" (figure.id) "/weg" } {
                                (csrf(&frame.csrf))
                                button class="button button-quiet" type="submit" { "Haal weg" span class="visually-hidden" { ": " (figure.label) } }
                            }
                        }
                    }
                }
                @if is_open && view.choices.is_empty() {
                    p class="small muted" { "Cijfers komen uit rondes van uw partnerschap waarvan u de dekking mag bekijken. Die zijn er nu niet." }
                } @else if is_open {
                    @let error = error_at(&view.errors, "cijfer");
                    form class="form" method="post" action=(here) {
                        (csrf(&frame.csrf))
                        div class={ "field" @if error.is_some() { " field-wrong" } } {
                            label for="veld-cijfer" { "Kerncijfer" }
                            p class="hint" id="uitleg-cijfer" { "U zet het cijfer van vandaag vast. Het verandert daarna niet meer." }
                            @if let Some(error) = error { p class="field-error" id="fout-cijfer" { strong { "Fout: " } (error) } }
                            select class="input" id="veld-cijfer" name="cijfer" aria-describedby="uitleg-cijfer" aria-invalid=[error.map(|_| "true")] {
                                option value="" { "Kies een cijfer" }
                                @for (key, words) in &view.choices { option value=(key) { (words) } }
                            }
                        }
                        button class="button button-second" type="submit" { "Zet dit cijfer vast" }
                    }
                }
            }
        }
    }
}

fn neighbours(view: &EditorView) -> Markup {
    let (before, after) = &view.neighbours;
    html! {
        nav class="buttons" aria-label="Andere onderdelen" {
            @if let Some(code) = before { a href=(view.dossier.path(&format!("reflectie/{code}"))) { "Vorige: " (code) } }
            a href=(view.dossier.path("reflectie")) { "Alle waarborgen" }
            @if let Some(code) = after { a href=(view.dossier.path(&format!("reflectie/{code}"))) { "Volgende: " (code) } }
        }
    }
}

/// `/peer-reviews/{slug}/reflectie/{part}`
pub fn editor_page(frame: &Frame, view: &EditorView) -> Markup {
    let history = view.dossier.path(&format!("reflectie/{}/geschiedenis", view.code));
    let body = html! {
        (questions(view))
        @if view.access == ReflectionAccess::Write {
            (form(frame, view))
        } @else {
            (note(&html! { p { "De reflectie ligt vast. U kunt haar lezen, niet veranderen." } }))
            @if view.body.is_empty() { p class="muted" { "Hier staat niets." } } @else { section class="panel" { (markdown(&view.body)) p class="small muted" { (view.changed) } } }
        }
        (figures(frame, view))
        @if view.access.is_author() && !view.version.is_empty() && view.version != "0" {
            p { a href=(history) { "Geschiedenis van deze tekst" } }
        }
        (neighbours(view))
    };
    let title = format!("{} {}", view.code, view.title);
    let (dossier, all) = (view.dossier.path(""), view.dossier.path("reflectie"));
    let trail = [(view.dossier.name.as_str(), dossier.as_str()), ("Kritische reflectie", all.as_str())];
    form_page(frame, Title::new(&title).lead(&view.safeguard).trail(&trail), &view.errors, &body)
}
