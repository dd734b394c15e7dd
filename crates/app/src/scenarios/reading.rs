//! Scenarios as people look at them: the list, one of them, and two beside each other.

use kernschil_allocation::Level;
use kernschil_domain::access::Permission;
use kernschil_domain::codes::JobState;
use kernschil_domain::ids::{JobId, ScenarioId};
use kernschil_domain::rounds::RoundData;
use kernschil_domain::scenarios::Scenario;
use kernschil_storage::jobs::{self as stored_jobs, StoredJob};
use kernschil_storage::scenarios::StoredScenario;
use kernschil_storage::{Tx, rounds, scenarios};

use super::changed::changed;
use super::comparison::{Comparison, compare as compare_pictures};
use super::edits::{Deviation, deviations};
use super::hashes::Asked;
use super::picture::{KeyFigures, Picture};
use crate::error::AppError;
use crate::proposals::{self, Currency};
use crate::{Actor, App, reasons, sight};

/// How far back somebody's work on a scenario is looked for.
pub(super) const JOBS: u64 = 200;

/// How far a scenario is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScenarioState {
    /// It was never solved.
    New,
    /// It waits for the worker, or is being solved.
    Solving(JobId),
    /// What came out still holds.
    Current,
    /// The scenario, or the round, changed since.
    Outdated,
}

/// A scenario with what came out.
#[derive(Debug, Clone)]
pub struct ScenarioView {
    /// The scenario.
    pub scenario: Scenario,
    /// How far it is.
    pub state: ScenarioState,
    /// What it has otherwise than its round.
    pub deviations: Vec<Deviation>,
    /// What came out when it was solved last.
    pub picture: Option<Picture>,
}

/// The scenarios of a round.
#[derive(Debug, Clone)]
pub struct ScenarioList {
    /// The round and its registry.
    pub data: RoundData,
    /// What is on the board now.
    pub board: KeyFigures,
    /// The scenarios, oldest first.
    pub scenarios: Vec<ScenarioView>,
}

/// Whether a job is solving a scenario, or going to.
pub(super) fn is_solving(job: &StoredJob, id: ScenarioId) -> bool {
    job.kind == super::JOB && job.subject == Some(id.0) && matches!(job.state, JobState::Queued | JobState::Running)
}

/// Hash of what would be solved now.
pub(super) fn hash_of(data: &RoundData, scenario: &Scenario) -> Result<String, AppError> {
    proposals::input_hash(&proposals::input_of(&changed(data, &scenario.rules, &scenario.changes)))
}

fn view(data: &RoundData, jobs: &[StoredJob], hashes: &Asked<'_>, stored: StoredScenario) -> Result<ScenarioView, AppError> {
    let StoredScenario { scenario, result } = stored;
    // What an earlier version stored and this one cannot read is solved again.
    let picture: Option<Picture> = result.and_then(|json| serde_json::from_str(&json).ok());
    let state = match (jobs.iter().find(|job| is_solving(job, scenario.id)), &picture, &scenario.input_hash) {
        (Some(job), ..) => ScenarioState::Solving(job.id),
        (None, Some(_), Some(hash)) if *hash == hashes.of(data, &scenario)? => ScenarioState::Current,
        (None, Some(_), _) => ScenarioState::Outdated,
        (None, None, _) => ScenarioState::New,
    };
    Ok(ScenarioView { deviations: deviations(data, &scenario.rules, &scenario.changes), scenario, state, picture })
}

async fn round(app: &App, tx: &Tx, actor: &Actor, slug: &str) -> Result<RoundData, AppError> {
    sight::require_whole(app, tx, actor, slug, Permission::MakeProposals).await?;
    Ok(rounds::picture(tx, slug).await?)
}

/// The scenarios of a round.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such round; [`AppError::Forbidden`] for who does not coordinate all of it.
pub async fn list(app: &App, actor: &Actor, slug: &str) -> Result<ScenarioList, AppError> {
    app.store
        .read(async |tx| {
            let data = round(app, tx, actor, slug).await?;
            let jobs = stored_jobs::latest(tx, JOBS).await?;
            let stored = scenarios::list(tx, data.round.id).await?;
            let hashes = Asked::new(app, tx).await?;
            let scenarios = stored.into_iter().map(|one| view(&data, &jobs, &hashes, one)).collect::<Result<_, _>>()?;
            Ok(ScenarioList { board: Picture::of(&data).key(), scenarios, data })
        })
        .await
}

