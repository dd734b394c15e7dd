//! Sessions that hold, and signing out.

use chrono::Duration;
use kernschil_credentials::tokens;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::SessionId;
use kernschil_storage::access::{self, Stage, UserState};
use uuid::Uuid;

use super::person;
use crate::error::AppError;
use crate::{Actor, App, Change};

/// A session ends after this many hours, whatever happens.
pub const SESSION_HOURS: i64 = 12;
/// A session ends after this many minutes without use.
pub const IDLE_MINUTES: i64 = 120;
/// A session that waits for the second factor ends after this many minutes.
const SECOND_FACTOR_MINUTES: i64 = 10;

/// A session that holds.
#[derive(Debug, Clone)]
pub struct Session {
    /// Identifier.
    pub id: SessionId,
    /// Who is signed in.
    pub actor: Actor,
    /// Token that each form must send along.
    pub csrf_token: String,
    /// What it is good for.
    pub stage: Stage,
}

/// The session behind a token.
///
/// # Errors
/// [`AppError::Unauthenticated`] when there is none, it has ended, or the account is not active.
pub async fn session(app: &App, token: &str, request: Option<Uuid>) -> Result<Session, AppError> {
    let hash = tokens::hash(token);
    let now = app.clock.now();
    let found = app
        .store
        .read(async |tx| {
            let Some(session) = access::session(tx, &hash).await? else { return Ok::<_, AppError>(None) };
            let user = access::user(tx, session.user).await?.filter(|user| user.state == UserState::Active);
            let Some(user) = user else { return Ok(None) };
            Ok(Some((session, person(app, tx, user, None, request).await?)))
        })
        .await?;
    let Some((session, person)) = found else { return Err(AppError::Unauthenticated) };
    let idle = match session.stage {
        Stage::Open => IDLE_MINUTES,
        Stage::SecondFactor => SECOND_FACTOR_MINUTES,
    };
    if session.expires_at <= now || session.seen_at + Duration::minutes(idle) <= now {
        return Err(AppError::Unauthenticated);
    }
    // Once a minute is enough to know whether a session is in use.
    if session.stage == Stage::Open && session.seen_at + Duration::minutes(1) <= now {
        app.store.write(async |tx| access::touch_session(tx, &hash, now).await).await?;
    }
    Ok(Session { id: session.id, actor: Actor::User(person), csrf_token: session.csrf_token, stage: session.stage })
}

/// Signs somebody out.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn sign_out(app: &App, actor: &Actor, token: &str) -> Result<(), AppError> {
    let hash = tokens::hash(token);
    app.store
        .write(async |tx| {
            access::end_session(tx, &hash).await?;
            app.audit(tx, actor, EventKind::SignedOut, "", Change::none());
            Ok(())
        })
        .await
}
