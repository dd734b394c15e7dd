//! Every change of one's own findings, and putting one back.

use kernschil_app::AppError;
use kernschil_app::reviews::findings::{self, FindingsList, Journal, Lock, Return};
use kernschil_domain::reviews::{FindingChange, FindingChangeKind};
use kernschil_http::{Caller, Failure};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path};
use serde::Deserialize;

use super::address;
use crate::components::nav::NavItem;
use crate::components::page::{Flash, UndoForm};
use crate::routes::reflection::{dossier, title};
use crate::routes::support::{Answer, capital, done, html_with, id, problem, see_other};
use crate::routes::words::when;
use crate::routes::{State, Web};
use crate::views::findings::{ChangeLine, JournalView, journal_page};

fn line(web: &Web, journal: &Journal, one: &FindingChange) -> ChangeLine {
    let finding = &one.finding;
    let back = match (journal.lock, journal.would(finding)) {
        (Some(_), _) | (None, Return::Stands) => "",
        (None, Return::Changes) => "Zet deze tekst terug",
        (None, Return::Adds) => "Zet de bevinding terug",
    };
    ChangeLine {
        id: one.id.to_string(),
        at: when(one.at, web.app.clock.now()),
        change: capital(one.change.dutch()),
        is_removal: one.change == FindingChangeKind::Removed,
        about: format!("{} bij {} {}", capital(finding.kind.dutch()), finding.part.code(), title(&journal.content, &finding.part)),
        text: finding.text.clone(),
        back: back.to_owned(),
        is_now: one.change != FindingChangeKind::Removed && journal.would(finding) == Return::Stands,
    }
}

async fn page(web: &Web, caller: &Caller, slug: &str, refused: Option<String>) -> Answer {
    let journal = findings::journal(&web.app, &caller.actor, slug).await?;
    let view = JournalView {
        dossier: dossier(&journal.review),
        seen: journal.hash.clone(),
        lock: journal.lock.map(Lock::dutch).unwrap_or_default().to_owned(),
        changes: journal.changes.iter().map(|one| line(web, &journal, one)).collect(),
    };
    let mut frame = web.frame(caller, NavItem::Reviews).await?;
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    frame.flash = refused.map(problem);
    Ok(html_with(status, journal_page(&frame, &view)))
}

/// That a finding was removed, with the way to take that back at once.
pub(super) async fn removed(web: &Web, caller: &Caller, list: &FindingsList) -> Result<Flash, Failure> {
    let removed = done("De bevinding is verwijderd.");
    if list.own.is_none() {
        return Ok(removed);
    }
    let slug = &list.review.slug;
    let journal = findings::journal(&web.app, &caller.actor, slug).await?;
    let undo = journal.just_removed().map(|last| UndoForm {
        action: format!("/peer-reviews/{slug}/bevindingen-geschiedenis"),
        label: "Ongedaan maken".to_owned(),
        fields: vec![("wijziging".to_owned(), last.id.to_string()), ("gezien".to_owned(), journal.hash.clone())],
    });
    Ok(Flash { undo, ..removed })
}

/// Every change of her findings.
#[handler]
pub(crate) async fn history(web: State<'_>, caller: &Caller, Path(slug): Path<String>) -> Answer {
    page(&web, caller, &slug, None).await
}

/// What is put back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Back {
    wijziging: String,
    gezien: String,
}

/// Puts a finding back as a change left it.
#[handler]
pub(crate) async fn put_back(web: State<'_>, caller: &Caller, Path(slug): Path<String>, Form(back): Form<Back>) -> Answer {
    match findings::put_back(&web.app, &caller.actor, &slug, id(&back.wijziging)?, &back.gezien).await {
        Ok(_) => Ok(see_other(&format!("{}?gedaan=teruggezet", address(&slug)))),
        Err(AppError::Conflict { message, .. }) => page(&web, caller, &slug, Some(message)).await,
        Err(AppError::Invalid(errors)) => {
            let words: Vec<_> = errors.into_iter().map(|error| error.message).collect();
            page(&web, caller, &slug, Some(words.join(" "))).await
        }
        Err(other) => Err(other.into()),
    }
}
