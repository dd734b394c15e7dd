//! The workbooks of a round, in a folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kernschil_app::exports::{self, ExportKind};
use kernschil_app::{Actor, App, coverage};
use serde_json::{Value, json};

use crate::exit::{Stop, reason};

/// What is in a folder now.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Written {
    files: Vec<PathBuf>,
    changed: usize,
}

impl Written {
    fn note(&mut self, file: File) {
        self.changed += usize::from(file.put == Put::Changed);
        self.files.push(file.path);
    }

    /// Adds what is in another folder.
    pub(crate) fn add(&mut self, other: Self) {
        self.files.extend(other.files);
        self.changed += other.changed;
    }

    /// How it went, in one line.
    pub(crate) fn in_words(&self, folder: &Path) -> String {
        let count = match self.files.len() {
            1 => "1 werkboek".to_owned(),
            count => format!("{count} werkboeken"),
        };
        let news = match self.changed {
            0 => "niets veranderd".to_owned(),
            changed if changed == self.files.len() => "nieuw".to_owned(),
            changed => format!("{changed} veranderd"),
        };
        format!("Werkboeken: {count} in {} ({news})", folder.display())
    }

    /// The same for a machine.
    pub(crate) fn in_json(&self, folder: &Path) -> Value {
        json!({ "folder": folder, "files": self.files, "changed": self.changed })
    }
}

/// Writes workbooks of a round, for somebody who asked for them.
///
/// # Errors
/// [`Stop`] when there is no such round, or the folder cannot be written.
pub(crate) async fn write(app: &App, slug: &str, kinds: &[ExportKind], folder: &Path) -> Result<Written, Stop> {
    let mut written = Written::default();
    for kind in kinds {
        let workbook = exports::round_workbook(app, &Actor::CommandLine, slug, *kind).await?;
        written.note(put(&folder.join(&workbook.file_name), &workbook.bytes)?);
    }
    Ok(written)
}

/// Keeps the workbooks of a round up to date in a folder. Nothing happens, also not in the audit, when
/// they say already what they should.
///
/// # Errors
/// [`Stop`] when there is no such round, or the folder cannot be written.
pub(crate) async fn keep(app: &App, slug: &str, folder: &Path) -> Result<Written, Stop> {
    let round = Arc::new(coverage::explained(app, &Actor::CommandLine, slug, kernschil_domain::access::Permission::ExportStudents).await?);
    let mut written = Written::default();
    for kind in ExportKind::ALL {
        let round = Arc::clone(&round);
        let made = tokio::task::spawn_blocking(move || exports::export(&round, kind)).await.map_err(|error| Stop::internal(&error))??;
        let path = folder.join(&made.file_name);
        if fs::read(&path).is_ok_and(|there| there == made.bytes) {
            written.note(File { path, put: Put::Same });
        } else {
            let workbook = exports::round_workbook(app, &Actor::CommandLine, slug, kind).await?;
            written.note(put(&path, &workbook.bytes)?);
        }
    }
    Ok(written)
}

/// A file, and what happened to it.
#[derive(Debug, Clone, PartialEq)]
struct File {
    path: PathBuf,
    put: Put,
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Put {
    /// It says something new.
    Changed,
    /// It said this already.
    Same,
}

/// Writes a file under its name only when it is complete; it holds personal data.
fn put(path: &Path, bytes: &[u8]) -> Result<File, Stop> {
    let failed = |error: std::io::Error| {
        let message = format!("Het werkboek {} is niet te schrijven: {}. Kies een andere map.", path.display(), reason(&error));
        Stop::outside("map-onbruikbaar", message)
    };
    if fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(File { path: path.to_owned(), put: Put::Same });
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let unfinished = path.with_extension("xlsx.onvolledig");
    fs::write(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, path)).map_err(failed)?;
    Ok(File { path: path.to_owned(), put: Put::Changed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_says_the_same_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ronde").join("scholen.xlsx");
        assert_eq!(put(&path, b"een").unwrap().put, Put::Changed);
        assert_eq!(put(&path, b"een").unwrap().put, Put::Same);
        assert_eq!(put(&path, b"twee").unwrap().put, Put::Changed);
        assert_eq!(fs::read(&path).unwrap(), b"twee");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_cannot_be_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        fs::write(&file, "").unwrap();
        assert_eq!(put(&file.join("b.xlsx"), b"een").unwrap_err().code, "map-onbruikbaar");
    }
}
