//! The school file of DUO and a table of postcodes, in small.

use kernschil_domain::codes::Sector;
use kernschil_spreadsheets::ImportKind;
use kernschil_storage::registry;

use super::world::{World, partnerships};
use crate::imports::{self, ImportFile};
use crate::{Actor, App};

const HEADER: &str =
    "PROVINCIE;BEVOEGD GEZAG NUMMER;INSTELLINGSCODE;VESTIGINGSCODE;VESTIGINGSNAAM;POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM";

fn duo(rows: &[&str]) -> ImportFile {
    let text = format!("{HEADER}\r\n{}\r\n", rows.join("\r\n"));
    // As DUO publishes it: windows-1252.
    let bytes = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    ImportFile { name: "02-alle-schoolvestigingen-basisonderwijs.csv".to_owned(), bytes }
}

const KRULLEVAAR: &str = "Gelderland;41775;05XH;05XH00;Basisschool De Krullevaar;6525 HP;NIJMEGEN;0268;NIJMEGEN";
const ZOE: &str = "Gelderland;00123;11AM;11AM00;Daltonschool Zoë;6511 AB;'S-GRAVENHAGE;0518;'S-GRAVENHAGE";

async fn load(app: &App, kind: ImportKind, file: ImportFile) -> imports::ImportReport {
    imports::load(app, &Actor::CommandLine, kind, file).await.unwrap()
}

#[tokio::test]
async fn the_file_of_duo_keeps_accents_and_zeros_and_changes_nothing_next_year() {
    let world = World::empty().await;
    let first = load(&world.app, ImportKind::Duo, duo(&[KRULLEVAAR, ZOE])).await;
    let counts: Vec<_> = first.changes.iter().map(|c| (c.table, c.added)).collect();
    assert_eq!(counts, [("boards", 2), ("schools", 2), ("school-boards", 2)]);
    for date in ["2026-03-01", "2026-03-02", "2026-08-01", "2027-09-01"] {
        assert!(!load(&world.on(date), ImportKind::Duo, duo(&[KRULLEVAAR, ZOE])).await.changes_anything(), "{date}");
    }
    let registry = world.app.store.read(async |tx| registry::load(tx).await).await.unwrap();
    let zoe = registry.schools.values().find(|school| school.code.as_str() == "11AM00").unwrap();
    assert_eq!((zoe.name.as_str(), zoe.place.as_deref(), zoe.sector), ("Daltonschool Zoë", Some("'s-Gravenhage"), Sector::Bo));
    let board = registry.board_of(zoe.id, "2026-03-01".parse().unwrap()).unwrap();
    assert_eq!((board.number.as_str(), &board.name), ("00123", &None));
    assert_eq!(registry.school_boards[&zoe.id][0].span.from.to_string(), "2025-08-01");
}

#[tokio::test]
async fn duo_takes_no_name_of_a_board_away_and_has_the_last_word_on_names_of_schools() {
    let world = World::empty().await;
    world.load(ImportKind::Partnerships, partnerships()).await.good();
    let report = load(&world.app, ImportKind::Duo, duo(&[KRULLEVAAR, ZOE])).await;
    let counts: Vec<_> = report.changes.iter().map(|c| (c.table, c.added, c.changed, c.unchanged)).collect();
    assert_eq!(counts, [("boards", 0, 0, 2), ("schools", 0, 2, 0), ("school-boards", 0, 0, 2)]);
    let registry = world.app.store.read(async |tx| registry::load(tx).await).await.unwrap();
    assert!(registry.boards.values().all(|board| board.name.is_some()));
    let school = registry.schools.values().find(|school| school.code.as_str() == "05XH00").unwrap();
    assert_eq!((school.name.as_str(), school.place.as_deref()), ("Basisschool De Krullevaar", Some("Nijmegen")));
}

#[tokio::test]
async fn duo_moves_a_school_to_another_board_but_not_against_this_years_workbook() {
    let world = World::empty().await;
    load(&world.app, ImportKind::Duo, duo(&[KRULLEVAAR])).await;
    let moved = KRULLEVAAR.replace("41775", "00123");
    let same_year = load(&world.app, ImportKind::Duo, duo(&[&moved])).await;
    assert_eq!(same_year.outcome.findings.list[0].code, "school-ander-bestuur");
    let next_year = load(&world.on("2026-09-01"), ImportKind::Duo, duo(&[&moved])).await;
    assert!(next_year.outcome.findings.list.is_empty() && next_year.changes_anything());
    let registry = world.app.store.read(async |tx| registry::load(tx).await).await.unwrap();
    let links = registry.school_boards.values().next().unwrap();
    let mut spans: Vec<_> = links.iter().map(|link| (link.span.from.to_string(), link.span.until.map(|d| d.to_string()))).collect();
    spans.sort();
    assert_eq!(spans, [("2025-08-01".to_owned(), Some("2026-08-01".to_owned())), ("2026-08-01".to_owned(), None)]);
}

#[tokio::test]
async fn postcodes_are_added_changed_or_known() {
    let world = World::empty().await;
    let table = |rows: &[&str]| ImportFile {
        name: "NL.txt".to_owned(),
        bytes: format!("Postcode;Plaats;Breedtegraad;Lengtegraad\n{}\n", rows.join("\n")).into_bytes(),
    };
    let counts = |report: imports::ImportReport| report.changes.iter().map(|c| (c.added, c.changed, c.unchanged)).collect::<Vec<_>>();
    assert_eq!(
        counts(load(&world.app, ImportKind::Postcodes, table(&["6525;Nijmegen;51,8178;5,865", "6511;Nijmegen;51,84;5,86"])).await),
        [(2, 0, 0)]
    );
    let changed = table(&["6525;Nijmegen;51,8178;5,865", "6511;Nijmegen;51,85;5,86"]);
    assert_eq!(counts(load(&world.app, ImportKind::Postcodes, changed.clone()).await), [(0, 1, 1)]);
    assert_eq!(counts(load(&world.app, ImportKind::Postcodes, changed).await), [(0, 0, 2)]);
}

#[tokio::test]
async fn the_example_workbooks_load_without_errors_and_again_change_nothing() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../imports/voorbeelden");
    let read =
        |path: &str| ImportFile { name: path.rsplit('/').next().unwrap().to_owned(), bytes: std::fs::read(folder.join(path)).unwrap() };
    let world = World::empty().await;
    let mut files = vec![(ImportKind::Postcodes, "postcodes.txt".to_owned())];
    for example in ["talent", "almere", "hak"] {
        for (kind, name) in [
            (ImportKind::Partnerships, "partnerschappen"),
            (ImportKind::Trainers, "opleiders"),
            (ImportKind::Offers, "plekken"),
            (ImportKind::Students, "studenten"),
        ] {
            files.push((kind, format!("{example}/{name}.xlsx")));
        }
    }
    for (kind, path) in &files {
        let report = load(&world.app, *kind, read(path)).await;
        assert!(report.is_clean() && report.changes_anything(), "{path}: {:#?}", report.outcome.findings.list.first());
    }
    for (kind, path) in &files {
        let report = load(&world.app, *kind, read(path)).await;
        assert_eq!(report.stored, imports::Stored::Unchanged, "{path}: {:?}", report.changes);
    }
}
