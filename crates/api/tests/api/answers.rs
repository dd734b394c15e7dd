//! What each operation answers, to the letter: status, headers and body, on the example of Almere.
//!
//! Identifiers are written `[id]` and long lists are cut, so that a difference in a snapshot is a
//! difference in the contract.

use poem::http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Site, closed_site, send, site};

const ROUND: &str = "/rounds/almere-2026-2027";

/// An identifier as text, with what stands before it.
fn without_ids(text: &str) -> String {
    let Some(start) = text.len().checked_sub(36).filter(|start| text.is_char_boundary(*start)) else { return text.to_owned() };
    let (before, last) = text.split_at(start);
    let is_id = last.char_indices().all(|(at, c)| if [8, 13, 18, 23].contains(&at) { c == '-' } else { c.is_ascii_hexdigit() });
    if is_id { format!("{before}[id]") } else { text.to_owned() }
}

fn shape(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(without_ids(text)),
        Value::Array(items) => {
            let mut shown: Vec<_> = items.iter().take(2).map(shape).collect();
            if items.len() > 2 {
                shown.push(json!(format!("and {} more", items.len() - 2)));
            }
            Value::Array(shown)
        }
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| {
                (name.clone(), if ["csrfToken", "token"].contains(&name.as_str()) { json!("[token]") } else { shape(value) })
            };
            Value::Object(fields.iter().map(field).collect())
        }
        other => other.clone(),
    }
}

pub(crate) fn shown(answer: &Answer) -> Value {
    let header = |name: &str| answer.headers.get(name).map(|value| without_ids(value.to_str().unwrap().trim_matches('"')));
    let body = serde_json::from_slice::<Value>(&answer.bytes)
        .map_or_else(|_| json!(format!("{} bytes", answer.bytes.len().min(1))), |body| shape(&body));
    json!({
        "status": answer.status,
        "content-type": header("content-type"),
        "api-version": header("api-version"),
        "etag": header("etag"),
        "location": header("location"),
        "body": body,
    })
}

async fn almere() -> Site {
    let site = site().await;
    for (kind, file) in [
        ("postcodes", "postcodes.txt"),
        ("partnerships", "almere/partnerschappen.xlsx"),
        ("trainers", "almere/opleiders.xlsx"),
        ("offers", "almere/plekken.xlsx"),
        ("students", "almere/studenten.xlsx"),
    ] {
        assert_eq!(site.import(kind, "", file).await.status, 200, "{file}");
    }
    let watch = std::sync::Arc::default();
    kernschil_app::proposals::make_and_apply(&site.app, &kernschil_app::Actor::CommandLine, "almere-2026-2027", watch).await.unwrap();
    site
}

/// The first value at a pointer in an answer, as text.
async fn first(site: &Site, path: &str, pointer: &str) -> String {
    site.get(path).await.json().pointer(pointer).and_then(Value::as_str).unwrap().to_owned()
}

#[tokio::test]
async fn every_answer_is_as_it_was() {
    let site = almere().await;
    let student = first(&site, &format!("{ROUND}/students"), "/items/0/student").await;
    let school = first(&site, &format!("{ROUND}/schools"), "/items/0/code").await;
    let demand = first(&site, &format!("{ROUND}/demands"), "/items/0/summary/demand").await;
    for (name, path) in [
        ("session", "/sessions/current".to_owned()),
        ("rounds", "/rounds".to_owned()),
        ("round", ROUND.to_owned()),
        ("schools", format!("{ROUND}/schools?standing=schil&size=2")),
        ("school", format!("{ROUND}/schools/{school}")),
        ("students", format!("{ROUND}/students?size=2")),
        ("student", format!("{ROUND}/students/{student}")),
        ("exceptions", format!("{ROUND}/exceptions")),
        ("demands", format!("{ROUND}/demands?size=2")),
        ("candidates", format!("{ROUND}/demands/{demand}/candidates")),
        ("placement-missing", format!("{ROUND}/demands/{demand}/placement")),
        ("change-missing", format!("{ROUND}/changes/latest")),
        ("proposal", format!("{ROUND}/proposals/latest")),
        ("coverage", format!("{ROUND}/coverage")),
        ("coverage-on-a-date", format!("{ROUND}/coverage?date=2026-10-05")),
        ("coverage-students", format!("{ROUND}/coverage/students?status=schil")),
        ("imports", "/imports".to_owned()),
        ("jobs", "/jobs".to_owned()),
        ("audit-events", "/audit-events?kind=import-loaded&size=2".to_owned()),
        ("audit-events-of-nobody", "/audit-events?who=nobody&group=placements&from=2026-06-01&until=2026-06-01".to_owned()),
        ("audit-events-bad", "/audit-events?who=Sanne&group=x&from=gisteren&subject=".to_owned()),
        ("dossier", format!("/privacy/students/{student}/dossier")),
        ("dossier-missing", "/privacy/students/0190f3b2-7c4e-7000-8000-000000000001/dossier".to_owned()),
        ("processing-register", "/privacy/processing-register".to_owned()),
        ("retention", "/settings/retention".to_owned()),
        ("round-missing", "/rounds/geen".to_owned()),
        ("bad-query", format!("{ROUND}/students?page=nul&vreemd=1")),
        ("bad-id", format!("{ROUND}/students/geen-id")),
        ("no-such-path", "/bestaat-niet".to_owned()),
    ] {
        insta::assert_json_snapshot!(name, shown(&site.get(&path).await));
    }
}

#[tokio::test]
async fn every_refusal_is_as_it_was() {
    let site = almere().await;
    let wrong = site.import("students", "?dryRun=true", "fout/ontbrekende-kolom.xlsx").await;
    insta::assert_json_snapshot!("import-with-errors", shown(&wrong));
    let pdf = site.import("students", "", "fout/eigenlijk-een-pdf.xlsx").await;
    insta::assert_json_snapshot!("import-of-a-pdf", shown(&pdf));
    let searched = site.post(&format!("{ROUND}/students/searches"), &json!({ "text": 7 })).await;
    insta::assert_json_snapshot!("search-with-a-number", shown(&searched));
    let method = send(site.request(&Method::PUT, "/rounds")).await;
    insta::assert_json_snapshot!("method-not-allowed", shown(&method));
    let stranger = closed_site().await.get("/rounds").await;
    insta::assert_json_snapshot!("not-signed-in", shown(&stranger));
}
