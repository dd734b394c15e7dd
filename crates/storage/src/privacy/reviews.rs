//! Peer reviews and peers past their term.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use kernschil_domain::ids::{PeerId, ReviewId};
use kernschil_domain::privacy::{ANONYMOUS, PSEUDONYM};
use kernschil_domain::reviews::ReviewState;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::entity::{
    day_notes, dissents, finding_changes, findings, hand_ins, joint_findings, panel_verdicts, peer_visits, peers, poll_answers,
    reflection_moves, report_comments, review_evidence, review_files, review_members, review_moves, review_text_versions, review_texts,
    reviews,
};
use crate::error::StorageError;
use crate::store::{Tx, WriteTx};

/// Reviews that ended before a moment and of which people can still be known.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn ended_reviews(tx: &Tx, before: DateTime<Utc>) -> Result<Vec<ReviewId>, StorageError> {
    let ends = [ReviewState::Closed.code(), ReviewState::Cancelled.code()];
    let ended =
        ids(tx, reviews::Entity::find().filter(reviews::Column::State.is_in(ends)).select_only().column(reviews::Column::Id)).await?;
    let recent =
        review_moves::Entity::find().filter(review_moves::Column::At.gte(before)).select_only().column(review_moves::Column::ReviewId);
    let recent = ids(tx, recent).await?;
    let known = review_members::Entity::find().filter(review_members::Column::Name.ne(ANONYMOUS)).select_only();
    let known = ids(tx, known.column(review_members::Column::ReviewId)).await?;
    Ok(ended.into_iter().filter(|id| known.contains(id) && !recent.contains(id)).map(ReviewId).collect())
}

async fn ids<E: EntityTrait>(tx: &Tx, query: sea_orm::Select<E>) -> Result<BTreeSet<Uuid>, StorageError> {
    Ok(query.into_tuple::<Uuid>().all(tx.connection()).await?.into_iter().collect())
}

/// Peers who have not been asked any more since before a day.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn ended_peers(tx: &Tx, limit: NaiveDate) -> Result<Vec<PeerId>, StorageError> {
    let found = peers::Entity::find().filter(peers::Column::EndedOn.lt(limit)).select_only().column(peers::Column::Id);
    Ok(ids(tx, found).await?.into_iter().map(PeerId).collect())
}

/// Takes out of a review who took part, what members of the panel noted for themselves, and what texts said before. The
/// reflection, the report, joint findings and follow-ups stay.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn forget_review(tx: &WriteTx, review: ReviewId) -> Result<(), StorageError> {
    let db = tx.connection();
    let members: Vec<Uuid> = members_of(tx, review).await?;
    for member in &members {
        dissents::Entity::delete_many().filter(dissents::Column::MemberId.eq(*member)).exec(db).await?;
        poll_answers::Entity::delete_many().filter(poll_answers::Column::MemberId.eq(*member)).exec(db).await?;
        review_members::Entity::update_many()
            .col_expr(review_members::Column::Name, Expr::value(ANONYMOUS))
            .col_expr(review_members::Column::Email, Expr::value(format!("{PSEUDONYM}{member}")))
            .col_expr(review_members::Column::PeerId, Expr::value(Option::<Uuid>::None))
            .col_expr(review_members::Column::UserId, Expr::value(Option::<Uuid>::None))
            .col_expr(review_members::Column::GrantId, Expr::value(Option::<Uuid>::None))
            .filter(review_members::Column::Id.eq(*member))
            .exec(db)
            .await?;
    }
    day_notes::Entity::delete_many().filter(day_notes::Column::ReviewId.eq(review.0)).exec(db).await?;
    finding_changes::Entity::delete_many().filter(finding_changes::Column::ReviewId.eq(review.0)).exec(db).await?;
    findings::Entity::delete_many().filter(findings::Column::ReviewId.eq(review.0)).exec(db).await?;
    hand_ins::Entity::delete_many().filter(hand_ins::Column::ReviewId.eq(review.0)).exec(db).await?;
    let taken_away = joint_findings::Entity::delete_many().filter(joint_findings::Column::ReviewId.eq(review.0));
    taken_away.filter(joint_findings::Column::RemovedAt.is_not_null()).exec(db).await?;
    panel_verdicts::Entity::delete_many().filter(panel_verdicts::Column::ReviewId.eq(review.0)).exec(db).await?;
    reflection_moves::Entity::delete_many().filter(reflection_moves::Column::ReviewId.eq(review.0)).exec(db).await?;
    report_comments::Entity::delete_many().filter(report_comments::Column::ReviewId.eq(review.0)).exec(db).await?;
    let texts = review_texts::Entity::find().filter(review_texts::Column::ReviewId.eq(review.0)).select_only();
    let texts = ids(tx, texts.column(review_texts::Column::Id)).await?;
    review_text_versions::Entity::delete_many().filter(review_text_versions::Column::TextId.is_in(texts)).exec(db).await?;
    let evidence = review_evidence::Entity::find().filter(review_evidence::Column::ReviewId.eq(review.0)).select_only();
    let evidence = ids(tx, evidence.column(review_evidence::Column::Id)).await?;
    review_files::Entity::delete_many().filter(review_files::Column::EvidenceId.is_in(evidence)).exec(db).await?;
    Ok(())
}

async fn members_of(tx: &Tx, review: ReviewId) -> Result<Vec<Uuid>, StorageError> {
    let found = review_members::Entity::find().filter(review_members::Column::ReviewId.eq(review.0)).select_only();
    Ok(ids(tx, found.column(review_members::Column::Id)).await?.into_iter().collect())
}

/// Takes peers out of the pool, with their visits. Reviews they took part in keep them as members until their own term.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn forget_peers(tx: &WriteTx, ended: &[PeerId]) -> Result<(), StorageError> {
    let db = tx.connection();
    let these: Vec<Uuid> = ended.iter().map(|id| id.0).collect();
    peer_visits::Entity::delete_many().filter(peer_visits::Column::PeerId.is_in(these.clone())).exec(db).await?;
    panel_verdicts::Entity::delete_many().filter(panel_verdicts::Column::PeerId.is_in(these.clone())).exec(db).await?;
    review_members::Entity::update_many()
        .col_expr(review_members::Column::PeerId, Expr::value(Option::<Uuid>::None))
        .filter(review_members::Column::PeerId.is_in(these.clone()))
        .exec(db)
        .await?;
    peers::Entity::delete_many().filter(peers::Column::Id.is_in(these)).exec(db).await?;
    Ok(())
}
