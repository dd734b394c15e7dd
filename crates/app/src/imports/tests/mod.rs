//! Imports against a database of their own, with workbooks made here.

mod bad_input;
mod data_sets;
mod dates;
mod good_input;
mod places;
mod travel;
pub(crate) mod world;
