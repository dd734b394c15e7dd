//! Accounts.

use chrono::{DateTime, Utc};
use kernschil_domain::ids::UserId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use crate::entity::users;
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Tx, WriteTx};

/// Whether somebody may come in with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UserState {
    /// Was invited and did not come yet.
    Invited,
    /// May come in.
    Active,
    /// May not, for now.
    Blocked,
    /// Was removed; what was done stays known.
    Removed,
}

impl UserState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Invited, Self::Active, Self::Blocked, Self::Removed];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Blocked => "blocked",
            Self::Removed => "removed",
        }
    }

    /// The Dutch word.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Invited => "uitgenodigd",
            Self::Active => "actief",
            Self::Blocked => "geblokkeerd",
            Self::Removed => "verwijderd",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A user account.
#[derive(Debug, Clone)]
pub struct StoredUser {
    /// Identifier.
    pub id: UserId,
    /// Address to sign in with, in lower case.
    pub email: String,
    /// Name.
    pub name: String,
    /// argon2id hash of the password; empty when there is none, which matches nothing.
    pub password_hash: String,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// Whether somebody may come in with it.
    pub state: UserState,
    /// When somebody last did.
    pub signed_in_at: Option<DateTime<Utc>>,
}

/// Number of accounts, removed ones included.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn count_users(tx: &Tx) -> Result<u64, StorageError> {
    Ok(users::Entity::find().count(tx.connection()).await?)
}

/// All accounts, by name.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn users(tx: &Tx) -> Result<Vec<StoredUser>, StorageError> {
    let rows = users::Entity::find().order_by_asc(users::Column::Name).order_by_asc(users::Column::Id).all(tx.connection()).await?;
    rows.into_iter().map(row_user).collect()
}

/// Stores a user, or replaces the one with the same id.
///
/// # Errors
/// [`StorageError::Constraint`] when the address is taken.
pub async fn put_user(tx: &WriteTx, user: StoredUser) -> Result<(), StorageError> {
    let row = users::Model {
        id: user.id.0,
        email: user.email,
        name: user.name,
        password_hash: user.password_hash,
        created_at: user.created_at,
        state: user.state.code().to_owned(),
        signed_in_at: user.signed_in_at,
    };
    put(tx, vec![row]).await
}

/// Lets those who change the same account wait for each other until the end of the transaction.
///
/// # Errors
/// [`StorageError::NotFound`] when there is no such account.
pub async fn lock_user(tx: &WriteTx, id: UserId) -> Result<(), StorageError> {
    // Writing the row locks it on PostgreSQL; on SQLite there is one writer anyway.
    let same = users::Entity::update_many().col_expr(users::Column::Id, Expr::col(users::Column::Id)).filter(users::Column::Id.eq(id.0));
    if same.exec(tx.connection()).await?.rows_affected == 0 { Err(StorageError::NotFound) } else { Ok(()) }
}

/// The user with an address.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn user_by_email(tx: &Tx, email: &str) -> Result<Option<StoredUser>, StorageError> {
    users::Entity::find().filter(users::Column::Email.eq(email)).one(tx.connection()).await?.map(row_user).transpose()
}

/// The user with an id.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn user(tx: &Tx, id: UserId) -> Result<Option<StoredUser>, StorageError> {
    users::Entity::find_by_id(id.0).one(tx.connection()).await?.map(row_user).transpose()
}

fn row_user(row: users::Model) -> Result<StoredUser, StorageError> {
    Ok(StoredUser {
        id: UserId(row.id),
        email: row.email,
        name: row.name,
        password_hash: row.password_hash,
        created_at: row.created_at,
        state: read(UserState::parse(&row.state), "users.state")?,
        signed_in_at: row.signed_in_at,
    })
}
