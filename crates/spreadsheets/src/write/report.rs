//! Figures and lists as a workbook: sheets with a title, headers, filters, print set-up and a chart.

use chrono::NaiveDate;
use rust_xlsxwriter::{Chart, ChartType, Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::{SheetNames, WriteError, cell_text, excel_date, workbook};

/// A workbook to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Title, in the properties and in the footer of each page.
    pub title: String,
    /// Sheets in the order of the tabs.
    pub sheets: Vec<ReportSheet>,
}

/// One sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportSheet {
    /// Name on the tab; made to fit what Excel allows.
    pub name: String,
    /// Line above the table: what it is, of when.
    pub title: String,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows; a row may be shorter than the columns.
    pub rows: Vec<Vec<CellOut>>,
    /// Chart of some of the columns.
    pub chart: Option<ChartSpec>,
    /// Paper.
    pub print: Orientation,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Header.
    pub header: String,
    /// Width in characters.
    pub width: u16,
    /// How values are shown.
    pub kind: ColumnKind,
}

/// How the values of a column are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text, wrapped.
    Text,
    /// Whole numbers or tenths, to the right.
    Number,
    /// Percentages with two decimals: 99,96% never looks like 100%.
    Percentage,
    /// Dates as dd-mm-jjjj.
    Date,
}

/// The value of a cell. Numbers are whole numbers of a unit, never binary fractions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellOut {
    /// Nothing.
    Empty,
    /// Text; never becomes a formula.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A number in tenths.
    Tenths(i64),
    /// A share in hundredths of a percent.
    BasisPoints(i64),
    /// A date.
    Date(NaiveDate),
}

/// Paper direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orientation {
    /// Upright.
    Portrait,
    /// Lying.
    Landscape,
}

/// A chart of stacked bars, one bar for each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartSpec {
    /// Title.
    pub title: String,
    /// Column with the names of the bars, from 0.
    pub categories: u16,
    /// Columns with the parts of each bar, from 0.
    pub series: Vec<u16>,
    /// What the chart shows, for who cannot see it.
    pub alt_text: String,
}

/// Row of the headers; the title stands in row 0.
const HEADER: u32 = 2;

/// Writes a report as .xlsx.
///
/// # Errors
/// [`WriteError`] when the library refuses the data, such as more rows than Excel has.
pub fn report(report: &Report) -> Result<Vec<u8>, WriteError> {
    let mut workbook = workbook(&report.title)?;
    let mut names = SheetNames::default();
    for sheet in &report.sheets {
        let name = names.unique(&sheet.name);
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(&name)?;
        write_sheet(worksheet, sheet, &report.title)?;
        if let Some(chart) = &sheet.chart {
            insert_chart(worksheet, &name, sheet, chart)?;
        }
    }
    if report.sheets.is_empty() {
        workbook.add_worksheet().set_name("Blad")?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn write_sheet(worksheet: &mut Worksheet, sheet: &ReportSheet, title: &str) -> Result<(), XlsxError> {
    let header = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_background_color(Color::RGB(0x00DC_E6F1))
        .set_border_bottom(FormatBorder::Thin);
    worksheet.write_string_with_format(0, 0, cell_text(&sheet.title), &Format::new().set_bold().set_font_size(14))?;
    let formats: Vec<Format> = sheet.columns.iter().map(|column| format_of(column.kind)).collect();
    let whole = Format::new().set_num_format("0").set_align(FormatAlign::Top);
    let tenths = Format::new().set_num_format("0.0").set_align(FormatAlign::Top);
    let date = format_of(ColumnKind::Date);
    let share = format_of(ColumnKind::Percentage);
    let text = format_of(ColumnKind::Text);
    for (col, column) in (0_u16..).zip(&sheet.columns) {
        worksheet.write_string_with_format(HEADER, col, cell_text(&column.header), &header)?;
        worksheet.set_column_width(col, column.width.clamp(4, 120))?;
    }
    set_height(worksheet, HEADER, sheet.columns.iter().map(|column| (column.header.as_str(), column.width)))?;
    for (row, cells) in (HEADER + 1..).zip(&sheet.rows) {
        let texts = cells.iter().zip(&sheet.columns).filter_map(|(cell, column)| match cell {
            CellOut::Text(text) => Some((text.as_str(), column.width)),
            _ => None,
        });
        set_height(worksheet, row, texts)?;
        for (col, cell) in (0_u16..).zip(cells) {
            match cell {
                CellOut::Empty => {}
                CellOut::Text(value) => {
                    let format = formats
                        .get(usize::from(col))
                        .filter(|_| sheet.columns.get(usize::from(col)).is_some_and(|c| c.kind == ColumnKind::Text));
                    worksheet.write_string_with_format(row, col, cell_text(value), format.unwrap_or(&text))?;
                }
                CellOut::Number(number) => number_cell(worksheet, row, col, *number, 1.0, &whole)?,
                CellOut::Tenths(number) => number_cell(worksheet, row, col, *number, 10.0, &tenths)?,
                CellOut::BasisPoints(number) => number_cell(worksheet, row, col, *number, 10_000.0, &share)?,
                CellOut::Date(value) => {
                    worksheet.write_datetime_with_format(row, col, &excel_date(*value)?, &date)?;
                }
            }
        }
    }
    print_setup(worksheet, sheet, title)
}

/// Makes a row as high as its longest wrapped text; LibreOffice does not do so by itself.
fn set_height<'a>(worksheet: &mut Worksheet, row: u32, texts: impl Iterator<Item = (&'a str, u16)>) -> Result<(), XlsxError> {
    // Words are not cut, so a line holds a little less than the column is wide.
    let lines_of = |text: &str, width: u16| text.chars().count().div_ceil(usize::from(width.saturating_sub(2).max(1)));
    let lines = texts.map(|(text, width)| lines_of(text, width)).max().unwrap_or(1).clamp(1, 20);
    if lines > 1 {
        worksheet.set_row_height(row, 15 * u16::try_from(lines).unwrap_or(1))?;
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "Excel knows only floats")]
fn number_cell(worksheet: &mut Worksheet, row: u32, col: u16, number: i64, unit: f64, format: &Format) -> Result<(), XlsxError> {
    worksheet.write_number_with_format(row, col, number as f64 / unit, format).map(|_| ())
}

