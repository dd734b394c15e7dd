//! The log of one review, for who manages it: who did what and when, in Dutch, without texts and without what the panel does
//! among itself.

use kernschil_app::AppError;
use kernschil_app::audit::{self, ReviewLog};
use kernschil_app::listing::PageRequest;
use kernschil_app::reviews::weighing::{self, JointDraft};
use kernschil_domain::audit::EventKind;
use kernschil_domain::reviews::FindingKind;

use super::browser::Browser;
use super::program::Program;
use super::reflection::REVIEW;
use super::stage::Stage;
use crate::support::TestApp;

async fn log(app: &TestApp, stage: &Stage) -> ReviewLog {
    audit::of_review(&app.app, &stage.coordinator, REVIEW, PageRequest { page: 1, size: 500 }).await.unwrap()
}

both_databases! {
    async fn who_manages_a_review_reads_what_was_done_in_it(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        stage.finds(&app, &stage.member, FindingKind::Strength, "2", "Nog niet ingeleverd").await;
        let before = log(&app, &stage).await.page.total;
        stage.finds(&app, &stage.member, FindingKind::Strength, "3", "Ook niet").await;
        assert_eq!(log(&app, &stage).await.page.total, before, "a finding leaves nothing behind");

        let told = log(&app, &stage).await.page.rows;
        let question = told.iter().find(|view| view.event.as_ref().unwrap().kind == EventKind::QuestionsChanged).unwrap();
        let details: Vec<_> = question.event.as_ref().unwrap().details.iter().map(|one| format!("{}: {}", one.label, one.after)).collect();
        assert!(details.contains(&"Wat: toegevoegd".to_owned()) && details.contains(&"Ontwikkelvragen: 1".to_owned()), "{details:?}");
        let (status, page) = Browser::of(&app, &stage.coordinator).await.page("logboek").await;
        assert!(status == 200 && page.contains("heeft ontwikkelvragen gewijzigd van ") && page.contains("heeft de reflectie ingeleverd"), "{page}");
        assert!(!page.contains("Wat kan beter aan het werkplekleren") && !page.contains("QuestionsChanged"), "{page}");
        let program = Program::of(&app.app, &stage.coordinator).await;
        let listed = program.get("/reviews/almere-proef/audit-events").await;
        assert_eq!((listed.status, listed.body["total"].as_u64()), (200, Some(told.len() as u64)), "{}", listed.text);
        let (_, dossier) = Browser::of(&app, &stage.coordinator).await.at("/peer-reviews/almere-proef").await;
        assert!(dossier.contains("/peer-reviews/almere-proef/logboek"));
    }

    async fn what_the_panel_does_among_itself_is_not_told(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        stage.hand_in_all(&app).await;
        let draft = JointDraft { kind: "strength".to_owned(), part: "2".to_owned(), text: "Samen".to_owned(), sources: Vec::new() };
        let joint = weighing::add(&app.app, &stage.chair.actor, REVIEW, &draft).await.unwrap();
        weighing::dissent(&app.app, &stage.member.actor, REVIEW, (joint, kernschil_domain::ids::Version(0)), "Anders").await.unwrap();
        let kinds: Vec<_> = log(&app, &stage).await.page.rows.into_iter().map(|view| view.event.unwrap().kind).collect();
        assert!(kinds.contains(&EventKind::FindingsHandedIn));
        assert!(!kinds.contains(&EventKind::JointFindingChanged) && !kinds.contains(&EventKind::DissentChanged), "{kinds:?}");
        let handed: Vec<_> = log(&app, &stage).await.page.rows.into_iter().filter_map(|view| view.event).collect();
        assert!(handed.iter().filter(|event| event.kind == EventKind::FindingsHandedIn).all(|event| event.details.is_empty()));
    }

    async fn nobody_else_reads_it(app: TestApp) {
        let stage = Stage::conducting(&app).await;
        for (actor, status) in [(&stage.member.actor, 403), (&stage.chair.actor, 403), (&stage.author.actor, 403), (&stage.stranger, 404)] {
            assert_eq!(Browser::of(&app, actor).await.page("logboek").await.0, status);
        }
        let refused = audit::of_review(&app.app, &stage.stranger, REVIEW, PageRequest::default()).await;
        assert!(matches!(refused, Err(AppError::NotFound)));
    }
}
