//! When reviews come back: every six years, before the end of 2029, or within a second chance.

use chrono::{Datelike, Months, NaiveDate};
use thiserror::Error;

use super::{Judgement, Review, ReviewKind, ReviewState};
use crate::values::SchoolYear;

/// A partnership is reviewed once in this many years (framework of 2021).
pub const RHYTHM_YEARS: i32 = 6;
/// In that time its people visit at least this many reviews of others (framework of 2021).
pub const VISITS_OWED: usize = 2;
/// The last calendar year in which every region has held a developmental review.
pub const DEADLINE_YEAR: i32 = 2029;

/// The last day of a calendar year.
pub fn end_of(year: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, 12, 31)
}

/// Why there is no second chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoSecondChance {
    /// Nothing is passed or failed in a developmental review.
    #[error("developmental")]
    Developmental,
    /// It was not judged insufficient, or the day of the decision is not known.
    #[error("not judged insufficient")]
    NotInsufficient,
    /// It was a second chance itself.
    #[error("was a second chance itself")]
    Second,
}

impl NoSecondChance {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Developmental => "ontwikkelingsgericht",
            Self::NotInsufficient => "niet-onvoldoende",
            Self::Second => "al-tweede-kans",
        }
    }

    /// What is wrong, in Dutch.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Developmental => "Een ontwikkelingsgerichte review oordeelt niet, dus een tweede kans past daar niet bij.",
            Self::NotInsufficient => "Een tweede kans volgt op een onvoldoende met de dag waarop die is gegeven. Vul die eerst in.",
            Self::Second => "Dit was al een tweede kans. Een derde is er niet.",
        }
    }
}

/// The last day of a second chance: the end of the second school year after the one in which was decided.
///
/// # Errors
/// [`NoSecondChance`].
pub fn second_chance(review: &Review, before: Option<&Review>) -> Result<NaiveDate, NoSecondChance> {
    if review.kind == ReviewKind::Developmental {
        return Err(NoSecondChance::Developmental);
    }
    let insufficient = |review: &Review| review.outcome.as_ref().filter(|outcome| outcome.overall == Judgement::Insufficient).cloned();
    if before.is_some_and(|before| insufficient(before).is_some()) {
        return Err(NoSecondChance::Second);
    }
    let decided = insufficient(review).and_then(|outcome| outcome.decided_on).ok_or(NoSecondChance::NotInsufficient)?;
    let year = SchoolYear::starting(if decided.month() >= 8 { decided.year() } else { decided.year() - 1 });
    NaiveDate::from_ymd_opt(year.first_year() + 3, 7, 31).ok_or(NoSecondChance::NotInsufficient)
}

/// The year a review belongs to on a calendar: that of the visit, or the first one a document names.
pub fn year_of(review: &Review) -> Option<i32> {
    let planned = || review.years.iter().map(|planned| planned.year).min();
    review.held_on.or(review.visit_on).map(|day| day.year()).or_else(planned)
}

/// The last day on which the next review must be done, six years after this one was held; nothing for one that was not
/// held. Where only the year is known, the end of that year counts.
pub fn next_due(review: &Review) -> Option<NaiveDate> {
    if review.state != ReviewState::Closed && review.held_on.is_none() {
        return None;
    }
    let held = review.held_on.or_else(|| end_of(year_of(review)?))?;
    held.checked_add_months(Months::new(RHYTHM_YEARS.unsigned_abs() * 12))
}

/// How a review stands to its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deadline {
    /// Nothing to say: done, or no last day.
    Quiet,
    /// It is planned for this year or day, which is too late.
    PlannedTooLate(NaiveDate),
    /// No year and no day were named, and the last day is nearer than two years.
    NotPlanned(NaiveDate),
    /// The last day has passed.
    Passed(NaiveDate),
}

impl Deadline {
    /// A warning, in Dutch; nothing when there is none.
    pub fn dutch(self) -> Option<String> {
        let words = |day: NaiveDate| day.format("%-d-%-m-%Y");
        match self {
            Self::Quiet => None,
            Self::PlannedTooLate(due) => Some(format!("Gepland na de uiterste dag {}. Kies een eerdere dag.", words(due))),
            Self::NotPlanned(due) => Some(format!("Nog geen jaar of dag gepland; de uiterste dag is {}.", words(due))),
            Self::Passed(due) => Some(format!("De uiterste dag {} is voorbij.", words(due))),
        }
    }
}

