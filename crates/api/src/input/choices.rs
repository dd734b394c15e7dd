//! Values from closed lists. The codes come from the domain, so the document never differs from it.

use poem_openapi::registry::{MetaSchema, MetaSchemaRef};

use super::{Scalar, Wrong};

/// A value from a closed list.
pub(crate) trait Choice: Copy + Send + Sync + 'static {
    /// All values, in their usual order.
    fn every() -> Vec<Self>;

    /// The stable code.
    fn code(self) -> &'static str;

    /// The Dutch word, when it adds something to the code.
    fn dutch(self) -> Option<&'static str>;
}

/// The value with a code.
pub(crate) fn read<C: Choice>(text: &str) -> Result<C, Wrong> {
    C::every().into_iter().find(|value| value.code() == text).ok_or_else(|| {
        let codes: Vec<_> = C::every().into_iter().map(Choice::code).collect();
        Wrong::new("onbekende-waarde", format!("Deze waarde is niet bekend. Kies uit: {}.", codes.join(", ")))
    })
}

/// What it is, and the Dutch words behind the codes.
pub(crate) fn description<C: Choice>(doc: &str) -> String {
    let words: Vec<_> = C::every().into_iter().filter_map(|value| Some(format!("`{}` ({})", value.code(), value.dutch()?))).collect();
    if words.is_empty() { doc.to_owned() } else { format!("{doc} In Dutch: {}.", words.join(", ")) }
}

/// The schema of a closed list.
pub(crate) fn schema<C: Choice>(description: &'static str) -> MetaSchema {
    let codes = C::every().into_iter().map(|value| value.code().into()).collect();
    MetaSchema { description: Some(description), enum_items: codes, ..MetaSchema::new("string") }
}

/// Which way a list goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// From low to high.
    Up,
    /// From high to low.
    Down,
}

/// The order of a list: a field, with `-` before it from high to low.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sort<F> {
    pub(crate) by: F,
    pub(crate) direction: Direction,
}

impl<F> Sort<F> {
    /// Puts rows in order; rows that are equal stay as they were.
    pub(crate) fn apply<R, K: Ord>(self, rows: &mut [R], key: impl FnMut(&R) -> K) {
        match self.direction {
            Direction::Up => rows.sort_by_cached_key(key),
            Direction::Down => {
                let mut key = key;
                rows.sort_by_cached_key(|row| std::cmp::Reverse(key(row)));
            }
        }
    }
}

impl<F: Choice> Scalar for Sort<F> {
    fn schema() -> MetaSchemaRef {
        let codes = F::every().into_iter().flat_map(|field| [field.code().into(), format!("-{}", field.code()).into()]).collect();
        MetaSchemaRef::Inline(Box::new(MetaSchema { enum_items: codes, ..MetaSchema::new("string") }))
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        match text.strip_prefix('-') {
            Some(text) => read(text).map(|by| Self { by, direction: Direction::Down }),
            None => read(text).map(|by| Self { by, direction: Direction::Up }),
        }
    }
}

/// The fields by which a list can be put in order.
macro_rules! sort_fields {
    ($(#[$doc:meta])+ $name:ident { $($variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name {
            $($variant),+
        }

        impl $crate::input::Choice for $name {
            fn every() -> Vec<Self> {
                vec![$(Self::$variant),+]
            }

            fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code),+
                }
            }

            fn dutch(self) -> Option<&'static str> {
                None
            }
        }
    };
}

/// Lets a closed list of the floors below stand in requests and answers, under a name in the document.
macro_rules! coded {
    ($(#[doc = $doc:literal])+ $name:ident($inner:ty)) => {
        $crate::input::choice! { $(#[doc = $doc])+ $name($inner) }

        impl $crate::input::Choice for $name {
            fn every() -> Vec<Self> {
                <$inner>::ALL.iter().copied().map(Self).collect()
            }

            fn code(self) -> &'static str {
                self.0.code()
            }

            fn dutch(self) -> Option<&'static str> {
                Some(self.0.dutch()).filter(|word| *word != self.0.code())
            }
        }
    };
}

/// As [`coded`], for a type that implements [`Choice`] itself.
macro_rules! choice {
    ($(#[doc = $doc:literal])+ $name:ident($inner:ty)) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) struct $name(pub(crate) $inner);

        impl $crate::input::Scalar for $name {
            fn schema() -> poem_openapi::registry::MetaSchemaRef {
                <Self as poem_openapi::types::Type>::schema_ref()
            }

            fn register(registry: &mut poem_openapi::registry::Registry) {
                <Self as poem_openapi::types::Type>::register(registry);
            }

            fn read(text: &str) -> Result<Self, $crate::input::Wrong> {
                $crate::input::choices::read(text)
            }
        }

        impl poem_openapi::types::Type for $name {
            const IS_REQUIRED: bool = true;

            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn schema_ref() -> poem_openapi::registry::MetaSchemaRef {
                poem_openapi::registry::MetaSchemaRef::Reference(stringify!($name).to_owned())
            }

            fn register(registry: &mut poem_openapi::registry::Registry) {
                static DESCRIPTION: std::sync::LazyLock<String> =
                    std::sync::LazyLock::new(|| $crate::input::choices::description::<$name>(concat!($($doc),+).trim()));
                registry.create_schema::<Self, _>(stringify!($name).to_owned(), |_| $crate::input::choices::schema::<Self>(&DESCRIPTION));
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }

            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                Box::new(self.as_raw_value().into_iter())
            }
        }

        impl poem_openapi::types::ToJSON for $name {
            fn to_json(&self) -> Option<serde_json::Value> {
                Some(serde_json::Value::String($crate::input::Choice::code(*self).to_owned()))
            }
        }

        // Deriving `Object` asks for it, also where a value only goes out.
        impl poem_openapi::types::ParseFromJSON for $name {
            fn parse_from_json(value: Option<serde_json::Value>) -> poem_openapi::types::ParseResult<Self> {
                use $crate::input::Scalar;
                Self::read_json(&value.unwrap_or_default()).map_err(|wrong| poem_openapi::types::ParseError::custom(wrong.message))
            }
        }

        impl From<$inner> for $name {
            fn from(value: $inner) -> Self {
                Self(value)
            }
        }
    };
}

pub(crate) use {choice, coded, sort_fields};
