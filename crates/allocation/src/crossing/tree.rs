//! The search through cases, the most promising first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::cost::Cost;
use crate::error::SolveError;
use crate::flow::Flow;
use crate::proposal::{Bottleneck, Branch, Price, Prices, Way};

use super::case::{Case, Pick};
use super::claim::claim;
use super::dual::ascend;
use super::repair::repair;
use super::sharing::Sharing;
use super::{Found, Relaxed, Search, SideKind, Stop};

/// Flows for the multipliers of the whole round, and of a case.
const AT_THE_START: usize = 60;
const IN_A_CASE: usize = 8;

/// Cases in a certificate: more are not told, and then not claimed either.
const MOST_BRANCHES: usize = 1_000;

/// A case that was looked at.
struct Seen<const W: usize> {
    case: Case,
    bound: Cost<W>,
    multipliers: Vec<Cost<W>>,
    /// What to choose next; `None` when there is nothing left to choose.
    next: Option<Pick>,
    /// The numbers of the two cases of that.
    split: Option<[usize; 2]>,
}

pub(super) fn search<const W: usize>(search: &mut Search<'_, '_, W>) -> Result<Found<W>, SolveError> {
    let root = Case::default();
    let none = vec![Cost::ZERO; search.sides.len()];
    // A plan that keeps everything always exists: nobody placed. Until one is found, a search
    // cannot be settled.
    let (relaxed, next) = match start(search, &root, &none) {
        Ok(first) => first,
        Err(stop) => return stopped_early(search, &root, &none, stop),
    };
    let (prices, _) = search.certified(&root, &relaxed);
    search.rule_out(&relaxed);
    let mut known = search.best.as_ref().map(|best| best.cost);
    let mut seen = vec![Seen { case: root.clone(), bound: relaxed.bound, multipliers: relaxed.multipliers.clone(), next, split: None }];
    let mut open = BinaryHeap::from([Reverse((relaxed.bound, 0))]);
    while let Some(Reverse((bound, number))) = open.pop() {
        if search.is_settled(bound) {
            break;
        }
        match split(search, &mut seen, number, &relaxed.plan) {
            Ok(Some(cases)) => {
                for case in cases {
                    if !search.is_settled(seen[case].bound) {
                        open.push(Reverse((seen[case].bound, case)));
                    }
                }
                seen[number].split = Some(cases);
            }
            Ok(None) => {}
            Err(Stop::Cancelled) => return Err(SolveError::Cancelled),
            Err(Stop::Settled | Stop::Exhausted) => break,
        }
        let cost = search.best.as_ref().map(|best| best.cost);
        if std::mem::replace(&mut known, cost) != cost {
            search.rule_out(&relaxed);
        }
    }
    let Some(best) = search.best.clone() else { return Err(SolveError::Cancelled) };
    let lowest = lowest(&seen).unwrap_or(seen[0].bound);
    let (input, packing) = (search.problem.index.input, &search.problem.packing);
    let leaves = leaves(&seen, lowest.min(best.cost));
    if leaves == [0] || leaves.len() > MOST_BRANCHES {
        let proof = claim(input, packing, best.cost, seen[0].bound);
        return Ok(Found { plan: best.plan, proof, prices, branches: Vec::new() });
    }
    let proof = claim(input, packing, best.cost, lowest);
    search.most = usize::MAX;
    let mut branches = Vec::with_capacity(leaves.len());
    for leaf in leaves {
        let Seen { case, multipliers, .. } = &seen[leaf];
        let relaxed = search.relax_again(case, multipliers)?;
        let (prices, parts) = search.certified(case, &relaxed);
        branches.push(Branch { choices: case.choices(search), parts, prices });
    }
    Ok(Found { plan: best.plan, proof, prices, branches })
}

fn start<const W: usize>(search: &mut Search<'_, '_, W>, root: &Case, none: &[Cost<W>]) -> Result<(Relaxed<W>, Option<Pick>), Stop> {
    let mut best = search.relax(root, none, None)?;
    search.offer(&best.plan);
    if let Some(suggested) = repair(search, root, &best)? {
        let relaxed = search.relax(root, &suggested, Some(&best.plan))?;
        search.offer(&relaxed.plan);
        if relaxed.bound > best.bound {
            best = relaxed;
        }
    }
    let (best, next) = raise(search, root, best, AT_THE_START)?;
    if !search.is_settled(best.bound) {
        repair(search, root, &best)?;
    }
    Ok((best, next))
}

