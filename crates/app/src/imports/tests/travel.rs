//! Travel times, and the columns that rules and letters need: transport, own workplace, mail.

use kernschil_domain::access::Permission;
use kernschil_domain::fit::minutes_to;
use kernschil_domain::policy::TravelMode;
use kernschil_spreadsheets::ImportKind;
use kernschil_storage::registry;

use super::world::{Row, World, book, partnerships, student, students};
use crate::Actor;
use crate::imports::ImportFile;

fn times(rows: &[&str]) -> ImportFile {
    let text = format!("Van postcodegebied;Naar postcodegebied;Vervoer;Minuten\n{}\n", rows.join("\n"));
    ImportFile { name: "reistijden.csv".to_owned(), bytes: text.into_bytes() }
}

#[tokio::test]
async fn travel_times_are_added_changed_or_known_and_go_before_the_estimate() {
    let world = World::with_offers().await;
    world.load(ImportKind::Students, students(&[student(&[("postcode", "6525 HP"), ("travel_mode", "ov")])])).await.good();
    let known = async || {
        let data = world.app.picture(&Actor::CommandLine, "talent-2026-2027", Permission::ReadStudents).await.unwrap();
        let demand = data.demands.values().next().unwrap();
        let school = data.registry.schools.values().find(|school| school.postcode.is_some()).unwrap();
        (minutes_to(&data, demand, school.id), school.postcode.as_ref().unwrap().area().to_owned())
    };
    let (estimate, there) = known().await;
    assert_eq!(estimate, None);

    let [by_transit, by_car] = [format!("6525;{there};ov;38"), format!("6525;{there};auto;12")];
    let loaded = world.load(ImportKind::TravelTimes, times(&[&by_transit, &by_car])).await;
    assert_eq!(loaded.good().table("travel-times"), (2, 0, 0));
    assert_eq!(known().await.0, Some(38));
    world.load(ImportKind::TravelTimes, times(&[&by_transit, &by_car])).await.unchanged();
    let later = format!("6525;{there};openbaar vervoer;41");
    assert_eq!(world.load(ImportKind::TravelTimes, times(&[&later])).await.good().table("travel-times"), (0, 1, 0));
    assert_eq!(known().await.0, Some(41));
}

#[tokio::test]
async fn wrong_travel_times_are_refused_with_all_that_is_wrong_and_nothing_is_stored() {
    let world = World::empty().await;
    let wrong = [
        "6525;6811;fiets;20",
        "652;6811;fiets;20",
        "6525;6811;step;20",
        "6525;6811;auto;-1",
        "6525;6811;ov;1441",
        "6525;;auto;20",
        "6525;6811;Fiets;25",
    ];
    let loaded = world.load(ImportKind::TravelTimes, times(&wrong)).await;
    let expected = [
        "postcode-onbekende-vorm CSV!A3 652",
        "waarde-onbekend CSV!C4 step",
        "getal-buiten-bereik CSV!D5 -1",
        "getal-buiten-bereik CSV!D6 1441",
        "verplicht-leeg CSV!B7",
        "reistijd-dubbel CSV!A8 6525",
    ];
    assert_eq!(loaded.found(), expected);
    let stored = world.app.store.read(async |tx| registry::load(tx).await).await.unwrap();
    assert!(stored.travel_times.is_empty());
}

#[tokio::test]
async fn transport_workplace_and_mail_of_a_student_are_kept_and_the_same_file_changes_nothing() {
    let world = World::with_offers().await;
    let row = [("kind", "zij-instromer"), ("travel_mode", "auto"), ("workplace", "05XH00"), ("email", "Zoe.Hof@Pabo.example")];
    let file = || students(&[student(&row)]);
    world.load(ImportKind::Students, file()).await.good();
    let round = world.round().await;
    let known = round.students.values().next().unwrap();
    assert_eq!((known.travel_mode, known.email.as_deref()), (Some(TravelMode::Car), Some("zoe.hof@pabo.example")));
    let school = round.registry.schools.values().find(|school| school.code.as_str() == "05XH00").unwrap();
    assert_eq!(known.workplace, Some(school.id));
    world.load(ImportKind::Students, file()).await.unchanged();

    // An empty cell says that there is nothing.
    world.load(ImportKind::Students, students(&[student(&[("kind", "zij-instromer")])])).await.good();
    let round = world.round().await;
    let known = round.students.values().next().unwrap();
    assert_eq!((known.travel_mode, known.email.as_deref(), known.workplace), (None, None, None));
}

#[tokio::test]
async fn a_workplace_is_for_zij_instromers_and_wrong_values_are_refused() {
    let world = World::with_offers().await;
    let refused = async |fields: &[(&str, &str)]| {
        let loaded = world.load(ImportKind::Students, students(&[student(fields)])).await;
        loaded.codes().into_iter().map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(refused(&[("workplace", "05XH00")]).await, ["werkplek-geen-zij-instromer"]);
    assert_eq!(refused(&[("kind", "zij-instromer"), ("workplace", "99ZZ00")]).await, ["school-onbekend"]);
    assert_eq!(refused(&[("travel_mode", "paard"), ("email", "zoe")]).await, ["e-mail-onbekende-vorm", "waarde-onbekend"]);
    for email in ["a@b", "a b@c.nl", "a@b@c.nl", "a@.nl", "@c.nl", "a@c.nl, b@c.nl"] {
        assert_eq!(refused(&[("email", email)]).await, ["e-mail-onbekende-vorm"], "{email}");
    }
    assert!(world.round().await.students.is_empty());
}

#[tokio::test]
async fn the_mail_address_of_a_school_is_kept() {
    let world = World::empty().await;
    world.load(ImportKind::Partnerships, partnerships()).await.good();
    let row: Row<'_> = &[
        ("school", "05XH00"),
        ("name", "Basisschool De Krullevaar"),
        ("sector", "bo"),
        ("board", "41775"),
        ("email", "stages@krullevaar.example"),
    ];
    let file = || book(ImportKind::Partnerships, &[("schools", vec![row])]);
    world.load(ImportKind::Partnerships, file()).await.good();
    let stored = world.app.store.read(async |tx| registry::load(tx).await).await.unwrap();
    let school = stored.schools.values().find(|school| school.code.as_str() == "05XH00").unwrap();
    assert_eq!(school.email.as_deref(), Some("stages@krullevaar.example"));
    world.load(ImportKind::Partnerships, file()).await.unchanged();
}
