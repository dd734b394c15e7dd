//! The outcome of a judging review, and what is done with a review afterwards.

use std::collections::BTreeMap;

use kernschil_app::reviews::follow_up::{self, FollowUpDraft, FollowUpItem, FollowUpQuery, FollowUps as AppFollowUps};
use kernschil_app::reviews::outcome::{self, OutcomeDraft, OutcomeView};
use kernschil_app::{App, AppError};
use kernschil_domain::ids::{FollowUpId, JointFindingId};
use kernschil_domain::reviews;
use poem::web::Data;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::{Object, OpenApi};
use serde_json::Value;
use uuid::Uuid;

use super::Tag;
use super::reflection::ReviewSlug;
use crate::PREFIX;
use crate::input::{All, Body, Choice, Day, Faults, Given, Header, Id, Input, Maybe, Path, Query, Scalar, Text, Wrong, coded};
use crate::output::{Created, Found, Workbook};
use crate::precondition::{EntityTag, seen_version, stale};
use crate::refusal::{Conflicts, Refusal, Versions};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct FollowUps;

coded! {
    /// What a judging review found.
    ReviewJudgement(reviews::Judgement)
}

coded! {
    /// How far a follow-up is.
    FollowUpStatus(reviews::FollowUpStatus)
}

/// A safeguard with what was found about it.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct JudgedSafeguard {
    /// Code of the safeguard.
    safeguard: String,
    /// Its name.
    name: String,
    /// What was found; absent while it was not judged.
    judgement: Option<ReviewJudgement>,
}

/// The outcome of a judging review.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ReviewOutcome {
    /// The safeguards of the framework, in order.
    safeguards: Vec<JudgedSafeguard>,
    /// Of the review as a whole; absent while it was not judged, or the caller may not know yet.
    overall: Option<ReviewJudgement>,
    /// The day on which it was decided.
    decided_on: Option<Day>,
    /// `ETag` of the review, as `If-Match` asks for it.
    etag: String,
}

impl From<&OutcomeView> for ReviewOutcome {
    fn from(view: &OutcomeView) -> Self {
        let found = view.outcome.as_ref();
        let judged = |safeguard: &kernschil_domain::frameworks::Safeguard| JudgedSafeguard {
            safeguard: safeguard.code.0.clone(),
            name: safeguard.name.clone(),
            judgement: found.and_then(|outcome| outcome.safeguards.get(&safeguard.code)).map(|judgement| (*judgement).into()),
        };
        Self {
            safeguards: view.content.safeguards.iter().map(judged).collect(),
            overall: found.map(|outcome| outcome.overall.into()),
            decided_on: found.and_then(|outcome| outcome.decided_on).map(Day),
            etag: format!("\"{}\"", view.review.version.0),
        }
    }
}

/// Judgements by the code of a safeguard.
#[derive(Debug)]
struct Judgements(BTreeMap<String, String>);

impl Scalar for Judgements {
    fn schema() -> MetaSchemaRef {
        let values = Some(Box::new(ReviewJudgement::schema()));
        MetaSchemaRef::Inline(Box::new(MetaSchema { additional_properties: values, ..MetaSchema::new("object") }))
    }

    fn register(registry: &mut poem_openapi::registry::Registry) {
        ReviewJudgement::register(registry);
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        Err(Wrong::new("geen-object", "Dit moet een object zijn, met een oordeel per waarborg."))
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        let object =
            value.as_object().ok_or_else(|| Wrong::new("geen-object", "Dit moet een object zijn, met een oordeel per waarborg."))?;
        let read = |(code, value): (&String, &Value)| Ok((code.clone(), ReviewJudgement::read_json(value)?.code().to_owned()));
        object.iter().map(read).collect::<Result<_, _>>().map(Self)
    }
}

/// What a panel decided.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct ReviewOutcomeRequest {
    /// Judgements by the code of a safeguard; each safeguard of the framework has one.
    safeguards: Given<Judgements>,
    /// Of the review as a whole.
    overall: Given<ReviewJudgement>,
    /// The day on which it was decided.
    decided_on: Given<Day>,
}

impl Input for ReviewOutcomeRequest {
    type Checked = OutcomeDraft;

