//! The days that were proposed for a visit, and who can come.

use chrono::NaiveDate;
use kernschil_domain::ids::{MemberId, ReviewId};
use kernschil_domain::reviews::{Availability, PollAnswer};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::{poll_answers, poll_days};
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Tx, WriteTx};

/// The days proposed for a review, in order.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn days(tx: &Tx, review: ReviewId) -> Result<Vec<NaiveDate>, StorageError> {
    let rows = poll_days::Entity::find().filter(poll_days::Column::ReviewId.eq(review.0)).order_by_asc(poll_days::Column::Day);
    Ok(rows.all(tx.connection()).await?.into_iter().map(|row| row.day).collect())
}

/// Stores the days proposed for a review in the place of those before. Answers about days that stay, stay.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn set_days(tx: &WriteTx, review: ReviewId, days: &[NaiveDate], members: &[MemberId]) -> Result<(), StorageError> {
    let db = tx.connection();
    let members: Vec<_> = members.iter().map(|id| id.0).collect();
    let gone = poll_answers::Entity::delete_many().filter(poll_answers::Column::MemberId.is_in(members));
    gone.filter(poll_answers::Column::Day.is_not_in(days.iter().copied())).exec(db).await?;
    poll_days::Entity::delete_many().filter(poll_days::Column::ReviewId.eq(review.0)).exec(db).await?;
    put(tx, days.iter().map(|day| poll_days::Model { review_id: review.0, day: *day }).collect()).await
}

/// What these people answered, by day.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn answers(tx: &Tx, members: &[MemberId]) -> Result<Vec<PollAnswer>, StorageError> {
    let these: Vec<_> = members.iter().map(|id| id.0).collect();
    let rows = poll_answers::Entity::find().filter(poll_answers::Column::MemberId.is_in(these)).order_by_asc(poll_answers::Column::Day);
    let stored = |row: poll_answers::Model| {
        let availability = read(Availability::parse(&row.availability), "poll_answers.availability")?;
        Ok(PollAnswer { member: MemberId(row.member_id), day: row.day, availability })
    };
    rows.all(tx.connection()).await?.into_iter().map(stored).collect()
}

/// Stores answers, in the place of those before about the same days.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put_answers(tx: &WriteTx, new: &[PollAnswer]) -> Result<(), StorageError> {
    let row = |answer: &PollAnswer| poll_answers::Model {
        member_id: answer.member.0,
        day: answer.day,
        availability: answer.availability.code().to_owned(),
    };
    put(tx, new.iter().map(row).collect()).await
}
