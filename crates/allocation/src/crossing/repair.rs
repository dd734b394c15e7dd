//! From a flow that breaks rules to a plan that keeps them.
//!
//! What the flow suggests is fixed: a trainer for several boards is divided as the flow uses the
//! parts, less what is too much; the students for whom coming back from outside costs most stay
//! there; a school with nearly enough students is opened and one with few closed; a team goes where
//! most of its members are. The flow of that is solved, and so on. Then trainers are divided better,
//! from the part whose price is low to the one whose price is high.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::cost::Cost;
use crate::flow::NONE;
use crate::proposal::Way;

use super::case::{Case, Pick};
use super::{Relaxed, Search, SideKind, Stop};

/// Steps before a repair is given up. Every step fixes at least one more thing.
const MOST_STEPS: usize = 60;

/// Better divisions that are tried.
const MOST_DIVISIONS: usize = 12;

/// Offers a plan that keeps every rule, if one is found near the flow of the case. Gives the
/// multipliers that its prices suggest.
pub(super) fn repair<const W: usize>(
    search: &mut Search<'_, '_, W>,
    case: &Case,
    relaxed: &Relaxed<W>,
) -> Result<Option<Vec<Cost<W>>>, Stop> {
    let none = vec![Cost::ZERO; search.sides.len()];
    let mut fixed = case.clone();
    for side in 0..search.sides.len() {
        if relaxed.usage[side] > search.sides[side].cap || relaxed.multipliers[side] > Cost::ZERO {
            search.fix_side(&mut fixed, relaxed, side);
        }
    }
    fixed = search.fix_schools_and_teams(fixed, relaxed);
    let mut last = search.relax(&fixed, &none, Some(&relaxed.plan))?;
    for _ in 0..MOST_STEPS {
        if search.problem.keeps_all(&last.plan) {
            if last.bound >= search.forbidden {
                return Ok(None);
            }
            search.offer(&last.plan);
            return divide(search, fixed, last).map(Some);
        }
        for side in 0..search.sides.len() {
            if last.usage[side] > search.sides[side].cap {
                search.fix_side(&mut fixed, &last, side);
            }
        }
        fixed = search.fix_schools_and_teams(fixed, &last);
        last = search.relax(&fixed, &none, Some(&last.plan))?;
    }
    Ok(None)
}

/// Divides trainers better, for as long as that helps. Gives the prices of the parts.
fn divide<const W: usize>(search: &mut Search<'_, '_, W>, mut fixed: Case, mut plan: Relaxed<W>) -> Result<Vec<Cost<W>>, Stop> {
    let none = vec![Cost::ZERO; search.sides.len()];
    for _ in 0..MOST_DIVISIONS {
        let mut next = fixed.clone();
        let mut changed = false;
        for shared in &search.problem.network.shared {
            let worth = |&coach: &usize| search.worth(&plan, coach);
            let limited = |coach: &&usize| fixed.limit_of(**coach).is_some();
            let dear = shared.coaches.iter().filter(limited).max_by_key(|coach| worth(coach));
            let cheap =
                shared.coaches.iter().filter(limited).filter(|&&coach| fixed.limit_of(coach) > Some(0)).min_by_key(|coach| worth(coach));
            let (Some(&dear), Some(&cheap)) = (dear, cheap) else { continue };
            if worth(&dear) > worth(&cheap) {
                changed = true;
                next.set_limit(dear, fixed.limit_of(dear).unwrap_or(0) + 1);
                next.set_limit(cheap, fixed.limit_of(cheap).unwrap_or(1) - 1);
            }
        }
        if !changed {
            break;
        }
        let better = search.relax(&next, &none, Some(&plan.plan))?;
        if better.bound >= plan.bound || !search.problem.keeps_all(&better.plan) {
            break;
        }
        search.offer(&better.plan);
        (fixed, plan) = (next, better);
    }
    let price = |side: &super::SideCap| match side.kind {
        SideKind::Trainer(shared) => {
            let worth = search.problem.network.shared[shared].coaches.iter().map(|&coach| search.worth(&plan, coach));
            worth.max().unwrap_or(Cost::ZERO).max(Cost::ZERO).min(search.forbidden)
        }
        SideKind::Outside => Cost::ZERO,
    };
    Ok(search.sides.iter().map(price).collect())
}

impl<const W: usize> Search<'_, '_, W> {
    /// What one more student through a part of a trainer is worth.
    fn worth(&self, plan: &Relaxed<W>, coach: usize) -> Cost<W> {
        let link = self.problem.network.links[self.problem.network.coaches[coach].link as usize];
        plan.plan.prices[link.from as usize] - plan.plan.prices[link.to as usize]
    }

