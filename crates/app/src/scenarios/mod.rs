//! Scenarios: named copies of a round with other rules, places or enrolment, solved beside it, compared, and chosen.
//! Nothing of a scenario is on the board until its rules were chosen and a proposal was made with them.

mod changed;
mod comparison;
mod edits;
mod hashes;
mod picture;
mod reading;
mod solving;

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{JobId, ScenarioId, Version};
use kernschil_domain::policy::Order;
use kernschil_domain::rounds::{RoundData, RoundRules};
use kernschil_domain::scenarios::{Scenario, ScenarioChanges};
use kernschil_storage::policy as stored_policy;
use kernschil_storage::{Tx, rounds, scenarios};
use serde_json::json;

use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change, jobs, proposals, sight};

pub use comparison::{Aspect, Comparison, Difference, Direction, SchoolDifference};
pub use edits::{Among, Deviation, DeviationKind, ENROLMENT, MOST_PLACES, phases};
pub use hashes::Hashes;
pub use picture::{KeyFigures, Picture, PlaceRow, Row, SchoolLoad, TRAVEL_BANDS, Who};
pub use reading::{Compared, ScenarioList, ScenarioState, ScenarioView, Side, Versus, compare, get, list};
pub use solving::solve;
pub(crate) use solving::{JOB, work};

/// A scenario that is ready to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ready {
    /// Coverage goes before keeping places.
    CoveredFirst,
    /// Keeping places goes before coverage.
    KeptFirst,
    /// A quarter more students.
    MoreStudents,
}

impl Ready {
    /// All.
    pub const ALL: [Self; 3] = [Self::CoveredFirst, Self::KeptFirst, Self::MoreStudents];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::CoveredFirst => "covered-first",
            Self::KeptFirst => "kept-first",
            Self::MoreStudents => "more-students",
        }
    }

    /// The name it gets when no other is given.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::CoveredFirst => "Dekking eerst",
            Self::KeptFirst => "Plaatsen houden eerst",
            Self::MoreStudents => "Instroom 25% hoger",
        }
    }

    /// What it is for, in Dutch.
    pub fn explanation(self) -> &'static str {
        match self {
            Self::CoveredFirst => Order::CoveredFirst.price(),
            Self::KeptFirst => Order::KeptFirst.price(),
            Self::MoreStudents => "Waar komen plekken of opleiders tekort als er een kwart meer studenten zijn?",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ready| ready.code() == code)
    }

    fn begin(self, round: &RoundRules) -> (RoundRules, ScenarioChanges) {
        let ordered = |order| RoundRules { policy: round.policy.ordered(order), ..round.clone() };
        match self {
            Self::CoveredFirst => (ordered(Order::CoveredFirst), ScenarioChanges::default()),
            Self::KeptFirst => (ordered(Order::KeptFirst), ScenarioChanges::default()),
            Self::MoreStudents => (round.clone(), ScenarioChanges { enrolment: vec![(String::new(), 25)], ..ScenarioChanges::default() }),
        }
    }
}

/// What a new scenario begins as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// The round as it is.
    Round,
    /// A copy of another scenario.
    Copy(ScenarioId),
    /// One that is ready.
    Ready(Ready),
}

/// The round for somebody who makes scenarios of it, locked against others.
async fn locked(app: &App, tx: &kernschil_storage::WriteTx, actor: &Actor, slug: &str) -> Result<RoundData, AppError> {
    sight::require_whole(app, tx, actor, slug, Permission::MakeProposals).await?;
    rounds::lock(tx, slug).await?;
    Ok(rounds::picture(tx, slug).await?)
}

async fn require_new_name(tx: &Tx, data: &RoundData, name: &str, own: Option<ScenarioId>) -> Result<(), AppError> {
    let taken = scenarios::list(tx, data.round.id).await?.into_iter().any(|s| s.scenario.name == name && Some(s.scenario.id) != own);
    if taken {
        let message = format!("Er is al een scenario “{name}” bij deze ronde. Kies een andere naam.");
        return Err(AppError::conflict("naam-bestaat", message));
    }
    Ok(())
}

fn require(found: Vec<FieldError>) -> Result<(), AppError> {
    if found.is_empty() { Ok(()) } else { Err(AppError::Invalid(found)) }
}

/// Makes a scenario. It is not solved yet.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such round, or no such scenario to copy; [`AppError::Invalid`];
/// [`AppError::Conflict`] when the name is in use.
pub async fn make(app: &App, actor: &Actor, slug: &str, name: &str, begin: Begin) -> Result<ScenarioId, AppError> {
    let name = edits::clean_name(name).map_err(|wrong| AppError::Invalid(vec![wrong]))?;
    app.store
        .write(async |tx| {
            let data = locked(app, tx, actor, slug).await?;
            require_new_name(tx, &data, &name, None).await?;
            let (rules, changes) = match begin {
                Begin::Round => (data.round.rules.clone(), ScenarioChanges::default()),
                Begin::Ready(ready) => ready.begin(&data.round.rules),
                Begin::Copy(id) => {
                    let like = scenarios::get(tx, data.round.id, id).await?.scenario;
                    (like.rules, like.changes)
                }
            };
            let scenario = Scenario {
                id: ScenarioId(app.ids.next()),
                round: data.round.id,
                name,
                rules,
                changes,
                made_at: app.clock.now(),
                made_by: actor.user(),
                solved_at: None,
                input_hash: None,
                version: Version::FIRST,
            };
            scenarios::insert(tx, &scenario).await?;
            app.audit(tx, actor, EventKind::ScenarioMade, slug, Change::to(json!({ "scenario": scenario.id, "name": scenario.name })));
            Ok::<_, AppError>(scenario.id)
        })
        .await
}

