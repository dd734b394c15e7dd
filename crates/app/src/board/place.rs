//! Placing one student, moving her, and taking her place back.

use kernschil_domain::access::Permission;
use kernschil_domain::codes::{Guidance, Turn};
use kernschil_domain::ids::{ChangeId, DemandId, OfferId, PlacementId};

use super::change::{ChangeKind, Desk, Step, clean_reason};
use super::moves::{self, Seen, Target};
use super::turns;
use crate::error::AppError;
use crate::{Actor, App, sight};

/// Gives a student a place, or another one than she has.
#[derive(Debug, Clone)]
pub struct PlaceCommand {
    /// The demand.
    pub demand: DemandId,
    /// The offer.
    pub offer: OfferId,
    /// The placement as the user saw it; nothing when there was none.
    pub seen: Option<PlacementId>,
    /// Extra guidance, for a place outside samen opleiden.
    pub guidance: Guidance,
    /// Why; needed when a rule is set aside.
    pub reason: Option<String>,
}

/// Gives a student a place by hand; who was left out takes part again. Answers the change, which can be undone.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when somebody else moved the student, the place was given away,
/// cannot be had at all, or a rule is in the way and there is no reason to set it aside.
pub async fn place(app: &App, actor: &Actor, slug: &str, command: PlaceCommand) -> Result<ChangeId, AppError> {
    let reason = clean_reason(command.reason.as_deref())?;
    app.store
        .write(async |tx| {
            let mut data = sight::locked(app, tx, actor, slug, Permission::PlaceStudents).await?;
            let desk = Desk { app, actor, tx };
            moves::require_open(&data)?;
            let demand = moves::seen(&data, &Seen { demand: command.demand, placement: command.seen })?.clone();
            let mut steps = Vec::new();
            if demand.turn == Turn::LeftOut {
                steps.push(turns::set(&desk, &mut data, demand.id, Turn::TakesPart).await?);
            }
            let before = moves::take(&desk, &mut data, demand.id).await?;
            let target = Target { demand: demand.id, offer: command.offer, guidance: command.guidance, reason: reason.as_deref() };
            let after = moves::give(&desk, &mut data, &target).await?;
            steps.push(Step::Place { demand: demand.id, before, after: Some(after) });
            for step in &steps {
                desk.note_step(demand.id, step);
            }
            desk.keep(&data, ChangeKind::Place, &steps).await
        })
        .await
}

/// Takes a student's place back. Answers the change, which can be undone.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when somebody else moved the student.
pub async fn release(app: &App, actor: &Actor, slug: &str, demand: DemandId, seen: PlacementId) -> Result<ChangeId, AppError> {
    app.store
        .write(async |tx| {
            let mut data = sight::locked(app, tx, actor, slug, Permission::PlaceStudents).await?;
            let desk = Desk { app, actor, tx };
            moves::require_open(&data)?;
            moves::seen(&data, &Seen { demand, placement: Some(seen) })?;
            let before = moves::take(&desk, &mut data, demand).await?;
            let step = Step::Place { demand, before, after: None };
            desk.note_step(demand, &step);
            desk.keep(&data, ChangeKind::Release, &[step]).await
        })
        .await
}
