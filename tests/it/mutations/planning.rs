//! Making a plan in the background: asked for once, watched, stopped, and made again.

use std::sync::Arc;

use kernschil_allocation::Level;
use kernschil_app::jobs::{self, JobKind, JobView};
use kernschil_app::mutations::{self, NewMutation, Proven};
use kernschil_app::proposals::Watch;
use kernschil_app::{App, AppError};
use kernschil_domain::codes::JobState;
use kernschil_domain::ids::{JobId, MutationId, Version};
use kernschil_domain::mutations::{MutationState, MutationSubject};
use kernschil_domain::policy::Order;

use super::{CLI, announced, code, option, picture, planned, view};
use crate::support::TestApp;

async fn noted(app: &App, slug: &str, subject: MutationSubject) -> MutationId {
    mutations::note(app, &CLI, slug, NewMutation { subject, note: None }).await.unwrap()
}

async fn asked(app: &App, slug: &str, id: MutationId) -> JobId {
    mutations::ask_plan(app, &CLI, slug, id, Version::FIRST).await.unwrap()
}

/// Lets the worker do all that waits, and answers these jobs as they ended.
async fn worked(app: &App, all: &[JobId]) -> Vec<JobView> {
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let worker = tokio::spawn(jobs::run(app.clone(), async move { drop(stopped.await) }));
    let mut ended = Vec::new();
    for id in all {
        ended.push(loop {
            let job = jobs::get(app, &CLI, *id).await.unwrap();
            if !matches!(job.state, JobState::Queued | JobState::Running) {
                break job;
            }
            tokio::task::yield_now().await;
        });
    }
    stop.send(()).unwrap();
    worker.await.unwrap();
    ended
}

both_databases! {
    async fn a_plan_is_asked_for_once_made_by_the_worker_and_can_be_followed(app: TestApp) {
        let round = announced(&app, "almere").await;
        let data = picture(&app.app, &round).await;
        let offer = data.offers.values().find(|offer| offer.count >= 2 && offer.used == offer.count).unwrap().id;
        let id = noted(&app.app, &round, MutationSubject::PlacesWithdrawn { offer, left: 0 }).await;
        let job = asked(&app.app, &round, id).await;
        assert_eq!(asked(&app.app, &round, id).await, job, "one plan is made, however often it is asked for");
        assert_eq!(view(&app.app, &round, id).await.planning, Some(job));

        let done = worked(&app.app, &[job]).await.remove(0);
        assert_eq!((done.state, done.kind, done.subject), (JobState::Done, JobKind::Plan, Some(id.0)), "{}", done.message);
        let plan = view(&app.app, &round, id).await;
        assert_eq!((plan.row.state, plan.planning), (MutationState::Planned, None));
        assert_eq!(option(&plan, Order::KeptFirst).proven, Proven::Best);
        // Who saw it before the plan was there does not ask for another.
        assert_eq!(code(mutations::ask_plan(&app.app, &CLI, &round, id, Version::FIRST).await), "intussen-gewijzigd");
    }

    async fn a_plan_can_be_stopped_while_it_waits_and_while_it_is_made_and_nothing_is_stored(app: TestApp) {
        let round = announced(&app, "almere").await;
        let data = picture(&app.app, &round).await;
        let demand = *data.placements.keys().next().unwrap();
        let id = noted(&app.app, &round, MutationSubject::StudentStopped { demand }).await;
        let job = asked(&app.app, &round, id).await;
        jobs::cancel(&app.app, &CLI, job).await.unwrap();
        assert_eq!(worked(&app.app, &[job]).await[0].state, JobState::Cancelled);

        let watch = Arc::new(Watch::default());
        watch.stop();
        let stopped = mutations::make_plan(&app.app, &CLI, &round, id, Version::FIRST, watch).await;
        assert!(matches!(stopped, Err(AppError::Cancelled)), "{stopped:?}");
        let still = view(&app.app, &round, id).await;
        assert_eq!((still.row.state, still.row.version, still.options.len(), still.planning), (MutationState::Noted, Version::FIRST, 0, None));

        let again = asked(&app.app, &round, id).await;
        assert_ne!(again, job, "what was stopped can be asked for anew");
        assert_eq!(worked(&app.app, &[again]).await[0].state, JobState::Done);
    }

    async fn two_plans_at_once_are_both_made_and_of_one_mutation_only_one(app: TestApp) {
        let round = announced(&app, "almere").await;
        let data = picture(&app.app, &round).await;
        let mut placed = data.placements.keys();
        let (one, two) = (*placed.next().unwrap(), *placed.next().unwrap());
        let first = noted(&app.app, &round, MutationSubject::StudentStopped { demand: one }).await;
        let second = noted(&app.app, &round, MutationSubject::StudentStopped { demand: two }).await;
        let jobs = [asked(&app.app, &round, first).await, asked(&app.app, &round, second).await];
        for job in worked(&app.app, &jobs).await {
            assert_eq!(job.state, JobState::Done, "{}", job.message);
        }
        assert_eq!(view(&app.app, &round, second).await.row.state, MutationState::Planned);

        // Two makers of the same plan, both from what was there before: the slower one finds it made.
        let third = noted(&app.app, &round, MutationSubject::StudentStopped { demand: two }).await;
        let make = || {
            let (app, round) = (app.app.clone(), round.clone());
            tokio::spawn(async move { mutations::make_plan(&app, &CLI, &round, third, Version::FIRST, Arc::default()).await })
        };
        let both = [make(), make()];
        let mut made = 0;
        for task in both {
            match task.await.unwrap() {
                Ok(()) => made += 1,
                Err(AppError::Conflict { code: "intussen-gewijzigd", .. }) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(made, 1);
    }

    async fn more_moves_are_priced_on_the_first_level_that_gets_better(app: TestApp) {
        let round = announced(&app, "almere").await;
        let data = picture(&app.app, &round).await;
        let kern = data.placements.values().filter(|p| p.standing == kernschil_domain::standing::Standing::Kern);
        let mut used: std::collections::BTreeMap<_, u32> = std::collections::BTreeMap::new();
        for placement in kern {
            *used.entry(placement.offer).or_default() += 1;
        }
        let offer = used.into_iter().max_by_key(|(offer, used)| (*used, *offer)).unwrap().0;
        let plan = planned(&app.app, &round, MutationSubject::PlacesWithdrawn { offer, left: 0 }).await;
        let more = plan.prices.as_ref().unwrap().more.expect("where so many lose a kern place, moving others helps");
        assert_eq!(more.proven, Proven::Best);
        assert!(more.moves > 0 && more.by > 0, "{more:?}");
        let (kept, covered) = (option(&plan, Order::KeptFirst), option(&plan, Order::CoveredFirst));
        let gained = covered.after.covered() - kept.after.covered();
        assert_eq!(more.level == Level::NotCovered, gained > 0, "coverage stands first: {more:?}");
        if more.level == Level::NotCovered {
            let leaves = |outcome: (usize, usize, usize)| u32::try_from(outcome.0 + outcome.1).unwrap();
            assert_eq!((more.by, more.moves), (gained, leaves(covered.outcome) - leaves(kept.outcome)));
        }
        assert!(more.sentence().starts_with(&format!("Met {} verhuizing", more.moves)), "{}", more.sentence());
    }
}
