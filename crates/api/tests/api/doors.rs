//! Nothing but signing in and the document is reachable without a session.

use kernschil_api::{OperationDoc, operations};
use poem::http::Method;
use serde_json::{Value, json};

use crate::support::{Site, closed_site, send, site};

const PUBLIC: [&str; 2] = ["createSession", "getOpenApiDocument"];
const ID: &str = "0190f3b2-7c4e-7000-8000-000000000001";

/// An address of an operation, with something right in every place.
fn address(operation: &OperationDoc) -> String {
    // Students are a kind of import and a kind of workbook.
    let parts = operation.path.split('/').map(|part| match part {
        "{round}" => "almere",
        "{code}" => "05XH00",
        "{kind}" => "students",
        part if part.starts_with('{') => ID,
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

async fn call(site: &Site, operation: &OperationDoc) -> crate::support::Answer {
    let method: Method = operation.method.parse().unwrap();
    let builder = site.request(&method, &address(operation));
    let builder = match operation.body.first().map(String::as_str) {
        Some("application/json") => builder.body_json(&json!({})),
        Some(media_type) => builder.content_type(media_type).body("x"),
        None => builder,
    };
    send(builder).await
}

#[tokio::test]
async fn every_operation_asks_who_you_are_before_anything_else() {
    let site = closed_site().await;
    for operation in operations().iter().filter(|operation| !PUBLIC.contains(&operation.id.as_str())) {
        let answer = call(&site, operation).await;
        assert_eq!(answer.problem(401).0, "niet-ingelogd", "{}", operation.id);
    }
}

#[tokio::test]
async fn the_document_says_which_operations_are_open() {
    let document: Value = serde_json::from_str(&kernschil_api::document()).unwrap();
    let mut open = Vec::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            if operation["security"] == json!([]) {
                open.push(operation["operationId"].as_str().unwrap().to_owned());
            } else {
                let about_people = ["Access", "Tokens", "Users", "Audit", "Privacy"].iter().any(|group| operation["tags"][0] == *group);
                let ways = if about_people { json!([{ "session": [] }]) } else { json!([{ "session": [] }, { "token": [] }]) };
                assert_eq!(operation["security"], ways, "{operation}");
            }
        }
    }
    open.sort();
    assert_eq!(open, PUBLIC);
}

#[tokio::test]
async fn everybody_may_read_the_document_from_any_page() {
    let answer = closed_site().await.get("/openapi.json").await;
    assert_eq!(answer.ok(200)["openapi"], "3.0.3");
    assert_eq!(answer.bytes, kernschil_api::document().into_bytes());
    assert_eq!(answer.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn an_old_cookie_opens_nothing() {
    let site = site().await;
    assert_eq!(send(site.request(&Method::DELETE, "/sessions/current")).await.status, 204);
    assert_eq!(site.get("/rounds").await.problem(401).0, "niet-ingelogd");
}

#[tokio::test]
async fn a_change_without_the_token_of_the_session_is_refused() {
    let site = site().await;
    let path = "/rounds/almere/proposals";
    for request in [site.tokenless(&Method::POST, path), site.tokenless(&Method::POST, path).header("x-csrf-token", "0")] {
        assert_eq!(send(request).await.problem(403).0, "csrf-token-ontbreekt");
    }
    let other_site = site.request(&Method::POST, path).header("origin", "https://evil.example");
    assert_eq!(send(other_site).await.problem(403).0, "andere-site");
}

#[tokio::test]
async fn on_an_empty_database_every_operation_answers_as_documented() {
    for operation in operations() {
        // A site each: one of them signs out.
        let site = site().await;
        let answer = call(&site, &operation).await;
        let documented: Vec<_> = operation.responses.iter().map(|response| response.status.as_str()).collect();
        assert!(documented.contains(&answer.status.to_string().as_str()), "{} answered {}", operation.id, answer.status);
        assert_ne!(answer.status, 500, "{}", operation.id);
        if answer.status >= 400 {
            answer.problem(answer.status);
        }
    }
}
