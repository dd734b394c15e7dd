//! Files that are good: what they store, and that the same file again changes nothing.

use kernschil_domain::codes::{Need, StudentKind};
use kernschil_domain::invariants::violations;
use kernschil_domain::rounds::WishTarget;
use kernschil_domain::values::{Groups, Weekdays};
use kernschil_spreadsheets::ImportKind;
use kernschil_storage::registry;

use super::world::{
    KERN_OFFER, ROUND, Row, SCHIL_OFFER, TALENT, TRAINER, WHOLE_YEAR, World, YEAR_1, YEAR_2, book, offers, partnerships, student, students,
    trainers,
};
use crate::imports::{self, Stored};
use crate::{Actor, AppError};

#[tokio::test]
async fn the_workbooks_of_a_partnership_are_loaded_and_the_same_files_change_nothing() {
    let world = World::empty().await;
    let loaded = world.load(ImportKind::Partnerships, partnerships()).await;
    assert!(loaded.good().codes().is_empty(), "{:?}", loaded.found());
    for (table, added) in
        [("regions", 2), ("boards", 2), ("schools", 2), ("school-boards", 2), ("institutes", 1), ("programmes", 1), ("phases", 2)]
    {
        assert_eq!(loaded.table(table), (added, 0, 0), "{table}");
    }
    for (table, added) in
        [("institute-memberships", 1), ("board-memberships", 2), ("school-memberships", 2), ("conditions", 1), ("evidence", 1)]
    {
        assert_eq!(loaded.table(table), (added, 0, 0), "{table}");
    }
    let loaded = world.load(ImportKind::Trainers, trainers()).await;
    assert_eq!(
        (loaded.good().table("trainers"), loaded.table("qualifications"), loaded.table("trainer-schools")),
        ((1, 0, 0), (1, 0, 0), (2, 0, 0))
    );
    let loaded = world.load(ImportKind::Offers, offers()).await;
    assert_eq!(loaded.good().codes(), ["perioden-overlappen", "perioden-overlappen"]);
    assert_eq!(
        (loaded.table("rounds"), loaded.table("periods"), loaded.table("offers"), loaded.table("school-totals")),
        ((1, 0, 0), (3, 0, 0), (2, 0, 0), (1, 0, 0))
    );
    let two = [student(&[]), student(&[("number", "s002"), ("given_name", "Jan"), ("family_name", "Smit"), ("kind", "zij-instromer")])];
    let loaded = world.load(ImportKind::Students, students(&two)).await;
    assert_eq!(
        (loaded.good().table("students"), loaded.table("cohorts"), loaded.table("enrolments"), loaded.table("demands")),
        ((2, 0, 0), (1, 0, 0), (2, 0, 0), (2, 0, 0))
    );

    for (kind, file) in [
        (ImportKind::Partnerships, partnerships()),
        (ImportKind::Trainers, trainers()),
        (ImportKind::Offers, offers()),
        (ImportKind::Students, students(&two)),
    ] {
        let again = world.load(kind, file).await;
        again.unchanged();
        assert!(again.0.changes.iter().all(|c| c.unchanged > 0), "{:?}", again.0.changes);
    }
    let past = imports::history(&world.app, &Actor::CommandLine, 10).await.unwrap();
    assert_eq!(past.len(), 4);
    assert!(past.iter().any(|p| p.kind == ImportKind::Offers
        && p.file_name == "offers.xlsx"
        && p.changes.iter().any(|c| c.dutch == "plekken" && c.added == 2)));
}

#[tokio::test]
async fn what_is_stored_is_what_the_file_says() {
    let world = World::with_offers().await;
    world
        .load(
            ImportKind::Students,
            students(&[student(&[("kind", "zij-instromer"), ("travel_limit", "45"), ("earlier_schools", "11AM00")])]),
        )
        .await
        .good();
    let data = world.round().await;
    assert_eq!(data.round.rules.travel_limit, Some(60));
    assert_eq!((data.round.rules.max_wishes, data.round.rules.outside_guidance), (3, None));
    let kern = data.offers.values().find(|offer| offer.count == 2).unwrap();
    assert_eq!(
        (kern.phases.as_slice(), kern.weekdays.to_string()),
        (["jaar 1".to_owned(), "jaar 2".to_owned()].as_slice(), "ma-di".to_owned())
    );
    let schil = data.offers.values().find(|offer| offer.count == 3).unwrap();
    assert_eq!((schil.phases.len(), schil.groups, schil.weekdays), (0, Groups::ALL, Weekdays::ALL));
    let student = data.students.values().next().unwrap();
    assert_eq!(
        (student.full_name().as_str(), student.kind, student.custom.travel_limit),
        ("Zoë van 't Hof", StudentKind::CareerChanger, Some(45))
    );
    assert_eq!(student.earlier_schools, [schil.school]);
    let demand = data.demands.values().next().unwrap();
    assert_eq!((demand.need, demand.wishes.len()), (Need::Required, 2));
    assert!(matches!(demand.wishes[0], WishTarget::School(id) if id == kern.school));
    assert_eq!(demand.partnership, data.round.partnerships.first().copied(), "the only one of the institute");
    let enrolment = &data.enrolments[&student.id][0];
    assert_eq!((enrolment.span.from.to_string(), enrolment.span.until), ("2026-08-01".to_owned(), None));
    let board = data.registry.board_of(schil.school, "2026-09-01".parse().unwrap()).unwrap();
    assert_eq!((board.number.as_str(), board.name.as_deref()), ("00123", Some("Stichting Éénpitter")));
    assert_eq!(violations(&data), []);
}

