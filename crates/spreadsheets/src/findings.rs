//! What is wrong in a file, and what was rewritten: all at once, each with its place and what to do.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The file cannot be imported before this is repaired.
    Error,
    /// The file can be imported, but somebody should look.
    Warning,
}

impl Severity {
    /// The Dutch word.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Error => "fout",
            Self::Warning => "let op",
        }
    }
}

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnRef {
    /// Letters, such as `C`; empty when the column is not in the file.
    pub letters: String,
    /// Header as it stands in the file, or as it should be.
    pub header: String,
}

/// Something wrong in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Stable code, one of [`CODES`](crate::codes::CODES).
    pub code: Cow<'static, str>,
    /// Sheet, where it belongs to one.
    pub sheet: Option<String>,
    /// Row as the user sees it, from 1.
    pub row: Option<u32>,
    /// Column.
    pub column: Option<ColumnRef>,
    /// The value as it stands in the file, shortened; personal data stays in the user's own file and
    /// is shown only to who sent it.
    pub value: Option<String>,
    /// What is wrong, in Dutch.
    pub message: String,
    /// What to do, in Dutch.
    pub advice: String,
}

/// Something that was rewritten or left out ("Wij maakten ervan").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Stable code, one of [`CODES`](crate::codes::CODES).
    pub code: Cow<'static, str>,
    /// Sheet, where it belongs to one.
    pub sheet: Option<String>,
    /// Row as the user sees it, from 1.
    pub row: Option<u32>,
    /// Column.
    pub column: Option<ColumnRef>,
    /// The value as it stands in the file, shortened.
    pub value: Option<String>,
    /// What it became.
    pub became: Option<String>,
    /// What was done, in Dutch.
    pub message: String,
}

/// A list that stops growing at a cap but keeps counting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capped<T> {
    /// The first ones.
    pub list: Vec<T>,
    /// How many there were.
    pub total: usize,
}

/// So many findings, and so many notes, are kept; the rest is counted.
pub const MOST_KEPT: usize = 1_000;

impl<T> Default for Capped<T> {
    fn default() -> Self {
        Self { list: Vec::new(), total: 0 }
    }
}

impl<T> Capped<T> {
    /// Adds one.
    pub fn push(&mut self, item: T) {
        self.total += 1;
        if self.list.len() < MOST_KEPT {
            self.list.push(item);
        }
    }
}

/// All findings and notes of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What is wrong.
    pub findings: Capped<Finding>,
    /// How many of the findings are errors.
    pub errors: usize,
    /// What was rewritten or left out.
    pub notes: Capped<Note>,
}

impl Outcome {
    /// Adds a finding.
    pub(crate) fn find(&mut self, finding: Finding) {
        self.errors += usize::from(finding.severity == Severity::Error);
        self.findings.push(finding);
    }

    /// Adds a note.
    pub(crate) fn note(&mut self, note: Note) {
        self.notes.push(note);
    }

    /// Puts findings in the order in which somebody walks through the workbook.
    pub(crate) fn sort(&mut self, sheet_order: &[&str]) {
        let place = |sheet: &Option<String>| {
            sheet.as_deref().map_or(0, |name| 1 + sheet_order.iter().position(|s| *s == name).unwrap_or(usize::MAX - 1))
        };
        self.findings.list.sort_by_key(|f| (place(&f.sheet), f.row, f.column.as_ref().map(|c| (c.letters.len(), c.letters.clone()))));
        self.notes.list.sort_by_key(|n| (place(&n.sheet), n.row, n.column.as_ref().map(|c| (c.letters.len(), c.letters.clone()))));
    }
}

/// A row of the file, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    /// Sheet.
    pub sheet: String,
    /// Row as the user sees it, from 1.
    pub row: u32,
    /// What it says.
    pub value: T,
}

/// What a file says, with all findings and notes. Rows with an error are left out of `value`, so
/// nothing may be imported unless [`is_clean`](Self::is_clean).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed<T> {
    /// The rows that could be read.
    pub value: T,
    /// Findings and notes.
    pub outcome: Outcome,
}

impl<T> Parsed<T> {
    /// Whether no finding is an error.
    pub fn is_clean(&self) -> bool {
        self.outcome.errors == 0
    }
}

/// Shortens a value for showing.
pub(crate) fn shorten(text: &str) -> String {
    const MOST: usize = 80;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let start: String = text.chars().take(MOST).collect();
    format!("{start}…")
}
