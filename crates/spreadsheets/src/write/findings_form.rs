//! The form on which a member of a panel takes her findings along: rows to fill in for each part of the framework. Nothing
//! in it is hidden, also not what says whose form it is.

use rust_xlsxwriter::{Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::{WriteError, cell_text, workbook};
use crate::parse::form_words::{
    ABOUT_SHEET, COLUMNS, EVIDENCE_SHEET, FINDINGS_SHEET, FRAMEWORK, KEY, MEMBER, MEMBER_NAME, REVIEW, REVIEW_NAME, STATE, STATE_HEADER,
};

/// Empty rows for each part.
const EMPTY_ROWS: usize = 3;

/// A part of the framework, with what to ask oneself about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormPart {
    /// Its code.
    pub code: String,
    /// What it is about, with its guiding questions; each a line.
    pub about: String,
}

/// A finding on the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormFinding {
    /// What it is known by.
    pub key: String,
    /// The code of its part.
    pub part: String,
    /// Its kind, in words.
    pub kind: String,
    /// What it says.
    pub text: String,
    /// Numbers of evidence.
    pub evidence: Vec<usize>,
    /// What it is recognised by as it stands: another when it says something else.
    pub digest: String,
}

/// All of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingsForm {
    /// Title of the workbook.
    pub title: String,
    /// Name of the review, for who holds several forms.
    pub review_name: String,
    /// Whose form it is, by her name.
    pub member_name: String,
    /// Name of the review in addresses.
    pub review: String,
    /// Hash of the framework.
    pub framework: String,
    /// Whose form it is: what it is known by when it comes back.
    pub member: String,
    /// Hash of all her findings as they stand.
    pub state: String,
    /// Words for the kinds.
    pub kinds: Vec<String>,
    /// Parts in the order of the framework, and after those any that it does not have any more.
    pub parts: Vec<FormPart>,
    /// Her findings, in that order.
    pub findings: Vec<FormFinding>,
    /// Evidence by its number.
    pub evidence: Vec<(usize, String)>,
}

fn header() -> Format {
    let format = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    format.set_background_color(Color::RGB(0x00DC_E6F1)).set_border_bottom(FormatBorder::Thin)
}

/// Text stays text, whatever is typed: `2, 5` is no number and `-` no formula.
fn body() -> Format {
    Format::new().set_text_wrap().set_align(FormatAlign::Top).set_num_format("@")
}

/// Writes the form as .xlsx.
///
/// # Errors
/// [`WriteError`] when the library refuses a text.
pub fn findings_form(form: &FindingsForm) -> Result<Vec<u8>, WriteError> {
    let mut workbook = workbook(&form.title)?;
    rows_sheet(workbook.add_worksheet(), form)?;
    evidence_sheet(workbook.add_worksheet(), form)?;
    about_sheet(workbook.add_worksheet(), form)?;
    Ok(workbook.save_to_buffer()?)
}

fn rows_sheet(sheet: &mut Worksheet, form: &FindingsForm) -> Result<(), XlsxError> {
    sheet.set_name(FINDINGS_SHEET)?;
    for ((col, title), width) in (0_u16..).zip(COLUMNS).zip([12, 48, 18, 70, 14, 38]) {
        sheet.set_column_format(col, &body())?;
        sheet.write_string_with_format(0, col, title, &header())?;
        sheet.set_column_width(col, width)?;
    }
    let mut row = 1;
    for part in &form.parts {
        let own: Vec<_> = form.findings.iter().filter(|finding| finding.part == part.code).map(Some).collect();
        for (at, finding) in own.into_iter().chain(std::iter::repeat_n(None, EMPTY_ROWS)).enumerate() {
            let about = if at == 0 { part.about.as_str() } else { "" };
            write_row(sheet, row, (&part.code, about), finding)?;
            row += 1;
        }
    }
    let kinds = DataValidation::new()
        .allow_list_strings(&form.kinds)?
        .set_error_style(DataValidationErrorStyle::Stop)
        .set_error_title("Soort")?
        .set_error_message("Kies een soort uit de lijst.")?;
    sheet.add_data_validation(1, 2, row + 500, 2, &kinds)?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_footer("&L&A&RPagina &P van &N");
    Ok(())
}

