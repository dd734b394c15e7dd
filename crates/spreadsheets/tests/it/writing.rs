//! What we give out is what we read, and it is the same bytes every time.

use chrono::NaiveDate;
use kernschil_spreadsheets::parse::{
    parse_duo, parse_offers, parse_partnerships, parse_postcodes, parse_students, parse_trainers, parse_travel_times,
};
use kernschil_spreadsheets::raw::RawValue;
use kernschil_spreadsheets::write::{
    CellOut, ChartSpec, Column, ColumnKind, FilledSheet, Orientation, Report, ReportSheet, annotated, filled, report, template,
};
use kernschil_spreadsheets::{ImportKind, Outcome, RawWorkbook, codes, definition};

use crate::support::{found, found_codes, noted, read, student, t};

fn outcome(kind: ImportKind, raw: &RawWorkbook) -> Outcome {
    match kind {
        ImportKind::Partnerships => parse_partnerships(raw).outcome,
        ImportKind::Trainers => parse_trainers(raw).outcome,
        ImportKind::Offers => parse_offers(raw).outcome,
        ImportKind::Students => parse_students(raw).outcome,
        ImportKind::Duo => parse_duo(raw).outcome,
        ImportKind::Postcodes => parse_postcodes(raw).outcome,
        ImportKind::TravelTimes => parse_travel_times(raw).outcome,
    }
}

fn examples(kind: ImportKind) -> Vec<FilledSheet> {
    let row = |columns: &[kernschil_spreadsheets::definition::ColumnDef]| columns.iter().map(|column| column.example.clone()).collect();
    definition(kind).sheets.iter().map(|sheet| FilledSheet { key: sheet.key.clone(), rows: vec![row(&sheet.columns)] }).collect()
}

#[test]
fn a_template_is_read_back_as_known_sheets_without_rows() {
    for kind in ImportKind::ALL {
        let bytes = template(kind).unwrap();
        assert_eq!(bytes, template(kind).unwrap(), "not the same bytes twice");
        let raw = read(&bytes);
        assert!(raw.sheets.iter().all(|sheet| !sheet.hidden));
        let outcome = outcome(kind, &raw);
        assert!(found(&outcome).iter().all(|(code, _)| code == codes::SHEET_NO_ROWS), "{kind:?} {:?}", found(&outcome));
        assert_eq!(noted(&outcome), Vec::<String>::new(), "{kind:?}");
    }
}

#[test]
fn the_examples_of_every_definition_are_good_values() {
    for kind in ImportKind::ALL {
        let bytes = filled(kind, &examples(kind)).unwrap();
        assert_eq!(bytes, filled(kind, &examples(kind)).unwrap());
        let outcome = outcome(kind, &read(&bytes));
        assert_eq!(found(&outcome), [], "{kind:?} {:?}", outcome.findings.list);
        assert_eq!(outcome.notes.total, 0, "{kind:?} {:?}", outcome.notes.list);
    }
}

#[test]
fn a_filled_workbook_gives_back_what_was_put_in() {
    let raw = read(&filled(ImportKind::Partnerships, &examples(ImportKind::Partnerships)).unwrap());
    let parsed = parse_partnerships(&raw).value;
    assert_eq!(parsed.partnerships[0].value.valid_from, NaiveDate::from_ymd_opt(2022, 8, 1).unwrap());
    assert_eq!(parsed.schools[0].value.coordinate.map(|c| (c.latitude, c.longitude)), Some((5_181_780, 586_500)));
    let raw = read(&filled(ImportKind::Trainers, &examples(ImportKind::Trainers)).unwrap());
    assert_eq!(parse_trainers(&raw).value.trainers[0].value.name.as_str(), "Zoë van 't Hof");
    let mut offers = examples(ImportKind::Offers);
    offers.retain(|sheet| sheet.key == "offers");
    let raw = read(&filled(ImportKind::Offers, &offers).unwrap());
    assert_eq!(raw.sheets.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["Plekken"]);
}

#[test]
fn text_that_looks_like_a_formula_stays_text() {
    let text = |value: &str| CellOut::Text(value.to_owned());
    let sheet = ReportSheet {
        name: "Kern/schil".to_owned(),
        title: "=HYPERLINK(\"x\")".to_owned(),
        columns: vec![
            Column { header: "=1+1".to_owned(), width: 20, kind: ColumnKind::Text },
            Column { header: "Kern".to_owned(), width: 8, kind: ColumnKind::Number },
            Column { header: "Schil".to_owned(), width: 8, kind: ColumnKind::Number },
            Column { header: "Dekking".to_owned(), width: 9, kind: ColumnKind::Percentage },
            Column { header: "Dag".to_owned(), width: 11, kind: ColumnKind::Date },
        ],
        rows: vec![vec![
            text("=cmd|' /C calc'!A0"),
            CellOut::Number(12),
            CellOut::Tenths(35),
            CellOut::BasisPoints(9_996),
            CellOut::Date(NaiveDate::from_ymd_opt(2026, 9, 1).unwrap()),
        ]],
        chart: Some(ChartSpec {
            title: "Plaatsen & dekking".to_owned(),
            categories: 0,
            series: vec![1, 2],
            alt_text: "Kern en schil".to_owned(),
        }),
        print: Orientation::Landscape,
    };
    let all = Report { title: "Kern & schil".to_owned(), sheets: vec![sheet.clone(), ReportSheet { chart: None, ..sheet }] };
    let bytes = report(&all).unwrap();
    assert_eq!(bytes, report(&all).unwrap());
    let raw = read(&bytes);
    assert_eq!(raw.sheets.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["Kern-schil", "Kern-schil (2)"]);
    let rows = &raw.sheets[0].rows;
    assert_eq!(rows[0].cells[0].1, t("=HYPERLINK(\"x\")"));
    assert_eq!(rows[1].cells[0].1, t("=1+1"));
    let values: Vec<&RawValue> = rows[2].cells.iter().map(|(_, value)| value).collect();
    assert_eq!(
        values,
        [&t("=cmd|' /C calc'!A0"), &RawValue::Number(12.0), &RawValue::Number(3.5), &t("99,96%"), &RawValue::Date(46_266.0)]
    );
}

#[test]
fn an_empty_report_is_still_a_workbook() {
    let raw = read(&report(&Report { title: String::new(), sheets: Vec::new() }).unwrap());
    assert_eq!(raw.sheets.len(), 1);
}

#[test]
fn findings_can_be_taken_along_as_a_workbook() {
    let parsed = student("CROHO", t("=348"));
    assert_eq!(found_codes(&parsed.outcome), [codes::CROHO_INVALID]);
    let raw = read(&annotated("studenten.xlsx", &parsed.outcome).unwrap());
    assert_eq!(raw.sheets.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["Bevindingen", "Aanpassingen"]);
    let row = &raw.sheets[0].rows[2];
    let texts: Vec<String> =
        row.cells.iter().map(|(_, value)| if let RawValue::Text(text) = value { text.clone() } else { format!("{value:?}") }).collect();
    assert_eq!(texts[..6], ["fout", "Studenten", "Number(2.0)", "F", "CROHO", "=348"]);
    assert_eq!(texts.last().map(String::as_str), Some(codes::CROHO_INVALID));
}
