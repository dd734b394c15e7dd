//! Words on the form for findings, the same when it is written and when it is read.

pub(crate) const FINDINGS_SHEET: &str = "Bevindingen";
pub(crate) const EVIDENCE_SHEET: &str = "Bewijsstukken";
pub(crate) const ABOUT_SHEET: &str = "Over dit formulier";
pub(crate) const KEY: &str = "Kenmerk";
pub(crate) const PART: &str = "Onderdeel";
pub(crate) const KIND: &str = "Soort";
pub(crate) const TEXT: &str = "Bevinding";
pub(crate) const EVIDENCE: &str = "Bewijsstukken";
pub(crate) const COLUMNS: [&str; 6] = [PART, "Waar het over gaat", KIND, TEXT, EVIDENCE, KEY];
pub(crate) const REVIEW_NAME: &str = "Naam van de peer review";
pub(crate) const MEMBER_NAME: &str = "Naam van het panellid";
pub(crate) const REVIEW: &str = "Peer review";
pub(crate) const FRAMEWORK: &str = "Kader";
pub(crate) const MEMBER: &str = "Formulier van";
pub(crate) const STATE: &str = "Stand van alle bevindingen";
pub(crate) const STATE_HEADER: &str = "Stand bij het downloaden";
