//! One's own account: another name, another password, and where one is signed in.

use kernschil_app::AppError;
use kernschil_app::access::{self, ApiTokens, NewPassword, OwnAccount, Password};
use kernschil_domain::ids::SessionId;
use kernschil_http::{Caller, DeviceCookie, Failure, SessionCookie, SignInGuard, Way};
use poem::handler;
use poem::http::StatusCode;
use poem::http::header::SET_COOKIE;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::access::renewed;
use super::oidc::methods;
use super::support::{Answer, capital, done, field_errors, html, html_with, id, see_other, size};
use super::words::when;
use super::{State, Web};
use crate::components::forms::{Choice, FieldError};
use crate::components::nav::NavItem;
use crate::components::page::Frame;
use crate::components::text::counted;
use crate::views::account::{
    AccountView, PATH, PasswordView, Place, Section, SessionRow, SessionsView, account_page, no_password_page, password_page, sessions_page,
};
use crate::views::{second_factor, tokens};

/// What just happened, in the address after a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Gedaan {
    gedaan: String,
}

impl Gedaan {
    /// The frame of a page that says it.
    pub(super) async fn frame(&self, web: &Web, caller: &Caller) -> Result<Frame, Failure> {
        let sentence = match self.gedaan.as_str() {
            "naam" => Some("Uw naam is gewijzigd."),
            "wachtwoord" => Some("Uw wachtwoord is gewijzigd. Op andere plekken bent u uitgelogd."),
            "sessie" => Some("Daar bent u uitgelogd."),
            "sessies" => Some("U bent overal elders uitgelogd."),
            "verwijderd" => Some("De tweede factor is verwijderd. Inloggen vraagt alleen nog uw wachtwoord."),
            _ => None,
        };
        let mut frame = web.frame(caller, NavItem::Elsewhere).await?;
        frame.flash = sentence.map(done);
        Ok(frame)
    }
}

fn section(name: &str, href: &str, state: String) -> Section {
    Section { name: name.to_owned(), href: href.to_owned(), state }
}

async fn sections(web: &Web, caller: &Caller, own: &OwnAccount) -> Result<Vec<Section>, Failure> {
    let places = size(access::own_sessions(&web.app, &caller.actor).await?.len());
    let now = web.app.clock.now();
    let factor = match own.second_factor_since {
        Some(since) => {
            let left = u32::try_from(own.recovery_codes).unwrap_or(u32::MAX);
            format!("Staat aan, ingesteld {}. Nog {} over.", when(since, now), counted(left, "herstelcode", "herstelcodes"))
        }
        None => "Staat uit. Met een code uit een app op uw telefoon is uw account veel veiliger.".to_owned(),
    };
    let signed_in = format!("U bent op {} ingelogd.", counted(places, "plek", "plekken"));
    let keys = match size(own.tokens) {
        0 => "Voor programma's die namens u met Kernschil werken.".to_owned(),
        count => format!("U heeft {} die werken.", counted(count, "sleutel", "sleutels")),
    };
    let mut sections = Vec::new();
    if own.password == Password::Set {
        sections.push(section("Wachtwoord wijzigen", &format!("{PATH}/wachtwoord"), String::new()));
    }
    sections.push(section("Tweede factor", second_factor::PATH, factor));
    sections.push(section("Uw sessies", &format!("{PATH}/sessies"), signed_in));
    if !web.app.providers.names().is_empty() {
        sections.push(section("Inloggen met uw instelling", &format!("{PATH}/inlogdiensten"), String::new()));
    }
    sections.push(section("API-sleutels", tokens::PATH, keys));
    Ok(sections)
}

/// The account.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Query(said): Query<Gedaan>) -> Answer {
    let own = access::own(&web.app, &caller.actor).await?;
    let sections = sections(&web, caller, &own).await?;
    let view = AccountView { name: own.name, email: own.email, sections, errors: Vec::new() };
    Ok(html(account_page(&said.frame(&web, caller).await?, &view)))
}

/// Another name.
#[derive(Default, Deserialize)]
#[serde(default)]
struct NameForm {
    name: String,
}

/// Stores another name.
#[handler]
pub(super) async fn rename(web: State<'_>, caller: &Caller, Form(form): Form<NameForm>) -> Answer {
    match access::rename(&web.app, &caller.actor, &form.name).await {
        Ok(()) => Ok(see_other(&format!("{PATH}?gedaan=naam"))),
        Err(AppError::Invalid(errors)) => {
            let own = access::own(&web.app, &caller.actor).await?;
            let sections = sections(&web, caller, &own).await?;
            let view = AccountView { name: form.name, email: own.email, sections, errors: field_errors(&errors, &[]) };
            Ok(html_with(StatusCode::BAD_REQUEST, account_page(&web.frame(caller, NavItem::Elsewhere).await?, &view)))
        }
        Err(error) => Err(error.into()),
    }
}

