//! Weighing together: findings side by side, what was found together, and who sees it in another way.

use kernschil_app::reviews::weighing::{self, JOINT_SIGNS, JointDraft, ToldFinding, Weighing as AppWeighing, WeighingStage};
use kernschil_app::{App, AppError};
use kernschil_domain::ids::{FindingId, JointFindingId, MemberId, Version};
use kernschil_domain::reviews;
use poem::web::Data;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::Value;
use uuid::Uuid;

use super::Tag;
use super::findings::{Finding, FindingKind};
use super::reflection::{PartName, ReviewSlug};
use super::rules::list;
use crate::PREFIX;
use crate::input::{All, Body, Choice, Faults, Given, Header, Id, Input, Path, Scalar, Text, Wrong, coded};
use crate::output::{Created, Done, Found, Workbook};
use crate::precondition::{EntityTag, seen_version, stale};
use crate::refusal::{Conflicts, Refusal, Trouble, Versions};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Weighing;

coded! {
    /// How one member of a panel looks at something, as her findings show. None of them is a mark.
    MemberStance(reviews::Stance)
}

/// How far the weighing is, for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub(crate) enum WeighingProgress {
    /// It waits for members who have to hand in.
    Waiting,
    /// The panel keeps it to itself until it sends the report.
    Private,
    /// The findings are on the table.
    Open,
}

/// How differently members look at something, in pairs of members.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct MemberSpread {
    /// Pairs of which one has only strong points and the other only something to work on.
    opposed: usize,
    /// Pairs of which one found something and the other nothing.
    one_sided: usize,
}

impl From<reviews::Spread> for MemberSpread {
    fn from(spread: reviews::Spread) -> Self {
        Self { opposed: spread.opposed, one_sided: spread.one_sided }
    }
}

/// What one member found about a part.
#[derive(Debug, Object)]
pub(crate) struct WeighedMember {
    /// Who, in the review.
    member: Uuid,
    /// Her findings; may be none.
    findings: Vec<Finding>,
}

/// A part of the framework with what each member found about it.
#[derive(Debug, Object)]
pub(crate) struct WeighedPart {
    /// Code of the part.
    part: String,
    /// How differently members look at it.
    spread: MemberSpread,
    /// The members.
    members: Vec<WeighedMember>,
}

/// How many members look at a safeguard in one way.
#[derive(Debug, Object)]
pub(crate) struct StanceCount {
    /// In which way.
    stance: MemberStance,
    /// How many.
    members: usize,
}

/// How many joint findings of one kind there are.
#[derive(Debug, Object)]
pub(crate) struct JointCount {
    /// The kind.
    kind: FindingKind,
    /// How many.
    findings: usize,
}

/// A safeguard in the picture of a review: counts, never marks.
#[derive(Debug, Object)]
pub(crate) struct PicturedSafeguard {
    /// Code of the safeguard.
    safeguard: String,
    /// How many members look at it in which way; only what occurs.
    stances: Vec<StanceCount>,
    /// How differently they look at it.
    spread: MemberSpread,
    /// Joint findings about it; only what occurs.
    joint: Vec<JointCount>,
}

/// Where a member of the panel sees a joint finding in another way.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct JointDissent {
    /// Who, in the review; absent for who is not on the panel.
    member: Option<Uuid>,
    /// What she says. Markdown.
    text: String,
    /// What the joint finding said then; absent while it says that still, and for who is not on the panel. Markdown.
    about: Option<String>,
}

/// What a panel found together.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct JointFinding {
    /// Identifier.
    id: Uuid,
    /// What it is.
    kind: FindingKind,
    /// Code of the part it is about.
    part: String,
    /// What it says. Markdown.
    text: String,
    /// The findings of members it was made from; empty for who is not on the panel.
    sources: Vec<Uuid>,
    /// Who sees it in another way.
    dissents: Vec<JointDissent>,
    /// `ETag` for changes, as `If-Match` asks for it; absent for who is not on the panel.
    etag: Option<String>,
    /// `ETag` of the caller's own dissent, as `If-Match` asks for it; absent for who is not on the panel.
    dissent_etag: Option<String>,
}

