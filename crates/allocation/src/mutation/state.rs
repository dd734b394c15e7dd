//! The plan with its prices, and what a change does to it.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::cost::Cost;
use crate::engine::Problem;
use crate::error::InputError;
use crate::flow::{self, Flow, NONE};
use crate::input::PeriodKey;
use crate::network::{Node, UNLIMITED};

use super::walk::Walk;

/// Prices of this size would not be sure to add up: far more than one search can add to them.
const FAR: i128 = 1 << 122;

pub(super) struct State<'a, const W: usize> {
    /// With the caps and costs as they are now; the index is as it was.
    pub(super) problem: Problem<'a, W>,
    pub(super) flow: Flow<W>,
    /// Position of each student at the place.
    position: Vec<u32>,
    pub(super) away: Vec<bool>,
    /// By how many students more come to a node than leave it.
    pub(super) over: Vec<i32>,
    unbalanced: Vec<Node>,
    /// For every place the pairs that lead there, with the student.
    pub(super) visits: Vec<Vec<(u32, u32)>>,
    pub(super) walk: Walk<W>,
    /// Link to the offer of each trainer and period, and of each school and period.
    coaches: HashMap<(usize, PeriodKey), Vec<usize>>,
    sites: HashMap<(usize, PeriodKey), usize>,
    /// Schools with a "nobody alone" that got another room.
    resized: HashSet<usize>,
    /// What students had before the changes, for those who moved.
    touched: HashMap<u32, u32>,
}

impl<'a, const W: usize> State<'a, W> {
    pub(super) fn new(problem: Problem<'a, W>, flow: Flow<W>) -> Self {
        let demands = flow.choice.len();
        let mut visits = vec![Vec::new(); problem.network.place_site.len()];
        for demand in 0..demands {
            for arc in problem.candidates.of(demand) {
                visits[problem.candidates.arcs[arc].place as usize].push((number(demand), number(arc)));
            }
        }
        let mut coaches: HashMap<(usize, PeriodKey), Vec<usize>> = HashMap::new();
        for (at, coach) in problem.network.coaches.iter().enumerate() {
            coaches.entry((coach.trainer, coach.period)).or_default().push(at);
        }
        let sites = problem.network.sites.iter().enumerate().map(|(at, site)| ((site.school, site.period), at)).collect();
        let mut state = Self {
            position: vec![NONE; demands],
            away: vec![false; demands],
            over: vec![0; problem.network.nodes],
            unbalanced: Vec::new(),
            visits,
            walk: Walk::new(problem.network.nodes),
            coaches,
            sites,
            resized: HashSet::new(),
            touched: HashMap::new(),
            problem,
            flow,
        };
        state.find_positions();
        state
    }

    fn find_positions(&mut self) {
        for here in &self.flow.at {
            for (position, &demand) in here.iter().enumerate() {
                self.position[demand as usize] = number(position);
            }
        }
    }

    pub(super) fn take_touched(&mut self) -> HashMap<u32, u32> {
        self.resized.clear();
        std::mem::take(&mut self.touched)
    }

    /// Puts a student at the place of a pair, or at none.
    pub(super) fn put(&mut self, demand: u32, choice: u32) {
        let before = std::mem::replace(&mut self.flow.choice[demand as usize], choice);
        self.touched.entry(demand).or_insert(before);
        if let Some(arc) = self.problem.candidates.arcs.get(before as usize) {
            let here = &mut self.flow.at[arc.place as usize];
            let position = self.position[demand as usize] as usize;
            here.swap_remove(position);
            if let Some(&moved) = here.get(position) {
                self.position[moved as usize] = number(position);
            }
        }
        if let Some(arc) = self.problem.candidates.arcs.get(choice as usize) {
            let here = &mut self.flow.at[arc.place as usize];
            self.position[demand as usize] = number(here.len());
            here.push(demand);
        }
    }

    /// The demand leaves; false when it is away.
    pub(super) fn send_away(&mut self, demand: u32) -> bool {
        if std::mem::replace(&mut self.away[demand as usize], true) {
            return false;
        }
        let choice = self.flow.choice[demand as usize];
        self.put(demand, NONE);
        if let Some(arc) = self.problem.candidates.arcs.get(choice as usize) {
            self.tip(arc.place, -1);
            self.balance();
        }
        true
    }

    /// The demand returns; false when it is not away.
    pub(super) fn take_in(&mut self, demand: u32) -> bool {
        if !std::mem::replace(&mut self.away[demand as usize], false) {
            return false;
        }
        self.place(demand);
        self.renew_if_far();
        true
    }

    pub(super) fn place_count(&self, place: usize) -> u32 {
        self.problem.network.links[self.place_link(place) as usize].cap
    }

    fn place_link(&self, place: usize) -> u32 {
        self.problem.network.outgoing(number(place))[0]
    }

    pub(super) fn set_place(&mut self, place: usize, count: u32) {
        let link = self.place_link(place);
        self.set_cap(link, count);
        self.resize(self.problem.network.place_site[place] as usize);
    }

    pub(super) fn site(&self, school: usize, period: PeriodKey) -> Option<usize> {
        self.sites.get(&(school, period)).copied()
    }

    /// The total of a site that has one.
    pub(super) fn total(&self, site: usize) -> Option<u32> {
        let link = self.problem.network.sites[site].total?;
        Some(self.problem.network.links[link as usize].cap).filter(|&cap| cap != UNLIMITED)
    }

    pub(super) fn set_total(&mut self, site: usize, total: u32) {
        if let Some(link) = self.problem.network.sites[site].total {
            self.set_cap(link, total);
        }
        self.resize(site);
    }

