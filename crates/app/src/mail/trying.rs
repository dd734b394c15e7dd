//! A mail to see whether mail works.

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_mail::Sender;
use kernschil_storage::access;
use kernschil_storage::outbox::{self, MailState, StoredMail};
use serde_json::json;

use super::{Letter, MailKind, queue, stored, worker};
use crate::error::AppError;
use crate::{Actor, App, Change};

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Sent, refused or unknown.
    pub state: MailState,
    /// Why it was not sent, without address; empty when it was.
    pub reason: String,
}

fn letter(to_address: String, to_name: String) -> Letter {
    let greeting = if to_name.is_empty() { "Goedendag,".to_owned() } else { format!("Beste {to_name},") };
    Letter {
        kind: MailKind::Test,
        to_address,
        to_name,
        subject: "Proefmail van Kernschil".to_owned(),
        text: format!("{greeting}\n\nDit is een proefmail. U leest hem, dus Kernschil kan mail versturen.\nU hoeft niets te doen.\n"),
    }
}

/// Queues a mail to who asks.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`] at the command line, which has no address.
pub async fn test_myself(app: &App, actor: &Actor) -> Result<(), AppError> {
    actor.require(Permission::ManageSettings)?;
    let id = actor.user().ok_or(AppError::NotFound)?;
    app.store
        .write(async |tx| {
            let user = access::user(tx, id).await?.ok_or(AppError::NotFound)?;
            let mail = queue(app, tx, letter(user.email, user.name)).await?;
            app.audit(tx, actor, EventKind::MailTested, &mail.to_string(), Change::none());
            Ok(())
        })
        .await
}

/// Sends a mail with these settings now and waits for the outcome. It stands in the outbox from before anything is
/// said, taken by this process, so that no worker takes it; it is not tried again.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Storage`] when the database fails.
pub async fn try_out(app: &App, actor: &Actor, sender: &Sender, to_address: &str) -> Result<Tried, AppError> {
    actor.require(Permission::ManageSettings)?;
    let taken = app
        .store
        .write(async |tx| {
            let mail = stored(app, tx, letter(to_address.trim().to_owned(), String::new())).await?;
            let taken = StoredMail { state: MailState::Sending, attempts: 1, claimed_at: Some(app.clock.now()), ..mail };
            outbox::put_mail(tx, taken.clone()).await?;
            app.audit(tx, actor, EventKind::MailTested, &taken.id.to_string(), Change::to(json!({ "way": "command-line" })));
            Ok::<_, AppError>(taken)
        })
        .await?;
    let mut ended = worker::attempt(app, sender, taken).await;
    if ended.state == MailState::Queued {
        let reason = ended.reason.clone();
        ended = worker::refused(app, ended, reason);
    }
    app.store.write(async |tx| outbox::settle(tx, &ended).await).await?;
    Ok(Tried { state: ended.state, reason: ended.reason })
}
