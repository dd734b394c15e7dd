//! The kritische reflectie of a peer review: a text per part of the framework, of which every version stays.

use kernschil_app::reviews::reflection::{self, PartText, Reflection as AppReflection, Saved};
use kernschil_app::{App, AppError};
use kernschil_domain::frameworks::FrameworkContent;
use kernschil_domain::ids::Version;
use kernschil_domain::reviews::{self, DiffLine, ReviewText, TEXT_SIGNS, TextVersion, differences};
use poem::web::Data;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::{Enum, Object, OpenApi};

use super::Tag;
use crate::input::{All, Body, Faults, Given, Header, Input, Maybe, Path, Scalar, Text, Wrong, coded};
use crate::output::{Done, Found, Moment, Tagged};
use crate::precondition::{EntityTag, seen_version, stale};
use crate::refusal::{Conflicts, Refusal, Trouble, Versions};
use crate::session::Session;

/// The room.
#[derive(Default)]
pub(crate) struct Reflection;

coded! {
    /// Why there is a version of a text.
    SaveCause(reviews::SaveCause)
}

/// Name of a peer review in addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReviewSlug(pub(super) String);

impl Scalar for ReviewSlug {
    fn schema() -> MetaSchemaRef {
        let pattern = Some("^[a-z0-9]+(-[a-z0-9]+)*$".to_owned());
        let schema = MetaSchema { pattern, max_length: Some(200), example: Some("hak-2029".into()), ..MetaSchema::new("string") };
        MetaSchemaRef::Inline(Box::new(schema))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        let part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if text.len() <= 200 && text.split('-').all(part) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Wrong::new("geen-review", "Dit is geen naam van een peer review in een adres. Haal de reviews op met /reviews."))
        }
    }
}

/// Code of a part of a framework: of a safeguard as a whole, or of a criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PartName(pub(super) String);

impl Scalar for PartName {
    fn schema() -> MetaSchemaRef {
        let pattern = Some("^[A-Za-z0-9.-]+$".to_owned());
        let schema = MetaSchema { pattern, max_length: Some(40), example: Some("1.2".into()), ..MetaSchema::new("string") };
        MetaSchemaRef::Inline(Box::new(schema))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        let is_code = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        if (1..=40).contains(&text.len()) && text.bytes().all(is_code) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Wrong::new("geen-onderdeel", "Geef de code van een waarborg of criterium op, zoals 1 of 1.2."))
        }
    }
}

/// A text as somebody wrote it; how long it may be is decided where it is saved.
#[derive(Debug)]
struct Written(String);

impl Scalar for Written {
    fn schema() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema { max_length: Some(TEXT_SIGNS), ..MetaSchema::new("string") }))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        Ok(Self(text.to_owned()))
    }
}

/// The text about one part of the framework.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ReflectionText {
    /// Code of the part: of a safeguard as a whole, or of a criterion.
    part: String,
    /// Code of the safeguard.
    safeguard: String,
    /// The name of the safeguard, or what the criterion says.
    title: String,
    /// What was written, as Markdown; empty while nothing was.
    body: String,
    /// Number of the version that this is; 0 while nothing was written.
    version: i32,
    /// When it was written.
    changed_at: Option<Moment>,
}

fn text_of(content: &FrameworkContent, part: &kernschil_domain::frameworks::Part, text: Option<&ReviewText>) -> ReflectionText {
    ReflectionText {
        part: part.code().0.clone(),
        safeguard: part.safeguard.0.clone(),
        title: content.title(part).to_owned(),
        body: text.map(|text| text.body.clone()).unwrap_or_default(),
        version: text.map_or(0, |text| text.version.0),
        changed_at: text.map(|text| Moment(text.changed_at)),
    }
}

fn tagged(view: &PartText) -> Tagged<ReflectionText> {
    Tagged { tag: format!("\"{}\"", view.version().0), body: text_of(&view.content, &view.part, view.text.as_ref()) }
}

