//! A case of the search: the round with some choices made.

use std::collections::{BTreeMap, BTreeSet};

use crate::proposal::{Choice, Subject, Way};

use super::{Search, SideKind};

/// What can be chosen, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pick {
    /// The site is open, or closed.
    Open(usize),
    /// The members of the team are at no other school, or not at this one.
    TeamAt(usize, usize),
    /// The student is placed in the side, or not in it.
    InSide(usize, usize),
}

/// What holds for a student in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    AtSchool(usize, Way),
    InSide(usize, Way),
}

/// Choices, ready to look up.
#[derive(Clone, Debug, Default)]
pub(super) struct Case {
    picks: Vec<(Pick, Way)>,
    rules: BTreeMap<usize, Vec<Rule>>,
    open: Vec<usize>,
    closed: BTreeSet<usize>,
    /// Sides that only these students may use.
    reserved: BTreeMap<usize, BTreeSet<usize>>,
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
            (Pick::InSide(demand, side), _) => case.rules.entry(demand).or_default().push(Rule::InSide(side, way)),
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

    /// Keeps everybody else from a side. Only for making plans: it is no choice.
    pub(super) fn reserve(&mut self, side: usize, students: BTreeSet<usize>) {
        self.reserved.insert(side, students);
    }

    /// Sites that are to be open.
    pub(super) fn open(&self) -> &[usize] {
        &self.open
    }

    pub(super) fn is_decided(&self, site: usize) -> bool {
        self.closed.contains(&site) || self.open.contains(&site)
    }

    /// True when the student's being in the side is chosen.
    pub(super) fn is_fixed(&self, demand: usize, side: usize) -> bool {
        let rules = self.rules.get(&demand).map_or(&[][..], Vec::as_slice);
        rules.iter().any(|rule| matches!(rule, Rule::InSide(other, _) if *other == side))
    }

    pub(super) fn must_be_placed(&self, demand: usize) -> bool {
        let rules = self.rules.get(&demand).map_or(&[][..], Vec::as_slice);
        rules.iter().any(|rule| matches!(rule, Rule::InSide(_, Way::Yes)))
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
        if !self.reserved.is_empty() {
            let open = |side: usize| self.reserved.get(&side).is_none_or(|students| students.contains(&demand));
            if !search.sides_of(arc).all(open) {
                return false;
            }
        }
        let Some(rules) = self.rules.get(&demand) else { return true };
        rules.iter().all(|rule| match *rule {
            Rule::AtSchool(school, way) => {
                let place = problem.candidates.arcs[arc].place as usize;
                (problem.index.place_school[place] == school) == (way == Way::Yes)
            }
            Rule::InSide(side, way) => search.sides_of(arc).any(|other| other == side) == (way == Way::Yes),
        })
    }

    /// The choices by name.
    pub(super) fn choices<const W: usize>(&self, search: &Search<'_, '_, W>) -> Vec<Choice> {
        let problem = search.problem;
        let (index, network) = (&problem.index, &problem.network);
        let subject = |pick: &Pick| match *pick {
            Pick::Open(site) => Subject::Open(index.schools[network.sites[site].school].key, network.sites[site].period),
            Pick::TeamAt(team, school) => Subject::TeamAt(problem.teams[team].0, index.schools[school].key),
            Pick::InSide(demand, side) => match search.sides[side].kind {
                SideKind::Outside => Subject::OutsideSchool(index.demands[demand].key),
                SideKind::Board(umbrella) => {
                    let board = index.boards[network.umbrellas[umbrella as usize].board].key;
                    Subject::AtBoard(index.demands[demand].key, board)
                }
            },
        };
        self.picks.iter().map(|(pick, way)| Choice { subject: subject(pick), way: *way }).collect()
    }
}
