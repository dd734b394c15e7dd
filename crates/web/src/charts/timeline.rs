//! Things over calendar years: one row each, a sign in the years they stand in, and a line at the last day.

use maud::{Markup, html};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::ink::{Ink, themed};

/// What a sign in a year says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// It was done: a filled disc.
    Done,
    /// It is planned: a ring.
    Planned,
    /// One of several years that contradict each other: a ring in the signal colour, with a question mark.
    Doubted,
}

/// A row of a time line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineRow {
    /// Words at it.
    pub label: String,
    /// Its signs, by year.
    pub moments: Vec<(i32, Moment)>,
}

const WIDTH: i32 = 860;
const LABELS: i32 = 330;
const TOP: i32 = 34;
const ROW: i32 = 30;
/// Signs that fit before the years.
const LONGEST: usize = 38;

fn short(label: &str) -> String {
    if label.chars().count() <= LONGEST { label.to_owned() } else { label.chars().take(LONGEST - 1).chain(['…']).collect() }
}

fn draw(
    svg: &mut String,
    years: &std::ops::RangeInclusive<i32>,
    last: i32,
    rows: &[TimelineRow],
) -> Result<(), DrawingAreaErrorKind<std::io::Error>> {
    let count = i32::try_from(rows.len().max(1)).unwrap_or(1);
    let height = TOP + count * ROW + 6;
    let area = SVGBackend::with_string(svg, (WIDTH.unsigned_abs(), height.unsigned_abs())).into_drawing_area();
    let span = (years.end() - years.start() + 1).max(1);
    let begin = |year: i32| LABELS + (year - years.start()) * (WIDTH - LABELS) / span;
    let middle = |year: i32| begin(year).midpoint(begin(year + 1));
    let words = |text: String, at: (i32, i32), ink: Ink, side: HPos| {
        let colour = ink.colour();
        let style = TextStyle::from(("sans-serif", 15).into_font()).color(&colour).pos(Pos::new(side, VPos::Center));
        area.draw(&Text::new(text, at, style))
    };
    for year in years.clone() {
        area.draw(&PathElement::new([(begin(year), TOP - 10), (begin(year), height)], Ink::Grid.colour()))?;
        words(year.to_string(), (middle(year), TOP - 20), Ink::Muted, HPos::Center)?;
    }
    area.draw(&PathElement::new([(begin(last + 1), TOP - 10), (begin(last + 1), height)], Ink::Target.colour().stroke_width(3)))?;
    for (at, row) in (0..).zip(rows) {
        let y = TOP + at * ROW + ROW / 2;
        words(short(&row.label), (0, y), Ink::Text, HPos::Left)?;
        for (year, moment) in &row.moments {
            let centre = (middle(*year), y);
            match moment {
                Moment::Done => area.draw(&Circle::new(centre, 8, Ink::Bar.colour().filled()))?,
                Moment::Planned => area.draw(&Circle::new(centre, 8, Ink::Bar.colour().stroke_width(3)))?,
                Moment::Doubted => {
                    area.draw(&Circle::new(centre, 9, Ink::Signal.colour().stroke_width(3)))?;
                    words("?".to_owned(), (centre.0, y + 1), Ink::Text, HPos::Center)?;
                }
            }
        }
    }
    area.present()
}

/// A time line over calendar years, with a line at the end of `last`. The description tells all of it.
pub fn timeline_chart(title: &str, years: &std::ops::RangeInclusive<i32>, last: i32, rows: &[TimelineRow]) -> Markup {
    let said = |(year, moment): &(i32, Moment)| match moment {
        Moment::Done => format!("gehouden in {year}"),
        Moment::Planned => format!("gepland in {year}"),
        Moment::Doubted => format!("misschien in {year}"),
    };
    let sentence = |row: &TimelineRow| {
        let moments: Vec<_> = row.moments.iter().map(said).collect();
        let words = if moments.is_empty() { "nog zonder jaar".to_owned() } else { moments.join(" of ") };
        format!("{}: {words}.", row.label)
    };
    let description = rows.iter().map(sentence).collect::<Vec<_>>().join(" ");
    let mut svg = String::new();
    if draw(&mut svg, years, last, rows).is_ok() {
        html! { div class="table-region" role="region" aria-label={ "Tekening: " (title) } tabindex="0" { div class="timeline" { (themed(&svg, "chart-timeline", title, &description)) } } }
    } else {
        html! { p { (description) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_drawn_and_told() {
        let rows = [
            TimelineRow { label: "Talent".to_owned(), moments: vec![(2028, Moment::Doubted), (2029, Moment::Doubted)] },
            TimelineRow { label: "OPLIS & co".to_owned(), moments: vec![(2025, Moment::Done)] },
            TimelineRow { label: "Later".to_owned(), moments: Vec::new() },
        ];
        let html = timeline_chart("Peer reviews", &(2025..=2029), 2029, &rows).into_string();
        assert!(html.contains("Talent: misschien in 2028 of misschien in 2029."), "{html}");
        assert!(html.contains("OPLIS &amp; co: gehouden in 2025.") && html.contains("Later: nog zonder jaar."));
        assert_eq!(html.matches("<circle").count(), 3);
    }
}
