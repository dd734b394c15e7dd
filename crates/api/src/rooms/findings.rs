//! Findings of the members of a panel: one's own, and those of others once they may be read.

mod form;
mod journal;

use kernschil_app::reviews::findings::{self, Contents, FindingInput, FindingsList};
use kernschil_app::{Actor, App, AppError};
use kernschil_domain::ids::{FindingId, ReviewEvidenceId};
use kernschil_domain::reviews::{self, FINDING_SIGNS};
use poem::web::Data;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::{Object, OpenApi};
use serde_json::Value;
use uuid::Uuid;

use super::Tag;
use super::reflection::{PartName, ReviewSlug};
use super::rules::list;
use crate::PREFIX;
use crate::input::{All, Body, Choice, Faults, Given, Header, Id, Input, Path, Scalar, Text, Wrong, choice, coded};
use crate::output::{Created, Done, Moment, Tagged};
use crate::precondition::{EntityTag, seen_tag, seen_version, stale};
use crate::refusal::{Conflicts, Refusal, Versions};
use crate::session::Session;

pub(crate) use form::FindingsForms;
pub(crate) use journal::FindingJournals;

/// The room.
#[derive(Default)]
pub(crate) struct Findings;

coded! {
    /// What a finding is. None of them is a mark.
    FindingKind(reviews::FindingKind)
}

/// A finding of one member of a panel.
#[derive(Debug, Object)]
pub(crate) struct Finding {
    /// Identifier.
    id: Uuid,
    /// What it is.
    kind: FindingKind,
    /// Code of the part of the framework it is about.
    part: String,
    /// What it says. Markdown.
    text: String,
    /// Evidence it rests on.
    evidence: Vec<Uuid>,
    /// `ETag` for changes, as `If-Match` asks for it.
    etag: String,
}

impl From<&reviews::Finding> for Finding {
    fn from(finding: &reviews::Finding) -> Self {
        Self {
            id: finding.id.0,
            kind: finding.kind.into(),
            part: finding.part.code().0.clone(),
            text: finding.text.clone(),
            evidence: finding.evidence.iter().map(|id| id.0).collect(),
            etag: tag(finding),
        }
    }
}

fn tag(finding: &reviews::Finding) -> String {
    format!("\"{}\"", finding.version.0)
}

/// One's own findings.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct OwnFindings {
    /// The findings: in the order of the framework, then in which they were made.
    findings: Vec<Finding>,
    /// SHA-256 of all of them as they stand: the `ETag` to hand in with. It is not the seal of what was handed in.
    hash: String,
    /// When they were handed in.
    handed_in_at: Option<Moment>,
    /// SHA-256 of `salt` and what was handed in, as it stands in the log.
    seal: Option<String>,
    /// What the seal begins with, so that it tells nothing to who may not read the findings.
    salt: Option<String>,
    /// Stable code of why they cannot be changed now.
    locked: Option<String>,
}

/// Findings of another member of the panel.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct FindingsOfMember {
    /// Who, in the review.
    member: Uuid,
    /// Her name.
    name: String,
    /// The findings.
    findings: Vec<Finding>,
    /// When she handed in; absent when the findings were opened before she did.
    handed_in_at: Option<Moment>,
    /// SHA-256 of `salt` and what she handed in, as it stands in the log.
    hash: Option<String>,
    /// What that hash begins with, so that it tells nothing to who may not read the findings.
    salt: Option<String>,
}

/// Whether a member of the panel handed in.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct FindingsHandIn {
    /// Who, in the review.
    member: Uuid,
    /// Her name.
    name: String,
    /// When; absent when she did not.
    handed_in_at: Option<Moment>,
}

/// What the caller may see of the findings of a review.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ReviewFindings {
    /// One's own, for a member of the panel.
    own: Option<OwnFindings>,
    /// Those of others that may be read.
    others: Vec<FindingsOfMember>,
    /// Who of the panel handed in, for the panel and for who manages the review; empty for others.
    panel: Vec<FindingsHandIn>,
    /// When the chair opened the findings to the panel.
    opened_at: Option<Moment>,
}

