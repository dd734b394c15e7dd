//! Travel times between postcode areas. A trip that is not in the file stays as it is.

use kernschil_domain::registry::Registry;
use kernschil_spreadsheets::parse::TravelTimesFile;

use super::diff::{Counts, Table};
use super::planner::Planner;

/// Plans a file with travel times.
pub(super) fn plan(file: &TravelTimesFile, registry: &Registry, planner: &mut Planner<'_>) {
    let mut counts = Counts::default();
    for time in file.times.iter().map(|row| &row.value) {
        match registry.travel_times.get(&(time.from.clone(), time.to.clone(), time.mode)) {
            Some(known) if *known == time.minutes => {
                counts.unchanged += 1;
                continue;
            }
            Some(_) => counts.changed += 1,
            None => counts.added += 1,
        }
        planner.rows.registry.travel_times.push((time.from.clone(), time.to.clone(), time.mode, time.minutes));
    }
    planner.tally.add(Table::TravelTimes, counts);
}
