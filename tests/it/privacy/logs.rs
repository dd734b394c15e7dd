//! No log tells of anybody: a whole working day over the real program with every line of the log on, and then every
//! name, number, postcode and address of the people in it is looked for in what was written.

mod day;
mod visitor;

use std::collections::BTreeSet;

use kernschil_spreadsheets::raw::RawValue;
use kernschil_spreadsheets::{Limits, read_direct};

use crate::support::root;

/// The values under the heads of some columns of an example workbook.
fn column(file: &str, heads: &[&str]) -> BTreeSet<String> {
    let bytes = std::fs::read(root().join("imports/voorbeelden/almere").join(file)).unwrap();
    let raw = read_direct(&bytes, &Limits::default()).unwrap();
    let mut found = BTreeSet::new();
    for sheet in &raw.sheets {
        let mut columns = Vec::new();
        for row in &sheet.rows {
            for (at, value) in &row.cells {
                let RawValue::Text(text) = value else { continue };
                if heads.contains(&text.trim_end_matches(" *")) {
                    columns.push(*at);
                } else if columns.contains(at) {
                    found.insert(text.clone());
                }
            }
        }
    }
    found
}

/// Whether a text stands in a line by itself, not as a part of a longer word or number.
fn stands_in(line: &str, text: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    line.match_indices(text).any(|(at, _)| !is_word(line[..at].chars().next_back()) && !is_word(line[at + text.len()..].chars().next()))
}

/// Numbers by which the log measures time and size are no postcodes, and neither are the parts of an identifier.
fn without_measures(line: &str) -> String {
    let (_, rest) = line.split_once("Z ").unwrap_or(("", line));
    let measures = ["ms=", "status=", "bytes", "len", "size", "port", "elapsed", "rows_", "line", "pid", "capacity", "remaining"];
    let mut words = rest.split(' ').peekable();
    let mut kept = Vec::new();
    while let Some(word) = words.next() {
        let next_measures = words.peek().is_some_and(|next| measures.iter().any(|measure| next.contains(measure)));
        let identifies = word.split('=').any(|part| uuid::Uuid::try_parse(part).is_ok());
        if !identifies && !measures.iter().any(|measure| word.contains(measure)) && !next_measures {
            kept.push(word);
        }
    }
    kept.join(" ")
}

#[test]
fn a_name_is_found_as_a_word_and_a_measure_is_no_postcode() {
    assert!(stands_in("place for Jan, he", "Jan") && !stands_in("Januari", "Jan") && !stands_in("a1234", "1234"));
    assert!(!without_measures("2026-01-01T00:00:00Z DEBUG flushed 1338 bytes ms=1324").contains("13"));
    assert!(without_measures("2026-01-01T00:00:00Z DEBUG home 1338 of").contains("1338"));
    let identified = "2026-01-01T00:00:00Z  INFO request=01a205d1-1338-779c-acb7-e1868063186c method=GET";
    assert!(!without_measures(identified).contains("1338") && without_measures(identified).contains("GET"));
}

#[test]
fn every_word_of_an_address_is_known_to_the_log() {
    let pages: Vec<_> = kernschil_web::doors().into_iter().map(|door| door.path.to_owned()).collect();
    let operations = kernschil_api::operations().into_iter().map(|operation| format!("/api/v1{}", operation.path));
    for path in pages.into_iter().chain(operations) {
        let words = path.split('/').filter(|part| !part.is_empty() && !part.starts_with([':', '{']));
        let unknown: Vec<_> = words.filter(|word| !kernschil_http::is_address_word(word)).collect();
        assert!(unknown.is_empty(), "add to http::words: {unknown:?} of {path}");
    }
}

#[test]
fn no_line_of_the_log_tells_of_anybody() {
    let written = day::worked();
    let log = &written.log;
    assert!(log.lines().count() > 50 && log.contains("kernschil::request"), "the log was not on:\n{log}");
    // The day went as it should: what would not happen would not be noted either.
    for route in ["/inloggen", "/importeren", "/rondes/:slug/studenten/:id", "/rondes/:slug/plaatsbord/plaats", "/privacy/studenten"] {
        assert!(log.lines().any(|line| line.contains("kernschil::request") && line.contains(route)), "{route} is not in the log");
    }
    for status in [200, 303, 400, 401, 403, 404, 409] {
        assert!(log.contains(&format!("status={status}")), "nothing answered {status}");
    }

    let mut told = column("studenten.xlsx", &["Studentnummer", "Voornaam", "Achternaam"]);
    told.extend(column("opleiders.xlsx", &["Opleidernummer", "Naam"]));
    told.extend(written.typed.iter().cloned());
    assert!(told.len() > 300, "the example was not read");
    let postcodes = column("studenten.xlsx", &["Postcode"]);
    assert!(postcodes.len() > 20);
    let mut found = Vec::new();
    for line in log.lines() {
        let measured = without_measures(line);
        found.extend(told.iter().filter(|text| stands_in(line, text)).map(|text| format!("{text}: {line}")));
        found.extend(postcodes.iter().filter(|text| stands_in(&measured, text)).map(|text| format!("{text}: {line}")));
    }
    assert!(found.is_empty(), "{} lines tell of somebody:\n{}", found.len(), found.iter().take(40).cloned().collect::<Vec<_>>().join("\n"));
}
