//! The outcome of a judging review: voldoende or onvoldoende, per safeguard and as a whole. Chair or secretary note what
//! the panel decided; the receiving side reads it once the report was sent. A developmental review never has one.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::frameworks::FrameworkContent;
use kernschil_domain::ids::Version;
use kernschil_domain::periods::dutch_date;
use kernschil_domain::reviews::{Judgement, Outcome, Review, ReviewKind, ReviewState};
use kernschil_storage::{StorageError, Tx, reviews};
use serde_json::json;

use super::findings::not_in_panel;
use super::report;
use super::sight::{self, Known};
use super::weighing::{Ground, WeighingRole};
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// The outcome of a judging review, for who looks.
#[derive(Debug, Clone)]
pub struct OutcomeView {
    /// The review.
    pub review: Review,
    /// What the framework says.
    pub content: FrameworkContent,
    /// What was found; nothing while nobody judged, or while who looks may not know.
    pub outcome: Option<Outcome>,
    /// Whether she may know of it: of the panel, or after a report was sent that tells it.
    pub is_shown: bool,
    /// Whether she is the one to judge.
    pub can_judge: bool,
    /// Why it cannot be changed now; nothing while it can.
    pub locked: Option<String>,
}

/// An outcome as somebody fills it in.
#[derive(Debug, Clone, Default)]
pub struct OutcomeDraft {
    /// Judgements by the code of a safeguard, each by its code or Dutch word.
    pub safeguards: BTreeMap<String, String>,
    /// Of the review as a whole.
    pub overall: String,
    /// The day on which it was decided.
    pub decided_on: Option<NaiveDate>,
}

fn require_judging(review: &Review) -> Result<(), AppError> {
    if review.kind == ReviewKind::Judging {
        return Ok(());
    }
    let message = "Een ontwikkelingsgerichte review heeft geen oordeel. Wat het panel vond, staat bij “Samen wegen” en in het rapport.";
    Err(AppError::conflict("geen-oordeel", message))
}

/// What somebody may know of an outcome.
enum Told {
    /// Nothing, as no report was sent yet.
    Unsent,
    /// This.
    Outcome(Option<Outcome>),
}

/// What somebody may know of the outcome: the receiving side what the latest report says that was sent, everybody once the
/// review is closed, and the panel always as it is.
async fn told(tx: &Tx, ground: &Ground) -> Result<Told, AppError> {
    let review = &ground.known.review;
    if ground.role != WeighingRole::Receiver || review.state == ReviewState::Closed {
        return Ok(Told::Outcome(review.outcome.clone()));
    }
    let sent = report::sent(tx, review.id).await?;
    Ok(sent.map_or(Told::Unsent, |report| Told::Outcome(report.outcome())))
}

/// What was judged, for who may know of it.
pub(super) async fn shown(tx: &Tx, actor: &Actor, known: &Known) -> Result<Option<Outcome>, AppError> {
    if known.review.outcome.is_none() {
        return Ok(None);
    }
    let ground = Ground::of(tx, actor, known.clone()).await?;
    match told(tx, &ground).await? {
        Told::Unsent => Ok(None),
        Told::Outcome(outcome) => Ok(outcome),
    }
}

/// The outcome of a judging review.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] for a developmental one.
pub async fn get(app: &App, actor: &Actor, slug: &str) -> Result<OutcomeView, AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::ReadReview).await?;
            require_judging(&known.review)?;
            let ground = Ground::of(tx, actor, known).await?;
            let (is_shown, outcome) = match told(tx, &ground).await? {
                Told::Unsent => (false, None),
                Told::Outcome(outcome) => (true, outcome),
            };
            let locked = ground.require_open().err().map(|error| match error {
                AppError::Conflict { message, .. } => message,
                other => other.to_string(),
            });
            let can_judge = ground.role == WeighingRole::Weigher;
            let Ground { known, content, .. } = ground;
            let review = Review { outcome: None, ..known.review };
            Ok(OutcomeView { review, content, outcome, is_shown, can_judge, locked })
        })
        .await
}

fn judgement(field: &str, words: &str, what: &str) -> Result<Judgement, FieldError> {
    let message = format!("Kies voldoende of onvoldoende voor {what}.");
    Judgement::parse(words).ok_or_else(|| FieldError::new(field, "oordeel-ontbreekt", message))
}

fn checked(content: &FrameworkContent, review: &Review, today: NaiveDate, draft: &OutcomeDraft) -> Result<Outcome, AppError> {
    let mut errors = Vec::new();
    let mut safeguards = BTreeMap::new();
    for safeguard in &content.safeguards {
        let given = draft.safeguards.get(&safeguard.code.0).map_or("", String::as_str);
        match judgement(&format!("safeguards.{}", safeguard.code), given, &format!("“{}”", safeguard.name)) {
            Ok(judged) => drop(safeguards.insert(safeguard.code.clone(), judged)),
            Err(wrong) => errors.push(wrong),
        }
    }
    if draft.safeguards.keys().any(|code| content.safeguards.iter().all(|safeguard| safeguard.code.0 != *code)) {
        errors.push(FieldError::new(
            "safeguards",
            "waarborg-onbekend",
            "Dit kader heeft die waarborg niet. Kies een waarborg uit het kader.",
        ));
    }
    let overall = judgement("overall", &draft.overall, "de review als geheel").map_err(|wrong| errors.push(wrong)).ok();
    errors.extend(wrong_day(review, today, draft.decided_on));
    match (overall, errors.is_empty()) {
        (Some(overall), true) => Ok(Outcome { safeguards, overall, decided_on: draft.decided_on }),
        _ => Err(AppError::Invalid(errors)),
    }
}

fn wrong_day(review: &Review, today: NaiveDate, day: Option<NaiveDate>) -> Option<FieldError> {
    let Some(day) = day else {
        return Some(FieldError::new(
            "decidedOn",
            "verplicht",
            "Vul in op welke dag het panel besloot. De tweede kans telt vanaf die dag.",
        ));
    };
    let first = review.held_on.unwrap_or(day);
    if (first..=today).contains(&day) {
        return None;
    }
    let message = format!(
        "Het panel besluit na het bezoek en niet na vandaag: kies een dag van {} tot en met {}.",
        dutch_date(first),
        dutch_date(today)
    );
    Some(FieldError::new("decidedOn", "dag-buiten-bereik", message))
}

/// Notes what the panel decided, in the place of what was noted before.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] with everything that is missing or wrong;
/// [`AppError::Conflict`] for a developmental review, before the findings are on the table, once the report is final, or
/// when somebody else changed the review since `seen`.
pub async fn judge(app: &App, actor: &Actor, slug: &str, seen: Version, draft: &OutcomeDraft) -> Result<Version, AppError> {
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::WeighFindings).await?;
            require_judging(&known.review)?;
            let ground = Ground::of(tx, actor, known).await?;
            if ground.role != WeighingRole::Weigher {
                return Err(not_in_panel());
            }
            ground.require_open()?;
            let review = &ground.known.review;
            if review.version != seen {
                return Err(StorageError::Stale.into());
            }
            let outcome = checked(&ground.content, review, app.clock.today(), draft)?;
            // The receiving side hears it from the report, so the log tells that was judged, not what.
            let change = Change::to(json!({ "safeguards": outcome.safeguards.len(), "decidedOn": outcome.decided_on }));
            let version = reviews::save(tx, &Review { outcome: Some(outcome), ..review.clone() }).await?;
            app.audit(tx, actor, EventKind::OutcomeChanged, slug, change);
            Ok(version)
        })
        .await
}
