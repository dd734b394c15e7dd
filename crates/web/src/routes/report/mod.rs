//! The report of a peer review.

mod deciding;
mod publishing;
mod responding;
mod writing;

use kernschil_app::AppError;
use kernschil_app::reviews::report::{self, LooseEnds, ReportAction, ReportFile, ReportOverview, ReportSide};
use kernschil_domain::periods::dutch_date;
use kernschil_domain::reviews::{ParagraphDifference, ReportState, ReviewState};
use kernschil_http::{Caller, Failure};
use kernschil_spreadsheets::write::XLSX_MEDIA_TYPE;
use poem::Response;
use poem::handler;
use poem::http::StatusCode;
use poem::http::header::CONTENT_DISPOSITION;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::reflection::{dossier, seen};
use super::support::{Answer, capital, done, field_errors, html, html_with, problem, see_other, size};
use super::words::when;
use super::{State, Web};
use crate::components::nav::NavItem;
use crate::components::page::Flash;
use crate::components::text::counted;
use crate::views::report::{
    DifferenceView, DifferencesView, Edition, LooseEndsView, ReadView, ReportLine, ReportsView, differences_page, read_page, reports_page,
};

pub(super) use deciding::{finalise, show_final};
pub(super) use publishing::{publish, published, published_document, published_workbook, show_publish, withdraw};
pub(super) use responding::{add_comment, change_comment, remove_comment, reply, responses};
pub(super) use writing::{edit, save};

/// What just happened, in the address after a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Did {
    gedaan: String,
}

fn flash(did: &str) -> Option<Flash> {
    let words = match did {
        "bewaard" => "Het rapport is bewaard als nieuwe versie.",
        "gelijk" => "Er was niets veranderd; de laatste versie blijft zoals zij is.",
        "verstuurd" => "Het rapport is ter reactie verstuurd. De ontvangende partij krijgt bericht.",
        "termijn" => "De nieuwe datum is bewaard. De ontvangende partij krijgt bericht.",
        "vastgesteld" => "Het rapport is vastgesteld.",
        "gereageerd" => "De reactie is bewaard.",
        "beantwoord" => "Het antwoord is bewaard.",
        "gepubliceerd" => "Het rapport is gepubliceerd.",
        "teruggehaald" => "Het rapport is teruggehaald. Het is niet meer te lezen voor anderen.",
        _ => return None,
    };
    Some(done(words))
}

/// The number of a version, in an address or a form; what is none is a version that is not there.
fn number(text: &str) -> i32 {
    text.parse().unwrap_or(-1)
}

/// The words for how far a version is.
fn state_words(state: ReportState) -> String {
    capital(state.dutch())
}

fn standing(overview: &ReportOverview, today: chrono::NaiveDate) -> String {
    let Some(latest) = overview.versions.first() else { return String::new() };
    if latest.state == ReportState::Final && overview.reopened.is_some() {
        return String::new();
    }
    if latest.state == ReportState::Final {
        return "Het rapport is vastgesteld.".to_owned();
    }
    let is_out = overview.versions.iter().any(|version| version.state == ReportState::Responding);
    match overview.review.respond_by {
        Some(day) if is_out && today <= day => format!("De ontvangende partij kan reageren tot en met {}.", dutch_date(day)),
        Some(day) if is_out => {
            let open = match overview.unanswered() {
                0 => "Alle reacties zijn beantwoord.".to_owned(),
                count => format!("{} nog niet beantwoord.", counted(size(count), "reactie is", "reacties zijn")),
            };
            format!("Reageren kon tot en met {}. {open}", dutch_date(day))
        }
        _ => "Het panel schrijft aan het rapport. De ontvangende partij ziet het als het ter reactie is verstuurd.".to_owned(),
    }
}

