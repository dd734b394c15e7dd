//! Steps: planned back from the visit day, with dates of their own, and done.

use kernschil_app::AppError;
use kernschil_app::reviews::{self, CalendarQuery, ReviewEdit, StepEdit};
use kernschil_domain::access::{Role, Scope};
use kernschil_domain::ids::Version;
use kernschil_domain::reviews::{ReviewKind, ReviewPhase, StepTemplate, WaitsFor};

use super::browser::Browser;
use super::{LINE, one_review, registry};
use crate::support::TestApp;

async fn version(app: &TestApp, slug: &str) -> Version {
    reviews::dossier(&app.app, &LINE, slug).await.unwrap().review.version
}

async fn visit(app: &TestApp, slug: &str, day: &str) {
    let edit = ReviewEdit { visit_on: Some(day.parse().ok()), ..ReviewEdit::default() };
    reviews::change(&app.app, &LINE, slug, version(app, slug).await, edit).await.unwrap();
}

async fn step(app: &TestApp, slug: &str, ordinal: i32, edit: StepEdit) -> Result<Version, AppError> {
    reviews::change_step(&app.app, &LINE, slug, version(app, slug).await, ordinal, edit).await
}

both_databases! {
    async fn another_visit_day_moves_steps_without_a_date_of_their_own(app: TestApp) {
        let slug = one_review(&app).await;
        visit(&app, &slug, "2027-05-11").await;
        let own = StepEdit { own_date: Some("2027-03-01".parse().ok()), ..StepEdit::default() };
        step(&app, &slug, 2, own).await.unwrap();
        let (_, shifts) = reviews::preview_visit(&app.app, &LINE, &slug, "2027-05-18".parse().ok()).await.unwrap();
        assert_eq!(shifts.len(), 10);
        assert!(shifts.iter().all(|shift| shift.ordinal != 2));
        visit(&app, &slug, "2027-05-18").await;
        let dossier = reviews::dossier(&app.app, &LINE, &slug).await.unwrap();
        let due: Vec<_> = dossier.steps.iter().take(3).map(|step| step.due_on(dossier.review.visit_on).unwrap().to_string()).collect();
        assert_eq!(due, ["2026-12-01", "2027-03-01", "2027-04-20"]);
    }

    async fn a_step_that_is_done_gives_the_turn_to_the_next(app: TestApp) {
        let slug = one_review(&app).await;
        let done = |day: &str| StepEdit { done_on: Some(day.parse().ok()), ..StepEdit::default() };
        assert_eq!(reviews::dossier(&app.app, &LINE, &slug).await.unwrap().turn.unwrap().ordinal, 1);
        let tomorrow = step(&app, &slug, 1, done("2026-07-02")).await;
        assert!(matches!(&tomorrow, Err(AppError::Invalid(fields)) if fields[0].code == "dag-in-toekomst"), "{tomorrow:?}");
        step(&app, &slug, 1, done("2026-07-01")).await.unwrap();
        assert_eq!(reviews::dossier(&app.app, &LINE, &slug).await.unwrap().turn.unwrap().ordinal, 2);
        assert!(matches!(step(&app, &slug, 99, StepEdit::default()).await, Err(AppError::NotFound)));
        let nameless = StepEdit { name: Some(" ".to_owned()), ..StepEdit::default() };
        let refused = step(&app, &slug, 2, nameless).await;
        assert!(matches!(&refused, Err(AppError::Invalid(fields)) if fields[0].code == "naam-ongeldig"), "{refused:?}");
    }

    async fn another_template_is_for_new_reviews_only(app: TestApp) {
        let slug = one_review(&app).await;
        let one = StepTemplate { phase: ReviewPhase::Conducting, name: " Bezoek ".to_owned(), days: 0, waits_for: WaitsFor::Everybody, fact: None };
        let before = reviews::templates(&app.app, &LINE, ReviewKind::Developmental).await.unwrap();
        assert_eq!(before, StepTemplate::defaults(ReviewKind::Developmental));
        reviews::set_templates(&app.app, &LINE, ReviewKind::Developmental, vec![one.clone()]).await.unwrap();
        assert_eq!(reviews::templates(&app.app, &LINE, ReviewKind::Developmental).await.unwrap()[0].name, "Bezoek");
        assert_eq!(reviews::templates(&app.app, &LINE, ReviewKind::Judging).await.unwrap(), StepTemplate::defaults(ReviewKind::Judging));
        assert_eq!(reviews::dossier(&app.app, &LINE, &slug).await.unwrap().steps.len(), before.len());
        let far = StepTemplate { days: 9_999, ..one };
        let refused = reviews::set_templates(&app.app, &LINE, ReviewKind::Developmental, vec![far]).await;
        assert!(matches!(&refused, Err(AppError::Invalid(fields)) if fields[0].code == "dagen-ongeldig"), "{refused:?}");
        reviews::set_templates(&app.app, &LINE, ReviewKind::Developmental, Vec::new()).await.unwrap();
        assert_eq!(reviews::templates(&app.app, &LINE, ReviewKind::Developmental).await.unwrap(), before);
        let own = *registry(&app).await.partnerships.keys().next().unwrap();
        let coordinator = app.with_role(Role::PartnershipCoordinator, Scope::Partnership(own)).await;
        assert!(matches!(reviews::templates(&app.app, &coordinator, ReviewKind::Judging).await, Err(AppError::Forbidden { .. })));
    }

    async fn a_step_of_the_template_goes_where_its_phase_and_days_say(app: TestApp) {
        let administrator = app.with_role(Role::Administrator, Scope::All).await;
        let browser = Browser::of(&app, &administrator).await;
        let usual = StepTemplate::defaults(ReviewKind::Developmental);
        let names = async || -> Vec<String> {
            let steps = reviews::templates(&app.app, &administrator, ReviewKind::Developmental).await.unwrap();
            steps.into_iter().map(|step| step.name).collect()
        };
        let mut fields = vec![("daarna".to_owned(), "bewaar".to_owned())];
        let rows = usual.iter().map(|step| (step.phase, step.name.clone(), step.days));
        for (at, (phase, name, days)) in rows.chain([(ReviewPhase::Preparing, "Scholen bezoeken".to_owned(), -40)]).enumerate() {
            let values = [("fase", phase.code().to_owned()), ("naam", name), ("dagen", days.to_string()), ("wie", "receiver".to_owned())];
            fields.extend(values.map(|(field, value)| (format!("{field}-{at}"), value)));
        }
        let post = async |fields: &[(String, String)]| {
            let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            browser.post_at("/peer-reviews/stappen", &fields).await
        };
        let (status, page) = post(&fields).await;
        assert_eq!(status, 200);
        assert!(page.contains("De stappen zijn bewaard") && page.contains("Ongedaan maken"), "{page}");
        assert_eq!(names().await[2], "Scholen bezoeken");
        // The button takes it back, with what the page itself holds.
        let undo = page.split("data-undo").nth(1).unwrap().split("</form>").next().unwrap();
        let hidden = undo.split("<input type=\"hidden\" name=\"").skip(1).map(|input| {
            let (name, rest) = input.split_once("\" value=\"").unwrap();
            (name.to_owned(), rest.split_once('"').unwrap().0.to_owned())
        });
        let hidden: Vec<_> = hidden.filter(|(name, _)| name != "csrf").collect();
        assert_eq!(post(&hidden).await.0, 200);
        assert_eq!(reviews::templates(&app.app, &administrator, ReviewKind::Developmental).await.unwrap(), usual);
        // What is wrong stays on the page, at its field.
        fields.push(("naam-12".to_owned(), "Nog een stap".to_owned()));
        fields.push(("dagen-12".to_owned(), "veertig".to_owned()));
        let (status, page) = post(&fields).await;
        assert_eq!(status, 400);
        assert!(page.contains("fout-dagen-12") && page.contains("veertig") && page.contains("Scholen bezoeken"), "{page}");
        assert_eq!(names().await.len(), usual.len());
    }

    async fn days_go_along_to_ones_own_calendar(app: TestApp) {
        let slug = one_review(&app).await;
        visit(&app, &slug, "2027-05-11").await;
        let file = reviews::review_days(&app.app, &LINE, &slug).await.unwrap();
        assert_eq!(file.file_name, "peer-review-proef.ics");
        assert!(file.text.contains("DTSTART;VALUE=DATE:20270511\r\nDTEND;VALUE=DATE:20270512\r\n"), "{}", file.text);
        assert!(file.text.lines().all(|line| line.len() <= 75));
        assert_eq!(file.text.matches("BEGIN:VEVENT").count(), 11);
        let all = reviews::calendar_days(&app.app, &LINE, &CalendarQuery::default()).await.unwrap();
        assert_eq!(all.text.matches("BEGIN:VEVENT").count(), 11);
        let sheet = reviews::calendar_workbook(&app.app, &LINE, &CalendarQuery::default()).await.unwrap();
        assert_eq!(sheet.file_name, "reviewkalender-2026-07-01.xlsx");
        app.check_invariants().await;
    }
}
