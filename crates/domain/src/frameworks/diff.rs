//! What is different between two contents of frameworks. Parts are the same part when they have the same code.

use super::{Criterion, FrameworkContent, Origin, PartCode, Safeguard};
use crate::codes::code_enum;

code_enum! {
    /// How a part differs.
    DifferenceKind {
        /// Only the later has it.
        Added = "added" / "nieuw",
        /// Only the earlier has it.
        Removed = "removed" / "vervallen",
        /// A safeguard has another name.
        Renamed = "renamed" / "andere naam",
        /// It says something else.
        Text = "text" / "andere tekst",
        /// Its words are of somebody else.
        Origin = "origin" / "andere herkomst",
        /// Other questions go with it.
        Questions = "questions" / "andere vragen",
        /// A criterion belongs to another safeguard, or the order changed.
        Moved = "moved" / "verplaatst",
    }
}

/// A part that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The code of the part; none for the framework as a whole.
    pub code: Option<PartCode>,
    /// How.
    pub kind: DifferenceKind,
    /// What the earlier says, or where it stands there.
    pub before: String,
    /// What the later says, or where it stands there.
    pub after: String,
    /// For a part that is new or no longer there: the code that has the same words on the other side. Perhaps only the
    /// code changed.
    pub same_words: Option<PartCode>,
}

/// A part, whatever it is, as it is compared.
struct Item<'a> {
    code: &'a PartCode,
    /// The safeguard it belongs to; none for a safeguard.
    within: Option<&'a PartCode>,
    name: &'a str,
    text: &'a str,
    origin: Origin,
    questions: &'a [String],
}

impl<'a> Item<'a> {
    fn safeguard(safeguard: &'a Safeguard) -> Self {
        Self {
            code: &safeguard.code,
            within: None,
            name: &safeguard.name,
            text: &safeguard.description,
            origin: safeguard.origin,
            questions: &safeguard.questions,
        }
    }

    fn criterion(safeguard: &'a Safeguard, criterion: &'a Criterion) -> Self {
        Self {
            code: &criterion.code,
            within: Some(&safeguard.code),
            name: "",
            text: &criterion.text,
            origin: criterion.origin,
            questions: &criterion.questions,
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        self.within.is_some() == other.within.is_some()
    }

    /// What it says, in one text.
    fn words(&self) -> String {
        let parts = [self.name, self.text].into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(": ")
    }

    fn same_words(&self, other: &Self) -> bool {
        let plain = |item: &Self| item.words().split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
        self.is_like(other) && !self.words().is_empty() && plain(self) == plain(other)
    }
}

fn items(content: &FrameworkContent) -> Vec<Item<'_>> {
    let of = |safeguard| {
        let safeguard: &Safeguard = safeguard;
        let criteria = safeguard.criteria.iter().map(move |criterion| Item::criterion(safeguard, criterion));
        std::iter::once(Item::safeguard(safeguard)).chain(criteria)
    };
    content.safeguards.iter().flat_map(of).collect()
}

/// Which of these have a place that the others did not push them to: all but the longest run that kept its order.
fn out_of_order(places: &[usize]) -> Vec<bool> {
    // For each place, the longest run that ends there, and what comes before it in that run.
    let mut runs: Vec<(usize, Option<usize>)> = Vec::with_capacity(places.len());
    for (at, place) in places.iter().enumerate() {
        let before = (0..at).filter(|earlier| places.get(*earlier).is_some_and(|other| other < place));
        let longest = before.max_by_key(|earlier| (runs.get(*earlier).map_or(0, |(length, _)| *length), at - earlier));
        runs.push((longest.and_then(|earlier| runs.get(earlier)).map_or(1, |(length, _)| length + 1), longest));
    }
    let mut moved = vec![true; places.len()];
    let mut at = (0..runs.len()).max_by_key(|at| (runs.get(*at).map_or(0, |(length, _)| *length), runs.len() - at));
    while let Some(kept) = at {
        if let Some(slot) = moved.get_mut(kept) {
            *slot = false;
        }
        at = runs.get(kept).and_then(|(_, before)| *before);
    }
    moved
}

fn place(item: &Item<'_>, all: &[Item<'_>]) -> String {
    let siblings = all.iter().filter(|other| other.within == item.within);
    let number = siblings.take_while(|other| other.code != item.code).count() + 1;
    match item.within {
        Some(safeguard) => format!("waarborg {safeguard}, plaats {number}"),
        None => format!("plaats {number}"),
    }
}

fn lines(questions: &[String]) -> String {
    questions.join("\n")
}

/// What two versions of one part say otherwise.
fn of_part(before: &Item<'_>, after: &Item<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut differs = |kind, before: String, after: String| {
        if before != after {
            found.push(Difference { code: None, kind, before, after, same_words: None });
        }
    };
    differs(DifferenceKind::Renamed, before.name.to_owned(), after.name.to_owned());
    differs(DifferenceKind::Text, before.text.to_owned(), after.text.to_owned());
    differs(DifferenceKind::Origin, before.origin.dutch().to_owned(), after.origin.dutch().to_owned());
    differs(DifferenceKind::Questions, lines(before.questions), lines(after.questions));
    found.into_iter().map(|difference| Difference { code: Some(after.code.clone()), ..difference }).collect()
}

