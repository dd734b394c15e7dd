//! Handing in and opening: first what will happen, then it happens.

use kernschil_app::AppError;
use kernschil_app::reviews::findings::{self, Contents, FindingsList, Lock};
use kernschil_domain::reviews::ReviewState;
use kernschil_http::Caller;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path};
use serde::Deserialize;

use super::{address, hand_in_line};
use crate::components::nav::NavItem;
use crate::routes::reflection::{dossier, seen};
use crate::routes::support::{Answer, html_with, see_other, size};
use crate::routes::{State, Web};
use crate::views::findings::{FindingsStepView, StepTerms, findings_step_page};

/// What was seen before it was done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct StepForm {
    gezien: String,
    inhoud: String,
}

fn hand_in_view(list: &FindingsList) -> FindingsStepView {
    let view = FindingsStepView { dossier: dossier(&list.review), ..FindingsStepView::default() };
    let Some(own) = &list.own else {
        let refused = "U staat niet in het panel van deze peer review. Vraag wie de review plant om u bij de deelnemers te zetten.";
        return FindingsStepView { refused: refused.to_owned(), ..view };
    };
    if !own.can_hand_in {
        let early = "Inleveren kan in de uitvoerende fase. Bekijk in het dossier waar de review staat.";
        return FindingsStepView { refused: own.lock.map_or(early, Lock::dutch).to_owned(), ..view };
    }
    let step = if own.findings.is_empty() { StepTerms::HandInNothing } else { StepTerms::HandIn };
    FindingsStepView { step, count: size(own.findings.len()), seen: own.hash.clone(), ..view }
}

fn open_view(web: &Web, list: &FindingsList) -> FindingsStepView {
    let refused = match list.review.state {
        _ if list.can_open => "",
        _ if list.review.opened_at.is_some() => "De bevindingen zijn al geopend.",
        ReviewState::Conducting => "De bevindingen openen doet de voorzitter of de secretaris.",
        _ => "Openen kan in de uitvoerende fase. Bekijk in het dossier waar de review staat.",
    };
    FindingsStepView {
        dossier: dossier(&list.review),
        step: StepTerms::Open,
        count: 0,
        seen: list.review.version.0.to_string(),
        missing: list.panel.iter().filter(|one| one.at.is_none()).map(|one| hand_in_line(web, one)).collect(),
        refused: refused.to_owned(),
    }
}

async fn page(web: &Web, caller: &Caller, view: &FindingsStepView, refused: Option<String>) -> Answer {
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    frame.flash = refused.map(crate::routes::support::problem);
    Ok(html_with(status, findings_step_page(&frame, view)))
}

/// What is handed in, before it is.
#[handler]
pub(crate) async fn hand_in_form(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let list = findings::list(&web.app, &caller.actor, &slug).await?;
    page(&web, caller, &hand_in_view(&list), None).await
}

/// Hands in.
#[handler]
pub(crate) async fn hand_in(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<StepForm>) -> Answer {
    let contents = if form.inhoud == "niets" { Contents::Nothing } else { Contents::Findings };
    match findings::hand_in(&web.app, &caller.actor, &slug, &form.gezien, contents).await {
        Ok(_) => Ok(see_other(&format!("{}?gedaan=ingeleverd", address(&slug)))),
        Err(error @ AppError::Conflict { .. }) => {
            let list = findings::list(&web.app, &caller.actor, &slug).await?;
            page(&web, caller, &hand_in_view(&list), Some(error.dutch())).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Who did not hand in yet, before the findings of all are opened.
#[handler]
pub(crate) async fn open_form(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let list = findings::list(&web.app, &caller.actor, &slug).await?;
    page(&web, caller, &open_view(&web, &list), None).await
}

/// Opens the findings of all.
#[handler]
pub(crate) async fn open(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<StepForm>) -> Answer {
    match findings::open(&web.app, &caller.actor, &slug, seen(&form.gezien)).await {
        Ok(_) => Ok(see_other(&format!("{}?gedaan=geopend", address(&slug)))),
        Err(error @ AppError::Conflict { .. }) => {
            let list = findings::list(&web.app, &caller.actor, &slug).await?;
            page(&web, caller, &open_view(&web, &list), Some(error.dutch())).await
        }
        Err(error) => Err(error.into()),
    }
}
