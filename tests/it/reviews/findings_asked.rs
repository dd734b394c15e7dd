//! Findings as they are asked for: by a browser that was left open, and by a program.

use kernschil_app::reviews::findings;
use kernschil_domain::reviews::{Finding, FindingKind};
use poem::http::Method;
use serde_json::json;

use super::browser::Browser;
use super::findings::rewritten;
use super::program::Program;
use super::reflection::REVIEW;
use super::stage::{Player, Stage};
use crate::support::TestApp;

const PAGE: &str = "bevindingen";
const LIST: &str = "/reviews/almere-proef/findings";

async fn own(app: &TestApp, who: &Player) -> Vec<Finding> {
    findings::list(&app.app, &who.actor, REVIEW).await.unwrap().own.unwrap().findings
}

async fn texts(app: &TestApp, who: &Player) -> Vec<String> {
    own(app, who).await.into_iter().map(|finding| finding.text).collect()
}

fn form<'f>(version: &'f str, text: &'f str) -> [(&'f str, &'f str); 4] {
    [("versie", version), ("soort", "strength"), ("onderdeel", "2"), ("bevinding", text)]
}

both_databases! {
    async fn a_tab_that_was_left_open_shows_both_texts_and_loses_none(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let browser = Browser::of(&app, &stage.member.actor).await;
        assert_eq!(browser.post(PAGE, &form("", "Zo stond het er")).await.0, 303);
        let path = format!("{PAGE}/{}", own(&app, &stage.member).await[0].id);
        assert_eq!(browser.post(&path, &form("1", "Uit het ene venster")).await.0, 303);
        let (status, page) = browser.post(&path, &form("1", "Uit het andere venster")).await;
        assert_eq!(status, 409);
        assert!(page.contains("Uit het ene venster") && page.contains("Uit het andere venster"), "{page}");
        assert!(page.contains("name=\"versie\" value=\"2\""), "what is saved next is saved over what was shown");
        assert_eq!(texts(&app, &stage.member).await, ["Uit het ene venster"]);
        assert_eq!(browser.post(&path, &form("2", "Samengevoegd")).await.0, 303);

        let (status, wrong) = browser.post(&path, &form("3", " ")).await;
        assert_eq!((status, wrong.contains("field-error")), (400, true));
        assert_eq!(browser.post(&format!("{path}/verwijderen"), &[("versie", "2")]).await.0, 409);
        assert_eq!(texts(&app, &stage.member).await, ["Samengevoegd"]);
        assert_eq!(browser.post(&format!("{path}/verwijderen"), &[("versie", "3")]).await.0, 303);
        // What was typed about a finding that is gone is offered as a new one.
        let (status, gone) = browser.post(&path, &form("3", "Nog een gedachte")).await;
        assert_eq!((status, gone.contains("Nog een gedachte")), (404, true));
    }

    async fn a_finding_that_was_removed_comes_back_with_one_button(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let finding = stage.finds(&app, &stage.member, FindingKind::Strength, "2", "Toch wel waar").await;
        let browser = Browser::of(&app, &stage.member.actor).await;
        let path = format!("{PAGE}/{}/verwijderen", finding.id);
        let (status, stale) = browser.post(&path, &[("versie", "9")]).await;
        assert!(status == 409 && stale.contains("U heeft deze bevinding intussen ergens anders gewijzigd"), "{stale}");
        assert!(!stale.contains("Iemand anders"));
        assert_eq!(browser.post(&path, &[("versie", "1")]).await.0, 303);
        let (_, page) = browser.page(&format!("{PAGE}?gedaan=verwijderd")).await;
        assert!(page.contains("Ongedaan maken"), "{page}");
        let value = |name: &str| page.split(&format!("name=\"{name}\" value=\"")).nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        let (change, seen) = (value("wijziging"), value("gezien"));
        assert_eq!(browser.post(&format!("{PAGE}-geschiedenis"), &[("wijziging", &change), ("gezien", &seen)]).await.0, 303);
        assert_eq!(texts(&app, &stage.member).await, ["Toch wel waar"]);
        let (_, again) = browser.page(&format!("{PAGE}?gedaan=verwijderd")).await;
        assert!(!again.contains("Ongedaan maken"), "it was taken back");
    }

    async fn one_number_seals_what_was_handed_in_and_its_owner_can_recount_it(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        stage.finds(&app, &stage.member, FindingKind::Strength, "2", "Verzegeld").await;
        let browser = Browser::of(&app, &stage.member.actor).await;
        let (_, asked) = browser.page(&format!("{PAGE}-inleveren")).await;
        assert!(!asked.contains("Controlegetal"), "a number that is not the seal: {asked}");
        stage.hands_in(&app, &stage.member).await;
        let list = findings::list(&app.app, &stage.member.actor, REVIEW).await.unwrap().own.unwrap();
        let sealed = list.handed_in.clone().unwrap();
        let (_, page) = browser.page(PAGE).await;
        assert!(page.contains(&sealed.hash) && page.contains(&sealed.salt) && !page.contains(&list.hash), "{page}");
        let own = Program::of(&app.app, &stage.member.actor).await.get(LIST).await.body["own"].clone();
        assert_eq!((own["seal"].as_str(), own["salt"].as_str()), (Some(sealed.hash.as_str()), Some(sealed.salt.as_str())));
        let review = stage.review(&app).await.id;
        assert_eq!(findings::seal(own["salt"].as_str().unwrap(), review, list.member, &list.findings), sealed.hash);
    }

    async fn a_form_says_whose_it_is_and_in_which_cell_it_is_wrong(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        stage.finds(&app, &stage.member, FindingKind::Strength, "2", "Op het formulier").await;
        let browser = Browser::of(&app, &stage.member.actor).await;
        let path = format!("{PAGE}-formulier");
        let bytes = browser.file(&format!("{path}.xlsx")).await;
        let raw = kernschil_spreadsheets::read_direct(&bytes, &kernschil_spreadsheets::Limits::default()).unwrap();
        let told = format!("{:?}", raw.sheets.iter().find(|sheet| sheet.name == "Over dit formulier").unwrap());
        assert!(told.contains("Mo Panellid") && told.contains(&stage.review(&app).await.name), "{told}");
        let wrong = rewritten(&bytes, &[("Op het formulier", "Anders"), ("sterk punt", "een acht")]);
        let (status, page) = browser.post_parts(&path, &[], Some(("formulier.xlsx", wrong))).await;
        assert_eq!(status, 400);
        assert!(page.contains(", kolom Soort, zegt “een acht”. Kies uit de lijst: sterk punt, ontwikkelpunt, vraag, goede praktijk."), "{page}");
        assert!(page.contains("Cel C"), "{page}");
    }

    async fn the_page_of_another_does_not_exist_whatever_is_sent(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let secret = stage.finds(&app, &stage.other, FindingKind::Development, "2", "Niet voor anderen").await;
        let path = format!("{PAGE}/{}", secret.id);
        for (player, status) in [(&stage.member, 404), (&stage.chair, 404), (&stage.observer, 403), (&stage.author, 403)] {
            let browser = Browser::of(&app, &player.actor).await;
            assert_eq!(browser.page(&path).await.0, status);
            assert_eq!(browser.post(&path, &form("1", "Van een ander")).await.0, status);
            assert_eq!(browser.post(&format!("{path}/verwijderen"), &[("versie", "1")]).await.0, status);
        }
        assert_eq!(own(&app, &stage.other).await, [secret]);
    }

    async fn handing_in_asks_first_and_hands_in_what_was_seen(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        stage.finds(&app, &stage.member, FindingKind::Strength, "2", "Gezien").await;
        let browser = Browser::of(&app, &stage.member.actor).await;
        let hash = |list: findings::FindingsList| list.own.unwrap().hash;
        let seen = hash(findings::list(&app.app, &stage.member.actor, REVIEW).await.unwrap());
        let (status, asked) = browser.page(&format!("{PAGE}-inleveren")).await;
        assert!(status == 200 && asked.contains(&seen));
        stage.finds(&app, &stage.member, FindingKind::Strength, "3", "In een ander venster").await;
        assert_eq!(browser.post(&format!("{PAGE}-inleveren"), &[("gezien", &seen)]).await.0, 409);
        let seen = hash(findings::list(&app.app, &stage.member.actor, REVIEW).await.unwrap());
        assert_eq!(browser.post(&format!("{PAGE}-inleveren"), &[("gezien", &seen)]).await.0, 303);
        // A tab that was left open can change nothing any more, and gives back what was typed.
        let (status, late) = browser.post(PAGE, &form("", "Te laat bedacht")).await;
        assert!(status == 409 && late.contains("Te laat bedacht"));
        assert_eq!(texts(&app, &stage.member).await, ["Gezien", "In een ander venster"]);
    }

    async fn a_form_that_is_brought_back_is_shown_first_and_again_when_it_is_stale(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let finding = stage.finds(&app, &stage.member, FindingKind::Strength, "2", "Op het formulier").await;
        let browser = Browser::of(&app, &stage.member.actor).await;
        let path = format!("{PAGE}-formulier");
        let bytes = browser.file(&format!("{path}.xlsx")).await;
        assert_eq!(browser.post_parts(&path, &[], None).await.0, 400, "no file was chosen");
        assert_eq!(browser.post_parts(&path, &[], Some(("plaatje.xlsx", b"geen werkboek".to_vec()))).await.0, 400);
        let filled = rewritten(&bytes, &[("Op het formulier", "Onderweg geschreven")]);
        let (status, preview) = browser.post_parts(&path, &[], Some(("formulier.xlsx", filled))).await;
        assert!(status == 200 && preview.contains("Onderweg geschreven"), "{preview}");
        assert_eq!(texts(&app, &stage.member).await, ["Op het formulier"], "nothing was stored yet");

        let id = finding.id.to_string();
        let chosen = |version: &'static str, choice: &'static str| {
            let row = [("kenmerk-0", id.as_str()), ("versie-0", version), ("keuze-0", choice), ("soort-0", "strength")];
            row.into_iter().chain([("onderdeel-0", "2"), ("bevinding-0", "Onderweg geschreven")]).collect::<Vec<_>>()
        };
        browser.post(&format!("{PAGE}/{id}"), &form("1", "Intussen op het scherm")).await;
        let (status, page) = browser.post_parts(&format!("{path}/overnemen"), &chosen("1", "form"), None).await;
        assert!(status == 409 && page.contains("Onderweg geschreven") && page.contains("Intussen op het scherm"), "{page}");
        assert_eq!(texts(&app, &stage.member).await, ["Intussen op het scherm"]);
        let (status, taken) = browser.post_parts(&format!("{path}/overnemen"), &chosen("2", "both"), None).await;
        assert_eq!(status, 303, "{taken}");
        assert_eq!(texts(&app, &stage.member).await, ["Intussen op het scherm", "Onderweg geschreven"]);
    }

    async fn a_program_says_what_it_saw(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let (member, other) = (Program::of(&app.app, &stage.member.actor).await, Program::of(&app.app, &stage.other.actor).await);
        let says = |text: &str| json!({ "kind": "strength", "part": "2", "text": text, "evidence": [] });
        let made = member.send(Method::POST, LIST, "", &says("Van een programma")).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let path = format!("{LIST}/{}", made.body["id"].as_str().unwrap());
        let unseen = member.send(Method::PUT, &path, "", &says("Zonder te kijken")).await;
        assert_eq!(unseen.no(), (428, "versie-nodig"));
        assert!(!unseen.text.contains("plaatsing") && unseen.text.contains("If-Match"), "{}", unseen.text);
        assert_eq!(member.send(Method::PUT, &path, "\"9\"", &says("Van een andere versie")).await.no(), (412, "intussen-gewijzigd"));
        assert_eq!(other.send(Method::PUT, &path, "\"1\"", &says("Van een ander")).await.no(), (404, "niet-gevonden"));
        let changed = member.send(Method::PUT, &path, "\"1\"", &says("Beter")).await;
        assert_eq!((changed.status, changed.tag.as_str()), (200, "\"2\""));
        assert_eq!(member.delete(&path, "\"1\"").await.no(), (412, "intussen-gewijzigd"));

        let form = member.get("/reviews/almere-proef/findings-form").await;
        assert_eq!(form.status, 200);
        let seen = member.get(LIST).await.tag;
        let hand_ins = "/reviews/almere-proef/findings-hand-ins";
        assert_eq!(member.send(Method::POST, hand_ins, &seen, &json!({ "contents": "nothing" })).await.no(), (409, "toch-bevindingen"));
        assert_eq!(member.send(Method::POST, hand_ins, "\"oud\"", &json!({ "contents": "findings" })).await.status, 412);
        let done = member.send(Method::POST, hand_ins, &seen, &json!({ "contents": "findings" })).await;
        assert!(done.status == 200 && done.body["own"]["handedInAt"].is_string(), "{}", done.text);
        assert_eq!(member.delete(&path, "\"2\"").await.no(), (409, "bevindingen-ingeleverd"));
        assert_eq!(texts(&app, &stage.member).await, ["Beter"]);
    }

    async fn a_program_takes_a_form_over_in_one_piece(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let kept = stage.finds(&app, &stage.member, FindingKind::Strength, "2", "Op het formulier").await;
        let left = stage.finds(&app, &stage.member, FindingKind::Question, "3", "Weg op het formulier").await;
        let secret = stage.finds(&app, &stage.other, FindingKind::Question, "3", "Van een ander").await;
        let member = Program::of(&app.app, &stage.member.actor).await;
        let form = member.get("/reviews/almere-proef/findings-form").await.bytes;
        let filled = rewritten(&form, &[("Op het formulier", "Onderweg geschreven"), ("Weg op het formulier", "")]);
        let read = member.upload("/reviews/almere-proef/findings-form", "", &filled).await;
        assert_eq!(read.status, 200, "{}", read.text);
        let kinds: Vec<_> = read.body["differences"].as_array().unwrap().iter().map(|one| one["difference"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["changed", "left-out"]);

        let takeovers = "/reviews/almere-proef/findings-takeovers";
        let says = |kind: &str, text: &str| json!({ "choice": "form", "finding": kept.id.0, "kind": kind, "part": "2", "text": text });
        let both = json!({ "choices": [says("strength", "Onderweg geschreven"), { "choice": "form", "finding": left.id.0 }] });
        assert_eq!(member.send(Method::POST, takeovers, "", &both).await.no(), (428, "versie-nodig"));
        assert_eq!(member.send(Method::POST, takeovers, "\"oud\"", &both).await.no(), (412, "intussen-gewijzigd"));
        let unknown = json!({ "choices": [says("goed", " "), { "choice": "both", "kind": "strength", "part": "99", "text": "Nieuw" }] });
        let refused = member.send(Method::POST, takeovers, &read.tag, &unknown).await;
        assert_eq!((refused.status, refused.wrong()), (400, vec!["soort-onbekend", "tekst-ontbreekt", "onderdeel-onbekend"]));
        assert_eq!(refused.body["errors"][2]["pointer"], "/choices/1/part");
        for wrong in [json!({ "choices": "alle" }), json!({ "choices": [{ "choice": "weg" }] }), json!({ "choices": [{ "keuze": "form" }] })] {
            assert_eq!(member.send(Method::POST, takeovers, &read.tag, &wrong).await.status, 400);
        }
        let foreign = json!({ "choices": [{ "choice": "form", "finding": secret.id.0 }] });
        assert_eq!(member.send(Method::POST, takeovers, &read.tag, &foreign).await.no(), (404, "niet-gevonden"));
        assert_eq!(texts(&app, &stage.member).await, ["Op het formulier", "Weg op het formulier"], "all of it or nothing");

        let taken = member.send(Method::POST, takeovers, &read.tag, &both).await;
        assert_eq!(taken.status, 200, "{}", taken.text);
        assert_eq!(texts(&app, &stage.member).await, ["Onderweg geschreven"]);
        assert_eq!(texts(&app, &stage.other).await, ["Van een ander"]);
        assert_eq!(member.send(Method::POST, takeovers, &read.tag, &both).await.no(), (412, "intussen-gewijzigd"), "a form twice");
        app.check_invariants().await;
    }

    async fn what_was_changed_or_taken_away_comes_back_and_only_she_knows(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let (member, other) = (Program::of(&app.app, &stage.member.actor).await, Program::of(&app.app, &stage.other.actor).await);
        let (changes, back) = ("/reviews/almere-proef/findings-changes", "/reviews/almere-proef/findings-restorations");
        let says = |text: &str| json!({ "kind": "strength", "part": "2", "text": text, "evidence": [] });
        let made = member.send(Method::POST, LIST, "", &says("Eerst zo")).await;
        let path = format!("{LIST}/{}", made.body["id"].as_str().unwrap());
        member.send(Method::PUT, &path, "\"1\"", &says("Toen zo")).await;
        assert_eq!(member.delete(&path, "\"2\"").await.status, 204);
        let journal = member.get(changes).await;
        let told = |field: &str| journal.body["changes"].as_array().unwrap().iter().map(|one| one[field].clone()).collect::<Vec<_>>();
        assert_eq!(told("change"), ["removed", "changed", "added"]);
        assert_eq!(told("text"), ["Toen zo", "Toen zo", "Eerst zo"]);
        let (removal, first) = (json!({ "change": told("id")[0] }), json!({ "change": told("id")[2] }));
        assert_eq!(other.get(changes).await.body["changes"], json!([]), "each has a journal of her own");
        let others_tag = other.get(LIST).await.tag;
        assert_eq!(other.send(Method::POST, back, &others_tag, &removal).await.no(), (404, "niet-gevonden"));

        assert_eq!(member.send(Method::POST, back, "", &removal).await.no(), (428, "versie-nodig"));
        assert_eq!(member.send(Method::POST, back, "\"oud\"", &removal).await.no(), (412, "intussen-gewijzigd"));
        let restored = member.send(Method::POST, back, &journal.tag, &removal).await;
        assert_eq!((restored.status, texts(&app, &stage.member).await), (200, vec!["Toen zo".to_owned()]));
        member.send(Method::POST, back, &restored.tag, &first).await;
        assert_eq!(texts(&app, &stage.member).await, ["Toen zo", "Eerst zo"], "what came back is another finding than what it was");

        let browser = Browser::of(&app, &stage.member.actor).await;
        let page = format!("{PAGE}-geschiedenis");
        let (status, shown) = browser.page(&page).await;
        assert!(status == 200 && shown.contains("Verwijderd") && shown.contains("Zet de bevinding terug"), "{shown}");
        let change = told("id")[1].as_str().unwrap().to_owned();
        assert_eq!(browser.post(&page, &[("wijziging", &change), ("gezien", "oud")]).await.0, 409);
        let seen = member.get(LIST).await.tag;
        assert_eq!(browser.post(&page, &[("wijziging", &change), ("gezien", seen.trim_matches('"'))]).await.0, 303);
        assert_eq!(texts(&app, &stage.member).await.len(), 3);
        let seen = member.get(LIST).await.tag;
        member.send(Method::POST, "/reviews/almere-proef/findings-hand-ins", &seen, &json!({ "contents": "findings" })).await;
        assert_eq!(member.send(Method::POST, back, &seen, &removal).await.no(), (409, "bevindingen-ingeleverd"));
        assert_eq!(browser.post(&page, &[("wijziging", &change), ("gezien", seen.trim_matches('"'))]).await.0, 409);
        app.check_invariants().await;
    }
}
