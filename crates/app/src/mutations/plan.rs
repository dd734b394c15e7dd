//! The plan for a mutation: who moves where so that as few as possible do, and the same with coverage first.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use kernschil_allocation::{self as engine, Outcome, Proof, Proposal, SolveError, Standing as EngineStanding};
use kernschil_credentials::tokens::hex;
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::{Guidance, Hold, Need, PlacementSource, PlacementStatus};
use kernschil_domain::fit::{minutes_to, wish_rank};
use kernschil_domain::ids::{DemandId, MutationId, OfferId, PlacementId, TrainerId, UserId, Version};
use kernschil_domain::mutations::{Mutation, MutationState, MutationSubject};
use kernschil_domain::placements::Placement;
use kernschil_domain::policy::Order;
use kernschil_domain::rounds::RoundData;
use kernschil_domain::standing::{Standing, Standings};
use kernschil_storage::{mutations, rounds};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::after::{self, Freedom, Question};
use super::keeping::{input, ordered};
use super::prices::{self, FIXED_QUESTIONS, Prices};
use super::trainers::{self, Guided};
use super::{locked, pending, require_possible};
use crate::error::AppError;
use crate::proposals::{self, ENGINE_VERSION, Watch};
use crate::{Actor, App, Change, reasons, sight};
use kernschil_domain::access::Permission;

/// A plan for a mutation, with what was done of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Version of the engine.
    pub engine_version: String,
    /// Hash of everything it depends on.
    pub input_hash: String,
    /// Places of the offer before, when places are withdrawn.
    pub places_before: Option<i32>,
    /// The round before.
    pub before: Tally,
    /// What can be done; the first keeps most places. A second one only where the order of the two aims matters.
    pub options: Vec<PlanOption>,
    /// What more moves buy.
    pub prices: Prices,
    /// What was done; nothing before that.
    pub done: Option<Done>,
}

impl Plan {
    /// A stored plan; one of another version of the program is as good as none.
    pub(crate) fn read(plan: Option<&str>) -> Option<Self> {
        serde_json::from_str(plan?).ok()
    }

    /// The option that puts one aim before the other. Where both orders give the same, that one.
    pub fn option(&self, order: Order) -> Option<&PlanOption> {
        self.options.iter().find(|option| option.order == order).or_else(|| self.options.first().filter(|_| self.options.len() == 1))
    }
}

/// One way to deal with a mutation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanOption {
    /// Which aim goes first.
    pub order: Order,
    /// Who goes from where to where.
    pub moves: Vec<Move>,
    /// Who stays and gets another trainer.
    pub retrained: Vec<(DemandId, Option<TrainerId>)>,
    /// Whom the mutation is about and who has no place in the end, and why.
    pub waiting: Vec<(DemandId, String)>,
    /// The round afterwards.
    pub after: Tally,
    /// Whether nothing better exists.
    pub proven: Proven,
}

impl PlanOption {
    /// Students who go to another school or place.
    pub fn moved(&self) -> usize {
        self.moves.iter().filter(|one| one.from.is_some() && one.to.is_some()).count()
    }

    /// Students who lose a place and get no other.
    pub fn ended(&self) -> usize {
        self.moves.iter().filter(|one| one.to.is_none()).count()
    }

    /// Students who had no place and get one.
    pub fn placed(&self) -> usize {
        self.moves.iter().filter(|one| one.from.is_none()).count()
    }
}

/// One student who goes from one place to another, loses a place, or gets one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The demand.
    pub demand: DemandId,
    /// The placement that ends, and its offer.
    pub from: Option<(PlacementId, OfferId)>,
    /// The place that comes instead.
    pub to: Option<Seat>,
}

/// A place that a plan gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// The offer.
    pub offer: OfferId,
    /// What the school is to the student.
    pub standing: Standing,
    /// Who guides her.
    pub trainer: Option<TrainerId>,
}

impl Seat {
    /// Extra guidance, for a place outside: a plan places no more students there than can get it.
    pub(super) fn guidance(&self) -> Option<Guidance> {
        (self.standing == Standing::Outside).then_some(Guidance::Extra)
    }
}

