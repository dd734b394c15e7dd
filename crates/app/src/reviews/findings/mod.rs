//! Findings of members of a panel: each her own, and unseen by the others until both handed in or the chair opened them.
//!
//! [`visible`] is the one door through which findings of others are read. What it does not give, does not exist: it is not
//! counted, not searched, not in an export, and leaves no trace in the version or the times of the review, nor in the log.

mod form;
mod handing_in;
mod journal;
mod taking_over;
mod writing;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use kernschil_credentials::tokens::hex;
use kernschil_domain::access::Permission;
use kernschil_domain::frameworks::{FrameworkContent, Part};
use kernschil_domain::ids::{FindingId, MemberId, ReviewId};
use kernschil_domain::reviews::{Finding, HandIn, Review, ReviewEvidence, ReviewMember, ReviewState, canonical_findings, reads_findings};
use kernschil_storage::Tx;
use kernschil_storage::reviews::{evidence, findings, members};
use sha2::{Digest, Sha256};

use super::reflection::framework_of;
use super::sight::{self, Known};
use crate::error::AppError;
use crate::{Actor, App};

pub use form::{Difference, FormChoice, FormPreview, FormRow, RowFault, compare_form, form_workbook, read_form};
pub use handing_in::{Contents, hand_in, open};
pub(super) use journal::says_the_same;
pub use journal::{Journal, Return, journal, put_back};
pub use taking_over::{Chosen, ListChoice, TakenOver, take_over, take_over_seen};
pub(crate) use writing::not_in_panel;
pub use writing::{FindingInput, add, change, remove};

/// The hash of all findings of a member: SHA-256 of [`canonical_findings`], 64 hexadecimal digits. It is what somebody saw
/// who hands in or brings back a form, and is told to nobody else.
pub fn state_hash(review: ReviewId, member: MemberId, findings: &[Finding]) -> String {
    hex(&Sha256::digest(canonical_findings(review, member, findings)))
}

/// What seals a hand-in: SHA-256 of its salt and [`canonical_findings`], 64 hexadecimal digits.
pub fn seal(salt: &str, review: ReviewId, member: MemberId, findings: &[Finding]) -> String {
    hex(&Sha256::new().chain_update(salt).chain_update(canonical_findings(review, member, findings)).finalize())
}

/// Who is signed in, as one of the panel of a review, or asked for it.
async fn panel_member(tx: &Tx, actor: &Actor, known: &Known) -> Result<Option<ReviewMember>, AppError> {
    let writes = !sight::within(actor, Permission::WriteFindings, &known.registry, vec![known.review.clone()]).is_empty();
    let own = super::members::own(tx, actor, known.review.id).await?;
    Ok(own.filter(|member| writes && member.is_on_panel()))
}

/// The findings somebody may read: her own as one of the panel, and those of others by [`reads_findings`]. Who is not of
/// the panel reads none: not the receiving side, not who manages the review, not an observer; and who was asked for the panel
/// and has not agreed reads her own only. What somebody left behind who is not of the panel any more and never handed in
/// stays unread, unless the chair had opened it before she left.
///
/// # Errors
/// [`AppError`] when the database fails.
pub(crate) async fn visible(tx: &Tx, actor: &Actor, known: &Known) -> Result<Vec<Finding>, AppError> {
    let Some(reader) = panel_member(tx, actor, known).await? else { return Ok(Vec::new()) };
    let review = &known.review;
    let handed_in: BTreeSet<_> = findings::hand_ins(tx, review.id).await?.into_iter().map(|done| done.member).collect();
    let mut all = findings::of_review(tx, review.id).await?;
    if let Some(opened_at) = review.opened_at {
        let people = members::of_review(tx, review.id).await?;
        let opened: BTreeSet<_> = people.iter().filter(|member| was_opened(member, opened_at)).map(|member| member.id).collect();
        all.retain(|finding| opened.contains(&finding.member) || handed_in.contains(&finding.member));
    }
    all.retain(|finding| reads(&reader, finding.member, &handed_in, review));
    Ok(all)
}

/// Whether what somebody had not handed in was opened with that of the others: she was of the panel when the chair did so.
fn was_opened(member: &ReviewMember, opened_at: DateTime<Utc>) -> bool {
    let left_later = member.role.is_panel() && member.answered_at.is_some_and(|left| opened_at < left);
    member.is_on_panel() || left_later
}

