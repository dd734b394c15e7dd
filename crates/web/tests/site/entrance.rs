//! Getting in and out.

use poem::http::StatusCode;

use super::support::{EMAIL, PASSWORD, Site, got};

#[tokio::test]
async fn signing_in_leads_back_to_where_one_was_and_signing_out_ends_it() {
    let site = Site::empty().await.with_account().await;
    assert_eq!(got(site.client.get("/importeren?soort=students")).await.location, "/inloggen?terug=/importeren?soort%3Dstudents");
    let form = got(site.client.get("/inloggen?terug=/importeren?soort%3Dstudents")).await.text().await;
    assert!(form.contains("name=\"next\" value=\"/importeren?soort=students\""));

    let empty = got(site.client.post("/inloggen").form(&[("email", "")])).await;
    assert_eq!(empty.status, StatusCode::BAD_REQUEST);
    assert!(empty.text().await.contains("Er zijn 2 dingen niet goed ingevuld"));
    let wrong = got(site.client.post("/inloggen").form(&[("email", EMAIL), ("password", "iets anders dan dat")])).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let page = wrong.text().await;
    assert!(page.contains("Het e-mailadres of het wachtwoord klopt niet") && !page.contains("iets anders dan dat"));

    let fields = [("email", EMAIL), ("password", PASSWORD), ("next", "/importeren?soort=students")];
    let right = got(site.client.post("/inloggen").form(&fields)).await;
    assert_eq!((right.status, right.location.as_str()), (StatusCode::SEE_OTHER, "/importeren?soort=students"));
    let away = got(site.client.post("/inloggen").form(&[("email", EMAIL), ("password", PASSWORD), ("next", "//evil.example")])).await;
    assert_eq!(away.location, "/");

    let visitor = site.visitor().await;
    assert_eq!(visitor.get("/inloggen").await.location, "/");
    let out = visitor.post("/uitloggen", &[]).await;
    assert_eq!(out.location, "/inloggen");
    assert!(out.response.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(visitor.get("/").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nothing_but_the_entrance_and_the_files_is_there_for_strangers() {
    let site = Site::almere().await;
    let slug = site.slug().await;
    for path in super::reading::pages(&slug) {
        let stranger = got(site.client.get(&path)).await;
        assert_eq!(stranger.status, StatusCode::SEE_OTHER, "{path}");
        assert!(stranger.location.starts_with("/inloggen"), "{path}");
    }
    for path in ["/inloggen", "/assets/app.css", "/assets/app.js", "/assets/mark.svg"] {
        assert_eq!(got(site.client.get(path)).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn a_form_without_the_token_changes_nothing() {
    let site = Site::almere().await;
    let (slug, visitor) = (site.slug().await, site.visitor().await);
    for path in ["voorstel", "studenten", "plaatsbord", "plaatsbord/plaats", "plaatsbord/los", "plaatsbord/ongedaan"] {
        let path = format!("/rondes/{slug}/{path}");
        let forged = visitor.post_forged(&path).await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN, "{path}");
        assert!(forged.text().await.contains("Dit mag u niet doen"), "{path}");
    }
    for path in ["/uitloggen", "/importeren", "/importeren/x/laden", "/taken/x/afbreken"] {
        assert_eq!(visitor.post_forged(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert!(kernschil_app::jobs::latest(&site.app, &kernschil_app::Actor::CommandLine).await.unwrap().is_empty());
}

#[tokio::test]
async fn files_may_be_kept_when_the_address_has_their_fingerprint() {
    let site = Site::empty().await;
    for (path, kind) in [
        (kernschil_web::assets::css_href(), "text/css; charset=utf-8"),
        (kernschil_web::assets::js_href(), "text/javascript; charset=utf-8"),
        (kernschil_web::assets::mark_href(), "image/svg+xml"),
    ] {
        let file = got(site.client.get(&path)).await;
        assert_eq!(file.response.header("cache-control"), Some("public, max-age=31536000, immutable"));
        assert_eq!(file.response.content_type(), Some(kind));
        let old = got(site.client.get(format!("{}?v=0123", path.split('?').next().unwrap()))).await;
        assert_eq!(old.response.header("cache-control"), Some("no-cache"));
    }
}
