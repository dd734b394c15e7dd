//! A mail as it is asked for, and as it goes over the wire.

use std::fmt::{self, Debug, Formatter};

use chrono::{DateTime, Utc};
use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, SinglePart};
use uuid::Uuid;

use crate::failure::{Cause, SendError};

/// A mail to hand over.
#[derive(Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Identifies the mail, also towards the receiver: the same id is the same mail.
    pub id: Uuid,
    /// Address of the recipient, without a name.
    pub to: String,
    /// Name of the recipient.
    pub to_name: Option<String>,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// When it was written.
    pub at: DateTime<Utc>,
}

/// A mail is about people and may hold a link that signs them in, so only its id is shown.
impl Debug for Outgoing {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A mail ready to go.
pub(crate) struct Letter {
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) bytes: Vec<u8>,
}

const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");

impl Letter {
    pub(crate) fn compose(from: &Mailbox, mail: &Outgoing) -> Result<Self, SendError> {
        let to = recipient(&mail.to)?;
        let name = mail.to_name.as_deref().map(str::trim).filter(|name| !name.is_empty());
        if name.is_some_and(|name| name.contains(char::is_control)) {
            return Err(SendError::unsendable(Cause::Name));
        }
        if mail.subject.contains(char::is_control) {
            return Err(SendError::unsendable(Cause::Subject));
        }
        // lettre's Date panics outside these years.
        if mail.at < DateTime::UNIX_EPOCH || mail.at.timestamp() > LAST_SECOND {
            return Err(SendError::unsendable(Cause::Date));
        }
        let form = |_| SendError::unsendable(Cause::Form);
        let message = Message::builder()
            .from(from.clone())
            .to(Mailbox::new(name.map(str::to_owned), to.clone()))
            .subject(mail.subject.as_str())
            .date(mail.at.into())
            .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())))
            .raw_header(HeaderValue::new(AUTO_SUBMITTED, "auto-generated".to_owned()))
            .envelope(Envelope::new(Some(from.email.clone()), vec![to.clone()]).map_err(form)?)
            .singlepart(SinglePart::plain(lines(&mail.text)))
            .map_err(form)?;
        Ok(Self { from: from.email.clone(), to, bytes: message.formatted() })
    }
}

/// The last second of the year 9998.
const LAST_SECOND: i64 = 253_370_764_799;

/// Addresses outside ASCII need SMTPUTF8, which few mail servers offer; they are refused, as is everything that
/// could end the command or the header it stands in.
fn recipient(to: &str) -> Result<Address, SendError> {
    if !to.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(SendError::unsendable(Cause::Address));
    }
    to.parse().map_err(|_| SendError::unsendable(Cause::Address))
}

/// Every line ends in a way that all servers agree on: a lone CR could smuggle a second mail into the first. The end
/// of the last line is added by what carries it.
fn lines(text: &str) -> String {
    let mut lines = text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "");
    if lines.ends_with('\n') {
        lines.pop();
    }
    lines
}
