//! What waits for whom: whose turn each step, response and follow-up is. Nothing of what anybody found is told.

use chrono::NaiveDate;
use kernschil_domain::access::Permission;
use kernschil_domain::registry::Registry;
use kernschil_domain::reviews::{
    DEADLINE_DAYS, FollowUp, REMINDER_DAYS, ReportState, Review, ReviewMember, ReviewRole, ReviewState, ReviewStep, WaitsFor, deadline,
    next_step, until_words,
};
use kernschil_storage::reviews::{gates, members, reminders, steps};
use kernschil_storage::{Tx, registry, reviews};

use super::sight;
use crate::error::AppError;
use crate::{Actor, App};

/// Something in a review that somebody is to do before a day.
#[derive(Debug, Clone)]
pub(super) struct Matter {
    /// What it is about, for what was sent of it.
    pub(super) about: String,
    /// Whose turn.
    pub(super) waits_for: WaitsFor,
    /// When it should be done.
    pub(super) due_on: NaiveDate,
    /// Days from that day on which it is reminded of.
    pub(super) days: &'static [i32],
    /// What it is, in Dutch: `“Samen wegen” moet klaar zijn`.
    pub(super) words: String,
    /// The page of the dossier; empty for the dossier itself.
    pub(super) page: &'static str,
}

fn step_matter(review: &Review, step: &ReviewStep) -> Option<Matter> {
    Some(Matter {
        about: reminders::about_step(step.ordinal),
        waits_for: step.template.waits_for,
        due_on: step.due_on(review.visit_on)?,
        days: &REMINDER_DAYS,
        words: format!("“{}” moet klaar zijn", step.template.name),
        page: "",
    })
}

fn deadline_matter(review: &Review, today: NaiveDate) -> Option<Matter> {
    deadline(review, today).dutch()?;
    Some(Matter {
        about: "deadline".to_owned(),
        waits_for: WaitsFor::Receiver,
        due_on: review.due_on?,
        days: &DEADLINE_DAYS,
        words: "de peer review moet zijn gehouden".to_owned(),
        page: "gegevens",
    })
}

fn follow_up_matter(follow_up: &FollowUp) -> Option<Matter> {
    Some(Matter {
        about: format!("follow-up-{}", follow_up.id),
        waits_for: WaitsFor::Receiver,
        due_on: follow_up.due_on?,
        days: &REMINDER_DAYS,
        words: "een actie van de opvolging moet klaar zijn".to_owned(),
        page: "opvolging",
    })
}

/// Everything in a review that waits for somebody, whatever its day.
pub(super) async fn matters(
    tx: &Tx,
    review: &Review,
    steps: &[ReviewStep],
    follow_ups: &[FollowUp],
    today: NaiveDate,
) -> Result<Vec<Matter>, AppError> {
    if review.state == ReviewState::Cancelled {
        return Ok(Vec::new());
    }
    let mut found: Vec<_> = follow_ups.iter().filter(|one| one.review == review.id).filter_map(follow_up_matter).collect();
    if review.state == ReviewState::Closed {
        return Ok(found);
    }
    found.extend(steps.iter().filter(|step| step.done_on.is_none()).filter_map(|step| step_matter(review, step)));
    found.extend(deadline_matter(review, today));
    if let Some(due_on) = review.respond_by.filter(|_| review.state == ReviewState::Concluding)
        && gates::report(tx, review.id).await? == Some(ReportState::Responding)
    {
        found.push(Matter {
            about: "response".to_owned(),
            waits_for: WaitsFor::Receiver,
            due_on,
            days: &REMINDER_DAYS,
            words: "uw reactie op het conceptrapport wordt verwacht".to_owned(),
            page: "rapport",
        });
    }
    Ok(found)
}

/// Whether it is the turn of a member of the review.
pub(super) fn is_turn_of(waits_for: WaitsFor, role: ReviewRole) -> bool {
    match waits_for {
        WaitsFor::Receiver => role == ReviewRole::Author,
        WaitsFor::Panel => role.is_panel(),
        WaitsFor::Chair => role == ReviewRole::Chair,
        WaitsFor::Secretary => role == ReviewRole::Secretary,
        WaitsFor::Everybody => role.is_panel() || role == ReviewRole::Author,
    }
}

