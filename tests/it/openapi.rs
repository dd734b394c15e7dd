//! The committed API document is the one the program makes.

use std::fs;
use std::process::Command;

use crate::support::root;

#[test]
fn the_committed_document_is_what_the_program_prints() {
    let printed = Command::new(env!("CARGO_BIN_EXE_kernschil")).arg("openapi").output().unwrap();
    assert!(printed.status.success());
    let printed = String::from_utf8(printed.stdout).unwrap();
    let committed = fs::read_to_string(root().join("openapi/kernschil-v1.json")).unwrap();
    assert!(printed.trim() == committed.trim(), "run `cargo run -- openapi > openapi/kernschil-v1.json` and look at what changed");
}