/// What somebody changes about a scenario; nothing leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// Another name.
    pub name: Option<String>,
    /// Other rules.
    pub rules: Option<RoundRules>,
    /// Other changes of the data, in the place of all there were.
    pub changes: Option<ScenarioChanges>,
    /// More or fewer places at several offers at once, on top of that.
    pub shift: Option<(Among, i32)>,
}

/// Changes a scenario. What came out before stays, as outdated.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] with everything that is wrong; [`AppError::Conflict`] when the name is in
/// use, or somebody else changed it since `seen`.
pub async fn change(app: &App, actor: &Actor, slug: &str, id: ScenarioId, seen: Version, edit: Edit) -> Result<Version, AppError> {
    let name = edit.name.as_deref().map(edits::clean_name).transpose().map_err(|wrong| AppError::Invalid(vec![wrong]))?;
    app.store
        .write(async |tx| {
            let data = locked(app, tx, actor, slug).await?;
            let before = scenarios::get(tx, data.round.id, id).await?.scenario;
            if let Some(name) = &name {
                require_new_name(tx, &data, name, Some(id)).await?;
            }
            let rules = edit.rules.unwrap_or_else(|| before.rules.clone());
            let mut changes = edit.changes.unwrap_or_else(|| before.changes.clone());
            require(edits::wrong(&data, &rules, &changes))?;
            changes = edits::tidy(&data, changes);
            if let Some((among, by)) = edit.shift {
                changes = edits::shifted(&data, &changes, among, by)?;
            }
            let after = Scenario { name: name.unwrap_or_else(|| before.name.clone()), rules, changes, version: seen, ..before.clone() };
            let version = scenarios::save(tx, &after).await?;
            app.audit(tx, actor, EventKind::ScenarioChanged, slug, Change::between(words(&data, &before), words(&data, &after)));
            Ok::<_, AppError>(version)
        })
        .await
}

/// A scenario for the log: identifiers and sentences, no people.
fn words(data: &RoundData, scenario: &Scenario) -> serde_json::Value {
    let rules = edits::rule_sentences(&data.round.rules, &scenario.rules);
    json!({
        "scenario": scenario.id,
        "name": scenario.name,
        "rules": rules,
        "enrolment": scenario.changes.enrolment,
        "offers": scenario.changes.offers.len(),
        "trainers": scenario.changes.trainers.len(),
    })
}

/// Removes a scenario with what came out of it.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when somebody else changed it since `seen`.
pub async fn remove(app: &App, actor: &Actor, slug: &str, id: ScenarioId, seen: Version) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let data = locked(app, tx, actor, slug).await?;
            let before = scenarios::get(tx, data.round.id, id).await?.scenario;
            scenarios::remove(tx, id, seen).await?;
            let change = Change { before: Some(words(&data, &before)), after: None };
            app.audit(tx, actor, EventKind::ScenarioRemoved, slug, change);
            Ok::<_, AppError>(())
        })
        .await
}

/// Chooses a scenario: its rules become those of the round, and a proposal with them is asked for. Places, trainers and
/// students of the round stay as they are. Answers the work that makes the proposal.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when it was not solved as it is now, when the round is fixed already, or
/// when somebody else changed the scenario since `seen`.
pub async fn choose(app: &App, actor: &Actor, slug: &str, id: ScenarioId, seen: Version) -> Result<JobId, AppError> {
    app.store
        .write(async |tx| {
            let data = locked(app, tx, actor, slug).await?;
            let scenario = scenarios::get(tx, data.round.id, id).await?.scenario;
            proposals::require_open(&data)?;
            if scenario.version != seen {
                return Err(kernschil_storage::StorageError::Stale.into());
            }
            require_current(&data, &scenario)?;
            let (before, after) = (edits::rule_sentences(&scenario.rules, &data.round.rules), words(&data, &scenario));
            stored_policy::set_rules(tx, data.round.id, &scenario.rules, data.round.version).await?;
            app.audit(tx, actor, EventKind::ScenarioChosen, slug, Change::between(json!({ "rules": before }), after));
            Ok::<_, AppError>(())
        })
        .await?;
    jobs::ask_proposal(app, actor, slug).await
}

/// Refuses a scenario of which nobody knows what it would give now.
fn require_current(data: &RoundData, scenario: &Scenario) -> Result<(), AppError> {
    let Some(hash) = &scenario.input_hash else {
        let message = "Dit scenario is nog niet doorgerekend. Reken het eerst door en bekijk wat eruit komt.";
        return Err(AppError::conflict("scenario-niet-doorgerekend", message));
    };
    if reading::hash_of(data, scenario)? == *hash {
        return Ok(());
    }
    let message = "Dit scenario of de ronde is veranderd na het doorrekenen. Reken het scenario opnieuw door en bekijk wat eruit komt.";
    Err(AppError::conflict("scenario-verouderd", message))
}
