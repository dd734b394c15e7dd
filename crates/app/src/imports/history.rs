//! What was loaded before.

use chrono::{DateTime, Utc};
use kernschil_domain::access::Permission;
use kernschil_domain::ids::ImportId;
use kernschil_spreadsheets::ImportKind;
use kernschil_storage::{access, imports};
use serde::{Deserialize, Serialize};

use super::diff::Table;
use crate::error::AppError;
use crate::{Actor, App};

/// A file that was loaded.
#[derive(Debug, Clone, Serialize)]
pub struct PastImport {
    /// Identifier.
    pub id: ImportId,
    /// Kind of file.
    #[serde(serialize_with = "super::code_of")]
    pub kind: ImportKind,
    /// Name of the file.
    pub file_name: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Name of who did it; nothing for somebody at the command line.
    pub made_by: Option<String>,
    /// What it changed.
    pub changes: Vec<PastChange>,
}

/// What a file changed in one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PastChange {
    /// Stable code of the table.
    pub table: String,
    /// Dutch name of what is in it.
    pub dutch: String,
    /// Rows that were not there yet.
    pub added: usize,
    /// Rows that changed.
    pub changed: usize,
    /// Rows that were there already.
    pub unchanged: usize,
}

/// As it stands in the database. The Dutch name may be improved later, so it is looked up.
#[derive(Deserialize)]
struct StoredChange {
    table: String,
    added: usize,
    changed: usize,
    unchanged: usize,
}

impl From<StoredChange> for PastChange {
    fn from(stored: StoredChange) -> Self {
        let dutch = Table::parse(&stored.table).map_or_else(|| stored.table.clone(), |table| table.dutch().to_owned());
        Self { table: stored.table, dutch, added: stored.added, changed: stored.changed, unchanged: stored.unchanged }
    }
}

/// The latest files that somebody loaded, newest first; of everybody for who may load the registry.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn history(app: &App, actor: &Actor, most: u64) -> Result<Vec<PastImport>, AppError> {
    app.store
        .read(async |tx| {
            let mut past = Vec::new();
            // What others loaded is for who loads for everybody.
            let by = if actor.may(Permission::ImportRegistry) { None } else { actor.user() };
            for import in imports::latest(tx, by, most).await? {
                let Some(kind) = ImportKind::parse(&import.kind) else { continue };
                let made_by = match import.made_by {
                    Some(id) => access::user(tx, id).await?.map(|user| user.name),
                    None => None,
                };
                let changes: Vec<StoredChange> = serde_json::from_str(&import.result).map_err(|e| AppError::Internal(e.to_string()))?;
                let changes = changes.into_iter().map(PastChange::from).collect();
                past.push(PastImport { id: import.id, kind, file_name: import.file_name, made_at: import.made_at, made_by, changes });
            }
            Ok(past)
        })
        .await
}
