//! What programs meet in the rooms of the API for rules, steps and announcing: versions, what is out of reach, and every
//! wrong value with its code.

use kernschil_app::Actor;
use kernschil_app::access::{self, NewToken};
use kernschil_domain::access::{Permission, Role, Scope, TokenScope};
use poem::http::Method;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::site::{Client, client};

/// A program of somebody with one role.
struct Program {
    client: Client,
    token: String,
}

/// What came back.
struct Answer {
    status: u16,
    tag: String,
    body: Value,
}

impl Answer {
    /// Status and code.
    fn no(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or_default())
    }

    /// Codes of everything that is wrong, with where.
    fn wrong(&self) -> Vec<(String, String)> {
        let text = |error: &Value, field: &str| error[field].as_str().unwrap_or_default().to_owned();
        self.body["errors"].as_array().into_iter().flatten().map(|error| (text(error, "pointer"), text(error, "code"))).collect()
    }
}

impl Program {
    async fn of(test: &TestApp, role: Role, scope: Scope) -> Self {
        let actor = test.with_role(role, scope).await;
        let new = NewToken { name: "programma".to_owned(), scope: TokenScope::Change, days: 30 };
        let token = access::make_token(&test.app, &actor, new).await.unwrap().token;
        Self { client: client(&test.app), token }
    }

    async fn ask(&self, method: Method, path: &str, seen: Option<&str>, body: Option<&Value>) -> Answer {
        let mut request = self
            .client
            .request(method, format!("{}{path}", kernschil_api::PREFIX))
            .header("authorization", format!("Bearer {}", self.token));
        if let Some(tag) = seen {
            request = request.header("if-match", tag);
        }
        if let Some(body) = body {
            request = request.body_json(body);
        }
        let response = request.send().await.0;
        let status = response.status().as_u16();
        let tag = response.header("etag").unwrap_or_default().to_owned();
        let text = response.into_body().into_string().await.unwrap();
        Answer { status, tag, body: serde_json::from_str(&text).unwrap_or_default() }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None, None).await
    }
}

/// Who coordinates everything, who coordinates a partnership without rounds, and the round.
async fn both(test: &TestApp) -> (Program, Program, String) {
    let round = test.proposed("almere").await;
    // The round is of two partnerships.
    let own = Program::of(test, Role::RegionCoordinator, Scope::All).await;
    let elsewhere = kernschil_domain::ids::PartnershipId(test.app.ids.next());
    let other = kernschil_domain::registry::Partnership { id: elsewhere, name: "Elders".to_owned(), lead_board: None, regions: Vec::new() };
    let rows = kernschil_storage::registry::RegistryRows { partnerships: vec![other], ..Default::default() };
    test.app.store.write(async |tx| kernschil_storage::registry::store(tx, rows).await).await.unwrap();
    (own, Program::of(test, Role::PartnershipCoordinator, Scope::Partnership(elsewhere)).await, round)
}

/// Who changes it with an old version, without one, or from elsewhere, changes nothing.
async fn guarded(own: &Program, stranger: &Program, method: Method, path: &str, body: Option<&Value>) {
    let old = own.ask(method.clone(), path, Some("\"1\""), body).await;
    assert_eq!(old.no(), (412, "intussen-gewijzigd"), "{path}");
    assert_eq!(own.ask(method.clone(), path, None, body).await.status, 428, "{path}");
    let missing = path.replacen("/rounds/", "/rounds/geen-", 1);
    let (there, nowhere) =
        (stranger.ask(method.clone(), path, Some("\"1\""), body).await, stranger.ask(method, &missing, Some("\"1\""), body).await);
    assert_eq!((there.no(), nowhere.no()), ((404, "niet-gevonden"), (404, "niet-gevonden")), "{path}");
    assert_eq!(there.body["detail"], nowhere.body["detail"], "{path}");
}

fn aims() -> Vec<&'static str> {
    vec!["placed", "covered", "kept", "minimum", "ladder", "soft-rules", "wishes", "travel", "spread", "variety"]
}

fn rules() -> Value {
    json!({ "rules": [], "aims": aims(), "travelLimit": 90, "maxWishes": 3, "travelMode": "bicycle", "guidedBy": "school" })
}

/// The rules with one field otherwise.
fn with(field: &str, value: Value) -> Value {
    let mut rules = rules();
    rules[field] = value;
    rules
}

