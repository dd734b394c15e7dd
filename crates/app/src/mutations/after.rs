//! The round as it is once something happened, before anybody moves.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kernschil_domain::codes::{ExclusionCategory, Hold, Need, PlacementStatus, Turn};
use kernschil_domain::fit::{Load, Misfit, misfits};
use kernschil_domain::ids::{DemandId, SchoolId, TrainerId};
use kernschil_domain::mutations::MutationSubject;
use kernschil_domain::placements::Placement;
use kernschil_domain::policy::RuleMode;
use kernschil_domain::rounds::{Absence, Demand, Exclusion, Offer, RoundData};

/// Demands that need a place, take part and have none.
pub(super) fn without_place(data: &RoundData) -> impl Iterator<Item = &Demand> {
    let open = |demand: &&Demand| demand.need == Need::Required && demand.turn == Turn::TakesPart;
    data.demands.values().filter(open).filter(|demand| !data.placements.contains_key(&demand.id))
}

/// The schools with places where a trainer may guide in some period of the round, or does.
pub(super) fn schools_of(data: &RoundData, trainer: TrainerId) -> BTreeSet<SchoolId> {
    let may = |offer: &&Offer| data.guides_of(offer.school, offer.period).iter().any(|guide| guide.id == trainer);
    let offering = data.offers.values().filter(|offer| offer.count > 0).filter(may);
    let guided = data.placements.values().filter(|placement| placement.trainer == Some(trainer));
    let there = guided.filter_map(|placement| data.offers.get(&placement.offer));
    offering.chain(there).map(|offer| offer.school).collect()
}

/// The round with what happened in it. Placements stand as they stood, but the one of a student who stopped.
pub(super) fn changed(data: &RoundData, subject: &MutationSubject, noted_on: NaiveDate) -> RoundData {
    let mut data = data.clone();
    match subject {
        MutationSubject::PlacesWithdrawn { offer, left } => {
            if let Some(offer) = data.offers.get_mut(offer) {
                offer.count = *left;
            }
        }
        MutationSubject::TrainerOut { trainer } => data.absences.push(Absence { trainer: *trainer, from: noted_on }),
        MutationSubject::StudentStopped { demand } => {
            if let Some(demand) = data.demands.get_mut(demand) {
                demand.need = Need::NotRequired;
            }
            data.placements.remove(demand);
        }
        MutationSubject::StudentLate { demand } => {
            if let Some(demand) = data.demands.get_mut(demand) {
                demand.need = Need::Required;
                demand.turn = Turn::TakesPart;
            }
        }
        MutationSubject::StudentRefused { demand, school } => {
            let known = data.exclusions.iter().any(|known| known.demand == *demand && known.school == *school);
            if !known {
                data.exclusions.push(Exclusion { demand: *demand, school: *school, category: ExclusionCategory::School });
            }
        }
        MutationSubject::Enrolment => {}
    }
    data
}

/// Whose own place, or trainer, is touched by what happened. Of places that are withdrawn everybody at the offer is.
pub(super) fn hit(changed: &RoundData, subject: &MutationSubject) -> BTreeSet<DemandId> {
    let placed = changed.placements.values();
    match subject {
        MutationSubject::PlacesWithdrawn { offer, .. } => placed.filter(|p| p.offer == *offer).map(|p| p.demand).collect(),
        MutationSubject::TrainerOut { trainer } => {
            let is_out = |placement: &&Placement| {
                let period = changed.offers.get(&placement.offer).map(|offer| offer.period);
                let known = changed.registry.trainers.get(trainer);
                period.zip(known).is_some_and(|(period, trainer)| changed.capacity_of(trainer, period) == Some(0))
            };
            placed.filter(|p| p.trainer == Some(*trainer)).filter(is_out).map(|p| p.demand).collect()
        }
        MutationSubject::StudentRefused { demand, .. } => BTreeSet::from([*demand]),
        MutationSubject::StudentStopped { .. } | MutationSubject::StudentLate { .. } | MutationSubject::Enrolment => BTreeSet::new(),
    }
}