/// Whether somebody of the panel, or asked for it, reads what another wrote.
fn reads(reader: &ReviewMember, writer: MemberId, handed_in: &BTreeSet<MemberId>, review: &Review) -> bool {
    let may_read = reader.id == writer || reader.has_agreed();
    may_read && reads_findings(reader.id, writer, handed_in, review.opened_at, review.state)
}

/// What keeps a member from writing in her findings now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// She handed in.
    HandedIn,
    /// The chair opened the findings of all.
    Opened,
    /// She was asked for the panel and has not said that she takes part.
    NotAgreed,
    /// The reflection was not handed to the panel, so there is nothing to find yet.
    NoReflection,
    /// The review is not in the preparing or the conducting phase.
    Phase,
}

impl Lock {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::HandedIn => "bevindingen-ingeleverd",
            Self::Opened => "bevindingen-geopend",
            Self::NotAgreed => "nog-niet-akkoord",
            Self::NoReflection => "reflectie-niet-ingeleverd",
            Self::Phase => "bevindingen-gesloten",
        }
    }

    /// What is the matter and what to do.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::HandedIn => "U heeft uw bevindingen ingeleverd. Ze liggen vast en veranderen niet meer.",
            Self::Opened => "De voorzitter heeft de bevindingen geopend. Ze veranderen niet meer; weeg ze nu samen.",
            Self::NotAgreed => {
                "U heeft nog niet gezegd of u meedoet in het panel. Doe dat eerst op de pagina Deelnemers; daarna schrijft u hier."
            }
            Self::NoReflection => {
                "De reflectie is nog niet ingeleverd. Schrijf uw bevindingen op zodra de ontvangende partij haar inlevert."
            }
            Self::Phase => {
                "Bevindingen schrijft u in de voorbereidende en de uitvoerende fase. Bekijk in het dossier waar de review staat."
            }
        }
    }
}

impl From<Lock> for AppError {
    fn from(lock: Lock) -> Self {
        Self::conflict(lock.code(), lock.dutch())
    }
}

/// What keeps a member from writing now; nothing when she may. A question can be written down while the reflection is read,
/// so writing begins when the reflection is handed in. Whoever was asked says first that she takes part: what she writes is
/// handed in, and only the panel hands in.
fn lock(review: &Review, member: &ReviewMember, handed_in: Option<&HandIn>) -> Option<Lock> {
    match review.state {
        _ if handed_in.is_some() => Some(Lock::HandedIn),
        _ if review.opened_at.is_some() => Some(Lock::Opened),
        ReviewState::Conducting | ReviewState::Preparing if !member.has_agreed() => Some(Lock::NotAgreed),
        ReviewState::Conducting => None,
        ReviewState::Preparing if review.reflected_at.is_some() => None,
        ReviewState::Preparing => Some(Lock::NoReflection),
        ReviewState::Planned | ReviewState::Concluding | ReviewState::Closed | ReviewState::Cancelled => Some(Lock::Phase),
    }
}

/// The findings of who looks.
#[derive(Debug, Clone)]
pub struct OwnFindings {
    /// Her row in the review.
    pub member: MemberId,
    /// Her findings: in the order of the framework, then in which they were made.
    pub findings: Vec<Finding>,
    /// [`state_hash`] of them as they stand.
    pub hash: String,
    /// That she handed in.
    pub handed_in: Option<HandIn>,
    /// What keeps her from writing.
    pub lock: Option<Lock>,
    /// Whether she can hand in now.
    pub can_hand_in: bool,
}

/// The findings of another, where they may be read.
#[derive(Debug, Clone)]
pub struct MemberFindings {
    /// Whose.
    pub member: MemberId,
    /// Her name.
    pub name: String,
    /// Her findings, ordered as one's own.
    pub findings: Vec<Finding>,
    /// That she handed in; nothing when the chair opened before.
    pub handed_in: Option<HandIn>,
}

/// Whether a member of the panel handed in; never how much.
#[derive(Debug, Clone)]
pub struct PanelHandIn {
    /// Who.
    pub member: MemberId,
    /// Her name.
    pub name: String,
    /// What she does, in words.
    pub role: &'static str,
    /// When she handed in.
    pub at: Option<DateTime<Utc>>,
}

