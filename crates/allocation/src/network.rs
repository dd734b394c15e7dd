//! The capacities of a round as a network: place, school total, trainer, board, outside guidance, sink.
//!
//! Students are not in it: each brings one unit to one of its places. What a student costs is on
//! that step; inside the network there is room, and on the links of schools a convex cost.
//!
//! Where a trainer works for several boards with a total, the trainer is taken apart: one node per
//! board, each with the whole capacity, and what they take together is not in the network. Neither is
//! a cap on guidance that crosses others, nor is "nobody alone", for
//! which the school has a link that a search can close or fill.

mod build;

use crate::index::Index;
use crate::input::PeriodKey;
use crate::proposal::Crossing;

/// A node of the network. Places come first, by their number in the index.
pub(crate) type Node = u32;

/// A cap that never binds.
pub(crate) const UNLIMITED: u32 = u32::MAX;

/// What an arc stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Capacity {
    /// The count of a place.
    Place(usize),
    /// The total of a school with what its students cost, by number of its [`Site`].
    SchoolTotal(usize),
    /// Nobody alone at a school, by number of its [`Site`]: no cap of its own.
    Least(usize),
    /// The way to a trainer, a board or the sink: no cap of its own.
    Covers,
    /// The capacity of a trainer, by number of its [`Coach`].
    Trainer(usize),
    /// The total of a board, by number of its [`Umbrella`].
    Board(usize),
    /// The number of students that get guidance outside.
    OutsideGuidance,
}

/// One arc; more than one never runs between the same nodes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub(crate) from: Node,
    pub(crate) to: Node,
    pub(crate) cap: u32,
    pub(crate) capacity: Capacity,
}

/// A school in one period. Students enter at `entrance`; past its total, and past "nobody
/// alone", they are at `exit`, and are handed to trainers at `crew`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Site {
    pub(crate) school: usize,
    pub(crate) period: PeriodKey,
    pub(crate) entrance: Node,
    pub(crate) exit: Node,
    /// The exit, or where a board hands over the students of all its schools.
    pub(crate) crew: Node,
    /// Link of the total, when the school has one or its students cost something.
    pub(crate) total: Option<u32>,
    /// Link of "nobody alone", when the school has that rule.
    pub(crate) least: Option<u32>,
    /// A trainer without a cap, who covers everybody here.
    pub(crate) trainer: Option<usize>,
    /// What the places add up to, at most the total.
    pub(crate) room: u32,
}

/// A trainer with a cap in one period, or the part of one for the schools of a board.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Coach {
    pub(crate) trainer: usize,
    pub(crate) period: PeriodKey,
    pub(crate) node: Node,
    /// The link of the capacity.
    pub(crate) link: u32,
    /// For a part: the whole, by number of its [`Shared`], and a link behind the capacity.
    pub(crate) part: Option<(usize, u32)>,
}

/// A trainer in one period who is taken apart.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    pub(crate) trainer: usize,
    pub(crate) period: PeriodKey,
    pub(crate) cap: u32,
    /// The parts, by number of their [`Coach`].
    pub(crate) coaches: Vec<usize>,
}

/// A board with a total in one period.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Umbrella {
    pub(crate) board: usize,
    pub(crate) period: PeriodKey,
    pub(crate) cap: u32,
    /// Before its total.
    pub(crate) node: Node,
}

/// Whether outside guidance can be a capacity of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guidance {
    /// No cap was set.
    Unlimited,
    /// The cap is an arc: schools outside are outside for everybody who can go there, and share
    /// no trainer or board with other schools.
    Nested,
    /// The cap crosses other caps and is not in the network.
    Crossing(u32),
}

/// The network.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    pub(crate) links: Vec<Link>,
    pub(crate) nodes: usize,
    pub(crate) sink: Node,
    pub(crate) sites: Vec<Site>,
    pub(crate) coaches: Vec<Coach>,
    pub(crate) shared: Vec<Shared>,
    pub(crate) umbrellas: Vec<Umbrella>,
    /// Site of each place.
    pub(crate) place_site: Vec<u32>,
    pub(crate) guidance: Guidance,
    /// What crosses what, sorted.
    pub(crate) crossings: Vec<Crossing>,
    outgoing: Lists,
    incoming: Lists,
}

