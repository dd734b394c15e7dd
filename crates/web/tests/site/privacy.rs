//! Privacy on the screen: the register, a student from search to erasure, and retention terms.

use kernschil_app::Actor;
use kernschil_app::students::{self, StudentRow};
use kernschil_domain::access::Permission;
use poem::http::StatusCode;

use super::support::{Site, field, link};

async fn student(site: &Site) -> StudentRow {
    let slug = site.slug().await;
    let rows = students::list(&site.app, &Actor::CommandLine, &slug, Permission::ReadStudents).await.unwrap().rows;
    rows.into_iter().find(|row| row.place.is_some()).unwrap()
}

#[tokio::test]
async fn the_menu_leads_to_privacy_and_the_register_names_everything_that_is_kept() {
    let site = Site::almere().await;
    let visitor = site.visitor().await;
    assert!(visitor.page("/").await.contains("href=\"/privacy\""));
    let start = visitor.page("/privacy").await;
    for href in ["/privacy/studenten", "/privacy/register", "/instellingen/bewaartermijnen"] {
        assert!(start.contains(&format!("href=\"{href}\"")), "{href}");
    }
    let register = visitor.page("/privacy/register").await;
    for text in
        ["Woonpostcode", "extra zorg", "Voorstel voor de grondslag", "2 jaar (studenten)", "Van opleiders", "Van gebruikers van Kernschil"]
    {
        assert!(register.contains(text), "{text}");
    }
    assert!(!register.contains("niet vastgelegd wat erin staat"), "a column is not classified");
    let workbook = visitor.get("/privacy/register.xlsx").await;
    assert_eq!(workbook.response.header("content-disposition"), Some("attachment; filename=\"register-van-verwerkingen.xlsx\""));
}

