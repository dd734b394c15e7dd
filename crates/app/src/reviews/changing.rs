//! Changing what a review is: its name, the years that documents name, its days; and what moves with the visit day.

use chrono::{Datelike, NaiveDate};
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::Version;
use kernschil_domain::reviews::{PlannedYear, Review, ReviewState, StepShift, WrongMove, may_be_held, shifts};
use kernschil_storage::reviews::steps;
use kernschil_storage::{StorageError, Tx, WriteTx, reviews};

use super::making::{YEARS, check_day, clean_name, clean_years};
use super::sight::Known;
use super::{chances, lasting, panel, peers, sight, words};
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// What somebody changes about a review; nothing leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct ReviewEdit {
    /// Another name; its name in addresses stays.
    pub name: Option<String>,
    /// The years that documents name, in the place of all there were.
    pub years: Option<Vec<PlannedYear>>,
    /// Another visit day, or none any more.
    pub visit_on: Option<Option<NaiveDate>>,
    /// Another last day, or none any more.
    pub due_on: Option<Option<NaiveDate>>,
    /// The day on which the visit was held, or that it was not.
    pub held_on: Option<Option<NaiveDate>>,
    /// The year of the annual report that carries the report.
    pub report_year: Option<Option<i32>>,
}

/// Changes a review. Steps without a date of their own move with the visit day.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] with everything that is wrong; [`AppError::Conflict`] when it was cancelled
/// or closed, or somebody else changed it since `seen`.
pub async fn change(app: &App, actor: &Actor, slug: &str, seen: Version, edit: ReviewEdit) -> Result<Version, AppError> {
    app.store.write(async |tx| change_in(app, tx, actor, slug, seen, edit).await).await
}

/// Changes a review as part of something larger.
pub(crate) async fn change_in(
    app: &App,
    tx: &WriteTx,
    actor: &Actor,
    slug: &str,
    seen: Version,
    edit: ReviewEdit,
) -> Result<Version, AppError> {
    let known = sight::locked(tx, actor, slug, Permission::ManageReview).await?;
    let (before, today) = (known.review.clone(), app.clock.today());
    if before.version != seen {
        return Err(StorageError::Stale.into());
    }
    require_changeable(&before, &edit)?;
    let after = edited(&before, edit, today)?;
    require_chance(tx, actor, &known, &after).await?;
    if after.held_on.is_some() && before.held_on.is_none() {
        require_panel(tx, &known, today).await?;
    }
    if after == before {
        return Ok(seen);
    }
    if after.held_on != before.held_on {
        peers::note_visits(tx, &after).await?;
    }
    let version = reviews::save(tx, &after).await?;
    lasting::move_along(app, actor, tx, &before, &after).await?;
    app.audit(tx, actor, EventKind::ReviewChanged, slug, Change::between(words(&before), words(&after)));
    Ok(version)
}

fn require_changeable(review: &Review, edit: &ReviewEdit) -> Result<(), AppError> {
    let refuse = |wrong: WrongMove| Err(AppError::conflict(wrong.code(), wrong.dutch()));
    match review.state {
        ReviewState::Cancelled => refuse(WrongMove::Cancelled),
        // What a document says about a closed review can still be put right; that it was held cannot.
        ReviewState::Closed if edit.visit_on.is_some_and(|day| day != review.visit_on) => refuse(WrongMove::Closed),
        ReviewState::Closed if edit.held_on.is_some_and(|day| day != review.held_on) => refuse(WrongMove::Closed),
        _ => Ok(()),
    }
}

