//! Steps of reviews, the template that new ones get, and what happened to reviews as a whole.

use std::collections::BTreeMap;

use kernschil_domain::ids::{ReviewId, UserId};
use kernschil_domain::reviews::{
    ReviewEvent, ReviewKind, ReviewMove, ReviewPhase, ReviewState, ReviewStep, StepFact, StepTemplate, WaitsFor,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::entity::{review_moves, review_steps, step_templates};
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Tx, WriteTx};

fn stored(row: review_steps::Model) -> Result<ReviewStep, StorageError> {
    Ok(ReviewStep {
        review: ReviewId(row.review_id),
        ordinal: row.ordinal,
        template: StepTemplate {
            phase: read(ReviewPhase::parse(&row.phase), "review_steps.phase")?,
            name: row.name,
            days: row.days,
            waits_for: read(WaitsFor::parse(&row.waits_for), "review_steps.waits_for")?,
            fact: row.fact.map(|code| read(StepFact::parse(&code), "review_steps.fact")).transpose()?,
        },
        own_date: row.own_date,
        done_on: row.done_on,
        done_by: row.done_by.map(UserId),
    })
}

fn model(step: &ReviewStep) -> review_steps::Model {
    review_steps::Model {
        review_id: step.review.0,
        ordinal: step.ordinal,
        phase: step.template.phase.code().to_owned(),
        name: step.template.name.clone(),
        days: step.template.days,
        waits_for: step.template.waits_for.code().to_owned(),
        fact: step.template.fact.map(|fact| fact.code().to_owned()),
        own_date: step.own_date,
        done_on: step.done_on,
        done_by: step.done_by.map(|user| user.0),
    }
}

/// The steps of every review, in order.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn all(tx: &Tx) -> Result<BTreeMap<ReviewId, Vec<ReviewStep>>, StorageError> {
    let rows = review_steps::Entity::find().order_by_asc(review_steps::Column::Ordinal).all(tx.connection()).await?;
    let mut found: BTreeMap<ReviewId, Vec<ReviewStep>> = BTreeMap::new();
    for row in rows {
        let step = stored(row)?;
        found.entry(step.review).or_default().push(step);
    }
    Ok(found)
}

/// The steps of one review, in order.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn of_review(tx: &Tx, review: ReviewId) -> Result<Vec<ReviewStep>, StorageError> {
    let rows = review_steps::Entity::find().filter(review_steps::Column::ReviewId.eq(review.0));
    rows.order_by_asc(review_steps::Column::Ordinal).all(tx.connection()).await?.into_iter().map(stored).collect()
}

/// Puts steps in the place of all that a review had.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn replace(tx: &WriteTx, review: ReviewId, steps: &[ReviewStep]) -> Result<(), StorageError> {
    review_steps::Entity::delete_many().filter(review_steps::Column::ReviewId.eq(review.0)).exec(tx.connection()).await?;
    put(tx, steps.iter().map(model).collect()).await
}

/// The template for new reviews of a kind; empty while nobody chose another than the product's own.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn template(tx: &Tx, kind: ReviewKind) -> Result<Vec<StepTemplate>, StorageError> {
    let rows = step_templates::Entity::find().filter(step_templates::Column::Kind.eq(kind.code()));
    let rows = rows.order_by_asc(step_templates::Column::Ordinal).all(tx.connection()).await?;
    let stored = |row: step_templates::Model| {
        Ok(StepTemplate {
            phase: read(ReviewPhase::parse(&row.phase), "step_templates.phase")?,
            name: row.name,
            days: row.days,
            waits_for: read(WaitsFor::parse(&row.waits_for), "step_templates.waits_for")?,
            fact: row.fact.map(|code| read(StepFact::parse(&code), "step_templates.fact")).transpose()?,
        })
    };
    rows.into_iter().map(stored).collect()
}

/// Puts a template in the place of the one there was; an empty one gives the product's own back.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn set_template(tx: &WriteTx, kind: ReviewKind, steps: &[StepTemplate]) -> Result<(), StorageError> {
    step_templates::Entity::delete_many().filter(step_templates::Column::Kind.eq(kind.code())).exec(tx.connection()).await?;
    let row = |(ordinal, step): (i32, &StepTemplate)| step_templates::Model {
        kind: kind.code().to_owned(),
        ordinal,
        phase: step.phase.code().to_owned(),
        name: step.name.clone(),
        days: step.days,
        waits_for: step.waits_for.code().to_owned(),
        fact: step.fact.map(|fact| fact.code().to_owned()),
    };
    put(tx, (1..).zip(steps).map(row).collect()).await
}

/// What happened to a review as a whole, oldest first.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn moves(tx: &Tx, review: ReviewId) -> Result<Vec<ReviewMove>, StorageError> {
    let rows = review_moves::Entity::find().filter(review_moves::Column::ReviewId.eq(review.0));
    let rows = rows.order_by_asc(review_moves::Column::At).order_by_asc(review_moves::Column::Id).all(tx.connection()).await?;
    let stored = |row: review_moves::Model| {
        Ok(ReviewMove {
            review: ReviewId(row.review_id),
            event: read(ReviewEvent::parse(&row.event), "review_moves.event")?,
            from: read(ReviewState::parse(&row.from_state), "review_moves.from_state")?,
            to: read(ReviewState::parse(&row.to_state), "review_moves.to_state")?,
            at: row.at,
            by: row.made_by.map(UserId),
            reason: row.reason,
        })
    };
    rows.into_iter().map(stored).collect()
}

/// Notes that something happened to a review as a whole.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn note_move(tx: &WriteTx, id: Uuid, done: &ReviewMove) -> Result<(), StorageError> {
    let row = review_moves::Model {
        id,
        review_id: done.review.0,
        event: done.event.code().to_owned(),
        from_state: done.from.code().to_owned(),
        to_state: done.to.code().to_owned(),
        at: done.at,
        made_by: done.by.map(|user| user.0),
        reason: done.reason.clone(),
    };
    put(tx, vec![row]).await
}
