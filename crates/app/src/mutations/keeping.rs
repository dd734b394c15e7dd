//! What the engine is asked for a mutation.

use kernschil_allocation::{self as engine, LevelKind, PlaceKey};
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
    for demand in &mut input.demands {
        let id = DemandId(Uuid::from_u128(demand.key.0));
        let Some(placement) = question.movable.get(&id) else { continue };
    }
    // Those who are outside now may stay there, whatever the number of students for whom there is guidance.
    let outside = question.movable.values().filter(|placement| placement.standing == Standing::Outside).count();
    let outside = u32::try_from(outside).unwrap_or(u32::MAX);
    input.settings.outside_cap = input.settings.outside_cap.map(|most| most.max(outside));
    input
}
