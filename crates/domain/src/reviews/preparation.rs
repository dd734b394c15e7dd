//! What the receiving side prepares: the kritische reflectie, evidence, key figures, development questions and the
//! programme of the visit day.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use crate::codes::code_enum;
use crate::frameworks::Part;
use crate::ids::{DayNoteId, FigureId, MemberId, ProgrammeItemId, QuestionId, ReviewEvidenceId, ReviewId, TextId, UserId, Version};

/// The text of a kritische reflectie about one part of the framework. Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewText {
    /// Identifier.
    pub id: TextId,
    /// The review.
    pub review: ReviewId,
    /// What it is about.
    pub part: Part,
    /// The text as it is now.
    pub body: String,
    /// When it was changed last.
    pub changed_at: DateTime<Utc>,
    /// By whom.
    pub changed_by: Option<UserId>,
    /// Version for changes: the number of the [`TextVersion`] that the body is. What was kept aside has higher numbers.
    pub version: Version,
}

code_enum! {
    /// Why there is a version of a text.
    SaveCause {
        /// Somebody saved it, or it was saved for her while she wrote.
        Saved = "saved" / "opgeslagen",
        /// An earlier version was put back.
        Restored = "restored" / "teruggezet",
        /// It was written over an older version than the latest: kept beside it, not in its place.
        Aside = "aside" / "apart bewaard",
        /// It was carried over to another version of the framework.
        Carried = "carried" / "meegenomen naar een andere kaderversie",
    }
}

/// A text as it once was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextVersion {
    /// The text.
    pub text: TextId,
    /// Number, from 1, without gaps.
    pub number: i32,
    /// What it said.
    pub body: String,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Option<UserId>,
    /// Why.
    pub cause: SaveCause,
    /// Number of the version, kept aside before, that was brought into this one.
    pub merges: Option<i32>,
}

code_enum! {
    /// What can happen to a reflection as a whole.
    ReflectionEvent {
        /// It was handed to the panel.
        HandedIn = "handed-in" / "ingeleverd",
        /// It was taken back from the panel.
        TakenBack = "taken-back" / "teruggehaald",
    }
}

/// That a reflection was handed in or taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReflectionMove {
    /// The review.
    pub review: ReviewId,
    /// What happened.
    pub event: ReflectionEvent,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Option<UserId>,
    /// Why, where it was taken back.
    pub reason: Option<String>,
}

code_enum! {
    /// What a piece of evidence is.
    EvidenceForm {
        /// A file.
        File = "file" / "bestand",
        /// A link to a page elsewhere.
        Link = "link" / "link",
    }
}

/// A piece of evidence (bewijsstuk) of a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewEvidence {
    /// Identifier.
    pub id: ReviewEvidenceId,
    /// The review.
    pub review: ReviewId,
    /// Title.
    pub title: String,
    /// File or link.
    pub kind: EvidenceForm,
    /// The parts of the framework it is used for.
    pub used_for: Vec<Part>,
    /// The day it was taken away; what refers to it keeps its title.
    pub removed_at: Option<DateTime<Utc>>,
    /// Version for changes.
    pub version: Version,
}

/// One version of a piece of evidence; the bytes of a file stand apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewEvidenceVersion {
    /// The piece of evidence.
    pub evidence: ReviewEvidenceId,
    /// Number, from 1.
    pub number: i32,
    /// Name of the file; the address of a link.
    pub name: String,
    /// Media type, found by looking at the bytes; empty for a link.
    pub media_type: String,
    /// Bytes; 0 for a link.
    pub size: i64,
    /// SHA-256 of the bytes; empty for a link.
    pub hash: String,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Option<UserId>,
}

/// A key figure of the product, pinned into the reflection as it was on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinnedFigure {
    /// Identifier.
    pub id: FigureId,
    /// The review.
    pub review: ReviewId,
    /// The part of the framework it is used for.
    pub part: Part,
    /// What it counts, in words.
    pub label: String,
    /// The value, as it was shown.
    pub value: String,
    /// Where it comes from: the round and the definition.
    pub source: String,
    /// The day it holds for.
    pub as_of: NaiveDate,
    /// By whom it was pinned.
    pub by: Option<UserId>,
}

/// A question the receiving side wants to learn about from the panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevelopmentQuestion {
    /// Identifier.
    pub id: QuestionId,
    /// The review.
    pub review: ReviewId,
    /// Place in the order, from 1.
    pub ordinal: i32,
    /// The question.
    pub text: String,
    /// The part of the framework it belongs to, where it belongs to one.
    pub part: Option<Part>,
    /// Version for changes.
    pub version: Version,
}

/// A part of the programme of the visit day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgrammeItem {
    /// Identifier.
    pub id: ProgrammeItemId,
    /// The review.
    pub review: ReviewId,
    /// When it begins, in the time of the place.
    pub starts_at: NaiveTime,
    /// When it ends.
    pub ends_at: NaiveTime,
    /// What it is.
    pub title: String,
    /// The room.
    pub room: String,
    /// Who is spoken to: a group, never names of students.
    pub audience: String,
    /// The members of the panel who are there; none means all.
    pub members: Vec<MemberId>,
    /// Version for changes.
    pub version: Version,
}

/// A note that a member of the panel made on the visit day; hers alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayNote {
    /// Identifier, made on the device, so that a note that arrives twice is one note.
    pub id: DayNoteId,
    /// Whose.
    pub member: MemberId,
    /// The part of the programme it was made at.
    pub item: Option<ProgrammeItemId>,
    /// What it says.
    pub body: String,
    /// When it was written, by the device.
    pub written_at: DateTime<Utc>,
    /// Version for changes.
    pub version: Version,
}
