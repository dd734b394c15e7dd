//! Peer reviews as a whole: what they are and how far. What is written in them stands in rooms of its own.

pub mod carrying;
pub mod day_notes;
pub mod evidence;
pub mod figures;
pub mod findings;
pub mod follow_ups;
pub mod gates;
pub mod joint;
pub mod members;
pub mod peers;
pub mod poll;
pub mod programme;
pub mod questions;
pub mod reminders;
pub mod reports;
pub mod steps;
pub mod texts;
pub mod verdicts;

use std::collections::BTreeMap;

use kernschil_domain::ids::{FrameworkId, PartnershipId, RegionId, ReviewId, UserId, Version};
use kernschil_domain::reviews::{PlannedYear, Receiver, Review, ReviewKind, ReviewState};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::{review_years, reviews};
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Tx, WriteTx};

fn stored(row: reviews::Model, years: Vec<PlannedYear>) -> Result<Review, StorageError> {
    let receiver = match (row.partnership_id, row.region_id) {
        (Some(id), None) => Some(Receiver::Partnership(PartnershipId(id))),
        (None, Some(id)) => Some(Receiver::Region(RegionId(id))),
        _ => None,
    };
    let outcome = row.outcome.map(|text| read(serde_json::from_str(&text).ok(), "reviews.outcome")).transpose()?;
    Ok(Review {
        id: ReviewId(row.id),
        slug: row.slug,
        name: row.name,
        kind: read(ReviewKind::parse(&row.kind), "reviews.kind")?,
        receiver: read(receiver, "reviews.partnership_id")?,
        framework: FrameworkId(row.framework_id),
        state: read(ReviewState::parse(&row.state), "reviews.state")?,
        years,
        visit_on: row.visit_on,
        held_on: row.held_on,
        due_on: row.due_on,
        reflected_at: row.reflected_at,
        opened_at: row.opened_at,
        outcome,
        respond_by: row.respond_by,
        report_year: row.report_year,
        published_at: row.published_at,
        previous: row.previous_id.map(ReviewId),
        made_at: row.made_at,
        made_by: row.made_by.map(UserId),
        version: Version(row.version),
    })
}

fn model(review: &Review, version: Version) -> Result<reviews::Model, StorageError> {
    let (partnership, region) = match review.receiver {
        Receiver::Partnership(id) => (Some(id.0), None),
        Receiver::Region(id) => (None, Some(id.0)),
    };
    let outcome = review.outcome.as_ref().map(serde_json::to_string).transpose();
    Ok(reviews::Model {
        id: review.id.0,
        slug: review.slug.clone(),
        name: review.name.clone(),
        kind: review.kind.code().to_owned(),
        partnership_id: partnership,
        region_id: region,
        framework_id: review.framework.0,
        state: review.state.code().to_owned(),
        visit_on: review.visit_on,
        held_on: review.held_on,
        due_on: review.due_on,
        reflected_at: review.reflected_at,
        opened_at: review.opened_at,
        outcome: outcome.map_err(|error| StorageError::Encoding(error.to_string()))?,
        respond_by: review.respond_by,
        report_year: review.report_year,
        published_at: review.published_at,
        previous_id: review.previous.map(|id| id.0),
        made_at: review.made_at,
        made_by: review.made_by.map(|user| user.0),
        version: version.0,
    })
}

fn year_rows(review: &Review) -> Vec<review_years::Model> {
    let row = |planned: &PlannedYear| review_years::Model { review_id: review.id.0, year: planned.year, source: planned.source.clone() };
    review.years.iter().map(row).collect()
}

/// All reviews, by name.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn list(tx: &Tx) -> Result<Vec<Review>, StorageError> {
    let mut years: BTreeMap<ReviewId, Vec<PlannedYear>> = BTreeMap::new();
    let found = review_years::Entity::find()
        .order_by_asc(review_years::Column::Year)
        .order_by_asc(review_years::Column::Source)
        .all(tx.connection())
        .await?;
    for row in found {
        years.entry(ReviewId(row.review_id)).or_default().push(PlannedYear { year: row.year, source: row.source });
    }
    let rows = reviews::Entity::find().order_by_asc(reviews::Column::Name).order_by_asc(reviews::Column::Id).all(tx.connection()).await?;
    let with_years = |row: reviews::Model| {
        let of = years.remove(&ReviewId(row.id)).unwrap_or_default();
        stored(row, of)
    };
    rows.into_iter().map(with_years).collect()
}

/// Stores a new review with its years.
///
/// # Errors
/// [`StorageError::Constraint`] when its slug is in use.
pub async fn insert(tx: &WriteTx, new: &Review) -> Result<(), StorageError> {
    put(tx, vec![model(new, new.version)?]).await?;
    put(tx, year_rows(new)).await
}

/// Stores a changed review with its years. Fails with `Stale` when somebody else changed it since it was read.
///
/// # Errors
/// [`StorageError::Stale`].
pub async fn save(tx: &WriteTx, changed: &Review) -> Result<Version, StorageError> {
    let next = changed.version.next();
    let done = reviews::Entity::update_many()
        .col_expr(reviews::Column::Version, Expr::value(next.0))
        .filter(reviews::Column::Id.eq(changed.id.0))
        .filter(reviews::Column::Version.eq(changed.version.0))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 {
        return Err(StorageError::Stale);
    }
    put(tx, vec![model(changed, next)?]).await?;
    review_years::Entity::delete_many().filter(review_years::Column::ReviewId.eq(changed.id.0)).exec(tx.connection()).await?;
    put(tx, year_rows(changed)).await?;
    Ok(next)
}

/// Makes others who change the review, or anything in it, wait until this transaction ends.
///
/// # Errors
/// [`StorageError::NotFound`].
pub async fn lock(tx: &WriteTx, review: ReviewId) -> Result<(), StorageError> {
    // Writing the row locks it on PostgreSQL; on SQLite there is one writer anyway.
    let done = reviews::Entity::update_many()
        .col_expr(reviews::Column::Slug, Expr::col(reviews::Column::Slug))
        .filter(reviews::Column::Id.eq(review.0))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::NotFound) } else { Ok(()) }
}
