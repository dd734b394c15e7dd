//! Two hundred ways to tamper with a copy of a filled log, each of which is found.

use std::path::{Path, PathBuf};
use std::process::Command;

use kernschil_app::StoreSettings;
use kernschil_domain::access::Role;
use kernschil_domain::audit::{EventKind, LogEnd};
use kernschil_domain::ids::UserId;
use kernschil_storage::audit::{NewEvent, Verdict, check};
use kernschil_storage::{StorageError, Store};
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection, Statement};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{behind_our_back, event, note, run, verdict};
use crate::support::open_app;

/// Events in the log that is tampered with.
const EVENTS: i64 = 60;

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Yes, but one time in so many.
    fn falls(&mut self, once_in: u64) -> bool {
        !self.throw().is_multiple_of(once_in)
    }

    /// A number from a range, both ends included.
    fn from(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.throw() % u64::try_from(high - low + 1).unwrap()).unwrap()
    }

    fn of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[usize::try_from(self.throw() % choices.len() as u64).unwrap()]
    }
}

/// A log of every shape of event, in a file.
async fn filled(file: &Path) -> LogEnd {
    let app = open_app(&StoreSettings::sqlite(file)).await;
    let mut dice = Dice(1);
    for number in 0..EVENTS {
        let any = |dice: &mut Dice, value: &str| dice.falls(3).then(|| format!("{{\"waarde\":\"{value} {number}\"}}"));
        let noted = NewEvent {
            at: app.clock.now() + chrono::Duration::milliseconds(number * 1_500),
            user: dice.falls(3).then(|| UserId(Uuid::from_u128(u128::from(dice.throw() % 4 + 1)))),
            role: dice.falls(2).then(|| *dice.of(Role::ALL)),
            kind: *dice.of(EventKind::ALL),
            before: any(&mut dice, "was"),
            after: any(&mut dice, "is"),
            request: dice.falls(2).then(|| Uuid::from_u128(u128::from(dice.throw()))),
            ..event(&app, &format!("onderwerp {}", number % 7))
        };
        // An event of a removal says where the chain begins; these logs begin at their beginning.
        let kind = if noted.kind == EventKind::AuditPruned { EventKind::SignedIn } else { noted.kind };
        note(&app, vec![NewEvent { kind, ..noted }]).await;
    }
    let verdict = verdict(&app, None).await;
    assert_eq!((verdict.events, verdict.deviations), (60, vec![]));
    app.store.close().await.unwrap();
    verdict.end
}

/// The columns of the log with a value that no row has there.
const COLUMNS: [(&str, &[&str]); 11] = [
    ("id", &["randomblob(16)", "x'00'", "'geen uuid'"]),
    ("at", &["'2020-01-01T00:00:00+00:00'", "replace(at, '+00:00', '.000000001+00:00')", "replace(at, 'T1', 'T0')", "'gisteren'", "12"]),
    ("user_id", &["randomblob(16)", "CASE WHEN user_id IS NULL THEN zeroblob(16) END", "x''"]),
    ("role", &["'administrator '", "'koning'", "CASE WHEN role IS NULL THEN '' END", "x'ff'"]),
    ("kind", &["'signed-out-'", "'signed'", "upper(kind)", "''"]),
    ("subject", &["subject || ' '", "''", "upper(subject)", "CAST(x'ff' AS text)"]),
    ("before", &["coalesce(before, '') || ' '", "CASE WHEN before IS NULL THEN 'null' END", "'{}'"]),
    ("after", &["coalesce(after, '') || ' '", "CASE WHEN after IS NULL THEN '' END", "'{}'"]),
    ("request_id", &["randomblob(16)", "CASE WHEN request_id IS NULL THEN zeroblob(16) END"]),
    ("previous", &["''", "lower(hex(randomblob(32)))", "upper(previous) || 'A'"]),
    ("hash", &["''", "lower(hex(randomblob(32)))", "upper(hash) || 'A'"]),
];

