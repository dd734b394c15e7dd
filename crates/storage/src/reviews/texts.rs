//! The texts of a kritische reflectie, with every version there was.

use kernschil_domain::frameworks::{Part, PartCode};
use kernschil_domain::ids::{ReviewId, TextId, UserId, Version};
use kernschil_domain::reviews::{ReflectionEvent, ReflectionMove, ReviewText, SaveCause, TextVersion};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::entity::{reflection_moves, review_text_versions, review_texts};
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Tx, WriteTx};

/// A part as two columns: a whole safeguard has an empty criterion, so that the pair can be a key.
pub(super) fn columns(part: &Part) -> (String, String) {
    (part.safeguard.0.clone(), part.criterion.as_ref().map(|code| code.0.clone()).unwrap_or_default())
}

/// A part from its two columns.
pub(super) fn part(safeguard: String, criterion: String) -> Part {
    Part { safeguard: PartCode(safeguard), criterion: (!criterion.is_empty()).then_some(PartCode(criterion)) }
}

fn stored(row: review_texts::Model) -> ReviewText {
    ReviewText {
        id: TextId(row.id),
        review: ReviewId(row.review_id),
        part: part(row.safeguard, row.criterion),
        body: row.body,
        changed_at: row.changed_at,
        changed_by: row.changed_by.map(UserId),
        version: Version(row.version),
    }
}

fn model(text: &ReviewText) -> review_texts::Model {
    let (safeguard, criterion) = columns(&text.part);
    review_texts::Model {
        id: text.id.0,
        review_id: text.review.0,
        safeguard,
        criterion,
        body: text.body.clone(),
        changed_at: text.changed_at,
        changed_by: text.changed_by.map(|user| user.0),
        version: text.version.0,
    }
}

fn stored_version(row: review_text_versions::Model) -> Result<TextVersion, StorageError> {
    Ok(TextVersion {
        text: TextId(row.text_id),
        number: row.number,
        body: row.body,
        at: row.at,
        by: row.made_by.map(UserId),
        cause: read(SaveCause::parse(&row.cause), "review_text_versions.cause")?,
        merges: row.merges,
    })
}

fn version_model(version: &TextVersion) -> review_text_versions::Model {
    review_text_versions::Model {
        text_id: version.text.0,
        number: version.number,
        body: version.body.clone(),
        at: version.at,
        made_by: version.by.map(|user| user.0),
        cause: version.cause.code().to_owned(),
        merges: version.merges,
    }
}

/// All texts of a review, by part.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn of_review(tx: &Tx, review: ReviewId) -> Result<Vec<ReviewText>, StorageError> {
    let rows = review_texts::Entity::find()
        .filter(review_texts::Column::ReviewId.eq(review.0))
        .order_by_asc(review_texts::Column::Safeguard)
        .order_by_asc(review_texts::Column::Criterion)
        .all(tx.connection())
        .await?;
    Ok(rows.into_iter().map(stored).collect())
}

/// Whether somebody wrote in the reflection of a review.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn has_written(tx: &Tx, review: ReviewId, user: UserId) -> Result<bool, StorageError> {
    let texts = of_review(tx, review).await?;
    let written = review_text_versions::Entity::find()
        .filter(review_text_versions::Column::TextId.is_in(texts.iter().map(|text| text.id.0)))
        .filter(review_text_versions::Column::MadeBy.eq(user.0));
    Ok(written.count(tx.connection()).await? > 0)
}

/// The text about one part; nothing while nobody wrote it.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn get(tx: &Tx, review: ReviewId, about: &Part) -> Result<Option<ReviewText>, StorageError> {
    let (safeguard, criterion) = columns(about);
    let row = review_texts::Entity::find()
        .filter(review_texts::Column::ReviewId.eq(review.0))
        .filter(review_texts::Column::Safeguard.eq(safeguard))
        .filter(review_texts::Column::Criterion.eq(criterion))
        .one(tx.connection())
        .await?;
    Ok(row.map(stored))
}

/// Every version of a text, the oldest first.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn versions(tx: &Tx, text: TextId) -> Result<Vec<TextVersion>, StorageError> {
    let rows = review_text_versions::Entity::find()
        .filter(review_text_versions::Column::TextId.eq(text.0))
        .order_by_asc(review_text_versions::Column::Number)
        .all(tx.connection())
        .await?;
    rows.into_iter().map(stored_version).collect()
}

/// The latest version of a text, kept aside or not.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn latest(tx: &Tx, text: TextId) -> Result<Option<TextVersion>, StorageError> {
    let row = review_text_versions::Entity::find()
        .filter(review_text_versions::Column::TextId.eq(text.0))
        .order_by_desc(review_text_versions::Column::Number)
        .one(tx.connection())
        .await?;
    row.map(stored_version).transpose()
}

/// One version of a text.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn version(tx: &Tx, text: TextId, number: i32) -> Result<Option<TextVersion>, StorageError> {
    let row = review_text_versions::Entity::find_by_id((text.0, number)).one(tx.connection()).await?;
    row.map(stored_version).transpose()
}

/// Makes a version the text as it is now. Whoever calls this locked the review, so that no two get one number.
///
/// # Errors
/// [`StorageError::Constraint`] when the number is in use.
pub async fn put_current(tx: &WriteTx, text: &ReviewText, cause: SaveCause) -> Result<(), StorageError> {
    put_merged(tx, text, cause, None).await
}

/// As [`put_current`], with the number of a version kept aside that was brought into it.
///
/// # Errors
/// [`StorageError::Constraint`] when the number is in use.
pub async fn put_merged(tx: &WriteTx, text: &ReviewText, cause: SaveCause, merges: Option<i32>) -> Result<(), StorageError> {
    put(tx, vec![model(text)]).await?;
    let version = TextVersion {
        text: text.id,
        number: text.version.0,
        body: text.body.clone(),
        at: text.changed_at,
        by: text.changed_by,
        cause,
        merges,
    };
    keep(tx, &version).await
}

/// Keeps a version in the history; the text itself stays as it is.
///
/// # Errors
/// [`StorageError::Constraint`] when the number is in use.
pub async fn keep(tx: &WriteTx, version: &TextVersion) -> Result<(), StorageError> {
    // Never over another version: what was kept stays.
    let row = version_model(version).into_active_model().reset_all();
    review_text_versions::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// When a reflection was handed in and taken back, the oldest first.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn moves(tx: &Tx, review: ReviewId) -> Result<Vec<ReflectionMove>, StorageError> {
    let rows = reflection_moves::Entity::find()
        .filter(reflection_moves::Column::ReviewId.eq(review.0))
        .order_by_asc(reflection_moves::Column::At)
        .order_by_asc(reflection_moves::Column::Id)
        .all(tx.connection())
        .await?;
    let stored = |row: reflection_moves::Model| {
        let event = read(ReflectionEvent::parse(&row.event), "reflection_moves.event")?;
        Ok(ReflectionMove { review: ReviewId(row.review_id), event, at: row.at, by: row.made_by.map(UserId), reason: row.reason })
    };
    rows.into_iter().map(stored).collect()
}

/// Notes that a reflection was handed in or taken back.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn note_move(tx: &WriteTx, id: Uuid, step: &ReflectionMove) -> Result<(), StorageError> {
    let row = reflection_moves::Model {
        id,
        review_id: step.review.0,
        event: step.event.code().to_owned(),
        at: step.at,
        made_by: step.by.map(|user| user.0),
        reason: step.reason.clone(),
    };
    put(tx, vec![row]).await
}
