//! The possible pairs of a round with their packed costs, students' rows one after another.

mod costs;
mod near;

use std::ops::Range;

use crate::cost::{Cost, Level, PackedLevel, Pair, lot};
use crate::eligibility::{eligible, reasons, wish_fit};
use crate::index::Index;
use crate::input::{LastTrip, Standing};

pub(crate) use costs::Costs;
use near::Near;

/// One possible pair.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arc {
    pub(crate) place: u32,
    pub(crate) standing: Standing,
    /// Rank of the pair among the student's own, counting only the levels up to and including
    /// the ladder: equal ranks are equally good for coverage.
    pub(crate) class: u16,
}

/// All possible pairs. A student's pairs are sorted by cost, best first.
#[derive(Debug)]
pub(crate) struct Candidates<const W: usize> {
    pub(crate) arcs: Vec<Arc>,
    pub(crate) costs: Costs<W>,
    /// Cost of no place, per student.
    pub(crate) unplaced: Vec<Cost<W>>,
    offsets: Vec<usize>,
}

impl<const W: usize> Candidates<W> {
    /// Pairs by student as (place, cost).
    #[cfg(test)]
    pub(crate) fn of_pairs(pairs: &[Vec<(u32, Cost<W>)>], unplaced: Vec<Cost<W>>) -> Self {
        let mut all = Self { arcs: Vec::new(), costs: Costs::default(), unplaced, offsets: vec![0] };
        for row in pairs {
            let mut row = row.clone();
            row.sort_unstable_by_key(|&(place, cost)| (cost, place));
            all.arcs.extend(row.iter().map(|&(place, _)| Arc { place, standing: Standing::Kern, class: 0 }));
            for &(_, cost) in &row {
                all.costs.push(cost);
            }
            all.offsets.push(all.arcs.len());
        }
        all
    }

    /// Cost of a pair.
    #[inline]
    pub(crate) fn cost(&self, arc: usize) -> Cost<W> {
        self.costs.at(arc)
    }

    /// The most that all students together can cost in a word.
    pub(crate) fn sum(&self, word: usize) -> i128 {
        let unplaced = self.unplaced.iter().map(|cost| cost.0[word].abs()).max().unwrap_or(0);
        self.costs.most(word).max(unplaced).saturating_mul(self.unplaced.len() as i128)
    }

    /// Pairs of one student, as positions in `arcs` and `costs`.
    pub(crate) fn of(&self, demand: usize) -> Range<usize> {
        self.offsets[demand]..self.offsets[demand + 1]
    }

    /// The pairs that are `kept`, each with what it costs more, and the number here of each.
    pub(crate) fn filtered(&self, kept: impl Fn(usize, usize) -> Option<Cost<W>>, unplaced: impl Fn(usize) -> Cost<W>) -> (Self, Vec<u32>) {
        let mut some =
            Self { arcs: Vec::new(), costs: Costs::default(), unplaced: Vec::with_capacity(self.unplaced.len()), offsets: vec![0] };
        let mut origin = Vec::new();
        let mut row: Vec<(Cost<W>, usize)> = Vec::new();
        for demand in 0..self.unplaced.len() {
            row.extend(self.of(demand).filter_map(|arc| kept(demand, arc).map(|more| (self.cost(arc) + more, arc))));
            if !row.is_sorted() {
                row.sort_unstable();
            }
            for (cost, arc) in row.drain(..) {
                some.arcs.push(self.arcs[arc]);
                some.costs.push(cost);
                origin.push(u32::try_from(arc).unwrap_or(u32::MAX));
            }
            some.offsets.push(some.arcs.len());
            some.unplaced.push(self.unplaced[demand] + unplaced(demand));
        }
        (some, origin)
    }

    /// Finds all possible pairs.
    pub(crate) fn new(index: &Index<'_>, levels: &[PackedLevel], words: usize) -> Self {
        let ladder = levels[..through_ladder(levels)].last().map(|level| (W - words + level.word, level.weight));
        let mut all =
            Self { arcs: Vec::new(), costs: Costs::default(), unplaced: Vec::with_capacity(index.demands.len()), offsets: vec![0] };
        let mut near = Near::new(index);
        let mut row: Vec<(Cost<W>, Arc)> = Vec::new();
        let mut order: Vec<usize> = Vec::new();
        for (number, demand) in index.demands.iter().enumerate() {
            row.clear();
            for place in near.places(number) {
                if !eligible(index, number, place) {
                    continue;
                }
                let pair = pair(index, number, place);
                let cost = Cost::packed(levels, words, |level| level.of_pair(&pair));
                let place = u32::try_from(place).unwrap_or(u32::MAX);
                row.push((cost, Arc { place, standing: pair.standing, class: 0 }));
            }
            order.clear();
            order.extend(0..row.len());
            order.sort_unstable_by_key(|&at| (row[at].0, row[at].1.place));
            let mut class = 0;
            let mut last = None;
            for &at in &order {
                let (cost, mut arc) = row[at];
                let top = ladder.map(|(word, weight)| (&row[at].0.0[..word], cost.0[word] / weight));
                if last.replace(top).is_some_and(|last| last != top) {
                    class += 1;
                }
                arc.class = class;
                all.arcs.push(arc);
                all.costs.push(cost);
            }
            all.offsets.push(all.arcs.len());
            all.unplaced.push(Cost::packed(levels, words, |level| level.of_unplaced(demand)));
        }
        all
    }
}

/// Number of packed levels up to and including the ladder, or without a ladder the level of those
/// not covered, or without that the levels of those not placed.
fn through_ladder(levels: &[PackedLevel]) -> usize {
    let position = |level| levels.iter().position(|packed| packed.level == level);
    let last = position(Level::Ladder).or_else(|| position(Level::NotCovered));
    last.or_else(|| position(Level::NotPlaced)).map_or(0, |at| at + 1)
}

/// What the objective looks at for a pair.
pub(crate) fn pair(index: &Index<'_>, demand: usize, place: usize) -> Pair {
    let school = index.place_school[place];
    let (wanted, offered) = (index.demands[demand], index.places[place]);
    Pair {
        standing: index.standing(demand, school),
        wish: wish_fit(wanted, offered.school),
        minutes: index.minutes(demand, school),
        trips: if wanted.last_trip == LastTrip::Long { 2 } else { 1 },
        moved: wanted.keeps.filter(|keep| keep.place != offered.key).map(|keep| keep.firmness),
        broken: reasons(index, demand, place),
        lot: lot(index.input.settings.seed, wanted, index.schools[school], offered),
    }
}
