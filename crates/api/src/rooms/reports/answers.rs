//! What callers see of the report of a peer review.

use kernschil_app::reviews::publication::PublishedReport;
use kernschil_app::reviews::report::{CommentView, ReportOverview, ReportView, VersionLine};
use kernschil_domain::reviews::{self, DiffLine, FindingKind, ReportContent as DomainContent};
use poem_openapi::Object;
use uuid::Uuid;

use crate::input::{Day, coded};
use crate::output::{Moment, Tagged};
use crate::rooms::panels::ReviewRole;

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

/// A report with the tag of its review, for changes.
pub(super) fn summary(overview: &ReportOverview) -> Tagged<ReportSummary> {
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

/// What was found about one safeguard, counted. Never a mark.
#[derive(Debug, Object)]
pub(crate) struct ReportPictureRow {
    /// Name of the safeguard.
    about: String,
    /// Strong points.
    strengths: u64,
    /// Points to develop.
    developments: u64,
    /// Questions.
    questions: u64,
    /// Good practices.
    practices: u64,
    /// How many of them a member of the panel sees in another way.
    contested: u64,
    /// What the findings are about.
    themes: Vec<String>,
}

impl From<&reviews::ReportPictureRow> for ReportPictureRow {
    fn from(row: &reviews::ReportPictureRow) -> Self {
        let of = |kind| u64::try_from(row.kinds.get(&kind).copied().unwrap_or_default()).unwrap_or(u64::MAX);
        Self {
            about: row.about.clone(),
            strengths: of(FindingKind::Strength),
            developments: of(FindingKind::Development),
            questions: of(FindingKind::Question),
            practices: of(FindingKind::GoodPractice),
            contested: u64::try_from(row.contested).unwrap_or(u64::MAX),
            themes: row.themes.clone(),
        }
    }
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
    /// What was found per safeguard, counted from the joint findings; empty without findings.
    picture: Vec<ReportPictureRow>,
    /// The text, in order.
    sections: Vec<ReportSection>,
    /// What was judged; nothing in a developmental review.
    judgements: Vec<ReportJudgement>,
    /// The day on which it was judged; nothing in a developmental review.
    judged_on: Option<Day>,
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
            picture: content.picture().iter().map(Into::into).collect(),
            sections: content.sections.iter().map(section).collect(),
            judgements: content.judgements.iter().map(judgement).collect(),
            judged_on: content.judged_on.map(Day),
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
