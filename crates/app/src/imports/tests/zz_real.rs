use kernschil_spreadsheets::ImportKind;
use super::world::World;
use crate::imports::{self, ImportFile};
use crate::Actor;
#[tokio::test]
async fn real() {
    let world = World::empty().await;
    for _ in 0..2 {
    for (kind, path) in [(ImportKind::Duo, "duo-02-alle-schoolvestigingen-basisonderwijs.csv"), (ImportKind::Postcodes, "pc4-centroids.csv")] {
        let started = std::time::Instant::now();
        let file = ImportFile { name: path.into(), bytes: std::fs::read(format!("/work/shared/data/{path}")).unwrap() };
        let report = imports::load(&world.app, &Actor::CommandLine, kind, file).await.unwrap();
        println!("{path} {:?} {:?} {:?} {} {}", started.elapsed(), report.stored, report.changes, report.outcome.findings.total, report.outcome.notes.total);
        for f in report.outcome.findings.list.iter().take(3) { println!("   {f:?}"); }
        for f in report.outcome.notes.list.iter().take(6) { println!("   {f:?}"); }
    }
    }
    let r = world.app.store.read(async |tx| kernschil_storage::registry::load(tx).await).await.unwrap();
    let mut places: Vec<_> = r.schools.values().filter_map(|s| s.place.clone()).collect();
    places.sort(); places.dedup();
    println!("{}", places.iter().filter(|p| p.contains([' ', '\'', '-'])).cloned().collect::<Vec<_>>().join("|"));
}
