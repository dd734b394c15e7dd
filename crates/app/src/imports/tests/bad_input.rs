//! Files that are wrong: each gives its code at its cell, and nothing is stored.

use kernschil_spreadsheets::ImportKind;
use kernschil_storage::registry::{self, RegistryRows};

use super::world::{
    KERN_BOARD, KERN_OFFER, KERN_SCHOOL, PARTNERSHIP, ROUND_ROW, Row, SCHIL_SCHOOL, TRAINER, WHOLE_YEAR, World, YEAR_1, book, offers,
    partnerships, student, students,
};
use crate::imports::{self, Stored};

/// A row with one value changed.
fn with<'a>(row: Row<'a>, field: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    row.iter().copied().filter(|(known, _)| *known != field).chain([(field, value)]).collect()
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_refused_with_a_code_and_advice() {
    let world = World::empty().await;
    for (name, bytes, code) in [
        ("leeg.xlsx", b"".as_slice(), "bestand-leeg"),
        ("eigenlijk-een-pdf.xlsx", b"%PDF-1.4\n", "bestand-pdf"),
        ("web.xls", b"<!DOCTYPE html><html><table></table></html>", "bestand-html"),
        ("kapot.xlsx", b"PK\x03\x04 and then nothing", "bestand-beschadigd"),
    ] {
        assert_eq!(world.refused(ImportKind::Students, name, bytes).await, code, "{name}");
    }
}

#[tokio::test]
async fn everything_that_is_not_known_is_reported_at_once_and_nothing_is_stored() {
    let world = World::with_offers().await;
    let rows = [
        student(&[("round", "Talent 2027")]),
        student(&[("number", "s2"), ("institute", "25LT")]),
        student(&[("number", "s3"), ("croho", "12345")]),
        student(&[("number", "s4"), ("phase", "jaar 9"), ("period", "kwartaal 3")]),
        student(&[
            ("number", "s5"),
            ("wish1", "98ZZ00"),
            ("wish2", "99999"),
            ("fixed_school", "97ZZ00"),
            ("earlier_schools", "96ZZ00; 05XH00"),
        ]),
        student(&[("number", "s6"), ("partnership", "Talent")]),
        student(&[("number", "s7"), ("wish3", "11AM00"), ("wish4", "41775")]),
        student(&[("number", "s8")]),
    ];
    let loaded = world.load(ImportKind::Students, students(&rows)).await;
    assert_eq!(
        loaded.found(),
        [
            "ronde-onbekend Studenten!A2 Talent 2027",
            "instituut-onbekend Studenten!B3 25LT",
            "opleiding-onbekend Studenten!K4 12345",
            "fase-onbekend Studenten!N5 jaar 9",
            "periode-onbekend Studenten!O5 kwartaal 3",
            "school-onbekend Studenten!U6 97ZZ00",
            "school-onbekend Studenten!W6 96ZZ00; 05XH00",
            "school-onbekend Studenten!X6 98ZZ00",
            "bestuur-onbekend Studenten!Y6 99999",
            "partnerschap-onbekend Studenten!S7 Talent",
            "te-veel-voorkeuren Studenten!AA8 41775",
        ]
    );
    assert_eq!((loaded.0.stored, loaded.0.outcome.errors, loaded.0.changes.len()), (Stored::Nothing, 11, 0));
    assert!(world.round().await.students.is_empty());
    assert!(imports::annotated(&loaded.0).is_ok_and(|bytes| bytes.starts_with(b"PK")));
}

#[tokio::test]
async fn what_may_stand_on_an_unreadable_row_is_not_reported_as_unknown() {
    let world = World::empty().await;
    let unreadable = with(PARTNERSHIP, "status", "misschien");
    let file = book(
        ImportKind::Partnerships,
        &[("partnerships", vec![&unreadable]), ("programmes", vec![YEAR_1]), ("boards", vec![KERN_BOARD]), ("schools", vec![KERN_SCHOOL])],
    );
    assert_eq!(world.load(ImportKind::Partnerships, file).await.found(), ["waarde-onbekend Partnerschappen!B2 misschien"]);
}

