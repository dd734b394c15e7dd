//! Taking places back and giving them, in memory and in the database alike, so that what comes next in the same
//! change is judged by how things stand then.

use kernschil_domain::codes::{Guidance, Hold, Need, PlacementSource, PlacementStatus};
use kernschil_domain::fit::{Load, misfits};
use kernschil_domain::ids::{DemandId, OfferId, PlacementId, Version};
use kernschil_domain::placements::{Placement, TransitionError};
use kernschil_domain::policy::RuleKind;
use kernschil_domain::rounds::{Demand, RoundData};
use kernschil_domain::standing::{Standing, Standings};
use kernschil_storage::{StorageError, placements};

use super::candidates::PlaceAccess;
use super::change::{Desk, Kept};
use crate::error::AppError;
use crate::proposals;

/// A demand as somebody saw it: the placement it had, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The demand.
    pub demand: DemandId,
    /// Its placement.
    pub placement: Option<PlacementId>,
}

/// A demand that can be placed, and that is as somebody saw it.
pub(super) fn seen<'a>(data: &'a RoundData, seen: &Seen) -> Result<&'a Demand, AppError> {
    let demand = data.demands.get(&seen.demand).ok_or(AppError::NotFound)?;
    if data.placements.get(&demand.id).map(|placement| placement.id) == seen.placement {
        Ok(demand)
    } else {
        Err(StorageError::Stale.into())
    }
}

/// A round in which somebody still places by hand.
pub(super) fn require_open(data: &RoundData) -> Result<(), AppError> {
    proposals::require_open(data)
}

/// Takes a place back.
pub(super) async fn take(desk: &Desk<'_>, data: &mut RoundData, demand: DemandId) -> Result<Option<Kept>, AppError> {
    let Some(placement) = data.placements.remove(&demand) else { return Ok(None) };
    let kept = Kept::of(&placement);
    let offer = placement.offer;
    let withdrawn = placement.withdraw().map_err(|error| match error {
        TransitionError::AlreadyAnnounced => {
            AppError::conflict("al-bekendgemaakt", "Deze plaatsing is al bekendgemaakt en kan hier niet meer veranderen.")
        }
        TransitionError::AlreadyWithdrawn => StorageError::Stale.into(),
    })?;
    placements::save(desk.tx, &Placement { ended_at: Some(desk.app.clock.now()), ..withdrawn }).await?;
    placements::give_back(desk.tx, offer, 1).await?;
    Ok(Some(kept))
}

/// Where a student goes.
pub(super) struct Target<'a> {
    pub(super) demand: DemandId,
    pub(super) offer: OfferId,
    pub(super) guidance: Guidance,
    pub(super) reason: Option<&'a str>,
}

/// Places a student by hand.
pub(super) async fn give(desk: &Desk<'_>, data: &mut RoundData, target: &Target<'_>) -> Result<Kept, AppError> {
    let demand = data.demands.get(&target.demand).ok_or(AppError::NotFound)?;
    if demand.need == Need::NotRequired {
        return Err(AppError::conflict("geen-plaats-nodig", "Deze student heeft geen plaats nodig in deze periode."));
    }
    let broken = broken_rules(data, demand, target)?;
    let kept = Kept {
        placement: PlacementId(desk.app.ids.next()),
        offer: target.offer,
        source: PlacementSource::Hand,
        status: PlacementStatus::Proposed,
        run: None,
        trainer: None,
        guidance: Some(target.guidance),
        reason: target.reason.map(str::to_owned),
        hold: Hold::Free,
        broken,
    };
    store(desk, data, target.demand, kept).await
}

/// The rules that are set aside when a student goes to a place.
fn broken_rules(data: &RoundData, demand: &Demand, target: &Target<'_>) -> Result<Vec<RuleKind>, AppError> {
    let offer = data.offers.get(&target.offer).ok_or(AppError::NotFound)?;
    let load = Load::of(data, |placement| placement.demand != demand.id);
    let found = misfits(data, &load, demand, offer);
    let words = || found.iter().map(|misfit| misfit.dutch()).collect::<Vec<_>>().join(", ");
    match PlaceAccess::of(data, &found) {
        PlaceAccess::Fits => Ok(Vec::new()),
        PlaceAccess::Full => Err(StorageError::PlaceTaken.into()),
        PlaceAccess::Never => {
            let message = format!("Deze plek past niet bij de student: {}. Kies een andere plek.", words());
            Err(AppError::conflict("plek-past-niet", message))
        }
        PlaceAccess::WithReason(rules) if target.reason.is_some() => Ok(rules),
        PlaceAccess::WithReason(_) => {
            let message = format!("Hier wijkt u af van een regel: {}. Schrijf op waarom; dan kan het.", words());
            Err(AppError::conflict("reden-nodig", message))
        }
    }
}

/// Puts a placement back as it was, when there still is room for it.
pub(super) async fn put_back(desk: &Desk<'_>, data: &mut RoundData, demand: DemandId, was: &Kept) -> Result<Kept, AppError> {
    let (Some(asked), Some(offer)) = (data.demands.get(&demand), data.offers.get(&was.offer)) else { return Err(AppError::NotFound) };
    // It was there before, rules set aside or not: only what is full or closed now can stand in its way.
    let load = Load::of(data, |placement| placement.demand != demand);
    if misfits(data, &load, asked, offer).iter().any(|misfit| misfit.rule().is_none()) {
        return Err(StorageError::PlaceTaken.into());
    }
    store(desk, data, demand, Kept { placement: PlacementId(desk.app.ids.next()), ..was.clone() }).await
}

/// Stores a placement and takes its place; what the school is and who guides the student is as it is now.
async fn store(desk: &Desk<'_>, data: &mut RoundData, demand: DemandId, wanted: Kept) -> Result<Kept, AppError> {
    let asked = data.demands.get(&demand).ok_or(AppError::NotFound)?;
    let offer = data.offers.get(&wanted.offer).ok_or(AppError::NotFound)?;
    let institute = data.students.get(&asked.student).ok_or(AppError::NotFound)?.institute;
    let period = data.periods.get(&asked.period).ok_or(AppError::NotFound)?;
    let standing = Standings::new(data).standing(institute, offer.school, period.starts_on);
    let load = Load::of(data, |_| true);
    let room = |id| {
        let same = data.guides_of(offer.school, offer.period).into_iter().find(|trainer| trainer.id == id)?;
        data.capacity_of(same, offer.period).is_none_or(|most| load.of_trainer(id, offer.period) < most).then_some(id)
    };
    let trainer = wanted.trainer.and_then(room).or_else(|| load.trainer_for(data, offer).ok().flatten().map(|trainer| trainer.id));
    let placement = Placement {
        id: wanted.placement,
        demand,
        offer: wanted.offer,
        standing,
        status: wanted.status,
        source: wanted.source,
        run: wanted.run,
        trainer,
        guidance: (standing == Standing::Outside).then(|| wanted.guidance.unwrap_or(Guidance::None)),
        reason: wanted.reason,
        hold: wanted.hold,
        broken: wanted.broken,
        made_at: Some(desk.app.clock.now()),
        announced_at: None,
        ended_at: None,
        mutation: None,
        version: Version::FIRST,
    };
    placements::place_all(desk.tx, std::slice::from_ref(&placement)).await?;
    let kept = Kept::of(&placement);
    data.placements.insert(demand, placement);
    Ok(kept)
}
