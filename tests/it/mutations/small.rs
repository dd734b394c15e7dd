//! One student stops, is refused, or comes back: nobody else is touched without need.

use kernschil_app::mutations::{Cause, Proven};
use kernschil_domain::codes::{ExclusionCategory, Need, PlacementStatus, RoundState};
use kernschil_domain::ids::DemandId;
use kernschil_domain::mutations::{LetterKind, MutationState, MutationSubject, SnapshotKind};
use kernschil_domain::policy::Order;
use kernschil_domain::rounds::RoundData;

use super::{announced, carry_out, different, last_letters, option, picture, planned, told, touched, view};
use crate::support::TestApp;

/// A demand with a place.
fn placed(data: &RoundData) -> DemandId {
    *data.placements.keys().next().unwrap()
}

both_databases! {
    async fn a_student_stops_nobody_else_moves_and_one_place_is_free(app: TestApp) {
        let round = announced(&app, "almere").await;
        let before = picture(&app.app, &round).await;
        let demand = placed(&before);
        let (placement, offer) = before.place_of(demand).map(|(p, o)| (p.id, o.clone())).unwrap();
        let plan = planned(&app.app, &round, MutationSubject::StudentStopped { demand }).await;
        assert_eq!(plan.row.state, MutationState::Planned);
        let kept = option(&plan, Order::KeptFirst);
        assert_eq!((kept.outcome, kept.proven), ((0, 1, 0), Proven::Best));
        assert_eq!(different(&before, &picture(&app.app, &round).await).len(), 0, "a plan moves nobody");

        let done = carry_out(&app.app, &round, &plan, Order::KeptFirst).await.unwrap();
        let after = picture(&app.app, &round).await;
        assert_eq!(different(&before, &after).into_iter().collect::<Vec<_>>(), [demand]);
        assert_eq!(after.demands[&demand].need, Need::NotRequired);
        assert_eq!((after.offers[&offer.id].count, after.offers[&offer.id].used), (offer.count, offer.used - 1));
        assert_eq!(after.round.state, RoundState::Changing);
        let old = &after.withdrawn[&placement];
        assert_eq!((old.status, old.mutation, old.ended_at.is_some()), (PlacementStatus::Withdrawn, Some(plan.row.id), true));

        // A letter to the student, a list to the school, and nothing to anybody else.
        let letters = last_letters(&app.app, &round).await;
        assert_eq!(letters.iter().map(|letter| letter.kind).collect::<Vec<_>>(), [LetterKind::School, LetterKind::Ended]);
        assert_eq!((done.to_students, done.to_schools), (1, 1));
        let frozen = app.app.store.read(async |tx| kernschil_storage::announcements::snapshots(tx, after.round.id).await).await.unwrap();
        assert_eq!(frozen[0].kind, SnapshotKind::Mutation);
        app.check_invariants().await;
    }

    async fn a_refused_student_goes_elsewhere_and_never_back(app: TestApp) {
        let round = announced(&app, "talent").await;
        let before = picture(&app.app, &round).await;
        let demand = placed(&before);
        let school = before.place_of(demand).unwrap().1.school;
        let plan = planned(&app.app, &round, MutationSubject::StudentRefused { demand, school }).await;
        let kept = option(&plan, Order::KeptFirst);
        assert_eq!(kept.outcome, (1, 0, 0), "there is room in Talent: only she moves");
        assert_eq!((kept.moves[0].demand, kept.moves[0].cause), (demand, Cause::Own));
        carry_out(&app.app, &round, &plan, Order::KeptFirst).await.unwrap();
        let after = picture(&app.app, &round).await;
        assert_eq!(different(&before, &after).into_iter().collect::<Vec<_>>(), [demand]);
        assert_ne!(after.place_of(demand).unwrap().1.school, school);
        assert_eq!(after.exclusions.iter().map(|e| (e.demand, e.school, e.category)).collect::<Vec<_>>(), [(demand, school, ExclusionCategory::School)]);
        assert_eq!(told(&app.app, &round).await, (different(&before, &after), touched(&before, &after)));
        assert_eq!(last_letters(&app.app, &round).await.last().unwrap().kind, LetterKind::Moved);
        app.check_invariants().await;
    }

    async fn who_stopped_and_comes_back_gets_a_place_and_nobody_moves_for_her(app: TestApp) {
        let round = announced(&app, "almere").await;
        let first = picture(&app.app, &round).await;
        let demand = placed(&first);
        let stops = planned(&app.app, &round, MutationSubject::StudentStopped { demand }).await;
        carry_out(&app.app, &round, &stops, Order::KeptFirst).await.unwrap();
        let before = picture(&app.app, &round).await;
        let comes = planned(&app.app, &round, MutationSubject::StudentLate { demand }).await;
        let kept = option(&comes, Order::KeptFirst);
        assert_eq!(kept.outcome, (0, 0, 1));
        carry_out(&app.app, &round, &comes, Order::KeptFirst).await.unwrap();
        let after = picture(&app.app, &round).await;
        assert_eq!(different(&before, &after).into_iter().collect::<Vec<_>>(), [demand]);
        let now = &after.placements[&demand];
        assert_eq!((now.status, now.announced_at.is_some(), now.mutation), (PlacementStatus::Announced, true, Some(comes.row.id)));
        assert_eq!(last_letters(&app.app, &round).await.last().unwrap().kind, LetterKind::Placed);
        assert_eq!(view(&app.app, &round, comes.row.id).await.row.outcome, Some((0, 0, 1)));
        app.check_invariants().await;
    }
}
