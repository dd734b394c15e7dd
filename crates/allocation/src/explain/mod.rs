//! Why a student has no place or no kern place: the fewest capacities to raise.
//!
//! The plan is walked as a residual network: a student with a wish for a place enters there, a
//! student already there may move to another place, and so on until there is room. Crossing a full
//! capacity costs one. A cheapest walk to the sink names the capacities. One search backwards from
//! the sink serves all students without a place, and another one all students not at kern; only
//! when that one needs two capacities or more, a search from the student's side looks whether the
//! room the student leaves behind makes a smaller set possible.

mod shortages;
mod working;

use std::collections::VecDeque;

use crate::candidates::Candidates;
use crate::eligibility::Tally;
use crate::flow::{Flow, NONE};
use crate::index::Index;
use crate::input::Standing;
use crate::network::{Capacity, Guidance, Link, Network, Node, UNLIMITED};
use crate::proposal::{Bottleneck, Explanation, Side};

pub(crate) use working::Scratch;
use working::Visits;

/// Which moves of other students an explanation may count on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moves {
    /// Any move: placed is placed.
    Anywhere,
    /// Only to places that are as good on the levels down to the ladder.
    NobodyWorse,
}

/// A solved round, seen by those who ask why.
#[derive(Debug)]
pub(crate) struct Explainer<'a, const W: usize> {
    pub(crate) index: &'a Index<'a>,
    pub(crate) network: &'a Network,
    pub(crate) candidates: &'a Candidates<W>,
    pub(crate) flow: &'a Flow<W>,
    /// Trainer link of each placed student, or [`NONE`].
    pub(crate) covered_by: &'a [u32],
    /// Students placed outside.
    outside: u32,
    /// True per link of a part of a trainer who is full.
    shared_full: Vec<bool>,
    tally: Tally<'a>,
    to_sink: [Walks; 2],
}

/// Cheapest walks from every node to the sink.
#[derive(Debug, Default)]
struct Walks {
    crossings: Vec<u32>,
    next: Vec<(Node, Option<u32>)>,
}

const FAR: u32 = u32::MAX;

impl<'a, const W: usize> Explainer<'a, W> {
    pub(crate) fn new(
        index: &'a Index<'a>,
        network: &'a Network,
        candidates: &'a Candidates<W>,
        flow: &'a Flow<W>,
        covered_by: &'a [u32],
    ) -> Self {
        let mut outside = 0;
        for &choice in flow.choice.iter().filter(|&&choice| choice != NONE) {
            let arc = candidates.arcs[choice as usize];
            outside += u32::from(arc.standing == Standing::Outside);
        }
        let mut shared_full = vec![false; network.links.len()];
        for shared in network.shared.iter().filter(|shared| network.through(shared, &flow.used) >= shared.cap) {
            for &coach in &shared.coaches {
                shared_full[network.coaches[coach].link as usize] = true;
            }
        }
        let (tally, to_sink) = (Tally::new(index), Default::default());
        let mut explainer = Self { index, network, candidates, flow, covered_by, outside, shared_full, tally, to_sink };
        if !flow.choice.is_empty() {
            let visits = Visits::new(network, candidates);
            explainer.to_sink = [Moves::Anywhere, Moves::NobodyWorse].map(|moves| explainer.walks(&visits, moves));
        }
        explainer
    }

    fn has_room(&self, link: u32) -> bool {
        let cap = self.network.links[link as usize].cap;
        cap == UNLIMITED || (self.flow.used[link as usize] < cap && !self.shared_full[link as usize])
    }

    /// True when a placed student may move along `arc` in an explanation.
    fn may_move(&self, arc: usize, choice: u32, moves: Moves) -> bool {
        let (to, from) = (self.candidates.arcs[arc], self.candidates.arcs[choice as usize]);
        let guided = !matches!(self.network.guidance, Guidance::Crossing(_))
            || to.standing != Standing::Outside
            || from.standing == Standing::Outside;
        guided && (moves == Moves::Anywhere || to.class <= from.class)
    }

    /// Searches backwards from the sink.
    fn walks(&self, visits: &Visits, moves: Moves) -> Walks {
        let network = self.network;
        let mut walks = Walks { crossings: vec![FAR; network.nodes], next: vec![(network.sink, None); network.nodes] };
        let mut queue = VecDeque::from([(network.sink, 0)]);
        walks.crossings[network.sink as usize] = 0;
        while let Some((node, crossings)) = queue.pop_front() {
            if walks.crossings[node as usize] < crossings {
                continue;
            }
            for &link in network.incoming(node) {
                let from = network.links[link as usize].from;
                if self.has_room(link) {
                    walks.reach(&mut queue, from, crossings, (node, None));
                } else {
                    walks.reach(&mut queue, from, crossings + 1, (node, Some(link)));
                }
            }
            for &link in network.outgoing(node) {
                if self.flow.used[link as usize] > 0 {
                    let back = network.links[link as usize].to;
                    walks.reach(&mut queue, back, crossings, (node, None));
                }
            }
            if network.is_place(node) {
                for &(demand, arc) in visits.of(node) {
                    let choice = self.flow.choice[demand as usize];
                    if choice == NONE {
                        continue;
                    }
                    let from = self.candidates.arcs[choice as usize].place;
                    if walks.crossings[from as usize] > crossings && self.may_move(arc as usize, choice, moves) {
                        walks.reach(&mut queue, from, crossings, (node, None));
                    }
                }
            }
        }
        walks
    }

