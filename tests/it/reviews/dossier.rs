//! From phase to phase: each gate refuses once and says what is missing.

use kernschil_app::AppError;
use kernschil_app::reviews::{self, PastReview, ReviewEdit, move_on};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::ids::{PartnershipId, Version};
use kernschil_domain::reviews::{Judgement, Outcome, Receiver, ReviewEvent, ReviewKind, ReviewState};
use std::collections::BTreeMap;

use super::{LINE, new_review, one_review, registry};
use crate::support::TestApp;

async fn version(app: &TestApp, slug: &str) -> Version {
    reviews::dossier(&app.app, &LINE, slug).await.unwrap().review.version
}

async fn go(app: &TestApp, slug: &str, event: ReviewEvent, reason: Option<&str>) -> Result<ReviewState, AppError> {
    let seen = version(app, slug).await;
    move_on(&app.app, &LINE, slug, seen, event, reason.map(str::to_owned)).await.map(|(_, state)| state)
}

/// Field and code of everything that was refused.
fn refused(outcome: Result<ReviewState, AppError>) -> Vec<(String, String)> {
    match outcome {
        Err(AppError::Invalid(fields)) => fields.into_iter().map(|field| (field.field, field.code)).collect(),
        other => panic!("should be refused: {other:?}"),
    }
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(field, code)| ((*field).to_owned(), (*code).to_owned())).collect()
}

async fn receiver(app: &TestApp) -> PartnershipId {
    *registry(app).await.partnerships.keys().next().unwrap()
}

