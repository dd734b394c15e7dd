//! Long work in the background: how far it is, and stopping it.

use kernschil_app::{Actor, App, jobs};
use kernschil_domain::ids::JobId;
use poem::web::Data;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::codes::JobState;
use crate::PREFIX;
use crate::input::{Id, PageNumber, PageSize, Path, Query, paging};
use crate::output::{Accepted, Found, Here, Listed, Moment, Page};
use crate::refusal::{Conflicts, Refusal};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Jobs;

/// Work in the background.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct Job {
    /// Identifier.
    id: Uuid,
    /// What it does, in Dutch.
    title: String,
    /// Name in addresses of its round.
    round: Option<String>,
    /// How far it is.
    state: JobState,
    /// Steps done.
    done: i32,
    /// Steps in all; 0 while not known.
    total: i32,
    /// What it is doing, or how it ended, in Dutch.
    message: String,
    /// When it was asked for.
    created_at: Moment,
    /// When it ended.
    ended_at: Option<Moment>,
}

impl From<jobs::JobView> for Job {
    fn from(job: jobs::JobView) -> Self {
        Self {
            id: job.id.0,
            title: job.title,
            round: job.round,
            state: job.state.into(),
            done: job.done,
            total: job.total,
            message: job.message,
            created_at: Moment(job.created_at),
            ended_at: job.ended_at.map(Moment),
        }
    }
}

/// 202 with a job.
pub(crate) async fn accepted(app: &App, actor: &Actor, id: JobId) -> Result<Accepted<Job>, kernschil_app::AppError> {
    let body = jobs::get(app, actor, id).await?.into();
    Ok(Accepted { body, location: format!("{PREFIX}/jobs/{id}") })
}

#[OpenApi(tag = "Tag::Jobs")]
impl Jobs {
    /// Lists the latest jobs
    ///
    /// At most fifty, the newest first.
    #[oai(path = "/jobs", method = "get", operation_id = "listJobs")]
    async fn list(
        &self,
        session: Session,
        app: Data<&App>,
        here: Here,
        /// Number of the page, from 1.
        page: Query<PageNumber>,
        /// Rows on a page.
        size: Query<PageSize>,
    ) -> Result<Listed<Job>, Refusal> {
        let request = paging(page, size)?;
        Ok(Listed(Page::of(jobs::latest(&app, &session.0.actor).await?, request), here))
    }

    /// Shows how far a job is
    ///
    /// Ask again while `state` is `queued` or `running`.
    #[oai(path = "/jobs/:job", method = "get", operation_id = "getJob")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// The job.
        job: Path<Id>,
    ) -> Result<Found<Job>, Refusal> {
        let job = job.named("job")?;
        Ok(Found(jobs::get(&app, &session.0.actor, JobId(job.0)).await?.into()))
    }

    /// Asks a job to stop
    ///
    /// It stops at its next step, and then nothing was changed. The job itself stays, to be looked at.
    #[oai(
        path = "/jobs/:job",
        method = "delete",
        operation_id = "cancelJob",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn cancel(
        &self,
        session: Session,
        app: Data<&App>,
        /// The job.
        job: Path<Id>,
    ) -> Result<Accepted<Job>, Refusal<Conflicts>> {
        let job = JobId(job.named("job")?.0);
        jobs::cancel(&app, &session.0.actor, job).await?;
        Ok(accepted(&app, &session.0.actor, job).await?)
    }
}
