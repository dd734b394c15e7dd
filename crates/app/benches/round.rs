//! The main job with the workbooks of the largest example: loading, allocating, looking at the board.

#![expect(clippy::unwrap_used, reason = "a benchmark stops at the first surprise")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use divan::Bencher;
use kernschil_app::imports::{ImportFile, load};
use kernschil_app::{Actor, App, Reader, StoreSettings, board, proposals};
use kernschil_domain::codes::Guidance;
use kernschil_domain::ids::{Clock, IdGen};
use kernschil_spreadsheets::ImportKind;
use kernschil_storage::Store;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use uuid::Uuid;

fn main() {
    divan::main();
}

struct Still;

impl Clock for Still {
    fn now(&self) -> DateTime<Utc> {
        "2026-07-01T12:00:00Z".parse().unwrap()
    }
}

#[derive(Default)]
struct Counted(AtomicU64);

impl IdGen for Counted {
    fn next(&self) -> Uuid {
        Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
    }
}

const FILES: [(ImportKind, &str); 5] = [
    (ImportKind::Postcodes, "postcodes.txt"),
    (ImportKind::Partnerships, "talent/partnerschappen.xlsx"),
    (ImportKind::Trainers, "talent/opleiders.xlsx"),
    (ImportKind::Offers, "talent/plekken.xlsx"),
    (ImportKind::Students, "talent/studenten.xlsx"),
];

struct Desk {
    app: App,
    _folder: TempDir,
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

async fn desk(files: &[(ImportKind, &str)]) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&StoreSettings::sqlite(&folder.path().join("db"))).await.unwrap();
    store.migrate().await.unwrap();
    let app = App {
        store,
        clock: Arc::new(Still),
        ids: Arc::new(Counted::default()),
        reader: Reader::Direct,
        wake: Arc::default(),
        wake_mail: Arc::default(),
        hashes: Arc::default(),
        examples: Arc::default(),
        address: "http://127.0.0.1:8080".into(),
        providers: Arc::default(),
    };
    let desk = Desk { app, _folder: folder };
    desk.load(files).await;
    desk
}

impl Desk {
    async fn load(&self, files: &[(ImportKind, &str)]) {
        for (kind, path) in files {
            let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../imports/voorbeelden").join(path)).unwrap();
            load(&self.app, &Actor::CommandLine, *kind, ImportFile { name: (*path).to_owned(), bytes }).await.unwrap();
        }
    }

    async fn round(&self) -> String {
        self.app.rounds(&Actor::CommandLine).await.unwrap()[0].slug.clone()
    }
}

/// All workbooks of Talent voor Onderwijs into an empty database.
#[divan::bench(sample_count = 10)]
fn import_all_workbooks(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    bencher.with_inputs(|| runtime.block_on(desk(&[]))).bench_local_values(|desk| {
        runtime.block_on(desk.load(&FILES));
        desk
    });
}

/// Only the 1,131 students, the rest is there.
#[divan::bench(sample_count = 10)]
fn import_1131_students(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    bencher.with_inputs(|| runtime.block_on(desk(&FILES[..4]))).bench_local_values(|desk| {
        runtime.block_on(desk.load(&FILES[4..]));
        desk
    });
}

/// From database to proposal on the board: snapshot, engine, checker, storing.
#[divan::bench(sample_count = 10)]
fn propose_and_store(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    bencher.with_inputs(|| runtime.block_on(desk(&FILES))).bench_local_values(|desk| {
        runtime.block_on(async {
            let round = desk.round().await;
            proposals::make_and_apply(&desk.app, &Actor::CommandLine, &round, Arc::default()).await.unwrap()
        });
        desk
    });
}

/// The placement board as one request loads it.
#[divan::bench(sample_count = 20)]
fn load_the_board(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    let desk = runtime.block_on(async {
        let desk = desk(&FILES).await;
        let round = desk.round().await;
        proposals::make_and_apply(&desk.app, &Actor::CommandLine, &round, Arc::default()).await.unwrap();
        desk
    });
    let round = runtime.block_on(desk.round());
    bencher.bench_local(|| runtime.block_on(board::board(&desk.app, &Actor::CommandLine, &round)).unwrap().rows.len());
}

/// A student chosen on the board: every place with what it would do, and whom to change places with.
#[divan::bench(sample_count = 20)]
fn choose_a_student(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    let desk = runtime.block_on(async {
        let desk = desk(&FILES).await;
        let round = desk.round().await;
        proposals::make_and_apply(&desk.app, &Actor::CommandLine, &round, Arc::default()).await.unwrap();
        desk
    });
    let round = runtime.block_on(desk.round());
    let view = runtime.block_on(board::board(&desk.app, &Actor::CommandLine, &round)).unwrap();
    let demand = view.rows.iter().find(|row| row.row.place.is_some()).unwrap().row.demand;
    bencher.bench_local(|| {
        let candidates = board::candidates_of(&view, demand).unwrap();
        (board::consequences(&view, demand, &candidates).len(), board::partners(&view.data, demand, 8).len())
    });
}

/// One student placed elsewhere by hand, as one request does it: the round is locked, loaded and judged again.
#[divan::bench(sample_count = 20)]
fn place_a_student(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    let desk = runtime.block_on(async {
        let desk = desk(&FILES).await;
        let round = desk.round().await;
        proposals::make_and_apply(&desk.app, &Actor::CommandLine, &round, Arc::default()).await.unwrap();
        desk
    });
    let round = runtime.block_on(desk.round());
    let next = || {
        let view = runtime.block_on(board::board(&desk.app, &Actor::CommandLine, &round)).unwrap();
        let elsewhere = |demand| {
            let candidates = board::candidates_of(&view, demand).unwrap().into_iter();
            candidates.filter(|c| c.access == board::PlaceAccess::Fits).find(|c| c.current == board::Current::Elsewhere)
        };
        let mut placed = view.rows.iter().filter(|row| row.row.place.is_some()).map(|row| row.row.demand);
        let (demand, to) = placed.find_map(|demand| Some((demand, elsewhere(demand)?))).unwrap();
        let seen = view.data.placements.get(&demand).map(|placement| placement.id);
        board::PlaceCommand { demand, offer: to.offer, seen, guidance: Guidance::Extra, reason: None }
    };
    bencher
        .with_inputs(next)
        .bench_local_values(|command| runtime.block_on(board::place(&desk.app, &Actor::CommandLine, &round, command)).unwrap());
}
