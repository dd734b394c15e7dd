//! The network simplex method.
//!
//! A spanning tree carries the flow that is between its bounds; every other arc is at one of its
//! bounds. An arc that would make the flow cheaper enters the tree, flow goes round the cycle it
//! closes, and an arc that hits a bound leaves. Choosing the leaving arc as Cunningham does (the
//! last one on the cycle, seen from the join) makes sure that this ends. Arcs are priced block by block.

use super::number::{Number, OfWords};
use super::tree::{Direction, Tree};
use super::{Arc, Problem, UNLIMITED};

/// Why the method stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// No arc makes the flow cheaper.
    Optimal,
    /// Not all supply reaches a demand.
    Infeasible,
    /// A cycle without bounds makes the flow cheaper for ever.
    Ray,
}

/// Where an arc is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Lower,
    Tree,
    Upper,
}

/// The state of the method. Arcs are numbered in the order of `order`; after them comes an extra
/// arc between every node and the root. Lower bounds are subtracted from the flows.
pub(super) struct Simplex<Q, C> {
    order: Vec<u32>,
    ends: Vec<(u32, u32)>,
    costs: Vec<C>,
    states: Vec<State>,
    caps: Vec<Q>,
    flows: Vec<Q>,
    potentials: Vec<C>,
    tree: Tree,
    next: usize,
}

/// The arc that leaves, as the node under it, and how much flows round.
struct Leaving<Q> {
    delta: Q,
    /// `None`: the entering arc goes from one bound to the other.
    node: Option<(u32, Side)>,
}

/// On which side of the cycle: towards the start or towards the end of the entering flow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    First,
    Second,
}

impl<Q: OfWords<1>, C: Number> Simplex<Q, C> {
    /// The start: all supply goes over the root, which costs more than any way without it.
    pub(super) fn new<const W: usize>(problem: &Problem<W>) -> Self
    where
        C: OfWords<W>,
    {
        let (nodes, arcs) = (problem.supplies.len(), problem.arcs.len());
        let mut supplies: Vec<i128> = problem.supplies.iter().map(|&supply| supply.into()).collect();
        for arc in &problem.arcs {
            supplies[arc.from as usize] -= i128::from(arc.lower);
            supplies[arc.to as usize] += i128::from(arc.lower);
        }
        let order = mixed(arcs);
        let sorted = || order.iter().map(|&arc| &problem.arcs[arc as usize]);
        let mut ends: Vec<(u32, u32)> = sorted().map(|arc| (arc.from, arc.to)).collect();
        let mut costs: Vec<C> = sorted().map(|arc| C::of_words(arc.cost)).collect();
        let mut caps: Vec<Q> = sorted().map(room).collect();
        let mut flows = vec![Q::ZERO; arcs];
        let (root, detour) = (number(nodes), C::of_words(detour(problem)));
        let mut hung = Vec::with_capacity(nodes);
        for (node, &supply) in (0..).zip(&supplies) {
            let (end, cost, direction) =
                if supply >= 0 { ((node, root), C::ZERO, Direction::Up) } else { ((root, node), detour, Direction::Down) };
            hung.push((number(ends.len()), direction));
            ends.push(end);
            costs.push(cost);
            caps.push(Q::MAX);
            flows.push(Q::of_words([supply.abs()]));
        }
        let mut potentials = costs[arcs..].to_vec();
        potentials.push(C::ZERO);
        let mut states = vec![State::Lower; arcs];
        states.resize(arcs + nodes, State::Tree);
        Self { order, ends, costs, states, caps, flows, potentials, tree: Tree::star(&hung), next: 0 }
    }

    /// Pivots until nothing gets cheaper.
    pub(super) fn run(&mut self) -> End {
        while let Some(entering) = self.entering() {
            let (from, to) = self.ends[entering];
            let (first, second) = if self.states[entering] == State::Lower { (from, to) } else { (to, from) };
            let join = self.tree.join(first, second);
            let leaving = self.leaving(entering, first, second, join);
            if leaving.delta == Q::MAX {
                return End::Ray;
            }
            self.push(entering, first, second, join, leaving.delta);
            let Some((cut, side)) = leaving.node else {
                self.states[entering] = if self.states[entering] == State::Lower { State::Upper } else { State::Lower };
                continue;
            };
            let out = self.tree.at(cut).arc as usize;
            self.states[out] = if self.flows[out] == Q::ZERO { State::Lower } else { State::Upper };
            self.states[entering] = State::Tree;
            let (top, parent) = if side == Side::First { (first, second) } else { (second, first) };
            self.enter(entering, cut, top, parent);
        }
        let extra = &self.flows[self.order.len()..];
        if extra.iter().all(|&flow| flow == Q::ZERO) { End::Optimal } else { End::Infeasible }
    }

