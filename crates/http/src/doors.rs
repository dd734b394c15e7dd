//! Which right opens which page. The table of pages is the routes themselves, so that none can be forgotten.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernschil_app::AppError;
use kernschil_domain::access::Permission;
use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem::{Endpoint, EndpointExt, IntoEndpoint, Request, Response, Route};

use crate::allow::Methods;
use crate::caller::Caller;
use crate::failure::Failure;

/// Who gets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Everybody.
    Open,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever holds a permission in some scope; the use case decides how far it reaches.
    Needs(Permission),
    /// Whoever holds one of several.
    NeedsOne(&'static [Permission]),
}

/// What opens the rooms in which workbooks are loaded; the use case asks for the one that goes with the workbook.
pub const LOADING: Door =
    Door::NeedsOne(&[Permission::ImportRegistry, Permission::ImportTrainers, Permission::ImportOffers, Permission::ImportStudents]);

/// What opens the rooms in which work in the background is followed; the use case shows each the work that is hers.
pub const WORK: Door = Door::NeedsOne(&[Permission::MakeProposals, Permission::ManageSettings]);

impl Door {
    /// Lets somebody in or not.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`], [`AppError::Forbidden`], [`AppError::TokenScope`].
    pub fn admit(self, caller: Option<&Caller>) -> Result<(), AppError> {
        match (self, caller) {
            (Self::Open, _) | (Self::SignedIn, Some(_)) => Ok(()),
            (Self::SignedIn | Self::Needs(_) | Self::NeedsOne(_), None) => Err(AppError::Unauthenticated),
            (Self::Needs(permission), Some(caller)) => caller.actor.require(permission),
            (Self::NeedsOne(permissions), Some(caller)) if permissions.iter().any(|permission| caller.actor.may(*permission)) => Ok(()),
            (Self::NeedsOne(permissions), Some(caller)) => {
                // That a token stands in the way is said rather than that one of the roles is missing.
                let refusals: Vec<_> = permissions.iter().filter_map(|permission| caller.actor.require(*permission).err()).collect();
                let by_token = refusals.iter().position(|error| matches!(error, AppError::TokenScope { .. }));
                refusals.into_iter().nth(by_token.unwrap_or_default()).map_or(Ok(()), Err)
            }
        }
    }
}

/// A page in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageDoor {
    /// Method.
    pub method: Method,
    /// Path, with `:name` where anything may stand.
    pub path: &'static str,
    /// Who gets in.
    pub door: Door,
}

/// Pages with their doors.
#[derive(Default)]
pub struct Pages {
    methods: BTreeMap<&'static str, Methods>,
    doors: Vec<PageDoor>,
}

impl Pages {
    /// A page that answers GET (and HEAD).
    #[must_use]
    pub fn get<E>(self, path: &'static str, door: Door, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        self.at(Method::GET, path, door, endpoint)
    }

    /// A form that is posted.
    #[must_use]
    pub fn post<E>(self, path: &'static str, door: Door, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        self.at(Method::POST, path, door, endpoint)
    }

    fn at<E>(mut self, method: Method, path: &'static str, door: Door, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        let methods = self.methods.remove(path).unwrap_or_default();
        self.methods.insert(path, methods.method(method.clone(), guarded(door, endpoint)));
        self.doors.push(PageDoor { method, path, door });
        self
    }

    /// The table.
    pub fn doors(&self) -> &[PageDoor] {
        &self.doors
    }

    /// The routes.
    pub fn into_route(self) -> Route {
        self.methods.into_iter().fold(Route::new(), |route, (path, methods)| route.at(path, methods))
    }
}

fn guarded<E>(door: Door, endpoint: E) -> BoxEndpoint<'static, Response>
where
    E: IntoEndpoint,
    E::Endpoint: 'static,
{
    let inner = Arc::new(endpoint.into_endpoint().map_to_response());
    poem::endpoint::make(move |request: Request| {
        let inner = Arc::clone(&inner);
        async move {
            door.admit(request.data::<Caller>()).map_err(Failure::from)?;
            inner.call(request).await
        }
    })
    .map_to_response()
    .boxed()
}
