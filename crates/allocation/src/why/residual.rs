//! The cheapest walks through a plan.
//!
//! Nodes are those of the network; "no place" is the sink. A step goes along a link with room,
//! against a link with students, or with a student from one place to another, to none or from none.
//! Taken with the prices, no step costs less than nothing, so Dijkstra finds the cheapest walk.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::candidates::Candidates;
use crate::cost::Cost;
use crate::flow::{Flow, NONE};
use crate::network::{Network, Node, UNLIMITED};

use super::Asked;

/// Who moves from which pair to which (or [`NONE`]), and which links gain or lose students.
#[derive(Debug, Default)]
pub(super) struct Walk {
    pub(super) moves: Vec<(usize, u32, u32)>,
    pub(super) links: Vec<(u32, i64)>,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Along(u32),
    Against(u32),
    /// The student moves to this pair, or to none.
    Move(u32, u32),
}

/// For every place the pairs that lead there, and where the plan has everybody.
#[derive(Debug)]
pub(super) struct Residual<const W: usize> {
    offsets: Vec<usize>,
    pairs: Vec<Visit<W>>,
    /// Place of each student, or the sink.
    stands: Vec<Node>,
}

/// A student who can come to a place.
#[derive(Clone, Copy, Debug)]
struct Visit<const W: usize> {
    demand: u32,
    arc: u32,
    /// What the student pays more there, with prices.
    more: Cost<W>,
}

/// Cheapest walks from nodes to a goal, from those that were asked for and all that are nearer.
pub(super) struct Tree<const W: usize> {
    goal: Node,
    distance: Vec<Option<Cost<W>>>,
    step: Vec<Option<(Step, Node)>>,
    /// True for nodes whose walk is the cheapest.
    done: Vec<bool>,
    queue: BinaryHeap<Reverse<(Cost<W>, Node)>>,
}

impl<const W: usize> Residual<W> {
    pub(super) fn new(network: &Network, candidates: &Candidates<W>, flow: &Flow<W>) -> Self {
        let places = network.place_site.len();
        let mut offsets = vec![0; places + 1];
        for arc in &candidates.arcs {
            offsets[arc.place as usize + 1] += 1;
        }
        for place in 0..places {
            offsets[place + 1] += offsets[place];
        }
        let mut next = offsets.clone();
        let mut pairs = vec![Visit { demand: 0, arc: 0, more: Cost::ZERO }; candidates.arcs.len()];
        let mut stands = Vec::with_capacity(candidates.unplaced.len());
        for (demand, &choice) in flow.choice.iter().enumerate() {
            let pays = |arc: usize| candidates.cost(arc) + flow.prices[candidates.arcs[arc].place as usize];
            let arc = candidates.arcs.get(choice as usize);
            let here = if arc.is_some() { pays(choice as usize) } else { candidates.unplaced[demand] };
            stands.push(arc.map_or(network.sink, |arc| arc.place));
            for arc in candidates.of(demand) {
                let slot = &mut next[candidates.arcs[arc].place as usize];
                pairs[*slot] = Visit { demand: number(demand), arc: number(arc), more: pays(arc) - here };
                *slot += 1;
            }
        }
        Self { offsets, pairs, stands }
    }

    /// Where the plan has the student: a place, or the sink without one.
    pub(super) fn stands(&self, demand: usize) -> Node {
        self.stands[demand]
    }

    /// The cheapest way to have the student at one of the places: what it costs, the place and the
    /// walk. The tree leads to where the student is.
    pub(super) fn cheapest(
        &self,
        asked: &Asked<'_, W>,
        tree: &mut Tree<W>,
        demand: usize,
        places: &[usize],
    ) -> Option<(Cost<W>, usize, Walk)> {
        let choice = asked.flow.choice[demand];
        self.grow(asked, tree, places);
        let here = asked.pays(demand, choice);
        let mut best: Option<(Cost<W>, usize, u32)> = None;
        for arc in asked.candidates.of(demand) {
            let place = asked.candidates.arcs[arc].place as usize;
            if !places.contains(&place) {
                continue;
            }
            let Some(rest) = tree.distance[place] else { continue };
            let cost = asked.pays(demand, number(arc)) - here + rest;
            if best.is_none_or(|(least, ..)| cost < least) {
                best = Some((cost, place, number(arc)));
            }
        }
        let (cost, place, arc) = best?;
        let mut walk = tree.walk(number(place), asked);
        // The walk ends with the student leaving the old place; a walk through that place does so
        // as well, and the student moves once.
        walk.moves.push((demand, choice, arc));
        Some((cost, place, walk))
    }

    /// The walk that one more in a link makes worth while; `None` when there is none.
    pub(super) fn with_one_more(&self, asked: &Asked<'_, W>, link: u32) -> Option<Walk> {
        let network = &asked.problem.network;
        let ends = network.links[link as usize];
        if asked.flow.used[link as usize] < ends.cap {
            return None;
        }
        let mut tree = Tree::new(network, ends.from);
        self.grow(asked, &mut tree, &[ends.to as usize]);
        let rest = tree.distance[ends.to as usize]?;
        let through = asked.next(link) + asked.price(ends.to) - asked.price(ends.from);
        if through + rest >= Cost::ZERO {
            return None;
        }
        let mut walk = tree.walk(ends.to, asked);
        walk.links.push((link, 1));
        Some(walk.together())
    }

