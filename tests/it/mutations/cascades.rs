//! A school withdraws places, a trainer falls out: as few move as can be, and only they hear of it.

use std::collections::{BTreeMap, BTreeSet};

use kernschil_app::mutations::{self, Cause, Proven};
use kernschil_domain::ids::{OfferId, SchoolId, TrainerId};
use kernschil_domain::mutations::MutationSubject;
use kernschil_domain::policy::Order;
use kernschil_domain::rounds::RoundData;

use super::{CLI, announced, carry_out, different, option, picture, planned, told, touched};
use crate::support::TestApp;

/// The offer with most students.
fn busiest(data: &RoundData) -> OfferId {
    data.offers.values().max_by_key(|offer| (offer.used, offer.id)).unwrap().id
}

both_databases! {
    // J3.
    async fn a_school_drops_four_places_and_four_students_move_and_hear_of_it(app: TestApp) {
        let round = announced(&app, "talent").await;
        let before = picture(&app.app, &round).await;
        let offer = before.offers[&busiest(&before)].clone();
        let left = offer.used - 4;
        assert!(left >= 0, "{offer:?}");
        let plan = planned(&app.app, &round, MutationSubject::PlacesWithdrawn { offer: offer.id, left }).await;
        let kept = option(&plan, Order::KeptFirst);
        assert_eq!((kept.outcome, kept.proven), ((4, 0, 0), Proven::Best));
        assert!(kept.moves.iter().all(|one| one.cause == Cause::Own), "{:?}", kept.moves);

        let done = carry_out(&app.app, &round, &plan, Order::KeptFirst).await.unwrap();
        let after = picture(&app.app, &round).await;
        assert_eq!(different(&before, &after).len(), 4);
        assert_eq!((after.offers[&offer.id].count, after.offers[&offer.id].used), (left, left));
        let told = told(&app.app, &round).await;
        assert_eq!(told, (different(&before, &after), touched(&before, &after)));
        assert_eq!((done.to_students, done.to_schools), (4, told.1.len()));
        app.check_invariants().await;
    }

    async fn the_five_busiest_schools_withdraw_and_each_order_keeps_what_it_promises(app: TestApp) {
        let round = announced(&app, "talent").await;
        let first = picture(&app.app, &round).await;
        let mut used: BTreeMap<SchoolId, i32> = BTreeMap::new();
        for offer in first.offers.values() {
            *used.entry(offer.school).or_default() += offer.used;
        }
        let mut schools: Vec<_> = used.into_iter().collect();
        schools.sort_by_key(|(school, used)| (std::cmp::Reverse(*used), *school));
        let five: BTreeSet<_> = schools.into_iter().take(5).map(|(school, _)| school).collect();
        // Each takes back its largest offer.
        let largest = |school: &SchoolId| first.offers.values().filter(|offer| offer.school == *school).max_by_key(|o| (o.used, o.id)).cloned();
        let gone: Vec<_> = five.iter().filter_map(largest).collect();
        let students: i32 = gone.iter().map(|offer| offer.used).sum();
        let (mut moved, mut more) = (0, 0);
        for offer in &gone {
            let plan = planned(&app.app, &round, MutationSubject::PlacesWithdrawn { offer: offer.id, left: 0 }).await;
            let (kept, covered) = (option(&plan, Order::KeptFirst), option(&plan, Order::CoveredFirst));
            let leaves = |option: &kernschil_app::mutations::OptionView| option.outcome.0 + option.outcome.1;
            assert!(leaves(kept) <= leaves(covered), "keeping places first moves no more");
            assert!(covered.after.covered() >= kept.after.covered(), "coverage first covers no less");
            assert_eq!(kept.after.unplaced, covered.after.unplaced);
            assert_eq!((kept.proven, covered.proven), (Proven::Best, Proven::Best));
            let prices = plan.prices.as_ref().unwrap();
            assert!(prices.steps.windows(2).all(|pair| pair[0].outside > pair[1].outside && pair[0].moved <= pair[1].moved), "{prices:?}");
            more += leaves(covered) - leaves(kept);
            moved += carry_out(&app.app, &round, &plan, Order::KeptFirst).await.map(|done| done.ended.len()).unwrap();
        }
        eprintln!("five schools: {students} students, {} offers, {moved} moves, {more} more with coverage first", gone.len());
        let after = picture(&app.app, &round).await;
        assert!(gone.iter().all(|offer| after.offers[&offer.id].count == 0 && after.offers[&offer.id].used == 0));
        assert!(moved >= usize::try_from(students).unwrap());
        app.check_invariants().await;
    }

    async fn trainers_fall_out_in_almere_until_somebody_must_move_and_only_they_do(app: TestApp) {
        let round = announced(&app, "almere").await;
        let mut out = BTreeSet::new();
        loop {
            let before = picture(&app.app, &round).await;
            let mut students: BTreeMap<TrainerId, usize> = BTreeMap::new();
            for trainer in before.placements.values().filter_map(|placement| placement.trainer) {
                *students.entry(trainer).or_default() += 1;
            }
            let (trainer, count) = students.into_iter().max_by_key(|(trainer, count)| (*count, *trainer)).unwrap();
            let plan = planned(&app.app, &round, MutationSubject::TrainerOut { trainer }).await;
            let kept = option(&plan, Order::KeptFirst);
            let (moved, ended, _) = kept.outcome;
            eprintln!(
                "trainer of {count}: {moved} move, {ended} lose their place, {} get another trainer, {} without a place when nobody else moves",
                kept.retrained,
                plan.prices.as_ref().unwrap().unplaced_alone
            );
            assert_eq!(kept.after.unplaced, plan.before.unplaced + u32::try_from(ended).unwrap());
            assert!(u32::try_from(ended).unwrap() <= plan.prices.as_ref().unwrap().unplaced_alone, "moves of others never cost a place");
            carry_out(&app.app, &round, &plan, Order::KeptFirst).await.unwrap();
            out.insert(trainer);
            let after = picture(&app.app, &round).await;
            assert!(after.placements.values().all(|placement| placement.trainer.is_none_or(|trainer| !out.contains(&trainer))));
            assert_eq!(different(&before, &after).len(), moved + ended);
            app.check_invariants().await;
            if moved + ended > 0 {
                assert_eq!(told(&app.app, &round).await, (different(&before, &after), touched(&before, &after)));
                break;
            }
        }
        let left = mutations::subjects(&app.app, &CLI, &round).await.unwrap().trainers;
        assert!(left.iter().all(|choice| !out.contains(&choice.trainer)), "who fell out cannot fall out again");
    }
}
