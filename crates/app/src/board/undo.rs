//! Undoing a change: everything is put back as it was, marks included, or nothing is.

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::ChangeId;
use kernschil_domain::rounds::RoundData;
use kernschil_storage::{Tx, placements, privacy};

use super::change::{Desk, Step, steps_of};
use super::{exclusions, hold, moves, teams, turns};
use crate::error::AppError;
use crate::{Actor, App, Change, sight};

/// Undoes a change, when nothing else happened to the same students since.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when it cannot be undone any more.
pub async fn undo(app: &App, actor: &Actor, slug: &str, change: ChangeId) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let mut data = sight::locked(app, tx, actor, slug, Permission::PlaceStudents).await?;
            let desk = Desk { app, actor, tx };
            moves::require_open(&data)?;
            let known = placements::change(tx, data.round.id, change).await?;
            let steps = steps_of(&known).ok_or(AppError::NotFound)?;
            if !steps.iter().flat_map(Step::demands).all(|demand| data.demands.contains_key(&demand)) {
                return Err(AppError::NotFound);
            }
            if known.undone_at.is_some() {
                return Err(AppError::conflict(
                    "intussen-gewijzigd",
                    "Deze wijziging is al ongedaan gemaakt. U ziet het bord zoals het nu is.",
                ));
            }
            require_known(tx, &data, &steps).await?;
            if !steps.iter().all(|step| step.holds(&data)) {
                let message = "Deze wijziging kan niet meer ongedaan worden gemaakt: daarna is nog iets anders veranderd.";
                return Err(AppError::conflict("intussen-gewijzigd", message));
            }
            take_back(&desk, &mut data, &steps).await?;
            placements::mark_undone(tx, change, app.clock.now()).await?;
            app.audit(tx, actor, EventKind::ChangeUndone, &change.to_string(), Change::none());
            Ok(())
        })
        .await
}

/// Refuses to bring anything back of a student who was made unrecognisable since.
async fn require_known(tx: &Tx, data: &RoundData, steps: &[Step]) -> Result<(), AppError> {
    let students = steps.iter().flat_map(Step::demands).filter_map(|id| data.demands.get(&id)).map(|demand| demand.student).collect();
    if privacy::erased_among(tx, &students).await?.is_empty() {
        return Ok(());
    }
    let message = "Deze wijziging gaat over een student die daarna is geanonimiseerd. Zij kan niet meer ongedaan worden gemaakt. \
                   Pas zo nodig met de hand aan wat anderen betreft.";
    Err(AppError::conflict("student-geanonimiseerd", message))
}

/// First every place that was given goes, then every place that was taken comes back: in between there is room for
/// both sides of a swap.
async fn take_back(desk: &Desk<'_>, data: &mut RoundData, steps: &[Step]) -> Result<(), AppError> {
    for step in steps {
        if let Step::Place { demand, after: Some(_), .. } = step {
            moves::take(desk, data, *demand).await?;
        }
    }
    for step in steps {
        match step {
            Step::Place { demand, before, .. } => {
                if let Some(before) = before {
                    moves::put_back(desk, data, *demand, before).await?;
                }
            }
            Step::Hold { demand, before, .. } => {
                hold::set(desk, data, *demand, *before).await?;
            }
            Step::Exclusion { demand, school, before, .. } => {
                exclusions::set(desk, data, (*demand, *school), *before).await?;
            }
            Step::Turn { demand, before, .. } => {
                turns::set(desk, data, *demand, *before).await?;
            }
            Step::Team { team, before, .. } => {
                teams::set(desk, data, *team, before.clone()).await?;
            }
        }
    }
    Ok(())
}
