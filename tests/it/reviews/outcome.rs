//! The outcome of a judging review: noted by chair or secretary, read by the receiving side once the report was sent.

use kernschil_app::AppError;
use kernschil_app::reviews::outcome::{self, OutcomeDraft};
use kernschil_app::reviews::{dossier, make_second_chance};
use kernschil_domain::ids::Version;
use kernschil_domain::reviews::{Judgement, ReportState, Review, ReviewKind, ReviewState};
use kernschil_storage::reviews;

use super::reflection::REVIEW;
use super::stage::Stage;
use super::weighing::{all_hand_in, code, report_in};
use crate::support::TestApp;

/// The review of the stage, as a judging one.
async fn judging(app: &TestApp) -> Stage {
    let stage = Stage::conducting(app).await;
    let review = stage.review(app).await;
    app.app.store.write(async |tx| reviews::save(tx, &Review { kind: ReviewKind::Judging, ..review }).await).await.unwrap();
    stage
}

fn draft(judged: &str, day: &str) -> OutcomeDraft {
    OutcomeDraft {
        safeguards: ["1", "2", "3", "4"].map(|code| (code.to_owned(), judged.to_owned())).into(),
        overall: judged.to_owned(),
        decided_on: day.parse().ok(),
    }
}

async fn seen(app: &TestApp, stage: &Stage) -> Version {
    stage.review(app).await.version
}

