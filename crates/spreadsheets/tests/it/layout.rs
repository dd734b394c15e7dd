//! Where things stand on a sheet: titles, headers, totals, footnotes, merges, hidden parts.

use kernschil_spreadsheets::parse::{parse_offers, parse_partnerships, parse_students};
use kernschil_spreadsheets::raw::{FileFormat, Merge, RawNote, RawValue};
use kernschil_spreadsheets::{RawWorkbook, Severity, codes};

use crate::support::{STUDENT, found, found_codes, noted, sheet, student, students_workbook, t, workbook};

fn headers() -> Vec<RawValue> {
    STUDENT.iter().map(|(header, _)| t(header)).collect()
}

fn values(number: &str) -> Vec<RawValue> {
    STUDENT.iter().map(|(header, value)| t(if *header == "Studentnummer" { number } else { value })).collect()
}

fn parse_grid(grid: &[Vec<RawValue>]) -> (Vec<u32>, Vec<String>, Vec<String>) {
    let parsed = parse_students(&workbook(vec![sheet("Studenten", grid)]));
    (parsed.value.students.iter().map(|s| s.row).collect(), found_codes(&parsed.outcome), noted(&parsed.outcome))
}

#[test]
fn title_rows_and_blank_rows_above_the_headers_are_passed_over() {
    let mut grid = vec![vec![t("Studenten voor de ronde Talent 2026-2027")], vec![], vec![t("Peildatum"), t("1-3-2026")], vec![]];
    grid.extend(vec![vec![]; 20]);
    grid.extend([headers(), vec![], values("1"), vec![], values("2")]);
    assert_eq!(parse_grid(&grid), (vec![27, 29], vec![], vec![]));
}

#[test]
fn headers_may_have_other_case_signs_line_breaks_order_and_aliases() {
    let other = [
        "RONDE*",
        "Instituut\nBRIN",
        "Studentnr",
        "voornaam ",
        "Familienaam",
        "CROHO-code",
        "Opleidingsvorm",
        "Start jaar",
        "fase",
        "Periode (naam)",
    ];
    let grid = [other.map(t).to_vec(), values("1")];
    assert_eq!(parse_grid(&grid), (vec![2], vec![], vec![]));
    let mut reversed = [headers(), values("1")];
    for row in &mut reversed {
        row.reverse();
    }
    assert_eq!(parse_grid(&reversed), (vec![2], vec![], vec![]));
}

#[test]
fn headers_over_two_rows_are_joined() {
    // Group headers above: some names stand only there, merged over two rows.
    let (mut above, mut below) = (vec![t(""); 10], headers());
    above[0] = t("Ronde");
    below[0] = t("");
    above[3] = t("Persoon");
    let grid = [above, below, values("1")];
    assert_eq!(parse_grid(&grid), (vec![3], vec![], vec![]));
    // And the other way round: the second row completes the first.
    let (mut first, mut second) = (headers(), vec![t(""); 10]);
    for index in [8, 9] {
        second[index] = first[index].clone();
        first[index] = t("");
    }
    assert_eq!(parse_grid(&[first, second, values("1")]), (vec![3], vec![], vec![]));
}

#[test]
fn totals_footnotes_and_repeated_headers_are_skipped_with_a_note() {
    let grid = [
        headers(),
        values("1"),
        headers(),
        values("2"),
        vec![t("Totaal"), t(""), RawValue::Number(2.0)],
        vec![t("* voorlopige lijst")],
        vec![t("Bron: studieadministratie")],
    ];
    let (rows, findings, notes) = parse_grid(&grid);
    assert_eq!((rows, findings), (vec![2, 4], vec![]));
    assert_eq!(notes, [codes::NOTE_HEADER_AGAIN, codes::NOTE_TOTALS_ROW, codes::NOTE_FOOTNOTE, codes::NOTE_FOOTNOTE]);
    // A row with one value that is no footnote is not passed over in silence.
    let (_, findings, _) = parse_grid(&[headers(), values("1"), vec![t("Talent 2026-2027")]]);
    assert_eq!(findings.len(), 9);
}

