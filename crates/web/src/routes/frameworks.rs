//! Quality frameworks: the list, one, comparing, writing a draft, and files in and out.

mod carrying;
mod drafting;

use kernschil_app::AppError;
use kernschil_app::frameworks::{self, Begin, FileReport, FrameworkView as AppView, Loaded, MadeFile};
use kernschil_app::imports::ImportFile;
use kernschil_domain::frameworks::{Criterion, Difference, DifferenceKind, Fault, FrameworkState, Safeguard};
use kernschil_domain::ids::Version;
use kernschil_http::{Caller, Failure};
use poem::Response;
use poem::handler;
use poem::http::StatusCode;
use poem::http::header::CONTENT_DISPOSITION;
use poem::web::{Form, Multipart, Path, Query};
use serde::Deserialize;

use super::support::{Answer, done, html, html_with, problem, see_other, size, workbook};
use super::words::when;
use super::{State, Web, imports};
use crate::components::filters::FilterOption;
use crate::components::forms::FieldError;
use crate::components::nav::NavItem;
use crate::components::page::{Flash, UndoForm};
use crate::components::status::Tone;
use crate::components::text::counted;
use crate::views::frameworks::{
    DifferenceRow, DifferencesView, FrameworkLine, FrameworkView, NewFrameworkView, Offer, PATH, PartView, RefusedFileView,
    differences_page, framework_page, frameworks_page, new_framework_page, refused_file_page, removal_page,
};

pub(super) use carrying::{carry, show_carry};
pub(super) use drafting::{change, edit};

/// The version that somebody saw; one that is no number never is the current one.
fn seen(version: &str) -> Version {
    Version(version.parse().unwrap_or(0))
}

fn state(state: FrameworkState) -> (Tone, String) {
    match state {
        FrameworkState::Draft => (Tone::Busy, "concept".to_owned()),
        FrameworkState::Published { .. } => (Tone::Good, "gepubliceerd".to_owned()),
        FrameworkState::Withdrawn { .. } => (Tone::Quiet, "niet meer aangeboden".to_owned()),
    }
}

fn line(view: &AppView) -> FrameworkLine {
    let framework = &view.framework;
    let criteria: usize = framework.content.safeguards.iter().map(|safeguard| safeguard.criteria.len()).sum();
    let safeguards = counted(size(framework.content.safeguards.len()), "waarborg", "waarborgen");
    FrameworkLine {
        slug: framework.slug.clone(),
        name: framework.content.name.clone(),
        state: state(framework.state),
        source: framework.content.source.lines().next().unwrap_or_default().to_owned(),
        size: format!("{safeguards}, {}", counted(size(criteria), "criterium", "criteria")),
        reviews: view.reviews.map_or_else(|| "–".to_owned(), |count| counted(size(count), "peer review", "peer reviews")),
    }
}

/// All frameworks.
#[handler]
pub(super) async fn index(web: State<'_>, caller: &Caller) -> Answer {
    let rows: Vec<_> = frameworks::list(&web.app, &caller.actor).await?.iter().map(line).collect();
    Ok(html(frameworks_page(&web.frame(caller, NavItem::Frameworks).await?, &rows)))
}

fn criterion(criterion: &Criterion) -> PartView {
    PartView {
        code: criterion.code.to_string(),
        text: criterion.text.clone(),
        origin: criterion.origin.dutch().to_owned(),
        questions: criterion.questions.clone(),
        ..PartView::default()
    }
}

fn safeguard(safeguard: &Safeguard) -> PartView {
    PartView {
        code: safeguard.code.to_string(),
        name: safeguard.name.clone(),
        text: safeguard.description.clone(),
        origin: safeguard.origin.dutch().to_owned(),
        questions: safeguard.questions.clone(),
        criteria: safeguard.criteria.iter().map(criterion).collect(),
    }
}

/// What a draft misses, with the part it misses in.
fn missing(view: &AppView, fault: &Fault) -> String {
    let mut path = fault.path.split('/');
    let safeguard = match (path.next(), path.next().and_then(|at| at.parse::<usize>().ok())) {
        (Some("safeguards"), Some(at)) => view.framework.content.safeguards.get(at),
        _ => None,
    };
    let criterion = match (safeguard, path.next(), path.next().and_then(|at| at.parse::<usize>().ok())) {
        (Some(safeguard), Some("criteria"), Some(at)) => safeguard.criteria.get(at),
        _ => None,
    };
    let part = match (safeguard, criterion) {
        (_, Some(criterion)) => format!("Criterium {}", criterion.code),
        (Some(safeguard), None) => format!("Waarborg {}", safeguard.code),
        _ if fault.path == "source" => "Bron".to_owned(),
        _ => "Het kader".to_owned(),
    };
    format!("{part}: {}", fault.kind.dutch())
}

