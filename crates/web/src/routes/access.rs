//! Signing in and out, and the first account.

use kernschil_app::access::{self, NewUser, SignInWay, Stage};
use kernschil_app::{AppError, FieldError as AppFieldError};
use kernschil_http::{
    Browser, Caller, FIRST_RUN_PATH, Failure, SECOND_FACTOR_PATH, SIGN_IN_PATH, SessionCookie, SignInGuard, return_path, sign_in_address,
};
use poem::http::StatusCode;
use poem::http::header::SET_COOKIE;
use poem::web::{Form, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::support::{Answer, field_errors, html, html_with, outside, see_other};
use super::{State, Web};
use crate::components::forms::FieldError;
use crate::views::access::{FirstRunView, SignInView, first_run_page, sign_in_page};

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Back {
    terug: String,
}

/// What somebody who signs in fills in.
#[derive(Default, Deserialize)]
#[serde(default)]
struct SignInForm {
    email: String,
    password: String,
    next: String,
}

/// The form to sign in.
#[handler]
pub(super) async fn sign_in_form(web: State<'_>, caller: Option<&Caller>, Query(back): Query<Back>) -> Answer {
    if caller.is_some() {
        return Ok(see_other(return_path(&back.terug)));
    }
    if access::is_first_run(&web.app).await? {
        return Ok(see_other(FIRST_RUN_PATH));
    }
    let view = SignInView { next: back.terug, ..SignInView::default() };
    Ok(html(sign_in_page(&outside(), &view)))
}

/// Signs somebody in.
#[handler]
pub(super) async fn sign_in(
    web: State<'_>,
    cookie: SessionCookie,
    guard: SignInGuard,
    browser: Browser,
    Form(form): Form<SignInForm>,
) -> Answer {
    let mut errors = Vec::new();
    if form.email.trim().is_empty() {
        errors.push(FieldError::new("email", "Vul uw e-mailadres in."));
    }
    if form.password.is_empty() {
        errors.push(FieldError::new("password", "Vul uw wachtwoord in."));
    }
    if !errors.is_empty() {
        return Ok(again(form, errors, StatusCode::BAD_REQUEST));
    }
    guard.attempt(&form.email)?;
    match open_session(&web, cookie, browser.way(), &form.email, &form.password, &form.next).await {
        Err(Failure::App(AppError::SignIn)) => {
            let error = FieldError::new("email", &AppError::SignIn.dutch());
            Ok(again(form, vec![error], StatusCode::UNAUTHORIZED))
        }
        answer => answer,
    }
}

fn again(form: SignInForm, errors: Vec<FieldError>, status: StatusCode) -> Response {
    html_with(status, sign_in_page(&outside(), &SignInView { email: form.email, next: form.next, errors }))
}

/// The page that asks for the second factor, with the way back.
fn second_factor_address(next: &str) -> String {
    match sign_in_address(Some(return_path(next))).split_once('?') {
        Some((_, query)) => format!("{SECOND_FACTOR_PATH}?{query}"),
        None => SECOND_FACTOR_PATH.to_owned(),
    }
}

async fn open_session(web: &Web, cookie: SessionCookie, way: SignInWay, email: &str, password: &str, next: &str) -> Answer {
    let session = access::sign_in(&web.app, email, password, way).await?;
    let to = match session.stage {
        Stage::Open => return_path(next).to_owned(),
        Stage::SecondFactor => second_factor_address(next),
    };
    let mut response = see_other(&to);
    response.headers_mut().insert(SET_COOKIE, cookie.set(&session.token)?);
    Ok(response)
}

/// Signs somebody out.
#[handler]
pub(super) async fn sign_out(web: State<'_>, cookie: SessionCookie, caller: &Caller) -> Answer {
    access::sign_out(&web.app, &caller.actor, &caller.token).await?;
    let mut response = see_other(SIGN_IN_PATH);
    response.headers_mut().insert(SET_COOKIE, cookie.clear()?);
    Ok(response)
}

/// What the first user fills in.
#[derive(Default, Deserialize)]
#[serde(default)]
struct FirstRunForm {
    name: String,
    email: String,
    password: String,
}

/// The form for the first account.
#[handler]
pub(super) async fn first_run_form(web: State<'_>) -> Answer {
    if !access::is_first_run(&web.app).await? {
        return Ok(see_other(SIGN_IN_PATH));
    }
    Ok(html(first_run_page(&outside(), &FirstRunView::default())))
}

/// Makes the first account and signs its owner in.
#[handler]
pub(super) async fn first_run(
    web: State<'_>,
    cookie: SessionCookie,
    guard: SignInGuard,
    browser: Browser,
    Form(form): Form<FirstRunForm>,
) -> Answer {
    guard.attempt(&form.email)?;
    let new = NewUser { email: form.email.clone(), name: form.name.clone(), password: form.password.clone(), roles: Vec::new() };
    match access::first_user(&web.app, new).await {
        Ok(_) => open_session(&web, cookie, browser.way(), &form.email, &form.password, "/").await,
        Err(AppError::Invalid(errors)) => Ok(first_run_again(form, &errors)),
        // Somebody was first; then that account is the one to sign in with.
        Err(AppError::Conflict { .. }) => Ok(see_other(SIGN_IN_PATH)),
        Err(error) => Err(error.into()),
    }
}

fn first_run_again(form: FirstRunForm, errors: &[AppFieldError]) -> Response {
    let view = FirstRunView { name: form.name, email: form.email, errors: field_errors(errors, &[]) };
    html_with(StatusCode::BAD_REQUEST, first_run_page(&outside(), &view))
}
