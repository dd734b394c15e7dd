//! The chain itself: hashing, writing at its end, and moving its beginning.

use std::fmt::Write;

use chrono::{DateTime, SubsecRound, Utc};
use kernschil_domain::audit::LogEnd;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder,
    QueryTrait, Select,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::NewEvent;
use crate::entity::{audit_head, audit_log};
use crate::error::StorageError;
use crate::store::WriteTx;

/// Rows in one statement; twelve values each, and SQLite takes 32,766.
const AT_ONCE: usize = 2_000;

/// What a row must hash to: all that stands in it, after the hash of the row before it. The list is JSON, so that
/// nothing moves from one column into the next unseen.
pub(super) fn hash(row: &audit_log::Model) -> Result<String, StorageError> {
    let content = (
        row.seq,
        row.id,
        (row.at.timestamp(), row.at.timestamp_subsec_nanos()),
        row.user_id,
        &row.role,
        &row.kind,
        &row.subject,
        &row.before,
        &row.after,
        row.request_id,
    );
    let json = serde_json::to_vec(&content).map_err(|e| StorageError::Encoding(e.to_string()))?;
    let mut hasher = Sha256::new();
    hasher.update(row.previous.as_bytes());
    hasher.update(b"\n");
    hasher.update(&json);
    let mut text = String::with_capacity(64);
    for byte in hasher.finalize() {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

/// A row as far as it can be read: somebody may have put anything in it.
pub(super) struct Row {
    /// Its place.
    pub(super) seq: Option<i64>,
    /// Its hash.
    pub(super) hash: Option<String>,
    /// All of it.
    pub(super) whole: Option<audit_log::Model>,
}

/// Rows, each as far as it can be read.
pub(super) async fn rows(connection: &DatabaseTransaction, query: Select<audit_log::Entity>) -> Result<Vec<Row>, DbErr> {
    let found = connection.query_all_raw(query.build(connection.get_database_backend())).await?;
    let row = |found: &sea_orm::QueryResult| Row {
        seq: found.try_get("", "seq").ok(),
        hash: found.try_get("", "hash").ok(),
        whole: audit_log::Model::from_query_result(found, "").ok(),
    };
    Ok(found.iter().map(row).collect())
}

/// The head; nothing when it was removed or made unreadable.
pub(super) async fn head(connection: &DatabaseTransaction) -> Result<Option<audit_head::Model>, DbErr> {
    let query = audit_head::Entity::find_by_id(1).build(connection.get_database_backend());
    let found = connection.query_one_raw(query).await?;
    Ok(found.and_then(|row| audit_head::Model::from_query_result(&row, "").ok()))
}

/// The head, for this transaction alone: others who write wait until it ends.
async fn locked(connection: &DatabaseTransaction) -> Result<audit_head::Model, StorageError> {
    // Writing the row locks it on PostgreSQL; on SQLite there is one writer anyway.
    audit_head::Entity::update_many().col_expr(audit_head::Column::Id, Expr::value(1)).exec(connection).await?;
    head(connection).await?.ok_or(StorageError::Unreadable { column: "audit_head" })
}

/// Writes events at the end of the chain. Others who write wait for the head until this transaction ends.
pub(crate) async fn append(connection: &DatabaseTransaction, events: Vec<NewEvent>) -> Result<(), StorageError> {
    if events.is_empty() {
        return Ok(());
    }
    let mut head = locked(connection).await?;
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        let mut row = audit_log::Model {
            seq: head.seq.checked_add(1).ok_or(StorageError::Unreadable { column: "audit_head.seq" })?,
            id: event.id.0,
            // What PostgreSQL keeps of a moment; the same on both, so that the hash is.
            at: event.at.trunc_subsecs(6),
            user_id: event.user.map(|id| id.0),
            role: event.role.map(|role| role.code().to_owned()),
            kind: event.kind.code().to_owned(),
            subject: event.subject,
            before: event.before,
            after: event.after,
            request_id: event.request,
            previous: std::mem::take(&mut head.hash),
            hash: String::new(),
        };
        row.hash = hash(&row)?;
        (head.seq, head.hash) = (row.seq, row.hash.clone());
        rows.push(row.into_active_model());
    }
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some: Vec<_> = rows.by_ref().take(AT_ONCE).collect();
        audit_log::Entity::insert_many(some).exec_without_returning(connection).await?;
    }
    set_head(connection, &head).await
}

async fn set_head(connection: &DatabaseTransaction, head: &audit_head::Model) -> Result<(), StorageError> {
    audit_head::Entity::update_many()
        .col_expr(audit_head::Column::Seq, Expr::value(head.seq))
        .col_expr(audit_head::Column::Hash, Expr::value(head.hash.as_str()))
        .col_expr(audit_head::Column::BaseSeq, Expr::value(head.base_seq))
        .col_expr(audit_head::Column::BaseHash, Expr::value(head.base_hash.as_str()))
        .exec(connection)
        .await?;
    Ok(())
}