    const FIELDS: &'static [&'static str] = &["safeguards", "overall", "decidedOn"];

    fn check(self) -> Result<OutcomeDraft, Faults> {
        let (safeguards, overall, day) =
            (self.safeguards.named("safeguards"), self.overall.named("overall"), self.decided_on.named("decidedOn")).all()?;
        Ok(OutcomeDraft { safeguards: safeguards.0, overall: overall.code().to_owned(), decided_on: Some(day.0) })
    }
}

/// What is done with a review: an action with an owner and a date.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct FollowUp {
    /// Identifier.
    id: Uuid,
    /// The joint finding it comes from.
    finding: Option<Uuid>,
    /// Code of the part of the framework that finding is about.
    part: Option<String>,
    /// What will be done.
    text: String,
    /// Who sees to it.
    owner: String,
    /// When it should be done.
    due_on: Option<Day>,
    /// How far it is.
    status: FollowUpStatus,
    /// What came of it, or why it was dropped; may be empty.
    result: String,
    /// Days that it is late; 0 when it is not.
    days_late: i64,
    /// `ETag` for changes, as `If-Match` asks for it.
    etag: String,
}

impl From<&FollowUpItem> for FollowUp {
    fn from(item: &FollowUpItem) -> Self {
        let action = &item.follow_up;
        Self {
            id: action.id.0,
            finding: action.finding.map(|finding| finding.0),
            part: item.part().map(|part| part.code().0.clone()),
            text: action.text.clone(),
            owner: action.owner.clone(),
            due_on: action.due_on.map(Day),
            status: action.status.into(),
            result: action.result.clone(),
            days_late: item.days_late,
            etag: format!("\"{}\"", action.version.0),
        }
    }
}

/// A follow-up.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct FollowUpRequest {
    /// The joint finding it comes from.
    finding: Maybe<Id>,
    /// What will be done.
    text: Given<Text<1, 2000>>,
    /// Who sees to it: a function or a name.
    owner: Given<Text<1, 120>>,
    /// When it should be done.
    due_on: Given<Day>,
    /// How far it is; open when absent.
    status: Maybe<FollowUpStatus>,
    /// What came of it, or why it was dropped; asked for what was dropped.
    result: Maybe<Text<0, 2000>>,
}

impl Input for FollowUpRequest {
    type Checked = FollowUpDraft;

    const FIELDS: &'static [&'static str] = &["finding", "text", "owner", "dueOn", "status", "result"];

    fn check(self) -> Result<FollowUpDraft, Faults> {
        let (finding, text, owner, due_on, status, result) = (
            self.finding.named("finding"),
            self.text.named("text"),
            self.owner.named("owner"),
            self.due_on.named("dueOn"),
            self.status.named("status"),
            self.result.named("result"),
        )
            .all()?;
        Ok(FollowUpDraft {
            finding: finding.map(|id| JointFindingId(id.0)),
            text: text.0,
            owner: owner.0,
            due_on: Some(due_on.0),
            status: status.map(|status| status.code().to_owned()).unwrap_or_default(),
            result: result.map(|result| result.0).unwrap_or_default(),
        })
    }
}

async fn all(app: &App, session: &Session, review: &str, query: &FollowUpQuery) -> Result<AppFollowUps, AppError> {
    follow_up::list(app, &session.0.actor, review, query).await
}

async fn one(app: &App, session: &Session, review: &str, id: FollowUpId) -> Result<FollowUp, AppError> {
    let list = all(app, session, review, &FollowUpQuery::default()).await?;
    list.items.iter().find(|item| item.follow_up.id == id).map(Into::into).ok_or(AppError::NotFound)
}

fn query(status: Option<FollowUpStatus>, text: Option<Text<1, 100>>) -> FollowUpQuery {
    FollowUpQuery { status: status.map(|status| status.0), text: text.map(|text| text.0), ..FollowUpQuery::default() }
}

