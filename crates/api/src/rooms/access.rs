//! Signing in and out.

use kernschil_app::{App, AppError, access};
use kernschil_http::{Caller, RequestId, SessionCookie, SignInGuard};
use poem::http::header::{LOCATION, SET_COOKIE};
use poem::http::{HeaderValue, StatusCode};
use poem::web::Data;
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaResponses, Registry};
use poem_openapi::types::{ToJSON, Type};
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::Tag;
use crate::PREFIX;
use crate::input::{All, Body, Faults, Given, Input, Text};
use crate::output::{Found, header, json_of, meta};
use crate::refusal::{Attempts, Refusal};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Access;

/// Who signs in.
#[derive(Debug, Object)]
#[oai(rename = "SignIn")]
pub(crate) struct SignIn {
    /// Address of the account.
    email: Given<Text<1, 254>>,
    /// Password.
    password: Given<Text<1, 256>>,
}

impl Input for SignIn {
    type Checked = (Text<1, 254>, Text<1, 256>);

    const FIELDS: &'static [&'static str] = &["email", "password"];

    fn check(self) -> Result<Self::Checked, Faults> {
        (self.email.named("email"), self.password.named("password")).all()
    }
}

/// A session.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct CurrentSession {
    /// Name of who is signed in.
    name: String,
    /// Send this in `X-CSRF-Token` with every request that changes something and does not send JSON.
    csrf_token: String,
}

impl From<&Caller> for CurrentSession {
    fn from(caller: &Caller) -> Self {
        Self { name: caller.name().to_owned(), csrf_token: caller.csrf_token.clone() }
    }
}

/// 201 with the cookie of a session.
pub(crate) struct SignedIn {
    session: CurrentSession,
    cookie: HeaderValue,
}

impl IntoResponse for SignedIn {
    fn into_response(self) -> Response {
        Response::builder()
            .status(StatusCode::CREATED)
            .content_type("application/json")
            .header(LOCATION, format!("{PREFIX}/sessions/current"))
            .header(SET_COOKIE, self.cookie)
            .body(self.session.to_json_string())
    }
}

impl ApiResponse for SignedIn {
    fn meta() -> MetaResponses {
        let headers = vec![header("Location", "Where the session is."), header("Set-Cookie", "The cookie of the session.")];
        meta(201, "", json_of::<CurrentSession>(), headers)
    }

    fn register(registry: &mut Registry) {
        CurrentSession::register(registry);
    }
}

/// 204 that takes the cookie back.
pub(crate) struct SignedOut(HeaderValue);

impl IntoResponse for SignedOut {
    fn into_response(self) -> Response {
        Response::builder().status(StatusCode::NO_CONTENT).header(SET_COOKIE, self.0).finish()
    }
}

impl ApiResponse for SignedOut {
    fn meta() -> MetaResponses {
        meta(204, "The session ended.", Vec::new(), vec![header("Set-Cookie", "Takes the cookie of the session away.")])
    }

    fn register(_: &mut Registry) {}
}

#[OpenApi(tag = "Tag::Access")]
impl Access {
    /// Signs in
    ///
    /// Begins a session and sets its cookie. After ten attempts in a minute, from one address or for one account, it
    /// answers 429.
    #[oai(path = "/sessions", method = "post", operation_id = "createSession")]
    async fn sign_in(
        &self,
        app: Data<&App>,
        guard: SignInGuard,
        cookie: SessionCookie,
        here: RequestId,
        body: Body<SignIn>,
    ) -> Result<SignedIn, Refusal<Attempts>> {
        let (email, password) = body.0?;
        guard.attempt(&email.0)?;
        let way = access::SignInWay { browser: String::new(), request: Some(here.0) };
        let new = access::sign_in(&app, &email.0, &password.0, way).await?;
        if new.stage == access::Stage::SecondFactor {
            let message = "Dit account heeft een tweede factor. Log in op het scherm, of gebruik een API-sleutel.";
            return Err(AppError::conflict("tweede-factor-nodig", message).into());
        }
        let session = access::session(&app, &new.token, Some(here.0)).await?;
        let name = session.actor.name().to_owned();
        Ok(SignedIn { session: CurrentSession { name, csrf_token: session.csrf_token }, cookie: cookie.set(&new.token)? })
    }

    /// Shows who is signed in
    ///
    /// With the token that goes in `X-CSRF-Token`. A session ends after twelve hours, or two hours without use.
    #[oai(path = "/sessions/current", method = "get", operation_id = "getCurrentSession")]
    #[expect(clippy::unused_async, reason = "poem-openapi asks for it")]
    async fn current(&self, session: Session) -> Result<Found<CurrentSession>, Refusal> {
        Ok(Found((&session.0).into()))
    }

    /// Signs out
    ///
    /// Ends the session and takes its cookie away.
    #[oai(
        path = "/sessions/current",
        method = "delete",
        operation_id = "deleteCurrentSession",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn sign_out(&self, session: Session, app: Data<&App>, cookie: SessionCookie) -> Result<SignedOut, Refusal> {
        access::sign_out(&app, &session.0.actor, &session.0.token).await?;
        Ok(SignedOut(cookie.clear()?))
    }
}
