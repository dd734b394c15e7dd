//! Reads a form with findings that was taken along: what stands in it, without saying whether it is right.

use std::collections::BTreeMap;

use super::form_words::{
    ABOUT_SHEET, COLUMNS, EVIDENCE, FINDINGS_SHEET, FRAMEWORK, KEY, KIND, MEMBER, PART, REVIEW, STATE, STATE_HEADER, TEXT,
};
use crate::convert::display;
use crate::raw::{RawRow, RawSheet, RawValue, RawWorkbook, column_letters};

/// A column of the form that somebody fills in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormColumn {
    /// The code of the part.
    Part,
    /// The kind, in words.
    Kind,
    /// What the finding says.
    Text,
    /// Numbers of evidence.
    Evidence,
}

impl FormColumn {
    /// What stands above it.
    pub fn header(self) -> &'static str {
        match self {
            Self::Part => PART,
            Self::Kind => KIND,
            Self::Text => TEXT,
            Self::Evidence => EVIDENCE,
        }
    }
}

/// A row with a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormLine {
    /// Number of the row, as somebody sees it.
    pub row: u32,
    /// What the finding is known by; empty for a new one.
    pub key: String,
    /// Code of its part.
    pub part: String,
    /// Words for its kind.
    pub kind: String,
    /// What it says.
    pub text: String,
    /// Numbers of evidence.
    pub evidence: Vec<usize>,
    /// Numbers of evidence, as they were filled in.
    pub evidence_words: String,
    /// Headers of cells that hold an error or a formula without result.
    pub unreadable: Vec<&'static str>,
    /// Where the columns stand: part, kind, text and evidence.
    columns: [u32; 4],
}

impl FormLine {
    /// The name of a cell of this row, such as `C24`.
    pub fn cell(&self, column: FormColumn) -> String {
        let [part, kind, text, evidence] = self.columns;
        let at = match column {
            FormColumn::Part => part,
            FormColumn::Kind => kind,
            FormColumn::Text => text,
            FormColumn::Evidence => evidence,
        };
        format!("{}{}", column_letters(at), self.row)
    }

    /// What stands in a cell of this row.
    pub fn value(&self, column: FormColumn) -> &str {
        match column {
            FormColumn::Part => &self.part,
            FormColumn::Kind => &self.kind,
            FormColumn::Text => &self.text,
            FormColumn::Evidence => &self.evidence_words,
        }
    }
}

/// A form as it was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledForm {
    /// Name of the review in addresses.
    pub review: String,
    /// Hash of the framework.
    pub framework: String,
    /// Whose form it is.
    pub member: String,
    /// Hash of all her findings when she took it along.
    pub state: String,
    /// What her findings were recognised by then.
    pub digests: BTreeMap<String, String>,
    /// Rows that say anything, and rows of findings that were emptied.
    pub lines: Vec<FormLine>,
}

/// What a workbook says that is a form; nothing when it is no form.
pub fn parse_findings_form(workbook: &RawWorkbook) -> Option<FilledForm> {
    let sheet = |name: &str| workbook.sheets.iter().find(|sheet| sheet.name.trim().eq_ignore_ascii_case(name));
    let (about, findings) = (sheet(ABOUT_SHEET)?, sheet(FINDINGS_SHEET)?);
    let pairs: Vec<_> = about.rows.iter().map(|row| (shown(workbook, row, 0), shown(workbook, row, 1))).collect();
    let fact = |label: &str| pairs.iter().find(|(found, _)| found == label).map(|(_, value)| value.clone());
    let table = pairs.iter().position(|(key, state)| key == KEY && state == STATE_HEADER)?;
    Some(FilledForm {
        review: fact(REVIEW)?,
        framework: fact(FRAMEWORK)?,
        member: fact(MEMBER)?,
        state: fact(STATE)?,
        digests: pairs.into_iter().skip(table + 1).filter(|(key, _)| !key.is_empty()).collect(),
        lines: lines(workbook, findings)?,
    })
}

fn cell(row: &RawRow, column: u32) -> Option<&RawValue> {
    row.cells.iter().find(|(at, _)| *at == column).map(|(_, value)| value)
}

fn shown(workbook: &RawWorkbook, row: &RawRow, column: u32) -> String {
    cell(row, column).map(|value| display(value, workbook.date_1904).trim().to_owned()).unwrap_or_default()
}

