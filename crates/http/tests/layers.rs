//! What holds for every request, seen from outside.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod support;

use poem::http::StatusCode;
use poem::test::{TestForm, TestFormField, TestResponse};
use support::{FORM, Site, TOKENLESS_JSON, site};

async fn json(response: TestResponse) -> serde_json::Value {
    response.json().await.value().deserialize()
}

#[tokio::test]
async fn every_answer_carries_the_headers_and_a_number() {
    let site = site().await;
    for path in ["/", "/bestaat-niet", "/api/v1/bestaat-niet", "/paniek"] {
        let response = site.client.get(path).send().await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            response.assert_header(name, value);
        }
        let policy = response.0.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'self';") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(response.0.header("x-request-id").unwrap().len(), 36);
        assert_eq!(response.0.header("strict-transport-security"), None);
    }
    site.client.get("/assets/app.css").send().await.assert_header("cache-control", "public, max-age=31536000");
    let secure = support::secure_site().await;
    secure.client.get("/").send().await.assert_header("strict-transport-security", "max-age=31536000");
}

#[tokio::test]
async fn an_unknown_address_is_a_page_or_a_problem() {
    let site = site().await;
    let page = site.client.get("/bestaat-niet").send().await;
    page.assert_status(StatusCode::NOT_FOUND);
    page.assert_content_type("text/html; charset=utf-8");
    let id = page.0.header("x-request-id").unwrap().to_owned();
    page.assert_text(format!("404|niet-gevonden|{id}|nobody")).await;

    let problem = site.client.get("/api/v1/bestaat-niet").send().await;
    problem.assert_status(StatusCode::NOT_FOUND);
    problem.assert_content_type("application/problem+json");
    let id = problem.0.header("x-request-id").unwrap().to_owned();
    let problem = json(problem).await;
    assert_eq!(problem["title"], "Niet gevonden");
    assert_eq!(problem["code"], "niet-gevonden");
    assert_eq!(problem["status"], 404);
    assert_eq!(problem["instance"], format!("urn:uuid:{id}"));
}

#[tokio::test]
async fn a_wrong_method_says_which_are_right() {
    let site = site().await;
    let page = site.client.put("/formulier").send().await;
    page.assert_status(StatusCode::METHOD_NOT_ALLOWED);
    page.assert_header("allow", "GET, HEAD, POST");
    site.client.request(poem::http::Method::OPTIONS, "/formulier").send().await.assert_header("allow", "GET, HEAD, POST");
    let problem = site.client.delete("/api/v1/items").body_json(&1).send().await;
    problem.assert_status(StatusCode::METHOD_NOT_ALLOWED);
    problem.assert_header("allow", "GET, HEAD, POST, PUT");
    assert_eq!(json(problem).await["code"], "methode-niet-toegestaan");
    site.client.head("/").send().await.assert_status_is_ok();
}

#[tokio::test]
async fn a_panic_is_an_answer_without_details() {
    let site = site().await;
    let page = site.client.get("/paniek").send().await;
    page.assert_status(StatusCode::INTERNAL_SERVER_ERROR);
    assert!(page.0.into_body().into_string().await.unwrap().starts_with("500|interne-fout|"));
    let problem = site.client.get("/api/v1/paniek").send().await;
    problem.assert_status(StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!problem.0.into_body().into_string().await.unwrap().contains("secret"));
    site.client.get("/").send().await.assert_status_is_ok();
}

