//! The site: pages, API and the health check, behind the layers they share.

use kernschil_api::{GroupDoc, OperationDoc, PREFIX, VERSION, versioned};
use kernschil_app::{App, access};
use kernschil_http::{Http, SignInLimiter, get, wrap};
use kernschil_web::error_page;
use kernschil_web::views::api_docs::{ApiDocsView, ApiGroup, ApiOperation};
use poem::http::StatusCode;
use poem::web::{Data, Json};
use poem::{Endpoint, EndpointExt, IntoResponse, Response, Route, handler};
use serde_json::json;

use crate::exit::Stop;
use crate::settings::Settings;

/// Everything that answers a request.
///
/// # Errors
/// [`Stop`] when a setting is not right.
pub(crate) fn site(app: App, settings: &Settings) -> Result<impl Endpoint<Output = Response> + 'static, Stop> {
    let http = Http {
        app: app.clone(),
        transport: settings.transport(),
        proxies: settings.proxies()?,
        error_page,
        limiter: SignInLimiter::default(),
    };
    let routes = Route::new()
        .at("/gezond", get(health.data(app.clone())))
        .nest(PREFIX, kernschil_api::routes(app.clone()))
        .nest("/", kernschil_web::routes(app, api_docs()));
    Ok(versioned(wrap(routes, http)))
}

/// Whether this instance can do its work, for whoever watches over it.
#[handler]
async fn health(Data(app): Data<&App>) -> Response {
    let is_well = access::is_first_run(app).await.is_ok();
    let (status, word) = if is_well { (StatusCode::OK, "ok") } else { (StatusCode::SERVICE_UNAVAILABLE, "database-onbereikbaar") };
    Json(json!({ "status": word, "version": env!("CARGO_PKG_VERSION") })).with_status(status).into_response()
}

/// What the page about the API shows.
fn api_docs() -> ApiDocsView {
    let group = |group: GroupDoc| ApiGroup {
        name: group.name,
        description: group.description,
        operations: group.operations.into_iter().map(operation).collect(),
    };
    ApiDocsView {
        version: VERSION.to_owned(),
        base: PREFIX.to_owned(),
        document: format!("{PREFIX}/openapi.json"),
        groups: kernschil_api::groups().into_iter().map(group).collect(),
    }
}

fn operation(operation: OperationDoc) -> ApiOperation {
    ApiOperation {
        method: operation.method,
        path: operation.path,
        id: operation.id,
        summary: operation.summary,
        parameters: operation.parameters.into_iter().map(|p| (p.name, p.place, p.description)).collect(),
        answers: operation.responses.into_iter().map(|r| (r.status, r.description)).collect(),
    }
}
