//! The exact solver: one shortest augmenting path per student, with prices.
//!
//! Every node of the network has a price: what one more student there costs the round. A student
//! pays the cost of the pair and the price of the place, and is always where that sum is lowest;
//! prices never fall along room and never rise against flow. Those conditions hold before and
//! after each student is added, which makes every intermediate plan optimal for the students in
//! it, and the prices at the end the proof.
//!
//! Students cost something on a link too when it has a [`Convex`] cost; then the price of a node
//! is what is left to pay from there to the sink, and may be negative.
//!
//! Dijkstra runs on `cost so far + price of the node`, which never decreases along a path. Two
//! things keep it short: pairs are sorted by cost, so a scan stops where the cost alone exceeds
//! the best complete path; and a place with room all the way to the sink, for no more than its
//! price, completes a path at once.

mod convex;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::candidates::Candidates;
use crate::cost::Cost;
use crate::network::{Network, Node, UNLIMITED};

pub(crate) use convex::Convex;

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

/// How the search came to a node.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// By this pair of the new student.
    Start(u32),
    /// Along a link with room.
    Along(u32),
    /// Against a link with flow.
    Against(u32),
    /// The student at another place moves here by this pair.
    Move(u32, u32),
}

/// Where a path ends.
#[derive(Clone, Copy, Debug)]
enum End {
    /// The new student gets no place.
    Unplaced,
    /// A student gives up the place.
    GivesUp(u32),
    /// The node has room all the way to the sink, at its price.
    Room(Node),
}

/// What does not change while a round is solved.
struct Given<'a, const W: usize> {
    network: &'a Network,
    candidates: &'a Candidates<W>,
    /// Cost by link; empty when no link has any.
    costs: &'a [Option<Convex<W>>],
    /// The lowest price there is or will be, at most zero.
    lowest: Cost<W>,
}

struct Search<const W: usize> {
    round: u32,
    seen: Vec<u32>,
    distance: Vec<Cost<W>>,
    step: Vec<Step>,
    done: Vec<Node>,
    queue: BinaryHeap<Reverse<(Cost<W>, Node)>>,
    best: Cost<W>,
    end: End,
}

impl<const W: usize> Search<W> {
    /// Keeps a path to a node if it is the best so far.
    #[inline]
    fn reach(&mut self, node: Node, distance: Cost<W>, step: Step) {
        let at = node as usize;
        if self.seen[at] == self.round && self.distance[at] <= distance {
            return;
        }
        self.seen[at] = self.round;
        self.distance[at] = distance;
        self.step[at] = step;
        self.queue.push(Reverse((distance, node)));
    }

    #[inline]
    fn finish(&mut self, distance: Cost<W>, end: End) {
        if distance < self.best {
            self.best = distance;
            self.end = end;
        }
    }
}

/// Solves the round. `costs` holds a cost by link, and may be empty. Students who have a place in
/// `start`, an optimal plan for them on the same network, are not searched for again. `step` is
/// called once per student with the number done; returns `None` when it says stop.
pub(crate) fn solve<const W: usize>(
    network: &Network,
    candidates: &Candidates<W>,
    costs: &[Option<Convex<W>>],
    start: Option<Flow<W>>,
    mut step: impl FnMut(usize) -> bool,
) -> Option<Flow<W>> {
    let demands = candidates.unplaced.len();
    let costs = if costs.iter().any(Option::is_some) { costs } else { &[] };
    let mut given = Given { network, candidates, costs, lowest: Cost::ZERO };
    let mut flow = start.unwrap_or_else(|| given.empty());
    given.lowest = flow.prices.iter().copied().fold(Cost::ZERO, Cost::min);
    let mut search = Search {
        round: 0,
        seen: vec![0; network.nodes],
        distance: vec![Cost::ZERO; network.nodes],
        step: vec![Step::Start(NONE); network.nodes],
        done: Vec::new(),
        queue: BinaryHeap::new(),
        best: Cost::ZERO,
        end: End::Unplaced,
    };
    for demand in 0..demands {
        if !step(demand) {
            return None;
        }
        if flow.choice[demand] != NONE {
            continue;
        }
        flow.find(&given, demand, &mut search);
        for &node in &search.done {
            let gap = search.best - search.distance[node as usize];
            flow.prices[node as usize] += gap;
        }
        flow.augment(&given, demand, &search);
    }
    Some(flow)
}

impl<const W: usize> Given<'_, W> {
    /// The plan without students. Its prices are the cheapest ways to the sink, or to a node where
    /// nobody can leave.
    fn empty(&self) -> Flow<W> {
        let network = self.network;
        let mut flow = Flow {
            choice: vec![NONE; self.candidates.unplaced.len()],
            at: vec![Vec::new(); network.place_site.len()],
            used: vec![0; network.links.len()],
            prices: vec![Cost::ZERO; network.nodes],
        };
        if !self.costs.is_empty() {
            for node in network.sink_first() {
                let ways = network.outgoing(node).iter().filter(|&&link| flow.has_room(network, link));
                let price = |&link: &u32| self.next(link, 0) + flow.prices[network.links[link as usize].to as usize];
                flow.prices[node as usize] = ways.map(price).min().unwrap_or(Cost::ZERO);
            }
        }
        flow
    }

    /// Cost of one more student through a link that `used` students use.
    #[inline]
    fn next(&self, link: u32, used: u32) -> Cost<W> {
        self.costs.get(link as usize).and_then(Option::as_ref).map_or(Cost::ZERO, |cost| cost.marginal(used + 1))
    }

    /// Cost of the last student through a link that `used` students use, at least one.
    #[inline]
    fn last(&self, link: u32, used: u32) -> Cost<W> {
        self.costs.get(link as usize).and_then(Option::as_ref).map_or(Cost::ZERO, |cost| cost.marginal(used))
    }
}

