//! Who did what: one event per change, in the transaction of the change, chained by hashes.
//!
//! Events are collected while a transaction works and written just before it commits, so that writers wait for the
//! head of the chain last and shortest, and in one order. Each row holds the hash of the row before it. The head says
//! how far the chain goes, so that rows missing at the end are seen as well; its base says where the chain begins
//! after the oldest part was removed at the end of its term.
//!
//! Hashes hold against edits, removals and reordering. Who writes the whole chain anew, head included, makes a chain that
//! is right in itself; only somebody who kept an earlier end of it elsewhere sees that ([`check`] takes it).

mod chain;
mod check;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernschil_domain::access::Role;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{DemandId, EventId, OfferId, RoundId, SchoolId, StudentId, UserId};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::entity::{audit_head, audit_log, demands, offers};
use crate::error::StorageError;
use crate::rows::in_chunks;
use crate::store::Tx;

pub(crate) use chain::{append, seal};
pub use chain::{prune, pruned};
pub use check::{Deviation, Verdict, check};

/// An event that is about to be written.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// Identifier.
    pub id: EventId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; nobody at the command line or by itself.
    pub user: Option<UserId>,
    /// In which role.
    pub role: Option<Role>,
    /// What.
    pub kind: EventKind,
    /// On what: an identifier or a name in addresses, never a person's.
    pub subject: String,
    /// What it was before, as JSON without names, numbers or postcodes of people.
    pub before: Option<String>,
    /// What it is now, likewise.
    pub after: Option<String>,
    /// Number of the request.
    pub request: Option<Uuid>,
}

/// An event as it stands in the log.
#[derive(Debug, Clone)]
pub struct StoredEvent {
    /// Place in the chain, from 1; 0 when not even that can be read.
    pub seq: i64,
    /// What happened; nothing when this version cannot read the row. One such row does not hide the others.
    pub event: Option<NewEvent>,
}

/// Of whom events are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Of a user.
    User(UserId),
    /// Of nobody with an account: at the command line, by itself, or by who was not signed in.
    Nobody,
}

/// Which events are looked for.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    /// Of whom.
    pub who: Option<Who>,
    /// Of these kinds; nothing means all.
    pub kinds: Option<Vec<EventKind>>,
    /// About this subject.
    pub subject: Option<String>,
    /// From this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub until: Option<DateTime<Utc>>,
}

impl EventFilter {
    fn condition(&self) -> Condition {
        let who = self.who.map(|who| match who {
            Who::User(user) => audit_log::Column::UserId.eq(user.0),
            Who::Nobody => audit_log::Column::UserId.is_null(),
        });
        let kinds = self.kinds.as_ref().map(|kinds| audit_log::Column::Kind.is_in(kinds.iter().map(|kind| kind.code())));
        Condition::all()
            .add_option(who)
            .add_option(kinds)
            .add_option(self.subject.as_ref().map(|subject| audit_log::Column::Subject.eq(subject.as_str())))
            .add_option(self.from.map(|from| audit_log::Column::At.gte(from)))
            .add_option(self.until.map(|until| audit_log::Column::At.lt(until)))
    }
}

/// The hash of the last event. It is another one after everything that was noted, and so after every change of a round.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn head(tx: &Tx) -> Result<String, StorageError> {
    Ok(audit_head::Entity::find().one(tx.connection()).await?.map(|head| head.hash).unwrap_or_default())
}

/// How many events there are.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn count(tx: &Tx, filter: &EventFilter) -> Result<u64, StorageError> {
    Ok(audit_log::Entity::find().filter(filter.condition()).count(tx.connection()).await?)
}

/// Events, newest first: `most` of them after skipping `skip`.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn events(tx: &Tx, filter: &EventFilter, skip: u64, most: u64) -> Result<Vec<StoredEvent>, StorageError> {
    let query = audit_log::Entity::find().filter(filter.condition()).order_by_desc(audit_log::Column::Seq).offset(skip).limit(most);
    let rows = chain::rows(tx.connection(), query).await?;
    Ok(rows.into_iter().map(|row| StoredEvent { seq: row.seq.unwrap_or_default(), event: row.whole.and_then(event) }).collect())
}

fn event(row: audit_log::Model) -> Option<NewEvent> {
    let role = match row.role {
        Some(code) => Some(Role::parse(&code)?),
        None => None,
    };
    Some(NewEvent {
        id: EventId(row.id),
        at: row.at,
        user: row.user_id.map(UserId),
        role,
        kind: EventKind::parse(&row.kind)?,
        subject: row.subject,
        before: row.before,
        after: row.after,
        request: row.request_id,
    })
}

/// The round, the student and the demand behind what events are about: a demand itself, or a student, who then stands
/// for one of her demands.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn demands_of(tx: &Tx, subjects: &[Uuid]) -> Result<BTreeMap<Uuid, (RoundId, StudentId, DemandId)>, StorageError> {
    let mut found = BTreeMap::new();
    for row in in_chunks::<demands::Entity, _>(tx, demands::Column::StudentId, subjects).await? {
        found.insert(row.student_id, (RoundId(row.round_id), StudentId(row.student_id), DemandId(row.id)));
    }
    for row in in_chunks::<demands::Entity, _>(tx, demands::Column::Id, subjects).await? {
        found.insert(row.id, (RoundId(row.round_id), StudentId(row.student_id), DemandId(row.id)));
    }
    Ok(found)
}

/// The school of offers that events are about.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn schools_of(tx: &Tx, ids: &[OfferId]) -> Result<BTreeMap<OfferId, SchoolId>, StorageError> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let rows = in_chunks::<offers::Entity, _>(tx, offers::Column::Id, &ids).await?;
    Ok(rows.into_iter().map(|row| (OfferId(row.id), SchoolId(row.school_id))).collect())
}
