//! Allocates students to internship places: a snapshot in, a proposal out, with an explanation per
//! student and a proof. Pure: no I/O, no clock, no floats, the same answer for the same rows.
//!
//! A proposal is a lexicographic minimum-cost flow. Hard rules decide which pairs of student and
//! place are possible (`eligibility`), levels decide which of two proposals is better (`cost`),
//! capacities form a network (`network`), and the solver finds the best plan in it (`flow`). What is
//! no flow (capacities that cross, nobody alone, teams) is searched for with flows as bounds
//! (`crossing`). Prices are the proof, which [`verify`] checks without using any of that.
//! Explanations are walks through what is full (`explain`), [`Solved`] answers questions (`why`), and
//! [`Prepared`] takes changes (`mutation`).
//!
//! What is exact and what is bounded: a round whose capacities are nested is solved exactly on every
//! level, at any size. Crossing capacities, nobody alone and teams are searched for, up to a limit on
//! the work or until the caller says [`Halt::Settle`]; what comes out keeps every rule, and
//! [`Proof`] tells whether it is the optimum or how far it is proven. Changes to a [`Prepared`] round
//! are exact or refused. Answers of [`Solved`] are exact for a flow and bounds otherwise. Reasons why
//! a student has no place name a smallest set for a flow; see [`Explanation`] for the rest.
//!
//! The method is not strategy-proof. Wishes count after coverage, all places that are not on a
//! list cost the same, and a short list counts as a long one, so that little is to be gained.

mod candidates;
mod certificate;
mod cost;
mod crossing;
mod eligibility;
mod engine;
mod error;
mod explain;
mod flow;
mod index;
mod input;
pub mod mincost;
mod mutation;
mod network;
mod proposal;
mod travel;
mod why;

pub use certificate::{Violation, verify};
pub use cost::{Level, PackedLevel};
pub use eligibility::{Reason, Reasons, Removed, why_not};
pub use engine::{Halt, Progress, Stage, solve};
pub use error::{InputError, Row, SolveError};
pub use input::*;
pub use mutation::{Change, Moved, Prepared, Refusal};
pub use proposal::*;
pub use travel::Minutes;
pub use why::{Here, Solved, Why, WhyNot};
