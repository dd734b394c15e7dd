//! Which day suits for the visit: days are proposed, everybody in the review answers for herself, and one is chosen.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{MemberId, Version};
use kernschil_domain::periods::dutch_day;
use kernschil_domain::reviews::{Availability, MemberAnswer, PollAnswer, Review, ReviewMember};
use kernschil_storage::reviews::{members, poll};
use kernschil_storage::{Tx, WriteTx};
use serde_json::json;

use super::asked::open_days;
use super::changing::change_in;
use super::members::{manages, own, require_open};
use super::{ReviewEdit, sight};
use crate::error::{AppError, FieldError};
use crate::mail::{self, Letter, MailKind};
use crate::{Actor, App, Change};

/// Most days in a poll.
const MOST_DAYS: usize = 30;

/// Where days are proposed and answered.
pub(super) fn path(slug: &str) -> String {
    format!("/peer-reviews/{slug}/datum")
}

/// A day with what was answered.
#[derive(Debug, Clone)]
pub struct PollDay {
    /// The day.
    pub day: NaiveDate,
    /// Per person, in the order of [`Poll::people`]; nothing for who gave no answer.
    pub answers: Vec<Option<Availability>>,
    /// How many can.
    pub yes: usize,
    /// How many can if need be.
    pub if_needed: usize,
    /// How many cannot.
    pub no: usize,
}

/// The poll of a review.
#[derive(Debug, Clone)]
pub struct Poll {
    /// The review.
    pub review: Review,
    /// Who is asked: everybody in the review who did not decline.
    pub people: Vec<ReviewMember>,
    /// The days, in order.
    pub days: Vec<PollDay>,
    /// The day on which most can come: the fewest who cannot, then the most who can, then the earliest. Nothing while
    /// nobody answered.
    pub best: Option<NaiveDate>,
    /// Who of the people looks.
    pub own: Option<MemberId>,
    /// Whether who looks may propose days and choose.
    pub manages: bool,
}

async fn people(tx: &Tx, review: &Review) -> Result<Vec<ReviewMember>, AppError> {
    let mut all = members::of_review(tx, review.id).await?;
    all.retain(|member| member.answer != Some(MemberAnswer::Declined));
    all.sort_by_key(|member| member.role);
    Ok(all)
}

/// The poll of a review.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn get(app: &App, actor: &Actor, slug: &str) -> Result<Poll, AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::ReadReview).await?;
            let mut people = people(tx, &known.review).await?;
            let ids: Vec<_> = people.iter().map(|member| member.id).collect();
            let given: BTreeMap<_, _> = poll::answers(tx, &ids).await?.into_iter().map(|a| ((a.day, a.member), a.availability)).collect();
            let day = |day: NaiveDate| {
                let answers: Vec<_> = ids.iter().map(|id| given.get(&(day, *id)).copied()).collect();
                let count = |wanted| answers.iter().filter(|answer| **answer == Some(wanted)).count();
                let (yes, if_needed, no) = (count(Availability::Yes), count(Availability::IfNeeded), count(Availability::No));
                PollDay { day, answers, yes, if_needed, no }
            };
            let days: Vec<_> = poll::days(tx, known.review.id).await?.into_iter().map(day).collect();
            let answered = days.iter().filter(|day| day.yes + day.if_needed + day.no > 0);
            let best = answered.min_by_key(|day| (day.no, Reverse(day.yes), Reverse(day.if_needed), day.day)).map(|day| day.day);
            let own = own(tx, actor, known.review.id).await?.map(|member| member.id);
            let manages = manages(actor, &known);
            if !manages {
                for member in &mut people {
                    member.email.clear();
                }
            }
            Ok(Poll { review: known.review, people, days, best, own, manages })
        })
        .await
}

/// Writes to everybody in the review who did not decline, but not to who does it: a subject, and what to say.
async fn tell(app: &App, actor: &Actor, tx: &WriteTx, to: Vec<ReviewMember>, (subject, text): (&str, &str)) -> Result<(), AppError> {
    let others = to.into_iter().filter(|member| !member.email.is_empty() && (member.user.is_none() || member.user != actor.user()));
    let letter = |member: ReviewMember| Letter {
        kind: MailKind::PeerReview,
        subject: subject.to_owned(),
        text: format!("Beste {},\n\n{text}\n", member.name),
        to_address: member.email,
        to_name: member.name,
    };
    mail::queue_all(app, tx, others.map(letter).collect()).await?;
    Ok(())
}

