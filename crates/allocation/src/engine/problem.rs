//! A round in numbers: who may go where at what cost, and how capacities hang together.

use std::collections::{BTreeMap, HashMap};

use crate::candidates::Candidates;
use crate::cost::{Cost, Level, Packing};
use crate::error::InputError;
use crate::flow::{Convex, Flow, NONE};
use crate::index::Index;
use crate::input::{Standing, TeamKey};
use crate::network::{Capacity, Counting, Guidance, Network, Node, UNLIMITED, Visitors};
use crate::proposal::{Bottleneck, Price, Prices};

/// A round, ready to be solved.
#[derive(Debug)]
pub(crate) struct Problem<'a, const W: usize> {
    pub(crate) index: Index<'a>,
    pub(crate) packing: Packing,
    pub(crate) candidates: Candidates<W>,
    pub(crate) network: Network,
    /// What students cost on the links of schools.
    pub(crate) costs: Vec<Option<Convex<W>>>,
    /// Members of each team with more than one.
    pub(crate) teams: Vec<(TeamKey, Vec<usize>)>,
}

impl<'a, const W: usize> Problem<'a, W> {
    pub(crate) fn new(index: Index<'a>, packing: Packing) -> Result<Self, InputError> {
        let candidates = Candidates::new(&index, &packing.levels, packing.words);
        if !u32::try_from(candidates.arcs.len()).is_ok_and(|arcs| arcs < NONE) {
            return Err(InputError::TooManyRows(candidates.arcs.len()));
        }
        let counts = packing.counts(Level::Shortfall) || packing.counts(Level::Spread);
        let counting = if counts { Counting::Schools } else { Counting::Nothing };
        let network = Network::new(&index, &visitors(&index, &candidates), counting);
        let costs = costs(&index, &packing, &network);
        let teams = teams(&index);
        Ok(Self { index, packing, candidates, network, costs, teams })
    }

    /// True when the plan of the network keeps what the network does not know of, too.
    pub(crate) fn keeps_all(&self, flow: &Flow<W>) -> bool {
        self.trainers_kept(flow) && self.guidance_kept(flow) && self.nobody_alone(flow) && self.teams_together(flow)
    }

    fn trainers_kept(&self, flow: &Flow<W>) -> bool {
        self.network.shared.iter().all(|shared| self.network.through(shared, &flow.used) <= shared.cap)
    }

    fn guidance_kept(&self, flow: &Flow<W>) -> bool {
        let Guidance::Crossing(cap) = self.network.guidance else { return true };
        let placed = flow.choice.iter().filter(|&&choice| choice != NONE);
        count(placed.filter(|&&choice| self.candidates.arcs[choice as usize].standing == Standing::Outside).count()) <= cap
    }

    fn nobody_alone(&self, flow: &Flow<W>) -> bool {
        self.network.sites.iter().all(|site| {
            let Some(link) = site.least else { return true };
            let students = flow.used[link as usize];
            students == 0 || students >= self.index.schools[site.school].least
        })
    }

    fn teams_together(&self, flow: &Flow<W>) -> bool {
        self.teams.iter().all(|(_, members)| {
            let mut schools = members.iter().filter_map(|&member| self.school(flow.choice[member]));
            let first = schools.next();
            schools.all(|school| Some(school) == first)
        })
    }

    /// The school of a pair.
    pub(crate) fn school(&self, choice: u32) -> Option<usize> {
        let arc = self.candidates.arcs.get(choice as usize)?;
        Some(self.index.place_school[arc.place as usize])
    }

