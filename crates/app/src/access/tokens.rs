//! API tokens: what a program shows instead of a cookie, and how people make and revoke their own.

use chrono::{DateTime, Duration, Utc};
use kernschil_credentials::tokens;
use kernschil_domain::access::TokenScope;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::TokenId;
use kernschil_storage::access::{self, StoredToken, UserState};
use serde_json::json;
use uuid::Uuid;

use super::person;
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// How many days a token can last.
pub const TOKEN_DAYS: [i64; 3] = [30, 90, 365];

/// Tokens that work, of one user at the same time.
const MOST: usize = 25;

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

/// A token to make.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What its owner calls it.
    pub name: String,
    /// How much of her rights it carries.
    pub scope: TokenScope,
    /// How many days it lasts: one of [`TOKEN_DAYS`].
    pub days: i64,
}

/// Whether a token works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenState {
    /// It does.
    Works,
    /// It has ended.
    Ended,
    /// It was revoked.
    Revoked,
}

/// A token of one's own, without the token itself.
#[derive(Debug, Clone)]
pub struct TokenView {
    /// Identifier.
    pub id: TokenId,
    /// What its owner calls it.
    pub name: String,
    /// How much of her rights it carries.
    pub scope: TokenScope,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was last used.
    pub used_at: Option<DateTime<Utc>>,
    /// Whether it works.
    pub state: TokenState,
}

/// A token that was just made. The token itself is nowhere else, and is not shown again.
#[derive(Clone)]
pub struct MadeToken {
    /// The token.
    pub token: String,
    /// All else about it.
    pub view: TokenView,
}

fn view(now: DateTime<Utc>, token: StoredToken) -> TokenView {
    let state = match token.revoked_at {
        Some(_) => TokenState::Revoked,
        None if token.expires_at <= now => TokenState::Ended,
        None => TokenState::Works,
    };
    let StoredToken { id, name, scope, created_at, expires_at, used_at, .. } = token;
    TokenView { id, name, scope, created_at, expires_at, used_at, state }
}

/// One's own tokens, the newest first; also those that ended or were revoked.
///
/// # Errors
/// [`AppError::TokenScope`] for who came with a token.
pub async fn own_tokens(app: &App, actor: &Actor) -> Result<Vec<TokenView>, AppError> {
    let user = actor.in_person()?.id;
    let now = app.clock.now();
    app.store.read(async |tx| Ok(access::tokens_of(tx, user).await?.into_iter().map(|token| view(now, token)).collect())).await
}

/// Makes a token for oneself.
///
/// # Errors
/// [`AppError::TokenScope`] for who came with a token; [`AppError::Invalid`] with everything that is wrong;
/// [`AppError::Conflict`] when there are too many.
pub async fn make_token(app: &App, actor: &Actor, new: NewToken) -> Result<MadeToken, AppError> {
    let user = actor.in_person()?.id;
    let name = new.name.trim().to_owned();
    let mut errors = Vec::new();
    if name.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
        let message = "Geef de sleutel een naam van hoogstens 60 tekens, zodat u hem later herkent.";
        errors.push(FieldError::new("name", "naam-ongeldig", message));
    }
    if !TOKEN_DAYS.contains(&new.days) {
        errors.push(FieldError::new("days", "geldigheid-onbekend", "Kies hoe lang de sleutel geldt: 30, 90 of 365 dagen."));
    }
    if !errors.is_empty() {
        return Err(AppError::Invalid(errors));
    }
    let token = tokens::fresh_api().map_err(|e| AppError::Internal(e.to_string()))?;
    let now = app.clock.now();
    let stored = StoredToken {
        id: TokenId(app.ids.next()),
        user,
        name,
        token_hash: tokens::hash(&token),
        scope: new.scope,
        created_at: now,
        expires_at: now + Duration::days(new.days),
        used_at: None,
        revoked_at: None,
    };
    let view = view(now, stored.clone());
    app.store
        .write(async |tx| {
            let works = |token: &StoredToken| token.revoked_at.is_none() && now < token.expires_at;
            if access::tokens_of(tx, user).await?.iter().filter(|token| works(token)).count() >= MOST {
                let message = format!("U hebt al {MOST} API-sleutels. Trek er eerst een in die u niet meer gebruikt.");
                return Err(AppError::conflict("te-veel-sleutels", message));
            }
            let made = json!({ "token": stored.id, "scope": stored.scope, "until": stored.expires_at });
            access::put_token(tx, stored).await?;
            app.audit(tx, actor, EventKind::TokenMade, &user.to_string(), Change::to(made));
            Ok(())
        })
        .await?;
    Ok(MadeToken { token, view })
}

/// Revokes a token of one's own. One that is revoked already stays so.
///
/// # Errors
/// [`AppError::TokenScope`] for who came with a token; [`AppError::NotFound`] when it is not one's own.
pub async fn revoke_token(app: &App, actor: &Actor, id: TokenId) -> Result<(), AppError> {
    let user = actor.in_person()?.id;
    app.store
        .write(async |tx| {
            if !access::tokens_of(tx, user).await?.iter().any(|token| token.id == id) {
                return Err(AppError::NotFound);
            }
            if access::revoke_tokens(tx, user, Some(id), app.clock.now()).await? > 0 {
                app.audit(tx, actor, EventKind::TokenRevoked, &user.to_string(), Change::to(json!({ "token": id })));
            }
            Ok(())
        })
        .await
}
