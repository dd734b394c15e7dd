//! What coordinators decided by hand besides placements: who does not go where, and who stay together.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernschil_domain::codes::{ExclusionCategory, Turn};
use kernschil_domain::ids::{DemandId, RoundId, SchoolId, TeamId, UserId};
use kernschil_domain::rounds::{Exclusion, Team};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::{demands, exclusions, team_members, teams};
use crate::error::StorageError;
use crate::rows::{in_chunks, put, read};
use crate::store::{Tx, WriteTx};

/// Who does not go where, of these demands.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn exclusions(tx: &Tx, demands: &[DemandId]) -> Result<Vec<Exclusion>, StorageError> {
    let ids: Vec<_> = demands.iter().map(|demand| demand.0).collect();
    let rows = in_chunks::<exclusions::Entity, _>(tx, exclusions::Column::DemandId, &ids).await?;
    let exclusion = |row: exclusions::Model| {
        Ok(Exclusion {
            demand: DemandId(row.demand_id),
            school: SchoolId(row.school_id),
            category: read(ExclusionCategory::parse(&row.category), "exclusions.category")?,
        })
    };
    rows.into_iter().map(exclusion).collect()
}

/// Who stay together in a round, by name.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn teams(tx: &Tx, round: RoundId) -> Result<Vec<Team>, StorageError> {
    let rows = teams::Entity::find().filter(teams::Column::RoundId.eq(round.0)).all(tx.connection()).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut members: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in in_chunks::<team_members::Entity, _>(tx, team_members::Column::TeamId, &ids).await? {
        members.entry(row.team_id).or_default().push(DemandId(row.demand_id));
    }
    let mut teams: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let mut members = members.remove(&row.id).unwrap_or_default();
            members.sort_unstable();
            Team { id: TeamId(row.id), name: row.name, members }
        })
        .collect();
    teams.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(teams)
}

/// Who decided something by hand, and when.
#[derive(Debug, Clone, Copy)]
pub struct Decided {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom; nobody at the command line.
    pub by: Option<UserId>,
}

/// Stores that a student does not go to a school; a category that was known before is replaced.
///
/// # Errors
/// [`StorageError::Constraint`] when there is no such demand or school.
pub async fn exclude(tx: &WriteTx, exclusion: &Exclusion, decided: Decided) -> Result<(), StorageError> {
    let row = exclusions::Model {
        demand_id: exclusion.demand.0,
        school_id: exclusion.school.0,
        category: exclusion.category.code().to_owned(),
        made_at: decided.at,
        made_by: decided.by.map(|id| id.0),
    };
    put(tx, vec![row]).await
}

/// Forgets that a student does not go to a school.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn include(tx: &WriteTx, demand: DemandId, school: SchoolId) -> Result<(), StorageError> {
    exclusions::Entity::delete_by_id((demand.0, school.0)).exec(tx.connection()).await?;
    Ok(())
}

/// Stores whether demands take part when a proposal is made.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn set_turn(tx: &WriteTx, demand: DemandId, turn: Turn) -> Result<(), StorageError> {
    demands::Entity::update_many()
        .col_expr(demands::Column::Turn, Expr::value(turn.code()))
        .filter(demands::Column::Id.eq(demand.0))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Stores a team under its name, new or known. Its members come with [`join`].
///
/// # Errors
/// [`StorageError::Constraint`] when another team of the round has the name.
pub async fn name_team(tx: &WriteTx, round: RoundId, team: TeamId, name: &str) -> Result<(), StorageError> {
    put(tx, vec![teams::Model { id: team.0, round_id: round.0, name: name.to_owned() }]).await
}

/// Makes demands members of a team; each leaves the team it was in.
///
/// # Errors
/// [`StorageError::Constraint`] when there is no such team or demand.
pub async fn join(tx: &WriteTx, team: TeamId, members: &[DemandId]) -> Result<(), StorageError> {
    put(tx, members.iter().map(|demand| team_members::Model { demand_id: demand.0, team_id: team.0 }).collect()).await
}

/// Takes demands out of a team.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn leave(tx: &WriteTx, team: TeamId, members: &[DemandId]) -> Result<(), StorageError> {
    for chunk in members.chunks(10_000) {
        let these = team_members::Column::DemandId.is_in(chunk.iter().map(|demand| demand.0));
        team_members::Entity::delete_many().filter(team_members::Column::TeamId.eq(team.0)).filter(these).exec(tx.connection()).await?;
    }
    Ok(())
}

/// Removes a team without members. One that still has members stays: they may be of others.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn remove_team(tx: &WriteTx, team: TeamId) -> Result<(), StorageError> {
    let left = team_members::Entity::find().filter(team_members::Column::TeamId.eq(team.0)).one(tx.connection()).await?;
    if left.is_none() {
        teams::Entity::delete_by_id(team.0).exec(tx.connection()).await?;
    }
    Ok(())
}
