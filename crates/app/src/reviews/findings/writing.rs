//! Writing findings of one's own.
//!
//! These writes are no events of the log: one for every finding would tell who reads the log how many a member has and
//! when she wrote them. They are noted in the [`journal`] of her own; what she hands in is in the log, with the hash of all of
//! it.

use chrono::{DateTime, Utc};
use kernschil_domain::access::Permission;
use kernschil_domain::frameworks::{FrameworkContent, Part};
use kernschil_domain::ids::{FindingId, ReviewEvidenceId, Version};
use kernschil_domain::reviews::{FINDING_SIGNS, Finding, FindingKind, MEMBER_FINDINGS, ReviewEvidence, ReviewMember, tidy_finding};
use kernschil_storage::reviews::{evidence, findings};
use kernschil_storage::{Tx, WriteTx};

use super::{journal, lock, panel_member};
use crate::error::{AppError, FieldError};
use crate::reviews::reflection::framework_of;
use crate::reviews::sight::{self, Known};
use crate::{Actor, App};

/// A finding as somebody filled it in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingInput {
    /// Code of the kind.
    pub kind: String,
    /// Code of the part of the framework.
    pub part: String,
    /// Text.
    pub text: String,
    /// The evidence it rests on.
    pub evidence: Vec<ReviewEvidenceId>,
}

/// What a finding says, checked.
#[derive(Clone)]
pub(super) struct Checked {
    pub(super) kind: FindingKind,
    pub(super) part: Part,
    pub(super) text: String,
    pub(super) evidence: Vec<ReviewEvidenceId>,
}

/// The findings of one member.
pub(super) struct Own {
    pub(super) known: Known,
    pub(super) member: ReviewMember,
    pub(super) content: FrameworkContent,
    pub(super) evidence: Vec<ReviewEvidence>,
    pub(super) findings: Vec<Finding>,
}

/// Refuses who has the role of somebody of the panel and is not, or no longer, in it.
pub(crate) fn not_in_panel() -> AppError {
    let message = "U staat niet in het panel van deze peer review. Vraag wie de review plant om u bij de deelnemers te zetten.";
    AppError::conflict("niet-in-panel", message)
}

/// Refuses what was seen as it does not stand any more. Only she changes her findings, so it was she.
fn changed_elsewhere() -> AppError {
    let message = "U heeft deze bevinding intussen ergens anders gewijzigd. Bekijk hoe zij er nu staat en probeer het opnieuw.";
    AppError::conflict("intussen-gewijzigd", message)
}

/// As [`changed_elsewhere`], for all of her findings.
pub(super) fn list_changed_elsewhere() -> AppError {
    let message = "U heeft uw bevindingen intussen ergens anders gewijzigd. Bekijk hoe zij er nu staan en probeer het opnieuw.";
    AppError::conflict("intussen-gewijzigd", message)
}

impl Own {
    /// To change them: others who change the review wait until this transaction ends.
    pub(super) async fn open(tx: &WriteTx, actor: &Actor, slug: &str) -> Result<Self, AppError> {
        let known = sight::locked(tx, actor, slug, Permission::WriteFindings).await?;
        Self::read(tx, actor, known).await
    }

    pub(super) async fn read(tx: &Tx, actor: &Actor, known: Known) -> Result<Self, AppError> {
        let member = panel_member(tx, actor, &known).await?.ok_or_else(not_in_panel)?;
        Ok(Self {
            content: framework_of(tx, known.review.framework).await?.content,
            evidence: evidence::of_review(tx, known.review.id).await?,
            findings: findings::of_member(tx, member.id).await?,
            member,
            known,
        })
    }

    /// Refuses when she cannot write now.
    pub(super) async fn require_open(&self, tx: &WriteTx) -> Result<(), AppError> {
        let hand_ins = findings::hand_ins(tx, self.known.review.id).await?;
        let handed_in = hand_ins.iter().find(|done| done.member == self.member.id);
        lock(&self.known.review, &self.member, handed_in).map_or(Ok(()), |lock| Err(lock.into()))
    }

    /// To change one of them. One of another is not there, and for who is not in the panel there is none.
    async fn open_at(tx: &WriteTx, actor: &Actor, slug: &str, id: FindingId) -> Result<(Self, Finding), AppError> {
        let known = sight::locked(tx, actor, slug, Permission::WriteFindings).await?;
        panel_member(tx, actor, &known).await?.ok_or(AppError::NotFound)?;
        let own = Self::read(tx, actor, known).await?;
        let found = own.findings.iter().find(|finding| finding.id == id).cloned().ok_or(AppError::NotFound)?;
        own.require_open(tx).await?;
        Ok((own, found))
    }

    pub(super) fn require_room(&self, more: usize) -> Result<(), AppError> {
        if self.findings.len() + more <= MEMBER_FINDINGS {
            return Ok(());
        }
        let message = format!("Er is plaats voor {MEMBER_FINDINGS} bevindingen. Voeg er een paar samen, of haal er eerst een weg.");
        Err(AppError::conflict("te-veel-bevindingen", message))
    }

