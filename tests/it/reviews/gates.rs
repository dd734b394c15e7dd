//! What ends a phase: the reflection is with the panel, who the panel cannot do without agreed, and it stays valid.

use kernschil_app::AppError;
use kernschil_app::reviews::peers::{self, PeerInput};
use kernschil_app::reviews::{self, ReviewEdit, move_on, questions, reflection};
use kernschil_domain::ids::{MemberId, RegionId, Version};
use kernschil_domain::reviews::{MemberAnswer, Review, ReviewEvent, ReviewMember, ReviewRole, ReviewState};
use kernschil_spreadsheets::ImportKind;
use kernschil_storage::reviews::members;

use super::reflection::{REVIEW, review};
use super::{LINE, registry};
use crate::support::TestApp;

async fn version(app: &TestApp) -> Version {
    reviews::dossier(&app.app, &LINE, REVIEW).await.unwrap().review.version
}

/// Tries to go on; answers what is missing as `page: code`, or where the review is now.
async fn go(app: &TestApp, event: ReviewEvent) -> Result<ReviewState, Vec<String>> {
    match move_on(&app.app, &LINE, REVIEW, version(app).await, event, None).await {
        Ok((_, state)) => Ok(state),
        Err(AppError::Invalid(fields)) => Err(fields.into_iter().map(|field| format!("{}: {}", field.field, field.code)).collect()),
        Err(other) => panic!("{other:?}"),
    }
}

async fn edit(app: &TestApp, edit: ReviewEdit) -> Result<Version, AppError> {
    reviews::change(&app.app, &LINE, REVIEW, version(app).await, edit).await
}

/// Somebody of the pool, asked for a role.
async fn asked(app: &TestApp, review: &Review, role: ReviewRole, region: RegionId) -> MemberId {
    let id = MemberId(app.app.ids.next());
    let name = format!("Peer {}", id.0);
    let email = format!("{}@peers.example", id.0);
    let peer = PeerInput { name: name.clone(), email: email.clone(), region: Some(region), ..PeerInput::default() };
    let peer = peers::add(&app.app, &LINE, &peer).await.unwrap();
    let member = ReviewMember {
        id,
        review: review.id,
        role,
        peer: Some(peer),
        user: None,
        grant: None,
        name,
        email,
        invited_at: Some(app.app.clock.now()),
        answer: None,
        answered_at: None,
        version: Version::FIRST,
    };
    app.app.store.write(async |tx| members::insert(tx, &member).await).await.unwrap();
    id
}

async fn member(app: &TestApp, id: MemberId) -> ReviewMember {
    let all = app.app.store.read(async |tx| members::all(tx).await).await.unwrap();
    all.into_iter().find(|member| member.id == id).unwrap()
}

async fn answers(app: &TestApp, id: MemberId, answer: MemberAnswer) {
    let answered = ReviewMember { answer: Some(answer), ..member(app, id).await };
    app.app.store.write(async |tx| members::save(tx, &answered).await).await.unwrap();
}

async fn agrees(app: &TestApp, id: MemberId) {
    answers(app, id, MemberAnswer::Agreed).await;
}

/// A review that is being prepared, with texts, a question and a day; and a region of its own and another one.
async fn prepared(app: &TestApp) -> (Review, RegionId, RegionId) {
    let review = review(app, ReviewState::Preparing).await;
    app.load(ImportKind::Partnerships, "hak/partnerschappen.xlsx").await;
    for part in ["1", "2", "3", "4"] {
        reflection::save(&app.app, &LINE, REVIEW, part, Version(0), "Zo doen wij het.").await.unwrap();
    }
    questions::add(&app.app, &LINE, REVIEW, "Wat kan beter?", "2").await.unwrap();
    edit(app, ReviewEdit { visit_on: Some("2026-06-15".parse().ok()), ..ReviewEdit::default() }).await.unwrap();
    let known = registry(app).await;
    let own = review.receiver.regions(&known);
    let other = known.regions.keys().copied().find(|region| !own.contains(region)).unwrap();
    (review, *own.first().unwrap(), other)
}

both_databases! {
    async fn the_preparing_phase_waits_for_the_hand_in_and_for_who_agrees(app: TestApp) {
        let (review, _, other) = prepared(&app).await;
        let event = ReviewEvent::FinishPreparing;
        let outsider = asked(&app, &review, ReviewRole::Member, other).await;
        assert_eq!(
            go(&app, event).await.unwrap_err(),
            ["reflection: reflectie-niet-ingeleverd", "members: voorzitter-ontbreekt", "members: buitenstaander-niet-akkoord"]
        );
        // Handed in and taken back is not handed in.
        let handed_in = reflection::hand_in(&app.app, &LINE, REVIEW, version(&app).await).await.unwrap();
        reflection::take_back(&app.app, &LINE, REVIEW, handed_in, "Nog iets vergeten.").await.unwrap();
        let chair = asked(&app, &review, ReviewRole::Chair, other).await;
        assert_eq!(
            go(&app, event).await.unwrap_err(),
            ["reflection: reflectie-niet-ingeleverd", "members: voorzitter-niet-akkoord", "members: buitenstaander-niet-akkoord"]
        );
        reflection::hand_in(&app.app, &LINE, REVIEW, version(&app).await).await.unwrap();
        agrees(&app, outsider).await;
        assert_eq!(go(&app, event).await.unwrap_err(), ["members: voorzitter-niet-akkoord"]);
        agrees(&app, chair).await;
        assert_eq!(go(&app, event).await, Ok(ReviewState::Conducting));
        app.check_invariants().await;
    }

    async fn a_panel_that_lost_its_only_outsider_holds_no_visit(app: TestApp) {
        let (review, own, other) = prepared(&app).await;
        reflection::hand_in(&app.app, &LINE, REVIEW, version(&app).await).await.unwrap();
        let outsider = asked(&app, &review, ReviewRole::Member, other).await;
        let chair = asked(&app, &review, ReviewRole::Chair, own).await;
        for member in [outsider, chair] {
            agrees(&app, member).await;
        }
        assert_eq!(go(&app, ReviewEvent::FinishPreparing).await, Ok(ReviewState::Conducting));
        answers(&app, outsider, MemberAnswer::Declined).await;

        let held = ReviewEdit { held_on: Some("2026-06-15".parse().ok()), ..ReviewEdit::default() };
        let Err(AppError::Invalid(fields)) = edit(&app, held.clone()).await else { panic!("a visit without anybody of another region") };
        assert_eq!((fields[0].field.as_str(), fields[0].code.as_str()), ("heldOn", "panel-ongeldig"));
        assert!(fields[0].message.contains("niemand uit een andere onderwijsregio"), "{}", fields[0].message);
        assert_eq!(
            go(&app, ReviewEvent::FinishConducting).await.unwrap_err(),
            ["panel: panel-ongeldig", "details: bezoek-niet-gehouden", "findings: bevindingen-niet-ingeleverd"]
        );

        asked(&app, &review, ReviewRole::Secretary, other).await;
        edit(&app, held).await.unwrap();
        // The day of a visit that was held can be put right, whoever is on the panel since.
        assert_eq!(go(&app, ReviewEvent::FinishConducting).await.unwrap_err(), ["findings: bevindingen-niet-ingeleverd"]);
        app.check_invariants().await;
    }
}
