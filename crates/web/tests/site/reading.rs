//! Pages to look at, and lists to take along.

use kernschil_app::Actor;
use kernschil_app::{board, students};
use kernschil_domain::access::Permission;
use poem::http::StatusCode;

use super::support::{Site, link};

/// Every page that needs no identifier.
pub(crate) fn pages(slug: &str) -> Vec<String> {
    let of_round = [
        "",
        "/scholen",
        "/scholen.xlsx",
        "/studenten",
        "/studenten.xlsx",
        "/voorstel",
        "/plaatsbord",
        "/dekking",
        "/dekking.xlsx",
        "/dekking/studenten",
        "/dekking/studenten.xlsx",
        "/werkboeken",
        "/werkboeken/schools.xlsx",
        "/werkboeken/students.xlsx",
        "/werkboeken/exceptions.xlsx",
        "/werkboeken/coverage.xlsx",
    ];
    let general = [
        "/",
        "/taken",
        "/eerste-keer",
        "/eerste-keer/organisatie",
        "/eerste-keer/gegevens",
        "/instellingen",
        "/instellingen/mail",
        "/importeren",
        "/importeren/sjabloon/students.xlsx",
        "/hulp",
        "/hulp/woordenlijst",
        "/hulp/toetsen",
        "/hulp/bevindingen",
        "/hulp/api",
        "/hulp/importeren/duo",
        "/hulp/importeren/students",
        "/logboek",
        "/logboek.xlsx",
    ];
    let of_round = of_round.iter().map(|page| format!("/rondes/{slug}{page}"));
    general.iter().map(|page| (*page).to_owned()).chain(of_round).collect()
}

#[tokio::test]
async fn every_page_is_there_for_who_is_signed_in() {
    let site = Site::almere().await;
    let (slug, visitor) = (site.slug().await, site.visitor().await);
    for path in pages(&slug) {
        let got = visitor.get(&path).await;
        assert_eq!(got.status, StatusCode::OK, "{path}");
        if got.response.content_type() == Some("text/html; charset=utf-8") {
            let html = got.text().await;
            assert_eq!(html.matches("<h1>").count(), 1, "{path}");
            assert!(html.contains("Sanne de Wit"), "{path}");
        } else {
            assert!(got.response.header("content-disposition").unwrap().ends_with(".xlsx\""), "{path}");
            assert!(got.bytes().await.starts_with(b"PK"), "{path}");
        }
    }
}

#[tokio::test]
async fn an_empty_installation_says_what_to_do_first() {
    let site = Site::empty().await.with_account().await;
    let visitor = site.visitor().await;
    assert!(visitor.page("/").await.contains("Laad uw gegevens"));
    assert!(visitor.page("/taken").await.contains("nog geen werk"));
    assert!(visitor.page("/importeren").await.contains("Er is nog niets geladen"));
}

#[tokio::test]
async fn what_does_not_exist_is_a_page_that_says_so() {
    let site = Site::almere().await;
    let (slug, visitor) = (site.slug().await, site.visitor().await);
    let none = "01920000-0000-7000-0000-ffffffffffff";
    for path in [
        "/bestaat-niet".to_owned(),
        "/rondes/geen".to_owned(),
        "/rondes/geen/plaatsbord".to_owned(),
        format!("/rondes/{slug}/scholen/99ZZ99"),
        format!("/rondes/{slug}/scholen/kapot"),
        format!("/rondes/{slug}/studenten/{none}"),
        format!("/rondes/{slug}/studenten/kapot"),
        format!("/rondes/{slug}/plaatsbord?vraag={none}"),
        format!("/rondes/{slug}/plaatsbord?groep=onzin"),
        format!("/rondes/{slug}/dekking?opleiding=onzin"),
        format!("/rondes/{slug}/dekking/studenten?status=onzin"),
        format!("/rondes/{slug}/werkboeken/onzin.xlsx"),
        format!("/taken/{none}"),
        "/taken/kapot".to_owned(),
        format!("/importeren/{none}"),
        "/importeren/sjabloon/duo.xlsx".to_owned(),
        "/hulp/importeren/onzin".to_owned(),
    ] {
        let got = visitor.get(&path).await;
        assert_eq!(got.status, StatusCode::NOT_FOUND, "{path}");
        assert!(got.text().await.contains("Deze pagina bestaat niet"), "{path}");
    }
    let wrong = visitor.get(&format!("/rondes/{slug}/dekking?datum=2026-13-45")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text().await.contains("Deze datum bestaat niet"));
}

#[tokio::test]
async fn filters_narrow_the_list_and_the_workbook_takes_the_same_along() {
    let site = Site::almere().await;
    let (slug, visitor) = (site.slug().await, site.visitor().await);
    let all = visitor.page(&format!("/rondes/{slug}/scholen")).await;
    assert!(all.contains("Download als werkboek"));
    let none = visitor.page(&format!("/rondes/{slug}/scholen?zoek=bestaatvastniet")).await;
    assert!(none.contains("Geen school past bij deze filters"));
    let kern = visitor.page(&format!("/rondes/{slug}/scholen?rol=kern&volgorde=vrij&richting=af&aantal=100")).await;
    assert!(kern.contains("aria-sort=\"descending\"") && !kern.contains("standing-outside"));
    assert!(kern.contains(&format!("/rondes/{slug}/scholen.xlsx?rol=kern&amp;volgorde=vrij&amp;richting=af&amp;aantal=100")));

    let unplaced = visitor.page(&format!("/rondes/{slug}/studenten?status=unplaced")).await;
    assert_eq!(unplaced.matches("<tr>").count(), 2, "one head and one student without a place");
    let link = link(&unplaced, &format!("/rondes/{slug}/studenten/0"));
    let why = visitor.page(&link).await;
    assert!(why.contains("Waarom geen plek?") && why.contains("Nog geen plek"));
}

