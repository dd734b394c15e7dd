//! The placement board (plaatsbord): exceptions first, placing by hand with reasons, and undo.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::{Guidance, Hold, Need, PlacementSource, PlacementStatus};
use kernschil_domain::coverage::{CoverageStatus, Moment, status_of};
use kernschil_domain::fit::{Load, Misfit, minutes_to, misfits, wish_rank};
use kernschil_domain::ids::{ChangeId, DemandId, OfferId, PlacementId, RunId, SchoolId, TrainerId, Version};
use kernschil_domain::placements::{Placement, TransitionError};
use kernschil_domain::rounds::{Demand, RoundData};
use kernschil_domain::standing::{Standing, Standings};
use kernschil_storage::WriteTx;
use kernschil_storage::placements::{self, StoredChange};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::coverage::Figures;
use crate::error::{AppError, FieldError};
use crate::students::StudentRow;
use crate::{Actor, App, Change, labels, proposals, sight, students};

/// What makes a demand worth a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExceptionKind {
    /// No place.
    Unplaced,
    /// A place outside samen opleiden.
    Outside,
    /// At a schil school that does not meet its conditions.
    SchilUnmet,
    /// At a schil school.
    Schil,
    /// The trip takes over an hour.
    LongTrip,
    /// None of the wishes came true.
    NoWish,
    /// Placed by hand.
    ByHand,
}

impl ExceptionKind {
    /// All, the most urgent first.
    pub const ALL: [Self; 7] = [Self::Unplaced, Self::Outside, Self::SchilUnmet, Self::Schil, Self::LongTrip, Self::NoWish, Self::ByHand];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unplaced => "unplaced",
            Self::Outside => "outside",
            Self::SchilUnmet => "schil-unmet",
            Self::Schil => "schil",
            Self::LongTrip => "long-trip",
            Self::NoWish => "no-wish",
            Self::ByHand => "by-hand",
        }
    }

    /// The Dutch words.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Unplaced => "niet geplaatst",
            Self::Outside => "buiten samen opleiden",
            Self::SchilUnmet => "schil, voorwaarden niet gehaald",
            Self::Schil => "schil",
            Self::LongTrip => "reis langer dan een uur",
            Self::NoWish => "geen van de voorkeuren",
            Self::ByHand => "met de hand geplaatst",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A row of the board.
#[derive(Debug, Clone, Serialize)]
pub struct BoardRow {
    /// The demand.
    pub row: StudentRow,
    /// What makes it worth a look, the most urgent first; empty means nothing does.
    pub exceptions: Vec<ExceptionKind>,
}

/// A place that a student could have, or why not.
#[derive(Debug, Clone, Serialize)]
pub struct Candidate {
    /// The offer.
    pub offer: OfferId,
    /// The school.
    pub school: SchoolId,
    /// Its code.
    pub school_code: String,
    /// Its name.
    pub school_name: String,
    /// Town.
    pub place: Option<String>,
    /// What the school is to the student.
    pub standing: Standing,
    /// Phases of the offer, in Dutch.
    pub phases: String,
    /// Groups of the offer.
    pub groups: String,
    /// Days of the offer.
    pub weekdays: String,
    /// Places left, the student's own counted as free.
    pub free: i32,
    /// Places in all.
    pub count: i32,
    /// Rank among the wishes, from 1.
    pub wish_rank: Option<usize>,
    /// Estimated minutes of travel, one way.
    pub minutes: Option<u16>,
    /// Everything that keeps the student from it; empty means it fits.
    pub misfits: Vec<Misfit>,
    /// Whether the student is placed here now.
    pub current: Current,
}

/// Whether a candidate is where the student is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Current {
    /// The student is placed here.
    Here,
    /// Elsewhere, or not at all.
    Elsewhere,
}