const ALL_BUT_PLACE: &str = "id, at, user_id, role, kind, subject, before, after, request_id, previous, hash";

/// What somebody does to a log, in words for when it is not found. What one says needs an earlier end to be seen.
async fn tamper(raw: &DatabaseConnection, dice: &mut Dice) -> (String, Sees) {
    let row = dice.from(1, EVENTS);
    let other = 1 + (row - 1 + dice.from(1, EVENTS - 1)) % EVENTS;
    match dice.from(0, 13) {
        0..=2 => {
            let (column, values) = dice.of(&COLUMNS);
            let value = dice.of(values);
            edit(raw, row, column, value).await
        }
        3 => {
            let row = *dice.of(&[1, row, EVENTS]);
            run(raw, &format!("DELETE FROM audit_log WHERE seq = {row}")).await;
            (format!("row {row} deleted"), Sees::Chain)
        }
        4 => {
            let to = dice.from(row, EVENTS);
            run(raw, &format!("DELETE FROM audit_log WHERE seq BETWEEN {row} AND {to}")).await;
            (format!("rows {row} to {to} deleted"), Sees::Chain)
        }
        5 => {
            swap(raw, row, other, "seq").await;
            (format!("rows {row} and {other} swapped"), Sees::Chain)
        }
        6 => {
            let column = *dice.of(&["id", "at", "hash", "previous"]);
            swap(raw, row, other, column).await;
            (format!("{column} of rows {row} and {other} swapped"), Sees::Chain)
        }
        7 => insert(raw, dice, row).await,
        8 => head(raw, dice).await,
        9 => {
            // One row, or the last few, with hashes that fit; the head stays.
            let from = *dice.of(&[row, EVENTS]);
            let to = *dice.of(&[from, EVENTS]);
            edit(raw, from, "subject", "'herschreven'").await;
            rehash(raw, from, to).await;
            (format!("rows {from} to {to} hashed again"), Sees::Chain)
        }
        10 => {
            // The whole end written anew, with a head that fits.
            edit(raw, row, "subject", "'herschreven'").await;
            rehash(raw, row, EVENTS).await;
            fit_head(raw).await;
            (format!("rows {row} to the end hashed again, head too"), Sees::EarlierEnd)
        }
        11 => {
            let row = row.max(2);
            run(raw, &format!("DELETE FROM audit_log WHERE seq >= {row}")).await;
            fit_head(raw).await;
            (format!("cut off before {row}, head too"), Sees::EarlierEnd)
        }
        12 => {
            // A row taken out, everything after it moved up, all hashes and the head made to fit.
            run(raw, &format!("DELETE FROM audit_log WHERE seq = {row}")).await;
            run(raw, &format!("UPDATE audit_log SET seq = -seq WHERE seq > {row}")).await;
            run(raw, "UPDATE audit_log SET seq = -seq - 1 WHERE seq < 0").await;
            rehash(raw, 1, EVENTS - 1).await;
            fit_head(raw).await;
            (format!("row {row} taken out, everything made to fit"), Sees::EarlierEnd)
        }
        _ => {
            // The beginning moved, without an event that says so.
            run(raw, &format!("UPDATE audit_head SET base_seq = {row}, base_hash = (SELECT hash FROM audit_log WHERE seq = {row})")).await;
            run(raw, &format!("DELETE FROM audit_log WHERE seq <= {row}")).await;
            (format!("beginning moved to {row}"), Sees::Chain)
        }
    }
}

/// What it takes to see something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sees {
    /// The chain itself.
    Chain,
    /// An end that was kept elsewhere.
    EarlierEnd,
}

