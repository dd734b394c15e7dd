//! Carrying a plan out: all of it in one transaction, with letters to those concerned and to nobody else.

use chrono::{DateTime, Utc};
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::{Hold, Need, PlacementSource, PlacementStatus, Turn};
use kernschil_domain::fit::{Load, misfits};
use kernschil_domain::ids::{DemandId, MutationId, OfferId, PlacementId, Version};
use kernschil_domain::mutations::{Mutation, MutationState, MutationSubject};
use kernschil_domain::placements::Placement;
use kernschil_domain::policy::Order;
use kernschil_domain::rounds::RoundData;
use kernschil_domain::standing::Standings;
use kernschil_storage::{StorageError, WriteTx, mutations, placements, rounds};
use serde_json::json;

use super::plan::{self, Done, Move, Plan, PlanOption, Proven, Seat, Tally, internal};
use super::prices::Prices;
use super::{after, letters, locked, noted, pending, require_announced, store_noted};
use crate::error::AppError;
use crate::proposals::ENGINE_VERSION;
use crate::{Actor, App, Change, sight};

/// Which option of which plan is carried out.
#[derive(Debug, Clone, Copy)]
pub struct CarryOut {
    /// The mutation.
    pub mutation: MutationId,
    /// The option.
    pub order: Order,
    /// The version of the mutation as somebody saw it.
    pub seen: Version,
}

/// Carries a plan out.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when there is no plan, it was carried out or taken back, or anything it
/// depends on changed since.
pub async fn carry_out(app: &App, actor: &Actor, slug: &str, command: CarryOut) -> Result<Done, AppError> {
    app.store
        .write(async |tx| {
            let data = locked(app, tx, actor, slug).await?;
            let stored = pending(tx, &data, command.mutation, command.seen).await?;
            let plan = Plan::read(stored.plan.as_deref()).filter(|_| stored.mutation.state == MutationState::Planned);
            let plan = plan.ok_or_else(|| AppError::conflict("geen-plan", "Er is nog geen plan. Maak eerst een plan en kies dan."))?;
            if plan::input_hash(&data, &stored.mutation)? != plan.input_hash {
                let message = "De ronde is veranderd sinds dit plan. Er is niets verplaatst. Maak het plan opnieuw.";
                return Err(AppError::conflict("intussen-gewijzigd", message));
            }
            let option = plan.option(command.order).ok_or(AppError::NotFound)?.clone();
            finish(app, actor, tx, &data, stored.mutation, plan, &option).await
        })
        .await
}

/// Gives somebody who waits a place that is free. Nobody else moves.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when the round was not announced, the student has a place already, the
/// place was given away or does not fit.
pub async fn place_waiting(app: &App, actor: &Actor, slug: &str, demand: DemandId, offer: OfferId) -> Result<Done, AppError> {
    app.store
        .write(async |tx| {
            let data = sight::locked(app, tx, actor, slug, Permission::Mutate).await?;
            if !data.demands.contains_key(&demand) || !data.offers.contains_key(&offer) {
                return Err(AppError::NotFound);
            }
            require_announced(&data.round)?;
            let subject = MutationSubject::StudentLate { demand };
            super::require_possible(&data, &subject)?;
            let seat = free_seat(&data, demand, offer)?;
            let mut mutation = noted(app, actor, &data.round, subject, None);
            store_noted(app, actor, tx, &data.round, &mutation).await?;
            mutation.state = MutationState::Planned;
            let option = PlanOption {
                order: Order::KeptFirst,
                moves: vec![Move { demand, from: None, to: Some(seat) }],
                retrained: Vec::new(),
                waiting: Vec::new(),
                after: Tally::default(),
                proven: Proven::Chosen,
            };
            let plan = Plan {
                made_at: app.clock.now(),
                engine_version: ENGINE_VERSION.to_owned(),
                input_hash: String::new(),
                places_before: None,
                before: Tally::default(),
                options: vec![option.clone()],
                prices: Prices { unplaced_alone: 0, steps: Vec::new(), more: None },
                done: None,
            };
            finish(app, actor, tx, &data, mutation, plan, &option).await
        })
        .await
}

fn free_seat(data: &RoundData, demand: DemandId, offer: OfferId) -> Result<Seat, AppError> {
    let demand = data.demands.get(&demand).ok_or(AppError::NotFound)?;
    let offer = data.offers.get(&offer).ok_or(AppError::NotFound)?;
    let load = Load::of(data, |_| true);
    let found = misfits(data, &load, demand, offer);
    if !found.is_empty() {
        if found.iter().all(|misfit| misfit.is_capacity()) {
            return Err(StorageError::PlaceTaken.into());
        }
        let all: Vec<_> = found.iter().map(|misfit| misfit.dutch()).collect();
        let message = format!("Deze plek past niet bij de student: {}. Kies een andere plek.", all.join(", "));
        return Err(AppError::conflict("plek-past-niet", message));
    }
    let institute = data.students.get(&demand.student).ok_or(AppError::NotFound)?.institute;
    let starts_on = data.periods.get(&demand.period).ok_or(AppError::NotFound)?.starts_on;
    let standing = Standings::new(data).standing(institute, offer.school, starts_on);
    let trainer = load.trainer_for(data, offer).ok().flatten().map(|trainer| trainer.id);
    Ok(Seat { offer: offer.id, standing, trainer })
}

