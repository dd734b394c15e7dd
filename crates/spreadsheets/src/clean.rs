//! Text as it was meant: one Unicode form, no invisible characters, one kind of space.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Cleans text for people: NFC, no zero-width and control characters, every run of space (NBSP, line
/// break, tab) one space, none around, and the ligature ĳ as two letters.
pub(crate) fn clean(text: &str) -> String {
    // Nearly all cells are plain; look before copying.
    if is_plain(text) {
        return text.to_owned();
    }
    let mut result = String::with_capacity(text.len());
    let mut space = false;
    for c in text.nfc() {
        match c {
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}' => {}
            c if c.is_whitespace() => space = true,
            c if c.is_control() => {}
            c => {
                if space && !result.is_empty() {
                    result.push(' ');
                }
                space = false;
                match c {
                    'ĳ' => result.push_str("ij"),
                    'Ĳ' => result.push_str("IJ"),
                    c => result.push(c),
                }
            }
        }
    }
    result
}

fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().all(|b| (0x20..0x7f).contains(b))
        && bytes.first() != Some(&b' ')
        && bytes.last() != Some(&b' ')
        && !bytes.windows(2).any(|pair| pair == b"  ")
}

/// The text with only its outside space gone and in NFC: what the user would say stands in the cell.
pub(crate) fn shown(text: &str) -> String {
    if text.is_ascii() { text.trim().to_owned() } else { text.trim().nfc().collect() }
}

/// What two names are compared by: small letters and digits, without accents, space and signs.
pub(crate) fn key(text: &str) -> String {
    text.nfkd().filter(|c| !is_combining_mark(*c)).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How much two names look alike, 0 to 1000; 1000 is the same.
pub(crate) fn likeness(a: &str, b: &str) -> u32 {
    let (a, b) = (key(a), key(b));
    if a.is_empty() || b.is_empty() {
        return 0;
    }
    let same = strsim::normalized_damerau_levenshtein(&a, &b);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
    let thousandths = (same * 1000.0).round() as u32;
    thousandths
}

/// From this likeness on a name is offered as what was probably meant.
pub(crate) const CLOSE: u32 = 710;

/// The candidate that looks most like a name, when it looks enough like it.
pub(crate) fn closest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    candidates
        .into_iter()
        .map(|candidate| (likeness(name, candidate), candidate))
        .filter(|(score, _)| *score >= CLOSE)
        .max_by_key(|(score, _)| *score)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_differences_go_and_visible_text_stays() {
        for (given, expected) in [
            ("Zoe\u{308}", "Zoë"),
            ("\u{a0}van 't\u{a0} Hof ", "van 't Hof"),
            ("De\nKrul\r\nlevaar", "De Krul levaar"),
            ("Kla\u{200b}as\u{feff}", "Klaas"),
            ("Ĳsbrand van Dĳk", "IJsbrand van Dijk"),
            ("A\u{7}b", "Ab"),
            ("\u{a0}\u{200b}", ""),
            ("'t Hart", "'t Hart"),
        ] {
            assert_eq!(clean(given), expected);
        }
    }

    #[test]
    fn names_are_compared_without_case_accents_space_and_signs() {
        assert_eq!(key(" Onderwijs-\nregio’s* "), key("onderwijsregios"));
        assert_eq!(key("Privé"), "prive");
        assert!(likeness("Studentnumer", "Studentnummer") >= CLOSE);
        assert!(likeness("Voornaam", "Achternaam") < CLOSE);
        assert_eq!(closest("Postkode", ["Plaats", "Postcode"]), Some("Postcode"));
    }
}
