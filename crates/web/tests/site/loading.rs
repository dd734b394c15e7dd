//! Loading workbooks: first the check, then the load.

use kernschil_app::Actor;
use kernschil_app::imports;
use poem::http::StatusCode;

use super::support::{Site, example};

#[tokio::test]
async fn a_good_file_is_checked_and_only_then_loaded() {
    let site = Site::empty().await.with_account().await;
    let visitor = site.visitor().await;
    let checked = visitor.upload("partnerships", Some(example("almere/partnerschappen.xlsx"))).await;
    assert_eq!(checked.status, StatusCode::SEE_OTHER);
    let html = visitor.page(&checked.location).await;
    assert!(html.contains("Dit bestand is in orde") && html.contains("Laad deze gegevens") && html.contains("Scholen"));
    assert!(imports::history(&site.app, &Actor::CommandLine, 10).await.unwrap().is_empty(), "a check stores nothing");

    let loaded = visitor.post(&format!("{}/laden", checked.location), &[]).await;
    assert_eq!(loaded.status, StatusCode::SEE_OTHER);
    let html = visitor.page(&loaded.location).await;
    assert!(html.contains("<h1>Geladen</h1>") && html.contains("door Sanne de Wit"));
    assert!(visitor.page("/importeren").await.contains(&loaded.location));
    let twice = visitor.post(&format!("{}/laden", checked.location), &[]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);

    let again = visitor.upload("partnerships", Some(example("almere/partnerschappen.xlsx"))).await;
    assert!(visitor.page(&again.location).await.contains("er verandert niets"));
}

#[tokio::test]
async fn a_wrong_file_shows_every_finding_and_stores_nothing() {
    let site = Site::almere().await;
    let visitor = site.visitor().await;
    let before = imports::history(&site.app, &Actor::CommandLine, 100).await.unwrap().len();
    for (kind, file, words) in [
        ("students", "fout/ontbrekende-kolom.xlsx", "Studentnummer"),
        ("offers", "fout/onbekende-brin.xlsx", "98ZZ00"),
        ("partnerships", "fout/school-dubbel.xlsx", "school-dubbel"),
        ("students", "fout/te-veel-voorkeuren.xlsx", "ronde-onbekend"),
    ] {
        let checked = visitor.upload(kind, Some(example(file))).await;
        assert_eq!(checked.status, StatusCode::SEE_OTHER, "{file}");
        let html = visitor.page(&checked.location).await;
        assert!(html.contains("Fouten in het bestand") && html.contains("Er is niets opgeslagen") && html.contains(words), "{file}");
        assert!(!html.contains("Laad deze gegevens"), "{file}");
        let workbook = visitor.get(&format!("{}/bevindingen.xlsx", checked.location)).await;
        assert!(workbook.bytes().await.starts_with(b"PK"), "{file}");
        assert_eq!(visitor.post(&format!("{}/laden", checked.location), &[]).await.status, StatusCode::CONFLICT, "{file}");
    }
    assert_eq!(imports::history(&site.app, &Actor::CommandLine, 100).await.unwrap().len(), before);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_leads_back_to_the_form() {
    let site = Site::empty().await.with_account().await;
    let visitor = site.visitor().await;
    for file in ["fout/leeg.xlsx", "fout/eigenlijk-een-pdf.xlsx"] {
        let got = visitor.upload("students", Some(example(file))).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{file}");
        let html = got.text().await;
        assert!(
            html.contains("<title>Fout: ") && html.contains("href=\"#veld-bestand\"") && html.contains("value=\"students\" checked"),
            "{file}"
        );
    }
    let nothing = visitor.upload("", None).await;
    assert_eq!(nothing.status, StatusCode::BAD_REQUEST);
    let html = nothing.text().await;
    assert!(html.contains("Kies wat u wilt laden.") && html.contains("Kies een bestand."));
}
