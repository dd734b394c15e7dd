//! Who loads a workbook reaches as far as her role: her own is loaded, a sibling's is refused, and what is foreign is
//! answered like what does not exist.
//!
//! In the examples SAMEN, OPLIS and AAOS share the round of Almere; the partnerships of HAK have another round.

use std::collections::BTreeSet;

use kernschil_app::imports;
use kernschil_app::{Actor, AppError};
use kernschil_domain::access::{Permission, Role, Scope};
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::TrainerKind;
use kernschil_domain::registry::{Registry, Trainer};
use kernschil_spreadsheets::ImportKind::{self, Offers, Partnerships, Students, Trainers};
use kernschil_storage::audit::{self, EventFilter};
use kernschil_storage::registry::RegistryRows;

use super::books::{Outcome, Row, book, check, in_words, load, with};
use crate::support::TestApp;

const ALMERE: &str = "Almere 2026-2027";
const HAK: &str = "HAK 2026-2027";
const NOWHERE: &str = "Zomer 2026-2027";

/// A school of SAMEN, of OPLIS, of both, of HAK, and of no partnership at all.
const SAMEN: &str = "12QK00";
const OPLIS: &str = "12PM00";
const BOTH: &str = "12XA00";
const OF_HAK: &str = "06QY00";
const OF_NOBODY: &str = "14QC02";

async fn registry(app: &TestApp) -> Registry {
    app.app.store.read(async |tx| kernschil_storage::registry::load(tx).await).await.unwrap()
}

/// Both examples in one installation.
async fn two_regions(app: &TestApp) -> Registry {
    app.load_example("almere").await;
    app.load_example("hak").await;
    registry(app).await
}

fn partnership(registry: &Registry, name: &str) -> Scope {
    Scope::Partnership(registry.partnerships.values().find(|p| p.name == name).unwrap().id)
}

fn institute(registry: &Registry, brin: &str) -> Scope {
    Scope::Institute(registry.institutes.values().find(|i| i.brin.as_str() == brin).unwrap().id)
}

fn school(registry: &Registry, code: &str) -> Scope {
    Scope::School(registry.schools.values().find(|s| s.code.as_str() == code).unwrap().id)
}

/// Everything there is, in words.
async fn everything(app: &TestApp) -> String {
    let mut all = Vec::new();
    for round in app.app.rounds(&Actor::CommandLine).await.unwrap() {
        let data = app.app.picture(&Actor::CommandLine, &round.slug, Permission::ReadStudents).await.unwrap();
        all.push(in_words(&data));
    }
    all.join("\n\n")
}

/// What the log says was refused while loading: kind of file, and after.
async fn refusals(app: &TestApp) -> Vec<(String, String)> {
    let filter = EventFilter { kinds: Some(vec![EventKind::Refused]), ..EventFilter::default() };
    let events = app.app.store.read(async |tx| audit::events(tx, &filter, 0, 100).await).await.unwrap();
    let events = events.into_iter().filter_map(|stored| stored.event);
    events.map(|event| (event.subject, event.after.unwrap_or_default())).collect()
}

/// A student of an institute in the round of Almere.
fn student<'a>(institute: &'a str, number: &'a str, changes: &[(&'a str, &'a str)]) -> Row<'a> {
    let usual = [
        ("round", ALMERE),
        ("institute", institute),
        ("number", number),
        ("given_name", "Piet"),
        ("family_name", "Puk"),
        ("croho", "34808"),
        ("form", "voltijd"),
        ("start_year", "2026"),
        ("phase", "propedeuse"),
        ("period", "Schooljaar"),
    ];
    with(&usual, changes)
}

/// A student of 25DW, which only trains for other schools.
fn other_student<'a>(number: &'a str, changes: &[(&'a str, &'a str)]) -> Row<'a> {
    with(&student("25DW", number, &[("croho", "99002"), ("phase", "vo propedeuse")]), changes)
}

async fn students(app: &TestApp, actor: &Actor, rows: Vec<Row<'_>>) -> Outcome {
    load(app, actor, Students, book(Students, &[("students", rows)])).await
}

