//! What a scenario cannot be: each a clear answer.

use kernschil_app::AppError;
use kernschil_app::scenarios::{self, Among, Begin, Edit};
use kernschil_domain::codes::JobState;
use kernschil_domain::ids::{OfferId, ScenarioId, TrainerId, Version};
use kernschil_domain::scenarios::ScenarioChanges;
use uuid::Uuid;

use super::{LINE, solve};
use crate::support::TestApp;

fn conflict<T: std::fmt::Debug>(answer: Result<T, AppError>) -> &'static str {
    match answer {
        Err(AppError::Conflict { code, .. }) => code,
        other => panic!("{other:?}"),
    }
}

fn invalid<T: std::fmt::Debug>(answer: Result<T, AppError>) -> Vec<String> {
    match answer {
        Err(AppError::Invalid(fields)) => fields.into_iter().map(|field| field.code).collect(),
        other => panic!("{other:?}"),
    }
}

both_databases! {
    async fn a_name_is_there_once_in_a_round(app: TestApp) {
        app.load_example("almere").await;
        let round = app.only_round().await;
        let make = |name: &'static str| scenarios::make(&app.app, &LINE, &round, name, Begin::Round);
        make("Dekking eerst").await.unwrap();
        assert_eq!(conflict(make(" Dekking  eerst ").await), "naam-bestaat");
        let other = make("Anders").await.unwrap();
        let rename = Edit { name: Some("Dekking eerst".to_owned()), ..Edit::default() };
        assert_eq!(conflict(scenarios::change(&app.app, &LINE, &round, other, Version::FIRST, rename).await), "naam-bestaat");
        assert_eq!(invalid(make("  ").await), ["verplicht"]);
    }

    async fn everything_that_is_wrong_is_told_at_once(app: TestApp) {
        app.load_example("almere").await;
        let round = app.only_round().await;
        let id = scenarios::make(&app.app, &LINE, &round, "fout", Begin::Round).await.unwrap();
        let changes = ScenarioChanges {
            enrolment: vec![(String::new(), -200), ("bestaat niet".to_owned(), 10)],
            offers: vec![(OfferId(Uuid::from_u128(7)), 3)],
            trainers: vec![(TrainerId(Uuid::from_u128(7)), -1)],
        };
        let edit = Edit { changes: Some(changes), ..Edit::default() };
        let codes = invalid(scenarios::change(&app.app, &LINE, &round, id, Version::FIRST, edit).await);
        assert_eq!(codes, ["instroom-buiten-bereik", "onbekende-fase", "onbekende-plek", "onbekende-opleider", "getal-buiten-bereik"]);
        let edit = Edit { shift: Some((Among::Everywhere, 1_001)), ..Edit::default() };
        assert_eq!(invalid(scenarios::change(&app.app, &LINE, &round, id, Version::FIRST, edit).await), ["getal-buiten-bereik"]);
    }

    async fn an_offer_of_another_round_is_not_known(app: TestApp) {
        app.load_example("almere").await;
        let round = app.only_round().await;
        for (kind, file) in crate::support::EXAMPLE_FILES {
            app.load(kind, &format!("hak/{file}")).await;
        }
        let hak = app.app.picture(&LINE, "hak-2026-2027", kernschil_domain::access::Permission::ReadStudents).await.unwrap();
        let id = scenarios::make(&app.app, &LINE, &round, "fout", Begin::Round).await.unwrap();
        let changes = ScenarioChanges { offers: vec![(*hak.offers.keys().next().unwrap(), 3)], ..ScenarioChanges::default() };
        let edit = Edit { changes: Some(changes), ..Edit::default() };
        assert_eq!(invalid(scenarios::change(&app.app, &LINE, &round, id, Version::FIRST, edit).await), ["onbekende-plek"]);
        // Nor is a scenario of another round.
        assert!(matches!(scenarios::get(&app.app, &LINE, "hak-2026-2027", id).await, Err(AppError::NotFound)));
        assert!(matches!(scenarios::solve(&app.app, &LINE, &round, ScenarioId(Uuid::nil())).await, Err(AppError::NotFound)));
    }

    async fn a_scenario_without_students_is_not_solved(app: TestApp) {
        app.load_example("almere").await;
        let round = app.only_round().await;
        let id = scenarios::make(&app.app, &LINE, &round, "niemand", Begin::Round).await.unwrap();
        let changes = ScenarioChanges { enrolment: vec![(String::new(), -100)], ..ScenarioChanges::default() };
        let edit = Edit { changes: Some(changes), ..Edit::default() };
        scenarios::change(&app.app, &LINE, &round, id, Version::FIRST, edit).await.unwrap();
        let (state, message) = solve(&app, &round, id).await;
        assert_eq!(state, JobState::Failed);
        assert!(message.contains("niemand"), "{message}");
    }

    async fn only_what_was_solved_as_it_is_now_can_be_chosen(app: TestApp) {
        let round = app.proposed("almere").await;
        let id = scenarios::make(&app.app, &LINE, &round, "keuze", Begin::Round).await.unwrap();
        assert_eq!(conflict(scenarios::choose(&app.app, &LINE, &round, id, Version::FIRST).await), "scenario-niet-doorgerekend");
        solve(&app, &round, id).await;
        let edit = Edit { shift: Some((Among::Everywhere, 1)), ..Edit::default() };
        let version = scenarios::change(&app.app, &LINE, &round, id, Version::FIRST, edit).await.unwrap();
        assert_eq!(conflict(scenarios::choose(&app.app, &LINE, &round, id, Version::FIRST).await), "intussen-gewijzigd");
        assert_eq!(conflict(scenarios::choose(&app.app, &LINE, &round, id, version).await), "scenario-verouderd");
        let again = Edit { name: Some("anders".to_owned()), ..Edit::default() };
        assert_eq!(conflict(scenarios::change(&app.app, &LINE, &round, id, Version::FIRST, again).await), "intussen-gewijzigd");
        assert_eq!(conflict(scenarios::remove(&app.app, &LINE, &round, id, Version::FIRST).await), "intussen-gewijzigd");
        scenarios::remove(&app.app, &LINE, &round, id, version).await.unwrap();
        assert!(matches!(scenarios::get(&app.app, &LINE, &round, id).await, Err(AppError::NotFound)));
        app.check_invariants().await;
    }
}
