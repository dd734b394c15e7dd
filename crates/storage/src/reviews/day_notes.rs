//! Notes that members of the panel made on the visit day. There is no way to read those of all members at once.

use kernschil_domain::ids::{DayNoteId, MemberId, ProgrammeItemId, ReviewId, Version};
use kernschil_domain::reviews::DayNote;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::day_notes;
use crate::error::StorageError;
use crate::rows::put;
use crate::store::{Tx, WriteTx};

fn stored(row: day_notes::Model) -> DayNote {
    DayNote {
        id: DayNoteId(row.id),
        member: MemberId(row.member_id),
        item: row.item_id.map(ProgrammeItemId),
        body: row.body,
        written_at: row.written_at,
        version: Version(row.version),
    }
}

/// The notes of one member, in the order in which they were written.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn of_member(tx: &Tx, member: MemberId) -> Result<Vec<DayNote>, StorageError> {
    let rows = day_notes::Entity::find()
        .filter(day_notes::Column::MemberId.eq(member.0))
        .order_by_asc(day_notes::Column::WrittenAt)
        .order_by_asc(day_notes::Column::Id)
        .all(tx.connection())
        .await?;
    Ok(rows.into_iter().map(stored).collect())
}

/// Whose note an identifier is: of nobody when it is free.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn owner(tx: &Tx, note: DayNoteId) -> Result<Option<MemberId>, StorageError> {
    Ok(day_notes::Entity::find_by_id(note.0).one(tx.connection()).await?.map(|row| MemberId(row.member_id)))
}

/// Stores a note, new or changed. Whoever calls this locked the review, and knows whose note it is.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn store(tx: &WriteTx, review: ReviewId, note: &DayNote) -> Result<(), StorageError> {
    let row = day_notes::Model {
        id: note.id.0,
        review_id: review.0,
        member_id: note.member.0,
        item_id: note.item.map(|item| item.0),
        body: note.body.clone(),
        written_at: note.written_at,
        version: note.version.0,
    };
    put(tx, vec![row]).await
}

/// Removes a note. Whoever calls this locked the review, and knows whose note it is.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn remove(tx: &WriteTx, note: DayNoteId) -> Result<(), StorageError> {
    day_notes::Entity::delete_by_id(note.0).exec(tx.connection()).await?;
    Ok(())
}
