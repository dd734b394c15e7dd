//! Another version of the framework for a peer review: what would happen, and doing it.

use maud::{Markup, html};

use crate::components::filters::{FilterOption, select};
use crate::components::forms::{csrf, submit};
use crate::components::page::{Frame, Title, page};
use crate::components::status::{Tone, note, tag};
use crate::components::table::{Density, table};

/// What happens with one part.
#[derive(Debug, Clone)]
pub struct CarryRow {
    /// Code of the part.
    pub code: String,
    /// What it says now.
    pub before: String,
    /// What happens: look and words.
    pub how: (Tone, String),
    /// What the part says then, or where the same words stand.
    pub after: String,
    /// What belongs to it, in words.
    pub holds: String,
}

/// The framework of a review.
#[derive(Debug, Clone, Default)]
pub struct CarryView {
    /// Name in addresses of the review.
    pub review: String,
    /// Name of the review.
    pub name: String,
    /// Version that was seen.
    pub version: String,
    /// Name and name in addresses of its framework.
    pub now: (String, String),
    /// Other published frameworks.
    pub options: Vec<FilterOption>,
    /// Name in addresses of the one that was chosen to look at.
    pub chosen: String,
    /// What would happen, when one was chosen that can be taken.
    pub rows: Option<Vec<CarryRow>>,
}

fn preview(frame: &Frame, view: &CarryView, rows: &[CarryRow]) -> Markup {
    let head = html! { tr { @for words in ["Onderdeel", "Wat er gebeurt", "In het andere kader", "Wat u erbij schreef"] { th scope="col" { (words) } } } };
    let body = html! {
        @for row in rows {
            tr {
                th scope="row" { (row.code) span class="row-code" { (row.before) } }
                td { (tag(row.how.0, &row.how.1)) }
                td { (row.after) }
                td { (row.holds) }
            }
        }
    };
    html! {
        section class="panel" aria-labelledby="gevolg" {
            h2 id="gevolg" { "Dit gebeurt er" }
            @if rows.is_empty() { p { "Er is nog niets geschreven. Alleen het kader verandert." } }
            @else { (table("Waar alles naartoe gaat", Density::Roomy, &head, &body)) }
            (note(&html! { p { "Er gaat niets verloren. Wat geen plaats heeft in het andere kader, blijft bewaard onder de oude code. Bevindingen van het panel gaan op dezelfde manier mee." } }))
            form class="form" method="post" action={ "/peer-reviews/" (view.review) "/kader" } {
                (csrf(&frame.csrf))
                input type="hidden" name="versie" value=(view.version);
                input type="hidden" name="naar" value=(view.chosen);
                (submit("Neem het andere kader"))
            }
        }
    }
}

/// `/peer-reviews/{slug}/kader`
pub fn carry_page(frame: &Frame, view: &CarryView) -> Markup {
    let dossier = format!("/peer-reviews/{}", view.review);
    let body = html! {
        p { "Deze peer review gebruikt nu " a href={ "/kaders/" (view.now.1) } { (view.now.0) } ". Zo blijft het, ook als er een nieuwe versie komt, tot u hier een ander kader neemt." }
        @if view.options.is_empty() { p class="muted" { "Er is geen ander gepubliceerd kader." } }
        @else {
            form class="filters filters-two" method="get" action={ (dossier) "/kader" } {
                (select("naar", "Ander kader", "Kies een kader", &view.chosen, &view.options))
                div class="filter-buttons" { button class="button button-second" type="submit" { "Bekijk wat er gebeurt" } }
            }
        }
        @if let Some(rows) = &view.rows { (preview(frame, view, rows)) }
    };
    page(frame, Title::new("Kader van de peer review").trail(&[("Reviewkalender", "/peer-reviews"), (&view.name, &dossier)]), &body)
}
