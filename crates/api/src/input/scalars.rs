//! The values that occur in many places.

use std::borrow::Cow;

use chrono::NaiveDate;
use kernschil_domain::values;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
use serde_json::Value;
use uuid::Uuid;

use super::{Scalar, Wrong};

fn inline(schema: MetaSchema) -> MetaSchemaRef {
    MetaSchemaRef::Inline(Box::new(schema))
}

/// Text of so many characters, without control characters other than line breaks and tabs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text<const MIN: usize, const MAX: usize>(pub(crate) String);

impl<const MIN: usize, const MAX: usize> Scalar for Text<MIN, MAX> {
    fn schema() -> MetaSchemaRef {
        inline(MetaSchema { min_length: Some(MIN), max_length: Some(MAX), ..MetaSchema::new("string") })
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        if !(MIN..=MAX).contains(&text.chars().count()) {
            return Err(Wrong::new("tekst-lengte", format!("Geef een tekst van {MIN} tot en met {MAX} tekens op.")));
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(Wrong::new("tekst-ongeldig", "De tekst heeft stuurtekens. Haal die weg."));
        }
        Ok(Self(text.to_owned()))
    }
}

/// An identifier, in the usual form with hyphens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Id(pub(crate) Uuid);

impl Scalar for Id {
    fn schema() -> MetaSchemaRef {
        inline(MetaSchema::new_with_format("string", "uuid"))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        let wrong = || Wrong::new("geen-uuid", "Geef een UUID op, zoals 0190f3b2-7c4e-7000-8000-000000000001.");
        if text.len() == 36 { Uuid::try_parse(text).map(Self).map_err(|_| wrong()) } else { Err(wrong()) }
    }
}

/// A date, as `2026-09-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day(pub(crate) NaiveDate);

impl Scalar for Day {
    fn schema() -> MetaSchemaRef {
        inline(MetaSchema::new_with_format("string", "date"))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        let date = (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten();
        date.map(Self).ok_or_else(|| Wrong::new("geen-datum", "Geef een bestaande datum op als jjjj-mm-dd, zoals 2026-09-01."))
    }
}

impl Type for Day {
    const IS_REQUIRED: bool = true;

    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "string_date".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        <Self as Scalar>::schema()
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(self.as_raw_value().into_iter())
    }
}

impl ToJSON for Day {
    fn to_json(&self) -> Option<Value> {
        Some(Value::String(self.0.to_string()))
    }
}

// Deriving `Object` asks for it, also where a date only goes out.
impl ParseFromJSON for Day {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        Self::read_json(&value.unwrap_or_default()).map_err(|wrong| ParseError::custom(wrong.message))
    }
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flag {
    /// `true`
    Yes,
    /// `false`
    No,
}

impl Scalar for Flag {
    fn schema() -> MetaSchemaRef {
        inline(MetaSchema { default: Some(Value::Bool(false)), ..MetaSchema::new("boolean") })
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        match text {
            "true" => Ok(Self::Yes),
            "false" => Ok(Self::No),
            _ => Err(Wrong::new("geen-ja-of-nee", "Geef true of false op.")),
        }
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        Self::read(value.as_bool().map_or("", |flag| if flag { "true" } else { "false" }))
    }
}

/// Name of a round in addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slug(pub(crate) String);

impl Scalar for Slug {
    fn schema() -> MetaSchemaRef {
        let pattern = Some("^[a-z0-9]+(-[a-z0-9]+)*$".to_owned());
        inline(MetaSchema { pattern, max_length: Some(200), example: Some("almere-2026-2027".into()), ..MetaSchema::new("string") })
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        let part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if text.len() <= 200 && text.split('-').all(part) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Wrong::new("geen-ronde", "Dit is geen naam van een ronde in een adres. Haal de rondes op met /rounds."))
        }
    }
}

/// Code of a school: BRIN and vestiging.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SchoolCode(pub(crate) values::SchoolCode);

impl Scalar for SchoolCode {
    fn schema() -> MetaSchemaRef {
        let pattern = Some("^[0-9]{2}[A-Z]{2}[0-9]{2}$".to_owned());
        inline(MetaSchema { pattern, example: Some("05XH00".into()), ..MetaSchema::new("string") })
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        let code = values::SchoolCode::parse(text).ok().filter(|code| code.to_string() == text);
        code.map(Self).ok_or_else(|| Wrong::new("geen-schoolcode", "Geef een BRIN met vestiging op, zoals 05XH00."))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn code<T: Scalar + std::fmt::Debug>(value: &Value) -> &'static str {
        T::read_json(value).map_or_else(|wrong| wrong.code, |_| "")
    }

    #[test]
    fn text_is_text_and_nothing_else() {
        for (value, expected) in [
            (json!("a"), ""),
            (json!("a\nb"), ""),
            (json!(1), "geen-tekst"),
            (json!(true), "geen-tekst"),
            (json!(null), "geen-tekst"),
            (json!(""), "tekst-lengte"),
            (json!("abcd"), "tekst-lengte"),
            (json!("a\u{0}"), "tekst-ongeldig"),
        ] {
            assert_eq!(code::<Text<1, 3>>(&value), expected, "{value}");
        }
    }

    #[test]
    fn identifiers_dates_and_names_have_one_form() {
        for (text, expected) in [
            ("0190f3b2-7c4e-7000-8000-000000000001", ""),
            ("0190f3b27c4e70008000000000000001", "geen-uuid"),
            ("{0190f3b2-7c4e-7000-8000-000000000001}", "geen-uuid"),
            ("x", "geen-uuid"),
        ] {
            assert_eq!(code::<Id>(&json!(text)), expected, "{text}");
        }
        for (text, expected) in
            [("2026-09-01", ""), ("2026-9-01", "geen-datum"), ("2026-02-30", "geen-datum"), ("01-09-2026", "geen-datum")]
        {
            assert_eq!(code::<Day>(&json!(text)), expected, "{text}");
        }
        for (text, expected) in
            [("almere-2026", ""), ("Almere", "geen-ronde"), ("a--b", "geen-ronde"), ("a\u{0}", "geen-ronde"), ("", "geen-ronde")]
        {
            assert_eq!(code::<Slug>(&json!(text)), expected, "{text}");
        }
        for (text, expected) in [("05XH00", ""), ("05xh00", "geen-schoolcode"), ("05XH", "geen-schoolcode"), ("5", "geen-schoolcode")] {
            assert_eq!(code::<SchoolCode>(&json!(text)), expected, "{text}");
        }
    }
}