#[tokio::test]
async fn a_student_is_found_by_post_and_the_dossier_can_be_taken_along() {
    let site = Site::almere().await;
    let visitor = site.visitor().await;
    let row = student(&site).await;
    let short = visitor.post("/privacy/studenten", &[("zoek", "a")]).await;
    assert_eq!(short.status, StatusCode::BAD_REQUEST);
    assert!(short.text().await.contains("minstens twee tekens"));
    let nobody = visitor.post("/privacy/studenten", &[("zoek", "Xylofoon")]).await.text().await;
    assert!(nobody.contains("Niemand gevonden"));
    let found = visitor.post("/privacy/studenten", &[("zoek", &row.name)]).await.text().await;
    let here = format!("/privacy/studenten/{}", row.student);
    assert_eq!(link(&found, "/privacy/studenten/"), here);

    let page = visitor.page(&here).await;
    for text in [row.number.as_str(), "Inschrijvingen", "Plaatsingen", "Wie er iets mee deed", "inzage.xlsx", "inzage.json"] {
        assert!(page.contains(text), "{text}");
    }
    let workbook = visitor.get(&format!("{here}/inzage.xlsx")).await;
    assert_eq!(workbook.response.header("content-disposition"), Some("attachment; filename=\"inzage-2026-09-01.xlsx\""));
    let json = visitor.page(&format!("{here}/inzage.json")).await;
    assert!(json.contains(&format!("\"number\": \"{}\"", row.number)), "{json}");
    assert!(visitor.page(&here).await.contains("Inzage gegeven"), "the looks before are on the page");
    for missing in ["/privacy/studenten/0190f3b2-7c4e-7000-8000-000000000001", "/privacy/studenten/geen-id"] {
        assert_eq!(visitor.get(missing).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_correction_says_what_is_wrong_at_once_and_what_was_done() {
    let site = Site::almere().await;
    let visitor = site.visitor().await;
    let row = student(&site).await;
    let here = format!("/privacy/studenten/{}", row.student);
    let form = visitor.page(&format!("{here}/corrigeren")).await;
    let seen = field(&form, "/corrigeren\"", "gezien");
    let sent = |number: &'static str, postcode: &'static str| {
        let fields = [("voornaam", "Nora"), ("achternaam", "Verbeterd"), ("nummer", number), ("postcode", postcode), ("soort", "student")];
        fields.into_iter().chain([("gezien", seen.as_str())]).collect::<Vec<_>>()
    };
    let wrong = visitor.post(&format!("{here}/corrigeren"), &sent("", "12")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let html = wrong.text().await;
    assert!(
        html.contains("Er zijn 2 dingen niet goed ingevuld")
            && html.contains("href=\"#veld-nummer\"")
            && html.contains("value=\"Verbeterd\"")
    );

    let done = visitor.post(&format!("{here}/corrigeren"), &sent("N-1", "1315 AB")).await;
    assert_eq!((done.status, done.location.as_str()), (StatusCode::SEE_OTHER, format!("{here}?gedaan=verbeterd").as_str()));
    let page = visitor.page(&done.location).await;
    assert!(page.contains("De gegevens zijn verbeterd") && page.contains("Nora Verbeterd") && page.contains("1315 AB"));
    let late = visitor.post(&format!("{here}/corrigeren"), &sent("N-2", "1315 AB")).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn erasing_asks_first_and_is_refused_while_a_school_counts_on_the_student() {
    let site = Site::almere().await;
    let visitor = site.visitor().await;
    let row = student(&site).await;
    let here = format!("/privacy/studenten/{}", row.student);
    let page = visitor.page(&format!("{here}/anonimiseren")).await;
    assert!(page.contains("Dit kan nog niet") && page.contains("losmaken op het plaatsbord") && !page.contains("name=\"zeker\""));
    let refused = visitor.post(&format!("{here}/anonimiseren"), &[("zeker", "ja")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().await.contains("Dit kan nog niet"));

    // Who needs no place can go.
    let slug = site.slug().await;
    let data = site.app.picture(&Actor::CommandLine, &slug, Permission::ReadStudents).await.unwrap();
    let placement = data.placements.values().find(|placement| data.demands[&placement.demand].student == row.student).unwrap();
    kernschil_app::board::release(&site.app, &Actor::CommandLine, &slug, placement.demand, placement.id).await.unwrap();
    let own = data.demands.values().filter(|demand| demand.student == row.student);
    let need = kernschil_domain::codes::Need::NotRequired;
    let demands = own.map(|demand| (data.round.id, kernschil_domain::rounds::Demand { need, ..demand.clone() })).collect();
    let rows = kernschil_storage::rounds::RoundRows { demands, ..Default::default() };
    site.app.store.write(async |tx| kernschil_storage::rounds::store(tx, rows).await).await.unwrap();

    let unsure = visitor.post(&format!("{here}/anonimiseren"), &[]).await;
    assert_eq!(unsure.status, StatusCode::BAD_REQUEST);
    assert!(unsure.text().await.contains("Zet het vinkje als u het zeker weet"));
    let erased = visitor.post(&format!("{here}/anonimiseren"), &[("zeker", "ja")]).await;
    assert_eq!(erased.location, "/privacy/studenten?gedaan=geanonimiseerd");
    assert!(visitor.page(&erased.location).await.contains("De student is geanonimiseerd"));
    assert_eq!(visitor.get(&here).await.status, StatusCode::NOT_FOUND);
    let found = visitor.post("/privacy/studenten", &[("zoek", &row.number)]).await.text().await;
    assert!(!found.contains(&here));
}

#[tokio::test]
async fn terms_are_tried_before_they_are_kept_and_applied_in_the_background() {
    let site = Site::almere().await;
    let visitor = site.visitor().await;
    let path = "/instellingen/bewaartermijnen";
    let page = visitor.page(path).await;
    assert!(page.contains("Gewoonlijk 24 maanden (2 jaar)") && page.contains("Ze zijn nog niet eerder toegepast"));
    let wrong = visitor.post(path, &[("students", "0"), ("mails", "x"), ("doe", "bewaar")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text().await.contains("Er zijn 2 dingen niet goed ingevuld"));
    let tried = visitor.post(path, &[("students", "37"), ("doe", "bekijk")]).await;
    assert_eq!(tried.status, StatusCode::OK);
    let tried = tried.text().await;
    assert!(tried.contains("wat met deze termijnen nu zou verdwijnen") && tried.contains("value=\"37\""));
    assert!(!visitor.page(path).await.contains("value=\"37\""), "trying keeps nothing");
    let kept = visitor.post(path, &[("students", "48"), ("doe", "bewaar")]).await;
    assert_eq!(kept.location, format!("{path}?gedaan=bewaard"));
    assert!(visitor.page(&kept.location).await.contains("value=\"48\""));

    let asked = visitor.post(&format!("{path}/toepassen"), &[]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    let job = visitor.page(&asked.location).await;
    assert!(job.contains("Bewaartermijnen toepassen") && job.contains("Wacht tot het aan de beurt is"));
    let again = visitor.post(&format!("{path}/toepassen"), &[]).await;
    assert_eq!(again.location, format!("{path}?gedaan=loopt"));
    assert!(visitor.page(&again.location).await.contains("worden al toegepast"));
    assert!(visitor.page("/taken").await.contains("Bewaartermijnen toepassen"));
}
