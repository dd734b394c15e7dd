//! The API as programs meet it: the whole stack on a database of its own.

mod almere;
mod document;
mod doors;
mod errors;
mod sessions;
mod support;
