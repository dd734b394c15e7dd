//! Spreadsheets in and out: bytes to typed rows with findings per cell, and figures to workbooks.
//!
//! The way in has three steps, each in its own module:
//!
//! 1. [`worker`] (or [`read_direct`]): bytes to [`RawWorkbook`], in a process of its own with caps;
//! 2. [`parse`]: cells to typed rows by a [`definition`](mod@definition), with every [`Finding`] and [`Note`] at once;
//! 3. the caller decides what to do with the rows; this crate knows no database.
//!
//! The way out is [`write`](mod@write): templates, filled workbooks, a list of findings, reports, CSV.

pub mod codes;
pub mod definition;
pub mod docs;
pub mod documents;
pub mod findings;
pub mod parse;
pub mod raw;
pub mod read;
pub mod worker;
pub mod write;
pub mod yaml;

mod clean;
mod convert;
mod dates;
mod table;

pub use definition::{ImportKind, definition};
pub use findings::{Capped, ColumnRef, Finding, Located, Note, Outcome, Parsed, Severity};
pub use raw::{Limits, RawWorkbook};
pub use read::{ReadError, read_direct};

/// The import that a file was made for: the one that knows most of its columns. Nothing when none knows any.
pub fn recognise(workbook: &RawWorkbook) -> Option<ImportKind> {
    table::recognise(workbook)
}
