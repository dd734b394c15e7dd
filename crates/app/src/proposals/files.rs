//! A proposal as a file, with what it was made from: written to take along, and read to be checked by anybody. No names
//! stand in it, only identifiers.

use std::sync::Arc;

use kernschil_allocation::{self as engine, Proposal, Violation};
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_storage::rounds;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{ENGINE_VERSION, Watch, compute, input_hash, internal, orders};
use crate::error::AppError;
use crate::{Actor, App, Change, sight};

/// Violations that are told; there is no end to what a made-up file can hold.
const MOST_TOLD: usize = 100;

/// A proposal with what it was made from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanFile {
    /// Version of the engine that made it.
    pub engine_version: String,
    /// Hash of everything that went in.
    pub input_hash: String,
    /// The round as the engine saw it.
    pub input: engine::Input,
    /// What came out.
    pub proposal: Proposal,
}

/// Whether a proposal is what it claims to be.
#[derive(Debug, Clone, Serialize)]
pub struct Verdict {
    /// Demands in the input.
    pub demands: usize,
    /// How many of them the proposal places.
    pub placed: usize,
    /// Everything that is wrong, each as a Dutch sentence; nothing when the proposal is accepted.
    pub violations: Vec<String>,
}

impl Verdict {
    /// Whether the proposal is accepted.
    pub fn is_accepted(&self) -> bool {
        self.violations.is_empty()
    }
}

/// Makes the proposal of a round and gives it as a file. Nothing is stored, and the board stays as it is.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Forbidden`] for who does not coordinate the whole round; [`AppError::Cancelled`].
pub async fn plan_file(app: &App, actor: &Actor, slug: &str, watch: Arc<Watch>) -> Result<Vec<u8>, AppError> {
    let data = app
        .store
        .write(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::MakeProposals).await?;
            let data = rounds::picture(tx, slug).await?;
            app.audit(tx, actor, EventKind::ProposalExported, slug, Change::to(json!({ "demands": data.demands.len() })));
            Ok::<_, AppError>(data)
        })
        .await?;
    let input = orders::input_for(&data);
    let proposal = compute(input.clone(), watch).await?;
    let file = PlanFile { engine_version: ENGINE_VERSION.to_owned(), input_hash: input_hash(&input)?, input, proposal };
    serde_json::to_vec(&file).map_err(internal)
}

/// Checks a proposal with code of its own, without the engine that made it. `input` is what it was made from; without it
/// the file has to hold that itself.
///
/// # Errors
/// [`AppError::File`] when a file is no proposal, or no input.
pub fn verify_file(proposal: &[u8], input: Option<&[u8]>) -> Result<Verdict, AppError> {
    let whole = serde_json::from_slice::<PlanFile>(proposal);
    let (input, proposal) = match (input, whole) {
        (None, Ok(file)) => (file.input, file.proposal),
        (None, Err(error)) => return Err(unreadable("voorstel-onleesbaar", "Dit is geen voorstel met de invoer erbij.", &error)),
        (Some(input), whole) => {
            let proposal = match whole {
                Ok(file) => file.proposal,
                Err(_) => {
                    serde_json::from_slice(proposal).map_err(|error| unreadable("voorstel-onleesbaar", "Dit is geen voorstel.", &error))?
                }
            };
            (read_input(input)?, proposal)
        }
    };
    Ok(verdict(&input, &proposal))
}

fn read_input(bytes: &[u8]) -> Result<engine::Input, AppError> {
    if let Ok(file) = serde_json::from_slice::<PlanFile>(bytes) {
        return Ok(file.input);
    }
    serde_json::from_slice(bytes).map_err(|error| unreadable("invoer-onleesbaar", "Dit is geen invoer van een voorstel.", &error))
}

