//! The values of a filter, each with the number of rows it would leave.

use std::collections::BTreeMap;

use crate::components::filters::FilterOption;

/// A value in the address and its words.
pub(super) type Named = (String, String);

/// Every value that occurs, by its words, with the number of rows that `passes` lets through: those that
/// fit all other filters.
pub(super) fn facet<T>(rows: &[T], passes: impl Fn(&T) -> bool, values: impl Fn(&T) -> Vec<Named>) -> Vec<FilterOption> {
    let mut counts: BTreeMap<(String, String), u32> = BTreeMap::new();
    for row in rows {
        let passed = u32::from(passes(row));
        for (value, words) in values(row) {
            *counts.entry((words, value)).or_default() += passed;
        }
    }
    counts.into_iter().map(|((words, value), count)| FilterOption::new(&value, &words, count)).collect()
}

/// The same for values in a fixed order; those that nowhere occur are left out.
pub(super) fn facet_of<T>(
    rows: &[T],
    values: &[(&str, &str)],
    passes: impl Fn(&T) -> bool,
    holds: impl Fn(&T, &str) -> bool,
) -> Vec<FilterOption> {
    let option = |(value, words): &(&str, &str)| {
        let mut occurs = rows.iter().filter(|row| holds(row, value)).peekable();
        occurs.peek()?;
        let count = occurs.filter(|row| passes(row)).count();
        Some(FilterOption::new(value, words, super::support::size(count)))
    };
    values.iter().filter_map(option).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_nothing_is_left_of_can_still_be_chosen() {
        let rows = [("a", 1), ("b", 2), ("b", 1)];
        let named = |row: &(&str, i32)| vec![(row.0.to_owned(), row.0.to_uppercase())];
        let found = facet(&rows, |row| row.1 == 2, named);
        assert_eq!(found, [FilterOption::new("a", "A", 0), FilterOption::new("b", "B", 1)]);
        let found = facet_of(&rows, &[("b", "B"), ("c", "C")], |row| row.1 == 1, |row, value| row.0 == value);
        assert_eq!(found, [FilterOption::new("b", "B", 1)]);
    }
}
