//! The plan with everything that is told about it.

use crate::candidates::pair;
use crate::cost::{Level, most_shortfall};
use crate::error::SolveError;
use crate::explain::{Explainer, Scratch};
use crate::flow::{Flow, NONE};
use crate::index::Index;
use crate::input::{Demand, Firmness, Standing, TrainerKey};
use crate::network::Network;
use crate::proposal::{Branch, Certificate, Crossing, Figures, Outcome, Placed, Prices, Proof, Proposal, Side};

use super::{Problem, Report, Stage, tick};

pub(super) fn proposal<const W: usize>(
    problem: &Problem<'_, W>,
    flow: &Flow<W>,
    proof: Proof,
    prices: Prices,
    branches: Vec<Branch>,
    progress: Report<'_>,
) -> Result<Proposal, SolveError> {
    let Problem { index, packing, candidates, network, .. } = problem;
    let total = index.demands.len();
    let covered_by = covered_by(problem, flow);
    let explainer = Explainer::new(index, network, candidates, flow, &covered_by);
    let mut objective: Vec<(Level, i64)> = packing.levels.iter().map(|packed| (packed.level, 0)).collect();
    let mut figures = Figures {
        demands: count(total),
        by_wish: vec![0; longest_list(index)],
        pairs: candidates.arcs.len() as u64,
        offered: index.places.iter().map(|place| u64::from(place.count)).sum(),
        ..Figures::default()
    };
    let mut scratch = Scratch::default();
    let mut assignments = Vec::with_capacity(total);
    for (number, demand) in index.demands.iter().enumerate() {
        tick(progress, Stage::Explaining, number, total)?;
        let choice = flow.choice[number];
        if choice == NONE {
            for (level, value) in &mut objective {
                *value += level.of_unplaced(demand);
            }
            figures.unplaced += 1;
            figures.moved(demand.firmness());
            assignments.push((demand.key, Outcome::Unplaced(explainer.unplaced(number))));
            continue;
        }
        let place = candidates.arcs[choice as usize].place as usize;
        let pair = pair(index, number, place);
        for (level, value) in &mut objective {
            *value += level.of_pair(&pair);
        }
        let kern = pair.standing == Standing::Kern;
        let placed = Placed {
            place: index.places[place].key,
            school: index.places[place].school,
            trainer: trainer_of(index, network, place, covered_by[number]),
            standing: pair.standing,
            wish_rank: pair.wish.rank(),
            minutes: pair.minutes,
            why_not_kern: (!kern).then(|| explainer.not_kern(number, &mut scratch)),
        };
        figures.add(&placed, demand);
        figures.moved(pair.moved);
        assignments.push((demand.key, Outcome::Placed(placed)));
    }
    assignments.sort_unstable_by_key(|row| row.0);
    count_schools(problem, flow, &mut objective, &mut figures);
    let teams = problem.teams.iter().map(|(team, _)| Crossing { side: Side::Team(*team), with: None });
    let mut crossing: Vec<Crossing> = network.crossings.iter().copied().chain(teams).collect();
    crossing.sort_unstable();
    let certificate = Certificate { levels: packing.levels.clone(), words: packing.words, prices, branches };
    Ok(Proposal { assignments, objective, proof, certificate, shortages: explainer.shortages(), figures, crossing })
}

/// Adds what schools fall short of and how unevenly they fill.
fn count_schools<const W: usize>(problem: &Problem<'_, W>, flow: &Flow<W>, objective: &mut [(Level, i64)], figures: &mut Figures) {
    let mut short = most_shortfall(problem.index.input);
    let mut spread = 0_i64;
    let mut students = vec![0_u32; problem.network.sites.len()];
    for (place, at) in flow.at.iter().enumerate() {
        students[problem.network.place_site[place] as usize] += count(at.len());
    }
    for (site, &students) in problem.network.sites.iter().zip(&students) {
        let minimum = crate::index::cap_in(&problem.index.schools[site.school].minimum, site.period).unwrap_or(0);
        short -= u64::from(students.min(minimum));
        let room = i64::from(site.room);
        spread += (0..i64::from(students)).map(|before| (100 * before).checked_div(room).unwrap_or(0)).sum::<i64>();
    }
    figures.shortfall = short;
    for (level, value) in objective {
        match level {
            Level::Shortfall => *value += i64::try_from(short).unwrap_or(i64::MAX),
            Level::Spread => *value += spread,
            _ => {}
        }
    }
}

/// Who covers whom, as links: where trainers take over, students in their fixed order, trainers in
/// theirs.
fn covered_by<const W: usize>(problem: &Problem<'_, W>, flow: &Flow<W>) -> Vec<u32> {
    let network = &problem.network;
    let mut visitors: Vec<Vec<usize>> = vec![Vec::new(); network.nodes];
    for (demand, &choice) in flow.choice.iter().enumerate() {
        if choice != NONE {
            let place = problem.candidates.arcs[choice as usize].place;
            let site = network.sites[network.place_site[place as usize] as usize];
            visitors[site.crew as usize].push(demand);
        }
    }
    let mut covered_by = vec![NONE; flow.choice.len()];
    for (crew, students) in (0..).zip(&visitors) {
        let mut students = students.iter();
        for &link in network.outgoing(crew) {
            let here = flow.used[link as usize] as usize;
            for &demand in students.by_ref().take(here) {
                covered_by[demand] = link;
            }
        }
    }
    covered_by
}

fn trainer_of(index: &Index<'_>, network: &Network, place: usize, link: u32) -> Option<TrainerKey> {
    let site = network.sites[network.place_site[place] as usize];
    let coach = || {
        let to = network.links.get(link as usize)?.to;
        let coach = network.coaches.binary_search_by_key(&to, |coach| coach.node).ok()?;
        Some(network.coaches[coach].trainer)
    };
    site.trainer.or_else(coach).map(|trainer| index.trainers[trainer].key)
}

fn longest_list(index: &Index<'_>) -> usize {
    index.demands.iter().map(|demand| demand.wishes.len()).max().unwrap_or(0)
}

impl Figures {
    fn add(&mut self, placed: &Placed, demand: &Demand) {
        match placed.standing {
            Standing::Kern => self.kern += 1,
            Standing::Schil => self.schil += 1,
            Standing::SchilUnmet => self.schil_unmet += 1,
            Standing::Outside => self.outside += 1,
        }
        match placed.wish_rank.and_then(|rank| self.by_wish.get_mut(usize::from(rank) - 1)) {
            Some(count) => *count += 1,
            None if !demand.wishes.is_empty() => self.not_listed += 1,
            None => {}
        }
        self.kept += u32::from(demand.keeps.is_some_and(|keep| keep.place == placed.place));
    }

    const fn moved(&mut self, given_up: Option<Firmness>) {
        match given_up {
            Some(Firmness::Announced) => self.announced_moved += 1,
            Some(Firmness::Draft) => self.draft_moved += 1,
            None => {}
        }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
