//! Columns: how often something happens, such as travel times and wishes.

use maud::{Markup, html};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::ink::{Ink, themed};
use crate::components::text::number;

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Words under it.
    pub label: String,
    /// Its height.
    pub value: u32,
    /// Whether it needs attention.
    pub weight: Weight,
}

/// Whether a column needs attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It does not.
    Plain,
    /// It does.
    Signal,
}

const WIDTH: i32 = 360;
const HEIGHT: i32 = 200;
const FOOT: i32 = 28;
const HEAD: i32 = 24;

fn draw(svg: &mut String, columns: &[Column]) -> Result<(), DrawingAreaErrorKind<std::io::Error>> {
    let area = SVGBackend::with_string(svg, (WIDTH.unsigned_abs(), HEIGHT.unsigned_abs())).into_drawing_area();
    let most = columns.iter().map(|column| column.value).max().unwrap_or(0).max(1);
    let room = WIDTH / i32::try_from(columns.len().max(1)).unwrap_or(1);
    let base = HEIGHT - FOOT;
    let words = |text: String, at: (i32, i32), ink: Ink, size: i32| {
        let colour = ink.colour();
        let style = TextStyle::from(("sans-serif", size).into_font()).color(&colour).pos(Pos::new(HPos::Center, VPos::Center));
        area.draw(&Text::new(text, at, style))
    };
    for (at, column) in (0..).zip(columns) {
        let (left, right) = (at * room + room / 8, (at + 1) * room - room / 8);
        let height = i32::try_from(i64::from(column.value) * i64::from(base - HEAD) / i64::from(most)).unwrap_or(0);
        let ink = match column.weight {
            Weight::Plain => Ink::Bar,
            Weight::Signal => Ink::Signal,
        };
        if height > 0 {
            area.draw(&Rectangle::new([(left, base - height), (right, base)], ink.colour().filled()))?;
        }
        words(number(column.value), (i32::midpoint(left, right), base - height - 11), Ink::Text, 17)?;
        words(column.label.clone(), (i32::midpoint(left, right), base + 15), Ink::Muted, 15)?;
    }
    area.draw(&PathElement::new([(0, base), (WIDTH, base)], Ink::Grid.colour()))?;
    area.present()
}

/// Columns with their figures on top.
pub fn column_chart(title: &str, columns: &[Column]) -> Markup {
    let description = columns.iter().map(|column| format!("{}: {}.", column.label, number(column.value))).collect::<Vec<_>>().join(" ");
    let mut svg = String::new();
    if draw(&mut svg, columns).is_ok() {
        themed(&svg, "chart-columns", title, &description)
    } else {
        html! { p { (description) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_shows_its_figure() {
        let columns = [
            Column { label: "0-15".to_owned(), value: 1043, weight: Weight::Plain },
            Column { label: "60+".to_owned(), value: 0, weight: Weight::Signal },
        ];
        let html = column_chart("Reistijd", &columns).into_string();
        assert!(html.contains("1.043") && html.contains("60+"));
    }
}
