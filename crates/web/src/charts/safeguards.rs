//! The safeguards of a review: a row each, with a disc for every member of the panel in the column of how she looks at it.
//! Discs that stand apart are the spread. Nothing in it is a mark, and no colour means anything.

use kernschil_domain::reviews::Stance;
use maud::{Markup, html};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::ink::{Ink, themed};
use crate::components::text::{counted, listed};

/// A safeguard in the chart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SafeguardRow {
    /// Its name.
    pub label: String,
    /// A few words under it, such as a judgement; may be empty.
    pub note: String,
    /// How many members look at it in which way.
    pub members: Vec<(Stance, u32)>,
}

impl SafeguardRow {
    /// How many members look at it in one way.
    pub fn members_with(&self, stance: Stance) -> u32 {
        self.members.iter().filter(|(found, _)| *found == stance).map(|(_, count)| count).sum()
    }

    /// What the row shows, in a sentence.
    fn sentence(&self) -> String {
        let told = |stance: &Stance| {
            let count = self.members_with(*stance);
            (count > 0).then(|| format!("{} met {}", counted(count, "lid", "leden"), stance.dutch()))
        };
        let parts: Vec<_> = Stance::ALL.iter().filter_map(told).collect();
        let words = if parts.is_empty() { "nog geen bevindingen".to_owned() } else { listed(&parts) };
        let note = if self.note.is_empty() { String::new() } else { format!(" ({})", self.note) };
        format!("{}{note}: {words}.", self.label)
    }
}

const WIDTH: i32 = 860;
const LABELS: i32 = 262;
const TOP: i32 = 52;
const ROW: i32 = 54;
/// Signs that fit before the columns.
const LONGEST: usize = 30;
/// Discs beside each other in a column; more stand on the next line.
const ABREAST: i32 = 6;
const DISC: i32 = 7;

fn short(label: &str) -> String {
    if label.chars().count() <= LONGEST { label.to_owned() } else { label.chars().take(LONGEST - 1).chain(['…']).collect() }
}

/// The words above a column, over two lines.
fn heading(stance: Stance) -> (&'static str, &'static str) {
    match stance {
        Stance::Strong => ("alleen sterke", "punten"),
        Stance::Both => ("sterke punten en", "ontwikkelpunten"),
        Stance::Development => ("alleen ontwikkel-", "punten"),
        Stance::Question => ("alleen", "vragen"),
        Stance::Silent => ("geen", "bevindingen"),
    }
}

type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

fn draw(svg: &mut String, rows: &[SafeguardRow]) -> Drawn {
    let count = i32::try_from(rows.len().max(1)).unwrap_or(1);
    let height = TOP + count * ROW + 4;
    let area = SVGBackend::with_string(svg, (WIDTH.unsigned_abs(), height.unsigned_abs())).into_drawing_area();
    let columns = i32::try_from(Stance::ALL.len()).unwrap_or(1);
    let begin = |column: i32| LABELS + column * (WIDTH - LABELS) / columns;
    let words = |text: String, at: (i32, i32), size: i32, ink: Ink, side: HPos| {
        let colour = ink.colour();
        let style = TextStyle::from(("sans-serif", size).into_font()).color(&colour).pos(Pos::new(side, VPos::Center));
        area.draw(&Text::new(text, at, style))
    };
    for (column, stance) in (0..).zip(Stance::ALL) {
        let middle = i32::midpoint(begin(column), begin(column + 1));
        let (first, second) = heading(*stance);
        words(first.to_owned(), (middle, 12), 14, Ink::Muted, HPos::Center)?;
        words(second.to_owned(), (middle, 30), 14, Ink::Muted, HPos::Center)?;
        area.draw(&PathElement::new([(begin(column), TOP - 8), (begin(column), height)], Ink::Grid.colour()))?;
    }
    for (at, row) in (0..).zip(rows) {
        let top = TOP + at * ROW;
        area.draw(&PathElement::new([(0, top - 8), (WIDTH, top - 8)], Ink::Grid.colour()))?;
        let label_at = if row.note.is_empty() { top + ROW / 2 - 8 } else { top + 10 };
        words(short(&row.label), (0, label_at), 16, Ink::Text, HPos::Left)?;
        if !row.note.is_empty() {
            words(short(&row.note), (0, top + 30), 14, Ink::Muted, HPos::Left)?;
        }
        for (column, stance) in (0..).zip(Stance::ALL) {
            let members = i32::try_from(row.members_with(*stance)).unwrap_or(0);
            let across = members.min(ABREAST);
            let left = i32::midpoint(begin(column), begin(column + 1)) - (across - 1) * (DISC + 2);
            for number in 0..members {
                let centre = (left + (number % ABREAST) * 2 * (DISC + 2), top + 12 + (number / ABREAST) * (2 * DISC + 3));
                // Who found nothing is a ring: there is no disc to see.
                let style = if *stance == Stance::Silent { Ink::Bar.colour().stroke_width(2) } else { Ink::Bar.colour().filled() };
                area.draw(&Circle::new(centre, DISC, style))?;
            }
        }
    }
    area.present()
}

