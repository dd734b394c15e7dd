//! What people can do: one function per use case, one transaction, one audit event.
//!
//! The floors above (API, screens, command line) call these functions and decide nothing. Every
//! function takes the [`App`] and, where it does something for somebody, the [`Actor`].

pub mod access;
pub mod board;
pub mod checks;
pub mod coverage;
pub mod error;
pub mod exports;
pub mod imports;
pub mod jobs;
pub mod listing;
pub mod overview;
pub mod proposals;
pub mod reasons;
pub mod schools;
pub mod students;

mod labels;

use std::path::PathBuf;
use std::sync::Arc;

use kernschil_domain::ids::{Clock, IdGen, UserId};
use kernschil_domain::rounds::{Round, RoundData};
use kernschil_storage::{Store, WriteTx, rounds};

pub use error::{AppError, FieldError};
pub use kernschil_storage::{Backend, StoreSettings};

/// The application: its database, and where time, identifiers and randomness come from.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Identifiers.
    pub ids: Arc<dyn IdGen>,
    /// Where untrusted workbooks are read.
    pub reader: Reader,
    /// Wakes the worker of the background jobs.
    pub wake: Arc<tokio::sync::Notify>,
}

/// Where untrusted workbooks are read.
#[derive(Debug, Clone)]
pub enum Reader {
    /// In a separate process with limits: this program, called with this argument.
    Worker {
        /// The program.
        program: PathBuf,
        /// Its hidden command.
        argument: String,
    },
    /// In this process: only for workbooks that came with the program, and for benchmarks.
    Direct,
}

/// Who does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in user.
    User {
        /// Identifier.
        id: UserId,
        /// Name, for the screen.
        name: String,
    },
    /// Somebody at the command line of the machine itself.
    CommandLine,
}

impl Actor {
    /// The user, where there is one.
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::User { id, .. } => Some(*id),
            Self::CommandLine => None,
        }
    }
}

impl App {
    /// Notes what was done, in the transaction that does it. `detail` holds no names, student numbers
    /// or postcodes.
    pub(crate) async fn audit(
        &self,
        tx: &WriteTx,
        actor: &Actor,
        kind: &str,
        subject: &str,
        detail: &serde_json::Value,
    ) -> Result<(), AppError> {
        let (id, now) = (self.ids.next(), self.clock.now());
        kernschil_storage::audit::append(tx, id, now, actor.user(), kind, subject, &detail.to_string()).await?;
        Ok(())
    }

    /// All rounds, by name.
    ///
    /// # Errors
    /// [`AppError::Storage`] when the database fails.
    pub async fn rounds(&self) -> Result<Vec<Round>, AppError> {
        self.store.read(async |tx| Ok(rounds::list(tx).await?)).await
    }

    /// Everything of one round.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such round.
    pub async fn picture(&self, slug: &str) -> Result<RoundData, AppError> {
        self.store.read(async |tx| Ok(rounds::picture(tx, slug).await?)).await
    }
}
