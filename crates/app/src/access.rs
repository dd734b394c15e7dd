//! Accounts, signing in and sessions.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use chrono::Duration;
use kernschil_domain::ids::UserId;
use kernschil_storage::access::{self, StoredSession, StoredUser};
use kernschil_storage::{StorageError, WriteTx};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::error::{AppError, FieldError};
use crate::{Actor, App};

/// Shortest password, in characters.
pub const PASSWORD_MIN: usize = 12;
/// Longest password, in characters; longer ones only cost the server time.
pub const PASSWORD_MAX: usize = 256;
/// A session ends after this many hours, whatever happens.
pub const SESSION_HOURS: i64 = 12;
/// A session ends after this many minutes without use.
pub const IDLE_MINUTES: i64 = 120;

/// A new account.
#[derive(Clone)]
pub struct NewUser {
    /// Address to sign in with.
    pub email: String,
    /// Name.
    pub name: String,
    /// Password.
    pub password: String,
}

/// What a browser gets when somebody signs in; the token is known only there.
pub struct NewSession {
    /// Token for the cookie.
    pub token: String,
}

/// A session that holds.
#[derive(Debug, Clone)]
pub struct Session {
    /// Who is signed in.
    pub actor: Actor,
    /// Token that each form must send along.
    pub csrf_token: String,
}

// Verified against when the address is unknown, so that both answers take the same time.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash("een wachtwoord dat niemand heeft").ok());

fn hash(password: &str) -> Result<String, AppError> {
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).map_err(|e| AppError::Internal(e.to_string()))?;
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).map_err(|e| AppError::Internal(e.to_string()))?;
    Ok(hash.to_string())
}

fn matches(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// A random token of 256 bits as 64 hexadecimal digits.
fn token() -> Result<String, AppError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|e| AppError::Internal(e.to_string()))?;
    Ok(hex(&bytes))
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// A password for the demo: random, and easy to copy.
///
/// # Errors
/// [`AppError::Internal`] when the machine has no randomness.
pub fn fresh_password() -> Result<String, AppError> {
    Ok(token()?.chars().take(20).collect())
}

/// Whether nobody has an account yet.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn is_first_run(app: &App) -> Result<bool, AppError> {
    app.store.read(async |tx| Ok(access::count_users(tx).await? == 0)).await
}

fn check(new: &NewUser) -> Result<(String, String), AppError> {
    let mut errors = Vec::new();
    let email = new.email.trim().to_lowercase();
    let parts = email.split_once('@');
    let well_formed = parts.is_some_and(|(local, host)| !local.is_empty() && host.contains('.') && !host.contains('@'))
        && email.len() <= 254
        && !email.contains(char::is_whitespace);
    if !well_formed {
        errors.push(FieldError::new("email", "e-mailadres-ongeldig", "Vul een e-mailadres in, zoals naam@school.nl."));
    }
    let name = new.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        errors.push(FieldError::new("name", "naam-ongeldig", "Vul een naam in van hoogstens 100 tekens."));
    }
    let length = new.password.chars().count();
    if !(PASSWORD_MIN..=PASSWORD_MAX).contains(&length) {
        let message = format!("Kies een wachtwoord van {PASSWORD_MIN} tot {PASSWORD_MAX} tekens.");
        errors.push(FieldError::new("password", "wachtwoord-lengte", message));
    }
    if errors.is_empty() { Ok((email, name)) } else { Err(AppError::Invalid(errors)) }
}

/// Makes an account.
///
/// # Errors
/// [`AppError::Invalid`] with everything that is wrong, also when the address is in use.
pub async fn add_user(app: &App, actor: &Actor, new: NewUser) -> Result<UserId, AppError> {
    let (user, email) = prepare(app, new).await?;
    app.store
        .write(async |tx| {
            if access::user_by_email(tx, &email).await?.is_some() {
                let message = "Er is al een account met dit e-mailadres. Kies een ander adres.";
                return Err(AppError::Invalid(vec![FieldError::new("email", "e-mailadres-bezet", message)]));
            }
            add(app, actor, tx, user).await
        })
        .await
}

