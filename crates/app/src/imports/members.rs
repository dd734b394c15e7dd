//! Lists of members, such as the schools of a trainer: from a day on, these and no others.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use kernschil_domain::periods::{Span, dutch_date};

use super::dated::{Dated, Timelines};

/// A list of members, as one row of a file names them.
pub(super) struct Listed<'a, O, M> {
    /// Whose members.
    pub(super) owner: O,
    /// The members.
    pub(super) named: &'a [M],
    /// From this day on.
    pub(super) from: NaiveDate,
    /// The members that are known, with when.
    pub(super) known: &'a [(M, Span)],
}

/// What becomes of a member that is known and is not named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotNamed {
    /// It ends on this day.
    Ends(NaiveDate),
    /// It began on this day or later, so the list says nothing about how it was before: it stays.
    Stays,
}

impl NotNamed {
    /// A Dutch sentence.
    pub(super) fn dutch(self) -> String {
        match self {
            Self::Ends(date) => format!("Dat eindigt op {}.", dutch_date(date)),
            Self::Stays => "Dat blijft zo, omdat het niet eerder begon dan deze rij.".to_owned(),
        }
    }
}

/// Fits a list in. Who is named stays or begins; who is not named ends. Answers who is not named.
pub(super) fn align<O: Ord + Copy, M: Ord + Copy>(list: &Listed<'_, O, M>, lines: &mut Timelines<(O, M), ()>) -> Vec<(M, NotNamed)> {
    let known_of = |member: M| -> Vec<Dated<()>> {
        list.known.iter().filter(|(m, _)| *m == member).map(|(_, span)| Dated { span: *span, what: () }).collect()
    };
    for member in list.named {
        let line = lines.of((list.owner, *member), || known_of(*member));
        // Who is a member on that day already stays so for as long as is known: a later list may have
        // ended it. Otherwise nothing overlaps, so it always fits.
        if line.on(list.from).is_some() || line.state(Dated { span: Span::since(list.from), what: () }).is_err() {
            line.confirm(list.from);
        }
    }
    let others: BTreeSet<M> = list.known.iter().map(|(member, _)| *member).filter(|member| !list.named.contains(member)).collect();
    let mut not_named = Vec::new();
    for member in others {
        let line = lines.of((list.owner, member), || known_of(member));
        let Some(open) = line.now().iter().find(|dated| dated.span.until.is_none()).map(|dated| dated.span.from) else { continue };
        if open < list.from {
            line.end(list.from);
            not_named.push((member, NotNamed::Ends(list.from)));
        } else {
            not_named.push((member, NotNamed::Stays));
        }
    }
    not_named
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn who_is_named_begins_or_stays_and_who_is_not_named_ends() {
        let known = [('a', Span::since(day("2024-08-01"))), ('b', Span::since(day("2024-08-01"))), ('c', Span::since(day("2026-08-01")))];
        let mut lines = Timelines::default();
        let list = Listed { owner: 1, named: &['a', 'd'], from: day("2026-08-01"), known: &known };
        assert_eq!(align(&list, &mut lines), [('b', NotNamed::Ends(day("2026-08-01"))), ('c', NotNamed::Stays)]);
        let (changes, counts) = lines.settle();
        let shown: Vec<_> = changes.iter().map(|c| (c.key.1, c.now.span.from, c.now.span.until)).collect();
        assert_eq!(shown, [('b', day("2024-08-01"), Some(day("2026-08-01"))), ('d', day("2026-08-01"), None)]);
        assert_eq!((counts.added, counts.changed, counts.unchanged), (1, 1, 1));
    }
}
