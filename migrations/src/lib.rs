//! The steps that build the database, on SQLite and on PostgreSQL, up and down.
//!
//! Each step is one file with plain SQL; words between braces are written per database (see [`sql`]).

mod m0001_registry;
mod m0002_cohorts;
mod m0003_rounds;
mod m0004_access;
mod m0005_accounts;
mod m0006_allocation;
mod m0007_reviews;
mod sql;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

/// All steps, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_registry::Migration),
            Box::new(m0002_cohorts::Migration),
            Box::new(m0003_rounds::Migration),
            Box::new(m0004_access::Migration),
            Box::new(m0005_accounts::Migration),
            Box::new(m0006_allocation::Migration),
            Box::new(m0007_reviews::Migration),
        ]
    }
}