/// Who may move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Freedom {
    /// Everybody whose place follows the rules.
    Everybody,
    /// Only whose own place is touched.
    OnlyHit,
}

/// What the engine is asked about.
pub(super) struct Question {
    /// The round with what happened in it; the placements are those that cannot move.
    pub(super) world: RoundData,
    /// Who has a place and may move, with that place.
    pub(super) movable: BTreeMap<DemandId, Placement>,
    /// Of those who may move, whose own place is touched by what happened.
    hit: BTreeSet<DemandId>,
}

impl Question {
    /// Who waits already stays waiting, unless the mutation is about them: a plan moves people for what happened, not for
    /// whoever else might gain.
    pub(super) fn new(changed: &RoundData, subject: &MutationSubject, freedom: Freedom) -> Self {
        let hit = hit(changed, subject);
        let waiting: BTreeSet<_> = match subject {
            MutationSubject::StudentLate { demand } => BTreeSet::from([*demand]),
            MutationSubject::Enrolment => without_place(changed).map(|demand| demand.id).collect(),
            _ => BTreeSet::new(),
        };
        let mut movable = BTreeSet::new();
        let nobody = Load::default();
        for placement in changed.placements.values() {
            let may = match freedom {
                Freedom::Everybody => hit.contains(&placement.demand) || follows_rules(changed, &nobody, placement),
                Freedom::OnlyHit => hit.contains(&placement.demand),
            };
            if may {
                movable.insert(placement.demand);
            }
        }
        // Who is at a withdrawn offer against the rules, decided by hand, can only stay as one who does not move.
        if let MutationSubject::PlacesWithdrawn { left, .. } = subject {
            let by_hand: Vec<_> =
                hit.iter().filter(|demand| changed.placements.get(demand).is_some_and(|p| !follows_rules(changed, &nobody, p))).collect();
            if i32::try_from(by_hand.len()).is_ok_and(|count| count <= *left) {
                for demand in by_hand {
                    movable.remove(demand);
                }
            }
        }
        let mut world = changed.clone();
        let movable: BTreeMap<_, _> = movable.into_iter().filter_map(|demand| Some((demand, world.placements.remove(&demand)?))).collect();
        for placement in world.placements.values_mut() {
            placement.status = PlacementStatus::Announced;
        }
        for demand in world.demands.values_mut() {
            if movable.contains_key(&demand.id) || waiting.contains(&demand.id) {
                demand.turn = Turn::TakesPart;
            } else if !world.placements.contains_key(&demand.id) {
                demand.need = Need::NotRequired;
            }
        }
        Self { world, movable, hit }
    }

    /// Whether somebody has a place that nothing happened to. Such a place is never lost to somebody who has none.
    pub(super) fn is_safe(&self, demand: DemandId) -> bool {
        self.movable.contains_key(&demand) && !self.hit.contains(&demand)
    }

    /// Whether somebody's place is pinned and still there to be kept.
    pub(super) fn is_pinned(&self, demand: DemandId) -> bool {
        self.movable.get(&demand).is_some_and(|placement| placement.hold == Hold::Pinned)
    }
}

/// Whether the engine could give the place too: no rule was set aside for it, and none that rules out is broken.
fn follows_rules(data: &RoundData, nobody: &Load, placement: &Placement) -> bool {
    let (Some(demand), Some(offer)) = (data.demands.get(&placement.demand), data.offers.get(&placement.offer)) else { return false };
    let policy = &data.round.rules.policy;
    let rules_out = |misfit: &Misfit| !misfit.is_capacity() && misfit.rule().is_none_or(|rule| policy.mode(rule) == RuleMode::Hard);
    placement.broken.is_empty() && !misfits(data, nobody, demand, offer).iter().any(rules_out)
}
