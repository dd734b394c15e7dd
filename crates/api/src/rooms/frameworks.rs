//! Quality frameworks: versions of what partnerships are held against. A draft changes, a published one never does.

mod requests;

use kernschil_app::frameworks::{self, FrameworkView, Loaded, MadeFile};
use kernschil_app::imports::ImportFile;
use kernschil_app::reviews::framework::{self, PartPreview};
use kernschil_app::{Actor, App, AppError};
use kernschil_domain::frameworks as domain;
use poem::web::Data;
use poem_openapi::{Enum, Object, OpenApi};

use super::Tag;
use super::imports::errors_in;
use super::imports::file::File;
use super::reflection::ReviewSlug;
use crate::PREFIX;
use crate::input::{All, Body, Header, Path, Query, Text, coded};
use crate::output::{Created, Done, Found, Moment, Tagged, Workbook, YamlFile};
use crate::precondition::{EntityTag, seen_version, stale};
use crate::refusal::{Conflicts, Refusal, Trouble, Versions};
use crate::session::Session;
use requests::{FrameworkRequest, FrameworkSlug, NewFrameworkRequest};

/// The room.
#[derive(Default)]
pub(crate) struct Frameworks;

coded! {
    /// Whose words something in a framework are.
    Origin(domain::Origin)
}

coded! {
    /// How a part of a framework differs.
    DifferenceKind(domain::DifferenceKind)
}

/// How far a framework is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub(crate) enum FrameworkState {
    /// Being written.
    Draft,
    /// In use, and unchangeable.
    Published,
    /// Unchangeable, and not to be chosen any more.
    Withdrawn,
}

/// Something a partnership is held against, within a safeguard.
#[derive(Debug, Object)]
pub(crate) struct Criterion {
    /// Code, unique over the framework.
    code: String,
    /// What it says.
    text: String,
    /// Whose words.
    origin: Origin,
    /// Questions that help to reflect on it, in order.
    questions: Vec<String>,
}

/// One of the safeguards (waarborgen) of a framework.
#[derive(Debug, Object)]
pub(crate) struct Safeguard {
    /// Code, unique over the framework.
    code: String,
    /// Name.
    name: String,
    /// What it is about.
    description: String,
    /// Whose words the description are.
    origin: Origin,
    /// Questions that help to reflect on it, in order.
    questions: Vec<String>,
    /// Its criteria, in order.
    criteria: Vec<Criterion>,
}

/// A framework.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct Framework {
    /// Name in addresses.
    slug: String,
    /// How far it is.
    state: FrameworkState,
    /// When it was made.
    made_at: Moment,
    /// When it was published.
    published_at: Option<Moment>,
    /// Since when it is not to be chosen any more; absent while it is.
    withdrawn_at: Option<Moment>,
    /// SHA-256 of what it says; equal content has an equal hash.
    hash: String,
    /// Peer reviews within reach of the caller that use it; absent for who knows of no reviews.
    reviews: Option<usize>,
    /// Name.
    name: String,
    /// Where it comes from.
    source: String,
    /// Questions that reviewers ask about everything, in order.
    questions: Vec<String>,
    /// Its safeguards, in order.
    safeguards: Vec<Safeguard>,
}

impl From<&domain::Safeguard> for Safeguard {
    fn from(safeguard: &domain::Safeguard) -> Self {
        let criterion = |criterion: &domain::Criterion| Criterion {
            code: criterion.code.to_string(),
            text: criterion.text.clone(),
            origin: Origin(criterion.origin),
            questions: criterion.questions.clone(),
        };
        Self {
            code: safeguard.code.to_string(),
            name: safeguard.name.clone(),
            description: safeguard.description.clone(),
            origin: Origin(safeguard.origin),
            questions: safeguard.questions.clone(),
            criteria: safeguard.criteria.iter().map(criterion).collect(),
        }
    }
}

impl From<&FrameworkView> for Framework {
    fn from(view: &FrameworkView) -> Self {
        let domain::Framework { slug, content, state, hash, made_at, .. } = &view.framework;
        let published_at = state.published_at().map(Moment);
        let (state, withdrawn_at) = match state {
            domain::FrameworkState::Draft => (FrameworkState::Draft, None),
            domain::FrameworkState::Published { .. } => (FrameworkState::Published, None),
            domain::FrameworkState::Withdrawn { at, .. } => (FrameworkState::Withdrawn, Some(Moment(*at))),
        };
        Self {
            slug: slug.clone(),
            state,
            made_at: Moment(*made_at),
            published_at,
            withdrawn_at,
            hash: hash.clone(),
            reviews: view.reviews,
            name: content.name.clone(),
            source: content.source.clone(),
            questions: content.questions.clone(),
            safeguards: content.safeguards.iter().map(Into::into).collect(),
        }
    }
}

