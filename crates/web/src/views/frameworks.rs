//! Quality frameworks: the list, one of them, what is different between two, and writing a draft.

mod carrying;
mod form;

use kernschil_domain::access::Permission;
use maud::{Markup, html};

use crate::components::figures::{empty, facts};
use crate::components::filters::{FilterOption, select};
use crate::components::forms::{FieldError, Input, choose, csrf, file, input, submit};
use crate::components::icons::{Icon, icon};
use crate::components::page::{Frame, Title, form_page, page};
use crate::components::status::{Tone, note, tag, warning};
use crate::components::table::{Density, table};
use crate::views::imports::{Finding, findings};

pub use carrying::{CarryRow, CarryView, carry_page};
pub use form::{CriterionForm, FrameworkForm, PartForm, SafeguardForm, form_of_framework_page};

/// Where they are.
pub const PATH: &str = "/kaders";

/// The start of the way to these pages.
const TRAIL: (&str, &str) = ("Kwaliteitskaders", PATH);

/// A framework in the list.
#[derive(Debug, Clone)]
pub struct FrameworkLine {
    /// Name in addresses.
    pub slug: String,
    /// Name.
    pub name: String,
    /// How far it is: look and word.
    pub state: (Tone, String),
    /// Where it comes from, its first line.
    pub source: String,
    /// How large it is, in words.
    pub size: String,
    /// Reviews that use it, in words.
    pub reviews: String,
}

/// `/kaders`
pub fn frameworks_page(frame: &Frame, rows: &[FrameworkLine]) -> Markup {
    let manages = frame.may.has_any(&[Permission::ManageFrameworks]);
    let head = html! { tr { @for words in ["Kader", "Stand", "Bron", "Inhoud", "Gebruikt door"] { th scope="col" { (words) } } } };
    let lines = html! {
        @for row in rows {
            tr {
                th scope="row" { a href={ (PATH) "/" (row.slug) } { (row.name) } span class="row-code" { (row.slug) } }
                td { (tag(row.state.0, &row.state.1)) }
                td { (row.source) }
                td { (row.size) }
                td { (row.reviews) }
            }
        }
    };
    let body = html! {
        @if rows.is_empty() {
            (empty("Er zijn nog geen kwaliteitskaders", &html! {
                p { "Een kader zegt waar een peer review naar kijkt: waarborgen, criteria en vragen." }
            }))
        } @else { (table("Kwaliteitskaders", Density::Roomy, &head, &lines)) }
        @if manages { p class="buttons" { a class="button" href={ (PATH) "/nieuw" } { "Maak of laad een kader" } } }
    };
    let lead =
        "Waar een peer review naar kijkt. Een gepubliceerd kader verandert nooit meer; een review houdt het kader waarmee zij begon.";
    page(frame, Title::new("Kwaliteitskaders").lead(lead), &body)
}

/// A safeguard or criterion, to read.
#[derive(Debug, Clone, Default)]
pub struct PartView {
    /// Code.
    pub code: String,
    /// Name; empty for a criterion.
    pub name: String,
    /// What it says.
    pub text: String,
    /// Whose words.
    pub origin: String,
    /// Questions.
    pub questions: Vec<String>,
    /// Criteria of a safeguard.
    pub criteria: Vec<PartView>,
}

/// What can be done with the offer of a published framework, with the version that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offer {
    /// It is offered, and that can stop.
    Stop(String),
    /// It is not offered, and can be again.
    Again(String),
}

/// A framework.
#[derive(Debug, Clone)]
pub struct FrameworkView {
    /// How it stands in the list.
    pub line: FrameworkLine,
    /// Where it comes from.
    pub source: String,
    /// Since when it is published, or when it was made, in words.
    pub since: String,
    /// Hash of what it says.
    pub hash: String,
    /// Questions about everything.
    pub questions: Vec<String>,
    /// Its safeguards.
    pub safeguards: Vec<PartView>,
    /// The version somebody saw of a draft; nothing for what is published.
    pub draft: Option<String>,
    /// What can be done with its offer; nothing for a draft.
    pub offer: Option<Offer>,
    /// What a draft misses, in sentences.
    pub missing: Vec<String>,
    /// The other frameworks, to compare with.
    pub others: Vec<FilterOption>,
    /// What is wrong with a file that was sent.
    pub errors: Vec<FieldError>,
}

