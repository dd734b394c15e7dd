//! Browsers in which somebody signed in before. Who guesses at her password from elsewhere cannot keep her out there.

use chrono::Duration;
use kernschil_credentials::tokens;
use kernschil_domain::ids::UserId;
use kernschil_storage::access::{self, Stage};

use super::sessions::holds;
use super::sign_in::fresh;
use crate::App;
use crate::error::AppError;

/// How long a browser is known after somebody last signed in with it.
pub const DEVICE_DAYS: i64 = 365;

/// Whose sign-in a browser is looked at for.
#[derive(Debug, Clone, Copy)]
pub enum Account<'a> {
    /// By address, as typed.
    Email(&'a str),
    /// By identifier.
    Id(UserId),
}

/// Whether somebody signed in with this browser before.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn knows_device(app: &App, account: Account<'_>, device: &str) -> Result<bool, AppError> {
    let hash = tokens::hash(device);
    app.store
        .read(async |tx| {
            let user = match account {
                Account::Id(id) => Some(id),
                Account::Email(email) => access::user_by_email(tx, &email.trim().to_lowercase()).await?.map(|user| user.id),
            };
            let Some(user) = user else { return Ok(false) };
            Ok(access::knows_device(tx, &hash, user).await?)
        })
        .await
}

/// Remembers the browser in which somebody signed in; `brought` is the token it had. Answers the token it is known by
/// from now on, or nothing when the session still waits for a second factor.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn remember_device(app: &App, session: &str, brought: Option<&str>) -> Result<Option<String>, AppError> {
    let hash = tokens::hash(session);
    let now = app.clock.now();
    app.store
        .write(async |tx| {
            let session = access::session(tx, &hash).await?.filter(|session| session.stage == Stage::Open && holds(session, now));
            let Some(session) = session else { return Ok(None) };
            let known = match brought {
                Some(token) if access::knows_device(tx, &tokens::hash(token), session.user).await? => Some(token.to_owned()),
                Some(_) | None => None,
            };
            let token = known.map_or_else(fresh, Ok)?;
            access::put_device(tx, tokens::hash(&token), session.user, now).await?;
            access::forget_devices_before(tx, now - Duration::days(DEVICE_DAYS)).await?;
            Ok(Some(token))
        })
        .await
}
