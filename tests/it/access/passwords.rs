//! Another password: by who is signed in, and by a link in a mail.

use chrono::Duration;
use kernschil_app::access::{self, Account, ApiTokens, NewPassword, NewToken, NewUser, TOKEN_DAYS};
use kernschil_app::{Actor, App, AppError};
use kernschil_domain::access::TokenScope;
use kernschil_domain::audit::EventKind;

use super::{EMAIL, PASSWORD, actor_of, block, events, faults, is_out, later, mails, sign_in, somebody, way};
use crate::support::TestApp;

const NEW: &str = "drie groene fietsen op zolder";

fn change(current: &str, new: &str, tokens: ApiTokens) -> NewPassword {
    NewPassword { current: current.to_owned(), new: new.to_owned(), tokens }
}

async fn make_token(app: &App, actor: &Actor) -> String {
    let new = NewToken { name: "rapport".to_owned(), scope: TokenScope::Read, days: TOKEN_DAYS[0] };
    access::make_token(app, actor, new).await.unwrap().token
}

async fn token_works(app: &App, token: &str) -> bool {
    access::token_actor(app, token, app.ids.next()).await.is_ok()
}

/// The token of the link in the latest mail.
async fn mailed(app: &App) -> String {
    let mail = mails(app).await.remove(0);
    assert_eq!((mail.kind.as_str(), mail.to_address.as_str()), ("reset", EMAIL));
    let (_, rest) = mail.body.split_once("http://127.0.0.1:8080/wachtwoord-herstellen/").unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

async fn reset(app: &App, token: &str, password: &str) -> Result<String, AppError> {
    access::reset_password(app, token, password.to_owned(), None).await
}

async fn can_sign_in(app: &App, password: &str) -> bool {
    access::sign_in(app, EMAIL, password, way()).await.is_ok()
}

both_databases! {
    async fn another_password_ends_everything_but_this_session(app: TestApp) {
        let app = &app.app;
        access::first_user(app, somebody()).await.unwrap();
        let (here, there) = (sign_in(app).await.token, sign_in(app).await.token);
        let device = access::remember_device(app, &there, None).await.unwrap().unwrap();
        let anna = actor_of(app, &here).await;
        let token = make_token(app, &anna).await;
        access::change_password(app, &anna, &here, change(PASSWORD, NEW, ApiTokens::Keep)).await.unwrap();

        assert!(is_out(app, &there).await && !is_out(app, &here).await);
        assert!(!access::knows_device(app, Account::Email(EMAIL), &device).await.unwrap());
        assert!(token_works(app, &token).await, "programs go on, unless she says so");
        assert!(!can_sign_in(app, PASSWORD).await && can_sign_in(app, NEW).await);
        assert_eq!(mails(app).await[0].subject, "Uw wachtwoord voor Kernschil is gewijzigd");
        assert!(!mails(app).await[0].body.contains(NEW));
        assert_eq!((events(app, EventKind::PasswordChanged).await.len(), events(app, EventKind::SessionsEnded).await.len()), (1, 1));

        access::change_password(app, &anna, &here, change(NEW, PASSWORD, ApiTokens::Revoke)).await.unwrap();
        assert!(!token_works(app, &token).await);
        assert_eq!(events(app, EventKind::TokenRevoked).await.len(), 1);
    }

    async fn all_that_is_wrong_with_another_password_is_said_and_nothing_changes(app: TestApp) {
        let app = &app.app;
        access::first_user(app, somebody()).await.unwrap();
        let (here, there) = (sign_in(app).await.token, sign_in(app).await.token);
        let anna = actor_of(app, &here).await;
        let tried = |current: &'static str, new: &'static str| {
            let anna = anna.clone();
            let here = here.clone();
            async move { faults(access::change_password(app, &anna, &here, change(current, new, ApiTokens::Revoke)).await) }
        };
        let fault = |field: &str, code: &str| (field.to_owned(), code.to_owned());
        assert_eq!(tried("iets anders dan dat", "kort").await, [fault("current", "wachtwoord-onjuist"), fault("password", "wachtwoord-lengte")]);
        assert_eq!(tried("iets anders dan dat", NEW).await, [fault("current", "wachtwoord-onjuist")]);
        assert_eq!(tried(PASSWORD, "welkom welkom").await, [fault("password", "wachtwoord-bekend")]);
        assert_eq!(tried(PASSWORD, "anna@school.nl").await, [fault("password", "wachtwoord-eigen-naam")]);
        assert_eq!(tried(PASSWORD, PASSWORD).await, [fault("password", "wachtwoord-gelijk")]);
        assert!(!is_out(app, &there).await && can_sign_in(app, PASSWORD).await);
        assert_eq!(events(app, EventKind::SignInRefused).await.len(), 2);
        assert_eq!(mails(app).await.len(), 0);
    }

    async fn a_link_works_once_and_ends_everything(app: TestApp) {
        let app = &app.app;
        access::first_user(app, somebody()).await.unwrap();
        let session = sign_in(app).await.token;
        let device = access::remember_device(app, &session, None).await.unwrap().unwrap();
        let token = make_token(app, &actor_of(app, &session).await).await;
        access::ask_reset(app, " Anna@School.NL ", None).await.unwrap();
        let link = mailed(app).await;
        assert!(access::reset_holds(app, &link).await.unwrap());
        assert_eq!(faults(reset(app, &link, "kort").await), [("password".to_owned(), "wachtwoord-lengte".to_owned())]);
        assert!(can_sign_in(app, PASSWORD).await && !is_out(app, &session).await, "asking changes nothing");

        let known = reset(app, &link, NEW).await.unwrap();
        assert!(is_out(app, &session).await && !token_works(app, &token).await);
        assert!(!can_sign_in(app, PASSWORD).await && can_sign_in(app, NEW).await);
        assert!(!access::knows_device(app, Account::Email(EMAIL), &device).await.unwrap());
        assert!(access::knows_device(app, Account::Email(EMAIL), &known).await.unwrap());
        for token in [link.as_str(), "", "0"] {
            assert!(!access::reset_holds(app, token).await.unwrap());
            assert!(matches!(reset(app, token, "nog een ander lang wachtwoord").await, Err(AppError::Conflict { code: "link-verlopen", .. })));
        }
        assert!(can_sign_in(app, NEW).await);
        assert_eq!(mails(app).await[0].subject, "Uw wachtwoord voor Kernschil is gewijzigd");
        let user = events(app, EventKind::PasswordReset).await[0].user;
        assert_eq!(user, events(app, EventKind::SignedIn).await[0].user);
    }

    async fn a_link_works_an_hour_and_a_newer_one_takes_its_place(app: TestApp) {
        let app = &app.app;
        access::first_user(app, somebody()).await.unwrap();
        access::ask_reset(app, EMAIL, None).await.unwrap();
        let first = mailed(app).await;
        access::ask_reset(&later(app, Duration::seconds(1)), EMAIL, None).await.unwrap();
        let second = mailed(app).await;
        assert!(!access::reset_holds(app, &first).await.unwrap());
        assert!(access::reset_holds(&later(app, Duration::minutes(60)), &second).await.unwrap());
        let late = later(app, Duration::minutes(61));
        assert!(!access::reset_holds(&late, &second).await.unwrap());
        assert!(matches!(reset(&late, &second, NEW).await, Err(AppError::Conflict { code: "link-verlopen", .. })));
    }

    async fn of_two_who_use_a_link_at_once_one_chooses(app: TestApp) {
        let app = &app.app;
        access::first_user(app, somebody()).await.unwrap();
        access::ask_reset(app, EMAIL, None).await.unwrap();
        let link = mailed(app).await;
        let (a, b) = tokio::join!(reset(app, &link, NEW), reset(app, &link, "twaalf paarse olifanten dansen"));
        assert_eq!([a, b].iter().filter(|outcome| outcome.is_ok()).count(), 1);
    }

    async fn who_is_unknown_blocked_or_removed_gets_no_mail(app: TestApp) {
        let app = &app.app;
        access::first_user(app, NewUser { email: "b@school.nl".to_owned(), ..somebody() }).await.unwrap();
        let user = access::add_user(app, &Actor::CommandLine, somebody()).await.unwrap();
        access::ask_reset(app, EMAIL, None).await.unwrap();
        let link = mailed(app).await;
        block(app, user).await;
        let sent = mails(app).await.len();
        assert!(!access::reset_holds(app, &link).await.unwrap());
        assert!(matches!(reset(app, &link, NEW).await, Err(AppError::Conflict { code: "link-verlopen", .. })));
        access::ask_reset(app, EMAIL, None).await.unwrap();
        access::ask_reset(app, "niemand@school.nl", None).await.unwrap();
        access::remove_user(app, &Actor::CommandLine, user).await.unwrap();
        access::ask_reset(app, EMAIL, None).await.unwrap();
        assert!(mails(app).await.len() <= sent, "nothing was sent since");
        let asked = events(app, EventKind::ResetAsked).await;
        assert_eq!(asked.iter().filter(|event| event.subject.is_empty()).count(), 3);
    }
}
