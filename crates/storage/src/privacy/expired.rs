//! What is past its term: counting it and taking it away.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{TrainerId, UserId};
use kernschil_domain::privacy::{ANONYMOUS, FORGOTTEN_FILE, PSEUDONYM};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, TryInsertResult};

use crate::access::{self, UserState};
use crate::entity::{
    account_links, api_tokens, audit_log, imports, jobs, known_devices, mails, oidc_flows, qualifications, role_grants, sessions, settings,
    trainer_schools, trainers, users,
};
use crate::error::StorageError;
use crate::rows::{all, in_chunks, put};
use crate::store::{Tx, WriteTx};

/// Trainers whose last link with a school ended before a day. Trainers who never had one are not among them: nobody
/// knows since when.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn idle_trainers(tx: &Tx, before: NaiveDate) -> Result<Vec<TrainerId>, StorageError> {
    let mut ends: HashMap<Uuid, Option<NaiveDate>> = HashMap::new();
    for link in all::<trainer_schools::Entity>(tx).await? {
        let end = ends.entry(link.trainer_id).or_insert(link.valid_to);
        *end = end.zip(link.valid_to).map(|(one, other)| one.max(other));
    }
    let is_idle = |id: &Uuid| ends.get(id).is_some_and(|end| end.is_some_and(|end| end < before));
    let rows = trainers::Entity::find().order_by_asc(trainers::Column::Id).all(tx.connection()).await?;
    let idle = rows.into_iter().filter(|row| is_idle(&row.id) && !row.number.starts_with(PSEUDONYM));
    Ok(idle.map(|row| TrainerId(row.id)).collect())
}

/// Makes trainers unrecognisable: name and number are replaced, qualifications go.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn anonymise_trainers(tx: &WriteTx, pseudonyms: &BTreeMap<TrainerId, String>) -> Result<(), StorageError> {
    let ids: Vec<_> = pseudonyms.keys().map(|id| id.0).collect();
    let rows = in_chunks::<trainers::Entity, _>(tx, trainers::Column::Id, &ids).await?;
    let unrecognisable = rows.into_iter().filter_map(|row| {
        let number = pseudonyms.get(&TrainerId(row.id))?.clone();
        Some(trainers::Model { number, name: ANONYMOUS.to_owned(), ..row })
    });
    put(tx, unrecognisable.collect()).await?;
    let theirs = qualifications::Column::TrainerId.is_in(ids);
    qualifications::Entity::delete_many().filter(theirs).exec(tx.connection()).await?;
    Ok(())
}

/// Accounts that were removed before a moment, or so long ago that the log does not know it any more, of which roles or
/// the last time somebody came in are still kept.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn removed_users(tx: &Tx, before: DateTime<Utc>) -> Result<Vec<UserId>, StorageError> {
    let removed = users::Entity::find().filter(users::Column::State.eq(UserState::Removed.code())).order_by_asc(users::Column::Id);
    let mut found = Vec::new();
    for user in removed.all(tx.connection()).await? {
        let roles = role_grants::Entity::find().filter(role_grants::Column::UserId.eq(user.id));
        if user.signed_in_at.is_none() && roles.count(tx.connection()).await? == 0 {
            continue;
        }
        let later = audit_log::Entity::find()
            .filter(audit_log::Column::Kind.eq(EventKind::UserRemoved.code()))
            .filter(audit_log::Column::Subject.eq(user.id.to_string()))
            .filter(audit_log::Column::At.gte(before));
        if later.count(tx.connection()).await? == 0 {
            found.push(UserId(user.id));
        }
    }
    Ok(found)
}

/// Forgets the roles of removed accounts, and when somebody last came in with them. The accounts themselves stay, so
/// that the log still holds together; who they were of was forgotten when they were removed.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn forget_users(tx: &WriteTx, accounts: &[UserId]) -> Result<(), StorageError> {
    let ids = || accounts.iter().map(|id| id.0);
    role_grants::Entity::delete_many().filter(role_grants::Column::UserId.is_in(ids())).exec(tx.connection()).await?;
    users::Entity::update_many()
        .col_expr(users::Column::SignedInAt, Expr::value(Option::<DateTime<Utc>>::None))
        .filter(users::Column::Id.is_in(ids()))
        .exec(tx.connection())
        .await?;
    Ok(())
}

