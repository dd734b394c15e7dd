//! The site: pages, API and the health check, behind the layers they share.

use kernschil_app::{App, access};
use kernschil_http::{Failure, Http, SignInLimiter, get, wrap};
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
        error_page: |view| format!("{} {} {}", view.status, view.detail, view.request_id),
        limiter: SignInLimiter::default(),
    };
    let routes = Route::new().at("/gezond", get(health.data(app)));
    Ok(wrap(routes, http))
}

/// Whether this instance can do its work, for whoever watches over it.
#[handler]
async fn health(Data(app): Data<&App>) -> Result<Response, Failure> {
    let is_well = access::is_first_run(app).await.is_ok();
    let (status, word) = if is_well { (StatusCode::OK, "ok") } else { (StatusCode::SERVICE_UNAVAILABLE, "database-onbereikbaar") };
    Ok(Json(json!({ "status": word, "version": env!("CARGO_PKG_VERSION") })).with_status(status).into_response())
}