/// What lies on the table.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ReviewWeighing {
    /// How far it is.
    progress: WeighingProgress,
    /// Names of the members who have to hand in first; for the panel.
    waits_for: Vec<String>,
    /// What each member found, the largest difference first; for the panel.
    parts: Vec<WeighedPart>,
    /// Findings that no joint finding was made from; for the panel.
    unweighed: Vec<Uuid>,
    /// The safeguards with the spread between members; for the panel.
    picture: Vec<PicturedSafeguard>,
    /// What was found together, in the order of the framework; for the receiving side as the report says it that was sent.
    joint: Vec<JointFinding>,
    /// What was taken away and can be put back; for chair and secretary.
    removed: Vec<JointFinding>,
    /// Why nothing changes any more, in Dutch; for the panel.
    locked: Option<String>,
}

fn tag(version: Version) -> String {
    format!("\"{}\"", version.0)
}

fn joint(own: Option<MemberId>, finding: &reviews::JointFinding) -> JointFinding {
    let dissent = |said: &reviews::Dissent| JointDissent {
        member: Some(said.member.0),
        text: said.text.clone(),
        about: (said.about != finding.text).then(|| said.about.clone()),
    };
    let own_version = |member| finding.dissents.iter().find(|said| said.member == member).map_or(Version(0), |said| said.version);
    JointFinding {
        id: finding.id.0,
        kind: finding.kind.into(),
        part: finding.part.code().0.clone(),
        text: finding.text.clone(),
        sources: finding.sources.iter().map(|id| id.0).collect(),
        dissents: finding.dissents.iter().map(dissent).collect(),
        etag: Some(tag(finding.version)),
        dissent_etag: own.map(|member| tag(own_version(member))),
    }
}

impl From<&ToldFinding> for JointFinding {
    fn from(told: &ToldFinding) -> Self {
        Self {
            id: told.id.0,
            kind: told.kind.into(),
            part: told.part.code().0.clone(),
            text: told.text.clone(),
            sources: Vec::new(),
            dissents: told.dissents.iter().map(|text| JointDissent { member: None, text: text.clone(), about: None }).collect(),
            etag: None,
            dissent_etag: None,
        }
    }
}

fn part(weighed: &reviews::WeighedPart) -> WeighedPart {
    let member = |(member, own): &(kernschil_domain::ids::MemberId, Vec<reviews::Finding>)| WeighedMember {
        member: member.0,
        findings: own.iter().map(Into::into).collect(),
    };
    WeighedPart {
        part: weighed.part.code().0.clone(),
        spread: weighed.spread.into(),
        members: weighed.members.iter().map(member).collect(),
    }
}

fn pictured(drawn: &reviews::SafeguardPicture) -> PicturedSafeguard {
    PicturedSafeguard {
        safeguard: drawn.safeguard.0.clone(),
        stances: drawn.stances.iter().map(|(stance, members)| StanceCount { stance: (*stance).into(), members: *members }).collect(),
        spread: drawn.spread.into(),
        joint: drawn.joint.iter().map(|(kind, findings)| JointCount { kind: (*kind).into(), findings: *findings }).collect(),
    }
}

impl From<&AppWeighing> for ReviewWeighing {
    fn from(weighing: &AppWeighing) -> Self {
        let nothing = |progress, waits_for| Self {
            progress,
            waits_for,
            parts: Vec::new(),
            unweighed: Vec::new(),
            picture: Vec::new(),
            joint: Vec::new(),
            removed: Vec::new(),
            locked: None,
        };
        match &weighing.stage {
            WeighingStage::Waiting(names) => nothing(WeighingProgress::Waiting, names.clone()),
            WeighingStage::Private => nothing(WeighingProgress::Private, Vec::new()),
            WeighingStage::Open(laid) => Self {
                parts: laid.parts.iter().map(part).collect(),
                unweighed: laid.unweighed.iter().map(|id| id.0).collect(),
                picture: laid.picture.iter().map(pictured).collect(),
                joint: laid.joint.iter().map(|finding| joint(weighing.own, finding)).collect(),
                removed: laid.removed.iter().map(|finding| joint(weighing.own, finding)).collect(),
                locked: laid.locked.clone(),
                ..nothing(WeighingProgress::Open, Vec::new())
            },
            WeighingStage::Told(findings) => {
                Self { joint: findings.iter().map(Into::into).collect(), ..nothing(WeighingProgress::Open, Vec::new()) }
            }
        }
    }
}

