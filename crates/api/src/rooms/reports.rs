//! The report of a peer review: its versions, what is said about it, and what is published of it.

mod requests;

use kernschil_app::reviews::publication::{self, PublishedReport};
use kernschil_app::reviews::report::{self, CommentView, ReportFile, ReportOverview, ReportView, VersionLine};
use kernschil_app::reviews::responding;
use kernschil_app::{App, AppError};
use kernschil_domain::ids::{CommentId, Version};
use kernschil_domain::reviews::{self, DiffLine, ReportContent as DomainContent};
use poem::http::header::CONTENT_DISPOSITION;
use poem::web::Data;
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaMediaType, MetaResponses, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::{ApiResponse, Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::evidence::VersionPlace;
use super::panels::ReviewRole;
use super::reflection::ReviewSlug;
use crate::PREFIX;
use crate::input::{All, Body, Day, Header, Id, Path, coded};
use crate::output::{Created, Done, Found, Moment, Tagged, Workbook, header, meta};
use crate::precondition::{EntityTag, seen_version, stale};
use crate::refusal::{Conflicts, Refusal, Versions};
use crate::session::Session;
use requests::{
    PublicationRequest, ReportCommentRequest, ReportDeadlineRequest, ReportFinalRequest, ReportReplyRequest, ReportTextsRequest,
    ReportWithdrawalRequest, ReportWordsRequest,
};

/// The room.
#[derive(Default)]
pub(crate) struct Reports;

coded! {
    /// How far a version of a report is.
    ReportState(reviews::ReportState)
}

coded! {
    /// What happened to a paragraph between two versions.
    ReportParagraphChange(reviews::ParagraphChange)
}

coded! {
    /// A part of a report that is published or not, besides the text itself.
    PublishedPart(reviews::PublishedPart)
}

/// A version of a report, without what it says.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct ReportVersionLine {
    /// Number, from 1.
    number: i32,
    /// How far it is.
    state: ReportState,
    /// SHA-256 of what it says.
    hash: String,
    /// When it was made.
    at: Moment,
}

impl From<&VersionLine> for ReportVersionLine {
    fn from(line: &VersionLine) -> Self {
        Self { number: line.number, state: line.state.into(), hash: line.hash.clone(), at: Moment(line.at) }
    }
}

/// What the receiving side said about a paragraph.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct ReportComment {
    /// Identifier.
    id: Uuid,
    /// Number of the version it is about.
    number: i32,
    /// Key of the paragraph.
    paragraph: String,
    /// What that paragraph is, in words.
    about: String,
    /// What was said, as Markdown.
    text: String,
    /// When.
    at: Moment,
    /// What the panel did with it; absent while it is not answered.
    reply: Option<String>,
    /// `ETag` for changes, as `If-Match` asks for it.
    etag: String,
}

impl From<&CommentView> for ReportComment {
    fn from(comment: &CommentView) -> Self {
        Self {
            id: comment.id.0,
            number: comment.number,
            paragraph: comment.paragraph.clone(),
            about: comment.about.clone(),
            text: comment.text.clone(),
            at: Moment(comment.at),
            reply: comment.reply.clone(),
            etag: format!("\"{}\"", comment.version.0),
        }
    }
}

/// The report of a review, as the caller may see it.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ReportSummary {
    /// The versions that the caller sees, the latest first.
    versions: Vec<ReportVersionLine>,
    /// The last day on which the receiving side can respond; absent while nothing was sent.
    respond_by: Option<Day>,
    /// What was said, the oldest first.
    comments: Vec<ReportComment>,
    /// When it was published; absent while it is not.
    published_at: Option<Moment>,
    /// `ETag` of the review, which deadline and publication ask for.
    review_etag: String,
}

