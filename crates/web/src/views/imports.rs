//! Loading workbooks: choose a kind and a file, check what would change, load.

use kernschil_domain::access::Permission;
use maud::{Markup, html};

use crate::components::figures::facts;
use crate::components::forms::{Choice, FieldError, csrf, file, radios, submit};
use crate::components::icons::{Icon, icon};
use crate::components::page::{Frame, Title, form_page, page};
use crate::components::status::warning;
use crate::components::table::{Density, table};
use crate::components::text::{counted, number};

/// The form and what was loaded before.
#[derive(Debug, Clone, Default)]
pub struct ImportView {
    /// The kinds of workbook.
    pub kinds: Vec<ImportKind>,
    /// Code of the chosen kind, or nothing.
    pub chosen: String,
    /// What was loaded before, newest first.
    pub history: Vec<ImportRow>,
    /// Largest file, in words: "20 MB".
    pub max_size: String,
    /// What went wrong.
    pub errors: Vec<FieldError>,
}

/// A kind of workbook.
#[derive(Debug, Clone)]
pub struct ImportKind {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is for, in one sentence.
    pub help: String,
    /// Address of the template, when there is one.
    pub template: Option<String>,
    /// Address of the explanation of every column.
    pub docs: String,
}

/// Something that was loaded before.
#[derive(Debug, Clone)]
pub struct ImportRow {
    /// Name of the file.
    pub file: String,
    /// Name of the kind.
    pub kind: String,
    /// When and by whom.
    pub when: String,
    /// What came of it, in words.
    pub outcome: String,
    /// Address of the result.
    pub href: String,
}

fn templates(kinds: &[ImportKind]) -> Markup {
    html! {
        section class="panel" aria-labelledby="sjablonen" {
            h2 id="sjablonen" { "Lege werkboeken" }
            p class="hint" { "Begint u met een leeg werkboek? Download dan een sjabloon. Uw eigen werkboek mag ook, als de kolommen herkenbaar zijn." }
            ul class="downloads" {
                @for kind in kinds {
                    li {
                        strong { (kind.name) }
                        span class="download-links" {
                            @if let Some(template) = &kind.template { a class="export" href=(template) { (icon(Icon::Download)) "Sjabloon" span class="visually-hidden" { " " (kind.name) } } }
                            a href=(kind.docs) { "Uitleg" span class="visually-hidden" { " " (kind.name) } }
                        }
                    }
                }
            }
        }
    }
}

fn history(frame: &Frame, list: &[ImportRow]) -> Markup {
    // Who does not load for everybody sees only what she loaded herself.
    let is_own = !frame.may.has(Permission::ImportRegistry);
    let head =
        html! { tr { th scope="col" { "Bestand" } th scope="col" { "Soort" } th scope="col" { "Wanneer" } th scope="col" { "Uitkomst" } } };
    let rows = html! {
        @for row in list {
            tr { th scope="row" { a href=(row.href) { (row.file) } } td { (row.kind) } td { (row.when) } td { (row.outcome) } }
        }
    };
    html! {
        section class="panel" aria-labelledby="eerder" {
            h2 id="eerder" { "Eerder geladen" }
            @if is_own && !list.is_empty() { p class="hint" { "Dit heeft u zelf geladen." } }
            @if list.is_empty() { p class="muted" { "Er is nog niets geladen. Kies hierboven een bestand en controleer het." } } @else { (table("Eerder geladen bestanden", Density::Roomy, &head, &rows)) }
        }
    }
}

/// `/importeren`
pub fn import_page(frame: &Frame, view: &ImportView) -> Markup {
    let choice = |kind: &ImportKind| Choice { value: kind.code.clone(), label: kind.name.clone(), hint: kind.help.clone() };
    let recognise = Choice {
        value: "herkennen".to_owned(),
        label: "Laat Kernschil de soort herkennen".to_owned(),
        hint: "Ook voor meer bestanden tegelijk.".to_owned(),
    };
    let choices: Vec<_> = std::iter::once(recognise).chain(view.kinds.iter().map(choice)).collect();
    let hint = format!(
        "Werkboeken (.xlsx) of .csv-bestanden, samen hoogstens {}. U mag er meer tegelijk kiezen: Kernschil laadt ze in de goede volgorde, en alles of niets.",
        view.max_size
    );
    let body = html! {
        div class="two-columns" {
            form class="form panel" method="post" action="/importeren" enctype="multipart/form-data" {
                (csrf(&frame.csrf))
                (radios("soort", "Wat wilt u laden?", &view.chosen, &choices, &view.errors))
                (file("bestand", "Kies een of meer bestanden", &hint, ".xlsx,.csv,.txt,.zip", &view.errors))
                (submit("Controleer eerst"))
                p class="small muted" { "Er wordt nog niets opgeslagen. U ziet eerst wat er zou veranderen." }
            }
            (templates(&view.kinds))
        }
        (history(frame, &view.history))
    };
    form_page(
        frame,
        Title::new("Importeren").lead("Laad gegevens uit uw werkboeken. Kernschil controleert eerst alle regels."),
        &view.errors,
        &body,
    )
}