/// Checks a proposal against a round as it is now.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Forbidden`] for who does not coordinate the whole round; [`AppError::File`] when the
/// file is no proposal.
pub async fn verify_against_round(app: &App, actor: &Actor, slug: &str, proposal: &[u8]) -> Result<Verdict, AppError> {
    let data = app
        .store
        .read(async |tx| {
            sight::require_whole(app, tx, actor, slug, Permission::MakeProposals).await?;
            Ok::<_, AppError>(rounds::picture(tx, slug).await?)
        })
        .await?;
    let proposal = match serde_json::from_slice::<PlanFile>(proposal) {
        Ok(file) => file.proposal,
        Err(_) => serde_json::from_slice(proposal).map_err(|error| unreadable("voorstel-onleesbaar", "Dit is geen voorstel.", &error))?,
    };
    Ok(verdict(&orders::input_for(&data), &proposal))
}

fn unreadable(code: &str, message: &str, error: &serde_json::Error) -> AppError {
    AppError::File {
        code: code.to_owned(),
        message: message.to_owned(),
        advice: format!("Neem een bestand van kernschil allocate --out (fout in regel {}, teken {}).", error.line(), error.column()),
    }
}

fn verdict(input: &engine::Input, proposal: &Proposal) -> Verdict {
    let found = engine::verify(input, proposal).err().unwrap_or_default();
    let placed = proposal.assignments.iter().filter(|(_, outcome)| matches!(outcome, engine::Outcome::Placed(_))).count();
    let mut violations: Vec<_> = found.iter().take(MOST_TOLD).map(dutch).collect();
    if found.len() > MOST_TOLD {
        violations.push(format!("En nog {} afwijkingen.", found.len() - MOST_TOLD));
    }
    Verdict { demands: input.demands.len(), placed, violations }
}

fn id(key: u128) -> Uuid {
    Uuid::from_u128(key)
}

/// A violation as a Dutch sentence, with identifiers of what it is about.
fn dutch(violation: &Violation) -> String {
    match violation {
        Violation::Input(error) => format!("De invoer zelf klopt niet: {error:?}."),
        Violation::Rows => "Het voorstel heeft niet precies één uitkomst voor elke plaatsingsvraag, op volgorde.".to_owned(),
        Violation::UnknownPlace(demand, place) => format!("Vraag {}: plek {} bestaat niet.", id(demand.0), id(place.0)),
        Violation::Forbidden(demand, reason) => format!("Vraag {}: de plek mag niet, regel {reason:?}.", id(demand.0)),
        Violation::WrongFact(demand) => format!("Vraag {}: school, opleider, voorkeur of reistijd klopt niet.", id(demand.0)),
        Violation::Over(capacity, students) => format!("Te vol: {students} studenten bij {capacity:?}."),
        Violation::Alone(school, _, students) => format!("Te weinig studenten samen: {students} op school {}.", id(school.0)),
        Violation::Apart(team) => format!("Team {} staat niet op één school.", id(team.0)),
        Violation::Packing => "De doelen of hun volgorde zijn niet die van de invoer.".to_owned(),
        Violation::Objective(level) => format!("De uitkomst van een doel klopt niet: {}.", crate::reasons::level(*level)),
        Violation::NotBest(demand, _) => format!("Vraag {}: een andere uitkomst is beter; dit voorstel is niet het beste.", id(demand.0)),
        Violation::NotBestTrainer(demand, _) => format!("Vraag {}: een andere opleider is beter.", id(demand.0)),
        Violation::Slackness(capacity) => format!("Het bewijs rekent met {capacity:?} als vol, maar daar is ruimte."),
        Violation::SchoolPrice(school, _) => format!("Het bewijs klopt niet bij school {}.", id(school.0)),
        Violation::Cases => "Het bewijs laat gevallen open.".to_owned(),
        Violation::Proof => "Het voorstel beweert meer dan het bewijs laat zien.".to_owned(),
        Violation::Explanation(demand) => format!("Vraag {}: de uitleg klopt niet.", id(demand.0)),
        Violation::Shortage => "De tekorten tellen niet op.".to_owned(),
        Violation::Figures => "De totalen zijn niet die van de uitkomsten.".to_owned(),
        other => format!("Er klopt iets niet: {other:?}."),
    }
}