/// How good an option is known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proven {
    /// Nothing better exists.
    Best,
    /// It keeps every rule; whether nothing better exists could not be shown.
    Unknown,
    /// A coordinator chose it; nothing was asked of the engine.
    Chosen,
}

impl From<&Proof> for Proven {
    fn from(proof: &Proof) -> Self {
        if *proof == Proof::Optimal { Self::Best } else { Self::Unknown }
    }
}

/// Key figures of a round, counted over the demands that need a place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Need a place.
    pub demands: u32,
    /// At a kern school.
    pub kern: u32,
    /// At a schil school that meets its conditions.
    pub schil: u32,
    /// At a schil school that does not.
    pub schil_unmet: u32,
    /// Outside samen opleiden.
    pub outside: u32,
    /// Without a place.
    pub unplaced: u32,
    /// At the first, second, third wish and so on.
    pub by_wish: Vec<u32>,
    /// Trips of more than an hour, one way.
    pub over_60: u32,
    /// Trips of more than three quarters of an hour, one way.
    pub over_45: u32,
    /// Minutes one way, all trips that are known together.
    pub minutes: u64,
}

impl Tally {
    /// Inside samen opleiden: kern, or schil that meets its conditions.
    pub fn covered(&self) -> u32 {
        self.kern + self.schil
    }

    /// Counts a round.
    pub fn of(data: &RoundData) -> Self {
        let mut standings = Standings::new(data);
        let mut tally = Self::default();
        for demand in data.demands.values().filter(|demand| demand.need == Need::Required) {
            tally.demands += 1;
            let student = data.students.get(&demand.student);
            let period = data.periods.get(&demand.period);
            let (Some((_, offer)), Some(student), Some(period)) = (data.place_of(demand.id), student, period) else {
                tally.unplaced += 1;
                continue;
            };
            match standings.standing(student.institute, offer.school, period.starts_on) {
                Standing::Kern => tally.kern += 1,
                Standing::Schil => tally.schil += 1,
                Standing::SchilUnmet => tally.schil_unmet += 1,
                Standing::Outside => tally.outside += 1,
            }
            if let Some(rank) = wish_rank(data, demand, offer.school) {
                if tally.by_wish.len() < rank {
                    tally.by_wish.resize(rank, 0);
                }
                if let Some(count) = tally.by_wish.get_mut(rank - 1) {
                    *count += 1;
                }
            }
            if let Some(minutes) = minutes_to(data, demand, offer.school) {
                tally.over_60 += u32::from(minutes > 60);
                tally.over_45 += u32::from(minutes > 45);
                tally.minutes += u64::from(minutes);
            }
        }
        tally
    }
}

/// What was done of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Which option.
    pub order: Order,
    /// By whom.
    pub by: Option<UserId>,
    /// Placements that were made.
    pub made: Vec<PlacementId>,
    /// Placements that ended.
    pub ended: Vec<PlacementId>,
    /// Letters to students.
    pub to_students: usize,
    /// Letters to schools.
    pub to_schools: usize,
}

/// Makes the plan for a mutation, or makes it again.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when the mutation was carried out or taken back, cannot be any more, or
/// something changed while the engine worked; [`AppError::Cancelled`].
pub async fn make_plan(app: &App, actor: &Actor, slug: &str, id: MutationId, seen: Version, watch: Arc<Watch>) -> Result<(), AppError> {
    let (data, mutation) = app
        .store
        .read(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::Mutate).await?;
            let data = rounds::picture(tx, slug).await?;
            let stored = pending(tx, &data, id, seen).await?;
            Ok::<_, AppError>((data, stored.mutation))
        })
        .await?;
    require_possible(&data, &mutation.subject)?;
    let now = app.clock.now();
    let work = move || compute(&data, &mutation, now, &watch);
    let plan = tokio::task::spawn_blocking(work).await.map_err(internal)??;
    app.store
        .write(async |tx| {
            let data = locked(app, tx, actor, slug).await?;
            let stored = pending(tx, &data, id, seen).await?;
            if input_hash(&data, &stored.mutation)? != plan.input_hash {
                let message = "De gegevens zijn veranderd terwijl het plan werd gemaakt. Maak het plan opnieuw.";
                return Err(AppError::conflict("intussen-gewijzigd", message));
            }
            let json = serde_json::to_string(&plan).map_err(internal)?;
            let planned = Mutation { state: MutationState::Planned, ..stored.mutation };
            mutations::save(tx, &planned, Some(&json)).await?;
            let moves: Vec<_> = plan.options.iter().map(PlanOption::moved).collect();
            app.audit(tx, actor, EventKind::MutationPlanned, slug, Change::to(json!({ "mutation": id, "moves": moves })));
            Ok(())
        })
        .await
}