    /// What is filled in, checked; everything that is wrong at once. Evidence and a part that the finding had already may
    /// stay, also when they were taken away since.
    pub(super) fn check(&self, input: &FindingInput, before: Option<&Finding>) -> Result<Checked, Vec<FieldError>> {
        let kind =
            FindingKind::parse(&input.kind).ok_or_else(|| FieldError::new("kind", "soort-onbekend", "Kies wat voor bevinding dit is."));
        let kept = before.map(|finding| &finding.part).filter(|part| part.code().0 == input.part).cloned();
        let part = self.content.part(&input.part).or(kept);
        let part = part.ok_or_else(|| FieldError::new("part", "onderdeel-onbekend", "Kies een onderdeel dat in het kader staat."));
        let text = match tidy_finding(&input.text) {
            Ok(text) if text.is_empty() => Err(FieldError::new("text", "tekst-ontbreekt", "Schrijf op wat u bevonden heeft.")),
            Ok(text) => Ok(text),
            Err(long) => {
                let message = format!(
                    "Een bevinding heeft hooguit {FINDING_SIGNS} tekens; deze heeft er {}. Maak er twee van, of schrijf korter.",
                    long.signs
                );
                Err(FieldError::new("text", "te-lang", message))
            }
        };
        let evidence = self.checked_evidence(&input.evidence, before);
        match (kind, part, text, evidence) {
            (Ok(kind), Ok(part), Ok(text), Ok(evidence)) => Ok(Checked { kind, part, text, evidence }),
            (kind, part, text, evidence) => Err([kind.err(), part.err(), text.err(), evidence.err()].into_iter().flatten().collect()),
        }
    }

    fn checked_evidence(&self, ids: &[ReviewEvidenceId], before: Option<&Finding>) -> Result<Vec<ReviewEvidenceId>, FieldError> {
        let is_there = |id: &ReviewEvidenceId| self.evidence.iter().any(|piece| piece.id == *id && piece.removed_at.is_none());
        let had = |id: &ReviewEvidenceId| before.is_some_and(|finding| finding.evidence.contains(id));
        if !ids.iter().all(|id| is_there(id) || had(id)) {
            let message = "Kies bewijsstukken die bij deze peer review staan.";
            return Err(FieldError::new("evidence", "bewijs-onbekend", message));
        }
        let mut ids = ids.to_vec();
        ids.sort();
        ids.dedup();
        Ok(ids)
    }

    /// A new finding of hers.
    pub(super) fn made(&self, app: &App, checked: Checked) -> Finding {
        self.with(FindingId(app.ids.next()), checked, app.clock.now())
    }

    /// A finding of hers that says what was checked.
    pub(super) fn with(&self, id: FindingId, checked: Checked, changed_at: DateTime<Utc>) -> Finding {
        Finding {
            id,
            review: self.known.review.id,
            member: self.member.id,
            kind: checked.kind,
            part: checked.part,
            text: checked.text,
            evidence: checked.evidence,
            changed_at,
            version: Version::FIRST,
        }
    }
}

/// A finding with what was filled in.
pub(super) fn changed(app: &App, before: &Finding, checked: Checked) -> Finding {
    let Checked { kind, part, text, evidence } = checked;
    Finding { kind, part, text, evidence, changed_at: app.clock.now(), ..before.clone() }
}

/// Adds a finding of one's own.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] with everything that is wrong;
/// [`AppError::Conflict`] when she cannot write now, is not in the panel, or has too many.
pub async fn add(app: &App, actor: &Actor, slug: &str, input: &FindingInput) -> Result<Finding, AppError> {
    app.store
        .write(async |tx| {
            let own = Own::open(tx, actor, slug).await?;
            own.require_open(tx).await?;
            let checked = own.check(input, None).map_err(AppError::Invalid)?;
            own.require_room(1)?;
            let new = own.made(app, checked);
            journal::added(app, tx, &new).await?;
            Ok(new)
        })
        .await
}

/// Changes a finding of one's own.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also for a finding of another; [`AppError::Invalid`] with everything
/// that is wrong; [`AppError::Conflict`] when she cannot write now, or changed it elsewhere since `seen`.
pub async fn change(
    app: &App,
    actor: &Actor,
    slug: &str,
    (id, seen): (FindingId, Version),
    input: &FindingInput,
) -> Result<Version, AppError> {
    app.store
        .write(async |tx| {
            let (own, before) = Own::open_at(tx, actor, slug, id).await?;
            if before.version != seen {
                return Err(changed_elsewhere());
            }
            let checked = own.check(input, Some(&before)).map_err(AppError::Invalid)?;
            journal::saved(app, tx, &changed(app, &before, checked)).await
        })
        .await
}

/// Removes a finding of one's own.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also for a finding of another; [`AppError::Conflict`] when she cannot
/// write now, or changed it elsewhere since `seen`.
pub async fn remove(app: &App, actor: &Actor, slug: &str, (id, seen): (FindingId, Version)) -> Result<(), AppError> {
    app.store
        .write(async |tx| {
            let (_, before) = Own::open_at(tx, actor, slug, id).await?;
            if before.version != seen {
                return Err(changed_elsewhere());
            }
            journal::taken_away(app, tx, &before, seen).await
        })
        .await
}
