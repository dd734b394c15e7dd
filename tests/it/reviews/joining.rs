//! Who joins, leaves or gets another role while the panel works: nothing that was handed in leaves the table, what was begun
//! goes on, the rules of a panel still hold, and the others hear of it.

use kernschil_app::access;
use kernschil_app::reviews::findings;
use kernschil_app::reviews::members::{self, AskAgain};
use kernschil_app::reviews::peers;
use kernschil_app::reviews::weighing::{self, WeighingStage};
use kernschil_app::reviews::{ReviewEdit, change, move_on};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::ids::{MemberId, PeerId, Version};
use kernschil_domain::reviews::{MemberAnswer, ReviewEvent, ReviewMember, ReviewRole, ReviewState};
use kernschil_storage::outbox;
use kernschil_storage::reviews as stored;

use super::LINE;
use super::intruders::{asked, finds, from_pool, member, pooled};
use super::people::codes;
use super::reflection::REVIEW;
use super::stage::{Player, Stage};
use super::weighing::{all_hand_in, draft, found, hand_in, table};
use crate::support::TestApp;

/// The mails to an address, the newest first.
async fn mails(app: &TestApp, address: &str) -> Vec<String> {
    let (mails, _) = app.app.store.read(async |tx| outbox::latest(tx, None, 0, 200).await).await.unwrap();
    mails.into_iter().filter(|mail| mail.to_address == address).map(|mail| mail.body).collect()
}

async fn address(app: &TestApp, who: &Player) -> String {
    member(app, who.member).await.email
}

/// Somebody who is asked and did not answer yet.
async fn asked_now(app: &TestApp, stage: &Stage, role: ReviewRole) -> Player {
    let actor = app.with_role(Role::Reader, Scope::All).await;
    let user = actor.user().unwrap();
    let email = app.app.store.read(async |tx| kernschil_storage::access::user(tx, user).await).await.unwrap().unwrap().email;
    let member = members::ask(&app.app, &stage.coordinator, REVIEW, &asked(role, &email)).await.unwrap();
    Player { actor: access::actor(&app.app, user).await.unwrap(), member }
}

async fn agrees(app: &TestApp, who: &Player) {
    let seen = member(app, who.member).await.version;
    members::answer(&app.app, &who.actor, REVIEW, seen, MemberAnswer::Agreed).await.unwrap();
}

/// Gives somebody another role, as far as that is allowed.
async fn role(app: &TestApp, stage: &Stage, who: MemberId, role: ReviewRole) -> Result<Version, kernschil_app::AppError> {
    let seen = member(app, who).await.version;
    members::ask_again(&app.app, &stage.coordinator, REVIEW, who, seen, AskAgain { role, until: None }).await
}

async fn withdraw(app: &TestApp, stage: &Stage, who: MemberId) -> Result<(), kernschil_app::AppError> {
    let seen = member(app, who).await.version;
    members::withdraw(&app.app, &stage.coordinator, REVIEW, who, seen).await
}

/// Makes somebody of the stage a peer of the pool.
async fn is_peer(app: &TestApp, who: &Player, peer: PeerId) {
    let changed = ReviewMember { peer: Some(peer), ..member(app, who.member).await };
    app.app.store.write(async |tx| stored::members::save(tx, &changed).await).await.unwrap();
}

async fn waiting(app: &TestApp, who: &Player) -> Vec<String> {
    match weighing::get(&app.app, &who.actor, REVIEW).await.unwrap().stage {
        WeighingStage::Waiting(names) => names,
        other => panic!("{other:?}"),
    }
}