/// Which students can come to a site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Visitors {
    /// Students for whom the school is outside.
    pub(crate) outside: u32,
    /// Students for whom it is not.
    pub(crate) inside: u32,
}

impl Visitors {
    const fn add(&mut self, other: Self) {
        self.outside += other.outside;
        self.inside += other.inside;
    }

    const fn mixed(self) -> bool {
        self.outside > 0 && self.inside > 0
    }
}

/// Whether students at a school cost something by their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counting {
    /// Schools fill evenly, or have soft minimums.
    Schools,
    /// Neither is a level of the round.
    Nothing,
}

impl Network {
    /// Builds the network. `visitors` says per place which students can come.
    pub(crate) fn new(index: &Index<'_>, visitors: &[Visitors], counting: Counting) -> Self {
        build::network(index, visitors, counting)
    }

    /// Links that leave a node.
    pub(crate) fn outgoing(&self, node: Node) -> &[u32] {
        self.outgoing.of(node)
    }

    /// Links that enter a node.
    pub(crate) fn incoming(&self, node: Node) -> &[u32] {
        self.incoming.of(node)
    }

    /// The nodes but the sink in an order in which every link leads to an earlier one or the sink.
    pub(crate) fn sink_first(&self) -> Vec<Node> {
        let ways_out = |node| self.outgoing(to_u32(node)).len();
        let mut open: Vec<usize> = (0..self.nodes).map(ways_out).collect();
        let mut order: Vec<Node> = (0..to_u32(self.nodes)).filter(|&node| open[node as usize] == 0).collect();
        let mut next = 0;
        while let Some(&node) = order.get(next) {
            next += 1;
            for &link in self.incoming(node) {
                let from = self.links[link as usize].from;
                open[from as usize] -= 1;
                if open[from as usize] == 0 {
                    order.push(from);
                }
            }
        }
        order.retain(|&node| node != self.sink);
        order
    }

    /// A network of these links, the first nodes being places.
    #[cfg(test)]
    pub(crate) fn of_links(places: usize, nodes: usize, sink: Node, links: Vec<Link>) -> Self {
        Self {
            outgoing: Lists::new(nodes, links.iter().map(|link| link.from)),
            incoming: Lists::new(nodes, links.iter().map(|link| link.to)),
            links,
            nodes,
            sink,
            sites: Vec::new(),
            coaches: Vec::new(),
            umbrellas: Vec::new(),
            shared: Vec::new(),
            crossings: Vec::new(),
            place_site: vec![0; places],
            guidance: Guidance::Unlimited,
        }
    }

    /// Students that all parts of a trainer cover together.
    pub(crate) fn through(&self, shared: &Shared, used: &[u32]) -> u32 {
        shared.coaches.iter().map(|&coach| used[self.coaches[coach].link as usize]).sum()
    }

    /// The schools whose students a coach can cover, in their order.
    pub(crate) fn schools_of(&self, coach: usize) -> impl Iterator<Item = usize> {
        let node = self.coaches[coach].node;
        let leads = move |site: &&Site| self.outgoing(site.crew).iter().any(|&link| self.links[link as usize].to == node);
        self.sites.iter().filter(leads).map(|site| site.school)
    }

    /// True for the node of a place.
    pub(crate) fn is_place(&self, node: Node) -> bool {
        (node as usize) < self.place_site.len()
    }
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// For every node the links that touch it.
#[derive(Clone, Debug)]
struct Lists {
    offsets: Vec<u32>,
    links: Vec<u32>,
}

impl Lists {
    fn new(nodes: usize, ends: impl Iterator<Item = Node> + Clone) -> Self {
        let mut offsets = vec![0; nodes + 1];
        for end in ends.clone() {
            offsets[end as usize + 1] += 1;
        }
        for node in 0..nodes {
            offsets[node + 1] += offsets[node];
        }
        let mut next = offsets.clone();
        let mut links = vec![0; next[nodes] as usize];
        for (link, end) in ends.enumerate() {
            let slot = &mut next[end as usize];
            links[*slot as usize] = to_u32(link);
            *slot += 1;
        }
        Self { offsets, links }
    }

    fn of(&self, node: Node) -> &[u32] {
        let node = node as usize;
        &self.links[self.offsets[node] as usize..self.offsets[node + 1] as usize]
    }
}
