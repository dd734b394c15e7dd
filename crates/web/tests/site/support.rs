//! A whole site on a database of its own, with the example of Almere or empty, and a visitor.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use kernschil_app::access::{self, NewUser};
use kernschil_app::examples::Example;
use kernschil_app::imports::{self, ImportFile};
use kernschil_app::{Actor, App, Reader, proposals};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::ids::{Clock, IdGen};
use kernschil_http::{Http, SessionCookie, SignInLimiter, Transport, TrustedProxies, wrap};
use kernschil_spreadsheets::ImportKind;
use kernschil_storage::{Store, StoreSettings};
use kernschil_web::views::api_docs::ApiDocsView;
use poem::endpoint::BoxEndpoint;
use poem::http::StatusCode;
use poem::test::{TestClient, TestForm, TestFormField, TestRequestBuilder};
use poem::{EndpointExt, Response};
use tempfile::TempDir;
use tokio::sync::OnceCell;

pub(crate) const EMAIL: &str = "sanne@school.nl";
pub(crate) const PASSWORD: &str = "een lange zin als wachtwoord";

struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        "2026-09-01T08:00:00Z".parse().unwrap()
    }
}

struct Counter(AtomicU64);

impl IdGen for Counter {
    fn next(&self) -> uuid::Uuid {
        uuid::Uuid::from_u64_pair(0x0192_0000_0000_7000, self.0.fetch_add(1, Ordering::Relaxed))
    }
}

type Client = TestClient<BoxEndpoint<'static, Response>>;

/// A site.
pub(crate) struct Site {
    pub(crate) client: Client,
    pub(crate) app: App,
    _folder: TempDir,
}

/// What came back.
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) location: String,
    pub(crate) response: Response,
}

/// Somebody who is signed in.
pub(crate) struct Visitor<'a> {
    pub(crate) site: &'a Site,
    cookie: String,
    pub(crate) csrf: String,
}

pub(crate) fn example(name: &str) -> ImportFile {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../imports/voorbeelden").join(name);
    let bytes = std::fs::read(&path).unwrap();
    ImportFile { name: path.file_name().unwrap().to_str().unwrap().to_owned(), bytes }
}

async fn open(path: &Path, first_id: u64) -> App {
    let store = Store::open(&StoreSettings::sqlite(path)).await.unwrap();
    App {
        store,
        clock: Arc::new(FixedClock),
        ids: Arc::new(Counter(AtomicU64::new(first_id))),
        reader: Reader::Direct,
        wake: Arc::new(tokio::sync::Notify::new()),
        wake_mail: Arc::default(),
        hashes: Arc::default(),
        examples: Arc::default(),
        address: "http://127.0.0.1:8080".into(),
        providers: Arc::default(),
    }
}

/// A file with the loaded and allocated example, made once and copied for each test.
async fn template() -> &'static PathBuf {
    static TEMPLATE: OnceCell<(TempDir, PathBuf)> = OnceCell::const_new();
    let made = TEMPLATE
        .get_or_init(async || {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("voorbeeld.sqlite3");
            let app = open(&path, 1).await;
            app.store.migrate().await.unwrap();
            access::first_user(
                &app,
                NewUser { email: EMAIL.into(), name: "Sanne de Wit".into(), password: PASSWORD.into(), roles: Vec::new() },
            )
            .await
            .unwrap();
            for (kind, name) in [
                (ImportKind::Postcodes, "postcodes.txt"),
                (ImportKind::Partnerships, "almere/partnerschappen.xlsx"),
                (ImportKind::Trainers, "almere/opleiders.xlsx"),
                (ImportKind::Offers, "almere/plekken.xlsx"),
                (ImportKind::Students, "almere/studenten.xlsx"),
            ] {
                let report = imports::load(&app, &Actor::CommandLine, kind, example(name)).await.unwrap();
                assert!(report.is_clean(), "{name}: {:?}", report.outcome.findings.list);
            }
            let slug = app.rounds(&Actor::CommandLine).await.unwrap()[0].slug.clone();
            proposals::make_and_apply(&app, &Actor::CommandLine, &slug, Arc::default()).await.unwrap();
            app.store.close().await.unwrap();
            (folder, path)
        })
        .await;
    &made.1
}

impl Site {
    /// A site with the example of Almere, with a proposal.
    pub(crate) async fn almere() -> Self {
        let template = template().await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("k.sqlite3");
        std::fs::copy(template, &path).unwrap();
        let app = open(&path, 1_000_000_000).await;
        Self::new(app, folder)
    }

