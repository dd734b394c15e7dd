//! Answers of one kind, for whatever they bring.

use poem::http::header::{CONTENT_DISPOSITION, ETAG, LINK, LOCATION};
use poem::http::{HeaderName, StatusCode};
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ToJSON, Type};

use super::page::{Here, Page};

const YAML: &str = "application/yaml";

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A header in the document.
pub(crate) fn header(name: &str, description: &str) -> MetaHeader {
    MetaHeader {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        required: true,
        deprecated: false,
        schema: MetaSchemaRef::Inline(Box::new(MetaSchema::new("string"))),
    }
}

/// An answer in the document. Without a description it gets that of its schema.
pub(crate) fn meta(status: u16, description: &'static str, content: Vec<MetaMediaType>, headers: Vec<MetaHeader>) -> MetaResponses {
    MetaResponses { responses: vec![MetaResponse { description, status: Some(status), status_range: None, content, headers }] }
}

/// A JSON body in the document.
pub(crate) fn json_of<T: Type>() -> Vec<MetaMediaType> {
    vec![MetaMediaType { content_type: "application/json", schema: T::schema_ref() }]
}

/// A JSON answer.
pub(crate) fn respond<T: ToJSON>(status: StatusCode, body: &T, header: Option<(HeaderName, String)>) -> Response {
    let builder = Response::builder().status(status).content_type("application/json");
    let builder = header.into_iter().fold(builder, |builder, (name, value)| builder.header(name, value));
    builder.body(body.to_json().unwrap_or_default().to_string())
}

/// 200 with something.
pub(crate) struct Found<T>(pub(crate) T);

impl<T: ToJSON> IntoResponse for Found<T> {
    fn into_response(self) -> Response {
        respond(StatusCode::OK, &self.0, None)
    }
}

impl<T: ToJSON> ApiResponse for Found<T> {
    fn meta() -> MetaResponses {
        meta(200, "", json_of::<T>(), Vec::new())
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

/// 200 with a page, and links to the others.
pub(crate) struct Listed<T>(pub(crate) Page<T>, pub(crate) Here);

impl<T: ToJSON> IntoResponse for Listed<T> {
    fn into_response(self) -> Response {
        let links = self.0.links(&self.1);
        respond(StatusCode::OK, &self.0, Some((LINK, links)))
    }
}

impl<T: ToJSON> ApiResponse for Listed<T> {
    fn meta() -> MetaResponses {
        let link = header(
            "Link",
            "Addresses of this page (`self`), its neighbours (`prev`, `next`) and both ends (`first`, `last`), by RFC 8288.",
        );
        meta(200, "", json_of::<Page<T>>(), vec![link])
    }

    fn register(registry: &mut Registry) {
        Page::<T>::register(registry);
    }
}

/// 200 with something that has a version.
pub(crate) struct Tagged<T> {
    /// What it is.
    pub(crate) body: T,
    /// Its version, with quotation marks.
    pub(crate) tag: String,
}

/// `ETag` in the document.
pub(crate) fn etag_header() -> MetaHeader {
    header("ETag", "Version of it; send it in `If-Match` to change it.")
}

impl<T: ToJSON> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        respond(StatusCode::OK, &self.body, Some((ETAG, self.tag)))
    }
}

impl<T: ToJSON> ApiResponse for Tagged<T> {
    fn meta() -> MetaResponses {
        meta(200, "", json_of::<T>(), vec![etag_header()])
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

/// 201 with what was made.
pub(crate) struct Created<T> {
    /// What it is.
    pub(crate) body: T,
    /// Where it is.
    pub(crate) location: String,
}

impl<T: ToJSON> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        respond(StatusCode::CREATED, &self.body, Some((LOCATION, self.location)))
    }
}

impl<T: ToJSON> ApiResponse for Created<T> {
    fn meta() -> MetaResponses {
        meta(201, "", json_of::<T>(), vec![header("Location", "Where it is, or the list it is in.")])
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

/// 202 with what will be done.
pub(crate) struct Accepted<T> {
    /// How far it is.
    pub(crate) body: T,
    /// Where to look.
    pub(crate) location: String,
}

impl<T: ToJSON> IntoResponse for Accepted<T> {
    fn into_response(self) -> Response {
        respond(StatusCode::ACCEPTED, &self.body, Some((LOCATION, self.location)))
    }
}

impl<T: ToJSON> ApiResponse for Accepted<T> {
    fn meta() -> MetaResponses {
        meta(202, "", json_of::<T>(), vec![header("Location", "Where to look how far it is.")])
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

/// 204: it was done.
pub(crate) struct Done;

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

impl ApiResponse for Done {
    fn meta() -> MetaResponses {
        meta(204, "It was done.", Vec::new(), Vec::new())
    }

    fn register(_: &mut Registry) {}
}

/// 200 with YAML to keep.
pub(crate) struct YamlFile {
    /// The file.
    pub(crate) bytes: Vec<u8>,
    /// Its name, in letters, digits, hyphens and dots.
    pub(crate) file_name: String,
}

impl IntoResponse for YamlFile {
    fn into_response(self) -> Response {
        let attachment = format!("attachment; filename=\"{}\"", self.file_name);
        Response::builder().content_type(YAML).header(CONTENT_DISPOSITION, attachment).body(self.bytes)
    }
}

impl ApiResponse for YamlFile {
    fn meta() -> MetaResponses {
        let content = vec![MetaMediaType { content_type: YAML, schema: MetaSchemaRef::Inline(Box::new(MetaSchema::new("string"))) }];
        meta(200, "A file in YAML.", content, vec![header("Content-Disposition", "Says what to call the file.")])
    }

    fn register(_: &mut Registry) {}
}

/// 200 with a workbook.
pub(crate) struct Workbook {
    /// The file.
    pub(crate) bytes: Vec<u8>,
    /// Its name, in letters, digits, hyphens and dots.
    pub(crate) file_name: String,
}

impl IntoResponse for Workbook {
    fn into_response(self) -> Response {
        let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
        let name: String = self.file_name.chars().map(safe).collect();
        Response::builder().content_type(XLSX).header(CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")).body(self.bytes)
    }
}

impl ApiResponse for Workbook {
    fn meta() -> MetaResponses {
        let binary = MetaSchema::new_with_format("string", "binary");
        let content = vec![MetaMediaType { content_type: XLSX, schema: MetaSchemaRef::Inline(Box::new(binary)) }];
        meta(200, "A workbook (.xlsx).", content, vec![header("Content-Disposition", "Says what to call the file.")])
    }

    fn register(_: &mut Registry) {}
}
