//! Opening a database, and the two ways in: a read and a write transaction.

use std::ops::Deref;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use kernschil_migrations::{Migrator, MigratorTrait};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, DatabaseTransaction, IsolationLevel,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use crate::audit::{self, NewEvent};
use crate::error::StorageError;

/// Which database the store runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// The embedded one.
    Sqlite,
    /// A server that several instances share.
    Postgres,
}

/// Where the database is.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// Address: `sqlite:///path/to/file` or `postgres://…`.
    pub url: String,
}

impl StoreSettings {
    /// An SQLite file.
    pub fn sqlite(file: &Path) -> Self {
        Self { url: sqlite_url(file, "rwc") }
    }
}

/// An open database: on SQLite one writer and several readers, on PostgreSQL one pool.
#[derive(Clone)]
pub struct Store {
    readers: DatabaseConnection,
    writer: DatabaseConnection,
    backend: Backend,
}

/// A transaction to read in: one consistent picture.
pub struct Tx {
    inner: DatabaseTransaction,
}

/// A transaction to write in; it can read as well.
pub struct WriteTx {
    tx: Tx,
    events: Mutex<Vec<NewEvent>>,
}

impl WriteTx {
    /// Notes an event. It is written at the end of the log when the transaction ends well, and not otherwise.
    pub fn note(&self, event: NewEvent) {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).push(event);
    }
}

impl Tx {
    pub(crate) fn connection(&self) -> &DatabaseTransaction {
        &self.inner
    }
}

impl Deref for WriteTx {
    type Target = Tx;

    fn deref(&self) -> &Tx {
        &self.tx
    }
}

impl Store {
    /// Opens a database; makes an SQLite file when there is none. Does not migrate.
    ///
    /// # Errors
    /// [`StorageError::Database`] when it cannot be reached.
    pub async fn open(settings: &StoreSettings) -> Result<Self, StorageError> {
        if settings.url.starts_with("sqlite:") {
            let writer = Database::connect(sqlite_options(&settings.url, 1)).await?;
            writer.execute_unprepared("PRAGMA journal_mode = WAL").await?;
            let readers = Database::connect(sqlite_options(&settings.url, 4)).await?;
            Ok(Self { readers, writer, backend: Backend::Sqlite })
        } else {
            // A pool keeps trying to connect for as long as somebody may wait for a connection; a server that is not there
            // is said sooner.
            Database::connect(postgres_options(&settings.url, 1, Duration::from_secs(10))).await?.close().await?;
            let pool = Database::connect(postgres_options(&settings.url, 16, Duration::from_mins(1))).await?;
            Ok(Self { readers: pool.clone(), writer: pool, backend: Backend::Postgres })
        }
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// Closes every connection.
    ///
    /// # Errors
    /// [`StorageError::Database`] when a connection does not close.
    pub async fn close(self) -> Result<(), StorageError> {
        if self.backend == Backend::Sqlite {
            self.readers.close().await?;
        }
        self.writer.close().await?;
        Ok(())
    }

    /// Brings the database to this version's steps, all in one transaction. Instances that start
    /// together wait for each other: on SQLite by the write lock, on PostgreSQL by an advisory lock,
    /// as two migrators on an empty database would collide otherwise.
    ///
    /// # Errors
    /// [`StorageError::NewerDatabase`] when it holds steps that this version does not know.
    pub async fn migrate(&self) -> Result<(), StorageError> {
        let tx = self.writer.begin_with_options(self.write_options()).await?;
        if self.backend == Backend::Postgres {
            tx.execute_unprepared("SELECT pg_advisory_xact_lock(7210113)").await?;
        }
        refuse_newer(&tx).await?;
        let steps: Vec<_> = Migrator::get_pending_migrations(&tx).await?.iter().map(|step| step.name().to_owned()).collect();
        Migrator::up(&tx, None).await?;
        if steps.iter().any(|step| step == LOG_STEP) {
            audit::seal(&tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Takes the last `steps` migrations back.
    ///
    /// # Errors
    /// [`StorageError::Database`] when a step cannot be taken back.
    pub async fn migrate_down(&self, steps: u32) -> Result<(), StorageError> {
        Migrator::down(&self.writer, Some(steps)).await?;
        Ok(())
    }

    /// Whether all steps were taken.
    ///
    /// # Errors
    /// [`StorageError::NewerDatabase`] when it holds steps that this version does not know.
    pub async fn is_migrated(&self) -> Result<bool, StorageError> {
        refuse_newer(&self.writer).await?;
        Ok(Migrator::get_pending_migrations(&self.writer).await?.is_empty())
    }

    /// Reads in one consistent picture.
    ///
    /// # Errors
    /// What the work answers, or [`StorageError::Database`] when no transaction can begin.
    pub async fn read<T, E: From<StorageError>>(&self, work: impl AsyncFnOnce(&Tx) -> Result<T, E>) -> Result<T, E> {
        let options = match self.backend {
            Backend::Sqlite => TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred), ..Default::default() },
            Backend::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..Default::default()
            },
        };
        let tx = Tx { inner: self.readers.begin_with_options(options).await.map_err(StorageError::from)? };
        let answer = work(&tx).await?;
        tx.inner.commit().await.map_err(StorageError::from)?;
        Ok(answer)
    }

    /// Writes in one transaction: all of it or nothing. On SQLite writers wait for each other.
    ///
    /// # Errors
    /// What the work answers; then nothing was written.
    pub async fn write<T, E: From<StorageError>>(&self, work: impl AsyncFnOnce(&WriteTx) -> Result<T, E>) -> Result<T, E> {
        let inner = self.writer.begin_with_options(self.write_options()).await.map_err(StorageError::from)?;
        let tx = WriteTx { tx: Tx { inner }, events: Mutex::default() };
        match work(&tx).await {
            Ok(answer) => {
                let events = tx.events.into_inner().unwrap_or_else(PoisonError::into_inner);
                audit::append(&tx.tx.inner, events).await?;
                tx.tx.inner.commit().await.map_err(StorageError::from)?;
                Ok(answer)
            }
            Err(error) => {
                tx.tx.inner.rollback().await.map_err(StorageError::from)?;
                Err(error)
            }
        }
    }

    fn write_options(&self) -> TransactionOptions {
        match self.backend {
            Backend::Sqlite => TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() },
            Backend::Postgres => TransactionOptions { isolation_level: Some(IsolationLevel::ReadCommitted), ..Default::default() },
        }
    }

