//! Mails on their way out. A mail is queued in the transaction that gives rise to it, and handed over at most once.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernschil_domain::ids::MailId;
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::mails;
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Backend, Store, Tx, WriteTx};

/// How far a mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MailState {
    /// Waits for its turn.
    Queued,
    /// Being handed over.
    Sending,
    /// Handed over.
    Sent,
    /// Refused for good.
    Refused,
    /// May or may not have been handed over; it is not sent again by itself.
    Unknown,
}

impl MailState {
    /// All states.
    pub const ALL: [Self; 5] = [Self::Queued, Self::Sending, Self::Sent, Self::Refused, Self::Unknown];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }

    /// The Dutch word.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Queued => "wacht",
            Self::Sending => "wordt verstuurd",
            Self::Sent => "verstuurd",
            Self::Refused => "geweigerd",
            Self::Unknown => "onzeker",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A mail in the outbox.
#[derive(Debug, Clone)]
pub struct StoredMail {
    /// Identifier.
    pub id: MailId,
    /// What it is about: a stable code.
    pub kind: String,
    /// Address.
    pub to_address: String,
    /// Name of who it is for.
    pub to_name: String,
    /// Subject.
    pub subject: String,
    /// Text; empty once it was handed over or refused, as it may hold a link that opens an account.
    pub body: String,
    /// How far it is.
    pub state: MailState,
    /// Attempts so far.
    pub attempts: i32,
    /// Why the last attempt failed, without addresses or names; empty when it did not.
    pub reason: String,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// When it is tried next.
    pub next_at: DateTime<Utc>,
    /// When an instance took it.
    pub claimed_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Queues a mail, or replaces the one with the same id.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put_mail(tx: &WriteTx, mail: StoredMail) -> Result<(), StorageError> {
    put_mails(tx, vec![mail]).await
}

/// Queues mails, or replaces those with the same ids.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put_mails(tx: &WriteTx, queued: Vec<StoredMail>) -> Result<(), StorageError> {
    let row = |mail: StoredMail| mails::Model {
        id: mail.id.0,
        kind: mail.kind,
        to_address: mail.to_address,
        to_name: mail.to_name,
        subject: mail.subject,
        body: mail.body,
        state: mail.state.code().to_owned(),
        attempts: mail.attempts,
        reason: mail.reason,
        created_at: mail.created_at,
        next_at: mail.next_at,
        claimed_at: mail.claimed_at,
        ended_at: mail.ended_at,
    };
    put(tx, queued.into_iter().map(row).collect()).await
}

fn row_mail(row: mails::Model) -> Result<StoredMail, StorageError> {
    Ok(StoredMail {
        id: MailId(row.id),
        kind: row.kind,
        to_address: row.to_address,
        to_name: row.to_name,
        subject: row.subject,
        body: row.body,
        state: read(MailState::parse(&row.state), "mails.state")?,
        attempts: row.attempts,
        reason: row.reason,
        created_at: row.created_at,
        next_at: row.next_at,
        claimed_at: row.claimed_at,
        ended_at: row.ended_at,
    })
}

/// Takes the mail whose turn it is. Of several instances one gets it; the state `sending` is stored before anything
/// is handed over.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn claim(store: &Store, now: DateTime<Utc>) -> Result<Option<StoredMail>, StorageError> {
    let backend = store.backend();
    store
        .write(async |tx| {
            let mut due = mails::Entity::find()
                .filter(mails::Column::State.eq(MailState::Queued.code()))
                .filter(mails::Column::NextAt.lte(now))
                .order_by_asc(mails::Column::NextAt)
                .order_by_asc(mails::Column::Id)
                .limit(1);
            if backend == Backend::Postgres {
                // Who looks at the same moment takes the next one.
                due = due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
            }
            let Some(due) = due.one(tx.connection()).await? else { return Ok(None) };
            let mail = row_mail(due)?;
            let claimed = StoredMail { state: MailState::Sending, attempts: mail.attempts + 1, claimed_at: Some(now), ..mail };
            put_mail(tx, claimed.clone()).await?;
            Ok(Some(claimed))
        })
        .await
}