/// Every place in the period of a demand: those that fit first, best first.
pub fn candidates(data: &RoundData, standings: &mut Standings<'_>, demand: &Demand) -> Vec<Candidate> {
    let load = Load::of(data, |p| p.demand != demand.id);
    let here = data.placements.get(&demand.id).map(|p| p.offer);
    let (Some(student), Some(period)) = (data.students.get(&demand.student), data.periods.get(&demand.period)) else {
        return Vec::new();
    };
    let in_period = data.offers.values().filter(|offer| offer.period == demand.period && offer.count > 0);
    let mut found: Vec<_> = in_period
        .filter_map(|offer| {
            let school = data.registry.schools.get(&offer.school)?;
            Some(Candidate {
                offer: offer.id,
                school: school.id,
                school_code: school.code.to_string(),
                school_name: school.name.clone(),
                place: school.place.clone(),
                standing: standings.standing(student.institute, school.id, period.starts_on),
                phases: labels::phases(offer),
                groups: offer.groups.to_string(),
                weekdays: offer.weekdays.to_string(),
                free: offer.count - load.on_offer(offer.id),
                count: offer.count,
                wish_rank: wish_rank(data, demand, school.id),
                minutes: minutes_to(data, demand, school.id),
                misfits: misfits(data, &load, demand, offer),
                current: if here == Some(offer.id) { Current::Here } else { Current::Elsewhere },
            })
        })
        .collect();
    found.sort_by(|a, b| candidate_order(a).cmp(&candidate_order(b)));
    found
}

/// Those that fit first; then the full ones, then those that a rule removes; each by ladder, wish,
/// travel and name.
fn candidate_order(c: &Candidate) -> (usize, Standing, usize, u16, &str, OfferId) {
    let rules = c.misfits.iter().filter(|m| !m.is_capacity()).count();
    let group = if c.misfits.is_empty() { 0 } else { 1 + rules };
    (group, c.standing, c.wish_rank.unwrap_or(usize::MAX), c.minutes.unwrap_or(u16::MAX), &c.school_name, c.offer)
}

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
    /// The latest change that was not undone.
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
            let last_change = recent.iter().find_map(|change| change_view(&data, change));
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
    let mut rows: Vec<_> = students::rows(data, reasons)
        .into_iter()
        .filter(|row| data.demands.get(&row.demand).is_some_and(|d| d.need == Need::Required))
        .map(|row| BoardRow { exceptions: exceptions(data, &row), row })
        .collect();
    // Stable: within a kind the order of names stays.
    rows.sort_by_key(|row| row.exceptions.first().copied().map_or((1, None), |kind| (0, Some(kind))));
    rows
}

/// What happens to coverage when a student goes to a school of one standing.
#[derive(Debug, Clone, Serialize)]
pub struct Consequence {
    /// What the school is to the student.
    pub standing: Standing,
    /// How the demand counts there; outside, with extra guidance.
    pub status: CoverageStatus,
    /// Coverage of the round then.
    pub coverage: Figures,
}

/// What happens to coverage for each standing that a fitting place can give a demand.
pub fn consequences(view: &BoardView, demand: DemandId, candidates: &[Candidate]) -> Vec<Consequence> {
    let Some(asked) = view.data.demands.get(&demand) else { return Vec::new() };
    let mut data = view.data.clone();
    let mut found = Vec::new();
    for standing in Standing::ALL {
        let Some(place) = candidates.iter().find(|c| c.standing == standing && c.misfits.is_empty()) else { continue };
        // Never stored, so its identifier does not matter.
        let placement = Placement {
            id: PlacementId(demand.0),
            demand,
            offer: place.offer,
            standing,
            status: PlacementStatus::Proposed,
            source: PlacementSource::Hand,
            run: None,
            trainer: None,
            guidance: (standing == Standing::Outside).then_some(Guidance::Extra),
            reason: None,
            hold: Hold::Free,
            broken: Vec::new(),
            made_at: None,
            announced_at: None,
            ended_at: None,
            mutation: None,
            version: Version::FIRST,
        };
        data.placements.insert(demand, placement);
        let status = status_of(&data, &mut Standings::new(&data), asked, Moment::WholeRound);
        found.push(Consequence { standing, status, coverage: crate::coverage::figures_of(&data) });
    }
    found
}

