//! The same for several students at once: all of it, or nothing.

use std::collections::{BTreeMap, BTreeSet};

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::{Hold, Need, Turn};
use kernschil_domain::ids::{ChangeId, DemandId};
use kernschil_domain::rounds::RoundData;
use serde_json::json;

use super::change::{ChangeKind, Desk, Step};
use super::moves::{self, Seen};
use super::outlook::Outlook;
use super::{hold, turns};
use crate::coverage::Figures;
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change, sight};

/// Most students at once.
pub const MOST_ROWS: usize = 500;

/// What can be done to several students at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BulkAction {
    /// Their placements are pinned.
    Pin,
    /// Their placements are pinned no more.
    Unpin,
    /// Their places are taken back.
    Release,
    /// They are left out, and give their places back.
    LeaveOut,
    /// They take part again.
    TakePart,
}

impl BulkAction {
    /// All, in the order of the screen.
    pub const ALL: [Self; 5] = [Self::Pin, Self::Unpin, Self::Release, Self::LeaveOut, Self::TakePart];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pin => "pin",
            Self::Unpin => "unpin",
            Self::Release => "release",
            Self::LeaveOut => "leave-out",
            Self::TakePart => "take-part",
        }
    }

    /// The Dutch words.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Pin => "vastzetten",
            Self::Unpin => "niet meer vastzetten",
            Self::Release => "van hun plek halen",
            Self::LeaveOut => "overslaan",
            Self::TakePart => "weer mee laten doen",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.code() == code)
    }

    /// Whether it would change something for a demand.
    fn concerns(self, data: &RoundData, demand: DemandId) -> bool {
        let (placement, asked) = (data.placements.get(&demand), data.demands.get(&demand));
        let turn = |turn| asked.is_some_and(|asked| asked.turn == turn && asked.need == Need::Required);
        match self {
            Self::Pin => placement.is_some_and(|placement| placement.hold == Hold::Free),
            Self::Unpin => placement.is_some_and(|placement| placement.hold == Hold::Pinned),
            Self::Release => placement.is_some(),
            Self::LeaveOut => turn(Turn::TakesPart),
            Self::TakePart => turn(Turn::LeftOut),
        }
    }
}

/// The same for several students.
#[derive(Debug, Clone)]
pub struct BulkCommand {
    /// What.
    pub action: BulkAction,
    /// Whom, each as the user saw her.
    pub rows: Vec<Seen>,
}

/// Does the same for several students. Who it would change nothing for is passed over. Answers the change, which can
/// be undone as one.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] for nobody or too many; [`AppError::Conflict`] when somebody else moved
/// one of them, or there is nothing to do.
pub async fn bulk(app: &App, actor: &Actor, slug: &str, command: BulkCommand) -> Result<ChangeId, AppError> {
    let BulkCommand { action, rows } = command;
    if rows.is_empty() || rows.len() > MOST_ROWS {
        let message = format!("Kies 1 tot {MOST_ROWS} studenten.");
        return Err(AppError::Invalid(vec![FieldError::new("rows", "aantal-studenten", message)]));
    }
    app.store
        .write(async |tx| {
            let mut data = sight::locked(app, tx, actor, slug, Permission::PlaceStudents).await?;
            let desk = Desk { app, actor, tx };
            moves::require_open(&data)?;
            for row in &rows {
                moves::seen(&data, row)?;
            }
            let demands: BTreeSet<_> = rows.iter().map(|row| row.demand).filter(|demand| action.concerns(&data, *demand)).collect();
            let mut steps = Vec::new();
            for demand in &demands {
                steps.extend(one(&desk, &mut data, *demand, action).await?);
            }
            if steps.is_empty() {
                let message = format!("Er is niets te veranderen: bij geen van de gekozen studenten kunt u {}.", action.dutch());
                return Err(AppError::conflict("niets-te-doen", message));
            }
            app.audit(tx, actor, EventKind::BulkChanged, slug, Change::to(json!({ "bulk": action.code(), "students": demands.len() })));
            desk.keep(&data, ChangeKind::Bulk, &steps).await
        })
        .await
}

/// Does it for one of them, and notes that with the student as well: the history of a student is whole.
async fn one(desk: &Desk<'_>, data: &mut RoundData, demand: DemandId, action: BulkAction) -> Result<Vec<Step>, AppError> {
    let steps = match action {
        BulkAction::Pin => hold::set(desk, data, demand, Hold::Pinned).await?.into_iter().collect(),
        BulkAction::Unpin => hold::set(desk, data, demand, Hold::Free).await?.into_iter().collect(),
        BulkAction::Release => {
            let before = moves::take(desk, data, demand).await?;
            vec![Step::Place { demand, before, after: None }]
        }
        BulkAction::LeaveOut => turns::steps(desk, data, demand, Turn::LeftOut).await?,
        BulkAction::TakePart => turns::steps(desk, data, demand, Turn::TakesPart).await?,
    };
    if let Some(step) = steps.first() {
        desk.note_step(demand, step);
    }
    Ok(steps)
}

/// What doing something to several students would do.
#[derive(Debug, Clone)]
pub struct BulkOutlook {
    /// What would be done.
    pub action: BulkAction,
    /// For how many it would change something.
    pub students: usize,
    /// Places that come free.
    pub freed: usize,
    /// Coverage of the round then.
    pub coverage: Figures,
}

/// What each action would do to the chosen students; only those that would change something.
pub fn bulk_outlook(data: &RoundData, outlook: &mut Outlook<'_>, chosen: &[DemandId]) -> Vec<BulkOutlook> {
    let of = |action: BulkAction| {
        let demands: Vec<_> = chosen.iter().copied().filter(|demand| action.concerns(data, *demand)).collect();
        let leaves = matches!(action, BulkAction::Release | BulkAction::LeaveOut);
        let gone: BTreeMap<_, _> =
            demands.iter().filter(|demand| leaves && data.placements.contains_key(demand)).map(|demand| (*demand, None)).collect();
        (!demands.is_empty()).then(|| BulkOutlook { action, students: demands.len(), freed: gone.len(), coverage: outlook.after(&gone) })
    };
    BulkAction::ALL.into_iter().filter_map(of).collect()
}
