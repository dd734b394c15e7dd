//! What scenarios would be solved from now, worked out once for each state of the round.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use kernschil_domain::ids::{ScenarioId, Version};
use kernschil_domain::rounds::RoundData;
use kernschil_domain::scenarios::Scenario;
use kernschil_storage::{Tx, audit};

use super::reading::hash_of;
use crate::App;
use crate::error::AppError;

/// Hashes that hold as long as nothing more was noted in the log: every change of a round is noted there with it.
#[derive(Debug, Default)]
pub struct Hashes(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    log: String,
    of: HashMap<ScenarioId, (Version, String)>,
}

/// The hashes of scenarios in one transaction.
pub(super) struct Asked<'a> {
    hashes: &'a Hashes,
    log: String,
}

impl<'a> Asked<'a> {
    pub(super) async fn new(app: &'a App, tx: &Tx) -> Result<Self, AppError> {
        Ok(Self { hashes: &app.hashes, log: audit::head(tx).await? })
    }

    /// The hash of what would be solved now.
    pub(super) fn of(&self, data: &RoundData, scenario: &Scenario) -> Result<String, AppError> {
        let known = self.with(|known| known.of.get(&scenario.id).cloned());
        if let Some((version, hash)) = known
            && version == scenario.version
        {
            return Ok(hash);
        }
        let hash = hash_of(data, scenario)?;
        self.with(|known| known.of.insert(scenario.id, (scenario.version, hash.clone())));
        Ok(hash)
    }

    /// What is known of the round as it is in this transaction.
    fn with<T>(&self, work: impl FnOnce(&mut Known) -> T) -> T {
        let mut known = self.hashes.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.log != self.log {
            *known = Known { log: self.log.clone(), of: HashMap::new() };
        }
        work(&mut known)
    }
}
