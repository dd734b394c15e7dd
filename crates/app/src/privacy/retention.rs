//! Applying the retention terms: in the background when somebody asks, and by itself once a day.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::JobState;
use kernschil_domain::ids::{JobId, StudentId};
use kernschil_domain::privacy::{RetentionKind, Terms};
use kernschil_domain::values::StudentNumber;
use kernschil_storage::jobs::{self, Cancel, StoredJob};
use kernschil_storage::privacy::{self, ErasureGround};
use kernschil_storage::{WriteTx, audit, cohorts, outbox, settings};
use serde::Serialize;
use serde_json::json;

use super::erasure::Traces;
use super::pseudonym;
use super::terms::{LastRun, due};
use crate::error::AppError;
use crate::jobs::{About, asker, queued};
use crate::{Actor, App, Change};

/// Kind of the work in the background.
pub(crate) const JOB: &str = "retention";
/// Setting: the last day on which it was asked for by itself.
pub(super) const DAY: &str = "retention-run.day";
/// Setting: when the terms were last applied, and what went.
pub(super) const LAST: &str = "retention-run.last";

/// Students in one transaction, so that others who write never wait long.
const AT_ONCE: usize = 1_000;

/// What applying the terms took away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RetentionReport {
    /// Per kind.
    pub counts: BTreeMap<RetentionKind, u64>,
}

impl RetentionReport {
    /// In one Dutch sentence.
    pub fn dutch(&self) -> String {
        let went = self.counts.iter().filter(|(_, count)| **count > 0);
        let parts: Vec<_> = went
            .map(|(kind, count)| {
                let (one, many) = kind.result();
                format!("{count} {}", if *count == 1 { one } else { many })
            })
            .collect();
        if parts.is_empty() { "er was niets over zijn termijn.".to_owned() } else { format!("{}.", parts.join(", ")) }
    }
}

/// Asks to apply the terms now; the worker does it.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Conflict`] when it waits or goes on already.
pub async fn ask(app: &App, actor: &Actor) -> Result<JobId, AppError> {
    actor.require(Permission::ManageSettings)?;
    let id = app
        .store
        .write(async |tx| {
            let open = |job: &StoredJob| job.kind == JOB && matches!(job.state, JobState::Queued | JobState::Running);
            if jobs::latest(tx, 100).await?.iter().any(open) {
                return Err(AppError::conflict("taak-loopt", "De bewaartermijnen worden al toegepast. Wacht tot dat klaar is."));
            }
            queue(app, tx, actor).await
        })
        .await?;
    app.wake.notify_one();
    Ok(id)
}

async fn queue(app: &App, tx: &WriteTx, actor: &Actor) -> Result<JobId, AppError> {
    let job = queued(app, actor, JOB, About::default());
    let id = job.id;
    jobs::store(tx, job).await?;
    Ok(id)
}

/// Asks to apply the terms, when nobody did so by itself today: of several instances one does.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub(crate) async fn ask_daily(app: &App) -> Result<(), AppError> {
    let today = app.clock.today();
    app.store
        .write(async |tx| {
            if privacy::claim_day(tx, DAY, today).await? {
                queue(app, tx, &Actor::CommandLine).await?;
            }
            Ok(())
        })
        .await
}

/// Applies the terms as work in the background; answers the report.
///
/// # Errors
/// [`AppError::Cancelled`]; [`AppError::Storage`] when the database fails.
pub(crate) async fn work(app: &App, job: &StoredJob) -> Result<String, AppError> {
    let actor = asker(app, job).await?;
    actor.require(Permission::ManageSettings)?;
    let report = run(app, &actor, Some(job.id)).await?;
    Ok(format!("Klaar: {}", report.dutch()))
}

/// Applies the terms now.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Storage`] when the database fails.
pub async fn apply(app: &App, actor: &Actor) -> Result<RetentionReport, AppError> {
    actor.require(Permission::ManageSettings)?;
    run(app, actor, None).await
}

/// One transaction for each kind, and for each part of the students: what is done stays done when the work stops.
async fn run(app: &App, actor: &Actor, job: Option<JobId>) -> Result<RetentionReport, AppError> {
    let now = app.clock.now();
    let terms = app.store.read(async |tx| Ok::<_, AppError>(Terms::of(&settings::load(tx).await?))).await?;
    let mut counts = BTreeMap::new();
    let mut stopped = None;
    for (done, kind) in RetentionKind::ALL.iter().enumerate() {
        if let Err(error) = progress(app, job, done, *kind).await {
            stopped = Some(error);
            break;
        }
        let went = match kind {
            RetentionKind::Students => students(app, &terms, job, done).await,
            _ => app.store.write(async |tx| rest(app, tx, actor, *kind, &terms, now).await).await,
        };
        match went {
            Ok(count) => _ = counts.insert(*kind, count),
            Err(error) => {
                stopped = Some(error);
                break;
            }
        }
    }
    let report = RetentionReport { counts };
    note(app, actor, &report).await?;
    match stopped {
        Some(error) => Err(error),
        None => Ok(report),
    }
}

