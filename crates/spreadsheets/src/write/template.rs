//! Templates and filled workbooks, made from a definition: what we give out is what we read.

use kernschil_domain::frameworks::{FrameworkContent, Origin};
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, FormatBorder, Note, Workbook, Worksheet, XlsxError,
};

use super::{WriteError, cell_text, excel_date, workbook};
use crate::dates;
use crate::definition::{ColumnDef, Definition, ImportKind, Presence, SheetDef, ValueKind, definition, framework};

/// Rows of one sheet of a filled workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledSheet {
    /// Name in code, as in the definition (`students`, `schools`, ...).
    pub key: String,
    /// Rows with values in the order of the definition's columns. Dates as `dd-mm-jjjj` or
    /// `jjjj-mm-dd`, whole numbers in digits; what cannot be read as such is written as text.
    pub rows: Vec<Vec<String>>,
}

/// Rows for which the template offers lists to choose from.
const TEMPLATE_ROWS: u32 = 5_000;

/// Writes an empty template.
///
/// # Errors
/// [`WriteError`] when the library refuses a definition.
pub fn template(kind: ImportKind) -> Result<Vec<u8>, WriteError> {
    write(definition(kind), None)
}

/// Writes a workbook with data. Sheets without rows are left out, unless they are required.
///
/// # Errors
/// [`WriteError`] when the library refuses the data, such as more rows than Excel has.
pub fn filled(kind: ImportKind, sheets: &[FilledSheet]) -> Result<Vec<u8>, WriteError> {
    write(definition(kind), Some(sheets))
}

/// Writes an empty workbook for a quality framework.
///
/// # Errors
/// [`WriteError`] when the library refuses the definition.
pub fn framework_template() -> Result<Vec<u8>, WriteError> {
    write(framework(), None)
}

/// Writes a quality framework as a workbook, from which it is read again as it was.
///
/// # Errors
/// [`WriteError`] when the library refuses a text.
pub fn framework_workbook(content: &FrameworkContent) -> Result<Vec<u8>, WriteError> {
    write(framework(), Some(&framework_sheets(content)))
}

fn framework_sheets(content: &FrameworkContent) -> Vec<FilledSheet> {
    let questions = |code: &str, questions: &[String]| -> Vec<Vec<String>> {
        questions.iter().map(|question| vec![code.to_owned(), question.clone()]).collect()
    };
    let mut sheets = ["framework", "safeguards", "criteria", "questions"].map(|key| FilledSheet { key: key.to_owned(), rows: Vec::new() });
    let [general, safeguards, criteria, asked] = &mut sheets;
    general.rows.push(vec![content.name.clone(), content.source.clone()]);
    asked.rows.extend(questions("", &content.questions));
    for safeguard in &content.safeguards {
        let (code, origin) = (safeguard.code.to_string(), safeguard.origin.dutch().to_owned());
        safeguards.rows.push(vec![code.clone(), safeguard.name.clone(), safeguard.description.clone(), origin]);
        asked.rows.extend(questions(&code, &safeguard.questions));
        for criterion in &safeguard.criteria {
            let (own, origin) = (criterion.code.to_string(), criterion.origin.dutch().to_owned());
            asked.rows.extend(questions(&own, &criterion.questions));
            criteria.rows.push(vec![code.clone(), own, criterion.text.clone(), origin]);
        }
    }
    sheets.into()
}

