//! Evidence of a peer review: files and links, with versions, used for parts of the framework.

use kernschil_app::reviews::evidence::{self, Download, EvidenceFile, EvidenceItem, EvidenceList, Source};
use kernschil_app::{Actor, App, AppError};
use kernschil_domain::ids::{ReviewEvidenceId, Version};
use kernschil_domain::reviews;
use poem::http::header::CONTENT_DISPOSITION;
use poem::web::Data;
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaMediaType, MetaResponses, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde_json::Value;
use uuid::Uuid;

use super::Tag;
use super::imports::file::File;
use super::reflection::{PartName, ReviewSlug};
use super::rules::list;
use crate::PREFIX;
use crate::input::{All, Body, Faults, Given, Header, Id, Input, Path, Query, Scalar, Text, Wrong, coded};
use crate::output::{Created, Done, Found, Moment, Tagged, header, meta};
use crate::precondition::{EntityTag, seen_version, stale};
use crate::refusal::{Conflicts, Refusal, Versions};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Evidence;

coded! {
    /// What a piece of evidence is.
    EvidenceForm(reviews::EvidenceForm)
}

/// One version of a piece of evidence.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct EvidenceVersion {
    /// Number, from 1.
    number: i32,
    /// Name of the file; the address of a link.
    name: String,
    /// Media type, found by looking at the bytes; absent for a link.
    media_type: Option<String>,
    /// Bytes; absent for a link.
    size: Option<i64>,
    /// SHA-256 of the bytes; absent for a link.
    hash: Option<String>,
    /// When it was brought.
    at: Moment,
}

/// A piece of evidence.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct EvidencePiece {
    /// Identifier.
    id: Uuid,
    /// Title.
    title: String,
    /// File or link.
    form: EvidenceForm,
    /// Codes of the parts of the framework it is used for.
    parts: Vec<String>,
    /// When it was taken away; what refers to it keeps its title.
    removed_at: Option<Moment>,
    /// Its versions, the oldest first.
    versions: Vec<EvidenceVersion>,
    /// `ETag` for changes, as `If-Match` asks for it.
    etag: String,
}

fn tag(version: Version) -> String {
    format!("\"{}\"", version.0)
}

impl From<&EvidenceItem> for EvidencePiece {
    fn from(item: &EvidenceItem) -> Self {
        let version = |version: &reviews::ReviewEvidenceVersion| {
            let is_file = item.evidence.kind == reviews::EvidenceForm::File;
            EvidenceVersion {
                number: version.number,
                name: version.name.clone(),
                media_type: is_file.then(|| version.media_type.clone()),
                size: is_file.then_some(version.size),
                hash: is_file.then(|| version.hash.clone()),
                at: Moment(version.at),
            }
        };
        Self {
            id: item.evidence.id.0,
            title: item.evidence.title.clone(),
            form: item.evidence.kind.into(),
            parts: item.evidence.used_for.iter().map(|part| part.code().0.clone()).collect(),
            removed_at: item.evidence.removed_at.map(Moment),
            versions: item.versions.iter().map(version).collect(),
            etag: tag(item.evidence.version),
        }
    }
}

#[derive(Debug)]
struct PartNames(Vec<String>);

impl Scalar for PartNames {
    fn schema() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema { items: Some(Box::new(PartName::schema())), ..MetaSchema::new("array") }))
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        Err(Wrong::new("geen-lijst", "Dit moet een lijst zijn, tussen rechte haken."))
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        list(value)?.iter().map(|value| Ok(PartName::read_json(value)?.0)).collect::<Result<_, _>>().map(Self)
    }
}

/// What is said of a piece of evidence, in the place of what was.
#[derive(Debug, Object)]
pub(crate) struct EvidenceRequest {
    /// Title.
    title: Given<Text<1, 200>>,
    /// Codes of the parts of the framework it is used for.
    parts: Given<PartNames>,
}

pub(crate) struct Said {
    title: String,
    parts: Vec<String>,
}

impl Input for EvidenceRequest {
    type Checked = Said;

    const FIELDS: &'static [&'static str] = &["title", "parts"];

    fn check(self) -> Result<Said, Faults> {
        let (title, parts) = (self.title.named("title"), self.parts.named("parts")).all()?;
        Ok(Said { title: title.0, parts: parts.0 })
    }
}

/// A link to bring as evidence.
#[derive(Debug, Object)]
pub(crate) struct EvidenceLinkRequest {
    /// Title.
    title: Given<Text<1, 200>>,
    /// Codes of the parts of the framework it is used for.
    parts: Given<PartNames>,
    /// Address of a page elsewhere, with https.
    link: Given<Text<1, 2000>>,
}

pub(crate) struct Linked {
    said: Said,
    link: String,
}

impl Input for EvidenceLinkRequest {
    type Checked = Linked;

    const FIELDS: &'static [&'static str] = &["title", "parts", "link"];

    fn check(self) -> Result<Linked, Faults> {
        let (title, parts, link) = (self.title.named("title"), self.parts.named("parts"), self.link.named("link")).all()?;
        Ok(Linked { said: Said { title: title.0, parts: parts.0 }, link: link.0 })
    }
}

