//! The report of a peer review: versions that never change, written by the panel from its joint findings, sent to the
//! receiving side, and made final.
//!
//! The panel and who observes it see every version; the receiving side sees what was sent to it, and everybody in the dossier
//! what is final.

mod building;
mod files;
mod finalising;
mod sending;
mod telling;
mod writing;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use kernschil_domain::access::Permission;
use kernschil_domain::ids::{CommentId, ReviewId, UserId, Version};
use kernschil_domain::periods::dutch_date;
use kernschil_domain::reviews::{
    ParagraphDifference, Publication, ReportComment, ReportContent, ReportState, ReportVersion, Review, ReviewEvent, ReviewMember,
    ReviewMove, ReviewRole, ReviewState, report_differences, unweighed,
};
use kernschil_storage::Tx;
use kernschil_storage::reviews::steps::moves;
use kernschil_storage::reviews::{joint, reports};

use super::sight::{self, Known};
use super::{findings, members, reflection};
use crate::error::AppError;
use crate::{Actor, App};

pub use files::{DOCX_MEDIA_TYPE, ReportFile, document_of, report_document, report_workbook, workbook_of};
pub use finalising::{Early, Unread, UnreadText, finalise};
pub use sending::{extend, send};
pub(super) use writing::hash_of;
pub use writing::{PARAGRAPH_SIGNS, SavedReport, renew, save};

/// On which side of a report somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportSide {
    /// Of the panel, or observing it: sees every version.
    Panel,
    /// Of the receiving side: sees what was sent to it.
    Receiver,
    /// Knows the dossier: sees what is final.
    Reader,
}

/// What somebody can do with a report as things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportAction {
    /// Write it, or make a version from the findings of now.
    Write,
    /// Send the latest version to the receiving side.
    Send,
    /// Give the receiving side another last day.
    Extend,
    /// Comment on what was sent.
    Comment,
    /// Answer comments.
    Reply,
    /// Make it final.
    Finalise,
    /// Publish it, or take it back.
    Publish,
}

/// A version, without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionLine {
    /// Number, from 1.
    pub number: i32,
    /// How far it is.
    pub state: ReportState,
    /// Hash of what it says.
    pub hash: String,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// By whom; nothing for who has no account any more, and for the command line.
    pub by: Option<String>,
}

/// A comment, with what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentView {
    /// Identifier.
    pub id: CommentId,
    /// The version it is about.
    pub number: i32,
    /// The key of the paragraph.
    pub paragraph: String,
    /// What that paragraph is, in words.
    pub about: String,
    /// What was said.
    pub text: String,
    /// By whom; nothing for who has no account any more.
    pub by: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// What the panel did with it.
    pub reply: Option<String>,
    /// Version for changes.
    pub version: Version,
}

/// The report of a review, as somebody may see it.
#[derive(Debug, Clone)]
pub struct ReportOverview {
    /// The review.
    pub review: Review,
    /// Name of the receiving side.
    pub receiver: String,
    /// The side of who looks.
    pub side: ReportSide,
    /// The versions she sees, the latest first.
    pub versions: Vec<VersionLine>,
    /// What was said, the oldest first.
    pub comments: Vec<CommentView>,
    /// What she can do now.
    pub actions: Vec<ReportAction>,
    /// When it was published and taken back, the oldest first.
    pub publications: Vec<Publication>,
    /// Whether findings, questions, panel or programme changed since the latest version; only told to who writes.
    pub is_behind: bool,
    /// What would be left out without a word; only told to who writes.
    pub loose_ends: LooseEnds,
    /// The latest text, where the receiving side read another; only told to who writes.
    pub unread: Option<UnreadText>,
    /// Why it cannot be made final now, as a sentence; nothing when it can.
    pub not_final: Option<String>,
    /// Why the review was opened again after the report was final; nothing when it was not.
    pub reopened: Option<String>,
}

/// What a report would leave out without a word.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LooseEnds {
    /// How many findings of members no joint finding was made from.
    pub unweighed: usize,
    /// Development questions without an answer: keys of their paragraphs, and the questions.
    pub questions: Vec<(String, String)>,
}

impl LooseEnds {
    /// Whether nothing is left out.
    pub fn is_empty(&self) -> bool {
        self.unweighed == 0 && self.questions.is_empty()
    }
}

impl ReportOverview {
    /// Whether who looks can do something now.
    pub fn can(&self, action: ReportAction) -> bool {
        self.actions.contains(&action)
    }

    /// Comments that the panel did not answer.
    pub fn unanswered(&self) -> usize {
        self.comments.iter().filter(|comment| comment.reply.is_none()).count()
    }
}