#[tokio::test]
async fn a_missing_column_a_school_twice_and_only_headers_are_reported() {
    let world = World::with_offers().await;
    let csv = |text: &str| imports::ImportFile { name: "x.csv".to_owned(), bytes: text.as_bytes().to_vec() };
    let students = "Ronde;Instituut BRIN;Voornaam;Achternaam;CROHO;Vorm;Startjaar;Fase;Periode\nTalent 2026-2027;25KB;Zoë;Hof;34808;VT;2026;jaar 1;heel jaar\n";
    let loaded = world.load(ImportKind::Students, csv(students)).await;
    assert_eq!(loaded.codes(), ["kolom-ontbreekt"]);
    let loaded = world.load(ImportKind::Offers, csv("Ronde;BRIN;Periode;Aantal\n")).await;
    assert_eq!(loaded.codes(), ["blad-zonder-rijen"]);
    let again = with(KERN_SCHOOL, "name", "Een andere naam");
    let loaded = world.load(ImportKind::Partnerships, book(ImportKind::Partnerships, &[("schools", vec![KERN_SCHOOL, &again])])).await;
    assert_eq!(loaded.found(), ["school-tegenstrijdig Scholen!C3 Een andere naam"]);
}

#[tokio::test]
async fn references_within_the_workbook_of_partnerships_must_be_known() {
    let world = World::empty().await;
    let partnership = with(PARTNERSHIP, "institutes", "25KB; 27NF");
    let school = with(KERN_SCHOOL, "board", "41776");
    let buddy = with(SCHIL_SCHOOL, "buddy", "98ZZ00");
    let phase = with(YEAR_1, "phase", "jaar 1, 2");
    let file = book(
        ImportKind::Partnerships,
        &[
            ("partnerships", vec![&partnership]),
            ("programmes", vec![&phase]),
            ("boards", vec![KERN_BOARD]),
            ("schools", vec![&school, &buddy]),
            ("conditions", vec![&[("partnership", "Telant"), ("tier", "kern"), ("kind", "maatje")]]),
            ("quality", vec![&[("school", "97ZZ00"), ("kind", "inspectieoordeel"), ("value", "goed"), ("valid_from", "01-08-2025")]]),
        ],
    );
    assert_eq!(
        world.load(ImportKind::Partnerships, file).await.found(),
        [
            "instituut-onbekend Partnerschappen!E2 25KB; 27NF",
            "fase-leesteken Opleidingen!I2 jaar 1, 2",
            "bestuur-onbekend Scholen!G2 41776",
            "bestuur-onbekend Scholen!G3 00123",
            "maatje-onbekend Scholen!L3 98ZZ00",
            "partnerschap-onbekend Voorwaarden!A2 Telant",
            "school-onbekend Kwaliteit!A2 97ZZ00",
        ]
    );
}

#[tokio::test]
async fn a_buddy_outside_the_kern_and_a_board_that_does_not_take_part_are_worth_a_look() {
    let world = World::empty().await;
    let schil = with(KERN_SCHOOL, "tier", "schil");
    let alone: Row<'_> = &[("number", "00123"), ("name", "Stichting Éénpitter")];
    let file = book(
        ImportKind::Partnerships,
        &[
            ("partnerships", vec![PARTNERSHIP]),
            ("programmes", vec![YEAR_1]),
            ("boards", vec![KERN_BOARD, alone]),
            ("schools", vec![&schil, SCHIL_SCHOOL]),
        ],
    );
    let loaded = world.load(ImportKind::Partnerships, file).await;
    assert_eq!(loaded.good().found(), ["bestuur-doet-niet-mee Scholen!H3 Talent voor Onderwijs", "maatje-niet-kern Scholen!L3 05XH00"]);
}

#[tokio::test]
async fn a_number_of_a_phase_that_stays_is_taken() {
    let world = World::with_offers().await;
    let third = with(&with(YEAR_1, "phase", "jaar 3"), "phase_ordinal", "2")
        .iter()
        .map(|(f, v)| ((*f).to_owned(), (*v).to_owned()))
        .collect::<Vec<_>>();
    let third: Vec<_> = third.iter().map(|(f, v)| (f.as_str(), v.as_str())).collect();
    let loaded = world.load(ImportKind::Partnerships, book(ImportKind::Partnerships, &[("programmes", vec![&third])])).await;
    assert_eq!(loaded.codes(), ["fasenummer-bezet"]);
}

#[tokio::test]
async fn trainers_need_a_known_employer_known_schools_and_a_row_of_their_own() {
    let world = World::with_offers().await;
    let (other, elsewhere) = (with(TRAINER, "employer", "99999"), with(TRAINER, "number", "SO-2"));
    let elsewhere = with(&elsewhere, "schools", "05XH00; 98ZZ00");
    let file = book(
        ImportKind::Trainers,
        &[
            ("trainers", vec![&other, &elsewhere]),
            ("qualifications", vec![&[("number", "SO-9"), ("kind", "VELON"), ("valid_from", "01-08-2025")]]),
        ],
    );
    let loaded = world.load(ImportKind::Trainers, file).await;
    let expected =
        ["bestuur-onbekend Opleiders!D2 99999", "school-onbekend Opleiders!F3 05XH00; 98ZZ00", "opleider-onbekend Kwalificaties!A2 SO-9"];
    assert_eq!(loaded.found(), expected);
}

