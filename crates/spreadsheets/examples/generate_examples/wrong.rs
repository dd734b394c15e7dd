//! Workbooks that are wrong on purpose, for the manual and the tests: one kind of trouble each.

use kernschil_spreadsheets::ImportKind;

use crate::sheets::Sheet;
use crate::sources::Fallible;
use crate::workbooks::{Example, File};
use crate::written::{as_is, by_definition};

/// The wrong files, made from a good example.
pub(crate) fn files(example: &Example) -> Fallible<Vec<File>> {
    let file = |name: &str, bytes| File { path: format!("fout/{name}.xlsx"), bytes };
    let students = few(&example.students, 12);
    let unknown = with_cell(&few(&example.offers, 12), "Plekken", 2, "BRIN", "98ZZ00");
    let twice = with_first_row_twice(&example.partnerships, "Scholen");
    Ok(vec![
        file("ontbrekende-kolom", as_is(&without_column(&students, "Studentnummer"))?),
        file("onbekende-brin", by_definition(ImportKind::Offers, &unknown)?),
        file("school-dubbel", by_definition(ImportKind::Partnerships, &twice)?),
        file("studenten-23-fouten", by_definition(ImportKind::Students, &with_mistakes(&example.students))?),
        file("te-veel-voorkeuren", by_definition(ImportKind::Students, &with_too_many_wishes(&students))?),
        file("alleen-koppen", by_definition(ImportKind::Students, &few(&example.students, 0))?),
        file("leeg", Vec::new()),
        file("eigenlijk-een-pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n".to_vec()),
    ])
}

fn few(sheets: &[Sheet], rows: usize) -> Vec<Sheet> {
    let mut sheets = copy(sheets);
    for sheet in &mut sheets {
        sheet.rows.truncate(rows);
    }
    sheets
}

fn copy(sheets: &[Sheet]) -> Vec<Sheet> {
    sheets.iter().map(|s| Sheet { name: s.name, headers: s.headers.clone(), rows: s.rows.clone() }).collect()
}

fn column(sheet: &Sheet, header: &str) -> Option<usize> {
    sheet.headers.iter().position(|h| h == header)
}

fn without_column(sheets: &[Sheet], header: &str) -> Vec<Sheet> {
    let mut sheets = copy(sheets);
    for sheet in &mut sheets {
        if let Some(at) = column(sheet, header) {
            sheet.headers.remove(at);
            for row in &mut sheet.rows {
                row.remove(at);
            }
        }
    }
    sheets
}

fn with_cell(sheets: &[Sheet], name: &str, nth: usize, header: &str, value: &str) -> Vec<Sheet> {
    let mut sheets = copy(sheets);
    for sheet in sheets.iter_mut().filter(|s| s.name == name) {
        let Some(at) = column(sheet, header) else { continue };
        if let Some(cell) = sheet.rows.get_mut(nth).and_then(|row| row.get_mut(at)) {
            value.clone_into(cell);
        }
    }
    sheets
}

/// The first row again as the last one.
fn with_first_row_twice(sheets: &[Sheet], name: &str) -> Vec<Sheet> {
    let mut sheets = copy(sheets);
    for sheet in sheets.iter_mut().filter(|s| s.name == name) {
        let first = sheet.rows.first().cloned();
        sheet.rows.extend(first);
    }
    sheets
}

/// Mistakes that people make in a large workbook: column and what stands there.
const MISTAKES: [(&str, &str); 8] = [
    ("Voorkeur 1", "98ZZ00"),
    ("Postcode", "68 AB"),
    ("Achternaam", ""),
    ("Fase", "eindfase"),
    ("Dagen", "zondag"),
    ("Startjaar", "tweede jaar"),
    ("Periode", "derde semester"),
    ("Plaats nodig", "misschien"),
];
/// How many rows have one.
const ROWS_WITH_MISTAKE: usize = 23;
/// Every so many rows there is one, all in the part of the file where a student has one row.
const ROWS_BETWEEN: usize = 35;

/// One mistake in each of some rows, spread over the file.
fn with_mistakes(sheets: &[Sheet]) -> Vec<Sheet> {
    let mut sheets = copy(sheets);
    for (at, (header, value)) in MISTAKES.into_iter().cycle().take(ROWS_WITH_MISTAKE).enumerate() {
        sheets = with_cell(&sheets, "Studenten", at * ROWS_BETWEEN, header, value);
    }
    sheets
}

/// The first student with three wishes gets the wishes of two other students as well.
fn with_too_many_wishes(sheets: &[Sheet]) -> Vec<Sheet> {
    let mut sheets = copy(sheets);
    for sheet in &mut sheets {
        let Some(at) = column(sheet, "Voorkeur 1") else { continue };
        let wish = |row: &Vec<String>, nth: usize| row.get(at + nth).cloned().unwrap_or_default();
        let Some(first) = sheet.rows.iter().position(|row| !wish(row, 2).is_empty()) else { continue };
        let own: Vec<String> = sheet.rows.get(first).map(|row| (0..3).map(|nth| wish(row, nth)).collect()).unwrap_or_default();
        let mut others: Vec<String> = sheet.rows.iter().map(|row| wish(row, 0)).filter(|w| !w.is_empty() && !own.contains(w)).collect();
        others.dedup();
        for (nth, other) in others.into_iter().take(2).enumerate() {
            if let Some(cell) = sheet.rows.get_mut(first).and_then(|row| row.get_mut(at + 3 + nth)) {
                *cell = other;
            }
        }
    }
    sheets
}
