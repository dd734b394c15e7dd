//! Development questions: in order, changed by who plans the review, while it is prepared.

use kernschil_app::reviews::questions::{self, QUESTIONS, Way};
use kernschil_app::{Actor, AppError};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::ids::Version;
use kernschil_domain::reviews::{Receiver, Review, ReviewState};

use super::reflection::{REVIEW, review};
use crate::support::TestApp;

async fn planner(app: &TestApp, review: &Review) -> Actor {
    let Receiver::Partnership(partnership) = review.receiver else { panic!("a partnership receives") };
    app.with_role(Role::PartnershipCoordinator, Scope::Partnership(partnership)).await
}

fn code<T: std::fmt::Debug>(answer: Result<T, AppError>) -> String {
    match answer.unwrap_err() {
        AppError::Invalid(fields) => fields[0].code.clone(),
        other => other.code().to_owned(),
    }
}

async fn texts(app: &TestApp, actor: &Actor) -> Vec<String> {
    let list = questions::list(&app.app, actor, REVIEW).await.unwrap();
    assert_eq!(
        list.questions.iter().map(|question| question.ordinal).collect::<Vec<_>>(),
        (1..).take(list.questions.len()).collect::<Vec<_>>()
    );
    list.questions.into_iter().map(|question| question.text).collect()
}

both_databases! {
    async fn questions_stand_in_the_order_that_matters(app: TestApp) {
        let review = review(&app, ReviewState::Preparing).await;
        let actor = planner(&app, &review).await;
        let panel = app.with_role(Role::PanelMember, Scope::Review(review.id)).await;
        let mut ids = Vec::new();
        for (text, part) in [("Een?", ""), ("Twee?", "2"), ("Drie?", "1.1")] {
            ids.push(questions::add(&app.app, &actor, REVIEW, text, part).await.unwrap());
        }
        questions::shift(&app.app, &actor, REVIEW, (ids[2], Version::FIRST), Way::Up).await.unwrap();
        questions::shift(&app.app, &actor, REVIEW, (ids[0], Version::FIRST), Way::Up).await.unwrap();
        assert_eq!(texts(&app, &panel).await, ["Een?", "Drie?", "Twee?"]);
        questions::change(&app.app, &actor, REVIEW, (ids[0], Version::FIRST), ("  Een   andere? ", "2")).await.unwrap();
        let stale = questions::remove(&app.app, &actor, REVIEW, (ids[0], Version::FIRST)).await;
        assert_eq!(code(stale), "intussen-gewijzigd");
        questions::remove(&app.app, &actor, REVIEW, (ids[1], Version::FIRST)).await.unwrap();
        assert_eq!(texts(&app, &actor).await, ["Een andere?", "Drie?"]);
        app.check_invariants().await;
    }

    async fn what_is_no_question_and_who_may_not_ask_is_refused(app: TestApp) {
        let review = review(&app, ReviewState::Planned).await;
        let actor = planner(&app, &review).await;
        let author = app.with_role(Role::ReflectionAuthor, Scope::Review(review.id)).await;
        assert_eq!(code(questions::add(&app.app, &actor, REVIEW, "  ", "").await), "vraag-ongeldig");
        assert_eq!(code(questions::add(&app.app, &actor, REVIEW, "Een?", "9").await), "onderdeel-onbekend");
        assert_eq!(code(questions::add(&app.app, &author, REVIEW, "Een?", "").await), "niet-toegestaan");
        for number in 0..QUESTIONS {
            questions::add(&app.app, &actor, REVIEW, &format!("Vraag {number}?"), "").await.unwrap();
        }
        assert_eq!(code(questions::add(&app.app, &actor, REVIEW, "Nog een?", "").await), "te-veel-vragen");
    }

    async fn after_the_preparing_phase_they_stay_as_they_are(app: TestApp) {
        let review = review(&app, ReviewState::Conducting).await;
        let actor = planner(&app, &review).await;
        assert_eq!(code(questions::add(&app.app, &actor, REVIEW, "Te laat?", "").await), "vragen-gesloten");
    }
}
