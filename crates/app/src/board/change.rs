//! Changes on the board: what each did, how it is told, noted and written down for undo.

use chrono::{DateTime, Utc};
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::{ExclusionCategory, Guidance, Hold, PlacementSource, PlacementStatus, Turn};
use kernschil_domain::ids::{ChangeId, DemandId, OfferId, PlacementId, RunId, SchoolId, TeamId, TrainerId};
use kernschil_domain::placements::Placement;
use kernschil_domain::policy::RuleKind;
use kernschil_domain::rounds::RoundData;
use kernschil_storage::WriteTx;
use kernschil_storage::placements::{self, StoredChange};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::error::AppError;
use crate::{Actor, App, Change};

/// A change that can be undone.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeView {
    /// Identifier.
    pub id: ChangeId,
    /// When.
    pub made_at: DateTime<Utc>,
    /// What it did, in Dutch.
    pub sentence: String,
}

/// What kind of change it is; the database knows the codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChangeKind {
    Place,
    Release,
    Swap,
    Pin,
    Exclude,
    LeaveOut,
    Team,
    Bulk,
}

impl ChangeKind {
    fn code(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Release => "release",
            Self::Swap => "swap",
            Self::Pin => "pin",
            Self::Exclude => "exclude",
            Self::LeaveOut => "leave-out",
            Self::Team => "team",
            Self::Bulk => "bulk",
        }
    }
}

/// What a placement was or became; enough to put it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) placement: PlacementId,
    pub(super) offer: OfferId,
    pub(super) source: PlacementSource,
    pub(super) status: PlacementStatus,
    pub(super) run: Option<RunId>,
    pub(super) trainer: Option<TrainerId>,
    pub(super) guidance: Option<Guidance>,
    pub(super) reason: Option<String>,
    #[serde(default = "free")]
    pub(super) hold: Hold,
    #[serde(default)]
    pub(super) broken: Vec<RuleKind>,
}

/// Changes from before placements could be pinned say nothing about it.
fn free() -> Hold {
    Hold::Free
}

impl Kept {
    pub(super) fn of(placement: &Placement) -> Self {
        Self {
            placement: placement.id,
            offer: placement.offer,
            source: placement.source,
            status: placement.status,
            run: placement.run,
            trainer: placement.trainer,
            guidance: placement.guidance,
            reason: placement.reason.clone(),
            hold: placement.hold,
            broken: placement.broken.clone(),
        }
    }

    /// Whether a placement still is what it was. Its trainer may have changed, and undoing and placing anew gave it
    /// another identifier.
    fn still_is(&self, now: &Placement) -> bool {
        let then = Self { placement: now.id, trainer: now.trainer, ..self.clone() };
        then == Self::of(now)
    }
}

/// The members of a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptTeam {
    pub(super) name: String,
    pub(super) members: Vec<DemandId>,
}

/// One thing that a change did: before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub(super) enum Step {
    /// A place was given, taken back, or replaced by another.
    Place { demand: DemandId, before: Option<Kept>, after: Option<Kept> },
    /// A placement was pinned or set free.
    Hold { demand: DemandId, offer: OfferId, before: Hold, after: Hold },
    /// A school was excluded for a student, or not any more.
    Exclusion { demand: DemandId, school: SchoolId, before: Option<ExclusionCategory>, after: Option<ExclusionCategory> },
    /// A demand was left out or takes part again.
    Turn { demand: DemandId, before: Turn, after: Turn },
    /// A team was made, changed or removed.
    Team { team: TeamId, before: Option<KeptTeam>, after: Option<KeptTeam> },
}

impl Step {
    /// The demands it is about.
    pub(super) fn demands(&self) -> Vec<DemandId> {
        match self {
            Self::Place { demand, .. } | Self::Hold { demand, .. } | Self::Exclusion { demand, .. } | Self::Turn { demand, .. } => {
                vec![*demand]
            }
            Self::Team { before, after, .. } => before.iter().chain(after).flat_map(|team| team.members.iter().copied()).collect(),
        }
    }

    /// The event of a step by itself, without the reason, which is free text.
    pub(super) fn told(&self) -> (EventKind, Change) {
        match self {
            Self::Place { before, after, .. } => {
                let event = if after.is_some() { EventKind::PlacedByHand } else { EventKind::PlacementReleased };
                (event, Change::between(told(before.as_ref()), told(after.as_ref())))
            }
            Self::Hold { before, after, .. } => {
                (EventKind::PlacementPinned, Change::between(json!({ "hold": before }), json!({ "hold": after })))
            }
            Self::Exclusion { school, before, after, .. } => {
                let told = |category: &Option<ExclusionCategory>| json!({ "school": school, "exclusion": category });
                (EventKind::StudentExcluded, Change::between(told(before), told(after)))
            }
            Self::Turn { before, after, .. } => {
                (EventKind::DemandTurned, Change::between(json!({ "turn": before }), json!({ "turn": after })))
            }
            Self::Team { before, after, .. } => {
                let told =
                    |team: &Option<KeptTeam>| json!(team.as_ref().map(|team| json!({ "team": team.name, "members": team.members.len() })));
                (EventKind::TeamChanged, Change::between(told(before), told(after)))
            }
        }
    }

