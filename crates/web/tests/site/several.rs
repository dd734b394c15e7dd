//! Several workbooks at once: recognised, put in order, all or nothing.

use kernschil_app::Actor;
use kernschil_app::imports;
use poem::http::StatusCode;

use super::support::{Site, example};

#[tokio::test]
async fn all_workbooks_of_an_organisation_are_loaded_in_one_go_whatever_their_order() {
    let site = Site::empty().await.with_account().await;
    let visitor = site.visitor().await;
    assert!(visitor.page("/eerste-keer/gegevens").await.contains("value=\"herkennen\""));
    let files = ["almere/studenten.xlsx", "almere/plekken.xlsx", "postcodes.txt", "almere/opleiders.xlsx", "almere/partnerschappen.xlsx"];
    let checked = visitor.upload_all("herkennen", files.map(example).into()).await;
    assert_eq!(checked.status, StatusCode::SEE_OTHER);
    let html = visitor.page(&checked.location).await;
    assert!(html.contains("Deze bestanden zijn in orde") && html.contains("Laad deze 5 bestanden"));
    let places: Vec<_> =
        ["postcodes.txt", "partnerschappen.xlsx", "opleiders.xlsx", "plekken.xlsx", "studenten.xlsx"].map(|name| html.find(name)).into();
    assert!(places.is_sorted() && places.iter().all(Option::is_some), "{places:?}");
    assert!(imports::history(&site.app, &Actor::CommandLine, 10).await.unwrap().is_empty(), "a check stores nothing");

    let loaded = visitor.post(&format!("{}/laden", checked.location), &[]).await;
    assert_eq!(loaded.status, StatusCode::SEE_OTHER);
    let html = visitor.page(&loaded.location).await;
    assert!(html.contains("<h1>Geladen</h1>") && html.contains("href=\"/rondes/almere-2026-2027/voorstel\""));
    assert_eq!(imports::history(&site.app, &Actor::CommandLine, 10).await.unwrap().len(), 5);
    assert_eq!(visitor.post(&format!("{}/laden", checked.location), &[]).await.status, StatusCode::CONFLICT, "once is enough");

    let again = visitor.upload_all("herkennen", files.map(example).into()).await;
    assert!(visitor.page(&again.location).await.contains("er verandert niets"));
}

#[tokio::test]
async fn one_wrong_file_stops_all_and_says_which() {
    let site = Site::empty().await.with_account().await;
    let visitor = site.visitor().await;
    let files = ["almere/partnerschappen.xlsx", "fout/onbekende-brin.xlsx", "almere/studenten.xlsx"];
    let checked = visitor.upload_all("herkennen", files.map(example).into()).await;
    let html = visitor.page(&checked.location).await;
    assert!(html.contains("ook niet van de andere bestanden") && html.contains("98ZZ00") && html.contains("Nog niet nagekeken"));
    assert!(!html.contains("/laden\""));
    let workbook = visitor.get(&format!("{}/bevindingen.xlsx", checked.location)).await;
    assert!(workbook.bytes().await.starts_with(b"PK"));
    assert_eq!(visitor.post(&format!("{}/laden", checked.location), &[]).await.status, StatusCode::CONFLICT);
    assert!(imports::history(&site.app, &Actor::CommandLine, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_single_file_is_recognised_and_what_is_no_import_is_refused() {
    let site = Site::empty().await.with_account().await;
    let visitor = site.visitor().await;
    let checked = visitor.upload_all("herkennen", vec![example("almere/partnerschappen.xlsx")]).await;
    assert!(visitor.page(&checked.location).await.contains("Dit bestand is in orde"));
    let shopping = imports::ImportFile { name: "boodschappen.csv".to_owned(), bytes: b"Melk;Brood\n2;1\n".to_vec() };
    let refused = visitor.upload_all("herkennen", vec![shopping]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let html = refused.text().await;
    assert!(html.contains("boodschappen.csv") && html.contains("Kies zelf wat u wilt laden") && html.contains("href=\"#veld-bestand\""));
    let empty = ["almere/partnerschappen.xlsx", "fout/leeg.xlsx"].map(example).into();
    assert!(visitor.upload_all("herkennen", empty).await.text().await.contains("leeg.xlsx: Het bestand is leeg"), "it says which");
    let two = ["almere/partnerschappen.xlsx", "almere/opleiders.xlsx"].map(example).into();
    let refused = visitor.upload_all("partnerships", two).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text().await.contains("href=\"#veld-soort\""));
}
