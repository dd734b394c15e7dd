//! Who guides the students of a school that has a school trainer and an institute trainer.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernschil_allocation::{self as engine, Outcome};
use kernschil_app::proposals;
use kernschil_domain::access::Permission;
use kernschil_domain::codes::TrainerKind;
use kernschil_domain::fit::{Load, Misfit, misfits};
use kernschil_domain::ids::{DemandId, OfferId, SchoolId, TrainerId};
use kernschil_domain::policy::GuidedBy;
use kernschil_domain::rounds::RoundData;
use kernschil_storage::registry::{self, RegistryRows};

use super::*;

async fn picture(app: &TestApp, round: &str) -> RoundData {
    app.app.picture(&Actor::CommandLine, round, Permission::ReadPlacements).await.unwrap()
}

/// A proposal with this choice, and the round with it.
async fn proposed(app: &TestApp, round: &str, guided_by: GuidedBy) -> RoundData {
    let before = picture(app, round).await.round;
    let policy = Policy { guided_by, ..before.rules.policy.clone() };
    change(app, round, RoundRules { policy, ..before.rules }, before.version).await.unwrap();
    proposals::make_and_apply(&app.app, &Actor::CommandLine, round, Arc::default()).await.unwrap();
    app.check_invariants().await;
    picture(app, round).await
}

fn trainers(data: &RoundData, school: SchoolId, kind: TrainerKind) -> BTreeSet<TrainerId> {
    let dates = data.periods.values().map(|period| period.starts_on);
    let all = dates.flat_map(|date| data.registry.trainers_of(school, date));
    all.filter(|trainer| trainer.kind == kind).map(|trainer| trainer.id).collect()
}

/// The school trainer with most students, of the schools where he is the only one and an institute trainer comes as well.
fn the_only_one(data: &RoundData) -> (TrainerId, BTreeSet<SchoolId>) {
    let mut of: BTreeMap<TrainerId, (usize, BTreeSet<SchoolId>)> = BTreeMap::new();
    let mut shared = BTreeSet::new();
    for offer in data.offers.values().filter(|offer| offer.count > 0) {
        let here = trainers(data, offer.school, TrainerKind::School);
        let alone = here.len() == 1 && !trainers(data, offer.school, TrainerKind::Institute).is_empty();
        for trainer in here {
            if alone {
                let (students, schools) = of.entry(trainer).or_default();
                *students += usize::try_from(offer.used).unwrap();
                schools.insert(offer.school);
            } else {
                shared.insert(trainer);
            }
        }
    }
    let best = of.into_iter().filter(|(trainer, _)| !shared.contains(trainer)).max_by_key(|(trainer, (students, _))| (*students, *trainer));
    let (trainer, (students, schools)) = best.unwrap();
    assert!(students > 3, "{students}");
    (trainer, schools)
}

fn students_at(data: &RoundData, schools: &BTreeSet<SchoolId>) -> usize {
    let there = |offer: &OfferId| schools.contains(&data.offers[offer].school);
    data.placements.values().filter(|placement| there(&placement.offer)).count()
}

/// Everybody is where the board would place her too, with one who may guide her, and who has no place could have none.
fn agree(data: &RoundData) {
    for placement in data.placements.values() {
        let (demand, offer) = (&data.demands[&placement.demand], &data.offers[&placement.offer]);
        let others = Load::of(data, |other| other.demand != placement.demand);
        assert_eq!(misfits(data, &others, demand, offer), []);
        let guides: Vec<_> = data.guides_of(offer.school, offer.period).iter().map(|trainer| trainer.id).collect();
        assert!(placement.trainer.map_or(guides.is_empty(), |trainer| guides.contains(&trainer)));
    }
    let load = Load::of(data, |_| true);
    let without = data.demands.values().filter(|d| d.need == Need::Required && !data.placements.contains_key(&d.id));
    for demand in without {
        assert!(
            data.offers.values().all(|offer| !misfits(data, &load, demand, offer).is_empty()),
            "a place is left for somebody without one"
        );
    }
}