#[tokio::test]
async fn offers_need_a_known_round_period_school_and_phase() {
    let world = World::empty().await;
    world.load(ImportKind::Partnerships, partnerships()).await.good();
    let (school, round, period) =
        (with(KERN_OFFER, "school", "98ZZ00"), with(KERN_OFFER, "round", "Andere"), with(KERN_OFFER, "period", "kwartaal 1"));
    let phase = with(KERN_OFFER, "phases", "jaar 7");
    let other = with(ROUND_ROW, "partnerships", "Talent voor Onderwijs; Onbekend");
    let name = with(ROUND_ROW, "round", "???");
    let file = book(
        ImportKind::Offers,
        &[("rounds", vec![&other, &name]), ("periods", vec![WHOLE_YEAR]), ("offers", vec![&school, &round, &period, &phase])],
    );
    assert_eq!(
        world.load(ImportKind::Offers, file).await.found(),
        [
            "partnerschap-onbekend Rondes!C2 Talent voor Onderwijs; Onbekend",
            "ronde-naam-ongeschikt Rondes!A3 ???",
            "school-onbekend Plekken!B2 98ZZ00",
            "ronde-onbekend Plekken!A3 Andere",
            "periode-onbekend Plekken!C4 kwartaal 1",
            "fase-onbekend Plekken!D5 jaar 7",
        ]
    );
}

#[tokio::test]
async fn a_closed_school_offers_no_places_and_is_nobodys_fixed_school() {
    let world = World::with_offers().await;
    let mut school = world.round().await.registry.schools.into_values().find(|school| school.code.as_str() == "11AM00").unwrap();
    school.closed_on = Some("2026-08-01".parse().unwrap());
    world
        .app
        .store
        .write(async |tx| registry::store(tx, RegistryRows { schools: vec![school], ..RegistryRows::default() }).await)
        .await
        .unwrap();
    assert_eq!(world.load(ImportKind::Offers, offers()).await.codes().last(), Some(&"school-gesloten"));
    let loaded = world.load(ImportKind::Students, students(&[student(&[("fixed_school", "11AM00"), ("earlier_schools", "11AM00")])])).await;
    assert_eq!(loaded.good().codes(), ["vaste-school-eerder", "school-gesloten"]);
}

#[tokio::test]
async fn what_is_odd_about_a_student_is_a_warning() {
    let world = World::with_offers().await;
    world
        .load(ImportKind::Students, students(&[student(&[]), student(&[("number", "s9"), ("given_name", "An"), ("family_name", "Bos")])]))
        .await
        .good();
    let rows = [
        student(&[("given_name", "Hof"), ("family_name", "Zoë"), ("prefix", ""), ("start_year", "2028")]),
        student(&[("given_name", "Hof"), ("family_name", "Zoë"), ("prefix", ""), ("start_year", "2028"), ("period", "semester 2")]),
    ];
    let loaded = world.load(ImportKind::Students, students(&rows)).await;
    assert_eq!(
        loaded.good().found(),
        [
            "studenten-niet-in-bestand Studenten!",
            "student-heet-anders Studenten!C2 s001",
            "startjaar-na-ronde Studenten!M2 2028",
            "startjaar-na-ronde Studenten!M3 2028",
            "student-perioden-overlappen Studenten!O3 semester 2",
        ]
    );
}

#[tokio::test]
async fn an_institute_or_partnership_outside_the_round_is_a_warning_once() {
    let world = World::with_offers().await;
    let institute = with(YEAR_1, "institute", "27NF");
    let second: Row<'_> = &[("name", "Ander"), ("status", "erkend"), ("valid_from", "01-08-2022")];
    world
        .load(ImportKind::Partnerships, book(ImportKind::Partnerships, &[("programmes", vec![&institute]), ("partnerships", vec![second])]))
        .await
        .good();
    let rows = [
        student(&[("institute", "27NF"), ("partnership", "Ander")]),
        student(&[("institute", "27NF"), ("number", "s2"), ("partnership", "Ander")]),
    ];
    let loaded = world.load(ImportKind::Students, students(&rows)).await;
    assert_eq!(loaded.good().found(), ["instituut-niet-in-ronde Studenten!B2 27NF", "partnerschap-niet-in-ronde Studenten!S2 Ander"]);
}