/// A scenario, and its round.
///
/// # Errors
/// [`AppError::NotFound`] when the round has no such scenario.
pub async fn get(app: &App, actor: &Actor, slug: &str, id: ScenarioId) -> Result<(RoundData, ScenarioView), AppError> {
    app.store
        .read(async |tx| {
            let data = round(app, tx, actor, slug).await?;
            let jobs = stored_jobs::latest(tx, JOBS).await?;
            let view = view(&data, &jobs, &Asked::new(app, tx).await?, scenarios::get(tx, data.round.id, id).await?)?;
            Ok((data, view))
        })
        .await
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Versus {
    /// What is on the board.
    Board,
    /// What came out of a scenario.
    Scenario(ScenarioId),
}

/// One side of a comparison.
#[derive(Debug, Clone)]
pub struct Side {
    /// What it is.
    pub versus: Versus,
    /// Its name.
    pub name: String,
    /// Whether it is as the round is now.
    pub currency: Currency,
    /// What comes out for everybody.
    pub picture: Picture,
}

/// Two sides beside each other.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The round and its registry.
    pub data: RoundData,
    /// The first.
    pub before: Side,
    /// The second.
    pub after: Side,
    /// How they differ.
    pub comparison: Comparison,
}

impl Compared {
    /// What each level of the proposals counts, in Dutch, with its value in the first and in the second. The lot between
    /// equals says nothing and is left out.
    pub fn levels(&self) -> Vec<(String, Option<i64>, Option<i64>)> {
        let value = |side: &Side, wanted| side.picture.levels.iter().find(|(level, _)| *level == wanted).map(|(_, value)| *value);
        let longest = [&self.before, &self.after].into_iter().max_by_key(|side| side.picture.levels.len());
        let levels = longest.into_iter().flat_map(|side| &side.picture.levels).map(|(level, _)| *level);
        let told = levels.filter(|level| *level != Level::Lot);
        told.map(|level| (reasons::level(level), value(&self.before, level), value(&self.after, level))).collect()
    }
}

async fn side(app: &App, tx: &Tx, data: &RoundData, versus: Versus) -> Result<Side, AppError> {
    let id = match versus {
        Versus::Board => {
            let run = proposals::latest(tx, data).await?.map(|run| run.view);
            let mut picture = Picture::of(data);
            let currency = run.as_ref().map_or(Currency::Outdated, |run| run.currency);
            if currency == Currency::Current {
                picture.proof = run.map(|run| run.proof);
            }
            // The board is always as it is; only its proof can be of before.
            return Ok(Side { versus, name: "Het plaatsbord nu".to_owned(), currency: Currency::Current, picture });
        }
        Versus::Scenario(id) => id,
    };
    let view = view(data, &[], &Asked::new(app, tx).await?, scenarios::get(tx, data.round.id, id).await?)?;
    let Some(picture) = view.picture else {
        let message = format!("Scenario “{}” is nog niet doorgerekend. Reken het eerst door.", view.scenario.name);
        return Err(AppError::conflict("scenario-niet-doorgerekend", message));
    };
    let currency = if view.state == ScenarioState::Current { Currency::Current } else { Currency::Outdated };
    Ok(Side { versus, name: view.scenario.name, currency, picture })
}

/// Two scenarios of a round beside each other, or one and the board.
///
/// # Errors
/// [`AppError::NotFound`] when the round has no such scenario; [`AppError::Conflict`] when one was never solved.
pub async fn compare(app: &App, actor: &Actor, slug: &str, before: Versus, after: Versus) -> Result<Compared, AppError> {
    app.store
        .read(async |tx| {
            let data = round(app, tx, actor, slug).await?;
            let (before, after) = (side(app, tx, &data, before).await?, side(app, tx, &data, after).await?);
            let comparison = compare_pictures(&data, &before.picture, &after.picture);
            Ok(Compared { data, before, after, comparison })
        })
        .await
}
