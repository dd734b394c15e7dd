//! Swapping, pinning, excluding, leaving out, teams, and many at once; rules set aside with a reason.

use kernschil_app::board::{
    self, BoardView, BulkAction, BulkCommand, Candidate, ExceptionKind, ExcludeCommand, PlaceAccess, Placed, Seen, SwapCommand,
    TeamCommand, TeamSeen, team_tag,
};
use kernschil_app::{Actor, AppError};
use kernschil_domain::codes::{ExclusionCategory, Hold, PlacementSource, Turn};
use kernschil_domain::ids::{DemandId, PlacementId, Version};
use kernschil_domain::placements::Placement;
use kernschil_domain::policy::RuleKind;

use super::{command, movable, placement, view};
use crate::support::TestApp;

const ME: Actor = Actor::CommandLine;

fn seen(view: &BoardView, demand: DemandId) -> Seen {
    Seen { demand, placement: placement(view, demand) }
}

fn placed(view: &BoardView, demand: DemandId) -> Placed {
    Placed { demand, placement: placement(view, demand).unwrap() }
}

fn some_placed(view: &BoardView, count: usize) -> Vec<DemandId> {
    let rows = view.rows.iter().filter(|row| row.row.place.is_some());
    let found: Vec<_> = rows.map(|row| row.row.demand).take(count).collect();
    assert_eq!(found.len(), count);
    found
}

/// Nothing differs but identifiers, versions and times: undo brings all of it back.
#[track_caller]
fn assert_same(now: &BoardView, before: &BoardView) {
    let of = |view: &BoardView| -> Vec<Placement> {
        let same = |p: &Placement| Placement { id: PlacementId(p.demand.0), version: Version::FIRST, made_at: None, ..p.clone() };
        view.data.placements.values().map(same).collect()
    };
    let (now, before) = (of(now), of(before));
    assert_eq!(now.len(), before.len());
    let differ: Vec<_> = now.iter().zip(&before).filter(|(now, before)| now != before).collect();
    assert!(differ.is_empty(), "{differ:#?}");
}

/// Two placed students who both fit at the other's place.
pub(super) fn pair(view: &BoardView) -> (DemandId, DemandId) {
    view.data
        .placements
        .keys()
        .find_map(|demand| Some((*demand, board::partners(&view.data, *demand, 1).first()?.other.who.demand)))
        .unwrap()
}

/// A student with a place that has room and asks for one or more rules to be set aside.
fn against_a_rule(view: &BoardView, rule: RuleKind) -> Option<(DemandId, Candidate)> {
    view.rows.iter().filter(|row| row.row.place.is_some()).find_map(|row| {
        let all = board::candidates_of(view, row.row.demand).unwrap().into_iter();
        let mut bent = all.filter(|c| matches!(&c.access, PlaceAccess::WithReason(rules) if *rules == [rule]));
        Some((row.row.demand, bent.next()?))
    })
}

fn code<T: std::fmt::Debug>(answer: Result<T, AppError>) -> String {
    answer.unwrap_err().code().to_owned()
}

