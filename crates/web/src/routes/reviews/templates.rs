//! The steps that new reviews get.

use kernschil_app::reviews::{self, MOST_STEPS};
use kernschil_app::{AppError, FieldError as AppFieldError};
use kernschil_domain::reviews::{ReviewKind, ReviewPhase, StepFact, StepTemplate, WaitsFor};
use kernschil_http::Caller;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Query};

use super::{Filled, filled};
use crate::components::forms::FieldError;
use crate::components::nav::NavItem;
use crate::components::page::{Flash, UndoForm};
use crate::routes::support::{Answer, capital, done, html_with};
use crate::routes::{State, Web};
use crate::views::reviews::{TemplateLine, TemplatesView, templates_page};

/// Empty lines to add steps in.
const SPARE: usize = 3;

fn kind(form: &Filled) -> ReviewKind {
    ReviewKind::parse(filled(form, "soort")).unwrap_or(ReviewKind::Developmental)
}

fn stored(step: &StepTemplate) -> TemplateLine {
    TemplateLine {
        phase: step.phase.code().to_owned(),
        name: step.name.clone(),
        days: step.days.to_string(),
        waits_for: step.waits_for.code().to_owned(),
        fact: step.fact.map(|fact| fact.code().to_owned()).unwrap_or_default(),
    }
}

async fn answer(
    web: &Web,
    caller: &Caller,
    kind: ReviewKind,
    mut lines: Vec<TemplateLine>,
    errors: Vec<FieldError>,
    flash: Option<Flash>,
) -> Answer {
    let spare = TemplateLine {
        phase: ReviewPhase::Preparing.code().to_owned(),
        waits_for: WaitsFor::Receiver.code().to_owned(),
        ..TemplateLine::default()
    };
    lines.extend(std::iter::repeat_n(spare, SPARE));
    let by_hand = (String::new(), "iemand dat zegt".to_owned());
    let facts = StepFact::ALL.iter().map(|fact| (fact.code().to_owned(), fact.dutch().to_owned()));
    let view = TemplatesView {
        kind: kind.code().to_owned(),
        kinds: ReviewKind::ALL.iter().map(|kind| (kind.code().to_owned(), capital(kind.dutch()))).collect(),
        lines,
        phases: ReviewPhase::ALL.iter().map(|phase| (phase.code().to_owned(), capital(phase.dutch()))).collect(),
        sides: WaitsFor::ALL.iter().map(|side| (side.code().to_owned(), capital(side.dutch()))).collect(),
        facts: std::iter::once(by_hand).chain(facts).collect(),
        errors,
    };
    let status = if view.errors.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = flash;
    Ok(html_with(status, templates_page(&frame, &view)))
}

/// The steps that new reviews get.
#[handler]
pub(in crate::routes) async fn show_templates(web: State<'_>, caller: &Caller, Query(asked): Query<Filled>) -> Answer {
    let kind = kind(&asked);
    let steps = reviews::templates(&web.app, &caller.actor, kind).await?;
    answer(&web, caller, kind, steps.iter().map(stored).collect(), Vec::new(), None).await
}

/// The lines of the form that have a name, each with its place in the form.
fn lines(form: &Filled) -> Vec<TemplateLine> {
    let field = |name: &str, at: usize| filled(form, &format!("{name}-{at}")).to_owned();
    let line = |at: usize| TemplateLine {
        phase: field("fase", at),
        name: field("naam", at),
        days: field("dagen", at),
        waits_for: field("wie", at),
        fact: field("feit", at),
    };
    (0..MOST_STEPS + SPARE).map(line).filter(|line| !line.name.is_empty()).collect()
}

fn step(line: &TemplateLine) -> Option<StepTemplate> {
    let fact = if line.fact.is_empty() { None } else { Some(StepFact::parse(&line.fact)?) };
    Some(StepTemplate {
        phase: ReviewPhase::parse(&line.phase)?,
        name: line.name.clone(),
        days: line.days.parse().ok()?,
        waits_for: WaitsFor::parse(&line.waits_for)?,
        fact,
    })
}

/// The steps of a form, each at the place that follows from its phase and its days, whichever line it was written on.
fn read(lines: &[TemplateLine]) -> Result<Vec<StepTemplate>, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut steps = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        match step(line) {
            Some(step) => steps.push(step),
            None => errors.push(FieldError::new(
                &format!("dagen-{at}"),
                &format!("Stap {}: schrijf het aantal dagen als een heel getal, zoals -28.", at + 1),
            )),
        }
    }
    // Steps of one day keep the order in which they stand.
    steps.sort_by_key(|step| (step.phase, step.days));
    if errors.is_empty() { Ok(steps) } else { Err(errors) }
}

fn at_fields(errors: &[AppFieldError]) -> Vec<FieldError> {
    let field = |error: &AppFieldError| {
        let name = if error.code == "dagen-ongeldig" { "dagen" } else { "naam" };
        format!("{name}-{}", error.field.strip_prefix("steps.").unwrap_or("0"))
    };
    errors.iter().map(|error| FieldError { field: field(error), message: error.message.clone() }).collect()
}

/// What was done, with the steps as they were to take it back.
fn saved(kind: ReviewKind, words: &str, before: &[StepTemplate]) -> Flash {
    let whose = [("soort".to_owned(), kind.code().to_owned()), ("daarna".to_owned(), "bewaar".to_owned())];
    let steps = before.iter().map(stored).enumerate().flat_map(|(at, line)| line.fields(at));
    let undo = UndoForm {
        action: "/peer-reviews/stappen".to_owned(),
        label: "Ongedaan maken".to_owned(),
        fields: whose.into_iter().chain(steps).collect(),
    };
    Flash { undo: Some(undo), ..done(words) }
}

/// Changes the steps that new reviews get.
#[handler]
pub(in crate::routes) async fn set_templates(web: State<'_>, caller: &Caller, Form(form): Form<Filled>) -> Answer {
    let kind = kind(&form);
    let before = reviews::templates(&web.app, &caller.actor, kind).await?;
    let is_reset = filled(&form, "daarna") == "gewone";
    let lines = lines(&form);
    let steps = match read(&lines) {
        _ if is_reset => Vec::new(),
        Ok(steps) if steps.is_empty() => {
            let errors = vec![FieldError::new("naam-0", "Houd ten minste één stap over.")];
            return answer(&web, caller, kind, lines, errors, None).await;
        }
        Ok(steps) => steps,
        Err(errors) => return answer(&web, caller, kind, lines, errors, None).await,
    };
    let sorted = steps.iter().map(stored).collect();
    match reviews::set_templates(&web.app, &caller.actor, kind, steps).await {
        // The page itself, and no address to go to: how to take it back is nowhere else.
        Ok(()) => {
            let now = reviews::templates(&web.app, &caller.actor, kind).await?;
            let words =
                if is_reset { "De gewone stappen staan er weer." } else { "De stappen zijn bewaard, op volgorde van fase en dagen." };
            answer(&web, caller, kind, now.iter().map(stored).collect(), Vec::new(), Some(saved(kind, words, &before))).await
        }
        Err(AppError::Invalid(errors)) => answer(&web, caller, kind, sorted, at_fields(&errors), None).await,
        Err(error) => Err(error.into()),
    }
}
