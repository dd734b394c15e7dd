//! Long work in the background: asked for by a user, done by a worker, watched and stopped on the
//! screen.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use kernschil_domain::codes::JobState;
use kernschil_domain::ids::JobId;
use kernschil_storage::jobs::{self, Cancel, StoredJob};
use kernschil_storage::rounds;
use serde::Serialize;
use serde_json::json;

use crate::error::AppError;
use crate::proposals::{self, Watch};
use crate::{Actor, App};

/// A job as people look at it.
#[derive(Debug, Clone, Serialize)]
pub struct JobView {
    /// Identifier.
    pub id: JobId,
    /// What it does, in Dutch.
    pub title: String,
    /// Slug of its round.
    pub round: Option<String>,
    /// How far it is.
    pub state: JobState,
    /// Steps done.
    pub done: i32,
    /// Steps in all; 0 while not known.
    pub total: i32,
    /// What it is doing, or how it ended, in Dutch.
    pub message: String,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

const PROPOSAL: &str = "proposal";

/// A worker says four times a second that it is alive; after this long it is taken to be gone.
const SILENT_SECONDS: i64 = 30;

/// Asks for a proposal for a round; the worker makes it.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such round.
pub async fn ask_proposal(app: &App, actor: &Actor, slug: &str) -> Result<JobId, AppError> {
    let id = JobId(app.ids.next());
    app.store
        .write(async |tx| {
            let round = rounds::by_slug(tx, slug).await?;
            let job = StoredJob {
                id,
                kind: PROPOSAL.to_owned(),
                round: Some(round.id),
                state: JobState::Queued,
                done: 0,
                total: 0,
                message: "Wacht op een vrije werker.".to_owned(),
                cancel: Cancel::NotAsked,
                created_at: app.clock.now(),
                created_by: actor.user(),
                seen_at: app.clock.now(),
                ended_at: None,
            };
            jobs::store(tx, job).await?;
            app.audit(tx, actor, "proposal-asked", slug, &json!({ "job": id })).await
        })
        .await?;
    app.wake.notify_one();
    Ok(id)
}

fn view(job: StoredJob, rounds: &[kernschil_domain::rounds::Round]) -> JobView {
    let round = rounds.iter().find(|round| Some(round.id) == job.round);
    let title = match (job.kind.as_str(), round) {
        (PROPOSAL, Some(round)) => format!("Voorstel voor {}", round.name),
        _ => "Werk op de achtergrond".to_owned(),
    };
    JobView {
        id: job.id,
        title,
        round: round.map(|round| round.slug.clone()),
        state: job.state,
        done: job.done,
        total: job.total,
        message: job.message,
        created_at: job.created_at,
        ended_at: job.ended_at,
    }
}

/// A job.
///
/// # Errors
/// [`AppError::NotFound`] when there is none.
pub async fn get(app: &App, id: JobId) -> Result<JobView, AppError> {
    app.store.read(async |tx| Ok(view(jobs::get(tx, id).await?, &rounds::list(tx).await?))).await
}

/// The latest jobs, newest first.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn latest(app: &App) -> Result<Vec<JobView>, AppError> {
    app.store
        .read(async |tx| {
            let rounds = rounds::list(tx).await?;
            Ok(jobs::latest(tx, 50).await?.into_iter().map(|job| view(job, &rounds)).collect())
        })
        .await
}

/// Asks a job to stop.
///
/// # Errors
/// [`AppError::NotFound`] when there is none; [`AppError::Conflict`] when it has ended.
pub async fn cancel(app: &App, actor: &Actor, id: JobId) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let job = jobs::get(tx, id).await?;
            if !matches!(job.state, JobState::Queued | JobState::Running) {
                return Err(AppError::conflict("taak-klaar", "Dit werk is al klaar; er valt niets meer af te breken."));
            }
            jobs::ask_cancel(tx, id).await?;
            app.audit(tx, actor, "job-cancel-asked", &id.to_string(), &json!({})).await
        })
        .await
}

/// Does the waiting jobs, one after the other, until `stop` is ready.
pub async fn run(app: App, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    loop {
        let silent = app.clock.now() - chrono::Duration::seconds(SILENT_SECONDS);
        if let Err(error) = app.store.write(async |tx| jobs::requeue(tx, silent).await).await {
            tracing::error!(%error, "jobs of a stopped instance were not put back");
        }
        match jobs::claim(&app.store, app.clock.now()).await {
            Ok(Some(job)) => {
                tokio::select! {
                    () = work(&app, job) => {}
                    () = &mut stop => return,
                }
            }
            Ok(None) => {
                // Other instances share the queue, so look now and then without being woken.
                tokio::select! {
                    () = app.wake.notified() => {}
                    () = tokio::time::sleep(Duration::from_secs(5)) => {}
                    () = &mut stop => return,
                }
            }
            Err(error) => {
                tracing::error!(%error, "no job could be claimed");
                tokio::select! {
                    () = tokio::time::sleep(Duration::from_secs(5)) => {}
                    () = &mut stop => return,
                }
            }
        }
    }
}

async fn work(app: &App, job: StoredJob) {
    let answer = match job.kind.as_str() {
        PROPOSAL => make_proposal(app, &job).await,
        other => Err(AppError::Internal(format!("unknown kind of job {other}"))),
    };
    let (state, message) = match answer {
        Ok(message) => (JobState::Done, message),
        Err(AppError::Cancelled) => (JobState::Cancelled, AppError::Cancelled.dutch()),
        Err(error) => {
            tracing::error!(%error, job = %job.id, "job failed");
            (JobState::Failed, error.dutch())
        }
    };
    let now = app.clock.now();
    if let Err(error) = app.store.write(async |tx| jobs::end(tx, job.id, state, &message, now).await).await {
        tracing::error!(%error, job = %job.id, "the end of a job was not stored");
    }
}

async fn make_proposal(app: &App, job: &StoredJob) -> Result<String, AppError> {
    let rounds = app.rounds().await?;
    let round = rounds.iter().find(|round| Some(round.id) == job.round).ok_or(AppError::NotFound)?;
    let actor = job.created_by.map_or(Actor::CommandLine, |id| Actor::User { id, name: String::new() });
    let watch = Arc::new(Watch::default());
    // A task of its own: while the proposal is being stored it holds the writer of SQLite, and noting
    // progress in between waits for that same writer.
    let mut making = tokio::spawn({
        let (app, slug, watch) = (app.clone(), round.slug.clone(), Arc::clone(&watch));
        async move { proposals::make_and_apply(&app, &actor, &slug, watch).await }
    });
    loop {
        tokio::select! {
            summary = &mut making => {
                let figures = summary.map_err(|e| AppError::Internal(e.to_string()))??.figures;
                let placed = figures.demands - figures.unplaced;
                return Ok(format!("Klaar: {placed} van {} plaatsingen voorgesteld.", figures.demands));
            }
            () = tokio::time::sleep(Duration::from_millis(250)) => watch_over(app, job.id, &watch).await?,
        }
    }
}

async fn watch_over(app: &App, id: JobId, watch: &Watch) -> Result<(), AppError> {
    let (done, total) = watch.progress();
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let asked = app
        .store
        .write(async |tx| {
            jobs::progress(tx, id, count(done).min(count(total)), count(total), "De plaatsingen worden berekend.", app.clock.now()).await
        })
        .await?;
    if asked == Cancel::Asked {
        watch.stop();
    }
    Ok(())
}