#[OpenApi(tag = "Tag::Reviews")]
impl FollowUps {
    /// Shows the outcome of a judging peer review
    ///
    /// The receiving side reads it once the report was sent. A developmental review has none.
    #[oai(path = "/reviews/:review/outcome", method = "get", operation_id = "getReviewOutcome")]
    async fn outcome(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Found<ReviewOutcome>, Refusal<Conflicts>> {
        Ok(Found((&outcome::get(&app, &session.0.actor, &review.named("review")?.0).await?).into()))
    }

    /// Notes the outcome of a judging peer review
    ///
    /// By chair or secretary, once the findings are on the table and until the report is final. Say what you saw: `If-Match`
    /// with the `etag` of the outcome.
    #[oai(path = "/reviews/:review/outcome", method = "put", operation_id = "putReviewOutcome")]
    async fn judge(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// `etag` of the outcome.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<ReviewOutcomeRequest>,
    ) -> Result<Found<ReviewOutcome>, Refusal<Versions>> {
        let (review, if_match, new) = (review.named("review"), if_match.0, body.0).all()?;
        let seen = seen_version(if_match)?;
        outcome::judge(&app, &session.0.actor, &review.0, seen, &new).await.map_err(stale)?;
        Ok(Found((&outcome::get(&app, &session.0.actor, &review.0).await?).into()))
    }

    /// Lists the follow-ups of a peer review
    ///
    /// By date.
    #[oai(path = "/reviews/:review/follow-ups", method = "get", operation_id = "listFollowUps")]
    async fn list(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// Only those that are so far.
        status: Query<FollowUpStatus>,
        /// Only those in which this stands.
        text: Query<Text<1, 100>>,
    ) -> Result<Found<Vec<FollowUp>>, Refusal> {
        let (review, status, text) = (review.named("review"), status.0, text.0).all()?;
        let list = all(&app, &session, &review.0, &query(status, text)).await?;
        Ok(Found(list.items.iter().map(Into::into).collect()))
    }

    /// Gives the follow-ups of a peer review as a workbook
    ///
    /// That it was taken along is noted.
    #[oai(path = "/reviews/:review/follow-ups/workbook", method = "get", operation_id = "getFollowUpWorkbook")]
    async fn workbook(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// Only those that are so far.
        status: Query<FollowUpStatus>,
        /// Only those in which this stands.
        text: Query<Text<1, 100>>,
    ) -> Result<Workbook, Refusal> {
        let (review, status, text) = (review.named("review"), status.0, text.0).all()?;
        let made = follow_up::workbook(&app, &session.0.actor, &review.0, &query(status, text)).await?;
        Ok(Workbook { bytes: made.bytes, file_name: made.file_name })
    }

    /// Adds a follow-up
    ///
    /// Once the report was sent to the receiving side, also after the review was closed.
    #[oai(path = "/reviews/:review/follow-ups", method = "post", operation_id = "addFollowUp")]
    async fn add(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        body: Body<FollowUpRequest>,
    ) -> Result<Created<FollowUp>, Refusal<Conflicts>> {
        let (review, new) = (review.named("review"), body.0).all()?;
        let id = follow_up::add(&app, &session.0.actor, &review.0, &new).await?;
        let body = one(&app, &session, &review.0, id).await?;
        Ok(Created { body, location: format!("{PREFIX}/reviews/{}/follow-ups", review.0) })
    }

    /// Changes a follow-up
    ///
    /// What will not be done is dropped with a reason, never taken away. Say what you saw: `If-Match` with the `etag` of the
    /// follow-up.
    #[oai(path = "/reviews/:review/follow-ups/:action", method = "put", operation_id = "putFollowUp")]
    async fn put(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The follow-up.
        action: Path<Id>,
        /// `etag` of the follow-up.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<FollowUpRequest>,
    ) -> Result<Found<FollowUp>, Refusal<Versions>> {
        let (review, id, if_match, new) = (review.named("review"), action.named("action"), if_match.0, body.0).all()?;
        let id = FollowUpId(id.0);
        let seen = seen_version(if_match)?;
        follow_up::change(&app, &session.0.actor, &review.0, (id, seen), &new).await.map_err(stale)?;
        Ok(Found(one(&app, &session, &review.0, id).await?))
    }

    /// Lists what was done with the review before a peer review
    ///
    /// Per part of the framework. A review that follows on none has nothing before it.
    #[oai(path = "/reviews/:review/previous/follow-ups", method = "get", operation_id = "listPreviousFollowUps")]
    async fn previous(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Found<Vec<FollowUp>>, Refusal> {
        let found = follow_up::previous(&app, &session.0.actor, &review.named("review")?.0).await?.ok_or(AppError::NotFound)?;
        Ok(Found(found.items.iter().map(Into::into).collect()))
    }
}
