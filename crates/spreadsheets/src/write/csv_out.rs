//! CSV for spreadsheet programs: UTF-8 with byte order mark, `;`, CRLF, decimal comma.

use super::report::{CellOut, ReportSheet};
use crate::dates::in_digits;

/// Writes one sheet of a report as CSV. Text that a spreadsheet program could take for a formula gets
/// an apostrophe in front; numbers and dates are left as they are.
pub fn csv(sheet: &ReportSheet) -> Vec<u8> {
    let mut out = String::from('\u{feff}');
    let headers: Vec<String> = sheet.columns.iter().map(|column| text(&column.header)).collect();
    push(&mut out, &headers);
    for row in &sheet.rows {
        let fields: Vec<String> = row.iter().map(field).collect();
        push(&mut out, &fields);
    }
    out.into_bytes()
}

fn push(out: &mut String, fields: &[String]) {
    out.push_str(&fields.join(";"));
    out.push_str("\r\n");
}

fn field(cell: &CellOut) -> String {
    match cell {
        CellOut::Empty => String::new(),
        CellOut::Text(value) => text(value),
        CellOut::Number(number) => number.to_string(),
        CellOut::Tenths(tenths) => scaled(*tenths, 1),
        CellOut::BasisPoints(points) => format!("{}%", scaled(*points, 2)),
        CellOut::Date(date) => in_digits(*date),
    }
}

/// An integer with a decimal comma so many places from the right.
fn scaled(value: i64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    let (whole, rest) = (value.unsigned_abs() / unit, value.unsigned_abs() % unit);
    let width = usize::try_from(places).unwrap_or(1);
    format!("{}{whole},{rest:0width$}", if value < 0 { "-" } else { "" })
}

/// Text in quotes where needed, and never a formula.
fn text(value: &str) -> String {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let value = if formula { format!("'{value}") } else { value.to_owned() };
    if value.contains([';', ',', '"', '\n', '\r', '\t', '\'']) || value.starts_with(' ') || value.ends_with(' ') {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::{Column, ColumnKind, Orientation};

    #[test]
    fn text_is_never_a_formula_and_numbers_stay_numbers() {
        let cells =
            ["=1+1", "+31", "-x", "@SUM(A1)", "\tx", "\rx", "Jan; Piet", "zegt \"ja\"", "gewoon"].map(|t| CellOut::Text(t.to_owned()));
        let sheet = ReportSheet {
            name: "Lijst".to_owned(),
            title: String::new(),
            columns: vec![Column { header: "Naam".to_owned(), width: 10, kind: ColumnKind::Text }],
            rows: vec![cells.to_vec(), vec![CellOut::Number(-5), CellOut::Tenths(-15), CellOut::BasisPoints(9_996), CellOut::Empty]],
            chart: None,
            print: Orientation::Portrait,
        };
        let text = String::from_utf8(csv(&sheet)).unwrap();
        assert_eq!(
            text,
            "\u{feff}Naam\r\n\"'=1+1\";\"'+31\";\"'-x\";\"'@SUM(A1)\";\"'\tx\";\"'\rx\";\"Jan; Piet\";\"zegt \"\"ja\"\"\";gewoon\r\n-5;-1,5;99,96%;\r\n"
        );
    }
}
