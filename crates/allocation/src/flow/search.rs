//! Shortest paths by Dijkstra, forwards from a node that is overfull and backwards from a hole.
//!
//! Distances are in reduced costs: what a step costs beyond what the prices say. Most steps cost
//! nothing beyond that, and are taken at once from a stack instead of through the queue. Nobody has
//! to be in balance at the sink, so a path may end or begin there; giving up a place is such an end.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::mincost::OfWords;
use crate::network::Node;

use super::NONE;
use super::plan::number;
use super::word::Word;

/// One step of a path.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// The path starts here.
    Start,
    /// One student more along a link.
    Along(u32),
    /// One student less along a link.
    Against(u32),
    /// This student moves to this slot.
    Move(u32, u32),
}

/// Where a path ends that does not end at a node.
#[derive(Clone, Copy, Debug)]
enum End {
    /// At this node, which is out of balance the other way.
    Node(Node),
    /// At the sink, along or against this link.
    Sink(u32),
    /// This student gives up the place or gets none, or takes this slot after all.
    Miss(u32, u32),
}

#[derive(Clone, Copy)]
struct Label<N> {
    distance: N,
    round: u32,
    step: Step,
}

/// The state of a search, kept for the next one.
pub(super) struct Search<N> {
    round: u32,
    labels: Vec<Label<N>>,
    now: N,
    /// Nodes at the distance that the search is at.
    stack: Vec<Node>,
    queue: BinaryHeap<Reverse<(N, Node)>>,
    done: Vec<Node>,
    /// How many of `done` have been left by all steps.
    tried: usize,
    best: N,
    end: Option<End>,
    visits: Option<Visits>,
}

impl<N: OfWords<1>> Search<N> {
    pub(super) fn new(nodes: usize) -> Self {
        Self {
            round: 0,
            labels: vec![Label { distance: N::ZERO, round: 0, step: Step::Start }; nodes],
            now: N::ZERO,
            stack: Vec::new(),
            queue: BinaryHeap::new(),
            done: Vec::new(),
            tried: 0,
            best: N::MAX,
            end: None,
            visits: None,
        }
    }

    fn begin(&mut self) {
        self.round += 1;
        self.now = N::ZERO;
        self.stack.clear();
        self.queue.clear();
        self.done.clear();
        self.tried = 0;
        self.best = N::MAX;
        self.end = None;
    }

    /// Keeps a way to a node if it is the shortest so far.
    #[inline]
    fn reach(&mut self, node: Node, distance: N, step: Step) {
        let label = &mut self.labels[node as usize];
        if label.round == self.round && label.distance <= distance {
            return;
        }
        *label = Label { distance, round: self.round, step };
        if distance == self.now {
            self.stack.push(node);
        } else if distance < self.best {
            self.queue.push(Reverse((distance, node)));
        }
    }

    #[inline]
    fn finish(&mut self, distance: N, end: End) {
        if distance < self.best {
            self.best = distance;
            self.end = Some(end);
        }
    }

    /// The next node of those at the distance that the search is at.
    #[inline]
    fn pop(&mut self) -> Option<Node> {
        let node = self.stack.pop()?;
        self.done.push(node);
        Some(node)
    }

    /// Goes on to the next distance at which there are nodes. False when an end is as near.
    fn advance(&mut self) -> bool {
        while let Some(Reverse((distance, node))) = self.queue.pop() {
            if distance >= self.best {
                return false;
            }
            if self.labels[node as usize].distance == distance {
                self.now = distance;
                self.stack.push(node);
                return true;
            }
        }
        false
    }
}

/// Which steps from a node are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Steps {
    /// Those that cost nothing beyond the prices: often there is no need for others.
    Free,
    /// The others.
    Paid,
}

