//! Dates in all the ways in which people and programs write them. The day always comes first: an
//! American order is never guessed.

use chrono::{Datelike, Days, NaiveDate};

use crate::codes;
use crate::convert::{Problem, Read};

const MONTHS: [&str; 12] =
    ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"];

const MONTH_WORDS: [(&str, u32); 20] = [
    ("jan", 1),
    ("feb", 2),
    ("febr", 2),
    ("mrt", 3),
    ("mar", 3),
    ("apr", 4),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("sept", 9),
    ("okt", 10),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    ("january", 1),
    ("february", 2),
    ("march", 3),
    ("october", 10),
];

const WEEKDAYS: [&str; 14] =
    ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag", "ma", "di", "wo", "do", "vr", "za", "zo"];

const ADVICE: &str = "Typ de datum als dag-maand-jaar, bijvoorbeeld 01-09-2026.";

/// A date in full, such as `1 september 2026`.
pub(crate) fn in_words(date: NaiveDate) -> String {
    let month = usize::try_from(date.month0()).ok().and_then(|index| MONTHS.get(index)).unwrap_or(&"");
    format!("{} {month} {}", date.day(), date.year())
}

/// A date as `01-09-2026`.
pub(crate) fn in_digits(date: NaiveDate) -> String {
    date.format("%d-%m-%Y").to_string()
}

/// The calendar date of a serial number, when Excel itself would show one.
pub(crate) fn of_serial(serial: f64, date_1904: bool) -> Option<NaiveDate> {
    const LAST: f64 = 2_958_466.0;
    if !(0.0..LAST).contains(&serial) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to lie between 0 and 2,958,466")]
    let days = serial.floor() as u64;
    let epoch = |year, month, day| NaiveDate::from_ymd_opt(year, month, day);
    if date_1904 {
        return epoch(1904, 1, 1)?.checked_add_days(Days::new(days));
    }
    match days {
        // Day 0 is not a date, and day 60 is 29 February 1900, which never was.
        0 | 60 => None,
        1..60 => epoch(1899, 12, 31)?.checked_add_days(Days::new(days)),
        _ => epoch(1899, 12, 30)?.checked_add_days(Days::new(days)),
    }
}

/// Reads a number from a date column. `formatted` says whether the cell showed it as a date.
pub(crate) fn from_number(number: f64, date_1904: bool, formatted: Formatted) -> Result<Read<NaiveDate>, Problem> {
    if formatted == Formatted::No && number.fract() == 0.0 && (19_000_101.0..=21_001_231.0).contains(&number) {
        let text = format!("{number:.0}");
        return from_compact(&text).map(|date| Read::became(date, in_words(date))).ok_or_else(|| impossible("Deze datum bestaat niet."));
    }
    let date = of_serial(number, date_1904).ok_or_else(|| impossible("Met dit getal bedoelt Excel geen bestaande datum."))?;
    let date = in_range(date)?;
    let exact = formatted == Formatted::Yes && number.fract() == 0.0;
    Ok(if exact { Read::same(date) } else { Read::became(date, in_words(date)) })
}

/// Whether a cell showed its number as a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Formatted {
    /// As a date or time.
    Yes,
    /// As a plain number.
    No,
}

/// Reads the text of a date column, cleaned.
pub(crate) fn from_text(text: &str, date_1904: bool) -> Result<Read<NaiveDate>, Problem> {
    let lower = text.to_lowercase();
    let parts = parts(&lower).ok_or_else(unreadable)?;
    let usual = is_usual(&lower);
    let read = |date: NaiveDate| if usual { Read::same(date) } else { Read::became(date, in_words(date)) };
    match parts.as_slice() {
        [one] => single(one, date_1904),
        [Part::Number(a, _), Part::Month(m)] if *a > 31 => Err(without_day(*m)),
        [Part::Month(m), Part::Number(a, digits)] if *digits == 4 || *a > 31 => Err(without_day(*m)),
        [Part::Number(month, _), Part::Number(_, 4)] | [Part::Number(_, 4), Part::Number(month, _)] => Err(without_day(*month)),
        [Part::Number(..), _] | [_, Part::Number(..)] => Err(without_year()),
        [Part::Number(year, 4), Part::Number(month, _), Part::Number(day, _)] => date(*year, *month, *day).map(read),
        [Part::Number(day, _), month, Part::Number(year, digits)]
        | [month @ Part::Month(_), Part::Number(day, _), Part::Number(year, digits)] => {
            let year = match digits {
                4 => *year,
                2 if *year < 80 => 2000 + year,
                2 => 1900 + year,
                _ => return Err(unreadable()),
            };
            let month = match month {
                Part::Number(month, _) | Part::Month(month) => *month,
            };
            date(year, month, *day).map(read)
        }
        _ => Err(unreadable()),
    }
}

