//! Handing mails over. A mail is `sending` in the database before anything is said to a mail server; whatever happens
//! then, it is only tried again when it surely was not accepted.

use std::future::Future;
use std::time::Duration;

use kernschil_mail::{Outgoing, SendError, Sender};
use kernschil_storage::outbox::{self, MailState, StoredMail};

use super::MailKind;
use crate::App;
use crate::error::AppError;

/// Handing over takes seventeen minutes at most. After this long the instance that took a mail is gone.
const SILENT_MINUTES: i64 = 30;
/// How long the mail in hand gets when the program is asked to stop.
const GRACE: Duration = Duration::from_secs(8);
/// Other instances and the command line queue too, so look now and then without being woken.
const LOOK: Duration = Duration::from_secs(5);

/// Minutes until the next attempt, by attempts so far; after these it is an hour each time.
const WAITS: [i64; 3] = [1, 5, 15];
const LATER_WAIT: i64 = 60;
/// When all waiting together would be longer, it ends.
const MOST_MINUTES: i64 = 48 * 60;

/// How long to wait after an attempt failed; nothing when it was tried long enough.
fn wait(attempts: i32) -> Option<chrono::Duration> {
    let attempts = usize::try_from(attempts).unwrap_or_default().max(1);
    let wait = |attempt: usize| WAITS.get(attempt - 1).copied().unwrap_or(LATER_WAIT);
    let all: i64 = (1..=attempts).map(wait).sum();
    (all <= MOST_MINUTES).then(|| chrono::Duration::minutes(wait(attempts)))
}

/// Hands mails over, one after the other, until `stop` is ready. The mail in hand then gets a few seconds to end.
pub async fn run(app: App, sender: Sender, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    loop {
        let taken = match take(&app).await {
            Ok(taken) => taken,
            Err(error) => {
                tracing::error!(%error, "no mail could be taken");
                None
            }
        };
        let Some(mail) = taken else {
            tokio::select! {
                () = app.wake_mail.notified() => continue,
                () = tokio::time::sleep(LOOK) => continue,
                () = &mut stop => return,
            }
        };
        let sending = attempt(&app, &sender, mail.clone());
        tokio::pin!(sending);
        let stopped = tokio::select! {
            ended = &mut sending => {
                settle(&app, ended).await;
                continue;
            }
            () = &mut stop => tokio::time::timeout(GRACE, sending).await,
        };
        settle(&app, stopped.unwrap_or_else(|_| unknown(&app, mail, "het programma stopte tijdens het versturen"))).await;
        return;
    }
}

/// Hands over the next mail whose turn it is. Answers how that ended; nothing when none was waiting.
///
/// # Errors
/// [`AppError::Storage`] when the database fails. When only the end could not be stored, the mail becomes uncertain
/// after a while, and is not sent again by itself.
pub async fn send_next(app: &App, sender: &Sender) -> Result<Option<MailState>, AppError> {
    let Some(mail) = take(app).await? else { return Ok(None) };
    let ended = attempt(app, sender, mail).await;
    app.store.write(async |tx| outbox::settle(tx, &ended).await).await?;
    Ok(Some(ended.state))
}

/// Takes the next mail, after giving up those whose instance is gone.
async fn take(app: &App) -> Result<Option<StoredMail>, AppError> {
    let now = app.clock.now();
    let silent = now - chrono::Duration::minutes(SILENT_MINUTES);
    let keep: Vec<_> = MailKind::ALL.into_iter().filter(|kind| !kind.opens_an_account()).map(MailKind::code).collect();
    let given_up = app.store.write(async |tx| outbox::give_up_silent(tx, silent, now, &keep).await).await?;
    if given_up > 0 {
        tracing::warn!(mails = given_up, "nobody knows whether these mails were handed over; they are not sent again");
    }
    Ok(outbox::claim(&app.store, now).await?)
}

/// Hands a mail over that is stored as being sent, and says what it is now.
pub(super) async fn attempt(app: &App, sender: &Sender, mail: StoredMail) -> StoredMail {
    let outgoing = Outgoing {
        id: mail.id.0,
        to: mail.to_address.clone(),
        to_name: Some(mail.to_name.clone()),
        subject: mail.subject.clone(),
        text: mail.body.clone(),
        at: mail.created_at,
    };
    match sender.send(&outgoing).await {
        Ok(()) => ended(app, StoredMail { reason: String::new(), ..mail }, MailState::Sent),
        Err(error) => {
            tracing::warn!(mail = %mail.id, attempt = mail.attempts, %error, "mail not handed over");
            failed(app, mail, error)
        }
    }
}

fn failed(app: &App, mail: StoredMail, error: SendError) -> StoredMail {
    let reason = error.reason().to_string();
    match (error, wait(mail.attempts)) {
        (SendError::Later(_), Some(wait)) => StoredMail { state: MailState::Queued, reason, next_at: app.clock.now() + wait, ..mail },
        (SendError::Later(_), None) => refused(app, mail, format!("twee dagen geprobeerd en opgegeven; {reason}")),
        (SendError::Never(_), _) => refused(app, mail, reason),
        (SendError::Unknown(_), _) => unknown(app, mail, &reason),
    }
}

/// A mail that will not be handed over.
pub(super) fn refused(app: &App, mail: StoredMail, reason: String) -> StoredMail {
    ended(app, StoredMail { reason, ..mail }, MailState::Refused)
}

fn unknown(app: &App, mail: StoredMail, reason: &str) -> StoredMail {
    ended(app, StoredMail { reason: reason.to_owned(), ..mail }, MailState::Unknown)
}

/// What ended keeps its text only while somebody may still decide to send it again.
fn ended(app: &App, mail: StoredMail, state: MailState) -> StoredMail {
    let keeps = state == MailState::Unknown && MailKind::parse(&mail.kind).is_some_and(|kind| !kind.opens_an_account());
    let body = if keeps { mail.body.clone() } else { String::new() };
    StoredMail { state, body, ended_at: Some(app.clock.now()), ..mail }
}

async fn settle(app: &App, ended: StoredMail) {
    let stored = app.store.write(async |tx| outbox::settle(tx, &ended).await).await;
    if let Err(error) = stored {
        tracing::error!(%error, mail = %ended.id, "the end of a mail was not stored");
    }
}

#[cfg(test)]
mod tests {
    use super::wait;

    #[test]
    fn waiting_grows_to_an_hour_and_ends_within_two_days() {
        let minutes: Vec<_> = (1..=5).filter_map(wait).map(|wait| wait.num_minutes()).collect();
        assert_eq!(minutes, [1, 5, 15, 60, 60]);
        let attempts = (1..1_000).take_while(|attempt| wait(*attempt).is_some()).count();
        assert_eq!(attempts, 50);
        let all: i64 = (1..=50).filter_map(wait).map(|wait| wait.num_minutes()).sum();
        assert!(all <= 48 * 60 && all > 47 * 60, "{all}");
    }
}
