//! Signing in and out.

use kernschil_app::AppError;
use kernschil_app::access::{self, NewSession, SignInWay, Stage};
use kernschil_http::{
    Browser, Caller, DeviceCookie, FIRST_RUN_PATH, Failure, Halfway, RequestId, SECOND_FACTOR_PATH, SIGN_IN_PATH, SessionCookie,
    SignInGuard, return_path, sign_in_address,
};
use poem::http::StatusCode;
use poem::http::header::SET_COOKIE;
use poem::web::{Form, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::oidc::sign_in_links;
use super::support::{Answer, done, html, html_with, outside, see_other};
use super::{State, Web};
use crate::components::forms::FieldError;
use crate::views::access::{SecondFactorView, SignInView, second_factor_page, sign_in_page};

/// Where to go afterwards, and what just happened.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Back {
    terug: String,
    gedaan: String,
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
    let mut frame = outside();
    frame.flash = (back.gedaan == "wachtwoord").then(|| done("Uw nieuwe wachtwoord is bewaard. Log ermee in."));
    Ok(html(sign_in_page(&frame, &view(&web, String::new(), back.terug, Vec::new()))))
}

fn view(web: &Web, email: String, next: String, errors: Vec<FieldError>) -> SignInView {
    let providers = sign_in_links(web, &next);
    SignInView { email, next, providers, errors }
}

fn again(web: &Web, form: SignInForm, errors: Vec<FieldError>, status: StatusCode) -> Response {
    html_with(status, sign_in_page(&outside(), &view(web, form.email, form.next, errors)))
}

/// Signs somebody in.
#[handler]
pub(super) async fn sign_in(
    web: State<'_>,
    caller: Option<&Caller>,
    cookie: SessionCookie,
    device: DeviceCookie,
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
        return Ok(again(&web, form, errors, StatusCode::BAD_REQUEST));
    }
    guard.password(&form.email).await?;
    match access::sign_in(&web.app, &form.email, &form.password, browser.way()).await {
        Ok(session) => {
            // Two sessions do not fit in one cookie: the one that was there ends.
            if let Some(caller) = caller {
                access::sign_out(&web.app, &caller.actor, &caller.token).await?;
            }
            welcome(&web, cookie, &device, &session, &form.next).await
        }
        Err(AppError::SignIn) => {
            let error = FieldError::new("email", &AppError::SignIn.dutch());
            Ok(again(&web, form, vec![error], StatusCode::UNAUTHORIZED))
        }
        Err(error) => Err(error.into()),
    }
}

/// The page that asks for the second factor, with the way back.
pub(super) fn second_factor_address(next: &str) -> String {
    match sign_in_address(Some(return_path(next))).split_once('?') {
        Some((_, query)) => format!("{SECOND_FACTOR_PATH}?{query}"),
        None => SECOND_FACTOR_PATH.to_owned(),
    }
}

/// Signs somebody in and sends her on, by way of the second factor where there is one.
pub(super) async fn open_session(
    web: &Web,
    cookie: SessionCookie,
    device: &DeviceCookie,
    way: SignInWay,
    email: &str,
    password: &str,
    next: &str,
) -> Answer {
    let session = access::sign_in(&web.app, email, password, way).await?;
    welcome(web, cookie, device, &session, next).await
}

/// Sends somebody on who has a session now, by way of the second factor where that is still to come. A browser in which
/// everything was given is known from then on.
pub(super) async fn welcome(web: &Web, cookie: SessionCookie, device: &DeviceCookie, session: &NewSession, next: &str) -> Answer {
    let to = match session.stage {
        Stage::Open => return_path(next).to_owned(),
        Stage::SecondFactor => second_factor_address(next),
    };
    let mut response = see_other(&to);
    response.headers_mut().append(SET_COOKIE, cookie.set(&session.token)?);
    if let Some(token) = access::remember_device(&web.app, &session.token, device.brought()).await? {
        response.headers_mut().append(SET_COOKIE, device.set(&token)?);
    }
    Ok(response)
}

/// The form for the second factor.
#[handler]
pub(super) fn second_factor_form(caller: Option<&Caller>, half: Option<&Halfway>, Query(back): Query<Back>) -> Response {
    if caller.is_some() {
        return see_other(return_path(&back.terug));
    }
    if half.is_none() {
        return see_other(&sign_in_address(Some(&back.terug)));
    }
    html(second_factor_page(&outside(), &SecondFactorView { next: back.terug, errors: Vec::new() }))
}

/// A second factor: one of the two is filled in.
#[derive(Default, Deserialize)]
#[serde(default)]
struct SecondFactorForm {
    code: String,
    recovery: String,
    next: String,
}

/// Takes the second factor. The session gets another token when it is good.
#[handler]
pub(super) async fn second_factor(
    web: State<'_>,
    half: &Halfway,
    cookie: SessionCookie,
    device: DeviceCookie,
    guard: SignInGuard,
    request: RequestId,
    Form(form): Form<SecondFactorForm>,
) -> Answer {
    guard.code(half.actor.user()).await?;
    let (field, code) = if form.recovery.trim().is_empty() { ("code", &form.code) } else { ("recovery", &form.recovery) };
    match access::give_second_factor(&web.app, &half.token, code, Some(request.0)).await {
        Ok(session) => welcome(&web, cookie, &device, &session, &form.next).await,
        Err(AppError::Invalid(errors)) => {
            let errors = errors.iter().map(|error| FieldError::new(field, &error.message)).collect();
            let page = second_factor_page(&outside(), &SecondFactorView { next: form.next, errors });
            Ok(html_with(StatusCode::BAD_REQUEST, page))
        }
        Err(error @ AppError::Conflict { .. }) => {
            let errors = vec![FieldError::new("email", &error.dutch())];
            let form = SignInForm { next: form.next, ..SignInForm::default() };
            let mut response = again(&web, form, errors, StatusCode::CONFLICT);
            response.headers_mut().append(SET_COOKIE, cookie.clear()?);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// Signs somebody out.
#[handler]
pub(super) async fn sign_out(web: State<'_>, cookie: SessionCookie, caller: &Caller) -> Answer {
    access::sign_out(&web.app, &caller.actor, &caller.token).await?;
    let mut response = see_other(SIGN_IN_PATH);
    response.headers_mut().insert(SET_COOKIE, cookie.clear()?);
    Ok(response)
}

/// A response after somebody proved again who she is: her session has another token from then on.
pub(super) async fn renewed(web: &Web, cookie: SessionCookie, caller: &Caller, mut response: Response) -> Result<Response, Failure> {
    let token = access::renew(&web.app, &caller.token).await?;
    response.headers_mut().append(SET_COOKIE, cookie.set(&token)?);
    Ok(response)
}
