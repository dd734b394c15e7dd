//! Key figures of the product that were pinned into a reflection.

use chrono::{DateTime, Utc};
use kernschil_domain::ids::{FigureId, ReviewId, UserId};
use kernschil_domain::reviews::PinnedFigure;
use sea_orm::sea_query::Expr;
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
    let rows = rows.filter(review_figures::Column::RemovedAt.is_null());
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
        removed_at: None,
    };
    put(tx, vec![row]).await
}

/// Takes a pinned figure away, or puts one back that was: nothing is the moment of one that stands there. Whoever calls
/// this locked the review.
///
/// # Errors
/// [`StorageError::NotFound`] when the review has no such figure.
pub async fn set_removed(tx: &WriteTx, review: ReviewId, figure: FigureId, at: Option<DateTime<Utc>>) -> Result<(), StorageError> {
    let done = review_figures::Entity::update_many()
        .col_expr(review_figures::Column::RemovedAt, Expr::value(at))
        .filter(review_figures::Column::Id.eq(figure.0))
        .filter(review_figures::Column::ReviewId.eq(review.0))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::NotFound) } else { Ok(()) }
}
