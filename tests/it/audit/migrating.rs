//! A log from before the chain.

use kernschil_app::access;
use kernschil_domain::access::{Permission, Scope, ScopeKind, roles};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::UserId;
use kernschil_storage::Backend;
use uuid::Uuid;

use super::{behind_our_back, deviations, event, events, note, run, verdict};
use crate::support::TestApp;

/// An identifier as it is written in SQL.
fn id(app: &TestApp, id: Uuid) -> String {
    match app.app.store.backend() {
        Backend::Sqlite => format!("x'{}'", id.simple()),
        Backend::Postgres => format!("'{id}'"),
    }
}

both_databases! {
    async fn what_an_earlier_version_noted_is_there_and_chained_and_who_had_an_account_keeps_every_right(app: TestApp) {
        let store = &app.app.store;
        store.migrate_down(3).await.unwrap();
        let raw = behind_our_back(&app.url).await;
        let (user, other) = (Uuid::from_u128(7), Uuid::from_u128(8));
        for (user, address) in [(user, "anna@school.nl"), (other, "bert@school.nl")] {
            run(&raw, &format!(
                "INSERT INTO users (id, email, name, password_hash, created_at) VALUES ({}, '{address}', 'Iemand', '', '2026-01-01T00:00:00+00:00')",
                id(&app, user)
            )).await;
        }
        let place = r#"{"change":"c","before":null,"after":{"offer":"o","reason":"Noor wil dit zelf"}}"#;
        for (number, at, user, kind, subject, detail) in [
            (3_u128, "2026-01-03T08:00:00.123456789+00:00", Some(user), "placed-by-hand", "d", place),
            (1, "2026-01-01T08:00:00+00:00", None, "import-loaded", "i", r#"{"kind":"students","changes":[]}"#),
            (2, "2026-01-02T08:00:00.5+00:00", Some(user), "signed-in", "u", "{}"),
            (4, "2026-01-03T08:00:00.123456789+00:00", Some(other), "students-exported", "almere", r#"{"rows":12}"#),
        ] {
            let user = user.map_or_else(|| "NULL".to_owned(), |user| id(&app, user));
            let number = id(&app, Uuid::from_u128(number));
            run(&raw, &format!("INSERT INTO audit_events (id, at, user_id, kind, subject, detail) VALUES ({number}, '{at}', {user}, '{kind}', '{subject}', '{detail}')")).await;
        }

        store.migrate().await.unwrap();
        assert!(deviations(&app.app).await.is_empty());
        let all: Vec<_> = events(&app.app).await.into_iter().map(|event| event.event.unwrap()).collect();
        let kinds: Vec<_> = all.iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [EventKind::ImportLoaded, EventKind::SignedIn, EventKind::PlacedByHand, EventKind::StudentsExported]);
        assert_eq!(all.iter().map(|event| event.user).collect::<Vec<_>>(), [None, Some(UserId(user)), Some(UserId(user)), Some(UserId(other))]);
        assert_eq!(all[0].after.as_deref(), Some(r#"{"kind":"students","changes":[]}"#));
        assert_eq!((&all[1].before, &all[1].after), (&None, &None));
        assert_eq!(all[1].at.to_rfc3339(), "2026-01-02T08:00:00.500+00:00");
        // The reason was free text, in which a name can stand: it does not come along.
        assert_eq!((all[2].before.as_deref(), all[2].after.as_deref()), (Some("null"), Some(r#"{"offer":"o"}"#)));
        assert_eq!(all[3].after.as_deref(), Some(r#"{"rows":12}"#));

        // Who had an account could do everything, and still can; except what is done as one of the people of a review.
        let of_everybody = |permission: &&Permission| roles(**permission).iter().any(|role| role.scopes().contains(&ScopeKind::All));
        for user in [user, other] {
            let actor = access::actor(&app.app, UserId(user)).await.unwrap();
            let kernschil_app::Actor::User(person) = &actor else { panic!("nobody") };
            for permission in Permission::ALL.iter().filter(of_everybody) {
                assert!(person.rights.scopes(*permission).contains(&Scope::All), "{permission:?}");
            }
        }

        // What is noted from now on goes on where the old log ended.
        note(&app.app, vec![event(&app.app, "nieuw")]).await;
        let verdict = verdict(&app.app, None).await;
        assert_eq!((verdict.events, verdict.end.seq, verdict.deviations), (5, 5, vec![]));
        raw.close().await.unwrap();
    }

    async fn nobody_gets_a_changed_log_chained_again(app: TestApp) {
        note(&app.app, (0..5).map(|number| event(&app.app, &number.to_string())).collect()).await;
        let raw = behind_our_back(&app.url).await;
        for sql in [
            "UPDATE audit_log SET subject = 'iets anders' WHERE seq = 2",
            "UPDATE audit_head SET seq = 0, hash = ''",
            "UPDATE audit_log SET hash = '', previous = ''",
        ] {
            run(&raw, sql).await;
            // As every start of the program does.
            app.app.store.migrate().await.unwrap();
            assert!(!deviations(&app.app).await.is_empty(), "{sql}");
        }
        raw.close().await.unwrap();
    }

    async fn the_log_survives_going_down_and_up_again(app: TestApp) {
        note(&app.app, (0..5).map(|number| event(&app.app, &number.to_string())).collect()).await;
        app.app.store.migrate_down(3).await.unwrap();
        app.app.store.migrate().await.unwrap();
        let verdict = verdict(&app.app, None).await;
        assert_eq!((verdict.events, verdict.deviations), (5, vec![]));
    }
}