fn write_row(sheet: &mut Worksheet, row: u32, (code, about): (&str, &str), finding: Option<&FormFinding>) -> Result<(), XlsxError> {
    let evidence = finding.map(|finding| finding.evidence.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "));
    let cells = [
        code,
        about,
        finding.map_or("", |finding| &finding.kind),
        finding.map_or("", |finding| &finding.text),
        evidence.as_deref().unwrap_or_default(),
        finding.map_or("", |finding| &finding.key),
    ];
    let top = if about.is_empty() { body() } else { body().set_border_top(FormatBorder::Thin) };
    for (col, text) in (0_u16..).zip(cells) {
        if text.is_empty() {
            sheet.write_blank(row, col, &top)?;
        } else {
            sheet.write_string_with_format(row, col, cell_text(text), &top)?;
        }
    }
    // LibreOffice does not make a row as high as its text by itself.
    let lines = |text: &str, width: usize| text.lines().map(|line| line.chars().count().div_ceil(width).max(1)).sum::<usize>();
    let most = lines(about, 46).max(finding.map_or(1, |finding| lines(&finding.text, 68))).clamp(1, 25);
    sheet.set_row_height(row, 15 * u16::try_from(most).unwrap_or(1))?;
    Ok(())
}

fn evidence_sheet(sheet: &mut Worksheet, form: &FindingsForm) -> Result<(), XlsxError> {
    sheet.set_name(EVIDENCE_SHEET)?;
    for ((col, title), width) in (0_u16..).zip(["Nr", "Bewijsstuk"]).zip([8, 90]) {
        sheet.write_string_with_format(0, col, title, &header())?;
        sheet.set_column_width(col, width)?;
    }
    for (row, (number, title)) in (1..).zip(&form.evidence) {
        sheet.write_string_with_format(row, 0, number.to_string(), &body())?;
        sheet.write_string_with_format(row, 1, cell_text(title), &body())?;
    }
    Ok(())
}

fn about_sheet(sheet: &mut Worksheet, form: &FindingsForm) -> Result<(), XlsxError> {
    sheet.set_name(ABOUT_SHEET)?;
    sheet.set_column_width(0, 42)?;
    sheet.set_column_width(1, 72)?;
    let bold = Format::new().set_bold().set_align(FormatAlign::Top);
    let facts = [
        (REVIEW_NAME, &form.review_name),
        (MEMBER_NAME, &form.member_name),
        (REVIEW, &form.review),
        (FRAMEWORK, &form.framework),
        (MEMBER, &form.member),
        (STATE, &form.state),
    ];
    let mut row = 0;
    for (label, value) in facts {
        sheet.write_string_with_format(row, 0, label, &bold)?;
        sheet.write_string_with_format(row, 1, cell_text(value), &body())?;
        row += 1;
    }
    let help = [
        "Vul op blad Bevindingen per rij één bevinding in: kies een soort en schrijf de bevinding.",
        "Rijen zonder soort en bevinding tellen niet mee. U mag rijen toevoegen; zet er de code van het onderdeel bij.",
        "Bij Bewijsstukken zet u nummers van blad Bewijsstukken, met komma's ertussen.",
        "Laat Kenmerk staan: daaraan herkent Kernschil welke bevinding het is. Leeg laten betekent: een nieuwe bevinding.",
        "Dit blad zegt van wie het formulier is. Verander er niets in. Alleen u kunt dit formulier weer inlezen.",
    ];
    row += 1;
    for line in help {
        sheet.write_string(row, 0, line)?;
        row += 1;
    }
    row += 1;
    sheet.write_string_with_format(row, 0, KEY, &header())?;
    sheet.write_string_with_format(row, 1, STATE_HEADER, &header())?;
    for (row, finding) in (row + 1..).zip(&form.findings) {
        sheet.write_string_with_format(row, 0, &finding.key, &body())?;
        sheet.write_string_with_format(row, 1, &finding.digest, &body())?;
    }
    Ok(())
}
