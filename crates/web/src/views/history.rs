//! The section "Geschiedenis": who was where from when to when, and how that came about.

use maud::{Markup, html};

use crate::components::nav::RoundRef;
use crate::components::table::{Density, table};

/// One stay.
#[derive(Debug, Clone)]
pub struct StayLine {
    /// School or student: identifier in addresses, name, and what stands under it.
    pub what: (String, String, String),
    /// Name of the period.
    pub period: String,
    /// From when, how and by whom.
    pub made: String,
    /// When school and student were told, or nothing.
    pub announced: String,
    /// Until when, how and by whom; nothing when it stands.
    pub ended: String,
}

/// What the lines of a history are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryOf {
    /// One student: the lines are schools.
    Student,
    /// One school: the lines are students.
    School,
}

/// The section; nothing when there never was anything.
pub fn history(round: &RoundRef, of: HistoryOf, lines: &[StayLine]) -> Markup {
    let (word, page) = match of {
        HistoryOf::Student => ("School", "scholen"),
        HistoryOf::School => ("Student", "studenten"),
    };
    let head = html! { tr { th scope="col" { (word) } th scope="col" { "Periode" } th scope="col" { "Vanaf" } th scope="col" { "Bekendgemaakt" } th scope="col" { "Tot" } } };
    let rows = html! {
        @for line in lines {
            tr {
                th scope="row" { a href=(round.path(&format!("{page}/{}", line.what.0))) { (line.what.1) } span class="row-code" { (line.what.2) } }
                td { (line.period) }
                td { (line.made) }
                td { @if line.announced.is_empty() { span class="muted" { "nee" } } @else { (line.announced) } }
                td { @if line.ended.is_empty() { "nu" } @else { (line.ended) } }
            }
        }
    };
    html! {
        @if !lines.is_empty() {
            section class="panel" aria-labelledby="geschiedenis" {
                h2 id="geschiedenis" { "Geschiedenis" }
                (table("Geschiedenis van plaatsingen in deze ronde", Density::Dense, &head, &rows))
            }
        }
    }
}
