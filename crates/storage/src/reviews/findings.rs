//! Findings of members of a panel, and that they handed in. Who may read which is decided in `app::reviews::findings`.

use kernschil_domain::ids::{FindingChangeId, FindingId, MemberId, ReviewEvidenceId, ReviewId, Version};
use kernschil_domain::reviews::{Finding, FindingChange, FindingChangeKind, FindingKind, HandIn};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select};
use uuid::Uuid;

use super::texts::{columns, part};
use crate::entity::{finding_changes, findings, hand_ins};
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Tx, WriteTx};

fn stored(row: findings::Model) -> Result<Finding, StorageError> {
    let evidence: Option<Vec<Uuid>> = serde_json::from_str(&row.evidence).ok();
    Ok(Finding {
        id: FindingId(row.id),
        review: ReviewId(row.review_id),
        member: MemberId(row.member_id),
        kind: read(FindingKind::parse(&row.kind), "findings.kind")?,
        part: part(row.safeguard, row.criterion),
        text: row.text,
        evidence: read(evidence, "findings.evidence")?.into_iter().map(ReviewEvidenceId).collect(),
        changed_at: row.changed_at,
        version: Version(row.version),
    })
}

fn model(finding: &Finding, version: Version) -> Result<findings::Model, StorageError> {
    let (safeguard, criterion) = columns(&finding.part);
    let evidence: Vec<Uuid> = finding.evidence.iter().map(|id| id.0).collect();
    Ok(findings::Model {
        id: finding.id.0,
        review_id: finding.review.0,
        member_id: finding.member.0,
        kind: finding.kind.code().to_owned(),
        safeguard,
        criterion,
        text: finding.text.clone(),
        evidence: serde_json::to_string(&evidence).map_err(|error| StorageError::Encoding(error.to_string()))?,
        changed_at: finding.changed_at,
        version: version.0,
    })
}

async fn found(tx: &Tx, query: Select<findings::Entity>) -> Result<Vec<Finding>, StorageError> {
    query.order_by_asc(findings::Column::Id).all(tx.connection()).await?.into_iter().map(stored).collect()
}

/// The findings of all members, in the order in which they were made. Not to be shown as they are.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn of_review(tx: &Tx, review: ReviewId) -> Result<Vec<Finding>, StorageError> {
    found(tx, findings::Entity::find().filter(findings::Column::ReviewId.eq(review.0))).await
}

/// The findings of one member, in the order in which they were made.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn of_member(tx: &Tx, member: MemberId) -> Result<Vec<Finding>, StorageError> {
    found(tx, findings::Entity::find().filter(findings::Column::MemberId.eq(member.0))).await
}

/// Stores a new finding.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn insert(tx: &WriteTx, new: &Finding) -> Result<(), StorageError> {
    put(tx, vec![model(new, new.version)?]).await
}

/// Stores a changed finding. Fails with `Stale` when it was changed since it was read.
///
/// # Errors
/// [`StorageError::Stale`].
pub async fn save(tx: &WriteTx, changed: &Finding) -> Result<Version, StorageError> {
    let next = changed.version.next();
    let done = findings::Entity::update_many()
        .col_expr(findings::Column::Version, Expr::value(next.0))
        .filter(findings::Column::Id.eq(changed.id.0))
        .filter(findings::Column::Version.eq(changed.version.0))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 {
        return Err(StorageError::Stale);
    }
    put(tx, vec![model(changed, next)?]).await?;
    Ok(next)
}

/// Removes a finding. Fails with `Stale` when it was changed since it was read.
///
/// # Errors
/// [`StorageError::Stale`].
pub async fn remove(tx: &WriteTx, id: FindingId, seen: Version) -> Result<(), StorageError> {
    let gone = findings::Entity::delete_many()
        .filter(findings::Column::Id.eq(id.0))
        .filter(findings::Column::Version.eq(seen.0))
        .exec(tx.connection())
        .await?;
    if gone.rows_affected == 0 { Err(StorageError::Stale) } else { Ok(()) }
}

fn stored_change(row: finding_changes::Model) -> Result<FindingChange, StorageError> {
    let finding_changes::Model { id, review_id, member_id, finding_id, change, at, kind, safeguard, criterion, text, evidence, version } =
        row;
    let finding =
        findings::Model { id: finding_id, review_id, member_id, kind, safeguard, criterion, text, evidence, changed_at: at, version };
    let change = read(FindingChangeKind::parse(&change), "finding_changes.change")?;
    Ok(FindingChange { id: FindingChangeId(id), change, finding: stored(finding)?, at })
}

/// The changes of the findings of one member, the oldest first.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn changes_of(tx: &Tx, member: MemberId) -> Result<Vec<FindingChange>, StorageError> {
    let rows = finding_changes::Entity::find().filter(finding_changes::Column::MemberId.eq(member.0));
    rows.order_by_asc(finding_changes::Column::Id).all(tx.connection()).await?.into_iter().map(stored_change).collect()
}

/// Notes a change. What was noted is never written over.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn note_change(tx: &WriteTx, new: &FindingChange) -> Result<(), StorageError> {
    let after = model(&new.finding, new.finding.version)?;
    let row = finding_changes::Model {
        id: new.id.0,
        review_id: after.review_id,
        member_id: after.member_id,
        finding_id: after.id,
        change: new.change.code().to_owned(),
        at: new.at,
        kind: after.kind,
        safeguard: after.safeguard,
        criterion: after.criterion,
        text: after.text,
        evidence: after.evidence,
        version: after.version,
    };
    put(tx, vec![row]).await
}

/// Who handed in, the first first.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn hand_ins(tx: &Tx, review: ReviewId) -> Result<Vec<HandIn>, StorageError> {
    let rows = hand_ins::Entity::find().filter(hand_ins::Column::ReviewId.eq(review.0));
    let rows = rows.order_by_asc(hand_ins::Column::At).order_by_asc(hand_ins::Column::MemberId).all(tx.connection()).await?;
    let stored = |row: hand_ins::Model| {
        let hand_ins::Model { member_id, review_id, at, salt, hash } = row;
        HandIn { review: ReviewId(review_id), member: MemberId(member_id), at, salt, hash }
    };
    Ok(rows.into_iter().map(stored).collect())
}

/// Stores that somebody handed in. What was handed in is never written over.
///
/// # Errors
/// [`StorageError::Constraint`] when she handed in before.
pub async fn hand_in(tx: &WriteTx, done: &HandIn) -> Result<(), StorageError> {
    let (salt, hash) = (done.salt.clone(), done.hash.clone());
    let row = hand_ins::Model { member_id: done.member.0, review_id: done.review.0, at: done.at, salt, hash };
    let row = row.into_active_model().reset_all();
    hand_ins::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}
