//! Second factors, recovery codes, and browsers that are known.

use chrono::{DateTime, Utc};
use kernschil_domain::ids::UserId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter};

use crate::entity::{known_devices, recovery_codes, second_factors};
use crate::error::StorageError;
use crate::rows::put;
use crate::store::{Tx, WriteTx};

/// A second factor.
#[derive(Debug, Clone)]
pub struct StoredSecondFactor {
    /// Whose it is.
    pub user: UserId,
    /// The shared secret, in base32.
    pub secret: String,
    /// The last time step of which a code was used.
    pub last_step: Option<i64>,
    /// When the first code was given; until then it is not asked for.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// Stores a second factor, or replaces the one of the same user. No wrong codes were given to it yet.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put_second_factor(tx: &WriteTx, factor: StoredSecondFactor) -> Result<(), StorageError> {
    let row = second_factors::Model {
        user_id: factor.user.0,
        secret: factor.secret,
        last_step: factor.last_step,
        confirmed_at: factor.confirmed_at,
        failures: 0,
    };
    put(tx, vec![row]).await
}

/// Notes that the code of a step was used. Answers whether it was not used before: of two at once one gets yes.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn use_step(tx: &WriteTx, user: UserId, step: i64) -> Result<bool, StorageError> {
    let unused = second_factors::Column::LastStep.is_null().or(second_factors::Column::LastStep.lt(step));
    let done = second_factors::Entity::update_many()
        .col_expr(second_factors::Column::LastStep, Expr::value(step))
        .filter(second_factors::Column::UserId.eq(user.0))
        .filter(unused)
        .exec(tx.connection())
        .await?;
    Ok(done.rows_affected == 1)
}

/// The second factor of a user.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn second_factor(tx: &Tx, user: UserId) -> Result<Option<StoredSecondFactor>, StorageError> {
    let row = second_factors::Entity::find_by_id(user.0).one(tx.connection()).await?;
    Ok(row.map(|row| StoredSecondFactor {
        user: UserId(row.user_id),
        secret: row.secret,
        last_step: row.last_step,
        confirmed_at: row.confirmed_at,
    }))
}

/// Removes the second factor of a user, and the recovery codes with it.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn remove_second_factor(tx: &WriteTx, user: UserId) -> Result<(), StorageError> {
    second_factors::Entity::delete_by_id(user.0).exec(tx.connection()).await?;
    recovery_codes::Entity::delete_many().filter(recovery_codes::Column::UserId.eq(user.0)).exec(tx.connection()).await?;
    Ok(())
}

/// Replaces the recovery codes of a user.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn replace_recovery_codes(tx: &WriteTx, user: UserId, hashes: Vec<String>) -> Result<(), StorageError> {
    recovery_codes::Entity::delete_many().filter(recovery_codes::Column::UserId.eq(user.0)).exec(tx.connection()).await?;
    put(tx, hashes.into_iter().map(|code_hash| recovery_codes::Model { user_id: user.0, code_hash, used_at: None }).collect()).await
}

/// Uses a recovery code. Answers whether it was there and not used before.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn use_recovery_code(tx: &WriteTx, user: UserId, code_hash: &str, at: DateTime<Utc>) -> Result<bool, StorageError> {
    let done = recovery_codes::Entity::update_many()
        .col_expr(recovery_codes::Column::UsedAt, Expr::value(at))
        .filter(recovery_codes::Column::UserId.eq(user.0))
        .filter(recovery_codes::Column::CodeHash.eq(code_hash))
        .filter(recovery_codes::Column::UsedAt.is_null())
        .exec(tx.connection())
        .await?;
    Ok(done.rows_affected == 1)
}

/// Number of recovery codes that were not used yet.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn recovery_codes_left(tx: &Tx, user: UserId) -> Result<u64, StorageError> {
    let left =
        recovery_codes::Entity::find().filter(recovery_codes::Column::UserId.eq(user.0)).filter(recovery_codes::Column::UsedAt.is_null());
    Ok(left.count(tx.connection()).await?)
}

/// Remembers a browser in which a user signed in.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put_device(tx: &WriteTx, token_hash: String, user: UserId, at: DateTime<Utc>) -> Result<(), StorageError> {
    put(tx, vec![known_devices::Model { token_hash, user_id: user.0, created_at: at }]).await
}

/// Whether a user signed in with this browser before.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn knows_device(tx: &Tx, token_hash: &str, user: UserId) -> Result<bool, StorageError> {
    let row = known_devices::Entity::find_by_id(token_hash.to_owned()).one(tx.connection()).await?;
    Ok(row.is_some_and(|row| row.user_id == user.0))
}

/// Forgets the browsers of a user.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn forget_devices(tx: &WriteTx, user: UserId) -> Result<(), StorageError> {
    known_devices::Entity::delete_many().filter(known_devices::Column::UserId.eq(user.0)).exec(tx.connection()).await?;
    Ok(())
}
