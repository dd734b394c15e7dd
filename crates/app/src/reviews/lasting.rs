//! How long somebody's role in a review lasts: the usual day, which moves along with the visit; another one by hand; and
//! what is over.

use chrono::{Days, NaiveDate};
use kernschil_domain::access::Permission;
use kernschil_domain::ids::{MemberId, Version};
use kernschil_domain::periods::dutch_date;
use kernschil_domain::reviews::{MemberAnswer, Review, ReviewMember, ReviewState};
use kernschil_storage::reviews::members;
use kernschil_storage::{Tx, WriteTx, access, registry, reviews};

use super::members::{held, note, path, require_open};
use super::sight;
use crate::access::prolong;
use crate::error::{AppError, FieldError};
use crate::mail::{self, Letter, MailKind};
use crate::{Actor, App};

/// A role in a review lasts this many days after the visit day, when no other day is chosen.
const DAYS_AFTER_VISIT: u64 = 90;
/// While there is no visit day, it lasts this many days from the day on which somebody was asked.
const DAYS_WITHOUT_VISIT: u64 = 365;
/// No role in a review lasts longer than this many days from today.
const MOST_DAYS: u64 = 3 * 366;

fn days_after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

fn visit_of(review: &Review) -> Option<NaiveDate> {
    review.held_on.or(review.visit_on)
}

/// The first day on which a role holds no more, for who is asked today and for whom no other day is chosen. It can always
/// be chosen: a visit farther away than a role may last does not make it later.
pub(super) fn usual_until(review: &Review, today: NaiveDate) -> NaiveDate {
    let after_visit = visit_of(review).map(|day| days_after(day, DAYS_AFTER_VISIT)).filter(|day| today < *day);
    after_visit.unwrap_or_else(|| days_after(today, DAYS_WITHOUT_VISIT)).min(days_after(today, MOST_DAYS))
}

/// The first day on which a role holds no more: the one that was asked for, where it can be, or the usual one.
pub(super) fn checked_until(app: &App, review: &Review, asked: Option<NaiveDate>, errors: &mut Vec<FieldError>) -> NaiveDate {
    let today = app.clock.today();
    let until = asked.unwrap_or_else(|| usual_until(review, today));
    let last = days_after(today, MOST_DAYS);
    if until <= today || last < until {
        let message = format!("De laatste dag van de toegang is vandaag of later, en uiterlijk {}. Kies een andere dag.", last_day(last));
        errors.push(FieldError::new("until", "datum-buiten-bereik", message));
    }
    until
}

/// The last day of a role, in words, by the first day on which it holds no more.
pub(super) fn last_day(until: NaiveDate) -> String {
    dutch_date(until.pred_opt().unwrap_or(until))
}

/// The first day on which the role of a member holds no more; nothing for who has none, or one without an end.
pub(super) async fn until(tx: &Tx, member: &ReviewMember) -> Result<Option<NaiveDate>, AppError> {
    let (Some(user), Some(id)) = (member.user, member.grant) else { return Ok(None) };
    let grants = access::grants_of(tx, user).await?;
    Ok(grants.into_iter().find(|grant| grant.id == id).and_then(|grant| grant.span.until))
}

/// Moves roles in a review along with its visit: those that last as long as is usual. A day that was chosen by hand stays.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub(super) async fn move_along(app: &App, actor: &Actor, tx: &WriteTx, before: &Review, after: &Review) -> Result<(), AppError> {
    if visit_of(before) == visit_of(after) || visit_of(after).is_none() {
        return Ok(());
    }
    let today = app.clock.today();
    let new = usual_until(after, today);
    for member in members::of_review(tx, after.id).await? {
        let (Some(user), Some(grant), Some(asked_at)) = (member.user, member.grant, member.invited_at) else { continue };
        if member.answer == Some(MemberAnswer::Declined) {
            continue;
        }
        let old = until(tx, &member).await?;
        let is_usual = old == Some(usual_until(before, asked_at.date_naive())) || old == Some(usual_until(before, today));
        if is_usual && old != Some(new) {
            prolong(app, actor, tx, (user, grant), new).await?;
        }
    }
    Ok(())
}

