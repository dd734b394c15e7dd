//! API tokens.

use chrono::{DateTime, Utc};
use kernschil_domain::access::TokenScope;
use kernschil_domain::ids::{TokenId, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::api_tokens;
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Tx, WriteTx};

/// An API token.
#[derive(Debug, Clone)]
pub struct StoredToken {
    /// Identifier.
    pub id: TokenId,
    /// Whose it is.
    pub user: UserId,
    /// What its owner calls it.
    pub name: String,
    /// SHA-256 of the token.
    pub token_hash: String,
    /// How much of its owner's rights it carries.
    pub scope: TokenScope,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was last used.
    pub used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

fn row_token(row: api_tokens::Model) -> Result<StoredToken, StorageError> {
    Ok(StoredToken {
        id: TokenId(row.id),
        user: UserId(row.user_id),
        name: row.name,
        token_hash: row.token_hash,
        scope: read(TokenScope::parse(&row.scope), "api_tokens.scope")?,
        created_at: row.created_at,
        expires_at: row.expires_at,
        used_at: row.used_at,
        revoked_at: row.revoked_at,
    })
}

/// Stores a token, or replaces the one with the same id.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put_token(tx: &WriteTx, token: StoredToken) -> Result<(), StorageError> {
    let row = api_tokens::Model {
        id: token.id.0,
        user_id: token.user.0,
        name: token.name,
        token_hash: token.token_hash,
        scope: token.scope.code().to_owned(),
        created_at: token.created_at,
        expires_at: token.expires_at,
        used_at: token.used_at,
        revoked_at: token.revoked_at,
    };
    put(tx, vec![row]).await
}

/// The token with a hash.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn token(tx: &Tx, token_hash: &str) -> Result<Option<StoredToken>, StorageError> {
    let row = api_tokens::Entity::find().filter(api_tokens::Column::TokenHash.eq(token_hash)).one(tx.connection()).await?;
    row.map(row_token).transpose()
}

/// The tokens of a user, newest first, revoked and ended ones included.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn tokens_of(tx: &Tx, user: UserId) -> Result<Vec<StoredToken>, StorageError> {
    let rows = api_tokens::Entity::find().filter(api_tokens::Column::UserId.eq(user.0)).order_by_desc(api_tokens::Column::CreatedAt);
    rows.all(tx.connection()).await?.into_iter().map(row_token).collect()
}

/// Notes that a token was used.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn touch_token(tx: &WriteTx, id: TokenId, at: DateTime<Utc>) -> Result<(), StorageError> {
    api_tokens::Entity::update_many()
        .col_expr(api_tokens::Column::UsedAt, Expr::value(at))
        .filter(api_tokens::Column::Id.eq(id.0))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Revokes a token of a user, or all of them. Answers how many.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn revoke_tokens(tx: &WriteTx, user: UserId, id: Option<TokenId>, at: DateTime<Utc>) -> Result<u64, StorageError> {
    let mut these = api_tokens::Entity::update_many()
        .col_expr(api_tokens::Column::RevokedAt, Expr::value(at))
        .filter(api_tokens::Column::UserId.eq(user.0))
        .filter(api_tokens::Column::RevokedAt.is_null());
    if let Some(id) = id {
        these = these.filter(api_tokens::Column::Id.eq(id.0));
    }
    Ok(these.exec(tx.connection()).await?.rows_affected)
}
