//! Questions to a solved round: why this place, why not that one, what would one place more bring.
//!
//! The answers are walks through the plan with the prices of the solver: to force a student
//! somewhere, somebody else has to make room, and so on, until there is room or somebody gives up.
//! The cheapest such walk is what it costs, on every level.

mod residual;
mod start;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::candidates::{Candidates, pair};
use crate::cost::{Cost, Level, MAX_WORDS, Packing, bound};
use crate::eligibility::{Reasons, reasons};
use crate::engine::Problem;
use crate::error::InputError;
use crate::flow::{self, Convex, Flow, NONE};
use crate::index::Index;
use crate::input::{DemandKey, Input, PlaceKey, SchoolKey, Standing};
use crate::network::{Capacity, Guidance, Node, UNLIMITED};
use crate::proposal::{Bottleneck, Proposal};

use residual::{Residual, Tree, Walk};
use start::{repacked, start};

/// A solved round to ask questions of. Building it costs as much as reading the snapshot: the plan and
/// its prices come from the proposal, and are put right where they are not. The questions are quick.
///
/// Where no capacity crosses others, nobody is alone by rule and there are no teams, answers are
/// exact. Otherwise they are bounds: see [`WhyNot::Worse`] and [`WhyNot::Open`].
pub struct Solved<'a> {
    answers: Box<dyn Answers + Send + Sync + 'a>,
}

/// Why a student is where she is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// The place; `None` without one.
    pub here: Option<Here>,
    /// What became of each wish, in order.
    pub wishes: Vec<WhyNot>,
}

/// The place of a student. Every hard rule is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Here {
    /// The place.
    pub place: PlaceKey,
    /// Its school.
    pub school: SchoolKey,
    /// Rules that are not hard in this round and that the place breaks.
    pub broken: Reasons,
    /// What this student adds to every level.
    pub levels: Vec<(Level, i64)>,
}

/// What became of a wish, or of any other place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WhyNot {
    /// The student is there.
    Granted,
    /// Ruled out: all rules that stand in the way at some place of the wished schools.
    Ruled(Reasons),
    /// With the student there, the best proposal would be worse.
    Worse {
        /// The first level that gets worse: those who are there have a stronger claim on it.
        level: Level,
        /// By how much; at least by so much when answers are bounds.
        by: i64,
        /// Capacities at the place that are full, sorted.
        full: Vec<Bottleneck>,
    },
    /// Answers are bounds, and this one does not show that a proposal with the student there is
    /// worse.
    Open,
    /// There is no such place in the period.
    NoPlace,
}

impl<'a> Solved<'a> {
    /// Prepares a round for questions. The proposal must be the engine's own for this snapshot.
    pub fn new(input: &'a Input, proposal: &Proposal) -> Result<Self, InputError> {
        let index = Index::new(input)?;
        let fine = proposal.certificate.levels.iter().all(|level| level.weight > 1);
        let packing = if fine { Packing::wide_and_fine(input) } else { Packing::wide(input) };
        let answers: Box<dyn Answers + Send + Sync + 'a> = match packing.words {
            1 => Box::new(Asked::<1>::new(index, packing, proposal)?),
            2 => Box::new(Asked::<2>::new(index, packing, proposal)?),
            3..=4 => Box::new(Asked::<4>::new(index, packing, proposal)?),
            5..=MAX_WORDS => Box::new(Asked::<MAX_WORDS>::new(index, packing, proposal)?),
            _ => return Err(InputError::ObjectiveTooLarge),
        };
        Ok(Self { answers })
    }

    /// Why the student is where she is, and not at a wish; `None` for an unknown demand.
    pub fn why(&self, demand: DemandKey) -> Option<Why> {
        self.answers.why(demand)
    }

    /// What would be if the student were at this place.
    pub fn force(&self, demand: DemandKey, place: PlaceKey) -> WhyNot {
        self.answers.force(demand, place)
    }

    /// What one more in a capacity would change, for every level; below zero is better. The spread
    /// over schools counts as if the school took no more. Empty for a capacity that the round does
    /// not have or that crosses others; a bound when other answers are.
    pub fn extra_place(&self, capacity: Bottleneck) -> Vec<(Level, i64)> {
        self.answers.extra_place(capacity)
    }
}

