//! Which sheet of the file is which, and everything there is to say about sheets and columns.

use std::cmp::Reverse;

use super::Table;
use super::columns::report_columns;
use super::headers::{self, Headers};
use crate::clean::{closest, key};
use crate::codes;
use crate::definition::{Definition, ImportKind, Presence, SheetDef};
use crate::findings::{Finding, Note, Outcome, Severity};
use crate::raw::{FileFormat, RawNote, RawSheet, RawWorkbook, column_letters};

/// Sheets of our own templates and reports that hold no data.
const OWN_SHEETS: [&str; 3] = ["uitleg", "lijsten", "bevindingen"];

/// Opens the tables of a file in the order of the definition, and reports what is wrong with sheets
/// and columns.
pub(crate) fn open<'a>(definition: &'a Definition, workbook: &'a RawWorkbook, outcome: &mut Outcome) -> Vec<Option<Table<'a>>> {
    notes_of_reader(workbook, outcome);
    let chosen = choose(definition, workbook, outcome);
    let tables: Vec<Option<Table<'a>>> = definition
        .sheets
        .iter()
        .zip(&chosen)
        .map(|(def, sheet)| sheet.and_then(|sheet| open_one(definition, def, sheet, workbook.date_1904, outcome)))
        .collect();
    tables
}

/// See [`crate::recognise`].
pub(crate) fn recognise(workbook: &RawWorkbook) -> Option<ImportKind> {
    let known = |kind: ImportKind| {
        let mut outcome = Outcome::default();
        let tables = open(crate::definition::definition(kind), workbook, &mut outcome);
        let columns: usize = tables.iter().flatten().map(|table| table.places.iter().flatten().count()).sum();
        (columns > 0).then_some(((columns, Reverse(outcome.errors)), kind))
    };
    ImportKind::ALL.into_iter().filter_map(known).max_by_key(|(score, _)| *score).map(|(_, kind)| kind)
}

/// A finding about a sheet.
pub(super) fn finding(code: &'static str, sheet: Option<&str>, message: String, advice: impl Into<String>) -> Finding {
    Finding {
        severity: Severity::Error,
        code: code.into(),
        sheet: sheet.map(str::to_owned),
        row: None,
        column: None,
        value: None,
        message,
        advice: advice.into(),
    }
}

pub(super) fn note(code: &'static str, sheet: Option<&str>, message: String) -> Note {
    Note { code: code.into(), sheet: sheet.map(str::to_owned), row: None, column: None, value: None, became: None, message }
}

/// Tells what the reader noticed.
fn notes_of_reader(workbook: &RawWorkbook, outcome: &mut Outcome) {
    for raw in &workbook.notes {
        match raw {
            RawNote::Macros => outcome.note(note(
                codes::NOTE_MACROS,
                None,
                "Het bestand heeft macro's. Wij hebben alleen de gegevens gelezen; de macro's zijn niet gelezen en niet uitgevoerd.".to_owned(),
            )),
            RawNote::FarCells { sheet, first, count } => outcome.note(note(
                codes::NOTE_FAR_CELLS,
                Some(sheet),
                format!("{count} cellen ver naar rechts zijn niet ingelezen (de eerste is {first})."),
            )),
            RawNote::OtherWorkbook { sheet, first, count } => outcome.note(note(
                codes::NOTE_OTHER_WORKBOOK,
                Some(sheet),
                format!("{count} cellen halen hun waarde uit een ander werkboek (de eerste is {first}). Wij lazen de waarde die in dit bestand is bewaard."),
            )),
            RawNote::UnreadableCells { sheet, value, count } => outcome.find(finding(
                codes::SHEET_UNREADABLE_CELLS,
                Some(sheet),
                format!("Op blad “{sheet}” staan {count} cellen met een foutwaarde die wij niet kennen, zoals {value}."),
                "Herstel de formules, of plak de waarden in plaats van de formules.",
            )),
            RawNote::Extension { name } => outcome.note(note(
                codes::NOTE_EXTENSION,
                None,
                format!("De naam “{name}” past niet bij de inhoud: {}.", match workbook.format {
                    FileFormat::Xlsx => "het is een .xlsx-werkboek",
                    FileFormat::Xlsm => "het is een .xlsm-werkboek met macro's",
                    FileFormat::Text => "het is een tekstbestand (CSV)",
                }),
            )),
            RawNote::NotATable { sheet } => outcome.note(note(codes::NOTE_SHEET_SKIPPED, Some(sheet), format!("“{sheet}” is geen blad met cellen en is overgeslagen."))),
            RawNote::Encoding { name } => outcome.note(note(codes::NOTE_ENCODING, None, format!("De tekst is gelezen als {name}."))),
        }
    }
}

