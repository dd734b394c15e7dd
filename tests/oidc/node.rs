//! The provider of npm, as a process that ends with the test. For the tests of crates/oidc and for those of the whole system: both
//! include this file beside a `REDIRECT` and a `SECRET` of their own.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A running provider.
pub(crate) struct Node {
    pub(crate) issuer: String,
    process: Child,
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts a provider; `None`, after a line that says so, on a machine without node or npm.
pub(crate) fn start() -> Option<Node> {
    match try_start() {
        Ok(node) => Some(node),
        Err(reason) => {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "no provider: {reason}");
            // Not eprintln!, which is only shown of tests that fail.
            let _ = writeln!(std::io::stderr(), "SKIPPED, as there is no provider to test against: {reason}");
            None
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oidc")
}

fn try_start() -> Result<Node, String> {
    install()?;
    let mut process = Command::new("node")
        .args(["provider.mjs", "--redirect", super::REDIRECT, "--client-secret", super::SECRET, "--until-stdin-ends"])
        .current_dir(folder())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("node: {error}"))?;
    let mut line = String::new();
    if let Some(stdout) = process.stdout.take() {
        BufReader::new(stdout).read_line(&mut line).map_err(|error| error.to_string())?;
    }
    let mut node = Node { issuer: String::new(), process };
    let started: Value = serde_json::from_str(&line).map_err(|_| "provider.mjs does not start".to_owned())?;
    started["issuer"].as_str().unwrap_or_default().clone_into(&mut node.issuer);
    Ok(node)
}

/// Tests run at the same time, also of several processes; one of them installs.
fn install() -> Result<(), String> {
    let lock = File::create(folder().join(".install.lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    if folder().join("node_modules/oidc-provider/package.json").exists() {
        return Ok(());
    }
    // A registry can be away for a moment.
    for _ in 0..3 {
        let npm = Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--no-package-lock", "--silent"])
            .current_dir(folder())
            .stdin(Stdio::null())
            .status()
            .map_err(|error| format!("npm: {error}"))?;
        if npm.success() {
            return Ok(());
        }
    }
    Err("npm install does not succeed".to_owned())
}