/// Asks everybody who did not answer about all days, once there are new ones.
async fn tell_proposed(app: &App, actor: &Actor, tx: &WriteTx, review: &Review, days: &[NaiveDate]) -> Result<(), AppError> {
    let mut to = Vec::new();
    for member in people(tx, review).await? {
        if !open_days(tx, review, &member, app.clock.today()).await?.is_empty() {
            to.push(member);
        }
    }
    let lines: Vec<_> = days.iter().map(|day| format!("- {}", dutch_day(*day))).collect();
    let text = format!(
        "Voor het bezoek van de peer review “{}” zijn deze dagen voorgesteld:\n\n{}\n\nLaat weten wanneer u kunt:\n{}{}",
        review.name,
        lines.join("\n"),
        app.address,
        path(&review.slug),
    );
    tell(app, actor, tx, to, ("Wanneer kunt u voor een peer review?", &text)).await
}

/// Proposes days in the place of those before; answers about days that stay, stay. Who has a day to answer about gets a
/// mail when one is new.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`]; [`AppError::Conflict`] when the review is over.
pub async fn set_days(app: &App, actor: &Actor, slug: &str, days: &[NaiveDate]) -> Result<(), AppError> {
    let days: BTreeSet<_> = days.iter().copied().collect();
    let today = app.clock.today();
    let mut errors = Vec::new();
    if days.len() > MOST_DAYS {
        errors.push(FieldError::new("days", "te-veel", format!("Stel hoogstens {MOST_DAYS} dagen voor.")));
    }
    if days.first().is_some_and(|day| *day < today) {
        errors.push(FieldError::new("days", "datum-voorbij", "Een voorgestelde dag is al voorbij. Kies alleen dagen die nog komen."));
    }
    if !errors.is_empty() {
        return Err(AppError::Invalid(errors));
    }
    let days: Vec<_> = days.into_iter().collect();
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::ManageReview).await?;
            require_open(&known.review)?;
            let before = poll::days(tx, known.review.id).await?;
            let all: Vec<_> = members::of_review(tx, known.review.id).await?.into_iter().map(|member| member.id).collect();
            poll::set_days(tx, known.review.id, &days, &all).await?;
            let change = Change::between(json!({ "days": before }), json!({ "days": days }));
            app.audit(tx, actor, EventKind::PollChanged, slug, change);
            if days.iter().any(|day| !before.contains(day)) {
                tell_proposed(app, actor, tx, &known.review, &days).await?;
            }
            Ok(())
        })
        .await
}

/// Answers for oneself about days.
///
/// # Errors
/// [`AppError::NotFound`] for who is not in the review; [`AppError::Invalid`] for a day that was not proposed;
/// [`AppError::Conflict`] when the review is over.
pub async fn answer(app: &App, actor: &Actor, slug: &str, answers: &[(NaiveDate, Availability)]) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::ReadReview).await?;
            require_open(&known.review)?;
            let member = own(tx, actor, known.review.id).await?.ok_or(AppError::NotFound)?.id;
            let days = poll::days(tx, known.review.id).await?;
            if answers.iter().any(|(day, _)| !days.contains(day)) {
                let message =
                    "Een van deze dagen wordt niet (meer) voorgesteld. Open de pagina opnieuw en antwoord op de dagen die er staan.";
                return Err(AppError::Invalid(vec![FieldError::new("answers", "onbekende-dag", message)]));
            }
            let new: Vec<_> =
                answers.iter().map(|(day, availability)| PollAnswer { member, day: *day, availability: *availability }).collect();
            poll::put_answers(tx, &new).await?;
            app.audit(tx, actor, EventKind::PollChanged, slug, Change::to(json!({ "member": member, "answers": new.len() })));
            Ok(())
        })
        .await
}

/// Makes one of the proposed days the visit day, and mails it to everybody who takes part.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] for a day that was not proposed, or cannot be; [`AppError::Conflict`] when
/// somebody else changed the review since `seen`.
pub async fn choose(app: &App, actor: &Actor, slug: &str, seen: Version, day: NaiveDate) -> Result<Version, AppError> {
    app.store
        .write(async |tx| {
            let review = sight::locked(tx, actor, slug, Permission::ManageReview).await?.review;
            if !poll::days(tx, review.id).await?.contains(&day) {
                let message = "Deze dag wordt niet (meer) voorgesteld. Kies een van de dagen die er staan.";
                return Err(AppError::Invalid(vec![FieldError::new("days", "onbekende-dag", message)]));
            }
            let edit = ReviewEdit { visit_on: Some(Some(day)), ..ReviewEdit::default() };
            let version = change_in(app, tx, actor, slug, seen, edit).await?;
            if version != seen {
                let text = format!(
                    "De bezoekdag van de peer review “{}” is gekozen: {}.\n\n{}/peer-reviews/{slug}",
                    review.name,
                    dutch_day(day),
                    app.address,
                );
                tell(app, actor, tx, people(tx, &review).await?, ("De bezoekdag van een peer review is gekozen", &text)).await?;
            }
            Ok(version)
        })
        .await
}