/// How far the reflection on a safeguard is.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct SafeguardProgress {
    /// Code of the safeguard.
    safeguard: String,
    /// Parts that something was written about.
    written: usize,
    /// All its parts: the whole and each criterion.
    parts: usize,
}

/// A reflection as a whole.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ReflectionOverview {
    /// Name of the framework it follows.
    framework: String,
    /// When it was handed to the panel; absent while it was not.
    reflected_at: Option<Moment>,
    /// How far each safeguard is.
    progress: Vec<SafeguardProgress>,
    /// The texts in the order of the framework; none for who may not read them before they are handed in.
    texts: Vec<ReflectionText>,
    /// Texts about parts that the framework does not have any more, under their old code.
    lost_texts: Vec<ReflectionText>,
}

fn overview_of(view: &AppReflection) -> Tagged<ReflectionOverview> {
    let content = &view.framework.content;
    let progress =
        view.progress.iter().map(|of| SafeguardProgress { safeguard: of.safeguard.0.clone(), written: of.written, parts: of.parts });
    let parts = content.parts().filter(|_| view.access.reads());
    let body = ReflectionOverview {
        framework: content.name.clone(),
        reflected_at: view.review.reflected_at.map(Moment),
        progress: progress.collect(),
        texts: parts.map(|part| text_of(content, &part, view.text(&part))).collect(),
        lost_texts: view.lost_texts().map(|text| text_of(content, &text.part, Some(text))).collect(),
    };
    Tagged { tag: format!("\"{}\"", view.review.version.0), body }
}

/// What happened to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub(crate) enum LineChange {
    /// It was there and stayed.
    Same,
    /// It went.
    Gone,
    /// It came.
    New,
}

/// A line of a version, beside the version before it.
#[derive(Debug, Object)]
pub(crate) struct TextLine {
    /// What happened to it.
    change: LineChange,
    /// What it says.
    text: String,
}

/// A text as it once was.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ReflectionVersion {
    /// Number, from 1.
    number: i32,
    /// Why there is this version.
    cause: SaveCause,
    /// When it was saved.
    at: Moment,
    /// Number of the version, kept aside before, that was brought into this one.
    merges: Option<i32>,
    /// What it said, as Markdown.
    body: String,
    /// What it changed, line by line, beside the version whose place it took or would have taken.
    differences: Vec<TextLine>,
}

fn version_of(version: &TextVersion, before: Option<&TextVersion>) -> ReflectionVersion {
    let line = |line: DiffLine| match line {
        DiffLine::Same(text) => TextLine { change: LineChange::Same, text },
        DiffLine::Gone(text) => TextLine { change: LineChange::Gone, text },
        DiffLine::New(text) => TextLine { change: LineChange::New, text },
    };
    let lines = differences(before.map_or("", |before| &before.body), &version.body);
    ReflectionVersion {
        number: version.number,
        cause: SaveCause(version.cause),
        at: Moment(version.at),
        merges: version.merges,
        body: version.body.clone(),
        differences: lines.into_iter().map(line).collect(),
    }
}

/// A text to save.
#[derive(Debug, Object)]
pub(crate) struct TextRequest {
    /// What it says, as Markdown.
    body: Given<Written>,
    /// Number of a version that was kept aside, and that this text was merged with.
    merges: Maybe<VersionNumber>,
}

impl Input for TextRequest {
    type Checked = (String, Option<i32>);

    const FIELDS: &'static [&'static str] = &["body", "merges"];

    fn check(self) -> Result<Self::Checked, Faults> {
        let (body, merges) = (self.body.named("body"), self.merges.named("merges")).all()?;
        Ok((body.0, merges.map(|number| number.0)))
    }
}

/// A version to put back.
#[derive(Debug, Object)]
pub(crate) struct RestorationRequest {
    /// Number of the version.
    number: Given<VersionNumber>,
}

