//! Placing by hand: reasons, undo, and two coordinators at once.

mod by_hand;
mod over_http;
mod race;

use kernschil_app::board::{self, BoardView, Candidate, ExceptionKind, PlaceCommand};
use kernschil_app::{Actor, App, AppError};
use kernschil_domain::codes::{Guidance, PlacementSource};
use kernschil_domain::ids::{DemandId, PlacementId};

use crate::support::TestApp;

async fn view(app: &App, round: &str) -> BoardView {
    board::board(app, &Actor::CommandLine, round).await.unwrap()
}

fn placement(view: &BoardView, demand: DemandId) -> Option<PlacementId> {
    view.data.placements.get(&demand).map(|p| p.id)
}

fn command(view: &BoardView, demand: DemandId, to: &Candidate) -> PlaceCommand {
    PlaceCommand { demand, offer: to.offer, seen: placement(view, demand), guidance: Guidance::Extra, reason: None }
}

/// A placed student and another place that fits.
fn movable(view: &BoardView) -> (DemandId, Candidate) {
    view.rows
        .iter()
        .filter(|row| row.row.place.is_some())
        .find_map(|row| {
            let other = board::candidates_of(view, row.row.demand).unwrap().into_iter();
            let other = other.filter(|c| c.misfits.is_empty()).find(|c| c.current == board::Current::Elsewhere)?;
            Some((row.row.demand, other))
        })
        .expect("somebody can move")
}

both_databases! {
    async fn exceptions_come_first_and_every_demand_is_on_the_board(app: TestApp) {
        let round = app.proposed("almere").await;
        let view = view(&app.app, &round).await;
        let first_plain = view.rows.iter().position(|row| row.exceptions.is_empty()).unwrap();
        assert!(view.rows[first_plain..].iter().all(|row| row.exceptions.is_empty()));
        assert_eq!(view.rows.len() - first_plain, view.unremarkable);
        let outside = view.counts.iter().find(|(kind, _)| *kind == ExceptionKind::Outside).unwrap().1;
        assert!(outside > 0);
    }

    async fn a_student_moves_and_moves_back_with_undo(app: TestApp) {
        let round = app.proposed("almere").await;
        let before = view(&app.app, &round).await;
        let (demand, to) = movable(&before);
        let change = board::place(&app.app, &Actor::CommandLine, &round, command(&before, demand, &to)).await.unwrap();

        let moved = view(&app.app, &round).await;
        let now = &moved.data.placements[&demand];
        assert_eq!((now.offer, now.source), (to.offer, PlacementSource::Hand));
        assert_eq!(moved.last_change.as_ref().map(|c| c.id), Some(change));
        app.check_invariants().await;

        board::undo(&app.app, &Actor::CommandLine, &round, change).await.unwrap();
        let after = view(&app.app, &round).await;
        assert_eq!(after.data.placements[&demand].offer, before.data.placements[&demand].offer);
        assert!(after.last_change.is_none());
        let twice = board::undo(&app.app, &Actor::CommandLine, &round, change).await;
        assert!(matches!(twice, Err(AppError::Conflict { code: "intussen-gewijzigd", .. })), "{twice:?}");
        app.check_invariants().await;
    }

    async fn a_released_place_is_free_again_and_undo_gives_it_back(app: TestApp) {
        let round = app.proposed("almere").await;
        let before = view(&app.app, &round).await;
        let demand = before.rows.iter().find(|row| row.row.place.is_some()).unwrap().row.demand;
        let seen = placement(&before, demand).unwrap();
        let change = board::release(&app.app, &Actor::CommandLine, &round, demand, seen).await.unwrap();
        assert!(placement(&view(&app.app, &round).await, demand).is_none());
        app.check_invariants().await;
        board::undo(&app.app, &Actor::CommandLine, &round, change).await.unwrap();
        assert!(placement(&view(&app.app, &round).await, demand).is_some());
        app.check_invariants().await;
    }

    async fn a_place_against_a_rule_is_refused_with_every_rule(app: TestApp) {
        let round = app.proposed("almere").await;
        let view = view(&app.app, &round).await;
        let (demand, wrong) = view.rows.iter().find_map(|row| {
            let candidates = board::candidates_of(&view, row.row.demand).unwrap();
            let wrong = candidates.into_iter().find(|c| matches!(c.access, board::PlaceAccess::WithReason(_)))?;
            Some((row.row.demand, wrong))
        }).unwrap();
        let answer = board::place(&app.app, &Actor::CommandLine, &round, command(&view, demand, &wrong)).await;
        let Err(AppError::Conflict { code: "reden-nodig", message }) = answer else { panic!("{answer:?}") };
        for misfit in &wrong.misfits {
            assert!(message.contains(&misfit.dutch()), "{message}");
        }
    }

    async fn who_looked_too_early_is_told_so(app: TestApp) {
        let round = app.proposed("almere").await;
        let stale = view(&app.app, &round).await;
        let (demand, to) = movable(&stale);
        board::place(&app.app, &Actor::CommandLine, &round, command(&stale, demand, &to)).await.unwrap();
        let answer = board::place(&app.app, &Actor::CommandLine, &round, command(&stale, demand, &to)).await;
        assert!(matches!(answer, Err(AppError::Conflict { code: "intussen-gewijzigd", .. })), "{answer:?}");
        app.check_invariants().await;
    }

    async fn two_coordinators_never_give_a_place_twice(app: TestApp) {
        let round = app.proposed("almere").await;
        let seen = view(&app.app, &round).await;
        // Everybody who could move wants the same last place of one offer.
        let (_, wanted) = movable(&seen);
        let wanting: Vec<_> = seen.rows.iter().filter(|row| row.row.place.is_some()).filter_map(|row| {
            let fits = board::candidates_of(&seen, row.row.demand).unwrap().into_iter();
            let same = fits.filter(|c| c.misfits.is_empty() && c.current == board::Current::Elsewhere).find(|c| c.offer == wanted.offer)?;
            Some(command(&seen, row.row.demand, &same))
        }).take(24).collect();
        assert!(wanting.len() > usize::try_from(wanted.free).unwrap(), "the race needs more students than places");
        let tasks: Vec<_> = wanting.into_iter().map(|command| {
            let (app, round) = (app.app.clone(), round.clone());
            tokio::spawn(async move { board::place(&app, &Actor::CommandLine, &round, command).await })
        }).collect();
        let mut won = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => won += 1,
                Err(AppError::Conflict { code: "plek-vergeven", .. }) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(won, wanted.free);
        app.check_invariants().await;
    }
}
