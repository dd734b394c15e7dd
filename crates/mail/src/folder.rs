//! Mail as files, for development. They may hold links that open accounts, so only this user can read them.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::failure::{Cause, Reason, SendError, Step};
use crate::settings::SettingsError;

#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(path: PathBuf) -> Result<Self, SettingsError> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(|error| {
            tracing::warn!(%error, "folder for mail cannot be made");
            SettingsError::Folder
        })?;
        Ok(Self(path))
    }

    /// A file that exists already was sent before.
    pub(crate) async fn put(&self, id: Uuid, bytes: Vec<u8>) -> Result<(), SendError> {
        let path = self.0.join(format!("{id}.eml"));
        let reason = Reason { step: Step::Folder, cause: Cause::Unwritable };
        // When the task itself fails, nobody knows how far it came.
        tokio::task::spawn_blocking(move || write_once(&path, &bytes)).await.map_err(|_| SendError::Unknown(reason))?.map_err(|error| {
            tracing::warn!(%error, "mail not written");
            SendError::Later(reason)
        })
    }
}

fn write_once(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
        opened => opened?,
    };
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    // Half a mail must not count as a sent one.
    if written.is_err() {
        fs::remove_file(path)?;
    }
    written
}
