//! Accounts and sessions.

use kernschil_app::access::{self, NewUser};
use kernschil_app::{Actor, AppError};

use crate::support::TestApp;

fn somebody() -> NewUser {
    NewUser { email: "Anna@School.nl".to_owned(), name: "Anna".to_owned(), password: "een lang wachtwoord".to_owned(), roles: Vec::new() }
}

fn way() -> access::SignInWay {
    access::SignInWay { browser: "test".to_owned(), request: None }
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
        let Err(AppError::Invalid(errors)) = access::add_user(&app.app, &Actor::CommandLine, bad).await else { panic!("accepted") };
        let codes: Vec<_> = errors.iter().map(|e| e.code.as_str()).collect();
        assert_eq!(codes, ["e-mailadres-ongeldig", "naam-ongeldig", "wachtwoord-lengte"]);
        assert!(access::is_first_run(&app.app).await.unwrap());
    }

    async fn an_address_belongs_to_one_account(app: TestApp) {
        access::add_user(&app.app, &Actor::CommandLine, somebody()).await.unwrap();
        let again = NewUser { email: " anna@school.NL".to_owned(), ..somebody() };
        let Err(AppError::Invalid(errors)) = access::add_user(&app.app, &Actor::CommandLine, again).await else { panic!("accepted") };
        assert_eq!(errors[0].code, "e-mailadres-bezet");
    }

    async fn a_session_begins_with_the_right_password_and_ends_with_signing_out(app: TestApp) {
        let app = &app.app;
        access::first_user(app, somebody()).await.unwrap();
        for (email, password) in [("anna@school.nl", "een lang wachtwoord!"), ("wie@school.nl", "een lang wachtwoord")] {
            assert!(matches!(access::sign_in(app, email, password, way()).await, Err(AppError::SignIn)));
        }
        let token = access::sign_in(app, "ANNA@school.nl", "een lang wachtwoord", way()).await.unwrap().token;
        let session = access::session(app, &token, None).await.unwrap();
        assert_eq!(session.actor.name(), "Anna");
        access::sign_out(app, &session.actor, &token).await.unwrap();
        assert!(matches!(access::session(app, &token, None).await, Err(AppError::Unauthenticated)));
    }
}