/// The other frameworks, to choose from.
async fn others(web: &Web, caller: &Caller, slug: &str) -> Result<Vec<FilterOption>, Failure> {
    let all = frameworks::list(&web.app, &caller.actor).await?;
    let option = |view: &AppView| FilterOption {
        value: view.framework.slug.clone(),
        label: format!("{} ({})", view.framework.content.name, view.framework.slug),
        count: None,
    };
    Ok(all.iter().filter(|view| view.framework.slug != slug).map(option).collect())
}

/// A page about one framework, with what is wrong with a form on it.
async fn page_of(web: &Web, caller: &Caller, slug: &str, errors: Vec<FieldError>, refusal: Option<String>) -> Answer {
    let status = match (&refusal, errors.is_empty()) {
        (Some(_), _) => StatusCode::CONFLICT,
        (None, false) => StatusCode::BAD_REQUEST,
        (None, true) => StatusCode::OK,
    };
    shown(web, caller, slug, errors, (status, refusal.map(problem))).await
}

async fn shown(web: &Web, caller: &Caller, slug: &str, errors: Vec<FieldError>, (status, flash): (StatusCode, Option<Flash>)) -> Answer {
    let view = frameworks::get(&web.app, &caller.actor, slug).await?;
    let content = &view.framework.content;
    let now = web.app.clock.now();
    let version = view.framework.version.0.to_string();
    let (since, draft, offer) = match view.framework.state {
        FrameworkState::Draft => (format!("gemaakt {}", when(view.framework.made_at, now)), Some(version), None),
        FrameworkState::Published { at } => (format!("gepubliceerd {}", when(at, now)), None, Some(Offer::Stop(version))),
        FrameworkState::Withdrawn { published, at } => {
            let since = format!("gepubliceerd {}, niet meer aangeboden {}", when(published, now), when(at, now));
            (since, None, Some(Offer::Again(version)))
        }
    };
    let page = FrameworkView {
        line: line(&view),
        source: content.source.clone(),
        since,
        hash: view.framework.hash.clone(),
        questions: content.questions.clone(),
        safeguards: content.safeguards.iter().map(safeguard).collect(),
        draft,
        offer,
        missing: view.missing.iter().map(|fault| missing(&view, fault)).collect(),
        others: others(web, caller, slug).await?,
        errors,
    };
    let mut frame = web.frame(caller, NavItem::Frameworks).await?;
    frame.flash = flash;
    Ok(html_with(status, framework_page(&frame, &page)))
}

/// What just happened, in the address after a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Did {
    gedaan: String,
    versie: String,
}

/// What happened with the offer, with how it is taken back.
fn offer_flash(slug: &str, did: &Did) -> Option<Flash> {
    let (words, back) = match did.gedaan.as_str() {
        "gestopt" => ("Nieuwe peer reviews kunnen dit kader niet meer kiezen.", "weer"),
        "weer" => ("Nieuwe peer reviews kunnen dit kader weer kiezen.", "stop"),
        _ => return None,
    };
    let fields = [("versie", did.versie.as_str()), ("keuze", back)];
    let undo = UndoForm {
        action: format!("{PATH}/{slug}/aanbod"),
        label: "Ongedaan maken".to_owned(),
        fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
    };
    Some(Flash { undo: Some(undo), ..done(words) })
}

/// A framework.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(did): Query<Did>) -> Answer {
    shown(&web, caller, &slug, Vec::new(), (StatusCode::OK, offer_flash(&slug, &did))).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OfferForm {
    versie: String,
    keuze: String,
}

/// Offers a published framework no more, or again.
#[handler]
pub(super) async fn set_offer(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<OfferForm>) -> Answer {
    let (app, actor, seen) = (&web.app, &caller.actor, seen(&form.versie));
    let (done, did) = if form.keuze == "weer" {
        (frameworks::offer(app, actor, &slug, seen).await, "weer")
    } else {
        (frameworks::withdraw(app, actor, &slug, seen).await, "gestopt")
    };
    match done {
        Ok(version) => Ok(see_other(&format!("{PATH}/{slug}?gedaan={did}&versie={}", version.0))),
        Err(AppError::Conflict { message, .. }) => page_of(&web, caller, &slug, Vec::new(), Some(message)).await,
        Err(error) => Err(error.into()),
    }
}

#[derive(Deserialize)]
pub(super) struct With {
    #[serde(default)]
    met: String,
}