fn exceptions(data: &RoundData, row: &StudentRow) -> Vec<ExceptionKind> {
    let mut found = Vec::new();
    let Some(place) = &row.place else { return vec![ExceptionKind::Unplaced] };
    match row.status {
        CoverageStatus::OutsideGuided | CoverageStatus::OutsideUnguided => found.push(ExceptionKind::Outside),
        CoverageStatus::SchilUnmet => found.push(ExceptionKind::SchilUnmet),
        CoverageStatus::Schil => found.push(ExceptionKind::Schil),
        _ => {}
    }
    if place.minutes.is_some_and(|minutes| minutes > 60) {
        found.push(ExceptionKind::LongTrip);
    }
    if place.wish_rank.is_none() && data.demands.get(&row.demand).is_some_and(|d| !d.wishes.is_empty()) {
        found.push(ExceptionKind::NoWish);
    }
    if place.source == PlacementSource::Hand {
        found.push(ExceptionKind::ByHand);
    }
    found
}

/// The places for one demand of a round.
///
/// # Errors
/// [`AppError::NotFound`] when the round has no such demand.
pub fn candidates_of(view: &BoardView, demand: DemandId) -> Result<Vec<Candidate>, AppError> {
    let demand = view.data.demands.get(&demand).ok_or(AppError::NotFound)?;
    Ok(candidates(&view.data, &mut Standings::new(&view.data), demand))
}

/// Gives a student a place, or another one than she has.
#[derive(Debug, Clone)]
pub struct PlaceCommand {
    /// The demand.
    pub demand: DemandId,
    /// The offer.
    pub offer: OfferId,
    /// The placement as the user saw it; nothing when there was none.
    pub seen: Option<PlacementId>,
    /// Extra guidance, for a place outside samen opleiden.
    pub guidance: Guidance,
    /// Why; may be empty.
    pub reason: Option<String>,
}

/// What a placement was or became; enough to put it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    placement: PlacementId,
    offer: OfferId,
    source: PlacementSource,
    status: PlacementStatus,
    run: Option<RunId>,
    trainer: Option<TrainerId>,
    guidance: Option<Guidance>,
    reason: Option<String>,
}

impl Kept {
    fn of(placement: &Placement) -> Self {
        Self {
            placement: placement.id,
            offer: placement.offer,
            source: placement.source,
            status: placement.status,
            run: placement.run,
            trainer: placement.trainer,
            guidance: placement.guidance,
            reason: placement.reason.clone(),
        }
    }
}

/// One demand of a change: before and after.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Step {
    demand: DemandId,
    before: Option<Kept>,
    after: Option<Kept>,
}

/// So far back somebody can look for a change to undo.
const MOST_CHANGES: u64 = 500;

const PLACE: &str = "place";
const RELEASE: &str = "release";

/// Gives a student a place by hand. Answers the change, which can be undone.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when somebody else moved the student, the place was
/// given away, or a rule keeps the student from it.
pub async fn place(app: &App, actor: &Actor, slug: &str, command: PlaceCommand) -> Result<ChangeId, AppError> {
    let reason = clean_reason(command.reason.as_deref())?;
    app.store
        .write(async |tx| {
            let data = sight::locked(app, tx, actor, slug, Permission::PlaceStudents).await?;
            proposals::require_open(&data)?;
            let demand = data.demands.get(&command.demand).ok_or(AppError::NotFound)?;
            let before = data.placements.get(&demand.id);
            require_seen(before, command.seen)?;
            if demand.need == Need::NotRequired {
                return Err(AppError::conflict("geen-plaats-nodig", "Deze student heeft geen plaats nodig in deze periode."));
            }
            let placement = by_hand(app, &data, demand, &command, reason)?;
            if let Some(before) = before {
                take_back(tx, before).await?;
            }
            placements::place_all(tx, std::slice::from_ref(&placement)).await?;
            let step = Step { demand: demand.id, before: before.map(Kept::of), after: Some(Kept::of(&placement)) };
            note_change(app, actor, tx, &data, PLACE, step).await
        })
        .await
}

fn clean_reason(reason: Option<&str>) -> Result<Option<String>, AppError> {
    let reason = reason.map(str::trim).filter(|text| !text.is_empty());
    if reason.is_some_and(|text| text.chars().count() > 500) {
        let error = FieldError::new("reason", "reden-te-lang", "Een reden is hoogstens 500 tekens lang. Kort de tekst in.");
        return Err(AppError::Invalid(vec![error]));
    }
    Ok(reason.map(str::to_owned))
}

