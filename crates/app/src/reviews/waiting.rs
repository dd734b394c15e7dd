//! What waits for whom: whose turn each step, response and follow-up is. Nothing of what anybody found is told.

use chrono::NaiveDate;
use kernschil_domain::access::Permission;
use kernschil_domain::registry::Registry;
use kernschil_domain::reviews::{
    DEADLINE_DAYS, Deadline, FollowUp, REMINDER_DAYS, ReportState, Review, ReviewMember, ReviewRole, ReviewState, ReviewStep, StepFact,
    StepStanding, Waits, WaitsFor, deadline, next_step, open_steps, until_words,
};
use kernschil_storage::reviews::{reminders, steps};
use kernschil_storage::{Tx, registry, reviews};

use super::happened::Happened;
use super::{members as people, sight};
use crate::error::AppError;
use crate::{Actor, App};

/// Most characters of an action that a line tells.
const SHORT: usize = 80;

/// Something in a review that somebody is to do before a day.
#[derive(Debug, Clone)]
pub(super) struct Matter {
    /// What it is about, for what was sent of it.
    pub(super) about: String,
    /// The step it is, where it is one.
    pub(super) step: Option<i32>,
    /// Who still has to act.
    pub(super) waits: Waits,
    /// When it should be done.
    pub(super) due_on: NaiveDate,
    /// Days from that day on which it is reminded of.
    pub(super) days: &'static [i32],
    /// What it is, in Dutch: `“Samen wegen” moet klaar zijn`.
    pub(super) words: String,
    /// The page of the dossier; empty for the dossier itself.
    pub(super) page: &'static str,
}

fn receiver() -> Waits {
    Waits { side: WaitsFor::Receiver, members: Vec::new() }
}

/// The page where a step is done.
fn page(step: &ReviewStep) -> &'static str {
    match step.template.fact {
        None | Some(StepFact::Visited) => "",
        Some(StepFact::Agreed) => "deelnemers",
        Some(StepFact::Reflected) => "reflectie",
        Some(StepFact::Asked) => "ontwikkelvragen",
        Some(StepFact::HandedIn) => "bevindingen",
        Some(StepFact::Weighed) => "weging",
        Some(StepFact::Sent | StepFact::Responded | StepFact::Final) => "rapport",
        Some(StepFact::Carried) => "opvolging",
    }
}

fn step_matter(step: &ReviewStep, standing: &StepStanding) -> Option<Matter> {
    Some(Matter {
        about: reminders::about_step(step.ordinal),
        step: Some(step.ordinal),
        waits: standing.waits()?.clone(),
        due_on: standing.due_on?,
        days: &REMINDER_DAYS,
        words: format!("“{}” moet klaar zijn", step.template.name),
        page: page(step),
    })
}

fn deadline_matter(review: &Review, today: NaiveDate) -> Option<Matter> {
    let words = match deadline(review, today) {
        Deadline::Quiet => return None,
        Deadline::NoDay { .. } | Deadline::NotPlanned(_) => "er is nog geen bezoekdag, en de peer review moet zijn gehouden",
        Deadline::YearPassed { .. } => "het geplande jaar is voorbij, en de peer review moet zijn gehouden",
        Deadline::PlannedTooLate(_) | Deadline::Passed(_) => "de peer review moet zijn gehouden",
    };
    Some(Matter {
        about: "deadline".to_owned(),
        step: None,
        waits: receiver(),
        due_on: review.due_on?,
        days: &DEADLINE_DAYS,
        words: words.to_owned(),
        page: "gegevens",
    })
}

/// The beginning of a text, on one line.
pub(super) fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHORT {
        return line;
    }
    let cut: String = line.chars().take(SHORT).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole))
}

/// An action of the follow-up. Who hears of it reads the dossier, so it says what it is and who sees to it.
fn follow_up_matter(follow_up: &FollowUp) -> Option<Matter> {
    Some(Matter {
        about: format!("follow-up-{}", follow_up.id),
        step: None,
        waits: receiver(),
        due_on: follow_up.due_on?,
        days: &REMINDER_DAYS,
        words: format!("de actie “{}” van {} moet klaar zijn", short(&follow_up.text), follow_up.owner),
        page: "opvolging",
    })
}

/// The response to the report that was sent, in the place of the step for it.
fn response_matter(review: &Review, steps: &[ReviewStep], happened: &Happened) -> Option<Matter> {
    let is_awaited = review.state == ReviewState::Concluding && happened.facts.report == Some(ReportState::Responding);
    Some(Matter {
        about: "response".to_owned(),
        step: steps.iter().find(|step| step.template.fact == Some(StepFact::Responded)).map(|step| step.ordinal),
        waits: receiver(),
        due_on: review.respond_by.filter(|_| is_awaited)?,
        days: &REMINDER_DAYS,
        words: "uw reactie op het conceptrapport wordt verwacht".to_owned(),
        page: "rapport",
    })
}

