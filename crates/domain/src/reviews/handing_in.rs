//! Findings of one's own: how long they may be, who reads them when, and what is written down for the hash of a hand-in.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Finding, ReviewState, TooLong, tidy};
use crate::ids::{MemberId, ReviewId};

/// The most signs in one finding: a cell of the form to take along holds them, whatever signs they are.
pub const FINDING_SIGNS: usize = 10_000;
/// The most findings of one member: more are not read on a visit day.
pub const MEMBER_FINDINGS: usize = 200;

/// The text of a finding as it is kept: as texts of a reflection, without empty space around it.
///
/// # Errors
/// [`TooLong`] when it has more than [`FINDING_SIGNS`] signs.
pub fn tidy_finding(text: &str) -> Result<String, TooLong> {
    let text = tidy(text)?.trim().to_owned();
    let signs = text.chars().count();
    if signs > FINDING_SIGNS { Err(TooLong { signs }) } else { Ok(text) }
}

/// Whether a member of the panel reads the findings of another, or her own. Those of another only when both handed in, so
/// that nobody's first judgement leans on that of somebody else, or when the chair opened them all. After the conducting
/// phase nobody hands in any more: who joined the panel since then reads what was handed in.
pub fn reads_findings(
    reader: MemberId,
    writer: MemberId,
    handed_in: &BTreeSet<MemberId>,
    opened_at: Option<DateTime<Utc>>,
    state: ReviewState,
) -> bool {
    let judged = handed_in.contains(&reader) || hand_in_is_over(state);
    reader == writer || opened_at.is_some() || (judged && handed_in.contains(&writer))
}

/// Whether the time to hand in is over: the review got past the conducting phase.
pub fn hand_in_is_over(state: ReviewState) -> bool {
    match state {
        ReviewState::Concluding | ReviewState::Closed => true,
        ReviewState::Planned | ReviewState::Preparing | ReviewState::Conducting | ReviewState::Cancelled => false,
    }
}

/// The first bytes. Another way of writing down gets another name, so that hashes of the two are never confused.
const FORM: &str = "kernschil-findings-1";

fn text(bytes: &mut Vec<u8>, text: &str) {
    count(bytes, text.len());
    bytes.extend_from_slice(text.as_bytes());
}

fn count(bytes: &mut Vec<u8>, count: usize) {
    bytes.extend_from_slice(count.to_string().as_bytes());
    bytes.push(b':');
}

/// The bytes that the hash of a hand-in is made of: review, member, and of each finding its identifier, kind, part, text and
/// evidence. The order in which findings and evidence are given makes no difference; every text has its length before it.
pub fn canonical_findings(review: ReviewId, member: MemberId, findings: &[Finding]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in [FORM.to_owned(), review.to_string(), member.to_string()] {
        text(&mut bytes, &line);
    }
    let mut sorted: Vec<_> = findings.iter().collect();
    sorted.sort_by_key(|finding| finding.id);
    count(&mut bytes, sorted.len());
    for finding in sorted {
        text(&mut bytes, &finding.id.to_string());
        text(&mut bytes, finding.kind.code());
        text(&mut bytes, &finding.part.safeguard.0);
        text(&mut bytes, finding.part.criterion.as_ref().map_or("", |code| &code.0));
        text(&mut bytes, &finding.text);
        let mut evidence = finding.evidence.clone();
        evidence.sort();
        evidence.dedup();
        count(&mut bytes, evidence.len());
        for id in &evidence {
            text(&mut bytes, &id.to_string());
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::frameworks::{Part, PartCode};
    use crate::ids::{FindingId, ReviewEvidenceId, Version};
    use crate::reviews::FindingKind;

    fn finding(number: u128) -> Finding {
        Finding {
            id: FindingId(Uuid::from_u128(number)),
            review: ReviewId(Uuid::from_u128(1)),
            member: MemberId(Uuid::from_u128(2)),
            kind: FindingKind::Strength,
            part: Part { safeguard: PartCode("1".to_owned()), criterion: Some(PartCode("1.1".to_owned())) },
            text: "Goed".to_owned(),
            evidence: vec![ReviewEvidenceId(Uuid::from_u128(7)), ReviewEvidenceId(Uuid::from_u128(8))],
            changed_at: DateTime::UNIX_EPOCH,
            version: Version::FIRST,
        }
    }

    fn bytes(findings: &[Finding]) -> Vec<u8> {
        canonical_findings(ReviewId(Uuid::from_u128(1)), MemberId(Uuid::from_u128(2)), findings)
    }

    #[test]
    fn what_a_finding_says_makes_other_bytes_and_order_and_version_do_not() {
        let same = Finding { version: Version(9), evidence: finding(3).evidence.into_iter().rev().collect(), ..finding(3) };
        assert_eq!(bytes(&[finding(3), finding(4)]), bytes(&[finding(4), same]));
        let whole = Part { criterion: None, ..finding(3).part };
        let others = [
            vec![],
            vec![finding(3)],
            vec![finding(4)],
            vec![finding(3), finding(4)],
            vec![Finding { kind: FindingKind::Question, ..finding(3) }],
            vec![Finding { part: whole, ..finding(3) }],
            vec![Finding { text: "Goed!".to_owned(), ..finding(3) }],
            vec![Finding { evidence: Vec::new(), ..finding(3) }],
        ];
        let all: BTreeSet<_> = others.iter().map(|findings| bytes(findings)).collect();
        assert_eq!(all.len(), others.len());
        assert_ne!(bytes(&[]), canonical_findings(ReviewId(Uuid::from_u128(9)), MemberId(Uuid::from_u128(2)), &[]));
        assert_ne!(bytes(&[]), canonical_findings(ReviewId(Uuid::from_u128(1)), MemberId(Uuid::from_u128(9)), &[]));
    }

    #[test]
    fn another_is_read_when_both_handed_in_or_the_chair_opened() {
        let (reader, writer) = (MemberId(Uuid::from_u128(1)), MemberId(Uuid::from_u128(2)));
        let state = ReviewState::Conducting;
        let sees = |handed_in: &[MemberId], opened| reads_findings(reader, writer, &handed_in.iter().copied().collect(), opened, state);
        assert!(!sees(&[], None) && !sees(&[writer], None) && !sees(&[reader], None));
        assert!(sees(&[reader, writer], None) && sees(&[], Some(DateTime::UNIX_EPOCH)));
        assert!(reads_findings(reader, reader, &BTreeSet::new(), None, state));
    }

    #[test]
    fn who_came_too_late_to_hand_in_reads_what_was_handed_in() {
        let (reader, writer) = (MemberId(Uuid::from_u128(1)), MemberId(Uuid::from_u128(2)));
        for state in ReviewState::ALL {
            let late = matches!(state, ReviewState::Concluding | ReviewState::Closed);
            assert_eq!(reads_findings(reader, writer, &BTreeSet::from([writer]), None, *state), late, "{state}");
            assert!(!reads_findings(reader, writer, &BTreeSet::new(), None, *state), "what was not handed in stays unread");
            assert!(!reads_findings(reader, writer, &BTreeSet::from([reader]), None, *state));
        }
    }

    #[test]
    fn a_text_has_no_space_around_it_and_fits_a_cell() {
        assert_eq!(tidy_finding(" \r\nEen\r\ntwee\u{0} \n").unwrap(), "Een\ntwee");
        assert_eq!(tidy_finding(&"a".repeat(FINDING_SIGNS)).unwrap().len(), FINDING_SIGNS);
        assert_eq!(tidy_finding(&"a".repeat(FINDING_SIGNS + 1)), Err(TooLong { signs: FINDING_SIGNS + 1 }));
    }
}
