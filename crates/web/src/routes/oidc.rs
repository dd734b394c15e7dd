//! Signing in at a provider such as `SURFconext`: going there, coming back, and the logins of one's own account.
//!
//! Going there to sign in is a link and no form: a form of ours may not lead to another site (`form-action`). Linking a login
//! changes an account, so that begins with a form and its token, and the link stands on the page that answers it.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernschil_app::access::{self, Again, Arrival, Errand, LoginError, Lost, Returned, Visitor};
use kernschil_app::{AppError, settings};
use kernschil_http::{
    AwayCookie, Browser, Caller, DeviceCookie, Failure, RequestId, SIGN_IN_PATH, SessionCookie, SignInGuard, return_path, sign_in_address,
};
use poem::http::StatusCode;
use poem::http::header::SET_COOKIE;
use poem::web::{Form, Path, Query};
use poem::{FromRequest, Request, RequestBody, handler};
use serde::Deserialize;

use super::access::welcome;
use super::support::{Answer, done, frame, html, html_with, outside, problem, see_other};
use super::words::when;
use super::{State, Web};
use crate::components::nav::NavItem;
use crate::components::page::{Flash, Frame};
use crate::views::invitation::useless_invitation_page;
use crate::views::oidc::{LeavingView, LoginRow, LoginsView, LostView, PATH, leaving_page, logins_page, lost_page, unknown_page};

/// Ways to sign in besides the form: words and address.
pub(super) fn sign_in_links(web: &Web, next: &str) -> Vec<(String, String)> {
    let way = |provider: access::ProviderName| (format!("Inloggen met {}", provider.name), departure_address(&provider.code, next));
    web.app.providers.names().into_iter().map(way).collect()
}

/// Ways to accept an invitation besides the form: words and address.
pub(super) fn invitation_links(web: &Web, invitation: &str) -> Vec<(String, String)> {
    let way = |provider: access::ProviderName| {
        let address = format!("{}/{invitation}/{}", access::INVITATION_PATH, provider.code);
        (format!("Maak mijn account met {}", provider.name), address)
    };
    web.app.providers.names().into_iter().map(way).collect()
}

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Back {
    terug: String,
}

/// What a browser brings on its way, there and back.
struct Traveller {
    guard: SignInGuard,
    away: AwayCookie,
    browser: Browser,
    request: RequestId,
}

impl<'a> FromRequest<'a> for Traveller {
    async fn from_request(req: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self {
            guard: SignInGuard::from_request(req, body).await?,
            away: AwayCookie::from_request(req, body).await?,
            browser: Browser::from_request(req, body).await?,
            request: RequestId::from_request(req, body).await?,
        })
    }
}

fn departure_address(provider: &str, next: &str) -> String {
    match sign_in_address(Some(return_path(next))).split_once('?') {
        Some((_, query)) => format!("{SIGN_IN_PATH}/{provider}?{query}"),
        None => format!("{SIGN_IN_PATH}/{provider}"),
    }
}

/// Goes to a provider to sign in.
#[handler]
pub(super) async fn leave(
    web: State<'_>,
    caller: Option<&Caller>,
    traveller: Traveller,
    Path(provider): Path<String>,
    Query(back): Query<Back>,
) -> Answer {
    let next = return_path(&back.terug);
    if caller.is_some() {
        return Ok(see_other(next));
    }
    traveller.guard.trip()?;
    match access::depart(&web.app, &provider, Errand::SignIn { return_to: next }, traveller.away.brought()).await {
        Ok(departure) => go(&departure, &traveller),
        Err(error) => {
            let again = Again::SignIn { return_to: next.to_owned() };
            lost(&web, caller, traveller.request, &provider, Lost { error, again }).await
        }
    }
}