/// Everything in a review that waits for somebody, whatever its day.
pub(super) fn matters(
    review: &Review,
    steps: &[ReviewStep],
    happened: &Happened,
    follow_ups: &[FollowUp],
    today: NaiveDate,
) -> Vec<Matter> {
    if review.state == ReviewState::Cancelled {
        return Vec::new();
    }
    let mut found: Vec<_> = follow_ups.iter().filter(|one| one.review == review.id).filter_map(follow_up_matter).collect();
    if review.state == ReviewState::Closed {
        return found;
    }
    let response = response_matter(review, steps, happened);
    let is_told = |step: &ReviewStep| response.as_ref().is_some_and(|matter| matter.step == Some(step.ordinal));
    let open = open_steps(review.state, steps, &happened.standings).filter(|(step, _)| !is_told(step));
    found.extend(open.filter_map(|(step, standing)| step_matter(step, standing)));
    found.extend(deadline_matter(review, today));
    found.extend(response);
    found
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

/// Whether somebody in the review still has to act.
pub(super) fn acts(waits: &Waits, member: &ReviewMember) -> bool {
    if waits.members.is_empty() { is_turn_of(waits.side, member.role) } else { waits.members.contains(&member.id) }
}

/// Whether it waits for the receiving side, or for both sides.
pub(super) fn receiver_acts(waits: &Waits) -> bool {
    matches!(waits.side, WaitsFor::Receiver | WaitsFor::Everybody)
}

/// Whether the reader has to act: by her role in the review, or for the receiving side.
fn is_mine(waits: &Waits, own: Option<&ReviewMember>, receives: bool) -> bool {
    (receives && receiver_acts(waits)) || own.is_some_and(|member| acts(waits, member))
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
    let receives = !sight::within(actor, Permission::WriteReflection, registry, vec![review.clone()]).is_empty();
    let steps = steps::of_review(tx, review.id).await?;
    let happened = Happened::of(tx, registry, review, &steps, today).await?;
    let own = people::own(tx, actor, review.id).await?;
    let own = own.as_ref();
    let next = next_step(review.state, &steps, &happened.standings);
    let is_near = |matter: &Matter| {
        let first = matter.days.iter().min().copied().unwrap_or_default();
        (today - matter.due_on).num_days() >= i64::from(first)
    };
    let is_next = |matter: &Matter| next.is_some_and(|(step, _)| matter.step == Some(step.ordinal));
    // Who has not said whether she takes part is asked that, and not a step as well.
    let is_asked = |matter: &Matter| own.is_some_and(|own| own.answer.is_none() && matter.waits.members.contains(&own.id));
    let is_now = |matter: &Matter| match matter.about.as_str() {
        _ if is_asked(matter) => false,
        // Who can respond no more has nothing to do.
        "response" => matter.due_on >= today && (is_near(matter) || is_next(matter)),
        _ if matter.step.is_some() => is_next(matter),
        _ => is_near(matter),
    };
    let mut found: Vec<_> = matters(review, &steps, &happened, follow_ups, today)
        .into_iter()
        .filter(|matter| is_mine(&matter.waits, own, receives) && is_now(matter))
        .map(|matter| Waiting {
            review: review.name.clone(),
            path: path(review, matter.page),
            sentence: format!("{}: {}.", capital(&matter.words), until_words(today, matter.due_on)),
            due_on: Some(matter.due_on),
            late: if matter.due_on < today { Lateness::Late } else { Lateness::InTime },
        })
        .collect();
    // A step of which the day is not known yet waits all the same.
    let undated = next.filter(|(_, standing)| standing.due_on.is_none());
    if let Some((step, _)) = undated.filter(|(_, standing)| standing.waits().is_some_and(|waits| is_mine(waits, own, receives))) {
        found.push(Waiting {
            review: review.name.clone(),
            path: path(review, page(step)),
            sentence: format!("U bent aan zet voor “{}”; daar staat nog geen datum bij.", step.template.name),
            due_on: None,
            late: Lateness::InTime,
        });
    }
    found.extend(super::asked::waiting(app, tx, review, own).await?);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_action_is_told_to_a_whole_word() {
        assert_eq!(short(" Rooster\naanpassen "), "Rooster aanpassen");
        let told = short(&"werkplek ".repeat(20));
        assert!(told.ends_with("werkplek…") && told.chars().count() <= SHORT + 1, "{told}");
    }
}
