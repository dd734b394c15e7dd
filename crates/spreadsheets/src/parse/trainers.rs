//! Trainers, the schools they cover, and their qualifications.

use chrono::NaiveDate;
use kernschil_domain::codes::{QualificationKind, TrainerKind};
use kernschil_domain::periods::Span;
use kernschil_domain::values::{Label, SchoolCode};

use super::{EmployerCode, parse, required_span, small};
use crate::codes;
use crate::convert;
use crate::definition::ImportKind;
use crate::findings::{Located, Outcome, Parsed};
use crate::raw::RawWorkbook;
use crate::table::{Seen, Table};

const TRAINER: [&str; 7] = ["number", "name", "kind", "employer", "capacity", "schools", "valid_from"];
const QUALIFICATION: [&str; 4] = ["number", "kind", "valid_from", "valid_until"];

#[cfg(test)]
pub(super) const SHEETS: &[super::SheetFields] = &[("trainers", &TRAINER), ("qualifications", &QUALIFICATION)];

/// A row of sheet Opleiders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainerRow {
    /// The partnership's own number or code.
    pub number: Label,
    /// Name.
    pub name: Label,
    /// School or institute trainer.
    pub kind: TrainerKind,
    /// Employer.
    pub employer: EmployerCode,
    /// Students at the same time in one period; nothing means no limit.
    pub capacity: Option<i32>,
    /// Schools covered.
    pub schools: Vec<SchoolCode>,
    /// First day on which the trainer covers these schools.
    pub valid_from: NaiveDate,
}

/// A row of sheet Kwalificaties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QualificationRow {
    /// Number of the trainer.
    pub number: Label,
    /// What it is.
    pub kind: QualificationKind,
    /// When it is valid.
    pub span: Span,
}

/// What a trainers file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrainersFile {
    /// Trainers.
    pub trainers: Vec<Located<TrainerRow>>,
    /// Qualifications.
    pub qualifications: Vec<Located<QualificationRow>>,
}

/// Reads a trainers file.
pub fn parse_trainers(workbook: &RawWorkbook) -> Parsed<TrainersFile> {
    parse(ImportKind::Trainers, workbook, |[trainers, qualifications], outcome| TrainersFile {
        trainers: trainers.map(|t| read_trainers(&t, outcome)).unwrap_or_default(),
        qualifications: qualifications.map(|t| read_qualifications(&t, outcome)).unwrap_or_default(),
    })
}

fn read_trainers(table: &Table<'_>, outcome: &mut Outcome) -> Vec<Located<TrainerRow>> {
    let [number, name, kind, employer_col, capacity, schools, valid_from] = table.fields(TRAINER);
    let mut seen = Seen::default();
    table.read_rows(outcome, |row| {
        let (number_value, name) = (row.required(number, convert::label), row.required(name, convert::label));
        let kind = row.required(kind, |cell| convert::choice(cell, TrainerKind::parse, TrainerKind::ALL, TrainerKind::dutch));
        let (employer, capacity) = (row.required(employer_col, convert::employer), row.optional(capacity, convert::integer));
        let (schools, valid_from) = (row.list(schools, convert::schools), row.required(valid_from, convert::date));
        let number_value = number_value?;
        if let Some((first, ())) = seen.before(number_value.as_str().to_lowercase(), row.number(), ()) {
            row.error(
                codes::TRAINER_TWICE,
                number,
                format!("Opleider {number_value} staat ook op rij {first}."),
                "Zet alle scholen van een opleider in een cel, met een ; ertussen, en verwijder de andere rij.",
            );
            return None;
        }
        let (kind, employer) = (kind?, employer?);
        let fits = matches!(
            (kind, &employer),
            (TrainerKind::School, EmployerCode::Board(_)) | (TrainerKind::Institute, EmployerCode::Institute(_))
        );
        if !fits {
            let advice = "Een schoolopleider werkt bij een bestuur (bestuursnummer), een instituutopleider bij een instituut (BRIN).";
            row.error(codes::EMPLOYER_INVALID, employer_col, format!("Deze werkgever past niet bij een {}.", kind.dutch()), advice);
            return None;
        }
        Some(TrainerRow {
            number: number_value,
            name: name?,
            kind,
            employer,
            capacity: capacity?.and_then(small),
            schools: schools?,
            valid_from: valid_from?,
        })
    })
}

fn read_qualifications(table: &Table<'_>, outcome: &mut Outcome) -> Vec<Located<QualificationRow>> {
    let [number, kind_col, from, until] = table.fields(QUALIFICATION);
    let mut seen = Seen::default();
    table.read_rows(outcome, |row| {
        let number_value = row.required(number, convert::label);
        let kind = row
            .required(kind_col, |cell| convert::choice(cell, QualificationKind::parse, QualificationKind::ALL, QualificationKind::dutch));
        let span = required_span(row, from, until);
        let read = QualificationRow { number: number_value?, kind: kind?, span: span? };
        if let Some((first, ())) = seen.before((read.number.as_str().to_lowercase(), read.kind, read.span.from), row.number(), ()) {
            row.error(
                codes::QUALIFICATION_TWICE,
                kind_col,
                format!("Deze kwalificatie staat met dezelfde begindatum ook op rij {first}."),
                "Verwijder een van de twee rijen.",
            );
            return None;
        }
        Some(read)
    })
}
