//! A student's place at a school for one period, and what may happen to it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::codes::{Guidance, Hold, PlacementSource, PlacementStatus};
use crate::ids::{DemandId, MutationId, OfferId, PlacementId, RunId, TrainerId, Version};
use crate::policy::RuleKind;
use crate::standing::Standing;

/// A placement. A withdrawn one stays as history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// Identifier.
    pub id: PlacementId,
    /// The demand it answers; one live placement per demand.
    pub demand: DemandId,
    /// The offer it takes a place of.
    pub offer: OfferId,
    /// What the school was to the student's institute on the first day of the period.
    pub standing: Standing,
    /// How far it is.
    pub status: PlacementStatus,
    /// Where it came from.
    pub source: PlacementSource,
    /// The run that proposed it.
    pub run: Option<RunId>,
    /// The trainer who guides the student.
    pub trainer: Option<TrainerId>,
    /// Extra guidance; known exactly when the place is outside samen opleiden.
    pub guidance: Option<Guidance>,
    /// Why it was placed by hand.
    pub reason: Option<String>,
    /// Whether a proposal may move it.
    pub hold: Hold,
    /// Codes of the rules that were set aside when it was placed by hand.
    pub broken: Vec<RuleKind>,
    /// When it was made; not known of placements from before 2027.
    pub made_at: Option<DateTime<Utc>>,
    /// When school and student were told.
    pub announced_at: Option<DateTime<Utc>>,
    /// When it was withdrawn.
    pub ended_at: Option<DateTime<Utc>>,
    /// The mutation that made or ended it.
    pub mutation: Option<MutationId>,
    /// Version for changes.
    pub version: Version,
}

/// Why a placement cannot change.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TransitionError {
    /// It was withdrawn before.
    #[error("deze plaatsing is al ingetrokken")]
    AlreadyWithdrawn,
    /// Schools and students were told already; then it is a mutation.
    #[error("deze plaatsing is al bekendgemaakt")]
    AlreadyAnnounced,
}

impl Placement {
    /// Takes the place back while nobody outside was told.
    ///
    /// # Errors
    /// [`TransitionError`] when it was withdrawn before, or was announced.
    pub fn withdraw(self) -> Result<Self, TransitionError> {
        match self.status {
            PlacementStatus::Proposed | PlacementStatus::Fixed => Ok(Self { status: PlacementStatus::Withdrawn, ..self }),
            PlacementStatus::Announced => Err(TransitionError::AlreadyAnnounced),
            PlacementStatus::Withdrawn => Err(TransitionError::AlreadyWithdrawn),
        }
    }

    /// Ends the placement by a mutation, whoever was told of it.
    ///
    /// # Errors
    /// [`TransitionError::AlreadyWithdrawn`] when it ended before.
    pub fn end(self, mutation: MutationId, at: DateTime<Utc>) -> Result<Self, TransitionError> {
        match self.status {
            PlacementStatus::Withdrawn => Err(TransitionError::AlreadyWithdrawn),
            PlacementStatus::Proposed | PlacementStatus::Fixed | PlacementStatus::Announced => {
                Ok(Self { status: PlacementStatus::Withdrawn, ended_at: Some(at), mutation: Some(mutation), ..self })
            }
        }
    }
}
