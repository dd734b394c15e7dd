//! Outgoing mail, from the transaction that queues it to a mail server that takes it, or does not.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use kernschil_app::listing::PageRequest;
use kernschil_app::mail::{self, Again, Letter, MailKind, MailState, Sender};
use kernschil_app::settings::{self, NewInstallation};
use kernschil_app::{Actor, App, AppError, StoreSettings};
use kernschil_domain::ids::{Clock, MailId};
use kernschil_mail::{Encryption, Settings, Smtp, Timeouts, Transport};
use kernschil_storage::outbox::{self, StoredMail};

use crate::support::smtp::{Does, Receiver};
use crate::support::{TestApp, cluster, open_app};

const LINK: &str = "http://127.0.0.1:8080/uitnodiging/een-lang-geheim";

/// A clock that is moved by hand, in seconds.
struct Moved(AtomicI64);

impl Clock for Moved {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(1_782_900_000 + self.0.load(Ordering::Relaxed), 0).unwrap()
    }
}

/// The application on a clock that is moved by hand.
fn by_hand(app: &App) -> (App, Arc<Moved>) {
    let clock = Arc::new(Moved(AtomicI64::new(0)));
    (App { clock: clock.clone(), ..app.clone() }, clock)
}

impl Moved {
    fn pass(&self, minutes: i64) {
        self.0.fetch_add(minutes * 60, Ordering::Relaxed);
    }
}

fn sender(receiver: &Receiver) -> Sender {
    let patience = Duration::from_mins(5);
    let timeouts = Timeouts { connect: patience, command: patience, text: patience };
    let smtp = Smtp { host: "127.0.0.1".to_owned(), port: receiver.port, encryption: Encryption::None, credentials: None, timeouts };
    Sender::new(Settings { from: "Kernschil <kernschil@school.nl>".to_owned(), transport: Transport::Smtp(smtp) }).unwrap()
}

fn letter(kind: MailKind, to: &str) -> Letter {
    Letter {
        kind,
        to_address: to.to_owned(),
        to_name: "Zoë Smit".to_owned(),
        subject: "Uw uitnodiging voor Kernschil".to_owned(),
        text: format!("Beste Zoë,\n\nMaak hier uw account:\n{LINK}\n"),
    }
}

async fn queue(app: &App, kind: MailKind, to: &str) -> MailId {
    app.store.write(async |tx| mail::queue(app, tx, letter(kind, to)).await).await.unwrap()
}

async fn stored(app: &App, id: MailId) -> StoredMail {
    app.store.read(async |tx| outbox::get(tx, id).await).await.unwrap()
}

async fn state(app: &App, id: MailId) -> MailState {
    stored(app, id).await.state
}

async fn send_all(app: &App, sender: &Sender) -> usize {
    let mut sent = 0;
    while mail::send_next(app, sender).await.unwrap().is_some() {
        sent += 1;
    }
    sent
}

