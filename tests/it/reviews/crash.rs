//! The program is killed while somebody saves, again and again: what it said it had stored is there when it comes back.
//!
//! Twenty times in every run. Two hundred times: `CRASH_KILLS=200 cargo test -p kernschil --test it reviews::crash`.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, LazyLock, mpsc};
use std::time::Duration;

use chrono::{DateTime, Utc};
use kernschil_app::access::{self, NewToken};
use kernschil_domain::access::{Role, Scope, TokenScope};
use kernschil_domain::ids::Clock;
use kernschil_domain::reviews::ReviewState;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::reflection::{REVIEW, review};
use crate::support::TestApp;

/// The time as the program has it, so that a token holds there too.
struct Now;

impl Clock for Now {
    #[expect(clippy::disallowed_methods, reason = "the program that is killed has the time of the machine, and a token must hold there")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// The same numbers in every run.
struct Lot(u64);

impl Lot {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// The program, serving.
struct Serving {
    child: Child,
    address: String,
}

/// Where the program keeps what is not in the database, when that stands elsewhere.
fn elsewhere() -> &'static Path {
    static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());
    FOLDER.path()
}

fn serving(url: &str) -> Serving {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kernschil"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--json"]);
    match url.strip_prefix("sqlite://").and_then(|rest| rest.split_once("/kernschil.sqlite3")) {
        Some((folder, _)) => command.arg("--data").arg(folder),
        None => command.arg("--data").arg(elsewhere()).arg("--database-url").arg(url),
    };
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let said: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
    Serving { address: said["address"].as_str().unwrap().trim_start_matches("http://").to_owned(), child }
}

/// A whole answer of the program: status, version, body.
struct Got {
    status: u16,
    tag: String,
    body: String,
}

/// Somebody who writes by the API.
struct Writer {
    token: String,
    address: String,
}

impl Writer {
    /// The answer; nothing when the program was gone before all of it was there.
    fn ask(&self, method: &str, path: &str, seen: &str, body: &str) -> Option<Got> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        let head = format!(
            "{method} /api/v1/reviews/{REVIEW}/reflection/{path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
             If-Match: \"{seen}\"\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            self.address,
            self.token,
            body.len()
        );
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let header = |name: &str| head.lines().find_map(|line| line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case(name)));
        let length: usize = header("content-length")?.1.parse().ok()?;
        if length != body.len() {
            return None;
        }
        let tag = header("etag").map(|(_, tag)| tag.trim_matches('"').to_owned()).unwrap_or_default();
        Some(Got { status: head.split(' ').nth(1)?.parse().ok()?, tag, body: body.to_owned() })
    }

    fn json(&self, path: &str) -> (Value, String) {
        let got = self.ask("GET", path, "0", "").unwrap();
        assert_eq!(got.status, 200, "{}", got.body);
        (serde_json::from_str(&got.body).unwrap(), got.tag)
    }

    /// Saves texts one after the other until the program is gone; every fifth as a tab that saw an older version. Answers
    /// those that were said to be stored.
    fn save_on(&self, number: &mut usize, first_said: &mpsc::Sender<()>) -> Vec<String> {
        let mut seen = self.json("1").1;
        let mut said = Vec::new();
        loop {
            *number += 1;
            let text = format!("Tekst {number}. {}", "Wij leren elke dag bij. ".repeat(*number % 97));
            let is_stale = number.is_multiple_of(5) && seen != "0";
            let over = if is_stale { "0" } else { seen.as_str() };
            let Some(got) = self.ask("PUT", "1", over, &json!({ "body": text }).to_string()) else { return said };
            assert_eq!(got.status, if is_stale { 412 } else { 200 }, "{}", got.body);
            if !is_stale {
                seen = got.tag;
            }
            said.push(text);
            // Whoever listens may have had enough already.
            let _ = first_said.send(());
        }
    }
}

fn kills() -> usize {
    std::env::var("CRASH_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(20)
}

/// Starts the program, lets somebody save, and kills it at some moment after the first text was stored.
fn round(url: &str, token: &str, number: &mut usize, lot: &mut Lot) -> Vec<String> {
    let Serving { mut child, address } = serving(url);
    let writer = Writer { token: token.to_owned(), address };
    let (sender, said_one) = mpsc::channel();
    let (never, waiting) = mpsc::channel::<()>();
    let moment = Duration::from_micros(lot.below(60_000));
    let killer = std::thread::spawn(move || {
        let first = said_one.recv();
        // Nothing is ever said here: this waits for the moment.
        let _ = waiting.recv_timeout(moment);
        child.kill().unwrap();
        child.wait().unwrap();
        first.is_ok()
    });
    let said = writer.save_on(number, &sender);
    drop(sender);
    assert!(killer.join().unwrap(), "no text was stored before the program was gone");
    drop(never);
    said
}

/// What the history holds, and the text as it is.
fn stored(url: &str, token: &str) -> (Vec<Value>, String) {
    let Serving { mut child, address } = serving(url);
    let writer = Writer { token: token.to_owned(), address };
    let versions = writer.json("1/versions").0.as_array().unwrap().clone();
    let body = writer.json("1").0["body"].as_str().unwrap().to_owned();
    child.kill().unwrap();
    child.wait().unwrap();
    (versions, body)
}

both_databases! {
    async fn no_text_that_was_said_to_be_stored_is_lost(app: TestApp) {
        let mut app = app;
        app.app.clock = Arc::new(Now);
        let review = review(&app, ReviewState::Preparing).await;
        let author = app.with_role(Role::ReflectionAuthor, Scope::Review(review.id)).await;
        let new = NewToken { name: "proef".to_owned(), scope: TokenScope::Change, days: 30 };
        let token = access::make_token(&app.app, &author, new).await.unwrap().token;
        // Only the program has the database open, as it comes back by itself.
        app.app.store.clone().close().await.unwrap();

        let (url, kills) = (app.url.clone(), kills());
        let (said, versions, body) = tokio::task::spawn_blocking(move || {
            let (mut lot, mut number, mut said) = (Lot(20_261_122), 0, Vec::new());
            for _ in 0..kills {
                said.extend(round(&url, &token, &mut number, &mut lot));
            }
            let (versions, body) = stored(&url, &token);
            (said, versions, body)
        })
        .await
        .unwrap();

        let bodies: BTreeSet<&str> = versions.iter().map(|version| version["body"].as_str().unwrap()).collect();
        let lost: Vec<_> = said.iter().filter(|text| !bodies.contains(text.as_str())).collect();
        println!("{kills} kills, {} texts said to be stored, {} versions, {} lost", said.len(), versions.len(), lost.len());
        assert!(lost.is_empty(), "{lost:?}");
        let numbers: Vec<_> = versions.iter().rev().map(|version| version["number"].as_u64().unwrap()).collect();
        assert_eq!(numbers, (1..=versions.len() as u64).collect::<Vec<_>>(), "numbers without gaps");
        assert!(bodies.contains(body.as_str()), "the text is one of its versions");
    }
}