    /// A site without anything, also without an account.
    pub(crate) async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = open(&folder.path().join("k.sqlite3"), 1).await;
        app.store.migrate().await.unwrap();
        Self::new(app, folder)
    }

    /// The same, of a program that comes with examples.
    pub(crate) async fn empty_with(examples: &[Example]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = open(&folder.path().join("k.sqlite3"), 1).await;
        app.store.migrate().await.unwrap();
        Self::new(App { examples: examples.into(), ..app }, folder)
    }

    fn new(app: App, folder: TempDir) -> Self {
        let http = Http {
            app: app.clone(),
            transport: Transport::Http,
            proxies: TrustedProxies::default(),
            error_page: kernschil_web::error_page,
            limiter: SignInLimiter::default(),
        };
        let client = TestClient::new(wrap(kernschil_web::routes(app.clone(), ApiDocsView::default()), http).boxed());
        Self { client, app, _folder: folder }
    }

    /// Makes the first account.
    pub(crate) async fn with_account(self) -> Self {
        let new = NewUser { email: EMAIL.into(), name: "Sanne de Wit".into(), password: PASSWORD.into(), roles: Vec::new() };
        access::first_user(&self.app, new).await.unwrap();
        self
    }

    /// Makes an account with these roles.
    pub(crate) async fn add(&self, email: &str, roles: &[(Role, Scope)]) {
        let new = NewUser { email: email.into(), name: "Noor Visser".into(), password: PASSWORD.into(), roles: roles.to_vec() };
        access::add_user(&self.app, &Actor::CommandLine, new).await.unwrap();
    }

    /// Signs Sanne in.
    pub(crate) async fn visitor(&self) -> Visitor<'_> {
        self.visitor_of(EMAIL).await
    }

    /// Signs somebody in.
    pub(crate) async fn visitor_of(&self, email: &str) -> Visitor<'_> {
        let session =
            access::sign_in(&self.app, email, PASSWORD, access::SignInWay { browser: "test".into(), request: None }).await.unwrap();
        let csrf = access::session(&self.app, &session.token, None).await.unwrap().csrf_token;
        let cookie = format!("{}={}", SessionCookie::new(Transport::Http).name(), session.token);
        Visitor { site: self, cookie, csrf }
    }

    /// Name of the only round in addresses.
    pub(crate) async fn slug(&self) -> String {
        self.app.rounds(&Actor::CommandLine).await.unwrap()[0].slug.clone()
    }
}

pub(crate) async fn got(request: TestRequestBuilder<'_, BoxEndpoint<'static, Response>>) -> Got {
    let response = request.send().await.0;
    let location = response.header("location").unwrap_or_default().to_owned();
    Got { status: response.status(), location, response }
}

impl Got {
    pub(crate) async fn text(self) -> String {
        self.response.into_body().into_string().await.unwrap()
    }

    pub(crate) async fn bytes(self) -> Vec<u8> {
        self.response.into_body().into_bytes().await.unwrap().to_vec()
    }
}

impl Visitor<'_> {
    /// The token in the cookie.
    pub(crate) fn token(&self) -> &str {
        self.cookie.split_once('=').unwrap().1
    }

    pub(crate) async fn get(&self, path: &str) -> Got {
        got(self.site.client.get(path).header("cookie", &self.cookie)).await
    }

    /// A page that must be there.
    pub(crate) async fn page(&self, path: &str) -> String {
        let got = self.get(path).await;
        assert_eq!(got.status, StatusCode::OK, "{path}");
        got.text().await
    }

    /// A form as the page sends it, with the token.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Got {
        let mut all = vec![("csrf", self.csrf.as_str())];
        all.extend(fields);
        got(self.site.client.post(path).header("cookie", &self.cookie).form(&all)).await
    }

    /// The same without the token.
    pub(crate) async fn post_forged(&self, path: &str) -> Got {
        got(self.site.client.post(path).header("cookie", &self.cookie).form(&[("zoek", "x")])).await
    }

    pub(crate) async fn upload(&self, kind: &str, file: Option<ImportFile>) -> Got {
        self.upload_all(kind, file.into_iter().collect()).await
    }

    pub(crate) async fn upload_all(&self, kind: &str, files: Vec<ImportFile>) -> Got {
        let mut form = TestForm::new().text("csrf", self.csrf.clone()).text("soort", kind.to_owned());
        for file in files {
            form = form.field(TestFormField::bytes(file.bytes).name("bestand").filename(file.name));
        }
        got(self.site.client.post("/importeren").header("cookie", &self.cookie).multipart(form)).await
    }
}

/// The first value of a hidden field after a text.
pub(crate) fn field(html: &str, after: &str, name: &str) -> String {
    let rest = html.split_once(after).unwrap_or_else(|| panic!("{after} is not on the page")).1;
    let mark = format!("name=\"{name}\" value=\"");
    let value = rest.split_once(&mark).unwrap_or_else(|| panic!("no field {name} after {after}")).1;
    value.split_once('"').unwrap().0.to_owned()
}

/// The first address after a text that begins with something.
pub(crate) fn link(html: &str, begins: &str) -> String {
    let at = html.find(&format!("href=\"{begins}")).unwrap_or_else(|| panic!("no link to {begins}"));
    html[at + 6..].split_once('"').unwrap().0.replace("&amp;", "&")
}
