//! The visit day on a tablet: the programme, and notes that a member of the panel makes for herself. Nobody else reads
//! them, ever: not the panel, not who manages the review, not the log.
//!
//! A device gives a note its identifier, so that a note that arrives twice is one note, also after hours without a network.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernschil_domain::access::Permission;
use kernschil_domain::ids::{DayNoteId, MemberId, ProgrammeItemId, Version};
use kernschil_domain::reviews::{DayNote, ProgrammeItem, Review, ReviewMember, ReviewState, tidy};
use kernschil_storage::reviews::{day_notes, members as stored_members, programme};
use kernschil_storage::{StorageError, Tx, WriteTx};

use super::findings::not_in_panel;
use super::{members, sight};
use crate::error::{AppError, FieldError};
use crate::{Actor, App};

/// The most signs in one note: as many as a finding has.
pub const NOTE_SIGNS: usize = 10_000;
/// The most notes of one member.
const MOST: usize = 500;

/// The visit day as a member of the panel sees it.
#[derive(Debug, Clone)]
pub struct VisitDay {
    /// The review.
    pub review: Review,
    /// Her row in it.
    pub member: MemberId,
    /// The programme, by time.
    pub items: Vec<ProgrammeItem>,
    /// Names of everybody on the panel: parts of the programme are for some of them.
    pub panel: BTreeMap<MemberId, String>,
    /// Her notes, in the order in which they were written.
    pub notes: Vec<DayNote>,
    /// An identifier for a note that is not there yet, for each form of a page that works without a script.
    pub fresh: Vec<DayNoteId>,
    /// Whether notes can be written now.
    pub writing: NoteWriting,
}

/// Whether notes can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteWriting {
    /// From the preparing phase until the review is closed.
    Open,
    /// The review did not begin, or it ended.
    Closed,
}

/// What somebody noted.
#[derive(Debug, Clone)]
pub struct NoteInput {
    /// The part of the programme it was made at.
    pub item: Option<ProgrammeItemId>,
    /// What it says.
    pub body: String,
    /// When it was written, by the device; nothing for now.
    pub written_at: Option<DateTime<Utc>>,
}

/// How saving a note ended. In each case what was sent is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteSaved {
    /// It is the note now, or was already.
    Stored(DayNote),
    /// The note was changed on another device since; what was sent is a note of its own beside it.
    Beside {
        /// The note as it is.
        current: DayNote,
        /// What was sent.
        kept: DayNote,
    },
}

fn writing(review: &Review) -> NoteWriting {
    match review.state {
        ReviewState::Preparing | ReviewState::Conducting | ReviewState::Concluding => NoteWriting::Open,
        ReviewState::Planned | ReviewState::Closed | ReviewState::Cancelled => NoteWriting::Closed,
    }
}

/// Who is signed in, as one of the panel.
async fn own(tx: &Tx, actor: &Actor, review: &Review) -> Result<MemberId, AppError> {
    let member = members::own(tx, actor, review.id).await?.filter(|member| member.role.is_panel());
    member.map(|member| member.id).ok_or_else(not_in_panel)
}

/// The visit day of a review.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] for who is not on the panel.
pub async fn get(app: &App, actor: &Actor, slug: &str) -> Result<VisitDay, AppError> {
    app.store
        .read(async |tx| {
            let review = sight::review(tx, actor, slug, Permission::WriteFindings).await?.review;
            let member = own(tx, actor, &review).await?;
            let items = programme::of_review(tx, review.id).await?;
            let panel = stored_members::of_review(tx, review.id).await?.into_iter().filter(ReviewMember::is_on_panel);
            let panel = panel.map(|member| (member.id, member.name)).collect();
            // One form for each part, and one for what belongs to none.
            let fresh = (0..=items.len()).map(|_| DayNoteId(app.ids.next())).collect();
            Ok(VisitDay { notes: day_notes::of_member(tx, member).await?, writing: writing(&review), review, member, items, panel, fresh })
        })
        .await
}

/// One note of who is signed in.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also for a note of somebody else.
pub async fn note(app: &App, actor: &Actor, slug: &str, id: DayNoteId) -> Result<DayNote, AppError> {
    app.store
        .read(async |tx| {
            let review = sight::review(tx, actor, slug, Permission::WriteFindings).await?.review;
            let member = own(tx, actor, &review).await?;
            let found = day_notes::of_member(tx, member).await?.into_iter().find(|note| note.id == id);
            found.ok_or(AppError::NotFound)
        })
        .await
}

