//! A placement round: what schools offer, what students need and wish, and by which rules.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::codes::{AnswerState, ExclusionCategory, Need, RoundState, TrainerKind, Turn};
use crate::cohorts::{Cohort, Enrolment, Student};
use crate::ids::{
    BoardId, CohortId, DemandId, OfferId, PartnershipId, PeriodId, PlacementId, RoundId, SchoolId, StudentId, StudyPhaseId, TeamId,
    TrainerId, Version,
};
use crate::periods::Period;
use crate::placements::Placement;
use crate::policy::{GuidedBy, Policy};
use crate::registry::{Registry, Trainer};
use crate::values::{Groups, SchoolYear, Weekdays};

/// The rules of a round that are data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundRules {
    /// Longest travel time one way, in minutes (HAN: 90). None means no limit.
    pub travel_limit: Option<u16>,
    /// How many students outside samen opleiden can get extra guidance. None means any number.
    pub outside_guidance: Option<u32>,
    /// How many wishes a student may give, 0 to 5 (Marnix: 3).
    pub max_wishes: u8,
    /// Seed of the last tie-break.
    pub seed: u64,
    /// Which rules hold and what comes before what.
    #[serde(default)]
    pub policy: Policy,
}

impl Default for RoundRules {
    fn default() -> Self {
        Self { travel_limit: Some(90), outside_guidance: None, max_wishes: 3, seed: 1, policy: Policy::default() }
    }
}

/// One cycle of offers, demand, allocation and publication, for one or more partnerships together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Identifier.
    pub id: RoundId,
    /// Name in addresses, unique; made from the name.
    pub slug: String,
    /// Name, unique.
    pub name: String,
    /// School year.
    pub school_year: SchoolYear,
    /// How far it is.
    pub state: RoundState,
    /// Its rules.
    pub rules: RoundRules,
    /// The partnerships it is for.
    pub partnerships: Vec<PartnershipId>,
    /// Version for changes.
    pub version: Version,
}

/// The name in addresses: lower case, letters and digits, hyphens in between.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// Places a school offers in a period of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Identifier.
    pub id: OfferId,
    /// The school.
    pub school: SchoolId,
    /// The period.
    pub period: PeriodId,
    /// Codes of the phases it is meant for, sorted; empty means all.
    pub phases: Vec<String>,
    /// Groups a student can be in.
    pub groups: Groups,
    /// Days a student can come.
    pub weekdays: Weekdays,
    /// Number of places.
    pub count: i32,
    /// Number of places taken; never more than `count`.
    pub used: i32,
}

impl Offer {
    /// Whether it is meant for a phase.
    pub fn admits_phase(&self, code: &str) -> bool {
        self.phases.is_empty() || self.phases.iter().any(|phase| phase == code)
    }

    /// Number of places left.
    pub fn free(&self) -> i32 {
        self.count - self.used
    }
}

/// The most students a school takes in a period over all its offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolTotal {
    /// The school.
    pub school: SchoolId,
    /// The period.
    pub period: PeriodId,
    /// Most students.
    pub maximum: i32,
}

/// The most students the schools of a board take together in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardTotal {
    /// The board.
    pub board: BoardId,
    /// The period.
    pub period: PeriodId,
    /// Most students.
    pub maximum: i32,
}

/// That a school was asked for places and gave none. A school with an offer has answered with that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolAnswer {
    /// The school.
    pub school: SchoolId,
    /// What it answered.
    pub state: AnswerState,
    /// When it was asked.
    pub asked_on: Option<NaiveDate>,
    /// When it was reminded last.
    pub reminded_on: Option<NaiveDate>,
    /// When it answered.
    pub answered_on: Option<NaiveDate>,
}

/// That a student does not go to a school, decided by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// The demand.
    pub demand: DemandId,
    /// The school.
    pub school: SchoolId,
    /// Why, as a category.
    pub category: ExclusionCategory,
}

/// Demands that stay together at one school: a pair, a leerteam, or the periods of one student.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Identifier.
    pub id: TeamId,
    /// Name, unique in the round.
    pub name: String,
    /// Its members.
    pub members: Vec<DemandId>,
}

/// That a trainer guides nobody any more in a round, from a day on. Periods that end before that day are not touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    /// The trainer.
    pub trainer: TrainerId,
    /// First day.
    pub from: NaiveDate,
}

/// Where a student was in earlier rounds, as far as announced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// Schools.
    pub schools: Vec<SchoolId>,
    /// Groups of the offers.
    pub groups: Vec<Groups>,
    /// Minutes of the last trip, one way, when known.
    pub last_trip: Option<u16>,
}

/// What a student wishes: a school, or any school of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WishTarget {
    /// One school.
    School(SchoolId),
    /// Any school of the board.
    Board(BoardId),
}