/// What a file holds and what loading it would change.
#[derive(Debug, Clone, Default)]
pub struct ImportResultView {
    /// Identifier in addresses.
    pub id: String,
    /// Name of the file.
    pub file: String,
    /// Name of the kind.
    pub kind: String,
    /// When and by whom it was loaded, or nothing.
    pub loaded: String,
    /// Whether it can be loaded.
    pub state: ImportState,
    /// What would change per table.
    pub changes: Vec<ChangeRow>,
    /// What is wrong: nothing is stored while there are errors.
    pub errors: Vec<Finding>,
    /// How many errors there are in all.
    pub error_count: u32,
    /// What is odd but can be loaded.
    pub remarks: Vec<Finding>,
    /// How many remarks there are in all.
    pub remark_count: u32,
    /// What was rewritten.
    pub rewritten: Vec<Rewrite>,
    /// How many values were rewritten in all.
    pub rewrite_count: u32,
    /// What was left out or read in a special way.
    pub notes: Vec<Remark>,
    /// Address of a workbook with everything that was found, when there is one.
    pub annotated: Option<String>,
}

/// Whether a file can be loaded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ImportState {
    /// It is good: it can be loaded.
    Ready,
    /// It is good, but would change nothing.
    Unchanged,
    /// It has errors: it cannot be loaded.
    #[default]
    Wrong,
    /// It was loaded.
    Loaded,
}

/// What would change in a table.
#[derive(Debug, Clone)]
pub struct ChangeRow {
    /// Name of the table, such as "Scholen".
    pub table: String,
    /// Rows that are new.
    pub new: u32,
    /// Rows that change.
    pub changed: u32,
    /// Rows that stay as they are.
    pub unchanged: u32,
}

/// Something found in a cell.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Name of the sheet.
    pub sheet: String,
    /// Number of the row; nothing when it is about the whole sheet.
    pub row: Option<u32>,
    /// Name of the column.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// Stable code.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub advice: String,
}

/// Something that was left out or read in a special way.
#[derive(Debug, Clone)]
pub struct Remark {
    /// Where, in words.
    pub place: String,
    /// What was done.
    pub text: String,
}

/// A value that was read differently from how it was written.
#[derive(Debug, Clone)]
pub struct Rewrite {
    /// Where, in words: "Scholen, rij 12, BRIN".
    pub place: String,
    /// What stood there.
    pub from: String,
    /// What it was read as.
    pub to: String,
}

fn changes(list: &[ChangeRow]) -> Markup {
    let head = html! { tr { th scope="col" { "Wat" } th scope="col" class="figure" { "Nieuw" } th scope="col" class="figure" { "Gewijzigd" } th scope="col" class="figure" { "Gelijk" } } };
    let rows = html! {
        @for row in list {
            tr {
                th scope="row" { (row.table) }
                td class="figure" { (number(row.new)) }
                td class="figure" { (number(row.changed)) }
                td class="figure muted" { (number(row.unchanged)) }
            }
        }
    };
    table("Wat er verandert", Density::Roomy, &head, &rows)
}

/// Findings in a table.
pub(super) fn findings(caption: &str, list: &[Finding]) -> Markup {
    let head = html! { tr { th scope="col" { "Waar" } th scope="col" { "Er staat" } th scope="col" { "Wat er is" } th scope="col" { "Wat u kunt doen" } } };
    let rows = html! {
        @for finding in list {
            tr {
                th scope="row" {
                    (finding.sheet) @if let Some(row) = finding.row { ", rij " (row) }
                    @if !finding.column.is_empty() { span class="row-code" { (finding.column) } }
                }
                td class="found" { @if finding.value.is_empty() { span class="muted" { "–" } } @else { code { (finding.value) } } }
                td { (finding.message) span class="row-code" { (finding.code) } }
                td { (finding.advice) }
            }
        }
    };
    table(caption, Density::Dense, &head, &rows)
}

fn rewritten(id: &str, view: &ImportResultView) -> Markup {
    let head = html! { tr { th scope="col" { "Waar" } th scope="col" { "Er stond" } th scope="col" { "Wij maakten ervan" } } };
    let rows =
        html! { @for one in &view.rewritten { tr { th scope="row" { (one.place) } td { code { (one.from) } } td { code { (one.to) } } } } };
    let shown = u32::try_from(view.rewritten.len()).unwrap_or(u32::MAX);
    html! {
        section class="panel" aria-labelledby={ "herschreven" (id) } {
            h2 id={ "herschreven" (id) } { "Wij maakten ervan" }
            p class="hint" { "Deze waarden waren anders geschreven dan wij ze bewaren. Klopt er iets niet? Pas dan uw werkboek aan." }
            (table("Herschreven waarden", Density::Dense, &head, &rows))
            @if view.rewrite_count > shown { p class="small muted" { "De eerste " (number(shown)) " van " (number(view.rewrite_count)) "." } }
        }
    }
}

