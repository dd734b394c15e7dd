//! What the reader hands over: cells as they stand in the file, bounded and without meaning.
//!
//! This is the only thing that crosses the border between the worker process and the service, so it
//! is compact as JSON and holds nothing that could be executed.

use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Caps on what a workbook may cost. Beyond a cap the file is refused, except for far columns, which
/// are left out with a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Size of the file as sent, in bytes.
    pub file_bytes: u64,
    /// Entries in the zip of an .xlsx file.
    pub zip_entries: usize,
    /// Inflated size of one entry, in bytes.
    pub entry_bytes: u64,
    /// Inflated size of all entries together, in bytes.
    pub total_bytes: u64,
    /// Inflated size divided by packed size, looked at from 1 MB inflated on.
    pub ratio: u64,
    /// Worksheets in one workbook.
    pub sheets: usize,
    /// Rows with at least one value, over all sheets.
    pub rows: usize,
    /// Columns read from each sheet; values further to the right are left out with a note.
    pub columns: u32,
    /// Cells with a value, over all sheets.
    pub cells: usize,
    /// Characters in one cell; Excel's own cap is 32,767.
    pub text_chars: usize,
    /// Characters in all cells together, in bytes of UTF-8.
    pub text_bytes: usize,
    /// Address space of the worker process, in bytes.
    pub worker_memory_bytes: u64,
    /// Processor time of the worker process, in seconds.
    pub worker_cpu_seconds: u64,
    /// Time on the clock before the worker is killed, in milliseconds.
    pub worker_wall_millis: u64,
    /// Longest answer taken from the worker, in bytes.
    pub worker_output_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 20 * 1024 * 1024,
            zip_entries: 2_000,
            entry_bytes: 128 * 1024 * 1024,
            total_bytes: 192 * 1024 * 1024,
            ratio: 250,
            sheets: 64,
            rows: 50_000,
            columns: 256,
            cells: 2_000_000,
            text_chars: 32_767,
            text_bytes: 48 * 1024 * 1024,
            worker_memory_bytes: 768 * 1024 * 1024,
            worker_cpu_seconds: 20,
            worker_wall_millis: 30_000,
            worker_output_bytes: 96 * 1024 * 1024,
        }
    }
}

/// Kind of file the cells came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileFormat {
    /// Excel workbook (.xlsx).
    Xlsx,
    /// Excel workbook with macros (.xlsm). The macros are never read or run.
    Xlsm,
    /// Text with separators (.csv, .tsv, .txt).
    Text,
}

/// The value of one cell as the file holds it.
#[derive(Debug, Clone, PartialEq)]
pub enum RawValue {
    /// Text, unchanged.
    Text(String),
    /// A number; Excel knows only floats. Always finite.
    Number(f64),
    /// True or false.
    Bool(bool),
    /// A number that the cell shows as a date or time: days since the workbook's epoch.
    Date(f64),
    /// An error such as `#N/A`.
    Error(String),
    /// A formula of which the file holds no result.
    NoResult,
}

/// One row with at least one value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RawRow {
    /// Row number as the user sees it, from 1.
    #[serde(rename = "n")]
    pub number: u32,
    /// Values with their column, counted from 0, in ascending order.
    #[serde(rename = "c")]
    pub cells: Vec<(u32, RawValue)>,
}

/// Cells that are merged into one, as a rectangle; rows from 1, columns from 0, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    /// First row.
    pub first_row: u32,
    /// First column.
    pub first_column: u32,
    /// Last row.
    pub last_row: u32,
    /// Last column.
    pub last_column: u32,
}

/// One worksheet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RawSheet {
    /// Name on the tab; for a text file the name of the format.
    pub name: String,
    /// Whether the sheet is hidden. Of a hidden sheet no cells are read.
    pub hidden: bool,
    /// Rows with at least one value, in ascending order.
    pub rows: Vec<RawRow>,
    /// Rows that are hidden, capped at a few; they are read as well.
    pub hidden_rows: Vec<u32>,
    /// Columns that are hidden, counted from 0, capped at a few; they are read as well.
    pub hidden_columns: Vec<u32>,
    /// Merged cells, capped.
    pub merges: Vec<Merge>,
}