fn write(definition: &Definition, data: Option<&[FilledSheet]>) -> Result<Vec<u8>, WriteError> {
    let mut workbook = workbook(&definition.title)?;
    for def in &definition.sheets {
        let rows =
            data.map(|data| data.iter().filter(|sheet| sheet.key == def.key).flat_map(|sheet| sheet.rows.iter()).collect::<Vec<_>>());
        if rows.as_ref().is_some_and(Vec::is_empty) && def.presence == Presence::Optional {
            continue;
        }
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(&def.name)?;
        write_headers(worksheet, def)?;
        for (number, row) in (1_u32..).zip(rows.unwrap_or_default()) {
            for ((col, column), value) in (0_u16..).zip(&def.columns).zip(row) {
                write_value(worksheet, number, col, column, value)?;
            }
        }
    }
    if data.is_none() {
        write_explanation(&mut workbook, definition)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn write_headers(worksheet: &mut Worksheet, def: &SheetDef) -> Result<(), XlsxError> {
    let header = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top).set_border_bottom(FormatBorder::Thin);
    let required = header.clone().set_background_color(Color::RGB(0x00DC_E6F1));
    for (col, column) in (0_u16..).zip(&def.columns) {
        let (text, format) = match column.presence {
            Presence::Required => (format!("{} *", column.header), &required),
            Presence::Optional => (column.header.clone(), &header),
        };
        worksheet.set_column_format(col, &value_format(column.kind))?;
        worksheet.write_string_with_format(0, col, text, format)?;
        worksheet.set_column_width(col, width(column))?;
        worksheet.insert_note(0, col, &Note::new(help(column)).add_author_prefix(false).set_width(260).set_height(110))?;
        if let Some(validation) = validation(column)? {
            worksheet.add_data_validation(1, col, TEMPLATE_ROWS, col, &validation)?;
        }
    }
    worksheet.set_freeze_panes(1, 0)?;
    worksheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    worksheet.set_repeat_rows(0, 0)?;
    worksheet.set_footer("&L&A&RPagina &P van &N");
    Ok(())
}

/// Help, whether it is required, and an example.
fn help(column: &ColumnDef) -> String {
    let required = match column.presence {
        Presence::Required => " (verplicht)",
        Presence::Optional => "",
    };
    let example = if column.example.is_empty() { String::new() } else { format!("\nVoorbeeld: {}", column.example) };
    format!("{}{required}\n{}{example}", column.header, column.help)
}

fn width(column: &ColumnDef) -> u16 {
    if column.kind == ValueKind::Prose {
        return 60;
    }
    let longest = column.header.chars().count().max(column.example.chars().count()) + 4;
    u16::try_from(longest).unwrap_or(12).clamp(12, 40)
}

/// Everything that is not a number or date is text, so that Excel leaves zeros, times and dates alone.
fn value_format(kind: ValueKind) -> Format {
    match kind {
        ValueKind::Integer => Format::new().set_num_format("0"),
        ValueKind::Date => Format::new().set_num_format("dd-mm-yyyy"),
        ValueKind::Latitude | ValueKind::Longitude => Format::new().set_num_format("0.00000"),
        ValueKind::Prose => Format::new().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top),
        _ => Format::new().set_num_format("@"),
    }
}

/// The values to choose from, for a closed list.
pub(crate) fn choices(kind: ValueKind) -> Option<Vec<&'static str>> {
    use kernschil_domain::codes as c;

    let words = match kind {
        ValueKind::YesNo => vec!["ja", "nee"],
        ValueKind::Sector => c::Sector::ALL.iter().map(|v| v.dutch()).collect(),
        ValueKind::Tier => c::Tier::ALL.iter().map(|v| v.dutch()).collect(),
        ValueKind::PartnershipStatus => c::PartnershipStatus::ALL.iter().map(|v| v.dutch()).collect(),
        ValueKind::ProgrammeForm => c::ProgrammeForm::ALL.iter().map(|v| v.dutch()).collect(),
        ValueKind::ProgrammeLevel => c::ProgrammeLevel::ALL.iter().map(|v| v.dutch()).collect(),
        ValueKind::PhaseKind => c::PhaseKind::ALL.iter().map(|v| v.dutch()).collect(),
        ValueKind::ConditionKind => c::ConditionKind::ALL.iter().map(|v| v.dutch()).collect(),
        ValueKind::EvidenceKind => c::EvidenceKind::ALL.iter().map(|v| v.dutch()).collect(),
        ValueKind::TrainerKind => c::TrainerKind::ALL.iter().map(|v| v.dutch()).collect(),
        ValueKind::QualificationKind => c::QualificationKind::ALL.iter().map(|v| v.dutch()).collect(),
        ValueKind::StudentKind => c::StudentKind::ALL.iter().map(|v| v.dutch()).collect(),
        ValueKind::Origin => Origin::ALL.iter().map(|v| v.dutch()).collect(),
        ValueKind::TravelMode => kernschil_domain::policy::TravelMode::ALL.iter().map(|v| v.dutch()).collect(),
        _ => return None,
    };
    Some(words)
}

