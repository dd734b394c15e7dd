//! One cell to one value, each kind by its own rule, with what was rewritten or what is wrong.

mod codes_of;
mod numbers;
mod words;

pub(crate) use codes_of::{
    board, brin, brins, croho, employer, groups, location, postcode, school, schools, student_number, weekdays, wish,
};
pub(crate) use numbers::{integer, latitude, longitude, percentage};
pub(crate) use words::{choice, email, label, labels, part_code, prose, school_year, text_key, travel_mode, yes_no};

use chrono::NaiveDate;

use crate::clean::{clean, shown};
use crate::codes;
use crate::dates::{self, Formatted};
use crate::definition::ColumnDef;
use crate::raw::RawValue;

/// A cell with what is needed to understand it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell<'a> {
    /// The value in the file.
    pub(crate) value: &'a RawValue,
    /// Whether dates count from 1904.
    pub(crate) date_1904: bool,
    /// Its column.
    pub(crate) column: &'a ColumnDef,
}

/// A value that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Read<T> {
    /// The value.
    pub(crate) value: T,
    /// How it is written now, when that differs from what stands in the file.
    pub(crate) became: Option<String>,
}

impl<T> Read<T> {
    /// The value as it stands in the file.
    pub(crate) fn same(value: T) -> Self {
        Self { value, became: None }
    }

    /// A value that was rewritten.
    pub(crate) fn became(value: T, became: String) -> Self {
        Self { value, became: Some(became) }
    }

    /// A value with its usual form: rewritten when the file had another.
    pub(crate) fn compared(value: T, usual: String, shown: &str) -> Self {
        if usual == shown { Self::same(value) } else { Self::became(value, usual) }
    }
}

/// Why a cell cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Stable code.
    pub(crate) code: &'static str,
    /// What is wrong, in Dutch.
    pub(crate) message: String,
    /// What to do, in Dutch.
    pub(crate) advice: String,
}

impl Problem {
    /// Puts a problem together.
    pub(crate) fn new(code: &'static str, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { code, message: message.into(), advice: advice.into() }
    }
}

/// The result of reading a cell.
pub(crate) type Outcome<T> = Result<Read<T>, Problem>;

/// Text of a cell: as it stands there, and cleaned.
struct Plain {
    shown: String,
    clean: String,
}

impl Plain {
    fn of(text: &str) -> Self {
        Self { shown: shown(text), clean: clean(text) }
    }
}

/// How a value looks to the user.
pub(crate) fn display(value: &RawValue, date_1904: bool) -> String {
    match value {
        RawValue::Text(text) => shown(text),
        RawValue::Number(number) => number_text(*number),
        RawValue::Bool(true) => "WAAR".to_owned(),
        RawValue::Bool(false) => "ONWAAR".to_owned(),
        RawValue::Date(serial) => match dates::of_serial(*serial, date_1904) {
            Some(date) if *serial >= 1.0 => dates::in_digits(date),
            _ if (0.0..1.0).contains(serial) => time_text(*serial),
            _ => number_text(*serial),
        },
        RawValue::Error(text) => text.clone(),
        RawValue::NoResult => "(formule)".to_owned(),
    }
}

/// A number in Dutch writing, without group separators.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:.0}") } else { number.to_string().replace('.', ",") }
}

fn time_text(serial: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1440")]
    let minutes = (serial * 1440.0).round() as u32;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Whether a cell holds nothing. A dash or "n.v.t." is nothing in a column that may be empty.
pub(crate) fn is_blank(value: &RawValue) -> bool {
    matches!(value, RawValue::Text(text) if clean(text).is_empty())
}

/// Whether a cell says in words that there is nothing.
pub(crate) fn says_nothing(value: &RawValue) -> bool {
    matches!(value, RawValue::Text(text) if matches!(clean(text).to_lowercase().as_str(), "-" | "–" | "--" | "n.v.t." | "nvt" | "n.v.t" | "leeg"))
}

/// Formulas without a usable result.
fn check_formula(value: &RawValue) -> Result<(), Problem> {
    match value {
        RawValue::Error(text) => Err(Problem::new(
            codes::FORMULA_ERROR,
            format!("De cel heeft een foutwaarde ({text})."),
            "Herstel de formule, of typ de waarde zelf in de cel.",
        )),
        RawValue::NoResult => Err(Problem::new(
            codes::FORMULA_WITHOUT_RESULT,
            "In de cel staat een formule zonder bewaarde uitkomst.",
            "Open het bestand in Excel, laat het uitrekenen en sla het op. Of plak de waarden in plaats van de formules.",
        )),
        _ => Ok(()),
    }
}

/// Reads a date.
pub(crate) fn date(cell: Cell<'_>) -> Outcome<NaiveDate> {
    check_formula(cell.value)?;
    match cell.value {
        RawValue::Date(serial) => dates::from_number(*serial, cell.date_1904, Formatted::Yes),
        RawValue::Number(number) => dates::from_number(*number, cell.date_1904, Formatted::No),
        other => dates::from_text(&clean(&display(other, cell.date_1904)), cell.date_1904),
    }
}

/// Splits a cell with a list; doubles go, which counts as rewriting.
fn list<T: PartialEq>(text: &str, separators: &[char], one: impl Fn(&str) -> Outcome<T>) -> Outcome<Vec<T>> {
    let mut values: Vec<T> = Vec::new();
    let mut rewritten = false;
    let mut shown = Vec::new();
    for part in text.split(separators).map(str::trim).filter(|part| !part.is_empty()) {
        let read = one(part)?;
        if values.contains(&read.value) {
            rewritten = true;
            continue;
        }
        rewritten |= read.became.is_some();
        shown.push(read.became.unwrap_or_else(|| part.to_owned()));
        values.push(read.value);
    }
    Ok(if rewritten { Read::became(values, shown.join("; ")) } else { Read::same(values) })
}
