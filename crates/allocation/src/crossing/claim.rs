//! What a bound says about a plan, level by level.

use crate::cost::{Cost, Packing, bound};
use crate::input::Input;
use crate::proposal::Proof;

/// The strongest claim for a plan of this cost when no plan costs less than `lowest`.
pub(super) fn claim<const W: usize>(input: &Input, packing: &Packing, cost: Cost<W>, lowest: Cost<W>) -> Proof {
    if lowest >= cost {
        return Proof::Optimal;
    }
    let mut left = cost;
    let mut prefix = Cost::<W>::ZERO;
    for (proven_levels, packed) in packing.levels.iter().enumerate() {
        let word = W - packing.words + packed.word;
        let value = left.0[word].div_euclid(packed.weight);
        let below = packing.levels[proven_levels + 1..].iter().filter(|lower| lower.word == packed.word);
        let most: i128 = below.map(|lower| lower.weight * i128::from(bound(input, lower.level))).sum();
        // The largest value for which anything better costs less than the bound.
        let least = (lowest.0[word] - prefix.0[word] - most - 1).div_euclid(packed.weight) + 1;
        if least.max(0) < value {
            let bound = i64::try_from(least.max(0)).unwrap_or(i64::MAX);
            return Proof::WithinBound { proven_levels, bound };
        }
        left.0[word] -= value * packed.weight;
        prefix.0[word] += value * packed.weight;
    }
    Proof::Optimal
}
