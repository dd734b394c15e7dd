//! The journal of one's own findings: every change of them, and putting back what was changed or taken away.
//!
//! The log of the whole product would tell who reads it how many findings a member has and when she wrote them. So a change
//! is noted here, in the same transaction, and read by nobody but her.

use kernschil_domain::access::Permission;
use kernschil_domain::frameworks::FrameworkContent;
use kernschil_domain::ids::{FindingChangeId, FindingId, Version};
use kernschil_domain::reviews::{Finding, FindingChange, FindingChangeKind, Review};
use kernschil_storage::WriteTx;
use kernschil_storage::reviews::findings;

use super::writing::{FindingInput, Own, changed, list_changed_elsewhere};
use super::{Lock, lock, state_hash};
use crate::error::AppError;
use crate::reviews::sight;
use crate::{Actor, App};

async fn note(app: &App, tx: &WriteTx, change: FindingChangeKind, finding: Finding) -> Result<(), AppError> {
    let (id, at) = (FindingChangeId(app.ids.next()), app.clock.now());
    Ok(findings::note_change(tx, &FindingChange { id, change, finding, at }).await?)
}

/// Stores a new finding, and notes it.
pub(super) async fn added(app: &App, tx: &WriteTx, new: &Finding) -> Result<(), AppError> {
    findings::insert(tx, new).await?;
    note(app, tx, FindingChangeKind::Added, new.clone()).await
}

/// Stores a finding that was changed, and notes it.
pub(super) async fn saved(app: &App, tx: &WriteTx, finding: &Finding) -> Result<Version, AppError> {
    let version = findings::save(tx, finding).await?;
    note(app, tx, FindingChangeKind::Changed, Finding { version, ..finding.clone() }).await?;
    Ok(version)
}

/// Takes a finding away as it was seen, and notes what it was.
pub(super) async fn taken_away(app: &App, tx: &WriteTx, finding: &Finding, seen: Version) -> Result<(), AppError> {
    findings::remove(tx, finding.id, seen).await?;
    note(app, tx, FindingChangeKind::Removed, finding.clone()).await
}

/// Every change of one's own findings.
#[derive(Debug, Clone)]
pub struct Journal {
    /// The review.
    pub review: Review,
    /// What the framework says.
    pub content: FrameworkContent,
    /// The changes, the latest first.
    pub changes: Vec<FindingChange>,
    /// Her findings as they stand.
    pub findings: Vec<Finding>,
    /// [`state_hash`] of them.
    pub hash: String,
    /// What keeps her from putting anything back.
    pub lock: Option<Lock>,
}

/// What putting a change back would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Return {
    /// The finding stands as it was then.
    Stands,
    /// The finding says something else now, and would say this again.
    Changes,
    /// The finding is not there any more, and would be added.
    Adds,
}

impl Journal {
    /// The change that took a finding away, when nothing was done since and it can be put back.
    pub fn just_removed(&self) -> Option<&FindingChange> {
        self.changes.first().filter(|last| last.change == FindingChangeKind::Removed && self.lock.is_none())
    }

    /// What putting back what a finding was would do.
    pub fn would(&self, finding: &Finding) -> Return {
        match self.findings.iter().find(|now| now.id == finding.id) {
            None => Return::Adds,
            Some(now) if says_the_same(now, finding) => Return::Stands,
            Some(_) => Return::Changes,
        }
    }
}

/// Whether two findings say the same about the same.
pub(in crate::reviews) fn says_the_same(one: &Finding, other: &Finding) -> bool {
    (one.kind, &one.part, &one.text, &one.evidence) == (other.kind, &other.part, &other.text, &other.evidence)
}

/// Every change of one's own findings.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Conflict`] for who is not in the panel.
pub async fn journal(app: &App, actor: &Actor, slug: &str) -> Result<Journal, AppError> {
    app.store
        .read(async |tx| {
            let known = sight::review(tx, actor, slug, Permission::WriteFindings).await?;
            let Own { known, member, content, findings: own, .. } = Own::read(tx, actor, known).await?;
            let review = known.review;
            let hand_ins = findings::hand_ins(tx, review.id).await?;
            let mut changes = findings::changes_of(tx, member.id).await?;
            changes.reverse();
            Ok(Journal {
                hash: state_hash(review.id, member.id, &own),
                lock: lock(&review, &member, hand_ins.iter().find(|done| done.member == member.id)),
                content,
                changes,
                findings: own,
                review,
            })
        })
        .await
}

/// Puts a finding back as a change left it, or as it was when it was taken away; that is another change. `seen` is the
/// [`state_hash`] of her findings as she saw them. Evidence that is gone since is left out.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also for a change of another; [`AppError::Invalid`] when the part is not
/// in the framework any more; [`AppError::Conflict`] when she cannot write now, has too many, or her findings changed since.
pub async fn put_back(app: &App, actor: &Actor, slug: &str, change: FindingChangeId, seen: &str) -> Result<FindingId, AppError> {
    app.store
        .write(async |tx| {
            let own = Own::open(tx, actor, slug).await?;
            let changes = findings::changes_of(tx, own.member.id).await?;
            let then = changes.into_iter().find(|one| one.id == change).ok_or(AppError::NotFound)?.finding;
            own.require_open(tx).await?;
            if state_hash(own.known.review.id, own.member.id, &own.findings) != seen {
                return Err(list_changed_elsewhere());
            }
            let now = own.findings.iter().find(|finding| finding.id == then.id);
            let is_there = |id: &_| own.evidence.iter().any(|piece| piece.id == *id && piece.removed_at.is_none());
            let input = FindingInput {
                kind: then.kind.code().to_owned(),
                part: then.part.code().0.clone(),
                evidence: then.evidence.iter().copied().filter(is_there).collect(),
                text: then.text,
            };
            let checked = own.check(&input, now).map_err(AppError::Invalid)?;
            if let Some(now) = now {
                saved(app, tx, &changed(app, now, checked)).await?;
                return Ok(now.id);
            }
            own.require_room(1)?;
            let new = own.made(app, checked);
            added(app, tx, &new).await?;
            Ok(new.id)
        })
        .await
}
