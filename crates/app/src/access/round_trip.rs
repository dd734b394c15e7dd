//! The way to a provider and back: what is kept while somebody is there, and what comes of it.
//!
//! Whoever comes back is known by provider and subject only, never by a mail address: `SURFconext` vouches for none. Who
//! is not known gets no account; that takes an invitation, or a link made from an account of one's own.

use chrono::Duration;
use kernschil_credentials::tokens;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::UserId;
use kernschil_oidc::{Expected, Identity, OidcError, Provider, Returned, SecondFactor};
use kernschil_storage::access::{self, LinkPurpose, Stage, StoredFlow, StoredUser, UserState};
use kernschil_storage::{StorageError, WriteTx};
use serde_json::json;
use thiserror::Error;
use uuid::Uuid;

use super::invitations::accept_with_login;
use super::sign_in::{NewSession, SignInWay, begin, begin_at, fresh};
use super::{logins, person};
use crate::error::AppError;
use crate::{Actor, App, Change};

/// How long somebody may stay at a provider.
pub const AWAY_MINUTES: i64 = 10;

/// Why somebody went to a provider, or came back, for nothing.
#[derive(Debug, Error)]
pub enum LoginError {
    /// What can go wrong everywhere.
    #[error(transparent)]
    App(#[from] AppError),
    /// The provider, or what came back from it.
    #[error(transparent)]
    Provider(#[from] OidcError),
    /// The login belongs to nobody.
    #[error("login of nobody")]
    Unknown,
    /// The login belongs to an account that is blocked or removed. It is told as if the login belonged to nobody.
    #[error("login of an account that is closed")]
    Closed(UserId),
    /// The login belongs to another account already.
    #[error("login of another account")]
    Taken,
    /// The invitation was used, withdrawn or has ended.
    #[error("invitation has ended")]
    Invitation,
}

impl LoginError {
    /// The stable code.
    pub fn code(&self) -> &str {
        match self {
            Self::App(error) => error.code(),
            Self::Provider(error) => error.code(),
            Self::Unknown | Self::Closed(_) => "login-onbekend",
            Self::Taken => "login-van-ander-account",
            Self::Invitation => "uitnodiging-verlopen",
        }
    }

    /// A Dutch sentence that says what is wrong and what to do.
    pub fn dutch(&self) -> String {
        match self {
            Self::App(error) => error.dutch(),
            Self::Provider(error) => error.dutch().to_owned(),
            Self::Unknown | Self::Closed(_) => {
                "Bij deze login hoort geen account in Kernschil. Vraag uw beheerder om een uitnodiging.".to_owned()
            }
            Self::Taken => {
                "Deze login hoort al bij een ander account in Kernschil. Log met dat account in, of koppel de login daar eerst los."
                    .to_owned()
            }
            Self::Invitation => {
                "Deze uitnodiging is al gebruikt, ingetrokken of verlopen. Vraag uw beheerder om een nieuwe uitnodiging.".to_owned()
            }
        }
    }
}

impl From<StorageError> for LoginError {
    fn from(error: StorageError) -> Self {
        Self::App(error.into())
    }
}

/// What somebody goes to a provider for.
#[derive(Debug, Clone, Copy)]
pub enum Errand<'a> {
    /// To sign in.
    SignIn {
        /// Path to go to afterwards.
        return_to: &'a str,
    },
    /// To link a login to the account she is signed in with.
    Link {
        /// Who it is.
        actor: &'a Actor,
        /// Token of her session.
        session: &'a str,
    },
    /// To accept an invitation.
    Accept {
        /// Token of the invitation.
        invitation: &'a str,
    },
}

/// Where a browser goes, and what it keeps to come back with.
pub struct Departure {
    /// Address at the provider.
    pub address: String,
    /// Token for the cookie; it goes no further than this site.
    pub browser: String,
}

/// Who comes back.
pub struct Visitor<'a> {
    /// Token of the cookie that was set at departure.
    pub browser: Option<&'a str>,
    /// Who is signed in there.
    pub actor: Option<&'a Actor>,
    /// How and where.
    pub way: SignInWay,
}

/// What came of it.
pub enum Arrival {
    /// Somebody is signed in.
    SignedIn {
        /// The session that begins.
        session: NewSession,
        /// Path to go to.
        to: String,
    },
    /// A login was linked to the account of who was signed in.
    Linked,
}

