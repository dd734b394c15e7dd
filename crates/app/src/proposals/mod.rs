//! Making a proposal: the best allocation there is, its reasons and its proof, and putting it on the
//! placement board.

mod files;
mod guiding;
mod orders;
mod snapshot;

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use kernschil_allocation::{self as engine, Outcome, Proof, Proposal, SolveError};
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::{Guidance, Hold, PlacementSource, PlacementStatus, RoundState};
use kernschil_domain::ids::{DemandId, PlacementId, RunId, TrainerId, Version};
use kernschil_domain::placements::Placement;
use kernschil_domain::rounds::{RoundData, RoundRules};
use kernschil_domain::standing::Standing;
use kernschil_storage::placements::{self, StoredRun};
use kernschil_storage::{Tx, rounds};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::board::{self, BoardRow};
use crate::error::AppError;
use crate::overview::{self, Overview};
use crate::{Actor, App, Change, reasons, sight};
use kernschil_credentials::tokens::hex;

pub use files::{PlanFile, Verdict, plan_file, verify_against_round, verify_file};
pub use orders::{OrderPlan, TwoOrders, two_orders};
pub(crate) use snapshot::{demand_id, domain_standing, offer_id, place_of, stable_hash, stays};

/// Version of the engine and of the way a round is turned into its input. Part of the input hash.
pub const ENGINE_VERSION: &str = concat!("kernschil-allocation ", env!("CARGO_PKG_VERSION"), "/3");

/// How far a run is, and the switch that stops it. Shared between the run and who watches it.
#[derive(Debug, Default)]
pub struct Watch {
    done: AtomicUsize,
    total: AtomicUsize,
    stop: AtomicBool,
}

impl Watch {
    /// Students done, of how many.
    pub fn progress(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }

    /// Stops the run at its next step.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    fn note(&self, progress: engine::Progress) -> ControlFlow<engine::Halt> {
        // Placing and explaining take their turn; each is half of the work to who watches.
        let shift = if progress.stage == engine::Stage::Explaining { progress.total } else { 0 };
        self.done.store(progress.done.saturating_add(shift), Ordering::Relaxed);
        // A stage that does not know how long it takes says so with the largest number.
        self.total.store(progress.total.saturating_mul(2), Ordering::Relaxed);
        if self.stop.load(Ordering::Relaxed) { ControlFlow::Break(engine::Halt::Cancel) } else { ControlFlow::Continue(()) }
    }
}

/// How a run ended.
#[derive(Debug, Clone, Serialize)]
pub struct RunSummary {
    /// The run.
    pub run: RunId,
    /// Whether it was made now, or the latest one holds still.
    pub freshness: Freshness,
    /// Totals.
    pub figures: engine::Figures,
    /// How good it is known to be.
    pub proof: Proof,
}

/// Whether a run was made now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Freshness {
    /// Made now.
    New,
    /// Nothing changed since the latest run, so that one stands.
    Unchanged,
}

/// The round as the engine sees it: what a proposal is made from, and what it can be checked against.
pub fn input_of(data: &RoundData) -> engine::Input {
    snapshot::snapshot(data)
}

/// Hash of everything a proposal depends on.
pub(crate) fn input_hash(input: &engine::Input) -> Result<String, AppError> {
    let json = serde_json::to_vec(input).map_err(internal)?;
    let mut hasher = Sha256::new();
    hasher.update(ENGINE_VERSION.as_bytes());
    hasher.update(&json);
    Ok(hex(&hasher.finalize()))
}

fn internal(error: impl std::fmt::Display) -> AppError {
    AppError::Internal(error.to_string())
}

