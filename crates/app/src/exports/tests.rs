//! The workbooks are opened again with our own reader.

use std::sync::Arc;

use kernschil_spreadsheets::raw::{RawSheet, RawValue, RawWorkbook};
use kernschil_spreadsheets::{ImportKind, Limits, read_direct};

use super::{ExportKind, Workbook, coverage_of, export, round_workbook};
use crate::coverage::{CoverageQuery, explained};
use crate::imports::tests::world::{World, student, students};
use crate::proposals::{Watch, make_and_apply};
use crate::{Actor, AppError};

const SLUG: &str = "talent-2026-2027";
const FORMULA: &str = "=cmd|' /C calc'!A0";

/// Five students: two find a place in the kern, two in the schil, one stays without; one needs none.
async fn allocated() -> World {
    let world = World::with_offers().await;
    let rows = [
        student(&[("number", "s1"), ("given_name", FORMULA)]),
        student(&[("number", "s2"), ("given_name", FORMULA)]),
        student(&[("number", "s3"), ("given_name", FORMULA)]),
        student(&[("number", "s4"), ("given_name", FORMULA)]),
        student(&[("number", "s5"), ("given_name", FORMULA)]),
        student(&[("number", "s6"), ("needed", "nee")]),
        student(&[("number", "s7"), ("phase", "jaar 2"), ("groups", "5-8"), ("weekdays", "vr")]),
        student(&[("number", "s8"), ("period", "semester 1")]),
    ];
    world.load(ImportKind::Students, students(&rows)).await.good();
    make_and_apply(&world.app, &Actor::CommandLine, SLUG, Arc::new(Watch::default())).await.unwrap();
    world
}

fn open(workbook: &Workbook) -> RawWorkbook {
    read_direct(&workbook.bytes, &Limits::default()).unwrap()
}

fn sheet<'a>(raw: &'a RawWorkbook, name: &str) -> &'a RawSheet {
    let sheet = raw.sheets.iter().find(|sheet| sheet.name == name);
    sheet.unwrap_or_else(|| panic!("{name} in {:?}", raw.sheets.iter().map(|s| &s.name).collect::<Vec<_>>()))
}

/// A row as text, with empty cells.
fn line(sheet: &RawSheet, number: u32) -> Vec<String> {
    let row = sheet.rows.iter().find(|row| row.number == number).unwrap();
    let width = row.cells.last().map_or(0, |(column, _)| column + 1);
    let cell = |column| {
        row.cells.iter().find(|(at, _)| *at == column).map_or(String::new(), |(_, value)| match value {
            RawValue::Text(text) => text.clone(),
            RawValue::Number(number) => number.to_string(),
            RawValue::Date(serial) => format!("date {serial}"),
            other => panic!("{other:?}"),
        })
    };
    (0..width).map(cell).collect()
}

async fn workbook(world: &World, kind: ExportKind) -> RawWorkbook {
    open(
        &export(
            &explained(&world.app, &Actor::CommandLine, SLUG, kernschil_domain::access::Permission::ExportStudents).await.unwrap(),
            kind,
        )
        .unwrap(),
    )
}

#[tokio::test]
async fn schools_see_their_places_and_who_comes_when() {
    let world = allocated().await;
    let raw = workbook(&world, ExportKind::Schools).await;
    let overview = sheet(&raw, "Overzicht");
    assert_eq!(line(overview, 1), ["Scholen en plekken, Talent 2026-2027"]);
    assert_eq!(line(overview, 3)[..9], ["Code", "School", "Plaats", "Sector", "Bestuur", "Rol", "Aangeboden", "Bezet", "Vrij"]);
    assert_eq!(line(overview, 4)[..9], ["05XH00", "De Krullevaar", "Nijmegen", "bo", "Stichting De Kern", "kern", "2", "2", "0"]);
    assert_eq!(line(overview, 5)[..9], ["11AM00", "De Zoë", "Nijmegen", "bo", "Stichting Éénpitter", "schil", "3", "3", "0"]);
    assert_eq!(line(overview, 5)[9], "Zoë van 't Hof");
    let visits = sheet(&raw, "Wie komt wanneer");
    assert_eq!(line(visits, 3)[..6], ["Code", "School", "Periode", "Van", "Tot en met", "Student"]);
    let first = line(visits, 4);
    assert_eq!(first[..5], ["05XH00", "De Krullevaar", "heel jaar", "date 46265", "date 46584"]);
    assert_eq!(first[6..], ["HAN", "jaar 1", "1-2", "ma", "Zoë van 't Hof", "kern", "voorgesteld"]);
    assert_eq!(visits.rows.len(), 2 + 5, "a title, headers and a row for every place");
    assert!(raw.sheets.iter().all(|sheet| !sheet.hidden && sheet.hidden_columns.is_empty() && sheet.hidden_rows.is_empty()));
}