fn summary(overview: &ReportOverview) -> Tagged<ReportSummary> {
    let body = ReportSummary {
        versions: overview.versions.iter().map(Into::into).collect(),
        respond_by: overview.review.respond_by.map(Day),
        comments: overview.comments.iter().map(Into::into).collect(),
        published_at: overview.review.published_at.map(Moment),
        review_etag: format!("\"{}\"", overview.review.version.0),
    };
    Tagged { tag: format!("\"{}\"", overview.versions.first().map_or(0, |version| version.number)), body }
}

/// Somebody on the panel, as the report tells it.
#[derive(Debug, Object)]
pub(crate) struct ReportPanelist {
    /// Name.
    name: String,
    /// Role.
    role: ReviewRole,
    /// Where she comes from; empty when that is not known.
    organisation: String,
}

/// A part of the visit day, as the report tells it.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct ReportProgrammePart {
    /// When it began, as `09:30`.
    starts_at: String,
    /// When it ended.
    ends_at: String,
    /// What it was.
    title: String,
    /// The group that was spoken to.
    audience: String,
}

/// A paragraph of a report.
#[derive(Debug, Object)]
pub(crate) struct ReportParagraph {
    /// Key, the same over all versions.
    key: String,
    /// What it is, in words; empty for a text that needs none.
    label: String,
    /// What it says, as Markdown; empty while nobody wrote it.
    text: String,
    /// How members of the panel see it in another way, without names.
    dissents: Vec<String>,
    /// Whether it is written in the report, and can be saved; otherwise it is a joint finding.
    written: bool,
}

/// Paragraphs under one heading.
#[derive(Debug, Object)]
pub(crate) struct ReportSection {
    /// Key.
    key: String,
    /// Heading.
    title: String,
    /// Paragraphs, in order.
    paragraphs: Vec<ReportParagraph>,
}

/// What was judged; in judging reviews only.
#[derive(Debug, Object)]
pub(crate) struct ReportJudgement {
    /// Name of the safeguard, or the whole.
    about: String,
    /// The judgement, in Dutch.
    judgement: String,
}

/// What the receiving side said, and what was done with it.
#[derive(Debug, Object)]
pub(crate) struct ReportResponse {
    /// Key of the paragraph.
    paragraph: String,
    /// What that paragraph is, in words.
    about: String,
    /// What was said.
    text: String,
    /// What the panel did with it.
    reply: String,
}

/// What a report says.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ReportContent {
    /// Title.
    title: String,
    /// Who received the panel.
    receiver: String,
    /// The visit day.
    visited_on: Option<Day>,
    /// Name of the framework.
    framework: String,
    /// Hash of that framework.
    framework_hash: String,
    /// The panel.
    panel: Vec<ReportPanelist>,
    /// The visit day.
    programme: Vec<ReportProgrammePart>,
    /// The text, in order.
    sections: Vec<ReportSection>,
    /// What was judged; nothing in a developmental review.
    judgements: Vec<ReportJudgement>,
    /// What the receiving side said; only in a final report.
    responses: Vec<ReportResponse>,
}

impl From<&DomainContent> for ReportContent {
    fn from(content: &DomainContent) -> Self {
        let paragraph = |one: &reviews::ReportParagraph| ReportParagraph {
            key: one.key.clone(),
            label: one.label(),
            text: one.text.clone(),
            dissents: one.dissents.clone(),
            written: one.about.is_written(),
        };
        let section = |one: &reviews::ReportSection| ReportSection {
            key: one.key.clone(),
            title: one.title.clone(),
            paragraphs: one.paragraphs.iter().map(paragraph).collect(),
        };
        let panelist = |one: &reviews::ReportPanelist| ReportPanelist {
            name: one.name.clone(),
            role: one.role.into(),
            organisation: one.organisation.clone(),
        };
        let part = |one: &reviews::ReportProgrammePart| ReportProgrammePart {
            starts_at: one.starts_at.format("%H:%M").to_string(),
            ends_at: one.ends_at.format("%H:%M").to_string(),
            title: one.title.clone(),
            audience: one.audience.clone(),
        };
        let judgement =
            |one: &reviews::ReportJudgement| ReportJudgement { about: one.about.clone(), judgement: one.judgement.dutch().to_owned() };
        let response = |one: &reviews::ReportResponse| ReportResponse {
            paragraph: one.paragraph.clone(),
            about: one.about.clone(),
            text: one.text.clone(),
            reply: one.reply.clone(),
        };
        Self {
            title: content.title.clone(),
            receiver: content.receiver.clone(),
            visited_on: content.visited_on.map(Day),
            framework: content.framework.clone(),
            framework_hash: content.framework_hash.clone(),
            panel: content.panel.iter().map(panelist).collect(),
            programme: content.programme.iter().map(part).collect(),
            sections: content.sections.iter().map(section).collect(),
            judgements: content.judgements.iter().map(judgement).collect(),
            responses: content.responses.iter().map(response).collect(),
        }
    }
}