    /// The full capacities of a pair that are not in the network.
    fn full_sides(&self, standing: Standing) -> Vec<Bottleneck> {
        let mut full = Vec::new();
        if let (Guidance::Crossing(cap), Standing::Outside) = (self.network.guidance, standing)
            && self.outside >= cap
        {
            full.push(Bottleneck::OutsideGuidance(cap));
        }
        full
    }

    /// For a student without a place: the fewest full capacities on the way from any possible
    /// place, that place, and those of them that are not in the network.
    fn nearest(&self, demand: usize) -> Option<(u32, Node, Vec<Bottleneck>)> {
        let walks = &self.to_sink[0];
        let mut best: Option<(u32, Node, Vec<Bottleneck>)> = None;
        for arc in self.candidates.of(demand) {
            let arc = self.candidates.arcs[arc];
            let sides = self.full_sides(arc.standing);
            let crossings = walks.crossings[arc.place as usize].saturating_add(count(sides.len()));
            if best.as_ref().is_none_or(|(least, ..)| crossings < *least) {
                best = Some((crossings, arc.place, sides));
            }
        }
        best
    }

    /// The rules that are no capacity and can keep the student from a place with room.
    fn held_by(&self, demand: usize) -> Vec<Side> {
        let demand_row = self.index.demands[demand];
        let mut by: Vec<Side> = demand_row.team.map(Side::Team).into_iter().collect();
        for arc in self.candidates.of(demand) {
            let site = self.network.sites[self.network.place_site[self.candidates.arcs[arc].place as usize] as usize];
            if site.least.is_some() {
                by.push(Side::Least(self.index.schools[site.school].key, site.period));
            }
        }
        by.sort_unstable();
        by.dedup();
        by
    }

    /// Why the student has no place.
    pub(crate) fn unplaced(&self, demand: usize) -> Explanation {
        let removed = self.tally.removed(demand, None);
        let Some((crossings, node, mut bottlenecks)) = self.nearest(demand) else {
            return Explanation::NoCandidate { removed };
        };
        if crossings == 0 {
            return Explanation::Held { by: self.held_by(demand), removed };
        }
        let links = self.to_sink[0].crossed_from(node, self.network.sink);
        bottlenecks.extend(links.into_iter().filter_map(|link| self.name(link)));
        bottlenecks.sort_unstable();
        Explanation::Full { bottlenecks, removed }
    }

    /// Why a placed student is not at kern.
    pub(crate) fn not_kern(&self, demand: usize, scratch: &mut Scratch) -> Explanation {
        let removed = self.tally.removed(demand, Some(Standing::Kern));
        if removed.possible == 0 {
            return Explanation::NoCandidate { removed };
        }
        let candidates = self.candidates;
        let choice = candidates.arcs[self.flow.choice[demand] as usize];
        let walks = &self.to_sink[1];
        let own_sides = self.full_sides(choice.standing);
        let mut starts: Vec<(Node, Vec<Bottleneck>)> = Vec::new();
        for arc in candidates.of(demand) {
            let arc = candidates.arcs[arc];
            if arc.class < choice.class && arc.standing == Standing::Kern {
                let mut sides = self.full_sides(arc.standing);
                sides.retain(|side| !own_sides.contains(side));
                starts.push((arc.place, sides));
            }
        }
        let crossings = |(node, sides): &(Node, Vec<Bottleneck>)| walks.crossings[*node as usize].saturating_add(count(sides.len()));
        let Some(nearest) = starts.iter().min_by_key(|start| crossings(start)) else {
            return Explanation::Outranked { removed };
        };
        let least = crossings(nearest);
        let fewer = if least > 1 { self.with_own_room(demand, &starts, least, scratch) } else { None };
        let mut bottlenecks = fewer.unwrap_or_else(|| {
            let links = walks.crossed_from(nearest.0, self.network.sink);
            links.into_iter().filter_map(|link| self.name(link)).chain(nearest.1.iter().copied()).collect()
        });
        if bottlenecks.is_empty() {
            // Room is left for the good of a school, or to keep some students together.
            let by = self.held_by(demand);
            return if by.is_empty() { Explanation::Outranked { removed } } else { Explanation::Held { by, removed } };
        }
        bottlenecks.sort_unstable();
        Explanation::Full { bottlenecks, removed }
    }