trait Answers {
    fn why(&self, demand: DemandKey) -> Option<Why>;
    fn force(&self, demand: DemandKey, place: PlaceKey) -> WhyNot;
    fn extra_place(&self, capacity: Bottleneck) -> Vec<(Level, i64)>;
}

/// Whether the plan is the proposal, or only bounds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exactness<const W: usize> {
    Exact,
    /// Cost of the proposal, and the bound that the plan is.
    Bound {
        own: Cost<W>,
        lowest: Cost<W>,
    },
}

/// A round with a plan and prices.
struct Asked<'a, const W: usize> {
    problem: Problem<'a, W>,
    /// What students cost on links, with what crossing capacities add.
    costs: Vec<Option<Convex<W>>>,
    /// The pairs, with what crossing capacities add.
    candidates: Candidates<W>,
    flow: Flow<W>,
    exactness: Exactness<W>,
    demands: HashMap<DemandKey, usize>,
    /// Where the proposal has each student.
    places: Vec<Option<usize>>,
    used: HashMap<Bottleneck, u32>,
    residual: Residual<W>,
    /// Walks to the place of the student that was asked about last.
    last: Mutex<Option<Tree<W>>>,
}

impl<'a, const W: usize> Asked<'a, W> {
    fn new(index: Index<'a>, packing: Packing, proposal: &Proposal) -> Result<Self, InputError> {
        let problem = Problem::<W>::new(index, packing)?;
        let price = |name: Bottleneck| {
            let prices = &proposal.certificate.prices.capacities;
            let found = prices.iter().find(|row| row.0 == name);
            found.map_or(Cost::<W>::ZERO, |row| repacked(&problem, &proposal.certificate, &row.1).max(Cost::ZERO))
        };
        let network = &problem.network;
        let mut given_back = Cost::ZERO;
        let mut costs = problem.costs.clone();
        for shared in &network.shared {
            let price = price(Bottleneck::Trainer(problem.index.trainers[shared.trainer].key, shared.period, shared.cap));
            for link in shared.coaches.iter().filter_map(|&coach| network.coaches[coach].part).map(|part| part.1) {
                costs[link as usize] = Some(Convex { first: u32::MAX, bonus: price, step: Cost::ZERO, per: 0 });
            }
            given_back += price.times(shared.cap);
        }
        let outside = match network.guidance {
            Guidance::Crossing(cap) => {
                let price = price(Bottleneck::OutsideGuidance(cap));
                given_back += price.times(cap);
                price
            }
            Guidance::Unlimited | Guidance::Nested => Cost::ZERO,
        };
        let extra = |_: usize, arc: usize| {
            let arc = problem.candidates.arcs[arc];
            Some(if arc.standing == Standing::Outside { outside } else { Cost::ZERO })
        };
        let (candidates, origin) = problem.candidates.filtered(extra, |_| Cost::ZERO);
        let start = start(&problem, &candidates, proposal);
        let Some(flow) = flow::solve(network, &candidates, &costs, start, |_| true) else {
            return Err(InputError::ObjectiveTooLarge);
        };
        let exact = given_back == Cost::ZERO && {
            let mut plain = flow.clone();
            plain.choice.iter_mut().filter(|choice| **choice != NONE).for_each(|choice| *choice = origin[*choice as usize]);
            problem.keeps_all(&plain)
        };
        let exactness = if exact {
            Exactness::Exact
        } else {
            let value = |wanted: Level| proposal.objective.iter().find(|row| row.0 == wanted).map_or(0, |row| row.1);
            let lowest = lowest(&problem, &candidates, &costs, &flow) - given_back;
            Exactness::Bound { own: problem.packing.cost(value), lowest }
        };
        let demands = problem.index.demands.iter().enumerate().map(|(number, demand)| (demand.key, number)).collect();
        let place = |key: DemandKey| match proposal.outcome(key) {
            Some(crate::Outcome::Placed(placed)) => problem.index.place_number(placed.place),
            _ => None,
        };
        let places = problem.index.demands.iter().map(|demand| place(demand.key)).collect();
        let residual = Residual::new(network, &candidates, &flow);
        let used = used(&problem, proposal);
        Ok(Self { problem, costs, candidates, flow, exactness, demands, places, used, residual, last: Mutex::new(None) })
    }

