//! Placements, the runs that proposed them, and the hand-made changes that can be undone.

use chrono::{DateTime, Utc};
use kernschil_domain::codes::{Guidance, Hold, PlacementSource, PlacementStatus};
use kernschil_domain::ids::{ChangeId, DemandId, MutationId, OfferId, PlacementId, RoundId, RunId, TrainerId, UserId, Version};
use kernschil_domain::placements::Placement;
use kernschil_domain::policy::RuleKind;
use kernschil_domain::rounds::Demand;
use kernschil_domain::standing::Standing;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::{allocation_runs, board_changes, offers, placements};
use crate::error::StorageError;
use crate::rows::{in_chunks, put, read};
use crate::store::{Tx, WriteTx};

/// The live and the withdrawn placements of demands.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn of_round(tx: &Tx, demands: &[Demand]) -> Result<(Vec<Placement>, Vec<Placement>), StorageError> {
    let ids: Vec<_> = demands.iter().map(|demand| demand.id.0).collect();
    let rows = in_chunks::<placements::Entity, _>(tx, placements::Column::DemandId, &ids).await?;
    let all: Vec<_> = rows.into_iter().map(placement).collect::<Result<_, _>>()?;
    Ok(all.into_iter().partition(|p| p.status != PlacementStatus::Withdrawn))
}

/// The live placement of a demand.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn live(tx: &Tx, demand: DemandId) -> Result<Option<Placement>, StorageError> {
    let row = placements::Entity::find()
        .filter(placements::Column::DemandId.eq(demand.0))
        .filter(placements::Column::Status.ne(PlacementStatus::Withdrawn.code()))
        .one(tx.connection())
        .await?;
    row.map(placement).transpose()
}

fn placement(row: placements::Model) -> Result<Placement, StorageError> {
    Ok(Placement {
        id: PlacementId(row.id),
        demand: DemandId(row.demand_id),
        offer: OfferId(row.offer_id),
        standing: read(Standing::parse(&row.standing), "placements.standing")?,
        status: read(PlacementStatus::parse(&row.status), "placements.status")?,
        source: read(PlacementSource::parse(&row.source), "placements.source")?,
        run: row.run_id.map(RunId),
        trainer: row.trainer_id.map(TrainerId),
        guidance: row.guidance.map(|code| read(Guidance::parse(&code), "placements.guidance")).transpose()?,
        reason: row.reason,
        hold: read(Hold::parse(&row.hold), "placements.hold")?,
        broken: row.broken.split(';').filter_map(RuleKind::parse).collect(),
        made_at: row.made_at,
        announced_at: row.announced_at,
        ended_at: row.ended_at,
        mutation: row.mutation_id.map(MutationId),
        version: Version(row.version),
    })
}

fn model(placement: &Placement) -> placements::Model {
    placements::Model {
        id: placement.id.0,
        demand_id: placement.demand.0,
        offer_id: placement.offer.0,
        standing: placement.standing.code().to_owned(),
        status: placement.status.code().to_owned(),
        source: placement.source.code().to_owned(),
        run_id: placement.run.map(|id| id.0),
        trainer_id: placement.trainer.map(|id| id.0),
        guidance: placement.guidance.map(|g| g.code().to_owned()),
        reason: placement.reason.clone(),
        version: placement.version.0,
        hold: placement.hold.code().to_owned(),
        broken: placement.broken.iter().map(|rule| rule.code()).collect::<Vec<_>>().join(";"),
        made_at: placement.made_at,
        announced_at: placement.announced_at,
        ended_at: placement.ended_at,
        mutation_id: placement.mutation.map(|id| id.0),
    }
}

/// Takes `count` places of an offer, or none.
///
/// The condition and the counter are one statement, so two writers never take the same place.
///
/// # Errors
/// [`StorageError::PlaceTaken`] when fewer are left.
pub async fn take(tx: &WriteTx, offer: OfferId, count: i32) -> Result<(), StorageError> {
    let used = Expr::col(offers::Column::Used);
    let done = offers::Entity::update_many()
        .col_expr(offers::Column::Used, used.clone().add(count))
        .filter(offers::Column::Id.eq(offer.0))
        .filter(used.add(count).lte(Expr::col(offers::Column::Count)))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::PlaceTaken) } else { Ok(()) }
}

