//! Kinds of files: workbooks, text in all encodings, and what is refused.

use encoding_rs::WINDOWS_1252;
use kernschil_spreadsheets::codes;
use kernschil_spreadsheets::parse::parse_students;
use kernschil_spreadsheets::raw::{FileFormat, RawNote, RawValue};

use crate::support::{STUDENT, found, handmade, inline, n, noted, parts, read, refused, t, zip, zip_parts};

fn csv(separator: &str) -> String {
    let line = |values: Vec<String>| values.join(separator);
    let headers = line(STUDENT.iter().map(|(header, _)| (*header).to_owned()).collect());
    let values = line(STUDENT.iter().map(|(_, value)| (*value).to_owned()).collect());
    format!("{headers}\r\n{values}\r\n")
}

fn name_read(bytes: &[u8]) -> String {
    let parsed = parse_students(&read(bytes));
    assert_eq!(found(&parsed.outcome), []);
    parsed.value.students[0].value.given_name.to_string()
}

#[test]
fn text_is_read_in_every_separator_and_encoding() {
    for separator in [";", ",", "\t"] {
        assert_eq!(name_read(csv(separator).as_bytes()), "Zoë", "{separator:?}");
        assert_eq!(name_read(format!("sep={separator}\r\n{}", csv(separator)).as_bytes()), "Zoë");
        assert_eq!(name_read(format!("\u{feff}{}", csv(separator)).as_bytes()), "Zoë");
    }
    let text = csv(";");
    assert_eq!(name_read(&WINDOWS_1252.encode(&text).0), "Zoë");
    for mark in [true, false] {
        let text = if mark { format!("\u{feff}{text}") } else { text.clone() };
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!((name_read(&little).as_str(), name_read(&big).as_str()), ("Zoë", "Zoë"), "byte order mark {mark}");
    }
    assert_eq!(name_read(text.replace("\r\n", "\n").as_bytes()), "Zoë");
    assert_eq!(name_read(text.replace("\r\n", "\r").as_bytes()), "Zoë");
    assert_eq!(noted(&parse_students(&read(&WINDOWS_1252.encode(&text).0)).outcome), [codes::NOTE_ENCODING]);
}

#[test]
fn quotes_line_breaks_and_blank_lines_keep_the_row_numbers_of_excel() {
    for line_end in ["\n", "\r\n"] {
        let text = "a;b\n\"x;\n\"\"y\"\"\";1\n\n\nlaatste;2".replace('\n', line_end);
        let rows = &read(text.as_bytes()).sheets[0].rows;
        assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2, 5], "{line_end:?}");
        assert_eq!(rows[1].cells[0].1, t("x;\n\"y\""));
    }
}

