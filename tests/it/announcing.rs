//! Fixing a round and announcing its places: who hears what, when, and what can be proven of it later.

use std::collections::{BTreeMap, BTreeSet};

use kernschil_app::announcements::{self, Announced, Delivery, LetterPart, Soundness};
use kernschil_app::board;
use kernschil_app::privacy::{self, DossierForm};
use kernschil_app::{Actor, App, AppError, steps, students};
use kernschil_domain::access::{Permission, Role, Scope};
use kernschil_domain::codes::{Need, PlacementStatus, RoundState};
use kernschil_domain::cohorts::Student;
use kernschil_domain::ids::Version;
use kernschil_domain::mutations::{Audience, LetterKind};
use kernschil_domain::rounds::RoundData;
use kernschil_domain::steps::ReopenReason;
use kernschil_domain::values::StudentNumber;
use kernschil_storage::cohorts::{self, CohortRows};
use kernschil_storage::privacy::ErasureGround;
use kernschil_storage::registry::{self, RegistryRows};
use kernschil_storage::{StorageError, outbox, rounds};

use crate::support::TestApp;

const CLI: Actor = Actor::CommandLine;

async fn version(app: &App, slug: &str) -> Version {
    steps::of_round(app, &CLI, slug).await.unwrap().round.version
}

async fn picture(app: &App, slug: &str) -> RoundData {
    app.store.read(async |tx| rounds::picture(tx, slug).await).await.unwrap()
}

fn code<T: std::fmt::Debug>(answer: Result<T, AppError>) -> String {
    answer.unwrap_err().code().to_owned()
}

async fn fix(app: &App, slug: &str) -> String {
    announcements::fix(app, &CLI, slug, version(app, slug).await).await.unwrap()
}

async fn announce(app: &App, slug: &str, audience: Audience) -> i32 {
    match announcements::announce(app, &CLI, slug, audience, version(app, slug).await).await.unwrap() {
        Announced::Now(_, ordinal) => ordinal,
        Announced::Before(..) => panic!("announced before"),
    }
}

fn statuses(data: &RoundData) -> BTreeSet<PlacementStatus> {
    data.placements.values().map(|placement| placement.status).collect()
}

/// Gives every school but one, and every second student, an e-mail address.
async fn addresses(app: &App, slug: &str) {
    let write = async |tx: &kernschil_storage::WriteTx| {
        let data = rounds::picture(tx, slug).await?;
        let mut schools: Vec<_> = data.registry.schools.into_values().collect();
        schools.sort_by_key(|school| school.code.to_string());
        for school in schools.iter_mut().skip(1) {
            school.email = Some(format!("{}@school.example", school.code.to_string().to_lowercase()));
        }
        registry::store(tx, RegistryRows { schools, ..RegistryRows::default() }).await?;
        let with_mail =
            |(at, student): (usize, Student)| Student { email: (at % 2 == 0).then(|| format!("student{at}@pabo.example")), ..student };
        let students = data.students.into_values().enumerate().map(with_mail).collect();
        cohorts::store(tx, CohortRows { students, ..CohortRows::default() }).await?;
        Ok::<_, StorageError>(())
    };
    app.store.write(write).await.unwrap();
}

