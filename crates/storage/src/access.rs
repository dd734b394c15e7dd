//! Users and sessions. Only hashes of passwords and session tokens are kept.

use chrono::{DateTime, Utc};
use kernschil_domain::ids::UserId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::entity::{sessions, users};
use crate::error::StorageError;
use crate::rows::put;
use crate::store::{Tx, WriteTx};

/// A user account.
#[derive(Debug, Clone)]
pub struct StoredUser {
    /// Identifier.
    pub id: UserId,
    /// Address to sign in with, in lower case.
    pub email: String,
    /// Name.
    pub name: String,
    /// argon2id hash of the password.
    pub password_hash: String,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
}

/// A session.
#[derive(Debug, Clone)]
pub struct StoredSession {
    /// SHA-256 of the token in the cookie.
    pub token_hash: String,
    /// Whose it is.
    pub user: UserId,
    /// Token that each form sends along.
    pub csrf_token: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub seen_at: DateTime<Utc>,
    /// When it ends, whatever happens.
    pub expires_at: DateTime<Utc>,
}

/// Number of accounts.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn count_users(tx: &Tx) -> Result<u64, StorageError> {
    Ok(users::Entity::find().count(tx.connection()).await?)
}

/// Stores a user, or replaces the one with the same id.
///
/// # Errors
/// [`StorageError::Constraint`] when the address is taken.
pub async fn put_user(tx: &WriteTx, user: StoredUser) -> Result<(), StorageError> {
    let row =
        users::Model { id: user.id.0, email: user.email, name: user.name, password_hash: user.password_hash, created_at: user.created_at };
    put(tx, vec![row]).await
}

/// The user with an address.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn user_by_email(tx: &Tx, email: &str) -> Result<Option<StoredUser>, StorageError> {
    Ok(users::Entity::find().filter(users::Column::Email.eq(email)).one(tx.connection()).await?.map(row_user))
}

/// The user with an id.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn user(tx: &Tx, id: UserId) -> Result<Option<StoredUser>, StorageError> {
    Ok(users::Entity::find_by_id(id.0).one(tx.connection()).await?.map(row_user))
}

fn row_user(row: users::Model) -> StoredUser {
    StoredUser { id: UserId(row.id), email: row.email, name: row.name, password_hash: row.password_hash, created_at: row.created_at }
}

/// Begins a session.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn insert_session(tx: &WriteTx, session: StoredSession) -> Result<(), StorageError> {
    let row = sessions::Model {
        token_hash: session.token_hash,
        user_id: session.user.0,
        csrf_token: session.csrf_token,
        created_at: session.created_at,
        seen_at: session.seen_at,
        expires_at: session.expires_at,
    };
    put(tx, vec![row]).await
}

/// The session with a token hash.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn session(tx: &Tx, token_hash: &str) -> Result<Option<StoredSession>, StorageError> {
    let row = sessions::Entity::find_by_id(token_hash.to_owned()).one(tx.connection()).await?;
    Ok(row.map(|row| StoredSession {
        token_hash: row.token_hash,
        user: UserId(row.user_id),
        csrf_token: row.csrf_token,
        created_at: row.created_at,
        seen_at: row.seen_at,
        expires_at: row.expires_at,
    }))
}

/// Notes that a session was used.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn touch_session(tx: &WriteTx, token_hash: &str, at: DateTime<Utc>) -> Result<(), StorageError> {
    sessions::Entity::update_many()
        .col_expr(sessions::Column::SeenAt, Expr::value(at))
        .filter(sessions::Column::TokenHash.eq(token_hash))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn end_session(tx: &WriteTx, token_hash: &str) -> Result<(), StorageError> {
    sessions::Entity::delete_by_id(token_hash.to_owned()).exec(tx.connection()).await?;
    Ok(())
}

/// Removes sessions that ended before a moment.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn sweep_sessions(tx: &WriteTx, before: DateTime<Utc>) -> Result<(), StorageError> {
    sessions::Entity::delete_many().filter(sessions::Column::ExpiresAt.lt(before)).exec(tx.connection()).await?;
    Ok(())
}
