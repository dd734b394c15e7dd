//! Relations that hold for a time: fitting what a file says into what is known.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kernschil_domain::periods::Span;

use super::diff::Counts;

/// Something that holds for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dated<P> {
    /// When.
    pub(super) span: Span,
    /// What.
    pub(super) what: P,
}

/// How a row fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// It is in its place.
    Fits,
    /// It holds up to this day: something else is known from then on.
    UntilLater(NaiveDate),
}

/// Everything about one pair, such as a school and a partnership, in order of time.
#[derive(Debug)]
pub(super) struct Timeline<P> {
    was: Vec<Dated<P>>,
    now: Vec<Dated<P>>,
    stated: BTreeSet<NaiveDate>,
}

impl<P: Clone + PartialEq> Timeline<P> {
    /// From what is known.
    pub(super) fn new(mut was: Vec<Dated<P>>) -> Self {
        was.sort_by_key(|dated| dated.span.from);
        Self { now: was.clone(), was, stated: BTreeSet::new() }
    }

    /// What holds on a date.
    pub(super) fn on(&self, date: NaiveDate) -> Option<&Dated<P>> {
        self.now.iter().find(|dated| dated.span.holds_on(date))
    }

    /// Everything, in order.
    pub(super) fn now(&self) -> &[Dated<P>] {
        &self.now
    }

    /// Fits in what a row of the file says.
    ///
    /// The same first day means the same stretch: it is corrected. A later first day ends what was
    /// open. A row without an end holds until the next stretch that is known.
    ///
    /// # Errors
    /// The stretch that it overlaps, when one of the two has an end that says otherwise.
    pub(super) fn state(&mut self, new: Dated<P>) -> Result<Fit, Span> {
        let from = new.span.from;
        let next = self.now.iter().find(|dated| dated.span.from > from);
        let fit = match (new.span.until, next) {
            (Some(until), Some(next)) if next.span.from < until => return Err(next.span),
            (None, Some(next)) if next.what != new.what => Fit::UntilLater(next.span.from),
            _ => Fit::Fits,
        };
        let end = next.map(|next| next.span.from);
        let entry = Dated { span: Span { from, until: new.span.until.or(end) }, what: new.what };
        if let Some(same) = self.now.iter_mut().find(|dated| dated.span.from == from) {
            *same = entry;
            self.stated.insert(from);
            return Ok(fit);
        }
        let place = self.now.partition_point(|dated| dated.span.from < from);
        if let Some(previous) = place.checked_sub(1).and_then(|at| self.now.get_mut(at))
            && previous.span.overlaps(&entry.span)
        {
            // An end that only says where the next one begins was not given by anybody.
            let is_open = previous.span.until.is_none() || previous.span.until == end;
            if !is_open {
                return Err(previous.span);
            }
            if previous.what == entry.what && previous.span.until == entry.span.until {
                self.stated.insert(from);
                return Ok(fit);
            }
            previous.span.until = Some(from);
        }
        self.now.insert(place, entry);
        self.stated.insert(from);
        Ok(fit)
    }

    /// Ends what is open, from a date on. Nothing happens when it only began then.
    pub(super) fn end(&mut self, date: NaiveDate) {
        if let Some(open) = self.now.iter_mut().find(|dated| dated.span.until.is_none() && dated.span.from < date) {
            open.span.until = Some(date);
        }
    }

    /// Replaces what began on a date by something else: it was never true.
    pub(super) fn correct(&mut self, from: NaiveDate, what: P) {
        self.stated.insert(from);
        if let Some(wrong) = self.now.iter_mut().find(|dated| dated.span.from == from) {
            wrong.what = what;
        }
    }

    /// Says that what the file says was known already.
    pub(super) fn confirm(&mut self, from: NaiveDate) {
        self.stated.insert(from);
    }

    /// What differs from what was known, each with what stood there.
    fn settle(self) -> (Vec<Replaced<P>>, Counts) {
        let mut counts = Counts::default();
        let mut rows = Vec::new();
        let mut settled = BTreeSet::new();
        for dated in self.now {
            let known = self.was.iter().find(|known| known.span.from == dated.span.from);
            if known == Some(&dated) {
                continue;
            }
            settled.insert(dated.span.from);
            if known.is_some() {
                counts.changed += 1;
            } else {
                counts.added += 1;
            }
            rows.push((known.cloned(), dated));
        }
        counts.unchanged = self.stated.difference(&settled).count();
        (rows, counts)
    }
}

/// What stood at a first day, if anything, and what stands there now.
type Replaced<P> = (Option<Dated<P>>, Dated<P>);

/// A changed stretch of one pair, with what stood there before.
pub(super) struct Change<K, P> {
    /// The pair.
    pub(super) key: K,
    /// What stood there.
    pub(super) was: Option<Dated<P>>,
    /// What stands there now.
    pub(super) now: Dated<P>,
}

