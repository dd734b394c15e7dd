//! The objective: levels in order, and exact numbers that never let one level leak into another.
//!
//! A level counts something about each student's outcome, and the round minimises the first
//! level, then the second without giving up anything on the first, and so on. For the solver the
//! levels are packed into a few 128-bit words: within a word each weight is larger than
//! everything below it can add up to over the whole round, and words compare from the left. That
//! makes [`Cost`] an ordered group in which sums compare exactly as the lists of levels do.
//!
//! Most levels are a sum over students. Two are about schools, and cost something on the link of
//! the school in the network: what it falls short of its soft minimum, and how full it is.

use std::cmp::Ordering;
use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

use crate::eligibility::{Reason, Reasons, WishFit};
use crate::error::InputError;
use crate::input::{Demand, FinalPhase, Firmness, Input, LastTrip, LevelKind, MAX_MINUTES, Place, School, Standing, UNKNOWN_MINUTES};

/// One level of the objective, as reported; minimised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// Students of the final phase without a place.
    FinalNotPlaced,
    /// Other students without a place.
    NotPlaced,
    /// Students at a school that is outside, or schil without meeting its conditions.
    NotCovered,
    /// Students who had an announced place and do not keep it, those without a place included.
    AnnouncedMoved,
    /// Students who had a draft place and do not keep it, those without a place included.
    DraftMoved,
    /// Students that schools are short of their soft minimums, all schools and periods together.
    Shortfall,
    /// Steps below kern: schil 1, schil without conditions met 2, outside 3.
    Ladder,
    /// Students with a wish list who are placed at none of their wishes.
    NotListed,
    /// Students placed at their wish of this rank, 2 or higher. The first wish costs nothing.
    WishRank(u8),
    /// Trips of more than 60 minutes one way; after a long trip the last time each counts double.
    TripsOver60,
    /// Trips of more than 45 minutes one way, those over 60 included; double as above.
    TripsOver45,
    /// Minutes one way, all students together; double as above.
    Minutes,
    /// Unevenness: at every school in every period the k-th student counts a hundred times k - 1
    /// over the number of students the school takes, rounded down.
    Spread,
    /// Students at a school that resembles an earlier one, and students at a place of which they
    /// had all groups before; who is both counts twice.
    Variety,
    /// Students for whom this soft rule is broken.
    Broken(Reason),
    /// Lots drawn from the seed, all students together.
    Lot,
}

/// Everything the objective wants to know about one student at one place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) standing: Standing,
    pub(crate) wish: WishFit,
    pub(crate) minutes: Option<u16>,
    /// What a trip counts for.
    pub(crate) trips: i64,
    /// The place that is given up for this one.
    pub(crate) moved: Option<Firmness>,
    /// All rules the pair breaks.
    pub(crate) broken: Reasons,
    pub(crate) lot: u64,
}

impl Level {
    /// What one placed student adds to the level.
    pub(crate) fn of_pair(self, pair: &Pair) -> i64 {
        let minutes = pair.minutes.unwrap_or(UNKNOWN_MINUTES);
        match self {
            Self::FinalNotPlaced | Self::NotPlaced | Self::Shortfall | Self::Spread => 0,
            Self::AnnouncedMoved => i64::from(pair.moved == Some(Firmness::Announced)),
            Self::DraftMoved => i64::from(pair.moved == Some(Firmness::Draft)),
            Self::NotCovered => i64::from(matches!(pair.standing, Standing::SchilUnmet | Standing::Outside)),
            Self::Ladder => match pair.standing {
                Standing::Kern => 0,
                Standing::Schil => 1,
                Standing::SchilUnmet => 2,
                Standing::Outside => 3,
            },
            Self::NotListed => i64::from(pair.wish == WishFit::NotListed),
            Self::WishRank(rank) => i64::from(pair.wish == WishFit::Rank(rank)),
            Self::TripsOver60 => pair.trips * i64::from(minutes > 60),
            Self::TripsOver45 => pair.trips * i64::from(minutes > 45),
            Self::Minutes => pair.trips * i64::from(minutes),
            Self::Variety => {
                [Reason::FamiliarSchool, Reason::FamiliarGroups].map(|familiar| i64::from(pair.broken.contains(familiar))).iter().sum()
            }
            Self::Broken(reason) => i64::from(pair.broken.contains(reason)),
            Self::Lot => i64::try_from(pair.lot).unwrap_or(i64::MAX),
        }
    }