both_databases! {
    async fn rules_are_read_changed_and_guarded(test: TestApp) {
        let (own, stranger, round) = both(&test).await;
        let path = format!("/rounds/{round}/rules");
        let seen = own.get(&path).await;
        assert_eq!((seen.status, &seen.body["guidedBy"]), (200, &json!("school")));
        let either = with("guidedBy", json!("either"));
        let changed = own.ask(Method::PUT, &path, Some(&seen.tag), Some(&either)).await;
        assert_eq!((changed.status, &changed.body["guidedBy"], changed.tag != seen.tag), (200, &json!("either"), true));
        assert_eq!(own.ask(Method::PUT, &path, Some(&seen.tag), Some(&rules())).await.no(), (412, "intussen-gewijzigd"));
        guarded(&own, &stranger, Method::PUT, &path, Some(&rules())).await;
        assert_eq!(stranger.get(&path).await.no(), (404, "niet-gevonden"));
        assert_eq!(own.get(&path).await.body["guidedBy"], json!("either"), "nothing else changed it");
        let totals = json!({ "totals": [] });
        guarded(&own, &stranger, Method::PUT, &format!("/rounds/{round}/board-totals"), Some(&totals)).await;
    }

    async fn each_wrong_rule_has_its_code_and_nothing_is_stored(test: TestApp) {
        let (own, _, round) = both(&test).await;
        let path = format!("/rounds/{round}/rules");
        let seen = own.get(&path).await;
        let one = |rule: Value| with("rules", json!([rule]));
        let mut without = aims();
        without.pop();
        let (mut twice, mut turned, mut low) = (aims(), aims(), aims());
        twice.push("travel");
        turned.swap(0, 1);
        low.swap(1, 4);
        for (body, expected) in [
            (with("rules", json!("geen")), vec!["geen-lijst"]),
            (with("rules", json!(["phase"])), vec!["geen-object"]),
            (one(json!({ "rule": "phase", "mode": "hard", "x": 1 })), vec!["onbekend-veld"]),
            (one(json!({ "rule": "phase" })), vec!["verplicht"]),
            (one(json!({ "rule": "fase", "mode": "hard" })), vec!["onbekende-waarde"]),
            (one(json!({ "rule": "phase", "mode": "soms" })), vec!["onbekende-waarde"]),
            (one(json!({ "rule": "not-alone", "mode": "hard", "number": "2" })), vec!["geen-getal"]),
            (with("rules", json!([{ "rule": "phase", "mode": "off" }, { "rule": "phase", "mode": "hard" }])), vec!["regel-dubbel"]),
            (one(json!({ "rule": "team", "mode": "soft" })), vec!["stand-kan-niet"]),
            (one(json!({ "rule": "phase", "mode": "hard", "number": 3 })), vec!["getal-zonder-regel"]),
            (one(json!({ "rule": "not-alone", "mode": "hard", "number": 1 })), vec!["getal-buiten-bereik"]),
            (with("travelLimit", json!(0)), vec!["getal-buiten-bereik"]),
            (with("travelLimit", json!(-1)), vec!["geen-getal"]),
            (with("outsideGuidance", json!(100_001)), vec!["getal-buiten-bereik"]),
            (with("maxWishes", json!(6)), vec!["getal-buiten-bereik"]),
            (with("maxWishes", json!(0)), vec!["regels-tegenstrijdig"]),
            (with("travelMode", json!("lopend")), vec!["onbekende-waarde"]),
            (with("guidedBy", json!("niemand")), vec!["onbekende-waarde"]),
            (with("guidedBy", Value::Null), vec!["verplicht"]),
            (with("aims", json!(without)), vec!["doel-ontbreekt"]),
            (with("aims", json!(twice)), vec!["doel-dubbel"]),
            (with("aims", json!(turned)), vec!["doel-volgorde"]),
            (with("aims", json!(low)), vec!["doel-volgorde"]),
            (with("seed", json!(1)), vec!["onbekend-veld"]),
        ] {
            let answer = own.ask(Method::PUT, &path, Some(&seen.tag), Some(&body)).await;
            let codes: Vec<_> = answer.wrong().into_iter().map(|(_, code)| code).collect();
            assert_eq!((answer.status, codes), (400, expected.into_iter().map(str::to_owned).collect()), "{body}");
        }
        let all = json!({ "rules": [], "aims": [], "travelLimit": 0, "maxWishes": 9, "travelMode": "bicycle", "guidedBy": "school" });
        assert_eq!(own.ask(Method::PUT, &path, Some(&seen.tag), Some(&all)).await.wrong().len(), 2 + aims().len(), "everything at once");
        assert_eq!(own.get(&path).await.tag, seen.tag);
    }

    async fn steps_and_dates_are_guarded_and_say_what_is_wrong(test: TestApp) {
        let (own, stranger, round) = both(&test).await;
        let (steps, dates) = (format!("/rounds/{round}/steps"), format!("/rounds/{round}/dates"));
        let seen = own.get(&steps).await;
        assert_eq!((seen.status, seen.body["state"].as_str()), (200, Some("checking")));
        assert_eq!(stranger.get(&steps).await.no(), (404, "niet-gevonden"));
        let forward = json!({ "event": "forward" });
        guarded(&own, &stranger, Method::POST, &steps, Some(&forward)).await;
        let good = json!({ "dates": [{ "step": "checking", "dueOn": "2026-06-01" }, { "step": "fixed", "dueOn": "2026-06-15" }] });
        guarded(&own, &stranger, Method::PUT, &dates, Some(&good)).await;

        let post = async |body: Value| own.ask(Method::POST, &steps, Some(&seen.tag), Some(&body)).await;
        assert_eq!(post(json!({ "event": "vooruit" })).await.wrong(), [("/event".to_owned(), "onbekende-waarde".to_owned())]);
        assert_eq!(post(json!({})).await.wrong(), [("/event".to_owned(), "verplicht".to_owned())]);
        assert_eq!(post(json!({ "event": "fix" })).await.no(), (409, "andere-pagina"));
        assert_eq!(post(json!({ "event": "close" })).await.no(), (409, "niet-bekendgemaakt"));
        let put = async |body: Value| own.ask(Method::PUT, &dates, Some(&seen.tag), Some(&body)).await;
        let date = |step: &str, day: &str| json!({ "step": step, "dueOn": day });
        for (list, expected) in [
            (json!([date("straks", "2026-06-01")]), "onbekende-waarde"),
            (json!([date("checking", "2026-02-30")]), "geen-datum"),
            (json!([date("checking", "2026-06-01"), date("checking", "2026-06-02")]), "stap-dubbel"),
            (json!([date("checking", "2026-06-15"), date("fixed", "2026-06-01")]), "datum-volgorde"),
            (json!([{ "step": "checking" }]), "verplicht"),
            (json!({}), "geen-lijst"),
        ] {
            let answer = put(json!({ "dates": list })).await;
            let codes: Vec<_> = answer.wrong().into_iter().map(|(_, code)| code).collect();
            assert_eq!((answer.status, codes.contains(&expected.to_owned())), (400, true), "{expected}: {}", answer.body);
        }
        assert_eq!(own.get(&steps).await.tag, seen.tag, "nothing was changed");
        let changed = put(good).await;
        assert_eq!((changed.status, changed.body["dates"].as_array().map(Vec::len), changed.tag != seen.tag), (200, Some(2), true));
        let back = own.ask(Method::POST, &steps, Some(&changed.tag), Some(&json!({ "event": "back" }))).await;
        assert_eq!((back.status, back.body["state"].as_str()), (200, Some("proposing")));

        let answer = json!({ "answer": "none" });
        let school = |code: &str| format!("/rounds/{round}/answers/{code}");
        assert_eq!(own.ask(Method::PUT, &school("99ZZ99"), None, Some(&answer)).await.status, 404);
        assert_eq!(own.ask(Method::PUT, &school("school"), None, Some(&answer)).await.wrong()[0].1, "geen-schoolcode");
        let offering = own.get(&format!("/rounds/{round}/answers?size=100")).await;
        let known = offering.body["rows"].as_array().into_iter().flatten().find_map(|row| row["code"].as_str()).map(str::to_owned);
        if let Some(known) = known {
            assert_eq!(own.ask(Method::PUT, &school(&known), None, Some(&json!({ "answer": "misschien" }))).await.wrong()[0].1, "onbekende-waarde");
            assert_eq!(stranger.ask(Method::PUT, &school(&known), None, Some(&answer)).await.status, 404);
        }
    }

    async fn fixing_and_announcing_are_guarded_and_go_in_their_order(test: TestApp) {
        let (own, stranger, round) = both(&test).await;
        let path = |rest: &str| format!("/rounds/{round}/{rest}");
        let tag = async || own.get(&path("steps")).await.tag;
        let schools = json!({ "audience": "schools" });
        let early = own.ask(Method::POST, &path("waves"), Some(&tag().await), Some(&schools)).await;
        assert_eq!(early.no(), (409, "niet-vastgesteld"));
        guarded(&own, &stranger, Method::POST, &path("fix"), None).await;
        let fixed = own.ask(Method::POST, &path("fix"), Some(&tag().await), None).await;
        assert_eq!((fixed.status, fixed.body["hash"].as_str().map(str::len)), (200, Some(64)));

        let reason = json!({ "reason": "school" });
        guarded(&own, &stranger, Method::POST, &path("reopen"), Some(&reason)).await;
        let nothing = own.ask(Method::POST, &path("reopen"), Some(&tag().await), Some(&json!({ "reason": "zomaar" }))).await;
        assert_eq!(nothing.wrong(), [("/reason".to_owned(), "onbekende-waarde".to_owned())]);
        guarded(&own, &stranger, Method::POST, &path("waves"), Some(&schools)).await;
        let nobody = own.ask(Method::POST, &path("waves"), Some(&tag().await), Some(&json!({ "audience": "ouders" }))).await;
        assert_eq!(nobody.wrong(), [("/audience".to_owned(), "onbekende-waarde".to_owned())]);
        let students = own.ask(Method::POST, &path("waves"), Some(&tag().await), Some(&json!({ "audience": "students" }))).await;
        assert_eq!(students.no(), (409, "scholen-eerst"));
        let told = own.ask(Method::POST, &path("waves"), Some(&tag().await), Some(&schools)).await;
        assert_eq!((told.status, &told.body["wave"], &told.body["new"]), (201, &json!(1), &json!(true)));
        let late = own.ask(Method::POST, &path("reopen"), Some(&tag().await), Some(&reason)).await;
        assert_eq!(late.status, 409, "{}", late.body);

        for list in ["snapshots", "waves", "waves/1/letters"] {
            assert_eq!(own.get(&path(list)).await.status, 200, "{list}");
            assert_eq!(stranger.get(&path(list)).await.no(), (404, "niet-gevonden"), "{list}");
        }
        assert_eq!(own.get(&path("waves/2/letters")).await.status, 404);
    }

    async fn a_plan_is_a_job_to_a_program_and_guarded(test: TestApp) {
        let (own, stranger, round) = both(&test).await;
        let path = |rest: &str| format!("/rounds/{round}/{rest}");
        let tag = async || own.get(&path("steps")).await.tag;
        own.ask(Method::POST, &path("fix"), Some(&tag().await), None).await;
        let everybody = json!({ "audience": "everybody" });
        assert_eq!(own.ask(Method::POST, &path("waves"), Some(&tag().await), Some(&everybody)).await.status, 201);
        let data = test.app.picture(&Actor::CommandLine, &round, Permission::ReadPlacements).await.unwrap();
        let demand = data.placements.keys().next().unwrap();
        let stopped = json!({ "kind": "student-stopped", "demand": demand.to_string() });
        let noted = own.ask(Method::POST, &path("mutations"), None, Some(&stopped)).await;
        assert_eq!(noted.status, 201, "{}", noted.body);
        let mutation = path(&format!("mutations/{}", noted.body["summary"]["id"].as_str().unwrap()));
        let plan = format!("{mutation}/plan");
        let seen = own.get(&mutation).await.tag;
        assert_eq!(own.ask(Method::POST, &plan, Some("\"9\""), None).await.no(), (412, "intussen-gewijzigd"));
        assert_eq!(own.ask(Method::POST, &plan, None, None).await.status, 428);
        assert_eq!(stranger.ask(Method::POST, &plan, Some(&seen), None).await.no(), (404, "niet-gevonden"));
        let asked = own.ask(Method::POST, &plan, Some(&seen), None).await;
        assert_eq!((asked.status, asked.body["state"].as_str()), (202, Some("queued")), "{}", asked.body);
        assert_eq!(own.get(&mutation).await.body["planning"], asked.body["id"]);
        let job = format!("/jobs/{}", asked.body["id"].as_str().unwrap());
        assert_eq!((own.get(&job).await.status, stranger.get(&job).await.status), (200, 404));
    }
}
