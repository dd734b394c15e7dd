//! Follow-up: once the report was sent, findings become actions with an owner and a date; the next review begins with them.

use chrono::Days;
use kernschil_app::AppError;
use kernschil_app::reviews::follow_up::{self, FollowUpDraft, FollowUpOrder, FollowUpQuery};
use kernschil_app::reviews::weighing;
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::ids::{JointFindingId, ReviewId, Version};
use kernschil_domain::reviews::{FollowUpStatus, ReportState, Review, ReviewState};
use kernschil_storage::reviews as stored;
use kernschil_storage::reviews::follow_ups;

use super::reflection::REVIEW;
use super::stage::Stage;
use super::weighing::{all_hand_in, code, draft, report_in};
use crate::support::TestApp;

fn action(text: &str, day: &str, finding: Option<JointFindingId>) -> FollowUpDraft {
    FollowUpDraft {
        finding,
        text: text.to_owned(),
        owner: "Coördinator opleiden".to_owned(),
        due_on: Some(day.parse().unwrap()),
        ..FollowUpDraft::default()
    }
}

/// A review whose report was sent, with one joint finding about part 2.
async fn sent(app: &TestApp) -> (Stage, JointFindingId) {
    let stage = Stage::conducting(app).await;
    all_hand_in(app, &stage).await;
    let finding =
        weighing::add(&app.app, &stage.chair.actor, REVIEW, &draft("development", "2", "Werkplekleren kan beter", &[])).await.unwrap();
    report_in(app, &stage, ReportState::Responding).await;
    (stage, finding)
}

async fn texts(app: &TestApp, stage: &Stage, query: FollowUpQuery) -> Vec<String> {
    let found = follow_up::list(&app.app, &stage.coordinator, REVIEW, &query).await.unwrap();
    found.items.into_iter().map(|item| item.follow_up.text).collect()
}

/// The review after that of the stage, with a panel member who has nothing to do with the stage.
async fn next(app: &TestApp, stage: &Stage) -> (String, kernschil_app::Actor) {
    let before = stage.review(app).await;
    let id = ReviewId(app.app.ids.next());
    let slug = "almere-volgende".to_owned();
    let after = Review {
        id,
        slug: slug.clone(),
        name: "Volgende review".to_owned(),
        state: ReviewState::Planned,
        held_on: None,
        reflected_at: None,
        opened_at: None,
        previous: Some(before.id),
        version: Version::FIRST,
        ..before
    };
    app.app.store.write(async |tx| stored::insert(tx, &after).await).await.unwrap();
    (slug, app.with_role(Role::PanelMember, Scope::Review(id)).await)
}

