//! Files made to harm: each is refused, or read at no cost.

use std::io::{Cursor, Write};
use std::time::Instant;

use kernschil_spreadsheets::raw::RawNote;
use kernschil_spreadsheets::{Limits, codes, read_direct};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::support::{handmade, inline, parts, read, refused, t, zip_parts};

#[test]
fn a_cell_in_the_furthest_corner_costs_nothing() {
    let bytes = handmade(&format!("<row r=\"1\">{}</row><row r=\"1048576\">{}</row>", inline("A1", "x"), inline("XFD1048576", "ver weg")));
    let started = Instant::now();
    let raw = read(&bytes);
    // Far from what 17 thousand million cells would take, and far from how long a busy machine takes for two.
    assert!(started.elapsed().as_secs() < 20);
    assert_eq!(raw.sheets[0].rows.len(), 1);
    assert_eq!(raw.notes, [RawNote::FarCells { sheet: "Studenten".to_owned(), first: "XFD1048576".to_owned(), count: 1 }]);
    // Far down in a usual column it is just a row.
    let raw = read(&handmade(&format!("<row r=\"1048576\">{}</row>", inline("A1048576", "onder"))));
    assert_eq!((raw.sheets[0].rows[0].number, &raw.sheets[0].rows[0].cells[0].1), (1_048_576, &t("onder")));
}

#[test]
fn blank_formatted_cells_and_thousands_of_columns_are_passed_over() {
    let blanks: String = (1..=20_000).map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" s=\"1\"/></row>")).collect();
    assert!(read(&handmade(&blanks)).sheets[0].rows.is_empty());
    let wide: String =
        (0..16_384).map(|column| inline(&format!("{}1", kernschil_spreadsheets::raw::column_letters(column)), "x")).collect();
    let raw = read(&handmade(&format!("<row r=\"1\">{wide}</row>")));
    assert_eq!(raw.sheets[0].rows[0].cells.len(), 256);
    assert!(matches!(&raw.notes[..], [RawNote::FarCells { first, count: 16_128, .. }] if first == "IW1"));
}

#[test]
fn a_zip_bomb_is_not_inflated() {
    let mut all = parts("<sheetData/>", "");
    all.push(("xl/media/bom.xml".to_owned(), vec![b' '; 40 * 1024 * 1024]));
    assert_eq!(refused(&zip_parts(&all)), codes::FILE_TOO_LARGE_INSIDE);
    // Without the ratio the caps on an entry and on the sum still hold.
    let limits = Limits { ratio: u64::MAX, entry_bytes: 8 * 1024 * 1024, ..Limits::default() };
    assert_eq!(read_direct(&zip_parts(&all), &limits).unwrap_err().code(), codes::FILE_TOO_LARGE_INSIDE);
    let mut many = parts("<sheetData/>", "");
    many.extend((0..8).map(|n| (format!("xl/media/{n}.xml"), vec![b' '; 2 * 1024 * 1024])));
    let limits = Limits { ratio: u64::MAX, total_bytes: 10 * 1024 * 1024, ..Limits::default() };
    assert_eq!(read_direct(&zip_parts(&many), &limits).unwrap_err().code(), codes::FILE_TOO_LARGE_INSIDE);
}

#[test]
fn thousands_of_entries_are_refused() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..10_000 {
        writer.start_file(format!("xl/{number}.xml"), SimpleFileOptions::default().compression_method(CompressionMethod::Stored)).unwrap();
    }
    assert_eq!(refused(&writer.finish().unwrap().into_inner()), codes::FILE_TOO_MANY_ENTRIES);
}

#[test]
fn paths_to_the_outside_and_double_entries_are_refused() {
    for name in ["../../etc/passwd", "/etc/passwd", "xl\\..\\..\\x", "c:/x"] {
        let mut all = parts("<sheetData/>", "");
        all.push((name.to_owned(), b"x".to_vec()));
        assert_eq!(refused(&zip_parts(&all)), codes::FILE_SUSPICIOUS, "{name}");
    }
    // The same name in other case; and exactly the same, made by changing a name of equal length.
    let mut all = parts("<sheetData/>", "");
    all.push(("xl/WORKBOOK.xml".to_owned(), b"x".to_vec()));
    assert_eq!(refused(&zip_parts(&all)), codes::FILE_SUSPICIOUS);
    let mut all = parts("<sheetData/>", "");
    all.push(("xl/worksheets/sheet2.xml".to_owned(), b"<worksheet/>".to_vec()));
    let bytes = replace(&zip_parts(&all), b"xl/worksheets/sheet2.xml", b"xl/worksheets/sheet1.xml");
    assert_eq!(refused(&bytes), codes::FILE_SUSPICIOUS);
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for at in 0..bytes.len().saturating_sub(from.len()) {
        if &bytes[at..at + from.len()] == from {
            out[at..at + from.len()].copy_from_slice(to);
        }
    }
    out
}

