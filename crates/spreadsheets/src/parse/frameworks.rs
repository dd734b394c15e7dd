//! A quality framework: its safeguards, criteria and questions, with what is wrong at its cell.

use kernschil_domain::frameworks::{Criterion, Fault, FaultKind, FrameworkContent, Origin, PartCode, Safeguard};

use super::parse_by;
use crate::codes;
use crate::convert;
use crate::definition::framework;
use crate::findings::{ColumnRef, Finding, Outcome, Parsed, Severity};
use crate::raw::RawWorkbook;
use crate::table::Table;

const GENERAL: [&str; 2] = ["name", "source"];
const SAFEGUARD: [&str; 4] = ["code", "name", "description", "origin"];
const CRITERION: [&str; 4] = ["safeguard", "code", "text", "origin"];
const QUESTION: [&str; 2] = ["part", "question"];

#[cfg(test)]
pub(super) const SHEETS: &[super::SheetFields] =
    &[("framework", &GENERAL), ("safeguards", &SAFEGUARD), ("criteria", &CRITERION), ("questions", &QUESTION)];

/// Where a part of the framework stands in the file.
struct Spot {
    /// Its path in the content.
    path: String,
    sheet: String,
    row: u32,
    /// The columns of its sheet by field.
    columns: Vec<(&'static str, Option<ColumnRef>)>,
}

/// Reads a quality framework. What comes out is complete only when nothing is wrong with the file.
pub fn parse_framework(workbook: &RawWorkbook) -> Parsed<FrameworkContent> {
    parse_by(framework(), workbook, |[general, safeguards, criteria, questions], outcome| {
        let mut book = Book { content: nothing(), spots: Vec::new() };
        if let Some(table) = &general {
            book.general(table, outcome);
        }
        if let Some(table) = &safeguards {
            book.safeguards(table, outcome);
        }
        if let Some(table) = &criteria {
            book.criteria(table, outcome);
        }
        if let Some(table) = &questions {
            book.questions(table, outcome);
        }
        let content = book.content.tidied();
        // A row that could not be read leaves a gap that would be told a second time.
        if outcome.errors == 0 {
            content.faults().iter().for_each(|fault| outcome.find(finding(fault, &book.spots)));
        }
        content
    })
}

fn nothing() -> FrameworkContent {
    FrameworkContent { name: String::new(), source: String::new(), questions: Vec::new(), safeguards: Vec::new() }
}

fn spot<const N: usize>(table: &Table<'_>, fields: [&'static str; N], row: u32) -> Spot {
    let columns = fields.into_iter().zip(table.fields(fields)).map(|(field, col)| (field, table.column_ref(col)));
    Spot { path: String::new(), sheet: table.name().to_owned(), row, columns: columns.collect() }
}

/// A framework that is put together from the sheets.
struct Book {
    content: FrameworkContent,
    spots: Vec<Spot>,
}

impl Book {
    fn put(&mut self, path: String, spot: Spot) {
        self.spots.push(Spot { path, ..spot });
    }

    fn general(&mut self, table: &Table<'_>, outcome: &mut Outcome) {
        let [name, source] = table.fields(GENERAL);
        let mut first = None;
        let rows = table.read_rows(outcome, |row| {
            let (named, from) = (row.required(name, convert::prose), row.required(source, convert::prose));
            if let Some(first) = first {
                let message = format!("Op dit blad staat één kader. Op rij {first} staat er al een.");
                row.error(codes::FRAMEWORK_ROWS, name, message, "Verwijder deze rij, of maak er een eigen werkboek van.");
                return None;
            }
            first = Some(row.number());
            Some((named?, from?))
        });
        for row in rows {
            self.put(String::new(), spot(table, GENERAL, row.row));
            (self.content.name, self.content.source) = row.value;
        }
    }

    fn safeguards(&mut self, table: &Table<'_>, outcome: &mut Outcome) {
        let [code, name, description, origin] = table.fields(SAFEGUARD);
        let rows = table.read_rows(outcome, |row| {
            let (code, name) = (row.required(code, convert::part_code), row.required(name, convert::prose));
            let description = row.as_it_is(description, convert::prose).map(Option::unwrap_or_default);
            let origin = row.required(origin, |cell| convert::choice(cell, Origin::parse, Origin::ALL, Origin::dutch));
            Some(Safeguard {
                code: PartCode(code?.trim().to_owned()),
                name: name?,
                description: description?,
                origin: origin?,
                questions: Vec::new(),
                criteria: Vec::new(),
            })
        });
        for (at, row) in rows.into_iter().enumerate() {
            self.put(format!("safeguards/{at}"), spot(table, SAFEGUARD, row.row));
            self.content.safeguards.push(row.value);
        }
    }

