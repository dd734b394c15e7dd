//! What a file changes: new, changed and unchanged rows of each table.

use std::collections::BTreeMap;

use serde::Serialize;

/// Declares the tables with their stable code and Dutch name.
macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident = $code:literal / $dutch:literal),+ $(,)?) => {
        /// A table that a file can change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Table { $($(#[$doc])* $name),+ }

        impl Table {
            const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Stable code.
            pub(super) fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// Dutch name.
            pub(super) fn dutch(self) -> &'static str {
                match self { $(Self::$name => $dutch),+ }
            }

            /// Reads a code.
            pub(super) fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|table| table.code() == code)
            }
        }
    };
}

tables! {
    Areas = "postcode-areas" / "postcodegebieden",
    TravelTimes = "travel-times" / "reistijden",
    Regions = "regions" / "onderwijsregio's",
    Boards = "boards" / "besturen",
    Schools = "schools" / "scholen",
    SchoolBoards = "school-boards" / "besturen van scholen",
    Evidence = "evidence" / "kwaliteitsgegevens",
    Institutes = "institutes" / "instituten",
    Programmes = "programmes" / "opleidingen",
    Phases = "phases" / "opleidingsfasen",
    Partnerships = "partnerships" / "partnerschappen",
    PartnershipStandings = "partnership-standings" / "statussen van partnerschappen",
    InstituteMemberships = "institute-memberships" / "deelnames van instituten",
    BoardMemberships = "board-memberships" / "deelnames van besturen",
    SchoolMemberships = "school-memberships" / "deelnames van scholen",
    Conditions = "conditions" / "voorwaarden",
    Trainers = "trainers" / "opleiders",
    Qualifications = "qualifications" / "kwalificaties",
    TrainerSchools = "trainer-schools" / "scholen van opleiders",
    Rounds = "rounds" / "plaatsingsrondes",
    Periods = "periods" / "perioden",
    Offers = "offers" / "plekken",
    Totals = "school-totals" / "schooltotalen",
    Cohorts = "cohorts" / "cohorten",
    Students = "students" / "studenten",
    Enrolments = "enrolments" / "inschrijvingen",
    Demands = "demands" / "plaatsingsvragen",
}

/// What a file changes in one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableChange {
    /// Stable code of the table.
    pub table: &'static str,
    /// Dutch name of what is in it.
    pub dutch: &'static str,
    /// Rows that were not there yet.
    pub added: usize,
    /// Rows that change.
    pub changed: usize,
    /// Rows of the file that were there already.
    pub unchanged: usize,
}

/// Numbers of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// New ones.
    pub(super) added: usize,
    /// Changed ones.
    pub(super) changed: usize,
    /// Unchanged ones.
    pub(super) unchanged: usize,
}

/// Counts over all tables.
#[derive(Debug, Default)]
pub(super) struct Tally(BTreeMap<Table, Counts>);

impl Tally {
    /// Adds the counts of a table.
    pub(super) fn add(&mut self, table: Table, counts: Counts) {
        let sum = self.0.entry(table).or_default();
        sum.added += counts.added;
        sum.changed += counts.changed;
        sum.unchanged += counts.unchanged;
    }

    /// The tables that the file says something about.
    pub(super) fn changes(&self) -> Vec<TableChange> {
        let some = self.0.iter().filter(|(_, counts)| **counts != Counts::default());
        some.map(|(table, counts)| TableChange {
            table: table.code(),
            dutch: table.dutch(),
            added: counts.added,
            changed: counts.changed,
            unchanged: counts.unchanged,
        })
        .collect()
    }
}

/// Rows as they should become, one for each key.
#[derive(Debug)]
pub(super) struct Staged<K, V>(BTreeMap<K, V>);

impl<K, V> Default for Staged<K, V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord, V: PartialEq> Staged<K, V> {
    /// Says what a row should become.
    pub(super) fn put(&mut self, key: K, row: V) {
        self.0.insert(key, row);
    }

    /// What a row should become, if anything was said.
    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.0.get(key)
    }

    /// The rows that differ from what there is, and how many of each kind.
    pub(super) fn settle<'b>(self, before: impl Fn(&K) -> Option<&'b V>) -> (Vec<V>, Counts)
    where
        V: 'b,
    {
        let mut counts = Counts::default();
        let mut rows = Vec::new();
        for (key, row) in self.0 {
            match before(&key) {
                Some(known) if *known == row => counts.unchanged += 1,
                Some(_) => {
                    counts.changed += 1;
                    rows.push(row);
                }
                None => {
                    counts.added += 1;
                    rows.push(row);
                }
            }
        }
        (rows, counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_new_changed_or_unchanged_and_the_last_word_counts() {
        let known = BTreeMap::from([(1, "een"), (2, "twee")]);
        let mut staged = Staged::default();
        for (key, row) in [(1, "een"), (2, "deux"), (3, "drie"), (2, "zwei")] {
            staged.put(key, row);
        }
        let (rows, counts) = staged.settle(|key| known.get(key));
        assert_eq!(rows, ["zwei", "drie"]);
        assert_eq!(counts, Counts { added: 1, changed: 1, unchanged: 1 });
    }

    #[test]
    fn every_table_has_its_own_code() {
        for table in Table::ALL {
            assert_eq!(Table::parse(table.code()), Some(*table));
        }
    }
}
