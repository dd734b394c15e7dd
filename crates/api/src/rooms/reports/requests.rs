//! What callers send about the report of a peer review.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernschil_app::reviews::report::{Early, Unread};
use kernschil_domain::reviews;
use poem_openapi::Object;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use serde_json::Value;

use super::super::rules::{array_of, chosen, fields, list};
use super::answers::PublishedPart;
use crate::input::{All, Day, Faults, Flag, Given, Input, Maybe, Scalar, Text, Wrong, one_field};

/// A list in a request must be a JSON array.
fn no_text<T>() -> Result<T, Wrong> {
    Err(Wrong::new("geen-lijst", "Dit moet een lijst zijn, tussen rechte haken."))
}

/// A text of the report.
#[derive(Debug, Object)]
pub(crate) struct ReportTextRequest {
    /// Key of the paragraph.
    paragraph: String,
    /// What it says, as Markdown; empty to leave it out.
    text: String,
}

/// A text as somebody wrote it; how long it may be is decided where it is saved.
struct Plain(String);

impl Scalar for Plain {
    fn schema() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new("string")))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        Ok(Self(text.to_owned()))
    }
}

#[derive(Debug)]
struct TextList(BTreeMap<String, String>);

impl Scalar for TextList {
    fn schema() -> MetaSchemaRef {
        array_of::<ReportTextRequest>()
    }

    fn register(registry: &mut Registry) {
        ReportTextRequest::register(registry);
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        no_text()
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        let one = |value: &Value| {
            let object = fields(value, &["paragraph", "text"])?;
            Ok((chosen::<Plain>(object, "paragraph")?.0, chosen::<Plain>(object, "text")?.0))
        };
        list(value)?.iter().map(one).collect::<Result<_, _>>().map(Self)
    }
}

/// Texts to save.
#[derive(Debug, Object)]
pub(crate) struct ReportTextsRequest {
    /// Per paragraph.
    texts: Given<TextList>,
}

pub(crate) struct Texts(pub(super) BTreeMap<String, String>);

impl Input for ReportTextsRequest {
    type Checked = Texts;

    const FIELDS: &'static [&'static str] = &["texts"];

    fn check(self) -> Result<Texts, Faults> {
        Ok(Texts(self.texts.named("texts")?.0))
    }
}

/// The last day to respond.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct ReportDeadlineRequest {
    /// Up to and including this day.
    respond_by: Given<Day>,
}

impl Input for ReportDeadlineRequest {
    type Checked = NaiveDate;

    const FIELDS: &'static [&'static str] = &["respondBy"];

    fn check(self) -> Result<NaiveDate, Faults> {
        Ok(self.respond_by.named("respondBy")?.0)
    }
}

/// The number of a version.
#[derive(Debug, Clone, Copy)]
struct SentNumber(i32);

impl Scalar for SentNumber {
    fn schema() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("integer", "int32")))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        text.parse().map(Self).map_err(|_| Wrong::new("geen-getal", "Geef een heel getal op."))
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        Self::read(&value.as_i64().map(|number| number.to_string()).unwrap_or_default())
    }
}

/// A comment on a paragraph.
#[derive(Debug, Object)]
pub(crate) struct ReportCommentRequest {
    /// Number of the version that was read.
    number: Given<SentNumber>,
    /// Key of the paragraph.
    paragraph: Given<Text<1, 200>>,
    /// What is said, as Markdown.
    text: Given<Text<1, 4000>>,
}

pub(crate) struct NewComment {
    pub(super) number: i32,
    pub(super) paragraph: String,
    pub(super) text: String,
}

impl Input for ReportCommentRequest {
    type Checked = NewComment;

    const FIELDS: &'static [&'static str] = &["number", "paragraph", "text"];

    fn check(self) -> Result<NewComment, Faults> {
        let (number, paragraph, text) = (self.number.named("number"), self.paragraph.named("paragraph"), self.text.named("text")).all()?;
        Ok(NewComment { number: number.0, paragraph: paragraph.0, text: text.0 })
    }
}

one_field! {
    /// Another text of a comment.
    ReportWordsRequest {
        /// What is said, as Markdown.
        text: Text<1, 4000> => String,
    }
}

one_field! {
    /// What the panel did with a comment.
    ReportReplyRequest {
        /// What was done with it, as Markdown.
        reply: Text<1, 4000> => String,
    }
}

one_field! {
    /// Why a published report is taken back.
    ReportWithdrawalRequest {
        /// The reason, for everybody in the dossier.
        reason: Text<1, 500> => String,
    }
}

/// Making a report final.
#[derive(Debug, Object)]
pub(crate) struct ReportFinalRequest {
    /// Whether the receiving side agreed that it is done before its last day has passed.
    agreed: Maybe<Flag>,
    /// Whether the latest version becomes final although the receiving side read another: look at the differences first.
    unread: Maybe<Flag>,
}

impl Input for ReportFinalRequest {
    type Checked = (Early, Unread);

    const FIELDS: &'static [&'static str] = &["agreed", "unread"];

    fn check(self) -> Result<(Early, Unread), Faults> {
        let (agreed, unread) = (self.agreed.named("agreed"), self.unread.named("unread")).all()?;
        let early = match agreed {
            Some(Flag::Yes) => Early::Agreed,
            Some(Flag::No) | None => Early::No,
        };
        let unread = match unread {
            Some(Flag::Yes) => Unread::Confirmed,
            Some(Flag::No) | None => Unread::Refused,
        };
        Ok((early, unread))
    }
}

#[derive(Debug)]
struct PartList(Vec<reviews::PublishedPart>);

impl Scalar for PartList {
    fn schema() -> MetaSchemaRef {
        array_of::<PublishedPart>()
    }

    fn register(registry: &mut Registry) {
        <PublishedPart as Type>::register(registry);
    }

    fn read(_: &str) -> Result<Self, Wrong> {
        no_text()
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        let one = |value: &Value| PublishedPart::read_json(value).map(|part| part.0);
        list(value)?.iter().map(one).collect::<Result<_, _>>().map(Self)
    }
}

/// What is published besides the text.
#[derive(Debug, Object)]
pub(crate) struct PublicationRequest {
    /// The parts; none for the text alone.
    parts: Given<PartList>,
}

pub(crate) struct Parts(pub(super) Vec<reviews::PublishedPart>);

impl Input for PublicationRequest {
    type Checked = Parts;

    const FIELDS: &'static [&'static str] = &["parts"];

    fn check(self) -> Result<Parts, Faults> {
        Ok(Parts(self.parts.named("parts")?.0))
    }
}
