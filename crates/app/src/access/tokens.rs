//! API tokens: what a program shows instead of a cookie.

use chrono::Duration;
use kernschil_credentials::tokens;
use kernschil_storage::access::{self, UserState};
use uuid::Uuid;

use super::person;
use crate::error::AppError;
use crate::{Actor, App};

/// Who a token belongs to, with what the token leaves of her rights.
///
/// # Errors
/// [`AppError::Unauthenticated`] when there is no such token, it was revoked or has ended, or the account is not
/// active.
pub async fn token_actor(app: &App, token: &str, request: Uuid) -> Result<Actor, AppError> {
    if !tokens::looks_like_api(token) {
        return Err(AppError::Unauthenticated);
    }
    let hash = tokens::hash(token);
    let now = app.clock.now();
    let (stored, person) = app
        .store
        .read(async |tx| {
            let stored = access::token(tx, &hash).await?.filter(|token| token.revoked_at.is_none() && token.expires_at > now);
            let stored = stored.ok_or(AppError::Unauthenticated)?;
            let user =
                access::user(tx, stored.user).await?.filter(|user| user.state == UserState::Active).ok_or(AppError::Unauthenticated)?;
            let person = person(app, tx, user, Some(stored.scope), Some(request)).await?;
            Ok::<_, AppError>((stored, person))
        })
        .await?;
    // Once a minute is enough to know whether a token is in use.
    if stored.used_at.is_none_or(|used| used + Duration::minutes(1) <= now) {
        app.store.write(async |tx| access::touch_token(tx, stored.id, now).await).await?;
    }
    Ok(Actor::User(person))
}
