//! Several files that are loaded together: what each says, and one button for all.

use maud::{Markup, html};

use super::imports::{ImportResultView, ImportState, new_and_changed, sections};
use crate::components::forms::{csrf, submit};
use crate::components::icons::{Icon, icon};
use crate::components::page::{Frame, Title, page};
use crate::components::status::{Tone, tag};
use crate::components::table::{Density, table};
use crate::components::text::{counted, number};

/// Files that are loaded together, in the order in which they are loaded.
#[derive(Debug, Clone, Default)]
pub struct SeveralView {
    /// Identifier in addresses.
    pub id: String,
    /// Whether they can be loaded.
    pub state: ImportState,
    /// Each file that was looked at; at most the last is wrong.
    pub files: Vec<ImportResultView>,
    /// Names of files that wait for a wrong one.
    pub waiting: Vec<String>,
    /// Where to go on; nothing while nothing is loaded.
    pub next: Option<Next>,
}

/// Where to go on.
#[derive(Debug, Clone)]
pub struct Next {
    /// Words of the button.
    pub words: String,
    /// Where it leads.
    pub href: String,
}

fn verdict(view: &SeveralView) -> Markup {
    let rows: u32 = view.files.iter().map(new_and_changed).sum();
    let rows = counted(rows, "nieuwe of gewijzigde regel", "nieuwe of gewijzigde regels");
    html! {
        p class="headline" {
            @match view.state {
                ImportState::Ready => { "Deze bestanden zijn in orde. Laden geeft " strong { (rows) } ". Er is nog niets opgeslagen." }
                ImportState::Unchanged => { "Deze bestanden zijn in orde, maar er verandert niets. Alles staat er al in." }
                ImportState::Wrong => {
                    @if let Some(wrong) = view.files.last() {
                        "In “" (wrong.file) "” " (if wrong.error_count == 1 { "zit" } else { "zitten" }) " " strong { (counted(wrong.error_count, "fout", "fouten")) } ". Er is niets opgeslagen, ook niet van de andere bestanden."
                    }
                }
                ImportState::Loaded => { "Alles is geladen: " strong { (rows) } "." }
            }
        }
    }
}

fn outcome(view: &SeveralView, file: &ImportResultView) -> Markup {
    html! {
        @if file.error_count > 0 { (tag(Tone::Signal, &counted(file.error_count, "fout", "fouten"))) }
        @else if view.state == ImportState::Loaded { (tag(Tone::Good, "Geladen")) }
        @else { (tag(Tone::Good, "In orde")) }
    }
}

fn list(view: &SeveralView) -> Markup {
    let head = html! { tr { th scope="col" { "Bestand" } th scope="col" { "Soort" } th scope="col" class="figure" { "Nieuw of gewijzigd" } th scope="col" class="figure" { "Opmerkingen" } th scope="col" { "Uitkomst" } } };
    let rows = html! {
        @for file in &view.files {
            tr {
                th scope="row" { (file.file) }
                td { (file.kind) }
                td class="figure" { (number(new_and_changed(file))) }
                td class="figure" { (number(file.remark_count)) }
                td { (outcome(view, file)) }
            }
        }
        @for name in &view.waiting {
            tr { th scope="row" { (name) } td colspan="3" class="muted" { "Nog niet nagekeken: dit bestand kan verwijzen naar het bestand met fouten." } td { (tag(Tone::Quiet, "Wacht")) } }
        }
    };
    table("De bestanden, in de volgorde van laden", Density::Roomy, &head, &rows)
}

fn buttons(frame: &Frame, view: &SeveralView) -> Markup {
    let annotated = view.files.last().filter(|_| view.state == ImportState::Wrong).and_then(|file| file.annotated.as_ref());
    html! {
        div class="buttons" {
            @if let Some(next) = &view.next { a class="button" href=(next.href) { (next.words) } }
            @if view.state == ImportState::Ready {
                form method="post" action={ "/importeren/" (view.id) "/laden" } { (csrf(&frame.csrf)) (submit(&format!("Laad deze {} bestanden", view.files.len()))) }
            }
            a class={ "button" @if view.state != ImportState::Wrong { " button-second" } } href="/importeren" {
                @if view.state == ImportState::Loaded { "Laad nog een bestand" } @else { "Kies andere bestanden" }
            }
            @if let Some(annotated) = annotated { a class="export" href=(annotated) { (icon(Icon::Download)) "Download alle bevindingen als werkboek" } }
        }
    }
}

/// `/importeren/{id}`, for several files at once
pub fn several_page(frame: &Frame, view: &SeveralView) -> Markup {
    let body = html! {
        (verdict(view))
        (buttons(frame, view))
        section class="panel" aria-labelledby="bestanden" { h2 id="bestanden" { "Bestanden" } (list(view)) }
        @for (at, file) in view.files.iter().enumerate() {
            details class="file-details" open[file.error_count > 0] {
                summary { (file.file) }
                (sections(&format!("-{at}"), file))
            }
        }
    };
    let words = match view.state {
        ImportState::Loaded => "Geladen",
        ImportState::Wrong => "Fouten in een bestand",
        ImportState::Ready | ImportState::Unchanged => "Controleer de gegevens",
    };
    page(frame, Title::new(words).trail(&[("Importeren", "/importeren")]), &body)
}
