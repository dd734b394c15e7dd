//! Putting a review on the calendar, also one that was held before this installation was there.

use chrono::{Datelike, NaiveDate};
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::frameworks::Framework;
use kernschil_domain::ids::{ReviewId, Version};
use kernschil_domain::registry::Registry;
use kernschil_domain::reviews::{
    Judgement, Outcome, PlannedYear, Receiver, Review, ReviewKind, ReviewState, from_templates, second_chance, unjudged,
};
use kernschil_domain::rounds::slug;
use kernschil_storage::reviews::steps;
use kernschil_storage::{Tx, WriteTx, frameworks, registry, reviews};

use super::{chances, outcome, sight, templates};
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// Longest name of a review or source of a year, in characters.
const MOST_NAME: usize = 120;
/// Years that can be planned or were held.
pub const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;
/// Words that stand in addresses where the name of a review does.
const RESERVED: [&str; 8] = ["nieuw", "stappen", "werkboek", "kalender", "uitnodiging", "uitnodigingen", "peers", "tijdlijn"];

/// A review to put on the calendar.
#[derive(Debug, Clone)]
pub struct NewReview {
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: ReviewKind,
    /// Whose.
    pub receiver: Receiver,
    /// The framework, by its name in addresses; nothing for the one that was published last.
    pub framework: Option<String>,
    /// The years that documents name.
    pub years: Vec<PlannedYear>,
    /// The visit day, where it is known.
    pub visit_on: Option<NaiveDate>,
    /// The last day on which it must be done.
    pub due_on: Option<NaiveDate>,
    /// The review before it, by its name in addresses.
    pub previous: Option<String>,
    /// That it was held already, elsewhere or before this installation was there.
    pub past: Option<PastReview>,
}

/// What is known of a review that was held already.
#[derive(Debug, Clone, Default)]
pub struct PastReview {
    /// The visit day, where it is known.
    pub held_on: Option<NaiveDate>,
    /// What a judging review found, where it is known.
    pub outcome: Option<Outcome>,
    /// The year of the annual report that carries its report, where it is known.
    pub report_year: Option<i32>,
}

impl PastReview {
    /// What is known of a review with what was judged as a whole, as far as somebody filled that in.
    ///
    /// # Errors
    /// A judgement of a review that is still to come, and a day without a judgement.
    pub fn judged(past: Option<Self>, judgement: Option<Judgement>, decided_on: Option<NaiveDate>) -> Result<Option<Self>, FieldError> {
        match (past, judgement) {
            (past, None) if decided_on.is_none() => Ok(past),
            (_, None) => {
                let message = "Kies ook het oordeel van die dag, of laat de dag leeg.";
                Err(FieldError::new("judgement", "oordeel-ontbreekt", message))
            }
            (None, Some(_)) => {
                let message = "Een oordeel is er pas als de peer review is gehouden. Laat het weg, of zeg dat hij is gehouden.";
                Err(FieldError::new("judgement", "nog-geen-oordeel", message))
            }
            (Some(past), Some(overall)) => Ok(Some(Self { outcome: Some(Outcome::overall(overall, decided_on)), ..past })),
        }
    }
}

/// A name without space around it.
pub(super) fn clean_name(name: &str) -> Result<String, FieldError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(FieldError::new("name", "verplicht", "Geef de peer review een naam, zoals “Peer review OPLIS 2028”."));
    }
    if name.chars().count() > MOST_NAME || name.chars().any(char::is_control) || slug(&name).is_empty() {
        let message = format!("Kies een naam van hoogstens {MOST_NAME} tekens, met letters of cijfers erin.");
        return Err(FieldError::new("name", "naam-ongeldig", message));
    }
    Ok(name)
}

/// Years with their sources, without space around them and each once, by year.
pub(super) fn clean_years(years: Vec<PlannedYear>) -> Result<Vec<PlannedYear>, FieldError> {
    let mut clean = Vec::new();
    for planned in years {
        let source = planned.source.split_whitespace().collect::<Vec<_>>().join(" ");
        if !YEARS.contains(&planned.year) {
            return Err(FieldError::new("years", "jaar-ongeldig", "Schrijf een jaar van vier cijfers, zoals 2028."));
        }
        if source.is_empty() || source.chars().count() > MOST_NAME || source.chars().any(char::is_control) {
            let message = format!("Zeg bij {} waar dat jaar staat, in hoogstens {MOST_NAME} tekens, zoals “jaarplan 2026”.", planned.year);
            return Err(FieldError::new("years", "bron-ongeldig", message));
        }
        clean.push(PlannedYear { year: planned.year, source });
    }
    clean.sort();
    clean.dedup();
    Ok(clean)
}

