//! A case of the search: the round with some choices made.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::cost::Cost;
use crate::engine::Problem;
use crate::network::{Capacity, Network};
use crate::proposal::{Choice, Price, Subject, Way};

use super::Search;

/// What can be chosen, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pick {
    /// The site is open, or closed.
    Open(usize),
    /// The members of the team are at no other school, or not at this one.
    TeamAt(usize, usize),
    /// The student is at an outside school, or not.
    Outside(usize),
    /// The part of a trainer covers at most so many students, or more.
    Part(usize, u32),
}

/// What holds for a student in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    AtSchool(usize, Way),
    Outside(Way),
}

/// Choices, ready to look up.
#[derive(Clone, Debug, Default)]
pub(super) struct Case {
    picks: Vec<(Pick, Way)>,
    rules: BTreeMap<usize, Vec<Rule>>,
    open: Vec<usize>,
    closed: BTreeSet<usize>,
    /// The students who may go outside, if not everybody may.
    guided: Option<BTreeSet<usize>>,
    /// The most and the least of parts of trainers.
    most: BTreeMap<usize, u32>,
    least: BTreeMap<usize, u32>,
}

impl Case {
    /// The case with one more choice.
    #[must_use]
    pub(super) fn with<const W: usize>(&self, search: &Search<'_, '_, W>, pick: Pick, way: Way) -> Self {
        let mut case = self.clone();
        case.picks.push((pick, way));
        match (pick, way) {
            (Pick::Open(site), Way::Yes) => case.open.push(site),
            (Pick::Open(site), Way::No) => {
                case.closed.insert(site);
            }
            (Pick::TeamAt(team, school), _) => {
                for &member in &search.problem.teams[team].1 {
                    case.rules.entry(member).or_default().push(Rule::AtSchool(school, way));
                }
            }
            (Pick::Outside(demand), _) => case.rules.entry(demand).or_default().push(Rule::Outside(way)),
            (Pick::Part(coach, most), Way::Yes) => case.limit(coach, most),
            (Pick::Part(coach, most), Way::No) => {
                let least = case.least.entry(coach).or_default();
                *least = (*least).max(most + 1);
            }
        }
        case
    }

    /// The case with a site closed that was to be open. Only for making plans.
    #[must_use]
    pub(super) fn closing(mut self, site: usize) -> Self {
        self.open.retain(|&other| other != site);
        self.closed.insert(site);
        self
    }

    /// Keeps everybody else from outside schools. Only for making plans: it is no choice.
    pub(super) fn guide(&mut self, students: BTreeSet<usize>) {
        self.guided = Some(students);
    }

    /// Limits a part of a trainer.
    pub(super) fn limit(&mut self, coach: usize, most: u32) {
        let slot = self.most.entry(coach).or_insert(most);
        *slot = most.min(*slot);
    }

    /// Limits a part of a trainer, whatever the limit was. Only for making plans.
    pub(super) fn set_limit(&mut self, coach: usize, most: u32) {
        self.most.insert(coach, most);
    }

    /// The limit of a part of a trainer that is lower than the capacity.
    pub(super) fn limit_of(&self, coach: usize) -> Option<u32> {
        self.most.get(&coach).copied()
    }

    /// What parts of trainers must cover.
    pub(super) fn at_least(&self) -> impl Iterator<Item = (usize, u32)> {
        self.least.iter().map(|(&coach, &least)| (coach, least))
    }

    /// The network with the limits of the case.
    pub(super) fn network<'n, const W: usize>(&self, problem: &'n Problem<'_, W>) -> Cow<'n, Network> {
        if self.most.is_empty() {
            return Cow::Borrowed(&problem.network);
        }
        let mut network = problem.network.clone();
        for (&coach, &most) in &self.most {
            let link = &mut network.links[problem.network.coaches[coach].link as usize];
            link.cap = link.cap.min(most);
        }
        Cow::Owned(network)
    }

