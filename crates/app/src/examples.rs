//! The examples that come with the program: for the demo, and for who wants to look around in a new installation.

use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::JobState;
use kernschil_domain::ids::JobId;
use kernschil_spreadsheets::ImportKind;
use kernschil_storage::imports::StoredImport;
use kernschil_storage::jobs::{Cancel, StoredJob};
use kernschil_storage::{Tx, imports as stored_imports, jobs as stored_jobs, registry};
use serde_json::json;

use crate::error::AppError;
use crate::imports::{self, ImportFile};
use crate::jobs::{self, JobView};
use crate::proposals::{self, Watch};
use crate::{Actor, App, Change, Reader, reviews};

/// A workbook that comes with the program.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// Its kind.
    pub kind: ImportKind,
    /// Its name, with its folder.
    pub name: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
}

impl Example {
    /// Its name in the list of loaded files.
    fn file_name(&self) -> String {
        self.name.replace('/', "-")
    }
}

/// What is in an installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Nothing yet.
    Nothing,
    /// Only examples; perhaps not all of them.
    Examples,
    /// Data of its own.
    Own,
}

/// Imports are looked at this far back; an installation with more of them holds data of its own.
const LOOKED_BACK: u64 = 200;

/// What was loaded, newest first, and what that makes of the installation.
pub(crate) async fn content(app: &App, tx: &Tx) -> Result<(Content, Vec<StoredImport>), AppError> {
    let past = stored_imports::latest(tx, None, LOOKED_BACK).await?;
    let is_example = |import: &StoredImport| app.examples.iter().any(|example| example.file_name() == import.file_name);
    let content = if past.is_empty() {
        // The history is not kept for ever.
        let registry = registry::load(tx).await?;
        if registry.partnerships.is_empty() && registry.schools.is_empty() { Content::Nothing } else { Content::Own }
    } else if past.iter().all(is_example) {
        Content::Examples
    } else {
        Content::Own
    };
    Ok((content, past))
}

/// Who loads the examples does what otherwise takes several steps, and needs the rights to each.
fn require(app: &App, actor: &Actor) -> Result<(), AppError> {
    actor.require(Permission::ManageSettings)?;
    app.examples.iter().try_for_each(|example| actor.require(imports::permission(example.kind)))?;
    actor.require(Permission::ManageReview)?;
    actor.require(Permission::MakeProposals)
}

/// Whether somebody is let load the examples.
pub fn may_load(app: &App, actor: &Actor) -> bool {
    !app.examples.is_empty() && require(app, actor).is_ok()
}

/// The job that loaded the examples, or does.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub(crate) async fn latest_job(tx: &Tx) -> Result<Option<JobView>, AppError> {
    let latest = stored_jobs::latest(tx, LOOKED_BACK).await?.into_iter().find(|job| job.kind == jobs::EXAMPLES);
    Ok(latest.map(|job| jobs::view(job, &[])))
}

/// Asks to load the examples and make their proposals; the worker does it. Nothing of the installation itself may be
/// loaded yet. What was loaded of the examples before stays as it is.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Conflict`] when there are data already, or it is being done.
pub async fn ask(app: &App, actor: &Actor) -> Result<JobId, AppError> {
    require(app, actor)?;
    let id = app
        .store
        .write(async |tx| {
            if content(app, tx).await?.0 == Content::Own {
                let message =
                    "Er zijn al eigen gegevens geladen. De voorbeelden horen in een lege installatie; bekijk ze met kernschil demo.";
                return Err(AppError::conflict("al-gegevens", message));
            }
            if latest_job(tx).await?.is_some_and(|job| matches!(job.state, JobState::Queued | JobState::Running)) {
                return Err(AppError::conflict("al-bezig", "De voorbeelden worden al geladen. Wacht tot dat klaar is."));
            }
            let job = jobs::queued(app, actor, jobs::EXAMPLES, jobs::About::default());
            let id = job.id;
            stored_jobs::store(tx, job).await?;
            app.audit(tx, actor, EventKind::ExamplesAsked, &id.to_string(), Change::to(json!({ "files": app.examples.len() })));
            Ok::<_, AppError>(id)
        })
        .await?;
    app.wake.notify_one();
    Ok(id)
}

