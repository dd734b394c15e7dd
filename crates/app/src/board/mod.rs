//! The placement board (plaatsbord): exceptions first, and everything that is decided by hand: placing, swapping,
//! pinning, excluding, leaving out, teams, many at once. Each change locks the round, compares what the user saw with
//! what is there, keeps every capacity, leaves an event in the log, and can be undone as one.

mod bulk;
mod candidates;
mod change;
mod exceptions;
mod exclusions;
mod hold;
mod moves;
mod outlook;
mod place;
mod swap;
mod teams;
mod telling;
mod turns;
mod undo;

use std::collections::HashMap;

use kernschil_domain::access::Permission;
use kernschil_domain::codes::Need;
use kernschil_domain::ids::DemandId;
use kernschil_domain::rounds::RoundData;
use kernschil_domain::several::{SeveralPeriods, several_periods};
use kernschil_storage::placements;
use serde::Serialize;

use crate::error::AppError;
use crate::students::StudentRow;
use crate::{Actor, App, sight, students};

pub use bulk::{BulkAction, BulkCommand, BulkOutlook, MOST_ROWS, bulk, bulk_outlook};
pub use candidates::{Candidate, Current, PlaceAccess, candidates, candidates_of};
pub use change::{ChangeView, MOST_REASON};
pub use exceptions::{ExceptionKind, team_of};
pub use exclusions::{ExcludeCommand, exclude};
pub use hold::hold;
pub use moves::Seen;
pub use outlook::{Consequence, Outlook, Supposed, consequences, rivals};
pub use place::{PlaceCommand, place, release};
pub use swap::{Placed, Side, SwapCommand, SwapOutlook, partners, swap, swap_outlook};
pub use teams::{TeamChange, TeamCommand, TeamSeen, team, team_tag};
pub use turns::turn;
pub use undo::undo;

/// So far back somebody can look for a change to undo.
const MOST_CHANGES: u64 = 500;

/// A row of the board.
#[derive(Debug, Clone, Serialize)]
pub struct BoardRow {
    /// The demand.
    pub row: StudentRow,
    /// What makes it worth a look, the most urgent first; empty means nothing does.
    pub exceptions: Vec<ExceptionKind>,
}

/// The board of a round.
#[derive(Debug, Clone)]
pub struct BoardView {
    /// The round and its registry.
    pub data: RoundData,
    /// Every demand that needs a place, exceptions first.
    pub rows: Vec<BoardRow>,
    /// Number of demands per kind of exception, every kind.
    pub counts: Vec<(ExceptionKind, usize)>,
    /// Number without exceptions.
    pub unremarkable: usize,
    /// The latest change that can still be undone.
    pub last_change: Option<ChangeView>,
}

/// The board of a round.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such round.
pub async fn board(app: &App, actor: &Actor, slug: &str) -> Result<BoardView, AppError> {
    app.store
        .read(async |tx| {
            let (data, run) = sight::explained(app, tx, actor, slug, Permission::ReadPlacements).await?;
            let reasons = run.map(|run| run.reasons).unwrap_or_default();
            // The latest one that the reader may know of.
            let recent = placements::changes(tx, data.round.id, MOST_CHANGES).await?;
            let last_change = recent.iter().find_map(|change| telling::change_view(&data, change));
            let rows = rows(&data, &reasons);
            let count = |kind| rows.iter().filter(|row| row.exceptions.contains(&kind)).count();
            let counts = ExceptionKind::ALL.into_iter().map(|kind| (kind, count(kind))).collect();
            let unremarkable = rows.iter().filter(|row| row.exceptions.is_empty()).count();
            Ok(BoardView { data, rows, counts, unremarkable, last_change })
        })
        .await
}

/// Every demand that needs a place, exceptions first.
pub(crate) fn rows(data: &RoundData, reasons: &HashMap<DemandId, String>) -> Vec<BoardRow> {
    let half = several_periods(data).into_iter().filter(SeveralPeriods::is_half).map(|student| student.student).collect();
    let mut rows: Vec<_> = students::rows(data, reasons)
        .into_iter()
        .filter(|row| data.demands.get(&row.demand).is_some_and(|d| d.need == Need::Required))
        .map(|row| BoardRow { exceptions: exceptions::exceptions(data, &half, &row), row })
        .collect();
    // Stable: within a kind the order of names stays.
    rows.sort_by_key(|row| row.exceptions.first().copied().map_or((1, None), |kind| (0, Some(kind))));
    rows
}
