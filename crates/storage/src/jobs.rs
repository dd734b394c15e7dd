//! Long work in the background: a row that a worker claims, with progress and a way to stop it.

use chrono::{DateTime, Utc};
use kernschil_domain::codes::JobState;
use kernschil_domain::ids::{JobId, RoundId, UserId};
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::jobs;
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Backend, Store, Tx, WriteTx};

/// A job as stored.
#[derive(Debug, Clone)]
pub struct StoredJob {
    /// Identifier.
    pub id: JobId,
    /// Stable code of the kind of work.
    pub kind: String,
    /// The round it is for.
    pub round: Option<RoundId>,
    /// How far it is.
    pub state: JobState,
    /// Steps done.
    pub done: i32,
    /// Steps in all.
    pub total: i32,
    /// What it is doing, or how it ended: a Dutch sentence.
    pub message: String,
    /// Whether a user asked to stop it.
    pub cancel: Cancel,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: Option<UserId>,
    /// When its worker last said that it is alive.
    pub seen_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// What of the round it is about, such as a scenario.
    pub subject: Option<sea_orm::prelude::Uuid>,
}

/// Whether a user asked to stop a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancel {
    /// Nobody did.
    NotAsked,
    /// Somebody did; the worker stops at the next step.
    Asked,
}

fn job(row: jobs::Model) -> Result<StoredJob, StorageError> {
    Ok(StoredJob {
        id: JobId(row.id),
        kind: row.kind,
        round: row.round_id.map(RoundId),
        state: read(JobState::parse(&row.state), "jobs.state")?,
        done: row.done,
        total: row.total,
        message: row.message,
        cancel: if row.cancel_asked == 0 { Cancel::NotAsked } else { Cancel::Asked },
        created_at: row.created_at,
        created_by: row.created_by.map(UserId),
        seen_at: row.seen_at,
        ended_at: row.ended_at,
        subject: row.subject_id,
    })
}

/// Stores a job, or replaces the one with the same id.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn store(tx: &WriteTx, job: StoredJob) -> Result<(), StorageError> {
    let row = jobs::Model {
        id: job.id.0,
        kind: job.kind,
        round_id: job.round.map(|id| id.0),
        state: job.state.code().to_owned(),
        done: job.done,
        total: job.total,
        message: job.message,
        cancel_asked: i32::from(job.cancel == Cancel::Asked),
        created_at: job.created_at,
        created_by: job.created_by.map(|id| id.0),
        seen_at: job.seen_at,
        ended_at: job.ended_at,
        subject_id: job.subject,
    };
    put(tx, vec![row]).await
}

/// The job with an id.
///
/// # Errors
/// [`StorageError::NotFound`] when there is none.
pub async fn get(tx: &Tx, id: JobId) -> Result<StoredJob, StorageError> {
    jobs::Entity::find_by_id(id.0).one(tx.connection()).await?.map(job).ok_or(StorageError::NotFound)?
}

/// The latest jobs, newest first.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn latest(tx: &Tx, most: u64) -> Result<Vec<StoredJob>, StorageError> {
    let rows = jobs::Entity::find().order_by_desc(jobs::Column::CreatedAt).limit(most).all(tx.connection()).await?;
    rows.into_iter().map(job).collect()
}

/// The jobs of a kind that are about something of a round, newest first.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn about(tx: &Tx, kind: &str, subject: sea_orm::prelude::Uuid) -> Result<Vec<StoredJob>, StorageError> {
    let rows = jobs::Entity::find().filter(jobs::Column::Kind.eq(kind)).filter(jobs::Column::SubjectId.eq(subject));
    rows.order_by_desc(jobs::Column::CreatedAt).all(tx.connection()).await?.into_iter().map(job).collect()
}

/// Claims the oldest waiting job; no two workers claim the same one.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn claim(store: &Store, now: DateTime<Utc>) -> Result<Option<StoredJob>, StorageError> {
    let backend = store.backend();
    store
        .write(async |tx: &WriteTx| {
            let mut waiting = jobs::Entity::find()
                .filter(jobs::Column::State.eq(JobState::Queued.code()))
                .order_by_asc(jobs::Column::CreatedAt)
                .order_by_asc(jobs::Column::Id)
                .limit(1);
            if backend == Backend::Postgres {
                waiting = waiting.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
            }
            let Some(row) = waiting.one(tx.connection()).await? else { return Ok(None) };
            let claimed = StoredJob { state: JobState::Running, seen_at: now, ..job(row)? };
            self::store(tx, claimed.clone()).await?;
            Ok(Some(claimed))
        })
        .await
}

/// Notes progress; answers whether a user asked to stop.
///
/// # Errors
/// [`StorageError::NotFound`] when there is no such job.
pub async fn progress(tx: &WriteTx, id: JobId, done: i32, total: i32, message: &str, now: DateTime<Utc>) -> Result<Cancel, StorageError> {
    jobs::Entity::update_many()
        .col_expr(jobs::Column::Done, Expr::value(done))
        .col_expr(jobs::Column::Total, Expr::value(total))
        .col_expr(jobs::Column::Message, Expr::value(message))
        .col_expr(jobs::Column::SeenAt, Expr::value(now))
        .filter(jobs::Column::Id.eq(id.0))
        .exec(tx.connection())
        .await?;
    Ok(get(tx, id).await?.cancel)
}

/// Asks a job to stop. One that waits still is cancelled at once.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn ask_cancel(tx: &WriteTx, id: JobId) -> Result<(), StorageError> {
    jobs::Entity::update_many()
        .col_expr(jobs::Column::CancelAsked, Expr::value(1))
        .filter(jobs::Column::Id.eq(id.0))
        .exec(tx.connection())
        .await?;
    jobs::Entity::update_many()
        .col_expr(jobs::Column::State, Expr::value(JobState::Cancelled.code()))
        .filter(jobs::Column::Id.eq(id.0))
        .filter(jobs::Column::State.eq(JobState::Queued.code()))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Ends a job.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn end(tx: &WriteTx, id: JobId, state: JobState, message: &str, at: DateTime<Utc>) -> Result<(), StorageError> {
    jobs::Entity::update_many()
        .col_expr(jobs::Column::State, Expr::value(state.code()))
        .col_expr(jobs::Column::Message, Expr::value(message))
        .col_expr(jobs::Column::EndedAt, Expr::value(Some(at)))
        .filter(jobs::Column::Id.eq(id.0))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Puts jobs back in the queue whose worker was not heard of since `before`: its instance stopped.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn requeue(tx: &WriteTx, before: DateTime<Utc>) -> Result<(), StorageError> {
    jobs::Entity::update_many()
        .col_expr(jobs::Column::State, Expr::value(JobState::Queued.code()))
        .filter(jobs::Column::State.eq(JobState::Running.code()))
        .filter(jobs::Column::SeenAt.lt(before))
        .exec(tx.connection())
        .await?;
    Ok(())
}