#[test]
fn entities_document_types_and_impossible_counts_are_refused() {
    for (index, text) in [
        (4, "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;\">]><worksheet><sheetData/></worksheet>"),
        (2, "<?xml version=\"1.0\"?><!DOCTYPE x SYSTEM \"file:///etc/passwd\"><workbook/>"),
    ] {
        let mut all = parts("<sheetData/>", "");
        all[index].1 = text.as_bytes().to_vec();
        assert_eq!(refused(&zip_parts(&all)), codes::FILE_SUSPICIOUS);
    }
    let mut all = parts("<sheetData/>", "");
    all.push(("xl/sharedStrings.xml".to_owned(), b"<sst count=\"1\" uniqueCount=\"99999999999999\"><si><t>x</t></si></sst>".to_vec()));
    assert_eq!(refused(&zip_parts(&all)), codes::FILE_SUSPICIOUS);
}

#[test]
fn cells_out_of_order_or_with_impossible_addresses_are_refused() {
    for rows in [
        format!("<row r=\"1\">{}{}</row>", inline("A1", "x"), inline("A1", "y")),
        format!("<row r=\"2\">{}</row><row r=\"1\">{}</row>", inline("A2", "x"), inline("A1", "y")),
    ] {
        assert_eq!(refused(&handmade(&rows)), codes::FILE_SUSPICIOUS);
    }
    for address in ["AAAAAAAAAAAAAAAAAAAA1", "A99999999999999", "1", "é1"] {
        let code = refused(&handmade(&format!("<row r=\"1\">{}</row>", inline(address, "x"))));
        assert!([codes::FILE_DAMAGED, codes::FILE_SUSPICIOUS].contains(&code), "{address} {code}");
    }
}

#[test]
fn each_cap_has_its_own_answer() {
    let rows: String = (1..=20)
        .map(|row| format!("<row r=\"{row}\">{}{}</row>", inline(&format!("A{row}"), "x"), inline(&format!("B{row}"), "yyyy")))
        .collect();
    let bytes = handmade(&rows);
    let usual = Limits::default();
    for (limits, code) in [
        (Limits { file_bytes: 10, ..usual }, codes::FILE_TOO_LARGE),
        (Limits { zip_entries: 2, ..usual }, codes::FILE_TOO_MANY_ENTRIES),
        (Limits { sheets: 0, ..usual }, codes::FILE_TOO_MANY_SHEETS),
        (Limits { rows: 19, ..usual }, codes::FILE_TOO_MANY_ROWS),
        (Limits { cells: 39, ..usual }, codes::FILE_TOO_MANY_CELLS),
        (Limits { text_chars: 3, ..usual }, codes::FILE_TOO_MUCH_TEXT),
        (Limits { text_bytes: 50, ..usual }, codes::FILE_TOO_MUCH_TEXT),
    ] {
        assert_eq!(read_direct(&bytes, &limits).unwrap_err().code(), code);
    }
    let csv = "x;yyyy\n".repeat(20);
    for (limits, code) in [
        (Limits { rows: 19, ..usual }, codes::FILE_TOO_MANY_ROWS),
        (Limits { cells: 39, ..usual }, codes::FILE_TOO_MANY_CELLS),
        (Limits { text_chars: 3, ..usual }, codes::FILE_TOO_MUCH_TEXT),
        (Limits { text_bytes: 50, ..usual }, codes::FILE_TOO_MUCH_TEXT),
    ] {
        assert_eq!(read_direct(csv.as_bytes(), &limits).unwrap_err().code(), code);
    }
}

#[test]
fn a_formula_that_would_start_a_program_is_only_its_stored_text() {
    let raw = read(&handmade("<row r=\"1\"><c r=\"A1\" t=\"str\"><f>cmd|'/c calc'!A0</f><v>onschuldig</v></c></row>"));
    assert_eq!(raw.sheets[0].rows[0].cells[0].1, t("onschuldig"));
    let mut archive = Vec::new();
    archive.write_all(b"=cmd|' /C calc'!A0;x\n").unwrap();
    assert_eq!(read(&archive).sheets[0].rows[0].cells[0].1, t("=cmd|' /C calc'!A0"));
}
