//! Help: where to start, the words, the keys, and what each workbook holds.

use maud::{Markup, html};

use crate::components::page::{Frame, Title, page};
use crate::components::table::{Density, table};

const TRAIL: [(&str, &str); 1] = [("Hulp", "/hulp")];

/// The first page of help.
#[derive(Debug, Clone, Default)]
pub struct HelpView {
    /// Subjects to read about.
    pub topics: Vec<HelpTopic>,
}

/// A subject of help.
#[derive(Debug, Clone)]
pub struct HelpTopic {
    /// Its title.
    pub title: String,
    /// What it tells.
    pub summary: String,
    /// Where it is.
    pub href: String,
}

/// `/hulp`
pub fn help_page(frame: &Frame, view: &HelpView) -> Markup {
    let body = html! {
        section class="panel" aria-labelledby="begin" {
            h2 id="begin" { "Zo werkt het" }
            ol class="steps-list" {
                li { strong { "Laden" } span { "Laad werkboeken met scholen, opleiders, plekken en studenten. Fouten ziet u vooraf." } }
                li { strong { "Voorstel maken" } span { "Kernschil zoekt het beste voorstel: eerst een plek voor iedereen, dan zo veel mogelijk in de kern, anders in de schil." } }
                li { strong { "Controleren" } span { "Op het plaatsbord ziet u alleen wat uw aandacht vraagt. U past aan; u kunt alles ongedaan maken." } }
                li { strong { "Meenemen" } span { "Download de werkboeken voor scholen en studenten, en de dekking." } }
            }
        }
        div class="cards" {
            @for topic in &view.topics {
                article class="card" { h2 { a class="card-link" href=(topic.href) { (topic.title) } } p { (topic.summary) } }
            }
        }
    };
    page(frame, Title::new("Hulp"), &body)
}

/// The words of the product.
#[derive(Debug, Clone, Default)]
pub struct GlossaryView {
    /// The words, in order.
    pub terms: Vec<Term>,
}

/// A word and what it means.
#[derive(Debug, Clone)]
pub struct Term {
    /// The word.
    pub word: String,
    /// What it means.
    pub meaning: String,
}

/// `/hulp/woordenlijst`
pub fn glossary_page(frame: &Frame, view: &GlossaryView) -> Markup {
    let body = html! { dl class="glossary" { @for term in &view.terms { div { dt { (term.word) } dd { (term.meaning) } } } } };
    page(frame, Title::new("Woordenlijst").lead("Wat de woorden op het scherm betekenen.").trail(&TRAIL), &body)
}

const KEYS: [(&str, &str, &str); 8] = [
    ("/", "Naar het zoekveld", "overal"),
    ("?", "Naar deze pagina", "overal"),
    ("j", "Volgende student", "plaatsbord"),
    ("k", "Vorige student", "plaatsbord"),
    ("p", "Plaats de gekozen student op de eerste school die past", "plaatsbord"),
    ("x", "Vink de gekozen student aan of uit", "plaatsbord"),
    ("u", "Maak de laatste wijziging ongedaan", "overal waar dat kan"),
    ("Esc", "Verlaat het zoekveld", "overal"),
];

/// `/hulp/toetsen`
pub fn keys_page(frame: &Frame) -> Markup {
    let head = html! { tr { th scope="col" { "Toets" } th scope="col" { "Wat die doet" } th scope="col" { "Waar" } } };
    let rows = html! { @for (key, what, place) in KEYS { tr { th scope="row" { kbd { (key) } } td { (what) } td { (place) } } } };
    let body = html! {
        (table("Toetsen", Density::Roomy, &head, &rows))
        p { "De toetsen werken niet terwijl u in een veld typt. Alles kan ook met Tab en Enter, of met de muis." }
        fieldset class="field key-choice" data-keys-choice hidden {
            legend { "Toetsen van één letter" }
            div class="radio" { input type="checkbox" id="toetsen-aan" data-keys-toggle checked; label for="toetsen-aan" { "Gebruik deze toetsen op dit apparaat" } }
        }
    };
    page(frame, Title::new("Toetsen").lead("Sneller werken zonder muis.").trail(&TRAIL), &body)
}

/// What a kind of workbook holds.
#[derive(Debug, Clone, Default)]
pub struct ImportDocsView {
    /// Name of the kind.
    pub name: String,
    /// What it is for, as paragraphs.
    pub intro: Vec<String>,
    /// Address of the template, when there is one.
    pub template: Option<String>,
    /// The sheets.
    pub sheets: Vec<SheetDocs>,
}

/// What a sheet holds.
#[derive(Debug, Clone)]
pub struct SheetDocs {
    /// Name of the sheet.
    pub name: String,
    /// What a row is.
    pub intro: String,
    /// The columns.
    pub columns: Vec<ColumnDocs>,
}

/// What a column holds.
#[derive(Debug, Clone)]
pub struct ColumnDocs {
    /// Name of the column.
    pub name: String,
    /// Whether it must be filled in, in words: "ja", "nee", "alleen bij schil".
    pub required: String,
    /// What it holds.
    pub help: String,
    /// Example values.
    pub examples: Vec<String>,
    /// Other names that are understood.
    pub aliases: Vec<String>,
}

/// `/hulp/importeren/{kind}`
pub fn import_docs_page(frame: &Frame, view: &ImportDocsView) -> Markup {
    let head = html! { tr { th scope="col" { "Kolom" } th scope="col" { "Verplicht" } th scope="col" { "Wat erin staat" } th scope="col" { "Voorbeelden" } th scope="col" { "Mag ook heten" } } };
    let body = html! {
        @for text in view.intro.iter().skip(1) { p { (text) } }
        @if let Some(template) = &view.template { p { a class="button button-second" href=(template) { "Download het sjabloon" } } }
        @for (at, sheet) in view.sheets.iter().enumerate() {
            section class="panel" aria-labelledby={ "blad-" (at) } {
                h2 id={ "blad-" (at) } { "Blad " (sheet.name) }
                p { (sheet.intro) }
                (table(&format!("Kolommen van blad {}", sheet.name), Density::Roomy, &head, &html! {
                    @for column in &sheet.columns {
                        tr {
                            th scope="row" { (column.name) }
                            td { (column.required) }
                            td { (column.help) }
                            td { ul class="plain" { @for example in &column.examples { li { code { (example) } } } } }
                            td { (column.aliases.join(", ")) }
                        }
                    }
                }))
            }
        }
    };
    page(
        frame,
        Title::new(&format!("Werkboek {}", view.name.to_lowercase())).lead(view.intro.first().map_or("", String::as_str)).trail(&TRAIL),
        &body,
    )
}

/// The codes of findings.
#[derive(Debug, Clone, Default)]
pub struct CodesView {
    /// Code and meaning.
    pub codes: Vec<(String, String)>,
}

/// `/hulp/bevindingen`
pub fn codes_page(frame: &Frame, view: &CodesView) -> Markup {
    let head = html! { tr { th scope="col" { "Code" } th scope="col" { "Wat die betekent" } } };
    let rows = html! { @for (code, meaning) in &view.codes { tr { th scope="row" { code { (code) } } td { (meaning) } } } };
    let body = table("Codes van bevindingen", Density::Dense, &head, &rows);
    let lead = "Elke fout en opmerking bij het controleren van een werkboek heeft een vaste code.";
    page(frame, Title::new("Codes van bevindingen").lead(lead).trail(&TRAIL), &body)
}