    /// What one student without a place adds to the level.
    pub(crate) fn of_unplaced(self, demand: &Demand) -> i64 {
        match self {
            Self::FinalNotPlaced => i64::from(demand.final_phase == FinalPhase::Final),
            Self::NotPlaced => i64::from(demand.final_phase == FinalPhase::Earlier),
            Self::AnnouncedMoved => i64::from(demand.firmness() == Some(Firmness::Announced)),
            Self::DraftMoved => i64::from(demand.firmness() == Some(Firmness::Draft)),
            _ => 0,
        }
    }
}

impl Demand {
    /// How firm the place is that the student has now.
    pub(crate) fn firmness(&self) -> Option<Firmness> {
        self.keeps.map(|keep| keep.firmness)
    }

    /// What is known of the student's earlier schools and groups can be met again.
    fn has_familiar(&self) -> bool {
        !self.familiar_schools.is_empty() || self.familiar_groups.0 != 0
    }
}

/// The levels of a round, in order. Left out is what the round has nothing of: wishes, placements
/// to keep, soft minimums, earlier schools and groups.
pub(crate) fn levels(input: &Input) -> Vec<Level> {
    let longest = input.demands.iter().map(|demand| demand.wishes.len()).max().unwrap_or(0);
    let longest = u8::try_from(longest).unwrap_or(u8::MAX);
    let mut levels = Vec::new();
    for kind in &input.settings.levels {
        match kind {
            LevelKind::NotPlaced => levels.extend([Level::FinalNotPlaced, Level::NotPlaced]),
            LevelKind::NotCovered => levels.push(Level::NotCovered),
            LevelKind::Kept if input.demands.iter().any(|demand| demand.keeps.is_some()) => {
                levels.extend([Level::AnnouncedMoved, Level::DraftMoved]);
            }
            LevelKind::Shortfall if most_shortfall(input) > 0 => levels.push(Level::Shortfall),
            LevelKind::Variety if input.demands.iter().any(Demand::has_familiar) => levels.push(Level::Variety),
            LevelKind::Spread => levels.push(Level::Spread),
            LevelKind::Broken(reason) => levels.push(Level::Broken(*reason)),
            LevelKind::Ladder => levels.push(Level::Ladder),
            LevelKind::Wishes if longest > 0 => {
                levels.push(Level::NotListed);
                levels.extend((2..=longest).rev().map(Level::WishRank));
            }
            LevelKind::Wishes | LevelKind::Kept | LevelKind::Shortfall | LevelKind::Variety => {}
            LevelKind::Travel => {
                levels.extend([Level::TripsOver60, Level::TripsOver45, Level::Minutes]);
            }
            LevelKind::Lot => levels.push(Level::Lot),
        }
    }
    levels
}

/// What the round falls short of all soft minimums when nobody is placed.
pub(crate) fn most_shortfall(input: &Input) -> u64 {
    input.schools.iter().flat_map(|school| &school.minimum).map(|minimum| u64::from(minimum.cap)).sum()
}

/// Bits of one lot. With 40 bits two different optimal proposals practically never draw the
/// same sum, and a million students still fit in 64 bits.
pub(crate) const LOT_BITS: u32 = 40;

/// The lot of one student at one place: depends on the seed and the tie-break numbers only.
pub(crate) fn lot(seed: u64, demand: &Demand, school: &School, place: &Place) -> u64 {
    let mut state = mix(seed);
    for part in [demand.tie_break, school.tie_break, place.tie_break] {
        state = mix(state ^ part);
    }
    state >> (64 - LOT_BITS)
}

/// The finaliser of splitmix64, after one step of its counter.
const fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Where a level sits in the packed cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackedLevel {
    /// The level.
    pub level: Level,
    /// Word of the cost, 0 is the most significant.
    pub word: usize,
    /// Weight in that word.
    pub weight: i128,
}

