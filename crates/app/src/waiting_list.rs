//! The waiting list (wachtlijst): who has no place, in which order, and what is free now that fits.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kernschil_domain::access::Permission;
use kernschil_domain::codes::{Need, PhaseKind, Turn};
use kernschil_domain::ids::DemandId;
use kernschil_domain::rounds::{Demand, RoundData};
use kernschil_domain::standing::Standings;
use serde::Serialize;

use crate::board::{Candidate, candidates};
use crate::error::AppError;
use crate::listing::search_key;
use crate::students::{StudentRow, rows as student_rows};
use crate::{Actor, App, labels};

/// The rule by which people wait, in Dutch.
pub const RULE: &str = "Eerst wie in de laatste fase zit, dan wie het langst wacht, dan op naam.";

/// Who waits.
#[derive(Debug, Clone, Serialize)]
pub struct WaitingRow {
    /// The demand.
    pub row: StudentRow,
    /// Place on the list, from 1.
    pub rank: usize,
    /// Which phase: the final one goes first.
    pub phase_kind: PhaseKind,
    /// Since when there is no place: when the last one ended, or when the demand came in.
    pub since: Option<DateTime<Utc>>,
    /// The school whose place ended last.
    pub last_school: Option<String>,
    /// Whether the demand takes part when a proposal is made.
    pub turn: Turn,
}

/// The waiting list of a round.
#[derive(Debug, Clone)]
pub struct WaitingList {
    /// The round as the reader may know it.
    pub data: RoundData,
    /// Who waits, in order.
    pub rows: Vec<WaitingRow>,
}

/// What is free now for somebody who waits.
#[derive(Debug, Clone, Serialize)]
pub struct Free {
    /// The places that fit, best first; only the first few.
    pub best: Vec<Candidate>,
    /// How many fit in all.
    pub count: usize,
}

/// Places shown for each student.
const MOST_FREE: usize = 3;

/// When the last place ended, with its school.
fn last_place(data: &RoundData, demand: DemandId) -> Option<(DateTime<Utc>, String)> {
    let ended = data.withdrawn.values().filter(|placement| placement.demand == demand);
    let last = ended.filter_map(|placement| Some((placement.ended_at?, placement))).max_by_key(|(at, placement)| (*at, placement.id))?;
    let school = data.offers.get(&last.1.offer).map(|offer| labels::school(data, offer.school));
    Some((last.0, school.unwrap_or_default()))
}

/// When a demand came in: its identifier holds the moment in which it was made.
fn came_in(demand: DemandId) -> Option<DateTime<Utc>> {
    let (seconds, nanoseconds) = demand.0.get_timestamp()?.to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanoseconds)
}

fn waiting(data: &RoundData) -> Vec<WaitingRow> {
    let without = |demand: &Demand| demand.need == Need::Required && !data.placements.contains_key(&demand.id);
    let mut rows: Vec<_> = student_rows(data, &HashMap::new())
        .into_iter()
        .filter_map(|row| {
            let demand = data.demands.get(&row.demand).filter(|demand| without(demand))?;
            let last = last_place(data, demand.id);
            Some(WaitingRow {
                rank: 0,
                phase_kind: data.registry.phases.get(&demand.phase)?.kind,
                since: last.as_ref().map(|(at, _)| *at).or_else(|| came_in(demand.id)),
                last_school: last.map(|(_, school)| school),
                turn: demand.turn,
                row,
            })
        })
        .collect();
    rows.sort_by_cached_key(|row| (row.phase_kind != PhaseKind::Final, row.since, search_key(&row.row.name), row.row.demand));
    for (rank, row) in (1..).zip(&mut rows) {
        row.rank = rank;
    }
    rows
}

/// The waiting list of a round.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such round within reach.
pub async fn list(app: &App, actor: &Actor, slug: &str) -> Result<WaitingList, AppError> {
    let data = app.picture(actor, slug, Permission::ReadPlacements).await?;
    Ok(WaitingList { rows: waiting(&data), data })
}

/// What is free now for each of some demands.
pub fn free(data: &RoundData, demands: &[DemandId]) -> HashMap<DemandId, Free> {
    let mut standings = Standings::new(data);
    let mut found = HashMap::new();
    for demand in demands.iter().filter_map(|id| data.demands.get(id)) {
        let mut fitting = candidates(data, &mut standings, demand);
        fitting.retain(|candidate| candidate.misfits.is_empty());
        let count = fitting.len();
        fitting.truncate(MOST_FREE);
        found.insert(demand.id, Free { best: fitting, count });
    }
    found
}
