//! Privacy: the register of what is kept, retention terms, and everything about one student. A name never stands in an
//! address: searching is a POST.

mod register;
mod retention;
mod student;

use kernschil_domain::access::Permission;
use maud::{Markup, html};

use crate::components::figures::empty;
use crate::components::filters::search;
use crate::components::forms::{FieldError, csrf, error_at};
use crate::components::page::{Frame, Title, form_page, page};
use crate::components::table::{Density, table};
use crate::components::text::{counted, number};

pub use register::{RegisterGroup, RegisterRow, RegisterView, register_page};
pub use retention::{CountsOf, RetentionView, TermRow, retention_page};
pub use student::{CorrectionView, DossierTable, DossierView, ErasureView, correction_page, dossier_page, erasure_page};

/// Where everything about privacy begins.
pub const PATH: &str = "/privacy";
/// Where students are found.
pub const STUDENTS_PATH: &str = "/privacy/studenten";
/// Where the terms are.
pub const RETENTION_PATH: &str = "/instellingen/bewaartermijnen";

const TRAIL: [(&str, &str); 2] = [("Privacy", PATH), ("Gegevens van een student", STUDENTS_PATH)];

fn card(href: &str, title: &str, text: &str) -> Markup {
    html! {
        article class="card" {
            h2 { a class="card-link" href=(href) { (title) } }
            p { (text) }
        }
    }
}

/// `/privacy`
pub fn privacy_page(frame: &Frame) -> Markup {
    let body = html! {
        div class="cards" {
            (card(STUDENTS_PATH, "Gegevens van een student", "Inzage geven, gegevens verbeteren, of een student anonimiseren die daarom vraagt."))
            (card("/privacy/register", "Register van verwerkingen", "Wat Kernschil van wie bewaart, waarvoor, hoe lang, wie het ziet en waar het heen gaat."))
            @if frame.may.has(Permission::ManageSettings) {
                (card(RETENTION_PATH, "Bewaartermijnen", "Hoe lang iets bewaard wordt, en wat er nu over zijn termijn is."))
            }
        }
    };
    let lead = "Voor wie verzoeken van studenten behandelt en verantwoordt wat er bewaard wordt (AVG).";
    page(frame, Title::new("Privacy").lead(lead), &body)
}

/// A student who was found.
#[derive(Debug, Clone)]
pub struct FoundRow {
    /// Identifier in addresses.
    pub id: String,
    /// Name as in a list.
    pub name: String,
    /// Number at the institute.
    pub number: String,
    /// Name of the institute.
    pub institute: String,
}

/// Looking for a student.
#[derive(Debug, Clone, Default)]
pub struct SearchView {
    /// What was looked for, or nothing.
    pub search: String,
    /// Who was found.
    pub rows: Vec<FoundRow>,
    /// How many there are in all.
    pub total: u32,
    /// What went wrong.
    pub errors: Vec<FieldError>,
}

fn results(view: &SearchView) -> Markup {
    let head = html! { tr { th scope="col" { "Student" } th scope="col" { "Studentnummer" } th scope="col" { "Instituut" } } };
    let rows = html! {
        @for row in &view.rows {
            tr { th scope="row" { a href={ (STUDENTS_PATH) "/" (row.id) } { (row.name) } } td { (row.number) } td { (row.institute) } }
        }
    };
    let shown = u32::try_from(view.rows.len()).unwrap_or(u32::MAX);
    html! {
        p class="result-count" role="status" {
            @if view.total > shown { "De eerste " (number(shown)) " van " (number(view.total)) " gevonden. Zoek preciezer om minder te zien." }
            @else { (counted(shown, "student", "studenten")) " gevonden." }
        }
        (table("Gevonden studenten", Density::Roomy, &head, &rows))
    }
}

/// `/privacy/studenten`
pub fn search_page(frame: &Frame, view: &SearchView) -> Markup {
    let body = html! {
        form class="filter-search-form" method="post" action=(STUDENTS_PATH) role="search" aria-label="Student zoeken" {
            (csrf(&frame.csrf))
            @if let Some(error) = error_at(&view.errors, "zoek") { p class="field-error" id="veld-zoek" { strong { "Fout: " } (error) } }
            (search("zoek", "Naam of studentnummer", &view.search))
            div class="filter-buttons" { button class="button" type="submit" { "Zoek" } }
        }
        @if !view.rows.is_empty() { (results(view)) }
        @else if view.search.is_empty() || !view.errors.is_empty() {
            p class="muted" { "Zoek in alle rondes tegelijk. Bij de student kunt u inzage geven, verbeteren en anonimiseren. Wie al geanonimiseerd is, wordt niet gevonden." }
        } @else {
            (empty("Niemand gevonden", &html! { p { "Controleer de spelling, of zoek op een deel van de naam of op het studentnummer." } }))
        }
    };
    form_page(frame, Title::new("Gegevens van een student").trail(&TRAIL[..1]), &view.errors, &body)
}
