//! Making follow-ups and changing how far they are. What will not be done is dropped with a reason, never taken away: the
//! next panel reads it.

use chrono::NaiveDate;
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{FollowUpId, JointFindingId, Version};
use kernschil_domain::periods::dutch_date;
use kernschil_domain::reviews::{FollowUp, FollowUpStatus, Review, tidy};
use kernschil_storage::reviews::follow_ups;
use kernschil_storage::{StorageError, WriteTx};
use serde_json::json;

use super::lock;
use crate::error::{AppError, FieldError};
use crate::reviews::making::check_day;
use crate::reviews::reflection::framework_of;
use crate::reviews::sight;
use crate::reviews::weighing::as_sent;
use crate::{Actor, App, Change};

/// The most follow-ups of one review.
pub const ACTIONS: usize = 200;
const TEXT_SIGNS: usize = 2_000;
const OWNER_SIGNS: usize = 120;

/// A follow-up as somebody writes it.
#[derive(Debug, Clone, Default)]
pub struct FollowUpDraft {
    /// The joint finding it comes from.
    pub finding: Option<JointFindingId>,
    /// What will be done.
    pub text: String,
    /// Who sees to it.
    pub owner: String,
    /// When it should be done.
    pub due_on: Option<NaiveDate>,
    /// How far it is, by its code or Dutch word; empty for open.
    pub status: String,
    /// What came of it, or why it was dropped.
    pub result: String,
}

fn clean_owner(owner: &str) -> Result<String, FieldError> {
    let owner = owner.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_right = (1..=OWNER_SIGNS).contains(&owner.chars().count()) && !owner.chars().any(char::is_control);
    let message = format!("Schrijf wie hiervoor zorgt, in hooguit {OWNER_SIGNS} tekens: een functie of een naam.");
    if is_right { Ok(owner) } else { Err(FieldError::new("owner", "eigenaar-ongeldig", message)) }
}

fn clean_text(text: &str) -> Result<String, FieldError> {
    let message = format!("Schrijf wat er gaat gebeuren, in hooguit {TEXT_SIGNS} tekens.");
    let wrong = || FieldError::new("text", "actie-ongeldig", message.clone());
    let text = tidy(text).map_err(|_| wrong())?.trim().to_owned();
    if (1..=TEXT_SIGNS).contains(&text.chars().count()) { Ok(text) } else { Err(wrong()) }
}

fn clean_status(status: &str) -> Result<FollowUpStatus, FieldError> {
    if status.trim().is_empty() {
        return Ok(FollowUpStatus::Open);
    }
    let message = "Kies hoe ver de actie is: open, loopt, gedaan of vervallen.";
    FollowUpStatus::parse(status).ok_or_else(|| FieldError::new("status", "stand-onbekend", message))
}

fn clean_result(result: &str, status: Option<FollowUpStatus>) -> Result<String, FieldError> {
    let too_long = || FieldError::new("result", "resultaat-te-lang", format!("Houd dit bij {TEXT_SIGNS} tekens."));
    let result = tidy(result).map_err(|_| too_long())?.trim().to_owned();
    if result.chars().count() > TEXT_SIGNS {
        return Err(too_long());
    }
    if status == Some(FollowUpStatus::Dropped) && result.is_empty() {
        let message = "Schrijf waarom de actie vervalt. Het volgende panel leest die reden.";
        return Err(FieldError::new("result", "reden-verplicht", message));
    }
    Ok(result)
}

/// The day on which an action should be done: not before the visit it follows from. One that is stored already stays.
fn clean_day(day: Option<NaiveDate>, review: &Review, stored: Option<NaiveDate>) -> Result<NaiveDate, FieldError> {
    let day = day.ok_or_else(|| FieldError::new("dueOn", "verplicht", "Vul in wanneer de actie af moet zijn."))?;
    check_day("dueOn", Some(day))?;
    match review.held_on.filter(|held| day < *held && Some(day) != stored) {
        None => Ok(day),
        Some(held) => {
            let message = format!("De actie volgt op het bezoek van {}. Kies die dag of een latere.", dutch_date(held));
            Err(FieldError::new("dueOn", "dag-voor-bezoek", message))
        }
    }
}

async fn clean_finding(tx: &WriteTx, review: &Review, finding: Option<JointFindingId>) -> Result<Option<FieldError>, AppError> {
    let Some(id) = finding else { return Ok(None) };
    let content = framework_of(tx, review.framework).await?.content;
    let is_there = as_sent(tx, &content, review.id).await?.iter().any(|told| told.id == id);
    let message = "Kies een gezamenlijke bevinding uit het rapport van deze review, of geen.";
    Ok((!is_there).then(|| FieldError::new("finding", "bevinding-onbekend", message)))
}