#[test]
fn a_missing_column_is_named_once_with_what_was_probably_meant() {
    let mut typo = headers();
    typo[2] = t("Studentnumer");
    let parsed = parse_students(&workbook(vec![sheet("Studenten", &[typo, values("1"), values("2")])]));
    assert_eq!(found(&parsed.outcome), [(codes::COLUMN_MISSING.to_owned(), Some(1))]);
    let finding = &parsed.outcome.findings.list[0];
    assert!(finding.advice.contains("Kolom C heet “Studentnumer”"), "{}", finding.advice);
    assert!(parsed.value.students.is_empty());
    let mut without = headers();
    without.truncate(9);
    assert_eq!(parse_grid(&[without, values("1")]).1, [codes::COLUMN_MISSING, codes::COLUMN_WITHOUT_HEADER]);
}

#[test]
fn unknown_columns_are_named_and_close_names_are_a_warning() {
    let parsed = student("Opmerking", t("belt terug"));
    assert_eq!((found_codes(&parsed.outcome), noted(&parsed.outcome)), (vec![], vec![codes::NOTE_COLUMN_SKIPPED.to_owned()]));
    let parsed = student("Postkode", t("6525 HP"));
    assert_eq!(found_codes(&parsed.outcome), [codes::COLUMN_CLOSE]);
    assert_eq!(parsed.outcome.findings.list[0].severity, Severity::Warning);
    assert!(parsed.is_clean() && parsed.value.students.len() == 1);
}

#[test]
fn columns_with_special_category_data_are_not_read_and_their_values_never_shown() {
    for header in ["Geloof", "Denominatie", "Medische bijzonderheden", "Diagnose", "BSN"] {
        let parsed = student(header, t("geheim"));
        assert_eq!(noted(&parsed.outcome), [codes::NOTE_COLUMN_SENSITIVE], "{header}");
        assert!(!format!("{parsed:?}").contains("geheim"));
    }
}

#[test]
fn two_tables_side_by_side_and_double_headers_are_findings() {
    let twice = |row: Vec<RawValue>| [row.clone(), vec![t("")], row].concat();
    let parsed = parse_students(&workbook(vec![sheet("Studenten", &[twice(headers()), twice(values("1"))])]));
    assert_eq!(found_codes(&parsed.outcome), vec![codes::HEADER_TWICE; 10]);
    let finding = &parsed.outcome.findings.list[0];
    assert!(finding.message.contains("A en L"), "{}", finding.message);
    // A header twice without values below is harmless.
    let mut double = headers();
    double.push(t("Ronde"));
    assert_eq!(parse_grid(&[double, values("1")]), (vec![2], vec![], vec![]));
    // A name of the school beside its code is not a second code.
    let grid =
        [["Ronde", "BRIN", "School", "Periode", "Aantal"].map(t).to_vec(), ["R", "05XH00", "De Krullevaar", "P", "4"].map(t).to_vec()];
    let parsed = parse_offers(&workbook(vec![sheet("Plekken", &grid)]));
    assert_eq!((found_codes(&parsed.outcome), parsed.value.offers.len()), (vec![], 1));
}

#[test]
fn a_merged_cell_explains_why_the_cells_below_are_empty() {
    let mut second = values("2");
    second[0] = t("");
    let mut raw = workbook(vec![sheet("Studenten", &[headers(), values("1"), second])]);
    raw.sheets[0].merges.push(Merge { first_row: 2, first_column: 0, last_row: 3, last_column: 0 });
    let parsed = parse_students(&raw);
    assert_eq!(found(&parsed.outcome), [(codes::REQUIRED_MERGED.to_owned(), Some(3))]);
    assert!(parsed.outcome.findings.list[0].message.contains("A2"));
}

#[test]
fn hidden_sheets_are_skipped_and_hidden_rows_are_read_both_with_a_note() {
    let mut raw = students_workbook(&[&[]]);
    raw.sheets[0].hidden_rows = vec![2, 40];
    raw.sheets[0].hidden_columns = vec![6];
    let mut hidden = sheet("Oud", &[]);
    hidden.hidden = true;
    let mut lists = sheet("Lijsten", &[]);
    lists.hidden = true;
    raw.sheets.extend([hidden, lists]);
    let parsed = parse_students(&raw);
    assert_eq!(parsed.value.students.len(), 1);
    assert_eq!(noted(&parsed.outcome), [codes::NOTE_HIDDEN_ROWS, codes::NOTE_HIDDEN_ROWS, codes::NOTE_HIDDEN_SHEET]);
    assert!(parsed.outcome.notes.list[0].message.contains("(2)") && parsed.outcome.notes.list[1].message.contains("(G)"));
}

