//! Loading workbooks: read, check everything, and store all of it or nothing.
//!
//! One way for every kind of file. The bytes are read in a process of its own, the cells become typed
//! rows, and inside one transaction the rows are held against what is known, stored, and checked. A
//! dry run goes the same way and takes everything back at the end, so what it says is what loading
//! does.

pub mod codes;

mod dated;
mod diff;
mod duo;
mod findings;
mod history;
mod keys;
mod known;
mod lookup;
mod members;
mod offers;
mod partnerships;
mod placed;
mod planner;
mod postcodes;
mod read;
mod several;
mod students;
mod trainers;
mod travel_times;

#[cfg(test)]
pub(crate) mod tests;

use kernschil_domain::access::{Permission, Reach};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::ImportId;
use kernschil_domain::registry::Registry;
use kernschil_spreadsheets::{ImportKind, Outcome};
use kernschil_storage::imports::StoredImport;
use kernschil_storage::{StorageError, Tx, WriteTx, registry, rounds};
use serde::{Serialize, Serializer};
use serde_json::json;

pub use diff::TableChange;
pub use history::{PastChange, PastImport, history};
pub(crate) use read::cells;
pub use several::{SeveralReport, check_several, load_several};

use crate::error::AppError;
use crate::{Actor, App, Change, sight};
use diff::Tally;
use findings::Findings;
use planner::{FileRows, Planner, Rows};
use read::{Content, ReadFile};

/// A file as somebody sent it.
#[derive(Debug, Clone)]
pub struct ImportFile {
    /// Name.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// What was stored of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum Stored {
    /// Nothing: it was a check, or there are errors.
    Nothing,
    /// Everything.
    Everything {
        /// The import in the history.
        import: ImportId,
    },
    /// Nothing had to be: everything in the file was known.
    Unchanged,
}

/// What a file says, what is wrong with it and what it changes.
#[derive(Debug, Clone, Serialize)]
pub struct ImportReport {
    /// Kind of file.
    #[serde(serialize_with = "code_of")]
    pub kind: ImportKind,
    /// Name of the file.
    pub file_name: String,
    /// What is wrong, and what was rewritten.
    pub outcome: Outcome,
    /// What it changes, or would change; nothing when there are errors.
    pub changes: Vec<TableChange>,
    /// What was stored.
    pub stored: Stored,
}

impl ImportReport {
    /// Whether nothing has to be repaired first.
    pub fn is_clean(&self) -> bool {
        self.outcome.errors == 0
    }

    /// Whether the file changes anything.
    pub fn changes_anything(&self) -> bool {
        self.changes.iter().any(|change| change.added + change.changed > 0)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
fn code_of<S: Serializer>(kind: &ImportKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.code())
}

/// What one must be permitted to load a kind of file.
pub fn permission(kind: ImportKind) -> Permission {
    match kind {
        ImportKind::Partnerships | ImportKind::Duo | ImportKind::Postcodes | ImportKind::TravelTimes => Permission::ImportRegistry,
        ImportKind::Trainers => Permission::ImportTrainers,
        ImportKind::Offers => Permission::ImportOffers,
        ImportKind::Students => Permission::ImportStudents,
    }
}

/// Whether a file is stored when it is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Everything is taken back.
    Check,
    /// It is.
    Load,
}

/// Says what a file would change, and what is wrong with it. Nothing is stored. What is out of reach of who checks
/// is wrong, or does not exist.
///
/// # Errors
/// [`AppError::Forbidden`] when this kind of file is not hers to load; [`AppError::File`] when it cannot be read at
/// all; [`AppError::Storage`] when the database fails.
pub async fn check(app: &App, actor: &Actor, kind: ImportKind, file: ImportFile) -> Result<ImportReport, AppError> {
    run(app, actor, kind, file, Mode::Check).await
}

/// Stores what a file says: all of it, or nothing when anything is wrong. The same file again changes
/// nothing.
///
/// # Errors
/// [`AppError::Forbidden`] when this kind of file is not hers to load; [`AppError::File`] when it cannot be read at
/// all; [`AppError::Conflict`] when somebody else changed the same things at the same time; [`AppError::Storage`] when
/// the database fails.
pub async fn load(app: &App, actor: &Actor, kind: ImportKind, file: ImportFile) -> Result<ImportReport, AppError> {
    run(app, actor, kind, file, Mode::Load).await
}