/// Refuses other days than a second chance can have. What was agreed before stays as it is.
async fn require_chance(tx: &Tx, actor: &Actor, known: &Known, after: &Review) -> Result<(), AppError> {
    let before = &known.review;
    if (after.visit_on, after.due_on) == (before.visit_on, before.due_on) {
        return Ok(());
    }
    let all = reviews::list(tx).await?;
    let Some(previous) = all.iter().find(|review| Some(review.id) == before.previous) else { return Ok(()) };
    let Some(end) = chances::last_day(tx, actor, &known.registry, before.kind, previous).await? else { return Ok(()) };
    let mut wrong = chances::check(end, after.visit_on, after.due_on);
    wrong.retain(|wrong| if wrong.field == "dueOn" { after.due_on != before.due_on } else { after.visit_on != before.visit_on });
    if wrong.is_empty() { Ok(()) } else { Err(AppError::Invalid(wrong)) }
}

/// Refuses a visit by a panel that cannot be as it is: people come and go after the preparing phase as well.
async fn require_panel(tx: &Tx, known: &Known, today: NaiveDate) -> Result<(), AppError> {
    let errors = panel::errors(tx, known, today).await?;
    if errors.is_empty() {
        return Ok(());
    }
    let message = format!("Met dit panel kan het bezoek niet worden gehouden. {}", errors.join(" "));
    Err(AppError::Invalid(vec![FieldError::new("heldOn", "panel-ongeldig", message)]))
}

fn edited(before: &Review, edit: ReviewEdit, today: NaiveDate) -> Result<Review, AppError> {
    let mut found = Vec::new();
    let mut after = before.clone();
    if let Some(name) = edit.name {
        match clean_name(&name) {
            Ok(name) => after.name = name,
            Err(wrong) => found.push(wrong),
        }
    }
    if let Some(years) = edit.years {
        match clean_years(years) {
            Ok(years) => after.years = years,
            Err(wrong) => found.push(wrong),
        }
    }
    if let Some(day) = edit.visit_on {
        found.extend(check_day("visitOn", day).err());
        after.visit_on = day;
    }
    if let Some(day) = edit.due_on {
        found.extend(check_day("dueOn", day).err());
        after.due_on = day;
    }
    if let Some(day) = edit.held_on {
        found.extend(wrong_visit(before, day, today));
        after.held_on = day;
    }
    if let Some(year) = edit.report_year {
        found.extend(wrong_report_year(&after, year));
        after.report_year = year;
    }
    if found.is_empty() { Ok(after) } else { Err(AppError::Invalid(found)) }
}

fn wrong_visit(review: &Review, day: Option<NaiveDate>, today: NaiveDate) -> Option<FieldError> {
    let day = day.filter(|day| Some(*day) != review.held_on)?;
    if day > today {
        return Some(FieldError::new("heldOn", "dag-in-toekomst", "Een bezoek dat is gehouden, was niet na vandaag."));
    }
    if !may_be_held(review, day, today) {
        let message = "Het bezoek kan pas als de voorbereidende fase is afgesloten: met reflectie, ontwikkelvragen en panel.";
        return Some(FieldError::new("heldOn", "bezoek-te-vroeg", message));
    }
    check_day("heldOn", Some(day)).err()
}

fn wrong_report_year(review: &Review, year: Option<i32>) -> Option<FieldError> {
    let year = year?;
    let first = review.held_on.or(review.visit_on).map_or(*YEARS.start(), |day| day.year());
    if (first..=*YEARS.end()).contains(&year) {
        return None;
    }
    let message = "Het jaar van de jaarrapportage ligt niet vóór het bezoek. Schrijf een jaar van vier cijfers.";
    Some(FieldError::new("reportYear", "jaar-ongeldig", message))
}

/// The steps that would move with another visit day.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`].
pub async fn preview_visit(app: &App, actor: &Actor, slug: &str, day: Option<NaiveDate>) -> Result<(Review, Vec<StepShift>), AppError> {
    check_day("visitOn", day).map_err(|wrong| AppError::Invalid(vec![wrong]))?;
    app.store
        .read(async |tx| {
            let review = sight::review(tx, actor, slug, Permission::ManageReview).await?.review;
            let steps = steps::of_review(tx, review.id).await?;
            let shifts = shifts(&steps, review.visit_on, day);
            Ok((review, shifts))
        })
        .await
}