    /// Prices of nodes, and of guidance when it is not in the network, as the certificate has them.
    /// Parts of trainers in `apart` have a price of their own, and do not count for the whole.
    pub(crate) fn prices(&self, network: &Network, nodes: &[Cost<W>], outside: Option<(Bottleneck, Cost<W>)>, apart: &[usize]) -> Prices {
        let index = &self.index;
        let drop = |from: Node, to: Node| nodes[from as usize] - nodes[to as usize];
        let mut capacities: BTreeMap<Bottleneck, Cost<W>> = BTreeMap::new();
        let mut worth = |capacity: Bottleneck, price: Cost<W>| {
            let most = capacities.entry(capacity).or_insert(Cost::ZERO);
            *most = price.max(*most);
        };
        for link in &network.links {
            match link.capacity {
                Capacity::Place(place) => {
                    worth(Bottleneck::Place(index.places[place].key, index.places[place].count), drop(link.from, link.to));
                }
                Capacity::Trainer(number) => {
                    let coach = network.coaches[number];
                    let cap = crate::index::cap_in(&index.trainers[coach.trainer].capacity, coach.period).unwrap_or(UNLIMITED);
                    let own = if apart.contains(&number) { Cost::ZERO } else { drop(link.from, link.to) };
                    let toll = coach.part.map_or(Cost::ZERO, |(_, link)| {
                        let link = network.links[link as usize];
                        drop(link.from, link.to)
                    });
                    worth(Bottleneck::Trainer(index.trainers[coach.trainer].key, coach.period, cap), own + toll);
                }
                Capacity::Board(umbrella) => {
                    let umbrella = network.umbrellas[umbrella];
                    worth(Bottleneck::Board(index.boards[umbrella.board].key, umbrella.period, umbrella.cap), drop(link.from, link.to));
                }
                Capacity::OutsideGuidance => worth(Bottleneck::OutsideGuidance(link.cap), drop(link.from, link.to)),
                Capacity::SchoolTotal(_) | Capacity::Least(_) | Capacity::Covers => {}
            }
        }
        if let Some((name, price)) = outside {
            worth(name, price);
        }
        let capacities = capacities.into_iter().filter(|row| row.1 > Cost::ZERO).map(|(name, price)| (name, self.price(price))).collect();
        let mut schools: Vec<_> = network
            .sites
            .iter()
            .filter(|site| drop(site.entrance, site.exit) != Cost::ZERO)
            .map(|site| ((index.schools[site.school].key, site.period), self.price(drop(site.entrance, site.exit))))
            .collect();
        schools.sort_unstable();
        Prices { capacities, schools }
    }

    /// A cost as the certificate has it.
    pub(crate) fn price(&self, cost: Cost<W>) -> Price {
        cost.0[W - self.packing.words..].to_vec()
    }
}

/// Per place, who can come.
fn visitors<const W: usize>(index: &Index<'_>, candidates: &Candidates<W>) -> Vec<Visitors> {
    let mut visitors = vec![Visitors::default(); index.places.len()];
    for arc in &candidates.arcs {
        let visitors = &mut visitors[arc.place as usize];
        match arc.standing {
            Standing::Outside => visitors.outside += 1,
            Standing::Kern | Standing::Schil | Standing::SchilUnmet => visitors.inside += 1,
        }
    }
    visitors
}

/// What students cost at schools: less up to the soft minimum, more as the school fills.
fn costs<const W: usize>(index: &Index<'_>, packing: &Packing, network: &Network) -> Vec<Option<Convex<W>>> {
    let mut costs = vec![None; network.links.len()];
    let short = packing.cost(|level| -i64::from(level == Level::Shortfall));
    let step = packing.cost(|level| i64::from(level == Level::Spread));
    for site in &network.sites {
        let minimum = crate::index::cap_in(&index.schools[site.school].minimum, site.period).unwrap_or(0);
        if let Some(link) = site.total
            && (minimum > 0 || step != Cost::ZERO)
        {
            costs[link as usize] = Some(Convex { first: minimum, bonus: short, step, per: site.room });
        }
    }
    costs
}

fn teams(index: &Index<'_>) -> Vec<(TeamKey, Vec<usize>)> {
    let mut members: HashMap<TeamKey, Vec<usize>> = HashMap::new();
    for (number, demand) in index.demands.iter().enumerate() {
        if let Some(team) = demand.team {
            members.entry(team).or_default().push(number);
        }
    }
    let mut teams: Vec<_> = members.into_iter().filter(|(_, members)| members.len() > 1).collect();
    teams.sort_unstable_by(|a, b| a.1.cmp(&b.1));
    teams
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(UNLIMITED)
}