#[tokio::test]
async fn errors_of_poem_itself_are_translated() {
    let site = site().await;
    let signed_in = site.sign_in().await;
    let response = signed_in.post(&site, "/api/v1/items").content_type("application/json").body("{").send().await;
    response.assert_status(StatusCode::BAD_REQUEST);
    assert_eq!(json(response).await["code"], "ongeldig-verzoek");
    let response =
        signed_in.post(&site, "/api/v1/items").header("x-csrf-token", &signed_in.csrf).content_type("text/plain").body("1").send().await;
    response.assert_status(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(json(response).await["code"], "formaat-niet-ondersteund");
}

#[tokio::test]
async fn who_is_not_signed_in_goes_to_the_form_and_comes_back() {
    let site = site().await;
    let response = site.client.get("/formulier?zoek=a&b=c").send().await;
    response.assert_status(StatusCode::SEE_OTHER);
    response.assert_header("location", "/inloggen?terug=/formulier?zoek%3Da%26b%3Dc");
    let response =
        site.client.post("/formulier").header("host", "k.example").header("referer", "http://k.example/formulier").form(FORM).send().await;
    response.assert_header("location", "/inloggen?terug=/formulier");
    let response =
        site.client.post("/formulier").header("host", "k.example").header("referer", "http://evil.example/x").form(FORM).send().await;
    response.assert_header("location", "/inloggen");
    let response = site.client.get("/api/v1/items").send().await;
    response.assert_status(StatusCode::UNAUTHORIZED);
    assert_eq!(json(response).await["code"], "niet-ingelogd");
    let response = site.client.get("/formulier").header("cookie", format!("kernschil={}", "0".repeat(64))).send().await;
    response.assert_status(StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_was_typed_comes_back_when_the_session_is_gone_or_the_page_is_old() {
    let site = site().await;
    let sanne = site.sign_in().await;
    let fields = [("csrf", "van een vorige sessie"), ("reden", "Omdat.\r\n<b>Daarom</b>"), ("wachtwoord", "geheim"), ("vraag", "")];
    let back = |text: &str| (text.contains("|/formulier|Reden=Omdat.\r\n<b>Daarom</b>"), text.contains("geheim"), text.contains("vorige"));
    let stale = sanne
        .post(&site, "/formulier")
        .header("host", "k.example")
        .header("referer", "http://k.example/formulier")
        .form(&fields)
        .send()
        .await;
    stale.assert_status(StatusCode::FORBIDDEN);
    stale.assert_header("cache-control", "no-store");
    let page = stale.0.into_body().into_string().await.unwrap();
    assert_eq!(back(&page), (true, false, false), "{page}");

    let ended = site
        .client
        .post("/formulier")
        .header("host", "k.example")
        .header("referer", "http://k.example/formulier")
        .form(&fields)
        .send()
        .await;
    ended.assert_status(StatusCode::UNAUTHORIZED);
    ended.assert_header("cache-control", "no-store");
    let page = ended.0.into_body().into_string().await.unwrap();
    assert_eq!(back(&page), (true, false, false), "{page}");

    // A form that can hold a file gives its texts back too, the file never; what does not say how large it is, is not read.
    let parts = || upload(3, Some("oud")).text("bevinding-0", "Onderweg geschreven");
    for (request, status) in [(sanne.post(&site, "/bestand"), 403), (site.client.post("/bestand").header("content-length", "900"), 401)] {
        let response = request.multipart(parts()).send().await;
        assert_eq!(response.0.status().as_u16(), status);
        let page = response.0.into_body().into_string().await.unwrap();
        assert!(page.contains("Bevinding=Onderweg geschreven") && !page.contains("xxx"), "{page}");
    }
    site.client.post("/bestand").multipart(parts()).send().await.assert_status(StatusCode::SEE_OTHER);
    // Another site gets nothing back, and neither does a program.
    let foreign = sanne.post(&site, "/formulier").header("sec-fetch-site", "cross-site").form(&fields).send().await;
    foreign.assert_status(StatusCode::FORBIDDEN);
    assert!(!foreign.0.into_body().into_string().await.unwrap().contains("Daarom"));
    let program = site.client.post("/api/v1/items").form(&fields).send().await;
    assert!(!program.0.into_body().into_string().await.unwrap().contains("Daarom"));
    assert_eq!(site.changes(), 0);
}

#[tokio::test]
async fn a_session_opens_the_door_and_names_the_visitor() {
    let site = site().await;
    let signed_in = site.sign_in().await;
    let response = signed_in.get(&site, "/formulier").send().await;
    response.assert_status_is_ok();
    response.assert_header("cache-control", "no-store");
    response.assert_text("Hallo Sanne").await;
    let page = signed_in.get(&site, "/bestaat-niet").send().await;
    assert!(page.0.into_body().into_string().await.unwrap().ends_with("|Sanne"));
}

#[tokio::test]
async fn a_request_made_by_another_site_changes_nothing() {
    let site = site().await;
    let signed_in = site.sign_in().await;
    for (path, name, value) in [
        ("/formulier", "origin", "https://evil.example"),
        ("/formulier", "origin", "null"),
        ("/formulier", "sec-fetch-site", "cross-site"),
        ("/formulier", "sec-fetch-site", "same-site"),
        ("/inloggen", "origin", "https://evil.example"),
        ("/eerste-keer", "sec-fetch-site", "cross-site"),
        ("/api/v1/items", "origin", "https://evil.example"),
    ] {
        let request = signed_in.post(&site, path).header("host", "127.0.0.1:8080").header(name, value);
        let request = request.header("x-csrf-token", &signed_in.csrf);
        let response = request.form(&[("csrf", signed_in.csrf.as_str()), ("name", "x")]).send().await;
        response.assert_status(StatusCode::FORBIDDEN);
        assert!(response.0.into_body().into_string().await.unwrap().contains("andere-site"), "{path} {name} {value}");
    }
    assert_eq!(site.changes(), 0);
    let request = signed_in.post(&site, "/formulier").header("host", "127.0.0.1:8080").header("origin", "http://127.0.0.1:8080");
    request.form(&[("csrf", signed_in.csrf.as_str()), ("name", "x")]).send().await.assert_status_is_ok();
    assert_eq!(site.changes(), 1);
}

#[tokio::test]
async fn a_form_needs_the_token_of_this_session() {
    let site = site().await;
    let (sanne, other) = (site.sign_in().await, site.sign_in().await);
    for csrf in ["", "x", &other.csrf, &sanne.csrf[1..]] {
        let response = sanne.post(&site, "/formulier").form(&[("csrf", csrf), ("name", "x")]).send().await;
        response.assert_status(StatusCode::FORBIDDEN);
    }
    sanne.post(&site, "/formulier").form(FORM).send().await.assert_status(StatusCode::FORBIDDEN);
    sanne.post(&site, "/formulier").send().await.assert_status(StatusCode::FORBIDDEN);
    sanne.post(&site, "/formulier").body_json(&1).send().await.assert_status(StatusCode::FORBIDDEN);
    assert_eq!(site.changes(), 0);
    let response = sanne.post(&site, "/formulier").form(&[("csrf", sanne.csrf.as_str()), ("name", "x")]).send().await;
    response.assert_text("name=x").await;
    sanne.post(&site, "/inloggen").form(FORM).send().await.assert_status_is_ok();
}

#[tokio::test]
async fn the_api_takes_json_or_the_token_in_a_header() {
    let site = site().await;
    let sanne = site.sign_in().await;
    sanne.post(&site, "/api/v1/items").content_type("application/json").body(TOKENLESS_JSON).send().await.assert_status_is_ok();
    sanne.post(&site, "/api/v1/bestand").send().await.assert_status(StatusCode::FORBIDDEN);
    sanne.post(&site, "/api/v1/bestand").header("x-csrf-token", "x").send().await.assert_status(StatusCode::FORBIDDEN);
    sanne.post(&site, "/api/v1/bestand").header("x-csrf-token", &sanne.csrf).multipart(upload(3, None)).send().await.assert_status_is_ok();
}

fn upload(bytes: usize, csrf: Option<&str>) -> TestForm {
    let form = csrf.map_or_else(TestForm::new, |csrf| TestForm::new().text("csrf", csrf.to_owned()));
    form.field(TestFormField::bytes(vec![b'x'; bytes]).name("file").filename("a.xlsx"))
}

#[tokio::test]
async fn a_form_with_a_file_brings_the_token_first() {
    let site = site().await;
    let sanne = site.sign_in().await;
    sanne.post(&site, "/bestand").multipart(upload(3, None)).send().await.assert_status(StatusCode::FORBIDDEN);
    sanne.post(&site, "/bestand").multipart(upload(3, Some("wrong"))).send().await.assert_status(StatusCode::FORBIDDEN);
    let late = upload(3, None).text("csrf", sanne.csrf.clone());
    sanne.post(&site, "/bestand").multipart(late).send().await.assert_status(StatusCode::FORBIDDEN);
    let response = sanne.post(&site, "/bestand").multipart(upload(3_000_000, Some(&sanne.csrf))).send().await;
    response.assert_text("3000000").await;
    let stranger = site.client.post("/bestand").multipart(upload(3, None)).send().await;
    stranger.assert_status(StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_with_words() {
    let site = site().await;
    let sanne = site.sign_in().await;
    for (path, length) in [("/inloggen", 1024 * 1024 + 1), ("/formulier", 2_000_000)] {
        let request = sanne.post(&site, path).content_type("application/x-www-form-urlencoded").body("x".repeat(length));
        let response = request.send().await;
        response.assert_status(StatusCode::PAYLOAD_TOO_LARGE);
        assert!(response.0.into_body().into_string().await.unwrap().starts_with("413|te-groot|"));
    }
    let announced = sanne.post(&site, "/api/v1/items").header("content-length", "1048577").content_type("application/json").body("1");
    let problem = announced.send().await;
    problem.assert_status(StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(json(problem).await["detail"], "Wat u stuurde is te groot. Het mag hoogstens 1 MB zijn.");
    let file = sanne.post(&site, "/bestand").multipart(upload(21 * 1024 * 1024, Some(&sanne.csrf))).send().await;
    file.assert_status(StatusCode::PAYLOAD_TOO_LARGE);
    site.client.get("/").body("x".repeat(2_000_000)).send().await.assert_status_is_ok();
    assert_eq!(site.changes(), 0);
}

#[tokio::test]
async fn after_ten_attempts_to_sign_in_one_has_to_wait() {
    let site: Site = site().await;
    for _ in 0..10 {
        site.client.post("/inloggen").form(&[("email", "sanne@school.nl")]).send().await.assert_status_is_ok();
    }
    let response = site.client.post("/inloggen").form(&[("email", "sanne@school.nl")]).send().await;
    response.assert_status(StatusCode::TOO_MANY_REQUESTS);
    let seconds: u64 = response.0.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=61).contains(&seconds));
}

#[tokio::test]
async fn a_secure_installation_uses_a_cookie_bound_to_the_host() {
    let site = support::secure_site().await;
    let sanne = site.sign_in().await;
    assert!(sanne.cookie.starts_with("__Host-kernschil="));
    sanne.get(&site, "/formulier").send().await.assert_status_is_ok();
    let response = site.client.post("/uitloggen").header("cookie", &sanne.cookie).header("x-csrf-token", &sanne.csrf).send().await;
    assert_eq!(response.0.header("set-cookie").unwrap(), "__Host-kernschil=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure");
}
