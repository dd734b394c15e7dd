//! How mail leaves, and what can be wrong with that.

use std::fmt::{self, Debug, Formatter};
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use lettre::message::Mailbox;
use thiserror::Error;

/// Who sends, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The sender: `naam@school.nl` or `Naam <naam@school.nl>`.
    pub from: String,
    /// Where mail goes.
    pub transport: Transport,
}

/// Where mail goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transport {
    /// For development: every mail becomes a file `<id>.eml` in this folder.
    Folder(PathBuf),
    /// A mail server that takes it further.
    Smtp(Smtp),
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smtp {
    /// Its name or IP address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// What protects the conversation.
    pub encryption: Encryption,
    /// Who signs in, where that is asked.
    pub credentials: Option<Credentials>,
    /// How long to wait.
    pub timeouts: Timeouts,
}

/// What protects the conversation with a mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// Nothing; only towards this machine itself.
    None,
    /// STARTTLS, without which nothing is sent. Usually port 587.
    StartTls,
    /// TLS from the first byte. Usually port 465.
    Tls,
}

/// Who signs in.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The user.
    pub user: String,
    /// The password; never shown.
    pub password: String,
}

impl Debug for Credentials {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).finish_non_exhaustive()
    }
}

/// How long to wait for a mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until the connection stands.
    pub connect: Duration,
    /// For each step of the conversation.
    pub command: Duration,
    /// From the text until the answer to it. Giving up there leaves a mail of which nobody knows whether it was
    /// accepted, so this is long: RFC 5321 asks ten minutes.
    pub text: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(30), command: Duration::from_mins(1), text: Duration::from_mins(10) }
    }
}

/// What is wrong with the settings, in a Dutch sentence that says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SettingsError {
    /// The sender is not a mailbox.
    #[error("Het afzenderadres klopt niet. Schrijf het als naam@school.nl of als Naam <naam@school.nl>, zonder é of ë in het adres.")]
    From,
    /// The folder cannot be used.
    #[error("De map voor de mail kan niet worden gemaakt. Kies een map waarin het programma mag schrijven.")]
    Folder,
    /// The host is not a name or IP address.
    #[error("De mailserver klopt niet. Geef alleen de naam of het IP-adres, zoals smtp.school.nl.")]
    Host,
    /// The port is 0.
    #[error("De poort van de mailserver klopt niet. Meestal is het 587 (STARTTLS) of 465 (TLS).")]
    Port,
    /// No encryption towards another machine.
    #[error("Zonder versleuteling mag mail alleen naar een mailserver op deze machine. Kies STARTTLS of TLS.")]
    Unencrypted,
    /// A user or password that is empty or has control characters.
    #[error("De gebruiker of het wachtwoord voor de mailserver is leeg of bevat tekens die niet mogen. Vul beide in of geen van beide.")]
    Credentials,
    /// A timeout of zero.
    #[error("Een wachttijd voor de mailserver is nul. Geef bij elke wachttijd minstens een seconde.")]
    Timeout,
    /// TLS cannot be used on this machine.
    #[error("Versleuteling kan op deze machine niet worden opgezet. Meld dit aan de beheerder van Kernschil.")]
    Tls,
}

impl SettingsError {
    /// A stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::From => "mail-afzender",
            Self::Folder => "mail-map",
            Self::Host => "mail-server",
            Self::Port => "mail-poort",
            Self::Unencrypted => "mail-onversleuteld",
            Self::Credentials => "mail-aanmelden",
            Self::Timeout => "mail-wachttijd",
            Self::Tls => "mail-tls",
        }
    }
}

/// The mailbox that mail comes from. Its domain also names us to the mail server and closes every Message-ID, so it
/// has to be ASCII.
pub(crate) fn sender(from: &str) -> Result<Mailbox, SettingsError> {
    if from.contains(char::is_control) {
        return Err(SettingsError::From);
    }
    let mailbox: Mailbox = from.trim().parse().map_err(|_| SettingsError::From)?;
    let address: &str = mailbox.email.as_ref();
    if address.is_ascii() { Ok(mailbox) } else { Err(SettingsError::From) }
}

impl Smtp {
    pub(crate) fn check(&self) -> Result<(), SettingsError> {
        let address = self.host.parse::<IpAddr>();
        let named = !self.host.is_empty() && self.host.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.');
        if address.is_err() && !named {
            return Err(SettingsError::Host);
        }
        if self.port == 0 {
            return Err(SettingsError::Port);
        }
        let local = address.map_or_else(|_| self.host.eq_ignore_ascii_case("localhost"), |address| address.is_loopback());
        if self.encryption == Encryption::None && !local {
            return Err(SettingsError::Unencrypted);
        }
        let unusable = |value: &str| value.is_empty() || value.contains(char::is_control);
        if self.credentials.as_ref().is_some_and(|by| unusable(&by.user) || unusable(&by.password)) {
            return Err(SettingsError::Credentials);
        }
        let Timeouts { connect, command, text } = self.timeouts;
        if [connect, command, text].contains(&Duration::ZERO) {
            return Err(SettingsError::Timeout);
        }
        Ok(())
    }
}