/// Chains the rows that an earlier version wrote without a chain. Only for the transaction that brings them into the log:
/// whoever could have it done again would have a chain that fits whatever was changed.
pub(crate) async fn seal(connection: &DatabaseTransaction) -> Result<(), StorageError> {
    let mut head = locked(connection).await?;
    for mut row in audit_log::Entity::find().order_by_asc(audit_log::Column::Seq).all(connection).await? {
        lift(&mut row);
        row.previous = std::mem::take(&mut head.hash);
        row.hash = hash(&row)?;
        audit_log::Entity::update_many()
            .col_expr(audit_log::Column::Before, Expr::value(row.before))
            .col_expr(audit_log::Column::After, Expr::value(row.after))
            .col_expr(audit_log::Column::Previous, Expr::value(row.previous))
            .col_expr(audit_log::Column::Hash, Expr::value(row.hash.as_str()))
            .filter(audit_log::Column::Seq.eq(row.seq))
            .exec(connection)
            .await?;
        (head.seq, head.hash) = (row.seq, row.hash);
    }
    set_head(connection, &head).await
}

/// Puts what an earlier version wrote as one detail into before and after. With a place by hand it wrote the reason,
/// which is free text and may name somebody: that does not go along.
fn lift(row: &mut audit_log::Model) {
    let Some(Ok(Value::Object(mut detail))) = row.after.as_deref().map(serde_json::from_str::<Value>) else { return };
    if detail.is_empty() {
        row.after = None;
        return;
    }
    let [before, after] = ["before", "after"].map(|side| {
        let mut kept = detail.remove(side)?;
        if let Some(kept) = kept.as_object_mut() {
            kept.remove("reason");
        }
        Some(kept.to_string())
    });
    if before.is_some() || after.is_some() {
        (row.before, row.after) = (before, after);
    }
}

/// Removes the events before a moment, the oldest first and without gaps. Answers where the chain begins now: the
/// place and hash of the last one removed; nothing when none was. The caller notes that as an event, with [`pruned`].
///
/// It holds the end of the log from here on, as every writer does last of all: nothing else is to be locked after it in
/// the same transaction, or two writers could wait for each other.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn prune(tx: &WriteTx, before: DateTime<Utc>) -> Result<Option<LogEnd>, StorageError> {
    let connection = tx.connection();
    let mut head = locked(connection).await?;
    let keep =
        audit_log::Entity::find().filter(audit_log::Column::At.gte(before)).order_by_asc(audit_log::Column::Seq).one(connection).await?;
    let mut last = audit_log::Entity::find().order_by_desc(audit_log::Column::Seq);
    if let Some(keep) = keep {
        last = last.filter(audit_log::Column::Seq.lt(keep.seq));
    }
    let Some(last) = last.one(connection).await? else { return Ok(None) };
    audit_log::Entity::delete_many().filter(audit_log::Column::Seq.lte(last.seq)).exec(connection).await?;
    (head.base_seq, head.base_hash) = (last.seq, last.hash.clone());
    set_head(connection, &head).await?;
    Ok(Some(LogEnd { seq: last.seq, hash: last.hash }))
}

/// What the event of a removal says after it: without it, the new beginning of the chain is a deviation.
pub fn pruned(base: &LogEnd) -> Value {
    json!({ "seq": base.seq, "hash": base.hash })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn old(after: &str) -> audit_log::Model {
        audit_log::Model {
            seq: 1,
            id: uuid::Uuid::nil(),
            at: DateTime::UNIX_EPOCH,
            user_id: None,
            role: None,
            kind: "placed-by-hand".to_owned(),
            subject: String::new(),
            before: None,
            after: Some(after.to_owned()),
            request_id: None,
            previous: String::new(),
            hash: String::new(),
        }
    }

    fn lifted(after: &str) -> (Option<String>, Option<String>) {
        let mut row = old(after);
        lift(&mut row);
        (row.before, row.after)
    }

    #[test]
    fn a_reason_in_free_text_does_not_come_along() {
        let some = |text: &str| Some(text.to_owned());
        let place = r#"{"change":"c","before":null,"after":{"offer":"o","reason":"Noor wil dit"}}"#;
        assert_eq!(lifted(place), (some("null"), some(r#"{"offer":"o"}"#)));
        assert_eq!(lifted(r#"{"rows":4}"#), (None, some(r#"{"rows":4}"#)));
        assert_eq!(lifted("{}"), (None, None));
        assert_eq!(lifted("no JSON"), (None, some("no JSON")));
    }

    #[test]
    fn what_moves_between_columns_changes_the_hash() {
        let (mut one, mut two) = (old("x"), old("x"));
        (one.subject, one.kind) = ("ab".to_owned(), "c".to_owned());
        (two.subject, two.kind) = ("a".to_owned(), "bc".to_owned());
        assert_ne!(hash(&one).unwrap(), hash(&two).unwrap());
        two = one.clone();
        two.role = Some(String::new());
        assert_ne!(hash(&one).unwrap(), hash(&two).unwrap());
        two = one.clone();
        two.at += chrono::Duration::nanoseconds(1);
        assert_ne!(hash(&one).unwrap(), hash(&two).unwrap());
    }
}
