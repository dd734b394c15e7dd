//! Evidence of a review: files and links with their versions, and what each is used for. The bytes of a file stand apart,
//! so that a list never reads them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernschil_domain::frameworks::Part;
use kernschil_domain::ids::{ReviewEvidenceId, ReviewId, UserId, Version};
use kernschil_domain::reviews::{EvidenceForm, ReviewEvidence, ReviewEvidenceVersion};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::texts::{columns, part};
use crate::entity::{review_evidence, review_evidence_uses, review_evidence_versions, review_files};
use crate::error::StorageError;
use crate::rows::{in_chunks, put, read};
use crate::store::{Tx, WriteTx};

fn stored(row: review_evidence::Model, used_for: Vec<Part>) -> Result<ReviewEvidence, StorageError> {
    Ok(ReviewEvidence {
        id: ReviewEvidenceId(row.id),
        review: ReviewId(row.review_id),
        title: row.title,
        kind: read(EvidenceForm::parse(&row.kind), "review_evidence.kind")?,
        used_for,
        removed_at: row.removed_at,
        version: Version(row.version),
    })
}

fn stored_version(row: review_evidence_versions::Model) -> ReviewEvidenceVersion {
    ReviewEvidenceVersion {
        evidence: ReviewEvidenceId(row.evidence_id),
        number: row.number,
        name: row.name,
        media_type: row.media_type,
        size: row.size,
        hash: row.hash,
        at: row.at,
        by: row.made_by.map(UserId),
    }
}

/// All evidence of a review, what was taken away included, by title.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn of_review(tx: &Tx, review: ReviewId) -> Result<Vec<ReviewEvidence>, StorageError> {
    let rows = review_evidence::Entity::find()
        .filter(review_evidence::Column::ReviewId.eq(review.0))
        .order_by_asc(review_evidence::Column::Title)
        .order_by_asc(review_evidence::Column::Id)
        .all(tx.connection())
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut uses: BTreeMap<Uuid, Vec<Part>> = BTreeMap::new();
    for row in in_chunks::<review_evidence_uses::Entity, _>(tx, review_evidence_uses::Column::EvidenceId, &ids).await? {
        uses.entry(row.evidence_id).or_default().push(part(row.safeguard, row.criterion));
    }
    let with_uses = |row: review_evidence::Model| {
        let mut used_for = uses.remove(&row.id).unwrap_or_default();
        used_for.sort();
        stored(row, used_for)
    };
    rows.into_iter().map(with_uses).collect()
}

/// Every version of the evidence of a review, by piece and number.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn versions(tx: &Tx, of: &[ReviewEvidenceId]) -> Result<Vec<ReviewEvidenceVersion>, StorageError> {
    let ids: Vec<Uuid> = of.iter().map(|id| id.0).collect();
    let rows = in_chunks::<review_evidence_versions::Entity, _>(tx, review_evidence_versions::Column::EvidenceId, &ids).await?;
    let mut versions: Vec<_> = rows.into_iter().map(stored_version).collect();
    versions.sort_by_key(|version| (version.evidence, version.number));
    Ok(versions)
}

/// The bytes of one version of a file; nothing for a link, and for what was taken away.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn bytes(tx: &Tx, evidence: ReviewEvidenceId, number: i32) -> Result<Option<Vec<u8>>, StorageError> {
    Ok(review_files::Entity::find_by_id((evidence.0, number)).one(tx.connection()).await?.map(|row| row.bytes))
}

/// How many pieces of evidence a review has, what was taken away not counted.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn count(tx: &Tx, review: ReviewId) -> Result<u64, StorageError> {
    let left = review_evidence::Entity::find()
        .filter(review_evidence::Column::ReviewId.eq(review.0))
        .filter(review_evidence::Column::RemovedAt.is_null());
    Ok(left.count(tx.connection()).await?)
}

