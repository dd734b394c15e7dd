//! A new installation: the first account, whose it is, and something to work with.

use kernschil_app::examples::Example;
use kernschil_app::setup;
use kernschil_app::{Actor, jobs};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::codes::JobState;
use kernschil_spreadsheets::ImportKind;
use poem::http::StatusCode;

use super::support::{EMAIL, PASSWORD, Site, got};

macro_rules! example {
    ($kind:ident, $path:literal) => {
        Example { kind: ImportKind::$kind, name: $path, bytes: include_bytes!(concat!("../../../../imports/voorbeelden/", $path)) }
    };
}

const EXAMPLES: [Example; 5] = [
    example!(Postcodes, "postcodes.txt"),
    example!(Partnerships, "almere/partnerschappen.xlsx"),
    example!(Trainers, "almere/opleiders.xlsx"),
    example!(Offers, "almere/plekken.xlsx"),
    example!(Students, "almere/studenten.xlsx"),
];

#[tokio::test]
async fn who_comes_first_makes_the_first_account_and_goes_on() {
    let site = Site::empty().await;
    let to_sign_in = got(site.client.get("/instellingen")).await;
    assert_eq!((to_sign_in.status, to_sign_in.location.as_str()), (StatusCode::SEE_OTHER, "/inloggen?terug=/instellingen"));
    assert_eq!(got(site.client.get(&to_sign_in.location)).await.location, "/eerste-keer");
    assert!(got(site.client.get("/eerste-keer")).await.text().await.contains("Welkom bij Kernschil"));

    let wrong = got(site.client.post("/eerste-keer").form(&[("email", "sanne"), ("name", "Sanne"), ("password", "kort")])).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let page = wrong.text().await;
    assert!(page.contains("<title>Fout: ") && page.contains("href=\"#veld-email\"") && page.contains("value=\"Sanne\""));

    let made = got(site.client.post("/eerste-keer").form(&[("email", EMAIL), ("name", "Sanne de Wit"), ("password", PASSWORD)])).await;
    assert_eq!((made.status, made.location.as_str()), (StatusCode::SEE_OTHER, "/eerste-keer/organisatie"));
    let cookie = made.response.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let start = got(site.client.get("/").header("cookie", cookie)).await;
    assert_eq!(start.status, StatusCode::OK);
    let start = start.text().await;
    assert!(start.contains("Dag Sanne") && start.contains("Er zijn nog geen gegevens") && start.contains("Richt Kernschil in"));

    assert_eq!(got(site.client.get("/eerste-keer")).await.location, "/inloggen?terug=/eerste-keer");
    let again = got(site.client.post("/eerste-keer").form(&[("email", "b@c.nl"), ("name", "B"), ("password", PASSWORD)])).await;
    assert_eq!(again.location, "/inloggen");
}

