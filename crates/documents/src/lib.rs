//! Documents for people to read and keep, as .docx.
//!
//! A [`Document`] is what stands in it, piece after piece; how that looks is decided here alone. Texts of people are Markdown
//! and are rendered with the rules of the pages: tags are text, links lead only to the web or to a mail address, pictures are
//! not fetched. The same document gives the same bytes: nothing in it depends on when or where it was made.

mod markdown;
mod package;
mod styles;

use docx_rs::{
    AlignmentType, BorderType, BreakType, Docx, Footer, Header, LineSpacing, LineSpacingType, NumPages, PageMargin, PageNum, Paragraph,
    Run, Shading, ShdType, Tab, TabValueType, Table, TableBorder, TableBorderPosition, TableBorders, TableCell, TableCellMargins,
    TableLayoutType, TableRow, WidthType,
};
use thiserror::Error;

pub use package::DOCX_MEDIA_TYPE;

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Title, in the properties of the file.
    pub title: String,
    /// What stands at the top of every page.
    pub header: String,
    /// What stands at the bottom of every page, before the number of the page.
    pub footer: String,
    /// A word across every page, such as CONCEPT.
    pub watermark: Option<String>,
    /// What stands in it, in order.
    pub pieces: Vec<Piece>,
}

/// How deep a heading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Of a part of the document.
    One,
    /// Within a part.
    Two,
    /// Above a few paragraphs.
    Three,
}

/// A piece of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// The title at the top, with a line above it.
    Title {
        /// What kind of document it is.
        above: String,
        /// The title.
        text: String,
    },
    /// A heading; a table of contents can be made of them.
    Heading(Level, String),
    /// Words with their values.
    Facts(Vec<(String, String)>),
    /// A table with a line of heads; widths in hundredths of the page.
    Table {
        /// Heads and widths of the columns.
        columns: Vec<(String, u8)>,
        /// Rows.
        rows: Vec<Vec<String>>,
    },
    /// What the next text is about, in small letters.
    About(String),
    /// A text in Markdown.
    Text(String),
    /// A text in Markdown that stands apart, with words before it.
    Aside {
        /// The words before it.
        label: String,
        /// The text.
        text: String,
    },
}

/// A document could not be written.
#[derive(Debug, Error)]
#[error("het document kon niet worden geschreven: {0}")]
pub struct DocumentError(pub(crate) String);

/// Width between the margins of a page of A4, in twentieths of a point.
const WIDTH: usize = 9_070;

/// Text as it may stand in a file: without characters that XML does not have.
pub(crate) fn clean(text: &str) -> String {
    text.chars().filter(|sign| matches!(sign, '\n' | '\t') || !(sign.is_control() || matches!(sign, '\u{fffe}' | '\u{ffff}'))).collect()
}

/// A run of one line of text.
pub(crate) fn words(text: &str) -> Run {
    Run::new().add_text(clean(text).replace(['\n', '\t'], " "))
}

fn plain(style: &str, text: &str) -> Paragraph {
    Paragraph::new().style(style).add_run(words(text))
}

fn borders(color: &str) -> TableBorders {
    let line = |position| TableBorder::new(position).border_type(BorderType::Single).size(4).color(color);
    TableBorders::with_empty()
        .set(line(TableBorderPosition::Top))
        .set(line(TableBorderPosition::Bottom))
        .set(line(TableBorderPosition::InsideH))
}

fn cell(width: usize, paragraph: Paragraph) -> TableCell {
    TableCell::new().width(width, WidthType::Dxa).add_paragraph(paragraph)
}

fn table_of(rows: Vec<TableRow>, widths: Vec<usize>) -> Table {
    Table::without_borders(rows)
        .layout(TableLayoutType::Fixed)
        .width(widths.iter().sum(), WidthType::Dxa)
        .set_grid(widths)
        .margins(TableCellMargins::new().margin(60, 110, 60, 110))
        .set_borders(borders(styles::LINE))
}

fn facts(facts: &[(String, String)]) -> Table {
    let widths = vec![WIDTH * 3 / 10, WIDTH - WIDTH * 3 / 10];
    let row = |(word, value): &(String, String)| {
        let cells = vec![cell(widths[0], plain(styles::LABEL, word)), cell(widths[1], plain(styles::CELL, value))];
        TableRow::new(cells).cant_split()
    };
    table_of(facts.iter().map(row).collect(), widths.clone())
}

