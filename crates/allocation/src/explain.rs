//! Why a student has no place or no kern place: the fewest capacities to raise.
//!
//! The plan is walked as a residual network: a student with a wish for a place enters there, a
//! student already there may move to another place, and so on until there is room. Crossing a full
//! capacity costs one. A cheapest walk to the sink names the capacities. One search backwards from
//! the sink serves all students without a place, and another one all students not at kern; only
//! when that one needs two capacities or more, a search from the student's side looks whether the
//! room the student leaves behind makes a smaller set possible.

use std::collections::VecDeque;

use crate::candidates::Candidates;
use crate::eligibility::{Tally, eligible};
use crate::flow::{Flow, NONE};
use crate::index::Index;
use crate::input::Standing;
use crate::network::{Capacity, Guidance, Link, Network, Node, UNLIMITED};
use crate::proposal::{Bottleneck, Explanation, ShortPhase, Shortage};

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
    pub(crate) outside: u32,
    /// True per student who was kept from outside schools.
    pub(crate) barred: &'a [bool],
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
        outside: u32,
        barred: &'a [bool],
    ) -> Self {
        let mut explainer =
            Self { index, network, candidates, flow, covered_by, outside, barred, tally: Tally::new(index), to_sink: Default::default() };
        if !flow.choice.is_empty() {
            let visits = Visits::new(network, candidates);
            explainer.to_sink = [Moves::Anywhere, Moves::NobodyWorse].map(|moves| explainer.walks(&visits, moves));
        }
        explainer
    }

    fn has_room(&self, link: u32) -> bool {
        let cap = self.network.links[link as usize].cap;
        cap == UNLIMITED || self.flow.used[link as usize] < cap
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

    /// True when a cap on outside guidance that is not in the network has no room.
    fn guidance_full(&self) -> bool {
        match self.network.guidance {
            Guidance::Crossing(cap) => self.outside >= cap,
            Guidance::Unlimited | Guidance::Nested => false,
        }
    }

    /// For a student without a place: the fewest full capacities on the way from any possible
    /// place, that place, and whether outside guidance is one of them.
    fn nearest(&self, demand: usize) -> Option<(u32, Node, bool)> {
        let walks = &self.to_sink[0];
        let candidates = self.candidates;
        let guidance_full = self.guidance_full();
        let mut best: Option<(u32, Node, bool)> = None;
        let mut offer = |node: Node, guided: bool| {
            let crossings = walks.crossings[node as usize].saturating_add(u32::from(guided));
            if best.is_none_or(|(least, ..)| crossings < least) {
                best = Some((crossings, node, guided));
            }
        };
        for arc in candidates.of(demand) {
            let arc = candidates.arcs[arc];
            offer(arc.place, guidance_full && arc.standing == Standing::Outside);
        }
        if self.barred[demand] {
            for place in self.index.places_in(self.index.demands[demand].period) {
                let school = self.index.place_school[place];
                if self.index.standing(demand, school) == Standing::Outside && eligible(self.index, demand, place) {
                    #[expect(clippy::cast_possible_truncation, reason = "at most a million")]
                    offer(place as Node, guidance_full);
                }
            }
        }
        best
    }

    /// True when a student without a place could have one with nothing raised at all, which only
    /// happens to students who are kept from outside schools while guidance has room.
    pub(crate) fn could_be_placed(&self, demand: usize) -> bool {
        self.nearest(demand).is_some_and(|(crossings, ..)| crossings == 0)
    }

    /// Why the student has no place.
    pub(crate) fn unplaced(&self, demand: usize) -> Explanation {
        let removed = self.tally.removed(demand, None);
        let Some((_, node, guided)) = self.nearest(demand) else {
            return Explanation::NoCandidate { removed };
        };
        let walks = &self.to_sink[0];
        let mut links = walks.crossed_from(node, self.network.sink);
        let mut bottlenecks: Vec<_> = links.drain(..).filter_map(|link| self.name(link)).collect();
        if let (true, Guidance::Crossing(cap)) = (guided, self.network.guidance) {
            bottlenecks.push(Bottleneck::OutsideGuidance(cap));
        }
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
        let mut starts: Vec<Node> = Vec::new();
        for arc in candidates.of(demand) {
            let arc = candidates.arcs[arc];
            if arc.class >= choice.class {
                break;
            }
            if arc.standing == Standing::Kern {
                starts.push(arc.place);
            }
        }
        let Some(&start) = starts.iter().min_by_key(|&&node| walks.crossings[node as usize]) else {
            return Explanation::Outranked { removed };
        };
        let crossings = walks.crossings[start as usize];
        let fewer = if crossings > 1 { self.with_own_room(demand, &starts, crossings, scratch) } else { None };
        let links = fewer.unwrap_or_else(|| walks.crossed_from(start, self.network.sink));
        let mut bottlenecks: Vec<_> = links.iter().filter_map(|&link| self.name(link)).collect();
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
    fn with_own_room(&self, demand: usize, starts: &[Node], limit: u32, scratch: &mut Scratch) -> Option<Vec<u32>> {
        let network = self.network;
        let own = self.own_links(demand);
        let used = |link: u32| self.flow.used[link as usize] - u32::from(own.contains(&link));
        scratch.begin(network.nodes);
        for &node in starts {
            scratch.reach(node, 0, (NONE, None), limit);
        }
        while let Some((node, crossings)) = scratch.queue.pop_front() {
            if scratch.crossings(node) < crossings {
                continue;
            }
            if node == network.sink {
                return Some(scratch.crossed_to(node));
            }
            for &link in network.outgoing(node) {
                let Link { to, cap, .. } = network.links[link as usize];
                if cap == UNLIMITED || used(link) < cap {
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
            Capacity::OutsideGuidance => Some(Bottleneck::OutsideGuidance(cap)),
            Capacity::Covers => None,
        }
    }

    /// Groups the students without a place by the full capacities they run into.
    pub(crate) fn shortages(&self) -> Vec<Shortage> {
        let mut group_of = vec![FAR; self.network.nodes];
        let mut groups: Vec<Group> = Vec::new();
        let mut hopeless = Group::default();
        for (demand, &choice) in self.flow.choice.iter().enumerate() {
            if choice != NONE {
                continue;
            }
            let arcs = &self.candidates.arcs[self.candidates.of(demand)];
            if arcs.is_empty() && !self.barred[demand] {
                hopeless.unplaced.push(demand);
                continue;
            }
            let mut group = Group { unplaced: vec![demand], ..Group::default() };
            let number = u32::try_from(groups.len()).unwrap_or(FAR);
            let mut queue: Vec<Node> = arcs.iter().map(|arc| arc.place).collect();
            let mut touched = Vec::new();
            while let Some(node) = queue.pop() {
                match group_of[node as usize] {
                    FAR => {}
                    other => {
                        touched.push(other);
                        continue;
                    }
                }
                group_of[node as usize] = number;
                group.nodes.push(node);
                self.residual(node, &mut queue);
            }
            touched.sort_unstable();
            touched.dedup();
            for other in touched.into_iter().filter(|&other| other != number) {
                let other = std::mem::take(&mut groups[other as usize]);
                for &node in &other.nodes {
                    group_of[node as usize] = number;
                }
                group.nodes.extend(other.nodes);
                group.unplaced.extend(other.unplaced);
            }
            groups.push(group);
        }
        groups.push(hopeless);
        let mut shortages: Vec<_> = groups
            .iter()
            .enumerate()
            .filter(|(_, group)| !group.unplaced.is_empty())
            .map(|(number, group)| {
                let number = u32::try_from(number).unwrap_or(FAR);
                self.shortage(group, |node| group_of[node as usize] == number)
            })
            .collect();
        shortages.sort_by(|a, b| b.short.cmp(&a.short).then_with(|| a.capacities.cmp(&b.capacities)));
        shortages
    }

    /// The nodes one step of room, flow or a student's move away.
    fn residual(&self, node: Node, queue: &mut Vec<Node>) {
        let network = self.network;
        for &link in network.outgoing(node) {
            if self.has_room(link) {
                queue.push(network.links[link as usize].to);
            }
        }
        for &link in network.incoming(node) {
            if self.flow.used[link as usize] > 0 {
                queue.push(network.links[link as usize].from);
            }
        }
        if network.is_place(node) {
            for &other in &self.flow.at[node as usize] {
                let arcs = &self.candidates.arcs[self.candidates.of(other as usize)];
                queue.extend(arcs.iter().map(|arc| arc.place));
            }
        }
    }

    fn shortage(&self, group: &Group, inside: impl Fn(Node) -> bool) -> Shortage {
        let mut students = group.unplaced.len();
        let mut capacities = Vec::new();
        let mut guided = group.unplaced.iter().any(|&demand| self.barred[demand]);
        for &node in &group.nodes {
            if self.network.is_place(node) {
                let at = &self.flow.at[node as usize];
                students += at.len();
                guided |= at.iter().any(|&demand| self.barred[demand as usize]);
            }
            for &link in self.network.outgoing(node) {
                if !inside(self.network.links[link as usize].to) {
                    capacities.extend(self.name(link));
                }
            }
        }
        if let (true, Guidance::Crossing(cap)) = (guided && self.guidance_full(), self.network.guidance) {
            capacities.push(Bottleneck::OutsideGuidance(cap));
        }
        capacities.sort_unstable();
        let mut phases: Vec<_> =
            group.unplaced.iter().map(|&demand| (self.index.demands[demand].period, self.index.demands[demand].phase)).collect();
        phases.sort_unstable();
        let by_phase = phases
            .chunk_by(|a, b| a == b)
            .map(|same| ShortPhase { period: same[0].0, phase: same[0].1, short: count(same.len()) })
            .collect();
        let short = count(group.unplaced.len());
        Shortage { short, students: count(students), capacities, by_phase }
    }
}

#[derive(Debug, Default)]
struct Group {
    unplaced: Vec<usize>,
    nodes: Vec<Node>,
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

/// Working memory of searches from a student's side.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    round: u32,
    seen: Vec<(u32, u32)>,
    before: Vec<(Node, Option<u32>)>,
    queue: VecDeque<(Node, u32)>,
}

impl Scratch {
    fn begin(&mut self, nodes: usize) {
        self.round += 1;
        self.seen.resize(nodes, (0, FAR));
        self.before.resize(nodes, (NONE, None));
        self.queue.clear();
    }

    fn crossings(&self, node: Node) -> u32 {
        let (round, crossings) = self.seen[node as usize];
        if round == self.round { crossings } else { FAR }
    }

    fn reach(&mut self, node: Node, crossings: u32, before: (Node, Option<u32>), limit: u32) {
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

    fn crossed_to(&self, mut node: Node) -> Vec<u32> {
        let mut links = Vec::new();
        while node != NONE {
            let (before, link) = self.before[node as usize];
            links.extend(link);
            node = before;
        }
        links
    }
}

/// For every place the pairs that lead there: student and position of the pair.
#[derive(Debug)]
struct Visits {
    offsets: Vec<usize>,
    pairs: Vec<(u32, u32)>,
}

impl Visits {
    fn new<const W: usize>(network: &Network, candidates: &Candidates<W>) -> Self {
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

    fn of(&self, place: Node) -> &[(u32, u32)] {
        &self.pairs[self.offsets[place as usize]..self.offsets[place as usize + 1]]
    }
}
