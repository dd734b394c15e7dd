//! The API as programs meet it: the whole stack on a database of its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod almere;
mod answers;
mod document;
mod doors;
mod errors;
mod loading;
mod sessions;
mod support;
mod users;
