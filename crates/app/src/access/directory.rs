//! Looking accounts up, for who manages them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::UserId;
use kernschil_storage::access::{self, StoredUser, UserState};
use kernschil_storage::registry;
use serde_json::json;

use super::grants::{self, GrantView};
use crate::error::AppError;
use crate::{Actor, App, Change};

/// Whether an account asks for a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactorUse {
    /// It does.
    On,
    /// It does not.
    Off,
}

/// An account in the list.
#[derive(Debug, Clone)]
pub struct UserRow {
    /// Identifier.
    pub id: UserId,
    /// Name.
    pub name: String,
    /// Address to sign in with.
    pub email: String,
    /// Whether somebody may come in with it.
    pub state: UserState,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When somebody last signed in.
    pub signed_in_at: Option<DateTime<Utc>>,
    /// Whether it asks for a second factor.
    pub second_factor: SecondFactorUse,
    /// Roles: those that hold first, then those to come, then those that are over.
    pub grants: Vec<GrantView>,
}

/// One account.
#[derive(Debug, Clone)]
pub struct UserView {
    /// As in the list.
    pub row: UserRow,
    /// Whether there is a password to sign in with, or only a login at a provider, or neither yet.
    pub entrance: Entrance,
    /// Codes of the providers with a linked login.
    pub providers: Vec<String>,
    /// Sessions that are open.
    pub sessions: usize,
    /// API tokens that work.
    pub tokens: usize,
}

/// How somebody can come in with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entrance {
    /// With a password.
    Password,
    /// Only at a provider.
    Provider,
    /// Not yet.
    Nothing,
}

fn row(user: StoredUser, second_factor: SecondFactorUse, grants: Vec<GrantView>) -> UserRow {
    let StoredUser { id, name, email, state, created_at, signed_in_at, password_hash: _ } = user;
    UserRow { id, name, email, state, created_at, signed_in_at, second_factor, grants }
}

/// All accounts by name, removed ones included.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn list_users(app: &App, actor: &Actor) -> Result<Vec<UserRow>, AppError> {
    actor.require(Permission::ManageUsers)?;
    let today = app.clock.today();
    app.store
        .read(async |tx| {
            let registry = registry::load(tx).await?;
            let guarded = access::with_second_factor(tx).await?;
            let mut of_user: BTreeMap<UserId, Vec<_>> = BTreeMap::new();
            for grant in access::grants(tx).await? {
                of_user.entry(grant.user).or_default().push(grant);
            }
            let rows = access::users(tx).await?.into_iter().map(|user| {
                let second_factor = if guarded.contains(&user.id) { SecondFactorUse::On } else { SecondFactorUse::Off };
                let grants = of_user.remove(&user.id).unwrap_or_default();
                row(user, second_factor, grants::views(&registry, today, &grants))
            });
            Ok(rows.collect())
        })
        .await
}

/// One account.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn get_user(app: &App, actor: &Actor, id: UserId) -> Result<UserView, AppError> {
    actor.require(Permission::ManageUsers)?;
    let (now, today) = (app.clock.now(), app.clock.today());
    app.store
        .read(async |tx| {
            let user = access::user(tx, id).await?.ok_or(AppError::NotFound)?;
            let factor = access::second_factor(tx, id).await?.filter(|factor| factor.confirmed_at.is_some());
            let second_factor = if factor.is_some() { SecondFactorUse::On } else { SecondFactorUse::Off };
            let providers: Vec<_> = access::logins_of(tx, id).await?.into_iter().map(|login| login.provider).collect();
            let entrance = match (user.password_hash.is_empty(), providers.is_empty()) {
                (false, _) => Entrance::Password,
                (true, false) => Entrance::Provider,
                (true, true) => Entrance::Nothing,
            };
            let sessions = access::sessions_of(tx, id).await?.iter().filter(|session| now < session.expires_at).count();
            let tokens = access::tokens_of(tx, id).await?;
            let tokens = tokens.iter().filter(|token| token.revoked_at.is_none() && now < token.expires_at).count();
            let registry = registry::load(tx).await?;
            let grants = grants::views(&registry, today, &access::grants_of(tx, id).await?);
            Ok(UserView { row: row(user, second_factor, grants), entrance, providers, sessions, tokens })
        })
        .await
}

/// Finds an account by its address, for the command line.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn find_user(app: &App, actor: &Actor, email: &str) -> Result<UserId, AppError> {
    actor.require(Permission::ManageUsers)?;
    let email = email.trim().to_lowercase();
    let user = app.store.read(async |tx| Ok::<_, AppError>(access::user_by_email(tx, &email).await?)).await?;
    user.map(|user| user.id).ok_or(AppError::NotFound)
}

/// Notes that the list of accounts was taken along.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn note_users_export(app: &App, actor: &Actor, rows: usize) -> Result<(), AppError> {
    actor.require(Permission::ManageUsers)?;
    let role = actor.role(Some(Permission::ManageUsers));
    app.store
        .write(async |tx| {
            app.audit_as(tx, actor, role, EventKind::WorkbookExported, "gebruikers", Change::to(json!({ "rows": rows })));
            Ok(())
        })
        .await
}
