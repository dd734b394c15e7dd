//! Who takes part in reviews.

use kernschil_domain::ids::{GrantId, MemberId, PeerId, ReviewId, UserId, Version};
use kernschil_domain::reviews::{MemberAnswer, ReviewMember, ReviewRole};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use crate::entity::{day_notes, dissents, finding_changes, hand_ins, poll_answers, review_members};
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Tx, WriteTx};

fn stored(row: review_members::Model) -> Result<ReviewMember, StorageError> {
    let answer = row.answer.map(|code| read(MemberAnswer::parse(&code), "review_members.answer")).transpose()?;
    Ok(ReviewMember {
        id: MemberId(row.id),
        review: ReviewId(row.review_id),
        role: read(ReviewRole::parse(&row.role), "review_members.role")?,
        peer: row.peer_id.map(PeerId),
        user: row.user_id.map(UserId),
        grant: row.grant_id.map(GrantId),
        name: row.name,
        email: row.email,
        invited_at: row.invited_at,
        answer,
        answered_at: row.answered_at,
        version: Version(row.version),
    })
}

fn model(member: &ReviewMember, version: Version) -> review_members::Model {
    review_members::Model {
        id: member.id.0,
        review_id: member.review.0,
        role: member.role.code().to_owned(),
        peer_id: member.peer.map(|id| id.0),
        user_id: member.user.map(|id| id.0),
        grant_id: member.grant.map(|id| id.0),
        name: member.name.clone(),
        email: member.email.clone(),
        invited_at: member.invited_at,
        answer: member.answer.map(|answer| answer.code().to_owned()),
        answered_at: member.answered_at,
        version: version.0,
    }
}

/// Everybody in every review, by name.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn all(tx: &Tx) -> Result<Vec<ReviewMember>, StorageError> {
    let rows = review_members::Entity::find().order_by_asc(review_members::Column::Name).order_by_asc(review_members::Column::Id);
    rows.all(tx.connection()).await?.into_iter().map(stored).collect()
}

/// Everybody in one review, by role and name.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn of_review(tx: &Tx, review: ReviewId) -> Result<Vec<ReviewMember>, StorageError> {
    let rows = review_members::Entity::find().filter(review_members::Column::ReviewId.eq(review.0));
    let rows = rows.order_by_asc(review_members::Column::Name).order_by_asc(review_members::Column::Id);
    let mut all = rows.all(tx.connection()).await?.into_iter().map(stored).collect::<Result<Vec<_>, _>>()?;
    all.sort_by_key(|member| member.role);
    Ok(all)
}

/// Stores somebody new in a review.
///
/// # Errors
/// [`StorageError::Constraint`] when the address is in the review already.
pub async fn insert(tx: &WriteTx, new: &ReviewMember) -> Result<(), StorageError> {
    put(tx, vec![model(new, new.version)]).await
}

/// Stores a changed member. Fails with `Stale` when somebody else changed her since she was read.
///
/// # Errors
/// [`StorageError::Stale`].
pub async fn save(tx: &WriteTx, changed: &ReviewMember) -> Result<Version, StorageError> {
    let next = changed.version.next();
    let done = review_members::Entity::update_many()
        .col_expr(review_members::Column::Version, Expr::value(next.0))
        .filter(review_members::Column::Id.eq(changed.id.0))
        .filter(review_members::Column::Version.eq(changed.version.0))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 {
        return Err(StorageError::Stale);
    }
    put(tx, vec![model(changed, next)]).await?;
    Ok(next)
}

/// Whether somebody wrote anything in her review: findings, also when she took them away, notes of the day, dissent.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn has_written(tx: &Tx, id: MemberId) -> Result<bool, StorageError> {
    let db = tx.connection();
    let written = finding_changes::Entity::find().filter(finding_changes::Column::MemberId.eq(id.0)).count(db).await?
        + day_notes::Entity::find().filter(day_notes::Column::MemberId.eq(id.0)).count(db).await?
        + dissents::Entity::find().filter(dissents::Column::MemberId.eq(id.0)).count(db).await?
        + hand_ins::Entity::find().filter(hand_ins::Column::MemberId.eq(id.0)).count(db).await?;
    Ok(written > 0)
}

/// Takes somebody out of a review, with what she answered about days. Fails with `Stale` when somebody else changed her
/// since she was read.
///
/// # Errors
/// [`StorageError::Stale`]; [`StorageError::Constraint`] when she wrote something in the review.
pub async fn remove(tx: &WriteTx, id: MemberId, seen: Version) -> Result<(), StorageError> {
    poll_answers::Entity::delete_many().filter(poll_answers::Column::MemberId.eq(id.0)).exec(tx.connection()).await?;
    let gone = review_members::Entity::delete_many()
        .filter(review_members::Column::Id.eq(id.0))
        .filter(review_members::Column::Version.eq(seen.0))
        .exec(tx.connection())
        .await?;
    if gone.rows_affected == 0 { Err(StorageError::Stale) } else { Ok(()) }
}
