use std::sync::Arc;
use std::time::Duration;

use kernschil_mail::{Cause, Credentials, Encryption, Outgoing, Reason, SendError, Sender, Settings, Smtp, Step, Timeouts, Transport};
use mail_parser::MessageParser;
use tokio::net::TcpListener;

use crate::mail;
use crate::receiver::{At, Does, Receiver, Script};

/// Long enough for the slowest machine; only a test that fails waits for it.
const AMPLE: Duration = Duration::from_mins(1);
/// Where waiting is what is tested.
const TINY: Duration = Duration::from_millis(50);

const PATIENT: Timeouts = Timeouts { connect: AMPLE, command: AMPLE, text: AMPLE };

fn relay(port: u16, timeouts: Timeouts) -> Smtp {
    Smtp { host: "127.0.0.1".to_owned(), port, encryption: Encryption::None, credentials: None, timeouts }
}

fn sender(smtp: Smtp) -> Sender {
    Sender::new(Settings { from: "Kernschil één <kernschil@samenopleiden.test>".to_owned(), transport: Transport::Smtp(smtp) }).unwrap()
}

async fn outcome(receiver: &Receiver, timeouts: Timeouts) -> Result<(), SendError> {
    sender(relay(receiver.port, timeouts)).send(&mail()).await
}

fn sam() -> Credentials {
    Credentials { user: "sam".to_owned(), password: "geheim".to_owned() }
}

#[tokio::test]
async fn an_accepted_mail_arrives_as_it_was_written() {
    let receiver = Receiver::start(Script::default()).await;
    assert_eq!(outcome(&receiver, PATIENT).await, Ok(()));

    let log = receiver.whole_log().await;
    assert_eq!(
        log.commands,
        ["EHLO samenopleiden.test", "MAIL FROM:<kernschil@samenopleiden.test>", "RCPT TO:<zoe@school.nl>", "DATA", "QUIT"]
    );
    let [text] = log.texts.as_slice() else { panic!("one text, not {}", log.texts.len()) };
    assert!(text.is_ascii());
    let read = MessageParser::default().parse(text.as_bytes()).unwrap();
    let written = mail();
    assert_eq!(read.subject(), Some(written.subject.as_str()));
    assert_eq!(read.body_text(0).unwrap().replace("\r\n", "\n"), written.text);
    assert_eq!(read.message_id(), Some("01905b3c-7a10-7000-8000-000000000007@samenopleiden.test"));
    assert_eq!(read.date().unwrap().to_timestamp(), written.at.timestamp());
    assert_eq!(read.header("Auto-Submitted").unwrap().as_text(), Some("auto-generated"));
    let to = read.to().unwrap().first().unwrap();
    assert_eq!((to.name(), to.address()), (written.to_name.as_deref(), Some("zoe@school.nl")));
    let from = read.from().unwrap().first().unwrap();
    assert_eq!((from.name(), from.address()), (Some("Kernschil één"), Some("kernschil@samenopleiden.test")));
}

#[tokio::test]
async fn the_same_mail_again_can_be_recognised() {
    let receiver = Receiver::start(Script::default()).await;
    let sender = Arc::new(sender(relay(receiver.port, PATIENT)));
    for _ in 0..2 {
        let sender = Arc::clone(&sender);
        tokio::spawn(async move { sender.send(&mail()).await }).await.unwrap().unwrap();
    }
    let texts = receiver.log().texts;
    assert_eq!(texts.len(), 2);
    assert_eq!(texts[0], texts[1]);
}