/// Gives `count` places of an offer back.
///
/// # Errors
/// [`StorageError::NotFound`] when fewer were in use.
pub async fn give_back(tx: &WriteTx, offer: OfferId, count: i32) -> Result<(), StorageError> {
    let done = offers::Entity::update_many()
        .col_expr(offers::Column::Used, Expr::col(offers::Column::Used).sub(count))
        .filter(offers::Column::Id.eq(offer.0))
        .filter(offers::Column::Used.gte(count))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::NotFound) } else { Ok(()) }
}

/// Stores new placements. Take their places first.
///
/// # Errors
/// [`StorageError::PlaceTaken`] when a demand has a live placement already.
pub async fn insert(tx: &WriteTx, new: &[Placement]) -> Result<(), StorageError> {
    put(tx, new.iter().map(model).collect()).await
}

/// Stores a changed placement. Fails with `Stale` when somebody else changed it since it was read.
///
/// # Errors
/// [`StorageError::Stale`].
pub async fn save(tx: &WriteTx, changed: &Placement) -> Result<Version, StorageError> {
    let next = changed.version.next();
    let row = model(changed);
    let done = placements::Entity::update_many()
        .col_expr(placements::Column::Status, Expr::value(row.status))
        .col_expr(placements::Column::Guidance, Expr::value(row.guidance))
        .col_expr(placements::Column::Reason, Expr::value(row.reason))
        .col_expr(placements::Column::Hold, Expr::value(row.hold))
        .col_expr(placements::Column::Broken, Expr::value(row.broken))
        .col_expr(placements::Column::AnnouncedAt, Expr::value(row.announced_at))
        .col_expr(placements::Column::EndedAt, Expr::value(row.ended_at))
        .col_expr(placements::Column::MutationId, Expr::value(row.mutation_id))
        .col_expr(placements::Column::Version, Expr::value(next.0))
        .filter(placements::Column::Id.eq(changed.id.0))
        .filter(placements::Column::Version.eq(changed.version.0))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::Stale) } else { Ok(next) }
}

/// An allocation run as stored.
#[derive(Debug, Clone)]
pub struct StoredRun {
    /// Identifier.
    pub id: RunId,
    /// Its round.
    pub round: RoundId,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by: Option<UserId>,
    /// Version of the engine.
    pub engine_version: String,
    /// Hash of everything that went in.
    pub input_hash: String,
    /// The rules, as JSON.
    pub rules: String,
    /// The result with its explanations, as JSON.
    pub result: String,
}

/// Stores a run.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn insert_run(tx: &WriteTx, run: StoredRun) -> Result<(), StorageError> {
    let row = allocation_runs::Model {
        id: run.id.0,
        round_id: run.round.0,
        made_at: run.made_at,
        made_by: run.made_by.map(|id| id.0),
        engine_version: run.engine_version,
        input_hash: run.input_hash,
        rules: run.rules,
        result: run.result,
    };
    put(tx, vec![row]).await
}

/// The latest run of a round.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn latest_run(tx: &Tx, round: RoundId) -> Result<Option<StoredRun>, StorageError> {
    let row = allocation_runs::Entity::find()
        .filter(allocation_runs::Column::RoundId.eq(round.0))
        .order_by_desc(allocation_runs::Column::MadeAt)
        .order_by_desc(allocation_runs::Column::Id)
        .one(tx.connection())
        .await?;
    Ok(row.map(|row| StoredRun {
        id: RunId(row.id),
        round: RoundId(row.round_id),
        made_at: row.made_at,
        made_by: row.made_by.map(UserId),
        engine_version: row.engine_version,
        input_hash: row.input_hash,
        rules: row.rules,
        result: row.result,
    }))
}

/// A change on the placement board that can be undone, as stored.
#[derive(Debug, Clone)]
pub struct StoredChange {
    /// Identifier.
    pub id: ChangeId,
    /// Its round.
    pub round: RoundId,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by: Option<UserId>,
    /// Stable code: `proposal`, `place` or `release`.
    pub kind: String,
    /// What it did, as JSON.
    pub steps: String,
    /// When it was undone.
    pub undone_at: Option<DateTime<Utc>>,
}

/// Stores a change.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn insert_change(tx: &WriteTx, change: StoredChange) -> Result<(), StorageError> {
    let row = board_changes::Model {
        id: change.id.0,
        round_id: change.round.0,
        made_at: change.made_at,
        made_by: change.made_by.map(|id| id.0),
        kind: change.kind,
        steps: change.steps,
        undone_at: change.undone_at,
    };
    put(tx, vec![row]).await
}

