//! Several files at once: recognised, put in the order in which they refer to each other, and stored as one.

use kernschil_spreadsheets::ImportKind;
use kernschil_storage::WriteTx;

use super::read::{self, ReadFile};
use super::{Halt, ImportFile, ImportReport, Mode, Reported, Stored, note_refused, permission, store};
use crate::error::AppError;
use crate::{Actor, App};

/// What several files say together.
#[derive(Debug, Clone)]
pub struct SeveralReport {
    /// The files in the order in which they are loaded, up to and with the first that is wrong.
    pub files: Vec<ImportReport>,
    /// Names of the files after that one: they may refer to it, so they were not looked at.
    pub waiting: Vec<String>,
}

impl SeveralReport {
    /// Whether nothing has to be repaired first.
    pub fn is_clean(&self) -> bool {
        self.files.iter().all(ImportReport::is_clean)
    }

    /// Whether the files change anything.
    pub fn changes_anything(&self) -> bool {
        self.files.iter().any(ImportReport::changes_anything)
    }

    fn is_stored(&self) -> bool {
        self.files.iter().any(|file| matches!(file.stored, Stored::Everything { .. }))
    }
}

/// Says what files would change when they are loaded together. What kind each is, shows from its sheets and headers.
/// Nothing is stored.
///
/// # Errors
/// As [`check`](super::check), and [`AppError::File`] when a file looks like no import at all.
pub async fn check_several(app: &App, actor: &Actor, files: Vec<ImportFile>) -> Result<SeveralReport, AppError> {
    run(app, actor, files, Mode::Check).await
}

/// Stores what files say: all of it, or nothing when anything in any of them is wrong. The same files again change
/// nothing.
///
/// # Errors
/// As [`load`](super::load), and [`AppError::File`] when a file looks like no import at all.
pub async fn load_several(app: &App, actor: &Actor, files: Vec<ImportFile>) -> Result<SeveralReport, AppError> {
    run(app, actor, files, Mode::Load).await
}

/// Files that were reported on in one transaction.
struct Together {
    report: SeveralReport,
    /// Rows out of reach, of which kind.
    refused: Vec<(ImportKind, usize)>,
}

async fn run(app: &App, actor: &Actor, files: Vec<ImportFile>, mode: Mode) -> Result<SeveralReport, AppError> {
    let files = read_in_order(app, actor, files).await?;
    let work = async |tx: &WriteTx| {
        let together = store_in_order(app, tx, actor, &files, mode).await?;
        if together.report.is_clean() && together.report.is_stored() { Ok(together) } else { Err(Halt::Report(Box::new(together))) }
    };
    let mut together = match app.store.write(work).await {
        Ok(together) => return Ok(together.report),
        Err(Halt::Report(together)) => *together,
        Err(Halt::Failed(error)) => return Err(error),
    };
    for file in &mut together.report.files {
        // The files before the wrong one were taken back with it.
        if matches!(file.stored, Stored::Everything { .. }) {
            file.stored = Stored::Nothing;
        }
    }
    for (kind, rows) in together.refused.into_iter().filter(|_| mode == Mode::Load) {
        note_refused(app, actor, kind, rows).await?;
    }
    Ok(together.report)
}

async fn read_in_order(app: &App, actor: &Actor, files: Vec<ImportFile>) -> Result<Vec<ReadFile>, AppError> {
    let mut read_files = Vec::with_capacity(files.len());
    for file in files {
        let name = read::tidy(&file.name);
        let file = read::read(app, None, file).await.map_err(|error| of_file(error, &name))?;
        actor.require(permission(file.kind))?;
        read_files.push(file);
    }
    read_files.sort_by_key(|file| ImportKind::ALL.iter().position(|kind| *kind == file.kind));
    Ok(read_files)
}

/// Says of which of the files it is that it cannot be read.
fn of_file(error: AppError, name: &str) -> AppError {
    match error {
        AppError::File { code, message, advice } => AppError::File { code, message: format!("{name}: {message}"), advice },
        other => other,
    }
}

async fn store_in_order(app: &App, tx: &WriteTx, actor: &Actor, files: &[ReadFile], mode: Mode) -> Result<Together, Halt<Together>> {
    // A check stores the earlier files as well, for those that refer to them; its transaction is always taken back.
    let mut report = SeveralReport { files: Vec::new(), waiting: Vec::new() };
    let mut refused = Vec::new();
    for (at, file) in files.iter().enumerate() {
        let Reported { report: one, refused: rows } = store(app, tx, actor, file, mode).await?;
        refused.extend((rows > 0).then_some((file.kind, rows)));
        let is_clean = one.is_clean();
        report.files.push(one);
        if !is_clean {
            report.waiting = files.iter().skip(at + 1).map(|file| file.name.clone()).collect();
            break;
        }
    }
    Ok(Together { report, refused })
}