/// Changes one value; one that was so already is changed into something else.
async fn edit(raw: &DatabaseConnection, row: i64, column: &str, value: &str) -> (String, Sees) {
    let other = format!("UPDATE audit_log SET {column} = {value} WHERE seq = {row} AND {column} IS NOT ({value})");
    if run(raw, &other).await == 0 {
        let anything = if ["id", "user_id", "request_id"].contains(&column) { "randomblob(16)" } else { "'2019-05-05T00:00:00+00:00'" };
        assert_eq!(run(raw, &format!("UPDATE audit_log SET {column} = {anything} WHERE seq = {row}")).await, 1);
    }
    (format!("{column} of row {row} set to {value}"), Sees::Chain)
}

/// Swaps a column of two rows that differ in it; swapping the places swaps the rows.
async fn swap(raw: &DatabaseConnection, one: i64, two: i64, column: &str) {
    if column == "seq" {
        for (from, to) in [(one, -1), (two, one), (-1, two)] {
            run(raw, &format!("UPDATE audit_log SET seq = {to} WHERE seq = {from}")).await;
        }
    } else {
        run(raw, &format!("CREATE TABLE kept AS SELECT seq, {column} AS value FROM audit_log WHERE seq IN ({one}, {two})")).await;
        // Past the rule that no identifier occurs twice.
        if column == "id" {
            run(raw, &format!("UPDATE audit_log SET id = randomblob(16) WHERE seq = {one}")).await;
        }
        for (row, other) in [(two, one), (one, two)] {
            run(raw, &format!("UPDATE audit_log SET {column} = (SELECT value FROM kept WHERE seq = {other}) WHERE seq = {row}")).await;
        }
        run(raw, "DROP TABLE kept").await;
    }
}

async fn insert(raw: &DatabaseConnection, dice: &mut Dice, row: i64) -> (String, Sees) {
    let place = *dice.of(&[EVENTS + 1, EVENTS + 2, 0, -5, i64::MAX]);
    let copied = ALL_BUT_PLACE.replacen("id", "randomblob(16)", 1);
    let copied = match dice.from(0, 2) {
        0 => copied.replace("previous", &format!("(SELECT hash FROM audit_log WHERE seq = {EVENTS})")),
        1 => copied.replace(" hash", " lower(hex(randomblob(32)))"),
        _ => copied,
    };
    run(raw, &format!("INSERT INTO audit_log (seq, {ALL_BUT_PLACE}) SELECT {place}, {copied} FROM audit_log WHERE seq = {row}")).await;
    let told = dice.from(0, 1) == 1 && place > EVENTS;
    if told {
        fit_head(raw).await;
    }
    (format!("row inserted at {place}, copied from {row}, head moved: {told}"), Sees::Chain)
}

async fn head(raw: &DatabaseConnection, dice: &mut Dice) -> (String, Sees) {
    let sql = *dice.of(&[
        "UPDATE audit_head SET seq = seq - 1",
        "UPDATE audit_head SET seq = seq + 1",
        "UPDATE audit_head SET seq = 0, hash = ''",
        "UPDATE audit_head SET hash = lower(hex(randomblob(32)))",
        "UPDATE audit_head SET seq = seq - 1, hash = (SELECT hash FROM audit_log WHERE seq = audit_head.seq - 1)",
        "UPDATE audit_head SET base_seq = 3",
        "UPDATE audit_head SET base_seq = 9223372036854775807",
        "UPDATE audit_head SET base_hash = 'x'",
        "UPDATE audit_head SET base_seq = 5, base_hash = (SELECT hash FROM audit_log WHERE audit_log.seq = 5)",
        "UPDATE audit_head SET seq = 'ver'",
        "DELETE FROM audit_head",
    ]);
    run(raw, sql).await;
    (sql.to_owned(), Sees::Chain)
}

/// Makes the head say what the last row is.
async fn fit_head(raw: &DatabaseConnection) {
    let last = "(SELECT max(seq) FROM audit_log)";
    run(raw, &format!("UPDATE audit_head SET hash = (SELECT hash FROM audit_log WHERE seq = {last}), seq = {last}")).await;
}

