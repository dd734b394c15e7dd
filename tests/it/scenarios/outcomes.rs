//! What comes out of scenarios of the examples.

use std::collections::BTreeMap;

use kernschil_allocation::Proof;
use kernschil_app::scenarios::{self, Among, Begin, Direction, Edit, Ready, Versus};
use kernschil_domain::access::Permission;
use kernschil_domain::codes::JobState;
use kernschil_domain::ids::Version;
use kernschil_domain::policy::Order;

use super::{LINE, ended, get, is_current, solve, solved};
use crate::support::TestApp;

both_databases! {
    async fn a_quarter_more_students_in_talent_says_which_phase_is_short_and_by_how_many(app: TestApp) {
        let round = app.proposed("talent").await;
        let id = solved(&app, &round, "Instroom 25% hoger", Begin::Ready(Ready::MoreStudents)).await;
        let picture = get(&app, &round, id).await.picture.unwrap();
        let key = picture.key();
        let short: u32 = picture.shortages.iter().map(|shortage| shortage.short).sum();
        assert_eq!(short, key.unplaced, "the shortages add up to who has no place");
        let mut by_phase = BTreeMap::new();
        for part in picture.shortages.iter().flat_map(|shortage| &shortage.parts) {
            *by_phase.entry((part.phase.as_str(), part.period.as_str())).or_insert(0) += part.demands.len();
        }
        let expected = [
            (("afstudeerfase", "HAN schooljaar"), 47),
            (("jaar 1", "PWPO jaar 1"), 14),
            (("jaar 2", "PWPO jaar 2"), 9),
            (("jaar 3", "PWPO jaar 3a"), 13),
            (("jaar 3", "PWPO jaar 3b"), 8),
            (("kernfase", "HAN schooljaar"), 81),
            (("propedeuse", "HAN schooljaar"), 43),
            (("zij-instroom jaar 1", "HAN schooljaar"), 6),
        ];
        assert_eq!(by_phase, BTreeMap::from(expected));
        assert_eq!((key.demands, key.unplaced, picture.proof), (1484, 221, Some(Proof::Optimal)));
        // In the first half of year 3 it is the places for groups 1 and 2 on Monday; each group says where.
        let largest = &picture.shortages[0];
        assert_eq!((largest.short, largest.students), (176, 1174));
        let early = picture.shortages.iter().find(|shortage| shortage.parts.iter().any(|part| part.period == "PWPO jaar 3a")).unwrap();
        assert_eq!((early.short, early.students, early.towns[0].as_str()), (13, 70, "Nijmegen"));
        assert_eq!((early.parts[0].groups.as_str(), early.parts[0].weekdays.as_str()), ("1-2", "ma"));
        assert_eq!(early.capacities.iter().map(|full| full.bottleneck.cap()).sum::<u32>(), early.students - early.short);
        // Solved beside the round: nothing of it is on the board.
        let data = app.app.picture(&LINE, &round, Permission::ReadStudents).await.unwrap();
        assert_eq!(data.students.len(), 1131);
        app.check_invariants().await;
    }

    async fn the_same_scenario_gives_the_same_students_and_places(app: TestApp) {
        let round = app.proposed("almere").await;
        let first = solved(&app, &round, "een", Begin::Ready(Ready::MoreStudents)).await;
        let second = solved(&app, &round, "twee", Begin::Copy(first)).await;
        let (first, second) = (get(&app, &round, first).await, get(&app, &round, second).await);
        assert_eq!(first.picture, second.picture);
        assert_eq!(first.scenario.input_hash, second.scenario.input_hash);
    }

    async fn a_scenario_without_changes_gives_what_is_on_the_board(app: TestApp) {
        let round = app.proposed("hak").await;
        let id = solved(&app, &round, "zoals het is", Begin::Round).await;
        let compared = scenarios::compare(&app.app, &LINE, &round, Versus::Board, Versus::Scenario(id)).await.unwrap();
        assert!(compared.comparison.differences.is_empty(), "{:?}", compared.comparison.counts);
        assert_eq!(compared.comparison.before, compared.comparison.after);
        assert_eq!(compared.after.picture.proof, compared.before.picture.proof);
    }

    async fn fewer_places_in_almere_make_students_lose_down_the_ladder(app: TestApp) {
        let round = app.proposed("almere").await;
        let id = scenarios::make(&app.app, &LINE, &round, "Elke school één plek minder", Begin::Round).await.unwrap();
        let edit = Edit { shift: Some((Among::Everywhere, -1)), ..Edit::default() };
        scenarios::change(&app.app, &LINE, &round, id, Version::FIRST, edit).await.unwrap();
        assert_eq!(solve(&app, &round, id).await.0, JobState::Done);
        let compared = scenarios::compare(&app.app, &LINE, &round, Versus::Board, Versus::Scenario(id)).await.unwrap();
        let comparison = &compared.comparison;
        eprintln!("{:?} {:?} {:?} {:?}", comparison.counts, comparison.before, comparison.after, compared.after.picture.shortages.len());
        let all = [Direction::Worse, Direction::Better, Direction::Equal].map(|way| comparison.count(way)).iter().sum::<u32>();
        assert_eq!(all + comparison.same, comparison.before.demands);
        assert_eq!(compared.after.picture.proof, Some(Proof::Optimal));
    }

    async fn choosing_takes_over_the_rules_and_nothing_else(app: TestApp) {
        let round = app.proposed("almere").await;
        let id = scenarios::make(&app.app, &LINE, &round, "Plaatsen eerst", Begin::Ready(Ready::KeptFirst)).await.unwrap();
        let edit = Edit { shift: Some((Among::Everywhere, 1)), ..Edit::default() };
        let version = scenarios::change(&app.app, &LINE, &round, id, Version::FIRST, edit).await.unwrap();
        solve(&app, &round, id).await;
        let before = app.app.picture(&LINE, &round, Permission::ReadStudents).await.unwrap();
        assert_eq!(before.round.rules.policy.order(), Order::CoveredFirst);
        let job = scenarios::choose(&app.app, &LINE, &round, id, version).await.unwrap();
        ended(&app, job).await;
        let after = app.app.picture(&LINE, &round, Permission::ReadStudents).await.unwrap();
        assert_eq!(after.round.rules.policy.order(), Order::KeptFirst);
        let counts = |data: &kernschil_domain::rounds::RoundData| data.offers.values().map(|offer| offer.count).sum::<i32>();
        assert_eq!(counts(&after), counts(&before));
        app.check_invariants().await;
    }

    async fn a_scenario_is_outdated_when_its_round_or_itself_changes(app: TestApp) {
        let round = app.proposed("almere").await;
        let id = solved(&app, &round, "zoals het is", Begin::Round).await;
        assert!(is_current(&app, &round, id).await);
        let edit = Edit { shift: Some((Among::Everywhere, 1)), ..Edit::default() };
        scenarios::change(&app.app, &LINE, &round, id, Version::FIRST, edit).await.unwrap();
        assert!(!is_current(&app, &round, id).await);
        solve(&app, &round, id).await;
        assert!(is_current(&app, &round, id).await);
        let data = app.app.picture(&LINE, &round, Permission::ReadStudents).await.unwrap();
        let placed = data.placements.values().next().unwrap();
        kernschil_app::board::release(&app.app, &LINE, &round, placed.demand, placed.id).await.unwrap();
        // A draft is not part of what is solved: it is solved again.
        assert!(is_current(&app, &round, id).await);
    }
}