fn questions(all: &[String]) -> Markup {
    html! { @if !all.is_empty() { ul class="bullets" { @for question in all { li { (question) } } } } }
}

fn text(words: &str) -> Markup {
    html! { @for paragraph in words.split('\n').filter(|line| !line.is_empty()) { p { (paragraph) } } }
}

fn safeguard(part: &PartView) -> Markup {
    html! {
        section class="panel" aria-labelledby={ "deel-" (part.code) } {
            div class="panel-head" { h2 id={ "deel-" (part.code) } { (part.code) " " (part.name) } (tag(Tone::Quiet, &part.origin)) }
            (text(&part.text))
            (questions(&part.questions))
            @if part.criteria.is_empty() { p class="muted" { "Deze waarborg heeft geen criteria in dit kader." } }
            @else {
                ul class="bullets" {
                    @for criterion in &part.criteria {
                        li { strong { (criterion.code) } " " (tag(Tone::Quiet, &criterion.origin)) (text(&criterion.text)) (questions(&criterion.questions)) }
                    }
                }
            }
        }
    }
}

fn draft(frame: &Frame, view: &FrameworkView, version: &str) -> Markup {
    let path = format!("{PATH}/{}", view.line.slug);
    html! {
        section class="panel" aria-labelledby="concept" {
            h2 id="concept" { "Dit is een concept" }
            @if view.missing.is_empty() {
                p { "Publiceert u het kader, dan kan een peer review het gebruiken. Daarna verandert er nooit meer iets aan." }
                form method="post" action={ (path) "/publiceren" } {
                    (csrf(&frame.csrf))
                    input type="hidden" name="versie" value=(version);
                    (submit("Publiceer dit kader"))
                }
            } @else {
                (warning(&html! { p { "Dit moet u nog aanvullen voor u het kader kunt publiceren:" } ul class="bullets" { @for sentence in &view.missing { li { (sentence) } } } }))
            }
            p class="buttons" {
                a class="button button-second" href={ (path) "/wijzigen" } { "Wijzig het concept" }
                a class="quiet-link" href={ (path) "/verwijderen" } { "Verwijder het concept" }
            }
            details class="more" open[!view.errors.is_empty()] {
                summary { "Vervang de inhoud door een bestand" }
                form class="form" method="post" enctype="multipart/form-data" action={ (path) "/bestand" } {
                    (csrf(&frame.csrf))
                    input type="hidden" name="versie" value=(version);
                    (file("bestand", "Werkboek of YAML", "Alles wat nu in het concept staat, wordt vervangen. Klopt er iets niet, dan verandert er niets.", ".xlsx,.yaml,.yml", &view.errors))
                    (submit("Vervang de inhoud"))
                }
            }
        }
    }
}

fn offer(frame: &Frame, slug: &str, offer: &Offer) -> Markup {
    let (version, choice, words, label) = match offer {
        Offer::Stop(version) => {
            let words =
                "Nieuwe peer reviews kunnen dit kader kiezen. Stopt u daarmee, dan houden peer reviews die het al gebruiken het kader.";
            (version, "stop", words, "Bied dit kader niet meer aan")
        }
        Offer::Again(version) => {
            let words = "Nieuwe peer reviews kunnen dit kader niet meer kiezen. Peer reviews die het al gebruiken, houden het.";
            (version, "weer", words, "Bied dit kader weer aan")
        }
    };
    html! {
        section class="panel" aria-labelledby="aanbod" {
            h2 id="aanbod" { "Aanbod" }
            p { (words) }
            form method="post" action={ (PATH) "/" (slug) "/aanbod" } {
                (csrf(&frame.csrf))
                input type="hidden" name="versie" value=(version);
                button class="button button-second" type="submit" name="keuze" value=(choice) { (label) }
            }
        }
    }
}

