//! The commands: each opens the installation, calls a use case and says how it went.

pub(crate) mod check;
pub(crate) mod database;
pub(crate) mod demo;
pub(crate) mod import;
pub(crate) mod rounds;
pub(crate) mod user;

use crate::output::Answer;

/// `kernschil openapi`
pub(crate) fn openapi() -> Answer {
    Answer::done(String::new(), serde_json::Value::Null)
}
