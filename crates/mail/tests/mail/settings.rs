use std::time::Duration;

use kernschil_mail::{Credentials, Encryption, Sender, Settings, SettingsError, Smtp, Timeouts, Transport};

fn smtp() -> Smtp {
    Smtp {
        host: "smtp.school.nl".to_owned(),
        port: 587,
        encryption: Encryption::StartTls,
        credentials: Some(Credentials { user: "sam".to_owned(), password: "geheim".to_owned() }),
        timeouts: Timeouts::default(),
    }
}

fn refusal(from: &str, transport: Transport) -> Option<SettingsError> {
    Sender::new(Settings { from: from.to_owned(), transport }).err()
}

#[test]
fn a_sender_is_one_ascii_mailbox() {
    for from in ["kern@school.nl", "Kernschil <kern@school.nl>", "\"Kern, schil\" <kern@school.nl>", "Zoë <kern@school.nl>"] {
        assert_eq!(refusal(from, Transport::Smtp(smtp())), None, "{from}");
    }
    for from in ["", "kern", "kern@", "kern@school.nl\r\nBcc: x@y.nl", "kërn@school.nl", "kern@schöol.nl", "<kern@school.nl> en meer"] {
        assert_eq!(refusal(from, Transport::Smtp(smtp())), Some(SettingsError::From), "{from}");
    }
}

#[test]
fn a_server_has_to_be_reachable_in_principle() {
    let credentials = |user: &str, password: &str| Some(Credentials { user: user.to_owned(), password: password.to_owned() });
    let at = |host: &str| Smtp { host: host.to_owned(), ..smtp() };
    let cases = [
        (at(""), SettingsError::Host),
        (at("smtp://school.nl"), SettingsError::Host),
        (at("school.nl:587"), SettingsError::Host),
        (Smtp { port: 0, ..smtp() }, SettingsError::Port),
        (Smtp { encryption: Encryption::None, ..smtp() }, SettingsError::Unencrypted),
        (Smtp { encryption: Encryption::None, ..at("10.0.0.1") }, SettingsError::Unencrypted),
        (Smtp { encryption: Encryption::None, ..at("localhost.school.nl") }, SettingsError::Unencrypted),
        (Smtp { credentials: credentials("", "geheim"), ..smtp() }, SettingsError::Credentials),
        (Smtp { credentials: credentials("sam", ""), ..smtp() }, SettingsError::Credentials),
        (Smtp { credentials: credentials("sam", "ge\0heim"), ..smtp() }, SettingsError::Credentials),
        (Smtp { timeouts: Timeouts { text: Duration::ZERO, ..Timeouts::default() }, ..smtp() }, SettingsError::Timeout),
    ];
    for (smtp, error) in cases {
        assert_eq!(refusal("kern@school.nl", Transport::Smtp(smtp)), Some(error));
    }
    for host in ["localhost", "127.0.0.1", "::1"] {
        assert_eq!(refusal("kern@school.nl", Transport::Smtp(Smtp { encryption: Encryption::None, ..at(host) })), None, "{host}");
    }
}

#[test]
fn a_folder_has_to_be_possible() {
    let file = tempfile::NamedTempFile::new().unwrap();
    assert_eq!(refusal("kern@school.nl", Transport::Folder(file.path().join("post"))), Some(SettingsError::Folder));
    assert_eq!(SettingsError::Folder.code(), "mail-map");
}

#[test]
fn a_password_is_never_shown() {
    let settings = Settings { from: "kern@school.nl".to_owned(), transport: Transport::Smtp(smtp()) };
    let shown = format!("{settings:?} {:?}", Sender::new(settings.clone()).unwrap());
    assert!(shown.contains("sam") && !shown.contains("geheim"), "{shown}");
}
