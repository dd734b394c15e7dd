//! Text with separators: encoding, separator, and rows with the number Excel would give them.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::error::ReadError;
use crate::raw::{FileFormat, Limits, RawNote, RawRow, RawSheet, RawValue, RawWorkbook, column_letters};

/// Name of the one sheet of a text file.
pub(crate) const SHEET_NAME: &str = "CSV";

/// Reads a CSV or TSV file.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<RawWorkbook, ReadError> {
    let (text, encoding) = decode(bytes);
    let mut notes = Vec::new();
    if let Some(encoding) = encoding {
        notes.push(RawNote::Encoding { name: encoding.name().to_lowercase() });
    }
    // One line end for all, also after the last line: rows are counted by it.
    let mut text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.into_owned() };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let (separator, body, first_line) = separator(&text);
    let rows = rows(body, separator, first_line, limits, &mut notes)?;
    let sheet = RawSheet {
        name: SHEET_NAME.to_owned(),
        hidden: false,
        rows,
        hidden_rows: Vec::new(),
        hidden_columns: Vec::new(),
        merges: Vec::new(),
    };
    Ok(RawWorkbook { format: FileFormat::Text, date_1904: false, sheets: vec![sheet], notes })
}

/// The text, and the encoding when it was not UTF-8.
fn decode(bytes: &[u8]) -> (Cow<'_, str>, Option<&'static Encoding>) {
    if let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        return (String::from_utf8_lossy(rest), None);
    }
    if let Some(encoding) = utf16_of(bytes) {
        return (encoding.decode(bytes).0, Some(encoding));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), None),
        Err(_) => (WINDOWS_1252.decode(bytes).0, Some(WINDOWS_1252)),
    }
}

/// Recognises UTF-16 by its byte order mark, or by zeros in every other byte.
pub(super) fn utf16_of(bytes: &[u8]) -> Option<&'static Encoding> {
    if bytes.starts_with(&[0xff, 0xfe]) {
        return Some(UTF_16LE);
    }
    if bytes.starts_with(&[0xfe, 0xff]) {
        return Some(UTF_16BE);
    }
    let head = bytes.get(..512).unwrap_or(bytes);
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let half = head.len() / 2;
    if half >= 4 && zeros(1) * 10 >= half * 9 && zeros(0) == 0 {
        Some(UTF_16LE)
    } else if half >= 4 && zeros(0) * 10 >= half * 9 && zeros(1) == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// The separator, the text to read and the number of its first line. A line `sep=;` is Excel's own
/// way to say which separator a file has.
fn separator(text: &str) -> (u8, &str, u32) {
    let first = text.lines().next().unwrap_or("");
    let stated = first.trim().trim_matches('"');
    if let Some(rest) = stated.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).and(stated.get(4..)) {
        let stated = match rest {
            "" | "\\t" => Some(b'\t'),
            _ => rest.bytes().next().filter(|b| rest.len() == 1 && b.is_ascii()),
        };
        if let Some(separator) = stated {
            let body = text.split_once('\n').map_or("", |(_, body)| body);
            return (separator, body, 2);
        }
    }
    (most_used(text), text, 1)
}

/// The separator that stands outside quotes in most of the first lines; on a tie tab, then `;`.
fn most_used(text: &str) -> u8 {
    let mut best = (b';', 0_usize, 0_usize);
    for candidate in [b'\t', b';', b',', b'|'] {
        let (mut lines, mut total, mut quoted, mut in_line) = (0, 0, false, 0_usize);
        for byte in text.bytes().take(64 * 1024) {
            match byte {
                b'"' => quoted = !quoted,
                b'\n' if !quoted => {
                    lines += usize::from(in_line > 0);
                    total += in_line;
                    in_line = 0;
                }
                _ if byte == candidate && !quoted => in_line += 1,
                _ => {}
            }
        }
        lines += usize::from(in_line > 0);
        total += in_line;
        if lines > best.1 || (lines == best.1 && total > best.2) {
            best = (candidate, lines, total);
        }
    }
    best.0
}

fn rows(body: &str, separator: u8, first_line: u32, limits: &Limits, notes: &mut Vec<RawNote>) -> Result<Vec<RawRow>, ReadError> {
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(body.as_bytes());
    let mut rows = Vec::new();
    let (mut cells_read, mut bytes_read, mut far, mut first_far) = (0_usize, 0_usize, 0_u64, None);
    // Line breaks inside quotes make the line number run ahead of Excel's row number. The reader passes
    // over blank lines, so the row is counted from where it stands after the record.
    let mut inside: u64 = 0;
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(ReadError::damaged(format!("({error})"))),
        }
        inside += u64::try_from(record.as_slice().bytes().filter(|b| *b == b'\n').count()).unwrap_or(0);
        let line = reader.position().line().saturating_sub(1).saturating_sub(inside);
        let number = u32::try_from(line).unwrap_or(u32::MAX).saturating_add(first_line - 1);
        let mut cells = Vec::new();
        for (column, field) in (0_u32..).zip(record.iter()) {
            if field.trim().is_empty() {
                continue;
            }
            if column >= limits.columns {
                far += 1;
                first_far.get_or_insert_with(|| format!("{}{number}", column_letters(column)));
                continue;
            }
            if field.len() > limits.text_chars && field.chars().count() > limits.text_chars {
                return Err(ReadError::TooMuchText { cell: Some(format!("{}{number}", column_letters(column))) });
            }
            bytes_read += field.len();
            cells.push((column, RawValue::Text(field.to_owned())));
        }
        cells_read += cells.len();
        if cells_read > limits.cells {
            return Err(ReadError::TooManyCells { max: limits.cells });
        }
        if bytes_read > limits.text_bytes {
            return Err(ReadError::TooMuchText { cell: None });
        }
        if !cells.is_empty() {
            if rows.len() >= limits.rows {
                return Err(ReadError::TooManyRows { max: limits.rows });
            }
            rows.push(RawRow { number, cells });
        }
    }
    if let Some(first) = first_far {
        notes.push(RawNote::FarCells { sheet: SHEET_NAME.to_owned(), first, count: far });
    }
    Ok(rows)
}
