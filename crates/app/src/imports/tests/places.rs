//! Imports into a round in which students have places already.

use kernschil_domain::codes::{Guidance, Hold, Need, PlacementSource, PlacementStatus, RoundState};
use kernschil_domain::ids::{PlacementId, Version};
use kernschil_domain::invariants::violations;
use kernschil_domain::placements::Placement;
use kernschil_domain::standing::Standing;
use kernschil_spreadsheets::ImportKind;
use kernschil_storage::{placements, rounds};

use super::world::{ROUND, Row, SCHIL_OFFER, SCHIL_SCHOOL, TRAINER, World, book, student, students};
use crate::imports::Stored;

/// A round in which the only student has a place at the schil school.
async fn placed() -> World {
    placed_on(3, Standing::Schil).await
}

/// A round in which the only student has a place on the offer with so many places.
async fn placed_on(count: i32, standing: Standing) -> World {
    let world = World::with_offers().await;
    world.load(ImportKind::Students, students(&[student(&[])])).await.good();
    let data = world.round().await;
    let offer = data.offers.values().find(|offer| offer.count == count).unwrap();
    let placement = Placement {
        id: PlacementId(world.app.ids.next()),
        demand: *data.demands.keys().next().unwrap(),
        offer: offer.id,
        standing,
        status: PlacementStatus::Proposed,
        source: PlacementSource::Hand,
        run: None,
        trainer: data.registry.trainers.keys().next().copied(),
        guidance: None,
        reason: None,
        hold: Hold::Free,
        broken: Vec::new(),
        made_at: None,
        announced_at: None,
        ended_at: None,
        mutation: None,
        version: Version::FIRST,
    };
    world.app.store.write(async |tx| placements::place_all(tx, &[placement]).await).await.unwrap();
    assert_eq!(violations(&world.round().await), []);
    world
}

fn offer(count: &str) -> Vec<(&str, &str)> {
    SCHIL_OFFER.iter().map(|(field, value)| (*field, if *field == "count" { count } else { *value })).collect()
}

#[tokio::test]
async fn fewer_places_than_are_in_use_are_refused_and_others_leave_the_use_as_it_is() {
    let world = placed().await;
    let total: Row<'_> = &[("round", ROUND), ("school", "11AM00"), ("period", "heel jaar"), ("maximum", "0")];
    let loaded = world.load(ImportKind::Offers, book(ImportKind::Offers, &[("offers", vec![&offer("0")]), ("totals", vec![total])])).await;
    assert_eq!(loaded.found(), ["plekken-in-gebruik Plekken!G2 0", "schooltotaal-in-gebruik Schooltotalen!D2 0"]);
    world.load(ImportKind::Offers, book(ImportKind::Offers, &[("offers", vec![&offer("1")])])).await.good();
    let data = world.round().await;
    assert!(data.offers.values().any(|offer| (offer.count, offer.used) == (1, 1)));
    assert_eq!(violations(&data), []);
}

#[tokio::test]
async fn a_student_with_a_place_cannot_change_periods_or_need_none() {
    let world = placed().await;
    let loaded = world.load(ImportKind::Students, students(&[student(&[("period", "semester 1")])])).await;
    assert_eq!(loaded.found(), ["vraag-heeft-plaats Studenten!O2 semester 1"]);
    let loaded = world.load(ImportKind::Students, students(&[student(&[("needed", "nee")])])).await;
    assert_eq!(loaded.found(), ["vraag-heeft-plaats Studenten!R2 nee"]);
    assert_eq!(world.round().await.demands.len(), 1);
}

#[tokio::test]
async fn without_a_place_the_earlier_demand_falls_away() {
    let world = World::with_offers().await;
    world.load(ImportKind::Students, students(&[student(&[])])).await.good();
    let moved = [student(&[("period", "semester 1")])];
    let loaded = world.load(ImportKind::Students, students(&moved)).await;
    assert_eq!((loaded.good().codes(), loaded.table("demands")), (vec!["vraag-vervalt"], (1, 1, 0)));
    let data = world.round().await;
    let needed: Vec<_> = data
        .demands
        .values()
        .filter(|demand| demand.need == Need::Required)
        .map(|demand| data.periods[&demand.period].name.as_str())
        .collect();
    assert_eq!(needed, ["semester 1"]);
    world.load(ImportKind::Students, students(&moved)).await.unchanged();
}

#[tokio::test]
async fn a_place_that_fits_no_longer_is_worth_a_look() {
    let world = placed_on(2, Standing::Kern).await;
    let fits = world.load(ImportKind::Students, students(&[student(&[("weekdays", "ma-di"), ("groups", "4")])])).await;
    assert!(fits.good().codes().is_empty(), "{:?}", fits.found());
    let loaded = world.load(ImportKind::Students, students(&[student(&[("weekdays", "vr")])])).await;
    assert_eq!(loaded.good().found(), ["plaats-past-niet-meer Studenten!N2 jaar 1"]);
}

#[tokio::test]
async fn a_correction_of_the_registry_is_recorded_at_the_places() {
    let world = placed().await;
    let kern: Vec<_> = SCHIL_SCHOOL.iter().map(|(field, value)| (*field, if *field == "tier" { "kern" } else { *value })).collect();
    let loaded = world.load(ImportKind::Partnerships, book(ImportKind::Partnerships, &[("schools", vec![&kern])])).await;
    assert_eq!(loaded.good().codes(), ["plaatsingen-bijgewerkt"]);
    let data = world.round().await;
    assert_eq!(data.placements.values().next().unwrap().standing, Standing::Kern);
    assert_eq!(violations(&data), []);

    let gone: Vec<_> = kern.iter().copied().chain([("valid_until", "31-07-2026")]).collect();
    world.load(ImportKind::Partnerships, book(ImportKind::Partnerships, &[("schools", vec![&gone])])).await.good();
    let data = world.round().await;
    let placement = data.placements.values().next().unwrap();
    assert_eq!((placement.standing, placement.guidance), (Standing::Outside, Some(Guidance::None)));
    assert_eq!(violations(&data), []);
}

#[tokio::test]
async fn an_import_that_would_break_the_round_is_refused() {
    let world = placed().await;
    let none: Vec<_> = TRAINER.iter().map(|(field, value)| (*field, if *field == "capacity" { "0" } else { *value })).collect();
    let loaded = world.load(ImportKind::Trainers, book(ImportKind::Trainers, &[("trainers", vec![&none])])).await;
    assert_eq!((loaded.codes(), loaded.0.stored), (vec!["ronde-klopt-niet-meer"], Stored::Nothing));
    assert_eq!(world.round().await.registry.trainers.values().next().unwrap().capacity, Some(15));
}

#[tokio::test]
async fn nothing_changes_in_a_closed_round() {
    let world = placed().await;
    let round = world.round().await.round;
    world.app.store.write(async |tx| rounds::set_state(tx, round.id, RoundState::Closed, round.version).await).await.unwrap();
    let loaded = world.load(ImportKind::Students, students(&[student(&[]), student(&[("number", "s2")])])).await;
    assert_eq!(loaded.codes(), ["ronde-gesloten"]);
    let loaded = world.load(ImportKind::Offers, book(ImportKind::Offers, &[("offers", vec![&offer("9")])])).await;
    assert_eq!(loaded.codes(), ["ronde-gesloten"]);
}
