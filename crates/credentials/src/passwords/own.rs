//! Passwords that are little more than words which others know.

use super::{fold, words};

// With fewer letters than this left, and fewer signs than a password needs, the words were the password.
const FEW_LETTERS: usize = 5;
// Four common words in a row make a sentence, and a sentence is a good password.
const FEW_WORDS: usize = 3;
// Shorter parts of a name, as `de` or `nl`, are in any sentence.
const SHORTEST: usize = 3;

/// Whether a password is little more than the own words and those of the product, common words aside.
pub(super) fn is_mostly(password: &str, own_words: &[&str]) -> bool {
    let own = longest_first(own_words.iter().chain(words::PRODUCT).flat_map(|text| parts(text)).collect());
    let common = longest_first(words::COMMON.iter().map(|word| (*word).to_owned()).collect());
    let folded = fold::folded(password);
    [fold::read_as_letters(&folded), folded].into_iter().any(|text| {
        let named = Rest::of(text).without(&own);
        let found = named.words > 0;
        let bare = named.clone().without(&common);
        found && (named.is_little() || (bare.words - named.words <= FEW_WORDS && bare.is_little()))
    })
}

/// Whether a folded text is little more than a few of these words.
pub(super) fn is_mostly_words(folded: &str, words: &[&str]) -> bool {
    let words = longest_first(words.iter().map(|word| (*word).to_owned()).collect());
    let rest = Rest::of(folded.to_owned()).without(&words);
    (1..=FEW_WORDS).contains(&rest.words) && rest.is_little()
}

fn parts(text: &str) -> Vec<String> {
    let folded = fold::folded(text);
    folded.split(|sign: char| !sign.is_alphanumeric()).filter(|part| part.chars().count() >= SHORTEST).map(ToOwned::to_owned).collect()
}

// The longest first, or `jan` would break up `jansen`.
fn longest_first(mut words: Vec<String>) -> Vec<String> {
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

/// What is left of a text when words are taken out.
#[derive(Clone)]
struct Rest {
    text: String,
    words: usize,
    letters_out: usize,
}

impl Rest {
    fn of(text: String) -> Self {
        Self { text, words: 0, letters_out: 0 }
    }

    fn without(mut self, words: &[String]) -> Self {
        for word in words {
            let times = self.text.matches(word.as_str()).count();
            if times > 0 {
                self.words += times;
                self.letters_out += times * word.chars().count();
                // A space, or what stands on both sides would make a new word.
                self.text = self.text.replace(word.as_str(), " ");
            }
        }
        self
    }

    fn is_little(&self) -> bool {
        let letters = self.text.chars().filter(|sign| sign.is_alphabetic()).count();
        let signs = self.text.chars().filter(|sign| !sign.is_whitespace()).count();
        letters < FEW_LETTERS && letters <= self.letters_out && signs < super::MIN
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OWN: [&str; 3] = ["Zoë de Vries-Jansen", "z.devries@pabo-noord.nl", "Hogeschool Noordermeer"];

    #[test]
    fn names_with_little_added_are_refused() {
        let refused = [
            "ZoeDeVries2026",
            "zoë.jansen-1998!",
            "devriesdevries",
            "z.devries@pabo-noord.nl",
            "N00rdermeer!!2",
            "Noordermeer welkom 1",
            "jansen06123456",
            "KernschilNoordermeer",
            "samen opleiden bij kernschil",
        ];
        for password in refused {
            assert!(is_mostly(password, &OWN), "{password}");
        }
    }

    #[test]
    fn names_in_something_longer_are_not() {
        let good = ["de familie vries houdt van augurken", "jansen fietst achterstevoren", "zoe8hQ2$vvKp!r7", "stapelgek op mosterd"];
        for password in good {
            assert!(!is_mostly(password, &OWN), "{password}");
        }
    }

    #[test]
    fn without_own_words_only_the_product_counts() {
        assert!(!is_mostly("jansen 1234567", &[]));
        assert!(!is_mostly("jansen 1234567", &["", "de", "-"]));
        assert!(is_mostly("kernschil 12345", &[]));
    }

    proptest! {
        #[test]
        fn an_own_word_with_figures_is_refused(word in "[b-df-hj-np-tv-z]{3,12}", head in "[89!#]{0,4}", tail in "[0-9!#]{0,7}") {
            let password = format!("{head}{word}{tail}");
            let address = format!("{word}@school.nl");
            prop_assert!(is_mostly(&password, &[&word]), "{}", password);
            prop_assert!(is_mostly(&password.to_uppercase(), &[&address]), "{}", password);
        }
    }
}
