//! A small site behind the layers, with one account.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use kernschil_app::access::{self, NewUser};
use kernschil_app::{App, Reader};
use kernschil_domain::ids::{Clock, IdGen};
use kernschil_http::{
    Caller, ErrorView, Failure, Http, SessionCookie, SignInGuard, SignInLimiter, Transport, TrustedProxies, get, post, wrap,
};
use kernschil_storage::{Store, StoreSettings};
use poem::endpoint::BoxEndpoint;
use poem::http::header::{CACHE_CONTROL, SET_COOKIE};
use poem::test::{TestClient, TestRequestBuilder};
use poem::web::{Data, Form, Json, Multipart};
use poem::{EndpointExt, Response, Route, handler};
use tempfile::TempDir;

/// A form without a token.
pub(crate) const FORM: &[(&str, &str); 2] = &[("email", "sanne@school.nl"), ("name", "x")];
/// A body that only a script can send.
pub(crate) const TOKENLESS_JSON: &str = "1";

type Changes = Arc<AtomicUsize>;

/// The site.
pub(crate) struct Site {
    pub(crate) client: TestClient<BoxEndpoint<'static, Response>>,
    app: App,
    cookie: SessionCookie,
    changes: Changes,
    _folder: TempDir,
}

/// Somebody who is signed in.
pub(crate) struct SignedIn {
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        "2026-09-01T08:00:00Z".parse().unwrap()
    }
}

struct Counter(AtomicU64);

impl IdGen for Counter {
    fn next(&self) -> uuid::Uuid {
        uuid::Uuid::from_u64_pair(0x7000, self.0.fetch_add(1, Ordering::Relaxed))
    }
}

#[handler]
fn form_page(caller: &Caller) -> String {
    format!("Hallo {}", caller.name())
}

#[handler]
fn form_sent(_caller: &Caller, Data(changes): Data<&Changes>, Form(fields): Form<Vec<(String, String)>>) -> String {
    changes.fetch_add(1, Ordering::Relaxed);
    let name = fields.iter().find(|(name, _)| name == "name").map(|(_, value)| value.as_str());
    format!("name={}", name.unwrap_or_default())
}

#[handler]
async fn file_sent(_caller: &Caller, mut parts: Multipart) -> poem::Result<String> {
    while let Some(part) = parts.next_field().await? {
        if part.file_name().is_some() {
            return Ok(part.bytes().await?.len().to_string());
        }
    }
    Ok(String::new())
}

#[handler]
fn item_sent(_caller: &Caller, Json(item): Json<u32>) -> String {
    item.to_string()
}

#[handler]
async fn signed_in(guard: SignInGuard, Form(fields): Form<Vec<(String, String)>>) -> Result<String, Failure> {
    let email = fields.iter().find(|(name, _)| name == "email").map(|(_, value)| value.as_str()).unwrap_or_default();
    guard.password(email).await?;
    Ok(String::new())
}

#[handler]
fn signed_out(cookie: SessionCookie, _caller: &Caller) -> Result<Response, Failure> {
    Ok(Response::builder().header(SET_COOKIE, cookie.clear()?).finish())
}

#[handler]
fn anybody(caller: Option<&Caller>) -> String {
    caller.map(|caller| caller.name().to_owned()).unwrap_or_default()
}

#[handler]
fn styles() -> Response {
    Response::builder().header(CACHE_CONTROL, "public, max-age=31536000").body("body{}")
}

#[handler]
fn panics() -> String {
    panic!("secret")
}

fn error_page(view: &ErrorView) -> String {
    let who = view.caller.as_ref().map_or("nobody", Caller::name);
    if view.typed.is_empty() {
        return format!("{}|{}|{}|{who}", view.status, view.code, view.request_id);
    }
    let typed: Vec<_> = view.typed.iter().map(|typed| format!("{}={}", typed.label, typed.text)).collect();
    format!("{}|{}|{}", view.status, view.came_from.as_deref().unwrap_or_default(), typed.join("|"))
}

fn routes(changes: Changes) -> impl poem::Endpoint<Output = Response> {
    let items = get(form_page).post(item_sent).method(poem::http::Method::PUT, item_sent);
    let api = Route::new().at("/items", items).at("/bestand", post(file_sent)).at("/paniek", get(panics));
    let pages = Route::new()
        .at("/", get(anybody))
        .at("/formulier", get(form_page).post(form_sent))
        .at("/bestand", post(file_sent))
        .at("/inloggen", post(signed_in))
        .at("/eerste-keer", post(signed_in))
        .at("/uitloggen", post(signed_out))
        .at("/paniek", get(panics))
        .at("/assets/app.css", get(styles));
    Route::new().nest("/api/v1", api).nest("/", pages).data(changes)
}

/// A site as on the machine itself.
pub(crate) async fn site() -> Site {
    build(Transport::Http).await
}

/// A site behind https.
pub(crate) async fn secure_site() -> Site {
    build(Transport::Https).await
}

async fn build(transport: Transport) -> Site {
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
    let new = NewUser {
        email: "sanne@school.nl".into(),
        name: "Sanne".into(),
        password: "een lange zin als wachtwoord".into(),
        roles: Vec::new(),
    };
    access::first_user(&app, new).await.unwrap();
    let changes = Changes::default();
    let http = Http { app: app.clone(), transport, proxies: TrustedProxies::default(), error_page, limiter: SignInLimiter::default() };
    let client = TestClient::new(wrap(routes(Arc::clone(&changes)), http).boxed());
    Site { client, app, cookie: SessionCookie::new(transport), changes, _folder: folder }
}

impl Site {
    /// Signs Sanne in.
    pub(crate) async fn sign_in(&self) -> SignedIn {
        let session = access::sign_in(
            &self.app,
            "sanne@school.nl",
            "een lange zin als wachtwoord",
            access::SignInWay { browser: "test".into(), request: None },
        )
        .await
        .unwrap();
        let csrf = access::session(&self.app, &session.token, None).await.unwrap().csrf_token;
        SignedIn { cookie: format!("{}={}", self.cookie.name(), session.token), csrf }
    }

    /// Forms that were carried out.
    pub(crate) fn changes(&self) -> usize {
        self.changes.load(Ordering::Relaxed)
    }
}

impl SignedIn {
    pub(crate) fn get<'a>(&self, site: &'a Site, path: &str) -> TestRequestBuilder<'a, BoxEndpoint<'static, Response>> {
        site.client.get(path).header("cookie", &self.cookie)
    }

    pub(crate) fn post<'a>(&self, site: &'a Site, path: &str) -> TestRequestBuilder<'a, BoxEndpoint<'static, Response>> {
        site.client.post(path).header("cookie", &self.cookie)
    }
}
