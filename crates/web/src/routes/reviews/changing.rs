//! Changing the details of a review.

use kernschil_app::reviews::{self, Dossier, ReviewEdit};
use kernschil_app::{AppError, FieldError as AppFieldError};
use kernschil_domain::reviews::{ReviewKind, StepShift};
use kernschil_http::Caller;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path};

use super::{Filled, YEAR_FIELDS, day, day_value, day_words, filled, filled_years, years};
use crate::components::nav::NavItem;
use crate::routes::steps::version;
use crate::routes::support::{Answer, field_errors, html_with, problem, see_other};
use crate::routes::{State, Web};
use crate::views::reviews::{Carried, DetailsView, Shift, YearField, details_page};

/// Names of the use case and of the form.
const FIELDS: [(&str, &str); 5] =
    [("name", "naam"), ("visitOn", "bezoekdag"), ("dueOn", "uiterlijk"), ("heldOn", "gehouden"), ("reportYear", "jaarrapportage")];

fn stored(dossier: &Dossier) -> DetailsView {
    let review = &dossier.review;
    let mut years: Vec<_> =
        review.years.iter().map(|planned| YearField { year: planned.year.to_string(), source: planned.source.clone() }).collect();
    years.resize(YEAR_FIELDS.max(years.len()), YearField::default());
    DetailsView {
        slug: review.slug.clone(),
        title: review.name.clone(),
        version: review.version.0.to_string(),
        name: review.name.clone(),
        years,
        visit_on: day_value(review.visit_on),
        due_on: day_value(review.due_on),
        held_on: day_value(review.held_on),
        report_year: review.report_year.map(|year| year.to_string()).unwrap_or_default(),
        report: if review.kind == ReviewKind::Judging { Carried::No } else { Carried::Yes },
        shifts: None,
        errors: Vec::new(),
    }
}

/// The details of a review.
#[handler]
pub(in crate::routes) async fn details(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let dossier = reviews::dossier(&web.app, &caller.actor, &slug).await?;
    Ok(html_with(StatusCode::OK, details_page(&web.frame(caller, NavItem::Reviews).await?, &stored(&dossier))))
}

/// The page with what somebody filled in.
async fn again(
    web: &Web,
    caller: &Caller,
    slug: &str,
    form: &Filled,
    shifts: Option<Vec<StepShift>>,
    errors: &[AppFieldError],
    refusal: Option<String>,
) -> Answer {
    let dossier = reviews::dossier(&web.app, &caller.actor, slug).await?;
    let shift = |shift: StepShift| Shift { name: shift.name, before: day_words(shift.before), after: day_words(shift.after) };
    let text = |field: &str| filled(form, field).to_owned();
    let view = DetailsView {
        name: text("naam"),
        years: filled_years(form),
        visit_on: text("bezoekdag"),
        due_on: text("uiterlijk"),
        held_on: text("gehouden"),
        report_year: text("jaarrapportage"),
        shifts: shifts.map(|shifts| shifts.into_iter().map(shift).collect()),
        errors: field_errors(errors, &FIELDS),
        ..stored(&dossier)
    };
    let status = match (errors.is_empty(), refusal.is_some()) {
        (false, _) => StatusCode::BAD_REQUEST,
        (true, true) => StatusCode::CONFLICT,
        (true, false) => StatusCode::OK,
    };
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = refusal.map(problem);
    Ok(html_with(status, details_page(&frame, &view)))
}

fn read(form: &Filled) -> Result<ReviewEdit, Vec<AppFieldError>> {
    let mut errors = Vec::new();
    let mut on = |field: &str| day(form, field).map_err(|wrong| errors.push(wrong)).ok().flatten();
    let (visit_on, due_on, held_on) = (on("bezoekdag"), on("uiterlijk"), on("gehouden"));
    // A judging review has no such field.
    let report_year = form
        .get("jaarrapportage")
        .map(|text| Some(text.trim()).filter(|text| !text.is_empty()).map(|text| text.parse().unwrap_or_default()));
    let edit = ReviewEdit {
        name: Some(filled(form, "naam").to_owned()),
        years: Some(years(form)),
        visit_on: Some(visit_on),
        due_on: Some(due_on),
        held_on: Some(held_on),
        report_year,
    };
    if errors.is_empty() { Ok(edit) } else { Err(errors) }
}

/// Changes the details of a review, or shows first what would move.
#[handler]
pub(in crate::routes) async fn change(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<Filled>) -> Answer {
    let edit = match read(&form) {
        Ok(edit) => edit,
        Err(errors) => return again(&web, caller, &slug, &form, None, &errors, None).await,
    };
    if filled(&form, "daarna") == "bekijk" {
        return match reviews::preview_visit(&web.app, &caller.actor, &slug, edit.visit_on.flatten()).await {
            Ok((_, shifts)) => again(&web, caller, &slug, &form, Some(shifts), &[], None).await,
            Err(AppError::Invalid(errors)) => again(&web, caller, &slug, &form, None, &errors, None).await,
            Err(error) => Err(error.into()),
        };
    }
    match reviews::change(&web.app, &caller.actor, &slug, version(filled(&form, "versie")), edit).await {
        Ok(_) => Ok(see_other(&format!("/peer-reviews/{slug}?gedaan=gegevens"))),
        Err(AppError::Invalid(errors)) => again(&web, caller, &slug, &form, None, &errors, None).await,
        Err(AppError::Conflict { message, .. }) => again(&web, caller, &slug, &form, None, &[], Some(message)).await,
        Err(error) => Err(error.into()),
    }
}
