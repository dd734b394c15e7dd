//! Notes of the visit day: those of who asks, and of nobody else.

use chrono::{DateTime, Utc};
use kernschil_app::App;
use kernschil_app::reviews::day::{self, NoteInput, NoteSaved};
use kernschil_domain::ids::{DayNoteId, ProgrammeItemId};
use kernschil_domain::reviews::DayNote as DomainNote;
use poem::web::Data;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::reflection::ReviewSlug;
use crate::input::{All, Body, Faults, Given, Header, Id, Input, Maybe, Path, Scalar, Text, Wrong};
use crate::output::{Done, Found, Moment, Tagged};
use crate::precondition::{EntityTag, seen_version, stale};
use crate::refusal::{Conflicts, Refusal, Trouble, Versions};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct DayNotes;

/// A note that you made on the visit day.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct DayNote {
    /// Identifier, made on the device.
    id: Uuid,
    /// The part of the programme it was made at.
    item: Option<Uuid>,
    /// What it says.
    body: String,
    /// When it was written.
    written_at: Moment,
    /// `ETag` for changes, as `If-Match` asks for it.
    etag: String,
}

fn tag(note: &DomainNote) -> String {
    format!("\"{}\"", note.version.0)
}

impl From<&DomainNote> for DayNote {
    fn from(note: &DomainNote) -> Self {
        Self {
            id: note.id.0,
            item: note.item.map(|item| item.0),
            body: note.body.clone(),
            written_at: Moment(note.written_at),
            etag: tag(note),
        }
    }
}

/// A moment that a device tells.
#[derive(Debug, Clone, Copy)]
struct Told(DateTime<Utc>);

impl Scalar for Told {
    fn schema() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "date-time")))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        let moment = DateTime::parse_from_rfc3339(text).map(|moment| Self(moment.to_utc()));
        moment.map_err(|_| Wrong::new("geen-moment", "Geef een moment op als 2026-09-01T08:00:00Z."))
    }
}

/// A note to save.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct DayNoteRequest {
    /// The part of the programme it was made at.
    item: Maybe<Id>,
    /// What it says.
    body: Given<Text<1, 10000>>,
    /// When it was written; now when absent.
    written_at: Maybe<Told>,
}

impl Input for DayNoteRequest {
    type Checked = NoteInput;

    const FIELDS: &'static [&'static str] = &["item", "body", "writtenAt"];

    fn check(self) -> Result<NoteInput, Faults> {
        let (item, body, written_at) = (self.item.named("item"), self.body.named("body"), self.written_at.named("writtenAt")).all()?;
        Ok(NoteInput { item: item.map(|id| ProgrammeItemId(id.0)), body: body.0, written_at: written_at.map(|told| told.0) })
    }
}

#[OpenApi(tag = "Tag::Reviews")]
impl DayNotes {
    /// Lists your notes of the visit day
    ///
    /// In the order in which they were written. Nobody else can read them.
    #[oai(path = "/reviews/:review/day-notes", method = "get", operation_id = "listDayNotes")]
    async fn list(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Found<Vec<DayNote>>, Refusal<Conflicts>> {
        let day = day::get(&app, &session.0.actor, &review.named("review")?.0).await?;
        Ok(Found(day.notes.iter().map(Into::into).collect()))
    }

    /// Saves a note of the visit day
    ///
    /// Under an identifier that the device made, so that sending it again changes nothing. Say what you saw: `If-Match` with
    /// the `etag` of the note, or `"0"` for a new one. It was changed on another device since: then 412, and what you sent
    /// is kept as a note of its own.
    #[oai(path = "/reviews/:review/day-notes/:note", method = "put", operation_id = "putDayNote")]
    async fn put(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The note.
        note: Path<Id>,
        /// `etag` of the note, or `"0"`.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<DayNoteRequest>,
    ) -> Result<Tagged<DayNote>, Refusal<Versions>> {
        let (review, id, if_match, input) = (review.named("review"), note.named("note"), if_match.0, body.0).all()?;
        let key = (DayNoteId(id.0), seen_version(if_match)?);
        match day::save(&app, &session.0.actor, &review.0, key, &input).await? {
            NoteSaved::Stored(note) => Ok(Tagged { tag: tag(&note), body: (&note).into() }),
            NoteSaved::Beside { .. } => {
                let message = "Deze notitie is op een ander apparaat gewijzigd. Wat u stuurde, is als aparte notitie bewaard. Haal uw \
                               notities op en voeg ze samen.";
                Err(Trouble::Stale { message: message.to_owned() }.into())
            }
        }
    }

    /// Removes a note of the visit day
    ///
    /// Say what you saw: `If-Match` with the `etag` of the note.
    #[oai(
        path = "/reviews/:review/day-notes/:note",
        method = "delete",
        operation_id = "removeDayNote",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn remove(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The note.
        note: Path<Id>,
        /// `etag` of the note.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Done, Refusal<Versions>> {
        let (review, id, if_match) = (review.named("review"), note.named("note"), if_match.0).all()?;
        let key = (DayNoteId(id.0), seen_version(if_match)?);
        day::remove(&app, &session.0.actor, &review.0, key).await.map_err(stale)?;
        Ok(Done)
    }
}