#[derive(Debug)]
struct SourceIds(Vec<FindingId>);

impl Scalar for SourceIds {
    fn schema() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema { items: Some(Box::new(Id::schema())), ..MetaSchema::new("array") }))
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        Err(Wrong::new("geen-lijst", "Dit moet een lijst zijn, tussen rechte haken."))
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        list(value)?.iter().map(|value| Ok(FindingId(Id::read_json(value)?.0))).collect::<Result<_, _>>().map(Self)
    }
}

/// What a panel found together.
#[derive(Debug, Object)]
pub(crate) struct JointFindingRequest {
    /// What it is.
    kind: Given<FindingKind>,
    /// Code of the part of the framework it is about.
    part: Given<PartName>,
    /// What it says. Markdown.
    text: Given<Text<1, JOINT_SIGNS>>,
    /// The findings of members it was made from; may be none.
    sources: Given<SourceIds>,
}

impl Input for JointFindingRequest {
    type Checked = JointDraft;

    const FIELDS: &'static [&'static str] = &["kind", "part", "text", "sources"];

    fn check(self) -> Result<JointDraft, Faults> {
        let (kind, part, text, sources) =
            (self.kind.named("kind"), self.part.named("part"), self.text.named("text"), self.sources.named("sources")).all()?;
        Ok(JointDraft { kind: kind.code().to_owned(), part: part.0, text: text.0, sources: sources.0 })
    }
}

/// Where the caller sees a joint finding in another way.
#[derive(Debug, Object)]
pub(crate) struct JointDissentRequest {
    /// What she says. Markdown.
    text: Given<Text<1, JOINT_SIGNS>>,
}

impl Input for JointDissentRequest {
    type Checked = String;

    const FIELDS: &'static [&'static str] = &["text"];

    fn check(self) -> Result<String, Faults> {
        Ok(self.text.named("text")?.0)
    }
}

fn key(id: Id, if_match: Option<EntityTag>) -> Result<(JointFindingId, Version), Trouble> {
    Ok((JointFindingId(id.0), seen_version(if_match)?))
}

/// A joint finding as it stands.
async fn one(app: &App, session: &Session, review: &str, id: JointFindingId) -> Result<JointFinding, AppError> {
    let weighing = weighing::get(app, &session.0.actor, review).await?;
    let WeighingStage::Open(laid) = &weighing.stage else { return Err(AppError::NotFound) };
    let finding = laid.joint(id).ok_or(AppError::NotFound)?;
    Ok(joint(weighing.own, finding))
}

