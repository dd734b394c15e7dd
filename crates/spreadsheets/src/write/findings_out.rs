//! Findings as a workbook, to walk through while repairing the file.

use super::WriteError;
use super::report::{CellOut, Column, ColumnKind, Orientation, Report, ReportSheet, report};
use crate::findings::{Capped, ColumnRef, Finding, Note, Outcome};

/// Writes all findings of a file as a workbook with sheet Bevindingen, and what was rewritten as sheet
/// Aanpassingen. `file_name` is the file they are about.
///
/// # Errors
/// [`WriteError`] when the library refuses the data.
pub fn annotated(file_name: &str, outcome: &Outcome) -> Result<Vec<u8>, WriteError> {
    report(&Report {
        title: format!("Bevindingen bij {file_name}"),
        sheets: vec![findings_sheet(file_name, &outcome.findings), notes_sheet(file_name, &outcome.notes)],
    })
}

fn text_column(header: &str, width: u16) -> Column {
    Column { header: header.to_owned(), width, kind: ColumnKind::Text }
}

fn text(value: &str) -> CellOut {
    if value.is_empty() { CellOut::Empty } else { CellOut::Text(value.to_owned()) }
}

fn place(sheet: Option<&String>, row: Option<u32>, column: Option<&ColumnRef>) -> Vec<CellOut> {
    vec![
        text(sheet.map_or("", String::as_str)),
        row.map_or(CellOut::Empty, |row| CellOut::Number(i64::from(row))),
        text(column.map_or("", |column| column.letters.as_str())),
        text(column.map_or("", |column| column.header.as_str())),
    ]
}

fn heading<T>(what: &str, file_name: &str, list: &Capped<T>) -> String {
    if list.total > list.list.len() {
        format!("{what} bij {file_name}: {} in totaal, de eerste {} staan hier", list.total, list.list.len())
    } else {
        format!("{what} bij {file_name}: {}", list.total)
    }
}

fn findings_sheet(file_name: &str, findings: &Capped<Finding>) -> ReportSheet {
    let row = |finding: &Finding| {
        let mut cells = vec![text(finding.severity.dutch())];
        cells.extend(place(finding.sheet.as_ref(), finding.row, finding.column.as_ref()));
        cells.extend([text(finding.value.as_deref().unwrap_or("")), text(&finding.message), text(&finding.advice), text(&finding.code)]);
        cells
    };
    ReportSheet {
        name: "Bevindingen".to_owned(),
        title: heading("Bevindingen", file_name, findings),
        columns: vec![
            text_column("Ernst", 8),
            text_column("Blad", 18),
            Column { header: "Rij".to_owned(), width: 7, kind: ColumnKind::Number },
            text_column("Kolom", 7),
            text_column("Kop", 20),
            text_column("Waarde", 24),
            text_column("Wat is er mis", 50),
            text_column("Wat kunt u doen", 50),
            text_column("Code", 26),
        ],
        rows: findings.list.iter().map(row).collect(),
        chart: None,
        print: Orientation::Landscape,
    }
}

fn notes_sheet(file_name: &str, notes: &Capped<Note>) -> ReportSheet {
    let row = |note: &Note| {
        let mut cells = place(note.sheet.as_ref(), note.row, note.column.as_ref());
        cells.extend([text(note.value.as_deref().unwrap_or("")), text(note.became.as_deref().unwrap_or("")), text(&note.message)]);
        cells
    };
    ReportSheet {
        name: "Aanpassingen".to_owned(),
        title: heading("Aanpassingen", file_name, notes),
        columns: vec![
            text_column("Blad", 18),
            Column { header: "Rij".to_owned(), width: 7, kind: ColumnKind::Number },
            text_column("Kolom", 7),
            text_column("Kop", 20),
            text_column("Waarde", 24),
            text_column("Wij maakten ervan", 24),
            text_column("Uitleg", 60),
        ],
        rows: notes.list.iter().map(row).collect(),
        chart: None,
        print: Orientation::Landscape,
    }
}