#[tokio::test]
async fn an_answer_is_judged_by_its_moment() {
    let cases = [
        (At::Greeting, "421 Druk voor zoe@school.nl", later(Step::Greeting, 421)),
        (At::Greeting, "554 Geen dienst", later(Step::Greeting, 554)),
        (At::Hello, "451 Even niet", later(Step::Greeting, 451)),
        (At::Mail, "451 4.7.1 Greylisted zoe@school.nl", later(Step::Sender, 451)),
        (At::Mail, "530 5.7.0 Eerst aanmelden", later(Step::Sender, 530)),
        (At::Mail, "550 Afzender onbekend", never(Step::Sender, 550)),
        (At::Rcpt, "450 <zoe@school.nl>: Mailbox bezet", later(Step::Recipient, 450)),
        (At::Rcpt, "550-<zoe@school.nl>: Zoë\r\n550 bestaat niet", never(Step::Recipient, 550)),
        (At::Data, "451 Even niet", later(Step::Data, 451)),
        (At::Data, "554 Niemand om naar te sturen", never(Step::Data, 554)),
        (At::Data, "250 goed", later(Step::Data, 250)),
        (At::Text, "451 Schijf vol", later(Step::Text, 451)),
        (At::Text, "421 Ik sluit", later(Step::Text, 421)),
        (At::Text, "554 Geweigerd: zoe@school.nl", never(Step::Text, 554)),
        (At::Text, "354 nog meer", SendError::Unknown(Reason { step: Step::Text, cause: Cause::Answer(354) })),
        (At::Text, "oeps", SendError::Unknown(Reason { step: Step::Text, cause: Cause::Unclear })),
    ];
    for (at, answer, expected) in cases {
        let receiver = Receiver::wrong(at, Does::Answers(answer)).await;
        let error = outcome(&receiver, PATIENT).await.unwrap_err();
        assert_eq!(error, expected, "{answer}");
        assert_eq!(receiver.log().texts.len(), usize::from(at == At::Text), "{answer}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains('@') && !shown.contains("Zo"), "{shown}");
    }
}

fn later(step: Step, code: u16) -> SendError {
    SendError::Later(Reason { step, cause: Cause::Answer(code) })
}

fn never(step: Step, code: u16) -> SendError {
    SendError::Never(Reason { step, cause: Cause::Answer(code) })
}

const BEFORE_THE_TEXT: [At; 5] = [At::Greeting, At::Hello, At::Mail, At::Rcpt, At::Data];

#[tokio::test]
async fn a_connection_that_closes_leaves_doubt_only_after_the_text() {
    for at in BEFORE_THE_TEXT {
        let receiver = Receiver::wrong(at, Does::Closes).await;
        let outcome = outcome(&receiver, PATIENT).await;
        assert!(matches!(outcome, Err(SendError::Later(_))), "{at:?}: {outcome:?}");
        assert_eq!(receiver.log().texts.len(), 0, "{at:?}");
    }
    let receiver = Receiver::wrong(At::Text, Does::Closes).await;
    let outcome = outcome(&receiver, PATIENT).await;
    assert!(matches!(outcome, Err(SendError::Unknown(Reason { step: Step::Text, .. }))), "{outcome:?}");
    assert_eq!(receiver.log().texts.len(), 1);
}

#[tokio::test]
async fn a_server_that_hangs_leaves_doubt_only_after_the_text() {
    for at in BEFORE_THE_TEXT {
        let receiver = Receiver::wrong(at, Does::Hangs).await;
        let outcome = outcome(&receiver, Timeouts { command: TINY, ..PATIENT }).await;
        assert!(matches!(outcome, Err(SendError::Later(Reason { cause: Cause::Silent, .. }))), "{at:?}: {outcome:?}");
        assert_eq!(receiver.log().texts.len(), 0, "{at:?}");
    }
    let receiver = Receiver::wrong(At::Text, Does::Hangs).await;
    let outcome = outcome(&receiver, Timeouts { text: TINY, ..PATIENT }).await;
    assert_eq!(outcome, Err(SendError::Unknown(Reason { step: Step::Text, cause: Cause::Silent })));
}

#[tokio::test]
async fn what_follows_acceptance_changes_nothing() {
    for does in [Does::Closes, Does::Hangs, Does::Answers("554 zoek het uit")] {
        let receiver = Receiver::wrong(At::Quit, does).await;
        assert_eq!(outcome(&receiver, PATIENT).await, Ok(()), "{does:?}");
        assert_eq!(receiver.log().texts.len(), 1, "{does:?}");
    }
}

#[tokio::test]
async fn nobody_listening_is_for_later() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let outcome = sender(relay(port, PATIENT)).send(&mail()).await;
    assert_eq!(outcome, Err(SendError::Later(Reason { step: Step::Connect, cause: Cause::Broken })));
}

#[tokio::test]
async fn signing_in_comes_before_anything_about_the_mail() {
    let receiver = Receiver::start(Script { offers: &["AUTH LOGIN PLAIN"], ..Script::default() }).await;
    let smtp = Smtp { credentials: Some(sam()), ..relay(receiver.port, PATIENT) };
    assert_eq!(sender(smtp).send(&mail()).await, Ok(()));
    assert_eq!(receiver.log().commands[1], "AUTH PLAIN AHNhbQBnZWhlaW0=");
}

