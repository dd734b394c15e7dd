//! The programme of a visit day: who speaks to whom, when and where.

use chrono::NaiveTime;
use kernschil_app::reviews::programme::{self, NewItem, Programme as AppProgramme};
use kernschil_app::{App, AppError};
use kernschil_domain::ids::{MemberId, ProgrammeItemId, Version};
use kernschil_domain::reviews::{Collision, Overlap, ProgrammeItem};
use poem::web::Data;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::Value;
use uuid::Uuid;

use super::Tag;
use super::reflection::ReviewSlug;
use super::rules::list;
use crate::PREFIX;
use crate::input::{All, Body, Faults, Given, Header, Id, Input, Maybe, Path, Scalar, Text, Wrong};
use crate::output::{Created, Done, Found};
use crate::precondition::{EntityTag, seen_version, stale};
use crate::refusal::{Conflicts, Refusal, Trouble, Versions};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct VisitProgramme;

/// A part of the programme.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct ProgrammePart {
    /// Identifier.
    id: Uuid,
    /// When it begins, as `09:30`.
    starts_at: String,
    /// When it ends.
    ends_at: String,
    /// What it is.
    title: String,
    /// The room; may be empty.
    room: String,
    /// Who is spoken to; may be empty.
    audience: String,
    /// The members of the panel who are there; none means all.
    members: Vec<Uuid>,
    /// `ETag` for changes, as `If-Match` asks for it.
    etag: String,
}

fn clock(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

impl From<&ProgrammeItem> for ProgrammePart {
    fn from(item: &ProgrammeItem) -> Self {
        Self {
            id: item.id.0,
            starts_at: clock(item.starts_at),
            ends_at: clock(item.ends_at),
            title: item.title.clone(),
            room: item.room.clone(),
            audience: item.audience.clone(),
            members: item.members.iter().map(|member| member.0).collect(),
            etag: format!("\"{}\"", item.version.0),
        }
    }
}

/// What two parts of a programme want at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub(crate) enum ProgrammeClash {
    /// The same room.
    Room,
    /// The same members of the panel.
    Members,
}

/// Two parts of a programme that are at the same time and want the same.
#[derive(Debug, Object)]
pub(crate) struct ProgrammeOverlap {
    /// The part that comes first in the programme.
    first: Uuid,
    /// The other part.
    second: Uuid,
    /// What both want.
    what: ProgrammeClash,
}

impl From<&Overlap> for ProgrammeOverlap {
    fn from(overlap: &Overlap) -> Self {
        let what = match overlap.what {
            Collision::Room => ProgrammeClash::Room,
            Collision::Members => ProgrammeClash::Members,
        };
        Self { first: overlap.first.0, second: overlap.second.0, what }
    }
}

/// The programme of a visit day.
#[derive(Debug, Object)]
pub(crate) struct DayProgramme {
    /// Its parts, by time.
    parts: Vec<ProgrammePart>,
    /// What collides.
    overlaps: Vec<ProgrammeOverlap>,
}

impl From<&AppProgramme> for DayProgramme {
    fn from(programme: &AppProgramme) -> Self {
        Self { parts: programme.items.iter().map(Into::into).collect(), overlaps: programme.overlaps.iter().map(Into::into).collect() }
    }
}

#[derive(Debug)]
struct MemberList(Vec<MemberId>);

impl Scalar for MemberList {
    fn schema() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema { items: Some(Box::new(Id::schema())), ..MetaSchema::new("array") }))
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        Err(Wrong::new("geen-lijst", "Dit moet een lijst zijn, tussen rechte haken."))
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        list(value)?.iter().map(|value| Ok(MemberId(Id::read_json(value)?.0))).collect::<Result<_, _>>().map(Self)
    }
}

/// A part of the programme.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct ProgrammePartRequest {
    /// When it begins, as `09:30`.
    starts_at: Given<Text<1, 10>>,
    /// When it ends.
    ends_at: Given<Text<1, 10>>,
    /// What it is.
    title: Given<Text<1, 200>>,
    /// The room.
    room: Maybe<Text<0, 120>>,
    /// Who is spoken to: a group, never names of students.
    audience: Maybe<Text<0, 120>>,
    /// The members of the panel who are there; all when absent.
    members: Maybe<MemberList>,
}

