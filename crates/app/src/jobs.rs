//! Long work in the background: asked for by a user, done by a worker, watched and stopped on the
//! screen.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::JobState;
use kernschil_domain::ids::{JobId, RoundId};
use kernschil_domain::rounds::Round;
use kernschil_storage::jobs::{self, Cancel, StoredJob};
use kernschil_storage::{Tx, registry, rounds};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::error::AppError;
use crate::proposals::{self, Watch};
use crate::{Actor, App, Change, access, examples, mutations, privacy, scenarios, sight};

/// Which work a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobKind {
    /// Making a proposal for a round.
    Proposal,
    /// Solving a scenario of a round.
    Scenario,
    /// Making the plan for a mutation.
    Plan,
    /// Applying the retention terms.
    Retention,
    /// Other work for the whole installation.
    Other,
}

/// A job as people look at it.
#[derive(Debug, Clone, Serialize)]
pub struct JobView {
    /// Identifier.
    pub id: JobId,
    /// Which work it is.
    pub kind: JobKind,
    /// What it does, in Dutch.
    pub title: String,
    /// Slug of its round.
    pub round: Option<String>,
    /// What of the round it is about, such as a scenario.
    pub subject: Option<Uuid>,
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
pub(crate) const EXAMPLES: &str = "examples";

/// A worker says four times a second that it is alive; after this long it is taken to be gone.
const SILENT_SECONDS: i64 = 30;

/// Asks for a proposal for a round; the worker makes it.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such round.
pub async fn ask_proposal(app: &App, actor: &Actor, slug: &str) -> Result<JobId, AppError> {
    let id = app
        .store
        .write(async |tx| {
            let round = sight::require_whole(app, tx, actor, slug, Permission::MakeProposals).await?;
            let job = queued(app, actor, PROPOSAL, About { round: Some(round.id), subject: None });
            let id = job.id;
            jobs::store(tx, job).await?;
            app.audit(tx, actor, EventKind::ProposalAsked, slug, Change::to(json!({ "job": id })));
            Ok::<_, AppError>(id)
        })
        .await?;
    app.wake.notify_one();
    Ok(id)
}

/// What work is about: a round, and what of it, such as a scenario.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct About {
    pub(crate) round: Option<RoundId>,
    pub(crate) subject: Option<Uuid>,
}

/// Work that somebody asks for, as it waits for a worker.
pub(crate) fn queued(app: &App, actor: &Actor, kind: &str, about: About) -> StoredJob {
    let now = app.clock.now();
    StoredJob {
        id: JobId(app.ids.next()),
        kind: kind.to_owned(),
        round: about.round,
        state: JobState::Queued,
        done: 0,
        total: 0,
        message: "Wacht op een vrije werker.".to_owned(),
        cancel: Cancel::NotAsked,
        created_at: now,
        created_by: actor.user(),
        seen_at: now,
        ended_at: None,
        subject: about.subject,
    }
}

