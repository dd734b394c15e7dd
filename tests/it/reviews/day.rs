//! The visit day: notes that arrive once however often they are sent, and that nobody else reads.

use kernschil_app::reviews::day::{self, NoteInput, NoteSaved};
use kernschil_app::reviews::programme::{self, NewItem};
use kernschil_app::{Actor, AppError};
use kernschil_domain::ids::{DayNoteId, Version};
use kernschil_domain::reviews::ReviewState;
use poem::http::Method;
use serde_json::json;

use super::LINE;
use super::browser::Browser;
use super::people::codes;
use super::program::Program;
use super::reflection::REVIEW;
use super::stage::Stage;
use crate::support::TestApp;

fn written(body: &str) -> NoteInput {
    NoteInput { item: None, body: body.to_owned(), written_at: None }
}

async fn save(app: &TestApp, actor: &Actor, id: DayNoteId, seen: i32, body: &str) -> Result<NoteSaved, AppError> {
    day::save(&app.app, actor, REVIEW, (id, Version(seen)), &written(body)).await
}

async fn bodies(app: &TestApp, actor: &Actor) -> Vec<String> {
    day::get(&app.app, actor, REVIEW).await.unwrap().notes.into_iter().map(|note| note.body).collect()
}

both_databases! {
    async fn a_note_that_arrives_twice_is_one_note(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let (actor, id) = (&stage.member.actor, DayNoteId(app.app.ids.next()));
        for _ in 0..3 {
            let NoteSaved::Stored(note) = save(&app, actor, id, 0, " Goed gesprek.\r\n").await.unwrap() else { panic!("kept beside") };
            assert_eq!((note.id, note.version, note.body.as_str()), (id, Version::FIRST, "Goed gesprek."));
        }
        let NoteSaved::Stored(note) = save(&app, actor, id, 1, "Heel goed gesprek.").await.unwrap() else { panic!("kept beside") };
        assert_eq!(note.version, Version(2));
        // The answer got lost on the way, and the device sends it again.
        assert_eq!(save(&app, actor, id, 1, "Heel goed gesprek.").await.unwrap(), NoteSaved::Stored(note));
        assert_eq!(bodies(&app, actor).await, ["Heel goed gesprek."]);
        app.check_invariants().await;
    }

    async fn a_note_changed_on_two_devices_becomes_two(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let (actor, id) = (&stage.chair.actor, DayNoteId(app.app.ids.next()));
        save(&app, actor, id, 0, "Eerst").await.unwrap();
        save(&app, actor, id, 1, "Op de tablet").await.unwrap();
        let NoteSaved::Beside { current, kept } = save(&app, actor, id, 1, "Op de telefoon").await.unwrap() else { panic!("replaced") };
        assert_eq!((current.body.as_str(), kept.body.as_str()), ("Op de tablet", "Op de telefoon"));
        assert_ne!(kept.id, id);
        // The telephone did not hear it, and sends again: still two.
        assert!(matches!(save(&app, actor, id, 1, "Op de telefoon").await.unwrap(), NoteSaved::Beside { .. }));
        let mut all = bodies(&app, actor).await;
        all.sort();
        assert_eq!(all, ["Op de tablet", "Op de telefoon"]);
        assert_eq!(codes(day::remove(&app.app, actor, REVIEW, (id, Version(1))).await), ["intussen-gewijzigd"]);
        day::remove(&app.app, actor, REVIEW, (id, Version(2))).await.unwrap();
        // A note that was removed here and changed there comes back: nothing that was written is lost.
        save(&app, actor, id, 2, "Toch nog iets").await.unwrap();
        assert_eq!(bodies(&app, actor).await.len(), 2);
    }

    async fn nobody_reads_the_notes_of_another(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let id = DayNoteId(app.app.ids.next());
        let secret = "De sfeer was gespannen";
        save(&app, &stage.member.actor, id, 0, secret).await.unwrap();
        for player in [&stage.chair, &stage.other, &stage.secretary] {
            assert_eq!(bodies(&app, &player.actor).await, Vec::<String>::new());
            assert!(matches!(save(&app, &player.actor, id, 1, "Van mij").await, Err(AppError::NotFound)));
            assert!(matches!(save(&app, &player.actor, id, 0, " ").await, Err(AppError::NotFound)), "also before what is wrong with it");
            assert!(matches!(day::note(&app.app, &player.actor, REVIEW, id).await, Err(AppError::NotFound)));
            assert!(matches!(day::remove(&app.app, &player.actor, REVIEW, (id, Version::FIRST)).await, Err(AppError::NotFound)));
        }
        for actor in [&stage.author.actor, &stage.observer.actor, &stage.coordinator, &stage.reader, &stage.administrator, &stage.stranger] {
            assert!(matches!(day::get(&app.app, actor, REVIEW).await, Err(AppError::Forbidden { .. } | AppError::NotFound)));
        }
        assert_eq!(day::note(&app.app, &stage.member.actor, REVIEW, id).await.unwrap().body, secret);
        assert_eq!(codes(day::get(&app.app, &LINE, REVIEW).await), ["niet-in-panel"]);
        // Nor does the log, or the version of the review, tell that she wrote something.
        let before = stage.review(&app).await.version;
        let events = async || app.app.store.read(async |tx| kernschil_storage::audit::head(tx).await).await.unwrap();
        let head = events().await;
        save(&app, &stage.member.actor, DayNoteId(app.app.ids.next()), 0, "Nog iets").await.unwrap();
        assert_eq!((stage.review(&app).await.version, events().await), (before, head));
    }

    async fn notes_stand_at_their_part_and_survive_it(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let part = NewItem { starts_at: "9.00".to_owned(), ends_at: "10.00".to_owned(), title: "Ontvangst".to_owned(), ..NewItem::default() };
        let item = programme::add(&app.app, &LINE, REVIEW, &part).await.unwrap();
        let input = NoteInput { item: Some(item), ..written("Bij de ontvangst") };
        let id = DayNoteId(app.app.ids.next());
        day::save(&app.app, &stage.member.actor, REVIEW, (id, Version(0)), &input).await.unwrap();
        assert_eq!(day::note(&app.app, &stage.member.actor, REVIEW, id).await.unwrap().item, Some(item));
        programme::remove(&app.app, &LINE, REVIEW, (item, Version::FIRST)).await.unwrap();
        // The device still has the part; what it sends arrives.
        let late = DayNoteId(app.app.ids.next());
        day::save(&app.app, &stage.member.actor, REVIEW, (late, Version(0)), &NoteInput { item: Some(item), ..written("Later") }).await.unwrap();
        assert_eq!(bodies(&app, &stage.member.actor).await.len(), 2);
    }

    async fn the_page_says_at_which_parts_one_is(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        for (from, to, members) in [
            ("9.00", "10.00", vec![]),
            ("10.00", "11.00", vec![stage.other.member]),
            ("11.00", "12.00", vec![stage.member.member, stage.chair.member]),
        ] {
            let part = NewItem { starts_at: from.to_owned(), ends_at: to.to_owned(), title: "Gesprek".to_owned(), members, ..NewItem::default() };
            programme::add(&app.app, &LINE, REVIEW, &part).await.unwrap();
        }
        let browser = Browser::of(&app, &stage.member.actor).await;
        let (_, text) = browser.page("dag").await;
        for words in ["Bezoek op maandag 15 juni 2026.", "zonder u", "Wel: Olga Panellid.", "u bent hierbij", "Met Vera Voorzitter.", "Het hele panel."] {
            assert!(text.contains(words), "{words}: {text}");
        }
        let (_, text) = browser.page("programma").await;
        assert!(text.contains("Peer review van de proef. Bezoekdag: maandag 15 juni 2026."), "{text}");
    }

    async fn what_is_no_note_is_refused_and_what_ended_stays(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let id = || DayNoteId(app.app.ids.next());
        assert_eq!(codes(save(&app, &stage.member.actor, id(), 0, " \n ").await), ["notitie-ongeldig"]);
        assert_eq!(codes(save(&app, &stage.member.actor, id(), 0, &"a".repeat(10_001)).await), ["notitie-ongeldig"]);
        stage.put_in(&app, ReviewState::Concluding).await;
        save(&app, &stage.member.actor, id(), 0, "Kwam pas later aan").await.unwrap();
        stage.put_in(&app, ReviewState::Closed).await;
        assert_eq!(codes(save(&app, &stage.member.actor, id(), 0, "Te laat").await), ["notities-gesloten"]);
        assert_eq!(bodies(&app, &stage.member.actor).await, ["Kwam pas later aan"]);
    }

    async fn a_device_sends_notes_by_the_api(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let (hers, others) = (Program::of(&app.app, &stage.member.actor).await, Program::of(&app.app, &stage.chair.actor).await);
        let path = format!("/reviews/{REVIEW}/day-notes/0190f3b2-7c4e-4000-8000-00000000beef");
        let note = json!({ "body": "Mooi voorbeeld", "writtenAt": "2026-06-15T09:30:00+02:00" });
        let made = hers.send(Method::PUT, &path, "\"0\"", &note).await;
        assert_eq!((made.status, made.tag.as_str(), made.body["writtenAt"].as_str()), (200, "\"1\"", Some("2026-06-15T07:30:00Z")), "{}", made.text);
        assert_eq!(hers.send(Method::PUT, &path, "\"0\"", &note).await.tag, "\"1\"");
        assert_eq!(hers.send(Method::PUT, &path, "", &note).await.no(), (428, "versie-nodig"));
        let stale = hers.send(Method::PUT, &path, "\"9\"", &json!({ "body": "Anders" })).await;
        assert_eq!(stale.no(), (412, "intussen-gewijzigd"));
        assert_eq!(hers.get(&format!("/reviews/{REVIEW}/day-notes")).await.body.as_array().map(Vec::len), Some(2));
        assert_eq!(others.send(Method::PUT, &path, "\"0\"", &note).await.status, 404);
        assert_eq!(others.get(&format!("/reviews/{REVIEW}/day-notes")).await.body, json!([]));
        assert_eq!(hers.delete(&path, "\"1\"").await.status, 204);
        assert_eq!(hers.delete(&path, "\"1\"").await.status, 404);
    }
}
