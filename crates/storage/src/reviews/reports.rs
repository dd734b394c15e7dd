//! Versions of the report of a review, what the receiving side said about them, and where they were published.

use chrono::{DateTime, Utc};
use kernschil_domain::ids::{CommentId, PublicationId, ReviewId, UserId, Version};
use kernschil_domain::reviews::{Publication, PublishedPart, ReportComment, ReportState, ReportVersion};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use crate::entity::{report_comments, report_publications, report_versions};
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Tx, WriteTx};

fn stored(row: report_versions::Model) -> Result<ReportVersion, StorageError> {
    Ok(ReportVersion {
        review: ReviewId(row.review_id),
        number: row.number,
        state: read(ReportState::parse(&row.state), "report_versions.state")?,
        content: row.content,
        hash: row.hash,
        at: row.at,
        by: row.made_by.map(UserId),
    })
}

fn stored_comment(row: report_comments::Model) -> ReportComment {
    ReportComment {
        id: CommentId(row.id),
        review: ReviewId(row.review_id),
        number: row.number,
        paragraph: row.paragraph,
        text: row.text,
        by: row.made_by.map(UserId),
        at: row.at,
        reply: row.reply,
        version: Version(row.version),
    }
}

fn comment_model(comment: &ReportComment, version: Version) -> report_comments::Model {
    report_comments::Model {
        id: comment.id.0,
        review_id: comment.review.0,
        number: comment.number,
        paragraph: comment.paragraph.clone(),
        text: comment.text.clone(),
        made_by: comment.by.map(|user| user.0),
        at: comment.at,
        reply: comment.reply.clone(),
        version: version.0,
    }
}

/// All versions of the report of a review, the oldest first.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn versions(tx: &Tx, review: ReviewId) -> Result<Vec<ReportVersion>, StorageError> {
    let rows = report_versions::Entity::find()
        .filter(report_versions::Column::ReviewId.eq(review.0))
        .order_by_asc(report_versions::Column::Number)
        .all(tx.connection())
        .await?;
    rows.into_iter().map(stored).collect()
}

/// Stores a new version; its number is one that is free. Whoever calls this locked the review.
///
/// # Errors
/// [`StorageError::Constraint`] when there is a version with its number.
pub async fn insert(tx: &WriteTx, new: &ReportVersion) -> Result<(), StorageError> {
    let row = report_versions::Model {
        review_id: new.review.0,
        number: new.number,
        state: new.state.code().to_owned(),
        content: new.content.clone(),
        hash: new.hash.clone(),
        at: new.at,
        made_by: new.by.map(|user| user.0),
    };
    row.into_active_model().insert(tx.connection()).await?;
    Ok(())
}

/// Notes how far a version is; what it says never changes. Whoever calls this locked the review.
///
/// # Errors
/// [`StorageError::NotFound`] when there is no such version.
pub async fn set_state(tx: &WriteTx, review: ReviewId, number: i32, state: ReportState) -> Result<(), StorageError> {
    let done = report_versions::Entity::update_many()
        .col_expr(report_versions::Column::State, Expr::value(state.code()))
        .filter(report_versions::Column::ReviewId.eq(review.0))
        .filter(report_versions::Column::Number.eq(number))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::NotFound) } else { Ok(()) }
}

/// What was said about all versions of a report, the oldest first.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn comments(tx: &Tx, review: ReviewId) -> Result<Vec<ReportComment>, StorageError> {
    let rows = report_comments::Entity::find()
        .filter(report_comments::Column::ReviewId.eq(review.0))
        .order_by_asc(report_comments::Column::At)
        .order_by_asc(report_comments::Column::Id)
        .all(tx.connection())
        .await?;
    Ok(rows.into_iter().map(stored_comment).collect())
}

/// Stores a new comment.
///
/// # Errors
/// [`StorageError::Constraint`] when the version it is about is not there.
pub async fn add_comment(tx: &WriteTx, new: &ReportComment) -> Result<(), StorageError> {
    put(tx, vec![comment_model(new, new.version)]).await
}

/// Stores a changed comment. Fails with `Stale` when somebody else changed it since it was read. Whoever calls this locked
/// the review.
///
/// # Errors
/// [`StorageError::Stale`].
pub async fn save_comment(tx: &WriteTx, changed: &ReportComment) -> Result<Version, StorageError> {
    let next = changed.version.next();
    let done = report_comments::Entity::update_many()
        .col_expr(report_comments::Column::Version, Expr::value(next.0))
        .filter(report_comments::Column::Id.eq(changed.id.0))
        .filter(report_comments::Column::Version.eq(changed.version.0))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 {
        return Err(StorageError::Stale);
    }
    put(tx, vec![comment_model(changed, next)]).await?;
    Ok(next)
}

/// Takes a comment away. Fails with `Stale` when somebody changed it since it was read.
///
/// # Errors
/// [`StorageError::Stale`].
pub async fn remove_comment(tx: &WriteTx, comment: CommentId, seen: Version) -> Result<(), StorageError> {
    let gone = report_comments::Entity::delete_many()
        .filter(report_comments::Column::Id.eq(comment.0))
        .filter(report_comments::Column::Version.eq(seen.0))
        .exec(tx.connection())
        .await?;
    if gone.rows_affected == 0 { Err(StorageError::Stale) } else { Ok(()) }
}

fn stored_publication(row: report_publications::Model) -> Result<Publication, StorageError> {
    let parts: Option<Vec<PublishedPart>> = row.parts.split(' ').filter(|code| !code.is_empty()).map(PublishedPart::parse).collect();
    Ok(Publication {
        id: PublicationId(row.id),
        review: ReviewId(row.review_id),
        number: row.number,
        parts: read(parts, "report_publications.parts")?,
        at: row.at,
        by: row.made_by.map(UserId),
        ended_at: row.ended_at,
        reason: row.reason,
    })
}

/// When the report of a review was published and taken back, the oldest first.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn publications(tx: &Tx, review: ReviewId) -> Result<Vec<Publication>, StorageError> {
    let rows = report_publications::Entity::find()
        .filter(report_publications::Column::ReviewId.eq(review.0))
        .order_by_asc(report_publications::Column::At)
        .order_by_asc(report_publications::Column::Id)
        .all(tx.connection())
        .await?;
    rows.into_iter().map(stored_publication).collect()
}

/// Stores a publication.
///
/// # Errors
/// [`StorageError::Constraint`] when the version it is of is not there.
pub async fn publish(tx: &WriteTx, new: &Publication) -> Result<(), StorageError> {
    let parts: Vec<_> = new.parts.iter().map(|part| part.code()).collect();
    let row = report_publications::Model {
        id: new.id.0,
        review_id: new.review.0,
        number: new.number,
        parts: parts.join(" "),
        at: new.at,
        made_by: new.by.map(|user| user.0),
        ended_at: new.ended_at,
        reason: new.reason.clone(),
    };
    put(tx, vec![row]).await
}

/// Ends a publication, with why.
///
/// # Errors
/// [`StorageError::NotFound`] when it ended already.
pub async fn unpublish(tx: &WriteTx, publication: PublicationId, at: DateTime<Utc>, reason: &str) -> Result<(), StorageError> {
    let done = report_publications::Entity::update_many()
        .col_expr(report_publications::Column::EndedAt, Expr::value(at))
        .col_expr(report_publications::Column::Reason, Expr::value(reason))
        .filter(report_publications::Column::Id.eq(publication.0))
        .filter(report_publications::Column::EndedAt.is_null())
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::NotFound) } else { Ok(()) }
}
