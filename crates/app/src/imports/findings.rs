//! Findings about rows of the file, with the column and the value as they stand there.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate};
use kernschil_spreadsheets::definition::{ColumnDef, SheetDef, definition};
use kernschil_spreadsheets::raw::{RawRow, RawSheet, RawValue, RawWorkbook, column_letters};
use kernschil_spreadsheets::{ColumnRef, Finding, ImportKind, Located, Outcome, Severity};

use super::codes;

/// A row of the file, and which sheet of the definition it belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// Name of the sheet in the file.
    sheet: &'a str,
    /// Row as the user sees it; nothing for the sheet as a whole.
    row: Option<u32>,
    /// Key of the sheet in the definition.
    table: &'static str,
}

impl<'a> Place<'a> {
    /// Where a row stands.
    pub(super) fn of<T>(table: &'static str, row: &'a Located<T>) -> Self {
        Self { sheet: &row.sheet, row: Some(row.row), table }
    }

    /// The sheet as a whole.
    pub(super) fn sheet(self) -> Self {
        Self { row: None, ..self }
    }
}

/// What is wrong, and what to do.
pub(super) struct Problem {
    /// Stable code.
    pub(super) code: &'static str,
    /// What is wrong, in Dutch.
    pub(super) message: String,
    /// What to do, in Dutch.
    pub(super) advice: String,
}

/// Puts a problem together.
pub(super) fn problem(code: &'static str, message: impl Into<String>, advice: impl Into<String>) -> Problem {
    Problem { code, message: message.into(), advice: advice.into() }
}

/// Collects findings.
pub(super) struct Findings<'a> {
    raw: &'a RawWorkbook,
    kind: ImportKind,
    columns: HashMap<(String, &'static str), Option<(u32, String)>>,
    outcome: Outcome,
    out_of_reach: usize,
}

impl<'a> Findings<'a> {
    /// After what is wrong within the file itself.
    pub(super) fn new(raw: &'a RawWorkbook, kind: ImportKind, outcome: Outcome) -> Self {
        Self { raw, kind, columns: HashMap::new(), outcome, out_of_reach: 0 }
    }

    /// Something that must be repaired first.
    pub(super) fn error(&mut self, place: Place<'_>, field: &'static str, problem: Problem) {
        self.add(Severity::Error, Some(place), Some(field), problem);
    }

    /// Something to look at.
    pub(super) fn warning(&mut self, place: Place<'_>, field: &'static str, problem: Problem) {
        self.add(Severity::Warning, Some(place), Some(field), problem);
    }

    /// Something about a sheet, or about the file as a whole.
    pub(super) fn general(&mut self, severity: Severity, place: Option<Place<'_>>, problem: Problem) {
        self.add(severity, place, None, problem);
    }

    /// Something that is not within reach of who loads the file. Nothing else is said about it.
    pub(super) fn out_of_reach(&mut self, at: Option<(Place<'_>, &'static str)>, message: impl Into<String>, advice: &str) {
        self.out_of_reach += 1;
        let (place, field) = at.unzip();
        self.add(Severity::Error, place, field, problem(codes::OUT_OF_REACH, message, advice));
    }

    /// Number of things that were not within reach.
    pub(super) fn refused(&self) -> usize {
        self.out_of_reach
    }

    fn add(&mut self, severity: Severity, place: Option<Place<'_>>, field: Option<&'static str>, problem: Problem) {
        let column = place.zip(field).and_then(|(place, field)| self.column_ref(place, field));
        let value = place.zip(field).and_then(|(place, field)| self.value(place, field));
        self.outcome.errors += usize::from(severity == Severity::Error);
        self.outcome.findings.push(Finding {
            severity,
            code: problem.code.into(),
            sheet: place.map(|place| place.sheet.to_owned()),
            row: place.and_then(|place| place.row),
            column,
            value,
            message: problem.message,
            advice: problem.advice,
        });
    }

    /// Number of errors.
    pub(super) fn errors(&self) -> usize {
        self.outcome.errors
    }

    /// Whether the file has a column, whatever its cells hold.
    pub(super) fn has_column(&mut self, place: Place<'_>, field: &'static str) -> bool {
        self.find_column(place, field).is_some()
    }

    /// All findings, in the order in which somebody walks through the workbook.
    pub(super) fn finish(self) -> Outcome {
        let order: HashMap<&str, usize> = self.raw.sheets.iter().enumerate().map(|(at, sheet)| (sheet.name.as_str(), at + 1)).collect();
        let mut outcome = self.outcome;
        outcome.findings.list.sort_by_key(|finding| {
            let sheet = finding.sheet.as_deref().map_or(0, |name| order.get(name).copied().unwrap_or(usize::MAX));
            (sheet, finding.row, finding.column.as_ref().map(|column| (column.letters.len(), column.letters.clone())))
        });
        outcome
    }

