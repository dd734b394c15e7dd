//! The second factor of one's own account: setting it up, its recovery codes, and taking it off.

use kernschil_app::AppError;
use kernschil_app::access::{self, Proof};
use kernschil_http::{Caller, SessionCookie, SignInGuard};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Form, Query};
use serde::Deserialize;

use super::access::renewed;
use super::account::Gedaan;
use super::support::{Answer, capital, field_errors, html, html_with, see_other};
use super::words::when;
use super::{State, Web};
use crate::components::forms::FieldError;
use crate::components::nav::NavItem;
use crate::views::second_factor::{
    About, CodesView, Occasion, OffView, OnView, PATH, ProofView, SetupView, codes_page, off_page, on_page, proof_page, setup_page,
};

/// How it stands.
#[handler]
pub(super) async fn show(web: State<'_>, caller: &Caller, Query(said): Query<Gedaan>) -> Answer {
    let own = access::own(&web.app, &caller.actor).await?;
    let frame = said.frame(&web, caller).await?;
    Ok(html(match own.second_factor_since {
        None => off_page(&frame, &OffView { password: own.password, errors: Vec::new() }),
        Some(since) => {
            let since = capital(&when(since, web.app.clock.now()));
            on_page(&frame, &OnView { since, codes_left: u32::try_from(own.recovery_codes).unwrap_or(u32::MAX) })
        }
    }))
}

/// A password or code to prove again who one is.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ProofForm {
    password: String,
    code: String,
}

/// Begins setting it up.
#[handler]
pub(super) async fn begin(
    web: State<'_>,
    caller: &Caller,
    cookie: SessionCookie,
    guard: SignInGuard,
    Form(form): Form<ProofForm>,
) -> Answer {
    guard.proof(caller.actor.user())?;
    match access::begin_second_factor(&web.app, &caller.actor, &form.password).await {
        Ok(()) => renewed(&web, cookie, caller, see_other(&format!("{PATH}/instellen"))).await,
        Err(AppError::Invalid(errors)) => {
            let own = access::own(&web.app, &caller.actor).await?;
            let view = OffView { password: own.password, errors: field_errors(&errors, &[]) };
            Ok(html_with(StatusCode::BAD_REQUEST, off_page(&web.frame(caller, NavItem::Elsewhere).await?, &view)))
        }
        // There is one already: then that is what there is to see.
        Err(AppError::Conflict { .. }) => Ok(see_other(PATH)),
        Err(error) => Err(error.into()),
    }
}

async fn setup_answer(web: &Web, caller: &Caller, status: StatusCode, errors: Vec<FieldError>) -> Answer {
    let Some(told) = access::second_factor_setup(&web.app, &caller.actor).await? else { return Ok(see_other(PATH)) };
    let view = SetupView { qr: told.qr, address: told.address, secret: told.secret, errors };
    Ok(html_with(status, setup_page(&web.frame(caller, NavItem::Elsewhere).await?, &view)))
}

/// What to tell the authenticator.
#[handler]
pub(super) async fn setup(web: State<'_>, caller: &Caller) -> Answer {
    setup_answer(&web, caller, StatusCode::OK, Vec::new()).await
}

/// Confirms it with a first code, and shows the recovery codes this once.
#[handler]
pub(super) async fn confirm(web: State<'_>, caller: &Caller, Form(form): Form<ProofForm>) -> Answer {
    match access::confirm_second_factor(&web.app, &caller.actor, &form.code).await {
        Ok(codes) => {
            let frame = web.frame(caller, NavItem::Elsewhere).await?;
            Ok(html(codes_page(&frame, &CodesView { codes, occasion: Occasion::SetUp })))
        }
        Err(AppError::Invalid(errors)) => setup_answer(&web, caller, StatusCode::BAD_REQUEST, field_errors(&errors, &[])).await,
        Err(AppError::Conflict { .. }) => Ok(see_other(PATH)),
        Err(error) => Err(error.into()),
    }
}

async fn proof_answer(web: &Web, caller: &Caller, about: About, status: StatusCode, errors: Vec<FieldError>) -> Answer {
    let own = access::own(&web.app, &caller.actor).await?;
    if own.second_factor_since.is_none() {
        return Ok(see_other(PATH));
    }
    let view = ProofView { about, password: own.password, errors };
    Ok(html_with(status, proof_page(&web.frame(caller, NavItem::Elsewhere).await?, &view)))
}

/// Asks for a proof before new recovery codes are made.
#[handler]
pub(super) async fn codes_form(web: State<'_>, caller: &Caller) -> Answer {
    proof_answer(&web, caller, About::Codes, StatusCode::OK, Vec::new()).await
}

/// Makes new recovery codes and shows them this once.
#[handler]
pub(super) async fn new_codes(
    web: State<'_>,
    caller: &Caller,
    cookie: SessionCookie,
    guard: SignInGuard,
    Form(form): Form<ProofForm>,
) -> Answer {
    let made = match Proof::of(&form.password, &form.code) {
        Ok(proof) => {
            guard.proof(caller.actor.user())?;
            access::new_recovery_codes(&web.app, &caller.actor, proof).await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(codes) => {
            let frame = web.frame(caller, NavItem::Elsewhere).await?;
            let page = codes_page(&frame, &CodesView { codes, occasion: Occasion::Replaced });
            renewed(&web, cookie, caller, html(page)).await
        }
        Err(AppError::Invalid(errors)) => {
            proof_answer(&web, caller, About::Codes, StatusCode::BAD_REQUEST, field_errors(&errors, &[])).await
        }
        Err(AppError::Conflict { .. }) => Ok(see_other(PATH)),
        Err(error) => Err(error.into()),
    }
}

/// Asks for a proof before it is taken off.
#[handler]
pub(super) async fn removal_form(web: State<'_>, caller: &Caller) -> Answer {
    proof_answer(&web, caller, About::Removal, StatusCode::OK, Vec::new()).await
}

/// Takes it off.
#[handler]
pub(super) async fn remove(
    web: State<'_>,
    caller: &Caller,
    cookie: SessionCookie,
    guard: SignInGuard,
    Form(form): Form<ProofForm>,
) -> Answer {
    let removed = match Proof::of(&form.password, &form.code) {
        Ok(proof) => {
            guard.proof(caller.actor.user())?;
            access::remove_second_factor(&web.app, &caller.actor, proof).await
        }
        Err(error) => Err(error),
    };
    match removed {
        Ok(()) => renewed(&web, cookie, caller, see_other(&format!("{PATH}?gedaan=verwijderd"))).await,
        Err(AppError::Invalid(errors)) => {
            proof_answer(&web, caller, About::Removal, StatusCode::BAD_REQUEST, field_errors(&errors, &[])).await
        }
        Err(AppError::Conflict { .. }) => Ok(see_other(PATH)),
        Err(error) => Err(error.into()),
    }
}
