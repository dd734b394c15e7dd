//! Tests of the import as a user meets it: files in, rows, findings and notes out. The corpus is made
//! by code; each module covers lines of the list of what arrives in a workbook.

#![expect(clippy::unwrap_used, reason = "a test may stop on broken input")]
#![expect(clippy::redundant_closure_for_method_calls, clippy::format_collect, reason = "short closures read better in assertions")]

mod duo;
mod formats;
mod frameworks;
mod hostile;
mod identifiers;
mod layout;
mod meaning;
mod properties;
mod support;
mod values;
mod worker;
mod writing;
