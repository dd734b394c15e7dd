//! How documents look. Headings are the usual ones of Word, so that its navigation and table of contents find them.

use docx_rs::{
    AbstractNumbering, Docx, IndentLevel, Level as ListLevel, LevelJc, LevelText, NumberFormat, RunFonts, SpecialIndentType, Start, Style,
    StyleType,
};

use crate::{Level, spacing};

pub(crate) const BODY: &str = "Normal";
pub(crate) const TITLE: &str = "Title";
pub(crate) const ABOVE: &str = "Subtitle";
pub(crate) const LABEL: &str = "TableLabel";
pub(crate) const CELL: &str = "TableText";
pub(crate) const GAP: &str = "TableGap";
pub(crate) const ABOUT: &str = "About";
pub(crate) const ASIDE: &str = "Aside";
pub(crate) const QUOTE: &str = "Quote";
pub(crate) const CODE: &str = "Code";
pub(crate) const LIST: &str = "ListParagraph";
pub(crate) const HEADER: &str = "Header";
pub(crate) const FOOTER: &str = "Footer";
pub(crate) const INNER_HEADING: &str = "Heading4";

/// Petrol, as on the pages.
const ACCENT: &str = "0B4F5C";
const INK: &str = "000000";
const QUIET: &str = "52606D";
/// Of what is not final.
pub(crate) const SIGNAL: &str = "9B3D00";
pub(crate) const LINE: &str = "C9D2D9";
pub(crate) const SHADE: &str = "EEF3F5";
/// Letters of code and addresses.
pub(crate) const MONO: &str = "Consolas";
/// Links, also without colour: they are underlined as well.
pub(crate) const LINK: &str = "0B5A8A";

/// The looks of lists with bullets, and of those with numbers. The library has a look of its own under 1.
pub(crate) const BULLETS: usize = 11;
pub(crate) const NUMBERS: usize = 12;
/// How deep lists look different.
const DEPTH: usize = 4;

pub(crate) fn heading(level: Level) -> &'static str {
    match level {
        Level::One => "Heading1",
        Level::Two => "Heading2",
        Level::Three => "Heading3",
    }
}

fn fonts(name: &str) -> RunFonts {
    RunFonts::new().ascii(name).hi_ansi(name).cs(name)
}

fn style(id: &str, name: &str, half_points: usize, color: &str) -> Style {
    Style::new(id, StyleType::Paragraph).name(name).based_on(BODY).size(half_points).color(color)
}

fn headings() -> Vec<Style> {
    let heading = |number: usize, size, (before, after)| {
        let id = format!("Heading{number}");
        style(&id, &format!("heading {number}"), size, ACCENT)
            .next(BODY)
            .bold()
            .line_spacing(spacing(before, after))
            .outline_lvl(number - 1)
    };
    vec![heading(1, 32, (420, 120)), heading(2, 25, (280, 80)), heading(3, 22, (220, 60)), heading(4, 21, (160, 40))]
}

fn list(id: usize, format: &str, text: impl Fn(usize) -> String) -> AbstractNumbering {
    let level = |at: usize| {
        let indent = 380 * i32::try_from(at + 1).unwrap_or(1);
        ListLevel::new(at, Start::new(1), NumberFormat::new(format), LevelText::new(text(at)), LevelJc::new("left")).indent(
            Some(indent),
            Some(SpecialIndentType::Hanging(300)),
            None,
            None,
        )
    };
    (0..DEPTH).map(level).fold(AbstractNumbering::new(id), AbstractNumbering::add_level)
}

/// The level of a list that lies so deep in others.
pub(crate) fn depth(lists: usize) -> IndentLevel {
    IndentLevel::new(lists.saturating_sub(1).min(DEPTH - 1))
}

/// Adds all styles and lists to a document.
pub(crate) fn add(docx: Docx) -> Docx {
    let docx = docx.default_fonts(fonts("Calibri")).default_size(22).default_line_spacing(spacing(0, 120));
    let own = vec![
        style(ABOVE, "Subtitle", 22, QUIET).next(TITLE).line_spacing(spacing(0, 40)),
        style(TITLE, "Title", 44, ACCENT).next(BODY).bold().line_spacing(spacing(0, 240)),
        style(LABEL, "Table Label", 20, QUIET).bold().line_spacing(spacing(0, 0)),
        style(CELL, "Table Text", 20, INK).line_spacing(spacing(0, 0)),
        style(GAP, "Table Gap", 12, INK).line_spacing(spacing(0, 60)),
        style(ABOUT, "About", 20, QUIET).italic().line_spacing(spacing(140, 20)),
        style(ASIDE, "Aside", 21, INK).indent(Some(340), None, Some(340), None).line_spacing(spacing(40, 120)),
        style(QUOTE, "Quote", 22, QUIET).italic().indent(Some(400), None, Some(400), None),
        style(CODE, "Code", 19, INK).fonts(fonts(MONO)).line_spacing(spacing(0, 0)),
        style(LIST, "List Paragraph", 22, INK).line_spacing(spacing(0, 80)),
        style(HEADER, "header", 18, QUIET).line_spacing(spacing(0, 0)),
        style(FOOTER, "footer", 18, QUIET).line_spacing(spacing(0, 0)),
    ];
    let docx = headings().into_iter().chain(own).fold(docx, Docx::add_style);
    docx.add_abstract_numbering(list(BULLETS, "bullet", |at| if at % 2 == 0 { "•" } else { "–" }.to_owned())).add_abstract_numbering(list(
        NUMBERS,
        "decimal",
        |at| format!("%{}.", at + 1),
    ))
}
