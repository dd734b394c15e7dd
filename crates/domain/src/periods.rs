//! Stretches of time: half-open spans for relations that change, and the periods of a round.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::{PeriodId, RoundId};

/// When something holds: from its first day up to, but not including, its end. No end means still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First day on which it holds.
    pub from: NaiveDate,
    /// First day on which it holds no more.
    pub until: Option<NaiveDate>,
}

impl Span {
    /// A span that has not ended.
    pub fn since(from: NaiveDate) -> Self {
        Self { from, until: None }
    }

    /// Whether it holds on a date.
    pub fn holds_on(&self, date: NaiveDate) -> bool {
        self.from <= date && self.until.is_none_or(|until| date < until)
    }

    /// Whether it lasts at least one day.
    pub fn is_ordered(&self) -> bool {
        self.until.is_none_or(|until| self.from < until)
    }

    /// Whether two spans share a day.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.until.is_none_or(|until| other.from < until) && other.until.is_none_or(|until| self.from < until)
    }
}

/// A part of the school year in which a place is taken. Differs per programme, so it is data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// Identifier.
    pub id: PeriodId,
    /// The round it belongs to.
    pub round: RoundId,
    /// Name within the round, such as `heel jaar` or `semester 1`.
    pub name: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, itself included.
    pub ends_on: NaiveDate,
}

impl Period {
    /// Whether a date falls in the period.
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.starts_on <= date && date <= self.ends_on
    }
}

/// A date as people in the Netherlands write it: `1 september 2026`.
pub fn dutch_date(date: NaiveDate) -> String {
    use chrono::Datelike;
    const MONTHS: [&str; 12] =
        ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"];
    let month = MONTHS.get(date.month0() as usize).copied().unwrap_or_default();
    format!("{} {month} {}", date.day(), date.year())
}

/// A date in Dutch words with the day of the week: `dinsdag 15 juni 2027`.
pub fn dutch_day(date: NaiveDate) -> String {
    use chrono::Datelike;
    const WEEKDAYS: [&str; 7] = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"];
    let weekday = WEEKDAYS.get(date.weekday().num_days_from_monday() as usize).copied().unwrap_or_default();
    format!("{weekday} {}", dutch_date(date))
}

/// Whether a date is a Saturday or a Sunday.
pub fn is_weekend(date: NaiveDate) -> bool {
    use chrono::{Datelike, Weekday};
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_span_holds_from_its_first_day_up_to_its_end() {
        let span = Span { from: day("2026-08-01"), until: Some(day("2027-08-01")) };
        assert!(span.holds_on(day("2026-08-01")));
        assert!(span.holds_on(day("2027-07-31")));
        assert!(!span.holds_on(day("2027-08-01")));
        assert!(!span.holds_on(day("2026-07-31")));
    }

    #[test]
    fn spans_that_only_touch_do_not_overlap() {
        let first = Span { from: day("2025-08-01"), until: Some(day("2026-08-01")) };
        assert!(!first.overlaps(&Span::since(day("2026-08-01"))));
        assert!(first.overlaps(&Span::since(day("2026-07-31"))));
    }

    #[test]
    fn a_date_is_a_dutch_date() {
        assert_eq!(dutch_date(day("2026-09-01")), "1 september 2026");
    }
}