/// Something that waits for the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Name of the review.
    pub review: String,
    /// The address of the page where it is done.
    pub path: String,
    /// What it is and when, in a Dutch sentence.
    pub sentence: String,
    /// When it should be done; nothing while that is not known.
    pub due_on: Option<NaiveDate>,
    /// Whether that day is past.
    pub late: Lateness,
}

/// How something stands to its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lateness {
    /// There is time.
    InTime,
    /// Its day is past.
    Late,
}

/// Whether it is the reader's turn: by her role in the review, or for the receiving side.
fn is_mine(waits_for: WaitsFor, own: Option<&ReviewMember>, receives: bool) -> bool {
    let for_receiver = matches!(waits_for, WaitsFor::Receiver | WaitsFor::Everybody);
    (receives && for_receiver) || own.is_some_and(|member| is_turn_of(waits_for, member.role))
}

fn path(review: &Review, page: &str) -> String {
    if page.is_empty() { format!("/peer-reviews/{}", review.slug) } else { format!("/peer-reviews/{}/{page}", review.slug) }
}

/// What waits for the reader now in a review: the next step when it is her turn, and everything else with a day near or
/// past.
async fn in_review(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    review: &Review,
    (registry, follow_ups): (&Registry, &[FollowUp]),
) -> Result<Vec<Waiting>, AppError> {
    let today = app.clock.today();
    let all = members::of_review(tx, review.id).await?;
    let own = actor.user().and_then(|user| all.iter().find(|member| member.user == Some(user)));
    let receives = !sight::within(actor, Permission::WriteReflection, registry, vec![review.clone()]).is_empty();
    let steps = steps::of_review(tx, review.id).await?;
    let next = next_step(review.state, &steps);
    let next_about = next.map(|step| reminders::about_step(step.ordinal));
    let is_near = |matter: &Matter| {
        let first = matter.days.iter().min().copied().unwrap_or_default();
        (today - matter.due_on).num_days() >= i64::from(first)
    };
    let is_step = |matter: &Matter| matter.page.is_empty();
    let mut found: Vec<_> = matters(tx, review, &steps, follow_ups, today)
        .await?
        .into_iter()
        .filter(|matter| is_mine(matter.waits_for, own, receives))
        .filter(|matter| if is_step(matter) { Some(&matter.about) == next_about.as_ref() } else { is_near(matter) })
        .map(|matter| Waiting {
            review: review.name.clone(),
            path: path(review, matter.page),
            sentence: format!("{}: {}.", capital(&matter.words), until_words(today, matter.due_on)),
            due_on: Some(matter.due_on),
            late: if matter.due_on < today { Lateness::Late } else { Lateness::InTime },
        })
        .collect();
    // A step of which the day is not known yet waits all the same.
    if let Some(step) = next.filter(|step| step.due_on(review.visit_on).is_none() && is_mine(step.template.waits_for, own, receives)) {
        found.push(Waiting {
            review: review.name.clone(),
            path: path(review, ""),
            sentence: format!("U bent aan zet voor “{}”; daar staat nog geen datum bij.", step.template.name),
            due_on: None,
            late: Lateness::InTime,
        });
    }
    Ok(found)
}

/// A sentence begins with a capital; what stands between quotation marks stays as it is.
fn capital(words: &str) -> String {
    let mut signs = words.chars();
    signs.next().map_or_else(String::new, |first| first.to_uppercase().chain(signs).collect())
}

/// What waits for the reader in the reviews she may open, the earliest day first. None for who reads no reviews.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn mine(app: &App, actor: &Actor) -> Result<Vec<Waiting>, AppError> {
    if !actor.may(Permission::ReadReview) {
        return Ok(Vec::new());
    }
    app.store
        .read(async |tx| {
            let registry = registry::load(tx).await?;
            let follow_ups = reviews::follow_ups::open(tx).await?;
            let mut found = Vec::new();
            for review in sight::within(actor, Permission::ReadReview, &registry, reviews::list(tx).await?) {
                found.extend(in_review(app, tx, actor, &review, (&registry, &follow_ups)).await?);
            }
            found.sort_by(|a, b| (a.due_on.is_none(), a.due_on, &a.review).cmp(&(b.due_on.is_none(), b.due_on, &b.review)));
            Ok(found)
        })
        .await
}
