//! The steps of one review.

use kernschil_app::reviews::{self, StepEdit};
use kernschil_app::{AppError, FieldError as AppFieldError};
use kernschil_domain::periods::dutch_date;
use kernschil_domain::reviews::{ReviewPhase, StepFact, StepTemplate, WaitsFor};
use kernschil_http::Caller;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path};

use super::{Filled, day, day_value, filled};
use crate::components::nav::NavItem;
use crate::routes::steps::version;
use crate::routes::support::{Answer, capital, field_errors, html_with, problem, see_other};
use crate::routes::{State, Web};
use crate::views::reviews::{NewStep, Removal, ReviewStepsView, StepFields, review_steps_page};

/// What was refused of which step; of a new one when it has no place yet.
struct Refusal {
    ordinal: Option<i32>,
    form: Filled,
    errors: Vec<AppFieldError>,
    message: Option<String>,
}

async fn answer(web: &Web, caller: &Caller, slug: &str, refusal: Option<Refusal>) -> Answer {
    let dossier = reviews::dossier(&web.app, &caller.actor, slug).await?;
    let mut steps: Vec<_> = dossier
        .steps
        .iter()
        .map(|step| StepFields {
            ordinal: step.ordinal,
            name: step.template.name.clone(),
            planned: step
                .due_on(dossier.review.visit_on)
                .map_or_else(|| "nog zonder datum".to_owned(), |day| format!("uiterlijk {}", dutch_date(day))),
            own_date: day_value(step.own_date),
            fact: step.template.fact.map(|fact| fact.dutch().to_owned()).unwrap_or_default(),
            done_on: day_value(step.done_on),
            removal: if step.done_on.is_none() && dossier.steps.len() > 1 { Removal::Possible } else { Removal::Not },
        })
        .collect();
    let mut view = ReviewStepsView {
        slug: slug.to_owned(),
        name: dossier.review.name.clone(),
        version: dossier.review.version.0.to_string(),
        phases: ReviewPhase::ALL.iter().map(|phase| (phase.code().to_owned(), capital(phase.dutch()))).collect(),
        facts: std::iter::once((String::new(), "Als iemand dat zegt".to_owned()))
            .chain(StepFact::ALL.iter().map(|fact| (fact.code().to_owned(), format!("Vanzelf, als {}", fact.dutch()))))
            .collect(),
        sides: WaitsFor::ALL.iter().map(|side| (side.code().to_owned(), capital(side.dutch()))).collect(),
        ..ReviewStepsView::default()
    };
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    let mut status = StatusCode::OK;
    if let Some(Refusal { ordinal, form, errors, message }) = refusal {
        let names = ["naam", "datum", "klaar"].map(|name| ordinal.map_or_else(|| name.to_owned(), |ordinal| format!("{name}-{ordinal}")));
        if let Some(step) = steps.iter_mut().find(|step| Some(step.ordinal) == ordinal) {
            (step.own_date, step.done_on) = (filled(&form, &names[1]).to_owned(), filled(&form, &names[2]).to_owned());
        }
        if ordinal.is_none() {
            let text = |field: &str| filled(&form, field).to_owned();
            view.new = NewStep { name: text("naam"), phase: text("fase"), days: text("dagen"), waits_for: text("wie"), fact: text("feit") };
        }
        view.errors = field_errors(&errors, &[("name", &names[0]), ("days", "dagen"), ("ownDate", &names[1]), ("doneOn", &names[2])]);
        view.refused = ordinal;
        status = if errors.is_empty() { StatusCode::CONFLICT } else { StatusCode::BAD_REQUEST };
        frame.flash = message.map(problem);
    }
    view.steps = steps;
    Ok(html_with(status, review_steps_page(&frame, &view)))
}

/// The steps of a review, to change them.
#[handler]
pub(in crate::routes) async fn show_steps(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    answer(&web, caller, &slug, None).await
}

