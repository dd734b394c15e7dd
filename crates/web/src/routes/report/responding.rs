//! Responding to the report.

use kernschil_app::AppError;
use kernschil_app::reviews::report::{self, CommentView, ReportAction, ReportOverview};
use kernschil_app::reviews::responding;
use kernschil_domain::ids::CommentId;
use kernschil_domain::periods::dutch_date;
use kernschil_domain::reviews::ReportState;
use kernschil_http::Caller;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::super::reflection::{dossier, seen};
use super::super::support::{Answer, html_with, id, see_other};
use super::super::words::when;
use super::super::{State, Web};
use super::{Did, flash, number, refusal};
use crate::components::nav::NavItem;
use crate::views::report::{CommentLine, ResponseView, Typed, response_page};

/// What somebody filled in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ResponseForm {
    nummer: String,
    alinea: String,
    versie: String,
    tekst: String,
}

fn term(overview: &ReportOverview, today: chrono::NaiveDate) -> String {
    let is_final = overview.versions.first().is_some_and(|version| version.state == ReportState::Final);
    match overview.review.respond_by {
        _ if is_final => "Het rapport is vastgesteld. De reacties staan erin, met wat het panel ermee deed.".to_owned(),
        Some(day) if today <= day => format!("Reageren kan tot en met {}.", dutch_date(day)),
        Some(day) => format!("Reageren kon tot en met {}. De voorzitter van het panel kan een nieuwe datum geven.", dutch_date(day)),
        None => String::new(),
    }
}

async fn page(web: &Web, caller: &Caller, slug: &str, typed: Typed, refused: Option<AppError>, did: &str) -> Answer {
    let overview = report::overview(&web.app, &caller.actor, slug).await?;
    let sent = overview.versions.iter().find(|version| version.state == ReportState::Responding).map(|version| version.number);
    let content = match sent {
        None => None,
        Some(sent) => Some((sent, report::version(&web.app, &caller.actor, slug, sent).await?.content)),
    };
    let now = web.app.clock.now();
    let line = |comment: &CommentView| CommentLine {
        id: comment.id.to_string(),
        number: comment.number,
        paragraph: comment.paragraph.clone(),
        about: comment.about.clone(),
        text: comment.text.clone(),
        made: format!("{}, {}", comment.by.as_deref().unwrap_or("iemand die er niet meer bij is"), when(comment.at, now)),
        reply: comment.reply.clone(),
        version: comment.version.0.to_string(),
    };
    let mut view = ResponseView {
        dossier: dossier(&overview.review),
        sent: content,
        comments: overview.comments.iter().map(line).collect(),
        term: term(&overview, web.app.clock.today()),
        can_comment: overview.can(ReportAction::Comment),
        can_reply: overview.can(ReportAction::Reply),
        typed,
        errors: Vec::new(),
    };
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = flash(did);
    let mut status = StatusCode::OK;
    if let Some(error) = refused {
        (status, frame.flash, view.errors) = refusal(error, &[("text", "tekst"), ("reply", "tekst"), ("paragraph", "tekst")])?;
    }
    Ok(html_with(status, response_page(&frame, &view)))
}

/// What was sent, with what was said about it.
#[handler]
pub(in crate::routes) async fn responses(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(did): Query<Did>) -> Answer {
    page(&web, caller, &slug, Typed::default(), None, &did.gedaan).await
}

async fn answered(web: &Web, caller: &Caller, slug: &str, typed: Typed, (outcome, did): (Result<(), AppError>, &str)) -> Answer {
    match outcome {
        Ok(()) => Ok(see_other(&format!("/peer-reviews/{slug}/rapport/reactie?gedaan={did}"))),
        Err(error) => page(web, caller, slug, typed, Some(error), "").await,
    }
}

/// Comments on a paragraph.
#[handler]
pub(in crate::routes) async fn add_comment(
    web: State<'_>,
    caller: &Caller,
    Path(slug): Path<String>,
    Form(form): Form<ResponseForm>,
) -> Answer {
    let done = responding::comment(&web.app, &caller.actor, &slug, number(&form.nummer), (&form.alinea, &form.tekst)).await;
    let typed = Typed { at: form.alinea, text: form.tekst };
    answered(&web, caller, &slug, typed, (done.map(|_| ()), "gereageerd")).await
}

/// Changes a comment.
#[handler]
pub(in crate::routes) async fn change_comment(
    web: State<'_>,
    caller: &Caller,
    Path((slug, comment)): Path<(String, String)>,
    Form(form): Form<ResponseForm>,
) -> Answer {
    let key: (CommentId, _) = (id(&comment)?, seen(&form.versie));
    let done = responding::change(&web.app, &caller.actor, &slug, key, &form.tekst).await;
    let typed = Typed { at: comment, text: form.tekst };
    answered(&web, caller, &slug, typed, (done.map(|_| ()), "gereageerd")).await
}

/// Takes a comment back.
#[handler]
pub(in crate::routes) async fn remove_comment(
    web: State<'_>,
    caller: &Caller,
    Path((slug, comment)): Path<(String, String)>,
    Form(form): Form<ResponseForm>,
) -> Answer {
    let done = responding::remove(&web.app, &caller.actor, &slug, (id(&comment)?, seen(&form.versie))).await;
    answered(&web, caller, &slug, Typed::default(), (done, "gereageerd")).await
}

/// Says what the panel did with a comment.
#[handler]
pub(in crate::routes) async fn reply(
    web: State<'_>,
    caller: &Caller,
    Path((slug, comment)): Path<(String, String)>,
    Form(form): Form<ResponseForm>,
) -> Answer {
    let done = responding::reply(&web.app, &caller.actor, &slug, (id(&comment)?, seen(&form.versie)), &form.tekst).await;
    let typed = Typed { at: comment, text: form.tekst };
    answered(&web, caller, &slug, typed, (done.map(|_| ()), "beantwoord")).await
}