/// One version, with what it says.
#[derive(Debug, Clone)]
pub struct ReportView {
    /// The report as a whole.
    pub overview: ReportOverview,
    /// The version.
    pub version: VersionLine,
    /// What it says.
    pub content: ReportContent,
}

/// How two versions differ.
#[derive(Debug, Clone)]
pub struct ReportComparison {
    /// The review.
    pub review: Review,
    /// The earlier version.
    pub from: i32,
    /// The later version.
    pub to: i32,
    /// The paragraphs that differ.
    pub differences: Vec<ParagraphDifference>,
}

/// Everything about the report of a review that is decided with.
pub(super) struct Desk {
    pub(super) known: Known,
    pub(super) side: ReportSide,
    /// All versions, the oldest first.
    pub(super) versions: Vec<ReportVersion>,
    /// What each version says, in the same order.
    pub(super) contents: Vec<ReportContent>,
    pub(super) comments: Vec<ReportComment>,
    /// That the review was opened again after the report was final.
    reopened: Option<ReviewMove>,
    is_chair: bool,
    /// Whether she was asked for the panel and has not agreed yet.
    is_asked: bool,
}

fn holds(actor: &Actor, known: &Known, permission: Permission) -> bool {
    !sight::within(actor, permission, &known.registry, vec![known.review.clone()]).is_empty()
}

impl Desk {
    pub(super) async fn open(tx: &Tx, actor: &Actor, known: Known) -> Result<Self, AppError> {
        let seat = members::seat(tx, actor, &known).await?;
        let is_asked = seat.as_ref().is_some_and(|member| member.is_on_panel() && !member.has_agreed());
        let own = seat.filter(ReviewMember::has_agreed).map(|member| member.role);
        let observes = own == Some(ReviewRole::Observer);
        let side = if observes || (!is_asked && holds(actor, &known, Permission::WriteFindings)) {
            ReportSide::Panel
        } else if holds(actor, &known, Permission::RespondToReport) {
            ReportSide::Receiver
        } else {
            ReportSide::Reader
        };
        let versions = reports::versions(tx, known.review.id).await?;
        let contents = versions.iter().map(content_of).collect::<Result<_, _>>()?;
        let comments = reports::comments(tx, known.review.id).await?;
        let reopened = reopened(&versions, moves(tx, known.review.id).await?);
        let is_chair = own == Some(ReviewRole::Chair) || actor.user().is_none();
        Ok(Self { known, side, versions, contents, comments, reopened, is_chair, is_asked })
    }

    pub(super) fn review(&self) -> &Review {
        &self.known.review
    }

    /// The latest version.
    pub(super) fn latest(&self) -> Option<(&ReportVersion, &ReportContent)> {
        self.versions.last().zip(self.contents.last())
    }

    /// The latest version that left the panel: sent, or final.
    pub(super) fn left(&self) -> Option<(&ReportVersion, &ReportContent)> {
        self.versions.iter().zip(&self.contents).rev().find(|(version, _)| version.state != ReportState::Concept)
    }

    /// The latest version that the receiving side was asked to respond to, while no final one came after it.
    pub(super) fn sent(&self) -> Option<(&ReportVersion, &ReportContent)> {
        self.left().filter(|(version, _)| version.state == ReportState::Responding)
    }

    /// The latest version that is final.
    pub(super) fn last_word(&self) -> Option<(&ReportVersion, &ReportContent)> {
        self.versions.iter().zip(&self.contents).rev().find(|(version, _)| version.state == ReportState::Final)
    }

    /// How many comments the panel did not answer.
    pub(super) fn unanswered(&self) -> usize {
        self.comments.iter().filter(|comment| comment.reply.is_none()).count()
    }

    pub(super) fn is_visible(&self, version: &ReportVersion) -> bool {
        match (self.side, version.state) {
            (ReportSide::Panel, _) | (_, ReportState::Final) | (ReportSide::Receiver, ReportState::Responding) => true,
            (ReportSide::Receiver | ReportSide::Reader, ReportState::Concept) | (ReportSide::Reader, ReportState::Responding) => false,
        }
    }

    /// Refuses to write where the report is not written.
    pub(super) fn require_writable(&self) -> Result<(), AppError> {
        if self.is_asked {
            return Err(members::not_agreed());
        }
        if self.last_word().is_some() && self.reopened.is_none() {
            let message =
                "Het rapport is vastgesteld en verandert niet meer. Een verbetering kan nadat de peer review met een reden is heropend.";
            return Err(AppError::conflict("rapport-vastgesteld", message));
        }
        match self.review().state {
            ReviewState::Conducting | ReviewState::Concluding => Ok(()),
            ReviewState::Planned | ReviewState::Preparing => {
                let message = "Het rapport wordt na het bezoek geschreven. Sluit eerst de voorbereidende fase af.";
                Err(AppError::conflict("rapport-te-vroeg", message))
            }
            state @ (ReviewState::Closed | ReviewState::Cancelled) => {
                let message = format!("Deze peer review is {}. Heropen hem eerst, met een reden.", state.dutch());
                Err(AppError::conflict("review-voorbij", message))
            }
        }
    }

