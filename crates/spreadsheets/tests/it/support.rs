//! Builds files and cells, and looks at outcomes.

use std::io::{Cursor, Write};

use kernschil_spreadsheets::parse::{StudentsFile, parse_students};
use kernschil_spreadsheets::raw::{FileFormat, RawRow, RawSheet, RawValue, RawWorkbook};
use kernschil_spreadsheets::{Limits, Outcome, Parsed, codes, read_direct};
use zip::write::{SimpleFileOptions, ZipWriter};

/// Text in a cell.
pub(crate) fn t(text: &str) -> RawValue {
    RawValue::Text(text.to_owned())
}

/// A number in a cell.
pub(crate) fn n(number: f64) -> RawValue {
    RawValue::Number(number)
}

/// A sheet from a grid; empty text is an empty cell. The first row is row 1.
pub(crate) fn sheet(name: &str, grid: &[Vec<RawValue>]) -> RawSheet {
    let rows = (1_u32..)
        .zip(grid)
        .map(|(number, cells)| RawRow {
            number,
            cells: (0_u32..).zip(cells).filter(|(_, value)| **value != t("")).map(|(column, value)| (column, value.clone())).collect(),
        })
        .filter(|row| !row.cells.is_empty())
        .collect();
    RawSheet { name: name.to_owned(), hidden: false, rows, hidden_rows: Vec::new(), hidden_columns: Vec::new(), merges: Vec::new() }
}

/// A workbook of sheets.
pub(crate) fn workbook(sheets: Vec<RawSheet>) -> RawWorkbook {
    RawWorkbook { format: FileFormat::Xlsx, date_1904: false, sheets, notes: Vec::new() }
}

/// A good student as header and value.
pub(crate) const STUDENT: [(&str, &str); 10] = [
    ("Ronde", "Talent 2026-2027"),
    ("Instituut BRIN", "25KB"),
    ("Studentnummer", "s1001"),
    ("Voornaam", "Zoë"),
    ("Achternaam", "Hof"),
    ("CROHO", "34808"),
    ("Vorm", "voltijd"),
    ("Startjaar", "2025"),
    ("Fase", "jaar 2"),
    ("Periode", "heel jaar"),
];

/// A workbook with one student per element; each gives cells that differ from the good student.
pub(crate) fn students_workbook(differences: &[&[(&str, RawValue)]]) -> RawWorkbook {
    let mut headers: Vec<&str> = STUDENT.iter().map(|(header, _)| *header).collect();
    for (header, _) in differences.iter().flat_map(|row| row.iter()) {
        if !headers.contains(header) {
            headers.push(header);
        }
    }
    let mut grid = vec![headers.iter().map(|header| t(header)).collect::<Vec<_>>()];
    for row in differences {
        let value = |header: &&str| {
            let own = row.iter().find(|(name, _)| name == header).map(|(_, value)| value.clone());
            own.unwrap_or_else(|| t(STUDENT.iter().find(|(name, _)| name == header).map_or("", |(_, value)| value)))
        };
        grid.push(headers.iter().map(value).collect());
    }
    workbook(vec![sheet("Studenten", &grid)])
}

/// Parses students that differ from the good student.
pub(crate) fn students(differences: &[&[(&str, RawValue)]]) -> Parsed<StudentsFile> {
    let parsed = parse_students(&students_workbook(differences));
    check_codes(&parsed.outcome);
    parsed
}

/// One student with one other cell.
pub(crate) fn student(header: &str, value: RawValue) -> Parsed<StudentsFile> {
    students(&[&[(header, value)]])
}

/// Codes of all findings with their rows.
pub(crate) fn found(outcome: &Outcome) -> Vec<(String, Option<u32>)> {
    check_codes(outcome);
    outcome.findings.list.iter().map(|finding| (finding.code.to_string(), finding.row)).collect()
}

/// Codes of all findings.
pub(crate) fn found_codes(outcome: &Outcome) -> Vec<String> {
    found(outcome).into_iter().map(|(code, _)| code).collect()
}

/// Codes of all notes.
pub(crate) fn noted(outcome: &Outcome) -> Vec<String> {
    outcome.notes.list.iter().map(|note| note.code.to_string()).collect()
}

/// What values became.
pub(crate) fn became(outcome: &Outcome) -> Vec<(String, String)> {
    let rewritten = outcome.notes.list.iter().filter_map(|note| Some((note.value.clone()?, note.became.clone()?)));
    rewritten.collect()
}

/// Every code must be on the published list, and every finding must say what to do.
pub(crate) fn check_codes(outcome: &Outcome) {
    for finding in &outcome.findings.list {
        assert!(codes::meaning(&finding.code).is_some(), "{} is not on the list", finding.code);
        assert!(!finding.message.is_empty() && !finding.advice.is_empty(), "{}", finding.code);
    }
    assert!(outcome.notes.list.iter().all(|note| codes::meaning(&note.code).is_some()));
}

/// Reads bytes with the usual limits.
pub(crate) fn read(bytes: &[u8]) -> RawWorkbook {
    read_direct(bytes, &Limits::default()).unwrap()
}

/// The code of the error that bytes give.
pub(crate) fn refused(bytes: &[u8]) -> &'static str {
    let error = read_direct(bytes, &Limits::default()).unwrap_err();
    assert!(!error.to_string().is_empty() && !error.advice().is_empty());
    assert!(codes::meaning(error.code()).is_some());
    error.code()
}

/// A zip with entries.
pub(crate) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK_RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// The parts of a workbook with one sheet Studenten, whose XML is given.
pub(crate) fn parts(sheet_xml: &str, properties: &str) -> Vec<(String, Vec<u8>)> {
    let workbook = format!(
        r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">{properties}<sheets><sheet name="Studenten" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let sheet = format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{sheet_xml}</worksheet>"#
    );
    [
        ("[Content_Types].xml", TYPES.to_owned()),
        ("_rels/.rels", RELS.to_owned()),
        ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELS.to_owned()),
        ("xl/worksheets/sheet1.xml", sheet),
    ]
    .map(|(name, text)| (name.to_owned(), text.into_bytes()))
    .to_vec()
}

/// Zips parts.
pub(crate) fn zip_parts(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let entries: Vec<(&str, &[u8])> = parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    zip(&entries)
}

/// A hand-made workbook with the rows given as XML.
pub(crate) fn handmade(rows_xml: &str) -> Vec<u8> {
    zip_parts(&parts(&format!("<sheetData>{rows_xml}</sheetData>"), ""))
}

/// A cell with text in the sheet itself.
pub(crate) fn inline(address: &str, text: &str) -> String {
    format!(r#"<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}
