//! Everything about one student: finding, inspection, correction, erasure.

use kernschil_app::board::{self, PlaceCommand};
use kernschil_app::imports::{self as loading, ImportFile, Stored};
use kernschil_app::privacy::{self, Correction, DossierForm};
use kernschil_app::students;
use kernschil_app::{Actor, App, AppError};
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::codes::{Guidance, Need, PlacementStatus};
use kernschil_domain::ids::{DemandId, StudentId};
use kernschil_spreadsheets::raw::RawValue;
use kernschil_spreadsheets::{ImportKind, Limits, read_direct};
use kernschil_storage::rounds::{self, RoundRows};

use super::{at, events, found};
use crate::support::TestApp;

const NOBODY: Actor = Actor::CommandLine;

/// A placed student of the example of Almere, moved by hand with a reason.
async fn moved_by_hand(app: &TestApp) -> (String, StudentId, DemandId) {
    let round = app.proposed("almere").await;
    let view = board::board(&app.app, &NOBODY, &round).await.unwrap();
    let (row, to) = view
        .rows
        .iter()
        .filter(|row| row.row.place.is_some())
        .find_map(|row| {
            let candidates = board::candidates_of(&view, row.row.demand).unwrap();
            let to = candidates.into_iter().find(|c| c.misfits.is_empty() && c.current == board::Current::Elsewhere)?;
            Some((row.row.clone(), to))
        })
        .unwrap();
    let seen = view.data.placements.get(&row.demand).map(|placement| placement.id);
    let reason = Some("Dicht bij oma in Urk".to_owned());
    let command = PlaceCommand { demand: row.demand, offer: to.offer, seen, guidance: Guidance::Extra, reason };
    board::place(&app.app, &NOBODY, &round, command).await.unwrap();
    (round, row.student, row.demand)
}

/// Takes the place back and says that none is needed, as a coordinator does before somebody is erased.
async fn let_go(app: &App, round: &str, student: StudentId) {
    let data = app.picture(&NOBODY, round, Permission::ReadStudents).await.unwrap();
    for demand in data.demands.values().filter(|demand| demand.student == student) {
        if let Some(placement) = data.placements.get(&demand.id) {
            board::release(app, &NOBODY, round, demand.id, placement.id).await.unwrap();
        }
        let not_needed = kernschil_domain::rounds::Demand { need: Need::NotRequired, ..demand.clone() };
        let rows = RoundRows { demands: vec![(data.round.id, not_needed)], ..RoundRows::default() };
        app.store.write(async |tx| rounds::store(tx, rows).await).await.unwrap();
    }
}

fn texts(bytes: &[u8]) -> String {
    let raw = read_direct(bytes, &Limits::default()).unwrap();
    let cells = raw.sheets.iter().flat_map(|sheet| &sheet.rows).flat_map(|row| &row.cells);
    cells.filter_map(|(_, value)| if let RawValue::Text(text) = value { Some(text.as_str()) } else { None }).collect::<Vec<_>>().join("\n")
}

fn correction(person: &privacy::Dossier) -> Correction {
    let of = &person.person;
    Correction {
        seen: person.version,
        given_name: of.given_name.clone(),
        prefix: of.prefix.clone().unwrap_or_default(),
        family_name: of.family_name.clone(),
        number: of.number.clone(),
        postcode: of.postcode.clone().unwrap_or_default(),
        kind: of.kind.code().to_owned(),
    }
}

