//! Words on the form for findings, the same when it is written and when it is read.

pub(crate) const FINDINGS_SHEET: &str = "Bevindingen";
pub(crate) const EVIDENCE_SHEET: &str = "Bewijsstukken";
pub(crate) const ABOUT_SHEET: &str = "Over dit formulier";
pub(crate) const KEY: &str = "Kenmerk";
pub(crate) const COLUMNS: [&str; 6] = ["Onderdeel", "Waar het over gaat", "Soort", "Bevinding", "Bewijsstukken", KEY];
pub(crate) const REVIEW: &str = "Peer review";
pub(crate) const FRAMEWORK: &str = "Kader";
pub(crate) const MEMBER: &str = "Formulier van";
pub(crate) const STATE: &str = "Stand van alle bevindingen";
pub(crate) const STATE_HEADER: &str = "Stand bij het downloaden";
