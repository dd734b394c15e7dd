//! What changes about an account while somebody signs in or looks after her own account. Each writes one column: who
//! blocks an account at the same moment is not overwritten.

use chrono::{DateTime, Utc};
use kernschil_domain::ids::UserId;
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter};

use super::session;
use crate::entity::{known_devices, second_factors, sessions, users};
use crate::error::StorageError;
use crate::store::WriteTx;

async fn set(tx: &WriteTx, user: UserId, column: users::Column, value: SimpleExpr) -> Result<(), StorageError> {
    users::Entity::update_many().col_expr(column, value).filter(users::Column::Id.eq(user.0)).exec(tx.connection()).await?;
    Ok(())
}

/// Notes when somebody last came in.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn set_signed_in(tx: &WriteTx, user: UserId, at: DateTime<Utc>) -> Result<(), StorageError> {
    set(tx, user, users::Column::SignedInAt, Expr::value(at)).await
}

/// Stores the hash of a new password.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn set_password(tx: &WriteTx, user: UserId, hash: String) -> Result<(), StorageError> {
    set(tx, user, users::Column::PasswordHash, Expr::value(hash)).await
}

/// Stores another name.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn set_name(tx: &WriteTx, user: UserId, name: String) -> Result<(), StorageError> {
    set(tx, user, users::Column::Name, Expr::value(name)).await
}

/// Counts a second factor that is given to a session, before it is looked at. Answers how many there are now: of many
/// at once each gets a number of its own.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn count_attempt(tx: &WriteTx, token_hash: &str) -> Result<i32, StorageError> {
    sessions::Entity::update_many()
        .col_expr(sessions::Column::Attempts, Expr::col(sessions::Column::Attempts).add(1))
        .filter(sessions::Column::TokenHash.eq(token_hash))
        .exec(tx.connection())
        .await?;
    Ok(session(tx, token_hash).await?.map_or(0, |session| session.attempts))
}

/// Counts a wrong code for the second factor of somebody. Answers how many there were since the last right one.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn count_failure(tx: &WriteTx, user: UserId) -> Result<i32, StorageError> {
    second_factors::Entity::update_many()
        .col_expr(second_factors::Column::Failures, Expr::col(second_factors::Column::Failures).add(1))
        .filter(second_factors::Column::UserId.eq(user.0))
        .exec(tx.connection())
        .await?;
    let row = second_factors::Entity::find_by_id(user.0).one(tx.connection()).await?;
    Ok(row.map_or(0, |row| row.failures))
}

/// Forgets the wrong codes that were given for the second factor of somebody: a right one was.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn forget_failures(tx: &WriteTx, user: UserId) -> Result<(), StorageError> {
    second_factors::Entity::update_many()
        .col_expr(second_factors::Column::Failures, Expr::value(0))
        .filter(second_factors::Column::UserId.eq(user.0))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Forgets browsers in which nobody signed in since a moment.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn forget_devices_before(tx: &WriteTx, before: DateTime<Utc>) -> Result<(), StorageError> {
    known_devices::Entity::delete_many().filter(known_devices::Column::CreatedAt.lt(before)).exec(tx.connection()).await?;
    Ok(())
}