/// The parts of which the place changed: in another safeguard, or in another order among those that stayed beside them.
fn moved(before: &[Item<'_>], after: &[Item<'_>]) -> Vec<Difference> {
    let mut found = Vec::new();
    for item in after {
        let Some(earlier) = before.iter().find(|earlier| earlier.code == item.code && earlier.is_like(item)) else { continue };
        let elsewhere = earlier.within != item.within;
        let same = |other: &&Item<'_>| other.within == item.within;
        let stayed: Vec<_> = after
            .iter()
            .filter(same)
            .filter_map(|other| Some((other.code, before.iter().position(|b| b.code == other.code && b.within == other.within)?)))
            .collect();
        let order: Vec<_> = stayed.iter().map(|(_, place)| *place).collect();
        let own = stayed.iter().position(|(code, _)| *code == item.code);
        let reordered = own.is_some_and(|own| out_of_order(&order).get(own).copied().unwrap_or_default());
        if elsewhere || reordered {
            found.push(Difference {
                code: Some(item.code.clone()),
                kind: DifferenceKind::Moved,
                before: place(earlier, before),
                after: place(item, after),
                same_words: None,
            });
        }
    }
    found
}

/// What differs between an earlier and a later content, in the order of the later; what is no longer there comes last.
pub fn differences(before: &FrameworkContent, after: &FrameworkContent) -> Vec<Difference> {
    let (old, new) = (items(before), items(after));
    let mut found = Vec::new();
    let mut whole = |kind, before: &str, after: &str| {
        if before != after {
            found.push(Difference { code: None, kind, before: before.to_owned(), after: after.to_owned(), same_words: None });
        }
    };
    whole(DifferenceKind::Renamed, &before.name, &after.name);
    whole(DifferenceKind::Text, &before.source, &after.source);
    whole(DifferenceKind::Questions, &lines(&before.questions), &lines(&after.questions));
    let known = |item: &Item<'_>, all: &[Item<'_>]| all.iter().any(|other| other.code == item.code && other.is_like(item));
    let moved = moved(&old, &new);
    for item in &new {
        match old.iter().find(|earlier| earlier.code == item.code && earlier.is_like(item)) {
            Some(earlier) => {
                found.extend(of_part(earlier, item));
                found.extend(moved.iter().filter(|difference| difference.code.as_ref() == Some(item.code)).cloned());
            }
            None => found.push(Difference {
                code: Some(item.code.clone()),
                kind: DifferenceKind::Added,
                before: String::new(),
                after: item.words(),
                same_words: old.iter().find(|other| !known(other, &new) && other.same_words(item)).map(|other| other.code.clone()),
            }),
        }
    }
    for item in old.iter().filter(|item| !known(item, &new)) {
        found.push(Difference {
            code: Some(item.code.clone()),
            kind: DifferenceKind::Removed,
            before: item.words(),
            after: String::new(),
            same_words: new.iter().find(|other| !known(other, &old) && other.same_words(item)).map(|other| other.code.clone()),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frameworks::samples::{criterion, small};

    fn found(change: impl FnOnce(&mut FrameworkContent)) -> Vec<(String, DifferenceKind)> {
        let mut after = small();
        change(&mut after);
        let name = |difference: &Difference| difference.code.as_ref().map(ToString::to_string).unwrap_or_default();
        differences(&small(), &after).iter().map(|difference| (name(difference), difference.kind)).collect()
    }

    fn one(code: &str, kind: DifferenceKind) -> Vec<(String, DifferenceKind)> {
        vec![(code.to_owned(), kind)]
    }

    #[test]
    fn equal_contents_do_not_differ() {
        assert_eq!(found(|_| ()), []);
    }

    #[test]
    fn each_kind_of_difference_is_found_alone() {
        assert_eq!(found(|c| c.name.push('x')), one("", DifferenceKind::Renamed));
        assert_eq!(found(|c| c.source.push('x')), one("", DifferenceKind::Text));
        assert_eq!(found(|c| c.safeguards[0].name.push('x')), one("1", DifferenceKind::Renamed));
        assert_eq!(found(|c| c.safeguards[0].criteria[1].text.push('x')), one("1.2", DifferenceKind::Text));
        assert_eq!(found(|c| c.safeguards[1].criteria[0].origin = Origin::Official), one("2.1", DifferenceKind::Origin));
        assert_eq!(found(|c| c.safeguards[0].questions.push("Hoe?".to_owned())), one("1", DifferenceKind::Questions));
        assert_eq!(found(|c| c.safeguards[0].criteria.push(criterion("1.4", "Nieuw."))), one("1.4", DifferenceKind::Added));
        assert_eq!(found(|c| drop(c.safeguards[0].criteria.remove(0))), one("1.1", DifferenceKind::Removed));
    }

    #[test]
    fn what_moved_is_named_and_not_what_made_room() {
        assert_eq!(found(|c| c.safeguards[0].criteria.rotate_left(1)), one("1.1", DifferenceKind::Moved));
        let elsewhere = found(|c| {
            let criterion = c.safeguards[0].criteria.remove(0);
            c.safeguards[1].criteria.push(criterion);
        });
        assert_eq!(elsewhere, one("1.1", DifferenceKind::Moved));
    }

    #[test]
    fn a_code_that_changed_while_the_words_stayed_is_hinted_at() {
        let mut after = small();
        after.safeguards[0].criteria[0].code = PartCode("9.9".to_owned());
        let found = differences(&small(), &after);
        let hints: Vec<_> = found.iter().map(|d| (d.kind, d.same_words.as_ref().map(ToString::to_string))).collect();
        assert_eq!(hints, [(DifferenceKind::Added, Some("1.1".to_owned())), (DifferenceKind::Removed, Some("9.9".to_owned()))]);
    }
}
