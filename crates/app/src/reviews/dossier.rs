//! The dossier of one review: how far it is, what is missing, whose turn it is, and what happened.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use kernschil_domain::access::Permission;
use kernschil_domain::frameworks::Framework;
use kernschil_domain::ids::UserId;
use kernschil_domain::reviews::{
    Deadline, Missing, Review, ReviewEvent, ReviewState, ReviewStep, StepStanding, WaitsFor, deadline, missing, next_step, possible,
    second_chance,
};
use kernschil_storage::access::{UserState, users};
use kernschil_storage::reviews::steps;
use kernschil_storage::{Tx, frameworks, reviews};

use super::happened::{Happened, Onlooker};
use super::{members, moving, outcome, sight};
use crate::error::AppError;
use crate::{Actor, App};

/// Whose turn it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Place of the step in the order.
    pub ordinal: i32,
    /// The step.
    pub step: String,
    /// Whose turn.
    pub waits_for: WaitsFor,
    /// Names of the members who still have to act, where not all of that side do and the reader may know.
    pub names: Vec<String>,
    /// When it should be done.
    pub due_on: Option<NaiveDate>,
    /// Days that it is late; zero when it is not.
    pub days_late: i64,
}

impl Turn {
    /// Whose turn it is, in a Dutch sentence.
    pub fn sentence(&self) -> String {
        let until = self.due_on.map(|day| format!(" (uiterlijk {})", day.format("%-d-%-m-%Y"))).unwrap_or_default();
        let late = match self.days_late {
            0 => String::new(),
            1 => " Dat is één dag te laat.".to_owned(),
            days => format!(" Dat is {days} dagen te laat."),
        };
        let names = match self.names.as_slice() {
            [] => String::new(),
            [one] => format!(" ({one})"),
            [first @ .., last] => format!(" ({} en {last})", first.join(", ")),
        };
        format!("Aan zet: {}{names}, voor “{}”{until}; {}.{late}", self.waits_for.dutch(), self.step, self.waits_for.waiting())
    }
}

/// Whose turn it is in a review; nothing when all steps of its phase were done, or nothing is done in it any more.
pub(super) fn turn(review: &Review, steps: &[ReviewStep], happened: &Happened, today: NaiveDate, onlooker: Onlooker) -> Option<Turn> {
    let (step, standing) = next_step(review.state, steps, &happened.standings)?;
    let waits = standing.waits()?;
    Some(Turn {
        ordinal: step.ordinal,
        step: step.template.name.clone(),
        waits_for: waits.side,
        names: happened.names(step, waits, onlooker),
        due_on: standing.due_on,
        days_late: standing.due_on.map_or(0, |day| (today - day).num_days().max(0)),
    })
}

/// Something that happened to the review as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveView {
    /// What happened.
    pub event: ReviewEvent,
    /// To where.
    pub to: ReviewState,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom; nothing for who has no account any more, and for the command line.
    pub by: Option<String>,
    /// Why, where a reason was asked.
    pub reason: Option<String>,
}

/// Another review, before or after this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// Everything about a review as a whole.
#[derive(Debug, Clone)]
pub struct Dossier {
    /// The review.
    pub review: Review,
    /// Whose it is, in words.
    pub receiver: String,
    /// The framework it is pinned to.
    pub framework: Framework,
    /// Its steps, in order.
    pub steps: Vec<ReviewStep>,
    /// How each of them stands, in the same order.
    pub standings: Vec<StepStanding>,
    /// What happened, oldest first.
    pub moves: Vec<MoveView>,
    /// Whose turn it is.
    pub turn: Option<Turn>,
    /// The event that ends the phase it is in, with what is missing for it; nothing when it ended.
    pub next: Option<(ReviewEvent, Vec<Missing>)>,
    /// All events that fit its state.
    pub possible: Vec<ReviewEvent>,
    /// How it stands to its last day.
    pub deadline: Deadline,
    /// The review before this one, when the reader may open it.
    pub previous: Option<Neighbour>,
    /// The reviews after this one that the reader may open.
    pub following: Vec<Neighbour>,
    /// The last day of a second chance that can still be made.
    pub second_chance: Option<NaiveDate>,
    /// What the reader may do in this review.
    pub may: Vec<Permission>,
}

impl Dossier {
    /// Whether the reader may do something in this review.
    pub fn may(&self, permission: Permission) -> bool {
        self.may.contains(&permission)
    }
}

/// The dossier of a review.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn dossier(app: &App, actor: &Actor, slug: &str) -> Result<Dossier, AppError> {
    app.store.read(async |tx| load(app, tx, actor, slug).await).await
}

async fn load(app: &App, tx: &Tx, actor: &Actor, slug: &str) -> Result<Dossier, AppError> {
    let known = sight::review(tx, actor, slug, Permission::ReadReview).await?;
    let framework = frameworks::get(tx, known.review.framework).await?;
    let progress = moving::progress(app, tx, &known, &framework).await?;
    let all = reviews::list(tx).await?;
    let open = sight::within(actor, Permission::ReadReview, &known.registry, all.clone());
    let outcome = outcome::shown(tx, actor, &known).await?;
    let is_panel = members::seat(tx, actor, &known).await?.is_some_and(|member| member.role.is_panel() && member.has_agreed());
    let (review, registry) = (Review { outcome, ..known.review }, known.registry);
    let steps = steps::of_review(tx, review.id).await?;
    let today = app.clock.today();
    let happened = Happened::of(tx, &registry, &review, &steps, today).await?;
    let onlooker = if is_panel { Onlooker::Panel } else { Onlooker::Dossier };
    let neighbour = |other: &Review| Neighbour { slug: other.slug.clone(), name: other.name.clone() };
    let before = all.iter().find(|other| Some(other.id) == review.previous);
    let has_next = all.iter().any(|other| other.previous == Some(review.id));
    let holds =
        |permission: &Permission| actor.may(*permission) && !sight::within(actor, *permission, &registry, vec![review.clone()]).is_empty();
    let events = possible(review.kind, review.state);
    Ok(Dossier {
        receiver: review.receiver.name(&registry),
        framework,
        turn: turn(&review, &steps, &happened, today, onlooker),
        next: events.iter().copied().find(|event| !event.needs_reason()).map(|event| (event, missing(&review, event, &progress))),
        possible: events,
        deadline: deadline(&review, today),
        previous: open.iter().find(|other| Some(other.id) == review.previous).map(neighbour),
        following: open.iter().filter(|other| other.previous == Some(review.id)).map(neighbour).collect(),
        second_chance: second_chance(&review, before).ok().filter(|_| !has_next),
        moves: moves(tx, &review).await?,
        may: Permission::ALL.iter().copied().filter(holds).collect(),
        standings: happened.standings,
        steps,
        review,
    })
}

async fn moves(tx: &Tx, review: &Review) -> Result<Vec<MoveView>, AppError> {
    let present = users(tx).await?.into_iter().filter(|user| user.state != UserState::Removed);
    let names: BTreeMap<UserId, String> = present.map(|user| (user.id, user.name)).collect();
    let view = |done: kernschil_domain::reviews::ReviewMove| MoveView {
        event: done.event,
        to: done.to,
        at: done.at,
        by: done.by.and_then(|id| names.get(&id).cloned()),
        reason: done.reason,
    };
    Ok(steps::moves(tx, review.id).await?.into_iter().map(view).collect())
}
