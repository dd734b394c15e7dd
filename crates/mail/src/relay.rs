//! The conversation with a mail server.

use std::fmt::{self, Debug, Formatter};
use std::future::Future;
use std::ops::Range;
use std::time::Duration;

use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Quit, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use tokio::time::timeout;

use crate::failure::{Cause, SendError, Step};
use crate::letter::Letter;
use crate::settings::{Encryption, SettingsError, Smtp};
use crate::wire::Wire;

/// A host with addresses that lead nowhere still has this many tries within the time to connect.
const ADDRESSES: u32 = 4;

const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];

pub(crate) struct Relay {
    smtp: Smtp,
    hello: ClientId,
    tls: TlsParameters,
}

impl Debug for Relay {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relay").field("smtp", &self.smtp).field("hello", &self.hello).finish_non_exhaustive()
    }
}

impl Relay {
    /// `domain` is how we name ourselves: what this machine calls itself means nothing outside.
    pub(crate) fn new(smtp: Smtp, domain: &str) -> Result<Self, SettingsError> {
        smtp.check()?;
        let tls = TlsParameters::new(smtp.host.clone()).map_err(|_| SettingsError::Tls)?;
        Ok(Self { smtp, hello: ClientId::Domain(domain.to_owned()), tls })
    }

    pub(crate) async fn hand_over(&self, letter: &Letter) -> Result<(), SendError> {
        let mut line = self.connect().await?;
        let outcome = self.converse(&mut line, letter).await;
        // After silence or nonsense nobody knows what a next command would be taken for.
        if outcome.is_ok() || outcome.is_err_and(|error| matches!(error.reason().cause, Cause::Answer(400..))) {
            // Said, but the answer is not waited for: the sooner the outbox knows what became of the mail, the better.
            let _ = timeout(Duration::ZERO, line.command(Quit)).await;
        }
        outcome
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, SendError> {
        let Smtp { host, port, encryption, timeouts, .. } = &self.smtp;
        let patience = timeouts.connect / ADDRESSES;
        if *encryption == Encryption::Tls {
            let opening =
                AsyncSmtpConnection::connect_tokio1((host.as_str(), *port), Some(patience), &self.hello, Some(self.tls.clone()), None);
            return within(Step::Connect, timeouts.connect + timeouts.command, opening).await;
        }
        let wire = match timeout(timeouts.connect, Wire::open(host, *port, patience)).await {
            Ok(Ok(wire)) => wire,
            Ok(Err(error)) => {
                tracing::warn!(%error, "mail server not reached");
                return Err(SendError::at(Step::Connect, Cause::Broken));
            }
            Err(_) => return Err(SendError::at(Step::Connect, Cause::Silent)),
        };
        let mut line = self.step(Step::Greeting, AsyncSmtpConnection::connect_with_transport(Box::new(wire), &self.hello)).await?;
        if *encryption == Encryption::StartTls {
            // Without the offer lettre says so and sends nothing more.
            self.step(Step::Encrypt, line.starttls(self.tls.clone(), &self.hello)).await?;
        }
        Ok(line)
    }

    async fn converse(&self, line: &mut AsyncSmtpConnection, letter: &Letter) -> Result<(), SendError> {
        if let Some(by) = &self.smtp.credentials {
            let credentials = Credentials::new(by.user.clone(), by.password.clone());
            self.step(Step::SignIn, line.auth(&MECHANISMS, &credentials)).await?;
        }
        let answer = self.step(Step::Sender, line.command(Mail::new(Some(letter.from.clone()), Vec::new()))).await?;
        expect(Step::Sender, &answer, 200..300)?;
        let answer = self.step(Step::Recipient, line.command(Rcpt::new(letter.to.clone(), Vec::new()))).await?;
        expect(Step::Recipient, &answer, 200..300)?;
        let answer = self.step(Step::Data, line.command(Data)).await?;
        expect(Step::Data, &answer, 354..355)?;
        // lettre closes the text with a line end of its own.
        let text = letter.bytes.strip_suffix(b"\r\n").unwrap_or(&letter.bytes);
        let answer = within(Step::Text, self.smtp.timeouts.text, line.message(text)).await?;
        expect(Step::Text, &answer, 200..300)
    }

    async fn step<T>(&self, step: Step, action: impl Future<Output = Result<T, smtp::Error>>) -> Result<T, SendError> {
        within(step, self.smtp.timeouts.command, action).await
    }
}

/// lettre takes every 2xx and 3xx for a yes; a yes to another question means that the two sides are out of step.
fn expect(step: Step, answer: &Response, wanted: Range<u16>) -> Result<(), SendError> {
    let code = answer.code().into();
    if wanted.contains(&code) { Ok(()) } else { Err(SendError::at(step, Cause::Answer(code))) }
}

async fn within<T>(step: Step, limit: Duration, action: impl Future<Output = Result<T, smtp::Error>>) -> Result<T, SendError> {
    let cause = match timeout(limit, action).await {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(error)) => cause(&error),
        Err(_) => Cause::Silent,
    };
    Err(SendError::at(step, cause))
}

fn cause(error: &smtp::Error) -> Cause {
    if let Some(code) = error.status() {
        Cause::Answer(code.into())
    } else if error.is_response() {
        Cause::Unclear
    } else if error.is_client() {
        Cause::Unsupported
    } else {
        // Only these come from the machine or from TLS and hold no words of the server.
        tracing::warn!(%error, "connection with mail server lost");
        Cause::Broken
    }
}

#[cfg(test)]
mod tests;
