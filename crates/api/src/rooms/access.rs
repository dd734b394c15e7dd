//! Signing in and out, and where one is signed in.

use kernschil_app::access::OwnSession;
use kernschil_app::{App, AppError, access};
use kernschil_domain::ids::SessionId;
use kernschil_http::{Browser, Caller, SessionCookie, SignInGuard, Way};
use poem::http::header::{LOCATION, SET_COOKIE};
use poem::http::{HeaderValue, StatusCode};
use poem::web::Data;
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaResponses, Registry};
use poem_openapi::types::{ToJSON, Type};
use poem_openapi::{ApiResponse, Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use crate::PREFIX;
use crate::input::{All, Body, Faults, Given, Id, Input, Maybe, Path, Text};
use crate::output::{Done, Found, Moment, header, json_of, meta};
use crate::refusal::{Attempts, Refusal};
use crate::session::InPerson;

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
    /// For an account with a second factor: the six digits of the authenticator, or a recovery code.
    code: Maybe<Text<6, 40>>,
}

impl Input for SignIn {
    type Checked = (Text<1, 254>, Text<1, 256>, Option<Text<6, 40>>);

    const FIELDS: &'static [&'static str] = &["email", "password", "code"];

    fn check(self) -> Result<Self::Checked, Faults> {
        (self.email.named("email"), self.password.named("password"), self.code.named("code")).all()
    }
}

/// A session of one's own.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct SessionInfo {
    /// Identifier, to end it by.
    id: Uuid,
    /// Whether it is the session of this request.
    current: bool,
    /// Browser and machine in a few words.
    browser: String,
    /// How one signed in: `password`, or the code of a provider.
    method: String,
    /// When it began.
    began_at: Moment,
    /// When it was last used, to the minute.
    used_at: Moment,
    /// When it ends, whatever happens.
    ends_at: Moment,
}

impl SessionInfo {
    fn of(session: OwnSession, caller: &Caller) -> Self {
        Self {
            id: session.id.0,
            current: caller.way == Way::Session(session.id),
            browser: session.browser,
            method: session.method,
            began_at: Moment(session.began_at),
            used_at: Moment(session.seen_at),
            ends_at: Moment(session.ends_at),
        }
    }
}

/// One's own sessions that have not ended, the one used last first.
#[derive(Debug, Object)]
pub(crate) struct SessionList {
    /// The sessions.
    items: Vec<SessionInfo>,
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
    /// Begins a session and sets its cookie. An account with a second factor also asks for `code`; without it the answer is
    /// 409 with the code `tweede-factor-nodig`. After ten attempts for one account, or thirty in a minute from one address,
    /// it answers 429. A program does better with an API token.
    #[oai(path = "/sessions", method = "post", operation_id = "createSession")]
    async fn sign_in(
        &self,
        app: Data<&App>,
        guard: SignInGuard,
        cookie: SessionCookie,
        browser: Browser,
        body: Body<SignIn>,
    ) -> Result<SignedIn, Refusal<Attempts>> {
        let (email, password, code) = body.0?;
        guard.password(&email.0).await?;
        let way = browser.way();
        let request = way.request;
        let mut new = access::sign_in(&app, &email.0, &password.0, way).await?;
        if new.stage == access::Stage::SecondFactor {
            let half = access::session(&app, &new.token, request).await?;
            let outcome = if let Some(code) = &code {
                guard.code(half.actor.user()).await?;
                access::give_second_factor(&app, &new.token, &code.0, request).await
            } else {
                let message = "Dit account heeft een tweede factor. Stuur de code mee als `code`, of gebruik een API-sleutel.";
                Err(AppError::conflict("tweede-factor-nodig", message))
            };
            match outcome {
                Ok(open) => new = open,
                Err(error) => {
                    // The next attempt begins with the password again.
                    access::give_up(&app, &new.token).await?;
                    return Err(error.into());
                }
            }
        }
        let session = access::session(&app, &new.token, request).await?;
        let name = session.actor.name().to_owned();
        Ok(SignedIn { session: CurrentSession { name, csrf_token: session.csrf_token }, cookie: cookie.set(&new.token)? })
    }

    /// Lists your sessions
    ///
    /// Where you are signed in. A session ends after twelve hours, or two hours without use.
    #[oai(path = "/sessions", method = "get", operation_id = "listSessions")]
    async fn list(&self, person: InPerson, app: Data<&App>) -> Result<Found<SessionList>, Refusal> {
        let own = access::own_sessions(&app, &person.0.actor).await?;
        Ok(Found(SessionList { items: own.into_iter().map(|session| SessionInfo::of(session, &person.0)).collect() }))
    }

    /// Signs out everywhere else
    ///
    /// Ends all your sessions but the one of this request.
    #[oai(
        path = "/sessions",
        method = "delete",
        operation_id = "deleteOtherSessions",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn end_others(&self, person: InPerson, app: Data<&App>) -> Result<Done, Refusal> {
        access::end_other_sessions(&app, &person.0.actor, &person.0.token).await?;
        Ok(Done)
    }

    /// Shows who is signed in
    ///
    /// With the token that goes in `X-CSRF-Token`. A session ends after twelve hours, or two hours without use.
    #[oai(path = "/sessions/current", method = "get", operation_id = "getCurrentSession")]
    #[expect(clippy::unused_async, reason = "poem-openapi asks for it")]
    async fn current(&self, person: InPerson) -> Result<Found<CurrentSession>, Refusal> {
        Ok(Found((&person.0).into()))
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
    async fn sign_out(&self, person: InPerson, app: Data<&App>, cookie: SessionCookie) -> Result<SignedOut, Refusal> {
        access::sign_out(&app, &person.0.actor, &person.0.token).await?;
        Ok(SignedOut(cookie.clear()?))
    }

    /// Ends one of your sessions
    ///
    /// Who is signed in there is out at once.
    #[oai(
        path = "/sessions/:session",
        method = "delete",
        operation_id = "deleteSession",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn end(
        &self,
        person: InPerson,
        app: Data<&App>,
        /// Identifier of the session.
        session: Path<Id>,
    ) -> Result<Done, Refusal> {
        access::end_own_session(&app, &person.0.actor, SessionId(session.named("session")?.0)).await?;
        Ok(Done)
    }
}
