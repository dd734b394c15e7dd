//! `kernschil user`: add, invite, reset, list and role, by the program itself.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::support::{EXAMPLE_FILES, root};

fn command(data: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kernschil"));
    command.args(args).arg("--data").arg(data).env_remove("RUST_LOG");
    command
}

fn user(data: &Path, args: &[&str]) -> Output {
    command(data, &[&["user"], args].concat()).output().unwrap()
}

/// Makes an account, with the password on the standard input.
fn add(data: &Path, email: &str, more: &[&str]) -> Output {
    let args = [&["user", "add", "--email", email, "--name", "Noor Visser", "--password-stdin"], more].concat();
    let mut child = command(data, &args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Who is refused before the password is asked for does not read it.
    let _ = child.stdin.take().unwrap().write_all(b"een lang wachtwoord\n");
    child.wait_with_output().unwrap()
}

#[track_caller]
fn done(output: &Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{out}{err}");
    out.into_owned()
}

#[track_caller]
fn stopped(output: &Output, code: i32, part: &str) {
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), err.contains(part)), (Some(code), true), "{part} in {err}");
}

fn listed(data: &Path) -> Vec<(String, String, Vec<String>)> {
    let answer: Value = serde_json::from_str(&done(&user(data, &["list", "--json"]))).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let row = |user: &Value| (text(&user["email"]), text(&user["state"]), user["roles"].as_array().unwrap().iter().map(text).collect());
    answer["users"].as_array().unwrap().iter().map(row).collect()
}

fn roles(data: &Path, email: &str) -> Vec<String> {
    listed(data).into_iter().find(|(known, ..)| known == email).unwrap().2
}

#[test]
fn the_first_account_manages_everything_and_the_next_gets_what_is_named() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    let first = done(&add(data, "sanne@school.nl", &[]));
    assert!(first.contains("Het account sanne@school.nl is gemaakt.") && !first.contains("nog geen rol"), "{first}");
    assert_eq!(roles(data, "sanne@school.nl"), ["beheerder", "regiocoördinator van alle regio's"]);
    let second = done(&add(data, "noor@school.nl", &[]));
    assert!(second.contains("nog geen rol") && second.contains("kernschil user role --email noor@school.nl --add ROL"), "{second}");
    done(&add(data, "bram@school.nl", &["--role", "lezer", "--role", "beheerder:alles"]));
    assert_eq!(roles(data, "bram@school.nl"), ["beheerder", "lezer van alles"]);

    stopped(&add(data, "x@school.nl", &["--role", "baas"]), 2, "De rol \"baas\" bestaat niet.");
    stopped(&add(data, "x@school.nl", &["--role", "schoolopleider:school:99ZZ99"]), 2, "Kernschil kent geen school \"99ZZ99\".");
    stopped(&add(data, "noor@school.nl", &[]), 2, "Er is al een account met dit e-mailadres.");
    let shown = done(&user(data, &["list"]));
    assert_eq!(shown.lines().count(), 4, "{shown}");
    assert!(shown.contains("Rollen") && !shown.contains("x@school.nl"), "{shown}");
}

#[test]
fn roles_are_named_as_people_name_things() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    for (kind, file) in EXAMPLE_FILES.iter().take(2) {
        let path = root().join("imports/voorbeelden/almere").join(file).display().to_string();
        done(&command(data, &["import", kind.code(), &path]).output().unwrap());
    }
    done(&add(data, "sanne@school.nl", &[]));
    done(&add(data, "noor@school.nl", &[]));
    let role = |args: &[&str]| user(data, &[&["role", "--email", "Noor@school.nl"], args].concat());
    let given = done(&role(&["--add", "schoolopleider:school:17AV00", "--add", "lezer"]));
    assert!(given.starts_with("Rollen: schoolopleider van ") && given.contains("(17AV00); lezer van alles"), "{given}");
    stopped(&role(&["--add", "lezer"]), 2, "Deze rol is er al");
    stopped(&role(&["--add", "bestuurder"]), 2, "Zeg waarvoor de rol bestuurder is");
    stopped(&role(&[]), 2, "Er staat geen rol.");
    stopped(&role(&["--end", "beheerder"]), 2, "Dit account heeft de rol \"beheerder\" niet.");
    let left = done(&role(&["--end", "schoolopleider:school:17AV00"]));
    assert_eq!(left.trim(), "Rollen: lezer van alles");
    stopped(&user(data, &["role", "--email", "sanne@school.nl", "--end", "beheerder"]), 1, "Dit is de laatste beheerder.");
    stopped(&user(data, &["role", "--email", "wie@school.nl", "--add", "lezer"]), 2, "Er is geen account met het adres wie@school.nl.");
}

#[test]
fn links_are_printed_where_mail_goes_to_a_folder() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    done(&add(data, "sanne@school.nl", &[]));
    let invited = done(&user(data, &["invite", "--email", "noor@school.nl", "--name", "Noor", "--role", "lezer"]));
    let link = invited.lines().last().unwrap();
    assert!(link.contains("/uitnodiging/") && link.rsplit('/').next().unwrap().len() == 64, "{invited}");
    let again = done(&user(data, &["invite", "--email", "noor@school.nl"]));
    assert!(again.contains("/uitnodiging/") && !again.contains(link), "{again}");
    assert_eq!(listed(data)[0].1, "invited");
    stopped(&user(data, &["invite", "--email", "bram@school.nl"]), 2, "--name");
    stopped(&user(data, &["reset", "--email", "noor@school.nl"]), 1, "Dit account is uitgenodigd.");

    let reset = done(&user(data, &["reset", "--email", "sanne@school.nl", "--second-factor"]));
    assert!(reset.contains("Dit account had geen tweede factor.") && reset.contains("/wachtwoord-herstellen/"), "{reset}");

    // With a mail server the link goes by mail alone, unless it is asked for.
    let with_server = |args: &[&str]| {
        let args = [&["user", "invite", "--email", "noor@school.nl"], args].concat();
        command(data, &args).env("KERNSCHIL_MAIL_HOST", "mail.example").env("KERNSCHIL_MAIL_FROM", "kernschil@school.nl").output().unwrap()
    };
    assert!(!done(&with_server(&[])).contains("/uitnodiging/"));
    assert!(done(&with_server(&["--print-link"])).contains("/uitnodiging/"));
}
