//! All operations behind one endpoint, and what happens around them.

use std::sync::Arc;

use kernschil_app::App;
use kernschil_http::{Caller, Failure, RequestId};
use poem::error::MethodNotAllowedError;
use poem::http::header::ALLOW;
use poem::http::{HeaderName, HeaderValue, Method, StatusCode};
use poem::{Endpoint, EndpointExt, FromRequest, IntoEndpoint, IntoResponse, PathPattern, Request, Response};

use crate::document::VERSION;
use crate::doors::door;
use crate::input::{Faults, Wrong};
use crate::refusal::Trouble;
use crate::rooms;
use crate::template::{Template, Templates};

const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// Where the binary puts [`routes`]. Addresses in answers begin with it.
pub const PREFIX: &str = "/api/v1";

/// All operations, to be nested at [`PREFIX`] inside `kernschil_http::wrap`.
pub fn routes(app: App) -> impl Endpoint<Output = Response> {
    let templates = Arc::new(Templates::of_api());
    let inner = Arc::new(rooms::service().into_endpoint().data(app));
    poem::endpoint::make(move |request| answer(Arc::clone(&templates), Arc::clone(&inner), request))
}

/// Puts the version of the API on every answer under [`PREFIX`], also on those that are given before a
/// request reaches [`routes`]. Goes around `kernschil_http::wrap`.
pub fn versioned<E: Endpoint + 'static>(endpoint: E) -> impl Endpoint<Output = Response> {
    endpoint.around(|inner, request| async move {
        let ours = request.uri().path().starts_with(PREFIX);
        let mut response = inner.call(request).await?.into_response();
        if ours {
            stamp(&mut response);
        }
        Ok(response)
    })
}

fn stamp(response: &mut Response) {
    response.headers_mut().insert(API_VERSION, HeaderValue::from_static(VERSION));
}

async fn answer<E: Endpoint<Output = Response>>(templates: Arc<Templates>, inner: Arc<E>, request: Request) -> poem::Result<Response> {
    let id = RequestId::from_request_without_body(&request).await?;
    let template = templates.find(request.uri().path());
    let outcome = match template {
        Some(template) if request.method() == Method::OPTIONS => Ok(methods(template)),
        Some(template) => match admitted(template, &request) {
            Ok(()) => inner.call(request).await,
            Err(trouble) => Err(trouble.into()),
        },
        None => inner.call(request).await,
    };
    let mut response = outcome.or_else(|error| refuse(error, template, id))?;
    stamp(&mut response);
    Ok(response)
}

fn methods(template: &Template) -> Response {
    Response::builder().status(StatusCode::NO_CONTENT).header(ALLOW, template.allow()).finish()
}

/// Who may not come in hears that first; then what is wrong with the address.
fn admitted(template: &Template, request: &Request) -> Result<(), Trouble> {
    if let Some(id) = template.operation_id(request.method()) {
        let door = door(id).ok_or_else(|| Failure::internal(&format!("operation {id} has no door")))?;
        door.admit(request.data::<Caller>()).map_err(Failure::from)?;
    }
    Ok(unknown_parameters(template, request)?)
}

/// A misspelt parameter would be a filter that silently does nothing.
fn unknown_parameters(template: &Template, request: &Request) -> Result<(), Faults> {
    // Who is not signed in hears that first.
    let Some(known) = template.parameters(request.method()).filter(|_| request.data::<Caller>().is_some()) else { return Ok(()) };
    let pairs: Vec<(String, String)> = request.params().unwrap_or_default();
    let mut faults = Faults::default();
    for (name, _) in pairs.iter().filter(|(name, _)| !known.contains(name)) {
        let message = match known {
            [] => "Dit adres heeft geen parameters. Laat deze weg.".to_owned(),
            _ => format!("Deze parameter bestaat niet. Kies uit: {}.", known.join(", ")),
        };
        faults.extend(Wrong::new("onbekende-parameter", message).at(&format!("query.{}", name.replace('.', "·"))));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// What only this crate knows how to say becomes an answer; `kernschil_http::wrap` does the rest.
fn refuse(error: poem::Error, template: Option<&Template>, id: RequestId) -> poem::Result<Response> {
    // The names of the document, which are the same wherever the request was stopped.
    let pattern = template.map(Template::pattern).or_else(|| error.data::<PathPattern>().cloned());
    let with_pattern = |mut error: poem::Error| {
        if let Some(pattern) = pattern.clone() {
            error.set_data(pattern);
        }
        error
    };
    if let (true, Some(template)) = (error.is::<MethodNotAllowedError>(), template) {
        return Err(with_pattern(Failure::Method { allow: template.allow() }.into()));
    }
    match error.downcast::<Trouble>() {
        Ok(Trouble::Failure(failure)) => Err(with_pattern(failure.into())),
        Ok(trouble) => {
            let mut response = trouble.problem(id.0).into_response();
            if let Some(pattern) = pattern {
                response.set_data(pattern);
            }
            Ok(response)
        }
        Err(error) => Err(error),
    }
}