#[test]
fn other_kinds_of_files_are_refused_by_what_they_are_and_not_by_their_name() {
    let mut ole = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    ole.resize(4_096, 0);
    let mut encrypted = ole.clone();
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    for (bytes, code) in [
        (b"".to_vec(), codes::FILE_EMPTY),
        (ole, codes::FILE_XLS),
        (encrypted, codes::FILE_PASSWORD),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00".to_vec(), codes::FILE_XLS),
        (b"<html><table><tr><td>1</td></tr></table></html>".to_vec(), codes::FILE_HTML),
        (b"\xef\xbb\xbf  <!DOCTYPE html>\n<html>".to_vec(), codes::FILE_HTML),
        (b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>".to_vec(), codes::FILE_XML),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3".to_vec(), codes::FILE_PDF),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), codes::FILE_UNKNOWN),
        (b"{\\rtf1 hallo}".to_vec(), codes::FILE_UNKNOWN),
        (zip(&[("xl/workbook.bin", b"x"), ("[Content_Types].xml", b"<Types/>")]), codes::FILE_XLSB),
        (zip(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<a/>")]), codes::FILE_ODS),
        (zip(&[("word/document.xml", b"<a/>"), ("[Content_Types].xml", b"<Types/>")]), codes::FILE_NOT_A_WORKBOOK),
        (zip(&[("lijst.xlsx", &zip(&[("a", b"b")]))]), codes::FILE_NOT_A_WORKBOOK),
        (zip(&[]), codes::FILE_NOT_A_WORKBOOK),
        (b"PK\x03\x04 en verder niets".to_vec(), codes::FILE_DAMAGED),
    ] {
        assert_eq!(refused(&bytes), code, "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(30)]));
    }
}

#[test]
fn a_workbook_cut_off_anywhere_is_refused() {
    let whole = handmade(&format!("<row r=\"1\">{}</row>", inline("A1", "Ronde")));
    for share in [1, 3, 5, 9] {
        assert_eq!(refused(&whole[..whole.len() * share / 10]), codes::FILE_DAMAGED);
    }
    // A sheet that ends in the middle inside a sound zip.
    let mut broken = parts("<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c>", "");
    broken.last_mut().unwrap().1.truncate(140);
    assert_eq!(refused(&zip_parts(&broken)), codes::FILE_DAMAGED);
}

#[test]
fn every_kind_of_cell_is_read_as_it_stands_there() {
    let xml = format!(
        "<row r=\"3\">{}<c r=\"B3\"><v>12345.0</v></c><c r=\"C3\" t=\"b\"><v>1</v></c><c r=\"D3\" t=\"e\"><v>#DIV/0!</v></c>\
         <c r=\"E3\"><f>1+1</f><v>2</v></c><c r=\"F3\"><f>NU()</f></c><c r=\"G3\" t=\"str\"><f>A3</f><v>tekst</v></c><c r=\"H3\" s=\"0\"/>\
         <c r=\"I3\" t=\"d\"><v>2026-09-01T00:00:00</v></c><c r=\"J3\"><f>[1]Blad1!A1</f><v>7</v></c><c r=\"K3\" t=\"e\"><v>#SPILL!</v></c></row>",
        inline("A3", "R&amp;D &lt;b&gt;")
    );
    let raw = read(&handmade(&xml));
    assert_eq!(raw.format, FileFormat::Xlsx);
    let row = &raw.sheets[0].rows[0];
    assert_eq!(row.number, 3);
    assert_eq!(
        row.cells,
        vec![
            (0, t("R&D <b>")),
            (1, n(12_345.0)),
            (2, RawValue::Bool(true)),
            (3, RawValue::Error("#DIV/0!".to_owned())),
            (4, n(2.0)),
            (5, RawValue::NoResult),
            (6, t("tekst")),
            (8, t("2026-09-01T00:00:00")),
            (9, n(7.0)),
        ]
    );
    assert_eq!(
        raw.notes,
        [
            RawNote::OtherWorkbook { sheet: "Studenten".to_owned(), first: "J3".to_owned(), count: 1 },
            RawNote::UnreadableCells { sheet: "Studenten".to_owned(), value: "#SPILL!".to_owned(), count: 1 },
        ]
    );
}

#[test]
fn the_date_system_macros_hidden_parts_and_merges_are_seen() {
    let body = format!(
        "<cols><col min=\"1\" max=\"1\" hidden=\"1\"/></cols><sheetData><row r=\"1\" hidden=\"1\">{}</row></sheetData><mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells>",
        inline("A1", "x")
    );
    let mut all = parts(&body, "<workbookPr date1904=\"1\"/>");
    all.push(("xl/vbaProject.bin".to_owned(), b"macro".to_vec()));
    let raw = read(&zip_parts(&all));
    assert!(raw.date_1904);
    assert_eq!((raw.format, raw.notes.as_slice()), (FileFormat::Xlsm, &[RawNote::Macros][..]));
    let sheet = &raw.sheets[0];
    assert_eq!((sheet.hidden_rows.as_slice(), sheet.hidden_columns.as_slice(), sheet.merges.len()), (&[1][..], &[0][..], 1));
}

#[test]
fn hidden_and_very_hidden_sheets_are_not_read() {
    for state in ["hidden", "veryHidden"] {
        let mut all = parts(&format!("<sheetData><row r=\"1\">{}</row></sheetData>", inline("A1", "geheim")), "");
        let text = String::from_utf8(all[2].1.clone()).unwrap().replace("sheetId=\"1\"", &format!("sheetId=\"1\" state=\"{state}\""));
        all[2].1 = text.into_bytes();
        let raw = read(&zip_parts(&all));
        assert!(raw.sheets[0].hidden && raw.sheets[0].rows.is_empty());
    }
}

#[test]
fn zeros_and_percentages_that_only_the_format_shows_are_read_as_shown() {
    use rust_xlsxwriter::{Format, Workbook};

    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (col, (number, format)) in [(12_345.0, "0000000"), (1.0, "0%"), (0.8, "0%"), (775.0, "00000"), (5.0, "0")].into_iter().enumerate() {
        sheet.write_number_with_format(0, u16::try_from(col).unwrap(), number, &Format::new().set_num_format(format)).unwrap();
    }
    let raw = read(&workbook.save_to_buffer().unwrap());
    let values: Vec<&RawValue> = raw.sheets[0].rows[0].cells.iter().map(|(_, value)| value).collect();
    assert_eq!(values, [&t("0012345"), &t("100%"), &t("80%"), &t("00775"), &n(5.0)]);
}
