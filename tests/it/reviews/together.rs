//! Weighing, outcome and follow-up as they are served: pages in a browser, operations for programs.

use kernschil_app::reviews::follow_up::{self, FollowUpDraft};
use kernschil_app::reviews::weighing;
use kernschil_domain::ids::Version;
use kernschil_domain::reviews::{ReportState, Review, ReviewKind, ReviewState};
use kernschil_storage::reviews;
use poem::http::Method;
use serde_json::json;

use super::browser::Browser;
use super::program::Program;
use super::reflection::REVIEW;
use super::stage::Stage;
use super::weighing::{all_hand_in, draft, found, report_in, table};
use crate::support::TestApp;

both_databases! {
    async fn the_panel_weighs_on_a_page_and_nothing_typed_is_lost(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let chair = Browser::of(&app, &stage.chair.actor).await;
        let praised = found(&app, &stage.member, "strength", "1.1", "Een sterk team").await;
        found(&app, &stage.other, "development", "1.1", "Te weinig tijd").await;
        let (_, waiting) = chair.page("weging").await;
        assert!(waiting.contains("Nog niet ingeleverd") && waiting.contains("Olga Panellid") && !waiting.contains("Een sterk team"));
        all_hand_in(&app, &stage).await;
        let (status, page) = chair.page("weging").await;
        assert_eq!(status, 200);
        for shown in ["Een sterk team", "Te weinig tijd", "1 keer spreken twee leden elkaar tegen", "nog niet gewogen", "<circle", "Dezelfde aantallen in een tabel"] {
            assert!(page.contains(shown), "{shown}");
        }
        let source = praised.to_string();
        let new = [("formulier", "nieuw-1.1"), ("soort", "development"), ("onderdeel", "1.1"), ("tekst", "Sterk, met **weinig** tijd<script>"), ("bron", &source)];
        assert_eq!(chair.post("weging", &new).await.0, 303);
        let (_, page) = chair.page("weging?gedaan=bewaard").await;
        assert!(page.contains("Sterk, met <strong>weinig</strong> tijd&lt;script&gt;") && page.contains("Gemaakt van: Mo Panellid, sterk punt"));
        let id = table(&app, &stage.chair.actor).await.joint[0].id;
        let stored = draft("development", "1.1", "Wat de secretaris opschreef", &[]);
        weighing::change(&app.app, &stage.secretary.actor, REVIEW, (id, Version::FIRST), &stored).await.unwrap();
        let typed = [("versie", "1"), ("soort", "development"), ("onderdeel", "1.1"), ("tekst", "Wat de voorzitter typte")];
        let (status, both) = chair.post(&format!("weging/{id}"), &typed).await;
        assert!(status == 409 && both.contains("Wat de secretaris opschreef") && both.contains("Wat de voorzitter typte"), "{status}");
        let (status, wrong) = chair.post("weging", &[("formulier", "nieuw"), ("soort", "strength"), ("onderdeel", "9"), ("tekst", "Blijft staan")]).await;
        assert!(status == 400 && wrong.contains("Kies een onderdeel dat in het kader staat.") && wrong.contains("Blijft staan"), "{status}");
        weighing::remove(&app.app, &stage.secretary.actor, REVIEW, (id, Version(2))).await.unwrap();
        let (status, gone) = chair.post(&format!("weging/{id}"), &[("versie", "2"), ("soort", "strength"), ("onderdeel", "2"), ("tekst", "Te laat getypt")]).await;
        assert!(status == 409 && gone.contains("intussen weggehaald") && gone.contains("Te laat getypt"), "{status}");
        assert_eq!(chair.page("weging/werkboek.xlsx").await.0, 200);
    }

    async fn a_member_says_on_the_page_that_she_sees_it_in_another_way(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        all_hand_in(&app, &stage).await;
        let id = weighing::add(&app.app, &stage.chair.actor, REVIEW, &draft("strength", "2", "Samen", &[])).await.unwrap();
        let member = Browser::of(&app, &stage.member.actor).await;
        let (_, page) = member.page("weging").await;
        assert!(page.contains("Ik zie dit anders") && !page.contains("Formuleer samen") && !page.contains("Haal weg"));
        assert_eq!(member.post(&format!("weging/{id}/anders"), &[("versie", "0"), ("tekst", "Ik mis iets")]).await.0, 303);
        let coordinator = Browser::of(&app, &stage.coordinator).await;
        let (_, hidden) = coordinator.page("weging").await;
        assert!(hidden.contains("Het panel weegt nog") && !hidden.contains("Samen gevonden"));
        report_in(&app, &stage, ReportState::Responding).await;
        let (_, told) = coordinator.page("weging").await;
        assert!(told.contains("Een panellid ziet dit anders:") && told.contains("Ik mis iets") && !told.contains("Mo Panellid"));
        assert_eq!(member.post(&format!("weging/{id}/anders-terug"), &[("versie", "1")]).await.0, 303);
        assert!(coordinator.page("weging").await.1.contains("Ik mis iets"), "as the report says that was sent");
        report_in(&app, &stage, ReportState::Responding).await;
        assert!(!coordinator.page("weging").await.1.contains("Ik mis iets"));
    }

    async fn the_outcome_is_noted_on_a_page(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let chair = Browser::of(&app, &stage.chair.actor).await;
        assert_eq!(chair.page("oordeel").await.0, 409, "a developmental review has none");
        let review = stage.review(&app).await;
        app.app.store.write(async |tx| reviews::save(tx, &Review { kind: ReviewKind::Judging, ..review }).await).await.unwrap();
        all_hand_in(&app, &stage).await;
        let version = stage.review(&app).await.version.0.to_string();
        let held = stage.review(&app).await.held_on.unwrap().to_string();
        let (status, page) = chair.post("oordeel", &[("versie", &version), ("waarborg-1", "sufficient")]).await;
        assert!(status == 400 && page.contains("Kies voldoende of onvoldoende voor “Leeromgeving”."), "{status}");
        let all = [("waarborg-1", "sufficient"), ("waarborg-2", "insufficient"), ("waarborg-3", "sufficient"), ("waarborg-4", "sufficient")];
        let fields: Vec<_> = all.into_iter().chain([("versie", version.as_str()), ("geheel", "sufficient"), ("besloten", held.as_str())]).collect();
        assert_eq!(chair.post("oordeel", &fields).await.0, 303);
        assert!(chair.page("oordeel").await.1.contains("Besloten op"));
        let (status, stale) = chair.post("oordeel", &fields).await;
        assert!(status == 409 && stale.contains("wat u invulde, staat nog in het formulier"), "{status}");
        assert!(chair.page("weging").await.1.contains("Oordeel"), "the picture shows the judgement");
        let coordinator = Browser::of(&app, &stage.coordinator).await;
        assert!(coordinator.page("oordeel").await.1.contains("Het panel oordeelt nog"));
        assert!(!coordinator.page("").await.1.contains("Besloten op"));
    }

    async fn actions_are_kept_on_a_page_and_begin_the_next_review(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        all_hand_in(&app, &stage).await;
        let id = weighing::add(&app.app, &stage.chair.actor, REVIEW, &draft("development", "2", "Kan beter", &[])).await.unwrap().to_string();
        let coordinator = Browser::of(&app, &stage.coordinator).await;
        assert!(coordinator.page("opvolging").await.1.contains("Opvolging begint als het panel het rapport ter reactie heeft gestuurd"));
        report_in(&app, &stage, ReportState::Responding).await;
        let (status, wrong) = coordinator.post("opvolging", &[("actie", "Half ingevuld"), ("uiterlijk", "ooit")]).await;
        assert!(status == 400 && wrong.contains("Half ingevuld") && wrong.contains("Vul in wanneer de actie af moet zijn."), "{status}");
        let new = [("bevinding", id.as_str()), ("actie", "Rooster aanpassen"), ("wie", "Coördinator"), ("uiterlijk", "2026-06-20"), ("stand", "open")];
        let too_early = new.map(|(field, value)| if field == "uiterlijk" { (field, "2020-01-01") } else { (field, value) });
        let (status, wrong) = coordinator.post("opvolging", &too_early).await;
        assert!(status == 400 && wrong.contains("De actie volgt op het bezoek van 15 juni 2026.") && wrong.contains("Rooster aanpassen"), "{status}");
        assert_eq!(coordinator.post("opvolging", &new).await.0, 303);
        let (_, page) = coordinator.page("opvolging?stand=open&volgorde=onderdeel&zoek=rooster").await;
        assert!(page.contains("Rooster aanpassen") && page.contains("dagen te laat") && page.contains("Kan beter"));
        assert!(coordinator.page("opvolging?stand=done").await.1.contains("Geen actie past bij wat u zoekt."));
        assert_eq!(coordinator.page("opvolging/werkboek.xlsx?stand=open").await.0, 200);
        let before = stage.review(&app).await;
        let next = kernschil_domain::ids::ReviewId(app.app.ids.next());
        let after = Review { id: next, slug: "volgende".to_owned(), state: ReviewState::Preparing, reflected_at: None, previous: Some(before.id), ..before };
        app.app.store.write(async |tx| reviews::insert(tx, &after).await).await.unwrap();
        let (status, first) = coordinator.at("/peer-reviews/volgende/vorige").await;
        assert!(status == 200 && first.contains("Rooster aanpassen") && first.contains("Leeromgeving"), "{status}");
        let (_, begins) = coordinator.at("/peer-reviews/volgende/reflectie").await;
        assert!(begins.contains("Wat er met de vorige review is gedaan") && begins.contains("1 actie; 1 open."));
        assert_eq!(coordinator.page("vorige").await.0, 404, "the first review has none before it");
    }

    async fn a_program_weighs_judges_and_follows_up(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let source = found(&app, &stage.member, "strength", "1", "Sterk").await.0;
        let (chair, member, receiver) =
            (Program::of(&app.app, &stage.chair.actor).await, Program::of(&app.app, &stage.member.actor).await, Program::of(&app.app, &stage.coordinator).await);
        let path = format!("/reviews/{REVIEW}");
        let waiting = chair.get(&format!("{path}/weighing")).await;
        assert_eq!((waiting.body["progress"].as_str(), waiting.body["waitsFor"].as_array().map(Vec::len)), (Some("waiting"), Some(4)));
        all_hand_in(&app, &stage).await;
        let new = json!({ "kind": "strength", "part": "1", "text": "Samen", "sources": [source] });
        let made = chair.send(Method::POST, &format!("{path}/joint-findings"), "", &new).await;
        assert_eq!((made.status, made.body["dissentEtag"].as_str()), (201, Some("\"0\"")), "{}", made.text);
        let (id, etag) = (made.body["id"].as_str().unwrap(), made.body["etag"].as_str().unwrap());
        let one = format!("{path}/joint-findings/{id}");
        assert_eq!(chair.send(Method::PUT, &one, "", &new).await.no(), (428, "versie-nodig"));
        let changed = chair.send(Method::PUT, &one, etag, &new).await;
        assert_eq!((changed.status, chair.send(Method::PUT, &one, etag, &new).await.no()), (200, (412, "intussen-gewijzigd")));
        assert_eq!(member.send(Method::PUT, &one, etag, &new).await.status, 403);
        let said = member.send(Method::PUT, &format!("{one}/dissent"), "\"0\"", &json!({ "text": "Anders" })).await;
        assert_eq!(said.body["dissentEtag"], "\"1\"");
        assert_eq!(member.delete(&format!("{one}/dissent"), "\"0\"").await.no(), (412, "intussen-gewijzigd"));
        let hidden = receiver.get(&format!("{path}/weighing")).await;
        assert_eq!((hidden.body["progress"].as_str(), hidden.text.contains("Samen")), (Some("private"), false));
        assert_eq!(receiver.get(&format!("{path}/weighing/workbook")).await.no(), (409, "weging-te-vroeg"));
        assert_eq!(chair.delete(&one, changed.body["etag"].as_str().unwrap()).await.status, 204);
        let away = chair.get(&format!("{path}/weighing")).await.body["removed"][0]["etag"].as_str().unwrap().to_owned();
        assert_eq!(chair.send(Method::POST, &format!("{one}/put-back"), &away, &json!({})).await.status, 200);
        assert_eq!(chair.get(&format!("{path}/outcome")).await.no(), (409, "geen-oordeel"));

        let action = json!({ "finding": id, "text": "Doen", "owner": "Coördinator", "dueOn": "2027-01-01" });
        assert_eq!(receiver.send(Method::POST, &format!("{path}/follow-ups"), "", &action).await.no(), (409, "opvolging-gesloten"));
        report_in(&app, &stage, ReportState::Responding).await;
        let told = receiver.get(&format!("{path}/weighing")).await;
        assert!(told.text.contains("Samen") && told.text.contains("Anders") && !told.text.contains(&source.to_string()));
        assert!(told.body["joint"][0]["dissents"][0].get("member").is_none(), "nor who said so");
        let kept = receiver.send(Method::POST, &format!("{path}/follow-ups"), "", &action).await;
        assert_eq!((kept.status, kept.body["status"].as_str(), kept.body["part"].as_str()), (201, Some("open"), Some("1")), "{}", kept.text);
        let its = format!("{path}/follow-ups/{}", kept.body["id"].as_str().unwrap());
        let dropped = json!({ "text": "Doen", "owner": "Coördinator", "dueOn": "2027-01-01", "status": "dropped" });
        assert_eq!(receiver.send(Method::PUT, &its, "\"1\"", &dropped).await.wrong(), ["reden-verplicht"]);
        assert_eq!(receiver.send(Method::PUT, &its, "\"9\"", &action).await.no(), (412, "intussen-gewijzigd"));
        assert_eq!(chair.get(&format!("{path}/follow-ups?status=open")).await.body.as_array().map(Vec::len), Some(1));
        assert_eq!(chair.get(&format!("{path}/previous/follow-ups")).await.status, 404);
        app.check_invariants().await;
    }

    async fn a_program_notes_an_outcome(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let review = stage.review(&app).await;
        let held = review.held_on.unwrap().to_string();
        app.app.store.write(async |tx| reviews::save(tx, &Review { kind: ReviewKind::Judging, ..review }).await).await.unwrap();
        all_hand_in(&app, &stage).await;
        let (chair, receiver) = (Program::of(&app.app, &stage.chair.actor).await, Program::of(&app.app, &stage.coordinator).await);
        let path = format!("/reviews/{REVIEW}/outcome");
        let seen = chair.get(&path).await.body["etag"].as_str().unwrap().to_owned();
        let half = json!({ "safeguards": { "1": "sufficient" }, "overall": "sufficient", "decidedOn": held });
        assert_eq!(chair.send(Method::PUT, &path, &seen, &half).await.wrong(), ["oordeel-ontbreekt"; 3]);
        let safeguards = json!({ "1": "sufficient", "2": "sufficient", "3": "sufficient", "4": "insufficient" });
        let whole = json!({ "safeguards": safeguards, "overall": "sufficient", "decidedOn": held });
        let judged = chair.send(Method::PUT, &path, &seen, &whole).await;
        assert_eq!((judged.status, judged.body["overall"].as_str()), (200, Some("sufficient")), "{}", judged.text);
        assert_eq!(chair.send(Method::PUT, &path, &seen, &whole).await.no(), (412, "intussen-gewijzigd"));
        assert!(receiver.get(&path).await.body.get("overall").is_none());
        assert_eq!(receiver.send(Method::PUT, &path, &seen, &whole).await.status, 403);
    }

    async fn an_action_in_an_old_tab_shows_both(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        report_in(&app, &stage, ReportState::Responding).await;
        let action = |text: &str| FollowUpDraft {
            text: text.to_owned(),
            owner: "Coördinator".to_owned(),
            due_on: Some("2027-01-01".parse().unwrap()),
            ..FollowUpDraft::default()
        };
        let id = follow_up::add(&app.app, &stage.coordinator, REVIEW, &action("Eerst")).await.unwrap();
        follow_up::change(&app.app, &stage.coordinator, REVIEW, (id, Version::FIRST), &action("Door een collega")).await.unwrap();
        let coordinator = Browser::of(&app, &stage.coordinator).await;
        let typed = [("versie", "1"), ("actie", "Uit het oude venster"), ("wie", "Ik"), ("uiterlijk", "2027-02-02"), ("stand", "busy")];
        let (status, both) = coordinator.post(&format!("opvolging/{id}"), &typed).await;
        assert!(status == 409 && both.contains("Door een collega") && both.contains("Uit het oude venster"), "{status}");
    }
}
