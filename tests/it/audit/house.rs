//! The house rule of the log: what writes to the database notes who did what, in the same function or in one it calls.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::support::root;

/// Writes that are no event, each with the reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("access/devices.rs", "remember_device", "that a browser is known again opens nothing; the sign-in itself was noted"),
    ("access/round_trip.rs", "take", "takes what was kept for coming back, once; what comes of it is noted"),
    ("access/sessions.rs", "give_up", "half a sign-in ends; it never became one"),
    ("access/sessions.rs", "renew", "the same session goes on with another token; what gave rise to it was noted"),
    ("access/sessions.rs", "session", "that a session is used is no change; it is kept to end sessions that are not"),
    ("access/tokens.rs", "token_actor", "that a token is used is no change; its last use is shown to its owner"),
    ("frameworks/shipped.rs", "bring", "comes with the program, published and unchangeable; nobody did it"),
    ("jobs.rs", "watch_over", "progress of a job"),
    ("mail/worker.rs", "send_next", "how far a mail is; what gave rise to it was noted with it"),
    ("mail/worker.rs", "settle", "how far a mail is; what gave rise to it was noted with it"),
    ("mail/worker.rs", "take", "how far a mail is; what gave rise to it was noted with it"),
    ("privacy/retention.rs", "ask_daily", "work asks for itself once a day; what it removes is noted"),
    ("privacy/retention.rs", "progress", "progress of a job"),
    ("privacy/retention.rs", "students", "goes in parts; told with their number when the run ends, also when it breaks off"),
    ("reviews/day.rs", "remove", "notes of a member for herself: the log would tell how many and when"),
    ("reviews/day.rs", "save", "notes of a member for herself: the log would tell how many and when"),
    ("reviews/findings/journal.rs", "put_back", "findings of a member before she hands in are noted in the journal of her own"),
    ("reviews/findings/taking_over.rs", "take_over", "findings of a member before she hands in are noted in the journal of her own"),
    ("reviews/findings/taking_over.rs", "take_over_seen", "findings of a member before she hands in are noted in the journal of her own"),
    ("reviews/findings/writing.rs", "add", "findings of a member before she hands in are noted in the journal of her own"),
    ("reviews/findings/writing.rs", "change", "findings of a member before she hands in are noted in the journal of her own"),
    ("reviews/findings/writing.rs", "remove", "findings of a member before she hands in are noted in the journal of her own"),
];

/// A function of the app, without its comments and texts.
struct Function {
    file: String,
    name: String,
    body: String,
}

/// Source without comments, texts and tests, so that a brace is a brace.
fn bare(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("r#\"") {
            rest.find("\"#").map_or(rest.len(), |end| end + 2)
        } else if c == '"' {
            let mut escaped = false;
            let end = rest[1..].find(|c| match (escaped, c) {
                (false, '"') => true,
                (was, c) => {
                    escaped = !was && c == '\\';
                    false
                }
            });
            end.map_or(rest.len(), |end| end + 2)
        } else if c == '\'' && rest[1..].chars().nth(1) == Some('\'') {
            rest[1..].chars().next().map_or(1, char::len_utf8) + 2
        } else {
            out.push(c);
            c.len_utf8()
        };
        rest = &rest[skipped..];
    }
    out
}

fn functions(file: &str, text: &str) -> Vec<Function> {
    let text = bare(text);
    let starts = text.match_indices("fn ").filter(|(at, _)| *at == 0 || text[..*at].ends_with([' ', '\n', '(']));
    starts
        .filter_map(|(at, _)| {
            let rest = &text[at + 3..];
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let open = rest.find('{')?;
            let mut depth = 0;
            let end = rest[open..].find(|c| {
                depth += match c {
                    '{' => 1,
                    '}' => -1,
                    _ => 0,
                };
                depth == 0
            })?;
            let body: String = rest[open..open + end].chars().filter(|c| !c.is_whitespace()).collect();
            (!name.is_empty()).then_some(Function { file: file.to_owned(), name, body })
        })
        .collect()
}

