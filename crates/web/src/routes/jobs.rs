//! Work in the background: the list, one piece of work, and stopping it.

use chrono::{DateTime, Utc};
use kernschil_app::jobs::{self, JobKind, JobView as AppJob};
use kernschil_app::{Actor, App, AppError};
use kernschil_domain::codes::JobState;
use kernschil_domain::ids::JobId;
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::web::Path;

use super::State;
use super::support::{Answer, capital, html, id, round_ref, see_other, whole};
use super::words::when;
use crate::components::nav::{NavItem, RoundRef};
use crate::views::jobs::{JobRow, JobStage, JobStep, JobView, JobsView, StepState, job_page, jobs_page};
use crate::views::privacy::RETENTION_PATH;

/// How far work is, for the views.
pub(super) fn stage(state: JobState) -> JobStage {
    match state {
        JobState::Queued => JobStage::Queued,
        JobState::Running => JobStage::Running,
        JobState::Done => JobStage::Done,
        JobState::Failed => JobStage::Failed,
        JobState::Cancelled => JobStage::Cancelled,
    }
}

/// Whether work still waits or goes on.
pub(super) fn is_open(job: &AppJob) -> bool {
    matches!(job.state, JobState::Queued | JobState::Running)
}

/// Of work for a round: searching is the first half of the count, explaining and checking the second. Other work says in
/// its message what it is doing.
fn steps(job: &AppJob) -> Vec<JobStep> {
    if job.round.is_none() {
        return Vec::new();
    }
    let at = match job.state {
        JobState::Done => 3,
        JobState::Running if job.total == 0 => 0,
        JobState::Running if job.done * 2 < job.total => 1,
        JobState::Running => 2,
        JobState::Queued | JobState::Failed | JobState::Cancelled => return Vec::new(),
    };
    let (first, last) = match job.kind {
        JobKind::Plan => ("Zoeken wie er zo weinig mogelijk verhuizen", "Narekenen en zoeken wat meer verhuizingen opleveren"),
        JobKind::Scenario => ("Het beste voorstel zoeken", "Uitleggen en narekenen"),
        _ => ("Het beste voorstel zoeken", "Uitleggen, narekenen en op het plaatsbord zetten"),
    };
    let names = ["Gegevens verzamelen", first, last];
    let state = |step: usize| match step.cmp(&at) {
        std::cmp::Ordering::Less => StepState::Done,
        std::cmp::Ordering::Equal => StepState::Busy,
        std::cmp::Ordering::Greater => StepState::Waiting,
    };
    names.iter().enumerate().map(|(step, name)| JobStep { name: (*name).to_owned(), state: state(step), outcome: String::new() }).collect()
}

/// What it is doing or what came of it, without the words that stand beside it already.
fn progress(job: &AppJob) -> String {
    match job.state {
        JobState::Running if job.total > 0 => job.message.clone(),
        JobState::Done => capital(job.message.strip_prefix("Klaar: ").unwrap_or(&job.message)),
        JobState::Queued | JobState::Running | JobState::Failed | JobState::Cancelled => String::new(),
    }
}

fn view(job: &AppJob, now: DateTime<Utc>) -> JobView {
    let back = match (&job.round, job.kind) {
        (Some(slug), JobKind::Scenario) => {
            let scenario = job.subject.map(|scenario| format!("/{scenario}")).unwrap_or_default();
            format!("/rondes/{slug}/scenarios{scenario}")
        }
        (Some(slug), JobKind::Plan) => {
            let mutation = job.subject.map(|mutation| format!("/{mutation}")).unwrap_or_default();
            format!("/rondes/{slug}/wijzigingen{mutation}")
        }
        (Some(slug), _) => format!("/rondes/{slug}/voorstel"),
        (None, JobKind::Retention) => RETENTION_PATH.to_owned(),
        (None, _) => "/taken".to_owned(),
    };
    let failed = matches!(job.state, JobState::Failed | JobState::Cancelled);
    JobView {
        id: job.id.to_string(),
        title: job.title.clone(),
        state: stage(job.state),
        steps: steps(job),
        progress: (job.state == JobState::Running && job.total > 0).then(|| (whole(job.done), whole(job.total))),
        rate: progress(job),
        started: match job.ended_at {
            Some(ended) => format!("Gevraagd {}, geëindigd {}.", when(job.created_at, now), when(ended, now)),
            None => format!("Gevraagd {}.", when(job.created_at, now)),
        },
        failure: if failed { job.message.clone() } else { String::new() },
        result_href: (job.state == JobState::Done).then(|| back.clone()),
        back_href: back,
    }
}

async fn round_of(app: &App, actor: &Actor, job: &AppJob) -> Result<Option<RoundRef>, Failure> {
    let rounds = app.rounds(actor).await?;
    Ok(rounds.iter().find(|round| Some(&round.slug) == job.round.as_ref()).map(round_ref))
}

/// One piece of work.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(job): Path<String>) -> Answer {
    let job = jobs::get(&web.app, &caller.actor, id::<JobId>(&job)?).await?;
    let view = view(&job, web.app.clock.now());
    let place = match job.kind {
        JobKind::Scenario => NavItem::Scenarios,
        JobKind::Plan => NavItem::Mutations,
        _ => NavItem::Proposal,
    };
    let frame = match round_of(&web.app, &caller.actor, &job).await? {
        Some(round) => web.frame_of(caller, place, &round),
        None => web.frame(caller, NavItem::Elsewhere).await?,
    };
    Ok(html(job_page(&frame, &view)))
}

/// The latest work.
#[handler]
pub(super) async fn list(web: State<'_>, caller: &Caller) -> Answer {
    let now = web.app.clock.now();
    let row = |job: &AppJob| JobRow {
        href: format!("/taken/{}", job.id),
        title: job.title.clone(),
        state: stage(job.state),
        when: capital(&when(job.created_at, now)),
        message: job.message.clone(),
    };
    let rows = jobs::latest(&web.app, &caller.actor).await?.iter().map(row).collect();
    Ok(html(jobs_page(&web.frame(caller, NavItem::Elsewhere).await?, &JobsView { rows })))
}

/// Asks work to stop. Work that ended in the meantime is shown as it ended.
#[handler]
pub(super) async fn cancel(web: State<'_>, caller: &Caller, Path(job): Path<String>) -> Answer {
    let job: JobId = id(&job)?;
    match jobs::cancel(&web.app, &caller.actor, job).await {
        Ok(()) | Err(AppError::Conflict { .. }) => Ok(see_other(&format!("/taken/{job}"))),
        Err(error) => Err(error.into()),
    }
}