/// Why nothing came of it.
pub struct Lost {
    /// What is wrong.
    pub error: LoginError,
    /// Where to begin again.
    pub again: Again,
}

/// Where somebody who came back for nothing begins again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Again {
    /// With signing in.
    SignIn {
        /// Path to go to afterwards.
        return_to: String,
    },
    /// With linking, from her account.
    Link,
    /// With the invitation, from the mail.
    Accept,
}

/// Sends somebody to a provider. `browser` is what its cookie holds from a way that began before, so that two tabs do not
/// stand in each other's way.
///
/// # Errors
/// [`LoginError::Provider`] when the provider cannot be asked; [`LoginError::Invitation`]; [`AppError::NotFound`] when there
/// is no such provider; [`AppError::Conflict`] when who wants to link signed in too long ago.
pub async fn depart(app: &App, provider: &str, errand: Errand<'_>, browser: Option<&str>) -> Result<Departure, LoginError> {
    let known = app.providers.find(provider).ok_or(AppError::NotFound)?;
    let now = app.clock.now();
    let (user, invitation_hash, return_to) = match errand {
        Errand::SignIn { return_to } => (None, None, return_to),
        Errand::Link { actor, session } => {
            logins::require_recent(app, session).await?;
            (Some(actor.in_person()?.id), None, "")
        }
        Errand::Accept { invitation } => {
            let hash = tokens::hash(invitation);
            let link = app.store.read(async |tx| access::link(tx, &hash, LinkPurpose::Invitation, now).await).await?;
            link.ok_or(LoginError::Invitation)?;
            (None, Some(hash), "/")
        }
    };
    let begun = known.begin(&redirect_url(app, provider), now).await.inspect_err(|error| warn(provider, error))?;
    let browser = match browser {
        Some(token) => token.to_owned(),
        None => fresh()?,
    };
    let flow = StoredFlow {
        state_hash: tokens::hash(&begun.state),
        browser_hash: tokens::hash(&browser),
        provider: provider.to_owned(),
        nonce: begun.nonce,
        verifier: begun.verifier,
        return_to: return_to.to_owned(),
        user,
        invitation_hash,
        expires_at: now + Duration::minutes(AWAY_MINUTES),
    };
    app.store
        .write(async |tx| {
            access::sweep(tx, now).await?;
            access::put_flow(tx, flow).await
        })
        .await?;
    Ok(Departure { address: begun.address, browser })
}

/// Receives somebody who comes back from a provider. What was kept of the way there is taken out first, so that nothing
/// of it works a second time.
///
/// # Errors
/// [`Lost`] with what is wrong; nothing was changed then.
pub async fn arrive(app: &App, provider: &str, returned: &Returned, visitor: Visitor<'_>) -> Result<Arrival, Lost> {
    let begin_again = || Again::SignIn { return_to: "/".to_owned() };
    let Some(known) = app.providers.find(provider) else {
        return Err(Lost { error: AppError::NotFound.into(), again: begin_again() });
    };
    let request = visitor.way.request;
    let (outcome, again) = match take(app, provider, returned, visitor.browser).await {
        Ok(flow) => {
            let again = match (&flow.user, &flow.invitation_hash) {
                (Some(_), _) => Again::Link,
                (None, Some(_)) => Again::Accept,
                (None, None) => Again::SignIn { return_to: flow.return_to.clone() },
            };
            (end(app, known, flow, returned, visitor).await, again)
        }
        Err(error) => (Err(error), begin_again()),
    };
    match outcome {
        Ok(arrival) => Ok(arrival),
        Err(error) => Err(Lost { error: refused(app, provider, error, request).await, again }),
    }
}

/// Notes that somebody came back for nothing. Answers what is wrong, which may be that it could not be noted.
async fn refused(app: &App, provider: &str, error: LoginError, request: Option<Uuid>) -> LoginError {
    let subject = match &error {
        // What went wrong with us says nothing of who came.
        LoginError::App(_) => return error,
        LoginError::Closed(user) => user.to_string(),
        LoginError::Provider(_) | LoginError::Unknown | LoginError::Taken | LoginError::Invitation => String::new(),
    };
    if let LoginError::Provider(error) = &error {
        warn(provider, error);
    }
    let change = Change::to(json!({ "method": provider, "code": error.code() }));
    let noted = app.store.write(async |tx| {
        app.audit_stranger(tx, request, EventKind::SignInRefused, &subject, change);
        Ok::<_, AppError>(())
    });
    noted.await.map_or_else(LoginError::from, |()| error)
}

