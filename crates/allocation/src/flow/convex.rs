//! What students through a link cost: more for each next one, so that a shortest path stays right.

use crate::cost::Cost;
use crate::input::MAX_DEMANDS;

/// A convex cost of a link. The k-th student through it, counted from 1, costs the [`marginal`]
/// of k, which never falls because the bonus is not above zero and the step not below.
///
/// [`marginal`]: Self::marginal
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Convex<const W: usize> {
    /// Students that earn the bonus: a soft minimum.
    pub(crate) first: u32,
    /// Cost of each of the first students; zero or less.
    pub(crate) bonus: Cost<W>,
    /// What the cost rises by each time another `per` hundredths have come; zero or more.
    pub(crate) step: Cost<W>,
    /// Students times a hundred between two steps; zero means that there are no steps.
    pub(crate) per: u32,
}

impl<const W: usize> Convex<W> {
    /// The cost of the k-th student, counted from 1.
    pub(crate) fn whole(&self, k: u32) -> Cost<W> {
        Cost(std::array::from_fn(|word| self.marginal(k, word)))
    }

    /// One word of the cost of the k-th student, counted from 1.
    pub(crate) fn marginal(&self, k: u32, word: usize) -> i128 {
        // More students than a round has come up when the end of a range is looked for.
        let before = u64::from(k.saturating_sub(1)).min(MAX_DEMANDS as u64);
        let steps = i128::from((before * 100).checked_div(u64::from(self.per)).unwrap_or(0));
        let bonus = if k <= self.first { self.bonus.0[word] } else { 0 };
        self.step.0[word].saturating_mul(steps).saturating_add(bonus)
    }
}