    pub(super) fn trainer_cap(&self, trainer: usize, period: PeriodKey) -> Option<u32> {
        let &coach = self.coaches.get(&(trainer, period))?.first()?;
        let link = self.problem.network.coaches[coach].link;
        Some(self.problem.network.links[link as usize].cap).filter(|&cap| cap != UNLIMITED)
    }

    pub(super) fn set_trainer(&mut self, trainer: usize, period: PeriodKey, cap: u32) {
        let coaches = self.coaches.get(&(trainer, period)).cloned().unwrap_or_default();
        for coach in coaches {
            let coach = self.problem.network.coaches[coach];
            self.set_cap(coach.link, cap);
            if let Some((shared, _)) = coach.part {
                self.problem.network.shared[shared].cap = cap;
            }
        }
    }

    /// A school that takes nobody or at least so many, and has room, has room for as many.
    pub(super) fn check_least(&self) -> Result<(), InputError> {
        for &site in &self.resized {
            let site = self.problem.network.sites[site];
            let school = self.problem.index.schools[site.school];
            if site.room > 0 && site.room < school.least {
                return Err(InputError::LeastAboveOffer(school.key, site.period, school.least));
            }
        }
        Ok(())
    }

    /// Works out the room of a site again, which is what its spread is measured by.
    fn resize(&mut self, site: usize) {
        let places = self.places_of(site);
        let offered: u64 = places.map(|place| u64::from(self.place_count(place))).sum();
        let room = self.total(site).map_or(offered, |total| offered.min(total.into()));
        let room = u32::try_from(room).unwrap_or(UNLIMITED - 1);
        self.problem.network.sites[site].room = room;
        self.resized.insert(site);
        let Some(link) = self.problem.network.sites[site].total else { return };
        if let Some(cost) = &mut self.problem.costs[link as usize]
            && cost.per != room
        {
            cost.per = room;
            self.settle(link);
            self.balance();
        }
    }

    fn places_of(&self, site: usize) -> Range<usize> {
        let sites = &self.problem.network.place_site;
        sites.partition_point(|&other| (other as usize) < site)..sites.partition_point(|&other| other as usize <= site)
    }

    /// Gives a link another cap. More room is given student by student, for as long as it is used, so
    /// that no more is out of balance at once than has to.
    fn set_cap(&mut self, link: u32, cap: u32) {
        let used = self.flow.used[link as usize];
        let before = self.problem.network.links[link as usize].cap;
        for step in before.max(used) + 1..=cap {
            self.problem.network.links[link as usize].cap = step;
            if !self.settle(link) {
                break;
            }
            self.balance();
        }
        self.problem.network.links[link as usize].cap = cap;
        self.settle(link);
        self.balance();
    }

    /// Puts as many students through a link as its cap and the prices say. False when it has those.
    fn settle(&mut self, link: u32) -> bool {
        let ends = self.problem.network.links[link as usize];
        let worth = self.price(ends.from) - self.price(ends.to);
        let before = self.flow.used[link as usize];
        let mut used = before;
        while used > ends.cap || (used > 0 && self.marginal(link, used) > worth) {
            used -= 1;
        }
        while used < ends.cap && self.marginal(link, used + 1) < worth {
            used += 1;
        }
        self.flow.used[link as usize] = used;
        let more = i32::try_from(i64::from(used) - i64::from(before)).unwrap_or(0);
        self.tip(ends.from, -more);
        self.tip(ends.to, more);
        more != 0
    }

    /// So many students more come to a node.
    fn tip(&mut self, node: Node, more: i32) {
        if node != self.problem.network.sink && more != 0 {
            self.over[node as usize] += more;
            self.unbalanced.push(node);
        }
    }

    /// Brings all nodes back into balance along shortest paths.
    fn balance(&mut self) {
        let nodes = std::mem::take(&mut self.unbalanced);
        for &node in &nodes {
            while self.over[node as usize] > 0 && self.relieve(node) {}
        }
        for &node in &nodes {
            while self.over[node as usize] < 0 && self.fill(node) {}
        }
        self.renew_if_far();
    }

    /// Solves the round from the start when prices got out of hand.
    fn renew_if_far(&mut self) {
        if self.walk.farthest > FAR {
            self.renew();
        }
    }

    pub(super) fn renew(&mut self) {
        let Problem { network, candidates, costs, .. } = &self.problem;
        self.walk.farthest = 0;
        let Some(flow) = flow::solve(network, candidates, costs, None, |_| true) else { return };
        for (demand, (&old, &new)) in (0..).zip(self.flow.choice.iter().zip(&flow.choice)) {
            if old != new {
                self.touched.entry(demand).or_insert(old);
            }
        }
        self.flow = flow;
        self.find_positions();
        for demand in 0..number(self.away.len()) {
            if std::mem::replace(&mut self.away[demand as usize], false) {
                self.send_away(demand);
            }
        }
    }

    #[inline]
    pub(super) fn price(&self, node: Node) -> Cost<W> {
        self.flow.prices[node as usize]
    }

    /// Cost of the k-th student through a link.
    #[inline]
    pub(super) fn marginal(&self, link: u32, k: u32) -> Cost<W> {
        self.problem.costs[link as usize].map_or(Cost::ZERO, |cost| cost.whole(k))
    }

    /// What a student pays at a pair with the price of the place, or without one.
    #[inline]
    pub(super) fn pays(&self, demand: u32, choice: u32) -> Cost<W> {
        match self.problem.candidates.arcs.get(choice as usize) {
            Some(arc) => self.problem.candidates.cost(choice as usize) + self.price(arc.place),
            None => self.problem.candidates.unplaced[demand as usize],
        }
    }
}

pub(super) fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(NONE)
}
