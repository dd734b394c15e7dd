//! The program on the command line: answers, exit codes, and what it says when something is wrong.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::{EXAMPLE_FILES, root};

fn kernschil(data: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kernschil")).args(args).arg("--data").arg(data).env_remove("RUST_LOG").output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn example(path: &str) -> String {
    root().join("imports/voorbeelden").join(path).display().to_string()
}

/// A data folder with one of the examples loaded.
fn with(folder: &str) -> tempfile::TempDir {
    let data = tempfile::tempdir().unwrap();
    let load = |kind: &str, file: &str| {
        let done = kernschil(data.path(), &["import", kind, &example(file)]);
        assert_eq!(done.status.code(), Some(0), "{kind}: {}{}", out(&done), err(&done));
    };
    load("postcodes", "postcodes.txt");
    for (kind, file) in EXAMPLE_FILES {
        load(kind.code(), &format!("{folder}/{file}"));
    }
    data
}

fn with_almere() -> tempfile::TempDir {
    with("almere")
}

#[test]
fn what_has_to_be_repaired_is_said_before_what_may_stay() {
    let data = with("talent");
    let refused = kernschil(data.path(), &["import", "offers", &example("fout/onbekende-brin.xlsx")]);
    let text = out(&refused) + &err(&refused);
    let (error, remark) = (text.find("  fout ").unwrap(), text.find("  let op ").unwrap());
    assert!(error < remark, "{text}");
    assert!(text.contains("[school-onbekend]"), "{text}");
}

#[test]
fn workbooks_go_in_and_a_proposal_coverage_and_workbooks_come_out() {
    let data = with_almere();
    let allocated = kernschil(data.path(), &["allocate", "--json"]);
    assert_eq!(allocated.status.code(), Some(0), "{}", err(&allocated));
    let _: Value = serde_json::from_slice(&allocated.stdout).unwrap();

    let coverage = kernschil(data.path(), &["coverage", "--json"]);
    assert_eq!(coverage.status.code(), Some(0), "{}", err(&coverage));
    let _: Value = serde_json::from_slice(&coverage.stdout).unwrap();

    let folder = data.path().join("uit");
    let exported = kernschil(data.path(), &["export", "--out", &folder.display().to_string()]);
    assert_eq!(exported.status.code(), Some(0), "{}", err(&exported));
    assert!(std::fs::read_dir(&folder).unwrap().count() >= 4);

    let check = kernschil(data.path(), &["check"]);
    assert_eq!(check.status.code(), Some(0), "{}", out(&check));
    assert!(out(&check).contains("0 afwijkingen"), "{}", out(&check));
}

#[test]
fn a_dry_run_stores_nothing_and_the_same_file_twice_changes_nothing() {
    let data = tempfile::tempdir().unwrap();
    let file = example("postcodes.txt");
    let counts = |output: &Output| -> Value { serde_json::from_slice(&output.stdout).unwrap() };
    let dry = kernschil(data.path(), &["import", "postcodes", &file, "--dry-run", "--json"]);
    assert_eq!(dry.status.code(), Some(0), "{}", err(&dry));
    let first = kernschil(data.path(), &["import", "postcodes", &file, "--json"]);
    assert_ne!(counts(&dry).to_string(), String::new());
    assert_eq!(first.status.code(), Some(0), "{}", err(&first));
    let again = kernschil(data.path(), &["import", "postcodes", &file]);
    assert_eq!(again.status.code(), Some(0), "{}", err(&again));
    assert!(out(&again).contains('0'), "{}", out(&again));
}

#[test]
fn a_wrong_workbook_is_refused_with_what_to_do_and_nothing_is_stored() {
    let data = with_almere();
    let before = out(&kernschil(data.path(), &["check", "--json"]));
    for (kind, file, code) in [
        ("students", "fout/ontbrekende-kolom.xlsx", "kolom"),
        ("students", "fout/leeg.xlsx", "leeg"),
        ("students", "fout/eigenlijk-een-pdf.xlsx", "pdf"),
    ] {
        let refused = kernschil(data.path(), &["import", kind, &example(file), "--json"]);
        assert_eq!(refused.status.code(), Some(1), "{file}: {}{}", out(&refused), err(&refused));
        let answer = format!("{}{}", out(&refused), err(&refused));
        assert!(answer.contains(code), "{file}: {answer}");
    }
    assert_eq!(out(&kernschil(data.path(), &["check", "--json"])), before);
}

#[test]
fn every_command_explains_itself_in_dutch() {
    for command in
        ["serve", "demo", "migrate", "import", "allocate", "coverage", "export", "openapi", "user", "mail", "backup", "restore", "check"]
    {
        let help = Command::new(env!("CARGO_BIN_EXE_kernschil")).args([command, "--help"]).output().unwrap();
        assert_eq!(help.status.code(), Some(0), "{command}");
        let text = out(&help);
        assert!(text.contains("Gebruik"), "{command}: {text}");
        for english in ["Usage:", "Options:", "Print help", "Arguments:", "Commands:"] {
            assert!(!text.contains(english), "{command} says {english}: {text}");
        }
    }
}

#[test]
fn wrong_use_is_two_and_what_is_wrong_outside_is_three_in_one_line() {
    let data = tempfile::tempdir().unwrap();
    assert_eq!(kernschil(data.path(), &["bestaatniet"]).status.code(), Some(2));
    assert_eq!(kernschil(data.path(), &["import", "geen-soort", "x.xlsx"]).status.code(), Some(2));

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let busy = kernschil(data.path(), &["serve", "--listen", &address]);
    assert_eq!(busy.status.code(), Some(3), "{}", err(&busy));
    assert_eq!(err(&busy).trim().lines().count(), 1, "{}", err(&busy));

    let file = data.path().join("bestand");
    std::fs::write(&file, "geen map").unwrap();
    let unwritable = kernschil(&file.join("map"), &["check"]);
    assert_eq!(unwritable.status.code(), Some(3), "{}", err(&unwritable));
    assert_eq!(err(&unwritable).trim().lines().count(), 1, "{}", err(&unwritable));

    let unreachable = kernschil(data.path(), &["check", "--database-url", "postgres://postgres@127.0.0.1:1/leeg"]);
    assert_eq!(unreachable.status.code(), Some(3), "{}", err(&unreachable));
}

#[test]
fn a_backup_is_put_back_as_it_was_and_rubbish_is_refused() {
    let data = with_almere();
    kernschil(data.path(), &["allocate"]);
    let before = out(&kernschil(data.path(), &["coverage", "--json"]));
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("kopie.sqlite3").display().to_string();
    let made = kernschil(data.path(), &["backup", &copy]);
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));

    let elsewhere = tempfile::tempdir().unwrap();
    let restored = kernschil(elsewhere.path(), &["restore", &copy]);
    assert_eq!(restored.status.code(), Some(0), "{}", err(&restored));
    assert_eq!(out(&kernschil(elsewhere.path(), &["coverage", "--json"])), before);

    let rubbish = folder.path().join("rommel");
    std::fs::write(&rubbish, "dit is geen database").unwrap();
    let refused = kernschil(elsewhere.path(), &["restore", &rubbish.display().to_string()]);
    assert_ne!(refused.status.code(), Some(0));
    assert_eq!(out(&kernschil(elsewhere.path(), &["coverage", "--json"])), before);
}
