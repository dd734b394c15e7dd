//! What things are called on both sides.

use kernschil_allocation as engine;
use kernschil_domain::ids::{BoardId, DemandId, OfferId, PeriodId, SchoolId, TrainerId};
use kernschil_domain::standing::Standing;
use uuid::Uuid;

/// FNV-1a: a stable number for a natural key, so that equal proposals are told apart in the same way
/// after a re-import with other identifiers.
pub(crate) fn stable_hash(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0x1f]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The highest bit tells the places of an offer that are kept for zij-instromers from its other places. Identifiers begin
/// with the time, and have that bit from the year 6429 on.
const KEPT: u128 = 1 << 127;

pub(super) fn school_key(id: SchoolId) -> engine::SchoolKey {
    engine::SchoolKey(id.0.as_u128())
}

pub(super) fn period_key(id: PeriodId) -> engine::PeriodKey {
    engine::PeriodKey(id.0.as_u128())
}

pub(super) fn board_key(id: BoardId) -> engine::BoardKey {
    engine::BoardKey(id.0.as_u128())
}

pub(super) fn demand_key(id: DemandId) -> engine::DemandKey {
    engine::DemandKey(id.0.as_u128())
}

/// The places of an offer that are for everybody.
pub(super) fn place_key(id: OfferId) -> engine::PlaceKey {
    engine::PlaceKey(id.0.as_u128())
}

/// The places of an offer that are kept for zij-instromers who work at the school.
pub(super) fn kept_key(id: OfferId) -> engine::PlaceKey {
    engine::PlaceKey(id.0.as_u128() | KEPT)
}

/// The four highest bits tell the periods of one trainer apart; free for the same reason, until the year 2527.
const PART: u128 = 0xF << 124;

/// So many parts have a key of their own.
pub(super) const MOST_PARTS: usize = 15;

/// A trainer, or what he is in one period: part 1 for the first.
pub(super) fn trainer_key(id: TrainerId, part: usize) -> engine::TrainerKey {
    engine::TrainerKey(id.0.as_u128() | (part.min(MOST_PARTS) as u128) << 124)
}

/// The trainer behind an engine's key.
pub(crate) fn trainer_id(key: engine::TrainerKey) -> TrainerId {
    TrainerId(Uuid::from_u128(key.0 & !PART))
}

/// The offer behind an engine's key of a place.
pub(crate) fn offer_id(key: engine::PlaceKey) -> OfferId {
    OfferId(Uuid::from_u128(key.0 & !KEPT))
}

/// The demand behind an engine's key.
pub(crate) fn demand_id(key: engine::DemandKey) -> DemandId {
    DemandId(Uuid::from_u128(key.0))
}

/// The place of the engine that a demand has or would have with an offer: one that is kept for her where there is one.
pub(crate) fn place_of(input: &engine::Input, demand: DemandId, offer: OfferId) -> engine::PlaceKey {
    let kept = kept_key(offer);
    let is_hers = |place: &engine::Place| place.key == kept && place.reserved_for.contains(&demand_key(demand));
    if input.places.iter().any(is_hers) { kept } else { place_key(offer) }
}

pub(super) fn engine_standing(standing: Standing) -> engine::Standing {
    match standing {
        Standing::Kern => engine::Standing::Kern,
        Standing::Schil => engine::Standing::Schil,
        Standing::SchilUnmet => engine::Standing::SchilUnmet,
        Standing::Outside => engine::Standing::Outside,
    }
}

/// The domain's word for the engine's.
pub(crate) fn domain_standing(standing: engine::Standing) -> Standing {
    match standing {
        engine::Standing::Kern => Standing::Kern,
        engine::Standing::Schil => Standing::Schil,
        engine::Standing::SchilUnmet => Standing::SchilUnmet,
        engine::Standing::Outside => Standing::Outside,
    }
}
