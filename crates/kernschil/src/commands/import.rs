//! `kernschil import`: workbooks in.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use kernschil_app::imports::{self, ImportFile, ImportReport, Stored, TableChange};
use kernschil_app::{Actor, App, AppError};
use kernschil_spreadsheets::{Finding, ImportKind, Limits, Note};
use serde_json::json;

use crate::cli::{self, kind_word};
use crate::exit::{Exit, Stop, reason};
use crate::open::{Need, with};
use crate::output::{Align, Answer, table};
use crate::settings::Settings;

/// So many findings are shown to people; machines get them all.
const SHOWN: usize = 50;
/// So many examples of what was rewritten.
const EXAMPLES: usize = 3;

/// Loads files, one after the other, until one is not good.
pub(crate) async fn run(settings: &Settings, import: cli::Import) -> Result<Answer, Stop> {
    let files = import.files.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
    let mode = if import.dry_run { Mode::Check } else { Mode::Load };
    with(settings, Need::Any, async |app| load(app, &import, files, mode).await).await
}

async fn load(app: &App, import: &cli::Import, files: Vec<ImportFile>, mode: Mode) -> Result<Answer, Stop> {
    let mut texts = Vec::new();
    let mut values = Vec::new();
    let mut exit = Exit::Done;
    for file in files {
        let name = file.name.clone();
        match one(app, import.kind, file, mode).await {
            Ok(report) => {
                texts.push(in_words(&report, mode));
                values.push(json!(report));
                if !report.is_clean() {
                    exit = Exit::No;
                }
            }
            Err(error @ (AppError::File { .. } | AppError::Conflict { .. })) => {
                texts.push(format!("{name}: niet opgeslagen. {}", error.dutch()));
                values.push(json!({ "file_name": name, "error": Stop::from(error).json()["error"] }));
                exit = Exit::No;
            }
            Err(error) => return Err(error.into()),
        }
        if exit != Exit::Done {
            break;
        }
    }
    Ok(Answer {
        exit,
        text: texts.join("\n\n"),
        json: json!({ "kind": kind_word(import.kind), "dry_run": import.dry_run, "files": values }),
    })
}

/// Whether a good file is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// It is not.
    Check,
    /// It is.
    Load,
}

async fn one(app: &App, kind: ImportKind, file: ImportFile, mode: Mode) -> Result<ImportReport, AppError> {
    match mode {
        Mode::Check => imports::check(app, &Actor::CommandLine, kind, file).await,
        Mode::Load => imports::load(app, &Actor::CommandLine, kind, file).await,
    }
}

/// Reads a file; of one that is too large only enough to see that it is.
fn read(path: &Path) -> Result<ImportFile, Stop> {
    let unreadable = |why: &str| Stop::outside("bestand-onleesbaar", format!("Het bestand {} is niet te lezen: {why}.", path.display()));
    let file = File::open(path).map_err(|error| unreadable(reason(&error)))?;
    if file.metadata().is_ok_and(|meta| meta.is_dir()) {
        return Err(unreadable("is een map"));
    }
    let mut bytes = Vec::new();
    file.take(Limits::default().file_bytes + 1).read_to_end(&mut bytes).map_err(|error| unreadable(reason(&error)))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(ImportFile { name, bytes })
}

fn in_words(report: &ImportReport, mode: Mode) -> String {
    let changes: usize = report.changes.iter().map(|change| change.added + change.changed).sum();
    let changes = if changes == 1 { "1 wijziging".to_owned() } else { format!("{changes} wijzigingen") };
    let verdict = match (report.stored, mode) {
        _ if report.outcome.errors == 1 => "niet opgeslagen, er is 1 fout".to_owned(),
        _ if !report.is_clean() => format!("niet opgeslagen, er zijn {} fouten", report.outcome.errors),
        (_, Mode::Check) => format!("gecontroleerd en niet opgeslagen, {changes}"),
        (Stored::Everything { .. }, Mode::Load) => format!("opgeslagen, {changes}"),
        (Stored::Nothing | Stored::Unchanged, Mode::Load) => format!("alles was al bekend, {changes}"),
    };
    let mut blocks = vec![format!("{}: {verdict}", report.file_name)];
    if report.is_clean() && !report.changes.is_empty() {
        blocks.push(changed(&report.changes));
    }
    let findings = &report.outcome.findings;
    // What has to be repaired goes first, so that a long list of remarks never hides it.
    let mut first: Vec<_> = findings.list.iter().collect();
    first.sort_by_key(|finding| finding.severity);
    blocks.extend(first.into_iter().take(SHOWN).map(finding));
    if findings.total > SHOWN {
        blocks.push(format!("  en nog {} (alles met --json)", findings.total - SHOWN));
    }
    let notes = &report.outcome.notes;
    if notes.total > 0 {
        let heading =
            if notes.total == 1 { "1 waarde is anders gelezen".to_owned() } else { format!("{} waarden zijn anders gelezen", notes.total) };
        blocks.push(format!("  {heading} dan ze in het bestand staan, bijvoorbeeld:"));
        blocks.extend(notes.list.iter().take(EXAMPLES).map(note));
    }
    blocks.join("\n")
}

