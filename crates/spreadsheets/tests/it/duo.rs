//! The published files: schools of DUO and postcodes of `GeoNames`.
//!
//! `tests/data/duo-02-uittreksel.csv` is an excerpt of "02. Alle schoolvestigingen basisonderwijs".
//! Bron: DUO Open Onderwijsdata.

use kernschil_domain::codes::Sector;
use kernschil_spreadsheets::codes;
use kernschil_spreadsheets::parse::{DuoSchoolRow, parse_duo, parse_postcodes};

use crate::support::{became, found, noted, read};

const EXCERPT: &[u8] = include_bytes!("../data/duo-02-uittreksel.csv");

fn schools(bytes: &[u8]) -> Vec<DuoSchoolRow> {
    let parsed = parse_duo(&read(bytes));
    assert_eq!(found(&parsed.outcome), []);
    parsed.value.schools.into_iter().map(|school| school.value).collect()
}

#[test]
fn file_02_is_read_as_published() {
    let parsed = parse_duo(&read(EXCERPT));
    assert_eq!(found(&parsed.outcome), []);
    let lines = EXCERPT.split(|b| *b == b'\n').filter(|line| !line.is_empty()).count();
    assert_eq!(parsed.value.schools.len(), lines - 1);
    let names: Vec<&str> = parsed.value.schools.iter().map(|s| s.value.name.as_str()).collect();
    assert!(names.iter().any(|name| name.contains('é')) && names.iter().any(|name| name.contains('ë')), "{names:?}");
    let schools = || parsed.value.schools.iter().map(|s| &s.value);
    assert!(schools().all(|s| s.sector == Sector::Bo && s.board.as_str().len() == 5 && s.postcode.is_some()));
    assert!(schools().any(|s| s.school.as_str().starts_with('0')) && schools().any(|s| s.school.location() != "00"));
    assert!(schools().any(|s| s.municipality_code.as_ref().is_some_and(|code| code.as_str().starts_with('0'))));
    assert_eq!(parsed.value.schools.iter().map(|s| s.row).collect::<Vec<_>>(), (2..=u32::try_from(lines).unwrap()).collect::<Vec<_>>());
    // A name with two spaces is the only thing rewritten; the denomination is passed over.
    assert!(became(&parsed.outcome).iter().all(|(from, to)| from.replace("  ", " ") == *to));
    assert_eq!(noted(&parsed.outcome).first().map(String::as_str), Some(codes::NOTE_ENCODING));
}

#[test]
fn newer_files_with_commas_quotes_and_underscores_give_the_same() {
    let text = encoding_rs::WINDOWS_1252.decode(EXCERPT).0;
    let newer: String = text
        .lines()
        .enumerate()
        .map(|(line, row)| {
            let fields: Vec<String> = row
                .split(';')
                .enumerate()
                .map(|(column, field)| {
                    let field = if line == 0 { field.replace(' ', "_") } else { field.trim().to_owned() };
                    // The vestiging as its two digits only.
                    let field = if line > 0 && column == 3 { field[4..].to_owned() } else { field };
                    format!("\"{field}\"")
                })
                .collect();
            format!("{}\n", fields.join(","))
        })
        .collect();
    assert_eq!(schools(format!("\u{feff}{newer}").as_bytes()), schools(EXCERPT));
}

#[test]
fn file_09_tells_the_sector_and_twice_the_same_vestiging_is_an_error() {
    let file = "PROVINCIE;AANDUIDING WET;BEVOEGD GEZAG NUMMER;INSTELLINGSCODE;VESTIGINGSCODE;VESTIGINGSNAAM;POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;SOORT PRIMAIR ONDERWIJS;CLUSTER\r\n\
        Gelderland;WPO;775;1AB;01AB00;De Eerste;6525HP;NIJMEGEN;268;NIJMEGEN;SBO; \r\n\
        Gelderland;WEC;41775;02CD;02CD01;De Tweede; ;NIJMEGEN;0268;NIJMEGEN;SO/VSO;4\r\n\
        Gelderland;WEC;41775;02CD;02CD01;De Derde; ;NIJMEGEN;0268;NIJMEGEN;Voortgezet speciaal onderwijs;4\r\n";
    let parsed = parse_duo(&read(file.as_bytes()));
    assert_eq!(found(&parsed.outcome), [(codes::DUO_TWICE.to_owned(), Some(4))]);
    let read: Vec<_> = parsed
        .value
        .schools
        .iter()
        .map(|s| (s.value.school.as_str(), s.value.board.as_str(), s.value.sector, s.value.municipality_code.as_ref().map(|c| c.as_str())))
        .collect();
    assert_eq!(read, [("01AB00", "00775", Sector::Sbo, Some("0268")), ("02CD01", "41775", Sector::So, Some("0268"))]);
}

#[test]
fn geonames_is_read_without_headers_and_a_table_with_them() {
    let geonames = "NL\t1011\tAmsterdam\tNorth Holland\t07\tAmsterdam\t0363\t\t\t52.371\t4.9042\t6\n\
        NL\t1011\tAmsterdam\tNorth Holland\t07\tAmsterdam\t0363\t\t\t52.372\t4.9043\t6\n\
        NL\t2511\t's-Gravenhage\tSouth Holland\t11\t's-Gravenhage\t0518\t\t\t52.0799\t4.3113\t6\n";
    let parsed = parse_postcodes(&read(geonames.as_bytes()));
    assert_eq!(found(&parsed.outcome), []);
    let areas = |parsed: &kernschil_spreadsheets::Parsed<kernschil_spreadsheets::parse::PostcodesFile>| {
        parsed
            .value
            .areas
            .iter()
            .map(|a| (a.area.clone(), a.coordinate.latitude, a.coordinate.longitude, a.place.as_ref().map(ToString::to_string)))
            .collect::<Vec<_>>()
    };
    let expected = [
        ("1011".to_owned(), 5_237_150, 490_425, Some("Amsterdam".to_owned())),
        ("2511".to_owned(), 5_207_990, 431_130, Some("'s-Gravenhage".to_owned())),
    ];
    assert_eq!(areas(&parsed), expected);
    let table = "pc4;lat;lon;plaats;opmerking\n1011;52.37150;4,90425;Amsterdam;\n2511;52.07990;4.31130;'s-Gravenhage;\n";
    assert_eq!(areas(&parse_postcodes(&read(table.as_bytes()))), expected);
    let wrong = parse_postcodes(&read(b"pc4;lat;lon\n1011;4.9;52.3\nx;52,1;4,9\n"));
    assert_eq!(
        found(&wrong.outcome),
        [
            (codes::COORDINATE_INVALID.to_owned(), Some(2)),
            (codes::COORDINATE_INVALID.to_owned(), Some(2)),
            (codes::POSTCODE_INVALID.to_owned(), Some(3))
        ]
    );
}