/// Our own address to come back to. Never from what a request says of the host.
fn redirect_url(app: &App, provider: &str) -> String {
    format!("{}/inloggen/{provider}/terug", app.address)
}

/// What a user cannot do anything about is for who watches the log.
fn warn(provider: &str, error: &OidcError) {
    tracing::warn!(provider, %error, "signing in at a provider did not succeed");
}

/// What was kept at departure, when it is of this browser and not too old.
async fn take(app: &App, provider: &str, returned: &Returned, browser: Option<&str>) -> Result<StoredFlow, LoginError> {
    let state = tokens::hash(returned.state.as_deref().unwrap_or_default());
    let now = app.clock.now();
    let flow = app.store.write(async |tx| access::take_flow(tx, &state).await).await?;
    let browser = browser.map(tokens::hash).unwrap_or_default();
    let ours = |flow: &StoredFlow| flow.provider == provider && flow.expires_at > now && tokens::same(&browser, &flow.browser_hash);
    Ok(flow.filter(ours).ok_or(OidcError::State)?)
}

async fn end(app: &App, provider: &Provider, flow: StoredFlow, returned: &Returned, visitor: Visitor<'_>) -> Result<Arrival, LoginError> {
    let redirect_url = redirect_url(app, &flow.provider);
    let state = returned.state.as_deref().unwrap_or_default();
    let expected = Expected { redirect_url: &redirect_url, state, nonce: &flow.nonce, verifier: &flow.verifier };
    let identity = provider.finish(returned, expected, app.clock.now()).await?;
    let (code, now) = (flow.provider.as_str(), app.clock.now());
    app.store
        .write(async |tx| {
            let user = match (flow.user, &flow.invitation_hash) {
                (Some(user), _) => {
                    // Whoever began it must still be signed in here.
                    let actor = visitor.actor.filter(|actor| actor.user() == Some(user)).ok_or(OidcError::State)?;
                    let user = owner(tx, user).await?;
                    logins::link(app, tx, actor, &user, code, &identity).await?;
                    return Ok(Arrival::Linked);
                }
                (None, Some(invitation)) => accept(app, tx, invitation, code, &identity, visitor.way.request).await?,
                (None, None) => {
                    let login = access::login(tx, code, &identity.subject).await?.ok_or(LoginError::Unknown)?;
                    owner(tx, login.user).await?
                }
            };
            let organisation = identity.organisation.clone();
            access::touch_login(tx, code, &identity.subject, organisation, now).await?;
            let session = match provider.settings().second_factor {
                SecondFactor::Account => begin(app, tx, user, code, visitor.way).await?,
                SecondFactor::Provider => begin_at(app, tx, user, Stage::Open, code, visitor.way).await?,
            };
            Ok(Arrival::SignedIn { session, to: flow.return_to.clone() })
        })
        .await
}

/// The account of a login, when its owner may come in; held until the transaction ends.
async fn owner(tx: &WriteTx, user: UserId) -> Result<StoredUser, LoginError> {
    access::lock_user(tx, user).await?;
    let found = access::user(tx, user).await?.filter(|user| user.state == UserState::Active);
    found.ok_or(LoginError::Closed(user))
}

/// Accepts an invitation with a login, which is linked to the account.
async fn accept(
    app: &App,
    tx: &WriteTx,
    invitation: &str,
    provider: &str,
    identity: &Identity,
    request: Option<Uuid>,
) -> Result<StoredUser, LoginError> {
    let user = match accept_with_login(app, tx, invitation, provider, request).await {
        Err(AppError::NotFound) => return Err(LoginError::Invitation),
        accepted => accepted?,
    };
    let actor = Actor::User(person(app, tx, user.clone(), None, request).await?);
    logins::add(app, tx, &actor, &user, provider, identity).await?;
    Ok(user)
}
