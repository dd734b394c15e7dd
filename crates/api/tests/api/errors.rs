//! Every error is a problem, whoever found it.

use poem::http::Method;
use serde_json::json;

use crate::support::{send, site};

const DEMAND: &str = "/rounds/almere/demands/0190f3b2-7c4e-7000-8000-000000000001";

#[tokio::test]
async fn addresses_that_do_not_exist() {
    let site = site().await;
    for path in ["/nothing", "/rounds/", "/rounds/almere", "/Rounds", "", "/rounds/almere/schools/05XH00", "/rounds/almere/proposals"] {
        let status = if path == "/rounds/almere/proposals" { 405 } else { 404 };
        site.get(path).await.problem(status);
    }
}

#[tokio::test]
async fn addresses_with_odd_bytes() {
    let site = site().await;
    for path in ["/rounds/%00", "/rounds/%ff", "/rounds/a%2Fb", "/rounds/%F0%9F%8F%AB/schools", "/rounds/a/schools/%00"] {
        let answer = site.get(path).await;
        assert!([400, 404].contains(&answer.status), "{path}: {}", answer.status);
        answer.problem(answer.status);
    }
    site.get("/rounds?page=%ff").await.problem(400);
}

#[tokio::test]
async fn methods_that_an_address_does_not_have() {
    let site = site().await;
    for (method, path, allow) in [
        (Method::PATCH, "/rounds", "GET, HEAD, OPTIONS"),
        (Method::PUT, "/sessions", "DELETE, GET, POST, HEAD, OPTIONS"),
        (Method::POST, "/sessions/current", "DELETE, GET, HEAD, OPTIONS"),
        (Method::PATCH, &*format!("{DEMAND}/placement"), "DELETE, GET, PUT, HEAD, OPTIONS"),
    ] {
        let answer = send(site.request(&method, path)).await;
        assert_eq!(answer.problem(405).0, "methode-niet-toegestaan");
        assert_eq!(answer.header("allow"), allow, "{method} {path}");
        let options = send(site.request(&Method::OPTIONS, path)).await;
        assert_eq!((options.status, options.header("allow")), (204, allow));
    }
    let head = send(site.request(&Method::HEAD, "/rounds")).await;
    assert_eq!((head.status, head.bytes.len()), (200, 0));
}

#[tokio::test]
async fn everything_that_is_wrong_in_an_address_is_told_at_once() {
    let site = site().await;
    let (code, pointers) = site.get("/rounds/Almere/schools?page=0&size=501&standing=beste&sector=BO&sort=naam").await.problem(400);
    assert_eq!(code, "ongeldige-invoer");
    assert_eq!(pointers, ["/path/round", "/query/page", "/query/size", "/query/standing", "/query/sector", "/query/sort"]);
    let (_, pointers) = site.get("/rounds/almere/coverage?date=1-9-2026&phase=x&period=").await.problem(400);
    assert_eq!(pointers, ["/query/date", "/query/phase", "/query/period"]);
    let (_, pointers) = site.get("/rounds/almere/students/42").await.problem(400);
    assert_eq!(pointers, ["/path/student"]);
    let (_, pointers) = site.get("/rounds?page=1&page=2").await.problem(400);
    assert_eq!(pointers, ["/query/page"]);
}

#[tokio::test]
async fn a_misspelt_parameter_is_told_and_not_ignored() {
    let site = site().await;
    let (_, pointers) = site.get("/rounds?pagina=2&size=1&a.b=c").await.problem(400);
    assert_eq!(pointers, ["/query/pagina", "/query/a·b"]);
    site.get("/sessions/current?x").await.problem(400);
}

