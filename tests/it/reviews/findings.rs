//! Findings: each member's own, unseen by the others until both handed in or the chair opened them, and on a form to take
//! along.

use std::collections::BTreeSet;

use kernschil_app::imports::ImportFile;
use kernschil_app::reviews::findings::{self, Chosen, Contents, Difference, FindingInput, FormChoice, FormPreview};
use kernschil_app::reviews::{framework, members};
use kernschil_app::{Actor, audit};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{FindingId, ReviewEvidenceId, Version};
use kernschil_domain::reviews::{FINDING_SIGNS, Finding, FindingKind, MEMBER_FINDINGS, ReviewState};
use kernschil_storage::StorageError;
use uuid::Uuid;

use super::people::codes;
use super::reflection::REVIEW;
use super::stage::{Player, Stage};
use crate::support::TestApp;

fn input(kind: &str, part: &str, text: &str) -> FindingInput {
    FindingInput { kind: kind.to_owned(), part: part.to_owned(), text: text.to_owned(), evidence: Vec::new() }
}

async fn add(app: &TestApp, who: &Player, text: &str) -> Finding {
    findings::add(&app.app, &who.actor, REVIEW, &input("strength", "2", text)).await.unwrap()
}

/// Whose findings somebody reads, herself left out.
async fn reads(app: &TestApp, who: &Player) -> Vec<String> {
    findings::list(&app.app, &who.actor, REVIEW).await.unwrap().others.into_iter().map(|other| other.name).collect()
}

async fn texts(app: &TestApp, who: &Player) -> Vec<String> {
    let own = findings::list(&app.app, &who.actor, REVIEW).await.unwrap().own.unwrap();
    own.findings.into_iter().map(|finding| finding.text).collect()
}

/// The form of somebody, with what stands in one of its cells replaced.
async fn form(app: &TestApp, who: &Player, changes: &[(&str, &str)]) -> ImportFile {
    let bytes = findings::form_workbook(&app.app, &who.actor, REVIEW).await.unwrap();
    ImportFile { name: "bevindingen.xlsx".to_owned(), bytes: rewritten(&bytes, changes) }
}

/// A workbook of which texts are replaced where they stand.
pub(super) fn rewritten(bytes: &[u8], changes: &[(&str, &str)]) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        for (from, to) in changes {
            text = text.replace(&format!(">{from}<"), &format!(">{to}<"));
        }
        out.start_file(part.name().unwrap().to_string(), zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

async fn preview(app: &TestApp, who: &Player, file: ImportFile) -> FormPreview {
    findings::read_form(&app.app, &who.actor, REVIEW, file).await.unwrap()
}

fn kinds(preview: &FormPreview) -> Vec<&'static str> {
    preview.differences.iter().map(Difference::code).collect()
}

fn chosen(preview: &FormPreview, choice: impl Fn(&Difference) -> FormChoice) -> Vec<Chosen> {
    let one = |difference: &Difference| Chosen {
        seen: difference.now().map(|now| (now.id, now.version)),
        form: difference.form().cloned(),
        choice: choice(difference),
    };
    preview.differences.iter().map(one).collect()
}