    /// Whether everything is still as this step left it.
    pub(super) fn holds(&self, data: &RoundData) -> bool {
        match self {
            Self::Place { demand, after, .. } => match (data.placements.get(demand), after) {
                (None, None) => true,
                (Some(now), Some(after)) => after.still_is(now),
                _ => false,
            },
            Self::Hold { demand, offer, after, .. } => {
                data.placements.get(demand).is_some_and(|now| now.offer == *offer && now.hold == *after)
            }
            Self::Exclusion { demand, school, after, .. } => excluded(data, *demand, *school) == *after,
            Self::Turn { demand, after, .. } => data.demands.get(demand).is_some_and(|now| now.turn == *after),
            Self::Team { team, after, .. } => {
                let now = data.teams.iter().find(|known| known.id == *team);
                now.map(|now| KeptTeam { name: now.name.clone(), members: now.members.clone() }) == *after
            }
        }
    }
}

/// Why a student does not go to a school, if it was excluded.
pub(super) fn excluded(data: &RoundData, demand: DemandId, school: SchoolId) -> Option<ExclusionCategory> {
    data.exclusions.iter().find(|known| known.demand == demand && known.school == school).map(|known| known.category)
}

/// The steps of a change; nothing for changes that are not undone here.
pub(super) fn steps_of(change: &StoredChange) -> Option<Vec<Step>> {
    /// A step as it was written before there were other kinds of steps.
    #[derive(Deserialize)]
    struct OldStep {
        demand: DemandId,
        before: Option<Kept>,
        after: Option<Kept>,
    }
    if change.kind == "proposal" || change.kind == "mutation" {
        return None;
    }
    let old = |step: OldStep| Step::Place { demand: step.demand, before: step.before, after: step.after };
    let as_old = || Some(serde_json::from_str::<Vec<OldStep>>(&change.steps).ok()?.into_iter().map(old).collect());
    serde_json::from_str(&change.steps).ok().or_else(as_old)
}

/// Where a change is made: by whom, in which transaction, on which round.
pub(super) struct Desk<'a> {
    pub(super) app: &'a App,
    pub(super) actor: &'a Actor,
    pub(super) tx: &'a WriteTx,
}

impl Desk<'_> {
    /// Writes a change down, so that it can be undone.
    pub(super) async fn keep(&self, data: &RoundData, kind: ChangeKind, steps: &[Step]) -> Result<ChangeId, AppError> {
        let id = ChangeId(self.app.ids.next());
        let change = StoredChange {
            id,
            round: data.round.id,
            made_at: self.app.clock.now(),
            made_by: self.actor.user(),
            kind: kind.code().to_owned(),
            steps: serde_json::to_string(steps).map_err(|e| AppError::Internal(e.to_string()))?,
            undone_at: None,
        };
        placements::insert_change(self.tx, change).await?;
        Ok(id)
    }

    /// Notes a step with the student it is about.
    pub(super) fn note_step(&self, demand: DemandId, step: &Step) {
        let (event, change) = step.told();
        self.note(event, demand, change);
    }

    /// Notes an event about one demand.
    pub(super) fn note(&self, event: EventKind, demand: DemandId, change: Change) {
        self.app.audit(self.tx, self.actor, event, &demand.to_string(), change);
    }
}

/// A placement in the log: without the reason, which is free text.
pub(super) fn told(kept: Option<&Kept>) -> serde_json::Value {
    json!(kept.map(|kept| Kept { reason: None, ..kept.clone() }))
}

/// What somebody wrote as a reason: nothing when there is nothing in it.
pub(super) fn clean_reason(reason: Option<&str>) -> Result<Option<String>, AppError> {
    let reason = reason.map(str::trim).filter(|text| !text.is_empty());
    if reason.is_some_and(|text| text.chars().count() > MOST_REASON) {
        let message = format!("Een reden is hoogstens {MOST_REASON} tekens lang. Kort de tekst in.");
        return Err(AppError::Invalid(vec![crate::FieldError::new("reason", "reden-te-lang", message)]));
    }
    Ok(reason.map(str::to_owned))
}

/// Characters of a reason.
pub const MOST_REASON: usize = 500;
