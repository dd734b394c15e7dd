//! Totals of boards: the most students at the schools of a board in a period.

use std::collections::{BTreeMap, BTreeSet};

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::fit::Load;
use kernschil_domain::ids::{BoardId, PeriodId, Version};
use kernschil_domain::rounds::{BoardTotal, RoundData};
use kernschil_storage::{StorageError, policy, rounds};
use serde::Serialize;
use serde_json::json;

use crate::error::{AppError, FieldError};
use crate::proposals::{require_open, stays};
use crate::{Actor, App, Change, labels, sight};

/// The largest total there is.
pub const MOST_STUDENTS: i32 = 100_000;

/// A board with what its schools offer in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TotalView {
    /// The board.
    pub board: BoardId,
    /// Its name.
    pub board_name: String,
    /// The period.
    pub period: PeriodId,
    /// Its name.
    pub period_name: String,
    /// Places its schools offer.
    pub offered: i32,
    /// Students there now.
    pub placed: i32,
    /// Most students; nothing when there is no total.
    pub maximum: Option<i32>,
}

/// A total to set; without a maximum there is none any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TotalChange {
    /// The board.
    pub board: BoardId,
    /// The period.
    pub period: PeriodId,
    /// Most students.
    pub maximum: Option<i64>,
}

/// Every board whose schools offer places, with every period in which they do; by name.
pub(super) fn views(data: &RoundData) -> Vec<TotalView> {
    let mut offered: BTreeMap<(BoardId, PeriodId), i32> = BTreeMap::new();
    for offer in data.offers.values() {
        let Some(period) = data.periods.get(&offer.period) else { continue };
        let Some(board) = data.registry.board_of(offer.school, period.starts_on) else { continue };
        *offered.entry((board.id, offer.period)).or_default() += offer.count;
    }
    let load = Load::of(data, |_| true);
    let maximum = |board, period| data.board_totals.iter().find(|t| t.board == board && t.period == period).map(|t| t.maximum);
    let mut views: Vec<_> = offered
        .into_iter()
        .map(|((board, period), offered)| TotalView {
            board,
            board_name: data.registry.boards.get(&board).map(kernschil_domain::registry::Board::label).unwrap_or_default(),
            period,
            period_name: labels::period(data, period),
            offered,
            placed: load.of_board(board, period),
            maximum: maximum(board, period),
        })
        .collect();
    views.sort_by(|a, b| (&a.board_name, &a.period_name, a.board).cmp(&(&b.board_name, &b.period_name, b.board)));
    views
}

/// Gives boards of a round other totals; boards that are not named keep theirs. Answers the new version of the round.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Forbidden`] for who does not coordinate the whole round; [`AppError::Invalid`] with
/// everything that is wrong; [`AppError::Conflict`] when the round is fixed or was changed since `seen`.
pub async fn set_totals(app: &App, actor: &Actor, slug: &str, changes: Vec<TotalChange>, seen: Version) -> Result<Version, AppError> {
    app.store
        .write(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::ManageRounds).await?;
            rounds::lock(tx, slug).await?;
            let data = rounds::picture(tx, slug).await?;
            require_open(&data)?;
            if data.round.version != seen {
                return Err(StorageError::Stale.into());
            }
            let totals = changed(&data, &changes)?;
            if totals == sorted(&data.board_totals) {
                return Ok(seen);
            }
            let version = policy::set_board_totals(tx, data.round.id, &totals, seen).await?;
            let told = |totals: &[BoardTotal]| json!(totals);
            let change = Change::between(told(&sorted(&data.board_totals)), told(&totals));
            app.audit(tx, actor, EventKind::BoardTotalChanged, slug, change);
            Ok::<_, AppError>(version)
        })
        .await
}

fn sorted(totals: &[BoardTotal]) -> Vec<BoardTotal> {
    let mut totals = totals.to_vec();
    totals.sort_by_key(|total| (total.board, total.period));
    totals
}

fn changed(data: &RoundData, changes: &[TotalChange]) -> Result<Vec<BoardTotal>, AppError> {
    let known: BTreeSet<_> = views(data).into_iter().map(|view| (view.board, view.period)).collect();
    let staying = Load::of(data, stays);
    let mut totals: BTreeMap<_, _> = data.board_totals.iter().map(|total| ((total.board, total.period), total.maximum)).collect();
    let mut wrong = Vec::new();
    for change in changes {
        let key = (change.board, change.period);
        let Some(maximum) = change.maximum else {
            totals.remove(&key);
            continue;
        };
        let board = data.registry.boards.get(&change.board).map(kernschil_domain::registry::Board::label).unwrap_or_default();
        let placed = staying.of_board(change.board, change.period);
        let field = format!("totals.{}.{}", change.board, change.period);
        match i32::try_from(maximum).ok().filter(|most| (0..=MOST_STUDENTS).contains(most)) {
            _ if !known.contains(&key) => {
                let message = "Dit bestuur heeft in deze periode geen scholen met plekken. Kies een bestuur en periode uit de lijst.";
                wrong.push(FieldError::new(&field, "onbekend-bestuur", message));
            }
            None => {
                let message = format!("Het bestuurstotaal van {board} is een getal van 0 tot en met {MOST_STUDENTS}, of leeg.");
                wrong.push(FieldError::new(&field, "getal-buiten-bereik", message));
            }
            Some(most) if most < placed => {
                let message = format!(
                    "Bij {board} staan al {placed} studenten die blijven; een bestuurstotaal van {most} kan niet. Maak eerst plaatsen los."
                );
                wrong.push(FieldError::new(&field, "minder-dan-geplaatst", message));
            }
            Some(most) => {
                totals.insert(key, most);
            }
        }
    }
    if wrong.is_empty() {
        Ok(totals.into_iter().map(|((board, period), maximum)| BoardTotal { board, period, maximum }).collect())
    } else {
        Err(AppError::Invalid(wrong))
    }
}
