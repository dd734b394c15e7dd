//! The database: the only floor that knows sea-orm.
//!
//! Reading and writing go through [`Store::read`] and [`Store::write`]; the rooms hold the queries,
//! one room per capability, and speak in the domain's types.

mod entity;
mod error;
mod rows;
mod store;

pub mod access;
pub mod announcements;
pub mod audit;
pub mod cohorts;
pub mod frameworks;
pub mod handwork;
pub mod history;
pub mod imports;
pub mod jobs;
pub mod mutations;
pub mod outbox;
pub mod placements;
pub mod planning;
pub mod policy;
pub mod privacy;
pub mod registry;
pub mod reviews;
pub mod rounds;
pub mod scenarios;
pub mod settings;

pub use error::StorageError;
pub use store::{Backend, Store, StoreSettings, Tx, WriteTx};
