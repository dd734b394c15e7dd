//! The document itself.

use poem::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL};
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaMediaType, MetaResponses, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::{ApiResponse, OpenApi};

use super::Tag;
use crate::document::served;
use crate::output::{header, meta};

/// The room.
#[derive(Default)]
pub(crate) struct Document;

/// 200 with the document.
pub(crate) struct DocumentAnswer;

impl IntoResponse for DocumentAnswer {
    fn into_response(self) -> Response {
        Response::builder()
            .content_type("application/json")
            .header(ACCESS_CONTROL_ALLOW_ORIGIN, "*")
            .header(CACHE_CONTROL, "no-cache")
            .body(served())
    }
}

impl ApiResponse for DocumentAnswer {
    fn meta() -> MetaResponses {
        let object = MetaSchema { description: Some("An OpenAPI document."), ..MetaSchema::new("object") };
        let content = vec![MetaMediaType { content_type: "application/json", schema: MetaSchemaRef::Inline(Box::new(object)) }];
        meta(200, "This document.", content, vec![header("access-control-allow-origin", "`*`: any page may read it.")])
    }

    fn register(_: &mut Registry) {}
}

#[OpenApi(tag = "Tag::Document")]
impl Document {
    /// Shows this document
    ///
    /// For everybody, also without signing in.
    #[oai(path = "/openapi.json", method = "get", operation_id = "getOpenApiDocument")]
    #[expect(clippy::unused_async, reason = "poem-openapi asks for it")]
    async fn get(&self) -> DocumentAnswer {
        DocumentAnswer
    }
}