/// Looks for the highest bound of a case and for a plan near it, and says what to choose next.
fn raise<const W: usize>(
    search: &mut Search<'_, '_, W>,
    case: &Case,
    first: Relaxed<W>,
    flows: usize,
) -> Result<(Relaxed<W>, Option<Pick>), Stop> {
    let mut best = first;
    search.offer(&best.plan);
    let sharing = if search.sides.is_empty() || search.is_settled(best.bound) { None } else { search.share(case)? };
    if let Some(sharing) = &sharing {
        let relaxed = search.relax(case, &sharing.multipliers, Some(&best.plan))?;
        search.offer(&relaxed.plan);
        if relaxed.bound > best.bound {
            best = relaxed;
        }
        if !search.is_settled(best.bound) {
            let none = vec![Cost::ZERO; search.sides.len()];
            let divided = search.relax(&search.divided(case, sharing), &none, Some(&best.plan))?;
            search.offer(&divided.plan);
        }
    }
    if !search.is_settled(best.bound) && (sharing.is_none() || !case.open().is_empty()) {
        best = ascend(search, case, best, flows)?;
    }
    let next = search.pick(case, &best, sharing.as_ref());
    Ok((best, next))
}

/// The search was told to settle before the first bound was as good as it could be.
fn stopped_early<const W: usize>(
    search: &mut Search<'_, '_, W>,
    root: &Case,
    none: &[Cost<W>],
    stop: Stop,
) -> Result<Found<W>, SolveError> {
    let (Some(best), true) = (search.best.clone(), stop != Stop::Cancelled) else { return Err(SolveError::Cancelled) };
    search.most = usize::MAX;
    let relaxed = search.relax_again(root, none)?;
    let (prices, _) = search.certified(root, &relaxed);
    let proof = claim(search.problem.index.input, &search.problem.packing, best.cost, relaxed.bound);
    Ok(Found { plan: best.plan, proof, prices, branches: Vec::new() })
}

/// Makes two cases of one; `None` when it has nothing left to choose.
fn split<const W: usize>(
    search: &mut Search<'_, '_, W>,
    seen: &mut Vec<Seen<W>>,
    number: usize,
    start: &Flow<W>,
) -> Result<Option<[usize; 2]>, Stop> {
    let Some(pick) = seen[number].next else { return Ok(None) };
    let mut numbers = [0; 2];
    for (slot, way) in numbers.iter_mut().zip([Way::Yes, Way::No]) {
        let case = seen[number].case.with(search, pick, way);
        let start = search.best.as_ref().map_or(start, |best| &best.plan).clone();
        let first = search.relax(&case, &seen[number].multipliers, Some(&start))?;
        let (relaxed, next) = raise(search, &case, first, IN_A_CASE)?;
        *slot = seen.len();
        if (slot.wrapping_add(1)).is_power_of_two() || slot.is_multiple_of(32) {
            repair(search, &case, &relaxed)?;
        }
        seen.push(Seen { case, bound: relaxed.bound, multipliers: relaxed.multipliers, next, split: None });
    }
    Ok(Some(numbers))
}

/// The lowest bound of the cases that the round falls apart in.
fn lowest<const W: usize>(seen: &[Seen<W>]) -> Option<Cost<W>> {
    let mut lowest: Vec<Cost<W>> = seen.iter().map(|seen| seen.bound).collect();
    // Cases come after what they are cases of.
    for (number, seen) in seen.iter().enumerate().rev() {
        if let Some([one, two]) = seen.split {
            lowest[number] = lowest[one].min(lowest[two]).max(lowest[number]);
        }
    }
    lowest.first().copied()
}

/// The largest cases that prove the bound and together are all there is.
fn leaves<const W: usize>(seen: &[Seen<W>], bound: Cost<W>) -> Vec<usize> {
    let mut leaves = Vec::new();
    let mut open = vec![0];
    while let Some(number) = open.pop() {
        match seen[number].split {
            Some(cases) if seen[number].bound < bound => open.extend(cases),
            _ => leaves.push(number),
        }
    }
    leaves
}

impl<const W: usize> Search<'_, '_, W> {
    /// Solves a case that was solved before.
    fn relax_again(&mut self, case: &Case, multipliers: &[Cost<W>]) -> Result<Relaxed<W>, SolveError> {
        let best = self.best.take();
        let relaxed = self.relax(case, multipliers, None);
        self.best = best;
        relaxed.map_err(|_| SolveError::Cancelled)
    }

