//! The log of who did what.

use kernschil_app::App;
use kernschil_app::audit::{self, Author, EventQuery, EventView, Who};
use kernschil_domain::audit as domain;
use poem::web::Data;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::Any;
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::Value;
use uuid::Uuid;

use super::Tag;
use super::reflection::ReviewSlug;
use super::users::Role;
use crate::input::{All, Day, Id, PageNumber, PageSize, Path, Query, Scalar, Text, Wrong, coded, page_request};
use crate::output::{Here, Listed, Moment, Page};
use crate::refusal::Refusal;
use crate::session::{InPerson, Session};

/// The room.
#[derive(Default)]
pub(crate) struct Audit;

/// The log of one peer review, for who manages it: a program may read it as well.
#[derive(Default)]
pub(crate) struct ReviewLog;

coded! {
    /// What happened.
    EventKind(domain::EventKind)
}

coded! {
    /// What a kind of event belongs to.
    EventGroup(domain::EventGroup)
}

/// Who did something, as far as is known now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub(crate) enum EventAuthor {
    /// Somebody with an account.
    User,
    /// Somebody whose account was removed since.
    Removed,
    /// Somebody who was not signed in.
    Stranger,
    /// Somebody at the command line of the server.
    CommandLine,
    /// The program by itself.
    Program,
}

/// Of whom events are asked for: the identifier of an account, or `nobody` for those of nobody with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Whose(Who);

impl Scalar for Whose {
    fn schema() -> MetaSchemaRef {
        let pattern = "^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|nobody)$".to_owned();
        MetaSchemaRef::Inline(Box::new(MetaSchema { pattern: Some(pattern), ..MetaSchema::new("string") }))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        match text {
            "nobody" => Ok(Self(Who::Nobody)),
            text => Id::read(text).map(|id| Self(Who::User(id.0.into()))),
        }
    }
}

/// An event. Of a row that cannot be read only `seq` and `sentence` are there.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct AuditEvent {
    /// Place in the log, from 1.
    seq: i64,
    /// What happened as a Dutch sentence, with who did it.
    sentence: String,
    /// Identifier.
    id: Option<Uuid>,
    /// When.
    at: Option<Moment>,
    /// Who did it.
    author: Option<EventAuthor>,
    /// Identifier of the account of who did it.
    user: Option<Uuid>,
    /// Name of who did it, while there is an account.
    name: Option<String>,
    /// The role in which it was done.
    role: Option<Role>,
    /// What happened.
    kind: Option<EventKind>,
    /// What that belongs to.
    group: Option<EventGroup>,
    /// What it was about: an identifier, the name of a round in addresses, or a route; empty for nothing in particular.
    subject: Option<String>,
    /// What it was before. Never a name, number or postcode of a person.
    before: Option<Any<Value>>,
    /// What it is now, likewise.
    after: Option<Any<Value>>,
    /// Number of the request; absent when it did not come over the network.
    request: Option<Uuid>,
}

impl From<EventView> for AuditEvent {
    fn from(view: EventView) -> Self {
        let sentence = view.sentence.text();
        let unknown = Self {
            seq: view.seq,
            sentence,
            id: None,
            at: None,
            author: None,
            user: None,
            name: None,
            role: None,
            kind: None,
            group: None,
            subject: None,
            before: None,
            after: None,
            request: None,
        };
        let Some(event) = view.event else { return unknown };
        let (author, user, name) = match event.author {
            Author::Person { id, name } => (EventAuthor::User, Some(id.0), Some(name)),
            Author::Removed(id) => (EventAuthor::Removed, Some(id.0), None),
            Author::Stranger => (EventAuthor::Stranger, None, None),
            Author::CommandLine => (EventAuthor::CommandLine, None, None),
            Author::Program => (EventAuthor::Program, None, None),
        };
        Self {
            id: Some(event.id.0),
            at: Some(Moment(event.at)),
            author: Some(author),
            user,
            name,
            role: event.role.map(Into::into),
            kind: Some(event.kind.into()),
            group: Some(event.kind.group().into()),
            subject: Some(event.subject),
            before: event.before.map(Any),
            after: event.after.map(Any),
            request: event.request,
            ..unknown
        }
    }
}

