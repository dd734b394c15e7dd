//! Excel workbooks, cell by cell. Only the streaming reader is used: a range would ask for memory for
//! the whole rectangle up to the furthest cell.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError, XlsxFormulaMetadata};

use super::error::ReadError;
use super::scan::SheetFacts;
use super::shown::as_shown;
use super::zip_guard::{self, Walked};
use crate::raw::{FileFormat, Limits, RawNote, RawRow, RawSheet, RawValue, RawWorkbook, column_letters};

/// Reads an .xlsx or .xlsm file.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<RawWorkbook, ReadError> {
    let walked = zip_guard::walk(bytes, limits)?;
    // A malformed cell address can make the library overflow, which panics: that is damage too.
    catch_unwind(AssertUnwindSafe(|| read_walked(bytes, limits, &walked))).unwrap_or_else(|_| Err(ReadError::damaged("")))
}

fn read_walked(bytes: &[u8], limits: &Limits, walked: &Walked) -> Result<RawWorkbook, ReadError> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|error| xlsx_error(&error, None))?;
    let date_1904 = workbook.has_1904_epoch();
    let metadata = workbook.sheets_metadata().to_vec();
    if metadata.len() > limits.sheets {
        return Err(ReadError::TooManySheets { sheets: metadata.len(), max: limits.sheets });
    }
    let mut notes = Vec::new();
    if walked.format == FileFormat::Xlsm {
        notes.push(RawNote::Macros);
    }
    let mut budget = Budget { rows: limits.rows, cells: limits.cells, text: limits.text_bytes };
    let mut sheets = Vec::with_capacity(metadata.len());
    // The paths in the zip are known by number only to the library; sheets are written in order.
    let facts: Vec<&SheetFacts> = in_order(walked);
    let worksheets = metadata.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).count();
    let mut position = 0;
    for sheet in &metadata {
        if sheet.typ != SheetType::WorkSheet {
            notes.push(RawNote::NotATable { sheet: sheet.name.clone() });
            continue;
        }
        let fact = if facts.len() == worksheets { facts.get(position).copied() } else { None };
        position += 1;
        let hidden = sheet.visible != SheetVisible::Visible;
        let rows = if hidden { Vec::new() } else { read_sheet(&mut workbook, &sheet.name, limits, &mut budget, &mut notes)? };
        let fact = fact.cloned().unwrap_or_default();
        sheets.push(RawSheet {
            name: sheet.name.clone(),
            hidden,
            rows,
            hidden_rows: fact.hidden_rows,
            hidden_columns: fact.hidden_columns,
            merges: fact.merges,
        });
    }
    Ok(RawWorkbook { format: walked.format, date_1904, sheets, notes })
}

/// Facts of the sheets by the number in their file name (`sheet2.xml` before `sheet10.xml`).
fn in_order(walked: &Walked) -> Vec<&SheetFacts> {
    let mut facts: Vec<(u32, &str, &SheetFacts)> = walked
        .sheets
        .iter()
        .map(|(name, facts)| {
            let digits: String = name.chars().filter(char::is_ascii_digit).collect();
            (digits.parse().unwrap_or(u32::MAX), name.as_str(), facts)
        })
        .collect();
    facts.sort_by_key(|(number, name, _)| (*number, *name));
    facts.into_iter().map(|(_, _, facts)| facts).collect()
}

/// What may still be read, over all sheets.
struct Budget {
    rows: usize,
    cells: usize,
    text: usize,
}

/// Counts a kind of cell per sheet and remembers the first.
#[derive(Default)]
struct Tally {
    first: Option<String>,
    count: u64,
}

impl Tally {
    fn add(&mut self, what: impl FnOnce() -> String) {
        self.count += 1;
        self.first.get_or_insert_with(what);
    }

    fn into_note(self, note: impl FnOnce(String, u64) -> RawNote) -> Option<RawNote> {
        let count = self.count;
        self.first.map(|first| note(first, count))
    }
}