/// An empty workbook to fill in, for who may load that kind.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Internal`] when it cannot be written.
pub fn template(actor: &Actor, kind: ImportKind) -> Result<Vec<u8>, AppError> {
    actor.require(permission(kind))?;
    kernschil_spreadsheets::write::template(kind).map_err(|e| AppError::Internal(e.to_string()))
}

/// A workbook with everything that is wrong with a file, to walk through while repairing it.
///
/// # Errors
/// [`AppError::Internal`] when it cannot be written.
pub fn annotated(report: &ImportReport) -> Result<Vec<u8>, AppError> {
    kernschil_spreadsheets::write::annotated(&report.file_name, &report.outcome).map_err(|e| AppError::Internal(e.to_string()))
}

/// Why a transaction is taken back.
enum Halt<R = Reported> {
    /// With something to report: a check, errors, or nothing to store.
    Report(Box<R>),
    /// It failed.
    Failed(AppError),
}

impl<R> From<StorageError> for Halt<R> {
    fn from(error: StorageError) -> Self {
        Self::Failed(match error {
            // Another import was first with the same thing. Ours was checked against what was before.
            StorageError::Constraint(_) | StorageError::PlaceTaken | StorageError::Stale => AppError::conflict(
                "intussen-gewijzigd",
                "Iemand anders heeft tegelijk dezelfde gegevens gewijzigd. Er is niets opgeslagen. Laad het bestand opnieuw.",
            ),
            other => other.into(),
        })
    }
}

impl<R> From<AppError> for Halt<R> {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Storage(error) => error.into(),
            other => Self::Failed(other),
        }
    }
}

async fn run(app: &App, actor: &Actor, kind: ImportKind, file: ImportFile, mode: Mode) -> Result<ImportReport, AppError> {
    actor.require(permission(kind))?;
    let file = read::read(app, Some(kind), file).await?;
    let Reported { report, refused } = if file.outcome.errors > 0 {
        // Nothing can be stored, so reading is enough to tell everything that is wrong.
        app.store
            .read(async |tx| {
                let (registry, reach) = reach(app, tx, actor, &file).await?;
                Ok::<_, AppError>(plan(app, tx, registry, &reach, &file).await?.report(&file, Stored::Nothing))
            })
            .await?
    } else {
        let work = async |tx: &WriteTx| {
            let reported = store(app, tx, actor, &file, mode).await?;
            if matches!(reported.report.stored, Stored::Everything { .. }) { Ok(reported) } else { Err(Halt::Report(Box::new(reported))) }
        };
        match app.store.write(work).await {
            Ok(reported) => reported,
            Err(Halt::Report(reported)) => *reported,
            Err(Halt::Failed(error)) => return Err(error),
        }
    };
    if mode == Mode::Load && refused > 0 {
        note_refused(app, actor, kind, refused).await?;
    }
    Ok(report)
}

/// Notes that somebody tried to load what is out of her reach: how many rows, and not which.
async fn note_refused(app: &App, actor: &Actor, kind: ImportKind, rows: usize) -> Result<(), AppError> {
    let change = Change::to(json!({ "code": codes::OUT_OF_REACH, "rows": rows }));
    // Like the routes at which others are refused.
    let subject = format!("imports/{}", kind.code());
    app.store
        .write(async |tx| {
            app.audit_as(tx, actor, actor.role(Some(permission(kind))), EventKind::Refused, &subject, change);
            Ok(())
        })
        .await
}

/// How far somebody may go with a file, with the registry by which that is known.
async fn reach(app: &App, tx: &Tx, actor: &Actor, file: &ReadFile) -> Result<(Registry, Reach), AppError> {
    let registry = registry::load(tx).await?;
    let reach = actor.reach(permission(file.kind), &registry, app.clock.today());
    Ok((registry, reach))
}

/// Makes others who change the rounds of a file wait until this transaction ends, so that what is within reach when the
/// file is checked still is when it is stored. Always in the same order, so that two files never wait for each other.
async fn lock(app: &App, tx: &WriteTx, actor: &Actor, file: &ReadFile) -> Result<(), AppError> {
    let named = known::named(&file.content);
    if named.is_empty() {
        return Ok(());
    }
    let (registry, reach) = reach(app, tx, actor, file).await?;
    for round in sight::touched(tx, &reach, &registry).await?.iter().filter(|round| named.contains(&round.slug)) {
        rounds::lock(tx, &round.slug).await?;
    }
    Ok(())
}

