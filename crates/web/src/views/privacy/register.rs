//! The register of processing.

use maud::{Markup, html};

use super::PATH;
use crate::components::page::{Frame, Title, page};
use crate::components::status::{Tone, note, tag, warning};
use crate::components::table::{Density, export, table};
use crate::components::text::number;

/// One kind of data.
#[derive(Debug, Clone)]
pub struct RegisterRow {
    /// What it is.
    pub what: String,
    /// Look and word for how careful one must be.
    pub care: (Tone, String),
    /// What it is for.
    pub purpose: String,
    /// On what ground.
    pub ground: String,
    /// How long.
    pub term: String,
    /// What is left afterwards.
    pub remains: String,
    /// Who sees it.
    pub seen_by: String,
    /// Where it goes.
    pub goes_to: String,
}

/// The data about one group of people.
#[derive(Debug, Clone)]
pub struct RegisterGroup {
    /// Code, for the heading.
    pub code: String,
    /// Who they are.
    pub title: String,
    /// What is kept of them.
    pub rows: Vec<RegisterRow>,
}

/// The register.
#[derive(Debug, Clone, Default)]
pub struct RegisterView {
    /// Group by group.
    pub groups: Vec<RegisterGroup>,
    /// Number of columns in the database.
    pub columns: u32,
    /// Number of columns that say something about a person.
    pub personal: u32,
    /// Columns of which nobody said what they hold.
    pub unknown: Vec<String>,
}

fn group(group: &RegisterGroup) -> Markup {
    let head = html! {
        tr {
            @for words in ["Gegeven", "Waarvoor en op welke grond", "Hoe lang", "Wie het ziet", "Waar het heen gaat"] { th scope="col" { (words) } }
        }
    };
    let rows = html! {
        @for row in &group.rows {
            tr {
                th scope="row" { (row.what) " " (tag(row.care.0, &row.care.1)) }
                td { (row.purpose) p class="hint" { "Voorstel voor de grondslag: " (row.ground) } }
                td { (row.term) p class="hint" { "Daarna: " (row.remains) } }
                td { (row.seen_by) }
                td { (row.goes_to) }
            }
        }
    };
    html! {
        section class="panel" aria-labelledby={ "van-" (group.code) } {
            h2 id={ "van-" (group.code) } { "Van " (group.title) }
            (table(&format!("Wat er bewaard wordt van {}", group.title), Density::Dense, &head, &rows))
        }
    }
}

/// `/privacy/register`
pub fn register_page(frame: &Frame, view: &RegisterView) -> Markup {
    let body = html! {
        div class="table-bar" {
            p { (number(view.columns)) " kolommen in de database, waarvan " (number(view.personal)) " iets over een persoon zeggen." }
            (export("/privacy/register.xlsx"))
        }
        @if !view.unknown.is_empty() {
            (warning(&html! { p { "Van deze kolommen is niet vastgelegd wat erin staat: " (view.unknown.join(", ")) ". Meld dit aan de makers van Kernschil." } }))
        }
        @for one in &view.groups { (group(one)) }
        (note(&html! {
            p { "De grondslag is een voorstel. De verwerkingsverantwoordelijke stelt haar vast, met de functionaris gegevensbescherming." }
            p { "Kernschil vraagt niet naar gezondheid, geloof of afkomst. Van maatwerk staat alleen het gevolg erin, nooit de reden. Werkboeken die iemand gedownload heeft en reservekopieën vallen buiten dit register." }
        }))
    };
    let lead = "Dit register volgt uit het programma zelf: uit de database, uit wie wat mag, en uit de bewaartermijnen.";
    page(frame, Title::new("Register van verwerkingen").lead(lead).trail(&[("Privacy", PATH)]), &body)
}
