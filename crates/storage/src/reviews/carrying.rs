//! What is written about parts of a framework besides texts, and putting it with another part when a review takes another
//! version of its framework.

use kernschil_domain::frameworks::Part;
use kernschil_domain::ids::ReviewId;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};

use super::texts::{columns, part};
use crate::entity::{
    development_questions, finding_changes, findings, joint_findings, review_evidence, review_evidence_uses, review_figures,
};
use crate::error::StorageError;
use crate::rows::put;
use crate::store::{Tx, WriteTx};

/// The parts that evidence or a key figure of a review is used for, once for each use.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn parts_with_evidence(tx: &Tx, review: ReviewId) -> Result<Vec<Part>, StorageError> {
    let uses = uses_of(tx, review).await?.into_iter().map(|row| part(row.safeguard, row.criterion));
    let figures = review_figures::Entity::find().filter(review_figures::Column::ReviewId.eq(review.0)).all(tx.connection()).await?;
    Ok(uses.chain(figures.into_iter().map(|row| part(row.safeguard, row.criterion))).collect())
}

/// The parts that members of the panel, or the panel together, found something about; each once, so that nothing shows how
/// many did.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn parts_with_findings(tx: &Tx, review: ReviewId) -> Result<Vec<Part>, StorageError> {
    let own = findings::Entity::find().filter(findings::Column::ReviewId.eq(review.0)).all(tx.connection()).await?;
    let joint = joint_findings::Entity::find().filter(joint_findings::Column::ReviewId.eq(review.0)).all(tx.connection()).await?;
    let own = own.into_iter().map(|row| part(row.safeguard, row.criterion));
    let mut parts: Vec<_> = own.chain(joint.into_iter().map(|row| part(row.safeguard, row.criterion))).collect();
    parts.sort();
    parts.dedup();
    Ok(parts)
}

async fn uses_of(tx: &Tx, review: ReviewId) -> Result<Vec<review_evidence_uses::Model>, StorageError> {
    let ids: Vec<uuid::Uuid> = review_evidence::Entity::find()
        .select_only()
        .column(review_evidence::Column::Id)
        .filter(review_evidence::Column::ReviewId.eq(review.0))
        .into_tuple()
        .all(tx.connection())
        .await?;
    let rows = review_evidence_uses::Entity::find().filter(review_evidence_uses::Column::EvidenceId.is_in(ids));
    Ok(rows.all(tx.connection()).await?)
}

/// Puts everything but texts that is with one part of a review with another part. Whoever calls this locked the review.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put_with(tx: &WriteTx, review: ReviewId, from: &Part, to: &Part) -> Result<(), StorageError> {
    let ((old_safeguard, old_criterion), (safeguard, criterion)) = (columns(from), columns(to));
    let uses = uses_of(tx, review).await?.into_iter().filter(|row| row.safeguard == old_safeguard && row.criterion == old_criterion);
    for row in uses {
        let new = review_evidence_uses::Model { safeguard: safeguard.clone(), criterion: criterion.clone(), ..row.clone() };
        review_evidence_uses::Entity::delete_by_id((row.evidence_id, row.safeguard, row.criterion)).exec(tx.connection()).await?;
        // Evidence that is used for both is used for the one once.
        put(tx, vec![new]).await?;
    }
    macro_rules! place {
        ($table:ident, $($version:ident)?) => {
            let at = Condition::all()
                .add($table::Column::ReviewId.eq(review.0))
                .add($table::Column::Safeguard.eq(old_safeguard.clone()))
                .add($table::Column::Criterion.eq(old_criterion.clone()));
            let update = $table::Entity::update_many()
                .col_expr($table::Column::Safeguard, Expr::value(safeguard.clone()))
                .col_expr($table::Column::Criterion, Expr::value(criterion.clone()));
            $(let update = update.col_expr($table::Column::$version, Expr::col($table::Column::$version).add(1));)?
            update.filter(at).exec(tx.connection()).await?;
        };
    }
    place!(review_figures,);
    place!(development_questions, Version);
    place!(findings, Version);
    place!(finding_changes,);
    place!(joint_findings, Version);
    Ok(())
}