/// Goes to a provider to accept an invitation. Only from the page of the invitation: another site must not send somebody
/// into an account that is not hers.
#[handler]
pub(super) async fn accept(
    web: State<'_>,
    caller: Option<&Caller>,
    traveller: Traveller,
    Path((invitation, provider)): Path<(String, String)>,
    req: &Request,
) -> Answer {
    if matches!(req.header("sec-fetch-site"), Some("cross-site" | "same-site")) {
        return Ok(see_other(&format!("{}/{invitation}", access::INVITATION_PATH)));
    }
    traveller.guard.trip()?;
    match access::depart(&web.app, &provider, Errand::Accept { invitation: &invitation }, traveller.away.brought()).await {
        Ok(departure) => go(&departure, &traveller),
        Err(error) => lost(&web, caller, traveller.request, &provider, Lost { error, again: Again::Accept }).await,
    }
}

fn go(departure: &access::Departure, traveller: &Traveller) -> Answer {
    let mut response = see_other(&departure.address);
    response.headers_mut().insert(SET_COOKIE, traveller.away.set(&departure.browser)?);
    Ok(response)
}

/// Comes back from a provider.
#[handler]
pub(super) async fn come_back(
    web: State<'_>,
    caller: Option<&Caller>,
    cookie: SessionCookie,
    device: DeviceCookie,
    traveller: Traveller,
    Path(provider): Path<String>,
    Query(returned): Query<Returned>,
) -> Answer {
    traveller.guard.trip()?;
    let visitor = Visitor { browser: traveller.away.brought(), actor: caller.map(|caller| &caller.actor), way: traveller.browser.way() };
    match access::arrive(&web.app, &provider, &returned, visitor).await {
        Ok(Arrival::SignedIn { session, to }) => {
            // Two sessions do not fit in one cookie: the one that was there ends.
            if let Some(caller) = caller {
                access::sign_out(&web.app, &caller.actor, &caller.token).await?;
            }
            let mut response = welcome(&web, cookie, &device, &session, &to).await?;
            response.headers_mut().append(SET_COOKIE, traveller.away.clear()?);
            Ok(response)
        }
        Ok(Arrival::Linked) => Ok(see_other(&format!("{PATH}?gedaan=gekoppeld"))),
        Err(lost_on_the_way) => lost(&web, caller, traveller.request, &provider, lost_on_the_way).await,
    }
}

/// The page for whoever came back, or did not leave, for nothing.
async fn lost(web: &Web, caller: Option<&Caller>, request: RequestId, provider: &str, lost: Lost) -> Answer {
    let Lost { error, again } = lost;
    let frame = caller.map_or_else(outside, |caller| frame(caller, NavItem::Elsewhere, None));
    let again = match again {
        Again::SignIn { return_to } => Some(("Probeer het opnieuw".to_owned(), departure_address(provider, &return_to))),
        Again::Link => Some(("Terug naar uw logins".to_owned(), PATH.to_owned())),
        Again::Accept => None,
    };
    let view = LostView {
        name: web.app.providers.name(provider).to_owned(),
        message: error.dutch(),
        code: error.code().to_owned(),
        request_id: request.0.to_string(),
        again,
    };
    Ok(match error {
        LoginError::App(error) => return Err(error.into()),
        LoginError::Unknown | LoginError::Closed(_) => {
            let organisation = settings::installation(&web.app).await?.organisation;
            html_with(StatusCode::FORBIDDEN, unknown_page(&frame, &view, &organisation))
        }
        LoginError::Invitation => html_with(StatusCode::NOT_FOUND, useless_invitation_page(&outside())),
        LoginError::Taken => html_with(StatusCode::CONFLICT, lost_page(&frame, &view)),
        LoginError::Provider(error) => html_with(status(error.code()), lost_page(&frame, &view)),
    })
}

/// The status that goes with what went wrong at a provider.
fn status(code: &str) -> StatusCode {
    match code {
        "inlogdienst-onbereikbaar" => StatusCode::SERVICE_UNAVAILABLE,
        "inlogdienst-verkeerd-ingesteld" => StatusCode::BAD_GATEWAY,
        "interne-fout" => StatusCode::INTERNAL_SERVER_ERROR,
        "inloggen-verlopen" => StatusCode::BAD_REQUEST,
        _ => StatusCode::FORBIDDEN,
    }
}