/// The timelines of many pairs.
#[derive(Debug)]
pub(super) struct Timelines<K, P>(BTreeMap<K, Timeline<P>>);

impl<K, P> Default for Timelines<K, P> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord + Clone, P: Clone + PartialEq> Timelines<K, P> {
    /// The timeline of a pair; `known` gives what is known, the first time.
    pub(super) fn of(&mut self, key: K, known: impl FnOnce() -> Vec<Dated<P>>) -> &mut Timeline<P> {
        self.0.entry(key).or_insert_with(|| Timeline::new(known()))
    }

    /// The timeline of a pair that was looked at before.
    pub(super) fn get(&self, key: &K) -> Option<&Timeline<P>> {
        self.0.get(key)
    }

    /// Everything that differs from what was known.
    pub(super) fn settle(self) -> (Vec<Change<K, P>>, Counts) {
        let mut all = Vec::new();
        let mut sum = Counts::default();
        for (key, line) in self.0 {
            let (rows, counts) = line.settle();
            sum.added += counts.added;
            sum.changed += counts.changed;
            sum.unchanged += counts.unchanged;
            all.extend(rows.into_iter().map(|(was, now)| Change { key: key.clone(), was, now }));
        }
        (all, sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn dated(from: &str, until: Option<&str>, what: char) -> Dated<char> {
        Dated { span: Span { from: day(from), until: until.map(day) }, what }
    }

    /// A timeline as text, such as `2024..2026 s, 2026.. k`.
    fn shown(line: &Timeline<char>) -> String {
        let year = |date: NaiveDate| date.format("%Y").to_string();
        let one = |d: &Dated<char>| format!("{}..{} {}", year(d.span.from), d.span.until.map(year).unwrap_or_default(), d.what);
        line.now.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    const A: &str = "2024-08-01";
    const B: &str = "2026-08-01";
    const C: &str = "2028-08-01";

    #[test]
    fn a_later_row_ends_what_was_open_and_the_old_row_again_changes_nothing() {
        let mut line = Timeline::new(vec![dated(A, None, 's')]);
        assert_eq!(line.state(dated(B, None, 'k')), Ok(Fit::Fits));
        assert_eq!(shown(&line), "2024..2026 s, 2026.. k");

        let mut again = Timeline::new(line.now);
        assert_eq!(again.state(dated(A, None, 's')), Ok(Fit::UntilLater(day(B))));
        assert_eq!(again.state(dated(B, None, 'k')), Ok(Fit::Fits));
        let (rows, counts) = again.settle();
        assert!(rows.is_empty());
        assert_eq!(counts, Counts { added: 0, changed: 0, unchanged: 2 });
    }

    #[test]
    fn the_same_first_day_corrects_and_the_same_thing_later_is_known_already() {
        let mut line = Timeline::new(vec![dated(A, None, 's')]);
        assert_eq!(line.state(dated(A, Some(C), 'k')), Ok(Fit::Fits));
        assert_eq!(shown(&line), "2024..2028 k");

        let mut line = Timeline::new(vec![dated(A, None, 's')]);
        assert_eq!(line.state(dated(B, None, 's')), Ok(Fit::Fits));
        assert_eq!(shown(&line), "2024.. s");
        assert_eq!(line.settle().1, Counts { added: 0, changed: 0, unchanged: 1 });
    }

    #[test]
    fn an_earlier_row_holds_until_what_is_known() {
        let mut line = Timeline::new(vec![dated(B, None, 'k')]);
        assert_eq!(line.state(dated(A, None, 's')), Ok(Fit::UntilLater(day(B))));
        assert_eq!(shown(&line), "2024..2026 s, 2026.. k");

        let mut between = Timeline::new(vec![dated(A, Some(C), 's'), dated(C, None, 'k')]);
        assert_eq!(between.state(dated(B, None, 'x')), Ok(Fit::UntilLater(day(C))));
        assert_eq!(shown(&between), "2024..2026 s, 2026..2028 x, 2028.. k");
    }

    #[test]
    fn ends_that_contradict_each_other_are_refused_and_change_nothing() {
        let mut line = Timeline::new(vec![dated(A, Some(C), 's')]);
        assert_eq!(line.state(dated(B, None, 'k')), Err(Span { from: day(A), until: Some(day(C)) }));
        let mut later = Timeline::new(vec![dated(B, None, 'k')]);
        assert_eq!(later.state(dated(A, Some(C), 's')), Err(Span { from: day(B), until: None }));
        assert_eq!((shown(&line), shown(&later)), ("2024..2028 s".to_owned(), "2026.. k".to_owned()));
        assert_eq!(later.settle().1, Counts::default());
    }
}
