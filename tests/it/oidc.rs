//! Signing in at a provider: the whole way round over the site, with a provider that other people wrote.
//!
//! A wrong nonce, a wrong audience, an expired token and everything else that a proper provider never says are in the tests
//! of `crates/oidc`.

#[path = "../oidc/node.rs"]
mod node;

mod accounts;
mod attacks;
mod institution;
mod trips;
mod visitor;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

use chrono::{DateTime, TimeDelta, Utc};
use kernschil_app::App;
use kernschil_app::access::{self, NewUser, Providers};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{Clock, UserId};
use kernschil_oidc::ProviderSettings;
use kernschil_storage::audit::{EventFilter, NewEvent, events};
use serde_json::{Value, json};

use crate::support::TestApp;
use node::Node;

/// Where browsers come back to.
const REDIRECT: &str = "http://127.0.0.1:8080/inloggen/surfconext/terug";
/// Our password at the provider.
const SECRET: &str = "geheim-voor-de-proef";

const PASSWORD: &str = "een lang wachtwoord";
const COORDINATOR: &str = "coordinator@example.nl";
const TRAINER: &str = "opleider@pabo.example.nl";
const STUDENT: &str = "student@example.nl";

/// The provider that these tests share.
fn shared() -> Option<&'static str> {
    static NODE: LazyLock<Option<Node>> = LazyLock::new(node::start);
    NODE.as_ref().map(|node| node.issuer.as_str())
}

/// The time of the machine, which the provider uses as well, and what a test adds to it.
#[derive(Default)]
struct Later(AtomicI64);

impl Clock for Later {
    #[expect(clippy::disallowed_methods, reason = "the provider of npm takes its time from the machine")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now() + TimeDelta::seconds(self.0.load(Ordering::Relaxed))
    }
}

impl Later {
    fn wait(&self, minutes: i64) {
        self.0.fetch_add(minutes * 60, Ordering::Relaxed);
    }
}

fn settings(issuer: &str) -> ProviderSettings {
    let settings =
        json!({ "code": "surfconext", "name": "SURFconext", "issuer": issuer, "client_id": "kernschil", "client_secret": SECRET });
    serde_json::from_value(settings).unwrap()
}

/// The application with a provider and a clock that runs.
fn with_provider(test: &TestApp, settings: ProviderSettings) -> (App, Arc<Later>) {
    let clock = Arc::new(Later::default());
    let providers = Arc::new(Providers::new(vec![settings], |_| false).unwrap());
    (App { clock: Arc::clone(&clock) as Arc<dyn Clock>, providers, ..test.app.clone() }, clock)
}

/// An account with a password.
async fn account(app: &App, email: &str) -> UserId {
    let new = NewUser { email: email.to_owned(), name: "Coen Ordinator".to_owned(), password: PASSWORD.to_owned(), roles: Vec::new() };
    access::add_user(app, &kernschil_app::Actor::CommandLine, new).await.unwrap()
}

/// The events of some kinds, the oldest first.
async fn noted(app: &App, kinds: &[EventKind]) -> Vec<NewEvent> {
    let filter = EventFilter { kinds: Some(kinds.to_vec()), ..EventFilter::default() };
    let found = app.store.read(async |tx| events(tx, &filter, 0, 1_000).await).await.unwrap();
    found.into_iter().rev().filter_map(|stored| stored.event).collect()
}

/// What an event says of what is now.
fn after(event: &NewEvent) -> Value {
    serde_json::from_str(event.after.as_deref().unwrap_or("null")).unwrap()
}

/// Runs a test against the shared provider, where there is one.
macro_rules! round_trips {
    ($($(#[$attribute:meta])* async fn $name:ident($app:ident: App, $clock:ident: Arc<Later>) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn test($app: App, $clock: Arc<Later>) $body

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                let Some(issuer) = $crate::oidc::shared() else { return };
                let database = $crate::support::TestApp::sqlite().await;
                let (app, clock) = $crate::oidc::with_provider(&database, $crate::oidc::settings(issuer));
                test(app, clock).await;
            }

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                let Some(issuer) = $crate::oidc::shared() else { return };
                let Some(database) = $crate::support::TestApp::postgres().await else { return };
                let (app, clock) = $crate::oidc::with_provider(&database, $crate::oidc::settings(issuer));
                test(app, clock).await;
            }
        }
    )+};
}
use round_trips;
