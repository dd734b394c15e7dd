//! The steps of a round: moving it, its dates, and who is waited for.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernschil_app::answers::{self, AnswerRow, Asked, Contact};
use kernschil_app::{Actor, App, AppError, audit, steps};
use kernschil_domain::answers::Answer;
use kernschil_domain::codes::{AnswerState, RoundState, Tier};
use kernschil_domain::ids::{OfferId, SchoolId, Version};
use kernschil_domain::periods::Span;
use kernschil_domain::registry::{School, SchoolMembership};
use kernschil_domain::rounds::Offer;
use kernschil_domain::steps::{GateWeight, RoundEvent};
use kernschil_domain::values::SchoolCode;
use kernschil_spreadsheets::ImportKind;
use kernschil_storage::outbox;
use kernschil_storage::registry::{self, RegistryRows};
use kernschil_storage::rounds::{self, RoundRows};

use crate::support::TestApp;

const CLI: Actor = Actor::CommandLine;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Everything of Almere but its students: schools and places.
async fn without_students(app: &TestApp) -> String {
    app.load(ImportKind::Postcodes, "postcodes.txt").await;
    for (kind, file) in
        [(ImportKind::Partnerships, "partnerschappen"), (ImportKind::Trainers, "opleiders"), (ImportKind::Offers, "plekken")]
    {
        app.load(kind, &format!("almere/{file}.xlsx")).await;
    }
    app.only_round().await
}

async fn version(app: &App, slug: &str) -> Version {
    steps::of_round(app, &CLI, slug).await.unwrap().round.version
}

async fn state(app: &App, slug: &str) -> RoundState {
    steps::of_round(app, &CLI, slug).await.unwrap().round.state
}

fn code<T: std::fmt::Debug>(answer: Result<T, AppError>) -> String {
    answer.unwrap_err().code().to_owned()
}

/// Schools that joined the partnership and said nothing yet; the first has no e-mail address. Answers their codes.
async fn newcomers(app: &App, slug: &str) -> [String; 3] {
    let codes = ["98ZZ00", "98ZZ01", "98ZZ02"];
    let write = async |tx: &kernschil_storage::WriteTx| {
        let data = rounds::picture(tx, slug).await?;
        let pattern = data.registry.schools.values().next().unwrap();
        let school = |code: &str| School {
            id: SchoolId(app.ids.next()),
            code: SchoolCode::parse(code).unwrap(),
            name: format!("Nieuwe school {code}"),
            email: (code != codes[0]).then(|| format!("{}@school.example", code.to_lowercase())),
            closed_on: None,
            ..pattern.clone()
        };
        let schools: Vec<_> = codes.iter().map(|code| school(code)).collect();
        let partnership = data.round.partnerships[0];
        let member = |school: &School| SchoolMembership {
            partnership,
            school: school.id,
            tier: Tier::Schil,
            buddy: None,
            span: Span::since(day("2020-08-01")),
        };
        let school_memberships = schools.iter().map(member).collect();
        registry::store(tx, RegistryRows { schools, school_memberships, ..RegistryRows::default() }).await
    };
    app.store.write(write).await.unwrap();
    codes.map(str::to_owned)
}

async fn row(app: &App, slug: &str, code: &str) -> AnswerRow {
    answers::list(app, &CLI, slug).await.unwrap().1.into_iter().find(|row| row.code == code).unwrap()
}

async fn waiting(app: &App, slug: &str) -> Vec<AnswerRow> {
    let rows = answers::list(app, &CLI, slug).await.unwrap().1;
    rows.into_iter().filter(|row| row.answer == Answer::Waiting).collect()
}

