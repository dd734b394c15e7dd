//! The first run: the account that comes first, and setting the installation up.

use kernschil_app::access::{self, NewUser};
use kernschil_app::examples::{self, Content};
use kernschil_app::jobs::JobView;
use kernschil_app::setup::{self, OWN_WORKBOOKS, Setup};
use kernschil_app::{AppError, FieldError as AppFieldError};
use kernschil_domain::access::Permission;
use kernschil_domain::codes::JobState;
use kernschil_http::{Browser, Caller, DeviceCookie, FIRST_RUN_PATH, Failure, SIGN_IN_PATH, SessionCookie, SignInGuard, sign_in_address};
use kernschil_spreadsheets::{ImportKind, definition};
use poem::http::StatusCode;
use poem::web::Form;
use poem::{Response, handler};
use serde::Deserialize;

use super::access::open_session;
use super::imports::{intro, template_href};
use super::jobs::{is_open, stage};
use super::settings::{Filled, form};
use super::support::{Answer, field_errors, html, html_with, outside, problem, see_other, whole};
use super::{State, Web};
use crate::components::nav::NavItem;
use crate::views::first_run::{
    AccountView, ContentView, Done, Examples, Loading, OrganisationView, OwnLinks, OwnState, OwnWorkbook, Step, account_page, content_page,
    organisation_page, overview_page,
};

const ORGANISATION_PATH: &str = "/eerste-keer/organisatie";
const CONTENT_PATH: &str = "/eerste-keer/gegevens";

/// What the first user fills in.
#[derive(Default, Deserialize)]
#[serde(default)]
struct AccountForm {
    name: String,
    email: String,
    password: String,
}

/// The form for the first account; once there is one, how far the installation is, for who manages it.
#[handler]
pub(super) async fn show(web: State<'_>, caller: Option<&Caller>) -> Answer {
    if access::is_first_run(&web.app).await? {
        return Ok(html(account_page(&outside(), &AccountView::default())));
    }
    let Some(caller) = caller else { return Ok(see_other(&sign_in_address(Some(FIRST_RUN_PATH)))) };
    let setup = setup::of(&web.app, &caller.actor).await?;
    Ok(html(overview_page(&web.frame(caller, NavItem::Settings).await?, &done(&setup))))
}

/// Makes the first account and signs its owner in.
#[handler]
pub(super) async fn make_account(
    web: State<'_>,
    cookie: SessionCookie,
    device: DeviceCookie,
    guard: SignInGuard,
    browser: Browser,
    Form(form): Form<AccountForm>,
) -> Answer {
    guard.attempt(&form.email)?;
    let new = NewUser { email: form.email.clone(), name: form.name.clone(), password: form.password.clone(), roles: Vec::new() };
    match access::first_user(&web.app, new).await {
        Ok(_) => open_session(&web, cookie, &device, browser.way(), &form.email, &form.password, ORGANISATION_PATH).await,
        Err(AppError::Invalid(errors)) => Ok(account_again(form, &errors)),
        // Somebody was first; then that account is the one to sign in with.
        Err(AppError::Conflict { .. }) => Ok(see_other(SIGN_IN_PATH)),
        Err(error) => Err(error.into()),
    }
}

fn account_again(form: AccountForm, errors: &[AppFieldError]) -> Response {
    let view = AccountView { name: form.name, email: form.email, errors: field_errors(errors, &[]) };
    html_with(StatusCode::BAD_REQUEST, account_page(&outside(), &view))
}

fn done(setup: &Setup) -> Done {
    let mut done = vec![Step::Account];
    done.extend(setup.is_named().then_some(Step::Organisation));
    done.extend(setup.is_filled().then_some(Step::Content));
    Done(done)
}

async fn organisation_answer(web: &Web, caller: &Caller, form: crate::views::settings::InstallationForm) -> Answer {
    let setup = setup::of(&web.app, &caller.actor).await?;
    let status = if form.errors.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let view = OrganisationView { form, done: done(&setup) };
    Ok(html_with(status, organisation_page(&web.frame(caller, NavItem::Settings).await?, &view)))
}

/// Whose installation it is.
#[handler]
pub(super) async fn show_organisation(web: State<'_>, caller: &Caller) -> Answer {
    organisation_answer(&web, caller, form(&web, caller)).await
}

