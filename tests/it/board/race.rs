//! Many at once: whoever is late hears so, no place is given twice, and what is counted is what is there.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernschil_app::board::{self, BoardView, BulkAction, BulkCommand, ExcludeCommand, PlaceAccess, Placed, Seen, SwapCommand, TeamCommand};
use kernschil_app::imports::{self, ImportFile, ImportReport, Stored};
use kernschil_app::proposals::Watch;
use kernschil_app::{Actor, App, AppError, StoreSettings, proposals};
use kernschil_domain::codes::{ExclusionCategory, Guidance, Hold, Turn};
use kernschil_domain::ids::DemandId;
use kernschil_domain::rounds::Offer;
use kernschil_domain::values::Groups;
use kernschil_spreadsheets::ImportKind;
use kernschil_spreadsheets::definition::definition;
use kernschil_spreadsheets::write::{FilledSheet, filled};

use super::{command, movable, placement, view};
use crate::support::{TestApp, open_copy};

const ME: Actor = Actor::CommandLine;

/// Clients at the same time.
const CLIENTS: usize = 64;
/// What each of them does, one thing after another.
const TURNS: usize = 4;

/// What a late client hears; everything else is an error.
const LATE: [&str; 8] =
    ["plek-vergeven", "intussen-gewijzigd", "plek-past-niet", "reden-nodig", "niets-te-doen", "zelfde-plek", "al-in-team", "naam-bestaat"];

/// A number that looks random and is the same each time.
fn mixed(seed: usize) -> usize {
    let mut x = (seed as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d;
    x ^= x >> 31;
    x = x.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    usize::try_from((x ^ (x >> 29)) & 0xffff_ffff).unwrap()
}

fn pick<T: Copy>(all: &[T], seed: usize) -> Option<T> {
    all.get(seed % all.len().max(1)).copied()
}

/// One turn of a client, by what it sees on the board: few students, so that many want the same.
async fn turn(app: &App, round: &str, seed: usize) -> Result<&'static str, AppError> {
    let seen = view(app, round).await;
    let all: Vec<DemandId> = seen.data.demands.keys().copied().take(40).collect();
    let of = |salt: usize| pick(&all, mixed(seed ^ salt)).unwrap();
    let (one, other) = (of(1), of(2));
    let row = |demand| Seen { demand, placement: placement(&seen, demand) };
    let held = |demand| placement(&seen, demand).map(|placement| Placed { demand, placement });
    match mixed(seed) % 10 {
        0..4 => {
            let candidates = board::candidates_of(&seen, one)?;
            let fits: Vec<_> = candidates.iter().filter(|c| c.access == PlaceAccess::Fits).take(3).map(|c| c.offer).collect();
            let Some(offer) = pick(&fits, mixed(seed ^ 3)) else { return Ok("niets gezien") };
            let command = board::PlaceCommand { demand: one, offer, seen: placement(&seen, one), guidance: Guidance::Extra, reason: None };
            board::place(app, &ME, round, command).await.map(|_| "geplaatst")
        }
        4 | 5 => match (held(one), held(other)) {
            (Some(one), Some(other)) => {
                let command = SwapCommand { one, other, reason: Some("wedloop".to_owned()) };
                board::swap(app, &ME, round, command).await.map(|_| "gewisseld")
            }
            _ => Ok("niets gezien"),
        },
        6 => match held(one) {
            Some(who) if seed.is_multiple_of(2) => board::release(app, &ME, round, one, who.placement).await.map(|_| "losgemaakt"),
            Some(who) => board::hold(app, &ME, round, who, Hold::Pinned).await.map(|_| "vastgezet"),
            None => Ok("niets gezien"),
        },
        7 => match seen.last_change {
            Some(change) => board::undo(app, &ME, round, change.id).await.map(|()| "ongedaan"),
            None => Ok("niets gezien"),
        },
        8 => {
            let rows = [of(4), of(5), of(6)].map(row).to_vec();
            let action = BulkAction::ALL[mixed(seed ^ 7) % 5];
            board::bulk(app, &ME, round, BulkCommand { action, rows }).await.map(|_| "meer tegelijk")
        }
        _ => others(app, round, seed, &seen, one, other).await,
    }
}

