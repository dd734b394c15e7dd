//! From place-holder colours to classes: the only place that knows how plotters writes SVG.

use kernschil_domain::coverage::CoverageStatus;
use maud::{Markup, PreEscaped, html};
use plotters::prelude::*;

use crate::components::signs::class_of;

/// What a line, area or text in a chart is. Its colour is only a place-holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// Words and figures.
    Text,
    /// Words of less weight.
    Muted,
    /// Lines of the grid.
    Grid,
    /// The empty part of a bar.
    Track,
    /// A bar without standing.
    Bar,
    /// A bar that stands out.
    Signal,
    /// The line that marks a target.
    Target,
    /// Thin line between parts of a bar, in the colour of the page.
    Gap,
    /// A part of a bar with a standing.
    Standing(CoverageStatus),
    /// The pattern over it.
    Pattern(CoverageStatus),
}

impl Ink {
    fn all() -> impl Iterator<Item = Self> {
        [Self::Text, Self::Muted, Self::Grid, Self::Track, Self::Bar, Self::Signal, Self::Target, Self::Gap]
            .into_iter()
            .chain(CoverageStatus::ALL.into_iter().flat_map(|standing| [Self::Standing(standing), Self::Pattern(standing)]))
    }

    fn number(self) -> u8 {
        match self {
            Self::Text => 1,
            Self::Muted => 2,
            Self::Grid => 3,
            Self::Track => 4,
            Self::Bar => 5,
            Self::Signal => 6,
            Self::Target => 7,
            Self::Gap => 8,
            Self::Standing(standing) => 32 + position(standing),
            Self::Pattern(standing) => 64 + position(standing),
        }
    }

    /// The place-holder colour to draw with.
    pub(super) fn colour(self) -> RGBColor {
        RGBColor(250, 1, self.number())
    }

    fn hex(self) -> String {
        format!("#FA01{:02X}", self.number())
    }

    fn fill(self) -> String {
        match self {
            Self::Standing(standing) => format!("class=\"fill-{}\"", class_of(standing)),
            Self::Pattern(standing) => format!("class=\"pattern\" fill=\"url(#pattern-{})\"", class_of(standing)),
            other => format!("class=\"ink-{}\"", other.name()),
        }
    }

    fn stroke(self) -> String {
        match self {
            Self::Standing(standing) | Self::Pattern(standing) => format!("class=\"line-{}\"", class_of(standing)),
            other => format!("class=\"line-{}\"", other.name()),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Muted => "muted",
            Self::Grid => "grid",
            Self::Track => "track",
            Self::Bar | Self::Standing(_) | Self::Pattern(_) => "bar",
            Self::Signal => "signal",
            Self::Target => "target",
            Self::Gap => "gap",
        }
    }
}

fn position(standing: CoverageStatus) -> u8 {
    CoverageStatus::ALL.iter().position(|other| *other == standing).and_then(|at| u8::try_from(at).ok()).unwrap_or(0)
}

/// The drawing with classes for colours and with words for who cannot see it.
pub(super) fn themed(svg: &str, class: &str, title: &str, description: &str) -> Markup {
    let mut out = svg.replace(" opacity=\"1\"", "").replace(" font-family=\"sans-serif\"", "");
    for ink in Ink::all() {
        out = out.replace(&format!("fill=\"{}\"", ink.hex()), &ink.fill()).replace(&format!("stroke=\"{}\"", ink.hex()), &ink.stroke());
    }
    let inner = out.split_once(">\n").map_or("", |(_, rest)| rest);
    let view_box = out.split_once("viewBox=\"").and_then(|(_, rest)| rest.split_once('"')).map_or("", |(value, _)| value);
    html! {
        svg class={ "chart " (class) } viewBox=(view_box) role="img" aria-label=(title) focusable="false" {
            title { (title) }
            desc { (description) }
            (PreEscaped(inner.trim_end().trim_end_matches("</svg>")))
        }
    }
}

/// The patterns of the standings, once on every page.
pub fn patterns() -> Markup {
    let line = |id: &str, path: &str| {
        html! {
            pattern id={ "pattern-" (id) } width="8" height="8" patternUnits="userSpaceOnUse" {
                path class={ "hatch hatch-" (id) } d=(path) fill="none" {}
            }
        }
    };
    html! {
        svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false" {
            defs {
                (line("kern", ""))
                (line("schil", "M-2 2l4-4M0 8l8-8M6 10l4-4"))
                (line("schil-unmet", "M-2 2l4-4M0 8l8-8M6 10l4-4M-2 6l4 4M0 0l8 8M6-2l4 4"))
                (line("guided", "M2 2h.01M6 6h.01"))
                (line("outside", "M4 4h.01"))
                (line("unplaced", "M-2 6l4 4M0 0l8 8M6-2l4 4"))
                (line("idle", "M0 4h8"))
                (line("unknown", "M4 0v8"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Tested = Result<(), Box<dyn std::error::Error>>;

    #[test]
    fn no_place_holder_colour_is_left() -> Tested {
        let mut svg = String::new();
        {
            let area = SVGBackend::with_string(&mut svg, (100, 50)).into_drawing_area();
            for (at, ink) in (0..).zip(Ink::all()) {
                area.draw(&Rectangle::new([(at, 0), (at + 1, 9)], ink.colour().filled()))?;
                area.draw(&PathElement::new([(at, 0), (at, 9)], ink.colour()))?;
            }
            area.present()?;
        }
        let html = themed(&svg, "x", "Titel", "Uitleg & meer").into_string();
        assert!(!html.contains("#FA01"), "{html}");
        assert!(html.contains("class=\"fill-kern\"") && html.contains("url(#pattern-schil)"));
        assert!(html.contains("role=\"img\"") && html.contains("Uitleg &amp; meer"));
        assert_eq!(html.matches("</svg>").count(), 1);
        Ok(())
    }
}
