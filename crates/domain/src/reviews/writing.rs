//! What holds for the texts of a kritische reflectie: how long they may be, how far they are, and how two of them differ.

use chrono::{DateTime, Utc};
use thiserror::Error;

use super::ReviewText;
use crate::frameworks::{FrameworkContent, Part, PartCode, Safeguard};
use crate::ids::UserId;

/// The most signs in one text: some twenty pages. A form with so many signs fits what a request may bring, whatever signs
/// they are.
pub const TEXT_SIGNS: usize = 60_000;

/// A text that is too long to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{signs} signs")]
pub struct TooLong {
    /// The signs it has.
    pub signs: usize,
}

/// A text as it is kept: one kind of line break, and no control characters, which no screen shows and not every database
/// takes.
///
/// # Errors
/// [`TooLong`] when it has more than [`TEXT_SIGNS`] signs.
pub fn tidy(text: &str) -> Result<String, TooLong> {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    let kept: String = text.chars().filter(|sign| !sign.is_control() || matches!(sign, '\n' | '\t')).collect();
    let signs = kept.chars().count();
    if signs > TEXT_SIGNS { Err(TooLong { signs }) } else { Ok(kept) }
}

impl ReviewText {
    /// Whether anything is written in it.
    pub fn is_written(&self) -> bool {
        !self.body.trim().is_empty()
    }
}

impl FrameworkContent {
    /// A part by the code of its safeguard or criterion, which is unique over the framework.
    pub fn part(&self, code: &str) -> Option<Part> {
        self.parts().find(|part| part.code().0 == code)
    }

    /// What a part says: the name of a safeguard, the text of a criterion.
    pub fn title(&self, part: &Part) -> &str {
        match &part.criterion {
            None => self.safeguard(&part.safeguard).map_or("", |safeguard| &safeguard.name),
            Some(code) => self.criterion(code).map_or("", |(_, criterion)| &criterion.text),
        }
    }
}

impl Part {
    /// The code it is known by in addresses: of the criterion, or of the safeguard as a whole.
    pub fn code(&self) -> &PartCode {
        self.criterion.as_ref().unwrap_or(&self.safeguard)
    }
}

/// The safeguards that nothing was written about yet: neither about the whole nor about a criterion.
pub fn unreflected<'f>(framework: &'f FrameworkContent, texts: &[ReviewText]) -> Vec<&'f Safeguard> {
    let has_text = |safeguard: &Safeguard| {
        let counts = |text: &&ReviewText| text.part.safeguard == safeguard.code && framework.holds(&text.part);
        texts.iter().filter(counts).any(ReviewText::is_written)
    };
    framework.safeguards.iter().filter(|safeguard| !has_text(safeguard)).collect()
}

/// How far the reflection on one safeguard is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafeguardProgress {
    /// The safeguard.
    pub safeguard: PartCode,
    /// Parts that something was written about.
    pub written: usize,
    /// All its parts: the whole and each criterion.
    pub parts: usize,
    /// When it was changed last, and by whom.
    pub last: Option<(DateTime<Utc>, Option<UserId>)>,
}

/// How far the reflection is, per safeguard in the order of the framework.
pub fn safeguard_progress(framework: &FrameworkContent, texts: &[ReviewText]) -> Vec<SafeguardProgress> {
    let of = |safeguard: &Safeguard| {
        let own: Vec<_> = texts.iter().filter(|text| text.part.safeguard == safeguard.code && framework.holds(&text.part)).collect();
        let last = own.iter().max_by_key(|text| text.changed_at);
        SafeguardProgress {
            safeguard: safeguard.code.clone(),
            written: own.iter().filter(|text| text.is_written()).count(),
            parts: safeguard.criteria.len() + 1,
            last: last.map(|text| (text.changed_at, text.changed_by)),
        }
    };
    framework.safeguards.iter().map(of).collect()
}

/// A line of one of two texts, or of both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiffLine {
    /// In both.
    Same(String),
    /// Only in the first.
    Gone(String),
    /// Only in the second.
    New(String),
}

/// More comparisons of lines than this take too long; what is between the first and the last line that differ is then
/// shown as replaced as a whole.
const COMPARISONS: usize = 4_000_000;

