//! Changes after publication: what is noted, what is planned, what is done, and who hears of it.

mod bad_input;
mod cascades;
mod growth;
mod planning;
mod small;
mod together;
mod waiting;

use std::collections::BTreeSet;
use std::sync::Arc;

use kernschil_app::announcements::{self, Announced};
use kernschil_app::mutations::{self, CarryOut, MutationView, NewMutation, OptionView};
use kernschil_app::{Actor, App, AppError, steps};
use kernschil_domain::ids::{DemandId, MutationId, SchoolId, Version};
use kernschil_domain::mutations::{Audience, Letter, MutationSubject};
use kernschil_domain::policy::Order;
use kernschil_domain::rounds::RoundData;
use kernschil_storage::rounds;

use crate::support::TestApp;

const CLI: Actor = Actor::CommandLine;

async fn picture(app: &App, slug: &str) -> RoundData {
    app.store.read(async |tx| rounds::picture(tx, slug).await).await.unwrap()
}

async fn version(app: &App, slug: &str) -> Version {
    steps::of_round(app, &CLI, slug).await.unwrap().round.version
}

/// An example with its proposal fixed and announced to everybody.
async fn announced(app: &TestApp, folder: &str) -> String {
    let slug = app.proposed(folder).await;
    announcements::fix(&app.app, &CLI, &slug, version(&app.app, &slug).await).await.unwrap();
    let now = version(&app.app, &slug).await;
    let told = announcements::announce(&app.app, &CLI, &slug, Audience::Everybody, now).await.unwrap();
    assert!(matches!(told, Announced::Now(..)));
    slug
}

/// Notes something and makes its plan.
async fn planned(app: &App, slug: &str, subject: MutationSubject) -> MutationView {
    let id = mutations::note(app, &CLI, slug, NewMutation { subject, note: None }).await.unwrap();
    mutations::make_plan(app, &CLI, slug, id, Version::FIRST, Arc::default()).await.unwrap();
    view(app, slug, id).await
}

async fn view(app: &App, slug: &str, id: MutationId) -> MutationView {
    mutations::get(app, &CLI, slug, id).await.unwrap()
}

async fn carry_out(app: &App, slug: &str, view: &MutationView, order: Order) -> Result<mutations::Done, AppError> {
    mutations::carry_out(app, &CLI, slug, CarryOut { mutation: view.row.id, order, seen: view.row.version }).await
}

/// The option in an order; where there is one plan, that one.
fn option(view: &MutationView, order: Order) -> &OptionView {
    view.options.iter().find(|option| option.order == order).unwrap_or(&view.options[0])
}

/// The letters of the last wave.
async fn last_letters(app: &App, slug: &str) -> Vec<Letter> {
    app.store
        .read(async |tx| {
            let round = rounds::by_slug(tx, slug).await?;
            let waves = kernschil_storage::announcements::waves(tx, round.id).await?;
            kernschil_storage::announcements::letters(tx, &[waves.last().unwrap().id]).await
        })
        .await
        .unwrap()
}

/// Students and schools that the last wave wrote to.
async fn told(app: &App, slug: &str) -> (BTreeSet<DemandId>, BTreeSet<SchoolId>) {
    let letters = last_letters(app, slug).await;
    (letters.iter().filter_map(|letter| letter.demand).collect(), letters.iter().filter_map(|letter| letter.school).collect())
}

/// Demands whose placement is another one than before, or that lost or got one.
fn different(before: &RoundData, after: &RoundData) -> BTreeSet<DemandId> {
    let id = |data: &RoundData, demand| data.placements.get(&demand).map(|placement| placement.id);
    after.demands.keys().chain(before.demands.keys()).copied().filter(|demand| id(before, *demand) != id(after, *demand)).collect()
}

/// Schools that somebody left or came to.
fn touched(before: &RoundData, after: &RoundData) -> BTreeSet<SchoolId> {
    let school = |data: &RoundData, demand| data.place_of(demand).map(|(_, offer)| offer.school);
    different(before, after).into_iter().flat_map(|demand| [school(before, demand), school(after, demand)]).flatten().collect()
}

/// The code of a refusal.
fn code<T: std::fmt::Debug>(answer: Result<T, AppError>) -> String {
    match answer.unwrap_err() {
        AppError::Invalid(fields) => fields[0].code.clone(),
        other => other.code().to_owned(),
    }
}