both_databases! {
    async fn the_maximum_of_a_school_trainer_binds_beside_an_institute_trainer_without_one(app: TestApp) {
        let round = app.proposed("almere").await;
        let (trainer, schools) = the_only_one(&picture(&app, &round).await);
        let known = picture(&app, &round).await.registry.trainers[&trainer].clone();
        let with_three = kernschil_domain::registry::Trainer { capacity: Some(3), ..known };
        let rows = RegistryRows { trainers: vec![with_three], ..RegistryRows::default() };
        app.app.store.write(async |tx| registry::store(tx, rows).await).await.unwrap();

        let by_school = proposed(&app, &round, GuidedBy::School).await;
        assert_eq!(students_at(&by_school, &schools), 3, "the schools were busier when he had no such maximum");
        agree(&by_school);
        let load = Load::of(&by_school, |_| true);
        let theirs = || by_school.offers.values().filter(|offer| offer.count > 0 && schools.contains(&offer.school));
        assert!(theirs().all(|offer| load.trainer_for(&by_school, offer) == Err(Misfit::TrainersFull)));

        let by_either = proposed(&app, &round, GuidedBy::Either).await;
        assert!(students_at(&by_either, &schools) > 3);
        assert_eq!(by_either.placements.values().filter(|p| p.trainer == Some(trainer)).count(), 3, "he goes first, as far as he has room");
        agree(&by_either);
        let load = Load::of(&by_either, |_| true);
        assert!(theirs().all(|offer| load.trainer_for(&by_either, offer).is_ok_and(|guide| guide.is_some_and(|guide| guide.id != trainer))));

        let by_institute = proposed(&app, &round, GuidedBy::Institute).await;
        assert!(students_at(&by_institute, &schools) > 3);
        assert!(by_institute.placements.values().all(|p| p.trainer != Some(trainer)), "an institute trainer comes to each of his schools");
        agree(&by_institute);
    }
}

/// A school trainer who begins later is nobody's guide before, and the institute trainer nobody's after that.
#[tokio::test]
async fn who_guides_at_a_school_is_found_out_for_each_period() {
    let app = TestApp::sqlite().await;
    app.load_example("talent").await;
    let mut data = picture(&app, &app.only_round().await).await;
    let mut starts: Vec<_> = data.periods.values().map(|period| (period.starts_on, period.id)).collect();
    starts.sort();
    let (first, last) = (starts[0], starts[starts.len() - 1]);
    assert!(first.0 < last.0, "an example with several periods");
    // Everywhere where both kinds come, every second school trainer begins in the last period.
    let mut later = BTreeSet::new();
    for (school, links) in &mut data.registry.trainer_schools {
        let is_school_trainer = |id| data.registry.trainers[&id].kind == TrainerKind::School;
        if school.0.as_u128() % 2 == 0 && links.iter().any(|link| !is_school_trainer(link.trainer)) {
            for link in links.iter_mut().filter(|link| is_school_trainer(link.trainer)) {
                link.span.from = last.0;
                later.insert(*school);
            }
        }
    }
    let offered: BTreeSet<_> = data.offers.values().filter(|offer| offer.count > 0).map(|offer| offer.school).collect();
    assert!(later.intersection(&offered).count() > 3);
    let input = proposals::input_of(&data);
    let proposal = engine::solve(&input, &mut |_| std::ops::ControlFlow::Continue(())).unwrap();
    assert_eq!(engine::verify(&input, &proposal), Ok(()));
    let mut seen = BTreeSet::new();
    for (key, outcome) in &proposal.assignments {
        let Outcome::Placed(placed) = outcome else { continue };
        let Some(trainer) = placed.trainer else { continue };
        let demand = &data.demands[&DemandId(uuid::Uuid::from_u128(key.0))];
        let offer = &data.offers[&OfferId(uuid::Uuid::from_u128(placed.place.0 & !(1 << 127)))];
        // The four highest bits tell the periods of a trainer apart.
        let trainer = TrainerId(uuid::Uuid::from_u128(trainer.0 & !(0xF << 124)));
        let guides = data.guides_of(offer.school, demand.period);
        let guide = guides.iter().find(|guide| guide.id == trainer).expect("one who may guide there in that period");
        if later.contains(&offer.school) {
            seen.insert((demand.period == last.1, guide.kind == TrainerKind::School));
        }
    }
    assert!(seen.contains(&(true, true)) && seen.contains(&(false, false)), "{seen:?}");
    assert!(!seen.contains(&(true, false)) && !seen.contains(&(false, true)), "{seen:?}");
}
