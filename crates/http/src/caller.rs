//! Who asks: the session behind the cookie, or the token in `Authorization`.

use kernschil_app::settings::{self, Installation};
use kernschil_app::{Actor, App, AppError, access};
use kernschil_domain::ids::SessionId;
use poem::http::header::AUTHORIZATION;
use poem::{FromRequest, Request, RequestBody};
use uuid::Uuid;

use crate::cookie::SessionCookie;
use crate::failure::Failure;

/// Somebody who is signed in.
///
/// As an argument of a handler, `&Caller` or `Caller`, it is the door: without a session the handler does
/// not run. A page for everybody takes `Option<&Caller>`.
#[derive(Clone)]
pub struct Caller {
    /// Who it is.
    pub actor: Actor,
    /// How she came in.
    pub way: Way,
    /// Token that goes with every form; empty for a program.
    pub csrf_token: String,
    /// Token of the session, to sign out with; empty for a program.
    pub token: String,
    /// Whose installation this is, for every page; nothing for a program.
    pub installation: Installation,
}

/// How somebody came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// With the cookie of a browser.
    Session(SessionId),
    /// With an API token.
    Token,
}

/// Somebody who gave a password and still has to give the second factor.
#[derive(Clone)]
pub struct Halfway {
    /// Who it is, without any right yet.
    pub actor: Actor,
    /// Token of the session.
    pub token: String,
}

/// What a request brings.
#[derive(Clone)]
pub(crate) enum Brought {
    /// Nothing.
    Nothing,
    /// A cookie or token that opens nothing: ended, revoked, or made up.
    Useless,
    /// Half a sign-in.
    Half(Halfway),
    /// Somebody.
    Somebody(Caller),
}

// By hand, so that no log ever shows a token.
impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Caller").field("user", &self.actor.user()).finish_non_exhaustive()
    }
}

impl Caller {
    /// Who made a request.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] when nobody is signed in.
    pub fn of(req: &Request) -> Result<&Self, Failure> {
        req.data::<Self>().ok_or(Failure::App(AppError::Unauthenticated))
    }

    /// Name of who is signed in.
    pub fn name(&self) -> &str {
        self.actor.name()
    }
}

impl<'a> FromRequest<'a> for Caller {
    async fn from_request(req: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self::of(req)?.clone())
    }
}

impl<'a> FromRequest<'a> for &'a Caller {
    async fn from_request(req: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        Ok(Caller::of(req)?)
    }
}

impl<'a> FromRequest<'a> for &'a Halfway {
    async fn from_request(req: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        Ok(req.data::<Halfway>().ok_or(Failure::App(AppError::Unauthenticated))?)
    }
}

/// Looks up who a request is from. On the API a token in `Authorization` goes before the cookie: a program that sends
/// one is never taken for a browser.
pub(crate) async fn resolve(app: &App, cookie: SessionCookie, req: &Request, request: Uuid, is_api: bool) -> Result<Brought, Failure> {
    if let Some(value) = req.headers().get(AUTHORIZATION).filter(|_| is_api) {
        let token = value.to_str().ok().and_then(|text| text.split_once(' ')).filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
        let Some((_, token)) = token else { return Ok(Brought::Useless) };
        return match access::token_actor(app, token.trim(), request).await {
            Ok(actor) => Ok(Brought::Somebody(Caller {
                actor,
                way: Way::Token,
                csrf_token: String::new(),
                token: String::new(),
                installation: Installation::default(),
            })),
            Err(AppError::Unauthenticated) => Ok(Brought::Useless),
            Err(error) => Err(error.into()),
        };
    }
    let Some(token) = cookie.token(req.headers()) else { return Ok(Brought::Nothing) };
    match access::session(app, &token, Some(request)).await {
        Ok(session) => Ok(match session.stage {
            access::Stage::Open => {
                let way = Way::Session(session.id);
                let installation = if is_api { Installation::default() } else { settings::installation(app).await? };
                Brought::Somebody(Caller { actor: session.actor, way, csrf_token: session.csrf_token, token, installation })
            }
            access::Stage::SecondFactor => Brought::Half(Halfway { actor: session.actor, token }),
        }),
        Err(AppError::Unauthenticated) => Ok(Brought::Useless),
        Err(error) => Err(error.into()),
    }
}
