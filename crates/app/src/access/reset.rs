//! A new password by a link in a mail, for who forgot hers.

use chrono::Duration;
use kernschil_credentials::tokens;
use kernschil_domain::audit::EventKind;
use kernschil_storage::Tx;
use kernschil_storage::access::{self, LinkPurpose, StoredLink, StoredUser, UserState};
use uuid::Uuid;

use super::account::{forget_ways, revoke_tokens};
use super::letters::{News, send_link, send_no_password, tell};
use super::person;
use super::sessions::note_ended;
use super::sign_in::fresh;
use super::users::{check_password, hashed};
use crate::error::AppError;
use crate::{Actor, App, Change};

/// Where somebody asks for a link to choose a new password with.
pub const FORGOT_PATH: &str = "/wachtwoord-vergeten";

/// Where a new password is chosen; in the link, the token follows.
pub const RESET_PATH: &str = "/wachtwoord-herstellen";

/// How long a link to choose a new password works.
pub const RESET_MINUTES: i64 = 60;

/// Sends a link to choose a new password to an address, when an active account has it. How long this takes tells whether
/// there is one: no answer may wait for it.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn ask_reset(app: &App, email: &str, request: Option<Uuid>) -> Result<(), AppError> {
    let email = email.trim().to_lowercase();
    let token = fresh()?;
    let now = app.clock.now();
    app.store
        .write(async |tx| {
            let user = access::user_by_email(tx, &email).await?.filter(|user| user.state == UserState::Active);
            let subject = user.as_ref().map(|user| user.id.to_string()).unwrap_or_default();
            app.audit_stranger(tx, request, EventKind::ResetAsked, &subject, Change::none());
            let Some(user) = user else { return Ok(()) };
            if user.password_hash.is_empty() {
                return send_no_password(app, tx, &user).await;
            }
            access::sweep(tx, now).await?;
            let link = StoredLink {
                token_hash: tokens::hash(&token),
                user: user.id,
                purpose: LinkPurpose::Reset,
                created_at: now,
                expires_at: now + Duration::minutes(RESET_MINUTES),
            };
            access::put_link(tx, link).await?;
            send_link(app, tx, &user, &token).await
        })
        .await
}

/// The same beside what is going on, for an answer that may not wait for it.
pub fn ask_reset_aside(app: &App, email: String, request: Uuid) {
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(error) = ask_reset(&app, &email, Some(request)).await {
            tracing::error!(%request, %error, "a link to choose a new password was not sent");
        }
    });
}

/// Whether a link still works.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn reset_holds(app: &App, token: &str) -> Result<bool, AppError> {
    app.store.read(async |tx| Ok(behind(app, tx, token).await?.is_some())).await
}

async fn behind(app: &App, tx: &Tx, token: &str) -> Result<Option<StoredUser>, AppError> {
    let Some(link) = access::link(tx, &tokens::hash(token), LinkPurpose::Reset, app.clock.now()).await? else { return Ok(None) };
    Ok(access::user(tx, link.user).await?.filter(|user| user.state == UserState::Active))
}

fn useless() -> AppError {
    AppError::conflict("link-verlopen", "Deze link is al gebruikt of is verlopen. Vraag een nieuwe link aan.")
}

/// Chooses a new password by a link. The link is used up, all sessions end, no browser is known any more but this one,
/// and the API tokens are revoked: somebody who lost control of the account has it to herself again. Nobody is signed in
/// by this, and a second factor stays.
///
/// Answers the token by which this browser is known from now on: whoever reads the mail of an account owns it, and gets
/// in past those who guess at it.
///
/// # Errors
/// [`AppError::Conflict`] when the link does not work (any more); [`AppError::Invalid`] with what is wrong with the
/// password.
pub async fn reset_password(app: &App, token: &str, password: String, request: Option<Uuid>) -> Result<String, AppError> {
    let seen = app.store.read(async |tx| behind(app, tx, token).await).await?.ok_or_else(useless)?;
    let mut errors = Vec::new();
    check_password(&password, &seen.email, &seen.name, &mut errors);
    if !errors.is_empty() {
        return Err(AppError::Invalid(errors));
    }
    let hash = hashed(password).await?;
    let device = fresh()?;
    let now = app.clock.now();
    app.store
        .write(async |tx| {
            access::lock_user(tx, seen.id).await?;
            let user = behind(app, tx, token).await?.ok_or_else(useless)?;
            if !access::use_link(tx, &tokens::hash(token), now).await? {
                return Err(useless());
            }
            let actor = Actor::User(person(app, tx, user.clone(), None, request).await?);
            access::set_password(tx, user.id, hash).await?;
            let ended = access::end_sessions_of(tx, user.id, None).await?;
            app.audit(tx, &actor, EventKind::PasswordReset, &user.id.to_string(), Change::none());
            note_ended(app, tx, &actor, user.id, ended);
            forget_ways(tx, user.id).await?;
            access::put_device(tx, tokens::hash(&device), user.id, now).await?;
            revoke_tokens(app, tx, &actor, user.id).await?;
            tell(app, tx, &user, News::PasswordReset).await
        })
        .await?;
    Ok(device)
}
