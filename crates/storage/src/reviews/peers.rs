//! The pool of peers, with what they visited.

use kernschil_domain::ids::{BoardId, InstituteId, PartnershipId, PeerId, RegionId, ReviewId, Version};
use kernschil_domain::reviews::{Peer, PeerVisit};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::{peer_visits, peers};
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Tx, WriteTx};

fn stored(row: peers::Model) -> Result<Peer, StorageError> {
    Ok(Peer {
        id: PeerId(row.id),
        name: row.name,
        email: row.email,
        region: RegionId(row.region_id),
        partnership: row.partnership_id.map(PartnershipId),
        board: row.board_id.map(BoardId),
        institute: row.institute_id.map(InstituteId),
        left: read(serde_json::from_str(&row.former).ok(), "peers.former")?,
        trained_on: row.trained_on,
        ended_on: row.ended_on,
        version: Version(row.version),
    })
}

fn model(peer: &Peer, version: Version) -> Result<peers::Model, StorageError> {
    Ok(peers::Model {
        id: peer.id.0,
        name: peer.name.clone(),
        email: peer.email.clone(),
        region_id: peer.region.0,
        partnership_id: peer.partnership.map(|id| id.0),
        board_id: peer.board.map(|id| id.0),
        institute_id: peer.institute.map(|id| id.0),
        former: serde_json::to_string(&peer.left).map_err(|error| StorageError::Encoding(error.to_string()))?,
        trained_on: peer.trained_on,
        ended_on: peer.ended_on,
        version: version.0,
    })
}

/// Everybody in the pool, by name.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn list(tx: &Tx) -> Result<Vec<Peer>, StorageError> {
    let rows = peers::Entity::find().order_by_asc(peers::Column::Name).order_by_asc(peers::Column::Id).all(tx.connection()).await?;
    rows.into_iter().map(stored).collect()
}

/// Somebody in the pool.
///
/// # Errors
/// [`StorageError::NotFound`].
pub async fn get(tx: &Tx, id: PeerId) -> Result<Peer, StorageError> {
    let row = peers::Entity::find_by_id(id.0).one(tx.connection()).await?.ok_or(StorageError::NotFound)?;
    stored(row)
}

/// Stores somebody new.
///
/// # Errors
/// [`StorageError::Constraint`] when the address is in use.
pub async fn insert(tx: &WriteTx, new: &Peer) -> Result<(), StorageError> {
    put(tx, vec![model(new, new.version)?]).await
}

/// Stores a changed peer. Fails with `Stale` when somebody else changed her since she was read.
///
/// # Errors
/// [`StorageError::Stale`]; [`StorageError::Constraint`] when the address is in use.
pub async fn save(tx: &WriteTx, changed: &Peer) -> Result<Version, StorageError> {
    let next = changed.version.next();
    let done = peers::Entity::update_many()
        .col_expr(peers::Column::Version, Expr::value(next.0))
        .filter(peers::Column::Id.eq(changed.id.0))
        .filter(peers::Column::Version.eq(changed.version.0))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 {
        return Err(StorageError::Stale);
    }
    put(tx, vec![model(changed, next)?]).await?;
    Ok(next)
}

/// All visits of everybody in the pool, the latest first.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn visits(tx: &Tx) -> Result<Vec<PeerVisit>, StorageError> {
    let rows = peer_visits::Entity::find().order_by_desc(peer_visits::Column::VisitedOn).order_by_asc(peer_visits::Column::PeerId);
    let visit = |row: peer_visits::Model| PeerVisit {
        peer: PeerId(row.peer_id),
        review: row.review_id.map(ReviewId),
        label: row.label,
        visited_on: row.visited_on,
        region: row.region_id.map(RegionId),
    };
    Ok(rows.all(tx.connection()).await?.into_iter().map(visit).collect())
}

/// Stores visits; one of the same peer on the same day is replaced.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn put_visits(tx: &WriteTx, new: &[PeerVisit]) -> Result<(), StorageError> {
    let row = |visit: &PeerVisit| peer_visits::Model {
        peer_id: visit.peer.0,
        visited_on: visit.visited_on,
        label: visit.label.clone(),
        review_id: visit.review.map(|id| id.0),
        region_id: visit.region.map(|id| id.0),
    };
    put(tx, new.iter().map(row).collect()).await
}

/// Removes the visits of a peer that are not of a review in this installation: those are replaced by what she tells.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn remove_told_visits(tx: &WriteTx, peer: PeerId) -> Result<(), StorageError> {
    let told = peer_visits::Entity::delete_many().filter(peer_visits::Column::PeerId.eq(peer.0));
    told.filter(peer_visits::Column::ReviewId.is_null()).exec(tx.connection()).await?;
    Ok(())
}

/// Removes the visits that were noted for a review.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn remove_visits_to(tx: &WriteTx, review: ReviewId) -> Result<(), StorageError> {
    peer_visits::Entity::delete_many().filter(peer_visits::Column::ReviewId.eq(review.0)).exec(tx.connection()).await?;
    Ok(())
}