/// `/kaders/{slug}`
pub fn framework_page(frame: &Frame, view: &FrameworkView) -> Markup {
    let path = format!("{PATH}/{}", view.line.slug);
    let manages = frame.may.has_any(&[Permission::ManageFrameworks]);
    let known = [
        ("Stand", tag(view.line.state.0, &view.line.state.1)),
        ("Bron", text(&view.source)),
        ("Sinds", html! { (view.since) }),
        ("Gebruikt door", html! { (view.line.reviews) }),
        ("Vingerafdruk", html! { code class="found" { (view.hash) } }),
    ];
    let body = html! {
        (facts(&known))
        @if let Some(version) = view.draft.as_ref().filter(|_| manages) { (draft(frame, view, version)) }
        @if !view.questions.is_empty() {
            section class="panel" aria-labelledby="vragen" { h2 id="vragen" { "Vragen bij alles" } (questions(&view.questions)) }
        }
        @for part in &view.safeguards { (safeguard(part)) }
        @if let Some(of) = view.offer.as_ref().filter(|_| manages) { (offer(frame, &view.line.slug, of)) }
        section class="panel" aria-labelledby="verder" {
            h2 id="verder" { "Meenemen en vergelijken" }
            p {
                a class="export" href={ (path) "/kader.xlsx" } { (icon(Icon::Download)) "Download als werkboek" } " "
                a class="export" href={ (path) "/kader.yaml" } { (icon(Icon::Download)) "Download als YAML" }
            }
            @if !view.others.is_empty() {
                form class="filters filters-two" method="get" action={ (path) "/verschil" } {
                    (select("met", "Vergelijk met", "Kies een kader", "", &view.others))
                    div class="filter-buttons" { button class="button button-second" type="submit" { "Vergelijk" } }
                }
            }
            @if manages {
                form method="post" action=(PATH) {
                    (csrf(&frame.csrf))
                    input type="hidden" name="van" value=(view.line.slug);
                    button class="button button-second" type="submit" { "Maak een concept van dit kader" }
                }
            }
        }
    };
    form_page(frame, Title::new(&view.line.name).trail(&[TRAIL]), &view.errors, &body)
}

