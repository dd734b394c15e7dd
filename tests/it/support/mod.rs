//! Starts what tests need: a clock that stands still, counted ids, a database of its own per test.

mod postgres;
pub(crate) mod site;
pub(crate) mod smtp;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use kernschil_app::access::{self, NewUser};
use kernschil_app::imports::{ImportFile, ImportReport, Stored};
use kernschil_app::proposals::{RunSummary, Watch};
use kernschil_app::{Actor, App, Reader, StoreSettings};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::ids::{Clock, IdGen};
use kernschil_spreadsheets::ImportKind;
use kernschil_storage::Store;
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) use postgres::cluster;

/// Runs a test on SQLite and on PostgreSQL, each with an empty, migrated database.
macro_rules! both_databases {
    ($($(#[$attribute:meta])* async fn $name:ident($app:ident: TestApp) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn test($app: TestApp) $body

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                test(TestApp::sqlite().await).await;
            }

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(app) = TestApp::postgres().await {
                    test(app).await;
                }
            }
        }
    )+};
}

/// The repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The Rust files in a folder and the folders in it.
pub(crate) fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// 1 July 2026, noon: before the school year of the examples.
struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        "2026-07-01T12:00:00Z".parse().unwrap()
    }
}

struct CountedIds(AtomicU64);

impl IdGen for CountedIds {
    fn next(&self) -> Uuid {
        let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | u128::from(number))
    }
}

/// An application with a database of its own.
pub(crate) struct TestApp {
    pub(crate) app: App,
    /// Address of its database, for a test that goes there by another way.
    pub(crate) url: String,
    /// The SQLite file's folder; it goes when the test ends.
    _folder: Option<TempDir>,
}

impl TestApp {
    /// On a fresh SQLite file.
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = StoreSettings::sqlite(&folder.path().join("kernschil.sqlite3"));
        Self { app: open_app(&settings).await, url: settings.url, _folder: Some(folder) }
    }

    /// On a fresh PostgreSQL database; nothing when the machine has no PostgreSQL and this is not CI.
    pub(crate) async fn postgres() -> Option<Self> {
        let url = cluster()?.database();
        Some(Self { app: open_app(&StoreSettings { url: url.clone() }).await, url, _folder: None })
    }

    /// Somebody with one role, from today on.
    pub(crate) async fn with_role(&self, role: Role, scope: Scope) -> Actor {
        let email = format!("{}@school.example", self.app.ids.next());
        let new = NewUser { email, name: role.dutch().to_owned(), password: "een lang wachtwoord".to_owned(), roles: vec![(role, scope)] };
        let user = access::add_user(&self.app, &Actor::CommandLine, new).await.unwrap();
        access::actor(&self.app, user).await.unwrap()
    }

    /// Loads a workbook that came with the repository.
    pub(crate) async fn load(&self, kind: ImportKind, path: &str) -> ImportReport {
        let bytes = std::fs::read(root().join("imports/voorbeelden").join(path)).unwrap();
        let file = ImportFile { name: path.rsplit('/').next().unwrap().to_owned(), bytes };
        kernschil_app::imports::load(&self.app, &Actor::CommandLine, kind, file).await.unwrap()
    }

    /// Loads all workbooks of one example; each must be good.
    pub(crate) async fn load_example(&self, folder: &str) {
        self.load(ImportKind::Postcodes, "postcodes.txt").await;
        for (kind, file) in EXAMPLE_FILES {
            let report = self.load(kind, &format!("{folder}/{file}")).await;
            assert!(!matches!(report.stored, Stored::Nothing), "{folder}/{file}: {:?}", report.outcome.findings);
        }
    }

    /// Makes a proposal and puts it on the board.
    pub(crate) async fn propose(&self, round: &str) -> RunSummary {
        let watch = Arc::new(Watch::default());
        kernschil_app::proposals::make_and_apply(&self.app, &Actor::CommandLine, round, watch).await.unwrap()
    }

    /// Slug of the only round there is.
    pub(crate) async fn only_round(&self) -> String {
        let rounds = self.app.rounds(&Actor::CommandLine).await.unwrap();
        assert_eq!(rounds.len(), 1);
        rounds[0].slug.clone()
    }

    /// Loads an example and makes its proposal; answers the slug of its round.
    pub(crate) async fn proposed(&self, folder: &str) -> String {
        self.load_example(folder).await;
        let round = self.only_round().await;
        self.propose(&round).await;
        round
    }

    /// What must always hold, holds.
    pub(crate) async fn check_invariants(&self) {
        let found = kernschil_app::checks::run(&self.app).await.unwrap();
        assert!(found.is_empty(), "{found:#?}");
        let seals = kernschil_app::reviews::seals::broken(&self.app).await.unwrap();
        assert!(seals.is_empty(), "{seals:#?}");
        let log = kernschil_app::audit::check(&self.app, None).await.unwrap();
        assert!(log.deviations.is_empty(), "{log:#?}");
    }
}

/// The workbooks of an example, in the order in which they are loaded.
pub(crate) const EXAMPLE_FILES: [(ImportKind, &str); 4] = [
    (ImportKind::Partnerships, "partnerschappen.xlsx"),
    (ImportKind::Trainers, "opleiders.xlsx"),
    (ImportKind::Offers, "plekken.xlsx"),
    (ImportKind::Students, "studenten.xlsx"),
];

/// An application on a database, brought to the latest step.
pub(crate) async fn open_app(settings: &StoreSettings) -> App {
    open_from(settings, 0).await
}

/// An application on a copy of a filled database: its identifiers begin where nobody was yet.
pub(crate) async fn open_copy(settings: &StoreSettings) -> App {
    static COPIES: AtomicU64 = AtomicU64::new(1);
    open_from(settings, COPIES.fetch_add(1, Ordering::Relaxed) << 32).await
}

/// An application whose identifiers begin after a number.
pub(crate) async fn open_from(settings: &StoreSettings, first_id: u64) -> App {
    let store = Store::open(settings).await.unwrap();
    store.migrate().await.unwrap();
    App {
        store,
        clock: Arc::new(FixedClock),
        ids: Arc::new(CountedIds(AtomicU64::new(first_id))),
        reader: Reader::Worker { program: env!("CARGO_BIN_EXE_kernschil").into(), argument: "read-workbook".to_owned() },
        wake: Arc::default(),
        wake_mail: Arc::default(),
        hashes: Arc::default(),
        examples: Arc::default(),
        address: "http://127.0.0.1:8080".into(),
        providers: Arc::default(),
    }
}
