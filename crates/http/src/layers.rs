//! What happens around every endpoint, in order.

use std::any::Any;
use std::sync::Arc;
use std::time::Instant;

use kernschil_app::{App, AppError};
use poem::endpoint::EndpointExt;
use poem::http::header::REFERER;
use poem::http::{Method, StatusCode, Uri};
use poem::middleware::CatchPanic;
use poem::{Body, Endpoint, FromRequest, IntoResponse, PathPattern, Request, RequestBody, Response};
use uuid::Uuid;

use crate::caller::{Brought, Caller};
use crate::cookie::SessionCookie;
use crate::errors::{Asked, ErrorView};
use crate::failure::Failure;
use crate::headers::SignedIn;
use crate::proxies::{Transport, TrustedProxies};
use crate::rate::SignInLimiter;
use crate::refusals::{self, Refused};
use crate::typed::{self, TypedText};
use crate::{
    API_PREFIX, ASSETS_PREFIX, FIRST_RUN_PATH, SECOND_FACTOR_PATH, SIGN_IN_PATH, body, caller, csrf, errors, headers, log, origin,
};

/// What the layers need to know.
pub struct Http {
    /// The application: sessions and identifiers.
    pub app: App,
    /// How browsers reach us.
    pub transport: Transport,
    /// Who may speak for others.
    pub proxies: TrustedProxies,
    /// Draws an error page.
    pub error_page: fn(&ErrorView) -> String,
    /// Counts attempts to sign in.
    pub limiter: SignInLimiter,
}

impl Http {
    /// What [`wrap`] left in a request.
    pub(crate) fn of(req: &Request) -> Result<&Arc<Self>, Failure> {
        req.data::<Arc<Self>>().ok_or_else(|| Failure::internal(&"endpoint outside kernschil_http::wrap"))
    }
}

/// Number of a request: in the log, in the answer, and in an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(pub Uuid);

impl<'a> FromRequest<'a> for RequestId {
    async fn from_request(req: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        Ok(req.data::<Self>().copied().ok_or_else(|| Failure::internal(&"endpoint outside kernschil_http::wrap"))?)
    }
}

/// What is kept of a request while it is handled. The layers are outermost, so its address is whole.
pub(crate) struct Visit {
    pub(crate) id: Uuid,
    pub(crate) method: Method,
    pub(crate) path: String,
    /// Where to go back to after signing in.
    pub(crate) return_to: Option<String>,
}

impl Visit {
    fn of(http: &Http, req: &Request) -> Self {
        let method = req.method().clone();
        let return_to = if is_safe(&method) { Some(path_and_query(req.uri())) } else { page_before(http, req) };
        Self { id: http.app.ids.next(), method, path: req.uri().path().to_owned(), return_to }
    }

    pub(crate) fn is_api(&self) -> bool {
        self.path.starts_with(API_PREFIX)
    }

    fn is_asset(&self) -> bool {
        self.path.starts_with(ASSETS_PREFIX)
    }

    /// Whether what is typed into a form goes back to who typed it when it is refused.
    fn gives_back(&self) -> bool {
        !self.is_api() && !self.is_before_sign_in()
    }

    fn is_before_sign_in(&self) -> bool {
        [SIGN_IN_PATH, SECOND_FACTOR_PATH, FIRST_RUN_PATH].contains(&self.path.as_str())
    }
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn path_and_query(uri: &Uri) -> String {
    uri.path_and_query().map_or("/", |path| path.as_str()).to_owned()
}

/// The page a form was sent from, if it is ours.
fn page_before(http: &Http, req: &Request) -> Option<String> {
    let page: Uri = req.header(REFERER)?.parse().ok()?;
    let own = origin::own_authority(req, &http.proxies)?;
    (page.authority()? == &own).then(|| path_and_query(&page))
}

/// Puts the layers around an endpoint. The result always answers a response, never an error.
pub fn wrap<E: Endpoint + 'static>(endpoint: E, http: Http) -> impl Endpoint<Output = Response> {
    let http = Arc::new(http);
    let inner = Arc::new(endpoint.with(CatchPanic::new().with_handler(panicked)));
    poem::endpoint::make(move |req| answer(Arc::clone(&http), Arc::clone(&inner), req))
}

