//! The log: sentences with links, filters that hold no names, and the same as a workbook.

use kernschil_app::Actor;
use kernschil_app::audit;
use kernschil_app::board::{self, PlaceCommand};
use kernschil_domain::access::{Permission, Role, Scope};
use kernschil_domain::codes::Guidance;
use poem::http::StatusCode;

use super::support::{Site, Visitor, link};

/// Places a student over the network, as the board does.
async fn place(site: &Site, visitor: &Visitor<'_>) -> String {
    let slug = site.slug().await;
    let seen = board::board(&site.app, &Actor::CommandLine, &slug).await.unwrap();
    let (command, student) = seen
        .rows
        .iter()
        .find_map(|row| {
            let candidates = board::candidates_of(&seen, row.row.demand).unwrap();
            let to = candidates.into_iter().find(|to| to.misfits.is_empty() && to.current == board::Current::Elsewhere)?;
            let seen = seen.data.placements.get(&row.row.demand).map(|placement| placement.id);
            Some((PlaceCommand { demand: row.row.demand, offer: to.offer, seen, guidance: Guidance::Extra, reason: None }, row.row.student))
        })
        .unwrap();
    let actor = kernschil_app::access::session(&site.app, visitor.token(), None).await.unwrap().actor;
    board::place(&site.app, &actor, &slug, command).await.unwrap();
    format!("/rondes/{slug}/studenten/{student}")
}

#[tokio::test]
async fn each_event_is_a_sentence_with_who_what_when_and_where_to_look() {
    let site = Site::almere().await;
    let visitor = site.visitor().await;
    let student = place(&site, &visitor).await;
    let page = visitor.page("/logboek").await;
    assert!(page.contains("<h1>Logboek</h1>") && page.contains("<h2>Dinsdag 1 september 2026</h2>"));
    assert!(page.contains("Sanne de Wit heeft <a href=\"") && page.contains("\">een student</a> met de hand geplaatst."));
    assert!(page.contains(&format!("href=\"{student}\"")), "{student}");
    assert!(page.contains("als regiocoördinator") && page.contains(">10.00</time>"));
    assert!(
        page.contains("Iemand op de opdrachtregel heeft ") && page.contains("het werkboek “Studenten, hun plaatsingsvraag en voorkeuren”")
    );
    assert_eq!(visitor.get(&student).await.status, StatusCode::OK);
    for page in [link(&page, "/importeren/"), link(&page, "/rondes/")] {
        assert_eq!(visitor.get(&page).await.status, StatusCode::OK, "{page}");
    }
    // What changed is a table of words, not of codes.
    assert!(
        page.contains("Wat er veranderde")
            && page.contains("<th scope=\"row\">Plek</th>")
            && !page.contains("{&quot;")
            && !page.contains("placed-by-hand\":")
    );
    // Everything about the same thing.
    let about = link(&page, "/logboek?onderwerp=");
    let narrowed = visitor.page(&about).await;
    assert!(narrowed.contains("U ziet alleen gebeurtenissen over hetzelfde") && narrowed.contains("<strong>1</strong>"), "{about}");
}

#[tokio::test]
async fn filters_stay_in_the_address_and_in_the_workbook_and_hold_no_names() {
    let site = Site::almere().await;
    let visitor = site.visitor().await;
    let all = visitor.page("/logboek?aantal=100").await;
    let me = all.split_once(">Sanne de Wit</option>").unwrap().0.rsplit("value=\"").next().unwrap().trim_end_matches('"').to_owned();
    let loaded = visitor.page("/logboek?groep=loading").await;
    assert!(loaded.contains("<strong>5</strong>") && loaded.contains("href=\"/logboek.xlsx?groep=loading\""));
    for (query, rows) in [
        ("soort=import-loaded", 5),
        ("wie=geen&soort=import-loaded", 5),
        (&format!("wie={me}&soort=import-loaded"), 0),
        (&format!("wie={me}&groep=sign-in"), 1),
        ("van=2026-09-01&tot=2026-09-01&groep=loading", 5),
        ("tot=2026-08-31", 0),
        ("van=2026-09-02", 0),
        ("groep=loading&soort=signed-in", 0),
    ] {
        let page = visitor.page(&format!("/logboek?{query}")).await;
        let shown = page.matches("<li class=\"event\">").count();
        assert_eq!(shown, rows, "{query}");
        assert!(rows > 0 || page.contains("Geen gebeurtenis past bij deze filters"), "{query}");
    }
    let wrong = visitor.get("/logboek?van=2026-02-30").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text().await.contains("Deze datum bestaat niet"));
    for bad in ["wie=Sanne+de+Wit", "soort=alles", "groep=x"] {
        assert_eq!(visitor.get(&format!("/logboek?{bad}")).await.status, StatusCode::NOT_FOUND, "{bad}");
    }
    for href in all.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(!href.to_lowercase().contains("sanne"), "{href}");
    }

    let file = visitor.get("/logboek.xlsx?groep=loading").await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(file.response.header("content-disposition"), Some("attachment; filename=\"logboek-2026-09-01.xlsx\""));
    assert!(file.bytes().await.starts_with(b"PK"));
    let page = visitor.page("/logboek?soort=audit-exported").await;
    assert!(page.contains("Sanne de Wit heeft het logboek gedownload.") && page.contains("<th scope=\"row\">Rijen</th>"), "{page}");
    assert!(page.contains("Filters: onderwerp"), "the filters are noted as well");
}

#[tokio::test]
async fn only_who_may_reads_the_log_and_only_links_that_open_are_offered() {
    let site = Site::almere().await;
    site.add("regio@school.nl", &[(Role::RegionCoordinator, Scope::All)]).await;
    site.add("beheer@school.nl", &[(Role::Administrator, Scope::All)]).await;
    let sanne = site.visitor().await;
    let student = place(&site, &sanne).await;

    let coordinator = site.visitor_of("regio@school.nl").await;
    for path in ["/logboek", "/logboek.xlsx"] {
        assert_eq!(coordinator.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert!(!coordinator.page("/hulp").await.contains("href=\"/logboek\""));

    // Who manages the installation sees no students: what happened, and not to whom.
    let administrator = site.visitor_of("beheer@school.nl").await;
    let page = administrator.page("/logboek").await;
    assert!(page.contains("Sanne de Wit heeft een student met de hand geplaatst.") && !page.contains(&student));
    assert!(page.contains("href=\"/gebruikers/") && page.contains("href=\"/importeren/"));
    let data = site.app.picture(&Actor::CommandLine, &site.slug().await, Permission::ReadStudents).await.unwrap();
    for student in data.students.values() {
        assert!(!page.contains(&student.full_name()) && !page.contains(&student.number.to_string()));
    }
    for href in page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).filter(|href| href.starts_with('/')) {
        let status = administrator.get(&href.replace("&amp;", "&")).await.status;
        assert_eq!(status, StatusCode::OK, "{href}");
    }
    assert!(administrator.page("/logboek?groep=refusals").await.contains("is geweigerd bij GET /logboek"));
}

#[tokio::test]
async fn the_log_is_as_it_was_after_everything() {
    let site = Site::almere().await;
    let visitor = site.visitor().await;
    place(&site, &visitor).await;
    visitor.page("/logboek").await;
    visitor.get("/logboek.xlsx").await;
    let check = audit::check(&site.app, None).await.unwrap();
    assert!(check.deviations.is_empty() && check.events > 8, "{check:?}");
}
