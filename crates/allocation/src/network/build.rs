//! How the capacities of a round become a network.
//!
//! A trainer without a cap covers everybody at a school, and then no trainer of the school is in
//! the network. A board is behind its trainers when they have no other schools, before them when
//! its schools have the same trainers, and otherwise behind the parts of its trainers that are for its
//! schools.

use std::collections::BTreeMap;

use crate::index::{Index, cap_in};
use crate::input::PeriodKey;
use crate::proposal::{Crossing, Side};

use super::{Capacity, Coach, Counting, Guidance, Link, Lists, Network, Node, Shared, Site, UNLIMITED, Umbrella, Visitors, to_u32};

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
    /// Behind parts of trainers.
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
    let mut coaches = build.coaches(index, &mut sites, &mut behind);
    let umbrellas = build.umbrellas(index, &sites, &mut behind);
    let whole = served(&coaches, &behind);
    let positions: Vec<Position> = (0..umbrellas.len()).map(|umbrella| position(umbrella, &behind, &whole)).collect();
    let mut crossings = crossed_trainers(index, &coaches, &umbrellas, &behind, &positions, &whole);
    let shared = build.take_apart(index, &mut coaches, &mut behind, &positions);
    let served = served(&coaches, &behind);
    let sink = build.node();

    let guidance = guidance(index, &sites, &coaches, &umbrellas, &behind, &served, &mut crossings);
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
        match behind.umbrella {
            Some(umbrella) if positions[umbrella] == Position::BeforeTrainers => {
                let node = umbrellas[umbrella].node;
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
                    let to = behind.umbrella.map_or_else(|| end(behind.visitors), |umbrella| umbrellas[umbrella].node);
                    build.link(site.exit, to, UNLIMITED, Capacity::Covers);
                }
            }
        }
    }
    for (number, (coach, served)) in coaches.iter_mut().zip(&served).enumerate() {
        let cap = cap_in(&index.trainers[coach.trainer].capacity, coach.period).unwrap_or(UNLIMITED);
        let over = served.umbrella().filter(|&umbrella| positions[umbrella] != Position::BeforeTrainers);
        let to = over.map_or_else(|| end(served.visitors), |umbrella| umbrellas[umbrella].node);
        coach.link = build.next_link();
        match &mut coach.part {
            None => build.link(coach.node, to, cap, Capacity::Trainer(number)),
            Some((_, behind)) => {
                let paid = build.node();
                build.link(coach.node, paid, cap, Capacity::Trainer(number));
                *behind = build.next_link();
                build.link(paid, to, UNLIMITED, Capacity::Covers);
            }
        }
    }
    for (number, umbrella) in umbrellas.iter().enumerate() {
        if positions[number] != Position::BeforeTrainers {
            build.link(umbrella.node, end(visitors_of(number, &behind)), umbrella.cap, Capacity::Board(number));
        }
    }

    let nodes = build.nodes as usize;
    Network {
        outgoing: Lists::new(nodes, build.links.iter().map(|link| link.from)),
        incoming: Lists::new(nodes, build.links.iter().map(|link| link.to)),
        links: build.links,
        nodes,
        sink,
        sites,
        coaches,
        shared,
        umbrellas,
        place_site,
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
                        coaches.push(Coach { trainer, period: site.period, node: self.node(), link: 0, part: None });
                        coaches.len() - 1
                    })
                })
                .collect();
        }
        coaches
    }

    /// One umbrella per board and period with a total.
    fn umbrellas(&mut self, index: &Index<'_>, sites: &[Site], behind: &mut [Behind]) -> Vec<Umbrella> {
        let mut umbrellas = Vec::new();
        let mut number: BTreeMap<(PeriodKey, usize), usize> = BTreeMap::new();
        for (site, behind) in sites.iter().zip(behind) {
            let Some(board) = index.school_board[site.school] else { continue };
            let Some(cap) = cap_in(&index.boards[board].totals, site.period) else { continue };
            let umbrella = number.entry((site.period, board)).or_insert_with(|| {
                umbrellas.push(Umbrella { board, period: site.period, cap, node: self.node() });
                umbrellas.len() - 1
            });
            behind.umbrella = Some(*umbrella);
        }
        umbrellas
    }

    /// Gives the schools of boards that cross trainers parts of those trainers of their own.
    fn take_apart(&mut self, index: &Index<'_>, coaches: &mut Vec<Coach>, behind: &mut [Behind], positions: &[Position]) -> Vec<Shared> {
        let crosses = |site: &Behind| site.umbrella.filter(|&umbrella| positions[umbrella] == Position::Crossing);
        let mut served: Vec<Vec<Option<usize>>> = vec![Vec::new(); coaches.len()];
        for site in behind.iter() {
            for &coach in &site.crew {
                if !served[coach].contains(&crosses(site)) {
                    served[coach].push(crosses(site));
                }
            }
        }
        let mut shared = Vec::new();
        let mut part: BTreeMap<(usize, Option<usize>), usize> = BTreeMap::new();
        for (coach, served) in served.iter().enumerate().filter(|(_, served)| served.len() > 1) {
            let Coach { trainer, period, .. } = coaches[coach];
            let whole = Some((shared.len(), 0));
            coaches[coach].part = whole;
            let mut parts = vec![coach];
            part.insert((coach, served[0]), coach);
            for &other in &served[1..] {
                part.insert((coach, other), coaches.len());
                parts.push(coaches.len());
                coaches.push(Coach { trainer, period, node: self.node(), link: 0, part: whole });
            }
            let cap = cap_in(&index.trainers[trainer].capacity, period).unwrap_or(UNLIMITED);
            shared.push(Shared { trainer, period, cap, coaches: parts });
        }
        for site in behind {
            let over = crosses(site);
            for coach in &mut site.crew {
                *coach = part.get(&(*coach, over)).copied().unwrap_or(*coach);
            }
        }
        shared
    }
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

fn guidance(
    index: &Index<'_>,
    sites: &[Site],
    coaches: &[Coach],
    umbrellas: &[Umbrella],
    behind: &[Behind],
    served: &[Served],
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
        let mixed = visitors_of(number, behind).mixed();
        crossed.extend(mixed.then_some(Side::Board(key, umbrella.period)));
    }
    if crossed.is_empty() {
        return Guidance::Nested;
    }
    crossings.extend(crossed.into_iter().map(|with| Crossing { side: Side::Outside, with: Some(with) }));
    Guidance::Crossing(cap)
}
