//! Signing in with address and password.

use chrono::Duration;
use kernschil_credentials::{passwords, tokens};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::SessionId;
use kernschil_storage::WriteTx;
use kernschil_storage::access::{self, Stage, StoredSession, StoredUser, UserState};
use serde_json::json;
use uuid::Uuid;

use super::{SESSION_HOURS, blocking, person};
use crate::error::AppError;
use crate::{Actor, App, Change};

/// How and where somebody signs in, for the list of sessions and the log.
#[derive(Debug, Clone)]
pub struct SignInWay {
    /// Browser and machine in a few words.
    pub browser: String,
    /// Number of the request.
    pub request: Option<Uuid>,
}

/// What a browser gets when somebody signs in; the token is known only there.
pub struct NewSession {
    /// Token for the cookie.
    pub token: String,
    /// What the session is good for until a second factor is given.
    pub stage: Stage,
}

/// Signs somebody in.
///
/// # Errors
/// [`AppError::SignIn`] whatever is wrong, in the same time: who tries does not learn which addresses
/// exist.
pub async fn sign_in(app: &App, email: &str, password: &str, way: SignInWay) -> Result<NewSession, AppError> {
    let email = email.trim().to_lowercase();
    let user = app.store.read(async |tx| Ok::<_, AppError>(access::user_by_email(tx, &email).await?)).await?;
    let active = user.as_ref().filter(|user| user.state == UserState::Active && !user.password_hash.is_empty());
    let stored = active.map_or_else(|| passwords::nobody().to_owned(), |user| user.password_hash.clone());
    let password = password.chars().take(passwords::MAX + 1).collect::<String>();
    let right = blocking(move || passwords::matches(&password, &stored)).await?;
    app.store
        .write(async |tx| match user.filter(|user| right && user.state == UserState::Active) {
            Some(user) => Ok(Some(begin(app, tx, user, "password", way).await?)),
            None => {
                let request = way.request.map(|id| id.to_string());
                app.audit(tx, &Actor::CommandLine, EventKind::SignInRefused, "", Change::to(json!({ "request": request })));
                Ok::<_, AppError>(None)
            }
        })
        .await?
        .ok_or(AppError::SignIn)
}

/// Begins a session for somebody who proved who she is, in the transaction of that.
pub(super) async fn begin(app: &App, tx: &WriteTx, user: StoredUser, method: &str, way: SignInWay) -> Result<NewSession, AppError> {
    let fresh = || tokens::fresh().map_err(|e| AppError::Internal(e.to_string()));
    let (token, csrf_token) = (fresh()?, fresh()?);
    let now = app.clock.now();
    let factor = access::second_factor(tx, user.id).await?.filter(|factor| factor.confirmed_at.is_some());
    let stage = if factor.is_some() { Stage::SecondFactor } else { Stage::Open };
    access::sweep(tx, now).await?;
    let session = StoredSession {
        id: SessionId(app.ids.next()),
        token_hash: tokens::hash(&token),
        user: user.id,
        csrf_token,
        stage,
        method: method.to_owned(),
        browser: way.browser,
        created_at: now,
        seen_at: now,
        expires_at: now + Duration::hours(SESSION_HOURS),
    };
    access::put_session(tx, session).await?;
    if stage == Stage::Open {
        signed_in(app, tx, user, method, way.request).await?;
    }
    Ok(NewSession { token, stage })
}

/// Notes that somebody came in, with everything that was asked.
pub(super) async fn signed_in(app: &App, tx: &WriteTx, user: StoredUser, method: &str, request: Option<Uuid>) -> Result<(), AppError> {
    let now = app.clock.now();
    access::put_user(tx, StoredUser { signed_in_at: Some(now), ..user.clone() }).await?;
    let id = user.id.to_string();
    let actor = Actor::User(person(app, tx, user, None, request).await?);
    app.audit(tx, &actor, EventKind::SignedIn, &id, Change::to(json!({ "method": method })));
    Ok(())
}
