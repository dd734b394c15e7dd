//! Who may come in: the session cookie, as the first argument of every operation but signing in.

use kernschil_http::Caller;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

const NAME: &str = "session";

/// Somebody who is signed in. Extractors run in the order of the arguments, so an operation that takes
/// this first looks at nothing else of who is not.
pub(crate) struct Session(pub(crate) Caller);

impl<'a> ApiExtractor<'a> for Session {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        let scheme = MetaSecurityScheme {
            ty: "apiKey",
            description: Some(
                "The cookie that `POST /sessions` sets. It is called `kernschil` where Kernschil is reached without https.\n\n\
                 Requests that change something and do not send JSON also need `X-CSRF-Token`, with the `csrfToken` of the session.",
            ),
            name: Some("__Host-kernschil"),
            key_in: Some("cookie"),
            scheme: None,
            bearer_format: None,
            flows: None,
            openid_connect_url: None,
        };
        registry.create_security_scheme(NAME, scheme);
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![NAME]
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        Ok(Self(Caller::of(request)?.clone()))
    }
}
