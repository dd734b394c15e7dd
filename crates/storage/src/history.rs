//! Who made what in a round, to tell who was where and by whose hand.

use std::collections::BTreeMap;

use kernschil_domain::ids::{RoundId, RunId, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::entity::{allocation_runs, board_changes};
use crate::error::StorageError;
use crate::store::Tx;

/// Who asked for the runs of a round.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn makers_of_runs(tx: &Tx, round: RoundId) -> Result<BTreeMap<RunId, Option<UserId>>, StorageError> {
    let rows: Vec<(sea_orm::prelude::Uuid, Option<sea_orm::prelude::Uuid>)> = allocation_runs::Entity::find()
        .select_only()
        .column(allocation_runs::Column::Id)
        .column(allocation_runs::Column::MadeBy)
        .filter(allocation_runs::Column::RoundId.eq(round.0))
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(rows.into_iter().map(|(id, by)| (RunId(id), by.map(UserId))).collect())
}

/// The steps of every change on the board of a round, as JSON, with who made it; those that were undone too.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn makers_of_changes(tx: &Tx, round: RoundId) -> Result<Vec<(String, Option<UserId>)>, StorageError> {
    let rows: Vec<(String, Option<sea_orm::prelude::Uuid>)> = board_changes::Entity::find()
        .select_only()
        .column(board_changes::Column::Steps)
        .column(board_changes::Column::MadeBy)
        .filter(board_changes::Column::RoundId.eq(round.0))
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(rows.into_iter().map(|(steps, by)| (steps, by.map(UserId))).collect())
}