/// What somebody may see of the findings of a review.
#[derive(Debug, Clone)]
pub struct FindingsList {
    /// The review.
    pub review: Review,
    /// What the framework says.
    pub content: FrameworkContent,
    /// The evidence of the review, what was taken away included.
    pub evidence: Vec<ReviewEvidence>,
    /// Her own, for one of the panel.
    pub own: Option<OwnFindings>,
    /// Who handed in, for the panel and for who manages the review; empty for others.
    pub panel: Vec<PanelHandIn>,
    /// Those of others that may be read.
    pub others: Vec<MemberFindings>,
    /// Whether she can open the findings of all.
    pub can_open: bool,
}

/// In the order of the framework, then in which they were made. What stands under an old code comes last.
fn ordered(content: &FrameworkContent, mut all: Vec<Finding>) -> Vec<Finding> {
    let places: BTreeMap<Part, usize> = content.parts().zip(0..).collect();
    all.sort_by_key(|finding| (places.get(&finding.part).copied().unwrap_or(usize::MAX), finding.id));
    all
}

fn can_open(actor: &Actor, known: &Known, member: &ReviewMember) -> bool {
    let of = vec![known.review.clone()];
    let weighs = !sight::within(actor, Permission::WeighFindings, &known.registry, of).is_empty();
    weighs && member.has_agreed() && known.review.state == ReviewState::Conducting && known.review.opened_at.is_none()
}

/// What somebody may see of the findings of a review that she may know.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`].
pub async fn list(app: &App, actor: &Actor, slug: &str) -> Result<FindingsList, AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::ReadReview).await?;
            list_known(tx, actor, known).await
        })
        .await
}

async fn list_known(tx: &Tx, actor: &Actor, known: Known) -> Result<FindingsList, AppError> {
    let review = &known.review;
    let content = framework_of(tx, review.framework).await?.content;
    let me = panel_member(tx, actor, &known).await?;
    let hand_ins = findings::hand_ins(tx, review.id).await?;
    let handed_in = |member: MemberId| hand_ins.iter().find(|done| done.member == member).cloned();
    let mut by_member: BTreeMap<MemberId, Vec<Finding>> = BTreeMap::new();
    for finding in visible(tx, actor, &known).await? {
        by_member.entry(finding.member).or_default().push(finding);
    }
    let people = members::of_review(tx, review.id).await?;
    let own = me.as_ref().map(|me| {
        let findings = by_member.remove(&me.id).unwrap_or_default();
        let done = handed_in(me.id);
        let lock = lock(review, me, done.as_ref());
        OwnFindings {
            member: me.id,
            hash: state_hash(review.id, me.id, &findings),
            findings: ordered(&content, findings),
            can_hand_in: lock.is_none() && review.state == ReviewState::Conducting,
            lock,
            handed_in: done,
        }
    });
    let knows_panel = me.is_some() || super::members::manages(actor, &known);
    let panel = people.iter().filter(|member| knows_panel && member.is_on_panel()).map(|member| PanelHandIn {
        member: member.id,
        name: member.name.clone(),
        role: member.role.dutch(),
        at: handed_in(member.id).map(|done| done.at),
    });
    // Somebody who handed in without findings, or had none when the chair opened, is shown as such.
    let done: BTreeSet<_> = hand_ins.iter().map(|done| done.member).collect();
    let is_read = |member: &&ReviewMember| {
        let of_panel = done.contains(&member.id) || review.opened_at.map_or(member.is_on_panel(), |at| was_opened(member, at));
        of_panel && me.as_ref().is_some_and(|me| me.id != member.id && reads(me, member.id, &done, review))
    };
    let others = people.iter().filter(is_read).map(|member| MemberFindings {
        member: member.id,
        name: member.name.clone(),
        findings: ordered(&content, by_member.remove(&member.id).unwrap_or_default()),
        handed_in: handed_in(member.id),
    });
    Ok(FindingsList {
        own,
        panel: panel.collect(),
        others: others.collect(),
        evidence: evidence::of_review(tx, review.id).await?,
        can_open: me.as_ref().is_some_and(|me| can_open(actor, &known, me)),
        content,
        review: known.review,
    })
}

/// One finding that somebody may read.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], for a finding that may not be read as for one that does not exist.
pub async fn get(app: &App, actor: &Actor, slug: &str, id: FindingId) -> Result<Finding, AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::WriteFindings).await?;
            let found = visible(tx, actor, &known).await?.into_iter().find(|finding| finding.id == id);
            found.ok_or(AppError::NotFound)
        })
        .await
}
