//! Horizontal bars: filled against a target (bullet), and stacked by standing.

use kernschil_domain::coverage::CoverageStatus;
use maud::{Markup, html};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::ink::{Ink, themed};
use crate::components::text::{number, percent};

/// A part of a stacked bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// What it stands for.
    pub status: CoverageStatus,
    /// How much.
    pub value: u32,
}

/// One bar with places against need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Words at the bar.
    pub label: String,
    /// What there is: the bar.
    pub value: u32,
    /// What is needed: the mark across it.
    pub target: u32,
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// How a chart is laid out: beside the labels, or under them on a small screen.
#[derive(Debug, Clone, Copy)]
struct Layout {
    width: u32,
    label_width: i32,
    row: i32,
    bar_top: i32,
    bar: i32,
    right: i32,
    line: usize,
    lines: usize,
}

const WIDE: Layout = Layout { width: 760, label_width: 224, row: 42, bar_top: 9, bar: 22, right: 88, line: 26, lines: 1 };
const WIDE_LONG: Layout = Layout { width: 760, label_width: 0, row: 58, bar_top: 24, bar: 22, right: 8, line: 70, lines: 1 };
const NARROW: Layout = Layout { line: 28, width: 340, ..WIDE_LONG };
const NARROW_LONG: Layout = Layout { row: 80, bar_top: 46, lines: 2, ..NARROW };
const AXIS: i32 = 26;

impl Layout {
    fn height(self, rows: usize) -> u32 {
        u32::try_from(rows).unwrap_or(0) * self.row.unsigned_abs() + AXIS.unsigned_abs()
    }

    /// Whether the words stand above the bars.
    fn is_stacked(self) -> bool {
        self.label_width == 0
    }

    /// The layout for a wide and for a small page; long words get a line of their own.
    fn both<'a>(labels: impl IntoIterator<Item = &'a str>) -> (Self, Self) {
        let longest = labels.into_iter().map(|label| label.chars().count()).max().unwrap_or(0);
        let wide = if longest > WIDE.line { WIDE_LONG } else { WIDE };
        (wide, if longest > NARROW.line { NARROW_LONG } else { NARROW })
    }

    fn x(self, value: u32, most: u32) -> i32 {
        let room = i64::from(self.width) - i64::from(self.label_width) - i64::from(self.right) - 2;
        let offset = i64::from(value) * room / i64::from(most.max(1));
        self.label_width + 1 + i32::try_from(offset).unwrap_or(0)
    }
}

fn write(area: &Area<'_>, text: &str, ink: Ink, size: i32, at: (i32, i32), side: HPos) -> Drawn {
    let colour = ink.colour();
    let style = TextStyle::from(("sans-serif", size).into_font()).color(&colour).pos(Pos::new(side, VPos::Center));
    area.draw(&Text::new(text.to_owned(), at, style))
}

fn block(area: &Area<'_>, from: (i32, i32), to: (i32, i32), ink: Ink) -> Drawn {
    if to.0 > from.0 { area.draw(&Rectangle::new([from, to], ink.colour().filled())) } else { Ok(()) }
}

fn grid(area: &Area<'_>, layout: Layout, most: u32, rows: i32, words: &dyn Fn(u32) -> String) -> Drawn {
    let bottom = rows * layout.row;
    let step = round_step(most, if layout.width < WIDE.width { 3 } else { 5 });
    let mut value = 0;
    while value <= most {
        let x = layout.x(value, most);
        for row in 0..rows {
            let top = row * layout.row + if layout.is_stacked() { layout.bar_top - 4 } else { 0 };
            area.draw(&PathElement::new([(x, top), (x, (row + 1) * layout.row)], Ink::Grid.colour()))?;
        }
        let side = if value == 0 && layout.is_stacked() {
            HPos::Left
        } else if value == most {
            HPos::Right
        } else {
            HPos::Center
        };
        write(area, &words(value), Ink::Muted, 15, (x, bottom + 14), side)?;
        value += step;
    }
    Ok(())
}

/// A step of 1, 2 or 5 times a power of ten that gives about the wanted number of lines.
fn round_step(most: u32, lines: u32) -> u32 {
    let mut unit = 1;
    loop {
        for step in [unit, unit * 2, unit * 5] {
            if most <= step * lines {
                return step;
            }
        }
        unit *= 10;
    }
}

