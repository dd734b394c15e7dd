//! What callers send: read strictly, and everything that is wrong at once.
//!
//! A parameter or field never makes an extractor fail. It holds what was read or what is wrong with it;
//! an operation asks for all of them together with [`All::all`] and gets all values or all faults.

mod body;
pub(crate) mod choices;
mod params;
mod scalars;

use kernschil_app::{AppError, FieldError};
use kernschil_http::Failure;
use poem_openapi::registry::{MetaSchemaRef, Registry};
use serde_json::Value;

pub(crate) use body::{Body, Clearable, Given, Input, Maybe, one_field};
pub(crate) use choices::{Choice, Sort, choice, coded, sort_fields};
pub(crate) use params::{Header, PageNumber, PageSize, Path, Query, page_request, paging};
pub(crate) use scalars::{Day, Flag, Id, SchoolCode, Slug, Text};

/// What is wrong with one value, before it is known where it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Wrong {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// It is not there.
    pub(crate) fn missing() -> Self {
        Self::new("verplicht", "Dit gegeven is verplicht. Vul het in.")
    }

    /// It is of another JSON type.
    pub(crate) fn not_text() -> Self {
        Self::new("geen-tekst", "Dit moet een tekst zijn, tussen aanhalingstekens.")
    }

    /// At a place: `query.page`, `header.If-Match`, `path.student`, or the name of a field of the body.
    pub(crate) fn at(self, place: &str) -> Faults {
        Faults(vec![FieldError::new(place, self.code, self.message)])
    }
}

/// Everything that is wrong with what was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Faults(Vec<FieldError>);

impl Faults {
    /// Adds others.
    pub(crate) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<FieldError> for Faults {
    fn from(wrong: FieldError) -> Self {
        Self(vec![wrong])
    }
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Self::App(AppError::Invalid(faults.0))
    }
}

/// A single value that stands in a path, query, header or field of a body.
pub(crate) trait Scalar: Sized + Send + Sync + 'static {
    /// Its schema.
    fn schema() -> MetaSchemaRef;

    /// Registers its schema, when that has a name.
    fn register(_registry: &mut Registry) {}

    /// Reads it from text.
    fn read(text: &str) -> Result<Self, Wrong>;

    /// Reads it from JSON: a string, and nothing that looks like one.
    fn read_json(value: &Value) -> Result<Self, Wrong> {
        value.as_str().ok_or_else(Wrong::not_text).and_then(Self::read)
    }
}

/// Several results that are all wanted.
pub(crate) trait All {
    /// The values.
    type Values;

    /// All values, or everything that is wrong.
    fn all(self) -> Result<Self::Values, Faults>;
}

macro_rules! all_of {
    ($($name:ident),+) => {
        impl<$($name),+> All for ($(Result<$name, Faults>,)+) {
            type Values = ($($name,)+);

            #[expect(non_snake_case, reason = "the macro names values as it names their types")]
            fn all(self) -> Result<Self::Values, Faults> {
                let ($($name,)+) = self;
                let mut faults = Faults::default();
                $(let $name = $name.map_err(|wrong| faults.extend(wrong)).ok();)+
                match ($($name,)+) {
                    ($(Some($name),)+) => Ok(($($name,)+)),
                    _ => Err(faults),
                }
            }
        }
    };
}

all_of!(A, B);
all_of!(A, B, C);
all_of!(A, B, C, D);
all_of!(A, B, C, D, E);
all_of!(A, B, C, D, E, F);
all_of!(A, B, C, D, E, F, G);
all_of!(A, B, C, D, E, F, G, H);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let wrong = |place: &str| Err::<u8, _>(Wrong::missing().at(place));
        let Err(faults) = (wrong("offer"), Ok(1), wrong("reason")).all() else { panic!("nothing was wrong") };
        assert_eq!(faults.0.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["offer", "reason"]);
        assert_eq!((Ok(1), Ok("two")).all(), Ok((1, "two")));
    }
}