both_databases! {
    async fn a_member_writes_findings_of_her_own(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let me = &stage.member;
        let new = FindingInput { evidence: vec![stage.evidence, stage.evidence], ..input("question", "1.1", "  Hoe weten zij dat?\r\n") };
        let made = findings::add(&app.app, &me.actor, REVIEW, &new).await.unwrap();
        assert_eq!((made.text.as_str(), made.evidence.as_slice(), made.kind), ("Hoe weten zij dat?", [stage.evidence].as_slice(), FindingKind::Question));
        let version = findings::change(&app.app, &me.actor, REVIEW, (made.id, Version::FIRST), &input("strength", "4", "Open gesprek")).await.unwrap();
        assert_eq!(codes(findings::change(&app.app, &me.actor, REVIEW, (made.id, Version::FIRST), &new).await), ["intussen-gewijzigd"]);
        add(&app, me, "Werkplek en opleiding sluiten aan").await;
        assert_eq!(texts(&app, me).await, ["Werkplek en opleiding sluiten aan", "Open gesprek"], "in the order of the framework");
        assert_eq!(codes(findings::remove(&app.app, &me.actor, REVIEW, (made.id, Version::FIRST)).await), ["intussen-gewijzigd"]);
        findings::remove(&app.app, &me.actor, REVIEW, (made.id, version)).await.unwrap();
        assert_eq!(codes(findings::remove(&app.app, &me.actor, REVIEW, (made.id, version)).await), ["niet-gevonden"]);
        app.check_invariants().await;
    }

    async fn what_is_wrong_with_a_finding_is_said_at_once(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let wrong = FindingInput { evidence: vec![ReviewEvidenceId(Uuid::nil())], ..input("cijfer", "9", " \n ") };
        let expected = ["soort-onbekend", "onderdeel-onbekend", "tekst-ontbreekt", "bewijs-onbekend"];
        assert_eq!(codes(findings::add(&app.app, &stage.chair.actor, REVIEW, &wrong).await), expected);
        let long = "a".repeat(FINDING_SIGNS + 1);
        assert_eq!(codes(findings::add(&app.app, &stage.chair.actor, REVIEW, &input("strength", "1", &long)).await), ["te-lang"]);
        for number in 0..MEMBER_FINDINGS {
            add(&app, &stage.chair, &number.to_string()).await;
        }
        assert_eq!(codes(findings::add(&app.app, &stage.chair.actor, REVIEW, &input("strength", "1", "Nog een")).await), ["te-veel-bevindingen"]);
    }

    async fn only_the_panel_writes_and_only_when_there_is_something_to_find(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let new = input("strength", "1", "Goed");
        for actor in [&stage.observer.actor, &stage.author.actor, &stage.coordinator, &stage.stranger, &stage.reader, &stage.administrator] {
            assert_eq!(codes(findings::add(&app.app, actor, REVIEW, &new).await), ["niet-toegestaan"]);
        }
        let review = stage.review(&app).await;
        let unlisted = app.with_role(Role::PanelMember, Scope::Review(review.id)).await;
        assert_eq!(codes(findings::add(&app.app, &unlisted, REVIEW, &new).await), ["niet-in-panel"]);
        for (state, code) in [
            (ReviewState::Planned, "bevindingen-gesloten"),
            (ReviewState::Concluding, "bevindingen-gesloten"),
            (ReviewState::Closed, "bevindingen-gesloten"),
            (ReviewState::Cancelled, "bevindingen-gesloten"),
        ] {
            stage.put_in(&app, state).await;
            assert_eq!(codes(findings::add(&app.app, &stage.chair.actor, REVIEW, &new).await), [code], "{state:?}");
        }
        // While the reflection is read, questions come up; before it was handed in there is nothing to read.
        stage.put_in(&app, ReviewState::Preparing).await;
        stage.finds(&app, &stage.chair, FindingKind::Question, "1", "Hoe vaak?").await;
        let hash = findings::list(&app.app, &stage.chair.actor, REVIEW).await.unwrap().own.unwrap().hash;
        assert_eq!(codes(findings::hand_in(&app.app, &stage.chair.actor, REVIEW, &hash, Contents::Findings).await), ["niet-in-uitvoering"]);
        let version = stage.review(&app).await.version;
        kernschil_app::reviews::reflection::take_back(&app.app, &stage.author.actor, REVIEW, version, "Nog niet af").await.unwrap();
        assert_eq!(codes(findings::add(&app.app, &stage.chair.actor, REVIEW, &new).await), ["reflectie-niet-ingeleverd"]);
        app.check_invariants().await;
    }

    async fn a_finding_of_another_does_not_exist(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let theirs = add(&app, &stage.other, "Geheim").await;
        let version = stage.review(&app).await.version;
        for (id, what) in [(theirs.id, "of another"), (FindingId(Uuid::from_u128(99)), "of nobody")] {
            let new = input("strength", "1", "Van mij");
            for who in [&stage.member, &stage.chair, &stage.secretary] {
                assert_eq!(codes(findings::get(&app.app, &who.actor, REVIEW, id).await), ["niet-gevonden"], "{what}");
                assert_eq!(codes(findings::change(&app.app, &who.actor, REVIEW, (id, Version::FIRST), &new).await), ["niet-gevonden"], "{what}");
                assert_eq!(codes(findings::remove(&app.app, &who.actor, REVIEW, (id, Version::FIRST)).await), ["niet-gevonden"], "{what}");
            }
        }
        assert_eq!(findings::get(&app.app, &stage.other.actor, REVIEW, theirs.id).await.unwrap(), theirs);
        assert_eq!(stage.review(&app).await.version, version, "a finding leaves the review as it is");
        // Once it may be read, it is still hers alone.
        stage.hands_in(&app, &stage.other).await;
        stage.hands_in(&app, &stage.member).await;
        assert_eq!(findings::get(&app.app, &stage.member.actor, REVIEW, theirs.id).await.unwrap().text, "Geheim");
        assert_eq!(codes(findings::remove(&app.app, &stage.member.actor, REVIEW, (theirs.id, Version::FIRST)).await), ["niet-gevonden"]);
    }

    async fn who_handed_in_reads_who_handed_in(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let nobody: [&str; 0] = [];
        for who in stage.panel() {
            add(&app, who, "Iets").await;
        }
        stage.hands_in(&app, &stage.other).await;
        assert_eq!(reads(&app, &stage.member).await, nobody, "she has not handed in herself");
        assert_eq!(reads(&app, &stage.chair).await, nobody, "nor the chair");
        assert_eq!(reads(&app, &stage.other).await, nobody, "nobody else did");
        stage.hands_in(&app, &stage.member).await;
        assert_eq!(reads(&app, &stage.member).await, ["Olga Panellid"]);
        assert_eq!(reads(&app, &stage.other).await, ["Mo Panellid"]);
        assert_eq!(reads(&app, &stage.secretary).await, nobody);
        for actor in [&stage.observer.actor, &stage.author.actor, &stage.coordinator] {
            let list = findings::list(&app.app, actor, REVIEW).await.unwrap();
            assert!(list.own.is_none() && list.others.is_empty());
        }
        let told = async |actor: &Actor| findings::list(&app.app, actor, REVIEW).await.unwrap().panel.iter().filter(|one| one.at.is_some()).count();
        assert_eq!((told(&stage.chair.actor).await, told(&stage.coordinator).await), (2, 2), "who handed in is known to who waits for it");
        assert_eq!((told(&stage.observer.actor).await, told(&stage.author.actor).await), (0, 0));
        for actor in [&stage.stranger, &stage.reader, &stage.administrator] {
            let code = if std::ptr::eq(actor, &raw const stage.stranger) { "niet-gevonden" } else { "niet-toegestaan" };
            assert_eq!(codes(findings::list(&app.app, actor, REVIEW).await), [code]);
        }
        app.check_invariants().await;
    }

    async fn handed_in_is_locked_with_a_hash(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let me = &stage.member;
        let own = async || findings::list(&app.app, &me.actor, REVIEW).await.unwrap().own.unwrap();
        assert_eq!(codes(findings::hand_in(&app.app, &me.actor, REVIEW, &own().await.hash, Contents::Findings).await), ["geen-bevindingen"]);
        let before = own().await.hash;
        let mine = add(&app, me, "Goed").await;
        assert_eq!(codes(findings::hand_in(&app.app, &me.actor, REVIEW, &before, Contents::Findings).await), ["intussen-gewijzigd"]);
        assert_eq!(codes(findings::hand_in(&app.app, &me.actor, REVIEW, &own().await.hash, Contents::Nothing).await), ["toch-bevindingen"]);
        let done = findings::hand_in(&app.app, &me.actor, REVIEW, &own().await.hash, Contents::Findings).await.unwrap();
        assert_eq!(done.hash, findings::seal(&done.salt, mine.review, me.member, std::slice::from_ref(&mine)));
        assert_eq!(own().await.handed_in, Some(done.clone()));
        let locked = ["bevindingen-ingeleverd"];
        assert_eq!(codes(findings::add(&app.app, &me.actor, REVIEW, &input("strength", "1", "Nog iets")).await), locked);
        assert_eq!(codes(findings::change(&app.app, &me.actor, REVIEW, (mine.id, mine.version), &input("strength", "1", "Anders")).await), locked);
        assert_eq!(codes(findings::remove(&app.app, &me.actor, REVIEW, (mine.id, mine.version)).await), locked);
        assert_eq!(codes(findings::hand_in(&app.app, &me.actor, REVIEW, &done.hash, Contents::Findings).await), locked);
        assert_eq!(codes(findings::form_workbook(&app.app, &me.actor, REVIEW).await), locked);
        stage.hands_in(&app, &stage.secretary).await;
        let nothing = findings::list(&app.app, &stage.secretary.actor, REVIEW).await.unwrap().own.unwrap();
        assert!(nothing.handed_in.is_some() && nothing.findings.is_empty(), "nothing is handed in when she says so");
        // The log says who handed in, with the hash; of writing it says nothing (`leaks` holds it against one without).
        let log = app.app.store.read(async |tx| kernschil_storage::audit::events(tx, &kernschil_storage::audit::EventFilter::default(), 0, 500).await).await.unwrap();
        let events: Vec<_> = log.into_iter().filter_map(|stored| stored.event).filter(|event| event.subject == REVIEW).collect();
        let handed: Vec<_> = events.iter().filter(|event| event.kind == EventKind::FindingsHandedIn).collect();
        assert!(handed.len() == 2 && handed.iter().any(|event| event.after.as_ref().unwrap().contains(&done.hash)));
        app.check_invariants().await;
    }

    async fn the_chair_opens_what_nobody_can_change_then(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let theirs = add(&app, &stage.other, "Niet ingeleverd").await;
        stage.hands_in(&app, &stage.member).await;
        let version = stage.review(&app).await.version;
        for actor in [&stage.member.actor, &stage.coordinator, &stage.observer.actor] {
            assert_eq!(codes(findings::open(&app.app, actor, REVIEW, version).await), ["niet-toegestaan"]);
        }
        assert!(findings::list(&app.app, &stage.chair.actor, REVIEW).await.unwrap().can_open);
        assert_eq!(codes(findings::open(&app.app, &stage.chair.actor, REVIEW, Version(version.0 - 1)).await), ["intussen-gewijzigd"]);
        stage.put_in(&app, ReviewState::Preparing).await;
        assert_eq!(codes(findings::open(&app.app, &stage.chair.actor, REVIEW, stage.review(&app).await.version).await), ["niet-in-uitvoering"]);
        stage.put_in(&app, ReviewState::Conducting).await;
        findings::open(&app.app, &stage.chair.actor, REVIEW, stage.review(&app).await.version).await.unwrap();
        assert_eq!(codes(findings::open(&app.app, &stage.chair.actor, REVIEW, stage.review(&app).await.version).await), ["al-geopend"]);
        assert_eq!(reads(&app, &stage.secretary).await, ["Vera Voorzitter", "Mo Panellid", "Olga Panellid"]);
        assert_eq!(findings::get(&app.app, &stage.chair.actor, REVIEW, theirs.id).await.unwrap().text, "Niet ingeleverd");
        assert_eq!(codes(findings::add(&app.app, &stage.other.actor, REVIEW, &input("strength", "1", "Te laat")).await), ["bevindingen-geopend"]);
        assert_eq!(codes(findings::remove(&app.app, &stage.other.actor, REVIEW, (theirs.id, theirs.version)).await), ["bevindingen-geopend"]);
        let list = findings::list(&app.app, &stage.author.actor, REVIEW).await.unwrap();
        assert!(list.others.is_empty() && list.own.is_none(), "opened to the panel, not to the receiving side");
        app.check_invariants().await;
    }

    async fn what_somebody_leaves_behind_unfinished_stays_unread(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        add(&app, &stage.other, "Half werk").await;
        for who in [&stage.other, &stage.secretary] {
            members::withdraw(&app.app, &stage.coordinator, REVIEW, who.member, Version::FIRST).await.unwrap();
        }
        // Whether she wrote anything does not show in what is left of her.
        let left = members::list(&app.app, &stage.coordinator, REVIEW).await.unwrap().members;
        let left: Vec<_> = left.iter().filter(|view| view.state == members::MemberState::Declined).map(|view| view.member.id).collect();
        assert_eq!(left.into_iter().collect::<BTreeSet<_>>(), BTreeSet::from([stage.other.member, stage.secretary.member]));
        stage.hands_in(&app, &stage.member).await;
        findings::open(&app.app, &stage.chair.actor, REVIEW, stage.review(&app).await.version).await.unwrap();
        assert_eq!(reads(&app, &stage.chair).await, ["Mo Panellid"]);
        app.check_invariants().await;
    }

    async fn a_form_is_filled_in_elsewhere_and_brought_back(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let me = &stage.member;
        for text in ["Eerste", "Tweede", "Derde"] {
            add(&app, me, text).await;
        }
        assert_eq!(kinds(&preview(&app, me, form(&app, me, &[]).await).await), [""; 0], "as it was downloaded it changes nothing");
        let file = form(&app, me, &[("Tweede", "Tweede, beter"), ("Derde", "")]).await;
        let found = preview(&app, me, file).await;
        assert_eq!((kinds(&found), found.unchanged, found.faults.len()), (vec!["changed", "left-out"], 1, 0));
        assert_eq!(texts(&app, me).await, ["Eerste", "Tweede", "Derde"], "nothing is stored before she chose");
        // What is usual loses nothing: a row that was emptied goes only when she says so.
        findings::take_over(&app.app, &me.actor, REVIEW, &chosen(&found, Difference::usual)).await.unwrap();
        assert_eq!(texts(&app, me).await, ["Eerste", "Tweede, beter", "Derde"]);
        let file = form(&app, me, &[("Derde", "")]).await;
        let found = preview(&app, me, file).await;
        findings::take_over(&app.app, &me.actor, REVIEW, &chosen(&found, |_| FormChoice::Form)).await.unwrap();
        assert_eq!(texts(&app, me).await, ["Eerste", "Tweede, beter"]);
        app.check_invariants().await;
    }

    async fn a_stale_form_is_merged_and_loses_nothing(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let me = &stage.member;
        let (one, two) = (add(&app, me, "Een").await, add(&app, me, "Twee").await);
        add(&app, me, "Drie").await;
        let file = form(&app, me, &[("Een", "Een op papier"), ("Twee", "Twee op papier")]).await;
        findings::change(&app.app, &me.actor, REVIEW, (one.id, one.version), &input("strength", "2", "Een op het scherm")).await.unwrap();
        findings::remove(&app.app, &me.actor, REVIEW, (two.id, two.version)).await.unwrap();
        add(&app, me, "Later erbij").await;
        let found = preview(&app, me, file).await;
        assert_eq!((kinds(&found), found.unchanged), (vec!["changed-twice", "gone"], 2));
        let choices = chosen(&found, Difference::usual);
        // Between looking and choosing the screen changed again: nothing is taken over, and all is shown again.
        let now = found.differences[0].now().unwrap();
        findings::change(&app.app, &me.actor, REVIEW, (now.id, now.version), &input("strength", "2", "Nog anders")).await.unwrap();
        assert_eq!(codes(findings::take_over(&app.app, &me.actor, REVIEW, &choices).await), ["intussen-gewijzigd"]);
        let again = findings::compare_form(&app.app, &me.actor, REVIEW, &choices).await.unwrap();
        assert_eq!(kinds(&again), ["changed-twice", "new"]);
        findings::take_over(&app.app, &me.actor, REVIEW, &chosen(&again, Difference::usual)).await.unwrap();
        let kept: BTreeSet<_> = texts(&app, me).await.into_iter().collect();
        assert_eq!(kept, ["Nog anders", "Een op papier", "Twee op papier", "Drie", "Later erbij"].map(str::to_owned).into());
        app.check_invariants().await;
    }

    async fn a_form_that_is_not_hers_is_refused(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let me = &stage.member;
        let theirs = add(&app, &stage.other, "Van Olga").await;
        let framework = framework::current(&app.app, &stage.coordinator, REVIEW).await.unwrap().1.hash;
        let read = async |file: ImportFile| codes(findings::read_form(&app.app, &me.actor, REVIEW, file).await);
        assert_eq!(read(form(&app, &stage.other, &[]).await).await, ["formulier-van-ander"]);
        assert_eq!(read(form(&app, me, &[(REVIEW, "een-andere")]).await).await, ["formulier-andere-review"]);
        assert_eq!(read(form(&app, me, &[(&framework, &"1".repeat(64))]).await).await, ["formulier-ander-kader"]);
        let template = kernschil_spreadsheets::write::framework_template().unwrap();
        assert_eq!(read(ImportFile { name: "kader.xlsx".to_owned(), bytes: template }).await, ["geen-formulier"]);
        assert_eq!(read(ImportFile { name: "foto.xlsx".to_owned(), bytes: vec![0xff; 100] }).await.len(), 1);
        add(&app, me, "Van Mo").await;
        let bad = preview(&app, me, form(&app, me, &[("sterk punt", "een acht"), ("Van Mo", "Van Mo!")]).await).await;
        assert_eq!(bad.faults.iter().map(|fault| fault.errors[0].code.as_str()).collect::<Vec<_>>(), ["soort-onbekend"]);
        // Whatever is sent instead of what was read, it only reaches her own.
        let steal = [Chosen { seen: Some((theirs.id, theirs.version)), form: None, choice: FormChoice::Form }];
        assert_eq!(codes(findings::take_over(&app.app, &me.actor, REVIEW, &steal).await), ["intussen-gewijzigd"]);
        let mine = form(&app, me, &[]).await;
        stage.hands_in(&app, me).await;
        assert_eq!(read(mine).await, ["bevindingen-ingeleverd"]);
        assert_eq!(texts(&app, &stage.other).await, ["Van Olga"]);
    }

    async fn the_log_of_handing_in_can_be_read(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        stage.hand_in_all(&app).await;
        let query = audit::EventQuery { kind: Some(EventKind::FindingsHandedIn), ..audit::EventQuery::default() };
        let page = audit::events(&app.app, &stage.administrator, &query, kernschil_app::listing::PageRequest::default()).await.unwrap().page;
        assert_eq!(page.rows.len(), 4);
        assert!(page.rows[0].sentence.text().contains("heeft de eigen bevindingen ingeleverd van "));
        let stored = app.app.store.read(async |tx| {
            let found = kernschil_storage::reviews::findings::of_review(tx, stage.review(&app).await.id).await?;
            Ok::<_, StorageError>(found.len())
        }).await.unwrap();
        assert_eq!(stored, 8);
    }
}
