//! What is wrong with what a framework says: all of it at once, each at its place.

use std::collections::BTreeSet;

use super::{Criterion, FrameworkContent, Safeguard};
use crate::codes::code_enum;

/// Longest text of each kind, in characters.
const NAME: usize = 120;
const SOURCE: usize = 1_000;
const CODE: usize = 20;
const TEXT: usize = 4_000;
const QUESTION: usize = 500;

/// Most safeguards, criteria of one safeguard, and questions of one part.
const SAFEGUARDS: usize = 20;
const CRITERIA: usize = 100;
const QUESTIONS: usize = 50;

code_enum! {
    /// What can be wrong.
    FaultKind {
        /// Nothing stands there.
        Empty = "leeg" / "Hier staat nog niets. Vul dit in.",
        /// It is too long.
        TooLong = "te-lang" / "Deze tekst is te lang. Maak hem korter.",
        /// It holds something that cannot be shown.
        Unprintable = "teken-ongeldig" / "Deze tekst heeft een teken dat niet mag. Typ de tekst opnieuw.",
        /// A code that cannot be one.
        BadCode = "code-ongeldig" / "Een code heeft alleen letters, cijfers, punten en streepjes. Kies een andere code.",
        /// A code that is used before.
        CodeTwice = "code-dubbel" / "Deze code komt al eerder voor in dit kader. Geef elk onderdeel een eigen code.",
        /// A question that its part has already.
        QuestionTwice = "vraag-dubbel" / "Deze vraag staat er al. Laat haar één keer staan.",
        /// There is no safeguard.
        NoSafeguards = "geen-waarborg" / "Een kader heeft minstens één waarborg. Voeg een waarborg toe.",
        /// There are too many of something.
        TooMany = "te-veel" / "Dit zijn er te veel. Deel het kader anders in.",
    }
}

/// Something wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where: `name`, `safeguards/0/criteria/1/text`, counted from 0.
    pub path: String,
    /// What.
    pub kind: FaultKind,
}

/// Collects faults, and the codes that are used.
#[derive(Default)]
struct Checker {
    faults: Vec<Fault>,
    codes: BTreeSet<String>,
}

impl Checker {
    fn fault(&mut self, path: &str, kind: FaultKind) {
        self.faults.push(Fault { path: path.to_owned(), kind });
    }

    /// Text that may be empty.
    fn optional(&mut self, path: &str, text: &str, most: usize) {
        if text.chars().count() > most {
            self.fault(path, FaultKind::TooLong);
        }
        if text.chars().any(|c| (c.is_control() && c != '\n') || is_invisible(c)) {
            self.fault(path, FaultKind::Unprintable);
        }
    }

    fn required(&mut self, path: &str, text: &str, most: usize) {
        if text.is_empty() {
            self.fault(path, FaultKind::Empty);
        }
        self.optional(path, text, most);
    }

    fn code(&mut self, path: &str, code: &str) {
        if code.is_empty() {
            return self.fault(path, FaultKind::Empty);
        }
        if code.chars().count() > CODE {
            self.fault(path, FaultKind::TooLong);
        }
        if code.chars().any(|c| !c.is_ascii_alphanumeric() && c != '.' && c != '-') {
            self.fault(path, FaultKind::BadCode);
        }
        // Codes that differ only in capitals would be one code to the people who use them.
        if !self.codes.insert(code.to_lowercase()) {
            self.fault(path, FaultKind::CodeTwice);
        }
    }

    fn questions(&mut self, path: &str, questions: &[String]) {
        if questions.len() > QUESTIONS {
            self.fault(path, FaultKind::TooMany);
        }
        for (at, question) in questions.iter().enumerate() {
            let place = format!("{path}/{at}");
            self.required(&place, question, QUESTION);
            if questions.iter().take(at).any(|earlier| earlier == question) {
                self.fault(&place, FaultKind::QuestionTwice);
            }
        }
    }

    fn criterion(&mut self, path: &str, criterion: &Criterion) {
        self.code(&format!("{path}/code"), &criterion.code.0);
        self.required(&format!("{path}/text"), &criterion.text, TEXT);
        self.questions(&format!("{path}/questions"), &criterion.questions);
    }

    fn safeguard(&mut self, path: &str, safeguard: &Safeguard) {
        self.code(&format!("{path}/code"), &safeguard.code.0);
        self.required(&format!("{path}/name"), &safeguard.name, NAME);
        self.optional(&format!("{path}/description"), &safeguard.description, TEXT);
        self.questions(&format!("{path}/questions"), &safeguard.questions);
        if safeguard.criteria.len() > CRITERIA {
            self.fault(&format!("{path}/criteria"), FaultKind::TooMany);
        }
        for (at, criterion) in safeguard.criteria.iter().enumerate() {
            self.criterion(&format!("{path}/criteria/{at}"), criterion);
        }
    }
}

