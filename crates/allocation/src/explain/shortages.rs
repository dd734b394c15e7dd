//! Who together have too few places.

use crate::flow::NONE;
use crate::network::Node;
use crate::proposal::{Bottleneck, ShortPhase, Shortage};

use super::{Explainer, FAR, count};

impl<const W: usize> Explainer<'_, W> {
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
            if arcs.is_empty() {
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
        let mut sides: Vec<Bottleneck> = Vec::new();
        let mut full_sides = |demand: usize| {
            for arc in &self.candidates.arcs[self.candidates.of(demand)] {
                sides.extend(self.full_sides(arc.standing));
            }
        };
        group.unplaced.iter().for_each(|&demand| full_sides(demand));
        for &node in &group.nodes {
            if self.network.is_place(node) {
                let at = &self.flow.at[node as usize];
                students += at.len();
                for &demand in at {
                    full_sides(demand as usize);
                }
            }
            for &link in self.network.outgoing(node) {
                if !inside(self.network.links[link as usize].to) {
                    capacities.extend(self.name(link));
                }
            }
        }
        capacities.extend(sides);
        capacities.sort_unstable();
        capacities.dedup();
        let part = |&demand: &usize| {
            let demand = self.index.demands[demand];
            (demand.period, demand.phase, demand.groups, demand.weekdays)
        };
        let mut parts: Vec<_> = group.unplaced.iter().map(part).collect();
        parts.sort_unstable();
        let by_phase = parts
            .chunk_by(|a, b| a == b)
            .map(|same| {
                let (period, phase, groups, weekdays) = same[0];
                ShortPhase { period, phase, groups, weekdays, short: count(same.len()) }
            })
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
