//! How two versions of a report differ, paragraph by paragraph.

use std::collections::{BTreeMap, BTreeSet};

use super::content::{REPLY, ReportContent, ReportResponse, ReportText};
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

/// Key of what the report is about.
const FACTS: &str = "gegevens";
/// Key of what the receiving side said, before its number.
const RESPONSES: &str = "reacties";

/// Something that versions can differ in, with the words above it.
struct Compared {
    text: ReportText,
    label: String,
}

/// Everything that versions can differ in, in order: what the report is about, what it says, and what was said about it.
fn compared(content: &ReportContent) -> Vec<Compared> {
    let facts: Vec<_> = content.facts().into_iter().map(|(word, value)| format!("{word}: {value}")).collect();
    let labels: BTreeMap<_, _> = content.paragraphs().map(|paragraph| (paragraph.key.as_str(), paragraph.label())).collect();
    let response = |(number, one): (usize, &ReportResponse)| {
        let lines = [one.text.clone(), format!("{REPLY} {}", one.reply)];
        ReportText::new(&format!("{RESPONSES}/{number}"), &format!("Reactie op {}", one.about), &lines)
    };
    let facts = ReportText::new(FACTS, "Gegevens", &facts);
    let all = [facts].into_iter().chain(content.texts()).chain((1..).zip(&content.responses).map(response));
    all.map(|text| Compared { label: labels.get(text.key.as_str()).cloned().unwrap_or_default(), text }).collect()
}

/// How something changed, line by line; the words above it only where these changed too.
fn changed(before: &Compared, after: &Compared) -> Vec<DiffLine> {
    if before.label == after.label {
        return differences(&before.text.text, &after.text.text);
    }
    let labelled = |one: &Compared| format!("{}\n{}", one.label, one.text.text);
    differences(&labelled(before), &labelled(after))
}

/// The paragraphs that differ, in the order of the later version; those that went stand last.
pub fn report_differences(before: &ReportContent, after: &ReportContent) -> Vec<ParagraphDifference> {
    let (old, new) = (compared(before), compared(after));
    let was: BTreeMap<&str, &Compared> = old.iter().map(|one| (one.text.key.as_str(), one)).collect();
    let is: BTreeSet<&str> = new.iter().map(|one| one.text.key.as_str()).collect();
    let difference =
        |of: &Compared, change, lines| ParagraphDifference { key: of.text.key.clone(), name: of.text.name.clone(), change, lines };
    let came = new.iter().filter_map(|one| match was.get(one.text.key.as_str()) {
        None => Some(difference(one, ParagraphChange::New, differences("", &one.text.text))),
        Some(earlier) if earlier.text.text == one.text.text && earlier.label == one.label => None,
        Some(earlier) => Some(difference(one, ParagraphChange::Changed, changed(earlier, one))),
    });
    let went = old.iter().filter(|one| !is.contains(one.text.key.as_str()));
    came.chain(went.map(|one| difference(one, ParagraphChange::Gone, differences(&one.text.text, "")))).collect()
}