fn read(folder: &Path, below: &str, found: &mut Vec<Function>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = entry.file_name().unwrap().to_str().unwrap();
        let is_source = entry.extension().is_some_and(|kind| kind == "rs");
        if entry.is_dir() && name != "tests" {
            read(&entry, &format!("{below}{name}/"), found);
        } else if is_source && name != "tests.rs" {
            found.extend(functions(&format!("{below}{name}"), &fs::read_to_string(&entry).unwrap()));
        }
    }
}

/// The module a file is, for calls like `users::add(`.
fn module(file: &str) -> &str {
    file.trim_end_matches(".rs").trim_end_matches("/mod").rsplit('/').next().unwrap_or_default()
}

fn folder(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether a function calls another one of the same name space.
fn calls(caller: &Function, called: &Function) -> bool {
    let plain = format!("{}(", called.name);
    let near = caller.file == called.file || folder(&caller.file) == folder(&called.file);
    caller.body.match_indices(&plain).any(|(at, _)| {
        let before = &caller.body[..at];
        // A method of a neighbour, such as the desk of the placement board, counts as well.
        let is_whole = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        match before.strip_suffix("::") {
            Some(path) => path.ends_with(module(&called.file)) || path.ends_with("super"),
            None => is_whole && near,
        }
    })
}

fn notes(function: &Function) -> bool {
    [".audit(", ".audit_as(", ".audit_stranger(", "tx.note("].iter().any(|call| function.body.contains(call))
}

#[test]
fn what_writes_to_the_database_notes_who_did_what() {
    let mut all = Vec::new();
    read(&root().join("crates/app/src"), "", &mut all);
    let mut noting: BTreeSet<usize> = (0..all.len()).filter(|at| notes(&all[*at])).collect();
    loop {
        let more: Vec<_> = (0..all.len())
            .filter(|at| !noting.contains(at))
            .filter(|at| noting.iter().any(|other| calls(&all[*at], &all[*other])))
            .collect();
        if more.is_empty() {
            break;
        }
        noting.extend(more);
    }
    let writing: BTreeMap<_, _> = (0..all.len())
        .filter(|at| all[*at].body.contains("store.write("))
        .map(|at| ((all[at].file.as_str(), all[at].name.as_str()), noting.contains(&at)))
        .collect();
    assert!(writing.len() > 15, "the app was not read: {writing:?}");
    let silent: BTreeSet<_> = writing.iter().filter(|(_, notes)| !**notes).map(|(function, _)| *function).collect();
    let excepted: BTreeSet<_> = EXCEPTIONS.iter().map(|(file, name, _)| (*file, *name)).collect();
    let wrong: Vec<_> = silent.difference(&excepted).collect();
    assert!(wrong.is_empty(), "writes without an event, and no reason for that here: {wrong:#?}");
    let stale: Vec<_> = excepted.difference(&silent).collect();
    assert!(stale.is_empty(), "excepted, and not a silent write: {stale:?}");
    assert!(EXCEPTIONS.iter().all(|(.., reason)| reason.len() >= "progress of a job".len()));
}

#[test]
fn nobody_writes_to_the_database_but_the_app() {
    for crate_name in ["http", "api", "web", "kernschil"] {
        let mut all = Vec::new();
        read(&root().join("crates").join(crate_name).join("src"), "", &mut all);
        let writing: Vec<_> =
            all.iter().filter(|function| function.body.contains("store.write(")).map(|function| (&function.file, &function.name)).collect();
        assert!(writing.is_empty(), "{crate_name}: {writing:?}");
    }
}

#[test]
fn the_reader_of_source_reads_source() {
    let text = r#"
        /// fn commented() { store.write( }
        pub async fn one(a: u8) -> Result<(), E> {
            let text = "} fn text() { \" ";
            let c = '{';
            app.store
                .write(async |tx| { two(app, tx) })
        }
        fn two<T>() where T: X { app.audit(tx) }
        #[cfg(test)]
        mod tests {"#;
    let found = functions("rooms/a.rs", text);
    assert_eq!(found.iter().map(|function| function.name.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    assert!(found[0].body.contains("store.write(") && !notes(&found[0]) && notes(&found[1]));
    assert!(calls(&found[0], &found[1]) && !calls(&found[1], &found[0]));
}
