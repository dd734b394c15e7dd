//! Scenarios of a round, with what came out when they were solved.

use chrono::{DateTime, Utc};
use kernschil_domain::ids::{RoundId, ScenarioId, UserId, Version};
use kernschil_domain::scenarios::Scenario;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::scenarios;
use crate::error::StorageError;
use crate::rows::{put, read};
use crate::store::{Tx, WriteTx};

/// A scenario as stored.
#[derive(Debug, Clone)]
pub struct StoredScenario {
    /// The scenario.
    pub scenario: Scenario,
    /// What came out when it was solved, as JSON.
    pub result: Option<String>,
}

fn stored(row: scenarios::Model) -> Result<StoredScenario, StorageError> {
    let scenario = Scenario {
        id: ScenarioId(row.id),
        round: RoundId(row.round_id),
        name: row.name,
        rules: read(serde_json::from_str(&row.rules).ok(), "scenarios.rules")?,
        changes: read(serde_json::from_str(&row.changes).ok(), "scenarios.changes")?,
        made_at: row.made_at,
        made_by: row.made_by.map(UserId),
        solved_at: row.solved_at,
        input_hash: row.input_hash,
        version: Version(row.version),
    };
    Ok(StoredScenario { scenario, result: row.result })
}

/// The scenarios of a round, oldest first.
///
/// # Errors
/// [`StorageError`] when the database fails or holds a value this version cannot read.
pub async fn list(tx: &Tx, round: RoundId) -> Result<Vec<StoredScenario>, StorageError> {
    let rows = scenarios::Entity::find()
        .filter(scenarios::Column::RoundId.eq(round.0))
        .order_by_asc(scenarios::Column::MadeAt)
        .order_by_asc(scenarios::Column::Id)
        .all(tx.connection())
        .await?;
    rows.into_iter().map(stored).collect()
}

/// A scenario of a round.
///
/// # Errors
/// [`StorageError::NotFound`] when the round has no such scenario.
pub async fn get(tx: &Tx, round: RoundId, id: ScenarioId) -> Result<StoredScenario, StorageError> {
    let row = scenarios::Entity::find_by_id(id.0).filter(scenarios::Column::RoundId.eq(round.0)).one(tx.connection()).await?;
    row.map(stored).ok_or(StorageError::NotFound)?
}

fn json(value: &impl serde::Serialize, column: &'static str) -> Result<String, StorageError> {
    read(serde_json::to_string(value).ok(), column)
}

/// Stores a new scenario. Its name must be new in the round.
///
/// # Errors
/// [`StorageError::Constraint`] when the name is in use.
pub async fn insert(tx: &WriteTx, new: &Scenario) -> Result<(), StorageError> {
    let row = scenarios::Model {
        id: new.id.0,
        round_id: new.round.0,
        name: new.name.clone(),
        rules: json(&new.rules, "scenarios.rules")?,
        changes: json(&new.changes, "scenarios.changes")?,
        made_at: new.made_at,
        made_by: new.made_by.map(|user| user.0),
        solved_at: None,
        input_hash: None,
        result: None,
        version: new.version.0,
    };
    put(tx, vec![row]).await
}

/// Stores the name, rules and changes of a scenario. Fails with `Stale` when somebody else changed it since it was read.
///
/// # Errors
/// [`StorageError::Stale`]; [`StorageError::Constraint`] when the name is in use.
pub async fn save(tx: &WriteTx, changed: &Scenario) -> Result<Version, StorageError> {
    let next = changed.version.next();
    let done = scenarios::Entity::update_many()
        .col_expr(scenarios::Column::Name, Expr::value(changed.name.clone()))
        .col_expr(scenarios::Column::Rules, Expr::value(json(&changed.rules, "scenarios.rules")?))
        .col_expr(scenarios::Column::Changes, Expr::value(json(&changed.changes, "scenarios.changes")?))
        .col_expr(scenarios::Column::Version, Expr::value(next.0))
        .filter(scenarios::Column::Id.eq(changed.id.0))
        .filter(scenarios::Column::Version.eq(changed.version.0))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::Stale) } else { Ok(next) }
}

/// What came out of solving a scenario.
#[derive(Debug, Clone)]
pub struct Solution {
    /// When.
    pub at: DateTime<Utc>,
    /// Hash of what was solved.
    pub input_hash: String,
    /// What came out, as JSON.
    pub result: String,
}

/// Stores what came out of a scenario as it was read. It is no change of the scenario: its version stays.
///
/// # Errors
/// [`StorageError::Stale`] when it was changed or removed meanwhile.
pub async fn solved(tx: &WriteTx, scenario: &Scenario, solution: Solution) -> Result<(), StorageError> {
    let done = scenarios::Entity::update_many()
        .col_expr(scenarios::Column::SolvedAt, Expr::value(Some(solution.at)))
        .col_expr(scenarios::Column::InputHash, Expr::value(Some(solution.input_hash)))
        .col_expr(scenarios::Column::Result, Expr::value(Some(solution.result)))
        .filter(scenarios::Column::Id.eq(scenario.id.0))
        .filter(scenarios::Column::Version.eq(scenario.version.0))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::Stale) } else { Ok(()) }
}

/// Removes a scenario. Fails with `Stale` when somebody else changed it since it was read.
///
/// # Errors
/// [`StorageError::Stale`].
pub async fn remove(tx: &WriteTx, scenario: ScenarioId, seen: Version) -> Result<(), StorageError> {
    let done = scenarios::Entity::delete_many()
        .filter(scenarios::Column::Id.eq(scenario.0))
        .filter(scenarios::Column::Version.eq(seen.0))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 0 { Err(StorageError::Stale) } else { Ok(()) }
}
