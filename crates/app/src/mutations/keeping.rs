//! What the engine is asked for a mutation.

use std::collections::HashMap;

use kernschil_allocation::{self as engine, FinalPhase, Firmness, Keep, LevelKind};
use kernschil_domain::codes::PlacementStatus;
use kernschil_domain::ids::DemandId;
use kernschil_domain::policy::Order;
use kernschil_domain::standing::Standing;
use uuid::Uuid;

use super::after::Question;
use crate::proposals;

/// What the engine is asked: everybody who may move, with the place she has, and the two aims in an order.
pub(super) fn input(question: &Question, order: Order) -> engine::Input {
    let mut input = proposals::input_of(&question.world);
    let places: HashMap<_, _> =
        question.movable.iter().map(|(id, placement)| (*id, proposals::place_of(&input, *id, placement.offer))).collect();
    for demand in &mut input.demands {
        let id = DemandId(Uuid::from_u128(demand.key.0));
        let (Some(placement), Some(place)) = (question.movable.get(&id), places.get(&id).copied()) else { continue };
        let firmness = if placement.status == PlacementStatus::Announced { Firmness::Announced } else { Firmness::Draft };
        demand.keeps = Some(Keep { place, firmness });
        // Being without a place counts for her as much as for anybody, whatever her phase: without this a student of the
        // final phase who comes late would put somebody of an earlier phase out of the place she was told of.
        if question.is_safe(id) {
            demand.final_phase = FinalPhase::Final;
        }
        demand.pinned = question.is_pinned(id).then_some(place);
    }
    // Those who are outside now may stay there, whatever the number of students for whom there is guidance.
    let outside = question.movable.values().filter(|placement| placement.standing == Standing::Outside).count();
    let outside = u32::try_from(outside).unwrap_or(u32::MAX);
    input.settings.outside_cap = input.settings.outside_cap.map(|most| most.max(outside));
    ordered(input, order)
}

/// The same question with the two aims in an order.
pub(super) fn ordered(mut input: engine::Input, order: Order) -> engine::Input {
    let levels = &mut input.settings.levels;
    levels.retain(|level| *level != LevelKind::Kept);
    let covered = levels.iter().position(|level| *level == LevelKind::NotCovered);
    let at = match order {
        Order::KeptFirst => 1,
        Order::CoveredFirst => covered.map_or(1, |at| at + 1),
    };
    levels.insert(at.min(levels.len()), LevelKind::Kept);
    input
}
