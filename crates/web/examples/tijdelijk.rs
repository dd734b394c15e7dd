#![allow(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason
)]
use chrono::{DateTime, Utc};
use kernschil_app::access::{self, NewUser};
use kernschil_app::imports::{self, ImportFile};
use kernschil_app::{Actor, App, Reader, jobs, proposals};
use kernschil_domain::ids::{Clock, IdGen};
use kernschil_http::{Http, SignInLimiter, Transport, TrustedProxies, wrap};
use kernschil_spreadsheets::ImportKind;
use kernschil_storage::{Store, StoreSettings};
use kernschil_web::views::api_docs::ApiDocsView;
use std::path::Path;
use std::sync::Arc;
struct C;
impl Clock for C {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}
struct G;
impl IdGen for G {
    fn next(&self) -> uuid::Uuid {
        uuid::Uuid::now_v7()
    }
}
#[tokio::main]
async fn main() {
    let dir = std::env::args().nth(1).unwrap();
    std::fs::create_dir_all(&dir).unwrap();
    let path = Path::new(&dir).join("k.sqlite3");
    let fresh = !path.exists();
    let store = Store::open(&StoreSettings::sqlite(&path)).await.unwrap();
    store.migrate().await.unwrap();
    let app = App { store, clock: Arc::new(C), ids: Arc::new(G), reader: Reader::Direct, wake: Arc::new(tokio::sync::Notify::new()) };
    if fresh {
        access::first_user(
            &app,
            NewUser { email: "demo@kernschil.nl".into(), name: "Marieke de Groot".into(), password: "een lange zin als wachtwoord".into() },
        )
        .await
        .unwrap();
        let ex = |n: &str| ImportFile {
            name: n.rsplit('/').next().unwrap().into(),
            bytes: std::fs::read(Path::new("imports/voorbeelden").join(n)).unwrap(),
        };
        let mut l = vec![(ImportKind::Postcodes, "postcodes.txt".to_owned())];
        for d in ["talent", "almere", "hak"] {
            l.push((ImportKind::Partnerships, format!("{d}/partnerschappen.xlsx")));
            l.push((ImportKind::Trainers, format!("{d}/opleiders.xlsx")));
            l.push((ImportKind::Offers, format!("{d}/plekken.xlsx")));
            l.push((ImportKind::Students, format!("{d}/studenten.xlsx")));
        }
        for (k, n) in l {
            let t = std::time::Instant::now();
            let r = imports::load(&app, &Actor::CommandLine, k, ex(&n)).await.unwrap();
            println!("{n}: {:?} errors {} {:?}", r.stored, r.outcome.errors, t.elapsed());
        }
        for r in app.rounds().await.unwrap() {
            let s = proposals::make_and_apply(&app, &Actor::CommandLine, &r.slug, Arc::default()).await.unwrap();
            println!("{}: {:?}", r.slug, s.figures);
        }
    }
    let http = Http {
        app: app.clone(),
        transport: Transport::Http,
        proxies: TrustedProxies::default(),
        error_page: kernschil_web::error_page,
        limiter: SignInLimiter::default(),
    };
    tokio::spawn(jobs::run(app.clone(), std::future::pending()));
    println!("ready");
    poem::Server::new(poem::listener::TcpListener::bind("127.0.0.1:9123"))
        .run(wrap(kernschil_web::routes(app, ApiDocsView::default()), http))
        .await
        .unwrap();
}
