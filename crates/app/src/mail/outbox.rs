//! Outgoing mail as who manages the installation sees it: how each mail fares, never what is in it or whom it is for.

use chrono::{DateTime, Utc};
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::MailId;
use kernschil_storage::outbox::{self, MailState, StoredMail};
use serde_json::json;

use super::MailKind;
use crate::error::AppError;
use crate::listing::{Page, PageRequest};
use crate::{Actor, App, Change};

/// A mail in the list.
#[derive(Debug, Clone)]
pub struct MailRow {
    /// Identifier.
    pub id: MailId,
    /// What it is about.
    pub kind: String,
    /// Address, of which only the first letter and the part after the @ are shown.
    pub to: String,
    /// How far it is.
    pub state: MailState,
    /// Attempts so far.
    pub attempts: i32,
    /// Why the last attempt failed; empty when it did not.
    pub reason: String,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// When it is tried next.
    pub next_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Whether it can be sent again.
    pub again: Again,
}

/// Whether a mail can be sent again by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// There is no reason to: it was sent, or will be.
    NotNeeded,
    /// It can.
    Possible,
    /// Its link was removed: a new invitation or a new reset makes a new one.
    LinkGone,
    /// Its text was removed when it ended.
    TextGone,
}

impl Again {
    fn of(mail: &StoredMail) -> Self {
        match mail.state {
            MailState::Queued | MailState::Sending | MailState::Sent => Self::NotNeeded,
            MailState::Refused | MailState::Unknown if !mail.body.is_empty() => Self::Possible,
            MailState::Refused | MailState::Unknown => match MailKind::parse(&mail.kind) {
                Some(kind) if kind.opens_an_account() => Self::LinkGone,
                Some(_) | None => Self::TextGone,
            },
        }
    }

    /// Why it cannot, and what to do instead; nothing when it can.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::NotNeeded | Self::Possible => "",
            Self::LinkGone => "De link in deze mail is verwijderd. Verstuur een nieuwe uitnodiging of een nieuw wachtwoordherstel.",
            Self::TextGone => "De tekst van deze mail is verwijderd. Doe wat tot deze mail leidde opnieuw.",
        }
    }
}

/// The outbox.
#[derive(Debug, Clone)]
pub struct Outbox {
    /// Mails of the page, newest first.
    pub mails: Page<MailRow>,
    /// How many there are in each state.
    pub counts: [(MailState, u64); 5],
}

/// `a***@school.nl`: enough to recognise an address one knows.
fn masked(address: &str) -> String {
    match address.split_once('@') {
        Some((local, host)) => format!("{}***@{host}", local.chars().next().map(String::from).unwrap_or_default()),
        None => "***".to_owned(),
    }
}

fn row(mail: StoredMail) -> MailRow {
    let again = Again::of(&mail);
    MailRow {
        id: mail.id,
        kind: MailKind::parse(&mail.kind).map_or_else(|| mail.kind.clone(), |kind| kind.dutch().to_owned()),
        to: masked(&mail.to_address),
        state: mail.state,
        attempts: mail.attempts,
        reason: mail.reason,
        created_at: mail.created_at,
        next_at: mail.next_at,
        ended_at: mail.ended_at,
        again,
    }
}

/// A page of the outbox; of one state or of every.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Storage`] when the database fails.
pub async fn list(app: &App, actor: &Actor, state: Option<MailState>, request: PageRequest) -> Result<Outbox, AppError> {
    actor.require(Permission::ManageSettings)?;
    let size = request.size.clamp(1, 500);
    app.store
        .read(async |tx| {
            let found = outbox::counts(tx).await?;
            let counts = MailState::ALL.map(|state| (state, found.get(&state).copied().unwrap_or_default()));
            let total = counts.iter().filter(|(one, _)| state.is_none_or(|state| state == *one)).map(|(_, count)| count).sum::<u64>();
            let total = usize::try_from(total).unwrap_or(usize::MAX);
            let pages = total.div_ceil(size).max(1);
            let page = request.page.clamp(1, pages);
            let whole = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
            let (mails, _) = outbox::latest(tx, state, whole((page - 1) * size), whole(size)).await?;
            Ok(Outbox { mails: Page { rows: mails.into_iter().map(row).collect(), page, pages, total }, counts })
        })
        .await
}

/// Sends a mail again of which nobody knows whether it arrived, because somebody decided so.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when it is under way or was sent, or when
/// its text is gone.
pub async fn send_again(app: &App, actor: &Actor, id: MailId) -> Result<(), AppError> {
    actor.require(Permission::ManageSettings)?;
    app.store
        .write(async |tx| {
            let mail = outbox::get(tx, id).await?;
            match Again::of(&mail) {
                Again::Possible => {}
                Again::NotNeeded => {
                    return Err(AppError::conflict(
                        "mail-onderweg",
                        "Deze mail is verstuurd of wacht al. Opnieuw versturen is niet nodig.",
                    ));
                }
                again @ (Again::LinkGone | Again::TextGone) => return Err(AppError::conflict("mail-tekst-weg", again.dutch())),
            }
            let before = mail.state.code();
            let queued = StoredMail {
                state: MailState::Queued,
                attempts: 0,
                reason: String::new(),
                next_at: app.clock.now(),
                claimed_at: None,
                ended_at: None,
                ..mail
            };
            outbox::put_mail(tx, queued).await?;
            app.audit(
                tx,
                actor,
                EventKind::MailResent,
                &id.to_string(),
                Change::between(json!({ "state": before }), json!({ "state": "queued" })),
            );
            app.wake_mail.notify_one();
            Ok(())
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn an_address_is_shown_by_its_first_letter_and_its_host() {
        assert_eq!(masked("anna.smit@school.nl"), "a***@school.nl");
        assert_eq!(masked("écht@school.nl"), "é***@school.nl");
        assert_eq!(masked("@school.nl"), "***@school.nl");
        assert_eq!(masked("anna"), "***");
    }
}
