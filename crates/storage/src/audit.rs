//! Who did what: one event per change, in the transaction of the change, chained by hashes.
//!
//! Events are collected while a transaction works and written just before it commits, so that writers wait for the
//! head of the chain last and shortest, and in one order. Each row holds the hash of the row before it. The head says
//! how far the chain goes, so that rows missing at the end are seen as well; its base says where the chain begins
//! after the oldest part was removed at the end of its term.

use chrono::{DateTime, SubsecRound, Utc};
use kernschil_domain::access::Role;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{EventId, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::entity::{audit_head, audit_log};
use crate::error::StorageError;
use crate::rows::read;
use crate::store::{Tx, WriteTx};

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
    /// Place in the chain, from 1.
    pub seq: i64,
    /// What happened.
    pub event: NewEvent,
}

/// What is wrong with a row of the chain, or with its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deviation {
    /// The row is not what it was when it was written.
    Changed {
        /// Its place.
        seq: i64,
    },
    /// The row does not follow the one before it.
    Unlinked {
        /// Its place.
        seq: i64,
    },
    /// Rows are missing before this place.
    Missing {
        /// The place after the gap.
        seq: i64,
    },
    /// The end of the chain is not where it was.
    End {
        /// Where the head says it is.
        seq: i64,
    },
    /// The beginning was moved without an event that says so.
    Base {
        /// Where the base says it is.
        seq: i64,
    },
}

/// The state of the chain.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Number of events looked at.
    pub events: u64,
    /// Place of the last one.
    pub seq: i64,
    /// Its hash; keep it elsewhere to prove later that nothing before it was changed.
    pub hash: String,
    /// What is wrong.
    pub deviations: Vec<Deviation>,
}

fn hash(previous: &str, row: &audit_log::Model) -> Result<String, StorageError> {
    let content = (
        row.seq,
        row.id,
        row.at.timestamp_micros(),
        row.user_id,
        &row.role,
        &row.kind,
        &row.subject,
        &row.before,
        &row.after,
        row.request_id,
    );
    let json = serde_json::to_string(&content).map_err(|e| StorageError::Encoding(e.to_string()))?;
    let mut hasher = Sha256::new();
    hasher.update(previous.as_bytes());
    hasher.update(b"\n");
    hasher.update(json.as_bytes());
    Ok(hasher.finalize().iter().fold(String::with_capacity(64), |text, byte| format!("{text}{byte:02x}")))
}

async fn head(connection: &DatabaseTransaction) -> Result<audit_head::Model, StorageError> {
    audit_head::Entity::find_by_id(1).one(connection).await?.ok_or(StorageError::Unreadable { column: "audit_head.id" })
}

/// Writes events at the end of the chain. Others who write wait for the head until this transaction ends.
pub(crate) async fn append(connection: &DatabaseTransaction, events: Vec<NewEvent>) -> Result<(), StorageError> {
    if events.is_empty() {
        return Ok(());
    }
    // Writing the row locks it on PostgreSQL; on SQLite there is one writer anyway.
    audit_head::Entity::update_many().col_expr(audit_head::Column::Id, Expr::value(1)).exec(connection).await?;
    let mut head = head(connection).await?;
    for event in events {
        let mut row = audit_log::Model {
            seq: head.seq + 1,
            id: event.id.0,
            at: event.at.trunc_subsecs(6),
            user_id: event.user.map(|id| id.0),
            role: event.role.map(|role| role.code().to_owned()),
            kind: event.kind.code().to_owned(),
            subject: event.subject,
            before: event.before,
            after: event.after,
            request_id: event.request,
            previous: head.hash.clone(),
            hash: String::new(),
        };
        row.hash = hash(&head.hash, &row)?;
        (head.seq, head.hash) = (row.seq, row.hash.clone());
        audit_log::Entity::insert(sea_orm::IntoActiveModel::into_active_model(row)).exec_without_returning(connection).await?;
    }
    set_head(connection, &head).await
}

async fn set_head(connection: &DatabaseTransaction, head: &audit_head::Model) -> Result<(), StorageError> {
    audit_head::Entity::update_many()
        .col_expr(audit_head::Column::Seq, Expr::value(head.seq))
        .col_expr(audit_head::Column::Hash, Expr::value(head.hash.clone()))
        .col_expr(audit_head::Column::BaseSeq, Expr::value(head.base_seq))
        .col_expr(audit_head::Column::BaseHash, Expr::value(head.base_hash.clone()))
        .exec(connection)
        .await?;
    Ok(())
}

/// Chains the rows that an earlier version wrote without a chain. Does nothing when there is a chain already.
pub(crate) async fn seal(connection: &DatabaseTransaction) -> Result<(), StorageError> {
    let mut head = head(connection).await?;
    if head.seq > 0 {
        return Ok(());
    }
    let rows = audit_log::Entity::find().order_by_asc(audit_log::Column::Seq).all(connection).await?;
    for mut row in rows {
        row.at = row.at.trunc_subsecs(6);
        row.previous.clone_from(&head.hash);
        row.hash = hash(&head.hash, &row)?;
        audit_log::Entity::update_many()
            .col_expr(audit_log::Column::Previous, Expr::value(row.previous.clone()))
            .col_expr(audit_log::Column::Hash, Expr::value(row.hash.clone()))
            .filter(audit_log::Column::Seq.eq(row.seq))
            .exec(connection)
            .await?;
        (head.seq, head.hash) = (row.seq, row.hash);
    }
    set_head(connection, &head).await
}

