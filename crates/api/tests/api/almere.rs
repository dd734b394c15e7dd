//! The main job through the API, with the example of Almere.

use std::sync::Arc;

use kernschil_app::{Actor, proposals};
use poem::http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Site, send, site};

async fn almere() -> (Site, String) {
    let site = site().await;
    site.import("postcodes", "", "postcodes.txt").await.ok(200);
    for (kind, file) in [("partnerships", "partnerschappen"), ("trainers", "opleiders"), ("offers", "plekken"), ("students", "studenten")] {
        let result = site.import(kind, &format!("?fileName={file}.xlsx"), &format!("almere/{file}.xlsx")).await.ok(200);
        assert_eq!((&result["stored"], &result["fileName"]), (&json!("everything"), &json!(format!("{file}.xlsx"))));
    }
    let rounds = site.get("/rounds").await.ok(200);
    let slug = rounds["items"][0]["slug"].as_str().unwrap().to_owned();
    (site, slug)
}

async fn propose(site: &Site, round: &str) -> Value {
    let answer = send(site.request(&Method::POST, &format!("/rounds/{round}/proposals"))).await;
    let job = answer.ok(202);
    assert_eq!(job["state"], "queued");
    assert_eq!(answer.header("location"), format!("/api/v1/jobs/{}", job["id"].as_str().unwrap()));
    // The worker of the background jobs runs in the binary; here the proposal is made at once.
    proposals::make_and_apply(&site.app, &Actor::CommandLine, round, Arc::default()).await.unwrap();
    site.get(&format!("/rounds/{round}/proposals/latest")).await.ok(200)
}

async fn put(site: &Site, path: &str, header: (&str, &str), offer: &Value) -> Answer {
    let body = json!({ "offer": offer, "guidance": "extra", "reason": "proef" });
    send(site.request(&Method::PUT, path).header(header.0, header.1).body_json(&body)).await
}

#[tokio::test]
async fn from_workbooks_to_coverage() {
    let (site, round) = almere().await;
    assert_eq!(site.get(&format!("/rounds/{round}/proposals/latest")).await.problem(404).0, "geen-voorstel");
    let proposal = propose(&site, &round).await;
    assert_eq!((&proposal["currency"], &proposal["proof"]), (&json!("current"), &json!("optimal")));

    let overview = site.get(&format!("/rounds/{round}")).await.ok(200);
    let demands = overview["demands"].as_u64().unwrap();
    assert_eq!(overview["placed"].as_u64().unwrap() + proposal["figures"]["unplaced"].as_u64().unwrap(), demands);
    assert_eq!(overview["tasks"][0]["kind"], "data");

    let coverage = site.get(&format!("/rounds/{round}/coverage")).await.ok(200);
    assert_eq!(coverage["figures"], overview["coverage"]);
    for count in coverage["figures"]["counts"].as_array().unwrap() {
        let path = format!("/rounds/{round}/coverage/students?status={}", count["status"].as_str().unwrap());
        assert_eq!(site.get(&path).await.ok(200)["total"], count["students"]);
    }
    let institutes = coverage["divisions"].as_array().unwrap().iter().find(|division| division["by"] == "institute").unwrap();
    for part in institutes["parts"].as_array().unwrap() {
        let path = format!("/rounds/{round}/coverage?institute={}", part["id"].as_str().unwrap());
        assert_eq!(site.get(&path).await.ok(200)["figures"], part["figures"]);
    }
}

