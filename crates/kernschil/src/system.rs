//! The machine's clock and fresh identifiers: the only place in the program that takes them from the
//! machine itself.

use chrono::{DateTime, SubsecRound, Utc};
use kernschil_domain::ids::{Clock, IdGen};
use uuid::Uuid;

/// The clock of the machine.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    fn now(&self) -> DateTime<Utc> {
        // A database keeps microseconds, so what is written is what is read back.
        Utc::now().trunc_subsecs(6)
    }
}

/// Time-ordered random identifiers.
pub(crate) struct RandomIds;

impl IdGen for RandomIds {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that makes identifiers")]
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}
