//! The report as it is served: pages in a browser, operations for programs.

use kernschil_app::reviews::{move_on, report};
use kernschil_domain::reviews::{FindingKind, ReviewEvent, ReviewState};
use poem::http::Method;
use serde_json::json;

use super::browser::Browser;
use super::program::Program;
use super::reflection::REVIEW;
use super::report::{AGREED, found, written};
use super::stage::Stage;
use crate::support::TestApp;

/// Where each of these stands in a page; all of them do, in this order.
fn in_order(page: &str, pieces: &[&str]) {
    let mut from = 0;
    for piece in pieces {
        let at = page[from..].find(piece).unwrap_or_else(|| panic!("{piece} does not follow in {page}"));
        from += at + piece.len();
    }
}

both_databases! {
    async fn the_page_tells_what_the_files_tell_and_is_a_concept_until_it_is_final(app: TestApp) {
        let stage = written(&app).await;
        let secretary = Browser::of(&app, &stage.secretary.actor).await;
        let author = Browser::of(&app, &stage.author.actor).await;
        let (status, page) = secretary.page("rapport/versies/2").await;
        assert_eq!(status, 200);
        in_order(&page, &["CONCEPT", "Wij bezochten u met plezier.", "Vera Voorzitter", "Het beeld per waarborg", "1 sterk punt; 1 daarvan ziet een panellid anders", "geen bevindingen", "Sterk punt 1", "De visie is gedeeld:", "Een panellid ziet dit anders:", "Niet op elke school.", "Ontwikkelpunt 1", "<strong>werkplekleren</strong>", "Begin bij <em>"]);
        for word in ["score", "voldoende", "oordeel"] {
            assert!(!page.to_lowercase().contains(word), "{word}");
        }
        assert_eq!(author.page("rapport/versies/2").await.0, 404);
        assert!(author.page("rapport").await.1.contains("U krijgt bericht als u kunt reageren."));
        let (_, compared) = secretary.page("rapport/verschil?van=1&naar=2").await;
        in_order(&compared, &["Inleiding", "nieuw", "Wij bezochten u met plezier.", "Wat kan beter aan het werkplekleren?"]);

        assert_eq!(secretary.post("rapport/versturen", &[("nummer", "2"), ("datum", "2026-06-01")]).await.0, 400);
        assert_eq!(secretary.post("rapport/versturen", &[("nummer", "2"), ("datum", "2026-07-15")]).await.0, 303);
        let (_, page) = author.page("rapport/reactie").await;
        in_order(&page, &["Reageren kan tot en met 15 juli 2026", "CONCEPT", "Wij bezochten u", "Reageer op deze alinea"]);
        let (status, page) = author.post("rapport/reactie", &[("nummer", "2"), ("alinea", "leeromgeving/1"), ("tekst", " ")]).await;
        assert!(status == 400 && page.contains("Schrijf een tekst van hooguit 4000 tekens."), "{page}");
        let said = [("nummer", "2"), ("alinea", "leeromgeving/1"), ("tekst", "Dit klopt *niet* meer.<script>")];
        assert_eq!(author.post("rapport/reactie", &said).await.0, 303);
        let (_, page) = secretary.page("rapport/reactie").await;
        in_order(&page, &["Ontwikkelpunt 1", "nog niet beantwoord", "Dit klopt <em>niet</em> meer.&lt;script&gt;", "Beantwoord"]);

        let chair = Browser::of(&app, &stage.chair.actor).await;
        let (status, page) = chair.post("rapport/vaststellen", &[("nummer", "2"), ("klaar", "ja")]).await;
        assert!(status == 409 && page.contains("Eén reactie is nog niet beantwoord."), "{page}");
        let comment = report::overview(&app.app, &stage.chair.actor, REVIEW).await.unwrap().comments[0].id;
        let reply = format!("rapport/reactie/{comment}/antwoord");
        assert_eq!(chair.post(&reply, &[("versie", "1"), ("tekst", "Aangepast.")]).await.0, 303);
        assert_eq!(chair.post("rapport/vaststellen", &[("nummer", "2"), ("klaar", "ja")]).await.0, 303);
        let (_, page) = author.page("rapport/versies/3").await;
        assert!(!page.contains("CONCEPT"));
        in_order(&page, &["Begin bij", "Reacties van de ontvangende partij", "Leeromgeving, ontwikkelpunt 1", "Wat het panel ermee deed:", "Aangepast."]);
    }

    async fn what_would_be_left_out_or_was_not_read_is_said_before_it_is_sent_and_final(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        stage.hand_in_all(&app).await;
        stage.put_in(&app, ReviewState::Concluding).await;
        found(&app, &stage, FindingKind::Development, "2", "Het **werkplekleren** kan meer.").await;
        let (secretary, chair) = (Browser::of(&app, &stage.secretary.actor).await, Browser::of(&app, &stage.chair.actor).await);
        assert_eq!(secretary.post("rapport/nieuw", &[("nummer", "0")]).await.0, 303);
        let (_, page) = chair.page("rapport/vaststellen").await;
        in_order(&page, &["8 bevindingen van panelleden zijn niet meegewogen", "weging#naast", "Op deze ontwikkelvragen staat nog geen antwoord", "rapport/schrijven#veld-alinea-ontwikkelvragen-1", "Wat kan beter aan het werkplekleren?", "Het rapport is nog niet ter reactie verstuurd. Verstuur het eerst."]);
        assert!(!page.contains("Stel versie"), "{page}");
        let (_, page) = secretary.page("rapport").await;
        in_order(&page, &["Ter reactie versturen", "8 bevindingen van panelleden zijn niet meegewogen", "Wat kan beter aan het werkplekleren?", "Verstuur versie 1"]);
        assert!(secretary.page("rapport/schrijven").await.1.contains("id=\"veld-alinea-ontwikkelvragen-1\""));
        assert_eq!(secretary.post("rapport/versturen", &[("nummer", "1"), ("datum", "2026-07-15")]).await.0, 303);
        let (_, page) = chair.page("rapport/vaststellen").await;
        assert!(page.contains("Reageren kan tot en met") && !page.contains("Reageren kon") && !page.contains("ongelezen"), "{page}");

        assert_eq!(secretary.post("rapport/schrijven", &[("nummer", "1"), ("tekst:slot", "- Dank aan **ieder**.")]).await.0, 303);
        let (_, page) = chair.page("rapport/vaststellen").await;
        in_order(&page, &["De ontvangende partij las versie 1. Versie 2 is haar niet gestuurd.", "Slot", "nieuw", "– Dank aan ieder.", "name=\"ongelezen\""]);
        let (status, page) = chair.post("rapport/vaststellen", &[("nummer", "2"), ("klaar", "ja")]).await;
        assert!(status == 409 && page.contains("Verstuur versie 2 ter reactie, of bekijk de verschillen"), "{page}");
        assert_eq!(chair.post("rapport/vaststellen", &[("nummer", "2"), ("klaar", "ja"), ("ongelezen", "ja")]).await.0, 303);
        let (_, page) = chair.page("rapport/versies/3").await;
        in_order(&page, &["Het beeld per waarborg", "Leeromgeving", "1 ontwikkelpunt", "de waarborg als geheel", "Wat kan beter aan het werkplekleren?", "Het panel gaf op deze vraag geen antwoord."]);
        let (_, page) = chair.page("rapport/vaststellen").await;
        assert!(page.contains("Het rapport is vastgesteld en verandert niet meer."), "{page}");
    }

    async fn the_page_of_differences_tells_what_was_said_about_it_without_signs(app: TestApp) {
        let stage = written(&app).await;
        report::send(&app.app, &stage.secretary.actor, REVIEW, 2, "2026-07-15".parse().ok()).await.unwrap();
        let (author, chair) = (Browser::of(&app, &stage.author.actor).await, Browser::of(&app, &stage.chair.actor).await);
        let said = [("nummer", "2"), ("alinea", "leeromgeving/1"), ("tekst", "Dit klopt *niet* meer.")];
        assert_eq!(author.post("rapport/reactie", &said).await.0, 303);
        let comment = report::overview(&app.app, &stage.chair.actor, REVIEW).await.unwrap().comments[0].id;
        assert_eq!(chair.post(&format!("rapport/reactie/{comment}/antwoord"), &[("versie", "1"), ("tekst", "Aangepast.")]).await.0, 303);
        assert_eq!(chair.post("rapport/vaststellen", &[("nummer", "2"), ("klaar", "ja")]).await.0, 303);
        let (_, page) = author.page("rapport/verschil?van=2&naar=3").await;
        assert!(!page.contains("zeggen hetzelfde"), "{page}");
        in_order(&page, &["Reactie op Leeromgeving, ontwikkelpunt 1", "nieuw", "Dit klopt niet meer.", "Wat het panel ermee deed: Aangepast."]);
    }

    async fn a_reopened_report_gets_a_new_version_on_the_page(app: TestApp) {
        let stage = written(&app).await;
        report::send(&app.app, &stage.secretary.actor, REVIEW, 2, "2026-07-15".parse().ok()).await.unwrap();
        report::finalise(&app.app, &stage.chair.actor, REVIEW, 2, AGREED).await.unwrap();
        stage.put_in(&app, ReviewState::Closed).await;
        let chair = Browser::of(&app, &stage.chair.actor).await;
        assert!(!chair.page("rapport").await.1.contains("Begin een nieuwe versie"));
        let seen = stage.review(&app).await.version;
        let reason = Some("Een naam klopt niet.".to_owned());
        move_on(&app.app, &stage.coordinator, REVIEW, seen, ReviewEvent::Reopen, reason).await.unwrap();
        let (_, page) = chair.page("rapport").await;
        in_order(&page, &["heropend nadat het rapport was vastgesteld. De reden: Een naam klopt niet.", "Begin een nieuwe versie om te verbeteren"]);
        assert_eq!(chair.post("rapport/nieuw", &[("nummer", "3")]).await.0, 303);
        assert!(chair.page("rapport/versies/4").await.1.contains("CONCEPT"));
        let coordinator = Browser::of(&app, &stage.coordinator).await;
        assert!(coordinator.page("publiceren").await.1.contains("Publiceer versie 3"), "what was final stays the last word");
    }

    async fn a_stale_form_shows_what_was_typed_beside_what_is_stored(app: TestApp) {
        let stage = written(&app).await;
        let (secretary, chair) = (Browser::of(&app, &stage.secretary.actor).await, Browser::of(&app, &stage.chair.actor).await);
        let form = |number: &'static str, closing: &'static str, advice: &'static str| {
            [("nummer", number), ("tekst:slot", closing), ("tekst:aanbevelingen", advice)]
        };
        assert_eq!(secretary.post("rapport/schrijven", &form("2", "Van de secretaris.", "Samen.")).await.0, 303);
        let (status, page) = chair.post("rapport/schrijven", &form("2", "Van de voorzitter.", "")).await;
        assert_eq!(status, 409);
        in_order(&page, &["Iemand anders heeft intussen versie 3 bewaard", "Samen.</textarea>", "Van de secretaris.", "Van de voorzitter.</textarea>"]);
        assert!(page.contains("name=\"nummer\" value=\"3\""));
        assert_eq!(chair.post("rapport/schrijven", &form("3", "Van ons beiden.", "Samen.")).await.0, 303);
        let latest = report::version(&app.app, &stage.chair.actor, REVIEW, 4).await.unwrap().content;
        assert!(latest.paragraphs().any(|paragraph| paragraph.text == "Van ons beiden."));
    }

    async fn what_is_published_is_read_by_who_reads_the_calendar(app: TestApp) {
        let stage = written(&app).await;
        report::send(&app.app, &stage.secretary.actor, REVIEW, 2, "2026-07-15".parse().ok()).await.unwrap();
        report::finalise(&app.app, &stage.chair.actor, REVIEW, 2, AGREED).await.unwrap();
        let (reader, coordinator) = (Browser::of(&app, &stage.reader).await, Browser::of(&app, &stage.coordinator).await);
        assert_eq!(reader.page("publicatie").await.0, 404);
        let (_, page) = coordinator.page("publiceren").await;
        in_order(&page, &["In welke jaarrapportage het rapport staat, is nog niet ingevuld.", "Namen van het panel", "Publiceer versie 3", "Dit verlaat het huis", "Vera Voorzitter"]);
        let version = async || stage.review(&app).await.version.0.to_string();
        assert_eq!(coordinator.post("publiceren", &[("versie", &version().await)]).await.0, 303);
        let (status, page) = reader.page("publicatie").await;
        assert!(status == 200 && page.contains("werkplekleren") && !page.contains("Vera"), "{page}");
        assert_eq!(reader.page("publicatie/rapport.docx").await.0, 200);
        assert_eq!(reader.page("rapport").await.0, 403);
        let (status, page) = coordinator.post("publicatie/terughalen", &[("versie", &version().await), ("reden", "")]).await;
        assert!(status == 400 && page.contains("Schrijf waarom u het rapport terughaalt"), "{page}");
        assert_eq!(coordinator.post("publicatie/terughalen", &[("versie", &version().await), ("reden", "Fout.")]).await.0, 303);
        assert_eq!(reader.page("publicatie").await.0, 404);
    }

    async fn programs_write_send_and_finish_a_report(app: TestApp) {
        let stage = written(&app).await;
        let (chair, author) = (Program::of(&app.app, &stage.chair.actor).await, Program::of(&app.app, &stage.author.actor).await);
        let coordinator = Program::of(&app.app, &stage.coordinator).await;
        let path = format!("/reviews/{REVIEW}/report");
        let at = |rest: &str| format!("{path}/{rest}");
        let seen = chair.get(&path).await;
        assert_eq!((seen.status, seen.tag.as_str(), seen.body["versions"].as_array().map(Vec::len)), (200, "\"2\"", Some(2)), "{}", seen.text);
        let texts = json!({ "texts": [{ "paragraph": "slot", "text": "Dank." }] });
        assert_eq!(chair.send(Method::PUT, &at("texts"), "", &texts).await.no(), (428, "versie-nodig"));
        assert_eq!(chair.send(Method::PUT, &at("texts"), "\"1\"", &texts).await.no(), (412, "intussen-gewijzigd"));
        let wrong = json!({ "texts": [{ "paragraph": "leeromgeving/1", "text": "x" }] });
        assert_eq!(chair.send(Method::PUT, &at("texts"), "\"2\"", &wrong).await.wrong(), ["alinea-onbekend"]);
        assert_eq!(chair.send(Method::PUT, &at("texts"), "\"2\"", &texts).await.tag, "\"3\"");
        found(&app, &stage, FindingKind::Strength, "4", "Er wordt open gesproken.").await;
        assert_eq!(chair.send(Method::POST, &at("versions"), "\"3\"", &json!({})).await.tag, "\"4\"");
        let differs = chair.get(&at("versions/3/differences/4")).await.body;
        assert_eq!((differs[0]["paragraph"].as_str(), differs[0]["change"].as_str()), (Some("kwaliteitscultuur/1"), Some("new")));
        assert_eq!(author.get(&at("versions/4")).await.status, 404);
        let until = json!({ "respondBy": "2026-07-15" });
        assert_eq!(chair.send(Method::POST, &at("sending"), "\"4\"", &until).await.status, 200);

        let version = author.get(&at("versions/4")).await.body;
        let counted = &version["content"]["picture"][3];
        assert_eq!((counted["about"].as_str(), counted["strengths"].as_u64(), counted["contested"].as_u64()), (Some("Kwaliteitscultuur"), Some(1), Some(0)));
        let closing = version["content"]["sections"].as_array().unwrap().last().unwrap()["paragraphs"][0].clone();
        assert_eq!((closing["key"].as_str(), closing["text"].as_str(), closing["written"].as_bool()), (Some("slot"), Some("Dank."), Some(true)));
        assert!(author.get(&at("versions/4/document")).await.text.starts_with("PK"));
        assert!(author.get(&at("versions/4/workbook")).await.text.starts_with("PK"));
        let comment = json!({ "number": 4, "paragraph": "slot", "text": "Graag gedaan." });
        let made = author.send(Method::POST, &at("comments"), "", &comment).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let (id, tag) = (made.body["comments"][0]["id"].as_str().unwrap(), made.body["comments"][0]["etag"].as_str().unwrap());
        let reply = at(&format!("comments/{id}/reply"));
        assert_eq!(chair.send(Method::PUT, &reply, "\"7\"", &json!({ "reply": "Mooi." })).await.no(), (412, "intussen-gewijzigd"));
        assert_eq!(chair.send(Method::PUT, &reply, tag, &json!({ "reply": "Mooi." })).await.status, 200);
        assert_eq!(chair.send(Method::POST, &at("final"), "\"4\"", &json!({})).await.no(), (409, "reactietermijn-loopt"));
        let done = chair.send(Method::POST, &at("final"), "\"4\"", &json!({ "agreed": true })).await;
        assert_eq!((done.status, done.body["versions"][0]["state"].as_str()), (200, Some("final")), "{}", done.text);

        let seen = coordinator.get(&path).await.body["reviewEtag"].as_str().unwrap().to_owned();
        let publication = format!("/reviews/{REVIEW}/publication");
        let bare = coordinator.send(Method::PUT, &publication, &seen, &json!({ "parts": ["programme"] })).await;
        assert_eq!(bare.wrong(), ["onderdeel-ontbreekt"]);
        assert_eq!(coordinator.send(Method::PUT, &publication, &seen, &json!({ "parts": ["panel", "responses"] })).await.status, 200);
        let reader = Program::of(&app.app, &stage.reader).await;
        let read = reader.get(&publication).await.body;
        assert_eq!((read["number"].as_i64(), read["content"]["responses"][0]["reply"].as_str()), (Some(5), Some("Mooi.")));
        assert!(reader.get(&format!("{publication}/document")).await.text.starts_with("PK"));
        let seen = coordinator.get(&path).await.body["reviewEtag"].as_str().unwrap().to_owned();
        let back = format!("{publication}/withdrawal");
        assert_eq!(coordinator.send(Method::POST, &back, &seen, &json!({ "reason": "Fout." })).await.status, 200);
        assert_eq!(reader.get(&publication).await.status, 404);
        app.check_invariants().await;
    }
}
