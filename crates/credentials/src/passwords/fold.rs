//! The forms in which a password is looked up.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// In lower case and without accents.
pub(super) fn folded(text: &str) -> String {
    text.nfkd().filter(|sign| !is_combining_mark(*sign)).flat_map(char::to_lowercase).collect()
}

/// With the figures and signs that stand for letters read as letters: `p@$$w0rd` becomes `password`.
///
/// Only where a letter follows, or the figures at the end of `welkom10` would become letters too.
pub(super) fn read_as_letters(text: &str) -> String {
    let mut signs: Vec<char> = text.chars().collect();
    for i in (1..signs.len()).rev() {
        if signs[i].is_alphabetic() {
            signs[i - 1] = match signs[i - 1] {
                '0' => 'o',
                '1' | '!' => 'i',
                '3' => 'e',
                '4' | '@' => 'a',
                '5' | '$' => 's',
                '7' => 't',
                sign => sign,
            };
        }
    }
    signs.into_iter().collect()
}

/// What is repeated when a text is the same thing several times over; otherwise the text itself.
pub(super) fn unit(text: &str) -> &str {
    let ends = text.char_indices().map(|(at, _)| at).filter(|at| *at > 0 && text.len().is_multiple_of(*at));
    ends.map(|at| &text[..at]).find(|part| part.repeat(text.len() / part.len()) == text).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accents_and_capitals_are_folded() {
        assert_eq!(folded("Zoë José ĲSSEL"), "zoe jose ijssel");
    }

    #[test]
    fn figures_before_letters_are_read_as_letters() {
        assert_eq!(read_as_letters("p@$$w0rd123"), "password123");
        assert_eq!(read_as_letters("welkom10"), "welkom10");
    }

    #[test]
    fn repetition_is_seen() {
        assert_eq!(unit("welkomwelkom"), "welkom");
        assert_eq!(unit("aaaa"), "a");
        assert_eq!(unit("éxéxéx"), "éx");
        assert_eq!(unit("abcab"), "abcab");
        assert_eq!(unit(""), "");
    }

    proptest! {
        #[test]
        fn a_unit_repeats_to_the_text(part in "\\PC{1,6}", times in 1_usize..6) {
            let text = part.repeat(times);
            let unit = unit(&text);
            prop_assert!(unit.len() <= part.len());
            prop_assert_eq!(unit.repeat(text.len() / unit.len()), text);
        }

        #[test]
        fn reading_as_letters_keeps_the_length(text in any::<String>()) {
            prop_assert_eq!(read_as_letters(&text).chars().count(), text.chars().count());
        }
    }
}
