//! A file as the body of a request.

use poem::{FromRequest, Request, RequestBody};
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use crate::refusal::Trouble;

/// What a file may be called. Which it really is, its content says.
const MEDIA_TYPES: [&str; 3] =
    ["application/octet-stream", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv"];

/// A file by itself, without a form around it.
pub(crate) struct File(pub(crate) Vec<u8>);

impl<'a> ApiExtractor<'a> for File {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn request_meta() -> Option<MetaRequest> {
        let binary = || MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "binary")));
        let content = MEDIA_TYPES.into_iter().map(|content_type| MetaMediaType { content_type, schema: binary() });
        Some(MetaRequest { description: None, content: content.collect(), required: true })
    }

    async fn from_request(request: &'a Request, body: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        let essence = request.content_type().and_then(|text| text.split(';').next()).unwrap_or_default().trim().to_ascii_lowercase();
        if !MEDIA_TYPES.contains(&essence.as_str()) {
            return Err(Trouble::MediaType { accepted: "application/octet-stream" }.into());
        }
        Ok(Self(<Vec<u8> as FromRequest>::from_request(request, body).await?))
    }
}
