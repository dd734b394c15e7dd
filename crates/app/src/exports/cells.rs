//! Short words for cells and columns.

use kernschil_domain::rounds::RoundData;
use kernschil_spreadsheets::write::{CellOut, Column, ColumnKind, Orientation, ReportSheet};

/// Text; nothing for no text.
pub(crate) fn text(value: impl Into<String>) -> CellOut {
    let value = value.into();
    if value.is_empty() { CellOut::Empty } else { CellOut::Text(value) }
}

/// Text that may not be there.
pub(crate) fn maybe(value: Option<&str>) -> CellOut {
    value.map_or(CellOut::Empty, text)
}

/// A whole number.
pub(crate) fn number(value: impl Into<i64>) -> CellOut {
    CellOut::Number(value.into())
}

/// A count.
pub(super) fn count(value: usize) -> CellOut {
    CellOut::Number(i64::try_from(value).unwrap_or(i64::MAX))
}

/// A share in hundredths of a percent, rounded down: 99,996% never becomes 100%.
pub(super) fn share(part: u32, whole: u32) -> CellOut {
    (i64::from(part) * 10_000).checked_div(i64::from(whole)).map_or(CellOut::Empty, CellOut::BasisPoints)
}

/// A column of text.
pub(crate) fn words(header: &str, width: u16) -> Column {
    Column { header: header.to_owned(), width, kind: ColumnKind::Text }
}

/// A column of whole numbers; a long header stands on two lines.
pub(crate) fn numbers(header: &str) -> Column {
    let width = u16::try_from(header.chars().count() + 3).unwrap_or(18).clamp(9, 18);
    Column { header: header.to_owned(), width, kind: ColumnKind::Number }
}

/// A column of dates.
pub(crate) fn dates(header: &str) -> Column {
    Column { header: header.to_owned(), width: 12, kind: ColumnKind::Date }
}

/// A column of percentages.
pub(super) fn percentages(header: &str) -> Column {
    Column { header: header.to_owned(), width: 11, kind: ColumnKind::Percentage }
}

/// A sheet on lying paper, without chart.
pub(super) fn sheet(data: &RoundData, name: &str, title: &str, columns: Vec<Column>, rows: Vec<Vec<CellOut>>) -> ReportSheet {
    let title = format!("{title}, {}", data.round.name);
    ReportSheet { name: name.to_owned(), title, columns, rows, chart: None, print: Orientation::Landscape }
}