/// Says how far the work is, and stops it when somebody asked.
async fn progress(app: &App, job: Option<JobId>, done: usize, kind: RetentionKind) -> Result<(), AppError> {
    let Some(id) = job else { return Ok(()) };
    let whole = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let message = format!("Nagaan wat over zijn termijn is: {}.", kind.dutch());
    let all = whole(RetentionKind::ALL.len());
    let asked = app.store.write(async |tx| jobs::progress(tx, id, whole(done), all, &message, app.clock.now()).await).await?;
    if asked == Cancel::Asked { Err(AppError::Cancelled) } else { Ok(()) }
}

async fn students(app: &App, terms: &Terms, job: Option<JobId>, done: usize) -> Result<u64, AppError> {
    let limit = terms.limit(RetentionKind::Students, app.clock.today());
    let mut count = 0;
    loop {
        let part = app
            .store
            .write(async |tx| {
                let past: Vec<_> = privacy::last_days(tx).await?.into_iter().filter(|(_, last)| *last < limit).collect();
                let these: Vec<_> = past.into_iter().take(AT_ONCE).map(|(id, _)| id).collect();
                forget_students(app, tx, &these, ErasureGround::Retention).await?;
                Ok::<_, AppError>(these.len())
            })
            .await?;
        count += u64::try_from(part).unwrap_or_default();
        if part < AT_ONCE {
            return Ok(count);
        }
        progress(app, job, done, RetentionKind::Students).await?;
    }
}

/// Makes students unrecognisable, also in the names of files that were loaded.
pub(super) async fn forget_students(app: &App, tx: &WriteTx, ids: &[StudentId], ground: ErasureGround) -> Result<(), AppError> {
    let students = cohorts::students(tx, ids).await?;
    // As they stand in lists and in sentences.
    let names = students.iter().map(|student| (student.id, vec![student.list_name(), student.full_name()])).collect();
    privacy::forget_in_mails(tx, &names).await?;
    let traces = Traces::of(&students);
    privacy::forget_files(tx, |name| traces.are_in(name)).await?;
    let number = |text: String| StudentNumber::parse(&text).map_err(|e| AppError::Internal(e.to_string()));
    let pseudonyms: BTreeMap<_, _> = ids.iter().map(|id| Ok((*id, number(pseudonym()?)?))).collect::<Result<_, AppError>>()?;
    Ok(privacy::anonymise(tx, &pseudonyms, ground, app.clock.now()).await?)
}

async fn rest(app: &App, tx: &WriteTx, actor: &Actor, kind: RetentionKind, terms: &Terms, now: DateTime<Utc>) -> Result<u64, AppError> {
    let count = due(tx, kind, terms, now).await?;
    if count == 0 {
        return Ok(0);
    }
    let before = terms.moment(kind, now.date_naive());
    match kind {
        RetentionKind::Students => {}
        RetentionKind::Trainers => {
            let idle = privacy::idle_trainers(tx, terms.limit(kind, now.date_naive())).await?;
            let pseudonyms = idle.into_iter().map(|id| Ok((id, pseudonym()?))).collect::<Result<_, AppError>>()?;
            privacy::anonymise_trainers(tx, &pseudonyms).await?;
        }
        RetentionKind::Reviews => {
            for review in privacy::ended_reviews(tx, before).await? {
                privacy::forget_review(tx, review).await?;
            }
            privacy::forget_peers(tx, &privacy::ended_peers(tx, terms.limit(kind, now.date_naive())).await?).await?;
        }
        RetentionKind::Users => privacy::forget_users(tx, &privacy::removed_users(tx, before).await?).await?,
        RetentionKind::Devices => privacy::remove_devices(tx, before, now).await?,
        RetentionKind::Mails => _ = outbox::remove_before(tx, before).await?,
        RetentionKind::History => privacy::forget_history(tx, before).await?,
        RetentionKind::Audit => prune(app, tx, actor, before).await?,
    }
    Ok(count)
}

/// Takes the oldest part of the log away, and says so in the log.
async fn prune(app: &App, tx: &WriteTx, actor: &Actor, before: DateTime<Utc>) -> Result<(), AppError> {
    if let Some(base) = audit::prune(tx, before).await? {
        app.audit(tx, actor, EventKind::AuditPruned, "", Change::to(audit::pruned(&base)));
    }
    Ok(())
}

/// Notes what went, in the log and for the page.
async fn note(app: &App, actor: &Actor, report: &RetentionReport) -> Result<(), AppError> {
    let last = LastRun { at: app.clock.now(), counts: report.counts.clone() };
    let last = serde_json::to_string(&last).map_err(|e| AppError::Internal(e.to_string()))?;
    app.store
        .write(async |tx| {
            settings::set(tx, LAST, &last).await?;
            app.audit(tx, actor, EventKind::RetentionRun, "", Change::to(json!(report.counts)));
            Ok(())
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_what_went_and_nothing_else() {
        let report = |counts: &[(RetentionKind, u64)]| RetentionReport { counts: counts.iter().copied().collect() }.dutch();
        assert_eq!(
            report(&[(RetentionKind::Students, 1), (RetentionKind::Trainers, 0), (RetentionKind::Mails, 3)]),
            "1 student geanonimiseerd, 3 mails verwijderd."
        );
        assert_eq!(report(&[(RetentionKind::Audit, 0)]), "er was niets over zijn termijn.");
    }
}
