//! Writes the example workbooks in `imports/voorbeelden` from the lists in `imports/bron`.
//!
//! `generate_examples DIR` writes them, `generate_examples --check DIR` fails when a file there differs
//! from what would be written. The same bytes come out on every machine and every run.

mod almere;
mod hak;
mod offers;
mod plan;
mod rng;
mod sheets;
mod sources;
mod students;
mod talent;
mod trainers;
mod workbooks;
mod world;
mod written;
mod wrong;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use sources::Fallible;
use workbooks::File;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--check", folder] => check(Path::new(folder)),
        [folder] if !folder.starts_with('-') => write(Path::new(folder)),
        _ => Err("gebruik: generate_examples [--check] MAP".into()),
    };
    match result {
        Ok(message) => {
            println!("{message}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path) -> Fallible<String> {
    let files = workbooks::all()?;
    for file in &files {
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(&path, &file.bytes)?;
    }
    Ok(format!("{} bestanden geschreven in {}", files.len(), folder.display()))
}

fn check(folder: &Path) -> Fallible<String> {
    let files = workbooks::all()?;
    let mut wrong = Vec::new();
    for File { path, bytes } in &files {
        match std::fs::read(folder.join(path)) {
            Ok(found) if found == *bytes => {}
            Ok(_) => wrong.push(format!("{path} is anders")),
            Err(_) => wrong.push(format!("{path} ontbreekt")),
        }
    }
    let known: BTreeSet<PathBuf> = files.iter().map(|f| folder.join(&f.path)).collect();
    for path in found_under(folder)? {
        if !known.contains(&path) && path.file_name().is_none_or(|name| name != "README.md") {
            wrong.push(format!("{} hoort er niet", path.display()));
        }
    }
    if wrong.is_empty() {
        Ok(format!("{} bestanden in {} zijn gelijk", files.len(), folder.display()))
    } else {
        Err(format!("{}\nMaak ze opnieuw met: generate_examples {}", wrong.join("\n"), folder.display()).into())
    }
}

fn found_under(folder: &Path) -> Fallible<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(found_under(&path)?) } else { found.push(path) }
    }
    found.sort();
    Ok(found)
}