fn read_sheet(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    limits: &Limits,
    budget: &mut Budget,
    notes: &mut Vec<RawNote>,
) -> Result<Vec<RawRow>, ReadError> {
    let mut reader = workbook.worksheet_cells_reader(name).map_err(|error| xlsx_error(&error, Some(name)))?;
    let mut rows: Vec<RawRow> = Vec::new();
    let (mut far, mut elsewhere, mut unreadable) = (Tally::default(), Tally::default(), Tally::default());
    loop {
        let record = match reader.next_cell_with_formula_metadata() {
            Ok(Some(record)) => record,
            Ok(None) => break,
            // An error value newer than the library: pass over this cell and go on.
            Err(XlsxError::CellError(value)) => {
                unreadable.add(|| value.chars().take(20).collect());
                continue;
            }
            Err(error) => return Err(xlsx_error(&error, Some(name))),
        };
        let (row, column) = record.pos;
        let Some(value) = value_of(record.value, record.formula.is_some()) else { continue };
        let address = || format!("{}{}", column_letters(column), row.saturating_add(1));
        if column >= limits.columns {
            far.add(address);
            continue;
        }
        if record.formula.as_ref().is_some_and(from_other_workbook) {
            elsewhere.add(address);
        }
        if let RawValue::Text(text) = &value {
            if text.len() > limits.text_chars && text.chars().count() > limits.text_chars {
                return Err(ReadError::TooMuchText { cell: Some(format!("{name}!{}", address())) });
            }
            budget.text = budget.text.checked_sub(text.len()).ok_or(ReadError::TooMuchText { cell: None })?;
        }
        budget.cells = budget.cells.checked_sub(1).ok_or(ReadError::TooManyCells { max: limits.cells })?;
        let number = row.saturating_add(1);
        match rows.last_mut() {
            Some(last) if last.number == number => last.cells.push((column, value)),
            _ => {
                budget.rows = budget.rows.checked_sub(1).ok_or(ReadError::TooManyRows { max: limits.rows })?;
                rows.push(RawRow { number, cells: vec![(column, value)] });
            }
        }
    }
    let sheet = || name.to_owned();
    notes.extend(far.into_note(|first, count| RawNote::FarCells { sheet: sheet(), first, count }));
    notes.extend(elsewhere.into_note(|first, count| RawNote::OtherWorkbook { sheet: sheet(), first, count }));
    notes.extend(unreadable.into_note(|value, count| RawNote::UnreadableCells { sheet: sheet(), value, count }));
    drop(reader);
    let mut rows = in_ascending_order(rows, name)?;
    as_shown(workbook, name, &mut rows).map_err(|error| xlsx_error(&error, Some(name)))?;
    Ok(rows)
}

/// Rows and cells must ascend; a file where they do not was not made by a spreadsheet program.
fn in_ascending_order(rows: Vec<RawRow>, name: &str) -> Result<Vec<RawRow>, ReadError> {
    let ascends = rows.windows(2).all(|pair| matches!(pair, [a, b] if a.number < b.number))
        && rows.iter().all(|row| row.cells.windows(2).all(|pair| matches!(pair, [a, b] if a.0 < b.0)));
    if ascends { Ok(rows) } else { Err(ReadError::suspicious(format!("de cellen van blad “{name}” staan niet op volgorde of dubbel"))) }
}

/// The value of a cell; nothing for an empty cell. Text of only space counts as empty.
fn value_of(value: DataRef<'_>, formula: bool) -> Option<RawValue> {
    match value {
        DataRef::Empty => formula.then_some(RawValue::NoResult),
        #[expect(clippy::cast_precision_loss, reason = "every number of a workbook is a float already")]
        DataRef::Int(number) => Some(RawValue::Number(number as f64)),
        DataRef::Float(number) if number.is_finite() => Some(RawValue::Number(number)),
        DataRef::Float(number) => Some(RawValue::Text(number.to_string())),
        DataRef::SharedString(text) => text_value(text.to_owned()),
        DataRef::Bool(value) => Some(RawValue::Bool(value)),
        DataRef::DateTime(date) if date.as_f64().is_finite() => Some(RawValue::Date(date.as_f64())),
        DataRef::DateTime(date) => Some(RawValue::Text(date.as_f64().to_string())),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text_value(text),
        DataRef::Error(error) => Some(RawValue::Error(error.to_string())),
    }
}

fn text_value(text: String) -> Option<RawValue> {
    if text.trim().is_empty() { None } else { Some(RawValue::Text(text)) }
}

/// Whether a formula looks into another workbook: `[1]Blad!A1` or a path.
fn from_other_workbook(formula: &XlsxFormulaMetadata) -> bool {
    let (XlsxFormulaMetadata::Normal { formula: text } | XlsxFormulaMetadata::Shared { formula: text, .. }) = formula else { return false };
    // Table references such as `Tabel1[Kolom]` have the bracket after a name and no sheet after it.
    text.split('[').skip(1).any(|rest| {
        rest.split_once(']').is_some_and(|(_, after)| {
            let sheet: &str = after.split('!').next().unwrap_or("");
            after.contains('!') && !sheet.contains(['(', ')', '+', '*', ',', ';'])
        })
    })
}

fn xlsx_error(error: &XlsxError, sheet: Option<&str>) -> ReadError {
    match (error, sheet) {
        (XlsxError::Password, _) => ReadError::Password,
        (_, Some(sheet)) => ReadError::damaged(format!("Blad “{sheet}” is niet te lezen.")),
        (_, None) => ReadError::damaged("De opbouw van het werkboek klopt niet."),
    }
}