async fn answer<E: Endpoint>(http: Arc<Http>, inner: Arc<E>, mut req: Request) -> Response {
    let started = Instant::now();
    let visit = Visit::of(&http, &req);
    let brought = if visit.is_asset() {
        Ok(Brought::Nothing)
    } else {
        caller::resolve(&http.app, SessionCookie::new(http.transport), &req, visit.id, visit.is_api()).await
    };
    let address = http.proxies.client(req.remote_addr().as_socket_addr().copied(), req.headers());
    let useless = matches!(brought, Ok(Brought::Useless));
    let mut typed = Vec::new();
    let (caller, outcome) = match brought {
        Err(failure) => (None, Err(failure.into())),
        Ok(brought) => {
            req.set_data(Arc::clone(&http));
            req.set_data(RequestId(visit.id));
            let caller = match brought {
                Brought::Somebody(caller) => {
                    req.set_data(caller.clone());
                    Some(caller)
                }
                Brought::Half(half) => {
                    req.set_data(half);
                    None
                }
                Brought::Nothing | Brought::Useless => None,
            };
            let outcome = admitted(&http, &visit, caller.as_ref(), inner.as_ref(), (req, &mut typed)).await;
            (caller, outcome)
        }
    };
    let signed_in = if caller.is_some() { SignedIn::Yes } else { SignedIn::No };
    let (mut response, pattern) = match outcome {
        Ok(response) => {
            let pattern = response.data::<PathPattern>().cloned();
            (response, pattern)
        }
        Err(error) => {
            let pattern = error.data::<PathPattern>().cloned();
            refusals::note(&http, &visit, Refused { caller: caller.as_ref(), useless, address, error: &error }, pattern.as_ref()).await;
            (errors::response(&http, &visit, Asked { caller, typed }, error), pattern)
        }
    };
    headers::add(&mut response, &visit, http.transport, signed_in);
    log::write(&visit, &response, pattern.as_ref(), started.elapsed());
    response
}

/// Lets a request through to the endpoint if it may change what it wants to change. What its form holds is left in `typed`.
async fn admitted<E: Endpoint>(
    http: &Http,
    visit: &Visit,
    caller: Option<&Caller>,
    inner: &E,
    (mut req, typed): (Request, &mut Vec<TypedText>),
) -> poem::Result<Response> {
    if is_safe(&visit.method) {
        // A body has no meaning here, so nobody gets to send one.
        req.set_body(Body::empty());
    } else {
        origin::require_own_site(&req, http.transport, &http.proxies)?;
        let kind = body::Kind::of(&req);
        if caller.is_none() && matches!(kind, body::Kind::Multipart | body::Kind::File) {
            // Large bodies are for those who are signed in. Their session may just have ended.
            if visit.gives_back() && body::is_small(&req) {
                let bytes = body::read(&mut req, kind).await?;
                *typed = typed::texts(&req, kind, &bytes).await;
            } else {
                body::discard(&mut req).await;
            }
            return Err(Failure::App(AppError::Unauthenticated).into());
        }
        let bytes = body::read(&mut req, kind).await?;
        if visit.gives_back() {
            *typed = typed::texts(&req, kind, &bytes).await;
        }
        match caller {
            Some(caller) if visit.is_api() => csrf::require_api_token(&req, kind, caller)?,
            Some(caller) if !visit.is_before_sign_in() => csrf::require_page_token(&req, kind, &bytes, caller).await?,
            _ => {}
        }
        body::put_back(&mut req, bytes);
    }
    let response = inner.call(req).await?.into_response();
    if response.data::<Panicked>().is_some() {
        return Err(Failure::internal(&"a handler panicked").into());
    }
    Ok(response)
}

/// Mark of a response that stands for a panic.
#[derive(Debug, Clone, Copy)]
struct Panicked;

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Response::builder().status(StatusCode::INTERNAL_SERVER_ERROR).extension(Panicked).finish()
}