#[tokio::test]
async fn a_school_and_a_student_tell_their_story() {
    let site = Site::almere().await;
    let (slug, visitor) = (site.slug().await, site.visitor().await);
    let list = students::list(&site.app, &Actor::CommandLine, &slug, Permission::ReadStudents).await.unwrap();
    let placed = list.rows.iter().find(|row| row.place.is_some()).unwrap();
    let student = visitor.page(&format!("/rondes/{slug}/studenten/{}", placed.student)).await;
    assert!(student.contains("Waarom hier?") && student.contains(&placed.number));
    let school = visitor.page(&format!("/rondes/{slug}/scholen/{}", placed.place.as_ref().unwrap().school_code)).await;
    assert!(school.contains("Wie komt wanneer") && school.contains("/studenten/"));
}

#[tokio::test]
async fn students_are_found_by_a_form_so_that_no_address_holds_a_name() {
    let site = Site::almere().await;
    let (slug, visitor) = (site.slug().await, site.visitor().await);
    let list = students::list(&site.app, &Actor::CommandLine, &slug, Permission::ReadStudents).await.unwrap();
    let somebody = &list.rows[7];
    let family = somebody.name.split(',').next().unwrap().to_uppercase();
    for path in ["studenten", "plaatsbord"] {
        let found = visitor.post(&format!("/rondes/{slug}/{path}"), &[("zoek", &family)]).await;
        assert_eq!(found.status, StatusCode::OK);
        let html = found.text().await;
        assert!(html.contains(&somebody.name) && !html.contains(&format!("={family}")), "{path}");
        let nobody = visitor.post(&format!("/rondes/{slug}/{path}"), &[("zoek", "qqqq")]).await.text().await;
        assert!(nobody.contains("Niemand gevonden"), "{path}");
    }
}

#[tokio::test]
async fn the_number_and_the_students_behind_it_are_the_same() {
    let site = Site::almere().await;
    let (slug, visitor) = (site.slug().await, site.visitor().await);
    let html = visitor.page(&format!("/rondes/{slug}/dekking")).await;
    assert!(html.contains("390 kern") || html.contains("97,9%"), "the figures of the example");
    let behind = visitor.page(&format!("/rondes/{slug}/dekking/studenten")).await;
    assert!(behind.contains("398 studenten die meetellen"));
    let outside = visitor.page(&format!("/rondes/{slug}/dekking/studenten?status=unplaced")).await;
    assert!(outside.contains("1 student: niet geplaatst"));
    for per in ["fase", "partnerschap", "instituut", "periode"] {
        let html = visitor.page(&format!("/rondes/{slug}/dekking?per={per}")).await;
        let part = link(&html, &format!("/rondes/{slug}/dekking/studenten?{per}="));
        assert!(visitor.page(&part).await.contains("Studenten achter dit getal"), "{part}");
    }
}

#[tokio::test]
async fn a_proposal_is_asked_for_followed_and_stopped() {
    let site = Site::almere().await;
    let (slug, visitor) = (site.slug().await, site.visitor().await);
    let page = visitor.page(&format!("/rondes/{slug}/voorstel")).await;
    assert!(page.contains("Beter kan niet met deze gegevens") && page.contains("Maak een nieuw voorstel"));
    let asked = visitor.post(&format!("/rondes/{slug}/voorstel"), &[]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    let job = visitor.page(&asked.location).await;
    assert!(job.contains("Wacht tot het aan de beurt is") && !job.contains("http-equiv"));
    assert!(visitor.page(&format!("/rondes/{slug}/voorstel")).await.contains(&asked.location));
    let stopped = visitor.post(&format!("{}/afbreken", asked.location), &[]).await;
    assert_eq!(stopped.location, asked.location);
    assert!(visitor.page("/taken").await.contains(&asked.location));
}

#[tokio::test]
async fn the_board_shows_the_most_urgent_first() {
    let site = Site::almere().await;
    let (slug, visitor) = (site.slug().await, site.visitor().await);
    let view = board::board(&site.app, &Actor::CommandLine, &slug).await.unwrap();
    let first = view.rows.first().unwrap();
    let html = visitor.page(&format!("/rondes/{slug}/plaatsbord")).await;
    let list = html.split_once("board-students").unwrap().1;
    assert!(list.split("</li>").next().unwrap().contains(&first.row.name));
    for group in ["outside", "schil-unmet", "zonder", "bijzonder", "alle"] {
        assert_eq!(visitor.get(&format!("/rondes/{slug}/plaatsbord?groep={group}&pagina=2")).await.status, StatusCode::OK, "{group}");
    }
}
