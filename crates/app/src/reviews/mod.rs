//! Peer reviews: who may know of which, and what is done with them.

pub(crate) mod sight;
