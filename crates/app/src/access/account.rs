//! One's own account: what it holds, another name, another password.

use chrono::{DateTime, Utc};
use kernschil_credentials::tokens;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::UserId;
use kernschil_storage::WriteTx;
use kernschil_storage::access::{self, LinkPurpose};
use serde_json::json;

use super::letters::{News, tell};
use super::proof::{Proof, accept, own_account, weigh};
use super::sessions::note_ended;
use super::users::{check_identity, check_password, hashed};
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// One's own account.
#[derive(Debug, Clone)]
pub struct OwnAccount {
    /// Name.
    pub name: String,
    /// Address to sign in with.
    pub email: String,
    /// Whether one signs in with a password, or only elsewhere.
    pub password: Password,
    /// Since when signing in asks for a second factor; nothing when it does not.
    pub second_factor_since: Option<DateTime<Utc>>,
    /// Recovery codes that are left.
    pub recovery_codes: u64,
    /// API tokens that work.
    pub tokens: usize,
}

/// Whether an account has a password.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Password {
    /// It has.
    #[default]
    Set,
    /// It has not: its owner signs in at a provider.
    None,
}

/// A password that takes the place of another.
#[derive(Clone)]
pub struct NewPassword {
    /// The password as it is.
    pub current: String,
    /// The password to be.
    pub new: String,
    /// What happens to the API tokens.
    pub tokens: ApiTokens,
}

/// What happens to the API tokens of who changes her password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiTokens {
    /// They go on working: programs of hers use them.
    Keep,
    /// They are revoked: somebody else may have made or read them.
    Revoke,
}

/// The account of who asks.
///
/// # Errors
/// [`AppError::TokenScope`] for who came with an API token.
pub async fn own(app: &App, actor: &Actor) -> Result<OwnAccount, AppError> {
    let id = actor.in_person()?.id;
    let now = app.clock.now();
    app.store
        .read(async |tx| {
            let user = access::user(tx, id).await?.ok_or(AppError::Unauthenticated)?;
            let tokens = access::tokens_of(tx, id).await?;
            Ok(OwnAccount {
                name: user.name,
                email: user.email,
                password: if user.password_hash.is_empty() { Password::None } else { Password::Set },
                second_factor_since: access::second_factor(tx, id).await?.and_then(|factor| factor.confirmed_at),
                recovery_codes: access::recovery_codes_left(tx, id).await?,
                tokens: tokens.iter().filter(|token| token.revoked_at.is_none() && token.expires_at > now).count(),
            })
        })
        .await
}

/// Gives oneself another name.
///
/// # Errors
/// [`AppError::Invalid`]; [`AppError::TokenScope`] for who came with an API token.
pub async fn rename(app: &App, actor: &Actor, name: &str) -> Result<(), AppError> {
    let user = own_account(app, actor.in_person()?.id).await?;
    let mut errors = Vec::new();
    let (_, name) = check_identity(&user.email, name, &mut errors);
    if !errors.is_empty() {
        return Err(AppError::Invalid(errors));
    }
    if name == user.name {
        return Ok(());
    }
    app.store
        .write(async |tx| {
            access::set_name(tx, user.id, name).await?;
            app.audit(tx, actor, EventKind::UserChanged, &user.id.to_string(), Change::to(json!({ "fields": ["name"] })));
            Ok(())
        })
        .await
}

/// Changes one's own password. All sessions but the one with this token end, and no browser is known any more.
///
/// # Errors
/// [`AppError::Invalid`] with everything that is wrong: the current password, and what is wrong with the new one;
/// [`AppError::Conflict`] for an account without a password; [`AppError::TokenScope`] for who came with an API token.
pub async fn change_password(app: &App, actor: &Actor, session: &str, change: NewPassword) -> Result<(), AppError> {
    let person = actor.in_person()?;
    let user = own_account(app, person.id).await?;
    if user.password_hash.is_empty() {
        let message = "Uw account heeft geen wachtwoord: u logt in via uw instelling. Wijzig uw wachtwoord daar.";
        return Err(AppError::conflict("geen-wachtwoord", message));
    }
    let mut errors = wrong_with(&change, &user.email, &user.name);
    let weighed = weigh(app, person, Proof::Password(change.current)).await?;
    let hash = if errors.is_empty() { Some(hashed(change.new).await?) } else { None };
    let here = tokens::hash(session);
    let current = app
        .store
        .write(async |tx| {
            let user = match accept(app, tx, actor, weighed).await? {
                Ok(user) => user,
                Err(wrong) => return Ok(Err(wrong)),
            };
            let Some(hash) = hash else { return Ok(Ok(())) };
            access::set_password(tx, user.id, hash).await?;
            let ended = access::end_sessions_of(tx, user.id, Some(&here)).await?;
            app.audit(tx, actor, EventKind::PasswordChanged, &user.id.to_string(), Change::none());
            note_ended(app, tx, actor, user.id, ended);
            forget_ways(tx, user.id).await?;
            if change.tokens == ApiTokens::Revoke {
                revoke_tokens(app, tx, actor, user.id).await?;
            }
            tell(app, tx, &user, News::PasswordChanged).await?;
            Ok::<_, AppError>(Ok(()))
        })
        .await?;
    match current {
        Err(AppError::Invalid(wrong)) => {
            let wrong = wrong.into_iter().map(|error| FieldError { field: "current".to_owned(), ..error });
            errors.splice(0..0, wrong);
        }
        other => other?,
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(errors)) }
}

/// Everything that is wrong with a new password, apart from whether the current one is right.
fn wrong_with(change: &NewPassword, email: &str, name: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    check_password(&change.new, email, name, &mut errors);
    if errors.is_empty() && change.new == change.current {
        let message = "Dit is uw wachtwoord al. Kies een ander.";
        errors.push(FieldError::new("password", "wachtwoord-gelijk", message));
    }
    errors
}

/// Takes away what makes coming in easier: known browsers, and links to choose another password.
pub(super) async fn forget_ways(tx: &WriteTx, user: UserId) -> Result<(), AppError> {
    access::forget_devices(tx, user).await?;
    Ok(access::remove_links(tx, user, Some(LinkPurpose::Reset)).await?)
}

/// Revokes the API tokens of a user that work.
pub(super) async fn revoke_tokens(app: &App, tx: &WriteTx, actor: &Actor, user: UserId) -> Result<(), AppError> {
    let now = app.clock.now();
    for token in access::tokens_of(tx, user).await?.into_iter().filter(|token| token.revoked_at.is_none()) {
        access::revoke_tokens(tx, user, Some(token.id), now).await?;
        app.audit(tx, actor, EventKind::TokenRevoked, &token.id.to_string(), Change::none());
    }
    Ok(())
}
