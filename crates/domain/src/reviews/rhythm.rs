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

/// A last day is near when no more than so many months are left: in which a year is planned, and the next review of a
/// rhythm of six years is put on the calendar. Earlier nobody can do anything about it.
const NEAR_MONTHS: u32 = 24;
/// With fewer months to the last day there must be a visit day: agreeing on day and panel, reflecting and visiting take half
/// a year, and a school year does not let a visit be on any day.
const DAY_MONTHS: u32 = 12;

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

fn is_within(due: NaiveDate, today: NaiveDate, months: u32) -> bool {
    today.checked_add_months(Months::new(months)).is_none_or(|limit| limit >= due)
}

/// Whether a last day is near enough to say something about what is not planned yet.
pub fn is_near(due: NaiveDate, today: NaiveDate) -> bool {
    is_within(due, today, NEAR_MONTHS)
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
    /// A year was named, but no day, and the last day is nearer than a year.
    NoDay {
        /// The last day.
        due: NaiveDate,
        /// Days until then.
        left: i64,
    },
    /// The year it was planned for has passed, without a day.
    YearPassed {
        /// That year.
        year: i32,
        /// The last day.
        due: NaiveDate,
    },
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
            Self::NoDay { due, left } => {
                let left = if left == 1 { "1 dag".to_owned() } else { format!("{left} dagen") };
                Some(format!("Nog geen bezoekdag, en nog {left} tot de uiterste dag {}. Spreek een dag af.", words(due)))
            }
            Self::YearPassed { year, due } => {
                Some(format!("Het geplande jaar {year} is voorbij zonder bezoek. Plan opnieuw; de uiterste dag is {}.", words(due)))
            }
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
    match latest {
        _ if review.visit_on.is_some() => Deadline::Quiet,
        Some(year) if year < today.year() => Deadline::YearPassed { year, due },
        Some(_) if is_within(due, today, DAY_MONTHS) => Deadline::NoDay { due, left: (due - today).num_days() },
        None if is_near(due, today) => Deadline::NotPlanned(due),
        Some(_) | None => Deadline::Quiet,
    }
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

    #[test]
    fn a_year_without_a_day_warns_in_the_last_year_and_when_it_has_passed() {
        let year = |year| PlannedYear { year, source: "plan".to_owned() };
        let planned = |years: &[i32]| Review {
            due_on: Some(day("2029-12-31")),
            years: years.iter().copied().map(year).collect(),
            ..review(ReviewKind::Developmental)
        };
        let due = day("2029-12-31");
        assert_eq!(deadline(&planned(&[2029]), day("2028-12-30")), Deadline::Quiet);
        assert_eq!(deadline(&planned(&[2029]), day("2028-12-31")), Deadline::NoDay { due, left: 365 });
        assert_eq!(deadline(&planned(&[2028, 2029]), day("2029-12-15")), Deadline::NoDay { due, left: 16 });
        assert_eq!(deadline(&planned(&[2028]), day("2029-01-01")), Deadline::YearPassed { year: 2028, due });
        assert_eq!(deadline(&planned(&[2027]), day("2028-01-01")), Deadline::YearPassed { year: 2027, due });
        let agreed = Review { visit_on: Some(day("2029-12-20")), ..planned(&[2028]) };
        assert_eq!(deadline(&agreed, day("2029-12-15")), Deadline::Quiet);
        assert!(deadline(&planned(&[2029]), day("2029-12-30")).dutch().unwrap().contains("nog 1 dag tot"));
    }

    #[test]
    fn the_next_of_the_rhythm_is_near_two_years_before() {
        assert!(!is_near(day("2033-04-13"), day("2027-04-14")));
        assert!(!is_near(day("2033-04-13"), day("2031-04-12")));
        assert!(is_near(day("2033-04-13"), day("2031-04-13")));
    }
}
