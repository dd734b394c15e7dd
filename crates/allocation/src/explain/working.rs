//! Working memory of the searches.

use std::collections::VecDeque;

use crate::candidates::Candidates;
use crate::flow::NONE;
use crate::network::{Network, Node};

use super::{FAR, count};

/// Working memory of searches from a student's side.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    round: u32,
    seen: Vec<(u32, u32)>,
    before: Vec<(Node, Option<u32>)>,
    pub(super) queue: VecDeque<(Node, u32)>,
}

impl Scratch {
    pub(super) fn begin(&mut self, nodes: usize) {
        self.round += 1;
        self.seen.resize(nodes, (0, FAR));
        self.before.resize(nodes, (NONE, None));
        self.queue.clear();
    }

    pub(super) fn crossings(&self, node: Node) -> u32 {
        let (round, crossings) = self.seen[node as usize];
        if round == self.round { crossings } else { FAR }
    }

    pub(super) fn reach(&mut self, node: Node, crossings: u32, before: (Node, Option<u32>), limit: u32) {
        if crossings >= limit || crossings >= self.crossings(node) {
            return;
        }
        self.seen[node as usize] = (self.round, crossings);
        self.before[node as usize] = before;
        if before.1.is_some() {
            self.queue.push_back((node, crossings));
        } else {
            self.queue.push_front((node, crossings));
        }
    }

    /// The start of the walk to a node, and the full links on it.
    pub(super) fn crossed_to(&self, mut node: Node) -> (Node, Vec<u32>) {
        let mut links = Vec::new();
        loop {
            let (before, link) = self.before[node as usize];
            links.extend(link);
            if before == NONE {
                return (node, links);
            }
            node = before;
        }
    }
}

/// For every place the pairs that lead there: student and position of the pair.
#[derive(Debug)]
pub(super) struct Visits {
    offsets: Vec<usize>,
    pairs: Vec<(u32, u32)>,
}

impl Visits {
    pub(super) fn new<const W: usize>(network: &Network, candidates: &Candidates<W>) -> Self {
        let places = network.place_site.len();
        let mut offsets = vec![0; places + 1];
        for arc in &candidates.arcs {
            offsets[arc.place as usize + 1] += 1;
        }
        for place in 0..places {
            offsets[place + 1] += offsets[place];
        }
        let mut next = offsets.clone();
        let mut pairs = vec![(0, 0); candidates.arcs.len()];
        for demand in 0..candidates.unplaced.len() {
            for arc in candidates.of(demand) {
                let slot = &mut next[candidates.arcs[arc].place as usize];
                pairs[*slot] = (count(demand), count(arc));
                *slot += 1;
            }
        }
        Self { offsets, pairs }
    }

    pub(super) fn of(&self, place: Node) -> &[(u32, u32)] {
        &self.pairs[self.offsets[place as usize]..self.offsets[place as usize + 1]]
    }
}
