//! What the owner of an account hears by mail when something about it changes: whoever did it, she knows.

use kernschil_storage::WriteTx;
use kernschil_storage::access::StoredUser;

use super::reset::{FORGOT_PATH, RESET_PATH};
use crate::App;
use crate::error::AppError;
use crate::mail::{Letter, MailKind, queue};

/// Something that happened to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// The password was changed by who was signed in.
    PasswordChanged,
    /// A new password was chosen by a link in a mail.
    PasswordReset,
    /// Signing in asks for a second factor from now on.
    SecondFactorAdded,
    /// Signing in asks for the password only from now on.
    SecondFactorRemoved,
    /// The recovery codes were replaced.
    RecoveryCodesMade,
    /// A recovery code was used; so many are left.
    RecoveryCodeUsed(u64),
    /// Somebody came as far as the second factor, and gave this often a wrong code.
    CodesRefused(i32),
    /// A login at a provider was linked by who was signed in.
    LoginLinked,
    /// A login at a provider was taken off by who was signed in.
    LoginUnlinked,
}

impl News {
    fn subject(self) -> &'static str {
        match self {
            Self::PasswordChanged | Self::PasswordReset => "Uw wachtwoord voor Kernschil is gewijzigd",
            Self::SecondFactorAdded => "Inloggen bij Kernschil vraagt voortaan een code",
            Self::SecondFactorRemoved => "Inloggen bij Kernschil vraagt geen code meer",
            Self::RecoveryCodesMade => "U heeft nieuwe herstelcodes voor Kernschil",
            Self::RecoveryCodeUsed(_) => "Er is een herstelcode voor Kernschil gebruikt",
            Self::CodesRefused(_) => "Iemand probeert bij Kernschil in te loggen als u",
            Self::LoginLinked => "Er is een login gekoppeld aan uw account voor Kernschil",
            Self::LoginUnlinked => "Er is een login losgekoppeld van uw account voor Kernschil",
        }
    }

    fn text(self) -> String {
        match self {
            Self::PasswordChanged => {
                "Het wachtwoord van uw account is gewijzigd. Op andere plekken bent u uitgelogd.".to_owned()
            }
            Self::PasswordReset => {
                "Met een link uit een mail is een nieuw wachtwoord voor uw account gekozen. U bent overal uitgelogd en uw API-sleutels zijn ingetrokken."
                    .to_owned()
            }
            Self::SecondFactorAdded => {
                "Voor uw account is een tweede factor ingesteld. Na uw wachtwoord vraagt Kernschil voortaan een code uit uw app.".to_owned()
            }
            Self::SecondFactorRemoved => "De tweede factor van uw account is verwijderd.".to_owned(),
            Self::RecoveryCodesMade => "Voor uw account zijn nieuwe herstelcodes gemaakt. De oude werken niet meer.".to_owned(),
            Self::RecoveryCodeUsed(0) => {
                "Met een herstelcode is bewezen dat u het bent. Dit was uw laatste. Maak nieuwe herstelcodes bij Uw account.".to_owned()
            }
            Self::RecoveryCodeUsed(left) => format!("Met een herstelcode is bewezen dat u het bent. U heeft er nog {left}."),
            Self::CodesRefused(times) => format!(
                "Iemand heeft zich bij Kernschil als u aangemeld en daarna {times} keer een verkeerde code gegeven. Er is niet ingelogd."
            ),
            Self::LoginLinked => "Aan uw account is een login bij een inlogdienst gekoppeld. Daarmee kan voortaan worden ingelogd.".to_owned(),
            Self::LoginUnlinked => "Van uw account is een login bij een inlogdienst losgekoppeld. Daarmee kan niet meer worden ingelogd.".to_owned(),
        }
    }
}

/// Tells the owner of an account, when the transaction ends well.
pub(super) async fn tell(app: &App, tx: &WriteTx, user: &StoredUser, news: News) -> Result<(), AppError> {
    let advice = "Deed u dit niet zelf? Kies dan meteen een nieuw wachtwoord en vertel het uw beheerder:";
    let text = format!("Beste {},\n\n{}\n\n{advice}\n{}{FORGOT_PATH}\n", user.name, news.text(), app.address);
    queue(app, tx, letter(MailKind::AccountChanged, user, news.subject(), text)).await?;
    Ok(())
}

/// The link to choose a new password with.
pub(super) fn reset_link(app: &App, token: &str) -> String {
    format!("{}{RESET_PATH}/{token}", app.address)
}

/// Sends somebody the link to choose a new password with.
pub(super) async fn send_link(app: &App, tx: &WriteTx, user: &StoredUser, token: &str) -> Result<(), AppError> {
    let text = format!(
        "Beste {},\n\nU kunt een nieuw wachtwoord kiezen met deze link:\n{}\n\n\
         De link werkt één keer en één uur lang. Vroeg u hier niet om? Dan hoeft u niets te doen: uw wachtwoord blijft zoals het is.\n",
        user.name,
        reset_link(app, token)
    );
    queue(app, tx, letter(MailKind::Reset, user, "Een nieuw wachtwoord voor Kernschil", text)).await?;
    Ok(())
}

/// Tells somebody without a password that there is none to choose anew.
pub(super) async fn send_no_password(app: &App, tx: &WriteTx, user: &StoredUser) -> Result<(), AppError> {
    let text = format!(
        "Beste {},\n\nVoor uw account is om een nieuw wachtwoord gevraagd. Uw account heeft geen wachtwoord: u logt in via uw instelling.\n\
         Dat kan hier:\n{}/inloggen\n\nVroeg u hier niet om? Dan hoeft u niets te doen.\n",
        user.name, app.address
    );
    queue(app, tx, letter(MailKind::AccountChanged, user, "Inloggen bij Kernschil", text)).await?;
    Ok(())
}

fn letter(kind: MailKind, user: &StoredUser, subject: &str, text: String) -> Letter {
    Letter { kind, to_address: user.email.clone(), to_name: user.name.clone(), subject: subject.to_owned(), text }
}