    /// Makes the walks from these nodes the cheapest there are.
    fn grow(&self, asked: &Asked<'_, W>, tree: &mut Tree<W>, nodes: &[usize]) {
        let network = &asked.problem.network;
        let sink = network.sink;
        let mut wanted = nodes.iter().filter(|&&node| !tree.done[node]).count();
        while wanted > 0
            && let Some(Reverse((distance, node))) = tree.queue.pop()
        {
            if std::mem::replace(&mut tree.done[node as usize], true) {
                continue;
            }
            wanted -= usize::from(nodes.contains(&(node as usize)));
            let Tree { distance: distances, step: steps, queue, done, .. } = &mut *tree;
            let mut reach = |from: Node, cost: Cost<W>, step: Step| {
                let slot = &mut distances[from as usize];
                let whole = distance + cost;
                if slot.is_none_or(|known| whole < known) {
                    *slot = Some(whole);
                    steps[from as usize] = Some((step, node));
                    queue.push(Reverse((whole, from)));
                }
            };
            for &link in network.incoming(node) {
                let ends = network.links[link as usize];
                if ends.cap == UNLIMITED || asked.flow.used[link as usize] < ends.cap {
                    reach(ends.from, asked.next(link) + asked.price(node) - asked.price(ends.from), Step::Along(link));
                }
            }
            for &link in network.outgoing(node) {
                if asked.flow.used[link as usize] > 0 {
                    let after = network.links[link as usize].to;
                    reach(after, asked.price(node) - asked.last(link) - asked.price(after), Step::Against(link));
                }
            }
            if network.is_place(node) {
                for visit in self.at(node) {
                    let from = self.stands[visit.demand as usize];
                    if !done[from as usize] {
                        reach(from, visit.more, Step::Move(visit.demand, visit.arc));
                    }
                }
            }
            if node == sink {
                for (demand, &choice) in asked.flow.choice.iter().enumerate().filter(|(_, choice)| **choice != NONE) {
                    let from = asked.candidates.arcs[choice as usize].place;
                    let cost = asked.candidates.unplaced[demand] - asked.pays(demand, choice);
                    reach(from, cost, Step::Move(number(demand), NONE));
                }
            }
        }
    }

    fn at(&self, place: Node) -> &[Visit<W>] {
        &self.pairs[self.offsets[place as usize]..self.offsets[place as usize + 1]]
    }
}

impl<const W: usize> Tree<W> {
    pub(super) fn new(network: &Network, goal: Node) -> Self {
        let mut distance = vec![None; network.nodes];
        distance[goal as usize] = Some(Cost::ZERO);
        let queue = BinaryHeap::from([Reverse((Cost::ZERO, goal))]);
        Self { goal, distance, step: vec![None; network.nodes], done: vec![false; network.nodes], queue }
    }

    pub(super) const fn leads_to(&self, goal: Node) -> bool {
        self.goal == goal
    }

    fn walk(&self, from: Node, asked: &Asked<'_, W>) -> Walk {
        let mut walk = Walk::default();
        let mut node = from;
        while node != self.goal {
            let Some((step, next)) = self.step[node as usize] else { break };
            match step {
                Step::Along(link) => walk.links.push((link, 1)),
                Step::Against(link) => walk.links.push((link, -1)),
                Step::Move(demand, to) => walk.moves.push((demand as usize, asked.flow.choice[demand as usize], to)),
            }
            node = next;
        }
        walk.together()
    }
}

impl Walk {
    /// Every link once.
    fn together(mut self) -> Self {
        self.links.sort_unstable();
        let sums = self.links.chunk_by(|a, b| a.0 == b.0).map(|same| (same[0].0, same.iter().map(|row| row.1).sum()));
        self.links = sums.collect();
        self
    }
}

impl<const W: usize> Asked<'_, W> {
    /// What the student pays at a pair, with the price of the place, or without one.
    fn pays(&self, demand: usize, choice: u32) -> Cost<W> {
        match self.candidates.arcs.get(choice as usize) {
            Some(arc) => self.candidates.cost(choice as usize) + self.price(arc.place),
            None => self.candidates.unplaced[demand],
        }
    }

    /// Cost of one more student through a link.
    fn next(&self, link: u32) -> Cost<W> {
        let used = self.flow.used[link as usize];
        self.costs[link as usize].map_or(Cost::ZERO, |cost| cost.whole(used + 1))
    }

    /// Cost of the last student through a link.
    fn last(&self, link: u32) -> Cost<W> {
        let used = self.flow.used[link as usize];
        self.costs[link as usize].map_or(Cost::ZERO, |cost| cost.whole(used))
    }
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(NONE)
}
