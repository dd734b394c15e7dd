//! The whole site, as it is served.

use kernschil_app::App;
use kernschil_http::{Http, SignInLimiter, Transport, TrustedProxies, wrap};
use kernschil_web::views::api_docs::ApiDocsView;
use poem::endpoint::BoxEndpoint;
use poem::test::TestClient;
use poem::{EndpointExt, Response, Route};

/// Somebody with a browser or a program.
pub(crate) type Client = TestClient<BoxEndpoint<'static, Response>>;

/// The pages and the API, in everything that stands between them and who asks.
pub(crate) fn site(app: &App) -> BoxEndpoint<'static, Response> {
    let http = Http {
        app: app.clone(),
        transport: Transport::Http,
        proxies: TrustedProxies::default(),
        error_page: kernschil_web::error_page,
        limiter: SignInLimiter::default(),
    };
    let routes = Route::new()
        .nest(kernschil_api::PREFIX, kernschil_api::routes(app.clone()))
        .nest("/", kernschil_web::routes(app.clone(), ApiDocsView::default()));
    kernschil_api::versioned(wrap(routes, http)).boxed()
}

/// Somebody who asks it things.
pub(crate) fn client(app: &App) -> Client {
    TestClient::new(site(app))
}
