//! Peer reviews: who may know of which, and what is done with them.

pub mod reflection;
pub(crate) mod sight;
