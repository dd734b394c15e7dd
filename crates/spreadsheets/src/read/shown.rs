//! What only the format of a cell shows: zeros in front of a number, and percentages.
//!
//! A student number 0012345 in a cell with format `0000000` is stored as 12345, and 100% as 1. What
//! the user sees is what was meant, so such cells become the text that is shown. A second pass over a
//! sheet, made only when the workbook has such a format at all.

use std::io::Cursor;

use calamine::{Xlsx, XlsxError};

use crate::raw::{RawRow, RawValue};

/// A format that shows more than the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// At least so many digits, with zeros in front.
    Zeros(usize),
    /// A hundred times the number, with a percent sign.
    Percent,
}

impl Shown {
    /// Recognises a format code such as `00000` or `0.0%`.
    fn of(code: &str) -> Option<Self> {
        if code.len() >= 2 && code.len() <= 32 && code.bytes().all(|b| b == b'0') {
            return Some(Self::Zeros(code.len()));
        }
        code.split(';').next().filter(|positive| positive.trim_end().ends_with('%')).map(|_| Self::Percent)
    }

    /// The text that a number is shown as, where that says more than the number.
    fn text(self, number: f64) -> Option<String> {
        match self {
            Self::Zeros(width) => {
                let whole = number >= 0.0 && number.fract() == 0.0 && number < 1e15;
                let text = format!("{number:.0}");
                (whole && text.len() < width).then(|| format!("{text:0>width$}"))
            }
            Self::Percent => {
                let hundredths = (number * 10_000.0).round() / 100.0;
                (hundredths.abs() < 1e9).then(|| format!("{}%", hundredths.to_string().replace('.', ",")))
            }
        }
    }
}

/// Replaces numbers by the text that their format shows.
pub(super) fn as_shown(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str, rows: &mut [RawRow]) -> Result<(), XlsxError> {
    let mut reader = workbook.worksheet_cells_reader(name)?;
    let formats: Vec<Option<Shown>> =
        reader.styles().iter().map(|style| style.number_format.as_ref().and_then(|format| Shown::of(&format.format_code))).collect();
    if formats.iter().all(Option::is_none) {
        return Ok(());
    }
    while let Some((row, column, style)) = reader.next_style_id()? {
        let Some(shown) = formats.get(style).copied().flatten() else { continue };
        let found = rows.binary_search_by_key(&row.saturating_add(1), |raw| raw.number).ok().and_then(|at| rows.get_mut(at));
        let Some(raw) = found else { continue };
        let cell = raw.cells.binary_search_by_key(&column, |(place, _)| *place).ok().and_then(|at| raw.cells.get_mut(at));
        if let Some((_, value)) = cell
            && let RawValue::Number(number) = value
            && let Some(text) = shown.text(*number)
        {
            *value = RawValue::Text(text);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_and_percentages_are_read_as_they_are_shown() {
        for (code, number, text) in [
            ("0000000", 12_345.0, Some("0012345")),
            ("00000", 123_456.0, None),
            ("00", 1.5, None),
            ("0%", 1.0, Some("100%")),
            ("0.00%", 0.995, Some("99,5%")),
        ] {
            assert_eq!(Shown::of(code).and_then(|shown| shown.text(number)).as_deref(), text, "{code} {number}");
        }
        for code in ["0", "General", "0.00", "#,##0", "dd-mm-yyyy"] {
            assert_eq!(Shown::of(code), None);
        }
    }
}
