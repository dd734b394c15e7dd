//! One run: read the snapshot, place everybody, explain, add up.

use std::ops::ControlFlow;

use crate::candidates::{Candidates, pair};
use crate::cost::{Level, MAX_WORDS, PackedLevel, pack};
use crate::error::{InputError, SolveError};
use crate::explain::{Explainer, Scratch};
use crate::flow::{self, Flow, NONE};
use crate::index::Index;
use crate::input::{FinalPhase, Input, Standing};
use crate::network::{Capacity, Guidance, Network, Node, Visitors};
use crate::proposal::{Certificate, Figures, Outcome, Placed, Price, Proof, Proposal};

/// What a run is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Placing students; done more than once when outside guidance binds and crosses other caps.
    Placing,
    /// Finding out why students have no place or no kern place.
    Explaining,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Students done in this stage.
    pub done: usize,
    /// Students in all.
    pub total: usize,
}

type Report<'a> = &'a mut dyn FnMut(Progress) -> ControlFlow<()>;

/// Students between two calls of the progress function.
const REPORT_EVERY: usize = 64;

/// Allocates a round.
///
/// The answer depends on the rows of the snapshot only, not on their order, on the clock or on
/// anything else. `progress` is called now and then; the run stops when it returns
/// [`ControlFlow::Break`].
pub fn solve(input: &Input, progress: &mut dyn FnMut(Progress) -> ControlFlow<()>) -> Result<Proposal, SolveError> {
    let index = Index::new(input)?;
    let (levels, words) = pack(input)?;
    match words {
        1 => Round::<1>::solve(&index, &levels, words, progress),
        2 => Round::<2>::solve(&index, &levels, words, progress),
        3..=4 => Round::<4>::solve(&index, &levels, words, progress),
        5..=8 => Round::<8>::solve(&index, &levels, words, progress),
        _ => Round::<MAX_WORDS>::solve(&index, &levels, words, progress),
    }
}

/// A round in the hands of the solver.
struct Round<'a, const W: usize> {
    index: &'a Index<'a>,
    levels: &'a [PackedLevel],
    words: usize,
    candidates: Candidates<W>,
    barred: Vec<bool>,
    flow: Flow<W>,
}

impl<'a, const W: usize> Round<'a, W> {
    fn solve(index: &'a Index<'a>, levels: &'a [PackedLevel], words: usize, progress: Report<'_>) -> Result<Proposal, SolveError> {
        let demands = index.demands.len();
        let candidates = Self::candidates(index, levels, words, &vec![false; demands])?;
        let network = Network::new(index, &visitors(index, &candidates));
        let open = vec![false; demands];
        let free = Self::place(index, levels, words, &network, candidates, open, progress)?;
        let cap = match network.guidance {
            Guidance::Crossing(cap) if free.outside() > cap => cap,
            _ => return free.proposal(&network, Proof::Optimal, progress),
        };

        // The cap crosses other caps and binds. Nobody outside at all tells how many must go
        // there or stay unplaced; the first of those, as many as the cap allows, may go there.
        let closed = vec![true; demands];
        let candidates = Self::candidates(index, levels, words, &closed)?;
        let none = Self::place(index, levels, words, &network, candidates, closed, progress)?;
        if cap == 0 {
            return none.proposal(&network, Proof::Optimal, progress);
        }
        let (free_final, free_all) = free.unplaced();
        let (none_final, none_all) = none.unplaced();
        let proof = Proof::WithinBound {
            final_not_placed: free_final.max(none_final.saturating_sub(cap)),
            not_placed: free_all.max(none_all.saturating_sub(cap)),
        };
        let mut chosen: Vec<usize> =
            (0..demands).filter(|&demand| none.flow.choice[demand] == NONE && free.can_go_outside(demand)).collect();
        chosen.sort_by_key(|&demand| index.demands[demand].final_phase);
        let mut barred = vec![true; demands];
        for &demand in chosen.iter().take(cap as usize) {
            barred[demand] = false;
        }
        loop {
            let candidates = Self::candidates(index, levels, words, &barred)?;
            let round = Self::place(index, levels, words, &network, candidates, barred, progress)?;
            let room = cap.saturating_sub(round.outside());
            let more = if room == 0 { Vec::new() } else { round.could_be_placed(&network) };
            if more.is_empty() {
                return round.proposal(&network, proof, progress);
            }
            // Guidance has room left. Whoever is outside may stay, and at least the first of
            // these gets a place, so this ends.
            let outside = |demand| round.standing(demand) == Some(Standing::Outside);
            barred = (0..demands).map(|demand| !outside(demand)).collect();
            for &demand in more.iter().take(room as usize) {
                barred[demand] = false;
            }
        }
    }

