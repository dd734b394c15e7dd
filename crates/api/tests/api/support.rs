//! A Kernschil with the API only, one account, and a caller who can sign in.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use kernschil_api::{PREFIX, routes, versioned};
use kernschil_app::access::{self, NewUser};
use kernschil_app::{Actor, App, Reader};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::ids::{Clock, IdGen};
use kernschil_http::{Http, SignInLimiter, Transport, TrustedProxies, wrap};
use kernschil_storage::{Store, StoreSettings};
use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem::test::{TestClient, TestRequestBuilder, TestResponse};
use poem::{EndpointExt, Response, Route};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) type Client = TestClient<BoxEndpoint<'static, Response>>;
pub(crate) type Builder<'s> = TestRequestBuilder<'s, BoxEndpoint<'static, Response>>;

pub(crate) const EMAIL: &str = "sanne@school.example";
pub(crate) const PASSWORD: &str = "een lange zin als wachtwoord";

/// The installation.
pub(crate) struct Site {
    pub(crate) app: App,
    client: Client,
    cookie: String,
    csrf: String,
    _folder: TempDir,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: poem::http::HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        "2026-06-01T08:00:00Z".parse().unwrap()
    }
}

struct Counter(AtomicU64);

impl IdGen for Counter {
    fn next(&self) -> uuid::Uuid {
        uuid::Uuid::from_u64_pair(0x0190_0000_0000_7000, 0x8000_0000_0000_0000 | self.0.fetch_add(1, Ordering::Relaxed))
    }
}

/// An empty installation; nobody is signed in.
pub(crate) async fn closed_site() -> Site {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&StoreSettings::sqlite(&folder.path().join("k.sqlite3"))).await.unwrap();
    store.migrate().await.unwrap();
    let app = App {
        store,
        clock: Arc::new(FixedClock),
        ids: Arc::new(Counter(AtomicU64::new(1))),
        reader: Reader::Direct,
        wake: Arc::new(tokio::sync::Notify::new()),
        wake_mail: Arc::default(),
        hashes: Arc::default(),
        examples: Arc::default(),
        address: "http://127.0.0.1:8080".into(),
        providers: Arc::default(),
    };
    access::first_user(&app, NewUser { email: EMAIL.into(), name: "Sanne".into(), password: PASSWORD.into(), roles: Vec::new() })
        .await
        .unwrap();
    let http = Http {
        app: app.clone(),
        transport: Transport::Http,
        proxies: TrustedProxies::default(),
        error_page: |_| String::new(),
        limiter: SignInLimiter::default(),
    };
    let site = wrap(Route::new().nest(PREFIX, routes(app.clone())), http);
    Site { client: TestClient::new(versioned(site).boxed()), app, cookie: String::new(), csrf: String::new(), _folder: folder }
}

/// An empty installation, with Sanne signed in.
pub(crate) async fn site() -> Site {
    let site = closed_site().await;
    let answer = site.sign_in().await;
    site.entered(&answer)
}

impl Site {
    /// A request to a path after the base of the API.
    pub(crate) fn request(&self, method: &Method, path: &str) -> Builder<'_> {
        let builder = self.tokenless(method, path);
        if self.csrf.is_empty() || *method == Method::GET { builder } else { builder.header("x-csrf-token", &self.csrf) }
    }

    /// A request without the token that goes with changes.
    pub(crate) fn tokenless(&self, method: &Method, path: &str) -> Builder<'_> {
        let builder = self.client.request(method.clone(), format!("{PREFIX}{path}"));
        if self.cookie.is_empty() { builder } else { builder.header("cookie", &self.cookie) }
    }

    /// A request without the cookie.
    pub(crate) fn stranger(&self, method: &Method, path: &str) -> Builder<'_> {
        self.client.request(method.clone(), format!("{PREFIX}{path}"))
    }

    /// Signs Sanne in.
    pub(crate) async fn sign_in(&self) -> Answer {
        self.sign_in_as(EMAIL).await
    }

    async fn sign_in_as(&self, email: &str) -> Answer {
        send(self.client.post(format!("{PREFIX}/sessions")).body_json(&json!({ "email": email, "password": PASSWORD }))).await
    }

    /// The same installation, with somebody signed in who has one role.
    pub(crate) async fn with_role(self, role: Role, scope: Scope) -> Self {
        let email = format!("{}@school.example", self.app.ids.next());
        let new = NewUser { email: email.clone(), name: "Kees".into(), password: PASSWORD.into(), roles: vec![(role, scope)] };
        access::add_user(&self.app, &Actor::CommandLine, new).await.unwrap();
        let answer = self.sign_in_as(&email).await;
        self.entered(&answer)
    }

    fn entered(self, answer: &Answer) -> Self {
        assert_eq!(answer.status, 201);
        let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        let csrf = answer.json()["csrfToken"].as_str().unwrap().to_owned();
        Self { cookie, csrf, ..self }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        send(self.request(&Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        send(self.request(&Method::POST, path).body_json(body)).await
    }

    /// Loads one of the example workbooks.
    pub(crate) async fn import(&self, kind: &str, query: &str, file: &str) -> Answer {
        let bytes = std::fs::read(examples().join(file)).unwrap();
        let builder = self.request(&Method::POST, &format!("/imports/{kind}{query}"));
        send(builder.content_type("application/octet-stream").body(bytes)).await
    }
}

/// Where the example workbooks are.
pub(crate) fn examples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../imports/voorbeelden")
}

/// Sends a request and reads the answer.
pub(crate) async fn send(builder: Builder<'_>) -> Answer {
    let TestResponse(response) = builder.send().await;
    let (parts, body) = response.into_parts();
    Answer { status: parts.status.as_u16(), headers: parts.headers, bytes: body.into_vec().await.unwrap() }
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&self.bytes)))
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body, of an answer that went well.
    #[track_caller]
    pub(crate) fn ok(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.bytes));
        assert_eq!(self.header("api-version"), kernschil_api::VERSION);
        assert_eq!(self.header("content-type"), "application/json");
        self.json()
    }

    /// Code and pointers of a problem with this status, which is complete.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16) -> (String, Vec<String>) {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.bytes));
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.header("api-version"), kernschil_api::VERSION);
        let body = self.json();
        assert_eq!(body["status"], status);
        assert_eq!(body["type"], "about:blank");
        assert!(body["instance"].as_str().unwrap().starts_with("urn:uuid:"));
        for text in ["title", "detail"] {
            assert!(!body[text].as_str().unwrap().is_empty(), "{body}");
        }
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        for error in &errors {
            assert!(!error["message"].as_str().unwrap().is_empty() && !error["code"].as_str().unwrap().is_empty(), "{body}");
        }
        let pointers = errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect();
        (body["code"].as_str().unwrap().to_owned(), pointers)
    }
}
