//! What the log tells about one student.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use kernschil_domain::access::Role;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{ChangeId, DemandId, RoundId, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;

use crate::entity::{audit_log, board_changes};
use crate::error::StorageError;
use crate::rows::in_chunks;
use crate::store::Tx;

/// An event about somebody.
#[derive(Debug, Clone)]
pub struct Trace {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: EventKind,
    /// About what.
    pub subject: String,
    /// Who.
    pub user: Option<UserId>,
    /// In which role.
    pub role: Option<Role>,
}

/// The events about any of these subjects, the oldest first. A row that nobody can read is for who checks the log.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn traces(tx: &Tx, subjects: &[String]) -> Result<Vec<Trace>, StorageError> {
    let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
    let mut rows = in_chunks::<audit_log::Entity, _>(tx, audit_log::Column::Subject, &subjects).await?;
    rows.sort_by_key(|row| row.seq);
    let trace = |row: audit_log::Model| {
        Some(Trace {
            at: row.at,
            kind: EventKind::parse(&row.kind)?,
            subject: row.subject,
            user: row.user_id.map(UserId),
            role: row.role.and_then(|code| Role::parse(&code)),
        })
    };
    Ok(rows.into_iter().filter_map(trace).collect())
}

/// The changes on the placement board of a round that are about any of these demands.
///
/// # Errors
/// [`StorageError`] when the database fails.
pub async fn changes_about(tx: &Tx, round: RoundId, demands: &BTreeSet<DemandId>) -> Result<Vec<ChangeId>, StorageError> {
    let ids: BTreeSet<_> = demands.iter().map(ToString::to_string).collect();
    let is_hers = |id: &Value| id.as_str().is_some_and(|id| ids.contains(id));
    // A step is about one demand, or about the members of a team.
    let members = |step: &Value, side: &str| step[side]["members"].as_array().is_some_and(|members| members.iter().any(is_hers));
    let is_step_about = |step: &Value| is_hers(&step["demand"]) || members(step, "before") || members(step, "after");
    let is_about = |steps: &str| {
        let steps: Value = serde_json::from_str(steps).unwrap_or_default();
        steps.as_array().is_some_and(|steps| steps.iter().any(is_step_about))
    };
    let rows = board_changes::Entity::find().filter(board_changes::Column::RoundId.eq(round.0)).all(tx.connection()).await?;
    Ok(rows.into_iter().filter(|row| is_about(&row.steps)).map(|row| ChangeId(row.id)).collect())
}