both_databases! {
    async fn a_queued_mail_arrives_once_with_its_subject_and_its_link(app: TestApp) {
        let app = &app.app;
        let new = NewInstallation { organisation: "Opleidingsschool Almere".to_owned(), school_year: "2026-2027".to_owned() };
        settings::change(app, &Actor::CommandLine, &new).await.unwrap();
        let receiver = Receiver::start(Does::Accepts).await;
        let id = queue(app, MailKind::Invitation, "zoe@school.nl").await;
        assert!(stored(app, id).await.body.contains(LINK));

        assert_eq!(send_all(app, &sender(&receiver)).await, 1);
        let got = receiver.received();
        assert_eq!(got.len(), 1);
        assert_eq!((got[0].to.as_str(), got[0].subject.as_str()), ("zoe@school.nl", "Uw uitnodiging voor Kernschil"));
        assert!(got[0].text.contains(LINK) && got[0].text.contains("Kernschil van Opleidingsschool Almere"), "{}", got[0].text);
        let sent = stored(app, id).await;
        assert_eq!((sent.state, sent.body.as_str(), sent.attempts), (MailState::Sent, "", 1));
    }

    async fn a_mail_of_a_transaction_that_is_taken_back_does_not_exist(app: TestApp) {
        let app = &app.app;
        let receiver = Receiver::start(Does::Accepts).await;
        let taken_back = app
            .store
            .write(async |tx| {
                mail::queue(app, tx, letter(MailKind::Reset, "zoe@school.nl")).await?;
                Err::<(), _>(AppError::Cancelled)
            })
            .await;
        assert!(matches!(taken_back, Err(AppError::Cancelled)));
        assert_eq!(send_all(app, &sender(&receiver)).await, 0);
        assert!(receiver.received().is_empty());
    }

    async fn a_mail_that_may_have_arrived_is_not_sent_again_by_itself(app: TestApp) {
        let (app, clock) = by_hand(&app.app);
        let receiver = Receiver::start(Does::Closes).await;
        let sender = sender(&receiver);
        let note = queue(&app, MailKind::AccountChanged, "zoe@school.nl").await;
        let invitation = queue(&app, MailKind::Invitation, "sam@school.nl").await;
        assert_eq!(send_all(&app, &sender).await, 2);
        for id in [note, invitation] {
            assert_eq!(state(&app, id).await, MailState::Unknown);
        }
        receiver.now(Does::Accepts);
        for _ in 0..4 {
            clock.pass(24 * 60);
            assert_eq!(send_all(&app, &sender).await, 0);
        }
        assert_eq!(receiver.received().len(), 2);

        // Somebody decides; the link of the invitation is gone by then.
        let refused = mail::send_again(&app, &Actor::CommandLine, invitation).await;
        assert!(matches!(refused, Err(AppError::Conflict { code: "mail-tekst-weg", .. })));
        assert_eq!(stored(&app, invitation).await.body, "");
        mail::send_again(&app, &Actor::CommandLine, note).await.unwrap();
        assert_eq!(send_all(&app, &sender).await, 1);
        assert_eq!((state(&app, note).await, receiver.received().len()), (MailState::Sent, 3));
        let sent = mail::send_again(&app, &Actor::CommandLine, note).await;
        assert!(matches!(sent, Err(AppError::Conflict { code: "mail-onderweg", .. })));
        let twice: BTreeSet<_> = receiver.received().into_iter().map(|mail| mail.message_id).collect();
        assert_eq!(twice.len(), 2, "the second copy can be recognised");
    }

    async fn a_mail_that_has_to_wait_is_tried_again_after_a_while(app: TestApp) {
        let (app, clock) = by_hand(&app.app);
        let receiver = Receiver::start(Does::Defers).await;
        let sender = sender(&receiver);
        let id = queue(&app, MailKind::Invitation, "zoe@school.nl").await;
        for (attempt, minutes) in [(1, 1), (2, 5), (3, 15), (4, 60), (5, 60)] {
            assert_eq!(mail::send_next(&app, &sender).await.unwrap(), Some(MailState::Queued));
            let waiting = stored(&app, id).await;
            assert_eq!((waiting.attempts, waiting.next_at - app.clock.now()), (attempt, chrono::Duration::minutes(minutes)));
            assert_eq!(waiting.reason, "ontvanger noemen: de mailserver antwoordt 451");
            clock.pass(minutes - 1);
            assert_eq!(mail::send_next(&app, &sender).await.unwrap(), None, "too early");
            clock.pass(1);
        }
        receiver.now(Does::Accepts);
        assert_eq!(mail::send_next(&app, &sender).await.unwrap(), Some(MailState::Sent));
        assert_eq!((stored(&app, id).await.attempts, receiver.received().len()), (6, 1));
    }

    async fn after_two_days_and_after_a_refusal_it_ends(app: TestApp) {
        let (app, clock) = by_hand(&app.app);
        let receiver = Receiver::start(Does::Defers).await;
        let sender = sender(&receiver);
        let (id, begun) = (queue(&app, MailKind::Invitation, "zoe@school.nl").await, app.clock.now());
        while state(&app, id).await == MailState::Queued {
            assert!(mail::send_next(&app, &sender).await.unwrap().is_some());
            clock.pass(60);
        }
        let ended = stored(&app, id).await;
        assert_eq!((ended.state, ended.body.as_str()), (MailState::Refused, ""));
        assert!(ended.reason.starts_with("twee dagen geprobeerd en opgegeven"), "{}", ended.reason);
        assert!(ended.ended_at.unwrap() - begun <= chrono::Duration::hours(51), "an hour at a time");

        receiver.now(Does::Refuses);
        let other = queue(&app, MailKind::AccountChanged, "weg@school.nl").await;
        assert_eq!(mail::send_next(&app, &sender).await.unwrap(), Some(MailState::Refused));
        assert_eq!(stored(&app, other).await.body, "");
        assert!(receiver.received().is_empty());
    }

    async fn what_a_worker_that_is_gone_had_in_hand_is_uncertain(app: TestApp) {
        let (app, clock) = by_hand(&app.app);
        let receiver = Receiver::start(Does::Hangs).await;
        let id = queue(&app, MailKind::Invitation, "zoe@school.nl").await;
        let worker = tokio::spawn({
            let (app, sender) = (app.clone(), sender(&receiver));
            async move { mail::send_next(&app, &sender).await }
        });
        receiver.has(1).await;
        worker.abort();
        assert!(worker.await.unwrap_err().is_cancelled());
        receiver.now(Does::Accepts);
        let sender = sender(&receiver);
        clock.pass(30);
        assert_eq!((send_all(&app, &sender).await, state(&app, id).await), (0, MailState::Sending));
        clock.pass(1);
        assert_eq!((send_all(&app, &sender).await, state(&app, id).await), (0, MailState::Unknown));
        assert_eq!((stored(&app, id).await.body.as_str(), receiver.received().len()), ("", 1));
    }

    async fn a_worker_that_is_late_changes_nothing_about_a_newer_attempt(app: TestApp) {
        let (app, clock) = by_hand(&app.app);
        let id = queue(&app, MailKind::AccountChanged, "zoe@school.nl").await;
        let late = outbox::claim(&app.store, app.clock.now()).await.unwrap().unwrap();
        clock.pass(31);
        let receiver = Receiver::start(Does::Accepts).await;
        assert_eq!(send_all(&app, &sender(&receiver)).await, 0);
        mail::send_again(&app, &Actor::CommandLine, id).await.unwrap();
        let newer = outbox::claim(&app.store, app.clock.now()).await.unwrap().unwrap();
        assert_eq!((newer.id, newer.attempts), (late.id, late.attempts));
        let says = StoredMail { state: MailState::Queued, ..late };
        assert!(!app.store.write(async |tx| outbox::settle(tx, &says).await).await.unwrap());
        assert_eq!(state(&app, id).await, MailState::Sending);
        let says = StoredMail { state: MailState::Sent, ..newer };
        assert!(app.store.write(async |tx| outbox::settle(tx, &says).await).await.unwrap());
        assert_eq!(state(&app, id).await, MailState::Sent);
    }

    async fn the_worker_is_woken_and_stops_in_good_order(app: TestApp) {
        let app = app.app;
        let receiver = Receiver::start(Does::Accepts).await;
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let worker = tokio::spawn(mail::run(app.clone(), sender(&receiver), async move { _ = stopped.await }));
        let first = queue(&app, MailKind::Invitation, "zoe@school.nl").await;
        receiver.has(1).await;
        let second = queue(&app, MailKind::Reset, "sam@school.nl").await;
        receiver.has(2).await;
        stop.send(()).unwrap();
        worker.await.unwrap();
        for id in [first, second] {
            assert_eq!(state(&app, id).await, MailState::Sent, "the mail in hand is ended");
        }
    }

    async fn the_outbox_tells_how_mails_fare_and_not_whom_they_are_for(app: TestApp) {
        let app = &app.app;
        let receiver = Receiver::start(Does::Accepts).await;
        queue(app, MailKind::Invitation, "zoe@school.nl").await;
        send_all(app, &sender(&receiver)).await;
        for n in 0..3 {
            queue(app, MailKind::Reset, &format!("sam{n}@school.nl")).await;
        }
        let page = |page| PageRequest { page, size: 2 };
        let all = mail::list(app, &Actor::CommandLine, None, page(9)).await.unwrap();
        assert_eq!((all.mails.total, all.mails.pages, all.mails.page, all.mails.rows.len()), (4, 2, 2, 2));
        let sent = mail::list(app, &Actor::CommandLine, Some(MailState::Sent), page(1)).await.unwrap();
        assert_eq!(sent.mails.rows.iter().map(|row| (row.to.as_str(), row.again)).collect::<Vec<_>>(), [("z***@school.nl", Again::NotNeeded)]);
        let counts: Vec<_> = sent.counts.iter().map(|(_, count)| *count).collect();
        assert_eq!(counts, [3, 0, 1, 0, 0]);
        assert!(!format!("{all:?}").contains("zoe") && !format!("{all:?}").contains("sam0"));
    }
}

