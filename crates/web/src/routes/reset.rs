//! A new password by a link in a mail. The link itself only puts its token in a cookie and goes on: no address of a page
//! holds it, so that it stays out of the history and is not told to anybody.

use kernschil_app::AppError;
use kernschil_app::access::{self, FORGOT_PATH, RESET_PATH};
use kernschil_http::{Caller, DeviceCookie, RequestId, ResetCookie, SIGN_IN_PATH, SessionCookie, SignInGuard, Turn};
use poem::http::header::{REFERRER_POLICY, SET_COOKIE};
use poem::http::{HeaderValue, StatusCode};
use poem::web::{Data, Form, Path};
use poem::{FromRequest, Request, RequestBody, Response, handler};
use serde::Deserialize;

use super::State;
use super::support::{Answer, field_errors, html, html_with, outside, see_other};
use crate::components::forms::FieldError;
use crate::components::page::Frame;
use crate::views::reset::{ForgotView, forgot_page, forgot_sent_page, reset_page, useless_link_page};

/// The frame of a page before signing in, also for who happens to be signed in.
fn frame(caller: Option<&Caller>) -> Frame {
    Frame { csrf: caller.map(|caller| caller.csrf_token.clone()).unwrap_or_default(), ..outside() }
}

/// The form to ask for a link.
#[handler]
pub(super) fn forgot_form(caller: Option<&Caller>) -> Response {
    html(forgot_page(&frame(caller), &ForgotView::default()))
}

/// An address to send a link to.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ForgotForm {
    email: String,
}

/// Sends a link. What is answered, and when, is the same whether there is an account.
#[handler]
pub(super) fn forgot(
    Data(web): State<'_>,
    caller: Option<&Caller>,
    guard: SignInGuard,
    request: RequestId,
    Form(form): Form<ForgotForm>,
) -> Answer {
    if form.email.trim().is_empty() {
        let errors = vec![FieldError::new("email", "Vul uw e-mailadres in.")];
        let page = forgot_page(&frame(caller), &ForgotView { email: form.email, errors });
        return Ok(html_with(StatusCode::BAD_REQUEST, page));
    }
    if guard.link(&form.email)? == Turn::Free {
        access::ask_reset_aside(&web.app, form.email, request.0);
    }
    Ok(see_other(&format!("{FORGOT_PATH}/verstuurd")))
}

/// What happens next, for whoever asked.
#[handler]
pub(super) fn forgot_sent(caller: Option<&Caller>) -> Response {
    html(forgot_sent_page(&frame(caller)))
}

/// The link in the mail.
#[handler]
pub(super) fn follow(cookie: ResetCookie, Path(token): Path<String>) -> Answer {
    let mut response = see_other(RESET_PATH);
    let headers = response.headers_mut();
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.append(SET_COOKIE, cookie.set(&token)?);
    Ok(response)
}

/// The form for a new password, for who followed a link that works.
#[handler]
pub(super) async fn reset_form(web: State<'_>, caller: Option<&Caller>, cookie: ResetCookie) -> Answer {
    let holds = match cookie.brought() {
        Some(token) => access::reset_holds(&web.app, token).await?,
        None => false,
    };
    Ok(if holds { html(reset_page(&frame(caller), &[])) } else { html_with(StatusCode::NOT_FOUND, useless_link_page(&frame(caller))) })
}

/// What a browser brings, and gets, when a new password is chosen.
struct Cookies {
    link: ResetCookie,
    session: SessionCookie,
    device: DeviceCookie,
}

impl<'a> FromRequest<'a> for Cookies {
    async fn from_request(req: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self {
            link: ResetCookie::from_request(req, body).await?,
            session: SessionCookie::from_request(req, body).await?,
            device: DeviceCookie::from_request(req, body).await?,
        })
    }
}

/// A new password.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ResetForm {
    password: String,
}

/// Stores the new password. Nobody is signed in by this.
#[handler]
pub(super) async fn reset(
    web: State<'_>,
    caller: Option<&Caller>,
    cookies: Cookies,
    guard: SignInGuard,
    request: RequestId,
    Form(form): Form<ResetForm>,
) -> Answer {
    let Cookies { link, session, device } = cookies;
    let useless = || Ok(html_with(StatusCode::NOT_FOUND, useless_link_page(&frame(caller))));
    let Some(token) = link.brought() else { return useless() };
    guard.attempt(token)?;
    match access::reset_password(&web.app, token, form.password, Some(request.0)).await {
        Ok(known) => {
            let mut response = see_other(&format!("{SIGN_IN_PATH}?gedaan=wachtwoord"));
            for value in [link.clear()?, session.clear()?, device.set(&known)?] {
                response.headers_mut().append(SET_COOKIE, value);
            }
            Ok(response)
        }
        Err(AppError::Invalid(errors)) => Ok(html_with(StatusCode::BAD_REQUEST, reset_page(&frame(caller), &field_errors(&errors, &[])))),
        Err(AppError::Conflict { .. }) => useless(),
        Err(error) => Err(error.into()),
    }
}