#[test]
fn sheets_are_found_by_name_alias_or_headers_and_missing_ones_are_named() {
    let places = || [["Ronde", "BRIN", "Periode", "Aantal"].map(t).to_vec(), ["R", "05XH00", "P", "4"].map(t).to_vec()];
    for (name, notes) in [("plekken", vec![]), ("Aanbod", vec![]), ("Blad1", vec![codes::NOTE_SHEET_BY_HEADERS.to_owned()])] {
        let parsed = parse_offers(&workbook(vec![sheet(name, &places())]));
        assert_eq!((parsed.value.offers.len(), found_codes(&parsed.outcome), noted(&parsed.outcome)), (1, vec![], notes), "{name}");
    }
    let two = parse_offers(&workbook(vec![sheet("Plekken", &places()), sheet("Aanbod", &places())]));
    assert_eq!(found_codes(&two.outcome), [codes::SHEET_TWICE]);
    let other = [vec![t("Iets")], vec![t("anders")]];
    let parsed = parse_offers(&workbook(vec![sheet("Pleken", &other)]));
    assert_eq!(found_codes(&parsed.outcome), [codes::SHEET_MISSING]);
    assert!(parsed.outcome.findings.list[0].advice.contains("“Pleken”"));
    let parsed = parse_partnerships(&workbook(vec![sheet("Kladblok", &other)]));
    assert_eq!(
        (found_codes(&parsed.outcome), noted(&parsed.outcome)),
        (vec![codes::SHEET_NONE.to_owned()], vec![codes::NOTE_SHEET_SKIPPED.to_owned()])
    );
    // The right file in the wrong place.
    let parsed = parse_partnerships(&students_workbook(&[&[]]));
    assert_eq!(found_codes(&parsed.outcome), [codes::SHEET_NONE]);
    assert!(parsed.outcome.findings.list[0].advice.contains("“Studenten, hun plaatsingsvraag en voorkeuren”"));
    let parsed = parse_partnerships(&workbook(vec![sheet("Schoolen", &other)]));
    assert_eq!(found_codes(&parsed.outcome), [codes::SHEET_NAME_CLOSE]);
}

#[test]
fn a_sheet_with_only_headers_or_without_known_headers_is_a_finding() {
    assert_eq!(parse_grid(&[headers()]).1, [codes::SHEET_NO_ROWS]);
    assert_eq!(parse_grid(&[vec![t("Dag"), t("Tijd")], vec![t("x"), t("y")]]).1, [codes::HEADER_NOT_FOUND]);
    assert_eq!(parse_grid(&[]).1, [codes::HEADER_NOT_FOUND]);
    let mut late = vec![vec![t("tekst")]; 31];
    late.extend([headers(), values("1")]);
    assert_eq!(parse_grid(&late).1, [codes::HEADER_NOT_FOUND]);
}

#[test]
fn what_the_reader_noticed_is_told() {
    let mut raw: RawWorkbook = students_workbook(&[&[]]);
    raw.format = FileFormat::Xlsm;
    let sheet = || "Studenten".to_owned();
    raw.notes = vec![
        RawNote::Macros,
        RawNote::FarCells { sheet: sheet(), first: "XFD1".to_owned(), count: 3 },
        RawNote::OtherWorkbook { sheet: sheet(), first: "B2".to_owned(), count: 1 },
        RawNote::Extension { name: "lijst.xlsx".to_owned() },
        RawNote::NotATable { sheet: "Grafiek".to_owned() },
        RawNote::UnreadableCells { sheet: sheet(), value: "#SPILL!".to_owned(), count: 2 },
    ];
    let parsed = parse_students(&raw);
    assert_eq!(found_codes(&parsed.outcome), [codes::SHEET_UNREADABLE_CELLS]);
    let mut notes = noted(&parsed.outcome);
    notes.sort_unstable();
    let mut expected =
        [codes::NOTE_MACROS, codes::NOTE_FAR_CELLS, codes::NOTE_OTHER_WORKBOOK, codes::NOTE_EXTENSION, codes::NOTE_SHEET_SKIPPED].to_vec();
    expected.sort_unstable();
    assert_eq!(notes, expected);
}
