//! The case as a programme in which students share capacities: the multipliers that prove most, and
//! how parts of trainers are used in fractions.

use std::collections::BTreeSet;

use crate::cost::Cost;
use crate::flow::{Flow, NONE};
use crate::network::{Capacity, Network, Node, UNLIMITED};

use super::case::{Case, Pick};
use super::simplex::{self, Kind, Optimum, Programme};
use super::{Search, SideKind, Stop};

/// Ways from one place to the sink before it is left to others.
const MOST_WAYS: usize = 40;

/// Rows of a programme: its inverse has so many times so many numbers.
const MOST_ROWS: usize = 4_000;

/// Steps of a programme, times its rows.
const MOST_WORK: usize = 100_000_000;

/// Steps that count as one flow.
const STEPS_PER_FLOW: usize = 200;

/// What a programme says.
pub(super) struct Sharing<const W: usize> {
    pub(super) multipliers: Vec<Cost<W>>,
    /// Students through each part of a trainer, and the students outside, over [`Self::whole`].
    parts: Vec<i128>,
    outside: Vec<(i128, usize)>,
    whole: i128,
}

/// A way from a place to the sink.
#[derive(Clone, Default)]
struct WayOut {
    takes: Vec<(u32, i64)>,
    coach: Option<usize>,
    /// The link to the coach.
    crew: Option<u32>,
}

/// One option of a student: a pair and a way from there, or none.
#[derive(Clone, Copy)]
struct Picked {
    demand: u32,
    arc: u32,
    way: u32,
}

struct Builder<'s, 'a, 'b, 'c, const W: usize> {
    search: &'s Search<'a, 'b, W>,
    case: &'c Case,
    network: &'c Network,
    programme: Programme,
    /// What a student through a link takes from rows; the rows of sides come first.
    link_takes: Vec<Vec<(u32, i64)>>,
    /// The row that counts the students of a link.
    count_rows: Vec<Option<u32>>,
    ways: Vec<Vec<WayOut>>,
    picked: Vec<Picked>,
    start: Vec<u32>,
    /// Students with one option.
    settled: Vec<Picked>,
}

/// A case as a programme.
struct Ready {
    programme: Programme,
    start: Vec<u32>,
    picked: Vec<Picked>,
    settled: Vec<Picked>,
    /// The part of a trainer that each option of these and then of those uses.
    coaches: Vec<Option<usize>>,
    /// The row of each side, if it can be filled.
    sides: Vec<Option<u32>>,
}

impl<const W: usize> Search<'_, '_, W> {
    /// Solves the case as a programme; `None` when it is too much.
    pub(super) fn share(&mut self, case: &Case) -> Result<Option<Sharing<W>>, Stop> {
        let Some(ready) = Builder::new(self, case, &case.network(self.problem)).and_then(Builder::finish) else { return Ok(None) };
        let rows = ready.programme.caps.len();
        if rows > MOST_ROWS {
            return Ok(None);
        }
        let mut stop = None;
        let go_on = || {
            stop = self.ask();
            stop.is_none()
        };
        let optimum = simplex::solve(&ready.programme, &ready.start, MOST_WORK / (rows + 1_000), go_on);
        match (stop, optimum) {
            (Some(stop), _) => Err(stop),
            (None, None) => Ok(None),
            (None, Some(optimum)) => {
                self.evaluated += optimum.steps / STEPS_PER_FLOW;
                Ok(Some(self.read(&ready, &optimum)))
            }
        }
    }

    fn read(&self, ready: &Ready, optimum: &Optimum) -> Sharing<W> {
        let multipliers = ready.sides.iter().map(|row| row.map_or(Cost::ZERO, |row| self.multiplier(optimum, row as usize))).collect();
        let coaches = self.problem.network.coaches.len();
        let mut sharing = Sharing { multipliers, parts: vec![0; coaches], outside: Vec::new(), whole: optimum.whole };
        let picked = ready.picked.len();
        let chosen = optimum.chosen.iter().map(|&(option, value)| (option as usize, value)).filter(|row| row.0 < picked);
        let settled = (picked..picked + ready.settled.len()).map(|option| (option, optimum.whole));
        for (option, value) in chosen.chain(settled) {
            if let Some(coach) = ready.coaches[option] {
                sharing.parts[coach] += value;
            }
            let Picked { demand, arc, .. } = if option < picked { ready.picked[option] } else { ready.settled[option - picked] };
            if arc != NONE && self.is_outside(arc as usize) {
                match sharing.outside.last_mut() {
                    Some(row) if row.1 == demand as usize => row.0 += value,
                    _ => sharing.outside.push((value, demand as usize)),
                }
            }
        }
        sharing
    }