/// Chooses a sheet of the file for each sheet of the definition.
fn choose<'a>(definition: &'a Definition, workbook: &'a RawWorkbook, outcome: &mut Outcome) -> Vec<Option<&'a RawSheet>> {
    let mut chosen: Vec<Option<&RawSheet>> = vec![None; definition.sheets.len()];
    let mut left: Vec<&RawSheet> = Vec::new();
    for sheet in &workbook.sheets {
        let name = key(&sheet.name);
        if OWN_SHEETS.contains(&name.as_str()) && definition.sheets.iter().all(|def| key(&def.name) != name) {
            continue;
        }
        if sheet.hidden {
            outcome.note(note(
                codes::NOTE_HIDDEN_SHEET,
                Some(&sheet.name),
                format!("Blad “{}” is verborgen en is niet ingelezen.", sheet.name),
            ));
            continue;
        }
        let named = definition.sheets.iter().position(|def| std::iter::once(&def.name).chain(&def.aliases).any(|known| key(known) == name));
        match named.and_then(|index| chosen.get_mut(index)) {
            Some(slot @ None) => *slot = Some(sheet),
            Some(Some(first)) => outcome.find(finding(
                codes::SHEET_TWICE,
                Some(&sheet.name),
                format!("De bladen “{}” en “{}” horen bij dezelfde gegevens.", first.name, sheet.name),
                "Voeg de twee bladen samen, of verwijder er een.",
            )),
            None => left.push(sheet),
        }
    }
    left.retain(|sheet| !sheet.rows.is_empty() || definition.sheets.len() == 1);
    recognise_by_headers(definition, workbook, &mut chosen, &mut left, outcome);
    report_left(definition, workbook, &chosen, &left, outcome);
    chosen
}

/// A sheet under another name is taken when it has all required columns of a sheet that is missing. A
/// file of one sheet, for a definition of one sheet, is always that sheet.
fn recognise_by_headers<'a>(
    definition: &'a Definition,
    workbook: &RawWorkbook,
    chosen: &mut [Option<&'a RawSheet>],
    left: &mut Vec<&'a RawSheet>,
    outcome: &mut Outcome,
) {
    let only = definition.sheets.len() == 1 && left.len() == 1;
    left.retain(|sheet| {
        let best = definition
            .sheets
            .iter()
            .enumerate()
            .filter(|(index, _)| chosen.get(*index).is_some_and(Option::is_none))
            .filter_map(|(index, def)| {
                let required = def.columns.iter().filter(|column| column.presence == Presence::Required).count();
                let score = headers::find(def, sheet).map_or((0, 0), |found| {
                    let found_required = def
                        .columns
                        .iter()
                        .zip(&found.places)
                        .filter(|(column, place)| column.presence == Presence::Required && place.is_some())
                        .count();
                    (found_required, found.places.iter().flatten().count())
                });
                (only || score.0 == required).then_some((score, index))
            })
            .max();
        let Some((_, index)) = best else { return true };
        if let (Some(slot), Some(def)) = (chosen.get_mut(index), definition.sheets.get(index)) {
            *slot = Some(sheet);
            if workbook.format != FileFormat::Text {
                let message = format!("Blad “{}” is gelezen als “{}”, omdat de koppen daarbij passen.", sheet.name, def.name);
                outcome.note(note(codes::NOTE_SHEET_BY_HEADERS, Some(&sheet.name), message));
            }
        }
        false
    });
}

/// Reports sheets that are missing and sheets that were not used.
fn report_left(definition: &Definition, workbook: &RawWorkbook, chosen: &[Option<&RawSheet>], left: &[&RawSheet], outcome: &mut Outcome) {
    let names = || left.iter().map(|sheet| sheet.name.as_str());
    let any = chosen.iter().any(Option::is_some);
    let mut named: Vec<&str> = Vec::new();
    for (def, _) in definition.sheets.iter().zip(chosen).filter(|(_, sheet)| sheet.is_none()) {
        let close = closest(&def.name, names());
        // A text file has one sheet only; that the others are missing goes without saying.
        if def.presence == Presence::Required && !(any && workbook.format == FileFormat::Text) {
            let advice = match (close, other_kind(definition, left)) {
                (Some(close), _) => format!("Er is een blad “{close}”. Bedoelt u dat? Noem het dan “{}”.", def.name),
                (None, Some(other)) if !any => format!("Dit lijkt een bestand voor “{}”. Kies die import.", other.title),
                (None, _) => format!("Voeg een blad “{}” toe, of begin met onze sjabloon.", def.name),
            };
            outcome.find(finding(codes::SHEET_MISSING, Some(&def.name), format!("Het blad “{}” ontbreekt.", def.name), advice));
            named.extend(close);
        } else if let Some(close) = close {
            outcome.find(finding(
                codes::SHEET_NAME_CLOSE,
                Some(close),
                format!("Het blad “{close}” is niet ingelezen. De naam lijkt op “{}”.", def.name),
                format!("Noem het blad “{}” als u het wilt inlezen. Geef het anders een heel andere naam.", def.name),
            ));
            named.push(close);
        }
    }
    if !any && definition.sheets.iter().all(|def| def.presence == Presence::Optional) && named.is_empty() {
        let wanted: Vec<&str> = definition.sheets.iter().map(|def| def.name.as_str()).collect();
        outcome.find(finding(
            codes::SHEET_NONE,
            None,
            "Geen enkel blad van dit bestand hoort bij deze import.".to_owned(),
            match other_kind(definition, left) {
                Some(other) => format!("Dit lijkt een bestand voor “{}”. Kies die import.", other.title),
                None => format!("Kies een andere import, of gebruik deze namen voor de bladen: {}.", wanted.join(", ")),
            },
        ));
    }
    for sheet in left.iter().filter(|sheet| !named.contains(&sheet.name.as_str())) {
        outcome.note(note(
            codes::NOTE_SHEET_SKIPPED,
            Some(&sheet.name),
            format!("Blad “{}” hoort niet bij deze import en is niet ingelezen.", sheet.name),
        ));
    }
}

