//! What changes after publication: noted, planned, carried out or taken back.

use chrono::{DateTime, Utc};
use kernschil_domain::codes::{ExclusionCategory, Need, Turn};
use kernschil_domain::ids::{DemandId, MutationId, RoundId, TrainerId, UserId, Version};
use kernschil_domain::mutations::{Mutation, MutationState, MutationSubject};
use kernschil_domain::placements::Placement;
use kernschil_domain::rounds::{Absence, Exclusion};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::{demands, exclusions, mutations, placements};
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Tx, WriteTx};

/// A mutation with its plan, as stored.
#[derive(Debug, Clone)]
pub struct StoredMutation {
    /// The mutation.
    pub mutation: Mutation,
    /// The plan, and what was done of it, as JSON.
    pub plan: Option<String>,
}

fn stored(row: mutations::Model) -> Result<StoredMutation, StorageError> {
    let mutation = Mutation {
        id: MutationId(row.id),
        round: RoundId(row.round_id),
        subject: read(serde_json::from_str::<MutationSubject>(&row.subject).ok(), "mutations.subject")?,
        state: read(MutationState::parse(&row.state), "mutations.state")?,
        note: row.note,
        made_at: row.made_at,
        made_by: row.made_by.map(UserId),
        ended_at: row.ended_at,
        version: Version(row.version),
    };
    Ok(StoredMutation { mutation, plan: row.plan })
}

/// Stores a new mutation.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn insert(tx: &WriteTx, new: &Mutation) -> Result<(), StorageError> {
    let row = mutations::Model {
        id: new.id.0,
        round_id: new.round.0,
        kind: new.subject.code().to_owned(),
        state: new.state.code().to_owned(),
        subject: serde_json::to_string(&new.subject).map_err(|e| StorageError::Encoding(e.to_string()))?,
        plan: None,
        note: new.note.clone(),
        made_at: new.made_at,
        made_by: new.made_by.map(|id| id.0),
        ended_at: new.ended_at,
        version: new.version.0,
    };
    put(tx, vec![row]).await
}

/// The mutations of a round, the newest first.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn of_round(tx: &Tx, round: RoundId) -> Result<Vec<StoredMutation>, StorageError> {
    let rows = mutations::Entity::find()
        .filter(mutations::Column::RoundId.eq(round.0))
        .order_by_desc(mutations::Column::MadeAt)
        .order_by_desc(mutations::Column::Id)
        .all(tx.connection())
        .await?;
    rows.into_iter().map(stored).collect()
}

/// One mutation of a round.
///
/// # Errors
/// [`StorageError::NotFound`] when the round has no such mutation.
pub async fn get(tx: &Tx, round: RoundId, id: MutationId) -> Result<StoredMutation, StorageError> {
    let row = mutations::Entity::find_by_id(id.0).filter(mutations::Column::RoundId.eq(round.0)).one(tx.connection()).await?;
    row.map(stored).transpose()?.ok_or(StorageError::NotFound)
}

/// Stores how far a mutation is, and its plan.
///
/// # Errors
/// [`StorageError::Stale`] when somebody else changed it since it was read.
pub async fn save(tx: &WriteTx, changed: &Mutation, plan: Option<&str>) -> Result<Version, StorageError> {
    let next = changed.version.next();
    let done = mutations::Entity::update_many()
        .col_expr(mutations::Column::State, Expr::value(changed.state.code()))
        .col_expr(mutations::Column::Plan, Expr::value(plan.map(str::to_owned)))
        .col_expr(mutations::Column::EndedAt, Expr::value(changed.ended_at))
        .col_expr(mutations::Column::Version, Expr::value(next.0))
        .filter(mutations::Column::Id.eq(changed.id.0))
        .filter(mutations::Column::Version.eq(changed.version.0))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::Stale) } else { Ok(next) }
}

/// Trainers who fell out of a round: what mutations that were carried out say.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn absences(tx: &Tx, round: RoundId) -> Result<Vec<Absence>, StorageError> {
    let rows = mutations::Entity::find()
        .filter(mutations::Column::RoundId.eq(round.0))
        .filter(mutations::Column::State.eq(MutationState::CarriedOut.code()))
        .filter(mutations::Column::Kind.eq(TRAINER_OUT))
        .order_by_asc(mutations::Column::Id)
        .all(tx.connection())
        .await?;
    let all: Vec<_> = rows.into_iter().map(stored).collect::<Result<_, _>>()?;
    let absence = |stored: &StoredMutation| match stored.mutation.subject {
        MutationSubject::TrainerOut { trainer } => Some(Absence { trainer, from: stored.mutation.made_at.date_naive() }),
        _ => None,
    };
    Ok(all.iter().filter_map(absence).collect())
}

const TRAINER_OUT: &str = "trainer-out";

/// Changes whether a place is needed, and whether the demand takes part.
///
/// # Errors
/// [`StorageError::NotFound`] when there is no such demand.
pub async fn set_need(tx: &WriteTx, demand: DemandId, need: Need, turn: Turn) -> Result<(), StorageError> {
    let done = demands::Entity::update_many()
        .col_expr(demands::Column::Need, Expr::value(need.code()))
        .col_expr(demands::Column::Turn, Expr::value(turn.code()))
        .filter(demands::Column::Id.eq(demand.0))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::NotFound) } else { Ok(()) }
}

/// Notes that a student does not go to a school.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn exclude(tx: &WriteTx, exclusion: &Exclusion, at: DateTime<Utc>, by: Option<UserId>) -> Result<(), StorageError> {
    let category: ExclusionCategory = exclusion.category;
    let row = exclusions::Model {
        demand_id: exclusion.demand.0,
        school_id: exclusion.school.0,
        category: category.code().to_owned(),
        made_at: at,
        made_by: by.map(|id| id.0),
    };
    put(tx, vec![row]).await
}

/// Gives a placement another trainer. Fails with `Stale` when somebody else changed it since it was read.
///
/// # Errors
/// [`StorageError::Stale`].
pub async fn set_trainer(tx: &WriteTx, placement: &Placement, trainer: Option<TrainerId>) -> Result<(), StorageError> {
    let done = placements::Entity::update_many()
        .col_expr(placements::Column::TrainerId, Expr::value(trainer.map(|id| id.0)))
        .col_expr(placements::Column::Version, Expr::value(placement.version.next().0))
        .filter(placements::Column::Id.eq(placement.id.0))
        .filter(placements::Column::Version.eq(placement.version.0))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::Stale) } else { Ok(()) }
}