/// Stores how an attempt ended: state, text, reason and moments. Nothing happens when the mail was taken again since,
/// or sent again by hand; whose attempt this was knows it by its number and the moment it was taken. Answers whether
/// it was stored.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn settle(tx: &WriteTx, mail: &StoredMail) -> Result<bool, StorageError> {
    let done = mails::Entity::update_many()
        .col_expr(mails::Column::State, Expr::value(mail.state.code()))
        .col_expr(mails::Column::Body, Expr::value(mail.body.as_str()))
        .col_expr(mails::Column::Reason, Expr::value(mail.reason.as_str()))
        .col_expr(mails::Column::NextAt, Expr::value(mail.next_at))
        .col_expr(mails::Column::EndedAt, Expr::value(mail.ended_at))
        .filter(mails::Column::Id.eq(mail.id.0))
        .filter(mails::Column::Attempts.eq(mail.attempts))
        .filter(mails::Column::ClaimedAt.eq(mail.claimed_at))
        .filter(mails::Column::State.is_in([MailState::Sending.code(), MailState::Unknown.code()]))
        .exec(tx.connection())
        .await?;
    Ok(done.rows_affected > 0)
}

/// Mails that an instance took before a moment and never said the end of: nobody knows whether they were handed
/// over. Only mails of the kinds in `keep` keep their text. Answers how many.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn give_up_silent(tx: &WriteTx, before: DateTime<Utc>, now: DateTime<Utc>, keep: &[&str]) -> Result<u64, StorageError> {
    let silent = || Condition::all().add(mails::Column::State.eq(MailState::Sending.code())).add(mails::Column::ClaimedAt.lt(before));
    mails::Entity::update_many()
        .col_expr(mails::Column::Body, Expr::value(""))
        .filter(silent())
        .filter(mails::Column::Kind.is_not_in(keep.iter().copied()))
        .exec(tx.connection())
        .await?;
    let done = mails::Entity::update_many()
        .col_expr(mails::Column::State, Expr::value(MailState::Unknown.code()))
        .col_expr(mails::Column::EndedAt, Expr::value(now))
        .col_expr(mails::Column::Reason, Expr::value("het programma stopte tijdens het versturen"))
        .filter(silent())
        .exec(tx.connection())
        .await?;
    Ok(done.rows_affected)
}

/// How many mails there are in each state that has any.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn counts(tx: &Tx) -> Result<BTreeMap<MailState, u64>, StorageError> {
    let rows: Vec<(String, i64)> = mails::Entity::find()
        .select_only()
        .column(mails::Column::State)
        .column_as(mails::Column::Id.count(), "mails")
        .group_by(mails::Column::State)
        .into_tuple()
        .all(tx.connection())
        .await?;
    let count =
        |(state, mails): (String, i64)| Ok((read(MailState::parse(&state), "mails.state")?, u64::try_from(mails).unwrap_or_default()));
    rows.into_iter().map(count).collect()
}

/// The latest mails, newest first, and how many there are in all; of one state or of every.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn latest(tx: &Tx, state: Option<MailState>, skip: u64, most: u64) -> Result<(Vec<StoredMail>, u64), StorageError> {
    let mut query = mails::Entity::find();
    if let Some(state) = state {
        query = query.filter(mails::Column::State.eq(state.code()));
    }
    let total = query.clone().count(tx.connection()).await?;
    let rows = query.order_by_desc(mails::Column::CreatedAt).order_by_desc(mails::Column::Id).offset(skip).limit(most);
    Ok((rows.all(tx.connection()).await?.into_iter().map(row_mail).collect::<Result<_, _>>()?, total))
}

/// A mail.
///
/// # Errors
/// [`StorageError::NotFound`] when there is none.
pub async fn get(tx: &Tx, id: MailId) -> Result<StoredMail, StorageError> {
    mails::Entity::find_by_id(id.0).one(tx.connection()).await?.map(row_mail).transpose()?.ok_or(StorageError::NotFound)
}

/// Removes the mails to an address, whatever became of them; only one that is being handed over stays.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn forget_address(tx: &WriteTx, address: &str) -> Result<(), StorageError> {
    let these = mails::Entity::delete_many().filter(mails::Column::ToAddress.eq(address));
    these.filter(mails::Column::State.ne(MailState::Sending.code())).exec(tx.connection()).await?;
    Ok(())
}

/// Removes mails that ended before a moment. Answers how many.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn remove_before(tx: &WriteTx, before: DateTime<Utc>) -> Result<u64, StorageError> {
    let these = mails::Entity::delete_many().filter(mails::Column::EndedAt.lt(before));
    Ok(these.exec(tx.connection()).await?.rows_affected)
}
