//! Sessions: how long they hold, one's own, and browsers that are known.

use chrono::Duration;
use kernschil_app::access::{self, Account, NewUser};
use kernschil_app::{Actor, AppError};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::SessionId;

use super::{EMAIL, PASSWORD, actor_of, events, is_out, later, sign_in, somebody, way};
use crate::support::TestApp;

both_databases! {
    async fn a_session_ends_by_itself_without_use_and_after_half_a_day(app: TestApp) {
        let app = &app.app;
        access::first_user(app, somebody()).await.unwrap();
        let (idle, used) = (sign_in(app).await.token, sign_in(app).await.token);
        for minutes in (0..12 * 60).step_by(100) {
            assert!(!is_out(&later(app, Duration::minutes(minutes)), &used).await, "{minutes}");
        }
        assert!(is_out(&later(app, Duration::minutes(120)), &idle).await);
        assert!(is_out(&later(app, Duration::hours(12)), &used).await);
        assert_eq!(access::own_sessions(&later(app, Duration::minutes(719)), &actor_of(app, &used).await).await.unwrap().len(), 1);
    }

    async fn one_sees_and_ends_ones_own_sessions_only(app: TestApp) {
        let app = &app.app;
        access::first_user(app, somebody()).await.unwrap();
        access::add_user(app, &Actor::CommandLine, NewUser { email: "b@school.nl".to_owned(), ..somebody() }).await.unwrap();
        let (here, there) = (sign_in(app).await.token, sign_in(app).await.token);
        let theirs = access::sign_in(app, "b@school.nl", PASSWORD, way()).await.unwrap().token;
        let (anna, other) = (actor_of(app, &here).await, actor_of(app, &theirs).await);

        let own = access::own_sessions(app, &anna).await.unwrap();
        assert_eq!(own.len(), 2);
        assert!(own.iter().all(|session| session.browser == "Firefox op Linux" && session.method == access::PASSWORD));
        let foreign = access::own_sessions(app, &other).await.unwrap()[0].id;
        let missing = SessionId(app.ids.next());
        for session in [foreign, missing] {
            assert!(matches!(access::end_own_session(app, &anna, session).await, Err(AppError::NotFound)));
        }
        assert!(!is_out(app, &theirs).await);

        let elsewhere = access::session(app, &there, None).await.unwrap().id;
        access::end_own_session(app, &anna, elsewhere).await.unwrap();
        assert!(is_out(app, &there).await && !is_out(app, &here).await);
        assert_eq!(events(app, EventKind::SessionsEnded).await.len(), 1);
    }

    async fn signing_out_everywhere_leaves_this_session_only(app: TestApp) {
        let app = &app.app;
        access::first_user(app, somebody()).await.unwrap();
        let here = sign_in(app).await.token;
        let others = [sign_in(app).await.token, sign_in(app).await.token];
        let anna = actor_of(app, &here).await;
        assert_eq!(access::end_other_sessions(app, &anna, &here).await.unwrap(), 2);
        for token in &others {
            assert!(is_out(app, token).await);
        }
        assert!(!is_out(app, &here).await);
        assert_eq!(events(app, EventKind::SessionsEnded).await[0].after.as_deref(), Some(r#"{"sessions":2}"#));
        assert_eq!(access::end_other_sessions(app, &anna, &here).await.unwrap(), 0);
        assert_eq!(events(app, EventKind::SessionsEnded).await.len(), 1);
    }

    async fn a_session_that_is_renewed_has_another_token(app: TestApp) {
        let app = &app.app;
        access::first_user(app, somebody()).await.unwrap();
        let old = sign_in(app).await.token;
        let before = access::session(app, &old, None).await.unwrap();
        let new = access::renew(app, &old).await.unwrap();
        let after = access::session(app, &new, None).await.unwrap();
        assert_eq!((after.id, after.csrf_token), (before.id, before.csrf_token));
        assert!(is_out(app, &old).await);
        assert!(matches!(access::renew(app, &old).await, Err(AppError::Unauthenticated)));
    }

    async fn a_browser_is_known_for_one_account_and_a_year(app: TestApp) {
        let app = &app.app;
        let anna = access::first_user(app, somebody()).await.unwrap();
        access::add_user(app, &Actor::CommandLine, NewUser { email: "b@school.nl".to_owned(), ..somebody() }).await.unwrap();
        let session = sign_in(app).await.token;
        let device = access::remember_device(app, &session, None).await.unwrap().unwrap();
        assert!(access::knows_device(app, Account::Email(" ANNA@school.nl "), &device).await.unwrap());
        assert!(access::knows_device(app, Account::Id(anna), &device).await.unwrap());
        for (email, token) in [("b@school.nl", device.as_str()), ("wie@school.nl", &device), (EMAIL, &session), (EMAIL, "")] {
            assert!(!access::knows_device(app, Account::Email(email), token).await.unwrap(), "{email}");
        }

        assert_eq!(access::remember_device(app, &session, Some(&device)).await.unwrap().as_ref(), Some(&device));
        let theirs = access::sign_in(app, "b@school.nl", PASSWORD, way()).await.unwrap().token;
        assert_ne!(access::remember_device(app, &theirs, Some(&device)).await.unwrap().as_ref(), Some(&device));

        let next_year = later(app, Duration::days(access::DEVICE_DAYS + 1));
        let session = sign_in(&next_year).await.token;
        access::remember_device(&next_year, &session, None).await.unwrap();
        assert!(!access::knows_device(app, Account::Id(anna), &device).await.unwrap());
    }

    async fn what_is_for_people_is_not_for_their_programs(app: TestApp) {
        let app = &app.app;
        access::first_user(app, somebody()).await.unwrap();
        let session = sign_in(app).await.token;
        let anna = actor_of(app, &session).await;
        let days = access::TOKEN_DAYS[0];
        let new = access::NewToken { name: "rapport".to_owned(), scope: kernschil_domain::access::TokenScope::Change, days };
        let token = access::make_token(app, &anna, new).await.unwrap().token;
        let program = access::token_actor(app, &token, app.ids.next()).await.unwrap();
        assert!(matches!(access::own(app, &program).await, Err(AppError::TokenScope { .. })));
        assert!(matches!(access::rename(app, &program, "x").await, Err(AppError::TokenScope { .. })));
        assert!(matches!(access::own_sessions(app, &program).await, Err(AppError::TokenScope { .. })));
        assert!(matches!(access::end_other_sessions(app, &program, "").await, Err(AppError::TokenScope { .. })));
        assert!(matches!(access::begin_second_factor(app, &program, PASSWORD).await, Err(AppError::TokenScope { .. })));
        assert!(!is_out(app, &session).await);
        assert_eq!(access::own(app, &anna).await.unwrap().tokens, 1);
    }
}
