//! Turns sheets into workbooks: by the definition of the import, or as they are for the workbooks that
//! are wrong on purpose. Good workbooks are read back at once: what we write, we can read.

use kernschil_spreadsheets::definition::Presence;
use kernschil_spreadsheets::parse::{
    parse_offers, parse_partnerships, parse_postcodes, parse_students, parse_trainers, parse_travel_times,
};
use kernschil_spreadsheets::write::{FilledSheet, filled};
use kernschil_spreadsheets::{ImportKind, Limits, Outcome, definition, read_direct};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use crate::sheets::Sheet;
use crate::sources::Fallible;

/// A workbook in the form of the template, which reads without errors.
pub(crate) fn good(kind: ImportKind, sheets: &[Sheet]) -> Fallible<Vec<u8>> {
    let bytes = by_definition(kind, sheets)?;
    read_back(kind, &bytes)?;
    Ok(bytes)
}

/// A workbook in the form of the template.
pub(crate) fn by_definition(kind: ImportKind, sheets: &[Sheet]) -> Fallible<Vec<u8>> {
    let mut data = Vec::new();
    for sheet in sheets {
        let def = definition(kind).sheets.iter().find(|def| def.name == sheet.name);
        let def = def.ok_or_else(|| format!("definitie {} kent geen blad {}", kind.code(), sheet.name))?;
        let at: Vec<_> = def.columns.iter().map(|column| sheet.headers.iter().position(|header| *header == column.header)).collect();
        let missing = def.columns.iter().zip(&at).any(|(column, at)| at.is_none() && column.presence == Presence::Required);
        if missing || at.iter().flatten().count() != sheet.headers.len() {
            return Err(format!("de kolommen van blad {} zijn anders dan in definitie {}", sheet.name, kind.code()).into());
        }
        // A column that may be missing and that the example does not have, stays empty.
        let cell = |row: &Vec<String>, at: Option<usize>| at.and_then(|at| row.get(at)).cloned().unwrap_or_default();
        let rows = sheet.rows.iter().map(|row| at.iter().map(|at| cell(row, *at)).collect());
        data.push(FilledSheet { key: def.key.clone(), rows: rows.collect() });
    }
    Ok(filled(kind, &data)?)
}

/// Fails when the file cannot be read, or not without errors.
pub(crate) fn read_back(kind: ImportKind, bytes: &[u8]) -> Fallible<()> {
    let workbook = read_direct(bytes, &Limits::default())?;
    let outcome: Outcome = match kind {
        ImportKind::Partnerships => parse_partnerships(&workbook).outcome,
        ImportKind::Trainers => parse_trainers(&workbook).outcome,
        ImportKind::Offers => parse_offers(&workbook).outcome,
        ImportKind::Students => parse_students(&workbook).outcome,
        ImportKind::Postcodes => parse_postcodes(&workbook).outcome,
        ImportKind::TravelTimes => parse_travel_times(&workbook).outcome,
        ImportKind::Duo => return Err("er is geen voorbeeld van DUO".into()),
    };
    match outcome.findings.list.iter().find(|_| outcome.errors > 0) {
        Some(first) => Err(format!("{}: {} fouten, zoals {} op rij {:?}", kind.code(), outcome.errors, first.message, first.row).into()),
        None => Ok(()),
    }
}

/// A workbook with these sheets as they are, the same bytes each time.
pub(crate) fn as_is(sheets: &[Sheet]) -> Fallible<Vec<u8>> {
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