/// Largest sum of all costs of a round in one word, if it can be had with few enough words. The
/// solver takes word after word and is fastest when each holds one level or two.
const NARROW_WORD: i128 = 1 << 24;
/// The same if that takes too many words. Prices are differences of two such sums, a student pays a
/// few of them, and distances in the solver are at most five times as large, so nothing ever
/// overflows.
const WIDE_WORD: i128 = 1 << 118;

/// The widest cost, in words.
pub(crate) const MAX_WORDS: usize = 16;

/// How the levels of a round are packed.
#[derive(Clone, Debug)]
pub(crate) struct Packing {
    /// From most to least significant.
    pub(crate) levels: Vec<PackedLevel>,
    pub(crate) words: usize,
    /// Word and weight of something that may not happen at all: above every level.
    pub(crate) forbidden: (usize, i128),
    /// What every weight is a multiple of.
    pub(crate) scale: i128,
}

/// Prices of capacities that cross are often a half or a third of something: of this many every
/// part up to the tenth is a whole number.
const FINE: i128 = 2_520;

impl Packing {
    /// Packs the levels of a round.
    pub(crate) fn new(input: &Input) -> Result<Self, InputError> {
        let packings = [NARROW_WORD, WIDE_WORD].map(|limit| Self::within(input, limit));
        packings.into_iter().find(|packing| packing.words <= MAX_WORDS).ok_or(InputError::ObjectiveTooLarge)
    }

    /// Packs the levels in as few words as can be: for those who look at whole costs.
    pub(crate) fn wide(input: &Input) -> Self {
        Self::within(input, WIDE_WORD)
    }

    /// The same in small units, for prices that are parts of whole numbers.
    pub(crate) fn wide_and_fine(input: &Input) -> Self {
        Self::within(input, WIDE_WORD / FINE).fine(input)
    }

    fn within(input: &Input, limit: i128) -> Self {
        let mut build = Packer { words: 1, below: 0, limit };
        let mut levels: Vec<PackedLevel> = Vec::new();
        for level in self::levels(input).into_iter().rev() {
            let (word, weight) = build.add(bound(input, level).into());
            levels.push(PackedLevel { level, word, weight });
        }
        let forbidden = build.add(most_forbidden(input).into());
        let words = build.words;
        levels.reverse();
        for level in &mut levels {
            level.word = words - 1 - level.word;
        }
        Self { levels, words, forbidden: (words - 1 - forbidden.0, forbidden.1), scale: 1 }
    }

    /// The same levels in smaller units, where numbers allow.
    pub(crate) fn fine(mut self, input: &Input) -> Self {
        let mut sums = vec![0_i128; self.words];
        for packed in &self.levels {
            sums[packed.word] += packed.weight * i128::from(bound(input, packed.level));
        }
        sums[self.forbidden.0] += self.forbidden.1 * i128::from(most_forbidden(input));
        if sums.into_iter().all(|sum| sum <= WIDE_WORD / FINE) {
            self.levels.iter_mut().for_each(|packed| packed.weight *= FINE);
            self.forbidden.1 *= FINE;
            self.scale = FINE;
        }
        self
    }

    /// The cost of something that may not happen.
    pub(crate) fn forbidden<const W: usize>(&self) -> Cost<W> {
        let mut cost = Cost::ZERO;
        cost.0[W - self.words + self.forbidden.0] = self.forbidden.1;
        cost
    }

    /// Packs one value per level.
    pub(crate) fn cost<const W: usize>(&self, of: impl Fn(Level) -> i64) -> Cost<W> {
        Cost::packed(&self.levels, self.words, of)
    }

    /// True when the round counts the level.
    pub(crate) fn counts(&self, level: Level) -> bool {
        self.levels.iter().any(|packed| packed.level == level)
    }
}

/// Packs levels, the least significant first; words count from the right.
struct Packer {
    words: usize,
    below: i128,
    limit: i128,
}

