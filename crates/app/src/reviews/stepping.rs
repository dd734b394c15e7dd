//! The steps of one review: renamed, given a date of their own, and done.

use chrono::NaiveDate;
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::Version;
use kernschil_domain::reviews::{MOST_STEP_NAME, Review, ReviewState, ReviewStep, WrongMove};
use kernschil_storage::reviews::steps;
use kernschil_storage::{StorageError, reviews};
use serde_json::json;

use super::making::check_day;
use super::sight;
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// What somebody changes about a step; nothing leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct StepEdit {
    /// Another name.
    pub name: Option<String>,
    /// A date of its own, or none any more: then it follows from the visit day again.
    pub own_date: Option<Option<NaiveDate>>,
    /// The day on which it was done, or that it was not.
    pub done_on: Option<Option<NaiveDate>>,
}

/// Changes a step of a review. The steps share the version of their review.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such step; [`AppError::Invalid`] with everything that is wrong;
/// [`AppError::Conflict`] when the review ended, or somebody else changed it since `seen`.
pub async fn change_step(app: &App, actor: &Actor, slug: &str, seen: Version, ordinal: i32, edit: StepEdit) -> Result<Version, AppError> {
    app.store
        .write(async |tx| {
            let review = sight::locked(tx, actor, slug, Permission::ManageReview).await?.review;
            let mut all = steps::of_review(tx, review.id).await?;
            let step = all.iter_mut().find(|step| step.ordinal == ordinal).ok_or(AppError::NotFound)?;
            require_open(&review)?;
            if review.version != seen {
                return Err(StorageError::Stale.into());
            }
            let before = step.clone();
            *step = edited(before.clone(), edit, app.clock.today(), actor)?;
            if *step == before {
                return Ok(seen);
            }
            let change = Change::between(words(&before), words(step));
            steps::replace(tx, review.id, &all).await?;
            let version = reviews::save(tx, &review).await?;
            app.audit(tx, actor, EventKind::ReviewStepChanged, slug, change);
            Ok(version)
        })
        .await
}

fn require_open(review: &Review) -> Result<(), AppError> {
    let wrong = match review.state {
        ReviewState::Closed => WrongMove::Closed,
        ReviewState::Cancelled => WrongMove::Cancelled,
        ReviewState::Planned | ReviewState::Preparing | ReviewState::Conducting | ReviewState::Concluding => return Ok(()),
    };
    Err(AppError::conflict(wrong.code(), wrong.dutch()))
}

fn edited(before: ReviewStep, edit: StepEdit, today: NaiveDate, actor: &Actor) -> Result<ReviewStep, AppError> {
    let mut found = Vec::new();
    let mut after = before;
    if let Some(name) = edit.name {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() || name.chars().count() > MOST_STEP_NAME || name.chars().any(char::is_control) {
            let message = format!("Geef de stap een naam van hoogstens {MOST_STEP_NAME} tekens.");
            found.push(FieldError::new("name", "naam-ongeldig", message));
        }
        after.template.name = name;
    }
    if let Some(day) = edit.own_date {
        found.extend(check_day("ownDate", day).err());
        after.own_date = day;
    }
    if let Some(day) = edit.done_on {
        if day.is_some_and(|day| day > today) {
            found.push(FieldError::new("doneOn", "dag-in-toekomst", "Een stap die klaar is, was niet na vandaag klaar."));
        }
        found.extend(check_day("doneOn", day).err());
        if day != after.done_on {
            after.done_by = day.and_then(|_| actor.user());
        }
        after.done_on = day;
    }
    if found.is_empty() { Ok(after) } else { Err(AppError::Invalid(found)) }
}

/// A step for the log: its place and days. Its name may be anything somebody typed.
fn words(step: &ReviewStep) -> serde_json::Value {
    json!({ "step": step.ordinal, "ownDate": step.own_date, "doneOn": step.done_on })
}
