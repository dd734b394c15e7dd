//! What managing accounts asks of the database besides: waiting for each other, and lists over all accounts.

use std::collections::BTreeSet;

use kernschil_domain::access::Role;
use kernschil_domain::ids::UserId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::{api_tokens, role_grants, second_factors, users};
use crate::error::StorageError;
use crate::store::{Tx, WriteTx};

/// Makes others who manage accounts wait until this transaction ends: locks the accounts of everybody who is or was an
/// administrator, and one more, always in the same order. On SQLite there is one writer anyway.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn lock_accounts(tx: &WriteTx, user: UserId) -> Result<(), StorageError> {
    let administrators = role_grants::Entity::find().filter(role_grants::Column::Role.eq(Role::Administrator.code()));
    let administrators = administrators.all(tx.connection()).await?.into_iter().map(|row| row.user_id);
    let these: BTreeSet<_> = administrators.chain([user.0]).collect();
    let locked = users::Entity::find().filter(users::Column::Id.is_in(these)).order_by_asc(users::Column::Id);
    locked.lock_exclusive().all(tx.connection()).await?;
    Ok(())
}

/// The accounts that ask for a second factor.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn with_second_factor(tx: &Tx) -> Result<BTreeSet<UserId>, StorageError> {
    let rows = second_factors::Entity::find().filter(second_factors::Column::ConfirmedAt.is_not_null()).all(tx.connection()).await?;
    Ok(rows.into_iter().map(|row| UserId(row.user_id)).collect())
}

/// Removes the tokens of a user, with what she called them.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn remove_tokens(tx: &WriteTx, user: UserId) -> Result<(), StorageError> {
    api_tokens::Entity::delete_many().filter(api_tokens::Column::UserId.eq(user.0)).exec(tx.connection()).await?;
    Ok(())
}
