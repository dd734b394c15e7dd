//! One word of the cost: prices for it, and the best plan on it among those that are left.

use crate::candidates::Candidates;
use crate::cost::Cost;
use crate::mincost::OfWords;
use crate::network::{Network, Node};

use super::plan::{Plan, number};
use super::search::Search;
use super::{Convex, NONE};

/// What does not change while a round is solved.
pub(super) struct Given<'a, const W: usize> {
    pub(super) network: &'a Network,
    pub(super) candidates: &'a Candidates<W>,
    /// Cost by link; empty when no link has any.
    pub(super) costs: &'a [Option<Convex<W>>],
    /// Nodes but the sink, those that links lead to first.
    pub(super) sink_first: Vec<Node>,
}

impl<const W: usize> Given<'_, W> {
    /// What a path over all links can cost in a word.
    pub(super) fn links_sum(&self, word: usize) -> i128 {
        let links = self.costs.iter().zip(&self.network.links);
        let most = |cost: &Convex<W>, cap: u32| cost.bonus.0[word].abs() + cost.marginal(cap, word).abs() + cost.step.0[word] * 100;
        links.filter_map(|(cost, link)| cost.as_ref().map(|cost| most(cost, self.most_through(link.cap)))).sum()
    }

    fn most_through(&self, cap: u32) -> u32 {
        cap.min(number(self.candidates.unplaced.len()))
    }
}

/// Searches between two calls of the progress function.
const REPORT_EVERY: usize = 64;

/// A word that is being solved, in numbers that are as wide as they need to be.
pub(super) struct Word<'a, N, const W: usize> {
    pub(super) network: &'a Network,
    costs: &'a [Option<Convex<W>>],
    number: usize,
    pub(super) plan: &'a mut Plan,
    /// Cost of each slot of the plan.
    pub(super) cost: Vec<N>,
    /// Cost of no place, per student.
    pub(super) missing: Vec<N>,
    pub(super) prices: Vec<N>,
}

impl<'a, N: OfWords<1>, const W: usize> Word<'a, N, W> {
    /// Solves a word: prices come as a guess and leave as a proof. False when `step` says stop.
    pub(super) fn solve(
        given: &Given<'a, W>,
        word: usize,
        plan: &'a mut Plan,
        prices: &mut [Cost<W>],
        step: &mut impl FnMut(usize) -> bool,
    ) -> bool {
        let Given { network, candidates, costs, .. } = *given;
        let mut this = Self {
            network,
            costs,
            number: word,
            cost: candidates.costs.pick(word, &plan.pairs),
            missing: candidates.unplaced.iter().map(|cost| N::of_words([cost.0[word]])).collect(),
            prices: prices.iter().map(|price| N::of_words([price.0[word]])).collect(),
            plan,
        };
        this.price(&given.sink_first);
        let waiting = this.choose();
        this.take_back();
        if !this.mend(&waiting, step) {
            return false;
        }
        for (price, new) in prices.iter_mut().zip(&this.prices) {
            [price.0[word]] = new.words();
        }
        this.narrow();
        true
    }

    /// Cost of one more student through a link.
    #[inline]
    pub(super) fn next(&self, link: u32) -> N {
        self.marginal(link, self.plan.used[link as usize].saturating_add(1))
    }

    /// Cost of the last student through a link.
    #[inline]
    pub(super) fn last(&self, link: u32) -> N {
        self.marginal(link, self.plan.used[link as usize])
    }

    #[inline]
    fn marginal(&self, link: u32, k: u32) -> N {
        match self.costs.get(link as usize) {
            Some(Some(cost)) => N::of_words([cost.marginal(k, self.number)]),
            _ => N::ZERO,
        }
    }

    #[inline]
    pub(super) fn has_room(&self, link: u32) -> bool {
        self.plan.used[link as usize] < self.plan.most[link as usize]
    }

    #[inline]
    pub(super) fn may_shrink(&self, link: u32) -> bool {
        self.plan.used[link as usize] > self.plan.least[link as usize]
    }

    /// Brings the prices in line with the links: no higher than where there is room, and, as far
    /// as that allows, no lower than where students pass.
    fn price(&mut self, sink_first: &[Node]) {
        for &node in sink_first {
            let mut price = self.prices[node as usize];
            let links = self.network.outgoing(node).iter();
            let after = |link: u32| self.prices[self.network.links[link as usize].to as usize];
            for &link in links.clone().filter(|&&link| self.may_shrink(link)) {
                price = price.max(self.last(link) + after(link));
            }
            for &link in links.filter(|&&link| self.has_room(link)) {
                price = price.min(self.next(link) + after(link));
            }
            self.prices[node as usize] = price;
        }
    }