impl<const W: usize> Flow<W> {
    fn has_room(&self, network: &Network, link: u32) -> bool {
        let cap = network.links[link as usize].cap;
        cap == UNLIMITED || self.used[link as usize] < cap
    }

    /// The first link with room on a way to the sink that has room everywhere and costs what the
    /// node is priced at.
    fn way_out(&self, given: &Given<'_, W>, node: Node) -> Option<u32> {
        let network = given.network;
        network.outgoing(node).iter().copied().find(|&link| {
            let next = network.links[link as usize].to;
            let price = given.next(link, self.used[link as usize]) + self.prices[next as usize];
            self.has_room(network, link)
                && price == self.prices[node as usize]
                && (next == network.sink || self.way_out(given, next).is_some())
        })
    }

    fn find(&self, given: &Given<'_, W>, demand: usize, search: &mut Search<W>) {
        let Given { network, candidates, .. } = *given;
        search.round += 1;
        search.done.clear();
        search.queue.clear();
        search.best = candidates.unplaced[demand];
        search.end = End::Unplaced;
        self.scan(given, demand, Cost::ZERO, search, Step::Start);
        while let Some(Reverse((distance, node))) = search.queue.pop() {
            if distance >= search.best {
                break;
            }
            let at = node as usize;
            if search.distance[at] != distance {
                continue;
            }
            search.done.push(node);
            let so_far = distance - self.prices[at];
            for &link in network.outgoing(node) {
                if self.has_room(network, link) {
                    let to = network.links[link as usize].to;
                    let distance = so_far + given.next(link, self.used[link as usize]) + self.prices[to as usize];
                    if to == network.sink {
                        search.finish(distance, End::Room(node));
                    } else {
                        search.reach(to, distance, Step::Along(link));
                    }
                }
            }
            for &link in network.incoming(node) {
                let used = self.used[link as usize];
                if used > 0 {
                    let from = network.links[link as usize].from;
                    let distance = so_far - given.last(link, used) + self.prices[from as usize];
                    search.reach(from, distance, Step::Against(link));
                }
            }
            if !network.is_place(node) {
                continue;
            }
            for &other in &self.at[at] {
                let without = so_far - candidates.costs[self.choice[other as usize] as usize];
                let gives_up = without + candidates.unplaced[other as usize];
                search.finish(gives_up, End::GivesUp(other));
                let step = |arc| Step::Move(other, arc);
                self.scan(given, other as usize, without, search, step);
            }
        }
    }

    /// Tries the pairs of a student, best first.
    #[inline]
    fn scan(&self, given: &Given<'_, W>, demand: usize, without: Cost<W>, search: &mut Search<W>, step: impl Fn(u32) -> Step) {
        let Given { candidates, lowest, .. } = *given;
        for arc in candidates.of(demand) {
            let so_far = without + candidates.costs[arc];
            if so_far + lowest >= search.best {
                break;
            }
            let node = candidates.arcs[arc].place;
            let price = self.prices[node as usize];
            let distance = so_far + price;
            if distance >= search.best {
                continue;
            }
            #[expect(clippy::cast_possible_truncation, reason = "checked when the run starts")]
            search.reach(node, distance, step(arc as u32));
            let may_be_open = price == Cost::ZERO || !given.costs.is_empty();
            if may_be_open && self.way_out(given, node).is_some() {
                search.finish(distance, End::Room(node));
            }
        }
    }

    /// Carries out the best path: first from its end to the sink, then back to the new student.
    fn augment(&mut self, given: &Given<'_, W>, demand: usize, search: &Search<W>) {
        let Given { network, candidates, .. } = *given;
        let mut node = match search.end {
            End::Unplaced => return,
            End::GivesUp(other) => {
                let arc = self.choice[other as usize];
                let place = candidates.arcs[arc as usize].place;
                self.leave(place, other);
                self.choice[other as usize] = NONE;
                place
            }
            End::Room(node) => {
                let mut next = node;
                while let Some(link) = self.way_out(given, next) {
                    self.used[link as usize] += 1;
                    next = network.links[link as usize].to;
                }
                node
            }
        };
        loop {
            match search.step[node as usize] {
                Step::Start(arc) => {
                    #[expect(clippy::cast_possible_truncation, reason = "at most a million")]
                    self.at[node as usize].push(demand as u32);
                    self.choice[demand] = arc;
                    return;
                }
                Step::Along(link) => {
                    self.used[link as usize] += 1;
                    node = network.links[link as usize].from;
                }
                Step::Against(link) => {
                    self.used[link as usize] -= 1;
                    node = network.links[link as usize].to;
                }
                Step::Move(other, arc) => {
                    let from = candidates.arcs[self.choice[other as usize] as usize].place;
                    self.leave(from, other);
                    self.at[node as usize].push(other);
                    self.choice[other as usize] = arc;
                    node = from;
                }
            }
        }
    }

    fn leave(&mut self, place: Node, demand: u32) {
        let list = &mut self.at[place as usize];
        if let Some(position) = list.iter().position(|&other| other == demand) {
            list.swap_remove(position);
        }
    }
}