    /// The price of a row as a cost, rounded down on the first word on which it is no whole number.
    fn multiplier(&self, optimum: &Optimum, row: usize) -> Cost<W> {
        let mut multiplier = Cost::ZERO;
        let words = multiplier.0.iter_mut().skip(W - self.problem.packing.words);
        for (word, (prices, denominator)) in words.zip(&optimum.prices) {
            let (price, denominator) = (prices[row] * self.scale, i128::from(*denominator));
            *word = price.div_euclid(denominator);
            if price.rem_euclid(denominator) != 0 {
                break;
            }
        }
        multiplier.max(Cost::ZERO)
    }

    /// The case with trainers divided as in fractions, and the students outside who are so most.
    pub(super) fn divided(&self, case: &Case, sharing: &Sharing<W>) -> Case {
        let mut case = case.clone();
        for shared in &self.problem.network.shared {
            let of = |coach: usize| sharing.parts[coach];
            let mut parts: Vec<(i128, usize, u32)> = shared
                .coaches
                .iter()
                .map(|&coach| (of(coach) % sharing.whole, coach, u32::try_from(of(coach) / sharing.whole).unwrap_or(u32::MAX)))
                .collect();
            parts.sort_unstable_by(|a, b| b.cmp(a));
            let mut left = shared.cap.saturating_sub(parts.iter().map(|part| part.2).sum());
            for part in parts.iter_mut().filter(|part| part.0 > 0) {
                let more = left.min(1);
                part.2 += more;
                left -= more;
            }
            if let Some(part) = parts.first_mut() {
                part.2 += left;
            }
            for (_, coach, most) in parts {
                case.limit(coach, most);
            }
        }
        if let Some(side) = self.outside_side {
            let mut outside: Vec<(i128, usize)> = sharing.outside.iter().map(|&(value, demand)| (-value, demand)).collect();
            outside.sort_unstable();
            let staying: BTreeSet<usize> = outside.into_iter().take(self.sides[side].cap as usize).map(|row| row.1).collect();
            case.guide(staying);
        }
        case
    }

    /// What to choose next where the programme has fractions: those nearest to a half.
    pub(super) fn pick_fraction(&self, case: &Case, sharing: &Sharing<W>) -> Option<Pick> {
        let whole = sharing.whole;
        let uneven = |value: i128| (value % whole).min(whole - value % whole);
        let parts = self.problem.network.shared.iter().flat_map(|shared| &shared.coaches);
        let open = |coach: usize| {
            let least = case.at_least().find(|row| row.0 == coach).map_or(0, |row| row.1);
            let most = case.limit_of(coach).unwrap_or(UNLIMITED);
            sharing.parts[coach] > i128::from(least) * whole && sharing.parts[coach] < i128::from(most) * whole
        };
        let part =
            parts.filter(|&&coach| uneven(sharing.parts[coach]) > 0 && open(coach)).max_by_key(|&&coach| uneven(sharing.parts[coach]));
        if let Some(&coach) = part {
            return Some(Pick::Part(coach, u32::try_from(sharing.parts[coach] / whole).ok()?));
        }
        let free = sharing.outside.iter().filter(|row| !case.is_fixed(row.1) && uneven(row.0) > 0);
        free.max_by_key(|row| uneven(row.0)).map(|row| Pick::Outside(row.1))
    }
}

impl<'s, 'a, 'b, 'c, const W: usize> Builder<'s, 'a, 'b, 'c, W> {
    fn new(search: &'s Search<'a, 'b, W>, case: &'c Case, network: &'c Network) -> Option<Self> {
        let words = search.problem.packing.words;
        let (word, weight) = search.problem.packing.forbidden;
        let programme = Programme {
            words,
            offsets: vec![0],
            option_rows: vec![0],
            forbidden: (word, narrow(weight / search.scale)?),
            ..Programme::default()
        };
        let mut builder = Self {
            search,
            case,
            network,
            programme,
            link_takes: vec![Vec::new(); network.links.len()],
            count_rows: vec![None; network.links.len()],
            ways: Vec::new(),
            picked: Vec::new(),
            start: Vec::new(),
            settled: Vec::new(),
        };
        builder.rows();
        for place in 0..network.place_site.len() {
            let mut ways = Vec::new();
            builder.ways_from(u32::try_from(place).ok()?, &WayOut::default(), &mut ways)?;
            builder.ways.push(ways);
        }
        builder.students()?;
        Some(builder)
    }

    fn row(&mut self, cap: i64, kind: Kind) -> u32 {
        self.programme.caps.push(cap);
        self.programme.kinds.push(kind);
        u32::try_from(self.programme.caps.len() - 1).unwrap_or(u32::MAX)
    }

