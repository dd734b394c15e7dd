//! Mail on its way out: queued in the transaction that gives rise to it, so that none is lost and none is sent for
//! something that did not happen; handed over by one worker at a time, and never twice by itself.

mod outbox;
mod trying;
mod worker;

use kernschil_domain::ids::MailId;
use kernschil_storage::WriteTx;
use kernschil_storage::outbox::{StoredMail, put_mail, put_mails};

use crate::App;
use crate::error::AppError;
use crate::settings;

pub use kernschil_mail::Sender;
pub use kernschil_storage::outbox::MailState;
pub use outbox::{Again, MailRow, Outbox, list, send_again};
pub use trying::{Tried, test_myself, try_out};
pub use worker::{run, send_next};

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailKind {
    /// An invitation to make an account.
    Invitation,
    /// A link to choose a new password.
    Reset,
    /// Something changed about an account that its owner should know of.
    AccountChanged,
    /// A mail to see whether mail works.
    Test,
    /// Where a student goes, or who come to a school.
    Placement,
    /// A school is asked for its places, or reminded.
    SchoolQuestion,
    /// Something in a peer review waits for somebody.
    PeerReview,
}

impl MailKind {
    /// All kinds.
    pub const ALL: [Self; 7] =
        [Self::Invitation, Self::Reset, Self::AccountChanged, Self::Test, Self::Placement, Self::SchoolQuestion, Self::PeerReview];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
            Self::AccountChanged => "account-changed",
            Self::Test => "test",
            Self::Placement => "placement",
            Self::SchoolQuestion => "school-question",
            Self::PeerReview => "peer-review",
        }
    }

    /// The Dutch words.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Invitation => "uitnodiging",
            Self::Reset => "nieuw wachtwoord",
            Self::AccountChanged => "melding over een account",
            Self::Test => "proefmail",
            Self::Placement => "brief over plaatsingen",
            Self::SchoolQuestion => "vraag om plekken",
            Self::PeerReview => "bericht over een peer review",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether the text holds a link that opens an account, so that it is kept no longer than it is needed.
    pub fn opens_an_account(self) -> bool {
        match self {
            Self::Invitation | Self::Reset => true,
            Self::AccountChanged | Self::Test | Self::Placement | Self::SchoolQuestion | Self::PeerReview => false,
        }
    }
}

/// A mail as it is queued.
#[derive(Clone)]
pub struct Letter {
    /// What it is about.
    pub kind: MailKind,
    /// Address.
    pub to_address: String,
    /// Name of who it is for.
    pub to_name: String,
    /// Subject.
    pub subject: String,
    /// Text, in lines. Under it comes from which installation it is.
    pub text: String,
}

// By hand, so that no log ever shows an address or a link.
impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Queues a mail.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn queue(app: &App, tx: &WriteTx, letter: Letter) -> Result<MailId, AppError> {
    let mail = stored(app, tx, letter).await?;
    let id = mail.id;
    put_mail(tx, mail).await?;
    // On SQLite the worker waits for this transaction to end; elsewhere it may be too early, and looks again soon.
    app.wake_mail.notify_one();
    Ok(id)
}

/// Queues many mails. Answers them in the same order.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn queue_all(app: &App, tx: &WriteTx, letters: Vec<Letter>) -> Result<Vec<MailId>, AppError> {
    let place = place(tx).await?;
    let mails: Vec<_> = letters.into_iter().map(|letter| under(app, &place, letter)).collect();
    let ids = mails.iter().map(|mail| mail.id).collect();
    put_mails(tx, mails).await?;
    app.wake_mail.notify_one();
    Ok(ids)
}

/// A letter as it is stored, with from which installation it is.
async fn stored(app: &App, tx: &WriteTx, letter: Letter) -> Result<StoredMail, AppError> {
    Ok(under(app, &place(tx).await?, letter))
}

/// From which installation a mail is.
async fn place(tx: &WriteTx) -> Result<String, AppError> {
    let place = settings::installation_in(tx).await?.organisation;
    Ok(if place.is_empty() { "Kernschil".to_owned() } else { format!("Kernschil van {place}") })
}

fn under(app: &App, place: &str, letter: Letter) -> StoredMail {
    let now = app.clock.now();
    StoredMail {
        id: MailId(app.ids.next()),
        kind: letter.kind.code().to_owned(),
        to_address: letter.to_address,
        to_name: letter.to_name,
        subject: letter.subject,
        body: format!("{}\n\n-- \n{place}\n{}\n", letter.text.trim_end(), app.address),
        state: MailState::Queued,
        attempts: 0,
        reason: String::new(),
        created_at: now,
        next_at: now,
        claimed_at: None,
        ended_at: None,
    }
}