    /// The arc of a block that saves most per unit, from the first block in which one does.
    fn entering(&mut self) -> Option<usize> {
        let arcs = self.order.len();
        let block = arcs.isqrt().max(16);
        let (mut best, mut found, mut left) = (C::ZERO, None, block);
        for arc in (self.next..arcs).chain(0..self.next) {
            let (from, to) = self.ends[arc];
            let reduced = match self.states[arc] {
                State::Lower => self.costs[arc] + self.potentials[from as usize] - self.potentials[to as usize],
                State::Upper => self.potentials[to as usize] - self.potentials[from as usize] - self.costs[arc],
                State::Tree => C::ZERO,
            };
            if reduced < best {
                (best, found) = (reduced, Some(arc));
            }
            left -= 1;
            if left == 0 {
                if found.is_some() {
                    self.next = arc + 1;
                    return found;
                }
                left = block;
            }
        }
        found
    }

    /// How much can flow round, and what stops it. Of several arcs that do, the last one on the
    /// way round that starts and ends at the join.
    fn leaving(&self, entering: usize, first: u32, second: u32, join: u32) -> Leaving<Q> {
        let mut leaving = Leaving { delta: self.caps[entering], node: None };
        let mut node = first;
        while node != join {
            let hung = self.tree.at(node);
            let room = self.room(hung.arc, hung.direction == Direction::Down);
            if room < leaving.delta {
                leaving = Leaving { delta: room, node: Some((node, Side::First)) };
            }
            node = hung.parent;
        }
        node = second;
        while node != join {
            let hung = self.tree.at(node);
            let room = self.room(hung.arc, hung.direction == Direction::Up);
            if room <= leaving.delta {
                leaving = Leaving { delta: room, node: Some((node, Side::Second)) };
            }
            node = hung.parent;
        }
        leaving
    }

    /// How much more can flow along an arc, or against it.
    fn room(&self, arc: u32, along: bool) -> Q {
        let arc = arc as usize;
        match (along, self.caps[arc]) {
            (false, _) => self.flows[arc],
            (true, cap) if cap == Q::MAX => cap,
            (true, cap) => cap - self.flows[arc],
        }
    }

    /// Sends flow round the cycle that the entering arc closes.
    fn push(&mut self, entering: usize, first: u32, second: u32, join: u32, delta: Q) {
        if delta == Q::ZERO {
            return;
        }
        let flow = &mut self.flows[entering];
        *flow = if self.states[entering] == State::Lower { *flow + delta } else { *flow - delta };
        for (start, with) in [(first, Direction::Down), (second, Direction::Up)] {
            let mut node = start;
            while node != join {
                let hung = self.tree.at(node);
                let flow = &mut self.flows[hung.arc as usize];
                *flow = if hung.direction == with { *flow + delta } else { *flow - delta };
                node = hung.parent;
            }
        }
    }

    /// Puts the entering arc in the tree: what is under `cut` hangs by it from now on.
    fn enter(&mut self, entering: usize, cut: u32, top: u32, parent: u32) {
        let direction = if self.ends[entering].0 == top { Direction::Up } else { Direction::Down };
        let potential = match direction {
            Direction::Up => self.potentials[parent as usize] - self.costs[entering],
            Direction::Down => self.potentials[parent as usize] + self.costs[entering],
        };
        let rise = potential - self.potentials[top as usize];
        self.tree.rehang(cut, top, parent, number(entering), direction);
        let potentials = &mut self.potentials;
        self.tree.below(top, |node| potentials[node as usize] += rise);
    }

    /// The flow on every arc of the problem.
    pub(super) fn flows<const W: usize>(&self, problem: &Problem<W>) -> Vec<i128> {
        let mut flows: Vec<i128> = problem.arcs.iter().map(|arc| arc.lower.into()).collect();
        for (&arc, flow) in self.order.iter().zip(&self.flows) {
            let [flow] = flow.words();
            flows[arc as usize] += flow;
        }
        flows
    }

    /// The potentials of the nodes of the problem.
    pub(super) fn potentials<const W: usize>(&self) -> Vec<[i128; W]>
    where
        C: OfWords<W>,
    {
        self.potentials.iter().take(self.potentials.len() - 1).map(|potential| potential.words()).collect()
    }
}

/// An order in which arcs that follow each other have little to do with each other, so that a
/// block of them is a fair sample.
fn mixed(arcs: usize) -> Vec<u32> {
    let stride = arcs.isqrt().max(1);
    (0..stride).flat_map(|first| (first..arcs).step_by(stride)).map(number).collect()
}

/// How much more than its lower bound an arc can carry.
fn room<const W: usize, Q: OfWords<1>>(arc: &Arc<W>) -> Q {
    if arc.upper == UNLIMITED { Q::MAX } else { Q::of_words([i128::from(arc.upper) - i128::from(arc.lower)]) }
}

/// More than any path costs: in the first word, which decides.
fn detour<const W: usize>(problem: &Problem<W>) -> [i128; W] {
    let largest = problem.arcs.iter().filter_map(|arc| arc.cost.first()).map(|word| word.unsigned_abs()).max().unwrap_or(0);
    let mut words = [0; W];
    if let Some(word) = words.first_mut() {
        *word = i128::try_from(largest * (problem.supplies.len() as u128 + 1) + 1).unwrap_or(i128::MAX);
    }
    words
}

fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
