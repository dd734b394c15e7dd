//! Workbooks and CSV for people: templates, filled workbooks, findings, reports.
//!
//! Text that came from people is always written as text, never as a formula, and nothing is hidden.
//! The same input gives the same bytes: documents carry a fixed creation date.

mod csv_out;
mod findings_form;
mod findings_out;
mod report;
mod template;

pub use csv_out::csv;
pub use findings_form::{FindingsForm, FormFinding, FormPart, findings_form};
pub use findings_out::annotated;
pub use report::{CellOut, ChartSpec, Column, ColumnKind, Orientation, Report, ReportSheet, report};
pub(crate) use template::choices;
pub use template::{FilledSheet, filled, framework_template, framework_workbook, template};

use std::collections::HashSet;

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use thiserror::Error;

/// A workbook could not be written.
#[derive(Debug, Error)]
#[error("het werkboek kon niet worden geschreven: {0}")]
pub struct WriteError(#[from] XlsxError);

/// Media type of an .xlsx file.
pub const XLSX_MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A workbook with our fixed properties. The creation date is fixed, so that the same data gives the
/// same bytes.
fn workbook(title: &str) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2026, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_title(title).set_author("Kernschil").set_creation_datetime(&created));
    Ok(workbook)
}

/// A date as the writing library wants it.
fn excel_date(date: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    let part = |value: u32| u8::try_from(value).unwrap_or(1);
    ExcelDateTime::from_ymd(u16::try_from(date.year()).unwrap_or(1900), part(date.month()), part(date.day()))
}

/// Longest text in one cell, in UTF-16 units as Excel counts; longer text is cut with an ellipsis.
const LONGEST_TEXT: usize = 32_767;

/// Text that fits a cell.
fn cell_text(text: &str) -> String {
    if text.len() <= LONGEST_TEXT || text.encode_utf16().count() <= LONGEST_TEXT {
        return text.to_owned();
    }
    let mut room = LONGEST_TEXT - 1;
    let start: String = text
        .chars()
        .take_while(|c| {
            let fits = c.len_utf16() <= room;
            room = room.saturating_sub(c.len_utf16());
            fits
        })
        .collect();
    format!("{start}…")
}

/// Names of sheets as Excel allows them: at most 31 characters, without `[]:*?/\`, not starting or
/// ending with an apostrophe, and each only once without regard to case.
#[derive(Debug, Default)]
struct SheetNames(HashSet<String>);

impl SheetNames {
    const LONGEST: usize = 31;

    fn unique(&mut self, wanted: &str) -> String {
        let clean: String = wanted.chars().map(|c| if "[]:*?/\\".contains(c) || c.is_control() { '-' } else { c }).collect();
        let clean = clean.trim_matches(|c: char| c == '\'' || c.is_whitespace());
        let base = match clean.to_lowercase().as_str() {
            "" => "Blad",
            "history" => "History-",
            _ => clean,
        };
        let mut number = 1;
        loop {
            let suffix = if number == 1 { String::new() } else { format!(" ({number})") };
            let name = format!("{}{suffix}", cut(base, Self::LONGEST - suffix.len()));
            if self.0.insert(name.to_lowercase()) {
                return name;
            }
            number += 1;
        }
    }
}

/// The first characters of a text, counted as Excel does, without an apostrophe or space at the end.
fn cut(text: &str, most: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > most
    });
    let cut = end.map_or(text, |(at, _)| text.get(..at).unwrap_or(text));
    cut.trim_end_matches(['\'', ' '])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_fit_excel_and_are_unique() {
        let mut names = SheetNames::default();
        for (wanted, expected) in [
            ("Plaatsingen", "Plaatsingen"),
            ("plaatsingen", "plaatsingen (2)"),
            ("Kern/schil: [2026]?", "Kern-schil- -2026--"),
            ("'t Hof'", "t Hof"),
            ("", "Blad"),
            ("History", "History-"),
            ("Een heel lange naam van een blad in een werkboek", "Een heel lange naam van een bla"),
            ("Een heel lange naam van een blad in een ander werkboek", "Een heel lange naam van een (2)"),
        ] {
            let name = names.unique(wanted);
            assert_eq!(name, expected);
            assert!(name.encode_utf16().count() <= 31);
        }
    }

    #[test]
    fn text_too_long_for_a_cell_is_cut() {
        assert_eq!(cell_text("kort"), "kort");
        let long = cell_text(&"é".repeat(40_000));
        assert_eq!(long.chars().count(), 32_767);
        assert!(long.ends_with('…'));
    }
}