    /// Refuses what is done with a finished text while the panel still works on its findings.
    pub(super) fn require_concluding(&self) -> Result<(), AppError> {
        self.require_writable()?;
        if self.review().state == ReviewState::Concluding {
            return Ok(());
        }
        let message = "Dit kan in de afrondende fase. Sluit eerst de uitvoerende fase af in het dossier.";
        Err(AppError::conflict("niet-in-afronding", message))
    }

    /// Refuses what is done with what was sent while nothing was.
    pub(super) fn require_sent(&self) -> Result<(&ReportVersion, &ReportContent), AppError> {
        let message = "Het rapport is nog niet ter reactie verstuurd. Verstuur het eerst.";
        self.sent().ok_or_else(|| AppError::conflict("rapport-niet-verstuurd", message))
    }

    /// Refuses what is done with what left the panel while nothing did.
    fn require_left(&self) -> Result<(), AppError> {
        if self.left().is_some() {
            return Ok(());
        }
        self.require_sent().map(|_| ())
    }

    /// Refuses what only the chair decides.
    pub(super) fn require_chair(&self) -> Result<(), AppError> {
        if self.is_chair {
            return Ok(());
        }
        let message = "Dit doet de voorzitter van het panel. Vraag het haar of hem.";
        Err(AppError::conflict("alleen-voorzitter", message))
    }

    /// Refuses comments that nobody waits for.
    pub(super) fn require_comments(&self, today: NaiveDate) -> Result<&ReportVersion, AppError> {
        self.require_concluding()?;
        let not_sent = || AppError::conflict("rapport-niet-verstuurd", "Het rapport is nog niet ter reactie verstuurd.");
        let (version, _) = self.sent().ok_or_else(not_sent)?;
        match self.review().respond_by {
            Some(last) if today <= last => Ok(version),
            last => {
                let until = last.map(dutch_date).unwrap_or_default();
                let message = format!("Reageren kon tot en met {until}. Vraag de voorzitter van het panel om een nieuwe datum.");
                Err(AppError::conflict("reactietermijn-voorbij", message))
            }
        }
    }

    fn actions(&self, actor: &Actor, today: NaiveDate) -> Vec<ReportAction> {
        let writes = holds(actor, &self.known, Permission::WriteReport);
        let responds = holds(actor, &self.known, Permission::RespondToReport);
        let manages = holds(actor, &self.known, Permission::ManageReview);
        let chairs = writes && self.is_chair;
        let concluding = self.require_concluding().is_ok();
        let was_sent = self.sent().is_some();
        let is_concept = self.latest().is_some_and(|(version, _)| version.state == ReportState::Concept);
        let all = [
            (ReportAction::Write, writes && self.require_writable().is_ok()),
            (ReportAction::Send, writes && concluding && is_concept),
            (ReportAction::Extend, chairs && concluding && was_sent),
            (ReportAction::Comment, responds && self.require_comments(today).is_ok()),
            (ReportAction::Reply, writes && concluding && !self.comments.is_empty()),
            (ReportAction::Finalise, writes && self.require_finalisable().is_ok()),
            (ReportAction::Publish, manages && self.last_word().is_some()),
        ];
        all.into_iter().filter(|(_, can)| *can).map(|(action, _)| action).collect()
    }

    async fn overview(&self, app: &App, tx: &Tx, actor: &Actor) -> Result<ReportOverview, AppError> {
        let names = reflection::names(tx).await?;
        let actions = self.actions(actor, app.clock.today());
        let writes = actions.contains(&ReportAction::Write);
        let is_behind = writes && self.latest().is_some() && building::is_behind(tx, self).await?;
        let loose_ends = if writes { self.loose_ends(tx, actor).await? } else { LooseEnds::default() };
        let visible = self.versions.iter().filter(|version| self.is_visible(version));
        // Comments are about versions that were sent: who sees none of these sees no comments either.
        let comments = self.comments.iter().filter(|_| self.side != ReportSide::Reader);
        Ok(ReportOverview {
            review: self.review().clone(),
            receiver: self.review().receiver.name(&self.known.registry),
            side: self.side,
            versions: visible.rev().map(|version| line(version, &names)).collect(),
            comments: comments.map(|comment| self.comment_view(comment, &names)).collect(),
            publications: reports::publications(tx, self.review().id).await?,
            actions,
            is_behind,
            loose_ends,
            unread: self.unread().filter(|_| writes),
            not_final: self.require_finalisable().err().and_then(message),
            reopened: self.reopened.as_ref().map(|done| done.reason.clone().unwrap_or_default()),
        })
    }

