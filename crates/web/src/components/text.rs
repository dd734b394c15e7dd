//! Dutch numbers and plurals.

/// A count with a point between thousands: `1131` becomes `1.131`.
pub fn number(value: u32) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

/// A change with its sign: `+3`, `−2` or `0`.
pub fn change(value: i32) -> String {
    let size = number(value.unsigned_abs());
    match value {
        0 => size,
        1.. => format!("+{size}"),
        _ => format!("−{size}"),
    }
}

/// Tenths of a percent, always rounded down, so 999 of 1.000 never shows as 100 percent.
pub fn tenths(part: u32, whole: u32) -> Option<u32> {
    (u64::from(part) * 1000).checked_div(u64::from(whole)).and_then(|value| u32::try_from(value).ok())
}

/// A share as a percentage with one decimal, rounded down: `99,6%`. Without a whole it is a dash.
pub fn percent(part: u32, whole: u32) -> String {
    match tenths(part, whole) {
        None => "–".to_owned(),
        Some(1000) => "100%".to_owned(),
        Some(value) => format!("{},{}%", value / 10, value % 10),
    }
}

/// A count with the right form of the word: `1 student`, `38 studenten`.
pub fn counted(value: u32, one: &str, many: &str) -> String {
    format!("{} {}", number(value), if value == 1 { one } else { many })
}

/// The right form of a word for a count.
pub fn form<'a>(value: u32, one: &'a str, many: &'a str) -> &'a str {
    if value == 1 { one } else { many }
}

/// Joins words as a Dutch sentence does: `a, b en c`.
pub fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} en {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_get_a_point() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1131), "1.131");
        assert_eq!(number(1_234_567), "1.234.567");
    }

    #[test]
    fn a_share_is_never_rounded_up() {
        assert_eq!(percent(1130, 1131), "99,9%");
        assert_eq!(percent(996, 1000), "99,6%");
        assert_eq!(percent(1131, 1131), "100%");
        assert_eq!(percent(0, 3), "0,0%");
        assert_eq!(percent(0, 0), "–");
    }

    #[test]
    fn words_are_joined_as_in_a_sentence() {
        let words = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(listed(&words), "a, b en c");
        assert_eq!(listed(&words[..1]), "a");
        assert_eq!(counted(1, "student", "studenten"), "1 student");
        assert_eq!(change(-2), "−2");
    }
}