    /// Sites that are to be open.
    pub(super) fn open(&self) -> &[usize] {
        &self.open
    }

    pub(super) fn is_decided(&self, site: usize) -> bool {
        self.closed.contains(&site) || self.open.contains(&site)
    }

    /// True when the student's being outside is chosen.
    pub(super) fn is_fixed(&self, demand: usize) -> bool {
        let rules = self.rules.get(&demand).map_or(&[][..], Vec::as_slice);
        rules.iter().any(|rule| matches!(rule, Rule::Outside(_)))
    }

    pub(super) fn must_be_placed(&self, demand: usize) -> bool {
        let rules = self.rules.get(&demand).map_or(&[][..], Vec::as_slice);
        rules.iter().any(|rule| matches!(rule, Rule::Outside(Way::Yes)))
    }

    /// True when the student may use this pair of the problem.
    pub(super) fn allows<const W: usize>(&self, search: &Search<'_, '_, W>, demand: usize, arc: usize) -> bool {
        let problem = search.problem;
        if !self.closed.is_empty() {
            let place = problem.candidates.arcs[arc].place;
            if self.closed.contains(&(problem.network.place_site[place as usize] as usize)) {
                return false;
            }
        }
        if self.guided.as_ref().is_some_and(|students| !students.contains(&demand)) && search.is_outside(arc) {
            return false;
        }
        let Some(rules) = self.rules.get(&demand) else { return true };
        rules.iter().all(|rule| match *rule {
            Rule::AtSchool(school, way) => {
                let place = problem.candidates.arcs[arc].place as usize;
                (problem.index.place_school[place] == school) == (way == Way::Yes)
            }
            Rule::Outside(way) => search.is_outside(arc) == (way == Way::Yes),
        })
    }

    /// Prices of the choices about parts of trainers, from the prices of nodes, and the parts that
    /// have one.
    pub(super) fn parts<const W: usize>(&self, problem: &Problem<'_, W>, prices: &[Cost<W>]) -> (Vec<(usize, Price)>, Vec<usize>) {
        let mut parts = Vec::new();
        let mut apart = Vec::new();
        for link in &problem.network.links {
            let Capacity::Trainer(coach) = link.capacity else { continue };
            let drop = prices[link.from as usize] - prices[link.to as usize];
            let limit = self.limit_of(coach).map(|most| (Pick::Part(coach, most), Way::Yes));
            let least = self.least.get(&coach).map(|least| (Pick::Part(coach, least - 1), Way::No));
            let (pick, price) = if drop > Cost::ZERO { (limit, drop) } else { (least, Cost::ZERO - drop) };
            if let Some(at) = pick.and_then(|pick| self.picks.iter().position(|other| *other == pick))
                && price > Cost::ZERO
            {
                parts.push((at, problem.price(price)));
                apart.push(coach);
            }
        }
        parts.sort_unstable();
        (parts, apart)
    }

    /// The choices by name.
    pub(super) fn choices<const W: usize>(&self, search: &Search<'_, '_, W>) -> Vec<Choice> {
        let problem = search.problem;
        let (index, network) = (&problem.index, &problem.network);
        let subject = |pick: &Pick| match *pick {
            Pick::Open(site) => Subject::Open(index.schools[network.sites[site].school].key, network.sites[site].period),
            Pick::TeamAt(team, school) => Subject::TeamAt(problem.teams[team].0, index.schools[school].key),
            Pick::Outside(demand) => Subject::OutsideSchool(index.demands[demand].key),
            Pick::Part(number, most) => {
                let coach = network.coaches[number];
                let schools = network.schools_of(number).map(|school| index.schools[school].key);
                Subject::Part(index.trainers[coach.trainer].key, coach.period, schools.collect(), most)
            }
        };
        self.picks.iter().map(|(pick, way)| Choice { subject: subject(pick), way: *way }).collect()
    }
}
