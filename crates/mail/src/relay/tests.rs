#[expect(dead_code, reason = "the tests from outside use the rest")]
#[path = "../../tests/mail/receiver.rs"]
mod receiver;

use std::sync::Arc;

use lettre::transport::smtp::client::{Certificate, CertificateStore};
use rcgen::CertifiedKey;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use super::*;
use crate::failure::Reason;
use crate::settings::{self, Timeouts};
use receiver::{At, Does, Receiver, Script};

/// A key for localhost, and who trusts it.
fn key() -> (TlsAcceptor, TlsParameters) {
    let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], PrivatePkcs8KeyDer::from(signing_key.serialize_der()).into())
        .unwrap();
    let trusting = TlsParameters::builder("localhost".to_owned())
        .certificate_store(CertificateStore::None)
        .add_root_certificate(Certificate::from_der(cert.der().to_vec()).unwrap())
        .build()
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), trusting)
}

fn relay(receiver: &Receiver, encryption: Encryption) -> Relay {
    let credentials = Some(settings::Credentials { user: "sam".to_owned(), password: "geheim".to_owned() });
    let smtp = Smtp { host: "localhost".to_owned(), port: receiver.port, encryption, credentials, timeouts: Timeouts::default() };
    Relay::new(smtp, "samenopleiden.test").unwrap()
}

fn letter() -> Letter {
    Letter {
        from: "kern@samenopleiden.test".parse().unwrap(),
        to: "zoe@school.nl".parse().unwrap(),
        bytes: b"Subject: Hallo\r\n\r\nDag.\r\n".to_vec(),
    }
}

const SECRET: [&str; 6] = [
    "EHLO samenopleiden.test",
    "AUTH PLAIN AHNhbQBnZWhlaW0=",
    "MAIL FROM:<kern@samenopleiden.test>",
    "RCPT TO:<zoe@school.nl>",
    "DATA",
    "QUIT",
];

#[tokio::test]
async fn credentials_and_text_go_after_starttls() {
    let (tls, trusting) = key();
    let receiver = Receiver::start(Script { tls: Some(tls), offers: &["STARTTLS", "AUTH PLAIN"], ..Script::default() }).await;
    let relay = Relay { tls: trusting, ..relay(&receiver, Encryption::StartTls) };
    assert_eq!(relay.hand_over(&letter()).await, Ok(()));
    let log = receiver.whole_log().await;
    assert_eq!(log.commands[..2], ["EHLO samenopleiden.test", "STARTTLS"]);
    assert_eq!(log.commands[2..], SECRET);
    assert_eq!(log.texts, ["Subject: Hallo\r\n\r\nDag.\r\n"]);
}

#[tokio::test]
async fn credentials_and_text_go_over_tls_from_the_first_byte() {
    let (tls, trusting) = key();
    let receiver = Receiver::start(Script { tls: Some(tls), implicit: true, offers: &["AUTH PLAIN"], ..Script::default() }).await;
    let relay = Relay { tls: trusting, ..relay(&receiver, Encryption::Tls) };
    assert_eq!(relay.hand_over(&letter()).await, Ok(()));
    assert_eq!(receiver.whole_log().await.commands, SECRET);
}

#[tokio::test]
async fn a_server_nobody_vouches_for_hears_nothing() {
    let (tls, _) = key();
    for (encryption, implicit, step) in [(Encryption::StartTls, false, Step::Encrypt), (Encryption::Tls, true, Step::Connect)] {
        let receiver = Receiver::start(Script { tls: Some(tls.clone()), implicit, offers: &["STARTTLS"], ..Script::default() }).await;
        let outcome = relay(&receiver, encryption).hand_over(&letter()).await;
        assert_eq!(outcome, Err(SendError::Later(Reason { step, cause: Cause::Broken })));
        let commands = receiver.log().commands;
        assert!(commands.iter().all(|command| command.starts_with("EHLO") || command == "STARTTLS"), "{commands:?}");
    }
}

#[tokio::test]
async fn answers_added_in_the_clear_are_not_believed() {
    let added = "220 begin maar\r\n250 AUTH PLAIN\r\n235 welkom\r\n250 goed\r\n250 goed\r\n354 ga uw gang\r\n250 aangenomen";
    let (tls, trusting) = key();
    let wrong = Some((At::StartTls, Does::Answers(added)));
    let receiver = Receiver::start(Script { wrong, tls: Some(tls), offers: &["STARTTLS", "AUTH PLAIN"], ..Script::default() }).await;
    let relay = Relay { tls: trusting, ..relay(&receiver, Encryption::StartTls) };
    let outcome = relay.hand_over(&letter()).await;
    assert_eq!(outcome, Err(SendError::Later(Reason { step: Step::Encrypt, cause: Cause::Broken })));
    assert!(receiver.log().texts.is_empty());
}
