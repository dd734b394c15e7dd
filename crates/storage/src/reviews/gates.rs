//! How far the work in a review is, as far as its gates ask.

use std::collections::BTreeSet;

use kernschil_domain::ids::{MemberId, ReviewId};
use kernschil_domain::reviews::ReportState;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::{development_questions, hand_ins, report_versions};
use crate::error::StorageError;
use crate::rows::read;
use crate::store::Tx;

/// Number of development questions.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn questions(tx: &Tx, review: ReviewId) -> Result<u64, StorageError> {
    let found = development_questions::Entity::find().filter(development_questions::Column::ReviewId.eq(review.0));
    Ok(found.count(tx.connection()).await?)
}

/// Who handed in her findings.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn handed_in(tx: &Tx, review: ReviewId) -> Result<BTreeSet<MemberId>, StorageError> {
    let rows = hand_ins::Entity::find().filter(hand_ins::Column::ReviewId.eq(review.0)).all(tx.connection()).await?;
    Ok(rows.into_iter().map(|row| MemberId(row.member_id)).collect())
}

/// How far the latest version of the report is; nothing while there is none.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn report(tx: &Tx, review: ReviewId) -> Result<Option<ReportState>, StorageError> {
    let rows = report_versions::Entity::find().filter(report_versions::Column::ReviewId.eq(review.0));
    let latest = rows.order_by_desc(report_versions::Column::Number).one(tx.connection()).await?;
    latest.map(|row| read(ReportState::parse(&row.state), "report_versions.state")).transpose()
}

/// How far each version of the report is, in their order.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn report_states(tx: &Tx, review: ReviewId) -> Result<Vec<ReportState>, StorageError> {
    let rows = report_versions::Entity::find().filter(report_versions::Column::ReviewId.eq(review.0));
    let states = rows.order_by_asc(report_versions::Column::Number).select_only().column(report_versions::Column::State);
    let states: Vec<String> = states.into_tuple().all(tx.connection()).await?;
    states.iter().map(|code| read(ReportState::parse(code), "report_versions.state")).collect()
}

/// Whether any version of the report was sent to the receiving side: from then on it may read what the panel found together.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn was_sent(tx: &Tx, review: ReviewId) -> Result<bool, StorageError> {
    let sent = report_versions::Entity::find()
        .filter(report_versions::Column::ReviewId.eq(review.0))
        .filter(report_versions::Column::State.is_in([ReportState::Responding.code(), ReportState::Final.code()]));
    Ok(sent.count(tx.connection()).await? > 0)
}
