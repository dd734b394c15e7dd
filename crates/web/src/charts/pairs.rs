//! Two bars per row: the same figure before and after.

use maud::{Markup, html};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::ink::{Ink, themed};
use crate::components::text::number;

/// A figure before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Words at it.
    pub label: String,
    /// Before: the upper bar.
    pub before: u32,
    /// After: the lower bar.
    pub after: u32,
}

const WIDTH: i32 = 420;
const LABELS: i32 = 118;
const ROOM: i32 = 66;
const ROW: i32 = 46;

fn draw(svg: &mut String, pairs: &[Pair]) -> Result<(), DrawingAreaErrorKind<std::io::Error>> {
    let rows = i32::try_from(pairs.len().max(1)).unwrap_or(1);
    let area = SVGBackend::with_string(svg, (WIDTH.unsigned_abs(), (rows * ROW).unsigned_abs())).into_drawing_area();
    let most = pairs.iter().flat_map(|pair| [pair.before, pair.after]).max().unwrap_or(0).max(1);
    let words = |text: String, at: (i32, i32), ink: Ink, side: HPos| {
        let colour = ink.colour();
        let style = TextStyle::from(("sans-serif", 16).into_font()).color(&colour).pos(Pos::new(side, VPos::Center));
        area.draw(&Text::new(text, at, style))
    };
    for (at, pair) in (0..).zip(pairs) {
        let top = at * ROW;
        words(pair.label.clone(), (0, top + 22), Ink::Text, HPos::Left)?;
        for (value, y, height, ink) in [(pair.before, top + 6, 12, Ink::Track), (pair.after, top + 21, 18, Ink::Bar)] {
            let length = i64::from(value) * i64::from(WIDTH - LABELS - ROOM) / i64::from(most);
            let end = LABELS + i32::try_from(length).unwrap_or(0);
            if end > LABELS {
                area.draw(&Rectangle::new([(LABELS, y), (end, y + height)], ink.colour().filled()))?;
            }
            words(number(value), (end + 7, y + height / 2), if ink == Ink::Bar { Ink::Text } else { Ink::Muted }, HPos::Left)?;
        }
    }
    area.draw(&PathElement::new([(LABELS, 0), (LABELS, rows * ROW)], Ink::Grid.colour()))?;
    area.present()
}

/// Pairs of bars with their figures: the thin one is before, the thick one after.
pub fn pair_chart(title: &str, before: &str, after: &str, pairs: &[Pair]) -> Markup {
    let sentence = |pair: &Pair| format!("{}: {} bij {before}, {} bij {after}.", pair.label, number(pair.before), number(pair.after));
    let description = pairs.iter().map(sentence).collect::<Vec<_>>().join(" ");
    let mut svg = String::new();
    if draw(&mut svg, pairs).is_ok() {
        themed(&svg, "chart-pairs", title, &description)
    } else {
        html! { p { (description) } }
    }
}

/// Which bar is which.
pub fn pair_key(before: &str, after: &str) -> Markup {
    let key = |class: &str, height: &str, y: &str, words: &str| {
        html! {
            li {
                svg class="key" viewBox="0 0 22 12" width="22" height="12" aria-hidden="true" focusable="false" { rect class=(class) x="0" y=(y) width="22" height=(height) {} }
                (words)
            }
        }
    };
    html! { ul class="bullet-key" { (key("ink-track", "6", "3", before)) (key("ink-bar", "10", "1", after)) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_figures_of_a_pair_are_shown_and_told() {
        let pairs = [Pair { label: "kern".to_owned(), before: 1043, after: 0 }];
        let html = pair_chart("Kern en schil", "nu", "<meer>", &pairs).into_string();
        assert!(html.contains("1.043") && html.contains("kern: 1.043 bij nu, 0 bij &lt;meer&gt;."));
    }
}