/// Stores a new piece of evidence with what it is used for.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn insert(tx: &WriteTx, new: &ReviewEvidence) -> Result<(), StorageError> {
    let row = review_evidence::Model {
        id: new.id.0,
        review_id: new.review.0,
        title: new.title.clone(),
        kind: new.kind.code().to_owned(),
        removed_at: new.removed_at,
        version: new.version.0,
    };
    put(tx, vec![row]).await?;
    put_uses(tx, new).await
}

async fn put_uses(tx: &WriteTx, evidence: &ReviewEvidence) -> Result<(), StorageError> {
    let row = |part: &Part| {
        let (safeguard, criterion) = columns(part);
        review_evidence_uses::Model { evidence_id: evidence.id.0, safeguard, criterion }
    };
    put(tx, evidence.used_for.iter().map(row).collect()).await
}

/// Stores a title and what it is used for. Fails with `Stale` when somebody else changed it since it was read.
///
/// # Errors
/// [`StorageError::Stale`].
pub async fn save(tx: &WriteTx, changed: &ReviewEvidence) -> Result<Version, StorageError> {
    let next = advance(tx, changed, Some(&changed.title)).await?;
    review_evidence_uses::Entity::delete_many()
        .filter(review_evidence_uses::Column::EvidenceId.eq(changed.id.0))
        .exec(tx.connection())
        .await?;
    put_uses(tx, changed).await?;
    Ok(next)
}

async fn advance(tx: &WriteTx, evidence: &ReviewEvidence, title: Option<&str>) -> Result<Version, StorageError> {
    let next = evidence.version.next();
    let mut update = review_evidence::Entity::update_many().col_expr(review_evidence::Column::Version, Expr::value(next.0));
    if let Some(title) = title {
        update = update.col_expr(review_evidence::Column::Title, Expr::value(title));
    }
    let done = update
        .filter(review_evidence::Column::Id.eq(evidence.id.0))
        .filter(review_evidence::Column::Version.eq(evidence.version.0))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::Stale) } else { Ok(next) }
}

/// Adds a version of a file or a link, with the bytes of a file.
///
/// # Errors
/// [`StorageError::Stale`] when somebody else changed the evidence since it was read.
pub async fn add_version(
    tx: &WriteTx,
    evidence: &ReviewEvidence,
    version: &ReviewEvidenceVersion,
    bytes: Option<Vec<u8>>,
) -> Result<Version, StorageError> {
    let next = advance(tx, evidence, None).await?;
    put_version(tx, version, bytes).await?;
    Ok(next)
}

/// Stores a version of a file or a link, with the bytes of a file. What was kept before is never written over.
///
/// # Errors
/// [`StorageError::Constraint`] when the number is in use.
pub async fn put_version(tx: &WriteTx, version: &ReviewEvidenceVersion, bytes: Option<Vec<u8>>) -> Result<(), StorageError> {
    let row = review_evidence_versions::Model {
        evidence_id: version.evidence.0,
        number: version.number,
        name: version.name.clone(),
        media_type: version.media_type.clone(),
        size: version.size,
        hash: version.hash.clone(),
        at: version.at,
        made_by: version.by.map(|user| user.0),
    };
    let row = row.into_active_model().reset_all();
    review_evidence_versions::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    if let Some(bytes) = bytes {
        let row = review_files::Model { evidence_id: version.evidence.0, number: version.number, bytes };
        let row = row.into_active_model().reset_all();
        review_files::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

/// Takes evidence away: its files go, its title and what it was used for stay.
///
/// # Errors
/// [`StorageError::Stale`] when somebody else changed it since it was read.
pub async fn remove(tx: &WriteTx, evidence: &ReviewEvidence, at: DateTime<Utc>) -> Result<(), StorageError> {
    advance(tx, evidence, None).await?;
    review_evidence::Entity::update_many()
        .col_expr(review_evidence::Column::RemovedAt, Expr::value(at))
        .filter(review_evidence::Column::Id.eq(evidence.id.0))
        .exec(tx.connection())
        .await?;
    review_files::Entity::delete_many().filter(review_files::Column::EvidenceId.eq(evidence.id.0)).exec(tx.connection()).await?;
    Ok(())
}