/// The same discs one safeguard below the other, for a screen that is too narrow for the columns.
fn narrow(rows: &[SafeguardRow]) -> Markup {
    let disc = |stance: Stance| if stance == Stance::Silent { "○" } else { "●" };
    html! {
        ul class="plain-list chart-narrow" {
            @for row in rows {
                li class="stances" {
                    p { strong { (row.label) } @if !row.note.is_empty() { " (" (row.note) ")" } }
                    ul class="plain-list" {
                        @for (stance, count) in Stance::ALL.iter().map(|stance| (*stance, row.members_with(*stance))).filter(|(_, count)| *count > 0) {
                            li { span class="discs" aria-hidden="true" { @for _ in 0..count { (disc(stance)) } } " " (counted(count, "lid", "leden")) " met " (stance.dutch()) }
                        }
                    }
                }
            }
        }
    }
}

/// How the members of a panel look at each safeguard. The description tells all of it.
pub fn safeguards_chart(title: &str, rows: &[SafeguardRow]) -> Markup {
    let description = rows.iter().map(SafeguardRow::sentence).collect::<Vec<_>>().join(" ");
    let mut svg = String::new();
    if draw(&mut svg, rows).is_ok() {
        html! {
            div class="table-region chart-wide" role="region" aria-label={ "Tekening: " (title) } tabindex="0" {
                div class="timeline" { (themed(&svg, "chart-timeline", title, &description)) }
            }
            (narrow(rows))
        }
    } else {
        html! { p { (description) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_is_a_disc_and_every_row_is_told() {
        let rows = [
            SafeguardRow {
                label: "Lerende leraar & co".to_owned(),
                note: String::new(),
                members: vec![(Stance::Strong, 2), (Stance::Development, 1), (Stance::Silent, 1)],
            },
            SafeguardRow { label: "Organisatie".to_owned(), note: "voldoende".to_owned(), members: Vec::new() },
        ];
        let html = safeguards_chart("Beeld", &rows).into_string();
        assert_eq!(html.matches("<circle").count(), 4);
        assert!(
            html.contains(
                "Lerende leraar &amp; co: 2 leden met alleen sterke punten, 1 lid met alleen ontwikkelpunten en 1 lid met geen bevindingen."
            ),
            "{html}"
        );
        assert!(html.contains("Organisatie (voldoende): nog geen bevindingen."));
        assert!(
            html.contains("●●</span> 2 leden met alleen sterke punten") && html.contains("○</span> 1 lid met geen bevindingen"),
            "{html}"
        );
    }

    #[test]
    fn a_large_panel_goes_on_on_the_next_line() {
        let row = SafeguardRow { label: "Alle".to_owned(), note: String::new(), members: vec![(Stance::Both, 10)] };
        let html = safeguards_chart("Beeld", &[row]).into_string();
        assert_eq!(html.matches("<circle").count(), 10);
    }
}