async fn finish(
    app: &App,
    actor: &Actor,
    tx: &WriteTx,
    data: &RoundData,
    mutation: Mutation,
    plan: Plan,
    option: &PlanOption,
) -> Result<Done, AppError> {
    let now = app.clock.now();
    let ended = end_all(tx, data, &mutation, option, now).await?;
    happen(app, actor, tx, data, &mutation.subject).await?;
    let made: Vec<_> =
        option.moves.iter().filter_map(|one| Some(placement(app, &mutation, option.proven, one.demand, one.to.as_ref()?))).collect();
    placements::place_all(tx, &made).await?;
    for (demand, trainer) in &option.retrained {
        let placement = data.placements.get(demand).ok_or(StorageError::Stale)?;
        mutations::set_trainer(tx, placement, *trainer).await?;
    }
    restand(tx, data, &mutation, option).await?;
    let carried = Mutation { state: MutationState::CarriedOut, ended_at: Some(now), ..mutation };
    let told = letters::tell(app, actor, tx, data, &carried, option, &made).await?;
    let done = Done {
        order: option.order,
        by: actor.user(),
        made: made.iter().map(|placement| placement.id).collect(),
        ended,
        to_students: told.students,
        to_schools: told.schools,
    };
    let plan = Plan { done: Some(done.clone()), ..plan };
    let json = serde_json::to_string(&plan).map_err(internal)?;
    mutations::save(tx, &carried, Some(&json)).await?;
    let detail = json!({
        "mutation": carried.id,
        "what": carried.subject,
        "moved": option.moved(),
        "ended": option.ended(),
        "placed": option.placed(),
        "letters": told.students + told.schools,
    });
    app.audit(tx, actor, EventKind::MutationCarriedOut, &data.round.slug, Change::to(detail));
    Ok(done)
}

/// Ends the placements that make room, and gives their places back.
async fn end_all(
    tx: &WriteTx,
    data: &RoundData,
    mutation: &Mutation,
    option: &PlanOption,
    now: DateTime<Utc>,
) -> Result<Vec<PlacementId>, AppError> {
    let mut ended = Vec::new();
    for one in &option.moves {
        let Some((id, offer)) = one.from else { continue };
        let placement = data.placements.get(&one.demand).filter(|placement| placement.id == id).ok_or(StorageError::Stale)?;
        let over = placement.clone().end(mutation.id, now).map_err(|_| StorageError::Stale)?;
        placements::save(tx, &over).await?;
        placements::give_back(tx, offer, 1).await?;
        ended.push(id);
    }
    Ok(ended)
}

/// Makes what happened part of the round.
async fn happen(app: &App, actor: &Actor, tx: &WriteTx, data: &RoundData, subject: &MutationSubject) -> Result<(), AppError> {
    match subject {
        MutationSubject::PlacesWithdrawn { offer, left } => rounds::set_count(tx, *offer, *left).await?,
        MutationSubject::StudentStopped { demand } => {
            let turn = data.demands.get(demand).map_or(Turn::TakesPart, |demand| demand.turn);
            mutations::set_need(tx, *demand, Need::NotRequired, turn).await?;
        }
        MutationSubject::StudentLate { demand } => mutations::set_need(tx, *demand, Need::Required, Turn::TakesPart).await?,
        MutationSubject::StudentRefused { demand, school } => {
            let after = after::changed(data, subject, app.clock.today());
            let known = after.exclusions.iter().find(|known| known.demand == *demand && known.school == *school);
            if let Some(exclusion) = known {
                mutations::exclude(tx, exclusion, app.clock.now(), actor.user()).await?;
            }
        }
        // That it was carried out is what counts.
        MutationSubject::TrainerOut { .. } | MutationSubject::Enrolment => {}
    }
    Ok(())
}

fn placement(app: &App, mutation: &Mutation, proven: Proven, demand: DemandId, seat: &Seat) -> Placement {
    let source = if proven == Proven::Chosen { PlacementSource::Hand } else { PlacementSource::Run };
    Placement {
        id: PlacementId(app.ids.next()),
        demand,
        offer: seat.offer,
        standing: seat.standing,
        status: PlacementStatus::Announced,
        source,
        run: None,
        trainer: seat.trainer,
        guidance: seat.guidance(),
        reason: None,
        hold: Hold::Free,
        broken: Vec::new(),
        made_at: Some(app.clock.now()),
        announced_at: Some(app.clock.now()),
        ended_at: None,
        mutation: Some(mutation.id),
        version: Version::FIRST,
    }
}

/// With fewer places a school may not meet its conditions any more; then the placements that stay say so.
async fn restand(tx: &WriteTx, data: &RoundData, mutation: &Mutation, option: &PlanOption) -> Result<(), AppError> {
    let MutationSubject::PlacesWithdrawn { offer, .. } = mutation.subject else { return Ok(()) };
    let Some(school) = data.offers.get(&offer).map(|offer| offer.school) else { return Ok(()) };
    let after = after::changed(data, &mutation.subject, mutation.made_at.date_naive());
    let mut standings = Standings::new(&after);
    for placement in data.placements.values() {
        let leaves = option.moves.iter().any(|one| one.demand == placement.demand);
        let at = after.offers.get(&placement.offer).filter(|offer| offer.school == school && !leaves);
        let demand = data.demands.get(&placement.demand);
        let known = demand.and_then(|d| Some((data.students.get(&d.student)?.institute, data.periods.get(&d.period)?.starts_on)));
        let (Some(offer), Some((institute, starts_on))) = (at, known) else { continue };
        let standing = standings.standing(institute, offer.school, starts_on);
        if standing != placement.standing {
            // Who gets another trainer was written a moment ago.
            let changed = option.retrained.iter().any(|(demand, _)| *demand == placement.demand);
            let version = if changed { placement.version.next() } else { placement.version };
            placements::restand(tx, &Placement { standing, version, ..placement.clone() }).await?;
        }
    }
    Ok(())
}
