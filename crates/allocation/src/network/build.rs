//! How the capacities of a round become a network.
//!
//! A trainer without a cap covers everybody at a school, and then no trainer of the school is in
//! the network. A board is behind its trainers when they have no other schools, before them when
//! its schools have the same trainers, and otherwise crosses them.

use std::collections::BTreeMap;

use crate::index::{Index, cap_in};
use crate::input::PeriodKey;
use crate::proposal::{Crossing, Side};

use super::{Capacity, Coach, Counting, Guidance, Link, Lists, Network, Node, Site, UNLIMITED, Umbrella, Visitors, to_u32};

/// A site with what is behind it.
struct Behind {
    /// Trainers with a cap, when no trainer is without.
    crew: Vec<usize>,
    /// The board, when it has a total.
    umbrella: Option<usize>,
    visitors: Visitors,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Position {
    BehindTrainers,
    BeforeTrainers,
    Crossing,
}

pub(super) fn network(index: &Index<'_>, visitors: &[Visitors], counting: Counting) -> Network {
    let mut build = Builder { links: Vec::new(), nodes: to_u32(index.places.len()) };
    let mut place_site = Vec::with_capacity(index.places.len());
    let mut sites: Vec<Site> = Vec::new();
    let mut behind: Vec<Behind> = Vec::new();
    let numbers: Vec<usize> = (0..index.places.len()).collect();
    let site_of = |place: usize| (index.places[place].period, index.place_school[place]);
    for places in numbers.chunk_by(|&a, &b| site_of(a) == site_of(b)) {
        let (period, school) = site_of(places[0]);
        let number = sites.len();
        let site = build.site(index, number, school, period, places, counting);
        let mut all = Visitors::default();
        for &place in places {
            place_site.push(to_u32(number));
            build.link(to_u32(place), site.entrance, index.places[place].count, Capacity::Place(place));
            all.add(visitors[place]);
        }
        sites.push(site);
        behind.push(Behind { crew: Vec::new(), umbrella: None, visitors: all });
    }
    let coaches = build.coaches(index, &mut sites, &mut behind);
    let mut umbrellas = umbrellas(index, &sites, &mut behind);
    let served = served(&coaches, &behind);
    let positions: Vec<Position> = (0..umbrellas.len()).map(|umbrella| position(umbrella, &behind, &served)).collect();
    for (umbrella, &position) in umbrellas.iter_mut().zip(&positions) {
        umbrella.node = (position != Position::Crossing).then(|| build.node());
    }
    let sink = build.node();

    let mut crossings = crossed_trainers(index, &coaches, &umbrellas, &behind, &positions, &served);
    let guidance = guidance(index, &sites, &coaches, &umbrellas, &behind, &served, &positions, &mut crossings);
    crossings.extend(sites.iter().filter(|site| site.least.is_some()).map(|site| {
        let side = Side::Least(index.schools[site.school].key, site.period);
        Crossing { side, with: None }
    }));
    crossings.sort_unstable();
    crossings.dedup();
    let guided = match (guidance, index.input.settings.outside_cap) {
        (Guidance::Nested, Some(cap)) => {
            let node = build.node();
            build.link(node, sink, cap, Capacity::OutsideGuidance);
            node
        }
        _ => sink,
    };
    let end = |visitors: Visitors| if visitors.outside > 0 { guided } else { sink };

    // From the schools to trainers, boards and the end.
    let mut entered: Vec<Option<Node>> = vec![None; umbrellas.len()];
    for (site, behind) in sites.iter_mut().zip(&behind) {
        let over = behind.umbrella.filter(|&umbrella| positions[umbrella] != Position::Crossing);
        let node = over.and_then(|umbrella| umbrellas[umbrella].node);
        match over {
            Some(umbrella) if positions[umbrella] == Position::BeforeTrainers => {
                let node = node.unwrap_or(sink);
                build.link(site.exit, node, UNLIMITED, Capacity::Covers);
                site.crew = *entered[umbrella].get_or_insert_with(|| {
                    let handed = build.node();
                    build.link(node, handed, umbrellas[umbrella].cap, Capacity::Board(umbrella));
                    for &coach in &behind.crew {
                        build.link(handed, coaches[coach].node, UNLIMITED, Capacity::Covers);
                    }
                    handed
                });
            }
            _ => {
                for &coach in &behind.crew {
                    build.link(site.exit, coaches[coach].node, UNLIMITED, Capacity::Covers);
                }
                if behind.crew.is_empty() {
                    let to = node.unwrap_or_else(|| end(behind.visitors));
                    build.link(site.exit, to, UNLIMITED, Capacity::Covers);
                }
            }
        }
    }
    for (number, (coach, served)) in coaches.iter().zip(&served).enumerate() {
        let cap = cap_in(&index.trainers[coach.trainer].capacity, coach.period).unwrap_or(UNLIMITED);
        let over = served.umbrella().filter(|&umbrella| positions[umbrella] == Position::BehindTrainers);
        let to = over.and_then(|umbrella| umbrellas[umbrella].node).unwrap_or_else(|| end(served.visitors));
        build.link(coach.node, to, cap, Capacity::Trainer(number));
    }
    for (number, umbrella) in umbrellas.iter().enumerate() {
        if let (Some(node), Position::BehindTrainers) = (umbrella.node, positions[number]) {
            build.link(node, end(visitors_of(number, &behind)), umbrella.cap, Capacity::Board(number));
        }
    }

    let crosses = |umbrella: &usize| positions[*umbrella] == Position::Crossing;
    let crossing_board = behind.iter().map(|behind| behind.umbrella.filter(crosses).map(to_u32)).collect();
    let nodes = build.nodes as usize;
    Network {
        outgoing: Lists::new(nodes, build.links.iter().map(|link| link.from)),
        incoming: Lists::new(nodes, build.links.iter().map(|link| link.to)),
        links: build.links,
        nodes,
        sink,
        sites,
        coaches,
        umbrellas,
        place_site,
        crossing_board,
        guidance,
        crossings,
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

    fn next_link(&self) -> u32 {
        to_u32(self.links.len())
    }

    fn site(&mut self, index: &Index<'_>, number: usize, school: usize, period: PeriodKey, places: &[usize], counting: Counting) -> Site {
        let row = index.schools[school];
        let total = cap_in(&row.totals, period);
        let offered: u64 = places.iter().map(|&place| u64::from(index.places[place].count)).sum();
        let room = u32::try_from(total.map_or(offered, |total| offered.min(total.into()))).unwrap_or(UNLIMITED - 1);
        let entrance = self.node();
        let mut site = Site { school, period, entrance, exit: entrance, crew: entrance, total: None, least: None, trainer: None, room };
        if total.is_some() || counting == Counting::Schools {
            let inside = self.node();
            site.total = Some(self.next_link());
            self.link(site.exit, inside, total.unwrap_or(UNLIMITED), Capacity::SchoolTotal(number));
            site.exit = inside;
        }
        if row.least > 1 {
            let open = self.node();
            site.least = Some(self.next_link());
            self.link(site.exit, open, UNLIMITED, Capacity::Least(number));
            site.exit = open;
        }
        site.crew = site.exit;
        site
    }

    /// One coach per trainer with a cap and period, for schools where no trainer is without.
    fn coaches(&mut self, index: &Index<'_>, sites: &mut [Site], behind: &mut [Behind]) -> Vec<Coach> {
        let crew = |site: &Site| {
            let keys = index.schools[site.school].trainers.iter();
            let mut crew: Vec<usize> = keys.filter_map(|key| index.trainer_number.get(key).copied()).collect();
            crew.sort_unstable();
            crew
        };
        let uncapped = |period: PeriodKey, trainer: usize| cap_in(&index.trainers[trainer].capacity, period).is_none();
        let mut coaches = Vec::new();
        let mut number: BTreeMap<(PeriodKey, usize), usize> = BTreeMap::new();
        for (site, behind) in sites.iter_mut().zip(behind) {
            let crew = crew(site);
            site.trainer = crew.iter().copied().find(|&trainer| uncapped(site.period, trainer));
            if site.trainer.is_some() {
                continue;
            }
            behind.crew = crew
                .into_iter()
                .map(|trainer| {
                    *number.entry((site.period, trainer)).or_insert_with(|| {
                        coaches.push(Coach { trainer, period: site.period, node: self.node() });
                        coaches.len() - 1
                    })
                })
                .collect();
        }
        coaches
    }
}

/// One umbrella per board and period with a total.
fn umbrellas(index: &Index<'_>, sites: &[Site], behind: &mut [Behind]) -> Vec<Umbrella> {
    let mut umbrellas = Vec::new();
    let mut number: BTreeMap<(PeriodKey, usize), usize> = BTreeMap::new();
    for (site, behind) in sites.iter().zip(behind) {
        let Some(board) = index.school_board[site.school] else { continue };
        let Some(cap) = cap_in(&index.boards[board].totals, site.period) else { continue };
        let umbrella = number.entry((site.period, board)).or_insert_with(|| {
            umbrellas.push(Umbrella { board, period: site.period, cap, node: None });
            umbrellas.len() - 1
        });
        behind.umbrella = Some(*umbrella);
    }
    umbrellas
}

/// The sites of a coach.
#[derive(Clone, Debug, Default)]
struct Served {
    umbrellas: Vec<Option<usize>>,
    visitors: Visitors,
}

impl Served {
    /// The one umbrella over all sites.
    fn umbrella(&self) -> Option<usize> {
        let first = self.umbrellas.first().copied().flatten();
        first.filter(|_| self.umbrellas.iter().all(|&other| other == first))
    }
}

fn served(coaches: &[Coach], behind: &[Behind]) -> Vec<Served> {
    let mut served = vec![Served::default(); coaches.len()];
    for site in behind {
        for &coach in &site.crew {
            served[coach].umbrellas.push(site.umbrella);
            served[coach].visitors.add(site.visitors);
        }
    }
    served
}

fn position(umbrella: usize, behind: &[Behind], served: &[Served]) -> Position {
    let mut crews = behind.iter().filter(|site| site.umbrella == Some(umbrella)).map(|site| &site.crew);
    let own = |crew: &Vec<usize>| crew.iter().all(|&coach| served[coach].umbrella() == Some(umbrella));
    if crews.clone().all(own) {
        return Position::BehindTrainers;
    }
    let first = crews.next();
    if first.is_some_and(|first| !first.is_empty() && crews.all(|crew| crew == first)) {
        Position::BeforeTrainers
    } else {
        Position::Crossing
    }
}

fn visitors_of(umbrella: usize, behind: &[Behind]) -> Visitors {
    let mut all = Visitors::default();
    behind.iter().filter(|site| site.umbrella == Some(umbrella)).for_each(|site| all.add(site.visitors));
    all
}

/// The trainers that crossing boards cross.
fn crossed_trainers(
    index: &Index<'_>,
    coaches: &[Coach],
    umbrellas: &[Umbrella],
    behind: &[Behind],
    positions: &[Position],
    served: &[Served],
) -> Vec<Crossing> {
    let mut crossings = Vec::new();
    for site in behind {
        let Some(umbrella) = site.umbrella.filter(|&umbrella| positions[umbrella] == Position::Crossing) else { continue };
        let Umbrella { board, period, .. } = umbrellas[umbrella];
        for &coach in site.crew.iter().filter(|&&coach| served[coach].umbrella() != Some(umbrella)) {
            let trainer = Side::Trainer(index.trainers[coaches[coach].trainer].key, period);
            crossings.push(Crossing { side: Side::Board(index.boards[board].key, period), with: Some(trainer) });
        }
    }
    crossings
}

#[expect(clippy::too_many_arguments, reason = "all parts of the network")]
fn guidance(
    index: &Index<'_>,
    sites: &[Site],
    coaches: &[Coach],
    umbrellas: &[Umbrella],
    behind: &[Behind],
    served: &[Served],
    positions: &[Position],
    crossings: &mut Vec<Crossing>,
) -> Guidance {
    let Some(cap) = index.input.settings.outside_cap else {
        return Guidance::Unlimited;
    };
    let mut crossed: Vec<Side> = Vec::new();
    for (site, behind) in sites.iter().zip(behind) {
        let key = index.schools[site.school].key;
        crossed.extend(behind.visitors.mixed().then_some(Side::School(key, site.period)));
    }
    for (coach, served) in coaches.iter().zip(served) {
        let key = index.trainers[coach.trainer].key;
        crossed.extend(served.visitors.mixed().then_some(Side::Trainer(key, coach.period)));
    }
    for (number, umbrella) in umbrellas.iter().enumerate() {
        let key = index.boards[umbrella.board].key;
        let mixed = positions[number] != Position::Crossing && visitors_of(number, behind).mixed();
        crossed.extend(mixed.then_some(Side::Board(key, umbrella.period)));
    }
    if crossed.is_empty() {
        return Guidance::Nested;
    }
    crossings.extend(crossed.into_iter().map(|with| Crossing { side: Side::Outside, with: Some(with) }));
    Guidance::Crossing(cap)
}
