//! The waiting list, and who was where.

use kernschil_app::mutations::{self};
use kernschil_app::{history, waiting_list};
use kernschil_domain::codes::{PhaseKind, PlacementStatus};
use kernschil_domain::ids::{DemandId, OfferId};
use kernschil_domain::mutations::MutationSubject;
use kernschil_domain::policy::Order;
use uuid::Uuid;

use super::{CLI, announced, carry_out, code, different, picture, planned, told};
use crate::support::TestApp;

both_databases! {
    async fn the_list_is_in_the_order_it_says_and_places_what_is_free(app: TestApp) {
        let round = announced(&app, "almere").await;
        let data = picture(&app.app, &round).await;
        // Two students lose their place: one in the final phase.
        let kind = |demand: &DemandId| data.registry.phases[&data.demands[demand].phase].kind;
        let last = *data.placements.keys().find(|demand| kind(demand) == PhaseKind::Final).unwrap();
        let first = *data.placements.keys().find(|demand| kind(demand) != PhaseKind::Final).unwrap();
        for demand in [first, last] {
            let stops = planned(&app.app, &round, MutationSubject::StudentStopped { demand }).await;
            carry_out(&app.app, &round, &stops, Order::KeptFirst).await.unwrap();
        }
        let before = waiting_list::list(&app.app, &CLI, &round).await.unwrap().rows;
        app.app.store.write(async |tx| {
            for demand in [first, last] {
                kernschil_storage::mutations::set_need(tx, demand, kernschil_domain::codes::Need::Required, kernschil_domain::codes::Turn::TakesPart).await?;
            }
            Ok::<_, kernschil_storage::StorageError>(())
        }).await.unwrap();
        let list = waiting_list::list(&app.app, &CLI, &round).await.unwrap();
        assert_eq!(list.rows.len(), before.len() + 2);
        assert_eq!(list.rows.iter().map(|row| row.rank).collect::<Vec<_>>(), (1..=list.rows.len()).collect::<Vec<_>>());
        let finals = list.rows.iter().take_while(|row| row.phase_kind == PhaseKind::Final).count();
        assert!(list.rows[finals..].iter().all(|row| row.phase_kind != PhaseKind::Final));
        assert!(list.rows[..finals].windows(2).all(|pair| pair[0].since <= pair[1].since));
        assert!(list.rows[..finals].iter().any(|row| row.row.demand == last && row.last_school.is_some()));

        // What is free and fits is given at once, with letters to both sides and nobody else.
        let free = &waiting_list::free(&list.data, &[last])[&last];
        let place = free.best.first().expect("the place she left is free");
        let taken = list.data.offers.values().find(|offer| offer.free() == 0 && offer.period == list.data.demands[&last].period).unwrap().id;
        assert!(matches!(code(mutations::place_waiting(&app.app, &CLI, &round, last, taken).await).as_str(), "plek-vergeven" | "plek-past-niet"));
        assert_eq!(code(mutations::place_waiting(&app.app, &CLI, &round, last, OfferId(Uuid::from_u128(9))).await), "niet-gevonden");
        let was = picture(&app.app, &round).await;
        mutations::place_waiting(&app.app, &CLI, &round, last, place.offer).await.unwrap();
        let now = picture(&app.app, &round).await;
        assert_eq!(different(&was, &now).into_iter().collect::<Vec<_>>(), [last]);
        assert_eq!(now.placements[&last].status, PlacementStatus::Announced);
        assert_eq!(told(&app.app, &round).await, ([last].into(), [place.school].into()));
        assert_eq!(code(mutations::place_waiting(&app.app, &CLI, &round, last, place.offer).await), "al-geplaatst");
        assert!(waiting_list::list(&app.app, &CLI, &round).await.unwrap().rows.iter().all(|row| row.row.demand != last));
        app.check_invariants().await;
    }

    async fn history_tells_who_was_where_and_how_it_came_about(app: TestApp) {
        let round = announced(&app, "talent").await;
        let before = picture(&app.app, &round).await;
        let demand = *before.placements.keys().next().unwrap();
        let student = before.demands[&demand].student;
        let old = before.place_of(demand).unwrap().1.school;
        let plan = planned(&app.app, &round, MutationSubject::StudentRefused { demand, school: old }).await;
        carry_out(&app.app, &round, &plan, Order::KeptFirst).await.unwrap();
        let after = picture(&app.app, &round).await;
        let new = after.place_of(demand).unwrap().1.school;

        let stays = history::of_student(&app.app, &CLI, &round, student).await.unwrap();
        let of_demand: Vec<_> = stays.iter().filter(|stay| stay.demand == demand).collect();
        assert_eq!(of_demand.iter().map(|stay| (stay.school, stay.ended_how.is_some())).collect::<Vec<_>>(), [(new, false), (old, true)]);
        assert_eq!(of_demand[0].made_how, "wijziging: school weigert student");
        assert_eq!((of_demand[1].made_how.as_str(), of_demand[1].ended_how.as_deref()), ("voorstel", Some("wijziging: school weigert student")));
        assert!(of_demand.iter().all(|stay| stay.announced_at.is_some()));
        assert!(of_demand[1].ended_at.is_some());

        let code = before.registry.schools[&old].code.to_string();
        let there = history::of_school(&app.app, &CLI, &round, &code).await.unwrap();
        assert!(there.iter().any(|stay| stay.demand == demand && stay.ended_how.is_some()));
        assert!(there.iter().all(|stay| stay.school == old));
    }
}
