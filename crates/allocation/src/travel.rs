//! Travel times of one origin, two bytes each: most of a large snapshot is these.

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// Minutes one way per column of the travel table; a column can be unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Minutes {
    columns: Box<[u16]>,
}

/// Stands for a time that is not known. Far above any that is allowed.
const UNKNOWN: u16 = u16::MAX;

impl Minutes {
    /// Number of columns.
    pub const fn len(&self) -> usize {
        self.columns.len()
    }

    /// True without columns.
    pub const fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The time of a column; `None` when it is unknown or there is no such column.
    pub fn at(&self, column: usize) -> Option<u16> {
        self.columns.get(column).copied().filter(|&minutes| minutes != UNKNOWN)
    }

    /// The times in the order of the columns.
    pub fn iter(&self) -> impl Iterator<Item = Option<u16>> + '_ {
        (0..self.len()).map(|column| self.at(column))
    }
}

impl FromIterator<Option<u16>> for Minutes {
    /// A time of 65,535 minutes counts as one less, which is as little allowed.
    fn from_iter<I: IntoIterator<Item = Option<u16>>>(minutes: I) -> Self {
        Self { columns: minutes.into_iter().map(|minutes| minutes.map_or(UNKNOWN, |minutes| minutes.min(UNKNOWN - 1))).collect() }
    }
}

impl Serialize for Minutes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Minutes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Columns)
    }
}

struct Columns;

impl<'de> Visitor<'de> for Columns {
    type Value = Minutes;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a list of minutes, null where unknown")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Minutes, A::Error> {
        let mut columns = Vec::with_capacity(list.size_hint().unwrap_or(0).min(1 << 16));
        while let Some(minutes) = list.next_element::<Option<u16>>()? {
            columns.push(minutes.map_or(UNKNOWN, |minutes| minutes.min(UNKNOWN - 1)));
        }
        Ok(Minutes { columns: columns.into_boxed_slice() })
    }
}
