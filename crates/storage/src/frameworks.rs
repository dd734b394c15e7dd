//! Quality frameworks: their versions, with what they say.

use kernschil_domain::frameworks::{Framework, FrameworkState};
use kernschil_domain::ids::{FrameworkId, UserId, Version};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::frameworks;
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Tx, WriteTx};

fn stored(row: frameworks::Model) -> Result<Framework, StorageError> {
    Ok(Framework {
        id: FrameworkId(row.id),
        slug: row.slug,
        content: read(serde_json::from_str(&row.content).ok(), "frameworks.content")?,
        state: match (row.published_at, row.withdrawn_at) {
            (None, _) => FrameworkState::Draft,
            (Some(at), None) => FrameworkState::Published { at },
            (Some(published), Some(at)) => FrameworkState::Withdrawn { published, at },
        },
        hash: row.hash,
        made_at: row.made_at,
        made_by: row.made_by.map(UserId),
        version: Version(row.version),
    })
}

fn model(framework: &Framework) -> Result<frameworks::Model, StorageError> {
    let content = serde_json::to_string(&framework.content).map_err(|error| StorageError::Encoding(error.to_string()))?;
    Ok(frameworks::Model {
        id: framework.id.0,
        slug: framework.slug.clone(),
        content,
        hash: framework.hash.clone(),
        published_at: framework.state.published_at(),
        withdrawn_at: match framework.state {
            FrameworkState::Draft | FrameworkState::Published { .. } => None,
            FrameworkState::Withdrawn { at, .. } => Some(at),
        },
        made_at: framework.made_at,
        made_by: framework.made_by.map(|user| user.0),
        version: framework.version.0,
    })
}

/// All versions, oldest first.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn list(tx: &Tx) -> Result<Vec<Framework>, StorageError> {
    let rows = frameworks::Entity::find()
        .order_by_asc(frameworks::Column::MadeAt)
        .order_by_asc(frameworks::Column::Slug)
        .all(tx.connection())
        .await?;
    rows.into_iter().map(stored).collect()
}

/// Stores a new version.
///
/// # Errors
/// [`StorageError::Constraint`] when its slug is in use.
pub async fn insert(tx: &WriteTx, new: &Framework) -> Result<(), StorageError> {
    put(tx, vec![model(new)?]).await
}

/// A version by its identifier.
///
/// # Errors
/// [`StorageError::NotFound`].
pub async fn get(tx: &Tx, id: FrameworkId) -> Result<Framework, StorageError> {
    frameworks::Entity::find_by_id(id.0).one(tx.connection()).await?.map(stored).ok_or(StorageError::NotFound)?
}

/// A version by its name in addresses.
///
/// # Errors
/// [`StorageError::NotFound`].
pub async fn find(tx: &Tx, slug: &str) -> Result<Framework, StorageError> {
    let row = frameworks::Entity::find().filter(frameworks::Column::Slug.eq(slug)).one(tx.connection()).await?;
    row.map(stored).ok_or(StorageError::NotFound)?
}

/// Stores what a draft says and whether it is published now. What is published does not change: it counts as stale, like
/// a draft that somebody else changed since it was read.
///
/// # Errors
/// [`StorageError::Stale`].
pub async fn save(tx: &WriteTx, changed: &Framework) -> Result<Version, StorageError> {
    let next = changed.version.next();
    let row = model(changed)?;
    let done = frameworks::Entity::update_many()
        .col_expr(frameworks::Column::Content, Expr::value(row.content))
        .col_expr(frameworks::Column::Hash, Expr::value(row.hash))
        .col_expr(frameworks::Column::PublishedAt, Expr::value(row.published_at))
        .col_expr(frameworks::Column::Version, Expr::value(next.0))
        .filter(frameworks::Column::Id.eq(changed.id.0))
        .filter(frameworks::Column::Version.eq(changed.version.0))
        .filter(frameworks::Column::PublishedAt.is_null())
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::Stale) } else { Ok(next) }
}

/// Stores whether a published framework is to be chosen; what it says stays as it is. Fails with `Stale` when somebody else
/// changed it since it was read, and for a draft.
///
/// # Errors
/// [`StorageError::Stale`].
pub async fn save_offer(tx: &WriteTx, changed: &Framework) -> Result<Version, StorageError> {
    let next = changed.version.next();
    let row = model(changed)?;
    let done = frameworks::Entity::update_many()
        .col_expr(frameworks::Column::WithdrawnAt, Expr::value(row.withdrawn_at))
        .col_expr(frameworks::Column::Version, Expr::value(next.0))
        .filter(frameworks::Column::Id.eq(changed.id.0))
        .filter(frameworks::Column::Version.eq(changed.version.0))
        .filter(frameworks::Column::PublishedAt.is_not_null())
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::Stale) } else { Ok(next) }
}

/// Removes a draft. Fails with `Stale` when somebody else changed or published it since it was read.
///
/// # Errors
/// [`StorageError::Stale`].
pub async fn remove(tx: &WriteTx, draft: FrameworkId, seen: Version) -> Result<(), StorageError> {
    let done = frameworks::Entity::delete_many()
        .filter(frameworks::Column::Id.eq(draft.0))
        .filter(frameworks::Column::Version.eq(seen.0))
        .filter(frameworks::Column::PublishedAt.is_null())
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::Stale) } else { Ok(()) }
}
