//! Sessions of browsers.

use chrono::{DateTime, Utc};
use kernschil_domain::ids::{SessionId, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::{account_links, oidc_flows, sessions};
use crate::error::StorageError;
use crate::rows::put;
use crate::store::{Tx, WriteTx};

/// What a session is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Everything.
    Open,
    /// Only for giving the second factor.
    SecondFactor,
}

/// A session.
#[derive(Debug, Clone)]
pub struct StoredSession {
    /// Identifier, fit to show.
    pub id: SessionId,
    /// SHA-256 of the token in the cookie.
    pub token_hash: String,
    /// Whose it is.
    pub user: UserId,
    /// Token that each form sends along.
    pub csrf_token: String,
    /// What it is good for.
    pub stage: Stage,
    /// How somebody signed in: `password`, or the code of a provider.
    pub method: String,
    /// Browser and machine in a few words.
    pub browser: String,
    /// Second factors that were given to it, right or wrong.
    pub attempts: i32,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub seen_at: DateTime<Utc>,
    /// When it ends, whatever happens.
    pub expires_at: DateTime<Utc>,
}

/// Begins a session, or replaces the one with the same id.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put_session(tx: &WriteTx, session: StoredSession) -> Result<(), StorageError> {
    let row = sessions::Model {
        id: session.id.0,
        token_hash: session.token_hash,
        user_id: session.user.0,
        csrf_token: session.csrf_token,
        stage: match session.stage {
            Stage::Open => "open",
            Stage::SecondFactor => "second-factor",
        }
        .to_owned(),
        method: session.method,
        browser: session.browser,
        attempts: session.attempts,
        created_at: session.created_at,
        seen_at: session.seen_at,
        expires_at: session.expires_at,
    };
    put(tx, vec![row]).await
}

/// The session with a token hash.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn session(tx: &Tx, token_hash: &str) -> Result<Option<StoredSession>, StorageError> {
    let row = sessions::Entity::find().filter(sessions::Column::TokenHash.eq(token_hash)).one(tx.connection()).await?;
    Ok(row.map(row_session))
}

/// The sessions of a user, the one used last first.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn sessions_of(tx: &Tx, user: UserId) -> Result<Vec<StoredSession>, StorageError> {
    let rows = sessions::Entity::find().filter(sessions::Column::UserId.eq(user.0)).order_by_desc(sessions::Column::SeenAt);
    Ok(rows.all(tx.connection()).await?.into_iter().map(row_session).collect())
}

fn row_session(row: sessions::Model) -> StoredSession {
    StoredSession {
        id: SessionId(row.id),
        token_hash: row.token_hash,
        user: UserId(row.user_id),
        csrf_token: row.csrf_token,
        stage: if row.stage == "open" { Stage::Open } else { Stage::SecondFactor },
        method: row.method,
        browser: row.browser,
        attempts: row.attempts,
        created_at: row.created_at,
        seen_at: row.seen_at,
        expires_at: row.expires_at,
    }
}

/// Notes that a session was used.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn touch_session(tx: &WriteTx, token_hash: &str, at: DateTime<Utc>) -> Result<(), StorageError> {
    sessions::Entity::update_many()
        .col_expr(sessions::Column::SeenAt, Expr::value(at))
        .filter(sessions::Column::TokenHash.eq(token_hash))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn end_session(tx: &WriteTx, token_hash: &str) -> Result<(), StorageError> {
    sessions::Entity::delete_many().filter(sessions::Column::TokenHash.eq(token_hash)).exec(tx.connection()).await?;
    Ok(())
}

/// Ends one session of a user by its identifier. Answers how many were ended: none or one.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn end_session_of(tx: &WriteTx, user: UserId, session: SessionId) -> Result<u64, StorageError> {
    let these = sessions::Entity::delete_many().filter(sessions::Column::UserId.eq(user.0)).filter(sessions::Column::Id.eq(session.0));
    Ok(these.exec(tx.connection()).await?.rows_affected)
}

/// Ends all sessions of a user, but the one with this token hash. Answers how many.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn end_sessions_of(tx: &WriteTx, user: UserId, but: Option<&str>) -> Result<u64, StorageError> {
    let mut these = sessions::Entity::delete_many().filter(sessions::Column::UserId.eq(user.0));
    if let Some(token_hash) = but {
        these = these.filter(sessions::Column::TokenHash.ne(token_hash));
    }
    Ok(these.exec(tx.connection()).await?.rows_affected)
}

/// Removes what has expired before a moment: sessions, links, and round trips to providers.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn sweep(tx: &WriteTx, before: DateTime<Utc>) -> Result<(), StorageError> {
    sessions::Entity::delete_many().filter(sessions::Column::ExpiresAt.lt(before)).exec(tx.connection()).await?;
    account_links::Entity::delete_many().filter(account_links::Column::ExpiresAt.lt(before)).exec(tx.connection()).await?;
    oidc_flows::Entity::delete_many().filter(oidc_flows::Column::ExpiresAt.lt(before)).exec(tx.connection()).await?;
    Ok(())
}
