//! When people are reminded of what a review waits for.

use chrono::NaiveDate;

/// Days from the day on which a step, a response or a follow-up should be done.
pub const REMINDER_DAYS: [i32; 3] = [-14, -3, 1];
/// Days from the last day of a review as a whole: from two years before it, when it should stand on the calendar.
pub const DEADLINE_DAYS: [i32; 6] = [-730, -365, -180, -90, -30, 1];
/// A reminder of something that is late is no news any more after so many days.
const LAST_DAYS: i64 = 14;

/// The reminder that holds on a day for something that is due on another: the latest of these days that has come. One that
/// was missed, because the program did not run, still comes until the next one. Nothing before the first, and nothing when
/// the last is long ago.
pub fn reminder_on(today: NaiveDate, due_on: NaiveDate, days: &[i32]) -> Option<i32> {
    let since = (today - due_on).num_days();
    let found = days.iter().copied().filter(|day| i64::from(*day) <= since).max()?;
    let is_last = days.iter().all(|day| *day <= found);
    (!is_last || since < i64::from(found) + LAST_DAYS).then_some(found)
}

/// How a day stands to today, in Dutch: `over 14 dagen (15-7-2026)`.
pub fn until_words(today: NaiveDate, due_on: NaiveDate) -> String {
    let day = due_on.format("%-d-%-m-%Y");
    match (due_on - today).num_days() {
        0 => format!("vandaag ({day})"),
        1 => format!("morgen ({day})"),
        -1 => format!("gisteren ({day})"),
        left @ 2.. => format!("over {left} dagen ({day})"),
        late => format!("{} dagen geleden ({day})", -late),
    }
}

#[cfg(test)]
mod tests {
    use chrono::Days;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_reminder_holds_from_its_day_until_the_next() {
        let due = day("2026-07-15");
        let seen: Vec<_> = (0..=45)
            .map(|passed| day("2026-06-15").checked_add_days(Days::new(passed)).unwrap())
            .filter_map(|today| Some((today, reminder_on(today, due, &REMINDER_DAYS)?)))
            .collect();
        let first = |days: i32| seen.iter().find(|(_, found)| *found == days).unwrap().0;
        let last = |days: i32| seen.iter().rfind(|(_, found)| *found == days).unwrap().0;
        assert_eq!((first(-14), last(-14)), (day("2026-07-01"), day("2026-07-11")));
        assert_eq!((first(-3), last(-3)), (day("2026-07-12"), day("2026-07-15")));
        assert_eq!((first(1), last(1)), (day("2026-07-16"), day("2026-07-29")));
    }

    #[test]
    fn a_day_is_told_from_today() {
        let words = |today: &str| until_words(day(today), day("2026-07-15"));
        let told = ["2026-07-01", "2026-07-14", "2026-07-15", "2026-07-16", "2026-07-20"].map(words);
        let expected = ["over 14 dagen", "morgen", "vandaag", "gisteren", "5 dagen geleden"];
        assert_eq!(told.to_vec(), expected.map(|text| format!("{text} (15-7-2026)")).to_vec());
    }
}