#[tokio::test]
async fn setting_up_can_be_left_and_taken_up_again() {
    let site = Site::empty_with(&EXAMPLES).await.with_account().await;
    let visitor = site.visitor().await;
    let overview = visitor.page("/eerste-keer").await;
    assert_eq!((overview.matches("Nog te doen").count(), overview.matches("task-done").count()), (2, 1));
    assert!(overview.contains("href=\"/eerste-keer/organisatie\">Ga verder"));

    let form = visitor.page("/eerste-keer/organisatie").await;
    assert!(form.contains("value=\"2026-2027\" checked"), "the school year that runs");
    let wrong = visitor.post("/eerste-keer/organisatie", &[("organisation", " "), ("school_year", "2026")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let wrong = wrong.text().await;
    assert!(wrong.contains("Vul de naam van uw organisatie in") && wrong.contains("Kies een schooljaar."));

    let fields = [("organisation", "Opleidingsschool Almere"), ("school_year", "2026-2027")];
    assert_eq!(visitor.post("/eerste-keer/organisatie", &fields).await.location, "/eerste-keer/gegevens");
    let content = visitor.page("/eerste-keer/gegevens").await;
    assert!(content.contains("Opleidingsschool Almere") && content.contains("Schooljaar 2026-2027"), "on every page");
    assert!(content.contains("Laad de voorbeelden"));
    let order: Vec<_> =
        ["partnerships", "trainers", "offers", "students"].map(|kind| content.find(&format!("/importeren?soort={kind}")).unwrap()).into();
    assert!(order.is_sorted());

    // Another day, in another browser.
    let later = site.visitor().await;
    let overview = later.page("/eerste-keer").await;
    assert!(overview.contains("href=\"/eerste-keer/gegevens\">Ga verder"));
    assert!(later.page("/").await.contains("href=\"/eerste-keer\""));
}

#[tokio::test]
async fn the_examples_are_loaded_and_proposed_in_the_background() {
    let site = Site::empty_with(&EXAMPLES).await.with_account().await;
    let visitor = site.visitor().await;
    let asked = visitor.post("/eerste-keer/voorbeelden", &[]).await;
    assert_eq!((asked.status, asked.location.as_str()), (StatusCode::SEE_OTHER, "/eerste-keer/gegevens"));
    let waiting = visitor.page("/eerste-keer/gegevens").await;
    assert!(waiting.contains("Wacht tot het aan de beurt is") && waiting.contains("data-live") && !waiting.contains("Laad de voorbeelden"));
    let twice = visitor.post("/eerste-keer/voorbeelden", &[]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert!(twice.text().await.contains("worden al geladen"));

    let app = site.app.clone();
    let is_done = async move {
        while setup::of(&app, &Actor::CommandLine).await.unwrap().job.is_none_or(|job| job.ended_at.is_none()) {
            tokio::task::yield_now().await;
        }
    };
    jobs::run(site.app.clone(), is_done).await;
    let job = setup::of(&site.app, &Actor::CommandLine).await.unwrap().job.unwrap();
    assert_eq!((job.state, job.message.as_str()), (JobState::Done, "Klaar: 5 bestanden geladen, 1 voorstel gemaakt."));

    let loaded = visitor.page("/eerste-keer/gegevens").await;
    assert!(loaded.contains("Bekijk de voorbeelden") && !loaded.contains("data-live"));
    let slug = site.slug().await;
    assert!(visitor.page(&format!("/rondes/{slug}/plaatsbord")).await.contains("Plaatsbord"));
    let start = visitor.page("/").await;
    assert!(start.contains("Ga verder met inrichten"), "the organisation has no name yet");
    visitor.post("/instellingen", &[("organisation", "Almere"), ("school_year", "2026-2027")]).await;
    assert!(!visitor.page("/").await.contains("/eerste-keer"));
    assert!(visitor.page("/eerste-keer").await.contains("Alles is ingericht."));
}

#[tokio::test]
async fn examples_do_not_go_into_an_installation_with_data_of_its_own() {
    let site = Site::almere().await;
    let visitor = site.visitor().await;
    let content = visitor.page("/eerste-keer/gegevens").await;
    assert!(content.contains("Er zijn eigen gegevens geladen") && !content.contains("Laad de voorbeelden"));
    assert_eq!(content.matches("Geladen").count(), 4);
    assert_ne!(visitor.post("/eerste-keer/voorbeelden", &[]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nobody_else_gets_to_set_the_installation_up() {
    let site = Site::empty_with(&EXAMPLES).await.with_account().await;
    site.add("lezer@school.nl", &[(Role::Reader, Scope::All), (Role::RegionCoordinator, Scope::All)]).await;
    let reader = site.visitor_of("lezer@school.nl").await;
    for path in ["/eerste-keer", "/eerste-keer/organisatie", "/eerste-keer/gegevens"] {
        assert_eq!(reader.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert!(got(site.client.get(path)).await.location.starts_with("/inloggen"), "{path}");
    }
    let fields = [("organisation", "Van mij"), ("school_year", "2026-2027")];
    for path in ["/eerste-keer/organisatie", "/eerste-keer/voorbeelden"] {
        assert_eq!(reader.post(path, &fields).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert!(!reader.page("/").await.contains("/eerste-keer"));

    // Who manages the installation and may not load students gets no button that would be refused.
    site.add("beheer@school.nl", &[(Role::Administrator, Scope::All)]).await;
    let manager = site.visitor_of("beheer@school.nl").await;
    let content = manager.page("/eerste-keer/gegevens").await;
    assert!(content.contains("beheerder én regiocoördinator") && !content.contains("Laad de voorbeelden"));
    assert!(content.contains("/importeren?soort=partnerships") && !content.contains("/importeren?soort=students"));
    assert_eq!(manager.post("/eerste-keer/voorbeelden", &[]).await.status, StatusCode::FORBIDDEN);
    assert!(setup::of(&site.app, &Actor::CommandLine).await.unwrap().job.is_none());
}