/// The rows below the headers, wherever somebody moved a column to.
fn lines(workbook: &RawWorkbook, sheet: &RawSheet) -> Option<Vec<FormLine>> {
    let (head, rows) = sheet.rows.split_first()?;
    let mut columns = [0; COLUMNS.len()];
    for (place, title) in columns.iter_mut().zip(COLUMNS) {
        *place = head.cells.iter().find(|(_, value)| display(value, workbook.date_1904).trim() == title)?.0;
    }
    let [part, _, kind, text, evidence, key] = columns;
    let is_broken = |row: &RawRow, column: u32| matches!(cell(row, column), Some(RawValue::Error(_) | RawValue::NoResult));
    let columns_of = COLUMNS.into_iter().zip(columns);
    let line = |row: &RawRow| FormLine {
        row: row.number,
        columns: [part, kind, text, evidence],
        evidence_words: shown(workbook, row, evidence),
        key: shown(workbook, row, key),
        part: shown(workbook, row, part),
        kind: shown(workbook, row, kind),
        text: shown(workbook, row, text),
        evidence: numbers(&shown(workbook, row, evidence)),
        unreadable: columns_of.clone().filter(|(_, column)| is_broken(row, *column)).map(|(title, _)| title).collect(),
    };
    let says = |line: &FormLine| !(line.key.is_empty() && line.kind.is_empty() && line.text.is_empty() && line.unreadable.is_empty());
    Some(rows.iter().map(line).filter(says).collect())
}

/// Whole numbers, whatever stands between them: of `2, 5` a spreadsheet program may have made 2.5.
fn numbers(text: &str) -> Vec<usize> {
    // What is no number that fits stands for no evidence there is, which is said to who brings the form back.
    text.split(|sign: char| !sign.is_ascii_digit()).filter(|part| !part.is_empty()).map(|part| part.parse().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::Limits;
    use crate::read::read_direct;
    use crate::write::{FindingsForm, FormFinding, FormPart, findings_form};

    fn form() -> FindingsForm {
        let finding = |key: &str, part: &str, text: &str, evidence: &[usize]| FormFinding {
            key: key.to_owned(),
            part: part.to_owned(),
            kind: "vraag".to_owned(),
            text: text.to_owned(),
            evidence: evidence.to_vec(),
            digest: format!("stand-{key}"),
        };
        FindingsForm {
            title: "Peer review".to_owned(),
            review_name: "Peer review Almere".to_owned(),
            member_name: "Mo Panellid".to_owned(),
            review: "almere".to_owned(),
            framework: "f".repeat(64),
            member: "lid".to_owned(),
            state: "s".repeat(64),
            kinds: vec!["sterk punt".to_owned(), "vraag".to_owned()],
            parts: ["1", "1.1", "1.10"]
                .map(|code| FormPart { code: code.to_owned(), about: format!("Over {code}\nHoe weten wij dat?") })
                .to_vec(),
            findings: vec![finding("a", "1", "=1+1\nen een tweede regel", &[2, 5]), finding("b", "1.10", "Kort", &[])],
            evidence: vec![(2, "Plan".to_owned()), (5, "Verslag".to_owned())],
        }
    }

    #[test]
    fn what_goes_out_comes_back() {
        let form = form();
        let bytes = findings_form(&form).unwrap();
        assert_eq!(bytes, findings_form(&form).unwrap(), "the same form gives the same bytes");
        let raw = read_direct(&bytes, &Limits::default()).unwrap();
        assert!(raw.sheets.iter().all(|sheet| !sheet.hidden && sheet.hidden_rows.is_empty() && sheet.hidden_columns.is_empty()));
        let read = parse_findings_form(&raw).unwrap();
        assert_eq!((read.review, read.framework, read.member, read.state), (form.review, form.framework, form.member, form.state));
        assert_eq!(read.digests.len(), 2);
        let about = |column| (read.lines[0].cell(column), read.lines[0].value(column));
        assert_eq!(about(FormColumn::Kind), ("C2".to_owned(), "vraag"));
        assert_eq!(about(FormColumn::Evidence), ("E2".to_owned(), "2, 5"));
        let lines: Vec<_> =
            read.lines.iter().map(|line| (line.key.as_str(), line.part.as_str(), line.text.as_str(), &line.evidence[..])).collect();
        assert_eq!(lines, [("a", "1", "=1+1\nen een tweede regel", &[2, 5][..]), ("b", "1.10", "Kort", &[][..])]);
    }

    #[test]
    fn another_workbook_is_no_form() {
        let bytes = crate::write::framework_template().unwrap();
        assert_eq!(parse_findings_form(&read_direct(&bytes, &Limits::default()).unwrap()), None);
    }

    #[test]
    fn numbers_are_read_whatever_stands_between_them() {
        assert_eq!(numbers("2, 5"), [2, 5]);
        assert_eq!(numbers("2.5"), [2, 5]);
        assert_eq!(numbers("nr 3 en 4;"), [3, 4]);
        assert!(numbers("-").is_empty());
    }
}
