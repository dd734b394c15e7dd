//! Runs plain SQL on either database.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseBackend};

/// Runs each statement. `{id}`, `{time}` become the database's own types for a UUID and a UTC moment.
pub(crate) async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let (id, time) = match manager.get_database_backend() {
        DatabaseBackend::Postgres => ("uuid", "timestamptz"),
        _ => ("blob", "timestamp"),
    };
    for statement in statements {
        connection.execute_unprepared(&statement.replace("{id}", id).replace("{time}", time)).await?;
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