fn first_of(shown: usize, all: u32, what: &str) -> Markup {
    let shown = u32::try_from(shown).unwrap_or(u32::MAX);
    html! { @if all > shown { p class="small muted" { "De eerste " (number(shown)) " van " (number(all)) " " (what) ". Het werkboek met bevindingen heeft er meer." } } }
}

/// Rows that loading makes or changes.
pub(super) fn new_and_changed(view: &ImportResultView) -> u32 {
    view.changes.iter().map(|row| row.new + row.changed).sum()
}

fn verdict(view: &ImportResultView) -> Markup {
    let new_and_changed = new_and_changed(view);
    html! {
        p class="headline" {
            @match view.state {
                ImportState::Ready => { "Dit bestand is in orde. Laden geeft " strong { (counted(new_and_changed, "nieuwe of gewijzigde regel", "nieuwe of gewijzigde regels")) } ". Er is nog niets opgeslagen." }
                ImportState::Unchanged => { "Dit bestand is in orde, maar er verandert niets. Alles staat er al in." }
                ImportState::Wrong => { "Dit bestand kan nog niet worden geladen: er " (if view.error_count == 1 { "is" } else { "zijn" }) " " strong { (counted(view.error_count, "fout", "fouten")) } ". Er is niets opgeslagen." }
                ImportState::Loaded => { "Dit bestand is geladen: " strong { (counted(new_and_changed, "nieuwe of gewijzigde regel", "nieuwe of gewijzigde regels")) } "." }
            }
        }
    }
}

/// `/importeren/{id}`
pub fn import_result_page(frame: &Frame, view: &ImportResultView) -> Markup {
    let mut known = vec![("Bestand", html! { (view.file) }), ("Soort", html! { (view.kind) })];
    if !view.loaded.is_empty() {
        known.push(("Geladen", html! { (view.loaded) }));
    }
    let body = html! {
        (verdict(view))
        (facts(&known))
        div class="buttons" {
            @if view.state == ImportState::Ready {
                form method="post" action={ "/importeren/" (view.id) "/laden" } { (csrf(&frame.csrf)) (submit("Laad deze gegevens")) }
            }
            a class={ "button" @if view.state != ImportState::Wrong { " button-second" } } href="/importeren" {
                @if view.state == ImportState::Loaded { "Laad nog een bestand" } @else { "Kies een ander bestand" }
            }
            @if let Some(annotated) = &view.annotated { a class="export" href=(annotated) { (icon(Icon::Download)) "Download alle bevindingen als werkboek" } }
        }
        (sections("", view))
    };
    let words = match view.state {
        ImportState::Loaded => "Geladen",
        ImportState::Wrong => "Fouten in het bestand",
        _ => "Controleer de gegevens",
    };
    page(frame, Title::new(words).trail(&[("Importeren", "/importeren")]), &body)
}

/// Everything that was found in a file, and what it changes. The headings end in `id`, for pages with several files.
pub(super) fn sections(id: &str, view: &ImportResultView) -> Markup {
    html! {
        @if !view.errors.is_empty() {
            section class="panel" aria-labelledby={ "fouten" (id) } {
                h2 id={ "fouten" (id) } { "Fouten" }
                (warning(&html! { p { "Verbeter deze cellen in uw werkboek en laad het opnieuw. Alle fouten staan hier bij elkaar." } }))
                (findings("Fouten in het bestand", &view.errors))
                (first_of(view.errors.len(), view.error_count, "fouten"))
            }
        }
        @if !view.changes.is_empty() {
            section class="panel" aria-labelledby={ "verandert" (id) } { h2 id={ "verandert" (id) } { @if view.state == ImportState::Loaded { "Wat er is veranderd" } @else { "Wat er verandert" } } (changes(&view.changes)) }
        }
        @if !view.remarks.is_empty() {
            section class="panel" aria-labelledby={ "opmerkingen" (id) } {
                h2 id={ "opmerkingen" (id) } { "Opmerkingen" }
                p class="hint" { "Dit mag zo blijven. Kijk of het klopt." }
                (findings("Opmerkingen bij het bestand", &view.remarks))
                (first_of(view.remarks.len(), view.remark_count, "opmerkingen"))
            }
        }
        @if !view.rewritten.is_empty() { (rewritten(id, view)) }
        @if !view.notes.is_empty() {
            section class="panel" aria-labelledby={ "bijzonder" (id) } {
                h2 id={ "bijzonder" (id) } { "Wat wij anders deden" }
                ul class="bullets" { @for note in &view.notes { li { strong { (note.place) ": " } (note.text) } } }
            }
        }
    }
}
