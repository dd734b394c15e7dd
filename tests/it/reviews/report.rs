//! The report: versions that stay as they are, seen by who may see them, answered, final and published.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use kernschil_app::reviews::move_on;
use kernschil_app::reviews::publication;
use kernschil_app::reviews::report::{self, Early, LooseEnds, ReportAction, ReportSide, SavedReport, Unread};
use kernschil_app::reviews::responding;
use kernschil_app::{Actor, AppError};
use kernschil_domain::frameworks::{Part, PartCode};
use kernschil_domain::ids::{CommentId, JointFindingId, Version};
use kernschil_domain::reviews::{
    Dissent, FindingKind, JointFinding, ParagraphChange, PublishedPart, ReportContent, ReportState, Review, ReviewEvent, ReviewState,
};
use kernschil_storage::reviews::{joint, reports};
use kernschil_storage::{outbox, reviews};

use super::reflection::REVIEW;
use super::stage::Stage;
use crate::support::TestApp;

fn code<T: std::fmt::Debug>(answer: Result<T, AppError>) -> String {
    match answer.unwrap_err() {
        AppError::Invalid(fields) => fields[0].code.clone(),
        other => other.code().to_owned(),
    }
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

/// The receiving side is done, and reads what becomes final.
pub(super) const AGREED: (Early, Unread) = (Early::Agreed, Unread::Refused);
/// The receiving side has until its last day.
const IN_TIME: (Early, Unread) = (Early::No, Unread::Refused);

/// A joint finding of the panel.
pub(super) async fn found(app: &TestApp, stage: &Stage, kind: FindingKind, code: &str, text: &str) -> JointFinding {
    let review = stage.review(app).await.id;
    let (safeguard, criterion) = match code.split_once('.') {
        Some((safeguard, _)) => (safeguard, Some(PartCode(code.to_owned()))),
        None => (code, None),
    };
    let finding = JointFinding {
        id: JointFindingId(app.app.ids.next()),
        review,
        kind,
        part: Part { safeguard: PartCode(safeguard.to_owned()), criterion },
        text: text.to_owned(),
        sources: Vec::new(),
        dissents: Vec::new(),
        by: stage.secretary.actor.user(),
        version: Version::FIRST,
    };
    app.app.store.write(async |tx| joint::put(tx, &finding).await).await.unwrap();
    finding
}

/// Who sees a finding in another way.
async fn dissents(app: &TestApp, finding: &JointFinding, stage: &Stage, text: &str) {
    let dissent = Dissent {
        member: stage.member.member,
        text: text.to_owned(),
        about: finding.text.clone(),
        at: app.app.clock.now(),
        version: Version::FIRST,
    };
    app.app.store.write(async |tx| joint::put_dissent(tx, finding.id, &dissent).await).await.unwrap();
}

fn texts(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
}

/// A review in its concluding phase with a first version of the report of two findings, one of which is contested.
pub(super) async fn written(app: &TestApp) -> Stage {
    let stage = Stage::at(app, ReviewState::Concluding).await;
    found(app, &stage, FindingKind::Development, "2", "Het **werkplekleren** kan meer met de theorie.").await;
    let contested = found(app, &stage, FindingKind::Strength, "1.1", "De visie is gedeeld:\n\n1. op school\n2. op de pabo").await;
    dissents(app, &contested, &stage, "Niet op elke school.").await;
    assert_eq!(report::renew(&app.app, &stage.secretary.actor, REVIEW, 0).await.unwrap(), SavedReport::Stored(1));
    let written = texts(&[("inleiding", "Wij bezochten u met plezier."), ("ontwikkelvragen/1", "Begin bij *één* team.")]);
    assert_eq!(report::save(&app.app, &stage.secretary.actor, REVIEW, 1, &written).await.unwrap(), SavedReport::Stored(2));
    stage
}

/// The same, sent to the receiving side until 15 July.
async fn sent(app: &TestApp) -> Stage {
    let stage = written(app).await;
    report::send(&app.app, &stage.secretary.actor, REVIEW, 2, Some(day("2026-07-15"))).await.unwrap();
    stage
}

async fn numbers(app: &TestApp, actor: &Actor) -> Vec<i32> {
    report::overview(&app.app, actor, REVIEW).await.unwrap().versions.iter().map(|version| version.number).collect()
}

async fn content(app: &TestApp, actor: &Actor, number: i32) -> ReportContent {
    report::version(&app.app, actor, REVIEW, number).await.unwrap().content
}

/// The last day to respond was yesterday.
async fn let_the_term_pass(app: &TestApp, stage: &Stage) {
    let review = stage.review(app).await;
    let passed = Review { respond_by: app.app.clock.today().pred_opt(), ..review };
    app.app.store.write(async |tx| reviews::save(tx, &passed).await).await.unwrap();
}

async fn comments_on(app: &TestApp, stage: &Stage, paragraph: &str, text: &str) -> CommentId {
    responding::comment(&app.app, &stage.author.actor, REVIEW, 2, (paragraph, text)).await.unwrap()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// Where each of these stands in a text; all of them do, in this order.
fn in_order(text: &str, pieces: &[&str]) {
    let mut from = 0;
    for piece in pieces {
        let at = text[from..].find(piece).unwrap_or_else(|| panic!("{piece} does not follow in {text}"));
        from += at + piece.len();
    }
}

both_databases! {
    async fn a_version_is_made_of_what_the_panel_found_together_and_stays_as_it_is(app: TestApp) {
        let stage = written(&app).await;
        let first = content(&app, &stage.chair.actor, 2).await;
        let told: Vec<_> = first.texts().into_iter().map(|text| (text.key, text.name, text.text)).collect();
        let told: Vec<_> = told.iter().map(|(key, name, text)| (key.as_str(), name.as_str(), text.as_str())).collect();
        assert_eq!(
            told,
            [
                ("inleiding", "Inleiding", "Wij bezochten u met plezier."),
                ("panel", "Panel", "Vera Voorzitter (voorzitter)\nSam Secretaris (secretaris)\nMo Panellid (panellid)\nOlga Panellid (panellid)"),
                (
                    "lerende-leraar/1",
                    "Lerende leraar, sterk punt 1",
                    "De visie is gedeeld:\n\n1. op school\n2. op de pabo\nEen panellid ziet dit anders: Niet op elke school."
                ),
                ("leeromgeving/1", "Leeromgeving, ontwikkelpunt 1", "Het **werkplekleren** kan meer met de theorie."),
                ("ontwikkelvragen/1", "Wat kan beter aan het werkplekleren?", "Begin bij *één* team."),
            ]
        );
        assert!(!report::overview(&app.app, &stage.chair.actor, REVIEW).await.unwrap().is_behind);
        found(&app, &stage, FindingKind::Strength, "4", "Er wordt open gesproken.").await;
        assert!(report::overview(&app.app, &stage.chair.actor, REVIEW).await.unwrap().is_behind);
        assert_eq!(report::renew(&app.app, &stage.chair.actor, REVIEW, 2).await.unwrap(), SavedReport::Stored(3));
        assert_eq!(report::renew(&app.app, &stage.chair.actor, REVIEW, 3).await.unwrap(), SavedReport::Unchanged(3));
        assert_eq!(content(&app, &stage.chair.actor, 2).await, first);
        let compared = report::compare(&app.app, &stage.observer.actor, REVIEW, (2, 3)).await.unwrap();
        let differences: Vec<_> = compared.differences.iter().map(|one| (one.key.as_str(), one.change)).collect();
        assert_eq!(differences, [("kwaliteitscultuur/1", ParagraphChange::New)]);
        app.check_invariants().await;
    }

    async fn each_side_sees_what_is_meant_for_it(app: TestApp) {
        let stage = written(&app).await;
        for player in stage.panel().into_iter().chain([&stage.observer]) {
            assert_eq!(numbers(&app, &player.actor).await, [2, 1]);
        }
        for actor in [&stage.author.actor, &stage.coordinator] {
            assert_eq!(numbers(&app, actor).await, [] as [i32; 0]);
            assert_eq!(code(report::version(&app.app, actor, REVIEW, 2).await), "niet-gevonden");
            assert_eq!(code(report::compare(&app.app, actor, REVIEW, (1, 2)).await), "niet-gevonden");
            assert_eq!(code(report::report_document(&app.app, actor, REVIEW, 2).await), "niet-gevonden");
            assert_eq!(code(report::report_workbook(&app.app, actor, REVIEW, 2).await), "niet-gevonden");
        }
        for actor in [&stage.reader, &stage.administrator] {
            assert_eq!(code(report::overview(&app.app, actor, REVIEW).await), "niet-toegestaan");
        }
        assert_eq!(code(report::overview(&app.app, &stage.stranger, REVIEW).await), "niet-gevonden");

        report::send(&app.app, &stage.secretary.actor, REVIEW, 2, Some(day("2026-07-15"))).await.unwrap();
        assert_eq!(numbers(&app, &stage.author.actor).await, [2]);
        report::save(&app.app, &stage.secretary.actor, REVIEW, 2, &texts(&[("slot", "Dank.")])).await.unwrap();
        assert_eq!(numbers(&app, &stage.coordinator).await, [2], "the next concept is of the panel alone");
        let seen = report::overview(&app.app, &stage.author.actor, REVIEW).await.unwrap();
        assert_eq!((seen.side, seen.actions), (ReportSide::Receiver, vec![ReportAction::Comment]));
        let chair = report::overview(&app.app, &stage.chair.actor, REVIEW).await.unwrap();
        assert!(chair.can(ReportAction::Write) && chair.can(ReportAction::Send) && chair.can(ReportAction::Extend));
        assert!(report::overview(&app.app, &stage.member.actor, REVIEW).await.unwrap().actions.is_empty());
    }

    async fn a_stale_edit_stores_nothing_and_loses_nothing(app: TestApp) {
        let stage = written(&app).await;
        let (one, other) = (texts(&[("slot", "Van de secretaris.")]), texts(&[("slot", "Van de voorzitter.")]));
        assert_eq!(report::save(&app.app, &stage.secretary.actor, REVIEW, 2, &one).await.unwrap(), SavedReport::Stored(3));
        assert_eq!(code(report::save(&app.app, &stage.chair.actor, REVIEW, 2, &other).await), "intussen-gewijzigd");
        assert_eq!(report::save(&app.app, &stage.chair.actor, REVIEW, 2, &one).await.unwrap(), SavedReport::Unchanged(3));
        assert_eq!(report::save(&app.app, &stage.chair.actor, REVIEW, 3, &other).await.unwrap(), SavedReport::Stored(4));
        assert_eq!(numbers(&app, &stage.chair.actor).await, [4, 3, 2, 1], "both texts are kept as versions");
        assert_eq!(code(report::renew(&app.app, &stage.chair.actor, REVIEW, 2).await), "intussen-gewijzigd");
        app.check_invariants().await;
    }

    async fn what_cannot_be_written_or_sent_is_refused_with_the_reason(app: TestApp) {
        let stage = Stage::at(&app, ReviewState::Preparing).await;
        let secretary = &stage.secretary.actor;
        assert_eq!(code(report::renew(&app.app, secretary, REVIEW, 0).await), "rapport-te-vroeg");
        assert_eq!(code(report::renew(&app.app, &stage.member.actor, REVIEW, 0).await), "niet-toegestaan");
        stage.put_in(&app, ReviewState::Conducting).await;
        assert_eq!(code(report::save(&app.app, secretary, REVIEW, 0, &texts(&[("slot", "x")])).await), "rapport-ontbreekt");
        report::renew(&app.app, secretary, REVIEW, 0).await.unwrap();
        assert_eq!(code(report::save(&app.app, secretary, REVIEW, 1, &texts(&[("lerende-leraar/9", "x")])).await), "alinea-onbekend");
        assert_eq!(code(report::save(&app.app, secretary, REVIEW, 1, &texts(&[("slot", &"x".repeat(15_001))])).await), "tekst-te-lang");
        let send = async |until: &str| code(report::send(&app.app, secretary, REVIEW, 1, Some(day(until))).await);
        assert_eq!(send("2026-07-15").await, "niet-in-afronding");
        stage.put_in(&app, ReviewState::Concluding).await;
        assert_eq!(code(report::finalise(&app.app, &stage.chair.actor, REVIEW, 1, AGREED).await), "rapport-niet-verstuurd");
        assert_eq!(code(responding::comment(&app.app, &stage.author.actor, REVIEW, 1, ("panel", "x")).await), "rapport-niet-verstuurd");
        assert_eq!(send("2026-07-15").await, "rapport-leeg");
        report::save(&app.app, secretary, REVIEW, 1, &texts(&[("slot", "Dank.")])).await.unwrap();
        assert_eq!(send("2026-07-15").await, "intussen-gewijzigd");
        let send = async |until: Option<&str>| code(report::send(&app.app, secretary, REVIEW, 2, until.map(day)).await);
        assert_eq!([send(None).await, send(Some("2026-07-01")).await, send(Some("2028-07-01")).await], ["datum-buiten-bereik"; 3]);
        report::send(&app.app, secretary, REVIEW, 2, Some(day("2026-07-15"))).await.unwrap();
        assert_eq!(send(Some("2026-07-15")).await, "rapport-al-verstuurd");
        stage.put_in(&app, ReviewState::Closed).await;
        assert_eq!(code(report::renew(&app.app, secretary, REVIEW, 2).await), "review-voorbij");
    }

    async fn who_receives_hears_of_it_by_mail(app: TestApp) {
        let stage = written(&app).await;
        let count = report::send(&app.app, &stage.secretary.actor, REVIEW, 2, Some(day("2026-07-15"))).await.unwrap();
        let (mails, _) = app.app.store.read(async |tx| outbox::latest(tx, None, 0, 50).await).await.unwrap();
        let told: Vec<_> = mails.iter().filter(|mail| mail.subject == "Conceptrapport om op te reageren").collect();
        assert_eq!((told.len(), count), (2, 2), "the author and the coordinator, each once");
        assert!(told.iter().all(|mail| mail.body.contains("tot en met 15 juli 2026") && mail.body.contains("/rapport")));
        assert!(told.iter().all(|mail| !mail.body.contains("werkplekleren")), "nothing of what it says");
        let review = stage.review(&app).await;
        assert_eq!(code(report::extend(&app.app, &stage.secretary.actor, REVIEW, review.version, Some(day("2026-08-01"))).await), "alleen-voorzitter");
        report::extend(&app.app, &stage.chair.actor, REVIEW, review.version, Some(day("2026-08-01"))).await.unwrap();
        assert_eq!(stage.review(&app).await.respond_by, Some(day("2026-08-01")));
        assert_eq!(code(report::extend(&app.app, &stage.chair.actor, REVIEW, review.version, Some(day("2026-08-02"))).await), "intussen-gewijzigd");
        app.check_invariants().await;
    }

    async fn the_receiving_side_responds_per_paragraph_until_its_last_day(app: TestApp) {
        let stage = sent(&app).await;
        let author = &stage.author.actor;
        let respond = async |actor: &Actor, number, paragraph: &str, text: &str| {
            responding::comment(&app.app, actor, REVIEW, number, (paragraph, text)).await
        };
        assert_eq!(code(respond(author, 2, "leeromgeving/9", " ").await), "reactie-ongeldig");
        assert_eq!(code(respond(author, 2, "leeromgeving/9", "x").await), "alinea-onbekend");
        assert_eq!(code(respond(author, 1, "leeromgeving/1", "x").await), "intussen-gewijzigd");
        assert_eq!(code(respond(&stage.member.actor, 2, "leeromgeving/1", "x").await), "niet-toegestaan");
        let id = respond(author, 2, "leeromgeving/1", " Dit klopt niet meer.\r\n").await.unwrap();
        respond(&stage.coordinator, 2, "panel", "De naam is Vera.").await.unwrap();
        let seen = report::overview(&app.app, &stage.member.actor, REVIEW).await.unwrap();
        let said: Vec<_> = seen.comments.iter().map(|comment| (comment.about.as_str(), comment.text.as_str())).collect();
        assert_eq!(said, [("Leeromgeving, ontwikkelpunt 1", "Dit klopt niet meer."), ("Panel", "De naam is Vera.")]);

        let version = responding::change(&app.app, author, REVIEW, (id, Version::FIRST), "Dit klopt deels.").await.unwrap();
        assert_eq!(code(responding::change(&app.app, author, REVIEW, (id, Version::FIRST), "Stale.").await), "intussen-gewijzigd");
        assert_eq!(code(responding::reply(&app.app, author, REVIEW, (id, version), "x").await), "niet-toegestaan");
        let version = responding::reply(&app.app, &stage.secretary.actor, REVIEW, (id, version), "Aangepast.").await.unwrap();
        assert_eq!(code(responding::change(&app.app, author, REVIEW, (id, version), "Nog iets.").await), "reactie-beantwoord");
        assert_eq!(code(responding::remove(&app.app, author, REVIEW, (id, version)).await), "reactie-beantwoord");
        assert_eq!(code(responding::remove(&app.app, author, REVIEW, (CommentId(uuid::Uuid::nil()), version)).await), "niet-gevonden");

        let_the_term_pass(&app, &stage).await;
        assert_eq!(code(respond(author, 2, "slot", "Te laat.").await), "reactietermijn-voorbij");
        assert!(!report::overview(&app.app, author, REVIEW).await.unwrap().can(ReportAction::Comment));
        let review = stage.review(&app).await;
        report::extend(&app.app, &stage.chair.actor, REVIEW, review.version, Some(day("2026-07-20"))).await.unwrap();
        let late = respond(author, 2, "inleiding", "Toch nog.").await.unwrap();
        responding::remove(&app.app, author, REVIEW, (late, Version::FIRST)).await.unwrap();
        assert_eq!(report::overview(&app.app, author, REVIEW).await.unwrap().comments.len(), 2);
        app.check_invariants().await;
    }

    async fn the_chair_makes_it_final_when_every_response_is_answered(app: TestApp) {
        let stage = sent(&app).await;
        let id = comments_on(&app, &stage, "leeromgeving/1", "Dit klopt niet meer.").await;
        let finalise = async |actor: &Actor, seen, early| report::finalise(&app.app, actor, REVIEW, seen, early).await;
        assert_eq!(code(finalise(&stage.chair.actor, 2, AGREED).await), "reacties-onbeantwoord");
        responding::reply(&app.app, &stage.chair.actor, REVIEW, (id, Version::FIRST), "Wij hebben het aangepast.").await.unwrap();
        assert_eq!(code(finalise(&stage.chair.actor, 2, IN_TIME).await), "reactietermijn-loopt");
        assert_eq!(code(finalise(&stage.secretary.actor, 2, AGREED).await), "alleen-voorzitter");
        assert_eq!(code(finalise(&stage.coordinator, 2, AGREED).await), "niet-toegestaan");
        report::save(&app.app, &stage.secretary.actor, REVIEW, 2, &texts(&[("slot", "Dank.")])).await.unwrap();
        assert_eq!(code(finalise(&stage.chair.actor, 2, AGREED).await), "intussen-gewijzigd");
        let_the_term_pass(&app, &stage).await;
        assert_eq!(code(finalise(&stage.chair.actor, 3, IN_TIME).await), "versie-niet-gelezen");
        let unread = report::overview(&app.app, &stage.chair.actor, REVIEW).await.unwrap().unread.unwrap();
        let differ: Vec<_> = unread.differences.iter().map(|one| (one.key.as_str(), one.change)).collect();
        assert_eq!((unread.read, unread.latest, differ), (2, 3, vec![("slot", ParagraphChange::New)]));
        assert_eq!(report::overview(&app.app, &stage.author.actor, REVIEW).await.unwrap().unread, None, "the next concept is of the panel alone");
        assert_eq!(finalise(&stage.chair.actor, 3, (Early::No, Unread::Confirmed)).await.unwrap(), 4);

        let view = report::version(&app.app, &stage.coordinator, REVIEW, 4).await.unwrap();
        assert_eq!(view.version.state, ReportState::Final);
        let said: Vec<_> = view.content.responses.iter().map(|one| (one.about.as_str(), one.text.as_str(), one.reply.as_str())).collect();
        assert_eq!(said, [("Leeromgeving, ontwikkelpunt 1", "Dit klopt niet meer.", "Wij hebben het aangepast.")]);
        assert_eq!(numbers(&app, &stage.author.actor).await, [4, 2]);
        assert_eq!(view.overview.comments.len(), 1, "what was said stays to be read");
        assert_eq!(code(report::save(&app.app, &stage.chair.actor, REVIEW, 4, &texts(&[("slot", "Nog iets.")])).await), "rapport-vastgesteld");
        assert_eq!(code(finalise(&stage.chair.actor, 4, IN_TIME).await), "rapport-vastgesteld");
        app.check_invariants().await;
    }

    async fn what_would_be_left_out_is_told_to_who_writes(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        stage.finds(&app, &stage.member, FindingKind::Development, "2", "De begeleiding wisselt.").await;
        stage.hand_in_all(&app).await;
        stage.put_in(&app, ReviewState::Concluding).await;
        report::renew(&app.app, &stage.secretary.actor, REVIEW, 0).await.unwrap();
        let question = ("ontwikkelvragen/1".to_owned(), "Wat kan beter aan het werkplekleren?".to_owned());
        let ends = async |actor: &Actor| report::overview(&app.app, actor, REVIEW).await.unwrap().loose_ends;
        assert_eq!(ends(&stage.chair.actor).await, LooseEnds { unweighed: 9, questions: vec![question] });
        assert!(ends(&stage.author.actor).await.is_empty(), "what members found is of the panel");
        let told = content(&app, &stage.chair.actor, 1).await.texts();
        assert!(told.iter().any(|text| text.text == "Het panel gaf op deze vraag geen antwoord."), "{told:?}");
        report::save(&app.app, &stage.chair.actor, REVIEW, 1, &texts(&[("ontwikkelvragen/1", "Begin klein.")])).await.unwrap();
        assert_eq!(ends(&stage.chair.actor).await.questions, []);
    }

    async fn a_final_report_is_corrected_after_the_review_was_reopened(app: TestApp) {
        let stage = sent(&app).await;
        let id = comments_on(&app, &stage, "leeromgeving/1", "Dit klopt niet meer.").await;
        responding::reply(&app.app, &stage.chair.actor, REVIEW, (id, Version::FIRST), "Aangepast.").await.unwrap();
        let chair = &stage.chair.actor;
        assert_eq!(report::finalise(&app.app, chair, REVIEW, 2, AGREED).await.unwrap(), 3);
        stage.put_in(&app, ReviewState::Closed).await;
        assert_eq!(code(report::renew(&app.app, chair, REVIEW, 3).await), "rapport-vastgesteld");
        let seen = stage.review(&app).await.version;
        let reason = Some("De naam van een school klopt niet.".to_owned());
        move_on(&app.app, &stage.coordinator, REVIEW, seen, ReviewEvent::Reopen, reason).await.unwrap();

        let seen = report::overview(&app.app, chair, REVIEW).await.unwrap();
        assert_eq!(seen.reopened.as_deref(), Some("De naam van een school klopt niet."));
        assert!(seen.can(ReportAction::Write) && !seen.can(ReportAction::Finalise) && !seen.is_behind);
        assert_eq!(code(report::finalise(&app.app, chair, REVIEW, 3, AGREED).await), "rapport-vastgesteld");
        assert_eq!(report::renew(&app.app, chair, REVIEW, 3).await.unwrap(), SavedReport::Stored(4));
        assert!(content(&app, chair, 4).await.responses.is_empty());
        report::save(&app.app, chair, REVIEW, 4, &texts(&[("slot", "De school heet De Wissel.")])).await.unwrap();
        assert_eq!(numbers(&app, &stage.author.actor).await, [3, 2], "the correction is of the panel until it is sent or final");
        assert_eq!(publication::check(&app.app, &stage.coordinator, REVIEW).await.unwrap().number, Some(3));
        assert_eq!(code(report::finalise(&app.app, chair, REVIEW, 5, AGREED).await), "versie-niet-gelezen");
        let unread = report::overview(&app.app, chair, REVIEW).await.unwrap().unread.unwrap();
        let differ: Vec<_> = unread.differences.iter().map(|one| one.key.as_str()).collect();
        assert_eq!((unread.read, differ), (3, vec!["slot"]), "it is laid beside the version that was final");
        assert_eq!(report::finalise(&app.app, chair, REVIEW, 5, (Early::Agreed, Unread::Confirmed)).await.unwrap(), 6);
        let last = content(&app, &stage.author.actor, 6).await;
        assert_eq!((last.responses.len(), numbers(&app, &stage.author.actor).await), (1, vec![6, 3, 2]));
        assert_eq!(publication::check(&app.app, &stage.coordinator, REVIEW).await.unwrap().number, Some(6));
        app.check_invariants().await;
    }

    async fn both_sides_hear_what_the_other_did(app: TestApp) {
        let stage = sent(&app).await;
        let told = async |subject: &str| {
            let (mails, _) = app.app.store.read(async |tx| outbox::latest(tx, None, 0, 50).await).await.unwrap();
            let found = mails.into_iter().filter(|mail| mail.subject == subject);
            let mut who: Vec<_> = found.inspect(|mail| assert!(!mail.body.contains("klopt") && mail.body.contains("/rapport"))).map(|mail| mail.to_name).collect();
            who.sort();
            who
        };
        let one = comments_on(&app, &stage, "leeromgeving/1", "Dit klopt niet meer.").await;
        let other = comments_on(&app, &stage, "inleiding", "Dit klopt ook niet.").await;
        assert_eq!(told("Reactie op het conceptrapport").await, ["Sam Secretaris", "Vera Voorzitter"], "one letter until the panel answers");
        let answer = async |id| responding::reply(&app.app, &stage.chair.actor, REVIEW, (id, Version::FIRST), "Aangepast.").await.unwrap();
        answer(one).await;
        assert!(told("Het panel heeft uw reacties beantwoord").await.is_empty());
        let version = answer(other).await;
        let receivers = told("Het panel heeft uw reacties beantwoord").await;
        assert_eq!((receivers.len(), receivers.contains(&"Anna Auteur".to_owned())), (2, true), "the author and the coordinator");
        responding::reply(&app.app, &stage.chair.actor, REVIEW, (other, version), "Toch anders.").await.unwrap();
        assert_eq!(told("Het panel heeft uw reacties beantwoord").await.len(), 2);
        assert!(told("Het rapport is vastgesteld").await.is_empty());
        report::finalise(&app.app, &stage.chair.actor, REVIEW, 2, AGREED).await.unwrap();
        assert_eq!(told("Het rapport is vastgesteld").await, receivers);
    }

    async fn what_is_published_is_what_was_chosen_and_can_be_taken_back(app: TestApp) {
        let stage = sent(&app).await;
        let publish = async |parts: &[PublishedPart]| {
            let seen = stage.review(&app).await.version;
            publication::publish(&app.app, &stage.coordinator, REVIEW, seen, parts).await
        };
        assert_eq!(code(publish(&[]).await), "rapport-niet-vastgesteld");
        assert_eq!(code(publication::published(&app.app, &stage.reader, REVIEW).await), "niet-gevonden");
        report::finalise(&app.app, &stage.chair.actor, REVIEW, 2, AGREED).await.unwrap();
        assert_eq!(publication::check(&app.app, &stage.coordinator, REVIEW).await.unwrap().parts(), [PublishedPart::Panel]);
        assert_eq!(code(publish(&[PublishedPart::Responses]).await), "onderdeel-ontbreekt");
        assert_eq!(code(publication::check(&app.app, &stage.chair.actor, REVIEW).await), "niet-toegestaan");

        publish(&[]).await.unwrap();
        let read = publication::published(&app.app, &stage.reader, REVIEW).await.unwrap();
        assert!(!read.content.canonical().contains("Vera") && read.content.canonical().contains("werkplekleren"));
        let file = publication::published_document(&app.app, &stage.reader, REVIEW).await.unwrap();
        assert!(!part(&file.bytes, "word/document.xml").contains("Vera"));
        let sheet = publication::published_workbook(&app.app, &stage.reader, REVIEW).await.unwrap();
        assert!(!part(&sheet.bytes, "xl/sharedStrings.xml").contains("Vera"));
        publish(&[PublishedPart::Panel]).await.unwrap();
        assert!(publication::published(&app.app, &stage.reader, REVIEW).await.unwrap().content.canonical().contains("Vera"));
        assert!(stage.review(&app).await.published_at.is_some());
        assert_eq!(code(publication::published(&app.app, &stage.stranger, REVIEW).await), "niet-gevonden");

        let seen = stage.review(&app).await.version;
        assert_eq!(code(publication::withdraw(&app.app, &stage.coordinator, REVIEW, seen, " ").await), "reden-ontbreekt");
        publication::withdraw(&app.app, &stage.coordinator, REVIEW, seen, "Er staat een fout in.").await.unwrap();
        assert_eq!(code(publication::withdraw(&app.app, &stage.coordinator, REVIEW, seen, "Nog eens.").await), "intussen-gewijzigd");
        let seen = stage.review(&app).await.version;
        assert_eq!(code(publication::withdraw(&app.app, &stage.coordinator, REVIEW, seen, "Nog eens.").await), "niet-gepubliceerd");
        assert_eq!(code(publication::published(&app.app, &stage.reader, REVIEW).await), "niet-gevonden");
        let all = publication::check(&app.app, &stage.coordinator, REVIEW).await.unwrap().publications;
        assert_eq!(all.iter().map(|one| one.reason.as_deref()).collect::<Vec<_>>(), [Some("Opnieuw gepubliceerd."), Some("Er staat een fout in.")]);
        app.check_invariants().await;
    }

    async fn document_and_workbook_tell_the_same_in_the_same_order_and_are_the_same_each_time(app: TestApp) {
        let stage = sent(&app).await;
        let chair = &stage.chair.actor;
        let document = report::report_document(&app.app, chair, REVIEW, 2).await.unwrap();
        let workbook = report::report_workbook(&app.app, chair, REVIEW, 2).await.unwrap();
        assert_eq!(document, report::report_document(&app.app, chair, REVIEW, 2).await.unwrap());
        assert_eq!(workbook, report::report_workbook(&app.app, chair, REVIEW, 2).await.unwrap());
        assert_eq!(document.file_name, format!("rapport-{REVIEW}-versie-2.docx"));
        let told = ["Wij bezochten u met plezier.", "Vera Voorzitter", "Het beeld per waarborg", "1 ontwikkelpunt", "de waarborg als geheel", "De visie is gedeeld:", "Niet op elke school.", "Het ", "werkplekleren", "Begin bij "];
        in_order(&part(&document.bytes, "word/document.xml"), &told);
        in_order(&part(&workbook.bytes, "xl/sharedStrings.xml"), &told);
        let header = part(&document.bytes, "word/header1.xml");
        assert!(header.contains("string=\"CONCEPT\""), "{header}");
        assert!(part(&workbook.bytes, "xl/sharedStrings.xml").contains("CONCEPT"));

        report::finalise(&app.app, chair, REVIEW, 2, AGREED).await.unwrap();
        let last = report::report_document(&app.app, &stage.author.actor, REVIEW, 3).await.unwrap();
        assert!(!part(&last.bytes, "word/header1.xml").contains("CONCEPT"));
        assert!(!part(&report::report_workbook(&app.app, chair, REVIEW, 3).await.unwrap().bytes, "xl/sharedStrings.xml").contains("CONCEPT"));
        // What was sent stays a concept, whatever came after it.
        assert_eq!(document, report::report_document(&app.app, chair, REVIEW, 2).await.unwrap());
    }

    async fn nothing_of_a_score_is_in_a_developmental_report(app: TestApp) {
        let stage = written(&app).await;
        let stored = app.app.store.read(async |tx| reports::versions(tx, stage.review(&app).await.id).await).await.unwrap();
        let document = report::report_document(&app.app, &stage.chair.actor, REVIEW, 2).await.unwrap();
        let workbook = report::report_workbook(&app.app, &stage.chair.actor, REVIEW, 2).await.unwrap();
        for text in [&stored[1].content, &part(&document.bytes, "word/document.xml"), &part(&workbook.bytes, "xl/sharedStrings.xml")] {
            let text = text.to_lowercase();
            for word in ["score", "voldoende", "sufficient", "oordeel", "judgement", "cijfer"] {
                assert!(!text.contains(word), "{word} in {text}");
            }
        }
    }
}
