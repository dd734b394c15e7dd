//! Passwords that are among the first to be tried.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::{fold, own, words};

const LONG: &str = include_str!("../../data/common.txt");
const BASES: &str = include_str!("../../data/bases.txt");

static KNOWN: LazyLock<HashSet<&str>> = LazyLock::new(|| LONG.lines().chain(BASES.lines()).collect());

// Neighbours on a keyboard, in figures and in the alphabet.
const ROWS: [&str; 5] = [
    "1234567890qwertyuiopasdfghjklzxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "abcdefghijklmnopqrstuvwxyz",
    "012345678901234567890123456789",
    "qwertyuiop[]asdfghjkl;'",
];

// Something this short is no password, however often it is repeated.
const REPEATED: usize = 4;

/// Whether a password is common, or a common one with little done to it: figures and signs before or after, figures for letters,
/// the same twice, or a common Dutch word or two.
pub(super) fn is_common(password: &str) -> bool {
    let folded = fold::folded(password);
    let read = fold::read_as_letters(&folded);
    [&folded, &read].into_iter().any(|text| {
        let unit = fold::unit(text);
        let repeated = unit.len() < text.len() && unit.chars().count() <= REPEATED;
        repeated || own::is_mostly_words(text, words::COMMON) || [text, unit].into_iter().any(is_known_with_trimmings)
    })
}

fn is_known_with_trimmings(text: &str) -> bool {
    let bare = text.trim_matches(|sign: char| !sign.is_alphanumeric());
    let headed = text.trim_end_matches(|sign: char| !sign.is_alphabetic());
    let word = headed.trim_start_matches(|sign: char| !sign.is_alphabetic());
    [text, bare, headed, word].into_iter().any(|form| KNOWN.contains(form) || is_row(form))
}

fn is_row(text: &str) -> bool {
    let backwards: String = text.chars().rev().collect();
    text.chars().count() >= REPEATED && ROWS.iter().any(|row| row.contains(text) || row.contains(&backwards))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::passwords::MIN;

    fn is_strictly_sorted(list: &str) -> bool {
        list.lines().zip(list.lines().skip(1)).all(|(one, next)| one < next)
    }

    #[test]
    fn the_long_list_is_long_sorted_and_within_the_rules() {
        assert!((3_000..=20_000).contains(&LONG.lines().count()));
        assert!(is_strictly_sorted(LONG));
        assert!(LONG.lines().all(|line| line.len() >= MIN && line == line.trim() && line == fold::folded(line)));
    }

    #[test]
    fn the_bases_are_sorted_and_shorter() {
        assert_eq!(BASES.lines().count(), 10_000);
        assert!(is_strictly_sorted(BASES));
        assert!(BASES.lines().all(|line| (4..MIN).contains(&line.len()) && line == line.trim() && line == fold::folded(line)));
    }

    #[test]
    fn every_listed_password_is_refused_in_any_case() {
        for line in LONG.lines().chain(BASES.lines()) {
            assert!(is_common(line) && is_common(&line.to_uppercase()), "{line}");
        }
    }

    #[test]
    fn what_people_do_to_a_common_password_does_not_help() {
        let refused = [
            "Welkom2026!!",
            "Wachtwoord123",
            "W@chtw00rd123",
            "2026Welkom!!",
            "!!!geheim!!!",
            "Zomer2026!!!!",
            "WelkomZomer2026",
            "samenopleiden1",
            "Samen Opleiden 2026",
            "kernschil123",
            "Welkom01Welkom01",
            "P@ssw0rd1234",
            "qwertyuiop12",
            "poiuytrewq!!",
            "123456789012",
            "09876543210987",
            "abcdefghijkl",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "iloveyou2026",
            "liverpool123",
            "1q2w3e4r5t6y",
        ];
        for password in refused {
            assert!(is_common(password), "{password}");
        }
    }

    #[test]
    fn nothing_is_not_common() {
        assert!(!is_common(""));
    }

    proptest! {
        #[test]
        fn a_common_word_with_figures_is_common(word in prop::sample::select(words::COMMON), tail in "[0-9!?.@#-]{0,8}") {
            let password = format!("{word}{tail}");
            prop_assert!(is_common(&password), "{}", password);
        }

        #[test]
        fn a_common_password_repeated_is_common(at in 0_usize..10_000, times in 1_usize..4) {
            let base = BASES.lines().nth(at).unwrap();
            prop_assert!(is_common(&base.repeat(times)));
        }
    }
}