#[tokio::test]
async fn bodies_that_cannot_be_read() {
    let site = site().await;
    let path = "/rounds/almere/students/searches";
    let sent =
        |content_type: &'static str, body: &'static str| send(site.request(&Method::POST, path).content_type(content_type).body(body));
    assert_eq!(sent("application/json", "").await.problem(400).0, "inhoud-ontbreekt");
    assert_eq!(sent("application/json", "{\"text\":").await.problem(400).0, "json-onleesbaar");
    assert_eq!(sent("application/json", "[]").await.problem(400).0, "geen-object");
    assert_eq!(sent("text/plain", "{}").await.problem(415).0, "formaat-niet-ondersteund");
    assert_eq!(sent("application/x-www-form-urlencoded", "text=a").await.problem(415).0, "formaat-niet-ondersteund");
    assert_eq!(send(site.request(&Method::POST, path)).await.problem(415).0, "formaat-niet-ondersteund");
    let large = vec![b' '; 1024 * 1024 + 1];
    let large = send(site.request(&Method::POST, path).content_type("application/json").body(large)).await;
    assert_eq!(large.problem(413).0, "te-groot");
}

#[tokio::test]
async fn everything_that_is_wrong_in_a_body_is_told_at_once() {
    let site = site().await;
    let (code, pointers) =
        site.post("/rounds/almere/students/searches", &json!({ "size": "20", "page": 0, "naam": "x" })).await.problem(400);
    assert_eq!(code, "ongeldige-invoer");
    assert_eq!(pointers, ["/naam", "/text", "/page", "/size"]);
    let (_, pointers) = site.post("/rounds/almere/students/searches", &json!({ "text": 12 })).await.problem(400);
    assert_eq!(pointers, ["/text"]);
    let builder = site.request(&Method::PUT, "/rounds/almere/demands/x/placement").header("if-none-match", "\"a\"");
    let (_, pointers) = send(builder.body_json(&json!({ "offer": "x", "guidance": "ja", "reason": "a\u{0}" }))).await.problem(400);
    assert_eq!(pointers, ["/path/demand", "/header/If-None-Match", "/offer", "/guidance", "/reason"]);
}

#[tokio::test]
async fn a_placement_is_not_changed_blindly() {
    let site = site().await;
    let offer = json!({ "offer": "0190f3b2-7c4e-7000-8000-000000000002" });
    let put = |name: &'static str, value: &'static str| {
        let builder = site.request(&Method::PUT, &format!("{DEMAND}/placement"));
        let builder = if name.is_empty() { builder } else { builder.header(name, value) };
        send(builder.body_json(&offer))
    };
    assert_eq!(put("", "").await.problem(428).0, "versie-nodig");
    assert_eq!(put("if-match", "\"something else\"").await.problem(412).0, "intussen-gewijzigd");
    assert_eq!(put("if-match", "unquoted").await.problem(400).1, ["/header/If-Match"]);
    assert_eq!(put("if-none-match", "*").await.problem(404).0, "niet-gevonden");
    let delete = send(site.request(&Method::DELETE, &format!("{DEMAND}/placement"))).await;
    assert_eq!(delete.problem(428).0, "versie-nodig");
}

#[tokio::test]
async fn files_that_are_no_workbook() {
    let site = site().await;
    let sent = |kind: &str, bytes: &'static [u8]| {
        send(site.request(&Method::POST, &format!("/imports/{kind}?dryRun=true")).content_type("application/octet-stream").body(bytes))
    };
    assert_eq!(sent("students", b"").await.problem(400).0, "bestand-leeg");
    assert_eq!(sent("students", b"%PDF-1.7").await.problem(400).0, "bestand-pdf");
    assert_eq!(sent("studenten", b"x").await.problem(400).1, ["/path/kind"]);
    let form = send(site.request(&Method::POST, "/imports/students").content_type("text/plain").body("a;b")).await;
    assert_eq!(form.problem(415).0, "formaat-niet-ondersteund");
    let (_, pointers) =
        send(site.request(&Method::POST, "/imports/students?dryRun=ja&fileName=").content_type("text/csv").body("a")).await.problem(400);
    assert_eq!(pointers, ["/query/dryRun", "/query/fileName"]);
}
