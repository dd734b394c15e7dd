//! Accounts, roles and tokens, to the letter.

use poem::http::Method;
use serde_json::{Value, json};

use crate::answers::shown;
use crate::support::{Answer, EMAIL, Site, send, site};

async fn delete(site: &Site, path: &str) -> Answer {
    send(site.request(&Method::DELETE, path)).await
}

async fn invite(site: &Site) -> String {
    let body = json!({ "email": "noor@school.example", "name": "Noor Visser", "role": "reader", "scope": "all", "until": "2027-08-01" });
    let answer = site.post("/users", &body).await;
    insta::assert_json_snapshot!("user-invited", shown(&answer));
    answer.ok(201)["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn accounts_are_managed_from_invitation_to_removal() {
    let site = site().await;
    let noor = format!("/users/{}", invite(&site).await);
    insta::assert_json_snapshot!("users", shown(&site.get("/users?sort=-name&state=invited").await));
    assert_eq!(site.get("/users?role=administrator").await.ok(200)["total"], 1);
    assert_eq!(site.get("/users?role=reader").await.ok(200)["total"], 1);
    assert_eq!(site.post("/users/searches", &json!({ "text": "VISS" })).await.ok(200)["items"][0]["name"], "Noor Visser");

    let granted = site.post(&format!("{noor}/roles"), &json!({ "role": "administrator", "scope": "all", "from": "2026-07-01" })).await;
    insta::assert_json_snapshot!("role-granted", shown(&granted));
    let grant = granted.json()["id"].as_str().unwrap().to_owned();
    let twice = site.post(&format!("{noor}/roles"), &json!({ "role": "administrator", "scope": "all", "from": "2026-08-01" })).await;
    insta::assert_json_snapshot!("role-granted-twice", shown(&twice));
    assert_eq!(delete(&site, &format!("{noor}/roles/{grant}?from=2026-07-15")).await.status, 204);
    assert_eq!(delete(&site, &format!("{noor}/roles/{grant}?from=2026-07-20")).await.problem(400).1, ["/from"]);

    assert_eq!(send(site.request(&Method::POST, &format!("{noor}/invitations"))).await.status, 204);
    for (method, path, code) in
        [(Method::POST, "password-resets", "account-niet-actief"), (Method::DELETE, "second-factor", "geen-tweede-factor")]
    {
        assert_eq!(send(site.request(&method, &format!("{noor}/{path}"))).await.problem(409).0, code);
    }
    for method in [Method::PUT, Method::PUT, Method::DELETE] {
        assert_eq!(send(site.request(&method, &format!("{noor}/block"))).await.status, 204);
    }
    assert_eq!(delete(&site, &noor).await.status, 204);
    let gone = site.get(&noor).await.ok(200);
    assert_eq!((gone["state"].as_str(), gone["name"].as_str()), (Some("removed"), Some("verwijderd account")));
    assert_eq!(delete(&site, &noor).await.problem(409).0, "account-verwijderd");
    assert_eq!(site.get("/users").await.ok(200)["total"], 1);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let site = site().await;
    let users = site.post("/users/searches", &json!({ "text": EMAIL })).await.ok(200);
    let own = &users["items"][0];
    let path = format!("/users/{}", own["id"].as_str().unwrap());
    let grant = own["roles"].as_array().unwrap().iter().find(|role| role["role"] == "administrator").unwrap();
    let refused = delete(&site, &path).await;
    insta::assert_json_snapshot!("last-administrator", shown(&refused));
    assert_eq!(send(site.request(&Method::PUT, &format!("{path}/block"))).await.problem(409).0, "laatste-beheerder");
    let ended = delete(&site, &format!("{path}/roles/{}", grant["id"].as_str().unwrap())).await;
    assert_eq!(ended.problem(409).0, "laatste-beheerder");
}

#[tokio::test]
async fn nobody_gives_herself_more_by_fields_that_are_not_there() {
    let site = site().await;
    let round = json!({ "text": "x" });
    for (path, body) in [
        ("/sessions", json!({ "email": EMAIL, "password": "x" })),
        ("/tokens", json!({ "name": "x", "scope": "figures", "days": 30 })),
        ("/users/searches", round.clone()),
        ("/rounds/almere/students/searches", round),
    ] {
        for (field, value) in [("role", json!("administrator")), ("state", json!("active")), ("userId", json!("x")), ("grants", json!([]))]
        {
            let mut body = body.clone();
            body[field] = value;
            let refused = site.post(path, &body).await;
            assert_eq!(refused.problem(400), ("ongeldige-invoer".to_owned(), vec![format!("/{field}")]), "{path}");
            assert_eq!(refused.json()["errors"][0]["code"], "onbekend-veld");
        }
    }
    let invitation = json!({ "email": "x@school.example", "name": "X", "state": "active", "password": "een lang wachtwoord", "id": "x" });
    let mut pointers = site.post("/users", &invitation).await.problem(400).1;
    pointers.sort();
    assert_eq!(pointers, ["/id", "/password", "/state"]);
    let role = json!({ "role": "reader", "scope": "all", "userId": "x" });
    let path = "/users/0190f3b2-7c4e-7000-8000-000000000001/roles";
    assert_eq!(site.post(path, &role).await.problem(400).1, ["/userId"]);
    assert_eq!(site.get("/users").await.ok(200)["total"], 1, "nothing was made");
}

#[tokio::test]
async fn what_is_wrong_with_a_role_is_told_at_its_field() {
    let site = site().await;
    let id = invite(&site).await;
    let path = format!("/users/{id}/roles");
    for (body, pointers) in [
        (json!({}), vec!["/role", "/scope"]),
        (json!({ "role": "baas", "scope": 1, "from": "morgen" }), vec!["/role", "/scope", "/from"]),
        (json!({ "role": "school-trainer", "scope": "school" }), vec!["/scopeId"]),
        (json!({ "role": "reader", "scope": "all", "scopeId": id }), vec!["/scopeId"]),
        (json!({ "role": "administrator", "scope": "region", "scopeId": id }), vec!["/scope"]),
        (json!({ "role": "school-trainer", "scope": "school", "scopeId": id }), vec!["/scope"]),
        (json!({ "role": "administrator", "scope": "all", "from": "2026-05-01", "until": "2026-04-01" }), vec!["/from", "/until"]),
    ] {
        assert_eq!(site.post(&path, &body).await.problem(400).1, pointers, "{body}");
    }
    let alone = json!({ "email": "x@school.example", "name": "X", "role": "reader" });
    assert_eq!(site.post("/users", &alone).await.problem(400).1, ["/scope"]);
    let missing = site.post("/users/0190f3b2-7c4e-7000-8000-000000000001/roles", &json!({ "role": "reader", "scope": "all" })).await;
    assert_eq!(missing.problem(404).0, "niet-gevonden");
}

#[tokio::test]
async fn a_token_is_shown_once_and_revoked() {
    let site = site().await;
    let made = site.post("/tokens", &json!({ "name": "Rooster", "scope": "read", "days": 90 })).await;
    insta::assert_json_snapshot!("token-made", shown(&made));
    assert_eq!(made.header("cache-control"), "no-store");
    let token = made.json()["token"].as_str().unwrap().to_owned();
    let with_token = async |path: &str| send(site.stranger(&Method::GET, path).header("authorization", format!("Bearer {token}"))).await;
    with_token("/rounds").await.ok(200);
    insta::assert_json_snapshot!("token-scope", shown(&with_token("/users").await));
    let list = site.get("/tokens").await;
    insta::assert_json_snapshot!("tokens", shown(&list));
    assert!(!String::from_utf8_lossy(&list.bytes).contains(&token));
    let id = made.json()["details"]["id"].as_str().unwrap().to_owned();
    assert_eq!(delete(&site, &format!("/tokens/{id}")).await.status, 204);
    assert_eq!(with_token("/rounds").await.problem(401).0, "niet-ingelogd");
    assert_eq!(site.get("/tokens").await.ok(200)["items"][0]["state"], "revoked");
    assert_eq!(delete(&site, "/tokens/0190f3b2-7c4e-7000-8000-000000000001").await.problem(404).0, "niet-gevonden");
    let wrong = json!({ "name": "", "scope": "all", "days": 31 });
    assert_eq!(site.post("/tokens", &wrong).await.problem(400).1, ["/name", "/scope", "/days"]);
    let text: Value = json!({ "name": "x", "scope": "read", "days": "30" });
    assert_eq!(site.post("/tokens", &text).await.problem(400).1, ["/days"]);
}
