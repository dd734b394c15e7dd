//! The house rules: which crate may know which, and who may know the large libraries.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::support::{root, sources};

/// Every arrow that may be drawn, from above to below.
const ARROWS: &[(&str, &[&str])] = &[
    ("kernschil-credentials", &[]),
    ("kernschil-documents", &[]),
    ("kernschil-domain", &[]),
    ("kernschil-mail", &[]),
    ("kernschil-oidc", &[]),
    ("kernschil-allocation", &[]),
    ("kernschil-migrations", &[]),
    ("kernschil-spreadsheets", &["kernschil-domain"]),
    ("kernschil-storage", &["kernschil-domain", "kernschil-migrations"]),
    (
        "kernschil-app",
        &[
            "kernschil-allocation",
            "kernschil-credentials",
            "kernschil-documents",
            "kernschil-domain",
            "kernschil-mail",
            "kernschil-oidc",
            "kernschil-spreadsheets",
            "kernschil-storage",
        ],
    ),
    ("kernschil-http", &["kernschil-app", "kernschil-domain"]),
    ("kernschil-api", &["kernschil-app", "kernschil-domain", "kernschil-http", "kernschil-spreadsheets"]),
    ("kernschil-web", &["kernschil-app", "kernschil-domain", "kernschil-http", "kernschil-spreadsheets"]),
    (
        "kernschil",
        &[
            "kernschil-api",
            "kernschil-app",
            "kernschil-credentials",
            "kernschil-domain",
            "kernschil-http",
            "kernschil-mail",
            "kernschil-oidc",
            "kernschil-spreadsheets",
            "kernschil-storage",
            "kernschil-web",
        ],
    ),
];

/// Who alone may know a library.
const KEEPERS: &[(&str, &[&str])] = &[
    ("sea-orm", &["kernschil-storage"]),
    ("sea-orm-migration", &["kernschil-migrations"]),
    ("poem", &["kernschil-http", "kernschil-api", "kernschil-web", "kernschil"]),
    ("poem-openapi", &["kernschil-api"]),
    ("calamine", &["kernschil-spreadsheets"]),
    ("rust_xlsxwriter", &["kernschil-spreadsheets"]),
    ("docx-rs", &["kernschil-documents"]),
    ("maud", &["kernschil-web"]),
    ("argon2", &["kernschil-credentials"]),
    ("totp-rs", &["kernschil-credentials"]),
    ("lettre", &["kernschil-mail"]),
    ("openidconnect", &["kernschil-oidc"]),
];

/// Direct dependencies by package; those for tests only are left out.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline", "--manifest-path"])
        .arg(root().join("Cargo.toml"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .map(|package| {
            let needed = package["dependencies"].as_array().unwrap().iter().filter(|d| d["kind"].is_null());
            let names = needed.map(|d| d["name"].as_str().unwrap().to_owned()).collect();
            (package["name"].as_str().unwrap().to_owned(), names)
        })
        .collect()
}

#[test]
fn arrows_between_crates_point_down_only() {
    let found = dependencies();
    assert_eq!(found.keys().map(String::as_str).collect::<BTreeSet<_>>(), ARROWS.iter().map(|(name, _)| *name).collect());
    for (name, allowed) in ARROWS {
        let ours: Vec<_> = found[*name].iter().filter(|d| d.starts_with("kernschil")).collect();
        let wrong: Vec<_> = ours.iter().filter(|d| !allowed.contains(&d.as_str())).collect();
        assert!(wrong.is_empty(), "{name} may not know {wrong:?}");
    }
}

#[test]
fn each_large_library_has_its_keeper() {
    for (name, needed) in dependencies() {
        for (library, keepers) in KEEPERS {
            assert!(!needed.contains(*library) || keepers.contains(&name.as_str()), "{name} may not know {library}");
        }
    }
}

#[test]
fn every_dependency_has_a_reason_in_the_architecture() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let all: BTreeSet<String> = dependencies().into_values().flatten().filter(|d| !d.starts_with("kernschil")).collect();
    let missing: Vec<_> = all.iter().filter(|name| !text.contains(&format!("| `{name}` |"))).collect();
    assert!(missing.is_empty(), "no reason in ARCHITECTURE.md for {missing:?}");
}

#[test]
fn the_engine_and_the_domain_do_no_input_or_output() {
    for folder in ["crates/domain/src", "crates/allocation/src"] {
        for path in sources(&root().join(folder)) {
            let text = fs::read_to_string(&path).unwrap();
            for forbidden in ["std::fs", "std::net", "std::process", "std::env", "Utc::now", "SystemTime::now", "Instant::now"] {
                assert!(!text.contains(forbidden), "{} knows {forbidden}", path.display());
            }
        }
    }
}
