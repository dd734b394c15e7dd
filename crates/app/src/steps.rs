//! The steps of a round: where it stands, what is missing for the next, its dates, and moving it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernschil_domain::access::Permission;
use kernschil_domain::answers::{Answer, answers};
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::{Need, RoundState};
use kernschil_domain::ids::Version;
use kernschil_domain::invariants::violations;
use kernschil_domain::mutations::{Audience, MutationState, Wave};
use kernschil_domain::periods::dutch_date;
use kernschil_domain::rounds::{Round, RoundData};
use kernschil_domain::several::{SeveralPeriods, several_periods};
use kernschil_domain::steps::{Facts, Gate, GateWeight, ProposalState, RoundEvent, StepError, gates, misplaced_dates, next};
use kernschil_storage::{StorageError, Tx, announcements, mutations, placements, planning, rounds};
use serde_json::json;

use crate::error::{AppError, FieldError};
use crate::proposals::{self, Currency};
use crate::schools::first_day;
use crate::{Actor, App, Change, sight};

/// A round on its way: where it stands and what is missing.
#[derive(Debug, Clone)]
pub struct StepsView {
    /// The round.
    pub round: Round,
    /// When each step should be done.
    pub dates: BTreeMap<RoundState, NaiveDate>,
    /// What is known of it.
    pub facts: Facts,
    /// For each event that fits where the round stands: what stands in its way, or is worth knowing.
    pub events: Vec<(RoundEvent, Vec<(Gate, GateWeight)>)>,
}

impl StepsView {
    /// What stands in the way of an event; nothing when the event does not fit.
    pub fn gates(&self, event: RoundEvent) -> Option<&[(Gate, GateWeight)]> {
        self.events.iter().find(|(known, _)| *known == event).map(|(_, gates)| gates.as_slice())
    }
}

/// A round on its way.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`] when there is no such round.
pub async fn of_round(app: &App, actor: &Actor, slug: &str) -> Result<StepsView, AppError> {
    app.store
        .read(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::ManageRounds).await?;
            let data = rounds::picture(tx, slug).await?;
            let facts = facts(tx, &data).await?;
            let state = data.round.state;
            let fitting = RoundEvent::ALL.iter().copied().filter(|event| next(state, *event).is_ok());
            let events = fitting.map(|event| (event, gates(state, event, &facts))).collect();
            Ok(StepsView { facts, events, dates: data.dates, round: data.round })
        })
        .await
}

/// What is known of a round when it is to move.
pub(crate) async fn facts(tx: &Tx, data: &RoundData) -> Result<Facts, AppError> {
    let answers = answers(data, first_day(data));
    let required: Vec<_> = data.demands.values().filter(|demand| demand.need == Need::Required).collect();
    let waves = announcements::waves(tx, data.round.id).await?;
    let open = |state: MutationState| matches!(state, MutationState::Noted | MutationState::Planned);
    let open_mutations = mutations::of_round(tx, data.round.id).await?.iter().filter(|stored| open(stored.mutation.state)).count();
    Ok(Facts {
        schools: answers.len(),
        waiting: answers.values().filter(|answer| **answer == Answer::Waiting).count(),
        places: data.offers.values().map(|offer| u32::try_from(offer.count).unwrap_or_default()).sum(),
        demands: required.len(),
        with_wishes: required.iter().filter(|demand| !demand.wishes.is_empty()).count(),
        proposal: proposal(tx, data).await?,
        placed: required.iter().filter(|demand| data.placements.contains_key(&demand.id)).count(),
        half_placed: several_periods(data).iter().filter(|student| SeveralPeriods::is_half(student)).count(),
        violations: violations(data).len(),
        open_mutations,
        untold: [Audience::Schools, Audience::Students].into_iter().filter(|audience| !was_told(&waves, *audience)).count(),
    })
}

/// Whether the latest proposal still answers the round. What people changed by hand since is meant to be so; a place that
/// was taken back leaves everything that goes into a proposal as it was.
async fn proposal(tx: &Tx, data: &RoundData) -> Result<ProposalState, AppError> {
    let Some(run) = proposals::latest(tx, data).await? else { return Ok(ProposalState::None) };
    let changes = placements::changes(tx, data.round.id, 1).await?;
    let by_hand = changes.first().is_some_and(|change| change.made_at >= run.view.made_at);
    Ok(match (by_hand, run.view.currency) {
        (true, _) => ProposalState::ByHand,
        (false, Currency::Current) => ProposalState::Current,
        (false, Currency::Outdated) => ProposalState::Outdated,
    })
}

