//! Changes after publication: what happened is noted, the engine looks for the least that has to change, somebody
//! chooses a plan, and it is carried out in one go. What people were told stays as far as possible.

mod after;
mod carry_out;
mod export;
mod keeping;
mod letters;
mod plan;
mod planning;
mod prices;
mod trainers;
mod view;
mod words;

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::{Need, RoundState};
use kernschil_domain::ids::{MutationId, Version};
use kernschil_domain::mutations::{Mutation, MutationState, MutationSubject};
use kernschil_domain::rounds::{Round, RoundData};
use kernschil_domain::steps::{RoundEvent, StepError, next};
use kernschil_storage::mutations::StoredMutation;
use kernschil_storage::{StorageError, Tx, WriteTx, mutations, rounds};
use serde_json::json;

use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change, sight};

pub(crate) use words::what_happened;

pub use carry_out::{CarryOut, carry_out, place_waiting};
pub use export::{note_list_export, workbook};
pub use plan::{Done, Move, Plan, PlanOption, Proven, Seat, Tally, make_plan};
pub use planning::ask_plan;
pub(crate) use planning::{JOB, work};
pub use prices::{More, Prices, Step};
pub use view::{Cause, MoveView, MutationRow, MutationView, OptionView, Overview, Stop, Subjects, get, list, subjects};

/// Something that happened, as somebody tells it.
#[derive(Debug, Clone)]
pub struct NewMutation {
    /// What happened.
    pub subject: MutationSubject,
    /// A note for colleagues; may be empty.
    pub note: Option<String>,
}

/// Notes that something changed. Nobody moves yet.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] for a number of places that cannot be; [`AppError::Conflict`] when the
/// round was not announced, or nothing would change.
pub async fn note(app: &App, actor: &Actor, slug: &str, new: NewMutation) -> Result<MutationId, AppError> {
    let note = clean_note(new.note.as_deref())?;
    app.store
        .write(async |tx| {
            let data = locked(app, tx, actor, slug).await?;
            require_announced(&data.round)?;
            require_possible(&data, &new.subject)?;
            let mutation = noted(app, actor, &data.round, new.subject, note);
            store_noted(app, actor, tx, &data.round, &mutation).await?;
            Ok(mutation.id)
        })
        .await
}

/// A whole round, to change something in.
async fn locked(app: &App, tx: &WriteTx, actor: &Actor, slug: &str) -> Result<RoundData, AppError> {
    sight::require_whole(app, tx, actor, slug, Permission::Mutate).await?;
    rounds::lock(tx, slug).await?;
    Ok(rounds::picture(tx, slug).await?)
}

/// A mutation that nothing was done of yet, as somebody saw it, in a round that was announced.
async fn pending(tx: &Tx, data: &RoundData, id: MutationId, seen: Version) -> Result<StoredMutation, AppError> {
    let stored = mutations::get(tx, data.round.id, id).await?;
    require_announced(&data.round)?;
    require_seen(&stored.mutation, seen)?;
    require_pending(&stored.mutation)?;
    Ok(stored)
}

/// Where a mutation takes the round; refuses it in a round that was not announced.
fn require_announced(round: &Round) -> Result<RoundState, AppError> {
    next(round.state, RoundEvent::Change).map_err(|error| {
        let advice = match error {
            StepError::Closed => "Zet de ronde eerst een stap terug.",
            _ => "Pas plaatsingen aan op het plaatsbord of maak een nieuw voorstel.",
        };
        AppError::conflict(error.code(), format!("Dit kan nu niet: {error}. {advice}"))
    })
}

fn noted(app: &App, actor: &Actor, round: &Round, subject: MutationSubject, note: Option<String>) -> Mutation {
    Mutation {
        id: MutationId(app.ids.next()),
        round: round.id,
        subject,
        state: MutationState::Noted,
        note,
        made_at: app.clock.now(),
        made_by: actor.user(),
        ended_at: None,
        version: Version::FIRST,
    }
}

async fn store_noted(app: &App, actor: &Actor, tx: &WriteTx, round: &Round, mutation: &Mutation) -> Result<(), AppError> {
    mutations::insert(tx, mutation).await?;
    let to = require_announced(round)?;
    if to != round.state {
        rounds::set_state(tx, round.id, to, round.version).await?;
    }
    let detail = json!({ "mutation": mutation.id, "what": mutation.subject });
    app.audit(tx, actor, EventKind::MutationNoted, &round.slug, Change::to(detail));
    Ok(())
}