both_databases! {
    async fn a_dossier_holds_everything_and_every_look_is_noted(app: TestApp) {
        let (round, student, demand) = moved_by_hand(&app).await;
        students::note_export(&app.app, &NOBODY, &round, 1).await.unwrap();
        let data = app.app.picture(&NOBODY, &round, Permission::ReadStudents).await.unwrap();
        let known = &data.students[&student];
        let number = known.number.to_string();
        assert!(found(&app.app, &number).await.iter().any(|one| one.id == student));
        assert!(found(&app.app, &known.family_name.to_uppercase()).await.iter().any(|one| one.id == student));
        assert!(matches!(privacy::find(&app.app, &NOBODY, "a").await, Err(AppError::Invalid(_))));

        let dossier = privacy::dossier(&app.app, &NOBODY, student, DossierForm::Screen).await.unwrap();
        assert_eq!(dossier.person.number, number);
        assert_eq!(dossier.person.postcode, known.postcode.as_ref().map(ToString::to_string));
        assert_eq!(dossier.person.earlier_schools.len(), known.earlier_schools.len());
        assert!(!dossier.enrolments.is_empty() && !dossier.register.is_empty());
        assert_eq!(dossier.demands.len(), data.demands.values().filter(|demand| demand.student == student).count());
        assert_eq!(dossier.demands[0].wishes.len(), data.demands[&demand].wishes.len());
        let statuses: Vec<_> = dossier.placements.iter().map(|placement| placement.status).collect();
        assert!(statuses.contains(&PlacementStatus::Withdrawn) && statuses.contains(&PlacementStatus::Proposed));
        assert!(dossier.placements.iter().any(|placement| placement.reason.as_deref() == Some("Dicht bij oma in Urk")));

        let workbook = privacy::dossier_workbook(&app.app, &NOBODY, student).await.unwrap();
        assert_eq!(workbook.file_name, "inzage-2026-07-01.xlsx");
        let text = texts(&workbook.bytes);
        for part in [number.as_str(), &known.family_name, "Dicht bij oma in Urk", "met de hand geplaatst", "lijst met studenten gedownload"] {
            assert!(text.contains(part), "{part}");
        }
        let json = privacy::dossier_json(&app.app, &NOBODY, student).await.unwrap();
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(json["person"]["number"], number);
        let looked: Vec<_> = events(&app.app).await.into_iter().filter_map(|event| event.event).filter(|event| event.kind == EventKind::DossierExported).collect();
        assert_eq!(looked.iter().map(|event| event.after.clone().unwrap()).collect::<Vec<_>>(), [r#"{"form":"json"}"#, r#"{"form":"workbook"}"#, r#"{"form":"screen"}"#]);
        assert!(looked.iter().all(|event| event.subject == student.to_string()));
        let again = privacy::dossier(&app.app, &NOBODY, student, DossierForm::Screen).await.unwrap();
        assert!(again.traces.iter().filter(|trace| trace.kind == EventKind::DossierExported).count() == 3);
        let nobody = privacy::dossier(&app.app, &NOBODY, StudentId(uuid::Uuid::from_u128(7)), DossierForm::Screen).await;
        assert!(matches!(nobody, Err(AppError::NotFound)));
    }

    async fn a_correction_is_checked_as_a_whole_and_a_later_import_tells_the_difference(app: TestApp) {
        let round = app.proposed("almere").await;
        let data = app.app.picture(&NOBODY, &round, Permission::ReadStudents).await.unwrap();
        let mut all = data.students.values();
        let (known, other) = (all.next().unwrap(), all.next().unwrap());
        let dossier = privacy::dossier(&app.app, &NOBODY, known.id, DossierForm::Screen).await.unwrap();
        let wrong = Correction { given_name: " ".into(), number: "x".repeat(40), postcode: "zes".into(), kind: "hond".into(), ..correction(&dossier) };
        let Err(AppError::Invalid(errors)) = privacy::correct(&app.app, &NOBODY, known.id, &wrong).await else { panic!("accepted") };
        assert_eq!(errors.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["given_name", "number", "postcode", "kind"]);
        let taken = Correction { number: other.number.to_string().to_uppercase(), ..correction(&dossier) };
        let Err(AppError::Invalid(errors)) = privacy::correct(&app.app, &NOBODY, known.id, &taken).await else { panic!("accepted") };
        assert_eq!(errors[0].code, "studentnummer-bezet");
        assert!(!errors[0].message.contains(&other.family_name));
        assert!(privacy::correct(&app.app, &NOBODY, known.id, &correction(&dossier)).await.unwrap().fields.is_empty());

        let right = Correction { family_name: "Verbeterd".into(), prefix: String::new(), postcode: "1315 ab".into(), ..correction(&dossier) };
        let corrected = privacy::correct(&app.app, &NOBODY, known.id, &right).await.unwrap();
        assert!(corrected.fields.contains(&"family_name") && corrected.fields.contains(&"postcode") && !corrected.fields.contains(&"number"));
        let late = privacy::correct(&app.app, &NOBODY, known.id, &Correction { family_name: "Te laat".into(), ..correction(&dossier) }).await;
        assert!(matches!(late, Err(AppError::Conflict { code: "intussen-gewijzigd", .. })));
        let event = events(&app.app).await.into_iter().filter_map(|event| event.event).find(|event| event.kind == EventKind::StudentCorrected).unwrap();
        assert_eq!(event.subject, known.id.to_string());
        assert!(!event.after.unwrap().contains("Verbeterd"));
        assert_eq!(found(&app.app, "verbeterd").await.len(), 1);

        let again = app.load(ImportKind::Students, "almere/studenten.xlsx").await;
        let changed: Vec<_> = again.changes.iter().filter(|change| change.changed > 0).map(|change| change.changed).collect();
        assert!(matches!(again.stored, Stored::Everything { .. }) && changed == [1], "{:?}", again.changes);
        assert!(found(&app.app, "verbeterd").await.is_empty());
    }

    async fn who_still_takes_part_is_not_erased_and_it_is_said_what_to_do(app: TestApp) {
        let (round, student, _) = moved_by_hand(&app).await;
        let plan = privacy::erasure(&app.app, &NOBODY, student).await.unwrap();
        assert_eq!(plan.obstacles.len(), 1);
        assert!(plan.obstacles[0].advice.contains("losmaken op het plaatsbord"), "{}", plan.obstacles[0].advice);
        let refused = privacy::erase(&app.app, &NOBODY, student).await;
        assert!(matches!(refused, Err(AppError::Conflict { code: "student-doet-mee", .. })));
        assert_eq!(found(&app.app, &plan.number).await.len(), 1);

        let_go(&app.app, &round, student).await;
        assert!(privacy::erasure(&app.app, &NOBODY, student).await.unwrap().obstacles.is_empty());
        // After the round nothing has to be done first.
        let other = app.app.picture(&NOBODY, &round, Permission::ReadStudents).await.unwrap();
        let placed = other.placements.values().next().map(|placement| other.demands[&placement.demand].student).unwrap();
        assert!(!privacy::erasure(&app.app, &NOBODY, placed).await.unwrap().obstacles.is_empty());
        let later = at(&app.app, "2027-09-01T09:00:00Z");
        assert!(privacy::erasure(&later, &NOBODY, placed).await.unwrap().obstacles.is_empty());
    }

    async fn an_erased_student_is_found_nowhere_and_counts_still(app: TestApp) {
        let (round, student, demand) = moved_by_hand(&app).await;
        let before = app.app.picture(&NOBODY, &round, Permission::ReadStudents).await.unwrap();
        let known = before.students[&student].clone();
        let telling = ImportFile { name: format!("lijst {} {}.csv", known.given_name, known.family_name), bytes: b"kapot".to_vec() };
        drop(loading::load(&app.app, &NOBODY, ImportKind::Postcodes, telling).await);
        let later = at(&app.app, "2027-09-01T09:00:00Z");
        privacy::erase(&later, &NOBODY, student).await.unwrap();

        let after = app.app.picture(&NOBODY, &round, Permission::ReadStudents).await.unwrap();
        let (count, counted) = (kernschil_app::coverage::figures_of(&before), kernschil_app::coverage::figures_of(&after));
        assert_eq!(count, counted);
        assert_eq!((before.placements.len(), before.demands.len(), before.withdrawn.len()), (after.placements.len(), after.demands.len(), after.withdrawn.len()));
        assert_eq!(before.placements[&demand].offer, after.placements[&demand].offer);
        assert!(after.placements[&demand].reason.is_none() && after.demands[&demand].wishes.is_empty());
        app.check_invariants().await;

        let number = known.number.to_string();
        assert!(found(&later, &number).await.is_empty());
        for gone in [
            privacy::dossier(&later, &NOBODY, student, DossierForm::Screen).await.err(),
            privacy::erase(&later, &NOBODY, student).await.err(),
            privacy::correct(&later, &NOBODY, student, &Correction::default()).await.err(),
        ] {
            assert!(matches!(gone, Some(AppError::NotFound)), "{gone:?}");
        }
        let listed = students::list(&later, &NOBODY, &round, Permission::ReadStudents).await.unwrap().rows;
        assert!(listed.iter().all(|row| row.number != number));
        let explained = kernschil_app::coverage::explained(&later, &NOBODY, &round, Permission::ExportStudents).await.unwrap();
        for kind in kernschil_app::exports::ExportKind::ALL {
            let text = texts(&kernschil_app::exports::export(&explained, kind).unwrap().bytes);
            assert!(!text.contains(&number) && !text.contains("Urk"), "{kind:?}");
        }
        let changes = later.store.read(async |tx| kernschil_storage::placements::changes(tx, before.round.id, 50).await).await.unwrap();
        assert!(changes.iter().any(|change| change.steps.contains(&demand.to_string())));
        assert!(changes.iter().all(|change| !change.steps.contains("Urk")));

        let again = app.load(ImportKind::Students, "almere/studenten.xlsx").await;
        assert!(matches!(again.stored, Stored::Everything { .. }), "{:?}", again.outcome.findings);
        let new = found(&later, &number).await;
        assert!(new.len() == 1 && new[0].id != student, "the old number is another student now");
    }

    async fn nothing_of_an_erased_student_comes_back_by_undoing(app: TestApp) {
        let (round, student, demand) = moved_by_hand(&app).await;
        let view = board::board(&app.app, &NOBODY, &round).await.unwrap();
        let free = |known: &&kernschil_domain::rounds::Demand| known.student != student && known.need == Need::Required;
        let other = view.data.demands.values().find(free).unwrap().id;
        let elsewhere = view.data.place_of(demand).unwrap().1.school;
        let school = view.data.offers.values().find(|offer| offer.school != elsewhere).unwrap().school;
        let who = board::Seen { demand, placement: view.data.placements.get(&demand).map(|placement| placement.id) };
        let exclude = |before, category| board::ExcludeCommand { who, school, before, category };
        let wish = Some(kernschil_domain::codes::ExclusionCategory::Student);
        board::exclude(&app.app, &NOBODY, &round, exclude(None, wish)).await.unwrap();
        let included = board::exclude(&app.app, &NOBODY, &round, exclude(wish, None)).await.unwrap();
        let make = board::TeamCommand::Make { name: "Leerteam".to_owned(), members: vec![demand, other] };
        let made = board::team(&app.app, &NOBODY, &round, make).await.unwrap();
        let tag = board::team_tag(&board::board(&app.app, &NOBODY, &round).await.unwrap().data.teams[0]);
        let seen = board::TeamSeen { team: made.team, tag };
        let removed = board::team(&app.app, &NOBODY, &round, board::TeamCommand::Remove(seen)).await.unwrap().change;
        // While she is known, either can be undone, and what was done with her team stands in her dossier.
        board::undo(&app.app, &NOBODY, &round, removed).await.unwrap();
        let dossier = privacy::dossier(&app.app, &NOBODY, student, DossierForm::Screen).await.unwrap();
        assert!(dossier.traces.iter().any(|trace| trace.kind == EventKind::ChangeUndone));
        let tag = board::team_tag(&board::board(&app.app, &NOBODY, &round).await.unwrap().data.teams[0]);
        let seen = board::TeamSeen { team: made.team, tag };
        let removed = board::team(&app.app, &NOBODY, &round, board::TeamCommand::Remove(seen)).await.unwrap().change;

        privacy::erase(&at(&app.app, "2027-09-01T09:00:00Z"), &NOBODY, student).await.unwrap();
        for change in [included, removed] {
            let refused = board::undo(&app.app, &NOBODY, &round, change).await.unwrap_err();
            assert_eq!(refused.code(), "student-geanonimiseerd");
        }
        let after = app.app.picture(&NOBODY, &round, Permission::ReadStudents).await.unwrap();
        assert_eq!((after.exclusions.len(), after.teams.len()), (0, 0));
    }

    async fn an_erased_student_is_gone_from_mails_to_her_school_and_the_others_stay_on_them(app: TestApp) {
        let round = app.proposed("almere").await;
        let data = app.app.picture(&NOBODY, &round, Permission::ReadStudents).await.unwrap();
        let (placement, school) = data
            .placements
            .values()
            .map(|placement| (placement, data.offers[&placement.offer].school))
            .find(|(_, school)| data.placements.values().filter(|other| data.offers[&other.offer].school == *school).count() > 1)
            .unwrap();
        let erased = &data.students[&data.demands[&placement.demand].student];
        let with_address = kernschil_domain::registry::School { email: Some("directie@school.example".to_owned()), ..data.registry.schools[&school].clone() };
        let rows = kernschil_storage::registry::RegistryRows { schools: vec![with_address], ..Default::default() };
        app.app.store.write(async |tx| kernschil_storage::registry::store(tx, rows).await).await.unwrap();
        let version = async || kernschil_app::steps::of_round(&app.app, &NOBODY, &round).await.unwrap().round.version;
        kernschil_app::announcements::fix(&app.app, &NOBODY, &round, version().await).await.unwrap();
        let schools = kernschil_domain::mutations::Audience::Schools;
        kernschil_app::announcements::announce(&app.app, &NOBODY, &round, schools, version().await).await.unwrap();
        let bodies = async || {
            let all = app.app.store.read(async |tx| kernschil_storage::outbox::latest(tx, None, 0, 500).await).await.unwrap().0;
            let letters = all.into_iter().filter(|mail| mail.to_address == "directie@school.example");
            letters.map(|mail| mail.body).collect::<Vec<_>>()
        };
        let before = bodies().await;
        assert!(before.len() == 1 && before[0].contains(&erased.list_name()));

        privacy::erase(&at(&app.app, "2027-09-01T09:00:00Z"), &NOBODY, erased.id).await.unwrap();
        let after = bodies().await;
        assert!(!after[0].contains(&erased.list_name()) && !after[0].contains(&erased.full_name()), "{}", after[0]);
        assert_eq!(after[0].matches("Geanonimiseerd").count(), 1);
        assert_eq!(after[0].lines().count(), before[0].lines().count(), "the others stay on the list");
    }

    async fn file_names_that_tell_of_somebody_are_forgotten(app: TestApp) {
        let round = app.proposed("almere").await;
        let data = app.app.picture(&NOBODY, &round, Permission::ReadStudents).await.unwrap();
        let known = data.students.values().next().unwrap();
        let bytes = std::fs::read(crate::support::root().join("imports/voorbeelden/talent/partnerschappen.xlsx")).unwrap();
        let file = ImportFile { name: format!("Rooster_{}.xlsx", known.number), bytes };
        let loaded = loading::load(&app.app, &NOBODY, ImportKind::Partnerships, file).await.unwrap();
        assert!(matches!(loaded.stored, Stored::Everything { .. }));
        let names = async || {
            let past = loading::history(&app.app, &NOBODY, 50).await.unwrap();
            past.into_iter().map(|import| import.file_name).collect::<Vec<_>>()
        };
        assert!(names().await.iter().any(|name| name.starts_with("Rooster_")));
        privacy::erase(&at(&app.app, "2027-09-01T09:00:00Z"), &NOBODY, known.id).await.unwrap();
        let left = names().await;
        assert!(left.contains(&"(bestandsnaam verwijderd)".to_owned()) && left.contains(&"studenten.xlsx".to_owned()), "{left:?}");
    }

    async fn only_who_handles_privacy_gets_in(app: TestApp) {
        let round = app.proposed("almere").await;
        let id = app.app.picture(&NOBODY, &round, Permission::ReadStudents).await.unwrap().students.keys().next().copied().unwrap();
        let new = kernschil_app::access::NewUser {
            email: "cora@school.nl".into(),
            name: "Cora".into(),
            password: "een lange zin hier".into(),
            roles: vec![(kernschil_domain::access::Role::RegionCoordinator, kernschil_domain::access::Scope::All)],
        };
        let user = kernschil_app::access::add_user(&app.app, &NOBODY, new).await.unwrap();
        let actor = kernschil_app::access::actor(&app.app, user).await.unwrap();
        for refused in [
            privacy::find(&app.app, &actor, "jansen").await.err(),
            privacy::dossier(&app.app, &actor, id, DossierForm::Json).await.err(),
            privacy::correct(&app.app, &actor, id, &Correction::default()).await.err(),
            privacy::erase(&app.app, &actor, id).await.err(),
            privacy::register(&app.app, &actor).await.err(),
            privacy::retention(&app.app, &actor).await.err(),
            privacy::ask(&app.app, &actor).await.err(),
        ] {
            assert!(matches!(refused, Some(AppError::Forbidden { .. })), "{refused:?}");
        }
    }
}