    /// Writes a consistent copy of an SQLite database to a new file.
    ///
    /// # Errors
    /// [`StorageError::Backup`] on PostgreSQL, whose own tools do this, or when the file exists.
    pub async fn backup(&self, file: &Path) -> Result<(), StorageError> {
        if self.backend == Backend::Postgres {
            return Err(StorageError::Backup("use pg_dump for PostgreSQL".to_owned()));
        }
        if file.exists() {
            return Err(StorageError::Backup(format!("{} exists already", file.display())));
        }
        let statement = Statement::from_sql_and_values(DatabaseBackend::Sqlite, "VACUUM INTO ?", [file.display().to_string().into()]);
        self.writer.execute_raw(statement).await?;
        Ok(())
    }

    /// Whether an SQLite file is a sound database of this program, of this version or older.
    ///
    /// # Errors
    /// [`StorageError::Backup`] when it is not.
    pub async fn inspect(file: &Path) -> Result<(), StorageError> {
        let url = sqlite_url(file, "ro");
        let bad = |text: String| StorageError::Backup(text);
        let connection = Database::connect(sqlite_options(&url, 1)).await.map_err(|e| bad(e.to_string()))?;
        let check = Statement::from_string(DatabaseBackend::Sqlite, "PRAGMA integrity_check");
        let verdict = connection.query_one_raw(check).await.map_err(|e| bad(e.to_string()))?;
        let verdict: Option<String> = verdict.and_then(|row| row.try_get_by_index(0).ok());
        if verdict.as_deref() != Some("ok") {
            return Err(bad("integrity_check".to_owned()));
        }
        match refuse_unknown_steps(&connection).await {
            Err(StorageError::NewerDatabase) => return Err(StorageError::NewerDatabase),
            Err(error) => return Err(bad(error.to_string())),
            Ok(()) => {}
        }
        connection.close().await?;
        Ok(())
    }
}

async fn refuse_newer(connection: &impl ConnectionTrait) -> Result<(), StorageError> {
    connection.execute_unprepared(STEPS_TABLE).await?;
    refuse_unknown_steps(connection).await
}

/// The step that brings the log as it was into the chained one.
const LOG_STEP: &str = "m0005_accounts";

/// The table sea-orm-migration keeps its steps in; made here too, so that an empty database can be asked.
const STEPS_TABLE: &str = "CREATE TABLE IF NOT EXISTS seaql_migrations (version varchar NOT NULL PRIMARY KEY, applied_at bigint NOT NULL)";

async fn refuse_unknown_steps(connection: &impl ConnectionTrait) -> Result<(), StorageError> {
    let known: Vec<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
    let steps = Statement::from_string(connection.get_database_backend(), "SELECT version FROM seaql_migrations");
    for row in connection.query_all_raw(steps).await? {
        let version: String = row.try_get("", "version")?;
        if !known.contains(&version) {
            return Err(StorageError::NewerDatabase);
        }
    }
    Ok(())
}

/// The address of an SQLite file; signs that mean something in an address are written out.
fn sqlite_url(file: &Path, mode: &str) -> String {
    let path = file.display().to_string().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    format!("sqlite://{path}?mode={mode}")
}

fn postgres_options(url: &str, connections: u32, patience: Duration) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).acquire_timeout(patience).sqlx_logging(false);
    options
}

fn sqlite_options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).min_connections(1).acquire_timeout(Duration::from_mins(1)).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(|sqlite| sqlite.foreign_keys(true).busy_timeout(Duration::from_secs(10)).pragma("synchronous", "FULL"));
    options
}
