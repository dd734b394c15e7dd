//! Reading all rows of a table and putting many at once.

use kernschil_domain::periods::Span;
use sea_orm::prelude::Date;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Iterable, ModelTrait, PrimaryKeyToColumn, QuerySelect};

use crate::error::StorageError;
use crate::store::{Tx, WriteTx};

/// Variables in one statement: SQLite's limit is 32,766, PostgreSQL's 65,535.
const VARIABLES: usize = 30_000;

/// All rows of a table.
pub(crate) async fn all<E: EntityTrait>(tx: &Tx) -> Result<Vec<E::Model>, StorageError> {
    Ok(E::find().all(tx.connection()).await?)
}

/// Inserts rows, or replaces those with the same key.
pub(crate) async fn put<M>(tx: &WriteTx, models: Vec<M>) -> Result<(), StorageError>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: Send,
{
    let keys: Vec<_> = <M::Entity as EntityTrait>::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
    let is_key = |column: &<M::Entity as EntityTrait>::Column| keys.iter().any(|key| format!("{key:?}") == format!("{column:?}"));
    let others: Vec<_> = <M::Entity as EntityTrait>::Column::iter().filter(|column| !is_key(column)).collect();
    let chunk = VARIABLES / (keys.len() + others.len()).max(1);
    let mut models = models.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while models.peek().is_some() {
        let rows: Vec<_> = models.by_ref().take(chunk.min(2_000)).map(ActiveModelTrait::reset_all).collect();
        let insert = <M::Entity as EntityTrait>::insert_many(rows);
        if others.is_empty() {
            insert.on_conflict_do_nothing_on(keys.iter().copied()).exec_without_returning(tx.connection()).await?;
        } else {
            let mut conflict = OnConflict::columns(keys.iter().copied());
            conflict.update_columns(others.iter().copied());
            insert.on_conflict(conflict).exec_without_returning(tx.connection()).await?;
        }
    }
    Ok(())
}

/// Runs a query for each chunk of a long list of values and joins the answers.
pub(crate) async fn in_chunks<E, V>(tx: &Tx, column: E::Column, values: &[V]) -> Result<Vec<E::Model>, StorageError>
where
    E: EntityTrait,
    V: Copy + Into<sea_orm::Value>,
{
    use sea_orm::{ColumnTrait, QueryFilter};
    let mut rows = Vec::with_capacity(values.len());
    for chunk in values.chunks(VARIABLES) {
        let found = E::find().filter(column.is_in(chunk.iter().copied())).limit(None).all(tx.connection()).await?;
        rows.extend(found);
    }
    Ok(rows)
}

/// A stored span.
pub(crate) fn span(from: Date, until: Option<Date>) -> Span {
    Span { from, until }
}

/// A value that must be readable, with the column to blame.
pub(crate) fn read<T>(value: Option<T>, column: &'static str) -> Result<T, StorageError> {
    value.ok_or(StorageError::Unreadable { column })
}
