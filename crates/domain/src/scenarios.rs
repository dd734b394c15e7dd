//! Scenarios: named copies of a round with other rules, places or enrolment, to compare and choose from.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{OfferId, RoundId, ScenarioId, TrainerId, UserId, Version};
use crate::rounds::RoundRules;

/// What a scenario changes about the data of its round.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioChanges {
    /// Percentage of more (or fewer, below zero) students per phase code; an empty code means every phase. Students are
    /// doubled or left out in a fixed order, so that the same scenario always gives the same students.
    pub enrolment: Vec<(String, i32)>,
    /// Other numbers of places.
    pub offers: Vec<(OfferId, i32)>,
    /// Other capacities of trainers.
    pub trainers: Vec<(TrainerId, i32)>,
}

/// A named copy of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// Identifier.
    pub id: ScenarioId,
    /// The round.
    pub round: RoundId,
    /// Name, unique in the round.
    pub name: String,
    /// Its rules.
    pub rules: RoundRules,
    /// What it changes.
    pub changes: ScenarioChanges,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by: Option<UserId>,
    /// When it was solved.
    pub solved_at: Option<DateTime<Utc>>,
    /// Hash of what was solved.
    pub input_hash: Option<String>,
    /// Version for changes.
    pub version: Version,
}