    /// The best of forcing the student to one of these places, all of which are possible.
    fn forced(&self, demand: usize, places: &[usize]) -> WhyNot {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let goal = self.residual.stands(demand);
        let tree = match last.take() {
            Some(tree) if tree.leads_to(goal) => last.insert(tree),
            _ => last.insert(Tree::new(&self.problem.network, goal)),
        };
        let Some((cost, place, walk)) = self.residual.cheapest(self, tree, demand, places) else { return WhyNot::NoPlace };
        let full = self.full_at(place, demand);
        match self.exactness {
            Exactness::Exact => {
                let changes = self.changes(&walk);
                match changes.into_iter().find(|change| change.1 != 0) {
                    Some((level, by)) => WhyNot::Worse { level, by, full },
                    None => WhyNot::Open,
                }
            }
            Exactness::Bound { own, lowest } => match worse(&self.problem, own, lowest + cost) {
                Some((level, by)) => WhyNot::Worse { level, by, full },
                None => WhyNot::Open,
            },
        }
    }

    /// What a walk changes on every level.
    fn changes(&self, walk: &Walk) -> Vec<(Level, i64)> {
        let mut changes: Vec<(Level, i64)> = self.problem.packing.levels.iter().map(|packed| (packed.level, 0)).collect();
        for &(demand, from, to) in &walk.moves {
            for (level, change) in &mut changes {
                *change += self.value(*level, demand, to) - self.value(*level, demand, from);
            }
        }
        for &(link, times) in &walk.links {
            let used = i64::from(self.flow.used[link as usize]);
            for (level, change) in &mut changes {
                *change += self.school_value(*level, link, used + times) - self.school_value(*level, link, used);
            }
        }
        changes
    }

    /// What the student adds to a level at a pair of [`Self::candidates`], or without.
    fn value(&self, level: Level, demand: usize, choice: u32) -> i64 {
        if choice == NONE {
            return level.of_unplaced(self.problem.index.demands[demand]);
        }
        let place = self.candidates.arcs[choice as usize].place as usize;
        level.of_pair(&pair(&self.problem.index, demand, place))
    }

    /// What so many students through a link add to a level.
    fn school_value(&self, level: Level, link: u32, students: i64) -> i64 {
        let Some(cost) = self.problem.costs.get(link as usize).and_then(Option::as_ref) else { return 0 };
        match level {
            Level::Shortfall => i64::from(cost.first).saturating_sub(students).max(0),
            Level::Spread => (0..students).map(|before| (100 * before).checked_div(cost.per.into()).unwrap_or(0)).sum(),
            _ => 0,
        }
    }

    /// The full capacities that a student at this place would use and does not use now.
    fn full_at(&self, place: usize, demand: usize) -> Vec<Bottleneck> {
        let mine = self.places[demand].map_or_else(Vec::new, |place| self.chain(place, demand));
        let mut full = self.chain(place, demand);
        full.retain(|name| self.used.get(name).copied().unwrap_or(0) >= name.cap() && !mine.contains(name));
        full.sort_unstable();
        full
    }

    /// The capacities at a place, trainers only when all of them are full.
    fn chain(&self, place: usize, demand: usize) -> Vec<Bottleneck> {
        let Problem { index, network, .. } = &self.problem;
        let row = index.places[place];
        let school = index.schools[index.place_school[place]];
        let mut chain = vec![Bottleneck::Place(row.key, row.count)];
        let cap = |caps: &[crate::PeriodCap]| crate::index::cap_in(caps, row.period);
        chain.extend(cap(&school.totals).map(|cap| Bottleneck::SchoolTotal(school.key, row.period, cap)));
        let site = network.sites[network.place_site[place] as usize];
        if site.trainer.is_none() {
            let trainers = school.trainers.iter().filter_map(|key| {
                let trainer = index.trainers[*index.trainer_number.get(key)?];
                Some(Bottleneck::Trainer(*key, row.period, cap(&trainer.capacity)?))
            });
            let trainers: Vec<Bottleneck> = trainers.collect();
            if trainers.iter().all(|name| self.used.get(name).copied().unwrap_or(0) >= name.cap()) {
                chain.extend(trainers);
            }
        }
        if let Some(board) = index.school_board[index.place_school[place]] {
            let board = index.boards[board];
            chain.extend(cap(&board.totals).map(|cap| Bottleneck::Board(board.key, row.period, cap)));
        }
        if index.standing(demand, index.place_school[place]) == Standing::Outside {
            chain.extend(index.input.settings.outside_cap.map(Bottleneck::OutsideGuidance));
        }
        chain
    }

