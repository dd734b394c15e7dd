//! Multipliers for capacities that cross: as high as it takes, and no higher.
//!
//! What a flow costs as one multiplier rises is concave: it falls apart in straight lines, one for
//! every number of students that use the capacity. Where a line with too many meets one with too
//! few, the highest bound is between them, so that is tried next. One side at a time, the one that is
//! furthest off first, for as long as the bound rises.

use crate::cost::Cost;

use super::case::Case;
use super::{Relaxed, Search, Stop};

/// Tries on one line before another side is looked at.
const MOST_TRIES: usize = 6;

/// Looks for the highest bound of a case from some multipliers, with at most so many flows. Plans on
/// the way that keep every rule are offered.
pub(super) fn ascend<const W: usize>(
    search: &mut Search<'_, '_, W>,
    case: &Case,
    first: Relaxed<W>,
    mut flows: usize,
) -> Result<Relaxed<W>, Stop> {
    let mut best = first;
    search.offer(&best.plan);
    let mut stuck = vec![false; search.sides.len()];
    loop {
        let off = |side: usize| best.usage[side].abs_diff(search.sides[side].cap);
        let open = (0..stuck.len()).filter(|&side| !stuck[side] && search.is_wrong(&best, side));
        let Some(side) = open.max_by_key(|&side| off(side)) else { break };
        if flows == 0 || search.is_settled(best.bound) {
            break;
        }
        let better = along(search, case, &best, side, &mut flows)?;
        stuck[side] = true;
        if let Some(better) = better {
            best = better;
            let was = std::mem::replace(&mut stuck, vec![false; search.sides.len()]);
            stuck[side] = was[side];
        }
    }
    Ok(best)
}

/// The highest bound along one multiplier, if it is higher.
fn along<const W: usize>(
    search: &mut Search<'_, '_, W>,
    case: &Case,
    from: &Relaxed<W>,
    side: usize,
    flows: &mut usize,
) -> Result<Option<Relaxed<W>>, Stop> {
    let cap = search.sides[side].cap;
    let line = |relaxed: &Relaxed<W>| Line::of(relaxed, side, cap);
    let (mut low, mut high) = if from.usage[side] > cap { (Some(line(from)), None) } else { (None, Some(line(from))) };
    let mut best: Option<Relaxed<W>> = None;
    for _ in 0..MOST_TRIES {
        let next = match (&low, &high) {
            (Some(low), Some(high)) => low.meets(high),
            (Some(_), None) => search.forbidden,
            (None, _) => Cost::ZERO,
        };
        let tried = |line: &Option<Line<W>>| line.as_ref().is_some_and(|line| line.at == next);
        if tried(&low) || tried(&high) || *flows == 0 {
            break;
        }
        *flows -= 1;
        let known = best.as_ref().unwrap_or(from);
        let mut multipliers = known.multipliers.clone();
        multipliers[side] = next;
        let relaxed = search.relax(case, &multipliers, Some(&known.plan))?;
        search.offer(&relaxed.plan);
        let new = line(&relaxed);
        let used = relaxed.usage[side];
        if relaxed.bound > known.bound {
            best = Some(relaxed);
        }
        match used.cmp(&cap) {
            std::cmp::Ordering::Greater => low = Some(new),
            std::cmp::Ordering::Less => high = Some(new),
            std::cmp::Ordering::Equal => break,
        }
    }
    Ok(best.filter(|best| best.bound > from.bound))
}

/// What a flow costs as one multiplier changes and nobody moves.
struct Line<const W: usize> {
    /// The multiplier it was found at.
    at: Cost<W>,
    /// What it costs without the multiplier.
    base: Cost<W>,
    /// Students above or below the capacity.
    slope: i64,
}

impl<const W: usize> Line<W> {
    fn of(relaxed: &Relaxed<W>, side: usize, cap: u32) -> Self {
        let (used, at) = (relaxed.usage[side], relaxed.multipliers[side]);
        let slope = i64::from(used) - i64::from(cap);
        Self { at, base: relaxed.bound - at.times(used) + at.times(cap), slope }
    }

    /// The multiplier where a line with too many students meets one with too few, rounded down on
    /// the first word on which it is no whole number.
    fn meets(&self, few: &Self) -> Cost<W> {
        let apart = i128::from(self.slope - few.slope).max(1);
        let mut meets = few.base - self.base;
        let mut whole = true;
        for word in &mut meets.0 {
            let rest = word.rem_euclid(apart);
            *word = if whole { word.div_euclid(apart) } else { 0 };
            whole &= rest == 0;
        }
        let meets = if meets == self.at { meets + Cost::least_positive() } else { meets };
        meets.max(Cost::ZERO)
    }
}

impl<const W: usize> Search<'_, '_, W> {
    /// True when the side is too full, or has room and a multiplier.
    pub(super) fn is_wrong(&self, relaxed: &Relaxed<W>, side: usize) -> bool {
        let (used, cap) = (relaxed.usage[side], self.sides[side].cap);
        used > cap || (used < cap && relaxed.multipliers[side] > Cost::ZERO)
    }

    /// What the student pays at best at an outside school, and elsewhere or without a place.
    pub(super) fn best_two(&self, case: &Case, relaxed: &Relaxed<W>, demand: usize) -> [Option<Cost<W>>; 2] {
        let candidates = &relaxed.candidates;
        let mut outside: Option<Cost<W>> = None;
        let mut elsewhere = (!case.must_be_placed(demand)).then(|| candidates.unplaced[demand]);
        for arc in candidates.of(demand) {
            let pays = candidates.cost(arc) + relaxed.plan.prices[candidates.arcs[arc].place as usize];
            let best = if self.is_outside(relaxed.origin[arc] as usize) { &mut outside } else { &mut elsewhere };
            *best = Some(best.map_or(pays, |best| best.min(pays)));
        }
        [outside, elsewhere]
    }
}
