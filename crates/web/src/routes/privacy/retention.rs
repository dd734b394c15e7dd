//! Retention terms: looking at them, trying others, keeping them, and applying them now.

use std::collections::{BTreeMap, HashMap};

use kernschil_app::privacy::{self as use_cases, NewTerms, RetentionView as AppView, TermView};
use kernschil_app::{AppError, FieldError as AppFieldError};
use kernschil_domain::periods::dutch_date;
use kernschil_domain::privacy::{RetentionKind, duration};
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Query};

use super::Did;
use crate::components::nav::NavItem;
use crate::components::page::Frame;
use crate::components::text::{counted, listed};
use crate::routes::support::{Answer, capital, done, field_errors, html, html_with, problem, see_other};
use crate::routes::words::when;
use crate::routes::{State, Web};
use crate::views::privacy::{CountsOf, RETENTION_PATH, RetentionView, TermRow, retention_page};

fn whole(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn row(kind: RetentionKind, months: String, due: Option<u64>) -> TermRow {
    TermRow {
        code: kind.code().to_owned(),
        title: capital(kind.dutch()),
        months,
        meaning: kind.meaning().to_owned(),
        source: format!("Gewoonlijk {} maanden ({}). {}", kind.default_months(), duration(kind.default_months()), kind.source()),
        due: due.map(whole),
    }
}

/// What went the last time, in words.
fn last(web: &Web, stored: &AppView) -> String {
    let Some(last) = &stored.last else { return "Ze zijn nog niet eerder toegepast.".to_owned() };
    let went = last.counts.iter().filter(|(_, count)| **count > 0).map(|(kind, count)| {
        let (one, many) = kind.result();
        counted(whole(*count), one, many)
    });
    let went: Vec<_> = went.collect();
    let went = if went.is_empty() { "er was niets over zijn termijn".to_owned() } else { listed(&went) };
    format!("Laatst toegepast {}: {went}.", when(last.at, web.app.clock.now()))
}

fn view(web: &Web, stored: &AppView, terms: Vec<TermRow>) -> RetentionView {
    let today = web.app.clock.today();
    let next = if stored.next_on <= today {
        "De volgende keer is vandaag.".to_owned()
    } else {
        format!("De volgende keer is op {}.", dutch_date(stored.next_on))
    };
    let due_now = stored.terms.iter().map(|term| whole(term.due)).sum();
    RetentionView { terms, counts: CountsOf::Stored, due_now, last: last(web, stored), next, errors: Vec::new() }
}

fn rows(terms: &[TermView]) -> Vec<TermRow> {
    terms.iter().map(|term| row(term.kind, term.months.to_string(), Some(term.due))).collect()
}

async fn page_frame(web: &Web, caller: &Caller) -> Result<Frame, Failure> {
    web.frame(caller, NavItem::Settings).await
}

/// The terms.
#[handler]
pub(in crate::routes) async fn show(web: State<'_>, caller: &Caller, Query(did): Query<Did>) -> Answer {
    let stored = use_cases::retention(&web.app, &caller.actor).await?;
    let mut frame = page_frame(&web, caller).await?;
    frame.flash = match did.gedaan.as_str() {
        "bewaard" => Some(done("De bewaartermijnen zijn bewaard. Ze gelden vanaf de volgende keer dat ze worden toegepast.")),
        "loopt" => Some(problem("De bewaartermijnen worden al toegepast. Wacht tot dat klaar is.".to_owned())),
        _ => None,
    };
    let rows = rows(&stored.terms);
    Ok(html(retention_page(&frame, &view(&web, &stored, rows))))
}

/// What is filled in, by kind; anything else in the form is left alone.
fn typed(form: &HashMap<String, String>) -> BTreeMap<RetentionKind, String> {
    RetentionKind::ALL.iter().filter_map(|kind| Some((*kind, form.get(kind.code())?.clone()))).collect()
}

async fn again(web: &Web, caller: &Caller, typed: &BTreeMap<RetentionKind, String>, errors: &[AppFieldError]) -> Answer {
    let stored = use_cases::retention(&web.app, &caller.actor).await?;
    let rows = stored.terms.iter().map(|term| row(term.kind, typed.get(&term.kind).cloned().unwrap_or_default(), None)).collect();
    let view = RetentionView { errors: field_errors(errors, &[]), ..view(web, &stored, rows) };
    Ok(html_with(StatusCode::BAD_REQUEST, retention_page(&page_frame(web, caller).await?, &view)))
}

/// Tries terms, or keeps them.
#[handler]
pub(in crate::routes) async fn change(web: State<'_>, caller: &Caller, Form(form): Form<HashMap<String, String>>) -> Answer {
    let typed = typed(&form);
    let new = NewTerms(typed.clone());
    let keep = form.get("doe").is_some_and(|what| what == "bewaar");
    let outcome = if keep {
        use_cases::change_terms(&web.app, &caller.actor, &new).await
    } else {
        use_cases::preview(&web.app, &caller.actor, &new).await
    };
    match outcome {
        Ok(_) if keep => Ok(see_other(&format!("{RETENTION_PATH}?gedaan=bewaard"))),
        Ok(tried) => {
            let stored = use_cases::retention(&web.app, &caller.actor).await?;
            let view = RetentionView { counts: CountsOf::Typed, ..view(&web, &stored, rows(&tried.terms)) };
            Ok(html(retention_page(&page_frame(&web, caller).await?, &view)))
        }
        Err(AppError::Invalid(errors)) => again(&web, caller, &typed, &errors).await,
        Err(error) => Err(error.into()),
    }
}

/// Applies the terms now; the page of the work shows how far it is.
#[handler]
pub(in crate::routes) async fn apply(web: State<'_>, caller: &Caller) -> Answer {
    match use_cases::ask(&web.app, &caller.actor).await {
        Ok(job) => Ok(see_other(&format!("/taken/{job}"))),
        Err(AppError::Conflict { .. }) => Ok(see_other(&format!("{RETENTION_PATH}?gedaan=loopt"))),
        Err(error) => Err(error.into()),
    }
}