/// Whether schools or students were told of the placements as a whole.
pub(crate) fn was_told(waves: &[Wave], audience: Audience) -> bool {
    waves.iter().filter(|wave| wave.mutation.is_none()).any(|wave| wave.audience == audience || wave.audience == Audience::Everybody)
}

/// Refuses an event that does not fit the step, or that something stands in the way of: everything at once. Answers
/// where it takes the round.
pub(crate) fn require(round: &Round, event: RoundEvent, facts: &Facts) -> Result<RoundState, AppError> {
    let to = next(round.state, event).map_err(refused)?;
    let blocking = gates(round.state, event, facts).into_iter().filter(|(_, weight)| *weight == GateWeight::Blocks);
    let reasons: Vec<_> = blocking.map(|(gate, _)| gate.dutch()).collect();
    if reasons.is_empty() {
        return Ok(to);
    }
    Err(AppError::conflict("stap-kan-niet", format!("Dit kan nog niet: {}. {}", event.dutch(), reasons.join(" "))))
}

fn refused(error: StepError) -> AppError {
    AppError::conflict(error.code(), format!("Dit kan nu niet: {error}."))
}

/// Refuses who saw an older version of the round.
pub(crate) fn require_version(round: &Round, seen: Version) -> Result<(), AppError> {
    if round.version == seen { Ok(()) } else { Err(StorageError::Stale.into()) }
}

/// Moves a round a step of its preparation on or back, ends it, or opens an ended one. Answers its new version.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when somebody else changed the round, when
/// the event does not fit or has a page of its own, or when something is missing: all of it at once.
pub async fn shift(app: &App, actor: &Actor, slug: &str, event: RoundEvent, seen: Version) -> Result<Version, AppError> {
    if !matches!(event, RoundEvent::Forward | RoundEvent::Back | RoundEvent::Close) {
        let message = format!("Hiervoor is een eigen pagina: {}.", event.dutch());
        return Err(AppError::conflict("andere-pagina", message));
    }
    app.store
        .write(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::ManageRounds).await?;
            rounds::lock(tx, slug).await?;
            let data = rounds::picture(tx, slug).await?;
            require_version(&data.round, seen)?;
            let to = require(&data.round, event, &facts(tx, &data).await?)?;
            let version = rounds::set_state(tx, data.round.id, to, seen).await?;
            let change = Change::between(json!({ "state": data.round.state.code() }), json!({ "state": to.code() }));
            app.audit(tx, actor, EventKind::RoundMoved, slug, change);
            Ok(version)
        })
        .await
}

/// Stores when each step should be done; a step that is left out has no date. Answers the new version of the round.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] with every date that lies before that of an
/// earlier step, the field being the code of the step; [`AppError::Conflict`] when somebody else changed the round.
pub async fn set_dates(
    app: &App,
    actor: &Actor,
    slug: &str,
    dates: BTreeMap<RoundState, NaiveDate>,
    seen: Version,
) -> Result<Version, AppError> {
    let wrong: Vec<_> = misplaced_dates(&dates).into_iter().map(|(state, before)| misplaced(&dates, state, before)).collect();
    if !wrong.is_empty() {
        return Err(AppError::Invalid(wrong));
    }
    app.store
        .write(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::ManageRounds).await?;
            rounds::lock(tx, slug).await?;
            let round = rounds::by_slug(tx, slug).await?;
            require_version(&round, seen)?;
            let before = planning::dates(tx, round.id).await?;
            planning::set_dates(tx, round.id, &dates).await?;
            let version = rounds::set_state(tx, round.id, round.state, seen).await?;
            app.audit(tx, actor, EventKind::RoundDatesChanged, slug, Change::between(json!(coded(&before)), json!(coded(&dates))));
            Ok(version)
        })
        .await
}

fn coded(dates: &BTreeMap<RoundState, NaiveDate>) -> BTreeMap<&'static str, NaiveDate> {
    dates.iter().map(|(state, date)| (state.code(), *date)).collect()
}

fn misplaced(dates: &BTreeMap<RoundState, NaiveDate>, state: RoundState, before: RoundState) -> FieldError {
    let day = |state| dates.get(&state).map(|date| dutch_date(*date)).unwrap_or_default();
    let message = format!(
        "De datum van {} ({}) ligt voor die van {} ({}). Kies een latere datum.",
        state.dutch(),
        day(state),
        before.dutch(),
        day(before)
    );
    FieldError::new(state.code(), "datum-volgorde", message)
}
