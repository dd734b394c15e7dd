//! What a panel found together, with who sees it in another way.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernschil_domain::ids::{FindingId, JointFindingId, MemberId, ReviewId, UserId, Version};
use kernschil_domain::reviews::{Dissent, FindingKind, JointFinding};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::texts::{columns, part};
use crate::entity::{dissents, joint_findings};
use crate::error::StorageError;
use crate::rows::{put as put_rows, read};
use crate::store::{Tx, WriteTx};

fn stored(row: joint_findings::Model, dissents: Vec<Dissent>) -> Result<JointFinding, StorageError> {
    let sources: Option<Vec<Uuid>> = serde_json::from_str(&row.sources).ok();
    Ok(JointFinding {
        id: JointFindingId(row.id),
        review: ReviewId(row.review_id),
        kind: read(FindingKind::parse(&row.kind), "joint_findings.kind")?,
        part: part(row.safeguard, row.criterion),
        text: row.text,
        sources: read(sources, "joint_findings.sources")?.into_iter().map(FindingId).collect(),
        dissents,
        by: row.made_by.map(UserId),
        version: Version(row.version),
    })
}

fn model(finding: &JointFinding) -> Result<joint_findings::Model, StorageError> {
    let (safeguard, criterion) = columns(&finding.part);
    let sources: Vec<Uuid> = finding.sources.iter().map(|id| id.0).collect();
    Ok(joint_findings::Model {
        id: finding.id.0,
        review_id: finding.review.0,
        kind: finding.kind.code().to_owned(),
        safeguard,
        criterion,
        text: finding.text.clone(),
        sources: serde_json::to_string(&sources).map_err(|error| StorageError::Encoding(error.to_string()))?,
        made_by: finding.by.map(|user| user.0),
        removed_at: None,
        version: finding.version.0,
    })
}

async fn with_dissents(tx: &Tx, rows: Vec<joint_findings::Model>) -> Result<Vec<JointFinding>, StorageError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let found = dissents::Entity::find()
        .filter(dissents::Column::JointId.is_in(ids))
        .order_by_asc(dissents::Column::At)
        .order_by_asc(dissents::Column::MemberId)
        .all(tx.connection())
        .await?;
    let mut by_finding: BTreeMap<Uuid, Vec<Dissent>> = BTreeMap::new();
    for row in found {
        let dissent =
            Dissent { member: MemberId(row.member_id), text: row.text, about: row.about, at: row.at, version: Version(row.version) };
        by_finding.entry(row.joint_id).or_default().push(dissent);
    }
    let with = |row: joint_findings::Model| {
        let of = by_finding.remove(&row.id).unwrap_or_default();
        stored(row, of)
    };
    rows.into_iter().map(with).collect()
}

/// The joint findings of a review that were not taken away, in the order in which they were made.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn of_review(tx: &Tx, review: ReviewId) -> Result<Vec<JointFinding>, StorageError> {
    let rows = joint_findings::Entity::find()
        .filter(joint_findings::Column::ReviewId.eq(review.0))
        .filter(joint_findings::Column::RemovedAt.is_null())
        .order_by_asc(joint_findings::Column::Id)
        .all(tx.connection())
        .await?;
    with_dissents(tx, rows).await
}

/// The joint findings of a review that were taken away, the latest first.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn removed(tx: &Tx, review: ReviewId) -> Result<Vec<JointFinding>, StorageError> {
    let rows = joint_findings::Entity::find()
        .filter(joint_findings::Column::ReviewId.eq(review.0))
        .filter(joint_findings::Column::RemovedAt.is_not_null())
        .order_by_desc(joint_findings::Column::RemovedAt)
        .order_by_asc(joint_findings::Column::Id)
        .all(tx.connection())
        .await?;
    with_dissents(tx, rows).await
}

/// Stores a joint finding, new, changed or put back; dissent is stored apart. Whoever calls this locked the review.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put(tx: &WriteTx, finding: &JointFinding) -> Result<(), StorageError> {
    put_rows(tx, vec![model(finding)?]).await
}

/// Takes a joint finding away; [`put`] puts it back, with its dissent. Whoever calls this locked the review.
///
/// # Errors
/// [`StorageError::NotFound`] when it was taken away already.
pub async fn remove(tx: &WriteTx, finding: JointFindingId, at: DateTime<Utc>) -> Result<(), StorageError> {
    let done = joint_findings::Entity::update_many()
        .col_expr(joint_findings::Column::RemovedAt, Expr::value(at))
        .col_expr(joint_findings::Column::Version, Expr::col(joint_findings::Column::Version).add(1))
        .filter(joint_findings::Column::Id.eq(finding.0))
        .filter(joint_findings::Column::RemovedAt.is_null())
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::NotFound) } else { Ok(()) }
}

/// Stores what a member sees in another way, in the place of what she said before. Whoever calls this locked the review.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put_dissent(tx: &WriteTx, finding: JointFindingId, dissent: &Dissent) -> Result<(), StorageError> {
    let row = dissents::Model {
        joint_id: finding.0,
        member_id: dissent.member.0,
        text: dissent.text.clone(),
        about: dissent.about.clone(),
        at: dissent.at,
        version: dissent.version.0,
    };
    put_rows(tx, vec![row]).await
}

/// Takes back what a member sees in another way. Whoever calls this locked the review.
///
/// # Errors
/// [`StorageError::NotFound`] when she said nothing.
pub async fn remove_dissent(tx: &WriteTx, finding: JointFindingId, member: MemberId) -> Result<(), StorageError> {
    let gone = dissents::Entity::delete_by_id((finding.0, member.0)).exec(tx.connection()).await?;
    if gone.rows_affected == 0 { Err(StorageError::NotFound) } else { Ok(()) }
}