/// How two texts differ, line by line: as many lines as can be stay.
pub fn differences(before: &str, after: &str) -> Vec<DiffLine> {
    let (before, after): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
    let head = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let rest = before.len().min(after.len()) - head;
    let tail = before.iter().rev().zip(after.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let (gone, new) = (&before[head..before.len() - tail], &after[head..after.len() - tail]);
    let same = |line: &&str| DiffLine::Same((*line).to_owned());
    let mut lines: Vec<_> = before[..head].iter().map(same).collect();
    lines.extend(middle(gone, new));
    lines.extend(before[before.len() - tail..].iter().map(same));
    lines
}

fn middle(gone: &[&str], new: &[&str]) -> Vec<DiffLine> {
    let only_gone = |line: &&str| DiffLine::Gone((*line).to_owned());
    let only_new = |line: &&str| DiffLine::New((*line).to_owned());
    if gone.len().saturating_mul(new.len()) > COMPARISONS {
        return gone.iter().map(only_gone).chain(new.iter().map(only_new)).collect();
    }
    let common = common_lengths(gone, new);
    let (mut at, mut to) = (0, 0);
    let mut lines = Vec::new();
    while let (Some(old), Some(fresh)) = (gone.get(at), new.get(to)) {
        if old == fresh {
            lines.push(DiffLine::Same((*old).to_owned()));
            (at, to) = (at + 1, to + 1);
        } else if common[at + 1][to] >= common[at][to + 1] {
            lines.push(only_gone(old));
            at += 1;
        } else {
            lines.push(only_new(fresh));
            to += 1;
        }
    }
    lines.extend(gone[at..].iter().map(only_gone));
    lines.extend(new[to..].iter().map(only_new));
    lines
}

/// How many lines the rests of two lists share, from each pair of places on.
fn common_lengths(first: &[&str], second: &[&str]) -> Vec<Vec<u32>> {
    let mut lengths = vec![vec![0; second.len() + 1]; first.len() + 1];
    for at in (0..first.len()).rev() {
        for to in (0..second.len()).rev() {
            lengths[at][to] =
                if first[at] == second[to] { lengths[at + 1][to + 1] + 1 } else { lengths[at + 1][to].max(lengths[at][to + 1]) };
        }
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::DiffLine::{Gone, New, Same};
    use super::*;
    use crate::frameworks::{Criterion, Origin};
    use crate::ids::{ReviewId, TextId, Version};

    fn code(text: &str) -> PartCode {
        PartCode(text.to_owned())
    }

    fn framework() -> FrameworkContent {
        let criterion = |name: &str| Criterion { code: code(name), text: name.to_owned(), origin: Origin::Own, questions: Vec::new() };
        let safeguard = |name: &str, criteria: Vec<Criterion>| Safeguard {
            code: code(name),
            name: format!("Waarborg {name}"),
            description: String::new(),
            origin: Origin::Own,
            questions: Vec::new(),
            criteria,
        };
        FrameworkContent {
            name: "Kader".to_owned(),
            source: "proef".to_owned(),
            questions: Vec::new(),
            safeguards: vec![safeguard("1", vec![criterion("1.1"), criterion("1.2")]), safeguard("2", Vec::new())],
        }
    }

    fn text(safeguard: &str, criterion: Option<&str>, body: &str) -> ReviewText {
        ReviewText {
            id: TextId(uuid::Uuid::from_u128(1)),
            review: ReviewId(uuid::Uuid::from_u128(2)),
            part: Part { safeguard: code(safeguard), criterion: criterion.map(code) },
            body: body.to_owned(),
            changed_at: DateTime::UNIX_EPOCH,
            changed_by: None,
            version: Version(1),
        }
    }

    #[test]
    fn a_text_has_one_kind_of_line_break_and_nothing_that_cannot_be_seen() {
        assert_eq!(tidy("a\r\nb\rc\u{b}d\te\0\u{7}f"), Ok("a\nb\nc\nd\tef".to_owned()));
        assert_eq!(tidy(&"é".repeat(TEXT_SIGNS)).map(|text| text.chars().count()), Ok(TEXT_SIGNS));
        assert_eq!(tidy(&"é".repeat(TEXT_SIGNS + 1)), Err(TooLong { signs: TEXT_SIGNS + 1 }));
    }

    #[test]
    fn a_safeguard_is_reflected_on_as_a_whole_or_by_a_criterion() {
        let framework = framework();
        let missing = |texts: &[ReviewText]| unreflected(&framework, texts).iter().map(|s| s.code.0.clone()).collect::<Vec<_>>();
        assert_eq!(missing(&[]), ["1", "2"]);
        assert_eq!(missing(&[text("1", Some("1.2"), "iets"), text("2", None, " \n")]), ["2"]);
        assert_eq!(missing(&[text("1", Some("9.9"), "van een ander kader"), text("2", None, "iets")]), ["1"]);
        let first = &safeguard_progress(&framework, &[text("1", Some("1.2"), "iets"), text("1", None, "")])[0];
        assert_eq!((first.written, first.parts), (1, 3));
    }

    #[test]
    fn a_part_is_found_by_its_code_alone() {
        let framework = framework();
        let part = framework.part("1.2").unwrap();
        assert_eq!((part.safeguard.0.as_str(), part.code().0.as_str(), framework.title(&part)), ("1", "1.2", "1.2"));
        assert_eq!(framework.title(&framework.part("2").unwrap()), "Waarborg 2");
        assert_eq!(framework.part("3"), None);
    }

    #[test]
    fn as_many_lines_as_can_be_stay() {
        let of = |text: &str| text.to_owned();
        assert_eq!(differences("a\nb\nc", "a\nx\nc"), [Same(of("a")), Gone(of("b")), New(of("x")), Same(of("c"))]);
        assert_eq!(differences("a\nb\nc\nd", "b\nd\ne"), [Gone(of("a")), Same(of("b")), Gone(of("c")), Same(of("d")), New(of("e"))]);
        assert_eq!(differences("", "a"), [New(of("a"))]);
        assert_eq!(differences("a\na", "a"), [Same(of("a")), Gone(of("a"))]);
    }

    #[test]
    fn two_long_texts_that_share_nothing_are_compared_at_once() {
        let many = |sign: &str| (0..5_000).map(|line| format!("{sign}{line}")).collect::<Vec<_>>().join("\n");
        assert_eq!(differences(&many("a"), &many("b")).len(), 10_000);
    }
}