/// Something the reader left out or noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum RawNote {
    /// The file holds macros; they were not read.
    Macros,
    /// Values lie to the right of the last column that is read.
    FarCells {
        /// Sheet.
        sheet: String,
        /// First such cell, such as `XFD1048576`.
        first: String,
        /// How many.
        count: u64,
    },
    /// Cells take their value from another workbook; the stored value was read.
    OtherWorkbook {
        /// Sheet.
        sheet: String,
        /// First such cell.
        first: String,
        /// How many.
        count: u64,
    },
    /// Cells hold an error value the reader does not know; they were left out.
    UnreadableCells {
        /// Sheet.
        sheet: String,
        /// Such a value, for instance `#SPILL!`.
        value: String,
        /// How many.
        count: u64,
    },
    /// The extension of the file name does not say what the file is.
    Extension {
        /// The name as sent.
        name: String,
    },
    /// A sheet without cells, such as a chart sheet, was left out.
    NotATable {
        /// Sheet.
        sheet: String,
    },
    /// The text was not UTF-8; this encoding was used.
    Encoding {
        /// Name of the encoding.
        name: String,
    },
}

/// All cells of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RawWorkbook {
    /// Kind of file.
    pub format: FileFormat,
    /// Whether dates count from 1904 instead of 1900.
    pub date_1904: bool,
    /// Sheets in the order of the tabs.
    pub sheets: Vec<RawSheet>,
    /// What was noticed.
    pub notes: Vec<RawNote>,
}

/// Letters of a column counted from 0: 0 is `A`, 26 is `AA`.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// As JSON: text, number and boolean as themselves; `[1, x]` a date, `[2, text]` an error, `[3]` a
/// formula without result.
impl Serialize for RawValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Date(serial) => (1_u8, *serial).serialize(serializer),
            Self::Error(text) => (2_u8, text).serialize(serializer),
            Self::NoResult => (3_u8,).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for RawValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawValueVisitor)
    }
}

struct RawValueVisitor;

impl<'de> Visitor<'de> for RawValueVisitor {
    type Value = RawValue;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a cell value")
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<RawValue, E> {
        Ok(RawValue::Text(v.to_owned()))
    }

    fn visit_string<E: de::Error>(self, v: String) -> Result<RawValue, E> {
        Ok(RawValue::Text(v))
    }

    fn visit_bool<E: de::Error>(self, v: bool) -> Result<RawValue, E> {
        Ok(RawValue::Bool(v))
    }

    fn visit_f64<E: de::Error>(self, v: f64) -> Result<RawValue, E> {
        Ok(RawValue::Number(v))
    }

    #[expect(clippy::cast_precision_loss, reason = "every number of a workbook is a float already")]
    fn visit_u64<E: de::Error>(self, v: u64) -> Result<RawValue, E> {
        Ok(RawValue::Number(v as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "every number of a workbook is a float already")]
    fn visit_i64<E: de::Error>(self, v: i64) -> Result<RawValue, E> {
        Ok(RawValue::Number(v as f64))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<RawValue, A::Error> {
        let missing = || de::Error::custom("incomplete cell value");
        match seq.next_element::<u8>()? {
            Some(1) => Ok(RawValue::Date(seq.next_element()?.ok_or_else(missing)?)),
            Some(2) => Ok(RawValue::Error(seq.next_element()?.ok_or_else(missing)?)),
            Some(3) => Ok(RawValue::NoResult),
            _ => Err(missing()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_in_excel() {
        for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(column_letters(column), letters);
        }
    }

    #[test]
    fn every_kind_of_value_survives_the_way_through_json() {
        let values = vec![
            RawValue::Text("Zoë \"van 't\" Hof\n".to_owned()),
            RawValue::Number(12_345.0),
            RawValue::Number(-0.5),
            RawValue::Bool(true),
            RawValue::Date(46_266.25),
            RawValue::Error("#N/A".to_owned()),
            RawValue::NoResult,
        ];
        let json = serde_json::to_string(&values).unwrap();
        assert_eq!(json, r##"["Zoë \"van 't\" Hof\n",12345.0,-0.5,true,[1,46266.25],[2,"#N/A"],[3]]"##);
        assert_eq!(serde_json::from_str::<Vec<RawValue>>(&json).unwrap(), values);
    }
}
