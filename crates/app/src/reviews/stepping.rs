//! The steps of one review: added, renamed, given a date of their own, done, and removed.

use chrono::NaiveDate;
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::Version;
use kernschil_domain::reviews::{
    MOST_STEP_DAYS, MOST_STEP_NAME, Review, ReviewState, ReviewStep, StepTemplate, TemplateProblem, WrongMove, template_problems,
};
use kernschil_storage::reviews::{reminders, steps};
use kernschil_storage::{StorageError, WriteTx, reviews};
use serde_json::json;

use super::making::check_day;
use super::sight;
use super::templates::MOST_STEPS;
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

/// The review of somebody who changes its steps as she saw them, with those steps.
async fn opened(tx: &WriteTx, actor: &Actor, slug: &str, seen: Version) -> Result<(Review, Vec<ReviewStep>), AppError> {
    let review = sight::locked(tx, actor, slug, Permission::ManageReview).await?.review;
    let all = steps::of_review(tx, review.id).await?;
    require_open(&review)?;
    if review.version == seen { Ok((review, all)) } else { Err(StorageError::Stale.into()) }
}

/// Stores steps, numbered from 1 in their order.
async fn store(tx: &WriteTx, review: &Review, mut all: Vec<ReviewStep>) -> Result<Version, AppError> {
    for (ordinal, step) in (1..).zip(&mut all) {
        step.ordinal = ordinal;
    }
    steps::replace(tx, review.id, &all).await?;
    Ok(reviews::save(tx, review).await?)
}

fn clean_step(new: &StepTemplate) -> Result<StepTemplate, AppError> {
    let step = StepTemplate { name: new.name.split_whitespace().collect::<Vec<_>>().join(" "), ..new.clone() };
    let wrong = |problem: TemplateProblem| match problem {
        TemplateProblem::Days(_) => {
            let message = format!("Schrijf een aantal dagen van -{MOST_STEP_DAYS} tot en met {MOST_STEP_DAYS}.");
            FieldError::new("days", "dagen-ongeldig", message)
        }
        TemplateProblem::Name(_) | TemplateProblem::Empty | TemplateProblem::Order(_) => wrong_name(),
    };
    let found: Vec<_> = template_problems(std::slice::from_ref(&step)).into_iter().map(wrong).collect();
    if found.is_empty() { Ok(step) } else { Err(AppError::Invalid(found)) }
}

/// Adds a step to one review, among those of its phase by its days from the visit. Answers its place and the version of
/// the review.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] with everything that is wrong; [`AppError::Conflict`] when the review ended,
/// has as many steps as there can be, or somebody else changed it since `seen`.
pub async fn add_step(app: &App, actor: &Actor, slug: &str, seen: Version, new: StepTemplate) -> Result<(i32, Version), AppError> {
    app.store
        .write(async |tx| {
            let (review, mut all) = opened(tx, actor, slug, seen).await?;
            let template = clean_step(&new)?;
            if all.len() >= MOST_STEPS {
                let message = format!("Een peer review heeft hoogstens {MOST_STEPS} stappen. Haal er eerst een weg.");
                return Err(AppError::conflict("te-veel-stappen", message));
            }
            let comes_later = |step: &ReviewStep| (step.template.phase, step.template.days) > (template.phase, template.days);
            let at = all.iter().position(comes_later).unwrap_or(all.len());
            let ordinal = i32::try_from(at + 1).map_err(|error| AppError::Internal(error.to_string()))?;
            let words = json!({ "added": ordinal, "phase": template.phase, "days": template.days });
            let step = ReviewStep { review: review.id, ordinal, template, own_date: None, done_on: None, done_by: None };
            reminders::make_room(tx, review.id, ordinal).await?;
            all.insert(at, step);
            let version = store(tx, &review, all).await?;
            app.audit(tx, actor, EventKind::ReviewStepChanged, slug, Change::to(words));
            Ok((ordinal, version))
        })
        .await
}

/// Removes a step that was not done from one review.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such step; [`AppError::Conflict`] when it was done, is the last one, the review
/// ended, or somebody else changed it since `seen`.
pub async fn remove_step(app: &App, actor: &Actor, slug: &str, seen: Version, ordinal: i32) -> Result<Version, AppError> {
    app.store
        .write(async |tx| {
            let (review, mut all) = opened(tx, actor, slug, seen).await?;
            let at = all.iter().position(|step| step.ordinal == ordinal).ok_or(AppError::NotFound)?;
            if all[at].done_on.is_some() {
                let message = "Deze stap is al klaar en hoort bij wat er is gebeurd. Maak eerst leeg op welke dag hij klaar was.";
                return Err(AppError::conflict("stap-klaar", message));
            }
            if all.len() == 1 {
                return Err(AppError::conflict("laatste-stap", "Houd ten minste één stap over."));
            }
            let removed = all.remove(at);
            reminders::close_gap(tx, review.id, ordinal).await?;
            let version = store(tx, &review, all).await?;
            let change = Change::to(json!({ "removed": ordinal, "phase": removed.template.phase, "days": removed.template.days }));
            app.audit(tx, actor, EventKind::ReviewStepChanged, slug, change);
            Ok(version)
        })
        .await
}

fn wrong_name() -> FieldError {
    FieldError::new("name", "naam-ongeldig", format!("Geef de stap een naam van hoogstens {MOST_STEP_NAME} tekens."))
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
            found.push(wrong_name());
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