/// The number of a version.
#[derive(Debug, Clone, Copy)]
struct VersionNumber(i32);

impl Scalar for VersionNumber {
    fn schema() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("integer", "int32")))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        text.parse().map(Self).map_err(|_| Wrong::new("geen-getal", "Geef een heel getal op."))
    }

    fn read_json(value: &serde_json::Value) -> Result<Self, Wrong> {
        Self::read(&value.as_i64().map(|number| number.to_string()).unwrap_or_default())
    }
}

impl Input for RestorationRequest {
    type Checked = i32;

    const FIELDS: &'static [&'static str] = &["number"];

    fn check(self) -> Result<i32, Faults> {
        Ok(self.number.named("number")?.0)
    }
}

/// Why a reflection is taken back.
#[derive(Debug, Object)]
pub(crate) struct TakingBackRequest {
    /// The reason, for everybody in the dossier.
    reason: Given<Text<1, 1000>>,
}

impl Input for TakingBackRequest {
    type Checked = String;

    const FIELDS: &'static [&'static str] = &["reason"];

    fn check(self) -> Result<String, Faults> {
        Ok(self.reason.named("reason")?.0)
    }
}

async fn shown(app: &App, session: &Session, review: &str, part: &str) -> Result<Tagged<ReflectionText>, AppError> {
    Ok(tagged(&reflection::text(app, &session.0.actor, review, part).await?))
}

#[OpenApi(tag = "Tag::Reflection")]
impl Reflection {
    /// Shows a reflection
    ///
    /// How far it is, and the texts. Before it is handed in, only those who write it read the texts.
    #[oai(path = "/reviews/:review/reflection", method = "get", operation_id = "getReflection")]
    async fn get(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the peer review in addresses.
        review: Path<ReviewSlug>,
    ) -> Result<Tagged<ReflectionOverview>, Refusal> {
        Ok(overview_of(&reflection::overview(&app, &session.0.actor, &review.named("review")?.0).await?))
    }

    /// Shows the text about one part
    ///
    /// Its `ETag` is what to send in `If-Match` to save over it.
    #[oai(path = "/reviews/:review/reflection/:part", method = "get", operation_id = "getReflectionText")]
    async fn get_text(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the peer review in addresses.
        review: Path<ReviewSlug>,
        /// Code of the safeguard or criterion.
        part: Path<PartName>,
    ) -> Result<Tagged<ReflectionText>, Refusal<Conflicts>> {
        let (review, part) = (review.named("review"), part.named("part")).all()?;
        Ok(shown(&app, &session, &review.0, &part.0).await?)
    }

    /// Saves the text about one part
    ///
    /// What this answers with 200 is stored. Say what you saw: `If-Match` with the `ETag` of the text. Somebody else saved
    /// another text since: then 412, and the text you sent is kept as a version of its own, besides the one that is there.
    /// With `merges` you say that the text was made of both; the version that was kept then asks no more to be merged.
    #[oai(path = "/reviews/:review/reflection/:part", method = "put", operation_id = "putReflectionText")]
    async fn put_text(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the peer review in addresses.
        review: Path<ReviewSlug>,
        /// Code of the safeguard or criterion.
        part: Path<PartName>,
        /// `ETag` of the text.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<TextRequest>,
    ) -> Result<Tagged<ReflectionText>, Refusal<Versions>> {
        let (review, part, if_match, body) = (review.named("review"), part.named("part"), if_match.0, body.0).all()?;
        let seen = seen_version(if_match)?;
        let (body, merges) = body;
        let actor = &session.0.actor;
        let saved = match merges {
            None => reflection::save(&app, actor, &review.0, &part.0, seen, &body).await,
            Some(kept) => reflection::merge(&app, actor, &review.0, &part.0, (seen, kept), &body).await,
        };
        match saved? {
            Saved::Stored(_) | Saved::Unchanged(_) => Ok(shown(&app, &session, &review.0, &part.0).await?),
            Saved::Aside { current, kept } => {
                let message = format!(
                    "Iemand anders heeft deze tekst intussen gewijzigd; dat is nu versie {}. Uw tekst is apart bewaard als versie {}. \
                     Haal beide op met /versions en voeg ze samen.",
                    current.version.0, kept.number
                );
                Err(Trouble::Stale { message }.into())
            }
        }
    }

