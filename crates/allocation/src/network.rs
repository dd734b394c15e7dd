//! The capacities of a round as a network: place, school total, trainer, outside guidance, sink.
//!
//! Students are not in it: each brings one unit to one of its places. Costs are on that step
//! only, so inside the network there is nothing but room.

use std::collections::BTreeMap;

use crate::index::Index;
use crate::input::{PeriodCap, PeriodKey};

/// A node of the network. Places come first, by their number in the index.
pub(crate) type Node = u32;

/// A cap that never binds.
pub(crate) const UNLIMITED: u32 = u32::MAX;

/// What an arc stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Capacity {
    /// The count of a place.
    Place(usize),
    /// The total of a school, by number of its [`Site`].
    SchoolTotal(usize),
    /// The trainers of a school: no cap of its own.
    Covers,
    /// The capacity of a trainer, by number of its [`Coach`].
    Trainer(usize),
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

/// A school in one period. Students enter at `entrance`; past its total they are at `inside`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Site {
    pub(crate) school: usize,
    pub(crate) period: PeriodKey,
    pub(crate) entrance: Node,
    pub(crate) inside: Node,
}

/// A trainer in one period.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Coach {
    pub(crate) trainer: usize,
    pub(crate) period: PeriodKey,
    pub(crate) node: Node,
}

/// Whether outside guidance can be a capacity of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guidance {
    /// No cap was set.
    Unlimited,
    /// The cap is an arc: schools outside are outside for everybody who can go there, and share
    /// no trainer with other schools.
    Nested,
    /// The cap crosses other caps and is not in the network.
    Crossing(u32),
}

/// The network.
#[derive(Debug)]
pub(crate) struct Network {
    pub(crate) links: Vec<Link>,
    pub(crate) nodes: usize,
    pub(crate) sink: Node,
    pub(crate) sites: Vec<Site>,
    pub(crate) coaches: Vec<Coach>,
    /// Site of each place.
    pub(crate) place_site: Vec<u32>,
    pub(crate) guidance: Guidance,
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

impl Network {
    /// Builds the network. `visitors` says per place which students can come.
    pub(crate) fn new(index: &Index<'_>, visitors: &[Visitors]) -> Self {
        let mut build = Builder { links: Vec::new(), nodes: to_u32(index.places.len()) };
        let mut sites: Vec<Site> = Vec::new();
        let mut site_visitors: Vec<Visitors> = Vec::new();
        let mut place_site = Vec::with_capacity(index.places.len());
        for (number, place) in index.places.iter().enumerate() {
            let school = index.place_school[number];
            if sites.last().is_none_or(|site| (site.school, site.period) != (school, place.period)) {
                let entrance = build.node();
                let total = cap_in(&index.schools[school].totals, place.period);
                let inside = total.map_or(entrance, |cap| {
                    let inside = build.node();
                    build.link(entrance, inside, cap, Capacity::SchoolTotal(sites.len()));
                    inside
                });
                sites.push(Site { school, period: place.period, entrance, inside });
                site_visitors.push(Visitors::default());
            }
            let site = sites.len() - 1;
            place_site.push(to_u32(site));
            build.link(to_u32(number), sites[site].entrance, place.count, Capacity::Place(number));
            site_visitors[site].outside += visitors[number].outside;
            site_visitors[site].inside += visitors[number].inside;
        }

        let (coaches, crews) = coaches(index, &sites, &mut build);
        let sink = build.node();
        let mut coach_visitors = vec![Visitors::default(); coaches.len()];
        for (crew, visitors) in crews.iter().zip(&site_visitors) {
            for &coach in crew {
                coach_visitors[coach].outside += visitors.outside;
                coach_visitors[coach].inside += visitors.inside;
            }
        }
        let guidance = guidance(index, &site_visitors, &crews, &coach_visitors);
        let guided = match (guidance, index.input.settings.outside_cap) {
            (Guidance::Nested, Some(cap)) => {
                let node = build.node();
                build.link(node, sink, cap, Capacity::OutsideGuidance);
                node
            }
            _ => sink,
        };
        let end = |visitors: &Visitors| if visitors.outside > 0 { guided } else { sink };
        for ((site, crew), visitors) in sites.iter().zip(&crews).zip(&site_visitors) {
            for &coach in crew {
                build.link(site.inside, coaches[coach].node, UNLIMITED, Capacity::Covers);
            }
            if crew.is_empty() {
                build.link(site.inside, end(visitors), UNLIMITED, Capacity::Covers);
            }
        }
        for (number, (coach, visitors)) in coaches.iter().zip(&coach_visitors).enumerate() {
            let cap = cap_in(&index.trainers[coach.trainer].capacity, coach.period);
            let cap = cap.unwrap_or(UNLIMITED);
            build.link(coach.node, end(visitors), cap, Capacity::Trainer(number));
        }

        let nodes = build.nodes as usize;
        Self {
            outgoing: Lists::new(nodes, build.links.iter().map(|link| link.from)),
            incoming: Lists::new(nodes, build.links.iter().map(|link| link.to)),
            links: build.links,
            nodes,
            sink,
            sites,
            coaches,
            place_site,
            guidance,
        }
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
            place_site: vec![0; places],
            guidance: Guidance::Unlimited,
        }
    }

    /// True for the node of a place.
    pub(crate) fn is_place(&self, node: Node) -> bool {
        (node as usize) < self.place_site.len()
    }
}

struct Builder {
    links: Vec<Link>,
    nodes: u32,
}

impl Builder {
    const fn node(&mut self) -> Node {
        self.nodes += 1;
        self.nodes - 1
    }

    fn link(&mut self, from: Node, to: Node, cap: u32, capacity: Capacity) {
        self.links.push(Link { from, to, cap, capacity });
    }
}

/// One coach per trainer and period in which one of its schools offers places, and the coaches of
/// each site.
fn coaches(index: &Index<'_>, sites: &[Site], build: &mut Builder) -> (Vec<Coach>, Vec<Vec<usize>>) {
    let mut coaches = Vec::new();
    let mut number: BTreeMap<(PeriodKey, usize), usize> = BTreeMap::new();
    let mut crews = Vec::with_capacity(sites.len());
    for site in sites {
        let mut crew: Vec<usize> =
            index.schools[site.school].trainers.iter().filter_map(|key| index.trainer_number.get(key).copied()).collect();
        crew.sort_unstable();
        for trainer in &mut crew {
            *trainer = *number.entry((site.period, *trainer)).or_insert_with(|| {
                let node = build.node();
                coaches.push(Coach { trainer: *trainer, period: site.period, node });
                coaches.len() - 1
            });
        }
        crews.push(crew);
    }
    (coaches, crews)
}

fn guidance(index: &Index<'_>, sites: &[Visitors], crews: &[Vec<usize>], coaches: &[Visitors]) -> Guidance {
    let Some(cap) = index.input.settings.outside_cap else {
        return Guidance::Unlimited;
    };
    let mixed = |visitors: &Visitors| visitors.outside > 0 && visitors.inside > 0;
    let crosses = sites.iter().any(mixed) || crews.iter().flatten().any(|&coach| mixed(&coaches[coach]));
    if crosses { Guidance::Crossing(cap) } else { Guidance::Nested }
}

fn cap_in(caps: &[PeriodCap], period: PeriodKey) -> Option<u32> {
    caps.iter().find(|cap| cap.period == period).map(|cap| cap.cap)
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// For every node the links that touch it.
#[derive(Debug)]
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
