//! Signing in and out.

use poem::http::Method;
use serde_json::json;

use crate::support::{EMAIL, closed_site, send, site};

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