both_databases! {
    async fn who_could_have_written_does_not_leave_the_panel_by_another_role(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        for leaves in [ReviewRole::Observer, ReviewRole::Author] {
            assert_eq!(codes(role(&app, &stage, stage.other.member, leaves).await), ["blijft-in-panel"]);
        }
        // Also once she was taken out: she may have read what others found.
        withdraw(&app, &stage, stage.other.member).await.unwrap();
        assert_eq!(codes(role(&app, &stage, stage.other.member, ReviewRole::Author).await), ["blijft-in-panel"]);
        role(&app, &stage, stage.other.member, ReviewRole::Member).await.unwrap();
        app.check_invariants().await;
    }

    async fn what_was_handed_in_stays_on_the_table_whatever_becomes_of_who_wrote_it(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let of_other = found(&app, &stage.other, "development", "2", "Van Olga").await;
        found(&app, &stage.member, "strength", "2", "Van Mo").await;
        all_hand_in(&app, &stage).await;
        let before = table(&app, &stage.chair.actor).await;
        // A row that became one of an observer in another way than by asking, and one that was taken out.
        let changed = ReviewMember { role: ReviewRole::Observer, ..member(&app, stage.other.member).await };
        app.app.store.write(async |tx| stored::members::save(tx, &changed).await).await.unwrap();
        withdraw(&app, &stage, stage.member.member).await.unwrap();
        let after = table(&app, &stage.chair.actor).await;
        assert_eq!((after.parts[0].spread, after.unweighed.len()), (before.parts[0].spread, 2));
        assert_eq!(after.picture, before.picture);
        assert_eq!(after.finding(of_other).unwrap().text, "Van Olga");
        assert_eq!(after.names[&stage.other.member], "Olga Panellid");
    }

    async fn what_the_chair_opened_stays_open_when_its_writer_leaves(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let text = found(&app, &stage.other, "development", "2", "Van Olga").await;
        findings::open(&app.app, &stage.chair.actor, REVIEW, stage.review(&app).await.version).await.unwrap();
        let left = ReviewMember { answer: Some(MemberAnswer::Declined), answered_at: app.app.clock.now().checked_add_signed(chrono::TimeDelta::minutes(1)), ..member(&app, stage.other.member).await };
        app.app.store.write(async |tx| stored::members::save(tx, &left).await).await.unwrap();
        assert_eq!(table(&app, &stage.chair.actor).await.finding(text).unwrap().text, "Van Olga");
        let names: Vec<_> = findings::list(&app.app, &stage.chair.actor, REVIEW).await.unwrap().others.into_iter().map(|other| other.name).collect();
        assert!(names.contains(&"Olga Panellid".to_owned()));
    }

    async fn who_is_asked_late_does_not_stop_the_weighing(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        all_hand_in(&app, &stage).await;
        let chair = &stage.chair.actor;
        // Asked, and no answer: nobody waits for her, and the phase can be ended.
        let late = asked_now(&app, &stage, ReviewRole::Member).await;
        table(&app, chair).await;
        weighing::add(&app.app, chair, REVIEW, &draft("strength", "1", "Samen", &[])).await.unwrap();
        // She agrees while the panel weighs: the others go on, and she judges by herself first.
        agrees(&app, &late).await;
        assert_eq!(table(&app, chair).await.joint.len(), 1);
        assert_eq!(waiting(&app, &late).await.len(), 1);
        let id = weighing::add(&app.app, chair, REVIEW, &draft("strength", "2", "Ook samen", &[])).await.unwrap();
        assert_eq!(codes(weighing::dissent(&app.app, &late.actor, REVIEW, (id, Version(0)), "Anders").await), ["eerst-inleveren"]);
        finds(&app, &late, "3", "Eigen oordeel").await;
        hand_in(&app, &late).await;
        assert_eq!(table(&app, &late.actor).await.joint.len(), 2);
        app.check_invariants().await;
    }

    async fn who_joins_after_the_conducting_phase_weighs_along(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        found(&app, &stage.member, "strength", "2", "Van Mo").await;
        all_hand_in(&app, &stage).await;
        let outsider = pooled(&app, &stage, "buiten@peers.example", true).await;
        is_peer(&app, &stage.other, outsider).await;
        let (seen, actor) = (stage.review(&app).await.version, &stage.coordinator);
        move_on(&app.app, actor, REVIEW, seen, ReviewEvent::FinishConducting, None).await.unwrap();
        let late = asked_now(&app, &stage, ReviewRole::Member).await;
        table(&app, &stage.chair.actor).await;
        weighing::add(&app.app, &stage.chair.actor, REVIEW, &draft("strength", "1", "Samen", &[])).await.unwrap();
        agrees(&app, &late).await;
        weighing::add(&app.app, &stage.chair.actor, REVIEW, &draft("question", "1", "En nog", &[])).await.unwrap();
        let laid = table(&app, &late.actor).await;
        assert_eq!((laid.joint.len(), laid.parts[0].members.len()), (2, 4), "who has no voice is not counted");
        assert_eq!(laid.parts[0].members.iter().flat_map(|(_, own)| own).count(), 1);
    }

    async fn a_panel_keeps_somebody_of_another_region_while_it_works(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let outsider = pooled(&app, &stage, "buiten@peers.example", true).await;
        is_peer(&app, &stage.other, outsider).await;
        assert_eq!(codes(withdraw(&app, &stage, stage.other.member).await), ["panel-ongeldig"]);
        assert_eq!(member(&app, stage.other.member).await.answer, Some(MemberAnswer::Agreed), "nothing was done");
        // Somebody else of another region first; then she can go.
        let second = pooled(&app, &stage, "ook-buiten@peers.example", true).await;
        members::ask(&app.app, &stage.coordinator, REVIEW, &from_pool(second, ReviewRole::Member)).await.unwrap();
        withdraw(&app, &stage, stage.other.member).await.unwrap();
        // A panel without one, as she declined herself, is mended step by step.
        let all = members::list(&app.app, &LINE, REVIEW).await.unwrap().members;
        let new = all.iter().find(|view| view.member.peer == Some(second)).unwrap().member.clone();
        let declined = ReviewMember { answer: Some(MemberAnswer::Declined), ..new };
        app.app.store.write(async |tx| stored::members::save(tx, &declined).await).await.unwrap();
        withdraw(&app, &stage, stage.secretary.member).await.unwrap();
        asked_now(&app, &stage, ReviewRole::Secretary).await;
        app.check_invariants().await;
    }

    async fn the_panel_hears_who_was_asked_and_who_left(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let chair = address(&app, &stage.chair).await;
        let newcomer = asked_now(&app, &stage, ReviewRole::Member).await;
        let told = &mails(&app, &chair).await[0];
        assert!(told.contains("Iemand is gevraagd als panellid") && told.contains("- Vera Voorzitter, voorzitter\n"), "{told}");
        assert!(told.contains("- Iemand, panellid (heeft nog niet gezegd mee te doen)"), "{told}");
        assert_eq!(mails(&app, &address(&app, &newcomer).await).await.len(), 1, "her invitation only");
        assert!(mails(&app, &address(&app, &stage.observer).await).await.is_empty());
        agrees(&app, &newcomer).await;
        role(&app, &stage, newcomer.member, ReviewRole::Member).await.unwrap();
        assert!(mails(&app, &chair).await[0].contains("Iemand is opnieuw gevraagd, nu als panellid"));
        withdraw(&app, &stage, stage.chair.member).await.unwrap();
        assert!(mails(&app, &address(&app, &stage.member).await).await[0].contains("Vera Voorzitter is uit het panel gehaald"));
        assert!(mails(&app, &chair).await.iter().all(|mail| !mail.contains("uit het panel gehaald")), "not who left");
        // The last one of another region declines: who plans the review hears that it cannot go on.
        let outsider = pooled(&app, &stage, "buiten@peers.example", true).await;
        is_peer(&app, &stage.other, outsider).await;
        let seen = member(&app, stage.other.member).await.version;
        members::answer(&app.app, &stage.other.actor, REVIEW, seen, MemberAnswer::Declined).await.unwrap();
        let user = stage.coordinator.user().unwrap();
        let plans = app.app.store.read(async |tx| kernschil_storage::access::user(tx, user).await).await.unwrap().unwrap().email;
        let told = mails(&app, &plans).await;
        assert!(told.len() == 1 && told[0].contains("Olga Panellid doet niet meer mee") && told[0].contains("niemand uit een andere onderwijsregio"), "{told:?}");
        app.check_invariants().await;
    }

    async fn a_panel_that_is_still_put_together_is_not_told(app: TestApp) {
        let stage = Stage::at(&app, ReviewState::Preparing).await;
        asked_now(&app, &stage, ReviewRole::Member).await;
        withdraw(&app, &stage, stage.other.member).await.unwrap();
        assert!(mails(&app, &address(&app, &stage.chair).await).await.is_empty());
    }

    async fn a_visit_that_was_not_held_after_all_is_paid_by_nobody(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let came = pooled(&app, &stage, "kwam@peers.example", true).await;
        let silent = pooled(&app, &stage, "zweeg@peers.example", true).await;
        is_peer(&app, &stage.other, came).await;
        members::ask(&app.app, &stage.coordinator, REVIEW, &from_pool(silent, ReviewRole::Member)).await.unwrap();
        let recent = async |peer| peers::get(&app.app, &LINE, peer).await.unwrap().0.recent;
        let held = async |day: Option<&str>| {
            let edit = ReviewEdit { held_on: Some(day.map(|day| day.parse().unwrap())), ..ReviewEdit::default() };
            change(&app.app, &stage.coordinator, REVIEW, stage.review(&app).await.version, edit).await.unwrap();
        };
        held(Some("2026-06-16")).await;
        assert_eq!((recent(came).await, recent(silent).await), (1, 0), "who never answered did not come");
        held(None).await;
        assert_eq!(recent(came).await, 0);
        held(Some("2026-06-17")).await;
        assert_eq!(recent(came).await, 1);
        app.check_invariants().await;
    }

    async fn the_chair_stands_before_the_members(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let people: Vec<_> = members::list(&app.app, &LINE, REVIEW).await.unwrap().members.into_iter().map(|view| view.member.role).collect();
        let order = [ReviewRole::Author, ReviewRole::Chair, ReviewRole::Secretary, ReviewRole::Member, ReviewRole::Member, ReviewRole::Observer];
        assert_eq!(people, order);
        let panel = findings::list(&app.app, &stage.member.actor, REVIEW).await.unwrap().panel;
        assert_eq!(panel.iter().map(|line| line.member).collect::<Vec<_>>(), [stage.chair.member, stage.secretary.member, stage.member.member, stage.other.member]);
    }
}
