//! Leaving a demand out of proposals, and letting it take part again.

use kernschil_domain::access::Permission;
use kernschil_domain::codes::{Need, Turn};
use kernschil_domain::ids::{ChangeId, DemandId};
use kernschil_domain::rounds::RoundData;
use kernschil_storage::{StorageError, handwork};

use super::change::{ChangeKind, Desk, Step};
use super::moves::{self, Seen};
use crate::error::AppError;
use crate::{Actor, App, sight};

/// Leaves a demand out, which gives its place back, or lets it take part again. Answers the change, which can be undone.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when somebody else moved the student, or did the same before.
pub async fn turn(app: &App, actor: &Actor, slug: &str, who: Seen, to: Turn) -> Result<ChangeId, AppError> {
    app.store
        .write(async |tx| {
            let mut data = sight::locked(app, tx, actor, slug, Permission::PlaceStudents).await?;
            let desk = Desk { app, actor, tx };
            moves::require_open(&data)?;
            let demand = moves::seen(&data, &who)?;
            if demand.need == Need::NotRequired {
                return Err(AppError::conflict("geen-plaats-nodig", "Deze student heeft geen plaats nodig in deze periode."));
            }
            if demand.turn == to {
                return Err(StorageError::Stale.into());
            }
            let steps = steps(&desk, &mut data, who.demand, to).await?;
            for step in &steps {
                desk.note_step(who.demand, step);
            }
            desk.keep(&data, ChangeKind::LeaveOut, &steps).await
        })
        .await
}

/// Changes the turn of a demand; who is left out gives her place back.
pub(super) async fn steps(desk: &Desk<'_>, data: &mut RoundData, demand: DemandId, to: Turn) -> Result<Vec<Step>, AppError> {
    let mut steps = vec![set(desk, data, demand, to).await?];
    if to == Turn::LeftOut
        && let Some(before) = moves::take(desk, data, demand).await?
    {
        steps.push(Step::Place { demand, before: Some(before), after: None });
    }
    Ok(steps)
}

/// Changes the turn of a demand and nothing else.
pub(super) async fn set(desk: &Desk<'_>, data: &mut RoundData, demand: DemandId, to: Turn) -> Result<Step, AppError> {
    let asked = data.demands.get_mut(&demand).ok_or(AppError::NotFound)?;
    let before = std::mem::replace(&mut asked.turn, to);
    handwork::set_turn(desk.tx, demand, to).await?;
    Ok(Step::Turn { demand, before, after: to })
}
