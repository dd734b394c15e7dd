//! Weighing together: nobody weighs before everybody handed in or the chair opened the findings, what was found together
//! stays with the panel until the report was sent, and who sees it in another way is heard.

use kernschil_app::reviews::findings::{self, Contents, FindingInput};
use kernschil_app::reviews::follow_up::{self, FollowUpQuery};
use kernschil_app::reviews::report;
use kernschil_app::reviews::weighing::{self, JointDraft, Table, ToldFinding, WeighingRole, WeighingStage};
use kernschil_app::{Actor, AppError};
use kernschil_domain::ids::{FindingId, JointFindingId, MemberId, Version};
use kernschil_domain::reviews::{FindingKind, FollowUp, FollowUpStatus, ReportState, ReviewState, Stance};
use kernschil_storage::outbox;
use kernschil_storage::reviews::{follow_ups, reports};

use super::reflection::REVIEW;
use super::stage::{Player, Stage};
use crate::support::TestApp;

/// The code of what was refused; of bad input, of the first field.
pub(super) fn code<T: std::fmt::Debug>(answer: Result<T, AppError>) -> String {
    match answer.unwrap_err() {
        AppError::Invalid(fields) => fields[0].code.clone(),
        other => other.code().to_owned(),
    }
}

/// A finding of one of the panel.
pub(super) async fn found(app: &TestApp, who: &Player, kind: &str, part: &str, text: &str) -> FindingId {
    let input = FindingInput { kind: kind.to_owned(), part: part.to_owned(), text: text.to_owned(), evidence: Vec::new() };
    findings::add(&app.app, &who.actor, REVIEW, &input).await.unwrap().id
}

/// Hands in what somebody found, also when that is nothing.
pub(super) async fn hand_in(app: &TestApp, who: &Player) {
    let own = findings::list(&app.app, &who.actor, REVIEW).await.unwrap().own.unwrap();
    let contents = if own.findings.is_empty() { Contents::Nothing } else { Contents::Findings };
    findings::hand_in(&app.app, &who.actor, REVIEW, &own.hash, contents).await.unwrap();
}

/// Everybody of the panel hands in.
pub(super) async fn all_hand_in(app: &TestApp, stage: &Stage) {
    for player in stage.panel() {
        hand_in(app, player).await;
    }
}

/// A joint finding as chair or secretary writes it.
pub(super) fn draft(kind: &str, part: &str, text: &str, sources: &[FindingId]) -> JointDraft {
    JointDraft { kind: kind.to_owned(), part: part.to_owned(), text: text.to_owned(), sources: sources.to_vec() }
}

/// Makes the report say what was found so far, and puts its latest version in a state.
pub(super) async fn report_in(app: &TestApp, stage: &Stage, state: ReportState) {
    let review = stage.review(app).await.id;
    let latest = app.app.store.read(async |tx| reports::versions(tx, review).await).await.unwrap().len();
    let chair = &stage.chair.actor;
    let number = report::renew(&app.app, chair, REVIEW, i32::try_from(latest).unwrap()).await.unwrap().number();
    app.app.store.write(async |tx| reports::set_state(tx, review, number, state).await).await.unwrap();
}

/// What lies on the table for somebody of the panel.
pub(super) async fn table(app: &TestApp, actor: &Actor) -> Table {
    match weighing::get(&app.app, actor, REVIEW).await.unwrap().stage {
        WeighingStage::Open(table) => *table,
        other => panic!("{other:?}"),
    }
}

/// What was found together, for somebody who is not on the panel.
pub(super) async fn told(app: &TestApp, actor: &Actor) -> Vec<ToldFinding> {
    match weighing::get(&app.app, actor, REVIEW).await.unwrap().stage {
        WeighingStage::Told(findings) => findings,
        other => panic!("{other:?}"),
    }
}

fn parts(table: &Table) -> Vec<String> {
    table.parts.iter().map(|part| part.part.code().0.clone()).collect()
}

fn texts(table: &Table) -> Vec<&str> {
    table.joint.iter().map(|finding| finding.text.as_str()).collect()
}

fn dissents(table: &Table) -> Vec<(MemberId, &str)> {
    table.joint.iter().flat_map(|finding| finding.dissents.iter().map(|said| (said.member, said.text.as_str()))).collect()
}