    /// Everybody with a choice goes where it is cheapest, which leaves places out of balance. Who
    /// has no place and wants one is left waiting, so that places do not get crowded.
    fn choose(&mut self) -> Vec<u32> {
        let mut waiting = Vec::new();
        for demand in 0..number(self.missing.len()) {
            if !self.plan.has_choice(demand) {
                continue;
            }
            let here = self.plan.slot[demand as usize];
            let pays = |slot: u32| match slot {
                NONE => self.missing[demand as usize],
                slot => self.cost[slot as usize] + self.prices[self.plan.places[slot as usize] as usize],
            };
            let mut best = (pays(here), here);
            let missing = self.plan.may_miss[demand as usize].then_some(NONE);
            for slot in missing.into_iter().chain(self.plan.of(demand)) {
                let pays = pays(slot);
                if pays < best.0 {
                    best = (pays, slot);
                }
            }
            match (here, best.1) {
                (here, best) if here == best => {}
                (NONE, _) => waiting.push(demand),
                (_, slot) => {
                    let from = self.plan.place(demand);
                    self.plan.over[from as usize] -= 1;
                    self.plan.leave(demand);
                    if slot != NONE {
                        self.plan.enter(demand, slot);
                        let to = self.plan.place(demand);
                        self.plan.over[to as usize] += 1;
                    }
                }
            }
        }
        waiting
    }

    /// Takes students back from links on which they cost more than the prices say.
    fn take_back(&mut self) {
        for number in 0..number(self.network.links.len()) {
            let link = self.network.links[number as usize];
            let worth = self.prices[link.from as usize] - self.prices[link.to as usize];
            while self.may_shrink(number) && self.last(number) > worth {
                self.plan.used[number as usize] -= 1;
                self.plan.over[link.from as usize] += 1;
                self.plan.over[link.to as usize] -= 1;
            }
        }
        self.plan.over[self.network.sink as usize] = 0;
    }

    /// Places who is waiting and brings every node into balance, along shortest paths.
    fn mend(&mut self, waiting: &[u32], step: &mut impl FnMut(usize) -> bool) -> bool {
        let mut search = Search::new(self.network.nodes);
        let mut searches = 0_usize;
        let mut go_on = || {
            searches += 1;
            !(searches - 1).is_multiple_of(REPORT_EVERY) || step(searches - 1)
        };
        for &demand in waiting {
            if !go_on() {
                return false;
            }
            self.place(demand, &mut search);
        }
        let nodes = number(self.network.nodes);
        for node in 0..nodes {
            while self.plan.over[node as usize] > 0 {
                if !go_on() {
                    return false;
                }
                if !self.relieve(node, &mut search) {
                    break;
                }
            }
        }
        for node in 0..nodes {
            while self.plan.over[node as usize] < 0 {
                if !go_on() {
                    return false;
                }
                if !self.fill(node, &mut search) {
                    break;
                }
            }
        }
        true
    }

    /// Gives up what costs more on this word than what is chosen.
    fn narrow(&mut self) {
        let (plan, prices, cost, missing) = (&mut *self.plan, &self.prices, &self.cost, &self.missing);
        let pays = |place: Node, slot: u32| cost[slot as usize] + prices[place as usize];
        let least: Vec<N> = (0..)
            .zip(&plan.slot)
            .map(|(demand, &slot): (usize, _)| if slot == NONE { missing[demand] } else { pays(plan.places[slot as usize], slot) })
            .collect();
        for (demand, may_miss) in plan.may_miss.iter_mut().enumerate() {
            *may_miss &= missing[demand] == least[demand];
        }
        plan.narrow(|demand, place, slot| pays(place, slot) == least[demand as usize]);
        plan.settle();
        for number in 0..number(self.network.links.len()) {
            let link = self.network.links[number as usize];
            let worth = self.prices[link.from as usize] - self.prices[link.to as usize];
            let used = self.plan.used[number as usize];
            let (least, most) = (self.plan.least[number as usize], self.plan.most[number as usize]);
            let costs = matches!(self.costs.get(number as usize), Some(Some(_)));
            let (down, up) = if costs {
                let dearer = |k: u32| self.marginal(number, k) > worth;
                let cheaper = |k: u32| self.marginal(number, k) < worth;
                (last_where(least, used, cheaper), last_where(used, most, |k| !dearer(k)))
            } else {
                (if worth > N::ZERO { used } else { least }, if worth < N::ZERO { used } else { most })
            };
            (self.plan.least[number as usize], self.plan.most[number as usize]) = (down, up);
        }
    }
}

/// The largest number from `low` to `high` that is `low` itself or for which a test holds that
/// holds for all numbers up to some point.
fn last_where(low: u32, high: u32, holds: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (low, high);
    while low < high {
        let middle = high - (high - low) / 2;
        if holds(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}
