//! What is noted when people work with the whole product over the network: exactly what they did, by whom, and nothing
//! that names a student.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernschil_api::PREFIX;
use kernschil_app::access::{self, NewUser};
use kernschil_app::audit::{self as log, EventQuery};
use kernschil_app::listing::PageRequest;
use kernschil_app::{Actor, App, proposals};
use kernschil_domain::access::{Permission, Role, Scope, TokenScope};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::UserId;
use kernschil_spreadsheets::ImportKind;
use kernschil_storage::StorageError;
use kernschil_storage::audit::NewEvent;
use kernschil_storage::outbox;
use poem::Response;
use poem::endpoint::BoxEndpoint;
use poem::http::{Method, StatusCode};
use poem::test::TestRequestBuilder;
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{behind_our_back, deviations, events};
use crate::support::site::{Client, client};
use crate::support::{EXAMPLE_FILES, TestApp, root};

const EMAIL: &str = "sanne@school.nl";
const PASSWORD: &str = "een zin die niemand raadt";
const ROUND: &str = "almere-2026-2027";

/// Somebody with a browser.
struct Visitor {
    client: Client,
    cookie: String,
    csrf: String,
}

impl Visitor {
    /// Signs in over the network.
    async fn arrive(app: &App) -> Self {
        let client = client(app);
        let answer = client.post(format!("{PREFIX}/sessions")).body_json(&json!({ "email": EMAIL, "password": PASSWORD })).send().await.0;
        assert_eq!(answer.status(), StatusCode::CREATED);
        let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        let csrf = json_of(answer).await["csrfToken"].as_str().unwrap().to_owned();
        Self { client, cookie, csrf }
    }

    fn ask(&self, method: Method, path: &str) -> TestRequestBuilder<'_, BoxEndpoint<'static, Response>> {
        self.client.request(method, path).header("cookie", &self.cookie).header("x-csrf-token", &self.csrf)
    }

