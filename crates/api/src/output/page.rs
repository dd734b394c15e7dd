//! Parts of long lists, and the links between them.

use std::borrow::Cow;
use std::fmt::Write;

use kernschil_app::listing;
use poem::http::Uri;
use poem::{FromRequest, Request, RequestBody};
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ToJSON, Type};
use serde_json::{Value, json};

use crate::PREFIX;

/// A part of a list.
#[derive(Debug)]
pub(crate) struct Page<T> {
    items: Vec<T>,
    number: usize,
    pages: usize,
    total: usize,
}

impl<T> Page<T> {
    /// One page of rows, each turned into what callers see.
    pub(crate) fn of<R: Into<T>>(rows: Vec<R>, request: listing::PageRequest) -> Self {
        Self::cut(listing::page(rows, request))
    }

    /// A page that was cut already.
    pub(crate) fn cut<R: Into<T>>(page: listing::Page<R>) -> Self {
        let listing::Page { rows, page, pages, total } = page;
        Self { items: rows.into_iter().map(Into::into).collect(), number: page, pages, total }
    }

    /// The `Link` header (RFC 8288): this page, its neighbours, and both ends.
    pub(crate) fn links(&self, here: &Here) -> String {
        let mut links = String::new();
        let before = (self.number > 1).then(|| ("prev", self.number - 1));
        let after = (self.number < self.pages).then(|| ("next", self.number + 1));
        for (relation, page) in
            [Some(("self", self.number)), Some(("first", 1)), before, after, Some(("last", self.pages))].into_iter().flatten()
        {
            let comma = if links.is_empty() { "" } else { ", " };
            // Writing to a String cannot fail.
            let _ = write!(links, "{comma}<{}>; rel=\"{relation}\"", here.with_page(page));
        }
        links
    }
}

impl<T: Type> Type for Page<T> {
    const IS_REQUIRED: bool = true;

    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        format!("{}Page", T::name()).into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Reference(Self::name().into_owned())
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
        registry.create_schema::<Self, _>(Self::name().into_owned(), |_| {
            let array = MetaSchema { items: Some(Box::new(T::schema_ref())), ..MetaSchema::new("array") };
            let number = |minimum: u32, description| {
                let schema = MetaSchema {
                    minimum: Some(minimum.into()),
                    description: Some(description),
                    ..MetaSchema::new_with_format("integer", "int32")
                };
                MetaSchemaRef::Inline(Box::new(schema))
            };
            MetaSchema {
                description: Some("One page of a list."),
                required: vec!["items", "page", "pages", "total"],
                properties: vec![
                    ("items", MetaSchemaRef::Inline(Box::new(MetaSchema { description: Some("Rows of this page."), ..array }))),
                    ("page", number(1, "Number of this page; when a page past the end was asked for, the last one.")),
                    ("pages", number(1, "Number of pages.")),
                    ("total", number(0, "Rows in the whole list.")),
                ],
                ..MetaSchema::new("object")
            }
        });
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(self.as_raw_value().into_iter())
    }
}

impl<T: ToJSON> ToJSON for Page<T> {
    fn to_json(&self) -> Option<Value> {
        let items: Vec<_> = self.items.iter().filter_map(ToJSON::to_json).collect();
        Some(json!({ "items": items, "page": self.number, "pages": self.pages, "total": self.total }))
    }
}

/// The address that was asked for, after the base of the API.
#[derive(Debug, Clone)]
pub(crate) struct Here(Uri);

impl Here {
    fn with_page(&self, page: usize) -> String {
        let others =
            self.0.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && pair.split('=').next() != Some("page"));
        let query: Vec<_> = others.map(str::to_owned).chain([format!("page={page}")]).collect();
        format!("{PREFIX}{}?{}", self.0.path(), query.join("&"))
    }
}

impl<'a> FromRequest<'a> for Here {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self(request.uri().clone()))
    }
}

#[cfg(test)]
mod tests {
    use kernschil_app::listing::PageRequest;

    use super::*;

    fn links(uri: &'static str, page: usize) -> String {
        Page::<u8>::of(vec![1_u8, 2, 3, 4, 5], PageRequest { page, size: 2 }).links(&Here(Uri::from_static(uri)))
    }

    #[test]
    fn links_keep_the_filters() {
        assert_eq!(
            links("/rounds/almere/schools?sector=bo&page=2&size=2", 2),
            "</api/v1/rounds/almere/schools?sector=bo&size=2&page=2>; rel=\"self\", \
             </api/v1/rounds/almere/schools?sector=bo&size=2&page=1>; rel=\"first\", \
             </api/v1/rounds/almere/schools?sector=bo&size=2&page=1>; rel=\"prev\", \
             </api/v1/rounds/almere/schools?sector=bo&size=2&page=3>; rel=\"next\", \
             </api/v1/rounds/almere/schools?sector=bo&size=2&page=3>; rel=\"last\""
        );
    }

    #[test]
    fn both_ends_have_one_neighbour() {
        let relations = |page| links("/jobs", page).matches("rel=").count();
        assert_eq!((relations(1), relations(2), relations(3)), (4, 5, 4));
    }
}
