//! The second chance after a judgement of insufficient: at most two school years, also when its days are changed later.

use chrono::NaiveDate;
use kernschil_domain::periods::dutch_date;
use kernschil_domain::registry::Registry;
use kernschil_domain::reviews::{Review, ReviewKind, second_chance};
use kernschil_storage::{Tx, reviews};

use super::outcome;
use super::sight::Known;
use crate::Actor;
use crate::error::{AppError, FieldError};

/// The last day of a review that follows another as its second chance; nothing when it is none, or when the reader may not
/// know what was judged before.
pub(super) async fn last_day(
    tx: &Tx,
    actor: &Actor,
    registry: &Registry,
    kind: ReviewKind,
    previous: &Review,
) -> Result<Option<NaiveDate>, AppError> {
    if kind != ReviewKind::Judging {
        return Ok(None);
    }
    let known = Known { review: previous.clone(), registry: registry.clone() };
    let judged = Review { outcome: outcome::shown(tx, actor, &known).await?, ..known.review };
    let all = reviews::list(tx).await?;
    let before = all.iter().find(|review| Some(review.id) == judged.previous);
    Ok(second_chance(&judged, before).ok())
}

/// Refuses a visit, or a last day, after the last day of a second chance, and a second chance without a last day.
pub(super) fn check(end: NaiveDate, visit_on: Option<NaiveDate>, due_on: Option<NaiveDate>) -> Vec<FieldError> {
    let until = dutch_date(end);
    let wrong = |field: &str, message: String| FieldError::new(field, "na-tweede-kans", message);
    let visit = visit_on
        .filter(|day| *day > end)
        .map(|_| wrong("visitOn", format!("Een tweede kans duurt hoogstens twee schooljaren. Kies een bezoekdag tot en met {until}.")));
    let due = match due_on {
        Some(day) if day <= end => None,
        Some(_) => Some(wrong("dueOn", format!("Een tweede kans duurt hoogstens twee schooljaren. Kies een dag tot en met {until}."))),
        None => Some(wrong("dueOn", format!("Een tweede kans heeft een laatste dag. Kies een dag tot en met {until}."))),
    };
    visit.into_iter().chain(due).collect()
}
