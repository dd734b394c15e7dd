//! The two orders of coverage and known places, side by side.

use maud::{Markup, html};

use crate::components::forms::csrf;
use crate::components::nav::RoundRef;
use crate::components::page::{Frame, Title, page};
use crate::components::status::{Tone, tag};
use crate::components::table::{Density, table};
use crate::components::text::{counted, number};

/// What one order gives.
#[derive(Debug, Clone, Default)]
pub struct OrderColumn {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What choosing it costs, in words.
    pub price: String,
    /// Whether the round has it now.
    pub chosen: Chosen,
    /// Figures, in the order of [`OrdersView::figures`].
    pub figures: Vec<u32>,
}

/// Whether an order is that of the round.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Chosen {
    /// It is.
    Now,
    /// It is not.
    #[default]
    Not,
}

/// Both orders.
#[derive(Debug, Clone, Default)]
pub struct OrdersView {
    /// Which round.
    pub round: RoundRef,
    /// The version of the round that was looked at.
    pub version: String,
    /// Places on the board that a proposal may move.
    pub movable: u32,
    /// What is counted.
    pub figures: Vec<String>,
    /// The orders; none when there is nothing to keep yet.
    pub columns: Vec<OrderColumn>,
}

fn comparison(view: &OrdersView) -> Markup {
    let head = html! { tr {
        th scope="col" { "Wat het geeft" }
        @for column in &view.columns { th scope="col" class="figure" { (column.name) } }
    } };
    let rows = html! {
        @for (at, figure) in view.figures.iter().enumerate() {
            tr {
                th scope="row" { (figure) }
                @for column in &view.columns { td class="figure" { (column.figures.get(at).map(|value| number(*value)).unwrap_or_default()) } }
            }
        }
    };
    table("Twee volgordes naast elkaar", Density::Roomy, &head, &rows)
}

/// `/rondes/{slug}/voorstel/volgorde`
pub fn orders_page(frame: &Frame, view: &OrdersView) -> Markup {
    let body = html! {
        @if view.columns.is_empty() {
            section class="panel" { p { "Er staan nog geen plaatsen op het plaatsbord die een nieuw voorstel kan verplaatsen. Dan geven beide volgordes hetzelfde." } }
        } @else {
            section class="panel" aria-labelledby="vergelijking" {
                h2 id="vergelijking" { "Wat elk van de twee geeft" }
                p class="hint" { "Uitgerekend met de gegevens van nu. Een nieuw voorstel kan " (counted(view.movable, "plaats", "plaatsen")) " op het plaatsbord verplaatsen." }
                (comparison(view))
            }
            div class="two-columns even" {
                @for column in &view.columns {
                    section class="panel" aria-labelledby={ "volgorde-" (column.code) } {
                        div class="panel-head" {
                            h2 id={ "volgorde-" (column.code) } { (column.name) }
                            @if column.chosen == Chosen::Now { (tag(Tone::Good, "geldt nu")) }
                        }
                        p { (column.price) }
                        @if column.chosen == Chosen::Not {
                            form method="post" action=(view.round.path("regels")) {
                                (csrf(&frame.csrf))
                                input type="hidden" name="versie" value=(view.version);
                                input type="hidden" name="volgorde" value=(column.code);
                                button class="button button-second" type="submit" { "Kies deze volgorde" }
                            }
                        }
                    }
                }
            }
        }
    };
    let lead = "Soms kan een student binnen samen opleiden komen, als een ander daarvoor verhuist. Hier ziet u wat elke keuze kost.";
    let trail = [("Voorstel", &*view.round.path("voorstel"))];
    page(frame, Title::new("Dekking of bekende plaatsen eerst?").lead(lead).trail(&trail), &body)
}
