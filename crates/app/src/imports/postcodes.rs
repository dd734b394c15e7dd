//! Where postcode areas lie.

use kernschil_domain::registry::Registry;
use kernschil_spreadsheets::parse::PostcodesFile;

use super::diff::{Counts, Table};
use super::planner::Planner;

/// Plans a postcode table.
pub(super) fn plan(file: &PostcodesFile, registry: &Registry, planner: &mut Planner<'_>) {
    let mut counts = Counts::default();
    for area in &file.areas {
        match registry.areas.get(&area.area) {
            Some(known) if *known == area.coordinate => {
                counts.unchanged += 1;
                continue;
            }
            Some(_) => counts.changed += 1,
            None => counts.added += 1,
        }
        planner.rows.registry.areas.push((area.area.clone(), area.coordinate));
    }
    planner.tally.add(Table::Areas, counts);
}
