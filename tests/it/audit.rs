//! The log of who did what: one unbroken chain, nothing in it that names a student, and nothing changed without a word.

mod chain;
mod house;
mod migrating;
mod noting;
mod tampering;

use kernschil_app::App;
use kernschil_domain::audit::EventKind;
use kernschil_domain::audit::LogEnd;
use kernschil_domain::ids::EventId;
use kernschil_storage::StorageError;
use kernschil_storage::audit::{self, Deviation, EventFilter, NewEvent, StoredEvent, Verdict};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};

/// The database by another way than ours, as somebody would go who means harm.
async fn behind_our_back(url: &str) -> DatabaseConnection {
    Database::connect(url).await.unwrap()
}

async fn run(connection: &DatabaseConnection, sql: &str) -> u64 {
    connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}")).rows_affected()
}

/// An event about something, made by nobody.
fn event(app: &App, subject: &str) -> NewEvent {
    NewEvent {
        id: EventId(app.ids.next()),
        at: app.clock.now(),
        user: None,
        role: None,
        kind: EventKind::SettingsChanged,
        subject: subject.to_owned(),
        before: None,
        after: None,
        request: None,
    }
}

async fn note(app: &App, events: Vec<NewEvent>) {
    let write = async |tx: &kernschil_storage::WriteTx| {
        for event in events {
            tx.note(event);
        }
        Ok::<_, StorageError>(())
    };
    app.store.write(write).await.unwrap();
}

async fn verdict(app: &App, since: Option<&LogEnd>) -> Verdict {
    app.store.read(async |tx| audit::check(tx, since).await).await.unwrap()
}

async fn deviations(app: &App) -> Vec<Deviation> {
    verdict(app, None).await.deviations
}

/// All events, oldest first.
async fn events(app: &App) -> Vec<StoredEvent> {
    let filter = EventFilter::default();
    let mut events = app.store.read(async |tx| audit::events(tx, &filter, 0, 100_000).await).await.unwrap();
    events.reverse();
    events
}
