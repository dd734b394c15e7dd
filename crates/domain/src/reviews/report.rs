//! The report, what the receiving side answers, and what is done with it afterwards.

mod changes;
mod content;
mod making;
mod picture;

#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};

use crate::codes::code_enum;
use crate::ids::{CommentId, FollowUpId, JointFindingId, PublicationId, ReviewId, UserId, Version};

pub use changes::{ParagraphChange, ParagraphDifference, report_differences};
pub use content::{
    DISSENT, ParagraphAbout, PublishedPart, REPLY, ReportBlock, ReportContent, ReportJudgement, ReportPanelist, ReportParagraph,
    ReportProgrammePart, ReportResponse, ReportSection, ReportText, UnknownParagraph,
};
pub use making::ReportBasis;
pub use picture::ReportPictureRow;

code_enum! {
    /// How far a version of the report is.
    ReportState {
        /// Written by the panel; watermark CONCEPT.
        Concept = "concept" / "concept",
        /// Sent to the receiving side to respond to; watermark CONCEPT.
        Responding = "responding" / "ter reactie",
        /// Final.
        Final = "final" / "vastgesteld",
    }
}

/// A version of the report: its text as it was on a moment. It does not change any more; another text is another version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportVersion {
    /// The review.
    pub review: ReviewId,
    /// Number, from 1.
    pub number: i32,
    /// How far it is.
    pub state: ReportState,
    /// What it holds, as JSON of the report's own form.
    pub content: String,
    /// Hash of the content, 64 hexadecimal digits.
    pub hash: String,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Option<UserId>,
}

/// What the receiving side says about a paragraph of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportComment {
    /// Identifier.
    pub id: CommentId,
    /// The review.
    pub review: ReviewId,
    /// The version of the report it is about.
    pub number: i32,
    /// The paragraph, by its key.
    pub paragraph: String,
    /// What it says.
    pub text: String,
    /// By whom.
    pub by: Option<UserId>,
    /// When.
    pub at: DateTime<Utc>,
    /// What the panel did with it.
    pub reply: Option<String>,
    /// Version for changes.
    pub version: Version,
}

/// That the final report was published: which parts, and when that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// Identifier.
    pub id: PublicationId,
    /// The review.
    pub review: ReviewId,
    /// The version of the report.
    pub number: i32,
    /// The parts that are published besides the text.
    pub parts: Vec<PublishedPart>,
    /// When it was published.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Option<UserId>,
    /// When it was taken back; nothing while it is published.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it was taken back.
    pub reason: Option<String>,
}

code_enum! {
    /// How far a follow-up is.
    FollowUpStatus {
        /// To be done.
        Open = "open" / "open",
        /// Being done.
        Busy = "busy" / "loopt",
        /// Done.
        Done = "done" / "gedaan",
        /// Will not be done, with a reason.
        Dropped = "dropped" / "vervallen",
    }
}

impl FollowUpStatus {
    /// Whether something still has to be done.
    pub fn is_to_do(self) -> bool {
        match self {
            Self::Open | Self::Busy => true,
            Self::Done | Self::Dropped => false,
        }
    }
}

/// What is done with a finding: an action with an owner and a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// Identifier.
    pub id: FollowUpId,
    /// The review.
    pub review: ReviewId,
    /// The joint finding it comes from, where it comes from one.
    pub finding: Option<JointFindingId>,
    /// What will be done.
    pub text: String,
    /// Who sees to it: a role or a name of somebody at work.
    pub owner: String,
    /// When it should be done.
    pub due_on: Option<NaiveDate>,
    /// How far it is.
    pub status: FollowUpStatus,
    /// What came of it, or why it was dropped.
    pub result: String,
    /// Version for changes.
    pub version: Version,
}