/// `1-9-2026` and `2026-09-01` need no note.
fn is_usual(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |part: &str, sizes: &[usize]| sizes.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    matches!(parts.as_slice(), [a, b, c] if digits(b, &[1, 2])
        && ((digits(a, &[1, 2]) && digits(c, &[4])) || (digits(a, &[4]) && digits(c, &[1, 2]))))
}

enum Part {
    /// A number and how many digits it has.
    Number(u32, usize),
    /// A month by its name.
    Month(u32),
}

/// Splits into numbers and month names; leaves out the day of the week and the time.
fn parts(text: &str) -> Option<Vec<Part>> {
    let text = match text.split_once('t') {
        // 2026-09-01T00:00:00
        Some((day, time)) if day.ends_with(|c: char| c.is_ascii_digit()) && time.contains(':') => day,
        _ => text,
    };
    let mut parts = Vec::new();
    let words = text.split([' ', '-', '/', '.', ',', '–', '’', '\'']).filter(|word| !word.is_empty());
    for word in words {
        if word.contains(':') || (word == "uur" && !parts.is_empty()) || (parts.is_empty() && WEEKDAYS.contains(&word)) {
            continue;
        }
        if word.bytes().all(|b| b.is_ascii_digit()) {
            parts.push(Part::Number(word.parse().ok()?, word.len()));
        } else {
            parts.push(Part::Month(month(word)?));
        }
        if parts.len() > 3 {
            return None;
        }
    }
    Some(parts)
}

fn month(word: &str) -> Option<u32> {
    let full = MONTHS.iter().zip(1..).find(|(name, _)| **name == word).map(|(_, number)| number);
    full.or_else(|| MONTH_WORDS.iter().find(|(short, _)| *short == word).map(|(_, number)| *number))
}

/// A single number: `20260901`, `01092026`, or a serial number that came through as text.
fn single(part: &Part, date_1904: bool) -> Result<Read<NaiveDate>, Problem> {
    match part {
        Part::Number(number, 8) => {
            let found = from_compact(&format!("{number:08}"));
            found.map(|date| Read::became(date, in_words(date))).ok_or_else(|| impossible("Deze datum bestaat niet."))
        }
        Part::Number(number, 1..=7) if *number > 2_100 => from_number(f64::from(*number), date_1904, Formatted::No),
        Part::Number(_, 4) => Err(Problem::new(codes::DATE_WITHOUT_DAY, "Dit is alleen een jaar, geen datum.", ADVICE)),
        Part::Month(month) => Err(without_day(*month)),
        Part::Number(..) => Err(unreadable()),
    }
}

fn from_compact(text: &str) -> Option<NaiveDate> {
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<u32>().ok());
    let year_first = || date(number(0..4)?, number(4..6)?, number(6..8)?).ok();
    let day_first = || date(number(4..8)?, number(2..4)?, number(0..2)?).ok();
    year_first().or_else(day_first)
}

fn date(year: u32, month: u32, day: u32) -> Result<NaiveDate, Problem> {
    let found = i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day));
    let found = found.ok_or_else(|| {
        let american = (13..=31).contains(&month) && (1..=12).contains(&day);
        let why =
            if american { "Deze datum bestaat niet. Wij lezen altijd eerst de dag en dan de maand." } else { "Deze datum bestaat niet." };
        impossible(why)
    })?;
    in_range(found)
}

fn in_range(date: NaiveDate) -> Result<NaiveDate, Problem> {
    if (1990..=2100).contains(&date.year()) {
        return Ok(date);
    }
    Err(Problem::new(codes::DATE_RANGE, format!("De datum {} ligt niet tussen 1990 en 2100.", in_words(date)), ADVICE))
}

fn unreadable() -> Problem {
    Problem::new(codes::DATE_UNREADABLE, "Dit is geen datum.", ADVICE)
}

