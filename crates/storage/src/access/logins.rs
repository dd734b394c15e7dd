//! Logins at providers, and round trips to them.

use chrono::{DateTime, Utc};
use kernschil_domain::ids::UserId;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, TryInsertResult};

use crate::entity::{logins, oidc_flows};
use crate::error::StorageError;
use crate::rows::put;
use crate::store::{Tx, WriteTx};

/// A login at a provider, linked to an account.
#[derive(Debug, Clone)]
pub struct StoredLogin {
    /// Code of the provider.
    pub provider: String,
    /// Who it is there.
    pub subject: String,
    /// The account.
    pub user: UserId,
    /// Home organisation, as the provider says.
    pub organisation: Option<String>,
    /// When it was linked.
    pub linked_at: DateTime<Utc>,
    /// When it was last used.
    pub used_at: Option<DateTime<Utc>>,
}

fn row_login(row: logins::Model) -> StoredLogin {
    StoredLogin {
        provider: row.provider,
        subject: row.subject,
        user: UserId(row.user_id),
        organisation: row.organisation,
        linked_at: row.linked_at,
        used_at: row.used_at,
    }
}

/// Links a login to an account. Answers whether that was done: of two accounts that want the same login one gets it.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn add_login(tx: &WriteTx, login: StoredLogin) -> Result<bool, StorageError> {
    let row = logins::ActiveModel {
        provider: Set(login.provider),
        subject: Set(login.subject),
        user_id: Set(login.user.0),
        organisation: Set(login.organisation),
        linked_at: Set(login.linked_at),
        used_at: Set(login.used_at),
    };
    let key = [logins::Column::Provider, logins::Column::Subject];
    let added = logins::Entity::insert_many([row]).on_conflict_do_nothing_on(key).exec_without_returning(tx.connection()).await?;
    Ok(matches!(added, TryInsertResult::Inserted(1)))
}

/// Notes that a login was used, and what the provider says of its organisation now.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn touch_login(
    tx: &WriteTx,
    provider: &str,
    subject: &str,
    organisation: Option<String>,
    at: DateTime<Utc>,
) -> Result<(), StorageError> {
    logins::Entity::update_many()
        .col_expr(logins::Column::UsedAt, Expr::value(at))
        .col_expr(logins::Column::Organisation, Expr::value(organisation))
        .filter(logins::Column::Provider.eq(provider))
        .filter(logins::Column::Subject.eq(subject))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Takes one login off a user. Answers how many were taken off: none or one.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn remove_login(tx: &WriteTx, login: &StoredLogin) -> Result<u64, StorageError> {
    let this =
        logins::Entity::delete_by_id((login.provider.clone(), login.subject.clone())).filter(logins::Column::UserId.eq(login.user.0));
    Ok(this.exec(tx.connection()).await?.rows_affected)
}

/// The login of a subject at a provider.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn login(tx: &Tx, provider: &str, subject: &str) -> Result<Option<StoredLogin>, StorageError> {
    let row = logins::Entity::find_by_id((provider.to_owned(), subject.to_owned())).one(tx.connection()).await?;
    Ok(row.map(row_login))
}

/// The logins of a user.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn logins_of(tx: &Tx, user: UserId) -> Result<Vec<StoredLogin>, StorageError> {
    let rows = logins::Entity::find().filter(logins::Column::UserId.eq(user.0)).order_by_asc(logins::Column::Provider);
    Ok(rows.all(tx.connection()).await?.into_iter().map(row_login).collect())
}

/// Takes the logins at a provider off a user; all of them when no provider is named. Answers how many.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn remove_logins(tx: &WriteTx, user: UserId, provider: Option<&str>) -> Result<u64, StorageError> {
    let mut these = logins::Entity::delete_many().filter(logins::Column::UserId.eq(user.0));
    if let Some(provider) = provider {
        these = these.filter(logins::Column::Provider.eq(provider));
    }
    Ok(these.exec(tx.connection()).await?.rows_affected)
}

/// A round trip to a provider that is under way.
#[derive(Debug, Clone)]
pub struct StoredFlow {
    /// SHA-256 of the state.
    pub state_hash: String,
    /// SHA-256 of the token in the cookie of the browser that began it.
    pub browser_hash: String,
    /// Code of the provider.
    pub provider: String,
    /// Nonce that the ID token must hold.
    pub nonce: String,
    /// PKCE verifier.
    pub verifier: String,
    /// Path to go to afterwards.
    pub return_to: String,
    /// Who links a login to an own account; nothing when somebody signs in.
    pub user: Option<UserId>,
    /// SHA-256 of the token of the invitation that is accepted this way.
    pub invitation_hash: Option<String>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Stores a round trip.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put_flow(tx: &WriteTx, flow: StoredFlow) -> Result<(), StorageError> {
    let row = oidc_flows::Model {
        state_hash: flow.state_hash,
        browser_hash: flow.browser_hash,
        provider: flow.provider,
        nonce: flow.nonce,
        verifier: flow.verifier,
        return_to: flow.return_to,
        user_id: flow.user.map(|id| id.0),
        invitation_hash: flow.invitation_hash,
        expires_at: flow.expires_at,
    };
    put(tx, vec![row]).await
}

/// Takes a round trip out: it is used once. Of two that ask at the same time one gets it.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn take_flow(tx: &WriteTx, state_hash: &str) -> Result<Option<StoredFlow>, StorageError> {
    let Some(row) = oidc_flows::Entity::find_by_id(state_hash.to_owned()).one(tx.connection()).await? else { return Ok(None) };
    let done = oidc_flows::Entity::delete_by_id(state_hash.to_owned()).exec(tx.connection()).await?;
    Ok((done.rows_affected == 1).then_some(StoredFlow {
        state_hash: row.state_hash,
        browser_hash: row.browser_hash,
        provider: row.provider,
        nonce: row.nonce,
        verifier: row.verifier,
        return_to: row.return_to,
        user: row.user_id.map(UserId),
        invitation_hash: row.invitation_hash,
        expires_at: row.expires_at,
    }))
}
