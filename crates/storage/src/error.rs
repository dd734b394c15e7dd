//! What can go wrong in the database, in words the floors above can act on.

use sea_orm::{DbErr, RuntimeErr};
use thiserror::Error;

/// A failure of the database.
#[derive(Debug, Error)]
pub enum StorageError {
    /// Somebody else changed the row since it was seen.
    #[error("somebody else changed this in the meantime")]
    Stale,
    /// There is no such row.
    #[error("not found")]
    NotFound,
    /// No place is left, or the demand has a place already: somebody was first.
    #[error("the place was given away in the meantime")]
    PlaceTaken,
    /// The database breaks a named rule; the message is the database's own.
    #[error("constraint violated: {0}")]
    Constraint(String),
    /// The database was made by a newer version of the program.
    #[error("the database was made by a newer version")]
    NewerDatabase,
    /// Stored text that this version cannot read.
    #[error("unreadable value in {column}")]
    Unreadable {
        /// Table and column.
        column: &'static str,
    },
    /// A backup file that is no database of this program, or is damaged.
    #[error("this is not a readable backup: {0}")]
    Backup(String),
    /// A value that cannot be written as JSON.
    #[error("encoding: {0}")]
    Encoding(String),
    /// Any other failure.
    #[error("database: {0}")]
    Database(String),
}

impl From<DbErr> for StorageError {
    fn from(error: DbErr) -> Self {
        if matches!(error, DbErr::RecordNotFound(_) | DbErr::RecordNotUpdated) {
            return Self::NotFound;
        }
        let text = error.to_string();
        if ["uq_placements_live", "placements.demand_id", "ck_offers_used"].iter().any(|name| text.contains(name)) {
            return Self::PlaceTaken;
        }
        match &error {
            DbErr::Exec(RuntimeErr::SqlxError(_)) | DbErr::Query(RuntimeErr::SqlxError(_)) if is_constraint(&text) => {
                Self::Constraint(text)
            }
            _ => Self::Database(text),
        }
    }
}

fn is_constraint(text: &str) -> bool {
    ["constraint failed", "violates"].iter().any(|part| text.contains(part))
}