/// Stores whose it is, and goes on.
#[handler]
pub(super) async fn name(web: State<'_>, caller: &Caller, Form(filled): Form<Filled>) -> Answer {
    match filled.store(&web, caller).await {
        Ok(()) => Ok(see_other(CONTENT_PATH)),
        Err(AppError::Invalid(errors)) => organisation_answer(&web, caller, filled.again(&web, &errors)).await,
        Err(error) => Err(error.into()),
    }
}

fn loading(job: &JobView) -> Loading {
    Loading {
        stage: stage(job.state),
        progress: (job.state == JobState::Running && job.total > 0).then(|| (whole(job.done), whole(job.total))),
        message: if job.state == JobState::Running { job.message.clone() } else { String::new() },
        href: format!("/taken/{}", job.id),
    }
}

fn examples_view(web: &Web, caller: &Caller, setup: &Setup) -> Examples {
    let may = examples::may_load(&web.app, &caller.actor);
    match (&setup.job, setup.content) {
        (Some(job), _) if is_open(job) => Examples::Loading(loading(job)),
        (_, Content::Own) => Examples::Withheld("Er zijn eigen gegevens geladen. De voorbeelden horen in een lege installatie.".to_owned()),
        (Some(job), Content::Examples) if job.state == JobState::Done => Examples::Loaded(job.message.clone()),
        (None, Content::Examples) => Examples::Loaded("De voorbeelden zijn geladen.".to_owned()),
        (Some(job), _) if may && job.state == JobState::Failed => Examples::Offered(job.message.clone()),
        (Some(_) | None, _) if may => Examples::Offered(String::new()),
        (Some(_) | None, _) => {
            let why = "De voorbeelden laden kan alleen wie beheerder én regiocoördinator voor alles is. Geef uzelf die rol bij Gebruikers.";
            Examples::Withheld(why.to_owned())
        }
    }
}

fn own_workbooks(caller: &Caller, setup: &Setup) -> Vec<OwnWorkbook> {
    // Examples are not the organisation's own.
    let is_loaded = |kind: ImportKind| setup.content == Content::Own && setup.loaded.contains(&kind);
    let next = OWN_WORKBOOKS.into_iter().find(|kind| setup.content != Content::Examples && !is_loaded(*kind));
    let workbook = |kind: ImportKind| OwnWorkbook {
        name: definition(kind).title.clone(),
        help: intro(kind),
        links: template_href(caller, kind).map(|template| OwnLinks { template, load: format!("/importeren?soort={}", kind.code()) }),
        state: match next {
            _ if is_loaded(kind) => OwnState::Loaded,
            Some(next) if next == kind => OwnState::Next,
            _ => OwnState::Later,
        },
    };
    OWN_WORKBOOKS.map(workbook).into()
}

async fn content_answer(web: &Web, caller: &Caller, status: StatusCode, refusal: Option<String>) -> Answer {
    let setup = setup::of(&web.app, &caller.actor).await?;
    let view = ContentView { examples: examples_view(web, caller, &setup), own: own_workbooks(caller, &setup), done: done(&setup) };
    let mut frame = web.frame(caller, NavItem::Settings).await?;
    frame.flash = refusal.map(problem);
    Ok(html_with(status, content_page(&frame, &view)))
}

/// Something to work with.
#[handler]
pub(super) async fn show_content(web: State<'_>, caller: &Caller) -> Answer {
    content_answer(&web, caller, StatusCode::OK, None).await
}

/// Asks for the examples.
#[handler]
pub(super) async fn load_examples(web: State<'_>, caller: &Caller) -> Answer {
    match examples::ask(&web.app, &caller.actor).await {
        Ok(_) => Ok(see_other(CONTENT_PATH)),
        Err(AppError::Conflict { message, .. }) => content_answer(&web, caller, StatusCode::CONFLICT, Some(message)).await,
        Err(error) => Err(error.into()),
    }
}

/// Where to go on setting up, for who manages an installation that is not set up yet.
pub(super) async fn unfinished(web: &Web, caller: &Caller) -> Result<Option<String>, Failure> {
    if !caller.actor.may(Permission::ManageSettings) {
        return Ok(None);
    }
    let setup = setup::of(&web.app, &caller.actor).await?;
    Ok((!setup.is_named() || !setup.is_filled()).then(|| FIRST_RUN_PATH.to_owned()))
}
