//! The picture of a review per safeguard: a chart, a sentence and the same figures in a table.

use kernschil_domain::reviews::Stance;
use maud::{Markup, html};

use crate::charts::{SafeguardRow, safeguards_chart};
use crate::components::table::{Density, table};
use crate::components::text::number;

/// A safeguard in the picture.
#[derive(Debug, Clone, Default)]
pub struct PictureRow {
    /// Name, judgement of a judging review, and how members look at it.
    pub row: SafeguardRow,
    /// Joint findings, by kind in words; only what occurs.
    pub joint: Vec<(String, u32)>,
    /// How differently members look at it, in a sentence.
    pub spread: String,
}

fn joint_words(joint: &[(String, u32)]) -> String {
    let words: Vec<_> = joint.iter().map(|(kind, count)| format!("{} {kind}", number(*count))).collect();
    if words.is_empty() { "nog niets".to_owned() } else { words.join(", ") }
}

/// The safeguards with the spread between members. What a judging review found stands with the name of the safeguard.
pub fn safeguard_picture(rows: &[PictureRow]) -> Markup {
    let chart: Vec<_> = rows.iter().map(|row| row.row.clone()).collect();
    let is_judged = rows.iter().any(|row| !row.row.note.is_empty());
    let head = html! {
        tr {
            th scope="col" { "Waarborg" }
            @if is_judged { th scope="col" { "Oordeel" } }
            @for stance in Stance::ALL { th scope="col" class="figure" { "Leden: " (stance.dutch()) } }
            th scope="col" { "Samen gevonden" }
            th scope="col" { "Verschil" }
        }
    };
    let body = html! {
        @for row in rows {
            tr {
                th scope="row" { (row.row.label) }
                @if is_judged { td { (row.row.note) } }
                @for stance in Stance::ALL { td class="figure" { (number(row.row.members_with(*stance))) } }
                td { (joint_words(&row.joint)) }
                td { (row.spread) }
            }
        }
    };
    html! {
        figure class="panel" {
            (safeguards_chart("Hoe de panelleden naar elke waarborg kijken", &chart))
            figcaption {
                p { "Elk rondje is een panellid. Staan de rondjes van een waarborg ver uit elkaar, dan kijken de leden er verschillend naar. Er worden leden geteld; er zijn geen cijfers." }
                details class="figures-table" {
                    summary { "Dezelfde aantallen in een tabel" }
                    (table("Aantal panelleden per waarborg", Density::Roomy, &head, &body))
                }
            }
        }
    }
}