    /// What became of the places of some schools, for a student who is at none of them.
    fn among(&self, demand: usize, schools: &[SchoolKey]) -> WhyNot {
        let index = &self.problem.index;
        let mut ruled = Reasons::NONE;
        let mut possible = Vec::new();
        let mut any = false;
        for place in index.places_in(index.demands[demand].period) {
            if !schools.contains(&index.places[place].school) {
                continue;
            }
            any = true;
            let broken = reasons(index, demand, place).and(index.hard);
            ruled = ruled.or(broken);
            if broken.is_empty() {
                possible.push(place);
            }
        }
        match (any, possible.is_empty()) {
            (false, _) => WhyNot::NoPlace,
            (true, true) => WhyNot::Ruled(ruled),
            (true, false) => self.forced(demand, &possible),
        }
    }
}

impl<const W: usize> Answers for Asked<'_, W> {
    fn why(&self, demand: DemandKey) -> Option<Why> {
        let number = *self.demands.get(&demand)?;
        let index = &self.problem.index;
        let row = index.demands[number];
        let here = self.places[number].map(|place| {
            let pair = pair(index, number, place);
            let levels = self.problem.packing.levels.iter().map(|packed| (packed.level, packed.level.of_pair(&pair)));
            Here { place: index.places[place].key, school: index.places[place].school, broken: pair.broken, levels: levels.collect() }
        });
        let wish = |wish: &crate::Wish| match &here {
            Some(here) if wish.schools.contains(&here.school) => WhyNot::Granted,
            _ => self.among(number, &wish.schools),
        };
        let wishes = row.wishes.iter().map(wish).collect();
        Some(Why { here, wishes })
    }

    fn force(&self, demand: DemandKey, place: PlaceKey) -> WhyNot {
        let index = &self.problem.index;
        let (Some(&number), Some(place)) = (self.demands.get(&demand), index.place_number(place)) else { return WhyNot::NoPlace };
        if self.places[number] == Some(place) {
            return WhyNot::Granted;
        }
        let broken = reasons(index, number, place).and(index.hard);
        if broken.is_empty() { self.forced(number, &[place]) } else { WhyNot::Ruled(broken) }
    }

    fn extra_place(&self, capacity: Bottleneck) -> Vec<(Level, i64)> {
        let Some(link) = self.link(capacity) else { return Vec::new() };
        let walk = self.residual.with_one_more(self, link).unwrap_or_default();
        self.changes(&walk)
    }
}

impl<const W: usize> Asked<'_, W> {
    /// The link of a capacity in the network.
    fn link(&self, capacity: Bottleneck) -> Option<u32> {
        let Problem { index, network, .. } = &self.problem;
        let is = |kind: Capacity| match (kind, capacity) {
            (Capacity::Place(place), Bottleneck::Place(key, cap)) => index.places[place].key == key && index.places[place].count == cap,
            (Capacity::SchoolTotal(site), Bottleneck::SchoolTotal(key, period, _)) => {
                let site = network.sites[site];
                index.schools[site.school].key == key && site.period == period
            }
            (Capacity::Trainer(coach), Bottleneck::Trainer(key, period, _)) => {
                let coach = network.coaches[coach];
                index.trainers[coach.trainer].key == key && coach.period == period
            }
            (Capacity::Board(umbrella), Bottleneck::Board(key, period, _)) => {
                let umbrella = network.umbrellas[umbrella];
                index.boards[umbrella.board].key == key && umbrella.period == period
            }
            (Capacity::OutsideGuidance, Bottleneck::OutsideGuidance(_)) => true,
            _ => false,
        };
        let position = network.links.iter().position(|link| is(link.capacity) && link.cap != UNLIMITED && link.cap == capacity.cap());
        position.and_then(|position| u32::try_from(position).ok())
    }

    /// Price of a node.
    fn price(&self, node: Node) -> Cost<W> {
        self.flow.prices[node as usize]
    }
}

