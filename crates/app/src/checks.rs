//! What must always hold, looked at over every round.

use kernschil_domain::invariants::{Violation, violations};
use kernschil_storage::rounds;
use serde::Serialize;

use crate::App;
use crate::error::AppError;

/// What does not hold in one round.
#[derive(Debug, Clone, Serialize)]
pub struct RoundViolations {
    /// Name of the round.
    pub round: String,
    /// What does not hold.
    pub violations: Vec<Violation>,
}

/// Everything that must hold and does not; nothing is the good answer.
///
/// # Errors
/// [`AppError::Storage`] when the database fails or holds a value this version cannot read.
pub async fn run(app: &App) -> Result<Vec<RoundViolations>, AppError> {
    app.store
        .read(async |tx| {
            let mut found = Vec::new();
            for round in rounds::list(tx).await? {
                let data = rounds::picture(tx, &round.slug).await?;
                let violations = violations(&data);
                if !violations.is_empty() {
                    found.push(RoundViolations { round: round.name, violations });
                }
            }
            Ok(found)
        })
        .await
}
