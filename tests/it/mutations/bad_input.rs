//! What cannot have happened is refused with a code and a sentence, and nothing changes.

use kernschil_app::mutations::{self, CarryOut, NewMutation};
use kernschil_domain::ids::{DemandId, MutationId, OfferId, TrainerId, Version};
use kernschil_domain::mutations::{MutationState, MutationSubject};
use kernschil_domain::policy::Order;
use uuid::Uuid;

use super::{CLI, announced, carry_out, code, picture, planned, version, view};
use crate::support::TestApp;

fn new(subject: MutationSubject) -> NewMutation {
    NewMutation { subject, note: None }
}

both_databases! {
    async fn a_round_that_was_not_announced_has_no_mutations(app: TestApp) {
        let round = app.proposed("almere").await;
        let answer = mutations::note(&app.app, &CLI, &round, new(MutationSubject::Enrolment)).await;
        assert_eq!(code(answer), "niet-bekendgemaakt");
        assert!(mutations::list(&app.app, &CLI, &round).await.unwrap().rows.is_empty());
    }

    async fn what_cannot_be_is_refused(app: TestApp) {
        let round = announced(&app, "almere").await;
        let data = picture(&app.app, &round).await;
        let offer = data.offers.values().find(|offer| offer.count > 1).unwrap();
        for left in [-1, offer.count, offer.count + 1, i32::MAX, i32::MIN] {
            let answer = mutations::note(&app.app, &CLI, &round, new(MutationSubject::PlacesWithdrawn { offer: offer.id, left })).await;
            assert_eq!(code(answer), "plekken-over-onmogelijk", "{left}");
        }
        let placed = *data.placements.keys().next().unwrap();
        let elsewhere = data.offers.values().find(|o| o.school != data.place_of(placed).unwrap().1.school).unwrap().school;
        let nobody = DemandId(Uuid::from_u128(9));
        let refused = [
            (MutationSubject::PlacesWithdrawn { offer: OfferId(Uuid::from_u128(9)), left: 0 }, "niet-gevonden"),
            (MutationSubject::TrainerOut { trainer: TrainerId(Uuid::from_u128(9)) }, "niet-gevonden"),
            // A student of another round is nobody in this one.
            (MutationSubject::StudentStopped { demand: nobody }, "niet-gevonden"),
            (MutationSubject::StudentLate { demand: nobody }, "niet-gevonden"),
            (MutationSubject::StudentRefused { demand: nobody, school: elsewhere }, "niet-gevonden"),
            (MutationSubject::StudentLate { demand: placed }, "al-geplaatst"),
            (MutationSubject::StudentRefused { demand: placed, school: elsewhere }, "niet-op-deze-school"),
        ];
        for (subject, expected) in refused {
            assert_eq!(code(mutations::note(&app.app, &CLI, &round, new(subject.clone())).await), expected, "{subject:?}");
        }
        let long = NewMutation { subject: MutationSubject::StudentStopped { demand: placed }, note: Some("x".repeat(501)) };
        assert_eq!(code(mutations::note(&app.app, &CLI, &round, long).await), "notitie-te-lang");
        assert!(mutations::list(&app.app, &CLI, &round).await.unwrap().rows.is_empty());
    }

    async fn a_student_of_another_round_is_nobody_here(app: TestApp) {
        let other = app.proposed("almere").await;
        let stranger = *picture(&app.app, &other).await.placements.keys().next().unwrap();
        app.load_example("hak").await;
        let round = "hak-2026-2027";
        app.propose(round).await;
        kernschil_app::announcements::fix(&app.app, &CLI, round, version(&app.app, round).await).await.unwrap();
        let seen = version(&app.app, round).await;
        kernschil_app::announcements::announce(&app.app, &CLI, round, kernschil_domain::mutations::Audience::Everybody, seen).await.unwrap();
        let answer = mutations::note(&app.app, &CLI, round, new(MutationSubject::StudentStopped { demand: stranger })).await;
        assert_eq!(code(answer), "niet-gevonden");
    }

    async fn a_mutation_goes_one_way(app: TestApp) {
        let round = announced(&app, "almere").await;
        let data = picture(&app.app, &round).await;
        let demand = *data.placements.keys().next().unwrap();
        let id = mutations::note(&app.app, &CLI, &round, new(MutationSubject::StudentStopped { demand })).await.unwrap();
        let command = |seen| CarryOut { mutation: id, order: Order::KeptFirst, seen };
        assert_eq!(code(mutations::carry_out(&app.app, &CLI, &round, command(Version::FIRST)).await), "geen-plan");
        assert_eq!(code(mutations::carry_out(&app.app, &CLI, &round, command(Version(9))).await), "intussen-gewijzigd");
        assert_eq!(code(mutations::cancel(&app.app, &CLI, &round, MutationId(Uuid::from_u128(9)), Version::FIRST).await), "niet-gevonden");
        mutations::cancel(&app.app, &CLI, &round, id, Version::FIRST).await.unwrap();
        let cancelled = view(&app.app, &round, id).await;
        assert_eq!(cancelled.row.state, MutationState::Cancelled);
        let planned_again = mutations::make_plan(&app.app, &CLI, &round, id, cancelled.row.version, std::sync::Arc::default()).await;
        assert_eq!(code(planned_again), "wijziging-vervallen");
        assert_eq!(code(mutations::ask_plan(&app.app, &CLI, &round, id, cancelled.row.version).await), "wijziging-vervallen");
        assert_eq!(picture(&app.app, &round).await.placements, data.placements);

        let again = planned(&app.app, &round, MutationSubject::StudentStopped { demand }).await;
        carry_out(&app.app, &round, &again, Order::KeptFirst).await.unwrap();
        let done = view(&app.app, &round, again.row.id).await;
        assert_eq!(code(mutations::cancel(&app.app, &CLI, &round, done.row.id, done.row.version).await), "wijziging-doorgevoerd");
        assert_eq!(code(carry_out(&app.app, &round, &done, Order::KeptFirst).await), "wijziging-doorgevoerd");
    }
}
