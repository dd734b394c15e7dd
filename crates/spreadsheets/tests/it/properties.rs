//! Nothing panics, whatever stands in the cells or bytes; and what is written is read back.

use kernschil_spreadsheets::parse::{
    parse_duo, parse_offers, parse_partnerships, parse_postcodes, parse_students, parse_trainers, parse_travel_times,
};
use kernschil_spreadsheets::raw::{RawRow, RawSheet, RawValue};
use kernschil_spreadsheets::write::{FilledSheet, filled};
use kernschil_spreadsheets::{ImportKind, Limits, RawWorkbook, definition, read_direct};
use proptest::prelude::*;

use crate::support::{check_codes, read, workbook};

fn any_value() -> impl Strategy<Value = RawValue> {
    prop_oneof![
        "\\PC{0,12}".prop_map(RawValue::Text),
        "[0-9OA-Za-z ;,./:+%'=\u{a0}-]{0,14}".prop_map(RawValue::Text),
        any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(RawValue::Number),
        (-10..60_000_i32).prop_map(|n| RawValue::Number(f64::from(n))),
        any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(RawValue::Date),
        (0..60_000_i32).prop_map(|n| RawValue::Date(f64::from(n))),
        any::<bool>().prop_map(RawValue::Bool),
        Just(RawValue::Error("#N/A".to_owned())),
        Just(RawValue::NoResult),
    ]
}

/// A workbook with the real headers of a definition and arbitrary cells below.
fn any_workbook(kind: ImportKind) -> impl Strategy<Value = RawWorkbook> {
    let columns: usize = definition(kind).sheets.iter().map(|sheet| sheet.columns.len()).max().unwrap_or(1);
    let rows = prop::collection::vec(prop::collection::vec(prop::option::of(any_value()), columns), 0..5);
    (rows, any::<bool>()).prop_map(move |(rows, date_1904)| {
        let sheets = definition(kind).sheets.iter().map(|def| {
            let header = RawRow {
                number: 1,
                cells: (0..).zip(&def.columns).map(|(place, column)| (place, RawValue::Text(column.header.clone()))).collect(),
            };
            let body = (2..).zip(&rows).map(|(number, cells)| RawRow {
                number,
                cells: (0..).zip(cells).filter_map(|(place, value)| Some((place, value.clone()?))).collect(),
            });
            let rows = std::iter::once(header).chain(body.filter(|row| !row.cells.is_empty())).collect();
            RawSheet { name: def.name.clone(), hidden: false, rows, hidden_rows: vec![2], hidden_columns: vec![0], merges: Vec::new() }
        });
        RawWorkbook { date_1904, ..workbook(sheets.collect()) }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parsing_never_panics_and_every_row_is_read_or_has_a_finding(raw in any_workbook(ImportKind::Students)) {
        let parsed = parse_students(&raw);
        check_codes(&parsed.outcome);
        // A row of nothing but spaces is no row.
        let says = |value: &RawValue| !matches!(value, RawValue::Text(text) if text.trim().is_empty());
        let told = raw.sheets[0].rows.iter().filter(|row| row.cells.iter().any(|(_, value)| says(value))).count();
        let lost = (told - 1).saturating_sub(parsed.value.students.len());
        prop_assert!(lost == 0 || parsed.outcome.errors + parsed.outcome.notes.total > 0);
    }

    #[test]
    fn parsing_other_kinds_never_panics(
        a in any_workbook(ImportKind::Partnerships), b in any_workbook(ImportKind::Trainers), c in any_workbook(ImportKind::Offers),
        d in any_workbook(ImportKind::Duo), e in any_workbook(ImportKind::Postcodes), f in any_workbook(ImportKind::TravelTimes),
    ) {
        check_codes(&parse_partnerships(&a).outcome);
        check_codes(&parse_trainers(&b).outcome);
        check_codes(&parse_offers(&c).outcome);
        check_codes(&parse_duo(&d).outcome);
        check_codes(&parse_postcodes(&e).outcome);
        check_codes(&parse_travel_times(&f).outcome);
    }

    #[test]
    fn a_workbook_of_another_kind_never_panics(raw in any_workbook(ImportKind::Offers)) {
        check_codes(&parse_students(&raw).outcome);
        check_codes(&parse_partnerships(&raw).outcome);
        check_codes(&parse_postcodes(&raw).outcome);
    }

    #[test]
    fn reading_arbitrary_bytes_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..400), start in 0..4_usize) {
        let start: &[u8] = [&b""[..], b"PK\x03\x04", b"sep=;\n", b"\xff\xfe"][start];
        let _ = read_direct(&[start, &bytes].concat(), &Limits::default());
    }

    #[test]
    fn raw_cells_are_the_same_after_json(raw in any_workbook(ImportKind::Trainers)) {
        let json = serde_json::to_string(&raw).unwrap();
        let back: RawWorkbook = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(serde_json::to_string(&back).unwrap(), json);
    }

    #[test]
    fn students_written_are_read_back_the_same(
        students in prop::collection::vec(("[A-Za-zéëïöü'][A-Za-zéëïöü' -]{0,20}[a-zéë]", "[A-Z][a-zé]{0,10}", 1_000_000..9_999_999_u32, 2_000..2_100_u32, 0..31_u8), 1..8)
    ) {
        let rows: Vec<Vec<String>> = students.iter().enumerate().map(|(index, (family, given, number, year, _))| {
            let values = ["R".to_owned(), "25KB".to_owned(), format!("{number}{index}"), given.clone(), String::new(), family.clone(), "6525 HP".to_owned(),
                String::new(), String::new(), "student".to_owned(), "34808".to_owned(), "voltijd".to_owned(), year.to_string(), "jaar 1".to_owned(), "heel jaar".to_owned()];
            values.to_vec()
        }).collect();
        let bytes = filled(ImportKind::Students, &[FilledSheet { key: "students".to_owned(), rows }]).unwrap();
        let parsed = parse_students(&read(&bytes));
        prop_assert_eq!(parsed.outcome.errors, 0, "{:?}", parsed.outcome.findings.list);
        for ((index, (family, given, number, year, _)), row) in students.iter().enumerate().zip(&parsed.value.students) {
            let clean: String = family.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
            prop_assert_eq!(row.value.family_name.as_str(), clean);
            prop_assert_eq!(row.value.given_name.as_str(), given);
            prop_assert_eq!(row.value.number.as_str(), format!("{number}{index}"));
            prop_assert_eq!(row.value.start_year, i32::try_from(*year).unwrap());
        }
        prop_assert_eq!(parsed.value.students.len(), students.len());
    }
}
