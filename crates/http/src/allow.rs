//! Which methods an address knows, for the `Allow` header of 405.

use poem::http::header::ALLOW;
use poem::http::{Method, StatusCode};
use poem::{Endpoint, IntoEndpoint, Request, Response, RouteMethod};

use crate::failure::Failure;

/// The methods of one address, as poem's own, except that it can say which they are.
#[derive(Default)]
pub struct Methods {
    known: Vec<Method>,
    routes: RouteMethod,
}

/// An address that answers GET (and HEAD).
pub fn get<E>(endpoint: E) -> Methods
where
    E: IntoEndpoint,
    E::Endpoint: 'static,
{
    Methods::default().get(endpoint)
}

/// An address that answers POST.
pub fn post<E>(endpoint: E) -> Methods
where
    E: IntoEndpoint,
    E::Endpoint: 'static,
{
    Methods::default().post(endpoint)
}

impl Methods {
    /// Adds GET (and HEAD).
    #[must_use]
    pub fn get<E>(self, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        self.method(Method::GET, endpoint)
    }

    /// Adds POST.
    #[must_use]
    pub fn post<E>(self, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        self.method(Method::POST, endpoint)
    }

    /// Adds a method.
    #[must_use]
    pub fn method<E>(mut self, method: Method, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        self.known.push(method.clone());
        if method == Method::GET {
            self.known.push(Method::HEAD);
        }
        Self { routes: self.routes.method(method, endpoint), ..self }
    }

    fn allow(&self) -> String {
        let names: Vec<_> = self.known.iter().map(Method::as_str).collect();
        names.join(", ")
    }
}

impl Endpoint for Methods {
    type Output = Response;

    async fn call(&self, req: Request) -> poem::Result<Response> {
        if self.known.contains(req.method()) {
            return self.routes.call(req).await;
        }
        if req.method() == Method::OPTIONS {
            return Ok(Response::builder().status(StatusCode::NO_CONTENT).header(ALLOW, self.allow()).finish());
        }
        Err(Failure::Method { allow: self.allow() }.into())
    }
}