/// The latest changes of a round that were not undone, newest first.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn changes(tx: &Tx, round: RoundId, most: u64) -> Result<Vec<StoredChange>, StorageError> {
    let rows = board_changes::Entity::find()
        .filter(board_changes::Column::RoundId.eq(round.0))
        .filter(board_changes::Column::UndoneAt.is_null())
        .order_by_desc(board_changes::Column::MadeAt)
        .order_by_desc(board_changes::Column::Id)
        .limit(most)
        .all(tx.connection())
        .await?;
    Ok(rows.into_iter().map(stored_change).collect())
}

/// A change of a round, undone or not.
///
/// # Errors
/// [`StorageError::NotFound`] when the round has no such change.
pub async fn change(tx: &Tx, round: RoundId, id: ChangeId) -> Result<StoredChange, StorageError> {
    let own = board_changes::Entity::find_by_id(id.0).filter(board_changes::Column::RoundId.eq(round.0));
    own.one(tx.connection()).await?.map(stored_change).ok_or(StorageError::NotFound)
}

fn stored_change(row: board_changes::Model) -> StoredChange {
    StoredChange {
        id: ChangeId(row.id),
        round: RoundId(row.round_id),
        made_at: row.made_at,
        made_by: row.made_by.map(UserId),
        kind: row.kind,
        steps: row.steps,
        undone_at: row.undone_at,
    }
}

/// Marks a change as undone, once.
///
/// # Errors
/// [`StorageError::Stale`] when it was undone before.
pub async fn mark_undone(tx: &WriteTx, change: ChangeId, at: DateTime<Utc>) -> Result<(), StorageError> {
    let done = board_changes::Entity::update_many()
        .col_expr(board_changes::Column::UndoneAt, Expr::value(Some(at)))
        .filter(board_changes::Column::Id.eq(change.0))
        .filter(board_changes::Column::UndoneAt.is_null())
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::Stale) } else { Ok(()) }
}

/// Removes drafts of earlier runs that nobody outside has seen and gives their places back.
///
/// # Errors
/// [`StorageError::NotFound`] when an offer's counter does not hold as many places.
pub async fn discard(tx: &WriteTx, drafts: &[Placement]) -> Result<(), StorageError> {
    let ids: Vec<_> = drafts.iter().map(|p| p.id.0).collect();
    for chunk in ids.chunks(10_000) {
        placements::Entity::delete_many().filter(placements::Column::Id.is_in(chunk.iter().copied())).exec(tx.connection()).await?;
    }
    for (offer, count) in per_offer(drafts) {
        give_back(tx, offer, count).await?;
    }
    Ok(())
}

/// Takes a place for each new placement and stores it; all or none.
///
/// # Errors
/// [`StorageError::PlaceTaken`] when an offer has too few places left or a demand has one already.
pub async fn place_all(tx: &WriteTx, new: &[Placement]) -> Result<(), StorageError> {
    for (offer, count) in per_offer(new) {
        take(tx, offer, count).await?;
    }
    insert(tx, new).await
}

/// In the order of ids, so that two writers never wait for each other in a circle.
fn per_offer(placements: &[Placement]) -> std::collections::BTreeMap<OfferId, i32> {
    let mut counts = std::collections::BTreeMap::new();
    for placement in placements {
        *counts.entry(placement.offer).or_insert(0) += 1;
    }
    counts
}

/// Records what a school turned out to be for a placement, after a correction of the registry. With
/// it goes the guidance, which is known exactly when the place is outside.
///
/// # Errors
/// [`StorageError::Stale`] when somebody else changed it since it was read.
pub async fn restand(tx: &WriteTx, changed: &Placement) -> Result<(), StorageError> {
    let row = model(changed);
    let done = placements::Entity::update_many()
        .col_expr(placements::Column::Standing, Expr::value(row.standing))
        .col_expr(placements::Column::Guidance, Expr::value(row.guidance))
        .col_expr(placements::Column::Version, Expr::value(changed.version.next().0))
        .filter(placements::Column::Id.eq(changed.id.0))
        .filter(placements::Column::Version.eq(changed.version.0))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::Stale) } else { Ok(()) }
}
