//! Two students change places.

use std::collections::BTreeMap;

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::{Guidance, PlacementStatus};
use kernschil_domain::fit::{Load, Misfit, minutes_to, misfits, wish_rank};
use kernschil_domain::ids::{ChangeId, DemandId, PlacementId};
use kernschil_domain::rounds::{Demand, Offer, RoundData};

use super::change::{ChangeKind, Desk, Step, clean_reason, told};
use super::moves::{self, Seen, Target};
use super::outlook::Outlook;
use crate::coverage::Figures;
use crate::error::AppError;
use crate::{Actor, App, Change, sight};

/// A student with a place, as the user saw her.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// The demand.
    pub demand: DemandId,
    /// Its placement.
    pub placement: PlacementId,
}

/// Two students change places.
#[derive(Debug, Clone)]
pub struct SwapCommand {
    /// One of them.
    pub one: Placed,
    /// The other.
    pub other: Placed,
    /// Why; needed when a rule is set aside for one of them.
    pub reason: Option<String>,
}

/// Lets two students change places. Answers the change, which can be undone.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when somebody else moved one of them, they have the same place,
/// or a rule is in the way and there is no reason to set it aside.
pub async fn swap(app: &App, actor: &Actor, slug: &str, command: SwapCommand) -> Result<ChangeId, AppError> {
    let reason = clean_reason(command.reason.as_deref())?;
    let SwapCommand { one, other, .. } = command;
    app.store
        .write(async |tx| {
            let mut data = sight::locked(app, tx, actor, slug, Permission::PlaceStudents).await?;
            let desk = Desk { app, actor, tx };
            moves::require_open(&data)?;
            for who in [one, other] {
                moves::seen(&data, &Seen { demand: who.demand, placement: Some(who.placement) })?;
            }
            if one.demand == other.demand || offer_of(&data, one.demand) == offer_of(&data, other.demand) {
                let message = "Deze studenten hebben dezelfde plek: er is niets te wisselen. Kies een andere student.";
                return Err(AppError::conflict("zelfde-plek", message));
            }
            // Both go before one comes: each then goes to a place that is free.
            let was_one = moves::take(&desk, &mut data, one.demand).await?;
            let was_other = moves::take(&desk, &mut data, other.demand).await?;
            let (Some(was_one), Some(was_other)) = (was_one, was_other) else { return Err(AppError::NotFound) };
            let mut steps = Vec::new();
            for (who, was, there) in [(one, &was_one, &was_other), (other, &was_other, &was_one)] {
                let guidance = there.guidance.unwrap_or(Guidance::Extra);
                let target = Target { demand: who.demand, offer: there.offer, guidance, reason: reason.as_deref() };
                let after = moves::give(&desk, &mut data, &target).await?;
                let change = Change::between(told(Some(was)), told(Some(&after)));
                desk.note(EventKind::PlacementsSwapped, who.demand, change);
                steps.push(Step::Place { demand: who.demand, before: Some(was.clone()), after: Some(after) });
            }
            desk.keep(&data, ChangeKind::Swap, &steps).await
        })
        .await
}

fn offer_of(data: &RoundData, demand: DemandId) -> Option<kernschil_domain::ids::OfferId> {
    data.placements.get(&demand).map(|placement| placement.offer)
}

/// One side of a swap: where a student would go.
#[derive(Debug, Clone)]
pub struct Side {
    /// The student and the present placement.
    pub who: Placed,
    /// The rules that would be set aside, in Dutch; nothing when she fits.
    pub against: Vec<String>,
    /// Minutes of travel now.
    pub minutes_now: Option<u16>,
    /// Minutes of travel then.
    pub minutes_then: Option<u16>,
    /// Rank of the wish now.
    pub wish_now: Option<usize>,
    /// Rank of the wish then.
    pub wish_then: Option<usize>,
}

/// What a swap would do.
#[derive(Debug, Clone)]
pub struct SwapOutlook {
    /// The student one begins with.
    pub one: Side,
    /// The other.
    pub other: Side,
    /// Coverage of the round then.
    pub coverage: Figures,
}

