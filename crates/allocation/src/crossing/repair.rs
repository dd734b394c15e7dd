//! From a flow that breaks rules to a plan that keeps them.
//!
//! What the flow suggests is fixed: the students for whom leaving a full side costs most stay in
//! it and nobody else may use it, a school with nearly enough students is opened and one with few
//! closed, a team goes where most of its members are. The flow of that is solved, and so on.

use std::collections::BTreeSet;

use crate::cost::Cost;
use crate::flow::NONE;
use crate::proposal::Way;

use super::case::{Case, Pick};
use super::{Relaxed, Search, Stop};

/// Steps before a repair is given up. Every step fixes at least one more thing.
const MOST_STEPS: usize = 60;

/// Offers a plan that keeps every rule, if one is found near the flow of the case.
pub(super) fn repair<const W: usize>(search: &mut Search<'_, '_, W>, case: &Case, relaxed: &Relaxed<W>) -> Result<(), Stop> {
    let none = vec![Cost::ZERO; search.sides.len()];
    let mut fixed = case.clone();
    for side in 0..search.sides.len() {
        if relaxed.usage[side] > search.sides[side].cap || relaxed.multipliers[side] > Cost::ZERO {
            let staying = staying(search, case, relaxed, side);
            fixed.reserve(side, staying);
        }
    }
    fixed = fix_schools_and_teams(search, fixed, relaxed);
    for _ in 0..MOST_STEPS {
        let next = search.relax(&fixed, &none)?;
        if search.problem.keeps_all(&next.plan) {
            if fixed.open().is_empty() || next.bound < search.forbidden {
                search.offer(&next.plan);
            }
            return Ok(());
        }
        for side in 0..search.sides.len() {
            if next.usage[side] > search.sides[side].cap {
                let staying = staying(search, &fixed, &next, side);
                fixed.reserve(side, staying);
            }
        }
        fixed = fix_schools_and_teams(search, fixed, &next);
    }
    Ok(())
}

/// The students who stay in a side: as many as it takes, those who pay most to leave first.
fn staying<const W: usize>(search: &Search<'_, '_, W>, case: &Case, relaxed: &Relaxed<W>, side: usize) -> BTreeSet<usize> {
    let mut losses: Vec<(Option<Cost<W>>, usize)> = Vec::new();
    for (demand, &choice) in relaxed.plan.choice.iter().enumerate() {
        if choice != NONE && search.sides_of(choice as usize).any(|other| other == side) {
            let [inside, elsewhere] = search.best_two(case, relaxed, demand, side);
            losses.push((inside.zip(elsewhere).map(|(inside, elsewhere)| elsewhere - inside), demand));
        }
    }
    // Those who cannot leave come first, then by loss.
    losses.sort_by(|a, b| match (a.0, b.0) {
        (None, None) => a.1.cmp(&b.1),
        (None, Some(_)) => std::cmp::Ordering::Less,
        (Some(_), None) => std::cmp::Ordering::Greater,
        (Some(one), Some(two)) => two.cmp(&one).then(a.1.cmp(&b.1)),
    });
    losses.into_iter().take(search.sides[side].cap as usize).map(|(_, demand)| demand).collect()
}

fn fix_schools_and_teams<const W: usize>(search: &Search<'_, '_, W>, mut case: Case, relaxed: &Relaxed<W>) -> Case {
    let problem = search.problem;
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
            case = case.with(search, Pick::Open(number), way);
        }
    }
    for team in 0..problem.teams.len() {
        if let Some(school) = search.torn(relaxed, team) {
            case = case.with(search, Pick::TeamAt(team, school), Way::Yes);
        }
    }
    case
}

impl<const W: usize> Search<'_, '_, W> {
    /// Of a team that is apart, the school with most of its members.
    pub(super) fn torn(&self, relaxed: &Relaxed<W>, team: usize) -> Option<usize> {
        let members = &self.problem.teams[team].1;
        let mut schools: Vec<usize> = members.iter().filter_map(|&member| self.problem.school(relaxed.plan.choice[member])).collect();
        schools.sort_unstable();
        let mut groups: Vec<&[usize]> = schools.chunk_by(|a, b| a == b).collect();
        if groups.len() < 2 {
            return None;
        }
        groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
        Some(groups[0][0])
    }
}
