//! Handing the reflection to the panel, and taking it back.

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::Version;
use kernschil_domain::reviews::{ReflectionEvent, ReflectionMove, Review, ReviewState, unreflected};
use kernschil_storage::reviews::{self, texts};
use kernschil_storage::{StorageError, Tx, WriteTx};
use serde_json::json;

use super::{framework_of, require_open, sight};
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// The most signs in the reason for taking a reflection back.
const REASON_SIGNS: usize = 1_000;

fn require_preparing(review: &Review, seen: Version) -> Result<(), AppError> {
    if review.version != seen {
        return Err(StorageError::Stale.into());
    }
    if review.state == ReviewState::Preparing {
        return Ok(());
    }
    let message = "Inleveren en terughalen kan alleen in de voorbereidende fase. Bekijk in het dossier waar de review staat.";
    Err(AppError::conflict("niet-in-voorbereiding", message))
}

async fn require_complete(tx: &Tx, review: &Review) -> Result<(), AppError> {
    let framework = framework_of(tx, review.framework).await?;
    let texts = texts::of_review(tx, review.id).await?;
    let missing: Vec<_> = unreflected(&framework.content, &texts).iter().map(|safeguard| safeguard.name.as_str()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("Over deze waarborgen staat er nog niets: {}. Schrijf bij elk iets op en lever daarna in.", missing.join(", "));
    Err(AppError::conflict("reflectie-onvolledig", message))
}

/// Hands the reflection to the panel: it can be read by everybody in the dossier, and changes no more.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when it was handed in already, when a safeguard
/// has no text, when the review is not being prepared, or when somebody else changed it since.
pub async fn hand_in(app: &App, actor: &Actor, slug: &str, seen: Version) -> Result<Version, AppError> {
    app.store
        .write(async |tx| {
            let review = sight::locked(tx, actor, slug, Permission::WriteReflection).await?.review;
            require_open(&review)?;
            require_preparing(&review, seen)?;
            require_complete(tx, &review).await?;
            let review = Review { reflected_at: Some(app.clock.now()), ..review };
            moved(app, tx, (actor, slug), &review, (ReflectionEvent::HandedIn, None)).await
        })
        .await
}

/// Takes the reflection back from the panel, with a reason, to write on.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] without a reason; [`AppError::Conflict`] when it
/// was not handed in, when the review is not being prepared, or when somebody else changed it since.
pub async fn take_back(app: &App, actor: &Actor, slug: &str, seen: Version, reason: &str) -> Result<Version, AppError> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_SIGNS {
        let message = format!("Schrijf op waarom u de reflectie terughaalt, in hooguit {REASON_SIGNS} tekens.");
        return Err(AppError::Invalid(vec![FieldError::new("reason", "reden-nodig", message)]));
    }
    app.store
        .write(async |tx| {
            let review = sight::locked(tx, actor, slug, Permission::WriteReflection).await?.review;
            require_preparing(&review, seen)?;
            if review.reflected_at.is_none() {
                return Err(AppError::conflict(
                    "reflectie-niet-ingeleverd",
                    "De reflectie is niet ingeleverd. U kunt gewoon verder schrijven.",
                ));
            }
            let review = Review { reflected_at: None, ..review };
            moved(app, tx, (actor, slug), &review, (ReflectionEvent::TakenBack, Some(reason.to_owned()))).await
        })
        .await
}

async fn moved(
    app: &App,
    tx: &WriteTx,
    (actor, slug): (&Actor, &str),
    review: &Review,
    (event, reason): (ReflectionEvent, Option<String>),
) -> Result<Version, AppError> {
    let step = ReflectionMove { review: review.id, event, at: app.clock.now(), by: actor.user(), reason };
    texts::note_move(tx, app.ids.next(), &step).await?;
    let version = reviews::save(tx, review).await?;
    // A reason may name somebody, so the log says only what happened.
    app.audit(tx, actor, EventKind::ReflectionHandedIn, slug, Change::to(json!({ "event": event.code() })));
    Ok(version)
}