fn nothing(overview: &ReportOverview) -> String {
    let words = match (overview.side, overview.review.state) {
        (_, ReviewState::Planned | ReviewState::Preparing) => "Het rapport wordt na het bezoek geschreven.",
        (ReportSide::Panel, _) => "De eerste versie wordt gemaakt van wat het panel samen vond. Weeg eerst samen, en maak dan het rapport.",
        (ReportSide::Receiver | ReportSide::Reader, _) => "Het panel schrijft. U krijgt bericht als u kunt reageren.",
    };
    words.to_owned()
}

fn responses_words(overview: &ReportOverview) -> String {
    if overview.can(ReportAction::Comment) {
        return "Reageer op het conceptrapport".to_owned();
    }
    match overview.comments.len() {
        0 => String::new(),
        count => format!("Lees {}", counted(size(count), "reactie", "reacties")),
    }
}

fn loose_ends(ends: &LooseEnds) -> LooseEndsView {
    LooseEndsView { unweighed: size(ends.unweighed), questions: ends.questions.clone() }
}

fn difference(one: ParagraphDifference) -> DifferenceView {
    DifferenceView { name: one.name, change: one.change, lines: one.lines }
}

fn reports_view(web: &Web, overview: &ReportOverview) -> ReportsView {
    let now = web.app.clock.now();
    let line = |at: usize, version: &report::VersionLine| ReportLine {
        number: version.number,
        state: state_words(version.state),
        is_final: version.state == ReportState::Final,
        made: format!("{}{}", when(version.at, now), version.by.as_ref().map(|name| format!(", door {name}")).unwrap_or_default()),
        before: overview.versions.get(at + 1).map(|version| version.number),
    };
    ReportsView {
        dossier: dossier(&overview.review),
        versions: overview.versions.iter().enumerate().map(|(at, version)| line(at, version)).collect(),
        latest: overview.versions.first().map_or(0, |version| version.number),
        version: overview.review.version.0.to_string(),
        standing: standing(overview, web.app.clock.today()),
        nothing: nothing(overview),
        is_behind: overview.is_behind,
        reopened: overview.reopened.clone(),
        loose_ends: loose_ends(&overview.loose_ends),
        can_write: overview.can(ReportAction::Write),
        can_send: overview.can(ReportAction::Send),
        can_extend: overview.can(ReportAction::Extend),
        can_finalise: overview.can(ReportAction::Finalise),
        can_publish: overview.can(ReportAction::Publish),
        is_published: overview.review.published_at.is_some(),
        responses: responses_words(overview),
        day: String::new(),
        errors: Vec::new(),
    }
}

async fn page(web: &Web, caller: &Caller, slug: &str, day: &str, refused: Option<AppError>, did: &str) -> Answer {
    let overview = report::overview(&web.app, &caller.actor, slug).await?;
    let mut view = ReportsView { day: day.to_owned(), ..reports_view(web, &overview) };
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    frame.flash = flash(did);
    let status = match refused {
        None => StatusCode::OK,
        Some(AppError::Invalid(errors)) => {
            view.errors = field_errors(&errors, &[("respondBy", "datum")]);
            StatusCode::BAD_REQUEST
        }
        Some(AppError::Conflict { message, .. }) => {
            frame.flash = Some(problem(message));
            StatusCode::CONFLICT
        }
        Some(other) => return Err(other.into()),
    };
    Ok(html_with(status, reports_page(&frame, &view)))
}

fn to_report(slug: &str, did: &str) -> Response {
    see_other(&format!("/peer-reviews/{slug}/rapport?gedaan={did}"))
}

/// The report: its versions, and what can be done with it.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(did): Query<Did>) -> Answer {
    page(&web, caller, &slug, "", None, &did.gedaan).await
}

/// What stands in the forms of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ReportForm {
    nummer: String,
    versie: String,
    datum: String,
}

/// Makes a version of what the panel found, as it stands now.
#[handler]
pub(super) async fn renew(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<ReportForm>) -> Answer {
    match report::renew(&web.app, &caller.actor, &slug, number(&form.nummer)).await {
        Ok(report::SavedReport::Stored(_)) => Ok(to_report(&slug, "bewaard")),
        Ok(report::SavedReport::Unchanged(_)) => Ok(to_report(&slug, "gelijk")),
        Err(error) => page(&web, caller, &slug, "", Some(error), "").await,
    }
}

