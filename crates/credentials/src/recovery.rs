//! Recovery codes: for when the telephone with the authenticator is gone. Each is good for one time.

use crate::{NoRandomness, random, tokens};

/// How many codes somebody gets at once.
pub const COUNT: usize = 10;

// Without signs that are taken for each other on paper: 0 and o, 1 and i and l, 2 and z, 5 and s.
const ALPHABET: &[u8; 27] = b"346789abcdefghjkmnpqrtuvwxy";
const GROUPS: usize = 4;
// 24 signs out of 27 make 114 bits: ASVS 5.0 (6.5.2) asks for 112 where a plain hash is stored.
const GROUP: usize = 6;
// The largest multiple of 27 that a byte holds; bytes from here on are thrown away, or some signs would come up more often.
const FAIR: u8 = 243;

/// Ten fresh codes such as `k3fq8d-w4nx7h-mj9apt-cg6yek`.
///
/// # Errors
/// [`NoRandomness`] when the machine has none.
pub fn fresh_codes() -> Result<Vec<String>, NoRandomness> {
    (0..COUNT).map(|_| fresh_code()).collect()
}

fn fresh_code() -> Result<String, NoRandomness> {
    let mut code = String::with_capacity(GROUPS * (GROUP + 1));
    let mut signs = 0;
    while signs < GROUPS * GROUP {
        for byte in random::<32>()?.into_iter().filter(|byte| *byte < FAIR).take(GROUPS * GROUP - signs) {
            if signs > 0 && signs % GROUP == 0 {
                code.push('-');
            }
            code.push(char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
            signs += 1;
        }
    }
    Ok(code)
}

/// A code as somebody typed it, without capitals, spaces and dashes. Other signs stay, so that a wrong code stays wrong.
pub fn normalised(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_whitespace() && !is_dash(*sign)).flat_map(char::to_lowercase).collect()
}

// Word processors and telephones make other dashes of a hyphen.
fn is_dash(sign: char) -> bool {
    matches!(sign, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// What is stored of a code, however it was typed: the SHA-256 of its normalised form in hexadecimal digits.
///
/// A slow hash as for passwords would win nothing: it makes each guess dearer because people choose what is easily guessed,
/// and these codes are drawn from 2^114.
pub fn hash(code: &str) -> String {
    tokens::hash(&normalised(code))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ten_different_codes_in_their_form() {
        let codes = fresh_codes().unwrap();
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), 10);
        for code in &codes {
            let groups: Vec<&str> = code.split('-').collect();
            assert_eq!(groups.len(), GROUPS, "{code}");
            assert!(groups.iter().all(|group| group.len() == GROUP && group.bytes().all(|sign| ALPHABET.contains(&sign))), "{code}");
        }
    }

    #[test]
    fn the_alphabet_is_distinct_without_look_alikes_and_large_enough() {
        assert_eq!(ALPHABET.iter().collect::<BTreeSet<_>>().len(), ALPHABET.len());
        assert!(ALPHABET.iter().all(|sign| !b"0o1il2z5s".contains(sign)));
        assert!(27_u128.pow(24) > 1 << 112);
        assert_eq!(usize::from(FAIR) % ALPHABET.len(), 0);
    }

    #[test]
    fn every_sign_comes_up() {
        let seen: BTreeSet<char> =
            (0..40).flat_map(|_| fresh_codes().unwrap()).flat_map(|code| normalised(&code).chars().collect::<Vec<_>>()).collect();
        assert_eq!(seen.len(), ALPHABET.len());
    }

    #[test]
    fn however_a_code_is_typed_it_is_the_same() {
        let hashed = hash("k3fq8d-w4nx7h-mj9apt-cg6yek");
        assert_eq!(hash(" K3FQ8D w4nx7h\u{2013}MJ9APT cg6yek\n"), hashed);
        assert_eq!(hash("k3fq8dw4nx7hmj9aptcg6yek"), hashed);
        assert_ne!(hash("k3fq8dw4nx7hmj9aptcg6yem"), hashed);
        assert_ne!(hash("k3fq8dw4nx7hmj9aptcg6yek."), hashed);
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in any::<String>()) {
            let once = normalised(&text);
            prop_assert_eq!(normalised(&once), once);
        }
    }
}