/// Hashes rows as they are now, each after the one before it. Written down anew from the description of the format, so that
/// it is a check on that as well.
async fn rehash(raw: &DatabaseConnection, from: i64, to: i64) {
    for seq in from..=to {
        let columns = "at, lower(hex(id)) AS id, lower(hex(user_id)) AS user_id, role, kind, subject, before, after, \
            lower(hex(request_id)) AS request_id, user_id IS NULL AS no_user, request_id IS NULL AS no_request, \
            coalesce((SELECT hash FROM audit_log AS earlier WHERE earlier.seq = audit_log.seq - 1), '') AS earlier";
        let row = Statement::from_string(DatabaseBackend::Sqlite, format!("SELECT {columns} FROM audit_log WHERE seq = {seq}"));
        let row = raw.query_one_raw(row).await.unwrap().unwrap();
        let text = |column: &str| row.try_get::<Option<String>>("", column).unwrap();
        let id = |column: &str, missing: bool| (!missing).then(|| Uuid::try_parse(&text(column).unwrap()).unwrap());
        let at: chrono::DateTime<chrono::Utc> = text("at").unwrap().parse().unwrap();
        let content = serde_json::json!([
            seq,
            id("id", false),
            [at.timestamp(), i64::from(at.timestamp_subsec_nanos())],
            id("user_id", row.try_get("", "no_user").unwrap()),
            text("role"),
            text("kind"),
            text("subject"),
            text("before"),
            text("after"),
            id("request_id", row.try_get("", "no_request").unwrap()),
        ]);
        let earlier = text("earlier").unwrap();
        let hash = Sha256::digest(format!("{earlier}\n{content}"));
        let hash = kernschil_credentials::tokens::hex(&hash);
        run(raw, &format!("UPDATE audit_log SET previous = '{earlier}', hash = '{hash}' WHERE seq = {seq}")).await;
    }
}

async fn looked_at(file: &Path, since: Option<&LogEnd>) -> Verdict {
    // As the program does when it starts: nothing of that may make a changed log right again.
    let store = Store::open(&StoreSettings::sqlite(file)).await.unwrap();
    store.migrate().await.unwrap();
    let verdict = store.read(async |tx| check(tx, since).await).await;
    store.close().await.unwrap();
    verdict.unwrap_or_else(|error: StorageError| panic!("{}: {error}", file.display()))
}

fn copy(file: &Path, number: u64) -> PathBuf {
    let copy = file.with_file_name(format!("{number}.sqlite3"));
    std::fs::copy(file, &copy).unwrap();
    copy
}

async fn tampered(copy: &Path, seed: u64) -> (String, Sees) {
    let raw = behind_our_back(&StoreSettings::sqlite(copy).url).await;
    let done = tamper(&raw, &mut Dice(seed)).await;
    raw.close().await.unwrap();
    done
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_two_hundred_random_tamperings_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let original = folder.path().join("origineel.sqlite3");
    let end = filled(&original).await;
    let mut only_by_an_earlier_end = 0;
    for seed in 0..200 {
        let copy = copy(&original, seed);
        assert_eq!(looked_at(&copy, Some(&end)).await.deviations, [], "the copy is good");
        let (what, sees) = tampered(&copy, seed).await;
        let by_chain = looked_at(&copy, None).await.deviations;
        let by_end = looked_at(&copy, Some(&end)).await.deviations;
        assert_eq!(!by_chain.is_empty(), sees == Sees::Chain, "{seed}: {what}: {by_chain:?}");
        assert!(!by_end.is_empty(), "{seed}: {what}");
        only_by_an_earlier_end += usize::from(by_chain.is_empty());
        std::fs::remove_file(copy).unwrap();
    }
    println!("200 tamperings found, {only_by_an_earlier_end} of them only by an earlier end");
    assert!((20..=100).contains(&only_by_an_earlier_end), "{only_by_an_earlier_end}");
}