/// A version of a report.
#[derive(Debug, Object)]
pub(crate) struct ReportVersion {
    /// The version.
    version: ReportVersionLine,
    /// What it says.
    content: ReportContent,
}

impl From<&ReportView> for ReportVersion {
    fn from(view: &ReportView) -> Self {
        Self { version: (&view.version).into(), content: (&view.content).into() }
    }
}

/// A paragraph that differs between two versions.
#[derive(Debug, Object)]
pub(crate) struct ReportDifference {
    /// Key of the paragraph.
    paragraph: String,
    /// What it is, in words.
    about: String,
    /// What happened to it.
    change: ReportParagraphChange,
    /// Lines that went.
    gone: Vec<String>,
    /// Lines that came.
    came: Vec<String>,
}

impl From<&reviews::ParagraphDifference> for ReportDifference {
    fn from(difference: &reviews::ParagraphDifference) -> Self {
        let gone = |line: &DiffLine| if let DiffLine::Gone(text) = line { Some(text.clone()) } else { None };
        let came = |line: &DiffLine| if let DiffLine::New(text) = line { Some(text.clone()) } else { None };
        Self {
            paragraph: difference.key.clone(),
            about: difference.name.clone(),
            change: difference.change.into(),
            gone: difference.lines.iter().filter_map(gone).collect(),
            came: difference.lines.iter().filter_map(came).collect(),
        }
    }
}

/// A report as it was published.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct PublishedReportContent {
    /// Number of the version.
    number: i32,
    /// When it was published.
    at: Moment,
    /// The year of the annual report that carries it.
    report_year: Option<i32>,
    /// What is published of it.
    content: ReportContent,
}

impl From<&PublishedReport> for PublishedReportContent {
    fn from(report: &PublishedReport) -> Self {
        Self { number: report.number, at: Moment(report.at), report_year: report.report_year, content: (&report.content).into() }
    }
}

/// 200 with a document.
pub(crate) struct ReportDocument(ReportFile);

impl IntoResponse for ReportDocument {
    fn into_response(self) -> Response {
        let attachment = format!("attachment; filename=\"{}\"", self.0.file_name);
        Response::builder().content_type(report::DOCX_MEDIA_TYPE).header(CONTENT_DISPOSITION, attachment).body(self.0.bytes)
    }
}

impl ApiResponse for ReportDocument {
    fn meta() -> MetaResponses {
        let binary = MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "binary")));
        let content = vec![MetaMediaType { content_type: report::DOCX_MEDIA_TYPE, schema: binary }];
        meta(200, "A document (.docx).", content, vec![header("Content-Disposition", "Says what to call the file.")])
    }

    fn register(_: &mut Registry) {}
}

fn workbook(file: ReportFile) -> Workbook {
    Workbook { bytes: file.bytes, file_name: file.file_name }
}

async fn shown(app: &App, session: &Session, review: &str) -> Result<Tagged<ReportSummary>, AppError> {
    Ok(summary(&report::overview(app, &session.0.actor, review).await?))
}