both_databases! {
    async fn a_developmental_review_has_no_outcome(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        all_hand_in(&app, &stage).await;
        let version = seen(&app, &stage).await;
        assert_eq!(code(outcome::get(&app.app, &stage.chair.actor, REVIEW).await), "geen-oordeel");
        assert_eq!(code(outcome::judge(&app.app, &stage.chair.actor, REVIEW, version, &draft("voldoende", "2026-06-16")).await), "geen-oordeel");
    }

    async fn an_outcome_is_whole_and_decided_between_the_visit_and_today(app: TestApp) {
        let stage = judging(&app).await;
        let version = seen(&app, &stage).await;
        let chair = &stage.chair.actor;
        let today = app.app.clock.today().to_string();
        assert_eq!(code(outcome::judge(&app.app, chair, REVIEW, version, &draft("voldoende", &today)).await), "weging-te-vroeg");
        all_hand_in(&app, &stage).await;
        let version = seen(&app, &stage).await;
        let nothing = outcome::judge(&app.app, chair, REVIEW, version, &OutcomeDraft::default()).await;
        let AppError::Invalid(wrong) = nothing.unwrap_err() else { panic!("refused as bad input") };
        let fields: Vec<_> = wrong.iter().map(|wrong| wrong.field.as_str()).collect();
        assert_eq!(fields, ["safeguards.1", "safeguards.2", "safeguards.3", "safeguards.4", "overall", "decidedOn"]);
        let mut unknown = draft("voldoende", &today);
        unknown.safeguards.insert("9".to_owned(), "voldoende".to_owned());
        assert_eq!(code(outcome::judge(&app.app, chair, REVIEW, version, &unknown).await), "waarborg-onbekend");
        for day in ["2026-06-14", "2099-01-01"] {
            assert_eq!(code(outcome::judge(&app.app, chair, REVIEW, version, &draft("voldoende", day)).await), "dag-buiten-bereik");
        }
        let held = stage.review(&app).await.held_on.unwrap().to_string();
        outcome::judge(&app.app, chair, REVIEW, version, &draft("voldoende", &held)).await.unwrap();
        assert_eq!(code(outcome::judge(&app.app, chair, REVIEW, version, &draft("onvoldoende", &held)).await), "intussen-gewijzigd");
        let mut mixed = draft("sufficient", &held);
        mixed.safeguards.insert("2".to_owned(), "insufficient".to_owned());
        outcome::judge(&app.app, &stage.secretary.actor, REVIEW, version.next(), &mixed).await.unwrap();
        let found = outcome::get(&app.app, &stage.member.actor, REVIEW).await.unwrap();
        let judged: Vec<_> = found.outcome.unwrap().safeguards.into_values().collect();
        assert_eq!(judged, [Judgement::Sufficient, Judgement::Insufficient, Judgement::Sufficient, Judgement::Sufficient]);
        assert!(!found.can_judge, "a member reads it and does not note it");
        app.check_invariants().await;
    }

    async fn only_the_panel_knows_it_until_the_report_was_sent(app: TestApp) {
        let stage = judging(&app).await;
        all_hand_in(&app, &stage).await;
        let held = stage.review(&app).await.held_on.unwrap().to_string();
        let version = seen(&app, &stage).await;
        for actor in [&stage.member.actor, &stage.observer.actor, &stage.coordinator, &stage.author.actor] {
            assert_eq!(code(outcome::judge(&app.app, actor, REVIEW, version, &draft("voldoende", &held)).await), "niet-toegestaan");
        }
        outcome::judge(&app.app, &stage.chair.actor, REVIEW, version, &draft("onvoldoende", &held)).await.unwrap();
        report_in(&app, &stage, ReportState::Concept).await;
        for receiver in [&stage.coordinator, &stage.author.actor] {
            let found = outcome::get(&app.app, receiver, REVIEW).await.unwrap();
            assert!(!found.is_shown && found.outcome.is_none());
            let dossier = dossier(&app.app, receiver, REVIEW).await.unwrap();
            assert!(dossier.review.outcome.is_none() && dossier.second_chance.is_none(), "nor does the dossier tell");
        }
        assert_eq!(code(make_second_chance(&app.app, &stage.coordinator, REVIEW).await), "niet-onvoldoende");
        for insider in [&stage.observer.actor, &stage.other.actor] {
            assert!(dossier(&app.app, insider, REVIEW).await.unwrap().review.outcome.is_some());
        }
        report_in(&app, &stage, ReportState::Responding).await;
        for receiver in [&stage.coordinator, &stage.author.actor] {
            assert_eq!(outcome::get(&app.app, receiver, REVIEW).await.unwrap().outcome.unwrap().overall, Judgement::Insufficient);
            assert!(dossier(&app.app, receiver, REVIEW).await.unwrap().review.outcome.is_some());
        }
        assert_eq!(code(outcome::get(&app.app, &stage.stranger, REVIEW).await), "niet-gevonden");
        outcome::judge(&app.app, &stage.chair.actor, REVIEW, version.next(), &draft("voldoende", &held)).await.unwrap();
        report_in(&app, &stage, ReportState::Concept).await;
        for receiver in [&stage.coordinator, &stage.author.actor] {
            let told = outcome::get(&app.app, receiver, REVIEW).await.unwrap().outcome.unwrap();
            assert_eq!(told.overall, Judgement::Insufficient, "another judgement is told with another report");
            assert_eq!(dossier(&app.app, receiver, REVIEW).await.unwrap().review.outcome, Some(told));
        }
        report_in(&app, &stage, ReportState::Responding).await;
        assert_eq!(outcome::get(&app.app, &stage.author.actor, REVIEW).await.unwrap().outcome.unwrap().overall, Judgement::Sufficient);
    }

    async fn a_final_report_fixes_it_and_insufficient_gives_a_second_chance(app: TestApp) {
        let stage = judging(&app).await;
        all_hand_in(&app, &stage).await;
        let held = stage.review(&app).await.held_on.unwrap().to_string();
        let version = seen(&app, &stage).await;
        outcome::judge(&app.app, &stage.chair.actor, REVIEW, version, &draft("onvoldoende", &held)).await.unwrap();
        stage.put_in(&app, ReviewState::Concluding).await;
        report_in(&app, &stage, ReportState::Final).await;
        let version = seen(&app, &stage).await;
        assert_eq!(code(outcome::judge(&app.app, &stage.chair.actor, REVIEW, version, &draft("voldoende", &held)).await), "rapport-vastgesteld");
        stage.put_in(&app, ReviewState::Closed).await;
        let again = make_second_chance(&app.app, &stage.coordinator, REVIEW).await.unwrap();
        assert_eq!(dossier(&app.app, &stage.coordinator, &again).await.unwrap().review.kind, ReviewKind::Judging);
    }
}
