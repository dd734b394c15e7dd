//! How two versions of a report differ, paragraph by paragraph.

use std::collections::{BTreeMap, BTreeSet};

use super::content::{ReportContent, ReportText};
use crate::codes::code_enum;
use crate::reviews::{DiffLine, differences};

code_enum! {
    /// What happened to a paragraph between two versions.
    ParagraphChange {
        /// It came.
        New = "new" / "nieuw",
        /// It went.
        Gone = "gone" / "vervallen",
        /// It says something else.
        Changed = "changed" / "gewijzigd",
    }
}

/// A paragraph that differs between two versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParagraphDifference {
    /// Its key.
    pub key: String,
    /// What it is, in words.
    pub name: String,
    /// What happened to it.
    pub change: ParagraphChange,
    /// How, line by line.
    pub lines: Vec<DiffLine>,
}

/// The paragraphs that differ, in the order of the later version; those that went stand last.
pub fn report_differences(before: &ReportContent, after: &ReportContent) -> Vec<ParagraphDifference> {
    let (old, new) = (before.texts(), after.texts());
    let was: BTreeMap<&str, &ReportText> = old.iter().map(|text| (text.key.as_str(), text)).collect();
    let is: BTreeSet<&str> = new.iter().map(|text| text.key.as_str()).collect();
    let difference = |of: &ReportText, change, (before, after): (&str, &str)| ParagraphDifference {
        key: of.key.clone(),
        name: of.name.clone(),
        change,
        lines: differences(before, after),
    };
    let came = new.iter().filter_map(|text| match was.get(text.key.as_str()) {
        None => Some(difference(text, ParagraphChange::New, ("", &text.text))),
        Some(earlier) if earlier.text != text.text => Some(difference(text, ParagraphChange::Changed, (&earlier.text, &text.text))),
        Some(_) => None,
    });
    let went = old.iter().filter(|text| !is.contains(text.key.as_str()));
    came.chain(went.map(|text| difference(text, ParagraphChange::Gone, (&text.text, "")))).collect()
}