/// Another address of a link.
#[derive(Debug, Object)]
pub(crate) struct EvidenceAddressRequest {
    /// Address of a page elsewhere, with https.
    link: Given<Text<1, 2000>>,
}

impl Input for EvidenceAddressRequest {
    type Checked = String;

    const FIELDS: &'static [&'static str] = &["link"];

    fn check(self) -> Result<String, Faults> {
        Ok(self.link.named("link")?.0)
    }
}

/// Number of a version in addresses.
#[derive(Debug, Clone, Copy)]
pub(crate) struct VersionPlace(pub(super) i32);

impl Scalar for VersionPlace {
    fn schema() -> MetaSchemaRef {
        <i32 as Type>::schema_ref()
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        text.parse().map(Self).map_err(|_| Wrong::new("geen-getal", "Geef een heel getal op."))
    }
}

/// 200 with a file to keep.
pub(crate) struct EvidenceBytes(Download);

impl IntoResponse for EvidenceBytes {
    fn into_response(self) -> Response {
        // Whatever somebody brought is kept, never shown by a browser.
        let safe = |sign: char| if sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_' | '.') { sign } else { '-' };
        let name: String = self.0.name.chars().map(safe).collect();
        Response::builder()
            .content_type("application/octet-stream")
            .header(CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
            .body(self.0.bytes)
    }
}

impl ApiResponse for EvidenceBytes {
    fn meta() -> MetaResponses {
        let binary = MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "binary")));
        let content = vec![MetaMediaType { content_type: "application/octet-stream", schema: binary }];
        meta(200, "The file as it was brought.", content, vec![header("Content-Disposition", "Says what to call the file.")])
    }

    fn register(_: &mut Registry) {}
}

fn found(list: &EvidenceList, id: ReviewEvidenceId) -> Result<&EvidenceItem, AppError> {
    list.items.iter().find(|item| item.evidence.id == id).ok_or(AppError::NotFound)
}

async fn shown(app: &App, actor: &Actor, review: &str, id: ReviewEvidenceId) -> Result<Tagged<EvidencePiece>, AppError> {
    let list = evidence::list(app, actor, review).await?;
    let item = found(&list, id)?;
    Ok(Tagged { tag: tag(item.evidence.version), body: item.into() })
}

async fn created(app: &App, actor: &Actor, review: &str, id: ReviewEvidenceId) -> Result<Created<EvidencePiece>, AppError> {
    let body = shown(app, actor, review, id).await?.body;
    Ok(Created { body, location: format!("{PREFIX}/reviews/{review}/evidence/{id}") })
}

/// A file by the name that came with it.
fn file(name: Option<Text<1, 255>>, bytes: File) -> Source {
    Source::File(EvidenceFile { name: name.map(|name| name.0).unwrap_or_default(), bytes: bytes.0 })
}

#[OpenApi(tag = "Tag::Reflection")]
impl Evidence {
    /// Lists the evidence of a peer review
    ///
    /// By title, with every version; what was taken away included.
    #[oai(path = "/reviews/:review/evidence", method = "get", operation_id = "listEvidence")]
    async fn list(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Found<Vec<EvidencePiece>>, Refusal> {
        let list = evidence::list(&app, &session.0.actor, &review.named("review")?.0).await?;
        Ok(Found(list.items.iter().map(Into::into).collect()))
    }

    /// Brings a file as evidence
    ///
    /// Up to 10 MB. What it is, its bytes say: a document with macros and whatever could do harm is refused. It has its file
    /// name as its title and is used for nothing; `putEvidence` changes that.
    #[oai(
        path = "/reviews/:review/evidence/files",
        method = "post",
        operation_id = "addEvidenceFile",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn add_file(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// Name of the file.
        #[oai(name = "fileName")]
        file_name: Query<Text<1, 255>>,
        /// The file as it is.
        bytes: File,
    ) -> Result<Created<EvidencePiece>, Refusal<Conflicts>> {
        let (review, name) = (review.named("review"), file_name.0).all()?;
        let title: String = name.as_ref().map(|name| name.0.chars().take(200).collect()).unwrap_or_default();
        let actor = &session.0.actor;
        let id = evidence::add(&app, actor, &review.0, (&title, &[]), file(name, bytes)).await?;
        Ok(created(&app, actor, &review.0, id).await?)
    }

    /// Brings a link as evidence
    ///
    /// Only http and https. What it leads to is not fetched.
    #[oai(path = "/reviews/:review/evidence/links", method = "post", operation_id = "addEvidenceLink")]
    async fn add_link(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        body: Body<EvidenceLinkRequest>,
    ) -> Result<Created<EvidencePiece>, Refusal<Conflicts>> {
        let (review, new) = (review.named("review"), body.0).all()?;
        let actor = &session.0.actor;
        let id = evidence::add(&app, actor, &review.0, (&new.said.title, &new.said.parts), Source::Link(new.link)).await?;
        Ok(created(&app, actor, &review.0, id).await?)
    }

    /// Shows a piece of evidence
    ///
    /// With its versions, and the parts of the framework it is used for. The tag is its version.
    #[oai(path = "/reviews/:review/evidence/:evidence", method = "get", operation_id = "getEvidence")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The piece.
        evidence: Path<Id>,
    ) -> Result<Tagged<EvidencePiece>, Refusal> {
        let (review, id) = (review.named("review"), evidence.named("evidence")).all()?;
        Ok(shown(&app, &session.0.actor, &review.0, ReviewEvidenceId(id.0)).await?)
    }

