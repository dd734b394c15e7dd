//! Signing in with address and password, and how a session begins.

use chrono::{DateTime, Duration, Utc};
use kernschil_credentials::{passwords, tokens};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::SessionId;
use kernschil_storage::WriteTx;
use kernschil_storage::access::{self, Stage, StoredSession, StoredUser, UserState};
use serde_json::json;
use uuid::Uuid;

use super::providers::PASSWORD;
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

/// A fresh token.
pub(super) fn fresh() -> Result<String, AppError> {
    tokens::fresh().map_err(|e| AppError::Internal(e.to_string()))
}

/// Whether a password belongs to an account; also when there is no account it takes as long to find out that it does not.
pub(super) async fn password_matches(user: Option<&StoredUser>, password: &str) -> Result<bool, AppError> {
    let usable = user.filter(|user| user.state == UserState::Active && !user.password_hash.is_empty());
    let stored = usable.map_or_else(|| passwords::nobody().to_owned(), |user| user.password_hash.clone());
    let password = password.chars().take(passwords::MAX + 1).collect::<String>();
    blocking(move || passwords::matches(&password, &stored)).await
}

/// The account as it is now, held until the transaction ends; nothing when it was blocked, or its password changed, since
/// it was looked at. Looking at a password takes long enough for that.
pub(super) async fn unchanged(tx: &WriteTx, seen: &StoredUser) -> Result<Option<StoredUser>, AppError> {
    access::lock_user(tx, seen.id).await?;
    let user = access::user(tx, seen.id).await?;
    Ok(user.filter(|user| user.state == UserState::Active && user.password_hash == seen.password_hash))
}

/// Notes that somebody could not prove who she is. The subject is the account, where there is one; what was typed is
/// not kept.
pub(super) fn note_failed(app: &App, tx: &WriteTx, user: Option<&StoredUser>, factor: &str, request: Option<Uuid>) {
    let subject = user.map(|user| user.id.to_string()).unwrap_or_default();
    app.audit_stranger(tx, request, EventKind::SignInRefused, &subject, Change::to(json!({ "factor": factor })));
}

/// Signs somebody in.
///
/// # Errors
/// [`AppError::SignIn`] whatever is wrong, in the same time: who tries does not learn which addresses
/// exist.
pub async fn sign_in(app: &App, email: &str, password: &str, way: SignInWay) -> Result<NewSession, AppError> {
    let email = email.trim().to_lowercase();
    let user = app.store.read(async |tx| Ok::<_, AppError>(access::user_by_email(tx, &email).await?)).await?;
    let right = password_matches(user.as_ref(), password).await?;
    app.store
        .write(async |tx| {
            let known = match user.as_ref().filter(|_| right) {
                Some(seen) => unchanged(tx, seen).await?,
                None => None,
            };
            if let Some(known) = known {
                return Ok(Some(begin(app, tx, known, PASSWORD, way).await?));
            }
            note_failed(app, tx, user.as_ref(), PASSWORD, way.request);
            Ok::<_, AppError>(None)
        })
        .await?
        .ok_or(AppError::SignIn)
}

/// Begins a session for somebody who proved who she is, in the transaction of that.
pub(super) async fn begin(app: &App, tx: &WriteTx, user: StoredUser, method: &str, way: SignInWay) -> Result<NewSession, AppError> {
    let factor = access::second_factor(tx, user.id).await?.filter(|factor| factor.confirmed_at.is_some());
    let stage = if factor.is_some() { Stage::SecondFactor } else { Stage::Open };
    begin_at(app, tx, user, stage, method, way).await
}

/// Begins a session at a stage, whatever the account itself asks for.
pub(super) async fn begin_at(
    app: &App,
    tx: &WriteTx,
    user: StoredUser,
    stage: Stage,
    method: &str,
    way: SignInWay,
) -> Result<NewSession, AppError> {
    let now = app.clock.now();
    access::sweep(tx, now).await?;
    let token = fresh()?;
    let session = StoredSession {
        id: SessionId(app.ids.next()),
        token_hash: tokens::hash(&token),
        user: user.id,
        csrf_token: fresh()?,
        stage,
        method: method.to_owned(),
        browser: way.browser,
        attempts: 0,
        created_at: now,
        seen_at: now,
        expires_at: ends(now),
    };
    access::put_session(tx, session).await?;
    if stage == Stage::Open {
        signed_in(app, tx, user, method, way.request).await?;
    }
    Ok(NewSession { token, stage })
}

/// When a session that begins now ends, whatever happens.
pub(super) fn ends(now: DateTime<Utc>) -> DateTime<Utc> {
    now + Duration::hours(SESSION_HOURS)
}

/// Notes that somebody came in, with everything that was asked.
pub(super) async fn signed_in(app: &App, tx: &WriteTx, user: StoredUser, method: &str, request: Option<Uuid>) -> Result<(), AppError> {
    access::set_signed_in(tx, user.id, app.clock.now()).await?;
    let id = user.id.to_string();
    let actor = Actor::User(person(app, tx, user, None, request).await?);
    app.audit(tx, &actor, EventKind::SignedIn, &id, Change::to(json!({ "method": method })));
    Ok(())
}
