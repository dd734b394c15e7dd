//! The picture of the safeguards in a report: what was found together about each, counted. Never of what members found by
//! themselves, and never a mark.

use std::collections::BTreeMap;

use super::content::{ParagraphAbout, ReportContent, ReportParagraph, ReportSection};
use crate::reviews::FindingKind;

/// What the text about a safeguard as a whole is called, after the key of its section.
pub(super) const PICTURE: &str = "beeld";
/// What a finding about no criterion is about.
const WHOLE: &str = "de waarborg als geheel";

/// What was found about one safeguard, counted from the paragraphs of a report: findings and themes, never a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportPictureRow {
    /// Name of the safeguard.
    pub about: String,
    /// How many findings of each kind; only what occurs.
    pub kinds: BTreeMap<FindingKind, usize>,
    /// How many of them a member of the panel sees in another way.
    pub contested: usize,
    /// What they are about, each once, in the order of the report.
    pub themes: Vec<String>,
}

impl ReportPictureRow {
    fn of(section: &ReportSection) -> Self {
        let mut row = Self { about: section.title.clone(), kinds: BTreeMap::new(), contested: 0, themes: Vec::new() };
        for paragraph in &section.paragraphs {
            let ParagraphAbout::Finding { kind, .. } = paragraph.about else { continue };
            *row.kinds.entry(kind).or_default() += 1;
            row.contested += usize::from(!paragraph.dissents.is_empty());
            let theme = if paragraph.heading.is_empty() { WHOLE } else { &paragraph.heading };
            if !row.themes.iter().any(|known| known == theme) {
                row.themes.push(theme.to_owned());
            }
        }
        row
    }

    /// How many findings of each kind, in words.
    pub fn found(&self) -> String {
        let of = |(kind, count): (&FindingKind, &usize)| format!("{count} {}", if *count == 1 { kind.dutch() } else { many(*kind) });
        let kinds: Vec<_> = self.kinds.iter().map(of).collect();
        let found = if kinds.is_empty() { "geen bevindingen".to_owned() } else { kinds.join(", ") };
        match self.contested {
            0 => found,
            count => format!("{found}; {count} daarvan ziet een panellid anders"),
        }
    }

    /// What the findings are about, in words; empty when there are none.
    pub fn about_what(&self) -> String {
        self.themes.join("; ")
    }
}

/// The Dutch words for several findings of a kind.
fn many(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Strength => "sterke punten",
        FindingKind::Development => "ontwikkelpunten",
        FindingKind::Question => "vragen",
        FindingKind::GoodPractice => "goede praktijken",
    }
}

impl ReportSection {
    /// Whether it is of findings: about a safeguard, or of a part that the framework does not have any more.
    pub(super) fn is_of_findings(&self) -> bool {
        let is_picture = |paragraph: &ReportParagraph| paragraph.key.rsplit_once('/').is_some_and(|(_, name)| name == PICTURE);
        self.paragraphs.iter().any(|paragraph| is_picture(paragraph) || !paragraph.about.is_written())
    }
}

impl ReportContent {
    /// What was found per safeguard, also where that is nothing; nothing at all for a report without findings.
    pub fn picture(&self) -> Vec<ReportPictureRow> {
        let rows: Vec<_> = self.sections.iter().filter(|section| section.is_of_findings()).map(ReportPictureRow::of).collect();
        if rows.iter().all(|row| row.kinds.is_empty()) { Vec::new() } else { rows }
    }
}
