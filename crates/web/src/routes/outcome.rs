//! The outcome of a judging review.

use std::collections::HashMap;

use kernschil_app::reviews::outcome::{self, OutcomeDraft};
use kernschil_app::{AppError, FieldError as AppFieldError};
use kernschil_domain::periods::dutch_date;
use kernschil_http::Caller;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::reflection::{dossier, seen};
use super::support::{Answer, done, field_errors, html_with, problem, see_other};
use super::{State, Web};
use crate::components::nav::NavItem;
use crate::views::outcome::{Judged, OutcomeView, outcome_page};

/// The field of the review as a whole.
const OVERALL: &str = "geheel";

type Filled = HashMap<String, String>;

fn field(code: &str) -> String {
    format!("waarborg-{code}")
}

/// A day of a form; nothing when it is empty or none.
fn day(form: &Filled) -> Option<chrono::NaiveDate> {
    form.get("besloten").and_then(|day| day.trim().parse().ok())
}

fn draft(form: &Filled) -> OutcomeDraft {
    let judged = form.iter().filter_map(|(name, value)| Some((name.strip_prefix("waarborg-")?.to_owned(), value.clone())));
    OutcomeDraft { safeguards: judged.collect(), overall: form.get(OVERALL).cloned().unwrap_or_default(), decided_on: day(form) }
}

fn view(found: &outcome::OutcomeView, form: Option<&Filled>) -> OutcomeView {
    let outcome = found.outcome.as_ref();
    let judged = |field: String, name: &str, stored: Option<&str>| Judged {
        field,
        name: name.to_owned(),
        chosen: stored.unwrap_or_default().to_owned(),
    };
    let mut stored: Vec<_> = found
        .content
        .safeguards
        .iter()
        .map(|safeguard| {
            let found = outcome.and_then(|outcome| outcome.safeguards.get(&safeguard.code)).map(|judgement| judgement.code());
            judged(field(&safeguard.code.0), &safeguard.name, found)
        })
        .collect();
    stored.push(judged(OVERALL.to_owned(), "De review als geheel", outcome.map(|outcome| outcome.overall.code())));
    let decided_on = outcome.and_then(|outcome| outcome.decided_on);
    let of_form = |judged: &Judged| match form {
        None => judged.clone(),
        Some(form) => Judged { chosen: form.get(&judged.field).cloned().unwrap_or_default(), ..judged.clone() },
    };
    OutcomeView {
        dossier: dossier(&found.review),
        is_shown: found.is_shown,
        can_judge: found.can_judge && found.locked.is_none(),
        locked: found.locked.clone().unwrap_or_default(),
        filled: stored.iter().map(of_form).collect(),
        stored,
        decided: match (outcome, decided_on) {
            (None, _) => String::new(),
            (Some(_), None) => "Op welke dag is besloten, is niet bekend.".to_owned(),
            (Some(_), Some(day)) => format!("Besloten op {}.", dutch_date(day)),
        },
        day: match form {
            Some(form) => form.get("besloten").cloned().unwrap_or_default(),
            None => decided_on.map(|day| day.to_string()).unwrap_or_default(),
        },
        version: found.review.version.0.to_string(),
        errors: Vec::new(),
    }
}

/// The names of fields as the form has them.
fn named(errors: Vec<AppFieldError>) -> Vec<AppFieldError> {
    let renamed = |error: AppFieldError| match error.field.strip_prefix("safeguards.") {
        Some(code) => AppFieldError { field: field(code), ..error },
        None => error,
    };
    errors.into_iter().map(renamed).collect()
}

async fn page(web: &Web, caller: &Caller, slug: &str, form: Option<&Filled>, refused: Option<AppError>, did: &str) -> Answer {
    let found = outcome::get(&web.app, &caller.actor, slug).await?;
    let mut view = view(&found, form);
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = (did == "vastgelegd").then(|| done("Het oordeel is vastgelegd."));
    let status = match refused {
        None => StatusCode::OK,
        Some(AppError::Invalid(errors)) => {
            view.errors = field_errors(&named(errors), &[("overall", OVERALL), ("decidedOn", "besloten"), ("safeguards", OVERALL)]);
            StatusCode::BAD_REQUEST
        }
        Some(AppError::Conflict { message, .. }) => {
            frame.flash = Some(problem(format!("{message} Wat er nu staat, ziet u hieronder; wat u invulde, staat nog in het formulier.")));
            StatusCode::CONFLICT
        }
        Some(other) => return Err(other.into()),
    };
    Ok(html_with(status, outcome_page(&frame, &view)))
}

/// What just happened, in the address after a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Did {
    gedaan: String,
}

/// The outcome.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(did): Query<Did>) -> Answer {
    page(&web, caller, &slug, None, None, &did.gedaan).await
}

/// Notes the outcome.
#[handler]
pub(super) async fn judge(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<Filled>) -> Answer {
    let version = seen(form.get("versie").map_or("", String::as_str));
    match outcome::judge(&web.app, &caller.actor, &slug, version, &draft(&form)).await {
        Ok(_) => Ok(see_other(&format!("/peer-reviews/{slug}/oordeel?gedaan=vastgelegd"))),
        Err(error) => page(&web, caller, &slug, Some(&form), Some(error), "").await,
    }
}
