//! Scenarios: named copies of a round, solved beside it, compared and chosen.

mod bad_input;
mod outcomes;

use kernschil_app::scenarios::{self, Begin, ScenarioState, ScenarioView};
use kernschil_app::{Actor, jobs};
use kernschil_domain::codes::JobState;
use kernschil_domain::ids::{JobId, ScenarioId};

use crate::support::TestApp;

const LINE: Actor = Actor::CommandLine;

/// Makes a scenario and solves it.
async fn solved(app: &TestApp, round: &str, name: &str, begin: Begin) -> ScenarioId {
    let id = scenarios::make(&app.app, &LINE, round, name, begin).await.unwrap();
    let ended = solve(app, round, id).await;
    assert_eq!(ended.0, JobState::Done, "{}", ended.1);
    id
}

/// Solves a scenario; answers how that ended.
async fn solve(app: &TestApp, round: &str, id: ScenarioId) -> (JobState, String) {
    let job = scenarios::solve(&app.app, &LINE, round, id).await.unwrap();
    ended(app, job).await
}

/// Lets the worker work until a job ended.
async fn ended(app: &TestApp, job: JobId) -> (JobState, String) {
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let worker = tokio::spawn(jobs::run(app.app.clone(), async {
        let _ = stopped.await;
    }));
    let end = loop {
        let view = jobs::get(&app.app, &LINE, job).await.unwrap();
        if !matches!(view.state, JobState::Queued | JobState::Running) {
            break (view.state, view.message);
        }
        tokio::task::yield_now().await;
    };
    stop.send(()).unwrap();
    worker.await.unwrap();
    end
}

async fn get(app: &TestApp, round: &str, id: ScenarioId) -> ScenarioView {
    scenarios::get(&app.app, &LINE, round, id).await.unwrap().1
}

/// Whether what came out of a scenario still holds.
async fn is_current(app: &TestApp, round: &str, id: ScenarioId) -> bool {
    get(app, round, id).await.state == ScenarioState::Current
}