/// One student who needs one place in one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// Identifier.
    pub id: DemandId,
    /// The student.
    pub student: StudentId,
    /// The period.
    pub period: PeriodId,
    /// The study phase.
    pub phase: StudyPhaseId,
    /// Groups that fit; one in common with the offer is enough.
    pub groups: Groups,
    /// Days the student comes; all must be in the offer.
    pub weekdays: Weekdays,
    /// Whether a place is needed.
    pub need: Need,
    /// Whether it takes part when a proposal is made.
    pub turn: Turn,
    /// The partnership that sees to the place.
    pub partnership: Option<PartnershipId>,
    /// Wishes, first wish first.
    pub wishes: Vec<WishTarget>,
}

/// Everything of one round, with the registry: the picture that allocation, coverage, lists and
/// checks compute with.
#[derive(Debug, Clone)]
pub struct RoundData {
    /// The registry.
    pub registry: Registry,
    /// The round.
    pub round: Round,
    /// Its periods.
    pub periods: BTreeMap<PeriodId, Period>,
    /// Cohorts of its students.
    pub cohorts: BTreeMap<CohortId, Cohort>,
    /// Students with a demand.
    pub students: BTreeMap<StudentId, Student>,
    /// Their enrolments.
    pub enrolments: HashMap<StudentId, Vec<Enrolment>>,
    /// Offers.
    pub offers: BTreeMap<OfferId, Offer>,
    /// School totals.
    pub totals: Vec<SchoolTotal>,
    /// Demands.
    pub demands: BTreeMap<DemandId, Demand>,
    /// Live placements (not withdrawn), by demand.
    pub placements: BTreeMap<DemandId, Placement>,
    /// Withdrawn placements: history.
    pub withdrawn: BTreeMap<PlacementId, Placement>,
    /// When each step should be done.
    pub dates: BTreeMap<RoundState, NaiveDate>,
    /// Schools that were asked and gave no places, or did not answer.
    pub answers: BTreeMap<SchoolId, SchoolAnswer>,
    /// Totals of boards.
    pub board_totals: Vec<BoardTotal>,
    /// Who does not go where.
    pub exclusions: Vec<Exclusion>,
    /// Who stay together.
    pub teams: Vec<Team>,
    /// Trainers who fell out.
    pub absences: Vec<Absence>,
    /// Earlier rounds of the students.
    pub past: HashMap<StudentId, Past>,
}

impl RoundData {
    /// The offer and school of a demand's live placement.
    pub fn place_of(&self, demand: DemandId) -> Option<(&Placement, &Offer)> {
        let placement = self.placements.get(&demand)?;
        Some((placement, self.offers.get(&placement.offer)?))
    }

    /// How many students a trainer can guide in a period; nothing means any number. Who fell out guides nobody.
    pub fn capacity_of(&self, trainer: &Trainer, period: PeriodId) -> Option<i32> {
        if self.is_out(trainer.id, period) { Some(0) } else { trainer.capacity }
    }

    fn is_out(&self, trainer: TrainerId, period: PeriodId) -> bool {
        let ends_on = self.periods.get(&period).map(|period| period.ends_on);
        self.absences.iter().any(|a| a.trainer == trainer && ends_on.is_some_and(|end| a.from <= end))
    }

    /// The trainers who may guide a student at a school in a period, by number: those there on its first day, of the kind
    /// that the round chose. Where nobody of that kind is left who did not fall out, those of the other kind; where nobody
    /// is left at all, those who fell out, who guide nobody. Empty only for a school without trainers.
    pub fn guides_of(&self, school: SchoolId, period: PeriodId) -> Vec<&Trainer> {
        let Some(starts_on) = self.periods.get(&period).map(|period| period.starts_on) else { return Vec::new() };
        let all = self.registry.trainers_of(school, starts_on);
        let left: Vec<_> = all.iter().copied().filter(|trainer| !self.is_out(trainer.id, period)).collect();
        if left.is_empty() {
            return all;
        }
        let kind = match self.round.rules.policy.guided_by {
            GuidedBy::School => TrainerKind::School,
            GuidedBy::Institute => TrainerKind::Institute,
            GuidedBy::Either => return left,
        };
        let chosen: Vec<_> = left.iter().copied().filter(|trainer| trainer.kind == kind).collect();
        if chosen.is_empty() { left } else { chosen }
    }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_slug_has_only_letters_digits_and_single_hyphens() {
        assert_eq!(slug("Talent voor Onderwijs 2026-2027"), "talent-voor-onderwijs-2026-2027");
        assert_eq!(slug("  HAK (ronde 1)! "), "hak-ronde-1");
    }
}