/// A list to choose from. Other words are read as well, so a wrong value only gets a warning. A list
/// of over 255 characters would need a sheet of its own; the library refuses it, and a test holds
/// every definition to stay below.
fn validation(column: &ColumnDef) -> Result<Option<DataValidation>, XlsxError> {
    let Some(words) = choices(column.kind) else { return Ok(None) };
    let validation = DataValidation::new()
        .allow_list_strings(&words)?
        .set_error_style(DataValidationErrorStyle::Warning)
        .set_error_title(column.header.chars().take(32).collect::<String>())?
        .set_error_message("Kies een waarde uit de lijst.")?;
    Ok(Some(validation))
}

/// Writes a value by the kind of its column.
fn write_value(worksheet: &mut Worksheet, row: u32, col: u16, column: &ColumnDef, value: &str) -> Result<(), XlsxError> {
    let format = value_format(column.kind);
    if value.is_empty() {
        return Ok(());
    }
    let number = match column.kind {
        ValueKind::Integer => value.parse::<i32>().ok().map(f64::from),
        ValueKind::Latitude | ValueKind::Longitude => value.replace(',', ".").parse::<f64>().ok().filter(|n| n.is_finite()),
        _ => None,
    };
    if let Some(number) = number {
        worksheet.write_number_with_format(row, col, number, &format)?;
    } else if let Some(date) = dates::from_text(value, false).ok().filter(|_| column.kind == ValueKind::Date) {
        worksheet.write_datetime_with_format(row, col, &excel_date(date.value)?, &format)?;
    } else {
        worksheet.write_string_with_format(row, col, cell_text(value), &format)?;
    }
    Ok(())
}

/// Sheet Uitleg: what the import is for, and each column with its help.
fn write_explanation(workbook: &mut Workbook, definition: &Definition) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let worksheet = workbook.add_worksheet();
    worksheet.set_name("Uitleg")?;
    for (col, width) in [(0, 24), (1, 12), (2, 80), (3, 30)] {
        worksheet.set_column_width(col, width)?;
    }
    worksheet.write_string_with_format(0, 0, &definition.title, &bold.clone().set_font_size(14))?;
    let mut row = 1;
    for paragraph in definition.explanation.trim().split("\n\n") {
        worksheet.merge_range(row, 0, row, 3, paragraph, &wrap)?;
        let lines = u16::try_from(paragraph.chars().count() / 130 + 1).unwrap_or(1);
        worksheet.set_row_height(row, 16 * lines)?;
        row += 1;
    }
    for sheet in &definition.sheets {
        row += 1;
        let required = if sheet.presence == Presence::Required { "" } else { " (mag weg)" };
        worksheet.write_string_with_format(row, 0, format!("Blad {}{required}", sheet.name), &bold)?;
        worksheet.merge_range(row + 1, 0, row + 1, 3, &sheet.explanation, &wrap)?;
        row += 2;
        for (col, header) in [(0, "Kolom"), (1, "Verplicht"), (2, "Wat vult u in"), (3, "Voorbeeld")] {
            worksheet.write_string_with_format(row, col, header, &bold)?;
        }
        for column in &sheet.columns {
            row += 1;
            let required = if column.presence == Presence::Required { "ja" } else { "nee" };
            for (col, text) in [(0, column.header.as_str()), (1, required), (2, &column.help), (3, &column.example)] {
                worksheet.write_string_with_format(row, col, text, &wrap)?;
            }
        }
        row += 1;
    }
    worksheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}