#[tokio::test]
async fn a_check_says_what_loading_would_do_and_stores_nothing() {
    let world = World::empty().await;
    let checked = world.check(ImportKind::Partnerships, partnerships()).await;
    assert_eq!(checked.0.stored, Stored::Nothing);
    let registry = world.app.store.read(async |tx| registry::load(tx).await).await.unwrap();
    assert!(registry.schools.is_empty() && registry.partnerships.is_empty());
    assert!(imports::history(&world.app, &Actor::CommandLine, 10).await.unwrap().is_empty());
    let loaded = world.load(ImportKind::Partnerships, partnerships()).await;
    assert_eq!(checked.0.changes, loaded.good().0.changes);
}

#[tokio::test]
async fn a_student_in_two_periods_has_two_demands_and_goes_on_to_the_next_phase() {
    let world = World::with_offers().await;
    let rows = [
        student(&[("period", "semester 2"), ("phase", "jaar 2"), ("groups", "3-8")]),
        student(&[("period", "semester 1"), ("phase", "jaar 1"), ("groups", "1-2")]),
    ];
    let loaded = world.load(ImportKind::Students, students(&rows)).await;
    assert_eq!((loaded.good().table("students"), loaded.table("demands"), loaded.table("enrolments")), ((1, 0, 0), (2, 0, 0), (2, 0, 0)));
    let data = world.round().await;
    let mut spans: Vec<_> =
        data.enrolments.values().flatten().map(|e| (e.span.from.to_string(), e.span.until.map(|d| d.to_string()))).collect();
    spans.sort();
    assert_eq!(spans, [("2026-08-01".to_owned(), Some("2027-02-01".to_owned())), ("2027-02-01".to_owned(), None)]);
    world.load(ImportKind::Students, students(&rows)).await.unchanged();
}

#[tokio::test]
async fn a_corrected_phase_replaces_the_wrong_one() {
    let world = World::with_offers().await;
    world.load(ImportKind::Students, students(&[student(&[])])).await.good();
    let right = [student(&[("phase", "jaar 2"), ("given_name", "Zoe")])];
    let loaded = world.load(ImportKind::Students, students(&right)).await;
    assert_eq!((loaded.good().table("students"), loaded.table("demands"), loaded.table("enrolments")), ((0, 1, 0), (0, 1, 0), (0, 1, 0)));
    let data = world.round().await;
    assert_eq!(data.enrolments.values().flatten().count(), 1);
    world.load(ImportKind::Students, students(&right)).await.unchanged();
}

#[tokio::test]
async fn a_column_that_is_not_there_says_nothing_and_an_empty_cell_says_that_there_is_nothing() {
    let world = World::with_offers().await;
    world.load(ImportKind::Students, students(&[student(&[("travel_limit", "45"), ("earlier_schools", "11AM00")])])).await.good();
    let short = "Ronde;Instituut BRIN;Studentnummer;Voornaam;Tussenvoegsel;Achternaam;CROHO;Vorm;Startjaar;Fase;Periode;Groepen;Dagen\n\
                 Talent 2026-2027;25KB;S001;Zoë;;Hof;34808;voltijd;2026;jaar 1;heel jaar;1-2;ma\n";
    let file = imports::ImportFile { name: "kort.csv".to_owned(), bytes: short.as_bytes().to_vec() };
    let loaded = world.load(ImportKind::Students, file).await;
    assert_eq!((loaded.good().table("students"), loaded.table("demands")), ((0, 1, 0), (0, 0, 1)));
    let data = world.round().await;
    let student = data.students.values().next().unwrap();
    assert_eq!(
        (student.prefix.as_deref(), student.number.as_str(), student.custom.travel_limit, student.earlier_schools.len()),
        (None, "S001", Some(45), 1)
    );
    assert_eq!(data.demands.values().next().unwrap().wishes.len(), 2);
}

#[tokio::test]
async fn equal_rows_of_places_are_added_up_and_a_changed_number_changes_only_that() {
    let world = World::with_offers().await;
    let more = book(ImportKind::Offers, &[("offers", vec![SCHIL_OFFER, KERN_OFFER, SCHIL_OFFER])]);
    let loaded = world.load(ImportKind::Offers, more.clone()).await;
    assert_eq!((loaded.good().table("offers"), loaded.codes()), ((0, 1, 1), vec!["plek-dubbel"]));
    assert!(world.round().await.offers.values().any(|offer| offer.count == 6));
    world.load(ImportKind::Offers, more).await.unchanged();

    let other: Row<'_> =
        &[("round", "talent 2026/2027"), ("school", "11am"), ("period", "Heel jaar"), ("groups", "bovenbouw"), ("count", "1")];
    let loaded = world.load(ImportKind::Offers, book(ImportKind::Offers, &[("offers", vec![other])])).await;
    assert_eq!((loaded.good().table("offers"), loaded.found()), ((1, 0, 0), vec!["plekken-niet-in-bestand Plekken!B2 11am".to_owned()]));
}