    fn criteria(&mut self, table: &Table<'_>, outcome: &mut Outcome) {
        let [safeguard, code, text, origin] = table.fields(CRITERION);
        let known: Vec<_> = self.content.safeguards.iter().map(|safeguard| safeguard.code.clone()).collect();
        let rows = table.read_rows(outcome, |row| {
            let of = row.required(safeguard, convert::part_code);
            let (code, text) = (row.required(code, convert::part_code), row.required(text, convert::prose));
            let origin = row.required(origin, |cell| convert::choice(cell, Origin::parse, Origin::ALL, Origin::dutch));
            let of = PartCode(of?.trim().to_owned());
            let Some(at) = known.iter().position(|code| *code == of) else {
                let advice = "Gebruik een code van blad Waarborgen, of voeg de waarborg daar toe.";
                row.error(codes::PART_UNKNOWN, safeguard, format!("Er is geen waarborg met code {of}."), advice);
                return None;
            };
            Some((at, Criterion { code: PartCode(code?.trim().to_owned()), text: text?, origin: origin?, questions: Vec::new() }))
        });
        for row in rows {
            let (at, criterion) = row.value;
            let Some(safeguard) = self.content.safeguards.get_mut(at) else { continue };
            let path = format!("safeguards/{at}/criteria/{}", safeguard.criteria.len());
            safeguard.criteria.push(criterion);
            self.put(path, spot(table, CRITERION, row.row));
        }
    }

    /// The questions of a part, with its path.
    fn questions_of(&mut self, code: &str) -> Option<(String, &mut Vec<String>)> {
        if code.is_empty() {
            return Some(("questions".to_owned(), &mut self.content.questions));
        }
        for (at, safeguard) in self.content.safeguards.iter_mut().enumerate() {
            if safeguard.code.0 == code {
                return Some((format!("safeguards/{at}/questions"), &mut safeguard.questions));
            }
            for (place, criterion) in safeguard.criteria.iter_mut().enumerate() {
                if criterion.code.0 == code {
                    return Some((format!("safeguards/{at}/criteria/{place}/questions"), &mut criterion.questions));
                }
            }
        }
        None
    }

    fn questions(&mut self, table: &Table<'_>, outcome: &mut Outcome) {
        let [part, question] = table.fields(QUESTION);
        let rows = table.read_rows(outcome, |row| {
            let code = row.as_it_is(part, convert::part_code).map(Option::unwrap_or_default);
            let question = row.required(question, convert::prose);
            let (code, question) = (code?.trim().to_owned(), question?);
            if self.questions_of(&code).is_none() {
                let advice = "Gebruik een code van blad Waarborgen of Criteria, of laat de code leeg voor het hele kader.";
                row.error(codes::PART_UNKNOWN, part, format!("Er is geen onderdeel met code {code}."), advice);
                return None;
            }
            Some((code, question))
        });
        for row in rows {
            let (code, question) = row.value;
            let Some((path, questions)) = self.questions_of(&code) else { continue };
            questions.push(question);
            let path = format!("{path}/{}", questions.len() - 1);
            self.put(path, spot(table, QUESTION, row.row));
        }
    }
}

/// What is wrong with the content, at its cell.
fn finding(fault: &Fault, spots: &[Spot]) -> Finding {
    let within = |spot: &&Spot| {
        let rest = fault.path.strip_prefix(&spot.path);
        rest.is_some_and(|rest| spot.path.is_empty() || rest.is_empty() || rest.starts_with('/'))
    };
    let spot = spots.iter().filter(within).max_by_key(|spot| spot.path.len());
    let field = spot.map(|spot| fault.path.get(spot.path.len()..).unwrap_or_default().trim_start_matches('/'));
    // The rest of the path of a question is nothing: the row is the question.
    let field = field.map(|field| if field.is_empty() { "question" } else { field });
    let column = spot.zip(field).and_then(|(spot, field)| spot.columns.iter().find(|(name, _)| *name == field)?.1.clone());
    let code = match fault.kind {
        FaultKind::Empty => codes::REQUIRED,
        FaultKind::TooLong => codes::TEXT_TOO_LONG,
        FaultKind::Unprintable => codes::TEXT_INVALID,
        FaultKind::BadCode => codes::PART_CODE_INVALID,
        FaultKind::CodeTwice => codes::PART_TWICE,
        FaultKind::QuestionTwice => codes::QUESTION_TWICE,
        FaultKind::NoSafeguards => codes::NO_SAFEGUARDS,
        FaultKind::TooMany => codes::TOO_MANY_PARTS,
    };
    let sentence = fault.kind.dutch();
    let (message, advice) = sentence.split_once(". ").unwrap_or((sentence, ""));
    Finding {
        severity: Severity::Error,
        code: code.into(),
        sheet: spot.map(|spot| spot.sheet.clone()),
        row: spot.map(|spot| spot.row),
        column,
        value: None,
        message: format!("{}.", message.trim_end_matches('.')),
        advice: advice.to_owned(),
    }
}