#[tokio::test]
async fn a_refused_password_does_not_condemn_the_mail() {
    let wrong = Some((At::SignIn, Does::Answers("535 5.7.8 sam: nee")));
    let refusing = Receiver::start(Script { wrong, offers: &["AUTH PLAIN"], ..Script::default() }).await;
    let smtp = Smtp { credentials: Some(sam()), ..relay(refusing.port, PATIENT) };
    assert_eq!(sender(smtp).send(&mail()).await, Err(later(Step::SignIn, 535)));
    assert!(!refusing.log().commands.iter().any(|command| command.starts_with("MAIL")));

    let without = Receiver::start(Script::default()).await;
    let smtp = Smtp { credentials: Some(sam()), ..relay(without.port, PATIENT) };
    let outcome = sender(smtp).send(&mail()).await;
    assert_eq!(outcome, Err(SendError::Later(Reason { step: Step::SignIn, cause: Cause::Unsupported })));
}

#[tokio::test]
async fn without_the_encryption_asked_for_nothing_is_said() {
    let receiver = Receiver::start(Script { offers: &["AUTH PLAIN"], ..Script::default() }).await;
    let smtp = Smtp { encryption: Encryption::StartTls, credentials: Some(sam()), ..relay(receiver.port, PATIENT) };
    let outcome = sender(smtp).send(&mail()).await;
    assert_eq!(outcome, Err(SendError::Later(Reason { step: Step::Encrypt, cause: Cause::Unsupported })));
    assert_eq!(receiver.whole_log().await.commands, ["EHLO samenopleiden.test"]);
}

#[tokio::test]
async fn what_does_not_belong_in_a_header_is_refused_before_connecting() {
    let receiver = Receiver::start(Script::default()).await;
    let sender = sender(relay(receiver.port, PATIENT));
    let address = |to: &str| Outgoing { to: to.to_owned(), ..mail() };
    let cases = [
        (Outgoing { subject: "Hallo\r\nBcc: allen@school.nl".to_owned(), ..mail() }, Cause::Subject),
        (Outgoing { subject: "Hallo\nBcc: allen@school.nl".to_owned(), ..mail() }, Cause::Subject),
        (Outgoing { to_name: Some("Zoë\r\nBcc: allen@school.nl".to_owned()), ..mail() }, Cause::Name),
        (address("zoe@school.nl\r\nRCPT TO:<allen@school.nl>"), Cause::Address),
        (address("zoe@school.nl\n"), Cause::Address),
        (address("zoe@school.nl> NOTIFY=NEVER"), Cause::Address),
        (address("zoe@school.nl,allen@school.nl"), Cause::Address),
        (address("Zoë <zoe@school.nl>"), Cause::Address),
        (address("zoë@school.nl"), Cause::Address),
        (address("zoe"), Cause::Address),
        (address(""), Cause::Address),
        (Outgoing { at: chrono::DateTime::from_timestamp(-1, 0).unwrap(), ..mail() }, Cause::Date),
        (Outgoing { at: chrono::DateTime::<chrono::Utc>::MAX_UTC, ..mail() }, Cause::Date),
    ];
    for (mail, cause) in cases {
        let expected = SendError::Never(Reason { step: Step::Compose, cause });
        assert_eq!(sender.send(&mail).await, Err(expected), "{} {:?} {}", mail.to, mail.to_name, mail.subject);
    }
    assert!(receiver.log().commands.is_empty());
}

#[tokio::test]
async fn a_text_cannot_end_itself() {
    let receiver = Receiver::start(Script::default()).await;
    let text = "Een\r.\rtwee\n.\r\nMAIL FROM:<x@y.nl>\r\n.\r\n".to_owned();
    sender(relay(receiver.port, PATIENT)).send(&Outgoing { text, ..mail() }).await.unwrap();
    let log = receiver.whole_log().await;
    assert_eq!(log.commands.len(), 5);
    let read = MessageParser::default().parse(log.texts[0].as_bytes()).unwrap();
    assert_eq!(read.body_text(0).unwrap(), "Een\r\n.\r\ntwee\r\n.\r\nMAIL FROM:<x@y.nl>\r\n.\r\n");
}

#[test]
fn a_mail_shows_nothing_about_people() {
    assert_eq!(format!("{:?}", mail()), "Outgoing { id: 01905b3c-7a10-7000-8000-000000000007, .. }");
}