pub(crate) fn view(job: StoredJob, rounds: &[Round]) -> JobView {
    let round = rounds.iter().find(|round| Some(round.id) == job.round);
    let title = match (job.kind.as_str(), round) {
        (PROPOSAL, Some(round)) => format!("Voorstel voor {}", round.name),
        (scenarios::JOB, Some(round)) => format!("Scenario van {} doorrekenen", round.name),
        (mutations::JOB, Some(round)) => format!("Plan voor een wijziging in {}", round.name),
        (EXAMPLES, _) => "Voorbeelden laden".to_owned(),
        (privacy::JOB, _) => "Bewaartermijnen toepassen".to_owned(),
        _ => "Werk op de achtergrond".to_owned(),
    };
    let kind = match job.kind.as_str() {
        PROPOSAL => JobKind::Proposal,
        scenarios::JOB => JobKind::Scenario,
        mutations::JOB => JobKind::Plan,
        privacy::JOB => JobKind::Retention,
        _ => JobKind::Other,
    };
    JobView {
        id: job.id,
        kind,
        title,
        round: round.map(|round| round.slug.clone()),
        subject: job.subject,
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
pub async fn get(app: &App, actor: &Actor, id: JobId) -> Result<JobView, AppError> {
    app.store
        .read(async |tx| {
            let rounds = known(app, tx, actor).await?;
            Ok(view(found(tx, actor, id, &rounds).await?, &rounds))
        })
        .await
}

/// The rounds of which somebody may follow the work: those she coordinates as a whole.
async fn known(app: &App, tx: &Tx, actor: &Actor) -> Result<Vec<Round>, AppError> {
    let reach = actor.reach(Permission::MakeProposals, &registry::load(tx).await?, app.clock.today());
    Ok(rounds::list(tx).await?.into_iter().filter(|round| reach.covers_round(round)).collect())
}

/// Work in the background is for who coordinates rounds and for who manages the installation.
fn require(actor: &Actor) -> Result<(), AppError> {
    if actor.may(Permission::ManageSettings) { Ok(()) } else { actor.require(Permission::MakeProposals) }
}

async fn found(tx: &Tx, actor: &Actor, id: JobId, rounds: &[Round]) -> Result<StoredJob, AppError> {
    require(actor)?;
    let job = jobs::get(tx, id).await?;
    if is_within(&job, actor, rounds) { Ok(job) } else { Err(AppError::NotFound) }
}

/// Work for a round is for who coordinates it; work for the whole installation for who manages that.
fn is_within(job: &StoredJob, actor: &Actor, rounds: &[Round]) -> bool {
    match job.round {
        Some(id) => rounds.iter().any(|round| round.id == id),
        None => actor.may(Permission::ManageSettings),
    }
}

/// The latest jobs, newest first.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn latest(app: &App, actor: &Actor) -> Result<Vec<JobView>, AppError> {
    require(actor)?;
    app.store
        .read(async |tx| {
            let rounds = known(app, tx, actor).await?;
            let jobs = jobs::latest(tx, 50).await?.into_iter().filter(|job| is_within(job, actor, &rounds));
            Ok(jobs.map(|job| view(job, &rounds)).collect())
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
            let job = found(tx, actor, id, &known(app, tx, actor).await?).await?;
            if !matches!(job.state, JobState::Queued | JobState::Running) {
                return Err(AppError::conflict("taak-klaar", "Dit werk is al klaar; er valt niets meer af te breken."));
            }
            jobs::ask_cancel(tx, id).await?;
            app.audit(tx, actor, EventKind::JobCancelAsked, &id.to_string(), Change::none());
            Ok(())
        })
        .await
}

/// Does the waiting jobs, one after the other, until `stop` is ready. Once a day it asks for applying the retention terms
/// and sends the reminders of peer reviews itself.
pub async fn run(app: App, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    let (mut asked_on, mut reminded_on) = (None, None);
    loop {
        let today = app.clock.today();
        if asked_on != Some(today) {
            match privacy::ask_daily(&app).await {
                Ok(()) => asked_on = Some(today),
                Err(error) => tracing::error!(%error, "applying the retention terms was not asked for"),
            }
        }
        if reminded_on != Some(today) {
            match crate::reviews::remind_daily(&app).await {
                Ok(_) => reminded_on = Some(today),
                Err(error) => tracing::error!(%error, "reminders of peer reviews were not sent"),
            }
        }
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
        scenarios::JOB => scenarios::work(app, &job).await,
        mutations::JOB => mutations::work(app, &job).await,
        EXAMPLES => examples::work(app, &job).await,
        privacy::JOB => privacy::work(app, &job).await,
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

/// Who asked for a job, with what she may do now: she may have lost the right since.
pub(crate) async fn asker(app: &App, job: &StoredJob) -> Result<Actor, AppError> {
    match job.created_by {
        Some(id) => access::actor(app, id).await,
        None => Ok(Actor::CommandLine),
    }
}

async fn make_proposal(app: &App, job: &StoredJob) -> Result<String, AppError> {
    let rounds = app.rounds(&Actor::CommandLine).await?;
    let round = rounds.iter().find(|round| Some(round.id) == job.round).ok_or(AppError::NotFound)?;
    let actor = asker(app, job).await?;
    let watch = Arc::new(Watch::default());
    // A task of its own: while the proposal is being stored it holds the writer of SQLite, and noting
    // progress in between waits for that same writer.
    let making = tokio::spawn({
        let (app, slug, watch) = (app.clone(), round.slug.clone(), Arc::clone(&watch));
        async move { proposals::make_and_apply(&app, &actor, &slug, watch).await }
    });
    let figures = watched(app, job.id, &watch, making).await?.figures;
    let placed = figures.demands - figures.unplaced;
    Ok(format!("Klaar: {placed} van {} plaatsingen voorgesteld.", figures.demands))
}

/// Waits for work on a task of its own, notes how far it is, and stops it when somebody asks.
pub(crate) async fn watched<T>(
    app: &App,
    id: JobId,
    watch: &Watch,
    mut making: tokio::task::JoinHandle<Result<T, AppError>>,
) -> Result<T, AppError> {
    loop {
        tokio::select! {
            made = &mut making => return made.map_err(|e| AppError::Internal(e.to_string()))?,
            () = tokio::time::sleep(Duration::from_millis(250)) => watch_over(app, id, watch).await?,
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
