//! Placing by hand and taking it back.

use kernschil_app::Actor;
use kernschil_app::board;
use kernschil_app::students::{self, StudentRow};
use kernschil_domain::access::Permission;
use poem::http::StatusCode;

use super::support::{Site, Visitor, field};

async fn row(site: &Site, slug: &str, which: impl Fn(&StudentRow) -> bool) -> StudentRow {
    students::list(&site.app, &Actor::CommandLine, slug, Permission::ReadStudents).await.unwrap().rows.into_iter().find(which).unwrap()
}

async fn again(site: &Site, slug: &str, row: &StudentRow) -> StudentRow {
    self::row(site, slug, |other| other.demand == row.demand).await
}

fn placement(row: &StudentRow) -> String {
    row.place.as_ref().map(|place| place.placement.to_string()).unwrap_or_default()
}

/// The board of a student, and the fields of the first place that is not the present one.
async fn first_form(visitor: &Visitor<'_>, slug: &str, row: &StudentRow) -> [(&'static str, String); 4] {
    let html = visitor.page(&format!("/rondes/{slug}/plaatsbord?groep=alle&vraag={}", row.demand)).await;
    ["vraag", "plek", "versie", "groep"].map(|name| (name, field(&html, "plaatsbord/plaats\"", name)))
}

#[tokio::test]
async fn placing_and_undoing_bring_everything_back() {
    let site = Site::almere().await;
    let (slug, visitor) = (site.slug().await, site.visitor().await);
    let before = row(&site, &slug, |row| row.place.is_some()).await;
    let form = first_form(&visitor, &slug, &before).await;
    let fields = form.each_ref().map(|(name, value)| (*name, value.as_str()));

    let placed = visitor.post(&format!("/rondes/{slug}/plaatsbord/plaats"), &fields).await;
    assert_eq!(placed.status, StatusCode::SEE_OTHER);
    assert!(placed.location.starts_with(&format!("/rondes/{slug}/plaatsbord?groep=alle&vraag=")) && placed.location.contains("&gedaan="));
    let now = again(&site, &slug, &before).await;
    assert_eq!(now.place.as_ref().unwrap().offer.to_string(), form[1].1);
    let html = visitor.page(&placed.location).await;
    assert!(html.contains("is verplaatst van") && html.contains("Staat nu hier"));

    let change = field(&html, "data-undo", "wijziging");
    let undone = visitor.post(&format!("/rondes/{slug}/plaatsbord/ongedaan"), &[("wijziging", &change), ("groep", "alle")]).await;
    assert_eq!(undone.location, format!("/rondes/{slug}/plaatsbord?groep=alle&ongedaan=ja"));
    assert!(visitor.page(&undone.location).await.contains("ongedaan gemaakt"));
    let back = again(&site, &slug, &before).await;
    assert_eq!(back.place.as_ref().map(|place| place.offer), before.place.as_ref().map(|place| place.offer));
    assert_eq!(board::board(&site.app, &Actor::CommandLine, &slug).await.unwrap().last_change.map(|change| change.sentence), None);
}

#[tokio::test]
async fn taking_a_place_back_makes_the_student_an_exception() {
    let site = Site::almere().await;
    let (slug, visitor) = (site.slug().await, site.visitor().await);
    let before = row(&site, &slug, |row| row.place.is_some()).await;
    let (demand, seen) = (before.demand.to_string(), placement(&before));
    let fields = [("vraag", demand.as_str()), ("versie", &seen), ("groep", "alle")];
    let released = visitor.post(&format!("/rondes/{slug}/plaatsbord/los"), &fields).await;
    assert_eq!(released.status, StatusCode::SEE_OTHER);
    assert!(visitor.page(&released.location).await.contains("heeft geen plaats meer bij"));
    assert!(visitor.page(&format!("/rondes/{slug}/plaatsbord?groep=unplaced")).await.contains(&before.name));
}

#[tokio::test]
async fn who_is_too_late_sees_the_board_as_it_is_now() {
    let site = Site::almere().await;
    let (slug, visitor) = (site.slug().await, site.visitor().await);
    let before = row(&site, &slug, |row| row.place.is_some()).await;
    let form = first_form(&visitor, &slug, &before).await;
    let fields = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(visitor.post(&format!("/rondes/{slug}/plaatsbord/plaats"), &fields).await.status, StatusCode::SEE_OTHER);
    let late = visitor.post(&format!("/rondes/{slug}/plaatsbord/plaats"), &fields).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let html = late.text().await;
    assert!(html.contains("Iemand anders heeft dit intussen gewijzigd") && html.contains("Staat nu hier"));

    let nothing = visitor.post(&format!("/rondes/{slug}/plaatsbord/ongedaan"), &[("wijziging", "kapot")]).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn each_place_says_what_it_does_to_coverage() {
    let site = Site::almere().await;
    let (slug, visitor) = (site.slug().await, site.visitor().await);
    let outside = row(&site, &slug, |row| row.status == kernschil_domain::coverage::CoverageStatus::OutsideGuided).await;
    let demand = outside.demand.to_string();
    let fields = [("vraag", demand.as_str()), ("versie", &placement(&outside)), ("groep", "alle")];
    visitor.post(&format!("/rondes/{slug}/plaatsbord/los"), &fields).await;
    let html = visitor.page(&format!("/rondes/{slug}/plaatsbord?vraag={demand}")).await;
    assert!(html.contains("niet geplaatst") && html.contains("(−1)") && html.contains("effect-better"));
    assert!(html.contains("Met extra begeleiding"), "an outside place asks for the decision");
}
