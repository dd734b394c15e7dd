//! The programme of a visit day.

use chrono::{NaiveTime, Timelike};
use kernschil_domain::ids::{MemberId, ProgrammeItemId, ReviewId, Version};
use kernschil_domain::reviews::ProgrammeItem;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::entity::programme_items;
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Tx, WriteTx};

/// A time of the day as minutes from midnight.
fn minutes(time: NaiveTime) -> i32 {
    i32::try_from(time.num_seconds_from_midnight() / 60).unwrap_or_default()
}

fn time(minutes: i32) -> Option<NaiveTime> {
    NaiveTime::from_num_seconds_from_midnight_opt(u32::try_from(minutes).ok()?.checked_mul(60)?, 0)
}

fn stored(row: programme_items::Model) -> Result<ProgrammeItem, StorageError> {
    let members: Option<Vec<Uuid>> = serde_json::from_str(&row.members).ok();
    Ok(ProgrammeItem {
        id: ProgrammeItemId(row.id),
        review: ReviewId(row.review_id),
        starts_at: read(time(row.starts_at), "programme_items.starts_at")?,
        ends_at: read(time(row.ends_at), "programme_items.ends_at")?,
        title: row.title,
        room: row.room,
        audience: row.audience,
        members: read(members, "programme_items.members")?.into_iter().map(MemberId).collect(),
        version: Version(row.version),
    })
}

fn model(item: &ProgrammeItem) -> Result<programme_items::Model, StorageError> {
    let members: Vec<Uuid> = item.members.iter().map(|member| member.0).collect();
    Ok(programme_items::Model {
        id: item.id.0,
        review_id: item.review.0,
        starts_at: minutes(item.starts_at),
        ends_at: minutes(item.ends_at),
        title: item.title.clone(),
        room: item.room.clone(),
        audience: item.audience.clone(),
        members: serde_json::to_string(&members).map_err(|error| StorageError::Encoding(error.to_string()))?,
        version: item.version.0,
    })
}

/// The programme of a review, by time.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn of_review(tx: &Tx, review: ReviewId) -> Result<Vec<ProgrammeItem>, StorageError> {
    let rows = programme_items::Entity::find()
        .filter(programme_items::Column::ReviewId.eq(review.0))
        .order_by_asc(programme_items::Column::StartsAt)
        .order_by_asc(programme_items::Column::EndsAt)
        .order_by_asc(programme_items::Column::Id)
        .all(tx.connection())
        .await?;
    rows.into_iter().map(stored).collect()
}

/// Stores a part of a programme, new or changed. Whoever calls this locked the review.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn store(tx: &WriteTx, item: &ProgrammeItem) -> Result<(), StorageError> {
    put(tx, vec![model(item)?]).await
}

/// Removes a part of a programme. Whoever calls this locked the review.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn remove(tx: &WriteTx, item: ProgrammeItemId) -> Result<(), StorageError> {
    programme_items::Entity::delete_by_id(item.0).exec(tx.connection()).await?;
    Ok(())
}
