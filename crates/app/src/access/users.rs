//! Making accounts.

use kernschil_credentials::{passwords, tokens};
use kernschil_domain::access::{Grant, Permission, Role, Scope};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{GrantId, UserId};
use kernschil_domain::periods::Span;
use kernschil_storage::WriteTx;
use kernschil_storage::access::{self, StoredUser, UserState};
use serde_json::json;

use super::blocking;
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// A new account.
#[derive(Clone)]
pub struct NewUser {
    /// Address to sign in with.
    pub email: String,
    /// Name.
    pub name: String,
    /// Password.
    pub password: String,
    /// Roles it begins with, from today on.
    pub roles: Vec<(Role, Scope)>,
}

/// The roles of who starts an installation: she manages it, and coordinates everything in it.
pub const EVERYTHING: [(Role, Scope); 2] = [(Role::Administrator, Scope::All), (Role::RegionCoordinator, Scope::All)];

/// A password for the demo: random, and easy to copy.
///
/// # Errors
/// [`AppError::Internal`] when the machine has no randomness.
pub fn fresh_password() -> Result<String, AppError> {
    let token = tokens::fresh().map_err(|e| AppError::Internal(e.to_string()))?;
    Ok(token.chars().take(20).collect())
}

/// Whether nobody has an account yet.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn is_first_run(app: &App) -> Result<bool, AppError> {
    app.store.read(async |tx| Ok(access::count_users(tx).await? == 0)).await
}

/// The address in lower case and the name without spaces around it, or what is wrong with them.
pub(crate) fn check_identity(email: &str, name: &str, errors: &mut Vec<FieldError>) -> (String, String) {
    let email = email.trim().to_lowercase();
    let parts = email.split_once('@');
    let well_formed = parts.is_some_and(|(local, host)| !local.is_empty() && host.contains('.') && !host.contains('@'))
        && email.len() <= 254
        && !email.chars().any(|c| c.is_whitespace() || c.is_control());
    if !well_formed {
        errors.push(FieldError::new("email", "e-mailadres-ongeldig", "Vul een e-mailadres in, zoals naam@school.nl."));
    }
    let name = name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        errors.push(FieldError::new("name", "naam-ongeldig", "Vul een naam in van hoogstens 100 tekens."));
    }
    (email, name)
}

/// An address that somebody signs in with already, or is invited to.
pub(super) fn taken() -> FieldError {
    FieldError::new("email", "e-mailadres-bezet", "Er is al een account met dit e-mailadres. Kies een ander adres.")
}

/// What is wrong with a password for somebody with this address and name.
pub(super) fn check_password(password: &str, email: &str, name: &str, errors: &mut Vec<FieldError>) {
    let found = passwords::problems(password, &[email, name]);
    errors.extend(found.into_iter().map(|problem| FieldError::new("password", problem.code(), problem.dutch())));
}

/// The stored form of a password.
pub(super) async fn hashed(password: String) -> Result<String, AppError> {
    blocking(move || passwords::hash(&password)).await?.map_err(|e| AppError::Internal(e.to_string()))
}

/// Makes an account.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Invalid`] with everything that is wrong, also when the address is in use.
pub async fn add_user(app: &App, actor: &Actor, new: NewUser) -> Result<UserId, AppError> {
    actor.require(Permission::ManageUsers)?;
    let roles = new.roles.clone();
    let user = prepare(app, new).await?;
    app.store
        .write(async |tx| {
            if access::user_by_email(tx, &user.email).await?.is_some() {
                return Err(AppError::Invalid(vec![taken()]));
            }
            add(app, actor, tx, user, &roles).await
        })
        .await
}

/// Makes the first account, which manages the installation and coordinates everything; works once, on an empty
/// installation.
///
/// # Errors
/// [`AppError::Conflict`] when there is an account already; [`AppError::Invalid`].
pub async fn first_user(app: &App, new: NewUser) -> Result<UserId, AppError> {
    let user = prepare(app, new).await?;
    app.store
        .write(async |tx| {
            if access::count_users(tx).await? > 0 {
                return Err(AppError::conflict("al-ingericht", "Er is al een account. Log daarmee in."));
            }
            add(app, &Actor::CommandLine, tx, user, &EVERYTHING).await
        })
        .await
}

async fn prepare(app: &App, new: NewUser) -> Result<StoredUser, AppError> {
    let mut errors = Vec::new();
    let (email, name) = check_identity(&new.email, &new.name, &mut errors);
    check_password(&new.password, &email, &name, &mut errors);
    if !errors.is_empty() {
        return Err(AppError::Invalid(errors));
    }
    let password_hash = hashed(new.password).await?;
    let id = UserId(app.ids.next());
    let created_at = app.clock.now();
    Ok(StoredUser { id, email, name, password_hash, created_at, state: UserState::Active, signed_in_at: None })
}

async fn add(app: &App, actor: &Actor, tx: &WriteTx, user: StoredUser, roles: &[(Role, Scope)]) -> Result<UserId, AppError> {
    let id = user.id;
    access::put_user(tx, user).await?;
    app.audit(tx, actor, EventKind::UserAdded, &id.to_string(), Change::none());
    for (role, scope) in roles {
        grant_in(app, actor, tx, id, *role, *scope, Span::since(app.clock.today())).await?;
    }
    Ok(id)
}

/// Grants a role, in the transaction of something larger.
pub(super) async fn grant_in(
    app: &App,
    actor: &Actor,
    tx: &WriteTx,
    user: UserId,
    role: Role,
    scope: Scope,
    span: Span,
) -> Result<GrantId, AppError> {
    if !role.scopes().contains(&scope.kind()) {
        let message = format!("De rol {} bestaat niet voor {}. Kies een ander bereik.", role.dutch(), scope.kind().dutch());
        return Err(AppError::Invalid(vec![FieldError::new("scope", "bereik-past-niet", message)]));
    }
    let grant = Grant { id: GrantId(app.ids.next()), user, role, scope, span };
    access::put_grant(tx, &grant).await?;
    app.audit(tx, actor, EventKind::RoleGranted, &user.to_string(), Change::to(json!(grant)));
    Ok(grant.id)
}
