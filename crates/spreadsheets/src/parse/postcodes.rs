//! Coordinates of four-digit postcode areas, from `GeoNames` or another table.

use std::collections::BTreeMap;

use kernschil_domain::geo::Coordinate;
use kernschil_domain::values::Label;

use super::parse;
use crate::convert;
use crate::definition::ImportKind;
use crate::findings::{Outcome, Parsed};
use crate::raw::RawWorkbook;
use crate::table::Table;

const AREA: [&str; 4] = ["area", "place", "latitude", "longitude"];

#[cfg(test)]
pub(super) const SHEETS: &[super::SheetFields] = &[("areas", &AREA)];

/// A postcode area with where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostcodeArea {
    /// Four digits.
    pub area: String,
    /// Town on the first row of the area.
    pub place: Option<Label>,
    /// Mean of all rows of the area.
    pub coordinate: Coordinate,
    /// First row of the file.
    pub row: u32,
}

/// What a postcode table says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostcodesFile {
    /// Areas, in ascending order.
    pub areas: Vec<PostcodeArea>,
}

/// Reads a postcode table. An area that stands on several rows gets the mean of them.
pub fn parse_postcodes(workbook: &RawWorkbook) -> Parsed<PostcodesFile> {
    parse(ImportKind::Postcodes, workbook, |[areas], outcome| PostcodesFile {
        areas: areas.map(|t| read_areas(&t, outcome)).unwrap_or_default(),
    })
}

/// Sum of the rows of one area.
struct Sum {
    place: Option<Label>,
    row: u32,
    count: i64,
    latitude: i64,
    longitude: i64,
}

fn read_areas(table: &Table<'_>, outcome: &mut Outcome) -> Vec<PostcodeArea> {
    let [area, place, latitude, longitude] = table.fields(AREA);
    let rows = table.read_rows(outcome, |row| {
        let (area, place) = (row.required(area, convert::postcode), row.optional(place, convert::label));
        let (latitude, longitude) = (row.required(latitude, convert::latitude), row.required(longitude, convert::longitude));
        Some((area?.area().to_owned(), place?, latitude?, longitude?))
    });
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    for row in rows {
        let (area, place, latitude, longitude) = row.value;
        let sum = sums.entry(area).or_insert(Sum { place, row: row.row, count: 0, latitude: 0, longitude: 0 });
        sum.count += 1;
        sum.latitude += i64::from(latitude);
        sum.longitude += i64::from(longitude);
    }
    sums.into_iter()
        .filter_map(|(area, sum)| {
            let coordinate = Coordinate { latitude: mean(sum.latitude, sum.count)?, longitude: mean(sum.longitude, sum.count)? };
            Some(PostcodeArea { area, place: sum.place, coordinate, row: sum.row })
        })
        .collect()
}

/// The mean rounded to the nearest unit; a half goes up.
fn mean(sum: i64, count: i64) -> Option<i32> {
    i32::try_from((2 * sum + count).div_euclid(2 * count.max(1))).ok()
}
