//! Which reminders were sent about a review.

use chrono::{DateTime, NaiveDate, Utc};
use kernschil_domain::ids::ReviewId;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, TryInsertResult};

use crate::entity::review_reminders;
use crate::error::StorageError;
use crate::rows::put;
use crate::store::{Tx, WriteTx};

/// Before the number of a step in what a reminder is about.
const STEP: &str = "step-";

/// What a reminder is about, when it is about a step.
pub fn about_step(ordinal: i32) -> String {
    format!("{STEP}{ordinal}")
}

/// A reminder about something that is due on a day, so many days from it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reminder {
    /// The review.
    pub review: ReviewId,
    /// What of it: a step ([`about_step`]), or another code.
    pub about: String,
    /// When that should be done.
    pub due_on: NaiveDate,
    /// Days from that day on which it reminds; below zero is before it.
    pub days: i32,
}

fn model(reminder: &Reminder, sent_at: DateTime<Utc>) -> review_reminders::Model {
    review_reminders::Model {
        review_id: reminder.review.0,
        about: reminder.about.clone(),
        due_on: reminder.due_on,
        days: reminder.days,
        sent_at,
    }
}

/// Every reminder that was sent.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn sent(tx: &Tx) -> Result<Vec<Reminder>, StorageError> {
    let rows = review_reminders::Entity::find().all(tx.connection()).await?;
    let stored =
        |row: review_reminders::Model| Reminder { review: ReviewId(row.review_id), about: row.about, due_on: row.due_on, days: row.days };
    Ok(rows.into_iter().map(stored).collect())
}

/// What became of a reminder that somebody wants to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It is hers to send.
    Taken,
    /// It was sent before, or another instance sends it.
    Sent,
}

/// Takes a reminder to send it. Of several instances one gets it: the others wait here until the first one is done.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn claim(tx: &WriteTx, reminder: &Reminder, now: DateTime<Utc>) -> Result<Claim, StorageError> {
    use review_reminders::Column::{About, Days, DueOn, ReviewId};
    let row = model(reminder, now).into_active_model();
    let insert = review_reminders::Entity::insert_many([row]).on_conflict_do_nothing_on([ReviewId, About, DueOn, Days]);
    let done = insert.exec_without_returning(tx.connection()).await?;
    Ok(if matches!(done, TryInsertResult::Inserted(1)) { Claim::Taken } else { Claim::Sent })
}

/// Makes room for a new step, so that what was sent stays with the steps after it.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn make_room(tx: &WriteTx, review: ReviewId, ordinal: i32) -> Result<(), StorageError> {
    renumber(tx, review, |step| Some(if step >= ordinal { step + 1 } else { step })).await
}

/// Forgets what was sent about a step that is removed; what was sent stays with the steps after it.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn close_gap(tx: &WriteTx, review: ReviewId, ordinal: i32) -> Result<(), StorageError> {
    renumber(tx, review, |step| if step == ordinal { None } else { Some(if step > ordinal { step - 1 } else { step }) }).await
}

async fn renumber(tx: &WriteTx, review: ReviewId, to: impl Fn(i32) -> Option<i32>) -> Result<(), StorageError> {
    let of_review = review_reminders::Column::ReviewId.eq(review.0);
    let rows = review_reminders::Entity::find().filter(of_review.clone()).all(tx.connection()).await?;
    let moved = |row: review_reminders::Model| match row.about.strip_prefix(STEP).and_then(|number| number.parse().ok()) {
        None => Some(row),
        Some(step) => to(step).map(|step| review_reminders::Model { about: about_step(step), ..row }),
    };
    let rows: Vec<_> = rows.into_iter().filter_map(moved).collect();
    review_reminders::Entity::delete_many().filter(of_review).exec(tx.connection()).await?;
    put(tx, rows).await
}
