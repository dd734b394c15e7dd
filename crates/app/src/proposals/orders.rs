//! The two orders of coverage and places that people know, side by side: what each would give, and what it costs.

use std::collections::HashMap;
use std::sync::Arc;

use kernschil_allocation::{self as engine, Outcome, Proof, Proposal};
use kernschil_domain::access::Permission;
use kernschil_domain::ids::{DemandId, OfferId, Version};
use kernschil_domain::policy::Order;
use kernschil_domain::rounds::RoundData;
use kernschil_storage::rounds;
use serde::Serialize;

use super::snapshot::{demand_id, offer_id, place_of, snapshot, stays};
use super::{LevelView, Watch, compute, require_open};
use crate::error::AppError;
use crate::{Actor, App, reasons, sight};

/// What one order would give.
#[derive(Debug, Clone, Serialize)]
pub struct OrderPlan {
    /// The order.
    pub order: Order,
    /// Totals.
    pub figures: engine::Figures,
    /// Students who have a place on the board now, and would have another one or none.
    pub moved: u32,
    /// How good it is known to be.
    pub proof: Proof,
    /// What each level counts, and its value.
    pub levels: Vec<LevelView>,
}

/// Both orders.
#[derive(Debug, Clone)]
pub struct TwoOrders {
    /// The round with everything in it.
    pub data: RoundData,
    /// The version of the round that was looked at.
    pub version: Version,
    /// The order of the round now.
    pub current: Order,
    /// Places on the board that a proposal may move.
    pub movable: u32,
    /// What each would give, in the order of [`Order::ALL`].
    pub plans: Vec<OrderPlan>,
}

/// What a proposal may move: the place that each demand of the input has on the board now.
fn movable(data: &RoundData) -> HashMap<DemandId, OfferId> {
    data.placements.values().filter(|placement| !stays(placement)).map(|placement| (placement.demand, placement.offer)).collect()
}

/// What the engine is asked. Where places go first, those on the board are kept as far as possible; otherwise everything
/// that may move is placed afresh.
pub(super) fn input_for(data: &RoundData) -> engine::Input {
    let mut input = snapshot(data);
    if data.round.rules.policy.order() == Order::KeptFirst {
        let places: HashMap<_, _> = movable(data).into_iter().map(|(demand, offer)| (demand, place_of(&input, demand, offer))).collect();
        for demand in &mut input.demands {
            let place = places.get(&demand_id(demand.key)).copied();
            demand.keeps = place.map(|place| engine::Keep { place, firmness: engine::Firmness::Draft });
        }
    }
    input
}

fn moved(now: &HashMap<DemandId, OfferId>, proposal: &Proposal) -> u32 {
    let is_moved = |(demand, outcome): &&(engine::DemandKey, Outcome)| {
        let Some(offer) = now.get(&demand_id(*demand)) else { return false };
        !matches!(outcome, Outcome::Placed(placed) if offer_id(placed.place) == *offer)
    };
    u32::try_from(proposal.assignments.iter().filter(is_moved).count()).unwrap_or(u32::MAX)
}

/// Both orders, each solved for the round as it is; nothing is stored. Nothing when no place on the board can move: then
/// the orders are the same.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Forbidden`] for who does not coordinate the whole round; [`AppError::Conflict`] when
/// the round is fixed.
pub async fn two_orders(app: &App, actor: &Actor, slug: &str) -> Result<Option<TwoOrders>, AppError> {
    let data = app
        .store
        .read(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::MakeProposals).await?;
            Ok::<_, AppError>(rounds::picture(tx, slug).await?)
        })
        .await?;
    require_open(&data)?;
    let now = movable(&data);
    if now.is_empty() {
        return Ok(None);
    }
    let mut plans = Vec::new();
    for order in Order::ALL {
        let mut other = data.clone();
        other.round.rules.policy = data.round.rules.policy.ordered(*order);
        let proposal = compute(input_for(&other), Arc::new(Watch::default())).await?;
        plans.push(OrderPlan {
            order: *order,
            moved: moved(&now, &proposal),
            levels: proposal.objective.iter().map(|(level, value)| LevelView { label: reasons::level(*level), value: *value }).collect(),
            figures: proposal.figures,
            proof: proposal.proof,
        });
    }
    let (version, current) = (data.round.version, data.round.rules.policy.order());
    Ok(Some(TwoOrders { version, current, movable: u32::try_from(now.len()).unwrap_or(u32::MAX), plans, data }))
}