pub(super) fn internal(error: impl std::fmt::Display) -> AppError {
    AppError::Internal(error.to_string())
}

fn changed(data: &RoundData, mutation: &Mutation) -> RoundData {
    after::changed(data, &mutation.subject, mutation.made_at.date_naive())
}

/// Hash of everything a plan depends on: what happened, the round after it, and who is where now.
pub(super) fn input_hash(data: &RoundData, mutation: &Mutation) -> Result<String, AppError> {
    let question = Question::new(&changed(data, mutation), &mutation.subject, Freedom::Everybody);
    hash_of(data, mutation, &input(&question, Order::KeptFirst))
}

fn hash_of(data: &RoundData, mutation: &Mutation, input: &engine::Input) -> Result<String, AppError> {
    let now: Vec<_> = data.placements.values().map(|p| (p.demand, p.id, p.offer, p.trainer)).collect();
    let told = serde_json::to_vec(&(ENGINE_VERSION, &mutation.subject, input, now)).map_err(internal)?;
    Ok(hex(&Sha256::digest(&told)))
}

/// The questions of one plan to the engine.
pub(super) struct Asking<'a>(pub(super) &'a Watch);

impl Asking<'_> {
    /// So many questions are asked in all.
    pub(super) fn expect(&self, questions: usize) {
        self.0.expect(questions);
    }

    /// The best there is, checked by separate code.
    pub(super) fn solve(&self, input: &engine::Input) -> Result<Proposal, AppError> {
        let proposal = engine::solve(input, &mut |progress| self.0.note(progress)).map_err(|error| match error {
            SolveError::Cancelled => AppError::Cancelled,
            other => AppError::Internal(format!("{other:?}")),
        })?;
        engine::verify(input, &proposal).map_err(|found| AppError::Internal(format!("the checker refuses a plan: {found:?}")))?;
        self.0.next();
        Ok(proposal)
    }
}

/// Students that a proposal places at an outside school.
pub(super) fn outside(proposal: &Proposal) -> u32 {
    let is_outside = |outcome: &Outcome| matches!(outcome, Outcome::Placed(placed) if placed.standing == EngineStanding::Outside);
    u32::try_from(proposal.assignments.iter().filter(|(_, outcome)| is_outside(outcome)).count()).unwrap_or(u32::MAX)
}

/// The plan for a mutation in a round.
fn compute(data: &RoundData, mutation: &Mutation, now: DateTime<Utc>, watch: &Watch) -> Result<Plan, AppError> {
    let asking = Asking(watch);
    asking.expect(FIXED_QUESTIONS);
    let changed = changed(data, mutation);
    let question = Question::new(&changed, &mutation.subject, Freedom::Everybody);
    let keep = input(&question, Order::KeptFirst);
    let kept = asking.solve(&keep)?;
    let covered = asking.solve(&ordered(keep.clone(), Order::CoveredFirst))?;
    let first = option(data, &changed, &question, Order::KeptFirst, &kept)?;
    let second = option(data, &changed, &question, Order::CoveredFirst, &covered)?;
    let prices = prices::between(&changed, &mutation.subject, &question, &asking, (&keep, &kept, &covered))?;
    let places_before = match mutation.subject {
        MutationSubject::PlacesWithdrawn { offer, .. } => data.offers.get(&offer).map(|offer| offer.count),
        _ => None,
    };
    let same = first.moves == second.moves;
    Ok(Plan {
        made_at: now,
        engine_version: ENGINE_VERSION.to_owned(),
        input_hash: hash_of(data, mutation, &keep)?,
        places_before,
        before: Tally::of(data),
        options: if same { vec![first] } else { vec![first, second] },
        prices,
        done: None,
    })
}