/// What the plan costs, with what crossing capacities add.
fn lowest<const W: usize>(problem: &Problem<'_, W>, candidates: &Candidates<W>, costs: &[Option<Convex<W>>], flow: &Flow<W>) -> Cost<W> {
    let short = i64::try_from(crate::cost::most_shortfall(problem.index.input)).unwrap_or(i64::MAX);
    let mut sum: Cost<W> = problem.packing.cost(|level| if level == Level::Shortfall { short } else { 0 });
    for (demand, &choice) in flow.choice.iter().enumerate() {
        sum += if choice == NONE { candidates.unplaced[demand] } else { candidates.cost(choice as usize) };
    }
    for (cost, &used) in costs.iter().zip(&flow.used) {
        let Some(cost) = cost else { continue };
        (1..=used).for_each(|student| sum += cost.whole(student));
    }
    sum
}

/// The first level on which everything that costs at least `lowest` is worse than `own`, and by how
/// much at least; `None` when that is not certain.
fn worse<const W: usize>(problem: &Problem<'_, W>, own: Cost<W>, lowest: Cost<W>) -> Option<(Level, i64)> {
    let packing = &problem.packing;
    let mut left = own;
    let mut prefix = Cost::<W>::ZERO;
    for (number, packed) in packing.levels.iter().enumerate() {
        let word = W - packing.words + packed.word;
        let value = left.0[word].div_euclid(packed.weight);
        let below = packing.levels[number + 1..].iter().filter(|lower| lower.word == packed.word);
        let most: i128 = below.map(|lower| lower.weight * i128::from(bound(problem.index.input, lower.level))).sum();
        let least = (lowest.0[word] - prefix.0[word] - most - 1).div_euclid(packed.weight) + 1;
        match least.cmp(&value) {
            std::cmp::Ordering::Greater => return Some((packed.level, i64::try_from(least - value).unwrap_or(i64::MAX))),
            std::cmp::Ordering::Less => return None,
            std::cmp::Ordering::Equal => {}
        }
        left.0[word] -= value * packed.weight;
        prefix.0[word] += value * packed.weight;
    }
    None
}

/// How much of each capacity the proposal uses.
fn used<const W: usize>(problem: &Problem<'_, W>, proposal: &Proposal) -> HashMap<Bottleneck, u32> {
    let index = &problem.index;
    let mut used: HashMap<Bottleneck, u32> = HashMap::new();
    for (_, outcome) in &proposal.assignments {
        let crate::Outcome::Placed(placed) = outcome else { continue };
        let Some(place) = index.place_number(placed.place) else { continue };
        let (row, number) = (index.places[place], index.place_school[place]);
        let cap = |caps: &[crate::PeriodCap]| crate::index::cap_in(caps, row.period);
        let mut count = |name: Bottleneck| *used.entry(name).or_default() += 1;
        count(Bottleneck::Place(row.key, row.count));
        if let Some(cap) = cap(&index.schools[number].totals) {
            count(Bottleneck::SchoolTotal(row.school, row.period, cap));
        }
        let trainer = placed.trainer.and_then(|key| Some((key, index.trainers[*index.trainer_number.get(&key)?])));
        if let Some((key, cap)) = trainer.and_then(|(key, trainer)| Some((key, cap(&trainer.capacity)?))) {
            count(Bottleneck::Trainer(key, row.period, cap));
        }
        if let Some((board, cap)) = index.school_board[number].and_then(|board| Some((board, cap(&index.boards[board].totals)?))) {
            count(Bottleneck::Board(index.boards[board].key, row.period, cap));
        }
        if let (Standing::Outside, Some(cap)) = (placed.standing, index.input.settings.outside_cap) {
            count(Bottleneck::OutsideGuidance(cap));
        }
    }
    used
}
