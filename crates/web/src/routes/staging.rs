//! Files that were checked and wait for somebody to say "load". In memory, of one user, for an hour:
//! who waits longer, or whose program stopped, chooses the file again.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Duration, Utc};
use kernschil_app::imports::{ImportFile, ImportReport, SeveralReport};
use kernschil_domain::ids::{ImportId, UserId};

/// A file waits this long.
const MINUTES: i64 = 60;
/// Files of one user at the same time.
const PER_USER: usize = 3;
/// Bytes of all files together.
const MOST_BYTES: usize = 200 * 1024 * 1024;
/// Files of all users together; those with errors hold no bytes.
const MOST_FILES: usize = 200;

/// What a check found.
#[derive(Debug, Clone)]
pub(super) enum Found {
    /// In one file.
    One(ImportReport),
    /// In several that are loaded together.
    Several(SeveralReport),
}

impl Found {
    /// The file that findings are about: the only one, or the last that was looked at.
    pub(super) fn last(&self) -> Option<&ImportReport> {
        match self {
            Self::One(report) => Some(report),
            Self::Several(several) => several.files.last(),
        }
    }
}

/// Checked files that are loaded together.
#[derive(Debug, Clone)]
pub(super) struct Staged {
    /// Name in the address; of no use to anybody but the owner.
    pub(super) id: ImportId,
    /// Who sent it.
    pub(super) owner: UserId,
    /// When.
    pub(super) at: DateTime<Utc>,
    /// The files; none when they cannot be loaded, or were.
    pub(super) files: Vec<ImportFile>,
    /// What was found.
    pub(super) found: Found,
}

impl Staged {
    fn bytes(&self) -> usize {
        self.files.iter().map(|file| file.bytes.len()).sum()
    }
}

/// The checked files, the oldest first.
#[derive(Default)]
pub(super) struct Staging(Mutex<Vec<Arc<Staged>>>);

impl Staging {
    fn files(&self, now: DateTime<Utc>) -> MutexGuard<'_, Vec<Arc<Staged>>> {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.retain(|file| file.at + Duration::minutes(MINUTES) > now);
        files
    }

    /// Keeps a file, in place of an earlier one with the same name in the address. The oldest files make
    /// room.
    pub(super) fn put(&self, staged: Staged, now: DateTime<Utc>) {
        let mut files = self.files(now);
        files.retain(|file| file.id != staged.id);
        while files.iter().filter(|file| file.owner == staged.owner).count() >= PER_USER {
            let Some(oldest) = files.iter().position(|file| file.owner == staged.owner) else { break };
            files.remove(oldest);
        }
        files.push(Arc::new(staged));
        while files.len() > MOST_FILES || files.iter().map(|file| file.bytes()).sum::<usize>() > MOST_BYTES {
            files.remove(0);
        }
    }

    /// A file, for its owner only.
    pub(super) fn get(&self, id: ImportId, owner: Option<UserId>, now: DateTime<Utc>) -> Option<Arc<Staged>> {
        self.files(now).iter().find(|file| file.id == id && Some(file.owner) == owner).cloned()
    }

    /// Lets a file go.
    pub(super) fn remove(&self, id: ImportId, now: DateTime<Utc>) {
        self.files(now).retain(|file| file.id != id);
    }
}

#[cfg(test)]
mod tests {
    use kernschil_app::imports::Stored;
    use kernschil_spreadsheets::{ImportKind, Outcome};
    use uuid::Uuid;

    use super::*;

    fn user(number: u128) -> UserId {
        UserId(Uuid::from_u128(number))
    }

    fn id(number: u128) -> ImportId {
        ImportId(Uuid::from_u128(number))
    }

    fn now() -> DateTime<Utc> {
        "2026-09-01T08:00:00Z".parse().unwrap()
    }

    fn staged(number: u128, owner: u128, bytes: usize) -> Staged {
        let report = ImportReport {
            kind: ImportKind::Students,
            file_name: "a.xlsx".to_owned(),
            outcome: Outcome::default(),
            changes: Vec::new(),
            stored: Stored::Nothing,
        };
        let file = ImportFile { name: "a.xlsx".to_owned(), bytes: vec![0; bytes] };
        Staged { id: id(number), owner: user(owner), at: now(), files: vec![file], found: Found::One(report) }
    }

    #[test]
    fn a_file_is_only_for_its_owner_and_only_for_an_hour() {
        let staging = Staging::default();
        staging.put(staged(1, 1, 10), now());
        assert!(staging.get(id(1), Some(user(1)), now()).is_some());
        assert!(staging.get(id(1), Some(user(2)), now()).is_none());
        assert!(staging.get(id(1), None, now()).is_none());
        assert!(staging.get(id(1), Some(user(1)), now() + Duration::minutes(60)).is_none());
    }

    #[test]
    fn the_oldest_files_make_room() {
        let staging = Staging::default();
        for number in 1..=4 {
            staging.put(staged(number, 1, 1), now());
        }
        assert!(staging.get(id(1), Some(user(1)), now()).is_none());
        assert!(staging.get(id(2), Some(user(1)), now()).is_some());
        for number in 11..=15 {
            staging.put(staged(number, number, 45 * 1024 * 1024), now());
        }
        assert!(staging.get(id(11), Some(user(11)), now()).is_none());
        assert!(staging.get(id(15), Some(user(15)), now()).is_some());
        staging.remove(id(15), now());
        assert!(staging.get(id(15), Some(user(15)), now()).is_none());
    }
}