fn key(id: Id, if_match: Option<EntityTag>) -> Result<(CommentId, Version), crate::refusal::Trouble> {
    Ok((CommentId(id.0), seen_version(if_match)?))
}

type Shown<A> = Result<Tagged<ReportSummary>, Refusal<A>>;

#[OpenApi(tag = "Tag::Reviews")]
impl Reports {
    /// Shows the report of a peer review
    ///
    /// The versions that the caller may see, and what was said about them. Its `ETag` is the number of the latest version that
    /// the caller sees, for `If-Match`; `"0"` while there is none.
    #[oai(path = "/reviews/:review/report", method = "get", operation_id = "getReport")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Tagged<ReportSummary>, Refusal> {
        Ok(shown(&app, &session, &review.named("review")?.0).await?)
    }

    /// Shows a version of the report
    ///
    /// A version never changes. The receiving side reads only versions that were sent.
    #[oai(path = "/reviews/:review/report/versions/:number", method = "get", operation_id = "getReportVersion")]
    async fn version(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// Number of the version.
        number: Path<VersionPlace>,
    ) -> Result<Found<ReportVersion>, Refusal> {
        let (review, number) = (review.named("review"), number.named("number")).all()?;
        Ok(Found((&report::version(&app, &session.0.actor, &review.0, number.0).await?).into()))
    }

    /// Gives a version of the report as a document
    ///
    /// As .docx, with CONCEPT across the pages until it is final. The same version gives the same bytes.
    #[oai(path = "/reviews/:review/report/versions/:number/document", method = "get", operation_id = "getReportDocument")]
    async fn document(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// Number of the version.
        number: Path<VersionPlace>,
    ) -> Result<ReportDocument, Refusal> {
        let (review, number) = (review.named("review"), number.named("number")).all()?;
        Ok(ReportDocument(report::report_document(&app, &session.0.actor, &review.0, number.0).await?))
    }

    /// Gives a version of the report as a workbook
    ///
    /// As .xlsx. The same version gives the same bytes.
    #[oai(path = "/reviews/:review/report/versions/:number/workbook", method = "get", operation_id = "getReportWorkbook")]
    async fn workbook(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// Number of the version.
        number: Path<VersionPlace>,
    ) -> Result<Workbook, Refusal> {
        let (review, number) = (review.named("review"), number.named("number")).all()?;
        Ok(workbook(report::report_workbook(&app, &session.0.actor, &review.0, number.0).await?))
    }

    /// Shows how two versions of the report differ, per paragraph
    ///
    /// Paragraphs keep their keys over all versions.
    #[oai(path = "/reviews/:review/report/versions/:number/differences/:later", method = "get", operation_id = "compareReportVersions")]
    async fn compare(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// Number of the earlier version.
        number: Path<VersionPlace>,
        /// Number of the later version.
        later: Path<VersionPlace>,
    ) -> Result<Found<Vec<ReportDifference>>, Refusal> {
        let (review, number, later) = (review.named("review"), number.named("number"), later.named("later")).all()?;
        let compared = report::compare(&app, &session.0.actor, &review.0, (number.0, later.0)).await?;
        Ok(Found(compared.differences.iter().map(Into::into).collect()))
    }

    /// Makes a version of the report from the joint findings of now
    ///
    /// What was written stays. Say what you saw: `If-Match` with the `ETag` of the report, `"0"` for the first.
    #[oai(
        path = "/reviews/:review/report/versions",
        method = "post",
        operation_id = "makeReportVersion",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn renew(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// `ETag` of the report.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Shown<Versions> {
        let (review, if_match) = (review.named("review"), if_match.0).all()?;
        report::renew(&app, &session.0.actor, &review.0, seen_version(if_match)?.0).await.map_err(stale)?;
        Ok(shown(&app, &session, &review.0).await?)
    }

    /// Saves texts of the report as a new version
    ///
    /// Paragraphs that are not named stay as they are. Say what you saw: `If-Match` with the `ETag` of the report. Somebody else
    /// made a version since: then 412, and nothing was stored.
    #[oai(path = "/reviews/:review/report/texts", method = "put", operation_id = "putReportTexts")]
    async fn save(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// `ETag` of the report.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<ReportTextsRequest>,
    ) -> Shown<Versions> {
        let (review, if_match, texts) = (review.named("review"), if_match.0, body.0).all()?;
        report::save(&app, &session.0.actor, &review.0, seen_version(if_match)?.0, &texts.0).await.map_err(stale)?;
        Ok(shown(&app, &session, &review.0).await?)
    }

    /// Sends the latest version of the report to the receiving side
    ///
    /// They hear of it by mail. Say what you saw: `If-Match` with the `ETag` of the report.
    #[oai(path = "/reviews/:review/report/sending", method = "post", operation_id = "sendReport")]
    async fn send(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// `ETag` of the report.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<ReportDeadlineRequest>,
    ) -> Shown<Versions> {
        let (review, if_match, day) = (review.named("review"), if_match.0, body.0).all()?;
        report::send(&app, &session.0.actor, &review.0, seen_version(if_match)?.0, Some(day)).await.map_err(stale)?;
        Ok(shown(&app, &session, &review.0).await?)
    }

    /// Gives the receiving side another last day to respond
    ///
    /// Only the chair does so. They hear of it by mail. Say what you saw: `If-Match` with the `reviewEtag` of the report.
    #[oai(path = "/reviews/:review/report/deadline", method = "put", operation_id = "putReportDeadline")]
    async fn extend(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// `reviewEtag` of the report.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<ReportDeadlineRequest>,
    ) -> Shown<Versions> {
        let (review, if_match, day) = (review.named("review"), if_match.0, body.0).all()?;
        report::extend(&app, &session.0.actor, &review.0, seen_version(if_match)?, Some(day)).await.map_err(stale)?;
        Ok(shown(&app, &session, &review.0).await?)
    }

    /// Comments on a paragraph of the report
    ///
    /// Of the version that was sent last, until the last day to respond.
    #[oai(path = "/reviews/:review/report/comments", method = "post", operation_id = "addReportComment")]
    async fn comment(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        body: Body<ReportCommentRequest>,
    ) -> Result<Created<ReportSummary>, Refusal<Conflicts>> {
        let (review, new) = (review.named("review"), body.0).all()?;
        let made = responding::comment(&app, &session.0.actor, &review.0, new.number, (&new.paragraph, &new.text)).await?;
        let body = shown(&app, &session, &review.0).await?.body;
        Ok(Created { location: format!("{PREFIX}/reviews/{}/report/comments/{made}", review.0), body })
    }

    /// Changes a comment that was not answered
    ///
    /// Say what you saw: `If-Match` with the `etag` of the comment.
    #[oai(path = "/reviews/:review/report/comments/:comment", method = "put", operation_id = "putReportComment")]
    async fn change(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The comment.
        comment: Path<Id>,
        /// `etag` of the comment.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<ReportWordsRequest>,
    ) -> Shown<Versions> {
        let (review, id, if_match, text) = (review.named("review"), comment.named("comment"), if_match.0, body.0).all()?;
        responding::change(&app, &session.0.actor, &review.0, key(id, if_match)?, &text).await.map_err(stale)?;
        Ok(shown(&app, &session, &review.0).await?)
    }

    /// Takes back a comment that was not answered
    ///
    /// Say what you saw: `If-Match` with the `etag` of the comment.
    #[oai(
        path = "/reviews/:review/report/comments/:comment",
        method = "delete",
        operation_id = "removeReportComment",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn remove(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The comment.
        comment: Path<Id>,
        /// `etag` of the comment.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Done, Refusal<Versions>> {
        let (review, id, if_match) = (review.named("review"), comment.named("comment"), if_match.0).all()?;
        responding::remove(&app, &session.0.actor, &review.0, key(id, if_match)?).await.map_err(stale)?;
        Ok(Done)
    }

    /// Says what the panel did with a comment
    ///
    /// Say what you saw: `If-Match` with the `etag` of the comment.
    #[oai(path = "/reviews/:review/report/comments/:comment/reply", method = "put", operation_id = "putReportReply")]
    async fn reply(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The comment.
        comment: Path<Id>,
        /// `etag` of the comment.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<ReportReplyRequest>,
    ) -> Shown<Versions> {
        let (review, id, if_match, text) = (review.named("review"), comment.named("comment"), if_match.0, body.0).all()?;
        responding::reply(&app, &session.0.actor, &review.0, key(id, if_match)?, &text).await.map_err(stale)?;
        Ok(shown(&app, &session, &review.0).await?)
    }

    /// Makes the report final
    ///
    /// Only the chair does so, when every comment is answered. Say what you saw: `If-Match` with the `ETag` of the report.
    #[oai(path = "/reviews/:review/report/final", method = "post", operation_id = "finaliseReport")]
    async fn finalise(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// `ETag` of the report.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<ReportFinalRequest>,
    ) -> Shown<Versions> {
        let (review, if_match, early) = (review.named("review"), if_match.0, body.0).all()?;
        report::finalise(&app, &session.0.actor, &review.0, seen_version(if_match)?.0, early).await.map_err(stale)?;
        Ok(shown(&app, &session, &review.0).await?)
    }

    /// Shows the published report of a peer review
    ///
    /// Only what was chosen to be published.
    #[oai(path = "/reviews/:review/publication", method = "get", operation_id = "getPublication")]
    async fn published(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Found<PublishedReportContent>, Refusal> {
        Ok(Found((&publication::published(&app, &session.0.actor, &review.named("review")?.0).await?).into()))
    }

    /// Gives the published report as a document
    ///
    /// The same as the page, as .docx.
    #[oai(path = "/reviews/:review/publication/document", method = "get", operation_id = "getPublicationDocument")]
    async fn published_document(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<ReportDocument, Refusal> {
        Ok(ReportDocument(publication::published_document(&app, &session.0.actor, &review.named("review")?.0).await?))
    }

    /// Gives the published report as a workbook
    ///
    /// The same as the page, as .xlsx.
    #[oai(path = "/reviews/:review/publication/workbook", method = "get", operation_id = "getPublicationWorkbook")]
    async fn published_workbook(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Workbook, Refusal> {
        Ok(workbook(publication::published_workbook(&app, &session.0.actor, &review.named("review")?.0).await?))
    }

    /// Publishes the final report
    ///
    /// With the parts that are named; published already: with these from now on. Say what you saw: `If-Match` with the
    /// `reviewEtag` of the report.
    #[oai(path = "/reviews/:review/publication", method = "put", operation_id = "publishReport")]
    async fn publish(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// `reviewEtag` of the report.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<PublicationRequest>,
    ) -> Shown<Versions> {
        let (review, if_match, parts) = (review.named("review"), if_match.0, body.0).all()?;
        publication::publish(&app, &session.0.actor, &review.0, seen_version(if_match)?, &parts.0).await.map_err(stale)?;
        Ok(shown(&app, &session, &review.0).await?)
    }

    /// Takes the published report back
    ///
    /// With a reason. Say what you saw: `If-Match` with the `reviewEtag` of the report.
    #[oai(path = "/reviews/:review/publication/withdrawal", method = "post", operation_id = "withdrawPublication")]
    async fn withdraw(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// `reviewEtag` of the report.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<ReportWithdrawalRequest>,
    ) -> Shown<Versions> {
        let (review, if_match, reason) = (review.named("review"), if_match.0, body.0).all()?;
        publication::withdraw(&app, &session.0.actor, &review.0, seen_version(if_match)?, &reason).await.map_err(stale)?;
        Ok(shown(&app, &session, &review.0).await?)
    }
}
