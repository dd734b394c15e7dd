//! Travel times between postcode areas, that go before the estimate.

use kernschil_domain::policy::TravelMode;

use super::{parse, small};
use crate::codes;
use crate::convert;
use crate::definition::ImportKind;
use crate::findings::{Located, Outcome, Parsed};
use crate::raw::RawWorkbook;
use crate::table::{Seen, Table};

const TIME: [&str; 4] = ["from", "to", "mode", "minutes"];

#[cfg(test)]
pub(super) const SHEETS: &[super::SheetFields] = &[("times", &TIME)];

/// How long one trip takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TravelTimeRow {
    /// Postcode area of the home, four digits.
    pub from: String,
    /// Postcode area of the school, four digits.
    pub to: String,
    /// How one travels.
    pub mode: TravelMode,
    /// Minutes from door to door, one way.
    pub minutes: u16,
}

/// What a file with travel times says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TravelTimesFile {
    /// Trips; each pair of areas once for each manner of travelling.
    pub times: Vec<Located<TravelTimeRow>>,
}

/// Reads a file with travel times.
pub fn parse_travel_times(workbook: &RawWorkbook) -> Parsed<TravelTimesFile> {
    parse(ImportKind::TravelTimes, workbook, |[times], outcome| TravelTimesFile {
        times: times.map(|t| read_times(&t, outcome)).unwrap_or_default(),
    })
}

fn read_times(table: &Table<'_>, outcome: &mut Outcome) -> Vec<Located<TravelTimeRow>> {
    let [from, to, mode, minutes] = table.fields(TIME);
    let mut trips = Seen::default();
    table.read_rows(outcome, |row| {
        let (home, school) = (row.required(from, convert::postcode), row.required(to, convert::postcode));
        let manner = row.required(mode, convert::travel_mode);
        let taken = row.required(minutes, convert::integer);
        let (home, school, mode) = (home?.area().to_owned(), school?.area().to_owned(), manner?);
        let minutes = taken.and_then(small)?;
        if let Some((first, ())) = trips.before((home.clone(), school.clone(), mode), row.number(), ()) {
            row.error(
                codes::TRAVEL_TIME_TWICE,
                from,
                format!("De reis van {home} naar {school} met {} staat ook op rij {first}.", mode.dutch()),
                "Verwijder een van de twee rijen.",
            );
            return None;
        }
        Some(TravelTimeRow { from: home, to: school, mode, minutes })
    })
}
