//! Roles of accounts.

use chrono::NaiveDate;
use kernschil_domain::access::{Grant, Role, Scope, ScopeKind};
use kernschil_domain::ids::{GrantId, UserId};
use kernschil_domain::periods::Span;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::role_grants;
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Tx, WriteTx};

/// All grants, also those that ended.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn grants(tx: &Tx) -> Result<Vec<Grant>, StorageError> {
    let rows = role_grants::Entity::find().order_by_asc(role_grants::Column::ValidFrom).order_by_asc(role_grants::Column::Id);
    rows.all(tx.connection()).await?.iter().map(row_grant).collect()
}

/// The grants of a user, also those that ended.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn grants_of(tx: &Tx, user: UserId) -> Result<Vec<Grant>, StorageError> {
    let rows = role_grants::Entity::find().filter(role_grants::Column::UserId.eq(user.0));
    let rows = rows.order_by_asc(role_grants::Column::ValidFrom).order_by_asc(role_grants::Column::Id);
    rows.all(tx.connection()).await?.iter().map(row_grant).collect()
}

/// Stores a grant, or replaces the one with the same id.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put_grant(tx: &WriteTx, grant: &Grant) -> Result<(), StorageError> {
    let row = role_grants::Model {
        id: grant.id.0,
        user_id: grant.user.0,
        role: grant.role.code().to_owned(),
        scope_kind: grant.scope.kind().code().to_owned(),
        scope_id: grant.scope.id(),
        valid_from: grant.span.from,
        valid_to: grant.span.until,
    };
    put(tx, vec![row]).await
}

/// Ends every grant of a user on a date, those that would begin later included.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn end_grants(tx: &WriteTx, user: UserId, date: NaiveDate) -> Result<(), StorageError> {
    for grant in grants_of(tx, user).await? {
        if grant.span.until.is_none_or(|until| until > date) {
            let span = Span { from: Ord::min(grant.span.from, date), until: Some(date) };
            put_grant(tx, &Grant { span, ..grant }).await?;
        }
    }
    Ok(())
}

fn row_grant(row: &role_grants::Model) -> Result<Grant, StorageError> {
    let kind = read(ScopeKind::parse(&row.scope_kind), "role_grants.scope_kind")?;
    Ok(Grant {
        id: GrantId(row.id),
        user: UserId(row.user_id),
        role: read(Role::parse(&row.role), "role_grants.role")?,
        scope: read(Scope::new(kind, row.scope_id), "role_grants.scope_id")?,
        span: Span { from: row.valid_from, until: row.valid_to },
    })
}