fn read(form: &Filled, ordinal: i32, today: chrono::NaiveDate) -> Result<StepEdit, Vec<AppFieldError>> {
    if filled(form, "klaar-vandaag") == "ja" {
        return Ok(StepEdit { done_on: Some(Some(today)), ..StepEdit::default() });
    }
    let mut errors = Vec::new();
    let mut on = |field: String| day(form, &field).map_err(|wrong| errors.push(wrong)).ok().flatten();
    let (own_date, done_on) = (on(format!("datum-{ordinal}")), on(format!("klaar-{ordinal}")));
    let name = Some(filled(form, &format!("naam-{ordinal}")).to_owned());
    if errors.is_empty() { Ok(StepEdit { name, own_date: Some(own_date), done_on: Some(done_on) }) } else { Err(errors) }
}

/// Changes a step, or says that it is done.
#[handler]
pub(in crate::routes) async fn change_step(
    web: State<'_>,
    caller: &Caller,
    Path((slug, ordinal)): Path<(String, String)>,
    Form(form): Form<Filled>,
) -> Answer {
    let ordinal: i32 = ordinal.parse().map_err(|_| AppError::NotFound)?;
    let edit = match read(&form, ordinal, web.app.clock.today()) {
        Ok(edit) => edit,
        Err(errors) => return answer(&web, caller, &slug, Some(Refusal { ordinal: Some(ordinal), form, errors, message: None })).await,
    };
    match reviews::change_step(&web.app, &caller.actor, &slug, version(filled(&form, "versie")), ordinal, edit).await {
        Ok(_) => Ok(see_other(&format!("/peer-reviews/{slug}"))),
        Err(AppError::Invalid(errors)) => {
            answer(&web, caller, &slug, Some(Refusal { ordinal: Some(ordinal), form, errors, message: None })).await
        }
        Err(AppError::Conflict { message, .. }) => {
            answer(&web, caller, &slug, Some(Refusal { ordinal: Some(ordinal), form, errors: Vec::new(), message: Some(message) })).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A step as a form has it. A choice that is none is that of no form of ours.
fn new_step(form: &Filled) -> Result<StepTemplate, AppError> {
    let wrong = || AppFieldError::new("days", "dagen-ongeldig", "Schrijf een heel aantal dagen, zoals -14.");
    Ok(StepTemplate {
        phase: ReviewPhase::parse(filled(form, "fase")).ok_or(AppError::NotFound)?,
        name: filled(form, "naam").to_owned(),
        days: filled(form, "dagen").parse().map_err(|_| AppError::Invalid(vec![wrong()]))?,
        waits_for: WaitsFor::parse(filled(form, "wie")).ok_or(AppError::NotFound)?,
        fact: StepFact::parse(filled(form, "feit")),
    })
}

/// Back to the steps, or to what was refused.
async fn answered(web: &Web, caller: &Caller, slug: &str, (ordinal, form): (Option<i32>, Filled), outcome: Result<(), AppError>) -> Answer {
    let (errors, message) = match outcome {
        Ok(()) => return Ok(see_other(&format!("/peer-reviews/{slug}/stappen"))),
        Err(AppError::Invalid(errors)) => (errors, None),
        Err(AppError::Conflict { message, .. }) => (Vec::new(), Some(message)),
        Err(error) => return Err(error.into()),
    };
    answer(web, caller, slug, Some(Refusal { ordinal, form, errors, message })).await
}

/// Adds a step.
#[handler]
pub(in crate::routes) async fn add_step(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<Filled>) -> Answer {
    let outcome = match new_step(&form) {
        Ok(step) => reviews::add_step(&web.app, &caller.actor, &slug, version(filled(&form, "versie")), step).await.map(|_| ()),
        // Who may not change the review hears that, and not what is wrong with a form.
        Err(wrong) => reviews::dossier(&web.app, &caller.actor, &slug).await.and(Err(wrong)),
    };
    answered(&web, caller, &slug, (None, form), outcome).await
}

/// Removes a step.
#[handler]
pub(in crate::routes) async fn remove_step(
    web: State<'_>,
    caller: &Caller,
    Path((slug, ordinal)): Path<(String, String)>,
    Form(form): Form<Filled>,
) -> Answer {
    let ordinal: i32 = ordinal.parse().map_err(|_| AppError::NotFound)?;
    let removed = reviews::remove_step(&web.app, &caller.actor, &slug, version(filled(&form, "versie")), ordinal).await;
    answered(&web, caller, &slug, (Some(ordinal), form), removed.map(|_| ())).await
}