    /// A row per side, per capacity, and per link whose students cost something by their number.
    fn rows(&mut self) {
        let network = self.network;
        for side in &self.search.sides {
            let row = self.row(side.cap.into(), Kind::AtMost);
            let SideKind::Trainer(shared) = side.kind else { continue };
            for &coach in &network.shared[shared].coaches {
                self.link_takes[network.coaches[coach].link as usize].push((row, 1));
            }
        }
        for (number, link) in network.links.iter().enumerate() {
            let whole = match link.capacity {
                Capacity::Trainer(coach) => network.coaches[coach].part.map(|(shared, _)| network.shared[shared].cap),
                _ => None,
            };
            if link.cap != UNLIMITED && whole != Some(link.cap) {
                let row = self.row(link.cap.into(), Kind::AtMost);
                self.link_takes[number].push((row, 1));
            }
            if self.search.problem.costs[number].is_some() {
                let row = self.row(0, Kind::Exactly);
                self.link_takes[number].push((row, 1));
                self.count_rows[number] = Some(row);
            }
        }
        for (coach, least) in self.case.at_least() {
            let row = self.row(-i64::from(least), Kind::AtMost);
            self.link_takes[network.coaches[coach].link as usize].push((row, -1));
        }
    }

    fn ways_from(&self, node: Node, so_far: &WayOut, ways: &mut Vec<WayOut>) -> Option<()> {
        if node == self.network.sink {
            ways.push(so_far.clone());
            return (ways.len() <= MOST_WAYS).then_some(());
        }
        for &link in self.network.outgoing(node) {
            let ends = self.network.links[link as usize];
            let mut way = so_far.clone();
            way.takes.extend(&self.link_takes[link as usize]);
            if let Capacity::Trainer(coach) = ends.capacity {
                way.coach = Some(coach);
            }
            if self.network.coaches.binary_search_by_key(&ends.to, |coach| coach.node).is_ok() {
                way.crew = Some(link);
            }
            self.ways_from(ends.to, &way, ways)?;
        }
        Some(())
    }

    fn students(&mut self) -> Option<()> {
        let search = self.search;
        let candidates = &search.problem.candidates;
        let at = search.best.as_ref().map(|best| self.at_now(&best.plan));
        let mut options: Vec<Picked> = Vec::new();
        for demand in 0..candidates.unplaced.len() {
            options.clear();
            let number = u32::try_from(demand).ok()?;
            for arc in candidates.of(demand).filter(|&arc| search.alive[arc] && self.case.allows(search, demand, arc)) {
                let ways = self.ways[candidates.arcs[arc].place as usize].len();
                let arc = u32::try_from(arc).ok()?;
                options.extend((0..u32::try_from(ways).ok()?).map(|way| Picked { demand: number, arc, way }));
            }
            let now = at.as_ref().and_then(|at| at[demand]);
            let here = now.and_then(|(arc, way)| options.iter().position(|option| (option.arc, option.way) == (arc, way)));
            options.push(Picked { demand: number, arc: NONE, way: 0 });
            if let [only] = options[..] {
                self.settled.push(only);
                continue;
            }
            let first = self.picked.len();
            self.start.push(u32::try_from(first + here.unwrap_or(options.len() - 1)).ok()?);
            self.picked.append(&mut options);
            self.programme.offsets.push(u32::try_from(self.picked.len()).ok()?);
        }
        Some(())
    }

    /// The pair of each student in a plan, and the way from there.
    fn at_now(&self, plan: &Flow<W>) -> Vec<Option<(u32, u32)>> {
        let problem = self.search.problem;
        let mut left: Vec<u32> = plan.used.clone();
        let at = |&arc: &u32| {
            let place = problem.candidates.arcs.get(arc as usize)?.place as usize;
            let ways = &self.ways[place];
            let way = ways.iter().position(|way| way.crew.is_none_or(|link| left[link as usize] > 0))?;
            if let Some(link) = ways[way].crew {
                left[link as usize] -= 1;
            }
            Some((arc, u32::try_from(way).ok()?))
        };
        plan.choice.iter().map(at).collect()
    }

    /// What an option takes from rows.
    fn takes(&self, option: Picked) -> impl Iterator<Item = (u32, i64)> {
        let problem = self.search.problem;
        let place = problem.candidates.arcs.get(option.arc as usize).map(|arc| arc.place as usize);
        let way = place.map(|place| &self.ways[place][option.way as usize]);
        let outside = self.search.outside_side.filter(|_| option.arc != NONE && self.search.is_outside(option.arc as usize));
        let outside = outside.and_then(|side| u32::try_from(side).ok());
        way.into_iter().flat_map(|way| way.takes.iter().copied()).chain(outside.map(|row| (row, 1)))
    }

