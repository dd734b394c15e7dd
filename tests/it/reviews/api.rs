//! What programs do with peer reviews: the calendar, one review with its steps, evidence, questions and the programme.

use kernschil_app::reviews;
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::frameworks::{Part, PartCode};
use kernschil_domain::ids::{TextId, Version};
use kernschil_domain::reviews::{Receiver, ReviewState, ReviewText, SaveCause};
use kernschil_storage::reviews::texts;
use poem::http::Method;
use serde_json::{Value, json};

use super::program::Program;
use super::reflection::REVIEW;
use super::stage::Stage;
use super::{LINE, new_review, one_review, registry};
use crate::support::TestApp;

const MACROS: &[u8] = b"PK\x03\x04 word/vbaProject.bin";

async fn coordinator(app: &TestApp, slug: &str) -> Program {
    let review = reviews::dossier(&app.app, &LINE, slug).await.unwrap().review;
    let Receiver::Partnership(partnership) = review.receiver else { panic!("a partnership receives") };
    let actor = app.with_role(Role::PartnershipCoordinator, Scope::Partnership(partnership)).await;
    Program::of(&app.app, &actor).await
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(|one| one["name"].as_str()).collect()
}

both_databases! {
    async fn a_review_is_made_changed_and_moved(app: TestApp) {
        one_review(&app).await;
        let partnership = *registry(&app).await.partnerships.keys().next().unwrap();
        let program = coordinator(&app, "peer-review-proef").await;
        let new = json!({
            "name": "Review 2028", "kind": "developmental", "partnership": partnership.0,
            "years": [{ "year": 2028, "source": "jaarplan" }, { "year": 2029, "source": "tekst" }], "dueOn": "2029-12-31"
        });
        let made = program.send(Method::POST, "/reviews", "", &new).await;
        assert_eq!((made.status, made.body["slug"].as_str(), made.body["state"].as_str()), (201, Some("review-2028"), Some("planned")), "{}", made.text);
        let both = json!({ "name": "Twee", "kind": "developmental", "partnership": partnership.0, "region": partnership.0 });
        assert_eq!(program.send(Method::POST, "/reviews", "", &both).await.wrong(), ["ontvanger-onbekend"]);

        let path = "/reviews/review-2028";
        let seen = program.get(path).await;
        assert_eq!(program.send(Method::PATCH, path, "", &json!({ "name": "Anders" })).await.no(), (428, "versie-nodig"));
        let visit = program.send(Method::PATCH, path, &seen.tag, &json!({ "visitOn": "2028-05-11", "dueOn": null })).await;
        assert_eq!((visit.status, visit.body["visitOn"].as_str(), visit.body["dueOn"].as_str()), (200, Some("2028-05-11"), None));
        assert_eq!(program.send(Method::PATCH, path, &seen.tag, &json!({ "name": "Anders" })).await.no(), (412, "intussen-gewijzigd"));

        let begun = program.send(Method::POST, &format!("{path}/moves"), &visit.tag, &json!({ "event": "begin" })).await;
        assert_eq!(begun.body["state"], "preparing");
        let closed = program.send(Method::POST, &format!("{path}/moves"), &begun.tag, &json!({ "event": "finish-preparing" })).await;
        assert_eq!((closed.status, closed.wrong()), (400, vec!["reflectie-ontbreekt", "ontwikkelvraag-ontbreekt", "panel-ontbreekt"]));
        let missing: Vec<_> = begun.body["next"]["missing"].as_array().unwrap().iter().map(|one| one["page"].as_str().unwrap()).collect();
        assert_eq!(missing, ["reflection", "questions", "panel"]);
        let cancel = json!({ "event": "cancel" });
        assert_eq!(program.send(Method::POST, &format!("{path}/moves"), &begun.tag, &cancel).await.wrong(), ["reden-verplicht"]);
        assert_eq!(program.send(Method::POST, &format!("{path}/second-chance"), "", &json!({})).await.status, 409);
    }

    async fn the_calendar_is_filtered_ordered_and_cut_in_pages(app: TestApp) {
        one_review(&app).await;
        let all = registry(&app).await;
        let receiver = Receiver::Partnership(*all.partnerships.keys().next().unwrap());
        for name in ["Zuid", "Midden"] {
            reviews::make(&app.app, &LINE, new_review(name, receiver)).await.unwrap();
        }
        let program = coordinator(&app, "peer-review-proef").await;
        let of = async |query: &str| program.get(&format!("/reviews{query}")).await.body;
        assert_eq!(names(&of("?sort=name").await["items"]), ["Midden", "Peer review proef", "Zuid"]);
        assert_eq!(names(&of("?sort=-name").await["items"]), ["Zuid", "Peer review proef", "Midden"]);
        assert_eq!(names(&of("?text=ZUID").await["items"]), ["Zuid"]);
        assert_eq!(names(&of("?state=closed").await["items"]), Vec::<&str>::new());
        let page = of("?sort=name&page=2&size=2").await;
        assert_eq!((names(&page["items"]), page["total"].as_u64()), (vec!["Zuid"], Some(3)));
        assert_eq!(program.get("/reviews?sort=kleur").await.wrong(), ["onbekende-waarde"]);
        assert!(program.get("/review-calendar/workbook?text=zuid").await.text.starts_with("PK"));
        let days = program.get("/reviews/zuid/days").await;
        assert!(days.text.starts_with("BEGIN:VCALENDAR"), "{}", days.text);
        let regions = program.get("/regions").await.body;
        let partnerships = program.get("/partnerships").await.body;
        let region = &partnerships[0]["regions"][0];
        assert!(regions.as_array().unwrap().iter().any(|known| &known["id"] == region && known["name"].is_string()), "{regions} {partnerships}");
        let rhythm = program.get("/review-rhythm").await.body;
        assert!(rhythm["visits"].as_array().is_some_and(|visits| !visits.is_empty()), "{rhythm}");
    }

    async fn steps_are_added_and_removed_and_keep_the_order_of_phases(app: TestApp) {
        let slug = one_review(&app).await;
        let program = coordinator(&app, &slug).await;
        let path = format!("/reviews/{slug}/steps");
        let before = program.get(&path).await;
        let count = before.body.as_array().unwrap().len();
        let call = json!({ "phase": "preparing", "name": " Kennis  maken ", "days": -40, "waitsFor": "chair" });
        let after = program.send(Method::POST, &path, &before.tag, &call).await;
        let third = &after.body.as_array().unwrap()[2];
        assert_eq!((third["name"].as_str(), third["number"].as_i64(), third["waitsFor"].as_str()), (Some("Kennis maken"), Some(3), Some("chair")), "{}", after.text);
        let phases: Vec<_> = after.body.as_array().unwrap().iter().map(|step| step["phase"].as_str().unwrap().to_owned()).collect();
        assert!(phases.is_sorted_by_key(|phase| ["preparing", "conducting", "concluding"].iter().position(|one| one == phase)), "{phases:?}");
        assert_eq!(program.send(Method::POST, &path, &before.tag, &call).await.no(), (412, "intussen-gewijzigd"));
        let far = json!({ "phase": "preparing", "name": "Ver", "days": -5000, "waitsFor": "chair" });
        assert_eq!(program.send(Method::POST, &path, &after.tag, &far).await.wrong(), ["dagen-ongeldig"]);

        let done = program.send(Method::PATCH, &format!("{path}/1"), &after.tag, &json!({ "doneOn": "2026-07-01" })).await;
        assert_eq!(done.body[0]["doneOn"], "2026-07-01");
        assert_eq!(program.delete(&format!("{path}/1"), &done.tag).await.no(), (409, "stap-klaar"));
        let open = program.send(Method::PATCH, &format!("{path}/1"), &done.tag, &json!({ "doneOn": null })).await;
        let removed = program.delete(&format!("{path}/3"), &open.tag).await;
        assert_eq!((removed.status, removed.body.as_array().unwrap().len()), (200, count));
        assert_eq!(names(&removed.body), names(&before.body));
        assert_eq!(program.delete(&format!("{path}/99"), &removed.tag).await.status, 404);
        app.check_invariants().await;
    }

    async fn a_text_under_a_lost_code_stays_to_be_read(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let text = ReviewText {
            id: TextId(app.app.ids.next()),
            review: stage.review(&app).await.id,
            part: Part { safeguard: PartCode("1".to_owned()), criterion: Some(PartCode("9.9".to_owned())) },
            body: "Van vóór het nieuwe kader".to_owned(),
            changed_at: app.app.clock.now(),
            changed_by: None,
            version: Version::FIRST,
        };
        app.app.store.write(async |tx| texts::put_current(tx, &text, SaveCause::Carried).await).await.unwrap();
        let panel = Program::of(&app.app, &stage.member.actor).await;
        let seen = panel.get(&format!("/reviews/{REVIEW}/reflection")).await.body;
        let kept: Vec<_> = seen["lostTexts"].as_array().unwrap().iter().map(|one| (one["part"].as_str().unwrap(), one["body"].as_str().unwrap())).collect();
        assert_eq!(kept, [("9.9", "Van vóór het nieuwe kader")]);
        assert!(seen["texts"].as_array().unwrap().iter().all(|one| one["part"] != "9.9"));
    }

    async fn templates_are_for_who_manages_frameworks(app: TestApp) {
        let slug = one_review(&app).await;
        let coordinator = coordinator(&app, &slug).await;
        assert_eq!(coordinator.get("/review-steps/developmental").await.status, 403);
        let admin = Program::of(&app.app, &app.with_role(Role::Administrator, Scope::All).await).await;
        let one = json!({ "steps": [{ "phase": "conducting", "name": "Bezoek", "days": 0, "waitsFor": "everybody" }] });
        assert_eq!(admin.send(Method::PUT, "/review-steps/judging", "", &one).await.status, 204);
        assert_eq!(names(&admin.get("/review-steps/judging").await.body), ["Bezoek"]);
        assert_eq!(admin.send(Method::PUT, "/review-steps/judging", "", &json!({ "steps": [] })).await.status, 204);
        assert_eq!(admin.get("/review-steps/judging").await.body.as_array().map(Vec::len), Some(10));
    }

    async fn evidence_is_brought_used_renewed_and_given_back(app: TestApp) {
        let stage = Stage::at(&app, ReviewState::Preparing).await;
        let version = stage.review(&app).await.version;
        reviews::reflection::take_back(&app.app, &stage.author.actor, REVIEW, version, "Nog iets vergeten").await.unwrap();
        let author = Program::of(&app.app, &stage.author.actor).await;
        let path = format!("/reviews/{REVIEW}/evidence");
        let made = author.upload(&format!("{path}/files?fileName=plan.pdf"), "", b"%PDF-1.7 een").await;
        assert_eq!((made.status, made.body["title"].as_str(), made.body["versions"][0]["mediaType"].as_str()), (201, Some("plan.pdf"), Some("application/pdf")), "{}", made.text);
        let one = format!("{path}/{}", made.body["id"].as_str().unwrap());
        let tag = author.get(&one).await.tag;
        let said = author.send(Method::PUT, &one, &tag, &json!({ "title": "Ons plan", "parts": ["1.1", "2"] })).await;
        assert_eq!((said.body["title"].as_str(), &said.body["parts"]), (Some("Ons plan"), &json!(["1.1", "2"])));
        let renewed = author.upload(&format!("{one}/files?fileName=plan.pdf"), &said.tag, b"%PDF-1.7 twee").await;
        assert_eq!(renewed.body["versions"].as_array().map(Vec::len), Some(2), "{}", renewed.text);
        assert_eq!(author.upload(&format!("{one}/files?fileName=plan.pdf"), &said.tag, b"%PDF-1.7 drie").await.status, 412);
        assert_eq!(author.send(Method::POST, &format!("{one}/links"), &renewed.tag, &json!({ "link": "https://school.example" })).await.no(), (409, "andere-vorm"));

        let panel = Program::of(&app.app, &stage.member.actor).await;
        assert_eq!(panel.get(&format!("{one}/versions/1")).await.text, "%PDF-1.7 een");
        assert_eq!(panel.upload(&format!("{path}/files?fileName=plan.pdf"), "", b"%PDF-1.7").await.status, 403);
        let stranger = Program::of(&app.app, &stage.stranger).await;
        assert_eq!(stranger.get(&one).await.status, 404);

        assert_eq!(author.delete(&one, &renewed.tag).await.status, 204);
        assert_eq!(author.get(&format!("{one}/versions/1")).await.status, 404);
    }

    async fn evidence_that_could_do_harm_or_is_too_large_is_refused(app: TestApp) {
        let stage = Stage::at(&app, ReviewState::Preparing).await;
        let author = Program::of(&app.app, &stage.author.actor).await;
        let path = format!("/reviews/{REVIEW}/evidence");
        for (name, bytes) in [("plan.docm", MACROS), ("plan.html", b"<script>alert(1)</script>".as_slice()), ("leeg.pdf", b"".as_slice())] {
            let refused = author.upload(&format!("{path}/files?fileName={name}"), "", bytes).await;
            assert_eq!((refused.status, refused.wrong().len()), (400, 1), "{name}: {}", refused.text);
        }
        let large = vec![b' '; 11 * 1024 * 1024];
        assert_eq!(author.upload(&format!("{path}/files?fileName=film.pdf"), "", &large).await.wrong(), ["bestand-te-groot"]);
        let huge = vec![b' '; 50 * 1024 * 1024];
        assert_eq!(author.upload(&format!("{path}/files?fileName=foto.jpg"), "", &huge).await.status, 413);
        let script = json!({ "title": "Site", "parts": ["9"], "link": "javascript:alert(1)" });
        assert_eq!(author.send(Method::POST, &format!("{path}/links"), "", &script).await.wrong(), ["onderdeel-onbekend", "adres-ongeldig"]);
        assert_eq!(author.get(&path).await.body.as_array().map(Vec::len), Some(1), "what was there stays");
    }

    async fn questions_and_the_programme_are_changed_by_who_plans(app: TestApp) {
        let stage = Stage::at(&app, ReviewState::Preparing).await;
        let plans = Program::of(&app.app, &stage.coordinator).await;
        let path = format!("/reviews/{REVIEW}/questions");
        let second = plans.send(Method::POST, &path, "", &json!({ "text": "Hoe leren studenten?", "part": "1.1" })).await;
        assert_eq!((second.status, second.body["number"].as_i64()), (201, Some(2)), "{}", second.text);
        let one = format!("{path}/{}", second.body["id"].as_str().unwrap());
        let tag = second.body["etag"].as_str().unwrap();
        let shifted = plans.send(Method::POST, &format!("{one}/shifts"), tag, &json!({ "way": "up" })).await;
        assert_eq!(shifted.body[0]["text"], "Hoe leren studenten?");
        let put = plans.send(Method::PUT, &one, tag, &json!({ "text": "En samen?" })).await;
        assert_eq!((put.body[0]["text"].as_str(), put.body[0]["part"].as_str()), (Some("En samen?"), None));
        assert_eq!(plans.delete(&one, tag).await.status, 412);
        assert_eq!(plans.delete(&one, put.body[0]["etag"].as_str().unwrap()).await.status, 204);

        let path = format!("/reviews/{REVIEW}/programme");
        let part = json!({ "startsAt": "9.30", "endsAt": "10:15", "title": "Ontvangst", "room": "Aula", "members": [stage.chair.member.0] });
        let made = plans.send(Method::POST, &path, "", &part).await;
        assert_eq!((made.status, made.body["startsAt"].as_str()), (201, Some("09:30")), "{}", made.text);
        let wrong = json!({ "startsAt": "half tien", "endsAt": "9:00", "title": "X", "members": [] });
        assert_eq!(plans.send(Method::POST, &path, "", &wrong).await.wrong(), ["tijd-ongeldig"]);
        let one = format!("{path}/{}", made.body["id"].as_str().unwrap());
        let moved = json!({ "startsAt": "10:00", "endsAt": "10:45", "title": "Ontvangst" });
        let put = plans.send(Method::PUT, &one, made.body["etag"].as_str().unwrap(), &moved).await;
        assert_eq!(put.body["parts"][0]["startsAt"], "10:00");
        assert_eq!(plans.delete(&one, made.body["etag"].as_str().unwrap()).await.status, 412);
        let panel = Program::of(&app.app, &stage.member.actor).await;
        assert_eq!(panel.get(&path).await.body["parts"].as_array().map(Vec::len), Some(1));
        assert_eq!(panel.send(Method::POST, &path, "", &moved).await.status, 403);
    }
}
