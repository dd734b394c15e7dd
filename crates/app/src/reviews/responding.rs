//! What the receiving side says about the report, paragraph by paragraph, and what the panel does with it.

use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{CommentId, Version};
use kernschil_domain::reviews::{ReportComment, tidy};
use kernschil_storage::reviews::reports;
use kernschil_storage::{StorageError, WriteTx};
use serde_json::json;

use super::report::Desk;
use super::sight;
use crate::error::{AppError, FieldError};
use crate::{Actor, App, Change};

/// The most signs in a comment or an answer to it.
pub const COMMENT_SIGNS: usize = 4_000;
/// The most comments on one report.
const COMMENTS: usize = 500;

fn clean(field: &str, text: &str) -> Result<String, FieldError> {
    let kept = tidy(text).map(|text| text.trim().to_owned()).unwrap_or_default();
    if (1..=COMMENT_SIGNS).contains(&kept.chars().count()) {
        return Ok(kept);
    }
    Err(FieldError::new(field, "reactie-ongeldig", format!("Schrijf een tekst van hooguit {COMMENT_SIGNS} tekens.")))
}

fn note(app: &App, tx: &WriteTx, (actor, slug): (&Actor, &str), kind: EventKind, what: &str, comment: &ReportComment) {
    let change = json!({ "what": what, "version": comment.number, "paragraph": comment.paragraph });
    app.audit(tx, actor, kind, slug, Change::to(change));
}

/// Comments on a paragraph of the latest version that was sent, by its key.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] for a text or paragraph that cannot be;
/// [`AppError::Conflict`] when nothing was sent, the last day to respond has passed, the report is final, a later version was
/// sent since `number`, or there are too many.
pub async fn comment(app: &App, actor: &Actor, slug: &str, number: i32, (paragraph, text): (&str, &str)) -> Result<CommentId, AppError> {
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::RespondToReport).await?;
            let desk = Desk::open(tx, actor, known).await?;
            let version = desk.require_comments(app.clock.today())?;
            if version.number != number {
                return Err(StorageError::Stale.into());
            }
            let texts = desk.sent().map(|(_, content)| content.texts()).unwrap_or_default();
            let unknown = || FieldError::new("paragraph", "alinea-onbekend", "Kies een alinea die in het rapport staat.");
            let known_paragraph = texts.iter().any(|text| text.key == paragraph).then_some(()).ok_or_else(unknown);
            let text = match (clean("text", text), known_paragraph) {
                (Ok(text), Ok(())) => text,
                (text, paragraph) => return Err(AppError::Invalid([text.err(), paragraph.err()].into_iter().flatten().collect())),
            };
            if desk.comments.len() >= COMMENTS {
                let message = "Er zijn al heel veel reacties. Neem wat u nog wilt zeggen op in een reactie die er al is.";
                return Err(AppError::conflict("te-veel-reacties", message));
            }
            let new = ReportComment {
                id: CommentId(app.ids.next()),
                review: desk.review().id,
                number,
                paragraph: paragraph.to_owned(),
                text,
                by: actor.user(),
                at: app.clock.now(),
                reply: None,
                version: Version::FIRST,
            };
            reports::add_comment(tx, &new).await?;
            // One letter for all that they say until the panel answers.
            if desk.unanswered() == 0 {
                desk.tell_of_comments(app, tx).await?;
            }
            note(app, tx, (actor, slug), EventKind::ReportCommented, "added", &new);
            Ok(new.id)
        })
        .await
}

/// A comment that somebody saw, as it is still.
fn held(desk: &Desk, id: CommentId, seen: Version) -> Result<&ReportComment, AppError> {
    let comment = desk.comments.iter().find(|comment| comment.id == id).ok_or(AppError::NotFound)?;
    if comment.version == seen { Ok(comment) } else { Err(StorageError::Stale.into()) }
}

fn require_unanswered(comment: &ReportComment) -> Result<(), AppError> {
    if comment.reply.is_none() {
        return Ok(());
    }
    let message = "Het panel heeft op deze reactie geantwoord. Schrijf een nieuwe reactie bij de alinea.";
    Err(AppError::conflict("reactie-beantwoord", message))
}

/// Changes a comment that the panel did not answer yet.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] for a text that cannot be; [`AppError::Conflict`]
/// when it was answered, the last day to respond has passed, the report is final, or somebody else changed it since `seen`.
pub async fn change(app: &App, actor: &Actor, slug: &str, (id, seen): (CommentId, Version), text: &str) -> Result<Version, AppError> {
    let text = clean("text", text);
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::RespondToReport).await?;
            let desk = Desk::open(tx, actor, known).await?;
            let comment = held(&desk, id, seen)?;
            desk.require_comments(app.clock.today())?;
            require_unanswered(comment)?;
            let changed = ReportComment { text: text.map_err(|wrong| AppError::Invalid(vec![wrong]))?, ..comment.clone() };
            let version = reports::save_comment(tx, &changed).await?;
            note(app, tx, (actor, slug), EventKind::ReportCommented, "changed", &changed);
            Ok(version)
        })
        .await
}

/// Takes back a comment that the panel did not answer yet.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when it was answered, the last day to respond has
/// passed, the report is final, or somebody else changed it since `seen`.
pub async fn remove(app: &App, actor: &Actor, slug: &str, (id, seen): (CommentId, Version)) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::RespondToReport).await?;
            let desk = Desk::open(tx, actor, known).await?;
            let comment = held(&desk, id, seen)?;
            desk.require_comments(app.clock.today())?;
            require_unanswered(comment)?;
            reports::remove_comment(tx, id, seen).await?;
            note(app, tx, (actor, slug), EventKind::ReportCommented, "removed", comment);
            Ok(())
        })
        .await
}

/// Says what the panel did with a comment; an answer can be changed until the report is final.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] for a text that cannot be; [`AppError::Conflict`]
/// when the report is final, the review is not in its concluding phase, or somebody else changed it since `seen`.
pub async fn reply(app: &App, actor: &Actor, slug: &str, (id, seen): (CommentId, Version), text: &str) -> Result<Version, AppError> {
    let text = clean("reply", text);
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::WriteReport).await?;
            let desk = Desk::open(tx, actor, known).await?;
            let comment = held(&desk, id, seen)?;
            desk.require_concluding()?;
            let reply = text.map_err(|wrong| AppError::Invalid(vec![wrong]))?;
            let changed = ReportComment { reply: Some(reply), ..comment.clone() };
            let version = reports::save_comment(tx, &changed).await?;
            note(app, tx, (actor, slug), EventKind::ReportAnswered, "answered", &changed);
            if comment.reply.is_none() && desk.unanswered() == 1 {
                desk.tell_that_all_is_answered(app, tx).await?;
            }
            Ok(version)
        })
        .await
}
