//! What there is to say about the columns of a sheet: missing, double, unknown, without header.

use super::headers::Headers;
use super::sheets::{finding, note};
use crate::clean::{closest, key};
use crate::codes;
use crate::convert::is_blank;
use crate::definition::{ColumnDef, Definition, OtherColumns, Presence, SheetDef};
use crate::findings::{ColumnRef, Finding, Note, Outcome, Severity, shorten};
use crate::raw::{RawSheet, column_letters};

/// Headers of columns that may hold special-category personal data (AVG art. 9): never read.
const SENSITIVE: [&str; 18] = [
    "denominatie",
    "geloof",
    "religie",
    "godsdienst",
    "kerk",
    "diagnose",
    "medisch",
    "gezondheid",
    "ziekte",
    "beperking",
    "handicap",
    "etniciteit",
    "afkomst",
    "nationaliteit",
    "geaardheid",
    "bsn",
    "burgerservicenummer",
    "strafblad",
];

/// Reports everything about the columns of a sheet.
pub(super) fn report_columns(definition: &Definition, def: &SheetDef, sheet: &RawSheet, headers: &Headers, outcome: &mut Outcome) {
    let name = sheet.name.as_str();
    let has_data = |place: u32| {
        sheet
            .rows
            .iter()
            .filter(|row| row.number > headers.row)
            .any(|row| row.cells.iter().any(|(c, value)| *c == place && !is_blank(value)))
    };
    let column = |letters: String, header: &str| Some(ColumnRef { letters, header: shorten(header) });
    for (place, text, first) in &headers.again {
        let before = headers.places.get(*first).copied().flatten().map(column_letters).unwrap_or_default();
        if has_data(*place) {
            let letters = column_letters(*place);
            let message =
                format!("De kolommen {before} en {letters} zijn allebei “{}”.", def.columns.get(*first).map_or("", |c| c.header.as_str()));
            let advice =
                "Verwijder of hernoem een van de twee. Staan er twee tabellen naast elkaar, zet ze dan onder elkaar of op twee bladen.";
            outcome.find(Finding {
                row: Some(headers.row),
                column: column(letters, text),
                ..finding(codes::HEADER_TWICE, Some(name), message, advice)
            });
        }
    }
    let (sensitive, unknown): (Vec<_>, Vec<_>) = headers.unknown.iter().partition(|(_, text)| is_sensitive(text));
    let mut close_ones: Vec<u32> = Vec::new();
    for (def_column, _) in def.columns.iter().zip(&headers.places).filter(|(_, place)| place.is_none()) {
        let close = closest_unknown(def_column, &unknown);
        close_ones.extend(close.map(|(place, _)| *place));
        report_missing(def_column, close, name, headers.row, outcome);
    }
    if definition.other_columns == OtherColumns::Expected {
        return;
    }
    for (place, text) in sensitive {
        outcome.note(Note {
            column: column(column_letters(*place), text),
            row: Some(headers.row),
            ..note(
                codes::NOTE_COLUMN_SENSITIVE,
                Some(name),
                format!("De kolom “{}” is niet ingelezen, omdat daar bijzondere persoonsgegevens in kunnen staan.", shorten(text)),
            )
        });
    }
    for (place, text) in unknown.into_iter().filter(|(place, _)| !close_ones.contains(place)) {
        outcome.note(Note {
            column: column(column_letters(*place), text),
            row: Some(headers.row),
            ..note(codes::NOTE_COLUMN_SKIPPED, Some(name), format!("De kolom “{}” is niet ingelezen.", shorten(text)))
        });
    }
    report_headless(sheet, headers, outcome);
}

fn is_sensitive(header: &str) -> bool {
    let header = key(header);
    SENSITIVE.iter().any(|word| header.contains(word))
}

fn closest_unknown<'u>(def_column: &ColumnDef, unknown: &[&'u (u32, String)]) -> Option<&'u (u32, String)> {
    let names = std::iter::once(&def_column.header).chain(&def_column.aliases);
    let close: Vec<&str> = names.filter_map(|name| closest(name, unknown.iter().map(|(_, text)| text.as_str()))).collect();
    let first = close.first()?;
    unknown.iter().find(|(_, text)| text == first).copied()
}

fn report_missing(def_column: &ColumnDef, close: Option<&(u32, String)>, sheet: &str, row: u32, outcome: &mut Outcome) {
    let header = def_column.header.as_str();
    match (def_column.presence, close) {
        (Presence::Required, close) => {
            let advice = match close {
                Some((place, text)) => {
                    format!("Kolom {} heet “{}”. Bedoelt u die? Noem haar dan “{header}”.", column_letters(*place), shorten(text))
                }
                None => format!("Voeg een kolom “{header}” toe. {}", def_column.help),
            };
            outcome.find(Finding {
                row: Some(row),
                column: Some(ColumnRef {
                    letters: close.map(|(place, _)| column_letters(*place)).unwrap_or_default(),
                    header: header.to_owned(),
                }),
                ..finding(codes::COLUMN_MISSING, Some(sheet), format!("De kolom “{header}” ontbreekt op blad “{sheet}”."), advice)
            });
        }
        (Presence::Optional, Some((place, text))) => outcome.find(Finding {
            severity: Severity::Warning,
            row: Some(row),
            column: Some(ColumnRef { letters: column_letters(*place), header: shorten(text) }),
            ..finding(
                codes::COLUMN_CLOSE,
                Some(sheet),
                format!("De kolom “{}” is niet ingelezen. De kop lijkt op “{header}”.", shorten(text)),
                format!("Noem de kolom “{header}” als u haar wilt inlezen."),
            )
        }),
        (Presence::Optional, None) => {}
    }
}

/// Columns with data but without header.
fn report_headless(sheet: &RawSheet, headers: &Headers, outcome: &mut Outcome) {
    let known = |place: &u32| {
        headers.places.contains(&Some(*place))
            || headers.unknown.iter().any(|(p, _)| p == place)
            || headers.again.iter().any(|(p, _, _)| p == place)
    };
    let mut headless: Vec<u32> = Vec::new();
    for row in sheet.rows.iter().filter(|row| row.number > headers.row) {
        for (place, value) in &row.cells {
            if !known(place) && !headless.contains(place) && headless.len() < 20 && !is_blank(value) {
                headless.push(*place);
            }
        }
    }
    headless.sort_unstable();
    for place in headless {
        let letters = column_letters(place);
        outcome.find(Finding {
            severity: Severity::Warning,
            row: Some(headers.row),
            column: Some(ColumnRef { letters: letters.clone(), header: String::new() }),
            ..finding(
                codes::COLUMN_WITHOUT_HEADER,
                Some(&sheet.name),
                format!("Kolom {letters} heeft wel gegevens, maar geen kop. Zij is niet ingelezen."),
                "Geef de kolom een kop, of verwijder haar.",
            )
        });
    }
}
