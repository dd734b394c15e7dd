//! Where what was written about a framework goes when a review takes another version of it. Nothing is ever lost: what the
//! other version has no place for stays under its old code, and is shown as such.

use super::diff::{DifferenceKind, differences};
use super::{FrameworkContent, Part};
use crate::codes::code_enum;

code_enum! {
    /// Where something goes.
    Carrying {
        /// The other version has the same part, with the same words.
        Same = "same" / "blijft staan",
        /// The other version has the same part, and it says something else.
        Reworded = "reworded" / "blijft staan, de tekst van het kader is anders",
        /// The criterion belongs to another safeguard there, and what was written goes along.
        Moved = "moved" / "gaat mee naar een andere waarborg",
        /// The other version does not have it: it stays under its old code.
        Kept = "kept" / "blijft bewaard onder de oude code",
    }
}

/// Where one part goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The part something was written about.
    pub from: Part,
    /// What happens with it.
    pub how: Carrying,
    /// The part it is about from then on.
    pub to: Part,
    /// For what stays under an old code: a part of the other version with the same words, to look at.
    pub same_words: Option<Part>,
}

fn part_of(content: &FrameworkContent, code: &super::PartCode) -> Option<Part> {
    content.parts().find(|part| part.criterion.as_ref().unwrap_or(&part.safeguard) == code)
}

/// Where each of these parts goes from one version to another, in the order in which they were given.
pub fn carry(parts: &[Part], before: &FrameworkContent, after: &FrameworkContent) -> Vec<Carried> {
    let differences = differences(before, after);
    let reads_otherwise = |part: &Part| {
        let code = part.criterion.as_ref().unwrap_or(&part.safeguard);
        let words = [DifferenceKind::Renamed, DifferenceKind::Text];
        differences.iter().any(|difference| difference.code.as_ref() == Some(code) && words.contains(&difference.kind))
    };
    let hint = |part: &Part| {
        let code = part.criterion.as_ref().unwrap_or(&part.safeguard);
        let gone = differences.iter().find(|d| d.kind == DifferenceKind::Removed && d.code.as_ref() == Some(code))?;
        part_of(after, gone.same_words.as_ref()?)
    };
    let one = |part: &Part| {
        if after.holds(part) {
            let how = if reads_otherwise(part) { Carrying::Reworded } else { Carrying::Same };
            return Carried { from: part.clone(), how, to: part.clone(), same_words: None };
        }
        let elsewhere = part
            .criterion
            .as_ref()
            .and_then(|code| after.criterion(code))
            .map(|(safeguard, criterion)| Part { safeguard: safeguard.code.clone(), criterion: Some(criterion.code.clone()) });
        match elsewhere {
            Some(to) => Carried { from: part.clone(), how: Carrying::Moved, to, same_words: None },
            None => Carried { from: part.clone(), how: Carrying::Kept, to: part.clone(), same_words: hint(part) },
        }
    };
    parts.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frameworks::PartCode;
    use crate::frameworks::samples::small;

    fn part(safeguard: &str, criterion: &str) -> Part {
        Part { safeguard: PartCode(safeguard.to_owned()), criterion: (!criterion.is_empty()).then(|| PartCode(criterion.to_owned())) }
    }

    #[test]
    fn every_part_goes_somewhere_and_what_has_no_place_stays_under_its_code() {
        let mut after = small();
        // 1.1 keeps its code under the other safeguard, 1.2 says something else, 1.3 got another code.
        let moved = after.safeguards[0].criteria.remove(0);
        after.safeguards[1].criteria.push(moved);
        after.safeguards[0].criteria[0].text.push_str(" Ook later.");
        after.safeguards[0].criteria[1].code = PartCode("1.9".to_owned());
        let parts = [part("1", ""), part("1", "1.1"), part("1", "1.2"), part("1", "1.3"), part("7", ""), part("2", "2.1")];
        let carried = carry(&parts, &small(), &after);
        let seen: Vec<_> = carried.iter().map(|c| (c.how, c.to.clone())).collect();
        assert_eq!(
            seen,
            [
                (Carrying::Same, part("1", "")),
                (Carrying::Moved, part("2", "1.1")),
                (Carrying::Reworded, part("1", "1.2")),
                (Carrying::Kept, part("1", "1.3")),
                (Carrying::Kept, part("7", "")),
                (Carrying::Same, part("2", "2.1")),
            ]
        );
        assert_eq!(carried[3].same_words, Some(part("1", "1.9")));
        assert_eq!(carried.iter().map(|c| &c.from).collect::<Vec<_>>(), parts.iter().collect::<Vec<_>>());
    }

    #[test]
    fn going_back_brings_everything_back() {
        let mut after = small();
        let moved = after.safeguards[0].criteria.remove(0);
        after.safeguards[1].criteria.push(moved);
        after.safeguards[0].criteria.clear();
        let parts: Vec<_> = small().parts().collect();
        let there: Vec<_> = carry(&parts, &small(), &after).into_iter().map(|carried| carried.to).collect();
        let back: Vec<_> = carry(&there, &after, &small()).into_iter().map(|carried| carried.to).collect();
        assert_eq!(back, parts);
    }
}
