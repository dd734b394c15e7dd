//! One's own API tokens. A token is shown on the page that answers the form, and nowhere else.

use chrono::{DateTime, Utc};
use kernschil_app::AppError;
use kernschil_app::access::{self, MadeToken, NewToken, TOKEN_DAYS, TokenState, TokenView as AppToken};
use kernschil_domain::access::TokenScope;
use kernschil_domain::ids::TokenId;
use kernschil_domain::periods::dutch_date;
use kernschil_http::Caller;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Path, Query};
use serde::Deserialize;

use super::support::{Answer, capital, done, field_errors, html, html_with, id, problem, see_other};
use super::words::when;
use super::{State, Web};
use crate::components::forms::{Choice, FieldError};
use crate::components::nav::NavItem;
use crate::components::page::Flash;
use crate::components::status::Tone;
use crate::views::tokens::{MadeTokenView, PATH, Revoke, TokenForm, TokenRow, TokensView, made_token_page, tokens_page};

fn scopes() -> Vec<Choice> {
    let hint = |scope| match scope {
        TokenScope::Figures => "Rondes, scholen en dekking. Geen namen van studenten.",
        TokenScope::Read => "Alles wat u zelf ook kunt zien.",
        TokenScope::Change => "Alles wat u zelf ook kunt zien, plaatsen en laden.",
    };
    TokenScope::ALL
        .iter()
        .map(|scope| Choice { value: scope.code().to_owned(), label: capital(scope.dutch()), hint: hint(*scope).to_owned() })
        .collect()
}

fn terms() -> Vec<Choice> {
    TOKEN_DAYS.map(|days| Choice { value: days.to_string(), label: format!("{days} dagen"), hint: String::new() }).to_vec()
}

fn row(token: &AppToken, now: DateTime<Utc>) -> TokenRow {
    let (tone, word, revoke) = match token.state {
        TokenState::Works => (Tone::Good, "werkt", Revoke::Open),
        TokenState::Ended => (Tone::Quiet, "verlopen", Revoke::Closed),
        TokenState::Revoked => (Tone::Quiet, "ingetrokken", Revoke::Closed),
    };
    TokenRow {
        id: token.id.to_string(),
        name: token.name.clone(),
        scope: token.scope.dutch().to_owned(),
        made: when(token.created_at, now),
        until: dutch_date(token.expires_at.date_naive()),
        used: token.used_at.map_or_else(|| "nog nooit".to_owned(), |used| when(used, now)),
        state: (tone, word.to_owned()),
        revoke,
    }
}

/// What is filled in for a new token.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MakeForm {
    name: String,
    scope: String,
    days: String,
}

async fn page(web: &Web, caller: &Caller, status: StatusCode, form: TokenForm, flash: Option<Flash>) -> Answer {
    let now = web.app.clock.now();
    let rows = access::own_tokens(&web.app, &caller.actor).await?.iter().map(|token| row(token, now)).collect();
    let mut frame = web.frame(caller, NavItem::Elsewhere).await?;
    frame.flash = flash;
    let form = TokenForm { scopes: scopes(), terms: terms(), ..form };
    Ok(html_with(status, tokens_page(&frame, &TokensView { rows, form })))
}

/// What was just done, as it stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Ask {
    gedaan: String,
}

/// The tokens of who asks.
#[handler]
pub(super) async fn list(web: State<'_>, caller: &Caller, Query(ask): Query<Ask>) -> Answer {
    let flash = (ask.gedaan == "ingetrokken").then(|| done("De sleutel is ingetrokken. Hij werkt niet meer."));
    let form = TokenForm { scope: TokenScope::Figures.code().to_owned(), days: "90".to_owned(), ..TokenForm::default() };
    page(&web, caller, StatusCode::OK, form, flash).await
}

/// Makes a token and shows it.
#[handler]
pub(super) async fn make(web: State<'_>, caller: &Caller, Form(form): Form<MakeForm>) -> Answer {
    let scope = TokenScope::ALL.iter().copied().find(|scope| scope.code() == form.scope);
    let made = match scope {
        Some(scope) => {
            let new = NewToken { name: form.name.clone(), scope, days: form.days.parse().unwrap_or_default() };
            access::make_token(&web.app, &caller.actor, new).await
        }
        None => Err(AppError::Invalid(Vec::new())),
    };
    let (status, errors, flash) = match made {
        Ok(MadeToken { token, view }) => {
            let (may, until) = (view.scope.dutch(), dutch_date(view.expires_at.date_naive()));
            let sentence = format!("De sleutel mag: {may}. Hij geldt tot {until}.");
            let made = MadeTokenView { name: view.name, token, sentence };
            return Ok(html(made_token_page(&web.frame(caller, NavItem::Elsewhere).await?, &made)));
        }
        Err(AppError::Invalid(errors)) => {
            let mut errors = field_errors(&errors, &[]);
            if scope.is_none() {
                errors.push(FieldError::new("scope", "Kies wat het programma mag."));
            }
            (StatusCode::BAD_REQUEST, errors, None)
        }
        Err(error @ AppError::Conflict { .. }) => (StatusCode::CONFLICT, Vec::new(), Some(problem(error.dutch()))),
        Err(error) => return Err(error.into()),
    };
    let form = TokenForm { name: form.name, scope: form.scope, days: form.days, errors, ..TokenForm::default() };
    page(&web, caller, status, form, flash).await
}

/// Revokes a token.
#[handler]
pub(super) async fn withdraw(web: State<'_>, caller: &Caller, Path(token): Path<String>) -> Answer {
    access::revoke_token(&web.app, &caller.actor, id::<TokenId>(&token)?).await?;
    Ok(see_other(&format!("{PATH}?gedaan=ingetrokken")))
}
