//! The six digits of an authenticator (RFC 6238): every 30 seconds another code, from a secret that both sides know.

mod qr;

use std::fmt;

use chrono::{DateTime, Utc};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use totp_rs::{Algorithm, Builder};

pub use qr::qr_svg;

use crate::{NoRandomness, random};

/// How long a code holds.
pub const STEP_SECONDS: u64 = 30;
/// How many digits a code has.
pub const DIGITS: u8 = 6;
// Clocks of telephones differ a little and typing takes time: one step back and one ahead.
const SKEW: i64 = 1;

const SECRET_BYTES: usize = 20;

// Unreserved in RFC 3986. Authenticators do not agree on a plus for a space, so that is written %20 as everything else.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What an authenticator and this program both know: 160 random bits. Does not show itself in logs.
#[derive(Clone)]
pub struct Secret([u8; SECRET_BYTES]);

impl Secret {
    /// The secret in base32, as it is stored and as people type it over.
    pub fn text(&self) -> String {
        totp_rs::Secret::new_stack(self.0).to_base32()
    }

    /// Reads what [`Secret::text`] wrote; spaces and capitals do not matter. Nothing when it is not a secret of 160 bits.
    pub fn read(text: &str) -> Option<Self> {
        let bare: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
        let secret = totp_rs::Secret::try_from_base32(bare.to_ascii_uppercase()).ok()?;
        secret.as_bytes().try_into().ok().map(Self)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Secret {}

/// A fresh secret.
///
/// # Errors
/// [`NoRandomness`] when the machine has none.
pub fn fresh_secret() -> Result<Secret, NoRandomness> {
    Ok(Secret(random()?))
}

/// The address that an authenticator reads from a QR code: `otpauth://totp/…`.
///
/// A colon divides issuer and account, so that a colon in either becomes a space.
pub fn address(secret: &Secret, account: &str, issuer: &str) -> String {
    let [account, issuer] = [account, issuer].map(|text| text.replace(':', " "));
    let [account, issuer] = [&account, &issuer].map(|text| utf8_percent_encode(text, ENCODED));
    let secret = secret.text();
    format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}")
}

/// The step that a code belongs to, when it is a code of now, one step back or one ahead, and of a later step than the last one
/// that was used. Store the step that comes back: a code is good for one time.
///
/// Spaces in the code do not matter. How long it takes tells nothing about the code.
pub fn accepted_step(secret: &Secret, code: &str, at: DateTime<Utc>, last_step: Option<i64>) -> Option<i64> {
    let code: String = code.chars().filter(|sign| !sign.is_whitespace()).collect();
    let now = at.timestamp().div_euclid(i64::try_from(STEP_SECONDS).ok()?);
    let mut accepted = NO_STEP;
    for step in now - SKEW..=now + SKEW {
        let right = code_of(secret, step).map_or(Choice::from(0), |expected| expected.as_bytes().ct_eq(code.as_bytes()));
        // When two steps happen to have the same code the later one counts, so that the code does not work again.
        accepted.conditional_assign(&step, right);
    }
    // Steps count from 1970 and have no code before; without a last step everything from there on is new.
    (accepted > last_step.unwrap_or(NO_STEP)).then_some(accepted)
}

const NO_STEP: i64 = -1;

fn code_of(secret: &Secret, step: i64) -> Option<String> {
    let seconds = u64::try_from(step).ok()?.checked_mul(STEP_SECONDS)?;
    let totp = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_step_duration(STEP_SECONDS)
        .with_secret(totp_rs::Secret::new_stack(secret.0))
        .build()
        .ok()?;
    Some(totp.generate(seconds).to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // The secret and times of RFC 6238, appendix B; the codes there have eight digits, of which these are the last six.
    const RFC: &[u8; SECRET_BYTES] = b"12345678901234567890";
    const VECTORS: [(i64, &str); 6] = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        let secret = Secret(*RFC);
        for (seconds, code) in VECTORS {
            assert_eq!(code_of(&secret, seconds / 30).unwrap(), code);
            assert_eq!(accepted_step(&secret, code, at(seconds), None), Some(seconds / 30));
        }
    }

    #[test]
    fn one_step_back_and_one_ahead() {
        let secret = Secret(*RFC);
        let (seconds, code) = VECTORS[3];
        let step = seconds / 30;
        assert_eq!(accepted_step(&secret, code, at((step - 2) * 30 + 29), None), None);
        assert_eq!(accepted_step(&secret, code, at((step - 1) * 30), None), Some(step));
        assert_eq!(accepted_step(&secret, code, at((step + 1) * 30 + 29), None), Some(step));
        assert_eq!(accepted_step(&secret, code, at((step + 2) * 30), None), None);
    }

    #[test]
    fn a_code_is_used_once() {
        let secret = Secret(*RFC);
        let (seconds, code) = VECTORS[1];
        let step = accepted_step(&secret, code, at(seconds), None).unwrap();
        assert_eq!(accepted_step(&secret, code, at(seconds), Some(step - 1)), Some(step));
        assert_eq!(accepted_step(&secret, code, at(seconds), Some(step)), None);
        assert_eq!(accepted_step(&secret, code, at(seconds), Some(step + 1)), None);
        let before = code_of(&secret, step - 1).unwrap();
        assert_eq!(accepted_step(&secret, &before, at(seconds), Some(step)), None);
    }

    #[test]
    fn spaces_in_a_code_do_not_matter_and_other_things_do() {
        let secret = Secret(*RFC);
        assert_eq!(accepted_step(&secret, " 287 082\u{a0}", at(59), None), Some(1));
        for wrong in ["", "287081", "28708", "2870820", "287-082", "+287082", "２８７０８２"] {
            assert_eq!(accepted_step(&secret, wrong, at(59), None), None, "{wrong}");
        }
    }

    #[test]
    fn the_edges_of_time_are_survived() {
        let secret = Secret(*RFC);
        let first = code_of(&secret, 0).unwrap();
        assert_eq!(accepted_step(&secret, &first, at(0), None), Some(0));
        assert_eq!(accepted_step(&secret, &first, at(-1), None), Some(0));
        assert_eq!(accepted_step(&secret, &first, DateTime::<Utc>::MIN_UTC, None), None);
        let _ = accepted_step(&secret, &first, DateTime::<Utc>::MAX_UTC, Some(i64::MAX));
        let _ = accepted_step(&secret, &first, at(0), Some(i64::MIN));
    }

    #[test]
    fn a_secret_has_160_bits_and_hides_itself() {
        let secret = fresh_secret().unwrap();
        assert_ne!(secret, fresh_secret().unwrap());
        assert_eq!(secret.text().len(), 32);
        assert_eq!(format!("{secret:?}"), "Secret(..)");
        assert_eq!(Secret(*RFC).text(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    #[test]
    fn only_a_secret_is_read_as_one() {
        assert_eq!(Secret::read("gezd gnbv gy3t qojq gezd gnbv gy3t qojq"), Some(Secret(*RFC)));
        for wrong in ["", "GEZDGNBVGY3TQOJQ", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGE"] {
            assert_eq!(Secret::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_address_is_encoded() {
        let address = address(&Secret(*RFC), "zoë+1@school.nl", "Samen: opleiden & co");
        assert_eq!(
            address,
            "otpauth://totp/Samen%20%20opleiden%20%26%20co:zo%C3%AB%2B1%40school.nl?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Samen%20%20opleiden%20%26%20co&algorithm=SHA1&digits=6&period=30"
        );
    }

    proptest! {
        #[test]
        fn a_secret_can_be_read_back(bytes in any::<[u8; SECRET_BYTES]>()) {
            let secret = Secret(bytes);
            prop_assert_eq!(Secret::read(&secret.text()), Some(secret));
        }

        #[test]
        fn what_is_accepted_is_near_and_new(
            bytes in any::<[u8; SECRET_BYTES]>(), seconds in 60_i64..4_000_000_000, off in -3_i64..=3, last in prop::option::of(-3_i64..=3)
        ) {
            let (secret, now) = (Secret(bytes), seconds / 30);
            let step = now + off;
            prop_assume!(step >= 0);
            let code = code_of(&secret, step).unwrap();
            let last = last.map(|last| now + last);
            let accepted = accepted_step(&secret, &code, at(seconds), last);
            if off.abs() <= 1 && last.is_none_or(|last| last < step) {
                prop_assert!(accepted.is_some_and(|accepted| accepted >= step));
            }
            if let Some(accepted) = accepted {
                prop_assert!((accepted - now).abs() <= 1 && last.is_none_or(|last| last < accepted));
                prop_assert_eq!(code_of(&secret, accepted).unwrap(), code);
            }
        }

        #[test]
        fn an_address_has_only_plain_signs(account in any::<String>(), issuer in any::<String>()) {
            let address = address(&Secret(*RFC), &account, &issuer);
            prop_assert!(address.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>'".contains(&byte)));
            prop_assert_eq!(address.matches(':').count(), 2);
            prop_assert_eq!(address.matches('&').count(), 4);
        }
    }
}