    async fn api(&self, method: Method, path: &str, body: Option<Value>, headers: &[(&'static str, &str)]) -> Response {
        let asked = headers.iter().fold(self.ask(method, &format!("{PREFIX}{path}")), |asked, (name, value)| asked.header(*name, *value));
        let asked = body.iter().fold(asked, TestRequestBuilder::body_json);
        asked.send().await.0
    }

    async fn get(&self, path: &str) -> Response {
        self.ask(Method::GET, path).send().await.0
    }

    async fn found(&self, path: &str) -> Value {
        let answer = self.api(Method::GET, path, None, &[]).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        json_of(answer).await
    }
}

async fn json_of(answer: Response) -> Value {
    serde_json::from_slice(&answer.into_body().into_vec().await.unwrap()).unwrap()
}

/// An account that may do everything, and what was noted about that.
async fn with_everybody(app: &App) -> UserId {
    access::first_user(app, NewUser { email: EMAIL.into(), name: "Sanne de Wit".into(), password: PASSWORD.into(), roles: Vec::new() })
        .await
        .unwrap()
}

/// Events since a number of them, oldest first.
async fn since(app: &App, seen: usize) -> Vec<NewEvent> {
    events(app).await.into_iter().skip(seen).map(|stored| stored.event.unwrap()).collect()
}

/// Loads the example, makes a proposal, moves somebody, takes that back and so on, all over the network.
async fn work(app: &App, visitor: &Visitor, user: UserId) {
    let load = async |kind: ImportKind, file: &str| {
        let bytes = std::fs::read(root().join("imports/voorbeelden").join(file)).unwrap();
        let asked = visitor.ask(Method::POST, &format!("{PREFIX}/imports/{}", kind.code()));
        let answer = asked.content_type("application/octet-stream").body(bytes).send().await.0;
        assert_eq!(answer.status(), StatusCode::OK, "{file}");
    };
    load(ImportKind::Postcodes, "postcodes.txt").await;
    for (kind, file) in EXAMPLE_FILES {
        load(kind, &format!("almere/{file}")).await;
    }
    let round = format!("/rounds/{ROUND}");
    let asked = visitor.api(Method::POST, &format!("{round}/proposals"), None, &[]).await;
    assert_eq!(asked.status(), StatusCode::ACCEPTED);
    // What the worker does with that, for who asked for it.
    let actor = access::actor(app, user).await.unwrap();
    proposals::make_and_apply(app, &actor, ROUND, Arc::default()).await.unwrap();

    let (demand, to) = movable(visitor, &round).await;
    let place = format!("{demand}/placement");
    let tag = visitor.api(Method::GET, &place, None, &[]).await.header("etag").unwrap().to_owned();
    let wish = json!({ "offer": to, "reason": "Noor Jansen wil dit zelf" });
    let moved = visitor.api(Method::PUT, &place, Some(wish), &[("if-match", &tag)]).await;
    assert_eq!(moved.status(), StatusCode::OK);
    let tag = moved.header("etag").unwrap().to_owned();
    let change = json_of(moved).await["change"].as_str().unwrap().to_owned();
    let undone = visitor.api(Method::POST, &format!("{round}/changes/{change}/reversals"), None, &[]).await;
    assert_eq!(undone.status(), StatusCode::NO_CONTENT);
    assert_eq!(visitor.api(Method::DELETE, &place, None, &[("if-match", &tag)]).await.status(), StatusCode::PRECONDITION_FAILED);
    let tag = visitor.api(Method::GET, &place, None, &[]).await.header("etag").unwrap().to_owned();
    assert_eq!(visitor.api(Method::DELETE, &place, None, &[("if-match", &tag)]).await.status(), StatusCode::OK);

    for path in [
        format!("{PREFIX}/rounds/{ROUND}/workbooks/students"),
        format!("/rondes/{ROUND}/studenten.xlsx"),
        format!("/rondes/{ROUND}/dekking/studenten.xlsx"),
        "/gebruikers.xlsx".to_owned(),
        "/logboek.xlsx?soort=import-loaded".to_owned(),
    ] {
        assert_eq!(visitor.get(&path).await.status(), StatusCode::OK, "{path}");
    }
}

/// The address of a demand with a place that could have another, and that other.
async fn movable(visitor: &Visitor, round: &str) -> (String, Value) {
    let board = visitor.found(&format!("{round}/demands?size=500")).await;
    for row in board["items"].as_array().unwrap().iter().filter(|row| row["summary"].get("placement").is_some()) {
        let demand = format!("{round}/demands/{}", row["summary"]["demand"].as_str().unwrap());
        let candidates = visitor.found(&format!("{demand}/candidates?size=500")).await;
        let other = candidates["items"].as_array().unwrap().iter().find(|one| one["misfits"] == json!([]) && one["current"] == false);
        if let Some(other) = other {
            return (demand, other["offer"].clone());
        }
    }
    panic!("nobody can move");
}

both_databases! {
    async fn what_somebody_does_is_noted_once_with_who_and_in_which_role_and_by_which_request(app: TestApp) {
        use EventKind::{AuditExported, ChangeUndone, ImportLoaded, PlacedByHand, PlacementReleased, ProposalAsked, ProposalMade, SignedIn, SignedOut, StudentsExported, WorkbookExported};
        let app = &app.app;
        let user = with_everybody(app).await;
        let seen = events(app).await.len();
        let visitor = Visitor::arrive(app).await;
        work(app, &visitor, user).await;
        assert_eq!(visitor.api(Method::DELETE, "/sessions/current", None, &[]).await.status(), StatusCode::NO_CONTENT);

        let noted = since(app, seen).await;
        let region = Some(Role::RegionCoordinator);
        let expected = [
            (SignedIn, None), (ImportLoaded, Some(Role::Administrator)), (ImportLoaded, Some(Role::Administrator)), (ImportLoaded, region), (ImportLoaded, region), (ImportLoaded, region),
            (ProposalAsked, region), (ProposalMade, region), (PlacedByHand, region), (ChangeUndone, region), (PlacementReleased, region),
            (WorkbookExported, region), (StudentsExported, region), (StudentsExported, region),
            (WorkbookExported, Some(Role::Administrator)), (AuditExported, Some(Role::Administrator)), (SignedOut, None),
        ];
        assert_eq!(noted.iter().map(|event| (event.kind, event.role)).collect::<Vec<_>>(), expected);
        assert!(noted.iter().all(|event| event.user == Some(user)));
        // The worker makes the proposal, at some later moment; all else is one request each.
        let requests: BTreeSet<_> = noted.iter().filter(|event| event.kind != ProposalMade).map(|event| event.request.unwrap()).collect();
        assert_eq!(requests.len(), noted.len() - 1);
        assert!(noted.iter().filter(|event| event.kind == ProposalMade).all(|event| event.request.is_none()));
        // Who takes personal data along leaves how many rows they were.
        let data = app.picture(&Actor::CommandLine, ROUND, Permission::ReadStudents).await.unwrap();
        for event in noted.iter().filter(|event| matches!(event.kind, WorkbookExported | StudentsExported | AuditExported)) {
            let told: Value = serde_json::from_str(event.after.as_deref().unwrap()).unwrap();
            let rows = told.get("rows").or_else(|| told.get("students")).and_then(Value::as_u64).unwrap();
            assert!(rows > 0, "{told}");
            if event.kind == AuditExported {
                assert_eq!(told, json!({ "rows": 5, "filter": { "kind": "import-loaded" } }));
            } else if event.subject == ROUND && told.get("kind").is_some() {
                assert_eq!(rows, data.students.len() as u64);
            }
        }
        assert!(deviations(app).await.is_empty());
    }

    async fn accounts_are_noted_from_the_invitation_to_the_end(app: TestApp) {
        use EventKind::{InvitationAccepted, RoleEnded, RoleGranted, SignedIn, TokenMade, TokenRevoked, UserAdded, UserBlocked, UserInvited, UserRemoved, UserUnblocked};
        let app = &app.app;
        let user = with_everybody(app).await;
        let visitor = Visitor::arrive(app).await;
        let seen = events(app).await.len();
        let invited = json!({ "email": "noor@school.nl", "name": "Noor Jansen", "role": "reader", "scope": "all" });
        assert_eq!(visitor.api(Method::POST, "/users", Some(invited), &[]).await.status(), StatusCode::CREATED);
        let mails = app.store.read(async |tx| outbox::latest(tx, None, 0, 10).await).await.unwrap().0;
        let link = mails[0].body.split_whitespace().find(|word| word.contains("/uitnodiging/")).unwrap().trim_start_matches(&*app.address).to_owned();
        let fields = [("name", "Noor Jansen"), ("password", "nog een zin die niemand raadt")];
        let accepted = visitor.client.post(link).form(&fields).send().await.0;
        assert_eq!(accepted.status(), StatusCode::SEE_OTHER);
        let noor = since(app, seen).await[0].subject.clone();

        let role = json!({ "role": "region-coordinator", "scope": "all" });
        let granted = visitor.api(Method::POST, &format!("/users/{noor}/roles"), Some(role), &[]).await;
        assert_eq!(granted.status(), StatusCode::CREATED);
        let grant = json_of(granted).await["id"].as_str().unwrap().to_owned();
        let token = json!({ "name": "Rapportage", "scope": "read", "days": 30 });
        let made = visitor.api(Method::POST, "/tokens", Some(token), &[]).await;
        assert_eq!(made.status(), StatusCode::CREATED);
        let made = json_of(made).await;
        let token = made["details"]["id"].as_str().unwrap().to_owned();
        for (method, path) in [
            (Method::DELETE, format!("/tokens/{token}")),
            (Method::DELETE, format!("/users/{noor}/roles/{grant}")),
            (Method::PUT, format!("/users/{noor}/block")),
            (Method::DELETE, format!("/users/{noor}/block")),
            (Method::DELETE, format!("/users/{noor}")),
        ] {
            let done = visitor.api(method, &path, None, &[]).await;
            assert!(done.status().is_success(), "{path}: {}", done.status());
        }

        let noted = since(app, seen).await;
        let kinds: Vec<_> = noted.iter().map(|event| event.kind).filter(|kind| *kind != EventKind::SessionsEnded).collect();
        assert_eq!(kinds, [
            UserAdded, RoleGranted, UserInvited, InvitationAccepted, SignedIn, RoleGranted, TokenMade, TokenRevoked, RoleEnded, UserBlocked, UserUnblocked, UserRemoved,
        ]);
        for event in &noted {
            let own = matches!(event.kind, InvitationAccepted | SignedIn);
            assert_eq!(event.user.map(|id| id.to_string()), Some(if own { noor.clone() } else { user.to_string() }), "{:?}", event.kind);
            assert!(event.request.is_some(), "{:?}", event.kind);
            assert_eq!(event.role.is_some(), event.kind.permission().is_some(), "{:?}", event.kind);
        }
        // What she did stays in the log, after she went.
        let page = log::events(app, &Actor::CommandLine, &EventQuery::default(), PageRequest::default()).await.unwrap().page;
        let arrival = page.rows.iter().find(|row| row.event.as_ref().is_some_and(|event| event.kind == InvitationAccepted)).unwrap();
        assert_eq!(arrival.sentence.text(), "Iemand met een verwijderd account heeft de uitnodiging aanvaard.");
        assert!(deviations(app).await.is_empty());
    }

    async fn nothing_in_the_log_names_anybody(app: TestApp) {
        let user = with_everybody(&app.app).await;
        let visitor = Visitor::arrive(&app.app).await;
        work(&app.app, &visitor, user).await;
        let student = app.app.picture(&Actor::CommandLine, ROUND, Permission::ReadStudents).await.unwrap();
        refuse(&app.app, &visitor, student.students.keys().next().unwrap().0).await;

        let mut forbidden: BTreeSet<String> = [EMAIL, "sanne de wit", "de wit", "school.nl", "noor", "jansen", "raadt"].map(str::to_owned).into();
        for student in student.students.values() {
            forbidden.insert(student.family_name.to_lowercase());
            forbidden.insert(student.full_name().to_lowercase());
            forbidden.insert(student.number.to_string().to_lowercase());
            forbidden.extend(student.postcode.as_ref().map(|postcode| postcode.to_string().to_lowercase()));
            forbidden.extend(student.postcode.as_ref().map(|postcode| postcode.to_string().replace(' ', "").to_lowercase()));
        }
        for trainer in student.registry.trainers.values() {
            forbidden.insert(trainer.name.to_lowercase());
        }
        assert!(forbidden.len() > 300, "{}", forbidden.len());
        let rows = everything(&app).await;
        assert!(rows.len() > 18);
        for row in rows {
            let words = format!(" {} ", row.to_lowercase().replace(|c: char| !c.is_alphanumeric() && c != '.' && c != '@' && c != '-', " "));
            let plain: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
            for name in &forbidden {
                assert!(!format!(" {plain} ").contains(&format!(" {name} ")), "{name} stands in {row}");
            }
        }
    }

    async fn who_is_refused_leaves_one_event_with_code_and_route_and_nothing_else(app: TestApp) {
        let app = &app.app;
        let user = with_everybody(app).await;
        let visitor = Visitor::arrive(app).await;
        let seen = events(app).await.len();
        let expected = refuse(app, &visitor, Uuid::from_u128(0x0190_f3b2_7c4e_7000_8000_0000_0000_0001)).await;
        let noted = since(app, seen).await;
        let routes: Vec<_> = noted.iter().map(|event| event.subject.as_str()).collect();
        assert_eq!(routes, expected.iter().map(|(_, route, _)| *route).collect::<Vec<_>>());
        for (event, (code, route, known)) in noted.iter().zip(expected) {
            assert_eq!((event.kind, event.subject.as_str()), (EventKind::Refused, route));
            assert_eq!((event.before.as_deref(), event.after.as_deref()), (None, Some(json!({ "code": code }).to_string().as_str())));
            assert_eq!(event.user, known.then_some(user), "{route}");
            assert!(event.request.is_some() && event.role.is_none());
        }
        assert!(deviations(app).await.is_empty());
    }
}

/// Does what is refused: the code and route of each, and whether it is known who did it.
async fn refuse(app: &App, visitor: &Visitor, id: Uuid) -> Vec<(&'static str, &'static str, bool)> {
    let mut expected = Vec::new();
    let mut expect = |answer: Response, status: u16, what: (&'static str, &'static str, bool)| {
        assert_eq!(answer.status().as_u16(), status, "{}", what.1);
        expected.push(what);
    };
    // An id that is not there, or not for her, on a page and in the API.
    let foreign = visitor.get(&format!("/rondes/onbekend/studenten/{id}")).await;
    expect(foreign, 404, ("niet-gevonden", "GET /rondes/:slug/studenten/:id", true));
    let foreign = visitor.api(Method::GET, &format!("/rounds/onbekend/students/{id}"), None, &[]).await;
    expect(foreign, 404, ("niet-gevonden", "GET /api/v1/rounds/{round}/students/{student}", true));
    // A form of another site, and one without its token.
    let forged = visitor
        .ask(Method::POST, &format!("/rondes/{ROUND}/plaatsbord/plaats"))
        .header("origin", "https://evil.example")
        .form(&[("vraag", &id.to_string())]);
    expect(forged.send().await.0, 403, ("andere-site", "POST /rondes/{}/plaatsbord/plaats", true));
    let forged = visitor.client.post(format!("/taken/{id}/afbreken")).header("cookie", &visitor.cookie).form(&[("naam", "Noor Jansen")]);
    expect(forged.send().await.0, 403, ("formulier-verlopen", "POST /taken/{}/afbreken", true));
    // A cookie that opens nothing.
    let cookie = format!("{}={}", visitor.cookie.split('=').next().unwrap(), "0f".repeat(32));
    let useless = visitor.client.get(format!("{PREFIX}/rounds/{ROUND}/students/{id}")).header("cookie", cookie).send().await.0;
    expect(useless, 401, ("niet-ingelogd", "GET /api/v1/rounds/{round}/students/{student}", false));
    // A token for figures that asks for names.
    let (token, expected_user) = token(app, TokenScope::Figures).await;
    let asked =
        client(app).get(format!("{PREFIX}/rounds/{ROUND}/students/{id}")).header("authorization", format!("Bearer {token}")).send().await.0;
    assert!(expected_user.is_some());
    expect(asked, 403, ("token-bereik", "GET /api/v1/rounds/{round}/students/{student}", true));
    expected
}

/// A token of Sanne that works, made behind the scenes, so that only its use is noted.
async fn token(app: &App, scope: TokenScope) -> (String, Option<UserId>) {
    use kernschil_storage::access as stored;
    let token = kernschil_credentials::tokens::fresh_api().unwrap();
    let write = async |tx: &kernschil_storage::WriteTx| {
        let user = stored::user_by_email(tx, EMAIL).await?.map(|user| user.id);
        let row = stored::StoredToken {
            id: app.ids.next().into(),
            user: user.unwrap(),
            name: "proef".to_owned(),
            token_hash: kernschil_credentials::tokens::hash(&token),
            scope,
            created_at: app.clock.now(),
            expires_at: app.clock.now() + chrono::Duration::days(1),
            used_at: None,
            revoked_at: None,
        };
        stored::put_token(tx, row).await?;
        Ok::<_, StorageError>(user)
    };
    let user = app.store.write(write).await.unwrap();
    (token, user)
}

/// All rows of the log, every column of them as text.
async fn everything(app: &TestApp) -> Vec<String> {
    let raw = behind_our_back(&app.url).await;
    let backend = raw.get_database_backend();
    let (id, text) = if backend == DatabaseBackend::Postgres {
        ("CAST({} AS text)", "CAST({} AS text)")
    } else {
        ("lower(hex({}))", "CAST({} AS text)")
    };
    let columns = [
        ("id", id),
        ("user_id", id),
        ("request_id", id),
        ("at", text),
        ("role", text),
        ("kind", text),
        ("subject", text),
        ("before", text),
        ("after", text),
    ];
    let columns = columns.map(|(name, form)| format!("coalesce({}, '')", form.replace("{}", name)));
    let sql = format!("SELECT {} AS line FROM audit_log ORDER BY seq", columns.join(" || ' | ' || "));
    let rows = raw.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    let rows = rows.iter().map(|row| row.try_get::<String>("", "line").unwrap()).collect();
    raw.close().await.unwrap();
    rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_thing_and_a_missing_one_leave_the_same_event() {
    let app = TestApp::sqlite().await;
    app.load_example("almere").await;
    let new = NewUser {
        email: EMAIL.into(),
        name: "Sanne".into(),
        password: PASSWORD.into(),
        roles: vec![(Role::PartnershipCoordinator, Scope::Partnership(Uuid::from_u128(9).into()))],
    };
    access::add_user(&app.app, &Actor::CommandLine, new).await.unwrap();
    let visitor = Visitor::arrive(&app.app).await;
    let seen = events(&app.app).await.len();
    for round in [ROUND, "bestaat-niet"] {
        assert_eq!(visitor.get(&format!("/rondes/{round}")).await.status(), StatusCode::NOT_FOUND);
    }
    let noted = since(&app.app, seen).await;
    assert_eq!(noted.len(), 2);
    assert_eq!((noted[0].kind, &noted[0].subject, &noted[0].after), (noted[1].kind, &noted[1].subject, &noted[1].after));
}