fn label(area: &Area<'_>, layout: Layout, text: &str, right: &str, top: i32) -> Drawn {
    let edge = i32::try_from(layout.width).unwrap_or(i32::MAX);
    if !layout.is_stacked() {
        let middle = top + layout.bar_top + layout.bar / 2;
        write(area, &shortened(text, layout.line), Ink::Text, 17, (0, middle), HPos::Left)?;
        return write(area, right, Ink::Text, 17, (edge, middle), HPos::Right);
    }
    for (at, line) in (0..).zip(wrapped(text, layout.line, layout.lines)) {
        write(area, &line, Ink::Text, 17, (0, top + 11 + at * 21), HPos::Left)?;
    }
    write(area, right, Ink::Text, 17, (edge, top + 11), HPos::Right)
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most - 1).chain(['…']).collect() }
}

/// Words over a few lines; what does not fit on the last is cut.
fn wrapped(text: &str, line: usize, lines: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let is_last_line = out.len() >= lines;
        match out.last_mut() {
            Some(last) if !is_last_line && out_of_room(last, word, line) => out.push(word.to_owned()),
            Some(last) => {
                last.push(' ');
                last.push_str(word);
            }
            None => out.push(word.to_owned()),
        }
    }
    out.iter().map(|text| shortened(text, line + 10 * (lines - 1))).collect()
}

fn out_of_room(last: &str, word: &str, line: usize) -> bool {
    last.chars().count() + 1 + word.chars().count() > line
}

fn bullet_rows(area: &Area<'_>, layout: Layout, bars: &[Bar]) -> Drawn {
    let most = bars.iter().map(|bar| bar.value.max(bar.target)).max().unwrap_or(0).max(1);
    let rows = i32::try_from(bars.len()).unwrap_or(0);
    grid(area, layout, most, rows, &number)?;
    for (at, bar) in (0..).zip(bars) {
        let top = at * layout.row;
        let (y0, y1) = (top + layout.bar_top, top + layout.bar_top + layout.bar);
        let short = bar.value < bar.target;
        label(area, layout, &bar.label, &format!("{} / {}", number(bar.target), number(bar.value)), top)?;
        block(area, (layout.x(0, most), y0), (layout.x(bar.value, most), y1), Ink::Track)?;
        block(area, (layout.x(0, most), y0 + 5), (layout.x(bar.value.min(bar.target), most), y1 - 5), Ink::Bar)?;
        if short {
            block(area, (layout.x(bar.value, most), y0 + 5), (layout.x(bar.target, most), y1 - 5), Ink::Signal)?;
            block(area, (layout.x(bar.value, most), y0 + 5), (layout.x(bar.target, most), y1 - 5), Ink::Pattern(CoverageStatus::Unplaced))?;
        }
        let mark = layout.x(bar.target, most);
        block(area, (mark - 1, y0 - 3), (mark + 2, y1 + 3), Ink::Target)?;
    }
    area.present()
}

fn stacked_rows(area: &Area<'_>, layout: Layout, rows: &[(String, Vec<Segment>)]) -> Drawn {
    let count = i32::try_from(rows.len()).unwrap_or(0);
    grid(area, layout, 100, count, &|value| format!("{value}%"))?;
    for (at, (words, segments)) in (0..).zip(rows) {
        let top = at * layout.row;
        let (y0, y1) = (top + layout.bar_top, top + layout.bar_top + layout.bar);
        let whole: u32 = segments.iter().map(|segment| segment.value).sum();
        let covered: u32 = segments.iter().filter(|segment| segment.status.is_covered()).map(|segment| segment.value).sum();
        label(area, layout, words, &percent(covered, whole), top)?;
        let mut before = 0;
        for segment in segments.iter().filter(|segment| segment.value > 0) {
            let from = layout.x(before, whole);
            before += segment.value;
            let to = layout.x(before, whole).max(from + 2);
            block(area, (from, y0), (to, y1), Ink::Standing(segment.status))?;
            block(area, (from, y0), (to, y1), Ink::Pattern(segment.status))?;
            block(area, (to - 1, y0), (to, y1), Ink::Gap)?;
        }
    }
    area.present()
}

