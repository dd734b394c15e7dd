//! From phase to phase: what is asked first, and that it happened.

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::frameworks::Framework;
use kernschil_domain::ids::Version;
use kernschil_domain::reviews::{
    Missing, MoveRefused, Review, ReviewEvent, ReviewMember, ReviewMove, ReviewProgress, ReviewState, attempt, unreflected,
};
use kernschil_storage::reviews::{gates, members, steps, texts};
use kernschil_storage::{StorageError, Tx, frameworks, reviews};
use serde_json::json;

use super::sight::Known;
use super::{making, panel, sight};
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// Longest reason, in characters.
pub const MOST_REASON: usize = 500;

/// How far the work in a review is.
pub(super) async fn progress(app: &App, tx: &Tx, known: &Known, framework: &Framework) -> Result<ReviewProgress, AppError> {
    let review = &known.review;
    let texts = texts::of_review(tx, review.id).await?;
    let all = members::of_review(tx, review.id).await?;
    let panel: Vec<_> = all.into_iter().filter(ReviewMember::is_on_panel).collect();
    let handed_in = gates::handed_in(tx, review.id).await?;
    let seats = panel::seats(tx, known, app.clock.today()).await?;
    Ok(ReviewProgress {
        unreflected: unreflected(&framework.content, &texts).into_iter().map(|safeguard| safeguard.name.clone()).collect(),
        questions: usize::try_from(gates::questions(tx, review.id).await?).unwrap_or(usize::MAX),
        panel: panel.len(),
        panel_errors: seats.errors,
        chair: seats.chair,
        outsider: seats.outsider,
        // Who was asked and did not agree is not waited for; but somebody has to hand in.
        not_handed_in: match panel.iter().filter(|member| member.has_agreed() && !handed_in.contains(&member.id)).count() {
            0 if handed_in.is_empty() => panel.len(),
            open => open,
        },
        report: gates::report(tx, review.id).await?,
        unjudged: making::open_judgements(review, framework),
    })
}

fn clean_reason(reason: Option<String>) -> Result<Option<String>, AppError> {
    let reason = reason.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty());
    if reason.as_ref().is_some_and(|text| text.chars().count() > MOST_REASON) {
        let message = format!("Houd de reden bij {MOST_REASON} tekens.");
        return Err(AppError::Invalid(vec![FieldError::new("reason", "te-lang", message)]));
    }
    Ok(reason)
}

/// What is missing, each with the page where it is mended as its field.
fn refused(refused: MoveRefused) -> AppError {
    let field = |missing: &Missing| FieldError::new(missing.page().code(), missing.code(), missing.dutch());
    match refused {
        MoveRefused::Wrong(wrong) => AppError::conflict(wrong.code(), wrong.dutch()),
        MoveRefused::Reason => {
            AppError::Invalid(vec![FieldError::new("reason", "reden-verplicht", "Schrijf waarom. Die reden blijft in het dossier staan.")])
        }
        MoveRefused::Missing(missing) => AppError::Invalid(missing.iter().map(field).collect()),
    }
}

/// Moves a review to another state, when its gate is open.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Invalid`] with everything that is missing; [`AppError::Conflict`] when the event does
/// not fit the state, or somebody else changed the review since `seen`.
pub async fn move_on(
    app: &App,
    actor: &Actor,
    slug: &str,
    seen: Version,
    event: ReviewEvent,
    reason: Option<String>,
) -> Result<(Version, ReviewState), AppError> {
    let reason = clean_reason(reason)?;
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::ManageReview).await?;
            if known.review.version != seen {
                return Err(StorageError::Stale.into());
            }
            let framework = frameworks::get(tx, known.review.framework).await?;
            let progress = progress(app, tx, &known, &framework).await?;
            let before = known.review;
            let state = attempt(&before, event, reason.as_deref(), &progress).map_err(refused)?;
            let version = reviews::save(tx, &Review { state, ..before.clone() }).await?;
            let done = ReviewMove {
                review: before.id,
                event,
                from: before.state,
                to: state,
                at: app.clock.now(),
                by: actor.user(),
                reason: reason.filter(|_| event.needs_reason()),
            };
            steps::note_move(tx, app.ids.next(), &done).await?;
            let change = Change::between(json!({ "state": before.state }), json!({ "state": state, "event": event }));
            app.audit(tx, actor, EventKind::ReviewMoved, slug, change);
            Ok((version, state))
        })
        .await
}