/// Whether a review will be in time.
pub fn deadline(review: &Review, today: NaiveDate) -> Deadline {
    let done = matches!(review.state, ReviewState::Closed | ReviewState::Cancelled) || review.held_on.is_some();
    let Some(due) = review.due_on.filter(|_| !done) else { return Deadline::Quiet };
    if today > due {
        return Deadline::Passed(due);
    }
    let latest = review.years.iter().map(|planned| planned.year).max();
    let late = review.visit_on.map_or_else(|| latest.is_some_and(|year| year > due.year()), |day| day > due);
    if late {
        return Deadline::PlannedTooLate(due);
    }
    let near = today.checked_add_months(Months::new(24)).is_none_or(|limit| limit >= due);
    if near && review.visit_on.is_none() && latest.is_none() { Deadline::NotPlanned(due) } else { Deadline::Quiet }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::{DateTime, Utc};
    use uuid::Uuid;

    use super::*;
    use crate::ids::{FrameworkId, RegionId, ReviewId, Version};
    use crate::reviews::{Outcome, PlannedYear, Receiver};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn review(kind: ReviewKind) -> Review {
        Review {
            id: ReviewId(Uuid::nil()),
            slug: String::new(),
            name: String::new(),
            kind,
            receiver: Receiver::Region(RegionId(Uuid::nil())),
            framework: FrameworkId(Uuid::nil()),
            state: ReviewState::Planned,
            years: Vec::new(),
            visit_on: None,
            held_on: None,
            due_on: None,
            reflected_at: None,
            opened_at: None,
            outcome: None,
            respond_by: None,
            report_year: None,
            published_at: None,
            previous: None,
            made_at: DateTime::<Utc>::UNIX_EPOCH,
            made_by: None,
            version: Version::FIRST,
        }
    }

    fn judged(overall: Judgement, decided: &str) -> Review {
        let outcome = Outcome { safeguards: BTreeMap::new(), overall, decided_on: Some(day(decided)) };
        Review { outcome: Some(outcome), ..review(ReviewKind::Judging) }
    }

    #[test]
    fn a_second_chance_lasts_two_more_school_years() {
        for (decided, due) in [("2026-05-10", "2028-07-31"), ("2026-07-31", "2028-07-31"), ("2026-08-01", "2029-07-31")] {
            assert_eq!(second_chance(&judged(Judgement::Insufficient, decided), None), Ok(day(due)), "{decided}");
        }
    }

    #[test]
    fn there_is_one_second_chance_and_only_after_insufficient() {
        let failed = judged(Judgement::Insufficient, "2026-05-10");
        let passed = judged(Judgement::Sufficient, "2026-05-10");
        assert_eq!(second_chance(&passed, None), Err(NoSecondChance::NotInsufficient));
        assert_eq!(second_chance(&review(ReviewKind::Judging), None), Err(NoSecondChance::NotInsufficient));
        assert_eq!(second_chance(&review(ReviewKind::Developmental), None), Err(NoSecondChance::Developmental));
        assert_eq!(second_chance(&failed, Some(&failed)), Err(NoSecondChance::Second));
        assert!(second_chance(&failed, Some(&passed)).is_ok());
    }

    #[test]
    fn the_next_is_six_years_after_the_visit_or_after_its_year() {
        let held = Review { held_on: Some(day("2025-03-14")), ..review(ReviewKind::Developmental) };
        assert_eq!(next_due(&held), Some(day("2031-03-14")));
        let years = vec![PlannedYear { year: 2025, source: "jaarverslag".to_owned() }];
        let closed = Review { state: ReviewState::Closed, years: years.clone(), ..review(ReviewKind::Developmental) };
        assert_eq!(next_due(&closed), Some(day("2031-12-31")));
        assert_eq!(next_due(&Review { years, ..review(ReviewKind::Developmental) }), None);
    }

    #[test]
    fn warnings_come_before_the_last_day() {
        let due = Review { due_on: Some(day("2029-12-31")), ..review(ReviewKind::Developmental) };
        assert_eq!(deadline(&due, day("2026-07-01")), Deadline::Quiet);
        assert_eq!(deadline(&due, day("2028-01-01")), Deadline::NotPlanned(day("2029-12-31")));
        assert_eq!(deadline(&due, day("2030-01-01")), Deadline::Passed(day("2029-12-31")));
        let late = Review { years: vec![PlannedYear { year: 2030, source: "plan".to_owned() }], ..due.clone() };
        assert_eq!(deadline(&late, day("2026-07-01")), Deadline::PlannedTooLate(day("2029-12-31")));
        let agreed = Review { visit_on: Some(day("2029-11-01")), ..late };
        assert_eq!(deadline(&agreed, day("2028-01-01")), Deadline::Quiet);
        assert_eq!(deadline(&Review { held_on: Some(day("2029-11-01")), ..due }, day("2031-01-01")), Deadline::Quiet);
    }
}
