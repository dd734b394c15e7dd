//! How a mail was not handed over.
//!
//! A reason is made of a step and a cause only. Answers of mail servers often repeat the address, and what cannot
//! be held cannot leak.

use std::fmt::{self, Display, Formatter};

use thiserror::Error;

/// Where it stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Making the mail, before anybody was spoken to.
    Compose,
    /// Writing it into a folder.
    Folder,
    /// Reaching the mail server; with TLS from the first byte, that too.
    Connect,
    /// The greeting and what the server says it can do.
    Greeting,
    /// Turning the conversation into an encrypted one.
    Encrypt,
    /// Signing in.
    SignIn,
    /// Naming the sender.
    Sender,
    /// Naming the recipient.
    Recipient,
    /// Announcing the text.
    Data,
    /// The text itself and the answer to it: from here on the mail may have been accepted.
    Text,
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Compose => "opmaken",
            Self::Folder => "wegschrijven",
            Self::Connect => "verbinden",
            Self::Greeting => "begroeten",
            Self::Encrypt => "versleutelen",
            Self::SignIn => "aanmelden",
            Self::Sender => "afzender noemen",
            Self::Recipient => "ontvanger noemen",
            Self::Data => "tekst aankondigen",
            Self::Text => "tekst aanbieden",
        })
    }
}

/// What happened there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The server answered with this code where another was needed.
    Answer(u16),
    /// No answer within the time for it.
    Silent,
    /// No connection, or a broken one.
    Broken,
    /// The server closed the connection instead of answering, or answered something that is not SMTP.
    Unclear,
    /// The server does not offer what the settings ask for.
    Unsupported,
    /// The file could not be written.
    Unwritable,
    /// The address is not one that mail can be sent to.
    Address,
    /// The name of the recipient has characters that do not belong in a header.
    Name,
    /// The subject has characters that do not belong in a header.
    Subject,
    /// The date does not fit into a mail.
    Date,
    /// The mail could not be put together.
    Form,
}

impl Display for Cause {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Answer(code) => return write!(f, "de mailserver antwoordt {code}"),
            Self::Silent => "de mailserver antwoordt niet op tijd",
            Self::Broken => "er is geen verbinding met de mailserver",
            Self::Unclear => "de mailserver geeft geen bruikbaar antwoord",
            Self::Unsupported => "de mailserver biedt niet wat de instellingen vragen",
            Self::Unwritable => "het bestand kan niet worden geschreven",
            Self::Address => "het adres klopt niet",
            Self::Name => "de naam bevat tekens die niet mogen",
            Self::Subject => "het onderwerp bevat tekens die niet mogen",
            Self::Date => "de datum klopt niet",
            Self::Form => "de mail is niet op te maken",
        })
    }
}

/// Why, without any address, name or text; shown as a Dutch phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    /// Where it stopped.
    pub step: Step,
    /// What happened there.
    pub cause: Cause,
}

impl Display for Reason {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.step, self.cause)
    }
}

/// How a mail was not handed over, by what may be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SendError {
    /// Surely not accepted, and worth another try.
    #[error("niet verstuurd, later opnieuw ({0})")]
    Later(Reason),
    /// Surely not accepted, and another try would end the same.
    #[error("niet verstuurd ({0})")]
    Never(Reason),
    /// Perhaps accepted. Only a person may decide to send it again.
    #[error("misschien verstuurd ({0})")]
    Unknown(Reason),
}

impl SendError {
    /// Why.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Later(reason) | Self::Never(reason) | Self::Unknown(reason) => *reason,
        }
    }

    /// Judges what happened at a step of a conversation with a mail server.
    pub(crate) fn at(step: Step, cause: Cause) -> Self {
        let reason = Reason { step, cause };
        // Before the sender is named nothing about this mail was said, so a 5xx there does not condemn it.
        let about_the_mail = matches!(step, Step::Sender | Step::Recipient | Step::Data | Step::Text);
        match cause {
            // "Sign in first", "too weak" and the like are about the settings; mended, the same mail can go.
            Cause::Answer(400..=499 | 530 | 534 | 535 | 538) => Self::Later(reason),
            Cause::Answer(500..=599) if about_the_mail => Self::Never(reason),
            _ if step == Step::Text => Self::Unknown(reason),
            _ => Self::Later(reason),
        }
    }

    /// A mail that does not even reach the server.
    pub(crate) fn unsendable(cause: Cause) -> Self {
        Self::Never(Reason { step: Step::Compose, cause })
    }
}
