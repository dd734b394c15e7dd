//! The steps that new reviews get.

use kernschil_app::reviews::{self, MOST_STEPS};
use kernschil_app::{AppError, FieldError as AppFieldError};
use kernschil_domain::reviews::{ReviewKind, ReviewPhase, StepTemplate, WaitsFor};
use kernschil_http::Caller;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Query};

use super::{Filled, filled};
use crate::components::forms::FieldError;
use crate::components::nav::NavItem;
use crate::routes::support::{Answer, capital, html_with, see_other};
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
    }
}

async fn answer(web: &Web, caller: &Caller, kind: ReviewKind, mut lines: Vec<TemplateLine>, errors: Vec<FieldError>) -> Answer {
    let spare = TemplateLine {
        phase: ReviewPhase::Concluding.code().to_owned(),
        waits_for: WaitsFor::Receiver.code().to_owned(),
        ..TemplateLine::default()
    };
    lines.extend(std::iter::repeat_n(spare, SPARE));
    let view = TemplatesView {
        kind: kind.code().to_owned(),
        kinds: ReviewKind::ALL.iter().map(|kind| (kind.code().to_owned(), capital(kind.dutch()))).collect(),
        lines,
        phases: ReviewPhase::ALL.iter().map(|phase| (phase.code().to_owned(), capital(phase.dutch()))).collect(),
        sides: WaitsFor::ALL.iter().map(|side| (side.code().to_owned(), capital(side.dutch()))).collect(),
        errors,
    };
    let status = if view.errors.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    Ok(html_with(status, templates_page(&web.frame(caller, NavItem::Reviews).await?, &view)))
}

/// The steps that new reviews get.
#[handler]
pub(in crate::routes) async fn show_templates(web: State<'_>, caller: &Caller, Query(asked): Query<Filled>) -> Answer {
    let kind = kind(&asked);
    let steps = reviews::templates(&web.app, &caller.actor, kind).await?;
    answer(&web, caller, kind, steps.iter().map(stored).collect(), Vec::new()).await
}

/// The lines of the form that have a name, each with its place in the form.
fn lines(form: &Filled) -> Vec<TemplateLine> {
    let field = |name: &str, at: usize| filled(form, &format!("{name}-{at}")).to_owned();
    let line = |at: usize| TemplateLine {
        phase: field("fase", at),
        name: field("naam", at),
        days: field("dagen", at),
        waits_for: field("wie", at),
    };
    (0..MOST_STEPS + SPARE).map(line).filter(|line| !line.name.is_empty()).collect()
}

fn read(lines: &[TemplateLine]) -> Result<Vec<StepTemplate>, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut steps = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let (phase, side, days) = (ReviewPhase::parse(&line.phase), WaitsFor::parse(&line.waits_for), line.days.parse::<i32>());
        match (phase, side, days) {
            (Some(phase), Some(waits_for), Ok(days)) => steps.push(StepTemplate { phase, name: line.name.clone(), days, waits_for }),
            _ => errors.push(FieldError::new(
                &format!("naam-{at}"),
                &format!("Stap {}: schrijf het aantal dagen als een heel getal, zoals -28.", at + 1),
            )),
        }
    }
    if errors.is_empty() { Ok(steps) } else { Err(errors) }
}

fn at_fields(errors: &[AppFieldError]) -> Vec<FieldError> {
    let field = |error: &AppFieldError| error.field.strip_prefix("steps.").map_or_else(|| "naam-0".to_owned(), |at| format!("naam-{at}"));
    errors.iter().map(|error| FieldError { field: field(error), message: error.message.clone() }).collect()
}

/// Changes the steps that new reviews get.
#[handler]
pub(in crate::routes) async fn set_templates(web: State<'_>, caller: &Caller, Form(form): Form<Filled>) -> Answer {
    let kind = kind(&form);
    let is_reset = filled(&form, "daarna") == "gewone";
    let lines = lines(&form);
    let steps = match read(&lines) {
        _ if is_reset => Vec::new(),
        Ok(steps) if steps.is_empty() => {
            let errors = vec![FieldError::new("naam-0", "Houd ten minste één stap over.")];
            return answer(&web, caller, kind, lines, errors).await;
        }
        Ok(steps) => steps,
        Err(errors) => return answer(&web, caller, kind, lines, errors).await,
    };
    match reviews::set_templates(&web.app, &caller.actor, kind, steps).await {
        Ok(()) => Ok(see_other(&format!("/peer-reviews/stappen?soort={}", kind.code()))),
        Err(AppError::Invalid(errors)) => answer(&web, caller, kind, lines, at_fields(&errors)).await,
        Err(error) => Err(error.into()),
    }
}