    /// Lists every version of a text
    ///
    /// The latest first, those that were kept beside the text included. For who writes the reflection.
    #[oai(path = "/reviews/:review/reflection/:part/versions", method = "get", operation_id = "listReflectionVersions")]
    async fn versions(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the peer review in addresses.
        review: Path<ReviewSlug>,
        /// Code of the safeguard or criterion.
        part: Path<PartName>,
    ) -> Result<Found<Vec<ReflectionVersion>>, Refusal> {
        let (review, part) = (review.named("review"), part.named("part")).all()?;
        let found = reflection::history(&app, &session.0.actor, &review.0, &part.0).await?;
        let version = |version: &TextVersion| version_of(version, found.before(version.number));
        Ok(Found(found.versions.iter().rev().map(version).collect()))
    }

    /// Puts a version back
    ///
    /// It becomes the text once more, as a new version. Say what you saw: `If-Match` with the `ETag` of the text.
    #[oai(path = "/reviews/:review/reflection/:part/restorations", method = "post", operation_id = "restoreReflectionVersion")]
    async fn restore(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the peer review in addresses.
        review: Path<ReviewSlug>,
        /// Code of the safeguard or criterion.
        part: Path<PartName>,
        /// `ETag` of the text.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<RestorationRequest>,
    ) -> Result<Tagged<ReflectionText>, Refusal<Versions>> {
        let (review, part, if_match, number) = (review.named("review"), part.named("part"), if_match.0, body.0).all()?;
        let seen = seen_version(if_match)?;
        reflection::restore(&app, &session.0.actor, &review.0, &part.0, number, seen).await.map_err(stale)?;
        Ok(shown(&app, &session, &review.0, &part.0).await?)
    }

    /// Hands a reflection in
    ///
    /// The panel can read it from then on, and its texts change no more. Say what you saw: `If-Match` with the `ETag` of
    /// the reflection.
    #[oai(
        path = "/reviews/:review/reflection-hand-ins",
        method = "post",
        operation_id = "handInReflection",
        request_header(name = "X-CSRF-Token", ty = "String", description = "The `csrfToken` of the session.")
    )]
    async fn hand_in(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the peer review in addresses.
        review: Path<ReviewSlug>,
        /// `ETag` of the reflection.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
    ) -> Result<Done, Refusal<Versions>> {
        let (review, if_match) = (review.named("review"), if_match.0).all()?;
        let seen: Version = seen_version(if_match)?;
        reflection::hand_in(&app, &session.0.actor, &review.0, seen).await.map_err(stale)?;
        Ok(Done)
    }

    /// Takes a reflection back
    ///
    /// To write on, with a reason. Say what you saw: `If-Match` with the `ETag` of the reflection.
    #[oai(path = "/reviews/:review/reflection-returns", method = "post", operation_id = "takeReflectionBack")]
    async fn take_back(
        &self,
        session: Session,
        app: Data<&App>,
        /// Name of the peer review in addresses.
        review: Path<ReviewSlug>,
        /// `ETag` of the reflection.
        #[oai(name = "If-Match")]
        if_match: Header<EntityTag>,
        body: Body<TakingBackRequest>,
    ) -> Result<Done, Refusal<Versions>> {
        let (review, if_match, reason) = (review.named("review"), if_match.0, body.0).all()?;
        let seen = seen_version(if_match)?;
        reflection::take_back(&app, &session.0.actor, &review.0, seen, &reason).await.map_err(stale)?;
        Ok(Done)
    }
}