    /// Fixes who uses a side, so that it is not too full any more.
    fn fix_side(&self, fixed: &mut Case, relaxed: &Relaxed<W>, side: usize) {
        let SideKind::Trainer(shared) = self.sides[side].kind else {
            let staying = self.staying(fixed, relaxed, self.sides[side].cap as usize);
            fixed.guide(staying);
            return;
        };
        let network = &self.problem.network;
        let parts = &network.shared[shared].coaches;
        let used = |coach: usize| relaxed.plan.used[network.coaches[coach].link as usize];
        let mut limits: Vec<u32> = parts.iter().map(|&coach| used(coach)).collect();
        let cap = self.sides[side].cap;
        let mut sum: u32 = limits.iter().sum();
        while sum != cap {
            let slot = if sum > cap { limits.iter_mut().max() } else { limits.iter_mut().min() };
            let Some(slot) = slot else { break };
            if sum > cap {
                *slot -= 1;
                sum -= 1;
            } else {
                *slot += cap - sum;
                sum = cap;
            }
        }
        for (&coach, &limit) in parts.iter().zip(&limits) {
            fixed.limit(coach, limit);
        }
    }

    /// The students who stay outside: as many as can, those who pay most to come back first.
    fn staying(&self, case: &Case, relaxed: &Relaxed<W>, most: usize) -> BTreeSet<usize> {
        let mut losses: Vec<(Option<Cost<W>>, usize)> = Vec::new();
        for (demand, &choice) in relaxed.plan.choice.iter().enumerate() {
            if choice != NONE && self.is_outside(choice as usize) {
                let [outside, elsewhere] = self.best_two(case, relaxed, demand);
                losses.push((outside.zip(elsewhere).map(|(outside, elsewhere)| elsewhere - outside), demand));
            }
        }
        // Those who cannot come back are first, then by loss.
        losses.sort_by(|a, b| match (a.0, b.0) {
            (None, None) => a.1.cmp(&b.1),
            (None, Some(_)) => std::cmp::Ordering::Less,
            (Some(_), None) => std::cmp::Ordering::Greater,
            (Some(one), Some(two)) => two.cmp(&one).then(a.1.cmp(&b.1)),
        });
        losses.into_iter().take(most).map(|(_, demand)| demand).collect()
    }

    fn fix_schools_and_teams(&self, mut case: Case, relaxed: &Relaxed<W>) -> Case {
        let problem = self.problem;
        for (number, site) in problem.network.sites.iter().enumerate() {
            let Some(link) = site.least else { continue };
            let (students, least) = (relaxed.plan.used[link as usize], problem.index.schools[site.school].least);
            if students == 0 || students >= least {
                continue;
            }
            if case.is_decided(number) {
                // It was to be open and cannot be.
                case = case.closing(number);
            } else {
                let way = if 2 * students >= least && least <= site.room { Way::Yes } else { Way::No };
                case = case.with(self, Pick::Open(number), way);
            }
        }
        for team in 0..problem.teams.len() {
            if let Some(school) = self.torn(relaxed, team) {
                case = case.with(self, Pick::TeamAt(team, school), Way::Yes);
            }
        }
        case
    }

    /// Of a team that is apart, the school where most of its members can be, and of those the one where
    /// they pay least together.
    pub(super) fn torn(&self, relaxed: &Relaxed<W>, team: usize) -> Option<usize> {
        let members = &self.problem.teams[team].1;
        let mut schools = members.iter().filter_map(|&member| self.problem.school(relaxed.plan.choice[member]));
        let first = schools.next();
        if schools.all(|school| Some(school) == first) {
            return None;
        }
        let candidates = &relaxed.candidates;
        let mut at: BTreeMap<usize, Vec<Cost<W>>> = BTreeMap::new();
        for &member in members {
            let mut cheapest: BTreeMap<usize, Cost<W>> = BTreeMap::new();
            for arc in candidates.of(member) {
                let place = candidates.arcs[arc].place as usize;
                let pays = candidates.cost(arc) + relaxed.plan.prices[place];
                let least = cheapest.entry(self.problem.index.place_school[place]).or_insert(pays);
                *least = pays.min(*least);
            }
            for (school, pays) in cheapest {
                at.entry(school).or_default().push(pays);
            }
        }
        let sum = |pays: &[Cost<W>]| pays.iter().fold(Cost::ZERO, |sum, &one| sum + one);
        let best = at.into_iter().min_by_key(|(_, pays)| (Reverse(pays.len()), sum(pays)));
        best.map(|(school, _)| school)
    }
}
