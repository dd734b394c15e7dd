//! The three examples, from workbook to proposal.

use kernschil_allocation::{DemandKey, PlaceKey, why_not};
use std::collections::BTreeSet;

use kernschil_app::coverage::CoverageQuery;
use kernschil_app::proposals::Freshness;
use kernschil_app::schools::first_day;
use kernschil_app::{Actor, coverage, jobs, overview, proposals};
use kernschil_domain::access::Permission;
use kernschil_domain::codes::{JobState, Need};
use kernschil_domain::coverage::CoverageStatus;
use kernschil_domain::fit::{Load, misfits};
use kernschil_domain::registry::TrainerSchool;

use crate::support::TestApp;

both_databases! {
    async fn talent_has_1131_students_and_ends_near_100_percent(app: TestApp) {
        app.load_example("talent").await;
        let round = app.only_round().await;
        let run = app.propose(&round).await;
        assert_eq!(run.proof, kernschil_allocation::Proof::Optimal);
        let overview = overview::of_round(&app.app, &Actor::CommandLine, &round).await.unwrap();
        assert_eq!(overview.students, 1131);
        let figures = overview.coverage;
        assert!(figures.permille.unwrap() >= 970, "{figures:?}");
        assert!(figures.permille.unwrap() < 1000, "a figure of 100% would show nothing: {figures:?}");
        app.check_invariants().await;
        let data = app.app.picture(&Actor::CommandLine, &round, Permission::ReadStudents).await.unwrap();
        let placed = |student| data.demands.values().filter(|d| d.student == student && data.placements.contains_key(&d.id)).count();
        assert!(data.students.keys().any(|student| placed(*student) == 2), "a PWPO student in year 3 has two placements");
        let boards_of = |trainer| {
            let covers = |links: &Vec<TrainerSchool>| links.iter().any(|link| link.trainer == trainer);
            let schools = data.registry.trainer_schools.iter().filter(|(_, links)| covers(links)).map(|(school, _)| *school);
            schools.filter_map(|school| data.registry.board_of(school, first_day(&data))).map(|board| board.id).collect::<BTreeSet<_>>()
        };
        assert!(data.registry.trainers.keys().any(|trainer| boards_of(*trainer).len() > 1), "a trainer covers schools of several boards");
    }

    async fn almere_goes_down_the_ladder_from_kern_to_schil_to_outside_with_guidance(app: TestApp) {
        app.load_example("almere").await;
        let round = app.only_round().await;
        app.propose(&round).await;
        let view = coverage::of_round(&app.app, &Actor::CommandLine, &round, CoverageQuery::default()).await.unwrap();
        let count = |status| view.figures.counts.iter().find(|(s, _)| *s == status).unwrap().1;
        assert!(count(CoverageStatus::Kern) > count(CoverageStatus::Schil));
        assert!(count(CoverageStatus::Schil) > count(CoverageStatus::OutsideGuided));
        assert!(count(CoverageStatus::OutsideGuided) > 0);
        assert_eq!(count(CoverageStatus::OutsideUnguided), 0);
        // HKU is no partner: its students are not countable, and do not count for funding (seed 003).
        assert!(count(CoverageStatus::NotCountable) > 0);
        app.check_invariants().await;
    }

    async fn hak_has_a_board_that_is_kern_in_one_partnership_and_schil_in_another(app: TestApp) {
        app.load_example("hak").await;
        let round = app.only_round().await;
        app.propose(&round).await;
        let data = app.app.picture(&Actor::CommandLine, &round, Permission::ReadStudents).await.unwrap();
        let tiers = |board| data.registry.board_memberships.iter().filter(move |m| m.board == board).map(|m| m.tier).collect::<BTreeSet<_>>();
        assert!(data.registry.boards.keys().any(|board| tiers(*board).len() == 2));
        assert_eq!(data.round.partnerships.len(), 4);
        assert!(data.registry.partnerships.values().any(|p| p.regions.len() > 1), "a partnership spans regions");
        app.check_invariants().await;
    }

    async fn a_second_proposal_on_the_same_data_changes_nothing(app: TestApp) {
        app.load_example("almere").await;
        let round = app.only_round().await;
        let first = app.propose(&round).await;
        let again = app.propose(&round).await;
        assert_eq!((first.freshness, again.freshness), (Freshness::New, Freshness::Unchanged));
        assert_eq!(first.run, again.run);
    }

    async fn every_student_without_a_kern_place_has_a_reason(app: TestApp) {
        app.load_example("almere").await;
        let round = app.only_round().await;
        app.propose(&round).await;
        let students = kernschil_app::students::list(&app.app, &Actor::CommandLine, &round, Permission::ReadStudents).await.unwrap();
        let silent: Vec<_> = students
            .rows
            .iter()
            .filter(|row| row.status.is_counted() && row.status != CoverageStatus::Kern && row.reason.is_none())
            .map(|row| (row.status, row.phase_code.clone()))
            .collect();
        assert!(silent.is_empty(), "{silent:?}");
    }

    async fn the_board_and_the_engine_agree_on_which_places_fit(app: TestApp) {
        app.load_example("hak").await;
        let data = app.app.picture(&Actor::CommandLine, &app.only_round().await, Permission::ReadStudents).await.unwrap();
        let input = proposals::input_of(&data);
        let nobody = Load::of(&data, |_| false);
        let mut compared = 0;
        for demand in data.demands.values().filter(|d| d.need == Need::Required).step_by(29) {
            for offer in data.offers.values().filter(|o| o.period == demand.period && o.count > 0).step_by(7) {
                let ours = misfits(&data, &nobody, demand, offer);
                let (key, place) = (DemandKey(demand.id.0.as_u128()), PlaceKey(offer.id.0.as_u128()));
                let theirs = why_not(&input, key, place).unwrap().unwrap();
                assert_eq!(ours.is_empty(), theirs.is_empty(), "{ours:?} {theirs:?}");
                compared += 1;
            }
        }
        assert!(compared > 300, "{compared}");
    }

    async fn a_proposal_asked_on_the_screen_is_made_by_the_worker(app: TestApp) {
        app.load_example("almere").await;
        let round = app.only_round().await;
        let job = jobs::ask_proposal(&app.app, &Actor::CommandLine, &round).await.unwrap();
        assert!(proposals::of_round(&app.app, &Actor::CommandLine, &round).await.unwrap().is_none());
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let worker = tokio::spawn(jobs::run(app.app.clone(), async { let _ = stopped.await; }));
        let done = loop {
            let view = jobs::get(&app.app, &Actor::CommandLine, job).await.unwrap();
            if !matches!(view.state, JobState::Queued | JobState::Running) { break view }
            tokio::task::yield_now().await;
        };
        assert_eq!(done.state, JobState::Done, "{}", done.message);
        assert!(proposals::of_round(&app.app, &Actor::CommandLine, &round).await.unwrap().is_some());
        stop.send(()).unwrap();
        worker.await.unwrap();
    }
}
