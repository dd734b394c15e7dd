//! Workbooks within one's own scope.

use kernschil_app::{Actor, App};
use kernschil_domain::access::{Permission, Role, Scope};
use poem::http::Method;

use crate::support::{Site, send, site};

async fn partnership(app: &App, name: &str) -> Scope {
    let round = &app.rounds(&Actor::CommandLine).await.unwrap()[0].slug;
    let registry = app.picture(&Actor::CommandLine, round, Permission::ReadRounds).await.unwrap().registry;
    Scope::Partnership(registry.partnerships.values().find(|partnership| partnership.name == name).unwrap().id)
}

async fn almere() -> Site {
    let site = site().await;
    for (kind, file) in [
        ("postcodes", "postcodes.txt"),
        ("partnerships", "almere/partnerschappen.xlsx"),
        ("trainers", "almere/opleiders.xlsx"),
        ("offers", "almere/plekken.xlsx"),
    ] {
        site.import(kind, "", file).await.ok(200);
    }
    site
}

#[tokio::test]
async fn a_kind_of_workbook_that_is_not_ones_own_is_forbidden_and_rows_out_of_reach_are_errors() {
    let site = almere().await;
    let scope = partnership(&site.app, "SAMEN").await;
    let site = site.with_role(Role::PartnershipCoordinator, scope).await;
    for (kind, file) in [("partnerships", "almere/partnerschappen.xlsx"), ("duo", "postcodes.txt"), ("postcodes", "postcodes.txt")] {
        assert_eq!(site.import(kind, "", file).await.problem(403).0, "niet-toegestaan", "{kind}");
        assert_eq!(site.import(kind, "?dryRun=true", file).await.problem(403).0, "niet-toegestaan", "{kind}");
        assert_eq!(site.get(&format!("/imports/{kind}/template")).await.problem(403).0, "niet-toegestaan", "{kind}");
    }
    assert_eq!(site.get("/imports/offers/template").await.status, 200);

    let refused = site.import("trainers", "", "almere/opleiders.xlsx").await;
    let (code, pointers) = refused.problem(400);
    assert_eq!(code, "werkboek-met-fouten");
    assert!(pointers.contains(&"/Opleiders/2/F".to_owned()) && !pointers.contains(&"/Opleiders/9/F".to_owned()), "{pointers:?}");
    let errors = refused.json()["errors"].as_array().unwrap().clone();
    assert!(errors.iter().all(|error| error["code"] == "buiten-bereik"));

    // The shared round as it is may stand in the file; the places of others may not.
    let refused = site.import("offers", "", "almere/plekken.xlsx").await.json();
    assert!(refused["errors"].as_array().unwrap().iter().all(|error| error["pointer"].as_str().unwrap().ends_with("/B")));
    assert_eq!(refused["errors"][0]["code"], "buiten-bereik");
    assert_eq!(site.get("/imports").await.ok(200)["total"], 0, "what others loaded is theirs");
}

#[tokio::test]
async fn a_reader_loads_nothing() {
    let site = almere().await.with_role(Role::Reader, Scope::All).await;
    for (method, path) in [(Method::GET, "/imports"), (Method::POST, "/imports/students"), (Method::GET, "/imports/students/template")] {
        let request = site.request(&method, path);
        let request = if method == Method::POST { request.content_type("application/octet-stream").body("x") } else { request };
        assert_eq!(send(request).await.problem(403).0, "niet-toegestaan", "{method} {path}");
    }
}
