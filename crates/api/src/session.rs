//! Who may come in: with the cookie of a session or with a token, as the first argument of every operation but signing in.

use kernschil_app::AppError;
use kernschil_http::{Caller, Failure, Way};
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

const SESSION: &str = "session";
const TOKEN: &str = "token";

/// Somebody who is signed in, or a program with a token of hers. Extractors run in the order of the arguments, so an
/// operation that takes this first looks at nothing else of who is not.
pub(crate) struct Session(pub(crate) Caller);

/// Somebody who is signed in herself: no program does this for her, whatever the scope of its token.
pub(crate) struct InPerson(pub(crate) Caller);

fn scheme(ty: &'static str, description: &'static str) -> MetaSecurityScheme {
    MetaSecurityScheme {
        ty,
        description: Some(description),
        name: None,
        key_in: None,
        scheme: None,
        bearer_format: None,
        flows: None,
        openid_connect_url: None,
    }
}

fn session_scheme() -> MetaSecurityScheme {
    let description = "The cookie that `POST /sessions` sets. It is called `kernschil` where Kernschil is reached without https.\n\n\
         Requests that change something and do not send JSON also need `X-CSRF-Token`, with the `csrfToken` of the session.";
    MetaSecurityScheme { name: Some("__Host-kernschil"), key_in: Some("cookie"), ..scheme("apiKey", description) }
}

fn token_scheme() -> MetaSecurityScheme {
    let description = "An API token, as `POST /tokens` makes it. It begins with `ks_` and carries at most what its owner may do: figures, \
         reading, or reading and changing. What it does not carry answers 403 with the code `token-bereik`.";
    MetaSecurityScheme { scheme: Some("bearer"), ..scheme("http", description) }
}

impl<'a> ApiExtractor<'a> for Session {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        registry.create_security_scheme(SESSION, session_scheme());
        registry.create_security_scheme(TOKEN, token_scheme());
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![SESSION, TOKEN]
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        Ok(Self(Caller::of(request)?.clone()))
    }
}

impl<'a> ApiExtractor<'a> for InPerson {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        registry.create_security_scheme(SESSION, session_scheme());
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![SESSION]
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        let caller = Caller::of(request)?;
        match caller.way {
            Way::Session(_) => Ok(Self(caller.clone())),
            Way::Token => Err(Failure::from(AppError::session_only()).into()),
        }
    }
}