#[OpenApi(tag = "Tag::Reviews")]
impl Weighing {
    /// Shows the weighing of a peer review
    ///
    /// The panel sees what each member found once everybody handed in or the chair opened the findings; others see what was
    /// found together as the report says it that was sent.
    #[oai(path = "/reviews/:review/weighing", method = "get", operation_id = "getWeighing")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Found<ReviewWeighing>, Refusal> {
        Ok(Found((&weighing::get(&app, &session.0.actor, &review.named("review")?.0).await?).into()))
    }

    /// Gives the weighing of a peer review as a workbook
    ///
    /// What the page shows. That it was taken along is noted.
    #[oai(path = "/reviews/:review/weighing/workbook", method = "get", operation_id = "getWeighingWorkbook")]
    async fn workbook(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Workbook, Refusal<Conflicts>> {
        let made = weighing::workbook(&app, &session.0.actor, &review.named("review")?.0).await?;
        Ok(Workbook { bytes: made.bytes, file_name: made.file_name })
    }

    /// Adds a joint finding
    ///
    /// By chair or secretary, while the findings are on the table.
    #[oai(path = "/reviews/:review/joint-findings", method = "post", operation_id = "addJointFinding")]
    async fn add(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        body: Body<JointFindingRequest>,
    ) -> Result<Created<JointFinding>, Refusal<Conflicts>> {
        let (review, new) = (review.named("review"), body.0).all()?;
        let id = weighing::add(&app, &session.0.actor, &review.0, &new).await?;
        let body = one(&app, &session, &review.0, id).await?;
        Ok(Created { body, location: format!("{PREFIX}/reviews/{}/weighing", review.0) })
    }

    /// Changes a joint finding
    ///
    /// Say what you saw: `If-Match` with the `etag` of the finding. What members see in another way stays with it.
    #[oai(path = "/reviews/:review/joint-findings/:finding", method = "put", operation_id = "putJointFinding")]
    async fn put(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The joint finding.
        finding: Path<Id>,
        /// `etag` of the finding.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<JointFindingRequest>,
    ) -> Result<Found<JointFinding>, Refusal<Versions>> {
        let (review, id, if_match, new) = (review.named("review"), finding.named("finding"), if_match.0, body.0).all()?;
        let key = key(id, if_match)?;
        weighing::change(&app, &session.0.actor, &review.0, key, &new).await.map_err(stale)?;
        Ok(Found(one(&app, &session, &review.0, key.0).await?))
    }

    /// Takes a joint finding away
    ///
    /// It can be put back. Say what you saw: `If-Match` with the `etag` of the finding.
    #[oai(
        path = "/reviews/:review/joint-findings/:finding",
        method = "delete",
        operation_id = "removeJointFinding",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn remove(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The joint finding.
        finding: Path<Id>,
        /// `etag` of the finding.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Done, Refusal<Versions>> {
        let (review, id, if_match) = (review.named("review"), finding.named("finding"), if_match.0).all()?;
        weighing::remove(&app, &session.0.actor, &review.0, key(id, if_match)?).await.map_err(stale)?;
        Ok(Done)
    }

    /// Puts a joint finding back that was taken away
    ///
    /// Say what you saw: `If-Match` with the `etag` of the finding among what was taken away.
    #[oai(
        path = "/reviews/:review/joint-findings/:finding/put-back",
        method = "post",
        operation_id = "putBackJointFinding",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn put_back(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The joint finding.
        finding: Path<Id>,
        /// `etag` of the finding.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Found<JointFinding>, Refusal<Versions>> {
        let (review, id, if_match) = (review.named("review"), finding.named("finding"), if_match.0).all()?;
        let key = key(id, if_match)?;
        weighing::put_back(&app, &session.0.actor, &review.0, key).await.map_err(stale)?;
        Ok(Found(one(&app, &session, &review.0, key.0).await?))
    }

    /// Says where one sees a joint finding in another way
    ///
    /// For oneself, in the place of what one said before; it goes into the report. Say what you saw: `If-Match` with the
    /// `dissentEtag` of the finding.
    #[oai(path = "/reviews/:review/joint-findings/:finding/dissent", method = "put", operation_id = "putDissent")]
    async fn dissent(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The joint finding.
        finding: Path<Id>,
        /// `dissentEtag` of the finding.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<JointDissentRequest>,
    ) -> Result<Found<JointFinding>, Refusal<Versions>> {
        let (review, id, if_match, text) = (review.named("review"), finding.named("finding"), if_match.0, body.0).all()?;
        let key = key(id, if_match)?;
        weighing::dissent(&app, &session.0.actor, &review.0, key, &text).await.map_err(stale)?;
        Ok(Found(one(&app, &session, &review.0, key.0).await?))
    }

    /// Takes back where one saw a joint finding in another way
    ///
    /// Say what you saw: `If-Match` with the `dissentEtag` of the finding.
    #[oai(
        path = "/reviews/:review/joint-findings/:finding/dissent",
        method = "delete",
        operation_id = "withdrawDissent",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn withdraw(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The joint finding.
        finding: Path<Id>,
        /// `dissentEtag` of the finding.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Done, Refusal<Versions>> {
        let (review, id, if_match) = (review.named("review"), finding.named("finding"), if_match.0).all()?;
        weighing::withdraw_dissent(&app, &session.0.actor, &review.0, key(id, if_match)?).await.map_err(stale)?;
        Ok(Done)
    }
}
