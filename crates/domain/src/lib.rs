//! What exists in a samen-opleiden partnership and what may happen to it.
//!
//! Types, rules and counting, without input or output. Everything here is a pure function of its
//! arguments: time, identifiers and randomness come in from above. The words are explained in
//! `GLOSSARY.md`; a test holds that file against this crate.

pub mod access;
pub mod answers;
pub mod audit;
pub mod codes;
pub mod cohorts;
pub mod coverage;
pub mod fit;
pub mod frameworks;
pub mod geo;
pub mod ids;
pub mod invariants;
pub mod mutations;
pub mod periods;
pub mod placements;
pub mod policy;
pub mod privacy;
pub mod register;
pub mod registry;
pub mod reviews;
pub mod rounds;
pub mod scenarios;
pub mod several;
pub mod standing;
pub mod steps;
pub mod values;

pub use ids::{Clock, IdGen};
