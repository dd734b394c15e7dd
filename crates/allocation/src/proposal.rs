//! What the engine answers: an outcome per student, why, what it adds up to, and the proof.

use serde::{Deserialize, Serialize};

use crate::cost::{Level, PackedLevel};
use crate::eligibility::Removed;
use crate::input::{BoardKey, DemandKey, Groups, PeriodKey, PhaseCode, PlaceKey, SchoolKey, Standing, TeamKey, TrainerKey, Weekdays};

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
    /// Which rules made the round more than a flow, and what they cross; sorted. Empty when all
    /// capacities are nested, nobody may be alone nowhere, and there are no teams.
    #[serde(default)]
    pub crossing: Vec<Crossing>,
}

/// A rule that could not be a capacity of the network, and what it crosses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Crossing {
    /// The rule.
    pub side: Side,
    /// The capacity that it crosses; `None` for a rule that is no capacity.
    pub with: Option<Side>,
}

/// A rule over several schools, or one that is no capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Side {
    /// The total of a board in a period.
    Board(BoardKey, PeriodKey),
    /// The capacity of a trainer in a period.
    Trainer(TrainerKey, PeriodKey),
    /// A school in a period that students can be inside or outside of.
    School(SchoolKey, PeriodKey),
    /// The cap on outside guidance.
    Outside,
    /// Nobody alone at a school in a period.
    Least(SchoolKey, PeriodKey),
    /// A team stays together.
    Team(TeamKey),
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
        /// No smaller set does that, whichever other students move. Soft minimums of schools,
        /// "nobody alone" and teams are not looked at; and with capacities that cross, see
        /// [`Proposal::crossing`], moves of others into those are not counted on, so a smaller
        /// set may exist.
        bottlenecks: Vec<Bottleneck>,
        /// The schools that were considered.
        removed: Removed,
    },
    /// There is room, but a rule that is no capacity is in the way.
    Held {
        /// Nobody alone at the schools with room, or the team of the student; sorted. Empty when
        /// the search was stopped before it found a way in.
        by: Vec<Side>,
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
    /// The total of a board in a period.
    Board(BoardKey, PeriodKey, u32),
    /// The number of students that can get extra guidance outside.
    OutsideGuidance(u32),
}

impl Bottleneck {
    /// The size of the capacity, in students.
    pub const fn cap(self) -> u32 {
        match self {
            Self::Place(_, cap)
            | Self::SchoolTotal(_, _, cap)
            | Self::Trainer(_, _, cap)
            | Self::Board(_, _, cap)
            | Self::OutsideGuidance(cap) => cap,
        }
    }
}

/// A group of students who together want more than there is.
///
/// All places that `students` can use lie behind `capacities`, so at most their sum can have one:
/// `students` = `short` + the sum of the caps. (A group that is held back by capacities that cross
/// others, see [`Proposal::crossing`], lists those too, and then the sum does not close.)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortage {
    /// Students of the group without a place.
    pub short: u32,
    /// Students of the group, with and without a place.
    pub students: u32,
    /// The full capacities, sorted. Empty for students whom no place suits.
    pub capacities: Vec<Bottleneck>,
    /// The students without a place by period, phase, groups and weekdays, sorted.
    pub by_phase: Vec<ShortPhase>,
}

/// Part of a [`Shortage`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortPhase {
    /// The period.
    pub period: PeriodKey,
    /// The phase.
    pub phase: PhaseCode,
    /// The school groups the students want.
    #[serde(default)]
    pub groups: Groups,
    /// The days they need.
    #[serde(default)]
    pub weekdays: Weekdays,
    /// Students without a place.
    pub short: u32,
}

/// How good a proposal is known to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Proof {
    /// No proposal is better on any level without being worse on a higher one.
    Optimal,
    /// Capacities cross, or nobody may be alone, or teams stay together, and the search was
    /// stopped or could not close the gap. The proposal keeps every rule.
    WithinBound {
        /// The first levels, this many, are proven best.
        proven_levels: usize,
        /// The next level is at least this much in any proposal that is as good on the proven
        /// ones.
        bound: i64,
    },
}

/// A packed cost: one number per word, the most significant first.
pub type Price = Vec<i128>;

/// What proves how good the proposal is.
///
/// Prices turn capacities into costs: a student at a place pays the pair and the price of every
/// capacity that the place uses. When everybody is where that is cheapest, and only full
/// capacities have a price, nothing is better. With any prices at all, what everybody would pay at
/// the cheapest, less the prices of the capacities, is a bound that no proposal can be below.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// How the levels are packed.
    pub levels: Vec<PackedLevel>,
    /// Words of a price.
    pub words: usize,
    /// Prices for the whole round.
    pub prices: Prices,
    /// When the whole round was not enough: cases that together are all there is, each with its
    /// own prices. Empty otherwise.
    #[serde(default)]
    pub branches: Vec<Branch>,
}

/// Prices of capacities. Only those that are not zero are listed, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prices {
    /// What one more student through a capacity (but the total of a school) is worth; above zero.
    pub capacities: Vec<(Bottleneck, Price)>,
    /// What one more student at a school in a period is worth, its total, soft minimum, spread
    /// and "nobody alone" together; below zero where the school is short.
    pub schools: Vec<((SchoolKey, PeriodKey), Price)>,
}

/// A case of the search: all choices hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// The choices, in the order in which the search made them.
    pub choices: Vec<Choice>,
    /// Prices of choices about parts of trainers: the position in `choices`, and what one student
    /// more or less would be worth; sorted.
    pub parts: Vec<(usize, Price)>,
    /// Prices that prove the bound for the case.
    pub prices: Prices,
}

/// One choice of the search.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Choice {
    /// What is chosen.
    pub subject: Subject,
    /// Which way.
    pub way: Way,
}

/// What the search can choose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subject {
    /// The school takes students in the period, as many as it wants at least; or it takes nobody.
    Open(SchoolKey, PeriodKey),
    /// Nobody of the team is at another school than this one; or nobody is at this one.
    TeamAt(TeamKey, SchoolKey),
    /// The trainer covers at most this many students in the period at these schools; or more.
    Part(TrainerKey, PeriodKey, Vec<SchoolKey>, u32),
    /// The student is placed at a school that is outside; or not at one.
    OutsideSchool(DemandKey),
}

/// One of the two ways of a [`Choice`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Way {
    /// The first one.
    Yes,
    /// The other one.
    No,
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
    /// Students who keep the place they had.
    #[serde(default)]
    pub kept: u32,
    /// Students who had an announced place and do not keep it.
    #[serde(default)]
    pub announced_moved: u32,
    /// Students who had a draft place and do not keep it.
    #[serde(default)]
    pub draft_moved: u32,
    /// Students that schools are short of their soft minimums.
    #[serde(default)]
    pub shortfall: u64,
    /// Students placed at their first, second, third wish and so on.
    pub by_wish: Vec<u32>,
    /// Students with a wish list who are placed elsewhere.
    pub not_listed: u32,
    /// Possible pairs of student and place.
    pub pairs: u64,
    /// Sum of the counts of all places.
    pub offered: u64,
}