fn old_tokens(before: DateTime<Utc>) -> Condition {
    Condition::any().add(api_tokens::Column::ExpiresAt.lt(before)).add(api_tokens::Column::RevokedAt.lt(before))
}

/// How many browsers were first used before a moment, API tokens ended before it, and sessions, links and round trips to
/// providers have expired by now.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn count_devices(tx: &Tx, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<u64, StorageError> {
    let connection = tx.connection();
    let counts = [
        known_devices::Entity::find().filter(known_devices::Column::CreatedAt.lt(before)).count(connection).await?,
        api_tokens::Entity::find().filter(old_tokens(before)).count(connection).await?,
        sessions::Entity::find().filter(sessions::Column::ExpiresAt.lt(now)).count(connection).await?,
        account_links::Entity::find().filter(account_links::Column::ExpiresAt.lt(now)).count(connection).await?,
        oidc_flows::Entity::find().filter(oidc_flows::Column::ExpiresAt.lt(now)).count(connection).await?,
    ];
    Ok(counts.iter().sum())
}

/// Removes what [`count_devices`] counts.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn remove_devices(tx: &WriteTx, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), StorageError> {
    access::sweep(tx, now).await?;
    access::forget_devices_before(tx, before).await?;
    api_tokens::Entity::delete_many().filter(old_tokens(before)).exec(tx.connection()).await?;
    Ok(())
}

/// How many mails ended before a moment.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn count_mails(tx: &Tx, before: DateTime<Utc>) -> Result<u64, StorageError> {
    Ok(mails::Entity::find().filter(mails::Column::EndedAt.lt(before)).count(tx.connection()).await?)
}

/// How many files were loaded before a moment of which the name is kept still, and pieces of work ended before it.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn count_history(tx: &Tx, before: DateTime<Utc>) -> Result<u64, StorageError> {
    let named = imports::Entity::find().filter(imports::Column::MadeAt.lt(before)).filter(imports::Column::FileName.ne(FORGOTTEN_FILE));
    let ended = jobs::Entity::find().filter(jobs::Column::EndedAt.lt(before));
    Ok(named.count(tx.connection()).await? + ended.count(tx.connection()).await?)
}

/// Takes away what [`count_history`] counts: the names of the files, and the work.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn forget_history(tx: &WriteTx, before: DateTime<Utc>) -> Result<(), StorageError> {
    imports::Entity::update_many()
        .col_expr(imports::Column::FileName, Expr::value(FORGOTTEN_FILE))
        .filter(imports::Column::MadeAt.lt(before))
        .exec(tx.connection())
        .await?;
    jobs::Entity::delete_many().filter(jobs::Column::EndedAt.lt(before)).exec(tx.connection()).await?;
    Ok(())
}

/// How many events of the log come before a moment, the oldest first and without gaps: what pruning takes away.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn count_events(tx: &Tx, before: DateTime<Utc>) -> Result<u64, StorageError> {
    let first_kept = audit_log::Entity::find().filter(audit_log::Column::At.gte(before)).order_by_asc(audit_log::Column::Seq);
    let mut old = audit_log::Entity::find();
    if let Some(kept) = first_kept.one(tx.connection()).await? {
        old = old.filter(audit_log::Column::Seq.lt(kept.seq));
    }
    Ok(old.count(tx.connection()).await?)
}

/// Takes a day for something that happens once a day: of several instances that ask, one gets it.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn claim_day(tx: &WriteTx, name: &str, day: NaiveDate) -> Result<bool, StorageError> {
    let value = day.to_string();
    let row = settings::Model { name: name.to_owned(), value: value.clone() };
    let first = settings::Entity::insert_many([sea_orm::IntoActiveModel::into_active_model(row)])
        .on_conflict_do_nothing_on([settings::Column::Name])
        .exec_without_returning(tx.connection())
        .await?;
    if matches!(first, TryInsertResult::Inserted(1)) {
        return Ok(true);
    }
    // Days are written so that their order is the order of their letters.
    let done = settings::Entity::update_many()
        .col_expr(settings::Column::Value, Expr::value(value.clone()))
        .filter(settings::Column::Name.eq(name))
        .filter(settings::Column::Value.lt(value))
        .exec(tx.connection())
        .await?;
    Ok(done.rows_affected == 1)
}