fn changed(changes: &[TableChange]) -> String {
    let row = |change: &TableChange| {
        vec![format!("  {}", change.dutch), change.added.to_string(), change.changed.to_string(), change.unchanged.to_string()]
    };
    let rows: Vec<_> = changes.iter().map(row).collect();
    table(&[("  Wat", Align::Left), ("nieuw", Align::Right), ("gewijzigd", Align::Right), ("gelijk", Align::Right)], &rows)
}

fn finding(finding: &Finding) -> String {
    let column = finding.column.as_ref().map(|column| (column.letters.as_str(), column.header.as_str()));
    let place = place(finding.sheet.as_deref(), finding.row, column);
    let value = finding.value.as_ref().map(|value| format!(" \"{value}\"")).unwrap_or_default();
    format!("  {} {place}{value}: {} {} [{}]", finding.severity.dutch(), finding.message, finding.advice, finding.code)
}

fn note(note: &Note) -> String {
    let column = note.column.as_ref().map(|column| (column.letters.as_str(), column.header.as_str()));
    let place = place(note.sheet.as_deref(), note.row, column);
    match (&note.value, &note.became) {
        (Some(value), Some(became)) => format!("    {place}: \"{value}\" werd \"{became}\""),
        _ => format!("    {place}: {}", note.message),
    }
}

/// `Studenten C14 (Postcode)`
fn place(sheet: Option<&str>, row: Option<u32>, column: Option<(&str, &str)>) -> String {
    let cell = match (column, row) {
        (Some((letters, _)), Some(row)) if !letters.is_empty() => format!("{letters}{row}"),
        (_, Some(row)) => format!("rij {row}"),
        (Some((letters, _)), None) if !letters.is_empty() => format!("kolom {letters}"),
        _ => String::new(),
    };
    let header = column.map(|(_, header)| format!("({header})")).unwrap_or_default();
    let parts: Vec<_> = [sheet.unwrap_or_default().to_owned(), cell, header].into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "het bestand".to_owned() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use kernschil_spreadsheets::{ColumnRef, Outcome, Severity};

    use super::*;

    fn report(errors: usize) -> ImportReport {
        let one = |row| Finding {
            severity: Severity::Error,
            code: "postcode-ongeldig".into(),
            sheet: Some("Studenten".into()),
            row: Some(row),
            column: Some(ColumnRef { letters: "C".into(), header: "Postcode".into() }),
            value: Some("12345".into()),
            message: "Dit is geen postcode.".into(),
            advice: "Schrijf vier cijfers en twee letters.".into(),
        };
        let mut outcome = Outcome { errors, ..Outcome::default() };
        (0..errors).for_each(|n| outcome.findings.push(one(u32::try_from(n).unwrap() + 2)));
        let changes = vec![TableChange { table: "students", dutch: "Studenten", added: 3, changed: 0, unchanged: 10 }];
        let changes = if errors == 0 { changes } else { Vec::new() };
        ImportReport { kind: ImportKind::Students, file_name: "studenten.xlsx".into(), outcome, changes, stored: Stored::Nothing }
    }

    #[test]
    fn each_finding_says_where_what_and_how() {
        let text = in_words(&report(60), Mode::Load);
        assert!(text.starts_with("studenten.xlsx: niet opgeslagen, er zijn 60 fouten\n"), "{text}");
        let first =
            "  fout Studenten C2 (Postcode) \"12345\": Dit is geen postcode. Schrijf vier cijfers en twee letters. [postcode-ongeldig]";
        assert!(text.contains(first), "{text}");
        assert!(text.ends_with("en nog 10 (alles met --json)"), "{text}");
    }

    #[test]
    fn a_check_says_what_loading_would_do() {
        let text = in_words(&report(0), Mode::Check);
        assert_eq!(
            text,
            "studenten.xlsx: gecontroleerd en niet opgeslagen, 3 wijzigingen\n  Wat        nieuw  gewijzigd  gelijk\n  Studenten      3          0      10"
        );
    }
}
