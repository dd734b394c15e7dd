//! Rules and totals that cannot be: each a clear answer, and nothing is stored.

use kernschil_app::board::{self, PlaceCommand};
use kernschil_domain::codes::Guidance;
use kernschil_domain::ids::{BoardId, OfferId};
use uuid::Uuid;

use super::*;

both_databases! {
    async fn rules_that_contradict_each_other_are_refused_with_all_that_is_wrong(app: TestApp) {
        app.load_example("almere").await;
        let round = app.only_round().await;
        let before = view(&app, &round).await;
        let mut rules = with(&before, RuleKind::NotAlone, RuleMode::Hard, Some(6));
        rules.policy.rules.insert(RuleKind::SchoolMinimum, Rule { mode: RuleMode::Soft, number: Some(3) });
        rules.policy.rules.insert(RuleKind::Team, Rule { mode: RuleMode::Soft, number: None });
        rules.policy.aims.retain(|aim| *aim != Aim::Travel);
        rules.travel_limit = Some(0);
        let found = wrong(change(&app, &round, rules, before.data.round.version).await);
        let expected = [
            ("getal-buiten-bereik", "travel-limit"),
            ("stand-kan-niet", "team"),
            ("regels-tegenstrijdig", "school-minimum"),
            ("doel-ontbreekt", "travel"),
        ];
        assert_eq!(found, expected.map(|(code, field)| (code.to_owned(), field.to_owned())));
        assert_eq!(view(&app, &round).await.data.round, before.data.round);
    }

    async fn negative_and_absurd_totals_are_refused(app: TestApp) {
        app.load_example("almere").await;
        let round = app.only_round().await;
        let before = view(&app, &round).await;
        let first = &before.totals[0];
        let nowhere = BoardId(Uuid::from_u128(7));
        let all = [(first.board, -1), (first.board, i64::MAX), (nowhere, 5)];
        for ((board, maximum), code) in all.into_iter().zip(["getal-buiten-bereik", "getal-buiten-bereik", "onbekend-bestuur"]) {
            let change = TotalChange { board, period: first.period, maximum: Some(maximum) };
            let result = policy::set_totals(&app.app, &Actor::CommandLine, &round, vec![change], before.data.round.version).await;
            assert_eq!(wrong(result)[0].0, code);
        }
        assert!(view(&app, &round).await.data.board_totals.is_empty());
    }

    async fn a_total_below_the_places_that_stay_is_refused(app: TestApp) {
        let round = app.proposed("almere").await;
        let board = board::board(&app.app, &Actor::CommandLine, &round).await.unwrap();
        let elsewhere = |demand, now| {
            board::candidates_of(&board, demand).unwrap().into_iter().find(|c| c.misfits.is_empty() && c.offer != now)
        };
        let movable = board.data.placements.iter().find_map(|(demand, now)| Some((demand, now, elsewhere(*demand, now.offer)?)));
        let (demand, placement, other) = movable.unwrap();
        let command =
            PlaceCommand { demand: *demand, offer: other.offer, seen: Some(placement.id), guidance: Guidance::Extra, reason: None };
        board::place(&app.app, &Actor::CommandLine, &round, command).await.unwrap();
        let before = view(&app, &round).await;
        let offer = &before.data.offers[&other.offer];
        let starts_on = before.data.periods[&offer.period].starts_on;
        let board = before.data.registry.board_of(offer.school, starts_on).unwrap().id;
        let none = TotalChange { board, period: offer.period, maximum: Some(0) };
        let result = policy::set_totals(&app.app, &Actor::CommandLine, &round, vec![none], before.data.round.version).await;
        assert_eq!(wrong(result)[0].0, "minder-dan-geplaatst");
    }

    async fn a_place_that_does_not_exist_is_not_given(app: TestApp) {
        app.load_example("almere").await;
        let round = app.only_round().await;
        let view = view(&app, &round).await;
        let demand = *view.data.demands.keys().next().unwrap();
        let command = PlaceCommand {
            demand,
            offer: OfferId(Uuid::from_u128(7)),
            seen: None,
            guidance: Guidance::Extra,
            reason: None,
        };
        let refused = board::place(&app.app, &Actor::CommandLine, &round, command).await.unwrap_err();
        assert_eq!(refused.code(), "niet-gevonden");
    }

    async fn an_empty_round_says_what_to_load(app: TestApp) {
        for (kind, file) in [crate::support::EXAMPLE_FILES[0], crate::support::EXAMPLE_FILES[1], crate::support::EXAMPLE_FILES[2]] {
            app.load(kind, &format!("almere/{file}")).await;
        }
        let round = app.only_round().await;
        let view = view(&app, &round).await;
        let codes: Vec<_> = view.warnings.iter().map(|warning| warning.code).collect();
        assert_eq!(codes, ["geen-vraag"]);
        let watch = std::sync::Arc::default();
        let refused = kernschil_app::proposals::make_and_apply(&app.app, &Actor::CommandLine, &round, watch).await.unwrap_err();
        assert_eq!(refused.code(), "geen-vraag");
    }
}