fn drawn(layout: Layout, rows: usize, class: &str, title: &str, description: &str, draw: &dyn Fn(&Area<'_>) -> Drawn) -> Markup {
    let mut svg = String::new();
    let outcome = draw(&SVGBackend::with_string(&mut svg, (layout.width, layout.height(rows))).into_drawing_area());
    if outcome.is_ok() {
        themed(&svg, class, title, description)
    } else {
        html! { p { "De grafiek kan niet worden getekend. De tabel heeft dezelfde cijfers." } }
    }
}

fn both(labels: &[&str], title: &str, description: &str, draw: &dyn Fn(&Area<'_>, Layout) -> Drawn) -> Markup {
    let (wide, narrow) = Layout::both(labels.iter().copied());
    html! {
        (drawn(wide, labels.len(), "chart-wide", title, description, &|area| draw(area, wide)))
        (drawn(narrow, labels.len(), "chart-narrow", title, description, &|area| draw(area, narrow)))
    }
}

/// Places against need: the bar is what there is, the mark is what is needed, and what is short is
/// hatched in the signal colour.
pub fn bullet_chart(title: &str, bars: &[Bar]) -> Markup {
    let description = bars
        .iter()
        .map(|bar| format!("{}: {} plekken nodig, {} aangeboden.", bar.label, number(bar.target), number(bar.value)))
        .collect::<Vec<_>>()
        .join(" ");
    let labels: Vec<_> = bars.iter().map(|bar| bar.label.as_str()).collect();
    both(&labels, title, &description, &|area, layout| bullet_rows(area, layout, bars))
}

/// What the parts of a bullet chart mean.
pub fn bullet_key() -> Markup {
    let key = |class: &str, words: &str, pattern: &Markup| {
        html! {
            li {
                svg class="key" viewBox="0 0 22 12" width="22" height="12" aria-hidden="true" focusable="false" {
                    rect class=(class) x="0" y="1" width="22" height="10" {}
                    (pattern)
                }
                (words)
            }
        }
    };
    let hatched = html! { rect class="pattern" fill="url(#pattern-unplaced)" x="0" y="1" width="22" height="10" {} };
    html! {
        ul class="bullet-key" {
            (key("ink-bar", "nodig en aangeboden", &html! {}))
            (key("ink-track", "aangeboden, over", &html! {}))
            (key("ink-signal", "tekort", &hatched))
        }
        p { "De streep is wat nodig is. Rechts staat: nodig / aangeboden." }
    }
}

/// Shares of the whole by standing, one bar per row.
pub fn stacked_chart(title: &str, rows: &[(String, Vec<Segment>)]) -> Markup {
    let description = rows
        .iter()
        .map(|(words, segments)| {
            let parts: Vec<_> = segments
                .iter()
                .filter(|segment| segment.value > 0)
                .map(|segment| format!("{} {}", number(segment.value), segment.status.dutch()))
                .collect();
            format!("{words}: {}.", parts.join(", "))
        })
        .collect::<Vec<_>>()
        .join(" ");
    let labels: Vec<_> = rows.iter().map(|(label, _)| label.as_str()).collect();
    both(&labels, title, &description, &|area, layout| stacked_rows(area, layout, rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grid_lines_are_round_numbers() {
        assert_eq!(round_step(100, 5), 20);
        assert_eq!(round_step(412, 5), 100);
        assert_eq!(round_step(7, 5), 2);
        assert_eq!(round_step(1, 5), 1);
    }

    #[test]
    fn long_words_go_over_two_lines_and_are_then_cut() {
        assert_eq!(wrapped("kort", 28, 2), ["kort"]);
        let long = "Hogeschool van Amsterdam, Leraar basisonderwijs (voltijd)";
        assert_eq!(wrapped(long, 28, 2), ["Hogeschool van Amsterdam,", "Leraar basisonderwijs (voltijd)"]);
        assert_eq!(wrapped("a b c d e f", 3, 1), ["a …"]);
        assert_eq!(Layout::both([long]).0.row, WIDE_LONG.row);
    }

    #[test]
    fn what_is_short_is_hatched() {
        let bar = |value, target| Bar { label: "fase <1>".to_owned(), value, target };
        let short = bullet_chart("Plekken", &[bar(5, 8)]).into_string();
        assert!(short.contains("pattern-unplaced") && short.contains("fase &lt;1&gt;"));
        assert!(!bullet_chart("Plekken", &[bar(8, 5)]).into_string().contains("pattern-unplaced"));
    }

    #[test]
    fn nothing_to_show_is_no_trouble() {
        assert!(stacked_chart("Leeg", &[]).into_string().contains("<title>Leeg</title>"));
        assert!(bullet_chart("Nul", &[Bar { label: String::new(), value: 0, target: 0 }]).into_string().contains("svg"));
    }
}