#[tokio::test]
async fn lists_come_in_pages_with_filters_and_links() {
    let (site, round) = almere().await;
    let answer = site.get(&format!("/rounds/{round}/schools?size=2&sort=-offered")).await;
    let page = answer.ok(200);
    assert_eq!((page["items"].as_array().unwrap().len(), &page["page"]), (2, &json!(1)));
    assert!(page["items"][0]["offered"].as_i64() >= page["items"][1]["offered"].as_i64());
    assert!(answer.header("link").contains(&format!("</api/v1/rounds/{round}/schools?size=2&sort=-offered&page=2>; rel=\"next\"")));

    let school = page["items"][0].clone();
    let found = site.get(&format!("/rounds/{round}/schools?search={}", school["code"].as_str().unwrap())).await.ok(200);
    assert_eq!((&found["total"], &found["items"][0]), (&json!(1), &school));
    let details = site.get(&format!("/rounds/{round}/schools/{}", school["code"].as_str().unwrap())).await.ok(200);
    assert_eq!(details["summary"], school);
    let offered: i64 = details["offers"].as_array().unwrap().iter().map(|offer| offer["count"].as_i64().unwrap()).sum();
    assert_eq!(offered, school["offered"].as_i64().unwrap());

    let students = site.get(&format!("/rounds/{round}/students?size=1")).await.ok(200);
    let student = students["items"][0].clone();
    let by_status = site.get(&format!("/rounds/{round}/students?status=unplaced")).await.ok(200);
    assert!(by_status["total"].as_u64().unwrap() > 0);
    let name = student["name"].as_str().unwrap().split(',').next().unwrap().to_uppercase();
    let found = site.post(&format!("/rounds/{round}/students/searches"), &json!({ "text": name, "size": 500 })).await.ok(200);
    assert!(found["items"].as_array().unwrap().contains(&student));
    let details = site.get(&format!("/rounds/{round}/students/{}", student["student"].as_str().unwrap())).await.ok(200);
    assert_eq!(details["number"], student["number"]);
}

/// Whether the student could go there instead.
fn fits(candidate: &Value) -> bool {
    candidate["misfits"] == json!([]) && candidate["current"] == false
}

/// A demand with a place that could have another, and its candidates.
async fn movable(site: &Site, round: &str) -> (String, Vec<Value>) {
    let board = site.get(&format!("/rounds/{round}/demands?size=500")).await.ok(200);
    for row in board["items"].as_array().unwrap().iter().filter(|row| row["summary"].get("placement").is_some()) {
        let demand = format!("/rounds/{round}/demands/{}", row["summary"]["demand"].as_str().unwrap());
        let candidates = site.get(&format!("{demand}/candidates?size=500")).await.ok(200);
        let rows = candidates["items"].as_array().unwrap();
        if rows.iter().any(fits) {
            return (demand, rows.clone());
        }
    }
    panic!("nobody can move");
}

#[tokio::test]
async fn placing_by_hand_moving_and_undoing() {
    let (site, round) = almere().await;
    propose(&site, &round).await;
    let counts = site.get(&format!("/rounds/{round}/exceptions")).await.ok(200);
    let board = site.get(&format!("/rounds/{round}/demands?exception=schil")).await.ok(200);
    let schil = counts["counts"].as_array().unwrap().iter().find(|count| count["exception"] == "schil").unwrap();
    assert_eq!(board["total"], schil["demands"]);
    assert_eq!(site.get(&format!("/rounds/{round}/changes/latest")).await.problem(404).0, "geen-wijziging");

    let (demand, rows) = movable(&site, &round).await;
    let place = format!("{demand}/placement");
    let first = site.get(&place).await;
    let (tag, own) = (first.header("etag").to_owned(), first.ok(200)["offer"].clone());
    assert!(rows.iter().any(|row| row["current"] == true && row["offer"] == own));
    let other = rows.iter().find(|row| fits(row)).unwrap()["offer"].clone();
    let closed = rows.iter().find(|row| row["misfits"].as_array().unwrap().iter().any(|misfit| misfit["rule"] == "phase"));

    // Who thinks there is nothing yet is told that there is; the right tag moves the student.
    assert_eq!(put(&site, &place, ("if-none-match", "*"), &other).await.problem(412).0, "intussen-gewijzigd");
    if let Some(closed) = closed {
        assert_eq!(put(&site, &place, ("if-match", &tag), &closed["offer"]).await.problem(409).0, "plek-past-niet");
    }
    let moved = put(&site, &place, ("if-match", &tag), &other).await;
    let change = moved.ok(200);
    assert_eq!((&change["placement"]["offer"], &change["placement"]["source"]), (&other, &json!("hand")));
    assert_ne!(moved.header("etag"), tag);
    assert_eq!(site.get(&place).await.header("etag"), moved.header("etag"));
    assert_eq!(put(&site, &place, ("if-match", &tag), &own).await.problem(412).0, "intussen-gewijzigd");

    // Taking it back, placing again, and undoing that.
    let deleted = send(site.request(&Method::DELETE, &place).header("if-match", moved.header("etag"))).await.ok(200);
    assert_eq!(deleted.get("placement"), None);
    assert_eq!(site.get(&place).await.problem(404).0, "geen-plaatsing");
    let again = put(&site, &place, ("if-none-match", "*"), &own).await.ok(201);
    let latest = site.get(&format!("/rounds/{round}/changes/latest")).await.ok(200);
    assert_eq!(latest["id"], again["change"]);
    let reversal = |change: &Value| format!("/rounds/{round}/changes/{}/reversals", change.as_str().unwrap());
    assert_eq!(send(site.request(&Method::POST, &reversal(&again["change"]))).await.status, 204);
    assert_eq!(site.get(&place).await.problem(404).0, "geen-plaatsing");
    assert_eq!(send(site.request(&Method::POST, &reversal(&change["change"]))).await.problem(409).0, "intussen-gewijzigd");
}

