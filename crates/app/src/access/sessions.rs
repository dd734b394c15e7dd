//! Sessions that hold, those of one's own, and signing out.

use chrono::{DateTime, Duration, Utc};
use kernschil_credentials::tokens;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{SessionId, UserId};
use kernschil_storage::WriteTx;
use kernschil_storage::access::{self, Stage, StoredSession, UserState};
use serde_json::json;
use uuid::Uuid;

use super::person;
use super::sign_in::fresh;
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

/// A session of one's own, for the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSession {
    /// Identifier.
    pub id: SessionId,
    /// Browser and machine in a few words; empty when they are not known.
    pub browser: String,
    /// How somebody signed in: `password`, or the code of a provider.
    pub method: String,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub seen_at: DateTime<Utc>,
    /// When it ends, whatever happens.
    pub ends_at: DateTime<Utc>,
}

/// Whether a session has not ended by itself.
pub(super) fn holds(session: &StoredSession, now: DateTime<Utc>) -> bool {
    let idle = match session.stage {
        Stage::Open => IDLE_MINUTES,
        Stage::SecondFactor => SECOND_FACTOR_MINUTES,
    };
    session.expires_at > now && session.seen_at + Duration::minutes(idle) > now
}

/// The session behind a token hash, with its account held until the transaction ends: who ends all sessions of the
/// account at the same moment, ends this one as well.
pub(super) async fn hold(tx: &WriteTx, token_hash: &str) -> Result<Option<StoredSession>, AppError> {
    let Some(seen) = access::session(tx, token_hash).await? else { return Ok(None) };
    access::lock_user(tx, seen.user).await?;
    Ok(access::session(tx, token_hash).await?)
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
            let session = access::session(tx, &hash).await?.filter(|session| holds(session, now));
            let Some(session) = session else { return Ok::<_, AppError>(None) };
            let user = access::user(tx, session.user).await?.filter(|user| user.state == UserState::Active);
            let Some(user) = user else { return Ok(None) };
            Ok(Some((session, person(app, tx, user, None, request).await?)))
        })
        .await?;
    let Some((session, person)) = found else { return Err(AppError::Unauthenticated) };
    // Once a minute is enough to know whether a session is in use.
    if session.stage == Stage::Open && session.seen_at + Duration::minutes(1) <= now {
        app.store.write(async |tx| access::touch_session(tx, &hash, now).await).await?;
    }
    Ok(Session { id: session.id, actor: Actor::User(person), csrf_token: session.csrf_token, stage: session.stage })
}

/// Signs somebody out.
///
/// # Errors
/// [`AppError::TokenScope`] for who came with an API token; [`AppError::Storage`] when the database fails.
pub async fn sign_out(app: &App, actor: &Actor, token: &str) -> Result<(), AppError> {
    actor.in_person()?;
    let hash = tokens::hash(token);
    app.store
        .write(async |tx| {
            access::end_session(tx, &hash).await?;
            app.audit(tx, actor, EventKind::SignedOut, "", Change::none());
            Ok(())
        })
        .await
}

/// Ends half a sign-in that nobody is going to finish.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn give_up(app: &App, token: &str) -> Result<(), AppError> {
    let hash = tokens::hash(token);
    app.store
        .write(async |tx| {
            if access::session(tx, &hash).await?.is_some_and(|session| session.stage == Stage::SecondFactor) {
                access::end_session(tx, &hash).await?;
            }
            Ok(())
        })
        .await
}

/// Gives a session another token, now that its owner proved again who she is: whoever else knows the old one is out.
///
/// # Errors
/// [`AppError::Unauthenticated`] when it has ended meanwhile.
pub async fn renew(app: &App, token: &str) -> Result<String, AppError> {
    let old = tokens::hash(token);
    let new = fresh()?;
    let now = app.clock.now();
    app.store
        .write(async |tx| {
            let session = hold(tx, &old).await?.filter(|session| session.stage == Stage::Open && holds(session, now));
            let session = session.ok_or(AppError::Unauthenticated)?;
            access::put_session(tx, StoredSession { token_hash: tokens::hash(&new), seen_at: now, ..session }).await?;
            Ok::<_, AppError>(())
        })
        .await?;
    Ok(new)
}

/// The sessions of who asks, the one used last first.
///
/// # Errors
/// [`AppError::TokenScope`] for who came with an API token.
pub async fn own_sessions(app: &App, actor: &Actor) -> Result<Vec<OwnSession>, AppError> {
    let user = actor.in_person()?.id;
    let now = app.clock.now();
    let stored = app.store.read(async |tx| Ok::<_, AppError>(access::sessions_of(tx, user).await?)).await?;
    let open = stored.into_iter().filter(|session| session.stage == Stage::Open && holds(session, now));
    let own = open.map(|session| OwnSession {
        id: session.id,
        browser: session.browser,
        method: session.method,
        began_at: session.created_at,
        seen_at: session.seen_at,
        ends_at: session.expires_at,
    });
    Ok(own.collect())
}

/// Ends one session of who asks.
///
/// # Errors
/// [`AppError::TokenScope`] for who came with an API token; [`AppError::NotFound`] when she has no such session.
pub async fn end_own_session(app: &App, actor: &Actor, session: SessionId) -> Result<(), AppError> {
    let user = actor.in_person()?.id;
    app.store
        .write(async |tx| {
            let ended = access::end_session_of(tx, user, session).await?;
            note_ended(app, tx, actor, user, ended);
            if ended == 0 { Err(AppError::NotFound) } else { Ok(()) }
        })
        .await
}

/// Ends all sessions of who asks, but the one with this token. Answers how many.
///
/// # Errors
/// [`AppError::TokenScope`] for who came with an API token.
pub async fn end_other_sessions(app: &App, actor: &Actor, token: &str) -> Result<u64, AppError> {
    let user = actor.in_person()?.id;
    let here = tokens::hash(token);
    app.store
        .write(async |tx| {
            let ended = access::end_sessions_of(tx, user, Some(&here)).await?;
            note_ended(app, tx, actor, user, ended);
            Ok(ended)
        })
        .await
}

/// Notes that sessions of somebody were ended, where there were any.
pub(super) fn note_ended(app: &App, tx: &WriteTx, actor: &Actor, user: UserId, ended: u64) {
    if ended > 0 {
        app.audit(tx, actor, EventKind::SessionsEnded, &user.to_string(), Change::to(json!({ "sessions": ended })));
    }
}
