//! What was fixed and announced: snapshots, waves of letters, and the letters.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use kernschil_domain::codes::PlacementStatus;
use kernschil_domain::ids::{DemandId, LetterId, MailId, MutationId, PlacementId, RoundId, SchoolId, SnapshotId, UserId, WaveId};
use kernschil_domain::mutations::{Audience, Letter, LetterKind, Snapshot, SnapshotKind, Wave};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder};

use crate::entity::{letters, placements, snapshots, waves};
use crate::error::StorageError;
use crate::outbox::MailState;
use crate::rows::{all, in_chunks, put, read};
use crate::store::{Tx, WriteTx};

/// Ids in one statement.
const CHUNK: usize = 10_000;

fn snapshot(row: snapshots::Model) -> Result<Snapshot, StorageError> {
    Ok(Snapshot {
        id: SnapshotId(row.id),
        round: RoundId(row.round_id),
        kind: read(SnapshotKind::parse(&row.kind), "snapshots.kind")?,
        made_at: row.made_at,
        made_by: row.made_by.map(UserId),
        hash: row.hash,
        content: row.content,
    })
}

/// Stores a snapshot.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn insert_snapshot(tx: &WriteTx, new: Snapshot) -> Result<(), StorageError> {
    let row = snapshots::Model {
        id: new.id.0,
        round_id: new.round.0,
        kind: new.kind.code().to_owned(),
        made_at: new.made_at,
        made_by: new.made_by.map(|id| id.0),
        hash: new.hash,
        content: new.content,
    };
    put(tx, vec![row]).await
}

/// The snapshots of a round, newest first.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn snapshots(tx: &Tx, round: RoundId) -> Result<Vec<Snapshot>, StorageError> {
    let rows = snapshots::Entity::find()
        .filter(snapshots::Column::RoundId.eq(round.0))
        .order_by_desc(snapshots::Column::MadeAt)
        .order_by_desc(snapshots::Column::Id)
        .all(tx.connection())
        .await?;
    rows.into_iter().map(snapshot).collect()
}

/// All snapshots, in no order.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn all_snapshots(tx: &Tx) -> Result<Vec<Snapshot>, StorageError> {
    all::<snapshots::Entity>(tx).await?.into_iter().map(snapshot).collect()
}

fn wave(row: &waves::Model) -> Result<Wave, StorageError> {
    Ok(Wave {
        id: WaveId(row.id),
        round: RoundId(row.round_id),
        ordinal: row.ordinal,
        audience: read(Audience::parse(&row.audience), "waves.audience")?,
        made_at: row.made_at,
        made_by: row.made_by.map(UserId),
        mutation: row.mutation_id.map(MutationId),
    })
}

/// Stores a wave with its letters.
///
/// # Errors
/// [`StorageError::Constraint`] when the round has a wave with the same number already.
pub async fn insert_wave(tx: &WriteTx, new: &Wave, its: &[Letter]) -> Result<(), StorageError> {
    let row = waves::Model {
        id: new.id.0,
        round_id: new.round.0,
        ordinal: new.ordinal,
        audience: new.audience.code().to_owned(),
        made_at: new.made_at,
        made_by: new.made_by.map(|id| id.0),
        mutation_id: new.mutation.map(|id| id.0),
    };
    put(tx, vec![row]).await?;
    let row = |letter: &Letter| letters::Model {
        id: letter.id.0,
        wave_id: letter.wave.0,
        kind: letter.kind.code().to_owned(),
        school_id: letter.school.map(|id| id.0),
        demand_id: letter.demand.map(|id| id.0),
        placement_id: letter.placement.map(|id| id.0),
        mail_id: letter.mail.map(|id| id.0),
    };
    put(tx, its.iter().map(row).collect()).await
}

/// The waves of a round, the first one first.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn waves(tx: &Tx, round: RoundId) -> Result<Vec<Wave>, StorageError> {
    let these = waves::Entity::find().filter(waves::Column::RoundId.eq(round.0)).order_by_asc(waves::Column::Ordinal);
    these.all(tx.connection()).await?.iter().map(wave).collect()
}

fn letter(row: &letters::Model) -> Result<Letter, StorageError> {
    Ok(Letter {
        id: LetterId(row.id),
        wave: WaveId(row.wave_id),
        kind: read(LetterKind::parse(&row.kind), "letters.kind")?,
        school: row.school_id.map(SchoolId),
        demand: row.demand_id.map(DemandId),
        placement: row.placement_id.map(PlacementId),
        mail: row.mail_id.map(MailId),
    })
}

/// The letters of waves, in the order in which they were made.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn letters(tx: &Tx, of: &[WaveId]) -> Result<Vec<Letter>, StorageError> {
    let ids: Vec<_> = of.iter().map(|wave| wave.0).collect();
    let mut rows = in_chunks::<letters::Entity, _>(tx, letters::Column::WaveId, &ids).await?;
    rows.sort_by_key(|row| row.id);
    rows.iter().map(letter).collect()
}

/// The letters about demands, in the order in which they were made.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn letters_about(tx: &Tx, demands: &BTreeSet<DemandId>) -> Result<Vec<Letter>, StorageError> {
    let ids: Vec<_> = demands.iter().map(|demand| demand.0).collect();
    let mut rows = in_chunks::<letters::Entity, _>(tx, letters::Column::DemandId, &ids).await?;
    rows.sort_by_key(|row| row.id);
    rows.iter().map(letter).collect()
}

/// How the mails of letters fare; a mail that was removed after its term is not there.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn mail_states(tx: &Tx, mails: &[MailId]) -> Result<Vec<(MailId, MailState)>, StorageError> {
    use crate::entity::mails as table;
    let ids: Vec<_> = mails.iter().map(|mail| mail.0).collect();
    let rows = in_chunks::<table::Entity, _>(tx, table::Column::Id, &ids).await?;
    rows.into_iter().map(|row| Ok((MailId(row.id), read(MailState::parse(&row.state), "mails.state")?))).collect()
}

/// Moves placements from one status to the next, all or none.
///
/// # Errors
/// [`StorageError::Stale`] when one of them is not in the status `from` any more.
pub async fn advance(
    tx: &WriteTx,
    ids: &[PlacementId],
    from: PlacementStatus,
    to: PlacementStatus,
    announced_at: Option<DateTime<Utc>>,
) -> Result<(), StorageError> {
    for chunk in ids.chunks(CHUNK) {
        let done = placements::Entity::update_many()
            .col_expr(placements::Column::Status, Expr::value(to.code()))
            .col_expr(placements::Column::AnnouncedAt, Expr::value(announced_at))
            .col_expr(placements::Column::Version, Expr::col(placements::Column::Version).add(1))
            .filter(placements::Column::Id.is_in(chunk.iter().map(|id| id.0)))
            .filter(placements::Column::Status.eq(from.code()))
            .exec(tx.connection())
            .await?;
        if usize::try_from(done.rows_affected).ok() != Some(chunk.len()) {
            return Err(StorageError::Stale);
        }
    }
    Ok(())
}