    /// Students without a place who could have one if they were not kept from outside schools.
    fn could_be_placed(&self, network: &Network) -> Vec<usize> {
        let covered_by = self.covered_by(network);
        let explainer = self.explainer(network, &covered_by);
        let choices = self.flow.choice.iter().enumerate();
        let unplaced = choices.filter(|&(_, &choice)| choice == NONE).map(|(demand, _)| demand);
        let mut more: Vec<usize> = unplaced.filter(|&demand| explainer.could_be_placed(demand)).collect();
        more.sort_by_key(|&demand| self.index.demands[demand].final_phase);
        more
    }

    fn explainer<'b>(&'b self, network: &'b Network, covered_by: &'b [u32]) -> Explainer<'b, W> {
        Explainer::new(self.index, network, &self.candidates, &self.flow, covered_by, self.outside(), &self.barred)
    }

    fn candidates(index: &Index<'_>, levels: &[PackedLevel], words: usize, barred: &[bool]) -> Result<Candidates<W>, SolveError> {
        let candidates = Candidates::new(index, levels, words, &|demand| barred[demand]);
        if u32::try_from(candidates.arcs.len()).is_ok_and(|arcs| arcs < NONE) {
            Ok(candidates)
        } else {
            Err(InputError::TooManyRows(candidates.arcs.len()).into())
        }
    }

    fn place(
        index: &'a Index<'a>,
        levels: &'a [PackedLevel],
        words: usize,
        network: &Network,
        candidates: Candidates<W>,
        barred: Vec<bool>,
        progress: Report<'_>,
    ) -> Result<Self, SolveError> {
        let total = index.demands.len();
        let mut step = |done| tick(progress, Stage::Placing, done, total).is_ok();
        let flow = flow::solve(network, &candidates, &[], None, &mut step).ok_or(SolveError::Cancelled)?;
        Ok(Self { index, levels, words, candidates, barred, flow })
    }

    fn standing(&self, demand: usize) -> Option<Standing> {
        let choice = self.flow.choice[demand];
        (choice != NONE).then(|| self.candidates.arcs[choice as usize].standing)
    }

    fn outside(&self) -> u32 {
        let demands = 0..self.index.demands.len();
        let outside = |&demand: &usize| self.standing(demand) == Some(Standing::Outside);
        count(demands.filter(outside).count())
    }

    /// Students without a place: those of the final phase, and all.
    fn unplaced(&self) -> (u32, u32) {
        let choices = self.index.demands.iter().zip(&self.flow.choice);
        let unplaced = choices.filter(|&(_, &choice)| choice == NONE);
        let is_final = |demand: &&crate::Demand| demand.final_phase == FinalPhase::Final;
        let finals = unplaced.clone().filter(|(demand, _)| is_final(demand)).count();
        (count(finals), count(unplaced.count()))
    }

    fn can_go_outside(&self, demand: usize) -> bool {
        let arcs = &self.candidates.arcs[self.candidates.of(demand)];
        arcs.iter().any(|arc| arc.standing == Standing::Outside)
    }

    /// Who covers whom: at each school the students in their fixed order, the trainers in theirs.
    fn covered_by(&self, network: &Network) -> Vec<u32> {
        let mut visitors: Vec<Vec<usize>> = vec![Vec::new(); network.sites.len()];
        for (demand, &choice) in self.flow.choice.iter().enumerate() {
            if choice != NONE {
                let place = self.candidates.arcs[choice as usize].place;
                visitors[network.place_site[place as usize] as usize].push(demand);
            }
        }
        let mut covered_by = vec![NONE; self.flow.choice.len()];
        for (site, students) in network.sites.iter().zip(&visitors) {
            let mut students = students.iter();
            for &link in network.outgoing(site.inside) {
                let here = self.flow.used[link as usize] as usize;
                for &demand in students.by_ref().take(here) {
                    covered_by[demand] = link;
                }
            }
        }
        covered_by
    }

    fn proposal(self, network: &Network, proof: Proof, progress: Report<'_>) -> Result<Proposal, SolveError> {
        let index = self.index;
        let total = index.demands.len();
        let covered_by = self.covered_by(network);
        let explainer = self.explainer(network, &covered_by);
        let mut objective: Vec<(Level, i64)> = self.levels.iter().map(|packed| (packed.level, 0)).collect();
        let mut figures = Figures {
            demands: count(total),
            by_wish: vec![0; longest_list(index)],
            pairs: self.candidates.arcs.len() as u64,
            offered: index.places.iter().map(|place| u64::from(place.count)).sum(),
            ..Figures::default()
        };
        let mut scratch = Scratch::default();
        let mut assignments = Vec::with_capacity(total);
        for (number, demand) in index.demands.iter().enumerate() {
            tick(progress, Stage::Explaining, number, total)?;
            let choice = self.flow.choice[number];
            if choice == NONE {
                for (level, value) in &mut objective {
                    *value += level.of_unplaced(demand.final_phase);
                }
                figures.unplaced += 1;
                assignments.push((demand.key, Outcome::Unplaced(explainer.unplaced(number))));
                continue;
            }
            let place = self.candidates.arcs[choice as usize].place as usize;
            let pair = pair(index, number, place);
            for (level, value) in &mut objective {
                *value += level.of_pair(&pair);
            }
            let kern = pair.standing == Standing::Kern;
            let placed = Placed {
                place: index.places[place].key,
                school: index.places[place].school,
                trainer: trainer_of(index, network, covered_by[number]),
                standing: pair.standing,
                wish_rank: pair.wish.rank(),
                minutes: pair.minutes,
                why_not_kern: (!kern).then(|| explainer.not_kern(number, &mut scratch)),
            };
            figures.add(&placed, demand.wishes.len());
            assignments.push((demand.key, Outcome::Placed(placed)));
        }
        assignments.sort_unstable_by_key(|row| row.0);
        Ok(Proposal { assignments, objective, proof, shortages: explainer.shortages(), figures, certificate: self.certificate(network) })
    }

    fn certificate(&self, network: &Network) -> Certificate {
        let index = self.index;
        let price = |node: Node| -> Option<Price> {
            let words = &self.flow.prices[node as usize].0;
            words.iter().any(|&word| word != 0).then(|| words[W - self.words..].to_vec())
        };
        let mut certificate = Certificate { levels: self.levels.to_vec(), words: self.words, ..Certificate::default() };
        for (node, place) in (0..).zip(&index.places) {
            certificate.places.extend(price(node).map(|price| (place.key, price)));
        }
        for site in &network.sites {
            let key = (index.schools[site.school].key, site.period);
            certificate.entrances.extend(price(site.entrance).map(|price| (key, price)));
            if site.inside != site.entrance {
                certificate.insides.extend(price(site.inside).map(|price| (key, price)));
            }
        }
        for coach in &network.coaches {
            let key = (index.trainers[coach.trainer].key, coach.period);
            certificate.trainers.extend(price(coach.node).map(|price| (key, price)));
        }
        let guidance = |link: &&crate::network::Link| link.capacity == Capacity::OutsideGuidance;
        certificate.guidance = network.links.iter().find(guidance).and_then(|link| price(link.from));
        let barred = index.demands.iter().zip(&self.barred).filter(|&(_, &barred)| barred);
        certificate.kept_from_outside = barred.map(|(demand, _)| demand.key).collect();
        certificate.places.sort_unstable();
        certificate.entrances.sort_unstable();
        certificate.insides.sort_unstable();
        certificate.trainers.sort_unstable();
        certificate.kept_from_outside.sort_unstable();
        certificate
    }
}

