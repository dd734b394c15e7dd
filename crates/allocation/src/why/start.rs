//! The proposal as a plan with prices: what the solver found before, so that it need not look again.

use std::collections::HashMap;

use crate::candidates::Candidates;
use crate::cost::{Cost, Level};
use crate::engine::Problem;
use crate::flow::{Flow, NONE};
use crate::network::{Capacity, Network, Node};
use crate::proposal::{Bottleneck, Certificate, Outcome, Placed, Price, Proposal};

/// A price of the certificate, packed as here: as good as right, and that is all that is needed of it.
pub(super) fn repacked<const W: usize>(problem: &Problem<'_, W>, certificate: &Certificate, price: &Price) -> Cost<W> {
    let mut digits: HashMap<Level, i64> = HashMap::new();
    let mut rest = price.clone();
    let scale = certificate.levels.iter().map(|level| level.weight).min().unwrap_or(1);
    for (at, packed) in certificate.levels.iter().enumerate() {
        let Some(rest) = rest.get_mut(packed.word) else { continue };
        let is_last = certificate.levels.get(at + 1).is_none_or(|next| next.word != packed.word);
        // What is left of a word counts with its last level, in parts.
        let unit = if is_last { packed.weight / scale } else { packed.weight };
        let digit = rest.saturating_add(unit / 2).checked_div_euclid(unit).unwrap_or(0);
        *rest -= digit.saturating_mul(unit);
        let digit = if is_last { digit } else { digit.saturating_mul(scale) };
        digits.insert(packed.level, i64::try_from(digit).unwrap_or(0));
    }
    let own = problem.packing.scale;
    let mut cost = Cost::ZERO;
    for packed in &problem.packing.levels {
        let digit = i128::from(digits.get(&packed.level).copied().unwrap_or(0));
        let word = &mut cost.0[W - problem.packing.words + packed.word];
        *word = word.saturating_add((packed.weight / own).saturating_mul(digit.saturating_mul(own) / scale));
    }
    cost
}

/// Where the proposal has everybody, with the prices of its certificate.
pub(super) fn start<const W: usize>(problem: &Problem<'_, W>, candidates: &Candidates<W>, proposal: &Proposal) -> Option<Flow<W>> {
    let network = &problem.network;
    let demands = candidates.unplaced.len();
    let mut flow =
        Flow { choice: vec![NONE; demands], at: Vec::new(), used: vec![0; network.links.len()], prices: prices(problem, proposal) };
    for (number, demand) in problem.index.demands.iter().enumerate() {
        let Some(Outcome::Placed(placed)) = proposal.outcome(demand.key) else { continue };
        let place = u32::try_from(problem.index.place_number(placed.place)?).ok()?;
        let pair = candidates.of(number).find(|&arc| candidates.arcs[arc].place == place)?;
        flow.choice[number] = u32::try_from(pair).ok()?;
        send(problem, placed, place, &mut flow.used)?;
    }
    Some(flow)
}

/// Sends a student from a place to the sink, by way of the trainer of the proposal.
fn send<const W: usize>(problem: &Problem<'_, W>, placed: &Placed, place: Node, used: &mut [u32]) -> Option<()> {
    let network = &problem.network;
    let mut node = place;
    while node != network.sink {
        let is_with = |link: &&u32| {
            let to = network.links[**link as usize].to;
            let coach = network.coaches.binary_search_by_key(&to, |coach| coach.node).ok();
            let trainer = coach.map(|coach| problem.index.trainers[network.coaches[coach].trainer].key);
            trainer.is_none() || trainer == placed.trainer
        };
        let &link = network.outgoing(node).iter().find(is_with)?;
        used[link as usize] += 1;
        node = network.links[link as usize].to;
    }
    Some(())
}

/// Prices of nodes: what the cheapest way on to the sink costs.
fn prices<const W: usize>(problem: &Problem<'_, W>, proposal: &Proposal) -> Vec<Cost<W>> {
    let Problem { index, network, .. } = problem;
    let certificate = &proposal.certificate;
    let price = |price: &Price| repacked(problem, certificate, price);
    let capacities: HashMap<Bottleneck, Cost<W>> =
        certificate.prices.capacities.iter().map(|(name, worth)| (*name, price(worth))).collect();
    let schools: HashMap<_, Cost<W>> = certificate.prices.schools.iter().map(|(site, worth)| (*site, price(worth))).collect();
    let drop = |link: u32| {
        let link = network.links[link as usize];
        let name = match link.capacity {
            Capacity::Place(place) => Bottleneck::Place(index.places[place].key, index.places[place].count),
            Capacity::Trainer(coach) => {
                let coach = network.coaches[coach];
                let cap = crate::index::cap_in(&index.trainers[coach.trainer].capacity, coach.period).unwrap_or(link.cap);
                Bottleneck::Trainer(index.trainers[coach.trainer].key, coach.period, cap)
            }
            Capacity::Board(umbrella) => {
                let umbrella = network.umbrellas[umbrella];
                Bottleneck::Board(index.boards[umbrella.board].key, umbrella.period, umbrella.cap)
            }
            Capacity::OutsideGuidance => Bottleneck::OutsideGuidance(link.cap),
            Capacity::SchoolTotal(site) => {
                let site = network.sites[site];
                return schools.get(&(index.schools[site.school].key, site.period)).copied().unwrap_or(Cost::ZERO);
            }
            Capacity::Least(_) | Capacity::Covers => return Cost::ZERO,
        };
        capacities.get(&name).copied().unwrap_or(Cost::ZERO)
    };
    onwards(network, drop)
}

fn onwards<const W: usize>(network: &Network, drop: impl Fn(u32) -> Cost<W>) -> Vec<Cost<W>> {
    let mut prices = vec![Cost::ZERO; network.nodes];
    for node in network.sink_first() {
        let ways = network.outgoing(node).iter().map(|&link| drop(link) + prices[network.links[link as usize].to as usize]);
        prices[node as usize] = ways.min().unwrap_or(Cost::ZERO);
    }
    prices
}
