//! From cells to typed rows: what a file says, with every finding at once.
//!
//! Each `parse_*` function takes the cells of a file and gives the rows that could be read, with all
//! [findings](crate::Finding) and [notes](crate::Note). A row with an error is left out, so a file with
//! errors must not be imported: see [`Parsed::is_clean`]. Only the file itself is looked at; whether a
//! school or round exists is for the caller to say.

mod duo;
mod findings_form;
pub(crate) mod form_words;
mod frameworks;
mod members;
mod offers;
mod partnerships;
mod postcodes;
mod students;
mod trainers;
mod travel_times;

pub use duo::{DuoFile, DuoSchoolRow, parse_duo};
pub use findings_form::{FilledForm, FormColumn, FormLine, parse_findings_form};
pub use frameworks::parse_framework;
pub use members::{BoardRow, Membership, SchoolRow};
pub use offers::{OfferRow, OffersFile, PeriodRow, RoundRow, SchoolTotalRow, parse_offers};
pub use partnerships::{ConditionRow, PartnershipRow, PartnershipsFile, ProgrammeRow, QualityRow, parse_partnerships};
pub use postcodes::{PostcodeArea, PostcodesFile, parse_postcodes};
pub use students::{StudentRow, StudentsFile, parse_students};
pub use trainers::{QualificationRow, TrainerRow, TrainersFile, parse_trainers};
pub use travel_times::{TravelTimeRow, TravelTimesFile, parse_travel_times};

use std::fmt;

use chrono::{Days, NaiveDate};
use kernschil_domain::periods::Span;
use kernschil_domain::values::{BoardNumber, Brin, SchoolCode};

use crate::codes;
use crate::convert;
use crate::definition::{Definition, ImportKind, definition};
use crate::findings::{Outcome, Parsed};
use crate::raw::RawWorkbook;
use crate::table::{self, Col, Row, Table};

/// Who employs a trainer, by code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EmployerCode {
    /// A board.
    Board(BoardNumber),
    /// An institute.
    Institute(Brin),
}

impl fmt::Display for EmployerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Board(board) => board.fmt(f),
            Self::Institute(brin) => brin.fmt(f),
        }
    }
}

/// What a student wishes, by code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum WishCode {
    /// One school.
    School(SchoolCode),
    /// Any school of the board.
    Board(BoardNumber),
}

impl fmt::Display for WishCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::School(school) => school.fmt(f),
            Self::Board(board) => board.fmt(f),
        }
    }
}

/// Opens the tables of a file, reads them, and puts the findings in order.
fn parse<T, const N: usize>(
    kind: ImportKind,
    workbook: &RawWorkbook,
    read: impl FnOnce([Option<Table<'_>>; N], &mut Outcome) -> T,
) -> Parsed<T> {
    parse_by(definition(kind), workbook, read)
}

/// The same by a definition.
fn parse_by<T, const N: usize>(
    definition: &Definition,
    workbook: &RawWorkbook,
    read: impl FnOnce([Option<Table<'_>>; N], &mut Outcome) -> T,
) -> Parsed<T> {
    let mut outcome = Outcome::default();
    let mut tables = table::open(definition, workbook, &mut outcome).into_iter();
    let value = read(std::array::from_fn(|_| tables.next().flatten()), &mut outcome);
    let order: Vec<&str> = workbook.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    outcome.sort(&order);
    Parsed { value, outcome }
}

/// Reads when something holds. In a file the last day is included; a [`Span`] ends on the day after.
fn span(row: &mut Row<'_, '_>, from: NaiveDate, until: Option<NaiveDate>, until_col: Col) -> Option<Span> {
    match until {
        Some(last) if last < from => {
            row.error(codes::DATES_REVERSED, until_col, "De einddatum ligt voor de begindatum.", "Verander een van de twee datums.");
            None
        }
        Some(last) => Some(Span { from, until: last.checked_add_days(Days::new(1)) }),
        None => Some(Span::since(from)),
    }
}

/// Reads the dates of something that holds from a required first day to an optional last day.
fn required_span(row: &mut Row<'_, '_>, from: Col, until: Col) -> Option<Span> {
    let (first, last) = (row.required(from, convert::date), row.optional(until, convert::date));
    span(row, first?, last?, until)
}

/// A number read with bounds that fit its type.
fn small<T: TryFrom<i64>>(number: i64) -> Option<T> {
    T::try_from(number).ok()
}

/// A sheet of a definition with the fields that its reader asks for.
#[cfg(test)]
pub(crate) type SheetFields = (&'static str, &'static [&'static str]);

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_definition_covers_exactly_the_fields_of_its_typed_rows() {
        let all: [(ImportKind, &[SheetFields]); 7] = [
            (ImportKind::Partnerships, partnerships::SHEETS),
            (ImportKind::Trainers, trainers::SHEETS),
            (ImportKind::Offers, offers::SHEETS),
            (ImportKind::Students, students::SHEETS),
            (ImportKind::Duo, duo::SHEETS),
            (ImportKind::Postcodes, postcodes::SHEETS),
            (ImportKind::TravelTimes, travel_times::SHEETS),
        ];
        let own = (crate::definition::framework(), frameworks::SHEETS);
        for (definition, sheets) in all.into_iter().map(|(kind, sheets)| (definition(kind), sheets)).chain([own]) {
            let defined = &definition.sheets;
            assert_eq!(defined.iter().map(|s| s.key.as_str()).collect::<Vec<_>>(), sheets.iter().map(|s| s.0).collect::<Vec<_>>());
            for (def, (_, fields)) in defined.iter().zip(sheets) {
                let defined: BTreeSet<&str> = def.columns.iter().map(|c| c.field.as_str()).collect();
                assert_eq!(defined, fields.iter().copied().collect(), "{} {}", definition.title, def.name);
            }
        }
    }
}