/// Making a framework.
#[derive(Debug, Clone, Default)]
pub struct NewFrameworkView {
    /// The name that was filled in.
    pub name: String,
    /// The framework that was chosen to copy.
    pub of: String,
    /// The frameworks to copy.
    pub others: Vec<(String, String)>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// `/kaders/nieuw`
pub fn new_framework_page(frame: &Frame, view: &NewFrameworkView) -> Markup {
    let body = html! {
        (note(&html! { p { "Heeft u de officiële criteria? Laad ze met een werkboek en zeg bij elke tekst wiens woorden het zijn." } }))
        section class="panel" aria-labelledby="bestand" {
            h2 id="bestand" { "Uit een bestand" }
            form class="form" method="post" enctype="multipart/form-data" action={ (PATH) "/bestand" } {
                (csrf(&frame.csrf))
                (file("bestand", "Werkboek of YAML", "Het wordt een concept. Klopt er iets niet, dan ziet u per cel wat.", ".xlsx,.yaml,.yml", &view.errors))
                (submit("Laad het kader"))
                p { a class="export" href={ (PATH) "/sjabloon.xlsx" } { (icon(Icon::Download)) "Download een leeg werkboek" } }
            }
        }
        section class="panel" aria-labelledby="kopie" {
            h2 id="kopie" { "Een kopie" }
            form class="form" method="post" action=(PATH) {
                (csrf(&frame.csrf))
                (choose("van", "Van welk kader?", "", &view.of, &view.others, &view.errors))
                (submit("Maak de kopie"))
            }
        }
        section class="panel" aria-labelledby="leeg" {
            h2 id="leeg" { "Leeg beginnen" }
            form class="form" method="post" action=(PATH) {
                (csrf(&frame.csrf))
                (input(Input::text("naam", "Naam van het kader", &view.name), &view.errors))
                (submit("Maak een leeg concept"))
            }
        }
    };
    form_page(frame, Title::new("Kader maken of laden").trail(&[TRAIL]), &view.errors, &body)
}

/// What is wrong with a file.
#[derive(Debug, Clone, Default)]
pub struct RefusedFileView {
    /// Name of the file.
    pub file: String,
    /// What is wrong.
    pub errors: Vec<Finding>,
    /// How many things are.
    pub count: u32,
    /// Where to try again.
    pub again: String,
}

/// The answer to a file that cannot become a draft.
pub fn refused_file_page(frame: &Frame, view: &RefusedFileView) -> Markup {
    let body = html! {
        p class="headline" { "Er " (if view.count == 1 { "is 1 fout" } else { "zijn fouten" }) " gevonden. Er is niets opgeslagen." }
        section class="panel" aria-labelledby="fouten" {
            h2 id="fouten" { "Fouten in " (view.file) }
            (warning(&html! { p { "Verbeter dit in uw bestand en laad het opnieuw. Alle fouten staan hier bij elkaar." } }))
            (findings("Fouten in het bestand", &view.errors))
        }
        p class="buttons" { a class="button" href=(view.again) { "Kies een ander bestand" } }
    };
    page(frame, Title::new("Fouten in het bestand").trail(&[TRAIL]), &body)
}

/// Something that is different.
#[derive(Debug, Clone)]
pub struct DifferenceRow {
    /// Which part.
    pub part: String,
    /// How it differs.
    pub kind: String,
    /// What the earlier says.
    pub before: String,
    /// What the later says.
    pub after: String,
    /// A hint in a sentence; empty when there is none.
    pub hint: String,
}

/// Two frameworks beside each other.
#[derive(Debug, Clone, Default)]
pub struct DifferencesView {
    /// Name in addresses of the later.
    pub slug: String,
    /// Name and address of the earlier.
    pub before: (String, String),
    /// Name and address of the later.
    pub after: (String, String),
    /// What is different.
    pub rows: Vec<DifferenceRow>,
    /// The frameworks to choose from.
    pub others: Vec<FilterOption>,
}

/// `/kaders/{slug}/verschil`
pub fn differences_page(frame: &Frame, view: &DifferencesView) -> Markup {
    let path = format!("{PATH}/{}", view.slug);
    let head = html! {
        tr { th scope="col" { "Onderdeel" } th scope="col" { "Verschil" } th scope="col" { (view.before.0) } th scope="col" { (view.after.0) } }
    };
    let rows = html! {
        @for row in &view.rows {
            tr {
                th scope="row" { (row.part) }
                td { (row.kind) @if !row.hint.is_empty() { span class="row-code" { (row.hint) } } }
                td { (text(&row.before)) }
                td { (text(&row.after)) }
            }
        }
    };
    let body = html! {
        @if view.before.1.is_empty() { p { "Kies een kader om mee te vergelijken." } }
        @else if view.rows.is_empty() { p class="headline" { "Deze twee kaders zeggen precies hetzelfde." } }
        @else { (table("Verschillen", Density::Roomy, &head, &rows)) }
        form class="filters filters-two" method="get" action={ (path) "/verschil" } {
            (select("met", "Vergelijk met", "Kies een kader", &view.before.1, &view.others))
            div class="filter-buttons" { button class="button button-second" type="submit" { "Vergelijk" } }
        }
    };
    page(frame, Title::new("Kaders vergelijken").trail(&[TRAIL, (&view.after.0, &path)]), &body)
}

/// `/kaders/{slug}/verwijderen`
pub fn removal_page(frame: &Frame, name: &str, slug: &str, version: &str) -> Markup {
    let path = format!("{PATH}/{slug}");
    let body = html! {
        section class="panel" {
            p { "Het concept verdwijnt. Dit kunt u niet ongedaan maken. Download het eerst als u het later nog nodig hebt." }
            form class="form" method="post" action={ (path) "/verwijderen" } {
                (csrf(&frame.csrf))
                input type="hidden" name="versie" value=(version);
                (submit("Verwijder het concept"))
            }
            p { a class="quiet-link" href=(path) { "Houd het concept" } }
        }
    };
    page(frame, Title::new(&format!("Verwijder {name}")).trail(&[TRAIL, (name, &path)]), &body)
}