fn table(columns: &[(String, u8)], rows: &[Vec<String>]) -> Table {
    let widths: Vec<usize> = columns.iter().map(|(_, share)| WIDTH * usize::from(*share) / 100).collect();
    let shade = || Shading::new().shd_type(ShdType::Clear).color("auto").fill(styles::SHADE);
    let head = columns.iter().zip(&widths).map(|((word, _), width)| cell(*width, plain(styles::LABEL, word)).shading(shade()));
    let row = |texts: &Vec<String>| {
        let cells = texts.iter().zip(&widths).map(|(text, width)| cell(*width, plain(styles::CELL, text)));
        TableRow::new(cells.collect()).cant_split()
    };
    let mut all = vec![TableRow::new(head.collect()).cant_split()];
    all.extend(rows.iter().map(row));
    table_of(all, widths)
}

fn with_piece(docx: Docx, lists: &mut markdown::Lists, piece: &Piece) -> Docx {
    match piece {
        Piece::Title { above, text } => docx.add_paragraph(plain(styles::ABOVE, above)).add_paragraph(plain(styles::TITLE, text)),
        // A heading never stands alone at the foot of a page.
        Piece::Heading(level, text) => docx.add_paragraph(plain(styles::heading(*level), text).keep_next(true)),
        Piece::Facts(all) => docx.add_table(facts(all)).add_paragraph(plain(styles::GAP, "")),
        Piece::Table { columns, rows } => docx.add_table(table(columns, rows)).add_paragraph(plain(styles::GAP, "")),
        Piece::About(text) => docx.add_paragraph(plain(styles::ABOUT, text).keep_next(true)),
        Piece::Text(text) => markdown::paragraphs(text, styles::BODY, None, lists).into_iter().fold(docx, Docx::add_paragraph),
        Piece::Aside { label, text } => {
            markdown::paragraphs(text, styles::ASIDE, Some(label), lists).into_iter().fold(docx, Docx::add_paragraph)
        }
    }
}

fn header(document: &Document) -> Header {
    let line = Paragraph::new().style(styles::HEADER);
    let line = match &document.watermark {
        // The watermark is a picture: who hears the document or prints it without pictures reads the word here.
        Some(word) => line.add_run(words(&format!("{word}  ")).bold().color(styles::SIGNAL)).add_run(words(&document.header)),
        None => line.add_run(words(&document.header)),
    };
    Header::new().add_paragraph(line)
}

fn footer(document: &Document) -> Footer {
    let line = Paragraph::new()
        .style(styles::FOOTER)
        .add_tab(Tab::new().val(TabValueType::Right).pos(WIDTH))
        .add_run(words(&document.footer))
        .add_run(Run::new().add_tab().add_text("Pagina "))
        .add_page_num(PageNum::new())
        .add_run(Run::new().add_text(" van "))
        .add_num_pages(NumPages::new());
    Footer::new().add_paragraph(line)
}

/// Writes a document as .docx. The same document gives the same bytes.
///
/// # Errors
/// [`DocumentError`] when the file cannot be written.
pub fn docx(document: &Document) -> Result<Vec<u8>, DocumentError> {
    let mut lists = markdown::Lists::default();
    let margin = PageMargin { top: 1_500, bottom: 1_300, left: 1_418, right: 1_418, header: 680, footer: 600, gutter: 0 };
    let docx = styles::add(Docx::new().page_size(11_906, 16_838).page_margin(margin));
    let docx = document.pieces.iter().fold(docx, |docx, piece| with_piece(docx, &mut lists, piece));
    let docx = lists.add_to(docx).header(header(document)).footer(footer(document));
    package::pack(docx, document)
}

/// A line break within a paragraph.
pub(crate) fn line_break() -> Run {
    Run::new().add_break(BreakType::TextWrapping)
}

/// Space above and below a paragraph, in twentieths of a point, with lines a little apart.
pub(crate) fn spacing(before: u32, after: u32) -> LineSpacing {
    LineSpacing::new().before(before).after(after).line_rule(LineSpacingType::Auto).line(276)
}

/// Text to the middle.
pub(crate) fn centred(paragraph: Paragraph) -> Paragraph {
    paragraph.align(AlignmentType::Center)
}

#[cfg(test)]
mod tests;