/// A difference between two frameworks.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct FrameworkDifference {
    /// Code of the part; absent for the framework as a whole.
    part: Option<String>,
    /// How it differs.
    kind: DifferenceKind,
    /// What the earlier says, or where it stands there.
    before: String,
    /// What the later says, or where it stands there.
    after: String,
    /// For a part that is new or no longer there: the code with the same words on the other side.
    same_words: Option<String>,
}

impl From<&domain::Difference> for FrameworkDifference {
    fn from(difference: &domain::Difference) -> Self {
        Self {
            part: difference.code.as_ref().map(ToString::to_string),
            kind: DifferenceKind(difference.kind),
            before: difference.before.clone(),
            after: difference.after.clone(),
            same_words: difference.same_words.as_ref().map(ToString::to_string),
        }
    }
}

coded! {
    /// What happens with something when a peer review takes another framework.
    Carrying(domain::Carrying)
}

/// What happens with one part of the framework that the receiving side wrote something about.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct CarriedPart {
    /// Code of the part.
    part: String,
    /// What happens.
    how: Carrying,
    /// Code of the part it is about from then on.
    to: String,
    /// For what stays under an old code: the part of the other framework with the same words.
    same_words: Option<String>,
    /// Whether there is a text about it.
    has_text: bool,
    /// Pieces of evidence and key figures that are used for it.
    evidence: usize,
    /// Development questions that belong to it.
    questions: usize,
}

impl From<&PartPreview> for CarriedPart {
    fn from(part: &PartPreview) -> Self {
        Self {
            part: part.carried.from.code().to_string(),
            how: Carrying(part.carried.how),
            to: part.carried.to.code().to_string(),
            same_words: part.carried.same_words.as_ref().map(|same| same.code().to_string()),
            has_text: part.has_text,
            evidence: part.evidence,
            questions: part.questions,
        }
    }
}

/// What another framework would do to a peer review.
#[derive(Debug, Object)]
pub(crate) struct FrameworkCarrying {
    /// Name in addresses of its framework.
    framework: String,
    /// Name in addresses of the other.
    other: String,
    /// Each part that something was written about.
    parts: Vec<CarriedPart>,
}

fn tagged(view: &FrameworkView) -> Tagged<Framework> {
    Tagged { tag: format!("\"{}\"", view.framework.version.0), body: view.into() }
}

async fn found(app: &App, actor: &Actor, slug: &str) -> Result<Tagged<Framework>, AppError> {
    Ok(tagged(&frameworks::get(app, actor, slug).await?))
}

async fn created(app: &App, actor: &Actor, slug: &str) -> Result<Created<Framework>, AppError> {
    Ok(Created { body: found(app, actor, slug).await?.body, location: format!("{PREFIX}/frameworks/{slug}") })
}

#[OpenApi(tag = "Tag::Reviews")]
impl Frameworks {
    /// Lists the quality frameworks
    ///
    /// The newest first. Drafts are for who manages frameworks.
    #[oai(path = "/frameworks", method = "get", operation_id = "listFrameworks")]
    async fn list(&self, session: Session, app: Data<&App>) -> Result<Found<Vec<Framework>>, Refusal> {
        let all = frameworks::list(&app, &session.0.actor).await?;
        Ok(Found(all.iter().map(Into::into).collect()))
    }

    /// Makes a draft of a framework
    ///
    /// Of what is sent, or a copy of another framework. A draft may miss texts; publishing asks for all of them.
    #[oai(path = "/frameworks", method = "post", operation_id = "createFramework")]
    async fn create(&self, session: Session, app: Data<&App>, body: Body<NewFrameworkRequest>) -> Result<Created<Framework>, Refusal> {
        let (begin, actor) = (body.0.map_err(Trouble::from)?, &session.0.actor);
        let slug = frameworks::make(&app, actor, begin).await?;
        Ok(created(&app, actor, &slug).await?)
    }