fn require_seen(now: Option<&Placement>, seen: Option<PlacementId>) -> Result<(), AppError> {
    if now.map(|p| p.id) == seen { Ok(()) } else { Err(kernschil_storage::StorageError::Stale.into()) }
}

fn by_hand(app: &App, data: &RoundData, demand: &Demand, command: &PlaceCommand, reason: Option<String>) -> Result<Placement, AppError> {
    let offer = data.offers.get(&command.offer).ok_or(AppError::NotFound)?;
    let load = Load::of(data, |p| p.demand != demand.id);
    let found = misfits(data, &load, demand, offer);
    if !found.is_empty() {
        if found.iter().all(|m| m.is_capacity()) {
            return Err(kernschil_storage::StorageError::PlaceTaken.into());
        }
        let all: Vec<_> = found.iter().map(|m| m.dutch()).collect();
        let message = format!("Deze plek past niet bij de student: {}. Kies een andere plek.", all.join(", "));
        return Err(AppError::conflict("plek-past-niet", message));
    }
    let trainer = load.trainer_for(data, offer).ok().flatten().map(|t| t.id);
    let institute = data.students.get(&demand.student).ok_or(AppError::NotFound)?.institute;
    let starts_on = data.periods.get(&demand.period).ok_or(AppError::NotFound)?.starts_on;
    let standing = Standings::new(data).standing(institute, offer.school, starts_on);
    Ok(Placement {
        id: PlacementId(app.ids.next()),
        demand: demand.id,
        offer: offer.id,
        standing,
        status: PlacementStatus::Proposed,
        source: PlacementSource::Hand,
        run: None,
        trainer,
        guidance: (standing == Standing::Outside).then_some(command.guidance),
        reason,
        hold: Hold::Free,
        broken: Vec::new(),
        made_at: Some(app.clock.now()),
        announced_at: None,
        ended_at: None,
        mutation: None,
        version: Version::FIRST,
    })
}

async fn take_back(tx: &WriteTx, placement: &Placement) -> Result<(), AppError> {
    let withdrawn = placement.clone().withdraw().map_err(|error| match error {
        TransitionError::AlreadyAnnounced => {
            AppError::conflict("al-bekendgemaakt", "Deze plaatsing is al bekendgemaakt en kan hier niet meer veranderen.")
        }
        TransitionError::AlreadyWithdrawn => kernschil_storage::StorageError::Stale.into(),
    })?;
    placements::save(tx, &withdrawn).await?;
    placements::give_back(tx, placement.offer, 1).await?;
    Ok(())
}

/// Takes a student's place back. Answers the change, which can be undone.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when somebody else moved the student.
pub async fn release(app: &App, actor: &Actor, slug: &str, demand: DemandId, seen: PlacementId) -> Result<ChangeId, AppError> {
    app.store
        .write(async |tx| {
            let data = sight::locked(app, tx, actor, slug, Permission::PlaceStudents).await?;
            proposals::require_open(&data)?;
            data.demands.get(&demand).ok_or(AppError::NotFound)?;
            let before = data.placements.get(&demand);
            require_seen(before, Some(seen))?;
            let before = before.ok_or(AppError::NotFound)?;
            take_back(tx, before).await?;
            let step = Step { demand, before: Some(Kept::of(before)), after: None };
            note_change(app, actor, tx, &data, RELEASE, step).await
        })
        .await
}

async fn note_change(app: &App, actor: &Actor, tx: &WriteTx, data: &RoundData, kind: &str, step: Step) -> Result<ChangeId, AppError> {
    let id = ChangeId(app.ids.next());
    let steps = serde_json::to_string(&[&step]).map_err(|e| AppError::Internal(e.to_string()))?;
    let change = StoredChange {
        id,
        round: data.round.id,
        made_at: app.clock.now(),
        made_by: actor.user(),
        kind: kind.to_owned(),
        steps,
        undone_at: None,
    };
    placements::insert_change(tx, change).await?;
    let subject = step.demand.to_string();
    let event = if kind == PLACE { EventKind::PlacedByHand } else { EventKind::PlacementReleased };
    app.audit(tx, actor, event, &subject, Change::between(told(step.before.as_ref()), told(step.after.as_ref())));
    Ok(id)
}

