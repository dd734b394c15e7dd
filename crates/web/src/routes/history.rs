//! History of placements as the pages show it.

use chrono::{DateTime, Utc};
use kernschil_app::history::Stay;

use super::words::when;
use crate::views::history::{HistoryOf, StayLine};

fn told(at: Option<DateTime<Utc>>, how: &str, by: Option<&String>, now: DateTime<Utc>) -> String {
    let moment = at.map_or_else(|| "moment niet bekend".to_owned(), |at| when(at, now));
    match by {
        Some(name) => format!("{moment}, {how}, door {name}"),
        None => format!("{moment}, {how}"),
    }
}

/// The lines of a history.
pub(super) fn lines(of: HistoryOf, stays: &[Stay], now: DateTime<Utc>) -> Vec<StayLine> {
    let line = |stay: &Stay| StayLine {
        what: match of {
            HistoryOf::Student => (stay.school_code.clone(), stay.school_name.clone(), stay.school_code.clone()),
            HistoryOf::School => (stay.student.to_string(), stay.student_name.clone(), String::new()),
        },
        period: stay.period.clone(),
        made: told(stay.made_at, &stay.made_how, stay.made_by.as_ref(), now),
        announced: stay.announced_at.map(|at| when(at, now)).unwrap_or_default(),
        ended: stay.ended_how.as_ref().map(|how| told(stay.ended_at, how, stay.ended_by.as_ref(), now)).unwrap_or_default(),
    };
    stays.iter().map(line).collect()
}
