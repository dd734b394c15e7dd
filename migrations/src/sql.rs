//! Runs plain SQL on either database.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

/// Runs each statement. `{id}`, `{time}`, `{bytes}` become the database's own types for a UUID, a UTC moment and bytes.
pub(crate) async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let (id, time, bytes) = match manager.get_database_backend() {
        DatabaseBackend::Postgres => ("uuid", "timestamptz", "bytea"),
        _ => ("blob", "timestamp", "blob"),
    };
    for statement in statements {
        connection.execute_unprepared(&statement.replace("{id}", id).replace("{time}", time).replace("{bytes}", bytes)).await?;
    }
    Ok(())
}

/// Drops tables, in this order.
pub(crate) async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    for table in tables {
        manager.get_connection().execute_unprepared(&format!("DROP TABLE {table}")).await?;
    }
    Ok(())
}

/// A CHECK, before and after a step.
pub(crate) struct Check {
    /// Table it stands on.
    pub(crate) table: &'static str,
    /// Its name.
    pub(crate) name: &'static str,
    /// What it asks before the step, letter for letter as in the step that made it.
    pub(crate) before: &'static str,
    /// What it asks after the step.
    pub(crate) after: &'static str,
}

impl Check {
    /// The way back.
    pub(crate) const fn reversed(&self) -> Self {
        Self { table: self.table, name: self.name, before: self.after, after: self.before }
    }
}

/// Changes what a CHECK asks. SQLite cannot alter one; its own manual gives this way for a change that leaves the rows
/// as they are (<https://www.sqlite.org/lang_altertable.html>, section 7): the stored text of the table is replaced.
pub(crate) async fn change_check(manager: &SchemaManager<'_>, check: &Check) -> Result<(), DbErr> {
    let Check { table, name, before, after } = *check;
    let connection = manager.get_connection();
    if manager.get_database_backend() == DatabaseBackend::Postgres {
        connection.execute_unprepared(&format!("ALTER TABLE {table} DROP CONSTRAINT {name}")).await?;
        connection.execute_unprepared(&format!("ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({after})")).await?;
        return Ok(());
    }
    let quoted = |text: &str| text.replace('\'', "''");
    let (before, after) = (quoted(&format!("{name} CHECK ({before})")), quoted(&format!("{name} CHECK ({after})")));
    let version = connection
        .query_one_raw(Statement::from_string(DatabaseBackend::Sqlite, "PRAGMA schema_version"))
        .await?
        .map_or(Ok(0), |row| row.try_get_by_index::<i32>(0))?;
    connection.execute_unprepared("PRAGMA writable_schema = ON").await?;
    let update = format!(
        "UPDATE sqlite_schema SET sql = replace(sql, '{before}', '{after}') WHERE type = 'table' AND name = '{table}' AND instr(sql, '{before}') > 0"
    );
    let changed = connection.execute_unprepared(&update).await?.rows_affected();
    connection.execute_unprepared(&format!("PRAGMA schema_version = {}", version + 1)).await?;
    connection.execute_unprepared("PRAGMA writable_schema = OFF").await?;
    if changed == 1 { Ok(()) } else { Err(DbErr::Custom(format!("{name} does not stand on {table} as it was made"))) }
}
