//! What holds for a time: changes of role and board, last year's file, contradictions.

use kernschil_domain::codes::Tier;
use kernschil_domain::registry::Registry;
use kernschil_spreadsheets::ImportKind;
use kernschil_storage::registry;

use super::world::{KERN_BOARD, KERN_SCHOOL, Row, SCHIL_SCHOOL, World, book, partnerships};
use crate::imports::{self, ImportFile};
use crate::{Actor, App};

async fn registry(app: &App) -> Registry {
    app.store.read(async |tx| registry::load(tx).await).await.unwrap()
}

/// Memberships of a school as `2022-08-01..2026-08-01 schil`.
async fn memberships(app: &App, code: &str) -> Vec<String> {
    let registry = registry(app).await;
    let school = registry.schools.values().find(|school| school.code.as_str() == code).unwrap().id;
    let mut all: Vec<_> = registry.school_memberships[&school]
        .iter()
        .map(|m| format!("{}..{} {}", m.span.from, m.span.until.map(|d| d.to_string()).unwrap_or_default(), m.tier.code()))
        .collect();
    all.sort();
    all
}

fn changed<'a>(row: Row<'a>, changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = row.iter().copied().filter(|(field, _)| changes.iter().all(|(changed, _)| changed != field));
    kept.chain(changes.iter().copied()).collect()
}

fn schools(rows: Vec<Row<'_>>) -> ImportFile {
    book(ImportKind::Partnerships, &[("schools", rows)])
}

#[tokio::test]
async fn a_new_role_from_a_date_on_ends_the_old_one_and_last_years_file_changes_nothing() {
    let world = World::empty().await;
    world.load(ImportKind::Partnerships, partnerships()).await.good();
    let kern = changed(SCHIL_SCHOOL, &[("tier", "kern"), ("valid_from", "01-08-2026"), ("buddy", "")]);
    let loaded = world.load(ImportKind::Partnerships, schools(vec![&kern])).await;
    assert_eq!(loaded.good().table("school-memberships"), (1, 1, 0));
    assert_eq!(memberships(&world.app, "11AM00").await, ["2022-08-01..2026-08-01 schil", "2026-08-01.. kern"]);

    world.load(ImportKind::Partnerships, schools(vec![&kern])).await.unchanged();
    let last_year = world.load(ImportKind::Partnerships, partnerships()).await;
    assert_eq!(last_year.unchanged().codes(), ["later-tijdvak-bekend"]);
}

#[tokio::test]
async fn a_last_day_is_included() {
    let world = World::empty().await;
    world.load(ImportKind::Partnerships, partnerships()).await.good();
    let (old, new) = (changed(SCHIL_SCHOOL, &[("valid_until", "31-07-2026")]), changed(SCHIL_SCHOOL, &[("valid_from", "01-08-2027")]));
    let loaded = world.load(ImportKind::Partnerships, schools(vec![&new, &old])).await;
    assert_eq!(loaded.good().table("school-memberships"), (1, 1, 0));
    assert_eq!(memberships(&world.app, "11AM00").await, ["2022-08-01..2026-08-01 schil", "2027-08-01.. schil"]);
    let registry = registry(&world.app).await;
    let tier = |date: &str| {
        registry.school_memberships.values().flatten().find(|m| m.tier == Tier::Schil && m.span.holds_on(date.parse().unwrap())).is_some()
    };
    assert!(tier("2026-07-31") && !tier("2026-08-01") && tier("2027-08-01"));
}

#[tokio::test]
async fn dates_that_contradict_what_is_known_are_refused() {
    let world = World::empty().await;
    world.load(ImportKind::Partnerships, partnerships()).await.good();
    let ended = changed(SCHIL_SCHOOL, &[("valid_until", "31-07-2028")]);
    world.load(ImportKind::Partnerships, schools(vec![&ended])).await.good();
    let kern = changed(SCHIL_SCHOOL, &[("tier", "kern"), ("valid_from", "01-08-2026"), ("buddy", "")]);
    let loaded = world.load(ImportKind::Partnerships, schools(vec![&kern])).await;
    assert_eq!(loaded.codes(), ["tijdvak-overlapt"]);
    assert!(loaded.0.outcome.findings.list[0].message.contains("vanaf 1 augustus 2022 tot en met 31 juli 2028"));
    assert_eq!(memberships(&world.app, "11AM00").await, ["2022-08-01..2028-08-01 schil"]);
}

#[tokio::test]
async fn a_school_that_changes_boards_does_so_from_this_school_year_on() {
    let world = World::empty().await;
    world.load(ImportKind::Partnerships, partnerships()).await.good();
    let moved = changed(KERN_SCHOOL, &[("board", "00123")]);
    let app = world.on("2026-09-15");
    let load = async |file: ImportFile| imports::load(&app, &Actor::CommandLine, ImportKind::Partnerships, file).await.unwrap();
    let report = load(schools(vec![&moved])).await;
    assert_eq!(report.outcome.findings.list[0].code, "school-ander-bestuur");
    assert_eq!(
        report.outcome.findings.list[0].message,
        "School 05XH00 hoort tot nu toe bij bestuur 41775. Vanaf 1 augustus 2026 wordt dat 00123."
    );
    let registry = registry(&app).await;
    let school = registry.schools.values().find(|school| school.code.as_str() == "05XH00").unwrap().id;
    let board = |date: &str| registry.board_of(school, date.parse().unwrap()).unwrap().number.to_string();
    assert_eq!(
        (board("2022-08-01"), board("2026-07-31"), board("2026-08-01")),
        ("41775".to_owned(), "41775".to_owned(), "00123".to_owned())
    );
    assert!(!load(schools(vec![&moved])).await.changes_anything());
    // Back again within the year: the change was a mistake, not history.
    assert!(load(schools(vec![KERN_SCHOOL])).await.changes_anything());
    assert!(!load(schools(vec![KERN_SCHOOL])).await.changes_anything());
}

#[tokio::test]
async fn a_board_has_its_own_role_in_each_partnership() {
    let world = World::empty().await;
    world.load(ImportKind::Partnerships, partnerships()).await.good();
    let second: Row<'_> = &[("name", "Tweede"), ("status", "aspirant"), ("valid_from", "01-08-2024")];
    let there = changed(KERN_BOARD, &[("partnership", "Tweede"), ("tier", "schil")]);
    let file = book(ImportKind::Partnerships, &[("partnerships", vec![second]), ("boards", vec![KERN_BOARD, &there])]);
    let loaded = world.load(ImportKind::Partnerships, file).await;
    assert_eq!((loaded.good().table("boards"), loaded.table("board-memberships")), ((0, 0, 1), (1, 0, 1)));
}
