//! Passwords: how they are stored and checked, and which ones are refused.
//!
//! There are no rules about capitals and figures: they make passwords that are hard to remember and easy to guess. What counts
//! is the length, and that a password is not what everybody, or who knows this person, tries first.

mod fold;
mod known;
mod own;
mod words;

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};

use crate::{NoRandomness, random, tokens};

/// Shortest password, in characters.
pub const MIN: usize = 12;
/// Longest password, in characters; longer ones only cost the server time.
pub const MAX: usize = 256;

/// Why a password could not be hashed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// There was nothing to make a salt from.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// Argon2 failed, for example for want of memory.
    #[error("hashing a password failed: {0}")]
    Argon2(String),
}

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Problem {
    /// Shorter than [`MIN`].
    TooShort,
    /// Longer than [`MAX`].
    TooLong,
    /// Among the first that are tried anywhere.
    Common,
    /// Little more than the names of the person, the organisation or the product.
    ContainsOwn,
}

impl Problem {
    /// The code of this problem; it does not change when the sentence does.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort | Self::TooLong => "wachtwoord-lengte",
            Self::Common => "wachtwoord-bekend",
            Self::ContainsOwn => "wachtwoord-eigen-naam",
        }
    }

    /// What to do about it, in Dutch.
    pub const fn dutch(self) -> &'static str {
        match self {
            Self::TooShort => "Kies een wachtwoord van minstens 12 tekens, bijvoorbeeld een zin van vier of meer woorden.",
            Self::TooLong => "Kies een wachtwoord van hoogstens 256 tekens.",
            Self::Common => {
                "Dit wachtwoord is bekend of makkelijk te raden. Kies een ander, bijvoorbeeld een zin van vier of meer woorden."
            }
            Self::ContainsOwn => {
                "Dit wachtwoord is weinig meer dan een naam, e-mailadres of organisatie. Kies woorden die daar los van staan."
            }
        }
    }
}

/// Everything that is wrong with a password that somebody wants; nothing when it may be used.
///
/// `own_words` is what others know of this person: name, e-mail address, organisation. They may be whole names and addresses;
/// they are taken apart here. The name of the product is looked for always.
pub fn problems(password: &str, own_words: &[&str]) -> Vec<Problem> {
    let length = password.chars().count();
    if length > MAX {
        // Nothing more is looked at, so that a very long text costs nothing.
        return vec![Problem::TooLong];
    }
    [
        (length < MIN, Problem::TooShort),
        (known::is_common(password), Problem::Common),
        (own::is_mostly(password, own_words), Problem::ContainsOwn),
    ]
    .into_iter()
    .filter_map(|(found, problem)| found.then_some(problem))
    .collect()
}

/// What is stored of a password: Argon2id with a random salt, with its parameters, as a PHC string.
///
/// # Errors
/// [`HashError`] when the machine has no randomness or no memory.
pub fn hash(password: &str) -> Result<String, HashError> {
    let salt = random::<16>()?;
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).map_err(|e| HashError::Argon2(e.to_string()))?;
    Ok(hash.to_string())
}

/// Whether a password is the one that was stored. Something stored that is not a hash matches nothing.
pub fn matches(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

// A random password that is thrown away: a fixed one would match for whoever reads this. Without randomness it is empty, which
// matches nothing either; then an unknown account answers sooner, but nobody can sign in at all.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| tokens::fresh().map_err(HashError::from).and_then(|token| hash(&token)).unwrap_or_default());

/// A hash that no password matches, to verify against when an account is unknown: both answers then take the same time.
///
/// The first call makes it and takes twice as long; call it once at the start.
pub fn nobody() -> &'static str {
    &NOBODY
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OWN: [&str; 3] = ["Fenna de Vries", "f.devries@pabo-noord.nl", "Pabo Noord"];

    #[test]
    fn a_hash_matches_its_password_only() {
        let stored = hash("paard batterij nietje").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(matches("paard batterij nietje", &stored));
        assert!(!matches("Paard batterij nietje", &stored));
        assert_ne!(hash("paard batterij nietje").unwrap(), stored);
    }

    #[test]
    fn nobody_is_a_hash_as_expensive_as_any_and_matches_nothing() {
        assert!(nobody().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_eq!(nobody(), nobody());
        assert!(!matches("", nobody()));
        assert!(!matches("een wachtwoord dat niemand heeft", nobody()));
    }

    #[test]
    fn what_is_no_hash_matches_nothing() {
        for stored in ["", "welkom", "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA"] {
            assert!(!matches("", stored) && !matches("welkom", stored), "{stored}");
        }
    }

    #[test]
    fn length_counts_characters() {
        assert_eq!(problems("éé ûû xq wv", &[]), [Problem::TooShort]);
        assert_eq!(problems("éé ûû xq wvk", &[]), []);
        assert_eq!(problems(&"vk éx ".repeat(43)[..], &[]), [Problem::TooLong]);
    }

    #[test]
    fn sentences_tell_the_limits_and_codes_are_stable() {
        assert!(Problem::TooShort.dutch().contains(&MIN.to_string()));
        assert!(Problem::TooLong.dutch().contains(&MAX.to_string()));
        let codes = [Problem::TooShort, Problem::TooLong, Problem::Common, Problem::ContainsOwn].map(Problem::code);
        assert_eq!(codes, ["wachtwoord-lengte", "wachtwoord-lengte", "wachtwoord-bekend", "wachtwoord-eigen-naam"]);
    }

    #[test]
    fn good_passwords_have_no_problems() {
        let good = [
            "paard batterij nietje correct",
            "drie groene fietsen op zolder",
            "x7$fen9!k2#Qz81",
            "de vries eet liever gebakken mosselen",
            "mijn oma breit een rode sjaal",
            "Tr0ub4dor&3zilvervis",
        ];
        for password in good {
            assert_eq!(problems(password, &OWN), [], "{password}");
        }
    }

    #[test]
    fn a_password_can_have_two_problems() {
        assert_eq!(problems("fenna", &OWN), [Problem::TooShort, Problem::ContainsOwn]);
        assert_eq!(problems("Kernschil2026!", &OWN), [Problem::Common, Problem::ContainsOwn]);
    }

    proptest! {
        #[test]
        fn tokens_make_good_passwords(digits in "[0-9a-z]{20,64}") {
            prop_assert_eq!(problems(&digits, &OWN), []);
        }

        #[test]
        fn any_text_is_judged(password in any::<String>(), own in prop::collection::vec(any::<String>(), 0..4)) {
            let own: Vec<&str> = own.iter().map(String::as_str).collect();
            let found = problems(&password, &own);
            prop_assert_eq!(found.contains(&Problem::TooShort), password.chars().count() < MIN);
        }

        #[test]
        fn capitals_make_no_difference(password in "[a-zA-Z0-9!]{1,20}") {
            prop_assert_eq!(problems(&password.to_uppercase(), &OWN), problems(&password.to_lowercase(), &OWN));
        }
    }
}
