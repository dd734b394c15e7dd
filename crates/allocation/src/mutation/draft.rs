//! A plan to start from. Changes want few wide words, but the first plan is found many times faster
//! with many narrow ones, and its prices are nearly right in any packing.

use crate::cost::{Cost, MAX_WORDS, Packing};
use crate::engine::Problem;
use crate::error::InputError;
use crate::flow::{self, Flow};
use crate::index::Index;
use crate::input::Input;

/// A plan, with the prices as so many of each level.
pub(super) struct Draft {
    choice: Vec<u32>,
    at: Vec<Vec<u32>>,
    used: Vec<u32>,
    /// Node after node, in each the levels in their order.
    digits: Vec<i128>,
}

impl Draft {
    pub(super) fn new(input: &Input) -> Result<Option<Self>, InputError> {
        let index = Index::new(input)?;
        let packing = Packing::new(input)?;
        match packing.words {
            1 => Self::packed::<1>(index, packing),
            2 => Self::packed::<2>(index, packing),
            3..=4 => Self::packed::<4>(index, packing),
            5..=8 => Self::packed::<8>(index, packing),
            _ => Self::packed::<MAX_WORDS>(index, packing),
        }
    }

    fn packed<const N: usize>(index: Index<'_>, packing: Packing) -> Result<Option<Self>, InputError> {
        let Problem { packing, network, candidates, costs, .. } = Problem::<N>::new(index, packing)?;
        let Some(Flow { choice, at, used, prices }) = flow::solve(&network, &candidates, &costs, None, |_| true) else {
            return Ok(None);
        };
        let mut digits = Vec::with_capacity(prices.len() * packing.levels.len());
        for price in prices {
            let mut rest = price.0;
            for level in &packing.levels {
                let rest = &mut rest[N - packing.words + level.word];
                let digit = (*rest + level.weight / 2).div_euclid(level.weight);
                *rest -= digit * level.weight;
                digits.push(digit);
            }
        }
        Ok(Some(Self { choice, at, used, digits }))
    }

    /// The plan in another packing of the same levels. The pairs are in the same order in each.
    pub(super) fn in_packing<const W: usize>(self, packing: &Packing) -> Flow<W> {
        let price = |digits: &[i128]| {
            let mut price = Cost::ZERO;
            for (level, digit) in packing.levels.iter().zip(digits) {
                let word = &mut price.0[W - packing.words + level.word];
                *word = word.saturating_add(digit.saturating_mul(level.weight));
            }
            price
        };
        let prices = self.digits.chunks_exact(packing.levels.len()).map(price).collect();
        Flow { choice: self.choice, at: self.at, used: self.used, prices }
    }
}
