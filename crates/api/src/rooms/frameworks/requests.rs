//! What callers send about frameworks.

use kernschil_app::frameworks::Begin;
use kernschil_domain::frameworks::{
    Criterion as DomainCriterion, FrameworkContent, Origin as DomainOrigin, PartCode, Safeguard as DomainSafeguard,
};
use poem_openapi::Object;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use serde_json::{Map, Value};

use super::super::rules::{array_of, chosen, fields, list};
use super::{Criterion, Origin, Safeguard};
use crate::input::{All, Faults, Given, Input, Maybe, Scalar, Wrong};

/// Name of a framework in addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FrameworkSlug(pub(super) String);

impl Scalar for FrameworkSlug {
    fn schema() -> MetaSchemaRef {
        let pattern = Some("^[a-z0-9]+(-[a-z0-9]+)*$".to_owned());
        let example = Some("samen-opleiden-in-de-onderwijsregio".into());
        MetaSchemaRef::Inline(Box::new(MetaSchema { pattern, max_length: Some(200), example, ..MetaSchema::new("string") }))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        let part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if text.len() <= 200 && text.split('-').all(part) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Wrong::new("geen-kader", "Dit is geen naam van een kader in een adres. Haal de kaders op met /frameworks."))
        }
    }
}

/// A text as it stands in a framework; how long it may be is decided where it is stored.
#[derive(Debug)]
struct Words(String);

impl Scalar for Words {
    fn schema() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new("string")))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        Ok(Self(text.to_owned()))
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        let text = value.as_str().ok_or_else(|| Wrong::new("geen-tekst", "Dit moet een tekst zijn, tussen aanhalingstekens."))?;
        Self::read(text)
    }
}

/// A list in a request must be a JSON array.
fn no_text<T>() -> Result<T, Wrong> {
    Err(Wrong::new("geen-lijst", "Dit moet een lijst zijn, tussen rechte haken."))
}

#[derive(Debug)]
struct QuestionList(Vec<String>);

impl Scalar for QuestionList {
    fn schema() -> MetaSchemaRef {
        array_of::<String>()
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        no_text()
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        list(value)?.iter().map(|one| Words::read_json(one).map(|words| words.0)).collect::<Result<_, _>>().map(Self)
    }
}

fn words(object: &Map<String, Value>, field: &str) -> Result<String, Wrong> {
    chosen::<Words>(object, field).map(|words| words.0)
}

fn origin(object: &Map<String, Value>) -> Result<DomainOrigin, Wrong> {
    chosen::<Origin>(object, "origin").map(|origin| origin.0)
}

fn questions(object: &Map<String, Value>) -> Result<Vec<String>, Wrong> {
    object.get("questions").map_or(Ok(Vec::new()), |value| QuestionList::read_json(value).map(|list| list.0))
}

fn criterion(value: &Value) -> Result<DomainCriterion, Wrong> {
    let object = fields(value, &["code", "text", "origin", "questions"])?;
    Ok(DomainCriterion {
        code: PartCode(words(object, "code")?),
        text: words(object, "text")?,
        origin: origin(object)?,
        questions: questions(object)?,
    })
}

fn safeguard(value: &Value) -> Result<DomainSafeguard, Wrong> {
    let object = fields(value, &["code", "name", "description", "origin", "questions", "criteria"])?;
    let criteria = object.get("criteria").map_or(Ok(Vec::new()), |value| list(value)?.iter().map(criterion).collect());
    Ok(DomainSafeguard {
        code: PartCode(words(object, "code")?),
        name: words(object, "name")?,
        description: object.get("description").map_or(Ok(String::new()), |_| words(object, "description"))?,
        origin: origin(object)?,
        questions: questions(object)?,
        criteria: criteria?,
    })
}

#[derive(Debug)]
struct SafeguardList(Vec<DomainSafeguard>);

impl Scalar for SafeguardList {
    fn schema() -> MetaSchemaRef {
        array_of::<Safeguard>()
    }

    fn register(registry: &mut Registry) {
        Safeguard::register(registry);
        Criterion::register(registry);
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        no_text()
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        list(value)?.iter().map(safeguard).collect::<Result<_, _>>().map(Self)
    }
}

/// What a framework says.
#[derive(Debug, Object)]
pub(crate) struct FrameworkRequest {
    /// Name.
    name: Given<Words>,
    /// Where it comes from: a document, a date, who agreed on it.
    source: Maybe<Words>,
    /// Questions that reviewers ask about everything, in order.
    questions: Maybe<QuestionList>,
    /// Its safeguards, in order.
    safeguards: Maybe<SafeguardList>,
}

impl Input for FrameworkRequest {
    type Checked = FrameworkContent;

    const FIELDS: &'static [&'static str] = &["name", "source", "questions", "safeguards"];

    fn check(self) -> Result<FrameworkContent, Faults> {
        let (name, source) = (self.name.named("name"), self.source.named("source"));
        let (questions, safeguards) = (self.questions.named("questions"), self.safeguards.named("safeguards"));
        let (name, source, questions, safeguards) = (name, source, questions, safeguards).all()?;
        Ok(FrameworkContent {
            name: name.0,
            source: source.map(|words| words.0).unwrap_or_default(),
            questions: questions.map(|list| list.0).unwrap_or_default(),
            safeguards: safeguards.map(|list| list.0).unwrap_or_default(),
        })
    }
}

/// A draft to make: of what is sent, or a copy.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct NewFrameworkRequest {
    /// Name; of a copy the name of what is copied when absent.
    name: Maybe<Words>,
    /// The framework to copy; nothing else than a name goes with it.
    copy_of: Maybe<FrameworkSlug>,
    /// Where it comes from.
    source: Maybe<Words>,
    /// Questions that reviewers ask about everything, in order.
    questions: Maybe<QuestionList>,
    /// Its safeguards, in order.
    safeguards: Maybe<SafeguardList>,
}

impl Input for NewFrameworkRequest {
    type Checked = Begin;

    const FIELDS: &'static [&'static str] = &["name", "copyOf", "source", "questions", "safeguards"];

    fn check(self) -> Result<Begin, Faults> {
        let (name, of) = (self.name.named("name"), self.copy_of.named("copyOf"));
        let (source, questions, safeguards) =
            (self.source.named("source"), self.questions.named("questions"), self.safeguards.named("safeguards"));
        let (name, of, source, questions, safeguards) = (name, of, source, questions, safeguards).all()?;
        match (of, &source, &questions, &safeguards) {
            (Some(of), None, None, None) => Ok(Begin::Copy { of: of.0, name: name.map(|words| words.0) }),
            (Some(_), ..) => Err(Wrong::new("tegenstrijdig", "Geef copyOf op of een inhoud, niet allebei.").at("copyOf")),
            (None, ..) => Ok(Begin::Content(FrameworkContent {
                name: name.ok_or_else(|| Wrong::missing().at("name"))?.0,
                source: source.map(|words| words.0).unwrap_or_default(),
                questions: questions.map(|list| list.0).unwrap_or_default(),
                safeguards: safeguards.map(|list| list.0).unwrap_or_default(),
            })),
        }
    }
}