fn clean(body: &str) -> Result<String, AppError> {
    let wrong = || {
        let message = format!("Schrijf een notitie van hooguit {NOTE_SIGNS} tekens.");
        AppError::Invalid(vec![FieldError::new("body", "notitie-ongeldig", message)])
    };
    let body = tidy(body).map_err(|_| wrong())?.trim().to_owned();
    if (1..=NOTE_SIGNS).contains(&body.chars().count()) { Ok(body) } else { Err(wrong()) }
}

/// The review that somebody writes a note in, with her row and her notes.
async fn locked(tx: &WriteTx, actor: &Actor, slug: &str) -> Result<(Review, MemberId, Vec<DayNote>), AppError> {
    let review = sight::locked(tx, actor, slug, Permission::WriteFindings).await?.review;
    let member = own(tx, actor, &review).await?;
    let notes = day_notes::of_member(tx, member).await?;
    Ok((review, member, notes))
}

fn require_open(review: &Review) -> Result<(), AppError> {
    match writing(review) {
        NoteWriting::Open => Ok(()),
        NoteWriting::Closed => {
            let message = "In deze peer review schrijft u nu geen notities. Kopieer wat u wilt houden.";
            Err(AppError::conflict("notities-gesloten", message))
        }
    }
}

/// Saves a note under the identifier that a device gave it, over the version that was seen: 0 for one that is not there
/// yet. The same note again changes nothing. Over another version than is there it becomes a note of its own.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also for the identifier of a note of somebody else;
/// [`AppError::Invalid`]; [`AppError::Conflict`] for who is not on the panel, and when the review ended or there are too
/// many.
pub async fn save(
    app: &App,
    actor: &Actor,
    slug: &str,
    (id, seen): (DayNoteId, Version),
    input: &NoteInput,
) -> Result<NoteSaved, AppError> {
    let body = clean(&input.body);
    app.store
        .write(async |tx| {
            let (review, member, notes) = locked(tx, actor, slug).await?;
            if day_notes::owner(tx, id).await?.is_some_and(|owner| owner != member) {
                return Err(AppError::NotFound);
            }
            let body = body?;
            // A part that was taken out of the programme meanwhile does not keep a note from arriving.
            let items = programme::of_review(tx, review.id).await?;
            let item = input.item.filter(|item| items.iter().any(|one| one.id == *item));
            let now = app.clock.now();
            let written_at = input.written_at.filter(|at| *at <= now).unwrap_or(now);
            let new = DayNote { id, member, item, body, written_at, version: Version::FIRST };
            let current = notes.iter().find(|note| note.id == id);
            let is_there = |note: &&DayNote| note.item == new.item && note.body == new.body;
            // What arrives again, also after it was kept beside another, is there already.
            if let Some(note) = current.filter(is_there) {
                return Ok(NoteSaved::Stored(note.clone()));
            }
            if let (Some(current), Some(kept)) = (current, notes.iter().find(is_there)) {
                return Ok(NoteSaved::Beside { current: current.clone(), kept: kept.clone() });
            }
            require_open(&review)?;
            require_room(&notes)?;
            let saved = placed(app, current, seen, new);
            let stored = match &saved {
                NoteSaved::Stored(note) | NoteSaved::Beside { kept: note, .. } => note,
            };
            day_notes::store(tx, review.id, stored).await?;
            Ok(saved)
        })
        .await
}

/// Where a note goes: to its own place, or beside what another device made of it.
fn placed(app: &App, current: Option<&DayNote>, seen: Version, new: DayNote) -> NoteSaved {
    match current {
        None => NoteSaved::Stored(new),
        Some(current) if current.version == seen => {
            NoteSaved::Stored(DayNote { written_at: current.written_at, version: seen.next(), ..new })
        }
        Some(current) => NoteSaved::Beside { current: current.clone(), kept: DayNote { id: DayNoteId(app.ids.next()), ..new } },
    }
}

fn require_room(notes: &[DayNote]) -> Result<(), AppError> {
    if notes.len() < MOST {
        return Ok(());
    }
    let message = format!("U heeft al {MOST} notities. Voeg er een paar samen, of haal er een weg.");
    Err(AppError::conflict("te-veel-notities", message))
}

/// Removes a note, as it was seen.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also for a note of somebody else; [`AppError::Conflict`] when it was
/// changed since.
pub async fn remove(app: &App, actor: &Actor, slug: &str, (id, seen): (DayNoteId, Version)) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let (_, _, notes) = locked(tx, actor, slug).await?;
            let note = notes.iter().find(|note| note.id == id).ok_or(AppError::NotFound)?;
            if note.version != seen {
                return Err(StorageError::Stale.into());
            }
            day_notes::remove(tx, id).await?;
            Ok(())
        })
        .await
}