/// Loads the examples as a user would, and says each one before it is loaded. Answers how many things changed.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Internal`] when an example is not what this version expects; what `before`
/// answers.
pub async fn load(app: &App, actor: &Actor, mut before: impl FnMut(&Example) -> Result<(), AppError>) -> Result<usize, AppError> {
    // These files are ours, so they need no process of their own.
    let app = App { reader: Reader::Direct, ..app.clone() };
    let mut changes = 0;
    for example in app.examples.iter() {
        before(example)?;
        let file = ImportFile { name: example.file_name(), bytes: example.bytes.to_vec() };
        let report = imports::load(&app, actor, example.kind, file).await?;
        if let Some(finding) = report.outcome.findings.list.iter().find(|_| !report.is_clean()) {
            let place = format!("{} {} {:?}", example.name, finding.sheet.as_deref().unwrap_or_default(), finding.row);
            return Err(AppError::Internal(format!("{place}: {} {}", finding.code, finding.message)));
        }
        changes += report.changes.iter().map(|change| change.added + change.changed).sum::<usize>();
    }
    if app.examples.is_empty() { Ok(changes) } else { Ok(changes + reviews::load_examples(&app, actor).await?) }
}

/// How far the work is, shared with who watches it.
#[derive(Default)]
struct Steps {
    done: AtomicI32,
    total: AtomicI32,
    message: Mutex<String>,
    stop: AtomicBool,
    watch: Arc<Watch>,
}

impl Steps {
    /// One step begins, unless somebody asked to stop.
    fn begin(&self, message: String) -> Result<(), AppError> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(AppError::Cancelled);
        }
        self.done.fetch_add(1, Ordering::Relaxed);
        *self.message.lock().unwrap_or_else(PoisonError::into_inner) = message;
        Ok(())
    }

    fn expect(&self, steps: usize) {
        self.total.store(i32::try_from(steps).unwrap_or(i32::MAX), Ordering::Relaxed);
    }
}

/// Does a job that was asked for with [`ask`].
pub(crate) async fn work(app: &App, job: &StoredJob) -> Result<String, AppError> {
    let actor = jobs::asker(app, job).await?;
    require(app, &actor)?;
    let steps = Arc::new(Steps::default());
    // A task of its own: while a workbook is being stored it holds the writer of SQLite, and noting progress waits
    // for that same writer.
    let mut loading = tokio::spawn({
        let (app, steps) = (app.clone(), Arc::clone(&steps));
        async move { load_and_propose(&app, &actor, &steps).await }
    });
    loop {
        tokio::select! {
            outcome = &mut loading => return outcome.map_err(|e| AppError::Internal(e.to_string()))?,
            () = tokio::time::sleep(Duration::from_millis(250)) => watch_over(app, job.id, &steps).await?,
        }
    }
}

async fn load_and_propose(app: &App, actor: &Actor, steps: &Steps) -> Result<String, AppError> {
    let files = app.examples.len();
    // Each workbook with students is a round, which gets a proposal.
    let rounds = app.examples.iter().filter(|example| example.kind == ImportKind::Students).count();
    steps.expect(files + rounds);
    load(app, actor, |example| steps.begin(format!("{} wordt geladen.", example.name))).await?;
    let rounds = app.rounds(actor).await?;
    for round in &rounds {
        steps.begin(format!("{}: de plaatsen worden verdeeld.", round.name))?;
        Box::pin(proposals::make_and_apply(app, actor, &round.slug, Arc::clone(&steps.watch))).await?;
    }
    let made = if rounds.len() == 1 { "1 voorstel".to_owned() } else { format!("{} voorstellen", rounds.len()) };
    Ok(format!("Klaar: {files} bestanden geladen, {made} gemaakt."))
}

async fn watch_over(app: &App, id: JobId, steps: &Steps) -> Result<(), AppError> {
    let message = steps.message.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let total = steps.total.load(Ordering::Relaxed);
    // The step that has begun is not done yet.
    let done = (steps.done.load(Ordering::Relaxed) - 1).clamp(0, total);
    let asked = app.store.write(async |tx| stored_jobs::progress(tx, id, done, total, &message, app.clock.now()).await).await?;
    if asked == Cancel::Asked {
        steps.stop.store(true, Ordering::Relaxed);
        steps.watch.stop();
    }
    Ok(())
}