/// Stores a file in a transaction, as far as it is good. What was not stored as a whole, the caller takes back.
async fn store<R>(app: &App, tx: &WriteTx, actor: &Actor, file: &ReadFile, mode: Mode) -> Result<Reported, Halt<R>> {
    lock(app, tx, actor, file).await?;
    let (registry, reach) = reach(app, tx, actor, file).await?;
    let mut planned = plan(app, tx, registry, &reach, file).await?;
    let changes = planned.tally.changes();
    if planned.found.errors() > 0 {
        return Ok(planned.report(file, Stored::Nothing));
    }
    if changes.iter().all(|change| change.added + change.changed == 0) {
        let stored = if mode == Mode::Check { Stored::Nothing } else { Stored::Unchanged };
        return Ok(planned.report(file, stored));
    }
    let before = placed::before(tx).await?;
    std::mem::take(&mut planned.rows).store(tx).await?;
    placed::after(tx, &before, &reach, &mut planned.found).await?;
    if planned.found.errors() > 0 || mode == Mode::Check {
        return Ok(planned.report(file, Stored::Nothing));
    }
    let import = ImportId(app.ids.next());
    let result = json!(changes).to_string();
    let row = StoredImport {
        id: import,
        kind: file.kind.code().to_owned(),
        file_name: file.name.clone(),
        file_hash: file.hash.clone(),
        made_at: app.clock.now(),
        made_by: actor.user(),
        result,
    };
    kernschil_storage::imports::insert(tx, row).await?;
    let detail = json!({ "kind": file.kind.code(), "hash": file.hash, "changes": changes });
    let role = actor.role(Some(permission(file.kind)));
    app.audit_as(tx, actor, role, EventKind::ImportLoaded, &import.to_string(), Change::to(detail));
    Ok(planned.report(file, Stored::Everything { import }))
}

/// A report, and how much of the file was out of reach.
struct Reported {
    report: ImportReport,
    refused: usize,
}

/// What a file changes and what is wrong with it.
struct Planned<'a> {
    rows: Rows,
    tally: Tally,
    found: Findings<'a>,
}

impl Planned<'_> {
    fn report(self, file: &ReadFile, stored: Stored) -> Reported {
        let refused = self.found.refused();
        let outcome = self.found.finish();
        let changes = if outcome.errors == 0 { self.tally.changes() } else { Vec::new() };
        Reported { report: ImportReport { kind: file.kind, file_name: file.name.clone(), outcome, changes, stored }, refused }
    }
}

/// Holds a file against what is known, in the transaction that stores it.
async fn plan<'f>(app: &'f App, tx: &Tx, registry: Registry, reach: &'f Reach, file: &'f ReadFile) -> Result<Planned<'f>, AppError> {
    let named = known::named(&file.content);
    let file_rows = if file.outcome.errors == 0 { FileRows::All } else { FileRows::Some };
    let mut planner = Planner {
        ids: app.ids.as_ref(),
        today: app.clock.today(),
        reach,
        file_rows,
        found: Findings::new(&file.raw, file.kind, file.outcome.clone()),
        tally: Tally::default(),
        rows: Rows::default(),
    };
    match &file.content {
        Content::Partnerships(rows) => partnerships::plan(rows, &registry, &mut planner),
        Content::Trainers(rows) => trainers::plan(rows, &registry, &mut planner),
        Content::Offers(rows) => offers::plan(rows, &known::for_offers(tx, rows, &named, registry, reach).await?, &mut planner),
        Content::Students(rows) => students::plan(rows, &known::for_students(tx, rows, &named, registry, reach).await?, &mut planner),
        Content::Duo(rows) => duo::plan(rows, &registry, &mut planner),
        Content::Postcodes(rows) => postcodes::plan(rows, &registry, &mut planner),
        Content::TravelTimes(rows) => travel_times::plan(rows, &registry, &mut planner),
    }
    Ok(Planned { rows: planner.rows, tally: planner.tally, found: planner.found })
}
