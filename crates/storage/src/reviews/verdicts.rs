//! What was decided by hand about who is independent.

use kernschil_domain::ids::{PeerId, ReviewId, UserId};
use kernschil_domain::reviews::{PanelVerdict, PinnedVerdict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::panel_verdicts;
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Tx, WriteTx};

/// What was decided for a review.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn of_review(tx: &Tx, review: ReviewId) -> Result<Vec<PinnedVerdict>, StorageError> {
    let rows = panel_verdicts::Entity::find().filter(panel_verdicts::Column::ReviewId.eq(review.0)).all(tx.connection()).await?;
    let stored = |row: panel_verdicts::Model| {
        Ok(PinnedVerdict {
            review: ReviewId(row.review_id),
            peer: PeerId(row.peer_id),
            verdict: read(PanelVerdict::parse(&row.verdict), "panel_verdicts.verdict")?,
            reason: row.reason,
            at: row.made_at,
            by: row.made_by.map(UserId),
        })
    };
    rows.into_iter().map(stored).collect()
}

/// Stores a decision, in the place of the one before.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn pin(tx: &WriteTx, new: &PinnedVerdict) -> Result<(), StorageError> {
    let row = panel_verdicts::Model {
        review_id: new.review.0,
        peer_id: new.peer.0,
        verdict: new.verdict.code().to_owned(),
        reason: new.reason.clone(),
        made_at: new.at,
        made_by: new.by.map(|user| user.0),
    };
    put(tx, vec![row]).await
}

/// Takes a decision back.
///
/// # Errors
/// [`StorageError::NotFound`] when there is none.
pub async fn unpin(tx: &WriteTx, review: ReviewId, peer: PeerId) -> Result<(), StorageError> {
    let gone = panel_verdicts::Entity::delete_by_id((review.0, peer.0)).exec(tx.connection()).await?;
    if gone.rows_affected == 0 { Err(StorageError::NotFound) } else { Ok(()) }
}
