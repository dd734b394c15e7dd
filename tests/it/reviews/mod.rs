//! Peer reviews, from the calendar to the report.

mod api;
mod browser;
mod calendar;
mod crash;
mod day;
mod dossier;
mod evidence;
mod figures;
mod findings;
mod findings_asked;
mod follow_up;
mod forgetting;
mod frameworks;
mod gates;
mod intruders;
mod invited;
mod joining;
mod leaks;
mod log;
mod outcome;
mod people;
mod program;
mod programme;
mod questions;
mod reflection;
mod reminders;
mod report;
mod reported;
mod seals;
mod stage;
mod steps;
mod together;
mod typed;
mod weighing;

use kernschil_app::reviews::{self, NewReview};
use kernschil_app::{Actor, App};
use kernschil_domain::frameworks::{Framework, FrameworkContent, FrameworkState, Origin, PartCode, Safeguard};
use kernschil_domain::ids::{FrameworkId, PartnershipId, RegionId, Version};
use kernschil_domain::registry::Registry;
use kernschil_domain::reviews::{Receiver, ReviewKind};

use crate::support::TestApp;

const LINE: Actor = Actor::CommandLine;

/// A published framework of four safeguards, for reviews to be pinned to.
pub(crate) async fn store_framework(app: &App) {
    let safeguard = |(code, name): (&str, &str)| Safeguard {
        code: PartCode(code.to_owned()),
        name: name.to_owned(),
        description: "Omschrijving".to_owned(),
        origin: Origin::Paraphrase,
        questions: Vec::new(),
        criteria: Vec::new(),
    };
    let names = [("1", "Lerende leraar"), ("2", "Leeromgeving"), ("3", "Organisatie"), ("4", "Kwaliteitscultuur")];
    let content = FrameworkContent {
        name: "Proefkader".to_owned(),
        source: "Voor deze proef".to_owned(),
        questions: Vec::new(),
        safeguards: names.map(safeguard).to_vec(),
    };
    let framework = Framework {
        id: FrameworkId(app.ids.next()),
        slug: "proefkader".to_owned(),
        hash: kernschil_app::frameworks::hash(&content),
        content,
        state: FrameworkState::Published { at: app.clock.now() },
        made_at: app.clock.now(),
        made_by: None,
        version: Version::FIRST,
    };
    app.store.write(async |tx| kernschil_storage::frameworks::insert(tx, &framework).await).await.unwrap();
}

/// Who takes part in the field.
async fn registry(app: &TestApp) -> Registry {
    app.app.store.read(async |tx| kernschil_storage::registry::load(tx).await).await.unwrap()
}

/// The regions of a partnership.
async fn regions(app: &TestApp, partnership: PartnershipId) -> Vec<RegionId> {
    registry(app).await.partnerships[&partnership].regions.clone()
}

/// A developmental review of somebody, on the framework that was published last.
pub(crate) fn new_review(name: &str, receiver: Receiver) -> NewReview {
    NewReview {
        name: name.to_owned(),
        kind: ReviewKind::Developmental,
        receiver,
        framework: None,
        years: Vec::new(),
        visit_on: None,
        due_on: None,
        previous: None,
        past: None,
    }
}

/// A review of the first partnership of the small example, by its name in addresses.
async fn one_review(app: &TestApp) -> String {
    app.load(kernschil_spreadsheets::ImportKind::Partnerships, "talent/partnerschappen.xlsx").await;
    store_framework(&app.app).await;
    let first = *registry(app).await.partnerships.keys().next().unwrap();
    reviews::make(&app.app, &LINE, new_review("Peer review proef", Receiver::Partnership(first))).await.unwrap()
}
