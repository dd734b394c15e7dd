//! Shortest paths in whole costs, from one node that is out of balance to the nearest end.
//!
//! The same steps as in `flow`, but all words of the cost at once, and nothing is prepared: a path is
//! as dear as what it visits.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::cost::Cost;
use crate::flow::NONE;
use crate::network::Node;

use super::state::{State, number};

#[derive(Clone, Copy, Debug)]
enum Step {
    Start,
    /// One student more, or less, along a link; the path goes on at its other end.
    Link(u32, i8),
    /// The student moves to this pair.
    Move(u32, u32),
}

/// Where a path ends.
#[derive(Clone, Copy, Debug)]
enum End {
    /// At a node that is out of balance the other way.
    Node(Node),
    /// At the sink, with one more or less through the link from this node.
    Sink(Node, u32, i8),
    /// With a student who gives up the place, or takes one.
    Student(u32, u32),
}

#[derive(Clone, Copy)]
struct Label<const W: usize> {
    distance: Cost<W>,
    round: u32,
    step: Step,
}

/// The state of a search, kept for the next one.
pub(super) struct Walk<const W: usize> {
    /// The largest word of any price that a search made.
    pub(super) farthest: i128,
    round: u32,
    labels: Vec<Label<W>>,
    queue: BinaryHeap<Reverse<(Cost<W>, Node)>>,
    done: Vec<Node>,
    end: Option<(Cost<W>, End)>,
}

impl<const W: usize> Walk<W> {
    pub(super) fn new(nodes: usize) -> Self {
        let labels = vec![Label { distance: Cost::ZERO, round: 0, step: Step::Start }; nodes];
        Self { farthest: 0, round: 0, labels, queue: BinaryHeap::new(), done: Vec::new(), end: None }
    }

    fn begin(&mut self) {
        if self.round == u32::MAX {
            self.labels.iter_mut().for_each(|label| label.round = 0);
            self.round = 0;
        }
        self.round += 1;
        self.queue.clear();
        self.done.clear();
        self.end = None;
    }

    fn ends_within(&self, distance: &Cost<W>) -> bool {
        self.end.as_ref().is_some_and(|(best, _)| best <= distance)
    }

    fn reach(&mut self, node: Node, distance: Cost<W>, step: Step) {
        let label = &mut self.labels[node as usize];
        if (label.round == self.round && label.distance <= distance) || self.end.as_ref().is_some_and(|(best, _)| *best <= distance) {
            return;
        }
        *label = Label { distance, round: self.round, step };
        self.queue.push(Reverse((distance, node)));
    }

    fn finish(&mut self, distance: Cost<W>, end: End) {
        if !self.ends_within(&distance) {
            self.end = Some((distance, end));
        }
    }

    /// The nearest node that no path has been looked for from, unless an end is as near.
    fn next(&mut self) -> Option<(Cost<W>, Node)> {
        while let Some(Reverse((distance, node))) = self.queue.pop() {
            if self.ends_within(&distance) {
                return None;
            }
            if self.labels[node as usize].distance == distance {
                self.done.push(node);
                return Some((distance, node));
            }
        }
        None
    }
}

/// What is out of balance, and so which way a path is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// One student too many, who has to go somewhere.
    On,
    /// One student too few, who has to come from somewhere.
    Back,
}

