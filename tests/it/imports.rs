//! Workbooks in: everything or nothing, on both databases, read in a process of its own.

mod books;
mod reach;

use kernschil_app::imports::{ImportFile, ImportReport, Stored};
use kernschil_app::{Actor, AppError};
use kernschil_domain::access::Permission;
use kernschil_domain::values::SchoolCode;
use kernschil_spreadsheets::ImportKind;

use crate::support::{EXAMPLE_FILES, TestApp};

fn added(report: &ImportReport) -> usize {
    report.changes.iter().map(|change| change.added + change.changed).sum()
}

async fn load(app: &TestApp, kind: ImportKind, name: &str, bytes: impl Into<Vec<u8>>) -> Result<ImportReport, AppError> {
    let file = ImportFile { name: name.to_owned(), bytes: bytes.into() };
    kernschil_app::imports::load(&app.app, &Actor::CommandLine, kind, file).await
}

/// Three schools as DUO publishes them: windows-1252, semicolons, CRLF, a space for nothing.
fn duo() -> Vec<u8> {
    let header = "PROVINCIE;BEVOEGD GEZAG NUMMER;INSTELLINGSCODE;VESTIGINGSCODE;VESTIGINGSNAAM;STRAATNAAM;HUISNUMMER-TOEVOEGING;POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;DENOMINATIE;TELEFOONNUMMER;INTERNETADRES;STRAATNAAM CORRESPONDENTIEADRES;HUISNUMMER-TOEVOEGING CORRESPONDENTIEADRES;POSTCODE CORRESPONDENTIEADRES;PLAATSNAAM CORRESPONDENTIEADRES;NODAAL GEBIED CODE;NODAAL GEBIED NAAM;RPA-GEBIED CODE;RPA-GEBIED NAAM;WGR-GEBIED CODE;WGR-GEBIED NAAM;COROPGEBIED CODE;COROPGEBIED NAAM;ONDERWIJSGEBIED CODE;ONDERWIJSGEBIED NAAM;RMC-REGIO CODE;RMC-REGIO NAAM;VAKANTIEREGIO";
    let tail = "Openbaar; ; ; ; ; ; ;01;Groningen;03;X;07;Y;07;Z;01;A;07;B;Noord";
    let rows = [
        format!("Friesland;00123;03AB;03AB00;De Spr\u{ea}ng;Weg;1;8401 AA;GORREDIJK;0086;OPSTERLAND;{tail}"),
        format!("Friesland;00123;03AB;03AB01;Jos\u{e9} Zo\u{eb};Weg;2;8401 AB;GORREDIJK;0086;OPSTERLAND;{tail}"),
        format!("Friesland;40123;04CD;04CD00;Het Baken;Weg;3; ;GORREDIJK;0086;OPSTERLAND;{tail}"),
    ];
    let text = format!("{header}\r\n{}\r\n", rows.join("\r\n"));
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

both_databases! {
    async fn the_same_workbooks_again_change_nothing(app: TestApp) {
        app.load_example("almere").await;
        for (kind, file) in EXAMPLE_FILES {
            let again = app.load(kind, &format!("almere/{file}")).await;
            assert!(matches!(again.stored, Stored::Unchanged), "{file}: {:?}", again.changes);
            assert_eq!(added(&again), 0);
        }
        let again = app.load(ImportKind::Postcodes, "postcodes.txt").await;
        assert!(matches!(again.stored, Stored::Unchanged));
    }

    async fn duos_file_keeps_accents_and_leading_zeros_and_changes_nothing_the_second_time(app: TestApp) {
        let report = load(&app, ImportKind::Duo, "02.csv", duo()).await.unwrap();
        assert!(matches!(report.stored, Stored::Everything { .. }), "{:?}", report.outcome.findings);
        let again = load(&app, ImportKind::Duo, "02.csv", duo()).await.unwrap();
        assert!(matches!(again.stored, Stored::Unchanged), "{:?}", again.changes);
        let registry = app.app.store.read(async |tx| kernschil_storage::registry::load(tx).await).await.unwrap();
        let names: std::collections::BTreeSet<_> = registry.schools.values().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["De Sprêng", "Het Baken", "José Zoë"].into());
        let numbers: std::collections::BTreeSet<_> = registry.boards.values().map(|b| b.number.as_str()).collect();
        assert_eq!(numbers, ["00123", "40123"].into());
        let code = SchoolCode::parse("03AB01").unwrap();
        assert!(registry.schools.values().any(|s| s.code == code));
    }

    async fn a_wrong_workbook_stores_nothing_and_the_service_stays_up(app: TestApp) {
        app.load_example("talent").await;
        let before = app.app.picture(&Actor::CommandLine, &app.only_round().await, Permission::ReadStudents).await.unwrap();
        for (kind, file) in [
            (ImportKind::Students, "fout/ontbrekende-kolom.xlsx"),
            (ImportKind::Partnerships, "fout/school-dubbel.xlsx"),
            (ImportKind::Offers, "fout/onbekende-brin.xlsx"),
            (ImportKind::Students, "fout/te-veel-voorkeuren.xlsx"),
        ] {
            let report = app.load(kind, file).await;
            assert!(matches!(report.stored, Stored::Nothing), "{file}");
            assert!(report.outcome.errors > 0, "{file}");
            for finding in &report.outcome.findings.list {
                assert!(!finding.message.is_empty() && !finding.advice.is_empty(), "{finding:?}");
            }
        }
        for file in ["fout/leeg.xlsx", "fout/eigenlijk-een-pdf.xlsx"] {
            let bytes = std::fs::read(crate::support::root().join("imports/voorbeelden").join(file)).unwrap();
            let answer = load(&app, ImportKind::Students, "bestand.xlsx", bytes).await;
            assert!(matches!(answer, Err(AppError::File { .. })), "{file}: {answer:?}");
        }
        let after = app.app.picture(&Actor::CommandLine, &app.only_round().await, Permission::ReadStudents).await.unwrap();
        assert_eq!(before.demands, after.demands);
        assert_eq!(before.offers, after.offers);
        assert_eq!(before.registry.schools, after.registry.schools);
        app.check_invariants().await;
    }

    async fn a_reader_that_eats_memory_is_stopped_and_the_service_stays_up(app: TestApp) {
        // 64 MB of zeros in one entry packs to 64 kB: over the caps long before it is read.
        let bomb = zip_of("xl/worksheets/sheet1.xml", &vec![b'0'; 64 * 1024 * 1024]);
        let answer = load(&app, ImportKind::Students, "bom.xlsx", bomb).await;
        assert!(matches!(answer, Err(AppError::File { .. })), "{answer:?}");
        app.load(ImportKind::Postcodes, "postcodes.txt").await;
    }
}

fn zip_of(name: &str, content: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(content).unwrap();
    zip.finish().unwrap().into_inner()
}
