//! What is done with the findings of a review afterwards.

use kernschil_domain::ids::{FollowUpId, JointFindingId, ReviewId, Version};
use kernschil_domain::reviews::{FollowUp, FollowUpStatus};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::follow_ups;
use crate::error::StorageError;
use crate::rows::{put as put_rows, read};
use crate::store::{Tx, WriteTx};

fn stored(row: follow_ups::Model) -> Result<FollowUp, StorageError> {
    Ok(FollowUp {
        id: FollowUpId(row.id),
        review: ReviewId(row.review_id),
        finding: row.finding_id.map(JointFindingId),
        text: row.text,
        owner: row.owner,
        due_on: row.due_on,
        status: read(FollowUpStatus::parse(&row.status), "follow_ups.status")?,
        result: row.result,
        version: Version(row.version),
    })
}

fn model(follow_up: &FollowUp) -> follow_ups::Model {
    follow_ups::Model {
        id: follow_up.id.0,
        review_id: follow_up.review.0,
        finding_id: follow_up.finding.map(|id| id.0),
        text: follow_up.text.clone(),
        owner: follow_up.owner.clone(),
        due_on: follow_up.due_on,
        status: follow_up.status.code().to_owned(),
        result: follow_up.result.clone(),
        version: follow_up.version.0,
    }
}

/// The follow-ups of a review, in the order in which they were made.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn of_review(tx: &Tx, review: ReviewId) -> Result<Vec<FollowUp>, StorageError> {
    let rows = follow_ups::Entity::find().filter(follow_ups::Column::ReviewId.eq(review.0)).order_by_asc(follow_ups::Column::Id);
    rows.all(tx.connection()).await?.into_iter().map(stored).collect()
}

/// The follow-ups of all reviews that are open or being done and have a date, by date.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn open(tx: &Tx) -> Result<Vec<FollowUp>, StorageError> {
    let rows = follow_ups::Entity::find()
        .filter(follow_ups::Column::Status.is_in([FollowUpStatus::Open.code(), FollowUpStatus::Busy.code()]))
        .filter(follow_ups::Column::DueOn.is_not_null())
        .order_by_asc(follow_ups::Column::DueOn)
        .order_by_asc(follow_ups::Column::Id);
    rows.all(tx.connection()).await?.into_iter().map(stored).collect()
}

/// Stores a follow-up, new or changed. Whoever calls this locked the review.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put(tx: &WriteTx, follow_up: &FollowUp) -> Result<(), StorageError> {
    put_rows(tx, vec![model(follow_up)]).await
}
