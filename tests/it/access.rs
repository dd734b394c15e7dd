//! Accounts and sessions.

mod passwords;
mod second_factor;
mod sessions;

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use kernschil_app::access::{self, NewSession, NewUser};
use kernschil_app::{Actor, App, AppError};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{Clock, UserId};
use kernschil_storage::audit::{self, EventFilter, NewEvent};
use kernschil_storage::outbox::{self, StoredMail};

use crate::support::TestApp;

const EMAIL: &str = "anna@school.nl";
const PASSWORD: &str = "een lang wachtwoord";

fn somebody() -> NewUser {
    NewUser { email: "Anna@School.nl".to_owned(), name: "Anna".to_owned(), password: PASSWORD.to_owned(), roles: Vec::new() }
}

fn way() -> access::SignInWay {
    access::SignInWay { browser: "Firefox op Linux".to_owned(), request: None }
}

struct At(DateTime<Utc>);

impl Clock for At {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// The same application, so much later.
fn later(app: &App, by: Duration) -> App {
    App { clock: Arc::new(At(app.clock.now() + by)), ..app.clone() }
}

/// Anna signs in with her password.
async fn sign_in(app: &App) -> NewSession {
    access::sign_in(app, EMAIL, PASSWORD, way()).await.unwrap()
}

/// Anna, signed in with a token.
async fn actor_of(app: &App, token: &str) -> Actor {
    access::session(app, token, None).await.unwrap().actor
}

/// Who asks without being signed in.
async fn is_out(app: &App, token: &str) -> bool {
    matches!(access::session(app, token, None).await, Err(AppError::Unauthenticated))
}

/// The events of a kind, newest first.
async fn events(app: &App, kind: EventKind) -> Vec<NewEvent> {
    let filter = EventFilter { kinds: Some(vec![kind]), ..EventFilter::default() };
    let stored = app.store.read(async |tx| audit::events(tx, &filter, 0, 100).await).await.unwrap();
    stored.into_iter().filter_map(|stored| stored.event).collect()
}

/// The mails in the outbox, newest first.
async fn mails(app: &App) -> Vec<StoredMail> {
    app.store.read(async |tx| outbox::latest(tx, None, 0, 100).await).await.unwrap().0
}

/// The codes of what is wrong with what was filled in.
fn faults<T>(outcome: Result<T, AppError>) -> Vec<(String, String)> {
    match outcome {
        Err(AppError::Invalid(errors)) => errors.into_iter().map(|error| (error.field, error.code)).collect(),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("accepted"),
    }
}

async fn block(app: &App, user: UserId) {
    access::block_user(app, &Actor::CommandLine, user).await.unwrap();
}

both_databases! {
    async fn the_first_account_is_made_once(app: TestApp) {
        let app = &app.app;
        assert!(access::is_first_run(app).await.unwrap());
        access::first_user(app, somebody()).await.unwrap();
        assert!(!access::is_first_run(app).await.unwrap());
        let again = access::first_user(app, NewUser { email: "b@school.nl".to_owned(), ..somebody() }).await;
        assert!(matches!(again, Err(AppError::Conflict { code: "al-ingericht", .. })));
    }

    async fn everything_wrong_with_an_account_is_said_at_once(app: TestApp) {
        let bad = NewUser { email: "geen adres".to_owned(), name: " ".to_owned(), password: "kort".to_owned(), roles: Vec::new() };
        let codes: Vec<_> = faults(access::add_user(&app.app, &Actor::CommandLine, bad).await).into_iter().map(|(_, code)| code).collect();
        assert_eq!(codes, ["e-mailadres-ongeldig", "naam-ongeldig", "wachtwoord-lengte"]);
        assert!(access::is_first_run(&app.app).await.unwrap());
    }

    async fn an_address_belongs_to_one_account(app: TestApp) {
        access::add_user(&app.app, &Actor::CommandLine, somebody()).await.unwrap();
        let again = NewUser { email: " anna@school.NL".to_owned(), ..somebody() };
        assert_eq!(faults(access::add_user(&app.app, &Actor::CommandLine, again).await)[0].1, "e-mailadres-bezet");
    }

    async fn a_session_begins_with_the_right_password_and_ends_with_signing_out(app: TestApp) {
        let app = &app.app;
        access::first_user(app, somebody()).await.unwrap();
        for (email, password) in [(EMAIL, "een lang wachtwoord!"), ("wie@school.nl", PASSWORD), (EMAIL, "")] {
            assert!(matches!(access::sign_in(app, email, password, way()).await, Err(AppError::SignIn)));
        }
        let token = access::sign_in(app, "ANNA@school.nl", PASSWORD, way()).await.unwrap().token;
        let actor = actor_of(app, &token).await;
        assert_eq!(actor.name(), "Anna");
        access::sign_out(app, &actor, &token).await.unwrap();
        assert!(is_out(app, &token).await);
    }

    async fn a_refusal_is_noted_with_the_account_and_nothing_that_was_typed(app: TestApp) {
        let app = &app.app;
        let user = access::first_user(app, somebody()).await.unwrap();
        for (email, password) in [(EMAIL, "geheime zin van iemand"), ("wie.dan.ook@school.nl", "geheime zin van iemand")] {
            assert!(access::sign_in(app, email, password, way()).await.is_err());
        }
        let noted = events(app, EventKind::SignInRefused).await;
        assert_eq!(noted.iter().map(|event| event.subject.as_str()).collect::<Vec<_>>(), ["", &user.to_string()]);
        for event in noted {
            assert_eq!((event.user, event.before), (None, None));
            assert_eq!(event.after.unwrap(), r#"{"factor":"password"}"#);
        }
    }

    async fn who_is_blocked_gets_the_answer_of_a_wrong_password(app: TestApp) {
        let app = &app.app;
        access::first_user(app, NewUser { email: "b@school.nl".to_owned(), ..somebody() }).await.unwrap();
        let user = access::add_user(app, &Actor::CommandLine, somebody()).await.unwrap();
        let token = sign_in(app).await.token;
        block(app, user).await;
        assert!(is_out(app, &token).await);
        assert!(matches!(access::sign_in(app, EMAIL, PASSWORD, way()).await, Err(AppError::SignIn)));
    }

    async fn another_name_is_stored_and_the_log_holds_none(app: TestApp) {
        let app = &app.app;
        access::first_user(app, somebody()).await.unwrap();
        let actor = actor_of(app, &sign_in(app).await.token).await;
        access::rename(app, &actor, "  Anna de Boer ").await.unwrap();
        assert_eq!(access::own(app, &actor).await.unwrap().name, "Anna de Boer");
        assert_eq!(faults(access::rename(app, &actor, " ").await), [("name".to_owned(), "naam-ongeldig".to_owned())]);
        let noted = events(app, EventKind::UserChanged).await;
        assert_eq!(noted.len(), 1);
        assert_eq!(noted[0].after.as_deref(), Some(r#"{"fields":["name"]}"#));
    }
}
