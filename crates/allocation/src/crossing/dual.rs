//! Multipliers for capacities that cross: as high as it takes, and no higher.
//!
//! A side that is too full is raised to what makes just enough students leave it, judged by what
//! each pays more elsewhere; a side with room and a multiplier is lowered to what fills it. All
//! sides at once first, then one by one, for as long as the bound rises.

use crate::cost::Cost;
use crate::flow::NONE;

use super::case::Case;
use super::{Relaxed, Search, Stop};

/// How long to look for multipliers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// Steps with all sides at once.
    pub(super) together: usize,
    /// Steps one by one.
    pub(super) apart: usize,
}

/// Looks for the highest bound of a case. Plans on the way that keep every rule are offered.
pub(super) fn ascend<const W: usize>(
    search: &mut Search<'_, '_, W>,
    case: &Case,
    start: &[Cost<W>],
    patience: Patience,
) -> Result<Relaxed<W>, Stop> {
    let mut best = search.relax(case, start)?;
    search.offer(&best.plan);
    let mut now = None;
    for _ in 0..patience.together {
        let from = now.as_ref().unwrap_or(&best);
        if search.is_settled(best.bound) {
            return Ok(best);
        }
        let wrong: Vec<usize> = (0..search.sides.len()).filter(|&side| search.is_wrong(from, side)).collect();
        if wrong.is_empty() {
            break;
        }
        let mut multipliers = from.multipliers.clone();
        for side in wrong {
            multipliers[side] = search.next(case, from, side);
        }
        let next = search.relax(case, &multipliers)?;
        search.offer(&next.plan);
        if next.bound > best.bound {
            best = next;
            now = None;
        } else {
            now = Some(next);
        }
    }
    drop(now);
    let mut stuck = vec![false; search.sides.len()];
    for _ in 0..patience.apart {
        if search.is_settled(best.bound) {
            break;
        }
        let off = |side: usize| best.usage[side].abs_diff(search.sides[side].cap);
        let open = (0..stuck.len()).filter(|&side| !stuck[side] && search.is_wrong(&best, side));
        let Some(side) = open.max_by_key(|&side| off(side)) else { break };
        let mut multipliers = best.multipliers.clone();
        multipliers[side] = search.next(case, &best, side);
        let next = search.relax(case, &multipliers)?;
        search.offer(&next.plan);
        if next.bound > best.bound {
            best = next;
            stuck.fill(false);
        } else {
            stuck[side] = true;
        }
    }
    Ok(best)
}

impl<const W: usize> Search<'_, '_, W> {
    /// True when the side is too full, or has room and a multiplier.
    pub(super) fn is_wrong(&self, relaxed: &Relaxed<W>, side: usize) -> bool {
        let (used, cap) = (relaxed.usage[side], self.sides[side].cap);
        used > cap || (used < cap && relaxed.multipliers[side] > Cost::ZERO)
    }

    /// A better multiplier for one side that is wrong.
    fn next(&self, case: &Case, relaxed: &Relaxed<W>, side: usize) -> Cost<W> {
        let (used, cap) = (relaxed.usage[side], self.sides[side].cap);
        let now = relaxed.multipliers[side];
        let mut gaps: Vec<Cost<W>> = Vec::new();
        for demand in 0..relaxed.plan.choice.len() {
            let [inside, elsewhere] = self.best_two(case, relaxed, demand, side);
            let here = self.is_in(relaxed, demand, side);
            if let (Some(inside), Some(elsewhere), true) = (inside, elsewhere, here == (used > cap)) {
                gaps.push(if here { elsewhere - inside } else { inside - elsewhere });
            }
        }
        gaps.sort_unstable();
        let least = Cost::least_positive();
        if used > cap {
            let wanted = (used - cap) as usize;
            gaps.get(wanted - 1).map_or(self.forbidden, |&gap| (now + gap.max(Cost::ZERO) + least).min(self.forbidden))
        } else {
            let wanted = (cap - used) as usize;
            let lowered = gaps.get(wanted - 1).map_or(Cost::ZERO, |&gap| now - gap.max(Cost::ZERO) - least);
            lowered.max(Cost::ZERO)
        }
    }

    fn is_in(&self, relaxed: &Relaxed<W>, demand: usize, side: usize) -> bool {
        let choice = relaxed.plan.choice[demand];
        choice != NONE && self.sides_of(choice as usize).any(|other| other == side)
    }

    /// What the student pays at best in the side, and elsewhere or without a place.
    pub(super) fn best_two(&self, case: &Case, relaxed: &Relaxed<W>, demand: usize, side: usize) -> [Option<Cost<W>>; 2] {
        let candidates = &relaxed.candidates;
        let mut inside: Option<Cost<W>> = None;
        let mut elsewhere = (!case.must_be_placed(demand)).then(|| candidates.unplaced[demand]);
        for arc in candidates.of(demand) {
            let pays = candidates.cost(arc) + relaxed.plan.prices[candidates.arcs[arc].place as usize];
            let uses = self.sides_of(relaxed.origin[arc] as usize).any(|other| other == side);
            let best = if uses { &mut inside } else { &mut elsewhere };
            *best = Some(best.map_or(pays, |best| best.min(pays)));
        }
        [inside, elsewhere]
    }
}