/// Fifty mails, and two instances of the program on one database.
async fn fifty_mails(settings: &StoreSettings) {
    let (one, other) = (open_app(settings).await, open_app(settings).await);
    let receiver = Receiver::start(Does::Accepts).await;
    let mut ids = BTreeSet::new();
    for n in 0..50 {
        ids.insert(queue(&one, MailKind::Invitation, &format!("p{n}@school.nl")).await);
    }
    let workers: Vec<_> = [one.clone(), other, one.clone(), open_app(settings).await]
        .into_iter()
        .map(|app| {
            let sender = sender(&receiver);
            tokio::spawn(async move { send_all(&app, &sender).await })
        })
        .collect();
    let mut sent = 0;
    for worker in workers {
        sent += worker.await.unwrap();
    }
    let got = receiver.received();
    let to: BTreeSet<_> = got.iter().map(|mail| mail.to.clone()).collect();
    assert_eq!((sent, got.len(), to.len()), (50, 50, 50));
    for id in ids {
        assert_eq!(state(&one, id).await, MailState::Sent);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_workers_never_send_a_mail_twice_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    fifty_mails(&StoreSettings::sqlite(&folder.path().join("kernschil.sqlite3"))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_workers_never_send_a_mail_twice_on_postgres() {
    if let Some(cluster) = cluster() {
        fifty_mails(&StoreSettings { url: cluster.database() }).await;
    }
}

/// The program, with settings in the environment.
async fn kernschil(data: &Path, args: &[&str], settings: &[(&str, String)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kernschil"));
    command.args(args).arg("--data").arg(data).envs(settings.iter().map(|(name, value)| (*name, value.clone())));
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_sends_a_mail_to_try_and_says_how_that_went() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    assert_eq!(kernschil(data, &["migrate"], &[]).await.status.code(), Some(0));
    let receiver = Receiver::start(Does::Accepts).await;
    let settings = [
        ("KERNSCHIL_MAIL_HOST", "127.0.0.1".to_owned()),
        ("KERNSCHIL_MAIL_PORT", receiver.port.to_string()),
        ("KERNSCHIL_MAIL_ENCRYPTION", "geen".to_owned()),
        ("KERNSCHIL_MAIL_FROM", "Kernschil <kernschil@school.nl>".to_owned()),
    ];
    let test = ["mail", "test", "--to", "zoe@school.nl"];
    let sent = kernschil(data, &test, &settings).await;
    assert_eq!(sent.status.code(), Some(0), "{}", words(&sent));
    assert!(words(&sent).contains("heeft de proefmail aan zoe@school.nl aangenomen"), "{}", words(&sent));
    let got = receiver.received();
    assert_eq!((got.len(), got[0].to.as_str(), got[0].subject.as_str()), (1, "zoe@school.nl", "Proefmail van Kernschil"));

    for (does, expected) in
        [(Does::Defers, "de mailserver antwoordt 451"), (Does::Closes, "Het is onzeker"), (Does::Refuses, "antwoordt 550")]
    {
        receiver.now(does);
        let failed = kernschil(data, &test, &settings).await;
        assert_eq!(failed.status.code(), Some(3), "{}", words(&failed));
        assert!(words(&failed).contains(expected) && !words(&failed).contains("zoe@school.nl"), "{}", words(&failed));
    }
    let wrong = kernschil(data, &test, &settings[..2]).await;
    assert_eq!(wrong.status.code(), Some(2), "{}", words(&wrong));
    assert!(words(&wrong).contains("\"mail_from\" ontbreekt"), "{}", words(&wrong));

    let kept = kernschil(data, &test, &[]).await;
    assert_eq!(kept.status.code(), Some(0), "{}", words(&kept));
    assert!(words(&kept).contains("wordt niets verstuurd"), "{}", words(&kept));
    assert_eq!(std::fs::read_dir(data.join("mail")).unwrap().count(), 1);
    assert_eq!(receiver.received().len(), 2);
}
