//! Several files that are loaded together: what each says, and loading them all.

use kernschil_app::imports::{self, SeveralReport, Stored};
use kernschil_app::{AppError, overview};
use kernschil_domain::access::Permission;
use kernschil_domain::ids::ImportId;
use kernschil_http::Caller;
use poem::http::StatusCode;

use super::Web;
use super::imports::{checked_view, expired};
use super::staging::{Found, Staged};
use super::support::{Answer, html_with, problem, round_ref, see_other};
use crate::components::nav::NavItem;
use crate::views::imports::ImportState;
use crate::views::several::{Next, SeveralView, several_page};

fn state(several: &SeveralReport) -> ImportState {
    if several.files.iter().any(|file| matches!(file.stored, Stored::Everything { .. })) {
        ImportState::Loaded
    } else if !several.is_clean() {
        ImportState::Wrong
    } else if several.changes_anything() {
        ImportState::Ready
    } else {
        ImportState::Unchanged
    }
}

/// Where to go on once everything is in: the round when there is one, and her proposal for who may make it.
async fn next(web: &Web, caller: &Caller) -> Result<Next, AppError> {
    let rounds = overview::all(&web.app, &caller.actor).await?;
    Ok(match rounds.as_slice() {
        [only] if only.students > 0 && caller.actor.may(Permission::MakeProposals) => {
            let href = round_ref(&only.round).path("voorstel");
            Next { words: format!("Maak een voorstel voor {}", only.round.name), href }
        }
        [only] => Next { words: format!("Naar {}", only.round.name), href: round_ref(&only.round).path("") },
        _ => Next { words: "Naar alle rondes".to_owned(), href: "/".to_owned() },
    })
}

/// The page about files that were checked, or loaded.
pub(super) async fn answer(
    web: &Web,
    caller: &Caller,
    status: StatusCode,
    refusal: Option<String>,
    (id, several): (ImportId, &SeveralReport),
) -> Answer {
    for file in &several.files {
        caller.actor.require(imports::permission(file.kind))?;
    }
    let state = state(several);
    let view = SeveralView {
        id: id.to_string(),
        state,
        files: several.files.iter().map(|file| checked_view(id, file)).collect(),
        waiting: several.waiting.clone(),
        next: if state == ImportState::Loaded { Some(next(web, caller).await?) } else { None },
    };
    let mut frame = web.frame(caller, NavItem::Import).await?;
    frame.flash = refusal.map(problem);
    Ok(html_with(status, several_page(&frame, &view)))
}

/// Loads files that were checked together.
pub(super) async fn load(web: &Web, caller: &Caller, staged: &Staged, several: &SeveralReport) -> Answer {
    if staged.files.is_empty() {
        return Err(expired());
    }
    let now = web.app.clock.now();
    match imports::load_several(&web.app, &caller.actor, staged.files.clone()).await {
        Ok(report) => {
            // Loaded, or as it is now that somebody else loaded something.
            let files = if state(&report) == ImportState::Ready { staged.files.clone() } else { Vec::new() };
            web.staging.put(Staged { files, found: Found::Several(report), at: now, ..staged.clone() }, now);
            Ok(see_other(&format!("/importeren/{}", staged.id)))
        }
        Err(AppError::Conflict { message, .. }) => answer(web, caller, StatusCode::CONFLICT, Some(message), (staged.id, several)).await,
        Err(error) => Err(error.into()),
    }
}