    fn column_ref(&mut self, place: Place<'_>, field: &'static str) -> Option<ColumnRef> {
        let def = column_def(self.kind, place.table, field)?;
        Some(match self.find_column(place, field) {
            Some((at, header)) => ColumnRef { letters: column_letters(at), header },
            None => ColumnRef { letters: String::new(), header: def.header.clone() },
        })
    }

    fn value(&mut self, place: Place<'_>, field: &'static str) -> Option<String> {
        let (at, _) = self.find_column(place, field)?;
        let row = self.sheet(place.sheet)?.rows.iter().find(|row| Some(row.number) == place.row)?;
        shown(&row.cells.iter().find(|(column, _)| *column == at)?.1, self.raw.date_1904)
    }

    fn sheet(&self, name: &str) -> Option<&'a RawSheet> {
        self.raw.sheets.iter().find(|sheet| sheet.name == name)
    }

    fn find_column(&mut self, place: Place<'_>, field: &'static str) -> Option<(u32, String)> {
        if let Some(known) = self.columns.get(&(place.sheet.to_owned(), field)) {
            return known.clone();
        }
        let found = sheet_def(self.kind, place.table).zip(self.sheet(place.sheet)).and_then(|(def, sheet)| look_for(def, field, sheet));
        self.columns.insert((place.sheet.to_owned(), field), found.clone());
        found
    }
}

fn sheet_def(kind: ImportKind, table: &str) -> Option<&'static SheetDef> {
    definition(kind).sheets.iter().find(|sheet| sheet.key == table)
}

fn column_def(kind: ImportKind, table: &str, field: &str) -> Option<&'static ColumnDef> {
    sheet_def(kind, table)?.columns.iter().find(|column| column.field == field)
}

/// The header of a column and its aliases, as keys.
fn known_as(def: &ColumnDef) -> impl Iterator<Item = String> {
    std::iter::once(&def.header).chain(&def.aliases).map(|name| key(name))
}

/// Finds the header of a column: in the row that looks most like headers, the header itself before an
/// alias.
fn look_for(def: &SheetDef, field: &str, sheet: &RawSheet) -> Option<(u32, String)> {
    const ROWS_LOOKED_AT: usize = 30;
    let texts = |row: &'_ RawRow| -> Vec<(u32, String)> {
        row.cells.iter().filter_map(|(at, value)| if let RawValue::Text(text) = value { Some((*at, text.clone())) } else { None }).collect()
    };
    let all: HashSet<String> = def.columns.iter().flat_map(known_as).collect();
    let mut rows: Vec<_> = sheet.rows.iter().take(ROWS_LOOKED_AT).map(texts).collect();
    rows.sort_by_key(|texts| Reverse(texts.iter().filter(|(_, text)| all.contains(&key(text))).count()));
    let column = def.columns.iter().find(|column| column.field == field)?;
    known_as(column).find_map(|wanted| {
        let named = |text: &str| key(text) == wanted || text.split_once('(').is_some_and(|(name, _)| key(name) == wanted);
        let found = rows.iter().flatten().find(|(_, text)| named(text));
        found.map(|(at, text)| (*at, text.trim_end_matches(['*', ' ']).trim().to_owned()))
    })
}

fn shown(value: &RawValue, date_1904: bool) -> Option<String> {
    const MOST: usize = 80;
    let text = match value {
        RawValue::Text(text) => text.trim().to_owned(),
        RawValue::Number(number) => number.to_string().replace('.', ","),
        RawValue::Date(serial) => date(*serial, date_1904)?.format("%d-%m-%Y").to_string(),
        RawValue::Bool(_) | RawValue::Error(_) | RawValue::NoResult => return None,
    };
    if text.chars().count() <= MOST {
        return Some(text);
    }
    Some(text.chars().take(MOST).chain(['…']).collect())
}

/// The date behind the number that a workbook keeps for it.
fn date(serial: f64, date_1904: bool) -> Option<NaiveDate> {
    let epoch = if date_1904 { NaiveDate::from_ymd_opt(1904, 1, 1) } else { NaiveDate::from_ymd_opt(1899, 12, 30) };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a conversion out of range saturates, and no date is that far"
    )]
    let days = serial.max(0.0) as u64;
    epoch?.checked_add_days(Days::new(days))
}

/// What two names are compared by: letters and digits, without case, space and signs.
pub(super) fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The first of a list of names as a phrase, for advice.
pub(super) fn names<'n>(all: impl IntoIterator<Item = &'n str>) -> String {
    const MOST: usize = 8;
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_unstable();
    all.dedup();
    let more = if all.len() > MOST { " en andere" } else { "" };
    let shown: Vec<_> = all.into_iter().take(MOST).map(|name| format!("“{name}”")).collect();
    format!("{}{more}", shown.join(", "))
}
