//! What the outbox talks to.

use lettre::message::Mailbox;

use crate::failure::SendError;
use crate::folder::Folder;
use crate::letter::{Letter, Outgoing};
use crate::relay::Relay;
use crate::settings::{self, Settings, SettingsError, Transport};

/// Hands mails over, one at a time, each over a connection of its own.
#[derive(Debug)]
pub struct Sender {
    from: Mailbox,
    route: Route,
}

#[derive(Debug)]
enum Route {
    Folder(Folder),
    Relay(Box<Relay>),
}

impl Sender {
    /// Looks whether the settings can be used; makes the folder, but speaks to no server yet.
    ///
    /// # Errors
    /// The first setting that is not right.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        let from = settings::sender(&settings.from)?;
        let route = match settings.transport {
            Transport::Folder(path) => Route::Folder(Folder::new(path)?),
            Transport::Smtp(smtp) => Route::Relay(Box::new(Relay::new(smtp, from.email.domain())?)),
        };
        Ok(Self { from, route })
    }

    /// Hands a mail over. `Ok` says that it was accepted, once.
    ///
    /// With the default [`Timeouts`](crate::Timeouts) a server that answers everything at the last moment keeps this
    /// busy for some seventeen minutes. Dropping it halfway leaves the same doubt as [`SendError::Unknown`].
    ///
    /// # Errors
    /// [`SendError`] says what may be done next.
    pub async fn send(&self, mail: &Outgoing) -> Result<(), SendError> {
        let letter = Letter::compose(&self.from, mail)?;
        match &self.route {
            Route::Folder(folder) => folder.put(mail.id, letter.bytes).await,
            Route::Relay(relay) => relay.hand_over(&letter).await,
        }
    }
}
