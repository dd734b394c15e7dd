//! Facts about a worksheet that the cell reader does not give: hidden rows and columns, merged cells.
//!
//! A small tag reader over the bytes as they are inflated. It understands just enough XML to find
//! `<row hidden>`, `<col hidden>` and `<mergeCell ref>`, keeps a bounded list, and never fails: what
//! it does not understand it passes over.

use crate::raw::Merge;

/// Facts found, each list capped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SheetFacts {
    /// Hidden rows, from 1.
    pub(super) hidden_rows: Vec<u32>,
    /// Hidden columns, from 0.
    pub(super) hidden_columns: Vec<u32>,
    /// Merged cells.
    pub(super) merges: Vec<Merge>,
}

const MOST_HIDDEN: usize = 200;
const MOST_MERGES: usize = 2_000;
/// Longer tags are passed over; a `<row>` or `<col>` tag is far shorter.
const LONGEST_TAG: usize = 1_024;

/// Reads tags from a stream of bytes.
#[derive(Debug, Default)]
pub(super) struct SheetScanner {
    facts: SheetFacts,
    tag: Vec<u8>,
    in_tag: bool,
    last_row: u32,
}

impl SheetScanner {
    /// Takes the next bytes of the sheet.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match (self.in_tag, byte) {
                (false, b'<') => {
                    self.in_tag = true;
                    self.tag.clear();
                }
                (true, b'>') => {
                    self.in_tag = false;
                    self.tag_done();
                }
                (true, byte) if self.tag.len() < LONGEST_TAG => self.tag.push(*byte),
                _ => {}
            }
        }
    }

    /// The facts found.
    pub(super) fn finish(self) -> SheetFacts {
        self.facts
    }

    fn tag_done(&mut self) {
        // Nearly every tag is a cell, a value or an end; decide on the first bytes.
        if !matches!(self.tag.first(), Some(b'r' | b'c' | b'm' | b'x')) || matches!(self.tag.as_slice(), [b'c', b' ', ..]) {
            return;
        }
        let Ok(tag) = std::str::from_utf8(&self.tag) else { return };
        let (name, attributes) = tag.split_once([' ', '\n', '\t', '\r']).unwrap_or((tag, ""));
        let name = name.rsplit_once(':').map_or(name, |(_, local)| local);
        match name {
            "row" => {
                self.last_row = attribute(attributes, "r").and_then(|r| r.parse().ok()).unwrap_or(self.last_row.saturating_add(1));
                if hidden(attributes) && self.facts.hidden_rows.len() < MOST_HIDDEN {
                    self.facts.hidden_rows.push(self.last_row);
                }
            }
            "col" if hidden(attributes) => {
                let bound = |name| attribute(attributes, name).and_then(|v| v.parse::<u32>().ok());
                if let (Some(min), Some(max)) = (bound("min"), bound("max")) {
                    let room = MOST_HIDDEN.saturating_sub(self.facts.hidden_columns.len());
                    self.facts.hidden_columns.extend((min..=max).take(room).map(|column| column.saturating_sub(1)));
                }
            }
            "mergeCell" if self.facts.merges.len() < MOST_MERGES => {
                self.facts.merges.extend(attribute(attributes, "ref").and_then(merge));
            }
            _ => {}
        }
    }
}

fn hidden(attributes: &str) -> bool {
    matches!(attribute(attributes, "hidden"), Some("1" | "true"))
}

/// The value of one attribute.
fn attribute<'t>(attributes: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = attributes;
    loop {
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, next) = after.get(1..)?.split_once(quote)?;
        if key.trim() == name {
            return Some(value);
        }
        rest = next;
    }
}

/// Reads `A1:B3`.
fn merge(text: &str) -> Option<Merge> {
    let (first, last) = text.split_once(':')?;
    let ((first_row, first_column), (last_row, last_column)) = (cell(first)?, cell(last)?);
    Some(Merge { first_row, first_column, last_row, last_column })
}

/// Reads `B3` as row 3, column 1.
fn cell(text: &str) -> Option<(u32, u32)> {
    let text = text.trim_start_matches('$');
    let split = text.find(|c: char| c.is_ascii_digit() || c == '$')?;
    let (letters, digits) = text.split_at(split);
    let mut column = 0_u32;
    for letter in letters.bytes() {
        let value = u32::from(letter.to_ascii_uppercase().checked_sub(b'A').filter(|v| *v < 26)?) + 1;
        column = column.checked_mul(26)?.checked_add(value)?;
    }
    Some((digits.trim_start_matches('$').parse().ok()?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_rows_columns_and_merges_are_found_however_the_bytes_are_cut() {
        let xml = r#"<worksheet><cols><col min="2" max="3" width="9" hidden="1"/></cols><sheetData>
            <row r="4" hidden="1"><c r="A4" t="s"><v>0</v></c></row><row><c r="A5"/></row><row hidden='true'/>
            </sheetData><mergeCells count="1"><mergeCell ref="A1:C2"/></mergeCells></worksheet>"#;
        let expected = SheetFacts {
            hidden_rows: vec![4, 6],
            hidden_columns: vec![1, 2],
            merges: vec![Merge { first_row: 1, first_column: 0, last_row: 2, last_column: 2 }],
        };
        for size in [1, 7, xml.len()] {
            let mut scanner = SheetScanner::default();
            xml.as_bytes().chunks(size).for_each(|part| scanner.feed(part));
            assert_eq!(scanner.finish(), expected);
        }
    }
}
