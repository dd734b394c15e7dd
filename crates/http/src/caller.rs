//! Who asks: the session behind the cookie.

use kernschil_app::{Actor, App, AppError, access};
use poem::{FromRequest, Request, RequestBody};

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
    /// Token that goes with every form.
    pub csrf_token: String,
    /// Token of the session, to sign out with.
    pub token: String,
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
        match &self.actor {
            Actor::User { name, .. } => name,
            Actor::CommandLine => "",
        }
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

/// Looks up the session a request brings. A session that ended counts as none.
pub(crate) async fn resolve(app: &App, cookie: SessionCookie, req: &Request) -> Result<Option<Caller>, Failure> {
    let Some(token) = cookie.token(req.headers()) else { return Ok(None) };
    match access::session(app, &token).await {
        Ok(session) => Ok(Some(Caller { actor: session.actor, csrf_token: session.csrf_token, token })),
        Err(AppError::Unauthenticated) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