both_databases! {
    async fn follow_up_begins_when_the_report_was_sent(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        let new = action("Rooster aanpassen", "2027-03-01", None);
        for state in [None, Some(ReportState::Concept)] {
            if let Some(state) = state {
                report_in(&app, &stage, state).await;
            }
            assert_eq!(code(follow_up::add(&app.app, &stage.coordinator, REVIEW, &new).await), "opvolging-gesloten");
            assert!(follow_up::list(&app.app, &stage.coordinator, REVIEW, &FollowUpQuery::default()).await.unwrap().locked.is_some());
        }
        report_in(&app, &stage, ReportState::Responding).await;
        follow_up::add(&app.app, &stage.coordinator, REVIEW, &new).await.unwrap();
        stage.put_in(&app, ReviewState::Closed).await;
        follow_up::add(&app.app, &stage.coordinator, REVIEW, &action("Ook na het afronden", "2027-04-01", None)).await.unwrap();
        stage.put_in(&app, ReviewState::Cancelled).await;
        assert_eq!(code(follow_up::add(&app.app, &stage.coordinator, REVIEW, &new).await), "opvolging-gesloten");
    }

    async fn a_follow_up_says_what_who_and_when_and_why_it_was_dropped(app: TestApp) {
        let (stage, finding) = sent(&app).await;
        let bad = FollowUpDraft { finding: Some(JointFindingId(app.app.ids.next())), status: "half".to_owned(), ..FollowUpDraft::default() };
        let AppError::Invalid(wrong) = follow_up::add(&app.app, &stage.coordinator, REVIEW, &bad).await.unwrap_err() else { panic!() };
        let codes: Vec<_> = wrong.iter().map(|wrong| wrong.code.as_str()).collect();
        assert_eq!(codes, ["bevinding-onbekend", "actie-ongeldig", "eigenaar-ongeldig", "verplicht", "stand-onbekend"]);
        let good = action("Rooster aanpassen", "2027-03-01", Some(finding));
        let id = follow_up::add(&app.app, &stage.coordinator, REVIEW, &good).await.unwrap();
        let dropped = FollowUpDraft { status: "vervallen".to_owned(), ..good.clone() };
        assert_eq!(code(follow_up::change(&app.app, &stage.coordinator, REVIEW, (id, Version::FIRST), &dropped).await), "reden-verplicht");
        let why = FollowUpDraft { result: "Het rooster is al goed.".to_owned(), ..dropped };
        follow_up::change(&app.app, &stage.coordinator, REVIEW, (id, Version::FIRST), &why).await.unwrap();
        assert_eq!(code(follow_up::change(&app.app, &stage.coordinator, REVIEW, (id, Version::FIRST), &good).await), "intussen-gewijzigd");
        let list = follow_up::list(&app.app, &stage.author.actor, REVIEW, &FollowUpQuery::default()).await.unwrap();
        let item = &list.items[0];
        assert_eq!((item.follow_up.status, item.follow_up.result.as_str()), (FollowUpStatus::Dropped, "Het rooster is al goed."));
        assert_eq!(item.finding.as_ref().unwrap().text, "Werkplekleren kan beter");
        assert!(!list.can_change);
        app.check_invariants().await;
    }

    async fn follow_ups_are_sorted_filtered_and_taken_along(app: TestApp) {
        let (stage, finding) = sent(&app).await;
        let today = app.app.clock.today();
        let late = today.checked_sub_days(Days::new(3)).unwrap().to_string();
        let rows = [("Los", "2030-01-01", "loopt", None), ("Te laat", late.as_str(), "open", Some(finding)), ("Klaar", "2026-06-20", "gedaan", None)];
        for (text, day, status, finding) in rows {
            let new = FollowUpDraft { status: status.to_owned(), ..action(text, day, finding) };
            follow_up::add(&app.app, &stage.coordinator, REVIEW, &new).await.unwrap();
        }
        let order = |order| FollowUpQuery { order, ..FollowUpQuery::default() };
        assert_eq!(texts(&app, &stage, order(FollowUpOrder::Due)).await, ["Klaar", "Te laat", "Los"]);
        assert_eq!(texts(&app, &stage, order(FollowUpOrder::Status)).await, ["Te laat", "Los", "Klaar"]);
        assert_eq!(texts(&app, &stage, order(FollowUpOrder::Part)).await, ["Te laat", "Klaar", "Los"]);
        let only = FollowUpQuery { status: Some(FollowUpStatus::Busy), ..FollowUpQuery::default() };
        assert_eq!(texts(&app, &stage, only).await, ["Los"]);
        let searched = FollowUpQuery { text: Some("te LAAT".to_owned()), ..FollowUpQuery::default() };
        assert_eq!(texts(&app, &stage, searched.clone()).await, ["Te laat"]);
        let all = follow_up::list(&app.app, &stage.coordinator, REVIEW, &searched).await.unwrap();
        assert_eq!((all.items[0].days_late, all.total), (3, 3));
        let workbook = follow_up::workbook(&app.app, &stage.coordinator, REVIEW, &FollowUpQuery::default()).await.unwrap();
        assert!(workbook.bytes.starts_with(b"PK"));
        let open = app.app.store.read(async |tx| follow_ups::open(tx).await).await.unwrap();
        assert_eq!(open.iter().map(|action| action.text.as_str()).collect::<Vec<_>>(), ["Te laat", "Los"], "what can be reminded of");
    }

    async fn only_who_manages_the_review_changes_its_follow_up(app: TestApp) {
        let (stage, _) = sent(&app).await;
        let new = action("Niet aan mij", "2027-03-01", None);
        for actor in [&stage.chair.actor, &stage.member.actor, &stage.author.actor, &stage.observer.actor, &stage.reader] {
            assert_eq!(code(follow_up::add(&app.app, actor, REVIEW, &new).await), "niet-toegestaan");
        }
        assert_eq!(code(follow_up::add(&app.app, &stage.stranger, REVIEW, &new).await), "niet-gevonden");
        assert_eq!(code(follow_up::list(&app.app, &stage.stranger, REVIEW, &FollowUpQuery::default()).await), "niet-gevonden");
    }

    async fn the_next_review_begins_with_what_was_done_with_the_one_before(app: TestApp) {
        let (stage, finding) = sent(&app).await;
        assert!(follow_up::previous(&app.app, &stage.coordinator, REVIEW).await.unwrap().is_none());
        follow_up::add(&app.app, &stage.coordinator, REVIEW, &action("Los van een bevinding", "2027-02-01", None)).await.unwrap();
        follow_up::add(&app.app, &stage.coordinator, REVIEW, &action("Rooster", "2027-03-01", Some(finding))).await.unwrap();
        let (slug, panel) = next(&app, &stage).await;
        let found = follow_up::previous(&app.app, &panel, &slug).await.unwrap().unwrap();
        assert!(!found.may_open, "the panel of the next review does not open the one before");
        let groups: Vec<_> = found.groups().into_iter()
            .map(|(safeguard, items)| (safeguard.map(|found| found.name.clone()), items[0].follow_up.text.clone()))
            .collect();
        assert_eq!(groups, [(Some("Leeromgeving".to_owned()), "Rooster".to_owned()), (None, "Los van een bevinding".to_owned())]);
        assert!(follow_up::previous(&app.app, &stage.coordinator, &slug).await.unwrap().unwrap().may_open);
        assert_eq!(code(follow_up::previous(&app.app, &stage.stranger, &slug).await), "niet-gevonden");
    }
}
