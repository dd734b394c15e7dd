//! Mutations: what changes after publication, and who is told.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::codes::code_enum;
use crate::ids::{
    DemandId, LetterId, MailId, MutationId, OfferId, PlacementId, RoundId, SchoolId, SnapshotId, TrainerId, UserId, Version, WaveId,
};

code_enum! {
    /// How far a mutation is.
    MutationState {
        /// Known, nothing done yet.
        Noted = "noted" / "gemeld",
        /// There is a plan for it.
        Planned = "planned" / "plan klaar",
        /// Done; the letters are ready.
        CarriedOut = "carried-out" / "doorgevoerd",
        /// Taken back before anything was done.
        Cancelled = "cancelled" / "vervallen",
    }
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum MutationSubject {
    /// A school withdraws places: so many are left.
    PlacesWithdrawn {
        /// The offer.
        offer: OfferId,
        /// Places left.
        left: i32,
    },
    /// A trainer falls out.
    TrainerOut {
        /// The trainer.
        trainer: TrainerId,
    },
    /// A student stops.
    StudentStopped {
        /// The demand that ends.
        demand: DemandId,
    },
    /// A student arrives late and still needs a place.
    StudentLate {
        /// The demand.
        demand: DemandId,
    },
    /// A school refuses a student.
    StudentRefused {
        /// The demand.
        demand: DemandId,
        /// The school.
        school: SchoolId,
    },
    /// More students came: those without a place are placed, the rest stays.
    Enrolment,
}

impl MutationSubject {
    /// The stable code of the kind.
    pub fn code(&self) -> &'static str {
        match self {
            Self::PlacesWithdrawn { .. } => "places-withdrawn",
            Self::TrainerOut { .. } => "trainer-out",
            Self::StudentStopped { .. } => "student-stopped",
            Self::StudentLate { .. } => "student-late",
            Self::StudentRefused { .. } => "student-refused",
            Self::Enrolment => "enrolment",
        }
    }

    /// The Dutch word of the kind.
    pub fn dutch(&self) -> &'static str {
        match self {
            Self::PlacesWithdrawn { .. } => "school trekt plekken in",
            Self::TrainerOut { .. } => "opleider valt uit",
            Self::StudentStopped { .. } => "student stopt",
            Self::StudentLate { .. } => "student komt later",
            Self::StudentRefused { .. } => "school weigert student",
            Self::Enrolment => "meer studenten",
        }
    }
}

/// A change after publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutation {
    /// Identifier.
    pub id: MutationId,
    /// The round.
    pub round: RoundId,
    /// What changed.
    pub subject: MutationSubject,
    /// How far it is.
    pub state: MutationState,
    /// A note for colleagues; no names, nothing medical.
    pub note: Option<String>,
    /// When it was noted.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by: Option<UserId>,
    /// When it was carried out or taken back.
    pub ended_at: Option<DateTime<Utc>>,
    /// Version for changes.
    pub version: Version,
}

code_enum! {
    /// What a snapshot is of.
    SnapshotKind {
        /// The placements when the round was fixed.
        Fixed = "fixed" / "vaststelling",
        /// What was announced.
        Announced = "announced" / "bekendmaking",
        /// What a mutation made of it.
        Mutation = "mutation" / "wijziging",
        /// The end.
        Closed = "closed" / "sluiting",
    }
}

/// A frozen copy of the placements of a round, with a hash that shows when it was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Identifier.
    pub id: SnapshotId,
    /// The round.
    pub round: RoundId,
    /// What of.
    pub kind: SnapshotKind,
    /// When.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by: Option<UserId>,
    /// SHA-256 of the content, hexadecimal.
    pub hash: String,
    /// The content: JSON with ids, codes and dates, without names.
    pub content: String,
}

code_enum! {
    /// Whom a wave of letters is for.
    Audience {
        /// Schools.
        Schools = "schools" / "scholen",
        /// Students.
        Students = "students" / "studenten",
        /// Both.
        Everybody = "everybody" / "scholen en studenten",
    }
}

/// Letters that go out together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wave {
    /// Identifier.
    pub id: WaveId,
    /// The round.
    pub round: RoundId,
    /// From 1.
    pub ordinal: i32,
    /// For whom.
    pub audience: Audience,
    /// When.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by: Option<UserId>,
    /// The mutation that gave rise to it.
    pub mutation: Option<MutationId>,
}

code_enum! {
    /// What a letter says.
    LetterKind {
        /// To a school: who come.
        School = "school" / "lijst voor een school",
        /// To a student: where she goes.
        Placed = "placed" / "plaatsing",
        /// To a student: she goes elsewhere.
        Moved = "moved" / "verplaatsing",
        /// To a student: she has no place any more.
        Ended = "ended" / "plaatsing vervallen",
    }
}

/// A letter to a school or a student.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Identifier.
    pub id: LetterId,
    /// Its wave.
    pub wave: WaveId,
    /// What it says.
    pub kind: LetterKind,
    /// The school, for a list.
    pub school: Option<SchoolId>,
    /// The demand, for a student.
    pub demand: Option<DemandId>,
    /// The placement it tells of.
    pub placement: Option<PlacementId>,
    /// The mail that carries it, where there is an address.
    pub mail: Option<MailId>,
}