both_databases! {
    async fn what_is_missing_is_told_all_at_once_and_nothing_is_fixed(app: TestApp) {
        app.load_example("almere").await;
        let slug = app.only_round().await;
        let seen = version(&app.app, &slug).await;
        assert_eq!(code(announcements::fix(&app.app, &CLI, &slug, seen).await), "nog-niet-gecontroleerd");
        app.propose(&slug).await;
        // Somebody takes three places back by hand.
        let view = board::board(&app.app, &CLI, &slug).await.unwrap();
        for placement in view.data.placements.values().take(3) {
            board::release(&app.app, &CLI, &slug, placement.demand, placement.id).await.unwrap();
        }
        let desk = announcements::fix_desk(&app.app, &CLI, &slug).await.unwrap();
        let gates: Vec<_> = desk.gates.iter().map(|(gate, _)| gate.code()).collect();
        assert!(gates.contains(&"met-de-hand-gewijzigd") && gates.contains(&"niet-geplaatst"), "{gates:?}");
        assert_eq!(code(announcements::announce(&app.app, &CLI, &slug, Audience::Everybody, version(&app.app, &slug).await).await), "niet-vastgesteld");
    }

    async fn a_fixed_round_is_locked_and_can_be_proven(app: TestApp) {
        let slug = app.proposed("almere").await;
        let before = picture(&app.app, &slug).await;
        let seen = before.round.version;
        let hash = fix(&app.app, &slug).await;
        assert_eq!(hash.len(), 64);
        let fixed = picture(&app.app, &slug).await;
        assert_eq!((fixed.round.state, statuses(&fixed)), (RoundState::Fixed, BTreeSet::from([PlacementStatus::Fixed])));
        assert_eq!(fixed.placements.len(), before.placements.len());
        // Who still saw the old round is told, and nothing moves any more.
        assert_eq!(code(announcements::fix(&app.app, &CLI, &slug, seen).await), "intussen-gewijzigd");
        let placement = fixed.placements.values().next().unwrap();
        assert_eq!(code(board::release(&app.app, &CLI, &slug, placement.demand, placement.id).await), "ronde-vast");
        let (_, snapshots) = announcements::snapshots(&app.app, &CLI, &slug).await.unwrap();
        assert_eq!(snapshots.len(), 1);
        assert_eq!((&snapshots[0].hash, snapshots[0].soundness, snapshots[0].differences), (&hash, Soundness::Sound, 0));
        assert_eq!(snapshots[0].placed, fixed.placements.len());
        assert!(announcements::broken(&app.app).await.unwrap().is_empty());
        app.check_invariants().await;
    }

    async fn a_snapshot_holds_no_names_and_shows_when_somebody_changed_it(app: TestApp) {
        let slug = app.proposed("almere").await;
        fix(&app.app, &slug).await;
        let data = picture(&app.app, &slug).await;
        let round = data.round.id;
        let stored = app.app.store.read(async |tx| kernschil_storage::announcements::snapshots(tx, round).await).await.unwrap().remove(0);
        for student in data.students.values() {
            assert!(!stored.content.contains(&format!("\"{}\"", student.family_name)), "a name");
            assert!(!stored.content.contains(&format!("\"{}\"", student.number)), "a number");
        }
        // Somebody with the database in hand moves one student.
        let forged = stored.content.replacen("kern", "schil", 1);
        assert_ne!(forged, stored.content);
        app.app
            .store
            .write(async |tx| {
                let changed = kernschil_domain::mutations::Snapshot { content: forged.clone(), ..stored.clone() };
                kernschil_storage::announcements::insert_snapshot(tx, changed).await
            })
            .await
            .unwrap();
        let (_, snapshots) = announcements::snapshots(&app.app, &CLI, &slug).await.unwrap();
        assert_eq!((snapshots[0].soundness, snapshots[0].differences), (Soundness::Changed, 1));
        assert_eq!(announcements::broken(&app.app).await.unwrap().len(), 1);
    }

    async fn a_fixed_round_opens_again_until_somebody_was_told(app: TestApp) {
        let slug = app.proposed("almere").await;
        let app = &app.app;
        assert_eq!(code(announcements::reopen(app, &CLI, &slug, ReopenReason::Mistake, version(app, &slug).await).await), "niet-vastgesteld");
        fix(app, &slug).await;
        announcements::reopen(app, &CLI, &slug, ReopenReason::School, version(app, &slug).await).await.unwrap();
        let open = picture(app, &slug).await;
        assert_eq!((open.round.state, statuses(&open)), (RoundState::Checking, BTreeSet::from([PlacementStatus::Proposed])));
        // It can be worked on, and fixed anew.
        let placement = open.placements.values().next().unwrap();
        board::release(app, &CLI, &slug, placement.demand, placement.id).await.unwrap();
        fix(app, &slug).await;
        announce(app, &slug, Audience::Schools).await;
        assert_eq!(code(announcements::reopen(app, &CLI, &slug, ReopenReason::Mistake, version(app, &slug).await).await), "al-bekendgemaakt");
    }

    async fn nobody_outside_sees_a_place_before_it_is_announced(app: TestApp) {
        let slug = app.proposed("almere").await;
        let data = picture(&app.app, &slug).await;
        let school = data.placements.values().find_map(|placement| data.offers.get(&placement.offer)).unwrap().school;
        let trainer = app.with_role(Role::SchoolTrainer, Scope::School(school)).await;
        let sees = async || students::list(&app.app, &trainer, &slug, Permission::ReadStudents).await.unwrap().rows.len();
        assert_eq!(sees().await, 0);
        fix(&app.app, &slug).await;
        assert_eq!(sees().await, 0);
        announce(&app.app, &slug, Audience::Schools).await;
        let here = data.placements.values().filter(|placement| data.offers[&placement.offer].school == school).count();
        assert_eq!(sees().await, here);
    }

    async fn schools_hear_first_and_students_later_each_once(app: TestApp) {
        let slug = app.proposed("almere").await;
        addresses(&app.app, &slug).await;
        let app = &app.app;
        fix(app, &slug).await;
        let seen = version(app, &slug).await;
        assert_eq!(code(announcements::announce(app, &CLI, &slug, Audience::Students, seen).await), "scholen-eerst");
        let desk = announcements::announce_desk(app, &CLI, &slug).await.unwrap();
        assert_eq!(desk.options.iter().map(|option| option.audience).collect::<Vec<_>>(), [Audience::Schools, Audience::Everybody]);
        let schools = desk.options[0];
        assert_eq!((schools.students, schools.schools > 1), (0, true));
        let first = announcements::announce(app, &CLI, &slug, Audience::Schools, seen).await.unwrap();
        assert_eq!(first.ordinal(), 1);
        // A double click makes no second wave, and sends nothing.
        let Announced::Before(_, 1) = announcements::announce(app, &CLI, &slug, Audience::Schools, seen).await.unwrap() else {
            panic!("a second wave");
        };
        let (data, waves) = announcements::waves(app, &CLI, &slug).await.unwrap();
        assert_eq!((data.round.state, waves.len()), (RoundState::Published, 1));
        assert_eq!(statuses(&data), BTreeSet::from([PlacementStatus::Announced]));
        assert!(data.placements.values().all(|placement| placement.announced_at.is_some()));
        assert_eq!(waves[0].1.len(), schools.schools);
        let mailed = |deliveries: &[Delivery]| deliveries.iter().filter(|delivery| matches!(delivery, Delivery::Mail(_))).count();
        assert_eq!(mailed(&waves[0].1), schools.schools_by_mail);
        assert_eq!(announce(app, &slug, Audience::Students).await, 2);
        assert_eq!(code(announcements::announce(app, &CLI, &slug, Audience::Everybody, version(app, &slug).await).await), "al-bekendgemaakt");
        let (data, waves) = announcements::waves(app, &CLI, &slug).await.unwrap();
        // One letter per student, also for who has several places.
        let placed: BTreeSet<_> = data.placements.keys().map(|demand| data.demands[demand].student).collect();
        assert_eq!(waves[1].1.len(), placed.len());
        let (_, queued) = app.store.read(async |tx| outbox::latest(tx, None, 0, 1).await).await.unwrap();
        assert_eq!(usize::try_from(queued).unwrap(), mailed(&waves[0].1) + mailed(&waves[1].1));
        let (_, snapshots) = announcements::snapshots(app, &CLI, &slug).await.unwrap();
        assert_eq!(snapshots.len(), 2);
        assert!(snapshots.iter().all(|snapshot| snapshot.soundness == Soundness::Sound));
    }

    async fn a_student_reads_only_about_herself_and_a_school_about_its_own(app: TestApp) {
        let slug = app.proposed("almere").await;
        let app = &app.app;
        fix(app, &slug).await;
        let wave = announce(app, &slug, Audience::Everybody).await;
        let view = announcements::wave(app, &CLI, &slug, wave).await.unwrap();
        let names: BTreeSet<_> = view.data.students.values().map(Student::full_name).collect();
        // A trainer can be called what a student is called, and is in the letter by right.
        let trainers: BTreeSet<_> = view.data.registry.trainers.values().map(|trainer| &trainer.name).collect();
        let known = |name: &&String| names.iter().filter(|other| other.contains(name.as_str())).count() == 1 && !trainers.contains(*name);
        let unique: Vec<_> = names.iter().filter(known).collect();
        let mut told = 0;
        for letter in &view.letters {
            let text = letter.text.as_ref().unwrap();
            let plain = text.plain();
            if letter.kind == LetterKind::Placed {
                told += 1;
                assert_eq!(text.to[0], view.data.students.values().find(|student| student.list_name() == letter.to).unwrap().full_name());
                assert!(!unique.iter().any(|name| **name != text.to[0] && plain.contains(name.as_str())), "another name in a letter");
                for word in ["School: ", "Adres: ", "Periode: ", "Dagen: ", "Groepen: "] {
                    assert!(plain.contains(word), "{word} in {plain}");
                }
                assert!(["kernschool", "schilschool", "hoort niet bij"].iter().any(|word| plain.contains(word)), "{plain}");
            }
        }
        assert!(told > 50);
        // The lists of all schools together name every place exactly once.
        let visitors = view.letters.iter().flat_map(|letter| &letter.text.as_ref().unwrap().parts).map(|part| match part {
            LetterPart::Visitors(visitors) => visitors.len(),
            LetterPart::Heading(_) | LetterPart::Paragraph(_) | LetterPart::Facts(_) => 0,
        });
        assert_eq!(visitors.sum::<usize>(), view.data.placements.len());
    }

    async fn a_round_of_others_is_fixed_and_announced_by_nobody_else(app: TestApp) {
        let slug = app.proposed("hak").await;
        let data = picture(&app.app, &slug).await;
        let partnership = data.round.partnerships[0];
        let part = app.with_role(Role::PartnershipCoordinator, Scope::Partnership(partnership)).await;
        let staff = app.with_role(Role::InstituteStaff, Scope::Institute(*data.registry.institutes.keys().next().unwrap())).await;
        for actor in [&part, &staff] {
            assert_eq!(code(announcements::fix(&app.app, actor, &slug, data.round.version).await), "niet-toegestaan");
            assert_eq!(code(announcements::announce(&app.app, actor, &slug, Audience::Everybody, data.round.version).await), "niet-toegestaan");
            assert_eq!(code(announcements::waves(&app.app, actor, &slug).await), "niet-toegestaan");
        }
    }

    async fn a_student_with_two_periods_is_placed_half_or_whole_and_hears_it_in_one_letter(app: TestApp) {
        let slug = app.proposed("talent").await;
        let app = &app.app;
        let data = picture(app, &slug).await;
        let several = kernschil_domain::several::several_periods(&data);
        let both = several.iter().find(|student| student.missing.is_empty()).expect("somebody has two places");
        let demand = data.demands.values().find(|demand| demand.student == both.student && demand.period == both.placed[1]).unwrap();
        board::release(app, &CLI, &slug, demand.id, data.placements[&demand.id].id).await.unwrap();
        let view = board::board(app, &CLI, &slug).await.unwrap();
        let half: Vec<_> = view.rows.iter().filter(|row| row.exceptions.contains(&board::ExceptionKind::HalfPlaced)).collect();
        assert_eq!(half.iter().filter(|row| row.row.student == both.student).count(), 2);
        let now = kernschil_domain::several::several_periods(&view.data);
        let found = now.iter().find(|student| student.student == both.student).unwrap();
        assert!(found.is_half());
        assert_eq!((found.placed.as_slice(), found.missing.as_slice()), (&both.placed[..1], &both.placed[1..2]));
        fix(app, &slug).await;
        let wave = announce(app, &slug, Audience::Everybody).await;
        let letters = announcements::wave(app, &CLI, &slug, wave).await.unwrap();
        let name = data.students[&both.student].list_name();
        let own: Vec<_> = letters.letters.iter().filter(|letter| letter.kind == LetterKind::Placed && letter.to == name).collect();
        let missing = &data.periods[&both.placed[1]].name;
        assert!(own.iter().any(|letter| letter.text.as_ref().unwrap().plain().contains(&format!("Voor {missing} "))), "{own:?}");
    }

    async fn the_check_page_counts_what_will_be_told(app: TestApp) {
        let slug = app.proposed("almere").await;
        addresses(&app.app, &slug).await;
        let desk = announcements::announce_desk(&app.app, &CLI, &slug).await.unwrap();
        assert_eq!(desk.misfit.as_deref(), Some("de plaatsingen zijn nog niet vastgesteld"));
        let everybody = desk.options.iter().find(|option| option.audience == Audience::Everybody).unwrap();
        let placed: BTreeSet<_> = desk.data.placements.keys().map(|demand| desk.data.demands[demand].student).collect();
        let by_mail = placed.iter().filter(|student| desk.data.students[student].email.is_some()).count();
        assert_eq!((everybody.students, everybody.students_by_mail), (placed.len(), by_mail));
        let needing: BTreeSet<_> = desk.data.demands.values().filter(|demand| demand.need == Need::Required).map(|demand| demand.student).collect();
        assert_eq!(desk.without, needing.difference(&placed).count());
        assert!(desk.student_example.is_some() && desk.school_example.is_some());
    }

    async fn a_letter_stands_in_the_dossier_and_forgets_the_name_with_the_student(app: TestApp) {
        let slug = app.proposed("almere").await;
        addresses(&app.app, &slug).await;
        let app = &app.app;
        fix(app, &slug).await;
        let wave = announce(app, &slug, Audience::Everybody).await;
        let data = picture(app, &slug).await;
        let mailed = |student: &&Student| {
            let placed = |demand: &kernschil_domain::ids::DemandId| data.demands[demand].student == student.id;
            let same = data.students.values().filter(|other| other.full_name().contains(&student.full_name())).count();
            same == 1 && student.email.is_some() && data.placements.keys().any(placed)
        };
        let student = data.students.values().find(mailed).unwrap().clone();
        let address = student.email.clone().unwrap();
        let dossier = privacy::dossier(app, &CLI, student.id, DossierForm::Screen).await.unwrap();
        assert_eq!(dossier.person.email.as_ref(), Some(&address));
        assert_eq!(dossier.letters.len(), 1);
        assert!(dossier.letters[0].text.contains("U heeft een plaats"), "{}", dossier.letters[0].text);
        let mails = async || {
            let (mails, _) = app.store.read(async |tx| outbox::latest(tx, None, 0, 10_000).await).await.unwrap();
            mails.iter().filter(|mail| mail.to_address == address).count()
        };
        assert_eq!(mails().await, 1);
        let pseudonyms = BTreeMap::from([(student.id, StudentNumber::parse("A-1").unwrap())]);
        let forget = async |tx: &kernschil_storage::WriteTx| {
            kernschil_storage::privacy::anonymise(tx, &pseudonyms, ErasureGround::Request, app.clock.now()).await
        };
        app.store.write(forget).await.unwrap();
        assert_eq!(mails().await, 0);
        let letters = announcements::wave(app, &CLI, &slug, wave).await.unwrap().letters;
        let shown = |letter: &announcements::LetterRow| letter.text.as_ref().is_some_and(|text| text.plain().contains(&student.full_name()));
        assert!(!letters.iter().any(shown));
        // Who is not known any more left no trace in what was fixed, so that is still what it was.
        assert!(announcements::broken(app).await.unwrap().is_empty());
    }
}