#[tokio::test]
async fn a_job_can_be_stopped_once() {
    let (site, round) = almere().await;
    let job = send(site.request(&Method::POST, &format!("/rounds/{round}/proposals"))).await.ok(202);
    let path = format!("/jobs/{}", job["id"].as_str().unwrap());
    assert_eq!(site.get(&path).await.ok(200)["title"], job["title"]);
    assert_eq!(site.get("/jobs").await.ok(200)["items"][0]["id"], job["id"]);
    send(site.request(&Method::DELETE, &path)).await.ok(202);
    assert_eq!(site.get("/jobs/0190f3b2-7c4e-7000-8000-00000000ffff").await.problem(404).0, "niet-gevonden");
}

#[tokio::test]
async fn the_same_file_again_changes_nothing_and_a_check_stores_nothing() {
    let (site, _) = almere().await;
    let again = site.import("students", "", "almere/studenten.xlsx").await.ok(200);
    assert_eq!((&again["stored"], again.get("import")), (&json!("unchanged"), None));
    let history = site.get("/imports").await.ok(200);
    assert_eq!((&history["total"], &history["items"][0]["madeBy"]), (&json!(5), &json!("Sanne")));
    let empty = crate::support::site().await;
    let check = empty.import("partnerships", "?dryRun=true", "almere/partnerschappen.xlsx").await.ok(200);
    assert_eq!(check["stored"], "nothing");
    assert!(check["changes"].as_array().unwrap().iter().any(|change| change["table"] == "schools"));
    assert_eq!(empty.get("/imports").await.ok(200)["total"], 0);
}

#[tokio::test]
async fn a_workbook_with_errors_is_a_problem_that_points_at_cells() {
    let (site, _) = almere().await;
    for (kind, file) in [
        ("partnerships", "ontbrekende-kolom"),
        ("partnerships", "school-dubbel"),
        ("students", "te-veel-voorkeuren"),
        ("offers", "onbekende-brin"),
    ] {
        let answer = site.import(kind, "", &format!("fout/{file}.xlsx")).await;
        let (code, pointers) = answer.problem(400);
        assert_eq!(code, "werkboek-met-fouten", "{file}");
        assert!(
            !pointers.is_empty() && pointers.iter().all(|pointer| pointer.is_empty() || pointer.starts_with('/')),
            "{file}: {pointers:?}"
        );
    }
    let history = site.get("/imports").await.ok(200);
    assert_eq!(history["total"], 5);
}

#[tokio::test]
async fn templates_are_workbooks() {
    let site = site().await;
    for kind in ["partnerships", "trainers", "offers", "students", "duo", "postcodes"] {
        let answer = site.get(&format!("/imports/{kind}/template")).await;
        assert_eq!(answer.status, 200, "{kind}");
        assert_eq!(answer.header("content-type"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        assert_eq!(answer.header("content-disposition"), format!("attachment; filename=\"kernschil-{kind}.xlsx\""));
        assert!(answer.bytes.starts_with(b"PK"));
    }
}

#[tokio::test]
async fn workbooks_go_out() {
    let (site, round) = almere().await;
    for kind in ["schools", "students", "exceptions", "coverage"] {
        let answer = site.get(&format!("/rounds/{round}/workbooks/{kind}")).await;
        assert_eq!(answer.status, 200, "{kind}");
        assert!(answer.header("content-disposition").starts_with(&format!("attachment; filename=\"{round}-")));
        assert!(answer.bytes.starts_with(b"PK"));
    }
    assert_eq!(site.get(&format!("/rounds/{round}/workbooks/scholen")).await.problem(400).1, ["/path/kind"]);
}