impl SwapOutlook {
    /// Whether both fit at the other's place.
    pub fn fits(&self) -> bool {
        self.one.against.is_empty() && self.other.against.is_empty()
    }
}

/// What a swap of two placed students of one period would do; nothing when they cannot swap at all.
pub fn swap_outlook(data: &RoundData, outlook: &mut Outlook<'_>, one: DemandId, other: DemandId) -> Option<SwapOutlook> {
    let (one, here) = placed(data, one)?;
    let (other, there) = placed(data, other)?;
    if one.period != other.period || here.id == there.id {
        return None;
    }
    let (one_side, other_side) = (side(data, one, here, there)?, side(data, other, there, here)?);
    let guidance = |demand: DemandId| data.placements.get(&demand).and_then(|p| p.guidance).unwrap_or(Guidance::Extra);
    let supposed = BTreeMap::from([(one.id, Some((there.school, guidance(other.id)))), (other.id, Some((here.school, guidance(one.id))))]);
    Some(SwapOutlook { one: one_side, other: other_side, coverage: outlook.after(&supposed) })
}

fn placed(data: &RoundData, demand: DemandId) -> Option<(&Demand, &Offer)> {
    let (placement, offer) = data.place_of(demand)?;
    (placement.status != PlacementStatus::Announced).then_some((data.demands.get(&demand)?, offer))
}

fn side(data: &RoundData, demand: &Demand, now: &Offer, then: &Offer) -> Option<Side> {
    let against = rules_against(data, demand, then);
    if against.iter().any(|misfit| misfit.rule().is_none()) {
        return None;
    }
    Some(Side {
        who: Placed { demand: demand.id, placement: data.placements.get(&demand.id)?.id },
        against: against.iter().map(|misfit| misfit.dutch()).collect(),
        minutes_now: minutes_to(data, demand, now.school),
        minutes_then: minutes_to(data, demand, then.school),
        wish_now: wish_rank(data, demand, now.school),
        wish_then: wish_rank(data, demand, then.school),
    })
}

/// What keeps a student from a place apart from its being full: in a swap as many go as come.
fn rules_against(data: &RoundData, demand: &Demand, offer: &Offer) -> Vec<Misfit> {
    let mut found = misfits(data, &Load::default(), demand, offer);
    found.retain(|misfit| !misfit.is_capacity());
    found
}

/// Students with whom a placed student can change places without setting a rule aside, the most helpful first.
pub fn partners(data: &RoundData, demand: DemandId, most: usize) -> Vec<SwapOutlook> {
    let Some((one, here)) = placed(data, demand) else { return Vec::new() };
    let others = data.demands.values().filter(|other| other.id != one.id && other.period == one.period);
    let mut found: Vec<_> = others
        .filter_map(|other| {
            let (_, there) = placed(data, other.id).filter(|(_, there)| there.id != here.id)?;
            let fits = rules_against(data, one, there).is_empty() && rules_against(data, other, here).is_empty();
            fits.then(|| (gain(data, one, other, here, there), other.id))
        })
        .collect();
    found.sort_unstable();
    let mut outlook = Outlook::new(data);
    found.into_iter().take(most).filter_map(|(_, other)| swap_outlook(data, &mut outlook, demand, other)).collect()
}

/// Less is better: wishes of both, then minutes of both.
fn gain(data: &RoundData, one: &Demand, other: &Demand, here: &Offer, there: &Offer) -> (usize, u32) {
    // Not a wish counts as one after the last.
    let wish = |demand: &Demand, offer: &Offer| wish_rank(data, demand, offer.school).unwrap_or(demand.wishes.len() + 1);
    let minutes = |demand: &Demand, offer: &Offer| minutes_to(data, demand, offer.school).map_or(0, u32::from);
    (wish(one, there) + wish(other, here), minutes(one, there) + minutes(other, here))
}
