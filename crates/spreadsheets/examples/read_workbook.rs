//! Reads a file by hand, and serves as worker for the process tests.
//!
//! `read_workbook students lijst.xlsx` prints what was read; `read_workbook read-workbook` is the
//! worker's side.

use std::process::ExitCode;
use std::time::Instant;

use kernschil_spreadsheets::parse::{
    parse_duo, parse_offers, parse_partnerships, parse_postcodes, parse_students, parse_trainers, parse_travel_times,
};
use kernschil_spreadsheets::{ImportKind, Limits, Outcome, RawWorkbook, worker};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["read-workbook"] => worker::serve_stdin(),
        // For the process tests: a worker that asks for more memory than there is.
        ["read-workbook-and-die"] => {
            let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
            std::process::abort()
        }
        [kind, path] => match ImportKind::parse(kind).map(|kind| show(kind, path)) {
            Some(Ok(())) => ExitCode::SUCCESS,
            Some(Err(error)) => {
                eprintln!("{error}");
                ExitCode::FAILURE
            }
            None => ExitCode::FAILURE,
        },
        _ => {
            eprintln!("read_workbook SOORT BESTAND");
            ExitCode::FAILURE
        }
    }
}

fn show(kind: ImportKind, path: &str) -> Result<(), String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let exe = std::env::current_exe().map_err(|error| error.to_string())?;
    let started = Instant::now();
    let workbook = worker::read_in_worker(&exe, "read-workbook", path, bytes, &Limits::default())
        .map_err(|e| format!("{}: {e} {}", e.code(), e.advice()))?;
    let read = started.elapsed();
    let (rows, outcome) = parse(kind, &workbook);
    println!("{rows} rijen; lezen {read:?}, begrijpen {:?}", started.elapsed().saturating_sub(read));
    println!("{} bevindingen, {} fouten, {} aanpassingen", outcome.findings.total, outcome.errors, outcome.notes.total);
    for finding in outcome.findings.list.iter().take(40) {
        let column = finding.column.as_ref().map(|c| format!("{} {}", c.letters, c.header)).unwrap_or_default();
        println!(
            "{} {:?} {:?} {column} {:?}: {} {}",
            finding.code, finding.sheet, finding.row, finding.value, finding.message, finding.advice
        );
    }
    for note in outcome.notes.list.iter().take(40) {
        println!("{} {:?} {:?} {:?} -> {:?}: {}", note.code, note.sheet, note.row, note.value, note.became, note.message);
    }
    Ok(())
}

fn parse(kind: ImportKind, workbook: &RawWorkbook) -> (usize, Outcome) {
    match kind {
        ImportKind::Partnerships => {
            let parsed = parse_partnerships(workbook);
            (parsed.value.schools.len() + parsed.value.boards.len() + parsed.value.partnerships.len(), parsed.outcome)
        }
        ImportKind::Trainers => {
            let parsed = parse_trainers(workbook);
            (parsed.value.trainers.len(), parsed.outcome)
        }
        ImportKind::Offers => {
            let parsed = parse_offers(workbook);
            (parsed.value.offers.len(), parsed.outcome)
        }
        ImportKind::Students => {
            let parsed = parse_students(workbook);
            (parsed.value.students.len(), parsed.outcome)
        }
        ImportKind::Duo => {
            let parsed = parse_duo(workbook);
            (parsed.value.schools.len(), parsed.outcome)
        }
        ImportKind::Postcodes => {
            let parsed = parse_postcodes(workbook);
            (parsed.value.areas.len(), parsed.outcome)
        }
        ImportKind::TravelTimes => {
            let parsed = parse_travel_times(workbook);
            (parsed.value.times.len(), parsed.outcome)
        }
    }
}
