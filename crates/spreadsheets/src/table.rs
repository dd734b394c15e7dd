//! From cells to tables: which sheet is which, where the headers stand, which rows hold data.

mod columns;
mod headers;
mod row;
mod sheets;

pub(crate) use row::{Col, Row, Seen};
pub(crate) use sheets::{open, recognise};

use crate::clean::{clean, key};
use crate::codes;
use crate::convert::{Cell, is_blank};
use crate::definition::{Presence, RowsMeant, SheetDef};
use crate::findings::{ColumnRef, Located, Note, Outcome, shorten};
use crate::raw::{RawRow, RawSheet, RawValue, column_letters};

/// A sheet of the file with its definition.
pub(crate) struct Table<'a> {
    def: &'a SheetDef,
    sheet: &'a RawSheet,
    date_1904: bool,
    /// Last row of the headers; data starts below it.
    header_row: u32,
    /// For each column of the definition the column of the file.
    places: Vec<Option<u32>>,
    /// For each column of the definition the header in the file.
    headers: Vec<String>,
}

impl<'a> Table<'a> {
    /// Finds columns by their names in code.
    pub(crate) fn fields<const N: usize>(&self, names: [&str; N]) -> [Col; N] {
        names.map(|name| Col(self.def.column(name)))
    }

    /// Reads every row that holds data. A row that cannot be read gives nothing; `read` has reported
    /// why.
    pub(crate) fn read_rows<T>(&self, outcome: &mut Outcome, mut read: impl FnMut(&mut Row<'_, 'a>) -> Option<T>) -> Vec<Located<T>> {
        let mut rows = Vec::new();
        let mut any = false;
        for raw in self.sheet.rows.iter().filter(|raw| raw.number > self.header_row) {
            if !self.holds_data(raw, outcome) {
                continue;
            }
            any = true;
            let mut row = Row::new(self, raw, outcome);
            if let Some(value) = read(&mut row) {
                rows.push(Located { sheet: self.sheet.name.clone(), row: raw.number, value });
            }
        }
        if !any && self.def.presence == Presence::Required {
            outcome.find(sheets::finding(
                codes::SHEET_NO_ROWS,
                Some(&self.sheet.name),
                format!("Onder de koppen van blad “{}” staan geen gegevens.", self.sheet.name),
                "Vul het blad in en stuur het bestand opnieuw.",
            ));
        }
        rows
    }

    /// Whether a row holds data; leaves out blank rows, totals, footnotes and repeated headers.
    fn holds_data(&self, raw: &RawRow, outcome: &mut Outcome) -> bool {
        let filled = |column: &u32| raw.cells.iter().any(|(c, value)| c == column && !is_blank(value));
        if !self.places.iter().flatten().any(filled) {
            return false;
        }
        if self.def.rows == RowsMeant::All {
            return true;
        }
        let Some((place, first)) = raw.cells.iter().find(|(_, value)| !is_blank(value)) else { return false };
        let RawValue::Text(text) = first else { return true };
        let mut skipped = |code: &'static str, message: &str| {
            outcome.note(Note {
                code: code.into(),
                sheet: Some(self.sheet.name.clone()),
                row: Some(raw.number),
                column: Some(ColumnRef { letters: column_letters(*place), header: String::new() }),
                value: Some(shorten(&clean(text))),
                became: None,
                message: message.to_owned(),
            });
            false
        };
        let word = key(text);
        if ["totaal", "totalen", "subtotaal", "eindtotaal", "totaalgeneraal", "som", "total"].contains(&word.as_str()) {
            return skipped(codes::NOTE_TOTALS_ROW, "Deze rij met totalen is overgeslagen.");
        }
        let alone = raw.cells.iter().filter(|(_, value)| !is_blank(value)).count() == 1;
        let required = self.def.columns.iter().filter(|column| column.presence == Presence::Required).count();
        if alone && required > 1 && is_footnote(&clean(text)) {
            return skipped(codes::NOTE_FOOTNOTE, "Deze rij met een voetnoot is overgeslagen.");
        }
        if self.repeats_headers(raw) {
            return skipped(codes::NOTE_HEADER_AGAIN, "Deze herhaalde rij met koppen is overgeslagen.");
        }
        true
    }

    fn repeats_headers(&self, raw: &RawRow) -> bool {
        let mut same = 0;
        for (place, header) in self.places.iter().zip(&self.headers) {
            let Some(place) = place else { continue };
            let Some((_, value)) = raw.cells.iter().find(|(column, _)| column == place) else { continue };
            match value {
                RawValue::Text(text) if key(text) == key(header) => same += 1,
                _ => return false,
            }
        }
        same >= 2
    }

    /// The name of the sheet in the file.
    pub(crate) fn name(&self) -> &'a str {
        &self.sheet.name
    }

    fn cell(&self, raw: &'a RawRow, col: Col) -> Option<Cell<'a>> {
        let index = col.0?;
        let place = (*self.places.get(index)?)?;
        let at = raw.cells.binary_search_by_key(&place, |(column, _)| *column).ok()?;
        let (_, value) = raw.cells.get(at)?;
        let column = self.def.columns.get(index)?;
        Some(Cell { value, date_1904: self.date_1904, column }).filter(|_| !is_blank(value))
    }

    pub(crate) fn column_ref(&self, col: Col) -> Option<ColumnRef> {
        let index = col.0?;
        let letters = self.places.get(index).copied().flatten().map(column_letters).unwrap_or_default();
        let header = self.headers.get(index).filter(|header| !header.is_empty()).cloned();
        Some(ColumnRef { letters, header: header.or_else(|| self.def.columns.get(index).map(|c| c.header.clone()))? })
    }

    /// The first cell of a merge that covers a cell, when that is another cell.
    fn merged_with(&self, row: u32, col: Col) -> Option<String> {
        let place = self.places.get(col.0?).copied().flatten()?;
        let merge = self.sheet.merges.iter().find(|m| {
            (m.first_row..=m.last_row).contains(&row)
                && (m.first_column..=m.last_column).contains(&place)
                && (m.first_row, m.first_column) != (row, place)
        })?;
        Some(format!("{}{}", column_letters(merge.first_column), merge.first_row))
    }
}

fn is_footnote(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words = ["bron", "let op", "toelichting", "nb", "n.b.", "noot", "opmerking", "laatst bijgewerkt", "peildatum", "stand per"];
    text.starts_with(['*', '†', '¹', '²', '³'])
        || words.iter().any(|word| lower.strip_prefix(word).is_some_and(|rest| rest.starts_with([':', ' ', '.'])))
}