/// Makes a proposal for a round and puts it on the board. Drafts of earlier runs make room; places
/// given by hand stay. When nothing changed since the latest run, that one stands.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when the round is fixed already, has no demand, or
/// was changed while the engine worked; [`AppError::Cancelled`].
pub async fn make_and_apply(app: &App, actor: &Actor, slug: &str, watch: Arc<Watch>) -> Result<RunSummary, AppError> {
    let (data, latest) = app
        .store
        .read(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::MakeProposals).await?;
            let data = rounds::picture(tx, slug).await?;
            let latest = placements::latest_run(tx, data.round.id).await?;
            Ok::<_, AppError>((data, latest))
        })
        .await?;
    require_open(&data)?;
    let input = snapshot::snapshot(&data);
    let hash = input_hash(&input)?;
    if let Some(run) = latest.filter(|run| run.input_hash == hash && stands(&data, run)) {
        let result = read_result(&run)?;
        return Ok(RunSummary { run: run.id, freshness: Freshness::Unchanged, figures: result.figures, proof: result.proof });
    }
    if input.demands.is_empty() {
        return Err(AppError::conflict(
            "geen-vraag",
            "Er zijn geen studenten die nog een plaats nodig hebben. Laad eerst een werkboek met studenten.",
        ));
    }
    let proposal = compute(orders::input_for(&data), watch).await?;
    apply(app, actor, slug, &hash, proposal).await
}

pub(crate) fn require_open(data: &RoundData) -> Result<(), AppError> {
    match data.round.state {
        state if state.is_open() => Ok(()),
        state => Err(AppError::conflict("ronde-vast", format!("De ronde is {}; een nieuw voorstel kan niet meer.", state.dutch()))),
    }
}

/// Whether the drafts of a run are still on the board as it left them.
fn stands(data: &RoundData, run: &StoredRun) -> bool {
    let drafts = data.placements.values().filter(|p| !stays(p));
    let placed = read_result(run).map(|r| r.figures.demands - r.figures.unplaced).unwrap_or_default();
    let mut count = 0;
    for draft in drafts {
        if draft.run != Some(run.id) {
            return false;
        }
        count += 1;
    }
    count == placed
}

/// The best proposal there is, held against the checker.
pub(crate) async fn compute(input: engine::Input, watch: Arc<Watch>) -> Result<Proposal, AppError> {
    let work = move || {
        let proposal = engine::solve(&input, &mut |progress| watch.note(progress))?;
        Ok::<_, SolveError>((engine::verify(&input, &proposal), proposal))
    };
    match tokio::task::spawn_blocking(work).await.map_err(internal)? {
        Ok((Ok(()), proposal)) => Ok(proposal),
        Ok((Err(violations), _)) => Err(AppError::Internal(format!("the checker refuses the proposal: {violations:?}"))),
        Err(SolveError::Cancelled) => Err(AppError::Cancelled),
        Err(error) => Err(AppError::Internal(format!("the engine refuses the round: {error:?}"))),
    }
}

async fn apply(app: &App, actor: &Actor, slug: &str, hash: &str, proposal: Proposal) -> Result<RunSummary, AppError> {
    let run = RunId(app.ids.next());
    app.store
        .write(async |tx| {
            rounds::lock(tx, slug).await?;
            let data = rounds::picture(tx, slug).await?;
            require_open(&data)?;
            if input_hash(&snapshot::snapshot(&data))? != hash {
                let message = "De gegevens zijn veranderd terwijl het voorstel werd gemaakt. Maak het voorstel opnieuw.";
                return Err(AppError::conflict("intussen-gewijzigd", message));
            }
            let earlier: Vec<_> = data.placements.values().filter(|p| !stays(p)).cloned().collect();
            placements::discard(tx, &earlier).await?;
            placements::insert_run(tx, stored(app, actor, &data, run, hash, &proposal)?).await?;
            let mut new = drafts(&proposal, run, Some(app.clock.now()), || app.ids.next());
            guiding::school_trainers_first(&data, &mut new);
            placements::place_all(tx, &new).await?;
            rounds::set_state(tx, data.round.id, RoundState::Checking, data.round.version).await?;
            let detail = json!({ "run": run, "placed": new.len(), "discarded": earlier.len() });
            app.audit(tx, actor, EventKind::ProposalMade, slug, Change::to(detail));
            Ok::<_, AppError>(())
        })
        .await?;
    Ok(RunSummary { run, freshness: Freshness::New, figures: proposal.figures, proof: proposal.proof })
}

