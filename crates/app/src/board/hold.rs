//! Pinning: whether a proposal may move a placement.

use kernschil_domain::access::Permission;
use kernschil_domain::codes::Hold;
use kernschil_domain::ids::{ChangeId, DemandId};
use kernschil_domain::placements::Placement;
use kernschil_domain::rounds::RoundData;
use kernschil_storage::{StorageError, placements};

use super::change::{ChangeKind, Desk, Step};
use super::moves::{self, Seen};
use super::swap::Placed;
use crate::error::AppError;
use crate::{Actor, App, sight};

/// Pins a placement, or sets it free. Answers the change, which can be undone.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when somebody else moved the student, or did the same before.
pub async fn hold(app: &App, actor: &Actor, slug: &str, who: Placed, to: Hold) -> Result<ChangeId, AppError> {
    app.store
        .write(async |tx| {
            let mut data = sight::locked(app, tx, actor, slug, Permission::PlaceStudents).await?;
            let desk = Desk { app, actor, tx };
            moves::require_open(&data)?;
            moves::seen(&data, &Seen { demand: who.demand, placement: Some(who.placement) })?;
            let step = set(&desk, &mut data, who.demand, to).await?.ok_or(StorageError::Stale)?;
            desk.note_step(who.demand, &step);
            desk.keep(&data, ChangeKind::Pin, &[step]).await
        })
        .await
}

/// Changes how a placement is held; nothing when it was so already, or there is no placement.
pub(super) async fn set(desk: &Desk<'_>, data: &mut RoundData, demand: DemandId, to: Hold) -> Result<Option<Step>, AppError> {
    let Some(placement) = data.placements.get_mut(&demand).filter(|placement| placement.hold != to) else { return Ok(None) };
    let before = placement.hold;
    let changed = Placement { hold: to, ..placement.clone() };
    let version = placements::save(desk.tx, &changed).await?;
    let offer = changed.offer;
    *placement = Placement { version, ..changed };
    Ok(Some(Step::Hold { demand, offer, before, after: to }))
}