impl Figures {
    fn add(&mut self, placed: &Placed, wishes: usize) {
        match placed.standing {
            Standing::Kern => self.kern += 1,
            Standing::Schil => self.schil += 1,
            Standing::SchilUnmet => self.schil_unmet += 1,
            Standing::Outside => self.outside += 1,
        }
        match placed.wish_rank.and_then(|rank| self.by_wish.get_mut(usize::from(rank) - 1)) {
            Some(count) => *count += 1,
            None if wishes > 0 => self.not_listed += 1,
            None => {}
        }
    }
}

fn tick(progress: Report<'_>, stage: Stage, done: usize, total: usize) -> Result<(), SolveError> {
    if done.is_multiple_of(REPORT_EVERY) && progress(Progress { stage, done, total }).is_break() {
        return Err(SolveError::Cancelled);
    }
    Ok(())
}

/// Per place, who can come.
fn visitors<const W: usize>(index: &Index<'_>, candidates: &Candidates<W>) -> Vec<Visitors> {
    let mut visitors = vec![Visitors::default(); index.places.len()];
    for arc in &candidates.arcs {
        let visitors = &mut visitors[arc.place as usize];
        match arc.standing {
            Standing::Outside => visitors.outside += 1,
            Standing::Kern | Standing::Schil | Standing::SchilUnmet => visitors.inside += 1,
        }
    }
    visitors
}

fn trainer_of(index: &Index<'_>, network: &Network, link: u32) -> Option<crate::TrainerKey> {
    let to = network.links.get(link as usize)?.to;
    let coach = network.coaches.binary_search_by_key(&to, |coach| coach.node).ok()?;
    Some(index.trainers[network.coaches[coach].trainer].key)
}

fn longest_list(index: &Index<'_>) -> usize {
    index.demands.iter().map(|demand| demand.wishes.len()).max().unwrap_or(0)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