fn stored(app: &App, actor: &Actor, data: &RoundData, run: RunId, hash: &str, proposal: &Proposal) -> Result<StoredRun, AppError> {
    Ok(StoredRun {
        id: run,
        round: data.round.id,
        made_at: app.clock.now(),
        made_by: actor.user(),
        engine_version: ENGINE_VERSION.to_owned(),
        input_hash: hash.to_owned(),
        rules: serde_json::to_string(&data.round.rules).map_err(internal)?,
        result: serde_json::to_string(proposal).map_err(internal)?,
    })
}

/// The placements of a proposal, not announced to anybody.
pub(crate) fn drafts(proposal: &Proposal, run: RunId, made_at: Option<DateTime<Utc>>, mut next: impl FnMut() -> Uuid) -> Vec<Placement> {
    let placed = proposal.assignments.iter().filter_map(|(demand, outcome)| match outcome {
        Outcome::Placed(placed) => Some((demand, placed)),
        Outcome::Unplaced(_) => None,
    });
    placed
        .map(|(demand, placed)| {
            let standing = snapshot::domain_standing(placed.standing);
            Placement {
                id: PlacementId(next()),
                demand: snapshot::demand_id(*demand),
                offer: offer_id(placed.place),
                standing,
                status: PlacementStatus::Proposed,
                source: PlacementSource::Run,
                run: Some(run),
                trainer: placed.trainer.map(|key| TrainerId(Uuid::from_u128(key.0))),
                // The engine places no more students outside than can get extra guidance.
                guidance: (standing == Standing::Outside).then_some(Guidance::Extra),
                reason: None,
                hold: Hold::Free,
                broken: Vec::new(),
                made_at,
                announced_at: None,
                ended_at: None,
                mutation: None,
                version: Version::FIRST,
            }
        })
        .collect()
}

fn read_result(run: &StoredRun) -> Result<Proposal, AppError> {
    serde_json::from_str(&run.result).map_err(internal)
}

/// The latest run of a round, as people look at it.
#[derive(Debug, Clone, Serialize)]
pub struct ProposalView {
    /// The run.
    pub run: RunId,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Version of the engine.
    pub engine_version: String,
    /// Hash of everything that went in.
    pub input_hash: String,
    /// The rules it was made with.
    pub rules: RoundRules,
    /// Whether the round is still as it was.
    pub currency: Currency,
    /// Totals.
    pub figures: engine::Figures,
    /// How good it is known to be.
    pub proof: Proof,
    /// What each level counts, and its value.
    pub levels: Vec<LevelView>,
    /// Groups of students with too few places, largest shortage first.
    pub shortages: Vec<ShortageView>,
}

impl ProposalView {
    /// Whether a separate check proved that nothing better exists.
    pub fn is_proven(&self) -> bool {
        self.proof == Proof::Optimal
    }
}

/// Whether a run still answers the round as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Currency {
    /// Nothing changed.
    Current,
    /// Data, offers, wishes, rules or places by hand changed since.
    Outdated,
}

/// A level of the objective.
#[derive(Debug, Clone, Serialize)]
pub struct LevelView {
    /// What it counts, in Dutch.
    pub label: String,
    /// Its value.
    pub value: i64,
}

/// A shortage in words.
#[derive(Debug, Clone, Serialize)]
pub struct ShortageView {
    /// Students without a place.
    pub short: u32,
    /// Students who together want these places.
    pub students: u32,
    /// The capacities that are full, in Dutch.
    pub capacities: Vec<String>,
    /// Period, phase and number of students without a place.
    pub by_phase: Vec<(String, String, u32)>,
}