fn clean_note(note: Option<&str>) -> Result<Option<String>, AppError> {
    let note = note.map(str::trim).filter(|text| !text.is_empty());
    if note.is_some_and(|text| text.chars().count() > 500) {
        let error = FieldError::new("note", "notitie-te-lang", "Een notitie is hoogstens 500 tekens lang. Kort de tekst in.");
        return Err(AppError::Invalid(vec![error]));
    }
    Ok(note.map(str::to_owned))
}

/// Refuses what cannot have happened in this round.
fn require_possible(data: &RoundData, subject: &MutationSubject) -> Result<(), AppError> {
    match subject {
        MutationSubject::PlacesWithdrawn { offer, left } => {
            let count = data.offers.get(offer).ok_or(AppError::NotFound)?.count;
            if *left < 0 || *left >= count {
                let message = match count {
                    0 => "Dit aanbod heeft al geen plekken meer. Kies een ander aanbod.".to_owned(),
                    _ => format!("Nu zijn er {count} plekken. Vul in hoeveel er overblijven: 0 tot en met {}.", count - 1),
                };
                return Err(AppError::Invalid(vec![FieldError::new("left", "plekken-over-onmogelijk", message)]));
            }
            Ok(())
        }
        MutationSubject::TrainerOut { trainer } => {
            let guides = after::schools_of(data, *trainer);
            if !data.registry.trainers.contains_key(trainer) || guides.is_empty() {
                return Err(AppError::NotFound);
            }
            if data.absences.iter().any(|absence| absence.trainer == *trainer) {
                return Err(AppError::conflict("opleider-al-uitgevallen", "Deze opleider begeleidt in deze ronde al niemand meer."));
            }
            Ok(())
        }
        MutationSubject::StudentStopped { demand } => {
            let demand = data.demands.get(demand).ok_or(AppError::NotFound)?;
            if demand.need == Need::NotRequired {
                return Err(AppError::conflict("geen-plaats-nodig", "Deze student heeft in deze periode al geen plaats nodig."));
            }
            Ok(())
        }
        MutationSubject::StudentLate { demand } => {
            let demand = data.demands.get(demand).ok_or(AppError::NotFound)?;
            if data.placements.contains_key(&demand.id) {
                return Err(AppError::conflict("al-geplaatst", "Deze student heeft in deze periode al een plaats."));
            }
            Ok(())
        }
        MutationSubject::StudentRefused { demand, school } => {
            let demand = data.demands.get(demand).ok_or(AppError::NotFound)?;
            let here = data.place_of(demand.id).map(|(_, offer)| offer.school);
            if here != Some(*school) {
                let message = "De student is niet (meer) op deze school geplaatst. Bekijk de nieuwe stand en kies opnieuw.";
                return Err(AppError::conflict("niet-op-deze-school", message));
            }
            Ok(())
        }
        MutationSubject::Enrolment => {
            if after::without_place(data).next().is_none() {
                let message = "Iedereen die een plaats nodig heeft, heeft er een. Laad eerst het werkboek met de nieuwe studenten.";
                return Err(AppError::conflict("niemand-zonder-plaats", message));
            }
            Ok(())
        }
    }
}

/// Takes a mutation back before anything was done.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when it was carried out or taken back, or somebody else changed it.
pub async fn cancel(app: &App, actor: &Actor, slug: &str, id: MutationId, seen: Version) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let data = locked(app, tx, actor, slug).await?;
            let stored = pending(tx, &data, id, seen).await?;
            let ended = Mutation { state: MutationState::Cancelled, ended_at: Some(app.clock.now()), ..stored.mutation };
            mutations::save(tx, &ended, stored.plan.as_deref()).await?;
            app.audit(tx, actor, EventKind::MutationCancelled, slug, Change::to(json!({ "mutation": id })));
            Ok(())
        })
        .await
}

fn require_seen(mutation: &Mutation, seen: Version) -> Result<(), AppError> {
    if mutation.version == seen { Ok(()) } else { Err(StorageError::Stale.into()) }
}

fn require_pending(mutation: &Mutation) -> Result<(), AppError> {
    match mutation.state {
        MutationState::Noted | MutationState::Planned => Ok(()),
        MutationState::CarriedOut => {
            let message = "Deze wijziging is al doorgevoerd. Meld een nieuwe wijziging om er iets aan te veranderen.";
            Err(AppError::conflict("wijziging-doorgevoerd", message))
        }
        MutationState::Cancelled => Err(AppError::conflict("wijziging-vervallen", "Deze wijziging is vervallen. Meld haar opnieuw.")),
    }
}