/// A day that a calendar of reviews can hold.
pub(super) fn check_day(field: &str, day: Option<NaiveDate>) -> Result<(), FieldError> {
    if day.is_none_or(|day| YEARS.contains(&day.year())) {
        Ok(())
    } else {
        Err(FieldError::new(field, "dag-ongeldig", "Kies een dag in de jaren 2000 tot en met 2100."))
    }
}

/// A name in addresses that no review has. That there is another of the same name is not told: it may be out of reach.
fn free_slug(name: &str, all: &[Review]) -> String {
    let base = slug(name);
    let is_free = |slug: &str| !RESERVED.contains(&slug) && all.iter().all(|review| review.slug != slug);
    if is_free(&base) {
        return base;
    }
    // Of one more number than there are reviews, one is free.
    (2..all.len() + 3).map(|number| format!("{base}-{number}")).find(|slug| is_free(slug)).unwrap_or(base)
}

/// The framework of a name that is offered, or the one of those that was published last. A review that follows another can
/// have the framework of that one, also when it is not offered any more.
async fn published(tx: &Tx, slug: Option<&str>, previous: Option<&Review>) -> Result<Framework, AppError> {
    let mut all = frameworks::list(tx).await?;
    let keeps = |framework: &Framework| previous.is_some_and(|review| review.framework == framework.id);
    let since = |framework: &Framework| framework.state.offered_since();
    all.retain(|framework| since(framework).is_some() || slug.is_some() && keeps(framework));
    let found = match slug {
        Some(slug) => all.into_iter().find(|framework| framework.slug == slug),
        None => all.into_iter().max_by_key(|framework| (since(framework), framework.slug.clone())),
    };
    let message = "Dat kader is er niet, of het wordt niet meer aangeboden. Kies een ander kader.";
    found.ok_or_else(|| AppError::Invalid(vec![FieldError::new("framework", "kader-onbekend", message)]))
}

/// Whether a receiver is there, and fits the kind.
fn check_receiver(registry: &Registry, new: &NewReview) -> Result<(), FieldError> {
    let is_there = match new.receiver {
        Receiver::Partnership(id) => registry.partnerships.contains_key(&id),
        Receiver::Region(id) => registry.regions.contains_key(&id),
    };
    if !is_there {
        return Err(unknown_receiver());
    }
    if new.kind == ReviewKind::Judging && matches!(new.receiver, Receiver::Region(_)) {
        let message = "Een beoordelingsgerichte review is van één partnerschap. Kies het partnerschap.";
        return Err(FieldError::new("receiver", "geen-partnerschap", message));
    }
    Ok(())
}

fn unknown_receiver() -> FieldError {
    FieldError::new("receiver", "ontvanger-onbekend", "Kies een partnerschap of regio uit de lijst.")
}

fn check_past(new: &NewReview, framework: &Framework, today: NaiveDate) -> Vec<FieldError> {
    let Some(past) = &new.past else { return Vec::new() };
    let mut found = Vec::new();
    if past.held_on.is_some_and(|day| day > today) {
        found.push(FieldError::new("heldOn", "dag-in-toekomst", "Een bezoek dat is gehouden, was niet na vandaag."));
    }
    if past.held_on.is_none() && new.years.is_empty() {
        found.push(FieldError::new("years", "verplicht", "Zeg in welk jaar de review is gehouden, en waar dat staat."));
    }
    if past.outcome.is_some() && new.kind == ReviewKind::Developmental {
        let message = "Een ontwikkelingsgerichte review heeft geen oordeel. Laat het oordeel weg.";
        found.push(FieldError::new("judgement", "geen-oordeel", message));
    }
    let decided = past.outcome.as_ref().and_then(|outcome| outcome.decided_on);
    if decided.is_some_and(|day| day > today || past.held_on.is_some_and(|held| day < held)) {
        let message = "Het panel besloot na het bezoek en niet na vandaag. Kies een andere dag, of laat hem leeg.";
        found.push(FieldError::new("decidedOn", "dag-buiten-bereik", message));
    }
    let judged = past.outcome.as_ref().map(|outcome| outcome.safeguards.keys());
    if judged.is_some_and(|mut codes| codes.any(|code| framework.content.safeguard(code).is_none())) {
        found.push(FieldError::new(
            "judgement",
            "waarborg-onbekend",
            "Dit kader heeft die waarborg niet. Kies een waarborg uit het kader.",
        ));
    }
    found
}

/// Puts a review on the calendar. Answers its name in addresses.
///
/// # Errors
/// [`AppError::Invalid`] with everything that is wrong; [`AppError::Forbidden`].
pub async fn make(app: &App, actor: &Actor, new: NewReview) -> Result<String, AppError> {
    app.store.write(async |tx| make_in(app, tx, actor, new).await.map(|review| review.slug)).await
}