impl From<&FindingsList> for ReviewFindings {
    fn from(list: &FindingsList) -> Self {
        let all = |findings: &[reviews::Finding]| findings.iter().map(Into::into).collect();
        let sees_panel = !list.panel.is_empty();
        Self {
            own: list.own.as_ref().map(|own| OwnFindings {
                findings: all(&own.findings),
                hash: own.hash.clone(),
                handed_in_at: own.handed_in.as_ref().map(|done| Moment(done.at)),
                seal: own.handed_in.as_ref().map(|done| done.hash.clone()),
                salt: own.handed_in.as_ref().map(|done| done.salt.clone()),
                locked: own.lock.map(|lock| lock.code().to_owned()),
            }),
            others: list
                .others
                .iter()
                .map(|other| FindingsOfMember {
                    member: other.member.0,
                    name: other.name.clone(),
                    findings: all(&other.findings),
                    handed_in_at: other.handed_in.as_ref().map(|done| Moment(done.at)),
                    hash: other.handed_in.as_ref().map(|done| done.hash.clone()),
                    salt: other.handed_in.as_ref().map(|done| done.salt.clone()),
                })
                .collect(),
            panel: list
                .panel
                .iter()
                .map(|one| FindingsHandIn { member: one.member.0, name: one.name.clone(), handed_in_at: one.at.map(Moment) })
                .collect(),
            opened_at: list.review.opened_at.filter(|_| sees_panel).map(Moment),
        }
    }
}

#[derive(Debug)]
struct EvidenceIds(Vec<ReviewEvidenceId>);

impl Scalar for EvidenceIds {
    fn schema() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema { items: Some(Box::new(Id::schema())), ..MetaSchema::new("array") }))
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        Err(Wrong::new("geen-lijst", "Dit moet een lijst zijn, tussen rechte haken."))
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        list(value)?.iter().map(|value| Ok(ReviewEvidenceId(Id::read_json(value)?.0))).collect::<Result<_, _>>().map(Self)
    }
}

/// What a finding says.
#[derive(Debug, Object)]
pub(crate) struct FindingRequest {
    /// What it is.
    kind: Given<FindingKind>,
    /// Code of the part of the framework it is about.
    part: Given<PartName>,
    /// What it says. Markdown.
    text: Given<Text<1, FINDING_SIGNS>>,
    /// Evidence of the same review that it rests on.
    evidence: Given<EvidenceIds>,
}

impl Input for FindingRequest {
    type Checked = FindingInput;

    const FIELDS: &'static [&'static str] = &["kind", "part", "text", "evidence"];

    fn check(self) -> Result<FindingInput, Faults> {
        let (kind, part, text, evidence) =
            (self.kind.named("kind"), self.part.named("part"), self.text.named("text"), self.evidence.named("evidence")).all()?;
        Ok(FindingInput { kind: kind.code().to_owned(), part: part.0, text: text.0, evidence: evidence.0 })
    }
}

choice! {
    /// What is handed in: `findings`, or `nothing` when there are none, so that nobody hands in nothing by mistake.
    HandInContents(Contents)
}

impl Choice for HandInContents {
    fn every() -> Vec<Self> {
        vec![Self(Contents::Findings), Self(Contents::Nothing)]
    }

    fn code(self) -> &'static str {
        match self.0 {
            Contents::Findings => "findings",
            Contents::Nothing => "nothing",
        }
    }

    fn dutch(self) -> Option<&'static str> {
        None
    }
}

/// What is handed in.
#[derive(Debug, Object)]
pub(crate) struct FindingsHandInRequest {
    /// Findings, or nothing.
    contents: Given<HandInContents>,
}

impl Input for FindingsHandInRequest {
    type Checked = Contents;

    const FIELDS: &'static [&'static str] = &["contents"];

    fn check(self) -> Result<Contents, Faults> {
        Ok(self.contents.named("contents")?.0)
    }
}

/// The tag of one's own findings, for handing in; it says nothing of those of others.
fn own_tag(list: &FindingsList) -> String {
    list.own.as_ref().map_or_else(|| "\"geen\"".to_owned(), |own| format!("\"{}\"", own.hash))
}

/// All that may be seen.
async fn all(app: &App, actor: &Actor, review: &str) -> Result<Tagged<ReviewFindings>, AppError> {
    let list = findings::list(app, actor, review).await?;
    Ok(Tagged { body: (&list).into(), tag: own_tag(&list) })
}

async fn one(app: &App, actor: &Actor, review: &str, id: FindingId) -> Result<Tagged<Finding>, AppError> {
    let found = findings::get(app, actor, review, id).await?;
    Ok(Tagged { body: (&found).into(), tag: tag(&found) })
}

