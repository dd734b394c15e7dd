//! Writes sheets as they are, without a definition: for the workbooks that are wrong on purpose.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use crate::sheets::Sheet;
use crate::sources::Fallible;

/// A workbook with these sheets, the same bytes each time.
pub(crate) fn workbook(sheets: &[Sheet]) -> Fallible<Vec<u8>> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_author("Kernschil").set_creation_datetime(&made));
    for sheet in sheets {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(sheet.name)?;
        for (at, cells) in std::iter::once(&sheet.headers).chain(&sheet.rows).enumerate() {
            for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                worksheet.write_string(u32::try_from(at)?, u16::try_from(column)?, cell)?;
            }
        }
    }
    Ok(workbook.save_to_buffer()?)
}
