//! Handing in findings, and opening those of all.

use kernschil_credentials::tokens;
use kernschil_domain::access::Permission;
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::Version;
use kernschil_domain::reviews::{HandIn, Review, ReviewState};
use kernschil_storage::StorageError;
use kernschil_storage::reviews::{self, findings, members};
use serde_json::json;

use super::writing::{Own, list_changed_elsewhere, not_in_panel};
use super::{panel_member, seal, state_hash};
use crate::error::AppError;
use crate::reviews::members::not_agreed;
use crate::reviews::sight;
use crate::{Actor, App, Change};

/// What somebody says that she hands in, so that nobody hands in nothing by mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contents {
    /// Her findings.
    Findings,
    /// That she has none.
    Nothing,
}

fn require_said(contents: Contents, count: usize) -> Result<(), AppError> {
    match (contents, count) {
        (Contents::Findings, 0) => {
            let message = "U heeft nog geen bevindingen. Schrijf er minstens één op, of zeg dat u geen bevindingen heeft en lever dan in.";
            Err(AppError::conflict("geen-bevindingen", message))
        }
        (Contents::Nothing, 1..) => {
            let message = "U heeft wel bevindingen opgeschreven. Lever die in, of haal ze eerst weg.";
            Err(AppError::conflict("toch-bevindingen", message))
        }
        _ => Ok(()),
    }
}

fn require_conducting(review: &Review) -> Result<(), AppError> {
    if review.state == ReviewState::Conducting {
        return Ok(());
    }
    let message = "Inleveren en openen kan in de uitvoerende fase. Bekijk in het dossier waar de review staat.";
    Err(AppError::conflict("niet-in-uitvoering", message))
}

/// Hands in one's own findings as they were seen, by their hash. They are locked from then on; nobody can undo that.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] when she handed in before, when the chair opened
/// the findings, outside the conducting phase, when `contents` is not what there is, or when they changed since she saw them.
pub async fn hand_in(app: &App, actor: &Actor, slug: &str, seen: &str, contents: Contents) -> Result<HandIn, AppError> {
    app.store
        .write(async |tx| {
            let own = Own::open(tx, actor, slug).await?;
            own.require_open(tx).await?;
            require_conducting(&own.known.review)?;
            let (review, member) = (own.known.review.id, own.member.id);
            if state_hash(review, member, &own.findings) != seen {
                return Err(list_changed_elsewhere());
            }
            require_said(contents, own.findings.len())?;
            let salt = tokens::fresh().map_err(|error| AppError::Internal(error.to_string()))?;
            let hash = seal(&salt, review, member, &own.findings);
            let done = HandIn { review, member, at: app.clock.now(), salt, hash };
            findings::hand_in(tx, &done).await?;
            let after = json!({ "member": done.member, "hash": done.hash });
            app.audit(tx, actor, EventKind::FindingsHandedIn, slug, Change::to(after));
            Ok(done)
        })
        .await
}

/// Opens the findings of all to the panel: everybody of the panel reads them, and nobody changes them any more, also who did
/// not hand in. This cannot be undone.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] for who is not in the panel or has not agreed to
/// be, outside the conducting phase, when they were opened before, or when somebody else changed the review since `seen`.
pub async fn open(app: &App, actor: &Actor, slug: &str, seen: Version) -> Result<Version, AppError> {
    app.store
        .write(async |tx| {
            let known = sight::locked(tx, actor, slug, Permission::WeighFindings).await?;
            let member = panel_member(tx, actor, &known).await?.ok_or_else(not_in_panel)?;
            if !member.has_agreed() {
                return Err(not_agreed());
            }
            let review = known.review;
            if review.opened_at.is_some() {
                return Err(AppError::conflict("al-geopend", "De bevindingen zijn al geopend. U kunt ze nu samen wegen."));
            }
            require_conducting(&review)?;
            if review.version != seen {
                return Err(StorageError::Stale.into());
            }
            let handed_in: Vec<_> = findings::hand_ins(tx, review.id).await?.into_iter().map(|done| done.member).collect();
            let people = members::of_review(tx, review.id).await?;
            let panel = people.iter().filter(|member| member.is_on_panel() && member.has_agreed());
            let missing = panel.filter(|member| !handed_in.contains(&member.id)).count();
            let version = reviews::save(tx, &Review { opened_at: Some(app.clock.now()), ..review }).await?;
            app.audit(tx, actor, EventKind::FindingsOpened, slug, Change::to(json!({ "notHandedIn": missing })));
            Ok(version)
        })
        .await
}