/// Sends the latest version to the receiving side.
#[handler]
pub(super) async fn send(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<ReportForm>) -> Answer {
    match report::send(&web.app, &caller.actor, &slug, number(&form.nummer), form.datum.parse().ok()).await {
        Ok(_) => Ok(to_report(&slug, "verstuurd")),
        Err(error) => page(&web, caller, &slug, &form.datum, Some(error), "").await,
    }
}

/// Gives another last day to respond.
#[handler]
pub(super) async fn extend(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<ReportForm>) -> Answer {
    match report::extend(&web.app, &caller.actor, &slug, seen(&form.versie), form.datum.parse().ok()).await {
        Ok(_) => Ok(to_report(&slug, "termijn")),
        Err(error) => page(&web, caller, &slug, &form.datum, Some(error), "").await,
    }
}

/// One version, to read and print.
#[handler]
pub(super) async fn read(web: State<'_>, caller: &Caller, Path((slug, wanted)): Path<(String, String)>) -> Answer {
    let view = report::version(&web.app, &caller.actor, &slug, number(&wanted)).await?;
    let version = &view.version;
    let by = version.by.as_ref().map(|name| format!(", door {name}")).unwrap_or_default();
    let made = format!("{}. Gemaakt {}{by}.", state_words(version.state), when(version.at, web.app.clock.now()));
    let edition = if version.state == ReportState::Final { Edition::Final } else { Edition::Concept };
    let read = ReadView { dossier: dossier(&view.overview.review), number: version.number, made, edition, content: view.content };
    Ok(html(read_page(&web.frame(caller, NavItem::Reviews).await?, &read)))
}

/// Which versions are compared.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Between {
    van: String,
    naar: String,
}

/// How two versions differ.
#[handler]
pub(super) async fn compare(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(between): Query<Between>) -> Answer {
    let between = (number(&between.van), number(&between.naar));
    let compared = report::compare(&web.app, &caller.actor, &slug, between).await?;
    let view = DifferencesView {
        dossier: dossier(&compared.review),
        between: (compared.from, compared.to),
        differences: compared.differences.into_iter().map(difference).collect(),
    };
    Ok(html(differences_page(&web.frame(caller, NavItem::Reviews).await?, &view)))
}

/// A file of a report, to keep. Its name is made of a slug and a number.
fn attachment(file: ReportFile, media_type: &str) -> Response {
    let disposition = format!("attachment; filename=\"{}\"", file.file_name);
    Response::builder().content_type(media_type).header(CONTENT_DISPOSITION, disposition).body(file.bytes)
}

/// A version as a document.
#[handler]
pub(super) async fn document(web: State<'_>, caller: &Caller, Path((slug, wanted)): Path<(String, String)>) -> Answer {
    let file = report::report_document(&web.app, &caller.actor, &slug, number(&wanted)).await?;
    Ok(attachment(file, kernschil_app::reviews::report::DOCX_MEDIA_TYPE))
}

/// A version as a workbook.
#[handler]
pub(super) async fn workbook(web: State<'_>, caller: &Caller, Path((slug, wanted)): Path<(String, String)>) -> Answer {
    let file = report::report_workbook(&web.app, &caller.actor, &slug, number(&wanted)).await?;
    Ok(attachment(file, XLSX_MEDIA_TYPE))
}

/// What a form was refused with: words above the page and errors at fields, with the status.
fn refusal(
    error: AppError,
    names: &[(&str, &str)],
) -> Result<(StatusCode, Option<Flash>, Vec<crate::components::forms::FieldError>), Failure> {
    match error {
        AppError::Invalid(errors) => Ok((StatusCode::BAD_REQUEST, None, field_errors(&errors, names))),
        AppError::Conflict { message, .. } => Ok((StatusCode::CONFLICT, Some(problem(message)), Vec::new())),
        other => Err(other.into()),
    }
}
