//! Every change of one's own findings, and putting one back.

use kernschil_app::App;
use kernschil_app::reviews::findings::{self, Journal};
use kernschil_domain::ids::FindingChangeId;
use kernschil_domain::reviews;
use poem::web::Data;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::{FindingKind, ReviewFindings, all};
use crate::input::{All, Body, Faults, Given, Header, Id, Input, Path, coded};
use crate::output::{Moment, Tagged};
use crate::precondition::{EntityTag, seen_tag, stale};
use crate::refusal::{Conflicts, Refusal, Versions};
use crate::rooms::Tag;
use crate::rooms::reflection::ReviewSlug;
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct FindingJournals;

coded! {
    /// What happened to a finding.
    FindingChangeKind(reviews::FindingChangeKind)
}

/// A change of a finding of your own.
#[derive(Debug, Object)]
pub(crate) struct FindingChange {
    /// Identifier.
    id: Uuid,
    /// What happened.
    change: FindingChangeKind,
    /// When.
    at: Moment,
    /// The finding.
    finding: Uuid,
    /// What it was after the change; of one that was removed, before it.
    kind: FindingKind,
    /// Code of the part of the framework it was about.
    part: String,
    /// What it said. Markdown.
    text: String,
    /// Evidence it rested on.
    evidence: Vec<Uuid>,
}

impl From<&reviews::FindingChange> for FindingChange {
    fn from(change: &reviews::FindingChange) -> Self {
        let finding = &change.finding;
        Self {
            id: change.id.0,
            change: change.change.into(),
            at: Moment(change.at),
            finding: finding.id.0,
            kind: finding.kind.into(),
            part: finding.part.code().0.clone(),
            text: finding.text.clone(),
            evidence: finding.evidence.iter().map(|id| id.0).collect(),
        }
    }
}

/// Every change of your own findings.
#[derive(Debug, Object)]
pub(crate) struct FindingChanges {
    /// The changes, the latest first.
    changes: Vec<FindingChange>,
}

impl From<&Journal> for FindingChanges {
    fn from(journal: &Journal) -> Self {
        Self { changes: journal.changes.iter().map(Into::into).collect() }
    }
}

/// What is put back.
#[derive(Debug, Object)]
pub(crate) struct FindingRestorationRequest {
    /// The change after which the finding was as it has to be again; of one that was removed, the removal.
    change: Given<Id>,
}

impl Input for FindingRestorationRequest {
    type Checked = FindingChangeId;

    const FIELDS: &'static [&'static str] = &["change"];

    fn check(self) -> Result<FindingChangeId, Faults> {
        Ok(FindingChangeId(self.change.named("change")?.0))
    }
}

#[OpenApi(tag = "Tag::Reviews")]
impl FindingJournals {
    /// Lists every change of your own findings
    ///
    /// Nobody else reads them. The tag is that of your findings as they stand, to put one back with.
    #[oai(path = "/reviews/:review/findings-changes", method = "get", operation_id = "listFindingChanges")]
    async fn list(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Tagged<FindingChanges>, Refusal<Conflicts>> {
        let journal = findings::journal(&app, &session.0.actor, &review.named("review")?.0).await?;
        Ok(Tagged { body: (&journal).into(), tag: format!("\"{}\"", journal.hash) })
    }

    /// Puts a finding of your own back as it was
    ///
    /// That is another change; nothing is lost by it. A finding that was removed comes back under another identifier. Say
    /// what you saw: `If-Match` with the `ETag` of your findings.
    #[oai(path = "/reviews/:review/findings-restorations", method = "post", operation_id = "restoreFinding")]
    async fn put_back(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// `ETag` of your findings.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<FindingRestorationRequest>,
    ) -> Result<Tagged<ReviewFindings>, Refusal<Versions>> {
        let (review, if_match, change) = (review.named("review"), if_match.0, body.0).all()?;
        let seen = seen_tag(if_match)?;
        findings::put_back(&app, &session.0.actor, &review.0, change, &seen).await.map_err(stale)?;
        Ok(all(&app, &session.0.actor, &review.0).await?)
    }
}
