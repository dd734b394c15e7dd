//! Students who need a place in several periods of a round: both, a half, or none.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::codes::Need;
use crate::ids::{DemandId, PeriodId, StudentId};
use crate::rounds::RoundData;

/// A student with several periods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeveralPeriods {
    /// The student.
    pub student: StudentId,
    /// Periods with a place, the earliest first.
    pub placed: Vec<PeriodId>,
    /// Periods without, the earliest first.
    pub missing: Vec<PeriodId>,
}

impl SeveralPeriods {
    /// Whether the student has a place in some periods and not in others.
    pub fn is_half(&self) -> bool {
        !self.placed.is_empty() && !self.missing.is_empty()
    }
}

/// The students who need a place in more than one period of the round.
pub fn several_periods(data: &RoundData) -> Vec<SeveralPeriods> {
    let mut by_student: BTreeMap<StudentId, BTreeMap<(Option<NaiveDate>, PeriodId), DemandId>> = BTreeMap::new();
    for demand in data.demands.values().filter(|demand| demand.need == Need::Required) {
        let starts_on = data.periods.get(&demand.period).map(|period| period.starts_on);
        by_student.entry(demand.student).or_default().insert((starts_on, demand.period), demand.id);
    }
    let several = by_student.into_iter().filter(|(_, periods)| periods.len() > 1);
    several
        .map(|(student, periods)| {
            let mut found = SeveralPeriods { student, placed: Vec::new(), missing: Vec::new() };
            for ((_, period), demand) in periods {
                let side = if data.placements.contains_key(&demand) { &mut found.placed } else { &mut found.missing };
                side.push(period);
            }
            found
        })
        .collect()
}