/// Gives the role of somebody another last day, and mails it to her. She is not asked again: what she answered stays.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`]; [`AppError::Conflict`] when the review is over, she declined, or somebody
/// else changed her since `seen`.
pub async fn extend(app: &App, actor: &Actor, slug: &str, id: MemberId, seen: Version, until: NaiveDate) -> Result<Version, AppError> {
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::ManageReview).await?;
            require_open(&known.review)?;
            let (member, _) = held(tx, &known.review, id, seen).await?;
            let (Some(user), Some(grant), false) = (member.user, member.grant, member.answer == Some(MemberAnswer::Declined)) else {
                let message = "Wie heeft afgezegd, heeft geen toegang. Vraag haar of hem opnieuw.";
                return Err(AppError::conflict("heeft-afgezegd", message));
            };
            let mut errors = Vec::new();
            let until = checked_until(app, &known.review, Some(until), &mut errors);
            if !errors.is_empty() {
                return Err(AppError::Invalid(errors));
            }
            prolong(app, actor, tx, (user, grant), until).await?;
            let version = members::save(tx, &member).await?;
            mail::queue(app, tx, letter(app, &known.review, &member, until)).await?;
            note(app, actor, tx, slug, "toegang gewijzigd", &member);
            Ok(version)
        })
        .await
}

fn letter(app: &App, review: &Review, member: &ReviewMember, until: NaiveDate) -> Letter {
    let text = format!(
        "Beste {},\n\nUw toegang tot de peer review “{}” is gewijzigd: u kunt erin tot en met {}.\n\n{}{}\n",
        member.name,
        review.name,
        last_day(until),
        app.address,
        path(&review.slug),
    );
    let subject = "Uw toegang tot een peer review is gewijzigd".to_owned();
    Letter { kind: MailKind::PeerReview, to_address: member.email.clone(), to_name: member.name.clone(), subject, text }
}

/// The mail to somebody who was taken out of a review.
pub(super) fn farewell(review: &Review, member: &ReviewMember) -> Letter {
    let text = format!(
        "Beste {},\n\nU doet niet meer mee aan de peer review “{}” als {}. Uw toegang daartoe is geëindigd.\n\n\
         Klopt dat niet? Vraag het aan wie u uitnodigde.\n",
        member.name,
        review.name,
        member.role.dutch(),
    );
    let subject = "U doet niet meer mee aan een peer review".to_owned();
    Letter { kind: MailKind::PeerReview, to_address: member.email.clone(), to_name: member.name.clone(), subject, text }
}

/// A review that somebody took part in, and cannot open any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastRole {
    /// Name of the review.
    pub review: String,
    /// The last day on which she could open it.
    pub last_day: NaiveDate,
}

/// Reviews that run still, where the role of who is signed in came to its last day.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn past_roles(app: &App, actor: &Actor) -> Result<Vec<PastRole>, AppError> {
    let Some(user) = actor.user() else { return Ok(Vec::new()) };
    let today = app.clock.today();
    app.store
        .read(async |tx| {
            let (registry, all) = (registry::load(tx).await?, reviews::list(tx).await?);
            let open = if actor.may(Permission::ReadReview) {
                sight::within(actor, Permission::ReadReview, &registry, all.clone())
            } else {
                Vec::new()
            };
            let mut found = Vec::new();
            for member in members::all(tx).await?.into_iter().filter(|member| member.user == Some(user)) {
                let runs = |review: &&Review| !matches!(review.state, ReviewState::Closed | ReviewState::Cancelled);
                let Some(review) = all.iter().filter(runs).find(|review| review.id == member.review) else { continue };
                let is_shut = member.answer != Some(MemberAnswer::Declined) && open.iter().all(|known| known.id != review.id);
                if let Some(until) = until(tx, &member).await?.filter(|until| is_shut && *until <= today) {
                    found.push(PastRole { review: review.name.clone(), last_day: until.pred_opt().unwrap_or(until) });
                }
            }
            Ok(found)
        })
        .await
}
