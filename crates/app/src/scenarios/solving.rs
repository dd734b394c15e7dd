//! Solving a scenario in the background, beside the round.

use std::sync::Arc;

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{JobId, ScenarioId};
use kernschil_storage::jobs::{self as stored_jobs, StoredJob};
use kernschil_storage::scenarios::{self, Solution};
use kernschil_storage::{StorageError, rounds};
use serde_json::json;

use super::changed::changed;
use super::picture::Picture;
use crate::error::AppError;
use crate::proposals::{self, Watch};
use crate::{Actor, App, Change, jobs, shortages, sight};

/// The kind of work it is.
pub(crate) const JOB: &str = "scenario";

/// Asks for a scenario to be solved; the worker does it. Where that was asked already, answers that work.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such scenario.
pub async fn solve(app: &App, actor: &Actor, slug: &str, id: ScenarioId) -> Result<JobId, AppError> {
    let job = app
        .store
        .write(async |tx| {
            let round = sight::require_whole(app, tx, actor, slug, Permission::MakeProposals).await?;
            rounds::lock(tx, slug).await?;
            scenarios::get(tx, round.id, id).await?;
            if let Some(open) = stored_jobs::latest(tx, super::reading::JOBS).await?.iter().find(|job| super::reading::is_solving(job, id))
            {
                return Ok(open.id);
            }
            let job = jobs::queued(app, actor, JOB, jobs::About { round: Some(round.id), subject: Some(id.0) });
            let job_id = job.id;
            stored_jobs::store(tx, job).await?;
            app.audit(tx, actor, EventKind::ScenarioSolved, slug, Change::to(json!({ "scenario": id, "job": job_id })));
            Ok::<_, AppError>(job_id)
        })
        .await?;
    app.wake.notify_one();
    Ok(job)
}

/// Solves the scenario that a job is about.
pub(crate) async fn work(app: &App, job: &StoredJob) -> Result<String, AppError> {
    let rounds = app.rounds(&Actor::CommandLine).await?;
    let round = rounds.iter().find(|round| Some(round.id) == job.round).ok_or(AppError::NotFound)?;
    let id = ScenarioId(job.subject.ok_or(AppError::NotFound)?);
    let actor = jobs::asker(app, job).await?;
    let watch = Arc::new(Watch::default());
    let making = tokio::spawn({
        let (app, slug, watch) = (app.clone(), round.slug.clone(), Arc::clone(&watch));
        async move { solve_and_store(&app, &actor, &slug, id, watch).await }
    });
    let figures = jobs::watched(app, job.id, &watch, making).await?;
    Ok(format!("Klaar: {} van {} studenten hebben in dit scenario een plek.", figures.placed(), figures.demands))
}

async fn solve_and_store(app: &App, actor: &Actor, slug: &str, id: ScenarioId, watch: Arc<Watch>) -> Result<super::KeyFigures, AppError> {
    let (base, scenario) = app
        .store
        .read(async |tx| {
            let round = sight::require_whole(app, tx, actor, slug, Permission::MakeProposals).await?;
            let scenario = scenarios::get(tx, round.id, id).await?.scenario;
            Ok::<_, AppError>((rounds::picture(tx, slug).await?, scenario))
        })
        .await?;
    let data = changed(&base, &scenario.rules, &scenario.changes);
    let input = proposals::input_of(&data);
    if input.demands.is_empty() {
        let message = "In dit scenario heeft niemand nog een plaats nodig. Laad studenten, of verlaag de instroom minder.";
        return Err(AppError::conflict("geen-vraag", message));
    }
    let hash = proposals::input_hash(&input)?;
    let proposal = proposals::compute(input.clone(), watch).await?;
    let work = move || {
        let mut short = shortages::of(&data, &proposal);
        shortages::work_out(&mut short, &input, &proposal);
        Picture::proposed(&base, data, &proposal, short)
    };
    let picture = tokio::task::spawn_blocking(work).await.map_err(|error| AppError::Internal(error.to_string()))?;
    let result = serde_json::to_string(&picture).map_err(|error| AppError::Internal(error.to_string()))?;
    let solution = Solution { at: app.clock.now(), input_hash: hash, result };
    let stored = app.store.write(async |tx| scenarios::solved(tx, &scenario, solution).await).await;
    match stored {
        Ok(()) => Ok(picture.key()),
        Err(StorageError::Stale) => {
            let message = "Het scenario is veranderd terwijl het werd doorgerekend. Reken het opnieuw door.";
            Err(AppError::conflict("intussen-gewijzigd", message))
        }
        Err(error) => Err(error.into()),
    }
}
