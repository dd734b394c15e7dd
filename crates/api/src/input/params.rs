//! Parameters in the path, the query and the headers.

use kernschil_app::listing::PageRequest;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaParamIn, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde_json::Value;

use super::{All, Faults, Scalar, Wrong};

/// A part of the path.
pub(crate) struct Path<T>(Result<T, Wrong>);

impl<T> Path<T> {
    /// What was read, or what is wrong, under the name that the document gives it.
    pub(crate) fn named(self, name: &str) -> Result<T, Faults> {
        self.0.map_err(|wrong| wrong.at(&format!("path.{name}")))
    }
}

/// A parameter of the query; never required.
pub(crate) struct Query<T>(pub(crate) Result<Option<T>, Faults>);

/// A header; never required here, because what its absence means differs.
pub(crate) struct Header<T>(pub(crate) Result<Option<T>, Faults>);

/// The value, if it is there once and right.
fn single<'v, T: Scalar>(mut values: impl Iterator<Item = &'v str>) -> Result<Option<T>, Wrong> {
    let Some(first) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Wrong::new("dubbel", "Dit staat er meer dan één keer. Geef het één keer op."));
    }
    T::read(first).map(Some)
}

macro_rules! parameter {
    ($name:ident, $place:ident, $required:literal, |$request:ident, $param:ident| $read:expr) => {
        impl<'a, T: Scalar> ApiExtractor<'a> for $name<T> {
            const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
            const PARAM_IS_REQUIRED: bool = $required;

            type ParamType = ();
            type ParamRawType = ();

            fn register(registry: &mut Registry) {
                T::register(registry);
            }

            fn param_in() -> Option<MetaParamIn> {
                Some(MetaParamIn::$place)
            }

            fn param_schema_ref() -> Option<MetaSchemaRef> {
                Some(T::schema())
            }

            async fn from_request(
                $request: &'a Request,
                _body: &mut RequestBody,
                options: ExtractParamOptions<Self::ParamType>,
            ) -> poem::Result<Self> {
                let $param = options.name;
                Ok(Self($read))
            }
        }
    };
}

parameter!(Path, Path, true, |request, name| T::read(request.raw_path_param(name).unwrap_or_default()));
parameter!(Query, Query, false, |request, name| {
    let pairs: Vec<(String, String)> = request.params().unwrap_or_default();
    let values = pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
    single(values).map_err(|wrong| wrong.at(&format!("query.{name}")))
});
parameter!(Header, Header, false, |request, name| {
    let values = request.headers().get_all(name).iter().map(|value| value.to_str().unwrap_or("\u{fffd}"));
    single(values).map_err(|wrong| wrong.at(&format!("header.{name}")))
});

/// A JSON number as text; anything else is no number.
fn number(value: &Value) -> String {
    value.as_u64().map(|number| number.to_string()).unwrap_or_default()
}

/// A whole number from 1.
fn whole(text: &str, most: usize) -> Result<usize, Wrong> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.then(|| text.parse().ok()).flatten().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| Wrong::new("geen-getal", format!("Geef een heel getal van 1 tot en met {most} op.")))
}

fn integer(most: usize, default: usize) -> MetaSchemaRef {
    let maximum = u32::try_from(most).map(f64::from).ok();
    let schema =
        MetaSchema { minimum: Some(1.0), maximum, default: Some(default.into()), ..MetaSchema::new_with_format("integer", "int32") };
    MetaSchemaRef::Inline(Box::new(schema))
}

/// Number of a page, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageNumber(usize);

impl PageNumber {
    const MOST: usize = 1_000_000;
}

impl Scalar for PageNumber {
    fn schema() -> MetaSchemaRef {
        integer(Self::MOST, PageRequest::default().page)
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        whole(text, Self::MOST).map(Self)
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        whole(&number(value), Self::MOST).map(Self)
    }
}

/// Rows on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageSize(usize);

impl PageSize {
    const MOST: usize = 500;
}

impl Scalar for PageSize {
    fn schema() -> MetaSchemaRef {
        integer(Self::MOST, PageRequest::default().size)
    }

    fn read(text: &str) -> Result<Self, Wrong> {
        whole(text, Self::MOST).map(Self)
    }

    fn read_json(value: &Value) -> Result<Self, Wrong> {
        whole(&number(value), Self::MOST).map(Self)
    }
}

/// Which part of a list, by the query.
pub(crate) fn paging(page: Query<PageNumber>, size: Query<PageSize>) -> Result<PageRequest, Faults> {
    let (page, size) = (page.0, size.0).all()?;
    Ok(page_request(page, size))
}

/// Which part of a list.
pub(crate) fn page_request(page: Option<PageNumber>, size: Option<PageSize>) -> PageRequest {
    let usual = PageRequest::default();
    PageRequest { page: page.map_or(usual.page, |page| page.0), size: size.map_or(usual.size, |size| size.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_a_number_from_one_given_once() {
        let read = |values: &[&str]| single::<PageNumber>(values.iter().copied()).map_err(|wrong| wrong.code);
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&["12"]), Ok(Some(PageNumber(12))));
        assert_eq!(read(&["1", "1"]), Err("dubbel"));
        for bad in ["0", "-1", "+1", "1.0", "1e3", "", " 1", "99999999999999999999999"] {
            assert_eq!(read(&[bad]), Err("geen-getal"), "{bad}");
        }
    }
}