fn offer<'a>(round: &'a str, school: &'a str) -> Row<'a> {
    vec![("round", round), ("school", school), ("period", "Schooljaar"), ("groups", "1-2"), ("count", "7")]
}

fn total<'a>(round: &'a str, school: &'a str) -> Row<'a> {
    vec![("round", round), ("school", school), ("period", "Schooljaar"), ("maximum", "40")]
}

async fn offers(app: &TestApp, actor: &Actor, rows: Vec<Row<'_>>) -> Outcome {
    load(app, actor, Offers, book(Offers, &[("offers", rows)])).await
}

/// A round with a period and a place.
async fn round(app: &TestApp, actor: &Actor, row: Row<'_>, school: &str) -> Outcome {
    let name = row[0].1;
    let period = vec![("round", name), ("period", "Schooljaar"), ("starts_on", "31-08-2026"), ("ends_on", "09-07-2027")];
    let sheets = [("rounds", vec![row]), ("periods", vec![period]), ("offers", vec![offer(name, school)])];
    load(app, actor, Offers, book(Offers, &sheets)).await
}

fn trainer<'a>(number: &'a str, schools: &'a str) -> Row<'a> {
    vec![
        ("number", number),
        ("name", "Piet Puk"),
        ("kind", "schoolopleider"),
        ("employer", "40950"),
        ("capacity", "12"),
        ("schools", schools),
        ("valid_from", "01-08-2026"),
    ]
}

async fn trainers(app: &TestApp, actor: &Actor, rows: Vec<Row<'_>>) -> Outcome {
    load(app, actor, Trainers, book(Trainers, &[("trainers", rows)])).await
}