async fn others(app: &App, round: &str, seed: usize, seen: &BoardView, one: DemandId, other: DemandId) -> Result<&'static str, AppError> {
    let who = Seen { demand: one, placement: placement(seen, one) };
    match seed % 3 {
        0 => {
            let Some((_, offer)) = seen.data.place_of(one) else { return Ok("niets gezien") };
            let before = seen.data.exclusions.iter().find(|e| e.demand == one && e.school == offer.school).map(|e| e.category);
            let command = ExcludeCommand { who, school: offer.school, before, category: Some(ExclusionCategory::Other) };
            board::exclude(app, &ME, round, command).await.map(|_| "uitgesloten")
        }
        1 => board::turn(app, &ME, round, who, Turn::LeftOut).await.map(|_| "overgeslagen"),
        _ => {
            let command = TeamCommand::Make { name: format!("Team {}", seed % 5), members: vec![one, other] };
            match board::team(app, &ME, round, command).await {
                Ok(_) => Ok("team"),
                // Twice the same student is no team.
                Err(AppError::Invalid(_)) if one == other => Ok("niets gezien"),
                Err(error) => Err(error),
            }
        }
    }
}

/// A workbook that gives one offer another number of places.
fn book(view: &BoardView, offer: &Offer, count: i32) -> ImportFile {
    let def = definition(ImportKind::Offers).sheets.iter().find(|def| def.key == "offers").unwrap();
    let groups = if offer.groups == Groups::ALL { String::new() } else { offer.groups.to_string() };
    let values = [
        ("round", view.data.round.name.clone()),
        ("school", view.data.registry.schools[&offer.school].code.to_string()),
        ("period", view.data.periods[&offer.period].name.clone()),
        ("phases", offer.phases.join(";")),
        ("groups", groups),
        ("weekdays", offer.weekdays.to_string()),
        ("count", count.to_string()),
    ];
    let mut row = vec![String::new(); def.columns.len()];
    for (field, value) in values {
        row[def.column(field).unwrap()] = value;
    }
    let bytes = filled(ImportKind::Offers, &[FilledSheet { key: "offers".to_owned(), rows: vec![row] }]).unwrap();
    ImportFile { name: "plekken.xlsx".to_owned(), bytes }
}

