//! Finding the headers of a sheet: below titles, over two rows, in another order, under other names.

use std::collections::HashMap;

use crate::clean::{clean, key};
use crate::definition::SheetDef;
use crate::raw::{RawRow, RawSheet, RawValue};

/// Headers are looked for in so many rows with a value.
const ROWS_LOOKED_AT: usize = 30;

/// The headers found on a sheet.
pub(super) struct Headers {
    /// Last row of the headers.
    pub(super) row: u32,
    /// For each column of the definition the column of the file.
    pub(super) places: Vec<Option<u32>>,
    /// For each column of the definition the header in the file.
    pub(super) names: Vec<String>,
    /// Columns with the header of a column that was found already: place, header and column of the
    /// definition.
    pub(super) again: Vec<(u32, String, usize)>,
    /// Columns with a header that the definition does not know.
    pub(super) unknown: Vec<(u32, String)>,
}

/// Names of columns, as keys.
pub(super) struct Names(HashMap<String, (Rank, usize)>);

/// How a column is named: a header goes before an alias, so a column "School" beside "BRIN" is not
/// taken for a second BRIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rank {
    Header,
    Alias,
}

impl Names {
    /// The headers and aliases of a sheet.
    pub(super) fn of(def: &SheetDef) -> Self {
        let names = def.columns.iter().enumerate().flat_map(|(index, column)| {
            let aliases = column.aliases.iter().map(move |name| (key(name), (Rank::Alias, index)));
            std::iter::once((key(&column.header), (Rank::Header, index))).chain(aliases)
        });
        Self(names.collect())
    }

    fn find(&self, header: &str) -> Option<(Rank, usize)> {
        // "Reistijdgrens (minuten)" is "Reistijdgrens".
        self.0.get(&key(header)).or_else(|| self.0.get(&key(header.split_once('(')?.0))).copied()
    }
}

/// Headers of a row: place and cleaned text.
fn texts(row: &RawRow) -> impl Iterator<Item = (u32, String)> + '_ {
    row.cells.iter().filter_map(|(place, value)| match value {
        // Our templates mark required columns with an asterisk.
        RawValue::Text(text) => Some((*place, clean(text).trim_end_matches(['*', ' ']).to_owned())).filter(|(_, text)| !text.is_empty()),
        _ => None,
    })
}

/// How many different columns a row names.
fn score(row: &RawRow, names: &Names) -> usize {
    let mut found: Vec<usize> = texts(row).filter_map(|(_, text)| names.find(&text).map(|(_, column)| column)).collect();
    found.sort_unstable();
    found.dedup();
    found.len()
}

/// Finds the headers; nothing when no row names a column.
pub(super) fn find(def: &SheetDef, sheet: &RawSheet) -> Option<Headers> {
    let names = Names::of(def);
    let looked_at = sheet.rows.get(..ROWS_LOOKED_AT).unwrap_or(&sheet.rows);
    let scores: Vec<usize> = looked_at.iter().map(|row| score(row, &names)).collect();
    let best = *scores.iter().max()?;
    // One known word can stand anywhere; two in a row are headers.
    if best < def.columns.len().min(2) {
        return None;
    }
    let index = scores.iter().position(|score| *score == best)?;
    let row = looked_at.get(index)?;
    let mut headers = Headers {
        row: row.number,
        places: vec![None; def.columns.len()],
        names: vec![String::new(); def.columns.len()],
        again: Vec::new(),
        unknown: Vec::new(),
    };
    let mut taken: Vec<u32> = texts(row).map(|(place, _)| place).collect();
    let (first, second): (Vec<_>, Vec<_>) =
        texts(row).partition(|(_, text)| names.find(text).is_some_and(|(rank, _)| rank == Rank::Header));
    for (place, text) in first.into_iter().chain(second) {
        headers.place(place, text, &names);
    }
    headers.unknown.sort_unstable();
    // Headers over two rows: a column without header here may have it in the row above or below.
    let above = index.checked_sub(1).and_then(|above| looked_at.get(above)).filter(|above| above.number + 1 == row.number);
    for (place, text) in above.into_iter().flat_map(texts) {
        if !taken.contains(&place) && names.find(&text).is_some_and(|(_, column)| headers.places.get(column).is_some_and(Option::is_none)) {
            taken.push(place);
            headers.place(place, text, &names);
        }
    }
    let below = looked_at.get(index + 1).filter(|below| below.number == row.number + 1);
    if let Some(below) = below {
        let second: Vec<(u32, String)> = texts(below).collect();
        let all_names = second.len() == below.cells.len() && second.iter().all(|(_, text)| names.find(text).is_some());
        let adds = second.iter().any(|(place, _)| !taken.contains(place));
        if all_names && adds {
            headers.row = below.number;
            for (place, text) in second.into_iter().filter(|(place, _)| !taken.contains(place)) {
                headers.place(place, text, &names);
            }
        }
    }
    Some(headers)
}

impl Headers {
    fn place(&mut self, place: u32, text: String, names: &Names) {
        match names.find(&text) {
            Some((rank, column)) => match (self.places.get_mut(column), self.names.get_mut(column)) {
                (Some(slot @ None), Some(name)) => {
                    *slot = Some(place);
                    *name = text;
                }
                (_, Some(name)) if rank == Rank::Alias && matches!(names.find(name), Some((Rank::Header, _))) => {
                    self.unknown.push((place, text));
                }
                _ => self.again.push((place, text, column)),
            },
            None => self.unknown.push((place, text)),
        }
    }
}