both_databases! {
    async fn a_coordinator_loads_the_students_her_partnership_sees_to(app: TestApp) {
        let registry = two_regions(&app).await;
        let samen = app.with_role(Role::PartnershipCoordinator, partnership(&registry, "SAMEN")).await;
        let before = everything(&app).await;

        // A sibling's student, known or not, is answered the same; and so is one whom no partnership in particular sees to.
        for (known, missing) in [
            (other_student("2300103", &[]), other_student("2399999", &[])),
            (student("28DN", "2300106", &[]), student("28DN", "2399998", &[])),
        ] {
            let (known, missing) = (students(&app, &samen, vec![known]).await, students(&app, &samen, vec![missing]).await);
            assert_eq!(known.errors(), ["buiten-bereik S2"]);
            assert_eq!(known.text(), missing.text());
            assert!(known.text().contains("vraag") && known.text().contains("de regiocoördinator"));
        }
        // Taking over what others see to is refused, and nothing is told: no name, no round, no period.
        let taken = vec![
            other_student("2300103", &[("partnership", "SAMEN")]),
            student("28DN", "2300106", &[("partnership", "SAMEN")]),
            student("27PZ", "2305009", &[("partnership", "SAMEN")]),
            student("21UG", "00235004", &[]),
        ];
        let refused = students(&app, &samen, taken.clone()).await;
        assert_eq!(refused.errors(), ["buiten-bereik C2", "buiten-bereik C3", "buiten-bereik C4", "buiten-bereik C5"]);
        for told in ["Max", "Amstel", "Lise", "Nguyen", "Eun-ji", "Dubois", "Femke", "Linssen", "HAK", "AAOS", "Semester"] {
            assert!(!refused.text().contains(told), "{told}: {}", refused.text());
        }
        let sentences: BTreeSet<_> = refused.0.outcome.findings.list.iter().map(|finding| (&finding.message, &finding.advice)).collect();
        assert_eq!((sentences.len(), refused.warnings().len()), (1, 0), "{}", refused.text());

        // Handing over one's own student is for who coordinates both.
        assert_eq!(students(&app, &samen, vec![student("21UG", "00230103", &[("partnership", "AAOS")])]).await.errors(), ["buiten-bereik S2"]);
        // A round out of reach, and a partnership out of reach, are what does not exist.
        for (field, code, foreign, missing) in
            [("round", "ronde-onbekend A2", HAK, NOWHERE), ("partnership", "partnerschap-onbekend S2", "Samen Opleidend Leren", "Nergens")]
        {
            let row = |value| student("21UG", "00990001", &[(field, value)]);
            let (one, other) = (students(&app, &samen, vec![row(foreign)]).await, students(&app, &samen, vec![row(missing)]).await);
            assert_eq!(one.errors(), [code]);
            assert_eq!(one.text().replace(foreign, "X"), other.text().replace(missing, "X"));
            assert!(!other.text().contains(HAK) && (field != "round" || other.text().contains(ALMERE)), "{}", other.text());
        }
        assert_eq!(everything(&app).await, before);
        let log = refusals(&app).await;
        assert_eq!(log.iter().filter(|(subject, _)| subject == "imports/students").count(), log.len());
        assert!(log.iter().any(|(_, after)| after == r#"{"code":"buiten-bereik","rows":4}"#), "{log:?}");
        check(&app, &samen, Students, book(Students, &[("students", taken)])).await.unwrap().errors();
        assert_eq!(refusals(&app).await.len(), log.len(), "looking is not loading");

        // Her own, known and new, also of an institute that others train with as well. Of their students nothing is said.
        let own = [("given_name", "Justin"), ("prefix", "de"), ("family_name", "Ridder"), ("start_year", "2023"), ("phase", "afstudeerfase")];
        let rows = vec![
            student("21UG", "00230103", &own),
            student("21UG", "00990001", &[]),
            student("28DN", "2399998", &[("partnership", "SAMEN")]),
        ];
        let loaded = students(&app, &samen, rows.clone()).await;
        assert_eq!((loaded.stored("students"), loaded.stored("demands")), ((2, 1, 0), (2, 1, 0)));
        assert_eq!(loaded.warnings(), ["studenten-niet-in-bestand"]);
        assert!(loaded.text().contains("39 studenten van instituut 21UG"), "{}", loaded.text());
        assert!(matches!(students(&app, &samen, rows).await.0.stored, imports::Stored::Unchanged));
        // Enrolments of a student within reach may change.
        let further = students(&app, &samen, vec![student("21UG", "00990001", &[("phase", "hoofdfase")])]).await;
        assert_eq!(further.stored("enrolments"), (0, 1, 0));
        assert_eq!(refusals(&app).await.len(), log.len());
    }

    async fn pabo_staff_load_their_own_students_in_every_round(app: TestApp) {
        let registry = two_regions(&app).await;
        let pabo = app.with_role(Role::InstituteStaff, institute(&registry, "21UG")).await;
        let before = everything(&app).await;
        let (known, missing) = (
            students(&app, &pabo, vec![other_student("2300103", &[])]).await,
            students(&app, &pabo, vec![other_student("2399999", &[])]).await,
        );
        assert_eq!(known.errors(), ["buiten-bereik S2"]);
        assert_eq!(known.text(), missing.text());
        let mixed = students(&app, &pabo, vec![student("21UG", "00990001", &[]), other_student("2300103", &[])]).await;
        assert_eq!(mixed.errors(), ["buiten-bereik S3"]);
        assert_eq!(everything(&app).await, before, "all of a file or nothing");
        let rows = vec![
            student("21UG", "00990001", &[]),
            student("21UG", "00235004", &[("round", HAK), ("period", "Semester 1"), ("phase", "afstudeerfase")]),
        ];
        assert_eq!(students(&app, &pabo, rows).await.stored("demands"), (1, 1, 0));
        for kind in [Partnerships, Trainers, Offers, ImportKind::Duo, ImportKind::Postcodes] {
            assert!(matches!(check(&app, &pabo, kind, book(Students, &[])).await, Err(AppError::Forbidden { .. })), "{kind:?}");
            assert!(matches!(imports::template(&pabo, kind), Err(AppError::Forbidden { .. })), "{kind:?}");
        }
        assert!(imports::template(&pabo, Students).is_ok());
    }

    async fn a_coordinator_loads_places_of_her_schools_and_rounds_that_are_all_hers(app: TestApp) {
        let registry = two_regions(&app).await;
        let samen = app.with_role(Role::PartnershipCoordinator, partnership(&registry, "SAMEN")).await;
        let before = everything(&app).await;
        let rows = [OPLIS, OF_HAK, OF_NOBODY, "98ZZ00"];
        let refused = offers(&app, &samen, rows.map(|school| offer(ALMERE, school)).into()).await;
        assert_eq!(refused.errors(), ["buiten-bereik B2", "buiten-bereik B3", "buiten-bereik B4", "school-onbekend B5"]);
        assert!(!refused.text().contains("plekken voor"), "nothing of what others offer: {}", refused.text());
        let sheets = [("offers", vec![offer(ALMERE, SAMEN)]), ("totals", rows.map(|school| total(ALMERE, school)).into())];
        let refused = load(&app, &samen, Offers, book(Offers, &sheets)).await;
        assert_eq!(refused.errors(), ["buiten-bereik B2", "buiten-bereik B3", "buiten-bereik B4", "school-onbekend B5"]);

        let (foreign, missing) =
            (offers(&app, &samen, vec![offer(HAK, SAMEN)]).await, offers(&app, &samen, vec![offer(NOWHERE, SAMEN)]).await);
        assert_eq!(foreign.errors(), ["ronde-onbekend A2"]);
        assert_eq!(foreign.text().replace(HAK, "X"), missing.text().replace(NOWHERE, "X"));

        let made = |name, partnerships| vec![("round", name), ("school_year", "2026-2027"), ("partnerships", partnerships)];
        for (row, errors) in [
            // Changing what is shared, making what is not all hers, and a name that others have.
            (with(&made(ALMERE, "SAMEN; OPLIS; AAOS"), &[("travel_limit", "45")]), vec!["buiten-bereik A2"]),
            (made(ALMERE, "SAMEN"), vec!["buiten-bereik A2"]),
            (made(NOWHERE, "SAMEN; OPLIS"), vec!["buiten-bereik A2"]),
            (made(HAK, "SAMEN"), vec!["buiten-bereik A2"]),
            (made(NOWHERE, "Samen Opleidend Leren"), vec!["partnerschap-onbekend C2"]),
            (made(NOWHERE, "Nergens"), vec!["partnerschap-onbekend C2"]),
        ] {
            let refused = round(&app, &samen, row.clone(), SAMEN).await;
            assert_eq!(refused.errors(), errors, "{row:?}");
            assert!(!refused.text().contains("Het Leercollectief") && !refused.text().contains("Semester"), "{}", refused.text());
        }
        for (period, ends_on) in [("Herfst", "31-12-2026"), ("Schooljaar", "31-12-2026")] {
            let period = vec![("round", ALMERE), ("period", period), ("starts_on", "31-08-2026"), ("ends_on", ends_on)];
            let sheets = [("periods", vec![period]), ("offers", vec![offer(ALMERE, SAMEN)])];
            assert_eq!(load(&app, &samen, Offers, book(Offers, &sheets)).await.errors(), ["buiten-bereik B2"]);
        }
        // Also of a file that cannot be read to its end it is noted that somebody tried.
        let noted = refusals(&app).await.len();
        let unreadable = offers(&app, &samen, vec![offer(ALMERE, OPLIS), with(&offer(ALMERE, SAMEN), &[("count", "veel")])]).await;
        assert!(unreadable.errors().contains(&"buiten-bereik B2".to_owned()), "{}", unreadable.text());
        assert_eq!(refusals(&app).await.len(), noted + 1);
        assert_eq!(everything(&app).await, before);

        let shared = vec![made(ALMERE, "SAMEN; OPLIS; AAOS")];
        let period = vec![("round", ALMERE), ("period", "Schooljaar"), ("starts_on", "31-08-2026"), ("ends_on", "09-07-2027")];
        let sheets = [("rounds", shared), ("periods", vec![period]), ("offers", vec![offer(ALMERE, SAMEN), offer(ALMERE, BOTH)])];
        let loaded = load(&app, &samen, Offers, book(Offers, &sheets)).await;
        assert_eq!((loaded.stored("offers"), loaded.stored("rounds"), loaded.stored("periods")), ((2, 0, 0), (0, 0, 1), (0, 0, 1)));
        assert_eq!(round(&app, &samen, made(NOWHERE, "SAMEN"), SAMEN).await.stored("rounds"), (1, 0, 0));
        assert_eq!(round(&app, &samen, with(&made(NOWHERE, "SAMEN"), &[("travel_limit", "45")]), SAMEN).await.stored("rounds"), (0, 1, 0));
        // Once a round is also somebody else's, it is not hers any more.
        round(&app, &Actor::CommandLine, made(NOWHERE, "SAMEN; OPLIS"), SAMEN).await.stored("rounds");
        assert_eq!(round(&app, &samen, made(NOWHERE, "SAMEN"), SAMEN).await.errors(), ["buiten-bereik A2"]);

        let region = registry.regions.values().find(|region| region.name == "Almere").unwrap().id;
        let region = app.with_role(Role::RegionCoordinator, Scope::Region(region)).await;
        let row = with(&made(ALMERE, "SAMEN; OPLIS; AAOS"), &[("travel_limit", "45")]);
        assert_eq!(round(&app, &region, row, OPLIS).await.stored("rounds"), (0, 1, 0));
        assert_eq!(offers(&app, &region, vec![offer(HAK, OPLIS)]).await.errors(), ["ronde-onbekend A2"]);
    }

    async fn a_school_trainer_loads_places_of_her_own_schools_and_never_a_round(app: TestApp) {
        let registry = two_regions(&app).await;
        let cluster = registry.trainers.values().find(|trainer| trainer.number == "A-SO-009").unwrap().id;
        let made = |name, partnerships| vec![("round", name), ("school_year", "2026-2027"), ("partnerships", partnerships)];
        for (count, scope) in [("7", school(&registry, SAMEN)), ("8", Scope::Trainer(cluster))] {
            let own = app.with_role(Role::SchoolTrainer, scope).await;
            let before = everything(&app).await;
            // Another school of the same partnership is as far away as any.
            let rows = ["23EY00", OPLIS, OF_HAK].map(|school| offer(ALMERE, school));
            assert_eq!(offers(&app, &own, rows.into()).await.errors(), ["buiten-bereik B2", "buiten-bereik B3", "buiten-bereik B4"]);
            assert_eq!(offers(&app, &own, vec![offer(HAK, SAMEN)]).await.errors(), ["ronde-onbekend A2"]);
            for (name, partnerships) in [(NOWHERE, "SAMEN"), (HAK, "SAMEN"), (ALMERE, "SAMEN")] {
                assert!(round(&app, &own, made(name, partnerships), SAMEN).await.errors().contains(&"buiten-bereik A2".to_owned()), "{name}");
            }
            assert_eq!(everything(&app).await, before);
            let sheets = [("offers", vec![with(&offer(ALMERE, SAMEN), &[("count", count)])]), ("totals", vec![total(ALMERE, SAMEN)])];
            let loaded = load(&app, &own, Offers, book(Offers, &sheets)).await;
            let (added, changed, _) = loaded.stored("offers");
            assert_eq!(added + changed, 1);
            assert!(matches!(check(&app, &own, Students, book(Students, &[])).await, Err(AppError::Forbidden { .. })));
        }
    }

    async fn a_coordinator_loads_trainers_of_whom_all_schools_are_hers(app: TestApp) {
        let registry = two_regions(&app).await;
        let samen = app.with_role(Role::PartnershipCoordinator, partnership(&registry, "SAMEN")).await;
        let before = everything(&app).await;
        let rows = vec![
            trainer("N-1", OPLIS),
            trainer("A-SO-005", OPLIS),
            trainer("A-SO-005", SAMEN),
            trainer("A-SO-001", BOTH),
            trainer("H-SO-001", SAMEN),
            with(&trainer("N-2", ""), &[("employer", "41676")]),
            trainer("N-3", "12QK00; 98ZZ00"),
        ];
        for (row, error) in rows.into_iter().zip(["F", "F", "A", "A", "A", "F", "school-onbekend F"]) {
            let error = if error.len() == 1 { format!("buiten-bereik {error}2") } else { format!("{error}2") };
            let refused = trainers(&app, &samen, vec![row.clone()]).await;
            assert_eq!(refused.errors(), [error], "{row:?}");
            assert!(refused.warnings().is_empty() && !refused.text().contains("begeleidt nu ook"), "{}", refused.text());
        }
        // Beside the sheet of trainers, who is out of reach does not exist.
        let qualified = |number| {
            let row = vec![("number", number), ("kind", "BRLO-registratie"), ("valid_from", "01-08-2026")];
            book(Trainers, &[("trainers", vec![trainer("A-SO-009", SAMEN)]), ("qualifications", vec![row])])
        };
        let (foreign, missing) =
            (load(&app, &samen, Trainers, qualified("H-SO-001")).await, load(&app, &samen, Trainers, qualified("N-9")).await);
        assert_eq!(foreign.errors(), ["opleider-onbekend A2"]);
        assert_eq!(foreign.text().replace("H-SO-001", "X"), missing.text().replace("N-9", "X"));
        assert_eq!(everything(&app).await, before);
        assert!(refusals(&app).await.iter().all(|(subject, after)| subject == "imports/trainers" && after == r#"{"code":"buiten-bereik","rows":1}"#));

        let loaded = load(&app, &samen, Trainers, qualified("A-SO-009")).await;
        assert_eq!((loaded.stored("trainers"), loaded.stored("qualifications")), ((0, 1, 0), (1, 0, 0)));
        let rows = vec![trainer("N-1", "12QK00; 12XA00"), trainer("N-2", ""), with(&trainer("N-3", SAMEN), &[("employer", "41676")])];
        assert_eq!(trainers(&app, &samen, rows.clone()).await.stored("trainers"), (3, 0, 0));
        assert!(matches!(trainers(&app, &samen, rows).await.0.stored, imports::Stored::Unchanged));
    }

    async fn a_file_that_would_break_a_round_of_others_too_is_refused_without_telling_how(app: TestApp) {
        app.load_example("almere").await;
        let registry = registry(&app).await;
        // Nobody but the school trainers guides anybody.
        let of_institutes = registry.trainers.values().filter(|trainer| trainer.kind == TrainerKind::Institute);
        let full = of_institutes.map(|trainer| Trainer { capacity: Some(0), ..trainer.clone() }).collect();
        let rows = RegistryRows { trainers: full, ..RegistryRows::default() };
        app.app.store.write(async |tx| kernschil_storage::registry::store(tx, rows).await).await.unwrap();
        app.propose("almere-2026-2027").await;
        let samen = app.with_role(Role::PartnershipCoordinator, partnership(&registry, "SAMEN")).await;
        let before = everything(&app).await;
        let row = with(&trainer("A-SO-009", SAMEN), &[("capacity", "1")]);
        let refused = trainers(&app, &samen, vec![row.clone()]).await;
        assert_eq!(refused.errors(), ["buiten-bereik "]);
        assert!(!refused.text().contains("A-SO-009") && !refused.text().contains("Almere"), "{}", refused.text());
        assert_eq!(everything(&app).await, before);
        let told = trainers(&app, &Actor::CommandLine, vec![row]).await;
        assert_eq!(told.errors(), ["ronde-klopt-niet-meer "]);
        assert!(told.text().contains("A-SO-009") && told.text().contains(ALMERE));
    }

    async fn in_a_round_of_two_each_loads_her_own_and_the_other_sees_no_difference(app: TestApp) {
        let registry = two_regions(&app).await;
        let samen = app.with_role(Role::PartnershipCoordinator, partnership(&registry, "SAMEN")).await;
        let oplis = app.with_role(Role::PartnershipCoordinator, partnership(&registry, "OPLIS")).await;
        let hak = app.with_role(Role::PartnershipCoordinator, partnership(&registry, "Samen Opleidend Leren")).await;
        let shared = "Samen en OPLIS";
        let made = vec![("round", shared), ("school_year", "2026-2027"), ("partnerships", "SAMEN; OPLIS")];
        round(&app, &Actor::CommandLine, made, OPLIS).await.stored("rounds");
        let of = |number, partnership| student("01VU", number, &[("round", shared), ("partnership", partnership)]);
        students(&app, &Actor::CommandLine, vec![of("s1", "SAMEN"), of("s2", "OPLIS"), of("s3", "")]).await.stored("students");

        let seen = async |actor: &Actor, slug: &str| in_words(&app.app.picture(actor, slug, Permission::ReadStudents).await.unwrap());
        let theirs = (seen(&oplis, "samen-en-oplis").await, seen(&oplis, "almere-2026-2027").await, seen(&hak, "hak-2026-2027").await);
        assert_eq!(offers(&app, &samen, vec![offer(shared, SAMEN), offer(shared, OPLIS)]).await.errors(), ["buiten-bereik B3"]);
        let all = vec![of("s1", "SAMEN"), of("s2", "SAMEN"), of("s3", "SAMEN"), of("s4", "OPLIS"), of("s5", "")];
        let refused = students(&app, &samen, all).await;
        assert_eq!(refused.errors(), ["buiten-bereik C3", "buiten-bereik C4", "buiten-bereik S5", "buiten-bereik S6"]);

        assert_eq!(offers(&app, &samen, vec![offer(shared, SAMEN)]).await.stored("offers"), (1, 0, 0));
        let own = vec![with(&of("s1", "SAMEN"), &[("given_name", "Kees")]), of("s4", "SAMEN")];
        let loaded = students(&app, &samen, own).await;
        assert_eq!((loaded.stored("students"), loaded.stored("demands"), loaded.warnings().len()), ((1, 1, 0), (1, 0, 1), 0));
        assert_eq!(trainers(&app, &samen, vec![trainer("A-SO-009", SAMEN)]).await.stored("trainers"), (0, 1, 0));
        let now = (seen(&oplis, "samen-en-oplis").await, seen(&oplis, "almere-2026-2027").await, seen(&hak, "hak-2026-2027").await);
        assert!(theirs == now, "what others see changed");
        assert!(seen(&samen, "samen-en-oplis").await.contains("Kees"));

        // Both bring the same new student at the same time: one is first, and the other finds out.
        let file = |partnership| book(Students, &[("students", vec![of("s9", partnership)])]);
        let (one, other) = tokio::join!(load(&app, &samen, Students, file("SAMEN")), load(&app, &oplis, Students, file("OPLIS")));
        let (first, second) = if one.0.outcome.errors == 0 { (one, other) } else { (other, one) };
        assert_eq!((first.stored("demands"), second.errors()), ((1, 0, 0), vec!["buiten-bereik C2".to_owned()]));
        app.check_invariants().await;
    }

    async fn history_is_ones_own_and_a_refused_file_leaves_none(app: TestApp) {
        let registry = two_regions(&app).await;
        let samen = app.with_role(Role::PartnershipCoordinator, partnership(&registry, "SAMEN")).await;
        let oplis = app.with_role(Role::PartnershipCoordinator, partnership(&registry, "OPLIS")).await;
        let admin = app.with_role(Role::Administrator, Scope::All).await;
        assert!(imports::history(&app.app, &samen, 10).await.unwrap().is_empty());
        offers(&app, &samen, vec![offer(ALMERE, OPLIS)]).await.errors();
        offers(&app, &samen, vec![offer(ALMERE, SAMEN)]).await.stored("offers");
        offers(&app, &oplis, vec![offer(ALMERE, OPLIS)]).await.stored("offers");
        // However few are asked for, one's own are among them.
        for (actor, own) in [(&samen, 1), (&oplis, 1), (&admin, 11)] {
            assert_eq!(imports::history(&app.app, actor, 1).await.unwrap().len(), 1);
            assert_eq!(imports::history(&app.app, actor, 100).await.unwrap().len(), own);
        }
        let filter = EventFilter { kinds: Some(vec![EventKind::ImportLoaded]), ..EventFilter::default() };
        let events = app.app.store.read(async |tx| audit::events(tx, &filter, 0, 1).await).await.unwrap();
        let event = events[0].event.as_ref().unwrap();
        assert_eq!((event.user, event.role), (oplis.user(), Some(Role::PartnershipCoordinator)));
        let after: serde_json::Value = serde_json::from_str(event.after.as_deref().unwrap()).unwrap();
        assert_eq!(after.as_object().unwrap().keys().collect::<Vec<_>>(), ["changes", "hash", "kind"]);
        assert!(matches!(check(&app, &samen, Partnerships, book(Partnerships, &[])).await, Err(AppError::Forbidden { .. })));
    }
}