/// A placement in the log: without the reason, which is free text.
fn told(kept: Option<&Kept>) -> serde_json::Value {
    json!(kept.map(|kept| Kept { reason: None, ..kept.clone() }))
}

fn steps_of(change: &StoredChange) -> Option<Vec<Step>> {
    serde_json::from_str(&change.steps).ok()
}

fn change_view(data: &RoundData, change: &StoredChange) -> Option<ChangeView> {
    let steps = steps_of(change)?;
    let step = steps.first()?;
    let student = data.demands.get(&step.demand).and_then(|d| data.students.get(&d.student))?.full_name();
    let school = |kept: &Kept| data.offers.get(&kept.offer).map(|offer| labels::school(data, offer.school));
    let sentence = match (&step.before, &step.after) {
        (None, Some(after)) => format!("{student} is geplaatst bij {}.", school(after)?),
        (Some(before), Some(after)) => format!("{student} is verplaatst van {} naar {}.", school(before)?, school(after)?),
        (Some(before), None) => format!("{student} heeft geen plaats meer bij {}.", school(before)?),
        (None, None) => return None,
    };
    Some(ChangeView { id: change.id, made_at: change.made_at, sentence })
}

/// Undoes a change, when nothing else happened to the same students since.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when it cannot be undone any more.
pub async fn undo(app: &App, actor: &Actor, slug: &str, change: ChangeId) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let data = sight::locked(app, tx, actor, slug, Permission::PlaceStudents).await?;
            proposals::require_open(&data)?;
            let recent = placements::changes(tx, data.round.id, MOST_CHANGES).await?;
            let found = recent.iter().find(|c| c.id == change).ok_or(AppError::NotFound)?;
            let steps = steps_of(found).ok_or_else(|| AppError::Internal("unreadable change".to_owned()))?;
            if !steps.iter().all(|step| data.demands.contains_key(&step.demand)) {
                return Err(AppError::NotFound);
            }
            for step in &steps {
                undo_step(app, tx, &data, step).await?;
            }
            placements::mark_undone(tx, change, app.clock.now()).await?;
            app.audit(tx, actor, EventKind::ChangeUndone, &change.to_string(), Change::none());
            Ok(())
        })
        .await
}

async fn undo_step(app: &App, tx: &WriteTx, data: &RoundData, step: &Step) -> Result<(), AppError> {
    let now = data.placements.get(&step.demand);
    if now.map(|p| p.id) != step.after.as_ref().map(|kept| kept.placement) {
        let message = "Deze wijziging kan niet meer ongedaan worden gemaakt: de student is daarna nog verplaatst.";
        return Err(AppError::conflict("intussen-gewijzigd", message));
    }
    if let Some(now) = now {
        take_back(tx, now).await?;
    }
    let Some(before) = &step.before else { return Ok(()) };
    let demand = data.demands.get(&step.demand).ok_or(AppError::NotFound)?;
    let offer = data.offers.get(&before.offer).ok_or(AppError::NotFound)?;
    let load = Load::of(data, |p| p.demand != demand.id);
    if !misfits(data, &load, demand, offer).is_empty() {
        return Err(kernschil_storage::StorageError::PlaceTaken.into());
    }
    let institute = data.students.get(&demand.student).ok_or(AppError::NotFound)?.institute;
    let starts_on = data.periods.get(&demand.period).ok_or(AppError::NotFound)?.starts_on;
    let standing = Standings::new(data).standing(institute, offer.school, starts_on);
    let placement = Placement {
        id: PlacementId(app.ids.next()),
        demand: step.demand,
        offer: before.offer,
        standing,
        status: before.status,
        source: before.source,
        run: before.run,
        trainer: load.trainer_for(data, offer).ok().flatten().map(|t| t.id),
        guidance: (standing == Standing::Outside).then(|| before.guidance.unwrap_or(Guidance::None)),
        reason: before.reason.clone(),
        hold: Hold::Free,
        broken: Vec::new(),
        made_at: Some(app.clock.now()),
        announced_at: None,
        ended_at: None,
        mutation: None,
        version: Version::FIRST,
    };
    placements::place_all(tx, &[placement]).await?;
    Ok(())
}
