//! What was imported, when and by whom.

use chrono::{DateTime, Utc};
use kernschil_domain::ids::{ImportId, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::imports;
use crate::error::StorageError;
use crate::rows::put;
use crate::store::{Tx, WriteTx};

/// An import as stored.
#[derive(Debug, Clone)]
pub struct StoredImport {
    /// Identifier.
    pub id: ImportId,
    /// Stable code of the kind of workbook.
    pub kind: String,
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of the file.
    pub file_hash: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by: Option<UserId>,
    /// Counts, as JSON.
    pub result: String,
}

/// Notes an import.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn insert(tx: &WriteTx, import: StoredImport) -> Result<(), StorageError> {
    let row = imports::Model {
        id: import.id.0,
        kind: import.kind,
        file_name: import.file_name,
        file_hash: import.file_hash,
        made_at: import.made_at,
        made_by: import.made_by.map(|id| id.0),
        result: import.result,
    };
    put(tx, vec![row]).await
}

/// The latest imports, newest first: of one user, or of everybody.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn latest(tx: &Tx, by: Option<UserId>, most: u64) -> Result<Vec<StoredImport>, StorageError> {
    let all = imports::Entity::find().order_by_desc(imports::Column::MadeAt).limit(most);
    let some = match by {
        Some(user) => all.filter(imports::Column::MadeBy.eq(user.0)),
        None => all,
    };
    let rows = some.all(tx.connection()).await?;
    let import = |row: imports::Model| StoredImport {
        id: ImportId(row.id),
        kind: row.kind,
        file_name: row.file_name,
        file_hash: row.file_hash,
        made_at: row.made_at,
        made_by: row.made_by.map(UserId),
        result: row.result,
    };
    Ok(rows.into_iter().map(import).collect())
}
