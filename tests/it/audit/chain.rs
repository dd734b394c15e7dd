//! Writing at the end, moving the beginning, and an earlier end.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use kernschil_app::listing::PageRequest;
use kernschil_app::{Actor, App, AppError, audit as log};
use kernschil_domain::access::Role;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{Clock, UserId};
use kernschil_storage::audit::{Deviation, NewEvent};
use kernschil_storage::{StorageError, WriteTx, audit, rounds};
use uuid::Uuid;

use super::{behind_our_back, deviations, event, events, note, run, verdict};
use crate::support::TestApp;

struct At(DateTime<Utc>);

impl Clock for At {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

fn at(app: &App, moment: &str) -> App {
    App { clock: Arc::new(At(moment.parse().unwrap())), ..app.clone() }
}

/// Removes the oldest part and says so, as the retention terms do.
async fn prune(app: &App, before: DateTime<Utc>) -> Option<log::LogEnd> {
    let write = async |tx: &WriteTx| {
        let base = audit::prune(tx, before).await?;
        if let Some(base) = &base {
            let after = Some(audit::pruned(base).to_string());
            tx.note(NewEvent { kind: EventKind::AuditPruned, after, ..event(app, "") });
        }
        Ok::<_, StorageError>(base)
    };
    app.store.write(write).await.unwrap()
}

both_databases! {
    async fn fifty_writers_at_once_make_one_unbroken_chain(app: TestApp) {
        app.load_example("almere").await;
        let round = app.only_round().await;
        let before = verdict(&app.app, None).await.events;
        let tasks: Vec<_> = (0..50).map(|number| {
            let (app, round) = (app.app.clone(), round.clone());
            tokio::spawn(async move {
                app.store.write(async |tx| {
                    // Half of them also hold the round, before or after they note something.
                    tx.note(event(&app, &format!("{number} first")));
                    if number % 2 == 0 {
                        rounds::lock(tx, &round).await?;
                    }
                    tokio::task::yield_now().await;
                    tx.note(event(&app, &format!("{number} second")));
                    if number % 10 == 9 { Err(StorageError::NotFound) } else { Ok(()) }
                }).await
            })
        }).collect();
        let all = async {
            let mut done = 0;
            for task in tasks {
                done += u64::from(task.await.unwrap().is_ok());
            }
            done
        };
        let done = tokio::time::timeout(Duration::from_mins(1), all).await.expect("nobody waits for somebody who waits");
        assert_eq!(done, 45);
        let verdict = verdict(&app.app, None).await;
        assert_eq!((verdict.events, verdict.deviations), (before + 90, vec![]));
        // What one transaction notes stays together, in order; what failed left nothing.
        let subjects: Vec<_> = events(&app.app).await.into_iter().skip(usize::try_from(before).unwrap()).map(|e| e.event.unwrap().subject).collect();
        for pair in subjects.chunks(2) {
            let number = pair[0].strip_suffix(" first").unwrap();
            assert_eq!(pair[1], format!("{number} second"));
            assert_ne!(number.parse::<u32>().unwrap() % 10, 9);
        }
    }

    async fn an_event_comes_back_as_it_was_noted_to_the_microsecond(app: TestApp) {
        let noted = NewEvent {
            at: "2026-10-25T00:30:00.123456789Z".parse().unwrap(),
            user: Some(UserId(Uuid::from_u128(7))),
            role: Some(Role::InstituteStaff),
            before: Some(r#"{"b":1,  "a":"é \" \\ ' \u0000 𝄞","n":0.10}"#.to_owned()),
            after: Some("null".to_owned()),
            request: Some(Uuid::from_u128(9)),
            ..event(&app.app, "een 'onderwerp'")
        };
        note(&app.app, vec![noted.clone(), event(&app.app, "")]).await;
        let found = events(&app.app).await;
        let first = found[0].event.as_ref().unwrap();
        assert_eq!(first.at.to_rfc3339(), "2026-10-25T00:30:00.123456+00:00");
        assert_eq!((first.id, first.user, first.role, first.kind), (noted.id, noted.user, noted.role, noted.kind));
        assert_eq!((&first.subject, &first.before, &first.after, first.request), (&noted.subject, &noted.before, &noted.after, noted.request));
        assert_eq!(found.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 2]);
        assert!(deviations(&app.app).await.is_empty());
    }

    async fn an_empty_log_is_a_good_log(app: TestApp) {
        let verdict = verdict(&app.app, None).await;
        assert_eq!((verdict.events, verdict.end.to_string(), verdict.deviations), (0, "0:".to_owned(), vec![]));
    }

    async fn more_events_than_fit_in_one_statement_are_one_chain(app: TestApp) {
        note(&app.app, (0..4_100).map(|number| event(&app.app, &number.to_string())).collect()).await;
        let verdict = verdict(&app.app, None).await;
        assert_eq!((verdict.events, verdict.end.seq, verdict.deviations), (4_100, 4_100, vec![]));
    }

    async fn the_oldest_part_goes_at_the_end_of_its_term_and_an_event_says_so(app: TestApp) {
        for day in 1..=4 {
            let then = at(&app.app, &format!("2026-03-0{day}T12:00:00Z"));
            note(&then, vec![event(&then, "eerste"), event(&then, "tweede")]).await;
        }
        let kept = verdict(&app.app, None).await.end;
        let day = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let base = prune(&app.app, day("2026-03-03T00:00:00Z")).await.unwrap();
        assert_eq!(base.seq, 4);
        let all = events(&app.app).await;
        assert_eq!(all.iter().map(|event| event.seq).collect::<Vec<_>>(), [5, 6, 7, 8, 9]);
        assert_eq!(all[4].event.as_ref().unwrap().kind, EventKind::AuditPruned);
        assert!(deviations(&app.app).await.is_empty());

        // An end that is still there proves as much as before; the place where the chain begins now does too.
        for since in [&kept, &base] {
            assert_eq!(verdict(&app.app, Some(since)).await.deviations, []);
        }
        let gone = log::LogEnd { seq: 2, hash: kept.hash.clone() };
        assert_eq!(verdict(&app.app, Some(&gone)).await.deviations, [Deviation::Removed { seq: 2 }]);
        let other = log::LogEnd { seq: base.seq, hash: kept.hash.clone() };
        assert_eq!(verdict(&app.app, Some(&other)).await.deviations, [Deviation::Rewritten { seq: 4 }]);

        // Nothing left to remove is nothing to tell.
        assert!(prune(&app.app, day("2026-03-03T00:00:00Z")).await.is_none());
        assert_eq!(verdict(&app.app, None).await.events, 5);
        // Once more, also past the event of the first time.
        let base = prune(&app.app, day("2027-01-01T00:00:00Z")).await.unwrap();
        assert_eq!((base.seq, verdict(&app.app, None).await.events), (9, 1));
        assert!(deviations(&app.app).await.is_empty());
        note(&app.app, vec![event(&app.app, "verder")]).await;
        assert!(deviations(&app.app).await.is_empty());
    }

    async fn a_beginning_that_nobody_told_of_is_found(app: TestApp) {
        note(&app.app, (0..4).map(|number| event(&app.app, &number.to_string())).collect()).await;
        let later = app.app.clock.now() + chrono::Duration::days(1);
        let base = app.app.store.write(async |tx| audit::prune(tx, later).await).await.unwrap().unwrap();
        assert_eq!(deviations(&app.app).await, [Deviation::Base { seq: base.seq }]);
    }

    async fn who_writes_the_whole_log_anew_is_found_by_an_earlier_end(app: TestApp) {
        note(&app.app, (0..6).map(|number| event(&app.app, &number.to_string())).collect()).await;
        let kept = verdict(&app.app, None).await.end;
        note(&app.app, vec![event(&app.app, "later")]).await;
        assert_eq!(verdict(&app.app, Some(&kept)).await.deviations, []);

        let raw = behind_our_back(&app.url).await;
        let wipe = ["DELETE FROM audit_log", "UPDATE audit_head SET seq = 0, hash = ''"];
        for (written, found) in [(9, Deviation::Rewritten { seq: 6 }), (6, Deviation::Rewritten { seq: 6 }), (3, Deviation::Shortened { seq: 6 }), (0, Deviation::Shortened { seq: 6 })] {
            for sql in wipe {
                run(&raw, sql).await;
            }
            note(&app.app, (0..written).map(|number| event(&app.app, &format!("nieuw {number}"))).collect()).await;
            assert_eq!(deviations(&app.app).await, [], "a chain that is right in itself");
            assert_eq!(verdict(&app.app, Some(&kept)).await.deviations, [found], "{written}");
        }
        raw.close().await.unwrap();
    }

    async fn one_row_that_nobody_can_read_does_not_hide_the_others(app: TestApp) {
        note(&app.app, (0..3).map(|number| event(&app.app, &number.to_string())).collect()).await;
        let raw = behind_our_back(&app.url).await;
        run(&raw, "UPDATE audit_log SET kind = 'iets-anders' WHERE seq = 2").await;
        let page = log::events(&app.app, &Actor::CommandLine, &log::EventQuery::default(), PageRequest::default()).await.unwrap().page;
        let read: Vec<_> = page.rows.iter().map(|row| (row.seq, row.event.is_some())).collect();
        assert_eq!(read, [(3, true), (2, false), (1, true)]);
        assert!(page.rows[1].sentence.text().contains("kernschil check audit"));
        raw.close().await.unwrap();
    }

    async fn only_who_may_reads_the_log(app: TestApp) {
        use kernschil_app::access::{self, NewUser};
        use kernschil_domain::access::Scope;
        let new = NewUser { email: "r@school.nl".into(), name: "Robin".into(), password: "een zin die niemand raadt".into(), roles: vec![(Role::RegionCoordinator, Scope::All)] };
        let user = access::add_user(&app.app, &Actor::CommandLine, new).await.unwrap();
        let actor = access::actor(&app.app, user).await.unwrap();
        let query = log::EventQuery::default();
        assert!(matches!(log::events(&app.app, &actor, &query, PageRequest::default()).await, Err(AppError::Forbidden { .. })));
        assert!(matches!(log::workbook(&app.app, &actor, &query).await, Err(AppError::Forbidden { .. })));
    }
}
