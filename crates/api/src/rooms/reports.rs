//! The report of a peer review: its versions, what is said about it, and what is published of it.

mod answers;
mod requests;

use kernschil_app::reviews::report::{self, ReportFile};
use kernschil_app::reviews::{publication, responding};
use kernschil_app::{App, AppError};
use kernschil_domain::ids::{CommentId, Version};
use poem::http::header::CONTENT_DISPOSITION;
use poem::web::Data;
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaMediaType, MetaResponses, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::{ApiResponse, OpenApi};

use super::Tag;
use super::evidence::VersionPlace;
use super::reflection::ReviewSlug;
use crate::PREFIX;
use crate::input::{All, Body, Header, Id, Path};
use crate::output::{Created, Done, Found, Tagged, Workbook, header, meta};
use crate::precondition::{EntityTag, seen_version, stale};
use crate::refusal::{Conflicts, Refusal, Versions};
use crate::session::Session;
use answers::{PublishedReportContent, ReportDifference, ReportSummary, ReportVersion, summary};
use requests::{
    PublicationRequest, ReportCommentRequest, ReportDeadlineRequest, ReportFinalRequest, ReportReplyRequest, ReportTextsRequest,
    ReportWithdrawalRequest, ReportWordsRequest,
};

/// The room.
#[derive(Default)]
pub(crate) struct Reports;

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
    /// Only the chair does so, when every comment is answered. The receiving side hears of it by mail. It read another version
    /// than the latest: then 409 `versie-niet-gelezen`, unless `unread` confirms it. Say what you saw: `If-Match` with the `ETag` of the report.
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
        let (review, if_match, confirmed) = (review.named("review"), if_match.0, body.0).all()?;
        report::finalise(&app, &session.0.actor, &review.0, seen_version(if_match)?.0, confirmed).await.map_err(stale)?;
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