#[tokio::test]
async fn rules_and_partnerships_of_a_round_can_change_and_phases_can_change_places() {
    let world = World::with_offers().await;
    let second: Row<'_> = &[("name", "Tweede"), ("status", "aspirant"), ("institutes", "25KB"), ("valid_from", "01-08-2024")];
    let swapped = |row: Row<'static>, number: &'static str| {
        row.iter().map(|(f, v)| (*f, if *f == "phase_ordinal" { number } else { v })).collect::<Vec<_>>()
    };
    let (one, two) = (swapped(YEAR_1, "2"), swapped(YEAR_2, "1"));
    let loaded = world
        .load(ImportKind::Partnerships, book(ImportKind::Partnerships, &[("partnerships", vec![second]), ("programmes", vec![&one, &two])]))
        .await;
    assert_eq!(loaded.good().table("phases"), (0, 2, 0));
    let round: Row<'_> = &[("round", ROUND), ("school_year", "2026-2027"), ("partnerships", "tweede"), ("max_wishes", "2")];
    let loaded = world.load(ImportKind::Offers, book(ImportKind::Offers, &[("rounds", vec![round]), ("offers", vec![KERN_OFFER])])).await;
    assert_eq!(loaded.good().table("rounds"), (0, 1, 0));
    let data = world.round().await;
    assert_eq!((data.round.rules.max_wishes, data.round.rules.travel_limit, data.round.partnerships.len()), (2, Some(60), 1));
    assert_eq!(data.registry.partnerships[&data.round.partnerships[0]].name, "Tweede");
}

#[tokio::test]
async fn the_list_of_schools_of_a_trainer_holds_from_its_day_on() {
    let world = World::with_offers().await;
    let fewer: Vec<_> = TRAINER
        .iter()
        .map(|(f, v)| {
            (
                *f,
                match *f {
                    "schools" => "05XH00",
                    "valid_from" => "01-08-2026",
                    _ => v,
                },
            )
        })
        .collect();
    let file = book(ImportKind::Trainers, &[("trainers", vec![&fewer])]);
    let loaded = world.load(ImportKind::Trainers, file.clone()).await;
    assert_eq!(loaded.good().found(), ["school-van-opleider-niet-genoemd Opleiders!F2 05XH00"]);
    assert_eq!(loaded.table("trainer-schools"), (0, 1, 1));
    let data = world.round().await;
    let at = |date: &str| data.offers.values().map(|o| data.registry.trainers_of(o.school, date.parse().unwrap()).len()).sum::<usize>();
    assert_eq!((at("2026-07-31"), at("2026-08-01")), (2, 1));
    world.load(ImportKind::Trainers, file).await.unchanged();
    world.load(ImportKind::Trainers, trainers()).await.unchanged();
}

#[tokio::test]
async fn a_template_is_a_workbook_and_says_nothing() {
    let world = World::empty().await;
    for kind in ImportKind::ALL {
        let file = imports::ImportFile { name: "sjabloon.xlsx".to_owned(), bytes: imports::template(&Actor::CommandLine, kind).unwrap() };
        let report = imports::check(&world.app, &Actor::CommandLine, kind, file).await.unwrap();
        assert!(!report.changes_anything());
        assert!(!imports::annotated(&report).unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_round_keeps_its_school_year() {
    let world = World::with_offers().await;
    let year: Row<'_> = &[("round", ROUND), ("school_year", "2025-2026"), ("partnerships", TALENT)];
    let loaded = world
        .load(
            ImportKind::Offers,
            book(ImportKind::Offers, &[("rounds", vec![year]), ("periods", vec![WHOLE_YEAR]), ("offers", vec![KERN_OFFER])]),
        )
        .await;
    assert_eq!(loaded.found(), ["ronde-ander-schooljaar Rondes!B2 2025-2026", "periode-buiten-schooljaar Perioden!C2 31-08-2026"]);
    assert_eq!(loaded.0.stored, Stored::Nothing);
}

/// Handlers of the server need futures that can move between threads.
#[tokio::test]
async fn the_use_cases_can_move_between_threads() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let world = World::empty().await;
    let file = || imports::ImportFile { name: "x".to_owned(), bytes: Vec::new() };
    let load = is_send(imports::load(&world.app, &Actor::CommandLine, ImportKind::Duo, file())).await;
    let check = is_send(imports::check(&world.app, &Actor::CommandLine, ImportKind::Duo, file())).await;
    assert!(matches!((load, check), (Err(AppError::File { .. }), Err(AppError::File { .. }))));
    assert!(is_send(imports::history(&world.app, &Actor::CommandLine, 1)).await.unwrap().is_empty());
}