    fn coach_of(&self, option: Picked) -> Option<usize> {
        let place = self.search.problem.candidates.arcs.get(option.arc as usize)?.place;
        self.ways[place as usize][option.way as usize].coach
    }

    /// Takes those who have no choice from the rows, and finds the rows that the others can fill:
    /// their new numbers, and how many students can come there.
    fn shrink(&mut self) -> Vec<Option<(u32, i64)>> {
        for &option in &self.settled {
            for (row, times) in self.takes(option).collect::<Vec<_>>() {
                self.programme.caps[row as usize] -= times;
            }
        }
        let mut seen = vec![(NONE, 0_i64); self.programme.caps.len()];
        let mut filled = vec![false; self.programme.caps.len()];
        for &option in &self.picked {
            for (row, times) in self.takes(option) {
                filled[row as usize] |= times < 0;
                let (last, students) = &mut seen[row as usize];
                *students += i64::from(std::mem::replace(last, option.demand) != option.demand);
            }
        }
        let (mut caps, mut kinds) = (Vec::new(), Vec::new());
        let mut numbers = Vec::with_capacity(seen.len());
        for (row, &(_, students)) in seen.iter().enumerate() {
            let (cap, kind) = (self.programme.caps[row], self.programme.kinds[row]);
            let is_free = match kind {
                Kind::AtMost => students <= cap && !filled[row],
                Kind::Exactly => students == 0,
            };
            numbers.push(if is_free { None } else { u32::try_from(caps.len()).ok().map(|number| (number, students)) });
            if !is_free {
                caps.push(cap);
                kinds.push(kind);
            }
        }
        self.programme.caps = caps;
        self.programme.kinds = kinds;
        numbers
    }

    fn option(&mut self, cost: Cost<W>, takes: impl Iterator<Item = (u32, i64)>) -> Option<()> {
        let words = self.programme.words;
        for word in &cost.0[W - words..] {
            self.programme.costs.push(narrow(word / self.search.scale)?);
        }
        self.programme.takes.extend(takes);
        self.programme.option_rows.push(u32::try_from(self.programme.takes.len()).ok()?);
        Some(())
    }

    fn finish(mut self) -> Option<Ready> {
        let numbers = self.shrink();
        let candidates = &self.search.problem.candidates;
        let picked = std::mem::take(&mut self.picked);
        for &option in &picked {
            let takes = self.takes(option).filter_map(|(row, times)| Some((numbers[row as usize]?.0, times)));
            let takes: Vec<(u32, i64)> = takes.collect();
            let demand = option.demand as usize;
            let none = || {
                let forbidden = if self.case.must_be_placed(demand) { self.search.forbidden } else { Cost::ZERO };
                candidates.unplaced[demand] + forbidden
            };
            let cost = if option.arc == NONE { none() } else { candidates.cost(option.arc as usize) };
            self.option(cost, takes.into_iter())?;
        }
        self.count(&numbers)?;
        let sides = numbers[..self.search.sides.len()].iter().map(|number| number.map(|(row, _)| row)).collect();
        let coaches = picked.iter().chain(&self.settled).map(|&option| self.coach_of(option)).collect();
        Some(Ready { programme: self.programme, start: self.start, picked, settled: self.settled, coaches, sides })
    }

    /// What a link costs by the number of its students: somebody for every number, who takes part or not.
    fn count(&mut self, numbers: &[Option<(u32, i64)>]) -> Option<()> {
        let mut used = vec![0_i64; self.programme.caps.len()];
        for &option in &self.start {
            for &(row, times) in self.programme.takes_of(option) {
                used[row as usize] += times;
            }
        }
        for (number, cost) in self.search.problem.costs.iter().enumerate() {
            let (Some(cost), Some(row)) = (cost, self.count_rows[number]) else { continue };
            let Some((row, students)) = numbers[row as usize] else { continue };
            let settled = -self.programme.caps[row as usize];
            for student in 1..=settled + students {
                let first = u32::try_from(self.programme.option_rows.len() - 1).ok()?;
                self.option(cost.whole(u32::try_from(student).ok()?), std::iter::once((row, -1)))?;
                self.option(Cost::ZERO, std::iter::empty())?;
                self.start.push(first + u32::from(student > settled + used[row as usize]));
                self.programme.offsets.push(first + 2);
            }
        }
        Some(())
    }
}

fn narrow(cost: i128) -> Option<i64> {
    i64::try_from(cost).ok().filter(|cost| cost.abs() < 1 << 56)
}