/// Loads workbooks that lower and raise what schools offer; never below what is in use, or the workbook is refused.
async fn offers_change(app: &App, round: &str, times: usize) -> (usize, usize) {
    let (mut done, mut late) = (0, 0);
    for at in 0..times {
        let seen = view(app, round).await;
        let offers: Vec<_> = seen.data.offers.values().filter(|offer| offer.used > 0).collect();
        let offer = offers[mixed(at) % offers.len()];
        let count = if at % 2 == 0 { offer.used } else { offer.count + 1 };
        let report = imports::load(app, &ME, ImportKind::Offers, book(&seen, offer, count)).await;
        match report {
            Ok(ImportReport { stored: Stored::Everything { .. } | Stored::Unchanged, .. }) => done += 1,
            Ok(report) if report.outcome.findings.list.iter().any(|found| found.code == "plekken-in-gebruik") => late += 1,
            Ok(report) => panic!("{:?}", report.outcome.findings),
            Err(AppError::Conflict { .. }) => late += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    (done, late)
}

/// Proposals at the same time: each is put on the board whole, or says that something changed meanwhile.
async fn proposals_run(app: &App, round: &str, times: usize) -> (usize, usize) {
    let (mut made, mut late) = (0, 0);
    for _ in 0..times {
        match proposals::make_and_apply(app, &ME, round, Arc::new(Watch::default())).await {
            Ok(_) => made += 1,
            Err(AppError::Conflict { code: "intussen-gewijzigd", .. }) => late += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    (made, late)
}

/// Places that are taken more often than there are, and students with two places: counted apart from the counters.
fn too_much(view: &BoardView) -> (usize, usize) {
    let mut taken = BTreeMap::new();
    for placement in view.data.placements.values() {
        *taken.entry(placement.offer).or_insert(0) += 1;
    }
    let over = view.data.offers.values().filter(|offer| taken.get(&offer.id).is_some_and(|count| *count > offer.count)).count();
    let wrong = view.data.offers.values().filter(|offer| taken.get(&offer.id).copied().unwrap_or(0) != offer.used).count();
    (over, wrong)
}

/// Everything at the same time, divided over several instances of the program.
async fn race(app: &TestApp, apps: &[App], name: &str) {
    let round = app.proposed("almere").await;
    let clients = (0..CLIENTS).map(|client| {
        let (app, round) = (apps[client % apps.len()].clone(), round.clone());
        tokio::spawn(async move {
            let mut told: BTreeMap<String, usize> = BTreeMap::new();
            for at in 0..TURNS {
                let what = match turn(&app, &round, client * 1000 + at).await {
                    Ok(what) => what.to_owned(),
                    Err(error) if LATE.contains(&error.code()) => format!("te laat: {}", error.code()),
                    Err(error) => panic!("{error:?}"),
                };
                *told.entry(what).or_default() += 1;
            }
            told
        })
    });
    let clients: Vec<_> = clients.collect();
    let (offering, proposing) = {
        let (one, other) = (apps[0].clone(), apps[apps.len() - 1].clone());
        let (first, second) = (round.clone(), round.clone());
        (
            tokio::spawn(async move { offers_change(&one, &first, 8).await }),
            tokio::spawn(async move { proposals_run(&other, &second, 2).await }),
        )
    };
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for client in clients {
        for (what, count) in client.await.unwrap() {
            *told.entry(what).or_default() += count;
        }
    }
    let (offers, proposed) = (offering.await.unwrap(), proposing.await.unwrap());
    let after = view(&app.app, &round).await;
    let (over, wrong) = too_much(&after);
    println!(
        "{name}: {CLIENTS} clients, {TURNS} turns each: {told:?}; offers changed, too late: {offers:?}; proposals made, too late: {proposed:?}; overbooked {over}, counters that differ {wrong}"
    );
    assert_eq!((over, wrong), (0, 0));
    app.check_invariants().await;
    let done: usize = told.iter().filter(|(what, _)| !what.starts_with("te laat") && *what != "niets gezien").map(|(_, count)| count).sum();
    assert!(done > CLIENTS, "most of them got something done: {told:?}");
}

both_databases! {
    async fn sixty_four_clients_and_a_proposal_and_new_places_at_once(app: TestApp) {
        let apps = [app.app.clone()];
        race(&app, &apps, "one instance").await;
    }

    async fn two_swaps_with_one_student_in_common_do_not_both_happen(app: TestApp) {
        let round = app.proposed("almere").await;
        let seen = view(&app.app, &round).await;
        // A chain: each student swaps with the next, all at the same moment.
        let placed: Vec<_> = seen.data.placements.values().take(12).map(|p| Placed { demand: p.demand, placement: p.id }).collect();
        let swaps = placed.windows(2).map(|pair| {
            let command = SwapCommand { one: pair[0], other: pair[1], reason: Some("wedloop".to_owned()) };
            let (app, round) = (app.app.clone(), round.clone());
            tokio::spawn(async move { board::swap(&app, &ME, &round, command).await })
        });
        let swaps: Vec<_> = swaps.collect();
        let mut moved = 0;
        for swap in swaps {
            match swap.await.unwrap() {
                Ok(_) => moved += 2,
                Err(error) => assert!(LATE.contains(&error.code()), "{error:?}"),
            }
        }
        let now = view(&app.app, &round).await;
        let changed = placed.iter().filter(|who| placement(&now, who.demand) != Some(who.placement)).count();
        assert_eq!(moved, changed, "nobody was swapped twice by what was seen once");
        app.check_invariants().await;
    }

    async fn undo_and_move_at_once_leave_one_of_both(app: TestApp) {
        let round = app.proposed("almere").await;
        for _ in 0..8 {
            let before = view(&app.app, &round).await;
            let (demand, to) = movable(&before);
            let change = board::place(&app.app, &ME, &round, command(&before, demand, &to)).await.unwrap();
            let now = view(&app.app, &round).await;
            let seen = placement(&now, demand).unwrap();
            let (undone, released) = tokio::join!(
                board::undo(&app.app, &ME, &round, change),
                board::release(&app.app, &ME, &round, demand, seen),
            );
            assert!(undone.is_ok() != released.is_ok(), "{undone:?} {released:?}");
            let late = undone.err().or(released.err()).unwrap();
            assert_eq!(late.code(), "intussen-gewijzigd");
            app.check_invariants().await;
        }
    }
}

/// PostgreSQL with two instances of the program on one database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_on_one_database() {
    let Some(app) = TestApp::postgres().await else { return };
    let second = open_copy(&StoreSettings { url: app.url.clone() }).await;
    let apps = [app.app.clone(), second];
    race(&app, &apps, "two instances").await;
}
