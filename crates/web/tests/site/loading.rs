//! Loading workbooks: first the check, then the load.

use kernschil_app::Actor;
use kernschil_app::imports;
use kernschil_domain::access::{Permission, Role, Scope};
use poem::http::StatusCode;

use super::support::{Site, Visitor, example};

/// Somebody with one role.
async fn visitor(site: &Site, role: Role, scope: Scope) -> Visitor<'_> {
    let email = format!("{role:?}@school.nl");
    site.add(&email, &[(role, scope)]).await;
    site.visitor_of(&email).await
}

async fn partnership(site: &Site, name: &str) -> Scope {
    let registry = site.app.picture(&Actor::CommandLine, &site.slug().await, Permission::ReadRounds).await.unwrap().registry;
    Scope::Partnership(registry.partnerships.values().find(|partnership| partnership.name == name).unwrap().id)
}

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

#[tokio::test]
async fn only_what_one_may_load_is_offered_and_the_rest_is_forbidden() {
    let site = Site::almere().await;
    let kees = visitor(&site, Role::PartnershipCoordinator, partnership(&site, "SAMEN").await).await;
    let page = kees.page("/importeren").await;
    for (kind, is_offered) in [("students", true), ("offers", true), ("trainers", true), ("partnerships", false), ("duo", false)] {
        assert_eq!(page.contains(&format!("value=\"{kind}\"")), is_offered, "{kind}");
        assert_eq!(page.contains(&format!("/importeren/sjabloon/{kind}.xlsx")), is_offered && kind != "duo", "{kind}");
    }
    assert!(page.contains("Er is nog niets geladen"), "what others loaded is theirs");
    assert_eq!(kees.get("/importeren/sjabloon/offers.xlsx").await.status, StatusCode::OK);
    assert_eq!(kees.get("/importeren/sjabloon/partnerships.xlsx").await.status, StatusCode::FORBIDDEN);
    assert!(!kees.page("/hulp/importeren/partnerships").await.contains("/importeren/sjabloon/"));
    let refused = kees.upload("partnerships", Some(example("almere/partnerschappen.xlsx"))).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);

    let reader = visitor(&site, Role::Reader, Scope::All).await;
    assert_eq!(reader.get("/importeren").await.status, StatusCode::FORBIDDEN);
    assert_eq!(reader.upload("students", Some(example("almere/studenten.xlsx"))).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn rows_out_of_reach_are_errors_in_the_report_and_what_others_loaded_does_not_exist() {
    let site = Site::almere().await;
    let kees = visitor(&site, Role::PartnershipCoordinator, partnership(&site, "SAMEN").await).await;
    let checked = kees.upload("offers", Some(example("almere/plekken.xlsx"))).await;
    assert_eq!(checked.status, StatusCode::SEE_OTHER);
    let html = kees.page(&checked.location).await;
    assert!(html.contains("buiten-bereik") && html.contains("vraag de regiocoördinator") && !html.contains("Laad deze gegevens"));
    assert_eq!(kees.post(&format!("{}/laden", checked.location), &[]).await.status, StatusCode::CONFLICT);

    // A check and an import of somebody else are answered like one that does not exist.
    let sanne = site.visitor().await;
    let loaded = imports::history(&site.app, &Actor::CommandLine, 1).await.unwrap()[0].id;
    let missing = "/importeren/0190f3b2-7c4e-7000-8000-000000000001";
    let (theirs, none) = (kees.get(&format!("/importeren/{loaded}")).await, kees.get(missing).await);
    assert_eq!((theirs.status, none.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(sanne.get(&checked.location).await.status, StatusCode::NOT_FOUND);
    for path in ["laden", "bevindingen.xlsx"] {
        for import in [&checked.location, missing] {
            let address = format!("{import}/{path}");
            let got = if path == "laden" { sanne.post(&address, &[]).await } else { sanne.get(&address).await };
            assert_eq!(got.status, StatusCode::CONFLICT, "{address}");
        }
    }
    assert_eq!(sanne.get(&format!("/importeren/{loaded}")).await.status, StatusCode::OK);
}
