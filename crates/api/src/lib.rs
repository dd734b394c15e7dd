//! The REST API under `/api/v1`, by the NL GOV API Design Rules, and its `OpenAPI` document.
//!
//! Each room of `rooms` is a door to the room of the same name in `kernschil_app`: it reads what was
//! sent (`input`), calls the use case, and shapes the answer (`output`). Nothing is decided here.
//! The binary nests [`routes`] at [`PREFIX`] inside `kernschil_http::wrap`, and puts [`versioned`] around
//! all of it.

mod document;
mod doors;
mod input;
mod output;
mod precondition;
mod refusal;
mod rooms;
mod service;
mod session;
mod template;

pub use document::{GroupDoc, OperationDoc, ParameterDoc, ResponseDoc, VERSION, document, groups, operations};
pub use doors::door;
pub use service::{PREFIX, routes, versioned};