both_databases! {
    async fn the_preparing_phase_says_all_that_is_missing_and_where(app: TestApp) {
        let slug = one_review(&app).await;
        assert_eq!(go(&app, &slug, ReviewEvent::Begin, None).await.unwrap(), ReviewState::Preparing);
        let missing = refused(go(&app, &slug, ReviewEvent::FinishPreparing, None).await);
        let expected = pairs(&[
            ("reflection", "reflectie-ontbreekt"),
            ("questions", "ontwikkelvraag-ontbreekt"),
            ("panel", "panel-ontbreekt"),
            ("details", "bezoekdag-ontbreekt"),
        ]);
        assert_eq!(missing, expected);
        let dossier = reviews::dossier(&app.app, &LINE, &slug).await.unwrap();
        let (event, on_page) = dossier.next.unwrap();
        assert_eq!((event, on_page.len()), (ReviewEvent::FinishPreparing, expected.len()));
        assert_eq!(dossier.moves.len(), 1);
        app.check_invariants().await;
    }

    async fn a_visit_before_the_reflection_is_refused(app: TestApp) {
        let slug = one_review(&app).await;
        go(&app, &slug, ReviewEvent::Begin, None).await.unwrap();
        let held = |day: &str| ReviewEdit { held_on: Some(day.parse().ok()), ..ReviewEdit::default() };
        for (day, code) in [("2026-06-30", "bezoek-te-vroeg"), ("2026-07-02", "dag-in-toekomst")] {
            let seen = version(&app, &slug).await;
            let outcome = reviews::change(&app.app, &LINE, &slug, seen, held(day)).await;
            let Err(AppError::Invalid(fields)) = outcome else { panic!("{day}: {outcome:?}") };
            assert_eq!(fields[0].code, code);
        }
    }

    async fn an_event_that_does_not_fit_is_refused_with_its_code(app: TestApp) {
        let slug = one_review(&app).await;
        let code = |outcome: Result<ReviewState, AppError>| outcome.unwrap_err().code().to_owned();
        assert_eq!(code(go(&app, &slug, ReviewEvent::Close, None).await), "stap-past-niet");
        assert_eq!(refused(go(&app, &slug, ReviewEvent::Cancel, Some(" ")).await), pairs(&[("reason", "reden-verplicht")]));
        go(&app, &slug, ReviewEvent::Cancel, Some("Het partnerschap is opgegaan in een ander.")).await.unwrap();
        assert_eq!(code(go(&app, &slug, ReviewEvent::Begin, None).await), "review-vervallen");
        let renamed = ReviewEdit { name: Some("Anders".to_owned()), ..ReviewEdit::default() };
        let seen = version(&app, &slug).await;
        assert_eq!(reviews::change(&app.app, &LINE, &slug, seen, renamed).await.unwrap_err().code(), "review-vervallen");
        assert_eq!(go(&app, &slug, ReviewEvent::Resume, Some("Toch niet opgegaan.")).await.unwrap(), ReviewState::Planned);
        let told = reviews::dossier(&app.app, &LINE, &slug).await.unwrap().moves;
        let reasons: Vec<_> = told.iter().filter_map(|done| done.reason.as_deref()).collect();
        assert_eq!(reasons, ["Het partnerschap is opgegaan in een ander.", "Toch niet opgegaan."]);
        app.check_invariants().await;
    }

    async fn a_stale_change_is_refused(app: TestApp) {
        let slug = one_review(&app).await;
        let seen = version(&app, &slug).await;
        let named = |name: &str| ReviewEdit { name: Some(name.to_owned()), ..ReviewEdit::default() };
        reviews::change(&app.app, &LINE, &slug, seen, named("Eerst")).await.unwrap();
        assert_eq!(reviews::change(&app.app, &LINE, &slug, seen, named("Later")).await.unwrap_err().code(), "intussen-gewijzigd");
        assert_eq!(move_on(&app.app, &LINE, &slug, seen, ReviewEvent::Begin, None).await.unwrap_err().code(), "intussen-gewijzigd");
        assert_eq!(reviews::dossier(&app.app, &LINE, &slug).await.unwrap().review.name, "Eerst");
    }

    async fn out_of_reach_is_nowhere(app: TestApp) {
        let slug = one_review(&app).await;
        let own = receiver(&app).await;
        let coordinator = app.with_role(Role::PartnershipCoordinator, Scope::Partnership(own)).await;
        assert!(reviews::dossier(&app.app, &coordinator, &slug).await.is_ok());
        let elsewhere = app.with_role(Role::PartnershipCoordinator, Scope::Partnership(*registry(&app).await.partnerships.keys().last().unwrap())).await;
        for outcome in [
            reviews::dossier(&app.app, &elsewhere, &slug).await.map(|_| ()),
            reviews::dossier(&app.app, &elsewhere, "bestaat-niet").await.map(|_| ()),
            move_on(&app.app, &elsewhere, &slug, Version::FIRST, ReviewEvent::Begin, None).await.map(|_| ()),
            reviews::review_days(&app.app, &elsewhere, &slug).await.map(|_| ()),
        ] {
            assert!(matches!(outcome, Err(AppError::NotFound)), "{outcome:?}");
        }
        let calendar = reviews::calendar(&app.app, &elsewhere, &reviews::CalendarQuery::default()).await.unwrap();
        assert_eq!((calendar.total, calendar.rows.len()), (0, 0));
    }

    async fn insufficient_gives_one_second_chance_of_two_school_years(app: TestApp) {
        one_review(&app).await;
        let outcome = Outcome { safeguards: BTreeMap::new(), overall: Judgement::Insufficient, decided_on: "2026-05-10".parse().ok() };
        let past = PastReview { held_on: "2026-03-10".parse().ok(), outcome: Some(outcome), ..PastReview::default() };
        let of = new_review("Beoordeling 2026", Receiver::Partnership(receiver(&app).await));
        let judged = reviews::NewReview { kind: ReviewKind::Judging, past: Some(past.clone()), ..of.clone() };
        let failed = reviews::make(&app.app, &LINE, judged).await.unwrap();
        let again = reviews::make_second_chance(&app.app, &LINE, &failed).await.unwrap();
        let dossier = reviews::dossier(&app.app, &LINE, &again).await.unwrap();
        assert_eq!(dossier.review.due_on, "2028-07-31".parse().ok());
        assert_eq!(dossier.previous.as_ref().unwrap().slug, failed);
        assert_eq!(reviews::make_second_chance(&app.app, &LINE, &failed).await.unwrap_err().code(), "tweede-kans-bestaat");
        // Its days stay within those two years, however they are changed later.
        let seen = dossier.review.version;
        let change = async |edit: ReviewEdit| reviews::change(&app.app, &LINE, &again, seen, edit).await;
        let day = |text: &str| Some(text.parse().ok());
        for (edit, field) in [
            (ReviewEdit { visit_on: day("2028-08-01"), ..ReviewEdit::default() }, "visitOn"),
            (ReviewEdit { due_on: day("2031-05-01"), ..ReviewEdit::default() }, "dueOn"),
            (ReviewEdit { due_on: Some(None), ..ReviewEdit::default() }, "dueOn"),
        ] {
            let Err(AppError::Invalid(fields)) = change(edit).await else { panic!("{field} went past the second chance") };
            assert_eq!((fields[0].field.as_str(), fields[0].code.as_str()), (field, "na-tweede-kans"));
            assert!(fields[0].message.contains("31 juli 2028"), "{}", fields[0].message);
        }
        change(ReviewEdit { visit_on: day("2028-07-31"), due_on: day("2028-07-31"), ..ReviewEdit::default() }).await.unwrap();
        // Nor when somebody makes it by hand.
        let by_hand = reviews::NewReview { kind: ReviewKind::Judging, previous: Some(failed), due_on: "2031-05-01".parse().ok(), ..of.clone() };
        let Err(AppError::Invalid(fields)) = reviews::make(&app.app, &LINE, by_hand).await else { panic!("a second chance of five years") };
        assert_eq!(fields[0].code, "na-tweede-kans");
        // Never anything of the kind for a developmental review.
        let scored = reviews::NewReview { past: Some(past), ..of };
        let Err(AppError::Invalid(fields)) = reviews::make(&app.app, &LINE, scored).await else { panic!("a developmental review was scored") };
        assert_eq!(fields[0].code, "geen-oordeel");
    }
}
