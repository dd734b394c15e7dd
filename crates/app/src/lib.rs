//! What people can do: one function per use case, one transaction, one audit event.
//!
//! The floors above (API, screens, command line) call these functions and decide nothing. Every
//! function takes the [`App`] and, where it does something for somebody, the [`Actor`].

pub mod access;
pub mod announcements;
pub mod answers;
pub mod audit;
pub mod board;
pub mod checks;
pub mod coverage;
pub mod error;
pub mod examples;
pub mod exports;
pub mod frameworks;
pub mod history;
pub mod imports;
pub mod jobs;
pub mod listing;
pub mod mail;
pub mod mutations;
pub mod overview;
pub mod policy;
pub mod privacy;
pub mod proposals;
pub mod reasons;
pub mod reviews;
pub mod scenarios;
pub mod schools;
pub mod settings;
pub mod setup;
pub mod shortages;
pub mod steps;
pub mod students;
pub mod why;

pub mod waiting_list;

mod labels;
mod sight;

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use kernschil_domain::access::{Permission, Reach, Rights, Role};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{Clock, EventId, IdGen, UserId};
use kernschil_domain::registry::Registry;
use kernschil_storage::audit::NewEvent;
use kernschil_storage::{Store, WriteTx};
use uuid::Uuid;

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
    /// Wakes the worker that hands mails over.
    pub wake_mail: Arc<tokio::sync::Notify>,
    /// Hashes of scenarios that were worked out for the round as it is now.
    pub hashes: Arc<scenarios::Hashes>,
    /// The workbooks that come with the program, in the order in which they are loaded.
    pub examples: Arc<[examples::Example]>,
    /// Where people reach this installation, for links in mails and the way back from a provider: without a slash at the end.
    pub address: Arc<str>,
    /// Where people can sign in besides here.
    pub providers: Arc<access::Providers>,
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
    /// A signed-in user, or a program with a token of one.
    User(Arc<Person>),
    /// Somebody at the command line of the machine itself, who may do everything.
    CommandLine,
}

/// A user in one request, with what she may do in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Identifier.
    pub id: UserId,
    /// Name, for the screen.
    pub name: String,
    /// What she may do now.
    pub rights: Rights,
    /// Number of the request, for the log.
    pub request: Option<Uuid>,
}

impl Actor {
    /// The user, where there is one.
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::User(person) => Some(person.id),
            Self::CommandLine => None,
        }
    }

    /// Name for the screen; empty at the command line.
    pub fn name(&self) -> &str {
        match self {
            Self::User(person) => &person.name,
            Self::CommandLine => "",
        }
    }

    /// Whether a permission is held in any scope.
    pub fn may(&self, permission: Permission) -> bool {
        match self {
            Self::User(person) => person.rights.may(permission),
            Self::CommandLine => true,
        }
    }

    /// Refuses who does not hold a permission in any scope. How far it reaches is decided per round, student and
    /// school.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::TokenScope`] when only the token stands in the way.
    pub fn require(&self, permission: Permission) -> Result<(), AppError> {
        match self {
            Self::User(person) if person.rights.lost_to_token(permission) => Err(AppError::token_scope(permission)),
            _ if self.may(permission) => Ok(()),
            _ => Err(AppError::forbidden(permission)),
        }
    }

    /// The person who is signed in herself, for what no program does for her.
    ///
    /// # Errors
    /// [`AppError::TokenScope`] for who came with a token; [`AppError::Unauthenticated`] at the command line.
    pub(crate) fn in_person(&self) -> Result<&Arc<Person>, AppError> {
        match self {
            Self::User(person) if person.rights.token().is_some() => Err(AppError::session_only()),
            Self::User(person) => Ok(person),
            Self::CommandLine => Err(AppError::Unauthenticated),
        }
    }

    /// How far a permission reaches on a date.
    pub(crate) fn reach(&self, permission: Permission, registry: &Registry, date: NaiveDate) -> Reach {
        match self {
            Self::User(person) => Reach::of(person.rights.scopes(permission), registry, date),
            Self::CommandLine => Reach::Everything,
        }
    }

    /// The role by which a permission is held.
    fn role(&self, permission: Option<Permission>) -> Option<Role> {
        match self {
            Self::User(person) => person.rights.role(permission?),
            Self::CommandLine => None,
        }
    }
}

/// What an event says about before and after: JSON without names, numbers or postcodes of people.
#[derive(Debug, Clone, Default)]
pub(crate) struct Change {
    before: Option<serde_json::Value>,
    after: Option<serde_json::Value>,
}

impl Change {
    /// Nothing to tell besides the event itself.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// Something that is now, or that was done.
    pub(crate) fn to(after: serde_json::Value) -> Self {
        Self { before: None, after: Some(after) }
    }

    /// Something that was and is now.
    pub(crate) fn between(before: serde_json::Value, after: serde_json::Value) -> Self {
        Self { before: Some(before), after: Some(after) }
    }
}

impl App {
    /// Notes an event, to be written when the transaction ends well.
    pub(crate) fn audit(&self, tx: &WriteTx, actor: &Actor, kind: EventKind, subject: &str, change: Change) {
        self.audit_as(tx, actor, actor.role(kind.permission()), kind, subject, change);
    }

    /// Notes an event in a role that the kind of event alone does not tell.
    pub(crate) fn audit_as(&self, tx: &WriteTx, actor: &Actor, role: Option<Role>, kind: EventKind, subject: &str, change: Change) {
        let request = match actor {
            Actor::User(person) => person.request,
            Actor::CommandLine => None,
        };
        tx.note(NewEvent { user: actor.user(), role, ..self.event(kind, subject, change, request) });
    }

    /// Notes something done over the network by somebody who is not signed in: nothing is known but the request.
    pub(crate) fn audit_stranger(&self, tx: &WriteTx, request: Option<Uuid>, kind: EventKind, subject: &str, change: Change) {
        tx.note(self.event(kind, subject, change, request));
    }

    fn event(&self, kind: EventKind, subject: &str, change: Change, request: Option<Uuid>) -> NewEvent {
        NewEvent {
            id: EventId(self.ids.next()),
            at: self.clock.now(),
            user: None,
            role: None,
            kind,
            subject: subject.to_owned(),
            before: change.before.map(|value| value.to_string()),
            after: change.after.map(|value| value.to_string()),
            request,
        }
    }
}
