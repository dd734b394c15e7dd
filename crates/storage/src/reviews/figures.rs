//! Key figures of the product that were pinned into a reflection.

use kernschil_domain::ids::{FigureId, ReviewId, UserId};
use kernschil_domain::reviews::PinnedFigure;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::texts::{columns, part};
use crate::entity::review_figures;
use crate::error::StorageError;
use crate::rows::put;
use crate::store::{Tx, WriteTx};

fn stored(row: review_figures::Model) -> PinnedFigure {
    PinnedFigure {
        id: FigureId(row.id),
        review: ReviewId(row.review_id),
        part: part(row.safeguard, row.criterion),
        label: row.label,
        value: row.value,
        source: row.source,
        as_of: row.as_of,
        by: row.made_by.map(UserId),
    }
}

/// The pinned figures of a review, in the order in which they were pinned.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn of_review(tx: &Tx, review: ReviewId) -> Result<Vec<PinnedFigure>, StorageError> {
    let rows = review_figures::Entity::find().filter(review_figures::Column::ReviewId.eq(review.0));
    Ok(rows.order_by_asc(review_figures::Column::Id).all(tx.connection()).await?.into_iter().map(stored).collect())
}

/// Pins a figure. Whoever calls this locked the review.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn pin(tx: &WriteTx, figure: &PinnedFigure) -> Result<(), StorageError> {
    let (safeguard, criterion) = columns(&figure.part);
    let row = review_figures::Model {
        id: figure.id.0,
        review_id: figure.review.0,
        safeguard,
        criterion,
        label: figure.label.clone(),
        value: figure.value.clone(),
        source: figure.source.clone(),
        as_of: figure.as_of,
        made_by: figure.by.map(|user| user.0),
    };
    put(tx, vec![row]).await
}

/// Takes a pinned figure away. Whoever calls this locked the review.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn unpin(tx: &WriteTx, figure: FigureId) -> Result<(), StorageError> {
    review_figures::Entity::delete_by_id(figure.0).exec(tx.connection()).await?;
    Ok(())
}