fn option(data: &RoundData, changed: &RoundData, question: &Question, order: Order, proposal: &Proposal) -> Result<PlanOption, AppError> {
    let mut after = changed.clone();
    let mut told: BTreeMap<DemandId, Option<Seat>> = BTreeMap::new();
    for (key, outcome) in &proposal.assignments {
        let demand = DemandId(Uuid::from_u128(key.0));
        let own = question.movable.get(&demand);
        let seat = match outcome {
            Outcome::Placed(placed) => {
                let offer = proposals::offer_id(placed.place);
                if own.is_some_and(|placement| placement.offer == offer) {
                    continue;
                }
                let standing = proposals::domain_standing(placed.standing);
                Some(Seat { offer, standing, trainer: None })
            }
            Outcome::Unplaced(_) => None,
        };
        after.placements.remove(&demand);
        if let Some(seat) = &seat {
            after.placements.insert(demand, draft(demand, seat));
        }
        told.insert(demand, seat);
    }
    // Who stopped is no question to the engine.
    let stopped = data.placements.keys().filter(|demand| !changed.placements.contains_key(demand));
    told.extend(stopped.map(|demand| (*demand, None)));
    let trainers = trainers_of(&after)?;
    for (demand, trainer) in &trainers {
        if let Some(seat) = told.get_mut(demand).and_then(Option::as_mut) {
            seat.trainer = *trainer;
        }
    }
    let stays = |placement: &&Placement| !told.contains_key(&placement.demand);
    let retrained = after.placements.values().filter(stays).filter_map(|placement| {
        let trainer = trainers.get(&placement.demand).copied().flatten();
        (trainer != placement.trainer).then_some((placement.demand, trainer))
    });
    let reasons = reasons::of_proposal(&question.world, proposal);
    let needs = |demand: &DemandId| changed.demands.get(demand).is_some_and(|demand| demand.need == Need::Required);
    let waiting = told.iter().filter(|(demand, seat)| seat.is_none() && needs(demand));
    Ok(PlanOption {
        order,
        moves: moves(data, &told),
        retrained: retrained.collect(),
        waiting: waiting.map(|(demand, _)| (*demand, reasons.get(demand).cloned().unwrap_or_default())).collect(),
        after: Tally::of(&after),
        proven: Proven::from(&proposal.proof),
    })
}

/// Everybody whose placement changes: those in the plan, and those who stop.
fn moves(data: &RoundData, told: &BTreeMap<DemandId, Option<Seat>>) -> Vec<Move> {
    let from = |demand: DemandId| data.placements.get(&demand).map(|placement| (placement.id, placement.offer));
    told.iter()
        .map(|(demand, to)| Move { demand: *demand, from: from(*demand), to: *to })
        .filter(|one| one.from.is_some() || one.to.is_some())
        .collect()
}

fn trainers_of(after: &RoundData) -> Result<BTreeMap<DemandId, Option<TrainerId>>, AppError> {
    let guided: Vec<_> = after.placements.values().map(|p| Guided { demand: p.demand, offer: p.offer, trainer: p.trainer }).collect();
    trainers::assign(after, &guided).ok_or_else(|| AppError::Internal("a plan leaves somebody without a trainer".to_owned()))
}

/// Never stored, so its identifier does not matter.
fn draft(demand: DemandId, seat: &Seat) -> Placement {
    Placement {
        id: PlacementId(demand.0),
        demand,
        offer: seat.offer,
        standing: seat.standing,
        status: PlacementStatus::Announced,
        source: PlacementSource::Run,
        run: None,
        trainer: seat.trainer,
        guidance: seat.guidance(),
        reason: None,
        hold: Hold::Free,
        broken: Vec::new(),
        made_at: None,
        announced_at: None,
        ended_at: None,
        mutation: None,
        version: Version::FIRST,
    }
}