fn format_of(kind: ColumnKind) -> Format {
    let format = Format::new().set_align(FormatAlign::Top);
    match kind {
        ColumnKind::Text => format.set_text_wrap(),
        ColumnKind::Number => format.set_num_format("0"),
        ColumnKind::Percentage => format.set_num_format("0.00%"),
        ColumnKind::Date => format.set_num_format("dd-mm-yyyy"),
    }
}

fn print_setup(worksheet: &mut Worksheet, sheet: &ReportSheet, title: &str) -> Result<(), XlsxError> {
    let last_row = HEADER + u32::try_from(sheet.rows.len()).unwrap_or(0);
    let last_column = u16::try_from(sheet.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    if !sheet.columns.is_empty() {
        worksheet.autofilter(HEADER, 0, last_row, last_column)?;
    }
    worksheet.set_freeze_panes(HEADER + 1, 0)?;
    worksheet.set_repeat_rows(HEADER, HEADER)?;
    worksheet.set_paper_size(9); // A4
    match sheet.print {
        Orientation::Portrait => worksheet.set_portrait(),
        Orientation::Landscape => worksheet.set_landscape(),
    };
    worksheet.set_print_fit_to_pages(1, 0);
    // `&` starts a code in a footer; it is doubled to stand for itself. A footer holds 255 characters.
    let title: String = title.chars().take(90).collect();
    worksheet.set_footer(format!("&L{}&RPagina &P van &N", title.replace('&', "&&")));
    Ok(())
}

fn insert_chart(worksheet: &mut Worksheet, name: &str, sheet: &ReportSheet, spec: &ChartSpec) -> Result<(), XlsxError> {
    let rows = u32::try_from(sheet.rows.len()).unwrap_or(0);
    if rows == 0 || spec.series.is_empty() {
        return Ok(());
    }
    let (first, last) = (HEADER + 1, HEADER + rows);
    let mut chart = Chart::new(ChartType::BarStacked);
    // Dark and light in turn, so that the parts can be told apart without colour as well.
    let colours = [0x001F_4E79, 0x009D_C3E6, 0x0070_AD47, 0x00FF_D966, 0x00C5_5A11, 0x00D9_D9D9];
    for (series, colour) in spec.series.iter().zip(colours.iter().cycle()) {
        chart
            .add_series()
            .set_name((name, HEADER, *series))
            .set_categories((name, first, spec.categories, last, spec.categories))
            .set_values((name, first, *series, last, *series))
            .set_format(
                rust_xlsxwriter::ChartFormat::new().set_solid_fill(rust_xlsxwriter::ChartSolidFill::new().set_color(Color::RGB(*colour))),
            )
            .set_gap(50);
    }
    chart.title().set_name(&spec.title);
    chart.y_axis().set_reverse();
    chart.legend().set_position(rust_xlsxwriter::ChartLegendPosition::Bottom);
    chart.set_alt_text(&spec.alt_text).set_width(720).set_height(160 + 24 * rows.min(40));
    // Below the table, so that a page keeps the width of the table.
    worksheet.insert_chart(last + 2, 0, &chart)?;
    Ok(())
}