    /// The prices of a case as the certificate has them, and those of its choices about trainers.
    fn certified(&self, case: &Case, relaxed: &Relaxed<W>) -> (Prices, Vec<(usize, Price)>) {
        let problem = self.problem;
        let nodes = &relaxed.plan.prices;
        let (parts, apart) = case.parts(problem, nodes);
        let cap = problem.index.input.settings.outside_cap;
        let outside = self.outside_side.zip(cap).map(|(side, cap)| (Bottleneck::OutsideGuidance(cap), relaxed.multipliers[side]));
        (problem.prices(&problem.network, nodes, outside, &apart), parts)
    }

    /// Drops the pairs that only plans use that are no better than the best.
    fn rule_out(&mut self, relaxed: &Relaxed<W>) {
        let Some(best) = &self.best else { return };
        let candidates = &relaxed.candidates;
        let pays = |arc: usize| candidates.cost(arc) + relaxed.plan.prices[candidates.arcs[arc].place as usize];
        for demand in 0..candidates.unplaced.len() {
            let least = candidates.of(demand).map(pays).fold(candidates.unplaced[demand], Cost::min);
            for arc in candidates.of(demand) {
                if relaxed.bound + (pays(arc) - least) >= best.cost {
                    self.alive[relaxed.origin[arc] as usize] = false;
                }
            }
        }
    }

    /// What to choose next: schools with too few, teams apart, then the student for whom a wrong
    /// side matters least.
    fn pick(&self, case: &Case, relaxed: &Relaxed<W>, sharing: Option<&Sharing<W>>) -> Option<Pick> {
        let problem = self.problem;
        let mut alone: Vec<(u32, usize)> = Vec::new();
        for (number, site) in problem.network.sites.iter().enumerate() {
            let Some(link) = site.least else { continue };
            let students = relaxed.plan.used[link as usize];
            if students > 0 && students < problem.index.schools[site.school].least && !case.is_decided(number) {
                alone.push((students, number));
            }
        }
        if let Some(&(_, site)) = alone.iter().max() {
            return Some(Pick::Open(site));
        }
        let torn = (0..problem.teams.len()).find_map(|team| Some(Pick::TeamAt(team, self.torn(relaxed, team)?)));
        let fraction = || self.pick_fraction(case, sharing?);
        torn.or_else(fraction).or_else(|| self.pick_in_side(case, relaxed))
    }

    fn pick_in_side(&self, case: &Case, relaxed: &Relaxed<W>) -> Option<Pick> {
        let mut sides: Vec<usize> = (0..self.sides.len()).filter(|&side| self.is_wrong(relaxed, side)).collect();
        sides.sort_by_key(|&side| Reverse(relaxed.usage[side].abs_diff(self.sides[side].cap)));
        sides.into_iter().find_map(|side| match self.sides[side].kind {
            SideKind::Trainer(shared) => self.pick_part(case, relaxed, shared),
            SideKind::Outside => self.pick_student(case, relaxed),
        })
    }

    /// Of a trainer with too many students, the largest part that can be smaller; of one with too
    /// few, the smallest that can be larger.
    fn pick_part(&self, case: &Case, relaxed: &Relaxed<W>, shared: usize) -> Option<Pick> {
        let network = &self.problem.network;
        let shared = &network.shared[shared];
        let used = |coach: usize| relaxed.plan.used[network.coaches[coach].link as usize];
        let least = |coach: usize| case.at_least().find(|row| row.0 == coach).map_or(0, |row| row.1);
        let most = |coach: usize| case.limit_of(coach).unwrap_or(shared.cap).min(shared.cap);
        if network.through(shared, &relaxed.plan.used) > shared.cap {
            let smaller = shared.coaches.iter().copied().filter(|&coach| used(coach) > least(coach));
            let coach = smaller.max_by_key(|&coach| used(coach))?;
            return Some(Pick::Part(coach, used(coach) - 1));
        }
        let larger = shared.coaches.iter().copied().filter(|&coach| used(coach) < most(coach));
        let coach = larger.min_by_key(|&coach| used(coach))?;
        Some(Pick::Part(coach, used(coach)))
    }

    fn pick_student(&self, case: &Case, relaxed: &Relaxed<W>) -> Option<Pick> {
        let matters = |demand: usize| {
            let [outside, elsewhere] = self.best_two(case, relaxed, demand);
            let (outside, elsewhere) = outside.zip(elsewhere)?;
            let gap = if outside > elsewhere { outside - elsewhere } else { elsewhere - outside };
            (!case.is_fixed(demand)).then_some((gap, demand))
        };
        let least = (0..relaxed.plan.choice.len()).filter_map(matters).min()?;
        Some(Pick::Outside(least.1))
    }
}
