//! What coordinators decided by hand besides placements: who does not go where, and who stay together.

use std::collections::BTreeMap;

use kernschil_domain::codes::ExclusionCategory;
use kernschil_domain::ids::{DemandId, RoundId, SchoolId, TeamId};
use kernschil_domain::rounds::{Exclusion, Team};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::{exclusions, team_members, teams};
use crate::error::StorageError;
use crate::rows::{in_chunks, read};
use crate::store::Tx;

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
