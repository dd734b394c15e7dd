//! What was typed when the session had ended, or when the page was of a session before: it comes back to be copied, is not
//! stored, and a wrong reader never gets it.

use std::collections::BTreeSet;
use std::fs;

use kernschil_app::reviews::findings;
use kernschil_domain::reviews::ReviewState;

use super::browser::Browser;
use super::reflection::REVIEW;
use super::stage::Stage;
use crate::support::{TestApp, root, sources};

const SAID: &str = "Eerste regel.\r\n<script>alert(1)</script> en *sterren*";
const SHOWN: &str = "Eerste regel.\r\n&lt;script&gt;alert(1)&lt;/script&gt; en *sterren*";

/// The names of the fields of several lines in a source file, as far as they are written out there.
fn names_in(source: &str) -> BTreeSet<String> {
    let fields = source.split("textarea class=").skip(1).filter_map(|rest| rest.split(" name=").nth(1));
    let literal = fields.filter_map(|name| name.strip_prefix('"')).filter_map(|name| name.split('"').next());
    literal.map(str::to_owned).collect()
}

#[test]
fn every_field_of_several_lines_gives_back_what_was_typed() {
    let mut names = BTreeSet::new();
    for path in sources(&root().join("crates/web/src/views")) {
        names.extend(names_in(&fs::read_to_string(path).unwrap()));
    }
    assert!(names.len() > 3, "the fields were not found: {names:?}");
    // These stand in a form under a name that is made there.
    names.extend(["actie", "resultaat", "bron", "w1-tekst", "w1-vragen", "tekst:inleiding", "bevinding-0"].map(str::to_owned));
    let unknown: Vec<_> = names.iter().filter(|name| !kernschil_http::gives_back(name)).collect();
    assert!(unknown.is_empty(), "add to http::typed: {unknown:?}");
}

both_databases! {
    async fn what_was_typed_comes_back_when_the_session_ended_in_another_tab(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let browser = Browser::of(&app, &stage.member.actor).await;
        browser.sign_out(&app, &stage.member.actor).await;
        for (page, field) in [("bevindingen", "bevinding"), ("weging", "tekst"), ("rapport/schrijven", "tekst:inleiding")] {
            let fields = [("soort", "strength"), ("onderdeel", "2"), (field, SAID), ("versie", "1")];
            let (status, shown) = browser.post(page, &fields).await;
            assert_eq!(status, 401, "{page}");
            assert!(shown.contains(SHOWN) && shown.contains("niet opgeslagen"), "{page}: {shown}");
            assert!(shown.contains(&format!("/inloggen?terug=/peer-reviews/{REVIEW}/{page}")), "{page}: {shown}");
            assert!(!shown.contains("strength"), "only texts: {shown}");
        }
        // Without a text there is nothing to give back.
        assert_eq!(browser.post("bevindingen", &[("bevinding", " "), ("onderdeel", "2")]).await.0, 303);
        let own = findings::list(&app.app, &stage.member.actor, REVIEW).await.unwrap().own.unwrap();
        assert!(own.findings.is_empty());
    }

    async fn what_was_typed_on_a_page_of_a_session_before_comes_back(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let browser = Browser::of(&app, &stage.member.actor).await;
        let (status, shown) = browser.post_stale("bevindingen", &[("onderdeel", "2"), ("soort", "strength"), ("bevinding", SAID)]).await;
        assert_eq!(status, 403);
        assert!(shown.contains(SHOWN) && shown.contains("/peer-reviews/almere-proef/bevindingen\" target=\"_blank\""), "{shown}");
        let own = findings::list(&app.app, &stage.member.actor, REVIEW).await.unwrap().own.unwrap();
        assert!(own.findings.is_empty());
    }

    async fn what_was_typed_comes_back_to_who_lost_her_place(app: TestApp) {
        let stage = Stage::at(&app, ReviewState::Conducting).await;
        let browser = Browser::of(&app, &stage.stranger).await;
        let (status, shown) = browser.post("ontwikkelvragen", &[("vraag", SAID), ("onderdeel", "")]).await;
        assert!((status == 404 || status == 403) && shown.contains(SHOWN), "{status} {shown}");
    }
}
