//! Which round each user looked at last, for the menu of pages outside the rounds. Only a convenience:
//! it is forgotten when the program stops.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use kernschil_domain::ids::UserId;
use kernschil_http::Caller;

use crate::components::nav::RoundRef;

/// More users than this are not remembered at the same time.
const MOST: usize = 1_000;

/// The last round per user, by its name in addresses.
#[derive(Default)]
pub(super) struct Seen(Mutex<HashMap<UserId, String>>);

impl Seen {
    fn rounds(&self) -> MutexGuard<'_, HashMap<UserId, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the round a user looks at.
    pub(super) fn note(&self, caller: &Caller, round: &RoundRef) {
        let Some(user) = caller.actor.user() else { return };
        let mut rounds = self.rounds();
        if rounds.len() >= MOST && !rounds.contains_key(&user) {
            rounds.clear();
        }
        rounds.insert(user, round.slug.clone());
    }

    /// The round a user looked at last.
    pub(super) fn last(&self, caller: &Caller) -> Option<String> {
        self.rounds().get(&caller.actor.user()?).cloned()
    }
}
