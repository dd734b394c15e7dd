//! The exact solver: a minimum-cost flow, word after word of the cost.
//!
//! Every node of the network has a price: what one more student there costs the round, on to the
//! sink. A student pays the cost of the pair and the price of the place, and is always where that
//! sum is lowest; links with room lead to prices that are no lower, links with flow to prices that
//! are no higher. (A link may have a [`Convex`] cost that is paid on the way.) A plan that fits the
//! capacities and has such prices is optimal, and the prices are the proof.
//!
//! The words of the cost are dealt with one by one, the most significant first. What is optimal
//! on a word is known from its prices: the pairs and links that are as cheap as any, and all that
//! use only those. The next word starts from the plan so far and chooses among those ([`plan`]):
//! everybody moves to the best pair that is left, which leaves some places overfull and others
//! with holes, and shortest paths from the one to the other mend that ([`word`]). There are as many
//! holes as students too many, so paths are short; and most students have one pair left after a
//! few words and are never looked at again.

mod convex;
mod plan;
mod search;
#[cfg(test)]
mod tests;
mod word;

use crate::candidates::Candidates;
use crate::cost::Cost;
use crate::network::Network;

pub(crate) use convex::Convex;
use plan::Plan;
use word::{Given, Word};

/// No pair: the student has no place.
pub(crate) const NONE: u32 = u32::MAX;

/// A plan with its prices.
#[derive(Clone, Debug)]
pub(crate) struct Flow<const W: usize> {
    /// Chosen pair of each student, a position in the candidates, or [`NONE`].
    pub(crate) choice: Vec<u32>,
    /// Students at each place.
    pub(crate) at: Vec<Vec<u32>>,
    /// Students through each link.
    pub(crate) used: Vec<u32>,
    /// Price of each node.
    pub(crate) prices: Vec<Cost<W>>,
}

/// Largest sum of costs in a word for which 64 bits are enough: distances are at most five times
/// as large.
const NARROW: i128 = 1 << 60;

/// Solves the round. `costs` holds a cost by link, and may be empty. A `start` on the same
/// candidates and links, whatever it is worth, makes it faster the closer it is. `step` is called
/// now and then with the number of students done; returns `None` when it says stop.
pub(crate) fn solve<const W: usize>(
    network: &Network,
    candidates: &Candidates<W>,
    costs: &[Option<Convex<W>>],
    start: Option<Flow<W>>,
    mut step: impl FnMut(usize) -> bool,
) -> Option<Flow<W>> {
    let costs = if costs.iter().any(Option::is_some) { costs } else { &[] };
    let given = Given { network, candidates, costs, sink_first: network.sink_first() };
    let mut plan = Plan::new(network, candidates, start.as_ref());
    let mut prices = start.map_or_else(|| vec![Cost::ZERO; network.nodes], |start| start.prices);
    for word in 0..W {
        let sum = candidates.sum(word).saturating_add(given.links_sum(word));
        let done = if sum < NARROW {
            Word::<i64, W>::solve(&given, word, &mut plan, &mut prices, &mut step)
        } else {
            Word::<i128, W>::solve(&given, word, &mut plan, &mut prices, &mut step)
        };
        if !done {
            return None;
        }
    }
    Some(plan.flow(network, prices))
}
