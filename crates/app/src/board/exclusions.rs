//! Excluding a school for a student, by a category and nothing more, and taking that back.

use kernschil_domain::access::Permission;
use kernschil_domain::codes::ExclusionCategory;
use kernschil_domain::ids::{ChangeId, DemandId, SchoolId};
use kernschil_domain::rounds::{Exclusion, RoundData};
use kernschil_storage::StorageError;
use kernschil_storage::handwork::{self, Decided};

use super::change::{ChangeKind, Desk, Step, excluded};
use super::moves::{self, Seen};
use crate::error::AppError;
use crate::{Actor, App, sight};

/// Decides whether a student can go to a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExcludeCommand {
    /// The demand with its placement, as the user saw it; looked at when a school is excluded.
    pub who: Seen,
    /// The school.
    pub school: SchoolId,
    /// Whether it was excluded, as the user saw it.
    pub before: Option<ExclusionCategory>,
    /// On whose request it is excluded; nothing to take that back.
    pub category: Option<ExclusionCategory>,
}

/// Excludes a school for a student, who gives back her place there; or takes that back. Answers the change, which can
/// be undone.
///
/// # Errors
/// [`AppError::NotFound`] for a school without offers in the round; [`AppError::Conflict`] when somebody else moved
/// the student or decided about this school.
pub async fn exclude(app: &App, actor: &Actor, slug: &str, command: ExcludeCommand) -> Result<ChangeId, AppError> {
    let ExcludeCommand { who, school, before, category } = command;
    actor.require(Permission::ReadCustom)?;
    app.store
        .write(async |tx| {
            let mut data = sight::locked(app, tx, actor, slug, Permission::PlaceStudents).await?;
            let desk = Desk { app, actor, tx };
            moves::require_open(&data)?;
            let demand = data.demands.get(&who.demand).ok_or(AppError::NotFound)?.id;
            if category.is_some() {
                moves::seen(&data, &who)?;
            }
            if before.is_none() && !data.offers.values().any(|offer| offer.school == school) {
                return Err(AppError::NotFound);
            }
            if excluded(&data, demand, school) != before || before == category {
                return Err(StorageError::Stale.into());
            }
            let mut steps = vec![set(&desk, &mut data, (demand, school), category).await?];
            let there = data.place_of(demand).is_some_and(|(_, offer)| offer.school == school);
            if category.is_some() && there {
                let place = moves::take(&desk, &mut data, demand).await?;
                steps.push(Step::Place { demand, before: place, after: None });
            }
            for step in &steps {
                desk.note_step(demand, step);
            }
            desk.keep(&data, ChangeKind::Exclude, &steps).await
        })
        .await
}

/// Stores whether a school is excluded for a student.
pub(super) async fn set(
    desk: &Desk<'_>,
    data: &mut RoundData,
    (demand, school): (DemandId, SchoolId),
    to: Option<ExclusionCategory>,
) -> Result<Step, AppError> {
    let before = excluded(data, demand, school);
    data.exclusions.retain(|known| known.demand != demand || known.school != school);
    match to {
        Some(category) => {
            let exclusion = Exclusion { demand, school, category };
            let decided = Decided { at: desk.app.clock.now(), by: desk.actor.user() };
            handwork::exclude(desk.tx, &exclusion, decided).await?;
            data.exclusions.push(exclusion);
        }
        None => handwork::include(desk.tx, demand, school).await?,
    }
    Ok(Step::Exclusion { demand, school, before, after: to })
}
