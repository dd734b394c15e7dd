//! Identifiers, and where they and the time come from.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Declares identifiers: a `UUIDv7` each, of its own type so that two kinds never mix.
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

id! {
    /// Identifies a region (onderwijsregio).
    RegionId,
    /// Identifies a school board.
    BoardId,
    /// Identifies a school (vestiging).
    SchoolId,
    /// Identifies a teacher-training institute.
    InstituteId,
    /// Identifies a programme of an institute.
    ProgrammeId,
    /// Identifies a study phase of a programme.
    StudyPhaseId,
    /// Identifies a partnership.
    PartnershipId,
    /// Identifies a trainer.
    TrainerId,
    /// Identifies a cohort.
    CohortId,
    /// Identifies a student or zij-instromer.
    StudentId,
    /// Identifies a placement round.
    RoundId,
    /// Identifies a period of a round.
    PeriodId,
    /// Identifies an offer of places.
    OfferId,
    /// Identifies a demand.
    DemandId,
    /// Identifies a placement.
    PlacementId,
    /// Identifies an allocation run.
    RunId,
    /// Identifies an import.
    ImportId,
    /// Identifies a hand-made change on the placement board.
    ChangeId,
    /// Identifies a user account.
    UserId,
    /// Identifies a job in the background.
    JobId,
    /// Identifies a role that somebody has for a scope and a time.
    GrantId,
    /// Identifies a team: students who stay together at one school.
    TeamId,
    /// Identifies a scenario of a round.
    ScenarioId,
    /// Identifies a snapshot: what was fixed or announced.
    SnapshotId,
    /// Identifies a wave of letters.
    WaveId,
    /// Identifies a letter.
    LetterId,
    /// Identifies a mutation.
    MutationId,
    /// Identifies a peer review.
    ReviewId,
    /// Identifies a version of a quality framework.
    FrameworkId,
    /// Identifies somebody in one peer review.
    MemberId,
    /// Identifies somebody who can be asked for a panel.
    PeerId,
    /// Identifies a text of a kritische reflectie.
    TextId,
    /// Identifies a piece of evidence of a review.
    ReviewEvidenceId,
    /// Identifies a key figure that was pinned into a reflection.
    FigureId,
    /// Identifies a development question.
    QuestionId,
    /// Identifies a part of the programme of a visit day.
    ProgrammeItemId,
    /// Identifies a note of the visit day.
    DayNoteId,
    /// Identifies a finding of one member of a panel.
    FindingId,
    /// Identifies a change of such a finding.
    FindingChangeId,
    /// Identifies a finding of a panel together.
    JointFindingId,
    /// Identifies a comment on a report.
    CommentId,
    /// Identifies a publication of a report.
    PublicationId,
    /// Identifies a follow-up.
    FollowUpId,
    /// Identifies a session of a browser.
    SessionId,
    /// Identifies an API token.
    TokenId,
    /// Identifies a mail in the outbox.
    MailId,
    /// Identifies an event in the audit log.
    EventId,
}

/// Where the time comes from. The binary gives the system's; tests give a fixed one.
pub trait Clock: Send + Sync {
    /// The moment now, in UTC.
    fn now(&self) -> DateTime<Utc>;

    /// Today's date in UTC.
    fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }
}

/// Where identifiers come from. The binary gives time-ordered random ones; tests give counted ones.
pub trait IdGen: Send + Sync {
    /// A new identifier, different from every other.
    fn next(&self) -> Uuid;
}

/// How often a row was changed; two people who saw the same version cannot both change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(pub i32);

impl Version {
    /// The version of a row that was just made.
    pub const FIRST: Self = Self(1);

    /// The version after one more change.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}