/// Which events are looked for.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    /// Of this user.
    pub user: Option<UserId>,
    /// Of these kinds; empty means all.
    pub kinds: Vec<EventKind>,
    /// About this subject.
    pub subject: Option<String>,
    /// From this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub until: Option<DateTime<Utc>>,
}

impl EventFilter {
    fn condition(&self) -> Condition {
        let kinds = (!self.kinds.is_empty()).then(|| audit_log::Column::Kind.is_in(self.kinds.iter().map(|kind| kind.code())));
        Condition::all()
            .add_option(self.user.map(|user| audit_log::Column::UserId.eq(user.0)))
            .add_option(kinds)
            .add_option(self.subject.as_ref().map(|subject| audit_log::Column::Subject.eq(subject.as_str())))
            .add_option(self.from.map(|from| audit_log::Column::At.gte(from)))
            .add_option(self.until.map(|until| audit_log::Column::At.lt(until)))
    }
}

/// Events, newest first: `most` of them after skipping `skip`, and how many there are in all.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn events(tx: &Tx, filter: &EventFilter, skip: u64, most: u64) -> Result<(Vec<StoredEvent>, u64), StorageError> {
    let query = audit_log::Entity::find().filter(filter.condition());
    let total = query.clone().count(tx.connection()).await?;
    let rows = query.order_by_desc(audit_log::Column::Seq).offset(skip).limit(most).all(tx.connection()).await?;
    Ok((rows.into_iter().map(row_event).collect::<Result<_, _>>()?, total))
}

fn row_event(row: audit_log::Model) -> Result<StoredEvent, StorageError> {
    let role = row.role.map(|code| read(Role::parse(&code), "audit_log.role")).transpose()?;
    Ok(StoredEvent {
        seq: row.seq,
        event: NewEvent {
            id: EventId(row.id),
            at: row.at,
            user: row.user_id.map(UserId),
            role,
            kind: read(EventKind::parse(&row.kind), "audit_log.kind")?,
            subject: row.subject,
            before: row.before,
            after: row.after,
            request: row.request_id,
        },
    })
}

/// Removes the events before a moment, the oldest first and without gaps. Answers where the chain begins now: the
/// place and hash of the last one removed; nothing when none was. The caller notes that as an event.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn prune(tx: &WriteTx, before: DateTime<Utc>) -> Result<Option<(i64, String)>, StorageError> {
    let connection = tx.connection();
    let keep =
        audit_log::Entity::find().filter(audit_log::Column::At.gte(before)).order_by_asc(audit_log::Column::Seq).one(connection).await?;
    let mut last = audit_log::Entity::find().order_by_desc(audit_log::Column::Seq);
    if let Some(keep) = keep {
        last = last.filter(audit_log::Column::Seq.lt(keep.seq));
    }
    let Some(last) = last.one(connection).await? else { return Ok(None) };
    audit_log::Entity::delete_many().filter(audit_log::Column::Seq.lte(last.seq)).exec(connection).await?;
    audit_head::Entity::update_many()
        .col_expr(audit_head::Column::BaseSeq, Expr::value(last.seq))
        .col_expr(audit_head::Column::BaseHash, Expr::value(last.hash.clone()))
        .exec(connection)
        .await?;
    Ok(Some((last.seq, last.hash)))
}

/// Looks at the whole chain.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn check(tx: &Tx) -> Result<Verdict, StorageError> {
    const AT_ONCE: u64 = 2_000;
    let connection = tx.connection();
    let head = head(connection).await?;
    let mut verdict = Verdict { events: 0, seq: head.seq, hash: head.hash.clone(), deviations: Vec::new() };
    let (mut seq, mut previous) = (head.base_seq, head.base_hash.clone());
    let moved = format!("{{\"seq\":{},\"hash\":\"{}\"}}", head.base_seq, head.base_hash);
    let mut base_is_told = head.base_seq == 0 && head.base_hash.is_empty();
    let mut after = i64::MIN;
    loop {
        let query = audit_log::Entity::find().filter(audit_log::Column::Seq.gt(after)).order_by_asc(audit_log::Column::Seq).limit(AT_ONCE);
        let rows = query.all(connection).await?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        for row in rows {
            verdict.events += 1;
            if row.seq != seq + 1 {
                verdict.deviations.push(Deviation::Missing { seq: row.seq });
            } else if row.previous != previous {
                verdict.deviations.push(Deviation::Unlinked { seq: row.seq });
            }
            if hash(&row.previous, &row)? != row.hash {
                verdict.deviations.push(Deviation::Changed { seq: row.seq });
            }
            base_is_told |= row.kind == EventKind::AuditPruned.code() && row.after.as_deref() == Some(moved.as_str());
            (seq, previous) = (row.seq, row.hash);
        }
    }
    if (seq, &previous) != (head.seq, &head.hash) {
        verdict.deviations.push(Deviation::End { seq: head.seq });
    }
    if !base_is_told {
        verdict.deviations.push(Deviation::Base { seq: head.base_seq });
    }
    Ok(verdict)
}

/// The hash of the event at a place; nothing when there is none.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn hash_at(tx: &Tx, seq: i64) -> Result<Option<String>, StorageError> {
    Ok(audit_log::Entity::find_by_id(seq).one(tx.connection()).await?.map(|row| row.hash))
}
