//! JSON in the body of a request.

use std::borrow::Cow;

use poem::{FromRequest, Request, RequestBody};
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseFromJSON, ParseResult, ToJSON, Type};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde_json::Value;

use super::{Faults, Scalar, Wrong};
use crate::refusal::Trouble;

/// A field that must be there: what was read, or what is wrong with it.
#[derive(Debug)]
pub(crate) struct Given<T>(Result<T, Wrong>);

/// A field that may be absent or `null`.
#[derive(Debug)]
pub(crate) struct Maybe<T>(Result<Option<T>, Wrong>);

impl<T> Given<T> {
    /// What was read, or what is wrong.
    pub(crate) fn named(self, field: &str) -> Result<T, Faults> {
        self.0.map_err(|wrong| wrong.at(field))
    }
}

impl<T> Maybe<T> {
    /// What was read, or what is wrong.
    pub(crate) fn named(self, field: &str) -> Result<Option<T>, Faults> {
        self.0.map_err(|wrong| wrong.at(field))
    }
}

/// A field of a change: absent leaves what it is about as it is, `null` empties it.
#[derive(Debug)]
#[expect(clippy::option_option, reason = "absent and null are two answers")]
pub(crate) struct Clearable<T>(Result<Option<Option<T>>, Wrong>);

impl<T> Clearable<T> {
    /// What was read, or what is wrong.
    #[expect(clippy::option_option, reason = "absent and null are two answers")]
    pub(crate) fn named(self, field: &str) -> Result<Option<Option<T>>, Faults> {
        self.0.map_err(|wrong| wrong.at(field))
    }
}

impl<T: Scalar> ParseFromJSON for Clearable<T> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        Ok(Self(match value {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(None)),
            Some(value) => T::read_json(&value).map(|value| Some(Some(value))),
        }))
    }
}

/// The schema of what may be `null` as well.
fn nullable(schema: MetaSchemaRef) -> MetaSchemaRef {
    match schema {
        MetaSchemaRef::Inline(schema) => MetaSchemaRef::Inline(Box::new(MetaSchema { nullable: true, ..*schema })),
        reference @ MetaSchemaRef::Reference(_) => reference,
    }
}

impl<T: Scalar> ParseFromJSON for Given<T> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        Ok(Self(match value {
            None | Some(Value::Null) => Err(Wrong::missing()),
            Some(value) => T::read_json(&value),
        }))
    }
}

impl<T: Scalar> ParseFromJSON for Maybe<T> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        Ok(Self(match value {
            None | Some(Value::Null) => Ok(None),
            Some(value) => T::read_json(&value).map(Some),
        }))
    }
}

macro_rules! field {
    ($name:ident, $required:literal, $schema:expr) => {
        impl<T: Scalar> Type for $name<T> {
            const IS_REQUIRED: bool = $required;

            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn schema_ref() -> MetaSchemaRef {
                $schema(T::schema())
            }

            fn register(registry: &mut Registry) {
                T::register(registry);
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }

            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                Box::new(self.as_raw_value().into_iter())
            }
        }

        // What comes in never goes out; deriving `Object` asks for it.
        impl<T: Scalar> ToJSON for $name<T> {
            fn to_json(&self) -> Option<Value> {
                None
            }
        }
    };
}

field!(Given, true, std::convert::identity);
field!(Maybe, false, std::convert::identity);
field!(Clearable, false, nullable);

/// A JSON object that an operation takes.
pub(crate) trait Input: ParseFromJSON + 'static {
    /// What the operation works with.
    type Checked: Send;

    /// Names of its fields; others are refused.
    const FIELDS: &'static [&'static str];

    /// All fields, or everything that is wrong.
    fn check(self) -> Result<Self::Checked, Faults>;
}

/// The body of a request as JSON.
pub(crate) struct Body<T: Input>(pub(crate) Result<T::Checked, Faults>);

impl<T: Input> Body<T> {
    fn read(bytes: &[u8]) -> Result<Self, Trouble> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(Trouble::Unreadable { code: "inhoud-ontbreekt", message: "Er is geen inhoud. Stuur een JSON-object.".to_owned() });
        }
        let value = serde_json::from_slice::<Value>(bytes).map_err(|error| Trouble::Unreadable {
            code: "json-onleesbaar",
            message: format!("De inhoud is geen JSON: er is iets mis in regel {}, teken {}.", error.line(), error.column()),
        })?;
        let Value::Object(object) = &value else {
            return Err(Trouble::Unreadable { code: "geen-object", message: "De inhoud moet een JSON-object zijn.".to_owned() });
        };
        let mut faults = Faults::default();
        for name in object.keys().filter(|name| !T::FIELDS.contains(&name.as_str())) {
            let message = format!("Dit veld bestaat niet. Kies uit: {}.", T::FIELDS.join(", "));
            // A name with dots in it is still one name.
            faults.extend(Wrong::new("onbekend-veld", message).at(&name.replace('.', "·")));
        }
        let parsed = T::parse_from_json(Some(value))
            .map_err(|error| Trouble::Unreadable { code: "json-onleesbaar", message: error.into_message() })?;
        Ok(Self(match parsed.check() {
            Ok(checked) if faults.is_empty() => Ok(checked),
            Ok(_) => Err(faults),
            Err(others) => {
                faults.extend(others);
                Err(faults)
            }
        }))
    }
}

impl<'a, T: Input> ApiExtractor<'a> for Body<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        let content = vec![MetaMediaType { content_type: "application/json", schema: T::schema_ref() }];
        Some(MetaRequest { description: None, content, required: true })
    }

    async fn from_request(request: &'a Request, body: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        if !is_json(request.content_type()) {
            return Err(Trouble::MediaType { accepted: "application/json" }.into());
        }
        let bytes = <Vec<u8> as FromRequest>::from_request(request, body).await?;
        Ok(Self::read(&bytes)?)
    }
}

fn is_json(content_type: Option<&str>) -> bool {
    let essence = content_type.and_then(|text| text.split(';').next()).unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// Declares the body of a request that holds one field, which must be there.
macro_rules! one_field {
    ($(#[$doc:meta])* $name:ident { $(#[$field_doc:meta])* $field:ident: $given:ty => $checked:ty $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, poem_openapi::Object)]
        pub(crate) struct $name {
            $(#[$field_doc])*
            $field: $crate::input::Given<$given>,
        }

        impl $crate::input::Input for $name {
            type Checked = $checked;

            const FIELDS: &'static [&'static str] = &[stringify!($field)];

            fn check(self) -> Result<Self::Checked, $crate::input::Faults> {
                Ok(self.$field.named(stringify!($field))?.0)
            }
        }
    };
}

pub(crate) use one_field;

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn json_is_named_exactly() {
        for (text, expected) in [
            (Some("application/json"), true),
            (Some("Application/JSON; charset=utf-8"), true),
            (Some("application/jsonp"), false),
            (Some("text/json"), false),
            (Some("text/plain"), false),
            (None, false),
        ] {
            assert_eq!(is_json(text), expected, "{text:?}");
        }
    }
}
