//! One row while it is read: asks for cells by column and collects what is wrong.

use std::collections::HashMap;
use std::hash::Hash;

use super::Table;
use crate::codes;
use crate::convert::{self, Cell, Problem, display, says_nothing};
use crate::findings::{Finding, Note, Outcome, Severity, shorten};
use crate::raw::RawRow;

/// A column of the definition; nothing when the definition has no such column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Col(pub(super) Option<usize>);

/// A row that is being read.
pub(crate) struct Row<'t, 'a> {
    table: &'t Table<'a>,
    raw: &'a RawRow,
    outcome: &'t mut Outcome,
}

impl<'t, 'a> Row<'t, 'a> {
    pub(super) fn new(table: &'t Table<'a>, raw: &'a RawRow, outcome: &'t mut Outcome) -> Self {
        Self { table, raw, outcome }
    }

    /// Row number as the user sees it.
    pub(crate) fn number(&self) -> u32 {
        self.raw.number
    }

    /// Reads a cell that must be filled. Nothing means that it could not be read and was reported.
    pub(crate) fn required<T>(&mut self, col: Col, read: impl Fn(Cell<'a>) -> convert::Outcome<T>) -> Option<T> {
        let Some(cell) = self.table.cell(self.raw, col) else {
            self.report_empty(col);
            return None;
        };
        self.convert(col, cell, read)
    }

    /// Reads a cell that may be empty. The outer `None` means that it could not be read.
    #[expect(clippy::option_option, reason = "outer: unreadable and reported; inner: empty")]
    pub(crate) fn optional<T>(&mut self, col: Col, read: impl Fn(Cell<'a>) -> convert::Outcome<T>) -> Option<Option<T>> {
        let Some(cell) = self.table.cell(self.raw, col) else { return Some(None) };
        if says_nothing(cell.value) {
            self.note_rewritten(col, cell, "(leeg)");
            return Some(None);
        }
        self.convert(col, cell, read).map(Some)
    }

    /// Reads a cell that may be empty, in which a dash is a dash.
    #[expect(clippy::option_option, reason = "outer: unreadable and reported; inner: empty")]
    pub(crate) fn as_it_is<T>(&mut self, col: Col, read: impl Fn(Cell<'a>) -> convert::Outcome<T>) -> Option<Option<T>> {
        let Some(cell) = self.table.cell(self.raw, col) else { return Some(None) };
        self.convert(col, cell, read).map(Some)
    }

    /// Reads a cell that may be empty, with a value for when it is.
    pub(crate) fn or<T>(&mut self, col: Col, empty: T, read: impl Fn(Cell<'a>) -> convert::Outcome<T>) -> Option<T> {
        self.optional(col, read).map(|value| value.unwrap_or(empty))
    }

    /// Reads a list that may be empty.
    pub(crate) fn list<T>(&mut self, col: Col, read: impl Fn(Cell<'a>) -> convert::Outcome<Vec<T>>) -> Option<Vec<T>> {
        self.or(col, Vec::new(), read)
    }

    fn convert<T>(&mut self, col: Col, cell: Cell<'a>, read: impl Fn(Cell<'a>) -> convert::Outcome<T>) -> Option<T> {
        match read(cell) {
            Ok(read) => {
                if let Some(became) = read.became {
                    self.note_rewritten(col, cell, &became);
                }
                Some(read.value)
            }
            Err(problem) => {
                self.report(Severity::Error, Some(col), problem);
                None
            }
        }
    }

    fn note_rewritten(&mut self, col: Col, cell: Cell<'a>, became: &str) {
        let value = display(cell.value, cell.date_1904);
        let message = format!("Wij maakten ervan: {}", shorten(became));
        self.outcome.note(Note {
            code: codes::NOTE_REWRITTEN.into(),
            sheet: Some(self.table.sheet.name.clone()),
            row: Some(self.raw.number),
            column: self.table.column_ref(col),
            value: Some(shorten(&value)),
            became: Some(shorten(became)),
            message,
        });
    }

    fn report_empty(&mut self, col: Col) {
        // A column that is not there at all was reported once for the sheet.
        let missing = col.0.is_none_or(|index| self.table.places.get(index).copied().flatten().is_none());
        if missing {
            return;
        }
        let header = self.table.column_ref(col).map(|column| column.header).unwrap_or_default();
        let problem = match self.table.merged_with(self.raw.number, col) {
            Some(first) => Problem::new(
                codes::REQUIRED_MERGED,
                format!("De cel is samengevoegd met {first}, en alleen daar staat een waarde."),
                "Hef de samenvoeging op en vul de waarde in elke rij in.",
            ),
            None => Problem::new(
                codes::REQUIRED,
                format!("{header} is niet ingevuld, maar wel verplicht."),
                "Vul de cel in, of verwijder de hele rij.",
            ),
        };
        self.report(Severity::Error, Some(col), problem);
    }

    /// Reports something about the row, at a column or for the whole row.
    pub(crate) fn report(&mut self, severity: Severity, col: Option<Col>, problem: Problem) {
        let cell = col.and_then(|col| self.table.cell(self.raw, col));
        self.outcome.find(Finding {
            severity,
            code: problem.code.into(),
            sheet: Some(self.table.sheet.name.clone()),
            row: Some(self.raw.number),
            column: col.and_then(|col| self.table.column_ref(col)),
            value: cell.map(|cell| shorten(&display(cell.value, cell.date_1904))),
            message: problem.message,
            advice: problem.advice,
        });
    }

    /// Reports an error about the row.
    pub(crate) fn error(&mut self, code: &'static str, col: Col, message: impl Into<String>, advice: impl Into<String>) {
        self.report(Severity::Error, Some(col), Problem::new(code, message, advice));
    }

    /// Reports a warning about the row.
    pub(crate) fn warning(&mut self, code: &'static str, col: Col, message: impl Into<String>, advice: impl Into<String>) {
        self.report(Severity::Warning, Some(col), Problem::new(code, message, advice));
    }
}

/// Remembers where a key was seen first.
#[derive(Debug)]
pub(crate) struct Seen<K, V = ()> {
    first: HashMap<K, (u32, V)>,
}

impl<K, V> Default for Seen<K, V> {
    fn default() -> Self {
        Self { first: HashMap::new() }
    }
}

impl<K: Eq + Hash, V> Seen<K, V> {
    /// The row and value of the first time, or nothing when this is the first time.
    pub(crate) fn before(&mut self, key: K, row: u32, value: V) -> Option<(u32, &V)> {
        match self.first.entry(key) {
            std::collections::hash_map::Entry::Occupied(entry) => {
                let (row, value) = entry.into_mut();
                Some((*row, &*value))
            }
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert((row, value));
                None
            }
        }
    }
}
