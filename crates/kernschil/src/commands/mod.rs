//! The commands: each opens the installation, calls a use case and says how it went.

pub(crate) mod allocate;
pub(crate) mod check;
pub(crate) mod database;
pub(crate) mod demo;
pub(crate) mod import;
pub(crate) mod mail;
pub(crate) mod privacy;
pub(crate) mod rounds;
pub(crate) mod user;
pub(crate) mod workbooks;

use crate::output::Answer;

/// `kernschil openapi`
pub(crate) fn openapi() -> Answer {
    let document = kernschil_api::document();
    let json = serde_json::from_str(&document).unwrap_or_default();
    Answer::done(document, json)
}