    /// The links that the placed student's own unit uses.
    fn own_links(&self, demand: usize) -> Vec<u32> {
        let mut links = Vec::new();
        let mut node = self.candidates.arcs[self.flow.choice[demand] as usize].place;
        while node != self.network.sink {
            let covered_by = self.covered_by[demand];
            let outgoing = self.network.outgoing(node);
            let link = outgoing.iter().find(|&&link| link == covered_by).or(outgoing.first());
            let Some(&link) = link else { break };
            links.push(link);
            node = self.network.links[link as usize].to;
        }
        links
    }

    /// Searches from the student's side for fewer than `limit` capacities, counting the room the
    /// student leaves.
    fn with_own_room(
        &self,
        demand: usize,
        starts: &[(Node, Vec<Bottleneck>)],
        limit: u32,
        scratch: &mut Scratch,
    ) -> Option<Vec<Bottleneck>> {
        let network = self.network;
        let own = self.own_links(demand);
        let used = |link: u32| self.flow.used[link as usize] - u32::from(own.contains(&link));
        scratch.begin(network.nodes);
        for (node, sides) in starts {
            scratch.reach(*node, count(sides.len()), (NONE, None), limit);
        }
        while let Some((node, crossings)) = scratch.queue.pop_front() {
            if scratch.crossings(node) < crossings {
                continue;
            }
            if node == network.sink {
                let (start, links) = scratch.crossed_to(node);
                let sides = starts.iter().find(|other| other.0 == start).map(|other| other.1.iter().copied());
                return Some(links.into_iter().filter_map(|link| self.name(link)).chain(sides.into_iter().flatten()).collect());
            }
            for &link in network.outgoing(node) {
                let Link { to, cap, .. } = network.links[link as usize];
                let shared = self.shared_full[link as usize] && !own.contains(&link);
                if cap == UNLIMITED || (used(link) < cap && !shared) {
                    scratch.reach(to, crossings, (node, None), limit);
                } else {
                    scratch.reach(to, crossings + 1, (node, Some(link)), limit);
                }
            }
            for &link in network.incoming(node) {
                if used(link) > 0 {
                    let from = network.links[link as usize].from;
                    scratch.reach(from, crossings, (node, None), limit);
                }
            }
            if !network.is_place(node) {
                continue;
            }
            for &other in &self.flow.at[node as usize] {
                if other as usize == demand {
                    continue;
                }
                let choice = self.flow.choice[other as usize];
                let class = self.candidates.arcs[choice as usize].class;
                for arc in self.candidates.of(other as usize) {
                    if self.candidates.arcs[arc].class > class {
                        break;
                    }
                    if self.may_move(arc, choice, Moves::NobodyWorse) {
                        let to = self.candidates.arcs[arc].place;
                        scratch.reach(to, crossings, (node, None), limit);
                    }
                }
            }
        }
        None
    }

    /// The name of a capacity.
    fn name(&self, link: u32) -> Option<Bottleneck> {
        let Link { cap, capacity, .. } = self.network.links[link as usize];
        match capacity {
            Capacity::Place(place) => Some(Bottleneck::Place(self.index.places[place].key, cap)),
            Capacity::SchoolTotal(site) => {
                let site = self.network.sites[site];
                let school = self.index.schools[site.school].key;
                Some(Bottleneck::SchoolTotal(school, site.period, cap))
            }
            Capacity::Trainer(coach) => {
                let coach = self.network.coaches[coach];
                let trainer = self.index.trainers[coach.trainer].key;
                Some(Bottleneck::Trainer(trainer, coach.period, cap))
            }
            Capacity::Board(umbrella) => {
                let umbrella = self.network.umbrellas[umbrella];
                Some(Bottleneck::Board(self.index.boards[umbrella.board].key, umbrella.period, cap))
            }
            Capacity::OutsideGuidance => Some(Bottleneck::OutsideGuidance(cap)),
            Capacity::Covers | Capacity::Least(_) => None,
        }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Walks {
    fn reach(&mut self, queue: &mut VecDeque<(Node, u32)>, node: Node, crossings: u32, next: (Node, Option<u32>)) {
        let at = node as usize;
        if crossings < self.crossings[at] {
            self.crossings[at] = crossings;
            self.next[at] = next;
            if next.1.is_some() {
                queue.push_back((node, crossings));
            } else {
                queue.push_front((node, crossings));
            }
        }
    }

    /// The full links on the walk from a node.
    fn crossed_from(&self, mut node: Node, sink: Node) -> Vec<u32> {
        let mut links = Vec::new();
        while node != sink {
            let (next, link) = self.next[node as usize];
            links.extend(link);
            node = next;
        }
        links
    }
}
