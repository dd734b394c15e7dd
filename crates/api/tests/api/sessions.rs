//! Signing in and out, and where one is signed in.

use kernschil_app::access::{self, SignInWay};
use poem::http::Method;
use serde_json::json;
use totp_rs::{Algorithm, Builder, Secret};

use crate::support::{EMAIL, PASSWORD, Site, closed_site, send, site};

/// Gives Sanne a second factor; answers its recovery codes.
async fn second_factor(site: &Site) -> Vec<String> {
    let app = &site.app;
    let session = access::sign_in(app, EMAIL, PASSWORD, SignInWay { browser: String::new(), request: None }).await.unwrap().token;
    let sanne = access::session(app, &session, None).await.unwrap().actor;
    access::begin_second_factor(app, &sanne, PASSWORD).await.unwrap();
    let secret = access::second_factor_setup(app, &sanne).await.unwrap().unwrap().secret;
    let totp = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_step_duration(30);
    let totp = totp.with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap();
    let code = totp.generate(u64::try_from(app.clock.now().timestamp()).unwrap()).to_string();
    access::sign_out(app, &sanne, &session).await.unwrap();
    access::confirm_second_factor(app, &sanne, &code).await.unwrap()
}

#[tokio::test]
async fn who_signs_in_gets_a_cookie_and_a_token() {
    let site = site().await;
    let answer = site.sign_in().await;
    assert_eq!(answer.ok(201)["name"], "Sanne");
    assert_eq!(answer.header("location"), "/api/v1/sessions/current");
    assert!(answer.header("set-cookie").contains("HttpOnly"));
    let current = site.get("/sessions/current").await.ok(200);
    assert_eq!(current["name"], "Sanne");
    assert_eq!(current["csrfToken"].as_str().unwrap().len(), 64);
}

#[tokio::test]
async fn who_signs_out_is_out() {
    let site = site().await;
    let answer = send(site.request(&Method::DELETE, "/sessions/current")).await;
    assert_eq!((answer.status, answer.bytes.len()), (204, 0));
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    site.get("/sessions/current").await.problem(401);
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_after_a_while_so_is_trying() {
    let site = closed_site().await;
    let wrong = json!({ "email": EMAIL, "password": "wrong" });
    let mut statuses = Vec::new();
    for _ in 0..11 {
        statuses.push(site.post("/sessions", &wrong).await);
    }
    assert!(statuses[..10].iter().all(|answer| answer.problem(401).0 == "inloggen-mislukt"));
    assert_eq!(statuses[10].problem(429).0, "te-veel-pogingen");
    assert!(statuses[10].header("retry-after").parse::<u32>().unwrap() > 0);
    let (_, pointers) = site.post("/sessions", &json!({ "email": 1 })).await.problem(400);
    assert_eq!(pointers, ["/email", "/password"]);
}

#[tokio::test]
async fn one_sees_and_ends_ones_own_sessions() {
    let site = site().await;
    site.sign_in().await;
    let list = site.get("/sessions").await.ok(200);
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(items.iter().filter(|item| item["current"] == true).count(), 1);
    let other = items.iter().find(|item| item["current"] == false).unwrap();
    assert_eq!((other["method"].as_str(), other["usedAt"].as_str()), (Some("password"), Some("2026-06-01T08:00:00Z")));
    assert_eq!(other["endsAt"], "2026-06-01T20:00:00Z");

    let path = format!("/sessions/{}", other["id"].as_str().unwrap());
    assert_eq!(send(site.tokenless(&Method::DELETE, &path)).await.problem(403).0, "csrf-token-ontbreekt");
    assert_eq!(send(site.request(&Method::DELETE, &path)).await.status, 204);
    assert_eq!(send(site.request(&Method::DELETE, &path)).await.problem(404).0, "niet-gevonden");
    assert_eq!(send(site.request(&Method::DELETE, "/sessions/x")).await.problem(400).1, ["/path/session"]);

    site.sign_in().await;
    site.sign_in().await;
    assert_eq!(send(site.request(&Method::DELETE, "/sessions")).await.status, 204);
    assert_eq!(site.get("/sessions").await.ok(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_account_with_a_second_factor_asks_for_its_code() {
    let site = site().await;
    let codes = second_factor(&site).await;
    let with = |code: &str| json!({ "email": EMAIL, "password": PASSWORD, "code": code });
    assert_eq!(site.sign_in().await.problem(409).0, "tweede-factor-nodig");
    let (code, pointers) = site.post("/sessions", &with("000000")).await.problem(400);
    assert_eq!((code.as_str(), pointers), ("ongeldige-invoer", vec!["/code".to_owned()]));
    assert_eq!(site.post("/sessions", &with("12")).await.problem(400).1, ["/code"]);
    assert_eq!(site.post("/sessions", &with(&codes[0])).await.ok(201)["name"], "Sanne");
    assert_eq!(site.post("/sessions", &with(&codes[0])).await.problem(400).1, ["/code"], "a code counts once");
    let open = site.get("/sessions").await.ok(200);
    assert_eq!(open["items"].as_array().unwrap().len(), 2, "no half sign-in is left over");
}