impl Packer {
    fn add(&mut self, bound: i128) -> (usize, i128) {
        let mut weight = self.below + 1;
        if self.below > 0 && weight.checked_mul(bound).is_none_or(|most| most + self.below > self.limit) {
            self.words += 1;
            (weight, self.below) = (1, 0);
        }
        self.below += weight * bound;
        (self.words - 1, weight)
    }
}

/// How often a search can let something happen that may not: students missing at schools that are
/// to be open, and students who are to be placed and are not.
fn most_forbidden(input: &Input) -> u64 {
    let teams = input.demands.iter().any(|demand| demand.team.is_some());
    let least: u64 = input.places.len() as u64 * input.schools.iter().map(|school| u64::from(school.least)).max().unwrap_or(0);
    let crosses = !input.boards.is_empty() || input.settings.outside_cap.is_some();
    if teams || crosses || input.schools.iter().any(|school| school.least > 1) { least + input.demands.len() as u64 } else { 0 }
}

/// Largest value a level can have in any proposal for the round.
pub(crate) fn bound(input: &Input, level: Level) -> u64 {
    let count = |test: &dyn Fn(&Demand) -> bool| input.demands.iter().filter(|demand| test(demand)).count() as u64;
    let all = input.demands.len() as u64;
    match level {
        Level::FinalNotPlaced => count(&|demand| demand.final_phase == FinalPhase::Final),
        Level::NotPlaced => count(&|demand| demand.final_phase == FinalPhase::Earlier),
        Level::NotCovered | Level::Broken(_) => all,
        Level::AnnouncedMoved => count(&|demand| demand.firmness() == Some(Firmness::Announced)),
        Level::DraftMoved => count(&|demand| demand.firmness() == Some(Firmness::Draft)),
        Level::Shortfall => most_shortfall(input),
        Level::TripsOver60 | Level::TripsOver45 => all + count(&|demand| demand.last_trip == LastTrip::Long),
        Level::Variety => 2 * count(&Demand::has_familiar),
        Level::Spread => 99 * all,
        Level::Ladder => 3 * all,
        Level::NotListed => count(&|demand| !demand.wishes.is_empty()),
        Level::WishRank(rank) => count(&|demand| demand.wishes.len() >= usize::from(rank)),
        Level::Minutes => u64::from(MAX_MINUTES.max(UNKNOWN_MINUTES)) * (all + count(&|demand| demand.last_trip == LastTrip::Long)),
        Level::Lot => ((1 << LOT_BITS) - 1) * all,
    }
}

/// A packed cost of `W` words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cost<const W: usize>(pub(crate) [i128; W]);

impl<const W: usize> Cost<W> {
    pub(crate) const ZERO: Self = Self([0; W]);

    /// The smallest cost above zero.
    pub(crate) const fn least_positive() -> Self {
        let mut cost = Self::ZERO;
        cost.0[W - 1] = 1;
        cost
    }

    /// So many times the cost.
    pub(crate) fn times(self, times: u32) -> Self {
        Self(self.0.map(|word| word * i128::from(times)))
    }

    /// Packs one value per level.
    pub(crate) fn packed(levels: &[PackedLevel], words: usize, of: impl Fn(Level) -> i64) -> Self {
        let mut cost = Self::ZERO;
        for level in levels {
            cost.0[W - words + level.word] += level.weight * i128::from(of(level.level));
        }
        cost
    }
}

impl<const W: usize> Ord for Cost<W> {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        for word in 0..W {
            if self.0[word] != other.0[word] {
                return self.0[word].cmp(&other.0[word]);
            }
        }
        Ordering::Equal
    }
}

impl<const W: usize> PartialOrd for Cost<W> {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<const W: usize> Add for Cost<W> {
    type Output = Self;

    #[inline]
    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl<const W: usize> AddAssign for Cost<W> {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        for word in 0..W {
            self.0[word] += other.0[word];
        }
    }
}

impl<const W: usize> Sub for Cost<W> {
    type Output = Self;

    #[inline]
    fn sub(mut self, other: Self) -> Self {
        for word in 0..W {
            self.0[word] -= other.0[word];
        }
        self
    }
}
