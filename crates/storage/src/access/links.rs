//! Links by mail that open an account.

use chrono::{DateTime, Utc};
use kernschil_domain::ids::UserId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::account_links;
use crate::error::StorageError;
use crate::rows::put;
use crate::store::{Tx, WriteTx};

/// What a link in a mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPurpose {
    /// Accepting an invitation.
    Invitation,
    /// Choosing a new password.
    Reset,
}

impl LinkPurpose {
    fn code(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
        }
    }
}

/// A link in a mail that is used once.
#[derive(Debug, Clone)]
pub struct StoredLink {
    /// SHA-256 of the token in the link.
    pub token_hash: String,
    /// Whose it is.
    pub user: UserId,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Stores a link and makes earlier ones of the same user and purpose useless.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put_link(tx: &WriteTx, link: StoredLink) -> Result<(), StorageError> {
    remove_links(tx, link.user, Some(link.purpose)).await?;
    let row = account_links::Model {
        token_hash: link.token_hash,
        user_id: link.user.0,
        purpose: link.purpose.code().to_owned(),
        created_at: link.created_at,
        expires_at: link.expires_at,
        used_at: None,
    };
    put(tx, vec![row]).await
}

/// Removes the links of a user; all of them when no purpose is named.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn remove_links(tx: &WriteTx, user: UserId, purpose: Option<LinkPurpose>) -> Result<(), StorageError> {
    let mut these = account_links::Entity::delete_many().filter(account_links::Column::UserId.eq(user.0));
    if let Some(purpose) = purpose {
        these = these.filter(account_links::Column::Purpose.eq(purpose.code()));
    }
    these.exec(tx.connection()).await?;
    Ok(())
}

/// The link with a token hash, when it was not used and has not ended.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn link(tx: &Tx, token_hash: &str, purpose: LinkPurpose, now: DateTime<Utc>) -> Result<Option<StoredLink>, StorageError> {
    let row = account_links::Entity::find_by_id(token_hash.to_owned())
        .filter(account_links::Column::Purpose.eq(purpose.code()))
        .filter(account_links::Column::UsedAt.is_null())
        .filter(account_links::Column::ExpiresAt.gt(now))
        .one(tx.connection())
        .await?;
    Ok(row.map(|row| StoredLink {
        token_hash: row.token_hash,
        user: UserId(row.user_id),
        purpose,
        created_at: row.created_at,
        expires_at: row.expires_at,
    }))
}

/// Uses a link. Answers whether it was not used before: of two at once one gets yes.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn use_link(tx: &WriteTx, token_hash: &str, at: DateTime<Utc>) -> Result<bool, StorageError> {
    let done = account_links::Entity::update_many()
        .col_expr(account_links::Column::UsedAt, Expr::value(at))
        .filter(account_links::Column::TokenHash.eq(token_hash))
        .filter(account_links::Column::UsedAt.is_null())
        .exec(tx.connection())
        .await?;
    Ok(done.rows_affected == 1)
}
