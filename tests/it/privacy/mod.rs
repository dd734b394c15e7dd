//! Privacy: the register of what is kept, retention terms, and everything about one student.

mod logs;
mod register;
mod retention;
mod students;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use kernschil_app::privacy::{self, FoundStudent};
use kernschil_app::{Actor, App};
use kernschil_domain::ids::Clock;
use kernschil_storage::audit::{self, EventFilter, StoredEvent, Verdict};

/// A clock that stands still somewhere.
struct At(DateTime<Utc>);

impl Clock for At {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// The same application at another moment.
fn at(app: &App, moment: &str) -> App {
    App { clock: Arc::new(At(moment.parse().unwrap())), ..app.clone() }
}

async fn found(app: &App, text: &str) -> Vec<FoundStudent> {
    privacy::find(app, &Actor::CommandLine, text).await.unwrap().0
}

async fn events(app: &App) -> Vec<StoredEvent> {
    app.store.read(async |tx| audit::events(tx, &EventFilter::default(), 0, 1_000).await).await.unwrap()
}

async fn chain(app: &App) -> Verdict {
    app.store.read(async |tx| audit::check(tx, None).await).await.unwrap()
}
