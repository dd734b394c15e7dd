//! Mails on their way out. A mail is queued in the transaction that gives rise to it, and handed over at most once.

use chrono::{DateTime, Utc};
use kernschil_domain::ids::MailId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::mails;
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Store, Tx, WriteTx};

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
    let row = mails::Model {
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
    put(tx, vec![row]).await
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
    store
        .write(async |tx| {
            let due = mails::Entity::find()
                .filter(mails::Column::State.eq(MailState::Queued.code()))
                .filter(mails::Column::NextAt.lte(now))
                .order_by_asc(mails::Column::NextAt)
                .order_by_asc(mails::Column::Id)
                .one(tx.connection())
                .await?;
            let Some(due) = due else { return Ok(None) };
            let done = mails::Entity::update_many()
                .col_expr(mails::Column::State, Expr::value(MailState::Sending.code()))
                .col_expr(mails::Column::Attempts, Expr::value(due.attempts + 1))
                .col_expr(mails::Column::ClaimedAt, Expr::value(now))
                .filter(mails::Column::Id.eq(due.id))
                .filter(mails::Column::State.eq(MailState::Queued.code()))
                .exec(tx.connection())
                .await?;
            if done.rows_affected == 0 {
                return Ok(None);
            }
            let attempts = due.attempts + 1;
            Ok(Some(StoredMail { state: MailState::Sending, attempts, claimed_at: Some(now), ..row_mail(due)? }))
        })
        .await
}

/// Mails that an instance took before a moment and never said the end of: nobody knows whether they were handed
/// over. Answers how many.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn give_up_silent(tx: &WriteTx, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<u64, StorageError> {
    let done = mails::Entity::update_many()
        .col_expr(mails::Column::State, Expr::value(MailState::Unknown.code()))
        .col_expr(mails::Column::EndedAt, Expr::value(now))
        .col_expr(mails::Column::Reason, Expr::value("het programma stopte tijdens het versturen"))
        .filter(mails::Column::State.eq(MailState::Sending.code()))
        .filter(mails::Column::ClaimedAt.lt(before))
        .exec(tx.connection())
        .await?;
    Ok(done.rows_affected)
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

/// Removes mails that ended before a moment. Answers how many.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn remove_before(tx: &WriteTx, before: DateTime<Utc>) -> Result<u64, StorageError> {
    let these = mails::Entity::delete_many().filter(mails::Column::EndedAt.lt(before));
    Ok(these.exec(tx.connection()).await?.rows_affected)
}
