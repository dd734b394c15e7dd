//! What was refused goes into the log of who did what: forged forms, tokens that open nothing, and asking for what one
//! may not see. Something that does not exist is noted like something out of reach, so that no clock tells them apart.

use std::net::IpAddr;

use kernschil_app::{AppError, access};
use poem::PathPattern;

use crate::caller::Caller;
use crate::failure::Failure;
use crate::layers::{Http, Visit};
use crate::log;

/// A request that was refused.
pub(crate) struct Refused<'a> {
    /// Who asked.
    pub(crate) caller: Option<&'a Caller>,
    /// Whether it brought a cookie or token that opens nothing.
    pub(crate) useless: bool,
    /// From where.
    pub(crate) address: IpAddr,
    /// Why.
    pub(crate) error: &'a poem::Error,
}

/// Notes it, where somebody could be trying something. Nobody can fill the log: past a number a minute from one
/// address only the line in the program's own log is left.
pub(crate) async fn note(http: &Http, visit: &Visit, refused: Refused<'_>, pattern: Option<&PathPattern>) {
    let Some(failure) = refused.error.downcast_ref::<Failure>() else { return };
    let is_telling = match failure {
        Failure::CrossSite | Failure::Forged | Failure::NoToken | Failure::TooMany { .. } => true,
        Failure::App(AppError::Forbidden { .. } | AppError::TokenScope { .. } | AppError::NotFound) => refused.caller.is_some(),
        Failure::App(AppError::Unauthenticated) => refused.useless,
        Failure::App(_) | Failure::TooLarge { .. } | Failure::Method { .. } | Failure::Body => false,
    };
    if !is_telling || !http.limiter.may_note(refused.address) {
        return;
    }
    let actor = refused.caller.map(|caller| &caller.actor);
    let route = format!("{} {}", visit.method, log::route(&visit.path, pattern));
    if let Err(error) = access::note_refusal(&http.app, actor, failure.code(), &route, visit.id).await {
        tracing::error!(request = %visit.id, %error, "a refusal was not noted");
    }
}