fn difference(difference: &Difference) -> DifferenceRow {
    let hint = difference.same_words.as_ref().map(|code| match difference.kind {
        DifferenceKind::Added => format!("Dezelfde woorden als {code} eerder."),
        _ => format!("Dezelfde woorden staan nu bij {code}."),
    });
    DifferenceRow {
        part: difference.code.as_ref().map_or_else(|| "Het hele kader".to_owned(), ToString::to_string),
        kind: difference.kind.dutch().to_owned(),
        before: difference.before.clone(),
        after: difference.after.clone(),
        hint: hint.unwrap_or_default(),
    }
}

/// What is different between two frameworks.
#[handler]
pub(super) async fn compare(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Query(with): Query<With>) -> Answer {
    let mut view = DifferencesView { slug: slug.clone(), others: others(&web, caller, &slug).await?, ..DifferencesView::default() };
    if with.met.is_empty() {
        let framework = frameworks::get(&web.app, &caller.actor, &slug).await?.framework;
        view.after = (framework.content.name, slug);
    } else {
        let found = frameworks::compare(&web.app, &caller.actor, &with.met, &slug).await?;
        view.before = (found.before.content.name, found.before.slug);
        view.after = (found.after.content.name, found.after.slug);
        view.rows = found.differences.iter().map(difference).collect();
    }
    Ok(html(differences_page(&web.frame(caller, NavItem::Frameworks).await?, &view)))
}

async fn new_page(web: &Web, caller: &Caller, view: NewFrameworkView) -> Answer {
    let others = others(web, caller, "").await?.into_iter().map(|option| (option.value, option.label)).collect();
    let status = if view.errors.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let view = NewFrameworkView { others, ..view };
    Ok(html_with(status, new_framework_page(&web.frame(caller, NavItem::Frameworks).await?, &view)))
}

/// The forms that make a framework.
#[handler]
pub(super) async fn new_form(web: State<'_>, caller: &Caller) -> Answer {
    new_page(&web, caller, NewFrameworkView::default()).await
}

#[derive(Deserialize)]
pub(super) struct NewForm {
    #[serde(default)]
    naam: String,
    van: Option<String>,
}