    async fn loose_ends(&self, tx: &Tx, actor: &Actor) -> Result<LooseEnds, AppError> {
        let found = findings::visible(tx, actor, &self.known).await?;
        let together = joint::of_review(tx, self.review().id).await?;
        let open = self.latest().map(|(_, content)| content.unanswered()).unwrap_or_default();
        let questions = open.into_iter().map(|(key, question)| (key.to_owned(), question.to_owned())).collect();
        Ok(LooseEnds { unweighed: unweighed(&found, &together).len(), questions })
    }

    pub(super) fn comment_view(&self, comment: &ReportComment, names: &BTreeMap<UserId, String>) -> CommentView {
        CommentView {
            id: comment.id,
            number: comment.number,
            paragraph: comment.paragraph.clone(),
            about: self.about(comment),
            text: comment.text.clone(),
            by: comment.by.and_then(|user| names.get(&user).cloned()),
            at: comment.at,
            reply: comment.reply.clone(),
            version: comment.version,
        }
    }

    /// What the paragraph of a comment is, in words, as the version it is about says it.
    pub(super) fn about(&self, comment: &ReportComment) -> String {
        let mut versions = self.versions.iter().zip(&self.contents);
        let content = versions.find(|(version, _)| version.number == comment.number).map(|(_, content)| content);
        let texts = content.map(ReportContent::texts).unwrap_or_default();
        texts.into_iter().find(|text| text.key == comment.paragraph).map_or_else(|| comment.paragraph.clone(), |text| text.name)
    }
}

/// What a refusal says.
fn message(refused: AppError) -> Option<String> {
    match refused {
        AppError::Conflict { message, .. } => Some(message),
        _ => None,
    }
}

/// The last time that the review was opened again, when that was after its report was final.
fn reopened(versions: &[ReportVersion], moves: Vec<ReviewMove>) -> Option<ReviewMove> {
    let last = versions.iter().rfind(|version| version.state == ReportState::Final)?;
    moves.into_iter().rfind(|done| done.event == ReviewEvent::Reopen && done.at >= last.at)
}

fn line(version: &ReportVersion, names: &BTreeMap<UserId, String>) -> VersionLine {
    VersionLine {
        number: version.number,
        state: version.state,
        hash: version.hash.clone(),
        at: version.at,
        by: version.by.and_then(|user| names.get(&user).cloned()),
    }
}

/// What the latest version says that left the panel; nothing while none did.
pub(super) async fn sent(tx: &Tx, review: ReviewId) -> Result<Option<ReportContent>, AppError> {
    let versions = reports::versions(tx, review).await?;
    versions.iter().rfind(|version| version.state != ReportState::Concept).map(content_of).transpose()
}

/// What a version says.
pub(super) fn content_of(version: &ReportVersion) -> Result<ReportContent, AppError> {
    ReportContent::read(&version.content).ok_or_else(|| AppError::Internal("a report that cannot be read".to_owned()))
}

/// The report of a review: its versions and what was said about them, as far as somebody may see them.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn overview(app: &App, actor: &Actor, slug: &str) -> Result<ReportOverview, AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::ReadReview).await?;
            Desk::open(tx, actor, known).await?.overview(app, tx, actor).await
        })
        .await
}

/// One version of the report.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also for a version that somebody may not see.
pub async fn version(app: &App, actor: &Actor, slug: &str, number: i32) -> Result<ReportView, AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::ReadReview).await?;
            let desk = Desk::open(tx, actor, known).await?;
            let overview = desk.overview(app, tx, actor).await?;
            let version = overview.versions.iter().find(|version| version.number == number).cloned().ok_or(AppError::NotFound)?;
            let at = desk.versions.iter().position(|stored| stored.number == number).ok_or(AppError::NotFound)?;
            Ok(ReportView { overview, version, content: desk.contents[at].clone() })
        })
        .await
}

/// How two versions of the report differ, paragraph by paragraph.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also for a version that somebody may not see.
pub async fn compare(app: &App, actor: &Actor, slug: &str, (from, to): (i32, i32)) -> Result<ReportComparison, AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::ReadReview).await?;
            let desk = Desk::open(tx, actor, known).await?;
            let find = |number: i32| {
                let at = desk.versions.iter().position(|version| version.number == number && desk.is_visible(version));
                at.map(|at| &desk.contents[at]).ok_or(AppError::NotFound)
            };
            let differences = report_differences(find(from)?, find(to)?);
            Ok(ReportComparison { review: desk.review().clone(), from, to, differences })
        })
        .await
}
