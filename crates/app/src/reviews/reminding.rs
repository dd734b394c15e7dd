//! Reminders by mail: before the day of what waits for somebody, and the day after. Each is sent once, and nobody gets
//! more than one mail a day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kernschil_domain::access::{Grant, Permission};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{GrantId, ReviewId, UserId};
use kernschil_domain::registry::Registry;
use kernschil_domain::reviews::{MemberAnswer, Review, ReviewMember, Waits, reminder_on, until_words};
use kernschil_storage::access::{UserState, grants, users};
use kernschil_storage::privacy::claim_day;
use kernschil_storage::reviews::reminders::{self, Claim, Reminder};
use kernschil_storage::reviews::{follow_ups, members, steps};
use kernschil_storage::{Tx, WriteTx, registry, reviews};
use serde_json::json;

use super::happened::Happened;
use super::sight::{self, Known};
use super::waiting::{Matter, acts, matters, receiver_acts};
use crate::error::AppError;
use crate::mail::{self, Letter, MailKind};
use crate::{Actor, App, Change};

/// Setting: the last day on which reminders were looked after.
const DAY: &str = "review-reminders.day";

/// What somebody is told in one mail.
#[derive(Debug, Default)]
struct Told {
    name: String,
    lines: Vec<String>,
}

/// Who can be written to: accounts that are in use, and roles that hold today.
struct People {
    active: BTreeSet<UserId>,
    holding: BTreeSet<GrantId>,
}

impl People {
    async fn load(tx: &Tx, today: NaiveDate) -> Result<Self, AppError> {
        let active = users(tx).await?.into_iter().filter(|user| user.state == UserState::Active);
        let holding = grants(tx).await?.into_iter().filter(|grant: &Grant| grant.span.holds_on(today));
        Ok(Self { active: active.map(|user| user.id).collect(), holding: holding.map(|grant| grant.id).collect() })
    }

    /// Somebody who was asked has no account yet; who has one must be able to come in.
    fn reaches(&self, member: &ReviewMember) -> bool {
        let comes_in = member.user.is_none_or(|user| self.active.contains(&user));
        let holds = member.user.is_none() || member.grant.is_none_or(|grant| self.holding.contains(&grant));
        member.answer != Some(MemberAnswer::Declined) && !member.email.is_empty() && comes_in && holds
    }
}

/// Address and name of everybody who still has to act, each address once.
async fn turn_of(tx: &Tx, known: &Known, waits: &Waits, people: &People, today: NaiveDate) -> Result<BTreeMap<String, String>, AppError> {
    let mut found = BTreeMap::new();
    for member in members::of_review(tx, known.review.id).await? {
        if acts(waits, &member) && people.reaches(&member) {
            found.insert(member.email.to_lowercase(), member.name);
        }
    }
    if receiver_acts(waits) {
        let holders = sight::holders(tx, known, Permission::WriteReflection, today).await?;
        found.extend(holders.into_iter().map(|(email, name)| (email.to_lowercase(), name)));
    }
    Ok(found)
}

fn line(app: &App, review: &Review, matter: &Matter, today: NaiveDate) -> String {
    let page = if matter.page.is_empty() { String::new() } else { format!("/{}", matter.page) };
    let when = until_words(today, matter.due_on);
    format!("- {}: {}, {when}.\n  {}/peer-reviews/{}{page}", review.name, matter.words, app.address, review.slug)
}

fn letter(address: String, told: Told) -> Letter {
    let subject = match told.lines.len() {
        1 => "Er wacht iets op u in een peer review".to_owned(),
        count => format!("Er wachten {count} dingen op u in peer reviews"),
    };
    let text = format!(
        "Beste {},\n\nDit wacht op u:\n\n{}\n\nU krijgt zo'n mail een paar keer voor een datum en de dag erna. Doet u het op de pagina die erbij \
         staat, dan krijgt u er geen mail meer over. Is iets buiten Kernschil om al gedaan? Zeg dat dan tegen wie de peer review plant.",
        told.name,
        told.lines.join("\n\n")
    );
    Letter { kind: MailKind::PeerReview, to_address: address, to_name: told.name, subject, text }
}

/// The reminders of one review that hold today and were not sent, added to what people are told.
async fn remind_of(
    app: &App,
    tx: &WriteTx,
    known: &Known,
    (people, matters): (&People, Vec<Matter>),
    letters: &mut BTreeMap<String, Told>,
) -> Result<usize, AppError> {
    let today = app.clock.today();
    let mut sent = 0;
    for matter in matters {
        let Some(days) = reminder_on(today, matter.due_on, matter.days) else { continue };
        let to = turn_of(tx, known, &matter.waits, people, today).await?;
        // Without anybody to tell it stays to be sent.
        if to.is_empty() {
            continue;
        }
        let reminder = Reminder { review: known.review.id, about: matter.about.clone(), due_on: matter.due_on, days };
        if reminders::claim(tx, &reminder, app.clock.now()).await? == Claim::Sent {
            continue;
        }
        sent += 1;
        for (address, name) in to {
            let told = letters.entry(address).or_default();
            told.name = name;
            told.lines.push(line(app, &known.review, &matter, today));
        }
    }
    Ok(sent)
}

async fn remind(app: &App, tx: &WriteTx) -> Result<usize, AppError> {
    let today = app.clock.today();
    let registry: Registry = registry::load(tx).await?;
    let people = People::load(tx, today).await?;
    let open = follow_ups::open(tx).await?;
    let mut stored = steps::all(tx).await?;
    let mut letters = BTreeMap::new();
    let mut reminded: BTreeMap<ReviewId, usize> = BTreeMap::new();
    let all = reviews::list(tx).await?;
    for review in &all {
        let steps = stored.remove(&review.id).unwrap_or_default();
        let happened = Happened::of(tx, &registry, review, &steps, today).await?;
        let matters = matters(review, &steps, &happened, &open, today);
        let known = Known { review: review.clone(), registry: registry.clone() };
        let sent = remind_of(app, tx, &known, (&people, matters), &mut letters).await?;
        reminded.insert(review.id, sent);
    }
    for review in &all {
        if let Some(sent) = reminded.get(&review.id).filter(|sent| **sent > 0) {
            app.audit(tx, &Actor::CommandLine, EventKind::ReviewReminded, &review.slug, Change::to(json!({ "reminders": sent })));
        }
    }
    let letters: Vec<_> = letters.into_iter().map(|(address, told)| letter(address, told)).collect();
    let count = letters.len();
    mail::queue_all(app, tx, letters).await?;
    Ok(count)
}

/// Sends the reminders of today, when that was not done yet: of several instances one does. Answers how many mails went
/// out.
///
/// # Errors
/// [`AppError::Storage`] when the database fails.
pub async fn remind_daily(app: &App) -> Result<usize, AppError> {
    let today = app.clock.today();
    app.store.write(async |tx| if claim_day(tx, DAY, today).await? { remind(app, tx).await } else { Ok(0) }).await
}