/// The import that a file was probably made for: the one with a sheet of the same name.
fn other_kind(definition: &Definition, left: &[&RawSheet]) -> Option<&'static Definition> {
    let others = ImportKind::ALL.into_iter().filter(|kind| Some(*kind) != definition.kind).map(crate::definition::definition);
    let mut named = others.filter(|other| other.sheets.iter().any(|def| left.iter().any(|sheet| key(&sheet.name) == key(&def.name))));
    named.next()
}

fn open_one<'a>(
    definition: &Definition,
    def: &'a SheetDef,
    sheet: &'a RawSheet,
    date_1904: bool,
    outcome: &mut Outcome,
) -> Option<Table<'a>> {
    let required: Vec<&str> = def.columns.iter().filter(|c| c.presence == Presence::Required).map(|c| c.header.as_str()).collect();
    let found = match positional(def, sheet) {
        Some(headers) => Some(headers),
        None => headers::find(def, sheet),
    };
    let Some(headers) = found else {
        if !sheet.rows.is_empty() || def.presence == Presence::Required {
            outcome.find(finding(
                codes::HEADER_NOT_FOUND,
                Some(&sheet.name),
                format!("Op blad “{}” staat in de eerste 30 rijen geen rij met bekende koppen.", sheet.name),
                format!("Zet boven de gegevens een rij met ten minste deze koppen: {}.", required.join(", ")),
            ));
        }
        return None;
    };
    report_columns(definition, def, sheet, &headers, outcome);
    report_hidden(sheet, outcome);
    Some(Table { def, sheet, date_1904, header_row: headers.row, places: headers.places, headers: headers.names })
}

/// `GeoNames` publishes its table without headers: country, postcode, place, province, its code,
/// municipality, its code, a third name, its code, latitude, longitude, accuracy.
fn positional(def: &SheetDef, sheet: &RawSheet) -> Option<Headers> {
    if def.key != "areas" {
        return None;
    }
    let first = sheet.rows.first()?;
    let text = |place: u32| {
        first.cells.iter().find(|(column, _)| *column == place).and_then(|(_, value)| match value {
            crate::raw::RawValue::Text(text) => Some(text.as_str()),
            _ => None,
        })
    };
    let is_number = |place| text(place).is_some_and(|text: &str| text.parse::<f64>().is_ok());
    let geonames = text(0).is_some_and(|country| country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase()))
        && is_number(9)
        && is_number(10);
    geonames.then(|| Headers {
        row: 0,
        places: def
            .columns
            .iter()
            .map(|column| match column.field.as_str() {
                "area" => Some(1),
                "place" => Some(2),
                "latitude" => Some(9),
                "longitude" => Some(10),
                _ => None,
            })
            .collect(),
        names: def.columns.iter().map(|column| column.header.clone()).collect(),
        again: Vec::new(),
        unknown: Vec::new(),
    })
}

fn report_hidden(sheet: &RawSheet, outcome: &mut Outcome) {
    let some = |list: Vec<String>| {
        if list.len() > 10 { format!("{} en meer", list.get(..10).unwrap_or_default().join(", ")) } else { list.join(", ") }
    };
    // A row or column without values may be hidden without anybody missing anything.
    let rows: Vec<String> = sheet
        .hidden_rows
        .iter()
        .filter(|number| sheet.rows.binary_search_by_key(*number, |row| row.number).is_ok())
        .map(u32::to_string)
        .collect();
    if !rows.is_empty() {
        let rows = some(rows);
        outcome.note(note(
            codes::NOTE_HIDDEN_ROWS,
            Some(&sheet.name),
            format!("Op blad “{}” zijn rijen verborgen ({rows}). Zij zijn wel ingelezen.", sheet.name),
        ));
    }
    let filled = |column: &&u32| sheet.rows.iter().any(|row| row.cells.iter().any(|(place, _)| place == *column));
    let columns: Vec<String> = sheet.hidden_columns.iter().filter(filled).map(|column| column_letters(*column)).collect();
    if !columns.is_empty() {
        let columns = some(columns);
        outcome.note(note(
            codes::NOTE_HIDDEN_ROWS,
            Some(&sheet.name),
            format!("Op blad “{}” zijn kolommen verborgen ({columns}). Zij zijn wel ingelezen.", sheet.name),
        ));
    }
}