    /// Makes a draft of a file
    ///
    /// A workbook, or YAML when the name ends in `.yaml` or `.yml`. Errors come as a problem with the code
    /// `werkboek-met-fouten`; nothing is stored then.
    #[oai(
        path = "/frameworks/files",
        method = "post",
        operation_id = "loadFramework",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn load(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the file.
        #[oai(name = "fileName")]
        file_name: Query<Text<1, 255>>,
        /// The file as it is, up to 20 MB.
        file: File,
    ) -> Result<Created<Framework>, Refusal> {
        let name = file_name.0.map_err(Trouble::from)?.map_or_else(|| "kader.xlsx".to_owned(), |name| name.0);
        let actor = &session.0.actor;
        match frameworks::load(&app, actor, ImportFile { name, bytes: file.0 }, None).await? {
            Loaded::Draft(slug) => Ok(created(&app, actor, &slug).await?),
            Loaded::Refused(report) => Err(errors_in(report.outcome).into()),
        }
    }

    /// Shows a framework
    ///
    /// Its safeguards, criteria and guiding questions, with the source of each text. The tag is its version.
    #[oai(path = "/frameworks/:framework", method = "get", operation_id = "getFramework")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the framework in addresses.
        framework: Path<FrameworkSlug>,
    ) -> Result<Tagged<Framework>, Refusal> {
        Ok(found(&app, &session.0.actor, &framework.named("framework")?.0).await?)
    }

    /// Changes a draft
    ///
    /// What is sent comes in the place of all it said. A published framework answers 409. Say what you saw: `If-Match` with
    /// the `ETag` of the framework.
    #[oai(path = "/frameworks/:framework", method = "put", operation_id = "putFramework")]
    async fn put(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the framework in addresses.
        framework: Path<FrameworkSlug>,
        /// `ETag` of the framework.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<FrameworkRequest>,
    ) -> Result<Tagged<Framework>, Refusal<Versions>> {
        let (slug, if_match, content) = (framework.named("framework"), if_match.0, body.0).all()?;
        let (seen, actor) = (seen_version(if_match)?, &session.0.actor);
        frameworks::change(&app, actor, &slug.0, seen, &content).await.map_err(stale)?;
        Ok(found(&app, actor, &slug.0).await?)
    }

    /// Publishes a draft
    ///
    /// Peer reviews can use it then, and it never changes again. Say what you saw: `If-Match` with the `ETag` of the
    /// framework.
    #[oai(
        path = "/frameworks/:framework/publication",
        method = "post",
        operation_id = "publishFramework",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn publish(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the framework in addresses.
        framework: Path<FrameworkSlug>,
        /// `ETag` of the framework.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Tagged<Framework>, Refusal<Versions>> {
        let (slug, if_match) = (framework.named("framework"), if_match.0).all()?;
        let (seen, actor) = (seen_version(if_match)?, &session.0.actor);
        frameworks::publish(&app, actor, &slug.0, seen).await.map_err(stale)?;
        Ok(found(&app, actor, &slug.0).await?)
    }

    /// Offers a framework no more
    ///
    /// No peer review can be given it from then on; those that have it keep it. The only framework that is offered answers
    /// 409. Say what you saw: `If-Match` with the `ETag` of the framework.
    #[oai(
        path = "/frameworks/:framework/withdrawal",
        method = "post",
        operation_id = "withdrawFramework",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn withdraw(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the framework in addresses.
        framework: Path<FrameworkSlug>,
        /// `ETag` of the framework.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Tagged<Framework>, Refusal<Versions>> {
        let (slug, if_match) = (framework.named("framework"), if_match.0).all()?;
        let (seen, actor) = (seen_version(if_match)?, &session.0.actor);
        frameworks::withdraw(&app, actor, &slug.0, seen).await.map_err(stale)?;
        Ok(found(&app, actor, &slug.0).await?)
    }

    /// Offers a framework again
    ///
    /// Say what you saw: `If-Match` with the `ETag` of the framework.
    #[oai(
        path = "/frameworks/:framework/withdrawal",
        method = "delete",
        operation_id = "offerFramework",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn offer(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the framework in addresses.
        framework: Path<FrameworkSlug>,
        /// `ETag` of the framework.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Tagged<Framework>, Refusal<Versions>> {
        let (slug, if_match) = (framework.named("framework"), if_match.0).all()?;
        let (seen, actor) = (seen_version(if_match)?, &session.0.actor);
        frameworks::offer(&app, actor, &slug.0, seen).await.map_err(stale)?;
        Ok(found(&app, actor, &slug.0).await?)
    }

    /// Removes a draft
    ///
    /// Say what you saw: `If-Match` with the `ETag` of the framework.
    #[oai(
        path = "/frameworks/:framework",
        method = "delete",
        operation_id = "removeFramework",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn remove(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the framework in addresses.
        framework: Path<FrameworkSlug>,
        /// `ETag` of the framework.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Done, Refusal<Versions>> {
        let (slug, if_match) = (framework.named("framework"), if_match.0).all()?;
        let seen = seen_version(if_match)?;
        frameworks::remove(&app, &session.0.actor, &slug.0, seen).await.map_err(stale)?;
        Ok(Done)
    }

    /// Compares two frameworks
    ///
    /// What a framework has otherwise than another. Parts are the same part when they have the same code.
    #[oai(path = "/frameworks/:framework/differences/:earlier", method = "get", operation_id = "compareFrameworks")]
    async fn compare(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the later framework in addresses.
        framework: Path<FrameworkSlug>,
        /// Name of the earlier framework in addresses.
        earlier: Path<FrameworkSlug>,
    ) -> Result<Found<Vec<FrameworkDifference>>, Refusal> {
        let (later, earlier) = (framework.named("framework"), earlier.named("earlier")).all()?;
        let found = frameworks::compare(&app, &session.0.actor, &earlier.0, &later.0).await?;
        Ok(Found(found.differences.iter().map(Into::into).collect()))
    }

    /// Gives a framework as a workbook
    ///
    /// Loaded again it is exactly the same framework.
    #[oai(path = "/frameworks/:framework/workbook", method = "get", operation_id = "getFrameworkWorkbook")]
    async fn workbook(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the framework in addresses.
        framework: Path<FrameworkSlug>,
    ) -> Result<Workbook, Refusal> {
        let MadeFile { file_name, bytes } = frameworks::workbook(&app, &session.0.actor, &framework.named("framework")?.0).await?;
        Ok(Workbook { bytes, file_name })
    }

    /// Gives a framework as YAML
    ///
    /// Loaded again it is exactly the same framework.
    #[oai(path = "/frameworks/:framework/yaml", method = "get", operation_id = "getFrameworkYaml")]
    async fn yaml(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the framework in addresses.
        framework: Path<FrameworkSlug>,
    ) -> Result<YamlFile, Refusal> {
        let MadeFile { file_name, bytes } = frameworks::yaml(&app, &session.0.actor, &framework.named("framework")?.0).await?;
        Ok(YamlFile { bytes, file_name })
    }

    /// Shows what another framework would do to a peer review
    ///
    /// Where everything goes that the receiving side wrote. Nothing is lost: what has no place in the other framework stays
    /// under its old code. Findings of the panel go along in the same way and are not shown here. The `ETag` is that of
    /// the review.
    #[oai(path = "/reviews/:review/framework/:framework", method = "get", operation_id = "previewReviewFramework")]
    async fn preview(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the peer review in addresses.
        review: Path<ReviewSlug>,
        /// Name of the other framework in addresses.
        framework: Path<FrameworkSlug>,
    ) -> Result<Tagged<FrameworkCarrying>, Refusal<Conflicts>> {
        let (review, other) = (review.named("review"), framework.named("framework")).all()?;
        let preview = framework::preview(&app, &session.0.actor, &review.0, &other.0).await?;
        let body = FrameworkCarrying {
            framework: preview.before.slug.clone(),
            other: preview.after.slug.clone(),
            parts: preview.parts.iter().map(Into::into).collect(),
        };
        Ok(Tagged { tag: format!("\"{}\"", preview.review.version.0), body })
    }

    /// Gives a peer review another framework
    ///
    /// What was written is carried over as the preview shows. Say what you saw: `If-Match` with the `ETag` of the preview.
    #[oai(
        path = "/reviews/:review/framework/:framework",
        method = "put",
        operation_id = "putReviewFramework",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn carry(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the peer review in addresses.
        review: Path<ReviewSlug>,
        /// Name of the other framework in addresses.
        framework: Path<FrameworkSlug>,
        /// `ETag` of the preview.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Done, Refusal<Versions>> {
        let (review, other, if_match) = (review.named("review"), framework.named("framework"), if_match.0).all()?;
        let seen = seen_version(if_match)?;
        framework::change(&app, &session.0.actor, &review.0, seen, &other.0).await.map_err(stale)?;
        Ok(Done)
    }
}