/// The latest run of a round with the reasons per demand.
pub struct LatestRun {
    /// As people look at it.
    pub view: ProposalView,
    /// Why a student is not placed, or not at a kern school.
    pub reasons: HashMap<DemandId, String>,
    /// As the engine gave it.
    pub proposal: Proposal,
}

/// The latest run of a round, if there is one.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn latest(tx: &Tx, data: &RoundData) -> Result<Option<LatestRun>, AppError> {
    let Some(run) = placements::latest_run(tx, data.round.id).await? else { return Ok(None) };
    let Ok(result) = read_result(&run) else {
        // Made by an engine whose results this one does not know: a new proposal takes its place.
        tracing::warn!(run = %run.id, "the result of a run cannot be read by this version");
        return Ok(None);
    };
    let current = input_hash(&snapshot::snapshot(data))? == run.input_hash;
    let phases = snapshot::Phases::of(data);
    let shortages = result.shortages.iter().filter(|s| s.short > 0).map(|s| shortage(data, &phases, s)).collect();
    let view = ProposalView {
        run: run.id,
        made_at: run.made_at,
        engine_version: run.engine_version,
        input_hash: run.input_hash,
        rules: serde_json::from_str(&run.rules).map_err(internal)?,
        currency: if current { Currency::Current } else { Currency::Outdated },
        figures: result.figures.clone(),
        proof: result.proof,
        levels: result.objective.iter().map(|(level, value)| LevelView { label: reasons::level(*level), value: *value }).collect(),
        shortages,
    };
    Ok(Some(LatestRun { reasons: reasons::of_proposal(data, &result), view, proposal: result }))
}

fn shortage(data: &RoundData, phases: &snapshot::Phases, shortage: &engine::Shortage) -> ShortageView {
    let mut parts: BTreeMap<(engine::PeriodKey, &str), u32> = BTreeMap::new();
    for part in &shortage.by_phase {
        *parts.entry((part.period, phases.code(part.phase).unwrap_or_default())).or_default() += part.short;
    }
    let by_phase = parts.into_iter().map(|((period, phase), short)| {
        let period = kernschil_domain::ids::PeriodId(Uuid::from_u128(period.0));
        (crate::labels::period(data, period), phase.to_owned(), short)
    });
    ShortageView {
        short: shortage.short,
        students: shortage.students,
        capacities: shortage.capacities.iter().map(|b| reasons::bottleneck(data, *b)).collect(),
        by_phase: by_phase.collect(),
    }
}

/// The latest run of the round with a slug.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such round.
pub async fn of_round(app: &App, actor: &Actor, slug: &str) -> Result<Option<ProposalView>, AppError> {
    app.store
        .read(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::MakeProposals).await?;
            let data = rounds::picture(tx, slug).await?;
            Ok(latest(tx, &data).await?.map(|run| run.view))
        })
        .await
}

/// Everything around making a proposal: what goes in, what came out last, and what is left to look at.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The round and its registry.
    pub data: RoundData,
    /// The round at a glance.
    pub overview: Overview,
    /// The latest run.
    pub run: Option<ProposalView>,
    /// Every demand that needs a place, exceptions first.
    pub rows: Vec<BoardRow>,
    /// Number of placements that stay when a new proposal is made.
    pub kept: usize,
}

/// Everything around making a proposal.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such round.
pub async fn desk(app: &App, actor: &Actor, slug: &str) -> Result<Desk, AppError> {
    app.store
        .read(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::MakeProposals).await?;
            let data = rounds::picture(tx, slug).await?;
            let (run, reasons) = latest(tx, &data).await?.map(|run| (run.view, run.reasons)).unzip();
            let overview = overview::view(&data, run.as_ref().map(|run| run.currency));
            let rows = board::rows(&data, &reasons.unwrap_or_default());
            let kept = data.placements.values().filter(|placement| stays(placement)).count();
            Ok(Desk { data, overview, run, rows, kept })
        })
        .await
}
