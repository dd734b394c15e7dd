//! `kernschil mail test`: a mail with these settings, to see whether mail works.

use kernschil_app::Actor;
use kernschil_app::mail::{self, MailState};
use serde_json::json;

use crate::cli::MailTest;
use crate::exit::Stop;
use crate::open::{Need, with};
use crate::output::Answer;
use crate::settings::Settings;

/// Sends the mail and waits for the outcome.
pub(crate) async fn test(settings: &Settings, test: MailTest) -> Result<Answer, Stop> {
    let sender = settings.mail_sender()?;
    with(settings, Need::Existing, async |app| {
        let tried = mail::try_out(app, &Actor::CommandLine, &sender, &test.to).await?;
        match tried.state {
            MailState::Sent if settings.keeps_mail() => {
                let text = "De proefmail staat in de map met mail. Er is geen mailserver ingesteld: er wordt niets verstuurd. Stel \"mail_host\" in.";
                Ok(Answer::done(text, json!({ "state": tried.state.code(), "folder": true })))
            }
            MailState::Sent => {
                let text = format!("De mailserver heeft de proefmail aan {} aangenomen. Kijk of hij aankomt.", test.to.trim());
                Ok(Answer::done(text, json!({ "state": tried.state.code(), "folder": false })))
            }
            MailState::Unknown => {
                let message = format!("Het is onzeker of de proefmail is verstuurd ({}). Kijk of hij aankomt.", tried.reason);
                Err(Stop::outside("mail-onzeker", message))
            }
            MailState::Queued | MailState::Sending | MailState::Refused => {
                let message = format!("De proefmail is niet verstuurd ({}). Controleer de instellingen die met mail_ beginnen.", tried.reason);
                Err(Stop::outside("mail-niet-verstuurd", message))
            }
        }
    })
    .await
}
