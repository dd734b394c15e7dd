//! Accepting an invitation. Whoever holds the link holds the invitation; looking at it uses nothing up. Attempts are not
//! counted: a token of 256 random bits is not guessed, and nothing costs time before one is right.

use kernschil_app::access::{self, Invitation};
use kernschil_app::reviews::asked;
use kernschil_app::{AppError, FieldError as AppFieldError};
use kernschil_domain::periods::dutch_date;
use kernschil_http::{Browser, Caller, DeviceCookie, SessionCookie};
use poem::http::StatusCode;
use poem::web::{Form, Path};
use poem::{Response, handler};
use serde::Deserialize;

use super::access::welcome;
use super::oidc::invitation_links;
use super::support::{Answer, field_errors, html, html_with, outside};
use super::{State, Web};
use crate::components::page::Frame;
use crate::views::invitation::{InvitationView, invitation_page, useless_invitation_page};

/// The frame of a page before signing in, also for who is signed in as somebody else: the token of that session goes
/// with the form.
fn frame(caller: Option<&Caller>) -> Frame {
    Frame { csrf: caller.map(|caller| caller.csrf_token.clone()).unwrap_or_default(), ..outside() }
}

fn view(token: &str, invitation: Invitation, caller: Option<&Caller>) -> InvitationView {
    InvitationView {
        action: format!("{}/{token}", access::INVITATION_PATH),
        invited_by: invitation.invited_by.unwrap_or_default(),
        roles: invitation.grants.iter().map(|grant| grant.words.clone()).collect(),
        until: dutch_date(invitation.expires_at.date_naive()),
        email: invitation.email,
        name: invitation.name,
        signed_in_as: caller.map(|caller| caller.name().to_owned()).unwrap_or_default(),
        providers: Vec::new(),
        errors: Vec::new(),
    }
}

fn useless(caller: Option<&Caller>) -> Response {
    html_with(StatusCode::NOT_FOUND, useless_invitation_page(&frame(caller)))
}

/// The invitation.
#[handler]
pub(super) async fn show(web: State<'_>, caller: Option<&Caller>, Path(token): Path<String>) -> Answer {
    match access::invitation(&web.app, &token).await {
        Ok(invitation) => {
            let providers = invitation_links(&web, &token);
            Ok(html(invitation_page(&frame(caller), &InvitationView { providers, ..view(&token, invitation, caller) })))
        }
        Err(AppError::NotFound) => Ok(useless(caller)),
        Err(error) => Err(error.into()),
    }
}

/// What somebody fills in who accepts.
#[derive(Default, Deserialize)]
#[serde(default)]
struct AcceptForm {
    name: String,
    password: String,
}

/// Accepts the invitation and signs in; whoever was signed in here before is signed out.
#[handler]
pub(super) async fn accept(
    web: State<'_>,
    cookie: SessionCookie,
    device: DeviceCookie,
    browser: Browser,
    caller: Option<&Caller>,
    Path(token): Path<String>,
    Form(form): Form<AcceptForm>,
) -> Answer {
    // The link works once: what it was for is looked up first.
    let first = match access::invitation(&web.app, &token).await {
        Ok(invitation) => asked::first_page(&web.app, &invitation.email).await?,
        Err(_) => "/".to_owned(),
    };
    match access::accept(&web.app, &token, &form.name, &form.password, browser.way()).await {
        Ok(session) => {
            if let Some(caller) = caller {
                access::sign_out(&web.app, &caller.actor, &caller.token).await?;
            }
            welcome(&web, cookie, &device, &session, &first).await
        }
        Err(AppError::Invalid(errors)) => again(&web, caller, &token, form, &errors).await,
        Err(AppError::NotFound) => Ok(useless(caller)),
        Err(error) => Err(error.into()),
    }
}

async fn again(web: &Web, caller: Option<&Caller>, token: &str, form: AcceptForm, errors: &[AppFieldError]) -> Answer {
    let invitation = access::invitation(&web.app, token).await?;
    let providers = invitation_links(web, token);
    let view = InvitationView { name: form.name, providers, errors: field_errors(errors, &[]), ..view(token, invitation, caller) };
    Ok(html_with(StatusCode::BAD_REQUEST, invitation_page(&frame(caller), &view)))
}