/// In words how somebody came in with each of these methods: with her password, or at a provider from which organisation.
pub(super) async fn methods(web: &Web, caller: &Caller) -> Result<impl Fn(&str) -> String, Failure> {
    let providers = Arc::clone(&web.app.providers);
    let logins = access::logins(&web.app, &caller.actor).await?;
    Ok(move |method: &str| {
        if method == access::PASSWORD {
            return "wachtwoord".to_owned();
        }
        let organisations: BTreeSet<_> =
            logins.iter().filter(|login| login.provider == method).filter_map(|login| login.organisation.as_deref()).collect();
        match organisations.into_iter().collect::<Vec<_>>().as_slice() {
            [] => providers.name(method).to_owned(),
            some => format!("{} ({})", providers.name(method), some.join(" of ")),
        }
    })
}

/// What was done before the page is shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Did {
    gedaan: String,
}

/// One's own logins.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Query(did): Query<Did>) -> Answer {
    let flash = match did.gedaan.as_str() {
        "gekoppeld" => Some(done("De login is gekoppeld. U kunt er voortaan mee inloggen.")),
        "losgekoppeld" => Some(done("De login is losgekoppeld.")),
        _ => None,
    };
    Ok(html(own_logins(&web, caller, flash).await?))
}

async fn own_logins(web: &Web, caller: &Caller, flash: Option<Flash>) -> Result<maud::Markup, Failure> {
    let now = web.app.clock.now();
    let row = |login: access::Login| LoginRow {
        handle: login.handle,
        name: login.name,
        organisation: login.organisation.unwrap_or_default(),
        linked: when(login.linked_at, now),
        used: login.used_at.map(|used| when(used, now)).unwrap_or_default(),
    };
    let rows = access::logins(&web.app, &caller.actor).await?.into_iter().map(row).collect();
    let providers = web.app.providers.names().into_iter().map(|provider| (provider.code, provider.name)).collect();
    let frame = Frame { flash, ..web.frame(caller, NavItem::Elsewhere).await? };
    Ok(logins_page(&frame, &LoginsView { rows, providers }))
}

/// The page of one's own logins, with why something was not done.
async fn not_done(web: &Web, caller: &Caller, error: AppError) -> Answer {
    match error {
        AppError::Conflict { message, .. } => Ok(html_with(StatusCode::CONFLICT, own_logins(web, caller, Some(problem(message))).await?)),
        error => Err(error.into()),
    }
}

/// Where to link a login.
#[derive(Default, Deserialize)]
#[serde(default)]
struct LinkForm {
    provider: String,
}

/// Sets out to link a login: the answer holds the way to the provider.
#[handler]
pub(super) async fn link(web: State<'_>, caller: &Caller, traveller: Traveller, Form(form): Form<LinkForm>) -> Answer {
    traveller.guard.trip()?;
    let errand = Errand::Link { actor: &caller.actor, session: &caller.token };
    match access::depart(&web.app, &form.provider, errand, traveller.away.brought()).await {
        Ok(departure) => {
            let view = LeavingView { name: web.app.providers.name(&form.provider).to_owned(), address: departure.address };
            let mut response = html(leaving_page(&web.frame(caller, NavItem::Elsewhere).await?, &view));
            response.headers_mut().insert(SET_COOKIE, traveller.away.set(&departure.browser)?);
            Ok(response)
        }
        Err(LoginError::App(error)) => not_done(&web, caller, error).await,
        Err(error) => lost(&web, Some(caller), traveller.request, &form.provider, Lost { error, again: Again::Link }).await,
    }
}

/// Which login to take off.
#[derive(Default, Deserialize)]
#[serde(default)]
struct UnlinkForm {
    login: String,
}

/// Takes a login off.
#[handler]
pub(super) async fn unlink(web: State<'_>, caller: &Caller, Form(form): Form<UnlinkForm>) -> Answer {
    match access::unlink(&web.app, &caller.actor, &caller.token, &form.login).await {
        Ok(()) => Ok(see_other(&format!("{PATH}?gedaan=losgekoppeld"))),
        Err(error) => not_done(&web, caller, error).await,
    }
}