/// Makes a draft: a copy, or one with a name only.
#[handler]
pub(super) async fn make(web: State<'_>, caller: &Caller, Form(form): Form<NewForm>) -> Answer {
    let begin = match &form.van {
        Some(of) if !of.is_empty() => {
            let name = frameworks::get(&web.app, &caller.actor, of).await?.framework.content.name;
            Begin::Copy { of: of.clone(), name: Some(format!("{name} (kopie)")) }
        }
        Some(_) => {
            let errors = vec![FieldError::new("van", "Kies het kader waarvan u een kopie wilt.")];
            return new_page(&web, caller, NewFrameworkView { errors, ..NewFrameworkView::default() }).await;
        }
        None => Begin::Named(form.naam.clone()),
    };
    match frameworks::make(&web.app, &caller.actor, begin).await {
        Ok(slug) => Ok(see_other(&format!("{PATH}/{slug}/wijzigen"))),
        Err(AppError::Invalid(errors)) => {
            let errors = errors.iter().map(|error| FieldError::new("naam", &error.message)).collect();
            new_page(&web, caller, NewFrameworkView { name: form.naam, errors, ..NewFrameworkView::default() }).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A file that was sent with the version somebody saw.
async fn upload(mut parts: Multipart) -> Result<(Option<ImportFile>, String), Failure> {
    let (mut file, mut version) = (None, String::new());
    while let Some(part) = parts.next_field().await.map_err(|_| Failure::Body)? {
        match part.name() {
            Some("versie") => version = part.text().await.map_err(|_| Failure::Body)?,
            Some("bestand") => {
                let name = part.file_name().unwrap_or_default().to_owned();
                let bytes = part.bytes().await.map_err(|_| Failure::Body)?;
                // A browser sends an empty part without a name when nothing was chosen.
                file = (!name.is_empty()).then_some(ImportFile { name, bytes });
            }
            _ => {}
        }
    }
    Ok((file, version))
}

/// How many findings are shown.
const SHOWN: usize = 200;

async fn refused(web: &Web, caller: &Caller, report: &FileReport, again: &str) -> Answer {
    let view = RefusedFileView {
        file: report.file_name.clone(),
        errors: report.outcome.findings.list.iter().take(SHOWN).map(imports::finding).collect(),
        count: size(report.outcome.errors),
        again: again.to_owned(),
    };
    Ok(html_with(StatusCode::BAD_REQUEST, refused_file_page(&web.frame(caller, NavItem::Frameworks).await?, &view)))
}

/// What is wrong with a file as a whole; anything else is no error of the form.
fn of_file(error: AppError) -> Result<Vec<FieldError>, Failure> {
    match error {
        error @ (AppError::File { .. } | AppError::Invalid(_)) => Ok(vec![FieldError::new("bestand", &error.dutch())]),
        other => Err(other.into()),
    }
}

/// Makes a draft of a file.
#[handler]
pub(super) async fn load(web: State<'_>, caller: &Caller, parts: Multipart) -> Answer {
    let (file, _) = upload(parts).await?;
    let Some(file) = file else {
        let errors = vec![FieldError::new("bestand", "Kies een bestand.")];
        return new_page(&web, caller, NewFrameworkView { errors, ..NewFrameworkView::default() }).await;
    };
    match frameworks::load(&web.app, &caller.actor, file, None).await {
        Ok(Loaded::Draft(slug)) => Ok(see_other(&format!("{PATH}/{slug}"))),
        Ok(Loaded::Refused(report)) => refused(&web, caller, &report, &format!("{PATH}/nieuw")).await,
        Err(error) => new_page(&web, caller, NewFrameworkView { errors: of_file(error)?, ..NewFrameworkView::default() }).await,
    }
}

/// Puts what a file says in the place of what a draft says.
#[handler]
pub(super) async fn replace(web: State<'_>, caller: &Caller, Path(slug): Path<String>, parts: Multipart) -> Answer {
    let (file, version) = upload(parts).await?;
    let Some(file) = file else {
        return page_of(&web, caller, &slug, vec![FieldError::new("bestand", "Kies een bestand.")], None).await;
    };
    let address = format!("{PATH}/{slug}");
    match frameworks::load(&web.app, &caller.actor, file, Some((&slug, seen(&version)))).await {
        Ok(Loaded::Draft(_)) => Ok(see_other(&address)),
        Ok(Loaded::Refused(report)) => refused(&web, caller, &report, &address).await,
        Err(AppError::Conflict { message, .. }) => page_of(&web, caller, &slug, Vec::new(), Some(message)).await,
        Err(error) => page_of(&web, caller, &slug, of_file(error)?, None).await,
    }
}

#[derive(Deserialize)]
pub(super) struct Seen {
    #[serde(default)]
    versie: String,
}

/// Publishes a draft.
#[handler]
pub(super) async fn publish(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<Seen>) -> Answer {
    match frameworks::publish(&web.app, &caller.actor, &slug, seen(&form.versie)).await {
        Ok(_) => Ok(see_other(&format!("{PATH}/{slug}"))),
        // What is missing stands on the page.
        Err(AppError::Invalid(_)) => {
            let message = "Dit kader is nog niet af. Vul eerst aan wat hieronder staat.".to_owned();
            page_of(&web, caller, &slug, Vec::new(), Some(message)).await
        }
        Err(AppError::Conflict { message, .. }) => page_of(&web, caller, &slug, Vec::new(), Some(message)).await,
        Err(error) => Err(error.into()),
    }
}

/// Asks whether a draft is to be removed.
#[handler]
pub(super) async fn removal_form(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let framework = frameworks::get(&web.app, &caller.actor, &slug).await?.framework;
    if framework.state != FrameworkState::Draft {
        return page_of(
            &web,
            caller,
            &slug,
            Vec::new(),
            Some("Een gepubliceerd kader kan niet weg: een review houdt het vast.".to_owned()),
        )
        .await;
    }
    let version = framework.version.0.to_string();
    Ok(html(removal_page(&web.frame(caller, NavItem::Frameworks).await?, &framework.content.name, &slug, &version)))
}

/// Removes a draft.
#[handler]
pub(super) async fn remove(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(form): Form<Seen>) -> Answer {
    match frameworks::remove(&web.app, &caller.actor, &slug, seen(&form.versie)).await {
        Ok(()) => Ok(see_other(PATH)),
        Err(AppError::Conflict { message, .. }) => page_of(&web, caller, &slug, Vec::new(), Some(message)).await,
        Err(error) => Err(error.into()),
    }
}

/// A framework as a workbook.
#[handler]
pub(super) async fn sheet(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let MadeFile { file_name, bytes } = frameworks::workbook(&web.app, &caller.actor, &slug).await?;
    Ok(workbook(&file_name, bytes))
}

/// A framework as YAML.
#[handler]
pub(super) async fn yaml(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    let MadeFile { file_name, bytes } = frameworks::yaml(&web.app, &caller.actor, &slug).await?;
    let response = Response::builder().content_type("application/yaml; charset=utf-8");
    Ok(response.header(CONTENT_DISPOSITION, format!("attachment; filename=\"{file_name}\"")).body(bytes))
}

/// An empty workbook to fill in.
#[handler]
pub(super) fn template(caller: &Caller) -> Answer {
    Ok(workbook("sjabloon-kwaliteitskader.xlsx", frameworks::template(&caller.actor)?))
}