impl<N: OfWords<1>, const W: usize> Word<'_, N, W> {
    /// Finds a place for a student who has none yet. False when there is no way.
    pub(super) fn place(&mut self, demand: u32, search: &mut Search<N>) -> bool {
        search.begin();
        let plan = &*self.plan;
        let pays = |slot: u32| self.cost[slot as usize] + self.prices[plan.places[slot as usize] as usize];
        let missing = plan.may_miss[demand as usize].then(|| self.missing[demand as usize]);
        let Some(least) = plan.of(demand).map(pays).chain(missing).min() else { return true };
        if let Some(missing) = missing {
            search.finish(missing - least, End::Miss(demand, NONE));
        }
        for slot in plan.of(demand).rev() {
            search.reach(plan.places[slot as usize], pays(slot) - least, Step::Move(demand, slot));
        }
        self.walk(search, Self::spread) && self.send(search)
    }

    /// Sends one student on from a node that is overfull. False when there is no way.
    pub(super) fn relieve(&mut self, start: Node, search: &mut Search<N>) -> bool {
        search.begin();
        search.reach(start, N::ZERO, Step::Start);
        if !self.walk(search, Self::spread) {
            return false;
        }
        self.plan.over[start as usize] -= 1;
        self.send(search)
    }

    /// Visits nodes, nearest first, until an end is as near. False when there is no end.
    fn walk(&self, search: &mut Search<N>, steps: impl Fn(&Self, Node, Steps, &mut Search<N>)) -> bool {
        loop {
            while search.now < search.best
                && let Some(node) = search.pop()
            {
                steps(self, node, Steps::Free, search);
            }
            while search.now < search.best
                && let Some(&node) = search.done.get(search.tried)
            {
                search.tried += 1;
                steps(self, node, Steps::Paid, search);
            }
            if search.now >= search.best || !search.advance() {
                return search.end.is_some();
            }
        }
    }

    /// Raises the prices of what was visited, and carries out the path, from its end.
    fn send(&mut self, search: &Search<N>) -> bool {
        for &node in &search.done {
            let distance = search.labels[node as usize].distance;
            if distance < search.best {
                self.prices[node as usize] += search.best - distance;
            }
        }
        let mut node = match search.end {
            None => return false,
            Some(End::Node(node)) => {
                self.plan.over[node as usize] += 1;
                node
            }
            Some(End::Sink(link)) => {
                self.plan.used[link as usize] += 1;
                self.network.links[link as usize].from
            }
            Some(End::Miss(demand, _)) => match self.plan.slot[demand as usize] {
                NONE => return true,
                slot => {
                    self.plan.leave(demand);
                    self.plan.places[slot as usize]
                }
            },
        };
        loop {
            match search.labels[node as usize].step {
                Step::Start => return true,
                Step::Along(link) => {
                    self.plan.used[link as usize] += 1;
                    node = self.network.links[link as usize].from;
                }
                Step::Against(link) => {
                    self.plan.used[link as usize] -= 1;
                    node = self.network.links[link as usize].to;
                }
                Step::Move(demand, slot) => {
                    let from = self.plan.slot[demand as usize];
                    self.plan.leave(demand);
                    self.plan.enter(demand, slot);
                    if from == NONE {
                        return true;
                    }
                    node = self.plan.places[from as usize];
                }
            }
        }
    }

    /// Everywhere one student too many at a node can go.
    fn spread(&self, node: Node, steps: Steps, search: &mut Search<N>) {
        let now = search.labels[node as usize].distance;
        if self.plan.over[node as usize] < 0 {
            search.finish(now, End::Node(node));
            return;
        }
        let without = now - self.prices[node as usize];
        let wanted = |distance: N| (distance == now) == (steps == Steps::Free);
        if self.network.is_place(node) {
            for &other in &self.plan.at[node as usize] {
                let pays = self.cost[self.plan.slot[other as usize] as usize] + self.prices[node as usize];
                if steps == Steps::Free && self.plan.may_miss[other as usize] {
                    search.finish(now + self.missing[other as usize] - pays, End::Miss(other, NONE));
                }
                let slots = self.plan.of(other);
                let range = slots.start as usize..slots.end as usize;
                for (slot, (&place, &cost)) in slots.zip(self.plan.places[range.clone()].iter().zip(&self.cost[range])) {
                    let would_pay = cost + self.prices[place as usize];
                    if (would_pay == pays) == (steps == Steps::Free) {
                        search.reach(place, now + would_pay - pays, Step::Move(other, slot));
                    }
                }
            }
        }
        for &link in self.network.incoming(node) {
            if self.may_shrink(link) {
                let from = self.network.links[link as usize].from;
                let distance = without - self.last(link) + self.prices[from as usize];
                if wanted(distance) {
                    search.reach(from, distance, Step::Against(link));
                }
            }
        }
        for &link in self.network.outgoing(node) {
            if self.has_room(link) {
                let to = self.network.links[link as usize].to;
                let distance = without + self.next(link) + self.prices[to as usize];
                if to == self.network.sink {
                    search.finish(distance, End::Sink(link));
                } else if wanted(distance) {
                    search.reach(to, distance, Step::Along(link));
                }
            }
        }
    }

    /// Fetches one student to a node with a hole. False when nobody can come.
    pub(super) fn fill(&mut self, start: Node, search: &mut Search<N>) -> bool {
        search.begin();
        search.reach(start, N::ZERO, Step::Start);
        let visits = search.visits.take().unwrap_or_else(|| Visits::new(self));
        let found = self.walk(search, |this, node, steps, search| this.gather(node, steps, &visits, search));
        search.visits = Some(visits);
        if !found {
            return false;
        }
        self.plan.over[start as usize] += 1;
        self.fetch(search)
    }

    /// Lowers the prices of what was visited, and carries out the path, from its far end.
    fn fetch(&mut self, search: &Search<N>) -> bool {
        for &node in &search.done {
            let distance = search.labels[node as usize].distance;
            if distance < search.best {
                let price = &mut self.prices[node as usize];
                *price = *price + distance - search.best;
            }
        }
        let mut node = match search.end {
            None => return false,
            Some(End::Node(node)) => {
                self.plan.over[node as usize] -= 1;
                node
            }
            Some(End::Sink(link)) => {
                self.plan.used[link as usize] -= 1;
                self.network.links[link as usize].from
            }
            Some(End::Miss(demand, slot)) => {
                self.plan.enter(demand, slot);
                self.plan.places[slot as usize]
            }
        };
        loop {
            match search.labels[node as usize].step {
                Step::Start => return true,
                Step::Along(link) => {
                    self.plan.used[link as usize] += 1;
                    node = self.network.links[link as usize].to;
                }
                Step::Against(link) => {
                    self.plan.used[link as usize] -= 1;
                    node = self.network.links[link as usize].from;
                }
                Step::Move(demand, slot) => {
                    self.plan.leave(demand);
                    self.plan.enter(demand, slot);
                    node = self.plan.places[slot as usize];
                }
            }
        }
    }

    /// Everywhere one student for a node can come from.
    fn gather(&self, node: Node, steps: Steps, visits: &Visits, search: &mut Search<N>) {
        let now = search.labels[node as usize].distance;
        if self.plan.over[node as usize] > 0 {
            search.finish(now, End::Node(node));
            return;
        }
        let with = now + self.prices[node as usize];
        let wanted = |distance: N| (distance == now) == (steps == Steps::Free);
        if self.network.is_place(node) {
            for &(demand, slot) in visits.of(node) {
                let with = with + self.cost[slot as usize];
                let here = self.plan.slot[demand as usize];
                if here == NONE {
                    search.finish(with - self.missing[demand as usize], End::Miss(demand, slot));
                    continue;
                }
                let place = self.plan.places[here as usize];
                let distance = with - self.cost[here as usize] - self.prices[place as usize];
                if wanted(distance) {
                    search.reach(place, distance, Step::Move(demand, slot));
                }
            }
        }
        for &link in self.network.incoming(node) {
            if self.has_room(link) {
                let from = self.network.links[link as usize].from;
                let distance = with + self.next(link) - self.prices[from as usize];
                if wanted(distance) {
                    search.reach(from, distance, Step::Along(link));
                }
            }
        }
        for &link in self.network.outgoing(node) {
            if self.may_shrink(link) {
                let to = self.network.links[link as usize].to;
                let distance = with - self.last(link) - self.prices[to as usize];
                if to == self.network.sink {
                    search.finish(distance, End::Sink(link));
                } else if wanted(distance) {
                    search.reach(to, distance, Step::Against(link));
                }
            }
        }
    }
}

/// For every place the students who have it to choose from, with the slot.
struct Visits {
    offsets: Vec<u32>,
    slots: Vec<(u32, u32)>,
}

impl Visits {
    fn new<N, const W: usize>(word: &Word<'_, N, W>) -> Self {
        let plan = &*word.plan;
        let movable = || (0..number(plan.slot.len())).filter(|&demand| plan.has_choice(demand));
        let mut offsets = vec![0; plan.at.len() + 1];
        for slot in movable().flat_map(|demand| plan.of(demand)) {
            offsets[plan.places[slot as usize] as usize + 1] += 1;
        }
        for place in 0..plan.at.len() {
            offsets[place + 1] += offsets[place];
        }
        let mut next = offsets.clone();
        let mut slots = vec![(0, 0); next[plan.at.len()] as usize];
        for demand in movable() {
            for slot in plan.of(demand) {
                let at = &mut next[plan.places[slot as usize] as usize];
                slots[*at as usize] = (demand, slot);
                *at += 1;
            }
        }
        Self { offsets, slots }
    }

    fn of(&self, place: Node) -> &[(u32, u32)] {
        &self.slots[self.offsets[place as usize] as usize..self.offsets[place as usize + 1] as usize]
    }
}