fn kernschil(data: &Path, args: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_kernschil")).args(args).arg("--data").arg(data).env_remove("RUST_LOG").output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_says_what_is_wrong_and_where_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kernschil.sqlite3");
    let end = filled(&file).await;
    let (code, text) = kernschil(folder.path(), &["check", "audit"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.starts_with(&format!("0 afwijkingen\n\nHet logboek heeft 60 gebeurtenissen en eindigt op:\n{end}\n")), "{text}");
    let since = format!("--since={end}");
    assert_eq!(kernschil(folder.path(), &["check", "audit", &since]).0, Some(0));
    assert_eq!(kernschil(folder.path(), &["check", "audit", "--since", "60:x"]).0, Some(2));
    let (code, text) = kernschil(folder.path(), &["check", "--json"]);
    let all: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, &all["violations"], &all["audit"]["end"]), (Some(0), &0.into(), &end.to_string().into()));

    let raw = behind_our_back(&StoreSettings::sqlite(&file).url).await;
    run(&raw, "DELETE FROM audit_log WHERE seq = 12").await;
    run(&raw, "UPDATE audit_log SET role = 'administrator' WHERE seq = 30").await;
    let (code, text) = kernschil(folder.path(), &["check", "audit"]);
    assert_eq!(code, Some(1), "{text}");
    for part in [
        "    13  regel-ontbreekt  Vóór plaats 13 ontbreekt",
        "    30  regel-gewijzigd  De gebeurtenis op plaats 30 is veranderd",
        "\n2 afwijkingen\n",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let (code, text) = kernschil(folder.path(), &["check"]);
    assert!(code == Some(1) && text.contains("Logboek") && text.contains("plaats 30"), "{text}");

    // Everything written anew, so that it fits: only who kept the end sees it.
    rehash(&raw, 13, EVENTS).await;
    run(&raw, "UPDATE audit_log SET seq = seq - 1 WHERE seq > 12").await;
    rehash(&raw, 1, EVENTS - 1).await;
    fit_head(&raw).await;
    raw.close().await.unwrap();
    assert_eq!(kernschil(folder.path(), &["check", "audit"]).0, Some(0));
    let (code, text) = kernschil(folder.path(), &["check", "audit", &since, "--json"]);
    let found: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, &found["events"]), (Some(1), &59.into()));
    assert_eq!((&found["deviations"][0]["code"], &found["deviations"][0]["seq"]), (&"ingekort".into(), &60.into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_too_what_somebody_changes_is_found() {
    let Some(app) = crate::support::TestApp::postgres().await else { return };
    let noted: Vec<_> = (0..10).map(|number| event(&app.app, &number.to_string())).collect();
    note(&app.app, noted).await;
    let raw = behind_our_back(&app.url).await;
    for sql in [
        "UPDATE audit_log SET at = at + interval '1 microsecond' WHERE seq = 4",
        "UPDATE audit_log SET user_id = gen_random_uuid() WHERE seq = 4",
        "UPDATE audit_log SET after = '' WHERE seq = 4",
        "UPDATE audit_log SET seq = 99 WHERE seq = 10",
        "DELETE FROM audit_log WHERE seq = 1",
        "DELETE FROM audit_log WHERE seq = 10",
        "UPDATE audit_head SET hash = ''",
        "DELETE FROM audit_head",
    ] {
        run(&raw, "CREATE TABLE kept AS SELECT * FROM audit_log").await;
        run(&raw, "CREATE TABLE kept_head AS SELECT * FROM audit_head").await;
        assert_eq!(run(&raw, sql).await, 1);
        assert!(!super::deviations(&app.app).await.is_empty(), "{sql}");
        for sql in [
            "DELETE FROM audit_log",
            "DELETE FROM audit_head",
            "INSERT INTO audit_log SELECT * FROM kept",
            "INSERT INTO audit_head SELECT * FROM kept_head",
            "DROP TABLE kept",
            "DROP TABLE kept_head",
        ] {
            run(&raw, sql).await;
        }
        assert!(super::deviations(&app.app).await.is_empty());
    }
    raw.close().await.unwrap();
}
