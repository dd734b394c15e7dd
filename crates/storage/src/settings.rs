//! Settings of the installation: a name and a value each. What they mean is decided above.

use std::collections::BTreeMap;

use sea_orm::EntityTrait;

use crate::entity::settings;
use crate::error::StorageError;
use crate::rows::{all, put};
use crate::store::{Tx, WriteTx};

/// All settings that were changed from their default.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn load(tx: &Tx) -> Result<BTreeMap<String, String>, StorageError> {
    Ok(all::<settings::Entity>(tx).await?.into_iter().map(|row| (row.name, row.value)).collect())
}

/// The value of one setting.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn get(tx: &Tx, name: &str) -> Result<Option<String>, StorageError> {
    Ok(settings::Entity::find_by_id(name.to_owned()).one(tx.connection()).await?.map(|row| row.value))
}

/// Sets one.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn set(tx: &WriteTx, name: &str, value: &str) -> Result<(), StorageError> {
    put(tx, vec![settings::Model { name: name.to_owned(), value: value.to_owned() }]).await
}
