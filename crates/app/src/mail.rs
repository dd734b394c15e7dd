//! Mail on its way out: queued in the transaction that gives rise to it, so that none is lost and none is sent for
//! something that did not happen.

use kernschil_domain::ids::MailId;
use kernschil_storage::WriteTx;
use kernschil_storage::outbox::{self, MailState, StoredMail};

use crate::App;
use crate::error::AppError;

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
}

impl MailKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Invitation, Self::Reset, Self::AccountChanged, Self::Test];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
            Self::AccountChanged => "account-changed",
            Self::Test => "test",
        }
    }

    /// The Dutch words.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Invitation => "uitnodiging",
            Self::Reset => "nieuw wachtwoord",
            Self::AccountChanged => "melding over een account",
            Self::Test => "proefmail",
        }
    }

    /// Reads a stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A mail as it is queued.
#[derive(Debug, Clone)]
pub struct Letter {
    /// What it is about.
    pub kind: MailKind,
    /// Address.
    pub to_address: String,
    /// Name of who it is for.
    pub to_name: String,
    /// Subject.
    pub subject: String,
    /// Text, in lines.
    pub text: String,
}

/// Queues a mail.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn queue(app: &App, tx: &WriteTx, letter: Letter) -> Result<MailId, AppError> {
    let id = MailId(app.ids.next());
    let now = app.clock.now();
    let mail = StoredMail {
        id,
        kind: letter.kind.code().to_owned(),
        to_address: letter.to_address,
        to_name: letter.to_name,
        subject: letter.subject,
        body: letter.text,
        state: MailState::Queued,
        attempts: 0,
        reason: String::new(),
        created_at: now,
        next_at: now,
        claimed_at: None,
        ended_at: None,
    };
    outbox::put_mail(tx, mail).await?;
    Ok(id)
}