both_databases! {
    async fn a_round_goes_from_step_to_step_and_says_what_is_missing(app: TestApp) {
        let slug = without_students(&app).await;
        let app = &app.app;
        assert_eq!(state(app, &slug).await, RoundState::Collecting);
        let shift = async |event| steps::shift(app, &CLI, &slug, event, version(app, &slug).await).await;
        assert_eq!(code(shift(RoundEvent::Back).await), "eerste-stap");
        for expected in [RoundState::Offering, RoundState::Wishing] {
            shift(RoundEvent::Forward).await.unwrap();
            assert_eq!(state(app, &slug).await, expected);
        }
        // Nobody needs a place yet, so there is nothing to propose.
        let refused = shift(RoundEvent::Forward).await.unwrap_err();
        assert_eq!(refused.code(), "stap-kan-niet");
        assert!(refused.dutch().contains("Laad een werkboek met studenten."), "{}", refused.dutch());
        shift(RoundEvent::Back).await.unwrap();
        assert_eq!(state(app, &slug).await, RoundState::Offering);
        for event in [RoundEvent::Fix, RoundEvent::Announce, RoundEvent::Propose, RoundEvent::Reopen, RoundEvent::Change] {
            assert_eq!(code(shift(event).await), "andere-pagina");
        }
        assert_eq!(code(shift(RoundEvent::Close).await), "niet-bekendgemaakt");
        let log = audit::check(app, None).await.unwrap();
        assert!(log.deviations.is_empty());
    }

    async fn two_coordinators_do_not_move_a_round_twice(app: TestApp) {
        let slug = without_students(&app).await;
        let seen = version(&app.app, &slug).await;
        let moved = steps::shift(&app.app, &CLI, &slug, RoundEvent::Forward, seen).await.unwrap();
        assert!(moved > seen);
        assert_eq!(code(steps::shift(&app.app, &CLI, &slug, RoundEvent::Forward, seen).await), "intussen-gewijzigd");
        assert_eq!(state(&app.app, &slug).await, RoundState::Offering);
    }

    async fn a_proposal_takes_the_round_to_checking_from_any_open_step(app: TestApp) {
        app.load_example("almere").await;
        let slug = app.only_round().await;
        let seen = version(&app.app, &slug).await;
        steps::shift(&app.app, &CLI, &slug, RoundEvent::Forward, seen).await.unwrap();
        app.propose(&slug).await;
        assert_eq!(state(&app.app, &slug).await, RoundState::Checking);
    }

    async fn dates_stand_in_the_order_of_the_steps(app: TestApp) {
        let slug = without_students(&app).await;
        let app = &app.app;
        let seen = version(app, &slug).await;
        let wrong = BTreeMap::from([
            (RoundState::Offering, day("2026-03-01")),
            (RoundState::Wishing, day("2026-02-01")),
            (RoundState::Fixed, day("2026-05-01")),
            (RoundState::Published, day("2026-04-30")),
        ]);
        let Err(AppError::Invalid(errors)) = steps::set_dates(app, &CLI, &slug, wrong, seen).await else { panic!("accepted") };
        let found: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect();
        assert_eq!(found, [("wishing", "datum-volgorde"), ("published", "datum-volgorde")]);
        let first = "De datum van voorkeuren (1 februari 2026) ligt voor die van plekken (1 maart 2026). Kies een latere datum.";
        assert_eq!(errors[0].message, first);
        let good = BTreeMap::from([(RoundState::Offering, day("2026-03-01")), (RoundState::Wishing, day("2026-03-01"))]);
        let next = steps::set_dates(app, &CLI, &slug, good.clone(), seen).await.unwrap();
        assert_eq!(steps::of_round(app, &CLI, &slug).await.unwrap().dates, good);
        // A date that is left out is gone.
        let less = BTreeMap::from([(RoundState::Wishing, day("2026-03-02"))]);
        assert_eq!(code(steps::set_dates(app, &CLI, &slug, less.clone(), seen).await), "intussen-gewijzigd");
        steps::set_dates(app, &CLI, &slug, less.clone(), next).await.unwrap();
        assert_eq!(steps::of_round(app, &CLI, &slug).await.unwrap().dates, less);
    }

    async fn a_school_that_did_not_answer_is_waited_for_and_is_not_zero_places(app: TestApp) {
        let slug = without_students(&app).await;
        let app = &app.app;
        let before = answers::list(app, &CLI, &slug).await.unwrap().1;
        let waited_for = waiting(app, &slug).await.len();
        let [silent, _, _] = newcomers(app, &slug).await;
        assert_eq!(waiting(app, &slug).await.len(), waited_for + 3);
        let view = steps::of_round(app, &CLI, &slug).await.unwrap();
        assert_eq!((view.facts.schools, view.facts.waiting), (before.len() + 3, waited_for + 3));
        // It warns, and does not stand in the way.
        let seen = version(app, &slug).await;
        steps::shift(app, &CLI, &slug, RoundEvent::Forward, seen).await.unwrap();
        let view = steps::of_round(app, &CLI, &slug).await.unwrap();
        let gates: Vec<_> = view.gates(RoundEvent::Forward).unwrap().iter().map(|(gate, weight)| (gate.code(), *weight)).collect();
        assert_eq!(gates, [("scholen-zonder-antwoord", GateWeight::Warns)]);
        // No places is an answer, and it can be taken back.
        answers::note(app, &CLI, &slug, &silent, AnswerState::None).await.unwrap();
        let noted = row(app, &slug, &silent).await;
        assert_eq!((noted.answer, noted.answered_on), (Answer::NoPlaces, Some(day("2026-07-01"))));
        assert_eq!(waiting(app, &slug).await.len(), waited_for + 2);
        answers::note(app, &CLI, &slug, &silent, AnswerState::Waiting).await.unwrap();
        let noted = row(app, &slug, &silent).await;
        assert_eq!((noted.answer, noted.answered_on), (Answer::Waiting, None));
        assert_eq!(code(answers::note(app, &CLI, &slug, "99ZZ99", AnswerState::None).await), "niet-gevonden");
    }

    async fn places_are_an_answer_by_themselves_whatever_was_noted(app: TestApp) {
        let slug = without_students(&app).await;
        let app = &app.app;
        let [silent, _, _] = newcomers(app, &slug).await;
        answers::note(app, &CLI, &slug, &silent, AnswerState::None).await.unwrap();
        app.store
            .write(async |tx| {
                let data = rounds::picture(tx, &slug).await?;
                let school = data.registry.schools.values().find(|school| school.code.to_string() == silent).unwrap().id;
                let pattern = data.offers.values().next().unwrap().clone();
                let offer = Offer { id: OfferId(app.ids.next()), school, count: 4, used: 0, ..pattern };
                rounds::store(tx, RoundRows { offers: vec![(data.round.id, offer)], ..RoundRows::default() }).await
            })
            .await
            .unwrap();
        assert_eq!(row(app, &slug, &silent).await.answer, Answer::Places(4));
        assert_eq!(code(answers::note(app, &CLI, &slug, &silent, AnswerState::None).await), "school-heeft-plekken");
    }

    async fn each_school_that_is_waited_for_gets_one_mail_a_day(app: TestApp) {
        let slug = without_students(&app).await;
        let app = &app.app;
        newcomers(app, &slug).await;
        let rows = waiting(app, &slug).await;
        let reachable = rows.iter().filter(|row| row.contact == Contact::Mail).count();
        assert!(reachable >= 2);
        assert_eq!(code(answers::ask(app, &CLI, &slug).await), "geen-datum");
        let dates = BTreeMap::from([(RoundState::Offering, day("2026-07-10"))]);
        steps::set_dates(app, &CLI, &slug, dates, version(app, &slug).await).await.unwrap();
        let asked = answers::ask(app, &CLI, &slug).await.unwrap();
        assert_eq!(asked, Asked { mails: reachable, without_address: rows.len() - reachable, today: 0 });
        let (mails, _) = app.store.read(async |tx| outbox::latest(tx, None, 0, 1_000).await).await.unwrap();
        assert_eq!(mails.len(), reachable);
        for mail in &mails {
            assert!(mail.body.contains("voor 10 juli 2026"), "{}", mail.body);
            assert_eq!(mail.kind, "school-question");
        }
        let asked_today = |row: &AnswerRow| (row.contact == Contact::Mail) == (row.asked_on == Some(day("2026-07-01")));
        assert!(waiting(app, &slug).await.iter().all(asked_today));
        // Again on the same day sends nothing.
        let again = answers::ask(app, &CLI, &slug).await.unwrap();
        assert_eq!(again, Asked { mails: 0, without_address: asked.without_address, today: reachable });
    }
}