/// What cannot be seen: no file can hold it, or a reader would not know it is there.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn visible(text: &str) -> String {
    text.chars().filter(|c| !is_invisible(*c)).collect()
}

/// Text without space around it, with one kind of line break, each line without space at its end.
fn block(text: &str) -> String {
    let text = visible(text).replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n").replace('\t', " ");
    let lines: Vec<_> = text.split('\n').map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

/// Text of one line.
fn line(text: &str) -> String {
    visible(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn lines(all: &[String]) -> Vec<String> {
    all.iter().map(|text| line(text)).filter(|text| !text.is_empty()).collect()
}

impl FrameworkContent {
    /// The same with what nobody means gone: space around texts, line breaks where there is one line, and what cannot be
    /// seen. Nothing else changes, so what was read from a workbook or file is what was written to it.
    #[must_use]
    pub fn tidied(&self) -> Self {
        let criterion = |criterion: &Criterion| Criterion {
            code: super::PartCode(line(&criterion.code.0)),
            text: block(&criterion.text),
            origin: criterion.origin,
            questions: lines(&criterion.questions),
        };
        let safeguard = |safeguard: &Safeguard| Safeguard {
            code: super::PartCode(line(&safeguard.code.0)),
            name: line(&safeguard.name),
            description: block(&safeguard.description),
            origin: safeguard.origin,
            questions: lines(&safeguard.questions),
            criteria: safeguard.criteria.iter().map(criterion).collect(),
        };
        Self {
            name: line(&self.name),
            source: block(&self.source),
            questions: lines(&self.questions),
            safeguards: self.safeguards.iter().map(safeguard).collect(),
        }
    }

    /// Everything that is wrong, in the order of the text. Nothing means that it can be published.
    pub fn faults(&self) -> Vec<Fault> {
        let mut checker = Checker::default();
        checker.required("name", &self.name, NAME);
        checker.required("source", &self.source, SOURCE);
        checker.questions("questions", &self.questions);
        if self.safeguards.is_empty() {
            checker.fault("safeguards", FaultKind::NoSafeguards);
        }
        if self.safeguards.len() > SAFEGUARDS {
            checker.fault("safeguards", FaultKind::TooMany);
        }
        for (at, safeguard) in self.safeguards.iter().enumerate() {
            checker.safeguard(&format!("safeguards/{at}"), safeguard);
        }
        checker.faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frameworks::PartCode;
    use crate::frameworks::samples::small;

    fn found(change: impl FnOnce(&mut FrameworkContent)) -> Vec<(String, &'static str)> {
        let mut content = small();
        change(&mut content);
        content.faults().into_iter().map(|fault| (fault.path, fault.kind.code())).collect()
    }

    fn at(path: &str, code: &'static str) -> (String, &'static str) {
        (path.to_owned(), code)
    }

    #[test]
    fn what_is_right_has_no_faults() {
        assert_eq!(found(|_| ()), []);
        assert_eq!(small().tidied(), small());
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let all = found(|content| {
            content.name.clear();
            content.source = "x".repeat(1_001);
            content.questions.push(content.questions[0].clone());
            content.safeguards[0].name.clear();
            content.safeguards[1].code = PartCode("1".to_owned());
            content.safeguards[1].criteria[0].code = PartCode("2 a".to_owned());
            content.safeguards[1].criteria[0].text = "bel\u{7}".to_owned();
        });
        let expected = [
            at("name", "leeg"),
            at("source", "te-lang"),
            at("questions/2", "vraag-dubbel"),
            at("safeguards/0/name", "leeg"),
            at("safeguards/1/code", "code-dubbel"),
            at("safeguards/1/criteria/0/code", "code-ongeldig"),
            at("safeguards/1/criteria/0/text", "teken-ongeldig"),
        ];
        assert_eq!(all, expected);
    }

    #[test]
    fn a_framework_without_safeguards_is_none() {
        assert_eq!(found(|content| content.safeguards.clear()), [at("safeguards", "geen-waarborg")]);
    }

    #[test]
    fn codes_that_differ_in_capitals_only_are_one_code() {
        let twice = found(|content| {
            content.safeguards[0].criteria[0].code = PartCode("a-1".to_owned());
            content.safeguards[1].criteria[0].code = PartCode("A-1".to_owned());
        });
        assert_eq!(twice, [at("safeguards/1/criteria/0/code", "code-dubbel")]);
    }

    #[test]
    fn space_that_nobody_means_goes_and_lines_stay() {
        let mut content = small();
        content.name = "  Twee \n woorden ".to_owned();
        content.safeguards[0].description = " een  \r\n\r\ntwee\t".to_owned();
        let tidy = content.tidied();
        assert_eq!((tidy.name.as_str(), tidy.safeguards[0].description.as_str()), ("Twee woorden", "een\n\ntwee"));
        assert_eq!(tidy.tidied(), tidy);
    }
}