/// A follow-up as it will be stored.
async fn checked(
    tx: &WriteTx,
    review: &Review,
    (id, version): (FollowUpId, Version),
    (draft, stored): (&FollowUpDraft, Option<&FollowUp>),
) -> Result<FollowUp, AppError> {
    let due = clean_day(draft.due_on, review, stored.and_then(|action| action.due_on));
    let (text, owner) = (clean_text(&draft.text), clean_owner(&draft.owner));
    let status = clean_status(&draft.status);
    let result = clean_result(&draft.result, status.as_ref().ok().copied());
    let finding = clean_finding(tx, review, draft.finding).await?;
    match (text, owner, due, status, result, finding) {
        (Ok(text), Ok(owner), Ok(due), Ok(status), Ok(result), None) => {
            Ok(FollowUp { id, review: review.id, finding: draft.finding, text, owner, due_on: Some(due), status, result, version })
        }
        (text, owner, due, status, result, finding) => {
            let errors = [finding, text.err(), owner.err(), due.err(), status.err(), result.err()];
            Err(AppError::Invalid(errors.into_iter().flatten().collect()))
        }
    }
}

async fn require_open(tx: &WriteTx, review: &Review) -> Result<(), AppError> {
    match lock(tx, review).await? {
        None => Ok(()),
        Some(message) => Err(AppError::conflict("opvolging-gesloten", message)),
    }
}

fn note(app: &App, tx: &WriteTx, (actor, slug): (&Actor, &str), before: Option<&FollowUp>, after: &FollowUp) {
    let words = |action: &FollowUp| json!({ "followUp": action.id, "status": action.status, "dueOn": action.due_on });
    let change = match before {
        None => Change::to(words(after)),
        Some(before) => {
            // Which texts changed, not what they say.
            let said = [
                ("text", before.text != after.text),
                ("owner", before.owner != after.owner),
                ("result", before.result != after.result),
                ("finding", before.finding != after.finding),
            ];
            let fields: Vec<_> = said.into_iter().filter(|(_, is_changed)| *is_changed).map(|(field, _)| field).collect();
            let mut told = words(after);
            if !fields.is_empty() {
                told["fields"] = json!(fields);
            }
            Change::between(words(before), told)
        }
    };
    app.audit(tx, actor, EventKind::FollowUpChanged, slug, change);
}

/// Adds a follow-up.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] with everything that is wrong;
/// [`AppError::Conflict`] before the report was sent, for a cancelled review, or when there are enough.
pub async fn add(app: &App, actor: &Actor, slug: &str, draft: &FollowUpDraft) -> Result<FollowUpId, AppError> {
    app.store
        .write(async |tx| {
            let review = sight::locked(tx, actor, slug, Permission::ManageReview).await?.review;
            require_open(tx, &review).await?;
            if follow_ups::of_review(tx, review.id).await?.len() >= ACTIONS {
                let message = format!("Er staan al {ACTIONS} acties. Voeg er een paar samen.");
                return Err(AppError::conflict("te-veel-acties", message));
            }
            let new = checked(tx, &review, (FollowUpId(app.ids.next()), Version::FIRST), (draft, None)).await?;
            follow_ups::put(tx, &new).await?;
            note(app, tx, (actor, slug), None, &new);
            Ok(new.id)
        })
        .await
}

/// Changes a follow-up, or how far it is.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] with everything that is wrong;
/// [`AppError::Conflict`] when somebody else changed it since, or the review was cancelled.
pub async fn change(
    app: &App,
    actor: &Actor,
    slug: &str,
    (id, seen): (FollowUpId, Version),
    draft: &FollowUpDraft,
) -> Result<Version, AppError> {
    app.store
        .write(async |tx| {
            let review = sight::locked(tx, actor, slug, Permission::ManageReview).await?.review;
            let all = follow_ups::of_review(tx, review.id).await?;
            let before = all.into_iter().find(|action| action.id == id).ok_or(AppError::NotFound)?;
            require_open(tx, &review).await?;
            if before.version != seen {
                return Err(StorageError::Stale.into());
            }
            let after = checked(tx, &review, (id, seen.next()), (draft, Some(&before))).await?;
            follow_ups::put(tx, &after).await?;
            note(app, tx, (actor, slug), Some(&before), &after);
            Ok(after.version)
        })
        .await
}
