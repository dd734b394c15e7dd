//! The settings about mail: a mail server, or a folder.

use kernschil_mail::{Credentials, Encryption, Sender, Settings as MailSettings, SettingsError, Smtp, Timeouts, Transport};
use serde::Deserialize;

use super::Settings;
use crate::exit::Stop;

/// Who mail in a folder is from: nobody answers it.
const FOLDER_FROM: &str = "Kernschil <kernschil@localhost>";

/// What protects the conversation with the mail server, as it is written in the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MailEncryption {
    /// STARTTLS.
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// Nothing; only towards this machine.
    Geen,
}

impl MailEncryption {
    /// The usual port.
    fn port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Tls => 465,
            Self::Geen => 25,
        }
    }
}

impl From<MailEncryption> for Encryption {
    fn from(encryption: MailEncryption) -> Self {
        match encryption {
            MailEncryption::StartTls => Self::StartTls,
            MailEncryption::Tls => Self::Tls,
            MailEncryption::Geen => Self::None,
        }
    }
}

fn stop(error: SettingsError) -> Stop {
    match error {
        SettingsError::Folder => Stop::outside(error.code(), error.to_string()),
        _ => Stop::usage(error.code(), error.to_string()),
    }
}

impl Settings {
    /// What hands mails over.
    ///
    /// # Errors
    /// [`Stop`] that says which setting is not right.
    pub(crate) fn mail_sender(&self) -> Result<Sender, Stop> {
        Sender::new(self.mail()?).map_err(stop)
    }

    /// Whether mail only goes to a folder.
    pub(crate) fn keeps_mail(&self) -> bool {
        self.mail_host.is_none()
    }

    fn mail(&self) -> Result<MailSettings, Stop> {
        let Some(host) = &self.mail_host else { return self.mail_to_folder() };
        if self.mail_folder.is_some() {
            let message = "De instellingen \"mail_host\" en \"mail_folder\" staan er allebei. Kies een mailserver of een map.";
            return Err(Stop::usage("mail-dubbel", message));
        }
        let Some(from) = &self.mail_from else {
            let message =
                "De instelling \"mail_from\" ontbreekt. Geef het adres waar de mail vandaan komt, zoals Kernschil <kernschil@school.nl>.";
            return Err(Stop::usage(SettingsError::From.code(), message));
        };
        let credentials = match (&self.mail_user, &self.mail_password) {
            (None, None) => None,
            (Some(user), Some(password)) => Some(Credentials { user: user.clone(), password: password.reveal().to_owned() }),
            _ => return Err(stop(SettingsError::Credentials)),
        };
        let encryption = self.mail_encryption.unwrap_or(MailEncryption::StartTls);
        let port = self.mail_port.unwrap_or_else(|| encryption.port());
        let smtp = Smtp { host: host.clone(), port, encryption: encryption.into(), credentials, timeouts: Timeouts::default() };
        Ok(MailSettings { from: from.clone(), transport: Transport::Smtp(smtp) })
    }

    fn mail_to_folder(&self) -> Result<MailSettings, Stop> {
        let of_server = [
            ("mail_port", self.mail_port.is_some()),
            ("mail_encryption", self.mail_encryption.is_some()),
            ("mail_user", self.mail_user.is_some()),
            ("mail_password", self.mail_password.is_some()),
        ];
        if let Some((name, _)) = of_server.iter().find(|(_, is_set)| *is_set) {
            let message = format!(
                "De instelling \"{name}\" hoort bij een mailserver, en die is er niet. Stel \"mail_host\" in, zoals smtp.school.nl."
            );
            return Err(Stop::usage(SettingsError::Host.code(), message));
        }
        let folder = self.mail_folder.clone().unwrap_or_else(|| self.data.join("mail"));
        let from = self.mail_from.clone().unwrap_or_else(|| FOLDER_FROM.to_owned());
        Ok(MailSettings { from, transport: Transport::Folder(folder) })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::exit::Exit;
    use crate::settings::Secret;

    fn server() -> Settings {
        Settings {
            mail_host: Some("smtp.school.nl".to_owned()),
            mail_from: Some("Kernschil <kernschil@school.nl>".to_owned()),
            ..Settings::of_folder(Path::new("kernschil-data"))
        }
    }

    fn smtp(settings: &Settings) -> Smtp {
        let Transport::Smtp(smtp) = settings.mail().unwrap().transport else { panic!("no mail server") };
        smtp
    }

    #[test]
    fn without_a_mail_server_mail_is_kept_in_the_data_folder() {
        let plain = Settings::of_folder(Path::new("kernschil-data"));
        assert_eq!(plain.mail().unwrap().transport, Transport::Folder("kernschil-data/mail".into()));
        let folder = tempfile::tempdir().unwrap();
        let kept = Settings::of_folder(folder.path());
        kept.mail_sender().unwrap();
        assert!(kept.keeps_mail() && folder.path().join("mail").is_dir());
    }

    #[test]
    fn the_port_goes_with_the_encryption_unless_it_is_given() {
        assert_eq!((smtp(&server()).port, smtp(&server()).encryption), (587, Encryption::StartTls));
        let tls = Settings { mail_encryption: Some(MailEncryption::Tls), ..server() };
        assert_eq!((smtp(&tls).port, smtp(&tls).encryption), (465, Encryption::Tls));
        let other = Settings { mail_port: Some(2525), ..tls };
        assert_eq!(smtp(&other).port, 2525);
        server().mail_sender().unwrap();
    }

    #[test]
    fn what_does_not_fit_together_is_told_with_its_code() {
        let secret = || Some(Secret("geheim".to_owned()));
        let plain = Settings::of_folder(Path::new("kernschil-data"));
        for (settings, code) in [
            (Settings { mail_folder: Some("post".into()), ..server() }, "mail-dubbel"),
            (Settings { mail_from: None, ..server() }, "mail-afzender"),
            (Settings { mail_from: Some("kern".to_owned()), ..server() }, "mail-afzender"),
            (Settings { mail_user: Some("sam".to_owned()), ..server() }, "mail-aanmelden"),
            (Settings { mail_password: secret(), ..server() }, "mail-aanmelden"),
            (Settings { mail_password: secret(), ..plain }, "mail-server"),
            (Settings { mail_host: Some("smtp://school.nl".to_owned()), ..server() }, "mail-server"),
            (Settings { mail_port: Some(0), ..server() }, "mail-poort"),
            (Settings { mail_encryption: Some(MailEncryption::Geen), ..server() }, "mail-onversleuteld"),
        ] {
            let stop = settings.mail_sender().unwrap_err();
            assert_eq!((stop.exit, stop.code.as_str()), (Exit::Usage, code));
            assert!(!stop.message.contains("geheim") && !stop.message.contains('\n'), "{}", stop.message);
        }
    }
}
