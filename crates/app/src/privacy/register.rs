//! The register of processing: what is kept of whom, why, how long, who sees it and where it goes. It is not written by
//! hand: it follows from the table of columns, the table of who may do what, and the terms.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use kernschil_domain::access::{Permission, Role};
use kernschil_domain::privacy::{Care, DataKind, Ground, RetentionKind, Subject, Terms, duration};
use kernschil_domain::register::{columns, places};
use kernschil_storage::{privacy, settings};
use serde::Serialize;

use super::{files, seen_by};
use crate::error::AppError;
use crate::exports::Workbook;
use crate::{Actor, App};

/// One kind of data in the register.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RegisterLine {
    /// Which.
    pub kind: DataKind,
    /// About whom.
    pub subject: Subject,
    /// How careful one must be.
    pub care: Care,
    /// What for, in Dutch.
    pub purpose: &'static str,
    /// On what ground: a proposal.
    pub ground: Ground,
    /// Which term decides how long.
    pub retention: RetentionKind,
    /// That term, in months.
    pub months: u16,
    /// What is left after the term, in Dutch.
    pub remains: &'static str,
    /// Roles that see it; none when nobody sees it but the person herself.
    pub seen_by: Vec<Role>,
    /// Where it goes outside the database, in Dutch.
    pub goes_to: &'static str,
    /// Tables and columns in which it stands.
    pub stands_in: Vec<String>,
}

impl RegisterLine {
    fn of(kind: DataKind, terms: &Terms) -> Self {
        let stands_in = places(kind).into_iter().map(|(table, columns)| format!("{table}: {}", columns.join(", ")));
        Self {
            kind,
            subject: kind.subject(),
            care: kind.care(),
            purpose: kind.purpose(),
            ground: kind.ground(),
            retention: kind.retention(),
            months: terms.months(kind.retention()),
            remains: kind.remains(),
            seen_by: seen_by(kind.seen_with()),
            goes_to: kind.goes_to(),
            stands_in: stands_in.collect(),
        }
    }

    /// How long it is kept, in Dutch.
    pub fn term(&self) -> String {
        format!("{} ({})", duration(self.months), self.retention.dutch())
    }

    /// Who sees it, in Dutch.
    pub fn seen_by_in_words(&self) -> String {
        if self.seen_by.is_empty() {
            return "niemand; ieder ziet alleen de eigen sessies en apparaten".to_owned();
        }
        self.seen_by.iter().map(|role| role.dutch()).collect::<Vec<_>>().join(", ")
    }
}

/// The register.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Register {
    /// When it was drawn up.
    pub made_at: DateTime<Utc>,
    /// Each kind of data about people.
    pub lines: Vec<RegisterLine>,
    /// Number of columns in the database.
    pub columns: usize,
    /// Number of columns that say something about a person.
    pub personal: usize,
    /// Columns of the database of which nobody said what they hold; must be none.
    pub unknown: Vec<String>,
}

/// The lines about everybody, or about one group.
pub(super) fn lines(terms: &Terms, subject: Option<Subject>) -> Vec<RegisterLine> {
    let kinds = DataKind::ALL.iter().filter(|kind| subject.is_none_or(|subject| kind.subject() == subject));
    kinds.map(|kind| RegisterLine::of(*kind, terms)).collect()
}

/// The register as it is now, held against the real columns of the database.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Storage`] when the database fails.
pub async fn register(app: &App, actor: &Actor) -> Result<Register, AppError> {
    actor.require(Permission::HandlePrivacy)?;
    app.store
        .read(async |tx| {
            let terms = Terms::of(&settings::load(tx).await?);
            let real = privacy::columns(tx).await?;
            let classified: BTreeSet<_> = columns().map(|one| (one.table, one.column)).collect();
            let is_unknown = |(table, column): &&(String, String)| !classified.contains(&(table.as_str(), column.as_str()));
            Ok(Register {
                made_at: app.clock.now(),
                lines: lines(&terms, None),
                columns: real.len(),
                personal: columns().filter(|one| one.kind.is_some()).count(),
                unknown: real.iter().filter(is_unknown).map(|(table, column)| format!("{table}.{column}")).collect(),
            })
        })
        .await
}

/// The register as a workbook, with every column of the database.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Internal`] when it cannot be written.
pub async fn register_workbook(app: &App, actor: &Actor) -> Result<Workbook, AppError> {
    files::register(&register(app, actor).await?)
}