#[OpenApi(tag = "Tag::Reviews")]
impl Findings {
    /// Lists the findings of a peer review that you may see
    ///
    /// Your own, as a member of the panel; those of another when you both handed in, or the chair opened them. The receiving
    /// side reads in the report what the panel found.
    #[oai(path = "/reviews/:review/findings", method = "get", operation_id = "listFindings")]
    async fn list(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Tagged<ReviewFindings>, Refusal> {
        Ok(all(&app, &session.0.actor, &review.named("review")?.0).await?)
    }

    /// Adds a finding of your own
    ///
    /// Nobody else reads it before you both handed in, or the chair opened the findings.
    #[oai(path = "/reviews/:review/findings", method = "post", operation_id = "addFinding")]
    async fn add(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        body: Body<FindingRequest>,
    ) -> Result<Created<Finding>, Refusal<Conflicts>> {
        let (review, new) = (review.named("review"), body.0).all()?;
        let made = findings::add(&app, &session.0.actor, &review.0, &new).await?;
        Ok(Created { body: (&made).into(), location: format!("{PREFIX}/reviews/{}/findings/{}", review.0, made.id) })
    }

    /// Shows a finding that you may see
    ///
    /// Of another only when it may be read; otherwise it does not exist. The tag is its version.
    #[oai(path = "/reviews/:review/findings/:finding", method = "get", operation_id = "getFinding")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The finding.
        finding: Path<Id>,
    ) -> Result<Tagged<Finding>, Refusal> {
        let (review, id) = (review.named("review"), finding.named("finding")).all()?;
        Ok(one(&app, &session.0.actor, &review.0, FindingId(id.0)).await?)
    }

    /// Changes a finding of your own
    ///
    /// Say what you saw: `If-Match` with the `ETag` of the finding.
    #[oai(path = "/reviews/:review/findings/:finding", method = "put", operation_id = "putFinding")]
    async fn put(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The finding.
        finding: Path<Id>,
        /// `ETag` of the finding.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<FindingRequest>,
    ) -> Result<Tagged<Finding>, Refusal<Versions>> {
        let (review, id, if_match, new) = (review.named("review"), finding.named("finding"), if_match.0, body.0).all()?;
        let key = (FindingId(id.0), seen_version(if_match)?);
        findings::change(&app, &session.0.actor, &review.0, key, &new).await.map_err(stale)?;
        Ok(one(&app, &session.0.actor, &review.0, key.0).await?)
    }

    /// Removes a finding of your own
    ///
    /// Say what you saw: `If-Match` with the `ETag` of the finding.
    #[oai(
        path = "/reviews/:review/findings/:finding",
        method = "delete",
        operation_id = "removeFinding",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn remove(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The finding.
        finding: Path<Id>,
        /// `ETag` of the finding.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Done, Refusal<Versions>> {
        let (review, id, if_match) = (review.named("review"), finding.named("finding"), if_match.0).all()?;
        let key = (FindingId(id.0), seen_version(if_match)?);
        findings::remove(&app, &session.0.actor, &review.0, key).await.map_err(stale)?;
        Ok(Done)
    }

    /// Hands in your findings
    ///
    /// In the conducting phase. They are locked from then on, with their hash; nobody can undo that. Say what you saw:
    /// `If-Match` with the `ETag` of the list.
    #[oai(path = "/reviews/:review/findings-hand-ins", method = "post", operation_id = "handInFindings")]
    async fn hand_in(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// `ETag` of the list.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<FindingsHandInRequest>,
    ) -> Result<Tagged<ReviewFindings>, Refusal<Versions>> {
        let (review, if_match, contents) = (review.named("review"), if_match.0, body.0).all()?;
        let seen = seen_tag(if_match)?;
        findings::hand_in(&app, &session.0.actor, &review.0, &seen, contents).await.map_err(stale)?;
        Ok(all(&app, &session.0.actor, &review.0).await?)
    }

    /// Opens the findings of all to the panel
    ///
    /// In the conducting phase, by the chair or the secretary. Nobody changes a finding after that, also who did not hand in;
    /// it cannot be undone. Say what you saw: `If-Match` with the `ETag` of the review.
    #[oai(
        path = "/reviews/:review/findings-openings",
        method = "post",
        operation_id = "openFindings",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn open(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// `ETag` of the review.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Tagged<ReviewFindings>, Refusal<Versions>> {
        let (review, if_match) = (review.named("review"), if_match.0).all()?;
        let seen = seen_version(if_match)?;
        findings::open(&app, &session.0.actor, &review.0, seen).await.map_err(stale)?;
        Ok(all(&app, &session.0.actor, &review.0).await?)
    }
}