both_databases! {
    async fn who_sees_a_finding_in_another_way_hears_that_it_changed(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        all_hand_in(&app, &stage).await;
        let (chair, member) = (&stage.chair.actor, &stage.member.actor);
        let id = weighing::add(&app.app, chair, REVIEW, &draft("strength", "2", "Eerste woorden", &[])).await.unwrap();
        weighing::dissent(&app.app, member, REVIEW, (id, Version(0)), "Ik zie dit anders").await.unwrap();
        weighing::dissent(&app.app, chair, REVIEW, (id, Version(0)), "Ik ook").await.unwrap();
        let letters = async || {
            let (mails, _) = app.app.store.read(async |tx| outbox::latest(tx, None, 0, 50).await).await.unwrap();
            let sent: Vec<_> = mails.into_iter().filter(|mail| mail.subject == "Een bevinding is gewijzigd na uw andere mening").collect();
            assert!(sent.iter().all(|mail| !mail.body.contains("woorden") && mail.body.contains("/weging#samen")));
            sent.into_iter().map(|mail| mail.to_name).collect::<Vec<_>>()
        };
        let version = weighing::change(&app.app, chair, REVIEW, (id, Version::FIRST), &draft("strength", "2", "Eerste woorden", &[])).await.unwrap();
        assert!(letters().await.is_empty(), "it says the same");
        weighing::change(&app.app, chair, REVIEW, (id, version), &draft("strength", "2", "Andere woorden", &[])).await.unwrap();
        assert_eq!(letters().await, ["Mo Panellid"], "who changed it herself knows");
        let about = async || table(&app, chair).await.joint[0].dissents.iter().map(|said| said.about.clone()).collect::<Vec<_>>();
        assert_eq!(about().await, ["Eerste woorden"; 2], "the words that were contested are kept");
        weighing::dissent(&app.app, member, REVIEW, (id, Version(1)), "Ik zie dit anders").await.unwrap();
        let mut now = about().await;
        now.sort();
        assert_eq!(now, ["Andere woorden", "Eerste woorden"]);
        app.check_invariants().await;
    }

    async fn nobody_weighs_before_everybody_handed_in(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let chair = &stage.chair.actor;
        found(&app, &stage.chair, "strength", "1", "Sterke begeleiding").await;
        for (handed_in, waits_for) in [(&stage.chair, 3), (&stage.member, 2), (&stage.other, 1)] {
            hand_in(&app, handed_in).await;
            let WeighingStage::Waiting(names) = weighing::get(&app.app, chair, REVIEW).await.unwrap().stage else { panic!("too early") };
            assert_eq!(names.len(), waits_for);
            assert_eq!(code(weighing::add(&app.app, chair, REVIEW, &draft("strength", "1", "Samen", &[])).await), "weging-te-vroeg");
            assert_eq!(code(weighing::workbook(&app.app, chair, REVIEW).await), "weging-te-vroeg");
        }
        let observer = weighing::get(&app.app, &stage.observer.actor, REVIEW).await.unwrap();
        assert!(matches!(observer.stage, WeighingStage::Waiting(names) if names.is_empty()), "who handed in is for the panel");
        hand_in(&app, &stage.secretary).await;
        assert_eq!(parts(&table(&app, chair).await), ["1"]);
        app.check_invariants().await;
    }

    async fn the_chair_can_open_the_findings_and_then_who_found_nothing_does_not_count(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        found(&app, &stage.member, "strength", "2", "Goed").await;
        found(&app, &stage.other, "strength", "2", "Ook goed").await;
        let seen = stage.review(&app).await.version;
        findings::open(&app.app, &stage.chair.actor, REVIEW, seen).await.unwrap();
        let table = table(&app, &stage.secretary.actor).await;
        assert_eq!((table.parts[0].members.len(), table.parts[0].spread.one_sided), (2, 0));
    }

    async fn the_largest_difference_comes_first(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        for player in stage.panel() {
            found(&app, player, "good-practice", "4", "Allen eens").await;
        }
        found(&app, &stage.member, "question", "2", "Hoe zit dit?").await;
        let praised = found(&app, &stage.member, "strength", "1.1", "Mooi").await;
        let blamed = found(&app, &stage.other, "development", "1.1", "Kan beter").await;
        all_hand_in(&app, &stage).await;
        let laid = table(&app, &stage.other.actor).await;
        assert_eq!(parts(&laid), ["1.1", "2", "4"]);
        assert_eq!(laid.parts[0].spread.opposed, 1);
        assert_eq!(laid.unweighed.len(), 7);
        assert_eq!(laid.picture[0].stances.get(&Stance::Silent), Some(&2));
        weighing::add(&app.app, &stage.secretary.actor, REVIEW, &draft("development", "1.1", "Wisselend", &[praised, blamed])).await.unwrap();
        let laid = table(&app, &stage.other.actor).await;
        assert!(!laid.unweighed.contains(&praised) && !laid.unweighed.contains(&blamed) && laid.unweighed.len() == 5);
        assert_eq!(laid.picture[0].joint.get(&FindingKind::Development), Some(&1));
        let workbook = weighing::workbook(&app.app, &stage.other.actor, REVIEW).await.unwrap();
        assert!(workbook.bytes.starts_with(b"PK"));
        app.check_invariants().await;
    }

    async fn a_joint_finding_is_changed_taken_away_and_put_back(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        all_hand_in(&app, &stage).await;
        let (chair, secretary) = (&stage.chair.actor, &stage.secretary.actor);
        let id = weighing::add(&app.app, chair, REVIEW, &draft("sterk punt", "2", "  Eerst\r\nzo  ", &[])).await.unwrap();
        weighing::add(&app.app, chair, REVIEW, &draft("question", "1", "Een vraag", &[])).await.unwrap();
        assert_eq!(texts(&table(&app, &stage.member.actor).await), ["Een vraag", "Eerst\nzo"], "in the order of the framework");
        let next = weighing::change(&app.app, secretary, REVIEW, (id, Version::FIRST), &draft("strength", "2", "Dan zo", &[])).await.unwrap();
        let stale = weighing::change(&app.app, chair, REVIEW, (id, Version::FIRST), &draft("strength", "2", "Uit een oud venster", &[])).await;
        assert_eq!(code(stale), "intussen-gewijzigd");
        assert_eq!(code(weighing::remove(&app.app, chair, REVIEW, (id, Version::FIRST)).await), "intussen-gewijzigd");
        weighing::remove(&app.app, chair, REVIEW, (id, next)).await.unwrap();
        let laid = table(&app, secretary).await;
        assert_eq!((texts(&laid), laid.removed[0].text.as_str()), (vec!["Een vraag"], "Dan zo"));
        assert!(table(&app, &stage.member.actor).await.removed.is_empty(), "only who can put it back sees it");
        let seen = laid.removed[0].version;
        weighing::put_back(&app.app, secretary, REVIEW, (id, seen)).await.unwrap();
        assert_eq!(code(weighing::put_back(&app.app, secretary, REVIEW, (id, seen)).await), "niet-gevonden");
        assert_eq!(texts(&table(&app, chair).await), ["Een vraag", "Dan zo"]);
        app.check_invariants().await;
    }

    async fn what_is_no_joint_finding_is_refused_with_all_that_is_wrong(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        all_hand_in(&app, &stage).await;
        let chair = &stage.chair.actor;
        let unknown = FindingId(app.app.ids.next());
        let AppError::Invalid(wrong) =
            weighing::add(&app.app, chair, REVIEW, &draft("cijfer", "9", " ", &[unknown])).await.unwrap_err()
        else {
            panic!("refused as bad input")
        };
        let codes: Vec<_> = wrong.iter().map(|wrong| wrong.code.as_str()).collect();
        assert_eq!(codes, ["soort-onbekend", "onderdeel-onbekend", "tekst-ongeldig", "bevinding-onbekend"]);
        let long = "é".repeat(weighing::JOINT_SIGNS + 1);
        assert_eq!(code(weighing::add(&app.app, chair, REVIEW, &draft("strength", "1", &long, &[])).await), "tekst-ongeldig");
        let nothing = (JointFindingId(app.app.ids.next()), Version::FIRST);
        assert_eq!(code(weighing::change(&app.app, chair, REVIEW, nothing, &draft("strength", "1", "Samen", &[])).await), "niet-gevonden");
    }

    async fn dissent_is_of_who_says_it_and_stays_when_the_finding_changes(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        all_hand_in(&app, &stage).await;
        let (chair, member, other) = (&stage.chair.actor, &stage.member.actor, &stage.other.actor);
        let id = weighing::add(&app.app, chair, REVIEW, &draft("strength", "1", "Samen", &[])).await.unwrap();
        let first = weighing::dissent(&app.app, member, REVIEW, (id, Version(0)), "Ik zie dit anders").await.unwrap();
        weighing::dissent(&app.app, chair, REVIEW, (id, Version(0)), "Ik ook, als voorzitter").await.unwrap();
        assert_eq!(code(weighing::dissent(&app.app, member, REVIEW, (id, Version(0)), "Uit een oud venster").await), "intussen-gewijzigd");
        assert_eq!(code(weighing::dissent(&app.app, other, REVIEW, (id, Version(0)), " ").await), "tekst-ongeldig");
        assert_eq!(code(weighing::withdraw_dissent(&app.app, other, REVIEW, (id, Version(0))).await), "niet-gevonden");
        weighing::change(&app.app, chair, REVIEW, (id, Version::FIRST), &draft("strength", "1", "Samen, scherper", &[])).await.unwrap();
        let second = weighing::dissent(&app.app, member, REVIEW, (id, first), "Nog steeds anders").await.unwrap();
        let expected = [(stage.chair.member, "Ik ook, als voorzitter"), (stage.member.member, "Nog steeds anders")];
        let laid = table(&app, other).await;
        let mut said = dissents(&laid);
        said.sort_by_key(|(_, text)| *text);
        assert_eq!(said, expected);
        weighing::withdraw_dissent(&app.app, member, REVIEW, (id, second)).await.unwrap();
        assert_eq!(dissents(&table(&app, other).await), [expected[0]]);
        app.check_invariants().await;
    }

    async fn the_receiving_side_reads_it_once_the_report_was_sent_and_never_from_whom_it_came(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let source = found(&app, &stage.member, "strength", "1", "Alleen voor het panel").await;
        all_hand_in(&app, &stage).await;
        let id = weighing::add(&app.app, &stage.chair.actor, REVIEW, &draft("strength", "1", "Samen", &[source])).await.unwrap();
        weighing::dissent(&app.app, &stage.member.actor, REVIEW, (id, Version(0)), "Anders").await.unwrap();
        let told_texts = |told: Vec<ToldFinding>| told.into_iter().map(|told| (told.text, told.dissents)).collect::<Vec<_>>();
        let sent = [("Samen".to_owned(), vec!["Anders".to_owned()])];
        assert_eq!(told_texts(told(&app, &stage.observer.actor).await), sent);
        report_in(&app, &stage, ReportState::Concept).await;
        for receiver in [&stage.coordinator, &stage.author.actor] {
            let seen = weighing::get(&app.app, receiver, REVIEW).await.unwrap();
            assert!(matches!(seen.stage, WeighingStage::Private) && seen.role == WeighingRole::Receiver);
            assert_eq!(code(weighing::workbook(&app.app, receiver, REVIEW).await), "weging-te-vroeg");
        }
        assert_eq!(code(weighing::get(&app.app, &stage.stranger, REVIEW).await), "niet-gevonden");
        assert_eq!(code(weighing::get(&app.app, &stage.reader, REVIEW).await), "niet-toegestaan");
        report_in(&app, &stage, ReportState::Responding).await;
        for receiver in [&stage.coordinator, &stage.author.actor] {
            assert_eq!(told_texts(told(&app, receiver).await), sent);
        }
    }

    async fn what_the_panel_changes_after_sending_stays_with_it_until_it_sends_again(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        all_hand_in(&app, &stage).await;
        let chair = &stage.chair.actor;
        let id = weighing::add(&app.app, chair, REVIEW, &draft("strength", "1", "Zoals verstuurd", &[])).await.unwrap();
        let gone = weighing::add(&app.app, chair, REVIEW, &draft("question", "2", "Ook verstuurd", &[])).await.unwrap();
        report_in(&app, &stage, ReportState::Responding).await;
        weighing::change(&app.app, chair, REVIEW, (id, Version::FIRST), &draft("development", "4", "Nu anders", &[])).await.unwrap();
        weighing::dissent(&app.app, &stage.member.actor, REVIEW, (id, Version(0)), "Oneens").await.unwrap();
        weighing::remove(&app.app, chair, REVIEW, (gone, Version::FIRST)).await.unwrap();
        weighing::add(&app.app, chair, REVIEW, &draft("strength", "3", "Nieuw", &[])).await.unwrap();
        let now = |told: &[ToldFinding]| {
            let line = |told: &ToldFinding| (told.kind, told.part.code().0.clone(), told.text.clone(), told.dissents.len());
            told.iter().map(line).collect::<Vec<_>>()
        };
        let line = |kind, part: &str, text: &str, dissents| (kind, part.to_owned(), text.to_owned(), dissents);
        let as_sent = [line(FindingKind::Strength, "1", "Zoals verstuurd", 0), line(FindingKind::Question, "2", "Ook verstuurd", 0)];
        report_in(&app, &stage, ReportState::Concept).await;
        for receiver in [&stage.coordinator, &stage.author.actor] {
            assert_eq!(now(&told(&app, receiver).await), as_sent);
            let follow_ups = follow_up::list(&app.app, receiver, REVIEW, &FollowUpQuery::default()).await.unwrap();
            assert_eq!(now(&follow_ups.joint), as_sent);
        }
        report_in(&app, &stage, ReportState::Responding).await;
        let sent_again = [line(FindingKind::Strength, "3", "Nieuw", 0), line(FindingKind::Development, "4", "Nu anders", 1)];
        assert_eq!(now(&told(&app, &stage.coordinator).await), sent_again);
    }

    async fn only_chair_and_secretary_weigh_and_only_the_panel_dissents(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        all_hand_in(&app, &stage).await;
        let id = weighing::add(&app.app, &stage.chair.actor, REVIEW, &draft("strength", "1", "Samen", &[])).await.unwrap();
        for actor in [&stage.member.actor, &stage.observer.actor, &stage.author.actor, &stage.coordinator] {
            assert_eq!(code(weighing::add(&app.app, actor, REVIEW, &draft("strength", "1", "Niet aan mij", &[])).await), "niet-toegestaan");
            assert_eq!(code(weighing::remove(&app.app, actor, REVIEW, (id, Version::FIRST)).await), "niet-toegestaan");
        }
        for actor in [&stage.observer.actor, &stage.author.actor, &stage.coordinator] {
            assert_eq!(code(weighing::dissent(&app.app, actor, REVIEW, (id, Version(0)), "Niet aan mij").await), "niet-toegestaan");
        }
    }

    async fn once_the_report_is_final_or_the_review_closed_nothing_changes(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        all_hand_in(&app, &stage).await;
        let chair = &stage.chair.actor;
        let id = weighing::add(&app.app, chair, REVIEW, &draft("strength", "1", "Samen", &[])).await.unwrap();
        stage.put_in(&app, ReviewState::Concluding).await;
        weighing::add(&app.app, chair, REVIEW, &draft("question", "2", "Ook nog", &[])).await.unwrap();
        report_in(&app, &stage, ReportState::Final).await;
        for (state, why) in [(ReviewState::Concluding, "rapport-vastgesteld"), (ReviewState::Closed, "rapport-vastgesteld")] {
            stage.put_in(&app, state).await;
            assert_eq!(code(weighing::change(&app.app, chair, REVIEW, (id, Version::FIRST), &draft("strength", "1", "Nu anders", &[])).await), why);
            assert_eq!(code(weighing::dissent(&app.app, &stage.member.actor, REVIEW, (id, Version(0)), "Te laat").await), why);
        }
        let laid = table(&app, chair).await;
        assert!(laid.locked.is_some() && texts(&laid) == ["Samen", "Ook nog"]);
    }

    async fn a_joint_finding_that_is_being_followed_up_stays(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        all_hand_in(&app, &stage).await;
        let chair = &stage.chair.actor;
        let id = weighing::add(&app.app, chair, REVIEW, &draft("development", "1", "Kan beter", &[])).await.unwrap();
        let action = FollowUp {
            id: kernschil_domain::ids::FollowUpId(app.app.ids.next()),
            review: stage.review(&app).await.id,
            finding: Some(id),
            text: "Doen".to_owned(),
            owner: "De coördinator".to_owned(),
            due_on: None,
            status: FollowUpStatus::Open,
            result: String::new(),
            version: Version::FIRST,
        };
        app.app.store.write(async |tx| follow_ups::put(tx, &action).await).await.unwrap();
        assert_eq!(code(weighing::remove(&app.app, chair, REVIEW, (id, Version::FIRST)).await), "bevinding-in-opvolging");
    }
}
