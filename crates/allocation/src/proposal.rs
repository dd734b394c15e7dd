//! What the engine answers: an outcome per student, why, what it adds up to, and the proof.

use serde::{Deserialize, Serialize};

use crate::cost::{Level, PackedLevel};
use crate::eligibility::Removed;
use crate::input::{DemandKey, PeriodKey, PhaseCode, PlaceKey, SchoolKey, Standing, TrainerKey};

/// The complete answer for a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// One outcome per demand, sorted by key.
    pub assignments: Vec<(DemandKey, Outcome)>,
    /// Value of every level, most important first, counted from the assignments.
    pub objective: Vec<(Level, i64)>,
    /// How good the proposal is known to be.
    pub proof: Proof,
    /// What the proof rests on.
    pub certificate: Certificate,
    /// Groups of students that together have too few places, largest shortage first. Their
    /// `short` adds up to the number of students without a place.
    pub shortages: Vec<Shortage>,
    /// Totals for the summary.
    pub figures: Figures,
}

impl Proposal {
    /// The outcome of one demand.
    pub fn outcome(&self, demand: DemandKey) -> Option<&Outcome> {
        let position = self.assignments.binary_search_by_key(&demand, |row| row.0).ok()?;
        Some(&self.assignments[position].1)
    }
}

/// What happens to one student.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// The student has a place.
    Placed(Placed),
    /// The student has no place.
    Unplaced(Explanation),
}

/// A student with a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// The place.
    pub place: PlaceKey,
    /// Its school.
    pub school: SchoolKey,
    /// The trainer who covers the student; `None` at a school without trainers.
    pub trainer: Option<TrainerKey>,
    /// What the school is to the student.
    pub standing: Standing,
    /// Rank of the school on the wish list, from 1; `None` when it is not on the list.
    pub wish_rank: Option<u8>,
    /// Travel time in minutes one way, if known.
    pub minutes: Option<u16>,
    /// Why the student is not at a kern school; `None` when the school is kern.
    pub why_not_kern: Option<Explanation>,
}

/// Why a student has no place, or no place at a kern school. Counts and capacities only, never
/// other students. In the second case only kern schools are considered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Explanation {
    /// No place passes the hard rules.
    NoCandidate {
        /// The schools that were considered, and why they were ruled out.
        removed: Removed,
    },
    /// There are possible places, and they are full.
    Full {
        /// With one more in each of these, the student has a place (a kern place) and nobody
        /// loses: no other student loses a place (gets worse on the levels down to the ladder).
        /// No smaller set does that, whichever other students move. (With a cap on outside
        /// guidance that crosses other caps, see [`Proof`], moves of others to an outside school
        /// are not counted on, so a smaller set may exist.)
        bottlenecks: Vec<Bottleneck>,
        /// The schools that were considered.
        removed: Removed,
    },
    /// Only for kern: kern places are possible, but a level above the ladder prefers this one.
    Outranked {
        /// The schools that were considered.
        removed: Removed,
    },
}

/// A capacity that is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Bottleneck {
    /// The count of a place.
    Place(PlaceKey, u32),
    /// The total of a school in a period.
    SchoolTotal(SchoolKey, PeriodKey, u32),
    /// The capacity of a trainer in a period.
    Trainer(TrainerKey, PeriodKey, u32),
    /// The number of students that can get extra guidance outside.
    OutsideGuidance(u32),
}

impl Bottleneck {
    /// The size of the capacity, in students.
    pub const fn cap(self) -> u32 {
        match self {
            Self::Place(_, cap) | Self::SchoolTotal(_, _, cap) | Self::Trainer(_, _, cap) | Self::OutsideGuidance(cap) => cap,
        }
    }
}

/// A group of students who together want more than there is.
///
/// All places that `students` can use lie behind `capacities`, so at most their sum can have one:
/// `students` = `short` + the sum of the caps. (When [`Proof`] is not optimal, a group that is also
/// held back by outside guidance lists that cap too, and then the sum does not close.)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortage {
    /// Students of the group without a place.
    pub short: u32,
    /// Students of the group, with and without a place.
    pub students: u32,
    /// The full capacities, sorted. Empty for students whom no place suits.
    pub capacities: Vec<Bottleneck>,
    /// The students without a place by period and phase, sorted.
    pub by_phase: Vec<ShortPhase>,
}

/// Part of a [`Shortage`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortPhase {
    /// The period.
    pub period: PeriodKey,
    /// The phase.
    pub phase: PhaseCode,
    /// Students without a place.
    pub short: u32,
}

/// How good a proposal is known to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Proof {
    /// No proposal is better on any level without being worse on a higher one.
    Optimal,
    /// The cap on outside guidance crosses other caps and binds, which is beyond an exact flow.
    /// The proposal keeps every cap and is optimal given who may be placed outside; that choice is
    /// not proven. These are the fewest students without a place that any choice could reach.
    WithinBound {
        /// Lower bound for [`Level::FinalNotPlaced`].
        final_not_placed: u32,
        /// Lower bound for [`Level::FinalNotPlaced`] and [`Level::NotPlaced`] together.
        not_placed: u32,
    },
}

/// A packed cost: one number per word, the most significant first.
pub type Price = Vec<i128>;

/// Prices that prove the proposal optimal: what one more student at a node would cost the round.
/// Only prices that are not zero are listed, sorted by key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// How the levels are packed.
    pub levels: Vec<PackedLevel>,
    /// Words of a price.
    pub words: usize,
    /// Before the count of a place.
    pub places: Vec<(PlaceKey, Price)>,
    /// Before the total of a school.
    pub entrances: Vec<((SchoolKey, PeriodKey), Price)>,
    /// After the total of a school, only when it has a total.
    pub insides: Vec<((SchoolKey, PeriodKey), Price)>,
    /// Before the capacity of a trainer.
    pub trainers: Vec<((TrainerKey, PeriodKey), Price)>,
    /// Before the cap on outside guidance.
    pub guidance: Option<Price>,
    /// Students kept from outside schools because the cap on outside guidance crosses other caps
    /// and would be exceeded; sorted.
    pub kept_from_outside: Vec<DemandKey>,
}

/// Totals of a proposal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Demands in the round.
    pub demands: u32,
    /// Students without a place.
    pub unplaced: u32,
    /// Students at a kern school.
    pub kern: u32,
    /// Students at a schil school that meets its conditions.
    pub schil: u32,
    /// Students at a schil school that does not.
    pub schil_unmet: u32,
    /// Students at an outside school.
    pub outside: u32,
    /// Students placed at their first, second, third wish and so on.
    pub by_wish: Vec<u32>,
    /// Students with a wish list who are placed elsewhere.
    pub not_listed: u32,
    /// Possible pairs of student and place.
    pub pairs: u64,
    /// Sum of the counts of all places.
    pub offered: u64,
}
