//! The schema as the database itself tells it.

use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

use crate::error::StorageError;
use crate::store::Tx;

/// Where sea-orm-migration keeps its steps; no table of ours.
const STEPS: &str = "seaql_migrations";

/// Every column of every table: names of table and column.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn columns(tx: &Tx) -> Result<Vec<(String, String)>, StorageError> {
    let backend = tx.connection().get_database_backend();
    let sql = match backend {
        DatabaseBackend::Postgres => {
            "SELECT table_name::text AS of_table, column_name::text AS of_column FROM information_schema.columns
             WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position"
        }
        _ => {
            "SELECT m.name AS of_table, c.name AS of_column FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid"
        }
    };
    let mut found = Vec::new();
    for row in tx.connection().query_all_raw(Statement::from_string(backend, sql)).await? {
        let (table, column): (String, String) = (row.try_get("", "of_table")?, row.try_get("", "of_column")?);
        if table != STEPS {
            found.push((table, column));
        }
    }
    Ok(found)
}
