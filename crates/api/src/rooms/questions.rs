//! Development questions of a peer review, in the order that matters.

use kernschil_app::App;
use kernschil_app::reviews::questions::{self, Way};
use kernschil_domain::ids::{QuestionId, Version};
use kernschil_domain::reviews::DevelopmentQuestion as DomainQuestion;
use poem::web::Data;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::reflection::{PartName, ReviewSlug};
use crate::PREFIX;
use crate::input::{All, Body, Choice, Faults, Given, Header, Id, Input, Maybe, Path, Text, choice};
use crate::output::{Created, Done, Found};
use crate::precondition::{EntityTag, seen_version, stale};
use crate::refusal::{Conflicts, Refusal, Versions};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Questions;

/// Where a question goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shift {
    Up,
    Down,
}

choice! {
    /// Where a question goes: `up` is before the one above it, `down` after the one below it.
    QuestionShift(Shift)
}

impl Choice for QuestionShift {
    fn every() -> Vec<Self> {
        vec![Self(Shift::Up), Self(Shift::Down)]
    }

    fn code(self) -> &'static str {
        match self.0 {
            Shift::Up => "up",
            Shift::Down => "down",
        }
    }

    fn dutch(self) -> Option<&'static str> {
        None
    }
}

/// A question that the receiving side wants to learn about from the panel.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct DevelopmentQuestion {
    /// Identifier.
    id: Uuid,
    /// Place in the order, from 1.
    number: i32,
    /// The question.
    text: String,
    /// Code of the part of the framework it belongs to; absent when it is about everything.
    part: Option<String>,
    /// `ETag` for changes, as `If-Match` asks for it.
    etag: String,
}

impl From<&DomainQuestion> for DevelopmentQuestion {
    fn from(question: &DomainQuestion) -> Self {
        Self {
            id: question.id.0,
            number: question.ordinal,
            text: question.text.clone(),
            part: question.part.as_ref().map(|part| part.code().0.clone()),
            etag: format!("\"{}\"", question.version.0),
        }
    }
}

/// A development question.
#[derive(Debug, Object)]
pub(crate) struct DevelopmentQuestionRequest {
    /// The question.
    text: Given<Text<1, 1000>>,
    /// Code of the part of the framework it belongs to.
    part: Maybe<PartName>,
}

pub(crate) struct Asked {
    text: String,
    part: String,
}

impl Input for DevelopmentQuestionRequest {
    type Checked = Asked;

    const FIELDS: &'static [&'static str] = &["text", "part"];

    fn check(self) -> Result<Asked, Faults> {
        let (text, part) = (self.text.named("text"), self.part.named("part")).all()?;
        Ok(Asked { text: text.0, part: part.map(|part| part.0).unwrap_or_default() })
    }
}

/// Where a question goes.
#[derive(Debug, Object)]
pub(crate) struct QuestionShiftRequest {
    /// Up or down.
    way: Given<QuestionShift>,
}

impl Input for QuestionShiftRequest {
    type Checked = Way;

    const FIELDS: &'static [&'static str] = &["way"];

    fn check(self) -> Result<Way, Faults> {
        Ok(match self.way.named("way")?.0 {
            Shift::Up => Way::Up,
            Shift::Down => Way::Down,
        })
    }
}

type Listed = Found<Vec<DevelopmentQuestion>>;

async fn all(app: &App, session: &Session, review: &str) -> Result<Listed, kernschil_app::AppError> {
    let list = questions::list(app, &session.0.actor, review).await?;
    Ok(Found(list.questions.iter().map(Into::into).collect()))
}

fn key(id: Id, if_match: Option<EntityTag>) -> Result<(QuestionId, Version), crate::refusal::Trouble> {
    Ok((QuestionId(id.0), seen_version(if_match)?))
}

#[OpenApi(tag = "Tag::Reviews")]
impl Questions {
    /// Lists the development questions of a peer review
    ///
    /// In the order in which they matter to the receiving side.
    #[oai(path = "/reviews/:review/questions", method = "get", operation_id = "listDevelopmentQuestions")]
    async fn list(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Listed, Refusal> {
        Ok(all(&app, &session, &review.named("review")?.0).await?)
    }

    /// Adds a development question
    ///
    /// After the others; at most 12, while the review is prepared.
    #[oai(path = "/reviews/:review/questions", method = "post", operation_id = "addDevelopmentQuestion")]
    async fn add(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        body: Body<DevelopmentQuestionRequest>,
    ) -> Result<Created<DevelopmentQuestion>, Refusal<Conflicts>> {
        let (review, new) = (review.named("review"), body.0).all()?;
        let id = questions::add(&app, &session.0.actor, &review.0, &new.text, &new.part).await?;
        let list = questions::list(&app, &session.0.actor, &review.0).await?;
        let made = list.questions.iter().find(|question| question.id == id).ok_or(kernschil_app::AppError::NotFound)?;
        Ok(Created { body: made.into(), location: format!("{PREFIX}/reviews/{}/questions", review.0) })
    }

    /// Changes a development question
    ///
    /// Say what you saw: `If-Match` with the `etag` of the question.
    #[oai(path = "/reviews/:review/questions/:question", method = "put", operation_id = "putDevelopmentQuestion")]
    async fn put(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The question.
        question: Path<Id>,
        /// `etag` of the question.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<DevelopmentQuestionRequest>,
    ) -> Result<Listed, Refusal<Versions>> {
        let (review, id, if_match, new) = (review.named("review"), question.named("question"), if_match.0, body.0).all()?;
        let key = key(id, if_match)?;
        questions::change(&app, &session.0.actor, &review.0, key, (&new.text, &new.part)).await.map_err(stale)?;
        Ok(all(&app, &session, &review.0).await?)
    }

    /// Moves a development question one place
    ///
    /// Say what you saw: `If-Match` with the `etag` of the question.
    #[oai(path = "/reviews/:review/questions/:question/shifts", method = "post", operation_id = "shiftDevelopmentQuestion")]
    async fn shift(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The question.
        question: Path<Id>,
        /// `etag` of the question.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<QuestionShiftRequest>,
    ) -> Result<Listed, Refusal<Versions>> {
        let (review, id, if_match, way) = (review.named("review"), question.named("question"), if_match.0, body.0).all()?;
        let key = key(id, if_match)?;
        questions::shift(&app, &session.0.actor, &review.0, key, way).await.map_err(stale)?;
        Ok(all(&app, &session, &review.0).await?)
    }

    /// Removes a development question
    ///
    /// Say what you saw: `If-Match` with the `etag` of the question.
    #[oai(
        path = "/reviews/:review/questions/:question",
        method = "delete",
        operation_id = "removeDevelopmentQuestion",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn remove(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The question.
        question: Path<Id>,
        /// `etag` of the question.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Done, Refusal<Versions>> {
        let (review, id, if_match) = (review.named("review"), question.named("question"), if_match.0).all()?;
        let key = key(id, if_match)?;
        questions::remove(&app, &session.0.actor, &review.0, key).await.map_err(stale)?;
        Ok(Done)
    }
}
