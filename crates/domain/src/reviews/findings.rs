//! What the panel finds: first each member alone, then together.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::codes::code_enum;
use crate::frameworks::Part;
use crate::ids::{FindingChangeId, FindingId, JointFindingId, MemberId, ReviewEvidenceId, ReviewId, UserId, Version};

code_enum! {
    /// What a finding is. None of them is a mark.
    FindingKind {
        /// Something that goes well.
        Strength = "strength" / "sterk punt",
        /// Something to work on.
        Development = "development" / "ontwikkelpunt",
        /// Something to ask on the visit day.
        Question = "question" / "vraag",
        /// Something others can learn from.
        GoodPractice = "good-practice" / "goede praktijk",
    }
}

/// A finding of one member of the panel. Nobody else reads it before she handed in or the chair opened the findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Identifier.
    pub id: FindingId,
    /// The review.
    pub review: ReviewId,
    /// Whose.
    pub member: MemberId,
    /// What it is.
    pub kind: FindingKind,
    /// What it is about.
    pub part: Part,
    /// What it says. Markdown.
    pub text: String,
    /// The evidence it rests on.
    pub evidence: Vec<ReviewEvidenceId>,
    /// When it was changed last.
    pub changed_at: DateTime<Utc>,
    /// Version for changes.
    pub version: Version,
}

code_enum! {
    /// What happened to a finding.
    FindingChangeKind {
        /// It was written.
        Added = "added" / "toegevoegd",
        /// It was written in another way.
        Changed = "changed" / "gewijzigd",
        /// It was taken away.
        Removed = "removed" / "verwijderd",
    }
}

/// A change of a finding, in the journal that each member of a panel has of her own. What is not to be known of findings
/// before they are handed in cannot be in the log that others read, so it is noted here, and only she reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingChange {
    /// Identifier; in the order in which changes were made.
    pub id: FindingChangeId,
    /// What happened.
    pub change: FindingChangeKind,
    /// The finding after it; of one that was taken away, as it was.
    pub finding: Finding,
    /// When.
    pub at: DateTime<Utc>,
}

/// The findings that are left when all changes were made, by their identifiers. Changes are the oldest first.
pub fn replayed(changes: &[FindingChange]) -> BTreeMap<FindingId, &Finding> {
    let mut left = BTreeMap::new();
    for change in changes {
        match change.change {
            FindingChangeKind::Added | FindingChangeKind::Changed => left.insert(change.finding.id, &change.finding),
            FindingChangeKind::Removed => left.remove(&change.finding.id),
        };
    }
    left
}

/// That a member handed in: her findings are locked from then on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandIn {
    /// The review.
    pub review: ReviewId,
    /// Who.
    pub member: MemberId,
    /// When.
    pub at: DateTime<Utc>,
    /// 64 random hexadecimal digits that the hash begins with, so that nobody learns from it what was handed in, not even that
    /// it was nothing.
    pub salt: String,
    /// Hash of the salt and all her findings as they were, 64 hexadecimal digits.
    pub hash: String,
}

/// What the panel found together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JointFinding {
    /// Identifier.
    pub id: JointFindingId,
    /// The review.
    pub review: ReviewId,
    /// What it is.
    pub kind: FindingKind,
    /// What it is about.
    pub part: Part,
    /// What it says. Markdown.
    pub text: String,
    /// The findings of members it was made from.
    pub sources: Vec<FindingId>,
    /// Who sees it in another way; kept, and told in the report.
    pub dissents: Vec<Dissent>,
    /// By whom it was written.
    pub by: Option<UserId>,
    /// Version for changes.
    pub version: Version,
}

/// Another view of a joint finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dissent {
    /// Whose.
    pub member: MemberId,
    /// What she says.
    pub text: String,
    /// What the joint finding said when she said so.
    pub about: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Version for changes.
    pub version: Version,
}