#[tokio::test]
async fn a_name_that_looks_like_a_formula_stays_text() {
    let world = allocated().await;
    let raw = workbook(&world, ExportKind::Students).await;
    let students = sheet(&raw, "Studenten");
    assert_eq!(line(students, 3)[..3], ["Instituut", "Studentnummer", "Naam"]);
    let names: Vec<_> =
        students.rows.iter().flat_map(|row| &row.cells).filter(|(column, _)| *column == 2).map(|(_, value)| value).collect();
    assert!(names.contains(&&RawValue::Text(format!("Hof, {FORMULA} van 't"))));
    assert_eq!(students.rows.len(), 2 + 8);
    let rows: Vec<_> = (4..=11).map(|row| line(students, row)).collect();
    assert!(rows.iter().any(|row| row[1] == "s6" && row.last().unwrap() == "geen plaats nodig"));
    assert!(rows.iter().any(|row| row[10] == "kern" && row[11] == "1" && row[13] == "Zoë van 't Hof"));
}

#[tokio::test]
async fn the_exceptions_come_with_their_reason() {
    let world = allocated().await;
    let raw = workbook(&world, ExportKind::Exceptions).await;
    let list = sheet(&raw, "Uitzonderingen");
    let headers = line(list, 3);
    assert_eq!((headers[0].as_str(), headers[13].as_str()), ("Uitzondering", "Reden"));
    let rows: Vec<_> = list.rows.iter().skip(2).map(|row| line(list, row.number)).collect();
    assert_eq!(rows.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["niet geplaatst", "niet geplaatst", "schil", "schil", "schil"]);
    assert!(rows.iter().all(|row| row[13].ends_with('.')), "{rows:?}");
    let no_offer = rows.iter().find(|row| row[2] == "s8").unwrap();
    assert_eq!(no_offer[13], "Geen enkele school biedt in deze periode plekken aan.");
    let summary = sheet(&raw, "Samenvatting");
    assert_eq!([line(summary, 4), line(summary, 7)], [["niet geplaatst", "2"], ["schil", "3"]]);
}

#[tokio::test]
async fn coverage_adds_up_and_has_a_chart_for_each_division() {
    let world = allocated().await;
    let raw = workbook(&world, ExportKind::Coverage).await;
    let names: Vec<_> = raw.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(names, ["Dekking", "Per partnerschap", "Per instituut", "Per opleiding", "Per fase", "Per periode", "Niet gedekt"]);
    let summary = sheet(&raw, "Dekking");
    let value = |row| line(summary, row)[..2].to_vec();
    assert_eq!([value(4), value(5), value(6)], [["Dekking", "71,42%"], ["Teller", "5"], ["Noemer", "7"]]);
    let all: Vec<_> = (7..=14).map(value).collect();
    assert_eq!(all.iter().map(|row| row[1].parse::<u32>().unwrap()).collect::<Vec<_>>(), [2, 3, 0, 0, 0, 2, 1, 0]);
    let per_phase = sheet(&raw, "Per fase");
    assert_eq!(line(per_phase, 4)[..4], ["jaar 1: HAN, Leraar basisonderwijs (voltijd)", "66,66%", "4", "6"]);
    assert_eq!(sheet(&raw, "Niet gedekt").rows.len(), 2 + 2);

    let round = explained(&world.app, &Actor::CommandLine, SLUG, kernschil_domain::access::Permission::ExportStudents).await.unwrap();
    let phase = round.data.registry.phases.values().find(|phase| phase.code == "jaar 2").map(|phase| phase.id);
    let one = open(&coverage_of(&round, CoverageQuery { phase, ..CoverageQuery::default() }).unwrap());
    assert_eq!(line(sheet(&one, "Dekking"), 6)[..2], ["Noemer", "1"]);
}

#[tokio::test]
async fn the_same_round_gives_the_same_bytes_under_a_name_of_its_own() {
    let world = allocated().await;
    for kind in ExportKind::ALL {
        let first = round_workbook(&world.app, &Actor::CommandLine, SLUG, kind).await.unwrap();
        assert_eq!(first, round_workbook(&world.app, &Actor::CommandLine, SLUG, kind).await.unwrap());
        assert_eq!(first.file_name, kind.file_name(SLUG));
        assert_eq!(ExportKind::parse(kind.code()), Some(kind));
    }
    let unknown = round_workbook(&world.app, &Actor::CommandLine, "nergens", ExportKind::Schools).await;
    assert!(matches!(unknown, Err(AppError::NotFound)));
}