impl<const W: usize> State<'_, W> {
    /// Finds the best for a student who has no place, as things are.
    pub(super) fn place(&mut self, demand: u32) {
        self.walk.begin();
        let arcs = self.problem.candidates.of(demand as usize);
        let missing = self.pays(demand, NONE);
        let least = arcs.clone().map(|arc| self.pays(demand, number(arc))).fold(missing, Cost::min);
        self.walk.finish(missing - least, End::Student(demand, NONE));
        for arc in arcs {
            let distance = self.pays(demand, number(arc)) - least;
            self.walk.reach(self.problem.candidates.arcs[arc].place, distance, Step::Move(demand, number(arc)));
        }
        self.search(Way::On);
        self.carry_out(Way::On);
    }

    /// Sends one student on from a node that has too many. False when there is no way.
    pub(super) fn relieve(&mut self, node: Node) -> bool {
        self.mend(node, Way::On)
    }

    /// Fetches one student to a node that has too few. False when there is no way.
    pub(super) fn fill(&mut self, node: Node) -> bool {
        self.mend(node, Way::Back)
    }

    fn mend(&mut self, node: Node, way: Way) -> bool {
        self.walk.begin();
        self.walk.reach(node, Cost::ZERO, Step::Start);
        self.search(way);
        if self.walk.end.is_none() {
            return false;
        }
        self.over[node as usize] -= if way == Way::On { 1 } else { -1 };
        self.carry_out(way);
        true
    }

    fn search(&mut self, way: Way) {
        let mut walk = std::mem::replace(&mut self.walk, Walk::new(0));
        while let Some((distance, node)) = walk.next() {
            match way {
                Way::On if self.over[node as usize] < 0 => walk.finish(distance, End::Node(node)),
                Way::Back if self.over[node as usize] > 0 => walk.finish(distance, End::Node(node)),
                Way::On => self.spread(node, distance, &mut walk),
                Way::Back => self.gather(node, distance, &mut walk),
            }
        }
        self.walk = walk;
    }

    /// Everywhere one student too many at a node can go.
    fn spread(&self, node: Node, now: Cost<W>, walk: &mut Walk<W>) {
        let network = &self.problem.network;
        let without = now - self.price(node);
        if network.is_place(node) {
            for &other in &self.flow.at[node as usize] {
                let without = now - self.pays(other, self.flow.choice[other as usize]);
                walk.finish(without + self.pays(other, NONE), End::Student(other, NONE));
                for arc in self.problem.candidates.of(other as usize) {
                    let place = self.problem.candidates.arcs[arc].place;
                    if place != node {
                        walk.reach(place, without + self.pays(other, number(arc)), Step::Move(other, number(arc)));
                    }
                }
            }
        }
        for &link in network.incoming(node) {
            if self.flow.used[link as usize] > 0 {
                let from = network.links[link as usize].from;
                walk.reach(from, without - self.last(link) + self.price(from), Step::Link(link, -1));
            }
        }
        for &link in network.outgoing(node) {
            if self.has_room(link) {
                let to = network.links[link as usize].to;
                let distance = without + self.next(link) + self.price(to);
                if to == network.sink {
                    walk.finish(distance, End::Sink(node, link, 1));
                } else {
                    walk.reach(to, distance, Step::Link(link, 1));
                }
            }
        }
    }

    /// Everywhere one student for a node can come from.
    fn gather(&self, node: Node, now: Cost<W>, walk: &mut Walk<W>) {
        let network = &self.problem.network;
        let with = now + self.price(node);
        if network.is_place(node) {
            for &(demand, arc) in &self.visits[node as usize] {
                let here = self.flow.choice[demand as usize];
                if here == arc || self.away[demand as usize] {
                    continue;
                }
                let distance = with + self.problem.candidates.cost(arc as usize) - self.pays(demand, here);
                match self.problem.candidates.arcs.get(here as usize) {
                    None => walk.finish(distance, End::Student(demand, arc)),
                    Some(from) => walk.reach(from.place, distance, Step::Move(demand, arc)),
                }
            }
        }
        for &link in network.incoming(node) {
            if self.has_room(link) {
                let from = network.links[link as usize].from;
                walk.reach(from, with + self.next(link) - self.price(from), Step::Link(link, 1));
            }
        }
        for &link in network.outgoing(node) {
            if self.flow.used[link as usize] > 0 {
                let to = network.links[link as usize].to;
                let distance = with - self.last(link) - self.price(to);
                if to == network.sink {
                    walk.finish(distance, End::Sink(node, link, -1));
                } else {
                    walk.reach(to, distance, Step::Link(link, -1));
                }
            }
        }
    }

    /// Brings the prices in line with what was visited, and carries out the path from its end.
    fn carry_out(&mut self, way: Way) {
        let Some((best, end)) = self.walk.end else { return };
        for &node in &self.walk.done {
            let distance = self.walk.labels[node as usize].distance;
            let price = &mut self.flow.prices[node as usize];
            match way {
                Way::On => *price = *price + best - distance,
                Way::Back => *price = *price + distance - best,
            }
            self.walk.farthest = price.0.iter().fold(self.walk.farthest, |most, word| most.max(word.abs()));
        }
        let mut node = match end {
            End::Node(node) => {
                self.over[node as usize] += if way == Way::On { 1 } else { -1 };
                node
            }
            End::Sink(node, link, more) => {
                self.pass(link, more);
                node
            }
            End::Student(demand, choice) => {
                let from = self.flow.choice[demand as usize];
                self.put(demand, choice);
                let at = if way == Way::On { from } else { choice };
                match self.problem.candidates.arcs.get(at as usize) {
                    Some(arc) => arc.place,
                    // Somebody without a place, who stays so.
                    None => return,
                }
            }
        };
        loop {
            match self.walk.labels[node as usize].step {
                Step::Start => return,
                Step::Link(link, more) => {
                    self.pass(link, more);
                    let ends = self.problem.network.links[link as usize];
                    node = if (way == Way::On) == (more > 0) { ends.from } else { ends.to };
                }
                Step::Move(demand, choice) => {
                    let from = self.flow.choice[demand as usize];
                    self.put(demand, choice);
                    let at = if way == Way::On { from } else { choice };
                    match self.problem.candidates.arcs.get(at as usize) {
                        Some(arc) => node = arc.place,
                        None => return,
                    }
                }
            }
        }
    }

    fn pass(&mut self, link: u32, more: i8) {
        let used = &mut self.flow.used[link as usize];
        *used = used.saturating_add_signed(more.into());
    }

    fn has_room(&self, link: u32) -> bool {
        self.flow.used[link as usize] < self.problem.network.links[link as usize].cap
    }

    /// Cost of one more student through a link.
    fn next(&self, link: u32) -> Cost<W> {
        self.marginal(link, self.flow.used[link as usize] + 1)
    }

    /// Cost of the last student through a link.
    fn last(&self, link: u32) -> Cost<W> {
        self.marginal(link, self.flow.used[link as usize])
    }
}