impl Input for ProgrammePartRequest {
    type Checked = NewItem;

    const FIELDS: &'static [&'static str] = &["startsAt", "endsAt", "title", "room", "audience", "members"];

    fn check(self) -> Result<NewItem, Faults> {
        let (starts_at, ends_at, title, room, audience, members) = (
            self.starts_at.named("startsAt"),
            self.ends_at.named("endsAt"),
            self.title.named("title"),
            self.room.named("room"),
            self.audience.named("audience"),
            self.members.named("members"),
        )
            .all()?;
        Ok(NewItem {
            starts_at: starts_at.0,
            ends_at: ends_at.0,
            title: title.0,
            room: room.map(|room| room.0).unwrap_or_default(),
            audience: audience.map(|audience| audience.0).unwrap_or_default(),
            members: members.map(|members| members.0).unwrap_or_default(),
        })
    }
}

async fn shown(app: &App, session: &Session, review: &str) -> Result<Found<DayProgramme>, AppError> {
    Ok(Found((&programme::get(app, &session.0.actor, review).await?).into()))
}

fn key(id: Id, if_match: Option<EntityTag>) -> Result<(ProgrammeItemId, Version), Trouble> {
    Ok((ProgrammeItemId(id.0), seen_version(if_match)?))
}

#[OpenApi(tag = "Tag::Reviews")]
impl VisitProgramme {
    /// Shows the programme of the visit day
    ///
    /// By time, with what collides.
    #[oai(path = "/reviews/:review/programme", method = "get", operation_id = "getProgramme")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Found<DayProgramme>, Refusal> {
        Ok(shown(&app, &session, &review.named("review")?.0).await?)
    }

    /// Adds a part to the programme
    ///
    /// From when to when, where, who is spoken to, and who of the panel is there.
    #[oai(path = "/reviews/:review/programme", method = "post", operation_id = "addProgrammePart")]
    async fn add(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        body: Body<ProgrammePartRequest>,
    ) -> Result<Created<ProgrammePart>, Refusal<Conflicts>> {
        let (review, new) = (review.named("review"), body.0).all()?;
        let id = programme::add(&app, &session.0.actor, &review.0, &new).await?;
        let programme = programme::get(&app, &session.0.actor, &review.0).await?;
        let made = programme.items.iter().find(|item| item.id == id).ok_or(AppError::NotFound)?;
        Ok(Created { body: made.into(), location: format!("{PREFIX}/reviews/{}/programme", review.0) })
    }

    /// Changes a part of the programme
    ///
    /// Say what you saw: `If-Match` with the `etag` of the part.
    #[oai(path = "/reviews/:review/programme/:item", method = "put", operation_id = "putProgrammePart")]
    async fn put(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The part.
        item: Path<Id>,
        /// `etag` of the part.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<ProgrammePartRequest>,
    ) -> Result<Found<DayProgramme>, Refusal<Versions>> {
        let (review, id, if_match, new) = (review.named("review"), item.named("item"), if_match.0, body.0).all()?;
        programme::change(&app, &session.0.actor, &review.0, key(id, if_match)?, &new).await.map_err(stale)?;
        Ok(shown(&app, &session, &review.0).await?)
    }

    /// Removes a part of the programme
    ///
    /// Say what you saw: `If-Match` with the `etag` of the part.
    #[oai(
        path = "/reviews/:review/programme/:item",
        method = "delete",
        operation_id = "removeProgrammePart",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn remove(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The part.
        item: Path<Id>,
        /// `etag` of the part.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Done, Refusal<Versions>> {
        let (review, id, if_match) = (review.named("review"), item.named("item"), if_match.0).all()?;
        programme::remove(&app, &session.0.actor, &review.0, key(id, if_match)?).await.map_err(stale)?;
        Ok(Done)
    }
}