fn impossible(why: &str) -> Problem {
    Problem::new(codes::DATE_IMPOSSIBLE, why, ADVICE)
}

fn without_year() -> Problem {
    Problem::new(codes::DATE_WITHOUT_YEAR, "De datum heeft geen jaar.", ADVICE)
}

fn without_day(month: u32) -> Problem {
    let name = usize::try_from(month).ok().and_then(|m| MONTHS.get(m.wrapping_sub(1))).map_or(String::new(), |name| format!(" van {name}"));
    Problem::new(codes::DATE_WITHOUT_DAY, format!("De datum heeft geen dag{name}."), ADVICE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ymd(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn the_ways_in_which_a_date_is_written_give_the_same_date() {
        let date = ymd(2026, 9, 1);
        for text in ["1-9-2026", "01-09-2026", "2026-09-01"] {
            assert_eq!(from_text(text, false), Ok(Read::same(date)), "{text}");
        }
        for text in [
            "1/9/2026",
            "01/09/2026",
            "1.9.2026",
            "1 september 2026",
            "1 sept 2026",
            "1 sep. 2026",
            "1-sep-2026",
            "1-9-26",
            "1-9-'26",
            "dinsdag 1 september 2026",
            "di 1-9-2026",
            "1-9-2026 08:30",
            "2026-09-01T00:00:00",
            "20260901",
            "01092026",
            "1 SEPTEMBER 2026",
            "september 1, 2026",
            "46266",
        ] {
            assert_eq!(from_text(text, false), Ok(Read::became(date, "1 september 2026".to_owned())), "{text}");
        }
    }

    #[test]
    fn half_and_impossible_dates_say_what_is_missing() {
        for (text, code) in [
            ("03/04", codes::DATE_WITHOUT_YEAR),
            ("1 sept", codes::DATE_WITHOUT_YEAR),
            ("september 2026", codes::DATE_WITHOUT_DAY),
            ("9-2026", codes::DATE_WITHOUT_DAY),
            ("2026", codes::DATE_WITHOUT_DAY),
            ("31-6-2026", codes::DATE_IMPOSSIBLE),
            ("29-2-2027", codes::DATE_IMPOSSIBLE),
            ("09/25/2026", codes::DATE_IMPOSSIBLE),
            ("1-9-1926", codes::DATE_RANGE),
            ("binnenkort", codes::DATE_UNREADABLE),
            ("1-9-2026-3", codes::DATE_UNREADABLE),
            ("-", codes::DATE_UNREADABLE),
        ] {
            assert_eq!(from_text(text, false).map_err(|problem| problem.code), Err(code), "{text}");
        }
    }

    #[test]
    fn serial_numbers_count_from_1900_or_1904_and_the_day_that_never_was_is_refused() {
        assert_eq!(of_serial(46_266.0, false), Some(ymd(2026, 9, 1)));
        assert_eq!(of_serial(44_804.0, true), Some(ymd(2026, 9, 1)));
        assert_eq!(of_serial(1.0, false), Some(ymd(1900, 1, 1)));
        assert_eq!(of_serial(59.0, false), Some(ymd(1900, 2, 28)));
        assert_eq!(of_serial(61.0, false), Some(ymd(1900, 3, 1)));
        assert_eq!(of_serial(0.0, true), Some(ymd(1904, 1, 1)));
        for serial in [0.0, 60.0, -1.0, 2_958_466.0, f64::NAN] {
            assert_eq!(of_serial(serial, false), None);
            let code = from_number(serial, false, Formatted::Yes).map_err(|problem| problem.code);
            assert_eq!(code, Err(codes::DATE_IMPOSSIBLE));
        }
        assert_eq!(from_number(46_266.0, false, Formatted::Yes), Ok(Read::same(ymd(2026, 9, 1))));
        assert!(from_number(46_266.0, false, Formatted::No).is_ok_and(|read| read.became.is_some()));
        assert!(from_number(46_266.5, false, Formatted::Yes).is_ok_and(|read| read.became.is_some()));
        assert_eq!(from_number(20_260_901.0, false, Formatted::No).map(|read| read.value), Ok(ymd(2026, 9, 1)));
        assert_eq!(from_number(2026.0, false, Formatted::No).map_err(|p| p.code), Err(codes::DATE_RANGE));
    }
}