    /// Changes what is said of a piece of evidence
    ///
    /// Its title, and the parts of the framework it is used for. Say what you saw: `If-Match` with the `ETag` of the piece.
    #[oai(path = "/reviews/:review/evidence/:evidence", method = "put", operation_id = "putEvidence")]
    async fn put(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The piece.
        evidence: Path<Id>,
        /// `ETag` of the piece.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<EvidenceRequest>,
    ) -> Result<Tagged<EvidencePiece>, Refusal<Versions>> {
        let (review, id, if_match, said) = (review.named("review"), evidence.named("evidence"), if_match.0, body.0).all()?;
        let (key, actor) = ((ReviewEvidenceId(id.0), seen_version(if_match)?), &session.0.actor);
        evidence::change(&app, actor, &review.0, key, (&said.title, &said.parts)).await.map_err(stale)?;
        Ok(shown(&app, actor, &review.0, key.0).await?)
    }

    /// Takes a piece of evidence away
    ///
    /// Its files go, its title stays where it was used. Say what you saw: `If-Match` with the `ETag` of the piece.
    #[oai(
        path = "/reviews/:review/evidence/:evidence",
        method = "delete",
        operation_id = "removeEvidence",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn remove(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The piece.
        evidence: Path<Id>,
        /// `ETag` of the piece.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Done, Refusal<Versions>> {
        let (review, id, if_match) = (review.named("review"), evidence.named("evidence"), if_match.0).all()?;
        let key = (ReviewEvidenceId(id.0), seen_version(if_match)?);
        evidence::remove(&app, &session.0.actor, &review.0, key).await.map_err(stale)?;
        Ok(Done)
    }

    /// Brings a newer version of a file
    ///
    /// The older ones stay. Say what you saw: `If-Match` with the `ETag` of the piece.
    #[oai(
        path = "/reviews/:review/evidence/:evidence/files",
        method = "post",
        operation_id = "renewEvidenceFile",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the operation")]
    async fn renew_file(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The piece.
        evidence: Path<Id>,
        /// Name of the file.
        #[oai(name = "fileName")]
        file_name: Query<Text<1, 255>>,
        /// `ETag` of the piece.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        /// The file as it is.
        bytes: File,
    ) -> Result<Tagged<EvidencePiece>, Refusal<Versions>> {
        let (review, id, name, if_match) = (review.named("review"), evidence.named("evidence"), file_name.0, if_match.0).all()?;
        let (key, actor) = ((ReviewEvidenceId(id.0), seen_version(if_match)?), &session.0.actor);
        evidence::renew(&app, actor, &review.0, key, file(name, bytes)).await.map_err(stale)?;
        Ok(shown(&app, actor, &review.0, key.0).await?)
    }

    /// Gives a link another address
    ///
    /// The older ones stay. Say what you saw: `If-Match` with the `ETag` of the piece.
    #[oai(path = "/reviews/:review/evidence/:evidence/links", method = "post", operation_id = "renewEvidenceLink")]
    async fn renew_link(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The piece.
        evidence: Path<Id>,
        /// `ETag` of the piece.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<EvidenceAddressRequest>,
    ) -> Result<Tagged<EvidencePiece>, Refusal<Versions>> {
        let (review, id, if_match, link) = (review.named("review"), evidence.named("evidence"), if_match.0, body.0).all()?;
        let (key, actor) = ((ReviewEvidenceId(id.0), seen_version(if_match)?), &session.0.actor);
        evidence::renew(&app, actor, &review.0, key, Source::Link(link)).await.map_err(stale)?;
        Ok(shown(&app, actor, &review.0, key.0).await?)
    }

    /// Gives a version of a file
    ///
    /// As it was brought, to keep; that somebody took it along is noted.
    #[oai(path = "/reviews/:review/evidence/:evidence/versions/:number", method = "get", operation_id = "getEvidenceFile")]
    async fn download(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the review in addresses.
        review: Path<ReviewSlug>,
        /// The piece.
        evidence: Path<Id>,
        /// Number of the version.
        number: Path<VersionPlace>,
    ) -> Result<EvidenceBytes, Refusal> {
        let (review, id, number) = (review.named("review"), evidence.named("evidence"), number.named("number")).all()?;
        Ok(EvidenceBytes(evidence::download(&app, &session.0.actor, &review.0, ReviewEvidenceId(id.0), number.0).await?))
    }
}
