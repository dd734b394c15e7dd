//! Which of the trainers of a school guides a student, where a school trainer and an institute trainer both may.

use std::cmp::Reverse;
use std::collections::HashMap;

use kernschil_domain::codes::TrainerKind;
use kernschil_domain::ids::{PeriodId, TrainerId};
use kernschil_domain::placements::Placement;
use kernschil_domain::policy::GuidedBy;
use kernschil_domain::registry::Trainer;
use kernschil_domain::rounds::RoundData;

use super::stays;

/// Where either may, gives students whom the engine gave to an institute trainer to a school trainer of their school who
/// has room, as the board does. To the engine one is as good as the other, and it takes whoever has no maximum.
pub(super) fn school_trainers_first(data: &RoundData, new: &mut [Placement]) {
    if data.round.rules.policy.guided_by != GuidedBy::Either {
        return;
    }
    let mut guided: HashMap<(TrainerId, PeriodId), i32> = HashMap::new();
    for placement in data.placements.values().filter(|placement| stays(placement)).chain(new.iter()) {
        if let Some((trainer, offer)) = placement.trainer.zip(data.offers.get(&placement.offer)) {
            *guided.entry((trainer, offer.period)).or_default() += 1;
        }
    }
    for placement in new {
        let Some((now, offer)) = placement.trainer.zip(data.offers.get(&placement.offer)) else { continue };
        if data.registry.trainers.get(&now).is_none_or(|trainer| trainer.kind == TrainerKind::School) {
            continue;
        }
        let room = |trainer: &Trainer| {
            let load = guided.get(&(trainer.id, offer.period)).copied().unwrap_or_default();
            data.capacity_of(trainer, offer.period).map_or(i32::MAX, |most| most - load)
        };
        let here = data.guides_of(offer.school, offer.period).into_iter();
        let free = here.filter(|trainer| trainer.kind == TrainerKind::School && room(trainer) > 0);
        let best = free.max_by_key(|trainer| (room(trainer), Reverse(&trainer.number))).map(|trainer| trainer.id);
        if let Some(best) = best {
            *guided.entry((now, offer.period)).or_default() -= 1;
            *guided.entry((best, offer.period)).or_default() += 1;
            placement.trainer = Some(best);
        }
    }
}
