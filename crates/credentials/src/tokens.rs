//! Random tokens, and how they are stored and compared.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{NoRandomness, random};

/// What an API token starts with, so that people and scanners for leaked secrets recognise one.
pub const API_PREFIX: &str = "ks_";

const DIGITS: usize = 64;

/// A token of 256 random bits as 64 hexadecimal digits.
///
/// # Errors
/// [`NoRandomness`] when the machine has none.
pub fn fresh() -> Result<String, NoRandomness> {
    Ok(hex(&random::<{ DIGITS / 2 }>()?))
}

/// A token for the API: [`API_PREFIX`] and then a token as [`fresh`] makes them.
///
/// # Errors
/// [`NoRandomness`] when the machine has none.
pub fn fresh_api() -> Result<String, NoRandomness> {
    Ok(format!("{API_PREFIX}{}", fresh()?))
}

/// Whether a text has the form of an API token; it says nothing about whether it is one.
pub fn looks_like_api(text: &str) -> bool {
    text.strip_prefix(API_PREFIX)
        .is_some_and(|digits| digits.len() == DIGITS && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
}

/// What is stored of a token: its SHA-256 in hexadecimal digits. A token is random in full, so nothing slower is needed.
pub fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// Whether two texts are the same, in a time that tells only whether they are equally long.
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tokens_differ_and_have_their_form() {
        let (one, other) = (fresh().unwrap(), fresh().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), 64);
        assert!(one.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert!(!looks_like_api(&one));
    }

    #[test]
    fn api_tokens_are_recognised() {
        let token = fresh_api().unwrap();
        assert!(looks_like_api(&token));
        assert!(!looks_like_api(&token[..66]));
        assert!(!looks_like_api(&format!("{token}0")));
        assert!(!looks_like_api(&token.to_uppercase()));
        assert!(!looks_like_api(&format!("ks_{}", "g".repeat(64))));
    }

    #[test]
    fn a_hash_is_sha_256() {
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    proptest! {
        #[test]
        fn same_is_equality(a in "[ab]{0,4}", b in "[ab]{0,4}") {
            prop_assert_eq!(same(&a, &b), a == b);
            prop_assert!(same(&a, &a.clone()));
        }

        #[test]
        fn hex_can_be_read_back(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let text = hex(&bytes);
            let read: Vec<u8> = (0..bytes.len()).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap()).collect();
            prop_assert_eq!(read, bytes);
        }

        #[test]
        fn looking_at_any_text_is_harmless(text in any::<String>()) {
            let _ = looks_like_api(&text);
        }
    }
}
