//! Two coordinators at once.

use std::sync::Arc;

use kernschil_app::AppError;
use kernschil_app::mutations::{self, MutationView};
use kernschil_app::proposals::Currency;
use kernschil_domain::mutations::MutationSubject;
use kernschil_domain::policy::Order;

use super::{CLI, announced, carry_out, picture, planned, view};
use crate::support::TestApp;

both_databases! {
    async fn of_two_plans_at_once_one_is_carried_out_and_the_other_is_made_again(app: TestApp) {
        let round = announced(&app, "almere").await;
        let data = picture(&app.app, &round).await;
        let mut full = data.offers.values().filter(|offer| offer.count >= 2 && offer.used == offer.count);
        let (one, two) = (full.next().unwrap().clone(), full.next().unwrap().clone());
        let first = planned(&app.app, &round, MutationSubject::PlacesWithdrawn { offer: one.id, left: 0 }).await;
        let second = planned(&app.app, &round, MutationSubject::PlacesWithdrawn { offer: two.id, left: 0 }).await;
        let start = |view: MutationView| {
            let (app, round) = (app.app.clone(), round.clone());
            tokio::spawn(async move { carry_out(&app, &round, &view, Order::KeptFirst).await })
        };
        let tasks = [start(first.clone()), start(second.clone())];
        let mut lost = Vec::new();
        for (task, view) in tasks.into_iter().zip([first, second]) {
            match task.await.unwrap() {
                Ok(_) => {}
                Err(AppError::Conflict { code: "intussen-gewijzigd", .. }) => lost.push(view),
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(lost.len(), 1, "the first one changes what the other was made from");
        app.check_invariants().await;

        let outdated = view(&app.app, &round, lost[0].row.id).await;
        assert_eq!(outdated.currency, Some(Currency::Outdated));
        mutations::make_plan(&app.app, &CLI, &round, outdated.row.id, outdated.row.version, Arc::default()).await.unwrap();
        let again = view(&app.app, &round, outdated.row.id).await;
        assert_eq!(again.currency, Some(Currency::Current));
        carry_out(&app.app, &round, &again, Order::KeptFirst).await.unwrap();
        let after = picture(&app.app, &round).await;
        assert_eq!((after.offers[&one.id].count, after.offers[&two.id].count), (0, 0));
        app.check_invariants().await;
    }
}
