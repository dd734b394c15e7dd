//! The objective: levels in order, and exact numbers that never let one level leak into another.
//!
//! A level counts something about each student's outcome, and the round minimises the first
//! level, then the second without giving up anything on the first, and so on. For the solver the
//! levels are packed into a few 128-bit words: within a word each weight is larger than
//! everything below it can add up to over the whole round, and words compare from the left. That
//! makes [`Cost`] an ordered group in which sums compare exactly as the lists of levels do.
//!
//! To come, between [`Level::NotCovered`] and [`Level::Ladder`]: announced placements that are
//! not kept, and shortfall against soft minimums. The first is one more count per pair, the
//! second a second arc in the network; both only need a [`Level`] and a bound here.

use std::cmp::Ordering;
use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

use crate::eligibility::WishFit;
use crate::error::InputError;
use crate::input::{Demand, FinalPhase, Input, LevelKind, MAX_MINUTES, Place, School, Standing, UNKNOWN_MINUTES};

/// One level of the objective, as reported. Every level is a sum over students, minimised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// Students of the final phase without a place.
    FinalNotPlaced,
    /// Other students without a place.
    NotPlaced,
    /// Students at a school that is outside, or schil without meeting its conditions.
    NotCovered,
    /// Steps below kern: schil 1, schil without conditions met 2, outside 3.
    Ladder,
    /// Students with a wish list who are placed at none of their wishes.
    NotListed,
    /// Students placed at their wish of this rank, 2 or higher. The first wish costs nothing.
    WishRank(u8),
    /// Trips of more than 60 minutes one way.
    TripsOver60,
    /// Trips of more than 45 minutes one way, those over 60 included.
    TripsOver45,
    /// Minutes one way, all students together.
    Minutes,
    /// Lots drawn from the seed, all students together.
    Lot,
}

/// Everything the objective wants to know about one student at one place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) standing: Standing,
    pub(crate) wish: WishFit,
    pub(crate) minutes: Option<u16>,
    pub(crate) lot: u64,
}

impl Level {
    /// What one placed student adds to the level.
    pub(crate) fn of_pair(self, pair: &Pair) -> i64 {
        let minutes = pair.minutes.unwrap_or(UNKNOWN_MINUTES);
        match self {
            Self::FinalNotPlaced | Self::NotPlaced => 0,
            Self::NotCovered => i64::from(matches!(pair.standing, Standing::SchilUnmet | Standing::Outside)),
            Self::Ladder => match pair.standing {
                Standing::Kern => 0,
                Standing::Schil => 1,
                Standing::SchilUnmet => 2,
                Standing::Outside => 3,
            },
            Self::NotListed => i64::from(pair.wish == WishFit::NotListed),
            Self::WishRank(rank) => i64::from(pair.wish == WishFit::Rank(rank)),
            Self::TripsOver60 => i64::from(minutes > 60),
            Self::TripsOver45 => i64::from(minutes > 45),
            Self::Minutes => i64::from(minutes),
            Self::Lot => i64::try_from(pair.lot).unwrap_or(i64::MAX),
        }
    }

    /// What one student without a place adds to the level.
    pub(crate) fn of_unplaced(self, phase: FinalPhase) -> i64 {
        match self {
            Self::FinalNotPlaced => i64::from(phase == FinalPhase::Final),
            Self::NotPlaced => i64::from(phase == FinalPhase::Earlier),
            _ => 0,
        }
    }
}

/// The levels of a round, in order.
pub(crate) fn levels(input: &Input) -> Vec<Level> {
    let longest = input.demands.iter().map(|demand| demand.wishes.len()).max().unwrap_or(0);
    let longest = u8::try_from(longest).unwrap_or(u8::MAX);
    let mut levels = Vec::new();
    for kind in &input.settings.levels {
        match kind {
            LevelKind::NotPlaced => levels.extend([Level::FinalNotPlaced, Level::NotPlaced]),
            LevelKind::NotCovered => levels.push(Level::NotCovered),
            LevelKind::Ladder => levels.push(Level::Ladder),
            LevelKind::Wishes if longest > 0 => {
                levels.push(Level::NotListed);
                levels.extend((2..=longest).rev().map(Level::WishRank));
            }
            LevelKind::Wishes => {}
            LevelKind::Travel => {
                levels.extend([Level::TripsOver60, Level::TripsOver45, Level::Minutes]);
            }
            LevelKind::Lot => levels.push(Level::Lot),
        }
    }
    levels
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
/// The same if that takes too many words. Potentials are differences of two such sums, and
/// distances in the solver at most five times as large, so nothing ever overflows.
const WIDE_WORD: i128 = 1 << 122;

/// The widest cost, in words.
pub(crate) const MAX_WORDS: usize = 16;

/// Packs the levels of a round: the levels from most to least significant, and the number of words.
pub(crate) fn pack(input: &Input) -> Result<(Vec<PackedLevel>, usize), InputError> {
    let packings = [NARROW_WORD, WIDE_WORD].map(|limit| pack_within(input, limit));
    packings.into_iter().find(|&(_, words)| words <= MAX_WORDS).ok_or(InputError::ObjectiveTooLarge)
}

fn pack_within(input: &Input, limit: i128) -> (Vec<PackedLevel>, usize) {
    let mut packed = Vec::new();
    let (mut words, mut below) = (1, 0_i128);
    for level in levels(input).into_iter().rev() {
        let bound = i128::from(bound(input, level));
        let mut weight = below + 1;
        if below > 0 && weight.checked_mul(bound).is_none_or(|most| most + below > limit) {
            words += 1;
            (weight, below) = (1, 0);
        }
        below += weight * bound;
        packed.push(PackedLevel { level, word: words - 1, weight });
    }
    packed.reverse();
    for level in &mut packed {
        level.word = words - 1 - level.word;
    }
    (packed, words)
}

/// Largest value a level can have in any proposal for the round.
fn bound(input: &Input, level: Level) -> u64 {
    let count = |test: &dyn Fn(&Demand) -> bool| input.demands.iter().filter(|demand| test(demand)).count() as u64;
    let all = input.demands.len() as u64;
    match level {
        Level::FinalNotPlaced => count(&|demand| demand.final_phase == FinalPhase::Final),
        Level::NotPlaced => count(&|demand| demand.final_phase == FinalPhase::Earlier),
        Level::NotCovered | Level::TripsOver60 | Level::TripsOver45 => all,
        Level::Ladder => 3 * all,
        Level::NotListed => count(&|demand| !demand.wishes.is_empty()),
        Level::WishRank(rank) => count(&|demand| demand.wishes.len() >= usize::from(rank)),
        Level::Minutes => u64::from(MAX_MINUTES.max(UNKNOWN_MINUTES)) * all,
        Level::Lot => ((1 << LOT_BITS) - 1) * all,
    }
}

/// A packed cost of `W` words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cost<const W: usize>(pub(crate) [i128; W]);

impl<const W: usize> Cost<W> {
    pub(crate) const ZERO: Self = Self([0; W]);

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