pub(super) async fn make_in(app: &App, tx: &WriteTx, actor: &Actor, mut new: NewReview) -> Result<Review, AppError> {
    actor.require(Permission::ManageReview)?;
    let (registry, all) = (registry::load(tx).await?, reviews::list(tx).await?);
    let previous = match &new.previous {
        Some(slug) => Some(sight::review(tx, actor, slug, Permission::ManageReview).await?.review),
        None => None,
    };
    let framework = published(tx, new.framework.as_deref(), previous.as_ref()).await?;
    let mut found = check_past(&new, &framework, app.clock.today());
    let mut note = |result: Result<(), FieldError>| found.extend(result.err());
    note(check_receiver(&registry, &new));
    note(check_day("visitOn", new.visit_on));
    note(check_day("dueOn", new.due_on));
    let name = clean_name(&new.name);
    note(name.as_ref().map(|_| ()).map_err(Clone::clone));
    let years = clean_years(new.years.clone());
    note(years.as_ref().map(|_| ()).map_err(Clone::clone));
    // What was held already is told as it went.
    if let (Some(previous), None) = (&previous, &new.past)
        && let Some(end) = chances::last_day(tx, actor, &registry, new.kind, previous).await?
    {
        new.due_on = new.due_on.or(Some(end));
        found.extend(chances::check(end, new.visit_on, new.due_on));
    }
    let (Ok(name), Ok(years), true) = (name, years, found.is_empty()) else { return Err(AppError::Invalid(found)) };
    let review = built(app, actor, &all, Parts { name, years, framework: &framework, previous: previous.as_ref(), new });
    if sight::within(actor, Permission::ManageReview, &registry, vec![review.clone()]).is_empty() {
        return Err(AppError::Invalid(vec![unknown_receiver()]));
    }
    reviews::insert(tx, &review).await?;
    if review.state == ReviewState::Planned {
        let steps = from_templates(review.id, &templates::template(tx, review.kind).await?);
        steps::replace(tx, review.id, &steps).await?;
    }
    app.audit(tx, actor, EventKind::ReviewMade, &review.slug, Change::to(super::words(&review)));
    Ok(review)
}

/// What a review is made of, looked at and found right.
struct Parts<'a> {
    name: String,
    years: Vec<PlannedYear>,
    framework: &'a Framework,
    previous: Option<&'a Review>,
    new: NewReview,
}

fn built(app: &App, actor: &Actor, all: &[Review], parts: Parts<'_>) -> Review {
    let Parts { name, years, framework, previous, new } = parts;
    let is_past = new.past.is_some();
    let past = new.past.unwrap_or_default();
    Review {
        id: ReviewId(app.ids.next()),
        slug: free_slug(&name, all),
        name,
        kind: new.kind,
        receiver: new.receiver,
        framework: framework.id,
        state: if is_past { ReviewState::Closed } else { ReviewState::Planned },
        years,
        visit_on: new.visit_on.or(past.held_on),
        held_on: past.held_on,
        due_on: new.due_on,
        reflected_at: None,
        opened_at: None,
        outcome: past.outcome,
        respond_by: None,
        report_year: past.report_year,
        published_at: None,
        previous: previous.map(|review| review.id),
        made_at: app.clock.now(),
        made_by: actor.user(),
        version: Version::FIRST,
    }
}

/// Puts the second chance after a judgement of insufficient on the calendar, with its last day. Answers its name in
/// addresses.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Conflict`] when there is none, or it was made already.
pub async fn make_second_chance(app: &App, actor: &Actor, slug: &str) -> Result<String, AppError> {
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::ManageReview).await?;
            // Who may not know the outcome yet hears that there is no second chance, whatever the panel noted.
            let failed = Review { outcome: outcome::shown(tx, actor, &known).await?, ..known.review };
            let all = reviews::list(tx).await?;
            let before = all.iter().find(|review| Some(review.id) == failed.previous);
            let due = second_chance(&failed, before).map_err(|no| AppError::conflict(no.code(), no.dutch()))?;
            if all.iter().any(|review| review.previous == Some(failed.id)) {
                return Err(AppError::conflict("tweede-kans-bestaat", "De tweede kans staat al op de kalender. Open die."));
            }
            let framework = frameworks::list(tx).await?.into_iter().find(|framework| framework.id == failed.framework);
            let new = NewReview {
                name: format!("{} – tweede kans", failed.name).chars().take(MOST_NAME).collect(),
                kind: failed.kind,
                receiver: failed.receiver,
                framework: framework.map(|framework| framework.slug),
                years: Vec::new(),
                visit_on: None,
                due_on: Some(due),
                previous: Some(failed.slug.clone()),
                past: None,
            };
            make_in(app, tx, actor, new).await.map(|review| review.slug)
        })
        .await
}

/// What still has to be judged of a review, by name; nothing for a developmental one.
pub(super) fn open_judgements(review: &Review, framework: &Framework) -> Vec<String> {
    match review.kind {
        ReviewKind::Developmental => Vec::new(),
        ReviewKind::Judging => unjudged(&framework.content, review.outcome.as_ref()),
    }
}