both_databases! {
    async fn two_students_swap_and_swap_back(app: TestApp) {
        let round = app.proposed("almere").await;
        let before = view(&app.app, &round).await;
        let (one, other) = pair(&before);
        let swap = SwapCommand { one: placed(&before, one), other: placed(&before, other), reason: None };
        let change = board::swap(&app.app, &ME, &round, swap.clone()).await.unwrap();

        let now = view(&app.app, &round).await;
        let offer = |view: &BoardView, demand| view.data.placements[&demand].offer;
        assert_eq!((offer(&now, one), offer(&now, other)), (offer(&before, other), offer(&before, one)));
        assert!(now.data.placements[&one].broken.is_empty());
        assert!(now.last_change.as_ref().unwrap().sentence.contains("hebben van plek gewisseld"));
        app.check_invariants().await;

        assert_eq!(code(board::swap(&app.app, &ME, &round, swap).await), "intussen-gewijzigd");
        let same = SwapCommand { one: placed(&now, one), other: placed(&now, one), reason: None };
        assert_eq!(code(board::swap(&app.app, &ME, &round, same).await), "zelfde-plek");

        board::undo(&app.app, &ME, &round, change).await.unwrap();
        assert_same(&view(&app.app, &round).await, &before);
        app.check_invariants().await;
    }

    async fn changes_are_undone_one_after_another_to_where_it_began(app: TestApp) {
        let round = app.proposed("almere").await;
        let before = view(&app.app, &round).await;
        let (demand, to) = movable(&before);
        board::place(&app.app, &ME, &round, command(&before, demand, &to)).await.unwrap();
        let second = view(&app.app, &round).await;
        board::hold(&app.app, &ME, &round, placed(&second, demand), Hold::Pinned).await.unwrap();
        let third = view(&app.app, &round).await;
        board::turn(&app.app, &ME, &round, seen(&third, demand), Turn::LeftOut).await.unwrap();
        for _ in 0..3 {
            let now = view(&app.app, &round).await;
            board::undo(&app.app, &ME, &round, now.last_change.unwrap().id).await.unwrap();
            app.check_invariants().await;
        }
        let after = view(&app.app, &round).await;
        assert_same(&after, &before);
        assert!(after.last_change.is_none());
    }

    async fn a_rule_is_set_aside_with_a_reason_and_the_place_is_marked(app: TestApp) {
        let round = app.proposed("almere").await;
        let before = view(&app.app, &round).await;
        let (demand, to) = against_a_rule(&before, RuleKind::Phase).expect("a place for another phase");
        let without = command(&before, demand, &to);
        assert_eq!(code(board::place(&app.app, &ME, &round, without.clone()).await), "reden-nodig");
        let blank = board::PlaceCommand { reason: Some("   ".to_owned()), ..without.clone() };
        assert_eq!(code(board::place(&app.app, &ME, &round, blank).await), "reden-nodig");
        let long = board::PlaceCommand { reason: Some("é".repeat(501)), ..without.clone() };
        assert_eq!(code(board::place(&app.app, &ME, &round, long).await), "ongeldige-invoer");

        let with = board::PlaceCommand { reason: Some("é".repeat(500)), ..without };
        let change = board::place(&app.app, &ME, &round, with).await.unwrap();
        let now = view(&app.app, &round).await;
        assert_eq!(now.data.placements[&demand].broken, [RuleKind::Phase]);
        let row = now.rows.iter().find(|row| row.row.demand == demand).unwrap();
        assert_eq!(row.exceptions[0], ExceptionKind::RuleSetAside);
        app.check_invariants().await;

        // Taking the place back and undoing that brings the mark and the reason back as well.
        let released = board::release(&app.app, &ME, &round, demand, placement(&now, demand).unwrap()).await.unwrap();
        board::undo(&app.app, &ME, &round, released).await.unwrap();
        assert_same(&view(&app.app, &round).await, &now);
        board::undo(&app.app, &ME, &round, change).await.unwrap();
        assert_same(&view(&app.app, &round).await, &before);
    }

    async fn no_reason_makes_room_where_there_is_none(app: TestApp) {
        let round = app.proposed("almere").await;
        let before = view(&app.app, &round).await;
        let (demand, full) = before.rows.iter().find_map(|row| {
            let all = board::candidates_of(&before, row.row.demand).unwrap();
            Some((row.row.demand, all.into_iter().find(|c| c.access == PlaceAccess::Full)?))
        }).unwrap();
        let wanted = board::PlaceCommand { reason: Some("toch".to_owned()), ..command(&before, demand, &full) };
        assert_eq!(code(board::place(&app.app, &ME, &round, wanted).await), "plek-vergeven");
        let never = before.rows.iter().find_map(|row| {
            let all = board::candidates_of(&before, row.row.demand).unwrap();
            Some((row.row.demand, all.into_iter().find(|c| c.access == PlaceAccess::Never)?))
        });
        let (demand, never) = never.unwrap();
        let wanted = board::PlaceCommand { reason: Some("toch".to_owned()), ..command(&before, demand, &never) };
        assert_eq!(code(board::place(&app.app, &ME, &round, wanted).await), "plek-past-niet");
        assert_same(&view(&app.app, &round).await, &before);
    }

    async fn a_pinned_place_stays_in_the_next_proposal(app: TestApp) {
        let round = app.proposed("almere").await;
        let before = view(&app.app, &round).await;
        let [one, other] = some_placed(&before, 2)[..] else { panic!() };
        board::hold(&app.app, &ME, &round, placed(&before, one), Hold::Pinned).await.unwrap();
        assert_eq!(code(board::hold(&app.app, &ME, &round, placed(&before, one), Hold::Pinned).await), "intussen-gewijzigd");
        let pinned = view(&app.app, &round).await;
        assert_eq!(pinned.counts.iter().find(|(kind, _)| *kind == ExceptionKind::Pinned).unwrap().1, 1);
        board::release(&app.app, &ME, &round, other, placement(&pinned, other).unwrap()).await.unwrap();

        app.propose(&round).await;
        let now = view(&app.app, &round).await;
        assert_eq!(now.data.placements[&one].id, before.data.placements[&one].id);
        assert_eq!((now.data.placements[&one].hold, now.data.placements[&one].source), (Hold::Pinned, PlacementSource::Run));
        app.check_invariants().await;
    }

    async fn who_is_left_out_gives_the_place_back_and_no_proposal_places_her(app: TestApp) {
        let round = app.proposed("almere").await;
        let before = view(&app.app, &round).await;
        let demand = some_placed(&before, 1)[0];
        let change = board::turn(&app.app, &ME, &round, seen(&before, demand), Turn::LeftOut).await.unwrap();
        let now = view(&app.app, &round).await;
        let row = now.rows.iter().find(|row| row.row.demand == demand).unwrap();
        assert_eq!(row.exceptions, [ExceptionKind::Unplaced, ExceptionKind::LeftOut]);
        assert_eq!(code(board::turn(&app.app, &ME, &round, seen(&before, demand), Turn::LeftOut).await), "intussen-gewijzigd");
        assert_eq!(code(board::turn(&app.app, &ME, &round, seen(&now, demand), Turn::LeftOut).await), "intussen-gewijzigd");
        board::undo(&app.app, &ME, &round, change).await.unwrap();
        assert_same(&view(&app.app, &round).await, &before);

        let again = view(&app.app, &round).await;
        board::turn(&app.app, &ME, &round, seen(&again, demand), Turn::LeftOut).await.unwrap();
        app.propose(&round).await;
        let proposed = view(&app.app, &round).await;
        assert!(!proposed.data.placements.contains_key(&demand));

        // Who is placed by hand takes part again, in the same change.
        let to = board::candidates_of(&proposed, demand).unwrap().into_iter().find(|c| c.access == PlaceAccess::Fits).unwrap();
        let change = board::place(&app.app, &ME, &round, command(&proposed, demand, &to)).await.unwrap();
        assert_eq!(view(&app.app, &round).await.data.demands[&demand].turn, Turn::TakesPart);
        board::undo(&app.app, &ME, &round, change).await.unwrap();
        assert_eq!(view(&app.app, &round).await.data.demands[&demand].turn, Turn::LeftOut);
        app.check_invariants().await;
    }

    async fn an_excluded_school_is_a_rule_until_it_is_taken_back(app: TestApp) {
        let round = app.proposed("almere").await;
        let before = view(&app.app, &round).await;
        let demand = some_placed(&before, 1)[0];
        let school = before.data.place_of(demand).unwrap().1.school;
        let exclude = ExcludeCommand { who: seen(&before, demand), school, before: None, category: Some(ExclusionCategory::Family) };
        let change = board::exclude(&app.app, &ME, &round, exclude).await.unwrap();
        let now = view(&app.app, &round).await;
        assert!(!now.data.placements.contains_key(&demand), "the place at that school came free in the same change");
        let there = board::candidates_of(&now, demand).unwrap().into_iter().find(|c| c.school == school).unwrap();
        assert_eq!(there.access, PlaceAccess::WithReason(vec![RuleKind::Exclusion]));
        assert_eq!(code(board::place(&app.app, &ME, &round, command(&now, demand, &there)).await), "reden-nodig");
        assert_eq!(code(board::exclude(&app.app, &ME, &round, exclude).await), "intussen-gewijzigd");
        app.check_invariants().await;

        board::undo(&app.app, &ME, &round, change).await.unwrap();
        let undone = view(&app.app, &round).await;
        assert_same(&undone, &before);
        assert!(undone.data.exclusions.is_empty());

        let again = ExcludeCommand { who: seen(&undone, demand), ..exclude };
        board::exclude(&app.app, &ME, &round, again).await.unwrap();
        let now = view(&app.app, &round).await;
        let back = ExcludeCommand { who: seen(&now, demand), school, before: Some(ExclusionCategory::Family), category: None };
        board::exclude(&app.app, &ME, &round, back).await.unwrap();
        let now = view(&app.app, &round).await;
        let there = board::candidates_of(&now, demand).unwrap().into_iter().find(|c| c.school == school).unwrap();
        assert_eq!(there.access, PlaceAccess::Fits);
    }

    async fn a_team_is_made_changed_and_removed(app: TestApp) {
        let round = app.proposed("almere").await;
        let before = view(&app.app, &round).await;
        let members = some_placed(&before, 4);
        let apart = members.iter().find(|m| before.data.place_of(**m).unwrap().1.school != before.data.place_of(members[0]).unwrap().1.school);
        let mut pair = vec![members[0], *apart.unwrap()];
        pair.sort_unstable();
        let make = |name: &str, members: &[DemandId]| TeamCommand::Make { name: name.to_owned(), members: members.to_vec() };
        for (bad, expected) in [(make("", &pair), "ongeldige-invoer"), (make("Leerteam", &pair[..1]), "ongeldige-invoer")] {
            assert_eq!(code(board::team(&app.app, &ME, &round, bad).await), expected);
        }
        let made = board::team(&app.app, &ME, &round, make("Leerteam Noord", &pair)).await.unwrap();
        let now = view(&app.app, &round).await;
        assert_eq!(now.data.teams[0].members, pair);
        assert_eq!(now.counts.iter().find(|(kind, _)| *kind == ExceptionKind::TeamApart).unwrap().1, 2);
        assert_eq!(code(board::team(&app.app, &ME, &round, make("leerteam noord", &members[2..])).await), "naam-bestaat");
        assert_eq!(code(board::team(&app.app, &ME, &round, make("Ander team", &pair)).await), "al-in-team");

        let seen = TeamSeen { team: made.team, tag: team_tag(&now.data.teams[0]) };
        let wider = TeamCommand::Change { seen: seen.clone(), name: "Leerteam".to_owned(), members: members.clone() };
        let changed = board::team(&app.app, &ME, &round, wider.clone()).await.unwrap();
        assert_eq!(code(board::team(&app.app, &ME, &round, wider).await), "intussen-gewijzigd");
        assert_eq!(code(board::undo(&app.app, &ME, &round, made.change).await), "intussen-gewijzigd");
        board::undo(&app.app, &ME, &round, changed.change).await.unwrap();
        let removed = board::team(&app.app, &ME, &round, TeamCommand::Remove(seen)).await.unwrap();
        assert!(view(&app.app, &round).await.data.teams.is_empty());
        board::undo(&app.app, &ME, &round, removed.change).await.unwrap();
        assert_eq!(view(&app.app, &round).await.data.teams[0].members, pair);
        board::undo(&app.app, &ME, &round, made.change).await.unwrap();
        assert!(view(&app.app, &round).await.data.teams.is_empty());
    }

    async fn many_at_once_is_one_change(app: TestApp) {
        let round = app.proposed("almere").await;
        let before = view(&app.app, &round).await;
        let chosen = some_placed(&before, 12);
        let rows = |view: &BoardView| chosen.iter().map(|demand| seen(view, *demand)).collect::<Vec<_>>();
        let mut at = before.clone();
        for (action, sentence) in [
            (BulkAction::Pin, "12 plekken zijn vastgezet."),
            (BulkAction::Unpin, "12 plekken zijn niet meer vastgezet."),
            (BulkAction::Release, "12 studenten hebben geen plek meer."),
            (BulkAction::LeaveOut, "12 studenten zijn overgeslagen bij het volgende voorstel."),
            (BulkAction::TakePart, "12 studenten doen weer mee bij het volgende voorstel."),
        ] {
            board::bulk(&app.app, &ME, &round, BulkCommand { action, rows: rows(&at) }).await.unwrap();
            at = view(&app.app, &round).await;
            assert_eq!(at.last_change.as_ref().unwrap().sentence, sentence);
            let again = board::bulk(&app.app, &ME, &round, BulkCommand { action, rows: rows(&at) }).await;
            assert_eq!(code(again), "niets-te-doen", "{action:?}");
            app.check_invariants().await;
        }
        let stale = BulkCommand { action: BulkAction::Release, rows: rows(&before) };
        assert_eq!(code(board::bulk(&app.app, &ME, &round, stale).await), "intussen-gewijzigd");
        let nobody = BulkCommand { action: BulkAction::Release, rows: Vec::new() };
        assert_eq!(code(board::bulk(&app.app, &ME, &round, nobody).await), "ongeldige-invoer");
        for _ in 0..5 {
            let last = view(&app.app, &round).await.last_change.unwrap();
            board::undo(&app.app, &ME, &round, last.id).await.unwrap();
        }
        assert_same(&view(&app.app, &round).await, &before);
        app.check_invariants().await;
    }

    async fn the_consequences_that_are_shown_are_those_that_come(app: TestApp) {
        let round = app.proposed("almere").await;
        let before = view(&app.app, &round).await;
        let chosen = some_placed(&before, 5);
        let mut outlook = board::Outlook::new(&before.data);
        let told = board::bulk_outlook(&before.data, &mut outlook, &chosen).into_iter().find(|o| o.action == BulkAction::Release).unwrap();
        assert_eq!((told.students, told.freed), (5, 5));
        let (one, other) = pair(&before);
        let swapped = board::swap_outlook(&before.data, &mut outlook, one, other).unwrap();
        assert!(swapped.fits());
        let (demand, to) = movable(&before);
        let candidates = board::candidates_of(&before, demand).unwrap();
        let place = board::consequences(&before, demand, &candidates).into_iter().find(|c| c.standing == to.standing).unwrap();

        let figures = |view: &BoardView| kernschil_app::coverage::figures_of(&view.data);
        board::place(&app.app, &ME, &round, command(&before, demand, &to)).await.unwrap();
        let now = view(&app.app, &round).await;
        assert_eq!(figures(&now), place.coverage);
        board::undo(&app.app, &ME, &round, now.last_change.unwrap().id).await.unwrap();
        let now = view(&app.app, &round).await;
        let swap = SwapCommand { one: placed(&now, one), other: placed(&now, other), reason: None };
        let change = board::swap(&app.app, &ME, &round, swap).await.unwrap();
        assert_eq!(figures(&view(&app.app, &round).await), swapped.coverage);
        board::undo(&app.app, &ME, &round, change).await.unwrap();
        let now = view(&app.app, &round).await;
        let rows = chosen.iter().map(|demand| seen(&now, *demand)).collect();
        board::bulk(&app.app, &ME, &round, BulkCommand { action: BulkAction::Release, rows }).await.unwrap();
        assert_eq!(figures(&view(&app.app, &round).await), told.coverage);
    }
}
