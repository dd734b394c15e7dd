//! The form of a certificate: levels, weights, sizes of prices.

use crate::cost::{LOT_BITS, Level, MAX_WORDS};
use crate::input::{Demand, FinalPhase, Firmness, LastTrip, LevelKind, MAX_MINUTES};
use crate::proposal::{Bottleneck, Prices};

use super::{Check, Violation, is_small};

/// Limits on parts of trainers in one case: more would not be sure to add up.
const MOST_PARTS: usize = 4_000;

impl Check<'_> {
    /// The levels that the settings ask for and the round has something of.
    fn expected_levels(&self) -> Vec<Level> {
        let demands = &self.input.demands;
        let longest = demands.iter().map(|demand| demand.wishes.len()).max().unwrap_or(0);
        let mut expected = Vec::new();
        for kind in &self.input.settings.levels {
            match kind {
                LevelKind::NotPlaced => expected.extend([Level::FinalNotPlaced, Level::NotPlaced]),
                LevelKind::NotCovered => expected.push(Level::NotCovered),
                LevelKind::Kept => {
                    let any = demands.iter().any(|demand| demand.keeps.is_some());
                    expected.extend(any.then_some([Level::AnnouncedMoved, Level::DraftMoved]).into_iter().flatten());
                }
                LevelKind::Shortfall => {
                    let any = self.input.schools.iter().flat_map(|school| &school.minimum).any(|minimum| minimum.cap > 0);
                    expected.extend(any.then_some(Level::Shortfall));
                }
                LevelKind::Ladder => expected.push(Level::Ladder),
                LevelKind::Wishes => {
                    expected.extend((longest > 0).then_some(Level::NotListed));
                    let ranks = (2..=longest).rev().filter_map(|rank| u8::try_from(rank).ok());
                    expected.extend(ranks.map(Level::WishRank));
                }
                LevelKind::Travel => expected.extend([Level::TripsOver60, Level::TripsOver45, Level::Minutes]),
                LevelKind::Spread => expected.push(Level::Spread),
                LevelKind::Variety => {
                    let any = demands.iter().any(|demand| !demand.familiar_schools.is_empty() || demand.familiar_groups.0 > 0);
                    expected.extend(any.then_some(Level::Variety));
                }
                LevelKind::Broken(reason) => expected.push(Level::Broken(*reason)),
                LevelKind::Lot => expected.push(Level::Lot),
            }
        }
        expected
    }

    /// The levels are those of the settings, and each weight exceeds all that comes below it.
    pub(super) fn packing(&mut self) {
        let certificate = &self.proposal.certificate;
        let expected = self.expected_levels();
        let reported = self.proposal.objective.iter().map(|row| row.0);
        let packed = certificate.levels.iter().map(|packed| packed.level);
        let mut good = certificate.words <= MAX_WORDS
            && reported.eq(expected.iter().copied())
            && packed.eq(expected.iter().copied())
            && certificate.levels.is_sorted_by_key(|packed| packed.word)
            && certificate.levels.iter().all(|packed| packed.word < certificate.words);
        let mut below = [0_i128; MAX_WORDS];
        for packed in certificate.levels.iter().rev() {
            let Some(below) = below.get_mut(packed.word) else {
                good = false;
                break;
            };
            let most = packed.weight.checked_mul(self.most(packed.level));
            good &= packed.weight > *below;
            match most.and_then(|most| below.checked_add(most)) {
                Some(sum) if sum < 1 << 123 => *below = sum,
                _ => good = false,
            }
        }
        let branches = certificate.branches.iter().map(|branch| &branch.prices);
        good &= branches.chain([&certificate.prices]).all(|prices| self.well_formed(prices));
        let parts = certificate.branches.iter().flat_map(|branch| &branch.parts);
        good &= parts
            .map(|row| &row.1)
            .all(|price| price.len() == certificate.words && is_small(price) && *price >= vec![0; certificate.words]);
        good &= certificate.branches.iter().all(|branch| branch.parts.is_sorted_by(|a, b| a.0 < b.0) && branch.parts.len() <= MOST_PARTS);
        if !good {
            self.violations.push(Violation::Packing);
        }
    }

    /// Sorted, of the right size, and only for what the snapshot has.
    fn well_formed(&self, prices: &Prices) -> bool {
        let words = self.proposal.certificate.words;
        let capacities = prices.capacities.iter();
        prices.capacities.is_sorted_by(|a, b| a.0 < b.0)
            && prices.schools.is_sorted_by(|a, b| a.0 < b.0)
            && capacities.clone().all(|(capacity, _)| self.is_known(*capacity) && !matches!(capacity, Bottleneck::SchoolTotal(..)))
            && prices.schools.iter().all(|(site, _)| self.room.contains_key(site))
            && capacities.clone().all(|(_, price)| *price >= vec![0; words])
            && capacities
                .map(|row| &row.1)
                .chain(prices.schools.iter().map(|row| &row.1))
                .all(|price| price.len() == words && is_small(price))
    }

    /// The most a level can be over the whole round.
    pub(super) fn most(&self, level: Level) -> i128 {
        let keeps = |demand: &Demand, firmness| demand.keeps.is_some_and(|keep| keep.firmness == firmness);
        let each = |demand: &Demand| -> i128 {
            let times = if demand.last_trip == LastTrip::Long { 2 } else { 1 };
            match level {
                Level::FinalNotPlaced => (demand.final_phase == FinalPhase::Final).into(),
                Level::NotPlaced => (demand.final_phase != FinalPhase::Final).into(),
                Level::AnnouncedMoved => keeps(demand, Firmness::Announced).into(),
                Level::DraftMoved => keeps(demand, Firmness::Draft).into(),
                Level::NotCovered | Level::Broken(_) => 1,
                Level::TripsOver60 | Level::TripsOver45 => times,
                Level::Ladder => 3,
                Level::NotListed => (!demand.wishes.is_empty()).into(),
                Level::WishRank(rank) => (demand.wishes.len() >= usize::from(rank)).into(),
                Level::Minutes => times * i128::from(MAX_MINUTES),
                Level::Variety => i128::from(!demand.familiar_schools.is_empty()) + i128::from(demand.familiar_groups.0 > 0),
                Level::Spread => 99,
                Level::Lot => (1 << LOT_BITS) - 1,
                Level::Shortfall => 0,
            }
        };
        let of_schools: i128 = match level {
            Level::Shortfall => self.input.schools.iter().flat_map(|school| &school.minimum).map(|minimum| i128::from(minimum.cap)).sum(),
            _ => 0,
        };
        of_schools + self.input.demands.iter().map(each).sum::<i128>()
    }
}