/// What changed with an event of a peer review.
#[derive(Debug, Object)]
pub(crate) struct ReviewLogChange {
    /// What, in Dutch.
    label: String,
    /// What it was, in Dutch; empty when that is not told.
    before: String,
    /// What it is, in Dutch; empty when it is not there any more.
    after: String,
}

/// An event of a peer review. Of a row that cannot be read only `sentence` is there.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ReviewLogEvent {
    /// What happened as a Dutch sentence, with who did it.
    sentence: String,
    /// When.
    at: Option<Moment>,
    /// The role in which it was done.
    role: Option<Role>,
    /// What happened.
    kind: Option<EventKind>,
    /// What changed, never a text that somebody wrote.
    changes: Vec<ReviewLogChange>,
}

impl From<EventView> for ReviewLogEvent {
    fn from(view: EventView) -> Self {
        let sentence = view.sentence.text();
        let Some(event) = view.event else {
            return Self { sentence, at: None, role: None, kind: None, changes: Vec::new() };
        };
        let change = |detail: audit::Detail| ReviewLogChange { label: detail.label, before: detail.before, after: detail.after };
        Self {
            sentence,
            at: Some(Moment(event.at)),
            role: event.role.map(Into::into),
            kind: Some(event.kind.into()),
            changes: event.details.into_iter().map(change).collect(),
        }
    }
}

#[OpenApi(tag = "Tag::Reviews")]
impl ReviewLog {
    /// Lists who did what in a peer review
    ///
    /// For who manages it, the newest first. What the panel does among itself is not told: joint findings, who saw them in
    /// another way, and the outcome stand in the report; downloads are not told either.
    #[oai(path = "/reviews/:review/audit-events", method = "get", operation_id = "listReviewEvents")]
    async fn of_review(
        &self,
        session: Session,
        app: Data<&App>,
        here: Here,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// Number of the page, from 1.
        page: Query<PageNumber>,
        /// Rows on a page.
        size: Query<PageSize>,
    ) -> Result<Listed<ReviewLogEvent>, Refusal> {
        let (review, page, size) = (review.named("review"), page.0, size.0).all()?;
        let found = audit::of_review(&app, &session.0.actor, &review.0, page_request(page, size)).await?;
        Ok(Listed(Page::cut(found.page), here))
    }
}

#[OpenApi(tag = "Tag::Audit")]
impl Audit {
    /// Lists who did what
    ///
    /// The newest first. Days are days in the Netherlands.
    #[oai(path = "/audit-events", method = "get", operation_id = "listAuditEvents")]
    #[expect(clippy::too_many_arguments, reason = "each filter is a parameter")]
    async fn list(
        &self,
        session: InPerson,
        app: Data<&App>,
        here: Here,
        /// Of whom: the identifier of an account, or `nobody` for the command line, the program itself and who was not
        /// signed in.
        who: Query<Whose>,
        /// Of this kind.
        kind: Query<EventKind>,
        /// Of the kinds that belong to this.
        group: Query<EventGroup>,
        /// About this: an identifier, the name of a round in addresses, or a route.
        subject: Query<Text<1, 200>>,
        /// From this day on.
        from: Query<Day>,
        /// Up to and including this day.
        until: Query<Day>,
        /// Number of the page, from 1.
        page: Query<PageNumber>,
        /// Rows on a page.
        size: Query<PageSize>,
    ) -> Result<Listed<AuditEvent>, Refusal> {
        let asked = (who.0, kind.0, group.0, subject.0, from.0, until.0, page.0, size.0).all()?;
        let (who, kind, group, subject, from, until, page, size) = asked;
        let query = EventQuery {
            who: who.map(|who| who.0),
            kind: kind.map(|kind| kind.0),
            group: group.map(|group| group.0),
            subject: subject.map(|subject| subject.0),
            from: from.map(|day| day.0),
            until: until.map(|day| day.0),
        };
        let found = audit::events(&app, &session.0.actor, &query, page_request(page, size)).await?;
        Ok(Listed(Page::cut(found.page), here))
    }
}
