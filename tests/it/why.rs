//! Why a student is here and not elsewhere.

use kernschil_app::students::Granted;
use kernschil_app::why::{self, Ground};
use kernschil_app::{Actor, AppError};
use kernschil_domain::access::Permission;
use kernschil_domain::codes::{Need, Tier};
use kernschil_domain::ids::StudentId;
use kernschil_domain::registry::Registry;
use kernschil_domain::rounds::RoundData;
use kernschil_domain::standing::Standing;
use uuid::Uuid;

use crate::support::TestApp;

const LINE: Actor = Actor::CommandLine;

async fn picture(app: &TestApp, round: &str) -> RoundData {
    app.app.picture(&LINE, round, Permission::ReadStudents).await.unwrap()
}

/// Whether a board is kern in one partnership and schil in another.
fn has_two_roles(registry: &Registry, board: kernschil_domain::ids::BoardId) -> bool {
    let has = |tier| registry.board_memberships.iter().any(|m| m.board == board && m.tier == tier);
    has(Tier::Kern) && has(Tier::Schil)
}

both_databases! {
    async fn in_hak_a_school_of_a_board_in_two_roles_is_named_in_the_right_one(app: TestApp) {
        let round = app.proposed("hak").await;
        let data = picture(&app, &round).await;
        let mut roles = std::collections::BTreeSet::new();
        for demand in data.demands.values() {
            let Some((placement, offer)) = data.place_of(demand.id) else { continue };
            let start = data.periods[&demand.period].starts_on;
            let Some(board) = data.registry.board_of(offer.school, start) else { continue };
            if !has_two_roles(&data.registry, board.id) || !roles.insert(placement.standing) {
                continue;
            }
            let answer = why::get(&app.app, &LINE, &round, demand.student).await.unwrap();
            assert_eq!(answer.ground, Ground::Current);
            let said = answer.demands.iter().find(|one| one.row.demand == demand.id).unwrap();
            let word = match placement.standing {
                Standing::Kern => "Dit is een kernschool",
                Standing::Schil => "Dit is een schilschool die op orde is",
                Standing::SchilUnmet => "Dit is een schilschool die de voorwaarden niet haalt",
                Standing::Outside => "buiten samen opleiden",
            };
            assert!(said.because.iter().any(|sentence| sentence.contains(word)), "{:?}", said.because);
        }
        assert!(roles.contains(&Standing::Kern) && roles.len() > 1, "the board takes students in two roles: {roles:?}");
    }

    async fn every_wish_that_did_not_come_true_says_why_and_names_nobody(app: TestApp) {
        let round = app.proposed("almere").await;
        let data = picture(&app, &round).await;
        let mut told = 0;
        let asked = data.demands.values().filter(|d| d.need == Need::Required && !d.wishes.is_empty()).step_by(17);
        for demand in asked {
            let answer = why::get(&app.app, &LINE, &round, demand.student).await.unwrap();
            let said = answer.demands.iter().find(|one| one.row.demand == demand.id).unwrap();
            for wish in said.wishes.iter().filter(|wish| wish.granted == Granted::No) {
                assert!(!wish.because.is_empty(), "{wish:?}");
                told += 1;
            }
            let all = serde_json::to_string(&(&said.because, &said.wishes, &said.needed, &said.alternatives)).unwrap();
            for other in data.students.values().filter(|other| other.id != demand.student) {
                assert!(!all.contains(other.number.as_str()), "{} stands in {all}", other.number);
            }
        }
        assert!(told > 5, "{told}");
    }

    async fn who_has_no_place_hears_the_smallest_set_that_is_short(app: TestApp) {
        let round = app.proposed("talent").await;
        let data = picture(&app, &round).await;
        let unplaced: Vec<_> = data.demands.values().filter(|d| d.need == Need::Required && !data.placements.contains_key(&d.id)).collect();
        assert!(!unplaced.is_empty());
        let mut short = 0;
        for demand in unplaced.iter().take(12) {
            let answer = why::get(&app.app, &LINE, &round, demand.student).await.unwrap();
            let said = answer.demands.iter().find(|one| one.row.demand == demand.id).unwrap();
            assert!(said.change.is_some(), "{said:?}");
            short += usize::from(!said.needed.is_empty());
        }
        assert!(short > 0);
    }

    async fn reasons_of_before_a_change_say_so(app: TestApp) {
        app.load_example("almere").await;
        let round = app.only_round().await;
        let student = *picture(&app, &round).await.students.keys().next().unwrap();
        let before = why::get(&app.app, &LINE, &round, student).await.unwrap();
        assert_eq!(before.ground, Ground::NoProposal);
        app.propose(&round).await;
        let data = picture(&app, &round).await;
        let mut rules = data.round.rules.clone();
        rules.travel_limit = Some(61);
        app.app.store.write(async |tx| kernschil_storage::policy::set_rules(tx, data.round.id, &rules, data.round.version).await).await.unwrap();
        let after = why::get(&app.app, &LINE, &round, student).await.unwrap();
        assert_eq!(after.ground, Ground::Older);
        assert!(after.demands.iter().all(|demand| demand.alternatives.is_empty()));
        let nobody = why::get(&app.app, &LINE, &round, StudentId(Uuid::nil())).await;
        assert!(matches!(nobody, Err(AppError::NotFound)), "{nobody:?}");
    }
}
