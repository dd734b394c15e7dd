//! The development questions of a review, in their order.

use kernschil_domain::ids::{QuestionId, ReviewId, Version};
use kernschil_domain::reviews::DevelopmentQuestion;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::texts::{columns, part};
use crate::entity::development_questions;
use crate::error::StorageError;
use crate::rows::put;
use crate::store::{Tx, WriteTx};

fn stored(row: development_questions::Model) -> DevelopmentQuestion {
    DevelopmentQuestion {
        id: QuestionId(row.id),
        review: ReviewId(row.review_id),
        ordinal: row.ordinal,
        text: row.text,
        part: row.safeguard.map(|safeguard| part(safeguard, row.criterion.unwrap_or_default())),
        version: Version(row.version),
    }
}

fn model(question: &DevelopmentQuestion) -> development_questions::Model {
    let (safeguard, criterion) = question.part.as_ref().map(columns).unzip();
    development_questions::Model {
        id: question.id.0,
        review_id: question.review.0,
        ordinal: question.ordinal,
        text: question.text.clone(),
        safeguard,
        criterion,
        version: question.version.0,
    }
}

/// The questions of a review, in their order.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn of_review(tx: &Tx, review: ReviewId) -> Result<Vec<DevelopmentQuestion>, StorageError> {
    let rows = development_questions::Entity::find()
        .filter(development_questions::Column::ReviewId.eq(review.0))
        .order_by_asc(development_questions::Column::Ordinal)
        .order_by_asc(development_questions::Column::Id)
        .all(tx.connection())
        .await?;
    Ok(rows.into_iter().map(stored).collect())
}

/// Stores the questions of a review in the place of those before. Whoever calls this locked the review.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn set(tx: &WriteTx, review: ReviewId, questions: &[DevelopmentQuestion]) -> Result<(), StorageError> {
    let before = development_questions::Entity::delete_many().filter(development_questions::Column::ReviewId.eq(review.0));
    before.exec(tx.connection()).await?;
    put(tx, questions.iter().map(model).collect()).await
}
