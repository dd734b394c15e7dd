//! Making a plan in the background.

use std::sync::Arc;

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::JobState;
use kernschil_domain::ids::{JobId, MutationId, Version};
use kernschil_storage::jobs::{self as stored_jobs, StoredJob};
use kernschil_storage::{Tx, mutations};
use serde_json::json;

use super::{locked, make_plan, pending, require_possible};
use crate::error::AppError;
use crate::proposals::Watch;
use crate::{Actor, App, Change, jobs, sight};

/// The kind of work it is.
pub(crate) const JOB: &str = "plan";

/// Asks for the plan of a mutation, or for a new one; the worker makes it. Where that was asked already, answers that work.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when the mutation was carried out or taken back, cannot be any more, or was
/// changed since `seen`.
pub async fn ask_plan(app: &App, actor: &Actor, slug: &str, id: MutationId, seen: Version) -> Result<JobId, AppError> {
    let job = app
        .store
        .write(async |tx| {
            let data = locked(app, tx, actor, slug).await?;
            let stored = pending(tx, &data, id, seen).await?;
            require_possible(&data, &stored.mutation.subject)?;
            if let Some(open) = open_job(tx, id).await? {
                return Ok(open);
            }
            let waiting = jobs::queued(app, actor, JOB, jobs::About { round: Some(data.round.id), subject: Some(id.0) });
            let job = waiting.id;
            stored_jobs::store(tx, waiting).await?;
            app.audit(tx, actor, EventKind::MutationPlanAsked, slug, Change::to(json!({ "mutation": id, "job": job })));
            Ok::<_, AppError>(job)
        })
        .await?;
    app.wake.notify_one();
    Ok(job)
}

/// The work that makes a plan for a mutation, while it waits or goes on.
pub(super) async fn open_job(tx: &Tx, id: MutationId) -> Result<Option<JobId>, AppError> {
    let jobs = stored_jobs::about(tx, JOB, id.0).await?;
    Ok(jobs.into_iter().find(|job| matches!(job.state, JobState::Queued | JobState::Running)).map(|job| job.id))
}

/// Makes the plan that a job is about, of the mutation as it is by then.
pub(crate) async fn work(app: &App, job: &StoredJob) -> Result<String, AppError> {
    let rounds = app.rounds(&Actor::CommandLine).await?;
    let round = rounds.iter().find(|round| Some(round.id) == job.round).ok_or(AppError::NotFound)?;
    let id = MutationId(job.subject.ok_or(AppError::NotFound)?);
    let actor = jobs::asker(app, job).await?;
    let watch = Arc::new(Watch::default());
    let making = tokio::spawn({
        let (app, slug, watch) = (app.clone(), round.slug.clone(), Arc::clone(&watch));
        async move {
            let seen = app
                .store
                .read(async |tx| {
                    let round = sight::require_whole(&app, tx, &actor, &slug, Permission::Mutate).await?;
                    Ok::<_, AppError>(mutations::get(tx, round.id, id).await?.mutation.version)
                })
                .await?;
            make_plan(&app, &actor, &slug, id, seen, watch).await
        }
    });
    jobs::watched(app, job.id, &watch, making).await?;
    Ok("Klaar: het plan is gemaakt. Er is nog niemand verhuisd.".to_owned())
}