/// Makes the first account; works once, on an empty installation.
///
/// # Errors
/// [`AppError::Conflict`] when there is an account already; [`AppError::Invalid`].
pub async fn first_user(app: &App, new: NewUser) -> Result<UserId, AppError> {
    let (user, _) = prepare(app, new).await?;
    app.store
        .write(async |tx| {
            if access::count_users(tx).await? > 0 {
                return Err(AppError::conflict("al-ingericht", "Er is al een account. Log daarmee in."));
            }
            add(app, &Actor::CommandLine, tx, user).await
        })
        .await
}

async fn prepare(app: &App, new: NewUser) -> Result<(StoredUser, String), AppError> {
    let (email, name) = check(&new)?;
    let password_hash = blocking(move || hash(&new.password)).await??;
    let user = StoredUser { id: UserId(app.ids.next()), email: email.clone(), name, password_hash, created_at: app.clock.now() };
    Ok((user, email))
}

async fn add(app: &App, actor: &Actor, tx: &WriteTx, user: StoredUser) -> Result<UserId, AppError> {
    let id = user.id;
    access::put_user(tx, user).await?;
    app.audit(tx, actor, "user-added", &id.to_string(), &json!({})).await?;
    Ok(id)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work).await.map_err(|e| AppError::Internal(e.to_string()))
}

/// Signs somebody in.
///
/// # Errors
/// [`AppError::SignIn`] whatever is wrong, in the same time: who tries does not learn which addresses
/// exist.
pub async fn sign_in(app: &App, email: &str, password: &str) -> Result<NewSession, AppError> {
    let email = email.trim().to_lowercase();
    let user = app.store.read(async |tx| Ok::<_, AppError>(access::user_by_email(tx, &email).await?)).await?;
    let stored = user.as_ref().map(|u| u.password_hash.clone()).or_else(|| NOBODY.clone()).unwrap_or_default();
    let password = password.chars().take(PASSWORD_MAX + 1).collect::<String>();
    let right = blocking(move || matches(&password, &stored)).await?;
    let Some(user) = user.filter(|_| right) else { return Err(AppError::SignIn) };
    let (token, csrf_token) = (token()?, token()?);
    let now = app.clock.now();
    let session = StoredSession {
        token_hash: token_hash(&token),
        user: user.id,
        csrf_token,
        created_at: now,
        seen_at: now,
        expires_at: now + Duration::hours(SESSION_HOURS),
    };
    app.store
        .write(async |tx| {
            access::sweep_sessions(tx, now).await?;
            access::insert_session(tx, session).await?;
            let actor = Actor::User { id: user.id, name: user.name.clone() };
            app.audit(tx, &actor, "signed-in", &user.id.to_string(), &json!({})).await
        })
        .await?;
    Ok(NewSession { token })
}

/// The session behind a token.
///
/// # Errors
/// [`AppError::Unauthenticated`] when there is none or it has ended.
pub async fn session(app: &App, token: &str) -> Result<Session, AppError> {
    let hash = token_hash(token);
    let now = app.clock.now();
    let found = app
        .store
        .read(async |tx| {
            let Some(session) = access::session(tx, &hash).await? else { return Ok::<_, StorageError>(None) };
            Ok(access::user(tx, session.user).await?.map(|user| (session, user)))
        })
        .await?;
    let Some((session, user)) = found else { return Err(AppError::Unauthenticated) };
    if session.expires_at <= now || session.seen_at + Duration::minutes(IDLE_MINUTES) <= now {
        return Err(AppError::Unauthenticated);
    }
    // Once a minute is enough to know whether a session is in use.
    if session.seen_at + Duration::minutes(1) <= now {
        app.store.write(async |tx| access::touch_session(tx, &hash, now).await).await?;
    }
    Ok(Session { actor: Actor::User { id: user.id, name: user.name }, csrf_token: session.csrf_token })
}

/// Signs somebody out.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn sign_out(app: &App, actor: &Actor, token: &str) -> Result<(), AppError> {
    let hash = token_hash(token);
    app.store
        .write(async |tx| {
            access::end_session(tx, &hash).await?;
            app.audit(tx, actor, "signed-out", "", &json!({})).await
        })
        .await
}
