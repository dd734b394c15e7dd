//! What makes a demand worth a look.

use std::collections::HashSet;

use kernschil_domain::codes::{Hold, Need, PlacementSource, Turn};
use kernschil_domain::coverage::CoverageStatus;
use kernschil_domain::ids::{DemandId, StudentId};
use kernschil_domain::rounds::{RoundData, Team};
use serde::{Deserialize, Serialize};

use crate::students::StudentRow;

/// What makes a demand worth a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExceptionKind {
    /// No place.
    Unplaced,
    /// A place in some periods of the student, and none in others.
    HalfPlaced,
    /// A rule was set aside when it was placed by hand.
    RuleSetAside,
    /// Not at the school where others of the team are.
    TeamApart,
    /// A place outside samen opleiden.
    Outside,
    /// At a schil school that does not meet its conditions.
    SchilUnmet,
    /// At a schil school.
    Schil,
    /// The trip takes over an hour.
    LongTrip,
    /// None of the wishes came true.
    NoWish,
    /// Left out of proposals by hand.
    LeftOut,
    /// Placed by hand.
    ByHand,
    /// Pinned by hand.
    Pinned,
}

impl ExceptionKind {
    /// All, the most urgent first.
    pub const ALL: [Self; 12] = [
        Self::Unplaced,
        Self::HalfPlaced,
        Self::RuleSetAside,
        Self::TeamApart,
        Self::Outside,
        Self::SchilUnmet,
        Self::Schil,
        Self::LongTrip,
        Self::NoWish,
        Self::LeftOut,
        Self::ByHand,
        Self::Pinned,
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unplaced => "unplaced",
            Self::HalfPlaced => "half-placed",
            Self::RuleSetAside => "rule-set-aside",
            Self::TeamApart => "team-apart",
            Self::Outside => "outside",
            Self::SchilUnmet => "schil-unmet",
            Self::Schil => "schil",
            Self::LongTrip => "long-trip",
            Self::NoWish => "no-wish",
            Self::LeftOut => "left-out",
            Self::ByHand => "by-hand",
            Self::Pinned => "pinned",
        }
    }

    /// The Dutch words.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Unplaced => "niet geplaatst",
            Self::HalfPlaced => "half geplaatst",
            Self::RuleSetAside => "regel opzij gezet",
            Self::TeamApart => "team niet bij elkaar",
            Self::Outside => "buiten samen opleiden",
            Self::SchilUnmet => "schil, voorwaarden niet gehaald",
            Self::Schil => "schil",
            Self::LongTrip => "reis langer dan een uur",
            Self::NoWish => "geen van de voorkeuren",
            Self::LeftOut => "overgeslagen",
            Self::ByHand => "met de hand geplaatst",
            Self::Pinned => "vastgezet",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What makes a demand worth a look, the most urgent first; `row` is the demand as a row of the list, `half` holds who has a
/// place in only some periods.
pub(super) fn exceptions(data: &RoundData, half: &HashSet<StudentId>, row: &StudentRow) -> Vec<ExceptionKind> {
    let mut found = Vec::new();
    let mut keep = |kind, holds: bool| {
        if holds {
            found.push(kind);
        }
    };
    let demand = data.demands.get(&row.demand);
    let left_out = demand.is_some_and(|demand| demand.turn == Turn::LeftOut);
    let Some(place) = &row.place else {
        keep(ExceptionKind::Unplaced, true);
        keep(ExceptionKind::HalfPlaced, half.contains(&row.student));
        keep(ExceptionKind::LeftOut, left_out);
        return found;
    };
    keep(ExceptionKind::HalfPlaced, half.contains(&row.student));
    keep(ExceptionKind::RuleSetAside, !place.broken.is_empty());
    keep(ExceptionKind::TeamApart, is_apart(data, row.demand));
    keep(ExceptionKind::Outside, matches!(row.status, CoverageStatus::OutsideGuided | CoverageStatus::OutsideUnguided));
    keep(ExceptionKind::SchilUnmet, row.status == CoverageStatus::SchilUnmet);
    keep(ExceptionKind::Schil, row.status == CoverageStatus::Schil);
    keep(ExceptionKind::LongTrip, place.minutes.is_some_and(|minutes| minutes > 60));
    keep(ExceptionKind::NoWish, place.wish_rank.is_none() && demand.is_some_and(|demand| !demand.wishes.is_empty()));
    keep(ExceptionKind::LeftOut, left_out);
    keep(ExceptionKind::ByHand, place.source == PlacementSource::Hand);
    keep(ExceptionKind::Pinned, place.hold == Hold::Pinned);
    found
}

/// The team of a demand.
pub fn team_of(data: &RoundData, demand: DemandId) -> Option<&Team> {
    data.teams.iter().find(|team| team.members.contains(&demand))
}

/// Whether somebody of the team has a place at another school, or has none while one is needed.
fn is_apart(data: &RoundData, demand: DemandId) -> bool {
    let school = |id: DemandId| data.place_of(id).map(|(_, offer)| offer.school);
    let needs = |id: DemandId| data.demands.get(&id).is_some_and(|other| other.need == Need::Required);
    let own = school(demand);
    team_of(data, demand).is_some_and(|team| team.members.iter().any(|other| needs(*other) && school(*other) != own))
}