/// A new password.
#[derive(Default, Deserialize)]
#[serde(default)]
struct PasswordForm {
    current: String,
    password: String,
    tokens: String,
}

const REVOKE: &str = "intrekken";

fn password_view(own: &OwnAccount, chosen: &str, errors: Vec<FieldError>) -> PasswordView {
    let choice = |value: &str, label: &str, hint: &str| Choice { value: value.to_owned(), label: label.to_owned(), hint: hint.to_owned() };
    let tokens = if own.tokens == 0 {
        Vec::new()
    } else {
        vec![
            choice("houden", "Laat ze werken", "Uw programma's merken niets van het nieuwe wachtwoord."),
            choice(REVOKE, "Trek ze in", "Kies dit als misschien iemand anders in uw account is geweest."),
        ]
    };
    PasswordView { tokens, chosen: chosen.to_owned(), errors }
}

/// The form for another password.
#[handler]
pub(super) async fn password_form(web: State<'_>, caller: &Caller) -> Answer {
    let own = access::own(&web.app, &caller.actor).await?;
    let frame = web.frame(caller, NavItem::Elsewhere).await?;
    Ok(html(match own.password {
        Password::Set => password_page(&frame, &password_view(&own, "houden", Vec::new())),
        Password::None => no_password_page(&frame),
    }))
}

/// Stores another password. This browser stays signed in, with another token, and is known anew.
#[handler]
pub(super) async fn change_password(
    web: State<'_>,
    caller: &Caller,
    cookie: SessionCookie,
    device: DeviceCookie,
    guard: SignInGuard,
    Form(form): Form<PasswordForm>,
) -> Answer {
    guard.proof(caller.actor.user())?;
    let tokens = if form.tokens == REVOKE { ApiTokens::Revoke } else { ApiTokens::Keep };
    let change = NewPassword { current: form.current, new: form.password, tokens };
    match access::change_password(&web.app, &caller.actor, &caller.token, change).await {
        Ok(()) => {
            let mut response = see_other(&format!("{PATH}?gedaan=wachtwoord"));
            if let Some(token) = access::remember_device(&web.app, &caller.token, None).await? {
                response.headers_mut().append(SET_COOKIE, device.set(&token)?);
            }
            renewed(&web, cookie, caller, response).await
        }
        Err(AppError::Invalid(errors)) => {
            let own = access::own(&web.app, &caller.actor).await?;
            let view = password_view(&own, &form.tokens, field_errors(&errors, &[]));
            Ok(html_with(StatusCode::BAD_REQUEST, password_page(&web.frame(caller, NavItem::Elsewhere).await?, &view)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Where one is signed in.
#[handler]
pub(super) async fn sessions(web: State<'_>, caller: &Caller, Query(said): Query<Gedaan>) -> Answer {
    let now = web.app.clock.now();
    let methods = methods(&web, caller).await?;
    let row = |session: access::OwnSession| SessionRow {
        id: session.id.to_string(),
        browser: capital(if session.browser.is_empty() { "onbekende browser" } else { &session.browser }),
        method: methods(&session.method),
        began: when(session.began_at, now),
        seen: when(session.seen_at, now),
        place: if caller.way == Way::Session(session.id) { Place::Here } else { Place::Elsewhere },
    };
    let mut rows: Vec<_> = access::own_sessions(&web.app, &caller.actor).await?.into_iter().map(row).collect();
    rows.sort_by_key(|row| row.place);
    Ok(html(sessions_page(&said.frame(&web, caller).await?, &SessionsView { rows })))
}

/// Ends one session.
#[handler]
pub(super) async fn end_session(web: State<'_>, caller: &Caller, Path(session): Path<String>) -> Answer {
    access::end_own_session(&web.app, &caller.actor, id::<SessionId>(&session)?).await?;
    Ok(see_other(&format!("{PATH}/sessies?gedaan=sessie")))
}

/// Ends all sessions but this one.
#[handler]
pub(super) async fn end_others(web: State<'_>, caller: &Caller) -> Answer {
    access::end_other_sessions(&web.app, &caller.actor, &caller.token).await?;
    Ok(see_other(&format!("{PATH}/sessies?gedaan=sessies")))
}
